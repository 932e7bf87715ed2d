"""Asking who takes a return's next step, on which day, and why where the rule asks for a reason."""

from __future__ import annotations

from dataclasses import dataclass
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
from fundtrack.core.errors import KnownError, RefusedError
from fundtrack.gui import typed
from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import Choice, button, label

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from fundtrack.core.edit import Edit
    from fundtrack.core.errors import Problem
    from fundtrack.gui.look import Look

WORKBOOKS = "Workbooks (*.xlsx *.xlsm);;All files (*)"
_MOST_TOLD = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was answered. `choice` is what was chosen, if there was a choice; so is `file`."""

    who: str
    on: date
    note: str
    choice: str = ""
    file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: its title and words, the button's word, and what else than who and when.

    `note` names the field for a reason. `choices` are offered under `choice` where there are any.
    `file` asks for the file that was sent; `fresh` is the one written last.
    """

    title: str
    says: str
    act: str
    note: str = "&Note"
    note_hint: str = "If there is anything to remember"
    choice: str = "&Layout"
    choices: Sequence[tuple[str, str]] = ()
    chosen: str = ""
    file: bool = False
    fresh: Path | None = None
    who: str = ""


class StepDialog(QDialog):
    """Asks about one step. `edit` is what `make` made of the answer, once accepted."""

    def __init__(
        self,
        look: Look,
        question: Question,
        today: date,
        make: Callable[[Answer], Edit],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.edit: Edit | None = None
        self._question, self._today, self._make = question, today, make
        self.setWindowTitle(tr(question.title))
        self.setMinimumWidth(look.px(520))
        self.who = QLineEdit(question.who)
        self.who.setPlaceholderText(tr("A role or a name, such as Finance lead"))
        self.on = QLineEdit(words.short_day(today))
        self.note = QLineEdit()
        self.note.setPlaceholderText(tr(question.note_hint))
        self.choice = Choice(look)
        for value, said in question.choices:
            self.choice.addItem(tr(said), value)
        self.choice.setCurrentIndex(max(0, self.choice.findData(question.chosen)))
        self.file = QLineEdit("" if question.fresh is None else str(question.fresh))
        self.file.setPlaceholderText(tr("The workbook that was sent"))
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setVerticalSpacing(10)
        self._ask(form, "&Who", self.who)
        self._ask(form, "On which &day", self.on)
        if question.choices:
            self._ask(form, question.choice, self.choice)
        if question.file:
            self._ask(form, "The &file", self.file, self._chooser())
        self._ask(form, question.note, self.note)
        self.fault = label(tone="fault", wrap=True)
        self.fault.hide()
        ask = button(question.act, "primary", self.accept)
        ask.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(button("Cancel", act=self.reject))
        buttons.addWidget(ask)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(12)
        whole.addWidget(label(question.says, tone="muted", wrap=True))
        whole.addLayout(form)
        whole.addWidget(self.fault)
        whole.addLayout(buttons)
        self.who.setFocus()

    def _ask(
        self, form: QFormLayout, said: str, field: QWidget, beside: QWidget | None = None
    ) -> None:
        named = label(said)
        named.setBuddy(field)
        field.setAccessibleName(tr(said).replace("&", ""))
        if beside is None:
            form.addRow(named, field)
            return
        row = QHBoxLayout()
        row.addWidget(field, 1)
        row.addWidget(beside)
        form.addRow(named, row)

    def _chooser(self) -> QWidget:
        made = button("Choose…", "small", self._choose_file)
        made.setAccessibleName(tr("Choose the file that was sent"))
        return made

    def _choose_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, tr("The file that was sent"), self.file.text(), tr(WORKBOOKS)
        )
        if chosen:
            self.file.setText(chosen)

    def accept(self) -> None:
        """Take the answer, or say what stands in the way."""
        try:
            self.edit = self._make(self._read())
        except ValueError as wrong:
            self._say(str(wrong))
        except RefusedError as refused:
            self._say(told(refused.problems))
        except KnownError as known:
            self._say(str(known))
        else:
            super().accept()

    def _say(self, says: str) -> None:
        self.fault.setText(says)
        self.fault.show()
        self.adjustSize()

    def _read(self) -> Answer:
        who = " ".join(self.who.text().split())
        if not who:
            self.who.setFocus()
            raise ValueError("Type who takes this step: a role or a name")
        try:
            on = typed.read_date(self.on.text(), self._today.year)
        except ValueError:
            self.on.setFocus()
            raise
        if on > self._today:
            self.on.setFocus()
            raise ValueError(f"{words.short_day(on)} is still to come. Give the day it was done")
        if self._question.file and not self.file.text().strip():
            self.file.setFocus()
            raise ValueError("Choose the file that was sent, so that it can be known again")
        return Answer(
            who=who,
            on=on,
            note=" ".join(self.note.text().split()),
            choice=str(self.choice.currentData() or ""),
            file=Path(self.file.text().strip()) if self._question.file else None,
        )


def told(problems: tuple[Problem, ...]) -> str:
    """What stands in the way, a line each, and how many more there are."""
    lines = [words.sentence(each.says) for each in problems[:_MOST_TOLD]]
    more = len(problems) - _MOST_TOLD
    return "\n".join([*lines, f"… and {more} more"] if more > 0 else lines)
