"""Which backup to go back to: when each was made, and what for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QDialog, QHBoxLayout, QListView, QVBoxLayout

from fundtrack.core import words
from fundtrack.gui.filing import when
from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import button, label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from fundtrack.gui.file_doors import Kept
    from fundtrack.gui.look import Look

_WHY = {
    "opening": "at its first opening that day",
    "import": "before an import",
    "update": "before it was brought up to date",
    "restore": "before a backup was restored",
    "asked": "asked for",
}


class Restore(QDialog):
    """Lists the backups of a book, the newest first. `chosen` is the one to go back to."""

    def __init__(self, look: Look, backups: Sequence[Kept], parent: QWidget) -> None:
        super().__init__(parent)
        self._backups = tuple(backups)
        self.chosen: Kept | None = None
        self.setWindowTitle(tr("Restore from a backup"))
        self.resize(look.px(540), look.px(380))
        self.list = QListView()
        self.list.setObjectName("framed")
        self.list.setAccessibleName(tr("Backups"))
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        model = QStandardItemModel(self)
        for kept in self._backups:
            why = _WHY.get(kept.why, kept.why)
            model.appendRow(QStandardItem(tr(f"{words.sentence(when(kept))}   {why}")))
        self.list.setModel(model)
        self.restore_button = button("Restore this backup", "primary", self.accept)
        self.restore_button.setDefault(True)
        self.restore_button.setEnabled(bool(self._backups))
        self._lay_out()
        self.list.setCurrentIndex(model.index(0, 0))
        self.list.doubleClicked.connect(lambda _index: self.accept())

    def _lay_out(self) -> None:
        about = (
            "The book goes back to how it stood then. As it stands now, it is backed up first, so "
            "that you can come back."
        )
        none = "No backup of this book is on this computer yet. One is made each day you open it."
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(button("Cancel", act=self.reject))
        buttons.addWidget(self.restore_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(10)
        whole.addWidget(label(about if self._backups else none, wrap=True))
        self.list.setVisible(bool(self._backups))
        whole.addWidget(self.list, 1)
        whole.addLayout(buttons)

    def accept(self) -> None:
        """Take the backup that is marked."""
        at = self.list.currentIndex().row()
        if 0 <= at < len(self._backups):
            self.chosen = self._backups[at]
            super().accept()
