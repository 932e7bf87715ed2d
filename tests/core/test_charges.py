"""Who pays for each post and cost: shares by day, claims twice, renewals, one penny to one line."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fundtrack.core.charges import _shared, _split
from fundtrack.core.model import Certainty
from fundtrack.core.money import share_out
from fundtrack.core.outlook import Outlook
from tests.core.world import (
    Plain,
    award,
    award_of,
    charity,
    cost,
    in_month,
    look,
    pays,
    pence,
    post_of,
    worker,
)

YEAR = "2026-04-01..2027-03-31"
JOB = worker("job", 1000)


def charged(told: Outlook, key: str, month: str, certainty: Certainty = "secured") -> int:
    """What an award is asked for in a month, in pounds."""
    return in_month(told, award_of(told, key, certainty).wanted, month) // 100


def unpaid(told: Outlook, month: str) -> int:
    return in_month(told, post_of(told, "job").unfunded_cost, month) // 100


def told_of(*records: Plain, horizon: int = 24, **book: Any) -> Outlook:
    return look(charity(JOB, *records, **book), "2026-04-01", horizon)


# --- shares by day -----------------------------------------------------------------------------


def test_a_share_is_charged_from_its_first_day_to_its_last() -> None:
    told = told_of(
        award("a", YEAR, 1), pays("a", "job", "60", **{"from": "2026-06-16", "to": "2026-07-31"})
    )
    assert [charged(told, "a", f"2026-{month}") for month in ("05", "06", "07", "08")] == [
        0,
        300,
        600,
        0,
    ]
    assert [unpaid(told, f"2026-{month}") for month in ("05", "06", "07")] == [1000, 700, 400]


def test_a_share_without_dates_lasts_as_long_as_its_award() -> None:
    told = told_of(award("a", "2026-05-17..2026-06-15", 1), pays("a", "job"))
    assert [charged(told, "a", f"2026-{month}") for month in ("04", "05", "06", "07")] == [
        0,
        pence("483.87") // 100,
        500,
        0,
    ]


def test_a_share_past_the_awards_end_is_not_charged_to_it() -> None:
    told = told_of(award("a", YEAR, 1), pays("a", "job", to="2028-03-31"))
    assert charged(told, "a", "2027-03") == 1000
    assert (charged(told, "a", "2027-04"), unpaid(told, "2027-04")) == (0, 1000)


def test_a_months_cost_is_split_by_the_days_the_post_exists() -> None:
    """The post begins on 16 June: the award's fifteen days of it are all the days there are."""
    told = look(
        charity(
            worker("job", 1000, "2026-06-16"),
            award("a", "2026-06-16..2027-03-31", 1),
            pays("a", "job"),
        )
    )
    assert (charged(told, "a", "2026-06"), unpaid(told, "2026-06")) == (500, 0)


def test_a_share_that_begins_on_a_posts_last_day_pays_that_day() -> None:
    """Fifteen days of June are £500; one of them is £33.33."""
    told = look(
        charity(
            worker("job", 1000, "2020-01-01..2026-06-15"),
            award("a", YEAR, 1),
            pays("a", "job", **{"from": "2026-06-15"}),
        )
    )
    assert in_month(told, award_of(told, "a").wanted, "2026-06") == pence("33.33")


def test_the_pennies_of_a_month_go_by_largest_remainder_in_list_order() -> None:
    """£100.00 in thirds: the odd penny goes to the first line, and nothing is lost."""
    told = look(
        charity(
            worker("job", 100),
            *(award(key, YEAR, 1) for key in "abc"),
            *(pays(key, "job", "33.333333333333") for key in "abc"),
        )
    )
    parts = [int(award_of(told, key).wanted[0]) for key in "abc"]
    assert parts == [3334, 3333, 3333]
    assert int(post_of(told, "job").unfunded_cost[0]) == 0


def test_the_uncovered_part_is_the_last_line() -> None:
    """£100.01: two halves of 50.005 to two awards, the penny to the earlier."""
    told = look(
        charity(
            worker("job", "100.01"),
            award("a", YEAR, 1),
            pays("a", "job", "50"),
        )
    )
    assert int(award_of(told, "a").wanted[0]) == 5001
    assert int(post_of(told, "job").unfunded_cost[0]) == 5000


