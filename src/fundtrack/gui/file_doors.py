"""What the File menu needs from the rest of FundTrack, handed over by `app`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from fundtrack.core.model import Portfolio
    from fundtrack.core.telling import Tell


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
    """Functions on books as files. Each may raise KnownError, and may take a while.

    What is given a `Tell` says how far it is, and leaves nothing behind where that ends it.
    """

    export: Callable[[str, Portfolio, Path, Tell], str]
    """Write a book (as json, workbook, csv or 360giving) and say what was written."""
    back_up: Callable[[Path, Tell], Path]
    """Back a book up where backups are kept; return where."""
    backups: Callable[[Path], tuple[Kept, ...]]
    """The backups of a book, the newest first."""
    restore: Callable[[Path, Path, Tell], None]
    """Put a backup in the place of a book that nobody has open; it is backed up first."""
