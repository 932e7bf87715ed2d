"""What a page shows while nothing is known yet: one calm sentence that says what is going on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from fundtrack.core import words
from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import label

if TYPE_CHECKING:
    from fundtrack.core.model import Portfolio
    from fundtrack.gui.look import Look

NOT_WORKED_OUT = "The figures could not be worked out. Nothing in the book has been changed."


class Waiting(QWidget):
    """Stands in the place of a page's parts until their figures are there."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.said = label("", scale="section", wrap=True)
        self.said.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.about = label(
            "A large book takes a moment when it is opened.", tone="muted", wrap=True
        )
        self.about.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(tr("How far it is"))
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addStretch(2)
        column.addWidget(self.said)
        column.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.about)
        column.addStretch(3)
        look.follow(self, lambda: self.bar.setFixedSize(look.px(220), look.px(6)))
        self.hide()

    def wait_for(self, said: str) -> None:
        """Say what is waited for, or that it will not come."""
        failed = said == NOT_WORKED_OUT
        self.said.setText(tr(said))
        self.bar.setVisible(not failed)
        self.about.setVisible(not failed)


def working_out(portfolio: Portfolio) -> str:
    """What is worked out of a book: "Working out 1,000 awards and 500 posts…"."""
    awards = words.count(len(portfolio.awards), "award")
    posts = words.count(len(portfolio.posts), "post")
    return f"Working out {awards} and {posts}…"