def test_a_cost_is_charged_as_a_post_is() -> None:
    told = told_of(
        cost("rent", 900, "2026-04-01", every="quarter"),
        award("a", "2026-04-11..2027-03-31", 1),
        pays("a", "cost:rent", "50"),
    )
    # The month's mean share: twenty days of thirty at 50 %.
    assert [charged(told, "a", f"2026-{month}") for month in ("04", "05", "07")] == [300, 0, 450]


# --- certainty and claims twice ----------------------------------------------------------------


def test_hoped_for_money_pays_only_in_the_hopeful_forecast() -> None:
    told = told_of(
        award("sure", YEAR, 1),
        award("hoped", YEAR, 1, stage="submitted"),
        pays("sure", "job", "60"),
        pays("hoped", "job", "40"),
    )
    assert (charged(told, "sure", "2026-04"), unpaid(told, "2026-04")) == (600, 400)
    assert charged(told, "hoped", "2026-04", "possible") == 400


def test_above_the_whole_the_most_certain_are_paid_first() -> None:
    told = told_of(
        award("hoped", YEAR, 1, stage="idea"),
        award("likely", YEAR, 1, stage="agreed-in-principle"),
        award("sure", YEAR, 1),
        pays("hoped", "job", "60"),
        pays("likely", "job", "50"),
        pays("sure", "job", "70"),
    )
    assert charged(told, "sure", "2026-04", "possible") == 700
    assert charged(told, "likely", "2026-04", "possible") == 300
    assert charged(told, "hoped", "2026-04", "possible") == 0
    assert told.problems == ()  # only what is agreed twice is claimed twice


def test_two_secured_claims_to_one_post_are_paid_in_list_order_and_flagged() -> None:
    told = told_of(
        award("a", YEAR, 1),
        award("b", YEAR, 1),
        pays("b", "job", "70"),
        pays("a", "job", "70"),
    )
    assert (charged(told, "b", "2026-04"), charged(told, "a", "2026-04")) == (700, 300)
    assert [(each.path, each.says) for each in told.problems] == [("posts.job", "claimed twice")]
    assert post_of(told, "job").claimed_twice


def test_shares_that_follow_each_other_are_no_claim_twice() -> None:
    told = told_of(
        award("a", YEAR, 1),
        award("b", YEAR, 1),
        pays("a", "job", to="2026-09-30"),
        pays("b", "job", **{"from": "2026-10-01"}),
    )
    assert told.problems == ()
    overlapping = told_of(
        award("a", YEAR, 1),
        award("b", YEAR, 1),
        pays("a", "job", to="2026-10-01"),
        pays("b", "job", **{"from": "2026-10-01"}),
    )
    assert len(overlapping.problems) == 1


def test_a_cost_can_be_claimed_twice_too() -> None:
    told = told_of(
        cost("rent", 100),
        award("a", YEAR, 1),
        pays("a", "cost:rent", "60"),
        pays(None, "cost:rent", "60"),
    )
    assert [each.path for each in told.problems] == ["costs.rent"]


# --- unrestricted funds ------------------------------------------------------------------------


def test_unrestricted_funds_cover_a_post_for_good_or_to_their_last_day() -> None:
    told = told_of(pays(None, "job", to="2026-09-30"))
    assert (unpaid(told, "2026-09"), unpaid(told, "2026-10")) == (0, 1000)
    assert post_of(told, "job").cliff_date is not None
    for_good = told_of(pays(None, "job"))
    assert post_of(for_good, "job").cliff_date is None


def test_unrestricted_funds_rank_as_secured() -> None:
    told = told_of(
        award("hoped", YEAR, 1, stage="idea"), pays("hoped", "job"), pays(None, "job", "80")
    )
    assert charged(told, "hoped", "2026-04", "possible") == 200


def test_what_nobody_is_allocated_is_uncovered_though_unrestricted_funds_pay_it() -> None:
    told = told_of(reserves=5000)
    assert unpaid(told, "2026-04") == 1000
    closing = told.forecast["secured"].unrestricted_closing
    assert int(closing[0]) == pence(4000)


# --- renewals ----------------------------------------------------------------------------------


def renewed(*records: Plain, stage: str = "awarded", starts: str = "2027-04-01") -> Outlook:
    renewal = award("new", f"{starts}..2028-03-31", 1, stage=stage, renewal_of="old")
    return told_of(award("old", YEAR, 1), renewal, *records)


