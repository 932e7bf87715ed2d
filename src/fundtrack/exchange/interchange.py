"""The whole book as one JSON file, out and in, so that a charity's figures are never locked up.

The format is that of DOMAIN section 8 and is described by `resources/schema/`. A file with any
fault in it is refused whole, and every fault is named with its path: `awards.0.end`.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from fundtrack.core.check import check
from fundtrack.core.edit import Edit, add, change
from fundtrack.core.errors import Problem
from fundtrack.core.model import LISTS, Change
from fundtrack.core.plain import portfolio_from_plain, portfolio_to_plain
from fundtrack.exchange import schema, strict_json
from fundtrack.exchange.mending import further_problems

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jsonschema_rs import ValidationError

    from fundtrack.core.model import Portfolio

_OURS = "this is not a FundTrack book. Export one to see how it is written"


def write_json(portfolio: Portfolio) -> str:
    """Return the book in the interchange format; the same book always gives the same text."""
    return json.dumps(portfolio_to_plain(portfolio), indent=2, ensure_ascii=False) + "\n"


def read_json(data: bytes | str) -> tuple[Portfolio | None, tuple[Problem, ...]]:
    """Return the book a file holds, or None and every fault in it, in the order of the file."""
    parsed = strict_json.parse(data.encode() if isinstance(data, str) else data)
    if not parsed.whole:
        return None, parsed.problems
    if not isinstance(parsed.value, dict):
        return None, (*parsed.problems, Problem("", _OURS))
    portfolio, shape = portfolio_from_plain(parsed.value)
    found = _joined(parsed.problems, shape, _schema_problems(parsed.value))
    if portfolio is None or found:
        found = _joined(found, further_problems(parsed.value))
    else:
        found = check(portfolio)
    return (None, _in_order(found)) if found else (portfolio, ())


def replacing(label: str, before: Portfolio, after: Portfolio) -> Edit:
    """Return the edit that makes a book hold exactly what another holds, in its order.

    The order of a list is worth pennies: shares are cut, and leftover pence given, in list order.
    """
    changes: list[Change] = []
    if before.organisation != after.organisation:
        changes.append(change("organisation", before.organisation, after.organisation))
    staying = {name: _staying(name, before, after) for name in LISTS}
    for name in reversed(LISTS):  # what refers to others goes before what it refers to
        changes.extend(_departures(name, before, staying[name]))
    for name in LISTS:
        changes.extend(_arrivals(name, before, after, staying[name]))
    return Edit(label, tuple(changes))


def _staying(name: str, before: Portfolio, after: Portfolio) -> frozenset[str]:
    """Return the keys that need not move: the most that stand in the same order in both books.

    Where both books have the same order, as is usual, that is every key they share.
    """
    places = {record.key: at for at, record in enumerate(before.records(name))}
    shared = [record.key for record in after.records(name) if record.key in places]
    runs: list[str] = []  # the last key of the best rising run of each length so far
    ends: list[int] = []  # and its place
    before_it: dict[str, str | None] = {}
    for key in shared:
        length = bisect_left(ends, places[key])
        before_it[key] = runs[length - 1] if length else None
        runs[length : length + 1] = [key]
        ends[length : length + 1] = [places[key]]
    staying: set[str] = set()
    last = runs[-1] if runs else None
    while last is not None:
        staying.add(last)
        last = before_it[last]
    return frozenset(staying)


def _departures(name: str, before: Portfolio, staying: frozenset[str]) -> Iterable[Change]:
    """Yield what leaves a list, or moves within it, the last first, each with its place."""
    for at, record in reversed(tuple(enumerate(before.records(name)))):
        if record.key not in staying:
            yield Change(list=name, key=record.key, before=record, at=at)


def _arrivals(
    name: str, before: Portfolio, after: Portfolio, staying: frozenset[str]
) -> Iterable[Change]:
    """Yield what is new, moved or changed in a list, each with the place it comes to."""
    for at, record in enumerate(after.records(name)):
        if record.key not in staying:
            yield add(name, record, at)
            continue
        old = before.find(name, record.key)
        if old is not None and old != record:
            yield change(name, old, record)


def _schema_problems(plain: dict[str, Any]) -> tuple[Problem, ...]:
    """Return what the shipped schema says, each with its path."""
    from jsonschema_rs import Draft202012Validator  # not needed to start

    validator = Draft202012Validator(schema.shipped(schema.BOOK_SCHEMA), validate_formats=True)
    return tuple(
        problem for fault in validator.iter_errors(plain) for problem in _in_our_words(fault)
    )


def _in_our_words(fault: ValidationError) -> Iterable[Problem]:
    path = ".".join(map(str, fault.instance_path))
    told = fault.kind.as_dict()
    if fault.kind.name == "required":
        yield Problem(_under(path, told["property"]), "this is required")
    elif fault.kind.name == "additionalProperties":
        for name in told["unexpected"]:
            yield Problem(_under(path, name), "unknown field")
    elif fault.kind.name == "type":
        wanted = " or ".join(_TYPES.get(name, name) for name in told["types"])
        yield Problem(path, f"expected {wanted}")
    else:
        yield Problem(path, f"this is not as the format of a book has it ({fault.kind.name})")


_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "object": "an object with named fields",
    "string": "text",
}


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _joined(*families: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return every problem once: a later family adds only what an earlier one did not name."""
    found: dict[Problem, None] = {}
    for family in families:
        named = {problem.path for problem in found}
        found.update(dict.fromkeys(problem for problem in family if problem.path not in named))
    return tuple(found)


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems as their places follow each other in the format."""
    lists = ("", "format", "organisation", *LISTS)

    def place(problem: Problem) -> tuple[int, list[tuple[int, str]]]:
        first, *rest = problem.path.split(".")
        at = lists.index(first) if first in lists else len(lists)
        return at, [(int(part), "") if part.isdecimal() else (-1, part) for part in rest]

    return tuple(sorted(problems, key=place))
