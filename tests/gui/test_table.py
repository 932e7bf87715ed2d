from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication

from fundtrack.gui import kinds
from fundtrack.gui.table import Column, Sorted, Table
from fundtrack.gui.widgets.grid import Grid

if TYPE_CHECKING:
    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot

    from fundtrack.gui.look import Look


@dataclass(frozen=True)
class Tea:
    """A row of a small table."""

    key: str
    price: int | None = None


COLUMNS: tuple[Column[Tea], ...] = (
    Column(name="key", title="Tea", value=lambda tea: tea.key),
    Column(name="price", title="Price", kind=kinds.PENCE, value=lambda tea: tea.price),
)


def table(*teas: Tea) -> Table[Tea]:
    made: Table[Tea] = Table(COLUMNS, key=lambda tea: tea.key)
    made.present(teas)
    return made


def shown(model: Sorted) -> list[str]:
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def test_a_table_keeps_the_promises_of_a_model(qtmodeltester: ModelTester) -> None:
    model = table(Tea("assam", 250), Tea("mint"))
    qtmodeltester.check(model)
    qtmodeltester.check(Sorted(model))
    model.present((Tea("mint"), Tea("earl grey", 300)))
    qtmodeltester.check(model)


def test_a_changed_row_tells_of_itself_alone(qtbot: QtBot) -> None:
    model = table(Tea("assam", 250), Tea("mint", 200), Tea("rooibos", 220))
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    with qtbot.assertNotEmitted(model.modelReset):
        model.present((Tea("assam", 250), Tea("mint", 210), Tea("rooibos", 220)))
    assert told == [(1, 1)]


names = st.lists(st.sampled_from("abcdefgh"), unique=True)


@given(names, names)
def test_whatever_comes_and_goes_the_table_shows_what_it_was_given(
    before: list[str], after: list[str]
) -> None:
    model = table(*map(Tea, before))
    model.present(tuple(map(Tea, after)))
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == after


def test_a_chosen_row_stays_chosen_when_others_come_and_go(look: Look, qtbot: QtBot) -> None:
    grid = Grid(look, table(Tea("assam"), Tea("mint"), Tea("rooibos")), "Teas")
    qtbot.addWidget(grid)
    grid.choose("mint")
    grid.present((Tea("breakfast"), Tea("mint"), Tea("rooibos"), Tea("sencha")))
    assert grid.current_key == "mint"
    assert grid.chosen_keys() == ("mint",)


def test_rows_that_come_together_are_told_of_together(qtbot: QtBot) -> None:
    model = table(Tea("assam"), Tea("mint"))
    told: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda _parent, first, last: told.append((first, last)))
    model.rowsRemoved.connect(lambda _parent, first, last: told.append((-first, -last)))
    with qtbot.assertNotEmitted(model.modelReset):
        model.present((Tea("assam"), *(Tea(f"tea {at}") for at in range(500)), Tea("mint")))
        model.present((Tea("assam"), Tea("mint")))
    assert told == [(1, 500), (-1, -500)]


def test_ten_thousand_rows_come_at_once_and_the_keyboard_stays_where_it_was(
    look: Look, qtbot: QtBot
) -> None:
    grid = Grid(look, table(Tea("assam"), Tea("mint")), "Teas")
    qtbot.addWidget(grid)
    grid.choose("mint", 1)
    grid.present((Tea("assam"), *(Tea(f"tea {at}") for at in range(10_000)), Tea("mint")))
    assert grid.sorted.rowCount() == 10_002
    assert grid.current_key == "mint"
    assert grid.currentIndex().column() == 1
    grid.present((Tea("assam"), Tea("mint")))
    assert grid.current_key == "mint"


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Qt.SortOrder.AscendingOrder, ["mint", "assam", "water", "air"]),
        (Qt.SortOrder.DescendingOrder, ["assam", "mint", "water", "air"]),
    ],
)
def test_what_has_no_value_comes_last_whichever_way_it_is_sorted(
    order: Qt.SortOrder, expected: list[str]
) -> None:
    model = Sorted(table(Tea("water"), Tea("assam", 250), Tea("mint", 200), Tea("air")))
    model.sort(1, order)
    assert shown(model)[:2] == expected[:2]
    assert sorted(shown(model)[2:]) == sorted(expected[2:])


prices = st.lists(st.one_of(st.none(), st.integers(0, 3)), max_size=8)


