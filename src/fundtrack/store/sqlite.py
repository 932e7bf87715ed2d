"""How a book's file is reached: what SQLite is asked for, and what its faults mean to a person.

This module, `opening`, `upgrade` and `backup` alone know that a book is a SQLite file.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import contextmanager
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

HEADER = b"SQLite format 3\x00"

_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA journal_mode = DELETE",  # the book stays one file that a person can carry
    # FULL, and the folder too: a power cut just after "saved" must not bring back the file's
    # rollback journal, and with it the book as it was before.
    "PRAGMA synchronous = EXTRA",
)


def uri(path: Path, mode: str = "rw") -> str:
    """Return the file's name as SQLite wants it; `rw` never makes a file that is not there."""
    name = quote(os.fsencode(path.absolute().as_posix()))
    return f"file://{'' if name.startswith('/') else '/'}{name}?mode={mode}"


def connect(path: Path, *, mode: str = "rw", query_only: bool = False) -> Connection:
    """Return a connection to a book, which writes only when told and then at once.

    The changes a crashed program left half-written are undone by SQLite at the first reading,
    unless `mode` is `ro`. `query_only` allows that, but nothing else to be written.
    """

    def creator() -> sqlite3.Connection:
        raw = sqlite3.connect(
            uri(path, mode),
            uri=True,
            timeout=SECONDS_TO_WAIT,
            isolation_level=None,  # SQLAlchemy alone says when a transaction begins
            check_same_thread=False,  # a book may be opened beside the window's own thread
        )
        for pragma in _PRAGMAS if mode != "ro" and not query_only else _PRAGMAS[:1]:
            raw.execute(pragma)
        if query_only:
            raw.execute("PRAGMA query_only = ON")
        return raw

    engine = create_engine("sqlite+pysqlite://", creator=creator, poolclass=NullPool)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine.connect()


def writing(connection: Connection) -> Connection:
    """Return the connection set to claim the file before it reads what it will change."""
    return connection.execution_options(begin="BEGIN IMMEDIATE")


def reading(connection: Connection) -> Connection:
    """Return the connection set to read, beside others who read."""
    return connection.execution_options(begin="BEGIN")


@contextmanager
def said_kindly(safe: str) -> Iterator[None]:
    """Turn a fault of the disk or the file into a KnownError.

    `safe` says what became of the work, as "Your last change was not saved; everything before
    it was". Faults of ours (a wrong statement, a broken rule) pass as they are.
    """
    try:
        yield
    except DBAPIError as fault:
        words = _words(fault.orig, safe)
        if words is None:
            raise
        # Not `from fault`: SQLAlchemy's message quotes the figures that were being written.
        raise KnownError(words) from fault.orig
    except sqlite3.Error as fault:
        words = _words(fault, safe)
        if words is None:
            raise
        raise KnownError(words) from fault
    except OSError as fault:
        raise KnownError(_os_words(fault, safe)) from fault


def _words(fault: BaseException | None, safe: str) -> str | None:
    code = getattr(fault, "sqlite_errorcode", None)
    if code is None:
        return None
    says = _SAYS.get(code & 0xFF)  # the rest of the number is detail
    return None if says is None else says.format(safe=safe)


def _os_words(fault: OSError, safe: str) -> str:
    if fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return _SAYS[sqlite3.SQLITE_FULL].format(safe=safe)
    if fault.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return _SAYS[sqlite3.SQLITE_READONLY].format(safe=safe)
    return (
        f"The disk did not oblige ({fault.strerror}). {safe}. See that it is there, then try again"
    )


_READ_ONLY = (
    "The book cannot be written to where it is. {safe}. "
    "Copy the book to a folder of your own, then open it there"
)
_BUSY = "Another program is using the book. {safe}. Wait a moment, then try again"
_BROKEN = (
    "The book is damaged and cannot be relied on. {safe}. "
    "Restore the latest backup; the damaged book is kept beside it"
)
_DISK = (
    "The disk could not be read or written. {safe}. "
    "See that the disk is still there and has room, then try again"
)
_SAYS = {
    sqlite3.SQLITE_FULL: "The disk is full. {safe}. Free some space, then try again",
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: _DISK,
    sqlite3.SQLITE_IOERR: _DISK,
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_CORRUPT: _BROKEN,
    sqlite3.SQLITE_NOTADB: _BROKEN,
}
