"""How a return is laid out: its sheets, columns, words and limits, read from a TOML text.

A layout is data, so that a charity can copy one and change it without touching code. The names a
column or field may carry are those of `FINANCE`, `POSTS`, `NOTES`, `CHECKS` and `COVER` below.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Literal

from fundtrack.core.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Kind = Literal["text", "money", "percent", "number", "date", "count"]
Who = Literal["auto", "enter", "blank"]
Place = Literal["left", "right", "below"]
SheetKind = Literal["cover", "finance", "posts", "notes", "checks"]

FINANCE: dict[str, Kind] = {
    "code": "text",
    "heading": "text",
    "line": "text",
    "approved": "money",
    "version": "text",
    "year_budget": "money",
    "profile": "money",
    "actual": "money",
    "variance": "money",
    "variance_percent": "percent",
    "actual_ytd": "money",
    "profile_ytd": "money",
    "variance_ytd": "money",
    "variance_ytd_percent": "percent",
    "earlier": "money",
    "committed": "money",
    "remaining": "money",
    "outturn": "money",
    "outturn_variance": "money",
    "note_ref": "text",
}
POSTS: dict[str, Kind] = {
    "post": "text",
    "role": "text",
    "service": "text",
    "status": "text",
    "fte": "number",
    "share": "percent",
    "start": "date",
    "end": "date",
    "months": "number",
    "cost": "money",
    "vacancy_weeks": "number",
    "comment": "text",
}
NOTES: dict[str, Kind] = {
    "note_ref": "text",
    "code": "text",
    "line": "text",
    "variance": "money",
    "variance_percent": "percent",
    "note": "text",
    "length": "count",
}
CHECKS: dict[str, Kind] = {
    "rule": "text",
    "level": "text",
    "says": "text",
    "figure_a": "money",
    "figure_b": "money",
    "difference": "money",
    "cell": "text",
    "explained_by": "text",
}
COVER: dict[str, Kind] = {
    "organisation": "text",
    "charity_number": "text",
    "company_number": "text",
    "ukprn": "text",
    "funder": "text",
    "ultimate_source": "text",
    "programme": "text",
    "project": "text",
    "agreement_ref": "text",
    "start": "date",
    "end": "date",
    "year_of_grant": "text",
    "period": "text",
    "period_from": "date",
    "period_to": "date",
    "year_from": "date",
    "year_to": "date",
    "return_number": "count",
    "due": "date",
    "submitted": "date",
    "prepared_by": "text",
    "approved_by": "text",
    "awarded": "money",
    "varied_to": "money",
    "received": "money",
    "claimed": "money",
    "as_at": "date",
    "checks": "text",
    "declared_role": "text",
    "declared_on": "date",
}
VOCABULARY: dict[str, dict[str, Kind]] = {
    "cover": COVER,
    "finance": FINANCE,
    "posts": POSTS,
    "notes": NOTES,
    "checks": CHECKS,
}
_WHO = ("auto", "enter", "blank")
_TOTALS = ("sum", "formula", "")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_BAD_TITLE = re.compile(r"[\[\]:*?/\\']")
_LONGEST_TITLE = 31
_PENCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When a variance needs a note (F4) and when the funder must be told (F5). Pounds are pence."""

    variance_percent: Decimal = Decimal(10)
    variance_pounds: int | None = None
    note_length: int = 20
    outturn_percent: Decimal = Decimal(2)
    outturn_pounds: int = 1000 * _PENCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table, or a field of the cover.

    `formula` is a live sum over other columns of the row, as `{profile}-{actual}`; `total` says how
    its totals come about: `sum`, by its own `formula`, or not at all.
    """

    field: str
    title: str
    kind: Kind
    width: int = 12
    who: Who = "auto"
    formula: str = ""
    total: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A block of the cover: a heading, words below it, and its fields."""

    title: str
    place: Place = "left"
    fields: tuple[Column, ...]
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet: a table of `columns`, or for the cover the `groups` of fields."""

    kind: SheetKind
    title: str
    heading: str
    says: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    groups: tuple[Group, ...] = ()
    freeze: int = 0
    empty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A whole layout; `name/version` is written into every file made with it."""

    name: str
    version: str
    title: str
    limits: Limits
    sheets: tuple[Sheet, ...]

    @property
    def template(self) -> str:
        """How the layout is named in a return's record and in the file's properties."""
        return f"{self.name}/{self.version}"


