import copy
import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fundtrack.core.model import LISTS, Portfolio
from fundtrack.core.plain import portfolio_from_plain
from fundtrack.exchange.interchange import read_json, replacing, write_json
from fundtrack.exchange.schema import BOOK_SCHEMA, shipped
from tests.strategies import portfolios

BOOKS = sorted((Path(__file__).parents[1] / "data" / "books").glob("*.book.json"))
CHARITY: dict[str, Any] = {
    "format": "fundtrack/1",
    "organisation": {
        "name": "Harbour and Hope",
        "nation": "england-and-wales",
        "balances": {"as_at": "2026-04-01"},
    },
    "funders": [{"key": "trust", "name": "The Long Trust"}],
    "awards": [
        {
            "key": "core",
            "title": "Core costs",
            "funder": "trust",
            "stage": "live",
            "amount": "36000.00",
            "start": "2026-04-01",
            "end": "2029-03-31",
        }
    ],
    "posts": [
        {"key": "idva", "title": "IDVA", "fte": "0.6", "salary": "28000.00", "start": "2026-04-01"}
    ],
    "allocations": [{"key": "a1", "post": "idva", "award": "core", "percent": "33.33"}],
}


def charity() -> dict[str, Any]:
    return copy.deepcopy(CHARITY)


def said(plain: Any) -> list[str]:
    portfolio, problems = read_json(json.dumps(plain))
    assert (portfolio is None) == bool(problems)
    return [str(problem) for problem in problems]


def places(plain: Any) -> list[str]:
    return [line.partition(":")[0] for line in said(plain)]


def read(book: Path) -> Portfolio:
    portfolio, problems = read_json(book.read_bytes())
    assert problems == ()
    assert portfolio is not None
    return portfolio


# --- out and in again --------------------------------------------------------------------------


@pytest.mark.parametrize("book", BOOKS, ids=lambda path: path.name)
def test_out_in_and_out_again_is_the_same_to_the_byte(book: Path) -> None:
    first = write_json(read(book))
    again, problems = read_json(first)
    assert problems == ()
    assert again == read(book)
    assert again is not None
    assert write_json(again) == first


@pytest.mark.parametrize("book", BOOKS, ids=lambda path: path.name)
def test_nothing_of_a_book_is_lost_on_the_way(book: Path) -> None:
    assert gist(json.loads(write_json(read(book)))) == gist(json.loads(book.read_bytes()))


def gist(plain: Any) -> Any:
    """What a file says, whether or not it spells out empty lists and needless zeros."""
    if isinstance(plain, dict):
        return {name: gist(value) for name, value in plain.items() if value != []}
    if isinstance(plain, list):
        return [gist(value) for value in plain]
    decimal = isinstance(plain, str) and re.fullmatch(r"-?\d+\.\d+", plain)
    return str(Decimal(plain).normalize()) if decimal else plain


@given(portfolios())
def test_any_book_comes_out_in_and_out_again_the_same(portfolio: Portfolio) -> None:
    first = write_json(portfolio)
    again, problems = read_json(first)
    assert problems == ()
    assert again == portfolio
    assert write_json(again) == first


# --- a bad file --------------------------------------------------------------------------------


def test_a_bad_file_lists_every_fault_with_its_path_and_loads_nothing() -> None:
    bad = charity()
    bad["organisation"]["nation"] = "wales"
    bad["funders"][0]["colour"] = "green"
    bad["awards"][0]["funder"] = "nobody"
    bad["awards"][0]["end"] = "2027-02-30"
    bad["posts"][0]["fte"] = "-0.6"
    bad["allocations"][0]["percent"] = 33.33
    bad["costs"] = [{"key": "rent", "title": "Rent", "frequency": "month", "start": "2026-04-01"}]
    assert places(bad) == [
        "organisation.nation",
        "funders.0.colour",
        "awards.0.end",
        "awards.0.funder",
        "posts.0.fte",
        "costs.0.amount",
        "allocations.0.percent",
    ]


@pytest.mark.parametrize(
    ("path", "value", "place", "says"),
    [
        (["format"], "fundtrack/9", "format", 'expected "fundtrack/1"'),
        (["awards", 0, "amount"], 36000, "awards.0.amount", "expected pounds in quotes"),
        (["awards", 0, "amount"], "36000.005", "awards.0.amount", "at most two decimal places"),
        (["awards", 0, "end"], "2026-03-31", "awards.0.end", "before the start"),
        (["awards", 0, "start"], "01/04/2026", "awards.0.start", "expected a date such as"),
        (["awards", 0, "stage"], "won", "awards.0.stage", "expected one of: idea"),
        (["awards", 0, "renewal_of"], "core", "awards.0.renewal_of", "cannot renew itself"),
        (["posts", 0, "fte"], "-1", "posts.0.fte", "FTE is 0 or more"),
        (["posts", 0, "key"], " idva", "posts.0.key", "no space around it"),
        (["allocations", 0, "award"], "gone", "allocations.0.award", 'there is no "gone"'),
        (["allocations", 0, "percent"], "٣٣", "allocations.0.percent", "expected a decimal"),
        (["services"], {}, "services", "expected a list"),
        (["grants"], [], "grants", "unknown field"),
    ],
)
def test_each_fault_says_where_it_is_and_what_to_write(
    path: list[Any], value: Any, place: str, says: str
) -> None:
    bad = charity()
    held = bad
    for step in path[:-1]:
        held = held[step]
    held[path[-1]] = value
    assert place in places(bad)
    assert says in "\n".join(said(bad))


