"""What every page is: values come in by `present`, wishes go out as signals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import Header, MessageLine, label
from fundtrack.gui.widgets.room import Room
from fundtrack.gui.widgets.waiting import Waiting

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View

MARGIN = 20
TRUSTEE_VIEW = "Trustee view: no names, no salaries, nothing can be changed"
"""Stands under the header of every page while it is so."""


class Page(QWidget):
    """A page of the window. A hidden page only remembers that it is stale.

    `edit_wanted` carries an Edit, `open_wanted` a record as `posts.p1`. `why_wanted` asks why a
    figure is what it is, and `figure_moved` tells which one the keyboard has come to.
    `salaries_wanted` asks to show what tells a salary (True), or to hide it again. `stood`
    carries the key of the record whose own page came into sight, "" for the list of all.
    """

    name = ""
    title = ""
    icon = ""
    edit_wanted = Signal(object)
    open_wanted = Signal(str)
    trouble = Signal(str)
    why_wanted = Signal(str)
    figure_moved = Signal(str)
    salaries_wanted = Signal(bool)
    stood = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.view: View | None = None
        self._waiting: View | None = None
        self.setObjectName("page")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr(self.title))
        self.header = Header(self.title)
        self.message = MessageLine(look)
        inside = QWidget()
        inside.setObjectName("page")
        self.body = QVBoxLayout(inside)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(10)
        self.waiting = Waiting(look)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(MARGIN, 0, MARGIN, 12)
        whole.setSpacing(6)
        self.trustee_line = label(TRUSTEE_VIEW, scale="caption", tone="muted", wrap=True)
        self.trustee_line.hide()
        whole.addWidget(self.header)
        whole.addWidget(self.trustee_line)
        whole.addWidget(self.message)
        self.room = Room(inside)
        whole.addWidget(self.room, 1)
        whole.addWidget(self.waiting, 1)

    def wait_for(self, said: str) -> None:
        """Say what is waited for in the place of the page's parts, which are empty until then."""
        self.waiting.wait_for(said)
        self.waiting.show()
        self.room.hide()

    def _wait_no_longer(self) -> None:
        """Show the parts again; the keyboard, if it had nowhere to go, begins where they begin."""
        on = QApplication.focusWidget()
        idle = on is None or on is self or self.isAncestorOf(on)
        self.waiting.hide()
        self.room.show()
        if idle:
            self.rest()

    def present(self, view: View) -> None:
        """Show this book; when hidden, remember it for later."""
        if not self.isVisible():
            self._waiting = view
            return
        self._waiting = None
        self.view = view
        self.trustee_line.setVisible(view.for_trustees)
        self.fill(view)
        if not self.waiting.isHidden():
            self._wait_no_longer()

    def fill(self, view: View) -> None:
        """Put the values on the page. Each page does this its own way."""
        raise NotImplementedError

    def settle(self) -> None:
        """Keep what was written on the page and stands nowhere yet, as the book closes."""

    def rest(self) -> None:
        """Put the keyboard where the page begins."""
        self.setFocus()

    def look_for(self) -> None:
        """Go to the page's filter, if it has one."""

    def add(self) -> None:
        """Add one of what the page lists, if it lists anything."""

    def swap_chart(self) -> None:
        """Show the page's chart as a table, or back, if it has one."""

    def figure_asked(self) -> str:
        """The figure the keyboard is on, named as in `core.why_figures`, or ""."""
        return ""

    def ask_why(self) -> None:
        """Ask why that figure is what it is."""
        self.why_wanted.emit(self.figure_asked())

    def tell_figure(self) -> None:
        """Tell which figure the keyboard has come to."""
        self.figure_moved.emit(self.figure_asked())

    def open(self, key: str) -> None:
        """Go to a record, if the page shows it."""

    @property
    def standing(self) -> str:
        """The key of the record whose own page is in sight, or "" for the list of all."""
        return ""

    def stand_at(self, key: str) -> None:
        """Show a record's own page, or the list of all for "", if the page has such a thing."""

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while nobody looked."""
        super().showEvent(event)
        if self._waiting is not None:
            self.present(self._waiting)
