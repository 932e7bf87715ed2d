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
from decimal import Decimal
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


def money_to(path: Path, said: Said) -> int:
    """How many pence another reader finds in those grants."""
    us = said.answers["recipient"]
    return sum(
        round(Decimal(str(row.cells["amount"][0].value)) * 100)
        for row in grants_file.rows(path)
        if us
        in {str(cell.value) for name in ("id", "name") for cell in row.cells[f"recipient.{name}"]}
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
    if [each.key for each in seen.open_questions] == ["doubled"]:  # several grants of one name
        said = said.answering("doubled", "each")
        seen = offered(shared(name), book, said)
    assert said.choices <= MOST
    assert seen.open_questions == ()
    assert seen.counts["new"] == grants_to(shared(name), said) > 0
    assert seen.counts["problem"] == 0
    assert seen.edit is not None
    after = seen.edit.apply(book)
    assert check(after) == ()
    assert sum(award.amount for award in after.awards) == money_to(shared(name), said)
    again = offered(shared(name), after, said)
    assert again.edit is None
    assert again.counts["unchanged"] == seen.counts["new"]


def test_rows_of_one_identifier_and_different_figures_stay_out_until_it_is_said_what_they_are(
    book: Portfolio,
) -> None:
    path = shared("tables/Sport-England_exchequer-awards.csv")
    (asked,) = offered(path, book, VOLLEYBALL).open_questions
    assert asked.asks.startswith("16 rows share an identifier")
    apart = offered(path, book, VOLLEYBALL.answering("doubled", "each"))
    left = offered(path, book, VOLLEYBALL.answering("doubled", "out"))
    assert (apart.counts["new"], apart.counts["problem"]) == (23, 0)
    assert (left.counts["new"], left.counts["problem"]) == (7, 16)
    assert all(
        "say that each row is an award of its own" in fault.says and "--" not in fault.says
        for fault in left.faults
    )


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
        "360giving/360Giving-Grants-to-Inds-Data-Preparation-Template_Codelist-Mapping.xlsx",
        "360giving/360Giving-Grants-to-Inds-Data-Preparation-Template_Manual-Coding.xlsx",
    ],
)
def test_a_file_with_nothing_of_a_charity_s_asks_nothing_and_lists_its_tables(
    name: str, book: Portfolio
) -> None:
    seen = offered(shared(name), book, Said())
    assert seen.asked == ()
    assert seen.edit is None
    assert all(table.kind == "" for table in seen.tables)


@pytest.mark.parametrize("ending", ["csv", "xls"])
def test_grants_that_stay_out_are_written_under_the_funder_s_titles_with_the_reason(
    ending: str, book: Portfolio, tmp_path: Path
) -> None:
    path = shared(f"tables/Sport-England_exchequer-awards.{ending}")
    file = app.import_doors().open_file(path, book, lambda _done, _total, _doing: None)
    said = VOLLEYBALL.answering("doubled", "out")
    seen = file.offer(book, TODAY, said, lambda _done, _total, _doing: None)
    assert file.write_bad_rows(seen, tmp_path / "left out.csv") == seen.counts["problem"] == 16
    with (tmp_path / "left out.csv").open(encoding="utf-8-sig", newline="") as written:
        rows = list(csv.DictReader(written))
    assert len(rows) == 16
    assert {row["Recipient Org:Name"] for row in rows} == {"Volleyball England"}
    assert all("carry the identifier" in row["Why this row was not brought in"] for row in rows)


@pytest.mark.parametrize("way", ["Codelist-Mapping", "Manual-Coding"])
def test_grants_to_individuals_are_refused_in_plain_words(way: str, book: Portfolio) -> None:
    path = shared(f"360giving/360Giving-Grants-to-Inds-Data-Preparation-Template_{way}.xlsx")
    seen = offered(path, book, Said())
    refused = [note for note in seen.notes if "grants to individuals" in note]
    assert len(refused) == 2  # as the funder keeps them, and as they are published
    tables = [table.number for table in seen.tables if any(table.name in note for note in refused)]
    for table in tables:  # and whatever they are said to be
        forced = offered(path, book, Said().taking(table, "awards"))
        assert forced.edit is None
        assert forced.rows == ()


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
