"""Reads the file of grants that a funder publishes, whatever its kind, into rows of plain cells.

The 360Giving Data Standard 1.4 is published as CSV, as a workbook (xlsx, xls, ods) or as JSON, with
the standard's titles ("Recipient Org:Name") or its field names (`recipientOrganization/0/name`).
All come out here as the same rows; what the cells mean is for `giving360`.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fundtrack.core.errors import KnownError
from fundtrack.exchange import strict_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

LARGEST_BYTES = 300_000_000
_LARGEST_UNPACKED = 1_000_000_000
_HIGHEST_RATIO = 500
_LARGEST_CELL = 1_000_000
_HEADER_WITHIN = 20  # rows: some funders put a title above their table
_ZIP, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

_PARENTS = {
    "planneddates": "planned",
    "recipientorg": "recipient",
    "recipientorganization": "recipient",
    "recipientorganisation": "recipient",
    "recipientind": "individual",
    "recipientindividual": "individual",
    "fundingorg": "funder",
    "fundingorganization": "funder",
    "fundingorganisation": "funder",
}
_NAMES = {
    "identifier": "id",
    "id": "id",
    "title": "title",
    "description": "description",
    "currency": "currency",
    "amountawarded": "amount",
    "awarddate": "awarded",
    "startdate": "start",
    "enddate": "end",
    "durationmonths": "months",
    "duration": "months",
    "name": "name",
    "charitynumber": "charity",
    "companynumber": "company",
}
_OF_A_PARENT = {
    "planned": ("start", "end", "months"),
    "recipient": ("id", "name", "charity", "company"),
    "individual": ("id", "name"),
    "funder": ("id", "name"),
}
TITLES = {
    "id": "Identifier",
    "amount": "Amount Awarded",
    "currency": "Currency",
    "awarded": "Award Date",
    "planned.end": "Planned Dates:End Date",
    "funder.name": "Funding Org:Name",
}
"""What a grant must have to come in, with the standard's titles."""
_NOWHERE = 30_000  # the columns of what a file has nowhere; a sheet has 16,384
_ON_OTHER_SHEETS = 20_000  # the columns of what other sheets say of a grant
_OF_A_GRANT = ("id", "title", "description", "currency", "amount", "awarded")


Line = tuple[str, int]
"""A sheet's name ("" where there are none) and the number of a row or a grant on it, from 0."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as the file has it, and where it stands there: `Sheet1 F12 (Award Date)`.

    `column` is the number by which the cell is known within its grant, whatever the file's kind.
    """

    value: Any
    where: str
    column: int = -1

    @property
    def title(self) -> str:
        """What it stands under: "Award Date" of "Grants F12 (Award Date)"; "" where none is."""
        found = re.search(r"\((.+)\)$", self.where)
        return found[1] if found else ""


@dataclass(slots=True)
class Row:
    """One grant: `where` it stands, and its cells by field, such as "amount" or "recipient.name".

    A field may hold several cells: a grant can have several planned dates or recipients. `line` is
    its place, and `columns` are those of its table that we use, filled in this row or not.
    """

    where: str
    cells: dict[str, list[Cell]] = field(default_factory=lambda: defaultdict(list))
    line: Line = ("", 0)
    columns: Sequence[_Column] = ()

    def first(self, name: str) -> Cell | None:
        """Return the first filled cell of a field, or None."""
        cells = self.cells.get(name)
        return cells[0] if cells else None

    def add(self, name: str, value: Any, where: str, column: int) -> None:  # noqa: ANN401 - as the file has it
        """Put a value under a field, unless it is blank."""
        if value is not None and not (isinstance(value, str) and _is_blank(value)):
            self.cells[name].append(Cell(value, where, column))

    def laid_out(self) -> list[tuple[str, Cell]]:
        """Return every cell with its field, in order; blank ones that could be filled in as "".

        Those are the blank cells of its table's columns, and what a grant must have where the file
        has nowhere for it.
        """
        held = [(name, cell) for name, cells in self.cells.items() for cell in cells]
        known = {cell.column for _, cell in held}
        number = self.line[1] + 1
        held += [
            (column.name, Cell("", f"{column.before}{number}{column.after}", column.at))
            for column in self.columns
            if column.at not in known
        ]
        has = {name for name, _ in held}
        held += [
            (name, Cell("", f"{self.where} ({title})", _NOWHERE + at))
            for at, (name, title) in enumerate(TITLES.items())
            if name not in has
        ]
        return sorted(held, key=lambda each: each[1].column)

    def put_right(self, texts: Mapping[int, str]) -> Row:
        """Return it with these texts in place of what its cells hold, by their columns."""
        made = Row(self.where, line=self.line, columns=self.columns)
        for name, cell in self.laid_out():
            made.add(name, texts.get(cell.column, cell.value), cell.where, cell.column)
        return made


def _is_blank(text: str) -> bool:
    return not any(letter.isprintable() and not letter.isspace() for letter in text)


