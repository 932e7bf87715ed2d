"""The two halves of the cover grid: the posts' names, and their months.

A row of months is painted once, those alike in one stroke, and kept as a picture: scrolling 500
posts over 60 months only lays pictures down.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, cast

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QMenu, QTableView

from fundtrack.core import words
from fundtrack.core.period import days_in_month, month_of
from fundtrack.gui import marks
from fundtrack.gui.speech import tr
from fundtrack.gui.table import KEY_ROLE
from fundtrack.gui.widgets.cover_rows import LEAD, WHOLE, Run, run_at, runs_of
from fundtrack.gui.widgets.why import offer_why

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from fundtrack.gui.look import Look
    from fundtrack.gui.widgets.cover_rows import CoverCell, CoverRow, CoverTable

LEAST_UNFUNDED = 4
_YEAR = 12
_KEPT = 160
_View = QAbstractItemView
_VACANT_ROOM = 60


class _Half(QTableView):
    """What both halves of the grid have in common."""

    opened = Signal(str)

    def __init__(self, name: str, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setAccessibleName(tr(name))
        self.viewport().setAttribute(
            Qt.WidgetAttribute.WA_OpaquePaintEvent
        )  # scrolled, not redrawn
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionBehavior(_View.SelectionBehavior.SelectRows)
        self.setSelectionMode(_View.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(_View.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(_View.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(_View.EditTrigger.NoEditTriggers)
        self.verticalHeader().hide()

    def quieten_header(self) -> None:
        """Keep the header quiet; it is only for reading."""
        top = self.horizontalHeader()
        top.setAccessibleName(tr(f"Columns of {self.accessibleName()}"))
        top.setHighlightSections(False)
        top.setSectionsClickable(False)
        top.setMinimumSectionSize(8)
        top.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the post under the pointer."""
        key = self.indexAt(event.position().toPoint()).data(KEY_ROLE)
        if key and event.button() is Qt.MouseButton.LeftButton:
            self.opened.emit(str(key))


class Names(_Half):
    """The posts' names, always in sight. Its keys are those of the months beside it."""

    def __init__(self, look: Look) -> None:
        super().__init__("Posts", look)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.quieten_header()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground too, for nothing else does."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._look.colour("surface"))
        painter.end()
        super().paintEvent(event)


class Strip(NamedTuple):
    """A row of months as painted, and what it was painted from."""

    row: CoverRow
    selected: bool
    picture: QPixmap


