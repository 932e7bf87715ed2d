"""The windows that bring files in, opened from the main window and joined to its book."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from fundtrack.gui.dialogs.accounts_import import AccountsImport
    from fundtrack.gui.window import Window


def accounts_import(window: Window, path: Path | None = None) -> AccountsImport | None:
    """Show the window that brings spending in, of a file if one is given; None without a book."""
    from fundtrack.gui.dialogs.accounts_import import AccountsImport

    bridge, imports = window.bridge, window.doors.imports
    if bridge is None or bridge.view is None or imports is None or window.book is None:
        return None
    dialog = AccountsImport(window.look, bridge.view, window.book, imports, window)
    dialog.edit_wanted.connect(window.do)
    dialog.broke.connect(window.own_up)
    bridge.changed.connect(dialog.present)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    if path is not None:
        dialog.read(path)
    return dialog
