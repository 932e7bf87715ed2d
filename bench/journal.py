"""A book as an hledger journal, so that hledger can forecast the same months by itself.

Written from the records by its own arithmetic, in fractions, sharing nothing with `core` but the
records: a post's price becomes a rule for the months it stands, an award's instalment another, and
what no rule can say (part months, the odd pennies of a sum that does not divide) a dated entry.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fundtrack.core.model import Award, Cost, Portfolio, Post

_DAY = timedelta(days=1)
_SECURED = ("awarded", "live", "ended")
COUNTED = {
    "secured": _SECURED,
    "probable": (*_SECURED, "agreed-in-principle"),
    "possible": (*_SECURED, "agreed-in-principle", "submitted", "preparing", "idea"),
}
_EVERY = {"month": 1, "quarter": 3, "year": 12}
_APRIL = 4


def journal(
    portfolio: Portfolio, rates: Mapping[str, Any], certainty: str, first: date, last: date
) -> str:
    """Return the journal of the months `first` to `last` at a certainty.

    `first` and `last` are inclusive days; `first` is the day of the balances. `rates` is the table
    of statutory figures as its file has it.
    """
    writer = _Writer(first, last)
    for award in portfolio.awards:
        if award.stage in COUNTED[certainty]:
            for stretch in stretches(award, certainty):
                writer.award(f"income:{award.key}", stretch)
    pay = _Pay(rates["rates"])
    for post in portfolio.posts:
        writer.post(f"costs:{post.key}", post, pay)
    for cost in portfolio.costs:
        writer.cost(f"costs:{cost.key}", cost)
    if portfolio.organisation.employment_allowance:
        writer.allowance(portfolio.posts, pay)
    return "\n".join(writer.lines)


# --- awards ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Stretch:
    """Pence that lie evenly on some days: by months, or by days."""

    amount: int
    start: date
    end: date
    by_days: bool

    def reached(self, day: date) -> int:
        """How much of it has come by the end of a day: cumulative rounding (C4)."""
        if day < self.start:
            return 0
        weight = self.weight(min(day, self.end))
        return _rounded(self.amount * weight / self.weight(self.end))

    def weight(self, day: date) -> Fraction:
        """Days, or months and parts of months, from the start through a day."""
        if self.by_days:
            return Fraction((day - self.start).days + 1)
        if _month(day) == _month(self.start):
            return Fraction((day - self.start).days + 1, _days(day))
        opening = Fraction((_end(self.start) - self.start).days + 1, _days(self.start))
        between = (day.year - self.start.year) * 12 + day.month - self.start.month - 1
        return opening + between + Fraction(day.day, _days(day))


def stretches(award: Award, certainty: str) -> Iterator[_Stretch]:
    """Every sum an award brings at a certainty, and the days it lies on."""
    by_days = award.spread == "days"
    if award.profile and award.spread in ("profile", None):
        for row in award.profile:
            start, end = max(row.month, award.start), min(_end(row.month), award.end)
            yield _Stretch(row.amount, start, end, by_days=True)
    else:
        whole = _Stretch(award.amount, award.start, award.end, by_days)
        begins = [rise.from_ for rise in award.uplifts if award.start < rise.from_ <= award.end]
        cuts = [award.start, *sorted(begins), award.end + _DAY]
        for start, after in pairwise(cuts):
            share = whole.reached(after - _DAY) - whole.reached(start - _DAY)
            for rise in sorted(award.uplifts, key=lambda rise: rise.from_):
                if award.start < rise.from_ <= start:
                    percent = rise.percent if rise.cap is None else min(rise.percent, rise.cap)
                    share = _rounded(share * (1 + Fraction(percent) / 100))
            yield _Stretch(share, start, after - _DAY, by_days)
    end = award.end
    for option in award.extensions:
        if option.exercised or certainty == "possible":
            yield _Stretch(option.amount, end + _DAY, option.end, by_days)
        end = option.end


# --- posts -----------------------------------------------------------------------------------


class _Pay:
    """What a post costs a year, from the table of statutory figures."""

    def __init__(self, rows: list[dict[str, str]]) -> None:
        self._rows = sorted(
            (row for row in rows if row["nation"] == "united-kingdom"),
            key=lambda row: row["from"],
        )
        self._known: dict[tuple[str, date], Fraction] = {}

    def rate(self, code: str, month: date) -> Fraction:
        """The figure for a month: the latest begun by its last day, else the first there is."""
        if (code, month) not in self._known:
            rows = [row for row in self._rows if row["code"] == code]
            begun = [row for row in rows if row["from"] <= _end(month).isoformat()]
            self._known[code, month] = Fraction((begun or rows[:1])[-1]["value"])
        return self._known[code, month]

    def year(self, post: Post, salary: int, month: date) -> tuple[int, int]:
        """The whole cost of a year at a salary and a month's rates, and the NIC in it; pence."""
        gross = _rounded(salary * Fraction(post.fte))
        if post.status == "agency":
            return gross, 0
        married = post.nic_category in ("M", "H")
        threshold = "nic.upper_threshold_M_H" if married else "nic.secondary_threshold"
        above = max(Fraction(0), gross - 100 * self.rate(threshold, month))
        nic = _rounded(self.rate("nic.rate", month) * above)
        return gross + nic + self._pension(post, gross, month), nic

    def _pension(self, post: Post, gross: int, month: date) -> int:
        if post.pension is None:
            return 0
        counted = Fraction(gross)
        if post.pension.basis == "qualifying":
            lower, upper, trigger = (
                100 * self.rate(f"pension.{name}", month)
                for name in ("qualifying_lower", "qualifying_upper", "trigger")
            )
            if gross < trigger and not post.pension.opted_in:
                return 0
            counted = max(Fraction(0), min(counted, upper) - lower)
        return _rounded(counted * Fraction(post.pension.percent) / 100)