def test_a_reference_to_a_record_whose_own_key_cannot_be_read_is_not_a_second_fault() -> None:
    bad = charity()
    bad["awards"][0]["key"] = "core "
    bad["allocations"][0]["award"] = "core "
    assert places(bad) == ["awards.0.key"]


def test_no_fault_is_named_twice() -> None:
    bad = charity()
    bad["awards"][0] |= {"end": "soon", "start": None, "stage": 3, "amount": [], "x": {}}
    bad["posts"] = [7, {}]
    found = said(bad)
    assert len({line.partition(":")[0] for line in found}) == len(found)


@pytest.mark.parametrize("plain", [[], "book", 7, None, {}, {"format": "fundtrack/1"}])
def test_what_is_no_book_at_all_is_refused(plain: Any) -> None:
    assert said(plain)


def test_a_key_used_twice_is_refused_however_json_spells_it() -> None:
    bad = charity()
    bad["funders"] *= 2
    assert places(bad) == ["funders.1.key"]
    text = json.dumps(charity()).replace('"name":', '"key": "trust", "name":')
    assert [problem.path for problem in read_json(text)[1]] == ["organisation.key", "funders.0.key"]


# --- the laws ----------------------------------------------------------------------------------

ODD: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 10**13),
    st.just(0.5),  # not 1.0: JSON Schema calls that a whole number, and we write whole ones as 1
    st.text(max_size=6),
    st.sampled_from(
        ["", " ", "2026-04-01", "2026-02-30", "2026-04", "1.005", "-1", "core", "live"]
    ),
    st.builds(list),
    st.builds(dict),
    st.builds(lambda: [{}]),
)


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, Any]:
    """A charity's file in which up to three things have been replaced, added or taken away."""
    plain = (
        json.loads(BOOKS[draw(st.integers(0, 1))].read_bytes())
        if draw(st.booleans())
        else (charity())
    )
    for _ in range(draw(st.integers(1, 3))):
        held: Any = plain
        while True:
            steps = list(held) if isinstance(held, dict) else list(range(len(held)))
            if not steps:
                break
            step = draw(st.sampled_from(steps))
            if isinstance(held[step], (dict, list)) and held[step] and draw(st.integers(0, 5)):
                held = held[step]
                continue
            if draw(st.booleans()):
                held[step] = draw(ODD)
            elif isinstance(held, dict):
                del held[step]
                held.update({} if draw(st.booleans()) else {draw(st.text(max_size=3)): draw(ODD)})
            break
    return plain


@settings(max_examples=150)
@given(damaged())
def test_a_damaged_file_is_read_right_or_refused_with_places_and_never_brings_us_down(
    plain: dict[str, Any],
) -> None:
    portfolio, problems = read_json(json.dumps(plain))
    assert (portfolio is None) == bool(problems)
    assert len(set(problems)) == len(problems)
    if portfolio is not None:
        assert read_json(write_json(portfolio))[0] == portfolio


@settings(max_examples=150)
@given(damaged())
def test_the_schema_refuses_no_more_and_no_less_than_the_records_do(plain: dict[str, Any]) -> None:
    validator = jsonschema_rs.Draft202012Validator(shipped(BOOK_SCHEMA), validate_formats=True)
    assert validator.is_valid(plain) == (portfolio_from_plain(plain)[0] is not None)


@st.composite
def rearranged(draw: st.DrawFn, portfolio: Portfolio) -> Portfolio:
    """A book with records of each list left out, and perhaps in another order."""
    lists: dict[str, Any] = {}
    for name in LISTS:
        records = portfolio.records(name)
        kept = draw(st.lists(st.booleans(), min_size=len(records), max_size=len(records)))
        staying = [record for record, keep in zip(records, kept, strict=True) if keep]
        lists[name] = tuple(draw(st.permutations(staying)) if draw(st.booleans()) else staying)
    return replace(portfolio, **lists)


@settings(max_examples=60)
@given(st.data())
def test_one_change_turns_any_book_into_any_other_in_its_order_and_back(
    data: st.DataObject,
) -> None:
    whole = read(BOOKS[2])
    before, after = data.draw(rearranged(whole)), data.draw(rearranged(whole))
    edit = replacing("Import", before, after)
    assert edit.apply(before) == after
    assert edit.inverse.apply(after) == before
    assert edit.inverse.inverse == edit


def test_what_both_books_have_in_the_same_order_is_not_touched() -> None:
    whole = read(BOOKS[2])
    moved = replace(whole, posts=(whole.posts[-1], *whole.posts[:-1]))
    assert {change.key for change in replacing("Import", whole, moved).changes} == {
        whole.posts[-1].key
    }
    assert replacing("Import", whole, whole).changes == ()
