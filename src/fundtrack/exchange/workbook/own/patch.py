"""Writes values into the chosen cells of a workbook, and changes nothing else but what must follow.

What must follow: the stored result of every formula goes, because it may no longer be true, and the
workbook asks whoever opens it to work everything out anew. Every other part goes into the new file
as the bytes it was; in the parts that change, so does every byte about the change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING
from xml.parsers import expat
from xml.sax.saxutils import escape

from fundtrack.exchange.workbook.own.archive import damaged
from fundtrack.exchange.workbook.own.numbers import serial_of
from fundtrack.exchange.workbook.own.scan import Part, Row, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fundtrack.exchange.workbook.own.numbers import Value
    from fundtrack.exchange.workbook.own.places import Place
    from fundtrack.exchange.workbook.own.workbook import Workbook

LONGEST_TEXT = 32_767
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_KEPT = re.compile(rb"""\s+(?:r|t|cm|vm)\s*=\s*(?:"[^"]*"|'[^']*')""")
_TAG = re.compile(rb"""<([^\s/>]+)((?:[^>"']|"[^"]*"|'[^']*')*?)\s*/?>""")
_ASKED = re.compile(rb"""(\sfullCalcOnLoad\s*=\s*)(?:"[^"]*"|'[^']*')""")
_AFTER_CALCULATION = frozenset(
    (
        "oleSize",
        "customWorkbookViews",
        "pivotCaches",
        "smartTagPr",
        "smartTagTypes",
        "webPublishing",
        "fileRecoveryPr",
        "webPublishObjects",
        "extLst",
    )
)
_Edit = tuple[int, int, bytes]
Values = dict[str, dict["Place", "Value"]]
"""What to write: by sheet title, by cell. None empties a cell."""


@dataclass(frozen=True, slots=True)
class Patched:
    """The new file's bytes, and what in it differs from the old."""

    data: bytes
    parts: tuple[str, ...]
    results: int


def patched(workbook: Workbook, values: Mapping[str, Mapping[Place, Value]]) -> Patched:
    """The workbook with these values in these cells. Whether they may be filled is not asked here.

    Raises KnownError for a sheet whose rows are in disorder.
    """
    replaced, results = dict[str, bytes](), 0
    for entry in workbook.sheets:
        if entry.kind != "worksheet":
            continue
        data, wanted = workbook.archive.read(entry.part), values.get(entry.title, {})
        part = Part(data, workbook.name)
        removed = part.without_results()
        if wanted:
            part.edit(list(_edits(part, workbook, entry.title, wanted)))
        if removed or wanted:
            results += removed
            replaced[entry.part] = part.data
    replaced[workbook.part] = asking_to_calculate(workbook.archive.read(workbook.part))
    data = workbook.archive.with_parts(replaced)
    return Patched(data, tuple(replaced), results)


def clean_text(text: str) -> str:
    """Text as a cell can hold it: one kind of line end, and no characters that XML has none for."""
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


# --- cells -------------------------------------------------------------------------------------


def _edits(
    part: Part, workbook: Workbook, title: str, wanted: Mapping[Place, Value]
) -> Iterator[_Edit]:
    sheet, writing = workbook.sheet(title), _Writing(part.prefix.decode(), workbook.since_1904)
    made = list[tuple[int, bytes]]()
    for number, places in groupby(sorted(wanted), key=lambda place: place.row):
        row, added = part.row(number), list[tuple[Span | None, bytes]]()
        cells = [] if row is None else part.cells(row)
        for place in places:
            span = next((cell for cell in cells if cell.column == place.column), None)
            value = wanted[place]
            if span is not None:
                kept = _NOT_KEPT.sub(b"", span.attributes).rstrip()
                yield span.begins, span.ends, writing.cell(place, value, kept)
            elif value is not None:
                style = sheet.style_number(place)
                written = writing.cell(place, value, b' s="%d"' % style if style else b"")
                after = next((cell for cell in cells if cell.column > place.column), None)
                added.append((after, written))
        if row is not None:
            yield from _into_row(part, row, added)
        elif added:
            tag, inside = part.prefix + b"row", b"".join(cell for _, cell in added)
            made.append((number, b'<%b r="%d">%b</%b>' % (tag, number, inside, tag)))
    yield from _into_sheet(part, made)


