from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

import python_calamine
from openpyxl import load_workbook

from bench.books import book
from fundtrack import app
from fundtrack.core.board_pack import BoardPack, board_pack
from fundtrack.core.outlook import outlook
from fundtrack.exchange.workbook.board_pack import board_pack_workbook

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from fundtrack.core.board_figures import Figure
    from fundtrack.core.model import Portfolio

TODAY, LAST = date(2026, 11, 22), date(2026, 9, 24)
PROGRAM = "FundTrack 1"


def pack_of(portfolio: Portfolio, before: Portfolio | None = None) -> BoardPack:
    earlier = None if before is None else outlook(before, app.statutory(), LAST)
    told = outlook(portfolio, app.statutory(), TODAY)
    return board_pack(portfolio, told, earlier, prepared_by="the clerk", version=PROGRAM)


@cache
def pack() -> BoardPack:
    now = app.sample(TODAY)
    balances = replace(now.organisation.balances, as_at=date(2026, 9, 1), cash=201_111_11)
    return pack_of(now, replace(now, organisation=replace(now.organisation, balances=balances)))


def opened(found: BoardPack) -> Workbook:
    return load_workbook(io.BytesIO(board_pack_workbook(found, PROGRAM)))


def rows_of(sheet: Worksheet, head: str) -> list[dict[str, object]]:
    """The rows of the table whose first head this is, by head; until a row without a name."""
    cells = list(sheet.iter_rows())
    first = next(at for at, row in enumerate(cells) if row[0].value == head)
    heads = [str(cell.value or cell.coordinate) for cell in cells[first]]
    for at, name in enumerate(heads):  # two columns may be headed alike
        heads[at] = name if name not in heads[:at] else f"{name} {at}"
    found: list[dict[str, object]] = []
    for row in cells[first + 1 :]:
        if row[0].value is None:
            break
        found.append(dict(zip(heads, (cell.value for cell in row), strict=True)))
    return found


def value_in(figure: Figure) -> object:
    """What a cell holds for a figure: pounds, a share of one, a day, or words."""
    value = figure.value
    if value is None:
        return figure.text or None
    if figure.unit in ("pounds", "percent") and isinstance(value, int):
        return float(Decimal(value) / 100)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - as a cell holds it
    return float(value) if isinstance(value, Decimal) else value


def test_every_key_figure_is_a_number_and_the_page_s_own() -> None:
    table = rows_of(opened(pack())["Key figures"], "Figure")
    figures = [each for line in pack().key_lines for each in line.figures]
    assert len(table) == len(figures)
    for row, each in zip(table, figures, strict=True):
        assert str(row["Figure"]).endswith(each.name)
        assert row["Now"] == value_in(each.now)
        assert row["At 24 Sep 2026"] == value_in(each.last)
        assert row["Policy"] == value_in(each.limit)
        assert (row["Status"] or "") == each.status.capitalize()
    changes = {str(row["Figure"]): row["Change"] for row in table}
    assert changes["Cash at bank"] == float(Decimal(22_641_873 - 20_111_111) / 100)


def test_money_that_ends_posts_and_scenarios_are_the_page_s_too() -> None:
    told = opened(pack())
    endings = rows_of(told["Money ending"], "Award")
    for row, ending in zip(endings, pack().endings, strict=True):
        shown = (ending.ends, ending.a_year, ending.posts, ending.fte, ending.people)
        names = ("Ends", "Brings a year", "Posts", "FTE", "People")
        assert [row[name] for name in names] == [value_in(each) for each in shown]
        assert row["Renewal and evidence"] == ending.renewal
    posts = list(told["Posts"].iter_rows(values_only=True))
    for line in pack().posts.rows:
        assert [line.name, *map(value_in, line.fte)] in [list(row) for row in posts]
    for row, scenario in zip(rows_of(told["Scenarios"], "Scenario"), pack().scenarios, strict=True):
        assert row["Gone"] == value_in(scenario.gone)
        assert row["Lowest"] == value_in(scenario.lowest)
        assert row["FTE"] == value_in(scenario.fte)


def test_the_words_of_the_page_stand_in_it_too() -> None:
    cells = [
        cell
        for row in opened(pack())["Report"].iter_rows(values_only=True)
        for cell in row
        if cell is not None
    ]
    said = pack()
    for text in (
        said.title,
        said.purpose,
        said.figures_at,
        said.prepared,
        *(sentence.text for sentence in said.sentences),
        *(each.text for each in said.decisions),
        *said.basis,
        *said.going_concern,
    ):
        assert text in cells
    days = [each.by for each in said.decisions if each.by is not None]
    assert [cell.date() for cell in cells if isinstance(cell, datetime)] == days


def test_lists_that_the_page_cuts_are_whole() -> None:
    huge = pack_of(book(300, 120))
    told = opened(huge)
    assert len(rows_of(told["Money ending"], "Award")) == len(huge.endings) > 20
    numbers = [row[0] for row in told["Report"].iter_rows(values_only=True)]
    assert numbers.count(len(huge.decisions)) == 1


def test_another_reader_finds_the_same_figures() -> None:
    data = board_pack_workbook(pack(), PROGRAM)
    sheets = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert sheets.sheet_names[0] == "Report"
    table = sheets.get_sheet_by_name("Key figures").to_python()
    assert ["Cash at bank", 226_418.73] in [row[:2] for row in table]


def test_the_same_report_gives_the_same_bytes_and_names_nobody() -> None:
    data = board_pack_workbook(pack(), PROGRAM)
    assert data == board_pack_workbook(pack(), PROGRAM)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        properties = archive.read("docProps/core.xml").decode()
        program = archive.read("docProps/app.xml").decode()
    assert "the clerk" not in properties
    assert "openpyxl" not in properties + program
    assert f">{PROGRAM}</dc:creator>" in properties
    assert "lastModifiedBy" not in properties


def test_every_sheet_is_set_for_a4_and_its_tables_are_named_for_those_who_listen() -> None:
    told = opened(pack())
    for sheet in told.worksheets:
        assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth) == (9, 1)
        assert sheet.print_area
        assert sheet["A1"].value
        assert not sheet.merged_cells.ranges
    regions = [name for name in told.defined_names if name.startswith("TitleRegion")]
    assert len(regions) == 7


def test_an_empty_book_makes_a_workbook_that_says_what_is_missing() -> None:
    empty = pack_of(app.empty_portfolio("=Us & them", "scotland", date(2026, 11, 1)))
    told = opened(empty)
    assert told["Report"]["A1"].value == "=Us & them: trustee report"
    assert told["Report"]["A1"].data_type in ("s", "inlineStr")
    assert rows_of(told["Key figures"], "Figure")[0]["Now"] == "not recorded"
