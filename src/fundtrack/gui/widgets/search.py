"""The field that filters a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.undoing import UndoingLine

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QLineEdit

    from fundtrack.gui.look import Look


class SearchField(UndoingLine):
    """A field to filter with; its sign grows with the letters, as a style's own would not."""

    def __init__(self, look: Look, name: str) -> None:
        super().__init__()
        self._look = look
        self.setPlaceholderText(tr(name))
        self.setToolTip(tr(f"{name} (Ctrl+F)"))
        self.setAccessibleName(tr(name))
        self.setClearButtonEnabled(True)
        look.follow(self, self._measure)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field, then its sign at the left."""
        super().paintEvent(event)
        side = self._look.px(16)
        painter = QPainter(self)
        at = QRect(self._look.px(8), (self.height() - side) // 2, side, side)
        self._look.icon("magnifying-glass").paint(painter, at)
        painter.end()

    def _measure(self) -> None:
        self.setMaximumWidth(self._look.px(230))
        self.setMinimumWidth(self._look.px(170))
        self.setTextMargins(self._look.px(20), 0, 0, 0)


def search_field(look: Look, name: str) -> QLineEdit:
    """Return a field to filter with; Ctrl+F leads to it, and it can be cleared with a click."""
    return SearchField(look, tr(name))
