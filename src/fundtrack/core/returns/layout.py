"""How a return is laid out: its sheets, columns, words and limits, read from a TOML text.

A layout is data, so that a charity can copy one and change it without touching code. The names a
column or field may carry are those of `VOCABULARY` below; the rows of a claim and the flow of
people are those of `ITEMS`. A sheet may be taken whole from the standard ones (`like = "finance"`)
and any part of it given anew.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Literal, get_args

from fundtrack.core.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Kind = Literal["text", "money", "percent", "number", "date", "count", "figure"]
"""What a cell holds; a `figure` is a number whose unit its row names."""
Who = Literal["auto", "enter", "blank"]
Place = Literal["left", "right", "below"]
SheetKind = Literal[
    "guidance",
    "cover",
    "finance",
    "posts",
    "profile",
    "claim",
    "outputs",
    "outcomes",
    "who",
    "narrative",
    "case",
    "notes",
    "risks",
    "quality",
    "assets",
    "partners",
    "change",
    "checks",
]
Sign = Literal["budget-actual", "actual-budget"]

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
    "person": "text",
    "salary": "money",
}
PRIVATE = {"person": "names", "salary": "salaries"}
"""Columns of the posts sheet that stay empty unless whoever makes the return confirms them."""
NOTES: dict[str, Kind] = {
    "note_ref": "text",
    "code": "text",
    "line": "text",
    "variance": "money",
    "variance_percent": "percent",
    "note": "text",
    "length": "count",
    "cause": "text",
    "effect": "text",
    "action": "text",
    "by_when": "date",
}
PROFILE: dict[str, Kind] = {
    "month": "date",
    "budget": "money",
    "actual": "money",
    "forecast": "money",
    "cumulative": "money",
    "cash": "money",
    "claim": "money",
}
OUTPUTS: dict[str, Kind] = {
    "kpi": "text",
    "definition": "text",
    "unit": "text",
    "direction": "text",
    "target_year": "figure",
    "target": "figure",
    "actual": "figure",
    "numerator": "count",
    "denominator": "count",
    "target_ytd": "figure",
    "actual_ytd": "figure",
    "percent": "percent",
    "rag": "text",
    "rag_own": "text",
    "rag_reason": "text",
    "source": "text",
    "comment": "text",
}
OUTCOMES: dict[str, Kind] = {
    "outcome": "text",
    "tool": "text",
    "eligible": "count",
    "start_score": "count",
    "both": "count",
    "improved": "count",
    "same": "count",
    "worse": "count",
    "improved_percent": "percent",
    "target": "percent",
    "comment": "text",
}
WHO: dict[str, Kind] = {"block": "text", "category": "text", "count": "count", "note": "text"}
LABELLED: dict[str, Kind] = {
    "label": "text",
    "value": "text",
    "limit": "count",
    "length": "count",
    "comment": "text",
}
RISKS: dict[str, Kind] = {
    "id": "text",
    "risk": "text",
    "cause": "text",
    "effect": "text",
    "likelihood": "count",
    "impact": "count",
    "score": "count",
    "trend": "text",
    "control": "text",
    "owner": "text",
    "date": "date",
    "escalate": "text",
}
ASSETS: dict[str, Kind] = {
    "item": "text",
    "date": "date",
    "cost": "money",
    "share": "percent",
    "location": "text",
    "serial": "text",
    "disposal": "text",
}
PARTNERS: dict[str, Kind] = {
    "name": "text",
    "paid": "money",
    "due": "money",
    "kpis": "text",
    "comment": "text",
}
CHANGE: dict[str, Kind] = {
    "line": "text",
    "before": "money",
    "after": "money",
    "move": "money",
    "reason": "text",
    "approval": "text",
    "decision": "text",
    "reference": "text",
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
    "profile": PROFILE,
    "claim": LABELLED,
    "outputs": OUTPUTS,
    "outcomes": OUTCOMES,
    "who": WHO,
    "narrative": LABELLED,
    "case": LABELLED,
    "notes": NOTES,
    "risks": RISKS,
    "quality": LABELLED,
    "assets": ASSETS,
    "partners": PARTNERS,
    "change": CHANGE,
    "checks": CHECKS,
    "guidance": LABELLED,
}
CLAIM: dict[str, Kind] = {
    "opening": "money",
    "received": "money",
    "spend": "money",
    "advance": "money",
    "match": "money",
    "claimed": "money",
    "retention_rate": "percent",
    "retention": "money",
    "due": "money",
    "left": "money",
}
FLOWS: dict[str, Kind] = {
    "referrals": "count",
    "self_referrals": "count",
    "accepted": "count",
    "declined": "count",
    "not_contactable": "count",
    "waiting": "count",
    "median_days": "number",
    "new": "count",
    "people": "count",
    "people_ytd": "count",
    "open_start": "count",
    "closed_planned": "count",
    "closed_unplanned": "count",
    "open_end": "count",
    "sessions_offered": "count",
    "sessions_attended": "count",
    "sessions_missed": "count",
    "contact_in_person": "count",
    "contact_phone": "count",
    "contact_online": "count",
    "re_referrals": "count",
}
ITEMS: dict[str, dict[str, Kind]] = {"claim": CLAIM, "outputs": FLOWS}
"""The rows with a meaning of their own; the rows of other sheets are named as a charity likes."""
_ROWED = ("guidance", "claim", "outputs", "outcomes", "narrative", "case", "quality")
_VARIANCES = {
    "variance": ("profile", "actual"),
    "variance_ytd": ("profile_ytd", "actual_ytd"),
    "outturn_variance": ("approved", "outturn"),
}
_WHO = ("auto", "enter", "blank")
_TOTALS = ("sum", "formula", "")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_BAD_TITLE = re.compile(r"[\[\]:*?/\\']")
_LONGEST_TITLE = 31
_PENCE = 100
_FIELD_NAME = re.compile(r"[a-z0-9_]{0,60}")
_PERCENTAGES = (
    "variance_percent",
    "outturn_percent",
    "green_percent",
    "amber_percent",
    "overhead_rate",
)
_SHEET_PARTS = (
    "kind",
    "title",
    "heading",
    "says",
    "columns",
    "groups",
    "rows",
    "blocks",
    "spare",
    "freeze",
    "empty",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a layout's funder asks of the figures. Pounds are pence.

    `variance_…` and `note_length` say when a variance needs a note (F4), `outturn_…` when the
    funder must be told (F5). `basis` is `cash` or `accrual` (F6). `small_counts` hides counts of
    one to four (P1). From `green_percent` of its target a figure is green, from `amber_percent`
    amber (K7). `approver` is the role that must sign (S1), empty for any. `overhead_rate` is the
    full cost recovery rate agreed in the place of a cap, in percent of the `direct` costs or of
    `staff` costs (`overhead_base`); None where none is agreed (F8).
    """

    variance_percent: Decimal = Decimal(10)
    variance_pounds: int | None = None
    note_length: int = 20
    outturn_percent: Decimal = Decimal(2)
    outturn_pounds: int = 1000 * _PENCE
    basis: str = "cash"
    small_counts: bool = False
    green_percent: Decimal = Decimal(95)
    amber_percent: Decimal = Decimal(85)
    approver: str = ""
    overhead_rate: Decimal | None = None
    overhead_base: str = "direct"


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
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A row of a sheet whose rows are named: a line of the claim, a question, an outcome.

    `says` are fixed words for its value. `limit` is the most words a text may have (0 = none),
    `required` whether it must be answered. A `formula` names other rows, as `{spend}-{advance}`.
    """

    field: str
    title: str
    kind: Kind = "text"
    who: Who = "enter"
    formula: str = ""
    says: str = ""
    limit: int = 0
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A question about who was supported, and the answers that are counted."""

    field: str
    title: str
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A block of the cover: a heading, words below it, and its fields."""

    title: str
    place: Place = "left"
    fields: tuple[Column, ...]
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet: a table of `columns`, or for the cover the `groups` of fields.

    `rows` are its named rows, `blocks` its questions about people, `spare` how many empty rows to
    type in follow what the book knows.
    """

    kind: SheetKind
    title: str
    heading: str
    says: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    groups: tuple[Group, ...] = ()
    rows: tuple[Item, ...] = ()
    blocks: tuple[Block, ...] = ()
    spare: int = 0
    freeze: int = 0
    empty: str = ""

    def has(self, name: str) -> bool:
        """Whether it has a column of this name."""
        return any(column.field == name for column in self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A whole layout; `name/version` is written into every file made with it."""

    name: str
    version: str
    title: str
    limits: Limits
    sheets: tuple[Sheet, ...]
    sign: Sign = "budget-actual"
    whole_pounds: bool = False

    def sheet(self, kind: str) -> Sheet | None:
        """Its sheet of a kind, or None."""
        return next((sheet for sheet in self.sheets if sheet.kind == kind), None)

    @property
    def sign_in_words(self) -> str:
        """How a variance is to be read, as printed on the finance sheet."""
        if self.sign == "actual-budget":
            return (
                "Variance = actual − budget: positive is an overspend, negative (−) an underspend."
            )
        return "Variance = budget − actual: positive is an underspend, negative (−) an overspend."

    @property
    def template(self) -> str:
        """How the layout is named in a return's record and in the file's properties."""
        return f"{self.name}/{self.version}"


def layout_from_toml(text: str, standard: str = "") -> tuple[Layout | None, tuple[Problem, ...]]:
    """A layout from its text, or every fault in it with its place (`sheets.1.columns.3.field`).

    `standard` is the text of the standard sheets, which `like` names.
    """
    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        return None, (Problem("layout", f"this is not TOML: {fault}"),)
    reader = _Reader(tomllib.loads(standard))
    layout = reader.layout(plain)
    return (None if reader.problems else layout), tuple(reader.problems)


class _Reader:
    """Reads the parts of a layout and keeps a list of what was wrong with them."""

    def __init__(self, standard: dict[str, Any]) -> None:
        self.problems: list[Problem] = []
        self._standard = standard
        self._sign = "budget-actual"

    def layout(self, plain: dict[str, Any]) -> Layout:
        names = ("name", "version", "title", "sign", "whole_pounds", "limits", "sheets")
        self._known(plain, "", names)
        self._sign = self._choice(plain, "sign", "sign", get_args(Sign), "budget-actual")
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
            sign=self._sign,  # type: ignore[arg-type]  # one of the two
            whole_pounds=self._flag(plain, "whole_pounds", "whole_pounds"),
        )

    def _one_of_each(self, sheets: list[Sheet]) -> None:
        for attribute in ("kind", "title"):
            seen: set[str] = set()
            for at, sheet in enumerate(sheets):
                value = getattr(sheet, attribute).casefold()
                if value in seen:
                    self._wrong(f"sheets.{at}.{attribute}", f'there are two of "{value}"')
                seen.add(value)
        if not {sheet.kind for sheet in sheets} - {"cover", "guidance", "checks"}:
            self._wrong("sheets", "a return needs a sheet of figures or words, such as finance")

    def _limits(self, plain: Any) -> Limits:  # noqa: ANN401 (a file)
        self._known(plain, "limits.", tuple(field.name for field in fields(Limits)))
        if not isinstance(plain, dict):
            return Limits()
        values: dict[str, Any] = {}
        for name in _PERCENTAGES:
            values[name] = self._number(plain, name)
        path = "limits.{}".format
        if "basis" in plain:
            basis = self._choice(plain, "basis", path("basis"), ("cash", "accrual"), "cash")
            values["basis"] = basis
        if "overhead_base" in plain:
            bases = ("direct", "staff")
            base = self._choice(plain, "overhead_base", path("overhead_base"), bases, "direct")
            values["overhead_base"] = base
        if "approver" in plain:
            values["approver"] = self._text(plain, "approver", path("approver"))
        values["small_counts"] = self._flag(plain, "small_counts", path("small_counts"))
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

    def _sheet(self, given: dict[str, Any], path: str) -> Sheet:
        plain = self._like(given, path)
        self._known(plain, f"{path}.", _SHEET_PARTS)
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
            rows=self._items(plain, kind, path),
            blocks=self._blocks(plain, path),
            spare=self._whole(plain, "spare", f"{path}.spare", 0),
            freeze=self._whole(plain, "freeze", f"{path}.freeze", 0),
            empty=plain.get("empty", "") if isinstance(plain.get("empty", ""), str) else "",
        )

    def _like(self, given: dict[str, Any], path: str) -> dict[str, Any]:
        """The sheet as given, on top of the standard one it says it is like."""
        if "like" not in given:
            return given
        names = tuple(self._standard)
        name = self._choice(given, "like", f"{path}.like", names, names[0] if names else "")
        own = {part: value for part, value in given.items() if part != "like"}
        return {**self._standard.get(name, {}), **own}

    def _items(self, plain: dict[str, Any], kind: str, path: str) -> tuple[Item, ...]:
        rows = self._tables(plain, "rows", f"{path}.rows")
        if rows and kind not in _ROWED:
            self._wrong(f"{path}.rows", f"a {kind} sheet has no named rows")
        items = tuple(self._item(row, kind, f"{path}.rows.{at}") for at, row in enumerate(rows))
        have = {item.field for item in items}
        if len(have) < len(items):
            self._wrong(f"{path}.rows", "two rows have the same field")
        for at, item in enumerate(items):
            missing = sorted(set(fields_in(item.formula)) - have)
            if missing:
                self._wrong(f"{path}.rows.{at}.formula", f'there is no row "{missing[0]}"')
        return items

    def _item(self, plain: dict[str, Any], sheet: str, path: str) -> Item:
        self._known(plain, f"{path}.", tuple(field.name for field in fields(Item)))
        known = ITEMS.get(sheet, {})
        name = self._text(plain, "field", f"{path}.field")
        if sheet == "claim" and name not in known:
            self._wrong(f"{path}.field", f"expected one of: {', '.join(known)}")
        if not _FIELD_NAME.fullmatch(name):
            self._wrong(f"{path}.field", "write small letters, digits and _ only")
        kind = self._choice(plain, "kind", f"{path}.kind", get_args(Kind), known.get(name, "text"))
        who = self._choice(plain, "who", f"{path}.who", _WHO, "enter")
        return Item(
            field=name,
            title=self._text(plain, "title", f"{path}.title"),
            kind=kind,  # type: ignore[arg-type]  # one of the kinds
            who=who,  # type: ignore[arg-type]  # one of _WHO
            formula=self._text(plain, "formula", f"{path}.formula", required=False),
            says=self._text(plain, "says", f"{path}.says", required=False),
            limit=self._whole(plain, "limit", f"{path}.limit", 0),
            required=self._flag(plain, "required", f"{path}.required"),
            choices=self._texts(plain, f"{path}.choices", "choices"),
        )

    def _blocks(self, plain: dict[str, Any], path: str) -> tuple[Block, ...]:
        found = []
        for at, block in enumerate(self._tables(plain, "blocks", f"{path}.blocks")):
            where = f"{path}.blocks.{at}"
            self._known(block, f"{where}.", ("field", "title", "rows"))
            found.append(
                Block(
                    field=self._text(block, "field", f"{where}.field"),
                    title=self._text(block, "title", f"{where}.title"),
                    rows=self._texts(block, f"{where}.rows", "rows"),
                )
            )
        return tuple(found)

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
        names = ("field", "title", "width", "who", "formula", "total", "choices")
        self._known(plain, f"{path}.", names)
        field = self._choice(plain, "field", f"{path}.field", tuple(known), next(iter(known)))
        who = self._choice(plain, "who", f"{path}.who", _WHO, "auto")
        return Column(
            field=field,
            title=self._text(plain, "title", f"{path}.title"),
            kind=known[field],
            width=self._whole(plain, "width", f"{path}.width", 12),
            who=who,  # type: ignore[arg-type]  # one of _WHO
            formula=self._signed(
                field, self._text(plain, "formula", f"{path}.formula", required=False)
            ),
            total=self._choice(plain, "total", f"{path}.total", _TOTALS, ""),
            choices=self._texts(plain, f"{path}.choices", "choices"),
        )

    def _signed(self, field: str, formula: str) -> str:
        """The formula; "variance" stands for the usual one with the layout's sign."""
        if formula != "variance":
            return formula
        budget, actual = _VARIANCES.get(field.removesuffix("_percent"), ("", ""))
        parts = (actual, budget) if self._sign == "actual-budget" else (budget, actual)
        gap = "-".join(f"{{{part}}}" for part in parts)
        if not field.endswith("_percent"):
            return gap
        return f'IF({{{budget}}}=0,"n/a",ROUND(({gap})/ABS({{{budget}}}),3))'

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

    def _flag(self, plain: dict[str, Any], name: str, path: str) -> bool:
        value = plain.get(name, False)
        if not isinstance(value, bool):
            self._wrong(path, "expected true or false")
        return value is True

    def _texts(self, plain: dict[str, Any], path: str, name: str = "says") -> tuple[str, ...]:
        values = plain.get(name, [])
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
