"""A cell is known by the words about it: found again when it has moved, or said to be lost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from openpyxl.workbook import Workbook as OpenpyxlWorkbook

from fundtrack.exchange.workbook.own.labels import Anchor, Labels, plain
from fundtrack.exchange.workbook.own.opening import open_workbook
from fundtrack.exchange.workbook.own.template import differences, remember, titles_now
from tests.exchange.own_workbook.making import at, opened, quarterly_form
from tests.peers import shared

if TYPE_CHECKING:
    from fundtrack.exchange.workbook.own.workbook import Workbook


def labels(book: OpenpyxlWorkbook, *ignored: str) -> Labels:
    workbook = opened(book)
    return Labels(workbook.sheet(workbook.sheets[0].title), frozenset(map(at, ignored)))


def found(book: OpenpyxlWorkbook, anchor: Anchor, address: str) -> str:
    """Where a cell is found, or why it is not."""
    place, says = labels(book).find(anchor, at(address))
    return str(place) if place is not None else says


def test_a_cell_is_known_by_the_nearest_words_of_the_funder() -> None:
    form = quarterly_form()
    assert labels(form).anchor(at("C8")) == Anchor(
        row="Salaries", row_at=at("A8"), column="Actual", column_at=at("C7")
    )
    assert labels(form).anchor(at("C8")).says == "row “Salaries”, column “Actual”"
    assert labels(form).anchor(at("B2")).row == "Organisation"
    assert labels(form).anchor(at("D15")).column == "From"


def test_answers_and_formulas_are_no_words_of_the_funder() -> None:
    form = quarterly_form(protected=False)
    sheet = form["Q2 return"]
    sheet["E8"], sheet["D7"] = "Vacancy", '="Variance to "&B3'  # an answer; worked out each time
    known = labels(form)
    assert known.anchor(at("F8")).row == "Salaries"
    assert known.anchor(at("D8")).column == ""
    sheet["B14"] = "Adviser"
    assert labels(form).anchor(at("B15")).column == "Adviser"
    assert labels(form, "B14").anchor(at("B15")).column == "FTE"  # the mapping fills B14


def test_a_row_put_in_above_moves_the_cell_and_it_is_found_there() -> None:
    anchor = labels(quarterly_form()).anchor(at("C8"))
    later = quarterly_form(rows_above=3)
    assert found(later, anchor, "C8") == "C11"
    later["Q2 return"].insert_cols(2)
    assert found(later, anchor, "C8") == "D11"


def test_a_label_may_change_its_case_and_spaces_but_not_its_words() -> None:
    anchor = labels(quarterly_form()).anchor(at("C8"))
    later = quarterly_form()
    later["Q2 return"]["A8"] = "  salaries : "
    assert found(later, anchor, "C8") == "C8"
    later["Q2 return"]["A8"] = "Salaries and wages"
    assert found(later, anchor, "C8") == (
        "no cell with row “Salaries”, column “Actual” is on the sheet now"
    )


def two_tables(*, headings: tuple[str, str] = ("Grant", "Match")) -> OpenpyxlWorkbook:
    """Two tables alike but for their headings."""
    book = OpenpyxlWorkbook()
    sheet = book.worksheets[0]
    for top, heading in zip((1, 6), headings, strict=True):
        sheet.cell(top, 1).value = heading
        for column, word in enumerate(("Line", "Budget", "Actual"), start=1):
            sheet.cell(top + 1, column).value = word
        for row, word in enumerate(("Staff", "Travel"), start=top + 2):
            sheet.cell(row, 1).value = word
    return book


def test_of_two_tables_alike_the_right_one_is_filled_wherever_it_has_gone() -> None:
    anchor = labels(two_tables()).anchor(at("C8"))
    assert (anchor.seen, anchor.under) == ((1, 1), "Match")
    assert found(two_tables(), anchor, "C8") == "C8"
    lower = two_tables()
    lower.worksheets[0].insert_rows(1, 5)
    # The first table now stands where the second was, and has the very same words there.
    assert found(lower, anchor, "C8") == "C13"
    assert found(two_tables(headings=("Match", "Grant")), anchor, "C8") == "C3"


def test_a_third_table_alike_leaves_a_doubt_and_is_reported() -> None:
    anchor = labels(two_tables()).anchor(at("C8"))
    three = two_tables(headings=("Match", "Match"))
    assert "2 cells with row “Staff”, column “Actual” under “Match” (C3, C8)" in found(
        three, anchor, "C8"
    )
    alone = replace(anchor, seen=(1, 1), under="")
    assert "2 cells with row “Staff”, column “Actual” (C3, C8), where there was one" in found(
        two_tables(), alone, "C8"
    )


def test_swapped_columns_are_followed_by_their_headings() -> None:
    anchors = {one: labels(two_tables()).anchor(at(one)) for one in ("B3", "C3")}
    swapped = two_tables()
    sheet = swapped.worksheets[0]
    sheet["B2"], sheet["C2"] = "Actual", "Budget"
    assert found(swapped, anchors["C3"], "C3") == "B3"
    assert found(swapped, anchors["B3"], "B3") == "C3"


def test_a_heading_merged_over_its_columns_stands_above_each() -> None:
    book = OpenpyxlWorkbook()
    sheet = book.worksheets[0]
    sheet["B1"], sheet["A2"], sheet["A4"] = "Quarter 2", "Staff", "Other"
    sheet.merge_cells("B1:D1")
    sheet.merge_cells("A2:A3")
    known = labels(book)
    assert known.anchor(at("D3")).says == "row “Staff”, column “Quarter 2”"
    assert known.anchor(at("D3")).seen == (6, 6)
    assert known.anchor(at("C4")).row == "Other"


def test_a_cell_with_one_label_keeps_its_distance_from_it() -> None:
    book = OpenpyxlWorkbook()
    sheet = book.worksheets[0]
    sheet["A5"] = "Name of the person who approves"
    anchor = labels(book).anchor(at("C5"))
    assert (anchor.row_at, anchor.column) == (at("A5"), "")
    sheet.insert_rows(2)
    sheet.insert_cols(1)
    assert found(book, anchor, "C5") == "D6"


@pytest.mark.parametrize("name", ["InnovateUK_reallocate-project-costs", "PF_Round_2_Success"])
def test_in_a_real_return_every_open_cell_that_has_words_is_found_where_it_is(name: str) -> None:
    workbook = open_workbook(shared(f"returns/{name}.xlsx"))
    tried = 0
    for entry in workbook.sheets:
        if not entry.fillable:
            continue
        sheet = workbook.sheet(entry.title)
        known = Labels(sheet)
        for place in [one for one in sheet.cells if sheet.mark(one) == "open"][:150]:
            anchor = known.anchor(place)
            if anchor.row or anchor.column:
                assert known.find(anchor, place).place == place
                tried += 1
    assert tried > 100


# --- the file it was made for ------------------------------------------------------------------

FILLED = {"Q2 return": frozenset(map(at, ("B2", "C8", "C9")))}


def told(after: Workbook) -> list[str]:
    """What is different in a workbook from the blank form."""
    template = remember(opened(quarterly_form()), FILLED)

    def labels_now(sheet: str, title: str) -> Labels:
        remembered = template.sheet(sheet)
        assert remembered is not None
        words = frozenset(map(plain, (remembered.labels or {}).values()))
        return Labels(after.sheet(title), FILLED[sheet], words)

    return [one.says for one in differences(template, after, labels_now)]


def test_the_same_form_with_other_answers_has_no_differences() -> None:
    later = quarterly_form()
    later["Q2 return"]["B2"], later["Q2 return"]["C8"] = "Harbour Advice", 12.5
    assert told(opened(later)) == []
    first, second = (remember(opened(book), FILLED) for book in (quarterly_form(), later))
    assert first.fingerprint == second.fingerprint


def test_rows_put_in_words_changed_and_sheets_added_are_listed() -> None:
    later = quarterly_form(rows_above=2)
    sheet = later["Q2 return"]
    sheet["A11"] = "Activities and outings"
    later["Lists"].sheet_state = "visible"
    later["Guidance"].title = "Notes for grantees"
    later.create_sheet("Equality")
    assert told(opened(later)) == [
        "17 labels moved 2 rows down, the first from A1 to A3: “Grant return”",
        "“Activities” is no longer in A9",
        "“New guidance, paragraph 1” is new in A1",
        "“New guidance, paragraph 2” is new in A2",
        "“Activities and outings” is new in A11",
        "the sheet “Guidance” is no longer there",
        "the sheet “Lists” was hidden and is shown",
        "the sheet “Notes for grantees” is new",
        "the sheet “Equality” is new",
    ]


def test_next_quarter_s_sheet_is_known_by_its_labels_under_its_new_name() -> None:
    template = remember(opened(quarterly_form()), FILLED)
    later = opened(quarterly_form(quarter="Q3"))
    assert titles_now(template, later)["Q2 return"] == "Q3 return"
    assert told(later) == ["the sheet “Q2 return” is not there; “Q3 return” has the same labels"]
    other = quarterly_form(quarter="Q3")
    other["Q3 return"].delete_rows(7, 8)
    assert "Q2 return" not in titles_now(template, opened(other))


def test_a_word_replaced_where_it_stood_is_one_difference() -> None:
    later = quarterly_form()
    later["Q2 return"]["C7"] = "Spend"
    assert told(opened(later)) == ["C7 said “Actual” and says “Spend”"]
