"""What the charity decided is changed field by field, each an edit; how it looks is one's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from fundtrack import app
from fundtrack.core import rate_words
from fundtrack.core.model import Rate, ReservesPolicy
from fundtrack.gui.dialogs.rate import RateDialog
from fundtrack.gui.pages.settings import SECTIONS
from fundtrack.gui.window import SETTINGS, Window
from tests.gui.conftest import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from fundtrack.core.model import Organisation, Portfolio
    from fundtrack.gui.look import Look
    from fundtrack.gui.pages.settings import SettingsPage
    from fundtrack.gui.widgets.form import FieldRow
    from tests.gui.conftest import Shelf

Key = Qt.Key


def settings(window: Window, section: str = "Charity") -> SettingsPage:
    window.go_to(SETTINGS)
    page = cast("SettingsPage", window.page(SETTINGS))
    page.open(section)
    return page


def book(window: Window) -> Portfolio:
    assert window.bridge is not None
    return window.bridge.workspace.portfolio


def charity(window: Window) -> Organisation:
    return book(window).organisation


def type_into(qtbot: QtBot, row: FieldRow, text: str) -> None:
    row.line.setFocus()
    row.line.selectAll()
    qtbot.keyClicks(row.line, text)
    qtbot.keyClick(row.line, Key.Key_Return)


def test_a_threshold_of_the_charitys_own_moves_the_dates_and_empty_goes_back_to_the_usual(
    window: Window, qtbot: QtBot
) -> None:
    page = settings(window, "Thresholds")
    assert window.bridge is not None

    def writing() -> dict[str, date]:
        view = window.bridge.view if window.bridge else None
        assert view is not None
        return {each.cliff: each.rungs[0].date for each in view.outlook.ladders}

    before = writing()
    row = page.rows["writing_days"]
    type_into(qtbot, row, "60")
    own = charity(window).thresholds
    assert own is not None
    assert own.writing_days == 60
    assert writing() != before
    type_into(qtbot, row, "soon")
    assert row.fault.text()
    assert charity(window).thresholds == own
    type_into(qtbot, row, " ")
    assert charity(window).thresholds is None
    assert writing() == before


def test_a_comma_leads_to_the_settings_and_arrows_walk_the_sections(
    window: Window, qtbot: QtBot
) -> None:
    qtbot.keyClick(window, Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    page = cast("SettingsPage", window.page(SETTINGS))
    assert page.isVisible()
    assert page.sections.hasFocus()
    for at in range(1, len(SECTIONS)):
        qtbot.keyClick(page.sections, Key.Key_Down)
        assert page.forms.currentIndex() == at


def test_a_field_is_one_edit_that_undo_takes_back(window: Window, qtbot: QtBot) -> None:
    page = settings(window, "Balances")
    row = page.rows["free_reserves"]
    before = charity(window).balances.free_reserves
    type_into(qtbot, row, "£120,000.50")
    assert charity(window).balances.free_reserves == 12_000_050
    assert row.line.text() == "120,000.50"
    assert window.bridge is not None
    assert window.bridge.workspace.undo_label == "Change free reserves"
    window.acts.undo.trigger()
    assert charity(window).balances.free_reserves == before


def test_what_cannot_stand_is_said_below_the_field_and_escape_puts_it_back(
    window: Window, qtbot: QtBot
) -> None:
    page = settings(window)
    row = page.rows["name"]
    before = charity(window).name
    type_into(qtbot, row, " ")
    assert "may not be empty" in row.fault.text()
    assert row.fault.isVisible()
    assert "may not be empty" in row.line.accessibleDescription()
    qtbot.keyClick(row.line, Key.Key_Escape)
    assert row.line.text() == before
    assert not row.fault.isVisible()
    page.open("Balances")
    type_into(qtbot, page.rows["as_at"], "31/2/27")
    assert "no such day" in page.rows["as_at"].fault.text()
    page.open("Days and reminders")
    type_into(qtbot, page.rows["reminder_days"], "soon")
    assert "28, 14, 7" in page.rows["reminder_days"].fault.text()
    assert window.bridge is not None
    assert window.bridge.workspace.undo_label is None


def test_a_policy_measured_anew_waits_for_its_number(window: Window, qtbot: QtBot) -> None:
    page = settings(window, "Reserves policy")
    before = charity(window).reserves_policy
    choice = page.rows["policy"].choice
    choice.setCurrentIndex(choice.findData("amount"))
    choice.activated.emit(choice.currentIndex())
    assert charity(window).reserves_policy == before
    assert page.rows["policy_value"].line.hasFocus()
    type_into(qtbot, page.rows["policy_value"], "90,000")
    assert charity(window).reserves_policy == ReservesPolicy(kind="amount", value=Decimal(90_000))
    choice.setCurrentIndex(0)
    choice.activated.emit(0)
    assert charity(window).reserves_policy is None


def test_meetings_are_added_and_removed_and_stay_in_order(window: Window, qtbot: QtBot) -> None:
    page = settings(window, "Board meetings")
    before = charity(window).board_meetings
    page.new_meeting.setFocus()
    qtbot.keyClicks(page.new_meeting, "9 mar 2027")
    qtbot.keyClick(page.new_meeting, Key.Key_Return)
    assert charity(window).board_meetings == tuple(sorted({*before, date(2027, 3, 9)}))
    qtbot.keyClicks(page.new_meeting, "9 mar 2027")
    qtbot.mouseClick(page.add_meeting, Qt.MouseButton.LeftButton)
    assert "is there already" in page.meeting_fault.text()
    page.meeting_grid.choose("2027-03-09", 0)
    qtbot.keyClick(page.meeting_grid, Key.Key_Delete)
    assert charity(window).board_meetings == tuple(sorted(before))


def test_a_rate_of_ones_own_is_added_changed_and_removed(
    window: Window, look: Look, qtbot: QtBot
) -> None:
    page = settings(window, "Rates")
    assert page.view is not None
    dialog = RateDialog(look, page.view, page)
    dialog.code.setCurrentIndex(dialog.code.findData("nic.rate"))
    dialog.value.setText("lots")
    dialog.from_.setText("6 apr 2027")
    dialog.accept()
    assert "not a number" in dialog.fault.text()
    dialog.value.setText("15.5 %")
    dialog.accept()
    assert dialog.edit is not None
    window.do(dialog.edit)
    rate = book(window).rates[-1]
    assert (rate.code, rate.value, rate.from_) == ("nic.rate", Decimal("0.155"), date(2027, 4, 6))
    assert page.own.index(page.own.rowCount() - 1, 1).data() == "15.5 %"

    again = RateDialog(look, page.view, page, rate)
    again.from_.setText("1 may 2027")
    again.accept()
    assert again.edit is not None
    window.do(again.edit)
    assert [each.from_ for each in book(window).rates if each.code == "nic.rate"] == [
        date(2027, 5, 1)
    ]
    page.own_grid.choose(book(window).rates[-1].key, 0)
    qtbot.keyClick(page.own_grid, Key.Key_Delete)
    assert all(each.code != "nic.rate" for each in book(window).rates)
    for each in (dialog, again):
        each.deleteLater()


def test_shipped_rates_say_their_source_and_which_are_provisional(window: Window) -> None:
    page = settings(window, "Rates")
    rates = app.statutory().rates
    assert len(page.shipped.rows) == len(rates)
    assert {row.rate.code for row in page.shipped.rows} == set(rate_words.RATE_NAMES)
    assert all(row.rate.source for row in page.shipped.rows)
    cap = [row for row in page.shipped.rows if row.rate.code == "redundancy.weekly_cap"]
    assert any("provisional after 5 Apr" in row.standing for row in cap)


def test_a_shipped_rate_that_ran_out_is_provisional_until_another_is_published() -> None:
    rows = app.statutory().by_code["redundancy.weekly_cap", "great-britain"]
    last = max(rows, key=lambda row: row.from_)
    said = rate_words.standing(last, rows, date(2040, 1, 1))
    assert said == "Provisional: nothing newer is published"
    assert rate_words.standing(rows[0], rows, TODAY) == "Ended"
    later = replace(last, from_=date(2041, 1, 1), to=None)
    assert rate_words.standing(later, (*rows, later), date(2040, 1, 1)) == "From 1 Jan 2041"


def test_theme_and_text_are_this_persons_and_not_in_the_book(window: Window) -> None:
    page = settings(window, "Appearance")
    before = book(window)
    for name, value in (("theme", "dark"), ("text_size", 150)):
        choice = page.rows[name].choice
        choice.setCurrentIndex(choice.findData(value))
        choice.activated.emit(choice.currentIndex())
    assert (window.look.theme, window.look.text_size) == ("dark", 150)
    assert (window.preferences.theme, window.preferences.text_size) == ("dark", 150)
    assert book(window) == before


def test_a_read_only_book_offers_nothing_to_change(
    shelf: Shelf, opened: Callable[[], Window], qtbot: QtBot
) -> None:
    shelf.read_only = "Maria has this book open."
    rate = Rate(code="nic.rate", nation="united-kingdom", from_=TODAY, value=Decimal("0.16"))
    shelf.portfolio = replace(shelf.portfolio, rates=(rate,))
    page = settings(opened())
    type_into(qtbot, page.rows["name"], "Another")
    assert page.rows["name"].line.text() == shelf.portfolio.organisation.name
    assert not page.rows["nation"].choice.isEnabled()
    page.open("Rates")
    assert not page.add_rate.isVisible()
    assert page.own_grid.isVisible()
    page.open("Board meetings")
    assert not page.meeting_adds.isVisible()
    assert QApplication.activeModalWidget() is None
