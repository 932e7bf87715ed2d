"""What a book may not hold, and where: every refusal names the field, and nothing is half-loaded.

Also what is stored and only flagged (DOMAIN section 8), which the outlook says.
"""

from decimal import Decimal
from typing import Any

import pytest

from fundtrack.core.check import check, check_edit
from fundtrack.core.edit import Edit, add, change, remove
from fundtrack.core.model import Allocation, Award, Service
from fundtrack.core.plain import portfolio_from_plain
from tests.core.world import (
    Plain,
    award,
    charity,
    cost,
    day,
    deadline,
    funder,
    look,
    pays,
    plain_charity,
    post,
    rate,
    service,
)

YEAR = "2026-04-01..2027-03-31"
AWARD, POST, COST = award("a", YEAR, 1200), post("p", 30_000), cost("c", 10)


def shape(*records: Plain, **book: Any) -> list[str]:
    """Where a file could not be read: nothing of it is loaded."""
    read, problems = portfolio_from_plain(plain_charity(*records, **book))
    assert (read is None) == bool(problems)
    return [problem.path for problem in problems]


def faults(*records: Plain, **book: Any) -> list[str]:
    """Where a book that can be read may not be saved."""
    read, problems = portfolio_from_plain(plain_charity(*records, **book))
    assert read is not None, problems
    return [problem.path for problem in check(read)]


def test_an_ordinary_book_has_no_fault() -> None:
    assert faults(AWARD, POST, COST, pays("a", "p"), pays("a", "cost:c")) == []


# --- the shape of what is read -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "path"),
    [
        (AWARD | {"colour": "red"}, "awards.0.colour"),
        (AWARD | {"bid": {"colour": "red"}}, "awards.0.bid.colour"),
        (POST | {"person": {"name": "Ann"}}, "posts.0.person.name"),
        (
            POST | {"vacancies": [{"from": "2026-05-01", "until": "2026-06-01"}]},
            "posts.0.vacancies.0.until",
        ),
        (AWARD | {"amount": 1200}, "awards.0.amount"),
        (AWARD | {"amount": "12.345"}, "awards.0.amount"),
        (AWARD | {"start": "1 April 2026"}, "awards.0.start"),
        (AWARD | {"start": "2026-02-30"}, "awards.0.start"),
        (AWARD | {"stage": "won"}, "awards.0.stage"),
        (AWARD | {"fund": "free"}, "awards.0.fund"),
        (POST | {"fte": 0.5}, "posts.0.fte"),
        (AWARD | {"profile": [{"month": "2026-13", "amount": "1.00"}]}, "awards.0.profile.0.month"),
        (AWARD | {"ring_fenced": "yes"}, "awards.0.ring_fenced"),
    ],
)
def test_what_cannot_be_read_is_refused_where_it_stands(record: Plain, path: str) -> None:
    assert path in shape(record)


@pytest.mark.parametrize(
    ("record", "fields"),
    [
        (AWARD, ("key", "title", "stage", "amount", "start", "end")),
        (POST, ("key", "title", "fte", "salary", "start")),
        (COST, ("key", "title", "amount", "frequency", "start")),
        (pays("a", "p") | {"key": "1"}, ("percent",)),
        (funder("f", "trust"), ("key", "name")),
        (service("s"), ("key", "name")),
    ],
)
def test_what_is_required_cannot_be_left_out(record: Plain, fields: tuple[str, ...]) -> None:
    for field in fields:
        plain = plain_charity(record)
        del plain[record["list"]][0][field]
        read, problems = portfolio_from_plain(plain)
        assert read is None
        assert f"{record['list']}.0.{field}" in [problem.path for problem in problems]


def test_the_organisation_needs_its_nation_and_the_day_of_its_balances() -> None:
    for nation, held, path in (
        ("wales", None, "organisation.nation"),
        ("scotland", {"as_at": None}, "organisation.balances.as_at"),
    ):
        assert shape(nation=nation, balances=held) == [path]


def test_every_fault_is_listed_at_once_and_an_unknown_list_is_one() -> None:
    plain = plain_charity(AWARD | {"stage": "won", "amount": "?"}) | {"invoices": []}
    read, problems = portfolio_from_plain(plain)
    assert read is None
    assert sorted(problem.path for problem in problems) == [
        "awards.0.amount",
        "awards.0.stage",
        "invoices",
    ]


