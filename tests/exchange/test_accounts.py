"""What was spent comes in from the accounts, once, by rules that are remembered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

from fundtrack.core.accounts import Map, Rule
from fundtrack.core.errors import KnownError, RefusedError
from fundtrack.exchange.accounts import map_beside, map_text, preview, read_map, remember
from fundtrack.workspace import MemoryStore, Workspace
from tests.core.returning import charity

if TYPE_CHECKING:
    from fundtrack.core.accounts import Preview

DATA = Path(__file__).resolve().parents[1] / "data" / "accounts"
STAFF = Rule(tracking="Next Step", code="7000-7099", award="next-step", budget_line="staff")
ROOMS = Rule(tracking="next step", code="7310", award="next-step", budget_line="activities")
INCOME = Rule(code="4000-4999", ignore=True)
RULES = Map(rules=(STAFF, ROOMS, INCOME))
LEDGER = Map(
    rules=(
        Rule(tracking="Salaries", column="Category", award="next-step", budget_line="staff"),
        Rule(text="TAXI", award="next-step", budget_line="activities"),
    )
)
STAFF_LINE, ROOMS_LINE = ("next-step", "staff"), ("next-step", "activities")


def offered(name: str, rules: Map = RULES) -> Preview:
    return preview(DATA / name, charity(), rules)


def test_an_export_of_xero_is_read_below_its_titles_and_without_its_totals() -> None:
    found = offered("xero-account-transactions.csv")
    assert (found.system, found.problems) == ("Xero", ())
    assert found.sums == {STAFF_LINE: 2_250_00, ROOMS_LINE: 180_00}
    assert found.unmapped == (("7000 Salaries · Core", 1, 2_100_00),)


def test_two_rows_that_say_the_same_are_two_transactions() -> None:
    found = offered("xero-account-transactions.csv")
    rooms = [each for each in found.transactions if each.text == "Room hire"]
    assert [each.fate for each in rooms] == ["new", "new"]
    assert len({each.key for each in rooms}) == 2


def test_an_export_of_quickbooks_takes_the_account_from_the_line_above() -> None:
    found = offered("quickbooks-transaction-detail.csv")
    assert (found.system, found.problems) == ("QuickBooks", ())
    assert found.sums == {STAFF_LINE: 1_500_00, ROOMS_LINE: 60_00}
    assert [each.on for each in found.transactions][-2:] == [date(2026, 9, 5), date(2026, 9, 6)]


def test_an_export_of_sage_leaves_out_what_a_rule_leaves_out() -> None:
    found = offered("sage-transactions.csv")
    assert (found.system, found.problems) == ("Sage", ())
    assert found.sums == {STAFF_LINE: 1_500_00, ROOMS_LINE: 60_00}
    assert found.how_many("left out by a rule") == 1


def test_a_plain_ledger_is_mapped_by_its_category_and_by_its_words() -> None:
    found = offered("plain-ledger.csv", LEDGER)
    assert found.sums == {STAFF_LINE: 1_500_00, ROOMS_LINE: 18_40}


def test_a_workbook_is_read_like_the_text(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Ledger"
    sheet.append(["Date", "Description", "Nominal code", "Project", "Debit", "Credit"])
    sheet.append([date(2026, 7, 31), "Payroll", 7000, "Next Step", 750.1, None])
    sheet.append(["03/04/2026", "Which day", 7000, "Next Step", 1, None])
    book.save(tmp_path / "ledger.xlsx")
    found = preview(tmp_path / "ledger.xlsx", charity(), RULES)
    assert found.sums == {STAFF_LINE: 750_10}
    assert [problem.path for problem in found.problems] == ["Ledger, row 3, cell A3"]


def test_it_is_one_change_and_comes_in_once() -> None:
    workspace = Workspace(MemoryStore(charity()))
    first = preview(DATA / "xero-account-transactions.csv", workspace.portfolio, RULES)
    assert first.edit is not None
    workspace.do(first.edit, "import")
    assert workspace.undo_label == "Import 6 transactions from Xero"
    assert sum(actual.amount for actual in workspace.portfolio.actuals) == 2_430_00
    again = preview(DATA / "xero-account-transactions.csv", workspace.portfolio, RULES)
    assert again.edit is None
    assert again.how_many("already in the book") == 6
    workspace.undo()
    assert workspace.portfolio.actuals == ()


def test_every_row_that_cannot_be_read_is_told_and_nothing_comes_in() -> None:
    found = offered("with-faults.csv", LEDGER)
    assert found.edit is None
    assert [problem.path.split(", cell ")[-1] for problem in found.problems] == [
        "A2",
        "A3",
        "C4",
        "A5",
        "C6",
    ]
    assert "03 April" in found.problems[0].says or "3 April" in found.problems[0].says


def test_day_and_month_are_told_apart_only_by_whoever_says_so() -> None:
    first = replace(LEDGER, day_first=True)
    assert "A2" not in str(offered("with-faults.csv", first).problems)
    days = [each.on for each in offered("with-faults.csv", first).transactions]
    assert days[0] == date(2026, 4, 3)
    days = [
        each.on
        for each in offered("with-faults.csv", replace(LEDGER, day_first=False)).transactions
    ]
    assert days[0] == date(2026, 3, 4)


def test_an_export_whose_spending_is_negative_is_turned_round() -> None:
    found = offered("plain-ledger.csv", replace(LEDGER, reversed=True))
    assert found.sums[STAFF_LINE] == -1_500_00


def test_a_rule_for_what_is_not_in_the_book_is_named() -> None:
    wrong = Map(
        rules=(
            Rule(code="7000", award="gone"),
            Rule(code="7310", award="next-step", budget_line="rooms"),
        )
    )
    found = offered("sage-transactions.csv", wrong)
    assert found.edit is None
    assert [problem.path for problem in found.problems] == ["rules.0.award", "rules.1.budget_line"]
    assert "staff, activities" in found.problems[1].says


def test_the_rules_are_remembered_beside_the_book(tmp_path: Path) -> None:
    place = map_beside(tmp_path / "charity.fundtrack")
    rules = Map(rules=(STAFF, INCOME, Rule(text='a "quoted" word', award="x")), day_first=True)
    remember(rules, place)
    assert place.name == "charity.accounts.toml"
    assert read_map(place) == rules
    assert read_map(place) == rules


def test_every_fault_of_the_rules_is_named_with_its_place(tmp_path: Path) -> None:
    place = tmp_path / "map.toml"
    place.write_text(
        'format = "accounts/2"\nday_first = "yes"\ncolour = 1\n'
        '[[rules]]\naward = "x"\n[[rules]]\ncode = 7000\nawrd = "x"\n',
        encoding="utf-8",
    )
    with pytest.raises(RefusedError) as refused:
        read_map(place)
    assert [problem.path for problem in refused.value.problems] == [
        "format",
        "colour",
        "day_first",
        "rules.0",
        "rules.1.code",
        "rules.1.awrd",
        "rules.1",
        "rules.1",
    ]
    place.write_text("rules =", encoding="utf-8")
    with pytest.raises(RefusedError, match="not TOML"):
        read_map(place)
    with pytest.raises(KnownError, match="cannot be read"):
        read_map(tmp_path / "gone.toml")


def test_a_file_without_transactions_is_refused_kindly(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Name,Town\nAnn,Leeds\nBob,York\n", encoding="utf-8")
    with pytest.raises(KnownError, match="no table of transactions"):
        preview(path, charity(), RULES)


def test_the_map_reads_as_a_person_writes_it() -> None:
    assert map_text(Map(rules=(INCOME,))).splitlines()[-3:] == [
        "[[rules]]",
        'code = "4000-4999"',
        "ignore = true",
    ]
