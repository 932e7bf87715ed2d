"""One sheet of the commissioner's workbook as a grid: what stands in each cell, and may be written.

A cell is refused for a reason a person can act on: it holds a formula or is part of one, it was
merged away, its sheet is protected, it is a table's heading or a pivot table's, or it is hidden.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from fundtrack.exchange.workbook.own.numbers import Value, day_of, kind_of, shown
from fundtrack.exchange.workbook.own.parts import first, is_true, local, text_of, under, whole
from fundtrack.exchange.workbook.own.places import Area, Place, areas_of, column_of
from fundtrack.exchange.workbook.own.rules import Rule, rules_of
from fundtrack.exchange.workbook.own.styles import Style, unescaped, written_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml import etree

Mark = Literal["open", "locked", "formula", "merged", "fixed", "hidden"]
_DIGITS = "0123456789"
_MANY = 10_000


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


@dataclass(frozen=True, slots=True)
class EditRange:
    """Cells of a protected sheet that may be changed; `name` is empty unless a password is asked.

    Without `open`, only those who know the range's password, or are named in it, may.
    """

    areas: tuple[Area, ...]
    name: str
    open: bool


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A sheet's cells by place, and everything that decides which of them may be written.

    Widths are in characters and heights in points, where they differ from the usual.
    """

    title: str
    state: Literal["visible", "hidden", "veryHidden"]
    cells: dict[Place, Cell]
    styles: tuple[Style, ...]
    protected: bool
    merged: tuple[Area, ...]
    rules: tuple[Rule, ...]
    edit_ranges: tuple[EditRange, ...]
    barriers: tuple[Barrier, ...]
    row_styles: dict[int, int] = field(default_factory=dict)
    column_styles: dict[int, int] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    widths: dict[int, float] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()

    @property
    def extent(self) -> Area:
        """The block from A1 that holds every cell with a value, and every merged one."""
        used = [place for place, cell in self.cells.items() if cell.value is not None]
        used += [place for place, cell in self.cells.items() if cell.formula is not None]
        bottom = max([1, *(place.row for place in used), *(area.bottom for area in self.merged)])
        right = max([1, *(place.column for place in used), *(area.right for area in self.merged)])
        return Area(1, 1, bottom, right)

    def cell(self, place: Place) -> Cell:
        """What stands in a cell; an empty one where the file has none."""
        return self.cells.get(place) or Cell(None, self.style_number(place))

    def style_number(self, place: Place) -> int:
        """A cell's style: its own, else its row's, else its column's."""
        cell = self.cells.get(place)
        if cell is not None:
            return cell.style
        return self.row_styles.get(place.row, self.column_styles.get(place.column, 0))

    def style(self, place: Place) -> Style:
        """How a cell shows its value, and whether it is locked."""
        number = self.style_number(place)
        return self.styles[number] if 0 <= number < len(self.styles) else Style()

    def code(self, place: Place) -> str:
        """A cell's number format."""
        return self.style(place).code

    def shown(self, place: Place) -> str:
        """A cell as the screen would show it, or nearly."""
        return shown(self.cell(place).value, self.code(place))

    def is_date(self, place: Place) -> bool:
        """Whether a cell's format shows a number as a day."""
        return kind_of(self.code(place)) == "date"

    def rule(self, place: Place) -> Rule | None:
        """What a cell lets itself be filled with; a list before any other rule. None: anything."""
        found = [rule for rule in self.rules if rule.holds(place)]
        return next((rule for rule in found if rule.kind == "list"), found[0] if found else None)

    def merged_into(self, place: Place) -> Place | None:
        """The cell that shows in place of one that was merged away."""
        shows = self._merged_away.get(place)
        if shows is None:
            shows = next((area.first for area in self._wide if area.holds(place)), None)
        return None if shows == place else shows

    @cached_property
    def _merged_away(self) -> dict[Place, Place]:
        """Every merged cell with the one that shows in its place; vast blocks are not unrolled."""
        small = [area for area in self.merged if area.size <= _MANY]
        return {place: area.first for area in small for place in area.places()}

    @cached_property
    def _wide(self) -> tuple[Area, ...]:
        return tuple(area for area in self.merged if area.size > _MANY)

    def mark(self, place: Place) -> Mark:
        """How a cell is marked in the grid: `open` is one that may be written."""
        found = self._barrier(place)
        return "open" if found is None else found.mark

    def refusal(self, place: Place) -> str:
        """Why a cell may not be written, in words that follow its name; empty if it may."""
        found = self._barrier(place)
        return "" if found is None else found.says

    def _barrier(self, place: Place) -> Barrier | None:
        return next(self._barriers(place), None)

    def _barriers(self, place: Place) -> Iterator[Barrier]:
        here = Area(*place, *place)
        if self.state != "visible":
            yield Barrier(here, "hidden", "is on a hidden sheet, where nobody would see it changed")
        cell = self.cells.get(place)
        if cell is not None and cell.formula is not None:
            yield Barrier(here, "formula", "holds a formula, which works it out from other cells")
        yield from (barrier for barrier in self.barriers if barrier.area.holds(place))
        into = self.merged_into(place)
        if into is not None:
            yield Barrier(here, "merged", f"is merged into {into}: fill {into} instead")
        if self.protected and self.style(place).locked:
            yield from self._locked(place, here)
        if place.row in self.hidden_rows or place.column in self.hidden_columns:
            yield Barrier(here, "hidden", "is in a hidden row or column, where nobody would see it")

    def _locked(self, place: Place, here: Area) -> Iterator[Barrier]:
        ranges = [one for one in self.edit_ranges if any(a.holds(place) for a in one.areas)]
        if any(one.open for one in ranges):
            return
        if ranges:
            says = f"asks for the password of the range “{ranges[0].name}”, which only its funder"
            yield Barrier(here, "locked", f"{says} can give")
        else:
            yield Barrier(here, "locked", "is locked: its sheet is protected by the funder")


