"""The mapping: which cell of a commissioner's workbook is filled with which figure, as a TOML file.

The window writes it and a person can read and change it. `resources/returns/own-workbook/
MAPPING.md` explains every part with examples; in short:

    format = "return-mapping/1"
    name = "Quarterly return to the commissioner"

    [[fill]]                             # one cell
    sheet = "Q2 return"
    cell = "D9"
    field = "line.actual"                # a word of core.returns.vocabulary
    of = "worker"                        # which budget line
    row = "Worker, community"            # the words beside it ...
    row_at = "B9"
    column = "Actual"                    # ... and above it, by which it is found again
    column_at = "D7"

    [[fill]]                             # one cell for each budget line, down
    sheet = "Q2 return"
    cells = "D8:D13"
    field = "line.actual"
    of = ["prison", "worker", ...]       # left out: every line, in the order of the book
    rows = ["Worker, prison", "Worker, community", ...]
    row_at = "B8"
    column = "Actual"
    column_at = "D7"

    [template]                           # what the file looked like, to see what is new in the next
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from fundtrack.core.errors import KnownError, Problem, RefusedError
from fundtrack.core.returns.vocabulary import field as field_named
from fundtrack.core.returns.vocabulary import nearest
from fundtrack.exchange.workbook.own.labels import Anchor
from fundtrack.exchange.workbook.own.places import Area, Place, area_of, place_of
from fundtrack.exchange.workbook.own.template import RememberedSheet, Template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FORMAT = "return-mapping/1"
LARGEST_MAPPING = 5_000_000
MOST_CELLS = 100_000
Pounds = Literal["pence", "pounds", "thousands"]
"""How money is written: with its pence, in whole pounds, or in thousands of pounds."""
_SEEN = " of "


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """Cells of one sheet and the field they are filled with; `anchors` has one for each cell.

    `of` are the keys of what the field repeats for, one for each cell; for a block of cells it may
    be empty: then those of the book stand there in their order, and what is left over is emptied.
    `fixed` is text that stands there every time, in place of a field. `words` are the funder's
    words for ours.
    """

    sheet: str
    area: Area
    field: str = ""
    of: tuple[str, ...] = ()
    month: int | None = None
    fixed: str | None = None
    words: dict[str, str] | None = None
    money: Pounds = "pence"
    anchors: tuple[Anchor, ...] = ()

    @property
    def places(self) -> tuple[Place, ...]:
        """Its cells, in order."""
        return tuple(self.area.places())

    @property
    def is_block(self) -> bool:
        """Whether it fills several cells, one for each item."""
        return self.area.size > 1

    def anchor(self, at: int) -> Anchor:
        """What its cell of that number (from 0) is known by."""
        return self.anchors[at] if at < len(self.anchors) else Anchor()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """A whole mapping. `layout` names the layout whose limits and questions count, if one does."""

    name: str
    fills: tuple[Fill, ...] = ()
    template: Template | None = None
    layout: str = ""

    @property
    def cells(self) -> tuple[tuple[str, Place], ...]:
        """Every cell it fills, by sheet."""
        return tuple((fill.sheet, place) for fill in self.fills for place in fill.places)


# --- writing -----------------------------------------------------------------------------------

_HEAD = """\
# Which cell of a funder's workbook is filled with which figure. FundTrack writes this file, and it
# may be changed by hand: MAPPING.md explains each part.
"""


def mapping_to_toml(mapping: Mapping) -> str:
    """The mapping as the text of its file."""
    lines = [_HEAD, f"format = {_quoted(FORMAT)}", f"name = {_quoted(mapping.name)}"]
    if mapping.layout:
        lines.append(f"layout = {_quoted(mapping.layout)}")
    for fill in mapping.fills:
        lines += ["", "[[fill]]", *_fill_lines(fill)]
    if mapping.template is not None:
        lines += _template_lines(mapping.template)
    return "\n".join(lines) + "\n"


def _fill_lines(fill: Fill) -> Iterator[str]:
    block = fill.is_block
    yield f"sheet = {_quoted(fill.sheet)}"
    yield f"{'cells' if block else 'cell'} = {_quoted(str(fill.area))}"
    if fill.fixed is not None:
        yield f"fixed = {_quoted(fill.fixed)}"
    else:
        yield f"field = {_quoted(fill.field)}"
    if fill.of:
        yield f"of = {_listed(fill.of) if block else _quoted(fill.of[0])}"
    if fill.month is not None:
        yield f"month = {fill.month}"
    if fill.money != "pence":
        yield f"money = {_quoted(fill.money)}"
    if fill.words:
        pairs = ", ".join(f"{_quoted(ours)} = {_quoted(to)}" for ours, to in fill.words.items())
        yield f"words = {{ {pairs} }}"
    if fill.anchors:
        yield from _anchor_lines(fill.anchors)


def _anchor_lines(anchors: tuple[Anchor, ...]) -> Iterator[str]:
    first = anchors[0]
    for name in ("row", "column"):
        texts, at = [getattr(one, name) for one in anchors], getattr(first, f"{name}_at")
        if any(texts):
            same = len(set(texts)) == 1
            yield f"{name} = {_quoted(texts[0])}" if same else f"{name}s = {_listed(texts)}"
        if at is not None:
            yield f"{name}_at = {_quoted(str(at))}"
    if any(one.under for one in anchors):
        yield f"under = {_listed([one.under for one in anchors])}"
    if any(one.seen != (1, 1) for one in anchors):
        yield f"seen = {_listed([f'{n}{_SEEN}{among}' for n, among in (a.seen for a in anchors)])}"


def _template_lines(template: Template) -> Iterator[str]:
    yield ""
    yield "# What the file looked like when this was made, to show what is different in the next."
    yield "[template]"
    yield f"file = {_quoted(template.file)}"
    yield f"fingerprint = {_quoted(template.fingerprint)}"
    for sheet in template.sheets:
        yield ""
        yield "[[template.sheets]]"
        yield f"title = {_quoted(sheet.title)}"
        if sheet.state != "visible":
            yield f"state = {_quoted(sheet.state)}"
        if sheet.labels is not None:
            yield "labels = ["
            for place, text in sorted(sheet.labels.items()):
                yield f"    {_quoted(f'{place} {text}')},"
            yield "]"


def _quoted(text: str) -> str:
    """A text in quotes, as TOML has it: what JSON does, and one character it leaves."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _listed(texts: Iterable[str]) -> str:
    return f"[{', '.join(_quoted(text) for text in texts)}]"


