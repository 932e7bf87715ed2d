"""The outlook as one value and as JSON: its months, its order, and what is null when it is not."""

from typing import Any

import pytest

from fundtrack.core.outlook import to_plain
from tests.core.world import (
    Plain,
    award,
    charity,
    cost,
    grant,
    look,
    pays,
    post,
    worker,
)

YEAR = "2026-04-01..2027-03-31"
JOB = post("job", 26_000, "2017-04-01", person={"born": "1990-01-01"})


def plain_of(*records: Plain, today: str = "2026-11-22", horizon: int = 12, **book: Any) -> Any:
    return to_plain(look(charity(*records, **book), today, horizon))


# --- the months looked at ----------------------------------------------------------------------


def test_months_run_from_the_balances_through_the_horizon() -> None:
    told = look(charity(as_at="2026-04-16"), "2026-11-30", 3)
    assert [f"{month:%Y-%m}" for month in (told.months[0], told.months[-1])] == [
        "2026-04",
        "2027-02",
    ]
    assert str(told.last_day) == "2027-02-28"


@pytest.mark.parametrize("horizon", [0, 121, -1])
def test_the_horizon_is_one_to_a_hundred_and_twenty_months(horizon: int) -> None:
    with pytest.raises(ValueError, match="1 to 120"):
        look(charity(), horizon=horizon)
    assert len(look(charity(), horizon=120).months) == 121


def test_every_month_is_there_for_every_award_and_post() -> None:
    plain = plain_of(JOB, award("a", "2026-06-01..2026-06-30", 1), horizon=3)
    months = [row["month"] for row in plain["forecast"]["secured"]["months"]]
    assert len(months) == 11
    assert [row["month"] for row in plain["forecast"]["secured"]["awards"][0]["by_month"]] == months
    assert list(plain["posts"][0]["unfunded_cost_by_month"]) == months


# --- what is not there -------------------------------------------------------------------------


def test_an_unrestricted_award_has_no_balance_and_nothing_to_repay() -> None:
    found = plain_of(award("a", YEAR, 1200))["forecast"]["secured"]["awards"][0]
    assert (found["by_month"][0]["balance"], found["by_month"][0]["cash_held"]) == (None, None)
    assert found["repayable"] is None
    assert found["by_month"][0]["income"] == "100.00"


def test_a_post_without_a_last_day_has_neither_notice_nor_redundancy() -> None:
    found = plain_of(JOB, pays(None, "job"))["posts"][0]
    named = ("statutory_weeks", "binding", "latest_notice_calendar", "latest_notice_working")
    assert {found[name] for name in named} == {None}
    others = ("latest_consultation_start", "consultation", "redundancy", "transfer", "cliff_date")
    assert {found[name] for name in others} == {None}


def test_an_award_not_counted_is_absent_and_the_others_keep_their_order() -> None:
    records = [
        award("b", YEAR, 1),
        award("a", YEAR, 1, stage="idea"),
        award("c", YEAR, 1, stage="agreed-in-principle"),
    ]
    plain = plain_of(*records)["forecast"]
    keys = {name: [each["key"] for each in found["awards"]] for name, found in plain.items()}
    assert keys == {"secured": ["b"], "probable": ["b", "c"], "possible": ["b", "a", "c"]}


def test_a_range_of_redundancy_is_never_one_number() -> None:
    nobody = post("job", 26_000, "2019-04-01")
    found = plain_of(nobody, award("a", YEAR, 1), pays("a", "job"))["posts"][0]["redundancy"]
    assert (found["age"], found["weeks"], found["srp"]) == (None, None, None)
    assert found["range"] == {"low": "2000.00", "high": "6000.00"}
    exact = plain_of(JOB, award("a", YEAR, 1), pays("a", "job"))["posts"][0]["redundancy"]
    assert (exact["range"], exact["weeks"], exact["srp"]) == (None, "10", "5000.00")


def test_money_and_shares_are_text_and_counts_are_numbers() -> None:
    plain = plain_of(
        JOB | {"fte": "0.50"},
        award("a", YEAR, 1),
        pays("a", "job", "33.330"),
        reserves=-5,
    )
    assert plain["posts"][0]["segments"][0]["secured_pct"] == "33.33"
    assert plain["cliffs"][0]["fte"] == "0.5"
    assert plain["posts"][0]["statutory_weeks"] == 9
    assert plain["forecast"]["secured"]["free_reserves"] == "-5.00"


def test_cliffs_name_the_records_they_rest_on_and_what_would_close_them() -> None:
    found = plain_of(JOB, award("a", YEAR, 1), pays("a", "job"))["cliffs"]
    by_kind = {each["kind"]: each for each in found}
    assert by_kind["post"]["because"] == ["a"]
    assert by_kind["award"]["because"] == ["a"]
    assert by_kind["award"]["closes"] == "A renewal, agreed, that starts by that day"


# --- what more is said -------------------------------------------------------------------------


@pytest.mark.parametrize("on_end", ["transfers", "unknown"])
def test_both_figures_of_work_that_may_move_are_in_the_json(on_end: str) -> None:
    records = (JOB, award("a", YEAR, 1, on_end=on_end), pays("a", "job"))
    plain = plain_of(*records, today="2027-03-20")
    found, exposure = plain["posts"][0]["transfer"], plain["exposure"]
    assert (found["on_end"], found["awards"], found["wholly"]) == (on_end, ["a"], True)
    assert found["if_transfers"] == {"redundancy": "0.00", "lateness": "0.00"}
    assert found["do_nothing"]["redundancy"] == "5000.00"
    assert float(found["do_nothing"]["lateness"]) > 0
    assert exposure["if_transfers"] == "0.00"
    assert exposure["total"] == ("0.00" if on_end == "transfers" else exposure["do_nothing"])
    assert found["take_advice"] is (on_end == "unknown")


def test_options_and_breaks_are_said_with_their_days() -> None:
    option = {"key": "x", "end": "2028-03-31", "amount": "1.00", "notice_months": 6}
    plain = plain_of(award("a", YEAR, 1, extensions=[option], break_months=3))
    assert [(each["extension"], each["by"], each["passed"]) for each in plain["options"]] == [
        ("x", "2026-09-30", True),
        (None, "2027-02-22", False),
    ]


def test_an_empty_book_says_nothing_and_breaks_nothing() -> None:
    plain = plain_of()
    assert (plain["posts"], plain["cliffs"], plain["ladders"], plain["problems"]) == (
        [],
        [],
        [],
        [],
    )
    assert plain["exposure"]["total"] == "0.00"
    assert len(plain["sentences"]) == 3


def test_one_book_says_the_same_of_a_post_in_every_part() -> None:
    """The cliff, the ladder and the post speak of the same day."""
    told = look(
        charity(
            JOB,
            worker("temp", 100),
            cost("rent", 50),
            grant("g", YEAR, 40_000),
            pays("g", "job"),
            pays("g", "temp"),
            pays("g", "cost:rent"),
        ),
        "2026-11-22",
    )
    plain = to_plain(told)
    cliffs = {each["key"]: each["date"] for each in plain["cliffs"] if each["kind"] == "post"}
    assert cliffs == {each["key"]: each["cliff_date"] for each in plain["posts"]}
    ends = [each["rungs"][-1]["date"] for each in plain["ladders"]]
    assert set(ends) == {"2027-03-31"} == {plain["posts"][0]["funded_to"]}
