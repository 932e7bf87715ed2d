"""The register of awards: found by words and by choices, under headings that fold, by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt

from fundtrack.gui.award.register import AwardRow, Heading
from fundtrack.gui.window import AWARDS, Window

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot

    from fundtrack.gui.pages.awards import Awards
    from fundtrack.gui.widgets.frame import Choice
    from tests.gui.conftest import Shelf

Key = Qt.Key


def register(window: Window) -> Awards:
    window.go_to(AWARDS)
    return cast("Awards", window.page(AWARDS))


def choose(box: Choice, value: str) -> None:
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def shown(page: Awards) -> list[str]:
    """What stands in the register from top to bottom: headings as they are said, awards by key."""
    rows = [page.grid.sorted.index(at, 0) for at in range(page.grid.sorted.rowCount())]
    found = [page.table.row_at(page.grid.sorted.mapToSource(index).row()) for index in rows]
    return [row.title if isinstance(row, Heading) else row.award.key for row in found]


def headings(page: Awards) -> list[Heading]:
    return [row for row in page.table.rows if isinstance(row, Heading)]


def test_awards_are_filtered_by_funder_service_stage_and_certainty_together(
    window: Window,
) -> None:
    page = register(window)
    every = len(page.table.rows)
    choose(page.stage, "secured")
    secured = [row for row in page.table.rows if isinstance(row, AwardRow)]
    assert 0 < len(secured) < every
    assert {row.certainty for row in secured} == {"secured"}
    choose(page.service, "victims")
    assert {row.award.service for row in page.table.rows if isinstance(row, AwardRow)} == {
        "victims"
    }
    choose(page.stage, "submitted")
    page.search.setText("nothing of the kind")
    assert "No award holds “nothing of the kind”. Clear the filter" in page._none.text()
    page.open("mopac-core")
    page.stand_at("")
    assert len(page.table.rows) == every


def test_awards_stand_under_headings_with_a_sum_only_of_one_certainty(window: Window) -> None:
    page = register(window)
    choose(page.group, "certainty")
    assert [row.title for row in headings(page)] == [
        "Secured",
        "Probable",
        "Possible",
        "Will not be money",
    ]
    assert headings(page)[0].amount is not None
    assert headings(page)[-1].amount is None
    choose(page.group, "funder")
    mixed = next(row for row in headings(page) if row.title == "Community Lottery Fund")
    assert (mixed.said, mixed.amount) == ("2 awards", None)
    for by in ("service", "stage", "fund", "ends"):
        choose(page.group, by)
        counted = sum(row.count for row in headings(page))
        assert counted == len([row for row in page.table.rows if isinstance(row, AwardRow)])


def test_a_group_is_folded_and_opened_by_keyboard_and_by_mouse(
    window: Window, qtbot: QtBot
) -> None:
    page = register(window)
    choose(page.group, "certainty")
    first = headings(page)[0]
    page.grid.choose(first.key, 0)
    page.grid.setFocus()
    index = page.grid.currentIndex()
    said = str(index.data(Qt.ItemDataRole.AccessibleTextRole))
    assert said.startswith("Group Secured, 13 awards")
    assert said.endswith("open")
    qtbot.keyClick(page.grid, Key.Key_Left)
    assert shown(page)[:2] == ["Secured", "Probable"]
    assert page.grid.heading() is not None
    qtbot.keyClick(page.grid, Key.Key_Right)
    assert shown(page)[1] != "Probable"
    qtbot.keyClick(page.grid, Key.Key_Return)
    assert shown(page)[1] == "Probable"
    place = page.grid.visualRect(page.grid.sorted.index(0, 0)).center()
    qtbot.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert shown(page)[1] != "Probable"
    qtbot.keyClick(page.grid, Key.Key_Delete)  # on a heading: nothing to remove
    assert not page.message.words.startswith("Removed")


def test_sorting_goes_on_within_each_group(window: Window) -> None:
    page = register(window)
    choose(page.group, "certainty")
    for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
        page.grid.sortByColumn(page.table.place_of("amount"), order)
        rows = shown(page)
        assert [row for row in rows if row in ("Secured", "Probable", "Possible")] == [
            "Secured",
            "Probable",
            "Possible",
        ]
        found = [row for row in page.table.rows if isinstance(row, AwardRow)]
        awards = {row.award.key: row.award.amount for row in found}
        secured = [awards[key] for key in rows[1 : rows.index("Probable")]]
        assert secured == sorted(secured, reverse=order is Qt.SortOrder.DescendingOrder)
        assert page.grid.columnSpan(0, 0) == page.table.columnCount()


def test_a_grouped_register_keeps_the_promises_of_a_model(
    window: Window, qtmodeltester: ModelTester
) -> None:
    page = register(window)
    choose(page.group, "funder")
    qtmodeltester.check(page.table)


def test_an_award_is_changed_under_its_heading_and_moves_to_the_group_it_now_belongs_to(
    window: Window,
) -> None:
    page = register(window)
    choose(page.group, "stage")
    index = page.table.index(
        page.table.row_of("mopac-core-renewal") or 0, page.table.place_of("stage")
    )
    assert page.table.setData(index, "live")
    rows = shown(page)
    assert rows.index("mopac-core-renewal") < rows.index("Agreed in principle") or (
        "Agreed in principle" not in rows
    )


def test_a_read_only_register_can_still_be_grouped_and_filtered(
    shelf: Shelf, opened: Callable[[], Window]
) -> None:
    shelf.read_only = "Maria has this book open, so it can only be read here."
    page = register(opened())
    choose(page.group, "funder")
    assert headings(page)
    assert not page.add_button.isVisible()


def test_a_cell_that_is_not_changed_here_says_where_it_is(window: Window, qtbot: QtBot) -> None:
    page = register(window)
    page.grid.choose("mopac-core", page.table.place_of("funder"))
    page.grid.setFocus()
    qtbot.keyClick(page.grid, Key.Key_F2)
    assert page.message.words == ("Funder is not changed in this list. Enter leads to where it is")
    qtbot.keyClick(page.grid, Key.Key_Return)
    assert page.standing == "mopac-core"
