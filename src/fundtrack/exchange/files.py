"""Writes a file wholly or not at all, so that nobody ever opens half of one."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from fundtrack.core.errors import KnownError

_BOOK = b"SQLite format 3\x00"


def write_whole(path: Path, data: bytes) -> None:
    """Write a file beside its place, then put it there; an older file of that name is replaced.

    Raises:
        KnownError: the disk would not take it, or a book stands there; what was there still is.

    """
    refuse_a_book(path)
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.absolute().parent)
    except OSError as fault:
        raise _not_written(path, fault) from fault
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _open_to_others(temporary)
        os.replace(temporary, path)  # noqa: PTH105 - beside os.fdopen
    except OSError as fault:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise _not_written(path, fault) from fault


def refuse_a_book(path: Path) -> None:
    """Raise KnownError if a book stands where a file is about to be written."""
    with contextlib.suppress(OSError), path.open("rb") as file:
        if file.read(len(_BOOK)) == _BOOK:
            raise KnownError(f"{path.name} is a FundTrack book and was left as it is. Name another")


def is_book(data: bytes) -> bool:
    """Tell whether these bytes begin as a book's do."""
    return data.startswith(_BOOK)


def _open_to_others(temporary: str) -> None:
    """Give a file the rights any new file has; temporary ones are closed to everyone else."""
    mask = os.umask(0)
    os.umask(mask)
    with contextlib.suppress(OSError):
        Path(temporary).chmod(0o666 & ~mask)


def _not_written(path: Path, fault: OSError) -> KnownError:
    return KnownError(
        f"{path} could not be written ({fault.strerror}). Nothing was changed; see that the folder "
        "is there and has room, then try again"
    )
