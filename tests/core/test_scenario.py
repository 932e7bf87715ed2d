from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fundtrack.core import wishes
from fundtrack.core.check import check
from fundtrack.core.comparison import Comparison, compare, summary, unfunded_fte
from fundtrack.core.edit import Edit, change, difference
from fundtrack.core.errors import RefusedError, StaleEditError
from fundtrack.core.model import (
    Allocation,
    Award,
    Balances,
    Bid,
    Extension,
    Funder,
    PayChange,
    Payment,
    Portfolio,
    ProfileMonth,
    Scenario,
    Uplift,
)
from fundtrack.core.scenario import (
    accept,
    applied,
    described,
    described_together,
    merged,
    planned,
    rebased,
    saved,
)
from tests.core.harbour import TODAY, book, day, grant, post, told
from tests.strategies import edits, portfolios

CORE = grant("core", "2026-04-01", "2027-03-31", 60_000)
HOPED = grant("hoped", "2027-04-01", "2028-03-31", 48_000, stage="submitted", renewal_of="core")


def harbour(*records: Any, core: Award = CORE, **organisation: Any) -> Portfolio:
    return book(core, HOPED, post("idva", on="core"), *records, **organisation)


def granted(portfolio: Portfolio, wish: wishes.Wish) -> Portfolio:
    """The book with a wish granted, which may always be saved."""
    after, _ = planned(portfolio, [wish])
    assert check(after) == ()
    return after


def income(portfolio: Portfolio, key: str = "core", certainty: str = "secured") -> dict[str, int]:
    """The forecast's income of one award by month, where there is any."""
    found = told(portfolio).forecast[certainty]  # type: ignore[index]
    award = next((each for each in found.awards if each.key == key), None)
    if award is None:
        return {}
    months = zip(found.months, award.income.tolist(), strict=True)
    return {f"{month:%Y-%m}": pence for month, pence in months if pence}


# --- wishes: an award --------------------------------------------------------------------------


def test_an_award_extended_pays_on_to_the_new_day_and_its_posts_with_it() -> None:
    wish = partial(wishes.extend, award="core", end=day("2027-06-30"), amount=15_000_00)
    after = granted(harbour(), wish)
    assert list(income(after).items())[-3:] == [
        ("2027-04", 5_000_00),
        ("2027-05", 5_000_00),
        ("2027-06", 5_000_00),
    ]
    assert told(after).posts[0].funded_to == date(2027, 6, 30)
    assert wish(harbour()).label == "Extend The core grant to 30 June 2027 for £15,000"


def test_an_option_of_that_day_is_taken_up_and_shorter_ones_are_overtaken() -> None:
    options = (
        Extension(key="short", end=day("2027-06-30"), amount=100),
        Extension(key="year", end=day("2028-03-31"), amount=200, notice_months=3),
        Extension(key="long", end=day("2029-03-31"), amount=300),
    )
    portfolio = harbour(core=replace(CORE, extensions=options))
    wish = partial(wishes.extend, award="core", end=day("2028-03-31"), amount=150)
    year, long = granted(portfolio, wish).awards[0].extensions
    assert (year.key, year.amount, year.exercised, year.notice_months) == ("year", 150, True, 3)
    assert (long.key, long.exercised) == ("long", None)


def test_an_award_cannot_be_extended_to_a_day_it_already_covers() -> None:
    with pytest.raises(RefusedError, match="not after 31 March 2027"):
        wishes.extend(harbour(), "core", day("2027-03-31"), 100)


def test_a_bid_lost_is_unsuccessful() -> None:
    assert granted(harbour(), partial(wishes.lose, award="hoped")).awards[1].stage == "unsuccessful"


def test_a_live_award_lost_keeps_only_what_lies_on_the_days_before() -> None:
    wish = partial(wishes.lose, award="core", on=day("2027-02-14"))
    before, after = income(harbour()), income(granted(harbour(), wish))
    assert "2027-03" not in after
    assert after["2027-02"] == 2_500_00
    assert after["2027-01"] == before["2027-01"]
    assert granted(harbour(), wish).awards[0].amount == 52_500_00


