"""Where money stops: cover of a post, and cliffs of all five kinds with what would close them."""

from typing import Any

from fundtrack.core.cliffs import Cliff
from fundtrack.core.outlook import Outlook
from tests.core.world import (
    Plain,
    award,
    charity,
    cliff_names,
    cliff_of,
    cost,
    day,
    grant,
    look,
    pays,
    pence,
    post,
    post_of,
    service,
    worker,
)

YEAR = "2026-04-01..2027-03-31"
LONG = "2020-04-01..2035-03-31"
JOB = worker("job", 1000)


def told_of(*records: Plain, today: str = "2026-06-10", horizon: int = 24, **book: Any) -> Outlook:
    return look(charity(*records, **book), today, horizon)


def spans(told: Outlook, key: str = "job") -> list[tuple[str, str, str]]:
    return [
        (str(part.start), str(part.end), str(part.secured_pct.normalize()))
        for part in post_of(told, key).segments
    ]


# --- cover -------------------------------------------------------------------------------------


def test_a_post_paid_by_two_awards_survives_losing_one_of_three() -> None:
    told = told_of(
        JOB,
        award("short", YEAR, 0),
        award("long", LONG, 0),
        pays("short", "job", "40"),
        pays("long", "job", "60"),
        pays(None, "job", "40", **{"from": "2027-04-01"}),
    )
    assert spans(told) == [("2026-06-10", "2028-06-30", "1E+2")]
    assert post_of(told, "job").cliff_date is None


def test_cover_starts_today_and_runs_to_the_horizons_last_day() -> None:
    told = told_of(JOB, award("a", YEAR, 0), pays("a", "job", "50"))
    assert spans(told) == [
        ("2026-06-10", "2027-03-31", "5E+1"),
        ("2027-04-01", "2028-06-30", "0"),
    ]


def test_a_post_short_today_has_no_funded_to() -> None:
    found = post_of(told_of(JOB, award("a", YEAR, 0), pays("a", "job", "50")), "job")
    assert (found.funded_to, found.cliff_date) == (None, day("2026-06-10"))
    assert found.fully_unfunded_from == day("2027-04-01")


def test_the_first_day_short_is_the_cliff_even_if_cover_recovers() -> None:
    told = told_of(
        JOB,
        award("a", YEAR, 0),
        award("b", "2027-04-02..2035-03-31", 0),
        pays("a", "job"),
        pays("b", "job"),
    )
    found = post_of(told, "job")
    assert (found.funded_to, found.cliff_date) == (day("2027-03-31"), day("2027-04-01"))
    assert found.fully_unfunded_from is None


def test_days_a_post_does_not_exist_are_no_gap_in_its_money() -> None:
    away = JOB | {"vacancies": [{"from": "2027-04-01", "to": "2027-05-31"}]}
    records = (award("a", YEAR, 0), award("b", "2027-06-01..2035-03-31", 0))
    shares = (pays("a", "job"), pays("b", "job"))
    found = post_of(told_of(away, *records, *shares), "job")
    assert (found.cliff_date, found.funded_to) == (None, day("2028-06-30"))
    assert len(found.segments) == 2


def test_without_a_cliff_a_post_is_funded_to_its_own_end() -> None:
    ends = worker("job", 1000, "2020-01-01..2027-12-10")
    assert post_of(told_of(ends, pays(None, "job")), "job").funded_to == day("2027-12-10")


def test_a_post_whose_only_money_ends_before_it_starts() -> None:
    found = post_of(told_of(worker("job", 1000, "2027-05-01")), "job")
    assert (found.funded_to, found.cliff_date) == (None, day("2027-05-01"))
    assert found.fully_unfunded_from == day("2027-05-01")


def test_cover_at_each_certainty_alone_and_the_day_each_falls_short() -> None:
    """Half agreed, 30 % likely from June, the rest hoped for: in basis points of the month."""
    told = told_of(
        JOB,
        award("sure", LONG, 0),
        award("likely", "2026-06-16..2027-03-31", 0, stage="agreed-in-principle"),
        award("hoped", LONG, 0, stage="idea"),
        pays("sure", "job", "50"),
        pays("likely", "job", "50"),
        pays("hoped", "job", "20"),
        today="2026-04-01",
    )
    found = post_of(told, "job")
    cover = {name: [int(part) for part in parts[1:4]] for name, parts in found.cover.items()}
    assert cover == {
        "secured": [5000, 5000, 5000],
        "probable": [0, 2500, 5000],
        "possible": [2000, 1000, 0],
    }
    assert {name: str(first) for name, first in found.short_from.items()} == {
        "secured": "2026-04-01",
        "probable": "2026-04-01",
        "possible": "2026-04-01",
    }
    later = told_of(*_hopes(), today="2026-07-01")
    assert {name: str(first) for name, first in post_of(later, "job").short_from.items()} == {
        "secured": "2026-07-01",
        "probable": "2027-04-01",
        "possible": "2028-04-01",
    }


