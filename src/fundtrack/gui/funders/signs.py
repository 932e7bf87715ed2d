"""The steps to a proved file as numbered rings, and what the marks on a sheet mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from fundtrack.gui.speech import tr

if TYPE_CHECKING:
    from fundtrack.gui.look import Look

STEPS = ("Workbook", "Map and fill", "Check", "Write and prove")
_GAP = 22


class Steps(QWidget):
    """Where one stands on the way: done, now, to come. `now` counts from 0; past the last: done."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.now = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.updateGeometry)
        self.stand_at(0)

    def stand_at(self, now: int) -> None:
        """Show that the steps before this one are done."""
        self.now = now
        said = f"Step {now + 1} of {len(STEPS)}: {STEPS[now]}" if now < len(STEPS) else "All done"
        self.setAccessibleName(tr(said))
        self.setToolTip(tr(said))
        self.update()

    def sizeHint(self) -> QSize:
        """Room for every ring and word."""
        metrics = self._look.metrics(bold=True)
        words = sum(metrics.horizontalAdvance(tr(step)) for step in STEPS)
        ring = self._look.px(20)
        return QSize(words + len(STEPS) * (ring + 8) + (len(STEPS) - 1) * _GAP * 2, ring + 8)

    def minimumSizeHint(self) -> QSize:
        """Rings alone, where there is little room."""
        ring = self._look.px(20)
        return QSize(len(STEPS) * (ring + 6) + (len(STEPS) - 1) * (_GAP + 12) + 2, ring + 8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the rings, their words where they fit, and the lines between."""
        look = self._look
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring, x, middle = look.px(20), 1.0, self.height() / 2
        wordy = self.width() >= self.sizeHint().width()
        here = tr(STEPS[min(self.now, len(STEPS) - 1)])
        room = self.width() - self.minimumSizeHint().width() - 4
        says_here = look.metrics(bold=True).horizontalAdvance(here) <= room
        for at, step in enumerate(map(tr, STEPS)):
            if at:
                painter.setPen(QPen(look.colour("line_strong"), 1))
                painter.drawLine(QPointF(x + 6, middle), QPointF(x + _GAP + 6, middle))
                x += _GAP + 12
            self._paint_ring(painter, QRectF(x, middle - ring / 2, ring, ring), at)
            x += ring + 6
            if wordy or (at == self.now and says_here):
                font = look.font(bold=at == self.now)
                painter.setFont(font)
                painter.setPen(look.colour("ink" if at <= self.now else "ink_muted"))
                wide = look.metrics(bold=at == self.now).horizontalAdvance(step)
                align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
                painter.drawText(QRectF(x, 0, wide + 4, self.height()), align, step)
                x += wide + 4
        painter.end()

    def _paint_ring(self, painter: QPainter, rect: QRectF, at: int) -> None:
        look, done, here = self._look, at < self.now, at == self.now
        painter.setPen(QPen(look.colour("accent" if here else "ink"), 1.5))
        painter.setBrush(look.colour("accent" if here else "surface"))
        painter.drawEllipse(rect.adjusted(1, 1, -1, -1))
        if done:
            side = look.px(12)
            whole = rect.toRect()
            left = whole.center().x() - side // 2 + 1
            look.icon("check", "ink").paint(
                painter, left, whole.center().y() - side // 2 + 1, side, side
            )
            return
        painter.setFont(look.font("caption", bold=True))
        painter.setPen(look.colour("on_accent" if here else "ink"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(at + 1))


_MARKS = (
    ("filled", "Filled"),
    ("locked", "Locked"),
    ("formula", "Formula"),
    ("listed", "Drop-down"),
    ("left", "Not mapped"),
)


class Legend(QWidget):
    """What the marks on the sheet mean, each with its word; as many as there is room for."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setAccessibleName(tr("Marks: " + ", ".join(word.lower() for _, word in _MARKS)))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.updateGeometry)

    def _wide(self, word: str) -> int:
        return (
            self._look.px(22) + 6 + self._look.metrics("caption").horizontalAdvance(tr(word)) + 14
        )

    def sizeHint(self) -> QSize:
        """Room for all of them."""
        return QSize(sum(self._wide(word) for _, word in _MARKS), self._look.px(20))

    def minimumSizeHint(self) -> QSize:
        """None, where there is no room: each cell is spoken and has a tip."""
        return QSize(0, self._look.px(20))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw each mark and its word, from the right."""
        look = self._look
        painter = QPainter(self)
        painter.setFont(look.font("caption"))
        x = float(self.width())
        for mark, word in reversed(_MARKS):
            x -= self._wide(word)
            if x < 0:
                break
            box = QRectF(x, (self.height() - look.px(15)) / 2, look.px(22), look.px(15))
            self._paint_mark(painter, box, mark)
            painter.setPen(look.colour("ink_muted"))
            align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(
                QRectF(box.right() + 6, 0, self._wide(word), self.height()), align, tr(word)
            )
        painter.end()

    def _paint_mark(self, painter: QPainter, box: QRectF, mark: str) -> None:
        look = self._look
        ground = {"locked": "locked", "formula": "formula"}.get(mark, "surface")
        painter.setBrush(look.colour(ground))
        pen = QPen(look.colour("unfunded_line" if mark == "left" else "line"), 1)
        if mark == "left":
            pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.drawRect(box)
        painter.setPen(look.colour("ink"))
        if mark == "formula":
            font = QFont(look.font("caption"))
            font.setItalic(True)
            painter.setFont(font)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "ƒ")
            painter.setFont(look.font("caption"))
        elif mark == "listed":
            side = look.px(11)
            at = box.center() - QPointF(side / 2, side / 2)
            look.icon("caret-down").paint(painter, int(at.x()), int(at.y()), side, side)
        elif mark == "filled":
            side, corner = look.px(7), box.topRight()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("accent"))
            painter.drawPolygon(
                QPolygonF([corner, corner - QPointF(side, 0), corner + QPointF(0, side)])
            )
