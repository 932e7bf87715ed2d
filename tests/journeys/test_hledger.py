"""hledger forecasts the same months from the same records, and must come to the same pennies.

`bench.journal` writes a book's prices and instalments as periodic rules, by its own arithmetic;
hledger unrolls them month by month and adds them up.
"""

import csv
import subprocess
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bench.books import book
from bench.journal import journal
from fundtrack import assets
from fundtrack.core.model import CERTAINTIES, Certainty, Portfolio
from fundtrack.core.outlook import Outlook, outlook
from fundtrack.core.period import month_end
from fundtrack.core.plain import portfolio_from_plain
from fundtrack.core.rates import Statutory
from fundtrack.exchange.sample import sample_portfolio
from tests.peers import peer

TODAY = date(2026, 11, 22)

# Everything that keeps a sum from being the same each month.
AWKWARD: dict[str, Any] = {
    "format": "fundtrack/1",
    "organisation": {
        "name": "Awkward Months",
        "nation": "england-and-wales",
        "employment_allowance": True,
        "balances": {"as_at": "2026-11-01", "free_reserves": "50000.00"},
    },
    "awards": [
        {
            "key": "a-penny-does-not-divide",
            "title": "Core",
            "kind": "grant",
            "stage": "live",
            "amount": "100000.01",
            "start": "2025-04-01",
            "end": "2028-03-31",
        },
        {
            "key": "begins-and-ends-within-a-month",
            "title": "Winter",
            "kind": "grant",
            "stage": "awarded",
            "amount": "7777.77",
            "start": "2026-12-09",
            "end": "2027-10-18",
        },
        {
            "key": "counted-by-days",
            "title": "Helpline",
            "kind": "grant",
            "stage": "live",
            "amount": "36543.21",
            "start": "2026-09-15",
            "end": "2028-09-14",
            "spread": "days",
        },
        {
            "key": "rises-and-goes-on",
            "title": "Through the gate",
            "kind": "contract",
            "stage": "live",
            "amount": "200000.00",
            "start": "2026-02-15",
            "end": "2028-02-14",
            "uplifts": [{"from": "2027-02-15", "percent": "4.1", "cap": "3"}],
            "extensions": [
                {"key": "first", "end": "2029-02-14", "amount": "101234.56", "exercised": True},
                {"key": "second", "end": "2030-02-14", "amount": "103000.00"},
            ],
        },
        {
            "key": "by-profile",
            "title": "Appeals",
            "kind": "donations",
            "stage": "live",
            "amount": "9000.00",
            "start": "2026-11-10",
            "end": "2027-01-31",
            "profile": [
                {"month": "2026-11", "amount": "1000.01"},
                {"month": "2026-12", "amount": "6999.99"},
                {"month": "2027-01", "amount": "1000.00"},
            ],
        },
        {
            "key": "hoped-for",
            "title": "Core, next",
            "kind": "grant",
            "stage": "agreed-in-principle",
            "amount": "99999.99",
            "start": "2028-04-01",
            "end": "2030-03-31",
            "renewal_of": "a-penny-does-not-divide",
        },
    ],
    "posts": [
        {
            "key": "a-rise-within-a-month",
            "title": "IDVA",
            "fte": "0.8",
            "salary": "31611.00",
            "start": "2024-02-29",
            "pension": {"basis": "salary", "percent": "6.5"},
            "pay_changes": [
                {"from": "2027-01-18", "percent": "2.75"},
                {"from": "2027-04-01", "amount": "1250.50"},
                {"from": "2028-04-01", "salary": "35000.00"},
            ],
        },
        {
            "key": "empty-for-a-while",
            "title": "ISVA",
            "fte": "1",
            "salary": "29999.99",
            "start": "2026-12-07",
            "end": "2028-06-19",
            "pension": {"basis": "qualifying", "percent": "3"},
            "vacancies": [
                {"from": "2027-02-10", "to": "2027-02-19"},
                {"from": "2027-06-30", "to": "2027-09-01"},
            ],
        },
        {
            "key": "agency",
            "title": "Counsellor",
            "fte": "0.4",
            "salary": "41000.00",
            "start": "2026-01-05",
            "status": "agency",
        },
        {
            "key": "vacant",
            "title": "Administrator",
            "fte": "0.5",
            "salary": "24000.00",
            "start": "2026-01-05",
            "status": "vacant",
        },
    ],
    "costs": [
        {
            "key": "rent",
            "title": "Rent",
            "amount": "1234.56",
            "frequency": "month",
            "start": "2026-11-16",
            "end": "2028-01-12",
        },
        {
            "key": "audit",
            "title": "Audit",
            "amount": "4800.00",
            "frequency": "year",
            "start": "2025-09-30",
        },
        {
            "key": "insurance",
            "title": "Insurance",
            "amount": "811.11",
            "frequency": "quarter",
            "start": "2026-01-31",
        },
        {
            "key": "laptops",
            "title": "Laptops",
            "amount": "2500.00",
            "frequency": "once",
            "start": "2027-02-28",
        },
    ],
}


