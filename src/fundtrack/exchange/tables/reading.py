"""Reads a stranger's spreadsheet, whatever its kind, into one plain value.

Workbooks (`.xlsx .xlsm .xls .xlsb .ods`) and delimited text (`.csv .tsv`, or pasted) all come out
as a `Spreadsheet`. What is too large, locked or damaged is refused in plain words; the kind is told
from the bytes and never from the name.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from typing import TYPE_CHECKING, Any

from fundtrack.core.errors import KnownError
from fundtrack.core.pausing import without_collecting
from fundtrack.exchange import strict_json
from fundtrack.exchange.tables import peeking
from fundtrack.exchange.tables.sheets import Area, Sheet, Spreadsheet, Value, trimmed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

LARGEST_BYTES = 60_000_000
MOST_CELLS = peeking.MOST_CELLS
_LARGEST_TEXT = 1_000_000  # characters in one cell
_ZIP, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DELIMITERS = ",;\t|:~^"
_LOOKED_AT = 200  # lines that decide the delimiter
_OTHER_KINDS = {
    b"%PDF": "a PDF. Open the spreadsheet it was made from, or copy its table and paste it",
    b"SQLite format 3\x00": "a FundTrack book or a database, not a spreadsheet",
    b"\x89PNG": "a picture, not a spreadsheet",
    b"\xff\xd8\xff": "a picture, not a spreadsheet",
}


def read(path: Path) -> Spreadsheet:
    """Return what a file holds.

    Raises:
        KnownError: it is not there, too large, locked, damaged, or no spreadsheet.

    """
    return parse(strict_json.bounded_bytes(path, LARGEST_BYTES), path.name)


def parse(data: bytes, name: str) -> Spreadsheet:
    """Return what a file's bytes hold, as `read` does."""
    for start, what in _OTHER_KINDS.items():
        if data.startswith(start):
            raise KnownError(f"{name} is {what}. Nothing was changed")
    if data.startswith((_ZIP, _OLD_WORKBOOK)):
        return _workbook(data, name)
    text = _text(data, name)
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[", "<"):
        raise KnownError(f"{name} is not a table: it holds JSON or a web page. Nothing was changed")
    return delimited(text, name)


def pasted(text: str) -> Spreadsheet:
    """Return what was copied from a spreadsheet or a page, as `read` does for a file."""
    if len(text) > LARGEST_BYTES:
        raise KnownError("What was pasted is larger than FundTrack reads. Save it as a file first")
    return delimited(text, "Pasted")


# --- text --------------------------------------------------------------------------------------


def _text(data: bytes, name: str) -> str:
    """Return text by its byte order mark, or in UTF-8, UTF-16 without a mark, or Windows-1252."""
    try:
        if not (guess := _unmarked_utf16(data)):
            return strict_json.decoded(data)
        return data.decode(guess)
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" in text:
        raise KnownError(
            f"{name} is neither a spreadsheet nor text that can be read. Open it where it was made "
            "and save it as an Excel workbook, then try again"
        )
    return text


def _unmarked_utf16(data: bytes) -> str | None:
    """Tell UTF-16 without its mark: nearly every second byte of Western text is then zero."""
    start = data[:2000]
    half = len(start) // 2
    if half < 2:
        return None
    if start[1::2].count(0) > 0.8 * half and start[::2].count(0) < 0.2 * half:
        return "utf-16-le"
    if start[::2].count(0) > 0.8 * half and start[1::2].count(0) < 0.2 * half:
        return "utf-16-be"
    return None


def delimited(text: str, name: str) -> Spreadsheet:
    """Return lines of text as a sheet, its delimiter found by how evenly it cuts them.

    Raises KnownError when the text cannot be cut into cells.
    """
    if "\x00" in text:
        raise KnownError(f"{name} holds characters that no spreadsheet has. Is it the right file?")
    named, text = _named_delimiter(text.lstrip("\ufeff"))
    try:
        lines = _lines(text, named or _delimiter(text), name)
    except csv.Error as fault:
        raise KnownError(f"{name} cannot be cut into cells ({fault}). Nothing was changed") from (
            fault
        )
    return Spreadsheet(name, (Sheet("", trimmed(lines), typed=False),))


def _named_delimiter(text: str) -> tuple[str | None, str]:
    """Take away the first line Excel writes to name the delimiter: `sep=;`."""
    first = text[:8].splitlines()[0] if text[:8].strip() else ""
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4], text[len(first) :].lstrip("\r\n")
    return None, text


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts most of the first lines into the same number of cells."""
    best, chosen = 0.0, ","
    start = "".join(itertools.islice(io.StringIO(text[:200_000], newline=""), _LOOKED_AT))
    for candidate in _DELIMITERS:
        if candidate not in start:
            continue
        try:
            widths = Counter(
                len(line) for line in itertools.islice(_cut(start, candidate), _LOOKED_AT) if line
            )
        except csv.Error:
            continue
        score = sum((width - 1) ** 0.5 * n * n for width, n in widths.items() if width > 1)
        score /= sum(widths.values()) or 1
        score *= (
            0.3 if candidate in ":~^|" and len(widths) > 2 else 1.0
        )  # seldom meant, often typed
        if score > best:
            best, chosen = score, candidate
    return chosen


def _cut(text: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(_LARGEST_TEXT)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _lines(text: str, delimiter: str, name: str) -> list[list[str]]:
    lines: list[list[str]] = []
    cells = 0
    for line in _cut(text, delimiter):
        cells += len(line)
        if cells > MOST_CELLS or len(lines) > peeking.MOST_ROWS:
            raise peeking.too_large(name)
        lines.append(line)
    return lines


# --- workbooks ---------------------------------------------------------------------------------


def _workbook(data: bytes, name: str) -> Spreadsheet:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    peeked = peeking.peek(data, name)
    try:
        with peeked.copy or io.BytesIO(data) as file:
            book = CalamineWorkbook.from_filelike(file)  # which reads it whole
        with without_collecting(), book:
            sheets = tuple(_sheets(book, peeked, name))
    except PasswordError:
        raise peeking.locked(name) from None
    except (CalamineError, OSError, ValueError, OverflowError) as fault:
        raise KnownError(
            f"{name} cannot be read as a workbook ({fault}). Open it where it was made, save a "
            "copy, and try that"
        ) from fault
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":  # a damaged file can make the reader panic
            raise
        raise peeking.damaged(name) from fault
    if not sheets:
        raise KnownError(f"{name} has no sheet that can be read. Is it the file you meant?")
    return Spreadsheet(name, sheets, peeked.from_1904)


def _sheets(book: Any, peeked: peeking.Peeked, name: str) -> Iterator[Sheet]:  # noqa: ANN401
    left = MOST_CELLS
    for at, known in enumerate(book.sheets_metadata):
        if "WorkSheet" not in str(known.typ):  # charts, macros and dialogs have no cells
            continue
        found = book.get_sheet_by_index(at)
        left -= found.total_height * found.total_width
        if left < 0:
            raise peeking.too_large(name)
        lines: list[list[Value]] = found.to_python(skip_empty_area=False)
        told = peeked.sheets.get(known.name, peeking.NOTHING_TOLD)
        for row, column, error in told.errors:
            if row < len(lines) and column < len(lines[row]):
                lines[row][column] = error
        merged = tuple(_areas(found.merged_cell_ranges or ()))
        _uncover(lines, merged)
        yield Sheet(
            name=known.name,
            lines=trimmed(lines),
            merged=merged,
            hidden=not str(known.visible).endswith(".Visible"),
            hidden_rows=told.hidden_rows,
            hidden_columns=told.hidden_columns,
        )


def _uncover(lines: list[list[Value]], merged: Iterable[Area]) -> None:
    """Take away what merged cells still hold underneath, which nobody sees on the screen."""
    for area in merged:
        for row in range(area.top, min(area.bottom + 1, len(lines))):
            line = lines[row]
            first = area.left + (row == area.top)
            for at in range(first, min(area.right + 1, len(line))):
                line[at] = None


def _areas(ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> Iterator[Area]:
    for (top, left), (bottom, right) in ranges:
        yield Area(top, left, bottom, right)
