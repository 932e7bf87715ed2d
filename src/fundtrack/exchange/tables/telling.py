"""Tells on a terminal, or to another program, what a spreadsheet would bring in.

Also writes the rows that stay out to a file in the person's own columns, the reason beside each.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from fundtrack.exchange import files
from fundtrack.exchange.tables.columns import PUBLISHED, Plan
from fundtrack.exchange.tables.preview import Preview
from fundtrack.exchange.tables.rows import Seen
from fundtrack.exchange.tables.sheets import Value

REASON = "Why this row was not brought in"
_RISKY = ("=", "+", "-", "@")


def lines(seen: Preview) -> list[str]:
    """Return what to say, in order: each table, the counts, what was assumed, the questions."""
    said: list[str] = []
    for plan in seen.plans:
        if plan.layout.kind and plan.layout.kind != PUBLISHED:
            sure = f"{plan.layout.confidence:.0%} sure"
            said.append(f"{plan.table.name or 'The table'}: {plan.layout.kind} ({sure})")
            said += [f"  {use.title} -> {use.field}" for use in plan.layout.uses if use.field]
    said.append(", ".join(f"{n:,} {outcome}" for outcome, n in seen.counts().items()))
    said += seen.notes
    for question in seen.questions:
        said.append(f"{question.asks} (--answer “{question.key}=…”)")
        if question.examples:
            said.append(f"  such as {'; '.join(question.examples)}")
        said += [f"  {answer}: {words}" for answer, words in question.choices]
    return said


def as_json(seen: Preview) -> str:
    """Return the preview for another program."""
    plain: dict[str, Any] = {
        "counts": seen.counts(),
        "tables": [_plan(plan) for plan in seen.plans],
        "problems": [
            {
                "sheet": fault.place.sheet,
                "cell": str(fault.place).removeprefix(fault.place.sheet).strip(),
                "column": fault.title,
                "found": fault.found,
                "says": fault.says,
            }
            for fault in seen.faults
        ],
        "questions": [
            {
                "key": question.key,
                "asks": question.asks,
                "choices": dict(question.choices),
                "examples": list(question.examples),
            }
            for question in seen.questions
        ],
        "matches": [
            {"list": match.list, "name": match.name, "is": match.likeness, "key": match.key}
            for match in seen.matches
        ],
        "notes": list(seen.notes),
    }
    return json.dumps(plain, indent=2, ensure_ascii=False) + "\n"


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "table": plan.table.name,
        "as": plan.layout.kind,
        "confidence": plan.layout.confidence,
        "rows": len(plan.table.rows),
        "columns": {use.title: use.field for use in plan.layout.uses},
    }


# --- the rows that stay out ----------------------------------------------------------------------


def write_bad_rows(seen: Preview, path: Path) -> None:
    """Write the rows that were not brought in, in their own columns, as a workbook or as CSV.

    Raises KnownError if the file cannot be written.
    """
    _write(path, list(_bad_tables(seen)))


def write_table(path: Path, name: str, lines: Sequence[Sequence[Any]]) -> None:
    """Write one table, its titles first, as CSV or as a workbook, by the ending of the name.

    Raises KnownError if the file cannot be written.
    """
    _write(path, [(name, [list(line) for line in lines])])


def _write(path: Path, tables: Sequence[tuple[str, list[list[Value]]]]) -> None:
    if path.suffix.casefold() in (".csv", ".tsv", ".txt"):
        made = io.StringIO()
        writer = csv.writer(made, delimiter="\t" if path.suffix.casefold() == ".tsv" else ",")
        for at, (_, rows) in enumerate(tables):
            if at:
                writer.writerow([])
            writer.writerows([[_in_text(cell) for cell in row] for row in rows])
        files.write_whole(path, b"\xef\xbb\xbf" + made.getvalue().encode())
        return
    files.write_whole(path, _workbook(tables))


def _bad_tables(seen: Preview) -> Iterable[tuple[str, list[list[Value]]]]:
    by_place: dict[tuple[str, int], Seen] = {
        (row.place.sheet, row.place.row): row for row in seen.bad_rows
    }
    for plan in seen.plans:
        rows = [
            by_place[plan.table.sheet.name, row]
            for row in plan.table.rows
            if (plan.table.sheet.name, row) in by_place
        ]
        if rows:
            yield (
                plan.table.name,
                [[*plan.table.titles, REASON], *([*row.cells, _why(row)] for row in rows)],
            )


def _why(row: Seen) -> str:
    return "; ".join(map(str, row.faults)) or "It was left out"


def _in_text(cell: Value) -> str:
    """Return a cell as text; one that a spreadsheet would work out as a formula is marked."""
    if cell is None:
        return ""
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat().removesuffix("T00:00:00")
    if isinstance(cell, str) and cell.startswith(_RISKY) and not cell[1:2].isdigit():
        return f"'{cell}"
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _workbook(tables: Iterable[tuple[str, list[list[Value]]]]) -> bytes:
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    book = openpyxl.Workbook(write_only=True)
    for name, rows in tables:
        sheet = book.create_sheet(_sheet_name(name))
        for row in rows:
            cells = []
            for value in row:
                kept = _kept(value)
                cell = WriteOnlyCell(sheet, None)
                cell.value = kept
                if isinstance(kept, str):
                    cell.data_type = "s"  # never a formula
                cells.append(cell)
            sheet.append(cells)
    if not book.sheetnames:
        book.create_sheet("Rows")
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _kept(value: Value) -> Any:  # noqa: ANN401 - what a cell takes
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, float) and not abs(value) < 1e300:
        return str(value)
    if isinstance(value, str):
        return "".join(
            letter if letter.isprintable() or letter == "\n" else " " for letter in value
        )
    return value


def _sheet_name(name: str) -> str:
    clean = "".join(" " if letter in "[]:*?/\\'" else letter for letter in name)
    return clean[:31].strip() or "Rows"
