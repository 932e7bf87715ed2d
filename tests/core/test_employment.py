"""When a job ends: the last day, notice, redundancy pay, consultation, fixed terms, TUPE."""

from typing import Any

import pytest

from fundtrack.core.employment import Redundancy
from fundtrack.core.model import Portfolio
from fundtrack.core.outlook import Outlook
from fundtrack.core.posts import PostOutlook
from tests.core.world import (
    Plain,
    award,
    award_of,
    charity,
    cliff_names,
    day,
    look,
    pays,
    pence,
    post,
    post_of,
)

TODAY = "2026-11-22"
LAST = "2027-03-31"


def job(start: str = "2012-05-01", salary: int = 26_000, **fields: Any) -> Plain:
    """£500 a week."""
    return post("job", salary, start, **fields)


def funded(record: Plain, until: str = LAST, **book: Any) -> Portfolio:
    """A post wholly on one award."""
    money = award("money", f"2005-04-01..{until}", 900_000)
    return charity(money, record, pays("money", record["key"]), **book)


def ending(record: Plain, today: str = TODAY, until: str = LAST, **book: Any) -> PostOutlook:
    return post_of(look(funded(record, until, **book), today, 18), record["key"])


def redundancy(found: PostOutlook) -> Redundancy:
    assert found.redundancy is not None
    return found.redundancy


# --- the last day ------------------------------------------------------------------------------


def test_employment_ends_with_the_money() -> None:
    assert ending(job()).last_day == day(LAST)


def test_a_post_not_wholly_paid_today_ends_today() -> None:
    book = charity(
        job(), award("money", "2020-01-01..2030-03-31", 900_000), pays("money", "job", "99")
    )
    found = post_of(look(book, TODAY), "job")
    assert (found.funded_to, found.cliff_date, found.last_day) == (None, day(TODAY), day(TODAY))


def test_a_post_that_has_not_begun_and_is_not_paid_has_no_last_day() -> None:
    found = post_of(look(charity(job("2027-01-01")), TODAY), "job")
    assert (found.cliff_date, found.last_day) == (day("2027-01-01"), None)
    assert (found.notice, found.redundancy) == (None, None)


def test_a_post_that_stands_vacant_today_and_is_not_paid_has_nobody_to_dismiss() -> None:
    away = [{"from": "2026-11-01", "to": "2027-01-31"}]
    told = look(charity(job(vacancies=away)), TODAY)
    found = post_of(told, "job")
    assert (found.cliff_date, found.last_day) == (day("2027-02-01"), None)
    assert told.exposure.total == 0
    back = look(charity(job(vacancies=[{"from": "2026-11-01", "to": "2026-11-21"}])), TODAY)
    assert post_of(back, "job").last_day == day(TODAY)


def test_a_planned_end_inside_the_horizon_is_the_last_day_and_takes_notice() -> None:
    found = ending(job() | {"end": "2027-01-31"})
    assert (found.cliff_date, found.last_day) == (None, day("2027-01-31"))
    assert found.latest_notice_calendar == day("2026-11-08")  # twelve weeks before


def test_a_post_paid_beyond_the_horizon_has_no_last_day() -> None:
    found = ending(job(), until="2035-03-31")
    assert (found.cliff_date, found.last_day, found.funded_to) == (None, None, day("2028-05-31"))
    assert (found.statutory_weeks, found.redundancy) == (None, None)


def test_a_fixed_term_that_ends_before_the_money_is_the_last_day() -> None:
    found = ending(job(contract="fixed-term") | {"end": "2027-02-28"})
    assert found.last_day == day("2027-02-28")
    assert (found.notice, found.consultation, found.lateness) == (None, None, None)
    assert redundancy(found).relevant_date == day("2027-02-28")


def test_a_fixed_term_that_ends_after_the_money_takes_notice_as_any_post() -> None:
    found = ending(job(contract="fixed-term") | {"end": "2027-12-31"})
    assert found.last_day == day(LAST)
    assert found.notice is not None
    assert found.ending is not None
    assert not found.ending.agreed


# --- notice ------------------------------------------------------------------------------------


def test_a_week_for_each_year_and_twelve_at_most() -> None:
    """Fourteen years by 31 March 2027."""
    found = ending(job())
    assert (found.statutory_weeks, found.binding) == (12, "statutory")
    assert found.latest_notice_calendar == day("2027-01-06")


