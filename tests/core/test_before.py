"""An outlook that starts from an earlier one says exactly what one made from nothing says."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from fundtrack import assets
from fundtrack.core.deadlines import deadlines
from fundtrack.core.outlook import outlook, to_plain
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
