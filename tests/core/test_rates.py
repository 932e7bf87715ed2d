"""What the law says on a day, whose row counts, and which days are worked."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from fundtrack.core.model import Rate
from fundtrack.core.rates import Rates, WorkingDays
from tests.core.world import (
    award,
    charity,
    day,
    look,
    pays,
    pence,
    post,
    post_of,
    rate,
    rates,
    statutory,
)

CAP = "redundancy.weekly_cap"
IN_2026 = date(2026, 11, 22)


def _own(nation: Any, value: int, **days: date) -> Rate:
    return Rate(
        code=CAP,
        nation=nation,
        from_=days.get("from_", date(2026, 4, 6)),
        to=days.get("to"),
        value=Decimal(value),
    )


def _with_own(nation: str, *rows: Rate) -> Rates:
    return Rates(statutory(), nation, rows)


def test_england_and_scotland_read_great_britain_and_northern_ireland_its_own() -> None:
    assert rates("england-and-wales").value(CAP, IN_2026) == 751
    assert rates("scotland").value(CAP, IN_2026) == 751
    assert rates("northern-ireland").value(CAP, IN_2026) == 783


@pytest.mark.parametrize("nation", ["england-and-wales", "scotland", "northern-ireland"])
def test_every_nation_reads_the_united_kingdoms_rows(nation: str) -> None:
    assert rates(nation).value("nic.rate", IN_2026) == Decimal("0.15")


def test_a_row_of_the_charitys_own_wins_on_the_days_it_covers() -> None:
    known = _with_own("scotland", _own("scotland", 800, to=date(2026, 12, 31)))
    assert known.on(CAP, IN_2026).value == 800
    assert not known.on(CAP, IN_2026).provisional
    assert known.value(CAP, date(2026, 4, 5)) == 719
    assert known.value(CAP, date(2027, 1, 1)) == 751


def test_a_row_for_great_britain_says_nothing_in_northern_ireland() -> None:
    known = _with_own("northern-ireland", _own("great-britain", 800))
    assert known.value(CAP, IN_2026) == 783


def test_of_two_rows_of_ones_own_the_one_begun_later_counts() -> None:
    early, late = _own("great-britain", 800), _own("great-britain", 810, from_=date(2026, 10, 1))
    assert _with_own("scotland", late, early).value(CAP, IN_2026) == 810
    assert _with_own("scotland", late, early).value(CAP, date(2026, 9, 30)) == 800


def test_after_the_last_row_the_last_figure_stands_and_is_provisional() -> None:
    assert not rates().on(CAP, day("2027-04-05")).provisional
    after = rates().on(CAP, day("2027-04-06"))
    assert after.value == 751
    assert after.provisional


def test_before_the_first_row_the_first_figure_stands_and_is_provisional() -> None:
    before = rates().on(CAP, day("2010-01-01"))
    first = min(row.from_ for row in statutory().rates if row.code == CAP)
    assert before.value == rates().value(CAP, first)
    assert before.provisional


def test_a_code_nobody_has_a_row_for_is_not_guessed() -> None:
    with pytest.raises(KeyError):
        rates().on("no.such.rate", IN_2026)


def test_the_whole_of_april_takes_the_new_tax_years_rates() -> None:
    """£25,000: 13.8 % above £9,100 in March 2025, 15 % above £5,000 in April."""
    told = look(charity(post("job", 25_000), as_at="2025-03-01"), "2025-03-01")
    costs = post_of(told, "job").month_cost
    assert int(costs[0]) == pence("2266.18")  # (25,000 + 2,194.20) / 12
    assert int(costs[1]) == pence("2333.33")  # (25,000 + 3,000.00) / 12


def test_a_rate_entered_in_the_book_reprices_the_months_it_covers() -> None:
    entered = rate("nic.rate", "0.20", "2026-06-01", to="2026-06-30")
    costs = post_of(look(charity(post("job", 25_000), entered)), "job").month_cost
    assert [int(part) for part in costs[:4]] == [
        pence("2333.33"),
        pence("2333.33"),
        pence("2416.67"),
        pence("2333.33"),
    ]


# --- working days ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("holiday", "kept_in"),
    [
        ("2026-11-30", {"scotland"}),  # St Andrew
        ("2027-01-04", {"scotland"}),  # for 2 January
        ("2027-03-17", {"northern-ireland"}),  # St Patrick
        ("2027-03-29", {"england-and-wales", "northern-ireland"}),  # Easter Monday
        ("2026-12-28", {"england-and-wales", "scotland", "northern-ireland"}),
    ],
)
def test_a_holiday_is_kept_where_it_is_kept(holiday: str, kept_in: set[str]) -> None:
    nations = ("england-and-wales", "scotland", "northern-ireland")
    working = {name: WorkingDays.of(statutory(), name) for name in nations}
    kept = {name for name in nations if not working[name].is_working(day(holiday))}
    assert kept == kept_in


def test_our_own_dates_roll_back_over_weekends_and_holidays() -> None:
    working = WorkingDays.of(statutory(), "england-and-wales")
    assert working.on_or_before(day("2026-12-28")) == day("2026-12-24")
    assert working.on_or_before(day("2026-12-24")) == day("2026-12-24")
    assert working.on_or_after(day("2026-12-25")) == day("2026-12-29")


def test_beyond_the_table_only_weekends_are_known_and_that_is_said() -> None:
    working = WorkingDays.of(statutory(), "scotland")
    assert working.is_working(day("2040-12-25"))  # a Tuesday nobody has published yet
    assert not working.is_working(day("2040-12-23"))
    assert working.provisional(day("2040-12-25"))
    assert not working.provisional(day("2026-12-25"))


def test_the_same_notice_falls_on_other_days_in_other_nations() -> None:
    """Twelve weeks before 29 March 2027 is Monday 4 January, which Scotland does not work."""
    found = {}
    for nation in ("england-and-wales", "scotland"):
        book = charity(
            award("money", "2010-01-01..2027-03-29", 900_000),
            post("job", 30_000, "2010-01-01"),
            pays("money", "job"),
            nation=nation,
        )
        found[nation] = post_of(look(book, "2026-11-22"), "job")
    assert {each.latest_notice_calendar for each in found.values()} == {day("2027-01-04")}
    assert found["england-and-wales"].latest_notice_working == day("2027-01-04")
    assert found["scotland"].latest_notice_working == day("2026-12-31")
