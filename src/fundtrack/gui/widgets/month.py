"""A month as a calendar: what falls due on each day, walked with arrows across months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from fundtrack.core import words
from fundtrack.core.period import add_months, month_of
from fundtrack.gui import marks
from fundtrack.gui.speech import tr
from fundtrack.gui.table import ROW_ROLE, Index
from fundtrack.gui.widgets.frame import button, label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fundtrack.core.deadlines import Due, DueKind
    from fundtrack.gui.look import Look

KIND_WORD: dict[DueKind, str] = {
    "return": "Return",
    "claim": "Claim",
    "payment": "Payment",
    "bid": "Bid",
    "expected": "Funder decides",
    "extension": "Extension",
    "writing": "Writing",
    "submit": "Submit bid",
    "decision": "Trustees decide",
    "consultation": "Consultation",
    "notice": "Notice",
    "end": "Money ends",
    "meeting": "Meeting",
    "papers": "Papers",
    "accounts": "Accounts",
    "other": "Other",
}
_SAYS_ITSELF = ("other", "meeting", "papers")
_SHAPES = 2
WEEKS, DAYS = 6, 7
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_State = QStyle.StateFlag
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_Role = Qt.ItemDataRole


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of the calendar, and what falls due on it."""

    day: date
    dues: tuple[Due, ...]
    in_month: bool
    today: date


def first_shown(month: date) -> date:
    """The Monday on or before the first of a month."""
    first = month_of(month)
    return first - timedelta(days=first.weekday())


