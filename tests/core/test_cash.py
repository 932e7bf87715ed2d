"""When money arrives, and when the charity would be spending what is not its own."""

from typing import Any

import pytest

from fundtrack.core.outlook import Outlook
from tests.core.world import (
    Plain,
    award,
    award_of,
    by_month,
    charity,
    cost,
    grant,
    look,
    pays,
    pence,
    secured,
)

YEAR = "2026-04-01..2027-03-31"


def received(record: Plain, *others: Plain, horizon: int = 18, **book: Any) -> dict[str, int]:
    """Pounds arriving from an award, by month."""
    today = book.pop("today", "2026-04-01")
    told = look(charity(record, *others, **book), today, horizon)
    found = by_month(told, award_of(told, record["key"]).received)
    return {month: part // 100 for month, part in found.items()}


def quarterly(basis: str | None, span: str = YEAR, amount: int = 1200, **fields: Any) -> Plain:
    reporting = {"frequency": "quarter"} | fields.pop("reporting", {})
    basis_of = {} if basis is None else {"payment_basis": basis}
    return award("a", span, amount, reporting=reporting, **basis_of, **fields)


# --- by basis ----------------------------------------------------------------------------------


def test_with_no_basis_money_comes_as_income() -> None:
    found = received(quarterly(None))
    assert len(found) == 12
    assert set(found.values()) == {100}


def test_a_lag_without_a_basis_puts_the_months_money_off_from_its_last_day() -> None:
    late = award("a", "2026-04-01..2026-06-15", 250, payment_lag_days=15)
    assert received(late) == {"2026-05": 100, "2026-06": 150}  # to 15 June, paid on the 30th
    later = award("a", "2026-04-01..2026-06-15", 250, payment_lag_days=16)
    assert received(later) == {"2026-05": 100, "2026-06": 100, "2026-07": 50}


def test_money_in_advance_comes_on_each_periods_first_day() -> None:
    assert received(quarterly("advance")) == {
        "2026-04": 300,
        "2026-07": 300,
        "2026-10": 300,
        "2027-01": 300,
    }


def test_money_in_arrears_comes_when_the_report_is_due() -> None:
    at_end = received(quarterly("arrears"))
    assert list(at_end) == ["2026-06", "2026-09", "2026-12", "2027-03"]
    later = received(quarterly("arrears", reporting={"due_days": 31}))
    assert list(later) == ["2026-07", "2026-10", "2027-01", "2027-05"]  # 31 March + 31 = 1 May


def test_a_report_due_on_a_day_of_the_month_after() -> None:
    def first(reporting: Plain, lag: int) -> str:
        record = quarterly("arrears", reporting=reporting, payment_lag_days=lag)
        return next(iter(received(record)))

    assert first({"due_day": 15}, 16) == "2026-07"  # 15 July + 16 = 31 July
    assert first({"due_day": 15}, 17) == "2026-08"
    assert first({"due_day": 31}, 0) == "2026-07"
    assert first({"due_day": 31}, 1) == "2026-08"


def test_the_lag_comes_on_top() -> None:
    assert list(received(quarterly("advance", payment_lag_days=29))) == [
        "2026-04",
        "2026-07",
        "2026-10",
        "2027-01",
    ]
    assert next(iter(received(quarterly("advance", payment_lag_days=30)))) == "2026-05"


def test_without_reporting_a_basis_is_monthly() -> None:
    found = received(award("a", YEAR, 1200, payment_basis="arrears", payment_lag_days=1))
    assert list(found) == [f"2026-{n:02d}" for n in range(5, 13)] + [
        f"2027-{n:02d}" for n in range(1, 5)
    ]


def test_milestone_money_comes_only_by_listed_payments() -> None:
    assert received(quarterly("milestone")) == {}
    listed = quarterly("milestone", payments=[{"due": "2026-09-01", "amount": "500.00"}])
    assert received(listed) == {"2026-09": 500}


def test_once_in_advance_brings_the_whole_award_even_what_lies_beyond_the_horizon() -> None:
    long = quarterly("advance", "2026-06-01..2031-05-31", 6000, reporting={"frequency": "once"})
    assert received(long, horizon=6) == {"2026-06": 6000}
    at_end = quarterly("arrears", "2026-06-01..2027-05-31", 6000, reporting={"frequency": "once"})
    assert received(at_end) == {"2027-05": 6000}


# --- listed payments ---------------------------------------------------------------------------


def test_listed_payments_come_when_received_or_when_due_with_the_lag() -> None:
    record = quarterly(
        "advance",
        payment_lag_days=31,
        payments=[
            {"due": "2026-05-01", "amount": "700.00"},
            {"due": "2026-05-01", "amount": "300.00", "received_on": "2026-05-09"},
            {
                "due": "2026-05-01",
                "amount": "200.00",
                "received_on": "2026-08-01",
                "received": "150.00",
            },
        ],
    )
    assert received(record) == {"2026-05": 300, "2026-06": 700, "2026-08": 150}


def test_money_received_before_the_balances_is_in_the_balances() -> None:
    payments = [{"due": "2026-04-14", "amount": "1.00"}, {"due": "2026-04-15", "amount": "2.00"}]
    assert received(quarterly(None, payments=payments), as_at="2026-04-15") == {"2026-04": 2}


def test_payments_listed_for_years_beyond_the_horizon_wait_there() -> None:
    monthly = [
        {"due": f"{year}-{month:02d}-01", "amount": "10.00"}
        for year in range(2026, 2031)
        for month in range(1, 13)
    ]
    found = received(quarterly(None, payments=monthly), horizon=3)
    assert found == dict.fromkeys(("2026-04", "2026-05", "2026-06", "2026-07"), 10)


# --- anchors -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("anchor", "months"),
    [
        ({}, ["2026-05", "2026-08", "2026-11", "2027-02"]),
        ({"anchor": "start"}, ["2026-05", "2026-08", "2026-11", "2027-02"]),
        ({"anchor": "financial-year"}, ["2026-05", "2026-07", "2026-10", "2027-01", "2027-04"]),
        ({"anchor": "calendar"}, ["2026-05", "2026-07", "2026-10", "2027-01", "2027-04"]),
        (
            {"anchor": "custom", "first_period_end": "2026-05-31"},
            ["2026-05", "2026-06", "2026-09", "2026-12", "2027-03"],
        ),
    ],
)
def test_periods_are_counted_from_their_anchor(anchor: Plain, months: list[str]) -> None:
    record = quarterly("advance", "2026-05-01..2027-04-30", reporting=anchor)
    assert list(received(record)) == months


