"""What a finance lead does with returns in the window, told by keyboard and mouse."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog

from fundtrack import app
from fundtrack.core.returns.lifecycle import history
from fundtrack.gui.dialogs.return_step import StepDialog
from fundtrack.gui.window import AWARDS, RETURNS, Window
from tests.gui.conftest import TODAY
from tests.gui.test_everyone import parts_to_name, said_of
from tests.gui.test_pages import book

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot

    from fundtrack.core.model import Return
    from fundtrack.core.returns.register import Owed
    from fundtrack.gui.pages.returns import ReturnsPage
    from tests.gui.conftest import Shelf

Key = Qt.Key
CORE_Q3 = "mopac-core:return:2026-10-01"
CORE_COSTS = "alder-core:return:2025-01-01"
ADVICE_Q9 = "council-advice:return:2026-07-01"


@pytest.fixture
def page(window: Window) -> ReturnsPage:
    return returns(window)


def returns(window: Window) -> ReturnsPage:
    window.go_to(RETURNS)
    return cast("ReturnsPage", window.page(RETURNS))


def row(page: ReturnsPage, key: str) -> Owed:
    return next(each for each in page.table.rows if each.key == key)


def says(page: ReturnsPage, key: str, column: str) -> str:
    return str(page.grid.sorted.index_of(key, page.table.place_of(column)).data())


def record(window: Window, key: str) -> Return:
    return next(each for each in book(window).returns if each.key == key)


def answer(fill: Callable[[StepDialog], None]) -> list[QDialog]:
    """Fill in the dialog that opens and accept it; one that stays open is given up."""
    seen: list[QDialog] = []

    def act() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, StepDialog)
        seen.append(dialog)
        fill(dialog)
        dialog.accept()
        if dialog.isVisible():
            dialog.reject()

    QTimer.singleShot(0, act)
    return seen


def by(who: str, **more: str) -> Callable[[StepDialog], None]:
    """Answer that this person did it."""

    def fill(dialog: StepDialog) -> None:
        dialog.who.setText(who)
        for field, text in more.items():
            getattr(dialog, field).setText(text)

    return fill


def choose(page: ReturnsPage, key: str) -> None:
    assert page.grid.choose(key, 2)
    page.grid.setFocus()


# --- the list ----------------------------------------------------------------------------


def test_every_return_owed_stands_there_with_its_day_its_payment_and_its_status(
    page: ReturnsPage,
) -> None:
    assert page.header.fact.accessibleName() == "1 overdue · 1 queried · 1 due in 28 days"
    first = page.table.rows[0]
    assert first.key == CORE_COSTS
    assert says(page, CORE_COSTS, "urgency") == "Overdue"
    assert says(page, CORE_COSTS, "due") == "Sun 1 Mar 2026"
    assert says(page, CORE_COSTS, "status") == "Not begun"
    claim = "saltmarch-isva:return:2026-06-01"
    assert says(page, claim, "award") == "ISVA service, Saltmarch"
    assert says(page, claim, "period") == "grant H3"
    assert says(page, claim, "pays") == "Waits for it"
    assert says(page, ADVICE_Q9, "status") == "Queried"


def test_the_panel_says_since_when_and_which_working_day_comes_before(page: ReturnsPage) -> None:
    choose(page, CORE_COSTS)
    assert page.panel.when.text() == (
        "Overdue since 1 Mar 2026 (266 days). Sun 1 March 2026 is not a working day; "
        "the one before is Fri 27 February."
    )
    choose(page, "saltmarch-isva:return:2026-06-01")
    assert "The next payment waits for it." in page.panel.when.text()


def test_the_side_list_counts_what_waits(window: Window, page: ReturnsPage) -> None:
    assert page.isVisible()
    item = window.side.list.model().index(RETURNS, 0)
    assert item.data(Qt.ItemDataRole.AccessibleTextRole) == "Returns, 3 to send"


def test_returns_are_filtered_by_award_by_status_and_by_what_is_overdue(page: ReturnsPage) -> None:
    page.span.setCurrentIndex(1)
    page.span.activated.emit(1)
    assert [each.key for each in page.table.rows] == [CORE_COSTS, ADVICE_Q9]
    page.span.setCurrentIndex(5)
    page.award.setCurrentIndex(page.award.findData("mopac-core"))
    page.award.activated.emit(1)
    assert {each.award for each in page.table.rows} == {"mopac-core"}
    page.status.setCurrentIndex(page.status.findData("submitted"))
    page.status.activated.emit(1)
    assert [each.record for each in page.table.rows] == ["mopac-core-return-8"]
    page.search.setText("nothing like it")
    assert page._none.text() == "No return matches these filters."
    page._way_out.click()
    assert len(page.table.rows) == len(page.view.later.returns)  # type: ignore[union-attr]


def test_a_book_that_owes_nothing_says_what_would_be_here(
    shelf: Shelf, opened: Callable[[], Window]
) -> None:
    shelf.portfolio = app.empty_portfolio("New", "england-and-wales", date(2026, 11, 1))
    window = opened()
    page = returns(window)
    assert "Add reporting duties to an award" in page._none.text()
    page._way_out.click()
    assert window.stack.currentWidget() is window.page(AWARDS)


def test_a_return_the_terms_no_longer_ask_for_is_not_lost(
    shelf: Shelf, opened: Callable[[], Window]
) -> None:
    awards = tuple(
        replace(each, reporting=None) if each.key == "mopac-core" else each
        for each in shelf.portfolio.awards
    )
    shelf.portfolio = replace(shelf.portfolio, awards=awards)
    page = returns(opened())
    page.open("mopac-core-return-9")
    assert page.chosen_key == "record:mopac-core-return-9"
    assert "No reporting duty" in page.panel.when.text()


# --- steps -------------------------------------------------------------------------------


def test_a_finance_lead_begins_a_return_by_keyboard_and_undoes_it(
    window: Window, page: ReturnsPage, qtbot: QtBot
) -> None:
    choose(page, CORE_COSTS)
    seen = answer(by("Finance lead"))
    qtbot.keyClick(page.grid, Key.Key_Return)
    assert seen
    begun = book(window).returns[-1]
    assert (begun.award, begun.period, begun.status) == ("alder-core", "grant year 1", "draft")
    assert [(step.status, step.who) for step in history(begun)] == [("draft", "Finance lead")]
    assert row(page, CORE_COSTS).who == "Finance lead"
    window.undo()
    assert row(page, CORE_COSTS).status == "not begun"


def test_a_step_without_a_name_or_with_a_day_to_come_is_not_taken(
    window: Window, page: ReturnsPage
) -> None:
    choose(page, ADVICE_Q9)
    seen = answer(by(""))
    page.take_step("accepted")
    assert cast("StepDialog", seen[0]).fault.text() == "Type who takes this step: a role or a name"
    seen = answer(by("The council", on="1/12/26"))
    page.take_step("accepted")
    assert "still to come" in cast("StepDialog", seen[0]).fault.text()
    assert record(window, "council-advice-return-2").status == "queried"


def test_the_funder_accepts_a_queried_return_and_the_journal_says_who(
    window: Window, page: ReturnsPage
) -> None:
    choose(page, ADVICE_Q9)
    assert set(page.panel.step_buttons) == {"resubmitted", "accepted"}
    answer(by("Commissioning officer", on="20/11/26", note="by e-mail"))
    cast("QDialog", page.panel.step_buttons["accepted"]).click()  # type: ignore[attr-defined]
    kept = record(window, "council-advice-return-2")
    assert kept.status == "accepted"
    step = history(kept)[-1]
    assert (step.who, step.on, step.note) == ("Commissioning officer", "2026-11-20", "by e-mail")
    assert window.bridge is not None
    assert window.bridge.workspace.undo_label == "Return accepted: council-advice, grant Q9"


def test_a_return_that_fails_a_check_is_not_marked_checked_and_says_why(
    window: Window, page: ReturnsPage
) -> None:
    page.open("mopac-core-return-9")
    seen = answer(by("Finance lead"))
    page.take_step("checked")
    assert "F4: " in cast("StepDialog", seen[0]).fault.text()
    assert record(window, "mopac-core-return-9").status == "draft"


def test_marking_sent_asks_for_the_file(window: Window, page: ReturnsPage, tmp_path: Path) -> None:
    page.open("council-advice-return-2")
    seen = answer(by("Finance lead"))
    page.take_step("resubmitted")
    assert "Choose the file that was sent" in cast("StepDialog", seen[0]).fault.text()
    seen = answer(by("Finance lead", file=str(tmp_path / "gone.xlsx")))
    page.take_step("resubmitted")
    assert "gone.xlsx cannot be read" in cast("StepDialog", seen[0]).fault.text()
    assert record(window, "council-advice-return-2").status == "queried"


# --- everyone ----------------------------------------------------------------------------


def test_a_read_only_book_offers_no_step(shelf: Shelf, opened: Callable[[], Window]) -> None:
    shelf.read_only = "Somebody else has it open."
    page = returns(opened())
    choose(page, CORE_COSTS)
    assert page.panel.step_buttons == {}
    assert not page.panel.open_button.isVisible()
    page.take_step("checked")
    choose(page, ADVICE_Q9)
    assert page.panel.open_button.isVisible()


def test_every_field_of_the_step_dialog_has_a_name(page: ReturnsPage) -> None:
    choose(page, ADVICE_Q9)
    unnamed: list[object] = []

    def look(dialog: StepDialog) -> None:
        unnamed.extend(part for part in parts_to_name(dialog) if not said_of(part))
        dialog.who.setText("x")

    answer(look)
    page.take_step("resubmitted")
    assert unnamed == []


def test_the_model_keeps_qts_rules(page: ReturnsPage, qtmodeltester: ModelTester) -> None:
    assert date(2026, 11, 22) == TODAY
    qtmodeltester.check(page.table)
    qtmodeltester.check(page.grid.sorted)
