"""A return's workbook as it will be, without a file: the same pages, to be shown in the window."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from fundtrack.core.returns.filling import with_cells
from fundtrack.core.returns.shown import LaidOut, ShownCell, ShownSheet
from fundtrack.core.words import MINUS
from fundtrack.exchange.workbook.grid import letter
from fundtrack.exchange.workbook.making import pages_made
from fundtrack.exchange.workbook.pages import Draft

if TYPE_CHECKING:
    from fundtrack.core.returns.figures import ReturnFigures
    from fundtrack.core.returns.layout import Layout
    from fundtrack.exchange.workbook.grid import Cell, Value
    from fundtrack.exchange.workbook.look import Look, Role
    from fundtrack.exchange.workbook.pages import Page

    Dress = tuple[Role, str, bool]


class _PlainLook:
    """Stands in for the styles of a workbook: knows each by its role, and dresses nothing."""

    def __init__(self) -> None:
        self.known: list[Dress] = []
        self._at: dict[Dress, int] = {}

    def style(self, role: Role, kind: str = "text", *, left: bool = False) -> int:
        """The number of a style."""
        wanted = (role, kind, left)
        if wanted not in self._at:
            self._at[wanted] = len(self.known)
            self.known.append(wanted)
        return self._at[wanted]


def laid_out(figures: ReturnFigures, layout: Layout) -> LaidOut:
    """The return's sheets in the order of its layout, and its findings with their cells."""
    look = _PlainLook()
    draft = Draft(figures, layout, cast("Look", look))
    pages_made(draft)
    pages = {page.sheet.title: page for page in draft.pages}
    names = _names(draft)
    shown = tuple(
        _sheet(pages[sheet.title], look, names.get(sheet.title, {})) for sheet in layout.sheets
    )
    cells = {
        finding.cell: place.plain
        for finding in figures.findings
        if (place := draft.place(finding.cell)) is not None
    }
    return LaidOut(figures=with_cells(figures, cells), layout=layout, sheets=shown)


def _names(draft: Draft) -> dict[str, dict[str, str]]:
    """By sheet and address, which figure stands there."""
    found: dict[str, dict[str, str]] = {}
    for name, (page, row) in draft.rows.items():
        part = found.setdefault(page.sheet.title, {})
        for field, at in page.letters.items():
            part[f"{at}{row}"] = f"{name}/{field}"
    for name, place in draft.cells.items():
        found.setdefault(place.title, {})[place.address] = name
    return found


def _sheet(page: Page, look: _PlainLook, names: dict[str, str]) -> ShownSheet:
    choices = _choices(page)
    cells = {
        (row, column): _cell(row, column, cell, look, names, choices)
        for row, line in page.grid.rows.items()
        for column, cell in line.items()
    }
    return ShownSheet(
        kind=page.sheet.kind,
        title=page.sheet.title,
        widths=tuple(page.widths),
        rows=max(page.grid.rows, default=0),
        cells=cells,
        places={cell.figure: at for at, cell in cells.items() if cell.figure},
        freeze=page.sheet.freeze if page.head else 0,
        head=page.head,
    )


def _choices(page: Page) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for area, choices in page.choices:
        first, _, last = area.partition(":")
        column = first.rstrip("0123456789")
        start = int(first.removeprefix(column))
        end = int((last or first).removeprefix(column))
        found |= {f"{column}{row}": choices for row in range(start, end + 1)}
    return found


def _cell(
    row: int,
    column: int,
    cell: Cell,
    look: _PlainLook,
    names: dict[str, str],
    choices: dict[str, tuple[str, ...]],
) -> ShownCell:
    role, kind, left = look.known[cell.style]
    address = f"{letter(column)}{row}"
    return ShownCell(
        row=row,
        column=column,
        text=said(cell.value, kind),
        role=role,
        kind=kind,
        value=cell.value,
        formula=cell.formula,
        figure=names.get(address, "") if role not in ("heading", "head", "head_who") else "",
        choices=choices.get(address, ()),
        left=left,
    )


def said(value: Value, kind: str) -> str:
    """A value as its cell shows it."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    number = Decimal(value)
    return f"{MINUS if number < 0 else ''}{_WAYS.get(kind, _plain)(abs(number))}"


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_WAYS = {
    "money": lambda number: f"£{number:,.2f}",
    "pounds": lambda number: f"£{number:,.0f}",
    "percent": lambda number: f"{number * 100:.1f}%",
    "share": lambda number: f"{number * 100:.2f}%",
    "number": lambda number: f"{number:.2f}",
    "weeks": lambda number: f"{number:.1f}",
    "count": lambda number: f"{number:.0f}",
}