# --- reading -----------------------------------------------------------------------------------


def sheet_of(
    root: etree._Element,
    title: str,
    state: Literal["visible", "hidden", "veryHidden"],
    about: Surface,
) -> Sheet:
    """A sheet out of its part's XML."""
    reading = _Reading(about)
    for data in under(root, "sheetData"):
        reading.rows(data)
    protection = first(root, "sheetProtection")
    widths, column_styles, hidden_columns = _columns(root)
    merged = [areas_of(one.get("ref", "")) for one in under(root, "mergeCells", "mergeCell")]
    return Sheet(
        title=title,
        state=state,
        cells=reading.cells,
        styles=about.styles,
        protected=protection is not None and is_true(protection.get("sheet")),
        merged=tuple(area for areas in merged for area in areas),
        rules=rules_of(root),
        edit_ranges=_edit_ranges(root),
        barriers=(*reading.barriers, *about.barriers),
        row_styles=reading.row_styles,
        column_styles=column_styles,
        heights=reading.heights,
        widths=widths,
        hidden_rows=frozenset(reading.hidden_rows),
        hidden_columns=frozenset(hidden_columns),
    )


def cells_at(root: etree._Element, places: Iterable[Place], about: Surface) -> dict[Place, Cell]:
    """What stands in some cells of a sheet, read afresh out of its part's XML."""
    wanted, reading = frozenset(places), _Reading(about)
    for data in under(root, "sheetData"):
        reading.rows(data, frozenset(place.row for place in wanted))
    return {place: cell for place, cell in reading.cells.items() if place in wanted}


