"""The money of an award: what was agreed, came, was spent and is left; payments; and by month."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from fundtrack.core import words
from fundtrack.core.edit import Edit, change
from fundtrack.core.model import Extension, Payment, ProfileMonth, Uplift
from fundtrack.core.one_award import AwardMoney, AwardMonth, expected_on, money, unlisted
from fundtrack.core.period import ONE_DAY, add_months, last_day_of
from fundtrack.gui import kinds
from fundtrack.gui.award.section import Section
from fundtrack.gui.dialogs.profile import ProfileDialog
from fundtrack.gui.kinds import optional
from fundtrack.gui.parts import Part, Parts
from fundtrack.gui.speech import tr
from fundtrack.gui.table import Column, Table
from fundtrack.gui.widgets.frame import Segments, button, label
from fundtrack.gui.widgets.grid import Grid
from fundtrack.gui.widgets.parts import SmallTable
from fundtrack.gui.wishes import set_field

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from PySide6.QtGui import QResizeEvent

    from fundtrack.core.model import Award
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View

PAYMENTS = Parts("awards", "payments", "payment")
EXTENSIONS = Parts("awards", "extensions", "extension")
UPLIFTS = Parts("awards", "uplifts", "uplift")
_PAID, _MONTHS, _CHANGES = range(3)


@dataclass(frozen=True, slots=True)
class Paid(Part):
    """A payment with how it stands on a day."""

    standing: str = ""


def paid_rows(award: Award, today: date) -> tuple[Paid, ...]:
    """The payments in the order of the book, each with how it stands today."""
    return tuple(
        Paid(award, at, payment, _standing(award, payment, today))
        for at, payment in enumerate(award.payments)
    )


def _standing(award: Award, payment: Payment, today: date) -> str:
    if payment.received_on is not None:
        came = payment.received
        short = "" if came in (None, payment.amount) else f", {words.money(came or 0)}"
        return f"✓ received{short}"
    expected = expected_on(award, payment)
    said = words.near_day(expected, today)
    return f"expected {said}" if expected >= today else f"not received since {said}"


class Figures(QWidget):
    """A few large figures with what they are below; they stand two by two where it is narrow."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._said: tuple[tuple[str, str], ...] = ()
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 2, 0, 6)
        self._grid.setVerticalSpacing(4)

    @property
    def said(self) -> dict[str, str]:
        """What each figure says, by what it is."""
        return {what: figure for figure, what in self._said}

    def say(self, pairs: tuple[tuple[str, str], ...]) -> None:
        """Show figures, each with what it is."""
        if pairs != self._said:
            self._said = pairs
            self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand in as many columns as there is room for."""
        super().resizeEvent(event)
        if self._fitting() != self._columns:
            self._lay_out()

    def _fitting(self) -> int:
        wide = self.width() >= self._look.px(_EACH) * len(self._said)
        return max(1, len(self._said) if wide else _NARROW)

    def _lay_out(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        self._columns = self._fitting()
        for at, (figure, what) in enumerate(self._said):
            one = QWidget()
            column = QVBoxLayout(one)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            large = label(figure, scale="figure")
            large.setAccessibleName(tr(f"{what}: {figure}"))
            column.addWidget(large)
            column.addWidget(label(what, scale="caption", tone="muted", wrap=True))
            column.addStretch(1)
            self._grid.addWidget(one, *divmod(at, self._columns))
        for column_ in range(_MOST):
            self._grid.setColumnStretch(column_, 1 if column_ < self._columns else 0)


_EACH, _NARROW, _MOST = 104, 2, 6


class MoneyCard(Section):
    """The figures, and below them the payments, the months, or what changes the amount."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Money")
        self.figures = Figures(look)
        self.switch = Segments(("Payments", "By month", "Changes"), "What of the money is shown")
        self._found: AwardMoney | None = None
        self._shown = ""
        self.payments = SmallTable(
            look,
            "Payments",
            _payment_columns(),
            key=lambda row: row.key,
            refusal=self.refusal,
            noun="payment",
            empty="No payments are listed: the money is taken to come as the terms say.",
        )
        self.tick = self.payments.add_link(
            "Tick received", "Tick the chosen payment received today", self.tick_received
        )
        for keys in ("Space", "Ctrl+D"):
            short = QShortcut(QKeySequence(keys), self.payments.grid)
            short.setContext(Qt.ShortcutContext.WidgetShortcut)
            short.activated.connect(self.tick_received)
        self.months: Table[AwardMonth] = Table(_MONTH_COLUMNS, key=lambda row: f"{row.month:%Y-%m}")
        self.month_grid = Grid(look, self.months, "Money by month", fits=True, sortable=False)
        self.month_grid.show_at_most(_SHOWN)
        self.month_grid.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.profile_link = self.act("Profile…", "Change the profile of months", self.ask_profile)
        self._about = label(scale="caption", tone="muted", wrap=True)
        self.extensions = SmallTable(
            look,
            "Extensions",
            _EXTENSION_COLUMNS,
            key=lambda row: row.key,
            refusal=self.refusal,
            noun="extension",
            empty="No options to extend it.",
        )
        self.uplifts = SmallTable(
            look,
            "Uplifts",
            _UPLIFT_COLUMNS,
            key=lambda row: row.key,
            refusal=self.refusal,
            noun="uplift",
            empty="No rises in price.",
        )
        self.why_link = button("Why?", "link")
        self.why_link.setAccessibleName(tr("Why this award's money?"))
        self.add_link(self.why_link)
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        above = QHBoxLayout()
        above.addWidget(self.switch)
        above.addStretch(1)
        above.addWidget(self.profile_link)
        self.profile_link.hide()
        months = QWidget()
        column = QVBoxLayout(months)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.month_grid)
        column.addWidget(self._about)
        changes = QWidget()
        column = QVBoxLayout(changes)
        column.setContentsMargins(0, 0, 0, 0)
        for title, table in (("Extensions", self.extensions), ("Uplifts", self.uplifts)):
            column.addWidget(label(title, tone="strong"))
            column.addWidget(table)
        self._parts = (self.payments, months, changes)
        self.body.addWidget(self.figures)
        self.body.addLayout(above)
        for part in self._parts:
            self.body.addWidget(part)
        self._switch_to(_PAID)

    def _wire(self) -> None:
        self.switch.chosen.connect(self._switch_to)
        for table, parts in (
            (self.payments, PAYMENTS),
            (self.extensions, EXTENSIONS),
            (self.uplifts, UPLIFTS),
        ):
            table.edit_wanted.connect(self.edit_wanted)
            table.trouble.connect(self.trouble)
            table.remove_wanted.connect(lambda keys, parts=parts: self._remove(parts, keys))
        self.payments.table.fresh = self._fresh_payments
        self.payments.table.needed = ("due", "amount")
        self.extensions.table.fresh, self.extensions.table.needed = self._fresh_extensions, ("end",)
        self.uplifts.table.fresh = self._fresh_uplifts
        self.uplifts.table.needed = ("from_", "percent")
        self.payments.add_wanted.connect(self.add_payment)
        self.extensions.add_wanted.connect(self.add_extension)
        self.uplifts.add_wanted.connect(self.add_uplift)
        self.month_grid.selectionModel().currentChanged.connect(
            lambda *_: self.figure_moved.emit(self.figure())
        )

    def _switch_to(self, at: int) -> None:
        for place, part in enumerate(self._parts):
            part.setVisible(place == at)
        self.profile_link.setVisible(at == _MONTHS and self.can_change)

    # --- values in ---

    def fill(self, award: Award, view: View) -> None:
        """Show the money of this award."""
        self._found = found = money(view.portfolio, view.outlook, award)
        self.note.setText(
            f"at {found.certainty}" if found.certainty not in (None, "secured") else ""
        )
        self.figures.say(_figures(found, view.outlook.today))
        self.payments.present(paid_rows(award, view.outlook.today), can_change=self.can_change)
        if award.key != self._shown:
            self._shown = award.key
            waiting = (at for at, each in enumerate(award.payments) if each.received_on is None)
            self.payments.show_row(str(next(waiting, len(award.payments) - 1)))
        self.tick.setVisible(self.can_change and bool(award.payments))
        self.extensions.present(EXTENSIONS.of(award), can_change=self.can_change)
        self.uplifts.present(UPLIFTS.of(award), can_change=self.can_change)
        self.month_grid.present(found.months)
        pool = bool(found.months) and found.months[0].balance is not None
        one = view.for_trustees and _pays_one_post(award, view)
        for name in ("charged", "headroom", "balance", "held"):
            hidden = one or (name in ("balance", "held") and not pool)
            self.month_grid.setColumnHidden(self.months.place_of(name), hidden)
        self._about.setText(_about_months(found))
        self._switch_to(next(at for at, part in enumerate(self._parts) if not part.isHidden()))

    def figure(self) -> str:
        """The figure the keyboard is on, by month, else what would be repaid."""
        if self.award is None or self._found is None or self._found.certainty is None:
            return ""
        stem = f"forecast.{self._found.certainty}.awards.{self.award.key}"
        index = self.month_grid.currentIndex()
        if self.month_grid.isVisible() and index.isValid():
            name = _FIGURE_OF.get(self.months.columns[index.column()].name, "income")
            return f"{stem}.{self.month_grid.key_at(index)}.{name}"
        return f"{stem}.repayable" if self._found.repayable is not None else ""

    # --- wishes out ---

    def add_payment(self) -> None:
        """Add a payment of what is not listed yet, due a quarter after the last."""
        award = self.award
        if award is None:
            return
        last = max((each.due for each in award.payments), default=None)
        due = add_months(last, 3) if last is not None else award.start
        value = Payment(due=due, amount=unlisted(award))
        self.ask(PAYMENTS.added(award, value))
        self.payments.change(str(len(award.payments)), "due")

    def _fresh_payments(self, count: int) -> Iterator[tuple[Paid, Edit]]:
        """So many new payments for rows that are pasted, each with the edit that adds it."""
        award = self.award
        if award is None:
            return
        value = Payment(due=award.start, amount=0)
        made = replace(award, payments=(*award.payments, value))
        for _ in range(count):
            yield Paid(made, len(award.payments), value), PAYMENTS.added(award, value)

    def tick_received(self) -> None:
        """Mark the chosen payments received today, each in full; or, if they all were, not."""
        if self.award is None or self.view is None or not self.can_change:
            return
        places = [int(key) for key in self.payments.grid.chosen_keys()]
        if not places:
            self.trouble.emit("Choose the payment that came first")
            return
        today, payments = self.view.outlook.today, list(self.award.payments)
        came = any(payments[at].received_on is None for at in places)
        for at in places:
            if not came:
                payments[at] = replace(payments[at], received_on=None, received=None)
            elif payments[at].received_on is None:
                amount = payments[at].amount
                payments[at] = replace(payments[at], received_on=today, received=amount)
        word = "Payment received" if came else "Payment not received yet"
        label_ = f"{word}: {self.award.title}"
        self.ask(set_field("awards", self.award, "payments", tuple(payments), label_))

    def add_extension(self) -> None:
        """Add an option to go on for a year at the same price."""
        award = self.award
        if award is None:
            return
        self.ask(EXTENSIONS.added(award, next(_new_extensions(award))))
        self.extensions.change(str(len(award.extensions)), "end")

    def _fresh_extensions(self, count: int) -> Iterator[tuple[Part, Edit]]:
        """So many new extensions for rows that are pasted, each with the edit that adds it."""
        award = self.award
        if award is None:
            return
        for value in itertools.islice(_new_extensions(award), count):
            made = replace(award, extensions=(*award.extensions, value))
            yield Part(made, len(award.extensions), value), EXTENSIONS.added(award, value)

    def _fresh_uplifts(self, count: int) -> Iterator[tuple[Part, Edit]]:
        """So many new rises in price for rows that are pasted."""
        award = self.award
        if award is None:
            return
        value = Uplift(from_=award.start, percent=kinds.ZERO)
        made = replace(award, uplifts=(*award.uplifts, value))
        for _ in range(count):
            yield Part(made, len(award.uplifts), value), UPLIFTS.added(award, value)

    def add_uplift(self) -> None:
        """Add a rise in price a year into the award."""
        award = self.award
        if award is None:
            return
        last = max((each.from_ for each in award.uplifts), default=award.start)
        value = Uplift(from_=add_months(last, 12), percent=kinds.ZERO)
        self.ask(UPLIFTS.added(award, value))
        self.uplifts.change(str(len(award.uplifts)), "percent")

    def ask_profile(self) -> None:
        """Ask how the amount lies on the months."""
        award = self.award
        if award is None:
            return
        last = max(last_day_of(award), award.end)
        dialog = ProfileDialog(
            self.look, award.title, award.amount, award.profile, (award.start, last), self
        )
        if dialog.exec() and dialog.profile is not None:
            self.ask(_with_profile(award, dialog.profile))
        dialog.deleteLater()

    def _remove(self, parts: Parts, keys: tuple[str, ...]) -> None:
        if self.award is not None:
            self.ask(parts.without(self.award, tuple(map(int, keys))))


