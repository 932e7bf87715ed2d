"""The laws of edits: any change can be undone, and none is made to what has moved on."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundtrack.core.check import check, check_edit
from fundtrack.core.edit import Edit, add, change, difference, remove
from fundtrack.core.errors import StaleEditError
from fundtrack.core.model import (
    Actual,
    Balances,
    Funder,
    Organisation,
    Portfolio,
)
from fundtrack.core.plain import portfolio_from_plain, portfolio_to_plain
from tests.strategies import edits, portfolios

CHARITY = Organisation(name="Harbour", nation="scotland", balances=Balances(as_at=date(2026, 4, 1)))
TRUST = Funder(key="trust", name="The Trust")
COUNCIL = Funder(key="council", name="The Council")
LOTTERY = Funder(key="lottery", name="The Lottery")
THREE = Portfolio(organisation=CHARITY, funders=(TRUST, COUNCIL, LOTTERY))


@given(st.data())
def test_an_edit_turned_round_twice_is_the_edit(data: st.DataObject) -> None:
    edit = data.draw(edits(data.draw(portfolios())))
    assert edit.inverse.inverse == edit


@given(st.data())
def test_whatever_is_done_can_be_undone_to_the_last_penny_and_place(data: st.DataObject) -> None:
    portfolio = data.draw(portfolios())
    edit = data.draw(edits(portfolio))
    placed = edit.placed(portfolio)
    after = edit.apply(portfolio)
    assert placed.apply(portfolio) == after
    assert placed.inverse.apply(after) == portfolio
    assert placed.inverse.inverse == placed


@given(st.data())
def test_the_charities_made_up_here_are_such_as_may_be_saved(data: st.DataObject) -> None:
    portfolio = data.draw(portfolios())
    edit = data.draw(edits(portfolio))
    assert check(portfolio) == ()
    assert check_edit(edit.apply(portfolio), edit) == ()


@given(portfolios(), portfolios())
def test_any_book_can_be_turned_into_any_other(one: Portfolio, other: Portfolio) -> None:
    edit = difference("Become the other", one, other)
    after = edit.apply(one)
    for name in ("organisation", "funders", "awards", "posts", "allocations", "rates"):
        assert {record.key: record for record in after.records(name)} == {
            record.key: record for record in other.records(name)
        }
    assert difference("Nothing", after, other).changes == ()


@given(portfolios())
def test_a_book_written_out_and_read_in_is_the_same_book(portfolio: Portfolio) -> None:
    text = json.dumps(portfolio_to_plain(portfolio))
    assert portfolio_from_plain(json.loads(text)) == (portfolio, ())


def test_a_removed_funder_comes_back_to_its_place() -> None:
    edit = Edit("Remove funder", (remove(THREE, "funders", "council"),))
    assert edit.apply(THREE).funders == (TRUST, LOTTERY)
    assert edit.inverse.apply(edit.apply(THREE)) == THREE


def test_a_change_to_a_record_that_has_moved_on_is_refused_by_name() -> None:
    renamed = replace(COUNCIL, name="The City Council")
    edit = Edit("Rename", (change("funders", COUNCIL, renamed),))
    moved_on = Edit("Note", (change("funders", COUNCIL, replace(COUNCIL, notes="new head")),))
    with pytest.raises(StaleEditError, match=r"funders\.council: this has changed since"):
        edit.apply(moved_on.apply(THREE))


def test_a_change_to_a_record_that_has_gone_is_refused_by_name() -> None:
    gone = Edit("Remove", (remove(THREE, "funders", "council"),)).apply(THREE)
    edit = Edit("Rename", (change("funders", COUNCIL, replace(COUNCIL, name="City")),))
    with pytest.raises(StaleEditError, match=r"funders\.council: this is no longer in the book"):
        edit.apply(gone)


def test_a_record_cannot_be_added_twice() -> None:
    edit = Edit("Add", (add("funders", TRUST),))
    with pytest.raises(StaleEditError, match=r"funders\.trust: this is already in the book"):
        edit.apply(THREE)


def test_one_stale_change_refuses_the_whole_edit() -> None:
    new = Actual(key="a1", on=date(2026, 5, 1), amount=100)
    edit = Edit("Both", (add("actuals", new), add("funders", TRUST)))
    with pytest.raises(StaleEditError):
        edit.apply(THREE)
    assert THREE.actuals == ()


def test_a_record_that_is_not_there_cannot_be_removed() -> None:
    with pytest.raises(KeyError):
        remove(THREE, "funders", "nobody")
