"""Nothing is cut where the letters are large or the window small, told of the sample charity."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QPushButton,
    QToolButton,
    QWidget,
)

from fundtrack import settings
from fundtrack.gui.pages.overview import LadderGrid
from fundtrack.gui.widgets.frame import label
from fundtrack.gui.window import (
    AWARDS,
    DEADLINES,
    OVERVIEW,
    PIPELINE,
    PLACES,
    PLAN,
    PLANNING,
    POSTS,
    RETURNS,
    Window,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from fundtrack.gui.pages.awards import Awards
    from fundtrack.gui.pages.overview import Overview
    from fundtrack.gui.pages.pipeline import PipelinePage
    from fundtrack.gui.pages.plan import PlanPage
    from fundtrack.gui.pages.posts import Posts


@pytest.fixture
def large(window: Window) -> Iterator[Window]:
    """The window with letters twice as large."""
    window.look.choose(text_size=200)
    QApplication.processEvents()
    yield window
    window.look.choose(text_size=100)


def right_of(part: QWidget, window: Window) -> int:
    return part.mapTo(window, QPoint(part.width(), 0)).x()


def settle() -> None:
    """Let the window lay itself out: what one part asks for may change what another does."""
    for _ in range(10):
        QApplication.processEvents()


def bottom_of(part: QWidget, window: Window) -> int:
    return part.mapTo(window, QPoint(0, part.height())).y()


def test_the_planning_sentence_is_whole_however_large_the_letters(large: Window) -> None:
    assert large.planning.text().replace("\n", " ") == PLANNING
    assert large.planning.width() >= large.planning.sizeHint().width()
    assert large.basis.isVisible()
    assert large.basis.width() >= large.basis.sizeHint().width()
    large.look.choose(text_size=100)
    QApplication.processEvents()
    assert large.planning.text() == PLANNING


@pytest.mark.parametrize("place", [DEADLINES, RETURNS])
def test_what_is_chosen_to_filter_by_is_read_whole(large: Window, place: int) -> None:
    large.go_to(place)
    QApplication.processEvents()
    page = large.page(place)
    boxes = [each for each in page._filters.findChildren(QComboBox) if each.isVisible()]  # type: ignore[attr-defined]
    assert len(boxes) == 3
    for box in boxes:
        words = QFontMetrics(box.font()).horizontalAdvance(box.currentText())
        assert box.width() > words + large.look.px(26), box.currentText()
        assert right_of(box, large) <= large.width()


def test_signs_grow_with_the_letters_beside_them(large: Window) -> None:
    page = large.page(OVERVIEW)
    page.message.say("Something happened")
    (cross,) = page.message.findChildren(QToolButton)
    assert cross.iconSize().width() == large.look.px(16)
    assert large.look.px(16) > 16


def test_what_is_said_ends_where_the_page_does(window: Window) -> None:
    page = window.page(OVERVIEW)
    page.message.say("Something happened")
    QApplication.processEvents()
    assert page.header.anything is not None
    assert right_of(page.message, window) == right_of(page.header.anything, window)


def test_everything_there_is_to_try_and_to_accept_is_in_sight_at_once(window: Window) -> None:
    window.go_to(PLAN)
    page = cast("PlanPage", window.page(PLAN))
    page.message.say("Something happened")
    QApplication.processEvents()
    assert bottom_of(page.tries.accept_button, window) < window.statusBar().y()
    assert bottom_of(page.tries, window) <= window.statusBar().y()


def test_in_a_small_window_the_steps_stand_below_what_ends(window: Window) -> None:
    grid = cast("Overview", window.page(OVERVIEW)).ladder.grid
    assert isinstance(grid, LadderGrid)
    assert not grid.is_folded()
    one_line = grid.row_height()
    window.resize(800, 600)
    QApplication.processEvents()
    assert grid.is_folded()
    assert grid.row_height() > one_line
    assert grid.horizontalScrollBar().maximum() == 0
    heard = str(grid.sorted.index(0, 1).data(Qt.ItemDataRole.AccessibleTextRole))
    assert "Start consultation, Tuesday 1 December 2026" in heard or "Consult from" in heard
    window.resize(1280, 800)
    QApplication.processEvents()
    assert not grid.is_folded()
    assert grid.row_height() == one_line


def test_a_bid_or_no_bid_is_read_whole(window: Window) -> None:
    window.go_to(PIPELINE)
    QApplication.processEvents()
    grid = cast("PipelinePage", window.page(PIPELINE)).panel.aid_grid
    metrics = window.look.metrics()
    for row in range(grid.sorted.rowCount()):
        for column in range(3):
            said = str(grid.sorted.index(row, column).data(Qt.ItemDataRole.DisplayRole))
            assert metrics.horizontalAdvance(said) <= grid.columnWidth(column) - 6, said


def test_what_a_row_is_called_is_read_in_the_smallest_window(window: Window) -> None:
    for place, name in ((AWARDS, "title"), (POSTS, "title")):
        window.go_to(place)
        page = cast("Awards | Posts", window.page(place))
        if place == POSTS:
            page.swap_chart()
        at = page.table.place_of(name)
        for wide in (800, 1280, 1920):
            window.resize(wide, 800)
            QApplication.processEvents()
            assert page.grid.columnWidth(at) >= window.look.px(150), (place, wide)
        assert page.grid.horizontalScrollBar().maximum() == 0, "on a wide screen all is in sight"


def test_words_give_back_the_lines_they_no_longer_need(qtbot: QtBot) -> None:
    said = label("The money ends before the funder decides. " * 6, wrap=True)
    qtbot.addWidget(said)
    said.resize(160, 400)
    said.show()
    many = said.minimumHeight()
    said.resize(900, 400)
    assert 0 < said.minimumHeight() < many / 3


@pytest.mark.parametrize("place", range(len(PLACES)))
def test_the_smallest_window_with_the_largest_letters_cuts_no_word_of_a_header(
    large: Window, place: int
) -> None:
    large.resize(800, 600)
    large.go_to(place)
    settle()
    header = large.page(place).header
    assert header.title.width() >= header.title.sizeHint().width()
    for act in header.findChildren(QPushButton):
        if act.isVisible():
            assert act.width() >= act.sizeHint().width(), act.text()
            assert right_of(act, large) <= large.width()
    large.resize(1280, 800)
    large.look.choose(text_size=100)
    settle()
    for part in header._acts:
        middle = part.mapTo(header, QPoint(0, part.height() // 2)).y()
        assert part.isHidden() or middle < header.height() // 2 + 6


@pytest.mark.parametrize("place", range(len(PLACES)))
def test_where_a_page_has_too_little_room_it_is_scrolled_and_nothing_lies_on_anything(
    large: Window, place: int
) -> None:
    large.resize(800, 600)
    large.go_to(place)
    settle()
    page = large.page(place)
    parts = [part for part in cards_of(page.room.widget()) if part.isVisible()]
    for at, part in enumerate(parts):
        assert part.height() >= part.minimumSizeHint().height(), part.accessibleName()
        for other in parts[at + 1 :]:
            assert not placed(part, page).intersects(placed(other, page)), part.accessibleName()


def cards_of(inside: QWidget | None) -> list[QWidget]:
    """What stands on a page, one below another."""
    layout = None if inside is None else inside.layout()
    items = [layout.itemAt(at) for at in range(layout.count())] if layout is not None else []
    return [part for item in items if item is not None and (part := item.widget()) is not None]


def placed(part: QWidget, page: QWidget) -> QRect:
    return QRect(part.mapTo(page, QPoint(0, 0)), part.size())


def test_the_totals_of_the_pipeline_are_read_whole_in_the_smallest_window(large: Window) -> None:
    large.resize(800, 600)
    large.go_to(PIPELINE)
    settle()
    totals = cast("PipelinePage", large.page(PIPELINE)).totals
    for each in (totals.probable, totals.possible):
        assert each.width() >= each.sizeHint().width(), each.said


def test_a_window_begun_with_large_letters_is_like_any_other_once_they_are_small(
    window: Window, qtbot: QtBot
) -> None:
    usual = measures(window)
    window.look.choose(text_size=200)
    begun = Window(window.look, window.doors, settings.Settings())
    qtbot.addWidget(begun)
    begun.resize(window.size())
    with qtbot.waitExposed(begun):
        begun.show()
    assert begun.open_book(Path("other.fundtrack"))
    measures(begun)
    begun.look.choose(text_size=100)
    assert measures(begun) == usual
    begun.close()


def measures(window: Window) -> list[tuple[str, str, int, int, int]]:
    """How narrow, wide and high every part of every page may be."""
    found = []
    window.reminding.end()
    for place in range(len(PLACES)):
        window.go_to(place)
        page = window.page(place)
        page.message.hide()  # a reminder, that may have come before
        settle()
        found += [
            (page.name, f"{type(it).__name__} {it.accessibleName()}", *sizes(it))
            for it in page.findChildren(QWidget)
            if it.isVisible() and not isinstance(it, QLabel)
        ]
    return found


def sizes(part: QWidget) -> tuple[int, int, int]:
    return part.minimumWidth(), part.maximumWidth(), part.width()
