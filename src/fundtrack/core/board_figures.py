"""The key figures of the board pack: now, at the last meeting, the change, the policy, and a word.

NEEDS, "One-page trustee runway report", 3. Each figure has its words and its value, so that the
page and its workbook say the same. Money is whole pence. A figure the book does not hold is said
to be missing, never guessed.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from fundtrack.core import words
from fundtrack.core.forecast import recorded
from fundtrack.core.money import round_half_up
from fundtrack.core.period import (
    APRIL,
    ONE_DAY,
    Period,
    add_months,
    financial_year,
)
from fundtrack.core.plain import decimal_text
from fundtrack.core.schedule import POSSIBLE, SECURED, incomes, is_pool, pieces, terms
from fundtrack.core.sources import Share, payers, sources, year_places

if TYPE_CHECKING:
    from fundtrack.core.forecast import AwardForecast, Forecast
    from fundtrack.core.model import Award, Portfolio
    from fundtrack.core.outlook import Outlook
    from fundtrack.core.schedule import Pennies

Unit = Literal["text", "pounds", "months", "percent", "fte", "count", "day", "month"]
_WHOLE = 100
_LONGEST_NAME = 56
_WORST = ("overdue", "act now", "soon", "watch", "clear", "")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as the page says it, and its value as the workbook holds it.

    `value` is pence, months, a whole percentage, FTE, a count or a day, as `unit` says, and None
    where there is none. `note` stands beside it: the month of a lowest point.
    """

    text: str
    value: int | Decimal | date | None = None
    unit: Unit = "text"
    note: str = ""

    @property
    def said(self) -> str:
        """The figure and its note: £10,537, Oct 2027."""
        return f"{self.text}, {self.note}" if self.note else self.text


BLANK = Figure("")
NOT_RECORDED = Figure("not recorded")
NOT_KNOWN = Figure("not known")
NOT_KEPT = Figure("not kept")
"""What stands at the last meeting when the book keeps nothing from then."""


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One key figure. `status` is a word of `glance.STATUSES`, or "" where none is due."""

    name: str
    now: Figure
    last: Figure
    change: Figure
    limit: Figure
    status: str
    part: bool = False


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A line of the table: one key figure, or two that are read together (this year / next)."""

    name: str
    figures: tuple[KeyFigure, ...]

    @property
    def status(self) -> str:
        """The most pressing word of its figures."""
        return worst([figure.status for figure in self.figures])

    def said(self, column: str) -> str:
        """A column of its figures in words: `now`, `last`, `change` or `limit`."""
        found = [getattr(figure, column).said for figure in self.figures]
        return " / ".join(found) if any(found) and len(set(found)) > 1 else found[0]


# --- figures of every kind -----------------------------------------------------------------------


def pounds(pence: int | None, note: str = "") -> Figure:
    """A sum to the pound."""
    if pence is None:
        return NOT_RECORDED
    return Figure(words.whole_pounds(pence), pence, "pounds", note)


def months(value: Decimal | None) -> Figure:
    """So many months, to one decimal."""
    return NOT_KNOWN if value is None else Figure(f"{value:.1f}", value, "months")


def percent(value: int | None, note: str = "") -> Figure:
    """A whole percentage."""
    return NOT_KNOWN if value is None else Figure(f"{value}%", value, "percent", note)


def fte(value: Decimal) -> Figure:
    """Full-time equivalents, to two decimals."""
    return Figure(f"{value:,.2f}", value, "fte")


def count(value: int) -> Figure:
    """A number of things or people."""
    return Figure(f"{value:,}", value, "count")


def day(value: date | None, missing: str = "not known") -> Figure:
    """A day with its year."""
    return Figure(missing) if value is None else Figure(words.short_day(value), value, "day")


def near_day(value: date | None, today: date, missing: str = "not known") -> Figure:
    """A day, its year left out within twelve months."""
    return Figure(missing) if value is None else Figure(words.near_day(value, today), value, "day")


def month(value: date | None, missing: str = "not by then") -> Figure:
    """A month with its year."""
    return Figure(missing) if value is None else Figure(words.short_month(value), value, "month")


def change(now: Figure, last: Figure) -> Figure:
    """How far a figure has moved, with its sign; nothing where one of the two is missing."""
    if not isinstance(now.value, int | Decimal) or not isinstance(last.value, int | Decimal):
        return BLANK
    by = now.value - last.value
    said = {
        "pounds": lambda: words.whole_pounds(abs(int(by))),
        "months": lambda: f"{abs(by):.1f}",
        "percent": lambda: f"{abs(by)}",
    }[now.unit]()
    sign = "" if not by else "+" if by > 0 else words.MINUS
    return Figure(f"{sign}{said}", by, now.unit)


