"""A new file in the place of an old one: wholly, or not at all."""

from __future__ import annotations

import os
import shutil
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def in_place_of(path: Path) -> Iterator[Path]:
    """Give an empty file beside `path`; if nothing is raised, it takes the place of `path`.

    The caller holds the book's lock and has closed every connection to either file by the end.
    """
    trial = path.with_name(f".{path.name}.{uuid.uuid4().hex[:12]}.new")
    try:
        trial.touch(exist_ok=False)
        yield trial
        if path.exists():
            shutil.copymode(path, trial)
        _to_disk(trial)
        # A rollback journal belongs to the old file, and would be played into the new one.
        journal_of(path).unlink(missing_ok=True)
        os.replace(trial, path)  # noqa: PTH105 - named by the house rule
        folder_to_disk(path.parent)
    finally:
        journal_of(trial).unlink(missing_ok=True)
        trial.unlink(missing_ok=True)


def journal_of(path: Path) -> Path:
    """Return where SQLite keeps what it would need to roll a book back."""
    return path.with_name(path.name + "-journal")


def clear_away(path: Path) -> None:
    """Remove the trial files a crash left beside a book. The caller holds the book's lock."""
    for left in path.parent.iterdir():
        if left.name.startswith(f".{path.name}.") and left.name.endswith((".new", ".new-journal")):
            left.unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def folder_to_disk(folder: Path) -> None:
    """See that a new name in a folder outlives a power cut, where the system lets one ask."""
    if os.name == "nt":  # pragma: no cover - there is no such thing there
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
