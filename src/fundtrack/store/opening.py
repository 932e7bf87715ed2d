"""Makes, opens and restores a book: who may change it, whether it is sound, and its backups.

A book is opened for changes by one person at a time; whoever comes second may read it. One made
by an older FundTrack is brought up to date first; one made by a newer is left alone.
"""

from __future__ import annotations

import os
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import insert

from fundtrack import places
from fundtrack.core.check import check
from fundtrack.core.edit import Edit
from fundtrack.core.errors import KnownError, RefusedError
from fundtrack.core.plain import FORMAT, portfolio_from_plain, portfolio_to_plain
from fundtrack.core.telling import untold
from fundtrack.store import backup
from fundtrack.store.lock import Holder, Lock, acquire
from fundtrack.store.schema import BOOK, REVISIONS, VERSION, metadata
from fundtrack.store.sqlite import DamagedError, connect, said_kindly, writing
from fundtrack.store.store import BookStore, fill, write_entry
from fundtrack.store.swap import clear_away, in_place_of
from fundtrack.store.upgrade import HISTORY, bring_up_to_date, is_older, not_a_book

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fundtrack.core.model import Portfolio
    from fundtrack.core.telling import Tell
    from fundtrack.store.upgrade import History

_BY_CHOICE = "This book was opened to read only. To change it, open it again for changes"
_UNWRITABLE = (
    "This book can be read but not changed where it is ({why}). "
    "To change it, copy it to a folder of your own and open it there"
)
_HEADER = b"SQLite format 3\x00"


def create(path: Path, portfolio: Portfolio, label: str = "New book") -> None:
    """Make a book that holds this portfolio, and close it.

    Raises RefusedError if the book would be wrong, and KnownError if there is a file of that name
    or the disk does not oblige; then nothing has been made.
    """
    readable, problems = portfolio_from_plain(portfolio_to_plain(portfolio))
    if readable is None or (problems := check(readable)):
        raise RefusedError(problems)
    with said_kindly("No book was made"), _held(path):
        if path.exists():
            raise KnownError(f"There is already a file {path.name} here. Choose another name")
        with in_place_of(path) as trial, connect(trial) as new, writing(new):
            metadata.create_all(new)
            VERSION.create(new)
            new.execute(insert(VERSION), {"version_num": REVISIONS[-1]})
            new.execute(insert(BOOK), {"identity": uuid.uuid4().hex, "format": FORMAT})
            fill(new, readable)
            write_entry(new, Edit(label, ()), "new")


def open_book(
    path: Path,
    *,
    read_only: bool = False,
    take_over: bool = False,
    backups: Path | None = None,
    history: History = HISTORY,
) -> BookStore:
    """Open a book; close it when done, so that somebody else may change it.

    If somebody else has it open, or it cannot be written to where it is, it is opened to read
    only, and `read_only` of the store says why; `take_over` takes it from whoever that is. The
    first opening of a day makes a backup in `backups` (by default, where this computer keeps
    them); `notes` of the store tells if that could not be done.

    Raises KnownError if it is not a sound book, or is newer than this FundTrack; it is untouched.
    """
    with said_kindly("Nothing was changed"):
        _look_at(path)
        claim = _BY_CHOICE if read_only else _claim(path, take_over=take_over)
        if isinstance(claim, Holder):
            return _open_to_read(path, _in_use(claim), history, held_by=str(claim))
        if isinstance(claim, str):
            return _open_to_read(path, claim, history)
        try:
            return _open_to_write(path, claim, backups or places.backups(), history)
        except BaseException:
            claim.release()
            raise


def restore(
    book: Path,
    from_backup: Path,
    *,
    take_over: bool = False,
    backups: Path | None = None,
    tell: Tell = untold,
) -> None:
    """Put a backup in the place of a book that nobody has open; that book is backed up first.

    `take_over` takes it from whoever has it open.

    Raises KnownError if somebody has it open, the backup is not sound or the disk does not
    oblige; the book is as it was.
    """
    with said_kindly("Nothing was restored; the book is as it was"):
        _look_at(from_backup)
        with _held(book, take_over=take_over):
            backup.put_back(book, from_backup, backups or places.backups(), tell=tell)


def _look_at(path: Path) -> None:
    """See that this can be a book at all."""
    if path.is_dir():
        raise KnownError(f"{path} is a folder. Choose the book inside it, which ends in .fundtrack")
    if not path.exists():
        raise KnownError(f"There is no book at {path}. See that it was not moved or renamed")
    with path.open("rb") as file:
        if file.read(len(_HEADER)) != _HEADER:
            raise DamagedError(not_a_book(path))


def _claim(path: Path, *, take_over: bool) -> Lock | Holder | str:
    """Return our hold on the book, or who has it, or why else it can only be read."""
    if not os.access(path, os.W_OK):
        return _UNWRITABLE.format(why="the file is write-protected")
    try:
        return acquire(path, take_over=take_over)
    except OSError as fault:
        return _UNWRITABLE.format(why=fault.strerror)


def _in_use(holder: Holder) -> str:
    return (
        f"This book is open for changes elsewhere ({holder}). You can read it; "
        "to change it, have it closed there first, or take it over"
    )


@contextmanager
def _held(path: Path, *, take_over: bool = False) -> Iterator[None]:
    claim = acquire(path, take_over=take_over)
    if isinstance(claim, Holder):
        raise KnownError(
            f"This book is open for changes elsewhere ({claim}). Have it closed there first"
        )
    try:
        yield
    finally:
        claim.release()


def _open_to_read(path: Path, why: str, history: History, held_by: str | None = None) -> BookStore:
    with connect(path, query_only=True) as connection:
        older = is_older(path, connection, history)
    if older:
        raise KnownError(
            f"{path.name} was made by an older FundTrack and must be brought up to date before it "
            "can be read. Open it once for changes, in a folder you may write to"
        )
    return BookStore(connect(path, query_only=True), read_only=why, held_by=held_by)


def _open_to_write(path: Path, lock: Lock, backups: Path, history: History) -> BookStore:
    clear_away(path)
    with connect(path) as connection:
        older = is_older(path, connection, history)
    if older:
        backup.back_up(path, backups, "update")
        bring_up_to_date(path, history)
    notes = _back_up_daily(path, backups)
    opened = connect(path)
    file = path.stat()

    def before_writing(kind: str, tell: Tell) -> None:
        _see_it_is_still_ours(path, file, lock)
        if kind == "import":
            backup.back_up(path, backups, "import", tell)

    return BookStore(opened, notes=notes, before_writing=before_writing, when_closed=lock.release)


def _back_up_daily(path: Path, backups: Path) -> tuple[str, ...]:
    try:
        backup.back_up_once_a_day(path, backups)
    except DamagedError:
        raise
    except KnownError as fault:  # no reason to keep a person from their book
        return (f"Today's backup could not be made. {fault}",)
    return ()


def _see_it_is_still_ours(path: Path, file: os.stat_result, lock: Lock) -> None:
    """Refuse to write into a file that is no longer the book, or no longer ours."""
    holder = lock.taken_over_by()
    if holder is not None:
        raise KnownError(
            f"The book has been taken over ({holder}). Your last change was not saved; everything "
            "before it was. Open the book again to see what they have changed"
        )
    if not path.exists() or not os.path.samestat(file, path.stat()):
        raise KnownError(
            f"{path.name} was moved, removed or replaced while it was open. Your last change was "
            "not saved; everything before it was. Find the book and open it again"
        )
