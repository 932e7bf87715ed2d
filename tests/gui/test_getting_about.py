"""Back, forward and from pane to pane, by keys alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from fundtrack.gui.window import AWARDS, OVERVIEW, POSTS, Window

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

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
