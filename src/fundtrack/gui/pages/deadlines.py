"""Everything with a due date, as a grouped list and as a month; below it, what to do about one.

What is overdue stays in sight until it is done: a snooze stops reminders, with a reason, and moves
nothing. Snoozes are this person's own; everything else goes into the book.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QSplitter,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from fundtrack.core import words
from fundtrack.core.deadlines import GROUPS, Due, Group, Snooze, done, given_to, reopened
from fundtrack.core.errors import RefusedError
from fundtrack.core.period import add_months
from fundtrack.gui import cells, kinds, marks, typed, wishes
from fundtrack.gui.cells import CellDelegate
from fundtrack.gui.dialogs.deadline import DeadlineDialog
from fundtrack.gui.dialogs.snooze import SnoozeDialog
from fundtrack.gui.pages.page import Page
from fundtrack.gui.speech import tr
from fundtrack.gui.table import COLUMN_ROLE, ROW_ROLE, Column, Index, Table
from fundtrack.gui.view import sentence_of
from fundtrack.gui.widgets.flow import flow_of
from fundtrack.gui.widgets.frame import Card, Choice, Segments, button, label, with_icon
from fundtrack.gui.widgets.grid import Grid
from fundtrack.gui.widgets.month import KIND_WORD, MonthCalendar, state_of
from fundtrack.gui.widgets.room import Stack
from fundtrack.gui.widgets.search import search_field
from fundtrack.gui.widgets.status import StatusWord
from fundtrack.gui.widgets.undoing import UndoingLine

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from fundtrack.core.edit import Edit
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View

_SORTS: tuple[tuple[str, frozenset[str]], ...] = (
    ("All kinds", frozenset()),
    ("Returns and claims", frozenset({"return", "claim", "accounts"})),
    ("Bids and funders", frozenset({"bid", "writing", "submit", "expected", "extension"})),
    ("Posts: consult, notice, end", frozenset({"decision", "consultation", "notice", "end"})),
    ("Payments to come", frozenset({"payment"})),
    ("Meetings and papers", frozenset({"meeting", "papers", "decision"})),
    ("Our own", frozenset({"other"})),
)
_YEAR_AHEAD, _ALL_AHEAD, _DONE = range(3)
_SPANS = ("To do in 12 months", "Everything to do", "Done in the last year")
_LIST, _MONTH = 0, 1
_ANYONE, _NOBODY = "*", ""
_NONE = (
    "Add awards with their returns, payments and end dates, and what is owed, to decide and to "
    "expect appears here by its day. Or add a deadline of your own."
)
_MANY = 300
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


# --- rows --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DueRow:
    """One thing with a due date, or the heading of a group and how many stand under it."""

    group: Group
    due: Due | None
    count: int = 0
    away: str = ""

    @property
    def key(self) -> str:
        """What tells it from other rows."""
        return f"group:{self.group}" if self.due is None else self.due.uid


def due_rows(dues: tuple[Due, ...], today: date) -> tuple[DueRow, ...]:
    """The rows of the list: each group with its heading, by due date; what was done, latest first.

    A week with nothing due says so: that is worth knowing too.
    """
    rows: list[DueRow] = []
    for group in GROUPS:
        found = [due for due in dues if due.group == group]
        if group == "Done":
            found.reverse()
        if found or (group == "This week" and dues and dues[-1].group != "Done"):
            rows.append(DueRow(group, None, len(found)))
        rows += [DueRow(group, due, away=away_of(due, today)) for due in found]
    return tuple(rows)


def away_of(due: Due, today: date) -> str:
    """How far something is: in 9 days, 3 days ago, or when it was done."""
    if due.done:
        return f"done {words.near_day(due.done_on, today)}" if due.done_on else "done"
    return words.days_away(due.due, today)


class DueTable(Table[DueRow]):
    """The list; headings cannot be chosen, so that arrows pass over them."""

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A heading is only for reading."""
        if index.isValid() and self.row_at(index.row()).due is None:
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    def _follow(self, rows: tuple[DueRow, ...], keys: tuple[str, ...]) -> None:
        if abs(len(rows) - self.rowCount()) < _MANY:
            super()._follow(rows, keys)
            return
        self.beginResetModel()
        self._rows, self._keys = rows, keys
        self.endResetModel()

    def spoken(self, row: DueRow, column: Column[DueRow]) -> str:
        """What a screen reader says: what it is first, then the cell."""
        if row.due is None:
            return f"{tr(row.group)}, {row.count}"
        if column.name == "title":
            due = row.due
            snooze = snooze_words(due.snooze) if due.snooze is not None else ""
            said = (due.title, words.long_day(due.due), row.away, state_of(due).lower())
            return ", ".join(tr(each) for each in (*said, due.owner or "", snooze) if each)
        cell = self.shown(row, column) or tr("empty")
        return f"{tr(row.due.title)}, {tr(column.title)}: {cell}"


