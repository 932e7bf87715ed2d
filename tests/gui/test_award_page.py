"""An award's own page, as a manager opens it, reads it and changes it where it stands."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from fundtrack.gui.dialogs.evidence import EvidenceDialog
from fundtrack.gui.dialogs.funder import FunderDialog
from fundtrack.gui.window import AWARDS, OVERVIEW, Window
from tests.gui.test_everyone import parts_to_name, said_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from fundtrack.core.model import Award, Portfolio
    from fundtrack.gui.award.page import AwardPage
    from fundtrack.gui.pages.awards import Awards
    from fundtrack.gui.widgets.form import FieldRow
    from tests.gui.conftest import Shelf

Key = Qt.Key
Alt = Qt.KeyboardModifier.AltModifier
CORE = "mopac-core"


def register(window: Window) -> Awards:
    return cast("Awards", window.page(AWARDS))


def award_page(window: Window, key: str = CORE) -> AwardPage:
    window.open_record(f"awards.{key}")
    page = register(window).own
    assert page.isVisible()
    return page


def book(window: Window) -> Portfolio:
    assert window.bridge is not None
    return window.bridge.workspace.portfolio


def award(window: Window, key: str = CORE) -> Award:
    return book(window).awards_by_key[key]


def type_in(qtbot: QtBot, row: FieldRow, text: str) -> None:
    row.line.setFocus()
    row.line.selectAll()
    qtbot.keyClicks(row.line, text)
    qtbot.keyClick(row.line, Key.Key_Return)


def choose(row: FieldRow, value: object) -> None:
    row.choice.setCurrentIndex(row.choice.findData(value))
    row.choice.activated.emit(row.choice.currentIndex())


def answering(kind: type, answer: Callable[[object], None]) -> None:
    """Answer the next dialog as a person would, once it stands there."""

    def act() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, kind)
        answer(dialog)

    QTimer.singleShot(0, act)


# --- coming and going --------------------------------------------------------------------


def test_enter_in_the_register_opens_the_awards_own_page_and_escape_comes_back(
    window: Window, qtbot: QtBot
) -> None:
    window.go_to(AWARDS)
    page = register(window)
    page.grid.choose(CORE, page.table.place_of("end"))
    qtbot.keyClick(page.grid, Key.Key_Return)
    assert page.own.isVisible()
    assert page.head.title.whole == "Victims' core grant"
    assert page.own.tabs.hasFocus()
    qtbot.keyClick(page.own.tabs, Key.Key_Escape)
    assert page.grid.isVisible()
    assert page.grid.hasFocus()
    assert page.grid.current_key == CORE


def test_a_double_click_and_the_panels_link_open_it_too(window: Window, qtbot: QtBot) -> None:
    window.go_to(AWARDS)
    page = register(window)
    place = page.grid.visualRect(page.grid.sorted.index_of(CORE)).center()
    qtbot.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert page.standing == CORE
    qtbot.mouseClick(page.head.back_button, Qt.MouseButton.LeftButton)
    assert page.standing == ""
    qtbot.mouseClick(page.panel.open_link, Qt.MouseButton.LeftButton)
    assert page.standing == CORE


def test_back_and_forward_know_the_award_one_stood_at(window: Window, qtbot: QtBot) -> None:
    award_page(window)
    award_page(window, "council-advice")
    window.go_to(OVERVIEW)
    for key, standing in (
        (Key.Key_Left, "council-advice"),
        (Key.Key_Left, CORE),
        (Key.Key_Right, "council-advice"),
    ):
        qtbot.keyClick(window, key, Alt)
        assert register(window).isVisible()
        assert register(window).standing == standing
    window.place_actions[AWARDS].trigger()  # asked for while in sight: the register
    assert register(window).grid.isVisible()


def test_an_award_taken_away_by_undo_leads_back_to_the_register(window: Window) -> None:
    window.go_to(AWARDS)
    register(window).add()
    key = book(window).awards[-1].key
    award_page(window, key)
    window.undo_action.trigger()
    assert register(window).grid.isVisible()
    assert register(window).standing == ""


def test_everything_on_an_awards_page_has_a_name(window: Window) -> None:
    page = award_page(window)
    page.terms.toggle()
    assert [part for part in parts_to_name(window) if not said_of(part)] == []


# --- terms -------------------------------------------------------------------------------


def test_the_terms_are_said_in_a_few_lines(window: Window) -> None:
    said = dict(award_page(window).terms.facts.pairs)
    assert said["Ultimate source"] == "Ministry of Justice"
    assert said["Kind and fund"] == "Grant, restricted"
    assert said["Dates"] == "1 Apr 2024 – 31 Mar 2027"
    assert said["Paid"] == "quarterly, in advance"
    assert said["Moving money"] == "over 10% needs approval"


def test_a_manager_changes_the_terms_where_they_stand_and_undoes_it(
    window: Window, qtbot: QtBot
) -> None:
    terms = award_page(window).terms
    qtbot.mouseClick(terms.change_link, Qt.MouseButton.LeftButton)
    type_in(qtbot, terms.rows["end"], "30/9/27")
    type_in(qtbot, terms.rows["bid.decision_expected"], "29 jan 2027")
    choose(terms.rows["on_end"], "transfers")
    changed = award(window)
    assert changed.end == date(2027, 9, 30)
    assert changed.bid is not None
    assert changed.bid.decision_expected == date(2027, 1, 29)
    assert changed.on_end == "transfers"
    assert window.undo_action.text() == "&Undo “Change what its end brings of Victims' core grant”"
    for _ in range(3):
        window.undo_action.trigger()
    assert award(window).end == date(2027, 3, 31)
    assert terms.rows["end"].line.text() == "31 Mar 2027"


def test_an_end_before_the_start_is_explained_under_its_field(window: Window, qtbot: QtBot) -> None:
    terms = award_page(window).terms
    terms.toggle()
    type_in(qtbot, terms.rows["end"], "1/3/20")
    assert terms.rows["end"].fault.text() == (
        "This is before the start, 1 Apr 2024. Give a later date"
    )
    assert award(window).end == date(2027, 3, 31)


def test_a_funder_who_is_not_in_the_book_is_added_while_naming_it(window: Window) -> None:
    terms = award_page(window).terms
    terms.toggle()

    def answer(dialog: object) -> None:
        asked = cast("FunderDialog", dialog)
        asked.name.setText("Ministry of Justice")
        asked.accept()
        assert "is a funder already" in asked.fault.text()
        asked.name.setText("Alder Foundation")
        asked.accept()

    answering(FunderDialog, answer)
    choose(terms.rows["funder"], "\0new")
    named = book(window).funders_by_key[award(window).funder or ""]
    assert named.name == "Alder Foundation"
    window.undo_action.trigger()
    assert named not in book(window).funders


def test_a_firmer_stage_asks_who_said_so_first(window: Window) -> None:
    terms = award_page(window, "mopac-core-renewal").terms
    terms.toggle()

    def leave(dialog: object) -> None:
        cast("EvidenceDialog", dialog).reject()

    answering(EvidenceDialog, leave)
    choose(terms.rows["stage"], "awarded")
    assert award(window, "mopac-core-renewal").stage == "agreed-in-principle"
    assert terms.rows["stage"].choice.currentData() == "agreed-in-principle"

    def answer(dialog: object) -> None:
        asked = cast("EvidenceDialog", dialog)
        asked.who.setText("Head of grants")
        asked.accept()

    answering(EvidenceDialog, answer)
    choose(terms.rows["stage"], "awarded")
    assert award(window, "mopac-core-renewal").stage == "awarded"
    assert book(window).evidence[-1].who == "Head of grants"


def test_a_read_only_book_offers_no_change_on_an_awards_page(
    shelf: Shelf, opened: Callable[[], Window]
) -> None:
    shelf.read_only = "Maria has this book open, so it can only be read here."
    page = award_page(opened())
    assert not page.terms.change_link.isVisible()


@pytest.mark.parametrize(("size", "text"), [((800, 600), 100), ((1280, 800), 200)])
def test_nothing_on_an_awards_page_runs_out_at_the_side(
    window: Window, size: tuple[int, int], text: int
) -> None:
    window.resize(*size)
    window._set_text(text)
    page = award_page(window)
    page.terms.toggle()
    QApplication.processEvents()
    inside = page.scroller.widget()
    assert inside is not None
    assert inside.width() <= page.scroller.viewport().width()
    window._set_text(100)
