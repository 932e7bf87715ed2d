"""Asking for a deadline of our own: what, by when, about which award, and who sees to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, get_args

from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from fundtrack.core.edit import Edit, add, free_key
from fundtrack.core.model import Deadline, DeadlineKind
from fundtrack.gui import typed
from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import Choice, button, label

if TYPE_CHECKING:
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View

_KINDS: dict[DeadlineKind, str] = {
    "return": "Return",
    "claim": "Claim",
    "bid": "Bid",
    "writing": "Start writing",
    "submit": "Submit the bid",
    "decision": "Decision",
    "consultation": "Start consultation",
    "notice": "Give notice",
    "meeting": "Meeting",
    "other": "Something else",
}
_FIRST: DeadlineKind = "other"


class DeadlineDialog(QDialog):
    """Asks for one deadline. `edit` is the answer, once accepted."""

    def __init__(self, look: Look, view: View, parent: QWidget, due: str = "") -> None:
        super().__init__(parent)
        self.edit: Edit | None = None
        self.key = ""
        self._view = view
        self.setWindowTitle(tr("Add a deadline"))
        self.setMinimumWidth(480)
        self.what = QLineEdit()
        self.due = QLineEdit(due)
        self.due.setPlaceholderText("31/3/27")
        self.kind = Choice(look)
        for kind in get_args(DeadlineKind):
            self.kind.addItem(tr(_KINDS[kind]), kind)
        self.kind.setCurrentIndex(list(_KINDS).index(_FIRST))
        self.award = Choice(look)
        self.award.addItem(tr("No award"), None)
        for award in view.portfolio.awards:
            self.award.addItem(award.title, award.key)
        self.owner = QLineEdit()
        self.owner.setPlaceholderText(tr("A role, such as Finance manager"))
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setVerticalSpacing(10)
        for said, field in (
            ("&What is to be done", self.what),
            ("By which &day", self.due),
            ("&Kind", self.kind),
            ("About which &award", self.award),
            ("Who &sees to it", self.owner),
        ):
            named = label(said)
            named.setBuddy(field)
            field.setAccessibleName(tr(said).replace("&", ""))
            form.addRow(named, field)
        self.fault = label(tone="fault", wrap=True)
        self.fault.hide()
        ask = button("Add deadline", "primary", self.accept)
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
        self.what.setFocus()

    def accept(self) -> None:
        """Take the answer, or say what to type instead."""
        try:
            self.edit = self._read()
        except ValueError as wrong:
            self.fault.setText(str(wrong))
            self.fault.show()
            return
        super().accept()

    def _read(self) -> Edit:
        what = " ".join(self.what.text().split())
        if not what:
            self.what.setFocus()
            raise ValueError("Type what is to be done")
        try:
            due = typed.read_date(self.due.text(), self._view.outlook.today.year)
        except ValueError:
            self.due.setFocus()
            raise
        self.key = free_key(self._view.portfolio, "deadlines", "deadline")
        made = Deadline(
            key=self.key,
            award=cast("str | None", self.award.currentData()),
            kind=cast("DeadlineKind", self.kind.currentData()),
            title=what,
            due=due,
            owner=" ".join(self.owner.text().split()) or None,
        )
        edit = Edit(f"Add deadline: {what}", (add("deadlines", made),))
        if refused := self._view.refusal(edit):
            raise ValueError(refused)
        return edit
