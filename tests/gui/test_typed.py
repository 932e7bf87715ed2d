from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundtrack.core import words
from fundtrack.core.plain import decimal_text, pounds
from fundtrack.gui import typed


@pytest.mark.parametrize(
    "text",
    [
        "31/3/27",
        "31/03/2027",
        "31 Mar 2027",
        "31 march 27",
        "31.3.27",
        "31st March 2027",
        "2027-03-31",
        "31-3-2027",
        " 31 mar 2027 ",
    ],
)
def test_a_date_is_read_as_the_british_write_it(text: str) -> None:
    assert typed.read_date(text, 2026) == date(2027, 3, 31)


def test_a_year_left_out_is_that_of_what_stood_there() -> None:
    assert typed.read_date("30 Sep", 2027) == date(2027, 9, 30)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("30/2/27", "no such day"),
        ("3/31/27", "no such day"),
        ("soon", "not a date"),
        ("", "not a date"),
        ("1/1/0027", "too far away"),
    ],
)
def test_a_date_that_cannot_be_says_what_to_type(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as told:
        typed.read_date(text, 2026)
    assert "31 Mar 2027" in str(told.value)


@given(st.dates(date(1950, 1, 1), date(2150, 12, 31)))
def test_every_date_the_window_writes_can_be_typed_back(day: date) -> None:
    assert typed.read_date(words.short_day(day), 2000) == day
    assert typed.read_date(words.day(day), 2000) == day


@given(st.integers(-(10**11), 10**11))
def test_every_amount_the_window_writes_can_be_typed_back(pence: int) -> None:
    assert typed.read_pounds(words.money(pence)) == pence
    assert typed.read_pounds(pounds(pence)) == pence


@pytest.mark.parametrize("text", ["12,00", "1,2345", "£", "ten", "1.999", "1e5", "--2"])
def test_an_amount_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Type an amount"):
        typed.read_pounds(text)


@given(st.decimals(0, 100, places=2))
def test_every_share_can_be_typed_back(percent: Decimal) -> None:
    assert typed.read_percent(f"{decimal_text(percent)}%") == percent


def test_a_share_above_the_whole_is_refused() -> None:
    with pytest.raises(ValueError, match="0 to 100"):
        typed.read_percent("120")
