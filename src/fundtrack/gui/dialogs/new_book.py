"""The three questions for a new book, asked while another is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import button
from fundtrack.gui.widgets.questions import Questions

if TYPE_CHECKING:
    from datetime import date

    from fundtrack.core.model import Portfolio
    from fundtrack.gui.look import Look


class NewBook(QDialog):
    """Asks the three questions. `portfolio` is the answer, once accepted."""

    def __init__(self, look: Look, today: date, parent: QWidget) -> None:
        super().__init__(parent)
        self.portfolio: Portfolio | None = None
        self.setWindowTitle(tr("New book"))
        self.setMinimumWidth(look.px(480))
        self.questions = Questions(look, today)
        ask = button("Choose where to keep it…", "primary", self.accept)
        ask.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(button("Cancel", act=self.reject))
        buttons.addWidget(ask)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(12)
        whole.addWidget(self.questions)
        whole.addLayout(buttons)

    def accept(self) -> None:
        """Take the answers, or say what to type instead."""
        self.portfolio = self.questions.portfolio()
        if self.portfolio is not None:
            super().accept()
