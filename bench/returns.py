"""How fast a funder's own workbook is filled, against the library everybody uses.

Ours: the file opened and tried, the mapping's cells found by their words, planned, patched, proved
by two readers and put on the disk. Theirs: loaded, the same cells set, saved. openpyxl loses what
it does not know (see the tests); its time is the measure all the same. Each has a process to
itself.
"""

from __future__ import annotations

import sys
import tempfile
import warnings
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median
from time import process_time
from typing import TYPE_CHECKING

from bench.apart import apart, told
from bench.figures import Row, timed
from fundtrack import app
from fundtrack.exchange.workbook.own.asking import answers_for
from fundtrack.exchange.workbook.own.filling import anchored, write_filled
from fundtrack.exchange.workbook.own.mapping import Fill, Mapping
from fundtrack.exchange.workbook.own.numbers import kind_of
from fundtrack.exchange.workbook.own.opening import open_workbook
from fundtrack.exchange.workbook.own.places import Area, Place
from fundtrack.exchange.workbook.own.planning import planned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fundtrack.core.returns.vocabulary import Answers
    from fundtrack.exchange.workbook.own.workbook import Workbook

RETURNS = Path(__file__).resolve().parents[2] / "shared" / "data" / "returns"
_AIM = 1 / 20
_DAY = date(2026, 11, 22)
_EACH = 40
_EACH_TURN, _MOST_TURNS = 5, 3
_FIELD = "cover.awarded"


def filling(runs: int) -> Iterator[Row]:
    """The largest of the real returns, filled in every sheet that has cells to fill."""
    files = sorted(RETURNS.glob("*.xls[xm]"), key=lambda path: path.stat().st_size)
    if not files:
        yield Row("filling the largest funder's workbook", note="no ../shared/data/returns here")
        return
    largest = files[-1]
    # By turns: a machine's speed may change by half from one minute to the next.
    turns = [
        (apart(__name__, "ours", str(largest)), apart(__name__, "theirs", str(largest)))
        for _ in range(min(runs, _MOST_TURNS))
    ]
    mapping, _ = _mapping(open_workbook(largest))
    cells, sheets = len(mapping.fills), len({fill.sheet for fill in mapping.fills})
    yield Row(
        f"{largest.name}, {cells} cells on {sheets} sheets, filled and proved",
        median(ours for ours, _ in turns),
        "openpyxl load and save",
        median(theirs for _, theirs in turns),
        _AIM,
    )


def measured(who: str, path: Path) -> float:
    """Processor seconds of filling a workbook: `ours`, the median of a few, or `theirs`, once."""
    mapping, answers = _mapping(open_workbook(path))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / f"filled{path.suffix}"

        def ours() -> None:
            workbook = open_workbook(path)
            write_filled(workbook, planned(workbook, mapping, answers), out)

        def theirs() -> None:
            _with_openpyxl(path, mapping, out)

        if who == "ours":
            return timed(ours, _EACH_TURN, clock=process_time)
        return timed(theirs, 1, clock=process_time)


def _mapping(workbook: Workbook) -> tuple[Mapping, Answers]:
    """A mapping of pounds into cells that take them, as a person would have made it."""
    fills = [
        Fill(sheet=entry.title, area=Area(*place, *place), field=_FIELD)
        for entry in workbook.sheets
        if entry.fillable
        for place in _places(workbook, entry.title)
    ]
    mapping = anchored(workbook, Mapping(name="Bench", fills=tuple(fills)))
    book = app.sample(_DAY)
    answers = answers_for(book, app.statutory(), "mopac-core", "grant Q10", mapping, _DAY)
    refused = {problem.path for problem in planned(workbook, mapping, answers).problems}
    kept = tuple(one for one in mapping.fills if f"{one.sheet}!{one.area}" not in refused)
    return anchored(workbook, Mapping(name="Bench", fills=kept)), answers


def _places(workbook: Workbook, title: str) -> list[Place]:
    sheet = workbook.sheet(title)
    found = [
        place
        for place in sheet.cells
        if kind_of(sheet.code(place)) in ("number", "general")
        and sheet.rule(place) is None
        and sheet.mark(place) == "open"
    ]
    return found[:: max(1, len(found) // _EACH)][:_EACH]


def _with_openpyxl(path: Path, mapping: Mapping, out: Path) -> None:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(path, keep_vba=path.suffix == ".xlsm")
    for fill in mapping.fills:
        book[fill.sheet].cell(*fill.area.first).value = Decimal(1)
    book.save(out)


if __name__ == "__main__":
    told(measured(sys.argv[1], Path(sys.argv[2])))
