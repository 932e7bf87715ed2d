"""Proves a filled workbook before anybody trusts it: every cell read back, all else compared.

Three things are shown. Every chosen cell holds what was meant, as two readers see it: our own and
`calamine`, which shares no line with it. Every part that was not to change has the same bytes. And
in the parts that changed, nothing did but those cells, the stored results and the wish to be worked
out anew: a real parser reads the XML, these three are taken out of both, and the rest is compared.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from lxml import etree

from fundtrack.core.errors import KnownError
from fundtrack.core.words import count
from fundtrack.exchange.workbook.own.archive import part_key
from fundtrack.exchange.workbook.own.cells import Cells
from fundtrack.exchange.workbook.own.numbers import serial_of
from fundtrack.exchange.workbook.own.opening import workbook_from
from fundtrack.exchange.workbook.own.parts import first, is_true, local, whole
from fundtrack.exchange.workbook.own.places import Area, Place, areas_of, column_of
from fundtrack.exchange.workbook.own.workbook import GRID

if TYPE_CHECKING:
    from fundtrack.exchange.workbook.own.numbers import Value
    from fundtrack.exchange.workbook.own.patch import Patched
    from fundtrack.exchange.workbook.own.workbook import SheetEntry, Workbook

OURS, CALAMINE = "FundTrack", "calamine"
_NOTHING = ("", None)
_PLAIN_CELLS = (("c",), ("c", "v"), ("c", "is", "t"))
_KEPT_SPACES: dict[str, dict[str, str]] = {
    "v": {},
    "t": {"{http://www.w3.org/XML/1998/namespace}space": "preserve"},
}
_FORMULA = rb"><f(?:>[^<]*</f>| [^<>]*/>| [^<>]*>[^<]*</f>|/>)"
_RESULTS = (
    re.compile(
        rb' t="[a-z]+"((?: cm="[0-9]+")?%b)(?:<v(?: xml:space="preserve")?>[^<]*</v>|<v/>)(?=</c>)'
        % _FORMULA
    ),
    re.compile(rb"(%b)(?:<v>[^<]*</v>|<v/>)(?=</c>)" % _FORMULA),
)
"""A stored result as Excel writes it, with its kind and without. Split by them, a sheet falls into
what is kept."""

_HEAD = re.compile(
    rb'(?:<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?[^?>]*\?>\s*)?<worksheet '
)
_NAMES = (
    b'="http://schemas.openxmlformats.org/spreadsheetml/2006/main"',
    b'="http://purl.oclc.org/ooxml/spreadsheetml/main"',
)
_STORED = (
    re.compile(rb"</(?:f|v|is)\s*>\s*<(?:f|v|is)[\s/>]"),
    re.compile(rb"/>\s*<(?:f|v|is)[\s/>]"),
)
"""A result stored beside a formula, however it may be written."""

_BLOCK = re.compile(rb"""<f\s[^<>]*\bt\s*=\s*["'](?:array|dataTable)["'][^<>]*>""")
_REF = re.compile(rb"""\bref\s*=\s*["']([^"']*)""").finditer


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was shown of a filled file; `sha256` is the finger print of its bytes.

    `cells` are those read back, by sheet and address; `readers` the programs that read them.
    """

    sha256: str
    size: int
    cells: tuple[tuple[str, str, Value], ...]
    parts_same: int
    parts_changed: tuple[str, ...]
    results_removed: int
    readers: tuple[str, ...]

    @property
    def says(self) -> tuple[str, ...]:
        """What was shown, a sentence each."""
        readers = " and by ".join(self.readers)
        found = [f"{count(len(self.cells), 'cell')} read back by {readers}: each as intended"]
        found.append(
            f"{count(self.parts_same, 'part')} of the file byte for byte as they were; in "
            f"{count(len(self.parts_changed), 'part')} nothing changed but these cells, stored "
            "results and the request to calculate"
        )
        if self.results_removed:
            found.append(
                f"{count(self.results_removed, 'formula result')} removed, for they may no longer "
                "be true. Open the file in Excel and save it once before you send it"
            )
        found.append(f"SHA-256 {self.sha256}")
        return tuple(found)


class _NotProvedError(Exception):
    """Something is not as it was meant to be; says what."""


def prove(
    workbook: Workbook, result: Patched, values: Mapping[str, Mapping[Place, Value]]
) -> Proof:
    """Prove the new file against the old one and what was to be written.

    Raises KnownError if anything is not as it was meant to be: the file must not be used.
    """
    try:
        new = workbook_from(result.data, workbook.name, known=workbook.archive)
        differing = _same_parts(workbook, new)
        removed = _results_removed(workbook, new, result, values)
        _same_workbook(workbook, new)
        readers = (OURS, *_read_back(workbook, new, values))
    except _NotProvedError as fault:
        raise KnownError(
            f"{workbook.name} was filled, but the check of the new file failed ({fault}). Nothing "
            "was written. Fill it by hand, and tell those who make FundTrack"
        ) from fault
    return Proof(
        sha256=hashlib.sha256(result.data).hexdigest(),
        size=len(result.data),
        cells=tuple(
            (title, str(place), value)
            for title, cells in values.items()
            for place, value in sorted(cells.items(), key=lambda one: one[0])
        ),
        parts_same=len(workbook.archive.packed()) - len(differing),
        parts_changed=tuple(part for part in result.parts if part_key(part) in differing),
        results_removed=removed,
        readers=readers,
    )


# --- parts -------------------------------------------------------------------------------------


def _same_parts(old: Workbook, new: Workbook) -> tuple[str, ...]:
    """The parts that are other bytes than before. Only the workbook's own and its sheets may be."""
    before, after = old.archive.packed(), new.archive.packed()
    if list(before) != list(after):
        raise _NotProvedError("its parts are not those it had")
    may_change = {part_key(old.part)} | {
        part_key(entry.part) for entry in old.sheets if entry.kind == GRID
    }
    differing = tuple(key for key, packed in before.items() if packed != after[key])
    for key in differing:
        if key not in may_change:
            raise _NotProvedError(f"the part {key} changed")
    return differing


def _results_removed(
    old: Workbook,
    new: Workbook,
    result: Patched,
    values: Mapping[str, Mapping[Place, Value]],
) -> int:
    """How many stored results went from the sheets; nothing else may have, and none be left."""
    removed = sum(
        _same_sheet(old, new, entry, values.get(entry.title, {}))
        for entry in old.sheets
        if entry.kind == GRID
    )
    if removed != result.results:
        raise _NotProvedError("a formula's stored result was left, or lost without need")
    return removed


def _same_sheet(
    old: Workbook, new: Workbook, entry: SheetEntry, cells: Mapping[Place, Value]
) -> int:
    before, after = old.archive.read(entry.part), new.archive.read(entry.part)
    results = _compared_by_bytes(before, after, cells)
    if results is not None:
        _read_ourselves(old, new, entry.title, _cells_alone(after, cells), cells)
        return results
    root = _whole(after)
    _read_ourselves(old, new, entry.title, root, cells)
    return _compared(before, root, cells, entry.title)


def _compared(before: bytes, after: etree._Element, cells: Iterable[Place], title: str) -> int:
    """How many stored results went from a sheet, as a parser sees it; nothing else may have."""
    old, new = _Rest(_whole(before), cells), _Rest(after, cells)
    if new.take_out_results():
        raise _NotProvedError(f"a formula on “{title}” still has a stored result")
    results = old.take_out_results()
    if not new.same_as(old):
        raise _NotProvedError(f"more changed on “{title}” than the chosen cells")
    return results


def _compared_by_bytes(before: bytes, after: bytes, cells: Iterable[Place]) -> int | None:
    """The same of a sheet that is written as Excel writes sheets; None if it is not.

    Without the chosen cells and the stored results, both must then be the same bytes. Whatever is
    in the least unusual is left to the parser.
    """
    if not _is_usual(after) or _has_stored(after) or _spreads(after):
        return None
    results, walked = _without_results(before)
    old, new = _without_cells(walked, cells), _without_cells(after, cells)
    at = 0
    for number in sorted({place.row for place in cells}):  # rows made for chosen cells alone
        there = walked.find(b'<row r="%d"' % number, at)
        if there < 0:
            new = new.replace(b'<row r="%d"></row>' % number, b"")
        at = max(at, there)
    return results if old == new else None


def _without_results(data: bytes) -> tuple[int, bytes]:
    """How many results a sheet stores, and its bytes without them."""
    results = 0
    for kind in _RESULTS:
        pieces = kind.split(data)
        results, data = results + len(pieces) // 2, b"".join(pieces)
    return results, data


def _is_usual(data: bytes) -> bool:
    """Whether every `<` begins a tag, and a sheet's own names are written without a prefix."""
    begins, ends, head = data.find(b"<sheetData>"), data.find(b"</sheetData>"), _HEAD.match(data)
    return (
        0 < begins < ends
        and head is not None
        and sum(data.count(name, 0, begins) for name in _NAMES) == 1
        and data.find(b"xmlns", begins, ends) < 0
        and data.find(b"<!") < 0
        # Few sheets hold a question mark at all, and one letter is found much faster than two.
        and (data.find(b"?", head.end()) < 0 or data.find(b"<?", 2) < 0)
    )


def _has_stored(data: bytes) -> bool:
    return any(found.search(data) for found in _STORED)


def _spreads(data: bytes) -> bool:
    """Whether a formula gives results to cells beside its own."""
    if b"array" not in data and b"dataTable" not in data:
        return False
    blocks = (cells[1].decode("latin-1") for tag in _BLOCK.findall(data) for cells in _REF(tag))
    return any(area.size > 1 for cells in blocks for area in areas_of(cells))


def _without_cells(data: bytes, cells: Iterable[Place]) -> bytes:
    """A sheet as it usually is written, without some of its cells."""
    kept, at = list[bytes](), 0
    for _, begins, ends in _spans(data, cells):
        kept.append(data[at:begins])
        at = ends
    return b"".join((*kept, data[at:]))


def _cells_alone(data: bytes, cells: Iterable[Place]) -> etree._Element:
    """Some cells alone, out of a sheet as it usually is written, as a parser reads them."""
    rows = [
        b'<row r="%d">%b</row>' % (number, b"".join(data[one.begins : one.ends] for one in spans))
        for number, spans in groupby(_spans(data, cells), key=lambda one: one.row)
    ]
    head = data[: data.index(b"<sheetData>")]
    return _whole(b"%b<sheetData>%b</sheetData></worksheet>" % (head, b"".join(rows)))


class _Span(NamedTuple):
    """Where the bytes of a cell stand."""

    row: int
    begins: int
    ends: int


def _spans(data: bytes, cells: Iterable[Place]) -> Iterator[_Span]:
    """Where some cells stand in a sheet as it usually is written; those that are not are left."""
    at = 0
    for number, places in groupby(sorted(cells), key=lambda place: place.row):
        begins = data.find(b'<row r="%d"' % number, at)
        ends = data.find(b"</row>", begins)
        if begins < 0 or data.startswith(b"/", data.find(b">", begins) - 1):
            continue
        for place in places:
            name = b'<c r="%b"' % str(place).encode()
            cell = data.find(name, max(begins, at), ends)
            if cell < 0:
                continue
            tag = data.find(b">", cell)
            empty = data.startswith(b"/", tag - 1)
            at = tag + 1 if empty else data.find(b"</c>", tag) + len(b"</c>")
            if data.find(name, at, ends) >= 0:
                raise _NotProvedError(f"{place} stands there twice")
            yield _Span(number, cell, at)


def _plainly_written(root: etree._Element, cells: Mapping[Place, Value], title: str) -> None:
    """See that a chosen cell holds its value and nothing more."""
    number = 0
    for row in root.iterfind("{*}sheetData/{*}row"):
        number = whole(row.get("r"), number + 1)
        for column, cell in _numbered(row):
            place = Place(number, column)
            if place in cells and not _is_plain(cell, place):
                raise _NotProvedError(f"{title}!{place} holds more than its value")


def _is_plain(cell: etree._Element, place: Place) -> bool:
    """Whether a cell is its address, its style and one value, and no word stands beside these."""
    *around, innermost = whole_cell = list(cell.iter())
    beside = [*(one.text for one in around), *(one.tail for one in whole_cell[1:])]
    return (
        tuple(map(local, whole_cell)) in _PLAIN_CELLS
        and not any((text or "").strip() for text in beside)
        and not any(one.attrib for one in whole_cell[1:-1])
        and (innermost is cell or dict(innermost.attrib) == _KEPT_SPACES[local(innermost)])
        and cell.get("r") == str(place)
        and set(cell.attrib) <= {"r", "s", "t", "ph"}
    )


def _same_workbook(old: Workbook, new: Workbook) -> None:
    texts = []
    for each in (old, new):
        root = _whole(each.archive.read(each.part))
        asked = [one for one in root if local(one) == "calcPr"]
        if each is new and not any(is_true(one.get("fullCalcOnLoad")) for one in asked):
            raise _NotProvedError("it does not ask to be worked out anew")
        for one in asked:
            one.attrib.pop("fullCalcOnLoad", None)
            if not one.attrib:
                _drop(one)
        texts.append(etree.tostring(root))
    if texts[0] != texts[1]:
        raise _NotProvedError("more changed in the workbook's own part than it should")


class _Rest:
    """A sheet without its chosen cells: what must be the same in both files."""

    def __init__(self, root: etree._Element, chosen: Iterable[Place]) -> None:
        self.root = root
        self.emptied: dict[int, etree._Element] = {}
        self.rows: dict[int, etree._Element] = {}
        number, wanted = 0, frozenset(chosen)
        for row in self.root.iterfind("{*}sheetData/{*}row"):
            number = whole(row.get("r"), number + 1)
            self.rows[number] = row
        for number in {place.row for place in wanted} & self.rows.keys():
            self._take_out_cells(number, wanted)

    def same_as(self, other: _Rest) -> bool:
        """Whether all else is the same; rows that were made for chosen cells alone do not count."""
        for number, row in list(self.emptied.items()):
            bare = len(row) == 0 and not (row.text or "").strip() and set(row.attrib) == {"r"}
            if number not in other.rows and bare:
                _drop(row)
        return etree.tostring(self.root) == etree.tostring(other.root)

    def _take_out_cells(self, number: int, chosen: frozenset[Place]) -> None:
        for column, cell in _numbered(self.rows[number]):
            if Place(number, column) in chosen:
                _drop(cell)
                self.emptied[number] = self.rows[number]

    def take_out_results(self) -> int:
        """Take out the stored result of every formula; give how many there were."""
        blocks, count_ = list[Area](), 0
        for formula in list(self.root.iterfind("{*}sheetData/{*}row/{*}c/{*}f")):
            cell = formula.getparent()
            if cell is not None:
                count_ += _take_out_result(cell)
            if formula.get("t") in ("array", "dataTable"):
                blocks.extend(areas_of(formula.get("ref", "")))
        for block in blocks:
            for number in range(block.top, block.bottom + 1):
                for column, cell in _numbered(self.rows.get(number, ())):
                    if block.left <= column <= block.right:
                        count_ += _take_out_result(cell)
        return count_


def _take_out_result(cell: etree._Element) -> int:
    values = [child for child in cell if local(child) in ("v", "is")]
    for value in values:
        _drop(value)
    if values or first(cell, "f") is not None:
        for name in ("t", "vm"):
            cell.attrib.pop(name, None)
    return len(values)


def _numbered(row: Iterable[etree._Element]) -> Iterator[tuple[int, etree._Element]]:
    """A row's cells with the numbers of their columns; one that does not say counts on."""
    column = 0
    for cell in list(row):
        if local(cell) == "c":
            column = column_of(cell.get("r", "").strip("0123456789")) or column + 1
            yield column, cell


def _whole(data: bytes) -> etree._Element:
    """A part's XML, for comparing; its comments, which say nothing to Excel, are left out."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as fault:
        raise _NotProvedError("a part of it is not whole") from fault


def _drop(element: etree._Element) -> None:
    """Take an element out; what stands behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    behind, before = element.tail or "", element.getprevious()
    if behind and before is not None:
        before.tail = (before.tail or "") + behind
    elif behind:
        parent.text = (parent.text or "") + behind
    parent.remove(element)


# --- cells -------------------------------------------------------------------------------------


def _read_back(
    old: Workbook, new: Workbook, values: Mapping[str, Mapping[Place, Value]]
) -> tuple[str, ...]:
    """See that others find in every cell what was meant; give the readers that do."""
    titles = {title: max(place.row for place in cells) for title, cells in values.items() if cells}
    rows = _as_calamine_reads(new.archive.data, titles)
    if rows is None:
        if _as_calamine_reads(old.archive.data, titles) is not None:
            raise _NotProvedError("a second reader cannot open it, and could open the original")
        return ()
    for title in titles:
        for place, value in values[title].items():
            read = _at(rows[title], place)
            if not _is_same(value, read, since_1904=new.since_1904):
                raise _NotProvedError(f"{title}!{place} reads {read!r} to another program")
    return (CALAMINE,)


def _read_ourselves(
    old: Workbook,
    new: Workbook,
    title: str,
    root: etree._Element,
    cells: Mapping[Place, Value],
) -> None:
    """See that our own reader finds in each cell what was meant, and its style as it was."""
    if not cells:
        return
    # Styles and shared texts were seen to be the same bytes: they need not be read twice.
    before, found = old.sheet(title), Cells(root, old.surface())
    for place, value in cells.items():
        cell = found.get(place)
        where, read = f"{title}!{place}", None if cell is None else cell.value
        if not _is_same(value, read, since_1904=new.since_1904):
            raise _NotProvedError(f"{where} reads {read!r}")
        if cell is None and before.cells.get(place) is not None:
            raise _NotProvedError(f"{where} is gone")
        if cell is not None and cell.style != before.style_number(place):
            raise _NotProvedError(f"{where} lost its look")
        if cell is not None and cell.formula is not None:
            raise _NotProvedError(f"{where} holds a formula")
    _plainly_written(root, cells, title)


def _as_calamine_reads(data: bytes, titles: dict[str, int]) -> dict[str, list[list[Any]]] | None:
    """The rows of sheets, down to the last asked for, as `calamine` reads them.

    None if it cannot read the file.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return {
                title: book.get_sheet_by_name(title).to_python(skip_empty_area=False, nrows=last)
                for title, last in titles.items()
            }
    except CalamineError:
        return None
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":  # how a library in another language gives up
            raise
        return None


def _at(rows: list[list[Any]], place: Place) -> Any:  # noqa: ANN401 - a cell may hold anything
    row = rows[place.row - 1] if place.row <= len(rows) else []
    return row[place.column - 1] if place.column <= len(row) else None


def _is_same(meant: Value, read: Any, *, since_1904: bool) -> bool:  # noqa: ANN401 - as above
    """Whether a value read is the one meant; days and numbers are compared as numbers."""
    if meant is None:
        return read in _NOTHING
    if isinstance(meant, str):
        return isinstance(read, str) and read == _as_kept(meant)
    if isinstance(meant, bool) or isinstance(read, bool):
        return meant is read
    number = _number(read, since_1904=since_1904)
    wanted = _number(meant, since_1904=since_1904)
    return number is not None and wanted is not None and float(number) == float(wanted)


def _as_kept(text: str) -> str:
    """Text as XML can hold it: one kind of line end, and no character that it has none for."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        one
        for one in lines
        if one in "\t\n"
        or (one >= " " and not "\ud800" <= one <= "\udfff" and one < "\ufffe")
        or one > "\uffff"
    )


def _number(value: Any, *, since_1904: bool) -> Decimal | None:  # noqa: ANN401 - as above
    match value:
        case date():
            return serial_of(value, since_1904=since_1904)
        case timedelta():
            return Decimal(value.days) + Decimal(value.seconds) / 86_400
        case time():
            return serial_of(datetime.combine(date(1904, 1, 1), value), since_1904=True)
        case int() | float():
            return Decimal(value)
        case Decimal():
            return value
    return None
