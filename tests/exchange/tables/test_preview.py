from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fundtrack.core.check import check
from fundtrack.core.model import Award, Balances, Funder, Organisation, Portfolio, Post
from fundtrack.exchange.tables import columns
from fundtrack.exchange.tables.columns import Plan, remember
from fundtrack.exchange.tables.preview import Preview, adjusted, plans_for, preview
from fundtrack.exchange.tables.reading import pasted, read
from fundtrack.exchange.tables.rows import Choices, Place
from fundtrack.exchange.tables.sheets import Sheet, Spreadsheet, Value, trimmed
from tests.peers import shared

TODAY = date(2026, 12, 1)


@pytest.fixture
def book() -> Portfolio:
    organisation = Organisation(
        name="Harbour and Hope",
        nation="england-and-wales",
        balances=Balances(as_at=date(2026, 4, 1)),
    )
    return Portfolio(organisation=organisation)


def workbook(**sheets: Sequence[Sequence[Value]]) -> Spreadsheet:
    made = tuple(Sheet(name, trimmed(lines)) for name, lines in sheets.items())
    return Spreadsheet("tracker.xlsx", made)


def shown(spreadsheet: Spreadsheet, book: Portfolio, **choices: Any) -> Preview:
    plans = plans_for(spreadsheet, book)
    return preview(
        plans,
        book,
        TODAY,
        name=spreadsheet.name,
        from_1904=spreadsheet.from_1904,
        choices=Choices(**choices),
    )


def accepted(seen: Preview, book: Portfolio) -> Portfolio:
    after = seen.edit.apply(book) if seen.edit else book
    assert check(after) == ()
    return after


GRANTS: tuple[tuple[Value, ...], ...] = (
    ("Funder", "Project", "Ref", "Amount", "Start date", "End date", "Status"),
    ("The Long Trust", "Befriending", "LT/01", 12000, "1 Apr 2026", "31 Mar 2027", "Confirmed"),
    ("Harbour Council", "Advice line", "0042", "£8,000.50", "15/04/26", "30/09/27", "Pending"),
)
STAFF: tuple[tuple[Value, ...], ...] = (
    ("Job title", "FTE", "Salary", "Start date", "Befriending", "LT/01 extra", "Core"),
    ("Adviser", 0.8, 30000, date(2024, 5, 1), 0.5, None, 0.5),
    ("Adviser", 1, 30000, date(2025, 5, 1), 1, None, None),
)


def test_a_tracker_comes_in_as_one_edit(book: Portfolio) -> None:
    after = accepted(shown(workbook(Grants=GRANTS), book), book)
    first, second = after.awards
    assert [funder.name for funder in after.funders] == ["The Long Trust", "Harbour Council"]
    assert (first.title, first.reference, first.amount) == ("Befriending", "LT/01", 1200000)
    assert (first.stage, second.stage) == ("awarded", "submitted")
    assert second.reference == "0042"
    assert (second.start, second.end) == (date(2026, 4, 15), date(2027, 9, 30))


def test_a_file_brought_in_twice_changes_nothing(book: Portfolio) -> None:
    tracker = workbook(Grants=GRANTS, Staff=STAFF)
    after = accepted(shown(tracker, book), book)
    again = shown(tracker, after)
    assert again.edit is None
    assert again.counts()["unchanged"] == 4
    assert not again.faults


def test_a_grid_of_posts_and_awards_becomes_allocations(book: Portfolio) -> None:
    seen = shown(workbook(Grants=GRANTS, Staff=STAFF), book)
    after = accepted(seen, book)
    assert [(post.title, post.fte) for post in after.posts] == [
        ("Adviser", Decimal("0.8")),
        ("Adviser", Decimal(1)),
    ]
    first, second = after.posts
    told = {(share.post, share.award, share.percent) for share in after.allocations}
    grant = after.awards[0].key
    assert told == {
        (first.key, grant, Decimal(50)),
        (first.key, None, Decimal(50)),
        (second.key, grant, Decimal(100)),
    }


