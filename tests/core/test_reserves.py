"""What the charity may spend freely, how long it lasts, and the floor its trustees set."""

from typing import Any

from fundtrack.core.outlook import Outlook
from tests.core.world import (
    Plain,
    award,
    charity,
    cost,
    grant,
    look,
    pays,
    pence,
    post,
    secured,
    worker,
)

YEAR = "2026-04-01..2027-03-31"


def told_of(*records: Plain, today: str = "2026-04-01", horizon: int = 24, **book: Any) -> Outlook:
    return look(charity(*records, **book), today, horizon)


def spends(amount: int, reserves: int, **book: Any) -> Outlook:
    """A charity that spends so much a month and brings in nothing."""
    return told_of(cost("core", amount), reserves=reserves, **book)


def test_free_reserves_leave_out_what_is_not_free_and_designate_no_asset_twice() -> None:
    held = {
        "as_at": "2026-04-01",
        "total_funds": "1000.00",
        "restricted": "200.00",
        "endowment": "30.00",
        "fixed_assets": "100.00",
        "programme_related": "7.00",
        "designated": "50.00",
        "designated_fixed_assets": "20.00",
    }
    assert secured(told_of(balances=held)).free_reserves == pence(633)


def test_runway_is_the_whole_months_before_reserves_run_out() -> None:
    """£350 at £100 a month: below nought in the fourth month, July; three whole months."""
    found = secured(spends(100, 350))
    assert f"{found.reserves_exhausted_month:%Y-%m}" == "2026-07"
    assert found.runway_whole_months == 3
    exactly = secured(spends(100, 300))
    assert (exactly.runway_whole_months, int(exactly.unrestricted_closing[2])) == (3, 0)
    assert secured(spends(100, 50)).runway_whole_months == 0


def test_money_that_lasts_beyond_the_horizon_has_no_runway() -> None:
    found = secured(spends(100, 2500))
    assert (found.reserves_exhausted_month, found.runway_whole_months) == (None, None)
    assert secured(spends(100, 2499)).runway_whole_months == 24


def test_runway_counts_from_today_when_the_balances_are_older() -> None:
    found = secured(spends(100, 350, today="2026-06-20"))
    assert (f"{found.reserves_exhausted_month:%Y-%m}", found.runway_whole_months) == ("2026-07", 1)
    gone = secured(spends(100, 150, today="2026-06-20"))
    assert (f"{gone.reserves_exhausted_month:%Y-%m}", gone.runway_whole_months) == ("2026-06", 0)


def test_runway_counts_from_the_balances_when_they_are_newer_than_today() -> None:
    found = secured(spends(100, 250, today="2026-02-10"))
    assert (f"{found.reserves_exhausted_month:%Y-%m}", found.runway_whole_months) == ("2026-06", 2)


def test_runway_is_longer_the_more_is_hoped_for() -> None:
    told = told_of(cost("core", 100), award("hoped", YEAR, 600, stage="submitted"), reserves=350)
    runways = [told.forecast[name].runway_whole_months for name in ("secured", "possible")]
    assert runways == [3, 7]


# --- cover -------------------------------------------------------------------------------------


def test_months_of_cover_name_their_basis_and_stand_beside_the_unrestricted_one() -> None:
    told = told_of(
        grant("g", YEAR, 1200),
        cost("delivery", 100),
        cost("core", 60),
        pays("g", "cost:delivery"),
        reserves=400,
    )
    found = secured(told)
    assert (str(found.months_cover), found.cover_basis) == ("2.5", "total")
    assert str(found.unrestricted_months_cover) == "6.7"


def test_cover_is_of_the_first_twelve_months_and_rounds_half_up() -> None:
    told = told_of(cost("core", 80), cost("later", 1000, "2027-04-01"), reserves=100)
    assert str(secured(told).months_cover) == "1.3"  # 1.25
    assert str(secured(told_of(cost("core", 80), reserves=-100)).months_cover) == "-1.3"


def test_a_charity_that_spends_nothing_has_no_cover() -> None:
    assert secured(told_of(reserves=100)).months_cover is None


def test_a_horizon_shorter_than_a_year_is_averaged_over_its_own_months() -> None:
    told = told_of(cost("core", 100), reserves=250, horizon=2)
    assert str(secured(told).months_cover) == "2.5"


# --- the floor ---------------------------------------------------------------------------------


def policy(kind: str, value: str) -> Plain:
    return {"kind": kind, "value": value}


def test_a_floor_of_an_amount_is_broken_in_the_first_month_that_ends_below_it() -> None:
    found = secured(spends(100, 500, reserves_policy=policy("amount", "250.00")))
    assert found.floor == pence(250)
    assert f"{found.floor_breach_month:%Y-%m}" == "2026-06"
    touching = secured(spends(100, 500, reserves_policy=policy("amount", "300.00")))
    assert f"{touching.floor_breach_month:%Y-%m}" == "2026-06"  # £300 in May is not below


