"""Asking how an amount lies on the months of an award: typed month by month, or spread evenly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from fundtrack.core import words
from fundtrack.core.edit import Edit
from fundtrack.core.model import ProfileMonth
from fundtrack.core.money import share_out
from fundtrack.core.period import months_between
from fundtrack.gui import kinds
from fundtrack.gui.speech import tr
from fundtrack.gui.table import Column, Table
from fundtrack.gui.widgets.frame import button, label
from fundtrack.gui.widgets.grid import Grid

if TYPE_CHECKING:
    from datetime import date

    from fundtrack.gui.look import Look


@dataclass(frozen=True, slots=True)
class Month:
    """One month and what lies on it, in pence."""

    month: date
    amount: int


class ProfileDialog(QDialog):
    """Asks for a profile. `profile` is the answer, once accepted; () is an even spread.

    `days` are the first and the last day that the amount (pence) may lie on.
    """

    def __init__(
        self,
        look: Look,
        title: str,
        amount: int,
        profile: tuple[ProfileMonth, ...],
        days: tuple[date, date],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.profile: tuple[ProfileMonth, ...] | None = None
        self._amount = amount
        self.setWindowTitle(tr("Months of the amount"))
        self.table: Table[Month] = Table(
            (
                Column(
                    name="month",
                    title="Month",
                    value=lambda row: row.month,
                    shown=lambda row: words.month_name(row.month),
                    stretch=True,
                ),
                Column(
                    name="amount",
                    title="Amount",
                    kind=kinds.PENCE,
                    value=lambda row: row.amount,
                    edit=lambda row, value: Edit(f"{row.month.isoformat()}={value}", ()),
                    width=14,
                ),
            ),
            key=lambda row: row.month.isoformat(),
        )
        self.grid = Grid(look, self.table, "Months", sortable=False)
        self.grid.setObjectName("framed")
        self.grid.usual_rows = 12
        self.grid.setMinimumHeight(look.px(240))
        self.grid.setMinimumWidth(look.px(380))
        self.total = label(wrap=True)
        self.even_button = button("Spread evenly", act=self.spread_evenly)
        ask = button("Keep these months", "primary", self.accept)
        ask.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addWidget(self.even_button)
        buttons.addStretch(1)
        buttons.addWidget(button("Cancel", act=self.reject))
        buttons.addWidget(ask)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(10)
        whole.addWidget(label(title, scale="section", wrap=True))
        whole.addWidget(self.grid, 1)
        whole.addWidget(self.total)
        whole.addLayout(buttons)
        months = months_between(*days)
        outside = [row.month for row in profile if row.month not in months]
        self._months = tuple(sorted({*months, *outside}))
        known = {row.month: row.amount for row in profile}
        self._even = not profile
        parts = share_out(amount, [1] * len(self._months)) if self._even else ()
        self._amounts = {
            month: parts[at] if self._even else known.get(month, 0)
            for at, month in enumerate(self._months)
        }
        self.table.edit_wanted.connect(self._put)
        self._show()
        self.grid.choose(self._months[0].isoformat(), 1)
        self.grid.setFocus()

    def spread_evenly(self) -> None:
        """Let it lie evenly: no profile at all."""
        parts = share_out(self._amount, [1] * len(self._months))
        self._amounts = dict(zip(self._months, parts, strict=True))
        self._even = True
        self._show()

    def accept(self) -> None:
        """Take the months; those with nothing on them are left out."""
        rows = [ProfileMonth(month=month, amount=pence) for month, pence in self._amounts.items()]
        self.profile = () if self._even else tuple(row for row in rows if row.amount)
        super().accept()

    def _put(self, edit: Edit) -> None:
        month, _, pence = edit.label.partition("=")
        self._amounts = {
            each: int(pence) if each.isoformat() == month else amount
            for each, amount in self._amounts.items()
        }
        self._even = False
        self._show()

    def _show(self) -> None:
        self.grid.present(tuple(Month(each, pence) for each, pence in self._amounts.items()))
        total = sum(self._amounts.values())
        over = total - self._amount
        said = f"Together {words.money(total)}"
        if over:
            word = "more" if over > 0 else "less"
            said = f"{said}: {words.money(abs(over))} {word} than {words.money(self._amount)}"
        self.total.setText(said)
        self.total.setProperty("tone", "fault" if over else "muted")
        self.total.style().polish(self.total)
