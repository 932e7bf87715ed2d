"""Asking before a person is taken out of the book: what goes, what stays, and that it is final."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QVBoxLayout

from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import button, label

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget


class TakeOut(QDialog):
    """Says what taking a person out means; the button waits until a tick says it is understood."""

    def __init__(self, posts: tuple[str, ...], backups: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Take this person out of the book"))
        self.setMinimumWidth(520)
        goes = (
            f"Goes, from {_listed(posts)}, from every what-if, and from the book's history: the "
            "reference, the birth date, the start of service, fixed terms and any redundancy "
            "scheme of their own."
        )
        stays = (
            "Stays: the post with its hours, salary and dates, who pays for it, and with them "
            "every sum. Redundancy pay becomes a range, and notice counts from the first day of "
            "the post."
        )
        final = (
            "This cannot be undone. Backups made before now still hold them; they are kept in "
            f"{backups}. Delete those you do not need."
        )
        says = (goes, stays, final)
        self.understood = QCheckBox(tr("I &understand that this cannot be undone"))
        self.cancel_button = button("Keep them in the book", act=self.reject)
        self.take_button = button("Take them out", act=self.accept)
        self.take_button.setEnabled(False)
        self.understood.toggled.connect(self.take_button.setEnabled)
        self.cancel_button.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.take_button)
        buttons.addWidget(self.cancel_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(12)
        for each in says:
            whole.addWidget(label(each, wrap=True))
        whole.addWidget(self.understood)
        whole.addLayout(buttons)
        self.setAccessibleDescription(tr(" ".join(says)))
        self.understood.setFocus()


def _listed(posts: tuple[str, ...]) -> str:
    if len(posts) == 1:
        return f"“{posts[0]}”"
    return f"{', '.join(f'“{each}”' for each in posts[:-1])} and “{posts[-1]}”"