def short_name(name: str) -> str:
    """A name as a sentence on one page can bear it: cut between words where it is very long."""
    return (
        name
        if len(name) <= _LONGEST_NAME
        else textwrap.shorten(name, _LONGEST_NAME, placeholder="…")
    )


def worst(statuses: Sequence[str]) -> str:
    """The most pressing of some words."""
    return min(statuses, key=_WORST.index, default="")


# --- the list ------------------------------------------------------------------------------------


def key_lines(told: Outlook, earlier: Outlook | None) -> tuple[KeyLine, ...]:
    """Every key figure of a book, beside the same at an earlier day where that is known."""
    this, following = _years(told)
    pairs = {
        f"Secured share of income, {this.name}": f"Secured share, {this.name} / {following.name}",
        "Largest funder": "Largest funder / ultimate source",
    }
    lines: list[KeyLine] = []
    waiting = list(_key_figures(told, earlier))
    while waiting:
        first = waiting.pop(0)
        together = next((pairs[name] for name in pairs if first.name.startswith(name)), "")
        both = (first, waiting.pop(0)) if together else (first,)
        lines.append(KeyLine(together or first.name, both))
    return tuple(lines)


def _key_figures(told: Outlook, earlier: Outlook | None) -> tuple[KeyFigure, ...]:
    now, then = _Figures(told), None if earlier is None else _Figures(earlier)
    this, following = _years(told)
    take = _Taking(now, then)
    return (
        take.figure("Cash at bank", _Figures.cash, status=now.cash_status),
        take.figure("of which restricted", _Figures.restricted, part=True),
        take.figure("of which designated", _Figures.designated, part=True),
        take.figure("of which free", _Figures.free_cash, status=now.free_cash_status, part=True),
        take.figure("Free reserves", _Figures.reserves, now.floor, now.reserves_status),
        take.figure(
            "Months of all spending", _Figures.months_cover, now.policy_months, now.months_status
        ),
        take.figure(
            "Lowest free reserves in 12 months",
            lambda book: book.lowest("unrestricted_closing"),
            now.floor,
            now.lowest_status("unrestricted_closing"),
        ),
        take.figure(
            "Lowest cash in 12 months",
            lambda book: book.lowest("cash"),
            status=now.lowest_status("cash"),
        ),
        take.figure(
            "Lowest free cash in 12 months",
            lambda book: book.lowest("free_cash"),
            status=now.lowest_status("free_cash"),
        ),
        _secured_share(take, this),
        _secured_share(take, following),
        _new_income(told, earlier),
        _largest(take, "Largest funder", payers),
        _largest(take, "Largest ultimate source", sources),
        take.figure("Lent to funders in arrears, peak", _Figures.lent, status=now.watch_if("lent")),
        take.figure(
            "Overheads no funder pays", _Figures.overheads, status=now.watch_if("overheads")
        ),
        take.figure(
            "Would be paid back (underspend)", _Figures.repaid, status=now.watch_if("repaid")
        ),
    )


@dataclass(frozen=True, slots=True)
class _Taking:
    """Takes one figure from a book now and from the same book then."""

    now: _Figures
    then: _Figures | None

    def figure(
        self,
        name: str,
        take: Callable[[_Figures], Figure],
        limit: Figure = BLANK,
        status: str = "",
        *,
        part: bool = False,
    ) -> KeyFigure:
        now = take(self.now)
        last = NOT_KEPT if self.then is None else take(self.then)
        return KeyFigure(name, now, last, change(now, last), limit, status, part)


def _secured_share(take: _Taking, year: Period) -> KeyFigure:
    found = take.figure(f"Secured share of income, {year.name}", lambda book: book.share_of(year))
    value = found.now.value
    status = "" if value is None else "clear" if value == _WHOLE else "watch"
    return replace(found, status=status)


def _largest(take: _Taking, name: str, rank_of: Callable[[Outlook], Sequence[Share]]) -> KeyFigure:
    found = take.figure(name, lambda book: book.largest(rank_of))
    value = found.now.value
    if not isinstance(value, int):
        return found
    status = "watch" if value * 2 >= _WHOLE else "clear"
    now, last = found.now, found.last
    was = f" (was {last.note})" if last.note and last.note != now.note else ""
    return KeyFigure(
        f"{name}: {now.note}{was}",
        percent(value),
        Figure(last.text, last.value, last.unit),
        found.change,
        BLANK,
        status,
    )


