"""What becomes of each row of a file, what is wrong with it, and what the person says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeVar

from fundtrack.core.errors import Problem
from fundtrack.exchange.tables.sheets import Value, cell_name

Outcome = Literal["new", "changed", "unchanged", "problem", "left out"]

Tell = Callable[[int, int], None]
"""Is told that so many of so many rows are done, and may raise to end the work there."""

_Row = TypeVar("_Row")
_TOLD_EVERY = 250  # rows, which take a fiftieth of a second


def untold(_done: int, _total: int) -> None:
    """Tell nobody."""


def shares(rows: int) -> Iterator[range]:
    """Yield so many rows in shares, each few enough to tell how far it is before the next."""
    for start in range(0, rows, _TOLD_EVERY):
        yield range(start, min(start + _TOLD_EVERY, rows))


def counted(rows: Sequence[_Row], tell: Tell, done: int, total: int) -> Iterator[_Row]:
    """Yield rows, and tell every so often how far it is; `done` were done before the first."""
    for few in shares(len(rows)):
        tell(done + few.start, total)
        yield from rows[few.start : few.stop]


class Place(NamedTuple):
    """A cell, or with no column a row: the sheet's name, and places on it from 0."""

    sheet: str
    row: int
    column: int | None = None

    def __str__(self) -> str:
        """Grants B5, or Grants row 5; without the sheet where there is only text."""
        where = f"row {self.row + 1}" if self.column is None else cell_name(self.row, self.column)
        return f"{self.sheet} {where}".strip()


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell or a row, and the words found there."""

    place: Place
    title: str
    found: str
    says: str

    def __str__(self) -> str:
        about = f" ({self.title})" if self.title else ""
        return f"{self.place}{about}: {self.says}"

    @property
    def problem(self) -> Problem:
        """The same as a problem with a path, for lists of them."""
        return Problem(str(self.place), self.says)


class Seen(NamedTuple):
    """One row of the file: what becomes of it, as which record, and what is wrong with it."""

    place: Place
    kind: str
    outcome: Outcome
    key: str
    says: str
    faults: tuple[Fault, ...] = ()
    cells: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person has said so far.

    `answers` by the key of a question. `corrections` by the place of a cell: what to read instead
    of what it holds. `left_out` are the places of rows, without a column, that are not wanted.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    corrections: Mapping[Place, str] = field(default_factory=dict)
    left_out: frozenset[Place] = frozenset()
