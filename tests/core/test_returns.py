from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundtrack.core.errors import RefusedError
from fundtrack.core.model import (
    BudgetLine,
    BudgetVersion,
    Extension,
    PayChange,
    Payment,
    ProfileMonth,
    Reporting,
    Uplift,
    Vacancy,
)
from fundtrack.core.period import financial_quarter, grant_quarter, parse_period
from fundtrack.core.returns.figures import Sums, added, percent_of_budget
from fundtrack.core.returns.filling import due_date, quarters, return_number
from fundtrack.core.returns.finance import finance, needs_note
from fundtrack.core.returns.kept import Written, frozen
from fundtrack.core.returns.layout import Limits
from fundtrack.core.returns.year import return_year
from tests.core.returning import (
    ACTIVITIES,
    NEXT_STEP,
    STAFF,
    TODAY,
    adviser,
    as_budgeted,
    charity,
    kept,
    returned,
    share,
    spent,
)

if TYPE_CHECKING:
    from fundtrack.core.model import Award
    from fundtrack.core.period import Period
    from fundtrack.core.returns.figures import FinanceLine, ReturnFigures

GOLDEN = Path(__file__).parent.parent / "data" / "golden_cases.json"


def line(figures: ReturnFigures, key: str) -> FinanceLine:
    return next(each for each in figures.finance.all_lines if each.key == key)


# --- finance ---------------------------------------------------------------------------------


def test_the_worked_quarterly_return_with_its_variances() -> None:
    cases = json.loads(GOLDEN.read_text(encoding="utf-8"))["cases"]
    case = next(each for each in cases if each["id"] == "QUARTER-01")
    limits = Limits(variance_percent=Decimal(case["inputs"]["explain_threshold_pct"]))
    rows = case["inputs"]["return_lines"]
    found = [Sums(profile=pence(budget), actual=pence(actual)) for _, budget, actual in rows]
    for sums, expected in zip(found, case["expected"]["return"], strict=True):
        percent = expected["variance_pct"]
        assert sums.variance == pence(expected["variance"])
        assert sums.variance_percent == (None if percent is None else Decimal(percent))
        assert needs_note(sums, limits) == expected["explain"]
    total = added(found)
    assert total.profile == pence(case["expected"]["total_budget"])
    assert total.actual == pence(case["expected"]["total_actual"])
    assert total.variance == pence(case["expected"]["total_variance"])


def test_a_variance_of_exactly_the_limit_needs_no_note_and_a_penny_more_does() -> None:
    assert not needs_note(Sums(profile=1000_00, actual=900_00), Limits())
    assert needs_note(Sums(profile=1000_00, actual=899_99), Limits())
    assert needs_note(Sums(profile=1000_00, actual=950_00), Limits(variance_pounds=49_99))


def test_spending_less_of_an_income_than_was_planned_is_an_overspend_in_per_cent_too() -> None:
    assert percent_of_budget(-20, -100) == Decimal("-20.0")


def test_a_quarter_has_its_share_of_a_line_and_what_was_spent_in_it() -> None:
    figures = returned(charity(actuals=as_budgeted("2026-06-30", "2026-09-30", "2026-10-01")))
    staff = line(figures, "staff").sums
    assert (staff.approved, staff.year_budget, staff.profile) == (18_000_00, 9_000_00, 2_250_00)
    assert (staff.actual, staff.actual_ytd, staff.profile_ytd) == (2_250_00, 4_500_00, 4_500_00)
    assert (staff.remaining, staff.outturn, staff.outturn_variance) == (13_500_00, 18_000_00, 0)
    assert figures.finance.total.actual == 3_000_00


def test_a_lines_own_profile_says_when_its_money_is_due() -> None:
    profile = (
        ProfileMonth(month=date(2026, 4, 1), amount=5_000_00),
        ProfileMonth(month=date(2026, 8, 1), amount=13_000_00),
    )
    lines = (replace(STAFF, profile=profile), ACTIVITIES)
    staff = line(returned(charity(award={"budget_lines": lines})), "staff").sums
    assert (staff.profile, staff.profile_ytd, staff.remaining) == (13_000_00, 18_000_00, 0)


def test_a_draft_before_the_period_is_over_expects_the_rest_of_the_plan() -> None:
    early = returned(charity(), today=date(2026, 7, 31))
    over = returned(charity(), today=TODAY)
    assert line(early, "staff").sums.remaining == 20 * 750_00
    assert line(over, "staff").sums.remaining == 18 * 750_00


