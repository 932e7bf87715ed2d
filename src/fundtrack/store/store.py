"""An open book's file: reads it whole, and writes each edit together with its journal line.

Portable SQL only. A row is changed only where it still is as the edit says it was before.
"""

from __future__ import annotations

import itertools
import threading
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from fundtrack.core.errors import KnownError, Problem, RefusedError, StaleEditError
from fundtrack.core.model import LISTS, Portfolio
from fundtrack.core.plain import specs, values_of
from fundtrack.core.telling import unheeded, untold
from fundtrack.store import order
from fundtrack.store.schema import JOURNAL, KINDS, TABLES
from fundtrack.store.sqlite import (
    DamagedError,
    overwrite_what_is_gone,
    reading,
    said_kindly,
    writing,
)
from fundtrack.store.who import signed_in
from fundtrack.workspace import Entry, Step, changes_to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy import Connection, Delete, Index, Row, Select, Update
    from sqlalchemy.engine import Dialect

    from fundtrack.core.edit import Edit
    from fundtrack.core.model import Change, Record
    from fundtrack.core.telling import Tell

SAFE = "Your last change was not saved; everything before it was"
UNREADABLE = "Nothing was changed"
LINGERS = (
    "They are out of the book and its history, but what was written before could still be dug out "
    "of the file: do this again to finish"
)


class BookStore:
    """A book open in a file. Made by `opening.open_book`.

    Its functions may be called in any thread: each waits until another's has ended.

    `read_only` says in a sentence why it cannot be changed, or is None; `held_by` names whoever
    has it, if that is why. `notes` are what the person should know about its opening.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        read_only: str | None = None,
        held_by: str | None = None,
        notes: tuple[str, ...] = (),
        before_writing: Callable[[str, Tell], None] = lambda _kind, _tell: None,
        when_closed: Callable[[], None] = lambda: None,
    ) -> None:
        self._connection = connection
        self.read_only = read_only
        self.held_by = held_by
        self.notes = notes
        self._before_writing = before_writing
        self._when_closed = when_closed
        self._one_at_a_time = threading.RLock()

    def load(self) -> Portfolio:
        """Return the whole book.

        Raises KnownError if the file is damaged or cannot be read.
        """
        with self._reading() as connection:
            return load(connection)

    def write(
        self,
        edit: Edit,
        kind: str = "do",
        of: int | None = None,
        tell: Tell = untold,
        at_last: Callable[[], object] = unheeded,
    ) -> int:
        """Store an edit and its line in the journal, both or neither; return the line's id.

        The edit's records should know their places (`Edit.placed`), so that it can be undone.
        `tell` hears how many of its records are written, `at_last` that all are and only the
        keeping is left; what either raises ends it.

        Raises:
            StaleEditError: a record is not as the edit says it was before; it is named.
            RefusedError: a record would refer to one that is not in the book.
            KnownError: the book is read-only, or the disk did not oblige.

        Whichever is raised, nothing has changed.

        """
        if self.read_only is not None:
            raise KnownError(self.read_only)
        with self._one_at_a_time, said_kindly(SAFE):
            self._before_writing(kind, tell)
            try:
                with writing(self._connection):
                    progress = _Progress(tell, len(edit.changes))
                    for name, changes in _by_list(edit).items():
                        _write_list(self._connection, name, changes, progress)
                    entry_id = write_entry(self._connection, edit, kind, of)
                    at_last()
                    return entry_id
            except (_RowMovedError, IntegrityError):
                fault = self._why_refused(edit)
        raise fault

    def journal(self, limit: int | None = None, after: int = 0) -> tuple[Entry, ...]:
        """Return the latest lines of the journal, newest first; only those after a line's id."""
        asked = select(JOURNAL).where(JOURNAL.c.id > after).order_by(JOURNAL.c.id.desc())
        return self._entries(asked.limit(limit))

    def entry(self, entry_id: int) -> Entry:
        """Return one line of the journal. Raises KeyError if there is none."""
        found = self._entries(select(JOURNAL).where(JOURNAL.c.id == entry_id))
        if not found:
            raise KeyError(entry_id)
        return found[0]

    def steps(self, limit: int) -> tuple[Step, ...]:
        """Return the latest lines as undo needs them, oldest first."""
        columns = (JOURNAL.c.id, JOURNAL.c.kind, JOURNAL.c.of, JOURNAL.c.label)
        asked = select(*columns).order_by(JOURNAL.c.id.desc()).limit(limit)
        with self._reading() as connection:
            rows = connection.execute(asked).all()
        return tuple(Step(*row) for row in reversed(rows))

    def rewrite_journal(self, label: Callable[[str], str], changes: Callable[[str], str]) -> int:
        """Put every line through these functions; return how many differ.

        What stood there before is overwritten in the file, not only let go of. Where only that
        fails, the lines are changed all the same, and doing it again overwrites what is left.

        Raises KnownError if the book is read-only, or the disk did not oblige.
        """
        if self.read_only is not None:
            raise KnownError(self.read_only)
        with self._one_at_a_time, said_kindly(SAFE):
            self._before_writing("erase", untold)
            with writing(self._connection):
                rows = self._connection.execute(
                    select(JOURNAL.c.id, JOURNAL.c.label, JOURNAL.c.changes)
                ).all()
                told = [
                    {"line": row.id, "label": label(row.label), "changes": changes(row.changes)}
                    for row in rows
                ]
                moved = [
                    new
                    for old, new in zip(rows, told, strict=True)
                    if (old.label, old.changes) != (new["label"], new["changes"])
                ]
                if moved:
                    self._connection.execute(_REWRITING, moved)
        with self._one_at_a_time, said_kindly(LINGERS):
            overwrite_what_is_gone(self._connection)
        return len(moved)

    def close(self) -> None:
        """Let go of the book. Closing twice does no harm."""
        with self._one_at_a_time:
            self._connection.close()
            self._when_closed()

    def _entries(self, asked: Select[Any]) -> tuple[Entry, ...]:
        with self._reading() as connection:
            return tuple(_entry(row) for row in connection.execute(asked))

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._one_at_a_time, said_kindly(UNREADABLE), reading(self._connection):
            yield self._connection

    def _why_refused(self, edit: Edit) -> RefusedError:
        try:
            edit.apply(self.load())
        except StaleEditError as stale:
            return stale
        says = (
            "a record would refer to one that is not in the book, or that this change removes. "
            "Nothing was changed; remove what refers to it first"
        )
        return RefusedError((Problem(edit.label, says),))


