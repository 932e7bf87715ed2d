from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from fundtrack.core.model import BudgetLine, BudgetVersion, Extension
from fundtrack.core.returns.checks import Case, findings
from fundtrack.core.returns.figures import Sums, added
from fundtrack.core.returns.kept import frozen
from fundtrack.core.returns.layout import Limits
from tests.core.returning import (
    ACTIVITIES,
    STAFF,
    adviser,
    as_budgeted,
    charity,
    kept,
    levels,
    returned,
    share,
    spent,
)

if TYPE_CHECKING:
    from fundtrack.core.model import Actual, Portfolio
    from fundtrack.core.returns.figures import Finance, Finding, ReturnFigures

TO_BUDGET = as_budgeted("2026-06-30", "2026-09-30")


def test_a_return_spent_to_budget_passes_every_check() -> None:
    figures = returned(charity(actuals=as_budgeted("2026-04-30")), "2026-27 Q1")
    rules = {finding.rule for finding in figures.findings}
    assert {"F1", "F2", "F3", "F4", "F5", "F6", "F10", "F11", "F13", "P2", "P3", "S1"} <= rules
    not_passed = [finding for finding in figures.findings if finding.level != "PASS"]
    parts = [finding.part for finding in not_passed]
    assert parts == ["signed/due", "signed/by"]  # it is late, and nobody has signed it


# --- F1 --------------------------------------------------------------------------------------


def test_f1_fails_when_a_total_is_not_its_lines() -> None:
    figures = returned(charity(actuals=TO_BUDGET))
    total = replace(figures.finance.total, actual=figures.finance.total.actual + 1)
    wrong = replace(figures.finance, total=total)
    (found,) = [finding for finding in _checked(wrong, figures) if finding.level == "FAIL"]
    assert (found.rule, found.difference, found.cell) == ("F1", -1, "finance/total/actual")


def test_f1_fails_when_a_heading_hides_a_difference_from_the_total() -> None:
    figures = returned(charity(actuals=TO_BUDGET))
    first, second = figures.finance.headings
    tampered = replace(first, sums=added([first.sums, Sums(earlier=5)]))
    wrong = replace(figures.finance, headings=(tampered, second))
    (found,) = [finding for finding in _checked(wrong, figures) if finding.level == "FAIL"]
    assert (found.rule, found.part) == ("F1", "column/earlier")


def _checked(finance: Finance, figures: ReturnFigures) -> list[Finding]:
    case = Case(
        finance=finance,
        period=figures.period,
        year=figures.year,
        limits=Limits(),
        agreed=figures.finance.total.approved,
        version=None,
        has_budget=True,
        sent=None,
        explained={},
    )
    return [found for found in findings(case) if found.rule == "F1"]


# --- F2 --------------------------------------------------------------------------------------


def sent_first_quarter(actuals: tuple[Actual, ...] = TO_BUDGET) -> str:
    """What the book keeps of the first quarter's return, sent with these actuals."""
    return frozen(returned(charity(actuals=actuals), "2026-27 Q1"))


def second_quarter(actuals: tuple[Actual, ...], explained: str = "") -> Portfolio:
    draft = json.dumps({"explained": {"F2": explained}}) if explained else None
    return charity(
        actuals=actuals,
        returns=(
            kept("2026-27 Q1", "accepted", sent_first_quarter()),
            kept("2026-27 Q2", "draft", draft),
        ),
    )


def test_f2_passes_when_the_year_follows_from_what_was_sent() -> None:
    assert levels(returned(second_quarter(TO_BUDGET)), "F2") == ["PASS"]


def test_f2_fails_when_an_earlier_quarter_has_changed_and_names_the_line() -> None:
    late_invoice = spent("activities", "2026-06-20", "99.99")
    figures = returned(second_quarter((*TO_BUDGET, late_invoice)))
    total, changed = (finding for finding in figures.findings if finding.rule == "F2")
    assert (total.level, total.difference) == ("FAIL", 99_99)
    assert (changed.level, changed.line, changed.difference) == ("FAIL", "activities", 99_99)
    assert "Activities: prior period changed since 2026-27 Q1" in changed.says


def test_f2_finds_a_line_that_changed_though_the_total_did_not() -> None:
    moved = (spent("activities", "2026-06-20", "50"), spent("staff", "2026-06-20", "-50"))
    assert levels(returned(second_quarter((*TO_BUDGET, *moved))), "F2") == ["FAIL"] * 3