def rows(
    path: Path, corrections: Mapping[tuple[str, int, int], str] | None = None
) -> Iterator[Row]:
    """Yield each grant of a published file.

    `corrections` are texts to be read in place of cells, by the line and the column of each.

    Raises:
        KnownError: the file cannot be read, or holds no table of grants.

    """
    found = _rows(path)
    return _put_right(found, corrections) if corrections else found


def _put_right(
    found: Iterable[Row], corrections: Mapping[tuple[str, int, int], str]
) -> Iterator[Row]:
    by_line: dict[Line, dict[int, str]] = defaultdict(dict)
    for (sheet, line, column), text in corrections.items():
        by_line[sheet, line][column] = text.strip()
    for row in found:
        yield row.put_right(by_line[row.line]) if row.line in by_line else row


def _rows(path: Path) -> Iterator[Row]:
    data = strict_json.bounded_bytes(path, LARGEST_BYTES)
    if data.startswith((_ZIP, _OLD_WORKBOOK)):
        return _in_workbook(data, path.name)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _in_json(data, path.name)
    return _in_csv(data, path.name)


def field_name(parts: Iterable[str]) -> str | None:
    """Return what we call the field with this title or field name, or None if we do not use it.

    ("Recipient Org", "0", "Name") -> "recipient.name"; ("amountAwarded",) -> "amount".
    """
    plain = [re.sub(r"[^a-z]", "", part.casefold()) for part in parts]
    names = [part for part in plain if part]
    if len(names) == 1:
        name = _NAMES.get(names[0])
        return name if name in _OF_A_GRANT else None
    if len(names) != 2:  # a parent and its field, nothing deeper
        return None
    parent, name = _PARENTS.get(names[0]), _NAMES.get(names[1])
    return f"{parent}.{name}" if parent and name in _OF_A_PARENT[parent] else None


def _not_grants(name: str) -> KnownError:
    return KnownError(
        f"{name} has no table of grants: FundTrack looks for the 360Giving columns Identifier and "
        "Amount Awarded. Is it the file you meant? Nothing was changed"
    )


# --- JSON --------------------------------------------------------------------------------------


def _in_json(data: bytes, name: str) -> Iterator[Row]:
    parsed = strict_json.parse(data, exact=True)
    if not parsed.whole or parsed.problems:
        fault = parsed.problems[0]
        raise KnownError(f"{name} cannot be read as JSON ({fault}). Nothing was changed")
    grants = parsed.value.get("grants") if isinstance(parsed.value, dict) else parsed.value
    if not isinstance(grants, list) or not all(isinstance(grant, dict) for grant in grants):
        raise KnownError(f"{name} has no list of grants as 360Giving has it. Nothing was changed")
    return (_json_row(grant, at) for at, grant in enumerate(grants))


def _json_row(grant: dict[str, Any], at: int) -> Row:
    row = Row(f"grants.{at}", line=("", at))
    leaves = (leaf for key, value in grant.items() for leaf in _leaves(value, (key,)))
    for column, (parts, part) in enumerate(leaves):
        if name := field_name(parts):
            row.add(name, part, ".".join((row.where, *parts)), column)
    return row


