"""How load, edit and outlook grow with the book: a hundred awards, a thousand, ten thousand.

A slope of 1 is linear: ten times the book, ten times the time.
"""

from __future__ import annotations

import itertools
import math
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bench.books import TODAY, book
from bench.figures import Row, timed
from bench.outlooks import statutory
from fundtrack.app import create_book, open_workspace
from fundtrack.core.edit import Edit, change
from fundtrack.core.outlook import outlook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fundtrack.core.model import Portfolio
    from fundtrack.workspace import Workspace

SIZES = (100, 1_000, 10_000)
HORIZON = 36


def slopes(runs: int) -> Iterator[Row]:
    """What each size takes, and the slope from each size to the next."""
    taken: dict[str, list[float]] = {}
    for awards in SIZES:
        for what, seconds in measured(book(awards, awards // 2), runs):
            taken.setdefault(what, []).append(seconds)
            yield Row(f"{what}, {awards:,} awards and {awards // 2:,} posts", seconds)
    for what, times in taken.items():
        steps = " and ".join(
            f"{math.log10(later / earlier):.2f}" for earlier, later in itertools.pairwise(times)
        )
        yield Row(f"slope of {what}", note=f"{steps} (1 is linear)")


def measured(portfolio: Portfolio, runs: int) -> Iterator[tuple[str, float]]:
    """Seconds to load, to edit and to look out over one book in its file."""
    with tempfile.TemporaryDirectory(prefix="fundtrack-bench-") as folder:
        path = Path(folder) / "bench.fundtrack"
        create_book(path, portfolio)
        yield "load", timed(lambda: open_workspace(path).close(), runs)
        workspace = open_workspace(path)
        yield "edit", timed(lambda: raise_amount(workspace), max(runs, 9))
        workspace.close()
    yield "outlook", timed(lambda: outlook(portfolio, statutory(), TODAY, HORIZON), runs)


def raise_amount(workspace: Workspace) -> None:
    """Change an award's amount by a pound: checked, written, journalled and told."""
    award = workspace.portfolio.awards[len(workspace.portfolio.awards) // 2]
    after = replace(award, amount=award.amount + 100)
    workspace.do(Edit("Change amount", (change("awards", award, after),)))