def layout_from_toml(text: str) -> tuple[Layout | None, tuple[Problem, ...]]:
    """A layout from its text, or every fault in it with its place (`sheets.1.columns.3.field`)."""
    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        return None, (Problem("layout", f"this is not TOML: {fault}"),)
    reader = _Reader()
    layout = reader.layout(plain)
    return (None if reader.problems else layout), tuple(reader.problems)


class _Reader:
    """Reads the parts of a layout and keeps a list of what was wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def layout(self, plain: dict[str, Any]) -> Layout:
        self._known(plain, "", ("name", "version", "title", "limits", "sheets"))
        name = self._text(plain, "name", "name")
        if name and not _NAME.fullmatch(name):
            self._wrong("name", "write small letters, digits and hyphens only")
        sheets = [
            self._sheet(sheet, f"sheets.{at}")
            for at, sheet in enumerate(self._tables(plain, "sheets", "sheets"))
        ]
        self._one_of_each(sheets)
        return Layout(
            name=name,
            version=self._text(plain, "version", "version"),
            title=self._text(plain, "title", "title"),
            limits=self._limits(plain.get("limits", {})),
            sheets=tuple(sheets),
        )

    def _one_of_each(self, sheets: list[Sheet]) -> None:
        for attribute in ("kind", "title"):
            seen: set[str] = set()
            for at, sheet in enumerate(sheets):
                value = getattr(sheet, attribute).casefold()
                if value in seen:
                    self._wrong(f"sheets.{at}.{attribute}", f'there are two of "{value}"')
                seen.add(value)
        if "finance" not in {sheet.kind for sheet in sheets}:
            self._wrong("sheets", "a return needs a finance sheet")

    def _limits(self, plain: Any) -> Limits:  # noqa: ANN401 (a file)
        self._known(plain, "limits.", tuple(field.name for field in fields(Limits)))
        if not isinstance(plain, dict):
            return Limits()
        values: dict[str, Any] = {}
        for name in ("variance_percent", "outturn_percent"):
            values[name] = self._number(plain, name)
        for name in ("variance_pounds", "outturn_pounds"):
            pounds = self._number(plain, name)
            values[name] = None if pounds is None else int(pounds * _PENCE)
        if "note_length" in plain:
            values["note_length"] = self._whole(plain, "note_length", "limits.note_length", 0)
        return Limits(**{name: value for name, value in values.items() if value is not None})

    def _number(self, plain: dict[str, Any], name: str) -> Decimal | None:
        if name not in plain:
            return None
        try:
            number = Decimal(plain[name] if isinstance(plain[name], str) else "")
        except InvalidOperation:
            number = Decimal(-1)
        if not number.is_finite() or number < 0:
            self._wrong(f"limits.{name}", 'expected a number in quotes, such as "10"')
            return None
        return number

    def _sheet(self, plain: dict[str, Any], path: str) -> Sheet:
        names = ("kind", "title", "heading", "says", "columns", "groups", "freeze", "empty")
        self._known(plain, f"{path}.", names)
        kind = self._choice(plain, "kind", f"{path}.kind", tuple(VOCABULARY), "cover")
        title = self._text(plain, "title", f"{path}.title")
        if len(title) > _LONGEST_TITLE or _BAD_TITLE.search(title):
            self._wrong(f"{path}.title", "at most 31 characters, without [ ] : * ? / \\ or '")
        return Sheet(
            kind=kind,  # type: ignore[arg-type]  # one of the vocabulary's
            title=title,
            heading=self._text(plain, "heading", f"{path}.heading"),
            says=self._texts(plain, f"{path}.says"),
            columns=self._columns(plain, "columns", kind, path),
            groups=tuple(
                self._group(group, kind, f"{path}.groups.{at}")
                for at, group in enumerate(self._tables(plain, "groups", f"{path}.groups"))
            ),
            freeze=self._whole(plain, "freeze", f"{path}.freeze", 0),
            empty=plain.get("empty", "") if isinstance(plain.get("empty", ""), str) else "",
        )

    def _group(self, plain: dict[str, Any], kind: str, path: str) -> Group:
        self._known(plain, f"{path}.", ("title", "place", "fields", "says"))
        place = self._choice(plain, "place", f"{path}.place", ("left", "right", "below"), "left")
        return Group(
            place=place,  # type: ignore[arg-type]  # one of the three
            title=self._text(plain, "title", f"{path}.title"),
            fields=self._columns(plain, "fields", kind, path),
            says=self._texts(plain, f"{path}.says"),
        )

    def _columns(
        self, plain: dict[str, Any], name: str, kind: str, path: str
    ) -> tuple[Column, ...]:
        columns = tuple(
            self._column(column, VOCABULARY[kind], f"{path}.{name}.{at}")
            for at, column in enumerate(self._tables(plain, name, f"{path}.{name}"))
        )
        have = {column.field for column in columns}
        for at, column in enumerate(columns):
            missing = sorted(set(fields_in(column.formula)) - have)
            if missing and name == "columns":
                self._wrong(f"{path}.{name}.{at}.formula", f'there is no column "{missing[0]}"')
        return columns

    def _column(self, plain: dict[str, Any], known: dict[str, Kind], path: str) -> Column:
        self._known(plain, f"{path}.", ("field", "title", "width", "who", "formula", "total"))
        field = self._choice(plain, "field", f"{path}.field", tuple(known), next(iter(known)))
        who = self._choice(plain, "who", f"{path}.who", _WHO, "auto")
        return Column(
            field=field,
            title=self._text(plain, "title", f"{path}.title"),
            kind=known[field],
            width=self._whole(plain, "width", f"{path}.width", 12),
            who=who,  # type: ignore[arg-type]  # one of _WHO
            formula=self._text(plain, "formula", f"{path}.formula", required=False),
            total=self._choice(plain, "total", f"{path}.total", _TOTALS, ""),
        )

    # --- the plain values ---

    def _wrong(self, path: str, says: str) -> None:
        self.problems.append(Problem(path, says))

    def _known(self, plain: Any, path: str, names: Iterable[str]) -> None:  # noqa: ANN401 (a file)
        if not isinstance(plain, dict):
            self._wrong(path.rstrip("."), "expected a table of named values")
            return
        for name in plain:
            if name not in names:
                self._wrong(f"{path}{name}", f"unknown; expected one of: {', '.join(names)}")

    def _text(self, plain: dict[str, Any], name: str, path: str, *, required: bool = True) -> str:
        value = plain.get(name, "")
        if not isinstance(value, str) or (required and not value.strip()):
            self._wrong(path, "expected text in quotes")
            return ""
        return value

    def _texts(self, plain: dict[str, Any], path: str) -> tuple[str, ...]:
        values = plain.get("says", [])
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            self._wrong(path, "expected a list of texts in quotes")
            return ()
        return tuple(values)

    def _whole(self, plain: dict[str, Any], name: str, path: str, usual: int) -> int:
        value = plain.get(name, usual)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self._wrong(path, "expected a whole number, 0 or more")
            return usual
        return value

    def _choice(
        self, plain: dict[str, Any], name: str, path: str, choices: tuple[str, ...], usual: str
    ) -> str:
        value = plain.get(name, usual)
        if value not in choices:
            self._wrong(path, f"expected one of: {', '.join(filter(None, choices))}")
            return usual
        return str(value)

    def _tables(self, plain: dict[str, Any], name: str, path: str) -> list[dict[str, Any]]:
        values = plain.get(name, [])
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            self._wrong(path, "expected a list of tables")
            return []
        return values


_FIELD = re.compile(r"\{(\w+)\}")


def fields_in(formula: str) -> tuple[str, ...]:
    """The columns a formula names: `{profile}-{actual}` names two."""
    return tuple(_FIELD.findall(formula))


def filled(formula: str, address: Callable[[str], str]) -> str:
    """The formula with each `{column}` replaced by its cell's address."""
    return _FIELD.sub(lambda found: address(found[1]), formula)
