"""Each check beyond the finance sheet, by the story that makes it fail."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from fundtrack.core.model import BudgetLine, Contact, Funder, Person, ProfileMonth
from fundtrack.core.returns.kept import frozen
from tests.core.filled_in import BLOCKS, layout, second_quarter, typed, with_limits
from tests.core.returning import (
    ACTIVITIES,
    NEXT_STEP,
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
    from collections.abc import Callable

    from fundtrack.core.model import Portfolio, Return
    from fundtrack.core.returns.figures import ReturnFigures
    from fundtrack.core.returns.layout import Layout

FINAL = "t8-final"


def found(book: Portfolio, name: str = FINAL, how: Layout | None = None) -> ReturnFigures:
    return returned(book, layout=how or layout(name))


def test_a_return_filled_in_with_care_passes_every_check() -> None:
    figures = found(second_quarter(), how=with_limits(FINAL, small_counts=False))
    doubtful = {finding.part for finding in figures.findings if finding.level != "PASS"}
    assert doubtful <= {"year/first", "staff/posts", "outcome/adds"}
    assert not [each for each in figures.findings if each.level == "FAIL"]
    rules = {finding.rule for finding in figures.findings}
    assert {f"K{at}" for at in range(1, 8)} - {"K2"} <= rules
    assert {"P2", "P3", "S1", "S2"} <= rules


def of_award(**terms: Any) -> Callable[[], Portfolio]:
    def book() -> Portfolio:
        whole = second_quarter()
        return replace(whole, awards=(replace(whole.awards[0], **terms),))

    return book


def with_spending(*actuals: Any) -> Callable[[], Portfolio]:
    def book() -> Portfolio:
        whole = second_quarter()
        return replace(whole, actuals=(*whole.actuals, *actuals))

    return book


def written(**parts: Any) -> Callable[[], Portfolio]:
    return lambda: second_quarter(**parts)


def sent(period: str, **figures: Any) -> Return:
    plain = {"format": "return/1", **figures}
    return kept(period, "submitted", json.dumps(plain))


def after(*before: Return, **parts: Any) -> Callable[[], Portfolio]:
    return lambda: second_quarter(before=before, **parts)


def claimed_by_another() -> Portfolio:
    """Another funder's return, sent, claims 70 % of the adviser whom we claim 40 % of."""
    other = replace(NEXT_STEP, key="other", title="Bright Start")
    posts = [
        {
            "post": "adviser",
            "start": "2026-09-01",
            "end": "2026-09-30",
            "share": "70",
            "cost": "1.00",
        }
    ]
    theirs = replace(sent("2026-27 Q2", posts=posts), key="theirs", award="other")
    book = second_quarter()
    return replace(book, awards=(*book.awards, other), returns=(*book.returns, theirs))


def with_people() -> Portfolio:
    book = second_quarter(narrative={"progress": "Jo Bloggs led it with Mrs Fern of the council."})
    fern = Funder(key="council", name="Town council", contacts=(Contact(name="Mrs Fern"),))
    jo = replace(book.posts[0], person=Person(reference="Jo Bloggs", born=date(1980, 2, 3)))
    return replace(book, posts=(jo,), funders=(*book.funders, fern))


def in_words(text: str) -> Callable[[], Portfolio]:
    return written(narrative={"progress": text})


