"""Who has a book open for changes: a small file beside it, so that two people never both write.

`.~lock.NAME#` says who, on which computer and since when. While they have the book, the computer's
own lock is held on that file as well, and is let go of when their program ends, however it ends:
so a file left behind by a crash is simply taken over, and a number the computer has since given to
another program cannot mislead us. A file from another computer (in a shared or carried folder)
cannot be tested in that way, and is honoured until somebody takes the book over knowingly.

Whoever loses the book in that way is told at their next change, because the file no longer holds
their token.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
import sys
import uuid
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from fundtrack.core.words import day
from fundtrack.store.who import signed_in

if sys.platform == "win32":  # pragma: no cover
    import msvcrt
else:
    import fcntl


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has the book: each field as their program wrote it."""

    host: str = ""
    pid: int = 0
    user: str | None = None
    opened_at: str = ""
    token: str = ""

    def __str__(self) -> str:
        """Name them: "sam on OFFICE-2, since 09:12 on 3 March 2026"."""
        said = self.user or "Somebody"
        if self.host:
            said += f" on {self.host}"
        with contextlib.suppress(ValueError):
            at = datetime.fromisoformat(self.opened_at).astimezone()
            said += f", since {at:%H:%M} on {day(at.date())}"
        return said


class Lock:
    """Our hold on a book, until `release`."""

    def __init__(self, path: Path, handle: int, token: str) -> None:
        self._path = path
        self._handle: int | None = handle
        self._token = token

    def taken_over_by(self) -> Holder | None:
        """Return who has taken the book over from us; None while nobody has."""
        holder = _read(self._path)
        return None if holder.token in (self._token, "") else holder

    def release(self) -> None:
        """Let somebody else have the book. Releasing twice does no harm."""
        if self._handle is None:
            return
        handle, self._handle = self._handle, None
        ours = self.taken_over_by() is None
        if sys.platform == "win32":  # pragma: no cover
            os.close(handle)  # there, nobody can remove a file that anybody has open
        if ours:
            with contextlib.suppress(OSError):
                self._path.unlink()
        if sys.platform != "win32":
            os.close(handle)


def lock_path(book: Path) -> Path:
    """Return where the lock of a book is."""
    return book.with_name(f".~lock.{book.name}#")


def acquire(book: Path, *, take_over: bool = False) -> Lock | Holder:
    """Take hold of a book, or say who has it.

    `take_over` takes it from whoever that is.

    Raises OSError if no file can be written beside the book.
    """
    path = lock_path(book)
    while True:
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
        except PermissionError:
            if not path.exists():
                raise
            holder: Holder | None = _read(path)  # another person's file, which we may but read
        else:
            holder = _honoured(path, handle, take_over=take_over)
            if holder is None and _is_still(path, handle):
                return Lock(path, handle, _sign(path, handle))
            os.close(handle)
        if holder is not None and not take_over:
            return holder
        if holder is not None:
            path.unlink(missing_ok=True)


def _honoured(path: Path, handle: int, *, take_over: bool) -> Holder | None:
    """Return who has the book; None if nobody does, and then the computer's lock is ours."""
    held = _hold(handle)
    holder = _read(path)
    if held is False:
        return holder
    if holder == Holder() or take_over:
        return None
    left_by_a_crash = held is True and holder.host == _host()
    return None if left_by_a_crash else holder


def _hold(handle: int) -> bool | None:
    """Take the computer's own lock: True if we have it, False if another program has.

    None on a disk that knows no such locks.
    """
    try:
        if sys.platform == "win32":  # pragma: no cover
            os.lseek(handle, 1 << 30, os.SEEK_SET)  # a byte beyond: a locked one is not readable
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        if fault.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            return False
        return None
    return True


def _is_still(path: Path, handle: int) -> bool:
    """Tell whether the file we hold is still there: whoever lets go of a book removes it."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _sign(path: Path, handle: int) -> str:
    """Write who we are; return the token by which we know our own."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    us = Holder(_host(), os.getpid(), signed_in(), now, uuid.uuid4().hex)
    try:
        os.lseek(handle, 0, os.SEEK_SET)
        os.truncate(handle, 0)
        os.write(handle, json.dumps(asdict(us), ensure_ascii=False).encode())
    except OSError:  # the disk is full
        os.close(handle)
        path.unlink(missing_ok=True)
        raise
    return us.token


def _read(path: Path) -> Holder:
    try:
        said = json.loads(path.read_bytes())
        return Holder(**{each.name: said[each.name] for each in fields(Holder)})
    except (OSError, ValueError, KeyError, TypeError):
        return Holder()  # gone, or not yet wholly written: somebody, we cannot say who


def _host() -> str:
    return socket.gethostname()
