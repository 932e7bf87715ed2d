"""One ladder drawn large: six dated steps with today between them, each a stop for the keyboard."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QStyleOptionViewItem

from fundtrack.gui import marks
from fundtrack.gui.marks import Mark
from fundtrack.gui.speech import tr
from fundtrack.gui.table import COLUMN_ROLE, ROW_ROLE, Column, Index, Table
from fundtrack.gui.widgets.grid import Grid
from fundtrack.gui.widgets.rungs import (
    LARGE_TITLES,
    RUNGS,
    TITLES,
    RungCell,
    RungDelegate,
    ladder_cells,
    large_columns,
    paint_on_rail,
)

if TYPE_CHECKING:
    from datetime import date

    from fundtrack.core.ladder import Ladder
    from fundtrack.gui.look import Look

_CENTRE = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter)


class LadderView(Grid):
    """A ladder drawn large. To a screen reader it is one row of dated items."""

    def __init__(self, look: Look) -> None:
        table: Table[tuple[RungCell, ...]] = Table(large_columns(), key=lambda _row: "ladder")
        super().__init__(
            look,
            table,
            "Ladder",
            fits=True,
            header=False,
            sortable=False,
            delegate=_LargeDelegate(look),
        )
        self._delegate = self.itemDelegate()
        self._today_at: float | None = None
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)

    def show_ladder(self, ladder: Ladder | None, today: date) -> None:
        """Show a ladder, or nothing."""
        self.setVisible(ladder is not None)
        if ladder is None:
            self.present(())
            return
        row = ladder_cells(ladder, today, notice_mark=True)
        self._today_at = _today_place(row, today)
        self.present((row,))
        self.viewport().update()

    def _measure(self) -> None:
        """Keep every step wide enough for its words."""
        captions = self.look.metrics("caption")
        bold = self.look.metrics("caption", bold=True)
        widest = max(captions.horizontalAdvance(title) for title in TITLES.values())
        widest = max(widest, bold.horizontalAdvance("31 Mar 2027"))
        self.setMinimumWidth((widest + self.look.px(2)) * len(RUNGS))
        super()._measure()

    def row_height(self) -> int:
        """A word for today, the rail, and three lines of words."""
        captions = self.look.metrics("caption").height()
        return captions * 3 + self.look.metrics().height() + self.look.px(26)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rungs, then the mark of today between them."""
        super().paintEvent(event)
        if self._today_at is None or not self.sorted.rowCount():
            return
        look, width = self.look, self.viewport().width() / len(RUNGS)
        x = (self._today_at + 0.5) * width
        middle = rail_height(look)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.colour("accent"), 2))
        painter.drawLine(QPointF(x, middle - look.px(11)), QPointF(x, middle + look.px(11)))
        painter.setFont(look.font("caption", bold=True))
        words = QRectF(x - 40, 0, 80, look.metrics("caption").height())
        painter.drawText(words, _CENTRE, tr("today"))
        painter.end()


def _today_place(row: tuple[RungCell, ...], today: date) -> float | None:
    """Where today stands between the rungs, in columns from the left."""
    done = [at for at, cell in enumerate(row) if cell.mark is Mark.DONE]
    days = [(at, cell.day) for at, cell in enumerate(row) if cell.day is not None]
    days = [(at, min(day, today) if at in done else day) for at, day in days]
    for (at, before), (then, after) in pairwise(days):
        if before <= today < after:
            share = (today - before).days / max(1, (after - before).days)
            return at + (then - at) * min(max(share, 0.2), 0.8)
    return None


def rail_height(look: Look) -> float:
    """How far below the top the rail runs."""
    return look.metrics("caption").height() + look.px(13)


class _LargeDelegate(RungDelegate):
    """Paints one rung with its name, its day, and how far it is."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        _ = option, index
        return QSize(60, 60)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        column = cast("Column[Any]", index.data(COLUMN_ROLE))
        cell = cast("RungCell", column.value(index.data(ROW_ROLE)))
        rect = QRectF(option.rect)
        look = self._look
        painter.save()
        rail = QRectF(rect.left(), rail_height(look) - look.px(10), rect.width(), look.px(20))
        paint_on_rail(painter, rail, cell, look.px(8), look)
        if cell.mark is not None:
            self._paint_words(painter, rect, rail.bottom() + 2, cell)
        state = option.state
        if state & QStyle.StateFlag.State_HasFocus:
            marks.paint_focus(painter, rect, look)
        painter.restore()

    def _paint_words(self, painter: QPainter, rect: QRectF, top: float, cell: RungCell) -> None:
        look = self._look
        is_next = cell.mark is Mark.NEXT
        title = tr(LARGE_TITLES[cell.kind])
        if look.metrics("caption").horizontalAdvance(title) > rect.width():
            title = tr(TITLES[cell.kind])
        when = tr(cell.said)
        full = look.metrics(bold=True).horizontalAdvance(when) <= rect.width()
        lines = (
            (title, "caption", False, "ink_muted"),
            (when, "body" if full else "caption", True, "ink"),
            (
                tr(cell.below),
                "caption",
                is_next,
                marks.STATUS_TOKEN[cell.status] if is_next else "ink_muted",
            ),
        )
        for said, size, bold, token in lines:
            high = look.metrics(size).height()
            painter.setFont(look.font(size, bold=bold, tabular=True))
            painter.setPen(look.colour(token))
            painter.drawText(QRectF(rect.left(), top, rect.width(), high), _CENTRE, said)
            top += high