# --- what the fields say of each other ---------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "path"),
    [
        (AWARD | {"funder": "nobody"}, "awards.0.funder"),
        (AWARD | {"service": "nobody"}, "awards.0.service"),
        (AWARD | {"renewal_of": "nobody"}, "awards.0.renewal_of"),
        (POST | {"service": "nobody"}, "posts.0.service"),
        (COST | {"service": "nobody"}, "costs.0.service"),
        (pays(None, "nobody"), "allocations.0.post"),
        (pays(None, "cost:nobody"), "allocations.0.cost"),
        (deadline("bid", "2026-05-01", award="nobody"), "deadlines.0.award"),
        (deadline("bid", "2026-05-01", post="nobody"), "deadlines.0.post"),
        (funder("f", "trust", ultimate_source="nobody"), "funders.0.ultimate_source"),
    ],
)
def test_a_reference_to_nothing_is_refused(record: Plain, path: str) -> None:
    assert faults(record) == [path]


def test_an_allocation_to_an_award_that_is_not_there_is_refused() -> None:
    assert faults(POST, pays("nobody", "p")) == ["allocations.0.award"]


@pytest.mark.parametrize(
    ("record", "path"),
    [
        (AWARD | {"end": "2026-03-31"}, "awards.0.end"),
        (POST | {"end": "1989-12-31"}, "posts.0.end"),
        (COST | {"end": "1989-12-31"}, "costs.0.end"),
        (
            POST | {"vacancies": [{"from": "2026-05-02", "to": "2026-05-01"}]},
            "posts.0.vacancies.0.to",
        ),
        (rate("nic.rate", "0.2", "2026-05-02", to="2026-05-01"), "rates.0.to"),
        (POST | {"fte": "-0.1"}, "posts.0.fte"),
        (POST | {"salary": "-1.00"}, "posts.0.salary"),
        (AWARD | {"amount": "-1.00"}, "awards.0.amount"),
        (AWARD | {"probability": "101"}, "awards.0.probability"),
        (AWARD | {"carry_forward": "-1"}, "awards.0.carry_forward"),
        (AWARD | {"payment_lag_days": -1}, "awards.0.payment_lag_days"),
        (AWARD | {"break_months": -1}, "awards.0.break_months"),
        (POST | {"notice": {"weeks": 4, "months": 1}}, "posts.0.notice"),
        (POST | {"notice": {}}, "posts.0.notice"),
        (POST | {"notice": {"weeks": -1}}, "posts.0.notice"),
        (POST | {"nic_category": "a"}, "posts.0.nic_category"),
        (POST | {"pension": {"basis": "salary", "percent": "101"}}, "posts.0.pension.percent"),
        (POST | {"pay_changes": [{"from": "2026-05-01"}]}, "posts.0.pay_changes.0"),
        (
            POST | {"pay_changes": [{"from": "2026-05-01", "percent": "1", "amount": "1.00"}]},
            "posts.0.pay_changes.0",
        ),
        (
            POST | {"pay_changes": [{"from": "2026-05-01", "percent": "-100"}]},
            "posts.0.pay_changes.0.percent",
        ),
        (
            POST | {"pay_changes": [{"from": "2026-05-01", "salary": "-1.00"}]},
            "posts.0.pay_changes.0.salary",
        ),
        (
            POST | {"person": {"born": "2000-01-01", "continuous_service_from": "1999-12-31"}},
            "posts.0.person.continuous_service_from",
        ),
        (
            POST | {"person": {"enhanced": {"multiplier": "-1"}}},
            "posts.0.person.enhanced.multiplier",
        ),
        (
            AWARD | {"uplifts": [{"from": "2026-05-01", "percent": "-100"}]},
            "awards.0.uplifts.0.percent",
        ),
        (
            AWARD | {"uplifts": [{"from": "2026-05-01", "percent": "1", "cap": "-100"}]},
            "awards.0.uplifts.0.cap",
        ),
        (
            AWARD | {"reporting": {"frequency": "month", "due_day": 32}},
            "awards.0.reporting.due_day",
        ),
        (
            AWARD | {"reporting": {"frequency": "month", "due_days": -1}},
            "awards.0.reporting.due_days",
        ),
        (
            AWARD | {"reporting": {"frequency": "month", "anchor": "custom"}},
            "awards.0.reporting.first_period_end",
        ),
        (AWARD | {"bid": {"writing_days": -1}}, "awards.0.bid.writing_days"),
        (funder("f", "trust", decision_days=-1), "funders.0.decision_days"),
    ],
)
def test_what_cannot_be_so_is_refused_where_it_stands(record: Plain, path: str) -> None:
    assert path in faults(record)


