"""What awards bring, month by month: spreads, profiles, uplifts, extensions, certainty."""

from typing import Any

import pytest

from fundtrack.core.model import Certainty
from tests.core.world import (
    Plain,
    award,
    award_of,
    by_month,
    charity,
    in_month,
    look,
    pence,
)

YEAR = "2026-04-01..2027-03-31"
EACH: tuple[Certainty, ...] = ("secured", "probable", "possible")


def income(
    record: Plain, certainty: Certainty = "secured", horizon: int = 36, **book: Any
) -> dict[str, int]:
    told = look(charity(record, **book), "2026-04-01", horizon)
    return by_month(told, told.forecast[certainty].income)


# --- spreads -----------------------------------------------------------------------------------


def test_an_award_is_spread_over_its_days_by_months_or_by_days() -> None:
    """Half of April weighs half a month, or 15 days of 46."""
    span = "2026-04-16..2026-05-31"
    assert income(award("a", span, 3000)) == {"2026-04": pence(1000), "2026-05": pence(2000)}
    assert income(award("a", span, 4600, spread="days")) == {
        "2026-04": pence(1500),
        "2026-05": pence(3100),
    }


def test_no_penny_is_lost_on_the_way() -> None:
    parts = income(award("a", YEAR, "1000.01"))
    assert sum(parts.values()) == pence("1000.01")
    assert set(parts.values()) == {8333, 8334}


def test_a_vast_award_is_spread_to_the_penny_as_well() -> None:
    """Beyond what sixty-four bits hold on the way: the sums are then worked exactly."""
    found = income(award("a", YEAR, "99999999999.99"))
    assert sum(found.values()) == pence("99999999999.99")
    assert set(found.values()) == {833333333333, 833333333334}


def test_money_of_days_before_the_balances_is_in_the_balances() -> None:
    """Ten of thirty days of June remain, and all of July."""
    found = income(award("a", "2026-05-01..2026-07-31", 3000), as_at="2026-06-21")
    assert found == {"2026-06": 33333, "2026-07": pence(1000)}


def test_a_profile_says_how_much_lies_in_each_month() -> None:
    profile = [{"month": "2026-05", "amount": "700.00"}, {"month": "2026-11", "amount": "300.00"}]
    wanted = {"2026-05": pence(700), "2026-11": pence(300)}
    assert income(award("a", YEAR, 1000, profile=profile)) == wanted
    assert income(award("a", YEAR, 1000, profile=profile, spread="profile")) == wanted


def test_a_profile_beside_another_spread_does_not_count() -> None:
    profile = [{"month": "2026-05", "amount": "1200.00"}]
    flat = income(award("a", YEAR, 1200, profile=profile, spread="months"))
    assert set(flat.values()) == {pence(100)}
    assert set(income(award("a", YEAR, 1200, spread="profile")).values()) == {pence(100)}


def test_a_profiled_months_sum_lies_on_the_awards_own_days_in_it() -> None:
    """An award from 16 May: by the 24th, half of its sixteen days of May are gone."""
    profile = [{"month": "2026-05", "amount": "1000.00"}]
    found = income(award("a", "2026-05-16..2027-03-31", 1000, profile=profile), as_at="2026-05-24")
    assert found == {"2026-05": pence(500)}


def test_a_profile_that_does_not_add_up_is_flagged_and_still_counts() -> None:
    profile = [{"month": "2026-05", "amount": "900.00"}]
    told = look(charity(award("a", YEAR, 1000, profile=profile)))
    assert [(each.path, each.says) for each in told.problems] == [
        ("awards.0.profile", "does not add up to the amount")
    ]
    assert in_month(told, told.forecast["secured"].income, "2026-05") == pence(900)


def test_a_profiled_month_outside_the_award_is_flagged_and_not_counted() -> None:
    profile = [{"month": "2026-05", "amount": "600.00"}, {"month": "2027-05", "amount": "400.00"}]
    told = look(charity(award("a", YEAR, 1000, profile=profile)), horizon=24)
    assert [each.path for each in told.problems] == ["awards.0.profile.1"]
    assert by_month(told, told.forecast["secured"].income) == {"2026-05": pence(600)}


# --- uplifts -----------------------------------------------------------------------------------


def rise(from_: str, percent: str, cap: str | None = None) -> Plain:
    return {"from": from_, "percent": percent} | ({} if cap is None else {"cap": cap})


def test_each_uplift_raises_what_follows_it_and_they_compound() -> None:
    uplifts = [rise("2026-08-01", "10"), rise("2026-12-01", "10")]
    found = income(award("a", YEAR, 12_000, uplifts=uplifts))
    assert list(found.values()) == [pence(1000)] * 4 + [pence(1100)] * 4 + [pence(1210)] * 4


def test_an_uplift_is_held_to_its_cap() -> None:
    found = income(award("a", YEAR, 12_000, uplifts=[rise("2026-10-01", "7", "3")]))
    assert list(found.values()) == [pence(1000)] * 6 + [pence(1030)] * 6
    under = income(award("a", YEAR, 12_000, uplifts=[rise("2026-10-01", "2", "3")]))
    assert list(under.values())[6] == pence(1020)


def test_an_uplift_on_or_before_the_start_is_in_the_price_already() -> None:
    uplifts = [rise("2026-04-01", "10"), rise("2025-10-01", "10"), rise("2027-04-01", "10")]
    assert set(income(award("a", YEAR, 12_000, uplifts=uplifts)).values()) == {pence(1000)}


def test_uplifts_count_in_order_of_date_however_they_are_listed() -> None:
    uplifts = [rise("2026-12-01", "-50"), rise("2026-08-01", "10")]
    found = income(award("a", YEAR, 12_000, uplifts=uplifts))
    assert list(found.values()) == [pence(1000)] * 4 + [pence(1100)] * 4 + [pence(550)] * 4