def test_a_financial_year_may_start_in_another_month() -> None:
    record = quarterly("advance", "2026-05-01..2027-04-30", reporting={"anchor": "financial-year"})
    assert list(received(record, year_start_month=6))[:3] == ["2026-05", "2026-06", "2026-09"]


@pytest.mark.parametrize(("frequency", "payments"), [("month", 12), ("half", 2), ("year", 1)])
def test_other_frequencies(frequency: str, payments: int) -> None:
    assert len(received(quarterly("advance", reporting={"frequency": frequency}))) == payments


def test_a_month_belongs_to_the_period_that_holds_its_last_day() -> None:
    """Quarters from 16 May: May's income is of the first, August's of the second."""
    span = "2026-05-16..2027-05-15"
    months = received(award("a", span, 1200))
    found = received(quarterly("advance", span, 1200))
    assert months["2026-05"] == 51  # 16 of 31 days
    assert found == {"2026-05": 251, "2026-08": 300, "2026-11": 300, "2027-02": 348}


def test_the_last_part_month_is_of_the_last_period() -> None:
    """The award ends on 15 May: that month's last covered day lies in the fourth quarter."""
    found = received(quarterly("arrears", "2026-05-16..2027-05-15", 1200))
    assert list(found) == ["2026-08", "2026-11", "2027-02", "2027-05"]


