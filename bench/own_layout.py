"""How fast a return is written in our own layout, and how little room two hundred of them take."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bench.figures import Row, timed
from fundtrack import app
from fundtrack.core.model import Actual, Allocation, BudgetLine, Portfolio, ProfileMonth
from fundtrack.core.period import financial_quarter
from fundtrack.exchange.workbook.built_in import return_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator

TODAY = date(2026, 11, 22)
AWARD, PERIOD = "mopac-core", "2026-27 Q2"
_LINES, _POSTS, _BATCH = 500, 60, 200
_AIM, _ROOM = 1.3, 300.0


def writing(runs: int) -> Iterator[Row]:
    """A quarterly return of many lines and posts beside the same cells bare, then a batch."""
    book, statutory = wide_book(), app.statutory()
    data, _ = return_workbook(book, statutory, AWARD, PERIOD, TODAY)
    sheets = _cells(data)
    count = sum(len(cells) for _, cells in sheets)

    def ours() -> None:
        return_workbook(book, statutory, AWARD, PERIOD, TODAY)

    def theirs() -> None:
        _bare(sheets)

    yield Row(
        f"a quarterly return of {_LINES} lines and {_POSTS} posts, {count:,} cells",
        timed(ours, runs, clock=time.process_time),
        "openpyxl writing the same cells bare",
        timed(theirs, runs, clock=time.process_time),
        _AIM,
    )
    yield from _batch()


def wide_book() -> Portfolio:
    """The sample charity, one of its awards with many budget lines and posts."""
    sample = app.sample(TODAY)
    award = sample.awards_by_key[AWARD]
    months = financial_quarter(date(2026, 7, 1)).months
    lines = tuple(
        BudgetLine(
            key=f"line-{at}",
            heading=f"Heading {at // 25}",
            title=f"Budget line {at}",
            amount=30_000 + at * 3,
            profile=tuple(ProfileMonth(month=month, amount=10_000 + at) for month in months),
        )
        for at in range(_LINES)
    )
    spent = tuple(
        Actual(
            key=f"spent-{at}-{month:%m}",
            award=AWARD,
            budget_line=f"line-{at}",
            on=month,
            amount=9_500 + at,
        )
        for at in range(_LINES)
        for month in months
    )
    first = sample.posts[0]
    posts = tuple(replace(first, key=f"post-{at}", title=f"Worker {at}") for at in range(_POSTS))
    shares = tuple(
        Allocation(
            key=f"share-{at}", post=post.key, award=AWARD, percent=sample.allocations[0].percent
        )
        for at, post in enumerate(posts)
    )
    return replace(
        sample,
        awards=tuple(
            replace(one, budget_lines=lines, budget_versions=()) if one is award else one
            for one in sample.awards
        ),
        posts=posts,
        allocations=shares,
        actuals=spent,
        returns=(),
    )


def _cells(data: bytes) -> list[tuple[str, list[tuple[int, int, object]]]]:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data))
    return [
        (
            sheet.title,
            [(c.row, c.column, c.value) for row in sheet for c in row if c.value is not None],
        )
        for sheet in book.worksheets
    ]


def _bare(sheets: list[tuple[str, list[tuple[int, int, object]]]]) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for title, cells in sheets:
        sheet = book.create_sheet(title)
        for row, column, value in cells:
            sheet.cell(row, column).value = value
    book.save(io.BytesIO())


# --- many at once --------------------------------------------------------------------------------


def _batch() -> Iterator[Row]:
    """Two hundred returns in a process of their own: how long, and the most room it took."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.own_layout"], capture_output=True, text=True, check=True
    )
    told = json.loads(done.stdout)
    room = told["megabytes"]
    stands = "met" if room <= _ROOM else "not met"
    yield Row(f"{_BATCH} returns in one batch", told["seconds"])
    yield Row(
        "the most memory that batch took",
        note=f"{room:.0f} MB (aim {_ROOM:.0f} MB: {stands})",
    )


def main() -> None:
    """Write the batch, and print what it took."""
    import resource

    from fundtrack.exchange.workbook.batch import Wanted, file_name, write_returns

    book, statutory = app.sample(TODAY), app.statutory()
    periods = [f"{year}-{year % 100 + 1} Q{q}" for year in (2024, 2025, 2026) for q in (1, 2, 3, 4)]
    with tempfile.TemporaryDirectory() as folder:
        wanted = [
            Wanted(AWARD, periods[at % 11], Path(folder) / f"{at} {file_name(AWARD, periods[0])}")
            for at in range(_BATCH)
        ]
        began = time.perf_counter()
        done = write_returns(book, statutory, wanted, TODAY)
        took = time.perf_counter() - began
    faults = [each.problem for each in done if each.problem]
    if faults:
        raise SystemExit(faults[0])
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": took, "megabytes": most / 1024}))


if __name__ == "__main__":
    main()
