"""The book as it stood once: opened to be looked at, never changed, with that day for today."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fundtrack.core import words
from fundtrack.core.errors import KnownError
from fundtrack.workspace import MemoryStore, Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from fundtrack.gui.doors import Doors


def as_it_stood(workspace: Workspace, path: Path, entry_id: int, doors: Doors) -> Doors:
    """Doors that open a book as it stood after a line of its journal, in memory and read only.

    They open no other book: its days would be counted from then. Raises KnownError if a line of
    the history since can no longer be read, or a change is still being stored.
    """
    portfolio = workspace.as_at(entry_id)
    at = workspace.entry(entry_id).at.astimezone()

    def opened(book: Path, _read_only: bool) -> Workspace:  # noqa: FBT001 - as Doors has it
        if book != path:
            raise KnownError(
                f"This window shows {path.stem} as it stood. Open {book.stem} in another window"
            )
        store = MemoryStore(portfolio)
        store.read_only = (
            f"The book as it stood on {words.long_day(at.date())}, {at:%H:%M}. It can be looked "
            "at here and not changed; the book itself is in its own window."
        )
        return Workspace(store)

    return replace(doors, open_book=opened, today=at.date)
