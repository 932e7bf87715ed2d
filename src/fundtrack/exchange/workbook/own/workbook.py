"""The commissioner's workbook as it was sent: its sheets, names and lists, and what to know of it.

Nothing in it is run, fetched or worked out. It is kept in memory as it was read; writing makes a
new file (see `filling`), and the one that was sent is never touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple, cast
from urllib.parse import unquote

from fundtrack.core.errors import KnownError
from fundtrack.core.words import count
from fundtrack.exchange.workbook.own import parts
from fundtrack.exchange.workbook.own.archive import damaged
from fundtrack.exchange.workbook.own.cells import Barrier, Surface
from fundtrack.exchange.workbook.own.places import Area, areas_of
from fundtrack.exchange.workbook.own.sheet import Sheet, sheet_of
from fundtrack.exchange.workbook.own.styles import Style, strings_of, styles_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml import etree

    from fundtrack.exchange.workbook.own.archive import Archive

State = Literal["visible", "hidden", "veryHidden"]
GRID = "worksheet"


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A sheet in the order of its tabs. Only one whose `kind` is `worksheet` has cells to fill."""

    title: str
    state: State
    kind: str
    part: str

    @property
    def fillable(self) -> bool:
        """Whether a cell of it may be filled at all."""
        return self.kind == GRID and self.state == "visible"


class Name(NamedTuple):
    """A name the workbook gives to cells; `sheet` is the title of the one sheet it holds on."""

    name: str
    means: str
    sheet: str | None


class Table(NamedTuple):
    """A table of the workbook: its cells, headings included, and the names of its columns."""

    name: str
    sheet: str
    area: Area
    headings: int
    columns: tuple[str, ...]


