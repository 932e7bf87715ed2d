"""The worked cases, to the penny and the day: by the core's functions, and through whole books."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from fundtrack.core.claims import late_settlement, matched, overhead_shares, recovery_rate
from fundtrack.core.employment import (
    employer_nic,
    latest_before,
    latest_notice,
    on_costs,
    pension_cost,
    permanent_from,
    protective_award,
    redundancy_weeks,
    salary_on,
    statutory_notice_weeks,
    transfer,
    weeks_pay,
)
from fundtrack.core.model import Notice, Pension
from fundtrack.core.money import percent_of, share_out, spread
from fundtrack.core.period import (
    calendar_quarter,
    complete_months,
    complete_years,
    financial_quarter,
    grant_quarter,
    grant_quarter_number,
)
from fundtrack.core.plain import pounds
from fundtrack.core.rates import WorkingDays
from fundtrack.core.returns.figures import Sums, added
from fundtrack.core.returns.finance import needs_note
from fundtrack.core.returns.layout import Limits
from tests.core.world import (
    FOR_GOOD,
    Plain,
    award,
    award_of,
    by_month,
    charity,
    cliff_of,
    cost,
    day,
    grant,
    ladder_of,
    look,
    pays,
    pence,
    post,
    post_of,
    rates,
    secured,
    statutory,
    worker,
)

DATA = Path(__file__).parents[1] / "data" / "golden_cases.json"


@cache
def _cases() -> dict[str, Any]:
    return {case["id"]: case for case in json.loads(DATA.read_text("utf-8"))["cases"]}


def given(name: str) -> Any:
    return _cases()[name]["inputs"]


def expected(name: str) -> Any:
    return _cases()[name]["expected"]


def test_every_case_of_the_file_is_told_here() -> None:
    text = Path(__file__).read_text("utf-8")
    assert [name for name in _cases() if f'given("{name}")' not in text] == []


# --- redundancy weeks --------------------------------------------------------------------------


def test_the_ready_reckoner_of_redundancy_weeks() -> None:
    weeks = [
        redundancy_weeks(vector["age_at_relevant_date"], vector["complete_years"])
        for vector in given("SRP-01")["vectors"]
    ]
    assert weeks == [Decimal(text) for text in expected("SRP-01")["weeks"]]


# --- notice ------------------------------------------------------------------------------------


def _contract(vector: Plain) -> Plain:
    if vector["contract_months"]:
        return {"notice": {"months": vector["contract_months"]}}
    return {"notice": {"weeks": vector["contract_weeks"]}} if vector["contract_weeks"] else {}


@pytest.mark.parametrize("at", range(13))
def test_the_latest_day_to_give_notice(at: int) -> None:
    vector, wanted = given("NOTICE-01")["vectors"][at], expected("NOTICE-01")["results"][at]
    start, last = day(vector["start"]), day(vector["last_day"])
    plain = _contract(vector).get("notice")
    found = latest_notice(
        last,
        statutory_notice_weeks(start, last),
        Notice(**plain) if plain else None,
        WorkingDays.of(statutory(), vector["division"]),
    )
    assert (found.weeks, found.binding) == (wanted["statutory_weeks"], wanted["binding"])
    assert found.calendar == day(wanted["latest_notice_calendar"])
    assert found.working == day(wanted["latest_notice_working"])


@pytest.mark.parametrize("at", range(13))
def test_the_latest_day_to_give_notice_in_a_whole_book(at: int) -> None:
    vector, wanted = given("NOTICE-01")["vectors"][at], expected("NOTICE-01")["results"][at]
    book = charity(
        award("money", f"2010-01-01..{vector['last_day']}", 100_000),
        post("job", 30_000, vector["start"], **_contract(vector)),
        pays("money", "job"),
        nation=vector["division"],
    )
    found = post_of(look(book, "2026-11-10"), "job")
    assert found.last_day == day(vector["last_day"])
    assert (found.statutory_weeks, found.binding) == (
        wanted["statutory_weeks"],
        wanted["binding"],
    )
    assert found.latest_notice_calendar == day(wanted["latest_notice_calendar"])
    assert found.latest_notice_working == day(wanted["latest_notice_working"])


# --- consultation ------------------------------------------------------------------------------


def _closing(groups: Sequence[tuple[int, str, Plain]], nation: str = "england-and-wales") -> Any:
    """A book whose money ends on 31 March 2027, with posts at places, twelve weeks' notice each."""
    records = [award("money", "2020-04-01..2027-03-31", 3_000_000)]
    for number, place, fields in groups:
        for at in range(number):
            key = f"{place}{len(fields)}-{at}"
            job = post(key, 30_000, "2012-04-01", establishment=place)
            records += [job | fields, pays("money", key)]
    return look(charity(*records, nation=nation), "2026-11-22")


