"""Shares as bars over the months: dragged by an end or whole, or moved by keyboard.

A drag lands on whole months; with Shift held, on days. Up and Down choose a share, Left and Right
choose what moves (the first day, the whole, the last day), and Ctrl with Left or Right moves it by
a month, with Shift too by a day. Nothing moves before the book does: a move is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, cast

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QVBoxLayout, QWidget

from fundtrack.core import words
from fundtrack.core.period import add_months, month_of, months_between
from fundtrack.core.share_days import (
    PARTS,
    Days,
    Part,
    by_days,
    by_months,
    dragged,
    kept_within,
    span,
    told,
)
from fundtrack.gui import marks
from fundtrack.gui.cells import CellDelegate, paint_ground, paint_words, swatch_size
from fundtrack.gui.kinds import Kind
from fundtrack.gui.speech import tr
from fundtrack.gui.table import COLUMN_ROLE, ROW_ROLE, Column, Table
from fundtrack.gui.widgets.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent
    from PySide6.QtWidgets import QStyleOptionViewItem

    from fundtrack.gui.look import Look
    from fundtrack.gui.table import Index

_PART_WORDS = {"first": "first day", "whole": "whole share", "last": "last day"}
_BAR = Kind(name="bar", text=str)
_NEAR = 7
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Bar:
    """One share: what pays, how certain it is, how much, its days, and the days it may have."""

    key: str
    title: str
    cover: str | None
    share: str
    days: Days
    bounds: Days
    follows: str = ""
    """The award whose share it takes over, where it has none of its own: then it is not moved."""


class Axis(NamedTuple):
    """The days a timeline shows, both included, and today."""

    first: date
    last: date
    today: date

    def place(self, day: date | None, rect: QRectF, *, after: bool = False) -> float:
        """Where a day begins (or ends) from left to right; None stands at the edge of it all."""
        if day is None:
            return rect.right() if after else rect.left()
        days = (day - self.first).days + after
        share = days / ((self.last - self.first).days + 1)
        return rect.left() + min(max(share, 0), 1) * rect.width()

    def days_across(self, pixels: float, width: float) -> int:
        """How many days so many pixels are."""
        return round(pixels / max(width, 1) * ((self.last - self.first).days + 1))


@dataclass(slots=True)
class _Drag:
    bar: Bar
    part: Part
    began: float
    days: Days
    fault: str = ""


class Timeline(QWidget):
    """Bars under an axis of months. `moved` carries a share's key and its new Days."""

    moved = Signal(str, object)

    def __init__(self, look: Look, why_not: Callable[[str, Days], str]) -> None:
        super().__init__()
        self.bars = _Bars(look, why_not)
        self.bars.moved.connect(self.moved)
        self.remove_wanted = self.bars.remove_wanted
        self._axis = _AxisLine(look, self.bars)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._axis)
        column.addWidget(self.bars)

    def present(self, bars: tuple[Bar, ...], axis: Axis, *, editable: bool) -> None:
        """Show these shares over these days."""
        self.bars.show_bars(bars, axis, editable=editable)
        self._axis.update()


