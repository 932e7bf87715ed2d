"""The trustees' report as a workbook: the same figures as the page, as numbers and dates.

One sheet for each part, each a plain table from its first column, so that it can be sorted, read
aloud and copied. Lists that the page cuts are whole here. Nothing in it names a person.
"""

from __future__ import annotations

import io
import textwrap
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.properties import PageSetupProperties

from fundtrack.core import words
from fundtrack.exchange.workbook.grid import Grid, letter, pounds
from fundtrack.exchange.workbook.look import Look
from fundtrack.exchange.workbook.package import filled
from fundtrack.exchange.workbook.pages import fixed, height_of, lines_of, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from fundtrack.core.board_decisions import Decision
    from fundtrack.core.board_figures import Figure, KeyFigure
    from fundtrack.core.board_pack import BoardPack
    from fundtrack.exchange.workbook.grid import Value
    from fundtrack.exchange.workbook.look import Role

_A4 = 9
_MARGIN = 0.5
_LONGEST_HEADER = 200
_KINDS = {
    "text": "text",
    "pounds": "pounds",
    "months": "weeks",
    "percent": "whole",
    "fte": "fte",
    "count": "tally",
    "day": "day",
    "month": "month",
}
"""The number format of each unit a figure comes in."""
_MOVED = {"pounds": "moved_pounds", "months": "moved_months", "percent": "moved_points"}


def board_pack_workbook(pack: BoardPack, program: str) -> bytes:
    """The bytes of the workbook; the same report gives the same bytes.

    `program` is what made it, and the only maker its properties name.
    """
    workbook = Workbook()
    look = Look(workbook)
    sheets = [make(pack, look) for make in _SHEETS]
    for at, sheet in enumerate(sheets):
        target = workbook.worksheets[0] if at == 0 else workbook.create_sheet()
        target.title = sheet.grid.title
        _furnish(target, sheet, pack)
        for area in sheet.tables:
            _name_table(workbook, sheet, area, at + 1)
    properties = workbook.properties
    properties.creator, properties.title = program, pack.title
    properties.subject, properties.language = pack.purpose, "en-GB"
    properties.created = properties.modified = datetime.combine(pack.today, time())
    blank = io.BytesIO()
    workbook.save(blank)
    return filled(blank.getvalue(), [sheet.grid for sheet in sheets], pack.today, program)


# --- one sheet -----------------------------------------------------------------------------------


@dataclass
class _Sheet:
    """One sheet being filled from the top. `tables` are the areas of its tables."""

    grid: Grid
    look: Look
    widths: tuple[int, ...]
    row: int = 1
    tables: list[str] = field(default_factory=list)

    def put(
        self,
        column: int,
        value: Value,
        role: Role = "auto",
        kind: str = "text",
        *,
        left: bool = False,
    ) -> None:
        self.grid.put(self.row, column, value, self.look.style(role, kind, left=left))
        if isinstance(value, str) and role in ("auto", "head"):
            needed = height_of(lines_of(value, self.widths[column - 1]))
            self.grid.heights[self.row] = max(needed, self.grid.heights.get(self.row, 0))

    def title(self, text: str, *context: str) -> None:
        self.put(1, text, "title")
        self.grid.heights[self.row] = 28
        self.row += 1
        for line in context:
            self.says(line)
        self.row += 1

    def says(self, text: str) -> None:
        """Words that run on over the columns beside them, on as many rows as they need."""
        for line in textwrap.wrap(text, sum(self.widths) - 2):
            self.put(1, line, "context")
            self.row += 1

    def group(self, text: str) -> None:
        self.row += 1
        for column in range(1, len(self.widths) + 1):
            self.put(column, text if column == 1 else None, "group")
        self.grid.heights[self.row] = 22
        self.row += 1

    def table(self, heads: Sequence[tuple[str, str]], rows: Sequence[Sequence[_Cell]]) -> None:
        """A table with its heads, each with the kind of its column."""
        first = self.row
        for column, (text, kind) in enumerate(heads, start=1):
            self.put(column, text, "head", kind)
        self.row += 1
        for row in rows:
            for column, cell in enumerate(row, start=1):
                self.put(column, cell.value, cell.role, cell.kind)
            self.row += 1
        self.tables.append(f"A{first}:{letter(len(heads))}{self.row - 1}")


@dataclass(frozen=True, slots=True)
class _Cell:
    value: Value
    kind: str = "text"
    role: Role = "auto"