_AGREED_END = {"contract": "fixed-term", "end": "2027-03-31"}


@pytest.mark.parametrize(
    ("name", "groups", "nation"),
    [
        ("A_24_GB", [(24, "hull", {})], "england-and-wales"),
        ("B_104_GB", [(104, "hull", {})], "england-and-wales"),
        ("C_104_NI", [(104, "derry", {})], "northern-ireland"),
        (
            "D_22_of_which_4_fixed_term_expiries",
            [(18, "hull", {}), (4, "hull", _AGREED_END)],
            "england-and-wales",
        ),
    ],
)
def test_when_consultation_must_start(
    name: str, groups: list[tuple[int, str, Plain]], nation: str
) -> None:
    wanted = expected("CONSULT-01")[name]
    told = _closing(groups, nation)
    asked, starts = told.posts[0].consultation, told.posts[0].latest_consultation_start
    assert told.posts[0].latest_notice_working == day(
        given("CONSULT-01")["earliest_individual_notice_by"]
    )
    assert asked is not None
    assert (asked.count, asked.collective) == (wanted["count"], wanted["collective"])
    assert asked.statutory_days == wanted["statutory_days"]
    if nation == "england-and-wales":  # the other nation's working days differ
        assert starts == day(wanted["latest_start_working"])
    assert asked.latest_start_calendar == day(wanted["latest_start_calendar"])
    # The HR1 form goes in on the day consultation starts, where it is collective.
    assert asked.collective is wanted["hr1_required"]
    submit_by = expected("CONSULT-01")["hr1_submit_by"].get(name[0])
    assert submit_by is None or starts == day(submit_by)
    first = wanted["statutory_latest_start"]
    assert asked.statutory_latest_start == (first and day(first))


def test_two_places_of_fifteen_are_not_one_of_thirty() -> None:
    told = _closing([(15, "hull", {}), (15, "york", {})])
    wanted = expected("CONSULT-01")["E_two_establishments_15_each"]
    for found, place in ((told.posts[0], wanted[0]), (told.posts[-1], wanted[1])):
        assert found.consultation is not None
        assert (found.consultation.count, found.consultation.collective) == (
            place["count"],
            place["collective"],
        )
        assert found.latest_consultation_start == day(place["latest_start_working"])


def test_consultation_of_a_hundred_is_overdue() -> None:
    told = _closing([(104, "hull", {})])
    assert expected("CONSULT-01")["B_overdue_on_as_of"]
    assert ladder_of(told, f"post:{told.posts[0].key}").status == "overdue"


def test_the_protective_award_before_and_after_april_2026() -> None:
    wanted = expected("CONSULT-01")["protective_award_max_per_employee"]
    week = weeks_pay(pence(given("CONSULT-01")["protective_award_gross_annual"]))
    for last, name in (
        ("2026-04-06", "dismissed_on_or_after_2026-04-06"),
        ("2026-04-05", "dismissed_before_2026-04-06"),
    ):
        days = int(rates().value("redundancy.protective_award_days", day(last)))
        assert protective_award(week, days) == pence(wanted[name])
    told = _closing([(24, "hull", {})])
    group = pence(expected("CONSULT-01")["protective_award_max_group_A"])
    assert told.exposure.protective_award == group
    assert told.exposure.total == told.exposure.redundancy + told.exposure.lateness