def test_a_renewal_takes_over_what_the_old_award_paid_on_its_last_day() -> None:
    told = renewed(pays("old", "job", "60"))
    assert (charged(told, "old", "2027-03"), charged(told, "new", "2027-04")) == (600, 600)
    assert charged(told, "new", "2028-04") == 0


def test_a_renewal_with_shares_of_its_own_takes_over_nothing() -> None:
    told = renewed(pays("old", "job", "60"), pays("new", "job", "10"))
    assert charged(told, "new", "2027-04") == 100


def test_a_share_that_stopped_before_the_last_day_is_not_taken_over() -> None:
    told = renewed(
        pays("old", "job", "60", to="2027-03-30"),
        pays("old", "job", "20"),
        pays("old", "job", "10", **{"from": "2027-03-31"}),
    )
    assert charged(told, "new", "2027-04") == 300


def test_a_renewal_pays_for_its_own_dates_and_as_surely_as_its_own_stage() -> None:
    told = renewed(pays("old", "job", "60"), stage="submitted", starts="2027-06-01")
    assert charged(told, "new", "2027-05", "possible") == 0
    assert charged(told, "new", "2027-06", "possible") == 600
    assert unpaid(told, "2027-06") == 1000


def test_a_renewal_stands_in_the_old_awards_place_among_the_lines() -> None:
    """On overlapping days the post is claimed 60 + 60 + 20: old, new, then the other."""
    told = renewed(
        award("other", "2026-04-01..2028-03-31", 1),
        pays("old", "job", "60"),
        pays("other", "job", "60"),
        starts="2027-01-01",
    )
    assert [charged(told, key, "2027-02") for key in ("old", "new", "other")] == [600, 400, 0]
    assert [charged(told, key, "2027-04") for key in ("new", "other")] == [600, 400]


def test_a_renewal_of_a_renewal_hands_on_the_same_shares() -> None:
    told = look(
        charity(
            JOB,
            award("one", "2026-04-01..2026-09-30", 1),
            award("two", "2026-10-01..2027-03-31", 1, renewal_of="one"),
            award("three", "2027-04-01..2027-09-30", 1, renewal_of="two"),
            pays("one", "job", "60"),
        ),
        horizon=18,
    )
    months = (("one", "2026-09"), ("two", "2026-10"), ("three", "2027-04"))
    assert [charged(told, key, month) for key, month in months] == [600, 600, 600]


# --- extensions --------------------------------------------------------------------------------


def option(end: str, *, taken: bool) -> Plain:
    extension = {"key": "x", "end": "2027-09-30", "amount": "100.00", "exercised": taken}
    return award("a", f"2026-04-01..{end}", 1, extensions=[extension])


def test_an_end_on_the_awards_own_end_counts_as_left_out() -> None:
    told = told_of(option("2027-03-31", taken=True), pays("a", "job", to="2027-03-31"))
    assert charged(told, "a", "2027-04") == 1000
    earlier = told_of(option("2027-03-31", taken=True), pays("a", "job", to="2027-03-30"))
    assert charged(earlier, "a", "2027-04") == 0


def test_an_extension_not_taken_up_pays_only_in_the_possible_forecast() -> None:
    told = told_of(option("2027-03-31", taken=False), pays("a", "job"))
    assert (charged(told, "a", "2027-04"), unpaid(told, "2027-04")) == (0, 1000)
    assert charged(told, "a", "2027-04", "probable") == 0
    assert charged(told, "a", "2027-04", "possible") == 1000


def test_a_renewal_waits_for_the_extended_end() -> None:
    """The old award runs on to September, so shares live on that day are what is taken over."""
    told = told_of(
        option("2027-03-31", taken=True),
        award("new", "2027-10-01..2028-03-31", 1, renewal_of="a"),
        pays("a", "job", "60"),
        pays("a", "job", "40", to="2027-06-30"),
    )
    assert charged(told, "new", "2027-10") == 600


@given(
    st.integers(-(10**9), 10**9),
    st.lists(st.integers(0, 10_000), min_size=1, max_size=4).filter(any),
)
def test_a_cost_of_two_payers_falls_to_the_same_pennies_as_one_of_many(
    total: int, shares: list[int]
) -> None:
    (shared,) = _shared((tuple(shares),))
    assert tuple(_split(total, shared)) == share_out(total, shares)
