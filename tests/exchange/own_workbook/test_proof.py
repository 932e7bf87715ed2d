"""A filled file is believed only when it has been read back: whatever went wrong is found."""

from __future__ import annotations

import ast
import hashlib
import inspect
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lxml import etree

from fundtrack.core.errors import KnownError
from fundtrack.exchange.workbook.own import proof as proof_module
from fundtrack.exchange.workbook.own.opening import workbook_from
from fundtrack.exchange.workbook.own.patch import Patched, patched
from fundtrack.exchange.workbook.own.places import Place
from fundtrack.exchange.workbook.own.proof import prove
from tests.exchange.own_workbook.making import at, packed, parts_in, parts_of, sheet_xml

if TYPE_CHECKING:
    from collections.abc import Callable

    from fundtrack.exchange.workbook.own.numbers import Value
    from fundtrack.exchange.workbook.own.workbook import Workbook

NAME = "xl/worksheets/page-a.xml"
ROWS = (
    '<row r="1"><c r="A1" s="3"/><c r="B1"><v>7</v></c><c r="C1"><f>A1</f><v>1</v></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>words</t></is></c></row>'
)
VALUES: dict[str, dict[Place, Value]] = {"Form": {Place(1, 1): Decimal("8212.02")}}


def form() -> Workbook:
    parts = parts_of(sheet_xml(ROWS), more={"xl/vbaProject.bin": b"macro"})
    return workbook_from(packed(parts), "form.xlsx")


def spoilt(result: Patched, name: str, spoil: Callable[[bytes], bytes]) -> Patched:
    """The new file with one of its parts spoilt."""
    parts = parts_in(result.data)
    assert spoil(parts[name]) != parts[name]
    return replace(result, data=packed(parts | {name: spoil(parts[name])}))


def test_a_proof_says_what_was_checked_and_names_the_file_by_its_hash() -> None:
    workbook = form()
    result = patched(workbook, VALUES)
    proof = prove(workbook, result, VALUES)
    assert proof.sha256 == hashlib.sha256(result.data).hexdigest()
    assert proof.size == len(result.data)
    assert proof.cells == (("Form", "A1", Decimal("8212.02")),)
    assert proof.readers == ("FundTrack", "calamine")
    assert (proof.parts_same, len(proof.parts_changed), proof.results_removed) == (5, 2, 1)
    said = " ".join(proof.says)
    assert "1 cell read back by FundTrack and by calamine" in said
    assert "5 parts of the file byte for byte as they were" in said
    assert "save it once before you send it" in said


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b"<v>8212.02</v>", b"<v>8212.03</v>", "A1 reads"),
        (b'<c r="A1" s="3">', b'<c r="A1" s="2">', "lost its look"),
        (b"<v>8212.02</v>", b"<f>1</f><v>8212.02</v>", "holds a formula"),
        (b'<c r="B1">', b'<c r="A1" s="3"><v>1</v></c><c r="B1">', "A1 stands there twice"),
        (b"<v>7</v>", b"<v>8</v>", "more changed on “Form” than the chosen cells"),
        (b"<t>words</t>", b"<t>words </t>", "more changed on “Form”"),
        (b"<f>A1</f>", b"<f>A1</f><v>1</v>", "still has a stored result"),
        (b'<row r="2">', b'<row r="2" hidden="1">', "more changed on “Form”"),
        (b"</sheetData>", b"</sheetData><pageMargins/>", "more changed on “Form”"),
    ],
)
def test_anything_that_went_wrong_in_the_sheet_is_found(old: bytes, new: bytes, says: str) -> None:
    workbook = form()
    result = patched(workbook, VALUES)
    wrong = replace(spoilt(result, NAME, lambda data: data.replace(old, new)), parts=result.parts)
    wrong = replace(wrong, parts=tuple(parts_in(result.data)))  # any part may look changed here
    with pytest.raises(KnownError, match=says):
        prove(workbook, wrong, VALUES)


def test_a_part_that_was_not_to_change_and_did_is_found() -> None:
    workbook = form()
    result = patched(workbook, VALUES)
    wrong = spoilt(result, "xl/vbaProject.bin", lambda _: b"Macro")
    with pytest.raises(KnownError, match=r"check of the new file failed.*Nothing was written"):
        prove(workbook, wrong, VALUES)
    missing = parts_in(result.data)
    del missing["xl/vbaProject.bin"]
    with pytest.raises(KnownError, match="not those it had"):
        prove(workbook, replace(result, data=packed(missing)), VALUES)


def test_a_workbook_that_does_not_ask_to_be_worked_out_anew_is_found() -> None:
    workbook = form()
    result = patched(workbook, VALUES)
    name = "xl/workbook.xml"
    everything = tuple(parts_in(result.data))
    silent = spoilt(result, name, lambda data: data.replace(b'fullCalcOnLoad="1"', b""))
    with pytest.raises(KnownError, match="does not ask to be worked out anew"):
        prove(workbook, replace(silent, parts=everything), VALUES)
    renamed = spoilt(result, name, lambda data: data.replace(b'sheetId="1"', b'sheetId="2"'))
    with pytest.raises(KnownError, match="workbook's own part"):
        prove(workbook, replace(renamed, parts=everything), VALUES)


def test_a_lost_result_that_nobody_asked_to_lose_is_found() -> None:
    workbook = form()
    result = patched(workbook, VALUES)
    with pytest.raises(KnownError, match="stored result was left, or lost without need"):
        prove(workbook, replace(result, results=0), VALUES)


# --- spoilt anywhere, in any way ------------------------------------------------------------------