def _hopes() -> list[Plain]:
    """A post agreed at half, made whole by a likely award for a year and a hoped-for one after."""
    return [
        JOB,
        award("sure", LONG, 0),
        award("likely", "2026-04-01..2027-03-31", 0, stage="agreed-in-principle"),
        award("hoped", "2027-04-01..2028-03-31", 0, stage="idea"),
        pays("sure", "job", "50"),
        pays("likely", "job", "50"),
        pays("hoped", "job", "50"),
    ]


# --- posts -------------------------------------------------------------------------------------


def test_a_posts_cliff_says_what_when_how_much_who_and_why() -> None:
    told = told_of(
        post("job", 24_000, "2020-04-01", fte="0.5", status="agency", service="refuge"),
        service("refuge", 40),
        service("advice", 90),
        award("a", YEAR, 0, service="advice"),
        pays("a", "job", "60"),
        award("long", LONG, 0),
        pays("long", "job", "40"),
    )
    found = cliff_of(told, "post", "job")
    assert found.date == day("2027-04-01")
    assert (found.per_month, found.over_12_months) == (pence(600), pence(7200))
    assert (found.posts, str(found.fte), found.people_supported) == (("job",), "0.5", 40)
    assert found.closes == "Secured money for this post from that day"


def test_a_cliff_in_mid_month_counts_twelve_months_from_its_day() -> None:
    """From 16 January: 16 of 31 days at £1,000, eleven months, and 15 of 31 days."""
    told = told_of(JOB, award("a", "2026-04-01..2027-01-15", 0), pays("a", "job"))
    found = cliff_of(told, "post", "job")
    assert found.over_12_months == 51613 + 11 * pence(1000) + 48387
    assert found.per_month == pence(1000)


def test_a_cliff_near_the_horizon_is_sized_by_the_months_beyond_it() -> None:
    told = told_of(JOB, award("a", YEAR, 0), pays("a", "job"), horizon=10)
    assert cliff_of(told, "post", "job").over_12_months == pence(12_000)


def test_what_returns_within_the_twelve_months_is_not_lost() -> None:
    told = told_of(
        JOB,
        award("a", YEAR, 0),
        award("b", "2027-10-01..2035-03-31", 0),
        pays("a", "job"),
        pays("b", "job"),
    )
    assert cliff_of(told, "post", "job").over_12_months == pence(6000)


def test_a_cliff_rests_on_the_awards_that_end_the_day_before() -> None:
    told = told_of(
        post("job", 26_000, "2020-04-01"),
        award("a", YEAR, 0),
        award("b", LONG, 0),
        award("c", YEAR, 0),
        *(pays(key, "job", "30") for key in "ab"),
        pays("c", "job", "40"),
    )
    assert cliff_of(told, "post", "job").because == ("a", "c")


def test_cliffs_are_found_from_today_to_the_horizons_last_day() -> None:
    records = (JOB, award("a", YEAR, 0), pays("a", "job"))
    assert "post:job" in cliff_names(told_of(*records, today="2027-04-01"))
    assert "post:job" in cliff_names(told_of(*records, today="2026-06-10", horizon=10))
    assert "post:job" not in cliff_names(told_of(*records, today="2026-06-10", horizon=9))


# --- awards ------------------------------------------------------------------------------------


def test_an_award_that_ends_with_no_successor_is_a_cliff_the_day_after() -> None:
    told = told_of(JOB, award("a", YEAR, 0), pays("a", "job"))
    found = cliff_of(told, "award", "a")
    assert (found.date, found.posts, found.because) == (day("2027-04-01"), ("job",), ("a",))
    assert found.closes == "A renewal, agreed, that starts by that day"


def renewal(starts: str, stage: str = "awarded") -> list[str]:
    new = award("new", f"{starts}..2035-03-31", 0, stage=stage, renewal_of="a")
    return cliff_names(told_of(award("a", YEAR, 0), new))


def test_a_secured_renewal_by_the_next_day_closes_it() -> None:
    assert renewal("2027-04-01") == renewal("2027-01-01") == []


def test_a_late_or_unsure_renewal_does_not() -> None:
    assert renewal("2027-04-02") == ["award:a"]
    assert renewal("2027-04-01", "agreed-in-principle") == ["award:a"]


