"""A number is shown as its cell would show it, and a day is told from a number by its format."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundtrack.exchange.workbook.own.numbers import day_of, kind_of, serial_of, shown

NOON = datetime(2026, 9, 5, 14, 7, 9)  # noqa: DTZ001 - a workbook has no time zones
ACCOUNTS = '_-"£"* #,##0.00_-;\\-"£"* #,##0.00_-;_-"£"* "-"??_-;_-@_-'


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("General", "general"),
        ("#,##0.00", "number"),
        (ACCOUNTS, "number"),
        ('"Day "0', "number"),
        ("[Red]0.0%", "percent"),
        ("@", "text"),
        ("dd/mm/yyyy", "date"),
        ("[$-809]d mmmm yyyy;@", "date"),
        ("mmm-yy", "date"),
        ("mmmm", "date"),
        ("h:mm AM/PM", "time"),
        ("[h]:mm:ss", "time"),
        ("mm:ss.0", "time"),
        ("dd/mm/yyyy hh:mm", "date"),
        ("", "general"),
    ],
)
def test_a_format_says_what_sort_of_value_it_is_made_for(code: str, kind: str) -> None:
    assert kind_of(code) == kind


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (Decimal("8212.02"), "#,##0.00", "8,212.02"),
        (Decimal("8212.025"), "#,##0.00", "8,212.03"),
        (Decimal("-180.48"), ACCOUNTS, "-£180.48"),
        (Decimal(0), ACCOUNTS, "£-"),
        (Decimal(1234567), "#,##0,", "1,235"),
        (Decimal("0.022"), "0.0%", "2.2%"),
        (Decimal("-0.133"), "0.0%", "-13.3%"),
        (Decimal("0.5"), "0.##", "0.5"),
        (Decimal(3), '"Q"0', "Q3"),
        (Decimal(7), "[$£-809]#,##0.00", "£7.00"),
        (Decimal("0.1") + Decimal("0.2"), "General", "0.3"),
        (Decimal("1234567.8900000001"), "General", "1234567.89"),
        (Decimal("12.5"), "# ?/?", "12.5"),
        (date(2026, 9, 5), "dd/mm/yyyy", "05/09/2026"),
        (date(2026, 9, 5), "d mmm yy", "5 Sep 26"),
        (date(2026, 9, 5), "dddd, mmmm", "Saturday, September"),
        (date(2026, 9, 5), "General", "05/09/2026"),
        (NOON, "yyyy-mm-dd hh:mm:ss", "2026-09-05 14:07:09"),
        (NOON, "h:mm AM/PM", "2:07 PM"),
        (True, "General", "TRUE"),
        ("Words", "0.00", "Words"),
        (None, "0.00", ""),
    ],
)
def test_a_value_is_shown_as_the_screen_would(value: object, code: str, text: str) -> None:
    assert shown(value, code) == text  # type: ignore[arg-type]  # a value of any sort


@given(day=st.dates(min_value=date(1904, 1, 1), max_value=date(9999, 12, 31)), old=st.booleans())
def test_a_day_becomes_a_number_and_the_same_day_again(day: date, old: bool) -> None:  # noqa: FBT001
    serial = serial_of(day, since_1904=old)
    assert serial is not None
    assert day_of(serial, since_1904=old) == day


@given(moment=st.datetimes(min_value=datetime(1904, 1, 2), max_value=datetime(2199, 12, 31)))  # noqa: DTZ001
def test_a_time_of_day_is_kept_to_the_second(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    serial = serial_of(moment, since_1904=False)
    assert serial is not None
    again = day_of(serial, since_1904=False)
    assert again == (moment if moment.time() != datetime.min.time() else moment.date())


def test_the_counting_of_days_begins_with_the_year_and_has_one_day_too_many() -> None:
    assert day_of(Decimal(1), since_1904=False) == date(1900, 1, 1)
    assert day_of(Decimal(59), since_1904=False) == date(1900, 2, 28)
    assert day_of(Decimal(61), since_1904=False) == date(1900, 3, 1)
    assert day_of(Decimal(0), since_1904=True) == date(1904, 1, 1)
    assert day_of(Decimal(0), since_1904=False) is None
    assert day_of(Decimal(-1), since_1904=True) is None
    assert day_of(Decimal(2_958_466), since_1904=False) is None
    assert serial_of(date(1899, 12, 31), since_1904=False) is None
    assert serial_of(date(1903, 12, 31), since_1904=True) is None
