"""A return being laid out: its sheets so far, where each figure stands, and how it is called."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from fundtrack.core.returns.layout import filled
from fundtrack.core.returns.year import year_in_words
from fundtrack.core.words import day, money
from fundtrack.exchange.workbook.grid import Grid, letter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fundtrack.core.returns.figures import ReturnFigures
    from fundtrack.core.returns.layout import Column, Kind, Layout, Sheet, Who
    from fundtrack.exchange.workbook.grid import Value
    from fundtrack.exchange.workbook.look import Look, Role

_PLAIN_TITLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_MOST_ARGUMENTS = 200
_FIGURE = re.compile(r"\{([^{}]+)\}")
_FORMAT_OF = {"share": "share", "vacancy_weeks": "weeks"}
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


class Worn(NamedTuple):
    """How a column's cells look in a row: as the row has it, and where they hold a formula."""

    kind: Kind
    style: int
    worked_out: int


@dataclass
class Page:
    """One sheet being laid out. `head` is the row of its column heads, 0 where it has none.

    `inputs` are the areas to type in, each with the kind of value; `choices` those that take one of
    a few answers; `links` lead from a cell to one
    elsewhere; `results` is the area of PASS, WARN and FAIL.
    """

    sheet: Sheet
    grid: Grid
    widths: list[int]
    head: int = 0
    inputs: list[tuple[str, str]] = field(default_factory=list)
    choices: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    links: dict[str, Place] = field(default_factory=dict)
    results: str = ""
    hidden: bool = False
    letters: dict[str, str] = field(init=False)
    formulas: dict[str, str] = field(init=False)
    worn: dict[Role, tuple[Worn, ...]] = field(default_factory=dict)
    _sums: dict[int, tuple[Decimal, Decimal]] = field(default_factory=dict)

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

    def make_room(self, at: int, sum_: Decimal) -> None:
        """Have a column be wide enough for a sum: measured only if none as long was before."""
        low, high = self._sums.get(at, (sum_, sum_))
        if at not in self._sums or not low <= sum_ <= high:
            self._sums[at] = min(low, sum_), max(high, sum_)
            self.widths[at - 1] = max(self.widths[at - 1], room_for(sum_))


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
    cells: dict[str, Place] = field(default_factory=dict)

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
            "sign": self.layout.sign_in_words,
            "template": self.layout.template,
            "due": "as agreed" if cover.due is None else day(cover.due),
        }
        for name, word in words.items():
            text = text.replace(f"{{{name}}}", word)
        return text

    def heads(self, page: Page) -> int:
        """Put the column heads below the words; returns the first row free after them."""
        page.head = len(page.sheet.says) + 4
        lines = 1
        for at, column in enumerate(page.sheet.columns, start=1):
            kind = self.format_of(column)
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
        kinds: Mapping[str, Kind] | None = None,
        who: Mapping[str, Who] | None = None,
    ) -> None:
        """Put one row of a table: the values, with the formulas of the layout.

        `kinds` and `who` say where a cell of the row differs from its column.
        """
        tallest, number, put = 1, str(row), page.grid.put
        worn = self._worn(page, role, kinds, who)
        for at, (column, looks) in enumerate(zip(page.sheet.columns, worn, strict=True), start=1):
            value = value_of(column)
            if formula_of is not None:
                formula = formula_of(column)
            elif formula := page.formulas[column.field]:
                formula = formula.replace(_ROW, number)
            put(row, at, value, looks.worked_out if formula else looks.style, formula)
            if looks.kind == "money" and isinstance(value, Decimal):
                page.make_room(at, value)
            elif looks.kind == "text" and isinstance(value, str):
                tallest = max(tallest, lines_of(value, column.width))
        page.grid.heights[row] = height_of(tallest)

    def _worn(
        self,
        page: Page,
        role: Role,
        kinds: Mapping[str, Kind] | None,
        who: Mapping[str, Who] | None,
    ) -> tuple[Worn, ...]:
        """How each column looks in a row; rows without ways of their own look alike."""
        if kinds or who:
            return tuple(
                self._of_column(each, role, kinds or {}, who or {}) for each in page.sheet.columns
            )
        if role not in page.worn:
            page.worn[role] = tuple(
                self._of_column(each, role, {}, {}) for each in page.sheet.columns
            )
        return page.worn[role]

    def _of_column(
        self, column: Column, role: Role, kinds: Mapping[str, Kind], who: Mapping[str, Who]
    ) -> Worn:
        kind = kinds.get(column.field, column.kind)
        wears: Role = who.get(column.field, column.who) if role == "auto" else role
        number_format = self.format_of(column, kind)
        style = self.look.style(wears, number_format)
        worked_out = self.look.style("auto", number_format) if wears == "enter" else style
        return Worn(kind, style, worked_out)

    def place(self, figure: str) -> Place | None:
        """Where a figure such as `finance/total/actual` stands, if the layout shows it."""
        if figure in self.cells:
            return self.cells[figure]
        name, _, column = figure.rpartition("/")
        page, row = self.rows.get(name, (None, 0))
        if page is None or column not in page.letters:
            return None
        return Place(page.sheet.title, f"{page.letters[column]}{row}")

    def format_of(self, column: Column, kind: Kind | None = None) -> str:
        """Which number format a column's values wear, or those of a cell of another kind."""
        kind = kind or column.kind
        if kind == "money" and self.layout.whole_pounds:
            return "pounds"
        return _FORMAT_OF.get(column.field, kind)

    def formula(self, template: str, page: Page | None = None, row: int = 0) -> str:
        """A formula whose `{figures}` and `{columns}` are put in as addresses.

        A name with a slash is a figure anywhere, one without is a column of the row. Nothing when
        the layout does not show one of them.
        """
        missing = False

        def address(found: re.Match[str]) -> str:
            nonlocal missing
            name = found[1]
            if "/" not in name:
                at = "" if page is None else page.column(name)
                missing = missing or not at
                return f"{at}{row}"
            place = self.place(name)
            missing = missing or place is None
            if place is None:
                return ""
            same = page is not None and place.title == page.sheet.title
            return place.address if same else place.plain

        text = _FIGURE.sub(address, template)
        return "" if missing or "{" in text else text

    def name(self, wanted: str, where: str) -> None:
        """Call an area by a name; a name already given gets a number."""
        number, name = 1, wanted
        while name in self.names:
            number += 1
            name = f"{wanted}_{number}"
        self.names[name] = where


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
    return int(len(money(int(sum_ * 100))) * _SUM_FITS) + 2


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