# --- on-costs ----------------------------------------------------------------------------------


def _april(tax_year: str) -> date:
    return date(int(tax_year[:4]), 4, 30)


def test_employer_national_insurance() -> None:
    found = [
        pounds(
            employer_nic(pence(each["gross"]), each["category"], rates(), _april(each["tax_year"]))
        )
        for each in given("ONCOST-01")["nic_vectors"]
    ]
    assert found == expected("ONCOST-01")["employer_nic"]


def test_the_pension_of_salary_and_of_qualifying_earnings() -> None:
    in_force = _april("2026-27")
    for wanted in expected("ONCOST-01")["pension"]:
        gross = pence(wanted["gross"])
        earnings = Pension(basis="qualifying", percent=Decimal(3))
        assert pounds(pension_cost(gross, earnings, rates(), in_force)) == wanted["qe_3pct"]
        if "full_salary_5pct" in wanted:
            salary = Pension(basis="salary", percent=Decimal(5))
            found = pension_cost(gross, salary, rates(), in_force)
            assert pounds(found) == wanted["full_salary_5pct"]
        if "qe_3pct_if_opted_in" in wanted:
            asked = replace(earnings, opted_in=True)
            found = pension_cost(gross, asked, rates(), in_force)
            assert pounds(found) == wanted["qe_3pct_if_opted_in"]


def _five_posts() -> list[Plain]:
    pension = {"basis": "salary", "percent": "5"}
    return [
        post(each["id"], each["fte_salary"], fte=each["fte"], pension=pension)
        for each in given("ONCOST-01")["posts_2026_27"]
    ]


def test_what_five_posts_cost_in_a_year_and_a_month() -> None:
    book = charity(*_five_posts())
    for each in book.posts:
        year = on_costs(each, salary_on(each, day("2026-04-30")), rates(), _april("2026-27"))
        wanted = expected("ONCOST-01")["posts"][each.key]
        assert pounds(year.gross) == wanted["gross"]
        assert pounds(year.nic) == wanted["nic"]
        assert pounds(year.pension) == wanted["pension"]
        assert pounds(year.total) == wanted["total"]
        assert pounds(year.month) == wanted["month"]
        told = post_of(look(book), each.key)
        assert pounds(int(told.month_cost[0])) == wanted["month"]


def test_the_employment_allowance_is_used_from_april_until_it_is_gone() -> None:
    without, with_it = (
        look(charity(*_five_posts(), employment_allowance=claimed), "2026-04-01", 11)
        for claimed in (False, True)
    )
    nic = sum(pence(each["nic"]) for each in expected("ONCOST-01")["posts"].values())
    assert pounds(nic) == expected("ONCOST-01")["total_employer_nic"]
    month = nic // 12
    saved = secured(without).cost - secured(with_it).cost
    paid = [pounds(month - int(each)) for each in saved]
    assert paid == expected("ONCOST-01")["monthly_nic_paid_apr_to_mar"]
    net = nic - int(saved.sum())
    assert pounds(net) == expected("ONCOST-01")["net_employer_nic_after_EA"]


# --- spreading ---------------------------------------------------------------------------------


def test_ten_thousand_pounds_over_part_months() -> None:
    case, wanted = given("PRORATE-01"), expected("PRORATE-01")
    start, end = day(case["start"]), day(case["end"])
    for basis, name in (("days", "by_days"), ("months", "by_months")):
        book = charity(
            award("money", f"{start}..{end}", case["amount"], spread=basis), as_at="2026-04-01"
        )
        income = by_month(look(book, "2026-04-01", 10), secured(look(book, horizon=10)).income)
        assert list(income) == wanted["months"]
        assert [pounds(part) for part in income.values()] == wanted[name]
        assert sum(income.values()) == pence(wanted["sum_each"])
    by_days = spread(pence(case["amount"]), wanted["days"])
    assert [pounds(part) for part in by_days] == wanted["by_days"]


