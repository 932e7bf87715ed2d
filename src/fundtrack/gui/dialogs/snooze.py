"""Asking until when something may rest, and why, so that others know."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from fundtrack.core import words
from fundtrack.core.deadlines import Due, Snooze, snoozed
from fundtrack.core.errors import RefusedError
from fundtrack.gui import typed
from fundtrack.gui.speech import tr
from fundtrack.gui.view import sentence_of
from fundtrack.gui.widgets.frame import button, label

_USUAL = timedelta(days=7)


class SnoozeDialog(QDialog):
    """Asks for a day and a reason. `snoozes` is every snooze with this one, once accepted."""

    def __init__(self, due: Due, snoozes: tuple[Snooze, ...], today: date, parent: QWidget) -> None:
        super().__init__(parent)
        self.snoozes: tuple[Snooze, ...] | None = None
        self._due, self._before, self._today = due, snoozes, today
        self.setWindowTitle(tr("Snooze"))
        self.setMinimumWidth(460)
        until = due.snooze.until if due.snooze is not None else today + _USUAL
        self.until = QLineEdit(words.short_day(until))
        self.reason = QLineEdit("" if due.snooze is None else due.snooze.reason)
        self.reason.setPlaceholderText(tr("Waiting for the funder's answer"))
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setVerticalSpacing(10)
        for said, field in (("&Remind me again on", self.until), ("&Why", self.reason)):
            named = label(said)
            named.setBuddy(field)
            field.setAccessibleName(tr(said).replace("&", ""))
            form.addRow(named, field)
        self.fault = label(tone="fault", wrap=True)
        self.fault.hide()
        ask = button("Snooze reminders", "primary", self.accept)
        ask.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(button("Cancel", act=self.reject))
        buttons.addWidget(ask)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(12)
        whole.addWidget(label(due.title, scale="section", wrap=True))
        about = "It stays in the list, with your reason, and its day does not move."
        whole.addWidget(label(about, tone="muted", wrap=True))
        whole.addLayout(form)
        whole.addWidget(self.fault)
        whole.addLayout(buttons)
        self.reason.setFocus()

    def accept(self) -> None:
        """Take the answer, or say what to type instead."""
        try:
            until = typed.read_date(self.until.text(), self._today.year)
            self.snoozes = snoozed(self._before, self._due, until, self.reason.text(), self._today)
        except ValueError as wrong:
            self._refuse(str(wrong), self.until)
        except RefusedError as refused:
            at = self.reason if refused.problems[0].path == "reason" else self.until
            self._refuse(sentence_of(refused.problems), at)
        else:
            super().accept()

    def _refuse(self, said: str, field: QLineEdit) -> None:
        self.fault.setText(said)
        self.fault.show()
        field.setFocus()
