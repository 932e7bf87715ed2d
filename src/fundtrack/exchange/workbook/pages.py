"""A return being laid out: its sheets so far, where each figure stands, and how it is called."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from fundtrack.core.returns.layout import filled
from fundtrack.core.returns.year import year_in_words
from fundtrack.core.words import day
from fundtrack.exchange.workbook.grid import Grid, letter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fundtrack.core.returns.figures import ReturnFigures
    from fundtrack.core.returns.layout import Column, Layout, Sheet
    from fundtrack.exchange.workbook.grid import Value
    from fundtrack.exchange.workbook.look import Look, Role

_PLAIN_TITLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_MOST_ARGUMENTS = 200
_ROW = "\0"  # where a formula is to hold the number of its row
_WORDS = {"auto": "auto", "enter": "enter", "blank": "leave blank"}
_LINE_POINTS, _PADDING = 14.5, 4.5
_TALLEST, _WIDEST = 409, 255  # as much as a workbook allows
_SUM_FITS = Decimal("1.15")


class Place(NamedTuple):
    """A cell of a sheet, as `H12`."""

    title: str
    address: str

    @property
    def plain(self) -> str:
        """As a person reads it, and as a formula names it: Finance!H12."""
        return f"{quoted(self.title)}!{self.address}"

    @property
    def fixed(self) -> str:
        """As a defined name needs it: Finance!$H$12."""
        return f"{quoted(self.title)}!{fixed(self.address)}"


def quoted(title: str) -> str:
    """A sheet's title as a formula writes it."""
    return title if _PLAIN_TITLE.fullmatch(title) else f"'{title}'"


def fixed(area: str) -> str:
    """An area with its rows and columns held: $A$1:$B$2."""
    return re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", area)


@dataclass
class Page:
    """One sheet being laid out. `head` is the row of its column heads, 0 where it has none.

    `inputs` are the areas to type in, each with the kind of value; `links` lead from a cell to one
    elsewhere; `results` is the area of PASS, WARN and FAIL.
    """

    sheet: Sheet
    grid: Grid
    widths: list[int]
    head: int = 0
    inputs: list[tuple[str, str]] = field(default_factory=list)
    links: dict[str, Place] = field(default_factory=dict)
    results: str = ""
    letters: dict[str, str] = field(init=False)
    formulas: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        columns = self.sheet.columns
        self.letters = {column.field: letter(at) for at, column in enumerate(columns, start=1)}
        self.formulas = {
            column.field: filled(column.formula, lambda name: f"{self.column(name)}{_ROW}")
            for column in columns
        }

    def column(self, name: str) -> str:
        """The letters of the column that holds a field, or nothing if the layout has none."""
        return self.letters.get(name, "")

    def formula(self, column: Column, row: int) -> str:
        """The column's formula for a row, or nothing."""
        return self.formulas[column.field].replace(_ROW, str(row))


