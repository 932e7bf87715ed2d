"""Finds the tables on a sheet: where the titles are, which rows are figures and which are not.

People put a name above their table, leave rows and columns blank, add sub-totals, notes and a
second table below. Every row that is not taken as a row of the table is told, with the reason, so
that a person can say otherwise; nothing is left out in silence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from fundtrack.core import words
from fundtrack.exchange.cells import UnreadableError
from fundtrack.exchange.tables import values
from fundtrack.exchange.tables.sheets import (
    Area,
    Line,
    Sheet,
    Spreadsheet,
    Value,
    cell_name,
    is_blank,
)

_HEADER_WITHIN = 25  # lines of a block in which its titles are looked for
_LONGEST_TITLE = 120
_MOST_TABLES = 200
_NEAR = 0.005
_ACTUAL_OR_NOT = frozenset(("actual", "actuals", "forecast", "budget", "planned", "outturn"))
_TOTAL = re.compile(
    r"\s*(?:sub[\s-]*totals?|grand\s+totals?|totals?|overall|sum\s+of|net\s+total)\b", re.IGNORECASE
)
Why = Literal["total", "heading", "note", "repeated titles", "title"]
Known = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Aside:
    """A line of the sheet that is no row of the table, what it says, and why it was set aside."""

    row: int
    says: str
    why: Why


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its place on the sheet (0 is A) and its title, as people read it."""

    at: int
    title: str


@dataclass(frozen=True)
class Table:
    """A table found on a sheet. Rows and columns are places on the sheet, from 0.

    `filled` holds the text that vertically merged cells lend to the rows below their first.
    """

    sheet: Sheet
    header: tuple[int, ...]
    columns: tuple[Column, ...]
    rows: tuple[int, ...]
    aside: tuple[Aside, ...]
    filled: tuple[tuple[tuple[int, int], Value], ...] = ()

    @property
    def name(self) -> str:
        """What to call it: its sheet, and where its titles are."""
        first = cell_name(self.header[0] if self.header else 0, self.columns[0].at)
        return f"{self.sheet.name} {first}".strip()

    @property
    def hidden_rows(self) -> tuple[int, ...]:
        """Which of its rows the sheet hides."""
        return tuple(row for row in self.rows if row in self.sheet.hidden_rows)

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of its columns, in order."""
        return tuple(column.title for column in self.columns)

    def line(self, row: int) -> tuple[Value, ...]:
        """Return a row's cells, one for each column."""
        line = self.sheet.lines[row]
        return tuple(
            self._lent.get((row, column.at), line[column.at] if column.at < len(line) else None)
            for column in self.columns
        )

    def lines(self) -> list[tuple[Value, ...]]:
        """Return every row's cells, one for each column."""
        return list(self._lines)

    def column(self, at: int) -> tuple[Value, ...]:
        """Return the cells of one of its columns by its number among them, in every row."""
        return self._columns[at] if self._columns else ()

    @cached_property
    def _lent(self) -> dict[tuple[int, int], Value]:
        return dict(self.filled)

    @cached_property
    def _lines(self) -> tuple[tuple[Value, ...], ...]:
        if self._lent:
            return tuple(map(self.line, self.rows))
        places = [column.at for column in self.columns]
        width = places[-1] + 1 if places else 0
        lines = (self.sheet.lines[row] for row in self.rows)
        whole = (line if len(line) >= width else line + (None,) * width for line in lines)
        if places and places == list(range(places[0], width)):
            return tuple([line[places[0] : width] for line in whole])
        return tuple([tuple([line[at] for at in places]) for line in whole])

    @cached_property
    def _columns(self) -> tuple[tuple[Value, ...], ...]:
        return tuple(zip(*self._lines, strict=True))

    def said(self) -> tuple[str, ...]:
        """Return what a person should know of how it was found, in sentences."""
        told: list[str] = []
        if self.sheet.hidden:
            told.append(f"The sheet “{self.sheet.name}” is hidden.")
        if hidden := len(self.hidden_rows):
            name = self.sheet.name
            told.append(f"Rows of “{name}” that the sheet hides are counted in: {hidden:,}.")
        for why, n in Counter(line.why for line in self.aside if line.why != "title").items():
            told.append(f"{n:,} {_SAID[why][n > 1]} set aside.")
        return tuple(told)


_SAID: dict[Why, tuple[str, str]] = {
    "total": ("line of totals was", "lines of totals were"),
    "heading": ("heading was", "headings were"),
    "note": ("note was", "notes were"),
    "repeated titles": ("repeated line of titles was", "repeated lines of titles were"),
    "title": ("title was", "titles were"),
}