def test_day_and_month_are_asked_once_with_examples(book: Portfolio) -> None:
    lines = (
        ("Funder", "Amount", "Start", "End"),
        ("A Trust", 100, "01/02/26", "02/03/27"),
        ("B Trust", 100, "03/04/26", "05/06/27"),
    )
    seen = shown(workbook(Grants=lines), book)
    (question,) = seen.questions
    assert question.key == "order"
    assert "01/02/26" in question.examples
    assert seen.edit is None
    assert len(seen.bad_rows) == 2
    after = accepted(shown(workbook(Grants=lines), book, answers={"order": "day-first"}), book)
    assert after.awards[0].start == date(2026, 2, 1)


def test_every_fault_of_every_row_is_told_with_its_cell_and_words(book: Portfolio) -> None:
    lines = (
        *GRANTS,
        ("Third Fund", "Food", "T3", "about 500", "1 May 2026", "ongoing", "Confirmed"),
        ("Fourth Fund", "Drink", "T4", 50, "1 May 2027", "1 May 2026", "Confirmed"),
    )
    seen = shown(workbook(Grants=lines), book)
    told = {(str(fault.place), fault.found) for fault in seen.faults}
    assert ("Grants D4", "about 500") in told
    assert ("Grants F4", "ongoing") in told
    assert seen.counts() == {"new": 2, "changed": 0, "unchanged": 0, "problem": 2, "left out": 0}
    after = accepted(seen, book)
    assert len(after.awards) == 2
    assert "Third Fund" not in {funder.name for funder in after.funders}


def test_what_the_book_would_not_keep_is_told_with_its_cell_and_words_too(book: Portfolio) -> None:
    lines = (
        *GRANTS,
        ("Third Fund", "Food", "T3", "(1,200)", "1 May 2026", "1 May 2027", "Confirmed"),
        ("Fourth Fund", "Drink", "T4", 50, "1 May 2027", "1 May 2026", "Confirmed"),
    )
    seen = shown(workbook(Grants=lines), book)
    told = {(str(fault.place), fault.title, fault.found) for fault in seen.faults}
    assert told == {
        ("Grants D4", "Amount", "(1,200)"),
        ("Grants F5", "End date", "1 May 2026"),
    }
    right = {Place("Grants", 3, 3): "1,200", Place("Grants", 4, 5): "1 May 2028"}
    assert len(accepted(shown(workbook(Grants=lines), book, corrections=right), book).awards) == 4


def test_a_bad_cell_put_right_or_its_row_left_out(book: Portfolio) -> None:
    lines = (*GRANTS, ("Third", "Food", "T3", "about 500", "1 May 2026", "1 May 2027", "Won"))
    tracker = workbook(Grants=lines)
    right = shown(tracker, book, corrections={Place("Grants", 3, 3): "500"})
    assert not right.faults
    assert accepted(right, book).awards[2].amount == 50000
    without = shown(tracker, book, left_out=frozenset((Place("Grants", 3),)))
    assert without.counts()["left out"] == 1
    assert not without.faults


def test_a_name_nearly_the_same_is_asked_about_and_never_merged(book: Portfolio) -> None:
    known = Portfolio(
        organisation=book.organisation, funders=(Funder(key="f", name="The Long Trust"),)
    )
    lines = (GRANTS[0], ("Long Trusst", *GRANTS[1][1:]))
    seen = shown(workbook(Grants=lines), known)
    assert seen.edit is None
    (question,) = seen.questions
    assert [answer for answer, _ in question.choices] == ["f", "new"]
    same = shown(workbook(Grants=lines), known, answers={question.key: "f"})
    assert accepted(same, known).awards[0].funder == "f"
    new = shown(workbook(Grants=lines), known, answers={question.key: "new"})
    assert len(accepted(new, known).funders) == 2


def test_a_blank_cell_changes_nothing_the_book_has(book: Portfolio) -> None:
    after = accepted(shown(workbook(Grants=GRANTS), book), book)
    later = (GRANTS[0], (None, None, "LT/01", 13000, None, None, None))
    seen = shown(workbook(Grants=later), after)
    assert seen.counts()["changed"] == 1
    award = accepted(seen, after).awards[0]
    assert (award.amount, award.title, award.end) == (1300000, "Befriending", date(2027, 3, 31))


