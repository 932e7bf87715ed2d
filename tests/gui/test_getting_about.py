"""Back, forward and from pane to pane, by keys alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from fundtrack import settings
from fundtrack.gui.window import AWARDS, OVERVIEW, POSTS, Window

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from fundtrack.gui.doors import Doors
    from fundtrack.gui.look import Look

Key = Qt.Key
Alt = Qt.KeyboardModifier.AltModifier


def test_alt_and_an_arrow_go_back_and_forward(window: Window, qtbot: QtBot) -> None:
    for place in (AWARDS, POSTS):
        window.go_to(place)
    for key, place in ((Key.Key_Left, AWARDS), (Key.Key_Left, OVERVIEW), (Key.Key_Right, AWARDS)):
        qtbot.keyClick(window, key, Alt)
        assert window.page(place).isVisible()
    window.go_to(OVERVIEW)  # a new way: what lay ahead is forgotten
    qtbot.keyClick(window, Key.Key_Right, Alt)
    assert window.page(OVERVIEW).isVisible()


def test_f6_goes_from_pane_to_pane_and_back(window: Window, qtbot: QtBot) -> None:
    window.go_to(AWARDS)
    qtbot.keyClick(window, Key.Key_F6)
    assert window.side.list.hasFocus()
    qtbot.keyClick(window, Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert window.page(AWARDS).isAncestorOf(focus)


def test_the_page_last_looked_at_is_there_the_next_day(
    window: Window, look: Look, doors: Doors, qtbot: QtBot
) -> None:
    window.go_to(POSTS)
    window.close()
    kept, problems = settings.read()
    assert (kept.page, problems) == ("Posts", ())
    again = Window(look, doors, kept)
    qtbot.addWidget(again)
    with qtbot.waitExposed(again):
        again.show()
    assert again.open_book(Path("sample.fundtrack"))
    assert again.page(POSTS).isVisible()
    again.close()
