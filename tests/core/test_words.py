"""A date without its year is one day only."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fundtrack.core import words

TODAY = date(2026, 11, 22)


def test_last_november_is_not_read_as_the_one_that_comes() -> None:
    assert words.near_day(date(2025, 11, 26), TODAY) == "26 Nov 2025"
    assert words.near_day(date(2026, 11, 26), TODAY) == "26 Nov"
    assert words.short_weekday(date(2025, 12, 3), TODAY) == "Wed 3 Dec 2025"
    assert words.near_weekday(date(2027, 1, 6), TODAY) == "Wed 6 January"


@given(
    st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    st.integers(-800, 800),
    st.integers(-800, 800),
)
def test_no_two_days_are_written_alike(today: date, one: int, other: int) -> None:
    days = today + timedelta(days=one), today + timedelta(days=other)
    said = {words.near_day(each, today) for each in days}
    assert len(said) == len(set(days))