def snooze_words(snooze: Snooze) -> str:
    """Snoozed to 3 Dec 2026: waiting for the letter."""
    return f"Snoozed to {words.short_day(snooze.until)}: {snooze.reason}"


class DueDelegate(CellDelegate):
    """Paints the list: headings across the whole width, and what is done as done."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(look, parent)
        self.look = look

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        row = cast("DueRow", index.data(ROW_ROLE))
        column = cast("Column[DueRow]", index.data(COLUMN_ROLE))
        if row.due is None:
            self._paint_heading(painter, option, row)
        elif column.name == "status" and row.due.done:
            self._paint_done(painter, option)
        else:
            super().paint(painter, option, index)

    def _paint_heading(self, painter: QPainter, option: QStyleOptionViewItem, row: DueRow) -> None:
        look = self.look
        painter.save()
        rect = QRectF(option.rect)
        painter.fillRect(rect, look.colour("surface2"))
        painter.setPen(look.colour("line"))
        bottom = rect.bottom() - 0.5
        painter.drawLine(QPointF(rect.left(), bottom), QPointF(rect.right(), bottom))
        inner = rect.adjusted(6, 0, -6, 0)
        painter.setFont(look.font(bold=True))
        painter.setPen(look.colour("ink"))
        group = tr(row.group)
        painter.drawText(inner, int(_LEFT), group)
        shift = painter.fontMetrics().horizontalAdvance(group) + look.px(10)
        painter.setFont(look.font("caption", tabular=True))
        painter.setPen(look.colour("ink_muted"))
        said = f"{row.count:,}" if row.count else tr("nothing due")
        painter.drawText(inner.adjusted(shift, 0, 0, 0), int(_LEFT), said)
        painter.restore()

    def _paint_done(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        look = self.look
        painter.save()
        ink = cells.paint_ground(painter, option, look)
        rect = QRectF(option.rect).adjusted(6, 0, -6, 0)
        radius = look.px(10) / 2
        centre = rect.topLeft()
        centre.setX(rect.left() + radius * 1.2)
        centre.setY(rect.center().y())
        marks.paint_status(painter, centre, radius, "clear", look, ink)
        painter.setFont(look.font("caption"))
        painter.setPen(ink)
        painter.drawText(rect.adjusted(radius * 3.2, 0, 0, 0), int(_LEFT), tr("Done"))
        painter.restore()


class DueGrid(Grid):
    """The list on the screen."""

    def __init__(
        self,
        look: Look,
        table: DueTable,
        acts: tuple[QAction, ...],
        name: str = "Deadlines",
        *,
        header: bool = True,
    ) -> None:
        self._acts = acts
        super().__init__(look, table, name, sortable=False, header=header)
        self.can_remove = True
        self.setItemDelegate(self._own(look))

    def _own(self, look: Look) -> DueDelegate:
        made = DueDelegate(look, self)
        made.given_up.connect(self.given_up)
        self._delegate = made
        return made

    def present(self, rows: tuple[DueRow, ...]) -> None:
        """Show these rows, each heading over the whole width."""
        self.clearSpans()
        super().present(rows)
        columns = len(self.table.columns)
        for at, row in enumerate(rows):
            if row.due is None:
                self.setSpan(at, 0, 1, columns)

    def menu(self) -> QMenu:
        """What can be done with the chosen one."""
        menu = QMenu(self)
        menu.addActions(list(self._acts))
        menu.addSeparator()
        self._offer(menu, "Co&py rows", "Ctrl+C", self.copy_rows)
        if self.table.editable:
            keys = self.chosen_keys()
            self._offer(menu, "&Remove", "Del", lambda: self.remove_wanted.emit(keys))
        return menu


# --- the page ----------------------------------------------------------------------------


class Deadlines(Page):
    """What is owed, to decide and to expect, and by when.

    `snoozes_wanted` carries every snooze of this person; `export_wanted` every due date to put
    into a calendar.
    """

    name = "deadlines"
    title = "Deadlines"
    icon = "calendar-check"
    snoozes_wanted = Signal(object)
    export_wanted = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.snoozes: tuple[Snooze, ...] = ()
        self._dues: tuple[Due, ...] = ()
        self.switch = Segments(("List", "Month"), "How deadlines are shown")
        self.export_button = with_icon(button("To a calendar…"), look, "export")
        self.export_button.setToolTip(
            tr("Write a calendar file (.ics) that updates when written again")
        )
        self.add_button = with_icon(button("Add deadline"), look, "plus")
        self.search = search_field(look, "Filter deadlines")
        for part in (self.switch, self.export_button, self.add_button):
            self.header.add(part)
        self._make_actions()
        self.kind, self.owner, self.span = (
            _filter(look, name) for name in ("Kind", "Owner", "Which")
        )
        for said, kept in _SORTS:
            self.kind.addItem(tr(said), kept)
        for at, said in enumerate(_SPANS):
            self.span.addItem(tr(said), at)
        self._filters = QWidget()
        filters = QHBoxLayout(self._filters)
        filters.setContentsMargins(0, 0, 0, 0)
        filters.setSpacing(10)
        choices = QWidget()
        choices.setLayout(flow_of(self.span, self.kind, self.owner, spacing=10))
        filters.addWidget(choices, 1)
        filters.addWidget(self.search, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self._filters)
        self.table = DueTable(self._columns(), key=lambda row: row.key, refusal=self._refusal)
        acts = (self.done_action, self.snooze_action, self.award_action, self.post_action)
        self.grid = DueGrid(look, self.table, acts)
        self.month = MonthCalendar(look)
        self.day = DayList(look, acts)
        self.panel = DuePanel(look, acts)
        self._none = label("", tone="muted", wrap=True)
        self._none.setObjectName("none")
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        none = self._none
        look.follow(none, lambda: none.setContentsMargins(0, look.px(40), 0, look.px(8)))
        self.begin_button = button("Open awards", "link")
        self._lay_out()
        self._wire()

    def _make_actions(self) -> None:
        self.done_action = self._action("Mark done", self.toggle_done, "Ctrl+D")
        self.snooze_action = self._action("Snooze…", self.snooze)
        self.award_action = self._action("Open award", lambda: self._open("award"))
        self.post_action = self._action("Open post", lambda: self._open("post"))

    def _action(self, said: str, do: Callable[[], object], keys: str = "") -> QAction:
        action = QAction(tr(said), self)
        if keys:
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _checked=False: do())
        self.addAction(action)
        return action

    def _lay_out(self) -> None:
        months = QSplitter(Qt.Orientation.Horizontal)
        months.setChildrenCollapsible(False)
        months.setHandleWidth(10)
        months.addWidget(_framed(self.month))
        months.addWidget(self.day)
        months.setStretchFactor(0, 1)
        months.setSizes([740, 300])
        self._slot = Stack()
        self._slot.addWidget(_framed(self.grid))
        self._slot.addWidget(months)
        upper = QWidget()
        stack = QVBoxLayout(upper)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.addWidget(self._slot, 1)
        stack.addWidget(self._none)
        stack.addWidget(self.begin_button, 0, Qt.AlignmentFlag.AlignHCenter)
        stack.addStretch(0)
        self.body.addWidget(upper, 1)
        self.body.addWidget(self.panel)

    def _wire(self) -> None:
        self.switch.chosen.connect(self._switch_to)
        self.add_button.clicked.connect(self.add)
        self.export_button.clicked.connect(self._export)
        self.begin_button.clicked.connect(lambda _checked=False: self.open_wanted.emit("awards."))
        self.search.textChanged.connect(lambda _text: self._refill())
        for box in (self.kind, self.owner, self.span):
            box.activated.connect(lambda _at: self._refill())
        self.table.edit_wanted.connect(self.edit_wanted)
        self.grid.given_up.connect(self.trouble)
        self.grid.chosen.connect(lambda _key: self._show_chosen())
        self.grid.opened.connect(lambda _key: self._open_either())
        self.grid.remove_wanted.connect(self._remove)
        self.month.chosen.connect(self._show_day)
        self.month.opened.connect(self.day.grid.setFocus)
        self.day.grid.chosen.connect(lambda _key: self._show_chosen())
        self.day.grid.opened.connect(lambda _key: self._open_either())
        self.panel.owner_wanted.connect(self._give)

    # --- values in ---

    def fill(self, view: View) -> None:
        """Put everything with a due date on the page."""
        self.table.editable = not view.read_only
        self.add_button.setVisible(not view.read_only)
        self._leave_out_names(view)
        self._dues = view.later.dues(self.snoozes)
        overdue = sum(due.overdue for due in self._dues)
        week = sum(due.group == "This week" for due in self._dues)
        said = f"{overdue:,} overdue" if overdue else "Nothing overdue"
        strong = (said,) if overdue else ()
        said = f"{said} · {f'{week:,}' if week else 'nothing'} due this week"
        self.header.say(said if self._dues else "Nothing falls due yet", strong)
        self._list_owners()
        self._refill()

    def take_snoozes(self, snoozes: tuple[Snooze, ...]) -> None:
        """Show what this person has snoozed."""
        self.snoozes = snoozes
        if self.view is not None and self.isVisible():
            self.fill(self.view)

    def _leave_out_names(self, view: View) -> None:
        """In the trustee view nobody is named, and nothing can be ticked or put off."""
        gone = view.for_trustees
        if gone:
            self.owner.setCurrentIndex(0)
        self.owner.setVisible(not gone)
        self.grid.setColumnHidden(self.table.place_of("owner"), gone)
        for action in (self.done_action, self.snooze_action):
            action.setVisible(not gone)

    def _list_owners(self) -> None:
        owners = sorted({due.owner for due in self._dues if due.owner}, key=str.casefold)
        kept = self.owner.currentData()
        self.owner.clear()
        self.owner.addItem(tr("Anyone"), _ANYONE)
        self.owner.addItem(tr("Nobody yet"), _NOBODY)
        for owner in owners:
            self.owner.addItem(owner, owner)
        self.owner.setCurrentIndex(max(self.owner.findData(kept), 0) if kept is not None else 0)
        self.panel.offer(owners)

    def _refill(self) -> None:
        view = self.view
        if view is None:
            return
        today = view.outlook.today
        kept = tuple(due for due in self._dues if self._keeps(due))
        listed = tuple(due for due in kept if self._in_span(due, today))
        key = self._current_key()
        self.grid.present(due_rows(listed, today))
        self.month.present(kept, today)
        if not (key and self.grid.choose(key)) and not self.grid.current_key:
            self._choose_first()
        self._say_if_empty(listed)
        self._show_chosen()

    def _keeps(self, due: Due) -> bool:
        owner, sort = self.owner.currentData(), self.kind.currentData()
        sought = self.search.text().casefold().split()
        said = f"{due.title} {due.owner or ''} {KIND_WORD[due.kind]}".casefold()
        return (
            (owner in (None, _ANYONE) or (due.owner or _NOBODY) == owner)
            and (not sort or due.kind in sort)
            and all(word in said for word in sought)
        )

    def _in_span(self, due: Due, today: date) -> bool:
        span = self.span.currentData()
        if span == _DONE or due.done:
            return due.done and span == _DONE
        return span == _ALL_AHEAD or due.due <= add_months(today, 12)

    def _say_if_empty(self, listed: tuple[Due, ...]) -> None:
        as_month = self._slot.currentIndex() == _MONTH and bool(self._dues)
        shown = bool(listed) or as_month
        self._slot.setVisible(shown)
        self._none.setVisible(not shown)
        self.begin_button.setVisible(not self._dues)
        self.export_button.setEnabled(bool(self._dues))
        self._filters.setVisible(bool(self._dues))
        filtered = "Nothing matches these filters. Choose All kinds and Anyone to see all."
        self._none.setText(filtered if self._dues else _NONE)

    # --- the chosen one ---

    def rest(self) -> None:
        """Put the keyboard on the list or the month."""
        if self._slot.currentIndex() == _MONTH:
            self.month.table.setFocus()
        elif self.table.rows:
            self.grid.setFocus()
        else:
            self.add_button.setFocus()

    def look_for(self) -> None:
        """Go to the filter."""
        self.search.setFocus()
        self.search.selectAll()

    def swap_chart(self) -> None:
        """Show the month instead of the list, or back."""
        self.switch.choose(_MONTH if self._slot.currentIndex() == _LIST else _LIST)
        self.rest()

    def open(self, key: str) -> None:
        """Go to a deadline of the book's own."""
        self._clear_filters()
        found = next((due for due in self._dues if key in (due.stored, due.uid)), None)
        if found is not None:
            self.span.setCurrentIndex(_DONE if found.done else _ALL_AHEAD)
        self._refill()
        if found is not None:
            self.switch.choose(_LIST)
            self.grid.choose(found.uid, self.table.place_of("title"))
        self.rest()

    def _clear_filters(self) -> None:
        self.search.clear()
        self.kind.setCurrentIndex(0)
        self.owner.setCurrentIndex(0)

    def _choose_first(self) -> None:
        first = next((row.due for row in self.table.rows if row.due is not None), None)
        if first is not None:
            self.grid.choose(first.uid, self.table.place_of("title"))

    def _switch_to(self, at: int) -> None:
        due = self.chosen
        self._slot.setCurrentIndex(at)
        self.span.setVisible(at == _LIST)
        if due is not None and at == _MONTH:
            self.month.choose(max(due.due, self.month.day) if due.overdue else due.due)
            self.day.grid.choose(due.uid)
        elif due is not None:
            self.grid.choose(due.uid)
        self._refill()

    def _current_key(self) -> str:
        grid = self.grid if self._slot.currentIndex() == _LIST else self.day.grid
        return grid.current_key

    @property
    def chosen(self) -> Due | None:
        """The one the keyboard is on."""
        key = self._current_key()
        return next((due for due in self._dues if due.uid == key), None)

    def _show_day(self, day: date) -> None:
        if self.view is not None:
            self.day.present(day, self.month.dues_on(day), self.view.outlook.today)
            self._show_chosen()

    def _show_chosen(self) -> None:
        view, due = self.view, self.chosen
        self.panel.setVisible(due is not None)
        if view is None or due is None:
            for action in (self.done_action, self.snooze_action):
                action.setEnabled(False)
            return
        changeable = not view.read_only
        self.done_action.setText(tr("Not done yet" if due.done else "Mark done"))
        self.done_action.setEnabled(changeable and (due.done or due.can_be_done))
        self.snooze_action.setText(tr("Change snooze…" if due.snooze is not None else "Snooze…"))
        self.snooze_action.setEnabled(not due.done)
        self.award_action.setVisible(due.award is not None)
        self.post_action.setVisible(due.post is not None)
        self.panel.present(due, view, changeable=changeable)
        self.tell_figure()

    def figure_asked(self) -> str:
        """The due date the keyboard is on."""
        due = self.chosen
        return "" if due is None else f"deadlines.{due.uid}"

    # --- wishes out ---

    def toggle_done(self) -> None:
        """Mark the chosen one done today, or take that back."""
        view, due = self.view, self.chosen
        if view is None or due is None or view.read_only:
            return
        try:
            edit = (
                reopened(view.portfolio, due)
                if due.done
                else done(view.portfolio, due, view.outlook.today)
            )
        except RefusedError as refused:
            self.trouble.emit(sentence_of(refused.problems))
            return
        self._step_on(due)
        self.edit_wanted.emit(edit)

    def _step_on(self, due: Due) -> None:
        """Go to what comes next: the row the keyboard is on is about to leave."""
        uids = [row.due.uid for row in self.table.rows if row.due is not None]
        if due.uid in uids and len(uids) > 1:
            at = uids.index(due.uid)
            self.grid.choose(uids[at + 1] if at + 1 < len(uids) else uids[at - 1])

    def snooze(self) -> None:
        """Ask until when, and why, not to be reminded of the chosen one."""
        view, due = self.view, self.chosen
        if view is None or due is None or due.done:
            return
        dialog = SnoozeDialog(due, self.snoozes, view.outlook.today, self)
        if dialog.exec() and dialog.snoozes is not None:
            self.snoozes_wanted.emit(dialog.snoozes)
        dialog.deleteLater()

    def add(self) -> None:
        """Ask for a deadline of the book's own."""
        view = self.view
        if view is None or view.read_only:
            return
        as_month = self._slot.currentIndex() == _MONTH
        day = words.short_day(self.month.day) if as_month else ""
        dialog = DeadlineDialog(self.look, view, self, day)
        accepted, edit, key = dialog.exec(), dialog.edit, dialog.key
        dialog.deleteLater()
        if accepted and edit is not None:
            self.edit_wanted.emit(edit)
            if not as_month:
                self.open(key)

    def _give(self, owner: str) -> None:
        view, due = self.view, self.chosen
        if view is not None and due is not None and (due.owner or "") != owner:
            self._ask(lambda: given_to(view.portfolio, due, owner or None))

    def _ask(self, wish: Callable[[], Edit]) -> None:
        try:
            edit = wish()
        except RefusedError as refused:
            self.trouble.emit(sentence_of(refused.problems))
        else:
            self.edit_wanted.emit(edit)

    def _remove(self, keys: tuple[str, ...]) -> None:
        view = self.view
        if view is None:
            return
        stored = tuple(due.stored for due in self._dues if due.uid in keys and due.stored)
        if stored:
            self.edit_wanted.emit(wishes.removal(view.portfolio, "deadlines", stored))
        else:
            self.trouble.emit(
                "This follows from an award, a post or the trustees' meetings: change it there, "
                "or mark it done."
            )

    def _export(self) -> None:
        if self._dues:
            self.export_wanted.emit(self._dues)

    def _open(self, name: str) -> None:
        due = self.chosen
        key = None if due is None else getattr(due, name)
        if key:
            self.open_wanted.emit(f"{name}s.{key}")

    def _open_either(self) -> None:
        due = self.chosen
        if due is not None:
            self._open("post" if due.post is not None else "award")

    def _refusal(self, edit: Edit) -> str:
        return self.view.refusal(edit) if self.view is not None else ""

    # --- the table ---

    def _columns(self) -> tuple[Column[DueRow], ...]:
        return (
            Column(
                name="status",
                title="Status",
                kind=kinds.STATUS,
                value=lambda row: row.due.status if row.due else None,
                shown=lambda row: state_of(row.due) if row.due else row.group,
                width=10,
            ),
            Column(
                name="due",
                title="Due",
                kind=kinds.DATE,
                value=lambda row: row.due.due if row.due else None,
                shown=lambda row: _weekday(row.due),
                width=15,
            ),
            Column(name="away", title="When", value=lambda row: row.away, width=13, optional=True),
            Column(
                name="title",
                title="What",
                value=lambda row: row.due.title if row.due else "",
                tip=lambda row: row.due.title if row.due else "",
                stretch=True,
            ),
            Column(
                name="kind",
                title="Kind",
                value=lambda row: KIND_WORD[row.due.kind] if row.due else "",
                width=14,
                optional=True,
            ),
            Column(
                name="owner",
                title="Owner",
                kind=_OWNER,
                value=lambda row: row.due.owner if row.due else None,
                edit=self._given,
                tip=lambda row: row.due.owner or "" if row.due else "",
                width=16,
                most=28,
            ),
            Column(
                name="note",
                title="Note",
                value=lambda row: _note(row.due),
                tip=lambda row: _note(row.due),
                width=20,
                most=52,
                optional=True,
            ),
        )

    def _given(self, row: DueRow, owner: str | None) -> Edit:
        if self.view is None or row.due is None:
            raise LookupError(row.key)
        return given_to(self.view.portfolio, row.due, owner)


