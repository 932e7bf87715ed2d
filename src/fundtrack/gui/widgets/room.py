"""The room on a page: what stands there is as high as the window, and scrolled where that is low.

With large letters in a small window its parts would else be laid over one another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QWidget


class Room(QScrollArea):
    """Shows a widget as large as itself, but never lower than its layout can do with."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inside = inside
        self.setWidget(inside)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit what stands here to the room there is."""
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit it anew when what it needs has changed."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        room = self.maximumViewportSize()
        wide = room.width()
        if self._least(wide) > room.height():
            wide -= self.verticalScrollBar().sizeHint().width()
        self._inside.resize(wide, max(room.height(), self._least(wide)))

    def _least(self, width: int) -> int:
        """The least height that what stands here can do with at a width."""
        layout = self._inside.layout()
        if layout is None:
            return 0
        if layout.hasHeightForWidth():
            return layout.minimumHeightForWidth(width)
        return layout.minimumSize().height()


class Stack(QStackedWidget):
    """One of several parts at a time. It needs no more room than the one in sight."""

    def __init__(self) -> None:
        super().__init__()
        self.currentChanged.connect(lambda _at: self.updateGeometry())

    def hasHeightForWidth(self) -> bool:
        """The parts out of sight would be counted else."""
        return False

    def minimumSizeHint(self) -> QSize:
        """What the part in sight can do with."""
        shown = self.currentWidget()
        return super().minimumSizeHint() if shown is None else shown.minimumSizeHint()
