"""A funder's own workbook as plain values: its sheets, which cell is filled with what, the outcome.

Rows and columns count from 1, as on the sheet. What is worked out here is only which cells a
mapping covers; files are read and written elsewhere.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from fundtrack.core.model import Portfolio
    from fundtrack.core.rates import Statutory
    from fundtrack.core.returns.figures import Finding
    from fundtrack.core.returns.vocabulary import Item

Mark = Literal["open", "locked", "formula", "merged", "fixed", "hidden"]
"""How a cell is marked: only an `open` one may be filled."""
Money = Literal["pence", "pounds", "thousands"]
_ALIKE = 0.72


class Spot(NamedTuple):
    """One cell of one sheet."""

    sheet: str
    row: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FormCell:
    """One cell: `text` as it shows it, `why` it may not be filled, whether it has a drop-down.

    `kind` is the sort of value it is made for, in a word a person knows.
    """

    text: str = ""
    mark: Mark = "open"
    why: str = ""
    listed: bool = False
    right: bool = False
    kind: str = "anything"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSheet:
    """One sheet: how far it reaches, its merged blocks (top, left, bottom, right), what is hidden.

    `widths` are in characters, where they differ from the usual.
    """

    title: str
    rows: int
    columns: int
    protected: bool
    widths: dict[int, float] = field(repr=False)
    merged: tuple[tuple[int, int, int, int], ...] = field(repr=False)
    hidden_rows: frozenset[int] = field(repr=False)
    hidden_columns: frozenset[int] = field(repr=False)
    to_fill: int = 0
    """How many cells a protected sheet leaves unlocked to be filled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFill:
    """A cell, or a row or column of cells, and what fills it: a field of the vocabulary, or text.

    `of` are the keys of what a field repeats for, one for each cell; a block without takes all of
    them in the order of the book. `words` are ours and the funder's, in pairs.
    """

    sheet: str
    top: int
    left: int
    bottom: int
    right: int
    field: str = ""
    of: tuple[str, ...] = ()
    month: int | None = None
    fixed: str | None = None
    money: Money = "pence"
    words: tuple[tuple[str, str], ...] = ()

    @property
    def cells(self) -> tuple[Spot, ...]:
        """Its cells, in order."""
        return tuple(
            Spot(self.sheet, row, column)
            for row in range(self.top, self.bottom + 1)
            for column in range(self.left, self.right + 1)
        )

    @property
    def size(self) -> int:
        """How many cells it fills."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)

    def holds(self, spot: Spot) -> bool:
        """Whether it fills a cell."""
        return (
            spot.sheet == self.sheet
            and self.top <= spot.row <= self.bottom
            and self.left <= spot.column <= self.right
        )

    def of_cell(self, spot: Spot) -> str:
        """The key of what one of its cells is for; "" where that is not said."""
        at = self.cells.index(spot)
        return self.of[at] if at < len(self.of) else ""


def one_cell(spot: Spot) -> FormFill:
    """A fill of one cell, with nothing in it yet."""
    return FormFill(
        sheet=spot.sheet, top=spot.row, left=spot.column, bottom=spot.row, right=spot.column
    )


def fill_over(fills: Iterable[FormFill], spot: Spot) -> FormFill | None:
    """What fills a cell, or None."""
    return next((each for each in fills if each.holds(spot)), None)


def without(fills: Iterable[FormFill], gone: Iterable[Spot]) -> tuple[FormFill, ...]:
    """The fills without some cells; a block that loses one is kept as what is left of it.

    A block that takes everything in the book's order has no part that means the same: it goes.
    """
    taken = frozenset(gone)
    kept = list[FormFill]()
    for each in fills:
        left = [spot for spot in each.cells if spot not in taken]
        if len(left) == each.size:
            kept.append(each)
        elif each.of or each.fixed is not None:
            kept += [_part(each, spot) for spot in left]
    return tuple(kept)


def _part(fill: FormFill, spot: Spot) -> FormFill:
    of = fill.of_cell(spot)
    alone = one_cell(spot)
    return replace(
        fill,
        top=alone.top,
        left=alone.left,
        bottom=alone.bottom,
        right=alone.right,
        of=(of,) if of else (),
    )


def with_fills(fills: Iterable[FormFill], added: Sequence[FormFill]) -> tuple[FormFill, ...]:
    """The fills with others put in; cells filled before are filled by the new ones alone."""
    taken = [spot for each in added for spot in each.cells]
    return (*without(fills, taken), *added)


def joined(fills: Iterable[FormFill]) -> tuple[FormFill, ...]:
    """The fills, those of neighbouring cells that differ only in whom they are for as one block."""
    kept = list[FormFill]()
    for each in sorted(fills, key=lambda one: (one.sheet, one.left, one.top)):
        last = kept[-1] if kept else None
        if last is not None and each.of and _goes_on(last, each):
            kept[-1] = replace(last, bottom=each.bottom, right=each.right, of=last.of + each.of)
        else:
            kept.append(each)
    return tuple(kept)


def _goes_on(last: FormFill, fill: FormFill) -> bool:
    """Whether a fill stands just below or beside another of the same field, each with its keys."""
    alike = replace(last, of=()) == replace(
        fill, top=last.top, left=last.left, bottom=last.bottom, right=last.right, of=()
    )
    below = fill.top == last.bottom + 1 and fill.left == last.left and fill.right == last.right
    beside = fill.left == last.right + 1 and fill.top == last.top and fill.bottom == last.bottom
    column, row = last.left == last.right, last.top == last.bottom
    goes = (below and column and fill.left == fill.right) or (
        beside and row and fill.top == fill.bottom
    )
    return alike and goes and len(last.of) == last.size and len(fill.of) == fill.size


def repeated(
    first: FormFill, cells: Sequence[Spot], labels: Sequence[str], items: Sequence[Item]
) -> tuple[FormFill, ...]:
    """A field filled over a run of cells, one item to each, known by the words beside the cell.

    The first cell keeps its item. A cell whose words name no item takes none, unless no words stand
    beside any of them: then the items follow in the order of the book.
    """
    keys = _keys_for(first, cells, labels, items)
    return tuple(
        replace(_at(first, spot), of=(key,)) for spot, key in zip(cells, keys, strict=True) if key
    )


def _at(fill: FormFill, spot: Spot) -> FormFill:
    alone = one_cell(spot)
    return replace(
        fill, top=alone.top, left=alone.left, bottom=alone.bottom, right=alone.right, of=()
    )


def _keys_for(
    first: FormFill, cells: Sequence[Spot], labels: Sequence[str], items: Sequence[Item]
) -> list[str]:
    order = [item.key for item in items]
    if len({label for label in labels if label}) <= 1:
        begins = order.index(first.of[0]) if first.of and first.of[0] in order else 0
        after = order[begins : begins + len(cells)]
        return [*after, *[""] * (len(cells) - len(after))]
    keys, free = [first.of[0] if first.of else ""], set(order)
    free.discard(keys[0])
    for label in labels[1:]:
        key = nearest_item(label, [item for item in items if item.key in free])
        free.discard(key)
        keys.append(key)
    return keys


def nearest_item(label: str, items: Sequence[Item]) -> str:
    """The key of the item that words on a sheet name, or "" if none is near enough."""
    said = _plain(label)
    if not said:
        return ""
    scored = [
        (difflib.SequenceMatcher(None, said, _plain(item.title)).ratio(), item.key)
        for item in items
    ]
    best = max(scored, default=(0.0, ""))
    return best[1] if best[0] >= _ALIKE else ""


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


# --- what filling would do ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FormAsked:
    """Which return fills the workbook; `confirmed` are the private things that may stand in it."""

    portfolio: Portfolio = field(repr=False)
    statutory: Statutory = field(repr=False)
    award: str
    period: str
    today: date
    confirmed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormChange:
    """One cell as it is and as it will be, how it was found, and where its figure came from.

    `records` are list and key, as `actuals: a-12`; `moved_from` is the cell it was in before.
    """

    spot: Spot
    field: str
    of: str
    old: str
    new: str
    found_by: str
    source: str = ""
    records: tuple[str, ...] = ()
    moved_from: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormProblem:
    """What stands in the way of writing, and the cell it is about if it is about one.

    `ours` is our word for it, where the cell's drop-down has another or none.
    """

    says: str
    spot: Spot | None = None
    ours: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPlan:
    """What filling would do. With any problem nothing can be written.

    `looks` are things to know before sending: the file's remarks, what looks personal.
    """

    changes: tuple[FormChange, ...] = ()
    problems: tuple[FormProblem, ...] = ()
    looks: tuple[FormProblem, ...] = ()
    findings: tuple[Finding, ...] = ()

    def at(self, spot: Spot) -> FormChange | None:
        """What would happen to a cell, or None."""
        return next((each for each in self.changes if each.spot == spot), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormStart:
    """What is remembered for a workbook: its fills as they stand in this file, and what is new.

    `name` is empty where nothing is remembered. `lost` are cells that were not found again.
    """

    name: str = ""
    fills: tuple[FormFill, ...] = ()
    differences: tuple[FormProblem, ...] = ()
    lost: tuple[FormProblem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormProof:
    """A file written and proved: what was shown of it, and its SHA-256."""

    says: tuple[str, ...]
    sha256: str