class _RowMovedError(Exception):
    """A row was not as the edit said it was before."""


class _Progress:
    """How many of an edit's records are written; its line in the journal counts as half of them."""

    def __init__(self, tell: Tell, records: int) -> None:
        self._tell, self._of, self._done = tell, records + records // 2, 0

    def more(self, records: int) -> None:
        """Tell that so many more are written."""
        self._done += records
        self._tell(self._done, self._of)


_REWRITING = (
    update(JOURNAL)
    .where(JOURNAL.c.id == bindparam("line"))
    .values(label=bindparam("label"), changes=bindparam("changes"))
)


# --- reading ---------------------------------------------------------------------------------


def load(connection: Connection) -> Portfolio:
    """Return the whole book. Raises KnownError if a row cannot be understood."""
    try:
        lists: dict[str, Any] = {name: _load_list(connection, name) for name in LISTS}
        (organisation,) = _load_list(connection, "organisation")
    except (ValueError, TypeError, KeyError, ArithmeticError) as fault:
        # Only the kind of fault is kept: its message may quote a figure.
        message = (
            f"The book holds something that cannot be understood ({type(fault).__name__}), so it "
            f"was not opened. {UNREADABLE}. Restore the latest backup"
        )
        raise DamagedError(message) from None
    return Portfolio(organisation=organisation, **lists)


def _load_list(connection: Connection, name: str) -> tuple[Any, ...]:
    cls, attributes, asked = _loading(name)
    rows = connection.execute(asked)
    return tuple(cls(**dict(zip(attributes, row, strict=True))) for row in rows)


