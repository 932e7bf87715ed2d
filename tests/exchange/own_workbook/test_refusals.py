"""What cannot be filled is refused in plain words, with a way on; harmful files are not opened."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest

from fundtrack.core.errors import KnownError
from fundtrack.exchange.workbook.own import archive
from fundtrack.exchange.workbook.own.opening import open_workbook, workbook_from
from tests.exchange.own_workbook.making import (
    MACRO_TYPE,
    MAIN,
    SHEET_TYPE,
    packed,
    part,
    parts_of,
    sheet_xml,
)
from tests.peers import shared

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROWS = '<row r="1"><c r="A1"><v>1</v></c></row>'
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def says(data: bytes, name: str = "return.xlsx") -> str:
    """What is said when a file is refused. It must be."""
    with pytest.raises(KnownError) as refused:
        workbook_from(data, name).sheet("Form")
    assert name in str(refused.value)
    return str(refused.value)


def good(**more: bytes) -> dict[str, bytes]:
    return parts_of(sheet_xml(ROWS)) | more


def compound(name: str) -> bytes:
    """A file of Microsoft's older containers, as far as its first bytes and directory go."""
    entry = name.encode("utf-16-le").ljust(64, b"\x00") + struct.pack("<H", 2 * len(name) + 2)
    return COMPOUND + bytes(504) + entry.ljust(128, b"\x00")


# --- files of another kind ---------------------------------------------------------------------


def test_an_old_workbook_is_refused_and_the_way_to_a_new_one_said() -> None:
    text = says(compound("Workbook"), "return.xls")
    assert "old format (.xls)" in text
    assert "save it as an Excel workbook (.xlsx), and use that copy" in text
    data = shared("tables/Sport-England_exchequer-awards.xls").read_bytes()
    assert "old format (.xls)" in says(data)


def test_a_workbook_locked_with_a_password_is_refused() -> None:
    assert "locked with a password" in says(compound("EncryptedPackage"))
    assert "not an Excel workbook" in says(compound("WordDocument"))


def test_a_binary_workbook_a_template_an_add_in_and_a_document_are_refused() -> None:
    for kind, word in (
        ("application/vnd.ms-excel.sheet.binary.macroEnabled.main", "binary workbook (.xlsb)"),
        (SHEET_TYPE.replace("sheet.main", "template.main"), "template"),
        ("application/vnd.ms-excel.addin.macroEnabled.main+xml", "add-in"),
        (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            "not an Excel workbook",
        ),
    ):
        assert word in says(packed(parts_of(sheet_xml(ROWS), kind=kind)))


def test_what_only_has_the_name_of_a_workbook_is_refused() -> None:
    assert "is empty" in says(b"")
    assert "web page" in says(b"\xef\xbb\xbf\r\n<html><table></table></html>")
    assert "not an Excel workbook, or is damaged" in says(b"Heading,Actual\r\nStaff,12\r\n")
    ods = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"}
    assert "OpenDocument" in says(packed(ods))
    assert "zip archive, but not an Excel workbook" in says(packed({"a.txt": b"x"}))


def test_a_signed_workbook_is_refused_because_filling_would_break_the_signature() -> None:
    signed = good(**{"_xmlsignatures/sig1.xml": b"<Signature/>"})
    assert "signed, and filling any cell would break the signature" in says(packed(signed))
    kind = b'<Default Extension="sigs" ContentType="application/vnd.openxmlformats-package.'
    types = good()["[Content_Types].xml"].replace(
        b"</Types>", kind + b'digital-signature-origin"/></Types>'
    )
    assert "is signed" in says(packed(good(**{"[Content_Types].xml": types})))


def test_signed_macros_are_no_signature_of_the_workbook() -> None:
    workbook = open_workbook(shared("workbooks/xw_macro04.xlsm"))
    assert "xl/vbaProjectSignature.bin" in workbook.archive.names
    assert workbook.kind == ".xlsm"
    macros = workbook_from(packed(parts_of(sheet_xml(ROWS), kind=MACRO_TYPE)), "m.xlsm")
    assert macros.kind == ".xlsm"


def test_a_file_that_cannot_be_read_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"gone\.xlsx could not be read"):
        open_workbook(tmp_path / "gone.xlsx")


# --- damage --------------------------------------------------------------------------------------


