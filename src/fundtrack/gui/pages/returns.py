"""Every return owed and sent: by when, how it stands, who took the last step, and what comes next.

Opening one leads to its workbench (`returns_bench`); Esc leads back.
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from fundtrack.core import words
from fundtrack.core.errors import KnownError, RefusedError
from fundtrack.core.period import add_months
from fundtrack.core.returns import entering
from fundtrack.core.returns.lifecycle import history_in_words
from fundtrack.core.returns.shown import Asked
from fundtrack.gui import kinds
from fundtrack.gui.dialogs.layout_copy import LayoutCopy
from fundtrack.gui.dialogs.returns_batch import BatchDialog
from fundtrack.gui.pages.page import Page
from fundtrack.gui.returns import steps
from fundtrack.gui.returns.writing import WriteDialog
from fundtrack.gui.speech import tr
from fundtrack.gui.table import Column, Table
from fundtrack.gui.view import sentence_of
from fundtrack.gui.widgets.flow import flow_of
from fundtrack.gui.widgets.frame import Card, Choice, button, empty, label, with_icon
from fundtrack.gui.widgets.grid import Grid
from fundtrack.gui.widgets.own import OwnHead
from fundtrack.gui.widgets.room import Stack
from fundtrack.gui.widgets.search import search_field
from fundtrack.gui.widgets.status import StatusWord

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from fundtrack.core.model import Portfolio, Return, ReturnStatus
    from fundtrack.core.returns.figures import ReturnFigures
    from fundtrack.core.returns.register import Owed
    from fundtrack.core.returns.shown import BatchFile, LaidOut, LayoutName, WrittenFile
    from fundtrack.gui.background import LongWork, Tell
    from fundtrack.gui.look import Look
    from fundtrack.gui.return_doors import ReturnDoors
    from fundtrack.gui.returns.bench import Bench
    from fundtrack.gui.returns.writing import WriteAnswer
    from fundtrack.gui.view import View

_YEAR, _OVERDUE, _ALL_TO_DO, _FUNDER, _SETTLED, _ALL = range(6)
_SPANS = (
    "To do in 12 months",
    "Overdue or queried",
    "Everything to do",
    "With the funder",
    "Accepted and paid",
    "All returns",
)
_ANY = ""
_NONE = "No returns owed yet. Add reporting duties to an award, and they appear here."
_NO_MATCH = "No return matches these filters."


class ReturnsPage(Page):
    """What is owed to each funder, and how it stands."""

    accounts_wanted = Signal()
    own_workbook_wanted = Signal(str)
    """The key of the return whose funder has a workbook of their own."""
    name = "returns"
    title = "Returns"
    icon = "table"

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.doors: ReturnDoors | None = None
        self._book: Callable[[], Path | None] = lambda: None
        self._work: LongWork | None = None
        self._fresh: dict[str, Path] = {}
        self.search = search_field(look, "Filter returns")
        self.span, self.award, self.status = (
            _filter(look, name) for name in ("Which", "Award", "Status")
        )
        for at, said in enumerate(_SPANS):
            self.span.addItem(tr(said), at)
        self.status.addItem(tr("Any status"), _ANY)
        for value, said in steps.STATUS_WORD.items():
            self.status.addItem(tr(said), value)
        self._filters = QWidget()
        filters = QHBoxLayout(self._filters)
        filters.setContentsMargins(0, 0, 0, 0)
        filters.setSpacing(10)
        choices = QWidget()
        choices.setLayout(flow_of(self.span, self.award, self.status, spacing=10))
        filters.addWidget(choices, 1)
        filters.addWidget(self.search, 0, Qt.AlignmentFlag.AlignTop)
        self.table: Table[Owed] = Table(self._columns(), key=lambda row: row.key)
        self.table.editable = False
        self.grid = Grid(look, self.table, "Returns")
        self.panel = ReturnPanel(look)
        self._none = label("", tone="muted", wrap=True)
        self._none.setObjectName("none")
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._way_out = button("", "link", self._take_way_out)
        self.list = QWidget()
        self._standing = ""
        self._own: Bench | None = None
        self._layouts: tuple[LayoutName, ...] = ()
        self._confirmed: dict[str, frozenset[str]] = {}
        self.batch_button = with_icon(button("Write all due…"), look, "export")
        self.batch_button.setToolTip(tr("Write a file of every return due by a day"))
        self.header.add(self.batch_button)
        self.head = OwnHead(look, "Returns")
        self.header.lead(self.head)
        self.slot = Stack()
        self.slot.addWidget(self.list)
        self.body.addWidget(self.slot, 1)
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        card = Card("")
        card.title.hide()
        card.note.hide()
        card.body.setContentsMargins(1, 1, 1, 1)
        card.body.addWidget(self.grid, 1)
        self._card = card
        column = QVBoxLayout(self.list)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._filters)
        column.addWidget(card, 1)
        column.addStretch(0)
        column.addWidget(self._none)
        column.addWidget(self._way_out, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(0)
        column.addWidget(self.panel)

    def _wire(self) -> None:
        self.search.textChanged.connect(lambda _text: self._refill())
        for box in (self.span, self.award, self.status):
            box.activated.connect(lambda _at: self._refill())
        self.grid.chosen.connect(lambda _key: self._show_chosen())
        self.grid.opened.connect(self.open_return)
        self.panel.open_button.clicked.connect(lambda _on=False: self.open_return(self.chosen_key))
        self.panel.award_button.clicked.connect(lambda _on=False: self._open_award())
        self.panel.step_wanted.connect(self.take_step)
        self.head.back.connect(self._back)
        self.batch_button.clicked.connect(lambda _on=False: self.write_all())

    def use(
        self, doors: ReturnDoors | None, book: Callable[[], Path | None], work: LongWork
    ) -> None:
        """Take the doors to layouts and files, how to ask which book is open, and long work."""
        self.doors, self._book, self._work = doors, book, work

    def take_written(self, award: str, period: str, out: Path) -> None:
        """Take note of a file written for a return: it is the one offered when it is sent."""
        returns = () if self.view is None else self.view.portfolio.returns
        for each in returns:
            if (each.award, each.period) == (award, period):
                self._fresh[each.key] = out

    # --- values in ---------------------------------------------------------------------------

    def fill(self, view: View) -> None:
        """Put every return on the page."""
        self._list_awards(view)
        self._refill()
        self._say_fact(view)
        self._show_standing()

    def _say_fact(self, view: View) -> None:
        today = view.outlook.today
        todo = [each for each in view.later.returns if each.standing == "to do"]
        late = sum(each.overdue(today) for each in todo)
        queried = sum(each.status == "queried" for each in todo)
        soon = sum(each.waits(today) for each in todo) - queried - late
        strong = f"{late:,} overdue" if late else ""
        said = [strong, f"{queried:,} queried" if queried else ""]
        said.append(f"{soon:,} due in 28 days" if soon else "nothing due in 28 days")
        fact = words.sentence(" · ".join(filter(None, said)))
        self.header.say(fact if todo else "Nothing is owed", (strong,) if late else ())

    def _list_awards(self, view: View) -> None:
        kept = self.award.currentData()
        self.award.clear()
        self.award.addItem(tr("Any award"), _ANY)
        owing = dict.fromkeys(each.award for each in view.later.returns)
        for award in view.portfolio.awards:
            if award.key in owing:
                self.award.addItem(award.title, award.key)
        self.award.setCurrentIndex(max(self.award.findData(kept), 0))

    def _refill(self) -> None:
        view = self.view
        if view is None:
            return
        every, today = view.later.returns, view.outlook.today
        rows = tuple(each for each in every if self._keeps(each, today))
        key = self.grid.current_key
        self.grid.present(rows)
        if rows and not (key and self.grid.choose(key)):
            self.grid.choose(self.grid.key_at(self.grid.sorted.index(0, 0)), _TITLE_AT)
        self._filters.setVisible(bool(every))
        self._card.setVisible(bool(rows))
        self._none.setVisible(not rows)
        self._way_out.setVisible(not rows)
        self._none.setText(_NO_MATCH if every else _NONE)
        self._way_out.setText("Show all returns" if every else "Open awards")
        self._show_chosen()

    def _keeps(self, owed: Owed, today: date) -> bool:
        wanted, sought = self.status.currentData(), self.search.text().casefold().split()
        award = self.award.currentData()
        said = f"{owed.title} {owed.who} {owed.note}".casefold()
        return (
            award in (None, _ANY, owed.award)
            and (not wanted or owed.status == wanted)
            and all(word in said for word in sought)
            and self._in_span(owed, today)
        )

    def _in_span(self, owed: Owed, today: date) -> bool:
        span = self.span.currentData()
        todo = owed.standing == "to do"
        if span == _YEAR:
            return todo and (owed.due is None or owed.due <= add_months(today, 12))
        return {
            _OVERDUE: owed.overdue(today) or owed.status == "queried",
            _ALL_TO_DO: todo,
            _FUNDER: owed.standing == "with the funder",
            _SETTLED: owed.standing == "settled",
        }.get(span, True)

    def _take_way_out(self) -> None:
        if self.view is not None and self.view.later.returns:
            self._clear_filters()
            self._refill()
            self.rest()
        else:
            self.open_wanted.emit("awards.")

    def _clear_filters(self) -> None:
        self.search.clear()
        self.span.setCurrentIndex(_ALL)
        for box in (self.award, self.status):
            box.setCurrentIndex(0)

    # --- the chosen one ----------------------------------------------------------------------

    @property
    def chosen_key(self) -> str:
        """The key of the return the keyboard is on, or ""."""
        return self.grid.current_key

    def owed(self, key: str) -> Owed | None:
        """A return by its key, or by that of its record."""
        every = () if self.view is None else self.view.later.returns
        return next((each for each in every if key and key in (each.key, each.record)), None)

    def record_of(self, owed: Owed) -> Return | None:
        """The book's record of a return, or None before it is begun."""
        if self.view is None:
            return None
        return next((each for each in self.view.portfolio.returns if each.key == owed.record), None)

    def _show_chosen(self) -> None:
        owed, view = self.owed(self.chosen_key), self.view
        self.panel.setVisible(owed is not None and self._card.isVisibleTo(self))
        if owed is not None and view is not None:
            self.panel.present(owed, self.record_of(owed), view)

    def rest(self) -> None:
        """Put the keyboard on the list, or on the sheet of the return in sight."""
        if self._standing:
            self.own.rest()
        elif self.table.rows:
            self.grid.setFocus()
        elif self._way_out.isVisibleTo(self):
            self._way_out.setFocus()
        else:
            self.setFocus()

    def look_for(self) -> None:
        """Go to the filter of the list."""
        self.stand_at("")
        self.search.setFocus()
        self.search.selectAll()

    def open(self, key: str) -> None:
        """Go to a return in the list."""
        self.stand_at("")
        owed = self.owed(key)
        if owed is not None:
            self._clear_filters()
            self._refill()
            self.grid.choose(owed.key, _TITLE_AT)
        self.rest()

    def _open_award(self) -> None:
        owed = self.owed(self._standing or self.chosen_key)
        if owed is not None:
            self.open_wanted.emit(f"awards.{owed.award}")

    # --- wishes out --------------------------------------------------------------------------

    def open_return(self, key: str) -> None:
        """Open a return's workbench; one that is not begun asks who begins it first."""
        owed, view, book = self.owed(key), self.view, self._book()
        if owed is None or view is None or self.doors is None or book is None:
            return
        if not owed.record and not view.read_only:
            edit = steps.begin(self.look, view, owed, self.doors.layouts(book), self)
            if edit is None:
                return
            self.edit_wanted.emit(edit)
            owed = self.owed(key)
        if owed is not None and owed.record:
            self.stand_at(owed.record)

    # --- a return's own workbench ------------------------------------------------------------

    @property
    def own(self) -> Bench:
        """The workbench, made when it is first wanted."""
        if self._own is None:
            from fundtrack.gui.returns.bench import Bench

            self._own = made = Bench(self.look, self._question)
            made.left.connect(self._back)
            made.edit_wanted.connect(self.edit_wanted)
            made.trouble.connect(self.trouble)
            made.broke.connect(self._not_laid_out)
            made.layout_wanted.connect(self._change_layout)
            made.accounts_wanted.connect(self.accounts_wanted)
            made.own_workbook_wanted.connect(self.own_workbook_wanted)
            made.write_wanted.connect(self.write)
            made.batch_wanted.connect(self.write_all)
            made.copy_wanted.connect(self.copy_layout)
            made.award_wanted.connect(self._open_award)
            self.slot.addWidget(made)
        return self._own

    @property
    def standing(self) -> str:
        """The key of the return whose workbench is in sight, or ""."""
        return self._standing

    def stand_at(self, key: str) -> None:
        """Show a return's workbench, or the list for ""."""
        if key == self._standing:
            return
        if self._own is not None:
            self._own.settle()
        self._standing = key
        self._show_standing()
        self.stood.emit(self._standing)
        self.rest()

    def _back(self) -> None:
        record = self._standing
        self.stand_at("")
        owed = self.owed(record)
        if owed is not None:
            self.grid.choose(owed.key, _TITLE_AT)
        self.rest()

    def _show_standing(self) -> None:
        """Show the workbench of the return one stands at; the list when it cannot be shown."""
        view, book = self.view, self._book()
        owed = self.owed(self._standing)
        record = None if owed is None else self.record_of(owed)
        shown = False
        if view is not None and record is not None and self.doors is not None and book is not None:
            try:
                self._layouts = self.doors.layouts(book)
                self.own.present(view, record, self._layouts)
                shown = True
            except KnownError as fault:
                self._say(fault)
        if not shown:
            self._standing = ""
        self.header.show_own(self.head, shown=shown)
        self.batch_button.setVisible(not shown and view is not None and bool(view.later.returns))
        if shown and owed is not None and view is not None:
            self.head.show_record(
                f"{view.award_title(owed.award)}, {owed.said_period}",
                ((_due_chip(owed, view.outlook.today), None),),
            )
            self.slot.setCurrentWidget(self.own)
        else:
            self.slot.setCurrentWidget(self.list)

    def _question(self, portfolio: Portfolio) -> Callable[[], LaidOut]:
        """What lays the return in sight out, of a book. Raises KnownError where nothing can."""
        return partial(self._doors.laid_out, self._asked(portfolio, self._standing))

    def _not_laid_out(self, fault: BaseException) -> None:
        self._not_written(fault)
        self.stand_at("")

    @property
    def _doors(self) -> ReturnDoors:
        if self.doors is None:
            raise KnownError("Returns cannot be laid out here")
        return self.doors

    def _asked(self, portfolio: Portfolio, key: str) -> Asked:
        """What is asked of the doors to make a return of the book."""
        view, book = self.view, self._book()
        record = next((each for each in portfolio.returns if each.key == key), None)
        if view is None or book is None or record is None:
            raise KnownError("This return is no longer in the book")
        return Asked(
            portfolio=portfolio,
            statutory=view.outlook.workings.rates.statutory,
            award=record.award,
            period=record.period,
            layout=self._doors.layout(book, record.template),
            today=view.outlook.today,
            confirmed=self._confirmed.get(key, _NOTHING) if view.tells_salaries else _NOTHING,
        )

    def _change_layout(self, name: str) -> None:
        view, book = self.view, self._book()
        if view is None or book is None:
            return
        try:
            layout = self._doors.layout(book, name)
            edit = entering.in_layout(view.portfolio, self._standing, layout.template)
        except KnownError as fault:
            self._say(fault)
            self._show_standing()
        else:
            self.edit_wanted.emit(edit)

    # --- steps -------------------------------------------------------------------------------

    def take_step(self, status: ReturnStatus) -> None:
        """Ask about the next step of the chosen return, and take it."""
        owed, view = self.owed(self.chosen_key), self.view
        if owed is None or view is None or view.read_only or self.doors is None:
            return
        edit = steps.step(
            self.look,
            view,
            owed,
            status,
            lambda: self.figures_of(owed),
            self.doors.sha256_of,
            self,
            fresh=self._fresh.get(owed.record),
        )
        if edit is not None:
            self.edit_wanted.emit(edit)

    def figures_of(self, owed: Owed) -> ReturnFigures:
        """A return's figures as they stand. Raises RefusedError where it cannot be made."""
        if self.view is None:
            raise KnownError("No book is open")
        return self._doors.laid_out(self._asked(self.view.portfolio, owed.record)).figures

    # --- files -------------------------------------------------------------------------------

    def write(self) -> None:
        """Ask what must be asked, then write the return in sight and prove its file."""
        view, record = self.view, self._standing
        if view is None or not record or self._work is None:
            return
        self.own.settle()
        shown = self.own.shown
        if shown is None:
            return
        dialog = WriteDialog(
            self.look,
            shown,
            view.portfolio,
            self._confirmed.get(record, frozenset()),
            self,
            changeable=self.own.changeable,
            tells_salaries=view.tells_salaries,
        )
        accepted, answer = dialog.exec(), dialog.answer
        dialog.deleteLater()
        if accepted and answer is not None:
            self._write(record, answer)

    def _write(self, record: str, answer: WriteAnswer) -> None:
        owed = self.owed(record)
        if answer.cleared and self.view is not None:
            edit = entering.cleared(self.view.portfolio, record, answer.cleared)
            self.edit_wanted.emit(edit)
        view = self.view
        if view is None or owed is None or self._work is None:
            return
        self._confirmed[record] = answer.confirmed
        name = _file_name(view.award_title(owed.award), owed.said_period)
        out = self._ask_where(name)
        if out is None:
            return
        try:
            asked = self._asked(view.portfolio, record)
        except KnownError as fault:
            self._say(fault)
            return
        doors = self._doors

        def written(tell: Tell) -> WrittenFile:
            tell()
            return doors.written(asked, out, internal=answer.internal)

        self._work.run(
            "Writing the return",
            written,
            then=partial(self._written, record, out),
            failed=self._not_written,
            owner=self,
        )

    def _ask_where(self, name: str) -> Path | None:
        book = self._book()
        start = Path(name) if book is None else book.absolute().parent / name
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("Write the return as"), str(start), "Workbooks (*.xlsx)"
        )
        if not chosen:
            return None
        return Path(chosen) if Path(chosen).suffix else Path(chosen).with_suffix(".xlsx")

    def _written(self, record: str, out: Path, made: WrittenFile) -> None:
        self._fresh[record] = out
        found = made.figures.findings
        waits = sum(each.waits for each in found)
        fails = sum(each.level == "FAIL" for each in found) - waits
        said = f"{out.name} is written, and every cell of it was read back and proved."
        if fails or waits:
            checks = f"{words.count(fails, 'check')} to fix before it is sent" if fails else ""
            later = f"{words.count(waits, 'check')} for when the period is over" if waits else ""
            left = ", ".join(filter(None, (checks, later)))
            said = f"{out.name} is written as a draft and proved. {left}."
        self.message.say(said)

    def _not_written(self, fault: BaseException) -> None:
        if isinstance(fault, KnownError):
            self._say(fault)
        elif self._work is not None:
            self._work.failed.emit(fault)

    def write_all(self) -> None:
        """Ask by which day and into which folder, then write every return due by it."""
        view, book = self.view, self._book()
        if view is None or book is None or self._work is None or self.doors is None:
            return
        today = view.outlook.today
        by = today + timedelta(days=_FOUR_WEEKS)
        dialog = BatchDialog(self.look, view.later.returns, today, by, book.absolute().parent, self)
        accepted, wanted, folder = dialog.exec(), dialog.wanted, dialog.folder
        dialog.deleteLater()
        if not accepted:
            return
        try:
            asked = [self._asked_of(each, folder) for each in wanted]
        except KnownError as fault:
            self._say(fault)
            return
        doors = self.doors
        self._work.run(
            f"Writing {words.count(len(asked), 'return')}",
            lambda tell: doors.written_all(asked, tell),
            then=self._all_written,
            failed=self._not_written,
            owner=self,
        )

    def _asked_of(self, owed: Owed, folder: Path) -> tuple[Asked, Path]:
        """What to ask for one of many, and the file it goes to."""
        view, book = self.view, self._book()
        if view is None or book is None:
            raise KnownError("No book is open")
        out = folder / _file_name(view.award_title(owed.award), owed.said_period)
        if owed.record:
            return self._asked(view.portfolio, owed.record), out
        asked = Asked(
            portfolio=view.portfolio,
            statutory=view.outlook.workings.rates.statutory,
            award=owed.award,
            period=owed.period.name,
            layout=self._doors.layout(book, owed.usual_layout(view.portfolio)),
            today=view.outlook.today,
        )
        return asked, out

    def _all_written(self, made: tuple[BatchFile, ...]) -> None:
        good = [each for each in made if not each.problem]
        drafts = sum(bool(each.fails) for each in good)
        said = f"{words.sentence(words.count(len(good), 'return'))} written and proved"
        said += f", {drafts} of them with checks to fix." if drafts else "."
        left = [f"{each.name}: {each.problem}" for each in made if each.problem]
        if left:
            said += f" Not written: {'; '.join(left[:_MOST_NAMED])}"
        self.message.say(said, fault=bool(left))

    def copy_layout(self) -> None:
        """Copy the layout in use to the charity's own, and write this return in the copy."""
        shown, book = self.own.shown, self._book()
        if shown is None or book is None:
            return
        doors, layout = self._doors, shown.layout
        dialog = LayoutCopy(
            self.look,
            layout.title,
            layout.name,
            lambda name: doors.copy_layout(book, layout.name, name),
            self,
        )
        accepted, made = dialog.exec(), dialog.made
        dialog.deleteLater()
        if accepted and made is not None:
            if self.own.changeable:
                self._change_layout(made.stem)
            self._show_standing()
            self.message.say(f"The copy is kept as {made}. Change it with any text editor.")

    def _say(self, fault: KnownError) -> None:
        says = sentence_of(fault.problems) if isinstance(fault, RefusedError) else str(fault)
        self.trouble.emit(says)

    # --- the table ---------------------------------------------------------------------------

    def _columns(self) -> tuple[Column[Owed], ...]:
        return (
            Column(
                name="urgency",
                title="When",
                kind=kinds.STATUS,
                value=self._urgency,
                width=10,
            ),
            Column(
                name="due",
                title="Due",
                kind=kinds.DATE,
                value=lambda row: row.due,
                shown=self._due,
                tip=lambda row: row.note,
                width=15,
            ),
            Column(
                name="award",
                title="Award",
                value=self._award,
                tip=lambda row: row.title,
                stretch=True,
            ),
            Column(
                name="period",
                title="Period",
                value=lambda row: row.said_period,
                shown=lambda row: "Final" if row.kind == "final" else row.said_period,
                tip=lambda row: row.said_period,
                width=12,
            ),
            Column(
                name="status",
                title="Status",
                value=lambda row: steps.STATUS_WORD[row.status],
                width=11,
            ),
            Column(
                name="who",
                title="Last step by",
                value=lambda row: row.who,
                tip=lambda row: row.who,
                width=12,
                most=22,
                optional=True,
            ),
            Column(
                name="on",
                title="On",
                kind=kinds.DATE,
                value=lambda row: row.on,
                width=12,
                optional=True,
            ),
            Column(
                name="pays",
                title="Payment",
                value=lambda row: "Waits for it" if row.pays else "",
                width=11,
                optional=True,
            ),
        )

    def _urgency(self, row: Owed) -> str | None:
        if self.view is None or row.standing != "to do":
            return None
        return row.urgency(self.view.outlook.today)

    def _award(self, row: Owed) -> str:
        return "" if self.view is None else self.view.award_title(row.award)

    def _due(self, row: Owed) -> str:
        if row.due is None:
            return ""
        return f"{words.weekday(row.due)[:3]} {words.short_day(row.due)}"


