"""The first run: three questions and three ways to begin, on one page."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from fundtrack import places
from fundtrack.gui.pages.awards import Awards
from fundtrack.gui.widgets.anything_field import AnythingField
from fundtrack.gui.window import AWARDS, OVERVIEW, PLACES, POSTS, Window
from fundtrack.gui.wishes import new_share, set_field
from tests.gui.test_pages import press_enter, typing_field

if TYPE_CHECKING:
    import pytest
    from pytestqt.qtbot import QtBot

    from fundtrack.gui.pages.overview import Overview
    from fundtrack.gui.pages.posts import Posts
    from tests.gui.conftest import Shelf

Key = Qt.Key


def answer(window: Window, qtbot: QtBot, reserves: str = "£113,200") -> None:
    """Answer the three questions by keyboard."""
    qtbot.keyClicks(QApplication.focusWidget(), "  Harbour   Lane Support")
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_Tab)
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_Right)
    window.start.questions.reserves.setFocus()
    qtbot.keyClicks(window.start.questions.reserves, reserves)


def test_three_answers_and_one_award_begin_a_book_without_a_wizard(
    closed_window: Window, shelf: Shelf, qtbot: QtBot
) -> None:
    window = closed_window
    assert window.start.questions.name.hasFocus()
    answer(window, qtbot)
    window.start.award_button.setFocus()
    qtbot.keyClick(window.start.award_button, Key.Key_Space)
    assert shelf.made is not None
    path, made = next(iter(shelf.made.items()))
    assert path == places.books() / "Harbour Lane Support.fundtrack"
    charity = made.organisation
    assert (charity.name, charity.nation) == ("Harbour Lane Support", "scotland")
    assert charity.balances.free_reserves == 11_320_000
    assert charity.balances.as_at.isoformat() == "2026-11-01"
    assert (charity.year_start_month, charity.reserves_policy) == (4, None)
    assert window.page(AWARDS).isVisible()
    assert window.bridge is not None
    (award,) = window.bridge.workspace.portfolio.awards
    assert (award.title, award.stage) == ("New award", "live")
    said = window.page(AWARDS).message.words
    assert said.startswith("Your book is kept as Harbour Lane Support.fundtrack in ")


def test_the_year_and_the_policy_have_usual_answers_and_can_be_chosen(
    closed_window: Window, qtbot: QtBot
) -> None:
    questions = closed_window.start.questions
    answer(closed_window, qtbot)
    assert questions.year_button.text() == "April"
    assert questions.policy_button.text() == "not set"
    questions.year_button.menu().actions()[7].trigger()
    questions.policy_button.menu().actions()[3].trigger()
    assert questions.year_button.accessibleName() == "Your year starts in August"
    made = questions.portfolio()
    assert made is not None
    assert made.organisation.year_start_month == 8
    assert made.organisation.reserves_policy is not None
    assert made.organisation.reserves_policy.value == 3


def test_a_missing_or_wrong_answer_is_said_beside_its_question(
    closed_window: Window, shelf: Shelf, qtbot: QtBot
) -> None:
    start = closed_window.start
    start.award_button.click()
    assert start.questions.faults[start.questions.name].text() == "Type what your charity is called"
    assert start.questions.name.hasFocus()
    answer(closed_window, qtbot, reserves="about ten")
    start.import_button.click()
    said = start.questions.faults[start.questions.reserves].text()
    assert said.startswith("This is not a number")
    assert start.questions.reserves.hasFocus()
    assert not shelf.made
    qtbot.keyClick(start.questions.reserves, Key.Key_Backspace)
    assert start.questions.faults[start.questions.reserves].isHidden()


def test_reserves_that_nobody_knows_yet_are_not_taken_for_nought(
    closed_window: Window, shelf: Shelf, qtbot: QtBot
) -> None:
    answer(closed_window, qtbot, reserves="")
    closed_window.start.award_button.click()
    assert shelf.made is not None
    (made,) = shelf.made.values()
    assert made.organisation.balances.free_reserves is None


def test_bringing_in_a_spreadsheet_makes_the_book_and_asks_for_the_file(
    closed_window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(Window, "ask_for_import", lambda window: asked.append(window.book.stem))
    answer(closed_window, qtbot)
    closed_window.start.import_button.click()
    assert asked == ["Harbour Lane Support"]


def test_a_second_book_of_the_same_name_keeps_out_of_the_way_of_the_first(
    closed_window: Window, shelf: Shelf, qtbot: QtBot
) -> None:
    there = places.books() / "Harbour Lane Support.fundtrack"
    there.parent.mkdir(parents=True)
    there.write_text("somebody's")
    answer(closed_window, qtbot)
    closed_window.start.award_button.click()
    assert shelf.made is not None
    assert [path.name for path in shelf.made] == ["Harbour Lane Support 2.fundtrack"]
    assert there.read_text() == "somebody's"


def test_the_books_opened_lately_lead_back_to_them(closed_window: Window) -> None:
    start = closed_window.start
    start.show_recent((Path("/books/Harbour Lane.fundtrack"),))
    chosen: list[Path] = []
    start.recent_wanted.disconnect()
    start.recent_wanted.connect(chosen.append)
    links = [it for it in start.findChildren(QPushButton) if it.text() == "Harbour Lane"]
    links[0].click()
    assert chosen == [Path("/books/Harbour Lane.fundtrack")]


def test_the_questions_and_the_ways_stand_below_each_other_where_room_is_short(
    closed_window: Window, qtbot: QtBot
) -> None:
    start = closed_window.start

    def beside() -> bool:
        asked = start.questions.mapTo(start, start.questions.rect().topRight())
        return (
            start.import_button.mapTo(start, start.import_button.rect().topLeft()).y()
            < asked.y() + 80
        )

    assert beside()
    closed_window.resize(800, 600)
    qtbot.waitUntil(lambda: not beside())


def test_every_header_has_the_way_to_everything_as_a_field(window: Window, qtbot: QtBot) -> None:
    for place in range(len(PLACES)):
        window.go_to(place)
        field = window.page(place).header.anything
        assert isinstance(field, AnythingField)
        assert field.isVisible()
        right = field.mapTo(window, field.rect().topRight()).x()
        assert window.width() - right < 40
    window.go_to(OVERVIEW)
    field = cast("AnythingField", window.page(OVERVIEW).header.anything)
    assert not field.compact
    window.resize(800, 600)
    window.go_to(AWARDS)
    awards = cast("Awards", window.page(AWARDS)).header
    qtbot.waitUntil(lambda: awards.anything is not None and awards.anything.compact)


def test_one_award_one_post_and_a_share_lead_to_the_first_dated_warning(
    closed_window: Window, qtbot: QtBot
) -> None:
    window = closed_window
    answer(window, qtbot)
    window.start.award_button.click()
    qtbot.keyClicks(QApplication.focusWidget(), "Youth grant")
    press_enter(qtbot, typing_field())
    awards = cast("Awards", window.page(AWARDS))
    awards.grid.change(awards.grid.current_key, "end")
    qtbot.keyClicks(QApplication.focusWidget(), "31/3/27")
    press_enter(qtbot, typing_field())
    window.go_to(POSTS)
    posts = cast("Posts", window.page(POSTS))
    posts.add()
    qtbot.keyClicks(QApplication.focusWidget(), "Youth worker")
    press_enter(qtbot, typing_field())
    assert window.bridge is not None
    book = window.bridge.workspace.portfolio
    edit, _ = new_share(book, "post", book.posts[0].key, book.awards[0].key, Decimal(100))
    window.do(edit)
    window.go_to(OVERVIEW)
    overview = cast("Overview", window.page(OVERVIEW))
    said = overview.ladder.answer.accessibleName()
    assert said.startswith("One post is unfunded, wholly or partly, from 1 April 2027.")
    assert "notice must be given by" in said


def test_a_book_whose_posts_are_all_vacant_is_not_told_that_all_is_well(
    closed_window: Window, qtbot: QtBot
) -> None:
    window = closed_window
    answer(window, qtbot)
    window.start.award_button.click()
    window.go_to(POSTS)
    window.page(POSTS).add()
    press_enter(qtbot, typing_field())
    assert window.bridge is not None
    (post,) = window.bridge.workspace.portfolio.posts
    window.do(set_field("posts", post, "status", "vacant", "Make vacant"))
    view = window.bridge.view
    assert view is not None
    assert view.glance.answer.text.startswith("No post is filled in these months")
    assert view.glance.answer.status == "watch"