def _new_extensions(award: Award) -> Iterator[Extension]:
    """Options to go on for a year at no price yet, each with a key of its own."""
    end = max((each.end for each in award.extensions), default=award.end)
    taken = {each.key for each in award.extensions}
    free = (key for at in itertools.count(1) if (key := f"extension-{at}") not in taken)
    until = add_months(end + ONE_DAY, 12) - ONE_DAY
    for key in free:
        yield Extension(key=key, end=until, amount=0, exercised=False)


def _pays_one_post(award: Award, view: View) -> bool:
    """Whether what is charged to an award would tell what one person is paid."""
    mine = {each.post for each in view.portfolio.allocations if each.award == award.key}
    return len(mine - {None}) == 1


def _with_profile(award: Award, profile: tuple[ProfileMonth, ...]) -> Edit:
    after = replace(award, profile=profile, spread="profile" if profile else None)
    return Edit(f"Change profile of {award.title}", (change("awards", award, after),))


def _figures(found: AwardMoney, today: date) -> tuple[tuple[str, str], ...]:
    pounds = words.whole_pounds
    told = [(pounds(found.agreed), "agreed" if found.certainty == "secured" else "asked for")]
    if found.received is not None:
        told.append((pounds(found.received), "received"))
    if found.spent is not None and found.spent_to is not None:
        told.append((pounds(found.spent), f"spent to {words.near_day(found.spent_to, today)}"))
        told.append((pounds(found.left or 0), "left to spend"))
    if found.repayable is not None:
        told.append((pounds(found.repayable), "would be repaid"))
    return tuple(told)


