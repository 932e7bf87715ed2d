"""Who changed what, when, from what to what; taking a change back; the book as it stood once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import QDateEdit, QHBoxLayout, QSplitter

from fundtrack.core import words
from fundtrack.core.errors import KnownError, StaleEditError
from fundtrack.core.history import Told, summed, told
from fundtrack.gui.background import Latest
from fundtrack.gui.kinds import Kind
from fundtrack.gui.pages.page import Page
from fundtrack.gui.speech import tr
from fundtrack.gui.table import Column, Table
from fundtrack.gui.widgets.frame import Card, button, label
from fundtrack.gui.widgets.grid import Grid
from fundtrack.gui.widgets.lock import Lock
from fundtrack.gui.widgets.search import search_field

if TYPE_CHECKING:
    from collections.abc import Callable

    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View
    from fundtrack.workspace import Entry

MOST = 5_000
"""The latest lines that are listed."""
AT_FIRST = 200
"""The records of a long change that are shown until all are asked for."""
_KINDS = {
    "new": "Made the book",
    "do": "Changed",
    "undo": "Undone",
    "redo": "Done again",
    "import": "Imported",
    "restore": "Restored",
    "erase": "Person taken out",
}
_WHEN = Kind(name="text", text=lambda at: f"{words.short_day(at.date())}, {at:%H:%M}")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the journal, at the time on the wall, and what it changed."""

    entry: Entry
    at: datetime

    @property
    def said(self) -> str:
        """The change in the person's words."""
        verb = _KINDS[self.entry.kind] if self.entry.kind in ("undo", "redo") else ""
        return f"{verb}: {self.entry.label}" if verb else self.entry.label


@dataclass(frozen=True, slots=True)
class Read:
    """What a line of the journal changed; of a long one `sum` says how much, in all.

    `why_not` says why it cannot be taken back, or is "".
    """

    line: Line
    changes: tuple[Told, ...]
    why_not: str
    sum: str = ""
    has_more: bool = False


def read_line(line: Line, view: View, most: int | None = None) -> Read:
    """What a line changed, of `most` records at the most, and whether it can be taken back."""
    try:
        changes = line.entry.changes
    except KnownError as known:
        return Read(line, (), str(known))
    said = told(view.portfolio, changes[:most], personal=view.tells_salaries)
    why_not = "" if view.for_trustees else _why_not(line, view)
    has_more = most is not None and len(changes) > most
    sum_ = summed(changes) if line.entry.is_long else ""
    if has_more:
        sum_ += f". The first {most} are shown"
    return Read(line, said, why_not, sum_, has_more)


def _why_not(line: Line, view: View) -> str:
    """Why a change can no longer be taken back, or ""."""
    if not line.entry.changes:
        return "Nothing to take back."
    inverse = line.entry.edit.inverse
    try:
        inverse.apply(view.portfolio)
    except StaleEditError:
        return "Cannot be taken back: what it changed has changed since."
    refused = view.refusal(inverse, by_hand=False)
    return f"Cannot be taken back: {refused}." if refused else ""


