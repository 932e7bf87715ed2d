"""What every section of an award's page is: an award and a view come in, wishes go out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import Card, button, empty, label

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QPushButton

    from fundtrack.core.edit import Edit
    from fundtrack.core.model import Award
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View

Pairs = tuple[tuple[str, str], ...]
_TWO_COLUMNS = 440


class Section(Card):
    """One section. It asks for edits and never makes one.

    In a read-only book whatever was made by `act` is left out, not greyed.
    """

    edit_wanted = Signal(object)
    open_wanted = Signal(str)
    trouble = Signal(str)
    figure_moved = Signal(str)

    def __init__(self, look: Look, title: str) -> None:
        super().__init__(title)
        self.look = look
        self.award: Award | None = None
        self.view: View | None = None
        self._acts: list[QWidget] = []

    def present(self, award: Award, view: View) -> None:
        """Show this section of an award."""
        self.award, self.view = award, view
        for each in self._acts:
            each.setVisible(not view.read_only)
        self.fill(award, view)

    def fill(self, award: Award, view: View) -> None:
        """Put the values on the section. Each does this its own way."""
        raise NotImplementedError

    def act(self, words: str, name: str, do: Callable[[], object]) -> QPushButton:
        """Return a link that changes the book; `name` says more than its words to who hears it."""
        made = button(words, "link", do)
        made.setAccessibleName(tr(name))
        self._acts.append(made)
        return made

    @property
    def can_change(self) -> bool:
        """Whether the book may be changed."""
        return self.view is not None and not self.view.read_only

    def refusal(self, edit: Edit) -> str:
        """Say why an edit may not be, or return ""."""
        return self.view.refusal(edit) if self.view is not None else ""

    def ask(self, edit: Edit) -> None:
        """Ask for an edit, or say why it may not be."""
        refused = self.refusal(edit)
        if refused:
            self.trouble.emit(refused)
        else:
            self.edit_wanted.emit(edit)


class Facts(QWidget):
    """Names and values side by side, in two columns where there is room; each is one sentence."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._pairs: Pairs = ()
        self._two = True
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 2, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)

    @property
    def pairs(self) -> Pairs:
        """What is said now."""
        return self._pairs

    def say(self, pairs: Pairs) -> None:
        """Say these; a pair without a value is left out."""
        pairs = tuple(pair for pair in pairs if pair[1])
        if pairs != self._pairs:
            self._pairs = pairs
            self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand in one column where there is little room."""
        super().resizeEvent(event)
        two = self.width() >= self._look.px(_TWO_COLUMNS)
        if two != self._two:
            self._two = two
            self._lay_out()

    def _lay_out(self) -> None:
        empty(self._grid)
        rows = (len(self._pairs) + 1) // 2 if self._two else len(self._pairs)
        for at, (name, value) in enumerate(self._pairs):
            column, row = divmod(at, max(rows, 1))
            named = label(name, tone="muted")
            named.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            said = label(value, wrap=True)
            said.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            said.setAccessibleName(tr(f"{name}: {value}"))
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(named, row, column * 2)
            self._grid.addWidget(said, row, column * 2 + 1)
        for column, stretch in enumerate((0, 5, 0, 5) if self._two else (0, 1, 0, 0)):
            self._grid.setColumnStretch(column, stretch)
