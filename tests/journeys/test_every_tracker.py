"""A new user brings in each file that charities really have: every real row, in five choices.

What counts as a choice is whatever the import window has them say: what a table is, what a column
is, and each answer. Files that hold nothing of a charity's ask nothing and bring nothing in.
"""

from __future__ import annotations

import csv
import io
import sqlite3
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING

import openpyxl
import pytest

from fundtrack import app
from fundtrack.core.check import check
from fundtrack.core.importing import Said
from fundtrack.exchange import grants_file
from fundtrack.exchange.tables import leaving
from tests.peers import shared

if TYPE_CHECKING:
    from pathlib import Path

    from fundtrack.core.importing import Offer
    from fundtrack.core.model import Portfolio

TODAY = date(2026, 11, 22)
MOST = 5
VOLLEYBALL = Said().answering("recipient", "Volleyball England").answering("months", "12")
ST_JOHN = Said().answering("recipient", "GB-COH-07597525")
HIGHBURY = Said().answering("recipient", "360G-Cloudesley-Org:6").answering("months", "12")
TOWNS = (
    Said()
    .taking(0, "awards")
    .using(0, 0, "reference")
    .answering("awards.start", "2019-04-01")
    .answering("awards.months", "36")
)


@pytest.fixture
def book() -> Portfolio:
    return app.empty_portfolio("Harbour", "england-and-wales", date(2026, 4, 1))


def offered(path: Path, book: Portfolio, said: Said) -> Offer:
    """What the window would show of a file, given what was said."""
    doors = app.import_doors()
    file = doors.open_file(path, book, lambda _done, _total, _doing: None)
    return file.offer(book, TODAY, said, lambda _done, _total, _doing: None)


def lines_of(path: Path) -> int:
    text = path.read_bytes().decode("utf-8-sig", "replace")
    return (
        sum(
            any(cell.strip() for cell in line) for line in csv.reader(io.StringIO(text, newline=""))
        )
        - 1
    )


def grants_to(path: Path, said: Said) -> int:
    """How many grants another reader finds for the recipient."""
    us = said.answers["recipient"]
    return sum(
        us
        in {str(cell.value) for name in ("id", "name") for cell in row.cells[f"recipient.{name}"]}
        for row in grants_file.rows(path)
    )


@pytest.mark.parametrize(
    ("name", "said", "unfit"),
    [
        ("tables/government-grant-schemes-2013-14.csv", Said(), 0),
        ("tables/government-grant-schemes-2016-17.csv", Said(), 7),  # grants below nothing
        ("returns/TF-grant-awarded.csv", TOWNS, 1),  # a town without a total
    ],
)
def test_every_row_of_a_table_comes_in_after_at_most_five_choices(
    name: str, said: Said, unfit: int, book: Portfolio
) -> None:
    seen = offered(shared(name), book, said)
    assert said.choices <= MOST
    assert seen.open_questions == ()
    counts = seen.counts
    assert counts["new"] + counts["changed"] + counts["unchanged"] == lines_of(shared(name)) - unfit
    assert counts["problem"] == unfit
    assert seen.edit is not None
    assert check(seen.edit.apply(book)) == ()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("tables/Sport-England_exchequer-awards.csv", VOLLEYBALL),
        ("tables/Sport-England_exchequer-awards.xls", VOLLEYBALL),
        ("360giving/trafford_council_voluntary_sector_grants.csv", ST_JOHN),
        ("360giving/datagetter_validfile.json", HIGHBURY),
    ],
)
def test_every_grant_to_us_comes_in_out_of_a_funder_s_file(
    name: str, said: Said, book: Portfolio
) -> None:
    before = offered(shared(name), book, Said())
    assert [each.key for each in before.open_questions] == ["recipient"]
    seen = offered(shared(name), book, said)
    assert said.choices <= MOST
    assert seen.open_questions == ()
    doubled = sum("carry the identifier" in fault.says for fault in seen.faults)
    assert seen.counts["new"] + doubled == grants_to(shared(name), said) > 0
    assert seen.counts["problem"] == doubled  # the funder gave several grants one identifier


def test_outbound_funds_come_in_with_no_choice_at_all(book: Portfolio, tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    made = openpyxl.Workbook(write_only=True)
    whole = 0
    with closing(sqlite3.connect(":memory:")) as held:
        held.executescript(shared("crm/outboundfunds_sample.sql").read_text("utf-8"))
        for name in ("Funding_Request__c", "Disbursement__c"):
            found = held.execute(f'select * from "{name}"')  # noqa: S608 - a name of ours
            sheet = made.create_sheet(name)
            sheet.append([each[0] for each in found.description])
            for row in found:
                sheet.append([None if cell == "" else cell for cell in row])
                whole += 1
    made.save(path)
    seen = offered(path, book, Said())
    assert seen.open_questions == ()
    assert sum(seen.counts.values()) == whole
    assert all(fault.found or "issing" in fault.says for fault in seen.faults)


@pytest.mark.parametrize(
    "name",
    [
        "tables/simple.ssv",
        "tables/excel_pasting.csv",
        "tables/utf8bom.csv",
        "tables/government-grant-recipient-sector.tsv",
        "tables/template.xlsx",
        "returns/FAC_notes-to-sefa-workbook.xlsx",
        "returns/InnovateUK_reallocate-project-costs.xlsx",
        "returns/PF_Round_2_Success.xlsx",
        "returns/CPF_sample_template.xlsx",
    ],
)
def test_a_file_with_nothing_of_a_charity_s_asks_nothing_and_lists_its_tables(
    name: str, book: Portfolio
) -> None:
    seen = offered(shared(name), book, Said())
    assert seen.asked == ()
    assert seen.edit is None
    assert all(table.kind == "" for table in seen.tables)


def test_leaving_with_everything_takes_one_file_that_comes_back_whole(
    book: Portfolio, tmp_path: Path
) -> None:
    seen = offered(shared("tables/government-grant-schemes-2013-14.csv"), book, Said())
    assert seen.edit is not None
    after = seen.edit.apply(book)
    leaving.write_workbook(after, tmp_path / "everything.xlsx")
    again = offered(tmp_path / "everything.xlsx", after, Said())
    assert (again.form, again.edit) == ("book", None)
    back = offered(tmp_path / "everything.xlsx", book, Said())
    assert back.edit is not None
    assert back.edit.apply(book) == after