def test_a_piece_is_rounded_each_time_it_is_raised() -> None:
    """£1.00 + 2.5 % is £1.03, and + 2.5 % again £1.06; at one stroke it would be £1.05."""
    uplifts = [rise("2026-05-01", "2.5"), rise("2026-05-01", "2.5")]
    found = income(award("a", "2026-04-30..2026-05-01", 2, spread="days", uplifts=uplifts))
    assert found == {"2026-04": 100, "2026-05": 106}


def test_an_uplift_raises_a_profile_too() -> None:
    profile = [{"month": "2026-05", "amount": "310.00"}, {"month": "2026-06", "amount": "300.00"}]
    found = income(award("a", YEAR, 610, profile=profile, uplifts=[rise("2026-05-17", "10")]))
    assert found == {"2026-05": pence("325.00"), "2026-06": pence(330)}  # 160 + 150 × 1.1


# --- extensions and options --------------------------------------------------------------------


def extended(exercised: bool | None, **fields: Any) -> Plain:  # noqa: FBT001 (it is a field)
    option: Plain = {"key": "x", "end": "2028-03-31", "amount": "2400.00", "notice_months": 6}
    if exercised is not None:
        option["exercised"] = exercised
    return award("a", YEAR, 1200, extensions=[option], **fields)


def test_an_extension_taken_up_is_as_certain_as_its_award() -> None:
    found = income(extended(exercised=True))
    assert list(found.values()) == [pence(100)] * 12 + [pence(200)] * 12


@pytest.mark.parametrize("exercised", [False, None])
def test_an_extension_not_taken_up_is_only_possible(exercised: bool | None) -> None:  # noqa: FBT001
    option = extended(exercised)
    assert len(income(option)) == len(income(option, "probable")) == 12
    assert len(income(option, "possible")) == 24


def test_an_extensions_amount_is_final_whatever_uplifts_say() -> None:
    found = income(extended(exercised=True, uplifts=[rise("2026-10-01", "10")]))
    assert list(found.values()) == [pence(100)] * 6 + [pence(110)] * 6 + [pence(200)] * 12


def test_a_second_extension_starts_where_the_first_ends() -> None:
    options = [
        {"key": "x", "end": "2027-06-30", "amount": "600.00", "exercised": True},
        {"key": "y", "end": "2027-09-30", "amount": "900.00", "exercised": True},
    ]
    found = income(award("a", YEAR, 1200, extensions=options))
    assert list(found.values()) == [pence(100)] * 12 + [pence(200)] * 3 + [pence(300)] * 3


def test_notice_of_an_extension_is_counted_from_the_end_before_it() -> None:
    """Six months before 31 March is 30 September: from 1 October they would end in April."""
    told = look(charity(extended(exercised=False)), "2026-09-30")
    assert [(str(option.by), option.passed) for option in told.options] == [("2026-09-30", False)]
    assert told.problems == ()
    late = look(charity(extended(exercised=False)), "2026-10-01")
    assert [each.path for each in late.problems] == ["awards.0.extensions.0"]
    assert late.options[0].passed


def test_an_extension_taken_up_is_no_longer_open_nor_flagged() -> None:
    told = look(charity(extended(exercised=True)), "2026-12-01")
    assert (told.options, told.problems) == ((), ())


def test_an_option_whose_day_has_passed_stays_possible() -> None:
    told = look(charity(extended(exercised=False)), "2026-12-01", 24)
    assert in_month(told, told.forecast["possible"].income, "2027-04") == pence(200)


def test_a_break_is_shown_and_never_forecast() -> None:
    record = award("a", YEAR, 1200, break_months=3)
    told = look(charity(record), "2026-05-31")
    assert [(option.extension, str(option.by)) for option in told.options] == [(None, "2026-08-31")]
    assert len(income(record)) == 12


# --- certainty ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "counts_at"),
    [
        ("idea", ["possible"]),
        ("preparing", ["possible"]),
        ("submitted", ["possible"]),
        ("agreed-in-principle", ["probable", "possible"]),
        ("awarded", ["secured", "probable", "possible"]),
        ("live", ["secured", "probable", "possible"]),
        ("ended", ["secured", "probable", "possible"]),
        ("unsuccessful", []),
        ("withdrawn", []),
    ],
)
def test_how_certain_each_stage_is(stage: str, counts_at: list[str]) -> None:
    record = award("a", YEAR, 1200, stage=stage, probability="90")
    assert [name for name in EACH if income(record, name)] == counts_at
    told = look(charity(record))
    assert [name for name in EACH if told.forecast[name].awards] == counts_at


def test_an_option_on_a_bid_that_failed_never_counts() -> None:
    assert income(extended(exercised=False, stage="withdrawn"), "possible") == {}


def test_an_ended_award_counts_to_its_end() -> None:
    found = income(award("a", "2026-01-01..2026-06-30", 600, stage="ended"))
    assert list(found) == ["2026-04", "2026-05", "2026-06"]


def test_money_hoped_for_is_never_blended_with_what_is_agreed() -> None:
    told = look(
        charity(
            award("sure", YEAR, 1200),
            award("likely", YEAR, 2400, stage="agreed-in-principle", probability="80"),
            award("hoped", YEAR, 3600, stage="submitted", probability="10"),
        )
    )
    assert [in_month(told, told.forecast[name].income, "2026-06") for name in EACH] == [
        pence(100),
        pence(300),
        pence(600),
    ]
    assert award_of(told, "hoped", "possible").income[0] == pence(300)
