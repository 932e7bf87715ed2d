"""Counts of people that are too small to be told: one to four, and whatever would give them away.

Where one count of a question is hidden and its total is shown, the count is the difference. So a
second one is hidden too, the next smallest. Where the total itself is one to four it is hidden.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

NOT_SHOWN = "not shown"
FEWER = "<5"
_SMALLEST = 5


def is_small(count: int | None) -> bool:
    """Whether a count could point at somebody."""
    return count is not None and 0 < count < _SMALLEST


def hidden(counts: Sequence[int | None]) -> dict[int, str]:
    """What stands in place of the counts that are not told, by place; the total's is the last.

    `counts` are the answers of one question, None where nothing was counted.
    """
    small = [at for at, count in enumerate(counts) if is_small(count)]
    if not small:
        return {}
    found = dict.fromkeys(small, FEWER)
    if len(small) == 1:
        others = [(count, at) for at, count in enumerate(counts) if count and at not in found]
        if others:
            found[min(others)[1]] = NOT_SHOWN
        else:
            found[len(counts)] = FEWER
    if is_small(sum(count or 0 for count in counts)):
        found[len(counts)] = FEWER
    return found


def given_away(counts: Sequence[int | None], told_elsewhere: int | None) -> bool:
    """Whether a hidden count can be worked out all the same, from a total told elsewhere."""
    found = hidden(counts)
    total = sum(count or 0 for count in counts)
    return len(found.keys() - {len(counts)}) == 1 and told_elsewhere == total
