"""A drop-down takes only what it lists, wherever the list is kept."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from openpyxl.workbook import Workbook as OpenpyxlWorkbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from fundtrack.exchange.workbook.own.lists import Choices, choices, offered
from fundtrack.exchange.workbook.own.opening import open_workbook
from tests.exchange.own_workbook.making import at, by_hand, opened
from tests.peers import shared

if TYPE_CHECKING:
    from fundtrack.exchange.workbook.own.numbers import Value
    from fundtrack.exchange.workbook.own.workbook import Workbook


def form_with(formula: str, area: str = "B2:B9") -> Workbook:
    """A form whose cells have a drop-down, and a sheet of lists to choose from."""
    book = OpenpyxlWorkbook()
    form, lists = book.worksheets[0], book.create_sheet("The 'lists'")
    form.title = "Form"
    for row, words in enumerate(("Vacancy", "Timing", None, "Price"), start=1):
        lists.cell(row, 1, words)
        lists.cell(row, 2, row)
        form.cell(row, 5, f"E{row}")
    book.defined_names["Reasons"] = DefinedName("Reasons", attr_text="'The ''lists'''!$A$1:$A$4")
    book.defined_names["Town_Deal"] = DefinedName("Town_Deal", attr_text="Form!$E$1:$E$2")
    book.defined_names["Round"] = DefinedName("Round", attr_text="Around")
    book.defined_names["Around"] = DefinedName("Around", attr_text="Round")
    lists["D1"], lists["E1"], lists["D2"], lists["D3"] = "Codes", "More", "C-1", "C-2"
    lists.add_table(Table(displayName="CodeTable", ref="D1:E3"))
    form["A2"], form["A3"] = "Town Deal", "Price Code"
    rule = DataValidation(type="list", formula1=formula)
    rule.add(area)
    form.add_data_validation(rule)
    return opened(book)


def listed(
    formula: str, address: str = "B2", after: dict[str, Value] | None = None
) -> tuple[Value, ...] | str:
    workbook = form_with(formula)
    told = {("Form", at(one)): value for one, value in (after or {}).items()}
    found = choices(workbook, "Form", at(address), told)
    assert found is not None
    return found.unknown or found.values


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('"Yes, No,n/a"', ("Yes", "No", "n/a")),
        ('" Local Authority,Say ""other"""', ("Local Authority", 'Say "other"')),
        ("$E$1:$E$2", ("E1", "E2")),
        ("'The ''lists'''!$A$1:$A$4", ("Vacancy", "Timing", "Price")),
        ("'The ''lists'''!$A:$A", ("Vacancy", "Timing", "Price")),
        ("'The ''lists'''!$B$1:$B$2", (Decimal(1), Decimal(2))),
        ("Reasons", ("Vacancy", "Timing", "Price")),
        ('INDIRECT("Reasons")', ("Vacancy", "Timing", "Price")),
        ('INDIRECT("CodeTable[Codes]")', ("C-1", "C-2")),
        ('INDIRECT("Form!E"&"1")', ("E1",)),
        ('INDIRECT(SUBSTITUTE(A2," ","_"))', ("E1", "E2")),
    ],
)
def test_a_list_is_followed_to_where_it_is_kept(formula: str, expected: tuple[Value, ...]) -> None:
    assert listed(formula) == expected


def test_a_relative_list_moves_with_its_cell() -> None:
    assert listed("E1:E2", "B2") == ("E1", "E2")
    assert listed("E1:E2", "B4") == ("E3", "E4")
    assert listed("E$1:E$2", "B4") == ("E1", "E2")


def test_a_list_chosen_by_another_answer_goes_by_what_that_is_about_to_be() -> None:
    formula = 'INDIRECT(SUBSTITUTE(A3," ","_"))'
    assert "“Price_Code” is not in the workbook" in listed(formula)
    assert listed(formula, after={"A3": "Town Deal"}) == ("E1", "E2")


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("#REF!", "has gone"),
        ("[1]Lists!$A$1:$A$3", "in another workbook"),
        ("OFFSET($A$1,0,0,COUNTA($A:$A),1)", "cannot be followed here"),
        ("Missing!$A$1:$A$3", "not there"),
        ("NoSuchName", "“NoSuchName” is not in the workbook"),
        ("Round", "round in a circle"),
        ('INDIRECT(SUBSTITUTE(A2," "))', "cannot be followed here"),
    ],
)
def test_a_list_that_cannot_be_followed_is_unknown_and_says_why(formula: str, reason: str) -> None:
    assert reason in listed(formula)


