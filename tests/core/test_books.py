"""Whole books beside the outlook an independent engine gives for them, figure by figure."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fundtrack.core.check import check
from fundtrack.core.outlook import outlook, to_plain
from fundtrack.core.plain import portfolio_from_plain, portfolio_to_plain
from tests.core.laid_beside import differences
from tests.core.reading import Reading
from tests.core.world import statutory

BOOKS = Path(__file__).parents[1] / "data" / "books"
NAMES = sorted(path.name.partition(".")[0] for path in BOOKS.glob("*.book.json"))
LIGHT = ("1004", "1021", "1033", "1052")
"""The books a day-by-day reading gets through in a second."""


def _read(name: str) -> tuple[Any, dict[str, Any]]:
    book = json.loads((BOOKS / f"{name}.book.json").read_text("utf-8"))
    told = json.loads((BOOKS / f"{name}.outlook.json").read_text("utf-8"))
    portfolio, problems = portfolio_from_plain(book)
    assert portfolio is not None, problems
    assert portfolio_from_plain(portfolio_to_plain(portfolio)) == (portfolio, ())
    return portfolio, told


def test_there_are_books_to_compare() -> None:
    assert len(NAMES) == 12


@pytest.mark.parametrize("name", NAMES)
def test_a_whole_book_agrees_with_the_independent_engine(name: str) -> None:
    portfolio, told = _read(name)
    assert check(portfolio) == ()
    today = date.fromisoformat(told["today"])
    found = to_plain(outlook(portfolio, statutory(), today, told["horizon"]))
    assert differences(told, found) == []


@pytest.mark.parametrize("name", LIGHT)
def test_a_slow_day_by_day_reading_agrees_with_the_independent_engine(name: str) -> None:
    """The reading that the laws compare with is itself held to the published figures."""
    portfolio, told = _read(name)
    today = date.fromisoformat(told["today"])
    found = Reading(portfolio, statutory(), today, told["horizon"]).outlook()
    # What it leaves out where there is nothing to say, and a range, which it names otherwise.
    left_out = ": not there, "
    assert [each for each in differences(found, told) if left_out not in each] == []
