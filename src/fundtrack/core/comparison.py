"""A book now and with changes, side by side: which of the figures that matter would move.

Every figure stands at each certainty by itself, never added or blended. Money is whole pence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from fundtrack.core import words
from fundtrack.core.forecast import recorded
from fundtrack.core.model import CERTAINTIES, Certainty
from fundtrack.core.period import (
    APRIL,
    ONE_DAY,
    Period,
    add_months,
    financial_year,
    month_end,
    month_of,
)
from fundtrack.core.plain import decimal_text

if TYPE_CHECKING:
    from fundtrack.core.outlook import Sums

_YEAR = 12


@dataclass(frozen=True, slots=True)
class Standing:
    """How a book stands at one certainty. Money is pence; "lowest" looks at twelve months.

    `unfunded` counts the posts that are not wholly paid from some day on, `unfunded_fte` is all
    their FTE, and `unfunded_from` the first of these days. Income of this financial year is what
    the forecast still has of it.
    """

    runway: int | None
    below_floor: date | None
    exhausted: date | None
    lowest_reserves: int | None
    lowest_reserves_in: date | None
    lowest_free_cash: int | None
    lowest_free_cash_in: date | None
    unfunded: int
    unfunded_fte: Decimal
    unfunded_from: date | None
    income_this_year: int
    income_next_year: int


@dataclass(frozen=True, slots=True)
class Row:
    """One figure now and then, at each certainty ("" where it has none)."""

    name: str
    now: tuple[str, ...]
    then: tuple[str, ...]

    @property
    def changed(self) -> tuple[bool, ...]:
        """Whether it differs, at each certainty."""
        return tuple(one != other for one, other in zip(self.now, self.then, strict=True))


@dataclass(frozen=True, slots=True)
class Comparison:
    """A book and the same with changes, side by side at every certainty, never blended.

    `exposure` and `redundancy` are what it costs if nothing is renewed, (now, then), in pence.
    """

    now: dict[Certainty, Standing]
    then: dict[Certainty, Standing]
    exposure: tuple[int, int]
    redundancy: tuple[int, int]
    rows: tuple[Row, ...]

    @property
    def changed(self) -> tuple[tuple[str, Certainty], ...]:
        """The figures that differ: name and certainty."""
        return tuple(
            (row.name, certainty)
            for row in self.rows
            for certainty, differs in zip(CERTAINTIES, row.changed, strict=True)
            if differs
        )


def compare(now: Sums, then: Sums) -> Comparison:
    """What changes would do to the figures that matter.

    Raises ValueError unless both look from the same day over the same months.
    """
    if (now.today, now.months) != (then.today, then.months):
        raise ValueError("only outlooks of one day and the same months can be compared")
    ours, theirs = _side(now), _side(then)
    rows = [Row(name, ours.columns[name], theirs.columns[name]) for name in ours.columns]
    place = list(ours.columns).index("Unfunded from") + 1
    rows[place:place] = _unfunded_in(now, then)
    return Comparison(
        ours.standing,
        theirs.standing,
        (now.exposure.total, then.exposure.total),
        (now.exposure.redundancy, then.exposure.redundancy),
        tuple(rows),
    )


class _Side(NamedTuple):
    """What is compared of one outlook, and the same in words, at each certainty."""

    standing: dict[Certainty, Standing]
    columns: dict[str, tuple[str, ...]]


@lru_cache(maxsize=2)
def _side(told: Sums) -> _Side:
    """One side of a comparison: how a book stands is asked again with each step of a slider."""
    standing = {name: _standing(told, name) for name in CERTAINTIES}
    return _Side(standing, _columns(told, standing))


def _standing(told: Sums, certainty: Certainty) -> Standing:
    found = told.forecast[certainty]
    reserves, reserves_in = _lowest(told, found.unrestricted_closing.tolist())
    cash, cash_in = _lowest(told, found.free_cash.tolist())
    short = [post for post in told.posts if post.short_from[certainty] is not None]
    posts = told.workings.portfolio.posts_by_key
    days = [day for post in short if (day := post.short_from[certainty]) is not None]
    this, following = years(told)
    return Standing(
        runway=found.runway_whole_months,
        below_floor=found.floor_breach_month,
        exhausted=found.reserves_exhausted_month,
        lowest_reserves=reserves,
        lowest_reserves_in=reserves_in,
        lowest_free_cash=cash,
        lowest_free_cash_in=cash_in,
        unfunded=len(short),
        unfunded_fte=sum((posts[post.key].fte for post in short), Decimal(0)),
        unfunded_from=min(days, default=None),
        income_this_year=_within(told, found.income.tolist(), this),
        income_next_year=_within(told, found.income.tolist(), following),
    )


def _lowest(told: Sums, figures: list[int]) -> tuple[int | None, date | None]:
    """The lowest month-end of the twelve months from today's."""
    first = month_of(told.today)
    end = add_months(first, _YEAR)
    year = [
        (figure, month)
        for figure, month in zip(figures, told.months, strict=True)
        if first <= month < end
    ]
    return min(year, default=(None, None), key=lambda pair: pair[0])


def years(told: Sums) -> tuple[Period, Period]:
    """Return today's financial year, and the next."""
    start_month = told.workings.portfolio.organisation.year_start_month or APRIL
    this = financial_year(told.today, start_month)
    return this, financial_year(this.end + ONE_DAY, start_month)


