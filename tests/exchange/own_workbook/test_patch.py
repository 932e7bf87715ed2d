"""Only the chosen cells change, by the byte; stored results go; all else is as it was sent."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from fundtrack.core.errors import KnownError
from fundtrack.exchange.workbook.own.opening import workbook_from
from fundtrack.exchange.workbook.own.patch import asking_to_calculate, patched
from fundtrack.exchange.workbook.own.places import Place
from fundtrack.exchange.workbook.own.proof import prove
from tests.exchange.own_workbook.making import (
    MAIN,
    OFFICE,
    at,
    cell,
    packed,
    part,
    parts_in,
    parts_of,
    sheet_xml,
)

if TYPE_CHECKING:
    from fundtrack.exchange.workbook.own.numbers import Value

NAME = "xl/worksheets/page-a.xml"


def filled(sheet: str | bytes, values: dict[str, Value], **more: Any) -> tuple[str, bytes]:
    """The sheet's part after filling, and the whole file; proved on the way."""
    workbook = workbook_from(packed(parts_of(sheet, **more)), "form.xlsx")
    chosen = {"Form": {at(address): value for address, value in values.items()}}
    result = patched(workbook, chosen)
    prove(workbook, result, chosen)
    return parts_in(result.data)[NAME].decode(), result.data


def rows_of(text: str) -> str:
    found = re.search(r"<(?:\w+:)?sheetData[^>]*>(.*)</(?:\w+:)?sheetData>", text, re.DOTALL)
    return found[1] if found else ""


def test_a_filled_cell_keeps_its_style_and_every_other_byte_of_the_sheet_stays() -> None:
    rows = (
        '<row r="1" spans="1:3" ht="14.5" customHeight="1"><c r="A1" t="s"><v>3</v></c>'
        "<c   r='B1'  s='3' t='s' ><v>0</v></c><c r=\"C1\" s=\"2\"/></row>\n  "
        '<row r="2"><c r="A2"><v>1.10</v></c></row>'
    )
    extras = "<pageMargins left='0.7'/><legacyDrawing r:id='x' xmlns:r='urn:r'/>"
    before = sheet_xml(rows, '<dimension ref="A1:C2"/>', extras)
    after, _ = filled(before, {"B1": Decimal("8212.02")})
    assert after == part(before).decode().replace(
        "<c   r='B1'  s='3' t='s' ><v>0</v></c>", "<c r=\"B1\"  s='3'><v>8212.02</v></c>"
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("8212.00"), '<c r="B1" s="3"><v>8212</v></c>'),
        (Decimal("-0.05"), '<c r="B1" s="3"><v>-0.05</v></c>'),
        (Decimal("1E+3"), '<c r="B1" s="3"><v>1000</v></c>'),
        (True, '<c r="B1" s="3" t="b"><v>1</v></c>'),
        (date(2026, 9, 30), '<c r="B1" s="3"><v>46295</v></c>'),
        (datetime(2026, 9, 30, 12), '<c r="B1" s="3"><v>46295.5</v></c>'),  # noqa: DTZ001
        (None, '<c r="B1" s="3"/>'),
        (
            "=1 & <",
            '<c r="B1" s="3" t="inlineStr"><is><t xml:space="preserve">=1 &amp; &lt;</t></is></c>',
        ),
    ],
)
def test_values_are_written_as_what_they_are(value: Value, written: str) -> None:
    sheet = sheet_xml('<row r="1"><c r="B1" s="3" t="e" cm="1" vm="2"><v>#N/A</v></c></row>')
    after, _ = filled(sheet, {"B1": value})
    assert rows_of(after) == f'<row r="1">{written}</row>'


TEXTS = ("=1+1", "+44 20", "-5", "@SUM(A1)", " two  spaces ", "a\nb", "£é漢😀")


@pytest.mark.parametrize("text", TEXTS)
def test_text_stays_text_to_every_reader_whatever_it_begins_with(text: str) -> None:
    _, data = filled(sheet_xml('<row r="1"/>'), {"A1": text})
    told = load_workbook(io.BytesIO(data))["Form"]["A1"]
    assert (told.value, told.data_type) == (text, "s")


def test_text_that_looks_like_a_code_of_the_file_format_is_kept_as_typed() -> None:
    _, data = filled(sheet_xml('<row r="1"/>'), {"A1": "_x000D_ and _x41_", "A2": "a\r\nb\x07"})
    again = workbook_from(data, "form.xlsx")
    assert [cell(again, one).value for one in ("A1", "A2")] == ["_x000D_ and _x41_", "a\nb"]