def _cell(figure: Figure, kinds: dict[str, str] = _KINDS) -> _Cell:
    """A figure as a number or a day; its words where it has no value."""
    value = figure.value
    if value is None:
        return _Cell(figure.text or None)
    if figure.unit == "pounds" and isinstance(value, int):
        return _Cell(pounds(value), kinds["pounds"])
    if figure.unit == "percent" and kinds is _KINDS and isinstance(value, int):
        return _Cell(Decimal(value).scaleb(-2), kinds["percent"])
    return _Cell(value, kinds[figure.unit])


def _status(status: str) -> _Cell:
    return _Cell(words.sentence(status))


# --- the sheets ----------------------------------------------------------------------------------


def _report(pack: BoardPack, look: Look) -> _Sheet:
    sheet = _Sheet(Grid("Report"), look, (6, 92, 16, 44))
    notes = (pack.purpose, pack.figures_at, pack.prepared, pack.version)
    sheet.title(pack.title, *notes)
    for sentence in pack.sentences:
        sheet.put(2, sentence.text)
        sheet.row += 1
    sheet.group("Decisions asked of you")
    heads = (("", "tally"), ("Decision", "text"), ("Lost after", "day"), ("In words", "text"))
    rows = [
        (_Cell(number, "tally"), _Cell(each.text), _Cell(each.by, "day"), _Cell(_lost(each)))
        for number, each in enumerate(pack.decisions, start=1)
    ]
    sheet.table(heads, rows)
    if pack.later:
        sheet.put(2, pack.later)
        sheet.row += 1
    sheet.group("Basis")
    for text in pack.basis:
        sheet.put(2, text)
        sheet.row += 1
    sheet.group("Going concern, for trustees to complete")
    for text in pack.going_concern:
        sheet.put(2, text)
        sheet.put(3, None, "enter")
        sheet.row += 1
    return sheet


def _lost(decision: Decision) -> str:
    return f"{decision.lost}{decision.then}"


def _runway(pack: BoardPack, look: Look) -> _Sheet:
    sheet = _Sheet(Grid("Reserves"), look, (18, 18, 18, 20, 46))
    sheet.title("How long free reserves last", pack.runway.note)
    heads = (
        ("Counting", "text"),
        ("Below policy from", "month"),
        ("Gone in", "month"),
        ("Whole months left", "tally"),
        ("In words", "text"),
    )
    rows = [
        (
            _Cell(bar.name),
            _Cell(bar.below, "month"),
            _Cell(bar.gone, "month"),
            _cell(bar.runway),
            _Cell(f"{bar.label}, {bar.end}" if bar.label else bar.end),
        )
        for bar in pack.runway.bars
    ]
    sheet.table(heads, rows)
    sheet.group("Trustees meet")
    for day in pack.runway.meetings:
        sheet.put(1, day, "auto", "day")
        sheet.row += 1
    return sheet


def _key_figures(pack: BoardPack, look: Look) -> _Sheet:
    sheet = _Sheet(Grid("Key figures"), look, (58, 16, 14, 16, 14, 16, 16, 14))
    sheet.title("Key figures", pack.key_basis)
    last = "Last meeting" if pack.since is None else f"At {words.short_day(pack.since)}"
    heads = (
        ("Figure", "text"),
        ("Now", "pounds"),
        ("In", "text"),
        (last, "pounds"),
        ("In", "text"),
        ("Change", "pounds"),
        ("Policy", "pounds"),
        ("Status", "text"),
    )
    rows = [_key_row(each) for line in pack.key_lines for each in line.figures]
    sheet.table(heads, rows)
    return sheet


def _key_row(each: KeyFigure) -> tuple[_Cell, ...]:
    return (
        _Cell(f"Cash at bank, {each.name}" if each.part else each.name),
        _cell(each.now),
        _Cell(each.now.note),
        _cell(each.last),
        _Cell(each.last.note),
        _cell(each.change, _MOVED),
        _cell(each.limit),
        _status(each.status),
    )


def _endings(pack: BoardPack, look: Look) -> _Sheet:
    sheet = _Sheet(Grid("Money ending"), look, (44, 14, 16, 9, 9, 10, 40, 16, 16, 12))
    sheet.title("Money ending within 12 months")
    heads = (
        ("Award", "text"),
        ("Ends", "day"),
        ("Brings a year", "pounds"),
        ("Posts", "tally"),
        ("FTE", "fte"),
        ("People", "tally"),
        ("Renewal and evidence", "text"),
        ("Decision", "day"),
        ("Last safe day", "day"),
        ("", "text"),
    )
    rows = [
        (
            _Cell(each.title),
            *map(_cell, (each.ends, each.a_year, each.posts, each.fte, each.people)),
            _Cell(each.renewal),
            _cell(each.decision),
            _cell(each.act_by),
            _Cell(each.act_by.note),
        )
        for each in pack.endings
    ]
    sheet.table(heads, rows)
    return sheet