def test_ten_thousand_pounds_in_twelfths() -> None:
    wanted, total = expected("PRORATE-01"), pence(given("PRORATE-01")["amount"])
    over_time, over_lines = spread(total, [1] * 12), share_out(total, [1] * 12)
    assert [pounds(part) for part in over_time] == wanted["twelfths_cumulative"]
    assert [pounds(part) for part in over_lines] == wanted["twelfths_largest_remainder"]


# --- cover of a shared post --------------------------------------------------------------------


def _covered() -> Any:
    """A post of £2,937.50 a month on four lines, one of them only hoped for."""
    case = given("COVER-01")
    assert case["post_monthly_cost"] == "2937.50"
    pension = {"basis": "salary", "percent": "5"}
    records = [post("job", 30_000, FOR_GOOD, pension=pension)]
    for line in case["allocations"]:
        stage = "live" if line["secured"] else "submitted"
        key = line["line"][0]
        records.append(award(key, f"{line['start']}..{line['end']}", 90_000, stage=stage))
        records.append(pays(key, "job", line["pct"]))
    return look(charity(*records, as_at="2026-12-01"), case["as_of"], 7)


def test_the_cover_of_a_post_on_three_lines() -> None:
    told, wanted = _covered(), expected("COVER-01")
    found = post_of(told, "job")
    assert told.last_day == day(given("COVER-01")["horizon_end"])
    assert [
        {"start": f"{part.start}", "end": f"{part.end}", "secured_pct": int(part.secured_pct)}
        for part in found.segments
    ] == wanted["segments"]
    assert found.funded_to == day(wanted["funded_to"])
    assert found.cliff_date == day(wanted["cliff_date"])
    assert found.fully_unfunded_from == day(wanted["fully_unfunded_from"])


def test_what_of_a_shared_post_nobody_pays() -> None:
    told, wanted = _covered(), expected("COVER-01")
    rows = zip(told.months, post_of(told, "job").unfunded_cost, strict=True)
    found = {f"{month:%Y-%m}": pounds(int(part)) for month, part in rows}
    assert found == wanted["unfunded_cost_by_month"]
    assert sum(map(pence, found.values())) == pence(wanted["unfunded_total"])
    assert wanted["unsecured_pipeline_excluded"] == ["W (pending, 60% likely)"]


# --- a pay rise and a flat grant ---------------------------------------------------------------


def _paid_by_a_flat_grant(changes: list[Plain]) -> Any:
    pension = {"basis": "salary", "percent": "5"}
    return charity(
        grant("flat", "2027-04-01..2028-03-31", given("PAY-01")["grant_2027_28"]),
        post("job", 30_000, pension=pension, pay_changes=changes),
        pays("flat", "job"),
        as_at="2027-04-01",
    )


_RISES: list[Plain] = [
    {"from": "2027-04-01", "percent": "3.0"},
    {"from": "2027-10-01", "amount": "600.00"},
]


def test_rising_pay_outgrows_a_flat_grant() -> None:
    wanted = expected("PAY-01")
    told = look(_paid_by_a_flat_grant(_RISES), "2027-04-01", 11)
    costs = [pounds(int(month)) for month in post_of(told, "job").month_cost]
    assert costs[:6] == [wanted["monthly_after_award"]] * 6
    assert costs[6:] == [wanted["monthly_after_increment"]] * 6
    paid = award_of(told, "flat")
    assert sum(map(pence, costs)) == pence(wanted["year_cost"])
    assert int(paid.headroom.sum()) == pence(wanted["gap_vs_grant"])
    assert cliff_of(told, "silent", "flat").over_12_months == -pence(wanted["gap_vs_grant"])


def test_without_the_rise_the_grant_would_do() -> None:
    wanted = expected("PAY-01")
    told = look(_paid_by_a_flat_grant([]), "2027-04-01", 11)
    costs = post_of(told, "job").month_cost
    assert pounds(int(costs[0])) == wanted["monthly_before"]
    assert pounds(int(costs.sum())) == wanted["year_cost_without_award_or_increment"]
    assert int(award_of(told, "flat").headroom.sum()) == pence(wanted["headroom_without"])
    assert [cliff.kind for cliff in told.cliffs if cliff.kind == "silent"] == []


