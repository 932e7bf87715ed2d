"""What the cover grid shows: a post's months, split by what pays for them, and how it is read.

Shares are basis points of a month's days, stacked in the order secured, probable, possible,
unfunded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from fundtrack.core import words
from fundtrack.core.period import month_of
from fundtrack.gui import kinds
from fundtrack.gui.kinds import Kind
from fundtrack.gui.speech import tr
from fundtrack.gui.table import Column, Table

if TYPE_CHECKING:
    from decimal import Decimal

WHOLE = 10_000
LEAD = 3
"""How many columns stand before the months: the post, its FTE, and the day it is funded to."""


@dataclass(frozen=True, slots=True)
class CoverCell:
    """One month of a post, in basis points of its days; none of them when it does not exist.

    `claimed` is how much secured shares claim of its fullest day, where that is above the whole.
    """

    secured: int
    probable: int
    possible: int
    exists: bool
    claimed: int = 0

    @property
    def parts(self) -> tuple[tuple[str, int], ...]:
        """What fills the cell from the bottom, each with its share; never more than the whole."""
        if not self.exists:
            return ()
        left, found = WHOLE, []
        for cover, share in (
            ("secured", self.secured),
            ("probable", self.probable),
            ("possible", self.possible),
        ):
            part = min(share, left)
            left -= part
            if part > 0:
                found.append((cover, part))
        if left > 0:
            found.append(("unfunded", left))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class CoverRow:
    """One post over the months shown."""

    key: str
    title: str
    fte: Decimal
    funded_to: date | None
    funded_words: str
    consult: date | None
    notice: date | None
    claimed_twice: bool
    vacant: str
    cells: tuple[CoverCell, ...]


class Run(NamedTuple):
    """Months in a row that are alike: the places of the first and of the one after the last."""

    first: int
    after: int
    cell: CoverCell


def runs_of(cells: tuple[CoverCell, ...]) -> tuple[Run, ...]:
    """A post's months, those alike as one."""
    found, at = [], 0
    for cell, alike in groupby(cells):
        after = at + sum(1 for _ in alike)
        found.append(Run(at, after, cell))
        at = after
    return tuple(found)


def run_at(cells: tuple[CoverCell, ...], at: int) -> Run:
    """The run a month belongs to."""
    cell = cells[at]
    first, after = at, at + 1
    while first > 0 and cells[first - 1] == cell:
        first -= 1
    while after < len(cells) and cells[after] == cell:
        after += 1
    return Run(first, after, cell)


MONTH = Kind(name="month", text=str)
FUNDED = Kind(name="funded", text=str, figure=True)


class CoverTable(Table[CoverRow]):
    """The rows of the grid. A run of equal months is read out as one."""

    def __init__(self) -> None:
        super().__init__(cover_columns(()), key=lambda row: row.key)

    def begin_with(self, months: tuple[date, ...]) -> None:
        """Have these months as columns."""
        self.beginResetModel()
        self.columns = cover_columns(months)
        self.endResetModel()

    def spoken(self, row: CoverRow, column: Column[CoverRow]) -> str:
        """What a screen reader says: the post, the months alike, and what pays for them."""
        if column.kind is not MONTH:
            return super().spoken(row, column)
        months = self.columns[LEAD:]
        run = run_at(row.cells, months.index(column))
        span = months[run.first].title
        if run.after - run.first > 1:
            span += f" to {months[run.after - 1].title}"
        return f"{row.title}, {tr(span)}: {self.shown(row, column)}"


def cover_columns(months: tuple[date, ...]) -> tuple[Column[CoverRow], ...]:
    """The post, its FTE, the day it is funded to, and the months."""
    lead: tuple[Column[CoverRow], ...] = (
        Column(name="title", title="Post", value=lambda row: row.title, shown=_named, tip=_named),
        Column(name="fte", title="FTE", kind=kinds.FTE, value=lambda row: row.fte),
        Column(name="funded", title="Funded to", kind=FUNDED, value=lambda row: row.funded_words),
    )
    return (*lead, *(_month_column(at, month) for at, month in enumerate(months)))


def _named(row: CoverRow) -> str:
    return f"{row.title} · claimed twice" if row.claimed_twice else row.title


def _month_column(at: int, month: date) -> Column[CoverRow]:
    return Column(
        name=month.isoformat(),
        title=words.month_name(month),
        kind=MONTH,
        value=lambda row: row.cells[at],
        shown=lambda row: spoken_cell(row, at, month),
        tip=lambda row: f"{words.month_name(month)}: {spoken_cell(row, at, month)}",
    )


def spoken_cell(row: CoverRow, at: int, month: date) -> str:
    """What a month of a post says: "100 per cent probable, none secured. Notice by 6 January 2027".

    The month in which secured money first falls short says by when to give notice.
    """
    cell = row.cells[at]
    if not cell.parts:
        return row.vacant or "not in post"
    said = ", ".join(f"{words.percent(share)} per cent {cover}" for cover, share in cell.parts)
    if not cell.secured and (cell.probable or cell.possible):
        said += ", none secured"
    if cell.claimed:
        said += f". {words.percent(cell.claimed)} per cent claimed: claimed twice"
    falls = _falls_short(row, at)
    for day, what in ((row.consult, "Consult from"), (row.notice, "Notice by")):
        if day is not None and (month_of(day) == month or (falls and day is row.notice)):
            said += f". {what} {words.day(day)}"
    return said


def _falls_short(row: CoverRow, at: int) -> bool:
    """Whether this is the first month that secured money does not wholly pay."""
    return row.cells[at].secured < WHOLE and not any(
        cell.exists and cell.secured < WHOLE for cell in row.cells[:at]
    )