def test_f2_warns_once_the_change_is_explained() -> None:
    late_invoice = spent("activities", "2026-06-20", "99.99")
    figures = returned(second_quarter((*TO_BUDGET, late_invoice), "A June invoice came in August"))
    assert levels(figures, "F2") == ["WARN", "WARN"]


def test_f2_counts_money_sent_on_a_line_that_has_gone() -> None:
    book = charity(
        actuals=as_budgeted("2026-06-30"),
        award={"budget_lines": (STAFF,), "amount": 18_000_00},
        returns=(kept("2026-27 Q1", "submitted", sent_first_quarter()),),
    )
    found = [finding for finding in returned(book).findings if finding.rule == "F2"]
    assert [finding.line for finding in found] == ["", "", "activities"]
    assert found[0].difference == 0
    assert levels(returned(book), "F2") == ["FAIL"] * 3


def test_f2_says_when_a_quarter_between_was_never_sent() -> None:
    book = charity(
        actuals=as_budgeted("2026-06-30", "2026-09-30", "2026-12-31"),
        returns=(kept("2026-27 Q1", "paid", sent_first_quarter()),),
    )
    figures = returned(book, "2026-27 Q3", today=date(2027, 1, 10))
    says = next(finding.says for finding in figures.findings if finding.rule == "F2")
    assert "no return is marked as sent for the days after 30 June 2026" in says


def test_f2_warns_of_spending_that_no_return_told_of() -> None:
    assert levels(returned(charity(actuals=TO_BUDGET)), "F2") == ["WARN"]


def test_f2_warns_when_the_book_kept_nothing_of_what_was_sent() -> None:
    for figures in (None, "{}", "[]", '{"lines": {"staff": 1}, "year": {}}'):
        book = charity(actuals=TO_BUDGET, returns=(kept("2026-27 Q1", "accepted", figures),))
        assert levels(returned(book), "F2") == ["WARN"]


def test_f2_starts_afresh_in_a_new_year() -> None:
    book = charity(
        actuals=as_budgeted("2027-03-31", "2027-06-30"),
        returns=(kept("2026-27 Q4", "paid", sent_first_quarter()),),
    )
    assert levels(returned(book, "2027-28 Q1", today=date(2027, 7, 9)), "F2") == ["PASS"]


# --- F3 --------------------------------------------------------------------------------------


def test_f3_fails_when_the_lines_are_not_the_award() -> None:
    figures = returned(charity(award={"amount": 24_000_01}))
    assert levels(figures, "F3") == ["FAIL"]


def test_f3_counts_an_extension_that_was_taken_up() -> None:
    extension = Extension(key="x", end=date(2028, 9, 30), amount=6_000_00, exercised=True)
    assert levels(returned(charity(award={"extensions": (extension,)})), "F3") == ["FAIL"]
    longer = (replace(STAFF, amount=24_000_00), ACTIVITIES)
    terms = {"extensions": (extension,), "budget_lines": longer}
    assert levels(returned(charity(award=terms)), "F3") == ["PASS"]


def test_f3_fails_when_a_line_is_not_as_last_agreed() -> None:
    moved = (replace(STAFF, amount=17_000_00), replace(ACTIVITIES, amount=7_000_00))
    versions = (
        BudgetVersion(agreed_on=date(2026, 4, 1), lines=(STAFF, ACTIVITIES)),
        BudgetVersion(agreed_on=date(2026, 7, 1), lines=moved),
    )
    assert levels(returned(charity(award={"budget_versions": versions[:1]})), "F3") == [
        "PASS",
        "PASS",
    ]
    figures = returned(charity(award={"budget_versions": versions}))
    assert levels(figures, "F3") == ["PASS", "FAIL", "FAIL"]


def test_f3_fails_when_an_agreed_line_is_missing_or_a_new_one_was_never_agreed() -> None:
    extra = BudgetLine(key="extra", title="Extra", amount=6_000_00)
    versions = (BudgetVersion(agreed_on=date(2026, 4, 1), lines=(STAFF, ACTIVITIES)),)
    terms = {"budget_lines": (STAFF, extra), "budget_versions": versions}
    found = [finding for finding in returned(charity(award=terms)).findings if finding.rule == "F3"]
    assert [finding.line for finding in found if finding.level == "FAIL"] == ["extra", "activities"]


# --- F4 --------------------------------------------------------------------------------------


def with_note(note: str, *actuals: Actual) -> Portfolio:
    figures = json.dumps({"notes": {"activities": note}})
    return charity(actuals=actuals, returns=(kept("2026-27 Q2", figures=figures),))