def test_a_lost_award_with_a_profile_keeps_the_months_before_and_a_share_of_its_last() -> None:
    profile = tuple(ProfileMonth(month=day(f"2027-0{n}-01"), amount=n * 100_00) for n in (1, 2, 3))
    award = grant("core", "2027-01-01", "2027-03-31", 600, profile=profile)
    lost = granted(harbour(core=award), partial(wishes.lose, award="core", on=day("2027-02-07")))
    assert income(lost) == {"2027-01": 100_00, "2027-02": 50_00}


def test_an_award_lost_within_its_extension_keeps_the_days_of_it_that_ran() -> None:
    options = (
        Extension(key="a", end=day("2027-09-30"), amount=6_000_00, exercised=True),
        Extension(key="b", end=day("2028-03-31"), amount=6_000_00, exercised=True),
    )
    portfolio = harbour(core=replace(CORE, extensions=options))
    lost = granted(portfolio, partial(wishes.lose, award="core", on=day("2027-05-31")))
    assert [(each.key, each.end, each.amount) for each in lost.awards[0].extensions] == [
        ("a", date(2027, 5, 31), 2_000_00)
    ]


def test_payments_due_after_an_award_is_lost_do_not_come() -> None:
    payments = tuple(
        Payment(due=day(due), amount=15_000_00) for due in ("2027-01-01", "2027-03-01")
    )
    portfolio = harbour(core=replace(CORE, payments=payments))
    lost = granted(portfolio, partial(wishes.lose, award="core", on=day("2027-02-14")))
    assert lost.awards[0].payments == payments[:1]


@pytest.mark.parametrize("on", [None, "2026-03-31", "2027-03-31"])
def test_a_live_award_is_lost_on_a_day_of_its_own(on: str | None) -> None:
    with pytest.raises(RefusedError, match="give a last day from 1 April 2026"):
        wishes.lose(harbour(), "core", None if on is None else day(on))


def test_a_renewal_that_starts_late_brings_the_same_money_later() -> None:
    portfolio = granted(harbour(), partial(wishes.restage, award="hoped", stage="awarded"))
    late = granted(portfolio, partial(wishes.delay, award="hoped", months=3))
    assert next(iter(income(late, "hoped"))) == "2027-07"
    assert late.awards[1].end == date(2028, 6, 30)
    assert sum(income(late, "hoped").values()) == sum(income(portfolio, "hoped").values())
    assert told(late).posts[0].cliff_date == date(2027, 4, 1)


def test_everything_dated_of_an_award_moves_along_when_it_is_late() -> None:
    dated = replace(
        HOPED,
        profile=(ProfileMonth(month=day("2027-04-01"), amount=100),),
        uplifts=(Uplift(from_=day("2027-10-01"), percent=Decimal(2)),),
        extensions=(Extension(key="x", end=day("2028-09-30"), amount=1),),
        payments=(
            Payment(due=day("2027-04-01"), amount=5),
            Payment(due=day("2027-01-01"), amount=5, received_on=day("2027-01-04")),
        ),
    )
    shares = Allocation(
        key="s",
        post="idva",
        award="hoped",
        percent=Decimal(50),
        from_=day("2027-04-01"),
        to=day("2027-09-30"),
    )
    portfolio = book(CORE, dated, post("idva", on="core"), shares)
    late = granted(portfolio, partial(wishes.delay, award="hoped", months=2))
    award, share = late.awards[1], late.allocations[1]
    assert award.profile[0].month == date(2027, 6, 1)
    assert award.uplifts[0].from_ == date(2027, 12, 1)
    assert award.extensions[0].end == date(2028, 11, 30)
    assert [paid.due for paid in award.payments] == [date(2027, 6, 1), date(2027, 1, 1)]
    assert (share.from_, share.to) == (date(2027, 6, 1), date(2027, 11, 30))
    back = granted(late, partial(wishes.delay, award="hoped", months=-2))
    assert back == portfolio


def test_the_end_of_a_month_stays_the_end_of_a_month() -> None:
    award = grant("core", "2026-07-01", "2027-06-30")
    late = granted(harbour(core=award), partial(wishes.delay, award="core", months=6))
    assert (late.awards[0].start, late.awards[0].end) == (date(2027, 1, 1), date(2027, 12, 31))