def test_payments_find_their_award_and_are_filled_in_later(book: Portfolio) -> None:
    with_grants = accepted(shown(workbook(Grants=GRANTS), book), book)
    lines: list[tuple[Value, ...]] = [
        ("Grant", "Due date", "Amount", "Date received"),
        ("LT/01", date(2026, 4, 1), 6000, None),
        ("Befriending", date(2026, 10, 1), 6000, None),
    ]
    after = accepted(shown(workbook(Payments=lines), with_grants), with_grants)
    assert [payment.due.month for payment in after.awards[0].payments] == [4, 10]
    lines[1] = (*lines[1][:3], date(2026, 4, 9))
    seen = shown(workbook(Payments=lines), after)
    assert seen.counts()["changed"] == 1
    final = accepted(seen, after)
    assert final.awards[0].payments[0].received_on == date(2026, 4, 9)
    assert shown(workbook(Payments=lines), final).edit is None


def test_what_no_column_has_is_asked_once(book: Portfolio) -> None:
    lines = (("Post", "Salary"), ("Adviser", 30000), ("Manager", 40000))
    seen = shown(workbook(Staff=lines), book)
    assert {question.key for question in seen.questions} == {"posts.fte", "posts.start"}
    answers = {"posts.fte": "1", "posts.start": "2026-04-01"}
    after = accepted(shown(workbook(Staff=lines), book, answers=answers), book)
    assert [post.start for post in after.posts] == [date(2026, 4, 1)] * 2


def test_two_like_actuals_are_two_and_stay_two(book: Portfolio) -> None:
    lines = (
        ("Date", "Details", "Net amount"),
        ("14 May 2026", "Stamps", 8.5),
        ("14 May 2026", "Stamps", 8.5),
    )
    after = accepted(shown(workbook(Ledger=lines), book), book)
    assert [actual.amount for actual in after.actuals] == [850, 850]
    assert shown(workbook(Ledger=lines), after).edit is None


def test_what_a_person_corrects_is_remembered_for_that_shape_of_file(
    book: Portfolio, tmp_path: Path
) -> None:
    lines = (
        ("Funder", "Thing", "Amount", "Start", "End"),
        ("A Trust", "Befriending", 5, "1 May 2026", "1 May 2027"),
    )
    (plan,) = plans_for(workbook(Grants=lines), book)
    right = Plan(plan.table, plan.layout.using("Thing", "title"))
    remember([right], tmp_path)
    again = plans_for(workbook(Grants=(*lines, lines[1])), book, tmp_path)
    assert again[0].layout.uses == tuple(
        columns.Use(use.title, use.field, use.target, 1.0) for use in right.layout.uses
    )


def test_an_award_that_only_pays_a_post_of_the_book_is_not_made_up(book: Portfolio) -> None:
    known = Portfolio(
        organisation=book.organisation,
        posts=(Post(key="p", title="Adviser", fte=Decimal(1), salary=1, start=TODAY),),
        awards=(
            Award(key="a", title="Befriending", stage="live", amount=1, start=TODAY, end=TODAY),
        ),
    )
    lines = (("Post", "Award", "Percent"), ("Adviser", "Befriending", 50), ("Adviser", "Moon", 50))
    seen = shown(workbook(Allocations=lines), known)
    assert seen.counts()["problem"] == 1
    assert "there is no award" in str(seen.faults[0])
    assert [share.award for share in accepted(seen, known).allocations] == ["a"]


def test_thousands_in_a_title_and_years_in_a_column_are_understood(book: Portfolio) -> None:
    seen = shown(read(shared("tables/government-grant-schemes-2013-14.csv")), book)
    after = accepted(seen, book)
    assert seen.counts()["new"] == 1019 - len(seen.bad_rows)
    assert after.awards[0].amount == 291500000000
    assert after.awards[0].end == date(2014, 3, 31)


def test_a_funder_s_published_file_is_sent_to_its_own_door(book: Portfolio) -> None:
    seen = shown(read(shared("360giving/trafford_council_voluntary_sector_grants.csv")), book)
    assert seen.edit is None
    assert "360Giving" in seen.notes[0]


def test_a_pasted_table_comes_in_as_a_file_does(book: Portfolio) -> None:
    text = "Funder\tAmount\tStart\tEnd\nA Trust\t£1.2k\tMar-26\tMar-27\n"
    award = accepted(shown(pasted(text), book), book).awards[0]
    assert (award.amount, award.start, award.end) == (
        120000,
        date(2026, 3, 1),
        date(2027, 3, 31),
    )