class HistoryPage(Page):
    """The journal of the book. `take_back_wanted` and `as_at_wanted` carry a line's number."""

    name = "history"
    title = "History"
    icon = "clock-counter-clockwise"
    take_back_wanted = Signal(int)
    as_at_wanted = Signal(int)

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._journal: Callable[[int], tuple[Entry, ...]] = lambda _limit: ()
        self.search = search_field(look, "Filter history")
        self.day = QDateEdit()
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("d MMM yyyy")
        self.day.setAccessibleName(tr("The book as it stood on"))
        self.day.lineEdit().setAccessibleName(tr("The book as it stood on"))
        self.day.setToolTip(tr("A day to look at the book on"))
        self.look_button = button("Show the book then…")
        self.look_button.setToolTip(
            tr("Opens the book as it stood at the end of that day, read only")
        )
        self.header.add(self.search)
        self.header.add(self.day)
        self.header.add(self.look_button)
        self.table: Table[Line] = Table(_COLUMNS, key=lambda line: str(line.entry.id))
        self.grid = Grid(look, self.table, "History")
        self.grid.setSelectionMode(Grid.SelectionMode.SingleSelection)
        self._none = label("", tone="muted", wrap=True)
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        none = self._none
        look.follow(none, lambda: none.setContentsMargins(0, look.px(40), 0, 0))
        register = Card("")
        register.title.hide()
        register.note.hide()
        register.setAccessibleName(tr("History"))
        register.body.setContentsMargins(1, 1, 1, 1)
        register.body.addWidget(self.grid, 1)
        register.body.addWidget(self._none)
        self.begin_button = button("Open awards", "link")
        register.body.addWidget(self.begin_button, 0, Qt.AlignmentFlag.AlignHCenter)
        register.body.addStretch(0)
        self.panel = ChangePanel(look)
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.setChildrenCollapsible(False)
        halves.setHandleWidth(10)
        halves.addWidget(register)
        halves.addWidget(self.panel)
        halves.setSizes([380, 300])
        self.body.addWidget(halves, 1)
        self._reading = Latest(self)
        self._wire()

    def _wire(self) -> None:
        self.search.textChanged.connect(self._filter)
        self.grid.chosen.connect(lambda _key: self._show_chosen())
        self.begin_button.clicked.connect(lambda _checked=False: self.open_wanted.emit("awards."))
        self.look_button.clicked.connect(lambda _checked=False: self._look_at_day())
        self.panel.take_back_button.clicked.connect(lambda _checked=False: self._take_back())
        self.panel.then_button.clicked.connect(lambda _checked=False: self._look_at_line())
        self.panel.all_button.clicked.connect(lambda _checked=False: self._show_every())
        self._reading.answered.connect(self.panel.present)
        self._reading.failed.connect(self._not_read)
        self.panel.lock.turned.connect(self.salaries_wanted)
        self.panel.grid.opened.connect(lambda key: self.open_wanted.emit(key.partition("/")[0]))

    def read_from(self, journal: Callable[[int], tuple[Entry, ...]]) -> None:
        """Take the door to the journal."""
        self._journal = journal

    def fill(self, view: View) -> None:
        """Put the journal on the page."""
        lines = tuple(Line(each, each.at.astimezone()) for each in self._journal(MOST))
        self.grid.setColumnHidden(self.table.place_of("who"), view.for_trustees)
        self.grid.present(lines)
        people = {each.entry.who for each in lines if each.entry.who}
        by = f" by {words.count(len(people), 'person', 'people')}" if people else ""
        self.header.say(f"{words.count(len(lines), 'change')}{by}" if lines else "")
        if lines:
            first = lines[-1].at.date()
            self.day.setDateRange(_as_qt(first), _as_qt(max(first, lines[0].at.date())))
        for each in (self.day, self.look_button):
            each.setVisible(bool(lines))
        if lines and not self.grid.current_key:
            self.grid.choose(self.grid.key_at(self.grid.sorted.index(0, 0)), 0)
        self.panel.take_back_button.setVisible(not view.read_only)
        self.panel.lock.follow(view)
        self._say_if_empty()
        self._show_chosen()

    def rest(self) -> None:
        """Put the keyboard on the table."""
        self.grid.setFocus()

    def look_for(self) -> None:
        """Go to the filter."""
        self.search.setFocus()
        self.search.selectAll()

    def _filter(self, text: str) -> None:
        self.grid.sorted.look_for(text)
        self._say_if_empty()

    def _say_if_empty(self) -> None:
        shown = self.grid.sorted.rowCount()
        self.grid.setVisible(shown > 0)
        self._none.setVisible(shown == 0)
        self.panel.setVisible(shown > 0)
        self.begin_button.setVisible(not self.table.rows)
        self._none.setText(
            f"No change speaks of “{self.search.text()}”. Clear the filter to see all."
            if self.table.rows
            else "Nothing has been changed yet. Every change you make is kept here, with what "
            "stood before it, and can be taken back."
        )

    def _chosen(self) -> Line | None:
        at = self.table.row_of(self.grid.current_key)
        return None if at is None else self.table.row_at(at)

    def _show_chosen(self) -> None:
        line = self._chosen()
        self._reading.forget()
        if line is None or self.view is None:
            return
        if line.entry.is_long:
            self.panel.wait_for(line)
            self._reading.ask(partial(read_line, line, self.view, AT_FIRST))
        else:
            self.panel.present(read_line(line, self.view))

    def _show_every(self) -> None:
        """Show every record of a long change, where the first few are shown."""
        line = self._chosen()
        if line is not None and self.view is not None:
            self.panel.wait_for(line)
            self._reading.ask(partial(read_line, line, self.view))

    def _not_read(self, fault: BaseException) -> None:
        if (line := self._chosen()) is not None:
            says = f"What this changed could not be read ({type(fault).__name__})."
            self.panel.present(Read(line, (), says))

    def _take_back(self) -> None:
        if (line := self._chosen()) is not None:
            self.take_back_wanted.emit(line.entry.id)

    def _look_at_line(self) -> None:
        if (line := self._chosen()) is not None:
            self.as_at_wanted.emit(line.entry.id)

    def _look_at_day(self) -> None:
        """Look at the book at the end of the day chosen."""
        wanted = self.day.date()
        day = date(wanted.year(), wanted.month(), wanted.day())
        end = datetime.combine(day + timedelta(1), time()).astimezone()
        before = [line for line in self.table.rows if line.at < end]
        if before:
            self.as_at_wanted.emit(before[0].entry.id)