def salaries(post: Post) -> list[tuple[date, int]]:
    """Each full-time salary and the day it begins."""
    found = [(date.min, post.salary)]
    for rise in sorted(post.pay_changes, key=lambda rise: rise.from_):
        salary = found[-1][1]
        if rise.salary is not None:
            salary = rise.salary
        elif rise.amount is not None:
            salary += rise.amount
        elif rise.percent is not None:
            salary = _rounded(salary * (1 + Fraction(rise.percent) / 100))
        found.append((rise.from_, salary))
    return found


def _days_at_each_salary(post: Post, first: date, last: date) -> dict[int, int]:
    """How many days between two the post is filled, at each full-time salary."""
    found: dict[int, int] = {}
    steps = salaries(post)
    ends = [begin - _DAY for begin, _ in steps[1:]] + [date.max]
    for (begin, salary), end in zip(steps, ends, strict=True):
        low = max(begin, first, post.start)
        high = min(end, last, post.end or date.max)
        days = _overlap(low, high)
        days -= sum(_overlap(max(low, gap.from_), min(high, gap.to)) for gap in post.vacancies)
        if days:
            found[salary] = found.get(salary, 0) + days
    return found


# --- writing ---------------------------------------------------------------------------------


@dataclass
class _Writer:
    """Writes rules and entries for the days `first` to `last`."""

    first: date
    last: date
    lines: list[str] = field(default_factory=list)

    def award(self, account: str, stretch: _Stretch) -> None:
        """An instalment a month while it runs, and what an instalment cannot say."""
        start, end = max(stretch.start, self.first), min(stretch.end, self.last)
        instalment = 0
        if not stretch.by_days:
            instalment = int(stretch.amount / stretch.weight(stretch.end))
        whole: list[date] = []
        for month in _months(start, end):
            low, high = max(month, start), min(_end(month), end)
            part = stretch.reached(high) - stretch.reached(low - _DAY)
            if instalment and (low, high) == (month, _end(month)):
                whole.append(month)
                part -= instalment
            if part:
                self.entry(account, high, -part)
        if whole:
            self.rule(account, whole[0], whole[-1], -instalment)

    def post(self, account: str, post: Post, pay: _Pay) -> None:
        """A rule for each run of whole months at one price, an entry for each part month."""
        months = _Run(self, account)
        for month, low, high in self._filled(post):
            for salary, days in _days_at_each_salary(post, low, high).items():
                price = _rounded(Fraction(pay.year(post, salary, month)[0], 12))
                if days == _days(month):
                    months.add(month, price)
                else:
                    self.entry(account, low, _rounded(Fraction(price * days, _days(month))))
        months.close()

    def _filled(self, post: Post) -> Iterator[tuple[date, date, date]]:
        if post.status == "vacant":
            return
        for month in _months(max(post.start, self.first), min(post.end or self.last, self.last)):
            yield month, max(month, self.first), min(_end(month), self.last)

    def cost(self, account: str, cost: Cost) -> None:
        """A rule for a cost that comes round, an entry for one that comes once."""
        end = min(cost.end or self.last, self.last)
        if cost.frequency == "month":
            months = _Run(self, account)
            for month in _months(max(cost.start, self.first), end):
                days = _overlap(max(month, cost.start, self.first), min(_end(month), end))
                if days == _days(month):
                    months.add(month, cost.amount)
                else:
                    part = _rounded(Fraction(cost.amount * days, _days(month)))
                    self.entry(account, max(month, cost.start), part)
            months.close()
            return
        every = _EVERY.get(cost.frequency)
        falls = [day for day in _occasions(cost.start, every, end) if self.first <= day <= end]
        if every and len(falls) > 1:
            self.rule(account, falls[0], falls[-1], cost.amount, every)
        else:
            for day in falls:
                self.entry(account, day, cost.amount)

    def allowance(self, posts: tuple[Post, ...], pay: _Pay) -> None:
        """The Employment Allowance: each month's NIC, until the tax year's is used."""
        april = date(self.first.year - (self.first.month < _APRIL), _APRIL, 1)
        left = 0
        for month in _months(april, self.last):
            if month.month == _APRIL:
                left = int(100 * pay.rate("nic.employment_allowance", month))
            nic = sum(_nic(post, pay, month) for post in posts if post.status != "vacant")
            taken = min(left, nic)
            left -= taken
            if month >= self.first and taken:
                self.entry("costs:employment allowance", month, -taken)

    def rule(self, account: str, first: date, last: date, pence: int, every: int = 1) -> None:
        """The same amount in every month, or every so many months, from a month to a month."""
        self.lines += (
            f"~ every {every} months from {_month(first)} to {_end(last) + _DAY}",
            f"    {account}  £{_pounds(pence)}",
            "    bank",
            "",
        )

    def entry(self, account: str, day: date, pence: int) -> None:
        """One amount on one day."""
        self.lines += (f"{day} *", f"    {account}  £{_pounds(pence)}", "    bank", "")