class Workbook:
    """A workbook opened for filling. Sheets are read when they are first asked for.

    `kind` is the ending its file must have: `.xlsx`, or `.xlsm` when it holds macros. `path` is
    where it was read from, None if it was not read from a file.
    """

    def __init__(self, archive: Archive, part: str, kind: Literal[".xlsx", ".xlsm"]) -> None:
        self.archive = archive
        self.path: Path | None = None
        self.part = part
        self.kind = kind
        self._root = parts.parsed(archive, part)
        self._links = parts.links(archive, part)
        self._sheets: dict[str, Sheet] = {}
        self.sheets = tuple(self._entries())
        if not self.sheets:
            raise damaged(archive.name, "it has no sheets")

    @property
    def name(self) -> str:
        """What the file is called."""
        return self.archive.name

    @cached_property
    def since_1904(self) -> bool:
        """Whether its days are counted from 1904, as files begun on older Macs count them."""
        found = parts.first(self._root, "workbookPr")
        return found is not None and parts.is_true(found.get("date1904"))

    @cached_property
    def styles(self) -> tuple[Style, ...]:
        """Its cell styles by number."""
        return styles_of(self._linked("styles"))

    @cached_property
    def strings(self) -> tuple[str, ...]:
        """The texts its cells share."""
        return strings_of(self._linked("sharedStrings"))

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """The names it gives to cells, those of one sheet first."""
        found = []
        for element in parts.under(self._root, "definedNames", "definedName"):
            at = element.get("localSheetId")
            entries = [one.title for one in self.sheets]
            place = parts.whole(at, -1)
            sheet = entries[place] if 0 <= place < len(entries) else None
            if at is None or sheet is not None:
                means = parts.text_of(element).strip()
                found.append(Name(element.get("name", ""), means, sheet))
        return tuple(sorted(found, key=lambda name: name.sheet is None))

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """Its tables."""
        return tuple(
            table
            for entry in self.sheets
            if entry.kind == GRID
            for link in parts.links(self.archive, entry.part)
            if link.kind == "table" and not link.external
            for table in _tables(parts.parsed(self.archive, link.target), entry.title)
        )

    def entry(self, title: str) -> SheetEntry | None:
        """The sheet of that title, or None. Titles differ by more than their case."""
        wanted = title.casefold()
        return next((one for one in self.sheets if one.title.casefold() == wanted), None)

    def sheet(self, title: str) -> Sheet:
        """A sheet's cells. Raises KnownError for a title it lacks, and for a sheet of no cells."""
        entry = self.entry(title)
        if entry is None or entry.kind != GRID:
            titles = ", ".join(f"“{one.title}”" for one in self.sheets if one.kind == GRID)
            raise KnownError(
                f"{self.name} has no sheet of cells called “{title}”. It has: {titles}"
            )
        if entry.title not in self._sheets:
            root = parts.parsed(self.archive, entry.part)
            about = self.surface(tuple(self._barriers(entry)))
            self._sheets[entry.title] = sheet_of(root, entry.title, entry.state, about)
        return self._sheets[entry.title]

    def surface(self, barriers: tuple[Barrier, ...] = ()) -> Surface:
        """What lies about the cells of a sheet in other parts of the file."""
        return Surface(self.styles, self.strings, self.since_1904, barriers)

    @cached_property
    def remarks(self) -> tuple[str, ...]:
        """What a person should know of the file before filling it, one sentence each."""
        found = [*self._remarks_on_links()]
        if self.kind == ".xlsm":
            found.append("It holds macros. They are kept, and were not run")
        calculation = parts.first(self._root, "calcPr")
        if calculation is not None and calculation.get("calcMode") == "manual":
            found.append("It works out its formulas only when asked: press F9 in Excel")
        hidden = [one for one in self.sheets if one.state != "visible"]
        if hidden:
            found.append(f"{count(len(hidden), 'hidden sheet')} left alone".capitalize())
        return tuple(found)

    def _remarks_on_links(self) -> Iterator[str]:
        links = [link for link in self._links if link.kind == "externalLink" and not link.external]
        targets = [
            unquote(link.target.rpartition("/")[2].rpartition("\\")[2])
            for part in links
            for link in parts.links(self.archive, part.target)
            if link.external
        ]
        if links:
            named = f" ({', '.join(dict.fromkeys(targets))})" if targets else ""
            yield (
                f"It has {count(len(links), 'link')} to other workbooks{named}. They are kept, and "
                "nothing was fetched"
            )
        if any(link.kind == "connections" for link in self._links):
            yield "It can fetch figures from elsewhere. That is kept, and nothing was fetched"

    # --- what it is made of ----------------------------------------------------------------------

    def _entries(self) -> Iterator[SheetEntry]:
        targets = {link.id: link for link in self._links}
        for element in parts.under(self._root, "sheets", "sheet"):
            link = targets.get(parts.link_id(element))
            if link is None or link.external or link.target not in self.archive:
                raise damaged(self.name, f"its sheet “{element.get('name', '')}” is missing")
            state = element.get("state", "visible")
            known = state if state in ("hidden", "veryHidden") else "visible"
            yield SheetEntry(element.get("name", ""), cast("State", known), link.kind, link.target)

    def _linked(self, kind: str) -> etree._Element | None:
        link = next((link for link in self._links if link.kind == kind), None)
        if link is None or link.external or link.target not in self.archive:
            return None
        return parts.parsed(self.archive, link.target)

    def _barriers(self, entry: SheetEntry) -> Iterator[Barrier]:
        """The cells whose words other parts of the file hold too, and must agree with."""
        for table in self.tables:
            if table.sheet == entry.title and table.headings:
                bottom = table.area.top + table.headings - 1
                area = table.area._replace(bottom=bottom)
                says = f"is a heading of the table “{table.name}”, which goes by its words"
                yield Barrier(area, "fixed", says)
        for link in parts.links(self.archive, entry.part):
            if link.kind == "pivotTable" and not link.external:
                root = parts.parsed(self.archive, link.target)
                for location in parts.children(root, "location"):
                    for area in areas_of(location.get("ref", "")):
                        yield Barrier(area, "fixed", "is part of a pivot table, which fills itself")


def _tables(root: etree._Element, sheet: str) -> Iterator[Table]:
    for area in areas_of(root.get("ref", "")):
        columns = tuple(
            one.get("name", "") for one in parts.under(root, "tableColumns", "tableColumn")
        )
        name = root.get("displayName") or root.get("name") or ""
        yield Table(name, sheet, area, parts.whole(root.get("headerRowCount"), 1), columns)
