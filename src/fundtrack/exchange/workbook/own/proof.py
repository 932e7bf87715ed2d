"""Proves a filled workbook before anybody trusts it: every cell read back, all else compared.

Three things are shown. Every chosen cell holds what was meant, as two readers see it: our own and
`calamine`, which shares no line with it. Every part that was not to change has the same bytes. And
in the parts that changed, nothing did but those cells, the stored results and the wish to be worked
out anew: a real parser reads the XML, these three are taken out of both, and the rest is compared.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from lxml import etree

from fundtrack.core.errors import KnownError
from fundtrack.core.words import count
from fundtrack.exchange.workbook.own.numbers import serial_of
from fundtrack.exchange.workbook.own.opening import workbook_from
from fundtrack.exchange.workbook.own.parts import first, is_true, local, whole
from fundtrack.exchange.workbook.own.patch import clean_text
from fundtrack.exchange.workbook.own.places import Area, Place, areas_of, column_of
from fundtrack.exchange.workbook.own.sheet import cells_at

if TYPE_CHECKING:
    from fundtrack.exchange.workbook.own.numbers import Value
    from fundtrack.exchange.workbook.own.patch import Patched
    from fundtrack.exchange.workbook.own.sheet import Cell, Sheet
    from fundtrack.exchange.workbook.own.workbook import Workbook

OURS, CALAMINE = "FundTrack", "calamine"
_NOTHING = ("", None)
_STILL_STORED = etree.XPath(
    "boolean(*[local-name()='sheetData']/*/*[*[local-name()='f'] and *[local-name()='v']])"
)


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
        new = workbook_from(result.data, workbook.name)
        same = _same_parts(workbook, new, result)
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
        parts_same=same,
        parts_changed=result.parts,
        results_removed=removed,
        readers=readers,
    )


# --- parts -------------------------------------------------------------------------------------


def _same_parts(old: Workbook, new: Workbook, result: Patched) -> int:
    """How many parts are the same bytes; all must be that were not to change."""
    before, after = old.archive.packed(), new.archive.packed()
    if list(before) != list(after):
        raise _NotProvedError("its parts are not those it had")
    changed = {part.casefold() for part in result.parts}
    differing = [key for key, packed in before.items() if packed != after[key]]
    for key in differing:
        if key not in changed:
            raise _NotProvedError(f"the part {key} changed")
    return len(before) - len(differing)


def _results_removed(
    old: Workbook,
    new: Workbook,
    result: Patched,
    values: Mapping[str, Mapping[Place, Value]],
) -> int:
    removed = sum(_same_sheets(old, new, result, values))
    if removed != result.results:
        raise _NotProvedError("a formula's stored result was left, or lost without need")
    return removed


def _same_sheets(
    old: Workbook,
    new: Workbook,
    result: Patched,
    values: Mapping[str, Mapping[Place, Value]],
) -> Iterator[int]:
    """For each sheet that changed, how many stored results went; nothing else may have."""
    for entry in old.sheets:
        if entry.part not in result.parts:
            continue
        before, after = old.archive.read(entry.part), new.archive.read(entry.part)
        cells = values.get(entry.title, {})
        walked, results = _without_results(before)
        if not cells and walked == after:
            yield results
            continue
        tree = _whole(after)
        if cells:
            _read_ourselves(
                old.sheet(entry.title), cells_at(tree, cells, new.surface()), cells, new
            )
        if _STILL_STORED(tree):
            raise _NotProvedError(f"a formula on “{entry.title}” still has a stored result")
        rest = _Rest(tree, cells)
        if rest.same_as(_Rest(_whole(walked), cells)):
            yield results
            continue
        whole_before = _Rest(_whole(before), cells)
        results = whole_before.take_out_results()
        rest.take_out_results()
        if not rest.same_as(whole_before):
            raise _NotProvedError(f"more changed on “{entry.title}” than the chosen cells")
        yield results


def _without_results(data: bytes) -> tuple[bytes, int]:
    """A sheet as it usually is written, without its formulas' stored results; and how many it had.

    This walks from formula to formula and shares nothing with the way the new file was made. A
    sheet written otherwise comes out wrong, and is then compared by a parser.
    """
    first, *pieces = data.split(b"<f")
    kept, removed = [first], 0
    for piece in pieces:
        tag = piece.find(b">")
        closed = piece.startswith(b"/", tag - 1)
        ends = tag + 1 if closed else piece.find(b"</f>", tag) + len(b"</f>")
        behind = ends
        if piece.startswith(b"<v/>", ends):
            behind += len(b"<v/>")
        elif piece.startswith(b"<v", ends):
            behind = piece.find(b"</v>", ends) + len(b"</v>")
        if behind > ends > tag:
            kept[-1] = _without_kind(kept[-1])
            kept.append(piece[:ends] + piece[behind:])
            removed += 1
        else:
            kept.append(piece)
    return b"<f".join(kept), removed


def _without_kind(text: bytes) -> bytes:
    """Bytes that end in a cell's tag, without what says of which kind its result was."""
    at = text.rfind(b"<c ")
    tag = text[at:]
    for name in (b' t="', b' vm="'):
        begins = tag.find(name)
        if begins >= 0:
            tag = tag[:begins] + tag[tag.index(b'"', begins + len(name)) + 1 :]
    return text[:at] + tag


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
            if number not in other.rows and len(row) == 0 and set(row.attrib) <= {"r"}:
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
    return etree.fromstring(data, parser)


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
    titles = [title for title, cells in values.items() if cells]
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
    before: Sheet, found: Mapping[Place, Cell], cells: Mapping[Place, Value], new: Workbook
) -> None:
    """See that our own reader finds in each cell what was meant, and its style as it was."""
    for place, value in cells.items():
        cell = found.get(place)
        where, read = f"{before.title}!{place}", None if cell is None else cell.value
        if not _is_same(value, read, since_1904=new.since_1904):
            raise _NotProvedError(f"{where} reads {read!r}")
        if cell is not None and cell.style != before.style_number(place):
            raise _NotProvedError(f"{where} lost its look")
        if cell is not None and cell.formula is not None:
            raise _NotProvedError(f"{where} holds a formula")


def _as_calamine_reads(data: bytes, titles: list[str]) -> dict[str, list[list[Any]]] | None:
    """The rows of sheets as `calamine` reads them; None if it cannot read the file."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return {
                title: book.get_sheet_by_name(title).to_python(skip_empty_area=False)
                for title in titles
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
        return isinstance(read, str) and read == clean_text(meant)
    if isinstance(meant, bool) or isinstance(read, bool):
        return meant is read
    number = _number(read, since_1904=since_1904)
    wanted = _number(meant, since_1904=since_1904)
    return number is not None and wanted is not None and float(number) == float(wanted)


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