def test_nobody_in_their_first_month_is_owed_notice() -> None:
    found = ending(job("2027-03-02"), today="2027-03-10")
    assert (found.statutory_weeks, found.binding) == (0, "none")
    assert found.latest_notice_calendar == day(LAST)
    assert ending(job("2027-03-01"), today="2027-03-10").statutory_weeks == 1


@pytest.mark.parametrize(
    ("contract", "binding", "calendar"),
    [
        ({"weeks": 12}, "statutory", "2027-01-06"),  # a tie is statutory
        ({"weeks": 13}, "contract-weeks", "2026-12-30"),
        ({"weeks": 4}, "statutory", "2027-01-06"),
        ({"months": 3}, "contract-months", "2026-12-31"),
        ({"months": 2}, "statutory", "2027-01-06"),
    ],
)
def test_the_longer_of_statute_and_contract_binds(
    contract: Plain, binding: str, calendar: str
) -> None:
    found = ending(job(notice=contract))
    assert (found.binding, found.latest_notice_calendar) == (binding, day(calendar))


def test_months_of_notice_clamp_to_the_months_end() -> None:
    """From 31 January one month runs to 28 February; that Sunday rolls back to the Friday."""
    found = ending(job("2026-01-01", notice={"months": 1}), until="2027-02-28")
    assert found.latest_notice_calendar == day("2027-01-31")
    assert found.latest_notice_working == day("2027-01-29")


def test_once_notice_is_given_service_counts_to_the_day_before() -> None:
    """Twelve years are complete on 1 March: given before, eleven weeks are due."""
    to_give, given = job("2015-03-01"), job("2015-03-01", notice_served_on="2027-01-04")
    assert ending(to_give).statutory_weeks == 12
    found = ending(given)
    assert found.statutory_weeks == 11
    assert found.latest_notice_calendar == day("2027-01-13")


def test_notice_given_in_time_costs_nothing_beyond_the_money() -> None:
    found = ending(job(notice_served_on="2027-01-06"), today="2027-02-01")
    assert redundancy(found).relevant_date == day(LAST)
    assert found.lateness is None


def test_notice_is_not_late_on_its_last_calendar_day() -> None:
    assert ending(job(), today="2027-01-06").lateness is None
    late = ending(job(), today="2027-01-07")
    assert late.lateness is not None
    assert redundancy(late).relevant_date == day("2027-04-01")


def test_late_notice_counts_as_given_today_and_crosses_an_anniversary_and_april() -> None:
    """Given on 1 March, twelve weeks run to 24 May: fifteen years, and next year's cap."""
    in_time, late = ending(job(), today=TODAY), ending(job(), today="2027-03-01")
    assert (redundancy(in_time).relevant_date, redundancy(in_time).complete_years) == (
        day(LAST),
        14,
    )
    assert not redundancy(in_time).cap_provisional
    paid = redundancy(late)
    assert (paid.relevant_date, paid.complete_years) == (day("2027-05-24"), 15)
    assert paid.cap_provisional


def test_a_birthday_before_the_relevant_date_counts() -> None:
    person = {"born": "1985-05-24"}
    assert redundancy(ending(job(person=person))).age == 41
    assert redundancy(ending(job(person=person), today="2027-03-01")).age == 42


# --- lateness ----------------------------------------------------------------------------------


def test_lateness_worked_and_in_lieu() -> None:
    """54 days past the money: a whole April and 24 days of May, or £500 × 54 / 7 with NIC."""
    found = ending(job(), today="2027-03-01")
    assert found.lateness is not None
    assert (found.lateness.given, found.lateness.until) == (day("2027-03-01"), day("2027-05-24"))
    month = pence("2429.17")  # (26,000 + 3,150) / 12
    assert found.lateness.worked == month + 188065  # 2,429.17 × 24 / 31
    pay = 385714  # 500.00 × 54 / 7
    assert found.lateness.in_lieu == pay + 57857  # and 15 % of it
    assert (found.cost.worked, found.cost.in_lieu) == (
        found.lateness.worked,
        found.lateness.in_lieu,
    )


