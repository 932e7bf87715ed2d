"""What a manager does with money not yet secured, told by keyboard and mouse."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from fundtrack import app
from fundtrack.gui.dialogs.evidence import EvidenceDialog
from fundtrack.gui.widgets.board import AWARD_MIME
from fundtrack.gui.window import AWARDS, PIPELINE, Window
from tests.gui.conftest import TODAY
from tests.gui.test_everyone import parts_to_name, said_of
from tests.gui.test_pages import book, type_into

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot

    from fundtrack.core.model import Stage
    from fundtrack.gui.look import Look
    from fundtrack.gui.pages.awards import Awards
    from fundtrack.gui.pages.pipeline import PipelinePage
    from fundtrack.gui.widgets.board import StageList
    from tests.gui.conftest import Shelf

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
ADVICE, CORE, IDEA = "council-advice-renewal", "mopac-core-renewal", "restorative"


@pytest.fixture
def page(window: Window) -> PipelinePage:
    window.go_to(PIPELINE)
    return cast("PipelinePage", window.page(PIPELINE))


def stage_of(window: Window, key: str) -> str:
    return book(window).awards_by_key[key].stage


def column(page: PipelinePage, stage: Stage) -> StageList:
    return page.board.columns[stage].list


def answer(who: str, *, accept: bool = True, on: str = "") -> list[EvidenceDialog]:
    """Answer the question about evidence when it is asked; return where it can be seen."""
    seen: list[EvidenceDialog] = []

    def fill() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, EvidenceDialog)
        seen.append(dialog)
        dialog.who.setText(who)
        if on:
            dialog.on.setText(on)
        if accept:
            dialog.accept()
        if dialog.isVisible():
            dialog.reject()

    QTimer.singleShot(0, fill)
    return seen


def let_go(page: PipelinePage, key: str, stage: Stage) -> None:
    """Let go of a dragged card over a column, as the mouse would."""
    data = QMimeData()
    data.setData(AWARD_MIME, key.encode())
    list_ = column(page, stage)
    event = QDropEvent(
        QPointF(20, 20),
        Qt.DropAction.MoveAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    list_.dropEvent(event)


# --- seeing ------------------------------------------------------------------------------


def test_each_certainty_has_its_own_total_and_no_total_covers_both(page: PipelinePage) -> None:
    assert page.totals.probable.said == "Probable £575,000 2 awards"
    assert page.totals.possible.said == "Possible £461,400 5 awards"
    said = [part.accessibleName() for part in page.findChildren(QWidget)]
    assert not any("1,036,400" in each for each in said)


def test_a_card_says_what_it_keeps_by_when_to_act_and_that_the_decision_comes_too_late(
    page: PipelinePage,
) -> None:
    index = column(page, "agreed-in-principle").cards.index_of(CORE)
    said = str(index.data(Qt.ItemDataRole.AccessibleTextRole))
    assert said.startswith("Victims' core grant, next three years, Mayor's Office")
    for part in (
        "£543,000, probable, act now",
        "consult from 1 Dec",
        "decision 12 Feb, 73 days after you consult",
        "evidence grade 3, 21 Oct",
        "keeps 5 posts, 3.71 FTE",
        "chance 80%",
    ):
        assert part in said


def test_the_card_to_act_on_first_is_chosen_when_the_page_opens(page: PipelinePage) -> None:
    assert page.board.current_key == CORE
    assert page.panel.next.text() == "Start consultation by <b>Tue 1 December</b>, in 9 days."
    assert "73 days after consultation must start" in page.panel.then.text()


def test_bid_or_no_bid_is_value_times_chance_less_the_cost_of_bidding(page: PipelinePage) -> None:
    page.open(ADVICE)
    shown = [(line.name, line.value) for line in page.panel.aid.rows]
    assert shown == [
        ("Value × chance", "£79,200"),
        ("Cost of bidding", "−£350"),
        ("Worth", "£78,850"),
    ]
    assert page.panel.aid.rows[-1].basis == "an aid, no forecast"


def test_a_stage_that_claims_more_than_was_said_is_told_so(page: PipelinePage) -> None:
    page.open("appeals-next")
    assert page.panel.doubt.text() == "No evidence is recorded, and the stage says probable."


# --- moving ------------------------------------------------------------------------------


def test_ctrl_and_an_arrow_move_a_card_a_stage_and_it_stays_chosen(
    page: PipelinePage, window: Window, qtbot: QtBot
) -> None:
    page.open(IDEA)
    qtbot.keyClick(column(page, "idea"), Key.Key_Right, CTRL)
    assert stage_of(window, IDEA) == "preparing"
    assert page.board.current_key == IDEA
    assert column(page, "preparing").hasFocus()
    assert window.acts.undo.text() == "&Undo “Move Restorative practice with families to preparing”"
    window.undo()
    assert stage_of(window, IDEA) == "idea"


def test_a_card_let_go_of_over_another_column_moves_there(
    page: PipelinePage, window: Window, qtbot: QtBot
) -> None:
    let_go(page, IDEA, "submitted")
    qtbot.waitUntil(lambda: stage_of(window, IDEA) == "submitted")
    assert column(page, "submitted").cards.index_of(IDEA).isValid()


def test_a_card_let_go_of_where_it_was_stays_and_a_stray_drag_is_not_taken(
    page: PipelinePage,
) -> None:
    idea = column(page, "idea").cards
    stray = QMimeData()
    stray.setText("restorative")
    own = QMimeData()
    own.setData(AWARD_MIME, IDEA.encode())
    for data in (stray, own):
        assert not idea.dropMimeData(data, Qt.DropAction.MoveAction, -1, -1, QModelIndex())


def test_a_dragged_card_carries_the_key_of_its_award(page: PipelinePage) -> None:
    cards = column(page, "idea").cards
    carried = cards.mimeData([cards.index(0, 0)])
    assert bytes(cast("bytes", carried.data(AWARD_MIME).data())) == IDEA.encode()


def test_a_firmer_stage_asks_first_who_said_so_and_keeps_the_answer(
    page: PipelinePage, window: Window, qtbot: QtBot
) -> None:
    page.open("foundation-outreach")
    seen = answer("Grants officer, Larkmoor", on="20/11/26")
    qtbot.keyClick(column(page, "submitted"), Key.Key_Right, CTRL)
    assert seen[0].windowTitle() == "Move to agreed in principle"
    assert stage_of(window, "foundation-outreach") == "agreed-in-principle"
    kept = book(window).evidence[-1]
    assert (kept.award, kept.who, kept.on, kept.grade, kept.channel) == (
        "foundation-outreach",
        "Grants officer, Larkmoor",
        date(2026, 11, 20),
        3,
        "e-mail",
    )
    window.undo()
    assert stage_of(window, "foundation-outreach") == "submitted"
    assert kept not in book(window).evidence


@pytest.mark.parametrize("how", ["nobody", "not yet said", "cancelled"])
def test_without_an_answer_nothing_moves(
    page: PipelinePage, window: Window, qtbot: QtBot, how: str
) -> None:
    page.open("foundation-outreach")
    who = "" if how == "nobody" else "Grants officer"
    on = "1 Dec 2026" if how == "not yet said" else ""
    seen = answer(who, on=on, accept=how != "cancelled")
    qtbot.keyClick(column(page, "submitted"), Key.Key_Right, CTRL)
    expected = {
        "nobody": "Type who said so: a name, an office, or a website",
        "not yet said": "1 Dec 2026 is still to come. Give the day it was said",
        "cancelled": "",
    }
    assert seen[0].fault.text() == expected[how]
    assert stage_of(window, "foundation-outreach") == "submitted"


def test_past_the_last_column_an_award_is_won_on_an_offer_letter(
    page: PipelinePage, window: Window, qtbot: QtBot
) -> None:
    page.open(CORE)
    answer("Mayor's Office")
    qtbot.keyClick(column(page, "agreed-in-principle"), Key.Key_Right, CTRL)
    assert stage_of(window, CORE) == "awarded"
    assert book(window).evidence[-1].grade == 5
    assert page.totals.probable.said == "Probable £32,000 1 award"


def test_a_bid_that_came_to_nothing_is_said_so_without_evidence(
    page: PipelinePage, window: Window
) -> None:
    page.open(ADVICE)
    page.move_menu.aboutToShow.emit()
    words = [action.text() for action in page.move_menu.actions() if action.text()]
    assert words[-2:] == ["Unsuccessful", "Withdrawn"]
    page.move_card(ADVICE, "unsuccessful")
    assert stage_of(window, ADVICE) == "unsuccessful"
    assert page.totals.ended.text() == "Ended: unsuccessful 2, withdrawn 1"


def test_before_the_first_stage_there_is_none(page: PipelinePage, qtbot: QtBot) -> None:
    page.open(IDEA)
    qtbot.keyClick(column(page, "idea"), Key.Key_Left, CTRL)
    assert "is at the first stage already" in page.message.words


# --- walking -----------------------------------------------------------------------------


def test_arrows_walk_the_board_and_tab_stops_at_it_once(page: PipelinePage, qtbot: QtBot) -> None:
    page.open(IDEA)
    qtbot.keyClick(column(page, "idea"), Key.Key_Right)
    assert page.board.current_key == ADVICE
    qtbot.keyClick(column(page, "preparing"), Key.Key_Right)
    qtbot.keyClick(column(page, "submitted"), Key.Key_Down)
    assert page.board.current_key == "foundation-outreach"
    stops = [
        each
        for each in page.board.columns.values()
        if each.list.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert [each.stage for each in stops] == ["submitted"]


def test_enter_on_a_card_opens_its_award(page: PipelinePage, window: Window, qtbot: QtBot) -> None:
    page.open(ADVICE)
    qtbot.keyClick(column(page, "preparing"), Key.Key_Return)
    awards = cast("Awards", window.page(AWARDS))
    assert awards.isVisible()
    assert awards.grid.current_key == ADVICE


def test_a_click_on_a_card_shows_it_below(page: PipelinePage, qtbot: QtBot) -> None:
    list_ = column(page, "preparing")
    place = list_.visualRect(list_.cards.index(0, 0)).topLeft() + QPoint(30, 30)
    qtbot.mouseClick(list_.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert page.panel.heading.text() == "Bid or no bid: Housing and money advice, next two years"


# --- the table ---------------------------------------------------------------------------


def test_the_table_holds_the_same_and_is_changed_in_place(
    page: PipelinePage, window: Window, qtbot: QtBot
) -> None:
    page.swap_chart()
    grid = page.grid
    type_into(qtbot, grid, ADVICE, "chance", "75")
    type_into(qtbot, grid, ADVICE, "deadline", "29/1/27")
    award = book(window).awards_by_key[ADVICE]
    assert award.probability == 75
    assert award.bid is not None
    assert award.bid.deadline == date(2027, 1, 29)
    assert page.panel.aid.rows[0].basis == "£132,000 × 75%"
    grid.setFocus()
    grid.choose(IDEA)
    qtbot.keyClick(grid, Key.Key_Right, CTRL)
    assert stage_of(window, IDEA) == "preparing"


def test_a_new_idea_is_added_and_named(page: PipelinePage, window: Window, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Key.Key_N, CTRL)
    field = QApplication.focusWidget()
    assert field is not None
    qtbot.keyClicks(field, "Warm spaces")
    qtbot.keyClick(field, Key.Key_Return)
    QApplication.processEvents()
    assert book(window).awards[-1].title == "Warm spaces"
    assert page.header.fact.accessibleName() == "8 awards not yet secured"


def test_the_filter_keeps_matching_cards_and_says_when_there_is_none(
    page: PipelinePage, qtbot: QtBot
) -> None:
    qtbot.keyClicks(page.search, "lottery")
    assert [card.key for card in page.board.cards.cards] == ["young-survivors-renewal"]
    qtbot.keyClicks(page.search, " zzz")
    assert page.board.cards.rowCount() == 0
    assert "Clear the filter" in page.findChild(QWidget, "none").text()  # type: ignore[union-attr]


# --- other books -------------------------------------------------------------------------


def test_an_empty_book_teaches_what_each_stage_is(
    shelf: Shelf, opened: Callable[[], Window]
) -> None:
    shelf.portfolio = app.empty_portfolio("New Charity", "scotland", TODAY)
    window = opened()
    window.go_to(PIPELINE)
    page = cast("PipelinePage", window.page(PIPELINE))
    assert page.board.columns["idea"].teach.isVisible()
    assert not page.panel.isVisible()
    assert page.add_button.hasFocus()


def test_a_book_for_reading_only_cannot_be_moved_about(
    shelf: Shelf, opened: Callable[[], Window], qtbot: QtBot
) -> None:
    shelf.read_only = "Someone else has it open."
    window = opened()
    window.go_to(PIPELINE)
    page = cast("PipelinePage", window.page(PIPELINE))
    page.open(IDEA)
    qtbot.keyClick(column(page, "idea"), Key.Key_Right, CTRL)
    let_go(page, IDEA, "submitted")
    assert stage_of(window, IDEA) == "idea"
    assert not page.add_button.isVisible()
    assert not page.panel.move_button.isVisible()


def test_the_models_keep_qts_rules(
    page: PipelinePage, window: Window, qtmodeltester: ModelTester
) -> None:
    for model in (page.board.cards, column(page, "submitted").cards, page.table, page.panel.aid):
        qtmodeltester.check(model)
    page.move_card(IDEA, "submitted")
    assert stage_of(window, IDEA) == "submitted"


def test_every_field_of_the_question_about_evidence_has_a_name(
    window: Window, look: Look, qtbot: QtBot
) -> None:
    dialog = EvidenceDialog(look, "Core grant", "agreed-in-principle", TODAY, window)
    qtbot.addWidget(dialog)
    assert [part for part in parts_to_name(dialog) if not said_of(part)] == []
