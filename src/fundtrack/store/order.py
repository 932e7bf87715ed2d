"""Keeps each list of a book in its order, without rewriting the list for every new record.

Each row has a place, a number; larger is further down. New rows at the end are put `STEP` apart,
so that a row can be put between two others; when no number is left there, the list is numbered
anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fundtrack.core.model import Change

STEP = 1024


def appended(changes: Iterable[Change], count: int, last: int) -> dict[str, int] | None:
    """Return the places of the keys these changes add, if all of them go at the end.

    `count` is the length of the list before and `last` its largest place. None when one of them
    goes further up, or is taken out and put back.
    """
    places: dict[str, int] = {}
    for change in changes:
        if change.before is None:
            if change.at is not None and change.at < count:
                return None
            last += STEP
            places[change.key] = last
            count += 1
        elif change.after is None:
            if change.key in places:
                return None
            count -= 1
    return places


def replaced(changes: Iterable[Change], places: Mapping[str, int]) -> dict[str, int]:
    """Return the places that are new or differ once these changes are made.

    `places` holds every key of the list with its place, in order.
    """
    order = list(places)
    standing = dict(places)
    for change in changes:
        if change.before is None:
            order.insert(len(order) if change.at is None else change.at, change.key)
        elif change.after is None:
            _take_out(order, change)
            standing.pop(change.key, None)
    found = _between(order, standing)
    if found is None:
        found = {key: (at + 1) * STEP for at, key in enumerate(order)}
    return {key: place for key, place in found.items() if standing.get(key) != place}


def _take_out(order: list[str], change: Change) -> None:
    at = change.at
    if at is not None and at < len(order) and order[at] == change.key:
        del order[at]
    elif change.key in order:
        order.remove(change.key)


def _between(order: Sequence[str], standing: Mapping[str, int]) -> dict[str, int] | None:
    """Give each newcomer a place between its neighbours; None when there is no room."""
    found: dict[str, int] = {}
    waiting: list[str] = []
    last = 0
    for key in order:
        if key not in standing:
            waiting.append(key)
            continue
        room = standing[key] - last
        if len(waiting) >= room:
            return None
        for number, newcomer in enumerate(waiting, start=1):
            found[newcomer] = last + room * number // (len(waiting) + 1)
        waiting.clear()
        last = standing[key]
    found.update((key, last + STEP * at) for at, key in enumerate(waiting, start=1))
    return found