@cache
def _loading(name: str) -> tuple[type, tuple[str, ...], Select[Any]]:
    table = TABLES[name]
    fields = specs(KINDS[name])
    asked = select(*(table.c[spec.name] for spec in fields)).order_by(table.c.place)
    return KINDS[name], tuple(spec.attribute for spec in fields), asked


def _entry(row: Row[Any]) -> Entry:
    at = datetime.fromisoformat(row.at)
    return Entry(row.id, at, row.who, row.label, row.kind, row.of, row.changes)


# --- writing ---------------------------------------------------------------------------------


def fill(connection: Connection, portfolio: Portfolio) -> None:
    """Write a whole book into empty tables."""
    for name in TABLES:
        records = portfolio.records(name)
        places = range(order.STEP, (len(records) + 1) * order.STEP, order.STEP)
        _add(connection, name, records, places)


def write_entry(connection: Connection, edit: Edit, kind: str, of: int | None = None) -> int:
    """Write a line of the journal, signed and dated; return its id."""
    line = {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "who": signed_in(),
        "label": edit.label,
        "kind": kind,
        "of": of,
        "changes": changes_to_json(edit.changes),
    }
    made = connection.execute(insert(JOURNAL), line).inserted_primary_key
    assert made is not None  # noqa: S101 - every line has an id
    return int(made[0])


def _by_list(edit: Edit) -> dict[str, list[Change]]:
    lists: dict[str, list[Change]] = defaultdict(list)
    for change in edit.changes:
        lists[change.list].append(change)
    return lists


@dataclass(slots=True)
class _Net:
    """What becomes of one record in all: an edit may change the same record more than once."""

    before: Record | None
    after: Record | None


def _net(changes: Sequence[Change]) -> dict[str, _Net]:
    records: dict[str, _Net] = {}
    for change in changes:
        net = records.setdefault(change.key, _Net(change.before, change.before))
        if net.after != change.before:
            raise _RowMovedError
        net.after = change.after
    return records


def _write_list(
    connection: Connection, name: str, changes: Sequence[Change], progress: _Progress
) -> None:
    places = _places(connection, name, changes)
    if (records := _only_new(changes)) and len(places) == len(records):
        with _indexed_afterwards(connection, name, len(records)):
            _add(connection, name, records, [places[record.key] for record in records], progress)
        return
    _write_net(connection, name, _net(changes), places)
    progress.more(len(changes))


@contextmanager
def _indexed_afterwards(connection: Connection, name: str, new: int) -> Iterator[None]:
    """Take a list's indexes away while very many rows come in, most of all it then has.

    To make one of rows that are there takes a third of the time of keeping it row by row. Where
    the rows do not come in after all, the transaction brings the indexes back.
    """
    are_most = new >= _VERY_MANY and new >= _count(connection, name)
    indexes = [index for index in TABLES[name].indexes if are_most and not _leads_back(index)]
    for index in indexes:
        index.drop(connection)
    yield
    for index in indexes:
        index.create(connection)


def _leads_back(index: Index) -> bool:
    """Tell whether an index is of a reference within its list, which every new row is looked up by.

    While one is waiting for a row that is still to come, each that comes may be the one.
    """
    keys = (key for column in index.columns for key in column.foreign_keys)
    return any(key.column.table is index.table for key in keys)


def _count(connection: Connection, name: str) -> int:
    return connection.execute(select(func.count()).select_from(TABLES[name])).scalar_one()


def _only_new(changes: Sequence[Change]) -> list[Record]:
    """Return the records that changes add, each another; none where they do anything besides."""
    records = [change.after for change in changes if change.before is None and change.after]
    apart = len({record.key for record in records}) == len(changes) == len(records)
    return records if apart else []


