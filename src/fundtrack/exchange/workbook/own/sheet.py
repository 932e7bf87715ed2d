"""One sheet of the commissioner's workbook as a grid: what stands in each cell, and may be written.

A cell is refused for a reason a person can act on: it holds a formula or is part of one, it was
merged away, its sheet is protected, it is a table's heading or a pivot table's, or it is hidden.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from fundtrack.exchange.workbook.own.cells import Barrier, Cell, Cells, Mark, Surface, number_of
from fundtrack.exchange.workbook.own.numbers import kind_of, shown
from fundtrack.exchange.workbook.own.parts import beside_rows, first, is_true, text_of, under, whole
from fundtrack.exchange.workbook.own.places import Area, Over, Place, areas_of
from fundtrack.exchange.workbook.own.rules import Rule, rules_of
from fundtrack.exchange.workbook.own.styles import Style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree


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
    cells: Cells
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
        found = self._rules_over.at(place)
        return next((rule for rule in found if rule.kind == "list"), found[0] if found else None)

    def has_rule(self, place: Place) -> bool:
        """Whether a cell lets itself be filled with some things only."""
        return bool(self.rules) and self._rules_over.covers(place)

    def merged_into(self, place: Place) -> Place | None:
        """The cell that shows in place of one that was merged away."""
        shows = self._merged_over.at(place)
        return shows[0] if shows and shows[0] != place else None

    @cached_property
    def _merged_over(self) -> Over[Place]:
        return Over((area, area.first) for area in self.merged)

    @cached_property
    def _rules_over(self) -> Over[Rule]:
        return Over((area, rule) for rule in self.rules for area in rule.areas)

    @cached_property
    def _ranges_over(self) -> Over[EditRange]:
        return Over((area, one) for one in self.edit_ranges for area in one.areas)

    @cached_property
    def _open_over(self) -> Over[EditRange]:
        return Over((area, one) for one in self.edit_ranges if one.open for area in one.areas)

    @cached_property
    def _barriers_over(self) -> Over[Barrier]:
        return Over((barrier.area, barrier) for barrier in self.barriers)

    def is_locked(self, place: Place) -> bool:
        """Whether the protection of the sheet keeps a cell from being changed."""
        if not self.protected or not self.style(place).locked:
            return False
        return not (self.edit_ranges and self._open_over.covers(place))

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
        yield from self._barriers_over.at(place)
        into = self.merged_into(place)
        if into is not None:
            yield Barrier(here, "merged", f"is merged into {into}: fill {into} instead")
        if self.is_locked(place):
            yield self._locked(place, here)
        if place.row in self.hidden_rows or place.column in self.hidden_columns:
            yield Barrier(here, "hidden", "is in a hidden row or column, where nobody would see it")

    def _locked(self, place: Place, here: Area) -> Barrier:
        ranges = self._ranges_over.at(place)
        if not ranges:
            return Barrier(here, "locked", "is locked: its sheet is protected by the funder")
        says = f"asks for the password of the range “{ranges[0].name}”, which only its funder"
        return Barrier(here, "locked", f"{says} can give")


# --- reading -----------------------------------------------------------------------------------


def sheet_of(
    root: etree._Element,
    title: str,
    state: Literal["visible", "hidden", "veryHidden"],
    about: Surface,
) -> Sheet:
    """A sheet out of its part's XML."""
    cells = Cells(root, about)
    protection = first(root, "sheetProtection")
    widths, column_styles, hidden_columns = _columns(root)
    merged = [areas_of(one.get("ref", "")) for one in under(root, "mergeCells", "mergeCell")]
    return Sheet(
        title=title,
        state=state,
        cells=cells,
        styles=about.styles,
        protected=protection is not None and is_true(protection.get("sheet")),
        merged=tuple(area for areas in merged for area in areas),
        rules=rules_of(root),
        edit_ranges=_edit_ranges(root),
        barriers=(*cells.barriers, *about.barriers),
        row_styles=cells.row_styles,
        column_styles=column_styles,
        heights=cells.heights,
        widths=widths,
        hidden_rows=frozenset(cells.hidden_rows),
        hidden_columns=frozenset(hidden_columns),
    )


def _columns(root: etree._Element) -> tuple[dict[int, float], dict[int, int], set[int]]:
    widths, styles, hidden = dict[int, float](), dict[int, int](), set[int]()
    for element in under(root, "cols", "col"):
        low, high = whole(element.get("min")), min(whole(element.get("max")), 16_384)
        width, style = number_of(element.get("width")), whole(element.get("style"))
        columns = range(low, high + 1)
        if width is not None:
            widths.update(dict.fromkeys(columns, float(width)))
        if style:
            styles.update(dict.fromkeys(columns, style))
        if is_true(element.get("hidden")):
            hidden.update(columns)
    return widths, styles, hidden


def _edit_ranges(root: etree._Element) -> tuple[EditRange, ...]:
    found = []
    for element in beside_rows(root, "protectedRange"):
        areas = areas_of(element.get("sqref") or text_of(element))
        asks = any(element.get(name) for name in ("password", "hashValue", "securityDescriptor"))
        asks = asks or first(element, "securityDescriptor") is not None
        found.append(EditRange(areas, element.get("name", ""), open=not asks))
    return tuple(found)
