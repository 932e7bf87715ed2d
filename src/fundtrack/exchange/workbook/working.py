"""Works a sheet's formulas out, so that a return's live sums are proved to be the app's figures.

Only what our own layouts use: sums of cells and areas, comparisons, text, and a dozen functions. A
formula with anything else is not guessed at: it raises `UnknownFormulaError`, which says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING, Any

from fundtrack.core.money import round_half_up

if TYPE_CHECKING:
    from fundtrack.exchange.workbook.grid import Grid, Value

Result = Decimal | str | bool | None
_EPOCH = date(1899, 12, 30).toordinal()
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>"(?:[^"]|"")*")
  | (?P<number>\d+(?:\.\d*)?)
  | (?P<ref>(?:(?:'[^']+'|[A-Za-z_][\w.]*)!)?\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?(?![\w(]))
  | (?P<call>[A-Z]+)\(
  | (?P<name>[A-Za-z_]\w*)
  | (?P<sign><>|<=|>=|[-+*/&=<>(),])
)""",
    re.VERBOSE,
)
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)")
_ORDERS: tuple[tuple[str, ...], ...] = (
    ("=", "<>", "<=", ">=", "<", ">"),
    ("&",),
    ("+", "-"),
    ("*", "/"),
)


class UnknownFormulaError(Exception):
    """A formula that cannot be worked out here; says which and why."""


class Working:
    """Works out the cells of a workbook's sheets; `names` are its defined names."""

    def __init__(self, grids: Iterable[Grid], names: Mapping[str, str]) -> None:
        self._grids = {grid.title: grid for grid in grids}
        self._names = names
        self._known: dict[tuple[str, int, int], Result] = {}

    def cell(self, title: str, row: int, column: int) -> Result:
        """What a cell comes to. Raises UnknownFormulaError."""
        at = (title, row, column)
        if at not in self._known:
            self._known[at] = None  # a circle counts as blank, and then differs
            grid = self._grids.get(title)
            found = None if grid is None else grid.rows.get(row, {}).get(column)
            if found is not None:
                formula = found.formula
                self._known[at] = self._of(formula, title) if formula else plain(found.value)
        return self._known[at]

    def _of(self, formula: str, title: str) -> Result:
        parts = _parts(formula)
        tree, rest = _tree(parts, 0)
        if rest != len(parts):
            raise UnknownFormulaError(f"{formula} cannot be worked out here")
        return self._single(self._value(tree, title))

    def _value(self, tree: Any, title: str) -> Any:  # noqa: ANN401 - a value or an area of them
        kind, *inner = tree
        match kind:
            case "value":
                return inner[0]
            case "ref":
                return self._area(inner[0], title)
            case "name":
                if inner[0] not in self._names:
                    raise UnknownFormulaError(f"there is no name {inner[0]}")
                return self._area(self._names[inner[0]], title)
            case "minus":
                return -number(self._single(self._value(inner[0], title)))
            case "call":
                return self._call(inner[0], inner[1], title)
            case _:
                left, right = (self._single(self._value(part, title)) for part in inner)
                return _joined(kind, left, right)

    def _area(self, ref: str, title: str) -> list[Result]:
        sheet, mark, cells = ref.rpartition("!")
        where = sheet.strip("'") if mark else title
        corners = [(column_of(found[1]), int(found[2])) for found in _CELL.finditer(cells)]
        (left, top), (right, bottom) = corners[0], corners[-1]
        return [
            self.cell(where, row, column)
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        ]

    def _single(self, value: Any) -> Result:  # noqa: ANN401
        if isinstance(value, list):
            if len(value) != 1:
                raise UnknownFormulaError("an area stands where one cell is wanted")
            return value[0]  # type: ignore[no-any-return]  # an area is of results
        return value  # type: ignore[no-any-return]  # so is anything else

    def _call(self, name: str, parts: list[Any], title: str) -> Any:  # noqa: ANN401
        if name == "IF":
            test = self._single(self._value(parts[0], title))
            return self._value(parts[1 if _true(test) else 2], title)
        function = _FUNCTIONS.get(name)
        if function is None:
            raise UnknownFormulaError(f"{name} is not worked out here")
        values = [self._value(part, title) for part in parts]
        if name in ("SUM", "COUNTIF", "SUMIF", "MAX"):
            return function(*(each if isinstance(each, list) else [each] for each in values))
        return function(*map(self._single, values))


def plain(value: Value) -> Result:
    """A cell's value as a formula meets it: a day is its number."""
    match value:
        case date():
            return Decimal(value.toordinal() - _EPOCH)
        case int():
            return Decimal(value)
        case _:
            return value


def number(value: Result) -> Decimal:
    """A value as a number; a blank is 0. Raises UnknownFormulaError for text."""
    if isinstance(value, str):
        raise UnknownFormulaError(f"“{value}” stands where a number is wanted")
    return Decimal(0) if value is None else Decimal(value)


def column_of(letters: str) -> int:
    """The number of a column by its letters: A is 1."""
    return reduce(lambda so_far, each: so_far * 26 + ord(each) - ord("A") + 1, letters, 0)


# --- reading -----------------------------------------------------------------------------------