def tables(spreadsheet: Spreadsheet, known: Known = lambda _title: False) -> tuple[Table, ...]:
    """Return every table of every sheet, hidden sheets last; `known` tells a title we know."""
    shown = [sheet for sheet in spreadsheet.sheets if not sheet.hidden]
    hidden = [sheet for sheet in spreadsheet.sheets if sheet.hidden]
    found: list[Table] = []
    for sheet in (*shown, *hidden):
        found.extend(on_sheet(sheet, known))
        if len(found) > _MOST_TABLES:
            break
    return tuple(found[:_MOST_TABLES])


def on_sheet(sheet: Sheet, known: Known = lambda _title: False) -> tuple[Table, ...]:
    """Return the tables of one sheet, from the top, those side by side from the left."""
    found: list[_Draft] = []
    for left, right in _bands(sheet, known):
        found.extend(_Band(sheet, left, right, known).drafts())
    return tuple(draft.table() for draft in found if draft.columns and draft.rows)


# --- side by side ------------------------------------------------------------------------------


def _bands(sheet: Sheet, known: Known) -> list[tuple[int, int]]:
    """Return the runs of columns that hold tables of their own; nearly always one, the sheet.

    Two runs with a blank column between them are two tables only when both repeat a title: a blank
    column within one table is far more usual.
    """
    runs = _runs(sheet)
    if len(runs) < 2:
        return runs
    heads = [_Band(sheet, left, right, known).first_titles() for left, right in runs]
    bands = [runs[0]]
    seen = set(heads[0])
    for run, head in zip(runs[1:], heads[1:], strict=True):
        if len(head) > 1 and len(seen & set(head)) > 1:
            bands.append(run)
            seen = set(head)
        else:
            bands[-1] = (bands[-1][0], run[1])
            seen |= set(head)
    return bands


def _runs(sheet: Sheet) -> list[tuple[int, int]]:
    """Return the runs of columns with no blank column within."""
    wide = max(map(len, sheet.lines), default=0)
    used = [
        at
        for at in range(wide)
        if any(at < len(line) and line[at] is not None for line in sheet.lines)
    ]
    runs: list[tuple[int, int]] = []
    for at in used:
        if runs and runs[-1][1] == at:
            runs[-1] = (runs[-1][0], at + 1)
        else:
            runs.append((at, at + 1))
    return runs


# --- from top to bottom ------------------------------------------------------------------------


class _Draft:
    """A table being put together."""

    def __init__(self, sheet: Sheet, header: list[int], columns: list[Column]) -> None:
        self.sheet = sheet
        self.header = header
        self.columns = columns
        self.rows: list[int] = []
        self.aside: list[Aside] = []

    def table(self) -> Table:
        """Return it as a value, its trailing headings told as the notes they are."""
        last = self.rows[-1]
        aside = [
            Aside(each.row, each.says, "note")
            if each.why == "heading" and each.row > last
            else each
            for each in self.aside
        ]
        filled = tuple(self._filled())
        return Table(
            self.sheet,
            tuple(self.header),
            tuple(self.columns),
            tuple(self.rows),
            tuple(aside),
            filled,
        )

    def _filled(self) -> list[tuple[tuple[int, int], Value]]:
        """Return what merged cells lend: text only, for a merged amount is one amount."""
        rows, places = set(self.rows), {column.at for column in self.columns}
        return [
            ((row, area.left), value)
            for area in self.sheet.merged
            if area.left in places and isinstance(value := self.sheet.at(area.top, area.left), str)
            for row in range(area.top + 1, min(area.bottom, len(self.sheet.lines) - 1) + 1)
            if row in rows
        ]