def _as_qt(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)


class ChangePanel(Card):
    """One change: every field before and after, and what can be done about it."""

    def __init__(self, look: Look) -> None:
        super().__init__("")
        self.lock = Lock(look)
        self.add_link(self.lock)
        self.table: Table[Told] = Table(
            _FIELDS, key=lambda row: f"{row.record}/{row.field}/{row.after}"
        )
        self.grid = Grid(look, self.table, "What it changed", sortable=False)
        self.take_back_button = button("Take this change back")
        self.then_button = button("Show the book as it stood then…", "link")
        self.all_button = button("Show every record", "link")
        self.all_button.hide()
        self._fact = label(scale="caption", tone="muted", wrap=True)
        self._sum = label(tone="muted", wrap=True)
        self._sum.hide()
        below = QHBoxLayout()
        below.addWidget(self.take_back_button)
        below.addWidget(self.then_button)
        below.addWidget(self._fact, 1)
        whole = QHBoxLayout()
        whole.addWidget(self._sum, 1)
        whole.addWidget(self.all_button)
        self.body.addLayout(whole)
        self.body.addWidget(self.grid, 1)
        self.body.addLayout(below)

    def wait_for(self, line: Line) -> None:
        """Say that a long line of the journal is being read."""
        self.present(Read(line, (), "Reading what it changed…"))

    def present(self, read: Read) -> None:
        """Show one line of the journal."""
        line = read.line
        self.title.setText(line.said)
        self.setAccessibleName(tr(line.said))
        who = f" · {line.entry.who}" if line.entry.who else ""
        self.note.setText(f"{words.long_day(line.at.date())}, {line.at:%H:%M}{who}")
        self.grid.present(read.changes)
        self.take_back_button.setEnabled(not read.why_not)
        self._fact.setText(read.why_not)
        self._sum.setText(f"{read.sum}." if read.sum else "")
        self._sum.setVisible(bool(read.sum))
        self.all_button.setVisible(read.has_more)


_COLUMNS: tuple[Column[Line], ...] = (
    Column(name="when", title="When", kind=_WHEN, value=lambda line: line.at, width=18),
    Column(name="who", title="Who", value=lambda line: line.entry.who or "", width=12, most=20),
    Column(
        name="what",
        title="What",
        value=lambda line: line.said,
        tip=lambda line: line.said,
        stretch=True,
    ),
    Column(
        name="how",
        title="How",
        value=lambda line: _KINDS.get(line.entry.kind, line.entry.kind),
        width=13,
    ),
)
_FIELDS: tuple[Column[Told], ...] = (
    Column(
        name="record",
        title="Record",
        value=lambda row: f"{row.kind}: {row.title}",
        tip=lambda row: f"{row.kind}: {row.title}",
        width=34,
        most=48,
    ),
    Column(name="field", title="Field", value=lambda row: row.field, width=18),
    Column(name="before", title="Before", value=lambda row: row.before, width=26, most=40),
    Column(name="after", title="After", value=lambda row: row.after, stretch=True, strong=True),
)