def test_lateness_runs_to_the_contracts_own_expiry_and_redundancy_does_not() -> None:
    found = ending(job("2024-04-01", notice={"months": 6}), today="2027-03-01")
    assert found.lateness is not None
    assert redundancy(found).relevant_date == day(LAST)  # two weeks by statute: in time
    assert found.lateness.until == day("2027-09-01")


def test_notice_served_late_counts_from_the_day_it_was_served() -> None:
    found = ending(job(notice_served_on="2027-02-10"), today="2027-03-01")
    assert found.lateness is not None
    assert (found.lateness.given, found.lateness.until) == (day("2027-02-10"), day("2027-05-05"))


def test_a_week_in_lieu_is_not_capped() -> None:
    found = ending(job(salary=78_000), today="2027-03-01")
    assert found.lateness is not None
    assert found.lateness.in_lieu == 1157143 + 173571  # 1,500.00 × 54 / 7, and 15 %
    assert redundancy(found).weeks_pay_used == pence(751)


# --- redundancy pay ----------------------------------------------------------------------------


def test_under_two_years_there_is_no_redundancy_pay() -> None:
    person = {"born": "1970-01-01"}
    assert redundancy(ending(job("2025-04-02", person=person))).payable == 0
    assert redundancy(ending(job("2025-04-01", person=person))).payable == pence(1500)  # 3 weeks


def test_service_may_have_begun_before_the_post() -> None:
    person = {"born": "1970-01-01", "continuous_service_from": "2021-04-01"}
    found = redundancy(ending(job("2025-04-02", person=person)))
    assert (found.complete_years, found.payable) == (6, pence(4500))


def test_no_more_than_twenty_years_count() -> None:
    person = {"born": "1960-01-01", "continuous_service_from": "1990-01-01"}
    found = redundancy(ending(job(person=person)))
    assert (found.complete_years, found.counted_years) == (37, 20)
    assert found.weeks == 30


def test_without_a_birth_date_there_is_a_range_and_sums_take_its_top() -> None:
    told = look(funded(job("2019-04-01", person={"reference": "E7"})), TODAY)
    found = redundancy(post_of(told, "job"))
    assert (found.age, found.srp, found.weeks) == (None, None, None)
    assert (found.low, found.high) == (pence(2000), pence(6000))  # 8 years: 4 to 12 weeks
    assert told.exposure.redundancy == pence(6000)


@pytest.mark.parametrize(
    ("nation", "until", "cap"),
    [
        ("england-and-wales", "2027-04-05", 751),
        ("northern-ireland", "2027-04-05", 783),
        ("scotland", "2026-04-05", 719),
    ],
)
def test_a_weeks_pay_is_capped_by_the_relevant_date_and_the_nation(
    nation: str, until: str, cap: int
) -> None:
    found = redundancy(ending(job(salary=52_000), "2026-01-01", until, nation=nation))
    assert (found.weeks_pay, found.cap, found.weeks_pay_used) == (
        pence(1000),
        pence(cap),
        pence(cap),
    )


def test_an_enhanced_scheme_multiplies_and_may_pay_the_whole_week() -> None:
    def paid(scheme: Plain) -> int:
        person = {"born": "1990-01-01", "enhanced": scheme}  # 37, ten years: ten weeks
        return redundancy(ending(job("2017-04-01", 52_000, person=person))).payable

    assert paid({"multiplier": "1.5"}) == pence("11265.00")  # 10 × 751 × 1.5
    assert paid({"uncapped": True}) == pence(10_000)
    assert paid({"multiplier": "2", "uncapped": True}) == pence(20_000)
    assert paid({"multiplier": "0.5"}) == pence(7510)  # never below statutory


def test_an_enhanced_scheme_takes_the_top_of_a_range() -> None:
    person = {"enhanced": {"multiplier": "2"}}
    found = redundancy(ending(job("2019-04-01", person=person)))
    assert (found.high, found.payable) == (pence(6000), pence(12_000))


def test_redundancy_takes_the_salary_of_the_last_day() -> None:
    def week(change_on: str) -> int:
        rise = {"from": change_on, "salary": "52000.00"}
        return redundancy(ending(job(pay_changes=[rise]))).weeks_pay

    assert week("2027-03-31") == pence(1000)
    assert week("2027-04-01") == pence(500)


# --- consultation ------------------------------------------------------------------------------


