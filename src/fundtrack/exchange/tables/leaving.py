"""Lets everything out as one tidy workbook, a sheet per kind, and reads it back without loss.

The same sheets can be written as CSV files. Fields within a record stand as `person.born`; what a
record has many of (payments, extensions) has a sheet of its own, `awards.payments`, with the key of
the record each row belongs to. Text that a spreadsheet would change (it begins with = or a space,
holds control characters, or is empty) is written as JSON has it, between double quotes.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from fundtrack.core.check import check
from fundtrack.core.errors import KnownError, Problem
from fundtrack.core.model import LISTS, Change, Organisation, Portfolio
from fundtrack.core.plain import (
    FORMAT,
    FieldSpec,
    decimal_text,
    portfolio_from_plain,
    portfolio_to_plain,
    pounds,
    specs,
)
from fundtrack.core.telling import Tell, untold
from fundtrack.exchange import files
from fundtrack.exchange.tables.sheets import Sheet, Spreadsheet, Value

MARK = "FundTrack"
"""The sheet that tells a workbook of ours from every other."""

_LONGEST = 32_000  # characters: what a cell of a workbook holds, less a little
_DIGITS = 15  # of a number: more than that a spreadsheet forgets
_FIRST_DAY = date(1901, 1, 1)  # before it spreadsheets disagree on how days are counted
_MARKED = ('"', "=", "+", "-", "@", "'", "{", "#", "|")
_KEY = "key"
_CHANGE = ("list", "key", "at", "before", "after")

Cell = str | int | Decimal | date | None
Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tidy:
    """One sheet: its name, its titles, and its rows."""

    name: str
    titles: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def sheets(portfolio: Portfolio) -> tuple[Tidy, ...]:
    """Return the whole book as sheets; kinds the book has none of are left out."""
    plain = portfolio_to_plain(portfolio)
    found = [Tidy(MARK, ("format", FORMAT), ())]
    found.extend(_sheets("organisation", Organisation, [plain["organisation"]]))
    for name, cls in LISTS.items():
        if name in plain:
            found.extend(_sheets(name, cls, plain[name]))
    return tuple(found)


def _sheets(name: str, cls: type, records: Sequence[Plain]) -> Iterator[Tidy]:
    yield _tidy(name, [_flat(cls, record, "") for record in records])
    for spec in specs(cls):
        if spec.many and spec.kind == "record" and spec.record is not None:
            rows = [
                {_owner(name): _text(str(record.get(_KEY, ""))), **_flat(spec.record, part, "")}
                for record in records
                for part in record.get(spec.name, ())
            ]
            if rows:
                yield _tidy(f"{name}.{spec.name}", rows)


def _owner(name: str) -> str:
    return f"of {name.removesuffix('s')}"


def _flat(cls: type, record: Plain, above: str) -> dict[str, Cell]:
    """Return a record's cells by title; what is within a part of a part is written as JSON."""
    if cls is Change:
        return {
            name: _json(record[name]) if name in ("before", "after") else record[name]
            for name in _CHANGE
            if name in record
        }
    cells: dict[str, Cell] = {}
    for spec in specs(cls):
        if spec.name not in record:
            continue
        value, path = record[spec.name], f"{above}{spec.name}"
        if spec.kind == "record" and spec.record is not None:
            if not spec.many and value:
                cells |= _flat(spec.record, value, f"{path}.")
            elif not spec.many:
                cells[path] = "{}"
            elif above or not _has_key(cls):
                cells[path] = _json(value)
        elif spec.many:
            cells[path] = "; ".join(str(part) for part in value)
        else:
            cells[path] = _cell(spec, value)
    return cells


def _has_key(cls: type) -> bool:
    """Tell whether a record is one of a list, whose parts can have a sheet of their own."""
    return cls in LISTS.values()


def _cell(spec: FieldSpec, value: Any) -> Cell:  # noqa: ANN401 - a plain value of any kind
    match spec.kind:
        case "flag":
            return "yes" if value else "no"
        case "whole":
            return int(value)
        case "json":
            return _json(value)
        case "pence" | "percent" | "number":
            return _number(Decimal(value))
        case "date":
            day = date.fromisoformat(value)
            return day if day >= _FIRST_DAY else str(value)
        case _:
            return _text(str(value))


def _number(exact: Decimal) -> Cell:
    """Return a number as one where a spreadsheet keeps every digit of it, else as text."""
    if len(exact.normalize().as_tuple().digits) <= _DIGITS and Decimal(str(float(exact))) == exact:
        return exact
    return decimal_text(exact)


