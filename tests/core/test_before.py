"""An outlook that starts from an earlier one says exactly what one made from nothing says."""

from copy import deepcopy
from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fundtrack import assets
from fundtrack.core import levers
from fundtrack.core.comparison import compare
from fundtrack.core.deadlines import deadlines
from fundtrack.core.forecast import left_in_pools
from fundtrack.core.model import LISTS
from fundtrack.core.outlook import Outlook, Sums, outlook, sums, to_plain
from fundtrack.core.rates import Statutory
from tests.strategies import edits, portfolios

STATUTORY = Statutory.read(assets.rates_json(), assets.bank_holidays_json())


@settings(max_examples=60)
@given(data=st.data())
def test_taking_up_where_the_last_outlook_left_off_changes_no_figure(data: st.DataObject) -> None:
    portfolio = data.draw(portfolios())
    today = data.draw(st.dates(date(2024, 1, 1), date(2029, 1, 1)))
    before = outlook(portfolio, STATUTORY, today, 24)
    for _ in range(3):
        portfolio = data.draw(edits(portfolio)).apply(portfolio)
        anew = outlook(portfolio, STATUTORY, today, 24)
        before = outlook(portfolio, STATUTORY, today, 24, before)
        assert to_plain(before) == to_plain(anew)
        assert deadlines(portfolio, before) == deadlines(portfolio, anew)


@settings(max_examples=60)
@given(data=st.data())
def test_each_step_of_a_slider_says_what_its_book_says_from_nothing(data: st.DataObject) -> None:
    book = data.draw(portfolios())
    today = data.draw(st.dates(date(2024, 1, 1), date(2029, 1, 1)))
    tried = [levers.pay(book, levers.next_april(book, today))]
    for award in book.awards[:2]:
        tried += [levers.late(award), levers.price(award), levers.lose(award, today)]
    for post in book.posts[:2]:
        tried += [levers.fte(post), levers.ends(post, today)]
    start = outlook(book, STATUTORY, today, 24)
    before: Sums = start
    for _ in range(6):
        at = data.draw(st.integers(0, len(tried) - 1))
        lever = tried[at]
        steps = int((lever.high - lever.low) / lever.step)
        tried[at] = lever.at(lever.low + lever.step * data.draw(st.integers(0, steps)))
        made = levers.drawn(book, (), tried)
        anew = outlook(made.portfolio, STATUTORY, today, 24)
        before = data.draw(st.sampled_from((sums, outlook)))(
            made.portfolio, STATUTORY, today, 24, before
        )
        assert compare(start, before) == compare(start, anew)
        if isinstance(before, Outlook):
            assert to_plain(before) == to_plain(anew)


@settings(max_examples=60)
@given(data=st.data())
def test_records_that_say_the_same_are_taken_up_as_the_same(data: st.DataObject) -> None:
    before = data.draw(portfolios())
    after = data.draw(edits(before)).apply(before)
    found = deepcopy(after).recognised(before)
    assert found == after
    for name in LISTS:
        for record in found.records(name):
            known = before.find(name, record.key)
            assert known != record or known is record


MONEY = st.integers(-500, 500)


@given(
    st.lists(
        st.tuples(MONEY, st.lists(MONEY, min_size=7, max_size=7), st.integers(-2, 9)),
        min_size=1,
        max_size=4,
    )
)
def test_a_pool_is_paid_back_only_while_its_award_lives(
    pools: list[tuple[int, list[int], int]],
) -> None:
    opening, gained, lasts = (np.array(column) for column in zip(*pools, strict=True))
    found = left_in_pools(opening, gained, lasts)
    for row, (start, months, last) in enumerate(pools):
        assert found[row].tolist() == _left(start, months, last)


def _left(balance: int, months: list[int], last: int) -> list[int]:
    """Month by month, as the rule is written: DOMAIN section 6, step 4."""
    owed, left = 0, []
    for month, gained in enumerate(months):
        there = balance + gained
        short = max(0, -there)
        owed, there = owed + short, there + short
        repaid = min(owed, there) if month <= last else 0
        owed, balance = owed - repaid, there - repaid
        left.append(balance)
    return left
