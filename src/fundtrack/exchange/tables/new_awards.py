"""Reads awards that say all an award must, many at once: a column at a time, and nothing changed.

Whether they are new, and whose, is for `records` to find out; where anything in them is odd, they
are left to be taken one by one, which gives the same and tells what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from fundtrack.core.many import made_of
from fundtrack.core.model import Award
from fundtrack.core.plain import columns_from_plain
from fundtrack.exchange.tables.matching import plain_names
from fundtrack.exchange.tables.read_rows import Plain, Rows

_MUST = ("title", "reference", "funder", "amount", "start", "end")
_WHOSE = ("funder", "funder.org_id", "service")
_INSTEAD_OF_A_TERM = ("awarded", "months", "year")
BESIDE = frozenset((*_WHOSE, *_INSTEAD_OF_A_TERM))
"""What a row says that stands elsewhere in the award, or not at all where its term is given."""


@dataclass(frozen=True, slots=True)
class Whole:
    """Awards that say all they must, those of some rows that follow each other.

    `columns` are what they say but for their keys, funders and services, by attribute.
    """

    titles: Sequence[str]
    references: Sequence[str]
    whose: Sequence[tuple[str, str | None, str | None]]
    """The name and the number of each one's funder, and its service."""
    columns: Mapping[str, Sequence[Any]]
    unstaged: Sequence[bool]
    unrestricted: Sequence[bool]
    """Of which the file does not say the stage, or whether the money is restricted."""
    plain_titles: Sequence[str]
    plain_references: Sequence[str]

    def of_one_funder(self, first: int) -> Iterator[range]:
        """Yield those that follow each other and name the same funder and service."""
        for _, group in groupby(range(first, len(self.whose)), self.whose.__getitem__):
            ats = list(group)
            yield range(ats[0], ats[-1] + 1)

    def made(self, ats: slice, whose: Mapping[str, Sequence[Any]]) -> list[Award]:
        """Return the records of some of them, with the keys, funders and services these have."""
        columns = {name: column[ats] for name, column in self.columns.items()}
        return made_of(Award, {**columns, **whose})


def runs(rows: Rows, few: range, out: AbstractSet[int]) -> Iterator[range]:
    """Yield the runs of rows that say all an award must, those that are `out` in none of them."""
    if not rows.said.keys() >= set(_MUST) or "key" in rows.said:
        return
    blank = {
        at
        for path in _MUST
        if not all(column := rows.said[path][few.start : few.stop])
        for at, value in zip(few, column, strict=True)
        if not value
    }
    start = few.start
    for stop in (*sorted({at for at in (*blank, *out, *rows.apart) if at in few}), few.stop):
        if start < stop:
            yield range(start, stop)
        start = stop + 1


def whole(rows: Rows, run: range, today: date) -> Whole | None:
    """Return the awards of a run of rows; None where one of them may be at fault."""
    said = {path: column[run.start : run.stop] for path, column in rows.said.items()}
    nothing = (None,) * len(run)
    stages, funds = said.get("stage", nothing), said.get("fund", nothing)
    plain = {path: column for path, column in said.items() if path not in BESIDE}
    plain["stage"] = _staged(stages, said, today)
    plain["fund"] = [
        "restricted" if fund is None and kind in (None, "grant") else fund
        for fund, kind in zip(funds, said.get("kind", nothing), strict=True)
    ]
    columns = columns_from_plain(Award, _in_parts(plain))
    if columns is None:
        return None
    return Whole(
        said["title"],
        said["reference"],
        list(zip(*(said.get(path, nothing) for path in _WHOSE), strict=True)),
        columns,
        [stage is None for stage in stages],
        [fund != told for fund, told in zip(funds, plain["fund"], strict=True)],
        plain_names(said["title"]),
        plain_names(said["reference"]),
    )


def _staged(
    stages: Sequence[str | None], said: Mapping[str, Sequence[str]], on: date
) -> Sequence[str]:
    """Return each award's stage, by its dates where none is said."""
    today = on.isoformat()
    return [
        stage or ("ended" if end < today else "live" if start <= today else "awarded")
        for stage, start, end in zip(stages, said["start"], said["end"], strict=True)
    ]


def _in_parts(plain: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """Return columns of fields with those of a part as one: the same part where they say the same.

    A field has one type in all rows, so that here what is equal is the same.
    """
    found = {path: column for path, column in plain.items() if "." not in path}
    for above in dict.fromkeys(path.partition(".")[0] for path in plain if "." in path):
        paths = [path for path in plain if path.startswith(f"{above}.")]
        names = [path.partition(".")[2] for path in paths]
        said = list(zip(*(plain[path] for path in paths), strict=True))
        parts = {each: _part(names, each) for each in set(said)}
        found[above] = [parts[each] for each in said]
    return found


def _part(names: Sequence[str], said: Sequence[Any]) -> Plain | None:
    part = {name: value for name, value in zip(names, said, strict=True) if value is not None}
    return part or None
