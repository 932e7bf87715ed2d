"""Where the rows, cells and stored results stand among the bytes of a sheet's part.

A parser that writes XML anew writes it a little otherwise: other quotes, other spaces. So the bytes
themselves are looked through, and changed only where something changes. That is safe because every
`<` of a part begins a tag once it holds no comments and the like; one that does, or is not UTF-8,
is first written anew. What comes out is checked by a real parser (see `proof`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from fundtrack.core.errors import KnownError
from fundtrack.exchange.workbook.own.archive import damaged
from fundtrack.exchange.workbook.own.places import Place, areas_of, column_of

if TYPE_CHECKING:
    from fundtrack.exchange.workbook.own.places import Area

_DATA = re.compile(rb"<((?:[^\s<>/!?:]+:)?)sheetData(?:\s[^>]*|/)?>")
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([^"']+)""")
_ROW = re.compile(rb"""(?=[\s/>])(?: r="([0-9]+)")?([^>]*)>""")
_NUMBER = re.compile(rb"""(?:^|\s)r\s*=\s*["']([0-9]+)""")
_LETTERS = re.compile(rb"""(?:^|\s)r\s*=\s*["']\$?([A-Za-z]+)""")
_OF_A_RESULT = re.compile(rb"""\s+(?:t|vm)\s*=\s*(?:"[^"]*"|'[^']*')""")
_OTHER_KIND = re.compile(rb"\svm\s*=")
_BLOCK = re.compile(rb"""\st\s*=\s*["'](?:array|dataTable)["']""")
_BLOCK_WORDS = (b"array", b"dataTable")
_BLOCK_CELLS = re.compile(rb"""\sref\s*=\s*["']([^"']+)""")
_PLAIN = (b"utf-8", b"utf8", b"us-ascii", b"ascii")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")


class Span(NamedTuple):
    """A cell: its column, the attributes of its tag but its address, where it begins and ends."""

    column: int
    attributes: bytes
    begins: int
    ends: int


class Row(NamedTuple):
    """A row: its number, where its bytes begin, and where its tag ends. `empty` as `<row/>`."""

    number: int
    begins: int
    inside: int
    empty: bool


_VALUE = rb'(?:<v(?: xml:space="preserve")?>[^<]*</v>|<v/>)'
_USUAL = (
    re.compile(rb' t="[a-z]+"((?: cm="[0-9]+")?><f(?: [^<>]*)?(?:/>|>[^<]*</f>))' + _VALUE),
    re.compile(rb"(><f(?:>[^<]*</f>| [^<>]*/>| [^<>]*>[^<]*</f>))<v>[^<]*</v>"),
)
"""A stored result as Excel writes it, first those that say of which kind they are. Both begin with
letters that stand nowhere else, so that a sheet is quickly looked through."""


class _Shapes(NamedTuple):
    """The patterns of a part whose names have a prefix, mostly none."""

    cell: re.Pattern[bytes]
    formula: re.Pattern[bytes]
    typed: re.Pattern[bytes]
    untyped: re.Pattern[bytes]
    result: re.Pattern[bytes]
    stored: re.Pattern[bytes]
    value: re.Pattern[bytes]


@lru_cache(maxsize=8)
def _shapes(prefix: bytes) -> _Shapes:
    p = re.escape(prefix)
    formula = rb"<%bf\b[^>]*(?:/>|>[^<]*</%bf\s*>)" % (p, p)
    value = rb"(?:<%bv\b[^>]*(?:/>|>[^<]*</%bv\s*>)|<%bis\b.*?</%bis\s*>)" % (p, p, p, p)
    return _Shapes(
        cell=re.compile(rb'<%bc\b(?: r="([A-Z]+)[0-9]+")?([^>]*)>' % p),
        formula=re.compile(rb"<%bf\b([^>]*)>" % p),
        typed=re.compile(
            rb"""(<%bc\b[^>]*?)\s+t\s*=\s*(?:"[^"]*"|'[^']*')([^>]*>\s*%b\s*)%b"""
            % (p, formula, value),
            re.DOTALL,
        ),
        untyped=re.compile(rb"(<%bc\b)([^>]*>\s*%b\s*)%b" % (p, formula, value), re.DOTALL),
        result=re.compile(rb"(<%bc)\b([^>]*)>(\s*%b\s*)%b" % (p, formula, value), re.DOTALL),
        stored=re.compile(rb"%b\s*<%b(?:v|is)\b" % (formula, p)),
        value=re.compile(value, re.DOTALL),
    )