def test_a_settlement_paid_in_october_owes_six_months() -> None:
    job = _paid_by_a_flat_grant(_RISES).posts[0]
    owed = late_settlement(job, day("2027-04-01"), day("2027-10-15"), rates())
    assert pounds(owed) == expected("PAY-01")["arrears_apr_to_sep"]


# --- a contract of two years and one and one ---------------------------------------------------


def _contract_book(**fields: Any) -> Any:
    case = given("CONTRACT-01")
    uplifts = [
        {"from": each["from"], "percent": each["cpi"]}
        | ({} if each["cap"] is None else {"cap": each["cap"]})
        for each in case["uplifts"]
    ]
    options = expected("CONTRACT-01")["value_by_contract_year"][2:]
    extensions = [
        {"key": f"x{at}", "end": end, "amount": amount, "notice_months": 6}
        for at, (end, amount) in enumerate(
            zip(expected("CONTRACT-01")["extension_ends"], options, strict=True), start=1
        )
    ]
    contract = award(
        "contract",
        "2025-04-01..2027-03-31",
        2 * pence(case["annual_value_year1"]) // 100,
        kind="contract",
        uplifts=uplifts,
        extensions=extensions,
        break_months=case["break_clause_months"],
    )
    return charity(contract | fields, as_at=case["start"])


def _contract_years(told: Any, certainty: str) -> list[str]:
    income = told.forecast[certainty].income.tolist()
    years = [sum(income[at : at + 12]) for at in range(0, 48, 12)]
    return [pounds(year) for year in years]


def test_what_a_contract_brings_year_by_year() -> None:
    wanted = expected("CONTRACT-01")
    told = look(_contract_book(), given("CONTRACT-01")["as_of"], 28)
    assert _contract_years(told, "secured") == [
        *wanted["value_by_contract_year"][:2],
        *["0.00"] * 2,
    ]
    assert _contract_years(told, "possible") == wanted["value_by_contract_year"]
    assert pounds(int(secured(told).income.sum())) == wanted["secured_total"]
    hoped = told.forecast["possible"].income.sum() - secured(told).income.sum()
    assert pounds(int(hoped)) == wanted["option_total"]


def test_an_uplift_on_a_later_price_is_compounded_and_capped() -> None:
    """The same four years as one term: a flat price, cut and raised where each uplift begins."""
    case = given("CONTRACT-01")
    one_term = {"end": "2029-03-31", "amount": "480000.00", "extensions": []}
    told = look(_contract_book(**one_term), case["as_of"], 28)
    assert _contract_years(told, "secured") == expected("CONTRACT-01")["value_by_contract_year"]


def test_the_days_a_contract_leaves_open() -> None:
    wanted = expected("CONTRACT-01")
    assert given("CONTRACT-01")["pattern"] == "2+1+1"
    assert latest_before(day(wanted["initial_end"]), 6) == day(wanted["extension_1_notice_by"])
    told = look(_contract_book(), given("CONTRACT-01")["as_of"], 28)
    first, second, leave = told.options
    assert (first.by, first.passed) == (day(wanted["extension_1_notice_by"]), True)
    assert (second.by, second.passed) == (day(wanted["extension_2_notice_by"]), False)
    assert leave.by == day(wanted["earliest_exit_if_break_served_on_as_of"])
    assert [(problem.path, problem.says) for problem in told.problems] == [
        ("awards.0.extensions.0", "notice date passed, not exercised")
    ]
    assert cliff_of(told, "award", "contract").date == day(wanted["secured_to"]) + timedelta(1)


# --- a grant in advance, a vacancy, and what is owed back ---------------------------------------


