"""What holds of every charity's book, whatever is in it."""

from datetime import date, timedelta
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fundtrack.core.model import CERTAINTIES, Portfolio
from fundtrack.core.outlook import Outlook, outlook, to_plain
from fundtrack.core.schedule import is_pool
from tests import strategies
from tests.core.charities import charities
from tests.core.laid_beside import differences
from tests.core.reading import Reading
from tests.core.world import statutory

TODAYS = st.dates(date(2025, 6, 1), date(2028, 12, 31))
ANY_DAY = st.dates(date(1990, 1, 1), date(2060, 12, 31))
FEW = settings(max_examples=30)


def told_of(book: Portfolio, today: date, horizon: int) -> Outlook:
    return outlook(book, statutory(), today, horizon)


@st.composite
def outlooks(draw: st.DrawFn) -> Outlook:
    return told_of(draw(charities()), draw(TODAYS), draw(st.integers(1, 24)))


# --- sums add up -------------------------------------------------------------------------------


@FEW
@given(outlooks())
def test_the_forecast_is_the_sum_of_its_awards_posts_and_costs(told: Outlook) -> None:
    charges, shown = told.workings.charges, len(told.months)
    bearers = (*charges.posts, *charges.costs)
    cost = sum((bearer.cost[:shown] for bearer in bearers), start=_nought(told))
    allowance = told.workings.allowance[:shown]
    for found in told.forecast.values():
        income = sum((each.income for each in found.awards), start=_nought(told))
        assert (found.income == income).all()
        assert (found.cost == cost - allowance).all()
        assert (found.surplus == found.income - found.cost).all()


def _nought(told: Outlook) -> Any:
    return np.zeros(len(told.months), dtype=np.int64)


@FEW
@given(outlooks())
def test_the_lines_of_a_post_or_cost_add_up_to_it_at_every_certainty(told: Outlook) -> None:
    charges = told.workings.charges
    for bearer in (*charges.posts, *charges.costs):
        for level in range(len(CERTAINTIES)):
            paid = sum(bearer.charged[level], start=bearer.uncovered[level])
            assert (paid == bearer.cost).all()


@FEW
@given(outlooks())
def test_no_money_is_made_or_lost_between_the_funds(told: Outlook) -> None:
    """Unrestricted and restricted together move by income less cost, month by month."""
    for found in told.forecast.values():
        funds = found.unrestricted_closing + found.restricted_closing
        assert (np.diff(funds) == found.surplus[1:]).all()
        assert (np.diff(found.unrestricted_closing) == found.unrestricted_movement[1:]).all()


@FEW
@given(outlooks())
def test_a_pool_never_goes_below_nought_and_its_balance_is_its_own(told: Outlook) -> None:
    for found in told.forecast.values():
        for each in found.awards:
            award = told.workings.portfolio.awards_by_key[each.key]
            assert (each.balance is not None) is is_pool(award)
            if each.balance is None:
                continue
            assert (each.balance >= 0).all()
            moved = np.diff(each.balance)
            assert (moved == (each.income - each.charged)[1:]).all()
            assert each.repayable is None or each.repayable >= 0


# --- certainty ---------------------------------------------------------------------------------


@FEW
@given(outlooks())
def test_the_more_is_counted_the_more_comes_in_and_the_less_is_uncovered(told: Outlook) -> None:
    sure, likely, hoped = (told.forecast[name] for name in CERTAINTIES)
    assert (sure.income <= likely.income).all()
    assert (likely.income <= hoped.income).all()
    for bearer in told.workings.charges.posts:
        assert (bearer.uncovered[0] >= bearer.uncovered[1]).all()
        assert (bearer.uncovered[1] >= bearer.uncovered[2]).all()


@FEW
@given(outlooks())
def test_what_counts_at_one_certainty_counts_at_the_next(told: Outlook) -> None:
    counted = [{each.key for each in told.forecast[name].awards} for name in CERTAINTIES]
    assert counted[0] <= counted[1] <= counted[2]


# --- cover -------------------------------------------------------------------------------------