@dataclass(slots=True)
class Part:
    """A sheet's part as bytes that can be looked through, from `begins` to `ends` its rows."""

    data: bytes
    name: str
    prefix: bytes = b""
    begins: int = 0
    inside: int = 0
    ends: int = 0
    empty: bool = False
    _rows: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.data = _plain(self.data, self.name)
        self._find_rows()

    def _find_rows(self) -> None:
        found = _DATA.search(self.data)
        if found is None:
            raise damaged(self.name, "a sheet has no rows")
        self.prefix, self.begins, self.inside = found[1], found.start(), found.end()
        self.empty = found[0].endswith(b"/>")
        self.ends = self.inside
        if not self.empty:
            self.ends = self.data.index(b"</" + self.prefix + b"sheetData", self.inside)
        self._rows = []

    @property
    def shapes(self) -> _Shapes:
        """The patterns that fit it."""
        return _shapes(self.prefix)

    def without_results(self) -> int:
        """Take out the stored result of every formula; give how many there were.

        What says of which kind a result was goes with it. The cells of an array formula or a data
        table below its first hold results too.
        """
        rows = self.data[self.inside : self.ends]
        blocks = self._blocks(rows) if any(word in rows for word in _BLOCK_WORDS) else []
        rows, count = self._split(rows)
        if count:
            self._replace(rows)
        for block in blocks:
            count += self._empty(block)
        return count

    def _blocks(self, rows: bytes) -> list[Area]:
        """The blocks of cells that one formula gives results to."""
        return [
            area
            for found in self.shapes.formula.finditer(rows)
            if _BLOCK.search(found[1]) and (cells := _BLOCK_CELLS.search(found[1]))
            for area in areas_of(cells[1].decode("latin-1"))
            if area.size > 1
        ]

    def _split(self, rows: bytes) -> tuple[bytes, int]:
        if b"vm" in rows and _OTHER_KIND.search(rows):
            return self.shapes.result.subn(_without_result, rows)
        # The usual case, much faster: split by what goes, and joined again.
        count = 0
        for kind in _USUAL if not self.prefix else ():
            pieces = kind.split(rows)
            rows, count = b"".join(pieces), count + len(pieces) // 2
        if self.shapes.stored.search(rows):
            for kind in (self.shapes.typed, self.shapes.untyped):
                pieces = kind.split(rows)
                rows, count = b"".join(pieces), count + len(pieces) // 3
        return rows, count

    def _empty(self, block: Area) -> int:
        edits = []
        for row in self.rows():
            if block.top <= row.number <= block.bottom:
                for cell in self.cells(row):
                    written = self.data[cell.begins : cell.ends]
                    emptied, there = self.shapes.value.subn(b"", written, count=1)
                    if there and block.left <= cell.column <= block.right:
                        edits.append((cell.begins, cell.ends, _OF_A_RESULT.sub(b"", emptied)))
        self.edit(edits)
        return len(edits)

    def _replace(self, rows: bytes) -> None:
        self.data = b"".join((self.data[: self.inside], rows, self.data[self.ends :]))
        self._find_rows()

    def edit(self, edits: list[tuple[int, int, bytes]]) -> None:
        """Put other bytes in place of some; each edit says from where, to where, and what."""
        said, at = list[bytes](), 0
        for begins, ends, new in sorted(edits, key=lambda edit: edit[:2]):
            said += (self.data[at:begins], new)
            at = ends
        self.data = b"".join((*said, self.data[at:]))
        self._find_rows()

    def rows(self) -> list[Row]:
        """Every row in order. Raises KnownError if they are in disorder."""
        if not self._rows:
            before, opens = 0, b"<" + self.prefix + b"row"
            around, *pieces = self.data[self.inside : self.ends].split(opens)
            at = self.inside + len(around)
            for piece in pieces:
                begins, inside = at, at + len(opens)
                at = inside + len(piece)
                found = _ROW.match(piece)
                if found is None:
                    continue
                told = found[1] or _said(_NUMBER, found[2])
                number = int(told) if told else before + 1
                if number <= before:
                    raise _disorder(self.name, f"row {number} stands after row {before}")
                before = number
                empty = found[2].endswith(b"/")
                self._rows.append(Row(number, begins, inside + found.end(), empty))
        return self._rows

    def row(self, number: int) -> Row | None:
        """The row of that number, or None."""
        after = bisect_left(self.rows(), number, key=lambda row: row.number)
        found = self.rows()[after : after + 1]
        return found[0] if found and found[0].number == number else None

    def row_after(self, number: int) -> Row | None:
        """The first row with a higher number, or None."""
        after = bisect_left(self.rows(), number + 1, key=lambda row: row.number)
        return self.rows()[after] if after < len(self.rows()) else None

    def closing(self, row: Row) -> int:
        """Where the closing tag of a row begins; of an empty one, where its own ends."""
        if row.empty:
            return row.inside
        return self.data.index(b"</" + self.prefix + b"row", row.inside)

    def cells(self, row: Row) -> list[Span]:
        """A row's cells in order. Raises KnownError if they are in disorder."""
        closing, before, found = self.closing(row), 0, list[Span]()
        for tag in self.shapes.cell.finditer(self.data, row.inside, closing):
            told = tag[1] or _said(_LETTERS, tag[2])
            column = column_of(told.decode()) if told else before + 1
            if column <= before:
                cell = Place(row.number, column)
                raise _disorder(self.name, f"{cell} does not stand in its turn")
            before, attributes = column, tag[2]
            if attributes.endswith(b"/"):
                found.append(Span(column, attributes[:-1], tag.start(), tag.end()))
            else:
                end = self.data.index(b"</" + self.prefix + b"c", tag.end())
                found.append(Span(column, attributes, tag.start(), self.data.index(b">", end) + 1))
        return found