def _about_months(found: AwardMoney) -> str:
    if found.certainty is None:
        return "This award will not be money, so it has no months."
    if not found.months:
        return "It lies before or beyond the months looked at."
    return (
        f"As the forecast has it at {found.certainty}, from the day of your balances. "
        "Extensions not taken up are not in it."
        if found.certainty != "possible"
        else "As the forecast has it at possible, from the day of your balances."
    )


def _payment_columns() -> tuple[Column[Any], ...]:
    return (
        PAYMENTS.column("due", "Due", kinds.DATE, width=12, label="Move due day of payment"),
        PAYMENTS.column("amount", "Amount", kinds.PENCE, width=12),
        PAYMENTS.column("received_on", "Came on", kinds.OPTIONAL_DATE, width=12),
        PAYMENTS.column("received", "Came", optional(kinds.PENCE), width=12),
        Column(
            name="standing",
            title="Standing",
            value=lambda row: row.standing,
            tip=lambda row: row.standing,
            stretch=True,
        ),
    )


_EXTENSION_COLUMNS: tuple[Column[Part], ...] = (
    EXTENSIONS.column("end", "Last day", kinds.DATE, width=12),
    EXTENSIONS.column("amount", "Amount", kinds.PENCE, width=12),
    EXTENSIONS.column("notice_months", "Notice, months", optional(kinds.WHOLE), width=9),
    EXTENSIONS.column(
        "exercised",
        "Taken up",
        kinds.CHOICE,
        choices=((True, "Taken up"), (False, "Not taken up")),
        stretch=True,
    ),
)
_UPLIFT_COLUMNS: tuple[Column[Part], ...] = (
    UPLIFTS.column("from_", "From", kinds.DATE, width=12, label="Move first day of uplift"),
    UPLIFTS.column("percent", "Rise", kinds.ANY_PERCENT, width=9),
    UPLIFTS.column("cap", "At most", optional(kinds.ANY_PERCENT), width=9, stretch=True),
)
_FIGURE_OF = {
    "income": "income",
    "charged": "charged",
    "headroom": "headroom",
    "balance": "balance",
    "held": "cash_held",
}
_MONTH_COLUMNS: tuple[Column[AwardMonth], ...] = (
    Column(
        name="month",
        title="Month",
        value=lambda row: row.month,
        shown=lambda row: words.short_month(row.month),
        stretch=True,
    ),
    Column(name="income", title="Earned", kind=kinds.POUNDS, value=lambda row: row.income, width=8),
    Column(
        name="charged", title="Charged", kind=kinds.POUNDS, value=lambda row: row.charged, width=8
    ),
    Column(
        name="headroom", title="Over", kind=kinds.POUNDS, value=lambda row: row.headroom, width=8
    ),
    Column(
        name="received",
        title="Comes in",
        kind=kinds.POUNDS,
        value=lambda row: row.received,
        width=8,
    ),
    Column(
        name="balance", title="Balance", kind=kinds.POUNDS, value=lambda row: row.balance, width=8
    ),
    Column(name="held", title="Cash held", kind=kinds.POUNDS, value=lambda row: row.held, width=8),
)
_SHOWN = 12