def test_a_file_cut_short_or_with_a_wrong_byte_is_damaged() -> None:
    data = packed(good())
    assert "is damaged" in says(data[:-40])
    assert "is damaged" in says(data[: len(data) // 2])
    at = data.index(b"xl/styles.xml") + 40
    assert "is damaged" in says(data[:at] + bytes([data[at] ^ 255]) + data[at + 1 :])


def test_a_part_that_is_missing_or_is_not_xml_is_damage() -> None:
    for missing in ("xl/workbook.xml", "xl/worksheets/page-a.xml", "_rels/.rels"):
        parts = good()
        del parts[missing]
        assert "is damaged" in says(packed(parts))
    for broken in ("xl/workbook.xml", "xl/worksheets/page-a.xml", "xl/styles.xml"):
        assert "is damaged" in says(packed(good(**{broken: b"<worksheet><row></worksheet>"})))
    empty = part(f'<workbook xmlns="{MAIN}"><sheets/></workbook>')
    assert "has no sheets" in says(packed(good(**{"xl/workbook.xml": empty})))


def test_no_wrong_byte_anywhere_brings_anything_but_words() -> None:
    data = packed(good())
    chance = random.Random(20261001)  # noqa: S311 - which bytes are spoilt is no secret
    refused = 0
    for _ in range(400):
        at, to = chance.randrange(len(data)), chance.randrange(256)
        try:
            workbook_from(data[:at] + bytes([to]) + data[at + 1 :], "x.xlsx").sheet("Form")
        except KnownError:
            refused += 1
    assert refused > 200


# --- harm ----------------------------------------------------------------------------------------

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "prolog", [LAUGHS, OUTSIDE, "<!DOCTYPE worksheet SYSTEM 'http://x/y.dtd'>"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_of_its_own_are_refused_wherever_they_stand(prolog: str, encoding: str) -> None:
    harm = (prolog + sheet_xml('<row r="1"><c r="A1"><v>&c;</v></c></row>')).encode(encoding)
    hidden = b"<!--" + b" " * 3000 + b"-->\n<?x y?>" + harm.replace(b'<?xml version="1.0"?>', b"")
    places = ("xl/worksheets/page-a.xml", "customXml/item1.xml", "xl/_rels/workbook.xml.rels")
    for name in places:
        assert "declares entities of its own (a DTD)" in says(packed(good(**{name: harm})))
    if encoding == "utf-8":
        assert "declares entities" in says(packed(good(**{places[0]: hidden})))


def test_a_prolog_without_end_is_not_waited_for() -> None:
    for odd in (b"<!--" + b"x" * 100_000, b" " * 100_000 + OUTSIDE.encode() + b"<x/>"):
        assert "declares entities" in says(packed(good(**{"customXml/item1.xml": odd})))
    many = b"<!-- -->" * 9_000 + b"<x/>"
    assert "declares entities" in says(packed(good(**{"customXml/item1.xml": many})))


def test_an_archive_that_would_fill_the_memory_is_refused_before_it_is_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bomb = packed(good(**{"xl/media/a.png": bytes(30_000_000)}))
    assert "packed as only files made to fill a computer's memory are" in says(bomb)
    monkeypatch.setattr(archive, "LARGEST_UNPACKED", 5_000)
    assert "larger than any return" in says(packed(good(**{"xl/media/a.png": bytes(4_500)})))
    monkeypatch.undo()
    monkeypatch.setattr(archive, "LARGEST_PART", 300)
    assert "larger than any return" in says(packed(good()))
    monkeypatch.undo()
    monkeypatch.setattr(archive, "MOST_PARTS", 6)
    assert "larger than any return" in says(packed(good(**{"a.bin": b"1", "b.bin": b"2"})))


def members(data: bytes) -> Iterator[tuple[int, int]]:
    """Where each entry of the list of contents stands, and where it says its part does."""
    at = data.index(b"PK\x01\x02")
    while data[at : at + 4] == b"PK\x01\x02":
        name, extra, comment = struct.unpack_from("<3H", data, at + 28)
        yield at, struct.unpack_from("<I", data, at + 42)[0]
        at += 46 + name + extra + comment


def test_parts_that_share_bytes_or_understate_their_size_are_refused() -> None:
    data = bytearray(packed(good(**{"x/a.bin": b"a" * 500, "y/b.bin": b"a" * 500})))
    entries = list(members(bytes(data)))
    (_, first), (last, _) = entries[-2], entries[-1]
    shared_bytes = bytearray(data)
    struct.pack_into("<I", shared_bytes, last + 42, first)
    assert "is damaged" in says(bytes(shared_bytes))
    smaller = bytearray(data)
    struct.pack_into("<I", smaller, last + 24, 100)
    assert "not as long as it says" in says(bytes(smaller))
    larger = bytearray(data)
    struct.pack_into("<I", larger, last + 24, 900)
    assert "not as long as it says" in says(bytes(larger))


@pytest.mark.parametrize(
    "name",
    [
        "../evil.xml",
        "xl/../../evil.xml",
        "/etc/passwd",
        "C:\\evil.xml",
        "xl\\..\\..\\e.xml",
        "a\x07.xml",
    ],
)
def test_names_made_to_write_elsewhere_are_refused(name: str) -> None:
    assert "made to write outside its own file" in says(packed(good(**{name: b"<x/>"})))


def test_a_locked_or_oddly_packed_part_is_refused() -> None:
    data = bytearray(packed(good()))
    at = data.index(b"PK\x01\x02")
    locked = bytearray(data)
    locked[at + 8] |= 1
    assert "locked with a password" in says(bytes(locked))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as packed_:
        for name, part_ in good().items():
            packed_.writestr(name, part_)
    assert "packed in a way Excel does not know" in says(out.getvalue())


def test_a_file_too_large_to_be_a_return_is_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fundtrack.exchange.workbook.own.opening.LARGEST_FILE", 1_000)
    large = tmp_path / "large.xlsx"
    large.write_bytes(packed(good()))
    with pytest.raises(KnownError, match="larger than any return"):
        open_workbook(large)