def _text(text: str) -> str:
    """Return text as it is, or as JSON where a spreadsheet would not leave it so."""
    plain = text and text == text.strip() and all(c.isprintable() or c == "\n" for c in text)
    if plain and not text.startswith(_MARKED) and "_x" not in text:
        return text
    return json.dumps(text).replace("_x", "\\u005fx")


def _json(value: Any) -> str:  # noqa: ANN401 - a plain value of any kind
    return json.dumps(value).replace("_x", "\\u005fx")


def _tidy(name: str, rows: Sequence[Mapping[str, Cell]]) -> Tidy:
    """Return rows as a sheet: every title any row has, and long text in further columns."""
    cut = [_cut(row) for row in rows]
    titles = _in_order([tuple(row) for row in cut])
    return Tidy(name, titles, tuple(tuple(row.get(title) for title in titles) for row in cut))


def _cut(row: Mapping[str, Cell]) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for title, cell in row.items():
        cells[title] = cell
        if isinstance(cell, str) and len(cell) > _LONGEST:
            quoted = cell if cell.startswith(('"', "{", "[")) else json.dumps(cell)
            for at in range(0, len(quoted), _LONGEST):
                cells[title if not at else f"{title} +{at // _LONGEST}"] = (
                    "|" + quoted[at : at + _LONGEST] + "|"
                )
    return cells


