"""Help that opens where it is wanted, and finds what is looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from fundtrack.gui.help import HelpWindow, topics
from fundtrack.gui.window import POSTS, Window

if TYPE_CHECKING:
    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot

    from fundtrack.gui.look import Look


def test_f1_opens_the_help_at_the_page_in_sight(window: Window) -> None:
    window.go_to(POSTS)
    window.acts.help.trigger()
    assert window.help.isVisible()
    assert window.help.grid.current_key == "posts"
    window.help.close()


def test_a_rule_opens_at_its_heading_with_its_example(look: Look, qtbot: QtBot) -> None:
    window = HelpWindow(look)
    qtbot.addWidget(window)
    window.show()
    window.open_at("people", "Redundancy pay")
    assert window.reader.textCursor().block().text() == "Redundancy pay"
    assert "£8,500.00" in window.reader.toPlainText()


def test_the_search_finds_words_inside_and_says_when_there_are_none(
    look: Look, qtbot: QtBot
) -> None:
    window = HelpWindow(look)
    qtbot.addWidget(window)
    window.show()
    window.search.setFocus()
    qtbot.keyClicks(window.search, "consultation 90 days")
    assert window.grid.current_key == "people#Consultation"
    qtbot.keyClick(window.search, Qt.Key.Key_Return)
    assert window.focusWidget() is window.grid
    window.search.setText("zebra")
    assert "Nothing in the help speaks of “zebra”" in window.none.text()


def test_every_page_of_help_opens(look: Look, qtbot: QtBot) -> None:
    window = HelpWindow(look)
    qtbot.addWidget(window)
    for topic in topics():
        window.open_at(topic.page, "" if topic.whole else topic.title)
        assert window.grid.current_key == topic.key
        assert window.reader.toPlainText()


def test_the_model_keeps_qts_rules(look: Look, qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    window = HelpWindow(look)
    qtbot.addWidget(window)
    qtmodeltester.check(window.table)
