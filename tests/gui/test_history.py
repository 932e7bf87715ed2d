"""What a manager finds in the history, and takes back, told by keyboard and mouse."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import Qt

from fundtrack.core.history import HIDDEN, told
from fundtrack.gui.window import HISTORY, OVERVIEW, POSTS, Window
from fundtrack.gui.wishes import set_field

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot

    from fundtrack.core.model import Portfolio
    from fundtrack.gui.pages.history import HistoryPage
    from tests.gui.conftest import Shelf


def history(window: Window) -> HistoryPage:
    window.go_to(HISTORY)
    return cast("HistoryPage", window.page(HISTORY))


def book(window: Window) -> Portfolio:
    assert window.bridge is not None
    return window.bridge.workspace.portfolio


def change(window: Window, name: str, key: str, field: str, value: object, label: str) -> None:
    record = book(window).find(name, key)
    assert record is not None
    window.do(set_field(name, record, field, value, label))


def two_changes(window: Window) -> None:
    change(window, "awards", "mopac-core", "end", date(2027, 9, 30), "Move end date")
    change(window, "posts", "idva-courts", "fte", Decimal("0.5"), "Change FTE of IDVA, courts")


def test_a_book_never_changed_says_what_would_be_here(window: Window) -> None:
    page = history(window)
    assert "Nothing has been changed yet" in page._none.text()
    assert not page.look_button.isVisible()


def test_the_latest_change_stands_first_with_before_and_after(window: Window) -> None:
    two_changes(window)
    page = history(window)
    assert [page.grid.sorted.index(at, 2).data() for at in range(2)] == [
        "Change FTE of IDVA, courts",
        "Move end date",
    ]
    page.grid.choose("1")
    (row,) = page.panel.table.rows
    assert (row.kind, row.title, row.field) == ("Award", "Victims' core grant", "End")
    assert (row.before, row.after) == ("31 Mar 2027", "30 Sep 2027")


def test_a_past_change_is_taken_back_and_the_later_one_stays(window: Window, qtbot: QtBot) -> None:
    two_changes(window)
    page = history(window)
    page.grid.choose("1")
    qtbot.mouseClick(page.panel.take_back_button, Qt.MouseButton.LeftButton)
    assert book(window).awards_by_key["mopac-core"].end == date(2027, 3, 31)
    assert book(window).posts_by_key["idva-courts"].fte == Decimal("0.5")
    assert page.grid.sorted.index(0, 2).data() == "Undo “Move end date”"
    window.undo()
    assert book(window).awards_by_key["mopac-core"].end == date(2027, 9, 30)


def test_what_has_been_built_on_since_cannot_be_taken_back_and_says_so(window: Window) -> None:
    two_changes(window)
    change(window, "awards", "mopac-core", "end", date(2027, 12, 31), "Move end date again")
    page = history(window)
    page.grid.choose("1")
    assert not page.panel.take_back_button.isEnabled()
    said = "Cannot be taken back: what it changed has changed since."
    assert page.panel._fact.text() == said


def test_salaries_are_hidden_until_they_are_asked_for(window: Window, qtbot: QtBot) -> None:
    change(window, "posts", "idva-courts", "salary", 3_500_000, "Change salary")
    page = history(window)
    assert page.panel.table.rows[0].after == HIDDEN
    qtbot.mouseClick(page.panel.lock, Qt.MouseButton.LeftButton)
    assert page.panel.table.rows[0].after == "£35,000.00"


def test_the_filter_keeps_what_speaks_of_it_and_says_when_nothing_does(window: Window) -> None:
    two_changes(window)
    page = history(window)
    page.search.setText("move")
    assert page.grid.sorted.rowCount() == 1
    page.search.setText("zebra")
    assert "No change speaks of “zebra”" in page._none.text()


def test_the_book_as_it_stood_opens_in_a_window_of_its_own(window: Window, qtbot: QtBot) -> None:
    two_changes(window)
    page = history(window)
    page.grid.choose("1")
    page.panel.then_button.click()
    (past,) = window._past
    with qtbot.waitExposed(past):
        past.show()
    assert past.bridge is not None
    then = past.bridge.workspace
    assert then.read_only
    assert then.portfolio.awards_by_key["mopac-core"].end == date(2027, 9, 30)
    assert then.portfolio.posts_by_key["idva-courts"].fte == 1
    past.go_to(POSTS)
    past.close()
    assert book(window).posts_by_key["idva-courts"].fte == Decimal("0.5")


def test_a_window_on_the_past_says_so_and_takes_no_other_file_for_it(window: Window) -> None:
    two_changes(window)
    page = history(window)
    page.grid.choose("1")
    page.panel.then_button.click()
    (past,) = window._past
    assert "Larkmoor Bridge, as it stood on" in past.windowTitle()
    assert "as it stood" not in window.windowTitle()
    offered = {each.text().replace("&", "") for each in past.acts.file_menu.actions()}
    seen = {
        each.text().replace("&", "") for each in past.acts.file_menu.actions() if each.isVisible()
    }
    gone = {"New book…", "Open…", "Open the sample charity", "New window", "Save a copy…"}
    assert gone | {"Back up now", "Restore from a backup…", "Open recent"} <= offered - seen
    assert {"Export…", "Board pack…", "Close window"} <= seen
    assert not past.open_book(Path("refuge.fundtrack"))
    assert "This window shows sample as it stood" in cast("Any", past.page(OVERVIEW)).message.words
    assert past.book == Path("sample.fundtrack")
    past.doors = replace(past.doors, write_calendar=lambda *_args: pytest.fail("a past calendar"))
    past.ask_for_calendar(())
    said = cast("Any", past.page(OVERVIEW)).message.words
    assert "Write the calendar from the book as it is now" in said
    past.acts.close.trigger()
    assert not past.isVisible()
    assert window.isVisible()


def test_a_book_that_can_only_be_read_has_nothing_to_save(
    shelf: Shelf, opened: Callable[[], Window]
) -> None:
    shelf.read_only = "It is open elsewhere."
    window = opened()
    window.acts.save.trigger()
    message = cast("Any", window.page(OVERVIEW)).message
    assert message.words == "Nothing can be changed here, so there is nothing to save."


def test_a_day_is_chosen_and_the_book_shown_at_its_end(window: Window) -> None:
    two_changes(window)
    page = history(window)
    asked: list[int] = []
    page.as_at_wanted.disconnect()
    page.as_at_wanted.connect(asked.append)
    page.look_button.click()
    assert asked == [2]


def test_a_book_that_can_only_be_read_offers_no_taking_back(
    shelf: Shelf, opened: Callable[[], Window]
) -> None:
    shelf.read_only = "It is open elsewhere."
    assert not history(opened()).panel.take_back_button.isVisible()


def test_a_share_is_named_for_what_it_pays_and_who_pays(sample: Portfolio) -> None:
    share = sample.allocations[0]
    edit = set_field("allocations", share, "percent", Decimal(10), "Change a share")
    (row,) = told(sample, edit.changes)
    assert " on " in row.title
    assert share.key not in row.title
    assert row.after == "10%"


def test_the_models_keep_qts_rules(window: Window, qtmodeltester: ModelTester) -> None:
    two_changes(window)
    page = history(window)
    for model in (page.table, page.panel.table):
        qtmodeltester.check(model)