def _in_order(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the titles of all rows, each after what stands before it in the rows that have it."""
    titles: list[str] = []
    for row in rows:
        at = 0
        for title in row:
            if title in titles:
                at = titles.index(title) + 1
            else:
                titles.insert(at, title)
                at += 1
    return tuple(titles)


# --- files -------------------------------------------------------------------------------------


def write_workbook(portfolio: Portfolio, path: Path, tell: Tell = untold) -> None:
    """Write the whole book as one workbook, salaries and birth dates included.

    Raises KnownError if the file cannot be written.
    """
    made = workbook(portfolio, tell)
    tell(0, 0)
    files.write_whole(path, made)


def workbook(portfolio: Portfolio, tell: Tell = untold) -> bytes:
    """Return the whole book as an Excel workbook; `tell` counts its sheets."""
    import openpyxl
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = openpyxl.Workbook(write_only=True)
    bold = Font(bold=True)
    found = sheets(portfolio)
    for done, tidy in enumerate(found):
        tell(done, len(found))
        sheet = book.create_sheet(tidy.name)
        sheet.freeze_panes = "A2"
        for at, row in enumerate((tidy.titles, *tidy.rows)):
            line = []
            for value in row:
                cell = WriteOnlyCell(sheet, None)
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = "s"  # text stays text, whatever it begins with
                elif isinstance(value, date):
                    cell.number_format = "yyyy-mm-dd"
                elif isinstance(value, Decimal):
                    cell.number_format = "#,##0.00##"
                if at == 0:
                    cell.font = bold
                line.append(cell)
            sheet.append(line)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def write_csv(portfolio: Portfolio, folder: Path, tell: Tell = untold) -> list[Path]:
    """Write the whole book as CSV files in a folder, one for each sheet of the workbook.

    All are made before the first is written, so that one that is stopped leaves none.

    Raises KnownError if they cannot be written.
    """
    found = sheets(portfolio)[1:]
    made = {}
    for done, tidy in enumerate(found):
        tell(done, len(found))
        made[folder / f"{tidy.name}.csv"] = _csv(tidy)
    tell(0, 0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise KnownError(f"{folder} could not be made ({fault.strerror})") from fault
    for path, data in made.items():
        files.write_whole(path, data)
    return list(made)


def _csv(tidy: Tidy) -> bytes:
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(tidy.titles)
    writer.writerows(["" if cell is None else str(cell) for cell in row] for row in tidy.rows)
    return b"\xef\xbb\xbf" + made.getvalue().encode()


# --- back again --------------------------------------------------------------------------------


def is_ours(spreadsheet: Spreadsheet) -> bool:
    """Tell whether a workbook is one that FundTrack wrote of a whole book."""
    mark = next((sheet for sheet in spreadsheet.sheets if sheet.name == MARK), None)
    return mark is not None and mark.lines[:1] == (("format", FORMAT),)


def read_back(spreadsheet: Spreadsheet) -> tuple[Portfolio | None, tuple[Problem, ...]]:
    """Return the book a workbook of ours holds, or None and every fault in it."""
    problems: list[Problem] = []
    plain: Plain = {"format": FORMAT}
    by_name = {sheet.name: sheet for sheet in spreadsheet.sheets}
    known = {"organisation": Organisation, **LISTS}
    for name, cls in known.items():
        if name not in by_name:
            continue
        records = [record for _, record in _records(by_name[name], cls, problems)]
        keyed = {str(record.get(_KEY, "")): record for record in records}
        for spec in specs(cls):
            child = by_name.get(f"{name}.{spec.name}")
            if child is not None and spec.record is not None:
                _attach(child, spec, name, keyed, problems)
        if name == "organisation":
            plain[name] = records[0] if records else {}
        else:
            plain[name] = records
    if problems:
        return None, tuple(problems)
    portfolio, shape = portfolio_from_plain(plain)
    faults = shape if portfolio is None else check(portfolio)
    return (None, faults) if faults else (portfolio, ())


def _attach(
    sheet: Sheet, spec: FieldSpec, name: str, keyed: Mapping[str, Plain], problems: list[Problem]
) -> None:
    owner = _owner(name)
    for row, part in _records(sheet, spec.record or object, problems, owner):
        key = str(part.pop(owner, ""))
        if key in keyed:
            keyed[key].setdefault(spec.name, []).append(part)
        else:
            problems.append(Problem(f"{sheet.name} row {row}", f"there is no “{key}” in {name}"))


def _records(
    sheet: Sheet, cls: type, problems: list[Problem], owner: str = ""
) -> Iterator[tuple[int, Plain]]:
    titles = [str(title) for title in sheet.lines[0]] if sheet.lines else []
    for at, line in enumerate(sheet.lines[1:], start=2):
        cells = _joined(titles, line)
        record: Plain = {}
        for title, cell in cells.items():
            try:
                if title == owner:
                    record[title] = _untext(_as_text(cell))
                else:
                    _place(record, cls, title.split("."), cell)
            except ValueError as fault:
                problems.append(Problem(f"{sheet.name} row {at} ({title})", str(fault)))
        if record:
            yield at, record


def _joined(titles: Sequence[str], line: Sequence[Value]) -> dict[str, Value]:
    """Return a line's filled cells by title, long text put together again."""
    cells: dict[str, Value] = {}
    for title, cell in zip(titles, line, strict=False):
        if cell is None:
            continue
        name, plus, _ = title.rpartition(" +")
        text = cell[1:-1] if isinstance(cell, str) and cell[:1] == "|" == cell[-1:] else cell
        if plus and isinstance(cells.get(name), str):
            cells[name] = str(cells[name]) + str(text)
        else:
            cells[title] = text
    return cells


def _place(record: Plain, cls: type, path: Sequence[str], cell: Value) -> None:
    """Put a cell where its title says. Raises ValueError for a title or a cell that is not ours."""
    name, *rest = path
    if cls is Change:
        text = _as_text(cell)
        record[name] = (
            json.loads(text) if name in ("before", "after") else int(text) if name == "at" else text
        )
        return
    spec = next((each for each in specs(cls) if each.name == name), None)
    if spec is None:
        raise ValueError("there is no such field")
    if rest and spec.record is not None:
        _place(record.setdefault(name, {}), spec.record, rest, cell)
    elif spec.kind == "record":
        record[name] = json.loads(_as_text(cell))
    elif spec.many:
        parts = [part for part in _as_text(cell).split("; ") if part]
        record[name] = [int(part) if spec.kind == "whole" else part for part in parts]
    else:
        record[name] = _value(spec, cell)


def _value(spec: FieldSpec, cell: Value) -> Any:  # noqa: ANN401 - a plain value of any kind
    if spec.kind in _READERS:
        return _READERS[spec.kind](cell)
    if spec.kind in ("date", "month") and isinstance(cell, date):
        return f"{cell:%Y-%m}" if spec.kind == "month" else f"{cell:%Y-%m-%d}"
    return _untext(_as_text(cell))


def _pence(cell: Value) -> str:
    exact = _exact(cell)
    pence = exact * 100
    return pounds(int(pence)) if pence == int(pence) else decimal_text(exact)


_READERS: dict[str, Callable[[Value], Any]] = {
    "flag": lambda cell: {"yes": True, "no": False}.get(str(cell).casefold(), cell),
    "whole": lambda cell: int(cell) if isinstance(cell, float) and cell.is_integer() else cell,
    "json": lambda cell: json.loads(_as_text(cell)),
    "pence": _pence,
    "percent": lambda cell: decimal_text(_exact(cell)),
    "number": lambda cell: decimal_text(_exact(cell)),
}


def _exact(cell: Value) -> Decimal:
    try:
        found = Decimal(str(cell))
    except ArithmeticError:
        found = Decimal("NaN")
    if not found.is_finite():
        raise ValueError(f"“{cell}” is not a number")
    return found


def _as_text(cell: Value) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _untext(text: str) -> str:
    if not text.startswith('"'):
        return text
    found = json.loads(text)
    if not isinstance(found, str):
        raise ValueError("this is not text")  # noqa: TRY004 - told to the person as a fault
    return found
