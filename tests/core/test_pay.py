"""What a post costs: its month and part months, on-costs, pay changes, vacancies, allowance."""

from typing import Any

import pytest

from tests.core.world import (
    Plain,
    charity,
    cost,
    look,
    pays,
    pence,
    post,
    post_of,
    secured,
    worker,
)


def _costs(record: Plain, **book: Any) -> list[int]:
    told = look(charity(record, **book), book.get("as_at", "2026-04-01"), 11)
    return [int(part) for part in told.posts[0].month_cost]


def test_a_month_is_a_twelfth_of_the_year_and_a_part_month_its_share_of_days() -> None:
    """£12,001 a year is £1,000.08 a month; ten of thirty days are £333.36."""
    costs = _costs(post("job", 12_001, "2026-06-21", status="agency"))
    assert costs[:4] == [0, 0, pence("333.36"), pence("1000.08")]


def test_a_post_costs_to_its_last_day() -> None:
    assert _costs(worker("job", 1000, "2020-01-01..2026-06-10"))[:4] == [
        pence(1000),
        pence(1000),
        pence("333.33"),
        0,
    ]


def test_a_part_first_month_counts_its_days_from_the_balances_on() -> None:
    assert _costs(worker("job", 1000), as_at="2026-06-21")[:2] == [pence("333.33"), pence(1000)]


def test_a_vacancy_costs_nothing_and_its_days_do_not_exist() -> None:
    away = worker("job", 900) | {"vacancies": [{"from": "2026-06-11", "to": "2026-07-31"}]}
    told = look(charity(away))
    assert [int(part) for part in told.posts[0].month_cost[1:5]] == [
        pence(900),
        pence(300),
        0,
        pence(900),
    ]
    spans = [(str(part.start), str(part.end)) for part in told.posts[0].segments]
    assert spans[:2] == [("2026-04-01", "2026-06-10"), ("2026-08-01", "2027-04-30")]


def test_the_days_either_side_of_a_vacancy_are_counted_together() -> None:
    """£100.01 × 10/30 and × 5/30 apart would be 33.34 + 16.67; together they are £50.01."""
    away = worker("job", "100.01") | {"vacancies": [{"from": "2026-06-11", "to": "2026-06-25"}]}
    assert _costs(away)[2] == pence("50.01")
    later = away | {"vacancies": [{"from": "2026-06-02", "to": "2026-06-29"}]}
    assert _costs(later)[2] == pence("6.67")  # two days of thirty: apart they would be 6.66


def test_a_vacant_post_costs_nothing_and_asks_for_nothing() -> None:
    told = look(charity(post("job", 30_000, "2010-01-01", status="vacant")))
    found = post_of(told, "job")
    assert (int(found.month_cost.sum()), found.segments, found.last_day) == (0, (), None)
    assert (found.notice, found.redundancy, found.cliff_date) == (None, None, None)
    assert (told.exposure.total, told.cliffs) == (0, ())


def test_an_agency_worker_has_no_on_costs_and_no_rights() -> None:
    pension = {"basis": "salary", "percent": "5"}
    told = look(charity(post("job", 30_000, "2010-01-01", status="agency", pension=pension)))
    found = post_of(told, "job")
    assert int(found.month_cost[0]) == pence(2500)
    assert found.cliff_date is not None
    assert (found.notice, found.redundancy, found.last_day) == (None, None, None)
    assert told.exposure.total == 0


@pytest.mark.parametrize(
    ("category", "month"), [("A", "1662.50"), ("M", "1500.00"), ("H", "1500.00")]
)
def test_the_young_and_apprentices_cost_no_national_insurance(category: str, month: str) -> None:
    """£18,000: 15 % of the £13,000 above the threshold, or nothing up to £50,270."""
    assert _costs(post("job", 18_000, nic_category=category))[0] == pence(month)


def test_a_young_persons_high_salary_pays_above_the_upper_threshold() -> None:
    """£60,270: 15 % of £10,000 is £1,500 a year."""
    assert _costs(post("job", 60_270, nic_category="M"))[0] == pence("5147.50")


# --- pay changes -------------------------------------------------------------------------------


def test_a_rise_in_mid_month_prices_each_day_at_its_own_salary() -> None:
    """£12,000 for 15 days of June and £13,200 for 15: £500 and £550."""
    rise = worker("job", 1000) | {"pay_changes": [{"from": "2026-06-16", "percent": "10"}]}
    assert _costs(rise)[1:4] == [pence(1000), pence(1050), pence(1100)]


def test_each_rise_is_rounded_once_and_the_next_builds_on_it() -> None:
    """£10,000.05 + 2.5 % is £10,250.05 (half up), + 2.5 % again £10,506.30; a year of it."""
    changes = [{"from": "2026-05-01", "percent": "2.5"}, {"from": "2026-06-01", "percent": "2.5"}]
    costs = _costs(post("job", "10000.05", status="agency", pay_changes=changes))
    assert costs[:3] == [pence("833.34"), pence("854.17"), pence("875.53")]


def test_a_rise_by_an_amount_and_a_new_salary_and_in_whatever_order_they_are_listed() -> None:
    changes = [
        {"from": "2026-07-01", "salary": "24000.00"},
        {"from": "2026-05-01", "amount": "1200.00"},
        {"from": "2026-08-01", "percent": "-50"},
    ]
    costs = _costs(worker("job", 1000) | {"pay_changes": changes})
    assert costs[:5] == [pence(1000), pence(1100), pence(1100), pence(2000), pence(1000)]


