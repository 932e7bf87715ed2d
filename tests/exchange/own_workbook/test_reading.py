"""What is seen of a commissioner's workbook: every cell, and why it may not be filled if not."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from openpyxl.styles import Protection
from openpyxl.workbook import Workbook as OpenpyxlWorkbook

from fundtrack.core.errors import KnownError
from fundtrack.exchange.workbook.own.opening import open_workbook, workbook_from
from fundtrack.exchange.workbook.own.places import Area, Place
from fundtrack.exchange.workbook.own.workbook import Workbook
from tests.exchange.own_workbook.making import (
    MAIN,
    OFFICE,
    PACKAGE,
    STRICT,
    STRICT_OFFICE,
    at,
    by_hand,
    cell,
    opened,
    packed,
    part,
    parts_of,
    quarterly_form,
    relationships,
    saved,
    sheet_xml,
)
from tests.peers import shared


def refusal(workbook: Workbook, address: str, sheet: str = "Form") -> str:
    return workbook.sheet(sheet).refusal(at(address))


def test_values_of_every_sort_are_read_as_they_are_meant() -> None:
    strings = (
        f'<sst xmlns="{MAIN}"><si><t>Plain</t></si>'
        '<si><r><t>Two </t></r><r><t>runs</t></r><rPh sb="0" eb="1"><t>kana</t></rPh></si></sst>'
    )
    workbook = by_hand(
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>'
        '<c r="C1" t="inlineStr"><is><t>In _x005F_x place_x000D_</t></is></c><c r="D1">'
        "<v>8212.02</v></c>"
        '<c r="E1" s="1"><v>46295</v></c><c r="F1" s="1"><v>46295.5</v></c>'
        '<c r="G1" t="b"><v>1</v></c><c r="H1" t="e"><v>#REF!</v></c>'
        '<c r="I1" t="str"><f>A1</f><v>Plain</v></c><c r="J1" s="2"/><c r="K1" t="d">'
        "<v>2026-09-30</v></c></row>",
        more={
            "xl/sharedStrings.xml": part(strings),
            "xl/_rels/workbook.xml.rels": relationships(
                ("rId1", "worksheet", "worksheets/page-a.xml"),
                ("rId2", "styles", "styles.xml"),
                ("rId3", "sharedStrings", "sharedStrings.xml"),
            ),
        },
    )
    read = [cell(workbook, f"{letter}1").value for letter in "ABCDEFGHIJK"]
    assert read == [
        "Plain",
        "Two runs",
        "In _x place\r",
        Decimal("8212.02"),
        date(2026, 9, 30),
        datetime(2026, 9, 30, 12),  # noqa: DTZ001 - a workbook has no time zones
        True,
        "#REF!",
        "Plain",
        None,
        date(2026, 9, 30),
    ]
    assert cell(workbook, "I1").formula == "A1"
    assert workbook.sheet("Form").extent == Area(1, 1, 1, 11)


def test_rows_and_cells_that_do_not_say_where_they_are_count_on() -> None:
    workbook = by_hand(
        '<row><c><v>1</v></c><c r="C1"><v>2</v></c><c><v>3</v></c></row>'
        '<row><c><v>4</v></c></row><row r="9"><c><v>5</v></c></row><row><c><v>6</v></c></row>'
    )
    cells = workbook.sheet("Form").cells
    assert {str(place): int(str(one.value)) for place, one in cells.items()} == {
        "A1": 1,
        "C1": 2,
        "D1": 3,
        "A2": 4,
        "A9": 5,
        "A10": 6,
    }


def test_names_with_a_prefix_and_the_strict_namespace_are_read() -> None:
    prefixed = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="2"><x:c r="B2" t="inlineStr">'
        "<x:is><x:t>Prefixed</x:t></x:is></x:c></x:row></x:sheetData>"
        '<x:sheetProtection sheet="1"/></x:worksheet>'
    )
    workbook = workbook_from(packed(parts_of(prefixed)), "prefixed.xlsx")
    assert cell(workbook, "B2").value == "Prefixed"
    assert workbook.sheet("Form").protected

    book = (
        f'<s:workbook xmlns:s="{STRICT}" xmlns:r="{STRICT_OFFICE}"><s:workbookPr date1904="true"/>'
        '<s:sheets><s:sheet name="Form" sheetId="1" r:id="rId1"/></s:sheets></s:workbook>'
    )
    parts = parts_of(sheet_xml('<row r="1"><c r="A1"><v>7</v></c></row>').replace(MAIN, STRICT))
    parts["xl/workbook.xml"] = part(book)
    for name in ("_rels/.rels", "xl/_rels/workbook.xml.rels"):
        parts[name] = parts[name].replace(OFFICE.encode(), STRICT_OFFICE.encode())
    strict = workbook_from(packed(parts), "strict.xlsx")
    assert cell(strict, "A1").value == 7
    assert strict.since_1904


def test_a_sheet_is_found_by_its_relationship_whatever_its_file_is_called() -> None:
    parts = parts_of(sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>'))
    parts["xl/worksheets/Seite 1.XML"] = parts.pop("xl/worksheets/page-a.xml")
    parts["xl/_rels/workbook.xml.rels"] = relationships(
        ("rId1", "worksheet", "/xl/Worksheets/seite 1.xml"), ("rId2", "styles", "styles.xml")
    )
    assert cell(workbook_from(packed(parts), "odd.xlsx"), "A1").value == 1


def test_a_part_that_stands_twice_counts_once_if_both_say_the_same() -> None:
    parts = parts_of(sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>'))
    name = "xl/worksheets/page-a.xml"
    with pytest.warns(UserWarning, match="Duplicate name"):
        same = packed(parts, [(name, parts[name])])
    assert cell(workbook_from(same, "doubled.xlsx"), "A1").value == 1

    with pytest.warns(UserWarning, match="Duplicate name"):
        other = packed(parts, [(name, parts[name].replace(b"<v>1</v>", b"<v>2</v>"))])
    with pytest.raises(KnownError, match=r"two parts called .* nobody can tell which counts"):
        workbook_from(other, "doubled.xlsx").sheet("Form")


def test_days_count_from_1904_where_the_file_says_so() -> None:
    workbook = open_workbook(shared("workbooks/xw_date_1904_02.xlsx"))
    assert workbook.since_1904
    assert cell(workbook, "A1").value == date(1904, 1, 1)


# --- what may be filled ------------------------------------------------------------------------


def test_a_locked_cell_of_a_protected_sheet_is_refused_and_an_unlocked_one_is_not() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="3"/></row>'
    workbook = by_hand(rows, after='<sheetProtection sheet="1" objects="1"/>')
    assert "protected by the funder" in refusal(workbook, "A1")
    assert "protected by the funder" in refusal(workbook, "Z99")
    assert refusal(workbook, "B1") == ""
    unprotected = by_hand(rows, after='<sheetProtection selectLockedCells="1"/>')
    assert refusal(unprotected, "A1") == ""


def test_a_cell_that_is_not_there_takes_its_lock_from_its_row_or_column() -> None:
    workbook = by_hand(
        '<row r="1" s="3" customFormat="1"/><row r="2"/>',
        before='<cols><col min="3" max="3" width="12" style="3"/></cols>',
        after='<sheetProtection sheet="1"/>',
    )
    assert refusal(workbook, "A1") == ""
    assert refusal(workbook, "C2") == ""
    assert refusal(workbook, "D2") != ""
    assert workbook.sheet("Form").style_number(at("C9")) == 3


def test_allow_edit_ranges_open_cells_unless_they_ask_for_a_password() -> None:
    workbook = by_hand(
        '<row r="1"><c r="A1"/><c r="B1"/><c r="C1"/></row>',
        after='<sheetProtection sheet="1"/><protectedRanges>'
        '<protectedRange sqref="A1:A4" name="R1"/>'
        '<protectedRange password="88B6" sqref="B1 D1" name="Finance"/></protectedRanges>',
    )
    assert refusal(workbook, "A1") == ""
    assert "password of the range “Finance”" in refusal(workbook, "B1")
    assert "protected by the funder" in refusal(workbook, "C1")
    real = open_workbook(shared("workbooks/xw_protect05.xlsx")).sheet("Sheet1")
    assert [real.refusal(at(one)) == "" for one in ("A1", "G4", "G8")] == [True, True, False]


def test_formulas_and_all_they_spread_over_are_refused() -> None:
    workbook = by_hand(
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f t="shared" ref="B1:B2" '
        'si="0">A1*2</f></c>'
        '<c r="C1"><f t="array" ref="C1:C3">A1:A3</f></c><c r="E1"><f t="dataTable" '
        'ref="E1:F2"/></c></row>'
        '<row r="2"><c r="B2"><f t="shared" si="0"/></c><c r="C2"><v>9</v></c><c r="F2"><v>9</v>'
        "</c></row>"
    )
    assert "holds a formula" in refusal(workbook, "A1")
    assert cell(workbook, "B2").formula == "A1*2"
    assert "part of the array formula in C1" in refusal(workbook, "C2")
    assert "part of the array formula in C1" in refusal(workbook, "C3")
    assert "part of the data table in E1" in refusal(workbook, "F2")
    assert refusal(workbook, "C4") == ""


def test_a_merged_away_cell_names_the_one_to_fill_instead() -> None:
    workbook = by_hand(
        '<row r="2"><c r="B2"/><c r="C2"/></row>',
        after='<mergeCells><mergeCell ref="B2:C3"/><mergeCell ref="A9:XFD9"/></mergeCells>',
    )
    sheet = workbook.sheet("Form")
    assert (sheet.refusal(at("B2")), sheet.mark(at("B2"))) == ("", "open")
    assert sheet.refusal(at("C3")) == "is merged into B2: fill B2 instead"
    assert sheet.merged_into(at("M9")) == at("A9")
    assert sheet.merged_into(at("A9")) is None


def test_hidden_sheets_rows_and_columns_are_left_alone() -> None:
    book = OpenpyxlWorkbook()
    form, marker = book.worksheets[0], book.create_sheet("Marker")
    form.row_dimensions[4].hidden = True
    form.column_dimensions["F"].hidden = True
    form["A1"] = "Form"
    marker["A1"] = "v3"
    marker.sheet_state = "veryHidden"
    workbook = opened(book)
    assert [one.state for one in workbook.sheets] == ["visible", "veryHidden"]
    assert not workbook.sheets[1].fillable
    assert "hidden sheet" in refusal(workbook, "A1", "Marker")
    assert "hidden row or column" in refusal(workbook, "B4", "Sheet")
    assert "hidden row or column" in refusal(workbook, "F2", "Sheet")
    assert "1 hidden sheet left alone" in workbook.remarks


def test_a_heading_of_a_table_and_a_pivot_table_are_not_written_into() -> None:
    table = (
        f'<table xmlns="{MAIN}" id="1" name="Spend" displayName="Spend" ref="A1:B3">'
        '<tableColumns count="2"><tableColumn id="1" name="Line"/><tableColumn id="2" name="Sum"/>'
        "</tableColumns></table>"
    )
    pivot = f'<pivotTableDefinition xmlns="{MAIN}"><location ref="D1:E4"/></pivotTableDefinition>'
    workbook = by_hand(
        '<row r="1"><c r="A1"/></row>',
        more={
            "xl/tables/t.xml": part(table),
            "xl/pivotTables/p.xml": part(pivot),
            "xl/worksheets/_rels/page-a.xml.rels": relationships(
                ("rId1", "table", "../tables/t.xml"), ("rId2", "pivotTable", "../pivotTables/p.xml")
            ),
        },
    )
    assert "a heading of the table “Spend”" in refusal(workbook, "B1")
    assert refusal(workbook, "B2") == ""
    assert "pivot table" in refusal(workbook, "E4")


def test_links_macros_and_manual_calculation_are_mentioned_and_nothing_is_fetched() -> None:
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="Form" sheetId="1" '
        'r:id="rId1"/>'
        '</sheets><calcPr calcMode="manual"/></workbook>'
    )
    rels = part(
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/externalLinkPath" Target="file:///Z:/Budget%202026.xlsx" '
        'TargetMode="External"/></Relationships>'
    )
    workbook = by_hand(
        '<row r="1"/>',
        workbook=book,
        more={
            "xl/_rels/workbook.xml.rels": relationships(
                ("rId1", "worksheet", "worksheets/page-a.xml"),
                ("rId2", "externalLink", "externalLinks/e.xml"),
                ("rId3", "connections", "connections.xml"),
            ),
            "xl/externalLinks/e.xml": part(f'<externalLink xmlns="{MAIN}"/>'),
            "xl/externalLinks/_rels/e.xml.rels": rels,
        },
    )
    said = " ".join(workbook.remarks)
    assert "1 link to other workbooks (Budget 2026.xlsx)" in said
    assert "fetch figures from elsewhere" in said
    assert "press F9" in said
    macros = open_workbook(shared("workbooks/xw_macro04.xlsm"))
    assert "macros. They are kept, and were not run" in " ".join(macros.remarks)


def test_a_chart_sheet_has_no_cells_and_a_sheet_that_is_not_there_is_said() -> None:
    book = quarterly_form()
    book.create_chartsheet("Chart")
    workbook = opened(book)
    kinds = {one.title: one.kind for one in workbook.sheets}
    assert kinds == {
        "Q2 return": "worksheet",
        "Guidance": "worksheet",
        "Lists": "worksheet",
        "Chart": "chartsheet",
    }
    with pytest.raises(KnownError, match=r"no sheet of cells called “Chart”. It has: “Q2 return”"):
        workbook.sheet("Chart")


def test_the_grid_shows_what_the_screen_would() -> None:
    book = quarterly_form()
    sheet = book["Q2 return"]
    sheet["B3"], sheet["B8"], sheet["C14"] = date(2026, 9, 30), 8212.02, 0.4
    sheet.column_dimensions["A"].width = 30
    seen = opened(book).sheet("Q2 return")
    assert [seen.shown(at(one)) for one in ("A8", "B3", "B8", "C14", "D8", "B9")] == [
        "Salaries",
        "30/09/2026",
        "8,212.02",
        "40%",
        "",
        "",
    ]
    assert [seen.mark(at(one)) for one in ("A8", "B8", "D8")] == ["locked", "open", "formula"]
    assert seen.is_date(at("B3"))
    assert seen.widths[1] == 30
    assert seen.cell(Place(500, 500)).value is None


def test_a_style_of_its_own_decides_and_not_that_of_its_row() -> None:
    book = OpenpyxlWorkbook()
    sheet = book.worksheets[0]
    sheet["A1"].protection = Protection(locked=False)
    sheet.protection.sheet = True
    seen = workbook_from(saved(book), "one.xlsx").sheet("Sheet")
    assert seen.refusal(at("A1")) == ""
    assert seen.refusal(at("B1")) != ""
