"""Brings a book made by an older FundTrack up to date: on a copy, proved, and then swapped in.

SQLite cannot undo every change of a table's shape, and rebuilding a table with foreign keys on
would delete what refers to it: so the work is done on a trial copy with foreign keys off, and a
step that fails leaves the book byte for byte as it was.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, inspect, select, table
from sqlalchemy.exc import OperationalError

from fundtrack.core.errors import KnownError
from fundtrack.core.plain import portfolio_from_plain, portfolio_to_plain
from fundtrack.core.telling import untold
from fundtrack.store import migrations
from fundtrack.store.schema import BOOK, REVISIONS, VERSION
from fundtrack.store.sqlite import SECONDS_TO_WAIT, DamagedError, connect, reading, uri
from fundtrack.store.store import load
from fundtrack.store.swap import in_place_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from fundtrack.core.telling import Tell

_PAGES_AT_ONCE = 256
"""So much of a book is copied between two words about how far it is: a megabyte, as a rule."""


@dataclass(frozen=True, slots=True)
class History:
    """Every shape a book has had: Alembic's folder, and the revisions in it, oldest first."""

    folder: Path
    revisions: tuple[str, ...]


HISTORY = History(Path(migrations.__file__).parent, REVISIONS)


def revision(connection: Connection) -> str | None:
    """Return the revision of a book; None if this is some other program's database."""
    try:
        with reading(connection):
            found = connection.execute(select(VERSION.c.version_num)).scalar()
            connection.execute(select(BOOK.c.identity))
    except OperationalError as fault:
        code = getattr(fault.orig, "sqlite_errorcode", None)
        if code == sqlite3.SQLITE_ERROR:  # there is no such table
            return None
        raise
    return found if isinstance(found, str) else None


def is_older(path: Path, connection: Connection, history: History = HISTORY) -> bool:
    """Tell whether a book must be brought up to date before it can be read.

    Raises KnownError if it is not a book, or is newer than this FundTrack knows.
    """
    found = revision(connection)
    if found is None:
        raise DamagedError(not_a_book(path))
    if found not in history.revisions:
        raise KnownError(
            f"{path.name} was saved by a newer FundTrack than this one. The book was not "
            "touched. Install the newest FundTrack, then open it again"
        )
    return found != history.revisions[-1]


def not_a_book(path: Path) -> str:
    """Say that a file is something else."""
    return (
        f"{path.name} is not a FundTrack book. If it is a spreadsheet or another file with "
        "figures in it, make a new book and import the file there"
    )


def bring_up_to_date(path: Path, history: History = HISTORY) -> None:
    """Put a migrated and proved copy in the place of an older book. It has been backed up.

    Raises KnownError if the copy does not prove sound; the book is as it was.
    """
    with in_place_of(path) as trial:
        copy(path, trial)
        migrate(trial, history)


def migrate(trial: Path, history: History = HISTORY) -> None:
    """Bring a copy of a book up to date, and prove it.

    Raises KnownError if it does not prove sound.
    """
    with connect(trial, foreign_keys=False) as connection:
        before = counts(connection)
        run_alembic(connection, history)
        prove(connection)
        after = counts(connection)
        lost = [name for name, count in before.items() if after.get(name, count) < count]
        if lost:
            raise KnownError(_unproved(f"rows of {', '.join(lost)} were lost"))
        prove_readable(connection)


def copy(source: Path, target: Path, tell: Tell = untold) -> None:
    """Copy a book into an empty file, as it stands between two changes; `tell` counts its pages."""
    with (
        closing(sqlite3.connect(uri(source), uri=True, timeout=SECONDS_TO_WAIT)) as old,
        closing(sqlite3.connect(uri(target), uri=True)) as new,
    ):
        old.backup(
            new,
            pages=_PAGES_AT_ONCE,
            progress=lambda _status, left, total: tell(total - left, total),
        )


def prove(connection: Connection) -> None:
    """See that a book is whole. Raises KnownError if it is not."""
    with reading(connection):
        whole = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        if whole != ["ok"]:
            raise DamagedError(_unproved("the file is not whole"))
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
            raise DamagedError(_unproved("a record refers to one that is not there"))


def prove_readable(connection: Connection) -> None:
    """See that all a book holds is what FundTrack writes. Raises KnownError if it is not."""
    with reading(connection):
        portfolio = load(connection)
    if portfolio_from_plain(portfolio_to_plain(portfolio)) != (portfolio, ()):
        raise DamagedError(_unproved("a record holds what it cannot"))


def counts(connection: Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    with reading(connection):
        names = inspect(connection).get_table_names()
        asked = {name: select(func.count()).select_from(table(name)) for name in names}
        return {name: connection.execute(count).scalar_one() for name, count in asked.items()}


def _unproved(why: str) -> str:
    return (
        f"A copy of the book did not prove sound ({why}), so it was not used. The book itself "
        "was not changed. Restore the latest backup, or ask for help with this one"
    )


def run_alembic(connection: Connection, history: History) -> None:
    """Run the steps a book still needs, inside it: give it a copy."""
    # Imported here, because it is slow to load and hardly ever needed.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(history.folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, history.revisions[-1])
    connection.commit()
