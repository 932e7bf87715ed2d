from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundtrack.exchange.cells import UnreadableError, day_of, months_of, pence_of, text_of

LADY_DAY = date(2026, 3, 25)


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-25",
        " 2026-03-25 ",
        "2026-03-25T00:00:00",
        "2026-03-25T00:00:00+00:00",
        "25 March 2026",
        "25th March 2026",
        "25-Mar-26",
        "25 Mar 2026",
        "March 25, 2026",
        "25/03/2026",
        "25.3.2026",
        "03/25/2026",
        LADY_DAY,
        datetime(2026, 3, 25, 0, 0),  # noqa: DTZ001 - as a spreadsheet has it
    ],
)
def test_a_day_that_can_be_read_one_way_only_is_read(written: Any) -> None:
    assert day_of(written, day_first=False) == LADY_DAY


def test_a_day_that_can_be_read_two_ways_is_never_guessed() -> None:
    with pytest.raises(UnreadableError, match="3 April or 4 March"):
        day_of("03/04/2026", day_first=False)
    assert day_of("03/04/2026", day_first=True) == date(2026, 4, 3)
    assert day_of("04/04/2026", day_first=False) == date(2026, 4, 4)


def test_who_says_the_day_comes_first_is_held_to_it() -> None:
    with pytest.raises(UnreadableError, match="is not a date"):
        day_of("03/25/2026", day_first=True)


@pytest.mark.parametrize(
    "written",
    ["2026", "2026-03", "2026-02-30", "31 February 2026", "1/4/26", "46106", 46106.0, "soon"],
)
def test_what_is_not_a_whole_day_says_how_to_write_one(written: Any) -> None:
    with pytest.raises(UnreadableError, match="Write it as 2026-03-31"):
        day_of(written, day_first=False)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1)))  # noqa: DTZ001 - UTC is put on
def test_a_moment_falls_on_its_day_in_the_united_kingdom(moment: datetime) -> None:
    utc = moment.replace(tzinfo=UTC)
    there = utc.astimezone(ZoneInfo("Europe/London")).date()
    assert day_of(utc.isoformat(), day_first=False) == there


def test_midnight_in_july_written_in_utc_is_not_the_day_before() -> None:
    assert day_of("2026-06-30T23:00:00Z", day_first=False) == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("written", "pence"),
    [
        (1234, 1234_00),
        (1234.5, 1234_50),
        (3028.63, 3028_63),
        (0.1 + 0.2, 30),
        ("1234.50", 1234_50),
        ("£1,234.50", 1234_50),
        (" £ 1,234,567 ", 1_234_567_00),
        (Decimal("0.01"), 1),
    ],
)
def test_an_amount_is_read_to_the_penny(written: Any, pence: int) -> None:
    assert pence_of(written) == pence


@pytest.mark.parametrize(
    "written",
    ["1.234,50", "1,23", "1.234", 33.333, "-5", -5.0, 0, "", "£", "1e5", True, float("inf"), "12k"],
)
def test_an_amount_that_could_be_another_is_refused(written: Any) -> None:
    with pytest.raises(UnreadableError):
        pence_of(written)


@given(st.integers(1, 10**11))
def test_every_whole_number_of_pence_survives_a_spreadsheet_s_binary_numbers(pence: int) -> None:
    assert pence_of(pence / 100) == pence
    assert pence_of(f"£{pence // 100:,}.{pence % 100:02d}") == pence


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_no_numbered_date_is_read_as_another_day(day: date) -> None:
    written = f"{day:%d/%m/%Y}"
    assert day_of(written, day_first=True) == day
    try:
        assert day_of(written, day_first=False) == day
    except UnreadableError:
        assert day.day <= 12


def test_text_comes_on_one_line_with_nothing_that_steers_a_terminal() -> None:
    assert text_of("Grant\n to \x1b[31m  St Mary\x00") == "Grant to [31m St Mary"
    assert text_of(1146179.0) == "1146179"


def test_a_duration_is_whole_months() -> None:
    assert months_of(12.0) == months_of("12") == 12
    for written in ("0", "1.5", 1.5, "a year", "-3"):
        with pytest.raises(UnreadableError):
            months_of(written)


def test_british_summer_time_begins_and_ends_on_its_sundays() -> None:
    first, last = datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)
    hour, second = timedelta(hours=22), timedelta(seconds=1)
    assert day_of((first + hour).isoformat(), day_first=False) == date(2026, 3, 30)
    assert day_of((last - second).isoformat(), day_first=False) == date(2026, 10, 25)