class _Bars(Grid):
    moved = Signal(str, object)

    def __init__(self, look: Look, why_not: Callable[[str, Days], str]) -> None:
        self.axis = Axis(date(2000, 1, 1), date(2000, 12, 31), date(2000, 1, 1))
        self.part: Part = "last"
        self.drag: _Drag | None = None
        self._why_not = why_not
        super().__init__(
            look,
            Table(_columns(self), key=lambda bar: bar.key),
            "Shares over the months",
            fits=True,
            header=False,
            sortable=False,
            delegate=_BarDelegate(look, self),
        )
        self.setSelectionMode(Grid.SelectionMode.SingleSelection)
        self.setMouseTracking(True)
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        self.setAccessibleDescription(
            tr(
                "Left and Right choose the first day, the whole share or the last day; "
                "Ctrl with Left or Right moves it by a month"
            )
        )

    def show_bars(self, bars: tuple[Bar, ...], axis: Axis, *, editable: bool) -> None:
        """Show these shares; one that was being dragged is let go."""
        self.drag = None
        self.axis = axis
        self.table.editable = self.can_remove = editable
        self.present(bars)
        if bars and not self.current_key:
            self.choose(bars[0].key, 0)
        self.viewport().update()

    def row_height(self) -> int:
        """Room for a bar that can be taken hold of."""
        return max(super().row_height(), self.look.px(26))

    def spare_height(self) -> int:
        """Room below for what a drag would do."""
        return self.look.metrics("caption").height() + self.look.px(6)

    def _may_remove(self) -> bool:
        bar = self._chosen_bar()
        return super()._may_remove() and bar is not None and not bar.follows

    def lane(self, row: int = 0) -> QRectF:
        """Where the bars of a row lie."""
        rect = self.visualRect(self.sorted.index(row, 1))
        return QRectF(rect).adjusted(self.look.px(4), 0, -self.look.px(4), 0)

    def bar_rect(self, days: Days, lane: QRectF) -> QRectF:
        """Where a bar of these days lies in its lane."""
        left = self.axis.place(days.first, lane)
        right = self.axis.place(days.last, lane, after=True)
        inset = self.look.px(5)
        return QRectF(left, lane.top() + inset, max(right - left, 2), lane.height() - 2 * inset - 1)

    def _chosen_bar(self) -> Bar | None:
        at = self.table.row_of(self.current_key)
        return None if at is None else cast("Bar", self.table.row_at(at))

    # --- by pointer ---

    def _grip(self, at: QPointF) -> tuple[Bar, Part] | None:
        """The bar under the pointer, and the part of it that would move."""
        index = self.indexAt(at.toPoint())
        if not index.isValid() or index.column() != 1 or not self.table.editable:
            return None
        bar = cast("Bar", index.data(ROW_ROLE))
        if bar.follows:
            return None
        rect = self.bar_rect(bar.days, self.lane(index.row()))
        near = self.look.px(_NEAR)
        if not rect.left() - near <= at.x() <= rect.right() + near:
            return None
        ends: dict[Part, float] = {
            "last": abs(at.x() - rect.right()),
            "first": abs(at.x() - rect.left()),
        }
        nearest = min(ends, key=lambda part: ends[part])
        reach = min(near, max(rect.width() / 3, 3))
        return bar, nearest if ends[nearest] <= reach else "whole"

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a row, and take hold of its bar."""
        super().mousePressEvent(event)
        grip = self._grip(event.position())
        if grip is not None and event.button() is Qt.MouseButton.LeftButton:
            bar, self.part = grip
            self.drag = _Drag(bar, self.part, event.position().x(), bar.days)
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Carry the bar along, a month at a time; with Shift, a day."""
        drag = self.drag
        if drag is None:
            grip = self._grip(event.position())
            shapes = Qt.CursorShape
            moves = shapes.SizeAllCursor if grip and grip[1] == "whole" else shapes.SizeHorCursor
            self.viewport().setCursor(moves if grip else shapes.ArrowCursor)
            return
        count = self.axis.days_across(event.position().x() - drag.began, self.lane().width())
        by_day = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        base = self._bounded(drag.bar.days, drag.part)
        days = dragged(base, drag.part, count, to_the_day=by_day) if count else drag.bar.days
        days = kept_within(days, drag.bar.bounds, drag.part)
        if days != drag.days:
            drag.days, drag.fault = days, self._why_not(drag.bar.key, days)
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go, and ask for what was dragged."""
        drag, self.drag = self.drag, None
        super().mouseReleaseEvent(event)
        self.viewport().update()
        if drag is not None and drag.days != drag.bar.days:
            self.moved.emit(drag.bar.key, drag.days)

    def _bounded(self, days: Days, part: Part) -> Days:
        """Give an end without bounds the edge of the axis to be moved from."""
        first = self.axis.first if days.first is None and part == "first" else days.first
        last = self.axis.last if days.last is None and part == "last" else days.last
        return Days(first, last)

    # --- by keyboard ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose what moves, and move it; Esc lets a drag go."""
        sides = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        side = sides.get(Qt.Key(event.key()))
        held, holds = event.modifiers(), Qt.KeyboardModifier
        if event.key() == Qt.Key.Key_Escape:
            self._let_go(event)
        elif side is None:
            super().keyPressEvent(event)
        elif held & holds.ControlModifier:
            self._move(side, by_day=bool(held & holds.ShiftModifier))
        else:
            self._choose_part(side)

    def _let_go(self, event: QKeyEvent) -> None:
        """Put a dragged bar back; with nothing to put back, Esc is for who holds the timeline."""
        if self.drag is None:
            event.ignore()
        self.drag = None
        self.viewport().update()

    def _move(self, side: int, *, by_day: bool) -> None:
        bar = self._chosen_bar()
        if bar is None or bar.follows or not self.table.editable:
            return
        base = self._bounded(bar.days, self.part)
        moved = by_days(base, self.part, side) if by_day else by_months(base, self.part, side)
        days = kept_within(moved, bar.bounds, self.part)
        if days != bar.days:
            self.moved.emit(bar.key, days)

    def _choose_part(self, side: int) -> None:
        at = PARTS.index(self.part) + side
        self.part = PARTS[min(max(at, 0), len(PARTS) - 1)]
        self.viewport().update()
        told_of = QAccessibleEvent(self, QAccessible.Event.NameChanged)
        told_of.setChild(max(self.currentIndex().row(), 0) * self.sorted.columnCount())
        QAccessible.updateAccessibility(told_of)

    # --- painting ---

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars, the line of today over them, and what a drag would do."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        lane = self.lane()
        if self.sorted.rowCount() and lane.width() > 0:
            x = self.axis.place(self.axis.today, lane)
            painter.setPen(QPen(self.look.colour("accent"), 2))
            foot = self.sorted.rowCount() * self.row_height()
            painter.drawLine(QPointF(x, 0), QPointF(x, foot))
        if self.drag is not None and self.drag.days != self.drag.bar.days:
            self._paint_label(painter, self.drag)
        painter.end()

    def _paint_label(self, painter: QPainter, drag: _Drag) -> None:
        bar = self.bar_rect(drag.days, self.lane(self.sorted.index_of(drag.bar.key).row()))
        said = tr(drag.fault or told(drag.bar.days, drag.days))
        look = self.look
        metrics = look.metrics("caption", bold=True)
        wide, high = metrics.horizontalAdvance(said) + look.px(12), metrics.height() + look.px(4)
        anchor = bar.left() if drag.part == "first" else bar.right()
        left = min(max(anchor - wide / 2, 0), max(self.viewport().width() - wide, 0))
        box = QRectF(left, bar.bottom() + 3, wide, high)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.colour("act_now" if drag.fault else "focus"), 1))
        painter.setBrush(look.colour("surface"))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(look.colour("act_now" if drag.fault else "ink"))
        painter.setFont(look.font("caption", bold=True))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), said)


