"""A table's columns as a person has arranged them: remembered, and as usual again on wish."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from fundtrack import settings
from fundtrack.gui.pages.awards import Awards
from fundtrack.gui.pages.posts import Posts
from fundtrack.gui.widgets.arranged import Arranged, read
from fundtrack.gui.widgets.grid import Grid
from fundtrack.gui.window import AWARDS, POSTS, Window

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from fundtrack.gui.doors import Doors
    from fundtrack.gui.look import Look

NAMES = ("title", "funder", "stage", "amount", "end")


def register(window: Window) -> Grid:
    window.go_to(AWARDS)
    return cast("Awards", window.page(AWARDS)).grid


def titles(grid: Grid) -> list[str]:
    top = grid.horizontalHeader()
    order = [top.logicalIndex(at) for at in range(top.count())]
    return [grid.table.columns[at].name for at in order if not grid.isColumnHidden(at)]


def ticked(grid: Grid, title: str, *, on: bool) -> None:
    assert grid.arrangement is not None
    menu = grid.arrangement.fill(QMenu(grid))
    next(action for action in menu.actions() if action.text() == title).setChecked(on)


@given(
    st.permutations(NAMES),
    st.dictionaries(st.sampled_from(NAMES), st.integers(24, 2000)),
    st.sets(st.sampled_from(NAMES[1:])),
    st.none() | st.tuples(st.sampled_from(NAMES), st.booleans()),
)
def test_whatever_is_arranged_reads_back(
    order: list[str], widths: dict[str, int], hidden: set[str], sort: tuple[str, bool] | None
) -> None:
    kept = Arranged(list(order), widths, hidden, sort)
    assert read(str(kept), NAMES) == kept


@pytest.mark.parametrize(
    ("line", "order"),
    [
        ("", ["title", "funder", "stage", "amount", "end"]),
        ("amount, title", ["amount", "end", "title", "funder", "stage"]),
        ("gone 90, title hidden, ,,x y z", ["title", "funder", "stage", "amount", "end"]),
    ],
)
def test_a_line_of_another_time_is_read_as_far_as_it_goes(line: str, order: list[str]) -> None:
    found = read(line, NAMES)
    assert (found.order, found.hidden) == (order, set())


def test_columns_stand_the_next_day_as_they_were_left(
    window: Window, look: Look, doors: Doors, qtbot: QtBot
) -> None:
    grid = register(window)
    top = grid.horizontalHeader()
    top.moveSection(grid.table.place_of("amount"), 1)
    top.resizeSection(grid.table.place_of("stage"), 77)
    ticked(grid, "Certainty", on=False)
    grid.sortByColumn(grid.table.place_of("amount"), Qt.SortOrder.DescendingOrder)
    left = titles(grid)
    assert left[:3] == ["title", "amount", "funder"]
    assert "certainty" not in left
    window.close()

    kept, problems = settings.read()
    assert problems == ()
    assert "stage 77" in dict(kept.tables)["Awards"]
    again = Window(look, doors, kept)
    qtbot.addWidget(again)
    with qtbot.waitExposed(again):
        again.show()
    assert again.open_book(Path("sample.fundtrack"))
    grid = register(again)
    assert titles(grid) == left
    assert grid.columnWidth(grid.table.place_of("stage")) == 77
    amounts = [row.award.amount for row in grid.table.rows]
    shown = [
        grid.sorted.index(at, grid.table.place_of("amount")).data(Qt.ItemDataRole.EditRole)
        for at in range(grid.sorted.rowCount())
    ]
    assert shown == sorted(amounts, reverse=True)
    again.close()


def test_the_usual_columns_come_back_with_one_choice(window: Window) -> None:
    grid = register(window)
    usual, width = titles(grid), grid.columnWidth(2)
    grid.horizontalHeader().moveSection(3, 0)
    grid.horizontalHeader().resizeSection(2, 40)
    ticked(grid, "Funder", on=False)
    grid.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert titles(grid) != usual
    columns = next(it for it in grid.menu().actions() if it.text() == "Colu&mns").menu()
    assert isinstance(columns, QMenu)
    next(action for action in columns.actions() if action.text() == "&Usual columns").trigger()
    assert (titles(grid), grid.columnWidth(2)) == (usual, width)
    assert grid.horizontalHeader().sortIndicatorSection() == -1
    assert dict(settings.read()[0].tables) == {}


def test_what_may_not_be_shown_stays_out_of_sight_and_out_of_the_menu(window: Window) -> None:
    window.go_to(POSTS)
    grid = cast("Posts", window.page(POSTS)).grid
    assert "salary" not in titles(grid)
    assert grid.arrangement is not None
    offered = [action.text() for action in grid.arrangement.fill(QMenu(grid)).actions()]
    assert "Salary" not in offered
    grid.arrangement.reset()
    assert "salary" not in titles(grid)


def test_a_width_grows_with_the_text_and_copies_follow_the_order(window: Window) -> None:
    grid = register(window)
    at = grid.table.place_of("stage")
    grid.horizontalHeader().resizeSection(at, 100)
    window.set_text(150)
    assert abs(grid.columnWidth(at) - 150) <= 1
    window.set_text(100)
    assert grid.columnWidth(at) == 100