def closing(groups: list[tuple[int, str, Plain]], **book: Any) -> Outlook:
    """So many posts, each with money until a day."""
    records: list[Plain] = []
    for group, (number, until, fields) in enumerate(groups):
        records.append(award(f"money{group}", f"2010-04-01..{until}", 900_000))
        for at in range(number):
            key = f"job{group}-{at}"
            records += [post(key, 26_000, "2012-04-01", **fields), pays(f"money{group}", key)]
    return look(charity(*records, **book), TODAY)


def counted(told: Outlook, at: int = 0) -> tuple[int, bool]:
    asked = told.posts[at].consultation
    assert asked is not None
    return asked.count, asked.collective


def test_all_posts_count_together_whichever_award_pays_them() -> None:
    assert counted(closing([(12, LAST, {}), (8, LAST, {})])) == (20, True)
    assert counted(closing([(12, LAST, {}), (7, LAST, {})])) == (19, False)


def test_ninety_days_hold_both_their_ends() -> None:
    """31 January to 30 April is the 90th day; 1 May the 91st."""
    assert counted(closing([(12, "2027-01-31", {}), (8, "2027-04-30", {})])) == (20, True)
    assert counted(closing([(12, "2027-01-31", {}), (8, "2027-05-01", {})])) == (12, False)


def test_the_fullest_ninety_days_around_each_post_are_taken() -> None:
    """Ten in January, ten in March, ten in May: March stands in both windows of twenty."""
    told = closing([(10, "2027-01-31", {}), (10, LAST, {}), (10, "2027-05-31", {})])
    assert [counted(told, at) for at in (0, 10, 20)] == [(20, True)] * 3
    march = told.posts[10].consultation
    assert march is not None  # of two windows as full, the earlier: its first is in January
    assert march.statutory_latest_start == day("2027-01-01")
    may = told.posts[20].consultation
    assert may is not None
    assert may.statutory_latest_start == day("2027-03-01")


def test_the_vacant_the_agencys_and_the_transferring_are_not_counted() -> None:
    groups: list[tuple[int, str, Plain]] = [
        (19, LAST, {}),
        (1, LAST, {"status": "vacant"}),
        (1, LAST, {"status": "agency"}),
        (1, LAST, {"contract": "fixed-term", "end": LAST}),
    ]
    assert counted(closing(groups)) == (19, False)
    records = [award("gone", f"2010-04-01..{LAST}", 1, on_end="transfers")]
    records.append(award("money", f"2010-04-01..{LAST}", 1))
    for at in range(20):
        records += [post(f"j{at}", 26_000, "2012-04-01"), pays("money" if at else "gone", f"j{at}")]
    assert counted(look(charity(*records), TODAY), 1) == (19, False)


def test_the_books_own_days_of_consultation_and_thirty_when_it_says_none() -> None:
    def starts(number: int, **book: Any) -> str:
        return str(closing([(number, LAST, {})], **book).posts[0].latest_consultation_start)

    assert starts(1) == "2026-12-07"  # 6 January less 30 days
    assert starts(1, consultation_days=14) == "2026-12-23"
    assert starts(1, consultation_days=60) == "2026-11-06"  # 7 November is a Saturday
    assert starts(20, consultation_days=14) == "2026-12-07"  # at least 30 when collective
    assert starts(20, consultation_days=60) == "2026-11-06"
    assert starts(100, consultation_days=14) == "2026-11-20"  # at least 45


def test_consultation_counts_from_the_statutory_days_when_notice_is_short() -> None:
    """One week's notice would allow later; thirty days before the first dismissal binds."""
    new = [(20, LAST, {"start": "2026-06-01"})]
    asked = closing(new, consultation_days=0).posts[0].consultation
    assert asked is not None
    assert asked.statutory_latest_start == day("2027-03-01")
    assert asked.latest_start_calendar == day("2027-02-22")  # notice on 24 March less 30 days


def test_northern_ireland_consults_ninety_days_for_a_hundred() -> None:
    asked = closing([(100, LAST, {})], nation="northern-ireland").posts[0].consultation
    assert asked is not None
    assert asked.statutory_days == 90


def test_a_protective_award_stands_outside_the_total_and_only_when_collective() -> None:
    few, many = closing([(19, LAST, {})]), closing([(20, LAST, {})])
    assert few.exposure.protective_award == 0
    assert many.exposure.protective_award == 20 * 1285714  # 500.00 × 180 / 7
    assert many.exposure.total == many.exposure.redundancy


