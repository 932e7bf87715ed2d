"""One award, one post or one cost, month by month: what it brings, what it costs, when it is paid.

DOMAIN section 6, steps 1, 2 and 6. Money is whole pence; months are first-of-month dates.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fundtrack.core.employment import on_costs, salary_steps
from fundtrack.core.money import percent_of, round_half_up, spread
from fundtrack.core.period import (
    add_months,
    days_in_month,
    month_end,
    month_of,
    months_between,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from fundtrack.core.model import Award, Cost, Organisation, Post
    from fundtrack.core.rates import Rates

    Pennies = npt.NDArray[np.int64]

ONE_DAY = timedelta(days=1)
SECURED, PROBABLE, POSSIBLE = 0, 1, 2
NEVER = 3
RANKS = {
    "awarded": SECURED,
    "live": SECURED,
    "ended": SECURED,
    "agreed-in-principle": PROBABLE,
    "idea": POSSIBLE,
    "preparing": POSSIBLE,
    "submitted": POSSIBLE,
    "unsuccessful": NEVER,
    "withdrawn": NEVER,
}
_DAY_UNITS = 377_580
"""The least number that 28, 29, 30 and 31 all divide: a month's weight, so a day's is whole."""
_PERIOD_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_COST_MONTHS = {"quarter": 3, "year": 12}
_DEFAULT_YEAR_START = 4
_SAFE = 4 * 10**18


# --- the months looked at --------------------------------------------------------------------


@dataclass(frozen=True)
class Grid:
    """The months of a forecast: from `as_at` (its first may be a part month) to a last month.

    `shown` months are the forecast; those after it are looked at only to size a cliff.
    `last_day` is the horizon's.
    """

    as_at: date
    today: date
    months: tuple[date, ...]
    shown: int
    horizon: int = 0
    ends: tuple[date, ...] = field(init=False)
    origin: int = field(init=False)
    last_day: date = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ends", tuple(month_end(month) for month in self.months))
        object.__setattr__(self, "origin", month_number(self.months[0]))
        horizon = month_end(add_months(self.today, self.horizon))
        object.__setattr__(self, "last_day", horizon)

    @classmethod
    def of(cls, as_at: date, today: date, horizon: int, beyond: int = 13) -> Grid:
        """The months from that of `as_at` through that of today plus `horizon` months."""
        last = add_months(today, horizon)
        shown = len(months_between(as_at, last))
        months = months_between(as_at, add_months(max(last, as_at), beyond))
        return cls(as_at, today, months, shown, horizon)

    @property
    def earliest(self) -> date:
        """The first of the earlier month of yesterday's and `as_at`'s: cover is known from there.

        Yesterday, for an award that ended then has its cliff today.
        """
        return month_of(min(self.as_at, self.today - ONE_DAY))

    def month(self, at: int) -> date:
        """The first day of the month at a place, which may lie before the grid."""
        return date((self.origin + at) // 12, (self.origin + at) % 12 + 1, 1)

    def index(self, day: date) -> int:
        """Which month a day lies in; below 0 before the first, beyond the last after it."""
        return day.year * 12 + day.month - 1 - self.origin


# --- awards: income --------------------------------------------------------------------------


def rank(award: Award) -> int:
    """How certain an award is: 0 secured, 1 probable, 2 possible, 3 never counted."""
    return RANKS[award.stage]


def is_pool(award: Award) -> bool:
    """Whether its money is kept apart: restricted, designated, or ring-fenced."""
    return fund_of(award) != "unrestricted" or bool(award.ring_fenced)


def fund_of(award: Award) -> str:
    """Its fund; left out, a grant is restricted and everything else unrestricted."""
    return award.fund or ("restricted" if award.kind == "grant" else "unrestricted")


class Term(NamedTuple):
    """A stretch of an award agreed at one certainty; `place` is its extension, None the first."""

    start: date
    end: date
    rank: int
    amount: int
    place: int | None


def terms(award: Award) -> tuple[Term, ...]:
    """The award's own term and its extensions; one not exercised is possible."""
    found = [Term(award.start, award.end, rank(award), award.amount, None)]
    end = award.end
    for place, extension in enumerate(award.extensions):
        ranked = rank(award) if extension.exercised else max(rank(award), POSSIBLE)
        found.append(Term(end + ONE_DAY, extension.end, ranked, extension.amount, place))
        end = max(end, extension.end)
    return tuple(found)