def test_an_allocation_is_of_a_post_or_of_a_cost_and_ends_after_it_starts() -> None:
    both = pays(None, "p") | {"cost": "c"}
    neither = {key: value for key, value in pays(None, "p").items() if key != "post"}
    assert faults(POST, COST, both) == faults(neither) == ["allocations.0.post"]
    backwards = pays(None, "p", **{"from": "2026-05-02", "to": "2026-05-01"})
    assert faults(POST, backwards) == ["allocations.0.to"]
    assert faults(POST, pays(None, "p", "-1")) == ["allocations.0.percent"]


def test_a_single_day_is_long_enough_and_a_limit_may_be_reached() -> None:
    one_day = {"start": "2026-05-01", "end": "2026-05-01"}
    gap = {"vacancies": [{"from": "2026-05-01", "to": "2026-05-01"}]}
    newborn = {"person": {"born": "1999-12-31", "continuous_service_from": "1999-12-31"}}
    share = pays("a", "p", "0", **{"from": "2026-05-01", "to": "2026-05-01"})
    assert faults(AWARD | one_day, POST | one_day | gap | newborn, COST | one_day, share) == []
    assert faults(AWARD | {"probability": "100", "carry_forward": "0", "amount": "0.00"}) == []
    unpaid = {"fte": "0", "salary": "0.00", "notice": {"weeks": 0}}
    assert faults(POST | unpaid) == []
    assert faults(POST | {"pay_changes": [{"from": "2026-05-01", "salary": "0.00"}]}) == []
    assert faults(rate("nic.rate", "1", "2026-05-01", to="2026-05-01")) == []
    assert faults(rate("nic.rate", "0", "2026-05-01")) == []
    assert faults(AWARD | {"reporting": {"frequency": "month", "due_days": 0}}) == []
    assert faults(AWARD | {"reporting": {"frequency": "month", "due_day": 31}}) == []
    assert faults(year_start_month=12, consultation_days=0, paper_days=0) == []


def test_the_organisations_own_figures() -> None:
    assert faults(year_start_month=13) == ["organisation.year_start_month"]
    assert faults(consultation_days=-1) == ["organisation.consultation_days"]
    assert faults(paper_days=-1) == ["organisation.paper_days"]
    policy = {"kind": "months", "value": "-1"}
    assert faults(reserves_policy=policy) == ["organisation.reserves_policy.value"]


def test_a_grade_of_evidence_is_nought_to_seven() -> None:
    for grade, wanted in ((0, []), (7, []), (8, ["evidence.0.grade"]), (-1, ["evidence.0.grade"])):
        assert faults({"list": "evidence", "on": "2026-05-01", "grade": grade}) == wanted


def test_extensions_follow_each_other_with_keys_of_their_own() -> None:
    def option(key: str, end: str) -> Plain:
        return {"key": key, "end": end, "amount": "1.00"}

    def paths(*options: Plain) -> list[str]:
        return faults(AWARD | {"extensions": list(options)})

    assert paths(option("x", "2028-03-31"), option("y", "2029-03-31")) == []
    assert paths(option("x", "2027-03-31")) == ["awards.0.extensions.0.end"]
    assert paths(option("x", "2028-03-31"), option("y", "2028-03-31")) == [
        "awards.0.extensions.1.end"
    ]
    assert paths(option("x", "2028-03-31"), option("x", "2029-03-31")) == [
        "awards.0.extensions.1.key"
    ]
    late = option("x", "2028-03-31") | {"notice_months": -1}
    assert paths(late) == ["awards.0.extensions.0.notice_months"]


def test_a_key_is_used_once_in_its_list_and_may_be_in_another() -> None:
    assert faults(AWARD, award("b", YEAR, 1), AWARD) == ["awards.2.key"]
    assert faults(service("a"), AWARD) == []
    twice = rate("nic.rate", "0.2", "2026-05-01")
    assert faults(twice, twice) == ["rates.1.from"]


def test_renewals_and_sources_of_money_lead_somewhere() -> None:
    assert "awards.0.renewal_of" in faults(AWARD | {"renewal_of": "a"})
    first, second = award("a", YEAR, 1, renewal_of="b"), award("b", YEAR, 1, renewal_of="a")
    assert faults(first, second) == ["awards.0.renewal_of"]
    one, two = (
        funder("one", "trust", ultimate_source="two"),
        funder("two", "trust", ultimate_source="one"),
    )
    assert faults(one, two) == ["funders.0.ultimate_source"]
    three = award("c", YEAR, 1, renewal_of="a")
    assert faults(award("a", YEAR, 1), three) == []


# --- slips of the keyboard ---------------------------------------------------------------------


