"""Proves a return's file before anyone sends it: X1, every cell and sum; X2, nothing broken in it.

The bytes are opened afresh by another reader. Every cell must be what was put there, and every
formula, worked out again, must come to the figure beside it.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from fundtrack.core.returns.figures import Finding
from fundtrack.exchange.workbook.grid import letter
from fundtrack.exchange.workbook.working import UnknownFormulaError, Working, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fundtrack.exchange.workbook.grid import Grid, Value

_ERRORS = ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!")
_NEAR = Decimal("0.000001")
_MOST_TOLD = 5
_CREATOR = re.compile(rb"creator[^>]*>FundTrack")


PROVED = (
    ("X1", "Every cell was read back as it was written"),
    ("X1", "Every formula comes to the figure written beside it"),
    ("X2", "No broken formula, no link to elsewhere, no author"),
)
"""What a sound file is said to be, rule by rule."""


def proof(data: bytes, grids: Sequence[Grid], names: Mapping[str, str]) -> tuple[Finding, ...]:
    """What X1 and X2 find in a workbook; `grids` and `names` are what was to stand there."""
    wrong = (_wrong_cells(data, grids), _wrong_sums(grids, names), _broken(data, grids))
    return tuple(_finding(*said, found) for said, found in zip(PROVED, wrong, strict=True))


def _finding(rule: str, good: str, wrong: Iterator[str]) -> Finding:
    told = []
    for fault in wrong:
        told.append(fault)
        if len(told) == _MOST_TOLD:
            break
    return Finding(
        rule=rule,
        level="FAIL" if told else "PASS",
        says=f"{'; '.join(told)}. Do not send this file" if told else good,
        part="file/proof",
    )


def _wrong_cells(data: bytes, grids: Sequence[Grid]) -> Iterator[str]:
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        for grid in grids:
            lines = book.get_sheet_by_name(grid.title).to_python(skip_empty_area=False)
            for row, cells in grid.rows.items():
                line = lines[row - 1] if row <= len(lines) else []
                for column, cell in cells.items():
                    found = line[column - 1] if column <= len(line) else ""
                    if not _same(cell.value, found):
                        yield f"{grid.title}!{letter(column)}{row} is not as it was written"


def _same(put: Value, found: object) -> bool:
    if put is None or put == "":
        return found in ("", None)
    if isinstance(put, str):
        return isinstance(found, str) and found.split() == put.split()
    if isinstance(put, date):
        day = found.date() if isinstance(found, datetime) else found
        return day == put
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        return False
    return abs(Decimal(str(found)) - Decimal(put)) < _NEAR


def _wrong_sums(grids: Sequence[Grid], names: Mapping[str, str]) -> Iterator[str]:
    working = Working(grids, names)
    for grid in grids:
        for row, cells in grid.rows.items():
            for column, cell in cells.items():
                if not cell.formula:
                    continue
                where = f"{grid.title}!{letter(column)}{row}"
                try:
                    found = working.cell(grid.title, row, column)
                except UnknownFormulaError as fault:
                    yield f"{where}: {fault}"
                    continue
                put = plain(cell.value)
                if isinstance(put, Decimal) and isinstance(found, Decimal):
                    if abs(put - found) >= _NEAR:
                        yield f"{where} comes to {found:f}, and {put:f} stands there"
                elif (put or "") != (found or ""):
                    yield f"{where} comes to “{found}”, and “{put}” stands there"


def _broken(data: bytes, grids: Sequence[Grid]) -> Iterator[str]:
    for grid in grids:
        for address, cell in grid.formulas():
            if any(error in cell.formula or error == cell.value for error in _ERRORS):
                yield f"{grid.title}!{address} is broken"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if "externalLink" in name or "vbaProject" in name:
                yield f"the file holds {name}"
            if name.endswith(".rels") and b'TargetMode="External"' in archive.read(name):
                yield f"{name} leads out of the file"
        about = archive.read("docProps/core.xml")
        if not _CREATOR.search(about) or b"lastModifiedBy" in about:
            yield "the file names an author"