def _within(told: Sums, figures: list[int], year: Period) -> int:
    months = zip(figures, told.months, strict=True)
    return sum(figure for figure, month in months if month in year)


def unfunded_fte(told: Sums, certainty: Certainty, month: date) -> Decimal:
    """How much FTE of the posts that exist in a month nothing that certain pays for."""
    return _unfunded_fte(told, month)[CERTAINTIES.index(certainty)]


def _unfunded_fte(told: Sums, month: date) -> tuple[Decimal, ...]:
    at, last = told.months.index(month), month_end(month)
    posts = told.workings.portfolio.posts_by_key
    total = [Decimal(0)] * len(CERTAINTIES)
    for post in told.posts:
        if any(part.start <= last and month <= part.end for part in post.segments):
            fte, short = posts[post.key].fte, 10_000
            for certainty, name in enumerate(CERTAINTIES):
                short -= int(post.cover[name][at])
                total[certainty] += fte * max(0, short)
    return tuple((each / 10_000).quantize(Decimal("0.01")) for each in total)


def _columns(told: Sums, standing: Mapping[Certainty, Standing]) -> dict[str, tuple[str, ...]]:
    """The figures of one book in words, by name, at each certainty."""
    found = [standing[name] for name in CERTAINTIES]
    this, following = years(told)
    columns = {
        "Below policy from": tuple(_month(each.below_floor) for each in found),
        "Reserves gone in": tuple(_month(each.exhausted) for each in found),
        "Runway, whole months": tuple(_runway(told, each) for each in found),
        "Lowest reserves in 12 months": tuple(_pounds(each.lowest_reserves) for each in found),
        "Lowest free cash in 12 months": tuple(_pounds(each.lowest_free_cash) for each in found),
        "Posts unfunded, wholly or partly": tuple(_posts(each) for each in found),
        "Unfunded from": tuple(_day(each.unfunded_from) for each in found),
        f"Income, rest of {this.name}": tuple(_pounds(each.income_this_year) for each in found),
        f"Income, {following.name}": tuple(_pounds(each.income_next_year) for each in found),
        "If nothing is renewed": (_pounds(told.exposure.total), "", ""),
        "of which redundancy": (_pounds(told.exposure.redundancy), "", ""),
    }
    if not recorded(told.workings.portfolio.organisation.balances):
        # Counted from nought they would be told as known.
        columns |= dict.fromkeys(_OF_RESERVES, ("not known",) * len(CERTAINTIES))
    return columns


_OF_RESERVES = (
    "Below policy from",
    "Reserves gone in",
    "Runway, whole months",
    "Lowest reserves in 12 months",
)


def _unfunded_in(now: Sums, then: Sums) -> list[Row]:
    """How much FTE is unfunded in the first whole month in which any is, now or then."""
    month = _first_unfunded_month(now, then)
    if month is None:
        return []
    return [Row(f"Unfunded in {words.month_name(month)}", _fte(now, month), _fte(then, month))]


def _first_unfunded_month(now: Sums, then: Sums) -> date | None:
    """The first whole month in which a post is short of secured money, now or then."""
    days = [
        day
        for told in (now, then)
        for post in told.posts
        if (day := post.short_from["secured"]) is not None
    ]
    if not days:
        return None
    first = min(days)
    month = first if first == month_of(first) else add_months(month_of(first), 1)
    return month if month in now.months else None


@lru_cache(maxsize=2)  # how it stands now is asked again with each step of a slider
def _fte(told: Sums, month: date) -> tuple[str, ...]:
    return tuple(f"{each} FTE" for each in _unfunded_fte(told, month))


def _month(month: date | None) -> str:
    return "not by then" if month is None else words.short_month(month)


def _day(day: date | None) -> str:
    return "not by then" if day is None else words.short_day(day)


def _runway(told: Sums, found: Standing) -> str:
    return f"{told.horizon} or more" if found.runway is None else str(found.runway)


def _pounds(pence: int | None) -> str:
    return "" if pence is None else words.whole_pounds(pence)


def _posts(found: Standing) -> str:
    return f"{found.unfunded}, {decimal_text(found.unfunded_fte)} FTE" if found.unfunded else "none"


_COUNTING: dict[Certainty, str] = {
    "secured": "On secured money alone",
    "probable": "Counting probable money too",
    "possible": "Counting possible money too",
}


_TOLD = (
    "Below policy from",
    "Reserves gone in",
    "Runway, whole months",
    "Posts unfunded, wholly or partly",
    "Unfunded from",
)
"""The figures that a sentence names; the table has them all."""


def summary(found: Comparison) -> tuple[str, ...]:
    """What changes would do, in a sentence for each certainty at which they do anything told."""
    said = []
    for at, certainty in enumerate(CERTAINTIES):
        facts = [
            f"{row.name[:1].lower()}{row.name[1:]}: {row.then[at]} (now {row.now[at]})"
            for row in found.rows
            if row.name in _TOLD and row.changed[at]
        ]
        if facts:
            said.append(f"{_COUNTING[certainty]}, {'; '.join(facts)}.")
    if said:
        return tuple(said)
    if found.changed:
        return ("These changes move figures below, and no date, runway or post's cover.",)
    return ("These changes move none of the figures shown.",)