def _posts(pack: BoardPack, look: Look) -> _Sheet:
    posts = pack.posts
    sheet = _Sheet(Grid("Posts"), look, (18, *(13 for _ in posts.months or (None,))))
    sheet.title("Posts by quarter", posts.note, posts.cost or posts.says)
    sheet.put(1, "FTE", "head")
    for column, month in enumerate(posts.months, start=2):
        sheet.put(column, month, "head", "month")
    first = sheet.row
    sheet.row += 1
    totals = [("Total", posts.total)] if posts.rows else []
    for name, found in [*((row.name, row.fte) for row in posts.rows), *totals]:
        role: Role = "total" if name == "Total" else "auto"
        sheet.put(1, name, role)
        for column, figure in enumerate(found, start=2):
            sheet.put(column, _cell(figure).value, role, "fte")
        sheet.row += 1
    sheet.tables.append(f"A{first}:{letter(len(posts.months) + 1)}{sheet.row - 1}")
    sheet.group("If nothing is renewed")
    for name, figure in (("Redundancy pay", posts.redundancy), ("Late notice", posts.late_notice)):
        sheet.put(1, name)
        sheet.put(2, _cell(figure).value, "auto", "pounds")
        sheet.row += 1
    sheet.says(words.PLANNING)
    return sheet


def _scenarios(pack: BoardPack, look: Look) -> _Sheet:
    sheet = _Sheet(Grid("Scenarios"), look, (26, 14, 16, 16, 18, 14))
    sheet.title("Scenarios", pack.scenarios_note)
    heads = (
        ("Scenario", "text"),
        ("Counting", "text"),
        ("Below policy", "month"),
        ("Gone", "month"),
        ("Lowest", "pounds"),
        ("FTE", "fte"),
    )
    rows = [
        (
            _Cell(each.name),
            _Cell(each.counting.capitalize()),
            *map(_cell, (each.below, each.gone, each.lowest, each.fte)),
        )
        for each in pack.scenarios
    ]
    sheet.table(heads, rows)
    return sheet


def _returns(pack: BoardPack, look: Look) -> _Sheet:
    sheet = _Sheet(Grid("Returns and changes"), look, (90, 16))
    since = "" if pack.since is None else f"Changes since {words.short_day(pack.since)}"
    sheet.title("Returns and changes", pack.returns.says)
    found = pack.returns
    counts = (
        ("Returns on time in the last 12 months", found.on_time),
        ("Returns that fell due", found.due),
        ("Queries open", found.queries),
    )
    sheet.table((("Returns", "text"), ("", "tally")), [(_Cell(n), _cell(f)) for n, f in counts])
    for name, listed in (("Overdue", found.overdue), ("Next", found.next)):
        sheet.group(name)
        for title, due in listed:
            sheet.put(1, title)
            sheet.put(2, _cell(due).value, "auto", "day")
            sheet.row += 1
    sheet.group(since or "Changes: nothing earlier is kept")
    for text in pack.changes:
        sheet.put(1, text)
        sheet.row += 1
    return sheet


_SHEETS = (_report, _runway, _key_figures, _endings, _posts, _scenarios, _returns)


# --- what surrounds the cells --------------------------------------------------------------------


def _furnish(target: Worksheet, sheet: _Sheet, pack: BoardPack) -> None:
    """Give a sheet its widths and a page of A4 to be printed on."""
    for at, width in enumerate(sheet.widths, start=1):
        target.column_dimensions[letter(at)].width = width
    target.sheet_view.showGridLines = False
    setup = target.page_setup
    setup.orientation, setup.paperSize = "landscape", _A4
    setup.fitToWidth, setup.fitToHeight = 1, 0
    target.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for side in ("left", "right", "top", "bottom", "header", "footer"):
        setattr(target.page_margins, side, _MARGIN if side in ("left", "right") else 0.6)
    target.print_area = sheet.grid.extent
    foot = target.oddFooter
    if foot is not None:  # every new sheet has one
        foot.left.text = f"{pack.title}, {pack.figures_at}"[:_LONGEST_HEADER].replace("&", "&&")
        foot.right.text = "Page &P of &N"


def _name_table(workbook: Workbook, sheet: _Sheet, area: str, number: int) -> None:
    """Name a table's corner so that screen readers say the heads of its rows and columns."""
    first, _, last = area.partition(":")
    known = len(workbook.defined_names) + 1
    name = f"TitleRegion{known}.{first.lower()}.{last.lower()}.{number}"
    where = f"{quoted(sheet.grid.title)}!{fixed(first)}"
    workbook.defined_names[name] = DefinedName(name, attr_text=where)
