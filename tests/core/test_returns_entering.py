"""What a person types into a return, and where the book keeps it; and the list of all returns."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from fundtrack.core.errors import RefusedError
from fundtrack.core.model import Indicator, Target
from fundtrack.core.period import parse_period
from fundtrack.core.returns.entering import cleared, entered, explained, in_layout, spot_of
from fundtrack.core.returns.lifecycle import begun, moved
from fundtrack.core.returns.register import due_by, register
from tests.core.filled_in import layout
from tests.core.returning import TODAY, as_budgeted, charity, kept, returned, statutory

if TYPE_CHECKING:
    from fundtrack.core.model import Portfolio, ReturnStatus
    from fundtrack.core.returns.figures import ReturnFigures

KEY = "2026-27 Q2"
FINAL = layout("t8-final")


def begun_book(status: ReturnStatus = "draft", **lists: Any) -> Portfolio:
    return charity(
        actuals=as_budgeted("2026-06-30", "2026-08-31"),
        returns=(kept("2026-27 Q2", status),),
        indicators=(
            Indicator(key="seen", award="next-step", title="People seen", unit="people"),
            Indicator(
                key="safer",
                award="next-step",
                title="Feel safer",
                unit="percent",
                targets=(Target(period="2026-27 Q2", value=Decimal(70)),),
            ),
        ),
        **lists,
    )


def seen(book: Portfolio) -> ReturnFigures:
    return returned(book, layout=FINAL)


def typed(book: Portfolio, *values: tuple[str, Any]) -> Portfolio:
    edit = entered(book, seen(book), FINAL, book.returns[-1].key, values)
    after = edit.apply(book)
    assert edit.placed(book).inverse.apply(after) == book
    return after


def held(book: Portfolio) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(book.returns[-1].figures or "{}")
    return found


def test_every_kind_of_figure_is_kept_where_the_return_reads_it() -> None:
    book = typed(
        begun_book(),
        ("finance/line/staff/remaining", 1_200_50),
        ("finance/line/staff/committed", 300_00),
        ("notes/line/staff/note", "Recruited two weeks late"),
        ("notes/line/staff/by_when", date(2026, 12, 1)),
        ("claim/advance/value", 500_00),
        ("claim/advance/comment", "Paid in July"),
        ("outputs/new/actual", Decimal(20)),
        ("outputs/new/comment", "From the courts"),
        ("outputs/people/actual_ytd", Decimal(31)),
        ("outcomes/cope/both", Decimal(9)),
        ("who/age/0/count", Decimal(4)),
        ("who/age/0/note", "One aged twelve"),
        ("narrative/progress/value", "It went well."),
        ("assets/2/item", "A laptop"),
        ("cover/prepared_by", "Finance lead"),
        ("cover/declared_on", date(2026, 10, 9)),
    )
    kept_now = held(book)
    assert kept_now["remaining"] == {"staff": "1200.50"}
    assert kept_now["committed"] == {"staff": "300.00"}
    assert kept_now["notes"] == {"staff": "Recruited two weeks late"}
    assert kept_now["variances"] == {"staff": {"by_when": "2026-12-01"}}
    assert kept_now["claim"] == {"advance": "500.00", "advance_comment": "Paid in July"}
    assert kept_now["flows"] == {
        "new": "20",
        "new_comment": "From the courts",
        "people_ytd": "31",
    }
    assert kept_now["outcomes"] == {"cope": {"both": "9"}}
    assert kept_now["assets"] == [{}, {"item": "A laptop"}]
    assert kept_now["cover"] == {"prepared_by": "Finance lead", "declared_on": "2026-10-09"}
    figures = seen(book)
    assert figures.finance.lines[0].sums.remaining == 1_200_50
    rows = {row.key: row.values for row in figures.tables["outputs"]}
    assert (rows["new"]["actual"], rows["new"]["comment"]) == (Decimal(20), "From the courts")
    people = {row.key: row.values for row in figures.tables["who"]}
    assert people["age/0"]["note"] == "One aged twelve"
    claim = {row.key: row.values for row in figures.tables["claim"]}
    assert claim["advance"]["comment"] == "Paid in July"


def test_a_value_taken_out_leaves_nothing_behind() -> None:
    book = typed(begun_book(), ("narrative/progress/value", "Well."), ("assets/1/item", "None"))
    book = typed(book, ("narrative/progress/value", None), ("assets/1/item", None))
    assert held(book)["narrative"] == {}
    assert held(book)["assets"] == []


def test_what_was_spent_on_a_line_is_one_sum_that_makes_up_the_difference() -> None:
    book = typed(begun_book(), ("finance/line/staff/actual", 2_000_00))
    (made,) = [each for each in book.actuals if each.source == "typed"]
    assert (made.amount, made.on, made.budget_line) == (-250_00, date(2026, 9, 30), "staff")
    assert seen(book).finance.lines[0].sums.actual == 2_000_00
    book = typed(book, ("finance/line/staff/actual", 2_300_00))
    assert [each.amount for each in book.actuals if each.source == "typed"] == [50_00]
    book = typed(book, ("finance/line/staff/actual", 2_250_00))
    assert not [each for each in book.actuals if each.source == "typed"]


def test_a_reading_and_a_target_go_to_the_indicator() -> None:
    book = typed(
        begun_book(),
        ("outputs/seen/actual", Decimal(40)),
        ("outputs/seen/target", Decimal(50)),
        ("outputs/safer/target", Decimal(75)),
        ("outputs/safer/numerator", Decimal(30)),
    )
    first, second = book.indicators
    assert [(each.period, each.value) for each in first.readings] == [("2026-27 Q2", Decimal(40))]
    assert [(each.period, each.value) for each in first.targets] == [("2026-27 Q2", Decimal(50))]
    assert [each.value for each in second.targets] == [Decimal(75)]
    assert held(book)["kpis"] == {"safer": {"numerator": "30"}}
    book = typed(book, ("outputs/seen/actual", None))
    assert book.indicators[0].readings == ()


@pytest.mark.parametrize(
    "figure",
    [
        "finance/line/staff/variance",
        "finance/line/staff/approved",
        "finance/total/actual",
        "cover/organisation",
        "claim/claimed/value",
        "outputs/safer/percent",
        "outcomes/cope/improved_percent",
        "who/age/total/count",
        "risks/1/score",
        "posts/0/cost",
        "nothing/like/it",
    ],
)
def test_what_is_worked_out_cannot_be_typed(figure: str) -> None:
    book = begun_book()
    assert spot_of(seen(book), FINAL, figure) is None
    with pytest.raises(RefusedError, match="worked out"):
        typed(book, (figure, 1))


@pytest.mark.parametrize("status", ["checked", "approved", "submitted", "accepted", "paid"])
def test_a_return_is_changed_only_as_a_draft_or_when_queried(status: ReturnStatus) -> None:
    with pytest.raises(RefusedError):
        typed(begun_book(status), ("narrative/progress/value", "Later."))
    assert held(typed(begun_book("queried"), ("narrative/progress/value", "Later.")))["narrative"]


def test_an_explanation_a_clearance_and_a_layout_are_edits_too() -> None:
    book = begun_book()
    key = book.returns[-1].key
    book = explained(book, key, "F9", "Paid in the next month ").apply(book)
    book = cleared(book, key, ["a@b.org"]).apply(book)
    book = cleared(book, key, ["a@b.org", "c@d.org"]).apply(book)
    book = in_layout(book, key, "t8-final/1").apply(book)
    assert held(book)["explained"] == {"F9": "Paid in the next month"}
    assert held(book)["cleared"] == ["a@b.org", "c@d.org"]
    assert book.returns[-1].template == "t8-final/1"
    assert "explained" in held(book)
    book = explained(book, key, "F9", "").apply(book)
    assert held(book)["explained"] == {}


def test_whoever_checks_has_prepared_it_and_whoever_approves_signs() -> None:
    book = charity(actuals=as_budgeted("2026-06-30", "2026-09-30"))
    book = begun(book, "next-step", "2026-27 Q2", "t1-quarterly", "Ade", TODAY).apply(book)
    key = book.returns[-1].key
    for status, who in (("checked", "Ade"), ("approved", "Bea")):
        figures = replace(returned(book), findings=())
        step = moved(book, key, status, who=who, on=TODAY, figures=figures)  # type: ignore[arg-type]
        book = step.apply(book)
    assert held(book)["cover"] == {
        "prepared_by": "Ade",
        "approved_by": "Bea",
        "declared_on": TODAY.isoformat(),
    }
    book = moved(book, key, "draft", who="Bea", on=TODAY).apply(book)
    assert held(book)["cover"] == {"prepared_by": "Ade"}


# --- the list of all returns -------------------------------------------------------------------


def test_each_period_of_the_award_owes_a_return_to_its_end_and_a_final_one() -> None:
    found = register(begun_book(), statutory())
    assert [each.period.name for each in found if each.kind == "return"] == [
        *(f"2026-27 Q{at}" for at in range(1, 5)),
        *(f"2027-28 Q{at}" for at in range(1, 5)),
    ]
    assert [each.kind for each in found].count("final") == 1
    second = found[1]
    assert (second.status, second.record, second.due) == (
        "draft",
        begun_book().returns[-1].key,
        date(2026, 10, 30),
    )
    assert found[0].status == "not begun"
    assert found[0].overdue(TODAY)
    assert found[0].pays


def test_a_queried_return_is_to_be_dealt_with_and_one_that_was_sent_is_not() -> None:
    (queried,) = [e for e in register(begun_book("queried"), statutory()) if e.record]
    assert queried.waits(TODAY)
    assert not queried.overdue(date(2027, 1, 1))
    (sent,) = [e for e in register(begun_book("submitted"), statutory()) if e.record]
    assert (sent.standing, sent.waits(TODAY)) == ("with the funder", False)


def test_a_return_is_likely_to_be_written_as_the_last_one_was_or_as_its_length_asks() -> None:
    book = charity()
    of = {each.kind: each for each in register(book, statutory())}
    quarter, final = of["return"], of["final"]
    assert quarter.usual_layout(book) == "t1-quarterly"
    year = replace(quarter, period=parse_period("2026-27"))
    assert year.usual_layout(book) == "t4-annual"
    before = replace(kept("2026-27 Q1", "submitted"), template="t3-victims-outcomes/1")
    sent = replace(book, returns=(before,))
    assert quarter.usual_layout(sent) == "t3-victims-outcomes"
    assert final.usual_layout(sent) == "t8-final"


def test_what_is_due_by_a_day_is_what_is_still_to_be_sent() -> None:
    found = register(begun_book(), statutory())
    assert [each.period.name for each in due_by(found, date(2027, 1, 30))] == [
        "2026-27 Q1",
        "2026-27 Q2",
        "2026-27 Q3",
    ]
