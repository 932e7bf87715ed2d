import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundtrack.core.errors import KnownError
from fundtrack.exchange.strict_json import bounded_bytes, parse


def said(data: bytes) -> list[str]:
    return [str(problem) for problem in parse(data).problems]


def test_a_name_given_twice_is_named_with_its_path() -> None:
    assert said(b'{"awards": [{"key": "a", "key": "b"}]}') == [
        "awards.0.key: this name is given more than once in one object"
    ]


def test_what_is_no_number_is_named_and_the_rest_is_read_on() -> None:
    parsed = parse(b'{"a": [NaN, 1e999], "b": 2}')
    assert [problem.path for problem in parsed.problems] == ["a.0", "a.1"]
    assert parsed.value == {"a": [None, None], "b": 2}


def test_half_a_character_is_named_and_replaced() -> None:
    parsed = parse(b'{"name": "\\ud800x"}')
    assert [problem.path for problem in parsed.problems] == ["name"]
    assert parsed.value == {"name": "\ufffdx"}


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b'{"a": 1,\n "b" 2}', "line 2, column 6"),
        (b'{"a": 1,\n "b": "x\ny"}', "line 2, column 9"),
        (b'{"a": [1, 2', "line 1, column 12"),
        (b"{} {}", "line 1, column 4"),
        (b"  \n", "line 1"),
        (b'{"name": "\n\xe9"}', "line 2"),
    ],
)
def test_a_file_that_is_not_json_says_where_it_stops_being_so(data: bytes, where: str) -> None:
    parsed = parse(data)
    assert not parsed.whole
    assert [problem.path for problem in parsed.problems] == [where]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_believed(encoding: str) -> None:
    assert parse('{"name": "Pen-y-bont £"}'.encode(encoding)).value == {"name": "Pen-y-bont £"}


@pytest.mark.parametrize("data", [b"[" * 61 + b"]" * 61, b"[" * 1_000_000, b'{"a":' * 500_000])
def test_a_file_nested_without_end_is_refused_and_not_fallen_into(data: bytes) -> None:
    parsed = parse(data)
    assert not parsed.whole
    assert "60 deep" in parsed.problems[0].says


def test_a_number_of_thousands_of_digits_is_no_trap() -> None:
    assert parse(b"9" * 6_000).value > 10**39


def test_pennies_stay_exact_when_asked_to() -> None:
    assert parse(b"[1234.10]", exact=True).value == [Decimal("1234.10")]


def test_a_file_larger_than_any_book_is_refused_unread(tmp_path: Path) -> None:
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.truncate(500_000_000)  # holds nothing, and takes no room on the disk
    with pytest.raises(KnownError, match=r"large\.json is larger than 100 MB"):
        bounded_bytes(large)


def test_a_missing_file_and_a_folder_are_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="There is no file"):
        bounded_bytes(tmp_path / "none.json")
    with pytest.raises(KnownError, match="is a folder"):
        bounded_bytes(tmp_path)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_bytes_bring_the_reader_down(data: bytes) -> None:
    parsed = parse(data)
    assert parsed.whole or parsed.problems


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(max_size=8),
    lambda part: (
        st.lists(part, max_size=4) | st.dictionaries(st.text(max_size=4), part, max_size=4)
    ),
    max_leaves=12,
)


@given(VALUES)
def test_whatever_json_holds_comes_through(value: Any) -> None:
    assert parse(json.dumps(value).encode()) == parse(json.dumps(value, indent=1).encode())
    assert parse(json.dumps(value).encode()).value == value