_OWNER = kinds.Kind(
    name="text",
    text=str,
    read=lambda text, _before: typed.read_text(text) if text.strip() else None,
    order=lambda value: str(value).casefold(),
)


def _weekday(due: Due | None) -> str:
    return "" if due is None else f"{words.weekday(due.due)[:3]} {words.short_day(due.due)}"


def _note(due: Due | None) -> str:
    if due is None:
        return ""
    return snooze_words(due.snooze) if due.snooze is not None else due.note


def _filter(look: Look, name: str) -> Choice:
    made = Choice(look)
    made.setAccessibleName(tr(name))
    made.setToolTip(tr(name))
    made.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToContents)
    # with large letters there is not room for every word
    look.follow(made, lambda: made.setMinimumWidth(look.px(80)))
    return made


def _framed(inside: QWidget) -> QFrame:
    frame = Card("")
    frame.title.hide()
    frame.note.hide()
    frame.body.setContentsMargins(1, 1, 1, 1)
    frame.body.addWidget(inside, 1)
    return frame


# --- beside and below --------------------------------------------------------------------


_DAY_COLUMNS: tuple[Column[DueRow], ...] = (
    Column(
        name="title",
        title="What",
        value=lambda row: row.due.title if row.due else "",
        tip=lambda row: row.due.title if row.due else "",
        stretch=True,
    ),
    Column(
        name="status",
        title="Status",
        kind=kinds.STATUS,
        value=lambda row: row.due.status if row.due else None,
        shown=lambda row: state_of(row.due) if row.due else "",
        width=9,
    ),
)