@dataclass
class _Run:
    """Whole months at one price, gathered until the price changes or a month is missed."""

    writer: _Writer
    account: str
    months: list[date] = field(default_factory=list)
    price: int = 0

    def add(self, month: date, price: int) -> None:
        if self.months and (price != self.price or _end(self.months[-1]) + _DAY != month):
            self.close()
        self.months.append(month)
        self.price = price

    def close(self) -> None:
        if self.months:
            self.writer.rule(self.account, self.months[0], self.months[-1], self.price)
        self.months = []


def _nic(post: Post, pay: _Pay, month: date) -> int:
    """A post's National Insurance in a month; pence."""
    return sum(
        _rounded(
            Fraction(_rounded(Fraction(pay.year(post, salary, month)[1], 12)) * days, _days(month))
        )
        for salary, days in _days_at_each_salary(post, month, _end(month)).items()
    )


def _occasions(start: date, every: int | None, end: date) -> Iterator[date]:
    """The start, then every so many months on its day of the month, clamped to the month's end."""
    day, count = start, 0
    while day <= end:
        yield day
        if every is None:
            return
        count += every
        year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
        day = date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _months(first: date, last: date) -> Iterator[date]:
    month = _month(first)
    while month <= last:
        yield month
        month = _end(month) + _DAY


def _month(day: date) -> date:
    return day.replace(day=1)


def _end(day: date) -> date:
    return day.replace(day=_days(day))


def _days(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _overlap(low: date, high: date) -> int:
    return max(0, (high - low).days + 1)


def _rounded(value: Fraction | int) -> int:
    """Half up by magnitude (R)."""
    value = Fraction(value)
    whole = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return whole if value >= 0 else -whole


def _pounds(pence: int) -> str:
    return f"{'-' if pence < 0 else ''}{abs(pence) // 100}.{abs(pence) % 100:02d}"
