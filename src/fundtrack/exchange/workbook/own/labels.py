"""Knows a cell by the words beside and above it, so that it is found again when a row has moved.

A label is a text the funder wrote: not a formula's, not what somebody typed into a cell made for
answers. A cell's anchor is the nearest label to its left and the nearest above. Where that pair
stands more than once on a sheet, its place among them and the heading above tell them apart; where
even that leaves a doubt, the cell is not found, and is not filled.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from fundtrack.core.words import count
from fundtrack.exchange.workbook.own.places import LAST_COLUMN, LAST_ROW, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fundtrack.exchange.workbook.own.places import Area
    from fundtrack.exchange.workbook.own.sheet import Sheet

_LONGEST = 300
_MOST_MERGED = 2_000
_UNSEEN = " \t\n\u00a0:*.†‡"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The words a cell is known by, and where they stood when it was chosen.

    Where several cells have these words, `under` is the heading above the table, and `seen` says
    which of how many with these words and this heading it is.
    """

    row: str = ""
    row_at: Place | None = None
    column: str = ""
    column_at: Place | None = None
    under: str = ""
    seen: tuple[int, int] = (1, 1)

    @property
    def says(self) -> str:
        """The words, as a person reads them: row “Travel”, column “Actual”."""
        named = [("row", self.row), ("column", self.column)]
        return ", ".join(f"{what} “{text}”" for what, text in named if text) or "its address alone"


class Found(NamedTuple):
    """Where a cell was found; or the reason why it was not."""

    place: Place | None
    says: str = ""


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """A label as two people would agree it says: case, spaces and marks at its end do not count."""
    return " ".join(text.split()).strip(_UNSEEN).casefold()