def awkward() -> Portfolio:
    portfolio, problems = portfolio_from_plain(AWKWARD)
    assert portfolio is not None, problems
    return portfolio


def statutory() -> Statutory:
    return Statutory.read(assets.rates_json(), assets.bank_holidays_json())


def hledgers(portfolio: Portfolio, ours: Outlook, certainty: Certainty) -> dict[str, list[int]]:
    """Each account's pence by month, as hledger forecasts them from the journal."""
    program = peer("hledger")
    first = portfolio.organisation.balances.as_at
    last = month_end(ours.months[-1])
    after = last + timedelta(days=1)
    command = [
        *(program, "-f", "-", "balance", "^income", "^costs", "--monthly", "--no-total"),
        *(f"--forecast={first}..{after}", f"--begin={first}", f"--end={after}"),
        "--output-format=csv",
    ]
    written = journal(portfolio, assets.rates_json(), certainty, first, last)
    told = subprocess.run(command, input=written, capture_output=True, text=True, check=True)
    _, *rows = csv.reader(told.stdout.splitlines())
    return {account: [pence(cell) for cell in cells] for account, *cells in rows}


def pence(cell: str) -> int:
    return int(Decimal(cell.replace("£", "").replace(",", "")) * 100)


def total(accounts: Mapping[str, list[int]], family: str, months: int) -> list[int]:
    chosen = [sums for account, sums in accounts.items() if account.startswith(f"{family}:")]
    return [sum(sums[month] for sums in chosen) for month in range(months)]


@pytest.mark.parametrize("certainty", CERTAINTIES)
@pytest.mark.parametrize(
    ("portfolio", "horizon"),
    [
        pytest.param(awkward(), 40, id="awkward months"),
        pytest.param(sample_portfolio(TODAY), 36, id="the sample charity"),
        pytest.param(book(60, 40), 59, id="sixty awards and forty posts"),
    ],
)
def test_every_month_comes_to_what_hledger_forecasts(
    portfolio: Portfolio, horizon: int, certainty: Certainty
) -> None:
    ours = outlook(portfolio, statutory(), TODAY, horizon)
    theirs = hledgers(portfolio, ours, certainty)
    forecast = ours.forecast[certainty]
    months = len(forecast.months)
    assert months == horizon + 1
    assert {len(sums) for sums in theirs.values()} == {months}
    assert forecast.income.tolist() == [-sum_ for sum_ in total(theirs, "income", months)]
    assert forecast.cost.tolist() == total(theirs, "costs", months)


def test_every_award_and_post_comes_to_what_hledger_forecasts_for_it() -> None:
    portfolio = awkward()
    ours = outlook(portfolio, statutory(), TODAY, 40)
    theirs = hledgers(portfolio, ours, "possible")
    for award in ours.forecast["possible"].awards:
        assert award.income.tolist() == [-sum_ for sum_ in theirs[f"income:{award.key}"]]
    for post in ours.posts:
        if post.key != "vacant":  # nobody is paid, so hledger has never heard of it
            assert post.month_cost.tolist() == theirs[f"costs:{post.key}"]