def _parts(formula: str) -> list[tuple[str, str]]:
    parts, at = [], 0
    while at < len(formula):
        found = _TOKEN.match(formula, at)
        if found is None:
            raise UnknownFormulaError(f"{formula} cannot be worked out here")
        kind = str(found.lastgroup)
        parts.append((kind, found[kind]))
        at = found.end()
    return parts


def _tree(parts: list[tuple[str, str]], at: int, order: int = 0) -> tuple[Any, int]:
    if order == len(_ORDERS):
        return _primary(parts, at)
    left, at = _tree(parts, at, order + 1)
    while at < len(parts) and parts[at][0] == "sign" and parts[at][1] in _ORDERS[order]:
        right, after = _tree(parts, at + 1, order + 1)
        left, at = (parts[at][1], left, right), after
    return left, at


def _primary(parts: list[tuple[str, str]], at: int) -> tuple[Any, int]:
    if at >= len(parts):
        raise UnknownFormulaError("a formula ends too soon")
    kind, text = parts[at]
    match kind, text:
        case "text", _:
            return ("value", text[1:-1].replace('""', '"')), at + 1
        case "number", _:
            return ("value", Decimal(text)), at + 1
        case "ref" | "name", _:
            return (kind, text), at + 1
        case "sign", "-":
            inner, at = _primary(parts, at + 1)
            return ("minus", inner), at
        case "sign", "(":
            inner, at = _tree(parts, at + 1)
            return inner, at + 1
        case "call", _:
            return _arguments(parts, at)
    raise UnknownFormulaError(f"{text} stands where it cannot be worked out")


def _arguments(parts: list[tuple[str, str]], at: int) -> tuple[Any, int]:
    name, given = parts[at][1], []
    at += 1
    while at < len(parts) and parts[at] != ("sign", ")"):
        inner, at = _tree(parts, at)
        given.append(inner)
        if at < len(parts) and parts[at] == ("sign", ","):
            at += 1
    return ("call", name, given), at + 1


# --- working out -------------------------------------------------------------------------------


def _joined(sign: str, left: Result, right: Result) -> Result:
    match sign:
        case "+":
            return number(left) + number(right)
        case "-":
            return number(left) - number(right)
        case "*":
            return number(left) * number(right)
        case "/":
            if not number(right):
                raise UnknownFormulaError("something is divided by nothing")
            return number(left) / number(right)
        case "&":
            return _text(left) + _text(right)
        case _:
            return _compared(sign, left, right)


def _compared(sign: str, left: Result, right: Result) -> bool:
    one, other = _alike(left, right), _alike(right, left)
    if isinstance(one, str) != isinstance(other, str):  # a text is above every number
        below = isinstance(other, str)
        return {"=": False, "<>": True}.get(sign, below == sign.startswith("<"))
    if isinstance(one, str) and isinstance(other, str):
        one, other = one.casefold(), other.casefold()
    tests: dict[str, Callable[[Any, Any], bool]] = {
        "=": lambda a, b: a == b,
        "<>": lambda a, b: a != b,
        "<": lambda a, b: a < b,
        ">": lambda a, b: a > b,
        "<=": lambda a, b: a <= b,
        ">=": lambda a, b: a >= b,
    }
    return tests[sign](one, other)


def _alike(value: Result, beside: Result) -> Result:
    """A blank counts as what it is compared with: no text, or nought."""
    if value is not None:
        return value
    return "" if isinstance(beside, str) else Decimal(0)


def _true(value: Result) -> bool:
    return value if isinstance(value, bool) else bool(number(value))


def _text(value: Result) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else str(value)


def _rounded(value: Result, places: Result) -> Decimal:
    scale = Decimal(10) ** int(number(places))
    numerator, denominator = (number(value) * scale).as_integer_ratio()
    return Decimal(round_half_up(numerator, denominator)) / scale


def _numbers(areas: Iterable[list[Result]]) -> list[Decimal]:
    return [
        each
        for area in areas
        for each in area
        if isinstance(each, Decimal) and not isinstance(each, bool)
    ]


def _sum_if(keys: list[Result], wanted: list[Result], sums: list[Result]) -> Decimal:
    some = wanted[0] == "?*"
    chosen = [
        each
        for key, each in zip(keys, sums, strict=True)
        if (isinstance(key, str) and key != "" if some else key == wanted[0])
    ]
    return sum(_numbers([chosen]), Decimal(0))


_FUNCTIONS: dict[str, Callable[..., Result]] = {
    "SUM": lambda *areas: sum(_numbers(areas), Decimal(0)),
    "MAX": lambda *areas: max(_numbers(areas), default=Decimal(0)),
    "ROUND": _rounded,
    "ABS": lambda value: abs(number(value)),
    "AND": lambda *values: all(map(_true, values)),
    "OR": lambda *values: any(map(_true, values)),
    "LEN": lambda value: Decimal(len(_text(value))),
    "TRIM": lambda value: " ".join(filter(None, _text(value).split(" "))),
    "SUBSTITUTE": lambda value, old, new: _text(value).replace(_text(old), _text(new)),
    "CHAR": lambda value: chr(int(number(value))),
    "COUNTIF": lambda area, wanted: Decimal(sum(each == wanted[0] for each in area)),
    "SUMIF": _sum_if,
}
