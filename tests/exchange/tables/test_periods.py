"""Columns of quarters, halves and financial years, as funders lay out a profile and a return."""

from __future__ import annotations

import csv
import io
import warnings
from contextlib import closing
from datetime import date
from decimal import Decimal
from functools import cache

import openpyxl
import pytest

from fundtrack import app
from fundtrack.core.check import check
from fundtrack.core.importing import Said
from fundtrack.core.model import Portfolio
from fundtrack.exchange.importing import TableFile
from fundtrack.exchange.tables.reading import pasted, read
from fundtrack.exchange.tables.values import period
from tests.peers import shared

TODAY = date(2026, 11, 22)


@pytest.fixture
def book() -> Portfolio:
    return app.empty_portfolio("Harbour", "england-and-wales", date(2026, 4, 1))


@pytest.mark.parametrize(
    ("title", "first", "last"),
    [
        ("Mar-27", "2027-03-01", "2027-03-31"),
        ("Q1 2024/25", "2024-04-01", "2024-06-30"),
        ("2023/24 Q3", "2023-10-01", "2023-12-31"),
        ("Q4 24/25 (£)", "2025-01-01", "2025-03-31"),
        ("Apr-Jun 23", "2023-04-01", "2023-06-30"),
        ("Oct to Mar 2024", "2023-10-01", "2024-03-31"),
        ("FY 2024/25", "2024-04-01", "2025-03-31"),
        ("2024-25", "2024-04-01", "2025-03-31"),
        ("H2 2024/25 forecast", "2024-10-01", "2025-03-31"),
        (
            "Financial Year 2020/21 (£s) – H2 (Oct-Mar) – Actual",
            "2020-10-01",
            "2021-03-31",
        ),
        ("Financial year 2024 to 2025 – (Jan to Mar) – Forecast", "2025-01-01", "2025-03-31"),
        (
            "Total cumulative actuals to date – (Up to and including Mar 2024) – Actual",
            "2024-03-01",
            "2024-03-31",
        ),
    ],
)
def test_a_title_that_names_a_period_is_read(title: str, first: str, last: str) -> None:
    assert period(title) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "title",
    [
        "Before 2020/21",
        "Beyond 25/26",
        "Q1 2024",  # whose first quarter
        "Q1",
        "2024",
        "2024/27",
        "Financial Year 2020/21 (£s) – Total",
        "Grand Total",
        "Amount",
        "Start to end",
        "Score 1-2",
        "1/2",
        "",
    ],
)
def test_a_title_that_leaves_the_period_open_or_says_more_is_none(title: str) -> None:
    assert period(title) is None


def test_quarters_are_those_of_the_charity_s_own_year() -> None:
    assert period("Q2 2024/25", 1) == (date(2024, 4, 1), date(2024, 6, 30))
    assert period("Q2 2024/25", 9) == (date(2024, 12, 1), date(2025, 2, 28))


def offered(rows: list[list[str]], book: Portfolio, said: Said) -> tuple[Portfolio, str]:
    made = io.StringIO()
    csv.writer(made).writerows(rows)
    seen = TableFile(pasted(made.getvalue()), book).offer(book, TODAY, said, _nobody)
    assert not seen.faults
    assert seen.edit is not None
    after = seen.edit.apply(book)
    assert check(after) == ()
    return after, seen.about


def _nobody(_done: int, _total: int, _doing: str) -> None: ...


GRANT = [
    ["Project", "Funder", "Amount", "Start", "End", "Q1 2026/27", "Q2 2026/27", "H2 2026/27"],
    ["Advice", "A Trust", "1000", "2026-04-01", "2027-03-31", "100", "200.01", "699.99"],
]


def test_an_award_s_profile_by_quarter_is_spread_over_its_months_to_the_penny(
    book: Portfolio,
) -> None:
    after, _ = offered(GRANT, book, Said())
    (award,) = after.awards
    parts = [part.amount for part in award.profile]
    assert sum(parts) == award.amount == 100000
    assert parts[:6] == [3334, 3333, 3333, 6667, 6667, 6667]
    assert len(parts) == 12