# --- before the balances -----------------------------------------------------------------------


def test_arrears_earned_before_the_balances_still_come() -> None:
    record = quarterly("arrears", "2026-01-01..2026-12-31", reporting={"due_days": 30})
    # The first quarter ended the day before, and is paid on 30 April.
    assert received(record) == {"2026-04": 300, "2026-07": 300, "2026-10": 300, "2027-01": 300}


def test_a_quarter_paid_in_advance_before_the_balances_does_not_come_again() -> None:
    record = quarterly("advance", "2026-02-01..2027-01-31")
    assert received(record) == {"2026-05": 300, "2026-08": 300, "2026-11": 300}


# --- pools -------------------------------------------------------------------------------------


def test_a_pool_in_arrears_is_paid_what_it_was_charged() -> None:
    told = look(
        charity(
            grant("g", YEAR, 1200, payment_basis="arrears", reporting={"frequency": "quarter"}),
            cost("own", 70),
            pays("g", "cost:own"),
        )
    )
    found = by_month(told, award_of(told, "g").received)
    assert found == dict.fromkeys(("2026-06", "2026-09", "2026-12", "2027-03"), pence(210))
    held = award_of(told, "g").cash_held
    assert held is not None
    assert [int(part) // 100 for part in held[:3]] == [-70, -140, 0]


def told_of(*records: Plain, **book: Any) -> Outlook:
    return look(charity(*records, **book))


def test_cash_is_what_has_come_less_what_was_spent() -> None:
    told = told_of(
        quarterly("arrears"), cost("own", 50), balances=_held(free_reserves=1000, cash=400)
    )
    assert [int(part) // 100 for part in secured(told).cash[:4]] == [350, 300, 550, 500]
    assert int(secured(told).unrestricted_closing[0]) == pence(1050)


def _held(**amounts: int) -> Plain:
    named = {name: f"{amount}.00" for name, amount in amounts.items()}
    return {"as_at": "2026-04-01"} | named


def test_without_a_cash_figure_it_is_the_funds_that_were_there() -> None:
    told = told_of(
        grant("g", YEAR, 0, opening_balance="300.00", payment_basis="milestone"),
        grant("idea", YEAR, 0, opening_balance="50.00", stage="idea", payment_basis="milestone"),
        reserves=1000,
    )
    assert int(secured(told).cash[0]) == pence(1300)
    assert int(told.forecast["possible"].cash[0]) == pence(1350)


def test_cash_that_belongs_to_a_pool_is_not_free() -> None:
    told = told_of(
        grant("g", YEAR, 1200, payment_basis="advance", reporting={"frequency": "year"}),
        cost("own", 100),
        pays("g", "cost:own"),
        cost("rent", 50),
        reserves=120,
    )
    assert [int(part) // 100 for part in secured(told).cash[:3]] == [1170, 1020, 870]
    assert [int(part) // 100 for part in secured(told).free_cash[:3]] == [70, 20, -30]


def test_a_pool_waiting_for_its_money_takes_nothing_from_another() -> None:
    """Cash held below nought counts as nought, so the other's money is still not free."""
    told = told_of(
        grant("waits", YEAR, 1200, payment_basis="arrears", reporting={"frequency": "year"}),
        grant("has", YEAR, 1200, payment_basis="advance", reporting={"frequency": "year"}),
        cost("own", 100),
        pays("waits", "cost:own"),
        reserves=500,
    )
    assert [int(part) // 100 for part in secured(told).cash[:2]] == [1600, 1500]
    assert [int(part) // 100 for part in secured(told).free_cash[:2]] == [400, 300]


def test_cash_of_money_that_stays_restricted_is_not_free() -> None:
    told = told_of(balances=_held(total_funds=1000, restricted=400, cash=900))
    assert int(secured(told).free_cash[0]) == pence(500)