class _Band:
    """A run of columns of a sheet, read from top to bottom."""

    def __init__(self, sheet: Sheet, left: int, right: int, known: Known) -> None:
        self._sheet = sheet
        self._left = left
        self._right = right
        self._known = known
        self._merged = [area for area in sheet.merged if area.left < right and area.right >= left]

    def first_titles(self) -> list[str]:
        """Return the titles of the first table, plain, or nothing."""
        for block in self._blocks()[:3]:
            at = self._header_of(block)
            if at is not None:
                return [_plain(each.title) for each in self._columns([at]) if each.title]
        return []

    def drafts(self) -> list[_Draft]:
        """Return the tables from the top."""
        found: list[_Draft] = []
        above: list[Aside] = []
        for block in self._blocks():
            at = self._header_of(block)
            current = found[-1] if found else None
            if current and (at is None or not self._begins_another(current, block, at)):
                self._take(current, block)
                continue
            if at is None:
                above += [Aside(row, self._said(row), "title") for row in block]
                continue
            header = self._header_rows(block, at)
            draft = _Draft(self._sheet, header, self._columns(header))
            above = [
                *above,
                *(Aside(row, self._said(row), "title") for row in block if row < header[0]),
            ]
            draft.aside, above = above, []
            self._take(draft, [row for row in block if row > header[-1]])
            found.append(draft)
        if not found and above:  # no titles anywhere: letters stand for them
            return [self._untitled()]
        return found

    def _untitled(self) -> _Draft:
        draft = _Draft(self._sheet, [], [])
        draft.columns = [
            Column(at, "") for at in range(self._left, self._right) if self._is_used(at)
        ]
        draft.rows = [row for row, _ in enumerate(self._sheet.lines) if self._filled(row)]
        return draft

    def _is_used(self, at: int) -> bool:
        return any(at < len(line) and line[at] is not None for line in self._sheet.lines)

    # --- lines ---------------------------------------------------------------------------------

    def _cells(self, row: int) -> tuple[Value, ...]:
        return self._sheet.lines[row][self._left : self._right]

    def _filled(self, row: int) -> list[int]:
        return [self._left + at for at, cell in enumerate(self._cells(row)) if cell is not None]

    def _said(self, row: int) -> str:
        return " · ".join(values.shown(cell) for cell in self._cells(row) if cell is not None)[:200]

    def _blocks(self) -> list[list[int]]:
        """Return the runs of lines with nothing blank between them."""
        blocks: list[list[int]] = []
        before = -2
        for row, line in enumerate(self._sheet.lines):
            if not is_blank(line[self._left : self._right]):
                if row != before + 1:
                    blocks.append([])
                blocks[-1].append(row)
                before = row
        return blocks

    # --- titles --------------------------------------------------------------------------------

    def _header_of(self, block: Sequence[int]) -> int | None:
        """Return the line of a block that looks most like titles, if one does."""
        looked = block[: _HEADER_WITHIN + 1]
        wide = max(len(self._filled(row)) for row in block[:200])
        best: tuple[float, int] | None = None
        for place, row in enumerate(looked[:_HEADER_WITHIN]):
            score = self._title_score(row, block[place + 1 : place + 31], wide)
            if score > 0 and (best is None or score > best[0] + 1e-9):
                best = (score, row)
        return None if best is None else best[1]

    def _title_score(self, row: int, below: Sequence[int], wide: int) -> float:
        cells = [cell for cell in self._cells(row) if cell is not None]
        texts = [cell for cell in cells if isinstance(cell, str)]
        known = sum(self._known(str(cell)) for cell in cells)
        alone = len(cells) == 1 and (wide > 1 or not below or not known)
        total = cells and _TOTAL.match(str(cells[0])) and not known
        if alone or total or not texts or not all(map(_may_be_title, cells)):
            return 0
        distinct = len({_plain(str(cell)) for cell in cells}) / len(cells)
        cover = len(cells) / wide
        differs = self._differs(row, below)
        strange = not known and (
            cover < 0.5 or not (differs or below) or (not differs and row and len(cells) < 3)
        )
        if strange:
            return 0
        return 3 * known / len(cells) + cover + distinct + 2 * differs - (0 if below else 1)

    def _differs(self, row: int, below: Sequence[int]) -> float:
        """Return the share of columns whose cells below are of another kind than the title."""
        kinds: list[bool] = []
        for at in self._filled(row):
            cells = [cell for each in below if (cell := self._sheet.at(each, at)) is not None]
            if cells:
                figures = sum(not isinstance(cell, str) or _is_figure(cell) for cell in cells)
                kinds.append(figures * 2 > len(cells) and not _is_figure(self._sheet.at(row, at)))
        return sum(kinds) / len(kinds) if kinds else 0.0

    def _header_rows(self, block: Sequence[int], at: int) -> list[int]:
        """Return the line of titles and, where there is one, the line of groups beside it."""
        place = block.index(at)
        rows = [at]
        if place and self._groups(block[place - 1], at):
            rows.insert(0, block[place - 1])
        elif place + 1 < len(block) and self._groups(at, block[place + 1]):
            rows.append(block[place + 1])
        below = block.index(rows[-1]) + 1
        if below < len(block) and self._tells_forecasts(block[below]):
            rows.append(block[below])
        return rows

    def _tells_forecasts(self, row: int) -> bool:
        """Tell whether a line only says which columns are actual and which are forecast."""
        cells = [self._sheet.at(row, at) for at in self._filled(row)]
        return len(cells) > 1 and all(
            isinstance(cell, str) and _plain(cell) in _ACTUAL_OR_NOT for cell in cells
        )

    def _groups(self, upper: int, lower: int) -> bool:
        """Tell whether the upper line groups the titles of the lower one."""
        above = [area for area in self._merged if area.top == upper and area.across > 1]
        lower_cells = [cell for cell in self._cells(lower) if cell is not None]
        if not lower_cells or any(not _may_be_title(cell) for cell in lower_cells):
            return False
        if any(_is_figure(cell) for cell in lower_cells if isinstance(cell, str)):
            return False
        filled = self._filled(upper)
        if any(not isinstance(self._sheet.at(upper, each), str) for each in filled):
            return False
        parts = [area for area in above if area.across < self._right - self._left - 1]
        if parts:
            under = {at for area in parts for at in range(area.left, area.right + 1)}
            return bool(under & set(self._filled(lower)))
        # no merged cells: groups stand over blanks, with titles of their own elsewhere
        return (
            len(filled) > 1
            and len(filled) < len(self._filled(lower))
            and not set(self._filled(lower)) - set(range(filled[0], self._right))
            and set(filled) <= set(self._filled(lower))
            and not any(self._known(str(self._sheet.at(upper, each))) for each in filled)
        )

    def _columns(self, header: Sequence[int]) -> list[Column]:
        """Return the titled columns, each title with that of its group before it."""
        columns: list[Column] = []
        used: Counter[str] = Counter()
        for at in range(self._left, self._right):
            parts: list[str] = []
            for place, row in enumerate(header):
                text = self._title(row, at, spreads=place < len(header) - 1)
                if text and text not in parts:
                    parts.append(text)
            title = " – ".join(parts)
            if not title and not self._is_used(at):
                continue
            used[title] += 1
            columns.append(Column(at, title if used[title] == 1 else f"{title} ({used[title]})"))
        return [column for column in columns if column.title.strip(" ()0123456789") or header]

    def _title(self, row: int, at: int, *, spreads: bool) -> str:
        cell = self._sheet.at(row, at)
        if cell is None:
            area = self._area(row, at)
            if area is not None:
                cell = self._sheet.at(area.top, area.left)
            elif spreads and not any(each.top == row for each in self._merged):
                before = [each for each in self._filled(row) if each < at]
                cell = self._sheet.at(row, before[-1]) if before else None
        return "" if cell is None else _title_text(cell)

    def _area(self, row: int, at: int) -> Area | None:
        return next(
            (
                area
                for area in self._merged
                if area.top <= row <= area.bottom and area.left <= at <= area.right
            ),
            None,
        )

    # --- rows ----------------------------------------------------------------------------------

    def _begins_another(self, current: _Draft, block: Sequence[int], at: int) -> bool:
        """Tell whether a block with what may be titles is a table of its own."""
        titles = {_plain(str(self._sheet.at(at, each))) for each in self._filled(at)}
        ours = {_plain(column.title) for column in current.columns}
        if titles <= ours:
            return False  # the same titles printed again
        known = sum(self._known(str(self._sheet.at(at, each))) for each in self._filled(at))
        if known >= 2 or (known and known * 2 >= len(titles)):
            return True
        if at != block[0] and len(self._filled(block[0])) == 1 and len(titles) > 1:
            return self._differs(at, block[block.index(at) + 1 :]) > 0.3
        return self._differs(at, block[block.index(at) + 1 :]) > 0.6

    def _take(self, draft: _Draft, rows: Sequence[int]) -> None:
        """Sort lines into rows of the table and what stands among them."""
        titles = {column.at: _plain(column.title) for column in draft.columns}
        heads = _Heads(titles)
        sums = _Sums(draft)
        for row in rows:
            why = self._why_not(heads, row, sums)
            if why is None:
                draft.rows.append(row)
                sums.count(row)
            else:
                draft.aside.append(Aside(row, self._said(row), why))
                if why == "total":
                    sums.restart()

    def _why_not(self, heads: _Heads, row: int, sums: _Sums) -> Why | None:
        line = self._sheet.lines[row]
        cells = line[self._left : self._right]
        at = 0 if cells[0] is not None else next(i for i, c in enumerate(cells) if c is not None)
        first, filled = cells[at], len(cells) - cells.count(None)
        if isinstance(first, str):
            begins = filled > 1 and self._left + at in heads.titles  # words where a sum would stand
            if not (begins and heads.is_plain(self._left + at, first)):
                if filled > 1 and heads.has(self._left + at, first) and self._repeats(heads, cells):
                    return "repeated titles"
                full = [each for each in cells if each is not None]
                if _TOTAL.match(first) and self._is_total(full):
                    return "total"
            if begins:
                return None
        if len(heads.titles) < 3:
            return None
        if filled == 1 and isinstance(first, str) and not self._lent(row):
            return "heading"
        return "total" if sums.fit(row) else None

    def _repeats(self, heads: _Heads, cells: Line) -> bool:
        return all(
            heads.has(self._left + at, cell) for at, cell in enumerate(cells) if cell is not None
        )

    def _lent(self, row: int) -> bool:
        return any(area.top < row <= area.bottom for area in self._merged)

    def _is_total(self, cells: Sequence[Value]) -> bool:
        """Tell a line of totals from a row about something called Total."""
        texts = [cell for cell in cells if isinstance(cell, str) and not _is_figure(cell)]
        return len(texts) <= 2 or len(texts) * 2 <= len(cells)


