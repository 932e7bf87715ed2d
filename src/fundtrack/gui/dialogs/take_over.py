"""Asking before a book is taken from whoever has it open: what they do next would be lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout

from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import button, label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class TakeOver(QDialog):
    """Says who has the book and what taking it over means; accepted if it is to be done."""

    def __init__(self, holder: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Take over the book"))
        self.setMinimumWidth(460)
        self.says = label(f"The book is open for changes elsewhere: {holder}.", wrap=True)
        means = (
            "If they are still at work, what they change from now on is not saved, and they are "
            "told so. What they have saved until now stays. Ask them first, if you can; if their "
            "computer was switched off with the book open, nothing is lost."
        )
        self.cancel_button = button("Leave it to them", act=self.reject)
        self.take_button = button("Take over the book", act=self.accept)
        self.cancel_button.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.take_button)
        buttons.addWidget(self.cancel_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(12)
        whole.addWidget(self.says)
        whole.addWidget(label(means, wrap=True))
        whole.addLayout(buttons)
        self.setAccessibleDescription(tr(f"{self.says.text()} {means}"))
        self.cancel_button.setFocus()