class DayList(Card):
    """What falls due on the chosen day."""

    def __init__(self, look: Look, acts: tuple[QAction, ...]) -> None:
        super().__init__("")
        self.table = DueTable(_DAY_COLUMNS, key=lambda row: row.key)
        self.table.editable = False
        self.grid = DueGrid(look, self.table, acts, "Due on this day", header=False)
        self.none = label("Nothing falls due on this day.", tone="muted", wrap=True)
        self.body.addWidget(self.grid, 1)
        self.body.addWidget(self.none)
        self.body.addStretch(0)
        look.follow(self, lambda: self.setMinimumWidth(look.px(240)))

    def present(self, day: date, dues: tuple[Due, ...], today: date) -> None:
        """Show this day."""
        self.title.setText(words.near_weekday(day, today))
        self.setAccessibleName(tr(words.long_day(day)))
        self.note.setText("today" if day == today else words.days_away(day, today))
        kept = self.grid.current_key
        self.grid.present(
            tuple(DueRow(each.group, each, away=away_of(each, today)) for each in dues)
        )
        if dues and kept not in {due.uid for due in dues}:
            self.grid.choose(dues[0].uid, 0)
        self.grid.setVisible(bool(dues))
        self.none.setVisible(not dues)
        self.body.setStretch(self.body.count() - 1, 0 if dues else 1)


