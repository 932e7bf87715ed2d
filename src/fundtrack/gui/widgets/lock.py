"""The lock that stands where salaries would be: closed and "Salaries hidden", or open.

A page connects `turned` to its `salaries_wanted`, and calls `follow` with every View it is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QPushButton

from fundtrack.gui.speech import tr

if TYPE_CHECKING:
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View


class Lock(QPushButton):
    """Shows or hides what tells a salary; not there at all in a view that may never show it."""

    turned = Signal(bool)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._shown = False
        self.setProperty("kind", "link")
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(lambda _checked=False: self.turned.emit(not self._shown))
        look.follow(self, self._draw)

    def follow(self, view: View) -> None:
        """Say whether salaries are shown."""
        self._shown = view.tells_salaries
        self.setVisible(view.salaries != "absent")
        self._draw()

    def _draw(self) -> None:
        look, shown = self._look, self._shown
        self.setText(tr("Salaries shown") if shown else tr("Salaries hidden"))
        self.setToolTip(tr("Hide salaries" if shown else "Show salaries until you close the book"))
        self.setAccessibleDescription(tr(self.toolTip()))
        self.setIcon(look.icon("lock-simple-open" if shown else "lock-simple", "link"))
        self.setIconSize(QSize(look.px(16), look.px(16)))