def test_an_award_of_one_day_has_a_day_in_february_too() -> None:
    award = grant("core", "2026-09-29", "2026-09-29")
    late = granted(harbour(core=award), partial(wishes.delay, award="core", months=5))
    assert (late.awards[0].start, late.awards[0].end) == (date(2027, 2, 28), date(2027, 2, 28))
    assert income(late) == {"2027-02": award.amount}


def test_what_is_moved_there_and_back_is_no_change_at_all() -> None:
    there_and_back = [partial(wishes.delay, award="hoped", months=n) for n in (3, -3)]
    assert merged(planned(harbour(), there_and_back)[1]) == ()


def test_on_time_is_no_change() -> None:
    assert wishes.delay(harbour(), "core", 0).changes == ()


def test_an_award_at_nine_tenths_brings_nine_tenths_every_month() -> None:
    nine = granted(harbour(), partial(wishes.reprice, award="core", percent=Decimal(90)))
    assert set(income(nine).values()) == {4_500_00}


def test_a_new_price_reaches_the_profile_and_the_payments_still_to_come() -> None:
    profile = tuple(ProfileMonth(month=day(f"2027-0{n}-01"), amount=300_00) for n in (1, 2, 3))
    payments = (
        Payment(due=day("2027-01-01"), amount=300_00, received_on=day("2027-01-02")),
        Payment(due=day("2027-02-01"), amount=400_00),
        Payment(due=day("2027-03-01"), amount=200_00),
    )
    award = grant("core", "2027-01-01", "2027-03-31", 900, profile=profile, payments=payments)
    after = granted(
        harbour(core=award), partial(wishes.reprice, award="core", amount=600_01)
    ).awards[0]
    assert sum(row.amount for row in after.profile) == 600_01
    assert [paid.amount for paid in after.payments] == [300_00, 200_01, 100_00]


def test_a_price_is_said_one_way_and_not_below_nothing() -> None:
    for wrong in ({}, {"percent": Decimal(-1)}, {"percent": Decimal(1), "amount": 1}):
        with pytest.raises(ValueError, match="one of them"):
            wishes.reprice(harbour(), "core", **wrong)


def test_a_firmer_stage_counts_at_a_firmer_certainty() -> None:
    agreed = partial(wishes.restage, award="hoped", stage="agreed-in-principle")
    assert income(harbour(), "hoped", "probable") == {}
    assert len(income(granted(harbour(), agreed), "hoped", "probable")) == 12
    assert agreed(harbour()).label == "The hoped grant: agreed in principle"


def test_one_award_more_comes_with_what_it_pays_for() -> None:
    award = grant("new", "2027-04-01", "2028-03-31", 40_000, stage="awarded")
    share = Allocation(key="n", post="idva", award="new", percent=Decimal(100))
    after = granted(harbour(), partial(wishes.add_award, award=award, shares=(share,)))
    assert told(after).posts[0].funded_to == date(2028, 3, 31)
    with pytest.raises(RefusedError, match="another key"):
        wishes.add_award(after, award)


# --- wishes: posts and shares ------------------------------------------------------------------


def test_a_post_cut_costs_nothing_after_its_last_day() -> None:
    cut = told(granted(harbour(), partial(wishes.end_post, post="idva", on=day("2027-01-31"))))
    costs = dict(zip(cut.months, cut.forecast["secured"].cost.tolist(), strict=True))
    assert costs[date(2027, 1, 1)] > 0
    assert costs[date(2027, 2, 1)] == 0
    with pytest.raises(RefusedError, match="before the post begins"):
        wishes.end_post(harbour(), "idva", day("2019-12-31"))


def test_a_post_of_fewer_hours_costs_less() -> None:
    half = granted(harbour(), partial(wishes.set_fte, post="idva", fte=Decimal("0.5")))
    assert told(half).forecast["secured"].cost[1] < told(harbour()).forecast["secured"].cost[1]
    with pytest.raises(ValueError, match="0 or more"):
        wishes.set_fte(harbour(), "idva", Decimal(-1))


def test_notice_given_is_a_rung_done() -> None:
    given = granted(harbour(), partial(wishes.serve_notice, post="idva", on=day("2026-12-01")))
    (notice,) = [
        rung
        for ladder in told(given).ladders
        if ladder.cliff == "post:idva"
        for rung in ladder.rungs
        if rung.kind == "notice"
    ]
    assert notice.done_on == date(2026, 12, 1)


