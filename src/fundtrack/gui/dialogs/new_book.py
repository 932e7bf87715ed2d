"""Three questions for a new book: the charity's name, where it employs, and its free reserves."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from fundtrack.core import words
from fundtrack.core.model import Balances, Organisation, Portfolio
from fundtrack.gui import typed
from fundtrack.gui.widgets.frame import Choice, button, label

if TYPE_CHECKING:
    from datetime import date

    from fundtrack.core.model import Nation
    from fundtrack.gui.look import Look

_NATIONS = (
    ("england-and-wales", "England and Wales"),
    ("scotland", "Scotland"),
    ("northern-ireland", "Northern Ireland"),
)
_APRIL = 4


class NewBook(QDialog):
    """Asks the three questions. `portfolio` is the answer, once accepted."""

    def __init__(self, look: Look, today: date, parent: QWidget) -> None:
        super().__init__(parent)
        self.portfolio: Portfolio | None = None
        self._today = today
        self.setWindowTitle("New book")
        self.setMinimumWidth(480)
        self.name = QLineEdit()
        self.nation = Choice(look)
        for nation, said in _NATIONS:
            self.nation.addItem(said, nation)
        self.reserves = QLineEdit()
        self.reserves.setPlaceholderText("£, a rough figure is fine")
        self.as_at = QLineEdit(words.short_day(today.replace(day=1)))
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setVerticalSpacing(10)
        for said, field in (
            ("&What is your charity called?", self.name),
            ("Where do you &employ people?", self.nation),
            ("What are your free &reserves?", self.reserves),
            ("At the start of which &day?", self.as_at),
        ):
            named = label(said)
            named.setBuddy(field)
            field.setAccessibleName(said.replace("&", ""))
            form.addRow(named, field)
        self.fault = label(tone="fault", wrap=True)
        self.fault.hide()
        ask = button("Choose where to keep it…", "primary", self.accept)
        ask.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(button("Cancel", act=self.reject))
        buttons.addWidget(ask)
        about = (
            "Free reserves are money you could spend on anything: not restricted, not designated, "
            "not buildings. Everything can be changed later."
        )
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(12)
        whole.addLayout(form)
        whole.addWidget(label(about, scale="caption", tone="muted", wrap=True))
        whole.addWidget(self.fault)
        whole.addLayout(buttons)

    def accept(self) -> None:
        """Take the answers, or say what to type instead."""
        try:
            self.portfolio = self._read()
        except ValueError as wrong:
            self.fault.setText(str(wrong))
            self.fault.show()
            return
        super().accept()

    def _read(self) -> Portfolio:
        name = " ".join(self.name.text().split())
        if not name:
            self.name.setFocus()
            raise ValueError("Type what your charity is called")
        reserves = self.reserves.text().strip()
        pence = typed.read_pounds(reserves) if reserves else 0
        as_at = typed.read_date(self.as_at.text(), self._today.year)
        organisation = Organisation(
            name=name,
            nation=cast("Nation", self.nation.currentData()),
            balances=Balances(as_at=as_at, free_reserves=pence),
            year_start_month=_APRIL,
        )
        return Portfolio(organisation=organisation)