# --- when the work passes to another provider --------------------------------------------------


def passing(on_end: str | None, today: str = TODAY, share: str = "100") -> Outlook:
    """A post on a contract that ends on 31 March, and the rest of it on lasting money."""
    records = [
        award("contract", f"2010-04-01..{LAST}", 900_000, kind="contract")
        | ({} if on_end is None else {"on_end": on_end}),
        award("lasting", "2010-04-01..2035-03-31", 900_000),
        job(person={"born": "1980-01-01"}),
        pays("contract", "job", share),
    ]
    if share != "100":
        records.append(pays("lasting", "job", str(100 - int(share))))
    return look(charity(*records), today)


@pytest.mark.parametrize("on_end", ["stops", None])
def test_work_that_stops_is_a_dismissal(on_end: str | None) -> None:
    told = passing(on_end)
    found = post_of(told, "job")
    assert found.transfer is None
    assert not found.take_advice
    assert told.exposure.total == told.exposure.do_nothing == told.exposure.if_transfers
    assert told.exposure.total == redundancy(found).payable > 0


def test_a_post_wholly_on_work_that_transfers_has_no_exposure_and_no_notice() -> None:
    told = passing("transfers")
    found = post_of(told, "job")
    assert (found.notice, found.consultation, told.exposure.total) == (None, None, 0)
    assert found.transfer is not None
    assert found.transfer.information_due == day("2027-03-04")
    assert not found.take_advice


def test_the_do_nothing_figure_stands_beside_it_late_notice_and_all() -> None:
    for today in (TODAY, "2027-03-01"):
        moved, stopped = passing("transfers", today), passing("stops", today)
        assert moved.exposure.total == 0
        assert moved.exposure.do_nothing == stopped.exposure.total
        assert post_of(moved, "job").do_nothing == post_of(stopped, "job").cost


def test_a_split_post_keeps_its_own_exposure_and_needs_advice() -> None:
    told = passing("transfers", share="60")
    found = post_of(told, "job")
    assert told.exposure.total == passing("stops", share="60").exposure.total > 0
    assert found.take_advice
    assert found.notice is not None
    assert told.exposure.by_award == {"contract": told.exposure.total}


def test_where_it_is_not_known_both_figures_are_shown() -> None:
    told = passing("unknown", "2027-03-01")
    found = post_of(told, "job")
    stopped = passing("stops", "2027-03-01").exposure.total
    assert told.exposure.total == told.exposure.do_nothing == stopped > 0
    assert told.exposure.if_transfers == 0
    assert (found.cost.total, found.do_nothing.total, found.if_transfers.total) == (
        stopped,
        stopped,
        0,
    )
    assert found.ending is not None
    assert found.ending.unknown
    assert found.take_advice
    assert found.notice is not None  # it may yet have to be given


def test_a_split_post_costs_the_same_whatever_becomes_of_unknown_work() -> None:
    told = passing("unknown", share="60")
    assert told.exposure.if_transfers == told.exposure.total > 0


# --- flags -------------------------------------------------------------------------------------


def test_protection_from_unfair_dismissal_comes_earlier_from_2027() -> None:
    says = "protected from unfair dismissal"

    def flagged(start: str, until: str, nation: str = "scotland") -> bool:
        found = ending(job(start), "2026-11-22", until, nation=nation)
        return says in [flag.says for flag in found.flags]

    assert flagged("2026-06-01", "2027-01-31")
    assert not flagged("2026-09-01", "2027-01-31")
    assert not flagged("2026-01-01", "2026-12-31")  # two years before 2027
    assert flagged("2024-12-01", "2026-12-31")
    assert not flagged("2026-06-01", "2027-01-31", "northern-ireland")  # twelve months there
    assert flagged("2026-02-01", "2027-01-31", "northern-ireland")


def test_a_service_that_stops_leaves_an_award_that_still_pays_others_alone() -> None:
    """One award of two on a post ends: that is the cliff, and only that award stands under it."""
    told = passing("stops", share="60")
    assert "post:job" in cliff_names(told)
    assert list(told.exposure.by_award) == ["contract"]
    assert int(award_of(told, "lasting").charged[-1]) > 0
