"""Ctrl+K leads anywhere and does anything, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QPushButton

from fundtrack.gui.dialogs.anything import Anything
from fundtrack.gui.window import AWARDS, OVERVIEW, POSTS, Window

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

Key = Qt.Key


def ask(qtbot: QtBot, opens: Callable[[], object], words: str, *keys: Qt.Key) -> list[str]:
    """Open the field, type, press keys; return what the list held when all was typed."""
    found: list[str] = []

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, Anything)
        qtbot.keyClicks(dialog.field, words)
        found.extend(str(dialog.found.index(at, 0).data()) for at in range(dialog.found.rowCount()))
        for key in keys:
            qtbot.keyClick(dialog.field, key)
        if dialog.isVisible():
            dialog.reject()

    QTimer.singleShot(0, answer)
    opens()
    QApplication.processEvents()
    return found


def by_keys(window: Window, qtbot: QtBot) -> Callable[[], object]:
    return lambda: qtbot.keyClick(window, Key.Key_K, Qt.KeyboardModifier.ControlModifier)


def test_a_post_is_found_by_a_part_of_its_name_and_enter_leads_there(
    window: Window, qtbot: QtBot
) -> None:
    found = ask(qtbot, by_keys(window, qtbot), "idva court", Key.Key_Return)
    assert found == ["IDVA, courts   post"]
    assert window.page(POSTS).isVisible()
    assert window.page(POSTS).panel.title.text() == "IDVA, courts"  # type: ignore[attr-defined]


def test_an_act_is_listed_with_its_key_and_is_done(window: Window, qtbot: QtBot) -> None:
    window.go_to(AWARDS)
    found = ask(qtbot, by_keys(window, qtbot), "larger text", Key.Key_Return)
    assert found == ["Larger text   do   Ctrl+="]
    assert window.look.text_size > 100


def test_arrows_walk_to_a_page_and_escape_goes_nowhere(window: Window, qtbot: QtBot) -> None:
    ask(qtbot, by_keys(window, qtbot), "page", Key.Key_Down, Key.Key_Down, Key.Key_Return)
    assert window.page(AWARDS).isVisible()
    ask(qtbot, window.acts.anything.trigger, "overview", Key.Key_Escape)
    assert window.page(AWARDS).isVisible()


def test_what_nothing_is_called_is_said_and_enter_does_nothing(
    window: Window, qtbot: QtBot
) -> None:
    assert ask(qtbot, by_keys(window, qtbot), "zebra", Key.Key_Return) == []
    assert window.page(OVERVIEW).isVisible()


def test_the_sign_in_the_header_opens_it_too_and_without_a_book_there_are_acts(
    window: Window, qtbot: QtBot
) -> None:
    header = window.page(OVERVIEW).header
    sign = next(
        each
        for each in header.findChildren(QPushButton)
        if each.accessibleName() == "Go to or do anything"
    )
    found = ask(
        qtbot, lambda: qtbot.mouseClick(sign, Qt.MouseButton.LeftButton), "", Key.Key_Escape
    )
    assert any("Victims' core grant   award" in each for each in found)
    window.close_book()
    found = ask(qtbot, window.acts.anything.trigger, "", Key.Key_Escape)
    assert any(each.startswith("Open   do   Ctrl+O") for each in found)
    assert not any("award" in each for each in found)
