"""The field at the right of every header: "Go to or do anything", with its key beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy

from fundtrack.gui.speech import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from fundtrack.gui.look import Look

SAYS = "Go to or do anything"
KEYS = "Ctrl+K"
_GAP = 8


class AnythingField(QPushButton):
    """Looks like a field to type in, and opens the one that is; where room is short, an icon."""

    def __init__(self, look: Look, act: Callable[[], object]) -> None:
        super().__init__()
        self._look = look
        self._compact = False
        self.setAutoDefault(False)
        self._says = tr(SAYS)
        self.setAccessibleName(self._says)
        self.setToolTip(f"{self._says} ({KEYS})")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda _checked=False: act())
        look.follow(self, self.updateGeometry)

    @property
    def compact(self) -> bool:
        """Whether the icon stands alone."""
        return self._compact

    def be_compact(self, *, compact: bool) -> None:
        """Show the icon alone, or the words as well."""
        if compact != self._compact:
            self._compact = compact
            self.updateGeometry()

    def width_of(self, *, compact: bool) -> int:
        """How wide it is, in pixels."""
        icon = self._look.px(16)
        if compact:
            return icon + 2 * (_GAP + 4)
        words = self._look.metrics().horizontalAdvance(self._says)
        return icon + words + self._chip_width() + 2 * (_GAP + 4) + 2 * _GAP

    def sizeHint(self) -> QSize:
        """As high as a field."""
        high = max(30, self._look.metrics().height() + self._look.px(12))
        return QSize(self.width_of(compact=self._compact), high)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the edge as the style does, then glass, words and key."""
        super().paintEvent(event)
        look, side = self._look, self._look.px(16)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = _GAP + 4
        look.icon("magnifying-glass").paint(
            painter, QRect(left, (self.height() - side) // 2, side, side)
        )
        if not self._compact:
            painter.setFont(look.font())
            painter.setPen(look.colour("ink_muted"))
            room = self.rect().adjusted(left + side + _GAP, 0, 0, 0)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self._says)
            self._paint_key(painter)
        painter.end()

    def _chip_width(self) -> int:
        return self._look.metrics("caption").horizontalAdvance(KEYS) + 2 * 5

    def _paint_key(self, painter: QPainter) -> None:
        look = self._look
        wide, high = self._chip_width(), look.metrics("caption").height() + 2
        chip = QRectF(
            self.width() - wide - _GAP + 0.5, (self.height() - high) // 2 + 0.5, wide - 1, high - 1
        )
        painter.setPen(QPen(look.colour("line"), 1))
        painter.setBrush(look.colour("surface2"))
        painter.drawRoundedRect(chip, 4, 4)
        painter.setFont(look.font("caption"))
        painter.setPen(look.colour("ink_muted"))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, KEYS)