def test_a_stage_nobody_knows_is_asked_about_and_a_kind_nobody_knows_is_left_out(
    book: Portfolio,
) -> None:
    lines = (
        ("Funder", "Amount", "Start", "End", "Status", "Type"),
        ("A Trust", 5, "1 May 2026", "1 May 2027", "Won", "Grant"),
        ("C Trust", 5, "1 May 2026", "1 May 2027", "Lost", "Grant"),
        ("D Trust", 5, "1 May 2026", "1 May 2027", "Paused", "Odd"),
    )
    seen = shown(workbook(Grants=lines), book)
    (question,) = seen.questions
    assert "Paused" in question.asks
    assert any("Odd" in note for note in seen.notes)
    after = accepted(shown(workbook(Grants=lines), book, answers={question.key: "live"}), book)
    assert [award.stage for award in after.awards] == ["awarded", "unsuccessful", "live"]
    assert [award.kind for award in after.awards] == ["grant", "grant", None]


def test_a_term_in_months_is_read_and_half_a_month_is_said(book: Portfolio) -> None:
    lines = (
        ("Funder", "Project", "Amount", "Start date", "Duration (months)"),
        ("A Trust", "Advice", 5000, "1 Apr 2026", "18 months"),
        ("B Trust", "Outreach", 5000, "1 Apr 2026", 12),
        ("C Trust", "Courts", 5000, "1 Apr 2026", 7.5),
    )
    seen = shown(workbook(Grants=lines), book)
    told = {(str(fault.place), fault.found) for fault in seen.faults}
    assert told == {("Grants E4", "7.5")}
    after = accepted(seen, book)
    assert [award.end for award in after.awards] == [date(2027, 9, 30), date(2027, 3, 31)]


MONTHS: tuple[tuple[Value, ...], ...] = (
    ("Grant ref", "Apr 2026", "May 2026", "Jun 2026", "Total"),
    ("LT/01", 1000, None, "£2,500.50", 3500.5),
    ("0042", 0, 250, None, 250),
)


@pytest.mark.parametrize("sheet", ["Payments", "Instalments due"])
def test_payments_in_a_grid_of_months_fall_due_at_each_month_s_end(
    book: Portfolio, sheet: str
) -> None:
    with_grants = accepted(shown(workbook(Grants=GRANTS), book), book)
    grid = workbook(**{sheet: MONTHS})
    after = accepted(shown(grid, with_grants), with_grants)
    told = [(p.due, p.amount) for award in after.awards for p in award.payments]
    assert told == [
        (date(2026, 4, 30), 100000),
        (date(2026, 6, 30), 250050),
        (date(2026, 5, 31), 25000),
    ]
    assert shown(grid, after).edit is None


def test_spending_in_a_grid_of_months_becomes_actuals(book: Portfolio) -> None:
    with_grants = accepted(shown(workbook(Grants=GRANTS), book), book)
    grid = workbook(Actuals=MONTHS)
    after = accepted(shown(grid, with_grants), with_grants)
    told = [(actual.on, actual.amount) for actual in after.actuals]
    assert told == [
        (date(2026, 4, 1), 100000),
        (date(2026, 6, 1), 250050),
        (date(2026, 5, 1), 25000),
    ]
    assert shown(grid, after).edit is None


def test_months_beside_an_award_are_its_profile(book: Portfolio) -> None:
    lines = (
        ("Project", "Amount", "Start", "End", "Apr-26", "May-26", "Jun-26"),
        ("Advice", 900, "1 Apr 2026", "30 Jun 2026", 300, 0, 600),
    )
    (award,) = accepted(shown(workbook(Grants=lines), book), book).awards
    assert award.spread == "profile"
    assert [(part.month, part.amount) for part in award.profile] == [
        (date(2026, 4, 1), 30000),
        (date(2026, 6, 1), 60000),
    ]


def test_a_grid_whose_sheet_says_nothing_is_what_the_person_says_it_is(book: Portfolio) -> None:
    with_grants = accepted(shown(workbook(Grants=GRANTS), book), book)
    plans = adjusted(plans_for(workbook(Sheet1=MONTHS), with_grants), "payments", None)
    seen = preview(plans, with_grants, TODAY, name="grid")
    assert seen.counts()["new"] == 2
    assert not seen.faults
