"""Backups of a book: made by themselves, proved when made, thinned with age, and put back.

Each book has a folder of its own under `places.backups()`, named after the book. A backup is an
ordinary book: it can be opened, and copied elsewhere.
"""

from __future__ import annotations

import re
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, select
from sqlalchemy.exc import DBAPIError

from fundtrack.core.edit import Edit
from fundtrack.core.errors import KnownError
from fundtrack.core.telling import untold
from fundtrack.core.words import day
from fundtrack.store.schema import BOOK
from fundtrack.store.sqlite import DamagedError, connect, reading, said_kindly, writing
from fundtrack.store.store import write_entry
from fundtrack.store.swap import in_place_of, journal_of
from fundtrack.store.upgrade import HISTORY, copy, is_older, migrate, prove, prove_readable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from sqlalchemy import Connection, Row

    from fundtrack.core.telling import Tell
    from fundtrack.store.upgrade import History

_A_DAY = 24 * 60 * 60
LATEST_KEPT, DAYS_KEPT, MONTHS_KEPT = 10, 30, 12

_NAME = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{6}\.\d{6})Z-([a-z]+)\.fundtrack")
_WRITTEN = "%Y-%m-%dT%H%M%S.%f"


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup. `at` is UTC; `why` is opening, import, update, restore or asked."""

    path: Path
    at: datetime
    why: str


def backups_of(book: Path, folder: Path) -> tuple[Backup, ...]:
    """Return the backups of a book under this folder, newest first.

    A book that has been renamed is known by what it holds; one that can no longer be read, by
    its name.
    """
    if not folder.is_dir():
        return ()
    identity = identity_of(book)
    found: list[Backup] = []
    for each in folder.iterdir():
        name, _, mark = each.name.rpartition("-")
        if mark == identity if identity else name == book.stem:
            found.extend(_in(each))
    return tuple(sorted(found, key=lambda backup: backup.at, reverse=True))


def back_up(book: Path, folder: Path, why: str, tell: Tell = untold) -> Backup:
    """Back a book up, prove the backup, and thin out the old ones.

    Raises KnownError if that cannot be done; the book is as it was.
    """
    with said_kindly("No backup was made; the book is as it was"):
        home = _home(book, folder)
        home.mkdir(parents=True, exist_ok=True)
        now = datetime.now(UTC)
        target = home / f"{now:{_WRITTEN}}Z-{why}.fundtrack"
        with in_place_of(target) as trial:
            copy(book, trial, tell)
            _prove_equal(book, trial)
            tell(0, 0)
        _thin_out(home)
        return Backup(target, now, why)


def back_up_once_a_day(book: Path, folder: Path) -> Backup | None:
    """Back a book up unless that has been done today. Raises KnownError as `back_up` does."""
    today = datetime.now(UTC).astimezone().date()
    if any(backup.at.astimezone().date() == today for backup in _in(_home(book, folder))):
        return None
    return back_up(book, folder, "opening")


def put_back(
    book: Path, backup: Path, folder: Path, history: History = HISTORY, tell: Tell = untold
) -> None:
    """Put a backup in the place of a book whose lock the caller holds; back that up first.

    Raises KnownError if the backup is not sound or the disk does not oblige; the book is as it
    was.
    """
    with said_kindly("Nothing was restored; the book is as it was"), in_place_of(book) as trial:
        copy(backup, trial, tell)
        _make_current(trial, backup, history)
        tell(0, 0)
        if book.exists():
            _keep_present(book, folder)


def kept(ats: Iterable[datetime]) -> set[datetime]:
    """Return which backups to keep, of those made at these times.

    The latest ten, the last of each of thirty days, and the last of each of twelve months. Days
    and months without a backup do not count.
    """
    newest_first = sorted(ats, reverse=True)
    return {
        *newest_first[:LATEST_KEPT],
        *_newest_of_each(newest_first, "%Y-%m-%d")[:DAYS_KEPT],
        *_newest_of_each(newest_first, "%Y-%m")[:MONTHS_KEPT],
    }


def _newest_of_each(newest_first: list[datetime], period: str) -> list[datetime]:
    newest: dict[str, datetime] = {}
    for at in newest_first:
        newest.setdefault(f"{at:{period}}", at)
    return list(newest.values())


def _thin_out(home: Path) -> None:
    backups = _in(home)
    keeping = kept(backup.at for backup in backups)
    for backup in backups:
        if backup.at not in keeping:
            backup.path.unlink(missing_ok=True)
    for left in home.glob(".*.new*"):  # by a crash; another backup may be being made just now
        if left.stat().st_mtime < time.time() - _A_DAY:
            left.unlink(missing_ok=True)


def _in(home: Path) -> list[Backup]:
    if not home.is_dir():
        return []
    named = [(path, _NAME.fullmatch(path.name)) for path in home.iterdir()]
    return [
        Backup(path, datetime.strptime(found[1], _WRITTEN).replace(tzinfo=UTC), found[2])
        for path, found in named
        if found is not None
    ]


def _home(book: Path, folder: Path) -> Path:
    identity = identity_of(book)
    if identity is None:
        raise DamagedError(f"{book.name} is damaged or not a book, so it cannot be backed up")
    return folder / f"{book.stem}-{identity}"


def identity_of(book: Path) -> str | None:
    """Return the mark that a book shares with its copies and backups; None if it has none."""
    try:
        with connect(book, query_only=True) as connection:
            found: str | None = connection.execute(select(BOOK.c.identity)).scalar()
    except DBAPIError:
        return None
    return found[:8] if found else None


def _prove_equal(book: Path, trial: Path) -> None:
    with connect(book, query_only=True) as old, connect(trial, query_only=True) as new:
        prove(new)
        if _rows(old) != _rows(new):
            raise KnownError("The backup does not hold what the book holds, so it was not kept")


def _rows(connection: Connection) -> dict[str, Sequence[Row[Any]]]:
    """Return all that a book of any revision holds."""
    quoted = connection.dialect.identifier_preparer.quote_identifier
    with reading(connection):
        names = inspect(connection).get_table_names()
        asked = {name: f"SELECT * FROM {quoted(name)}" for name in names}  # noqa: S608 - its own tables
        return {name: connection.exec_driver_sql(rows).all() for name, rows in asked.items()}


def _make_current(trial: Path, backup: Path, history: History) -> None:
    """Bring the copy of a backup up to date, prove it, and note in its journal what it is."""
    with connect(trial) as connection:
        older = is_older(backup, connection, history)
    if older:
        migrate(trial, history)
    with connect(trial) as connection:
        prove(connection)
        prove_readable(connection)
        with writing(connection):
            write_entry(connection, Edit(f"Restore {_called(backup)}", ()), "restore")


def _called(backup: Path) -> str:
    found = _NAME.fullmatch(backup.name)
    if found is None:
        return backup.name
    at = datetime.strptime(found[1], _WRITTEN).replace(tzinfo=UTC).astimezone()
    return f"the backup of {day(at.date())}, {at:%H:%M}"


def _keep_present(book: Path, folder: Path) -> None:
    try:
        back_up(book, folder, "restore")
    except DamagedError:  # then keep it as it is, for somebody who can mend it
        home = folder / f"{book.stem}-damaged"
        home.mkdir(parents=True, exist_ok=True)
        target = home / f"{datetime.now(UTC):{_WRITTEN}}Z-damaged.fundtrack"
        for old, new in ((book, target), (journal_of(book), journal_of(target))):
            if old.exists():
                shutil.copyfile(old, new)
