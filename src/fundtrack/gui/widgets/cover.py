"""Posts by months: how much of each month is secured, probable, possible, and unfunded.

A cell is stacked from the bottom in that order. A ring marks the day to consult from, a triangle
the last day to give notice. Two views share one table, so that the posts' names stay in sight.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
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
from fundtrack.core.period import days_in_month, month_of
from fundtrack.gui import cells, kinds, marks
from fundtrack.gui.cells import CellDelegate
from fundtrack.gui.kinds import Kind
from fundtrack.gui.table import COLUMN_ROLE, KEY_ROLE, ROW_ROLE, Column, Index, Table

if TYPE_CHECKING:
    from fundtrack.gui.look import Look

_WHOLE = 10_000
_LEAST_UNFUNDED = 4
_State = QStyle.StateFlag


@dataclass(frozen=True, slots=True)
class CoverCell:
    """One month of a post, in basis points of its days; none of them when it does not exist."""

    secured: int
    probable: int
    possible: int
    exists: bool

    @property
    def parts(self) -> tuple[tuple[str, int], ...]:
        """What fills the cell from the bottom, each with its share; never more than the whole."""
        if not self.exists:
            return ()
        left, found = _WHOLE, []
        for cover, share in (
            ("secured", self.secured),
            ("probable", self.probable),
            ("possible", self.possible),
        ):
            part = min(share, left)
            left -= part
            if part > 0:
                found.append((cover, part))
        if left > 0:
            found.append(("unfunded", left))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class CoverRow:
    """One post over the months shown."""

    key: str
    title: str
    fte: Decimal
    funded_to: date | None
    funded_words: str
    consult: date | None
    notice: date | None
    claimed_twice: bool
    vacant: str
    cells: tuple[CoverCell, ...]


MONTH = Kind(name="month", text=str)
FUNDED = Kind(name="funded", text=str, figure=True)


def cover_columns(months: tuple[date, ...]) -> tuple[Column[CoverRow], ...]:
    """The post, its FTE, the day it is funded to, and the months."""
    lead: tuple[Column[CoverRow], ...] = (
        Column(
            name="title",
            title="Post",
            value=lambda row: row.title,
            tip=lambda row: f"{row.title}: claimed twice" if row.claimed_twice else row.title,
        ),
        Column(name="fte", title="FTE", kind=kinds.FTE, value=lambda row: row.fte),
        Column(name="funded", title="Funded to", kind=FUNDED, value=lambda row: row.funded_words),
    )
    return (*lead, *(_month_column(at, month) for at, month in enumerate(months)))


def _month_column(at: int, month: date) -> Column[CoverRow]:
    return Column(
        name=month.isoformat(),
        title=words.month_name(month),
        kind=MONTH,
        value=lambda row: row.cells[at],
        shown=lambda row: spoken_cell(row, at, month),
        tip=lambda row: f"{words.month_name(month)}: {spoken_cell(row, at, month)}",
    )


def spoken_cell(row: CoverRow, at: int, month: date) -> str:
    """What a month of a post says: "100 per cent probable. Notice by 6 January 2027"."""
    parts = row.cells[at].parts
    if not parts:
        return row.vacant or "not in post"
    said = ", ".join(f"{_percent(share)} per cent {cover}" for cover, share in parts)
    for day, what in ((row.consult, "Consult from"), (row.notice, "Notice by")):
        if day is not None and month_of(day) == month:
            said += f". {what} {words.day(day)}"
    return said


def _percent(basis_points: int) -> str:
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


class CoverGrid(QFrame):
    """The cover grid. `chosen` carries the key of the post the keyboard is on."""

    chosen = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("card")
        self._look = look
        self._months: tuple[date, ...] = ()
        self.table: Table[CoverRow] = Table(cover_columns(()), key=lambda row: row.key)
        self.names = _Names(look)
        self.months = _Months(look)
        for view in (self.names, self.months):
            view.setModel(self.table)
        self.months.setSelectionModel(self.names.selectionModel())
        self.names.setItemDelegate(CellDelegate(look, self))
        self.months.setItemDelegate(CoverDelegate(look, self))
        self.names.verticalScrollBar().valueChanged.connect(
            self.months.verticalScrollBar().setValue
        )
        self.months.verticalScrollBar().valueChanged.connect(
            self.names.verticalScrollBar().setValue
        )
        self.names.selectionModel().currentRowChanged.connect(self._current_changed)
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        beside = QVBoxLayout()
        beside.setSpacing(0)
        self._foot = QWidget()
        self._foot.setFixedHeight(0)
        beside.addWidget(self.names, 1)
        beside.addWidget(self._foot)
        row.addLayout(beside)
        row.addWidget(self.months, 1)
        self.months.horizontalScrollBar().rangeChanged.connect(self._keep_level)
        look.changed.connect(self._measure)
        self._measure()

    def present(self, rows: tuple[CoverRow, ...], months: tuple[date, ...]) -> None:
        """Show these posts over these months."""
        if months != self._months:
            key = self.current_key
            self._months = months
            self.table.beginResetModel()
            self.table.columns = cover_columns(months)
            self.table.endResetModel()
            self.table.present(rows)
            self._measure()
            self.choose(key)
            return
        self.table.present(rows)

    @property
    def current_key(self) -> str:
        """The key of the post the keyboard is on, or ""."""
        return str(self.names.currentIndex().data(KEY_ROLE) or "")

    def choose(self, key: str) -> bool:
        """Put the keyboard on a post; tell whether it is there."""
        row = self.table.row_of(key)
        if row is None:
            return False
        index = self.table.index(row, 0)
        flags = QItemSelectionModel.SelectionFlag
        self.names.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.names.scrollTo(index)
        return True

    def _keep_level(self, _least: int, most: int) -> None:
        """Keep both halves equally high when the months have a scroll bar and the names none."""
        bar = self.months.horizontalScrollBar()
        self._foot.setFixedHeight(bar.sizeHint().height() if most > 0 else 0)

    def _current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(str(current.data(KEY_ROLE)))

    def _measure(self) -> None:
        look = self._look
        lead = 3
        for at in range(self.table.columnCount()):
            self.names.setColumnHidden(at, at >= lead)
            self.months.setColumnHidden(at, at < lead)
        widths = (look.px(200), look.px(46), look.px(100))
        for at, width in enumerate(widths):
            self.names.setColumnWidth(at, width)
        self.names.setFixedWidth(sum(widths) + 2)
        high = max(25, look.metrics().height() + look.px(9))
        for view in (self.names, self.months):
            view.verticalHeader().setDefaultSectionSize(high)
            view.verticalHeader().setMinimumSectionSize(high)
            view.horizontalHeader().setFixedHeight(header_height(look))
        self.months.spread()


def header_height(look: Look) -> int:
    """The height of the two lines above the months."""
    return look.metrics("caption").height() * 2 + look.px(10)


class _Shared(QTableView):
    """What both halves of the grid have in common."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.verticalHeader().hide()
        self._behave_above()

    def _behave_above(self) -> None:
        """Keep the header quiet; it is only for reading."""
        self.horizontalHeader().setAccessibleName(f"Columns of {self.accessibleName()}")
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().setMinimumSectionSize(8)


