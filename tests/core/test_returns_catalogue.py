"""Every check of RETURNS section 5 can fail, and here each does; and overheads at a rate."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from fundtrack.core.model import BudgetLine
from fundtrack.exchange.workbook.built_in import return_workbook, shipped_layout
from tests.core.filled_in import layout
from tests.core.returning import (
    ACTIVITIES,
    STAFF,
    TODAY,
    as_budgeted,
    charity,
    levels,
    returned,
    spent,
    statutory,
)
from tests.core.test_returns_checks import (
    TO_BUDGET,
    _checked,
    outturn,
    second_quarter,
    with_note,
)
from tests.core.test_returns_trust import STORIES, found, year_of
from tests.exchange.recalculating import opened
from tests.exchange.test_proving import (
    test_a_cell_that_is_not_as_it_was_written_is_found,
    test_an_author_or_a_link_to_elsewhere_is_found,
)
from tests.peers import SHARED

if TYPE_CHECKING:
    from collections.abc import Callable

    from fundtrack.core.model import Actual
    from fundtrack.core.returns.figures import ReturnFigures
    from fundtrack.core.returns.layout import Layout


def f1() -> list[str]:
    figures = returned(charity(actuals=TO_BUDGET))
    total = replace(figures.finance.total, actual=figures.finance.total.actual + 1)
    return [each.level for each in _checked(replace(figures.finance, total=total), figures)]


def f2() -> list[str]:
    late = spent("activities", "2026-06-20", "99.99")
    return levels(returned(second_quarter((*TO_BUDGET, late))), "F2")


FINANCE: dict[str, Callable[[], list[str]]] = {
    "F1": f1,
    "F2": f2,
    "F3": lambda: levels(returned(charity(award={"amount": 24_000_01})), "F3"),
    "F4": lambda: levels(
        returned(with_note("Too short", spent("activities", "2026-07-31", "825.01"))), "F4"
    ),
    "F5": lambda: outturn("15750.01"),
    "F12": lambda: year_of("3000.01"),
}
"""The rules of the finance sheet, each with a book that breaks it."""
OF_THE_FILE = {
    "X1": test_a_cell_that_is_not_as_it_was_written_is_found,
    "X2": test_an_author_or_a_link_to_elsewhere_is_found,
}
"""The rules of the written file, and the stories in which each fails."""


def test_every_rule_of_the_catalogue_has_a_story_in_which_it_fails() -> None:
    path = SHARED / "RETURNS.md"
    if not path.exists():
        pytest.skip("this checkout has no ../shared folder")
    section = path.read_text(encoding="utf-8").partition("## 5.")[2].partition("## 6.")[0]
    rules = set(re.findall(r"^\| ([A-Z]\d+) \|", section, re.MULTILINE))
    assert len(rules) > 20
    told = {rule for rule, _, _ in STORIES.values()} | FINANCE.keys() | OF_THE_FILE.keys()
    assert rules - told == set()


@pytest.mark.parametrize("rule", FINANCE)
def test_a_rule_of_the_finance_sheet_fails(rule: str) -> None:
    assert "FAIL" in FINANCE[rule]()


@pytest.mark.parametrize("story", STORIES)
def test_a_story_names_the_rule_it_breaks(story: str) -> None:
    rule, level, book = STORIES[story]
    assert level in levels(found(book()), rule)


# --- F8: an agreed rate of full cost recovery ---------------------------------------------------

OVERHEADS = BudgetLine(key="overheads", heading="Overheads", title="Overheads", amount=3_600_00)


def at_rate(rate: str, base: str = "direct") -> Layout:
    whole = layout("t1-quarterly")
    limits = replace(whole.limits, overhead_rate=Decimal(rate), overhead_base=base)
    return replace(whole, limits=limits)


def overheads(charged: str, how: Layout) -> ReturnFigures:
    """A quarter of £2,250 for staff, £750 for activities, and overheads of some pounds."""
    actuals: tuple[Actual, ...] = (
        *as_budgeted("2026-09-30"),
        spent("overheads", "2026-09-30", charged),
    )
    book = charity(
        award={"budget_lines": (STAFF, ACTIVITIES, OVERHEADS), "amount": 27_600_00},
        actuals=actuals,
    )
    return returned(book, layout=how)


@pytest.mark.parametrize(
    ("charged", "base", "level"),
    [
        ("450.00", "direct", "PASS"),
        ("451.00", "direct", "PASS"),
        ("451.01", "direct", "FAIL"),
        ("448.99", "direct", "FAIL"),
        ("337.50", "staff", "PASS"),
        ("450.00", "staff", "FAIL"),
    ],
)
def test_overheads_are_the_agreed_rate_of_their_base_to_the_pound(
    charged: str, base: str, level: str
) -> None:
    assert levels(overheads(charged, at_rate("15", base)), "F8") == [level]


def test_what_is_said_of_overheads_at_another_rate() -> None:
    figures = overheads("500.00", at_rate("15"))
    (wrong,) = [each for each in figures.findings if each.rule == "F8"]
    assert wrong.says.startswith(
        "Overheads are £500.00, and the agreed 15 % of direct costs is £450"
    )
    assert (wrong.figure_a, wrong.figure_b, wrong.difference) == (500_00, 450_00, 50_00)


def test_the_sheet_works_the_agreed_overheads_out_again() -> None:
    how = at_rate("15")
    book = charity(
        award={"budget_lines": (STAFF, ACTIVITIES, OVERHEADS), "amount": 27_600_00},
        actuals=(*as_budgeted("2026-09-30"), spent("overheads", "2026-09-30", "450")),
    )
    data, figures = return_workbook(
        book, statutory(), "next-step", "2026-27 Q2", TODAY, how, proved=True
    )
    assert levels(figures, "X1") == ["PASS", "PASS"]
    checks = opened(data, results=False)["Checks"]
    rows = [row for row in checks.iter_rows() if row[0].value == "F8"]
    assert "*15/100" in str(rows[0][4].value)


def test_a_layout_says_the_rate_and_its_base() -> None:
    assert shipped_layout("t1-quarterly").limits.overhead_rate is None
    assert date(2026, 10, 10) == TODAY
