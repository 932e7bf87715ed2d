"""The sample charity is the first thing a new user sees: it must be whole, true and have news."""

import dataclasses
import json
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import pytest

from fundtrack import assets
from fundtrack.core.check import check
from fundtrack.core.model import Award
from fundtrack.core.outlook import Outlook, outlook
from fundtrack.core.period import month_end, parse_period
from fundtrack.core.plain import portfolio_to_plain, specs
from fundtrack.core.rates import Statutory
from fundtrack.core.returns.filling import return_figures
from fundtrack.core.returns.layout import layout_from_toml
from fundtrack.exchange.sample import SAMPLE, sample_portfolio

STATUTORY = Statutory.read(assets.rates_json(), assets.bank_holidays_json())
WRITTEN = date(2026, 11, 22)
DAYS = [
    WRITTEN,
    date(2024, 1, 31),
    date(2025, 7, 5),
    date(2026, 11, 1),
    date(2026, 11, 30),
    date(2027, 2, 14),
    date(2028, 2, 29),
    date(2031, 8, 31),
    date(2035, 12, 31),
]
any_day = pytest.mark.parametrize("today", DAYS, ids=str)


@cache
def told(today: date) -> Outlook:
    return outlook(sample_portfolio(today), STATUTORY, today)


def test_in_the_month_it_was_written_for_nothing_is_moved() -> None:
    assert portfolio_to_plain(sample_portfolio(WRITTEN)) == json.loads(assets.text(SAMPLE))


@any_day
def test_the_book_has_no_fault_on_any_day(today: date) -> None:
    portfolio = sample_portfolio(today)
    assert check(portfolio) == ()
    assert told(today).problems == ()


@any_day
def test_it_has_something_to_say_on_any_day(today: date) -> None:
    ours = told(today)
    statuses = {ladder.status for ladder in ours.ladders}
    assert {"watch", "clear"} < statuses
    assert statuses & {"act now", "overdue"}
    core = next(ladder for ladder in ours.ladders if ladder.cliff == "award:mopac-core")
    assert core.act_by is not None
    assert -3 <= (core.act_by - today).days <= 35
    assert "silent" in {cliff.kind for cliff in ours.cliffs}


@any_day
def test_it_is_neither_a_disaster_nor_a_bore(today: date) -> None:
    ours = told(today)
    soon = [post for post in ours.posts if post.cliff_date and (post.cliff_date - today).days < 183]
    assert 4 <= len(soon) <= 9
    secured, probable = ours.forecast["secured"], ours.forecast["probable"]
    assert secured.floor is not None
    assert secured.free_reserves > secured.floor
    assert secured.runway_whole_months is not None
    assert probable.runway_whole_months is not None
    assert 9 <= secured.runway_whole_months < probable.runway_whole_months
    assert int(secured.free_cash[:6].min()) > 0
    assert int(probable.free_cash[:12].min()) > 0


@any_day
def test_nobody_has_done_anything_after_today(today: date) -> None:
    portfolio = sample_portfolio(today)
    assert portfolio.organisation.balances.as_at == today.replace(day=1)
    done = [deadline.done_on for deadline in portfolio.deadlines]
    sent = [sent.submitted_on for sent in portfolio.returns]
    paid = [payment.received_on for award in portfolio.awards for payment in award.payments]
    said = [evidence.on for evidence in portfolio.evidence]
    spent = [actual.on for actual in portfolio.actuals]
    assert max(day for day in (*done, *sent, *paid, *said, *spent) if day) <= today


@any_day
def test_periods_and_the_financial_year_move_together(today: date) -> None:
    portfolio = sample_portfolio(today)
    start = portfolio.organisation.year_start_month
    last = next(
        sent.period
        for sent in reversed(portfolio.returns)
        if sent.award == "mopac-core" and sent.status == "submitted"
    )
    period = parse_period(last, start)
    assert period.end == month_end(period.end) < today
    spent = [one for one in portfolio.actuals if one.award == "mopac-core" and one.on in period]
    assert len({actual.on for actual in spent}) == 3
    for indicator in portfolio.indicators:
        award = portfolio.awards_by_key[indicator.award or ""]
        for target in indicator.targets:
            assert award.start <= parse_period(target.period, start, award).end


@any_day
def test_the_last_return_sent_agrees_with_the_books(today: date) -> None:
    layout, _ = layout_from_toml(assets.text("returns/t1-quarterly.toml"))
    assert layout is not None
    portfolio, award = sample_portfolio(today), "mopac-core"
    sent = [one for one in portfolio.returns if one.award == award and one.status == "submitted"]
    figures = return_figures(portfolio, STATUTORY, award, sent[-1].period, layout, today)
    levels = {finding.rule: finding.level for finding in figures.findings}
    if today != WRITTEN:  # payroll was written at that year's rates, and posts cost this year's
        del levels["F9"]
    assert set(levels.values()) == {"PASS", "WARN"}
    assert [rule for rule, level in levels.items() if level == "WARN"] == ["F5"]  # the underspend