@given(prices, prices, st.booleans())
def test_rows_of_one_value_stay_in_the_order_they_were_given(
    before: list[int | None],
    after: list[int | None],
    falling: bool,  # noqa: FBT001 - drawn by Hypothesis
) -> None:
    model = Sorted(table(*(Tea(str(at), price) for at, price in enumerate(before))))
    order = Qt.SortOrder.DescendingOrder if falling else Qt.SortOrder.AscendingOrder
    for prices in (before, after):
        model.table.present(tuple(Tea(str(at), price) for at, price in enumerate(prices)))
        model.sort(1, order)
        filled = [(price, at) for at, price in enumerate(prices) if price is not None]
        ranked = sorted((-price if falling else price, at) for price, at in filled)
        empty = [at for at, price in enumerate(prices) if price is None]
        assert shown(model) == [str(at) for at in (*(at for _, at in ranked), *empty)]
        model.sort(-1)
        assert shown(model) == [str(at) for at in range(len(prices))]


def test_a_chosen_row_whose_figure_changes_moves_to_its_place_and_stays_chosen(
    look: Look, qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    grid = Grid(look, table(Tea("assam", 250), Tea("mint", 200), Tea("water", 10)), "Teas")
    qtbot.addWidget(grid)
    grid.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    grid.choose("mint", 1)
    with qtbot.assertNotEmitted(grid.table.modelReset):
        grid.present((Tea("assam", 250), Tea("mint", 300), Tea("rooibos", 220)))
    assert shown(grid.sorted) == ["rooibos", "assam", "mint"]
    assert [row.key for row in grid.table.rows] == ["assam", "mint", "rooibos"]
    assert (grid.current_key, grid.currentIndex().column()) == ("mint", 1)
    assert grid.chosen_keys() == ("mint",)
    qtmodeltester.check(grid.table)
    qtmodeltester.check(grid.sorted)


def test_rows_that_come_and_go_here_and_there_are_told_of_at_once_and_the_chosen_one_stays(
    look: Look, qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    teas = tuple(Tea(f"tea {at}", at) for at in range(200))
    grid = Grid(look, table(*teas), "Teas")
    qtbot.addWidget(grid)
    qtmodeltester.check(grid.sorted)
    grid.choose("tea 100", 1)
    told: list[str] = []
    grid.table.layoutChanged.connect(lambda *_: told.append("at once"))
    grid.table.rowsRemoved.connect(lambda *_: told.append("removed"))
    for shown_ in (teas[::2], teas[::5], teas):
        with qtbot.assertNotEmitted(grid.table.modelReset):
            grid.present(shown_)
        assert shown(grid.sorted) == [tea.key for tea in shown_]
        assert (grid.chosen_keys(), grid.currentIndex().column()) == (("tea 100",), 1)
    assert told == ["at once"] * 3


def test_each_of_very_many_rows_is_asked_once_to_be_sorted_and_once_to_be_searched() -> None:
    asked = {"value": 0, "words": 0}

    def price(tea: Tea) -> int | None:
        asked["value"] += 1
        return tea.price

    def words(tea: Tea) -> str:
        asked["words"] += 1
        return f"{tea.key} at {tea.price}"

    column = Column(name="price", title="Price", kind=kinds.PENCE, value=price, shown=words)
    model = Sorted(Table((column,), key=lambda tea: tea.key))
    model.table.present(tuple(Tea(f"tea {at}", at * 7919 % 10_000) for at in range(10_000)))
    model.sort(0)
    assert asked == {"value": 10_000, "words": 0}
    for typed in ("t", "te", "tea 9999"):
        model.look_for(typed)
    assert model.rowCount() == 2
    assert asked["words"] == 10_000


def test_a_filter_keeps_the_rows_that_hold_every_word() -> None:
    model = Sorted(table(Tea("green mint", 200), Tea("mint", 250), Tea("assam", 250)))
    model.look_for("MINT 2.50")
    assert shown(model) == ["mint"]


def test_copied_rows_are_ready_for_a_spreadsheet(look: Look, qtbot: QtBot) -> None:
    grid = Grid(look, table(Tea("=assam", -250), Tea("mint")), "Teas")
    qtbot.addWidget(grid)
    grid.selectAll()
    qtbot.keyClick(grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Tea\tPrice\n'=assam\t-£2.50\nmint\t\n"


def test_a_screen_reader_hears_whose_figure_it_is() -> None:
    model = table(Tea("assam", 250), Tea("mint"))
    said = [model.index(row, 1).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(2)]
    assert said == ["assam, Price: £2.50", "mint, Price: empty"]


def test_a_cell_that_is_only_for_reading_cannot_be_changed() -> None:
    model = table(Tea("assam", 250))
    index = model.index(0, 1)
    assert not index.flags() & Qt.ItemFlag.ItemIsEditable
    assert not model.setData(index, Decimal(1))
    assert model.index(5, 5) == QModelIndex()
