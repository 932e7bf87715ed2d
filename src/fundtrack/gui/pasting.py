"""A table copied from a spreadsheet, laid onto a table here: what it would change, add or cannot.

With a row of titles, cells go to the columns of those titles, and rows to the records of that name;
a name that is not there makes a new record where the table can add one. Without titles, the block
is laid onto the table from the cell the keyboard is on, in the order that is seen. An empty cell
leaves what stands. Nothing is done here: the answer is one Edit, to be shown before it is made.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from fundtrack.core import words
from fundtrack.core.edit import Edit
from fundtrack.core.model import Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fundtrack.gui.table import Column, Table

MOST_CELLS = 20_000
_TITLES = 2
"""How many titles of the table make the first row one of titles, if none is the first column's."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One pasted cell: where it came from, where it would go, and what would become of it."""

    row: int
    """The row of what was pasted, from 1, its titles included."""
    record: str
    column: str
    before: str
    after: str
    fault: str = ""
    new: bool = False


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a paste would do. `edit` is None where there is nothing to do."""

    cells: tuple[Cell, ...]
    left_out: tuple[str, ...]
    """Columns of the paste that cannot be changed here, or are not known."""
    edit: Edit | None
    changed: int = 0
    added: int = 0

    @property
    def faults(self) -> tuple[Cell, ...]:
        """What cannot stand."""
        return tuple(cell for cell in self.cells if cell.fault)


def block(text: str) -> tuple[tuple[str, ...], ...]:
    """Read what a spreadsheet puts on the clipboard: rows of cells, without empty rows at the end.

    Raises ValueError if that is more than can be looked over.
    """
    rows = [
        tuple(_plain(cell) for cell in row)
        for row in csv.reader(io.StringIO(text, newline=""), delimiter="\t")
    ]
    while rows and not any(rows[-1]):
        rows.pop()
    if sum(map(len, rows)) > MOST_CELLS:
        raise ValueError(
            f"This is more than {MOST_CELLS:,} cells. Save it as a file, then bring the file in"
        )
    return tuple(rows)


def _plain(cell: str) -> str:
    said = " ".join(cell.split())
    return said[1:] if said[:1] == "'" and said[1:2] in ("=", "+", "-", "@") else said


class Pasting:
    """Lays a block onto a table. `shown` are its columns and `rows` its rows, as they are seen."""

    def __init__(
        self,
        table: Table[Any],
        shown: Sequence[Column[Any]],
        rows: Sequence[Any],
        name: str,
        withheld: Sequence[Column[Any]] = (),
    ) -> None:
        """Take `withheld` columns for unknown, for what they hold may not be seen."""
        self._table, self._shown, self._rows = table, shown, rows
        self._known = [column for column in table.columns if column not in withheld]
        self._label = f"Paste into {name[:1].lower()}{name[1:]}"

    def pasted(
        self,
        cells: tuple[tuple[str, ...], ...],
        at_row: int = 0,
        at_column: int = 0,
        *,
        without_faults: bool = False,
    ) -> Pasted:
        """Say what the block would do from a cell on; `without_faults` leaves out faulty rows."""
        titles = self._titles(cells[0]) if cells else None
        if titles is not None:
            lines, columns = cells[1:], titles
            targets = self._by_name(lines, columns)
        else:
            lines, columns = cells, tuple(self._shown[at_column:])
            targets = self._by_place(len(lines), at_row)
        first = 1 if titles is None else 2
        laid = [
            self._line(number, target, line, columns)
            for number, (target, line) in enumerate(zip(targets, lines, strict=True), first)
        ]
        self._refuse_twins(laid)
        kept = self._kept(laid, without_faults=without_faults)
        return Pasted(
            cells=tuple(cell for line in laid for cell in line.told),
            left_out=self._left_out(cells[0] if titles else (), columns, lines),
            edit=self._whole(kept),
            changed=sum(not line.target.new and line.changes for line in kept),
            added=sum(line.target.new for line in kept),
        )

    # --- where it goes ---

    def _titles(self, line: tuple[str, ...]) -> tuple[Column[Any] | None, ...] | None:
        """The column of each cell, if this is a row of titles."""
        called = {column.title.casefold(): column for column in self._table.columns}
        found = [called.get(cell.casefold()) for cell in line]
        if sum(it is not None for it in found) < _TITLES and self._table.columns[0] not in found:
            return None
        return tuple(column if column in self._known else None for column in found)

    def _by_name(
        self, lines: Sequence[tuple[str, ...]], columns: Sequence[Column[Any] | None]
    ) -> list[_Target]:
        naming = self._table.columns[0]
        if naming not in columns:
            return self._by_place(len(lines), 0)
        at = list(columns).index(naming)
        called: dict[str, list[Any]] = {}
        for row in self._table.whole():
            called.setdefault(self._table.words(row, naming).casefold(), []).append(row)
        named = [line[at] if at < len(line) else "" for line in lines]
        fresh = self._fresh(sum(name.casefold() not in called for name in named))
        met: set[str] = set()
        return [self._named(name, called.get(name.casefold()), fresh, met) for name in named]

    def _named(
        self, name: str, rows: list[Any] | None, fresh: Iterator[_Target], met: set[str]
    ) -> _Target:
        if rows is None:
            return replace(next(fresh), name=name)
        if len(rows) > 1:
            said = f"There are {len(rows)} called {name}. Change them one by one"
            return _Target(None, name, why_not=said)
        if name.casefold() in met:
            return _Target(None, name, why_not=f"{name} is pasted twice. Paste it once")
        met.add(name.casefold())
        return _Target(rows[0], name)

    def _by_place(self, count: int, at_row: int) -> list[_Target]:
        naming = self._table.columns[0]
        there = list(self._rows[at_row : at_row + count])
        targets = [_Target(row, self._table.words(row, naming)) for row in there]
        return [*targets, *self._fresh(count - len(there))]

    def _fresh(self, count: int) -> Iterator[_Target]:
        """New records for the rows that go to none that is there."""
        if self._table.fresh is None:
            why = "There is no such row here, and one cannot be added by pasting"
            return iter([_Target(None, "", why_not=why)] * count)
        made = self._table.fresh(count)
        naming = self._table.columns[0]
        return iter([_Target(row, self._table.words(row, naming), adds) for row, adds in made])

    # --- what it would do ---

    def _line(
        self,
        number: int,
        target: _Target,
        line: tuple[str, ...],
        columns: Sequence[Column[Any] | None],
    ) -> _Line:
        read = self._read(number, target, line, columns)
        made = _Line(number, target, [cell for cell, _, _ in read])
        given = [(column, value) for cell, column, value in read if not cell.fault]
        if target.new and not made.faulty:
            made.refuse(self._missing(given))
        if made.faulty or target.row is None:
            return made
        try:
            made.edits = self._edits(target, given)
        except ValueError as wrong:
            made.refuse(str(wrong))
        return made

    def _edits(self, target: _Target, given: Sequence[tuple[Column[Any], Any]]) -> list[Edit]:
        if self._table.together is not None:
            values = {column.name: value for column, value in given}
            return [self._table.together(target.row, values)] if values else []
        return [column.edit(target.row, value) for column, value in given if column.edit]

    def _missing(self, given: Sequence[tuple[Column[Any], Any]]) -> str:
        """What a new row cannot do without, if any of it is not there."""
        there = {column.name for column, _ in given}
        columns = [column for column in self._table.columns if column.name in self._table.needed]
        lacks = [column.title for column in columns if column.name not in there]
        return f"A new row needs {' and '.join(lacks)}" if lacks else ""

    def _refuse_twins(self, laid: Sequence[_Line]) -> None:
        """Of new rows with one name, let the first stand, where a name stands for one row only."""
        naming = self._table.columns[0]
        met: set[str] = set()
        for line in laid if self._table.named_once else ():
            named = [cell.after for cell in line.told if cell.column == naming.title]
            if line.target.new and named and not line.faulty:
                if named[0].casefold() in met:
                    line.refuse(f"{named[0]} is pasted twice. Paste it once")
                met.add(named[0].casefold())

    def _read(
        self,
        number: int,
        target: _Target,
        line: tuple[str, ...],
        columns: Sequence[Column[Any] | None],
    ) -> list[_Read]:
        if target.row is None:
            told = Cell(number, target.name, "", "", "", target.why_not)
            return [(told, self._table.columns[0], None)]
        if not self._table.is_record(target.row):  # a heading or a total, copied with the rest
            return []
        pairs = zip(line, columns, strict=False)
        read = [
            self._cell(number, target, column, text)
            for text, column in pairs
            if column is not None and text and _can_take(column, target)
        ]
        return [each for each in read if each is not None]

    def _cell(self, number: int, target: _Target, column: Column[Any], text: str) -> _Read | None:
        """What one cell would do; None where it says what stands already."""
        table, row = self._table, target.row
        before = table.words(row, column)
        stood = "" if target.new else before
        told = Cell(number, target.name, column.title, stood, text, new=target.new)
        if text == before and not target.new:
            return None
        try:
            value = _value(column, row, text)
        except ValueError as wrong:
            return replace(told, fault=str(wrong)), column, None
        if value == column.value(row) and not target.new:
            return None
        after = _said(column, row, value)
        return replace(told, after=after), column, value

    def _kept(self, laid: list[_Line], *, without_faults: bool) -> list[_Line]:
        """The lines that may stand; what is wrong with the others is told of their cells."""
        standing = [line for line in laid if line.does and not line.faulty]
        if self._refusal(standing):  # else what one row takes away may make room for another
            for line in standing:
                line.refuse(self._refusal([line]))
            self._refuse_what_cannot_stand_together(laid)
        if without_faults:
            return [line for line in laid if not line.faulty and line.does]
        return [line for line in laid if line.does] if not any(it.faulty for it in laid) else []

    def _refuse_what_cannot_stand_together(self, laid: list[_Line]) -> None:
        """Say of each line that cannot stand beside those above it, as of shares above 100 %."""
        while why := self._refusal(kept := [it for it in laid if it.does and not it.faulty]):
            fits, breaks = 0, len(kept)  # the first `fits` lines stand, the first `breaks` do not
            while breaks - fits > 1:
                middle = (fits + breaks) // 2
                if said := self._refusal(kept[:middle]):
                    breaks, why = middle, said
                else:
                    fits = middle
            kept[breaks - 1].refuse(why)

    def _refusal(self, lines: Sequence[_Line]) -> str:
        edit = self._whole(lines)
        return "" if edit is None else self._table.refusal(edit)

    def _whole(self, lines: Iterable[_Line]) -> Edit | None:
        changes = _one_for_each(change for line in lines for change in line.merged())
        return Edit(self._label, changes) if changes else None

    def _left_out(
        self,
        titles: tuple[str, ...],
        columns: Sequence[Column[Any] | None],
        lines: Sequence[tuple[str, ...]],
    ) -> tuple[str, ...]:
        naming = self._table.columns[0]
        widest = max((len(line) for line in lines), default=0)
        out = []
        for at in range(max(widest, len(titles))):
            column = columns[at] if at < len(columns) else None
            if column is None:
                out.append(titles[at] if at < len(titles) else "")
            elif not _can_change(column) and not (titles and column is naming):
                out.append(column.title)
        return tuple(name for name in dict.fromkeys(out) if name)


_Read: TypeAlias = "tuple[Cell, Column[Any], Any]"
"""What a cell would do, where, and with which value."""


@dataclass(frozen=True, slots=True)
class _Target:
    """Where a line goes: a row of the table, a new one that `adds` puts in the book, or nowhere."""

    row: Any
    name: str
    adds: Edit | None = None
    why_not: str = ""

    @property
    def new(self) -> bool:
        return self.adds is not None


class _Line:
    """One pasted row."""

    def __init__(self, number: int, target: _Target, told: list[Cell]) -> None:
        self.number, self.target, self.told = number, target, told
        self.edits: list[Edit] = []

    @property
    def faulty(self) -> bool:
        return any(cell.fault for cell in self.told)

    @property
    def changes(self) -> bool:
        return bool(self.edits)

    @property
    def does(self) -> bool:
        return self.changes or self.target.new

    def refuse(self, why: str) -> None:
        """Say of the line what is wrong with all of it together."""
        if why:
            self.told.append(Cell(self.number, self.target.name, "", "", "", why, self.target.new))

    def merged(self) -> list[Change]:
        """The changes of all its cells, one for each record."""
        adds = () if self.target.adds is None else self.target.adds.changes
        return list(_one_for_each((*adds, *(it for edit in self.edits for it in edit.changes))))


def _one_for_each(changes: Iterable[Change]) -> tuple[Change, ...]:
    """One change for each record that is changed at all."""
    whole: dict[tuple[str, str], Change] = {}
    for each in changes:
        there = whole.get((each.list, each.key))
        whole[each.list, each.key] = each if there is None else _both(there, each)
    return tuple(whole.values())


def _both(one: Change, other: Change) -> Change:
    """Two changes of a record in one; each changed other fields, or other parts, of it."""
    if one.after is None or other.before is None or other.after is None:
        return other
    return replace(one, after=_joined(other.before, one.after, other.after))


def _joined(before: Any, one: Any, other: Any) -> Any:  # noqa: ANN401 - records and their parts
    """What stood `before` with what both made of it; parts that are new stand one after another."""
    if one in (before, other):
        return other
    if other == before:
        return one
    if isinstance(before, tuple):
        parts = [_joined(*three) for three in zip(before, one, other, strict=False)]
        return (*parts, *one[len(before) :], *other[len(before) :])
    if is_dataclass(before) and not isinstance(before, type):
        made = {
            each.name: _joined(*(getattr(it, each.name) for it in (before, one, other)))
            for each in fields(before)
        }
        return replace(one, **made)
    return other


def _can_change(column: Column[Any]) -> bool:
    return column.edit is not None and (column.choices is not None or column.kind.read is not None)


def _can_take(column: Column[Any], target: _Target) -> bool:
    """Whether a cell may be pasted there; a choice made once is made when a row is new."""
    return _can_change(column) or (target.new and column.choices is not None)


def _value(column: Column[Any], row: Any, text: str) -> Any:  # noqa: ANN401 - any kind of value
    if column.choices is None:
        return column.kind.read(text, column.value(row)) if column.kind.read else text
    choices = column.choices(row)
    wanted = text.casefold()
    found = [it for it in choices if wanted in (it[1].casefold(), str(it[0]).casefold())]
    if len({value for value, _ in found}) > 1:
        raise ValueError(f"{len(found)} are called {text}. Give one of them another name first")
    if found:
        return found[0][0]
    listed = ", ".join(said for _, said in choices[:8])
    raise ValueError(f"{text} is none of the choices. Type one of: {listed}")


def _said(column: Column[Any], row: Any, value: Any) -> str:  # noqa: ANN401 - as _value
    if column.choices is not None:
        return next(said for each, said in column.choices(row) if each == value)
    return column.kind.shown(value)


def summary(pasted: Pasted) -> str:
    """What a paste would do, in a sentence or two."""
    parts = []
    if pasted.changed:
        parts.append(f"{words.count(pasted.changed, 'row')} would change")
    if pasted.added:
        parts.append(f"{words.count(pasted.added, 'row')} would be added")
    said = f"{words.sentence(' and '.join(parts))}. " if parts else ""
    if not parts and not pasted.faults:
        said = "Everything pasted stands here already. "
    if pasted.faults:
        wrong = words.count(len(pasted.faults), "cell")
        said += f"{words.sentence(wrong)} cannot stand as pasted. "
    if pasted.left_out:
        said += f"Not taken, for it cannot be changed here: {', '.join(pasted.left_out)}."
    return said.strip()