class Months(_Half):
    """The months of every post. One stop for the keyboard; arrows move inside it."""

    def __init__(self, look: Look) -> None:
        super().__init__("Cover by month", look)
        self._strips: OrderedDict[str, Strip] = OrderedDict()
        self.edges: list[int] = []
        """Where each month begins, and where the last one ends."""
        self.alone = False
        """Whether there is one post only, which need not be told from others."""
        self.setHorizontalHeader(_MonthHeader(look, self))
        self.quieten_header()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        look.changed.connect(self._strips.clear)

    # --- size ---

    def spread(self) -> None:
        """Share the width among the months, none narrower than can be read."""
        self._strips.clear()
        shown = range(LEAD, self.model().columnCount())
        if not shown:
            return
        least = self._look.metrics("caption").horizontalAdvance("May") + self._look.px(3)
        room = self.viewport().width()
        each = max(least, room // len(shown))
        over = max(0, room - each * len(shown)) if each > least else 0
        self.edges = [0]
        for place, at in enumerate(shown):
            self.setColumnWidth(at, each + (1 if place < over else 0))
            self.edges.append(self.edges[-1] + self.columnWidth(at))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width."""
        super().resizeEvent(event)
        if self.model() is not None:
            self.spread()

    # --- painting ---

    def paintEvent(self, event: QPaintEvent) -> None:
        """Lay down the pictures of the rows in sight, and the ring where the keyboard is."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._look.colour("surface"))
        first, last = self.rowAt(event.rect().top()), self.rowAt(event.rect().bottom())
        rows = self._table.rows
        left = -self.horizontalHeader().offset()
        for at in range(first, (last if last >= 0 else len(rows) - 1) + 1) if first >= 0 else ():
            picture = self._strip(rows[at], at)
            painter.drawPixmap(left, self.rowViewportPosition(at), picture)
        current = self.currentIndex()
        if self.hasFocus() and current.column() >= LEAD:
            marks.paint_focus(painter, QRectF(self.visualRect(current)), self._look)
        painter.end()

    @property
    def _table(self) -> CoverTable:
        return cast("CoverTable", self.model())

    def _strip(self, row: CoverRow, at: int) -> QPixmap:
        chosen = self.selectionModel().isRowSelected(at, QModelIndex())
        selected = chosen and not self.alone
        kept = self._strips.get(row.key)
        if kept is None or kept.selected != selected or kept.row != row:
            kept = Strip(row, selected, self._painted(row, self.rowHeight(at), selected=selected))
            self._strips[row.key] = kept
            if len(self._strips) > _KEPT:
                self._strips.popitem(last=False)
        self._strips.move_to_end(row.key)
        return kept.picture

    def _painted(self, row: CoverRow, high: int, *, selected: bool) -> QPixmap:
        ratio = self.devicePixelRatioF()
        wide = self.edges[-1] if self.edges else 1
        picture = QPixmap(round(wide * ratio), round(high * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(self._look.colour("selection" if selected else "surface"))
        painter = QPainter(picture)
        months = [date.fromisoformat(each.name) for each in self._table.columns[LEAD:]]
        paint_row(painter, row, months, self.edges, high, self._look)
        painter.end()
        return picture

    # --- keys ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by month, by year, by run of equal months, and by post; open, or copy."""
        key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.currentIndex().isValid():
                self.opened.emit(str(self.currentIndex().data(KEY_ROLE)))
        elif (to := self._goal(Qt.Key(key), held)) is not None:
            self._go(*to)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the post and the month under the pointer."""
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def menu(self) -> QMenu:
        """Open the post, copy its row, or ask why the month is as it is."""
        menu = QMenu(self)
        key = str(self.currentIndex().data(KEY_ROLE) or "")
        for said, keys, act in (
            ("&Open", "Enter", lambda: self.opened.emit(key)),
            ("Co&py row", "Ctrl+C", self._copy),
        ):
            action = menu.addAction(tr(f"{tr(said)}\t{keys}"))
            action.setEnabled(bool(key))
            action.triggered.connect(lambda _checked=False, act=act: act())
        offer_why(menu, self)
        return menu

    def _goal(self, key: Qt.Key, held: Qt.KeyboardModifier) -> tuple[int, int] | None:
        """The row and column a key leads to, where it is not one that every table knows."""
        at, keys, hold = self.currentIndex(), Qt.Key, Qt.KeyboardModifier
        rows, last = self.model().rowCount(), self.model().columnCount() - 1
        if not at.isValid() or last < LEAD:
            return None
        column = max(LEAD, at.column())
        year = {keys.Key_PageUp: -_YEAR, keys.Key_PageDown: _YEAR}
        if key in year and held == hold.AltModifier:
            return at.row(), min(max(column + year[key], LEAD), last)
        ends = {keys.Key_Home: (0, LEAD), keys.Key_End: (rows - 1, last)}
        if key in ends and held in (hold.NoModifier, hold.ControlModifier):
            by_post = held == hold.ControlModifier
            return (ends[key][0], at.column()) if by_post else (at.row(), ends[key][1])
        if key in (keys.Key_Left, keys.Key_Right) and held == hold.ControlModifier:
            return at.row(), self._next_run(at.row(), column - LEAD, right=key == keys.Key_Right)
        return None

    def _next_run(self, row: int, month: int, *, right: bool) -> int:
        """The first month of the next run of equal months, or of the one before."""
        cells = self._table.rows[row].cells
        here = run_at(cells, month)
        if right:
            return LEAD + (here.after if here.after < len(cells) else here.first)
        return LEAD + (run_at(cells, here.first - 1).first if here.first else 0)

    def _go(self, row: int, column: int) -> None:
        index = self.model().index(row, column)
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index)

    def _copy(self) -> None:
        """Put the chosen post on the clipboard, month by month in words, with its titles."""
        from PySide6.QtGui import QGuiApplication

        table, at = self._table, self.currentIndex().row()
        if 0 <= at < len(table.rows):
            titles = [column.title for column in table.columns]
            said = [table.words(table.rows[at], column) for column in table.columns]
            QGuiApplication.clipboard().setText("\t".join(titles) + "\n" + "\t".join(said) + "\n")


def paint_row(
    painter: QPainter, row: CoverRow, months: list[date], edges: list[int], high: int, look: Look
) -> None:
    """Paint a post's months between these edges, then its lines and its marks."""
    top, inner = look.px(4), high - 2 * look.px(4) - 1
    runs = runs_of(row.cells)
    painter.fillRect(QRectF(0, top - 1, edges[-1], inner + 2), look.colour("surface"))
    for run in runs:
        _paint_run(painter, run, edges, QRectF(0, top, 0, inner), look)
    painter.setPen(QPen(look.colour("line"), 1))
    painter.drawLine(QPointF(0, high - 0.5), QPointF(edges[-1], high - 0.5))
    painter.setPen(QPen(look.colour("line_strong"), 1))
    for at, month in enumerate(months):
        if month.month == 1:
            painter.drawLine(QPointF(edges[at], 0), QPointF(edges[at], high))
    _paint_words(painter, row, runs, edges, high, look)
    _paint_marks(painter, row, months, edges, high / 2, look)


def _paint_run(painter: QPainter, run: Run, edges: list[int], within: QRectF, look: Look) -> None:
    spans = [(edges[at], edges[at + 1] - edges[at] - 1) for at in range(run.first, run.after)]
    for cover, bottom, height in _stacked(run.cell, within):
        rects = [QRectF(left, bottom - height, wide, height) for left, wide in spans]
        marks.paint_covers(painter, rects, cover, look)
    if run.cell.claimed:
        wide = QRectF(spans[0][0], within.top(), edges[run.after] - spans[0][0] - 1, 0)
        marks.paint_twice(painter, wide, look)


def _stacked(cell: CoverCell, within: QRectF) -> list[tuple[str, float, float]]:
    """Each part with its bottom and height; an unfunded part is never too thin to see."""
    parts = cell.parts
    heights = [within.height() * share / WHOLE for _, share in parts]
    if len(parts) > 1 and parts[-1][0] == "unfunded" and heights[-1] < LEAST_UNFUNDED:
        tallest = max(range(len(parts) - 1), key=lambda at: heights[at])
        heights[tallest] -= LEAST_UNFUNDED - heights[-1]
        heights[-1] = LEAST_UNFUNDED
    found, bottom = [], within.bottom()
    for (cover, _), height in zip(parts, heights, strict=True):
        found.append((cover, bottom, height))
        bottom -= height
    return found


def _paint_words(
    painter: QPainter,
    row: CoverRow,
    runs: tuple[Run, ...],
    edges: list[int],
    high: int,
    look: Look,
) -> None:
    """Say "Vacant" where nobody is in the post for more than a month."""
    painter.setPen(look.colour("ink_muted"))
    painter.setFont(look.font("caption"))
    for run in runs if row.vacant else ():
        if not run.cell.exists and run.after - run.first > 1:
            room = QRectF(edges[run.first] + 5, 0, look.px(_VACANT_ROOM), high)
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), tr(row.vacant))


def _paint_marks(
    painter: QPainter,
    row: CoverRow,
    months: list[date],
    edges: list[int],
    middle: float,
    look: Look,
) -> None:
    radius = look.px(5)
    for day, paint in ((row.consult, marks.paint_consult), (row.notice, marks.paint_notice)):
        if day is None or month_of(day) not in months:
            continue
        at = months.index(month_of(day))
        share = (day.day - 0.5) / days_in_month(day)
        x = edges[at] + share * (edges[at + 1] - edges[at])
        x = min(max(x, edges[at] + radius + 1), edges[at + 1] - radius - 1)
        paint(painter, QPointF(x, middle), radius, look)


class _MonthHeader(QHeaderView):
    """Two lines: the year where it begins, then the month."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._look = look

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Paint one month, and as much of its year as stands above it."""
        look = self._look
        if section < LEAD:
            return
        month = date.fromisoformat(cast("CoverTable", self.model()).columns[section].name)
        painter.save()
        painter.fillRect(rect, look.colour("surface"))
        half = rect.height() / 2
        upper = QRectF(rect.left(), rect.top(), rect.width(), half)
        lower = QRectF(rect.left(), rect.top() + half, rect.width(), half)
        painter.setFont(look.font("caption", tabular=True))
        painter.setPen(look.colour("ink_muted"))
        painter.drawText(lower, int(Qt.AlignmentFlag.AlignCenter), tr(words.short_month(month)[:3]))
        painter.setPen(QPen(look.colour("line"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if month.month == 1:
            painter.setPen(QPen(look.colour("line_strong"), 1))
            painter.drawLine(rect.topLeft(), rect.bottomLeft())
        begins = self.sectionViewportPosition(max(LEAD, section - month.month + 1))
        painter.setFont(look.font("caption", bold=True, tabular=True))
        painter.setPen(look.colour("ink"))
        painter.setClipRect(rect)
        wide = QRectF(begins + 4, upper.top() + 2, 80, upper.height())
        painter.drawText(
            wide, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), str(month.year)
        )
        painter.restore()
