"""What an award's own page says, each in a world of a few lines."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundtrack.core.indicators import (
    next_period,
    points,
    renamed,
    with_reading,
    with_target,
    without,
)
from fundtrack.core.model import Award, Indicator, Reading, Target
from fundtrack.core.one_award import (
    budget,
    chain,
    charged,
    expected_on,
    fte_of,
    money,
    renewal,
    standing,
    together,
    unlisted,
)
from tests.core.world import award, award_of, by_month, charity, grant, look, pays, pence, worker

TODAY = "2026-07-01"


def actual(key: str, on: str, amount: str, **fields: Any) -> dict[str, Any]:
    return {"list": "actuals", "key": key, "award": "core", "on": on, "amount": amount} | fields


def said(key: str, on: str, grade: int) -> dict[str, Any]:
    return {"list": "evidence", "key": key, "award": "core", "on": on, "grade": grade}


def the(book: Any, key: str = "core") -> Award:
    found: Award = book.awards_by_key[key]
    return found


# --- money -------------------------------------------------------------------------------


def test_what_is_left_is_what_was_agreed_less_what_the_accounts_have() -> None:
    book = charity(
        grant(
            "core",
            "2026-04-01..2027-03-31",
            12_000,
            payments=[
                {"due": "2026-04-01", "amount": "6000.00", "received_on": "2026-04-20"},
                {"due": "2026-10-01", "amount": "6000.00"},
            ],
            payment_lag_days=14,
            extensions=[
                {"key": "x", "end": "2027-06-30", "amount": "500.00", "exercised": True},
                {"key": "y", "end": "2027-09-30", "amount": "700.00"},
            ],
        ),
        actual("a", "2026-05-31", "1000.00"),
        actual("b", "2026-06-30", "250.50"),
        actual("c", "2026-08-31", "9000.00"),
    )
    found = money(book, look(book, TODAY), the(book))
    assert found.agreed == pence(12_500)
    assert found.received == pence(6_000)
    assert (found.spent, found.spent_to) == (pence("1250.50"), date(2026, 6, 30))
    assert found.left == pence("11249.50")
    assert expected_on(the(book), the(book).payments[1]) == date(2026, 10, 15)
    assert unlisted(the(book)) == pence(500)


def test_nothing_is_said_to_be_spent_or_received_where_the_book_has_nothing() -> None:
    book = charity(grant("core", "2026-04-01..2027-03-31", 12_000))
    found = money(book, look(book, TODAY), the(book))
    assert (found.spent, found.left, found.received) == (None, None, None)


def test_the_months_are_the_forecasts_own_at_the_awards_certainty() -> None:
    book = charity(
        grant("core", "2026-04-01..2027-03-31", 12_000, stage="agreed-in-principle"),
        worker("w", 900),
        pays("core", "w"),
    )
    told = look(book, "2026-04-01")
    found = money(book, told, the(book))
    assert found.certainty == "probable"
    forecast = award_of(told, "core", "probable")
    for name, figures in (("income", forecast.income), ("charged", forecast.charged)):
        shown = {f"{row.month:%Y-%m}": getattr(row, name) for row in found.months}
        expected = by_month(told, figures)
        assert shown == {month: expected[month] for month in shown}


def test_an_award_that_will_not_be_money_has_no_months() -> None:
    book = charity(award("core", "2026-04-01..2027-03-31", 12_000, stage="withdrawn"))
    found = money(book, look(book, TODAY), the(book))
    assert (found.certainty, found.months) == (None, ())


def test_amounts_are_added_only_where_they_are_equally_sure() -> None:
    book = charity(
        award("a", "2026-04-01..2027-03-31", 100),
        award("b", "2026-04-01..2027-03-31", 200, stage="awarded"),
        award("c", "2026-04-01..2027-03-31", 400, stage="idea"),
        award("d", "2026-04-01..2027-03-31", 800, stage="withdrawn"),
    )
    a, b, c, d = book.awards
    assert together([a, b]) == pence(300)
    assert together([a, c]) is None
    assert together([d]) is None


# --- who it pays for ---------------------------------------------------------------------


def test_a_post_is_told_with_its_share_and_who_pays_when_the_award_has_ended() -> None:
    book = charity(
        grant("core", "2026-04-01..2026-12-31", 12_000),
        grant("next", "2027-01-01..2027-12-31", 6_000, stage="agreed-in-principle"),
        worker("w", 1_000),
        pays("core", "w", "80"),
        pays("next", "w", "50"),
    )
    (row,) = charged(book, look(book, TODAY), the(book))
    assert (row.percent, row.a_year) == (Decimal(80), pence(6 * 800))
    assert row.after == "50% probable, 50% unfunded"
    assert row.after_cover == "probable"
    assert fte_of((row,)) == Decimal("0.80")


# --- budget ------------------------------------------------------------------------------


def test_the_variance_is_the_budget_up_to_today_less_what_was_spent() -> None:
    line = {"key": "pay", "title": "Pay", "amount": "12000.00"}
    book = charity(
        grant("core", "2026-04-01..2027-03-31", 12_000, budget_lines=[line]),
        actual("a", "2026-06-30", "3100.00", budget_line="pay"),
        actual("b", "2026-06-30", "20.00"),
    )
    found = budget(book, the(book), date(2026, 6, 30))
    sums = {each.key: each.sums for each in found.lines}
    assert sums["pay"].profile == pence(3_000)
    assert sums["pay"].variance == pence(-100)
    assert sums[""].variance == pence(-20)
    assert found.total.variance == pence(-120)


def test_a_budget_that_has_not_begun_plans_nothing_yet() -> None:
    book = charity(grant("core", "2026-04-01..2027-03-31", 12_000))
    assert budget(book, the(book), date(2026, 1, 1)).total.profile == 0


# --- renewals ----------------------------------------------------------------------------


def test_the_chain_holds_what_was_renewed_and_all_that_renews_it() -> None:
    book = charity(
        award("third", "2028-04-01..2029-03-31", 100, renewal_of="core"),
        award("first", "2026-04-01..2027-03-31", 100),
        award("core", "2027-04-01..2028-03-31", 100, renewal_of="first"),
        award("other", "2027-04-01..2028-03-31", 100, renewal_of="first"),
        award("alone", "2027-04-01..2028-03-31", 100),
    )
    assert [link.key for link in chain(book, the(book))] == ["first", "core", "third"]
    assert [link.here for link in chain(book, the(book))] == [False, True, False]


def test_a_renewal_begins_the_day_after_the_last_and_is_as_long() -> None:
    book = charity(grant("core", "2026-04-01..2028-03-31", 24_000))
    made = renewal(the(book), "core-2")
    assert (made.start, made.end) == (date(2028, 4, 1), date(2030, 3, 31))
    assert (made.stage, made.amount, made.renewal_of) == ("idea", pence(24_000), "core")


# --- evidence ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grade", "stage", "doubt"),
    [
        (3, "agreed-in-principle", ""),
        (2, "agreed-in-principle", "suggests possible: the stage claims more."),
        (5, "agreed-in-principle", "suggests secured: the stage claims less."),
        (3, "live", "suggests probable: the stage claims more."),
    ],
)
def test_evidence_is_laid_beside_what_the_stage_claims(grade: int, stage: str, doubt: str) -> None:
    book = charity(
        award("core", "2026-04-01..2027-03-31", 100, stage=stage), said("e", "2026-06-20", grade)
    )
    found = standing(book, the(book), date(2026, 7, 1))
    assert found.doubt.endswith(doubt)
    assert bool(found.doubt) is bool(doubt)


def test_an_e_mail_counts_one_less_after_sixty_days() -> None:
    book = charity(
        award("core", "2026-04-01..2027-03-31", 100, stage="agreed-in-principle"),
        said("e", "2026-05-01", 3),
    )
    assert standing(book, the(book), date(2026, 6, 30)).fades_on == date(2026, 7, 1)
    assert standing(book, the(book), date(2026, 6, 30)).doubt == ""
    faded = standing(book, the(book), date(2026, 7, 1))
    assert faded.fades_on is None
    assert "counting one less with time, suggests possible" in faded.doubt


# --- indicators --------------------------------------------------------------------------

VISITS = Indicator(
    key="i",
    award="core",
    title="Visits",
    targets=(Target(period="2026-27 Q1", value=Decimal(40)),),
    readings=(Reading(period="2026-27 Q1", value=Decimal(30), note="Snow"),),
)


def test_a_reading_is_laid_beside_its_target() -> None:
    (point,) = points(VISITS)
    assert (point.target, point.reading) == (Decimal(40), Decimal(30))
    assert point.reached == Decimal(75)


def test_a_period_is_given_another_name_that_can_be_read_and_is_not_taken() -> None:
    book = charity(award("core", "2026-04-01..2027-03-31", 100, reporting={"frequency": "quarter"}))
    (point,) = points(VISITS)
    edit = renamed(point, the(book), book.organisation, "2026-27 Q2")
    after = edit.changes[0].after
    assert isinstance(after, Indicator)
    assert (after.targets[0].period, after.readings[0].period) == ("2026-27 Q2", "2026-27 Q2")
    with pytest.raises(ValueError, match=r"\w"):
        renamed(point, the(book), book.organisation, "the wet part of spring")
    assert next_period(the(book), book.organisation, VISITS) == "2026-27 Q2"


@given(st.lists(st.sampled_from(["Q1", "Q2", "Q3"]), unique=True), st.integers(0, 2), st.integers())
def test_a_target_typed_and_taken_away_leaves_the_rest_as_it_was(
    periods: list[str], at: int, value: int
) -> None:
    targets = tuple(Target(period=each, value=Decimal(1)) for each in periods)
    before = Indicator(key="i", title="I", targets=targets)
    for point in points(before)[at : at + 1]:
        put = with_target(point, Decimal(value))
        after = put.changes[0].after if put.changes else before
        assert isinstance(after, Indicator)
        assert [each.period for each in after.targets] == periods
        gone = with_target(point, None).changes[0].after
        assert isinstance(gone, Indicator)
        assert [each.period for each in gone.targets] == [p for p in periods if p != point.period]


def test_a_note_without_a_reading_is_not_kept_and_a_period_goes_with_both() -> None:
    (point,) = points(VISITS)
    after = with_reading(point, None, "Snow").changes[0].after
    assert isinstance(after, Indicator)
    assert after.readings == ()
    left = without(VISITS, ("2026-27 Q1",)).changes[0].after
    assert isinstance(left, Indicator)
    assert (left.targets, left.readings) == ((), ())
