"""Levers: a figure to try, the wish it makes, and the book that would come of it."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from fundtrack.core import levers
from fundtrack.core.edit import Edit
from fundtrack.core.levers import MAY_HAPPEN, WE_CHOOSE, Lever, drawn
from fundtrack.core.model import PayChange, Portfolio
from tests.core.harbour import TODAY, book, day, grant, post

BOOK = book(
    grant("core", "2026-04-01", "2027-03-31"),
    grant("next", "2027-04-01", "2028-03-31", stage="agreed-in-principle", renewal_of="core"),
    grant("idea", "2027-07-01", "2028-06-30", stage="idea"),
    post("idva", on="core", fte=Decimal("0.8"), weekly_hours=Decimal(28)),
)
CORE, NEXT, IDEA = BOOK.awards
IDVA = BOOK.posts[0]
SHARE = BOOK.allocations[0]


def after(*tried: Lever) -> Portfolio:
    made = drawn(BOOK, (), tried)
    assert made.faults == {}
    return made.portfolio


def every_lever() -> tuple[Lever, ...]:
    return (
        levers.late(NEXT),
        levers.price(NEXT),
        levers.extend(CORE),
        levers.lose(CORE, TODAY),
        levers.lose(IDEA, TODAY),
        levers.fte(IDVA),
        levers.ends(IDVA, TODAY),
        levers.move(BOOK, SHARE, "next", day("2027-04-01")),
        levers.pay(BOOK, day("2027-04-01")),
    )


def test_a_lever_where_the_book_stands_asks_for_nothing() -> None:
    still = [each for each in every_lever() if not each.moved]
    assert len(still) >= 8
    made = drawn(BOOK, (), still)
    assert made.changes == ()
    assert made.portfolio == BOOK


def test_a_funder_decides_some_and_the_charity_the_others() -> None:
    groups = {each.kind: each.group for each in every_lever()}
    assert {kind for kind, group in groups.items() if group == MAY_HAPPEN} == {
        "late",
        "price",
        "extend",
        "early",
        "lost",
    }
    assert {groups[kind] for kind in ("fte", "ends", "move", "pay")} == {WE_CHOOSE}


def test_a_late_award_starts_and_ends_as_many_months_later() -> None:
    then = after(levers.late(NEXT).at(Decimal(3))).awards_by_key["next"]
    assert (then.start, then.end) == (day("2027-07-01"), day("2028-06-30"))
    assert then.amount == NEXT.amount


def test_an_award_may_come_to_less_or_more_to_the_penny() -> None:
    then = after(levers.price(NEXT).at(Decimal(85)))
    assert then.awards_by_key["next"].amount == 51_000_00


def test_an_extension_is_at_the_rate_of_the_first_term() -> None:
    then = after(levers.extend(CORE).at(Decimal(6))).awards_by_key["core"]
    assert max(each.end for each in then.extensions) == day("2027-09-30")
    assert then.extensions[-1].amount == 30_000_00


def test_an_agreed_award_ends_early_and_a_hoped_one_never_comes() -> None:
    early = after(levers.lose(CORE, TODAY).at(Decimal(2))).awards_by_key["core"]
    assert early.end == day("2027-01-31")
    lost = after(levers.lose(IDEA, TODAY).at(Decimal(1))).awards_by_key["idea"]
    assert lost.stage == "unsuccessful"


def test_fewer_hours_keep_their_proportion_to_the_week() -> None:
    then = after(levers.fte(IDVA).at(Decimal("0.4"))).posts_by_key["idva"]
    assert (then.fte, then.weekly_hours) == (Decimal("0.4"), Decimal(14))


def test_a_post_ends_with_a_month_or_goes_on() -> None:
    lever = levers.ends(IDVA, TODAY)
    assert not lever.moved
    assert lever.says(lever.value) == "goes on"
    then = after(lever.at(Decimal(4)))
    assert then.posts_by_key["idva"].end == day("2027-03-31")
    again = levers.ends(then.posts_by_key["idva"], TODAY)
    assert again.now == 4
    assert drawn(then, (), (again.at(again.high),)).portfolio.posts_by_key["idva"].end is None


def test_a_share_moved_from_a_day_leaves_what_was_before_it() -> None:
    lever = levers.move(BOOK, SHARE, "next", day("2027-04-01")).at(Decimal(60))
    shares = after(lever).allocations
    moved = next(each for each in shares if each.award == "next")
    assert (moved.percent, moved.from_) == (Decimal(60), day("2027-04-01"))
    kept = [each for each in shares if each.award == "core" and each.to != day("2027-03-31")]
    assert sum(each.percent for each in kept) <= 100


def test_a_pay_award_is_for_every_post_and_knows_what_stands_already() -> None:
    raised = replace(IDVA, pay_changes=(PayChange(from_=day("2027-04-01"), percent=Decimal(2)),))
    known = replace(BOOK, posts=(raised,))
    lever = levers.pay(known, day("2027-04-01"))
    assert lever.now == 2
    then = drawn(known, (), (lever.at(Decimal("3.5")),)).portfolio
    (rise,) = then.posts[0].pay_changes
    assert rise.percent == Decimal("3.5")


def test_an_award_the_book_does_not_have_pays_for_a_post() -> None:
    fresh = grant("fresh", "2027-04-01", "2028-03-31", 40_000, stage="idea")
    then = after(levers.new_award(fresh, "idva").at(Decimal(30_000)))
    made = then.awards[-1]
    assert (made.title, made.amount) == ("The fresh grant", 30_000_00)
    assert [each.percent for each in then.allocations if each.award == made.key] == [Decimal(100)]


def test_what_cannot_be_is_said_and_the_rest_still_tried() -> None:
    gone = replace(levers.price(NEXT), key="nothing").at(Decimal(50))
    made = drawn(BOOK, (), (gone, levers.price(NEXT).at(Decimal(50))))
    assert set(made.faults) == {gone.name}
    assert made.portfolio.awards_by_key["next"].amount == 30_000_00


@given(value=st.decimals(-500, 500, places=2), place=st.integers(0, 8))
def test_a_lever_never_leaves_its_bounds(value: Decimal, place: int) -> None:
    lever = every_lever()[place]
    moved = lever.at(value)
    assert lever.low <= moved.value <= lever.high
    assert moved.says(moved.value)


@given(percent=st.integers(1, 150), months=st.integers(0, 12))
def test_what_a_lever_made_is_recognised_as_that_lever(percent: int, months: int) -> None:
    tried = [levers.price(NEXT).at(Decimal(percent)), levers.late(NEXT).at(Decimal(months))]
    made = drawn(BOOK, (), tried)
    found, rest = levers.recovered(BOOK, made.changes, TODAY)
    assert rest == ()
    assert drawn(BOOK, (), found).portfolio == made.portfolio


def test_a_change_no_lever_makes_is_kept_beside_them() -> None:
    award = replace(NEXT, title="Another name")
    made = drawn(BOOK, (), (levers.price(IDEA).at(Decimal(50)),))
    changes = (*made.changes, *Edit("", ()).changes)
    renamed = replace(made.changes[0], key="next", before=NEXT, after=award)
    found, rest = levers.recovered(BOOK, (*changes, renamed), TODAY)
    assert [each.name for each in found] == [levers.price(IDEA).name]
    assert rest == (renamed,)


def test_what_to_try_first_is_the_renewal_the_post_at_risk_and_the_pay_award() -> None:
    begun = levers.to_begin_with(BOOK, TODAY, ("idva",))
    assert [each.kind for each in begun] == ["late", "price", "fte", "pay"]
    assert [each.key for each in begun[:3]] == ["next", "next", "idva"]
    assert begun[3].day == date(2027, 4, 1)
    assert not any(each.moved for each in begun)


def test_the_next_financial_year_begins_after_today() -> None:
    assert levers.next_april(BOOK, day("2027-04-01")) == day("2028-04-01")
    assert levers.next_april(BOOK, day("2027-03-31")) == day("2027-04-01")
    assert levers.next_april(BOOK, TODAY) - TODAY > timedelta(0)


def test_a_lever_follows_the_book_and_one_whose_record_is_gone_goes() -> None:
    still, moved = levers.fte(IDVA), levers.fte(IDVA).at(Decimal("0.5"))
    full = replace(BOOK, posts=(replace(IDVA, fte=Decimal(1)),))
    follows = levers.brought_up_to_date(still, full, TODAY)
    keeps = levers.brought_up_to_date(moved, full, TODAY)
    assert follows is not None
    assert keeps is not None
    assert follows.value == keeps.now == 1
    assert keeps.value == Decimal("0.5")
    without = replace(BOOK, posts=(), allocations=())
    assert levers.brought_up_to_date(moved, without, TODAY) is None
    agreed = replace(BOOK, awards=(CORE, NEXT, replace(IDEA, stage="live")))
    assert levers.brought_up_to_date(levers.lose(IDEA, TODAY), agreed, TODAY) is None
