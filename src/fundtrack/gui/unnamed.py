"""The journal with no names and no salaries in it, for the trustee view."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from fundtrack.core.errors import KnownError
from fundtrack.core.redaction import Names, changes_without, names_of
from fundtrack.workspace import Entry, changes_from_json, changes_to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fundtrack.core.model import Change, Portfolio

_NAMING = ('"owner"', '"who"', '"contacts"', '"person"')
"""Fields that hold names, as the journal writes them."""


class Unnamed:
    """Reads a journal and leaves out who made each change, and what no trustee sees of it."""

    def __init__(
        self, journal: Callable[[int], tuple[Entry, ...]], book: Callable[[], Portfolio]
    ) -> None:
        self._journal, self._book = journal, book
        self._names = Names(frozenset())
        self._read: set[int] = set()
        self._made: dict[int, Entry] = {}

    def journal(self, limit: int) -> tuple[Entry, ...]:
        """Return the latest lines, newest first."""
        entries = self._journal(limit)
        self._learn(entries)
        for entry in entries:
            if entry.id not in self._made:
                self._made[entry.id] = self._without(entry)
        return tuple(self._made[entry.id] for entry in entries)

    def _learn(self, entries: Iterable[Entry]) -> None:
        """Know every name before any label is read: the book's, and those it once held."""
        fresh = [entry for entry in entries if entry.id not in self._read]
        names = self._names.and_also(names_of(self._book()).known)
        names = names.and_also(entry.who for entry in fresh)
        for entry in fresh:
            if any(word in entry.changes_json for word in _NAMING):
                names = names.more(_changes(entry))
        self._read.update(entry.id for entry in fresh)
        if names != self._names:
            self._names = names
            self._made.clear()

    def _without(self, entry: Entry) -> Entry:
        label = self._names.out_of(entry.label)
        if entry.is_long:
            return _Long(entry.id, entry.at, None, label, entry.kind, entry.of, entry.changes_json)
        told = changes_to_json(changes_without(_changes(entry)))
        return replace(entry, who=None, label=label, changes_json=told)


@dataclass(frozen=True)
class _Long(Entry):
    """A line of thousands of records: names and salaries leave them when somebody reads it.

    Whoever does so is ready to wait, which whoever lists the journal is not.
    """

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The records before and after, without names and salaries."""
        return changes_without(changes_from_json(self.changes_json))


def _changes(entry: Entry) -> tuple[Change, ...]:
    try:
        return entry.changes
    except KnownError:  # a line that can no longer be read says nothing of what it changed
        return ()
