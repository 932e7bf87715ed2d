"""Where things stand on a sheet: a cell as D9, a block of cells as D8:D13, counted from 1."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from fundtrack.exchange.workbook.grid import letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
Thing = TypeVar("Thing")
_LOW, _NARROW = 8, 256
_ALPHABET = 26
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_BLOCK = re.compile(rf"{_CELL.pattern}(?::{_CELL.pattern})?")
_COLUMNS = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})")
_ROWS = re.compile(r"\$?([0-9]{1,7}):\$?([0-9]{1,7})")


class Place(NamedTuple):
    """A cell by its row and column, both from 1; as text, its address."""

    row: int
    column: int

    def __str__(self) -> str:
        return f"{letter(self.column)}{self.row}"

    def moved(self, rows: int, columns: int) -> Place:
        """The cell so many rows down and columns to the right."""
        return Place(self.row + rows, self.column + columns)


class Area(NamedTuple):
    """A block of cells, its four edges included."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        first, last = Place(self.top, self.left), Place(self.bottom, self.right)
        return str(first) if first == last else f"{first}:{last}"

    def holds(self, place: Place) -> bool:
        """Whether a cell lies in the block."""
        return self.top <= place.row <= self.bottom and self.left <= place.column <= self.right

    @property
    def first(self) -> Place:
        """The cell in the top left corner."""
        return Place(self.top, self.left)

    @property
    def size(self) -> int:
        """How many cells it has."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)

    def places(self) -> Iterator[Place]:
        """Its cells, row by row."""
        for row in range(self.top, self.bottom + 1):
            for column in range(self.left, self.right + 1):
                yield Place(row, column)


def place_of(text: str) -> Place | None:
    """The cell an address names (`D9`, `$D$9`), or None if it is none."""
    found = _CELL.fullmatch(text.strip())
    if found is None:
        return None
    place = Place(int(found[2]), column_of(found[1]))
    return place if 1 <= place.row <= LAST_ROW and 1 <= place.column <= LAST_COLUMN else None


def area_of(text: str) -> Area | None:
    """The block an address names (`D9`, `D8:D13`, `A:C`, `3:5`), or None if it is none."""
    plain = text.strip()
    if found := _BLOCK.fullmatch(plain):
        return _block(*found.groups())
    if found := _COLUMNS.fullmatch(plain):
        left, right = sorted((column_of(found[1]), column_of(found[2])))
        return Area(1, left, LAST_ROW, right) if right <= LAST_COLUMN else None
    if found := _ROWS.fullmatch(plain):
        top, bottom = sorted((int(found[1]), int(found[2])))
        return Area(top, 1, bottom, LAST_COLUMN) if top >= 1 and bottom <= LAST_ROW else None
    return None


def _block(column: str, row: str, other: str | None, below: str | None) -> Area | None:
    left, right = sorted((column_of(column), column_of(other or column)))
    top, bottom = sorted((int(row), int(below or row)))
    there = top >= 1 and bottom <= LAST_ROW and right <= LAST_COLUMN
    return Area(top, left, bottom, right) if there else None


def areas_of(text: str) -> tuple[Area, ...]:
    """The blocks of a list with spaces between them, as a sheet keeps it; what is none is left."""
    return tuple(area for part in text.split() if (area := area_of(part)) is not None)


@lru_cache(maxsize=20_000)
def column_of(letters: str) -> int:
    """The number of a column: A is 1, AA is 27."""
    number = 0
    for one in letters.upper():
        number = number * _ALPHABET + ord(one) - ord("A") + 1
    return number


class Over(Generic[Thing]):
    """What lies over which cells: things with the blocks they are about, asked cell by cell.

    A sheet has many cells and may have a thousand blocks: small ones are kept by row, tall ones by
    column, and only the few that are wide are asked one by one.
    """

    def __init__(self, things: Iterable[tuple[Area, Thing]]) -> None:
        self._rows: dict[int, list[tuple[int, Area, Thing]]] = defaultdict(list)
        self._columns: dict[int, list[tuple[int, Area, Thing]]] = defaultdict(list)
        self._wide: list[tuple[int, Area, Thing]] = []
        for at, (area, thing) in enumerate(things):
            kept = (at, area, thing)
            if area.bottom - area.top < _LOW:
                for row in range(area.top, area.bottom + 1):
                    self._rows[row].append(kept)
            elif area.right - area.left < _NARROW:
                for column in range(area.left, area.right + 1):
                    self._columns[column].append(kept)
            else:
                self._wide.append(kept)

    def covers(self, place: Place) -> bool:
        """Whether anything is over a cell."""
        row, column = place
        for near in (self._rows.get(row, ()), self._columns.get(column, ()), self._wide):
            for _, (top, left, bottom, right), _ in near:
                if left <= column <= right and top <= row <= bottom:
                    return True
        return False

    def at(self, place: Place) -> list[Thing]:
        """The things over a cell, in the order they were given."""
        row, column = place
        near = (*self._rows.get(row, ()), *self._columns.get(column, ()), *self._wide)
        found = [
            (at, thing)
            for at, (top, left, bottom, right), thing in near
            if left <= column <= right and top <= row <= bottom
        ]
        if len(found) > 1:
            found.sort(key=lambda one: one[0])
        return [thing for _, thing in found]
