"""A post paid twice over is flagged on the days it is, and a share that would do so is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from fundtrack.core.edit import Edit, add, change, remove
from fundtrack.core.model import Allocation, Portfolio
from fundtrack.core.overclaim import Over, claimed_twice_by, over_claims
from tests.core.world import charity, grant, look, pays, post


def two_grants(first: int, second: int, **second_fields: str) -> Portfolio:
    """A worker on two grants that overlap from June to September 2026."""
    return charity(
        grant("refuge", "2026-04-01..2026-09-30", 30_000),
        grant("courts", "2026-06-01..2027-03-31", 30_000, **second_fields),
        post("worker", 30_000, "2024-04-01"),
        pays("refuge", "worker", percent=str(first)),
        pays("courts", "worker", percent=str(second)),
    )


def of_award(book: Portfolio, award: str) -> Allocation:
    return next(each for each in book.allocations if each.award == award)


def test_a_post_is_over_claimed_on_the_days_when_its_grants_overlap() -> None:
    told = look(two_grants(100, 20), "2026-05-01")
    assert over_claims(told, "worker") == (Over(date(2026, 6, 1), date(2026, 9, 30), Decimal(120)),)


def test_a_hope_beside_secured_money_is_no_claim() -> None:
    told = look(two_grants(100, 100, stage="submitted"), "2026-05-01")
    assert over_claims(told, "worker") == ()


def test_a_share_that_would_claim_a_post_twice_is_refused_in_words() -> None:
    book = two_grants(100, 0)
    share = of_award(book, "courts")
    edit = Edit("Raise", (change("allocations", share, replace(share, percent=Decimal(20))),))
    [problem] = claimed_twice_by(book, edit)
    assert problem.says == (
        "Post worker would be 120 % claimed in June 2026. Lower a share, or end one sooner"
    )


def test_only_the_days_that_are_worse_than_before_are_spoken_of() -> None:
    book = two_grants(100, 20)
    share = of_award(book, "refuge")
    later = replace(share, to=date(2026, 8, 31))
    assert claimed_twice_by(book, Edit("End sooner", (change("allocations", share, later),))) == ()
    raised = Allocation(key="more", post="worker", percent=Decimal(90), from_=date(2027, 1, 1))
    [problem] = claimed_twice_by(book, Edit("Add", (add("allocations", raised),)))
    assert "110 % claimed in January 2027" in problem.says


def test_what_is_over_already_may_be_lowered_and_may_stay() -> None:
    book = two_grants(100, 100)
    share = of_award(book, "courts")
    lower = replace(share, percent=Decimal(50))
    assert claimed_twice_by(book, Edit("Lower", (change("allocations", share, lower),))) == ()
    gone = Edit("Remove", (remove(book, "allocations", share.key),))
    assert claimed_twice_by(book, gone) == ()


@given(st.integers(0, 100), st.integers(0, 100))
def test_a_share_is_refused_exactly_when_the_shares_pass_the_whole(first: int, second: int) -> None:
    book = two_grants(first, 0)
    share = of_award(book, "courts")
    edit = Edit("Raise", (change("allocations", share, replace(share, percent=Decimal(second))),))
    assert bool(claimed_twice_by(book, edit)) == (first + second > 100)
