"""Which cells of a funder's workbook a mapping covers, and what is left when one is taken out."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from fundtrack.core.returns.form import (
    FormFill,
    Spot,
    fill_over,
    joined,
    nearest_item,
    repeated,
    with_fills,
    without,
)
from fundtrack.core.returns.vocabulary import Item

ITEMS = (Item("pay", "Salaries"), Item("travel", "Travel and client costs"), Item("rent", "Rent"))
SPOTS = tuple(Spot("Form", row, 3) for row in (8, 9, 10))


def fill(top: int, bottom: int, *of: str) -> FormFill:
    return FormFill(
        sheet="Form", top=top, left=3, bottom=bottom, right=3, field="line.actual", of=of
    )


def test_a_block_that_loses_a_cell_keeps_the_others_with_their_lines() -> None:
    left = without([fill(8, 10, "pay", "travel", "rent")], [SPOTS[1]])
    assert left == (fill(8, 8, "pay"), fill(10, 10, "rent"))


def test_a_block_in_the_books_own_order_has_no_part_that_means_the_same() -> None:
    assert without([fill(8, 10)], [SPOTS[1]]) == ()


def test_a_cell_filled_anew_is_filled_by_the_new_alone() -> None:
    fills = with_fills([fill(8, 10, "pay", "travel", "rent")], [fill(9, 9, "rent")])
    assert [one.of_cell(SPOTS[1]) for one in fills if one.holds(SPOTS[1])] == ["rent"]


@given(st.lists(st.tuples(st.integers(1, 9), st.sampled_from("abc")), unique_by=lambda one: one[0]))
def test_joined_fills_cover_the_same_cells_with_the_same_lines(
    cells: list[tuple[int, str]],
) -> None:
    alone = [fill(row, row, key) for row, key in cells]
    together = joined(alone)
    for row, key in cells:
        over = fill_over(together, Spot("Form", row, 3))
        assert over is not None
        assert over.of_cell(Spot("Form", row, 3)) == key
    assert sum(one.size for one in together) == len(cells)
    assert joined(together) == together


def test_money_written_otherwise_is_not_joined() -> None:
    assert len(joined([fill(8, 8, "pay"), replace(fill(9, 9, "rent"), money="pounds")])) == 2


def test_cells_below_are_filled_by_the_words_beside_them_whatever_their_order() -> None:
    labels = ("Salaries", "Rent", "Travel & client costs")
    found = repeated(fill(8, 8, "pay"), SPOTS, labels, ITEMS)
    assert [one.of for one in found] == [("pay",), ("rent",), ("travel",)]


def test_a_cell_whose_words_name_no_line_is_left_for_the_person() -> None:
    found = repeated(fill(8, 8, "pay"), SPOTS, ("Salaries", "Equipment", "Rent"), ITEMS)
    assert [(one.top, one.of) for one in found] == [(8, ("pay",)), (10, ("rent",))]


def test_cells_without_words_follow_the_order_of_the_book() -> None:
    found = repeated(fill(8, 8, "travel"), SPOTS, ("", "", ""), ITEMS)
    assert [(one.top, one.of) for one in found] == [(8, ("travel",)), (9, ("rent",))]


def test_words_that_are_only_a_little_alike_name_nothing() -> None:
    assert nearest_item("Salary costs of volunteers", ITEMS) == ""
    assert nearest_item("SALARIES ", ITEMS) == "pay"