def test_a_finance_lead_can_put_another_forecast_in_place_of_the_plan() -> None:
    figures = json.dumps({"remaining": {"staff": "100.00"}, "committed": {"staff": "5.50"}})
    sums = line(returned(charity(returns=(kept("2026-27 Q2", figures=figures),))), "staff").sums
    assert (sums.remaining, sums.committed) == (100_00, 5_50)


def test_no_penny_spent_on_the_award_is_left_out_of_the_return() -> None:
    actuals = (spent(None, "2026-08-01", "12.34"), spent("no such line", "2026-08-02", "1.00"))
    figures = returned(charity(actuals=actuals))
    ungiven = line(figures, "")
    assert ungiven.title == "Spending without a budget line"
    assert (ungiven.sums.actual, ungiven.needs_note) == (13_34, True)
    assert figures.finance.total.actual == 13_34


def test_an_award_without_budget_lines_is_returned_as_one_sum() -> None:
    actuals = (spent(None, "2026-08-01", "2900"),)
    figures = returned(charity(award={"budget_lines": ()}, actuals=actuals))
    assert [row.title for row in figures.finance.lines] == ["Next Step"]
    assert figures.finance.total.profile == 3_000_00
    assert figures.finance.total.actual == 2_900_00


def test_lines_stand_under_their_headings_and_memo_lines_below_the_total() -> None:
    travel = BudgetLine(key="travel", heading="Staff", title="Travel", amount=0)
    match = BudgetLine(key="match", heading="Match funding (memo)", amount=9_000_00)
    actuals = (spent("match", "2026-07-15", "300"),)
    figures = returned(
        charity(award={"budget_lines": (STAFF, ACTIVITIES, match, travel)}, actuals=actuals)
    )
    shown = [
        (group.heading, [row.key for row in group.lines]) for group in figures.finance.headings
    ]
    assert shown == [("Staff", ["staff", "travel"]), ("Direct delivery", ["activities"])]
    assert [group.heading for group in figures.finance.memo] == ["Match funding (memo)"]
    assert figures.finance.total.approved == 24_000_00
    assert figures.finance.total.actual == 0


def test_another_awards_spending_is_not_in_the_return() -> None:
    other = replace(NEXT_STEP, key="other")
    actuals = (spent("staff", "2026-08-01", "10", award="other"),)
    assert returned(charity(other_awards=(other,), actuals=actuals)).finance.total.actual == 0


@given(
    amount=st.integers(0, 10**9),
    start=st.dates(date(2024, 1, 1), date(2028, 12, 31)),
    length=st.integers(40, 1500),
    basis=st.sampled_from(["months", "days"]),
    profiled=st.lists(st.integers(0, 10**7), max_size=6),
)
def test_the_budgets_of_quarters_that_follow_each_other_add_up_to_the_line(
    amount: int,
    start: date,
    length: int,
    basis: Literal["months", "days"],
    profiled: list[int],
) -> None:
    months = tuple(
        ProfileMonth(month=date(start.year, start.month, 1), amount=part) for part in profiled
    )
    row = BudgetLine(key="row", amount=sum(profiled) if profiled else amount, profile=months)
    award = replace(
        NEXT_STEP,
        start=start,
        end=start + timedelta(days=length),
        spread=basis,
        reporting=None,
        budget_lines=(row,),
    )
    for counted in (quarters(award, 4), _tiled(award)):
        whole = [
            finance(award, (), period, return_year(award, period, 4), Written(), Limits(), TODAY)
            for period in counted
        ]
        assert sum(each.total.profile for each in whole) == row.amount


def _tiled(award: Award) -> tuple[Period, ...]:
    found, day = [], award.start
    while day <= award.end:
        found.append(financial_quarter(day))
        day = found[-1].end + timedelta(days=1)
    return tuple(found)


# --- the year to date ------------------------------------------------------------------------


def test_the_year_to_date_counts_from_the_grants_own_year_where_its_quarters_fit() -> None:
    october = replace(NEXT_STEP, start=date(2025, 10, 1), reporting=None)
    year = return_year(october, parse_period("2026-27 Q2"), 4)
    assert (year.start, year.end) == (date(2025, 10, 1), date(2026, 9, 30))


def test_a_funder_who_reports_by_the_financial_year_counts_from_april() -> None:
    terms = Reporting(frequency="quarter", anchor="financial-year")
    october = replace(NEXT_STEP, start=date(2025, 10, 1), reporting=terms)
    assert return_year(october, parse_period("2026-27 Q2"), 4).start == date(2026, 4, 1)