def test_meetings_stay_on_a_thursday() -> None:
    meetings = sample_portfolio(date(2029, 3, 3)).organisation.board_meetings
    assert {day.weekday() for day in meetings} == {3}


def test_it_shows_every_stage_and_every_kind_of_award() -> None:
    awards = sample_portfolio(WRITTEN).awards
    assert len(awards) >= 12
    assert {award.stage for award in awards} == set(choices("stage"))
    assert {award.kind for award in awards if award.kind} == set(choices("kind"))
    assert {award.fund for award in awards} == set(choices("fund"))
    assert any(award.ring_fenced for award in awards)
    assert any(len(award.extensions) == 2 for award in awards)


def test_at_least_three_funders_draw_on_one_ultimate_source() -> None:
    funders = sample_portfolio(WRITTEN).funders
    assert len(funders) >= 6
    assert sum(funder.ultimate_source == "moj" for funder in funders) >= 3


def test_the_renewal_is_decided_after_notice_must_be_given() -> None:
    portfolio = sample_portfolio(WRITTEN)
    bid = portfolio.awards_by_key["mopac-core-renewal"].bid
    assert bid is not None
    assert bid.decision_expected is not None
    posts = {post.key: post for post in told(WRITTEN).posts}
    notice = posts["idva-courts"].latest_notice_working
    assert notice is not None
    assert notice < bid.decision_expected


def test_the_vacancy_leaves_money_that_must_go_back() -> None:
    core = next(a for a in told(WRITTEN).forecast["secured"].awards if a.key == "mopac-core")
    assert core.repayable
    assert core.repayable > 500_00


def test_its_posts_are_as_mixed_as_real_ones() -> None:
    posts = sample_portfolio(WRITTEN).posts
    assert len(posts) >= 15
    assert {post.status for post in posts} == {"filled", "vacant", "agency"}
    assert {post.contract for post in posts} >= {"permanent", "fixed-term"}
    assert any(post.person and post.person.born is None for post in posts)
    assert any(post.notice and post.notice.months for post in posts)
    assert any(post.notice and post.notice.weeks for post in posts)
    assert any(post.fte < 1 for post in posts)


def test_nobody_in_it_has_a_name() -> None:
    portfolio = sample_portfolio(WRITTEN)
    references = [post.person.reference for post in portfolio.posts if post.person]
    assert references
    assert all(re.fullmatch(r"E\d\d", reference or "") for reference in references)


@pytest.mark.parametrize("award", [a for a in sample_portfolio(WRITTEN).awards if a.budget_lines])
def test_budgets_add_up_to_their_award_and_profiles_to_their_line(award: Award) -> None:
    assert sum(line.amount for line in award.budget_lines) == award.amount
    for line in award.budget_lines:
        assert sum(month.amount for month in line.profile) == line.amount
    for version in award.budget_versions:
        assert sum(line.amount for line in version.lines) == award.amount


@pytest.mark.parametrize("key", ["mopac-core", "saltmarch-isva", "council-advice"])
def test_what_a_grant_has_in_hand_is_its_income_less_what_was_spent(key: str) -> None:
    portfolio = sample_portfolio(WRITTEN)
    award = portfolio.awards_by_key[key]
    term = (award.end.year - award.start.year) * 12 + award.end.month - award.start.month + 1
    months = (2026 - award.start.year) * 12 + 11 - award.start.month
    spent = sum(actual.amount for actual in portfolio.actuals if actual.award == key)
    assert abs(award.amount * months / term - spent - (award.opening_balance or 0)) <= 1


def test_no_words_name_a_month_or_a_year_that_would_not_move() -> None:
    months = "January|February|March|April|June|July|August|September|October|November|December"
    dated = re.compile(rf"\b({months}|20\d\d)\b")
    assert not [words for words in texts(sample_portfolio(WRITTEN)) if dated.search(words)]


def texts(record: Any) -> Iterator[str]:
    """Every word a person reads in a record and its parts, but what moves: periods and figures."""
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        for part in value if isinstance(value, tuple) else (value,):
            if dataclasses.is_dataclass(part):
                yield from texts(part)
            elif isinstance(part, str) and field.name not in ("period", "figures"):
                yield part


def choices(name: str) -> tuple[str, ...]:
    return next(spec.choices for spec in specs(Award) if spec.name == name)