def test_a_floor_of_months_is_of_all_spending() -> None:
    found = secured(spends(100, 500, reserves_policy=policy("months", "2.5")))
    assert found.floor == pence(250)


def test_without_a_policy_there_is_no_floor() -> None:
    found = secured(spends(100, 500))
    assert (found.floor, found.floor_breach_month) == (None, None)


def test_a_floor_broken_before_today_is_dated_today() -> None:
    found = secured(
        spends(100, 500, today="2026-09-10", reserves_policy=policy("amount", "450.00"))
    )
    assert f"{found.floor_breach_month:%Y-%m}" == "2026-09"


def exit_cost(*records: Plain, value: str = "0", today: str = "2026-06-15") -> int | None:
    told = told_of(*records, today=today, reserves_policy=policy("exit-cost", value))
    return secured(told).floor


STAFF = post("job", 26_000, "2016-04-01", person={"born": "1990-01-01"})
"""£500 a week; ten years and 36 years old in June 2026: ten weeks of each."""
LEAVING = 500_000 + 500_000 + 75_000
"""Redundancy, ten weeks in lieu, and 15 % of that."""


def test_the_cost_of_closing_is_redundancy_and_whole_notice_with_national_insurance() -> None:
    assert exit_cost(STAFF) == LEAVING


def test_the_cost_of_closing_is_of_everyone_in_post_today_and_no_one_else() -> None:
    others = [
        post("vacant", 26_000, "2016-04-01", status="vacant"),
        worker("agency", 1000, "2016-04-01"),
        post("later", 26_000, "2026-06-16"),
        post("gone", 26_000, "2016-04-01..2026-06-14"),
        post("away", 26_000, "2016-04-01", vacancies=[{"from": "2026-06-01", "to": "2026-06-15"}]),
        post("left", 26_000, "2016-04-01", vacancies=[{"from": "2026-06-15", "to": "2026-06-30"}]),
    ]
    assert exit_cost(STAFF, *others) == LEAVING


def test_someone_whose_first_or_last_day_it_is_is_in_post() -> None:
    assert exit_cost(STAFF | {"end": "2026-06-15"}) == LEAVING
    assert exit_cost(post("new", 26_000, "2026-06-15", notice={"weeks": 1})) == 50_000 + 7_500
    assert exit_cost(STAFF | {"vacancies": [{"from": "2026-06-16", "to": "2026-06-30"}]}) == LEAVING
    assert exit_cost(STAFF | {"vacancies": [{"from": "2026-06-01", "to": "2026-06-14"}]}) == LEAVING


def test_closing_takes_the_longer_contract_and_the_statutory_relevant_date() -> None:
    """Three months from 15 June is 92 days: £500 × 92 / 7, and 15 %."""
    assert exit_cost(STAFF | {"notice": {"months": 3}}) == 500_000 + 657143 + 98571
    assert exit_cost(STAFF | {"notice": {"weeks": 2}}) == LEAVING


def test_closing_while_notice_runs_can_complete_another_year() -> None:
    """From 1 August 2016 there are nine years on 15 June, and nine weeks end on 17 August."""
    joined = STAFF | {"start": "2016-08-01"}
    assert exit_cost(joined) == 500_000 + 450_000 + 67_500


def test_the_cost_of_closing_adds_months_of_what_pools_do_not_bear() -> None:
    pool = grant("g", YEAR, 600)
    records = (STAFF, pool, cost("delivery", 100), pays("g", "cost:delivery"))
    month = 242917 + 10000 - 5000  # the post and the cost, less what the pool bears
    assert exit_cost(*records, value="2") == LEAVING + 2 * month


def test_the_cost_of_closing_follows_the_certainty_looked_at() -> None:
    records = (
        cost("delivery", 100),
        grant("g", YEAR, 1200, stage="idea"),
        pays("g", "cost:delivery"),
    )
    told = told_of(*records, reserves_policy=policy("exit-cost", "3"))
    assert secured(told).floor == pence(300)
    assert told.forecast["possible"].floor == 0


def test_balances_dated_beyond_the_horizon_leave_no_month_to_measure_by() -> None:
    for kind in ("months", "exit-cost", "amount"):
        told = told_of(
            STAFF,
            today="2024-01-01",
            horizon=6,
            reserves=500,
            reserves_policy=policy(kind, "100"),
        )
        found = secured(told)
        assert (told.months, found.months_cover, found.runway_whole_months) == ((), None, None)
        assert found.floor == (pence(100) if kind == "amount" else None)
        assert str(told.last_day) == "2024-07-31"
