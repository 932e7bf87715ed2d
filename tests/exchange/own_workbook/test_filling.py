"""From a mapping and a return to a proved file; and every way in which nothing is written."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from fundtrack.core.errors import KnownError, RefusedError
from fundtrack.core.model import Person
from fundtrack.exchange.workbook.own.asking import answers_for
from fundtrack.exchange.workbook.own.filling import anchored, write_filled
from fundtrack.exchange.workbook.own.mapping import (
    Fill,
    Mapping,
    mapping_from_toml,
    mapping_to_toml,
)
from fundtrack.exchange.workbook.own.opening import open_workbook, workbook_from
from fundtrack.exchange.workbook.own.patch import patched
from fundtrack.exchange.workbook.own.places import area_of
from fundtrack.exchange.workbook.own.planning import Plan, planned
from tests.core.filled_in import second_quarter
from tests.core.returning import TODAY, adviser, share, spent, statutory
from tests.exchange.own_workbook.making import opened, quarterly_form, saved

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.workbook import Workbook as OpenpyxlWorkbook

    from fundtrack.core.model import Portfolio
    from fundtrack.core.returns.vocabulary import Answers

SHEET = "Q2 return"


def fill(cells: str, field: str = "", *of: str, **more: Any) -> Fill:
    area = area_of(cells)
    assert area is not None
    return Fill(sheet=more.pop("sheet", SHEET), area=area, field=field, of=of, **more)


MAPPING = Mapping(
    name="Quarterly return",
    fills=(
        fill("B2", "cover.organisation"),
        fill("B3", "cover.period_to"),
        fill("B4", "cover.claimed", money="pounds"),
        fill("B8:B9", "line.profile", "staff", "activities"),
        fill("C8:C9", "line.actual", "staff", "activities"),
        fill("E8", fixed="timing"),
        fill("A14:A16", "post.role"),
        fill("B14:B16", "post.fte"),
        fill("C14:C16", "post.share"),
        fill("D14:D16", "post.start"),
    ),
)


@cache
def charity() -> Portfolio:
    return second_quarter()


def answers(mapping: Mapping = MAPPING, book: Portfolio | None = None, **more: Any) -> Answers:
    return answers_for(
        book or charity(), statutory(), "next-step", "2026-27 Q2", mapping, TODAY, **more
    )


@cache
def known() -> Mapping:
    """The mapping as it is kept: with the words of every cell, and what the form looked like."""
    mapping = anchored(opened(quarterly_form()), MAPPING)
    again, problems = mapping_from_toml(mapping_to_toml(mapping))
    assert problems == ()
    assert again is not None
    return again


def plan(form: OpenpyxlWorkbook | None = None, mapping: Mapping | None = None, **more: Any) -> Plan:
    mapping = mapping or known()
    return planned(opened(form or quarterly_form()), mapping, answers(mapping, **more))


def written(found: Plan) -> dict[str, str]:
    return {str(change.place): change.new_shown for change in found.changes}


def said(found: Plan) -> dict[str, str]:
    return {problem.path.partition("!")[2]: problem.says for problem in found.problems}


def one(field: str, cell: str = "B2", **more: Any) -> Plan:
    """A plan for one cell of the form that is not protected."""
    mapping = Mapping(name="One", fills=(fill(cell, field, **more),))
    return plan(more.pop("form", quarterly_form(protected=False)), mapping)


# --- from end to end -----------------------------------------------------------------------------


def test_a_return_is_planned_shown_written_and_proved(tmp_path: Path) -> None:
    form = tmp_path / "form.xlsx"
    form.write_bytes(saved(quarterly_form()))
    workbook = open_workbook(form)
    found = planned(workbook, known(), answers())
    assert found.problems == ()
    assert found.differences == ()
    assert written(found) == {
        "B2": "Harbour Advice",
        "B3": "30/09/2026",
        "B4": "2250",
        "B8": "2,250.00",
        "B9": "750.00",
        "C8": "2,250.00",
        "C9": "750.00",
        "E8": "Timing",
        "A14": "Adviser",
        "B14": "1",
        "C14": "40%",
        "D14": "01/07/2026",
    } | {f"{column}{row}": "" for column in "ABCD" for row in (15, 16)}
    out = tmp_path / "filled.xlsx"
    proof = write_filled(workbook, found, out)
    assert len(proof.cells) == len(found.changes)
    assert sorted(tmp_path.iterdir()) == [out, form]
    sheet = load_workbook(out)[SHEET]
    assert (sheet["C8"].value, sheet["C14"].value, sheet["B3"].value) == (
        2250,
        0.4,
        datetime(2026, 9, 30),  # noqa: DTZ001 - a workbook has no time zones
    )
    assert sheet["D8"].value == "=B8-C8"
    assert sheet["C8"].number_format == "#,##0.00"
    assert load_workbook(out, data_only=True)[SHEET]["C10"].value is None
    assert form.read_bytes() == workbook.archive.data


def test_old_and_new_stand_side_by_side_with_where_the_figure_came_from() -> None:
    form = quarterly_form()
    form[SHEET]["C8"] = 2100
    changes = {str(change.place): change for change in plan(form).changes}
    spend = changes["C8"]
    assert (spend.old, spend.new, spend.old_shown, spend.new_shown) == (
        Decimal(2100),
        Decimal(2250),
        "2,100.00",
        "2,250.00",
    )
    assert (spend.cell, spend.field, spend.of) == ("Q2 return!C8", "line.actual", "staff")
    assert spend.anchor.says == "row “Salaries”, column “Actual”"
    assert spend.source is not None
    assert "1 transaction of £2,250.00" in spend.source.says
    assert spend.source.records == ("actuals: staff-2026-09-30-2250",)
    assert changes["B2"].source is None


def test_next_quarter_s_form_with_rows_put_in_is_filled_in_the_right_cells() -> None:
    form = quarterly_form(quarter="Q3", rows_above=4)
    found = plan(form)
    assert found.problems == ()
    assert written(found)["C12"] == "2,250.00"
    assert written(found)["D18"] == "01/07/2026"
    assert found.differences[0].says.startswith("the sheet “Q2 return” is not")
    moved = next(change for change in found.changes if str(change.place) == "C12")
    assert (str(moved.moved_from), moved.sheet) == ("C8", "Q3 return")
    assert moved.notes == ("was Q2 return!C8; found by row “Salaries”, column “Actual”",)


def test_a_cell_that_cannot_be_found_again_stops_the_whole_file(tmp_path: Path) -> None:
    form = quarterly_form()
    form[SHEET]["A8"] = "Pay"
    workbook = opened(form)
    found = planned(workbook, known(), answers())
    assert said(found) == {
        "B8": "was not found: no cell with row “Salaries”, column “Budget” is on the sheet now",
        "C8": "was not found: no cell with row “Salaries”, column “Actual” is on the sheet now",
        "E8": "was not found: no cell with row “Salaries”, column “Reason” is on the sheet now",
    }
    assert [one.says for one in found.differences] == ["A8 said “Salaries” and says “Pay”"]
    with pytest.raises(RefusedError, match="was not found"):
        write_filled(workbook, found, tmp_path / "filled.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_cell_without_words_is_filled_at_its_address_only_while_its_sheet_is_as_it_was() -> None:
    form = quarterly_form(protected=False)
    mapping = anchored(opened(form), Mapping(name="M", fills=(fill("H20", "cover.period"),)))
    assert written(plan(form, mapping)) == {"H20": "2026-27 Q2"}
    form[SHEET]["A12"] = "Part C. Posts"
    assert "no words stand beside it" in said(plan(form, mapping))["H20"]


def test_two_cells_that_have_become_one_are_not_filled_twice() -> None:
    form = quarterly_form()
    mapping = replace(
        known(),
        fills=(
            *known().fills,
            replace(
                fill("C20", "line.actual", "activities"), anchors=(known().fills[4].anchor(0),)
            ),
        ),
    )
    assert "would be filled twice" in said(plan(form, mapping))["C8"]


# --- what a cell takes ---------------------------------------------------------------------------


def test_locked_formula_and_merged_away_cells_are_refused_each_with_its_reason() -> None:
    form = quarterly_form()
    form[SHEET].merge_cells("B8:C8")
    mapping = replace(
        known(),
        fills=(
            fill("A1", "cover.period"),
            fill("D8", "line.variance", "staff"),
            fill("C8", "line.actual", "staff"),
            fill("C10", "total.actual"),
            replace(fill("A1", "cover.period"), sheet="Lists"),
            replace(fill("A1", "cover.period"), sheet="No such sheet"),
        ),
        template=None,
    )
    found = plan(form, mapping)
    assert {problem.path: problem.says for problem in found.problems} == {
        "Q2 return!A1": "is locked: its sheet is protected by the funder",
        "Q2 return!D8": "holds a formula, which works it out from other cells",
        "Q2 return!C8": "is merged into B8: fill B8 instead",
        "Q2 return!C10": "holds a formula, which works it out from other cells",
        "Lists!A1": "is on a hidden sheet, where nobody would see it changed",
        "No such sheet!A1": "its sheet is not in this workbook",
    }
    assert found.changes == ()


def test_a_drop_down_takes_its_own_words_and_nothing_else() -> None:
    assert written(one("", "E8", fixed="  VACANCY ")) == {"E8": "Vacancy"}
    refused = said(one("", "E8", fixed="Holiday"))["E8"]
    assert "(“Vacancy”, “Timing”, “Price”), and “Holiday” is not among them" in refused
    translated = one("post.status", "E8", words={"In post": "Timing"})
    assert "say which post is meant" in said(translated)["E8"]
    mapping = Mapping(
        name="M", fills=(fill("E8", "post.status", "adviser", words={"In post": "Timing"}),)
    )
    assert written(plan(mapping=mapping)) == {"E8": "Timing"}


def test_a_drop_down_that_depends_on_another_answer_goes_by_the_new_answer() -> None:
    form = quarterly_form(protected=False)
    sheet = form[SHEET]
    sheet["G1"], sheet["G2"], sheet["H1"], sheet["H2"] = "Jan", "Feb", "Mon", "Tue"
    for name, cells in (("Months", "G"), ("Days", "H")):
        where = f"'{SHEET}'!${cells}$1:${cells}$2"
        form.defined_names[name] = DefinedName(name, attr_text=where)
    sheet["F1"] = "Days"
    rule = DataValidation(type="list", formula1="INDIRECT(F1)")
    rule.add("F2")
    sheet.add_data_validation(rule)
    both = (fill("F1", fixed="Months"), fill("F2", fixed="Feb"))
    assert written(plan(form, Mapping(name="M", fills=both))) == {"F1": "Months", "F2": "Feb"}
    alone = said(plan(form, Mapping(name="M", fills=both[1:])))
    assert "“Mon”, “Tue”" in alone["F2"]


def test_the_funder_s_limits_are_kept() -> None:
    form = quarterly_form()
    rule = DataValidation(type="whole", operator="greaterThan", formula1="0")
    rule.add("B4")
    form[SHEET].add_data_validation(rule)
    pence = Mapping(name="M", fills=(fill("B4", "cover.claimed"),))
    assert said(plan(form, pence))["B4"] == "takes only whole numbers, and 2249.50 is not one"
    pounds = Mapping(name="M", fills=(fill("B4", "cover.claimed", money="pounds"),))
    assert written(plan(form, pounds)) == {"B4": "2250"}


def test_money_days_and_percentages_are_written_as_the_cell_shows_them() -> None:
    form = quarterly_form(protected=False)
    sheet = form[SHEET]
    for cell, code in {"G1": "0.0%", "G2": "0.0", "G3": "dd mmm yyyy", "G4": "@"}.items():
        sheet[cell].number_format = code

    def shows(cell: str, field: str, *of: str, **more: Any) -> str:
        found = plan(form, Mapping(name="M", fills=(fill(cell, field, *of, **more),)))
        return said(found).get(cell) or written(found)[cell]

    assert shows("G1", "post.share", "adviser") == "40.0%"
    assert shows("G2", "post.share", "adviser") == "40.0"
    assert shows("G3", "cover.period_to") == "30 Sep 2026"
    assert shows("G4", "cover.period_to") == "30/09/2026"
    assert shows("G2", "cover.period_to") == "shows numbers, and 30/09/2026 is a day"
    assert shows("G3", "cover.awarded") == "shows days or times, and 24000.00 is neither"
    assert shows("G5", "cover.claimed") == "2249.5"
    assert shows("G5", "cover.claimed", money="thousands") == "2.25"
    assert shows("G5", "indicator.actual", "safer") == "80"
    assert shows("G1", "indicator.actual", "safer") == "80.0%"


def test_a_day_before_the_workbook_s_own_beginning_is_refused() -> None:
    form = quarterly_form(protected=False)
    form.epoch = CALENDAR_MAC_1904
    early = replace(charity().awards[0], start=date(1903, 5, 1))
    book = replace(charity(), awards=(early,))
    found = plan(form, Mapping(name="M", fills=(fill("B3", "cover.start"),)), book=book)
    assert "this workbook's days begin later" in said(found)["B3"]


def test_text_that_no_workbook_can_hold_is_cleaned_with_a_word_or_refused() -> None:
    odd = one("", "B2", fixed="a\x00b\ufffe")
    assert written(odd) == {"B2": "ab"}
    assert odd.changes[0].notes == ("characters that no workbook can hold were left out",)
    assert "at most" in said(one("", "B2", fixed="x" * 40_000))["B2"]
    assert written(one("", "B2", fixed="=HYPERLINK(1)")) == {"B2": "=HYPERLINK(1)"}


def test_a_figure_that_is_not_there_empties_the_cell_and_says_so() -> None:
    form = quarterly_form(protected=False)
    form[SHEET]["B2"] = "SC000000"
    found = plan(form, Mapping(name="M", fills=(fill("B2", "cover.company_number"),)))
    (change,) = found.changes
    assert (change.old, change.new) == ("SC000000", None)
    assert change.notes == ("there is no figure for it: left empty",)


# --- blocks --------------------------------------------------------------------------------------


def test_a_block_takes_the_posts_of_the_book_and_what_is_left_over_is_emptied() -> None:
    form = quarterly_form()
    form[SHEET]["A15"] = "Somebody of last quarter"
    found = plan(form)
    left = next(change for change in found.changes if str(change.place) == "A15")
    assert (left.old, left.new, left.notes) == (
        "Somebody of last quarter",
        None,
        ("left over: emptied",),
    )


def test_more_posts_than_rows_are_a_problem_and_not_cut_off() -> None:
    posts = tuple(adviser(key=f"p{n}", title=f"Adviser {n}") for n in range(4))
    shares = tuple(share("10", key=f"s{n}", post=f"p{n}") for n in range(4))
    book = replace(charity(), posts=posts, allocations=shares)
    found = plan(book=book)
    assert said(found)["A14:A16"] == "there is room for 3, and the book has 4 posts"


def test_the_same_figures_stand_by_month_across() -> None:
    form = quarterly_form(protected=False)
    book = replace(charity(), actuals=(*charity().actuals, spent("staff", "2026-08-14", "100.50")))
    mapping = Mapping(
        name="M",
        fills=(
            fill("G5:I5", "month.month"),
            fill("G6:I6", "month.actual"),
            fill("H7", "line.actual", "staff", month=2),
            fill("H8", "total.actual", month=2),
            fill("I7", "line.profile", "staff", month=3),
        ),
    )
    assert written(plan(form, mapping, book=book)) == {
        "G5": "01/07/2026",
        "H5": "01/08/2026",
        "I5": "01/09/2026",
        "G6": "0",
        "H6": "100.5",
        "I6": "3000",
        "H7": "100.5",
        "H8": "100.5",
        "I7": "750",
    }


def test_a_key_or_field_that_is_not_in_the_book_names_those_that_are() -> None:
    assert said(one("line.actual", "C8"))["C8"] == (
        "say which budget line is meant. There are: “staff”, “activities”"
    )
    mapping = Mapping(name="M", fills=(fill("C8", "line.actual", "salaries"),))
    assert "no budget line “salaries”. There are: “staff”" in said(plan(mapping=mapping))["C8"]
    late = Mapping(name="M", fills=(fill("C8", "line.actual", "staff", month=4),))
    assert "month 4 is not one" in said(plan(mapping=late))["C8"]


# --- what must not leave -------------------------------------------------------------------------


def test_names_and_salaries_stay_in_the_book_unless_they_are_asked_for_and_confirmed() -> None:
    book = replace(charity(), posts=(replace(adviser(), person=Person(reference="Cy Marsh")),))
    mapping = Mapping(
        name="M",
        fills=(fill("A14", "post.person", "adviser"), fill("B14", "post.salary", "adviser")),
    )
    held = answers(mapping, book)
    assert held.figures.withheld == ("names", "salaries")
    assert written(planned(opened(quarterly_form()), mapping, held)) == {"A14": "", "B14": ""}
    shown = answers(mapping, book, confirmed=frozenset(("names", "salaries")))
    found = planned(opened(quarterly_form()), mapping, shown)
    assert written(found) == {"A14": "Cy Marsh", "B14": "24000"}
    assert [(each.where, each.kind) for each in found.personal] == [
        ("Q2 return!A14", "a person's name or reference")
    ]
    assert answers(MAPPING, book).figures.withheld == ()


def test_only_the_checks_of_what_the_mapping_asks_for_are_made() -> None:
    few = {finding.rule for finding in answers().figures.findings}
    assert "F10" in few
    assert not few & {"K1", "K3", "K4", "K7", "S2"}
    asked = Mapping(name="M", fills=(fill("B2", "indicator.actual", "safer"),))
    assert "K7" in {finding.rule for finding in answers(asked).figures.findings}
    named = answers(Mapping(name="M", layout="t6-short"))
    assert named.figures.template.startswith("t6-short/")


# --- the file ------------------------------------------------------------------------------------


def test_the_funder_s_own_file_is_never_written_over(tmp_path: Path) -> None:
    form = tmp_path / "form.xlsx"
    form.write_bytes(saved(quarterly_form()))
    before = form.read_bytes()
    workbook = open_workbook(form)
    found = planned(workbook, known(), answers())
    with pytest.raises(KnownError, match="kept as it was sent"):
        write_filled(workbook, found, tmp_path / "." / "form.xlsx")
    with pytest.raises(KnownError, match=r"should end in \.xlsx"):
        write_filled(workbook, found, tmp_path / "filled.xlsm")
    assert form.read_bytes() == before
    assert list(tmp_path.iterdir()) == [form]


def test_a_folder_that_takes_no_file_leaves_nothing_behind(tmp_path: Path) -> None:
    workbook = opened(quarterly_form())
    found = planned(workbook, known(), answers())
    with pytest.raises(KnownError, match="could not be written"):
        write_filled(workbook, found, tmp_path / "gone" / "filled.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_file_filled_last_quarter_is_filled_again_as_well_as_a_blank_one() -> None:
    workbook = opened(quarterly_form())
    once = patched(workbook, planned(workbook, known(), answers()).values).data
    again = workbook_from(once, "again.xlsx")
    found = planned(again, known(), answers())
    assert found.problems == ()
    assert found.differences == ()
    assert all(change.old == change.new for change in found.changes)
    assert load_workbook(io.BytesIO(once))[SHEET]["A14"].value == "Adviser"


def test_nothing_slow_is_loaded_before_a_workbook_is_opened() -> None:
    modules = ("filling", "planning", "mapping", "opening", "asking")
    imports = ", ".join(f"fundtrack.exchange.workbook.own.{one}" for one in modules)
    slow = {"lxml", "openpyxl", "python_calamine"}
    asked = f"import sys, {imports}; print({slow!r} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"
