"""Pictures of every dialog, in every theme, and of a funder's own workbook.

The dialogs are those that the tests look at, made by the same hands, so that none is left out.
"""

from __future__ import annotations

import os
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from tests.exchange.own_workbook.making import quarterly_form, saved
from tests.gui.test_every_dialog import MADE, dialog_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fundtrack.gui.help import HelpWindow
    from fundtrack.gui.pages.own_workbook import OwnWorkbookPage
    from fundtrack.gui.window import Window

PATIENCE = 60
"""Seconds to wait for what is worked out elsewhere."""


def acts() -> Iterator[tuple[str, Callable[[Window], QWidget]]]:
    """Every dialog by name, and what shows it over a window."""
    for name in sorted(MADE):
        yield name, partial(shown, name)


def shown(name: str, window: Window) -> QWidget:
    """Show a dialog as a person meets it."""
    dialog = anything(window) if name == "Anything" else dialog_of(name, window)
    if name == "HelpWindow":
        cast("HelpWindow", dialog).open_at("overview", "")
    dialog.show()
    if name == "BoardPackDialog":
        save: QWidget = dialog.save_pdf  # type: ignore[attr-defined]
        wait_for(save.isEnabled)
    return dialog


def anything(window: Window) -> QDialog:
    """Go anywhere or do anything, with the records and menus of the book."""
    from fundtrack.gui.dialogs.anything import Anything, acts, records

    portfolio = None if window.bridge is None else window.bridge.workspace.portfolio
    things = [
        *([] if portfolio is None else records(portfolio, window.open_record)),
        *acts(window.findChildren(QAction)),
    ]
    return Anything(window.look, things, window)


def fill_a_workbook(window: Window) -> None:
    """Fill a funder's own workbook for the core grant's return."""
    from fundtrack.gui.window import OWN_WORKBOOK

    folder = Path(os.environ["FUNDTRACK_HOME"])
    path = folder / "Return form.xlsx"
    path.write_bytes(saved(quarterly_form()))
    window.book = folder / "charity.fundtrack"
    window.fill_own_workbook("mopac-core", "2026-27 Q2", path)
    page = cast("OwnWorkbookPage", window.page(OWN_WORKBOOK))
    wait_for(lambda: page.form is not None)
    wait_for(lambda: not (page._soon.isActive() or page._planning.busy))  # noqa: SLF001 - as its tests


def wait_for(done: Callable[[], bool]) -> None:
    """Let what is worked out elsewhere come back."""
    end = time.monotonic() + PATIENCE
    while not done():
        QApplication.processEvents()
        time.sleep(0.005)
        if time.monotonic() > end:
            raise TimeoutError("What a picture waits for did not come")
