"""The lower part of a page: the chosen award or post, in two halves.

The halves stand side by side, or one above the other where there is little room or the letters are
large; what does not fit can be scrolled to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QVBoxLayout, QWidget

from fundtrack.gui.widgets.frame import Card
from fundtrack.gui.widgets.status import StatusWord

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from fundtrack.gui.look import Look

_WIDE = 800


class Panel(Card):
    """A heading with a status, and two halves to put parts into."""

    def __init__(self, look: Look, shares: tuple[int, int]) -> None:
        super().__init__("")
        self.look = look
        self.status = StatusWord(look)
        self.add_link(self.status)
        self.first, self.second = QVBoxLayout(), QVBoxLayout()
        self._line = QFrame()
        self._line.setObjectName("rule")
        inside = QWidget()
        inside.setObjectName("inside")
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight, inside)
        self._halves.setContentsMargins(0, 0, 0, 0)
        self._halves.setSpacing(14)
        for half, share in ((self.first, shares[0]), (self.second, shares[1])):
            half.setSpacing(4)
            half.setContentsMargins(0, 0, 0, 0)
            self._halves.addLayout(half, share)
        self._halves.insertWidget(1, self._line)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        self.body.addWidget(scroll, 1)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand the halves as the room allows."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        beside = self.width() >= self.look.px(_WIDE)
        way = QBoxLayout.Direction
        self._halves.setDirection(way.LeftToRight if beside else way.TopToBottom)
        self._line.setFixedSize(1, 1)
        if beside:
            self._line.setMaximumHeight(_UNBOUNDED)
            self._line.setMinimumHeight(1)
        else:
            self._line.setMaximumWidth(_UNBOUNDED)
            self._line.setMinimumWidth(1)


_UNBOUNDED = 16_777_215
"""Qt's word for no greatest size."""
