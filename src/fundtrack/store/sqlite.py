"""How a book's file is reached: what SQLite is asked for, and what its faults mean to a person.

This module, `opening`, `upgrade` and `backup` alone know that a book is a SQLite file.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import quote

from sqlalchemy import create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from fundtrack.core.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection

SECONDS_TO_WAIT = 5
"""How long to wait for a program (a backup, a folder in the cloud) that holds the file."""

_WRITING = (
    "PRAGMA journal_mode = DELETE",  # the book stays one file that a person can carry
    # FULL, and the folder too: a power cut just after "saved" must not bring back the file's
    # rollback journal, and with it the book as it was before.
    "PRAGMA synchronous = EXTRA",
    "PRAGMA secure_delete = ON",  # what is taken out is overwritten, for birth dates may be
    "PRAGMA fullfsync = ON",  # on macOS, "written" means the disk's own memory unless this is on
)


class DamagedError(KnownError):
    """The file is not whole, or not a book at all."""


def uri(path: Path) -> str:
    """Return the file's name as SQLite wants it, which will not make a file that is not there."""
    name = quote(os.fsencode(path.absolute().as_posix()))
    return f"file://{'' if name.startswith('/') else '/'}{name}?mode=rw"


def connect(path: Path, *, query_only: bool = False, foreign_keys: bool = True) -> Connection:
    """Return a connection to a book, which writes only when told and then at once.

    What a crashed program left half-written is undone by SQLite at the first reading;
    `query_only` allows that, but nothing else to be written.
    """

    def creator() -> sqlite3.Connection:
        raw = sqlite3.connect(
            uri(path),
            uri=True,
            timeout=SECONDS_TO_WAIT,
            isolation_level=None,  # SQLAlchemy alone says when a transaction begins
            check_same_thread=False,  # a book may be opened beside the window's own thread
        )
        raw.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        for pragma in ("PRAGMA query_only = ON",) if query_only else _WRITING:
            raw.execute(pragma)
        return raw

    engine = create_engine(
        "sqlite+pysqlite://",
        creator=creator,
        poolclass=NullPool,
        hide_parameters=True,  # no message of SQLAlchemy's may quote a salary
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine.connect()


@contextmanager
def writing(connection: Connection) -> Iterator[None]:
    """Write all of what is done inside, or nothing; the file is claimed before it is read."""
    connection.execution_options(begin="BEGIN IMMEDIATE")
    try:
        with connection.begin():
            yield
    except BaseException:
        # When COMMIT itself fails (a full disk, a broken reference), SQLAlchemy takes the
        # transaction for ended, and SQLite waits for another try: so end it.
        raw = connection.connection.driver_connection
        if isinstance(raw, sqlite3.Connection) and raw.in_transaction:
            with suppress(sqlite3.Error):
                raw.rollback()
        raise


def overwrite_what_is_gone(connection: Connection) -> None:
    """Write the file anew without the pages it no longer needs, whatever stood on them."""
    raw = connection.connection.driver_connection
    if isinstance(raw, sqlite3.Connection):
        raw.execute("VACUUM")


@contextmanager
def reading(connection: Connection) -> Iterator[None]:
    """Read the book as it stands at one moment, beside others who read."""
    connection.execution_options(begin="BEGIN")
    with connection.begin():
        yield


@contextmanager
def said_kindly(safe: str) -> Iterator[None]:
    """Turn a fault of the disk or the file into a KnownError.

    `safe` says what became of the work, as "Your last change was not saved; everything before
    it was". Faults of ours (a wrong statement, a broken rule) pass as they are.
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error) as fault:
        orig = fault.orig if isinstance(fault, DBAPIError) else fault
        known = _known(orig, safe)
        if known is None:
            raise
        raise known from orig
    except OSError as fault:
        raise KnownError(_os_words(fault, safe)) from fault


def _known(fault: BaseException | None, safe: str) -> KnownError | None:
    code = getattr(fault, "sqlite_errorcode", None)
    if code is None:
        return None
    family = code & 0xFF  # the rest of the number is detail
    says = _SAYS.get(code) or _SAYS.get(family)
    if says is None:
        return None
    damaged = family in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    return (DamagedError if damaged else KnownError)(says.format(safe=safe))


def _os_words(fault: OSError, safe: str) -> str:
    if fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return _SAYS[sqlite3.SQLITE_FULL].format(safe=safe)
    where = f"{fault.filename}: " if fault.filename else ""
    return (
        f"The disk did not oblige ({where}{fault.strerror}). {safe}. "
        "See that it is there and that you may write to it, then try again"
    )


_READ_ONLY = (
    "The book cannot be written to where it is. {safe}. "
    "Copy the book to a folder of your own, then open it there"
)
_HALF_SAVED = (
    "The book was being saved when its program or computer stopped, and cannot be mended where "
    "it is. {safe}. Copy it, together with the file beside it that ends in -journal, to a folder "
    "of your own, then open it there"
)
_BUSY = "Another program is using the book. {safe}. Wait a moment, then try again"
_BROKEN = "The book is damaged and cannot be relied on. {safe}. Restore the latest backup"
_DISK = (
    "The disk could not be read or written. {safe}. "
    "See that the disk is still there and has room, then try again"
)
_SAYS = {
    sqlite3.SQLITE_FULL: "The disk is full. {safe}. Free some space, then try again",
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_READONLY_ROLLBACK: _HALF_SAVED,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: _DISK,
    sqlite3.SQLITE_IOERR: _DISK,
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_CORRUPT: _BROKEN,
    sqlite3.SQLITE_NOTADB: _BROKEN,
}
