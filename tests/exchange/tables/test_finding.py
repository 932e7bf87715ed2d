import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from fundtrack.exchange.tables import values
from fundtrack.exchange.tables.finding import Table, on_sheet, tables
from fundtrack.exchange.tables.reading import parse, pasted, read
from fundtrack.exchange.tables.sheets import Area, Sheet, Value, trimmed
from tests.peers import shared

KNOWN = frozenset(("funder", "amount", "start", "end", "grant", "post", "salary", "fte"))
CLEAN = (
    ("The Long Trust", 12000, "31/03/2027"),
    ("Harbour Council", 8000.5, "30/09/2027"),
    ("The Deep Fund", 500, "TBC"),
)


def known(title: str) -> bool:
    return title.strip().casefold() in KNOWN


def sheet(lines: Sequence[Sequence[Value]], *merged: Area, **more: Any) -> Sheet:
    return Sheet("Grants", trimmed(lines), merged, **more)


def only(found: Sequence[Table]) -> Table:
    (table,) = found
    return table


def test_a_name_above_notes_below_and_totals_among_are_set_aside_and_told() -> None:
    table = only(
        on_sheet(
            sheet(
                [
                    ["Harbour and Hope: funding tracker"],
                    ["Updated by Sam, March"],
                    [],
                    ["Funder", "Amount", "End"],
                    ["Trusts"],
                    CLEAN[0],
                    [],
                    CLEAN[1],
                    ["Sub-total", 20000.5],
                    CLEAN[2],
                    ["TOTAL", 20500.5],
                    [],
                    ["* TBC means we have asked"],
                ]
            ),
            known,
        )
    )
    assert table.titles == ("Funder", "Amount", "End")
    assert tuple(table.lines()) == CLEAN
    assert [(each.row, each.why) for each in table.aside] == [
        (0, "title"),
        (1, "title"),
        (4, "heading"),
        (8, "total"),
        (10, "total"),
        (12, "note"),
    ]
    assert "2 lines of totals were set aside." in table.said()


def test_a_line_of_sums_without_a_name_is_a_total() -> None:
    table = only(
        on_sheet(sheet([["Funder", "Amount", "End"], *CLEAN, [None, 20500.5, None]]), known)
    )
    assert [each.why for each in table.aside] == ["total"]


def test_two_rows_of_titles_are_read_as_one() -> None:
    table = only(
        on_sheet(
            sheet(
                [
                    ["Funder", "Period", None, "Money", None],
                    [None, "Start", "End", "Amount", "Paid"],
                    ["Trust", "01/04/26", "31/03/27", 100, 50],
                    ["Council", "01/04/26", "31/03/27", 200, 50],
                ],
                Area(0, 0, 1, 0),
                Area(0, 1, 0, 2),
                Area(0, 3, 0, 4),
            ),
            known,
        )
    )
    assert table.titles == (
        "Funder",
        "Period – Start",
        "Period – End",
        "Money – Amount",
        "Money – Paid",
    )
    assert len(table.rows) == 2


def test_blank_rows_and_columns_do_not_end_a_table() -> None:
    lines: list[list[Value]] = [["Funder", None, "Amount", None, "End"]]
    for funder, amount, end in CLEAN:
        lines += [[funder, None, amount, None, end], []]
    assert tuple(only(on_sheet(sheet(lines), known)).lines()) == CLEAN


def test_a_second_table_below_and_a_third_beside_are_tables_of_their_own() -> None:
    below = on_sheet(
        sheet(
            [
                ["Funder", "Amount", "End"],
                *CLEAN,
                [],
                ["Staffing"],
                ["Post", "Salary", "FTE"],
                ["Adviser", 30000, 0.8],
                ["Manager", 40000, 1],
            ]
        ),
        known,
    )
    assert [table.titles for table in below] == [
        ("Funder", "Amount", "End"),
        ("Post", "Salary", "FTE"),
    ]
    assert [len(table.rows) for table in below] == [3, 2]
    assert [(each.says, each.why) for each in below[1].aside] == [("Staffing", "title")]

    beside = on_sheet(
        sheet(
            [
                ["Funder", "Amount", "End", None, "Funder", "Amount"],
                *([*line, None, "Other", 5] for line in CLEAN),
            ]
        ),
        known,
    )
    assert [table.columns[0].at for table in beside] == [0, 4]