# --- reading -----------------------------------------------------------------------------------


def read_mapping(path: Path) -> Mapping:
    """A mapping from its file.

    Raises:
        RefusedError: there are faults in it, each named with its place (`fill.3.cell`).
        KnownError: the file cannot be read.

    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_MAPPING + 1)
    except OSError as fault:
        raise KnownError(f"{path} could not be read ({fault.strerror})") from fault
    if len(data) > LARGEST_MAPPING:
        raise KnownError(f"{path.name} is larger than any mapping. Is it the file you meant?")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise KnownError(f"{path.name} is not text in UTF-8. Save it as UTF-8") from fault
    mapping, problems = mapping_from_toml(text)
    if mapping is None:
        raise RefusedError(problems)
    return mapping


def mapping_from_toml(text: str) -> tuple[Mapping | None, tuple[Problem, ...]]:
    """A mapping from its text, or every fault in it with its place (`fill.3.cell`)."""
    try:
        plain = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        return None, (Problem("mapping", f"this is not TOML: {fault}"),)
    reader = _Reader()
    mapping = reader.mapping(plain)
    return (None if reader.problems else mapping), tuple(reader.problems)


_FILL_PARTS = (
    "sheet",
    "cell",
    "cells",
    "field",
    "of",
    "month",
    "fixed",
    "words",
    "money",
    "row",
    "rows",
    "row_at",
    "column",
    "columns",
    "column_at",
    "under",
    "seen",
)


class _Reader:
    """Reads the parts of a mapping and keeps a list of what was wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def mapping(self, plain: dict[str, Any]) -> Mapping:
        self.known(plain, "", ("format", "name", "layout", "fill", "template"))
        if plain.get("format") != FORMAT:
            self.wrong("format", f"this version of FundTrack reads “{FORMAT}”")
        tables = plain.get("fill", [])
        if not isinstance(tables, list):
            self.wrong("fill", "write each as [[fill]]")
            tables = []
        found = Mapping(
            name=self.text(plain, "name", "name"),
            fills=tuple(
                fill for at, one in enumerate(tables, 1) if (fill := self.fill(one, f"fill.{at}"))
            ),
            template=self.template(plain["template"]) if "template" in plain else None,
            layout=self.text(plain, "layout", "layout"),
        )
        if sum(fill.area.size for fill in found.fills) > MOST_CELLS:
            self.wrong("fill", f"this fills more than {MOST_CELLS:,} cells")
            return replace(found, fills=())
        self.twice(found)
        return found

    def twice(self, mapping: Mapping) -> None:
        seen: dict[tuple[str, Place], int] = {}
        for number, fill in enumerate(mapping.fills, 1):
            for place in fill.places:
                before = seen.setdefault((fill.sheet, place), number)
                if before != number:
                    self.wrong(f"fill.{number}", f"{fill.sheet}!{place} is filled by fill.{before}")
                    return

    def fill(self, plain: Any, path: str) -> Fill | None:  # noqa: ANN401 - a file holds anything
        if not isinstance(plain, dict):
            self.wrong(path, "write it as [[fill]], with what it fills below")
            return None
        self.known(plain, f"{path}.", _FILL_PARTS)
        area = self.area(plain, path)
        if area is None:
            return None
        money = self.text(plain, "money", f"{path}.money") or "pence"
        if money not in get_args(Pounds):
            self.wrong(f"{path}.money", f"write one of {', '.join(get_args(Pounds))}")
        fixed = self.text(plain, "fixed", f"{path}.fixed") if "fixed" in plain else None
        return Fill(
            sheet=self.text(plain, "sheet", f"{path}.sheet", needed=True),
            area=area,
            field=self.field(plain, path),
            of=self.texts(plain, "of", f"{path}.of", area.size),
            month=self.month(plain, path),
            fixed=fixed,
            words=self.words(plain, path),
            money=cast("Pounds", money),
            anchors=self.anchors(plain, path, area),
        )

    def area(self, plain: dict[str, Any], path: str) -> Area | None:
        if ("cell" in plain) == ("cells" in plain):
            self.wrong(path, "say which cell, or which cells: cell = “D9”, or cells = “D8:D13”")
            return None
        name = "cell" if "cell" in plain else "cells"
        text = self.text(plain, name, f"{path}.{name}")
        place = place_of(text)
        area = Area(*place, *place) if place else area_of(text) if name == "cells" else None
        if area is None or area.size > MOST_CELLS:
            what = "a cell" if name == "cell" else "a row or column of cells"
            self.wrong(f"{path}.{name}", f"“{text}” is not {what}")
            return None
        if area.top != area.bottom and area.left != area.right:
            self.wrong(f"{path}.{name}", f"{text} is a block; write its rows or columns one by one")
            return None
        return area

    def field(self, plain: dict[str, Any], path: str) -> str:
        if ("field" in plain) == ("fixed" in plain):
            self.wrong(path, "say which field fills it, or the fixed text")
            return ""
        name = self.text(plain, "field", f"{path}.field")
        if name and field_named(name) is None:
            near = nearest(name)
            meant = f". Is “{near}” meant?" if near else ""
            self.wrong(f"{path}.field", f"there is no field “{name}”{meant}")
        return name

    def month(self, plain: dict[str, Any], path: str) -> int | None:
        number = plain.get("month")
        if number is None:
            return None
        if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= 24:
            self.wrong(f"{path}.month", "write which month of the period: 1 for the first")
            return None
        return number

    def words(self, plain: dict[str, Any], path: str) -> dict[str, str] | None:
        words = plain.get("words")
        if words is None:
            return None
        if not isinstance(words, dict) or not all(isinstance(one, str) for one in words.values()):
            self.wrong(f"{path}.words", 'write { "our words" = "the funder\'s words" }')
            return None
        return words

    def anchors(self, plain: dict[str, Any], path: str, area: Area) -> tuple[Anchor, ...]:
        rows = self.labels(plain, "row", path, area.size)
        columns = self.labels(plain, "column", path, area.size)
        row_at, column_at = (self.place(plain, name, path) for name in ("row_at", "column_at"))
        under = self.texts(plain, "under", f"{path}.under", area.size)
        seen = [
            self.seen(text, f"{path}.seen")
            for text in self.texts(plain, "seen", f"{path}.seen", area.size)
        ]
        if not any((*rows, *columns)):
            return ()
        down = area.top != area.bottom
        return tuple(
            Anchor(
                row=rows[at],
                row_at=row_at and row_at.moved(at if down else 0, 0),
                column=columns[at],
                column_at=column_at and column_at.moved(0, 0 if down else at),
                under=under[at] if at < len(under) else "",
                seen=seen[at] if at < len(seen) else (1, 1),
            )
            for at in range(area.size)
        )

    def labels(self, plain: dict[str, Any], name: str, path: str, size: int) -> tuple[str, ...]:
        """The words beside (or above) each cell: one text for all, or one for each."""
        if f"{name}s" in plain:
            found = self.texts(plain, f"{name}s", f"{path}.{name}s", size)
            return (*found, *[""] * (size - len(found)))
        return (self.text(plain, name, f"{path}.{name}"),) * size

    def seen(self, text: str, path: str) -> tuple[int, int]:
        number, _, among = text.partition(_SEEN)
        if number.isdecimal() and among.isdecimal() and 1 <= int(number) <= int(among):
            return int(number), int(among)
        self.wrong(path, f"“{text}” should read like “1{_SEEN}2”")
        return 1, 1

    def place(self, plain: dict[str, Any], name: str, path: str) -> Place | None:
        text = self.text(plain, name, f"{path}.{name}")
        place = place_of(text)
        if text and place is None:
            self.wrong(f"{path}.{name}", f"“{text}” is not a cell")
        return place

    def template(self, plain: Any) -> Template | None:  # noqa: ANN401 - as above
        if not isinstance(plain, dict):
            self.wrong("template", "write it as [template]")
            return None
        self.known(plain, "template.", ("file", "fingerprint", "sheets"))
        sheets = plain.get("sheets", [])
        if not isinstance(sheets, list) or not all(isinstance(one, dict) for one in sheets):
            self.wrong("template.sheets", "write each as [[template.sheets]]")
            return None
        return Template(
            self.text(plain, "file", "template.file"),
            tuple(self.sheet(one, f"template.sheets.{at}") for at, one in enumerate(sheets, 1)),
        )

    def sheet(self, plain: dict[str, Any], path: str) -> RememberedSheet:
        self.known(plain, f"{path}.", ("title", "state", "labels"))
        labels = None
        if "labels" in plain:
            labels = {}
            for text in self.texts(plain, "labels", f"{path}.labels", MOST_CELLS):
                cell, _, said = text.partition(" ")
                place = place_of(cell)
                if place is None:
                    self.wrong(f"{path}.labels", f"“{text[:40]}” should begin with a cell")
                else:
                    labels[place] = said
        state = self.text(plain, "state", f"{path}.state") or "visible"
        return RememberedSheet(self.text(plain, "title", f"{path}.title"), state, labels)

    # --- small parts ---------------------------------------------------------------------------

    def known(self, plain: dict[str, Any], path: str, names: tuple[str, ...]) -> None:
        for name in plain.keys() - set(names):
            self.wrong(f"{path}{name}", f"is not known here. Known are: {', '.join(names)}")

    def text(self, plain: dict[str, Any], name: str, path: str, *, needed: bool = False) -> str:
        value = plain.get(name, "")
        if isinstance(value, str):
            if needed and not value:
                self.wrong(path, "is missing")
            return value
        self.wrong(path, "write it in quotes")
        return ""

    def texts(self, plain: dict[str, Any], name: str, path: str, most: int) -> tuple[str, ...]:
        value = plain.get(name, [])
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or not all(isinstance(one, str) for one in texts):
            self.wrong(path, 'write texts in quotes: "one", or ["one", "two"]')
            return ()
        if len(texts) > most:
            self.wrong(path, f"there are {len(texts)} of them for {most} cells")
            return ()
        return tuple(texts)

    def wrong(self, path: str, says: str) -> None:
        self.problems.append(Problem(path, says))
