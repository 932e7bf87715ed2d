"""The road a return takes, as numbered rings, and the key to the cells of its sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from fundtrack.gui import marks
from fundtrack.gui.speech import tr

if TYPE_CHECKING:
    from fundtrack.gui.look import Look

_ROAD = (
    ("Fill in", ("draft", "queried")),
    ("Check", ("checked",)),
    ("Approve", ("approved",)),
    ("Send", ("submitted", "resubmitted")),
    ("Accepted", ("accepted",)),
    ("Paid", ("paid",)),
)
"""Each stretch of the road, and the statuses in which a return stands there."""


def stands_at(status: str) -> int:
    """Which stretch of the road a return has reached, from 0."""
    return next((at for at, (_, there) in enumerate(_ROAD) if status in there), 0)


class Road(QWidget):
    """Draws the road: what is done with a tick, where the return stands filled."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._at = 0
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.updateGeometry)
        self.show_status("draft")

    def show_status(self, status: str) -> None:
        """Show where a return of this status stands."""
        self._at = stands_at(status)
        said = [
            f"{name}, {'done' if at < self._at else 'here' if at == self._at else 'to come'}"
            for at, (name, _) in enumerate(_ROAD)
        ]
        self.setAccessibleName(tr(f"Steps of the return: {'; '.join(said)}"))
        self.setToolTip(tr(f"The return stands at: {_ROAD[self._at][0]}"))
        self.update()

    def sizeHint(self) -> QSize:
        """As high as its rings."""
        return QSize(320, self._ring() + self._look.px(6))

    def _ring(self) -> int:
        return max(self._look.px(20), self._look.metrics("caption").height() + 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the rings and their words; where there is little room, words of this step alone."""
        look, ring = self._look, self._ring()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = look.metrics()
        gap, line = look.px(7), look.px(26)
        bold = look.metrics(bold=True)
        wide = sum(
            ring + gap + bold.horizontalAdvance(tr(name)) + (line + 2 * gap if at else 0)
            for at, (name, _) in enumerate(_ROAD)
        )
        every = wide <= self.width()
        left, middle = 1.0, self.height() / 2
        for at, (step, _) in enumerate(_ROAD):
            name = tr(step)
            if at:
                painter.setPen(QPen(look.colour("line_strong"), 1))
                painter.drawLine(QPointF(left + gap, middle), QPointF(left + gap + line, middle))
                left += line + 2 * gap
            self._paint_ring(painter, QRectF(left, middle - ring / 2, ring, ring), at)
            left += ring
            if every or at == self._at:
                painter.setFont(look.font(bold=at == self._at))
                painter.setPen(look.colour("ink" if at <= self._at else "ink_muted"))
                width = (bold if at == self._at else metrics).horizontalAdvance(name)
                place = QRectF(left + gap, 0, width + 2, self.height())
                painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), name)
                left += gap + width
        painter.end()

    def _paint_ring(self, painter: QPainter, rect: QRectF, at: int) -> None:
        look, here = self._look, at == self._at
        painter.setPen(QPen(look.colour("accent" if here else "ink"), 1.5))
        painter.setBrush(look.colour("accent") if here else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(rect.adjusted(1, 1, -1, -1))
        if at < self._at:
            marks.paint_status(
                painter, rect.center(), rect.width() / 4, "clear", look, look.colour("ink")
            )
            return
        painter.setPen(look.colour("on_accent" if here else "ink"))
        painter.setFont(look.font("caption", bold=True, tabular=True))
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), str(at + 1))


_KEY = (
    ("typed", "Filled"),
    ("locked", "Worked out"),
    ("formula", "Formula"),
    ("choices", "Drop-down"),
)


class Legend(QWidget):
    """The key to the cells: what can be typed, what is worked out, formulas, drop-downs."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setAccessibleName(
            tr(
                "Key: white cells are typed, grey are worked out, ƒ marks a formula, "
                "an arrow a drop-down"
            )
        )
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Room for four swatches and their words."""
        captions = self._look.metrics("caption")
        words = sum(captions.horizontalAdvance(tr(word)) for _, word in _KEY)
        return QSize(words + len(_KEY) * self._look.px(36), captions.height() + self._look.px(4))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw each swatch as the sheet does, then its word."""
        look = self._look
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        captions = look.metrics("caption")
        high, wide = look.px(13), look.px(18)
        left = 0.0
        for kind, english in _KEY:
            word = tr(english)
            rect = QRectF(left, (self.height() - high) / 2, wide, high)
            self._paint_swatch(painter, rect, kind)
            painter.setFont(look.font("caption"))
            painter.setPen(look.colour("ink_muted"))
            place = QRectF(rect.right() + look.px(4), 0, self.width(), self.height())
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), word)
            left = rect.right() + look.px(16) + captions.horizontalAdvance(word)
        painter.end()

    def _paint_swatch(self, painter: QPainter, rect: QRectF, kind: str) -> None:
        look = self._look
        ground = {"locked": "locked", "formula": "formula"}.get(kind, "surface")
        painter.setPen(QPen(look.colour("line_strong"), 1))
        painter.setBrush(look.colour(ground))
        painter.drawRect(rect)
        if kind == "typed":
            side = look.px(6)
            corner = QPainterPath(rect.topRight())
            corner.lineTo(rect.topRight() - QPointF(side, 0))
            corner.lineTo(rect.topRight() + QPointF(0, side))
            corner.closeSubpath()
            painter.fillPath(corner, look.colour("accent"))
        elif kind == "formula":
            font = QFont(look.font("caption"))
            font.setItalic(True)
            painter.setFont(font)
            painter.setPen(look.colour("ink"))
            painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), "ƒ")
        elif kind == "choices":
            look.icon("caret-down").paint(painter, rect.toRect())