def test_payments_by_quarter_are_due_at_its_end_and_spending_stands_at_its_start(
    book: Portfolio,
) -> None:
    after, _ = offered(GRANT, book, Said())
    grid = [["Award", "Q1 2026/27", "Q2 2026/27", "Q3 2026/27"], ["Advice", "10", "0", "30"]]
    paid, _ = offered(grid, after, Said().taking(0, "payments"))
    assert [(each.due, each.amount) for each in paid.awards[0].payments] == [
        (date(2026, 6, 30), 1000),
        (date(2026, 12, 31), 3000),
    ]
    spent, _ = offered(grid, after, Said().taking(0, "actuals"))
    assert [(each.on, each.amount) for each in spent.actuals] == [
        (date(2026, 4, 1), 1000),
        (date(2026, 10, 1), 3000),
    ]


# --- the filled finance sheets of real returns, each beside openpyxl -----------------------------


@cache
def cells_of(name: str, sheet: str) -> dict[str, object]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what it does not keep, and nobody here writes
        theirs = openpyxl.load_workbook(shared(name), data_only=True)
    with closing(theirs):
        return {
            cell.coordinate: cell.value
            for line in theirs[sheet].iter_rows()
            for cell in line
            if cell.value is not None
        }


@pytest.mark.parametrize(
    ("name", "table", "columns", "rows", "left", "description"),
    [
        (  # totals of lines stand among them, and are told; what is forecast is not spent
            "returns/PF_Round_2_Success.xlsx",
            "Finances B14",
            "CEF",
            (17, 18, 19, 21, 22, 31, 32, 33, 35, 36),
            (),
            None,
        ),
        (
            "returns/TF_Round_4_Success.xlsx",
            "4a - Funding Profiles A23",
            "GHJKMNP",
            (26, 27),
            (),
            2,
        ),
        *(  # of each of the five projects that are filled in; the other fifteen are blank
            # "how much of it is committed" is part of the line above: the person leaves it out
            (
                "returns/TF_Round_4_Success.xlsx",
                f"4a - Funding Profiles A{top}",
                "GHJKMNP",
                (top + 3,),
                (top + 5,),
                2,
            )
            for top in range(35, 148, 28)
        ),
    ],
)
def test_a_filled_finance_sheet_comes_in_as_spending_with_the_sum_another_reader_finds(
    name: str,
    table: str,
    columns: str,
    rows: tuple[int, ...],
    left: tuple[int, ...],
    description: int | None,
    book: Portfolio,
) -> None:
    sheet = table.rpartition(" ")[0]
    theirs = cells_of(name, sheet)
    file = TableFile(read(shared(name)), book)
    tables = {each.name: each for each in file.offer(book, TODAY, Said(), _nobody).tables}
    said = Said().taking(tables[table].number, "actuals")
    if description is not None:
        said = said.using(tables[table].number, description, "description")
    said = said.leaving_out(frozenset((sheet, row - 1) for row in left))
    assert said.choices <= 5
    seen = file.offer(book, TODAY, said, _nobody)
    assert seen.faults == ()
    assert seen.open_questions == ()
    assert seen.counts["new"] == len(rows)
    assert seen.counts["left out"] == len(left)
    assert seen.edit is not None
    after = seen.edit.apply(book)
    assert check(after) == ()
    wanted = [theirs.get(f"{column}{row}") for row in rows for column in columns]
    amounts = [Decimal(str(cell)) for cell in wanted if cell]
    assert len(after.actuals) == len(amounts)
    assert Decimal(sum(each.amount for each in after.actuals)) / 100 == sum(amounts) > 0
    said_of = {each.description for each in after.actuals}
    label = "BC"[description is not None]
    assert said_of == {" ".join(str(theirs[f"{label}{row}"]).split()) for row in rows}
