"""The cover grid by eye, by keyboard and by ear, with few posts and with five hundred."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication

from bench.books import book as big_book
from fundtrack.core.model import Allocation
from fundtrack.gui.widgets.cover_rows import LEAD, CoverCell, runs_of
from fundtrack.gui.window import POSTS, Window
from tests.gui.conftest import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QImage
    from pytestqt.qtbot import QtBot

    from fundtrack.gui.pages.posts import Posts
    from tests.gui.conftest import Shelf

Key, Held = Qt.Key, Qt.KeyboardModifier


def posts(window: Window) -> Posts:
    window.go_to(POSTS)
    return cast("Posts", window.page(POSTS))


def choose_span(page: Posts, months: int) -> None:
    page.span.setCurrentIndex(page.span.findData(months))
    page.span.activated.emit(page.span.currentIndex())


def stands_at(page: Posts) -> tuple[str, str]:
    """The post and the month the keyboard is on."""
    index = page.cover.months.currentIndex()
    return page.cover.current_key, page.cover.table.columns[index.column()].title


def claimed_twice(shelf: Shelf) -> None:
    """Pay half of a wholly secured post by another grant as well, from December to January."""
    share = Allocation(
        key="twice",
        post="idva-courts",
        award="alder-core",
        percent=Decimal(50),
        from_=date(2026, 12, 1),
        to=date(2027, 1, 31),
    )
    shelf.portfolio = replace(shelf.portfolio, allocations=(*shelf.portfolio.allocations, share))


# --- by keyboard -------------------------------------------------------------------------


def test_the_keyboard_walks_months_years_and_posts(window: Window, qtbot: QtBot) -> None:
    page = posts(window)
    choose_span(page, 36)
    page.open_in_grid("idva-courts")
    months = page.cover.months
    assert months.hasFocus()
    qtbot.keyClick(months, Key.Key_Home)
    assert stands_at(page) == ("idva-courts", "November 2026")
    qtbot.keyClick(months, Key.Key_Right)
    assert stands_at(page) == ("idva-courts", "December 2026")
    qtbot.keyClick(months, Key.Key_PageDown, Held.AltModifier)
    assert stands_at(page) == ("idva-courts", "December 2027")
    qtbot.keyClick(months, Key.Key_PageUp, Held.AltModifier)
    assert stands_at(page) == ("idva-courts", "December 2026")
    qtbot.keyClick(months, Key.Key_End)
    assert stands_at(page) == ("idva-courts", "October 2029")
    rows = page.cover.table.rows
    qtbot.keyClick(months, Key.Key_End, Held.ControlModifier)
    assert stands_at(page) == (rows[-1].key, "October 2029")
    qtbot.keyClick(months, Key.Key_Home, Held.ControlModifier)
    assert stands_at(page) == (rows[0].key, "October 2029")


def test_equal_months_are_stepped_over_as_one(window: Window, qtbot: QtBot) -> None:
    page = posts(window)
    page.open_in_grid("idva-courts")
    months = page.cover.months
    qtbot.keyClick(months, Key.Key_Home)
    qtbot.keyClick(months, Key.Key_Right, Held.ControlModifier)
    assert stands_at(page) == ("idva-courts", "April 2027")
    qtbot.keyClick(months, Key.Key_Left, Held.ControlModifier)
    assert stands_at(page) == ("idva-courts", "November 2026")


def test_a_row_is_copied_as_a_spreadsheet_takes_it(window: Window, qtbot: QtBot) -> None:
    page = posts(window)
    page.open_in_grid("idva-courts")
    qtbot.keyClick(page.cover.months, Key.Key_C, Held.ControlModifier)
    titles, said, rest = QGuiApplication.clipboard().text().split("\n")
    assert titles.split("\t")[:4] == ["Post", "FTE", "Funded to", "November 2026"]
    assert said.split("\t")[:4] == ["IDVA, courts", "1.00", "31 Mar 2027", "100 per cent secured"]
    assert rest == ""


def test_the_cover_is_also_a_table_on_the_same_key_as_every_chart(window: Window) -> None:
    page = posts(window)
    window.acts.chart.trigger()
    assert page.grid.isVisible()
    window.acts.chart.trigger()
    assert page.cover.isVisible()


# --- by ear ------------------------------------------------------------------------------


def test_the_month_in_which_money_falls_short_says_by_when_to_give_notice(window: Window) -> None:
    table = posts(window).cover.table
    row = table.row_of("idva-courts")
    assert row is not None
    heard = [
        table.index(row, at).data(Qt.ItemDataRole.AccessibleTextRole)
        for at in range(LEAD, table.columnCount())
    ]
    april = next(said for said in heard if "April 2027" in said and "to October" in said)
    assert april.startswith("IDVA, courts, April 2027 to October 2028: 100 per cent probable")
    assert "none secured. Notice by 6 January 2027" in april


def test_months_alike_stand_in_one_run() -> None:
    whole, none = CoverCell(10_000, 0, 0, exists=True), CoverCell(0, 0, 0, exists=True)
    assert [(run.first, run.after) for run in runs_of((whole, whole, none, whole))] == [
        (0, 2),
        (2, 3),
        (3, 4),
    ]


# --- claimed twice -----------------------------------------------------------------------


def test_a_month_claimed_twice_is_flagged_in_its_cell_in_words_and_in_the_panel(
    shelf: Shelf, opened: Callable[[], Window]
) -> None:
    claimed_twice(shelf)
    page = posts(opened())
    page.open_in_grid("idva-courts")
    table = page.cover.table
    at = table.row_of("idva-courts")
    assert at is not None
    row = table.rows[at]
    assert [cell.claimed for cell in row.cells[:5]] == [0, 15_000, 15_000, 0, 0]
    december = table.index(at, table.place_of("2026-12-01"))
    said = december.data(Qt.ItemDataRole.AccessibleTextRole)
    assert "150 per cent claimed: claimed twice" in said
    assert table.index(at, 0).data() == "IDVA, courts · claimed twice"
    assert "claimed twice: lower a share" in page.panel.note.text()


def test_the_flag_is_painted_above_the_months_that_are_claimed_twice_and_no_others(
    shelf: Shelf, opened: Callable[[], Window], look_colour: Callable[[str], str]
) -> None:
    claimed_twice(shelf)
    page = posts(opened())
    page.open_in_grid("idva-community")
    image = page.cover.months.grab().toImage()
    flagged = [
        month
        for month in ("2026-11-01", "2026-12-01", "2027-01-01", "2027-02-01")
        if look_colour("unfunded_line") in top_of(page, image, "idva-courts", month)
    ]
    assert flagged == ["2026-12-01", "2027-01-01"]


def top_of(page: Posts, image: QImage, key: str, month: str) -> set[str]:
    """The colours down the middle of the upper half of a cell."""
    table = page.cover.table
    row = table.row_of(key)
    assert row is not None
    rect = page.cover.months.visualRect(table.index(row, table.place_of(month)))
    corner = page.cover.months.viewport().mapTo(page.cover.months, rect.topLeft())
    x = corner.x() + rect.width() // 4
    return {image.pixelColor(x, corner.y() + y).name() for y in range(rect.height() // 3)}


@pytest.fixture
def look_colour(look: object) -> Callable[[str], str]:
    return lambda token: look.colour(token).name()  # type: ignore[attr-defined]


# --- filters -----------------------------------------------------------------------------


def test_a_filter_that_keeps_nothing_says_why_and_offers_the_way_out(
    window: Window, qtbot: QtBot
) -> None:
    page = posts(window)
    page.service.setCurrentIndex(page.service.findData("advice"))
    page.service.activated.emit(page.service.currentIndex())
    page.award.setCurrentIndex(page.award.findData("mopac-core"))
    page.award.activated.emit(page.award.currentIndex())
    assert not page.cover.isVisible()
    service, award = page.service.currentText(), page.award.currentText()
    assert page._none.text() == f"There are no posts in {service} paid by {award}."
    assert page.all_button.text() == "Show all posts"
    qtbot.mouseClick(page.all_button, Qt.MouseButton.LeftButton)
    assert page.cover.isVisible()
    assert page.cover.table.rowCount() == len(page.view.portfolio.posts)  # type: ignore[union-attr]


# --- far ahead, and many -----------------------------------------------------------------


def test_five_years_can_be_looked_at_and_three_again(window: Window) -> None:
    page = posts(window)
    choose_span(page, 60)
    assert page.cover.table.columnCount() == LEAD + 60
    assert page.view is not None
    assert page.view.outlook.horizon == 60
    choose_span(page, 12)
    assert page.cover.table.columnCount() == LEAD + 12
    assert page.view.outlook.horizon == 36


@pytest.fixture
def five_hundred(shelf: Shelf, opened: Callable[[], Window], qtbot: QtBot) -> Posts:
    """500 posts over 60 months, once they have been worked out beside the window."""
    shelf.portfolio = big_book(200, 500, today=TODAY)
    page = posts(opened())
    qtbot.waitUntil(lambda: page.cover.table.rowCount() == 500, timeout=30_000)
    choose_span(page, 60)
    qtbot.waitUntil(lambda: page.cover.table.columnCount() == LEAD + 60, timeout=30_000)
    return page


def test_scrolling_500_posts_paints_only_the_rows_that_come_into_sight(
    five_hundred: Posts, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    months = five_hundred.cover.months
    assert five_hundred.cover.table.rowCount() == 500
    painted: list[str] = []
    paint = type(months)._painted

    def watched(view: object, row: object, high: int, *, selected: bool) -> object:
        painted.append(row.key)  # type: ignore[attr-defined]
        return paint(view, row, high, selected=selected)  # type: ignore[arg-type]

    qtbot.waitUntil(lambda: bool(months._strips))
    monkeypatch.setattr(type(months), "_painted", watched)
    bar, high = months.verticalScrollBar(), months.rowHeight(0)
    for step in (high, 2 * high, 3 * high, 2 * high, high, 0):
        bar.setValue(step)
        months.viewport().repaint()
    assert 3 <= len(painted) <= 4
    assert len(painted) == len(set(painted))


def test_the_names_stay_level_with_their_months_wherever_one_scrolls(five_hundred: Posts) -> None:
    cover = five_hundred.cover
    cover.months.verticalScrollBar().setValue(1_234)
    assert cover.names.verticalScrollBar().value() == 1_234
    assert cover.names.rowAt(40) == cover.months.rowAt(40)


def test_a_double_click_on_a_name_or_a_month_opens_the_post(window: Window, qtbot: QtBot) -> None:
    cover = posts(window).cover
    for view in (cover.names, cover.months):
        row = cover.table.row_of("isva")
        assert row is not None
        with qtbot.waitSignal(cover.opened) as told:
            at = QPointF(20, view.rowViewportPosition(row) + 8).toPoint()
            qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(at))
        assert told.args == ["isva"]


def test_a_post_whose_salary_nobody_has_typed_yet_is_seen_as_unfunded(window: Window) -> None:
    page = posts(window)
    page.add()
    assert window.bridge is not None
    new = window.bridge.workspace.portfolio.posts[-1].key
    page.open_in_grid(new)
    row = next(row for row in page.cover.table.rows if row.key == new)
    assert [cell.parts for cell in row.cells[:3]] == [
        (),
        (("unfunded", 10_000),),
        (("unfunded", 10_000),),
    ], "it begins in December"
    window.open_record(f"posts.{new}")
    assert page.own.cover.told.text() == "Not wholly secured from 1 December 2026."