EXCELS = (
    '<row r="1" spans="1:4"><c r="A1" s="3"/><c r="B1" s="1"><v>7</v></c>'
    '<c r="C1" s="2" t="str"><f>A1&amp;"x"</f><v>1x</v></c><c r="D1"><f>B1*2</f><v>14</v></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>words</t></is></c><c r="B2"><v>5</v></c></row>'
)
"""Rows as Excel writes them: these are compared by their bytes."""

CHOSEN: dict[str, dict[Place, Value]] = {
    "Form": {at("A1"): Decimal("8212.02"), at("B2"): Decimal(6), at("C3"): "Timing"}
}


def excels(*, prefixed: bool = False) -> Workbook:
    sheet = sheet_xml(EXCELS, "<sheetPr/>", '<pageMargins left="0.7"/>')
    if prefixed:
        sheet = sheet.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
        sheet = sheet.replace("xmlns=", "xmlns:x=")
    return workbook_from(packed(parts_of(sheet)), "form.xlsx")


@pytest.mark.parametrize("prefixed", [False, True])
@given(data=st.data())
def test_a_byte_changed_anywhere_on_a_sheet_is_found(prefixed: bool, data: st.DataObject) -> None:  # noqa: FBT001 - one of two ways to write a sheet
    workbook = excels(prefixed=prefixed)
    result = patched(workbook, CHOSEN)
    prove(workbook, result, CHOSEN)
    good = parts_in(result.data)[NAME]
    where = data.draw(st.integers(0, len(good) - 1))
    length = data.draw(st.integers(0, 12))
    put = data.draw(
        st.sampled_from([b"", b"1", b"<v>1</v>", b"<c/>", b' s="2"', b"<row/>", b"<!-- x -->"])
    )
    wrong = good[:where] + put + good[where + length :]
    assume(_meaning(wrong) != _meaning(good))
    parts = parts_in(result.data) | {NAME: wrong}
    with pytest.raises(KnownError):
        prove(workbook, replace(result, data=packed(parts)), CHOSEN)


def _meaning(sheet: bytes) -> bytes | None:
    """What a sheet says, however it is written; None if it says nothing."""
    parser = etree.XMLParser(remove_comments=True, remove_pis=True, resolve_entities=False)
    try:
        return etree.tostring(etree.fromstring(sheet, parser), method="c14n")
    except (etree.XMLSyntaxError, etree.C14NError):
        return None


@pytest.mark.parametrize("prefixed", [False, True])
@pytest.mark.parametrize("number", range(2))
def test_a_stored_result_left_where_the_patcher_saw_none_is_found(
    prefixed: bool,  # noqa: FBT001 - one of two ways to write a sheet
    number: int,
) -> None:
    """What the patcher says of itself is not believed."""
    workbook = excels(prefixed=prefixed)
    result = patched(workbook, CHOSEN)
    x = b"x:" if prefixed else b""
    name, formula = workbook.sheets[0].part, (b'A1&amp;"x"', b"B1*2")[number]
    tag = b"<%bf>%b</%bf>" % (x, formula, x)
    left = parts_in(result.data)[name].replace(tag, b"%b<%bv>1</%bv>" % (tag, x, x))
    wrong = packed(parts_in(result.data) | {name: left})
    with pytest.raises(KnownError, match="stored result"):
        prove(workbook, replace(result, data=wrong, results=1), CHOSEN)


def test_a_results_block_is_emptied_whole_or_the_file_is_not_proved() -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="array" ref="A1:B1">C1:D1</f><v>1</v></c>'
        '<c r="B1"><v>2</v></c></row>'
    )
    workbook = workbook_from(packed(parts_of(sheet_xml(rows))), "form.xlsx")
    nothing: dict[str, dict[Place, Value]] = {}
    result = patched(workbook, nothing)
    assert prove(workbook, result, nothing).results_removed == 2
    left = parts_in(result.data)[NAME].replace(b'<c r="B1"/>', b'<c r="B1"><v>2</v></c>')
    left = left.replace(b'<c r="B1"></c>', b'<c r="B1"><v>2</v></c>')
    wrong = replace(result, data=packed(parts_in(result.data) | {NAME: left}), results=1)
    with pytest.raises(KnownError, match="stored result"):
        prove(workbook, wrong, nothing)


def test_a_part_is_compared_though_the_patcher_says_it_had_to_change() -> None:
    workbook = form()
    result = patched(workbook, VALUES)
    wrong = spoilt(result, "xl/vbaProject.bin", lambda _: b"Macro")
    with pytest.raises(KnownError, match=r"the part xl/vbaproject\.bin changed"):
        prove(workbook, replace(wrong, parts=tuple(parts_in(result.data))), VALUES)


def test_a_chosen_cell_holds_its_value_and_nothing_beside_it() -> None:
    workbook = form()
    result = patched(workbook, VALUES)
    for more in (b"<v>8212.02</v><extLst/>", b"<v>8212.02</v><is><t>x</t></is>"):
        sheet = parts_in(result.data)[NAME].replace(b"<v>8212.02</v>", more)
        wrong = spoilt(result, NAME, lambda _, sheet=sheet: sheet)  # type: ignore[misc]
        with pytest.raises(KnownError, match="check of the new file failed"):
            prove(workbook, wrong, VALUES)
    gone = spoilt(
        result, NAME, lambda sheet: sheet.replace(b'<c r="A1" s="3"><v>8212.02</v></c>', b"")
    )
    with pytest.raises(KnownError, match="A1 reads None"):
        prove(workbook, gone, VALUES)


def test_the_proof_shares_no_line_with_what_wrote_the_file() -> None:
    tree = ast.parse(inspect.getsource(proof_module))
    used = {one.module for one in tree.body if isinstance(one, ast.ImportFrom)}
    own = "fundtrack.exchange.workbook.own"
    assert f"{own}.cells" in used
    assert not used & {f"{own}.patch", f"{own}.scan"}