PROFILED = replace(ACTIVITIES, profile=(ProfileMonth(month=date(2026, 4, 1), amount=5_999_99),))
OVERHEADS = (
    replace(STAFF, amount=15_000_00),
    ACTIVITIES,
    BudgetLine(key="overheads", heading="Overheads", title="Overheads", amount=3_000_00),
)
STORIES: dict[str, tuple[str, str, Callable[[], Portfolio]]] = {
    "money was spent before the agreement began": (
        "F6",
        "FAIL",
        with_spending(spent("staff", "2026-03-31", "1")),
    ),
    "a cost was accrued, and the funder counts what is paid": (
        "F6",
        "FAIL",
        with_spending(
            replace(spent("staff", "2026-09-30", "10"), description="Accrual: September pay")
        ),
    ),
    "a heading takes more than may be moved": (
        "F7",
        "FAIL",
        lambda: replace(
            of_award(virement_limit=Decimal(10))(),
            actuals=(*as_budgeted("2026-06-30"), spent("activities", "2026-09-01", "6000")),
        ),
    ),
    "overheads are above their cap": (
        "F8",
        "FAIL",
        of_award(budget_lines=OVERHEADS, overhead_cap=Decimal(12)),
    ),
    "payroll is not what the posts cost": ("F9", "FAIL", written(explained={"F9": None})),
    "a post is claimed for more than the whole of it": ("F10", "FAIL", claimed_by_another),
    "the claim is not spending less what was advanced": (
        "F11",
        "FAIL",
        written(claim={"claimed": "2249.51"}),
    ),
    "more is claimed than is left": ("F11", "FAIL", of_award(amount=4_000_00)),
    "a line's months do not make its budget": (
        "F13",
        "FAIL",
        of_award(budget_lines=(STAFF, PROFILED)),
    ),
    "somebody was lost between start and end": ("K1", "FAIL", written(flows={"open_end": "21"})),
    "somebody counted only half of the flow": ("K1", "FAIL", written(flows={"open_end": None})),
    "the quarter does not begin where the last one ended": (
        "K2",
        "FAIL",
        after(sent("2026-27 Q1", flows={"open_end": "15"})),
    ),
    "a question leaves somebody out": (
        "K3",
        "FAIL",
        written(who={block: {"Not known": "19"} for block in BLOCKS}),
    ),
    "an outcome counts somebody twice": (
        "K4",
        "FAIL",
        written(outcomes={"cope": {"eligible": "12", "both": "10", "improved": "11"}}),
    ),
    "more people have scores than could have": (
        "K4",
        "FAIL",
        written(outcomes={"cope": {"eligible": "9", "both": "10", "improved": "10"}}),
    ),
    "more are eligible than cases closed": (
        "K4",
        "FAIL",
        written(flows={"closed_planned": "5", "closed_unplanned": "3", "open_end": "26"}),
    ),
    "the year's people are the quarters' added up, and more": (
        "K5",
        "FAIL",
        after(sent("2026-27 Q1", flows={"people": "31"}), flows={"people_ytd": "66"}),
    ),
    "the year has fewer people than one quarter": (
        "K5",
        "FAIL",
        after(sent("2026-27 Q1", flows={"people": "40"}), flows={"people_ytd": "39"}),
    ),
    "a percentage does not say of how many": ("K6", "WARN", written(kpis={"safer": {}})),
    "a percentage rests on nine people": (
        "K6",
        "WARN",
        written(kpis={"safer": {"numerator": "7", "denominator": "9"}}),
    ),
    "a red indicator was made green without a reason": (
        "K7",
        "WARN",
        written(kpis={"wait": {"rag_own": "Green"}}),
    ),
    "three people are new, and each question would tell of them": (
        "P1",
        "FAIL",
        written(flows={"new": "3"}, who={block: {"Not known": "3"} for block in BLOCKS}),
    ),
    "an e-mail address stands in the words": ("P2", "FAIL", in_words("Ask jo@example.org")),
    "a telephone number stands in the words": ("P2", "FAIL", in_words("Call 020 7946 0018 now")),
    "a National Insurance number stands in the words": ("P2", "FAIL", in_words("QQ 12 34 56 C?")),
    "a postcode stands in the words": ("P2", "FAIL", in_words("She moved to SW1A 2AA")),
    "a date of birth stands in the words": ("P2", "FAIL", in_words("He was born on 3 May 1991")),
    "known people stand in the words": ("P2", "FAIL", with_people),
    "a salary stands in the words": ("P3", "FAIL", in_words("The adviser earns £24,000 a year")),
    "another funder stands in the words": (
        "P3",
        "FAIL",
        lambda: replace(
            in_words("The Lantern Trust pays the rest")(),
            funders=(
                Funder(key="commissioner", name="Police and Crime Commissioner"),
                Funder(key="lantern", name="Lantern Trust"),
            ),
        ),
    ),
    "it is late": (
        "S1",
        "WARN",
        lambda: replace(
            of_award(reporting=replace(NEXT_STEP.reporting, due_days=5))(),  # type: ignore[type-var]
        ),
    ),
    "one person prepared and approved it": (
        "S1",
        "WARN",
        written(cover={"approved_by": "Ade Fenn"}),
    ),
    "the progress was not written": ("S2", "FAIL", written(narrative={"progress": " "})),
    "the case study has no consent": ("S2", "FAIL", written(case={"consent": "no"})),
    "the quote is too long": ("S2", "FAIL", written(case={"quote": "so " * 81})),
}


@pytest.mark.parametrize("story", STORIES)
def test_a_check_finds_what_is_wrong(story: str) -> None:
    rule, level, book = STORIES[story]
    assert level in levels(found(book()), rule)


@pytest.mark.parametrize("story", STORIES)
def test_and_does_not_find_it_where_nothing_is_wrong(story: str) -> None:
    rule, level, _ = STORIES[story]
    assert level not in levels(found(second_quarter()), rule)


# --- what an explanation, an approval or a clearance changes -----------------------------------


@pytest.mark.parametrize(
    ("rule", "book"),
    [
        ("F6", with_spending(spent("staff", "2026-03-31", "1"))),
        ("K2", after(sent("2026-27 Q1", flows={"open_end": "15"}))),
    ],
)
def test_what_is_explained_is_to_be_looked_at(rule: str, book: Callable[[], Portfolio]) -> None:
    made = book()
    words = typed(explained={rule: "Agreed with the funder in June"})
    draft = replace(made.returns[-1], figures=json.dumps(words))
    made = replace(made, returns=(*made.returns[:-1], draft))
    assert set(levels(found(made), rule)) <= {"PASS", "WARN"}
    assert "WARN" in levels(found(made), rule)