def _into_row(part: Part, row: Row, added: list[tuple[Span | None, bytes]]) -> Iterator[_Edit]:
    """New cells into a row that is there, each before the first cell to its right."""
    for before, group in groupby(added, key=lambda one: one[0]):
        said = b"".join(cell for _, cell in group)
        if before is not None:
            yield before.begins, before.begins, said
        elif row.empty:
            yield row.begins, row.inside, _opened(part.data[row.begins : row.inside], said)
        else:
            closing = part.closing(row)
            yield closing, closing, said


def _into_sheet(part: Part, made: list[tuple[int, bytes]]) -> Iterator[_Edit]:
    """New rows, each before the first row with a higher number."""
    for before, group in groupby(made, key=lambda one: part.row_after(one[0])):
        said = b"".join(row for _, row in group)
        if before is not None:
            yield before.begins, before.begins, said
        elif part.empty:
            yield part.begins, part.inside, _opened(part.data[part.begins : part.inside], said)
        else:
            yield part.ends, part.ends, said


def _opened(tag: bytes, inside: bytes) -> bytes:
    """An empty tag such as `<row r="3"/>`, opened to hold something."""
    name = tag[1:-2].split()[0]
    return b"%b>%b</%b>" % (tag[:-2].rstrip(), inside, name)


class _Writing:
    """Writes one cell as XML, its names with the prefix of its sheet."""

    def __init__(self, prefix: str, since_1904: bool) -> None:  # noqa: FBT001 - a fact of the file
        self.prefix = prefix
        self.since_1904 = since_1904

    def cell(self, place: Place, value: Value, attributes: bytes) -> bytes:
        """The cell holding a value, with the attributes that are kept: its style, above all."""
        kind, inside = self.inside(value)
        name = f"{self.prefix}c".encode()
        start = b'<%b r="%b"%b%b' % (name, str(place).encode(), attributes, kind)
        return b"%b>%b</%b>" % (start, inside, name) if inside else start + b"/>"

    def inside(self, value: Value) -> tuple[bytes, bytes]:
        """What says the kind of a value, and the value."""
        match value:
            case None:
                return b"", b""
            case bool():
                return b' t="b"', self.value(str(int(value)))
            case str():
                p = self.prefix
                text = _LOOKS_ESCAPED.sub("_x005F_", clean_text(value))
                said = f'<{p}is><{p}t xml:space="preserve">{escape(text)}</{p}t></{p}is>'
                return b' t="inlineStr"', said.encode()
            case date():
                serial = serial_of(value, since_1904=self.since_1904)
                if serial is None:
                    raise ValueError(f"{value} lies before this workbook's days begin")
                return b"", self.value(plain_number(serial))
        return b"", self.value(plain_number(value))

    def value(self, text: str) -> bytes:
        return f"<{self.prefix}v>{text}</{self.prefix}v>".encode()


def plain_number(value: Decimal) -> str:
    """A number as a cell keeps it: 8212.02, and 8212 rather than 8212.00."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


# --- the workbook ------------------------------------------------------------------------------


def asking_to_calculate(data: bytes) -> bytes:
    """The workbook's own part, asking whoever opens it to work out every formula."""
    place = _calculation(data)
    if place is None:
        raise damaged("The workbook", "its main part has no end")
    begins, is_there, prefix = place
    if not is_there:
        asked = f'<{prefix}calcPr fullCalcOnLoad="1"/>'.encode()
        return data[:begins] + asked + data[begins:]
    tag = _TAG.match(data, begins)
    if tag is None:
        raise ValueError("a tag was expected here")
    attributes, told = _ASKED.subn(rb'\1"1"', tag[2])
    if not told:
        attributes = b' fullCalcOnLoad="1"' + attributes
    return data[:begins] + b"<" + tag[1] + attributes + data[tag.end(2) :]


def _calculation(data: bytes) -> tuple[int, bool, str] | None:
    """Where the settings for calculation stand, or would; whether they do; the names' prefix."""
    parser = expat.ParserCreate(namespace_separator=" ")
    depth, found = 0, list[tuple[int, bool]]()

    def start(name: str, _attributes: object) -> None:
        nonlocal depth
        depth += 1
        plain = name.rpartition(" ")[2]
        if depth == 2 and not found and (plain == "calcPr" or plain in _AFTER_CALCULATION):
            found.append((parser.CurrentByteIndex, plain == "calcPr"))

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1
        if depth == 0 and not found:
            found.append((parser.CurrentByteIndex, False))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(data, True)
    root = re.search(rb"<([^\s<>!?/:]+:)?workbook[\s>]", data)
    prefix = root[1].decode() if root and root[1] else ""
    return (*found[0], prefix) if found else None