class _Heads:
    """The titles of a table by the place of their column, to know them when they come again."""

    def __init__(self, titles: dict[int, str]) -> None:
        self.titles = titles
        self._plain: dict[tuple[int, str], bool] = {}

    def is_plain(self, at: int, cell: str) -> bool:
        """Tell whether a cell neither says the title of its column nor may begin a total."""
        if (at, cell) not in self._plain:  # the first cells of many rows say the same
            self._plain[at, cell] = not _TOTAL.match(cell) and not self.has(at, cell)
        return self._plain[at, cell]

    def has(self, at: int, cell: Value) -> bool:
        """Tell whether a cell says the title of its column, or the part of it below a group."""
        return self._has(at, _title_text(cell))

    def _has(self, at: int, text: str) -> bool:
        title, plain = self.titles.get(at, ""), _plain(text)
        return bool(plain) and (plain == title or plain in title.split(" – "))


class _Sums:
    """The sums of the figures so far, that tell a line of totals without a name.

    Nobody's money: they only decide what a line is, so the sheet's own binary numbers will do.
    """

    def __init__(self, draft: _Draft) -> None:
        self._sheet = draft.sheet
        self._places = [column.at for column in draft.columns]
        self._sums: dict[int, float] = {}
        self._waiting: list[int] = []  # rows not yet summed: few lines could be a total
        self._counted = 0

    def count(self, row: int) -> None:
        """Add a row of the table."""
        self._counted += 1
        self._waiting.append(row)

    def _settle(self) -> None:
        for row in self._waiting:
            self._sum(self._sheet.lines[row])
        self._waiting.clear()

    def _sum(self, line: Line) -> None:
        for at in self._places:
            if at < len(line) and (cell := line[at]).__class__ in (int, float):
                self._sums[at] = self._sums.get(at, 0) + cell

    def restart(self) -> None:
        """Begin again below a line of totals."""
        self._sums.clear()
        self._waiting.clear()
        self._counted = 0

    def fit(self, row: int) -> bool:
        """Tell whether a line has nothing but figures, each the sum of those above it."""
        line = self._sheet.lines[row]
        if self._counted < 2:
            return False
        found: dict[int, float] = {}
        for at in self._places:
            cell = line[at] if at < len(line) else None
            if isinstance(cell, (int, float)) and not isinstance(cell, bool):
                found[at] = cell
            elif cell is not None:
                return False
        if not 0 < len(found) < len(self._places):
            return False
        self._settle()
        near = all(abs(self._sums.get(at, 0) - cell) < _NEAR for at, cell in found.items())
        return near and any(map(self._sums.get, found))