def _write_net(
    connection: Connection, name: str, records: dict[str, _Net], places: dict[str, int]
) -> None:
    gone: list[Record] = []
    changed: list[dict[str, Any]] = []
    shifted: list[dict[str, Any]] = []
    new: list[Record] = []
    for key, net in records.items():
        match net:
            case _Net(None, None):
                pass
            case _Net(before, None):
                assert before is not None  # noqa: S101 - the first case is both None
                gone.append(before)
            case _Net(None, after):
                assert after is not None  # noqa: S101 - the first case is both None
                new.append(after)
            case _Net(before, after) if before == after and key in places:
                shifted.append({**_was(name, before), "place": places.pop(key)})
            case _Net(before, after):
                changed.append({**_was(name, before), **_row(name, after)})
    _delete(connection, name, gone)
    _each(connection, _updating(name), changed)
    _each(connection, _shifting(name), shifted)
    _add(connection, name, new, [places.pop(record.key) for record in new])
    moved = [{"was key": key, "place": place} for key, place in places.items()]
    _each(connection, _moving(name), moved)


def _delete(connection: Connection, name: str, records: Sequence[Record]) -> None:
    """Take rows out that are still as these records, column by column as `_add` writes them."""
    for start in range(0, len(records), _AT_ONCE):
        few = records[start : start + _AT_ONCE]
        columns = zip(*map(values_of(KINDS[name]), few), strict=True)
        writers = _writers(name, connection.dialect)
        was: dict[str, Sequence[Any]] = {"was key": [record.key for record in few]}
        for (column, _), values in zip(_columns(name), columns, strict=True):
            write = writers[column]
            if column != "key":
                was[f"was {column}"] = values if write is None else _written(values, write)
        statement, order_ = _taking_out(name, connection.dialect)
        rows = list(zip(*(was[bound] for bound in order_), strict=True))
        if connection.exec_driver_sql(statement, rows).rowcount != len(rows):
            raise _RowMovedError


def _add(
    connection: Connection,
    name: str,
    records: Sequence[Record],
    places: Sequence[int],
    progress: _Progress | None = None,
) -> None:
    """Write new rows, column by column: most columns of most lists hold little that differs."""
    for at in range(0, len(records), _AT_ONCE):
        few = records[at : at + _AT_ONCE]
        _add_few(connection, name, few, places[at : at + _AT_ONCE])
        if progress:
            progress.more(len(few))


def _add_few(
    connection: Connection, name: str, records: Sequence[Record], places: Sequence[int]
) -> None:
    columns = [column for column, _ in _columns(name)]
    filled: dict[str, Sequence[Any]] = {"place": places}
    by_column: Iterable[Sequence[Any]] = zip(*map(values_of(KINDS[name]), records), strict=True)
    for column, values in zip(columns, by_column, strict=True):
        write = _writers(name, connection.dialect)[column]
        first = values[0] if write is None else write(values[0])
        blank = first is None and len(records) >= _MANY and values.count(values[0]) == len(values)
        if not blank:
            filled[column] = values if write is None else _written(values, write)
    filled["key"] = [record.key for record in records]
    statement, order_ = _adding(name, tuple(filled), connection.dialect)
    rows = list(zip(*(filled[column] for column in order_), strict=True))
    together = len(rows) - len(rows) % _TOGETHER
    if together:
        said = itertools.chain.from_iterable(rows[:together])
        many = list(zip(*[said] * (len(order_) * _TOGETHER), strict=True))
        connection.exec_driver_sql(_of_many(statement), many)
    if rows[together:]:
        connection.exec_driver_sql(statement, rows[together:])


def _written(values: Sequence[Any], write: Callable[[Any], Any]) -> list[Any]:
    """Return a column as it is written, each thing in it once, told apart by identity."""
    if hasattr(write, "cache_info"):  # which keeps what it wrote itself
        return list(map(write, values))
    once = dict(zip(map(id, values), values, strict=True))
    written = {at: write(value) for at, value in once.items()}
    return [written[at] for at in map(id, values)]


_AT_ONCE = 1000
"""How many records are written at once: few enough to be at hand still for their next field."""
_MANY = 100
"""Rows from which it is quicker to leave out the columns that none of them fills."""
_VERY_MANY = 2_000
"""Rows from which it is quicker to make the indexes anew, where most rows are new."""
_TOGETHER = 20
"""Rows in one statement: the values of any list's are fewer than the 999 any SQLite takes."""