def test_sums_no_charity_has_are_refused_and_not_met_later() -> None:
    vast = "100000000000.00"
    assert faults(AWARD | {"amount": vast}) == ["awards.0.amount"]
    assert "posts.0.salary" in faults(POST | {"salary": vast})
    assert faults(POST | {"fte": "999999999999"}) == ["posts.0.fte"]
    payment = {"due": "2026-05-01", "amount": vast}
    assert faults(AWARD | {"payments": [payment]}) == ["awards.0.payments.0.amount"]
    held = {"as_at": "2026-04-01", "total_funds": vast}
    assert faults(balances=held) == ["organisation.balances.total_funds"]


def test_growth_without_end_is_refused() -> None:
    doubled = [{"from": f"2026-0{month}-01", "percent": "1000"} for month in range(1, 10)]
    assert faults(POST | {"pay_changes": doubled})[0].startswith("posts.0.pay_changes.")
    assert faults(award("a", YEAR, 9_000_000, uplifts=doubled))[0].startswith("awards.0.uplifts.")
    steps = [{"from": "2026-05-01", "amount": "-30000.01"}]
    assert faults(POST | {"pay_changes": steps}) == ["posts.0.pay_changes.0"]


def test_days_and_rates_beyond_reason_are_refused() -> None:
    assert faults(funder("f", "trust", decision_days=10**9)) == ["funders.0.decision_days"]
    assert faults(AWARD | {"bid": {"writing_days": 10**9}}) == ["awards.0.bid.writing_days"]
    for code, value in (
        ("nic.rate", "15"),
        ("consultation.days_20_99", "99999"),
        ("redundancy.weekly_cap", "99999999"),
        ("redundancy.weekly_cap", "-1"),
    ):
        assert faults(rate(code, value, "2026-04-06")) == ["rates.0.value"]


# --- edits -------------------------------------------------------------------------------------


def _after(*changes: Any) -> list[str]:
    book = charity(service("s"), AWARD | {"service": "s"}, POST, pays("a", "p"))
    edit = Edit("test", tuple(each(book) if callable(each) else each for each in changes))
    return [problem.path for problem in check_edit(edit.apply(book), edit)]


def test_an_edit_is_refused_for_what_it_touches() -> None:
    wrong = Award(
        key="b", title="B", stage="live", amount=-1, start=day("2026-04-01"), end=day("2027-03-31")
    )
    assert _after(add("awards", wrong)) == ["awards.b.amount"]
    dangling = Allocation(key="2", post="p", award="b", percent=Decimal(10))
    assert _after(add("allocations", dangling)) == ["allocations.2.award"]


def test_what_is_still_referred_to_cannot_be_removed() -> None:
    assert _after(lambda book: remove(book, "services", "s")) == ["awards.a.service"]
    assert _after(lambda book: remove(book, "awards", "a")) == ["allocations.1.award"]
    both = (
        lambda book: remove(book, "allocations", "1"),
        lambda book: remove(book, "awards", "a"),
    )
    assert _after(*both) == []


def test_a_key_stays_as_it_is() -> None:
    renamed_service = Service(key="t", name="T")
    turned = change(
        "services", Service(key="s", name="Service s", people_supported=0), renamed_service
    )
    assert "services.s.key" in _after(turned)


# --- stored, and flagged -----------------------------------------------------------------------


def test_a_post_claimed_twice_by_secured_awards_is_stored_and_flagged() -> None:
    records = (AWARD, award("b", YEAR, 1), POST, pays("a", "p", "60"), pays("b", "p", "60"))
    assert faults(*records) == []
    assert [each.path for each in look(charity(*records)).problems] == ["posts.p"]


def test_a_profile_that_does_not_add_up_is_stored_and_flagged() -> None:
    odd = AWARD | {"profile": [{"month": "2026-05", "amount": "1.00"}]}
    assert faults(odd) == []
    assert [each.path for each in look(charity(odd)).problems] == ["awards.0.profile"]


def test_a_flag_names_the_record_by_its_place_among_the_awards() -> None:
    option = {"key": "x", "end": "2028-03-31", "amount": "1.00", "notice_months": 12}
    told = look(charity(award("b", YEAR, 1), AWARD | {"extensions": [option]}), "2026-05-01")
    assert [each.path for each in told.problems] == ["awards.1.extensions.0"]


def test_restricted_awards_that_hold_more_than_the_charity_are_stored_and_flagged() -> None:
    pool = AWARD | {"fund": "restricted", "opening_balance": "5.00"}
    held = {"as_at": "2026-04-01", "total_funds": "9.00", "restricted": "4.00"}
    assert faults(pool, balances=held) == []
    told = look(charity(pool, balances=held))
    assert [each.path for each in told.problems] == ["organisation.balances.restricted"]
