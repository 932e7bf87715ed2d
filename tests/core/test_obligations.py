from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fundtrack.core.model import Award, Deadline, Extension, Portfolio, Reporting, Return
from fundtrack.core.obligations import Obligation, award_periods, obligations
from fundtrack.core.period import last_day_of, parse_period
from tests.core.harbour import HARBOUR, STATUTORY, book, day, grant

QUARTERLY = Reporting(frequency="quarter", anchor="financial-year", due_days=30)


def core(**fields: Any) -> Award:
    return grant("core", "2026-04-01", "2027-03-31", reporting=QUARTERLY, **fields)


def owed(portfolio: Portfolio, **asked: Any) -> list[Obligation]:
    return list(obligations(portfolio, STATUTORY, **asked))


def returns(portfolio: Portfolio, **asked: Any) -> list[Obligation]:
    return [each for each in owed(portfolio, **asked) if each.kind == "return"]


# --- what is owed, and when --------------------------------------------------------------------


def test_a_year_reported_by_quarters_owes_four_returns_and_what_follows_the_end() -> None:
    told = [(each.kind, each.period.name, each.due.isoformat()) for each in owed(book(core()))]
    assert told == [
        ("return", "2026-27 Q1", "2026-07-30"),
        ("return", "2026-27 Q2", "2026-10-30"),
        ("return", "2026-27 Q3", "2027-01-30"),
        ("return", "2026-27 Q4", "2027-04-30"),
        ("final", "2026-04-01 to 2027-03-31", "2027-04-30"),
        ("accounts", "2026-27", "2028-01-31"),
        ("records", "2026-04-01 to 2027-03-31", "2033-03-31"),
    ]


def test_the_funders_day_never_moves_and_the_working_day_before_stands_beside_it() -> None:
    third = returns(book(core()))[2]
    assert third.due == date(2027, 1, 30)
    assert third.working == date(2027, 1, 29)
    assert "Sat 30 January 2027 is not a working day; the one before is Fri 29 January" in (
        third.note
    )


def test_returns_due_on_a_day_of_the_next_month_stop_at_its_last_day() -> None:
    monthly = Reporting(frequency="month", anchor="financial-year", due_day=31)
    award = grant("core", "2026-12-01", "2027-02-28", reporting=monthly)
    dues = [each.due.isoformat() for each in returns(book(award))]
    assert dues == ["2027-01-31", "2027-02-28", "2027-03-31"]


def test_terms_that_set_no_day_say_so() -> None:
    award = grant("core", "2026-04-01", "2027-03-31", reporting=Reporting(frequency="year"))
    (only,) = returns(book(award))
    assert only.due == date(2027, 3, 31)
    assert not only.due_given
    assert "set no day" in only.note


def test_an_extension_taken_up_brings_returns_of_its_own_and_one_not_taken_up_does_not() -> None:
    option = Extension(key="x", end=day("2027-09-30"), amount=100)
    assert len(returns(book(core(extensions=(option,))))) == 4
    taken = replace(option, exercised=True)
    extended = returns(book(core(extensions=(taken,))))
    assert [each.period.name for each in extended][-2:] == ["2027-28 Q1", "2027-28 Q2"]


def test_money_not_yet_agreed_owes_nothing() -> None:
    assert owed(book(core(stage="agreed-in-principle"))) == []
    assert owed(book(grant("gift", "2026-04-01", "2027-03-31"))) == []


def test_the_return_of_a_claim_in_arrears_is_what_payment_depends_on() -> None:
    assert not returns(book(core(payment_basis="advance")))[0].pays
    assert returns(book(core(payment_basis="arrears")))[0].pays
    told = replace(QUARTERLY, pays_on_report=False)
    award = replace(core(payment_basis="arrears"), reporting=told)
    assert not returns(book(award))[0].pays


def test_one_return_for_the_whole_award_is_the_final_one() -> None:
    award = grant(
        "core", "2026-04-01", "2027-03-31", reporting=Reporting(frequency="once", due_days=60)
    )
    assert [each.kind for each in owed(book(award))] == ["return", "accounts", "records"]


def test_only_grants_are_asked_for_the_accounts_and_scotland_files_a_month_sooner() -> None:
    assert "accounts" not in [each.kind for each in owed(book(core(kind="contract")))]
    scottish = owed(book(core(), nation="scotland"))
    assert next(e for e in scottish if e.kind == "accounts").due == date(2027, 12, 31)


def test_periods_are_named_as_the_funder_counts_them() -> None:
    def names(start: str, **terms: object) -> list[str]:
        reporting = Reporting(**({"frequency": "half"} | terms))  # type: ignore[arg-type]
        award = grant("core", start, "2027-05-31", reporting=reporting)
        return [each.period.name for each in returns(book(award))]

    assert names("2026-06-01", anchor="start") == ["grant H1", "grant H2"]
    assert names("2026-10-01", anchor="start") == ["grant H1", "grant H2"]
    assert names("2026-10-01") == ["2026-27 H2", "2027-28 H1"]
    assert names("2026-06-01", anchor="financial-year") == [
        "2026-27 H1",
        "2026-27 H2",
        "2027-28 H1",
    ]
    assert names("2026-06-01", anchor="calendar") == ["2026 H1", "2026 H2", "2027 H1"]
    assert names("2026-12-01", anchor="custom", first_period_end=day("2027-02-28")) == [
        "2026-12-01 to 2027-02-28",
        "2027-03-01 to 2027-05-31",
    ]


def test_days_before_a_custom_first_period_are_reported_too() -> None:
    terms = Reporting(frequency="quarter", anchor="custom", first_period_end=day("2026-05-19"))
    award = grant("core", "2026-05-15", "2026-11-19", reporting=terms)
    first = award_periods(award, HARBOUR)[0]
    assert (first.start, first.end) == (day("2026-05-15"), day("2026-05-19"))


