"""How a book changes: one named set of before-and-after records, which can always be undone."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from fundtrack.core.errors import Problem, StaleEditError
from fundtrack.core.many import made_of
from fundtrack.core.model import LISTS, Change, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fundtrack.core.model import Portfolio


@dataclass(frozen=True, slots=True)
class Edit:
    """A change in the user's words ("Move end date") and the records before and after.

    Laws, held by tests: `e.inverse.inverse == e`, and `e.inverse.apply(e.apply(p)) == p`
    for every edit whose removals know their place (see `placed`).

    `tried` is what came of trying it on a book (`check.tried`). It belongs to this very edit: one
    made out of it, by `replace` or turned round, has not been tried.
    """

    label: str
    changes: tuple[Change, ...]
    tried: Tried | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def inverse(self) -> Edit:
        """The edit that undoes this one: every change turned round, last first."""
        return Edit(self.label, tuple(_turned(change) for change in reversed(self.changes)))

    def apply(self, portfolio: Portfolio) -> Portfolio:
        """The book after this edit.

        Raises StaleEditError, naming the record, if a `before` no longer stands.
        """
        draft = _Draft(portfolio)
        for change in self.changes:
            draft.make(change)
        return draft.portfolio()

    def placed(self, portfolio: Portfolio) -> Edit:
        """The same edit, with every record it adds or removes knowing its place in the list.

        Raises StaleEditError as `apply` does.
        """
        return self.made(portfolio)[0]

    def made(self, portfolio: Portfolio) -> tuple[Edit, Portfolio]:
        """The edit with its places as `placed` gives it, and the book after it as `apply` does.

        Raises StaleEditError as `apply` does.
        """
        draft = _Draft(portfolio)
        placed: list[Change] = []
        for (name, new), run in itertools.groupby(self.changes, _list_and_newness):
            changes = list(run)
            placed += (new and draft.appended(name, changes)) or map(draft.made, changes)
        return Edit(self.label, tuple(placed)), draft.portfolio()

    def found_sound(self, tried: Tried) -> Edit:
        """The same edit, noting that it may be made."""
        noted = Edit(self.label, self.changes)
        object.__setattr__(noted, "tried", tried)
        return noted


@dataclass(frozen=True, slots=True)
class Tried:
    """The book an edit was tried on and found sound, the edit as placed there, and what it leaves.

    While that very book stands, a long edit need not be worked out and checked a second time.
    """

    before: Portfolio
    placed: Edit
    after: Portfolio


def add(name: str, record: Record, at: int | None = None) -> Change:
    """Add a record to the named list, at a place or at the end."""
    return Change(list=name, key=record.key, after=record, at=at)


def change(name: str, before: Record, after: Record) -> Change:
    """Put `after` where `before` stands."""
    return Change(list=name, key=before.key, before=before, after=after)


def remove(portfolio: Portfolio, name: str, key: str) -> Change:
    """Remove a record, remembering its place. Raises KeyError if it is not there."""
    record = portfolio.find(name, key)
    if record is None:
        raise KeyError(key)
    return Change(list=name, key=key, before=record, at=portfolio.place(name, key))


def free_key(portfolio: Portfolio, name: str, stem: str) -> str:
    """A key not yet used in the named list: `award-12`."""
    at = len(portfolio.records(name)) + 1
    while portfolio.find(name, f"{stem}-{at}") is not None:
        at += 1
    return f"{stem}-{at}"


def difference(label: str, before: Portfolio, after: Portfolio) -> Edit:
    """The edit that turns one book into another: what differs, list by list."""
    changes = [
        Change(list="organisation", key="organisation", before=old, after=new)
        for old, new in [(before.organisation, after.organisation)]
        if old != new
    ]
    return Edit(label, (*changes, *_list_differences(before, after)))


def _list_differences(before: Portfolio, after: Portfolio) -> Iterable[Change]:
    names = tuple(LISTS)
    for name in names:  # first what is new or changed, in the order references need
        for record in after.records(name):
            old = before.find(name, record.key)
            if old != record:
                yield Change(list=name, key=record.key, before=old, after=record)
    for name in reversed(names):  # then what has gone, the referring ones first
        for record in reversed(before.records(name)):
            if after.find(name, record.key) is None:
                yield Change(list=name, key=record.key, before=record)


def _list_and_newness(change: Change) -> tuple[str, bool]:
    """Return the list, and whether a record that was not there goes to the end of it."""
    return change.list, change.before is None and change.at is None and change.after is not None


def _turned(change: Change) -> Change:
    return Change(
        list=change.list, key=change.key, before=change.after, after=change.before, at=change.at
    )


class _Draft:
    """A book being changed: its touched lists opened up, so that a long edit stays linear."""

    def __init__(self, portfolio: Portfolio) -> None:
        self._before = portfolio
        self._lists: dict[str, _OpenList] = {}

    def portfolio(self) -> Portfolio:
        lists: dict[str, Any] = {name: tuple(open_.records) for name, open_ in self._lists.items()}
        if "organisation" in lists:
            lists["organisation"] = lists["organisation"][0]
        return replace(self._before, **lists)

    def appended(self, name: str, changes: Sequence[Change]) -> list[Change]:
        """Add new records to the end of a list, which is what a long import does.

        Returns the changes with their places; nothing, with nothing done, if a record is there.
        """
        records = [each.after for each in changes if each.after is not None]
        keys = [each.key for each in changes]
        if (places := self._open(name).append(keys, records)) is None:
            return []
        columns = {"list": itertools.repeat(name), "key": keys, "after": records, "at": places}
        return made_of(Change, columns)

    def made(self, change: Change) -> Change:
        """Make a change, and return it knowing its place."""
        placed = self.with_place(change)
        self.make(placed)
        return placed

    def make(self, change: Change) -> None:
        records = self._open(change.list)
        records.refuse_if_stale(change)
        if change.before is None and change.after is not None:
            records.insert(change.after, change.at)
        elif change.after is None:
            records.remove(change.key)
        else:
            records.put(change.key, change.after)

    def with_place(self, change: Change) -> Change:
        records = self._open(change.list)
        if change.after is None:
            at = records.place(change.key)
            return change if change.at == at else replace(change, at=at)
        if change.before is None and change.at is None:
            return Change(
                list=change.list, key=change.key, after=change.after, at=len(records.records)
            )
        return change

    def _open(self, name: str) -> _OpenList:
        if name not in self._lists:
            self._lists[name] = _OpenList(self._before.records(name))
        return self._lists[name]


class _OpenList:
    """One list of records that can be changed, with each key's place kept at hand.

    A record put in or taken out slips every later place by one. The index is not made anew for
    that: a key is looked for as far from its old place as there have been slips.
    """

    _MOST_SLIPS = 1_000

    def __init__(self, records: tuple[Record, ...]) -> None:
        self.records = list(records)
        self._places: dict[str, int] | None = None
        self._slips = 0

    def place(self, key: str) -> int | None:
        if self._places is None or self._slips > self._MOST_SLIPS:
            self._places = {record.key: at for at, record in enumerate(self.records)}
            self._slips = 0
        old = self._places.get(key)
        if old is None or not self._slips:
            return old
        if old < len(self.records) and self.records[old].key == key:
            return old
        near = range(max(0, old - self._slips), min(len(self.records), old + self._slips + 1))
        return next(at for at in near if self.records[at].key == key)

    def insert(self, record: Record, at: int | None) -> None:
        end = len(self.records)
        at = end if at is None else min(at, end)
        self.place(record.key)
        self.records.insert(at, record)
        if self._places is not None:
            self._places[record.key] = at
        self._slips += at != end

    def append(self, keys: Sequence[str], records: Sequence[Record]) -> range | None:
        """Add records to the end; return their places, or None where one is there already."""
        self.place("")
        found = self._places
        if found is None or not found.keys().isdisjoint(keys) or len(set(keys)) != len(keys):
            return None
        places = range(len(self.records), len(self.records) + len(keys))
        found.update(zip(keys, places, strict=True))
        self.records += records
        return places

    def remove(self, key: str) -> None:
        at = self.place(key)
        if at is None or self._places is None:
            return
        del self.records[at]
        del self._places[key]
        self._slips += at != len(self.records)

    def put(self, key: str, record: Record) -> None:
        at = self.place(key)
        if at is not None:
            self.records[at] = record

    def refuse_if_stale(self, change: Change) -> None:
        at = self.place(change.key)
        standing = None if at is None else self.records[at]
        if standing == change.before:
            return
        if change.before is None:
            says = "this is already in the book. Nothing was changed"
        elif standing is None:
            says = "this is no longer in the book. Nothing was changed"
        else:
            says = "this has changed since. Nothing was changed; look again, then try once more"
        raise StaleEditError((Problem(f"{change.list}.{change.key}", says),))
