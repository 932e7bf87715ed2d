"""A book now and with changes, side by side at both certainties; what differs is bold."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem

from fundtrack.core.comparison import Row
from fundtrack.gui import marks
from fundtrack.gui.cells import paint_ground, paint_words, row_height, swatch_size
from fundtrack.gui.kinds import Kind
from fundtrack.gui.speech import tr
from fundtrack.gui.table import ROW_ROLE, Column, Index, Table
from fundtrack.gui.widgets.grid import Grid

if TYPE_CHECKING:
    from fundtrack.gui.look import Look

_FIGURE = Kind(name="text", text=str, figure=True)
_THEN = 3
_SIDE = 8
_COVERS = ("secured", "probable")


class CompareGrid(Grid):
    """The figures that matter, now and with changes."""

    def __init__(self, look: Look) -> None:
        table: Table[Row] = Table(_COLUMNS, key=lambda row: row.name)
        last = len(_COLUMNS) - 1
        table.touched = lambda old, new: (_THEN if old.now == new.now else 0, last)
        super().__init__(
            look,
            table,
            "Now, and with these changes",
            fits=True,
            sortable=False,
            delegate=_CompareDelegate(look),
        )
        self._top = _TwoRows(look, self)
        self.setHorizontalHeader(self._top)
        self._top.setAccessibleName(tr("Columns of now, and with these changes"))
        self._top.setSectionsClickable(False)
        self._measure()

    def _usual_width(self, at: int) -> int:
        """As wide as the figures need: the headings are painted over two columns."""
        digit = self.look.metrics().horizontalAdvance("0")
        return self.table.columns[at].width * digit + 2 * _SIDE

    def say_changes(self, changes: str) -> None:
        """Name what stands over the right half: With these 4 changes."""
        if changes != self._top.then:
            self._top.then = changes
            self._top.viewport().update()


class _TwoRows(QHeaderView):
    """Two rows of headings: now or then, and below it the certainty."""

    def __init__(self, look: Look, parent: Grid) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._look = look
        self.then = "With these changes"

    def sizeHint(self) -> QSize:
        """Room for two rows."""
        return QSize(super().sizeHint().width(), 2 * row_height(self._look))

    def paintSection(self, painter: QPainter, rect: QRect, at: int) -> None:
        """Paint one column's heading, and its share of the heading over two."""
        look, high = self._look, rect.height() / 2
        painter.save()
        painter.setClipRect(rect)
        painter.fillRect(rect, look.colour("accent_soft" if at >= _THEN else "surface"))
        painter.setPen(QPen(look.colour("line"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if at:
            first = at - (at - 1) % 2
            left = self.sectionViewportPosition(first)
            wide = self.sectionSize(first) + self.sectionSize(first + 1)
            painter.setPen(look.colour("ink"))
            painter.setFont(look.font("body", bold=True))
            above = QRectF(left, rect.top(), wide, high)
            painter.drawText(
                above, int(Qt.AlignmentFlag.AlignCenter), tr("Now" if at < _THEN else self.then)
            )
            self._paint_cover(
                painter, QRectF(rect.left(), rect.top() + high, rect.width(), high), at
            )
        painter.restore()

    def _paint_cover(self, painter: QPainter, rect: QRectF, at: int) -> None:
        look = self._look
        cover = _COVERS[(at - 1) % 2]
        said = tr(marks.COVER_WORD[cover])
        painter.setFont(look.font("caption"))
        painter.setPen(look.colour("ink_muted"))
        inner = rect.adjusted(0, 0, -_SIDE, 0)
        painter.drawText(
            inner, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), said
        )
        swatch = swatch_size(look)
        left = inner.right() - look.metrics("caption").horizontalAdvance(said) - swatch.width() - 6
        top = rect.center().y() - swatch.height() / 2
        marks.paint_cover(painter, QRectF(left, top, swatch.width(), swatch.height()), cover, look)


class _CompareDelegate(QStyledItemDelegate):
    """Paints what would be on a soft ground, and in bold what would differ."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one figure."""
        look, at = self._look, index.column()
        painter.save()
        if at >= _THEN:
            painter.fillRect(option.rect, look.colour("accent_soft"))
        ink = paint_ground(painter, option, look)
        if at == _THEN:
            painter.setPen(QPen(look.colour("line_strong"), 1))
            painter.drawLine(option.rect.topLeft(), option.rect.bottomLeft())
        row = cast("Row", index.data(ROW_ROLE))
        painter.setPen(ink)
        differs = at >= _THEN and row.changed[at - _THEN]
        painter.setFont(look.font("body", bold=differs, tabular=True))
        inner = QRectF(option.rect).adjusted(_SIDE, 0, -_SIDE, 0)
        paint_words(
            painter, inner, str(index.data()), index.data(Qt.ItemDataRole.TextAlignmentRole)
        )
        painter.restore()


_COLUMNS: tuple[Column[Row], ...] = (
    Column(
        name="name",
        title="Figure",
        value=lambda row: row.name,
        tip=lambda row: row.name,
        stretch=True,
    ),
    Column(
        name="now-secured",
        title="Now, secured",
        kind=_FIGURE,
        value=lambda row: row.now[0],
        width=12,
        most=22,
    ),
    Column(
        name="now-probable",
        title="Now, probable",
        kind=_FIGURE,
        value=lambda row: row.now[1],
        width=12,
        most=22,
    ),
    Column(
        name="then-secured",
        title="With changes, secured",
        kind=_FIGURE,
        value=lambda row: row.then[0],
        width=12,
        most=22,
    ),
    Column(
        name="then-probable",
        title="With changes, probable",
        kind=_FIGURE,
        value=lambda row: row.then[1],
        width=12,
        most=22,
    ),
)
