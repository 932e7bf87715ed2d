"""A filled file is believed only when it has been read back: whatever went wrong is found."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from fundtrack.core.errors import KnownError
from fundtrack.exchange.workbook.own.opening import workbook_from
from fundtrack.exchange.workbook.own.patch import Patched, patched
from fundtrack.exchange.workbook.own.places import Place
from fundtrack.exchange.workbook.own.proof import prove
from tests.exchange.own_workbook.making import packed, parts_in, parts_of, sheet_xml

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
