"""Bringing in a tracker of ten thousand rows, and of a hundred thousand, beside openpyxl.

The peer only reads the workbook's cells. Ours reads, finds the table, checks, matches and stores
every row in a book on the disk, with its line in the history. Time of the processor, not of the
clock: whatever else the machine does then counts for neither. Each has a process to itself.
"""

from __future__ import annotations

import gc
import io
import math
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import TYPE_CHECKING

from bench.apart import apart, told
from bench.figures import Row
from fundtrack.app import create_book, open_workspace
from fundtrack.core.model import Balances, Organisation, Portfolio

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TODAY = date(2026, 12, 1)
_AIM = 1 / 3
_FEW, _MANY = 10_000, 100_000
_EACH_TURN, _MOST_TURNS = 3, 3
_TITLES = (
    *("Funder", "Project", "Reference", "Amount", "Start date", "End date", "Status"),
    *("Type", "Restricted", "Decision date", "Reporting", "Notes"),
)

_KINDS = ("Trust", "Fund", "Charity", "Council", "Foundation")
_SYLLABLES = (
    *("ash", "bek", "chal", "dun", "el", "fern", "gor", "hal", "ing", "jar"),
    *("kes", "lin", "mor", "nor", "ox", "pen", "rad", "sto", "thorn", "wick"),
    *("yar", "zel", "brim", "cust", "vol", "dray", "quill", "fost", "hum", "lark"),
)


def against_openpyxl(runs: int) -> Iterator[Row]:
    """Ten thousand rows beside openpyxl, ten times as many in ten times that, and the slope."""
    with tempfile.TemporaryDirectory(prefix="fundtrack-bench-") as folder:
        few, many = Path(folder) / "few.xlsx", Path(folder) / "many.xlsx"
        few.write_bytes(tracker(_FEW))
        many.write_bytes(tracker(_MANY))
        # By turns: a machine's speed may change by half from one minute to the next.
        turns = [
            (
                apart(__name__, "ours", str(few), str(_EACH_TURN)),
                apart(__name__, "theirs", str(few), str(_EACH_TURN)),
                apart(__name__, "ours", str(many), "1"),
            )
            for _ in range(min(runs, _MOST_TURNS))
        ]
    ours, theirs, more = (median(each) for each in zip(*turns, strict=True))
    what = "10,000 rows read, checked, matched and stored"
    yield Row(what, ours, "openpyxl only reading them", theirs, _AIM)
    yield Row("100,000 rows", more, "ten times openpyxl reading 10,000", theirs * 10, _AIM)
    yield Row("slope of rows", note=f"{math.log10(more / ours):.2f} (1 is linear)")


def measured(who: str, path: Path, runs: int) -> float:
    """Processor seconds of bringing in (`ours`) or only reading (`theirs`) a workbook.

    The median of so many runs, after one that does not count.
    """
    data = path.read_bytes()
    work = stored if who == "ours" else only_read
    work(data)
    return busy(lambda: work(data), runs)


def tracker(rows: int) -> bytes:
    """A workbook as a charity keeps one, with so many awards of a twenty-fifth as many funders."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Grants")
    sheet.append(("Harbour and Hope: funding tracker",))
    sheet.append(())
    sheet.append(_TITLES)
    names = funders(rows // 25 + 1)
    for at in range(rows):
        begins = date(2024, 1, 1) + timedelta(days=at % 900)
        sheet.append(
            (
                *(names[at // 25], f"Project number {at}", f"{at:07}"),
                *(1000 + at % 977 * 12.5, begins, begins + timedelta(days=364 + at % 700)),
                *(("Live", "Pending", "Won", "Draft")[at % 4], ("Grant", "Contract")[at % 3 == 0]),
                *(("Yes", "No")[at % 2], begins - timedelta(days=60)),
                *(("Quarterly", "Annual")[at % 2], f"Renewed by hand in year {at % 40}"),
            )
        )
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def funders(count: int) -> list[str]:
    """Names of which each shares a word with many others, and is none of them."""
    chance = Random(2)  # noqa: S311 - no secret

    def word(syllables: int) -> str:
        return "".join(chance.choices(_SYLLABLES, k=syllables)).capitalize()

    return [f"{word(3)} {word(4)} {chance.choice(_KINDS)}" for _ in range(count)]


def stored(data: bytes) -> float:
    """Bring a workbook in as `fundtrack import` does, into a new book; seconds."""
    from fundtrack.exchange.tables.preview import plans_for, preview
    from fundtrack.exchange.tables.reading import parse

    with tempfile.TemporaryDirectory(prefix="fundtrack-bench-") as folder:
        path = Path(folder) / "bench.fundtrack"
        create_book(path, _nothing())
        workspace = open_workspace(path)
        start = time.process_time()
        found = parse(data, "tracker.xlsx")
        portfolio = workspace.portfolio
        seen = preview(
            plans_for(found, portfolio), portfolio, _TODAY, name=found.name,
            from_1904=found.from_1904,
        )  # fmt: skip
        if seen.edit is None or seen.faults:
            raise AssertionError("the tracker should come in whole")
        workspace.do(seen.edit, kind="import")
        taken = time.process_time() - start
        workspace.close()
    return taken


def only_read(data: bytes) -> float:
    """Read every cell with openpyxl, and no more; seconds."""
    import openpyxl

    start = time.process_time()
    for sheet in openpyxl.load_workbook(io.BytesIO(data)).worksheets:
        for _ in sheet.iter_rows(values_only=True):
            pass
    return time.process_time() - start


def busy(work: Callable[[], float], runs: int) -> float:
    """The median processor time of so many runs; seconds."""
    taken = []
    for _ in range(runs):
        gc.collect()
        taken.append(work())
    return median(taken)


def _nothing() -> Portfolio:
    balances = Balances(as_at=date(2026, 4, 1))
    return Portfolio(
        organisation=Organisation(name="Harbour", nation="scotland", balances=balances)
    )


if __name__ == "__main__":
    told(measured(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
