"""The rows of a table as they were read: a column at a time, and one row where one is looked at."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

from fundtrack.exchange.tables.rows import Fault, Place
from fundtrack.exchange.tables.sheets import Value

Plain = dict[str, Any]


@dataclass(slots=True)
class Row:
    """One row as read: plain values by field, each with the cell it came from."""

    kind: str
    place: Place
    cells: tuple[Value, ...]
    columns: Mapping[str, tuple[int, str]]  # by field: the place and the title of its column
    left_out: bool = False
    faults: tuple[Fault, ...] = ()
    values: Plain = field(default_factory=dict)
    shares: tuple[tuple[str, str, Place], ...] = ()
    months: tuple[tuple[str, str], ...] = ()

    def again(self) -> Row:
        """Return a row of the same values, to be worked on."""
        return Row(
            self.kind, self.place, self.cells, self.columns, values=dict(self.values),
            shares=self.shares, months=self.months,
        )  # fmt: skip

    def where(self, path: str) -> tuple[Place, str]:
        """Return the cell a field's value came from and its column's title, or only the row."""
        if path not in self.columns:
            return self.place, ""
        column, title = self.columns[path]
        return Place(self.place.sheet, self.place.row, column), title

    def has(self, path: str) -> bool:
        """Tell whether a field has a value, or a cell that could not be read."""
        return path in self.values

    @property
    def says(self) -> str:
        """What to call the row on the screen."""
        for path in (
            "title",
            "name",
            "reference",
            "post",
            "cost",
            "award",
            "description",
            "funder",
        ):
            if path in self.values:
                return str(self.values[path])
        return next((str(cell) for cell in self.cells if cell is not None), "")[:80]


class Rows:
    """The rows of one table: what each field is said to be in all of them, None where it is not.

    A row of its own is only made where one is looked at (`row`). `apart` holds those that say more,
    or less, than their columns: a grid of months, a cell that cannot be read, a row left out.
    """

    def __init__(
        self,
        kind: str,
        sheet: str,
        numbers: Sequence[int],
        lines: Sequence[tuple[Value, ...]],
        columns: Mapping[str, tuple[int, str]],
        said: Mapping[str, Sequence[Any]],
    ) -> None:
        self.kind = kind
        self.sheet = sheet
        self.numbers = numbers  # on the sheet, from 0, each larger than the last
        self.lines = lines
        self.columns = columns
        self.said = said
        self.apart: dict[int, Row] = {}

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.numbers)

    def place(self, at: int) -> Place:
        """Return where a row stands."""
        return Place(self.sheet, self.numbers[at])

    def at(self, place: Place) -> int:
        """Return which of the rows stands there."""
        return bisect_left(self.numbers, place.row)

    def row(self, at: int) -> Row:
        """Return one of the rows."""
        if at in self.apart:
            return self.apart[at]
        said = ((path, column[at]) for path, column in self.said.items())
        values = {path: value for path, value in said if value is not None}
        return Row(self.kind, self.place(at), self.lines[at], self.columns, values=values)

    def places(self, ats: range) -> list[Place]:
        """Return where rows that follow each other stand."""
        numbers = self.numbers[ats.start : ats.stop]
        return list(map(Place._make, zip(repeat(self.sheet), numbers, repeat(None))))