def _leaves(value: Any, parts: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:  # noqa: ANN401
    """Yield what stands one step below a field of a grant, through a list if there is one."""
    if isinstance(value, list):
        for at, part in enumerate(value):
            yield from _leaves(part, (*parts, str(at)))
    elif isinstance(value, dict):
        for name, part in value.items():
            yield (*parts, name), part
    else:
        yield parts, value


# --- CSV ---------------------------------------------------------------------------------------


def _in_csv(data: bytes, name: str) -> Iterator[Row]:
    text = _text(data, name)
    for delimiter in (",", ";", "\t"):
        table = _Table("", "row")
        csv.field_size_limit(_LARGEST_CELL)
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            if table.find_header(lines) and table.holds_grants:
                return _csv_rows(table, lines, name)
        except csv.Error as fault:
            raise KnownError(f"{name} cannot be read as CSV ({fault}). Nothing was changed") from (
                fault
            )
    raise _not_grants(name)


def _csv_rows(table: _Table, lines: Iterator[list[str]], name: str) -> Iterator[Row]:
    try:
        yield from table.rows(lines)
    except csv.Error as fault:
        raise KnownError(f"{name} cannot be read as CSV ({fault}). Nothing was changed") from fault


def _text(data: bytes, name: str) -> str:
    """Return text in UTF-8, in what a byte order mark says, or in the Windows code page."""
    try:
        return strict_json.decoded(data)
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        raise KnownError(
            f"{name} is neither UTF-8 nor Windows text. Save it as CSV UTF-8, then try again"
        ) from None


# --- workbooks ---------------------------------------------------------------------------------


def _in_workbook(data: bytes, name: str) -> Iterator[Row]:
    _refuse_a_bomb(data, name)
    tables = [(_Table(sheet, "cell"), iter(lines)) for sheet, lines in _sheets(data, name)]
    known = [(table, lines) for table, lines in tables if table.find_header(lines)]
    grants = [(table, lines) for table, lines in known if table.holds_grants]
    if not grants:
        raise _not_grants(name)
    more = _more_by_identifier((table, lines) for table, lines in known if not table.holds_grants)
    return _completed((row for table, lines in grants for row in table.rows(lines)), more)


def _sheets(data: bytes, name: str) -> list[tuple[str, list[list[Any]]]]:
    """Return the name and the rows of each sheet."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return [(sheet, _lines(book, sheet)) for sheet in book.sheet_names]
    except PasswordError:
        raise KnownError(
            f"{name} is locked with a password. Save a copy without one, then try again"
        ) from None
    except CalamineError as fault:
        raise KnownError(f"{name} cannot be read as a workbook ({fault})") from fault
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":  # a damaged .xls can make the reader panic
            raise
        raise KnownError(f"{name} is damaged and cannot be read. Fetch it again") from fault


def _lines(book: Any, sheet: str) -> list[list[Any]]:  # noqa: ANN401 - a workbook just opened
    lines: list[list[Any]] = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return lines


def _refuse_a_bomb(data: bytes, name: str) -> None:
    """Refuse an archive that would unpack to more than any published file holds."""
    if not data.startswith(_ZIP):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError) as fault:
        raise KnownError(f"{name} is damaged and cannot be read. Fetch it again") from fault
    if unpacked > _LARGEST_UNPACKED or unpacked > _HIGHEST_RATIO * len(data):
        raise KnownError(f"{name} unpacks to far more than a file of grants. Nothing was changed")


def _more_by_identifier(
    tables: Iterable[tuple[_Table, Iterator[Sequence[Any]]]],
) -> dict[str, list[Row]]:
    """Return the rows of further sheets (Planned Dates and the like) by the grant they add to."""
    more: dict[str, list[Row]] = defaultdict(list)
    for table, lines in tables:
        for row in table.rows(lines):
            identifier = row.first("id")
            if identifier:
                more[str(identifier.value).strip()].append(row)
    return more


def _completed(rows_: Iterable[Row], more: dict[str, list[Row]]) -> Iterator[Row]:
    for row in rows_:
        identifier = row.first("id")
        column = _ON_OTHER_SHEETS
        for further in more.get(str(identifier.value).strip(), ()) if identifier else ():
            for name, cells in further.cells.items():
                if "." in name:  # what a grant has many of; its own fields stay as they are
                    for cell in cells:
                        row.add(name, cell.value, cell.where, column)
                        column += 1
        yield row


class _Table:
    """A table within a sheet or a CSV file: which column is which field."""

    def __init__(self, sheet: str, style: str) -> None:
        self._sheet = sheet
        self._style = style
        self._at = 0
        self._columns: list[_Column] = []

    @property
    def holds_grants(self) -> bool:
        """Tell whether each row is a grant, rather than a further date of one."""
        return {"id", "amount"} <= self._fields()

    def find_header(self, lines: Iterator[Sequence[Any]]) -> bool:
        """Read up to the header row; tell whether there is one that we can use."""
        for cells in lines:
            self._at += 1
            self._columns = [
                self._column(at, name, str(cell).strip())
                for at, cell in enumerate(cells)
                if cell and (name := field_name(re.split(r"[:/]", str(cell))))
            ]
            if "id" in self._fields() and len(self._fields()) > 1:
                return True
            if self._at >= _HEADER_WITHIN:
                break
        return False

    def rows(self, lines: Iterator[Sequence[Any]]) -> Iterator[Row]:
        """Yield every row below the header that is not blank or a comment."""
        sheet = f"{self._sheet}, " if self._sheet else ""
        for cells in lines:
            self._at += 1
            line = (self._sheet, self._at - 1)
            row = Row(f"{sheet}row {self._at}", line=line, columns=self._columns)
            for column in self._columns:
                value = cells[column.at] if column.at < len(cells) else ""
                if value != "":
                    where = f"{column.before}{self._at}{column.after}"
                    row.add(column.name, value, where, column.at)
            if row.cells and not str(cells[0]).startswith("#"):
                yield row

    def _fields(self) -> set[str]:
        return {column.name for column in self._columns}

    def _column(self, at: int, name: str, title: str) -> _Column:
        """Return a column whose cells say where they are as the person would look for them."""
        letters = _letters(at)
        if self._style == "cell":
            return _Column(at, name, f"{self._sheet} {letters}", f" ({title})")
        return _Column(at, name, "row ", f", column {letters} ({title})")


@dataclass(frozen=True, slots=True)
class _Column:
    """A column we use: the field it holds, and what stands about a row's number in its places."""

    at: int
    name: str
    before: str
    after: str


def _letters(at: int) -> str:
    """Return a column's name as spreadsheets write it: 0 -> A, 26 -> AA."""
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