def _new_income(told: Outlook, earlier: Outlook | None) -> KeyFigure:
    """Every award counted once, whole, when it is agreed: not again when it is paid."""
    if earlier is None:
        return KeyFigure("New income agreed", NOT_KNOWN, NOT_KEPT, BLANK, BLANK, "")
    name = f"New income agreed since {words.short_day(earlier.today)}"
    before = earlier.workings.portfolio.awards_by_key
    gained = 0
    for award in told.workings.portfolio.awards:
        old = before.get(award.key)
        gained += max(0, secured_worth(award) - (0 if old is None else secured_worth(old)))
    status = "clear" if gained else "watch"
    return KeyFigure(name, pounds(gained), BLANK, BLANK, BLANK, status)


def secured_worth(award: Award) -> int:
    """All of an award that is secured, in pence: uplifts and extensions taken up included."""
    return sum(
        piece.amount
        for term in terms(award)
        if term.rank == SECURED
        for piece in pieces(award, term)
    )


def _years(told: Outlook) -> tuple[Period, Period]:
    start = told.workings.portfolio.organisation.year_start_month or APRIL
    this = financial_year(told.today, start)
    return this, financial_year(this.end + ONE_DAY, start)


# --- one book ------------------------------------------------------------------------------------


class _Figures:
    """The key figures of one book on one day, at `secured` unless a name says otherwise."""

    def __init__(self, told: Outlook) -> None:
        self._told = told
        self._portfolio: Portfolio = told.workings.portfolio
        self._balances = self._portfolio.organisation.balances
        self._secured: Forecast = told.forecast["secured"]
        self._year = year_places(told)

    # --- balances ---

    def cash(self) -> Figure:
        return pounds(self._balances.cash)

    def restricted(self) -> Figure:
        return pounds(self._balances.restricted)

    def designated(self) -> Figure:
        return pounds(self._designated)

    @property
    def _designated(self) -> int | None:
        """Designated funds that are money, not buildings or vans."""
        if self._balances.designated is None:
            return None
        return self._balances.designated - (self._balances.designated_fixed_assets or 0)

    def free_cash(self) -> Figure:
        cash = self._balances.cash
        if cash is None or self._balances.restricted is None:
            return NOT_RECORDED
        return pounds(cash - self._balances.restricted - (self._designated or 0))

    @property
    def cash_status(self) -> str:
        cash, restricted = self._balances.cash, self._balances.restricted or 0
        return "" if cash is None else "act now" if cash < restricted else "clear"

    @property
    def free_cash_status(self) -> str:
        value = self.free_cash().value
        return "" if not isinstance(value, int) else "act now" if value < 0 else "clear"

    # --- reserves ---

    @property
    def recorded(self) -> bool:
        """Whether the book says what the reserves are."""
        return recorded(self._balances)

    def reserves(self) -> Figure:
        return pounds(self._secured.free_reserves if self.recorded else None)

    def months_cover(self) -> Figure:
        return months(self._secured.months_cover if self.recorded else None)

    @property
    def floor(self) -> Figure:
        policy = self._portfolio.organisation.reserves_policy
        if policy is None:
            return Figure("none set")
        return NOT_KNOWN if self._secured.floor is None else pounds(self._secured.floor)

    @property
    def policy_months(self) -> Figure:
        policy = self._portfolio.organisation.reserves_policy
        if policy is None or policy.kind != "months":
            return BLANK
        return Figure(decimal_text(policy.value), policy.value, "months")

    @property
    def reserves_status(self) -> str:
        if not self.recorded:
            return ""
        low = self._secured.floor is not None and self._secured.free_reserves < self._secured.floor
        return "act now" if low or self._secured.free_reserves < 0 else "clear"

    @property
    def months_status(self) -> str:
        return self.reserves_status if self.policy_months.text else ""

    # --- the next twelve months ---

    def lowest(self, series: str) -> Figure:
        place = self._lowest_at(series)
        if place is None or not (self.recorded or series != "unrestricted_closing"):
            return NOT_KNOWN
        if series != "unrestricted_closing" and self._balances.cash is None:
            return NOT_RECORDED
        pence = int(getattr(self._secured, series)[place])
        return pounds(pence, words.short_month(self._secured.months[place]))

    def _lowest_at(self, series: str) -> int | None:
        values = getattr(self._secured, series)
        return min(self._year, key=lambda at: int(values[at]), default=None)

    def lowest_status(self, series: str) -> str:
        value = self.lowest(series).value
        if not isinstance(value, int):
            return ""
        floor = self._secured.floor if series == "unrestricted_closing" else None
        if value < 0:
            return "act now"
        return "soon" if floor is not None and value < floor else "clear"

    def lent(self) -> Figure:
        """The most that funders who pay in arrears owe at a month's end."""
        if not self._year:
            return NOT_KNOWN
        lent = lent_by_month(self._told)
        at = max(self._year, key=lambda place: int(lent[place]))
        most = int(lent[at])
        return pounds(most, words.short_month(self._secured.months[at]) if most else "")

    def overheads(self) -> Figure:
        """Costs marked as overhead that no grant or contract is charged, over twelve months."""
        portfolio, charged = self._portfolio, self._told.workings.charges.costs
        kinds = [award.kind for award in portfolio.awards]
        left, any_marked = 0, False
        for cost, bearer in zip(portfolio.costs, charged, strict=True):
            if cost.kind != "overhead":
                continue
            any_marked = True
            paid = [
                bearer.charged[SECURED][line]
                for line, award in enumerate(bearer.lines)
                if award is not None and kinds[award] not in ("donations", "trading")
            ]
            left += sum(
                int(bearer.cost[at]) - sum(int(line[at]) for line in paid) for at in self._year
            )
        return pounds(left) if any_marked else NOT_RECORDED

    def repaid(self) -> Figure:
        """What is left in restricted awards at their end beyond what may be carried forward."""
        return pounds(sum(award.repayable or 0 for award in self._secured.awards))

    def watch_if(self, name: str) -> str:
        """Watch where there is any of it, clear where there is none."""
        found: Figure = getattr(self, name)()
        return "" if not isinstance(found.value, int) else "watch" if found.value > 0 else "clear"

    # --- shares ---

    def share_of(self, year: Period) -> Figure:
        """Secured income of a financial year as a share of all income in the book."""
        whole = income_in(self._told, POSSIBLE, year)
        if whole <= 0:
            return NOT_KNOWN
        return percent(round_half_up(income_in(self._told, SECURED, year) * _WHOLE, whole))

    def largest(self, rank_of: Callable[[Outlook], Sequence[Share]]) -> Figure:
        found = rank_of(self._told)
        return percent(found[0].percent, found[0].name) if found else NOT_KNOWN