@dataclass
class Labels:
    """The labels of a sheet. `ignored` are cells known to hold answers: those a mapping fills.

    When rows have moved, a label may stand where an answer stood: `known` are words (as `plain`)
    that are labels wherever they stand.
    """

    sheet: Sheet
    ignored: frozenset[Place] = frozenset()
    known: frozenset[str] = frozenset()
    texts: dict[Place, str] = field(default_factory=dict)
    _by_text: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))
    _in_row: dict[int, list[tuple[int, Place]]] = field(default_factory=lambda: defaultdict(list))
    _in_column: dict[int, list[tuple[int, Place]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    _merged: dict[Place, Area] = field(default_factory=dict)
    _judged: dict[Place, bool] = field(default_factory=dict)
    _headings: dict[int, str] = field(default_factory=dict)
    _beside_both: dict[tuple[str, str], list[Place]] = field(default_factory=dict)
    _under_heading: dict[tuple[str, str, str], list[Place]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for place, value in self.sheet.cells.texts():
            said = plain(value) if len(value) <= _LONGEST else ""
            if not said or (place in self.ignored and said not in self.known):
                continue
            self.texts[place] = " ".join(value.split())
            self._by_text[said].append(place)
            self._in_row[place.row].append((place.column, place))
            self._in_column[place.column].append((place.row, place))
        for area in self.sheet.merged:
            self._spread(area)
        for found in (*self._in_row.values(), *self._in_column.values()):
            found.sort()

    def _spread(self, area: Area) -> None:
        """A label merged over several rows or columns stands beside each of them."""
        home = area.first
        if home not in self.texts or area.size > _MOST_MERGED:
            return
        self._merged[home] = area
        for row in range(area.top + 1, area.bottom + 1):
            insort(self._in_row[row], (area.left, home))
        for column in range(area.left + 1, area.right + 1):
            insort(self._in_column[column], (area.top, home))

    def is_label(self, place: Place) -> bool:
        """Whether the text in a cell is the funder's, and not an answer."""
        if place not in self._judged:
            self._judged[place] = place in self.texts and not self._takes_answers(place)
        return self._judged[place]

    def _takes_answers(self, place: Place) -> bool:
        opened = self.sheet.protected and not self.sheet.is_locked(place)
        return opened or self.sheet.has_rule(place)

    def left_of(self, place: Place) -> Place | None:
        """The nearest label to the left of a cell, in its row."""
        return self._nearest(self._in_row.get(place.row, []), place.column)

    def above(self, place: Place) -> Place | None:
        """The nearest label above a cell, in its column."""
        return self._nearest(self._in_column.get(place.column, []), place.row)

    def _nearest(self, found: list[tuple[int, Place]], before: int) -> Place | None:
        for at in range(bisect_left(found, (before,)) - 1, -1, -1):
            if self.is_label(found[at][1]):
                return found[at][1]
        return None

    def heading_over(self, place: Place | None) -> str:
        """The words of the nearest row above a label that holds nothing but one label."""
        if place is None:
            return ""
        if place.row not in self._headings:
            self._headings[place.row] = self._heading_over(place.row)
        return self._headings[place.row]

    def _heading_over(self, below: int) -> str:
        for row in range(below - 1, 0, -1):
            homes = {home for _, home in self._in_row.get(row, ())}
            if len(homes) == 1 and self.is_label(next(iter(homes))):
                return self.texts[next(iter(homes))]
        return ""

    # --- anchoring -----------------------------------------------------------------------------

    def anchor(self, place: Place) -> Anchor:
        """What a cell is known by."""
        left, above = self.left_of(place), self.above(place)
        found = Anchor(
            row="" if left is None else self.texts[left],
            row_at=left,
            column="" if above is None else self.texts[above],
            column_at=above,
        )
        alike = self._alike(found, place)
        if len(alike) < 2 or place not in alike:
            return found
        found = replace(found, under=self.heading_over(above))
        alike = self._under(found, alike)
        return replace(found, seen=(alike.index(place) + 1, len(alike)))

    def _under(self, anchor: Anchor, alike: list[Place]) -> list[Place]:
        """Those of several cells that have an anchor's heading above them, if it has one."""
        if not anchor.under:
            return alike
        key = (plain(anchor.row), plain(anchor.column), plain(anchor.under))
        if not all(key):
            return self._below(key[-1], alike)
        if key not in self._under_heading:
            self._under_heading[key] = self._below(key[-1], alike)
        return self._under_heading[key]

    def _below(self, heading: str, places: list[Place]) -> list[Place]:
        return [one for one in places if plain(self.heading_over(self.above(one))) == heading]

    def find(self, anchor: Anchor, place: Place) -> Found:
        """Where the cell with this anchor is now; `place` is where it was when it was chosen.

        A cell without any label can only be looked for at its address; whether it may be filled
        there is for the caller to judge (see `Anchor.row_at`).
        """
        if not anchor.row and not anchor.column:
            return Found(place)
        alike = self._under(anchor, self._alike(anchor, place))
        number, among = anchor.seen
        if len(alike) == among:
            return Found(alike[number - 1])
        where = f" under “{anchor.under}”" if anchor.under else ""
        return Found(None, self._not_found(anchor, alike, where))

    def _not_found(self, anchor: Anchor, alike: list[Place], where: str) -> str:
        if not alike:
            return f"no cell with {anchor.says}{where} is on the sheet now"
        cells = ", ".join(map(str, alike[:6]))
        was = "there was one" if anchor.seen[1] == 1 else f"there were {anchor.seen[1]}"
        return f"{count(len(alike), 'cell')} with {anchor.says}{where} ({cells}), where {was}"

    def _alike(self, anchor: Anchor, place: Place) -> list[Place]:
        """Every cell whose nearest labels are those of an anchor, row by row."""
        row, column = plain(anchor.row), plain(anchor.column)
        if not (row and column):
            return self._looked_for(anchor, place)
        # With both labels, where the cell stood does not matter: others ask for the same.
        if (row, column) not in self._beside_both:
            self._beside_both[row, column] = self._looked_for(anchor, place)
        return self._beside_both[row, column]

    def _looked_for(self, anchor: Anchor, place: Place) -> list[Place]:
        row, column = plain(anchor.row), plain(anchor.column)
        found = set()
        for candidate in self._candidates(anchor, place):
            left, above = self.left_of(candidate), self.above(candidate)
            if row and (left is None or plain(self.texts[left]) != row):
                continue
            if column and (above is None or plain(self.texts[above]) != column):
                continue
            found.add(candidate)
        return sorted(found)

    def _candidates(self, anchor: Anchor, place: Place) -> Iterator[Place]:
        rows = self._by_text.get(plain(anchor.row), []) if anchor.row else []
        columns = self._by_text.get(plain(anchor.column), []) if anchor.column else []
        if anchor.row and anchor.column:
            # A label merged over several rows or columns may stand beside any of them.
            for row in {one for home in rows for one in self._rows_beside(home)}:
                for column in {one for home in columns for one in self._columns_below(home)}:
                    yield Place(row, column)
            return
        homes, at = (rows, anchor.row_at) if anchor.row else (columns, anchor.column_at)
        for home in homes:
            moved = (
                place if at is None else home.moved(place.row - at.row, place.column - at.column)
            )
            if 1 <= moved.row <= LAST_ROW and 1 <= moved.column <= LAST_COLUMN:
                yield moved

    def _rows_beside(self, home: Place) -> range:
        area = self._merged.get(home)
        return range(home.row, (home.row if area is None else area.bottom) + 1)

    def _columns_below(self, home: Place) -> range:
        area = self._merged.get(home)
        return range(home.column, (home.column if area is None else area.right) + 1)
