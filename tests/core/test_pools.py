"""Money kept apart: what a pool bears, what falls on unrestricted funds, what is owed back."""

from typing import Any

from fundtrack.core.outlook import Outlook
from tests.core.world import (
    Plain,
    award,
    award_of,
    charity,
    cost,
    grant,
    look,
    pays,
    pence,
    secured,
)

YEAR = "2026-04-01..2027-03-31"


def profile(**months: int) -> list[Plain]:
    """`m05=700` is £700 in May 2026 (`n05` the year after)."""
    years = {"m": "2026", "n": "2027"}
    return [
        {"month": f"{years[name[0]]}-{name[1:]}", "amount": f"{amount}.00"}
        for name, amount in months.items()
    ]


def told_of(*records: Plain, horizon: int = 12, **book: Any) -> Outlook:
    return look(charity(*records, **book), "2026-04-01", horizon)


def figures(told: Outlook, key: str, name: str, months: int = 6) -> list[int]:
    found = getattr(award_of(told, key), name)
    return [int(part) // 100 for part in found[:months]]


def closing(told: Outlook, months: int = 6) -> list[int]:
    return [int(part) // 100 for part in secured(told).unrestricted_closing[:months]]


def test_a_surplus_stays_in_the_pool_and_helps_nobody_else() -> None:
    told = told_of(
        grant("g", YEAR, 12_000),
        cost("own", 600),
        cost("other", 100),
        pays("g", "cost:own"),
        reserves=1000,
    )
    assert figures(told, "g", "balance") == [400, 800, 1200, 1600, 2000, 2400]
    assert closing(told) == [900, 800, 700, 600, 500, 400]


def test_what_a_short_pool_cannot_bear_falls_on_unrestricted_funds_that_month() -> None:
    told = told_of(grant("g", YEAR, 1200), cost("own", 150), pays("g", "cost:own"), reserves=1000)
    assert figures(told, "g", "charged") == [100] * 6
    assert figures(told, "g", "balance") == [0] * 6
    assert closing(told) == [950, 900, 850, 800, 750, 700]


def test_a_short_pool_is_paid_back_from_its_own_later_surplus() -> None:
    """Nothing in April and May, £500 in June: its £100, the £200 owed, and £200 kept."""
    told = told_of(
        grant("g", YEAR, 500, profile=profile(m06=500)),
        cost("own", 100),
        pays("g", "cost:own"),
        reserves=1000,
    )
    assert figures(told, "g", "charged") == [0, 0, 300, 100, 100, 0]
    assert figures(told, "g", "balance") == [0, 0, 200, 100, 0, 0]
    assert closing(told) == [900, 800, 1000, 1000, 1000, 900]
    movement = secured(told).unrestricted_movement
    assert [int(part) // 100 for part in movement[:3]] == [-100, -100, 200]


def test_this_months_own_costs_come_before_what_is_owed() -> None:
    told = told_of(
        grant("g", YEAR, 500, profile=profile(m06=250, m07=250)),
        cost("own", 100),
        pays("g", "cost:own"),
        reserves=1000,
    )
    assert figures(told, "g", "charged") == [0, 0, 250, 150, 100, 0]


def test_a_renewals_pool_does_not_pay_what_the_old_one_owes() -> None:
    told = told_of(
        grant("g", "2026-04-01..2026-05-31", 0),
        grant("h", "2026-06-01..2027-03-31", 2000, renewal_of="g"),
        cost("own", 100),
        pays("g", "cost:own"),
        reserves=1000,
    )
    assert figures(told, "h", "charged") == [0, 0, 100, 100, 100, 100]
    assert figures(told, "h", "balance") == [0, 0, 100, 200, 300, 400]


def test_a_pool_opens_with_its_own_balance() -> None:
    told = told_of(
        grant("g", YEAR, 0, opening_balance="250.00"), cost("own", 100), pays("g", "cost:own")
    )
    assert figures(told, "g", "charged") == [100, 100, 50, 0, 0, 0]
    assert figures(told, "g", "balance") == [150, 50, 0, 0, 0, 0]


def test_a_short_pool_does_not_uncover_its_post() -> None:
    told = told_of(grant("g", YEAR, 0), cost("own", 100), pays("g", "cost:own"))
    assert [cliff.kind for cliff in told.cliffs if cliff.kind == "service"] == []
    assert figures(told, "g", "wanted") == [100] * 6


def test_when_an_award_ends_its_share_falls_on_unrestricted_funds() -> None:
    told = told_of(
        grant("g", "2026-04-01..2026-05-31", 200),
        cost("own", 100),
        pays("g", "cost:own"),
        reserves=1000,
    )
    assert closing(told) == [1000, 1000, 900, 800, 700, 600]


def test_unrestricted_awards_are_no_pool() -> None:
    told = told_of(award("a", YEAR, 2400), cost("own", 100), pays("a", "cost:own"), reserves=1000)
    assert award_of(told, "a").balance is None
    assert award_of(told, "a").cash_held is None
    assert award_of(told, "a").repayable is None
    assert closing(told)[:2] == [1100, 1200]


def test_designated_and_ring_fenced_money_is_kept_apart_as_restricted_is() -> None:
    for fields in ({"fund": "designated"}, {"ring_fenced": True}, {"fund": "restricted"}):
        told = told_of(award("a", YEAR, 2400, **fields), reserves=1000)
        assert figures(told, "a", "balance")[:2] == [200, 400]
        assert closing(told)[:2] == [1000, 1000]


def test_a_grant_is_restricted_and_a_contract_is_not_unless_something_else_is_said() -> None:
    said = told_of(
        *(
            {
                name: value
                for name, value in award(kind, YEAR, 1200, kind=kind).items()
                if name != "fund"
            }
            for kind in ("grant", "contract", "donations", "trading")
        )
    )
    pools = {found.key for found in said.forecast["secured"].awards if found.balance is not None}
    assert pools == {"grant"}


# --- repayable ---------------------------------------------------------------------------------


def unspent(end: str = "2026-09-30", **fields: Any) -> int | None:
    """A £600 grant of six months, half of it spent."""
    told = told_of(
        award("g", f"2026-04-01..{end}", 600, **{"fund": "restricted"} | fields),
        cost("own", 50, "2020-01-01..2026-09-30"),
        pays("g", "cost:own"),
    )
    repayable = award_of(told, "g").repayable
    assert int(secured(told).restricted_closing[-1]) == pence(300) or repayable is None
    return repayable


def test_what_is_left_beyond_the_permitted_carry_forward_is_repayable() -> None:
    assert unspent() == pence(300)
    assert unspent(carry_forward="10") == pence(240)
    assert unspent(carry_forward="50") == 0
    assert unspent(carry_forward="100") == 0


def test_nothing_is_repayable_until_the_award_ends_inside_the_horizon() -> None:
    assert unspent("2027-04-30") == pence(300)
    assert unspent("2027-05-01") is None


def test_only_restricted_money_is_repayable() -> None:
    assert unspent(fund="designated") is None
    assert unspent(fund="unrestricted", ring_fenced=True) is None


# --- what stays restricted ---------------------------------------------------------------------


def balances(**held: int) -> Plain:
    return {"as_at": "2026-04-01"} | {name: f"{amount}.00" for name, amount in held.items()}


def test_restricted_money_outside_the_awards_stays_as_it_is() -> None:
    told = told_of(
        grant("g", YEAR, 0, opening_balance="300.00"),
        cost("own", 100),
        pays("g", "cost:own"),
        balances=balances(total_funds=5000, restricted=800),
    )
    assert [int(part) // 100 for part in secured(told).restricted_closing[:5]] == [
        700,
        600,
        500,
        500,
        500,
    ]


def test_without_a_restricted_balance_there_is_nothing_beside_the_awards() -> None:
    told = told_of(grant("g", YEAR, 0, opening_balance="300.00"))
    assert int(secured(told).restricted_closing[0]) == pence(300)


def test_less_restricted_money_than_the_awards_hold_is_flagged() -> None:
    told = told_of(
        grant("g", YEAR, 0, opening_balance="300.00"),
        balances=balances(total_funds=5000, restricted=200),
    )
    assert [problem.path for problem in told.problems] == ["organisation.balances.restricted"]
    assert int(secured(told).restricted_closing[0]) == pence(200)


def test_designated_money_is_no_part_of_the_restricted_balance() -> None:
    told = told_of(
        award("d", YEAR, 0, fund="designated", opening_balance="300.00"),
        balances=balances(total_funds=5000, restricted=200),
    )
    assert told.problems == ()
    assert int(secured(told).restricted_closing[0]) == pence(500)


def test_a_ring_fenced_opening_comes_out_of_free_reserves() -> None:
    fenced = award("a", YEAR, 0, ring_fenced=True, opening_balance="300.00")
    from_total = told_of(fenced, balances=balances(total_funds=1000))
    assert int(secured(from_total).unrestricted_closing[0]) == pence(700)
    alone = told_of(fenced, reserves=1000)
    assert int(secured(alone).unrestricted_closing[0]) == pence(1000)


def test_a_pool_hoped_for_opens_only_where_it_counts() -> None:
    fenced = award("a", YEAR, 0, ring_fenced=True, opening_balance="300.00", stage="idea")
    told = told_of(fenced, balances=balances(total_funds=1000))
    assert int(secured(told).unrestricted_closing[0]) == pence(1000)
    assert int(told.forecast["possible"].unrestricted_closing[0]) == pence(700)
