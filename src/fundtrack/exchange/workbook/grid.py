"""The cells of one sheet, and how they are written: values, formulas and their results together.

A library that builds workbooks writes either a formula or a value. A reader that does not calculate
(a preview, an e-mail client, a funder's upload) needs both, so the rows are written here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

Value = str | int | Decimal | date | None
_EPOCH = date(1899, 12, 30).toordinal()
_ALPHABET = 26
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_MARKUP = re.compile("[&<>]")
_LONGEST_TEXT = 32_767


class Cell(NamedTuple):
    """What stands in a cell: a value or a formula with its result, and the number of its style."""

    value: Value
    style: int
    formula: str = ""


@dataclass
class Grid:
    """One sheet being filled: cells by row and column (from 1), and rows of a height in points."""

    title: str
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)

    def put(self, row: int, column: int, value: Value, style: int, formula: str = "") -> None:
        """Put a value, or a formula (without its =) and its result, into a cell."""
        cells = self.rows.get(row)
        if cells is None:
            cells = self.rows[row] = {}
        cells[column] = Cell(value, style, formula)

    def formulas(self) -> Iterator[tuple[str, Cell]]:
        """Every formula cell, with its address."""
        for row, cells in self.rows.items():
            for column, cell in cells.items():
                if cell.formula:
                    yield f"{letter(column)}{row}", cell

    @property
    def extent(self) -> str:
        """The block of cells in use, as `A1:T40`."""
        columns = [column for cells in self.rows.values() for column in cells]
        if not columns:
            return "A1"
        return f"A1:{letter(max(columns))}{max(self.rows)}"

    def xml(self) -> str:
        """The rows as they stand in the sheet's part."""
        return "".join(self._row(number) for number in sorted(self.rows))

    def _row(self, number: int) -> str:
        height = self.heights.get(number)
        sized = "" if height is None else f' ht="{height:g}" customHeight="1"'
        cells = self.rows[number]
        inside = "".join([_cell(f"{letter(at)}{number}", cells[at]) for at in sorted(cells)])
        return f'<row r="{number}"{sized}>{inside}</row>'


@cache
def letter(column: int) -> str:
    """The letters of a column: 1 is A, 27 is AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, _ALPHABET)
        letters = chr(ord("A") + rest) + letters
    return letters


def pounds(pence: int) -> Decimal:
    """Pence as pounds, exactly."""
    return Decimal(pence).scaleb(-2)


def _cell(address: str, cell: Cell) -> str:
    start = f'<c r="{address}" s="{cell.style}"'
    if cell.formula:
        result = _result(cell.value)
        kind = ' t="str"' if isinstance(cell.value, str) else ""
        formula = escape(cell.formula) if _MARKUP.search(cell.formula) else cell.formula
        return f"{start}{kind}><f>{formula}</f><v>{result}</v></c>"
    if cell.value is None or cell.value == "":
        return f"{start}/>"
    if isinstance(cell.value, str):
        # Text kept in its cell is never taken for a formula, whatever it begins with.
        return f'{start} t="inlineStr"><is><t xml:space="preserve">{_text(cell.value)}</t></is></c>'
    return f"{start}><v>{_result(cell.value)}</v></c>"


def _result(value: Value) -> str:
    match value:
        case Decimal():  # most are
            return f"{value:f}"
        case str():
            return _text(value)
        case date():
            return str(value.toordinal() - _EPOCH)
        case None:
            return ""
        case _:
            return str(value)


def _text(text: str) -> str:
    plain = _UNWRITABLE.sub("", text)[:_LONGEST_TEXT]
    return escape(_LOOKS_ESCAPED.sub("_x005F_", plain) if "_x" in plain else plain)
