"""The same book with no names and no salaries, so that what is shown of it can tell neither.

Titles, dates, FTE, shares and the sums of many posts stay. What names a person goes, and so does
free text, where names stand; what tells a salary goes. Figures are never worked out from such a
book: they come from the whole one, and only words and records are read here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from fundtrack.core.model import (
    LISTS,
    Actual,
    Award,
    Change,
    Deadline,
    Evidence,
    Funder,
    Indicator,
    Portfolio,
    Post,
    Return,
    Scenario,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from fundtrack.core.cliffs import Cliff
    from fundtrack.core.glance import Glance
    from fundtrack.core.model import Record
    from fundtrack.core.outlook import Outlook

_LEFT_OUT: Mapping[type[Record], Mapping[str, Any]] = {
    Funder: {"contacts": (), "notes": None},
    Award: {"notes": None, "documents": ()},
    Post: {
        "salary": 0,
        "pension": None,
        "nic_category": None,
        "pay_changes": (),
        "person": None,
    },
    Actual: {"description": None, "source": None},
    Deadline: {"owner": None},
    Evidence: {"who": None, "note": None},
    Return: {"figures": None},
}
"""What each kind of record loses."""
SOMEBODY = "somebody"
_SHORTEST = 2


def for_trustees(book: Portfolio) -> Portfolio:
    """Return the book without names and salaries."""
    lists: dict[str, Any] = {
        name: tuple(without(record) for record in book.records(name)) for name in LISTS
    }
    return replace(book, **lists)


def without(record: Record) -> Record:
    """Return a record without names and salaries; the record itself where it has none."""
    if isinstance(record, Scenario):
        return replace(record, edits=changes_without(record.edits))
    if isinstance(record, Indicator):
        readings = tuple(replace(reading, note=None) for reading in record.readings)
        return replace(record, readings=readings)
    left_out = _LEFT_OUT.get(type(record))
    return replace(record, **left_out) if left_out else record


def change_without(each: Change) -> Change:
    """Return a change without names and salaries; its two sides may then be the same."""
    return replace(
        each,
        before=None if each.before is None else without(each.before),
        after=None if each.after is None else without(each.after),
    )


def changes_without(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return changes without names and salaries; one that changed nothing else is left out."""
    made = map(change_without, changes)
    return tuple(each for each in made if each.before != each.after)


def outlook_for_trustees(told: Outlook) -> Outlook:
    """Return an outlook without what one post would cost: its redundancy pay, and its cliff's sum.

    Its workings stay whole: they are for sums, and nothing of them is shown but titles.
    """
    return replace(
        told,
        posts=tuple(replace(post, redundancy=None, lateness=None) for post in told.posts),
        cliffs=tuple(_of_many(cliff) for cliff in told.cliffs),
    )


def glance_for_trustees(seen: Glance) -> Glance:
    """Return what the first page says without what one post alone would cost."""
    return replace(
        seen,
        steps=tuple(replace(step, cliff=_of_many(step.cliff)) for step in seen.steps),
        endings=tuple(
            replace(each, a_year=None) if len(each.posts) == 1 else each for each in seen.endings
        ),
    )


def _of_many(cliff: Cliff) -> Cliff:
    """A cliff as it is, or without pounds where they would be those of one post."""
    return replace(cliff, per_month=0, over_12_months=0) if len(cliff.posts) == 1 else cliff


@dataclass(frozen=True)
class Names:
    """The names of people that a book or its history holds, to be taken out of sentences."""

    known: frozenset[str]

    @classmethod
    def of(cls, records: Iterable[Record]) -> Names:
        """Collect them from records."""
        return cls(frozenset(name for record in records for name in _named(record)))

    def more(self, changes: Iterable[Change]) -> Names:
        """Add those that stand in changes."""
        records = (each for change in changes for each in (change.before, change.after) if each)
        return Names(self.known | Names.of(records).known)

    def and_also(self, names: Iterable[str | None]) -> Names:
        """Add names known from elsewhere."""
        return Names(self.known | {name for name in names if name and len(name) >= _SHORTEST})

    def out_of(self, text: str) -> str:
        """Return a sentence with each name in it replaced by "somebody"."""
        return self._pattern.sub(SOMEBODY, text) if self.known else text

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self.known, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)


def names_of(book: Portfolio) -> Names:
    """Return the names of people that a book holds."""
    lists = ("funders", "posts", "deadlines", "evidence")
    return Names.of(record for name in lists for record in book.records(name))


def _named(record: Record) -> Iterator[str]:
    found: list[str | None] = []
    if isinstance(record, Funder):
        for contact in record.contacts:
            found += [contact.name, contact.email, contact.phone]
    elif isinstance(record, Post) and record.person is not None:
        found.append(record.person.reference)
    elif isinstance(record, Deadline):
        found.append(record.owner)
    elif isinstance(record, Evidence):
        found.append(record.who)
    yield from (name for name in found if name and len(name) >= _SHORTEST)
