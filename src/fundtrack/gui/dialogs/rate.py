"""Asking for a statutory figure of the charity's own, to stand over the shipped one."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from fundtrack.core import rate_words, words
from fundtrack.core.edit import Edit, add, change, remove
from fundtrack.core.model import Rate
from fundtrack.core.plain import decimal_text
from fundtrack.gui import typed
from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import Choice, button, label

if TYPE_CHECKING:
    from fundtrack.core.model import RateNation
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View

_UNITS = {"days": "days", "months": "months", "percent": "per cent", "pounds": "£"}


class RateDialog(QDialog):
    """Asks for one rate, new or to be changed. `edit` is the answer, once accepted."""

    def __init__(self, look: Look, view: View, parent: QWidget, before: Rate | None = None) -> None:
        super().__init__(parent)
        self.edit: Edit | None = None
        self._view, self._before = view, before
        self.setWindowTitle(tr("Change a rate" if before else "Add a rate"))
        self.setMinimumWidth(look.px(460))
        self.code, self.nation = Choice(look), Choice(look)
        for code, name in rate_words.RATE_NAMES.items():
            self.code.addItem(tr(name.title), code)
        for nation, said in rate_words.NATION_WORDS.items():
            self.nation.addItem(tr(said), nation)
        self.value, self.from_, self.to, self.source = (QLineEdit() for _ in range(4))
        self.to.setPlaceholderText(tr("Empty: until another replaces it"))
        self.source.setPlaceholderText(tr("Where the figure is published"))
        self._value_name = label("&Figure")
        self._value_name.setBuddy(self.value)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setVerticalSpacing(10)
        for said, field in (
            ("&What", self.code),
            ("Wh&ere", self.nation),
            ("", self.value),
            ("&From, first day", self.from_),
            ("&To, last day", self.to),
            ("&Source", self.source),
        ):
            named = label(said) if said else self._value_name
            named.setBuddy(field)
            if said:
                field.setAccessibleName(tr(said).replace("&", ""))
            form.addRow(named, field)
        self.fault = label(tone="fault", wrap=True)
        self.fault.hide()
        ask = button("Change rate" if before else "Add rate", "primary", self.accept)
        ask.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(button("Cancel", act=self.reject))
        buttons.addWidget(ask)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(12)
        whole.addLayout(form)
        whole.addWidget(
            label("It wins over the shipped figure on the days it covers.", tone="muted")
        )
        whole.addWidget(self.fault)
        whole.addLayout(buttons)
        self.code.currentIndexChanged.connect(lambda _at: self._name_value())
        if before is not None:
            self._show(before)
        self._name_value()

    def accept(self) -> None:
        """Take the answer if it can stand; otherwise say why."""
        try:
            rate = self._read()
            edit = self._edit(rate)
            if refused := self._view.refusal(edit):
                raise ValueError(refused)  # noqa: TRY301 - told in the same place
        except ValueError as wrong:
            self.fault.setText(str(wrong))
            self.fault.show()
            return
        self.edit = edit
        super().accept()

    def _show(self, rate: Rate) -> None:
        self.code.setCurrentIndex(self.code.findData(rate.code))
        self.nation.setCurrentIndex(self.nation.findData(rate.nation))
        self.value.setText(decimal_text(rate_words.as_typed(rate.code, rate.value)))
        self.from_.setText(words.short_day(rate.from_))
        self.to.setText(words.short_day(rate.to) if rate.to else "")
        self.source.setText(rate.source or "")

    def _name_value(self) -> None:
        name = rate_words.RATE_NAMES.get(str(self.code.currentData()))
        unit = f", {_UNITS[name.measure]} {name.per}".rstrip() if name else ""
        self._value_name.setText(tr("F&igure") + tr(unit))
        self.value.setAccessibleName(tr("Figure") + tr(unit))

    def _read(self) -> Rate:
        code = self.code.currentData()
        if code is None:
            raise ValueError("Choose what the figure is from the list")
        year = self._view.outlook.today.year
        kept = self._before
        return Rate(
            code=str(code),
            nation=cast("RateNation", self.nation.currentData()),
            value=rate_words.as_kept(
                str(code), typed.read_number(self.value.text().replace("£", "").replace("%", ""))
            ),
            from_=typed.read_date(self.from_.text(), kept.from_.year if kept else year),
            to=typed.read_date(self.to.text(), year) if self.to.text().strip() else None,
            source=" ".join(self.source.text().split()) or None,
        )

    def _edit(self, rate: Rate) -> Edit:
        title = rate_words.title_of(rate.code)
        if self._before is None:
            return Edit(f"Add rate: {title}", (add("rates", rate),))
        label_ = f"Change rate: {title}"
        if self._before.key == rate.key:
            return Edit(label_, (change("rates", self._before, rate),))
        gone = remove(self._view.portfolio, "rates", self._before.key)
        return Edit(label_, (gone, add("rates", rate, gone.at)))