def _columns(view: _Bars) -> tuple[Column[Bar], ...]:
    return (
        Column(
            name="title",
            title="Award",
            value=lambda bar: bar.title,
            shown=lambda bar: f"{bar.title}, {bar.share}",
            tip=lambda bar: f"{bar.title}, {bar.share}",
            width=21,
        ),
        Column(
            name="bar",
            title="Days",
            kind=_BAR,
            value=lambda bar: bar.days,
            shown=lambda bar: _spoken(bar, view),
            tip=lambda bar: span(bar.days) + _following(bar),
            stretch=True,
        ),
    )


def _spoken(bar: Bar, view: _Bars) -> str:
    """Its days and how certain they are; of the chosen share, what would move."""
    certain = marks.COVER_WORD[bar.cover].lower() if bar.cover else "not counted"
    said = f"{certain}, {span(bar.days)}{_following(bar)}"
    if bar.follows:
        return said
    return f"{said}; {_PART_WORDS[view.part]} chosen" if bar.key == view.current_key else said


def _following(bar: Bar) -> str:
    return f"; it renews {bar.follows} and takes its share over" if bar.follows else ""


class _BarDelegate(CellDelegate):
    """Paints a share's name, and its bar with what can be taken hold of."""

    def __init__(self, look: Look, view: _Bars) -> None:
        super().__init__(look)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the name with its swatch, or the bar."""
        column = cast("Column[Bar]", index.data(COLUMN_ROLE))
        bar = cast("Bar", index.data(ROW_ROLE))
        painter.save()
        ink = paint_ground(painter, option, self._look)
        if column.kind is _BAR:
            self._paint_bar(painter, bar, index.row())
        else:
            rect = QRectF(option.rect).adjusted(6, 0, -4, 0)
            self._paint_name(painter, rect, bar)
            painter.setPen(ink)
            painter.setFont(self._look.font(tabular=True))
            inset = swatch_size(self._look).width() + 6
            share = painter.fontMetrics().horizontalAdvance(bar.share) + 8
            paint_words(painter, rect.adjusted(inset, 0, -share, 0), bar.title, _LEFT)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            paint_words(painter, rect, bar.share, right)
        painter.restore()

    def _paint_name(self, painter: QPainter, rect: QRectF, bar: Bar) -> None:
        swatch = swatch_size(self._look)
        top = rect.center().y() - swatch.height() / 2
        if bar.cover:
            at = QRectF(rect.left(), top, swatch.width(), swatch.height())
            marks.paint_cover(painter, at, bar.cover, self._look)

    def _paint_bar(self, painter: QPainter, bar: Bar, row: int) -> None:
        view, look = self._view, self._look
        lane = view.lane(row)
        painter.setPen(QPen(look.colour("line"), 1))
        for month in months_between(view.axis.first, view.axis.last):
            if month.month == 1:
                x = view.axis.place(month, lane)
                painter.drawLine(QPointF(x, lane.top()), QPointF(x, lane.bottom()))
        held = view.drag is not None and view.drag.bar.key == bar.key
        days = view.drag.days if view.drag is not None and held else bar.days
        rect = view.bar_rect(days, lane)
        painter.fillRect(rect.adjusted(-1, -1, 1, 1), look.colour("surface"))
        marks.paint_cover(painter, rect, bar.cover or "unfunded", look)
        if view.table.editable and bar.key == view.current_key and not bar.follows:
            self._paint_grips(painter, rect, days)

    def _paint_grips(self, painter: QPainter, rect: QRectF, days: Days) -> None:
        """A grip at each end that is in sight; what would move is ringed."""
        view, look = self._view, self._look
        ends = {"first": (rect.left(), days.first), "last": (rect.right(), days.last)}
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if view.part == "whole":
            marks.paint_focus(painter, rect.adjusted(-2, -2, 2, 2), look)
        for part, (x, _day) in ends.items():
            chosen = view.part == part
            painter.setPen(QPen(look.colour("focus" if chosen else "ink"), 2 if chosen else 1))
            painter.setBrush(look.colour("surface"))
            half = look.px(4 if chosen else 3)
            grip = QRectF(x - half, rect.top() - 2, half * 2, rect.height() + 4)
            painter.drawRoundedRect(grip, 2, 2)


class _AxisLine(QWidget):
    """The years and quarters above the bars."""

    def __init__(self, look: Look, bars: _Bars) -> None:
        super().__init__()
        self._look, self._bars = look, bars
        look.changed.connect(self.updateGeometry)
        bars.horizontalHeader().sectionResized.connect(lambda *_: self.update())

    def sizeHint(self) -> QSize:
        """Two lines of small letters."""
        return QSize(100, self._look.metrics("caption").height() * 2 + self._look.px(4))

    def minimumSizeHint(self) -> QSize:
        """As high as asked."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Write the years, and the months as far as there is room."""
        look, axis = self._look, self._bars.axis
        lane = self._bars.lane()
        painter = QPainter(self)
        half = self.height() / 2
        months = months_between(axis.first, axis.last)
        each = lane.width() / max(len(months), 1)
        least = look.metrics("caption").horizontalAdvance("May") + look.px(6)
        every = next((step for step in (1, 3, 6, 12) if each * step >= least), 12)
        for month in months:
            x = axis.place(month, lane)
            if month.month == 1 or month is months[0]:
                self._write(painter, QRectF(x, 0, look.px(60), half), str(month.year), bold=True)
                painter.setPen(QPen(look.colour("line_strong"), 1))
                if month.month == 1:
                    painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
            if (month.month - 1) % every == 0:
                room = QRectF(x + 2, half, each * every, half)
                self._write(painter, room, words.short_month(month)[:3], bold=False)
        painter.end()

    def _write(self, painter: QPainter, rect: QRectF, said: str, *, bold: bool) -> None:
        look = self._look
        painter.setFont(look.font("caption", bold=bold, tabular=True))
        painter.setPen(look.colour("ink" if bold else "ink_muted"))
        painter.drawText(rect.adjusted(2, 0, 0, 0), int(_LEFT), tr(said))


def axis_of(today: date, last: date) -> Axis:
    """From half a year ago to the last day of an outlook."""
    return Axis(add_months(month_of(today), -6), last, today)