def test_a_rise_acts_on_the_full_time_salary() -> None:
    """£1,200 a year more full time is £600 for half a post."""
    half = worker("job", 1000, fte="0.5")
    half["pay_changes"] = [{"from": "2026-05-01", "amount": "1200.00"}]
    assert _costs(half)[:2] == [pence(500), pence(550)]


def test_a_rise_reprices_national_insurance_and_pension() -> None:
    pension = {"basis": "salary", "percent": "5"}
    changes = [{"from": "2026-05-01", "percent": "3"}]
    costs = _costs(post("job", 30_000, pension=pension, pay_changes=changes))
    assert costs[:2] == [pence("2937.50"), pence("3027.50")]


# --- the Employment Allowance ------------------------------------------------------------------


def _saved(*posts: Plain, **book: Any) -> list[int]:
    """What the allowance takes off the cost, month by month."""
    today = book.pop("today", book.get("as_at", "2026-04-01"))
    without = look(charity(*posts, **book), today, 24)
    claimed = look(charity(*posts, employment_allowance=True, **book), today, 24)
    return [int(part) for part in secured(without).cost - secured(claimed).cost]


BIG = post("big", 85_000)
"""£12,000 of National Insurance a year: £1,000 a month."""


def test_the_allowance_starts_again_each_april() -> None:
    saved = _saved(BIG)
    assert saved[:12] == [pence(1000)] * 10 + [pence(500), 0]
    assert saved[12:24] == saved[:12]


def test_months_before_the_balances_have_used_some_of_it() -> None:
    assert _saved(BIG, as_at="2026-12-01")[:5] == [
        pence(1000),
        pence(1000),
        pence(500),
        0,
        pence(1000),
    ]


def test_the_tax_year_of_balances_in_february_began_the_april_before() -> None:
    assert _saved(BIG, as_at="2027-02-01")[:4] == [pence(500), 0, pence(1000), pence(1000)]


def test_the_allowance_never_exceeds_what_is_due() -> None:
    assert _saved(post("small", 9_000))[:2] == [pence(50), pence(50)]


def test_the_allowance_goes_to_unrestricted_funds_and_never_to_a_post() -> None:
    without, claimed = (
        look(charity(BIG, reserves=500_000, employment_allowance=claims))
        for claims in (False, True)
    )
    assert (without.posts[0].month_cost == claimed.posts[0].month_cost).all()
    assert (without.posts[0].unfunded_cost == claimed.posts[0].unfunded_cost).all()
    gained = secured(claimed).unrestricted_closing - secured(without).unrestricted_closing
    assert int(gained[0]) == pence(1000)
    assert int((secured(claimed).cash - secured(without).cash)[-1]) == int(gained[-1])


# --- other costs -------------------------------------------------------------------------------


def _falls(record: Plain, as_at: str = "2026-04-01") -> dict[str, int]:
    told = look(charity(record, pays(None, f"cost:{record['key']}"), as_at=as_at), as_at, 15)
    rows = zip(told.months, secured(told).cost, strict=True)
    return {f"{month:%Y-%m}": int(part) // 100 for month, part in rows if part}


def test_a_quarterly_cost_falls_whole_every_third_month_from_its_start() -> None:
    audit = cost("audit", 300, "2025-11-15..2027-02-15", every="quarter")
    assert list(_falls(audit)) == ["2026-05", "2026-08", "2026-11", "2027-02"]
    assert set(_falls(audit).values()) == {300}


def test_a_yearly_cost_falls_in_its_own_month_and_one_that_is_once_never_again() -> None:
    assert list(_falls(cost("fee", 100, "2020-06-30", every="year"))) == ["2026-06", "2027-06"]
    assert list(_falls(cost("van", 900, "2026-09-30", every="once"))) == ["2026-09"]
    assert _falls(cost("old", 900, "2026-03-31", every="once")) == {}


def test_a_lump_on_the_31st_is_clamped_and_none_falls_after_the_end() -> None:
    fee = cost("fee", 100, "2025-08-31..2026-11-29", every="quarter")
    assert list(_falls(fee)) == ["2026-05", "2026-08"]  # 30 November is after the end
    through = cost("fee", 100, "2025-08-31..2026-11-30", every="quarter")
    assert list(_falls(through)) == ["2026-05", "2026-08", "2026-11"]


def test_a_lump_before_the_balances_day_is_in_the_balances() -> None:
    early, on_the_day = (
        cost("fee", 100, f"2026-06-{day}..2026-06-30", every="once") for day in ("14", "15")
    )
    assert _falls(early, "2026-06-15") == {}
    assert _falls(on_the_day, "2026-06-15") == {"2026-06": 100}


def test_a_cost_of_a_single_day_is_a_cost() -> None:
    assert _falls(cost("skip", 300, "2026-04-21..2026-04-21")) == {"2026-04": 10}
    assert _falls(cost("fee", 90, "2026-06-10..2026-06-10", every="once")) == {"2026-06": 90}


def test_a_monthly_cost_has_part_months_as_a_post_has() -> None:
    rent = cost("rent", 300, "2026-04-21..2026-06-10")
    assert _falls(rent) == {"2026-04": 100, "2026-05": 300, "2026-06": 100}
