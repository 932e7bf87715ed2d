"""Measuring: the median of several goes, and how one is set beside another."""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Row:
    """One line of the table. Times are seconds, medians; `aim` is the greatest ratio hoped for.

    A row with a `note` says that instead of a time.
    """

    what: str
    ours: float | None = None
    against: str = ""
    theirs: float | None = None
    aim: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours as a multiple of theirs."""
        return self.ours / self.theirs if self.ours is not None and self.theirs else None

    def line(self) -> str:
        """The row as a person reads it."""
        if self.note:
            return f"{self.what}: {self.note}"
        told = f"{self.what}: {shown(self.ours)}"
        if self.theirs is None or self.ratio is None:
            return told
        told += f", {self.against} {shown(self.theirs)}: {times(self.ratio)}"
        if self.aim is None:
            return told
        return f"{told} (aim {times(self.aim)}: {'met' if self.ratio <= self.aim else 'not met'})"


def shown(seconds: float | None) -> str:
    """A time in the unit that suits it."""
    if seconds is None:
        return "no figure"
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"


def times(ratio: float) -> str:
    """A ratio as people say it: 1/20 or 1.3 times."""
    return f"1/{1 / ratio:.1f}" if ratio < 0.5 else f"{ratio:.2f} times"


def timed(
    work: Callable[[], object],
    runs: int,
    before: Callable[[], object] | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """The median time of so many runs, after one that does not count; seconds.

    `before` is done ahead of each run, unmeasured. `clock` may be that of this process alone, for
    work that waits for nothing.
    """
    taken = []
    for _ in range(runs + 1):
        if before is not None:
            before()
        gc.collect()
        start = clock()
        work()
        taken.append(clock() - start)
    return median(taken[1:])