def test_days_count_from_1904_where_the_file_counts_so() -> None:
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr date1904="1"/><sheets>'
        '<sheet name="Form" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    rows = '<row r="1"><c r="A1" s="1"/></row>'
    after, data = filled(sheet_xml(rows), {"A1": date(2026, 9, 30)}, workbook=book)
    assert "<v>44833</v>" in after
    told = load_workbook(io.BytesIO(data))["Form"]["A1"].value
    assert told == datetime(2026, 9, 30)  # noqa: DTZ001 - a workbook has no time zones


# --- new cells and rows --------------------------------------------------------------------------


def test_a_new_cell_stands_in_its_turn_with_the_style_of_its_row_or_column() -> None:
    sheet = sheet_xml(
        '<row r="2" s="2" customFormat="1"><c r="B2"/><c r="E2"/></row><row r="3"/><row r="7">'
        "</row>",
        '<cols><col min="4" max="4" style="1"/></cols>',
    )
    values: dict[str, Value] = dict.fromkeys(
        ("A2", "D2", "F2", "D3", "C3", "B7", "D5", "D1", "D9", "A9"), Decimal(1)
    )
    after, _ = filled(sheet, values)
    v = "<v>1</v></c>"
    assert rows_of(after) == (
        f'<row r="1"><c r="D1" s="1">{v}</row>'
        f'<row r="2" s="2" customFormat="1"><c r="A2" s="2">{v}<c r="B2"/><c r="D2" s="2">{v}'
        f'<c r="E2"/><c r="F2" s="2">{v}</row>'
        f'<row r="3"><c r="C3">{v}<c r="D3" s="1">{v}</row>'
        f'<row r="5"><c r="D5" s="1">{v}</row>'
        f'<row r="7"><c r="B7">{v}</row>'
        f'<row r="9"><c r="A9">{v}<c r="D9" s="1">{v}</row>'
    )


def test_an_empty_sheet_takes_its_first_row() -> None:
    for written in ("<sheetData/>", "<sheetData></sheetData>", '<sheetData xml:space="default" />'):
        sheet = f'<worksheet xmlns="{MAIN}">{written}<pageMargins left="1"/></worksheet>'
        after, _ = filled(sheet, {"C3": "x"})
        assert '<row r="3"><c r="C3"' in after
        assert after.endswith('</sheetData><pageMargins left="1"/></worksheet>')


def test_emptying_a_cell_that_is_not_there_makes_none() -> None:
    after, _ = filled(sheet_xml('<row r="1"/>'), {"A1": None, "B9": None})
    assert rows_of(after) == '<row r="1"/>'


def test_cells_that_do_not_say_where_they_are_are_found_by_counting() -> None:
    after, _ = filled(
        sheet_xml("<row><c><v>1</v></c><c s='3'/></row><row r='4'><c r='C4'/><c/></row>"),
        {"B1": Decimal(2), "D4": Decimal(3), "A4": Decimal(4)},
    )
    assert rows_of(after) == (
        "<row><c><v>1</v></c><c r=\"B1\" s='3'><v>2</v></c></row>"
        "<row r='4'><c r=\"A4\"><v>4</v></c><c r='C4'/><c r=\"D4\"><v>3</v></c></row>"
    )


def test_names_with_a_prefix_keep_it() -> None:
    sheet = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1" s="3"/>'
        "<x:c r='B1' t='str'><x:f>A1</x:f><x:v>old</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    )
    after, data = filled(sheet, {"A1": "words", "A2": Decimal(5)})
    assert (
        '<x:c r="A1" s="3" t="inlineStr"><x:is><x:t xml:space="preserve">words</x:t></x:is></x:c>'
        in after
    )
    assert "<x:c r='B1'><x:f>A1</x:f></x:c>" in after
    assert '<x:row r="2"><x:c r="A2"><x:v>5</x:v></x:c></x:row>' in after
    assert cell(workbook_from(data, "x.xlsx"), "A1").value == "words"


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1"])
def test_a_sheet_in_another_encoding_or_with_comments_is_filled_all_the_same(encoding: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><worksheet xmlns="{MAIN}"><!-- <c r="A1"/> -->'
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t><![CDATA[é & <c r="B1">]]></t>'
        "</is></c>"
        '<c r="B1"><f>1>0</f><v><![CDATA[1]]></v></c></row></sheetData></worksheet>'
    )
    _, data = filled(text.encode(encoding), {"C1": "£ é"})
    again = workbook_from(data, "x.xlsx")
    assert [cell(again, one).value for one in ("A1", "B1", "C1")] == ['é & <c r="B1">', None, "£ é"]
    assert cell(again, "B1").formula == "1>0"


