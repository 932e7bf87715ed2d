"""A status by itself: its shape, then its word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from fundtrack.gui import marks
from fundtrack.gui.cells import paint_status_word
from fundtrack.gui.speech import tr

if TYPE_CHECKING:
    from fundtrack.gui.look import Look


class StatusWord(QWidget):
    """Shows a status, or nothing."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._status: str | None = None
        look.changed.connect(self.updateGeometry)

    def show_status(self, status: str | None) -> None:
        """Show this status, or nothing."""
        self._status = status
        self.setAccessibleName(tr(f"Status: {marks.STATUS_WORD[status]}" if status else ""))
        self.setVisible(status is not None)
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the longest word."""
        captions = self._look.metrics("caption", bold=True)
        widest = max(captions.horizontalAdvance(word) for word in marks.STATUS_WORD.values())
        return QSize(widest + self._look.px(22), captions.height() + 2)

    def minimumSizeHint(self) -> QSize:
        """The word is never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the shape and the word."""
        if self._status is None:
            return
        painter = QPainter(self)
        painter.setPen(self._look.colour("ink"))
        paint_status_word(painter, QRectF(self.rect()), self._status, self._look)
        painter.end()
