"""Asking what a copy of a layout is to be called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from fundtrack.core.errors import KnownError
from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import button, label

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fundtrack.gui.look import Look

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")


class LayoutCopy(QDialog):
    """Asks for a name. `made` is the copy's file, once accepted."""

    def __init__(
        self, look: Look, title: str, name: str, copy: Callable[[str], Path], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.made: Path | None = None
        self._copy = copy
        self.setWindowTitle(tr("Copy this layout"))
        self.setMinimumWidth(look.px(480))
        self.name = QLineEdit(f"our-{name.removeprefix('our-')}")
        self.name.setAccessibleName(tr("Name of the copy"))
        named = label("&Name of the copy")
        named.setBuddy(self.name)
        self.fault = label(tone="fault", wrap=True)
        self.fault.hide()
        ask = button("Copy layout", "primary", self.accept)
        ask.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(button("Cancel", act=self.reject))
        buttons.addWidget(ask)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(10)
        whole.addWidget(
            label(
                f"A copy of “{title}” is put beside the book, in the folder “layouts”. It is a "
                "text file: change its columns, words and limits with any editor. The return is "
                "then written in the copy.",
                tone="muted",
                wrap=True,
            )
        )
        whole.addWidget(named)
        whole.addWidget(self.name)
        whole.addWidget(self.fault)
        whole.addStretch(1)
        whole.addLayout(buttons)
        self.name.selectAll()

    def accept(self) -> None:
        """Make the copy, or say what to type instead."""
        name = self.name.text().strip()
        if not _NAME.fullmatch(name):
            self._say("Type small letters, digits and hyphens only, such as our-quarterly")
            return
        try:
            self.made = self._copy(name)
        except KnownError as known:
            self._say(str(known))
        else:
            super().accept()

    def _say(self, says: str) -> None:
        self.fault.setText(says)
        self.fault.show()