def test_a_pay_rise_takes_the_place_of_the_one_agreed_for_that_day_and_of_no_other() -> None:
    agreed = (
        PayChange(from_=day("2027-04-01"), percent=Decimal(3)),
        PayChange(from_=day("2027-04-01"), amount=500_00),
        PayChange(from_=day("2028-04-01"), percent=Decimal(3)),
    )
    gone = post("gone", end=day("2027-03-31"))
    portfolio = book(post("idva", pay_changes=agreed), gone)
    wish = partial(wishes.pay_rise, percent=Decimal(2), from_=day("2027-04-01"))
    idva, untouched = granted(portfolio, wish).posts
    assert set(idva.pay_changes) == {
        agreed[1],
        PayChange(from_=day("2027-04-01"), percent=Decimal(2)),
        agreed[2],
    }
    assert untouched == portfolio.posts[1]
    none = granted(portfolio, partial(wish, percent=Decimal(0))).posts[0]
    assert set(none.pay_changes) == set(agreed[1:])


def test_a_share_moved_leaves_the_post_covered_and_charges_the_other_award_from_that_day() -> None:
    other = grant("other", "2026-04-01", "2027-09-30", 60_000)
    wish = partial(wishes.move_share, share="idva-on-core", to="other", from_=day("2027-01-01"))
    after = granted(harbour(other), wish)
    found = told(after)
    charged = {each.key: each.charged.tolist() for each in found.forecast["secured"].awards}
    december, january = found.months.index(date(2026, 12, 1)), found.months.index(date(2027, 1, 1))
    assert charged["core"][december] > 0 == charged["core"][january]
    assert charged["other"][december] == 0 < charged["other"][january]
    assert found.posts[0].funded_to == date(2027, 9, 30)


def test_part_of_a_share_moved_leaves_the_rest_and_no_day_is_claimed_twice() -> None:
    other = grant("other", "2026-04-01", "2027-03-31", 60_000)
    wish = partial(
        wishes.move_share,
        share="idva-on-core",
        to="other",
        from_=day("2027-01-01"),
        percent=Decimal(40),
    )
    after = granted(harbour(other), wish)
    shares = [(each.award, int(each.percent), each.from_, each.to) for each in after.allocations]
    assert shares == [
        ("core", 100, None, date(2026, 12, 31)),
        ("other", 40, date(2027, 1, 1), None),
        ("core", 60, date(2027, 1, 1), None),
    ]
    assert told(after).posts[0].funded_to == date(2027, 3, 31)
    assert not told(after).posts[0].claimed_twice


def test_reserves_take_over_the_days_moved_and_do_not_hide_the_cliff() -> None:
    wish = partial(wishes.move_share, share="idva-on-core", to=None, from_=day("2027-01-01"))
    assert told(granted(harbour(), wish)).posts[0].funded_to == date(2027, 3, 31)


def test_a_share_moved_from_its_first_day_is_simply_elsewhere() -> None:
    other = grant("other", "2026-04-01", "2027-03-31", 60_000)
    wish = partial(wishes.move_share, share="idva-on-core", to="other", from_=day("2026-04-01"))
    (share,) = granted(harbour(other), wish).allocations
    assert (share.key, share.award, share.percent) == ("idva-on-core", "other", Decimal(100))


def test_a_share_that_has_ended_goes_on_with_another_award() -> None:
    other = grant("other", "2027-04-01", "2027-12-31", 60_000)
    wish = partial(wishes.move_share, share="idva-on-core", to="other", from_=day("2027-04-01"))
    after = granted(harbour(other), wish)
    assert after.allocations[0] == harbour().allocations[0]
    assert told(after).posts[0].funded_to == date(2027, 12, 31)


def test_no_more_than_there_is_can_be_moved() -> None:
    with pytest.raises(RefusedError, match="100 % is charged there"):
        wishes.move_share(harbour(), "idva-on-core", None, TODAY, Decimal(101))


@pytest.mark.parametrize(
    "wish",
    [
        partial(wishes.restage, award="x", stage="idea"),
        partial(wishes.set_fte, post="x", fte=Decimal(1)),
        partial(wishes.move_share, share="x", to=None, from_=TODAY),
    ],
)
def test_a_wish_about_what_is_not_there_is_refused_by_name(wish: wishes.Wish) -> None:
    with pytest.raises(RefusedError, match=r"\.x: this is not in the book"):
        wish(harbour())