def test_an_awards_cliff_on_the_horizons_last_day_is_still_seen() -> None:
    on_it, past = (award("a", f"2026-04-01..2027-03-{end}", 0) for end in ("30", "31"))
    assert cliff_names(told_of(on_it, horizon=9)) == ["award:a"]
    assert cliff_names(told_of(past, horizon=9)) == []


def test_an_extension_taken_up_moves_the_cliff() -> None:
    def cliff(*, taken: bool) -> str:
        option = {"key": "x", "end": "2027-09-30", "amount": "1.00", "exercised": taken}
        return str(cliff_of(told_of(award("a", YEAR, 0, extensions=[option])), "award", "a").date)

    assert (cliff(taken=False), cliff(taken=True)) == ("2027-04-01", "2027-10-01")


def test_only_secured_awards_fall_off_a_cliff() -> None:
    hoped = [award(stage, YEAR, 0, stage=stage) for stage in ("idea", "agreed-in-principle")]
    ended = award("ended", YEAR, 0, stage="ended")
    assert cliff_names(told_of(*hoped, ended)) == ["award:ended"]


def test_an_awards_loss_is_of_what_it_pays_on_its_last_day() -> None:
    """The job paid until February is no longer its; the rent it pays is."""
    told = told_of(
        JOB,
        worker("left", 500),
        cost("rent", 200, service="refuge"),
        service("refuge", 40),
        award("a", YEAR, 0),
        pays("a", "job", "50"),
        pays(None, "job", "50"),
        pays("a", "left", to="2027-02-28"),
        pays("a", "cost:rent"),
    )
    found = cliff_of(told, "award", "a")
    assert (found.posts, found.per_month) == (("job",), pence(500 + 200))


def test_an_award_pays_a_post_on_whichever_of_its_lines_is_live() -> None:
    told = told_of(
        JOB,
        award("a", YEAR, 0),
        pays("a", "job", to="2026-12-31"),
        pays("a", "job", **{"from": "2027-01-01"}),
    )
    assert cliff_of(told, "award", "a").posts == ("job",)


def test_an_award_that_ended_yesterday_is_a_cliff_today_with_whom_it_paid() -> None:
    told = told_of(
        JOB, award("a", YEAR, 0), pays("a", "job"), today="2027-04-01", as_at="2027-04-01"
    )
    assert cliff_of(told, "award", "a").posts == ("job",)


def test_people_supported_are_of_the_awards_service_and_of_the_posts_it_touches() -> None:
    told = told_of(
        service("one", 10),
        service("two", 200),
        service("three", 3000),
        JOB | {"service": "two"},
        award("a", YEAR, 0, service="one"),
        pays("a", "job"),
    )
    assert cliff_of(told, "award", "a").people_supported == 210


# --- services ----------------------------------------------------------------------------------


def of_service(*records: Plain, **book: Any) -> Cliff:
    return cliff_of(told_of(service("refuge", 40), *records, **book), "service", "refuge")


def test_a_service_falls_in_the_first_month_not_wholly_charged() -> None:
    found = of_service(
        JOB | {"service": "refuge"},
        award("a", "2026-04-01..2027-01-15", 0),
        pays("a", "job"),
    )
    assert (found.date, found.posts) == (day("2027-01-01"), ("job",))
    assert (found.because, found.people_supported) == (("job",), 40)
    assert found.over_12_months == pence("516.13") + 11 * pence(1000)


def test_a_services_costs_count_and_not_only_its_posts() -> None:
    found = of_service(
        JOB | {"service": "refuge"}, pays(None, "job"), cost("rent", 70, service="refuge")
    )
    assert (found.date, found.because) == (day("2026-06-01"), ("rent",))
    assert found.per_month == pence(70)


def test_explicit_unrestricted_money_carries_a_service_and_silence_does_not() -> None:
    covered = told_of(
        service("refuge"), JOB | {"service": "refuge"}, pays(None, "job"), reserves=90_000
    )
    assert cliff_names(covered) == []
    silent = told_of(service("refuge"), JOB | {"service": "refuge"}, reserves=90_000)
    assert "service:refuge" in cliff_names(silent)


# --- the organisation --------------------------------------------------------------------------


def test_a_broken_policy_and_exhausted_reserves_are_cliffs_of_the_organisation() -> None:
    told = told_of(
        cost("core", 100),
        pays(None, "cost:core"),
        service("one", 10),
        service("two", 20),
        JOB | {"status": "vacant"},
        reserves=1000,
        reserves_policy={"kind": "amount", "value": "500.00"},
    )
    policy, reserves = (
        cliff_of(told, "organisation", "policy"),
        cliff_of(told, "organisation", "reserves"),
    )
    assert (policy.date, reserves.date) == (day("2026-09-01"), day("2027-02-01"))
    assert (policy.people_supported, policy.posts, policy.over_12_months) == (30, ("job",), 0)
    assert policy.closes.startswith("More unrestricted money")