# --- cells -------------------------------------------------------------------------------------


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _title_text(cell: Value) -> str:
    if isinstance(cell, date):
        return words.short_month(cell) if cell.day == 1 else cell.isoformat()[:10]
    return values.shown(cell) if not isinstance(cell, str) else " ".join(cell.split())


def _may_be_title(cell: Value) -> bool:
    """Tell whether a cell could be a title: short words, a year, a month, or a date of a month."""
    if isinstance(cell, str):
        return len(cell) <= _LONGEST_TITLE and not _is_amount(cell)
    if isinstance(cell, date):
        return True
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        return False
    return 1990 <= cell <= 2100 and cell == int(cell)


def _is_amount(cell: str) -> bool:
    try:
        found = values.number(cell)
    except UnreadableError:
        return False
    return not (1990 <= found <= 2100 and len(cell.strip()) == 4)


def _is_figure(cell: Value) -> bool:
    """Tell whether a cell is a number or a date, also one that stands as text."""
    if not isinstance(cell, str):
        return cell is not None and not isinstance(cell, bool)
    if _is_amount(cell) or cell.strip().endswith("%"):
        return True
    try:
        values.day(cell, _ANY)
    except UnreadableError:
        return values.is_unknown(cell)
    return values.month(cell) is None


_ANY = values.Ways(order="day-first", from_1904=False)
