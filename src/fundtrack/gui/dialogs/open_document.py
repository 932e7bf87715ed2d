"""Opening a paper that an award links to: asked first, for a book may come from anybody."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox

from fundtrack.core.documents import fault_of, is_program, is_web
from fundtrack.gui.speech import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def open_document(place: str, book: Path | None, parent: QWidget) -> str:
    """Ask, then hand a place to the system; return why it was not opened, or "".

    A path that is not whole counts from the folder of the book. A program is never started.
    """
    if fault_of(place) or is_program(place):
        return f"{place} is a program or no document, so it is not opened."
    path = None if is_web(place) else _path_of(place, book)
    if path is not None and not path.is_file():
        return f"There is no file at {path}. Change where the document is, or put the file there."
    if not _agreed(str(path or place), parent):
        return ""
    url = QUrl(place.strip()) if path is None else QUrl.fromLocalFile(str(path))
    return "" if QDesktopServices.openUrl(url) else f"The system has nothing to open {place} with."


def _path_of(place: str, book: Path | None) -> Path:
    path = Path(place.strip()).expanduser()
    return path if path.is_absolute() or book is None else book.resolve().parent / path


def _agreed(where: str, parent: QWidget) -> bool:
    asked = QMessageBox(parent)
    asked.setWindowTitle(tr("Open a document"))
    asked.setText(tr("Open this with your computer's own program for it?"))
    asked.setInformativeText(tr(where))
    opens = asked.addButton(tr("Open it"), QMessageBox.ButtonRole.AcceptRole)
    asked.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
    asked.exec()
    agreed = asked.clickedButton() is opens
    asked.deleteLater()
    return agreed
