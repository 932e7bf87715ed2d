"""A funder's published file: what stands wrong in it is put right in place, or left out."""

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from fundtrack.core.importing import Offer, RowSeen, Said
from fundtrack.core.model import Balances, Organisation, Portfolio
from fundtrack.exchange.importing import opened
from fundtrack.workspace import MemoryStore, Workspace

TODAY = date(2026, 12, 1)
BOOK = Portfolio(
    organisation=Organisation(
        name="Harbour and Hope",
        nation="england-and-wales",
        balances=Balances(as_at=date(2026, 4, 1)),
    )
)
GRANT = {
    "Identifier": "360G-Trust-1",
    "Title": "Befriending",
    "Currency": "GBP",
    "Amount Awarded": "12000",
    "Award Date": "2026-03-01",
    "Planned Dates:End Date": "2027-03-31",
    "Recipient Org:Identifier": "GB-CHC-1000001",
    "Recipient Org:Name": "Harbour & Hope",
    "Funding Org:Identifier": "GB-CHC-2000002",
    "Funding Org:Name": "The Long Trust",
}
WRONG = GRANT | {
    "Identifier": "360G-Trust-2",
    "Title": "Meals",
    "Amount Awarded": "",
    "Award Date": "31 June 2026",
}


def as_csv(path: Path, *grants: dict[str, str]) -> Path:
    path = path / "grants.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, GRANT)
        writer.writeheader()
        writer.writerows(grants)
    return path


def as_workbook(path: Path, *grants: dict[str, str]) -> Path:
    """A workbook whose planned dates stand on a sheet of their own, as some funders publish."""
    path = path / "grants.xlsx"
    book = openpyxl.Workbook()
    sheet, dates = book.worksheets[0], book.create_sheet("Planned Dates")
    titles = [title for title in GRANT if not title.startswith("Planned")]
    sheet.append(titles)
    dates.append(["Identifier", "Planned Dates:End Date"])
    for grant in grants:
        sheet.append([grant[title] or None for title in titles])
        dates.append([grant["Identifier"], grant["Planned Dates:End Date"]])
    book.save(path)
    return path


def as_json(path: Path, *grants: dict[str, str]) -> Path:
    path = path / "grants.json"
    plain = [
        {
            "id": grant["Identifier"],
            "title": grant["Title"],
            "currency": grant["Currency"],
            **({"amountAwarded": grant["Amount Awarded"]} if grant["Amount Awarded"] else {}),
            "awardDate": grant["Award Date"],
            "plannedDates": [{"endDate": grant["Planned Dates:End Date"]}],
            "recipientOrganization": [
                {"id": grant["Recipient Org:Identifier"], "name": grant["Recipient Org:Name"]}
            ],
            "fundingOrganization": [
                {"id": grant["Funding Org:Identifier"], "name": grant["Funding Org:Name"]}
            ],
        }
        for grant in grants
    ]
    path.write_text(json.dumps({"grants": plain}), "utf-8")
    return path


Publishes = Callable[..., Path]
every_kind = pytest.mark.parametrize("publish", [as_csv, as_workbook, as_json])


class Looking:
    """A person who looks at a published file and says something of it."""

    def __init__(self, path: Path) -> None:
        self.file = opened(path, BOOK, lambda _done, _of, _doing: None)
        self.said = Said()

    @property
    def offer(self) -> Offer:
        return self.file.offer(BOOK, TODAY, self.said, lambda _done, _of, _doing: None)

    def row(self, outcome: str) -> RowSeen:
        (found,) = (row for row in self.offer.rows if row.outcome == outcome)
        return found

    def writes(self, row: RowSeen, title: str, text: str) -> None:
        (column,) = (at for at, known, _ in row.cells if known == title)
        assert row.line is not None
        self.said = self.said.correcting((*row.line, column), text)

    def takes(self) -> Portfolio:
        edit = self.offer.edit
        assert edit is not None
        workspace = Workspace(MemoryStore(BOOK))
        workspace.do(edit, "import")
        return workspace.portfolio