def test_a_grant_from_the_middle_of_a_quarter_counts_by_financial_years_throughout() -> None:
    may = replace(NEXT_STEP, start=date(2026, 5, 15), reporting=None)
    for quarter in ("2026-27 Q1", "2026-27 Q2", "2027-28 Q1"):
        assert return_year(may, parse_period(quarter), 4).name.startswith("financial year")
    own = parse_period("grant Q5", 4, may)
    assert return_year(may, own, 4).name == "grant year 2"


def test_earlier_years_spending_counts_in_the_outturn_and_not_in_the_year() -> None:
    actuals = as_budgeted("2026-06-30", "2026-12-31", "2027-04-30")
    figures = returned(charity(actuals=actuals), "2027-28 Q1", today=date(2027, 7, 10))
    total = figures.finance.total
    assert (total.earlier, total.actual_ytd, total.actual) == (6_000_00, 3_000_00, 3_000_00)
    assert total.outturn == 9_000_00 + 9_000_00


# --- posts -----------------------------------------------------------------------------------


def test_a_shared_post_is_claimed_by_its_share() -> None:
    book = charity(posts=(adviser(),), allocations=(share("50"),))
    (row,) = returned(book).posts
    # £24,000 + NIC 15 % of £19,000 = £26,850: £2,237.50 a month, half of it for three months
    assert row.cost == 3 * 1_118_75
    assert (row.role, row.service, row.status) == ("Adviser", "Advice", "In post")
    assert (row.share, row.months) == (Decimal(50), Decimal(3))
    assert row.vacancy_weeks == 0
    assert (row.start, row.end) == (date(2026, 7, 1), date(2026, 9, 30))


def test_a_vacancy_costs_nothing_and_is_counted_in_weeks() -> None:
    gap = Vacancy(from_=date(2026, 8, 4), to=date(2026, 8, 31))
    book = charity(posts=(adviser(vacancies=(gap,)),), allocations=(share("100"),))
    (row,) = returned(book).posts
    assert row.vacancy_weeks == 4
    assert row.months == Decimal("2.10")
    assert row.cost == 2 * 2_237_50 + 216_53


def test_a_vacant_post_is_shown_with_nothing_claimed() -> None:
    book = charity(posts=(adviser(status="vacant"),), allocations=(share("100"),))
    (row,) = returned(book).posts
    assert (row.status, row.cost) == ("Vacant", 0)
    assert row.months == 0
    assert row.vacancy_weeks == Decimal("13.1")


def test_two_shares_of_one_post_stand_in_two_rows() -> None:
    allocations = (
        share("40", to=date(2026, 8, 31)),
        share("60", from_=date(2026, 9, 1)),
    )
    rows = returned(charity(posts=(adviser(),), allocations=allocations)).posts
    assert [(row.share, row.cost) for row in rows] == [
        (Decimal(40), 1_790_00),
        (Decimal(60), 1_342_50),
    ]


def test_a_post_of_another_award_or_another_time_is_not_shown() -> None:
    other = replace(NEXT_STEP, key="other")
    posts = (adviser(), adviser(key="gone", end=date(2026, 6, 30)))
    allocations = (
        share("100", award="other"),
        share("100", key="b", post="gone"),
        share("10", key="c", from_=date(2026, 10, 1)),
    )
    book = charity(other_awards=(other,), posts=posts, allocations=allocations)
    assert returned(book).posts == ()


def test_a_pay_rise_in_the_period_is_claimed_from_its_day() -> None:
    rise = PayChange(from_=date(2026, 9, 1), salary=36_000_00)
    book = charity(posts=(adviser(pay_changes=(rise,)),), allocations=(share("100"),))
    assert returned(book).posts[0].cost == 2 * 2_237_50 + 3_387_50


@given(
    start=st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    salary=st.integers(1, 9_000_000),
    percent=st.sampled_from(["33.33", "50", "100", "12.5"]),
)
def test_the_claims_of_grant_quarters_add_up_to_the_claim_of_the_whole_year(
    start: date, salary: int, percent: str
) -> None:
    terms = {"start": start, "end": start + timedelta(days=800), "reporting": None}
    post = adviser(start=date(2020, 1, 1), salary=salary)
    book = charity(award=terms, posts=(post,), allocations=(share(percent),))
    parts = [returned(book, f"grant Q{number}").posts[0].cost for number in range(1, 5)]
    assert sum(parts) == returned(book, "grant year 1").posts[0].cost


