"""The days of a share moved by hand: an end or the whole, by a month, by a day, or to a pointer.

Days are inclusive. A share never runs beyond the award that pays it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from fundtrack.core import words
from fundtrack.core.period import add_months, month_end, month_of
from fundtrack.core.schedule import last_day

if TYPE_CHECKING:
    from fundtrack.core.model import Allocation, Award

Part = Literal["first", "whole", "last"]
PARTS: tuple[Part, ...] = ("first", "whole", "last")
_DAY = timedelta(days=1)
_MONTH_DAYS = 30.44


class Days(NamedTuple):
    """The first and the last day of a share; None where nothing bounds it."""

    first: date | None
    last: date | None


def share_days(share: Allocation, award: Award | None) -> Days:
    """The days a share runs: its own, or those of the award that pays it."""
    theirs = limits(award)
    return Days(share.from_ or theirs.first, share.to or theirs.last)


def limits(award: Award | None) -> Days:
    """The days an award can pay for; unrestricted funds have no first day and no last."""
    return Days(None, None) if award is None else Days(award.start, last_day(award))


def own_days(days: Days, award: Award | None) -> Days:
    """What a share keeps of its days: a day that is the award's own is left out."""
    theirs = limits(award)
    return Days(
        None if days.first == theirs.first else days.first,
        None if days.last == theirs.last else days.last,
    )


def by_months(days: Days, part: Part, months: int) -> Days:
    """Move an end, or the whole, by so many months: a month's end stays a month's end."""
    first = days.first if part == "last" else _later(days.first, months, last=False)
    last = days.last if part == "first" else _later(days.last, months, last=True)
    return Days(first, last)


def by_days(days: Days, part: Part, count: int) -> Days:
    """Move an end, or the whole, by so many days."""
    shift = timedelta(days=count)
    first = days.first if part == "last" or days.first is None else days.first + shift
    last = days.last if part == "first" or days.last is None else days.last + shift
    return Days(first, last)


def dragged(days: Days, part: Part, count: int, *, to_the_day: bool) -> Days:
    """Move by as many days as a pointer went; unless to the day, to the nearest whole month."""
    if to_the_day:
        return by_days(days, part, count)
    if part == "whole":
        return by_months(days, part, round(count / _MONTH_DAYS))
    moved = by_days(days, part, count)
    if part == "first":
        return moved._replace(first=_nearest_first(moved.first))
    return moved._replace(last=_nearest_last(moved.last))


def kept_within(days: Days, bounds: Days, part: Part) -> Days:
    """Keep a moved share within its award, and at least a day long; the end moved gives way."""
    first = _latest(days.first, bounds.first)
    last = _earliest(days.last, bounds.last)
    if first is not None and last is not None and last < first:
        return Days(last, last) if part == "first" else Days(first, first)
    return Days(first, last)


def told(before: Days, after: Days) -> str:
    """What a move does: "to 30 Sep 2027, 6 months later"."""
    if before.last != after.last and before.first == after.first and after.last is not None:
        return f"to {words.short_day(after.last)}{_away(before.last, after.last)}"
    if before.first != after.first and before.last == after.last and after.first is not None:
        return f"from {words.short_day(after.first)}{_away(before.first, after.first)}"
    return span(after)


def span(days: Days) -> str:
    """The days in words: "1 Apr 2024 to 31 Mar 2027"; "without end" where nothing bounds them."""
    first = "from the beginning" if days.first is None else words.short_day(days.first)
    last = "without end" if days.last is None else f"to {words.short_day(days.last)}"
    return f"{first} {last}"


def _later(day: date | None, months: int, *, last: bool) -> date | None:
    if day is None:
        return None
    if last and day == month_end(day):
        return month_end(add_months(month_of(day), months))
    return add_months(day, months)


def _nearest_first(day: date | None) -> date | None:
    if day is None:
        return None
    before, after = month_of(day), month_end(day) + _DAY
    return before if day - before <= after - day else after


def _nearest_last(day: date | None) -> date | None:
    following = _nearest_first(None if day is None else day + _DAY)
    return None if following is None else following - _DAY


def _latest(one: date | None, other: date | None) -> date | None:
    return max((each for each in (one, other) if each is not None), default=None)


def _earliest(one: date | None, other: date | None) -> date | None:
    return min((each for each in (one, other) if each is not None), default=None)


def _away(before: date | None, after: date) -> str:
    """How far a day was moved, in whole months where it is whole months."""
    if before is None or before == after:
        return ""
    way = "later" if after > before else "earlier"
    months = abs((after.year - before.year) * 12 + after.month - before.month)
    whole = after in (
        add_months(before, months if after > before else -months),
        _later(before, months if after > before else -months, last=True),
    )
    counted = (
        words.count(months, "month")
        if whole and months
        else words.count(abs((after - before).days), "day")
    )
    return f", {counted} {way}"