def test_f4_fails_without_a_note_long_enough_to_say_why() -> None:
    over = (spent("staff", "2026-07-31", "2250"), spent("activities", "2026-07-31", "825.01"))
    for note, level in (("Too short", "FAIL"), ("x" * 19 + "  ", "FAIL"), ("x" * 20, "PASS")):
        figures = returned(with_note(note, *over))
        assert levels(figures, "F4") == [level]
        (row,) = [row for row in figures.finance.lines if row.note_ref]
        assert (row.key, row.note_ref) == ("activities", "N1")


def test_f4_lets_a_variance_of_ten_per_cent_pass() -> None:
    at_the_limit = (spent("staff", "2026-07-31", "2475"), spent("activities", "2026-07-31", "675"))
    assert levels(returned(charity(actuals=at_the_limit)), "F4") == ["PASS"]


def test_f4_always_asks_about_spending_without_a_budget() -> None:
    taxi = BudgetLine(key="taxi", title="Taxis", amount=0)
    book = charity(
        award={"budget_lines": (STAFF, ACTIVITIES, taxi)},
        actuals=(*TO_BUDGET, spent("taxi", "2026-08-08", "0.01")),
    )
    (found,) = [finding for finding in returned(book).findings if finding.rule == "F4"]
    assert (found.level, found.line) == ("FAIL", "taxi")
    assert "£0.01 spent without a budget" in found.says


def test_f4_waits_for_the_end_of_a_period_with_an_underspend_and_not_with_an_overspend() -> None:
    so_far = (spent("staff", "2026-07-31", "750"), spent("activities", "2026-07-31", "825.01"))
    figures = returned(charity(actuals=so_far), today=date(2026, 8, 31))
    staff, activities = [each for each in figures.findings if each.rule == "F4"]
    assert (staff.line, staff.level, staff.until) == ("staff", "FAIL", date(2026, 9, 30))
    assert "under budget so far. The period ends 30 September 2026: " in staff.says
    assert (activities.line, activities.level, activities.until) == ("activities", "FAIL", None)
    over = returned(charity(actuals=so_far), today=date(2026, 10, 1))
    assert [each.until for each in over.findings if each.level == "FAIL"] == [None, None]


# --- F5 --------------------------------------------------------------------------------------


def outturn(remaining: str) -> list[str]:
    """Levels of F5 when staff cost £2,250 so far, and so much is still to be spent on them."""
    figures = json.dumps({"remaining": {"staff": remaining, "activities": "5250.00"}})
    book = charity(
        actuals=as_budgeted("2026-06-30"), returns=(kept("2026-27 Q1", figures=figures),)
    )
    return levels(returned(book, "2026-27 Q1"), "F5")


def test_f5_fails_when_more_will_be_spent_than_was_awarded() -> None:
    assert outturn("15750.00") == ["PASS", "PASS"]
    assert outturn("15750.01") == ["PASS", "FAIL"]


def test_f5_warns_when_the_funder_must_be_told_of_an_underspend() -> None:
    assert outturn("15270.00") == ["PASS", "PASS"]  # 2 % of £24,000 is £480
    assert outturn("15269.99") == ["PASS", "WARN"]


def test_f5_warns_at_a_thousand_pounds_of_a_large_award() -> None:
    lines = (replace(STAFF, amount=240_000_00), replace(ACTIVITIES, amount=0))
    terms = {"amount": 240_000_00, "budget_lines": lines}
    for so_far, level in (("29000.00", "PASS"), ("28999.99", "WARN")):
        actuals = (spent("staff", "2026-06-30", so_far),)
        assert levels(returned(charity(award=terms, actuals=actuals), "2026-27 Q1"), "F5") == [
            "PASS",
            level,
        ]


def test_f5_fails_when_the_lines_outturn_is_not_the_totals() -> None:
    figures = returned(charity(posts=(adviser(),), allocations=(share("5"),)))
    first, second = figures.finance.headings
    row = replace(first.lines[0], sums=added([first.lines[0].sums, Sums(remaining=1)]))
    wrong = replace(figures.finance, headings=(replace(first, lines=(row,)), second))
    case = Case(
        finance=wrong,
        period=figures.period,
        year=figures.year,
        limits=Limits(),
        agreed=24_000_00,
        version=None,
        has_budget=True,
        sent=None,
        explained={},
    )
    found = [finding for finding in findings(case) if finding.part == "outturn/parts"]
    assert [finding.level for finding in found] == ["FAIL"]