def test_titles_printed_again_on_every_page_are_no_rows() -> None:
    titles = ["Funder", "Amount", "End"]
    lines = [titles, CLEAN[0], [], titles, CLEAN[1], titles, CLEAN[2]]
    assert tuple(only(on_sheet(sheet(lines), known)).lines()) == CLEAN


def test_a_merged_name_is_lent_to_its_rows_and_a_merged_amount_is_not() -> None:
    table = only(
        on_sheet(
            sheet(
                [["Funder", "Amount", "End"], ["Trust", 90, "1 May 2026"], [None, None, "x"]],
                Area(1, 0, 2, 0),
                Area(1, 1, 2, 1),
            ),
            known,
        )
    )
    assert table.lines()[1] == ("Trust", None, "x")


def test_hidden_rows_and_sheets_are_said() -> None:
    table = only(
        on_sheet(
            sheet([["Funder", "Amount"], *CLEAN], hidden=True, hidden_rows=frozenset((2,))), known
        )
    )
    assert table.hidden_rows == (2,)
    assert table.said() == (
        "The sheet “Grants” is hidden.",
        "Rows of “Grants” that the sheet hides are counted in: 1.",
    )


def test_months_across_the_top_are_titles() -> None:
    table = only(
        on_sheet(sheet([["Heading", date(2026, 4, 1), date(2026, 5, 1)], ["Rent", 5, 6]]), known)
    )
    assert table.titles == ("Heading", "Apr 2026", "May 2026")


def test_a_pasted_table_without_known_words_is_found_too() -> None:
    table = only(tables(read(shared("tables/excel_pasting.csv"))))
    assert table.titles[:2] == ("Year", "2000")
    totals = [each for each in table.aside if each.why == "total"]
    assert len(totals) == 1
    at = table.titles.index("2000")
    told = values.number(totals[0].says.split(" · ")[1])
    assert abs(sum(values.number(line[at]) for line in table.lines()) - told) < Decimal(10)


def test_a_workbook_made_in_excel_is_read_as_it_looks() -> None:
    book = openpyxl.Workbook()
    grants = book.active
    assert isinstance(grants, Worksheet)
    grants["B2"] = "Funding 2026"
    grants.merge_cells("B2:D2")
    grants.append([])
    for line in (("Funder", "Amount", "End"), *CLEAN):
        grants.append([None, *line])
    made = io.BytesIO()
    book.save(made)
    assert tuple(only(tables(parse(made.getvalue(), "t.xlsx"), known)).lines()) == CLEAN


@given(
    st.lists(st.sampled_from(["title", "blank", "total", "note", "again"]), max_size=4),
    st.integers(0, 3),
    st.integers(0, 2),
)
def test_whatever_surrounds_it_the_clean_table_comes_out(
    mess: list[str], above: int, left: int
) -> None:
    titles: list[Value] = ["Funder", "Amount", "End"]
    body: list[list[Value]] = [["Name of the sheet"] for _ in range(above)]
    body += [[]] if above else []
    body += [titles]
    between = [each for each in mess if each in ("blank", "total", "again")]
    for at, line in enumerate(CLEAN):
        body.append([*line])
        if at < len(between):
            extra: dict[str, list[Value]] = {
                "blank": [],
                "total": ["Sub-total", 1],
                "again": titles,
            }
            body.append(extra[between[at]])
    body += [[], ["Note: figures are approximate"]] if "note" in mess else []
    found = on_sheet(sheet([[None] * left + line for line in body]), known)
    assert tuple(only(found).lines()) == CLEAN


CELLS = st.none() | st.text(max_size=5) | st.floats() | st.dates()


@given(st.lists(st.lists(CELLS, max_size=6), max_size=15))
def test_every_filled_line_is_a_row_or_titles_or_set_aside(lines: list[list[Value]]) -> None:
    whole = sheet(lines)
    found = on_sheet(whole)
    told = {
        row
        for table in found
        for row in (*table.header, *table.rows, *(each.row for each in table.aside))
    }
    filled = {at for at, line in enumerate(whole.lines) if any(c is not None for c in line)}
    assert not found or told == filled


def test_pasted_words_without_figures_are_still_a_table() -> None:
    assert only(tables(pasted("Funder\tEnd\nTrust\tMay\nFund\tJune\n"), known)).lines() == [
        ("Trust", "May"),
        ("Fund", "June"),
    ]
