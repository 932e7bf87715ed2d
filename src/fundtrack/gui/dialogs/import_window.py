"""Bringing a file in: the file, what it is, and what comes in, all on one screen.

The file is read off the window's thread, and what it would bring in is worked out anew for
everything that is said. Nothing enters the book until it is accepted, and then as one edit.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from fundtrack.core import words
from fundtrack.core.errors import KnownError
from fundtrack.core.importing import KINDS, Offer, Said, TableSeen
from fundtrack.gui import kinds
from fundtrack.gui.background import LongWork
from fundtrack.gui.speech import tr
from fundtrack.gui.table import Column, Table
from fundtrack.gui.widgets.asking import Questions
from fundtrack.gui.widgets.coming_in import ComingIn
from fundtrack.gui.widgets.frame import Card, Choice, MessageLine, button, label
from fundtrack.gui.widgets.grid import Grid
from fundtrack.gui.widgets.mapping import FreeFields, MappingGrid
from fundtrack.gui.widgets.working import WorkLine

if TYPE_CHECKING:
    from datetime import date

    from fundtrack.gui.background import Tell
    from fundtrack.gui.import_doors import ImportDoors, ImportFile
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View

FILES = (
    "Spreadsheets, published grants and books "
    "(*.xlsx *.xlsm *.xls *.xlsb *.ods *.csv *.tsv *.txt *.ssv *.json);;All files (*)"
)
_NARROW, _TIGHT = 980, 620
_OURS = "FundTrack made a mistake there. The file cannot be shown; your book is as it was."
_HOW = (
    "Choose a file, drop one here, or paste what you copied from a spreadsheet. Excel, LibreOffice "
    "and CSV files come in as they are, and so do a funder's published grants and a whole book."
)


class ImportWindow(QDialog):
    """Shows a file and what it would bring into the book. `offer` is what is shown.

    `edit_wanted` carries the edit once it is accepted, `accounts_wanted` an export of the accounts,
    which has a window of its own, and `broke` a fault of ours.
    """

    edit_wanted = Signal(object)
    accounts_wanted = Signal(object)
    broke = Signal(object)

    def __init__(
        self, look: Look, view: View, doors: ImportDoors, today: date, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self._look, self._view, self._doors, self._today = look, view, doors, today
        self._file: ImportFile | None = None
        self._table = 0
        self.said = Said()
        self.offer: Offer | None = None
        self.work = LongWork(self)
        self.work.failed.connect(self._failed)
        self.work.stopped.connect(self._stopped)
        self.setWindowTitle(tr("Import"))
        self.setAcceptDrops(True)
        self._make_head()
        self._make_file_card()
        self._make_question_card()
        self._make_what_card()
        self._make_coming_card()
        self._make_acts()
        self._lay_out()
        wanted = QSize(look.px(1200), look.px(780))
        self.resize(wanted.boundedTo(self.screen().availableSize() * 0.95))
        self._draw()

    # --- its parts ---

    def _make_head(self) -> None:
        self.name = label("Bring in a file", scale="page")
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.about = label(_HOW, tone="muted", wrap=True)
        self.choose_button = button("Choose a &file…", act=self.ask_for_file)
        self.paste_button = button("&Paste", act=self.paste)
        self.paste_button.setToolTip(tr("Read the table that is on the clipboard"))
        self.message = MessageLine(self._look)
        self.work_line = WorkLine(self._look, self.work)

    def _make_file_card(self) -> None:
        self.file_card = Card("1  The file", "which table is what")
        self.tables = Table(_table_columns(), lambda table: str(table.number))
        self.table_grid = Grid(self._look, self.tables, "Tables in the file", sortable=False)
        self.table_grid.chosen.connect(self._choose_table)
        self.table_notes = label(scale="caption", tone="muted", wrap=True)
        self.file_card.body.addWidget(self.table_grid, 1)
        self.file_card.body.addWidget(self.table_notes)

    def _make_question_card(self) -> None:
        self.question_card = Card("Asked once")
        self.questions = Questions(self._look, self._today.year)
        self.questions.answered.connect(
            lambda key, answer: self._say(self.said.answering(key, answer))
        )
        area = _scrolling(self.questions)
        area.setAccessibleName(tr("What the file does not say"))
        self.question_area = area
        self.question_card.body.addWidget(area, 1)

    def _make_what_card(self) -> None:
        self.what_card = Card("2  What it is")
        self.kind = Choice(self._look)
        self.kind.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.kind.setMinimumContentsLength(14)
        self.kind.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.kind_words = label("&Taken for")
        self.kind_words.setBuddy(self.kind)
        self.kind_words.setContentsMargins(0, 0, 4, 0)
        self.kind.setAccessibleName(tr("What the table is taken for"))
        for kind, said in KINDS.items():
            self.kind.addItem(tr(said), kind)
        self.kind.activated.connect(
            lambda _at: self._say(self.said.taking(self._table, str(self.kind.currentData())))
        )
        self.sure = label(scale="caption", tone="muted", wrap=True)
        self.mapping = MappingGrid(self._look)
        self.mapping.mapping.wished.connect(self._use)
        self.mapping.given_up.connect(partial(self.message.say, fault=True))
        self.free = FreeFields()
        self.free_words = label(
            "Not in the file yet: drag one onto a column", scale="caption", tone="muted", wrap=True
        )
        self.free_words.setBuddy(self.free)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.kind_words)
        top.addWidget(self.kind, 2)
        top.addWidget(self.sure, 2)
        side = QVBoxLayout()
        side.setSpacing(2)
        side.addWidget(self.free_words)
        side.addWidget(self.free, 1)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(10)
        self._columns.addWidget(self.mapping, 4)
        self._columns.addLayout(side, 1)
        self.what_card.body.addLayout(top)
        self.what_card.body.addLayout(self._columns, 1)

    def _make_coming_card(self) -> None:
        self.coming_card = Card("3  What comes in")
        self.coming = ComingIn(self._look)
        self.coming.said.connect(lambda change: self._say(change(self.said)))
        self.coming.trouble.connect(partial(self.message.say, fault=True))
        self.coming.write_wanted.connect(self.ask_where_to_write)
        self.coming_card.body.addWidget(self.coming, 1)

    def _make_acts(self) -> None:
        self.note = label(scale="caption", tone="muted", wrap=True)
        self.take_button = button("Bring it in", "primary", self._take)
        self.cancel_button = button("Cancel", act=self.reject)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.name, 1)
        head.addWidget(self.choose_button)
        head.addWidget(self.paste_button)
        self._left, self._right = QVBoxLayout(), QVBoxLayout()
        for column in (self._left, self._right):
            column.setSpacing(10)
        self._left.addWidget(self.file_card, 2)
        self._left.addWidget(self.question_card, 3)
        self._right.addWidget(self.what_card, 3)
        self._right.addWidget(self.coming_card, 4)
        inside = QWidget()
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight, inside)
        self._both.setContentsMargins(0, 0, 0, 0)
        self._both.setSpacing(10)
        self._both.addLayout(self._left, 2)
        self._both.addLayout(self._right, 5)
        self.area = _scrolling(inside)
        self.area.setAccessibleName(tr("The file, what it is, and what comes in"))
        acts = QHBoxLayout()
        acts.setSpacing(10)
        acts.addWidget(self.note, 1)
        acts.addWidget(self.cancel_button)
        acts.addWidget(self.take_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 14, 20, 14)
        whole.setSpacing(8)
        whole.addLayout(head)
        whole.addWidget(self.about)
        whole.addWidget(self.work_line, 0, Qt.AlignmentFlag.AlignLeft)
        whole.addWidget(self.message)
        whole.addWidget(self.area, 1)
        whole.addLayout(acts)
        self.setMinimumSize(560, 420)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the cards below each other where they have no room side by side."""
        super().resizeEvent(event)
        px = self._look.px
        narrow = self.width() * 100 // self._look.text_size < _NARROW
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._both.setDirection(way)
        tight = self.width() * 100 // self._look.text_size < _TIGHT
        self._columns.setDirection(
            QBoxLayout.Direction.TopToBottom if tight else QBoxLayout.Direction.LeftToRight
        )
        self.coming.be_tight(tight=tight)
        least = 190 if narrow else 120
        self.file_card.setMinimumHeight(px(150 if narrow else least))
        self.question_card.setMinimumHeight(px(least))
        self.what_card.setMinimumHeight(px(least + (200 if tight else 60)))
        self.coming_card.setMinimumHeight(px(least + (260 if tight else 100)))

    # --- the file ---

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped here."""
        if file_dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read the file that was dropped."""
        if (path := file_dropped(event)) is not None:
            event.acceptProposedAction()
            self.read(path)

    def ask_for_file(self) -> None:
        """Ask for a file, then read it."""
        chosen, _ = QFileDialog.getOpenFileName(
            self, tr("Choose a file to bring in"), "", tr(FILES)
        )
        if chosen:
            self.read(Path(chosen))

    def paste(self) -> None:
        """Read what was copied from a spreadsheet."""
        text = QGuiApplication.clipboard().text()
        if text.strip():
            self.read(text)
        else:
            self.message.say("Nothing is on the clipboard. Copy a table, then paste it", fault=True)

    def read(self, source: Path | str) -> None:
        """Read a file, or a pasted table, off the window's thread, then show it."""
        self.work.forget()
        self._file, self.offer, self.said, self._table = None, None, Said(), 0
        self.message.hide()
        self._draw()
        name = source.name if isinstance(source, Path) else "what was pasted"
        self.name.setText(name if isinstance(source, Path) else "Pasted")
        self.about.setText("Reading…")
        open_file, portfolio, today = self._doors.open_file, self._view.portfolio, self._today

        def both(tell: Tell) -> tuple[ImportFile, Offer]:
            file = open_file(source, portfolio, tell)
            return file, file.offer(portfolio, today, Said(), tell)

        self.work.run(f"Reading {name}", both, then=partial(self._opened, source), owner=self)

    def _opened(self, source: Path | str, answer: tuple[ImportFile, Offer]) -> None:
        self._file, offer = answer
        if offer.form == "accounts" and isinstance(source, Path):
            self.accounts_wanted.emit(source)
            self.reject()
            return
        taken = (table.number for table in offer.tables if table.kind)
        self._table = next(taken, 0)
        self._arrived(offer)
        self.table_grid.choose(str(self._table))
        self._rest()

    def _rest(self) -> None:
        """Put the keyboard where there is something to answer, else on what is accepted."""
        open_ = [each.key for each in self.offer.open_questions] if self.offer else []
        fields = [self.questions.fields[key] for key in open_ if key in self.questions.fields]
        (fields[0] if fields else self.mapping if self._no_edit() else self.take_button).setFocus()

    def _no_edit(self) -> bool:
        return self.offer is None or self.offer.edit is None

    def present(self, view: View) -> None:
        """Go by this book from now on."""
        self._view = view
        self._ask()

    def _say(self, said: Said) -> None:
        """Take what the person said, and work out what comes in then."""
        self.said = said
        self._ask()

    def _ask(self) -> None:
        if self._file is None:
            return
        self.work.forget()
        self.take_button.setEnabled(False)
        file, portfolio, today, said = self._file, self._view.portfolio, self._today, self.said
        self.work.run(
            "Working out what comes in",
            lambda tell: file.offer(portfolio, today, said, tell),
            then=self._arrived,
            owner=self,
        )

    def _arrived(self, offer: Offer) -> None:
        self.offer = offer
        self._draw()

    def _stopped(self, doing: str) -> None:
        self._draw()
        self.message.say(f"{doing}: cancelled. Nothing was changed.")

    def _failed(self, fault: BaseException) -> None:
        if self.offer is None:
            self._file = None
        self._draw()
        self.message.say(str(fault) if isinstance(fault, KnownError) else _OURS, fault=True)
        if not isinstance(fault, KnownError):
            self.broke.emit(fault)

    # --- what it is ---

    @property
    def table(self) -> TableSeen | None:
        """The table that is shown."""
        tables = self.offer.tables if self.offer else ()
        return tables[self._table] if self._table < len(tables) else None

    def _choose_table(self, key: str) -> None:
        if key and int(key) != self._table:
            self._table = int(key)
            self._draw_table()

    def _use(self, column: str, _name: str, path: str) -> None:
        """Put a column to a use; the column that had it goes without."""
        said = self.said
        for each in self.table.columns if self.table else ():
            if each.path == path and path and path not in ("share", "month"):
                said = said.using(self._table, each.at, "")
        self._say(said.using(self._table, int(column), path))

    # --- showing ---

    def _draw(self) -> None:
        offer = self.offer
        if offer:
            self.name.setText(offer.name)
            self.about.setText(f"{offer.about}.")
        elif self._file is None and not self.work.busy:
            self.name.setText("Bring in a file")
            self.about.setText(_HOW)
        self.table_grid.present(offer.tables if offer else ())
        asked = offer.asked if offer else ()
        self.question_card.setVisible(bool(asked))
        self.question_card.note.setText(_still_open(offer) if offer else "")
        self.questions.present(asked)
        self._draw_table()
        self.coming.present(offer)
        self._draw_end()

    def _draw_table(self) -> None:
        table = self.table
        tables = bool(self.offer and self.offer.tables)
        self.file_card.setVisible(tables or self.offer is None)
        self.what_card.setVisible(tables or self.offer is None)
        for each in (self.kind, self.kind_words, self.free, self.free_words):
            each.setEnabled(table is not None)
        self.table_notes.setText(" ".join(table.notes) if table else "")
        self.table_notes.setVisible(bool(table and table.notes))
        self.kind.setCurrentIndex(self.kind.findData(table.kind if table else ""))
        self.sure.setText(_sureness(table, said=self._table in self.said.kinds))
        self.what_card.note.setText(table.name if table else "")
        self.mapping.mapping.show_table(table)
        self.free.show_uses(table.free_uses if table else ())

    def _draw_end(self) -> None:
        offer = self.offer
        counts = offer.counts if offer else None
        taken = counts["new"] + counts["changed"] + counts["removed"] if counts else 0
        may = offer is not None and offer.edit is not None and not self._view.read_only
        self.take_button.setEnabled(may and not self.work.busy)
        self.take_button.setText(
            f"Bring in {words.count(taken, 'row')}" if taken else "Bring it in"
        )
        self.note.setText(
            "This book is read only: nothing can be brought in."
            if self._view.read_only
            else "Nothing enters the book until you accept it. Undo takes all of it back."
        )

    # --- the end ---

    def ask_where_to_write(self) -> None:
        """Ask where to write the rows that stay out, then write them."""
        if self.offer is None or self._file is None:
            return
        name = f"{Path(self.offer.name).stem} rows left out.xlsx"
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("Write the rows that stay out"), name, tr("Excel (*.xlsx);;CSV (*.csv)")
        )
        if chosen:
            self.write_bad_rows(Path(chosen))

    def write_bad_rows(self, path: Path) -> None:
        """Write the rows that stay out, in their own columns, with the reason beside each."""
        if self.offer is None or self._file is None:
            return
        path = path if path.suffix else path.with_suffix(".xlsx")
        file, offer = self._file, self.offer
        self.work.run(
            f"Writing {path.name}",
            lambda _tell: file.write_bad_rows(offer, path),
            then=lambda n: self.message.say(
                f"Wrote {words.count(n, 'row')} to {path.name}, the reason beside each."
            ),
            can_stop=False,
            owner=self,
        )

    def _take(self) -> None:
        """Ask for the edit, and remember what the columns are."""
        if self.offer is None or self.offer.edit is None or self._file is None:
            return
        try:
            self._file.remember(self.offer, self.said)
        except KnownError as known:  # the mapping is asked again next time, and nothing else lost
            self.message.say(str(known), fault=True)
        self.edit_wanted.emit(self.offer.edit)
        self.accept()

    def done(self, result: int) -> None:
        """Drop what is still being worked out."""
        self.work.forget()
        super().done(result)


def file_dropped(event: QDropEvent) -> Path | None:
    """Return the one file that is dragged, if it is a file of this computer."""
    urls = event.mimeData().urls() if event.mimeData().hasUrls() else []
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None


def _scrolling(inside: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    return area


def _table_columns() -> tuple[Column[TableSeen], ...]:
    return (
        Column(name="name", title="Table", value=lambda table: table.name, stretch=True),
        Column(
            name="is",
            title="Is",
            value=lambda table: KINDS[table.kind].partition(":")[0],
            strong=True,
            width=10,
        ),
        Column(
            name="rows", title="Rows", value=lambda table: table.rows, kind=kinds.COUNT, width=6
        ),
    )


def _still_open(offer: Offer) -> str:
    left = len(offer.open_questions)
    return f"{words.count(left, 'question')} open" if left else "all answered"


def _sureness(table: TableSeen | None, *, said: bool) -> str:
    if table is None:
        return ""
    if said:
        return "as you said"
    if table.source == "remembered":
        return "as agreed before"
    return f"{table.confidence:.0%} sure" if table.kind else "not recognised: say what it is"
