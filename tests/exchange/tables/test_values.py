import contextlib
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundtrack.exchange.cells import UnreadableError
from fundtrack.exchange.tables.sheets import Value
from fundtrack.exchange.tables.values import (
    Ways,
    day,
    is_open,
    is_unknown,
    number,
    order_of,
    pence,
    percent,
    shown,
    whole_of,
)

PLAIN = Ways()
BRITISH = Ways(order="day-first")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("£1,234.50", 123450),
        (" £ 12 000 ", 1200000),
        ("(1,200)", -120000),
        ("£(1,200.50)", -120050),
        ("-£5", -500),
        ("£-5", -500),
        ("−5", -500),
        ("5-", -500),
        ("1.2k", 120000),
        ("£1.5m", 150000000),
        ("GBP 40", 4000),
        (1234.5, 123450),
        (0.1 + 0.2, 30),
        (45000, 4500000),
    ],
)
def test_amounts_are_read_as_people_write_them(cell: Value, expected: int) -> None:
    assert pence(cell, PLAIN) == expected


@pytest.mark.parametrize(
    "cell",
    [
        "1.234,56",
        "1,23",
        "€50",
        "$50",
        "12 34",
        "about 500",
        "",
        "1-2",
        "٣",
        "1e5",
        True,
        "£",
        "--5",
    ],
)
def test_what_could_be_another_amount_is_no_amount(cell: Value) -> None:
    with pytest.raises(UnreadableError):
        pence(cell, PLAIN)


def test_a_title_in_thousands_scales_its_amounts() -> None:
    assert pence("2,915", Ways(scale=1000)) == 291500000


def test_part_pennies_wait_until_somebody_says_to_round_them() -> None:
    with pytest.raises(UnreadableError, match="whole number of pence"):
        pence(10.005, PLAIN)
    assert pence(Decimal("10.005"), Ways(rounds=True)) == 1001  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("31/03/26", date(2026, 3, 31)),
        ("31.3.2026", date(2026, 3, 31)),
        ("3/31/2026", date(2026, 3, 31)),
        ("04/04/2026", date(2026, 4, 4)),
        ("31 Mar 2026", date(2026, 3, 31)),
        ("31-Mar-26", date(2026, 3, 31)),
        ("31Mar26", date(2026, 3, 31)),
        ("Tuesday 31st March, 2026", date(2026, 3, 31)),
        ("31st of March 2026", date(2026, 3, 31)),
        ("March 31, 2026", date(2026, 3, 31)),
        ("2026/03/31", date(2026, 3, 31)),
        ("2026-03-31T00:00:00", date(2026, 3, 31)),
        ("5 May 85", date(1985, 5, 5)),
        (date(2026, 3, 31), date(2026, 3, 31)),
        (datetime(2026, 3, 31, 9, 30), date(2026, 3, 31)),  # noqa: DTZ001 - as a cell has it
        (46112, date(2026, 3, 31)),
        (46112.0, date(2026, 3, 31)),
    ],
)
def test_dates_are_read_as_people_write_them(cell: Value, expected: date) -> None:
    assert day(cell, PLAIN) == expected


def test_a_day_s_number_is_read_in_the_calendar_of_its_file() -> None:
    assert day(46112, Ways(from_1904=True)) == date(2030, 4, 1)
    assert day("46112", Ways(from_1904=False)) == date(2026, 3, 31)
    with pytest.raises(UnreadableError, match="from 1900 or from 1904"):
        day("46112", PLAIN)


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("Mar-27", date(2027, 3, 1), date(2027, 3, 31)),
        ("February 2028", date(2028, 2, 1), date(2028, 2, 29)),
        ("2027-03", date(2027, 3, 1), date(2027, 3, 31)),
        ("2026/27", date(2026, 4, 1), date(2027, 3, 31)),
        ("2026-2027", date(2026, 4, 1), date(2027, 3, 31)),
        ("FY 2026/27", date(2026, 4, 1), date(2027, 3, 31)),
    ],
)
def test_a_month_or_a_year_is_its_first_day_or_its_last(cell: str, first: date, last: date) -> None:
    assert day(cell, Ways(edge="start")) == first
    assert day(cell, Ways(edge="end")) == last


@pytest.mark.parametrize(
    "cell", ["Q3", "31/02/2026", "2026", 2026, "2026/29", "TBC", "12-Mar", 0.5]
)
def test_what_names_no_one_day_is_no_date(cell: Value) -> None:
    with pytest.raises(UnreadableError):
        day(cell, PLAIN)


def test_day_and_month_are_never_guessed() -> None:
    with pytest.raises(UnreadableError, match="3 April 2026 or 4 March 2026"):
        day("03/04/26", PLAIN)
    assert day("03/04/26", BRITISH) == date(2026, 4, 3)
    assert day("03/04/26", Ways(order="month-first")) == date(2026, 3, 4)


def test_a_column_whose_other_dates_show_the_order_asks_nothing() -> None:
    assert order_of(["03/04/26", "31/03/26", "TBC"]) == ("day-first", ())
    assert order_of(["03/04/26", "03/31/26"]) == ("month-first", ())


def test_a_column_where_both_readings_hold_asks_with_examples() -> None:
    assert order_of(["03/04/26", "05/06/26", "07/07/26", None]) == (None, ("03/04/26", "05/06/26"))


def test_a_column_that_contradicts_itself_is_not_decided_by_a_majority() -> None:
    assert order_of(["31/03/26", "03/31/26", "30/03/26", "03/04/26"]) == (None, ("03/04/26",))


def test_whether_1_is_all_of_it_is_told_by_the_column_or_asked() -> None:
    assert whole_of([0.5, 1.0, 0.25]) == (True, ())
    assert whole_of([50, 100]) == (False, ())
    assert whole_of([1, 1, None])[0] is None
    assert whole_of([0.5, 100])[1] == ("0.5", "100")
    assert percent(0.45, Ways(whole=True)) == 45
    assert percent("45%", PLAIN) == 45
    assert percent("33.33 %", PLAIN) == Decimal("33.33")


def test_words_that_stand_for_no_date_are_known() -> None:
    assert is_open("Ongoing")
    assert is_unknown(" TBC ")
    assert is_unknown("N/A")
    assert not is_unknown("0")


def test_references_keep_their_zeros_when_shown() -> None:
    assert shown("00123") == "00123"
    assert shown(123.0) == "123"


@given(st.integers(-(10**14), 10**14))
def test_any_amount_written_out_is_read_back(amount: int) -> None:
    pounds = f"{abs(amount) // 100:,}.{abs(amount) % 100:02d}"
    written = f"(£{pounds})" if amount < 0 else f"£{pounds}"
    assert pence(written, PLAIN) == amount


@given(st.dates(date(1980, 1, 1), date(2079, 12, 31)))
def test_any_day_written_in_the_british_way_is_read_back(when: date) -> None:
    for written in (f"{when:%d/%m/%Y}", f"{when:%d.%m.%y}", f"{when:%d %b %Y}", f"{when:%d-%b-%y}"):
        assert day(written, BRITISH) == when


@given(st.text(max_size=30) | st.floats() | st.integers() | st.booleans())
def test_no_cell_breaks_a_reading(cell: Value) -> None:
    for ways in (PLAIN, BRITISH, Ways(whole=True, from_1904=True, rounds=True, edge="end")):
        for reads in (pence, percent, day):
            with contextlib.suppress(UnreadableError):
                assert reads(cell, ways) is not None
    with contextlib.suppress(UnreadableError):
        assert number(cell).is_finite()