def _said(attribute: re.Pattern[bytes], attributes: bytes) -> bytes:
    found = attribute.search(attributes)
    return found[1] if found else b""


def _without_result(found: re.Match[bytes]) -> bytes:
    attributes = found[2]
    if b"t" in attributes or b"vm" in attributes:
        attributes = _OF_A_RESULT.sub(b"", attributes)
    return b"%b%b>%b" % (found[1], attributes, found[3])


def is_plain(data: bytes) -> bool:
    """Whether every `<` of a part begins a tag, and each plain letter is one byte."""
    begins = data.find(b"?>") + 2 if data.lstrip(b"\xef\xbb\xbf").startswith(b"<?xml") else 0
    declared = _DECLARED.match(data.lstrip(b"\xef\xbb\xbf"))
    return (
        not data.startswith(_WIDE)
        and (declared is None or declared[1].lower() in _PLAIN)
        and data.find(b"<!", begins) < 0
        # Few sheets hold a question mark at all, and one letter is found much faster than two.
        and (data.find(b"?", begins) < 0 or data.find(b"<?", begins) < 0)
    )


def _plain(data: bytes, name: str) -> bytes:
    """The part as it is, or written anew if it is of the rare kind not to be looked through."""
    if is_plain(data):
        return data
    from lxml import etree

    from fundtrack.exchange.workbook.own.parts import parsed_bytes

    root = parsed_bytes(data, name, "of a sheet")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _disorder(name: str, says: str) -> KnownError:
    return KnownError(
        f"{name} keeps a sheet's rows or cells in disorder ({says}). Open it in Excel, save it, "
        "and use that copy"
    )