@dataclass
class Draft:
    """The whole return being laid out.

    `rows` says where each row of figures stands (`finance/total`), `names` what cells are called.
    """

    figures: ReturnFigures
    layout: Layout
    look: Look
    pages: list[Page] = field(default_factory=list)
    rows: dict[str, tuple[Page, int]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    line_rows: list[tuple[int, int]] = field(default_factory=list)
    heading_rows: list[int] = field(default_factory=list)

    def page(self, sheet: Sheet, widths: Iterable[int] | None = None) -> Page:
        """A new sheet with its title and the words at its top."""
        wanted = [column.width for column in sheet.columns] if widths is None else widths
        page = Page(sheet, Grid(sheet.title), [min(width, _WIDEST) for width in wanted])
        self.pages.append(page)
        page.grid.put(1, 1, sheet.heading, self.look.style("title"))
        page.grid.heights[1] = 28
        page.grid.put(2, 1, self.context, self.look.style("context"))
        for at, text in enumerate(sheet.says, start=3):
            page.grid.put(at, 1, self.said(text), self.look.style("says"))
        return page

    @property
    def context(self) -> str:
        """Funder · project · period · draft or final."""
        cover = self.figures.cover
        state = "draft, period not over" if cover.as_at < cover.period_to else "draft"
        state = "final" if self.figures.final else state
        return " · ".join(filter(None, (cover.funder, cover.project, cover.period, state)))

    def said(self, text: str) -> str:
        """Words of the layout with the return's own days and limits in them."""
        cover, limits = self.figures.cover, self.layout.limits
        words = {
            "year": year_in_words(self.figures.year),
            "period": cover.period,
            "period_from": day(cover.period_from),
            "period_to": day(cover.period_to),
            "as_at": day(cover.as_at),
            "variance_percent": f"{limits.variance_percent:f}",
            "note_length": str(limits.note_length),
        }
        for name, word in words.items():
            text = text.replace(f"{{{name}}}", word)
        return text

    def heads(self, page: Page) -> int:
        """Put the column heads below the words; returns the first row free after them."""
        page.head = len(page.sheet.says) + 4
        lines = 1
        for at, column in enumerate(page.sheet.columns, start=1):
            kind = format_of(column)
            page.grid.put(page.head, at, column.title, self.look.style("head", kind))
            page.grid.put(page.head + 1, at, _WORDS[column.who], self.look.style("head_who", kind))
            lines = max(lines, lines_of(column.title, column.width))
        page.grid.heights[page.head] = height_of(lines)
        return page.head + 2

    def row(
        self,
        page: Page,
        row: int,
        value_of: Callable[[Column], Value],
        *,
        role: Role = "auto",
        formula_of: Callable[[Column], str] | None = None,
    ) -> None:
        """Put one row of a table: the values, with the formulas of the layout."""
        tallest = 1
        for at, column in enumerate(page.sheet.columns, start=1):
            value = value_of(column)
            formula = page.formula(column, row) if formula_of is None else formula_of(column)
            wears: Role = column.who if role == "auto" else role
            if formula and wears == "enter":
                wears = "auto"
            page.grid.put(row, at, value, self.look.style(wears, format_of(column)), formula)
            if isinstance(value, Decimal) and column.kind == "money":
                page.widths[at - 1] = max(page.widths[at - 1], room_for(value))
            elif isinstance(value, str) and column.kind == "text":
                tallest = max(tallest, lines_of(value, column.width))
        page.grid.heights[row] = height_of(tallest)

    def place(self, figure: str) -> Place | None:
        """Where a figure such as `finance/total/actual` stands, if the layout shows it."""
        name, _, column = figure.rpartition("/")
        page, row = self.rows.get(name, (None, 0))
        if page is None or column not in page.letters:
            return None
        return Place(page.sheet.title, f"{page.letters[column]}{row}")

    def name(self, wanted: str, where: str) -> None:
        """Call an area by a name; a name already given gets a number."""
        number, name = 1, wanted
        while name in self.names:
            number += 1
            name = f"{wanted}_{number}"
        self.names[name] = where


def format_of(column: Column) -> str:
    """Which number format a column's values wear."""
    return {"share": "share", "vacancy_weeks": "weeks"}.get(column.field, column.kind)


def sum_of(addresses: Iterable[str]) -> str:
    """A sum over cells and areas, however many there are."""
    listed = list(addresses)
    while len(listed) > _MOST_ARGUMENTS:
        listed = [
            f"SUM({','.join(listed[at : at + _MOST_ARGUMENTS])})"
            for at in range(0, len(listed), _MOST_ARGUMENTS)
        ]
    return f"SUM({','.join(listed)})" if listed else "0"


def room_for(sum_: Decimal) -> int:
    """How wide a column must be to show a sum in bold, rather than hatch marks."""
    return int(len(f"£{sum_:,.2f}") * _SUM_FITS) + 2


def height_of(lines: int) -> float:
    """How many points a row of so many lines of text takes."""
    return min(lines * _LINE_POINTS + _PADDING, _TALLEST)


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column so wide, breaking between words."""
    room = max(1, int(width) - 1)
    lines = 0
    for paragraph in text.split("\n"):
        used, lines = 0, lines + 1
        for word in paragraph.split(" "):
            if used and used + 1 + len(word) > room:
                lines, used = lines + 1, len(word)
            else:
                used += len(word) + (1 if used else 0)
            lines, used = lines + (used - 1) // room, (used - 1) % room + 1 if used else 0
    return lines


def slug(text: str) -> str:
    """A text as part of a name: Staff and volunteers -> staff_and_volunteers."""
    return re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_") or "other"