def last_day(award: Award, certainty: int = SECURED) -> date:
    """The award's last day, with the extensions that count at a certainty."""
    if not award.extensions:
        return award.end
    return max(
        term.end
        for term in terms(award)
        if term.place is None or term.rank <= max(certainty, rank(award))
    )


class Piece(NamedTuple):
    """A sum that lies evenly on some days, by months or by days."""

    amount: int
    start: date
    end: date
    by_days: bool


def pieces(award: Award, term: Term) -> Iterator[Piece]:
    """The even pieces a term's money is made of: one, or one for each price or profile month."""
    by_days = award.spread == "days"
    if term.place is not None or not (award.profile or award.uplifts):
        yield Piece(term.amount, term.start, term.end, by_days)
        return
    if has_profile(award):
        yield from _profile_pieces(award)
        return
    cuts = _cuts(award)
    weights = [_weight(start, end, by_days=by_days) for start, end in cuts]
    for (start, end), share in zip(cuts, spread(award.amount, weights), strict=True):
        yield Piece(_raised(award, share, start), start, end, by_days)


def has_profile(award: Award) -> bool:
    """A profile counts when `spread` is `profile`, or is left out beside one."""
    return bool(award.profile) and award.spread in (None, "profile")


def _profile_pieces(award: Award) -> Iterator[Piece]:
    lying = [
        (row.amount, max(row.month, award.start), min(month_end(row.month), award.end))
        for row in award.profile
    ]
    for amount, start, end in lying:
        if start > end:
            continue
        cuts = _cuts(award, start, end)
        weights = [(last - first).days + 1 for first, last in cuts]
        for (first, last), share in zip(cuts, spread(amount, weights), strict=True):
            yield Piece(_raised(award, share, first), first, last, by_days=True)


def _cuts(
    award: Award, start: date | None = None, end: date | None = None
) -> list[tuple[date, date]]:
    start, end = start or award.start, end or award.end
    begins = sorted(
        {uplift.from_ for uplift in award.uplifts if start < uplift.from_ <= end} | {start}
    )
    ends = [*(begin - ONE_DAY for begin in begins[1:]), end]
    return list(zip(begins, ends, strict=True))


def _raised(award: Award, share: int, start: date) -> int:
    for uplift in sorted(award.uplifts, key=lambda uplift: uplift.from_):
        if award.start < uplift.from_ <= start:
            percent = uplift.percent if uplift.cap is None else min(uplift.percent, uplift.cap)
            share = percent_of(share, 100 + percent)
    return share


def _weight(start: date, end: date, *, by_days: bool) -> int:
    return _position(end, by_days=by_days) - _position(start - ONE_DAY, by_days=by_days)