class MonthDays(QAbstractTableModel):
    """Six weeks of days, Monday first."""

    def __init__(self) -> None:
        super().__init__()
        self.month = date(2000, 1, 1)
        self._today = self.month
        self._by_day: Mapping[date, tuple[Due, ...]] = {}

    def present(self, month: date, by_day: Mapping[date, tuple[Due, ...]], today: date) -> None:
        """Show this month."""
        self.month, self._by_day, self._today = month_of(month), by_day, today
        self.dataChanged.emit(self.index(0, 0), self.index(WEEKS - 1, DAYS - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Six weeks hold any month."""
        return 0 if parent.isValid() else WEEKS

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as rowCount
        """Monday to Sunday."""
        return 0 if parent.isValid() else DAYS

    def cell(self, row: int, column: int) -> DayCell:
        """What stands on a day."""
        day = first_shown(self.month) + timedelta(days=row * DAYS + column)
        in_month = month_of(day) == self.month
        return DayCell(day, self._by_day.get(day, ()), in_month, self._today)

    def place_of(self, day: date) -> QModelIndex:
        """Where a day stands; not valid if it is not shown."""
        row, column = divmod((day - first_shown(self.month)).days, DAYS)
        return self.index(row, column) if 0 <= row < WEEKS else QModelIndex()

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's own signature
        """The days of the week."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < DAYS:
            return None
        if role == _Role.DisplayRole:
            return tr(_WEEKDAYS[section][:3])
        return tr(_WEEKDAYS[section]) if role == _Role.AccessibleTextRole else None

    def data(self, index: Index, role: int = _Role.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own
        """Answer for one day."""
        if not index.isValid():
            return None
        cell = self.cell(index.row(), index.column())
        if role == _Role.DisplayRole:
            return str(cell.day.day)
        if role == _Role.AccessibleTextRole:
            return tr(spoken_day(cell))
        if role == _Role.ToolTipRole:
            return "\n".join(tr(due.title) for due in cell.dues) or None
        return cell if role == ROW_ROLE else None


def spoken_day(cell: DayCell) -> str:
    """What a screen reader says of a day."""
    today = ", today" if cell.day == cell.today else ""
    due = "; ".join(f"{each.title}, {state_of(each).lower()}" for each in cell.dues)
    counted = f"{len(cell.dues)} due: {due}" if due else "nothing due"
    return f"{words.long_day(cell.day)}{today}, {counted}"


def state_of(due: Due) -> str:
    """How something stands, in a word."""
    return "Done" if due.done else marks.STATUS_WORD[due.status]


def brief(due: Due) -> str:
    """What something is, the telling word first, for where there is little room."""
    if due.kind in _SAYS_ITSELF:
        return due.title
    return f"{KIND_WORD[due.kind]}: {due.title.partition(':')[0]}"


class _DayDelegate(QStyledItemDelegate):
    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        _ = option, index
        line = self._look.metrics("caption").height()
        return QSize(self._look.px(60), 2 * line + self._look.px(8))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, cell = self._look, cast("DayCell", index.data(ROW_ROLE))
        rect = QRectF(option.rect)
        chosen = bool(option.state & _State.State_Selected)
        painter.save()
        if chosen:
            painter.fillRect(rect, look.colour("selection"))
        elif not cell.in_month:
            painter.fillRect(rect, look.colour("surface2"))
        painter.setPen(QPen(look.colour("line"), 1))
        right, bottom = rect.right() - 0.5, rect.bottom() - 0.5
        painter.drawLine(QPointF(rect.left(), bottom), QPointF(right, bottom))
        painter.drawLine(QPointF(right, rect.top()), QPointF(right, bottom))
        if option.state & _State.State_HasFocus:
            marks.paint_focus(painter, rect, look)
        inner = rect.adjusted(6, 3, -5, -3)
        ink = look.colour("on_selection" if chosen else "ink" if cell.in_month else "ink_muted")
        top = self._paint_number(painter, inner, cell, chosen=chosen)
        self._paint_dues(painter, inner.adjusted(0, top, 0, 0), cell, chosen=chosen)
        painter.setPen(ink)
        painter.restore()

    def _paint_number(
        self, painter: QPainter, rect: QRectF, cell: DayCell, *, chosen: bool
    ) -> float:
        look = self._look
        metrics = look.metrics("caption", bold=True)
        is_today = cell.day == cell.today
        painter.setFont(look.font("caption", bold=is_today or bool(cell.dues), tabular=True))
        said = str(cell.day.day)
        first = tr(words.short_day(cell.day, year=False))
        if cell.day.day == 1 and metrics.horizontalAdvance(first) + look.px(26) <= rect.width():
            said = first
        place = QRectF(rect.left(), rect.top(), rect.width(), metrics.height())
        if is_today:
            named = f"{said} · {tr('today')}"
            if metrics.horizontalAdvance(named) + look.px(12) <= rect.width():
                said = named
            wide = metrics.horizontalAdvance(said) + look.px(12)
            pill = QRectF(rect.left() - 2, place.top(), wide, place.height() + 1)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("accent"))
            painter.drawRoundedRect(pill, 4, 4)
            painter.setPen(look.colour("on_accent"))
            painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), said)
        else:
            token = "ink" if cell.in_month and cell.dues else "ink_muted"
            painter.setPen(look.colour("on_selection" if chosen else token))
            painter.drawText(place, _LEFT, said)
        return metrics.height() + look.px(3)

    def _paint_dues(self, painter: QPainter, rect: QRectF, cell: DayCell, *, chosen: bool) -> None:
        look = self._look
        caption = look.metrics("caption")
        line = caption.height() + 1
        room = int(rect.height() // line)
        shown = cell.dues if len(cell.dues) <= room else cell.dues[: max(room - 1, 0)]
        radius, top = look.px(4.5), rect.top()
        if room < 1:
            self._paint_shapes(painter, rect, cell, chosen=chosen)
            return
        ink = look.colour("on_selection" if chosen else "ink")
        quiet = ink if chosen else look.colour("ink_muted")
        contrast = look.theme == "high-contrast"
        for due in shown:
            status = "clear" if due.done else due.status
            colour = ink if chosen and contrast else None
            centre = QPointF(rect.left() + radius, top + line / 2)
            marks.paint_status(painter, centre, radius, status, look, colour)
            place = QRectF(rect.left() + radius * 2 + 5, top, 0, line)
            place.setRight(rect.right())
            painter.setFont(look.font("caption"))
            painter.setPen(quiet if due.done or not cell.in_month else ink)
            elide = Qt.TextElideMode.ElideRight
            said = caption.elidedText(tr(brief(due)), elide, int(place.width()))
            painter.drawText(place, _LEFT, said)
            top += line
        if len(shown) < len(cell.dues) and room > 0:
            painter.setFont(look.font("caption"))
            painter.setPen(quiet)
            more = len(cell.dues) - len(shown)
            said = tr(f"{more} more" if shown else f"{more} due")
            painter.drawText(QRectF(rect.left(), top, rect.width(), line), _LEFT, said)

    def _paint_shapes(
        self, painter: QPainter, rect: QRectF, cell: DayCell, *, chosen: bool
    ) -> None:
        """Where there is room for no word, the shapes stand beside the number."""
        look = self._look
        radius = look.px(4)
        contrast = chosen and look.theme == "high-contrast"
        colour = look.colour("on_selection") if contrast else None
        middle = rect.top() - look.px(3) - look.metrics("caption").height() / 2
        for at, due in enumerate(cell.dues[:_SHAPES]):
            x = rect.right() - radius - at * radius * 2.6
            status = "clear" if due.done else due.status
            marks.paint_status(painter, QPointF(x, middle), radius, status, look, colour)


class _MonthTable(QTableView):
    """The days. `walked` carries the day the keyboard goes to, `opened` the day of an Enter."""

    walked = Signal(object)
    opened = Signal()

    def __init__(self, look: Look, days: MonthDays) -> None:
        super().__init__()
        self._days = days
        self.setModel(days)
        self.setItemDelegate(_DayDelegate(look, self))
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        mode = QHeaderView.ResizeMode.Stretch
        self.verticalHeader().hide()
        side = self.verticalHeader()
        look.follow(self, lambda: side.setMinimumSectionSize(look.px(24)))
        self.verticalHeader().setSectionResizeMode(mode)
        top = self.horizontalHeader()
        top.setSectionResizeMode(mode)
        top.setHighlightSections(False)
        top.setSectionsClickable(False)
        top.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(tr("Month"))
        top.setAccessibleName(tr("Days of the week"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk by day and week, over the ends of the month; Page Up and Down go by month."""
        cell = cast("DayCell | None", self.currentIndex().data(ROW_ROLE))
        if cell is None:
            super().keyPressEvent(event)
            return
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -DAYS,
            Qt.Key.Key_Down: DAYS,
        }
        key = Qt.Key(event.key())
        if key in steps:
            self.walked.emit(cell.day + timedelta(days=steps[key]))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.walked.emit(add_months(cell.day, 1 if key == Qt.Key.Key_PageDown else -1))
        elif key == Qt.Key.Key_Home:
            self.walked.emit(cell.today)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        else:
            super().keyPressEvent(event)


class MonthCalendar(QWidget):
    """A month, with ways to the next and the last. `chosen` carries a day, `opened` an Enter."""

    chosen = Signal(object)
    opened = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.days = MonthDays()
        self.table = _MonthTable(look, self.days)
        self.title = label("", scale="section")
        self.back = button("←", "small", lambda: self._turn(-1))
        self.back.setAccessibleName(tr("Month before"))
        self.back.setToolTip(tr("Month before (Page Up)"))
        self.on = button("→", "small", lambda: self._turn(1))
        self.on.setAccessibleName(tr("Month after"))
        self.on.setToolTip(tr("Month after (Page Down)"))
        self.now = button("Today", "small", lambda: self.choose(self._today))
        self._by_day: dict[date, tuple[Due, ...]] = {}
        self._today = self._day = date(2000, 1, 1)
        head = QHBoxLayout()
        head.setContentsMargins(13, 8, 10, 0)
        head.setSpacing(6)
        head.addWidget(self.title, 1)
        for part in (self.back, self.now, self.on):
            head.addWidget(part)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 0, 1, 1)
        whole.setSpacing(4)
        whole.addLayout(head)
        whole.addWidget(self.table, 1)
        self.table.walked.connect(self.choose)
        self.table.opened.connect(self.opened)
        self.table.selectionModel().currentChanged.connect(self._current_changed)
        look.changed.connect(self.table.viewport().update)

    @property
    def day(self) -> date:
        """The chosen day."""
        return self._day

    def present(self, dues: tuple[Due, ...], today: date) -> None:
        """Show these on their days; the chosen day stays, and is today at first."""
        by_day: dict[date, list[Due]] = {}
        for due in dues:
            by_day.setdefault(due.due, []).append(due)
        self._by_day = {day: tuple(found) for day, found in by_day.items()}
        first = self._day.year == 2000
        self._today = today
        self.choose(today if first else self._day)

    def dues_on(self, day: date) -> tuple[Due, ...]:
        """What falls due on a day."""
        return self._by_day.get(day, ())

    def choose(self, day: date) -> None:
        """Choose a day, turning to its month."""
        self._day = day
        self.days.present(day, self._by_day, self._today)
        self.title.setText(words.month_name(day))
        self.table.setAccessibleName(tr(words.month_name(day)))
        index = self.days.place_of(day)
        if self.table.currentIndex() != index:
            self.table.setCurrentIndex(index)
        self.chosen.emit(day)

    def _turn(self, months: int) -> None:
        self.choose(add_months(self._day, months))

    def _current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        cell = cast("DayCell | None", current.data(ROW_ROLE))
        if cell is not None and cell.day != self._day:
            self.choose(cell.day)