def test_what_a_vacancy_leaves_of_a_grant_paid_in_advance() -> None:
    case, wanted = given("CLAW-01"), expected("CLAW-01")
    start, end = case["term"]
    book = charity(
        grant(
            "grant",
            f"{start}..{end}",
            case["award"],
            carry_forward=case["carry_forward_allowed_pct_of_award"],
            payments=[{"due": due, "amount": amount} for due, amount in case["payments"]],
        ),
        worker("job", case["post_cost_per_month"])
        | {"vacancies": [{"from": "2026-09-01", "to": "2026-10-31"}]},
        cost("phone", case["other_cost_per_month"]),
        pays("grant", "job"),
        pays("grant", "cost:phone"),
    )
    told = look(book, start, 11)
    found = award_of(told, "grant")
    assert found.cash_held is not None
    held = zip(told.months, found.cash_held, strict=True)
    assert {f"{month:%Y-%m}": pounds(int(part)) for month, part in held} == wanted[
        "cash_held_at_month_end"
    ]
    assert pounds(int(found.received.sum())) == wanted["received"]
    assert pounds(int(found.charged.sum())) == wanted["eligible_spend"]
    assert found.balance is not None
    assert pounds(int(found.balance[-1])) == wanted["unspent"]
    limit = percent_of(pence(case["award"]), Decimal(case["carry_forward_allowed_pct_of_award"]))
    assert pounds(limit) == wanted["carry_forward_limit"]
    assert found.repayable == pence(wanted["repayable"])
    empty = [
        f"{month:%Y-%m}"
        for month, part in zip(told.months, told.posts[0].month_cost, strict=True)
        if not part
    ]
    assert empty == case["vacant_months"]


# --- matched money -----------------------------------------------------------------------------


def test_a_match_funded_grant_claimed_a_quarter_late() -> None:
    case, wanted = given("MATCH-01"), expected("MATCH-01")
    found = matched(
        [pence(spent) for spent in case["eligible_spend_by_quarter"]],
        Decimal(case["intervention_rate_pct"]),
        pence(case["award_cap"]),
        [pence(case["match_received_start_of_each_quarter"])] * 4,
        pence(case["opening_cash"]),
    )
    assert [pounds(claim) for claim in found.claims] == wanted["claims"]
    assert [pounds(cash) for cash in found.cash] == wanted["cash_at_quarter_end_q1_to_q5"]
    assert (pounds(found.lowest), f"Q{found.lowest_at}") == (
        wanted["lowest_cash"],
        wanted["lowest_at"],
    )
    assert pounds(found.match_required) == wanted["match_required"]
    committed = 4 * pence(case["match_received_start_of_each_quarter"])
    assert pounds(committed) == wanted["match_committed"]
    assert pounds(found.match_shortfall) == wanted["match_shortfall"]
    assert pounds(found.headroom) == wanted["grant_headroom_left"]


def test_enough_match_leaves_no_shortfall() -> None:
    found = matched([pence(1000)] * 2, Decimal(50), pence(900), [pence(600)] * 2, 0)
    assert found.claims == (pence(500), pence(400))
    assert (found.match_required, found.match_shortfall, found.headroom) == (pence(1100), 0, 0)
    assert found.cash == (-pence(400), -pence(300), pence(100))
    assert (found.lowest, found.lowest_at) == (-pence(400), 1)


# --- reserves ----------------------------------------------------------------------------------


