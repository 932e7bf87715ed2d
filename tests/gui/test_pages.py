"""What a manager does in the window, told by keyboard and mouse."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget

from fundtrack import app
from fundtrack.core.errors import KnownError
from fundtrack.core.model import Allocation, Portfolio
from fundtrack.gui.cells import CellField
from fundtrack.gui.dialogs.share import ShareDialog
from fundtrack.gui.window import AWARDS, OVERVIEW, POSTS, Window
from tests.gui.conftest import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot

    from fundtrack.gui.look import Look
    from fundtrack.gui.pages.awards import Awards
    from fundtrack.gui.pages.overview import Overview
    from fundtrack.gui.pages.posts import Posts
    from fundtrack.gui.widgets.grid import Grid
    from fundtrack.workspace import Workspace
    from tests.gui.conftest import Shelf

Key = Qt.Key


def overview(window: Window) -> Overview:
    window.go_to(OVERVIEW)
    return cast("Overview", window.page(OVERVIEW))


def awards(window: Window) -> Awards:
    window.go_to(AWARDS)
    return cast("Awards", window.page(AWARDS))


def posts(window: Window) -> Posts:
    window.go_to(POSTS)
    return cast("Posts", window.page(POSTS))


def book(window: Window) -> Portfolio:
    assert window.bridge is not None
    return window.bridge.workspace.portfolio


def says(grid: Grid, key: str, column: str) -> str:
    return str(grid.sorted.index_of(key, grid.table.place_of(column)).data())


def typing_field() -> CellField:
    field = QApplication.focusWidget()
    assert isinstance(field, CellField)
    return field


def type_into(qtbot: QtBot, grid: Grid, key: str, column: str, text: str) -> CellField:
    """Go to a cell, open it with F2, type, and press Enter."""
    assert grid.choose(key, grid.table.place_of(column))
    grid.setFocus()
    qtbot.keyClick(grid, Key.Key_F2)
    field = typing_field()
    qtbot.keyClicks(field, text)
    press_enter(qtbot, field)
    return field


def press_enter(qtbot: QtBot, field: QWidget) -> None:
    """Press Enter and let Qt do what it puts off until the key has been dealt with."""
    qtbot.keyClick(field, Key.Key_Return)
    QApplication.processEvents()


# --- the first minute --------------------------------------------------------------------


def test_the_first_page_answers_whose_job_from_when_and_by_which_day(window: Window) -> None:
    page = overview(window)
    said = page.ladder.answer.text()
    assert "posts are unfunded" in said
    assert "1 April 2027" in said
    assert "Tue 1 December" in said
    assert page.at_risk.grid.sorted.index(0, 0).data() == "Victims' services manager"
    assert page.at_risk.grid.sorted.index(0, 2).data() == "31 Dec 2026"
    assert page.sentences.labels[0].text().startswith("Secured money pays")


def test_the_rows_are_sorted_by_the_first_date_to_act(window: Window) -> None:
    dated = [row.act_by for row in overview(window).ladder.table.rows if "outgrow" not in row.title]
    assert dated == sorted(dated)


def test_enter_on_a_row_leads_to_the_award_that_ends(window: Window, qtbot: QtBot) -> None:
    grid = overview(window).ladder.grid
    grid.setFocus()
    grid.choose("award:mopac-core", 1)
    qtbot.keyClick(grid, Key.Key_Return)
    page = awards(window)
    assert page.isVisible()
    assert page.grid.current_key == "mopac-core"


def test_a_double_click_on_a_post_at_risk_leads_to_the_post(window: Window, qtbot: QtBot) -> None:
    grid = overview(window).at_risk.grid
    index = grid.sorted.index_of("post:idva-courts")
    place = grid.visualRect(index).center()
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert posts(window).isVisible()
    assert posts(window).cover.current_key == "idva-courts"
    assert posts(window).panel.title.text() == "IDVA, courts"


def test_the_chart_is_also_a_table_and_says_a_month_to_the_keyboard(
    window: Window, qtbot: QtBot
) -> None:
    card = overview(window).runway
    chart = card.chart
    chart.setFocus()
    qtbot.keyClick(chart, Key.Key_Right)
    qtbot.keyClick(chart, Key.Key_Right)
    assert card._reading.text().startswith("December 2026: secured £")
    window.acts.chart.trigger()
    assert card.grid.isVisible()
    assert card.months.rows[0].month == date(2026, 11, 1)
    window.acts.chart.trigger()
    assert not card.grid.isVisible()


def test_an_empty_book_says_what_to_do_first(
    shelf: Shelf, opened: Callable[[], Window], qtbot: QtBot
) -> None:
    shelf.portfolio = app.empty_portfolio("New Charity", "england-and-wales", date(2026, 11, 1))
    window = opened()
    page = overview(window)
    assert "No posts yet" in page.ladder.answer.text()
    assert page.ladder._hero.property("status") == "watch", "nothing is known to be well"
    assert "Free reserves are not recorded yet" in page.sentences.labels[2].text()
    told = {row.name: (row.value, row.status) for row in page.figures.table.rows}
    assert told["Free reserves"] == ("not recorded", "")
    assert told["Runway"] == ("not known", "")
    assert page.runway.note.text() == "counted from £0, for none are recorded"
    assert page.at_risk._none.text() == "No posts yet."
    assert page.endings._none.text() == "No awards yet."
    qtbot.mouseClick(page.ladder.open_button, Qt.MouseButton.LeftButton)
    assert awards(window).isVisible()
    assert "No awards yet" in awards(window)._none.text()
    posts(window)


# --- changing the book -------------------------------------------------------------------


def test_moving_an_awards_end_moves_the_post_the_ladder_and_the_sentence_and_undo_brings_them_back(
    window: Window, qtbot: QtBot
) -> None:
    sentence = overview(window).sentences.labels[0].text()
    answer = overview(window).ladder.answer.text()
    assert says(posts(window).grid, "idva-courts", "funded") == "31 Mar 2027"
    page = awards(window)
    type_into(qtbot, page.grid, "mopac-core", "end", "30/9/27")
    assert says(page.grid, "mopac-core", "end") == "30 Sep 2027"
    assert page.grid.current_key == "mopac-core"
    assert says(posts(window).grid, "idva-courts", "funded") == "30 Sep 2027"
    assert overview(window).sentences.labels[0].text() != sentence
    assert overview(window).ladder.answer.text() != answer
    assert "30 Sep 2027" in says(overview(window).ladder.grid, "award:mopac-core", "end")
    qtbot.keyClick(window, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert overview(window).sentences.labels[0].text() == sentence
    assert overview(window).ladder.answer.text() == answer
    assert says(posts(window).grid, "idva-courts", "funded") == "31 Mar 2027"
    assert window.saved.text() == "Undone: Move end date of Victims' core grant"
    window.acts.redo.trigger()
    assert book(window).awards_by_key["mopac-core"].end == date(2027, 9, 30)


def test_a_date_that_cannot_be_is_held_until_it_is_right(window: Window, qtbot: QtBot) -> None:
    grid = awards(window).grid
    field = type_into(qtbot, grid, "mopac-core", "end", "30/2/27")
    assert "no such day" in field.fault
    assert field.isVisible()
    field.selectAll()
    qtbot.keyClicks(field, "1 mar 2020")
    press_enter(qtbot, field)
    assert field.fault == "This is before the start, 1 Apr 2024. Give a later date"
    qtbot.keyClick(field, Key.Key_Escape)
    assert says(grid, "mopac-core", "end") == "31 Mar 2027"
    assert window.bridge is not None
    assert window.bridge.workspace.undo_label is None


def test_a_wrong_date_left_by_the_mouse_is_dropped_with_a_word(
    window: Window, qtbot: QtBot
) -> None:
    page = awards(window)
    field = type_into(qtbot, page.grid, "mopac-core", "end", "soon")
    assert field.fault
    page.search.setFocus()
    qtbot.waitUntil(lambda: "not a date" in page.message.words)
    assert says(page.grid, "mopac-core", "end") == "31 Mar 2027"


def test_an_amount_is_typed_as_people_write_it(window: Window, qtbot: QtBot) -> None:
    grid = awards(window).grid
    type_into(qtbot, grid, "mopac-core", "amount", "£512,000.50")
    assert book(window).awards_by_key["mopac-core"].amount == 51_200_050
    assert window.acts.undo.text() == "&Undo “Change amount of Victims' core grant”"


def test_a_stage_is_chosen_from_a_list_and_the_certainty_follows(
    window: Window, qtbot: QtBot
) -> None:
    grid = awards(window).grid
    assert says(grid, "mopac-core-renewal", "certainty") == "Probable"
    grid.choose("mopac-core-renewal", grid.table.place_of("stage"))
    grid.setFocus()
    qtbot.keyClick(grid, Key.Key_F2)
    box = QApplication.focusWidget()
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findData("awarded"))
    press_enter(qtbot, box)
    assert book(window).awards_by_key["mopac-core-renewal"].stage == "awarded"
    assert says(grid, "mopac-core-renewal", "certainty") == "Secured"


def test_a_share_is_changed_in_the_posts_panel(window: Window, qtbot: QtBot) -> None:
    page = posts(window)
    page.open_in_grid("idva-courts")
    shares = page.panel.shares
    key = shares.table.rows[0].key
    type_into(qtbot, shares.grid, key, "percent", "62.5")
    changed = next(each for each in book(window).allocations if each.key == key)
    assert changed.percent == Decimal("62.5")
    assert says(page.grid, "idva-courts", "funded") == "not today"


def test_an_award_is_added_and_its_title_stands_ready_for_typing(
    window: Window, qtbot: QtBot
) -> None:
    before = len(book(window).awards)
    awards(window)
    window.acts.add.trigger()
    field = typing_field()
    qtbot.keyClicks(field, "Winter appeal")
    press_enter(qtbot, field)
    assert book(window).awards[before].title == "Winter appeal"


def test_a_post_is_added_and_undone(window: Window, qtbot: QtBot) -> None:
    before = book(window).posts
    page = posts(window)
    qtbot.mouseClick(page.add_button, Qt.MouseButton.LeftButton)
    qtbot.keyClick(typing_field(), Key.Key_Escape)
    assert len(book(window).posts) == len(before) + 1
    window.acts.undo.trigger()
    assert book(window).posts == before


def test_a_removed_award_can_be_brought_back_from_the_line_that_says_so(
    window: Window, qtbot: QtBot
) -> None:
    before = book(window)
    page = awards(window)
    page.grid.choose("council-advice", 0)
    qtbot.keyClick(page.grid, Key.Key_Delete)
    assert page.message.words.startswith("Removed Housing and money advice, 5 shares")
    assert "council-advice" not in book(window).awards_by_key
    qtbot.mouseClick(page.message._act, Qt.MouseButton.LeftButton)
    assert book(window) == before


def test_a_click_of_the_other_button_offers_what_can_be_done(window: Window) -> None:
    page = awards(window)
    page.grid.choose("council-advice", page.table.place_of("end"))
    menu = page.grid.menu()
    said = [action.text().split("\t")[0] for action in menu.actions()]
    assert said == [
        "&Change this cell",
        "&Open",
        "Co&py rows",
        "Save this ta&ble…",
        "&Why this figure?",
        "Pa&ste a table…",
        "&Remove",
        "",
        "Colu&mns",
    ]
    menu.actions()[said.index("&Remove")].trigger()
    assert "council-advice" not in book(window).awards_by_key


def test_what_is_odd_in_the_book_is_listed_and_leads_to_its_record(
    shelf: Shelf, opened: Callable[[], Window], qtbot: QtBot
) -> None:
    shelf.portfolio = replace(
        shelf.portfolio,
        allocations=(
            *shelf.portfolio.allocations,
            Allocation(key="twice", post="idva-courts", award="alder-core", percent=Decimal(50)),
        ),
    )
    page = overview(opened())
    grid = page.doubts.grid
    assert grid.isVisible()
    assert grid.sorted.index(0, 0).data() == "IDVA, courts"
    assert grid.sorted.index(0, 1).data() == "Claimed twice"
    grid.setFocus()
    grid.setCurrentIndex(grid.sorted.index(0, 0))
    qtbot.keyClick(grid, Key.Key_Return)
    window = cast("Window", page.window())
    assert "claimed twice" in posts(window).panel.note.text()


def test_a_share_is_added_with_a_dialog_that_says_what_is_wrong(
    window: Window, look: Look, qtbot: QtBot
) -> None:
    page = posts(window)
    page.open_in_grid("idva-courts")
    assert page.view is not None
    dialog = ShareDialog(look, page.view, page, post="idva-courts")
    qtbot.addWidget(dialog)
    dialog.percent.setText("lots")
    dialog.accept()
    assert "Type a percentage" in dialog.fault.text()
    dialog.percent.setText("10")
    dialog.award.setCurrentIndex(dialog.award.findText("Core costs"))
    dialog.accept()
    assert "IDVA, courts would be 110 % claimed in " in dialog.fault.text()
    assert "Lower a share, or end one sooner" in dialog.fault.text()
    dialog.first.setText("1/4/27")
    dialog.accept()
    assert dialog.edit is not None
    page.edit_wanted.emit(dialog.edit)
    assert any(
        each.post == "idva-courts" and each.award == "alder-core"
        for each in book(window).allocations
    )


def test_the_add_share_link_asks_and_can_be_left_alone(window: Window, qtbot: QtBot) -> None:
    page = posts(window)
    before = book(window)

    def leave() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, ShareDialog)
        dialog.reject()

    QTimer.singleShot(0, leave)
    qtbot.mouseClick(page.panel.shares.add_button, Qt.MouseButton.LeftButton)
    assert book(window) is before


# --- looking -----------------------------------------------------------------------------


def test_the_filter_keeps_what_was_asked_for_and_offers_the_way_out(
    window: Window, qtbot: QtBot
) -> None:
    page = awards(window)
    qtbot.keyClick(window, Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page.search.hasFocus()
    qtbot.keyClicks(page.search, "lottery")
    assert page.grid.sorted.rowCount() == 2
    qtbot.keyClicks(page.search, " nonsense")
    assert "Clear the filter" in page._none.text()
    page.search.clear()
    assert page.grid.sorted.rowCount() == len(book(window).awards)


def test_posts_are_filtered_by_service_and_by_award(window: Window) -> None:
    page = posts(window)
    page.service.setCurrentIndex(page.service.findData("victims"))
    page.service.activated.emit(page.service.currentIndex())
    services = {book(window).posts_by_key[row.key].service for row in page.cover.table.rows}
    assert services == {"victims"}
    page.service.setCurrentIndex(0)
    page.award.setCurrentIndex(page.award.findData("mopac-core"))
    page.award.activated.emit(page.award.currentIndex())
    assert {row.key for row in page.cover.table.rows} >= {"idva-courts", "idva-community"}
    assert "gate-prison" not in {row.key for row in page.cover.table.rows}


def test_a_month_of_a_post_says_what_pays_for_it(window: Window) -> None:
    page = posts(window)
    table = page.cover.table
    row = table.row_of("idva-courts")
    assert row is not None
    april = table.place_of("2027-04-01")
    spoken = table.index(row, april).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == (
        "IDVA, courts, April 2027 to October 2028: 100 per cent probable, none secured. "
        "Notice by 6 January 2027"
    )
    january = table.place_of("2027-01-01")
    said = str(table.index(row, january).data())
    assert said.startswith("100 per cent secured. Notice by ")


def test_salaries_and_redundancy_pay_are_hidden_until_they_are_asked_for(
    window: Window, qtbot: QtBot
) -> None:
    page = posts(window)
    page.open_in_grid("idva-courts")
    salary = page.table.place_of("salary")
    assert page.grid.isColumnHidden(salary)
    assert not any("£" in line.value for line in page.panel.costs.rows)
    qtbot.mouseClick(page.panel.lock, Qt.MouseButton.LeftButton)
    assert not page.grid.isColumnHidden(salary)
    assert any("£" in line.value for line in page.panel.costs.rows)
    assert page.panel.lock.text() == "Salaries shown"


def test_the_span_of_the_grid_can_be_chosen(window: Window) -> None:
    page = posts(window)
    assert page.cover.table.columnCount() == 3 + 24
    page.span.setCurrentIndex(page.span.findData(36))
    page.span.activated.emit(2)
    assert page.cover.table.columnCount() == 3 + 36


def test_every_table_of_every_page_keeps_the_promises_of_a_model(
    window: Window, qtmodeltester: ModelTester
) -> None:
    for table in (
        overview(window).ladder.table,
        overview(window).at_risk.table,
        overview(window).endings.table,
        overview(window).figures.table,
        overview(window).runway.months,
        awards(window).table,
        awards(window).panel.shares.table,
        awards(window).panel.ladder.table,
        posts(window).table,
        posts(window).cover.table,
        posts(window).panel.costs,
    ):
        assert table.rowCount(QModelIndex()) > 0
        qtmodeltester.check(table)


# --- when the world does not oblige ------------------------------------------------------


def test_a_book_that_can_only_be_read_says_so_and_offers_no_change(
    shelf: Shelf, opened: Callable[[], Window], qtbot: QtBot
) -> None:
    shelf.read_only = "Maria has this book open, so it can only be read here."
    window = opened()
    assert "Maria has this book open" in overview(window).message.words
    assert window.saved.text().startswith("Read only")
    page = awards(window)
    assert not page.add_button.isVisible()
    page.grid.choose("mopac-core", page.table.place_of("end"))
    qtbot.keyClick(page.grid, Key.Key_F2)
    assert not isinstance(QApplication.focusWidget(), QLineEdit)
    assert posts(window).isVisible()


def test_a_book_that_will_not_open_is_explained_on_the_start_page(
    closed_window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(_path: Path, _read_only: bool) -> Workspace:  # noqa: FBT001 - as Doors has it
        raise KnownError("This book was made by a newer FundTrack. Install that one to open it.")

    monkeypatch.setattr(closed_window, "doors", replace(closed_window.doors, open_book=refuses))
    assert not closed_window.open_book(tmp_path / "newer.fundtrack")
    assert "newer FundTrack" in closed_window.start.message.words
    assert closed_window.stack.currentWidget() is closed_window.start


def test_a_mistake_of_ours_is_noted_and_owned_up_to_and_the_window_goes_on(
    window: Window, faults: list[BaseException]
) -> None:
    mistake = ZeroDivisionError("salary 32,000")
    window.own_up(mistake)
    assert faults == [mistake]
    said = overview(window).message.words
    assert "FundTrack made a mistake there" in said
    assert "32,000" not in said
    assert awards(window).isVisible()


def test_opening_the_sample_makes_it_once(closed_window: Window, shelf: Shelf) -> None:
    closed_window.start.sample_button.click()
    assert closed_window.bridge is not None
    assert [path.name for path in shelf.made or ()] == ["Sample charity.fundtrack"]
    assert closed_window.side.charity.text() == "Larkmoor Bridge"
    closed_window.close_book()
    assert closed_window.stack.currentWidget() is closed_window.start
    assert not closed_window.acts.undo.isEnabled()


def test_text_at_twice_its_size_still_shows_every_page(window: Window) -> None:
    window.set_text(200)
    for go in (overview, awards, posts):
        page = go(window)
        assert page.isVisible()
        assert page.header.title.sizeHint().height() >= 40
    window.set_text(100)
    assert window.preferences.text_size == 100


def test_the_theme_can_be_changed_after_a_book_was_closed(window: Window) -> None:
    for go in (overview, awards, posts):
        go(window)
    window.close_book()
    QApplication.processEvents()
    for wish in ("dark", "high-contrast", "light"):
        window.set_theme(wish)
        assert window.look.theme == wish
    assert window.open_book(Path("sample.fundtrack"))
    assert overview(window).isVisible()


def test_what_is_due_today_is_the_day_the_doors_tell(window: Window) -> None:
    assert overview(window).view is not None
    assert overview(window).header.fact.text() == "Today is Sunday 22 November 2026"
    assert TODAY.isoformat() == "2026-11-22"