_TITLE_AT = 2
_FOUR_WEEKS = 28
_NOTHING: frozenset[str] = frozenset()
_MOST_NAMED = 3


class ReturnPanel(Card):
    """The chosen return: by when, what waits for it, every step so far, and what may follow."""

    step_wanted = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__("")
        self.look = look
        self.status = StatusWord(look)
        self.add_link(self.status)
        self.when = label(wrap=True)
        self.steps = label(tone="muted", wrap=True)
        for said in (self.when, self.steps):
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.open_button = button("Open return", "primary")
        self.award_button = button("Open award", "small")
        self._next = QHBoxLayout()
        self._next.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.open_button)
        row.addLayout(self._next)
        row.addWidget(self.award_button)
        row.addStretch(1)
        self.body.addWidget(self.when)
        self.body.addWidget(self.steps)
        self.body.addSpacing(4)
        self.body.addLayout(row)
        self.step_buttons: dict[str, QWidget] = {}

    def present(self, owed: Owed, record: Return | None, view: View) -> None:
        """Show one return."""
        today = view.outlook.today
        self.title.setText(owed.title)
        self.setAccessibleName(tr(owed.title))
        self.note.setText(steps.STATUS_WORD[owed.status])
        self.status.show_status(owed.urgency(today) if owed.standing == "to do" else None)
        self.when.setText(standing(owed, today))
        taken = () if record is None else history_in_words(record)
        said = " · ".join(words.sentence(step) for step in taken)
        if not said and owed.on is not None:
            said = f"{steps.STATUS_WORD[owed.status]}; sent {words.day(owed.on)}"
        self.steps.setText(said or "Not begun yet.")
        self.open_button.setText("Open return" if owed.record else "Begin return…")
        self.open_button.setVisible(bool(owed.record) or not view.read_only)
        self._offer(owed, changeable=not view.read_only)

    def _offer(self, owed: Owed, *, changeable: bool) -> None:
        empty(self._next)
        self.step_buttons = {}
        for status in steps.next_steps(owed) if changeable else ():
            made = with_icon(button(steps.ACT_WORD[status], "small"), self.look, "check")
            made.clicked.connect(lambda _on=False, status=status: self.step_wanted.emit(status))
            self._next.addWidget(made)
            self.step_buttons[status] = made