def test_free_reserves_cover_and_floor() -> None:
    case, wanted = given("RES-01"), expected("RES-01")
    year = pence(case["annual_total_expenditure"])
    restricted = year - pence(case["annual_unrestricted_expenditure"])
    book = charity(
        grant("pool", "2026-04-01..2027-03-31", restricted // 100),
        cost("restricted", str(Decimal(restricted) / 1200)),
        cost("core", str(Decimal(year - restricted) / 1200)),
        pays("pool", "cost:restricted"),
        balances={
            "as_at": "2026-04-01",
            "total_funds": case["total_funds"],
            "restricted": case["restricted"],
            "endowment": case["endowment"],
            "fixed_assets": case["tangible_fixed_assets_for_charity_use"],
            "programme_related": case["programme_related_investments"],
            "designated": case["designated_total"],
            "designated_fixed_assets": case["of_which_designated_fixed_assets"],
        },
        reserves_policy={"kind": "months", "value": str(case["policy_months"])},
    )
    found = secured(look(book, horizon=24))
    assert pounds(found.free_reserves) == wanted["free_reserves"]
    assert str(found.months_cover) == wanted["months_cover_total_expenditure"]
    assert str(found.unrestricted_months_cover) == wanted["months_cover_unrestricted_expenditure"]
    assert found.cover_basis == "total"
    assert found.floor == pence(wanted["policy_floor"])
    assert found.free_reserves - found.floor == pence(wanted["headroom_over_floor"])
    unrestricted = pence(case["total_funds"]) - pence(case["restricted"])
    assert pounds(unrestricted) == wanted["unrestricted"]


# --- overheads ---------------------------------------------------------------------------------


def test_overheads_shared_by_fte_evenly_and_by_direct_cost() -> None:
    case, wanted = given("FCR-01"), expected("FCR-01")
    for name in ("by_fte", "by_fte_with_remainder"):
        shares = [int(Decimal(fte) * 10) for fte in case[name]["fte"].values()]
        found = overhead_shares(pence(case[name]["overhead"]), shares)
        assert [pounds(part) for part in found] == wanted[name]
    found = overhead_shares(pence(case["equal"]["overhead"]), [1] * case["equal"]["projects"])
    assert [pounds(part) for part in found] == wanted["equal"]
    overhead = pence(case["by_direct_cost"]["overhead"])
    direct = [pence(amount) for amount in case["by_direct_cost"]["direct"]]
    assert str(recovery_rate(overhead, direct)) == wanted["by_direct_cost_rate_pct"]
    assert [pounds(part) for part in overhead_shares(overhead, direct)] == wanted["by_direct_cost"]
    assert recovery_rate(overhead, []) is None


# --- quarters and variances --------------------------------------------------------------------


def test_a_day_in_three_kinds_of_quarter() -> None:
    case, wanted = given("QUARTER-01"), expected("QUARTER-01")
    for each in wanted["quarters"]:
        assert str(financial_quarter(day(each["date"]))) == each["fy_apr"]
        assert str(calendar_quarter(day(each["date"]))) == each["calendar"]
    number = grant_quarter_number(day(case["grant_start"]), day(case["grant_quarter_for"]))
    quarter = grant_quarter(day(case["grant_start"]), number)
    assert {"number": number, "start": f"{quarter.start}", "end": f"{quarter.end}"} == wanted[
        "grant_quarter"
    ]


def test_a_quarterly_return_and_which_lines_need_a_note() -> None:
    case, wanted = given("QUARTER-01"), expected("QUARTER-01")
    limits = Limits(variance_percent=Decimal(case["explain_threshold_pct"]))
    lines = [
        Sums(profile=pence(budget), actual=pence(actual))
        for _, budget, actual in case["return_lines"]
    ]
    for sums, each in zip(lines, wanted["return"], strict=True):
        assert pounds(sums.variance) == each["variance"]
        percent = each["variance_pct"]
        assert sums.variance_percent == (None if percent is None else Decimal(percent))
        assert needs_note(sums, limits) is each["explain"]
    total = added(lines)
    assert pounds(total.profile) == wanted["total_budget"]
    assert pounds(total.actual) == wanted["total_actual"]
    assert pounds(total.variance) == wanted["total_variance"]


# --- a contract that moves to another provider -------------------------------------------------


def test_who_moves_with_a_contract_and_what_exposure_is_left() -> None:
    """P1: 23 weeks at the cap; P2: three weeks of £30,000 a year; P3: one week of £27,000."""
    case, wanted = given("TUPE-01"), expected("TUPE-01")
    last = day(case["transfer_date"]) - timedelta(days=1)
    told = look(
        charity(
            award("A", f"2009-04-01..{last}", 300_000, kind="contract", on_end="transfers"),
            award("B", "2009-04-01..2035-03-31", 300_000),
            post("P1", 60_000, "2009-04-01", person={"born": "1976-01-01"}),
            post("P2", 30_000, "2025-04-01", person={"born": "1983-01-01"}),
            post("P3", 27_000, "2025-04-01", person={"born": "2006-01-01"}),
            *(post(f"other{at}", 26_000) for at in range(case["employer_headcount"] - 3)),
            pays("A", "P1", "60"),
            pays("B", "P1", "40"),
            pays("A", "P2"),
            pays("A", "P3"),
            *(pays("B", f"other{at}") for at in range(case["employer_headcount"] - 3)),
        ),
        "2026-11-22",
    )
    found = {key: post_of(told, key) for key in case["posts"]}
    exposed = {key: each.do_nothing.redundancy for key, each in found.items()}
    assert exposed == {key: pence(text) for key, text in case["exposures"].items()}
    assert [key for key, each in found.items() if each.cost.total == 0] == wanted["likely_transfer"]
    assert [key for key, each in found.items() if each.take_advice] == wanted["needs_advice"]
    spared = [key for key, each in found.items() if each.notice is None]
    assert spared == wanted["notice_must_not_be_served_on"]
    left = pence(wanted["transferor_redundancy_exposure_if_P2_P3_transfer"])
    assert told.exposure.total == left
    assert told.exposure.do_nothing == pence(wanted["exposure_if_tupe_does_not_apply"])
    assert told.exposure.by_award == {"A": left}
    for each in found.values():
        assert each.transfer is not None
        due = day(wanted["employee_liability_information_due_by"])
        assert each.transfer.information_due == due
        assert each.transfer.direct_consultation is wanted["direct_consultation_allowed"]


def test_fifty_staff_with_ten_moving_consult_through_representatives() -> None:
    moves_on = day(given("TUPE-01")["transfer_date"])
    nation = "england-and-wales"
    assert transfer(moves_on, 49, 49, nation).direct_consultation
    assert transfer(moves_on, 50, 9, nation).direct_consultation
    assert not transfer(moves_on, 50, 10, nation).direct_consultation
    assert not transfer(moves_on, 5, 2, "northern-ireland").direct_consultation


# --- fixed terms -------------------------------------------------------------------------------


@pytest.mark.parametrize("at", range(5))
def test_a_fixed_term_that_runs_out_is_a_dismissal(at: int) -> None:
    case, wanted = given("FTC-01"), expected("FTC-01")["results"][at]
    contract = case["contracts"][at]
    start, end = day(contract["start"]), day(contract["end"])
    assert complete_years(start, end) == wanted["complete_years"]
    assert complete_months(start, end) == wanted["complete_months"]
    book = charity(
        award("money", "2025-04-01..2035-03-31", 300_000),
        post(
            "job",
            case["annual"],
            f"{start}..{end}",
            contract="fixed-term",
            person={"born": case["dob"]},
        ),
        pays("money", "job"),
    )
    told = look(book, "2026-11-22")
    found = post_of(told, "job")
    assert found.redundancy is not None
    assert found.redundancy.complete_years == wanted["complete_years"]
    assert found.redundancy.srp == pence(wanted["srp"])
    assert told.exposure.total == pence(wanted["srp"])
    assert (found.notice, found.consultation, found.lateness) == (None, None, None)
    assert not expected("FTC-01")["counts_towards_collective_20"]
    needed = rates().value("dismissal.protection_months", end)
    assert needed == wanted["unfair_dismissal_months_needed"]
    says = "protected from unfair dismissal"
    assert (says in [flag.says for flag in found.flags]) == wanted["unfair_dismissal_protection"]


def test_four_years_of_fixed_terms_are_permanent() -> None:
    since = given("FTC-01")["successive_fixed_terms_since"]
    permanent = day(expected("FTC-01")["renewal_on_or_after_is_permanent"])
    assert permanent_from(day(since)) == permanent
    book = charity(
        award("money", "2025-04-01..2035-03-31", 300_000),
        post(
            "job",
            27_040,
            "2025-04-01..2028-03-31",
            contract="fixed-term",
            person={"fixed_terms_since": since},
        ),
        pays("money", "job"),
    )
    says = "four years of fixed terms: treat as permanent, take advice"
    for today, flagged in ((permanent - timedelta(days=1), False), (permanent, True)):
        found = post_of(look(book, f"{today}"), "job")
        assert (says in [flag.says for flag in found.flags]) is flagged