# --- stored results ------------------------------------------------------------------------------


def test_stored_results_go_and_formulas_and_other_values_stay() -> None:
    sheet = sheet_xml(
        '<row r="1"><c r="A1" s="3" t="str"><f>B1&amp;"&lt;"</f><v>old</v></c><c r="B1"><v>5</v>'
        "</c>"
        '<c r="C1" t="e" cm="1" vm="9"><f t="array" ref="C1:C2">_xlfn.X(B1)</f><v>#VALUE!</v></c>'
        '<c r="D1"><f t="shared" ref="D1:D2" si="0">B1*2</f><v>10</v></c></row>'
        '<row r="2"><c r="B2" t="b"><v>1</v></c><c r="C2" t="str"><v>spilt</v></c>'
        '<c r="D2"><f t="shared" si="0"/><v/></c><c r="E2"><f>1</f></c><c r="F2"><f ca="1"/> <v '
        'xml:space="preserve">9</v></c></row>'
    )
    after, _ = filled(sheet, {"G9": Decimal(1)})
    assert rows_of(after).startswith(
        '<row r="1"><c r="A1" s="3"><f>B1&amp;"&lt;"</f></c><c r="B1"><v>5</v></c>'
        '<c r="C1" cm="1"><f t="array" ref="C1:C2">_xlfn.X(B1)</f></c>'
        '<c r="D1"><f t="shared" ref="D1:D2" si="0">B1*2</f></c></row>'
        '<row r="2"><c r="B2" t="b"><v>1</v></c><c r="C2"></c>'
        '<c r="D2"><f t="shared" si="0"/></c><c r="E2"><f>1</f></c><c r="F2"><f ca="1"/> </c></row>'
    )


def test_results_on_sheets_that_are_not_filled_go_too() -> None:
    other = sheet_xml('<row r="1"><c r="A1"><f>Form!A1</f><v>1</v></c></row>')
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="Form" sheetId="1" '
        'r:id="rId1"/>'
        '<sheet name="Sums" sheetId="2" state="hidden" r:id="rId3"/></sheets></workbook>'
    )
    parts = parts_of(
        sheet_xml('<row r="1"/>'), workbook=book, more={"xl/worksheets/b.xml": part(other)}
    )
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        f'<Relationship Id="rId3" Type="{OFFICE}/worksheet" Target="worksheets/b.xml"/>'
        "</Relationships>".encode(),
    )
    workbook = workbook_from(packed(parts), "two.xlsx")
    result = patched(workbook, {"Form": {Place(1, 1): Decimal(2)}})
    assert b'<c r="A1"><f>Form!A1</f></c>' in parts_in(result.data)["xl/worksheets/b.xml"]
    assert prove(workbook, result, {"Form": {Place(1, 1): Decimal(2)}}).results_removed == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<sheets/><calcPr calcId='1'/>", "<sheets/><calcPr fullCalcOnLoad=\"1\" calcId='1'/>"),
        ('<calcPr fullCalcOnLoad="0"/>', '<calcPr fullCalcOnLoad="1"/>'),
        (
            '<calcPr calcMode="manual" ></calcPr>',
            '<calcPr fullCalcOnLoad="1" calcMode="manual" ></calcPr>',
        ),
        (
            "<definedNames/><pivotCaches/>",
            '<definedNames/><calcPr fullCalcOnLoad="1"/><pivotCaches/>',
        ),
        ("<sheets/>", '<sheets/><calcPr fullCalcOnLoad="1"/>'),
        (
            "<sheets/><extLst><calcPr/></extLst>",
            '<sheets/><calcPr fullCalcOnLoad="1"/><extLst><calcPr/></extLst>',
        ),
    ],
)
def test_the_workbook_asks_to_be_worked_out_anew_in_the_place_for_it(
    before: str, after: str
) -> None:
    whole = f'<workbook xmlns="{MAIN}">{{}}</workbook>'
    assert asking_to_calculate(whole.format(before).encode()).decode() == whole.format(after)


# --- the file ------------------------------------------------------------------------------------


