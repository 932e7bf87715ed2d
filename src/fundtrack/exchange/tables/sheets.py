"""A spreadsheet as one plain value: its sheets, their cells, what is merged and what is hidden."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Value = str | int | float | bool | date | datetime | time | timedelta | None
"""What a cell may hold; None is a blank one."""

Line = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, first and last both in it; rows and columns count from 0."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def across(self) -> int:
        """How many columns it is wide."""
        return self.right - self.left + 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its lines from the first, each as long as its last filled cell.

    `typed` is False where every cell is text because the file has no other kind, as in CSV.
    `hidden` says whether the whole sheet is; rows and columns are told where the format tells.
    """

    name: str
    lines: tuple[Line, ...]
    merged: tuple[Area, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = field(default_factory=frozenset)
    hidden_columns: frozenset[int] = field(default_factory=frozenset)
    typed: bool = True

    def at(self, row: int, column: int) -> Value:
        """Return what a cell holds, None beyond what is filled."""
        if row >= len(self.lines) or column >= len(self.lines[row]):
            return None
        return self.lines[row][column]


@dataclass(frozen=True, slots=True)
class Spreadsheet:
    """A file's sheets in their order; `from_1904` tells that its days count from 1 January 1904."""

    name: str
    sheets: tuple[Sheet, ...]
    from_1904: bool = False

    @property
    def cells(self) -> int:
        """How many cells are filled."""
        return sum(
            cell is not None for sheet in self.sheets for line in sheet.lines for cell in line
        )


def letters(at: int) -> str:
    """Return a column's name as spreadsheets write it: 0 -> A, 26 -> AA."""
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def column_of(name: str) -> int:
    """Return the place of a column by its letters: A -> 0, AA -> 26."""
    at = 0
    for letter in name:
        at = at * 26 + ord(letter) - ord("A") + 1
    return at - 1


def cell_name(row: int, column: int) -> str:
    """Return a cell's name as spreadsheets write it: (4, 1) -> B5."""
    return f"{letters(column)}{row + 1}"


def trimmed(lines: Sequence[Sequence[Value]]) -> tuple[Line, ...]:
    """Return lines with blank cells as None, and without the blanks that end lines and sheet."""
    kept: list[Line] = []
    for at in range(0, len(lines), _AT_ONCE):
        kept += _trimmed(lines[at : at + _AT_ONCE])
    while kept and not kept[-1]:
        kept.pop()
    return tuple(kept)


def _trimmed(lines: Sequence[Sequence[Value]]) -> Iterator[Line]:
    once = set(itertools.chain.from_iterable(lines))
    # What begins with a digit or a letter from A to z says something: nearly all does.
    odd = [text for text in once if isinstance(text, str) and not "0" <= text < "{"]
    blanks = {None, *filter(_says_nothing, odd)}
    if blanks.isdisjoint(once):
        yield from map(tuple, lines)
        return
    for line in lines:
        if blanks.isdisjoint(line):
            yield tuple(line)
            continue
        end = len(line)
        while end and line[end - 1] in blanks:
            end -= 1
        yield tuple([None if cell in blanks else cell for cell in line[:end]])


_AT_ONCE = 500
"""How many lines are looked at together: few enough for all of their cells to be at hand still."""


def is_blank(cells: Line) -> bool:
    """Tell whether a line has nothing in it; most have something in their first cell."""
    return not cells or (cells[0] is None and cells.count(None) == len(cells))


def _says_nothing(text: str) -> bool:
    return not text or text.isspace() or not text.strip(_INVISIBLE)


_INVISIBLE = " \t\r\n\f\v\u00a0\u200b\u200c\u200d\u2060\ufeff\u00ad"