# --- keeping, accepting ------------------------------------------------------------------------

LATE_AND_SMALLER: list[wishes.Wish] = [
    partial(wishes.delay, award="hoped", months=3),
    partial(wishes.reprice, award="hoped", percent=Decimal(90)),
    partial(wishes.set_fte, post="idva", fte=Decimal("0.6")),
]


def test_wishes_come_one_after_another_and_each_record_changes_once() -> None:
    after, made = planned(harbour(), LATE_AND_SMALLER)
    assert [edit.label for edit in made] == [
        "The hoped grant starts 3 months later",
        "The hoped grant at £43,200, 90 % of what it is",
        "The idva worker at 0.6 FTE",
    ]
    changes = merged(made)
    assert [each.key for each in changes] == ["hoped", "idva"]
    assert applied(harbour(), changes) == applied(harbour(), made) == after


def test_some_of_the_changes_can_be_accepted_and_undone_as_one() -> None:
    _, made = planned(harbour(), LATE_AND_SMALLER)
    edit = accept(harbour(), "Accept: late and smaller", merged(made), {1})
    after = edit.apply(harbour())
    assert after.awards == harbour().awards
    assert after.posts[0].fte == Decimal("0.6")
    assert edit.inverse.apply(after) == harbour()


def test_what_has_moved_since_is_refused_naming_the_field() -> None:
    _, made = planned(harbour(), LATE_AND_SMALLER)
    moved = harbour(core=CORE)
    award = replace(HOPED, amount=1, notes="a word")
    moved = Edit("", (change("awards", HOPED, award),)).apply(moved)
    with pytest.raises(StaleEditError) as refused:
        accept(moved, "Accept", merged(made))
    assert [each.path for each in refused.value.problems] == [
        "awards.hoped.amount",
        "awards.hoped.notes",
    ]
    assert "The hoped grant: amount has changed since" in refused.value.problems[0].says


def test_what_is_gone_or_already_there_is_refused_by_its_name() -> None:
    award = grant("new", "2027-04-01", "2028-03-31", 40_000)
    made = merged([wishes.add_award(harbour(), award)])
    with pytest.raises(StaleEditError, match="The new grant is already in the book"):
        accept(harbour(award), "Accept", made)
    lost = merged([wishes.set_fte(harbour(), "idva", Decimal("0.5"))])
    with pytest.raises(StaleEditError, match="The idva worker is no longer in the book"):
        accept(book(CORE), "Accept", lost)


def test_a_change_that_needs_another_is_refused_without_it() -> None:
    award = grant("new", "2027-04-01", "2028-03-31", 40_000)
    share = Allocation(key="n", post="idva", award="new", percent=Decimal(100))
    made = merged([wishes.add_award(harbour(), award, (share,))])
    with pytest.raises(RefusedError, match='there is no "new" in awards'):
        accept(harbour(), "Accept", made, {1})


def test_a_plan_is_not_spoilt_by_what_it_is_not_about() -> None:
    paid = Payment(due=day("2027-01-04"), amount=100)
    start = harbour(core=replace(CORE, payments=(paid,)))
    plan = merged([wishes.extend(start, "core", day("2027-06-30"), 100)])
    came = replace(CORE, payments=(replace(paid, received_on=TODAY),))
    since = harbour(core=came)
    fitting, problems = rebased(since, plan)
    assert problems == ()
    after = accept(since, "Accept", fitting).apply(since)
    assert after.awards[0].payments == came.payments
    assert after.awards[0].extensions[0].end == date(2027, 6, 30)


def test_a_plan_about_what_has_moved_is_left_out_with_the_reason() -> None:
    _, made = planned(harbour(), LATE_AND_SMALLER)
    dearer = wishes.reprice(harbour(), "hoped", amount=50_000_00).apply(harbour())
    fitting, problems = rebased(dearer, merged(made))
    assert [each.key for each in fitting] == ["idva"]
    assert [each.path for each in problems] == ["awards.hoped.amount"]


def test_what_has_come_true_by_itself_is_no_longer_a_change() -> None:
    plan = merged([wishes.set_fte(harbour(), "idva", Decimal("0.6"))])
    assert rebased(applied(harbour(), plan), plan) == ((), ())


