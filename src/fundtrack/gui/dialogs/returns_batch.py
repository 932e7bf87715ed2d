"""Asking by which day the returns to be written are due, and into which folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from fundtrack.core import words
from fundtrack.core.returns.register import due_by
from fundtrack.gui import typed
from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import button, label

if TYPE_CHECKING:
    from datetime import date

    from fundtrack.core.returns.register import Owed
    from fundtrack.gui.look import Look


class BatchDialog(QDialog):
    """Asks for a day and a folder. `wanted` and `folder` are the answer, once accepted."""

    def __init__(
        self,
        look: Look,
        every: tuple[Owed, ...],
        today: date,
        by: date,
        folder: Path,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.wanted: tuple[Owed, ...] = ()
        self.folder = folder
        self._every, self._today = every, today
        self.setWindowTitle(tr("Write all returns due"))
        self.setMinimumWidth(look.px(520))
        self.by = QLineEdit(words.short_day(by))
        self.where = QLineEdit(str(folder))
        choose = button("Choose…", "small", self._choose)
        choose.setAccessibleName(tr("Choose the folder"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.where, 1)
        row.addWidget(choose)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setVerticalSpacing(10)
        day, where = label("Due &by"), label("Into the &folder")
        day.setBuddy(self.by)
        where.setBuddy(self.where)
        self.by.setAccessibleName(tr("Due by"))
        self.where.setAccessibleName(tr("Into the folder"))
        form.addRow(day, self.by)
        form.addRow(where, row)
        self.count = label(tone="muted", wrap=True)
        self.fault = label(tone="fault", wrap=True)
        self.fault.hide()
        self.write_button = button("Write them", "primary", self.accept)
        self.write_button.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(button("Cancel", act=self.reject))
        buttons.addWidget(self.write_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(12)
        whole.addWidget(
            label(
                "Each return is written in its own layout and proved. One in which something "
                "looks personal is left for you to look at.",
                tone="muted",
                wrap=True,
            )
        )
        whole.addLayout(form)
        whole.addWidget(self.count)
        whole.addWidget(self.fault)
        whole.addLayout(buttons)
        self.by.textChanged.connect(lambda _text: self._follow())
        self._follow()

    def _due(self) -> tuple[Owed, ...]:
        by = typed.read_date(self.by.text(), self._today.year)
        return tuple(due_by(self._every, by))

    def _follow(self) -> None:
        try:
            due = self._due()
        except ValueError as wrong:
            self.count.setText(str(wrong))
            self.write_button.setEnabled(False)
            return
        self.count.setText(f"{words.sentence(words.count(len(due), 'return'))} to be written.")
        self.write_button.setEnabled(bool(due))

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Into the folder"), self.where.text())
        if chosen:
            self.where.setText(chosen)

    def accept(self) -> None:
        """Take the answer, or say what to type instead."""
        folder = Path(self.where.text().strip())
        if not self.where.text().strip() or not folder.is_dir():
            self.fault.setText("There is no such folder. Choose one that is there")
            self.fault.show()
            return
        self.wanted, self.folder = self._due(), folder
        super().accept()
