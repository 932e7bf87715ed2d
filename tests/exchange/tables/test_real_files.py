"""Strangers' files, read in place, each beside another reader's count and sum of it."""

import csv
import io
import re
import sqlite3
import warnings
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from fundtrack import assets
from fundtrack.core.check import check
from fundtrack.core.errors import KnownError
from fundtrack.core.model import Balances, Organisation, Portfolio
from fundtrack.exchange import grants_file
from fundtrack.exchange.tables import columns, finding
from fundtrack.exchange.tables.fields import KINDS, SHARE, fields
from fundtrack.exchange.tables.preview import Preview, plans_for, preview
from fundtrack.exchange.tables.reading import pasted, read
from fundtrack.exchange.tables.rows import Choices
from fundtrack.exchange.tables.sheets import Sheet, Spreadsheet
from tests.peers import SHARED, shared

TODAY = date(2026, 12, 1)
FOLDERS = ("tables", "360giving", "returns", "workbooks")
FILES = [
    f"{folder}/{path.name}"
    for folder in FOLDERS
    for path in sorted((SHARED / "data" / folder).glob("*"))
    if path.suffix in (".csv", ".tsv", ".ssv", ".xls", ".xlsx", ".xlsm")
]


@pytest.fixture
def book() -> Portfolio:
    return Portfolio(
        organisation=Organisation(
            name="Harbour", nation="england-and-wales", balances=Balances(as_at=date(2026, 4, 1))
        )
    )


def shown(found: Spreadsheet, book: Portfolio, **answers: str) -> Preview:
    return preview(
        plans_for(found, book),
        book,
        TODAY,
        name=found.name,
        from_1904=found.from_1904,
        choices=Choices(answers=answers),
    )


@pytest.mark.parametrize("name", FILES)
def test_every_file_gives_a_preview_whose_edit_the_book_would_keep(
    name: str, book: Portfolio
) -> None:
    seen = shown(read(shared(name)), book)
    if seen.edit is not None:
        assert check(seen.edit.apply(book)) == ()
    taken = sum(len(plan.table.rows) for plan in seen.plans if plan.layout.kind in KINDS)
    assert len(seen.rows) <= taken


