"""What the File menu does with the book's file: exports, backups, and going back to one."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from fundtrack import places
from fundtrack.core import words
from fundtrack.gui.speech import tr

if TYPE_CHECKING:
    from fundtrack.gui.file_doors import FileDoors, Kept
    from fundtrack.gui.window import Window


def ask_for_export(window: Window) -> None:
    """Ask what to write of the book, and where; then write it."""
    window.keep_what_is_typed()
    bridge, files = window.bridge, window.doors.files
    view = None if bridge is None else bridge.view
    if view is None or files is None:
        return
    from fundtrack.gui.dialogs.export import Export

    dialog = Export(window.look, window, public_only=view.salaries == "absent")
    accepted, kind = dialog.exec(), dialog.kind
    dialog.deleteLater()
    target = _where(window, kind.title, kind.ending, kind.files) if accepted else None
    if target is not None:
        window.work.run(
            "Writing the export",
            partial(files.export, kind.name, view.portfolio, target),
            then=window.say,
        )


def back_up_now(window: Window) -> None:
    """Back the book up, and say so."""
    book, files = window.book, window.doors.files
    if book is None or files is None:
        return
    window.work.run(
        "Backing up",
        partial(files.back_up, book),
        then=lambda made: window.say(f"Backed up. The backup is kept in {made.parent}."),
    )


def ask_for_backup(window: Window) -> None:
    """Ask which backup to go back to, and put it in the book's place."""
    book, files = window.book, window.doors.files
    if book is None or files is None:
        return
    from fundtrack.gui.dialogs.restore import Restore

    dialog = Restore(window.look, files.backups(book), window)
    accepted, chosen = dialog.exec(), dialog.chosen
    dialog.deleteLater()
    if accepted and chosen is not None:
        _go_back(window, files, book, chosen)


def _go_back(window: Window, files: FileDoors, book: Path, kept: Kept) -> None:
    """Let go of the book, put the backup in its place, and open it again."""
    window.close_book()

    def restored(_done: object) -> None:
        if window.open_book(book):
            window.say(f"The book is as it was on {when(kept)}. Before that it was backed up.")

    def not_restored(fault: BaseException) -> None:
        window.open_book(book)
        window.not_done(fault)

    window.work.run(
        "Restoring the book",
        partial(files.restore, book, kept.path),
        then=restored,
        failed=not_restored,
        stopped=lambda: window.open_book(book),
    )


def when(kept: Kept) -> str:
    """When a backup was made, by the clock on the person's wall."""
    at = kept.at.astimezone()
    return f"{words.weekday(at.date(), year=True)}, {at:%H:%M}"


def _where(window: Window, title: str, ending: str, files: str) -> Path | None:
    name = window.book.stem if window.book is not None else "Book"
    start = str(places.books().parent / f"{name}{ending}")
    ask = QFileDialog.getSaveFileName
    chosen, _ = ask(window, tr(title), start, tr(files))
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.suffix or not ending else path.with_suffix(ending)
