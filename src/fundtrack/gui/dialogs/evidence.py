"""Asking who said so, when and how, before an award is taken to be surer than it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from fundtrack.core import words
from fundtrack.core.model import Evidence
from fundtrack.core.wishes import stage_name
from fundtrack.gui import typed
from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import Choice, button, label

if TYPE_CHECKING:
    from datetime import date

    from fundtrack.core.model import Stage
    from fundtrack.gui.look import Look

CHANNELS = ("e-mail", "letter", "telephone", "meeting", "website", "bank")
GRADES = (
    "0 · nothing was said",
    "1 · a hint",
    "2 · spoken by a named officer",
    "3 · e-mail by an officer",
    "4 · published decision",
    "5 · offer letter",
    "6 · signed agreement",
    "7 · first payment received",
)
"""How much each kind of evidence is worth, by its grade."""
_E_MAIL, _OFFER = 3, 5


class EvidenceDialog(QDialog):
    """Asks for one piece of evidence. `evidence` is the answer, once accepted."""

    def __init__(
        self, look: Look, title: str, stage: Stage | None, today: date, parent: QWidget
    ) -> None:
        """`stage` is the firmer one that is asked for; None records what was said by itself."""
        super().__init__(parent)
        self.evidence: Evidence | None = None
        self._today = today
        self.setWindowTitle(tr(f"Move to {stage_name(stage)}" if stage else "Add evidence"))
        self.setMinimumWidth(480)
        self.who = QLineEdit()
        self.who.setPlaceholderText(tr("Name or office"))
        self.on = QLineEdit(words.short_day(today))
        self.channel = Choice(look)
        for channel in CHANNELS:
            self.channel.addItem(tr(words.sentence(channel)), channel)
        self.grade = Choice(look)
        for at, said in enumerate(GRADES):
            self.grade.addItem(tr(said), at)
        self.grade.setCurrentIndex(_E_MAIL if stage == "agreed-in-principle" else _OFFER)
        self.channel.setCurrentIndex(0 if stage == "agreed-in-principle" else 1)
        self.note = QLineEdit()
        self.note.setPlaceholderText(tr("Their words, or where they are kept"))
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setVerticalSpacing(10)
        for said, field in (
            ("&Who said so", self.who),
            ("&On which day", self.on),
            ("&How", self.channel),
            ("What it is w&orth", self.grade),
            ("&Note", self.note),
        ):
            named = label(said)
            named.setBuddy(field)
            field.setAccessibleName(tr(said).replace("&", ""))
            form.addRow(named, field)
        self.fault = label(tone="fault", wrap=True)
        self.fault.hide()
        ask = button("Record and move" if stage else "Record", "primary", self.accept)
        ask.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(button("Cancel", act=self.reject))
        buttons.addWidget(ask)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(12)
        whole.addWidget(label(title, scale="section", wrap=True))
        about = "What was said, by whom, and what is it worth?"
        if stage is not None:
            firmer = words.sentence(stage_name(stage))
            about = f"{firmer} is firmer than it was. What does it rest on?"
        whole.addWidget(label(about, tone="muted", wrap=True))
        whole.addLayout(form)
        whole.addWidget(self.fault)
        whole.addLayout(buttons)
        self.who.setFocus()

    def begin_with(self, evidence: Evidence) -> None:
        """Show what a piece of evidence says already."""
        self.setWindowTitle(tr("Change evidence"))
        self.who.setText(evidence.who or "")
        self.on.setText(words.short_day(evidence.on))
        if evidence.channel and self.channel.findData(evidence.channel) < 0:
            self.channel.addItem(tr(words.sentence(evidence.channel)), evidence.channel)
        self.channel.setCurrentIndex(self.channel.findData(evidence.channel))
        self.grade.setCurrentIndex(-1 if evidence.grade is None else evidence.grade)
        self.note.setText(evidence.note or "")

    def accept(self) -> None:
        """Take the answer, or say what to type instead."""
        try:
            self.evidence = self._read()
        except ValueError as wrong:
            self.fault.setText(str(wrong))
            self.fault.show()
            return
        super().accept()

    def _read(self) -> Evidence:
        who = " ".join(self.who.text().split())
        if not who:
            self.who.setFocus()
            raise ValueError("Type who said so: a name, an office, or a website")
        on = typed.read_date(self.on.text(), self._today.year)
        if on > self._today:
            self.on.setFocus()
            raise ValueError(f"{words.short_day(on)} is still to come. Give the day it was said")
        return Evidence(
            key="",
            on=on,
            who=who,
            channel=cast("str | None", self.channel.currentData()),
            grade=cast("int | None", self.grade.currentData()),
            note=" ".join(self.note.text().split()) or None,
        )