class _Names(_Shared):
    def __init__(self, look: Look) -> None:
        super().__init__("Posts")
        _ = look
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)


class _Months(_Shared):
    def __init__(self, look: Look) -> None:
        super().__init__("Cover by month")
        self._look = look
        self.setHorizontalHeader(_MonthHeader(look, self))
        self._behave_above()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def spread(self) -> None:
        """Share the width among the months, none narrower than can be read."""
        shown = [at for at in range(self.model().columnCount()) if not self.isColumnHidden(at)]
        if not shown:
            return
        least = self._look.metrics("caption").horizontalAdvance("May") + self._look.px(3)
        room = self.viewport().width()
        each = max(least, room // len(shown))
        over = max(0, room - each * len(shown)) if each > least else 0
        for place, at in enumerate(shown):
            self.setColumnWidth(at, each + (1 if place < over else 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.model() is not None:
            self.spread()


class _MonthHeader(QHeaderView):
    """Two lines: the year where it begins, then the month."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._look = look

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        look = self._look
        column = cast("Table[CoverRow]", self.model()).columns[section]
        if column.kind is not MONTH:
            return
        month = date.fromisoformat(column.name)
        painter.save()
        painter.fillRect(rect, look.colour("surface"))
        half = rect.height() / 2
        upper = QRectF(rect.left(), rect.top(), rect.width(), half)
        lower = QRectF(rect.left(), rect.top() + half, rect.width(), half)
        painter.setFont(look.font("caption", tabular=True))
        painter.setPen(look.colour("ink_muted"))
        painter.drawText(lower, int(Qt.AlignmentFlag.AlignCenter), words.short_month(month)[:3])
        painter.setPen(QPen(look.colour("line"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if month.month == 1:
            painter.setPen(QPen(look.colour("line_strong"), 1))
            painter.drawLine(rect.topLeft(), rect.bottomLeft())
        begins = self.sectionViewportPosition(max(_LEAD, section - month.month + 1))
        painter.setFont(look.font("caption", bold=True, tabular=True))
        painter.setPen(look.colour("ink"))
        painter.setClipRect(rect)
        wide = QRectF(begins + 4, upper.top() + 2, 80, upper.height())
        painter.drawText(
            wide, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), str(month.year)
        )
        painter.restore()


_LEAD: Final = 3


class CoverDelegate(QStyledItemDelegate):
    """Paints one month of a post."""

    def __init__(self, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The width is shared out by the view."""
        _ = option, index
        return QSize(30, 25)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the parts from the bottom up, then the marks of this month."""
        column = cast("Column[CoverRow]", index.data(COLUMN_ROLE))
        row = cast("CoverRow", index.data(ROW_ROLE))
        look, rect = self._look, QRectF(option.rect)
        state = option.state
        month = date.fromisoformat(column.name)
        painter.save()
        if state & _State.State_Selected:
            painter.fillRect(rect, look.colour("selection"))
        painter.setPen(QPen(look.colour("line"), 1))
        painter.drawLine(
            QPointF(rect.left(), rect.bottom() - 0.5), QPointF(rect.right(), rect.bottom() - 0.5)
        )
        cell = cast("CoverCell", column.value(row))
        inner = rect.adjusted(0.5, look.px(4), -0.5, -look.px(4) - 1)
        paint_parts(painter, inner, cell, look)
        if not cell.exists and row.vacant and self._is_first_empty(row, index):
            painter.setPen(look.colour("ink_muted"))
            painter.setFont(look.font("caption"))
            painter.drawText(
                rect.adjusted(5, 0, 60, 0), int(Qt.AlignmentFlag.AlignVCenter), row.vacant
            )
        if month.month == 1:
            painter.setPen(QPen(look.colour("line_strong"), 1))
            painter.drawLine(rect.topLeft(), rect.bottomLeft())
        self._paint_marks(painter, rect, row, month)
        if state & _State.State_HasFocus:
            marks.paint_focus(painter, rect, look)
        painter.restore()

    def _is_first_empty(self, row: CoverRow, index: Index) -> bool:
        at = index.column() - _LEAD
        begins = at == 0 or row.cells[at - 1].exists
        goes_on = at + 1 < len(row.cells) and not row.cells[at + 1].exists
        return begins and goes_on

    def _paint_marks(self, painter: QPainter, rect: QRectF, row: CoverRow, month: date) -> None:
        radius = self._look.px(5)
        for day, paint in ((row.consult, marks.paint_consult), (row.notice, marks.paint_notice)):
            if day is None or month_of(day) != month:
                continue
            share = (day.day - 0.5) / days_in_month(day)
            x = rect.left() + share * rect.width()
            x = min(max(x, rect.left() + radius + 1), rect.right() - radius - 1)
            paint(painter, QPointF(x, rect.center().y()), radius, self._look)


def paint_parts(painter: QPainter, rect: QRectF, cell: CoverCell, look: Look) -> None:
    """Stack what pays for a month from the bottom; an unfunded part is never too thin to see."""
    parts = cell.parts
    if not parts:
        return
    heights = [rect.height() * share / _WHOLE for _, share in parts]
    if parts[-1][0] == "unfunded" and len(parts) > 1:
        short = _LEAST_UNFUNDED - heights[-1]
        if short > 0:
            heights[-1] += short
            tallest = max(range(len(parts) - 1), key=lambda at: heights[at])
            heights[tallest] -= short
    bottom = rect.bottom()
    for (cover, _), height in zip(parts, heights, strict=True):
        marks.paint_cover(
            painter, QRectF(rect.left(), bottom - height, rect.width(), height), cover, look
        )
        bottom -= height


class CoverLegend(QWidget):
    """What the fills and marks of the grid mean."""

    _MARKS = (("consult", "Consult from"), ("notice", "Notice by"))

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setAccessibleName(
            "A month is stacked from the bottom: secured, probable, possible, unfunded. "
            "A ring marks the day to consult from, a triangle the last day to give notice"
        )
        look.changed.connect(self.updateGeometry)

    def _items(self) -> list[tuple[str, str]]:
        return [*marks.COVER_WORD.items(), *self._MARKS]

    def sizeHint(self) -> QSize:
        """Room for six marks and their words."""
        body = self._look.metrics("caption")
        wide = sum(body.horizontalAdvance(said) for _, said in self._items())
        return QSize(wide + self._look.px(34) * 4 + self._look.px(24) * 2 + 8, body.height() + 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the marks and their words."""
        look, painter = self._look, QPainter(self)
        body = look.metrics("caption")
        middle, x = self.height() / 2, 0.0
        swatch = cells.swatch_size(look)
        for name, said in self._items():
            if name in marks.COVER_WORD:
                top = middle - swatch.height() / 2
                marks.paint_cover(
                    painter, QRectF(x, top, swatch.width(), swatch.height()), name, look
                )
                x += swatch.width() + look.px(5)
            else:
                paint = marks.paint_consult if name == "consult" else marks.paint_notice
                paint(painter, QPointF(x + look.px(5), middle), look.px(5), look)
                x += look.px(14)
            painter.setPen(look.colour("ink"))
            painter.setFont(look.font("caption"))
            painter.drawText(QPointF(x, middle + body.ascent() / 2 - 1), said)
            x += body.horizontalAdvance(said) + look.px(11)
        painter.end()