# --- what the book knows of them ---------------------------------------------------------------


def a_return(period: str, status: str, on: str | None = None) -> Return:
    submitted = None if on is None else day(on)
    return Return(
        key=period,
        award="core",
        period=period,
        status=status,  # type: ignore[arg-type]
        submitted_on=submitted,
    )


def test_a_return_in_the_book_gives_its_status_whatever_way_its_period_is_written() -> None:
    portfolio = book(
        core(), a_return("2026 q2", "accepted", "2026-07-28"), a_return("grant Q2", "draft")
    )
    first, second, third, _ = returns(portfolio)
    assert (first.status, first.sent, first.sent_on) == ("accepted", True, date(2026, 7, 28))
    assert (second.status, second.sent, second.owed) == ("draft", False, True)
    assert third.status is None


def test_a_return_the_funder_queries_was_sent_and_wants_an_answer() -> None:
    first = returns(book(core(), a_return("2026-27 Q1", "queried", "2026-07-28")))[0]
    assert first.sent
    assert first.queried


def test_a_period_nobody_can_read_is_no_reason_to_stop() -> None:
    assert returns(book(core(), a_return("third quarter", "accepted")))[2].status is None


def test_a_later_return_sent_means_the_earlier_one_was() -> None:
    first, second, third, _ = returns(book(core(), a_return("2026-27 Q2", "submitted")))
    assert first.presumed
    assert not first.owed
    assert not second.presumed
    assert third.owed


def test_a_return_begun_and_not_sent_is_owed_even_when_a_later_one_was_sent() -> None:
    portfolio = book(core(), a_return("2026-27 Q1", "draft"), a_return("2026-27 Q2", "submitted"))
    assert returns(portfolio)[0].owed


def test_what_was_due_before_the_book_was_kept_is_presumed_sent_unless_it_left_a_trace() -> None:
    portfolio = book(core(), a_return("2026-27 Q2", "checked"))
    first, second, third, _ = returns(portfolio, kept_from=day("2026-11-01"))
    assert first.presumed
    assert second.owed
    assert third.owed
    assert returns(portfolio)[0].owed


def test_an_award_that_is_closed_is_not_asked_for_its_final_return() -> None:
    ended = core(stage="ended")
    assert not next(each for each in owed(book(ended)) if each.kind == "final").owed
    assert next(each for each in owed(book(core())) if each.kind == "final").owed


def a_deadline(key: str, due: str, *, kind: str = "return", done: str | None = None) -> Deadline:
    return Deadline(
        key=key,
        award="core",
        kind=kind,  # type: ignore[arg-type]
        title=f"Deadline {key}",
        due=day(due),
        done_on=None if done is None else day(done),
    )


def test_a_deadline_ticked_for_the_day_says_the_return_has_gone() -> None:
    portfolio = book(core(), a_deadline("q2", "2026-10-30", done="2026-10-27"))
    second = returns(portfolio)[1]
    assert (second.deadline, second.sent, second.sent_on) == ("q2", True, date(2026, 10, 27))


def test_a_deadline_the_funder_moved_belongs_to_the_period_before_it() -> None:
    moved = returns(book(core(), a_deadline("q2", "2026-11-13")))
    assert [each.deadline for each in moved] == [None, "q2", None, None]


def test_the_surest_match_is_made_first() -> None:
    portfolio = book(core(), a_deadline("late", "2026-11-13"), a_deadline("q2", "2026-10-30"))
    assert returns(portfolio)[1].deadline == "q2"
    both = book(
        core(), a_deadline("claim", "2026-10-30", kind="claim"), a_deadline("r", "2026-10-30")
    )
    assert returns(both)[1].deadline == "r"


def test_a_deadline_long_after_the_award_is_about_something_else() -> None:
    assert [each.deadline for each in owed(book(core(), a_deadline("x", "2028-06-30")))] == (
        [None] * 7
    )


# --- laws --------------------------------------------------------------------------------------

STARTS = st.dates(date(2020, 1, 1), date(2029, 12, 31))


@st.composite
def reported_awards(draw: st.DrawFn) -> Award:
    start = draw(STARTS)
    end = start + timedelta(days=draw(st.integers(0, 1500)))
    reporting = Reporting(
        frequency=draw(st.sampled_from(["month", "quarter", "half", "year", "once"])),
        anchor=draw(st.sampled_from([None, "start", "financial-year", "calendar", "custom"])),
        first_period_end=start + timedelta(days=draw(st.integers(0, 400))),
        due_days=draw(st.integers(0, 120)),
    )
    return grant("core", start.isoformat(), end.isoformat(), reporting=reporting)


@given(reported_awards(), st.integers(1, 12))
def test_the_periods_of_an_award_follow_each_other_and_together_are_the_award(
    award: Award, year_start: int
) -> None:
    periods = award_periods(award, replace(HARBOUR, year_start_month=year_start))
    assert periods[0].start == award.start
    assert periods[-1].end == last_day_of(award)
    for one, following in pairwise(periods):
        assert one.end + timedelta(days=1) == following.start
    assert all(period.start <= period.end for period in periods)


@given(reported_awards(), st.integers(1, 12))
def test_every_period_is_read_back_by_its_name(award: Award, year_start: int) -> None:
    for period in award_periods(award, replace(HARBOUR, year_start_month=year_start)):
        read = parse_period(period.name, year_start, award)
        assert max(read.start, award.start) == period.start
        assert min(read.end, award.end) == period.end


@given(reported_awards())
def test_each_obligation_has_a_name_of_its_own(award: Award) -> None:
    names = [each.name for each in owed(book(award))]
    assert len(set(names)) == len(names)
