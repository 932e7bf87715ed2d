"""A return laid out as its workbook will be, as plain values: to be looked at before it is written.

Rows and columns count from 1, as on the sheet. `value` is what the cell holds (pounds, not pence; a
fraction for a percentage); `text` is how the sheet shows it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from fundtrack.core.model import Portfolio
    from fundtrack.core.rates import Statutory
    from fundtrack.core.returns.figures import CellValue, ReturnFigures
    from fundtrack.core.returns.layout import Layout


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which return is asked for: of which book, award and period, in which layout, as at which day.

    `confirmed` are the private things (`names`, `salaries`) that may stand in it.
    """

    portfolio: Portfolio = field(repr=False)
    statutory: Statutory = field(repr=False)
    award: str
    period: str
    layout: Layout = field(repr=False)
    today: date
    confirmed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCell:
    """One cell. `role` is how it looks (`enter`, `auto`, `total` ...), `kind` what it holds.

    `figure` names what stands there (`finance/total/actual`), "" for words of the layout; `formula`
    is as the sheet has it, without its =; `choices` are the only answers it takes.
    """

    row: int
    column: int
    text: str
    role: str
    kind: str = "text"
    value: CellValue = None
    formula: str = ""
    figure: str = ""
    choices: tuple[str, ...] = ()
    left: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSheet:
    """One sheet: its cells by row and column, and how wide its columns are in characters.

    `freeze` first columns stay in sight while it is scrolled sideways; `head` is the row of the
    columns' heads, the words of who types below it, and 0 where the sheet has none.
    """

    kind: str
    title: str
    widths: tuple[int, ...]
    rows: int
    cells: dict[tuple[int, int], ShownCell] = field(repr=False)
    places: dict[str, tuple[int, int]] = field(repr=False)
    """Where each figure stands."""
    freeze: int = 0
    head: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidOut:
    """A whole return laid out: its figures, whose findings name their cells, and its sheets."""

    figures: ReturnFigures
    layout: Layout
    sheets: tuple[ShownSheet, ...]

    def find(self, figure: str) -> tuple[int, int, int] | None:
        """The sheet, row and column in which a figure stands; None where no sheet shows it."""
        for at, sheet in enumerate(self.sheets):
            if figure in sheet.places:
                return (at, *sheet.places[figure])
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutName:
    """A layout there is: `own` stands in the charity's own folder, `wrong` says what is amiss."""

    name: str
    title: str
    own: bool = False
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFile:
    """A return's file as it was written and proved: its figures, and the file's SHA-256."""

    figures: ReturnFigures
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchFile:
    """What became of one of many files: how many of its checks fail, or why it was not written."""

    name: str
    fails: int = 0
    problem: str = ""
