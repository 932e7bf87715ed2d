"""What a drop-down offers: written out, or kept in cells of this sheet or another, or under a name.

A list that another cell's answer chooses (`INDIRECT`) is followed as far as its formula only joins
and replaces text. A list that cannot be followed is said to be unknown: nothing is then written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from fundtrack.exchange.workbook.grid import letter
from fundtrack.exchange.workbook.own.numbers import shown
from fundtrack.exchange.workbook.own.places import Area, Place, area_of, column_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fundtrack.exchange.workbook.own.numbers import Value
    from fundtrack.exchange.workbook.own.rules import Rule
    from fundtrack.exchange.workbook.own.workbook import Workbook

_REFERENCE = re.compile(
    r"(?:(?P<sheet>'(?:[^']|'')+'|[^\s'!(),&\"\[\]]+)!)?"
    r"(?P<cells>\$?[A-Za-z]{1,3}\$?[0-9]{1,7}(?::\$?[A-Za-z]{1,3}\$?[0-9]{1,7})?"
    r"|\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3})"
)
_CELL = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]{1,7})")
_NAME = re.compile(r"[^\W\d][\w.\\?]*")
_COLUMN = re.compile(r"(?P<table>[^\W\d][\w.\\]*)\[(?:#Data\s*,\s*)?\[?(?P<column>[^\[\]]+)\]?\]")
_TEXT = re.compile(r'"((?:[^"]|"")*)"')
_CALL = re.compile(r"([A-Z]+)\(", re.IGNORECASE)
_DEEPEST = 20
_MANY = 20_000


class Choices(NamedTuple):
    """What a drop-down offers, in its order; or `unknown`, the reason nobody can tell."""

    values: tuple[Value, ...]
    unknown: str = ""

    def match(self, value: Value) -> Value:
        """The listed value that is meant, in the list's own spelling; None if none is.

        Case and blanks at the ends do not count, for nobody sees them; anything else does.
        """
        if value in self.values:
            return value
        plain = _plain(value)
        alike = [one for one in self.values if _plain(one) == plain]
        return alike[0] if len(set(alike)) == 1 else None


class _UnknownError(Exception):
    """A list that cannot be followed; says why."""


def _plain(value: Value) -> str:
    return " ".join(shown(value).split()).casefold()


def choices(
    workbook: Workbook,
    sheet: str,
    place: Place,
    after: Mapping[tuple[str, Place], Value],
) -> Choices | None:
    """What a cell's drop-down offers, or None if it has none.

    `after` is what other cells are about to hold, for lists that depend on them.
    """
    rule = workbook.sheet(sheet).rule(place)
    if rule is None or rule.kind != "list":
        return None
    following = _Following(workbook, after)
    try:
        return Choices(tuple(following.listed(rule.first, _Standing(sheet, place, rule.base))))
    except _UnknownError as unknown:
        return Choices((), str(unknown))


def offered(workbook: Workbook, sheet: str, rule: Rule) -> Choices:
    """What a rule offers in its first cell, as the file stands."""
    found = choices(workbook, sheet, rule.base, {})
    return found or Choices((), "it is not a list")


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where a formula stands, and the cell it was written for: relative addresses move along."""

    sheet: str
    place: Place
    base: Place

    def moved(self, cells: str) -> Area:
        """The block an address means here."""

        def move(found: re.Match[str]) -> str:
            column, row = column_of(found[2]), int(found[4])
            column += 0 if found[1] else self.place.column - self.base.column
            row += 0 if found[3] else self.place.row - self.base.row
            return f"{letter(max(column, 1))}{max(row, 1)}"

        area = area_of(_CELL.sub(move, cells).replace("$", ""))
        if area is None:
            raise _UnknownError(f"its list {cells} is no block of cells")
        return area


