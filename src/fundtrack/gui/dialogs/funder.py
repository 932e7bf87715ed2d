"""Asking who a new funder is: its name, its kind, and whose money it really is."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, get_args

from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from fundtrack.core import words
from fundtrack.core.edit import Edit, add, free_key
from fundtrack.core.model import Change, Funder, FunderKind
from fundtrack.gui import typed
from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import Choice, button, label

if TYPE_CHECKING:
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View


class FunderDialog(QDialog):
    """Asks for one funder. `change` adds it to the book, once accepted."""

    def __init__(self, look: Look, view: View, parent: QWidget) -> None:
        super().__init__(parent)
        self.change: Change | None = None
        self._view = view
        self.setWindowTitle(tr("Add a funder"))
        self.setMinimumWidth(460)
        self.name = QLineEdit()
        self.kind = Choice(look)
        self.kind.addItem(tr("Not said"), None)
        for kind in get_args(FunderKind):
            self.kind.addItem(tr(words.sentence(kind)), kind)
        self.source = Choice(look)
        self.source.addItem(tr("Its own"), None)
        for funder in view.portfolio.funders:
            self.source.addItem(funder.name, funder.key)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setVerticalSpacing(10)
        for said, field in (
            ("&Name", self.name),
            ("&Kind", self.kind),
            ("&Whose money it really is", self.source),
        ):
            named = label(said)
            named.setBuddy(field)
            field.setAccessibleName(tr(said).replace("&", ""))
            form.addRow(named, field)
        self.fault = label(tone="fault", wrap=True)
        self.fault.hide()
        ask = button("Add funder", "primary", self.accept)
        ask.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(button("Cancel", act=self.reject))
        buttons.addWidget(ask)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(12)
        whole.addLayout(form)
        whole.addWidget(self.fault)
        whole.addLayout(buttons)
        self.name.setFocus()

    def accept(self) -> None:
        """Take the answer, or say what to type instead."""
        try:
            self.change = self._read()
        except ValueError as wrong:
            self.fault.setText(str(wrong))
            self.fault.show()
            self.name.setFocus()
            return
        super().accept()

    def _read(self) -> Change:
        name = typed.read_text(self.name.text())
        if any(each.name.casefold() == name.casefold() for each in self._view.portfolio.funders):
            raise ValueError(f"{name} is a funder already. Choose it from the list")
        made = Funder(
            key=free_key(self._view.portfolio, "funders", "funder"),
            name=name,
            kind=cast("FunderKind | None", self.kind.currentData()),
            ultimate_source=cast("str | None", self.source.currentData()),
        )
        edit = Edit("Add a funder", (add("funders", made),))
        if refused := self._view.refusal(edit):
            raise ValueError(refused)
        return edit.changes[0]