@lru_cache(maxsize=64)
def _writers(name: str, dialect: Dialect) -> dict[str, Callable[[Any], Any] | None]:
    """Return how the values of each column are written, as SQLAlchemy would row by row."""
    table = TABLES[name]
    found: dict[str, Callable[[Any], Any] | None] = {}
    for column, _ in _columns(name):
        write = table.c[column].type.dialect_impl(dialect).bind_processor(dialect)
        again = write and isinstance(table.c[column].type, Date)  # the same days come often
        found[column] = lru_cache(maxsize=4096)(write) if write and again else write
    return found


@lru_cache(maxsize=64)
def _adding(name: str, columns: tuple[str, ...], dialect: Dialect) -> tuple[str, tuple[str, ...]]:
    """Return how a row of these columns is added, and the order it takes them in."""
    made = insert(TABLES[name]).compile(dialect=dialect, column_keys=list(columns))
    return str(made), tuple(made.positiontup or ())


def _of_many(statement: str) -> str:
    """Return the statement that adds a row, for so many rows together."""
    start, values, row = statement.rpartition(" VALUES ")
    return start + values + ", ".join([row] * _TOGETHER)


def _each(connection: Connection, statement: Update | Delete, rows: list[dict[str, Any]]) -> None:
    """Run a statement for every row; each must find its own."""
    if rows and connection.execute(statement, rows).rowcount != len(rows):
        raise _RowMovedError


def _places(connection: Connection, name: str, changes: Sequence[Change]) -> dict[str, int]:
    """Return the new places in the list, by key."""
    if all(change.before and change.after for change in changes):
        return {}
    table = TABLES[name]
    count, last = connection.execute(select(func.count(), func.max(table.c.place))).one()
    places = order.appended(changes, count, last or 0)
    if places is not None:
        return places
    rows = connection.execute(select(table.c.key, table.c.place).order_by(table.c.place))
    return order.replaced(changes, {key: place for key, place in rows})  # noqa: C416 - rows, not pairs


def _row(name: str, record: Record | None) -> dict[str, Any]:
    assert record is not None  # noqa: S101 - the caller has looked
    row = {column: getattr(record, attribute) for column, attribute in _columns(name)}
    row["key"] = record.key
    return row


def _was(name: str, record: Record | None) -> dict[str, Any]:
    return {f"was {column}": value for column, value in _row(name, record).items()}


@cache
def _columns(name: str) -> tuple[tuple[str, str], ...]:
    return tuple((spec.name, spec.attribute) for spec in specs(KINDS[name]))


@cache
def _as_before(name: str) -> tuple[Any, ...]:
    """Return the conditions that a row still is as it was before, every field of it."""
    table = TABLES[name]
    columns = [table.c[column] for column, _ in _columns(name) if column != "key"]
    return (
        table.c.key == bindparam("was key"),
        *(column.is_not_distinct_from(bindparam(f"was {column.name}")) for column in columns),
    )


@cache
def _updating(name: str) -> Update:
    table = TABLES[name]
    columns = [column for column, _ in _columns(name) if column != "key"]
    return (
        update(table).where(*_as_before(name)).values({each: bindparam(each) for each in columns})
    )


@cache
def _deleting(name: str) -> Delete:
    return delete(TABLES[name]).where(*_as_before(name))


@lru_cache(maxsize=64)
def _taking_out(name: str, dialect: Dialect) -> tuple[str, tuple[str, ...]]:
    """Return how a row that is as it was is taken out, and the order it is told that in."""
    made = _deleting(name).compile(dialect=dialect)
    return str(made), tuple(made.positiontup or ())


@cache
def _shifting(name: str) -> Update:
    """Return how a record that is as it was, and only stands elsewhere, is given its place."""
    return update(TABLES[name]).where(*_as_before(name)).values(place=bindparam("place"))


@cache
def _moving(name: str) -> Update:
    table = TABLES[name]
    where = table.c.key == bindparam("was key")
    return update(table).where(where).values(place=bindparam("place"))
