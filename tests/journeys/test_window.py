"""One evening with the window, on a real file: look, change, undo, close, and find it all again."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from fundtrack import app, places, settings
from fundtrack.gui import bridge
from fundtrack.gui.doors import Doors
from fundtrack.gui.look import Look
from fundtrack.gui.window import AWARDS, OVERVIEW, POSTS, Window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from fundtrack.gui.pages.awards import Awards
    from fundtrack.gui.pages.overview import Overview
    from fundtrack.gui.pages.posts import Posts

TODAY = date(2026, 11, 22)


@pytest.fixture
def new_window(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], Window]]:
    """Opens FundTrack anew, as a person does, with its own folders."""
    monkeypatch.setenv("FUNDTRACK_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(bridge, "TOO_LONG", 1_000.0)
    doors = Doors(
        today=lambda: TODAY,
        statutory=app.statutory,
        open_book=lambda book, read_only: app.open_workspace(book, read_only=read_only),
        create=app.create_book,
        sample=app.sample,
        save_copy=app.save_copy,
        write_file=app.write_file,
        board_pack_workbook=app.board_pack_workbook,
        note=app.note,
    )
    made: list[Window] = []

    def open_it() -> Window:
        look = Look(qapp, "light")
        window = Window(look, doors, settings.read()[0])
        qtbot.addWidget(window)
        with qtbot.waitExposed(window):
            window.show()
        made.append(window)
        return window

    yield open_it
    for window in made:
        window.close()


def test_an_evening_with_the_sample_charity(
    new_window: Callable[[], Window], qtbot: QtBot, tmp_path: Path
) -> None:
    # The first start: no book, so three ways to begin.
    window = new_window()
    assert window.stack.currentWidget() is window.start
    qtbot.mouseClick(window.start.sample_button, Qt.MouseButton.LeftButton)
    overview = cast("Overview", window.page(OVERVIEW))
    assert overview.isVisible()
    assert "from 1 April 2027" in overview.ladder.answer.text()
    assert "Tue 1 December" in overview.ladder.answer.text()

    # Whose job? Enter on the first post at risk leads to it.
    grid = overview.at_risk.grid
    grid.setFocus()
    grid.choose("post:idva-courts", 0)
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    posts = cast("Posts", window.page(POSTS))
    assert posts.panel.title.text() == "IDVA, courts"

    # What if the grant ran to September? Go to the awards, F2 on its end, type, Enter.
    awards_key = Qt.Key(Qt.Key.Key_1 + AWARDS)
    qtbot.keyClick(window, awards_key, Qt.KeyboardModifier.ControlModifier)
    awards = cast("Awards", window.page(AWARDS))
    awards.grid.choose("mopac-core", awards.table.place_of("end"))
    qtbot.keyClick(awards.grid, Qt.Key.Key_F2)
    field = QApplication.focusWidget()
    assert field is not None
    qtbot.keyClicks(field, "30/9/27")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    QApplication.processEvents()
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert "from 1 April 2027" not in overview.ladder.answer.text()
    assert "Move end date" in window.acts.undo_button.text()

    # It was only a thought.
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "from 1 April 2027" in overview.ladder.answer.text()
    qtbot.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)

    # A copy for the treasurer, then good night.
    copy = tmp_path / "copy.fundtrack"
    app.save_copy(cast("Path", window.book), copy)
    window.close()
    assert window.bridge is None
    assert copy.exists()

    # The next day it opens where it was left, and the copy says the same.
    assert settings.read()[0].last_book == places.books() / "Sample charity.fundtrack"
    for book in (places.books() / "Sample charity.fundtrack", copy):
        again = new_window()
        assert again.open_book(book)
        assert again.bridge is not None
        award = again.bridge.workspace.portfolio.awards_by_key["mopac-core"]
        assert award.end == date(2027, 9, 30)
        assert again.bridge.workspace.undo_label == "Move end date of Victims' core grant"
        again.close()


def test_a_second_window_on_the_same_book_may_read_it(
    new_window: Callable[[], Window], tmp_path: Path
) -> None:
    book = tmp_path / "charity.fundtrack"
    app.create_book(book, app.sample(TODAY))
    first, second = new_window(), new_window()
    assert first.open_book(book)
    assert second.open_book(book)
    assert second.bridge is not None
    assert second.bridge.workspace.read_only
    assert second.page(OVERVIEW).message.words
    assert second.saved.text() == "Read only: nothing can be changed"


def test_a_file_that_is_no_book_is_explained_and_nothing_opens(
    new_window: Callable[[], Window], tmp_path: Path
) -> None:
    letter = tmp_path / "letter.fundtrack"
    letter.write_text("Dear trustees")
    window = new_window()
    assert not window.open_book(letter)
    assert "letter" in window.start.message.words
    assert letter.read_text() == "Dear trustees"
