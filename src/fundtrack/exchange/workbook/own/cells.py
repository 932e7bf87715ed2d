"""The cells of a sheet, read row by row as they are asked for.

A funder's sheet has tens of thousands of cells, and a mapping asks for a few hundred of them. So
the rows stay as the parser has them, and each is read when first looked into.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from lxml import etree

from fundtrack.exchange.workbook.own.numbers import Value, day_of, kind_of
from fundtrack.exchange.workbook.own.parts import children, is_true, local, whole
from fundtrack.exchange.workbook.own.places import Area, Place, areas_of, column_of
from fundtrack.exchange.workbook.own.styles import Style, unescaped, written_text

if TYPE_CHECKING:
    from collections.abc import Sequence

Mark = Literal["open", "locked", "formula", "merged", "fixed", "hidden"]
_DIGITS = "0123456789"
_TEXTS = "m:row/m:c[@t][not(m:f)]"
_SPECIAL = "m:row/m:c/m:f[@t][text() or @t!='shared']"


class Cell(NamedTuple):
    """What stands in a cell. `formula` is without its =, and a shared one's is its first cell's.

    `value` of a formula is the result the file stores, None where it stores none.
    """

    value: Value
    style: int
    formula: str | None = None


class Barrier(NamedTuple):
    """A block of cells that may not be written, and the words that say why."""

    area: Area
    mark: Mark
    says: str


class Surface(NamedTuple):
    """What lies about a sheet's cells in other parts: styles, shared texts, tables and pivots."""

    styles: tuple[Style, ...]
    strings: Sequence[str]
    since_1904: bool
    barriers: tuple[Barrier, ...] = ()