def standing(owed: Owed, today: date) -> str:
    """By when a return is due or since when it is overdue, what waits for it, and what to know."""
    said = []
    if owed.due is not None and owed.overdue(today):
        days = words.count((today - owed.due).days, "day")
        said.append(f"Overdue since {words.near_day(owed.due, today)} ({days}).")
    elif owed.due is not None and owed.standing == "to do":
        said.append(
            f"Due {words.near_weekday(owed.due, today)}, {words.days_away(owed.due, today)}."
        )
    elif owed.due is not None:
        said.append(f"It was due on {words.day(owed.due)}.")
    if owed.standing == "presumed":
        said.append("The book has no trace of it, and a later one was sent: taken as sent.")
    if owed.pays:
        said.append("The next payment waits for it.")
    return " ".join([*said, owed.note]).strip()


def _due_chip(owed: Owed, today: date) -> str:
    """What stands beside a return's title: by when, or how it stands."""
    if owed.standing != "to do" or owed.due is None:
        return steps.STATUS_WORD[owed.status]
    return f"due {words.near_weekday(owed.due, today)}, {words.days_away(owed.due, today)}"


def _file_name(award: str, period: str) -> str:
    """A file's name for a return, which any system takes."""
    return re.sub(r"[^\w .,-]+", "-", f"{award}, {period}").strip(" .-") + ".xlsx"


def _filter(look: Look, name: str) -> Choice:
    made = Choice(look)
    made.setAccessibleName(tr(name))
    made.setToolTip(tr(name))
    made.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToContents)
    look.follow(made, lambda: made.setMinimumWidth(look.px(80)))
    return made