@every_kind
def test_a_wrong_day_and_a_missing_amount_are_put_right_in_place(
    publish: Publishes, tmp_path: Path
) -> None:
    looking = Looking(publish(tmp_path, GRANT, WRONG))
    bad = looking.row("problem")
    cells = {column: title for column, title, _ in bad.cells}
    assert {cells[fault.column] for fault in bad.faults if fault.column is not None} == {
        "Award Date", "Amount Awarded",
    }  # fmt: skip
    assert [award.title for award in looking.takes().awards] == ["Befriending"]
    looking.writes(bad, "Award Date", "30 June 2026")
    looking.writes(looking.row("problem"), "Amount Awarded", "£4,500")
    assert not looking.offer.faults
    assert [(a.title, a.amount, a.start) for a in looking.takes().awards] == [
        ("Befriending", 12_000_00, date(2026, 3, 1)),
        ("Meals", 4_500_00, date(2026, 6, 30)),
    ]


@every_kind
def test_an_end_before_the_start_is_put_right_on_whatever_sheet_it_stands(
    publish: Publishes, tmp_path: Path
) -> None:
    backwards = GRANT | {"Planned Dates:End Date": "2026-01-01"}
    looking = Looking(publish(tmp_path, backwards))
    bad = looking.row("problem")
    (fault,) = bad.faults
    assert "before it starts" in fault.says
    (title,) = (title for _, title, text in bad.cells if text == "2026-01-01")
    looking.writes(bad, title, "31/12/2026")
    assert [award.end for award in looking.takes().awards] == [date(2026, 12, 31)]


def test_a_length_nobody_gave_is_filled_in_where_the_file_has_no_column_for_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "grants.csv"
    titles = [title for title in GRANT if not title.startswith("Planned")]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, titles, extrasaction="ignore")
        writer.writeheader()
        writer.writerow(GRANT)
    looking = Looking(path)
    looking.writes(looking.row("problem"), "Planned Dates:End Date", "31 March 2027")
    assert [award.end for award in looking.takes().awards] == [date(2027, 3, 31)]


@every_kind
def test_a_row_is_left_out_and_can_be_brought_in_again(publish: Publishes, tmp_path: Path) -> None:
    looking = Looking(publish(tmp_path, GRANT, GRANT | {"Identifier": "2", "Title": "Meals"}))
    meals = next(row for row in looking.offer.rows if row.says == "Meals")
    assert meals.line is not None
    looking.said = looking.said.leaving_out(frozenset((meals.line,)))
    assert [award.title for award in looking.takes().awards] == ["Befriending"]
    assert looking.row("left out").says == "Meals"
    looking.said = looking.said.leaving_out(frozenset((meals.line,)))
    assert [award.title for award in looking.takes().awards] == ["Befriending", "Meals"]


@every_kind
def test_what_stays_out_is_written_as_it_stands_now_with_the_reason(
    publish: Publishes, tmp_path: Path
) -> None:
    looking = Looking(publish(tmp_path, GRANT, WRONG))
    bad = looking.row("problem")
    looking.writes(bad, "Award Date", "30 June 2026")
    good = looking.row("new")
    assert good.line is not None
    looking.said = looking.said.leaving_out(frozenset((good.line,)))
    out = tmp_path / "out.csv"
    assert looking.file.write_bad_rows(looking.offer, out) == 2
    left, wrong = csv.DictReader(out.read_text("utf-8-sig").splitlines())
    reasons: list[Any] = [list(line.values())[-1] for line in (left, wrong)]
    assert reasons == ["It was left out", "Amount Awarded is missing"]
    assert "30 June 2026" in wrong.values()


def test_rows_that_say_what_another_says_are_known_and_come_in_once(tmp_path: Path) -> None:
    looking = Looking(as_csv(tmp_path, GRANT, GRANT))
    assert [row.outcome for row in looking.offer.rows] == ["new", "unchanged"]
    assert len(looking.takes().awards) == 1


def test_the_columns_of_a_published_file_are_said_to_be_read_as_the_standard_has_them(
    tmp_path: Path,
) -> None:
    (table,) = Looking(as_csv(tmp_path, GRANT)).offer.tables
    assert {column.words for column in table.columns} == {"As 360Giving has it"}