def test_a_scenario_is_kept_and_brought_up_to_date_in_the_book() -> None:
    _, made = planned(harbour(), LATE_AND_SMALLER)
    kept = Scenario(key="late", title="Late and smaller", edits=merged(made))
    with_it = saved(harbour(), kept).apply(harbour())
    assert with_it.scenarios == (kept,)
    assert applied(with_it, kept.edits).posts[0].fte == Decimal("0.6")
    again = replace(kept, how="Ask for a decision by December")
    assert saved(with_it, again).apply(with_it).scenarios == (again,)
    assert saved(with_it, kept).changes == ()
    with pytest.raises(RefusedError, match="needs a title"):
        saved(harbour(), replace(kept, title=" "))


# --- in words ----------------------------------------------------------------------------------


def test_each_change_is_said_in_words_without_a_salary() -> None:
    start = harbour(post("court"))
    rise = PayChange(from_=day("2027-04-01"), salary=41_234_00)
    paid_more = replace(start.posts[0], salary=39_876_00, pay_changes=(rise,))
    made = [
        *merged(planned(start, LATE_AND_SMALLER[:2])[1]),
        change("posts", start.posts[0], paid_more),
        *wishes.pay_rise(start, Decimal(2), day("2027-04-01"), {"court"}).changes,
        *wishes.move_share(start, "idva-on-core", "hoped", day("2027-01-01")).changes,
        *wishes.add_award(start, grant("new", "2027-04-01", "2028-03-31", 40_000)).changes,
    ]
    assert [described(start, each) for each in made] == [
        (
            "The hoped grant: starts 1 July 2027, not 1 April 2027, ends 30 June 2028, not "
            "31 March 2028, £43,200, not £48,000"
        ),
        "The idva worker: pay changes from 1 April 2027, salary changes",
        "The court worker: pay +2 % from 1 April 2027",
        "The idva worker, 100 % on The core grant: to 31 December 2026",
        "The idva worker, 100 % on The hoped grant is added",
        "The new grant is added: £40,000, 1 Apr 2027 to 31 Mar 2028, live",
    ]


def test_a_pay_rise_of_many_posts_is_one_line() -> None:
    start = harbour(post("court"), post("child"))
    made = merged([wishes.pay_rise(start, Decimal(2), day("2027-04-01"))])
    (line,) = described_together(start, made)
    assert line.says == "The idva worker and 2 more: pay +2 % from 1 April 2027"
    assert line.places == (0, 1, 2)


@given(st.data())
def test_any_change_can_be_said(data: st.DataObject) -> None:
    portfolio = data.draw(portfolios())
    for each in data.draw(edits(portfolio)).changes:
        assert described(portfolio, each)


# --- now and then ------------------------------------------------------------------------------


def compared(portfolio: Portfolio, *wished: wishes.Wish) -> Comparison:
    return compare(told(portfolio), told(planned(portfolio, wished)[0]))


def test_no_change_moves_no_figure() -> None:
    found = compared(harbour())
    assert found.changed == ()
    assert summary(found) == ("These changes move none of the figures shown.",)


@settings(max_examples=25)
@given(portfolios(most=8))
def test_any_book_beside_itself_shows_nothing_changed(portfolio: Portfolio) -> None:
    found = compare(told(portfolio, horizon=12), told(portfolio, horizon=12))
    assert found.changed == ()
    assert found.now == found.then


def test_figures_stand_at_each_certainty_and_say_which_have_changed() -> None:
    found = compared(harbour(), partial(wishes.restage, award="hoped", stage="agreed-in-principle"))
    assert found.now["secured"] == found.then["secured"]
    assert found.now["possible"] == found.then["possible"]
    assert {certainty for _, certainty in found.changed} == {"probable"}
    assert (found.now["probable"].unfunded, found.then["probable"].unfunded) == (1, 1)
    assert found.now["probable"].unfunded_from == date(2027, 4, 1)
    assert found.then["probable"].unfunded_from == date(2028, 4, 1)
    assert "Counting probable money too" in summary(found)[0]
    assert len(summary(found)) == 1


