"""A share moved by hand lands on whole months, stays within its award, and comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundtrack.core.model import Allocation, Award
from fundtrack.core.period import month_end, month_of
from fundtrack.core.share_days import (
    PARTS,
    Days,
    Part,
    by_days,
    by_months,
    dragged,
    kept_within,
    limits,
    own_days,
    share_days,
    span,
    told,
)

CORE = Award(
    key="core",
    title="Core",
    stage="live",
    amount=0,
    start=date(2024, 4, 1),
    end=date(2027, 3, 31),
)
SHARE = Allocation(key="a", post="p", award="core", percent=Decimal(100))
YEAR = Days(date(2026, 4, 1), date(2027, 3, 31))
day = st.dates(date(2000, 1, 1), date(2090, 12, 31))


def test_a_share_without_days_runs_for_its_award_and_unrestricted_money_without_end() -> None:
    assert share_days(SHARE, CORE) == Days(CORE.start, CORE.end)
    assert share_days(replace(SHARE, award=None), None) == Days(None, None)


def test_a_day_that_is_the_awards_own_is_not_kept_so_that_an_extension_carries_it_on() -> None:
    assert own_days(Days(date(2025, 1, 1), CORE.end), CORE) == Days(date(2025, 1, 1), None)


def test_the_last_day_of_a_month_moves_to_the_last_day_of_a_month() -> None:
    assert by_months(YEAR, "last", -1).last == date(2027, 2, 28)
    assert by_months(by_months(YEAR, "last", -1), "last", 1) == YEAR


def test_a_pointer_lands_on_the_nearest_month_unless_asked_for_the_day() -> None:
    assert dragged(YEAR, "last", 20, to_the_day=False).last == date(2027, 4, 30)
    assert dragged(YEAR, "last", 10, to_the_day=False).last == date(2027, 3, 31)
    assert dragged(YEAR, "last", 10, to_the_day=True).last == date(2027, 4, 10)
    assert dragged(YEAR, "first", -20, to_the_day=False).first == date(2026, 3, 1)
    moved = dragged(YEAR, "whole", 62, to_the_day=False)
    assert moved == Days(date(2026, 6, 1), date(2027, 5, 31))


def test_a_share_is_kept_within_its_award_and_never_turned_round() -> None:
    bounds = limits(CORE)
    assert kept_within(by_months(YEAR, "last", 6), bounds, "last").last == CORE.end
    back = kept_within(by_months(YEAR, "last", -24), bounds, "last")
    assert back == Days(YEAR.first, YEAR.first)
    forth = kept_within(by_months(YEAR, "first", 24), bounds, "first")
    assert forth == Days(YEAR.last, YEAR.last)


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (by_months(YEAR, "last", 6), "to 30 Sep 2027, 6 months later"),
        (by_months(YEAR, "first", 1), "from 1 May 2026, 1 month later"),
        (by_days(YEAR, "last", -3), "to 28 Mar 2027, 3 days earlier"),
        (by_months(YEAR, "whole", 1), "1 May 2026 to 30 Apr 2027"),
    ],
)
def test_a_move_says_where_to_and_how_far(after: Days, said: str) -> None:
    assert told(YEAR, after) == said


def test_days_without_bounds_are_said_in_words() -> None:
    assert span(Days(None, None)) == "from the beginning without end"


@given(day, day, st.sampled_from(PARTS), st.integers(-900, 900))
def test_what_is_dragged_by_months_begins_on_a_first_and_ends_on_a_last_day(
    one: date, other: date, part: Part, count: int
) -> None:
    whole = Days(month_of(min(one, other)), month_end(max(one, other)))
    moved = dragged(whole, part, count, to_the_day=False)
    assert moved.first is not None
    assert moved.last is not None
    assert (moved.first, moved.last) == (month_of(moved.first), month_end(moved.last))


@given(day, day, st.sampled_from(PARTS), st.integers(-60, 60))
def test_a_month_forth_and_back_is_where_it_began(
    one: date, other: date, part: Part, months: int
) -> None:
    whole = Days(month_of(min(one, other)), month_end(max(one, other)))
    assert by_months(by_months(whole, part, months), part, -months) == whole