class _Following:
    """Follows a list's formula to the values it offers."""

    def __init__(self, workbook: Workbook, after: Mapping[tuple[str, Place], Value]) -> None:
        self.workbook = workbook
        self.after = after
        self.depth = 0

    def listed(self, formula: str, here: _Standing) -> Iterator[Value]:
        """The values a list's formula offers."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _UnknownError("its list goes round in a circle")
        text = formula.strip().removeprefix("=").strip()
        if quoted := _TEXT.fullmatch(text):
            yield from (part.strip() for part in quoted[1].replace('""', '"').split(",") if part)
        elif found := _REFERENCE.fullmatch(text):
            yield from self.in_cells(self.sheet(found["sheet"], here), here.moved(found["cells"]))
        elif found := _COLUMN.fullmatch(text):
            yield from self.in_table(found["table"], found["column"].strip())
        elif _NAME.fullmatch(text):
            yield from self.named(text, here)
        elif (inside := _argument(text, "INDIRECT")) is not None:
            # The text it makes is read as it stands: it no longer moves with the cell.
            meant = self.text(inside, here)
            yield from self.listed(meant, _Standing(here.sheet, here.place, here.place))
        else:
            raise _UnknownError(_not_followed(text))

    def in_cells(self, sheet: str, area: Area) -> Iterator[Value]:
        places: Iterable[Place] = area.places()
        if area.size > _MANY:
            places = [place for place in self.workbook.sheet(sheet).cells if area.holds(place)]
        for place in places:
            value = self.value(sheet, place)
            if value is not None and value != "":
                yield value

    def in_table(self, name: str, column: str) -> Iterator[Value]:
        for table in self.workbook.tables:
            if table.name.casefold() == name.casefold() and column in table.columns:
                at = table.area.left + table.columns.index(column)
                top = table.area.top + table.headings
                yield from self.in_cells(table.sheet, Area(top, at, table.area.bottom, at))
                return
        raise _UnknownError(f"its list {name}[{column}] is not in the workbook")

    def named(self, name: str, here: _Standing) -> Iterator[Value]:
        for known in self.workbook.names:
            if known.name.casefold() == name.casefold() and known.sheet in (None, here.sheet):
                base = _Standing(known.sheet or here.sheet, here.place, Place(1, 1))
                yield from self.listed(known.means, base)
                return
        for table in self.workbook.tables:
            if table.name.casefold() == name.casefold():
                top = table.area.top + table.headings
                yield from self.in_cells(table.sheet, table.area._replace(top=top))
                return
        raise _UnknownError(f"its list “{name}” is not in the workbook")

    def sheet(self, written: str | None, here: _Standing) -> str:
        if written is None:
            return here.sheet
        title = written[1:-1].replace("''", "'") if written.startswith("'") else written
        entry = self.workbook.entry(title)
        if entry is None or entry.kind != "worksheet":
            raise _UnknownError(f"its list is on a sheet “{title}”, which is not there")
        return entry.title

    def value(self, sheet: str, place: Place) -> Value:
        if (sheet, place) in self.after:
            return self.after[sheet, place]
        return self.workbook.sheet(sheet).cell(place).value

    def text(self, formula: str, here: _Standing) -> str:
        """What a formula that only joins and replaces text comes to."""
        said = ""
        for part in _split(formula, "&"):
            found = _REFERENCE.fullmatch(part)
            if quoted := _TEXT.fullmatch(part):
                said += quoted[1].replace('""', '"')
            elif found and ":" not in found["cells"]:
                sheet = self.sheet(found["sheet"], here)
                said += shown(self.value(sheet, here.moved(found["cells"]).first))
            elif (inside := _argument(part, "SUBSTITUTE")) is not None:
                whole, old, new = self.three(inside, here)
                said += whole.replace(old, new) if old else whole
            else:
                raise _UnknownError(_not_followed(part))
        return said

    def three(self, arguments: str, here: _Standing) -> tuple[str, str, str]:
        texts = [self.text(part, here) for part in _split(arguments, ",")]
        if len(texts) != 3:
            raise _UnknownError(_not_followed(f"SUBSTITUTE({arguments})"))
        return texts[0], texts[1], texts[2]


def _not_followed(text: str) -> str:
    if "#REF!" in text:
        return "its list has gone: the cells it was in were removed"
    if "[" in text:
        return "its list is in another workbook"
    return f"its list is worked out by a formula that cannot be followed here ({text[:60]})"


def _argument(text: str, function: str) -> str | None:
    """What stands between the brackets of a call that is the whole text, or None."""
    called = _CALL.match(text)
    if called is None or called[1].upper() != function or not text.endswith(")"):
        return None
    inside = text[called.end() : -1]
    return inside if _balanced(inside) else None


def _balanced(text: str) -> bool:
    depth = 0
    for one in _TEXT.sub("", text):
        depth += {"(": 1, ")": -1}.get(one, 0)
        if depth < 0:
            return False
    return depth == 0


def _split(text: str, mark: str) -> list[str]:
    """The parts of a formula between marks that are in no quotes and no brackets."""
    found, depth, quoted = [""], 0, False
    for one in text:
        quoted = quoted != (one == '"')
        depth += 0 if quoted else {"(": 1, ")": -1}.get(one, 0)
        if one == mark and not quoted and not depth:
            found.append("")
        else:
            found[-1] += one
    return [part.strip() for part in found]
