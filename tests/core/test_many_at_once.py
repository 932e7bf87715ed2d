"""What is written and judged for many records at once is what it would be for each."""

import json
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundtrack.core.check import check_edit, tried
from fundtrack.core.edit import Edit, add, change
from fundtrack.core.errors import Problem, RefusedError, StaleEditError
from fundtrack.core.many import with_column
from fundtrack.core.model import (
    LISTS,
    Award,
    Balances,
    Funder,
    Organisation,
    Portfolio,
    Reporting,
    Thresholds,
)
from fundtrack.core.plain import are_kept, from_plain, many_from_plain, texts, to_plain
from fundtrack.workspace import MemoryStore, Workspace, changes_from_json, changes_to_json
from tests.strategies import edits, portfolios


@given(portfolios())
def test_records_written_together_say_what_each_would_say(portfolio: Any) -> None:
    for name in LISTS:
        records = portfolio.records(name)
        assert [json.loads(text) for text in texts(records)] == [to_plain(one) for one in records]
        assert are_kept(records) or name in ("scenarios", "returns")  # these hold plain JSON


@given(portfolios())
def test_a_field_changed_of_many_is_what_it_would_be_changed_of_each(portfolio: Any) -> None:
    for name in LISTS.keys() - {"rates"}:  # whose class rests on another
        records = portfolio.records(name)
        keys = [f"{at}" for at in range(len(records))]
        made = with_column(records, "key", keys)
        wanted = [replace(one, key=key) for one, key in zip(records, keys, strict=True)]
        assert made == wanted
        assert list(map(type, made)) == list(map(type, wanted))


ODD = st.sampled_from((None, "", " ", 'He said "no"', "a\\nb", "two\nlines", "Café", "100 %s {}"))


@given(st.lists(ODD, min_size=1, max_size=5))
def test_so_do_those_with_odd_words_or_none(words: list[str | None]) -> None:
    records = [
        Funder(key=f"f{at}", name=said or "Quay", notes=said) for at, said in enumerate(words)
    ]
    own = [Thresholds(silent_cliff=len(said or "") or None, trust_days=90) for said in words]
    for many in (records, own):
        assert [json.loads(text) for text in texts(many)] == [to_plain(one) for one in many]


@given(portfolios())
def test_records_read_together_are_what_each_would_be(portfolio: Any) -> None:
    for name, cls in LISTS.items():
        records = portfolio.records(name)
        made = many_from_plain(cls, [to_plain(one) for one in records])
        if name not in ("scenarios", "returns"):  # these hold plain JSON
            assert made == list(records)


@pytest.mark.parametrize(
    "wrong", [{"amount": "lots"}, {"wage": "1.00"}, {"stage": None}, {"title": " "}]
)
def test_where_one_of_many_cannot_be_read_none_is_and_each_is_asked(wrong: dict[str, Any]) -> None:
    good = {
        "key": "a", "title": "Meals", "stage": "live", "amount": "1.00",
        "start": "2026-04-01", "end": "2027-03-31",
    }  # fmt: skip
    assert many_from_plain(Award, [good]) == [from_plain(Award, good, "", [])]
    assert many_from_plain(Award, [good, good | wrong]) is None
    assert many_from_plain(Award, [good, {k: good[k] for k in good if k != "end"}]) is None


@given(st.data())
def test_what_may_not_be_saved_is_found_among_many_as_in_one(data: st.DataObject) -> None:
    portfolio = data.draw(portfolios())
    awards = [
        replace(award, amount=data.draw(st.sampled_from((award.amount, -1, 10**13))))
        for award in portfolio.awards
    ]
    edit = Edit("Raise", tuple(map(partial(change, "awards"), portfolio.awards, awards)))
    apart = tuple(
        problem
        for each in edit.changes
        for problem in check_edit(edit.apply(portfolio), Edit("Raise", (each,)))
    )
    assert check_edit(edit.apply(portfolio), edit) == apart


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


@given(st.data())
def test_an_edit_tried_beforehand_is_made_as_one_that_was_not(data: st.DataObject) -> None:
    portfolio = data.draw(portfolios())
    edit = data.draw(edits(portfolio))
    known, problems = tried(edit, portfolio)
    assert known == edit
    assert bool(known.tried) is not bool(problems)
    assert problems == check_edit(edit.apply(portfolio), edit)
    if known.tried:
        assert known.tried.after == edit.apply(portfolio)
        assert known.tried.placed == edit.placed(portfolio)


def test_an_edit_tried_on_another_book_is_looked_at_again(one_award: Portfolio) -> None:
    workspace = Workspace(MemoryStore(one_award))
    award = workspace.portfolio.awards[0]
    dearer = replace(award, amount=200)
    edit, _ = tried(Edit("Raise", (change("awards", award, dearer),)), workspace.portfolio)
    workspace.do(Edit("Rename", (change("awards", award, replace(award, title="Meals")),)))
    with pytest.raises(StaleEditError):
        workspace.do(edit)
    assert workspace.portfolio.awards[0].amount == 1


def test_an_edit_made_out_of_a_tried_one_has_not_been_tried(one_award: Portfolio) -> None:
    award = one_award.awards[0]
    edit, _ = tried(Edit("Again", (add("awards", replace(award, key="b")),)), one_award)
    backwards = replace(award, key="b", end=date(2020, 1, 1))
    wrong = replace(edit, changes=(add("awards", backwards),))
    assert edit.tried
    assert not wrong.tried
    assert not edit.inverse.tried
    with pytest.raises(RefusedError):
        Workspace(MemoryStore(one_award)).do(wrong)


def test_yes_is_not_read_as_one_though_the_same_was_read_before() -> None:
    problems: list[Problem] = []
    plain: dict[str, Any] = {"frequency": "quarter", "due_days": 1}
    assert from_plain(Reporting, plain, "", []) == Reporting(frequency="quarter", due_days=1)
    award = {
        "key": "a", "title": "Meals", "stage": "live", "amount": "1.00",
        "start": "2026-04-01", "end": "2027-03-31",
    }  # fmt: skip
    assert from_plain(Award, {**award, "reporting": plain}, "", problems) is not None
    assert not problems
    yes = {**award, "reporting": {**plain, "due_days": True}}
    assert from_plain(Award, yes, "", problems) is None
    assert [problem.path for problem in problems] == [".reporting.due_days"]
    assert from_plain(Award, {**award, "amount": ["1.00"]}, "", []) is None


@pytest.fixture
def one_award() -> Portfolio:
    day = date(2026, 4, 1)
    award = Award(key="a", title="Befriending", stage="live", amount=1, start=day, end=day)
    charity = Organisation(name="Harbour", nation="scotland", balances=Balances(as_at=day))
    return Portfolio(organisation=charity, awards=(award,))
