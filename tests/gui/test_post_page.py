"""A post's own page, as a manager opens it, reads it, and changes it where it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from fundtrack.core.model import Allocation, Person, Post
from fundtrack.gui.post.lists import read_change
from fundtrack.gui.window import OVERVIEW, POSTS, Window
from tests.gui.test_everyone import parts_to_name, said_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from fundtrack.core.model import Portfolio
    from fundtrack.gui.pages.posts import Posts
    from fundtrack.gui.post.page import PostPage
    from fundtrack.gui.widgets.form import FieldRow
    from fundtrack.gui.widgets.timeline import _Bars
    from tests.gui.conftest import Shelf

Key, Held = Qt.Key, Qt.KeyboardModifier
COURTS = "idva-courts"


def register(window: Window) -> Posts:
    return cast("Posts", window.page(POSTS))


def post_page(window: Window, key: str = COURTS) -> PostPage:
    window.open_record(f"posts.{key}")
    page = register(window).own
    assert page.isVisible()
    return page


def book(window: Window) -> Portfolio:
    assert window.bridge is not None
    return window.bridge.workspace.portfolio


def post(window: Window, key: str = COURTS) -> Post:
    return book(window).posts_by_key[key]


def share(window: Window, key: str = COURTS) -> Allocation:
    return next(each for each in book(window).allocations if each.post == key)


def type_in(qtbot: QtBot, row: FieldRow, text: str) -> None:
    row.line.setFocus()
    row.line.selectAll()
    qtbot.keyClick(row.line, Key.Key_Delete)
    qtbot.keyClicks(row.line, text)
    qtbot.keyClick(row.line, Key.Key_Return)


def drag(
    bars: _Bars,
    part: str,
    by: float,
    *,
    drop: bool = True,
    held: Qt.KeyboardModifier = Held.NoModifier,
) -> None:
    """Take the first bar by a part of it and carry it so many pixels."""
    rect = bars.bar_rect(bars.table.rows[0].days, bars.lane(0))
    x = {"first": rect.left(), "last": rect.right(), "whole": rect.center().x()}[part]
    left, none = Qt.MouseButton.LeftButton, held
    steps = [(QEvent.Type.MouseButtonPress, x), (QEvent.Type.MouseMove, x + by)]
    if drop:
        steps.append((QEvent.Type.MouseButtonRelease, x + by))
    for kind, at in steps:
        place = QPointF(at, rect.center().y())
        QApplication.sendEvent(bars.viewport(), QMouseEvent(kind, place, place, left, left, none))


def months_wide(bars: _Bars, months: float) -> float:
    """How many pixels so many months are."""
    axis = bars.axis
    return bars.lane(0).width() * months * 30.44 / ((axis.last - axis.first).days + 1)


# --- coming and going --------------------------------------------------------------------


def test_enter_on_a_post_opens_its_page_and_esc_leads_back(window: Window, qtbot: QtBot) -> None:
    window.go_to(POSTS)
    page = register(window)
    page.open_in_grid(COURTS)
    qtbot.keyClick(page.cover.months, Key.Key_Return)
    assert page.own.isVisible()
    assert page.head.title.whole == "IDVA, courts"
    qtbot.keyClick(page.own.tabs, Key.Key_Escape)
    assert not page.own.isVisible()
    assert page.cover.isVisible()
    assert page.cover.current_key == COURTS


def test_a_row_of_the_table_and_the_open_button_lead_there_too(
    window: Window, qtbot: QtBot
) -> None:
    window.go_to(POSTS)
    page = register(window)
    page.open_in_grid("isva")
    qtbot.mouseClick(page.panel.open_button, Qt.MouseButton.LeftButton)
    assert page.standing == "isva"
    page.stand_at("")
    page.switch.choose(1)
    page.grid.choose("housing", 0)
    qtbot.keyClick(page.grid, Key.Key_Return)
    assert page.standing == "housing"


def test_back_and_forward_walk_through_posts_that_were_opened(window: Window) -> None:
    window.go_to(OVERVIEW)
    post_page(window, COURTS)
    post_page(window, "isva")
    window.acts.back.trigger()
    assert register(window).standing == COURTS
    window.acts.forward.trigger()
    assert register(window).standing == "isva"


def test_a_post_that_was_removed_leaves_no_page_behind(window: Window) -> None:
    page = post_page(window)
    register(window)._remove((COURTS,))
    assert register(window).standing == ""
    assert not page.isVisible()


# --- what it says ------------------------------------------------------------------------


def test_the_page_says_when_to_act_how_far_it_is_funded_and_what_it_costs(window: Window) -> None:
    page = post_page(window)
    assert page.act.ladder.isVisible()
    assert page.act.status.accessibleName() or said_of(page.act.status)
    assert page.cover.told.text() == "Funded to 31 March 2027."
    [row] = page.cover.cover.table.rows
    assert [cell.secured for cell in row.cells[:6]] == [10_000] * 5 + [0]
    names = [line.name for line in page.cost.lines.rows]
    assert names[:2] == ["Redundancy pay", "Notice by"]


def test_the_planning_sentence_stands_in_the_card_with_the_redundancy_figure(
    window: Window,
) -> None:
    from PySide6.QtWidgets import QLabel

    page = post_page(window)
    said = [each.text() for each in page.cost.findChildren(QLabel)]
    assert "An estimate to plan with. Take advice before you act or tell anyone." in said


def test_the_notice_that_binds_is_named_the_contracts_or_the_laws(window: Window) -> None:
    page = post_page(window)
    notice = next(each for each in page.cost.lines.rows if each.name == "Notice by")
    assert notice.basis == "12 weeks, after 13 years"
    page = post_page(window, "finance")
    notice = next(each for each in page.cost.lines.rows if each.name == "Notice by")
    assert notice.basis == "2 months, by contract"


def test_late_notice_is_worked_or_in_lieu_as_is_picked_and_the_sum_follows(
    shelf: Shelf, opened: Callable[[], Window]
) -> None:
    late = replace(shelf.portfolio.posts_by_key[COURTS], notice_served_on=date(2027, 2, 1))
    others = tuple(late if each.key == COURTS else each for each in shelf.portfolio.posts)
    shelf.portfolio = replace(shelf.portfolio, posts=others)
    window = opened()
    page = post_page(window)
    assert not page.cost.pick.isVisible()
    window.show_salaries(True)
    view = register(window).view
    assert view is not None
    cost = next(each.cost for each in view.outlook.posts if each.key == COURTS)
    worked = {line.name: line for line in page.cost.lines.rows}
    assert worked["Late notice"].basis == "given 1 Feb 2027, worked to 26 Apr 2027"
    assert page.cost.pick.isVisible()
    page.cost.pick.choose(1)
    in_lieu = {line.name: line for line in page.cost.lines.rows}
    assert in_lieu["Late notice"].basis == "given 1 Feb 2027, paid in lieu with NIC"
    pence = {
        name: int(line.value.replace("£", "").replace(",", "").replace(".", ""))
        for name, line in (("worked", worked["Together"]), ("in lieu", in_lieu["Together"]))
    }
    assert pence == {
        "worked": cost.redundancy + cost.worked,
        "in lieu": cost.redundancy + cost.in_lieu,
    }
    assert pence["worked"] != pence["in lieu"]


def test_a_renewal_that_takes_a_share_over_is_shown_and_does_not_move(
    window: Window, qtbot: QtBot
) -> None:
    bars = post_page(window).allocations.timeline.bars
    follower = next(each for each in bars.table.rows if each.follows)
    assert follower.cover == "probable"
    bars.choose(follower.key, 1)
    before = book(window)
    qtbot.keyClick(bars, Key.Key_Right, Held.ControlModifier)
    qtbot.keyClick(bars, Key.Key_Delete)
    assert book(window) is before


# --- the terms ---------------------------------------------------------------------------


def test_the_terms_are_changed_where_they_stand_and_undone(window: Window, qtbot: QtBot) -> None:
    page = post_page(window)
    page.terms.toggle()
    type_in(qtbot, page.terms.rows["fte"], "0.6")
    assert post(window).fte == Decimal("0.6")
    row = page.terms.rows["contract"]
    row.choice.setCurrentIndex(2)
    row.choice.activated.emit(2)
    assert post(window).contract == "fixed-term"
    window.undo()
    window.undo()
    assert post(window).fte == Decimal(1)


def test_a_term_that_cannot_be_is_refused_under_its_field(window: Window, qtbot: QtBot) -> None:
    page = post_page(window)
    page.terms.toggle()
    row = page.terms.rows["end"]
    type_in(qtbot, row, "1/1/2010")
    assert "before" in row.fault.text()
    assert post(window).end is None


def test_notice_is_in_weeks_or_in_months_never_in_both(window: Window, qtbot: QtBot) -> None:
    page = post_page(window)
    page.terms.toggle()
    type_in(qtbot, page.terms.rows["notice.months"], "3")
    notice = post(window).notice
    assert notice is not None
    assert (notice.weeks, notice.months) == (None, 3)
    type_in(qtbot, page.terms.rows["notice.months"], "")
    assert post(window).notice is None


def test_a_pension_is_taken_away_whole(window: Window) -> None:
    page = post_page(window)
    window.show_salaries(True)
    page.pay.toggle()
    row = page.pay.rows["pension.basis"]
    row.choice.setCurrentIndex(0)
    row.choice.activated.emit(0)
    assert post(window).pension is None


def test_a_vacancy_is_added_and_its_days_are_typed(window: Window, qtbot: QtBot) -> None:
    page = post_page(window)
    page.vacancies.add_button.click()
    [added] = post(window).vacancies
    assert added.from_ == date(2026, 11, 22)
    editor = QApplication.focusWidget()
    assert editor is not None
    qtbot.keyClicks(editor, "1/12/26")
    qtbot.keyClick(editor, Key.Key_Return)
    qtbot.waitUntil(lambda: post(window).vacancies[0].from_ == date(2026, 12, 1))
    page.vacancies.grid.choose("0", 0)
    qtbot.keyClick(page.vacancies.grid, Key.Key_Delete)
    assert post(window).vacancies == ()


def test_a_pay_rise_is_typed_as_people_write_it(window: Window) -> None:
    page = post_page(window)
    window.show_salaries(True)
    before = len(post(window).pay_changes)
    page.pay_changes.add_button.click()
    added = post(window).pay_changes[-1]
    assert (len(post(window).pay_changes), added.from_) == (before + 1, date(2029, 4, 1))
    assert read_change("2.5%") == (Decimal("2.5"), None, None)
    assert read_change("+500") == (None, 50_000, None)
    assert read_change("-500") == (None, -50_000, None)
    assert read_change("34,000") == (None, None, 3_400_000)
    with pytest.raises(ValueError, match="3% for a rise"):
        read_change(" ")
    model, place = page.pay_changes.table, page.pay_changes.table.place_of("change")
    model.setData(model.index(before, place), read_change("2.5%"))
    assert post(window).pay_changes[-1].percent == Decimal("2.5")


# --- salaries and persons ----------------------------------------------------------------


def test_pay_and_person_stand_behind_a_closed_lock(window: Window, qtbot: QtBot) -> None:
    page = post_page(window)
    for card in (page.pay, page.pay_changes, page.person):
        assert card.lock.text() == "Salaries hidden"
        assert not any(part.isVisible() for part in card._parts)
        assert not card.facts.pairs if hasattr(card, "facts") else True
    qtbot.mouseClick(page.pay.lock, Qt.MouseButton.LeftButton)
    assert ("Full-time salary", "£32,400.00") in page.pay.facts.pairs
    assert ("Born", "9 Aug 1977") in page.person.facts.pairs
    assert page.person.lock.text() == "Salaries shown"


def test_a_person_is_entered_and_locked_away_again(window: Window, qtbot: QtBot) -> None:
    page = post_page(window, "mentor")
    window.show_salaries(True)
    assert ("Person", "Nothing entered") in page.person.facts.pairs
    page.person.toggle()
    type_in(qtbot, page.person.rows["person.born"], "3/5/1990")
    assert post(window, "mentor").person == Person(born=date(1990, 5, 3))
    window.show_salaries(False)
    assert not page.person.changing


def test_trustees_see_neither_pay_nor_person_nor_a_lock(window: Window) -> None:
    page = post_page(window)
    assert window.bridge is not None
    window.bridge.tell_salaries("absent")
    for card in (page.pay, page.pay_changes, page.person):
        assert not card.isVisible()
    tabs = [page.tabs.tabText(at) for at in range(page.tabs.count()) if page.tabs.isTabVisible(at)]
    assert "Pay" not in tabs
    assert "Person" not in tabs
    assert page.cost.isVisible()


# --- allocations by drag and by keyboard -------------------------------------------------


def test_an_end_is_dragged_to_a_month_and_undone(window: Window) -> None:
    bars = post_page(window).allocations.timeline.bars
    drag(bars, "last", -months_wide(bars, 2))
    assert share(window).to == date(2027, 1, 31)
    assert window.bridge is not None
    said = window.bridge.workspace.undo_label
    assert said == "Move Victims' core grant to 31 Jan 2027"
    window.undo()
    assert share(window).to is None or share(window).to == date(2027, 3, 31)


def test_with_shift_an_end_is_dragged_to_a_day(window: Window) -> None:
    bars = post_page(window).allocations.timeline.bars
    drag(bars, "last", -months_wide(bars, 1.5), held=Held.ShiftModifier)
    moved = share(window).to
    assert moved is not None
    assert abs((moved - date(2027, 2, 13)).days) <= 8
    assert moved != date(2027, 2, 28)


def test_what_a_drag_would_do_is_said_while_it_is_held_and_esc_lets_it_go(
    window: Window, qtbot: QtBot
) -> None:
    page = post_page(window)
    bars = page.allocations.timeline.bars
    before = book(window)
    drag(bars, "last", -months_wide(bars, 2), drop=False)
    assert bars.drag is not None
    assert bars.drag.days.last == date(2027, 1, 31)
    qtbot.keyClick(bars, Key.Key_Escape)
    assert bars.drag is None
    assert page.isVisible()
    assert book(window) is before


def test_a_share_does_not_outrun_the_award_that_pays_it(window: Window) -> None:
    bars = post_page(window).allocations.timeline.bars
    before = book(window)
    drag(bars, "last", months_wide(bars, 8))
    assert book(window) is before


def test_a_manager_moves_an_end_by_keyboard(window: Window, qtbot: QtBot) -> None:
    bars = post_page(window).allocations.timeline.bars
    bars.setFocus()
    bars.choose(share(window).key, 1)
    qtbot.keyClick(bars, Key.Key_Left, Held.ControlModifier)
    assert share(window).to == date(2027, 2, 28)
    qtbot.keyClick(bars, Key.Key_Right, Held.ControlModifier)
    assert share(window).to is None, "the award's own last day is left out"
    qtbot.keyClick(bars, Key.Key_Left, Held.ControlModifier | Held.ShiftModifier)
    assert share(window).to == date(2027, 3, 30)


def test_left_and_right_choose_what_moves_and_it_is_heard(window: Window, qtbot: QtBot) -> None:
    bars = post_page(window).allocations.timeline.bars
    bars.choose(share(window).key, 1)

    def heard() -> str:
        index = bars.sorted.index_of(share(window).key, 1)
        return str(index.data(Qt.ItemDataRole.AccessibleTextRole))

    assert heard() == (
        "Victims' core grant, 100%, Days: secured, 1 Apr 2024 to 31 Mar 2027; last day chosen"
    )
    qtbot.keyClick(bars, Key.Key_Left)
    assert heard().endswith("whole share chosen")
    qtbot.keyClick(bars, Key.Key_Left)
    assert heard().endswith("first day chosen")
    qtbot.keyClick(bars, Key.Key_Right, Held.ControlModifier)
    assert share(window).from_ == date(2024, 5, 1)


def test_a_drag_that_would_claim_a_post_twice_is_refused_in_words(
    shelf: Shelf, opened: Callable[[], Window]
) -> None:
    half = Allocation(
        key="a-half",
        post=COURTS,
        award="alder-core",
        percent=Decimal(50),
        from_=date(2027, 4, 1),
        to=date(2027, 9, 30),
    )
    shelf.portfolio = replace(shelf.portfolio, allocations=(half, *shelf.portfolio.allocations))
    window = opened()
    bars = post_page(window).allocations.timeline.bars
    before = book(window)
    assert bars.table.rows[0].key == "a-half"
    drag(bars, "first", -months_wide(bars, 2), drop=False)
    assert bars.drag is not None
    assert bars.drag.fault == (
        "IDVA, courts would be 150 % claimed in February 2027. Lower a share, or end one sooner"
    )
    drag(bars, "first", -months_wide(bars, 2))
    assert book(window) is before
    assert "150 % claimed in February 2027" in register(window).message.words


def test_a_share_in_the_table_that_would_claim_a_post_twice_is_refused_too(
    window: Window,
) -> None:
    shares = post_page(window, "finance").allocations.shares
    place = shares.table.place_of("percent")
    assert "would be 110 % claimed in October 2024" in shares.table.why_not(
        shares.table.index(0, place), Decimal(50)
    )
    assert shares.table.why_not(shares.table.index(0, place), Decimal(10)) == ""


def test_delete_removes_a_share_and_undo_brings_it_back(window: Window, qtbot: QtBot) -> None:
    bars = post_page(window).allocations.timeline.bars
    key = share(window).key
    bars.choose(key, 1)
    qtbot.keyClick(bars, Key.Key_Delete)
    assert all(each.key != key for each in book(window).allocations)
    window.undo()
    assert any(each.key == key for each in book(window).allocations)


# --- history, and everyone ---------------------------------------------------------------


def test_the_history_of_a_post_tells_its_changes_and_its_shares_and_no_others(
    window: Window, qtbot: QtBot
) -> None:
    page = post_page(window)
    page.terms.toggle()
    type_in(qtbot, page.terms.rows["title"], "IDVA at court")
    bars = page.allocations.timeline.bars
    bars.choose(share(window).key, 1)
    qtbot.keyClick(bars, Key.Key_Left, Held.ControlModifier)
    post_page(window, "isva").terms.toggle()
    type_in(qtbot, page.terms.rows["title"], "Another")
    page = post_page(window)
    told = [(past.told.field, past.told.before, past.told.after) for past in page.past.table.rows]
    assert told[0][2] == "28 Feb 2027"
    assert ("Title", "IDVA, courts", "IDVA at court") in told
    assert not any("Another" in after for _, _, after in told)


def test_the_history_hides_a_salary_until_salaries_are_shown(window: Window) -> None:
    page = post_page(window)
    window.show_salaries(True)
    page.pay.toggle()
    page.pay._put("salary", 3_500_000)
    assert page.past.table.rows[0].told.after == "£35,000.00"
    window.show_salaries(False)
    assert page.past.table.rows[0].told.after == "hidden"


def test_a_read_only_book_offers_no_change_of_a_post(
    shelf: Shelf, opened: Callable[[], Window], qtbot: QtBot
) -> None:
    shelf.read_only = "It is open elsewhere."
    window = opened()
    page = post_page(window)
    for card in (page.terms, page.vacancies):
        assert not any(each.isVisible() for each in card._acts)
    assert not page.allocations.shares.add_button.isVisible()
    bars = page.allocations.timeline.bars
    before = book(window)
    drag(bars, "last", -months_wide(bars, 2))
    qtbot.keyClick(bars, Key.Key_Left, Held.ControlModifier)
    assert book(window) is before


def test_everything_on_a_posts_page_has_a_name_salaries_shown_and_forms_open(
    window: Window,
) -> None:
    page = post_page(window)
    window.show_salaries(True)
    for card in (page.terms, page.pay, page.person):
        card.toggle()
    assert [part for part in parts_to_name(window) if not said_of(part)] == []


def test_tab_goes_round_a_posts_page_without_a_trap(window: Window, qtbot: QtBot) -> None:
    post_page(window)
    window.activateWindow()
    window.side.list.setFocus()
    stops: list[object] = []
    for _ in range(60):
        at = QApplication.focusWidget()
        assert at is not None
        if at in stops:
            break
        stops.append(at)
        qtbot.keyClick(at, Key.Key_Tab)
    assert QApplication.focusWidget() is stops[0]


def test_the_models_of_a_posts_page_keep_their_promises(window: Window) -> None:
    page = post_page(window)
    window.show_salaries(True)
    for table in (
        page.allocations.timeline.bars.table,
        page.allocations.shares.table,
        page.cost.lines,
        page.past.table,
        page.pay_changes.table,
        page.vacancies.table,
        page.cover.cover.table,
    ):
        tester = QAbstractItemModelTester(
            table, QAbstractItemModelTester.FailureReportingMode.Fatal
        )
        post_page(window, "finance")
        post_page(window)
        tester.deleteLater()


def test_a_post_that_nothing_pays_says_so_and_shows_no_timeline(
    shelf: Shelf, opened: Callable[[], Window]
) -> None:
    kept = tuple(each for each in shelf.portfolio.allocations if each.post != COURTS)
    shelf.portfolio = replace(shelf.portfolio, allocations=kept)
    page = post_page(opened())
    assert not page.allocations.timeline.isVisible()
    assert "Nothing pays for this yet" in page.allocations.shares._none.text()
    assert "Not wholly secured today." in page.cover.told.text()


def test_a_post_without_a_ladder_says_truly_what_pays_for_it(window: Window) -> None:
    window.go_to(POSTS)
    register(window).add()
    new = book(window).posts[-1].key
    counsellor = "young-counsellor"
    for key, said in (
        (new, "Not wholly paid by secured money from 1 December 2026. It has not begun, so there"),
        (counsellor, "Not wholly paid by secured money from 1 October 2027. Agency: no notice"),
        ("chisva", "Secured money pays for it until it ends, on 31 May 2027. Nothing to do."),
        ("volunteers", "Secured money pays for it to 30 November 2029 or beyond. Nothing to do."),
    ):
        assert post_page(window, key).act.none.text().startswith(said), key