class DuePanel(Card):
    """The chosen one: since when or by when, why, who sees to it, and what can be done."""

    owner_wanted = Signal(str)

    def __init__(self, look: Look, acts: tuple[QAction, ...]) -> None:
        super().__init__("")
        self.status = StatusWord(look)
        self.add_link(self.status)
        self.when = label(wrap=True)
        self.when.setTextFormat(Qt.TextFormat.RichText)
        self.why = label("", tone="muted", wrap=True)
        policy = self.why.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the list above stays still as one walks down it
        self.why.setSizePolicy(policy)
        for said in (self.when, self.why):
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._owner_label = label("&Owner", tone="muted")
        self.owner = Choice(look)
        self.owner.setEditable(True)
        self.owner.setLineEdit(UndoingLine(self.owner))
        self.owner.setInsertPolicy(Choice.InsertPolicy.NoInsert)
        self.owner.setAccessibleName(tr("Owner"))
        look.follow(self, lambda: self._measure(look))
        self._owner_label.setBuddy(self.owner)
        self.owner.textActivated.connect(self._give)
        field = self.owner.lineEdit()
        if field is not None:
            field.setPlaceholderText(tr("Nobody yet"))
            field.editingFinished.connect(lambda: self._give(field.text()))
        self._before = ""
        self.buttons = {action: _button_of(action) for action in acts}
        parts = (*self.buttons.values(), self._owner_label, self.owner)
        row = flow_of(*parts, spacing=8)
        self.body.addWidget(self.when)
        self.body.addWidget(self.why)
        self.body.addSpacing(4)
        self.body.addLayout(row)

    def _measure(self, look: Look) -> None:
        self.owner.setFixedWidth(look.px(210))
        self._owner_label.setMinimumHeight(self.owner.sizeHint().height())

    def offer(self, owners: list[str]) -> None:
        """Offer these owners to choose from."""
        self.owner.blockSignals(True)
        self.owner.clear()
        self.owner.addItems(["", *owners])
        self.owner.setCurrentText(self._before)
        self.owner.blockSignals(False)

    def present(self, due: Due, view: View, *, changeable: bool) -> None:
        """Show one."""
        self.title.setText(due.title)
        self.setAccessibleName(tr(due.title))
        self.note.setText(tr(KIND_WORD[due.kind]))
        self.status.show_status(None if due.done else due.status)
        said, strong = standing(due, view.outlook.today)
        self.when.setText(f"<b>{tr(said)}</b>{tr(strong)}")
        self.when.setAccessibleName(tr(f"{said}{strong}"))
        notes = [due.note]
        if due.amount is not None:
            notes.insert(0, f"{words.money(due.amount)}.")
        if due.snooze is not None:
            notes.append(f"{snooze_words(due.snooze)}.")
        if due.kind in ("consultation", "notice"):
            notes.append(words.PLANNING)
        why = " ".join(note for note in notes if note)
        self.why.setText(why)
        self.why.setVisible(bool(why))
        self._before = due.owner or ""
        field = self.owner.lineEdit()
        if field is not None and not field.isModified():
            self.owner.setCurrentText(self._before)
        can_be_given = changeable and due.kind not in ("end", "meeting")
        self.owner.setVisible(can_be_given)
        self._owner_label.setVisible(can_be_given)

    def _give(self, owner: str) -> None:
        owner = " ".join(owner.split())
        field = self.owner.lineEdit()
        if field is not None:
            field.setModified(False)
        if owner != self._before:
            self.owner_wanted.emit(owner)


def standing(due: Due, today: date) -> tuple[str, str]:
    """When something is due or since when it is overdue: the part to embolden, and the rest."""
    if due.done:
        on = f" on {words.day(due.done_on)}" if due.done_on else ""
        return f"Done{on}.", f" It was due on {words.day(due.due)}."
    if due.overdue:
        since = words.near_day(due.due, today)
        return f"Overdue since {since}", f" ({words.count(-due.away, 'day')})."
    return f"Due {words.near_weekday(due.due, today)}", f", {words.days_away(due.due, today)}."


def _button_of(action: QAction) -> QWidget:
    made = button(action.text(), "small", action.trigger)
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)

    def follow() -> None:
        made.setText(action.text())
        made.setEnabled(action.isEnabled())
        if made.isHidden() == action.isVisible() and made.parent() is not None:
            made.setVisible(action.isVisible())
        made.setToolTip(tr(f"{action.text()} ({keys})" if keys else action.text()))

    action.changed.connect(follow)
    follow()
    return made
