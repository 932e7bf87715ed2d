"""The first columns and the heads of a sheet, which stay in sight while the rest is scrolled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QFrame, QTableView

from fundtrack.gui.speech import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QAbstractItemDelegate, QWidget

_View = QAbstractItemView
_OFF = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
_MOST = 0.5
"""How much of a sheet's room may stand still: beyond that there is none left to scroll in."""


class Still:
    """Lays two parts of a sheet over it, and a third where they meet: first columns and heads.

    Each is there only while what it repeats is scrolled away, so that nothing stands twice, and
    words that run on over the columns are whole where the sheet begins.
    """

    def __init__(
        self, sheet: QTableView, delegate: Callable[[QWidget], QAbstractItemDelegate]
    ) -> None:
        self._sheet = sheet
        self._columns, self._heads = 0, range(0)
        self._runs_on: frozenset[int] = frozenset()
        self.beside = _Part(sheet, "First columns", delegate)
        self.above = _Part(sheet, "Heads of the columns", delegate)
        self.corner = _Part(sheet, "Heads of the first columns", delegate)
        self.beside.verticalHeader().hide()
        self.above.horizontalHeader().hide()
        for bar in (sheet.horizontalScrollBar(), sheet.verticalScrollBar()):
            bar.valueChanged.connect(lambda _value: self.follow())
            bar.rangeChanged.connect(lambda _least, _most: self.follow())

    def hold(self, columns: int, heads: range, runs_on: frozenset[int] = frozenset()) -> None:
        """Keep so many first columns, and these rows, in sight, as wide and high as the sheet's.

        The words of rows that run on over every column are the sheet's own to keep in sight.
        """
        self._columns, self._heads, self._runs_on = columns, heads, runs_on
        for part in (self.beside, self.above, self.corner):
            part.measure(self._sheet)
        for row in range(self._sheet.model().rowCount()):
            for part in (self.above, self.corner):
                part.setRowHidden(row, row not in heads)
        self.follow()

    @property
    def columns(self) -> range:
        """The columns that stay in sight: the first ones, or as many of the last of them as fit.

        The last is what a row is called; those before it are its code and its heading.
        """
        room, first = self._sheet.viewport().width() * _MOST, self._columns
        while first and room >= self._sheet.columnWidth(first - 1):
            first -= 1
            room -= self._sheet.columnWidth(first)
        return range(first, self._columns)

    @property
    def width(self) -> int:
        """How many pixels at the left of the sheet its first columns take while they are there."""
        sheet, columns = self._sheet, self.columns
        there = bool(columns) and sheet.columnViewportPosition(columns.start) < 0
        return sum(sheet.columnWidth(at) for at in columns) if there else 0

    def cut(self) -> int:
        """How many pixels of a column stand out from under the first ones, cut short by them."""
        sheet, edge = self._sheet, self.width
        ends = (
            sheet.columnViewportPosition(at) + sheet.columnWidth(at)
            for at in range(sheet.model().columnCount())
        )
        first = next((end for end in ends if end > edge), edge)
        starts = (sheet.columnViewportPosition(at) for at in range(sheet.model().columnCount()))
        return first - edge if edge and edge not in starts else 0

    @property
    def height(self) -> int:
        """How many pixels at the top of the sheet the heads take while they are there."""
        sheet, heads = self._sheet, self._heads
        tall = sum(sheet.rowHeight(row) for row in heads)
        there = bool(heads) and sheet.rowViewportPosition(heads.start) < 0
        return tall if there and tall <= sheet.viewport().height() * _MOST else 0

    def follow(self) -> None:
        """Stand where the sheet stands, with the letters and numbers of what is shown."""
        ground, width, height = self._sheet.viewport().geometry(), self.width, self.height
        columns = self.columns
        for at in range(self._sheet.model().columnCount()):
            for part in (self.beside, self.corner):
                part.setColumnHidden(at, at not in columns)
        for part, x, y, wide, tall in (
            (self.beside, ground.x(), 0, width, ground.height()),
            (self.above, 0, ground.y(), ground.width(), height),
            (self.corner, 0, 0, width, height),
        ):
            part.setGeometry(x, y, wide + ground.x() - x, tall + ground.y() - y)
            part.setVisible(bool(wide and tall))
        self._uncover()
        self.beside.verticalScrollBar().setValue(self._sheet.verticalScrollBar().value())
        self.above.horizontalScrollBar().setValue(self._sheet.horizontalScrollBar().value())

    def _uncover(self) -> None:
        """Let the first columns not lie over words that run on over every column."""
        lies = QRegion(self.beside.rect())
        below = self.beside.horizontalHeader().height()
        for row in self._runs_on:
            top = below + self._sheet.rowViewportPosition(row)
            tall = self._sheet.rowHeight(row) - max(0, below - top)
            lies -= QRegion(0, max(below, top), self.beside.width(), max(0, tall))
        self.beside.setMask(lies)


class _Part(QTableView):
    """A part of a sheet. It is only looked at and pointed at: the sheet below has the keyboard."""

    def __init__(
        self, sheet: QTableView, name: str, delegate: Callable[[QWidget], QAbstractItemDelegate]
    ) -> None:
        super().__init__(sheet)
        self._below = sheet
        self.setModel(sheet.model())
        self.setSelectionModel(sheet.selectionModel())
        self.setItemDelegate(delegate(self))
        self.setAccessibleName(tr(name))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAutoScroll(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setEditTriggers(_View.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(_View.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(_View.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(_OFF)
        self.setHorizontalScrollBarPolicy(_OFF)
        for head in (self.horizontalHeader(), self.verticalHeader()):
            head.setAccessibleName(tr(name))
            head.setSectionsClickable(False)
            head.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setCornerButtonEnabled(False)
        for button in self.findChildren(QAbstractButton):
            button.setAccessibleName(tr(name))
        self.hide()

    def measure(self, sheet: QTableView) -> None:
        """Take the sizes of the sheet."""
        ours = (self.verticalHeader(), self.horizontalHeader())
        for our, its in zip(ours, (sheet.verticalHeader(), sheet.horizontalHeader()), strict=True):
            our.setMinimumSectionSize(its.minimumSectionSize())
        self.verticalHeader().setFixedWidth(sheet.verticalHeader().width())
        self.horizontalHeader().setFixedHeight(sheet.horizontalHeader().height())
        for row in range(sheet.model().rowCount()):
            self.setRowHeight(row, sheet.rowHeight(row))
        for at in range(sheet.model().columnCount()):
            self.setColumnWidth(at, sheet.columnWidth(at))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the sheet, which this part follows."""
        self._below.wheelEvent(event)
