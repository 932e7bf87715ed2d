"""Notes on an award, its linked documents, and its history out of the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from fundtrack.core import words
from fundtrack.core.history import is_about
from fundtrack.gui.award.changing import put
from fundtrack.gui.award.section import Section
from fundtrack.gui.dialogs.document import DocumentDialog
from fundtrack.gui.kinds import Kind
from fundtrack.gui.pages.history import Line
from fundtrack.gui.parts import Part, Parts
from fundtrack.gui.speech import tr
from fundtrack.gui.table import Column
from fundtrack.gui.widgets.frame import button
from fundtrack.gui.widgets.parts import SmallTable

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent

    from fundtrack.core.model import Award
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View
    from fundtrack.workspace import Entry

DOCUMENTS = Parts("awards", "documents", "document")
_LINES_OF_NOTES = 5


class NotesField(QPlainTextEdit):
    """A few lines of words, kept when they are left. Esc puts back what the book says."""

    settled = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("words")
        self.setAccessibleName(tr("Notes"))
        self.setPlaceholderText(tr("Anything worth knowing that has no field of its own"))
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._kept = ""

    def keep(self, words_: str) -> None:
        """Show what the book says, unless something else is being typed."""
        typing = self.hasFocus() and self.toPlainText().strip() != self._kept
        self._kept = words_
        if not typing and self.toPlainText().strip() != words_:
            self.setPlainText(words_)

    def settle(self) -> None:
        """Ask for what was typed, if it differs from what is kept."""
        said = self.toPlainText().strip()
        if said != self._kept and not self.isReadOnly():
            self._kept = said
            self.settled.emit(said)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Put back what the book says on Esc; with nothing to put back, Esc leaves."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.toPlainText().strip() != self._kept:
            self.setPlainText(self._kept)
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keep what was typed when it is left."""
        super().focusOutEvent(event)
        self.settle()

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep it too when the page goes out of sight."""
        super().hideEvent(event)
        self.settle()


class NotesCard(Section):
    """Notes in the charity's own words."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Notes")
        self.field = NotesField()
        self.body.addWidget(self.field)
        self.field.settled.connect(self._put)
        look.follow(self, self._measure)

    def fill(self, award: Award, _view: View) -> None:
        """Show the notes on this award."""
        self.field.setReadOnly(not self.can_change)
        self.field.keep(award.notes or "")

    def present(self, award: Award, view: View) -> None:
        """Keep what was typed about one award before another is shown."""
        if self.award is not None and self.award.key != award.key:
            self.field.settle()
        super().present(award, view)

    def _put(self, said: str) -> None:
        if self.award is not None:
            self.edit_wanted.emit(put(self.award, "notes", said or None, "Change notes"))

    def _measure(self) -> None:
        self.field.setFixedHeight(self.look.metrics().lineSpacing() * _LINES_OF_NOTES + 14)


class DocumentsCard(Section):
    """Papers by title and place. They are opened by the system, and only when asked."""

    document_wanted = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Documents")
        self.list = SmallTable(
            look,
            "Documents",
            _DOCUMENTS,
            key=lambda row: row.key,
            refusal=self.refusal,
            noun="document…",
            empty="No papers are linked. Link the agreement, the offer letter, the schedule.",
        )
        self.open_button = self.list.add_link("Open", "Open the chosen document", self.open_chosen)
        self.list.grid.open_rows()
        self.body.addWidget(self.list)
        self.list.edit_wanted.connect(self.edit_wanted)
        self.list.trouble.connect(self.trouble)
        self.list.add_wanted.connect(self.add_document)
        self.list.remove_wanted.connect(self._remove)
        self.list.opened.connect(lambda _key: self.open_chosen())

    def fill(self, award: Award, _view: View) -> None:
        """Show the papers of this award."""
        self.list.present(DOCUMENTS.of(award), can_change=self.can_change)
        self.open_button.setVisible(bool(award.documents))

    def open_chosen(self) -> None:
        """Ask to have the chosen paper opened."""
        key = self.list.grid.current_key
        if self.award is None or not key:
            self.trouble.emit("Choose the document to open first")
            return
        self.document_wanted.emit(self.award.documents[int(key)].place)

    def add_document(self) -> None:
        """Ask what it is, and where."""
        if self.award is None:
            return
        dialog = DocumentDialog(self)
        if dialog.exec() and dialog.document is not None:
            self.ask(DOCUMENTS.added(self.award, dialog.document))
        dialog.deleteLater()

    def _remove(self, keys: tuple[str, ...]) -> None:
        if self.award is not None:
            self.ask(DOCUMENTS.without(self.award, tuple(map(int, keys))))


_DOCUMENTS: tuple[Column[Part], ...] = (
    DOCUMENTS.column("title", "What", width=20),
    DOCUMENTS.column("place", "Where", stretch=True),
)


# --- history -----------------------------------------------------------------------------


class HistoryCard(Section):
    """What changed of this award, its shares, spending, evidence and returns; latest first."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "History")
        self._journal: Callable[[int], tuple[Entry, ...]] = lambda _limit: ()
        self._entries: tuple[Entry, ...] = ()
        self._unnamed = False
        self.all_link = button("All changes", "link", lambda: self.open_wanted.emit("history."))
        self.add_link(self.all_link)
        self.list = SmallTable(
            look,
            "History of this award",
            _HISTORY,
            key=lambda row: str(row.entry.id),
            refusal=self.refusal,
            empty="Nothing about this award has been changed since the book was made.",
        )
        self.body.addWidget(self.list)

    def read_from(self, journal: Callable[[int], tuple[Entry, ...]]) -> None:
        """Take the door to the journal."""
        self._journal, self._entries = journal, ()

    def fill(self, award: Award, view: View) -> None:
        """Show what changed of this award."""
        if view.for_trustees != self._unnamed:  # the door gives other lines then
            self._entries, self._unnamed = (), view.for_trustees
        self._catch_up()
        mine = [
            each
            for each in self._entries
            if each.may_speak_of(award.key) and is_about(each.changes, award.key)
        ]
        lines = tuple(Line(each, each.at.astimezone()) for each in mine[:_MOST])
        self.list.present(lines, can_change=False)
        self.list.grid.setColumnHidden(_WHO, view.for_trustees)
        self.note.setText(words.count(len(mine), "change") if mine else "")

    def _catch_up(self) -> None:
        """Read only what was written since the last time."""
        latest = self._journal(_AT_ONCE)
        known = self._entries[0].id if self._entries else -1
        if latest and latest[-1].id > known + 1 and len(latest) == _AT_ONCE:
            self._entries = self._journal(_FURTHEST)
            return
        self._entries = (*(each for each in latest if each.id > known), *self._entries)


_AT_ONCE, _FURTHEST, _MOST = 20, 5_000, 200
_WHO = 1
_WHEN = Kind(name="text", text=lambda at: f"{words.short_day(at.date())}, {at:%H:%M}")
_HISTORY: tuple[Column[Line], ...] = (
    Column(name="when", title="When", kind=_WHEN, value=lambda row: row.at, width=18),
    Column(name="who", title="Who", value=lambda row: row.entry.who or "", width=10),
    Column(
        name="what",
        title="What changed",
        value=lambda row: row.said,
        tip=lambda row: row.said,
        stretch=True,
    ),
)