def _exists(told: Outlook, at: int, day: date) -> bool:
    post = told.workings.portfolio.posts[at]
    away = any(gap.from_ <= day <= gap.to for gap in post.vacancies)
    within = post.start <= day and (post.end is None or day <= post.end)
    return within and not away and post.status != "vacant"


@FEW
@given(outlooks())
def test_the_segments_tile_the_days_a_post_exists_from_today(told: Outlook) -> None:
    length = (told.last_day - told.today).days + 1
    days = [told.today + timedelta(days=at) for at in range(length)]
    for at, post in enumerate(told.posts):
        covered = [
            part.start + timedelta(days=n)
            for part in post.segments
            for n in range((part.end - part.start).days + 1)
        ]
        assert covered == [day for day in days if _exists(told, at, day)]
        joined = zip(post.segments, post.segments[1:], strict=False)
        assert all(
            one.secured_pct != two.secured_pct or one.end + timedelta(days=1) < two.start
            for one, two in joined
        )
        assert all(0 <= part.secured_pct <= 100 for part in post.segments)


@FEW
@given(outlooks())
def test_a_cliff_is_the_first_day_short_and_funded_to_the_day_before(told: Outlook) -> None:
    for post in told.posts:
        short = [part.start for part in post.segments if part.secured_pct < 100]
        assert post.cliff_date == (short[0] if short else None)
        if post.cliff_date is not None and post.funded_to is not None:
            assert post.funded_to == post.cliff_date - timedelta(days=1)


# --- acting in time ----------------------------------------------------------------------------


@FEW
@given(outlooks())
def test_the_rungs_of_a_ladder_stand_in_order_of_date_and_none_on_a_day_off(told: Outlook) -> None:
    working = told.workings.rates.statutory.holidays[told.workings.portfolio.organisation.nation]
    for ladder in told.ladders:
        days = [rung.date for rung in ladder.rungs]
        assert days == sorted(days)
        for rung in ladder.rungs:
            assert rung.date <= rung.date_unrolled
            if rung.kind != "end":
                assert rung.date.weekday() < 5
                assert rung.date not in working


@FEW
@given(outlooks())
def test_exposure_is_the_sum_of_its_posts(told: Outlook) -> None:
    found = told.exposure
    assert found.total == found.redundancy + found.lateness
    assert found.total <= found.do_nothing
    assert found.if_transfers <= found.total
    for post in told.posts:
        assert post.redundancy is None or post.redundancy.low <= post.redundancy.high
        assert post.redundancy is None or post.redundancy.payable >= post.redundancy.high


# --- two readings of one contract --------------------------------------------------------------


@settings(max_examples=30)
@given(charities(), TODAYS, st.integers(1, 9))
def test_a_slow_day_by_day_reading_comes_to_the_same_figures(
    book: Portfolio, today: date, horizon: int
) -> None:
    reading = Reading(book, statutory(), today, horizon)
    if reading.months:  # else the balances are dated beyond the horizon
        assert differences(reading.outlook(), to_plain(told_of(book, today, horizon))) == []


# --- whatever is in it -------------------------------------------------------------------------


@settings(max_examples=150)
@given(strategies.portfolios(14), ANY_DAY, st.integers(1, 120))
def test_any_book_that_may_be_saved_has_an_outlook(
    book: Portfolio, today: date, horizon: int
) -> None:
    plain = to_plain(told_of(book, today, horizon))
    assert plain["today"] == today.isoformat()
    assert len(plain["posts"]) == len(book.posts)


@FEW
@given(st.data())
def test_an_outlook_after_an_edit_is_the_same_with_or_without_the_one_before(
    data: st.DataObject,
) -> None:
    book, today, horizon = data.draw(charities()), data.draw(TODAYS), data.draw(st.integers(1, 18))
    after = data.draw(strategies.edits(book)).apply(book)
    afresh = outlook(after, statutory(), today, horizon)
    followed = outlook(after, statutory(), today, horizon, told_of(book, today, horizon))
    assert to_plain(followed) == to_plain(afresh)


@FEW
@given(charities(), TODAYS)
def test_the_same_question_has_the_same_answer(book: Portfolio, today: date) -> None:
    assert to_plain(told_of(book, today, 12)) == to_plain(told_of(book, today, 12))
