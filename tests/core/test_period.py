from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundtrack.core.errors import RefusedError
from fundtrack.core.model import Award, Extension
from fundtrack.core.period import (
    Period,
    add_months,
    age_on,
    anniversary,
    calendar_quarter,
    complete_months,
    complete_years,
    financial_half,
    financial_quarter,
    financial_year,
    grant_period,
    grant_quarter,
    grant_quarter_number,
    month_period,
    months_between,
    parse_period,
    plain_period,
)

GOLDEN = Path(__file__).parent.parent / "data" / "golden_cases.json"
DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))
START_MONTHS = st.integers(1, 12)
AWARD = Award(
    key="a",
    title="Next Step",
    stage="live",
    amount=100_000_00,
    start=date(2026, 5, 15),
    end=date(2027, 9, 30),
)


def quarter_case() -> Any:
    cases = json.loads(GOLDEN.read_text(encoding="utf-8"))["cases"]
    return next(case for case in cases if case["id"] == "QUARTER-01")


def test_the_quarters_of_the_financial_and_the_calendar_year() -> None:
    for row in quarter_case()["expected"]["quarters"]:
        day = date.fromisoformat(row["date"])
        assert financial_quarter(day).name == row["fy_apr"]
        assert calendar_quarter(day).name == row["calendar"]


def test_a_grant_quarter_runs_from_the_awards_own_start() -> None:
    case = quarter_case()
    start = date.fromisoformat(case["inputs"]["grant_start"])
    day = date.fromisoformat(case["inputs"]["grant_quarter_for"])
    expected = case["expected"]["grant_quarter"]
    number = grant_quarter_number(start, day)
    quarter = grant_quarter(start, number)
    assert number == expected["number"]
    assert (quarter.start, quarter.end) == (
        date.fromisoformat(expected["start"]),
        date.fromisoformat(expected["end"]),
    )


def test_a_month_on_from_the_31st_is_the_months_last_day() -> None:
    assert add_months(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert add_months(date(2027, 3, 31), -13) == date(2026, 2, 28)


def test_a_leap_day_anniversary_rolls_to_the_first_of_march() -> None:
    assert anniversary(date(2024, 2, 29), 1) == date(2025, 3, 1)
    assert age_on(date(2004, 2, 29), date(2025, 2, 28)) == 20
    assert age_on(date(2004, 2, 29), date(2025, 3, 1)) == 21


def test_two_years_of_service_are_complete_on_their_last_day() -> None:
    assert complete_years(date(2025, 4, 1), date(2027, 3, 31)) == 2
    assert complete_years(date(2025, 4, 1), date(2027, 3, 30)) == 1
    assert complete_months(date(2026, 1, 31), date(2026, 2, 27)) == 1
    assert complete_months(date(2026, 1, 31), date(2026, 2, 26)) == 0
    assert complete_years(date(2027, 4, 1), date(2027, 1, 1)) == 0


def test_a_year_that_starts_in_january_is_written_like_the_calendar() -> None:
    day = date(2026, 11, 22)
    assert financial_quarter(day, 1) == calendar_quarter(day)
    assert financial_year(day, 1) == Period(date(2026, 1, 1), date(2026, 12, 31), "2026")


@pytest.mark.parametrize(
    ("text", "start", "end", "name"),
    [
        ("2026-27 Q2", date(2026, 7, 1), date(2026, 9, 30), "2026-27 Q2"),
        (" 2026/2027  q4 ", date(2027, 1, 1), date(2027, 3, 31), "2026-27 Q4"),
        ("2026-27 H2", date(2026, 10, 1), date(2027, 3, 31), "2026-27 H2"),
        ("2026-27", date(2026, 4, 1), date(2027, 3, 31), "2026-27"),
        ("2026 Q4", date(2026, 10, 1), date(2026, 12, 31), "2026 Q4"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "2026"),
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30), "2026-11"),
        ("grant Q3", date(2026, 11, 15), date(2027, 2, 14), "grant Q3"),
        ("Grant year 2", date(2027, 5, 15), date(2027, 9, 30), "grant year 2"),
        ("grant m1", date(2026, 5, 15), date(2026, 6, 14), "grant M1"),
        (
            "2026-05-15 to 2026-08-14",
            date(2026, 5, 15),
            date(2026, 8, 14),
            "2026-05-15 to 2026-08-14",
        ),
    ],
)
def test_a_period_is_read_as_a_funder_writes_it(
    text: str, start: date, end: date, name: str
) -> None:
    assert parse_period(text, 4, AWARD) == Period(start, end, name)