def test_spending_restricted_money_is_a_cliff() -> None:
    told = told_of(
        grant(
            "g",
            "2026-04-01..2027-03-31",
            1200,
            payments=[{"due": "2026-04-01", "amount": "1200.00"}],
        ),
        cost("core", 100),
        pays(None, "cost:core"),
        reserves=450,
    )
    found = cliff_of(told, "organisation", "free-cash")
    assert found.date == day("2026-08-01")
    assert found.closes.startswith("Earlier payment")


def falls_to(amount: int, today: str = "2026-04-01") -> list[str]:
    told = told_of(
        award("a", "2026-04-01..2026-06-30", 3000),
        award("b", "2026-07-01..2030-06-30", 48 * amount),
        today=today,
    )
    return [
        f"{found.key} {found.date:%Y-%m}" for found in told.cliffs if found.kind == "organisation"
    ]


def test_income_that_falls_to_four_fifths_of_the_three_months_before_is_a_cliff() -> None:
    assert falls_to(801) == []
    assert falls_to(800) == ["income 2026-07"]


def test_a_fall_that_is_past_is_not_a_cliff() -> None:
    assert falls_to(800, "2026-08-01") == []


# --- silent ------------------------------------------------------------------------------------


def short(a_year: int, **fields: Any) -> Outlook:
    """A grant that falls short of its post by so much over the year to come."""
    span = "2026-04-01..2027-03-31"
    return told_of(
        JOB,
        grant("flat", span, 12_000 - a_year, **fields),
        pays("flat", "job"),
        today="2026-04-01",
    )


def test_a_grant_that_pay_outgrows_is_a_silent_cliff_from_five_hundred_pounds() -> None:
    found = cliff_of(short(600), "silent", "flat")
    assert (found.date, found.over_12_months, found.per_month) == (
        day("2026-04-01"),
        pence(600),
        pence(50),
    )
    assert (found.posts, found.because) == (("job",), ("flat",))
    assert "silent:flat" in cliff_names(short(500))
    assert "silent:flat" not in cliff_names(short(499))


def test_what_the_pool_still_holds_makes_good_a_shortfall() -> None:
    assert "silent:flat" not in cliff_names(short(900, opening_balance="401.00"))
    assert cliff_of(short(900, opening_balance="300.00"), "silent", "flat").over_12_months == pence(
        600
    )


def test_a_silent_cliff_looks_at_the_next_twelve_live_months() -> None:
    """A grant of two years: the first pays its way, the second would not."""
    rises = JOB | {"pay_changes": [{"from": "2027-04-01", "percent": "10"}]}
    records = (rises, grant("flat", "2026-04-01..2028-03-31", 24_000), pays("flat", "job"))
    assert "silent:flat" not in cliff_names(told_of(*records, today="2026-04-01"))
    # From October: six months of balance in hand, and six months at £100 more.
    later = told_of(*records, today="2026-10-01")
    found = cliff_of(later, "silent", "flat")
    assert (found.date, found.over_12_months) == (day("2026-10-01"), pence(600))


def test_an_unrestricted_award_can_be_outgrown_too_and_has_no_balance() -> None:
    told = told_of(
        JOB,
        award("flat", YEAR, 11_000, opening_balance="5000.00"),
        pays("flat", "job"),
        today="2026-04-01",
    )
    assert cliff_of(told, "silent", "flat").over_12_months == pence(1000)


def test_money_hoped_for_is_not_outgrown() -> None:
    told = told_of(JOB, award("flat", YEAR, 0, stage="submitted"), pays("flat", "job"))
    assert "silent:flat" not in cliff_names(told)


def test_cliffs_stand_by_date_and_then_by_kind() -> None:
    told = told_of(
        JOB | {"service": "refuge"},
        service("refuge"),
        award("a", YEAR, 0),
        pays("a", "job"),
        grant("b", "2027-04-01..2028-03-31", 0),
        cost("rent", 100, "2027-04-01"),
        pays("b", "cost:rent"),
        reserves=100_000,
        today="2027-03-31",
        reserves_policy={"kind": "amount", "value": "87000.00"},
    )
    assert cliff_names(told)[:6] == [
        "silent:a",
        "post:job",
        "award:a",
        "service:refuge",
        "organisation:policy",
        "silent:b",
    ]
