"""Several windows of one FundTrack: each book in one of them, and preferences in common."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from fundtrack import settings
from fundtrack.gui.window import OVERVIEW, POSTS, Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def beside(window: Window) -> Iterator[Window]:
    """A second window, with nothing in it yet."""
    second = window.open_window()
    yield second
    if second in window.family.windows:
        second.close()


def test_another_book_stands_in_a_window_of_its_own(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        QFileDialog, "getOpenFileName", lambda *_args: ("refuge.fundtrack", "books")
    )
    window.acts.beside.trigger()
    first, second = window.family.windows
    assert first is window
    assert (first.book, second.book) == (Path("sample.fundtrack"), Path("refuge.fundtrack"))
    assert second.isVisible()
    second.go_to(POSTS)
    assert first.page(OVERVIEW).isVisible()
    second.close()
    qtbot.waitUntil(lambda: window.family.windows == [window])
    assert window.page(OVERVIEW).isVisible()


def test_the_same_book_is_brought_to_the_front_and_never_opened_twice(
    window: Window, beside: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    forward: list[Window] = []

    def come_forward(it: Window) -> None:
        forward.append(it)

    monkeypatch.setattr(Window, "come_forward", come_forward)
    assert beside.open_book(Path("sample.fundtrack"))
    assert forward == [window]
    assert beside.bridge is None
    assert window.open_book(Path("sample.fundtrack"))
    assert forward == [window, window]


def test_a_preference_holds_in_every_window_and_no_window_forgets_what_another_learnt(
    window: Window, beside: Window
) -> None:
    assert beside.open_book(Path("refuge.fundtrack"))
    window.set_text(115)
    beside.set_theme("dark")
    kept, _ = settings.read()
    assert (kept.text_size, kept.theme) == (115, "dark")
    assert [Path(each).stem for each in kept.recent_books] == ["refuge", "sample"]
    for each in (window, beside):
        ticked = [action.data() for action in each.acts.themes.actions() if action.isChecked()]
        assert ticked == ["dark"]
    menu: QMenu = window.acts.recent_menu
    assert [action.text() for action in menu.actions()] == ["refuge", "sample"]
    window.set_text(100)
    window.set_theme("light")


def test_quit_closes_every_window_and_lets_go_of_every_book(
    window: Window, beside: Window, qtbot: QtBot
) -> None:
    assert beside.open_book(Path("refuge.fundtrack"))
    assert window.bridge is not None
    window.acts.quit.trigger()
    assert window.family.windows == []
    assert window.bridge is None
    qtbot.waitUntil(lambda: not [it for it in QApplication.topLevelWidgets() if it.isVisible()])


def test_quitting_while_work_runs_in_another_window_is_clean(
    window: Window, beside: Window, qtbot: QtBot
) -> None:
    go, ended = threading.Event(), threading.Event()
    answers: list[object] = []

    def slowly(_tell: object) -> None:
        go.wait(10)
        ended.set()

    beside.work.run("Writing", slowly, then=answers.append, can_stop=False)
    window.acts.quit.trigger()
    go.set()
    qtbot.waitUntil(ended.is_set)
    assert answers == []
