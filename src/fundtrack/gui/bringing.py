"""The windows that bring files in, opened from the main window and joined to its book."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fundtrack.gui.dialogs.accounts_import import AccountsImport
    from fundtrack.gui.dialogs.import_window import ImportWindow
    from fundtrack.gui.window import Window

BOOK_ENDING = ".fundtrack"
_WORKBOOKS = (".xlsx", ".xlsm")
_OF_RETURNS = ("returns", "own-workbook")


def import_window(window: Window, source: Path | str | None = None) -> ImportWindow | None:
    """Show the window that brings a file in, reading one if it is given; None without a book."""
    from fundtrack.gui.dialogs.import_window import ImportWindow

    bridge, imports = window.bridge, window.doors.imports
    if bridge is None or bridge.view is None or imports is None:
        return None
    dialog = ImportWindow(window.look, bridge.view, imports, window.doors.today(), window)
    dialog.edit_wanted.connect(window.bring_in)
    dialog.accounts_wanted.connect(lambda path: accounts_import(window, path))
    dialog.broke.connect(window.own_up)
    bridge.changed.connect(dialog.present)
    bridge.destroyed.connect(dialog.reject)
    dialog.finished.connect(dialog.deleteLater)
    dialog.show()
    if source is not None:
        dialog.read(source)
    return dialog


def dropped(window: Window, path: Path) -> None:
    """Open the book that was dropped on the window, or bring the file in.

    A workbook dropped where returns are in sight is the funder's, to be filled.
    """
    ending, page = path.suffix.casefold(), window.page_in_sight
    if ending == BOOK_ENDING:
        window.open_book(path)
    elif page in _OF_RETURNS and (ending in _WORKBOOKS or page != "returns"):
        window.fill_own_workbook(path=path)
    else:
        import_window(window, path)


def accounts_import(window: Window, path: Path | None = None) -> AccountsImport | None:
    """Show the window that brings spending in, of a file if one is given; None without a book."""
    from fundtrack.gui.dialogs.accounts_import import AccountsImport

    bridge, imports = window.bridge, window.doors.imports
    if bridge is None or bridge.view is None or imports is None or window.book is None:
        return None
    dialog = AccountsImport(window.look, bridge.view, window.book, imports, window)
    dialog.edit_wanted.connect(window.bring_in)
    dialog.broke.connect(window.own_up)
    bridge.changed.connect(dialog.present)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    if path is not None:
        dialog.read(path)
    return dialog
