"""What a manager does with deadlines in the window, told by keyboard and mouse."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog

from fundtrack import app, settings
from fundtrack.core.errors import KnownError
from fundtrack.exchange import calendar
from fundtrack.gui import reminding
from fundtrack.gui.dialogs.deadline import DeadlineDialog
from fundtrack.gui.dialogs.snooze import SnoozeDialog
from fundtrack.gui.table import ROW_ROLE
from fundtrack.gui.widgets.month import spoken_day
from fundtrack.gui.window import AWARDS, DEADLINES, OVERVIEW, POSTS, Window
from tests.gui.conftest import TODAY
from tests.gui.test_everyone import parts_to_name, said_of
from tests.gui.test_pages import book, press_enter, type_into

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot

    from fundtrack.core.deadlines import Due
    from fundtrack.core.model import Portfolio
    from fundtrack.core.telling import Tell
    from fundtrack.gui.look import Look
    from fundtrack.gui.pages.awards import Awards
    from fundtrack.gui.pages.deadlines import Deadlines
    from fundtrack.gui.pages.posts import Posts
    from fundtrack.gui.widgets.month import DayCell
    from tests.gui.conftest import Shelf

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
CONSULT = "award:mopac-core:consultation"
NOTICE = "post:idva-courts:notice"


@pytest.fixture
def page(window: Window) -> Deadlines:
    return deadlines(window)


def deadlines(window: Window) -> Deadlines:
    window.go_to(DEADLINES)
    return cast("Deadlines", window.page(DEADLINES))


def found(page: Deadlines, uid: str) -> Due:
    rows = [row.due for row in page.table.rows if row.due is not None and row.due.uid == uid]
    assert rows, f"{uid} is not in the list"
    return rows[0]


def headings(page: Deadlines) -> list[tuple[str, int]]:
    return [(row.group, row.count) for row in page.table.rows if row.due is None]


def own(page: Deadlines, title: str) -> str:
    return next(row.key for row in page.table.rows if row.due and row.due.title.startswith(title))


def choose(page: Deadlines, uid: str) -> None:
    assert page.grid.choose(uid, page.table.place_of("title"))
    page.grid.setFocus()


def answer(fill: Callable[[QDialog], None]) -> list[QDialog]:
    """Fill in the dialog that opens and accept it; one that stays open is given up."""
    seen: list[QDialog] = []

    def act() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog)
        seen.append(dialog)
        fill(dialog)
        dialog.accept()
        if dialog.isVisible():
            dialog.reject()

    QTimer.singleShot(0, act)
    return seen


# --- the list ----------------------------------------------------------------------------


def test_what_is_overdue_stands_first_and_an_empty_week_says_so(page: Deadlines) -> None:
    assert [group for group, _ in headings(page)] == ["Overdue", "This week", "This month", "Later"]
    assert headings(page)[:3] == [("Overdue", 2), ("This week", 0), ("This month", 1)]
    assert page.header.fact.accessibleName() == "2 overdue · nothing due this week"
    assert page.chosen is not None
    assert page.chosen.overdue
    assert page.panel.when.accessibleName() == "Overdue since 1 Mar 2026 (266 days)."


def test_arrows_pass_over_the_headings(page: Deadlines, qtbot: QtBot) -> None:
    page.grid.setFocus()
    qtbot.keyClick(page.grid, Key.Key_Down)
    qtbot.keyClick(page.grid, Key.Key_Down)
    assert page.chosen is not None
    assert page.chosen.title == "Trustees meet"


def test_ctrl_d_marks_a_step_done_goes_on_to_the_next_and_undo_brings_it_back(
    page: Deadlines, window: Window, qtbot: QtBot
) -> None:
    choose(page, CONSULT)
    qtbot.keyClick(page.grid, Key.Key_D, CTRL)
    kept = book(window).deadlines[-1]
    assert (kept.kind, kept.award, kept.done_on) == ("consultation", "mopac-core", TODAY)
    assert CONSULT not in [row.key for row in page.table.rows]
    assert page.chosen is not None
    assert page.chosen.due == date(2026, 12, 4)
    assert window.acts.undo.text() == "&Undo “Mark done: Victims' core grant: start consultation”"
    window.undo()
    assert found(page, CONSULT).status == "act now"


def test_what_was_done_is_found_again_and_can_be_taken_back(
    page: Deadlines, window: Window, qtbot: QtBot
) -> None:
    uid = own(page, "Papers to trustees: posts unfunded")
    choose(page, uid)
    qtbot.keyClick(page.grid, Key.Key_D, CTRL)
    page.span.setCurrentIndex(2)
    page.span.activated.emit(2)
    assert [group for group, _ in headings(page)] == ["Done"]
    choose(page, uid)
    assert page.done_action.text() == "Not done yet"
    page.done_action.trigger()
    stored = found_in(book(window), "Papers to trustees: posts unfunded")
    assert stored.done_on is None


def found_in(portfolio: Portfolio, title: str) -> Due:
    return cast("Due", next(each for each in portfolio.deadlines if each.title.startswith(title)))


def test_a_meeting_comes_by_itself_and_cannot_be_ticked(page: Deadlines) -> None:
    choose(page, "organisation:meeting:2026-11-26")
    assert not page.done_action.isEnabled()
    assert not page.panel.owner.isVisible()


def test_an_owner_is_typed_into_the_list_and_taken_away_again(
    page: Deadlines, window: Window, qtbot: QtBot
) -> None:
    type_into(qtbot, page.grid, NOTICE, "owner", "Chief executive")
    assert book(window).deadlines[-1].owner == "Chief executive"
    assert found(page, NOTICE).owner == "Chief executive"
    field = page.panel.owner.lineEdit()
    assert field is not None
    field.setFocus()
    field.clear()
    press_enter(qtbot, field)
    assert found(page, NOTICE).owner is None
    qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert found(page, NOTICE).owner == "Chief executive"


def test_an_owner_is_chosen_below_the_list_and_the_list_filtered_by_it(
    page: Deadlines,
) -> None:
    choose(page, NOTICE)
    page.panel.owner.textActivated.emit("Resettlement manager")
    page.owner.setCurrentIndex(page.owner.findData("Resettlement manager"))
    page.owner.activated.emit(0)
    owners = {row.due.owner for row in page.table.rows if row.due is not None}
    assert owners == {"Resettlement manager"}
    assert found(page, NOTICE).owner == "Resettlement manager"


def test_filters_by_kind_and_word_leave_what_matches_or_say_why_nothing_does(
    page: Deadlines, qtbot: QtBot
) -> None:
    page.kind.setCurrentIndex(1)
    page.kind.activated.emit(1)
    kinds = {row.due.kind for row in page.table.rows if row.due is not None}
    assert kinds == {"return", "claim"}
    qtbot.keyClicks(page.search, "no such award")
    assert not page.grid.isVisible()
    assert "All kinds" in page._none.text()


def test_enter_leads_to_the_post_or_the_award_it_is_about(
    page: Deadlines, window: Window, qtbot: QtBot
) -> None:
    choose(page, NOTICE)
    qtbot.keyClick(page.grid, Key.Key_Return)
    assert window.page(POSTS).isVisible()
    assert cast("Posts", window.page(POSTS)).cover.current_key == "idva-courts"
    page = deadlines(window)
    choose(page, CONSULT)
    qtbot.keyClick(page.grid, Key.Key_Return)
    assert cast("Awards", window.page(AWARDS)).grid.current_key == "mopac-core"


def test_a_deadline_of_our_own_is_added_and_removed(
    page: Deadlines, window: Window, qtbot: QtBot
) -> None:
    def fill(dialog: QDialog) -> None:
        assert isinstance(dialog, DeadlineDialog)
        dialog.what.setText("Renew the lease")
        dialog.due.setText("28/2/28")
        dialog.owner.setText("Chief executive")

    answer(fill)
    qtbot.keyClick(window, Key.Key_N, CTRL)
    assert page.chosen is not None
    assert page.chosen.title == "Renew the lease"
    qtbot.keyClick(page.grid, Key.Key_Delete)
    assert "Renew the lease" not in [each.title for each in book(window).deadlines]


def test_what_follows_from_an_award_is_not_removed_here(
    page: Deadlines, window: Window, qtbot: QtBot
) -> None:
    before = book(window)
    choose(page, CONSULT)
    qtbot.keyClick(page.grid, Key.Key_Delete)
    assert book(window) is before
    assert "change it there, or mark it done" in page.message.words


@pytest.mark.parametrize(
    ("what", "due", "says"),
    [
        ("", "1/3/27", "Type what is to be done"),
        ("Renew the lease", "31/2/27", "There is no such day. Type a date such as 31/3/27"),
    ],
)
def test_a_deadline_says_what_is_still_missing(
    page: Deadlines, window: Window, what: str, due: str, says: str
) -> None:
    before = book(window)

    def fill(dialog: QDialog) -> None:
        assert isinstance(dialog, DeadlineDialog)
        dialog.what.setText(what)
        dialog.due.setText(due)

    seen = answer(fill)
    page.add()
    assert cast("DeadlineDialog", seen[0]).fault.text().startswith(says)
    assert book(window) is before


# --- snoozing ----------------------------------------------------------------------------


def test_a_snooze_wants_a_reason_stays_in_sight_and_is_remembered(
    page: Deadlines, window: Window
) -> None:
    uid = own(page, "Papers to trustees: posts unfunded")
    choose(page, uid)
    seen = answer(lambda _dialog: None)
    page.snooze_action.trigger()
    assert "say why" in cast("SnoozeDialog", seen[0]).fault.text().lower()

    def fill(dialog: QDialog) -> None:
        assert isinstance(dialog, SnoozeDialog)
        dialog.until.setText("25/11/26")
        dialog.reason.setText("The chair is away until Wednesday")

    answer(fill)
    page.snooze_action.trigger()
    assert found(page, uid).overdue
    assert "Snoozed to 25 Nov 2026: The chair is away until Wednesday" in page.panel.why.text()
    window.close_book()
    window.open_book(Path("sample.fundtrack"))
    again = deadlines(window)
    snooze = found(again, uid).snooze
    assert snooze is not None
    assert snooze.until == date(2026, 11, 25)
    assert settings.read()[0].snoozes[0][1] == uid


def test_a_snooze_of_one_book_is_not_that_of_another(tmp_path: Path) -> None:
    from fundtrack.core.deadlines import Snooze

    one, other = tmp_path / "one.fundtrack", tmp_path / "other.fundtrack"
    snooze = Snooze("award:core:bid", date(2027, 1, 8), "Waiting for the guidance")
    kept = reminding.with_snoozes(settings.Settings(), one, (snooze,))
    kept = reminding.with_snoozes(kept, other, ())
    assert reminding.snoozes_of(kept, one) == (snooze,)
    assert reminding.snoozes_of(kept, other) == ()


def test_snoozes_that_cannot_be_read_are_set_aside_with_a_word(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('snoozes = [["book", "award:core:bid", 3]]\nreminded = "today"\n')
    kept, problems = settings.read(file)
    assert (kept.snoozes, kept.reminded) == ((), ())
    assert [problem.path for problem in problems] == [
        "settings.toml.snoozes",
        "settings.toml.reminded",
    ]


# --- reminders ---------------------------------------------------------------------------


def test_opening_a_book_says_once_what_has_come_up_and_when_it_was_looked(
    window: Window, qtbot: QtBot
) -> None:
    page = window.page(OVERVIEW)
    qtbot.waitUntil(lambda: window.checked.text().startswith("Deadlines last checked "))
    assert page.message.words == (
        "Papers to trustees: posts unfunded when the core grant ends: overdue since 19 Nov 2026, "
        "and 5 more reminders."
    )
    side = window.side.list.model()
    assert side.index(DEADLINES, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "Deadlines, 2 due"
    page.message._act.click()
    assert window.page(DEADLINES).isVisible()
    page.message.hide()
    window.reminding.look()
    assert not window.page(DEADLINES).message.words
    assert settings.read()[0].reminded[0][1] == TODAY


def test_what_is_snoozed_is_neither_counted_nor_reminded_of(window: Window) -> None:
    from fundtrack.core.deadlines import Snooze

    page = deadlines(window)
    uid = own(page, "Papers to trustees: posts unfunded")
    page.snoozes_wanted.emit((Snooze(uid, date(2026, 12, 1), "The chair is away"),))
    side = window.side.list.model()
    assert side.index(DEADLINES, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "Deadlines, 1 due"


def test_when_the_day_turns_an_open_book_is_worked_out_anew(window: Window) -> None:
    tomorrow = TODAY + timedelta(days=1)
    assert window.bridge is not None
    window.bridge._today = window.reminding._today = lambda: tomorrow
    window.reminding.look()
    assert window.bridge.view is not None
    assert window.bridge.view.outlook.today == tomorrow
    page = deadlines(window)
    assert ("This week", 1) in headings(page)


# --- the month ---------------------------------------------------------------------------


def test_the_month_is_walked_day_by_day_and_over_its_end(page: Deadlines, qtbot: QtBot) -> None:
    page.switch.choose(1)
    page.month.choose(TODAY)
    table = page.month.table
    table.setFocus()
    qtbot.keyClick(table, Key.Key_Down)
    qtbot.keyClick(table, Key.Key_Down)
    assert page.month.title.text() == "December 2026"
    assert page.month.day == date(2026, 12, 6)
    qtbot.keyClick(table, Key.Key_PageUp)
    assert page.month.day == date(2026, 11, 6)
    qtbot.keyClick(table, Key.Key_Home)
    assert page.month.day == TODAY


def test_a_day_lists_what_falls_due_and_it_can_be_done_there(
    page: Deadlines, window: Window, qtbot: QtBot
) -> None:
    page.swap_chart()
    page.month.choose(date(2026, 12, 30))
    assert page.day.title.text() == "Wed 30 December"
    assert [row.due.kind for row in page.day.table.rows if row.due] == [
        "submit",
        "payment",
        "claim",
    ]
    qtbot.keyClick(page.month.table, Key.Key_Return)
    assert page.day.grid.hasFocus()
    qtbot.keyClick(page.day.grid, Key.Key_Down)
    qtbot.keyClick(page.day.grid, Key.Key_D, CTRL)
    paid = book(window).awards_by_key["saltmarch-isva"].payments[2]
    assert paid.received_on == TODAY


def test_a_day_is_heard_with_what_falls_due(page: Deadlines) -> None:
    page.swap_chart()
    page.month.choose(date(2026, 12, 1))
    cell = cast("DayCell", page.month.table.currentIndex().data(ROW_ROLE))
    assert spoken_day(cell) == (
        "Tuesday 1 December 2026, 2 due: Victims' core grant: start consultation, act now; "
        "Victims' core grant: trustees decide, done"
    )


def test_a_click_on_a_day_chooses_it(page: Deadlines, qtbot: QtBot) -> None:
    page.switch.choose(1)
    page.month.choose(TODAY)
    index = page.month.days.place_of(date(2026, 11, 26))
    place = page.month.table.visualRect(index).center()
    qtbot.mouseClick(page.month.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert [row.due.title for row in page.day.table.rows if row.due] == ["Trustees meet"]
    qtbot.mouseClick(page.month.on, Qt.MouseButton.LeftButton)
    assert page.month.title.text() == "December 2026"


# --- a calendar --------------------------------------------------------------------------


def test_the_calendar_written_from_the_window_holds_the_same_dates(
    page: Deadlines, window: Window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "ours"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))

    def write(book_: Path, to: Path, portfolio: Portfolio, dues: Sequence[Due], _: Tell) -> int:
        now = datetime(2026, 11, 22, 9, tzinfo=UTC)
        return calendar.write_calendar(to, dues, portfolio, book=book_.stem, today=TODAY, at=now)

    window.doors = replace(window.doors, write_calendar=write)
    page.export_button.click()
    qtbot.waitUntil(lambda: "dates to ours.ics" in page.message.words)
    written = (tmp_path / "ours.ics").read_text(encoding="utf-8")
    unfolded = written.replace("\n ", "").lower()
    assert "summary:victims' core grant: start consultation" in unfolded
    assert unfolded.count("begin:vevent") == int(page.message.words.split()[1].replace(",", ""))


def test_a_calendar_that_cannot_be_written_says_so(
    page: Deadlines, window: Window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "theirs.ics"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))

    def write(*_: object) -> int:
        raise KnownError("theirs.ics was made by another program. Choose another name")

    window.doors = replace(window.doors, write_calendar=write)
    page.export_button.click()
    qtbot.waitUntil(lambda: "another program" in page.message.words)


# --- other books -------------------------------------------------------------------------


def test_an_empty_book_teaches_what_will_stand_here(
    shelf: Shelf, opened: Callable[[], Window], qtbot: QtBot
) -> None:
    shelf.portfolio = app.empty_portfolio("New Charity", "scotland", TODAY)
    window = opened()
    page = deadlines(window)
    assert not page.grid.isVisible()
    assert "Add awards" in page._none.text()
    assert not page.panel.isVisible()
    assert not page.export_button.isEnabled()
    qtbot.mouseClick(page.begin_button, Qt.MouseButton.LeftButton)
    assert window.page_in_sight == "awards"


def test_a_book_for_reading_only_is_not_ticked(
    shelf: Shelf, opened: Callable[[], Window], qtbot: QtBot
) -> None:
    shelf.read_only = "Someone else has it open."
    window = opened()
    page = deadlines(window)
    choose(page, CONSULT)
    before = book(window)
    qtbot.keyClick(page.grid, Key.Key_D, CTRL)
    page.add()
    assert book(window) is before
    assert not page.add_button.isVisible()
    assert not page.panel.owner.isVisible()


def test_the_models_keep_qts_rules(page: Deadlines, qtmodeltester: ModelTester) -> None:
    page.month.choose(date(2026, 12, 30))
    for model in (page.table, page.grid.sorted, page.month.days, page.day.table):
        qtmodeltester.check(model)


def test_a_long_list_comes_and_goes_at_once(page: Deadlines, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(page.table)
    rows = page.table.rows
    many = tuple(
        replace(row, due=replace(row.due, uid=f"{row.due.uid}:{copy}"))
        for copy in range(8)
        for row in rows
        if row.due is not None
    )
    page.grid.present(many)
    assert page.table.rowCount() == len(many)
    page.grid.present(rows)
    assert page.table.rowCount() == len(rows)


def test_every_field_of_the_dialogs_has_a_name(
    page: Deadlines, window: Window, look: Look, qtbot: QtBot
) -> None:
    assert page.view is not None
    due = found(page, CONSULT)
    for dialog in (
        DeadlineDialog(look, page.view, window),
        SnoozeDialog(due, (), TODAY, window),
    ):
        qtbot.addWidget(dialog)
        assert [part for part in parts_to_name(dialog) if not said_of(part)] == []
    page.swap_chart()
    assert [part for part in parts_to_name(window) if not said_of(part)] == []
