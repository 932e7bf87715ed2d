"""Asking for a new share: of which post or cost, charged to which award, and how much of it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCompleter,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from fundtrack.core import words
from fundtrack.gui import typed, wishes
from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import Choice, button, label
from fundtrack.gui.widgets.shares import award_choices, payee_choices

if TYPE_CHECKING:
    from datetime import date

    from fundtrack.core.edit import Edit
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View


class ShareDialog(QDialog):
    """Asks for one share. `edit` is the answer, once accepted."""

    def __init__(
        self, look: Look, view: View, parent: QWidget, *, post: str = "", award: str = ""
    ) -> None:
        super().__init__(parent)
        self.edit: Edit | None = None
        self._view = view
        self.setWindowTitle(tr("Add a share"))
        portfolio = view.portfolio
        self.payee = _choice(look, payee_choices(portfolio), f"posts.{post}")
        self.award = _choice(look, award_choices(portfolio.awards), award or None)
        self.percent = QLineEdit("100")
        self.first, self.last = QLineEdit(), QLineEdit()
        self.fault = label(tone="fault", wrap=True)
        self.fault.setVisible(False)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(_named("&Post or cost", self.payee), self.payee)
        form.addRow(_named("Charged to &award", self.award), self.award)
        form.addRow(_named("&Share, per cent", self.percent), self.percent)
        form.addRow(_named("&First day", self.first), self.first)
        form.addRow(_named("&Last day", self.last), self.last)
        ask = button("Add share", "primary", self.accept)
        ask.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(button("Cancel", act=self.reject))
        buttons.addWidget(ask)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(12)
        whole.addLayout(form)
        whole.addWidget(label("Without days of its own it runs for the award's.", tone="muted"))
        whole.addWidget(self.fault)
        whole.addLayout(buttons)
        self.setMinimumWidth(460)
        self.percent.selectAll()
        self.award.currentIndexChanged.connect(lambda _at: self._hint_days())
        self._hint_days()
        (self.award if post else self.payee).setFocus()

    def _hint_days(self) -> None:
        """Show in the empty fields which days the award itself has."""
        award = self._view.portfolio.awards_by_key.get(self.award.currentData() or "")
        for field, day in (
            (self.first, award.start if award else None),
            (self.last, award.end if award else None),
        ):
            field.setPlaceholderText(tr(words.short_day(day) if day else ""))

    def _day(self, field: QLineEdit) -> date | None:
        text = field.text().strip()
        return typed.read_date(text, self._view.outlook.today.year) if text else None

    def accept(self) -> None:
        """Take the answer if it can stand; otherwise say why under the fields."""
        chosen = cast("str | None", self.payee.currentData())
        try:
            if not chosen or self.payee.currentText() != self.payee.itemText(
                self.payee.currentIndex()
            ):
                raise ValueError("Choose a post or a cost from the list")  # noqa: TRY301
            percent = typed.read_percent(self.percent.text())
            list_, _, key = chosen.partition(".")
            edit, _ = wishes.new_share(
                self._view.portfolio,
                list_.removesuffix("s"),
                key,
                cast("str | None", self.award.currentData()),
                Decimal(percent),
                from_=self._day(self.first),
                to=self._day(self.last),
            )
            if refused := self._view.refusal(edit):
                raise ValueError(refused)  # noqa: TRY301 - told in the same place
        except ValueError as wrong:
            self.fault.setText(str(wrong))
            self.fault.setVisible(True)
            return
        self.edit = edit
        super().accept()


def _choice(look: Look, choices: tuple[tuple[str | None, str], ...], chosen: str | None) -> Choice:
    box = Choice(look)
    box.setEditable(True)
    box.setInsertPolicy(Choice.InsertPolicy.NoInsert)
    for value, said in choices:
        box.addItem(tr(said), value)
    completer = box.completer() or QCompleter(box)
    completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    values = [value for value, _ in choices]
    box.setCurrentIndex(values.index(chosen) if chosen in values else -1)
    return box


def _named(title: str, field: QWidget) -> QLabel:
    made = label(title)
    made.setBuddy(field)
    field.setAccessibleName(tr(title).replace("&", ""))
    return made