@pytest.mark.parametrize("name", [n for n in FILES if n.endswith((".xlsx", ".xlsm"))])
def test_every_workbook_has_the_cells_that_another_reader_finds(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what it does not keep, and nobody here writes
        theirs = openpyxl.load_workbook(io.BytesIO(shared(name).read_bytes()), data_only=True)
    with closing(theirs):
        count = sum(
            cell not in (None, "") and str(cell).strip() != ""
            for sheet in theirs.worksheets
            for line in sheet.iter_rows(values_only=True)
            for cell in line
        )
    assert read(shared(name)).cells == count


@pytest.mark.parametrize("year", ["2013-14", "2016-17"])
def test_the_government_s_schemes_come_in_with_the_sum_another_reader_finds(
    year: str, book: Portfolio
) -> None:
    path = shared(f"tables/government-grant-schemes-{year}.csv")
    text = path.read_bytes().decode("utf-8", "replace")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    title = next(t for t in rows[0] if t.startswith(("Amount", "Value")))
    scale = 1000 if "000s" in title else 1
    theirs = sum(
        Decimal(amount) * scale
        for row in rows
        if re.fullmatch(r"[\d.]+", amount := row[title].replace(",", "").strip())
    )
    seen = shown(read(path), book, order="day-first", pennies="round")
    assert len(seen.rows) == len(rows)
    assert seen.edit is not None
    after = seen.edit.apply(book)
    ours = sum(award.amount for award in after.awards)
    refused = {row.place.row for row in seen.bad_rows}
    left = sum(
        Decimal(amount) * scale
        for at, row in enumerate(rows, start=1)
        if at in refused and re.fullmatch(r"[\d.]+", amount := row[title].replace(",", "").strip())
    )
    assert Decimal(ours) / 100 == theirs - left


@pytest.mark.parametrize(
    "name",
    ["360giving/datagetter_valid.xlsx", "360giving/trafford_council_voluntary_sector_grants.csv"],
)
def test_a_published_file_has_as_many_rows_here_as_by_its_own_door(name: str) -> None:
    (table,) = finding.tables(read(shared(name)), columns.is_known)
    assert len(table.rows) == sum(1 for _ in grants_file.rows(shared(name)))
    at = table.titles.index("Amount Awarded")
    ours = sum(Decimal(str(line[at])) for line in table.lines())
    theirs = sum(
        Decimal(str(row.cells["amount"][0].value)) for row in grants_file.rows(shared(name))
    )
    assert ours == theirs


def test_outbound_funds_come_in_out_of_a_data_export(book: Portfolio) -> None:
    with closing(sqlite3.connect(":memory:")) as held:
        held.executescript(shared("crm/outboundfunds_sample.sql").read_text("utf-8"))
        sheets = tuple(of_table(held, name) for name in ("Funding_Request__c", "Disbursement__c"))
        (theirs,) = held.execute(
            "select sum(Awarded_Amount__c) from Funding_Request__c where Awarded_Amount__c != '' "
            "and Term_Start_Date__c || Awarded_Date__c != '' and Term_End_Date__c != ''"
        ).fetchone()
    seen = shown(Spreadsheet("export.xlsx", sheets), book)
    assert {plan.layout.source for plan in seen.plans} == {"Salesforce (NPSP, Outbound Funds)"}
    assert seen.edit is not None
    after = seen.edit.apply(book)
    assert sum(award.amount for award in after.awards) == theirs * 100
    assert all(fault.found or "missing" in fault.says for fault in seen.faults)


def of_table(held: sqlite3.Connection, name: str) -> Sheet:
    found = held.execute(f'select * from "{name}"')  # noqa: S608 - a name of ours
    titles = tuple(each[0] for each in found.description)
    rows = [tuple(None if cell == "" else str(cell) for cell in row) for row in found]
    return Sheet(name, (titles, *rows), typed=False)


SYSTEMS: tuple[tuple[str, Sequence[str], Sequence[str]], ...] = (
    (
        "GrantHub",
        ("Opportunity Name", "Funder Name", "Amount Requested", "Status", "Start Date", "End Date"),
        ("Befriending", "The Trust", "£5,000", "Awarded", "1 Apr 2026", "31 Mar 2027"),
    ),
    (
        "Salesforce (NPSP, Outbound Funds)",
        ("Opportunity Name", "Account Name", "Close Date", "Amount", "Stage",
         "Grant Period End Date"),
        ("Befriending", "The Trust", "2026-04-01", "5000.00", "Closed Won", "2027-03-31"),
    ),
    (
        "CiviCRM",
        ("Grant ID", "Contact Name", "Grant Type", "Grant Status", "Amount Granted",
         "Decision Date", "Grant End Date"),
        ("7", "The Trust", "Befriending", "Approved", "5,000.00", "2026-04-01", "2027-03-31"),
    ),
    (
        "Charitylog",
        ("Funding Source", "Project", "Funding Start", "Funding End", "Funding Amount"),
        ("The Trust", "Befriending", "01-Apr-2026", "31-Mar-2027", "5000"),
    ),
)  # fmt: skip


@pytest.mark.parametrize(("system", "titles", "row"), SYSTEMS)
def test_other_systems_exports_are_known_by_their_titles(
    system: str, titles: Sequence[str], row: Sequence[str], book: Portfolio
) -> None:
    made = io.StringIO()
    csv.writer(made).writerows([titles, row])
    seen = shown(pasted(made.getvalue()), book)
    assert [plan.layout.source for plan in seen.plans] == [system]
    assert seen.edit is not None
    (award,) = seen.edit.apply(book).awards
    assert (award.title, award.amount, award.start, award.end) == (
        "Befriending",
        500000,
        date(2026, 4, 1),
        date(2027, 3, 31),
    )


def test_mapping_files_name_only_fields_there_are() -> None:
    for recipe in columns._recipes():
        known = {*fields(recipe.kind), SHARE, *recipe.unless}
        assert set(recipe.titles) <= known, (recipe.system, recipe.kind)
        assert {field for group in recipe.needs for field in group} <= known
    assert len(assets.names("imports", ".toml")) >= 5


def test_a_mapping_file_that_is_not_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "odd.toml"
    for text in (
        "kind = 'moons'",
        "= nothing",
        'kind = "awards"\n[[column]]\ntitle = "A"\nuse = "x"',
    ):
        path.write_text(text, "utf-8")
        with pytest.raises(KnownError):
            columns.layout_of(path)