def _position(day: date, *, by_days: bool) -> int:
    """How much weight there is up to the end of a day, so that a stretch is a difference."""
    if by_days:
        return day.toordinal()
    return month_number(day) * _DAY_UNITS + day.day * (_DAY_UNITS // days_in_month(day))


def incomes(
    owners: Sequence[int], found: Sequence[Piece], rows: int, ends: Sequence[date]
) -> Pennies:
    """Income in pence by owner and stretch: each piece spread by cumulative rounding (C4).

    `owners[i]` is the row of `found[i]`. A stretch runs from the day after one of `ends` through
    the next, so there is one fewer of them.
    """
    income = np.zeros((rows, len(ends) - 1), dtype=np.int64)
    for by_days in (False, True):
        chosen = [at for at, piece in enumerate(found) if piece.by_days == by_days]
        if not chosen:
            continue
        edges = np.array([_position(day, by_days=by_days) for day in ends], dtype=np.int64)
        amounts = np.array([found[at].amount for at in chosen], dtype=np.int64)
        begins = np.array(
            [_position(found[at].start - ONE_DAY, by_days=by_days) for at in chosen],
            dtype=np.int64,
        )
        wholes = (
            np.array([_position(found[at].end, by_days=by_days) for at in chosen], dtype=np.int64)
            - begins
        )
        monthly = np.diff(_cumulative(amounts, begins, wholes, edges), axis=1)
        np.add.at(income, [owners[at] for at in chosen], monthly)
    return income


def _cumulative(amounts: Pennies, begins: Pennies, wholes: Pennies, edges: Pennies) -> Pennies:
    """R(amount × weight so far / whole weight) at each edge, exactly."""
    so_far = np.clip(edges[None, :] - begins[:, None], 0, wholes[:, None])
    most = int(np.abs(amounts).max(initial=0)) * int(wholes.max(initial=1))
    if most < _SAFE // 2:
        top = 2 * np.abs(amounts)[:, None] * so_far + wholes[:, None]
        rounded = top // (2 * wholes[:, None])
        signed: Pennies = np.where(amounts[:, None] < 0, -rounded, rounded)
        return signed
    exact = [
        [round_half_up(int(amount) * int(weight), int(whole)) for weight in row]
        for amount, whole, row in zip(amounts, wholes, so_far, strict=True)
    ]
    return np.array(exact, dtype=np.int64)


# --- awards: when the money comes ------------------------------------------------------------


class Receipt(NamedTuple):
    """A sum that arrives on a day."""

    on: date
    amount: int


def listed_receipts(award: Award) -> tuple[Receipt, ...]:
    """The payments as listed: on the day received, else when due plus the usual lag."""
    lag = timedelta(days=award.payment_lag_days or 0)
    return tuple(
        Receipt(
            payment.received_on or payment.due + lag,
            payment.amount if payment.received is None else payment.received,
        )
        for payment in award.payments
    )


class ReportingPeriod(NamedTuple):
    """One reporting period of an award: first and last day, both within the award."""

    start: date
    end: date


def reporting_periods(
    award: Award, organisation: Organisation, months: range, end: date
) -> Iterator[tuple[range, ReportingPeriod]]:
    """The award's reporting periods, each with the months whose last covered day it holds.

    Months are counted from the year 0 (`year × 12 + month − 1`). `end` is the award's last day as
    counted; periods are cut at its start and end. No reporting: monthly.
    """
    reporting = award.reporting
    frequency = "month" if reporting is None else reporting.frequency
    if frequency == "once":
        yield months, ReportingPeriod(award.start, end)
        return
    length, anchor = _PERIOD_MONTHS[frequency], _anchor(award, organisation)
    origin = month_number(anchor)
    for number in range(
        (months.start - origin) // length, (months.stop - 1 - origin) // length + 1
    ):
        held = range(
            max(months.start, origin + number * length),
            min(months.stop, origin + (number + 1) * length),
        )
        # The award's last days may lie in the period before the one its last month would.
        behind = add_months(anchor, length * number) > end
        start = add_months(anchor, length * (number - behind))
        finish = add_months(anchor, length * (number - behind + 1)) - ONE_DAY
        yield held, ReportingPeriod(max(start, award.start), min(finish, end))


def month_number(day: date) -> int:
    """Months counted from the year 0, so that a stretch of them is a range."""
    return day.year * 12 + day.month - 1


def _anchor(award: Award, organisation: Organisation) -> date:
    reporting = award.reporting
    kind = "start" if reporting is None or reporting.anchor is None else reporting.anchor
    if kind == "financial-year":
        first = organisation.year_start_month or _DEFAULT_YEAR_START
        return date(award.start.year - 1, first, 1)
    if kind == "calendar":
        return date(award.start.year, 1, 1)
    if kind == "custom" and reporting is not None and reporting.first_period_end is not None:
        return reporting.first_period_end + ONE_DAY
    return award.start


def paid_at_once(award: Award) -> bool:
    """Whether all the money of an award, however long, comes on its first day."""
    once = award.reporting is not None and award.reporting.frequency == "once"
    return once and award.payment_basis == "advance"


def arrivals(
    award: Award, organisation: Organisation, months: range, end: date
) -> Iterator[tuple[range, date]]:
    """The day on which the money of some months arrives, for an award without listed payments.

    `end` is the award's last day as counted. A milestone award's never does: nothing is given.
    """
    lag = timedelta(days=award.payment_lag_days or 0)
    if award.payment_basis is None:
        for number in months:
            last = month_end(date(number // 12, number % 12 + 1, 1))
            yield range(number, number + 1), min(last, end) + lag
    elif award.payment_basis != "milestone":
        in_advance = award.payment_basis == "advance"
        for held, period in reporting_periods(award, organisation, months, end):
            yield held, (period.start if in_advance else _report_due(award, period)) + lag


def _report_due(award: Award, period: ReportingPeriod) -> date:
    reporting = award.reporting
    if reporting is None:
        return period.end
    if reporting.due_days is not None:
        return period.end + timedelta(days=reporting.due_days)
    if reporting.due_day is not None:
        following = add_months(month_of(period.end), 1)
        return following.replace(day=min(reporting.due_day, days_in_month(following)))
    return period.end


# --- posts and costs -------------------------------------------------------------------------


class Stay(NamedTuple):
    """Days in a row, both included, on which a post or cost exists."""

    start: date
    end: date


def stays(post: Post, first: date, last: date) -> tuple[Stay, ...]:
    """The days a post exists between two dates; vacant days do not exist."""
    if post.status == "vacant":
        return ()
    start, end = max(post.start, first), last if post.end is None else min(post.end, last)
    found = []
    for vacancy in sorted(post.vacancies, key=lambda vacancy: vacancy.from_):
        if vacancy.from_ > start:
            found.append(Stay(start, min(end, vacancy.from_ - ONE_DAY)))
        start = max(start, vacancy.to + ONE_DAY)
    found.append(Stay(start, end))
    return tuple(stay for stay in found if stay.start <= stay.end)


class MonthPrice:
    """What a whole month of a post costs at each salary, with each month's rates.

    Also the month's NIC at that salary, for the Employment Allowance.
    """

    def __init__(self, post: Post, rates: Rates, epochs: RateEpochs) -> None:
        self._post, self._rates, self._epochs = post, rates, epochs
        steps = salary_steps(post)
        self.changes = tuple(day for day, _ in steps[1:])
        self._salaries = tuple(salary for _, salary in steps)
        self._known: dict[tuple[int, int], tuple[int, int, int]] = {}

    def salary(self, day: date) -> int:
        """The full-time salary in force on a day."""
        return self._salaries[bisect_right(self.changes, day)]

    def changes_after(self, at: int, grid: Grid) -> int:
        """The first month after the one at a place in the grid whose rates are not the same."""
        return self._epochs.changes_after(at, grid)

    def month(self, salary: int, month_last: date) -> tuple[int, int, int]:
        """Whole-month cost, whole-month NIC and annual gross, in pence."""
        epoch = self._epochs.of(month_last)
        known = self._known.get((salary, epoch))
        if known is None:
            year = on_costs(self._post, salary, self._rates, month_last)
            known = (year.month, round_half_up(year.nic, 12), year.gross)
            self._known[salary, epoch] = known
        return known


class RateEpochs:
    """Numbers the stretches of time over which the on-cost rates stand still."""

    _CODES = (
        "nic.rate",
        "nic.secondary_threshold",
        "nic.upper_threshold_M_H",
        "pension.trigger",
        "pension.qualifying_lower",
        "pension.qualifying_upper",
    )

    def __init__(self, rates: Rates) -> None:
        self._rates = rates
        self._by_day: dict[date, int] = {}
        self._numbers: dict[tuple[object, ...], int] = {}
        self._grid: Grid | None = None
        self._changes: list[int] = []

    def changes_after(self, at: int, grid: Grid) -> int:
        """The first month after the one at a place in the grid whose rates are not the same."""
        if self._grid is not grid:
            numbers = [self.of(end) for end in grid.ends]
            changes = [
                month for month in range(1, len(numbers)) if numbers[month] != numbers[month - 1]
            ]
            self._grid, self._changes = grid, [*changes, len(numbers)]
        return self._changes[bisect_right(self._changes, at)]

    def of(self, day: date) -> int:
        """Days with one number have the same rates."""
        number = self._by_day.get(day)
        if number is None:
            values = tuple(self._rates.value(code, day) for code in self._CODES)
            number = self._numbers.setdefault(values, len(self._numbers))
            self._by_day[day] = number
        return number


def lumps(cost: Cost, grid: Grid) -> Iterator[tuple[int, date]]:
    """Month and day of each occasion of a cost that falls whole, from the earliest month on."""
    step = _COST_MONTHS.get(cost.frequency)
    last = grid.ends[-1] if cost.end is None else min(cost.end, grid.ends[-1])
    day, number = cost.start, 0
    if step is not None:
        behind = (grid.earliest.year - day.year) * 12 + grid.earliest.month - day.month
        number = max(0, behind // step)
        day = add_months(cost.start, number * step)
    while day <= last:
        if day >= grid.earliest:
            yield grid.index(day), day
        if step is None:
            return
        number += 1
        day = add_months(cost.start, number * step)