def test_a_grant_quarter_is_cut_at_the_end_of_the_award_as_extended() -> None:
    assert parse_period("grant Q6", 4, AWARD).end == date(2027, 9, 30)
    extension = Extension(key="x", end=date(2027, 10, 31), amount=0, exercised=True)
    extended = Award(
        key="a",
        title="Next Step",
        stage="live",
        amount=0,
        start=AWARD.start,
        end=AWARD.end,
        extensions=(extension,),
    )
    assert parse_period("grant Q6", 4, extended).end == date(2027, 10, 31)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("second quarter", "is not a period"),
        ("2026-28", "follow each other"),
        ("2026-27 Q5", "Q1 to Q4"),
        ("2026 H3", "H1 to H2"),
        ("grant Q7", "outside the award"),
        ("grant Q0", "outside the award"),
        ("2026-02-30 to 2026-03-01", "no such day"),
        ("2026-03-01 to 2026-02-01", "ends before it starts"),
        ("0001-12", "outside 1900 to 2200"),
    ],
)
def test_what_is_not_a_period_is_refused_with_the_way_out(text: str, says: str) -> None:
    with pytest.raises(RefusedError, match=says):
        parse_period(text, 4, AWARD)


def test_a_grant_quarter_needs_an_award_to_count_from() -> None:
    with pytest.raises(RefusedError, match="Say which award"):
        parse_period("grant Q1")


def test_two_years_mean_nothing_when_the_year_starts_in_january() -> None:
    with pytest.raises(RefusedError, match='Write "2026"'):
        parse_period("2026-27 Q1", 1)


@given(DAYS, START_MONTHS)
def test_every_period_is_read_back_as_it_is_written(day: date, start_month: int) -> None:
    for period in (
        month_period(day),
        financial_year(day, start_month),
        financial_half(day, start_month),
        financial_quarter(day, start_month),
        calendar_quarter(day),
        plain_period(day, day + timedelta(days=40)),
    ):
        assert day in period
        assert parse_period(period.name, start_month) == period


@given(DAYS, START_MONTHS)
def test_quarters_and_halves_tile_a_year(day: date, start_month: int) -> None:
    year = financial_year(day, start_month)
    for part_of in (financial_quarter, financial_half):
        parts = {part_of(month, start_month) for month in year.months}
        in_order = sorted(parts, key=lambda part: part.start)
        assert in_order[0].start == year.start
        assert in_order[-1].end == year.end
        assert sum(part.days for part in in_order) == year.days


@given(DAYS, st.integers(1, 30), st.sampled_from(["year", "H", "Q", "M"]))
def test_grant_periods_follow_each_other_without_a_gap(start: date, number: int, kind: str) -> None:
    period = grant_period(start, kind, number)
    assert grant_period(start, kind, 1).start == start
    assert grant_period(start, kind, number + 1).start == period.end + timedelta(days=1)
    assert period.start <= period.end


@given(DAYS, st.integers(0, 2000))
def test_every_day_from_the_start_lies_in_the_grant_quarter_counted_for_it(
    start: date, later: int
) -> None:
    day = start + timedelta(days=later)
    assert day in grant_quarter(start, grant_quarter_number(start, day))


@given(DAYS, DAYS)
def test_months_between_two_days_hold_both(first: date, last: date) -> None:
    months = months_between(first, last)
    assert bool(months) == ((first.year, first.month) <= (last.year, last.month))
    if months:
        assert (months[0], months[-1]) == (first.replace(day=1), last.replace(day=1))
        assert all(add_months(month, 1) == after for month, after in pairwise(months))
