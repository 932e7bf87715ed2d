"""What the File menu needs from the rest of FundTrack, handed over by `app`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fundtrack.core.model import Portfolio


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup of a book: where it is, when it was made (UTC), and what for.

    `why` is opening, import, update, restore or asked.
    """

    path: Path
    at: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDoors:
    """Functions on books as files. Each may raise KnownError, and may take a while."""

    export: Callable[[str, Portfolio, Path], str]
    """Write a book (as json, workbook, csv or 360giving) and say what was written."""
    back_up: Callable[[Path], Path]
    """Back a book up where backups are kept; return where."""
    backups: Callable[[Path], tuple[Kept, ...]]
    """The backups of a book, the newest first."""
    restore: Callable[[Path, Path], None]
    """Put a backup in the place of a book that nobody has open; it is backed up first."""