# --- the cover -------------------------------------------------------------------------------


def test_the_cover_says_who_reports_what_to_whom_and_when() -> None:
    payment = Payment(
        due=date(2026, 7, 1), amount=3_000_00, received_on=date(2026, 7, 9), received=2_999_00
    )
    later = Payment(due=date(2026, 7, 1), amount=3_000_00, received_on=date(2026, 12, 1))
    extension = Extension(key="x", end=date(2028, 6, 30), amount=3_000_00, exercised=True)
    cover = returned(
        charity(award={"payments": (payment, later), "extensions": (extension,)})
    ).cover
    assert (cover.funder, cover.ultimate_source) == (
        "Police and Crime Commissioner",
        "Ministry of Justice",
    )
    assert (cover.return_number, cover.year_of_grant) == (2, "1 of 3")
    assert cover.due == date(2026, 10, 30)
    assert (cover.awarded, cover.varied_to, cover.received) == (24_000_00, 27_000_00, 2_999_00)
    assert cover.end == date(2028, 6, 30)


def test_an_uplift_is_part_of_the_amount_as_varied() -> None:
    uplift = Uplift(from_=date(2027, 4, 1), percent=Decimal(10))
    cover = returned(charity(award={"uplifts": (uplift,)})).cover
    assert cover.varied_to == 12_000_00 + 13_200_00


def test_a_return_due_on_a_day_of_the_month_after_clamps_to_its_end() -> None:
    terms = Reporting(frequency="quarter", due_day=31)
    assert due_date(terms, date(2027, 1, 31)) == date(2027, 2, 28)
    assert due_date(Reporting(frequency="quarter"), date(2027, 1, 31)) is None


def test_returns_are_numbered_from_the_first_that_holds_a_day_of_the_award() -> None:
    may = replace(NEXT_STEP, start=date(2026, 5, 15))
    numbers = [return_number(may, period) for period in _tiled(may)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert return_number(may, grant_quarter(may.start, 3)) == 3


# --- what is refused -------------------------------------------------------------------------


def test_an_award_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(RefusedError, match="Its awards: next-step"):
        returned(charity(), award="nextstep")


def test_a_period_outside_the_award_is_refused_with_the_quarters_it_has() -> None:
    with pytest.raises(RefusedError, match=r'"2026-27 Q1", .*"2027-28 Q4"'):
        returned(charity(), "2025-26 Q4")


def test_a_forecast_that_is_not_a_sum_is_refused_with_its_place() -> None:
    book = charity(returns=(kept("2026-27 Q2", figures='{"remaining": {"staff": "lots"}}'),))
    with pytest.raises(RefusedError, match=r"returns\.0\.figures\.remaining\.staff"):
        returned(book)


# --- what is kept ----------------------------------------------------------------------------


def test_a_sent_return_keeps_its_figures_and_words() -> None:
    figures = json.dumps({"notes": {"staff": "The adviser started in June."}})
    book = charity(
        posts=(adviser(),),
        allocations=(share("50"),),
        actuals=as_budgeted("2026-06-30"),
        returns=(kept("2026-27 Q1", figures=figures),),
    )
    plain = json.loads(frozen(returned(book, "2026-27 Q1")))
    assert plain["lines"]["staff"]["actual_ytd"] == "2250.00"
    assert plain["notes"] == {"staff": "The adviser started in June."}
    assert plain["posts"][0] == {
        "post": "adviser",
        "start": "2026-04-01",
        "end": "2026-06-30",
        "share": "50",
        "cost": "3356.25",
    }
    assert plain["year"] == {"start": "2026-04-01", "end": "2027-03-31"}


def test_a_return_is_final_once_approved_and_a_draft_again_when_queried() -> None:
    for status, final in (("draft", False), ("approved", True), ("queried", False), ("paid", True)):
        assert returned(charity(returns=(kept("2026-27 Q2", status),))).final is final


def test_the_budget_is_shown_with_the_version_agreed_by_today() -> None:
    versions = (
        BudgetVersion(agreed_on=date(2026, 3, 1), lines=(STAFF, ACTIVITIES)),
        BudgetVersion(agreed_on=date(2026, 12, 1), lines=()),
    )
    figures = returned(charity(award={"budget_versions": versions}))
    assert line(figures, "staff").version == "1 (1 March 2026)"


def pence(pounds: str) -> int:
    return int(Decimal(pounds) * 100)