def income_in(told: Outlook, certainty: int, year: Period) -> int:
    """Income of a financial year, before and after the balances, counted at a certainty."""
    awards = told.workings.portfolio.awards
    found = [
        (at, piece)
        for at, award in enumerate(awards)
        for term in terms(award)
        if term.rank <= certainty
        for piece in pieces(award, term)
    ]
    owners, parts = [at for at, _ in found], [piece for _, piece in found]
    return int(incomes(owners, parts, len(awards), (year.start - ONE_DAY, year.end)).sum())


def income_in_year_to(award: Award, end: date) -> int:
    """What an award brings, as far as it is secured, in the twelve months to a day."""
    found = [
        piece for term in terms(award) if term.rank == SECURED for piece in pieces(award, term)
    ]
    first = add_months(end + ONE_DAY, -12) - ONE_DAY
    return int(incomes([0] * len(found), found, 1, (first, end)).sum())


# --- what is lent to funders ---------------------------------------------------------------------


def lent_by_month(told: Outlook) -> Pennies:
    """What secured awards paid in arrears owe at each month's end: earned, not yet here."""
    workings, portfolio = told.workings, told.workings.portfolio
    total = workings.zeros()[: len(told.months)]
    before = workings.income_before(SECURED)
    for found in told.forecast["secured"].awards:
        award = portfolio.awards_by_key[found.key]
        if award.payment_basis == "arrears":
            owed = _owed_at_first(told, found, before[workings.places[award.key]])
            owing = owed + (_earned(award, found) - found.received).cumsum()
            total = total + owing.clip(min=0)
    return total


def _earned(award: Award, found: AwardForecast) -> Pennies:
    return found.charged if is_pool(award) else found.income


def _owed_at_first(told: Outlook, found: AwardForecast, before: Pennies) -> int:
    """What the award had earned before the balances and is still to be paid."""
    award = told.workings.portfolio.awards_by_key[found.key]
    if award.payments:
        return 0
    places, _ = told.workings.arrivals(told.workings.places[found.key], SECURED)
    return sum(int(before[place]) for place in places.tolist() if place < len(before))