class _Reading:
    """The rows of a sheet as they are read: rows and cells that do not say where they are count on.

    A sheet has many cells, few styles and few columns: what these mean is looked up once.
    """

    def __init__(self, about: Surface) -> None:
        self.about = about
        self.dated = [kind_of(style.code) == "date" for style in about.styles]
        self.cells: dict[Place, Cell] = {}
        self.barriers: list[Barrier] = []
        self.row_styles: dict[int, int] = {}
        self.heights: dict[int, float] = {}
        self.hidden_rows: list[int] = []
        self.shared: dict[str, str] = {}
        self.columns: dict[str, int] = {}
        self.blanks: dict[str | None, Cell] = {}

    def rows(self, data: etree._Element, only: frozenset[int] | None = None) -> None:
        """Read the rows, or only those of these numbers."""
        namespace, number = str(data.tag).removesuffix("sheetData"), 0
        for row in data.iterchildren(f"{namespace}row"):
            number = whole(row.get("r"), number + 1)
            if only is None or number in only:
                self.row_of(row, number)
                self.cells_of(row, number, f"{namespace}c")

    def row_of(self, row: etree._Element, number: int) -> None:
        if is_true(row.get("hidden")):
            self.hidden_rows.append(number)
        if is_true(row.get("customFormat")):
            self.row_styles[number] = whole(row.get("s"))
        height = _number(row.get("ht"))
        if height is not None:
            self.heights[number] = float(height)

    def cells_of(self, row: etree._Element, number: int, tag: str) -> None:
        column = 0
        for element in row.iterchildren(tag):
            named = (element.get("r") or "").rstrip(_DIGITS)
            column = self.columns.get(named) or self.column(named) or column + 1
            if len(element):
                self.cells[Place(number, column)] = self.cell(element, Place(number, column))
            else:
                self.cells[Place(number, column)] = self.blank(element.get("s"))

    def column(self, letters: str) -> int:
        """The number of a column; 0 where a cell does not say."""
        if letters.isalpha():
            self.columns[letters] = column_of(letters)
        return self.columns.get(letters, 0)

    def blank(self, style: str | None) -> Cell:
        """An empty cell; those of one style are one."""
        if style not in self.blanks:
            self.blanks[style] = Cell(None, whole(style))
        return self.blanks[style]

    def cell(self, element: etree._Element, place: Place) -> Cell:
        kind, style = element.get("t", "n"), whole(element.get("s"))
        written, formula, inline = None, None, None
        for child in element:
            name = local(child)
            if name == "v":
                written = child.text or ""
            elif name == "f":
                formula = self.formula(child, place)
            elif name == "is":
                inline = written_text(child)
        if kind == "inlineStr":
            return Cell(inline or "", style, formula)
        return Cell(None if written is None else self.value(kind, written, style), style, formula)

    def formula(self, element: etree._Element, place: Place) -> str:
        text, kind, shared = element.text or "", element.get("t"), element.get("si", "")
        if kind in ("array", "dataTable"):
            name = "array formula" if kind == "array" else "data table"
            for area in areas_of(element.get("ref", "")):
                says = f"is part of the {name} in {place}"
                self.barriers.append(Barrier(area, "formula", says))
        if kind == "shared" and text:
            self.shared[shared] = text
        return text or self.shared.get(shared, "")

    def value(self, kind: str, written: str, style: int) -> Value:
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
        return self.number(written, style)

    def number(self, written: str, style: int) -> Value:
        """A number, or the day it stands for where its format shows days."""
        number = _number(written)
        if number is None or not (0 <= style < len(self.dated) and self.dated[style]):
            return number
        found = day_of(number, since_1904=self.about.since_1904)
        return number if found is None else found


def _number(text: str | None) -> Decimal | None:
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


def _columns(root: etree._Element) -> tuple[dict[int, float], dict[int, int], set[int]]:
    widths, styles, hidden = dict[int, float](), dict[int, int](), set[int]()
    for element in under(root, "cols", "col"):
        low, high = whole(element.get("min")), min(whole(element.get("max")), 16_384)
        width, style = _number(element.get("width")), whole(element.get("style"))
        for column in range(low, high + 1):
            if width is not None:
                widths[column] = float(width)
            if style:
                styles[column] = style
            if is_true(element.get("hidden")):
                hidden.add(column)
    return widths, styles, hidden


def _edit_ranges(root: etree._Element) -> tuple[EditRange, ...]:
    found = []
    for element in root.iter("{*}protectedRange"):
        areas = areas_of(element.get("sqref") or text_of(element))
        asks = any(element.get(name) for name in ("password", "hashValue", "securityDescriptor"))
        asks = asks or first(element, "securityDescriptor") is not None
        found.append(EditRange(areas, element.get("name", ""), open=not asks))
    return tuple(found)