def test_every_other_part_keeps_its_very_bytes_and_its_place() -> None:
    parts = parts_of(
        sheet_xml('<row r="1"><c r="A1"/></row>'),
        more={
            "xl/vbaProject.bin": bytes(range(256)) * 40,
            "customXml/item1.xml": b"<a>\r\n<!-- kept --></a>",
            "xl/printerSettings/p.bin": b"\x00\x01",
            "docProps/": b"",
        },
    )
    data = packed(parts)
    workbook = workbook_from(data, "form.xlsx")
    values: dict[str, dict[Place, Value]] = {"Form": {Place(1, 1): "x"}}
    result = patched(workbook, values)
    before, after = (zipfile.ZipFile(io.BytesIO(one)) for one in (data, result.data))
    assert before.namelist() == after.namelist()
    assert set(result.parts) == {NAME, "xl/workbook.xml"}
    for name in set(before.namelist()) - set(result.parts):
        assert before.read(name) == after.read(name)
        assert before.getinfo(name).date_time == after.getinfo(name).date_time
        assert before.getinfo(name).compress_size == after.getinfo(name).compress_size
    assert after.testzip() is None


def test_a_file_written_in_a_stream_with_large_sizes_is_filled_all_the_same() -> None:
    class Stream(io.RawIOBase):
        """Takes bytes and cannot go back, as a web server that makes a workbook."""

        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:
            self.data += bytes(data)
            return len(data)

    stream = Stream()
    parts = parts_of(sheet_xml('<row r="1"><c r="A1"/></row>'))
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            with archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as member:
                member.write(data)
    workbook = workbook_from(stream.data, "stream.xlsx")
    values: dict[str, dict[Place, Value]] = {"Form": {Place(1, 1): "x"}}
    result = patched(workbook, values)
    prove(workbook, result, values)
    with zipfile.ZipFile(io.BytesIO(result.data)) as archive:
        assert archive.testzip() is None


def test_the_same_answers_make_the_same_file() -> None:
    data = packed(parts_of(sheet_xml('<row r="1"><c r="A1"/></row>')))
    made = {
        patched(workbook_from(data, "f.xlsx"), {"Form": {Place(1, 1): "x"}}).data for _ in range(2)
    }
    assert len(made) == 1


def test_a_sheet_whose_rows_or_cells_are_in_disorder_is_not_filled() -> None:
    for rows, says in (
        ('<row r="2"/><row r="1"/>', "row 1 stands after row 2"),
        ('<row r="1"/><row r="1"/>', "row 1 stands after row 1"),
        ('<row r="1"><c r="B1"/><c r="A1"/></row>', "A1 does not stand in its turn"),
    ):
        workbook = workbook_from(packed(parts_of(sheet_xml(rows))), "odd.xlsx")
        with pytest.raises(KnownError, match=says):
            patched(workbook, {"Form": {Place(1, 3): Decimal(1)}})


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.decimals(
        allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12
    ),
    st.dates(min_value=date(1900, 3, 1), max_value=date(2199, 12, 31)),
    st.text(max_size=40).filter(lambda text: "\r" not in text),
)
PLACES = st.builds(Place, st.integers(1, 12), st.integers(1, 30))
CELLS = st.dictionaries(PLACES, st.sampled_from(["<v>1</v>", "<f>A1</f><v>2</v>", ""]), max_size=25)


@given(before=CELLS, chosen=st.dictionaries(PLACES, VALUES, min_size=1, max_size=25))
def test_whatever_is_written_wherever_is_read_back_and_nothing_else_has_changed(
    before: dict[Place, str], chosen: dict[Place, Value]
) -> None:
    rows = "".join(
        f'<row r="{row}">'
        + "".join(
            f'<c r="{place}" s="{place.column % 3}">{before[place]}</c>'
            for place in sorted(before)
            if place.row == row
        )
        + "</row>"
        for row in sorted({place.row for place in before})
    )
    free = {place: value for place, value in chosen.items() if "<f>" not in before.get(place, "")}
    workbook = workbook_from(packed(parts_of(sheet_xml(rows))), "form.xlsx")
    values = {"Form": free}
    result = patched(workbook, values)
    assert len(prove(workbook, result, values).cells) == len(free)
    again = workbook_from(result.data, "form.xlsx").sheet("Form")
    for place, inside in before.items():
        if place not in free:
            assert again.cell(place).formula == ("A1" if "<f>" in inside else None)
            assert (again.cell(place).value is not None) == (inside == "<v>1</v>")
