"""What is written and judged for many records at once is what it would be for each."""

import json
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fundtrack.core.model import LISTS, Award
from fundtrack.core.plain import are_kept, texts, to_plain
from fundtrack.workspace import changes_from_json, changes_to_json
from tests.strategies import edits, portfolios


@given(portfolios())
def test_records_written_together_say_what_each_would_say(portfolio: Any) -> None:
    for name in LISTS:
        records = portfolio.records(name)
        assert [json.loads(text) for text in texts(records)] == [to_plain(one) for one in records]
        assert are_kept(records) or name in ("scenarios", "returns")  # these hold plain JSON


@given(st.data())
def test_a_line_of_the_history_is_read_as_it_was_written(data: st.DataObject) -> None:
    portfolio = data.draw(portfolios())
    changes = data.draw(edits(portfolio)).changes
    assert changes_from_json(changes_to_json(changes)) == changes
    assert json.loads(changes_to_json(changes)) == [to_plain(one) for one in changes]


def test_a_record_that_could_not_be_read_again_is_not_taken_for_kept() -> None:
    day = date(2026, 4, 1)
    whole = Award(key="a", title="Befriending", stage="live", amount=1, start=day, end=day)
    half = Award(key="b", title="\ud800", stage="live", amount=1, start=day, end=day)
    blank = Award(key="c", title=" ", stage="live", amount=1, start=day, end=day)
    assert are_kept((whole,))
    assert not are_kept((whole, half))
    assert not are_kept((whole, blank))