class Cells(Mapping[Place, Cell]):
    """The cells of a sheet by place. Rows and cells that do not say where they are count on.

    `barriers` are the blocks that array formulas and data tables spread over.
    """

    def __init__(self, root: etree._Element, about: Surface) -> None:
        self.about = about
        self.barriers: list[Barrier] = []
        self.row_styles: dict[int, int] = {}
        self.heights: dict[int, float] = {}
        self.hidden_rows: set[int] = set()
        self._data = list(children(root, "sheetData"))
        self._namespace = str(root.tag).rpartition("}")[0].removeprefix("{")
        self._rows: dict[int, list[etree._Element]] = {}
        self._cells: dict[Place, Cell] = {}
        self._shared: dict[str, str] = {}
        self._columns: dict[str, int] = {}
        self._blanks: dict[str | None, Cell] = {}
        number = 0
        self._cell_tag = f"{{{self._namespace}}}c" if self._namespace else "c"
        self._value_tag = f"{self._cell_tag[:-1]}v"
        row_tag = f"{self._cell_tag[:-1]}row"
        for row in (row for data in self._data for row in data.iterchildren(row_tag)):
            number = whole(row.get("r"), number + 1)
            self._rows.setdefault(number, []).append(row)
            self._look_at_row(row, number)
        for data in self._data:
            for formula in _path(_SPECIAL, self._namespace)(data):
                self._look_at_formula(formula)

    def __getitem__(self, place: Place) -> Cell:
        self._read(place.row)
        return self._cells[place]

    def get(self, place: Place, default: Cell | None = None) -> Cell | None:  # type: ignore[override]
        """What stands in a cell, or the default where the file has no such cell."""
        if place not in self._cells:
            self._read(place.row)
        return self._cells.get(place, default)

    def __iter__(self) -> Iterator[Place]:
        for number in list(self._rows):
            self._read(number)
        return iter(sorted(self._cells))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def texts(self) -> Iterator[tuple[Place, str]]:
        """Every cell that holds a text that is no formula's result."""
        found = [one for data in self._data for one in _path(_TEXTS, self._namespace)(data)]
        places = [self._place(one.get("r")) for one in found]
        if None in places:
            every = [(place, self[place]) for place in self]
        else:
            pairs = zip(places, found, strict=True)
            every = [(place, self._cell(one)) for place, one in pairs if place is not None]
            self._cells.update(every)  # what is known of them need not be read again
        for place, cell in every:
            if isinstance(cell.value, str) and cell.formula is None:
                yield place, cell.value

    # --- rows ----------------------------------------------------------------------------------

    def _look_at_row(self, row: etree._Element, number: int) -> None:
        if is_true(row.get("hidden")):
            self.hidden_rows.add(number)
        if is_true(row.get("customFormat")):
            self.row_styles[number] = whole(row.get("s"))
        height = row.get("ht")
        if height is not None and (points := number_of(height)) is not None:
            self.heights[number] = float(points)

    def _look_at_formula(self, formula: etree._Element) -> None:
        kind = formula.get("t")
        if kind == "shared" and formula.text:
            self._shared[formula.get("si", "")] = formula.text
        elif kind in ("array", "dataTable"):
            name = "array formula" if kind == "array" else "data table"
            for area in areas_of(formula.get("ref", "")):
                says = f"is part of the {name} in {area.first}"
                self.barriers.append(Barrier(area, "formula", says))

    def _read(self, number: int) -> None:
        for row in self._rows.pop(number, ()):
            column = 0
            for element in row.iterchildren(self._cell_tag):
                named = (element.get("r") or "").rstrip(_DIGITS)
                column = self._column(named) or column + 1
                if len(element):
                    self._cells[Place(number, column)] = self._cell(element)
                else:
                    self._cells[Place(number, column)] = self._blank(element.get("s"))

    def _place(self, address: str | None) -> Place | None:
        letters = (address or "").rstrip(_DIGITS)
        column = self._column(letters)
        if address is None or not column or len(letters) == len(address):
            return None
        return Place(int(address[len(letters) :]), column)

    def _column(self, letters: str) -> int:
        """The number of a column; 0 where a cell does not say."""
        if letters not in self._columns:
            self._columns[letters] = column_of(letters) if letters.isalpha() else 0
        return self._columns[letters]

    # --- cells ---------------------------------------------------------------------------------

    def _blank(self, style: str | None) -> Cell:
        """An empty cell; those of one style are one."""
        if style not in self._blanks:
            self._blanks[style] = Cell(None, whole(style))
        return self._blanks[style]

    def _style(self, written: str | None) -> int:
        return 0 if written is None else whole(written)

    def _cell(self, element: etree._Element) -> Cell:
        kind, style = element.get("t", "n"), self._style(element.get("s"))
        if kind == "s" and len(element) == 1 and element[0].tag == self._value_tag:
            return Cell(self._value(kind, element[0].text or "", style), style)
        written, formula, inline = None, None, None
        for child in element:
            name = local(child)
            if name == "v":
                written = child.text or ""
            elif name == "f":
                formula = child.text or self._shared.get(child.get("si", ""), "")
            elif name == "is":
                inline = written_text(child)
        if kind == "inlineStr":
            return Cell(inline or "", style, formula)
        return Cell(None if written is None else self._value(kind, written, style), style, formula)

    def _value(self, kind: str, written: str, style: int) -> Value:
        match kind:
            case "s":
                at, strings = whole(written, -1), self.about.strings
                return strings[at] if 0 <= at < len(strings) else None
            case "b":
                return is_true(written)
            case "str" | "e":
                return unescaped(written)
            case "d":
                return _iso_day(written)
        return self._number(written, style)

    def _number(self, written: str, style: int) -> Value:
        """A number, or the day it stands for where its format shows days."""
        number, styles = number_of(written), self.about.styles
        if number is None or not 0 <= style < len(styles) or kind_of(styles[style].code) != "date":
            return number
        found = day_of(number, since_1904=self.about.since_1904)
        return number if found is None else found


@lru_cache(maxsize=16)
def _path(path: str, namespace: str) -> etree.XPath:
    """A path whose `m:` stands for a sheet's own namespace."""
    if not namespace:
        return etree.XPath(path.replace("m:", ""))
    return etree.XPath(path, namespaces={"m": namespace})


def number_of(text: str | None) -> Decimal | None:
    """A number as a file writes it; None for what is none."""
    try:
        number = Decimal((text or "").strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 400 else None


def _iso_day(text: str) -> Value:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return text
    return moment.date() if moment.time() == datetime.min.time() else moment.replace(tzinfo=None)