def test_income_is_told_for_this_financial_year_and_the_next() -> None:
    found = compared(harbour(), partial(wishes.restage, award="hoped", stage="awarded"))
    now, then = found.now["secured"], found.then["secured"]
    assert now.income_this_year == then.income_this_year == 25_000_00  # November to March
    assert (now.income_next_year, then.income_next_year) == (0, 48_000_00)
    assert "Income, rest of 2026-27" in [row.name for row in found.rows]


def test_a_smaller_post_is_a_smaller_gap_and_a_smaller_exposure() -> None:
    found = compared(harbour(), partial(wishes.set_fte, post="idva", fte=Decimal("0.6")))
    rows = {row.name: row for row in found.rows}
    assert rows["Unfunded in April 2027"].now[0] == "1.00 FTE"
    assert rows["Unfunded in April 2027"].then[0] == "0.60 FTE"
    assert rows["Posts unfunded, wholly or partly"].then[0] == "1, 0.6 FTE"
    assert found.exposure[1] < found.exposure[0]
    assert rows["If nothing is renewed"].changed == (True, False, False)


def test_what_is_unfunded_counts_the_part_nobody_pays() -> None:
    half = Allocation(key="h", post="idva", award="hoped", percent=Decimal(50))
    portfolio = harbour(half)
    outlook = told(portfolio)
    assert unfunded_fte(outlook, "secured", date(2027, 4, 1)) == Decimal("1.00")
    assert unfunded_fte(outlook, "possible", date(2027, 4, 1)) == Decimal("0.50")
    ended = told(granted(portfolio, partial(wishes.end_post, post="idva", on=day("2027-03-31"))))
    assert unfunded_fte(ended, "secured", date(2027, 4, 1)) == 0


def test_without_recorded_reserves_no_runway_is_told_of_any_plan() -> None:
    charity = harbour()
    bare = replace(charity.organisation, balances=Balances(as_at=day("2026-10-31")))
    found = compared(replace(charity, organisation=bare))
    rows = {row.name: row for row in found.rows}
    for name in ("Below policy from", "Reserves gone in", "Runway, whole months"):
        assert set(rows[name].now + rows[name].then) == {"not known"}
    assert set(rows["Lowest reserves in 12 months"].then) == {"not known"}
    assert rows["Unfunded from"].now[0] == "1 Apr 2027"


def test_only_outlooks_of_one_day_are_compared() -> None:
    with pytest.raises(ValueError, match="one day"):
        compare(told(harbour()), told(harbour(), day("2026-12-01")))


# --- laws --------------------------------------------------------------------------------------


@given(st.data())
def test_what_is_accepted_is_what_was_shown(data: st.DataObject) -> None:
    portfolio = data.draw(portfolios())
    edit = data.draw(edits(portfolio))
    after = applied(portfolio, [edit])
    plan = difference("Plan", portfolio, after).changes
    accepted = accept(portfolio, "Accept", plan)
    assert accepted.apply(portfolio) == applied(portfolio, plan)
    assert accepted.inverse.apply(accepted.apply(portfolio)) == portfolio
    assert rebased(portfolio, plan) == (plan, ())


@given(
    st.dates(date(2026, 4, 1), date(2027, 3, 30)),
    st.integers(0, 10**8),
    st.sampled_from(["months", "days"]),
)
def test_a_lost_award_brings_what_it_would_have_brought_up_to_then(
    on: date, pence: int, spread: str
) -> None:
    award = replace(CORE, amount=pence, spread=spread)  # type: ignore[arg-type]
    portfolio = book(award, Funder(key="f", name="F"))
    lost = applied(portfolio, [wishes.lose(portfolio, "core", on)])
    assert 0 <= lost.awards[0].amount <= pence
    monthly, shortened = income(portfolio), income(lost)
    for month in monthly:
        if month < f"{on:%Y-%m}":
            assert abs(monthly[month] - shortened.get(month, 0)) <= 1
        if month > f"{on:%Y-%m}":
            assert month not in shortened


def test_a_bid_keeps_its_own_dates_when_the_award_is_late() -> None:
    bid = Bid(deadline=day("2027-01-22"))
    portfolio = book(CORE, replace(HOPED, bid=bid))
    late = granted(portfolio, partial(wishes.delay, award="hoped", months=3))
    assert late.awards[1].bid == bid
