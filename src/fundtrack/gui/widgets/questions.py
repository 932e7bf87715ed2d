"""The three questions a book begins with: its charity's name, where it employs, its free reserves.

Two quieter things stand under them with answers that are usual: when the year starts, and the
trustees' policy for reserves. Everything can be changed later under Settings.
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, TypeVar, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from fundtrack.core import words
from fundtrack.core.model import Balances, Organisation, Portfolio, ReservesPolicy
from fundtrack.gui import typed
from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import Segments, button, label

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from PySide6.QtWidgets import QPushButton

    from fundtrack.core.model import Nation
    from fundtrack.gui.look import Look

NATIONS = (
    ("england-and-wales", "England and Wales"),
    ("scotland", "Scotland"),
    ("northern-ireland", "Northern Ireland"),
)
_POLICIES = (None, 1, 2, 3, 4, 6, 9, 12)
"""Months of spending that trustees usually decide to keep."""
_APRIL = 4
Answer = TypeVar("Answer")


class Questions(QWidget):
    """Asks the three questions; `entered` tells that Enter was pressed in one of them."""

    entered = Signal()

    def __init__(self, look: Look, today: date) -> None:
        super().__init__()
        self._today = today
        self._months: int | None = None
        self._start_month = _APRIL
        self.name = QLineEdit()
        self.nation = Segments(tuple(said for _, said in NATIONS), "Where do you employ people?")
        self.reserves = QLineEdit()
        self.reserves.setPlaceholderText("£")
        self.as_at = QLineEdit(words.day(today.replace(day=1)))
        self.faults = {each: _fault() for each in (self.name, self.reserves, self.as_at)}
        self.year_button = _quiet(self._months_menu(), "Your year starts in")
        self.policy_button = _quiet(self._policies_menu(), "Policy for reserves")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(_question("1. &What is your charity called?", self.name))
        column.addWidget(self.name)
        column.addWidget(self.faults[self.name])
        column.addSpacing(10)
        column.addWidget(label("2. Where do you employ people?", tone="strong"))
        column.addWidget(self.nation)
        column.addWidget(_hint("Redundancy rates and bank holidays differ between them."))
        column.addSpacing(10)
        column.addWidget(_question("3. What are your &free reserves?", self.reserves))
        column.addLayout(self._money_and_day())
        column.addWidget(self.faults[self.reserves])
        column.addWidget(self.faults[self.as_at])
        column.addWidget(
            _hint(
                "Money you could spend on anything, at the start of a day: not restricted, not "
                "designated, not buildings. A rough figure is fine; you can change it at any time."
            )
        )
        column.addSpacing(8)
        column.addLayout(self._quieter())
        for line, fault in self.faults.items():
            line.textEdited.connect(lambda _text, it=fault, at=line: _tell(at, it, ""))
            line.returnPressed.connect(self.entered)
        look.follow(self, self._show_quieter)

    def portfolio(self) -> Portfolio | None:
        """The book that the answers make; None if one is missing, which is said beside it."""
        name = self._read(self.name, _read_name)
        pence = self._read(self.reserves, typed.read_pounds) if self._knows_reserves else None
        as_at = self._read(self.as_at, lambda text: typed.read_date(text, self._today.year))
        if name is None or as_at is None or (pence is None and self._knows_reserves):
            wrong = next(line for line, fault in self.faults.items() if not fault.isHidden())
            wrong.setFocus()
            return None
        policy = None
        if self._months is not None:
            policy = ReservesPolicy(kind="months", value=Decimal(self._months))
        organisation = Organisation(
            name=name,
            nation=cast("Nation", NATIONS[self.nation.at][0]),
            balances=Balances(as_at=as_at, free_reserves=pence),
            year_start_month=self._start_month,
            reserves_policy=policy,
        )
        return Portfolio(organisation=organisation)

    @property
    def _knows_reserves(self) -> bool:
        """Whether anything is typed: nought is a figure, nothing is none."""
        return bool(self.reserves.text().strip())

    def _read(self, line: QLineEdit, read: Callable[[str], Answer]) -> Answer | None:
        try:
            value = read(line.text().strip())
        except ValueError as wrong:
            _tell(line, self.faults[line], str(wrong))
            return None
        _tell(line, self.faults[line], "")
        return value

    def _money_and_day(self) -> QHBoxLayout:
        self.as_at.setAccessibleName(tr("At the start of which day?"))
        self.as_at.setToolTip(tr("The day at whose start your free reserves stood at this figure"))
        at = label("at the start of")
        at.setBuddy(self.as_at)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.reserves, 1)
        row.addWidget(at)
        row.addWidget(self.as_at, 1)
        return row

    def _quieter(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        for said, link in (
            ("Your year starts in", self.year_button),
            ("Policy for reserves", self.policy_button),
        ):
            row = QHBoxLayout()
            row.setSpacing(0)
            row.addWidget(label(said, tone="muted"))
            row.addWidget(link)
            row.addStretch(1)
            column.addLayout(row)
        return column

    def _months_menu(self) -> QMenu:
        menu = QMenu(self)
        for at in range(1, 13):
            menu.addAction(words.calendar_month(at)).triggered.connect(partial(self._start_in, at))
        return menu

    def _policies_menu(self) -> QMenu:
        menu = QMenu(self)
        for months in _POLICIES:
            menu.addAction(_policy(months)).triggered.connect(partial(self._keep, months))
        return menu

    def _start_in(self, month: int, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's
        self._start_month = month
        self._show_quieter()

    def _keep(self, months: int | None, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self._months = months
        self._show_quieter()

    def _show_quieter(self) -> None:
        for link, said, what in (
            (self.year_button, words.calendar_month(self._start_month), "Your year starts in"),
            (self.policy_button, _policy(self._months), "Policy for reserves"),
        ):
            link.setText(said)
            link.setAccessibleName(f"{tr(what)} {tr(said)}")


def _policy(months: int | None) -> str:
    return "not set" if months is None else f"{words.count(months, 'month')} of all spending"


def _read_name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise ValueError("Type what your charity is called")
    return name


def _question(said: str, field: QWidget) -> QLabel:
    named = label(said, tone="strong")
    named.setBuddy(field)
    field.setAccessibleName(tr(said).split(". ", 1)[-1].replace("&", ""))
    return named


def _hint(said: str) -> QLabel:
    return label(said, scale="caption", tone="muted", wrap=True)


def _fault() -> QLabel:
    made = label(tone="fault", scale="caption", wrap=True)
    made.hide()
    return made


def _tell(line: QLineEdit, fault: QLabel, words_: str) -> None:
    """Say beside a field what is wrong with it, or nothing."""
    fault.setText(words_)
    fault.setVisible(bool(words_))
    line.setProperty("fault", bool(words_))
    line.style().polish(line)
    line.setAccessibleDescription(tr(words_))


def _quiet(menu: QMenu, name: str) -> QPushButton:
    made = button("", "link")
    made.setMenu(menu)
    menu.setAccessibleName(tr(name))
    menu.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
    return made
