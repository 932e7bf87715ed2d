"""Looks into a workbook before it is read: whether it is safe to open, and what it hides.

The fast reader lays every sheet out as a full rectangle, so that one stray cell in the last corner
would fill the memory. What the archive says of its cells is counted first, by searching the bytes,
which expands no entities. Hidden rows and columns, errors such as #REF! and the 1904 calendar,
which that reader does not tell, are found on the same look.
"""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree

from fundtrack.core.errors import KnownError
from fundtrack.exchange.tables import unpacked
from fundtrack.exchange.tables.sheets import column_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST_CELLS = 4_000_000  # of the rectangle a sheet fills, blank ones included
MOST_ROWS = 1_048_576
_MOST_COLUMNS = 16_384
_LARGEST_UNPACKED = 400_000_000
_HIGHEST_RATIO = 300
_FEW_COLONS = 1000
_SMALL = 20_000_000  # unpacked: below this no ratio matters
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_NUMBERED_ROW = re.compile(rb'<(?:\w+:)?row\b(?:[^>]*?\br="(\d{1,9})")?')
_PLAIN_ROW = re.compile(rb'<row\b(?:[^>]*?\br="(\d{1,9})")?')  # found many times faster
_MAY_BE_WIDE = re.compile(rb'r="[A-Z]{2,4}\d')
_NUMBER = re.compile(rb'\br="(\d{1,9})"')
_IS_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_WIDE = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{2,4})\d')
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_ERROR = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>'
    rb"(?:(?!</?(?:\w+:)?c\b).)*?<(?:\w+:)?v>([^<]{1,20})<",
    re.DOTALL,
)
_NOT_WHOLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    etree.XMLSyntaxError,
    ValueError,
    KeyError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
)
"""What an archive that is damaged, or that nobody can unpack, may end in."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a sheet's own part tells beyond its values; rows and columns count from 0."""

    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    errors: tuple[tuple[int, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Peeked:
    """What the archive tells, by sheet name and of the calendar, and a copy that is read sooner."""

    sheets: dict[str, Told] = field(default_factory=dict)
    from_1904: bool = False
    copy: io.BytesIO | None = None


NOTHING_TOLD = Told()


def locked(name: str) -> KnownError:
    """Return the refusal of a file with a password."""
    return KnownError(f"{name} is locked with a password. Save a copy without one, then try again")


def damaged(name: str) -> KnownError:
    """Return the refusal of a file that is not whole."""
    return KnownError(
        f"{name} is damaged and cannot be read. Open it where it was made and save a copy of it"
    )


def too_large(name: str) -> KnownError:
    """Return the refusal of a file with more cells than FundTrack reads."""
    return KnownError(
        f"{name} has more than {MOST_CELLS // 1_000_000} million cells, blank ones within it "
        "included. Copy the part you need to a new file, then try again"
    )


def peek(data: bytes, name: str) -> Peeked:
    """Return what a workbook hides.

    Raises KnownError when it is damaged, encrypted, or would unpack to more than is safe.
    """
    if not data.startswith(b"PK"):
        return _peek_old(data, name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_a_bomb(archive, len(data), name)
            return _peek_archive(archive, name)
    except KnownError:
        raise
    except _NOT_WHOLE as fault:
        if isinstance(fault, RuntimeError) and "encrypted" in str(fault):
            raise locked(name) from fault
        raise damaged(name) from fault


def _refuse_a_bomb(archive: zipfile.ZipFile, packed: int, name: str) -> None:
    size = sum(member.file_size for member in archive.infolist())
    if size > _LARGEST_UNPACKED or (size > _SMALL and size > _HIGHEST_RATIO * packed):
        raise KnownError(f"{name} unpacks to far more than a spreadsheet. Nothing was changed")


def _part(archive: zipfile.ZipFile, part: str) -> bytes:
    """Return a part, whatever the case of its name; no more of it than its entry says."""
    known = {member.casefold(): member for member in archive.namelist()}
    with archive.open(known[part.casefold()]) as file:
        return file.read(_LARGEST_UNPACKED)


def _peek_archive(archive: zipfile.ZipFile, name: str) -> Peeked:
    members = {member.casefold() for member in archive.namelist()}
    if "xl/workbook.xml" in members:
        return _peek_xlsx(archive, name)
    if "content.xml" in members:
        return Peeked(dict(_peek_ods(_part(archive, "content.xml"), name)))
    for member in archive.namelist():
        if re.fullmatch(r"xl/worksheets/[^/]*\.bin", member, re.IGNORECASE):
            _peek_binary(_part(archive, member), name)
    if "encryptedpackage" in members or "encryptioninfo" in members:
        raise locked(name)
    if "xl/workbook.bin" not in members and not any(m.startswith("xl/") for m in members):
        raise KnownError(f"{name} is an archive, not a spreadsheet. Unpack it, then try again")
    return Peeked()


# --- xlsx --------------------------------------------------------------------------------------


def _peek_xlsx(archive: zipfile.ZipFile, name: str) -> Peeked:
    book = _parsed(_part(archive, "xl/workbook.xml"))
    from_1904 = any(
        element.get("date1904") in ("1", "true") for element in book.iterfind("{*}workbookPr")
    )
    parts = _parts(archive)
    told: dict[str, Told] = {}
    texts: dict[str, bytes] = {}
    left = MOST_CELLS
    for sheet in book.iterfind("{*}sheets/{*}sheet"):
        ids = [value for key, value in sheet.items() if key.endswith("}id")]
        part = parts.get(ids[0]) if ids else None
        if part is None:
            continue
        texts[part.casefold()] = text = _part(archive, part)
        left -= _cells(text)
        if left < 0:
            raise too_large(name)
        told[sheet.get("name", "")] = _told(text)
    return Peeked(told, from_1904, _copy(archive, texts))


def _copy(archive: zipfile.ZipFile, sheets: Mapping[str, bytes]) -> io.BytesIO | None:
    try:
        return unpacked.copied(archive, sheets)
    except _NOT_WHOLE:  # a part that the reader may do without
        return None


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the sheets' parts by the identifier of their relation."""
    members = {member.casefold() for member in archive.namelist()}
    if "xl/_rels/workbook.xml.rels" not in members:
        return {}
    relations = _parsed(_part(archive, "xl/_rels/workbook.xml.rels"))
    found: dict[str, str] = {}
    for relation in relations.iterfind("{*}Relationship"):
        target = relation.get("Target", "").replace("\\", "/")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if path.casefold() in members and relation.get("Type", "").endswith("/worksheet"):
            found[relation.get("Id", "")] = path
    return found


def _cells(text: bytes) -> int:
    """Return how many cells a sheet's rectangle has, by the names its cells give themselves."""
    rows = (_NUMBERED_ROW if _has_prefixed_rows(text) else _PLAIN_ROW).findall(text)
    last = max(map(int, filter(None, rows)), default=0)
    named = set(_WIDE.findall(text)) if _MAY_BE_WIDE.search(text) else set()
    wide = max((column_of(each.decode()) + 1 for each in named), default=26)
    return max(len(rows), last) * wide


def _has_prefixed_rows(text: bytes) -> bool:
    """Tell whether ":row" is in it; colons are few, and one byte is found many times faster."""
    at = text.find(b":")
    for _ in range(_FEW_COLONS):
        if at < 0 or text.startswith(b":row", at):
            return at >= 0
        at = text.find(b":", at + 1)
    return b":row" in text


def _told(text: bytes) -> Told:
    hidden_rows = frozenset(_hidden_rows(text)) if b'hidden="' in text else frozenset()
    head = text[: text.find(b"sheetData")]
    columns: set[int] = set()
    for found in _COLUMN.finditer(head):
        first, last = re.search(rb'\bmin="(\d+)"', found[1]), re.search(rb'\bmax="(\d+)"', found[1])
        if first and last and _IS_HIDDEN.search(found[1]):
            columns |= set(range(int(first[1]) - 1, min(int(last[1]), _MOST_COLUMNS)))
    errors = (
        tuple(
            (int(row) - 1, column_of(column.decode()), error.decode("utf-8", "replace"))
            for column, row, error in _ERROR.findall(text)
        )
        if b"#" in text and b't="e"' in text  # each begins so, and one byte is found at once
        else ()
    )
    return Told(hidden_rows, frozenset(columns), errors)


def _hidden_rows(text: bytes) -> Iterator[int]:
    at = -1
    for found in _ROW.finditer(text):
        number = _NUMBER.search(found[1])
        at = int(number[1]) - 1 if number else at + 1
        if _IS_HIDDEN.search(found[1]):
            yield at


# --- ods ---------------------------------------------------------------------------------------

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")


def _peek_ods(text: bytes, name: str) -> Iterator[tuple[str, Told]]:
    left = MOST_CELLS
    reader = etree.iterparse(
        io.BytesIO(text), tag=f"{_TABLE}table", resolve_entities=False, no_network=True
    )
    for _, table in reader:
        rows, wide, at = 0, 0, 0
        hidden: set[int] = set()
        for row in table.iter(f"{_TABLE}table-row"):
            times = min(int(row.get(f"{_TABLE}number-rows-repeated", "1")), MOST_ROWS)
            width = _width(row)
            if row.get(f"{_TABLE}visibility") in ("collapse", "filter") and times < MOST_ROWS // 2:
                hidden |= set(range(at, at + times))
            at += times
            if width:
                rows, wide = at, max(wide, width)
            if rows * wide > left:
                raise too_large(name)
        left -= rows * wide
        yield table.get(f"{_TABLE}name", ""), Told(frozenset(hidden))
        table.clear()


def _width(row: etree._Element) -> int:
    """Return how many columns a row fills up to its last cell that holds something."""
    at, filled = 0, 0
    for cell in row.iterchildren(*_CELLS):
        at += min(int(cell.get(f"{_TABLE}number-columns-repeated", "1")), 10 * _MOST_COLUMNS)
        if len(cell) or any(key.endswith("}value-type") for key in cell.keys()):  # noqa: SIM118
            filled = at
    return filled


# --- binary workbooks --------------------------------------------------------------------------

_ROW_HEADER, _FIRST_CELL, _LAST_CELL = 0, 1, 11


def _peek_binary(text: bytes, name: str) -> None:
    """Refuse a binary sheet (.xlsb) whose own row and cell records reach too far."""
    at, last_row, last_column = 0, 0, 0
    while at < len(text):
        kind, at = _coded(text, at, 2)
        size, at = _coded(text, at, 4)
        if kind == _ROW_HEADER and size >= 4 and at + 4 <= len(text):
            last_row = max(last_row, struct.unpack_from("<I", text, at)[0])
        elif _FIRST_CELL <= kind <= _LAST_CELL and size >= 4 and at + 4 <= len(text):
            last_column = max(last_column, struct.unpack_from("<I", text, at)[0])
        at += size
    if (last_row + 1) * (last_column + 1) > MOST_CELLS:
        raise too_large(name)


def _coded(text: bytes, at: int, longest: int) -> tuple[int, int]:
    """Return a number of up to so many bytes, seven bits in each, and the place after it."""
    value = 0
    for turn in range(longest):
        if at >= len(text):
            return value, at
        byte = text[at]
        at += 1
        value |= (byte & 0x7F) << (7 * turn)
        if not byte & 0x80:
            break
    return value, at


# --- old workbooks -----------------------------------------------------------------------------


def _peek_old(data: bytes, name: str) -> Peeked:
    """Tell an encrypted workbook, and the calendar of an old one (its record 0x22)."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise locked(name)
    at = data.find(b"\x09\x08\x10\x00")  # where the workbook's own records begin
    from_1904 = False
    while 0 <= at < len(data) - 6:
        kind, size = struct.unpack_from("<HH", data, at)
        if kind == 0x22 and size == 2:
            from_1904 = data[at + 4] == 1
            break
        if kind in (0x0A, 0x85):  # the end of the globals, or their first sheet
            break
        at += 4 + size
    return Peeked({}, from_1904)


def _parsed(text: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(text, parser)