def test_what_was_looked_at_and_may_stay_is_cleared() -> None:
    book = second_quarter(
        narrative={"progress": "Write to help@example.org"}, cleared=["help@example.org"]
    )
    assert levels(found(book), "P2") == ["PASS"]


def test_an_approved_change_lets_a_heading_take_more() -> None:
    changes = [{"line": "Activities", "decision": "approved", "reference": "Letter of 2 August"}]
    words = json.dumps(typed(changes=changes))
    book = replace(
        of_award(virement_limit=Decimal(10))(),
        actuals=(*as_budgeted("2026-06-30"), spent("activities", "2026-09-01", "6000")),
        returns=(kept("2026-27 Q2", figures=words),),
    )
    (finding,) = [each for each in found(book).findings if each.rule == "F7"]
    assert (finding.level, finding.explained_by) == ("WARN", "Letter of 2 August")


# --- F10 ---------------------------------------------------------------------------------------


def test_a_post_claimed_twice_names_both_returns_and_the_days() -> None:
    (finding,) = [each for each in found(claimed_by_another()).findings if each.rule == "F10"]
    assert "Adviser (adviser): 110 % is claimed from 1 September 2026 to 30 Sep" in finding.says
    assert "“Next Step, 2026-27 Q2” and in “Bright Start, 2026-27 Q2”" in finding.says


def test_a_return_sent_again_does_not_meet_itself() -> None:
    book = charity(
        posts=(adviser(),), allocations=(share("60"),), actuals=as_budgeted("2026-09-30")
    )
    again = kept("2026-27 Q2", "queried", frozen(returned(book)))
    assert levels(returned(replace(book, returns=(again,))), "F10") == ["PASS"]


# --- F12 ---------------------------------------------------------------------------------------


def year_of(first: str) -> list[str]:
    """Levels of F12 for a year of two halves, sent with £3,000 and another sum."""
    halves = [
        sent("2026-27 H1", lines={"staff": {"actual": first}}),
        sent("2026-27 H2", lines={"staff": {"actual": "3000.00"}}),
    ]
    book = charity(actuals=as_budgeted("2026-06-30", "2026-12-31"), returns=tuple(halves))
    figures = returned(book, "2026-27", today=date(2027, 4, 9), layout=layout("t4-annual"))
    return levels(figures, "F12")


def test_a_year_that_is_not_the_sum_of_its_returns_fails() -> None:
    assert year_of("3000.00") == ["PASS"]
    assert year_of("3000.01") == ["FAIL"]


def test_a_year_with_a_return_missing_cannot_be_compared() -> None:
    half = sent("2026-27 H1", lines={"staff": {"actual": "3000.00"}})
    book = charity(actuals=as_budgeted("2026-06-30"), returns=(half,))
    figures = returned(book, "2026-27", today=date(2027, 4, 9), layout=layout("t4-annual"))
    assert levels(figures, "F12") == ["WARN"]


# --- what leaves only when it is confirmed -----------------------------------------------------


def with_names() -> Layout:
    whole = layout("t2-half-yearly")
    posts = whole.sheet("posts")
    assert posts is not None
    first = posts.columns[0]
    more = (
        replace(first, field="person", title="Name"),
        replace(first, field="salary", title="Salary", kind="money"),
    )
    asking = replace(posts, columns=(*posts.columns, *more))
    sheets = tuple(asking if sheet.kind == "posts" else sheet for sheet in whole.sheets)
    return replace(whole, sheets=sheets)


def test_names_and_salaries_are_withheld_until_they_are_confirmed() -> None:
    book = with_people()
    figures = returned(book, layout=with_names())
    assert [(row.person, row.salary) for row in figures.posts] == [("", None)]
    assert "FAIL" in levels(figures, "P3")
    assert figures.withheld == ("names", "salaries")


# --- counts of people that are too small -------------------------------------------------------


def told(counts: dict[str, str]) -> list[object]:
    """What the sheet tells of a question with these answers."""
    book = second_quarter(who={"sex": counts}, flows={"new": "30"})
    rows = found(book).tables["who"]
    return [row.values["count"] for row in rows if row.key.startswith("sex/")]


def test_a_small_count_hides_another_so_that_the_total_does_not_tell() -> None:
    assert told({"Female": "20", "Male": "3", "Not known": "7"}) == [
        20,
        "<5",
        "not shown",
        None,
        30,
    ]


def test_two_small_counts_hide_each_other() -> None:
    assert told({"Female": "24", "Male": "2", "Not known": "4"}) == [24, "<5", "<5", None, 30]


def test_counts_of_five_and_more_are_told() -> None:
    assert told({"Female": "25", "Male": "5", "Not known": "0"}) == [25, 5, 0, None, 30]