def test_what_is_meant_is_found_in_the_spelling_of_the_list() -> None:
    offer = Choices(("In post", "Vacant", Decimal(3), date(2026, 9, 30), "In  Post "))
    assert offer.match("Vacant") == "Vacant"
    assert offer.match(" vacant") == "Vacant"
    assert offer.match("in post") is None  # two of the list read alike: which is meant?
    assert offer.match(Decimal("3.0")) == 3
    assert offer.match("Filled") is None
    assert offer.match(date(2026, 9, 30)) == date(2026, 9, 30)


def test_the_newer_lists_that_look_at_another_sheet_are_seen() -> None:
    workbook = open_workbook(shared("workbooks/cxml_ValidationWithSheetReference.xlsx"))
    sheet = workbook.sheet("UI Sheet")
    found = {rule.first: offered(workbook, "UI Sheet", rule).values for rule in sheet.rules}
    other = {str(one) for one in found["ValuesSheet!$A$1:$A$4"]}
    assert len(other) == 4
    assert len(found) == 2


def test_the_lists_of_a_real_return_are_followed_but_for_those_whose_cells_have_gone() -> None:
    workbook = open_workbook(shared("returns/PF_Round_2_Success.xlsx"))
    found = {
        (entry.title, rule.first): offered(workbook, entry.title, rule)
        for entry in workbook.sheets
        if entry.fillable
        for rule in workbook.sheet(entry.title).rules
        if rule.kind == "list"
    }
    broken = {formula for (_, formula), offer in found.items() if offer.unknown}
    assert broken == {"#REF!"}
    dependent = found["Outputs", 'INDIRECT(SUBSTITUTE(B19, " ", ""))']
    assert dependent.values


def test_limits_to_numbers_days_and_lengths_are_kept_in_words() -> None:
    workbook = by_hand(
        '<row r="1"/>',
        after="<dataValidations>"
        '<dataValidation type="whole" sqref="A1" operator="greaterThanOrEqual"><formula1>0'
        "</formula1></dataValidation>"
        '<dataValidation type="decimal" sqref="A2" error="Give pounds"><formula1>0</formula1>'
        "<formula2>100</formula2></dataValidation>"
        '<dataValidation type="date" sqref="A3" operator="greaterThan"><formula1>46295'
        "</formula1></dataValidation>"
        '<dataValidation type="textLength" sqref="A4" operator="lessThanOrEqual"><formula1>5'
        "</formula1></dataValidation>"
        '<dataValidation type="custom" sqref="A5"><formula1>A5&lt;&gt;15</formula1>'
        "</dataValidation>"
        '<dataValidation type="decimal" sqref="A6" operator="lessThan"><formula1>$Z$1</formula1>'
        "</dataValidation>"
        '<dataValidation sqref="A7" promptTitle="Spend" prompt="Paid, not accrued"/>'
        "</dataValidations>",
    )
    sheet = workbook.sheet("Form")

    def says(address: str, value: Value) -> str:
        rule = sheet.rule(at(address))
        assert rule is not None
        return rule.refusal(value, since_1904=False)

    assert says("A1", Decimal("12.50")) == "takes only whole numbers, and 12.50 is not one"
    assert says("A1", Decimal(-1)) == "takes only whole numbers 0 or more"
    assert says("A1", "twelve") == "takes only whole numbers"
    assert says("A1", Decimal(12)) == ""
    assert says("A2", Decimal(101)) == "takes only numbers from 0 to 100: Give pounds"
    assert says("A2", Decimal(100)) == ""
    assert says("A3", date(2026, 9, 30)) == "takes only days above 30 September 2026"
    assert says("A3", date(2026, 10, 1)) == ""
    assert says("A4", "sixsix") == "takes 5 or less characters, and this has 6 characters"
    assert says("A4", "five5") == ""
    assert says("A5", Decimal(15)) == ""  # a rule of the funder's own cannot be worked out here
    assert says("A6", Decimal(99)) == ""
    assert sheet.rule(at("A7")) is None
