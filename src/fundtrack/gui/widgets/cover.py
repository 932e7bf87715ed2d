"""Posts by months: how much of each month is secured, probable, possible, and unfunded.

A cell is stacked from the bottom in that order. A ring marks the day to consult from, a triangle
the last day to give notice, a double line a month claimed twice. Two views share one table, so that
the posts' names stay in sight.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from fundtrack.gui import cells, marks
from fundtrack.gui.cells import CellDelegate
from fundtrack.gui.speech import tr
from fundtrack.gui.table import KEY_ROLE
from fundtrack.gui.widgets.cover_rows import LEAD, CoverTable
from fundtrack.gui.widgets.cover_views import Months, Names

if TYPE_CHECKING:
    from datetime import date

    from fundtrack.gui.look import Look
    from fundtrack.gui.widgets.cover_rows import CoverRow


class CoverGrid(QFrame):
    """The cover grid. `chosen` carries the post the keyboard is on, `opened` one to be opened.

    `walked` tells that the keyboard came to another month.
    """

    chosen = Signal(str)
    walked = Signal()
    opened = Signal(str)

    def __init__(self, look: Look, *, fits: bool = False) -> None:
        """`fits` makes it as high as one post, with nothing beside its months."""
        super().__init__()
        self.setObjectName("" if fits else "card")
        self._look = look
        self._fits = fits
        self._months: tuple[date, ...] = ()
        self.table = CoverTable()
        self.names = Names(look)
        self.months = Months(look)
        for view in (self.names, self.months):
            view.setModel(self.table)
            view.opened.connect(self.opened)
        self.names.setFocusProxy(self.months)
        self.months.setSelectionModel(self.names.selectionModel())
        self.names.setItemDelegate(CellDelegate(look, self))
        self.names.verticalScrollBar().valueChanged.connect(
            self.months.verticalScrollBar().setValue
        )
        self.months.verticalScrollBar().valueChanged.connect(
            self.names.verticalScrollBar().setValue
        )
        self.names.selectionModel().currentRowChanged.connect(self._current_changed)
        self.names.selectionModel().currentChanged.connect(lambda *_: self.walked.emit())
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
        self.names.setVisible(not fits)
        self.months.alone = fits
        row.addWidget(self.months, 1)
        self.months.horizontalScrollBar().rangeChanged.connect(self._keep_level)
        look.changed.connect(self._measure)
        self._measure()

    def present(self, rows: tuple[CoverRow, ...], months: tuple[date, ...]) -> None:
        """Show these posts over these months."""
        if months != self._months:
            key = self.current_key
            self._months = months
            self.table.begin_with(months)
            self.table.present(rows)
            self._measure()
            self.choose(key)
            return
        self.table.present(rows)

    @property
    def current_key(self) -> str:
        """The key of the post the keyboard is on, or ""."""
        return str(self.names.currentIndex().data(KEY_ROLE) or "")

    @property
    def figure(self) -> str:
        """The month of a post that the keyboard is on, as `core.why_cover` names it, or ""."""
        at = self.months.currentIndex()
        if not self.months.hasFocus() or at.column() < LEAD:
            return ""
        return f"cover.{self.current_key}.{self._months[at.column() - LEAD]:%Y-%m}"

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
        for at in range(self.table.columnCount()):
            self.names.setColumnHidden(at, at >= LEAD)
            self.months.setColumnHidden(at, at < LEAD)
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
        if self._fits:
            bar = self.months.horizontalScrollBar().sizeHint().height()
            self.setFixedHeight(header_height(look) + high + bar + 4)


def header_height(look: Look) -> int:
    """The height of the two lines above the months."""
    return look.metrics("caption").height() * 2 + look.px(10)


class CoverLegend(QWidget):
    """What the fills and marks of the grid mean."""

    _MARKS = (("consult", "Consult from"), ("notice", "Notice by"), ("twice", "Claimed twice"))

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._twice = False
        self.setAccessibleName(
            tr(
                "A month is stacked from the bottom: secured, probable, possible, unfunded. "
                "A ring marks the day to consult from, a triangle the last day to give notice, "
                "a double line above a month that it is claimed twice"
            )
        )
        look.changed.connect(self.updateGeometry)

    def show_twice(self, *, shown: bool) -> None:
        """Explain the double line only where there is one."""
        if shown != self._twice:
            self._twice = shown
            self.updateGeometry()
            self.update()

    def _items(self) -> list[tuple[str, str]]:
        marked = self._MARKS if self._twice else self._MARKS[:-1]
        return [*marks.COVER_WORD.items(), *marked]

    def sizeHint(self) -> QSize:
        """Room for seven marks and their words."""
        body = self._look.metrics("caption")
        marked = len(self._items()) - len(marks.COVER_WORD)
        wide = sum(body.horizontalAdvance(tr(said)) for _, said in self._items())
        return QSize(
            wide + self._look.px(34) * 4 + self._look.px(26) * marked + 8, body.height() + 4
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the marks and their words."""
        look, painter = self._look, QPainter(self)
        body = look.metrics("caption")
        middle, x = self.height() / 2, 0.0
        swatch = cells.swatch_size(look)
        for name, english in self._items():
            said = tr(english)
            if name in marks.COVER_WORD:
                top = middle - swatch.height() / 2
                marks.paint_cover(
                    painter, QRectF(x, top, swatch.width(), swatch.height()), name, look
                )
                x += swatch.width() + look.px(5)
            elif name == "twice":
                line = QRectF(x, middle - look.px(2), look.px(10), 0)
                marks.paint_twice(painter, line, look)
                x += look.px(14)
            else:
                paint = marks.paint_consult if name == "consult" else marks.paint_notice
                paint(painter, QPointF(x + look.px(5), middle), look.px(5), look)
                x += look.px(14)
            painter.setPen(look.colour("ink"))
            painter.setFont(look.font("caption"))
            painter.drawText(QPointF(x, middle + body.ascent() / 2 - 1), said)
            x += body.horizontalAdvance(said) + look.px(11)
        painter.end()
