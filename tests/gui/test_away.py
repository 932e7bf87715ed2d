"""While you were away: one calm line on the Overview, kept per book, and a list behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent

from fundtrack import settings
from fundtrack.core.edit import Edit, change
from fundtrack.gui.window import OVERVIEW, Window
from fundtrack.workspace import MemoryStore, Workspace
from tests.gui.conftest import TODAY

if TYPE_CHECKING:
    import pytest
    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot

    from fundtrack.core.model import Portfolio
    from fundtrack.gui.pages.overview import Overview
    from fundtrack.gui.widgets.absence import Absence

LAST_WEEK = datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=UTC) - timedelta(7)
BOOK = Path("sample.fundtrack")


def absence_of(window: Window) -> Absence:
    return cast("Overview", window.page(OVERVIEW)).absence


def changed_by_somebody(window: Window, portfolio: Portfolio) -> None:
    """The book as it is after somebody else has moved the end of the core grant."""
    store = MemoryStore(portfolio)
    award = portfolio.awards_by_key["mopac-core"]
    after = replace(award, end=award.end - timedelta(31))
    store.write(Edit("Move end date", (change("awards", award, after),)))
    window.doors = replace(window.doors, open_book=lambda _path, _read_only: Workspace(store))


def looked_last_week(window: Window) -> None:
    window.preferences = replace(window.preferences, looked=((str(BOOK), LAST_WEEK, ""),))


def test_a_first_look_at_a_book_has_nothing_to_tell(window: Window) -> None:
    window.away.look()
    assert absence_of(window).isHidden()


def test_what_others_did_stands_in_one_line_and_the_list_opens_from_it(
    closed_window: Window, sample: Portfolio, qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    window = closed_window
    changed_by_somebody(window, sample)
    looked_last_week(window)
    assert window.open_book(BOOK)
    window.away.look()
    absence = absence_of(window)
    assert absence.isVisible()
    assert absence.words.text().startswith("While you were away since Sun 15 November: ")
    assert "1 change made by others" in absence.words.text()
    assert absence.grid.isHidden()
    absence.more.setFocus()
    qtbot.keyClick(absence.more, Qt.Key.Key_Space)
    assert absence.grid.isVisible()
    assert absence.grid.hasFocus()
    rows = {row.says: row for row in absence.table.rows}
    assert rows["Somebody else: Move end date"].record == "awards.mopac-core"
    assert any("days earlier" in says for says in rows)
    qtmodeltester.check(absence.table)
    absence.grid.choose(absence.table.key(rows["Somebody else: Move end date"]), 0)
    qtbot.keyClick(absence.grid, Qt.Key.Key_Return)
    assert window.stack.currentWidget() is not window.page(OVERVIEW)


def test_the_line_is_dismissed_and_does_not_come_back_with_the_next_edit(
    closed_window: Window, sample: Portfolio, qtbot: QtBot
) -> None:
    changed_by_somebody(closed_window, sample)
    looked_last_week(closed_window)
    assert closed_window.open_book(BOOK)
    closed_window.away.look()
    absence = absence_of(closed_window)
    qtbot.mouseClick(absence._close, Qt.MouseButton.LeftButton)
    assert absence.isHidden()
    assert closed_window.bridge is not None
    closed_window.bridge.refresh()
    closed_window.away.look()
    assert absence.isHidden()


def test_closing_a_book_notes_when_it_was_looked_at_and_a_look_back_does_not(
    window: Window,
) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)
    window.close_book()
    stored, problems = settings.read()
    ((book, at, rates),) = stored.looked
    assert not problems
    assert book == str(BOOK)
    assert before <= at <= datetime.now(UTC)
    assert len(rates.split()) > 20
    window.keeps_preferences = False
    window.preferences = settings.Settings()
    assert window.open_book(BOOK)
    window.close_book()
    assert window.preferences.looked == ()


def test_my_own_changes_are_not_told_to_me(
    closed_window: Window, sample: Portfolio, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed_by_somebody(closed_window, sample)
    looked_last_week(closed_window)
    store = closed_window.doors.open_book(BOOK, False).store
    mine = tuple(replace(entry, who="me") for entry in store.journal())
    monkeypatch.setattr(MemoryStore, "journal", lambda _self, _limit=None, _after=0: mine)
    closed_window.doors = replace(closed_window.doors, me=lambda: "me")
    assert closed_window.open_book(BOOK)
    closed_window.away.look()
    assert "made by others" not in absence_of(closed_window).words.text()


# --- a month of the chart ------------------------------------------------------------------


def test_a_month_read_by_keyboard_names_its_records_and_leads_to_them(
    window: Window, qtbot: QtBot
) -> None:
    card = cast("Overview", window.page(OVERVIEW)).runway
    chart = card.chart
    chart.setFocus()
    assert "Point at a month" in card.records.text()
    for _ in range(5):
        qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert card._reading.text().startswith("March 2027: secured £")
    assert "Last month of: <a href='awards." in card.records.text()
    assert "Paid by: <a href='awards." in card.records.text()
    with qtbot.waitSignal(window.page(OVERVIEW).open_wanted) as told:
        card.records.linkActivated.emit("awards.mopac-core")
    assert told.args == ["awards.mopac-core"]
    assert window.stack.currentWidget() is not window.page(OVERVIEW)


def test_tab_leads_from_the_month_to_its_records_and_why_tells_its_sum(
    window: Window, qtbot: QtBot
) -> None:
    card = cast("Overview", window.page(OVERVIEW)).runway
    card.chart.setFocus()
    qtbot.keyClick(card.chart, Qt.Key.Key_Right)
    qtbot.keyClick(card.chart, Qt.Key.Key_Tab)
    assert card.chart.reading is not None
    card.records.linkActivated.emit("why:secured")
    assert window.why_panel.isVisible()
    assert window.why_panel.figure == "forecast.secured.2026-11.unrestricted_closing"
    card.chart.setFocus()
    qtbot.keyClick(card.chart, Qt.Key.Key_Escape)
    assert card.chart.reading is None


def test_a_click_holds_the_month_while_the_pointer_goes_to_its_records(
    window: Window, qtbot: QtBot
) -> None:
    chart = cast("Overview", window.page(OVERVIEW)).runway.chart
    middle = chart.rect().center()
    left, further = middle - QPoint(90, 0), middle - QPoint(150, 4)
    qtbot.mouseMove(chart, middle)
    qtbot.waitUntil(lambda: chart.reading is not None)
    month = chart.reading
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=middle)
    chart.mouseMoveEvent(moved_to(left))
    assert chart.reading == month
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=middle)
    chart.mouseMoveEvent(moved_to(further))
    assert chart.reading != month


def moved_to(place: QPoint) -> QMouseEvent:
    none = Qt.MouseButton.NoButton
    at = QPointF(place)
    return QMouseEvent(QEvent.Type.MouseMove, at, at, none, none, Qt.KeyboardModifier.NoModifier)


# --- large letters -------------------------------------------------------------------------


def test_above_130_per_cent_the_rungs_of_a_row_stand_below_its_words(window: Window) -> None:
    page = cast("Overview", window.page(OVERVIEW))
    grid, table = page.ladder.grid, page.ladder.table
    rung = table.place_of("notice")
    usual = grid.rowHeight(0)
    assert not grid.isColumnHidden(rung)
    window.set_text(150)
    assert grid.isColumnHidden(rung)
    assert grid.rowHeight(0) > usual * 2
    assert not grid.horizontalScrollBar().isVisible()
    heard = grid.sorted.index(0, table.place_of("ends")).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Consult from, 1 December 2026" in heard
    window.set_text(100)
    assert not grid.isColumnHidden(rung)
    assert grid.rowHeight(0) == usual
