"""Proposes which column of a table is which, with how sure it is, and remembers what was agreed.

What other systems and plain trackers call things stands in `resources/imports/*.toml`, one file
each, so that another system is added without code. A column is known by its title first, and by
whether its cells can be read as what the title promises.
"""

from __future__ import annotations

import difflib
import hashlib
import itertools
import json
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from fundtrack import assets, places
from fundtrack.core.errors import KnownError
from fundtrack.exchange import files, strict_json
from fundtrack.exchange.cells import UnreadableError
from fundtrack.exchange.tables import values
from fundtrack.exchange.tables.fields import KINDS, MONTH, NOTHING, SHARE, Field, fields
from fundtrack.exchange.tables.finding import Aside, Table
from fundtrack.exchange.tables.sheets import Value

PUBLISHED = "published"
"""The kind of a funder's published file of grants to others, which `giving360` brings in."""

INDIVIDUALS = "grants to individuals"
"""The source of the layout of a table that is refused: it holds grants to people."""

_EXACT, _LAST_PART, _WORDS_WITHIN, _NEAR = 0.95, 0.9, 0.7, 0.65
_NEAR_RATIO = 0.88
_LARGEST_LAYOUT = 1_000_000  # bytes
_LOOKED_AT = 60  # cells of a column that are tried
_LEAST_READABLE = 0.4
_LEAST_CONFIDENCE = 0.35
_UNITS = re.compile(
    r"\((?:£|gbp|%|in pounds|months?|days?|weeks?|yyyy|dd|mm|[/\-:.\s])*\)|[£%]", re.IGNORECASE
)
_THOUSANDS = re.compile(r"£?\s*,?000s?\b|\b£?k\b|thousands?", re.IGNORECASE)
_PUBLISHED_TITLES = frozenset(("recipient org name", "amount awarded"))
_TO_INDIVIDUALS = ("recipient ind", "to individuals details")
_REASONS_OF_INDIVIDUALS = frozenset(("primary grant reason", "grant purpose"))
_ALSO_LIKE_SETTINGS = ("funders", "services")
_ANY_DAY = values.Ways(order="day-first", from_1904=False, whole=True, rounds=True)


@dataclass(frozen=True, slots=True)
class Use:
    """What a column is used for: a field's path, a grid's share or month, or nothing ("").

    `target` is the award or the month a grid's column names. `confidence` is from 0 to 1.
    """

    title: str
    field: str = NOTHING
    target: str = ""
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Layout:
    """What a table is: its kind ("" = not to be brought in) and the use of each of its columns.

    `words` says by field what a file's own words mean; `fixed` gives fields that no column has the
    same text in every row. `source` names the mapping file or "remembered".
    """

    kind: str
    uses: tuple[Use, ...]
    confidence: float = 0.0
    source: str = ""
    words: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    fixed: tuple[tuple[str, str], ...] = ()

    def using(self, title: str, field: str, target: str = "") -> Layout:
        """Return the layout with one column put to another use, as a person says."""
        uses = tuple(
            Use(use.title, field, target or use.target, 1.0)
            if use.title == title
            else replace(use, field=NOTHING, confidence=1.0)
            if use.field == field and field not in (NOTHING, SHARE, MONTH)
            else use
            for use in self.uses
        )
        return replace(self, uses=uses)


@dataclass(frozen=True, slots=True)
class Plan:
    """A table that was found, and what it is taken for."""

    table: Table
    layout: Layout


@dataclass(frozen=True, slots=True)
class _Recipe:
    """One kind of table as one system writes it."""

    system: str
    kind: str
    titles: dict[str, tuple[str, ...]]
    recognised_by: tuple[str, ...]
    needs: tuple[tuple[str, ...], ...]
    unless: tuple[str, ...]
    sheets: tuple[str, ...]
    words: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def plain_title(title: str) -> str:
    """Return a title without what people write differently: case, units, marks, joined words."""
    text = _UNITS.sub(" ", _THOUSANDS.sub(" ", title))
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text) if re.search(r"[a-z][A-Z]", text) else text
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.casefold()).split())


def is_known(title: str) -> bool:
    """Tell whether a title is one that some mapping file has."""
    return plain_title(title) in _known_titles()


@cache
def _known_titles() -> frozenset[str]:
    return frozenset(
        title for recipe in _recipes() for each in recipe.titles.values() for title in each
    )


@cache
def _recipes() -> tuple[_Recipe, ...]:
    """Return every shipped kind of table, the plain tracker's last."""
    read = [tomllib.loads(assets.text(name)) for name in assets.names("imports", ".toml")]
    plain = [each for each in read if "words" in each]
    words = _words(plain[0].get("words", {}) if plain else {})
    ordered = [each for each in read if "words" not in each] + plain
    return tuple(
        _Recipe(
            system=each["name"],
            kind=table["kind"],
            titles={
                field: tuple(plain_title(title) for title in titles)
                for field, titles in table["titles"].items()
            },
            recognised_by=tuple(plain_title(title) for title in table.get("recognised_by", ())),
            needs=tuple(tuple(group) for group in table.get("needs", ())),
            unless=tuple(table.get("unless", ())),
            sheets=tuple(table.get("sheets", ())),
            words=words,
        )
        for each in ordered
        for table in each["table"]
    )


def _words(plain: Mapping[str, Any]) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    return tuple(
        (
            field,
            tuple((plain_title(word), ours) for ours, theirs in choices.items() for word in theirs),
        )
        for field, choices in plain.items()
    )


def shipped_words() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return what common words mean, by field: "won" is the stage awarded."""
    return _recipes()[-1].words


# --- proposing ---------------------------------------------------------------------------------


def propose(
    found: Sequence[Table], awards: Sequence[str] = (), remembered: Path | None = None
) -> tuple[Plan, ...]:
    """Return what each table is taken for.

    `awards` are the names by which a grid's columns may call the book's awards; those of the
    tables themselves are added. `remembered` is the folder of layouts agreed before.
    """
    first = [(table, _remembered(table, remembered) or _layout(table)) for table in found]
    if not any(layout.kind in _WITH_SHARES for _, layout in first):
        return tuple(Plan(table, _with_grid(table, layout, set())) for table, layout in first)
    names = {plain_title(name) for name in awards}
    for table, layout in first:
        if layout.kind == "awards":
            names |= _names_in(table, layout)
    return tuple(Plan(table, _with_grid(table, layout, names)) for table, layout in first)


def taken_as(table: Table, kind: str) -> Layout:
    """Return the best layout of a table that a person says is of this kind."""
    if is_of_individuals(table):
        return _refused(table)
    titles = [plain_title(title) for title in table.titles]
    recipes = [each for each in _recipes() if each.kind == kind and not each.recognised_by]
    laid = [
        _assigned(table, titles, replace(recipe, needs=(), unless=(), sheets=("",)), certain=False)
        for recipe in recipes
    ]
    nothing = Layout(kind, tuple(Use(title) for title in table.titles), words=shipped_words())
    best = replace(max(laid, key=lambda each: each.confidence, default=nothing), kind=kind)
    return _with_grid(table, best, set())


def is_of_individuals(table: Table) -> bool:
    """Tell whether a table holds grants to people, as 360Giving lays them out or prepares them.

    A published file may have both kinds of grant; there each row says which it is.
    """
    titles = {plain_title(title) for title in table.titles}
    if titles >= _PUBLISHED_TITLES:
        return False
    told = any(title.startswith(_TO_INDIVIDUALS) for title in titles)
    return told or titles >= _REASONS_OF_INDIVIDUALS


def _refused(table: Table) -> Layout:
    return Layout(NOTHING, tuple(Use(title) for title in table.titles), 1.0, INDIVIDUALS)


def _is_of_settings(table: Table) -> bool:
    """Tell whether a table is words with a value beside each, as a sheet of settings has.

    Its titles are the first of them: they name a thing and what it is, not two kinds of thing.
    """
    if len(table.columns) != 2:
        return False
    named, held = table.column(0), table.column(1)
    fields_named = sum(isinstance(cell, str) and (":" in cell or is_known(cell)) for cell in named)
    kinds = {type(cell) for cell in held if cell is not None}
    return fields_named >= 2 and (len(kinds) > 1 or fields_named * 2 > len(named))


def _layout(table: Table) -> Layout:
    titles = [plain_title(title) for title in table.titles]
    nothing = Layout(NOTHING, tuple(Use(title) for title in table.titles))
    if set(titles) >= _PUBLISHED_TITLES:
        return replace(nothing, kind=PUBLISHED, confidence=1.0, source="360Giving")
    if is_of_individuals(table):
        return _refused(table)
    best = nothing
    for recipe in _recipes():
        if recipe.recognised_by:
            if set(recipe.recognised_by) <= set(titles):
                return _assigned(table, titles, recipe, certain=True)
            continue
        proposed = _assigned(table, titles, recipe, certain=False)
        if proposed.kind in _ALSO_LIKE_SETTINGS and _is_of_settings(table):
            continue
        if proposed.kind and proposed.confidence > max(best.confidence, _LEAST_CONFIDENCE):
            best = proposed
    return best


def _assigned(table: Table, titles: Sequence[str], recipe: _Recipe, *, certain: bool) -> Layout:
    """Return a recipe laid on a table: each field to the column that suits it best."""
    known = fields(recipe.kind)
    months = _months_of(table) if _is_by_month(table, recipe) else set()
    scores = sorted(
        (
            (score, -at, field)
            for at, title in enumerate(titles)
            if title
            for field, names in recipe.titles.items()
            if (score := _title_score(title, names)) > 0
        ),
        reverse=True,
    )
    uses = [Use(title) for title in table.titles]
    taken: dict[str, float] = {}
    used: set[int] = set()
    for score, minus_at, field in scores:
        at = -minus_at
        if field in taken or at in used or at in months or (months and field == "amount"):
            continue  # beside months an amount is their total
        if field in known:
            readable = _readable(known[field], table.column(at), recipe.words, recipe.kind)
            if readable < _LEAST_READABLE and not certain:
                continue
            score *= 0.5 + 0.5 * readable  # noqa: PLW2901 - the score of the two together
            uses[at] = Use(table.titles[at], field, confidence=round(score, 2))
        taken[field] = score
        used.add(at)
    if certain:
        return Layout(recipe.kind, tuple(uses), 1.0, recipe.system, recipe.words)
    missing = any(not any(field in taken for field in group) for group in recipe.needs)
    shares = recipe.kind == "allocations" and missing and "percent" not in taken
    by_month = bool(months) and "award" in taken
    refused = any(field in taken for field in recipe.unless)
    if refused or (missing and not shares and not by_month):
        return Layout(NOTHING, tuple(Use(title) for title in table.titles))
    if shares and not ({"post", "cost"} & set(taken) and _looks_like_a_grid(table, used)):
        return Layout(NOTHING, tuple(Use(title) for title in table.titles))
    titled = sum(bool(title) and at not in months for at, title in enumerate(titles)) or 1
    named = any(word in table.sheet.name.casefold() for word in recipe.sheets)
    real = [score for field, score in taken.items() if field in known]
    confidence = 0.75 * sum(real) / titled + 0.25 * min(1, len(real) / 4) + (0.1 if named else 0)
    return Layout(
        recipe.kind, tuple(uses), round(min(0.99, confidence), 2), recipe.system, recipe.words
    )


def _is_by_month(table: Table, recipe: _Recipe) -> bool:
    """Tell whether a table may have an award's payments or spending in a row, a month a column.

    Its sheet must say which, for the figures alone do not.
    """
    named = any(word in table.sheet.name.casefold() for word in recipe.sheets)
    return recipe.kind in _BY_MONTH and named


def _months_of(table: Table) -> set[int]:
    """Return the columns that months are the titles of, where there are enough to be a grid."""
    months = {at for at, title in enumerate(table.titles) if values.period(title)}
    return months if len(months) >= _FEWEST_MONTHS else set()


@lru_cache(maxsize=50_000)
def _title_score(title: str, names: tuple[str, ...]) -> float:
    """Return how well a title is one of these names, from 0 to 1; the earlier names count more."""
    if title in names:
        return _EXACT - 0.002 * names.index(title)
    parts = title.split()
    while len(parts) > 1 and parts[-1].isdecimal():  # "Year 2013-14"
        parts.pop()
    best = 0.0
    for at, name in enumerate(names):
        words = name.split()
        if parts[-len(words) :] == words and len(parts) <= len(words) + 2:
            best = max(best, (_LAST_PART if len(words) > 1 else _WORDS_WITHIN) - 0.002 * at)
        elif len(words) > 1 and set(words) <= set(parts):
            best = max(best, _WORDS_WITHIN - 0.002 * at)
        elif (
            len(name) > 4
            and abs(len(name) - len(title)) < 3
            and difflib.SequenceMatcher(None, title, name).ratio() >= _NEAR_RATIO
        ):
            best = max(best, _NEAR)
    return best


def _readable(
    field: Field, cells: Sequence[Value], words: Sequence[tuple[str, Any]], kind: str
) -> float:
    """Return the share of a column's cells that can be read as what the field holds."""
    known = (cell for cell in cells if cell is not None and not values.is_unknown(cell))
    filled = list(itertools.islice(known, _LOOKED_AT))
    if not filled:
        return 0.9
    fits = _FITS.get(field.kind)
    if field.kind == "choice":
        meant = dict(words_for(words, kind, field.path))
        return sum(_is_choice(cell, field, meant) for cell in filled) / len(filled)
    if fits is None:
        if field.ref or field.path in ("title", "name"):  # a name is not a number or a day
            return sum(isinstance(cell, str) for cell in filled) / len(filled)
        return 1.0
    return sum(values.is_open(cell) or _reads(fits, cell) for cell in filled) / len(filled)


def words_for(
    words: Sequence[tuple[str, Any]], kind: str, path: str
) -> tuple[tuple[str, str], ...]:
    """Return what words mean in a field of a kind: its own list, else that of the field's name."""
    known = dict(words)
    found: tuple[tuple[str, str], ...] = known.get(f"{kind}.{path}", known.get(path, ()))
    return found


def _is_choice(cell: Value, field: Field, meant: Mapping[str, str]) -> bool:
    plain = plain_title(str(cell))
    return plain in meant or plain.replace(" ", "-") in field.choices


def _reads(reads: Callable[[Value, values.Ways], object], cell: Value) -> bool:
    try:
        reads(cell, _ANY_DAY)
    except UnreadableError:
        return False
    return True


_FITS: dict[str, Callable[[Value, values.Ways], object]] = {
    "pence": values.pence,
    "percent": values.percent,
    "number": values.percent,
    "whole": values.percent,
    "months": values.percent,
    "date": values.day,
    "month": values.day,
    "year": values.day,
}


def scale_of(title: str) -> int:
    """Return what one of a column's amounts counts: 1000 under "Amount (£000s)", else 1."""
    return 1000 if _THOUSANDS.search(title) else 1


# --- grids -------------------------------------------------------------------------------------


def _names_in(table: Table, layout: Layout) -> set[str]:
    wanted = [
        at for at, use in enumerate(layout.uses) if use.field in ("title", "reference", "funder")
    ]
    return {
        plain_title(str(cell)) for at in wanted for cell in table.column(at) if cell is not None
    }


def _with_grid(table: Table, layout: Layout, awards: set[str]) -> Layout:
    """Return the layout with the columns that name awards, or months, put to use."""
    if layout.source == "remembered" or layout.kind not in (*_WITH_SHARES, *_WITH_MONTHS):
        return layout
    core = dict(words_for(layout.words, "", "unrestricted"))
    uses = list(layout.uses)
    taken = {use.field for use in uses}
    by_month = layout.kind == "awards" or (layout.kind in _BY_MONTH and "amount" not in taken)
    for at, use in enumerate(uses):
        if use.field or not use.title:
            continue
        plain = plain_title(use.title)
        cells = [cell for cell in table.column(at) if cell is not None]
        if layout.kind in _WITH_SHARES and _are_shares(cells):
            if plain in awards or plain in core:
                uses[at] = Use(use.title, SHARE, use.title, _EXACT)
            elif cells and (_all_percent(cells) or layout.kind == "allocations"):
                uses[at] = Use(use.title, SHARE, use.title, 0.5)
        elif by_month and values.period(use.title) and not _is_to_come(layout.kind, plain):
            uses[at] = Use(use.title, MONTH, use.title, _LAST_PART)
    return replace(layout, uses=tuple(uses))


def _is_to_come(kind: str, title: str) -> bool:
    """Tell whether a column is of money that is not spent yet, which is no spending."""
    return kind == "actuals" and not _TO_COME.isdisjoint(title.split())


_TO_COME = frozenset(("forecast", "budget", "planned", "plan", "profile", "profiled"))


def without_notes(plan: Plan) -> Plan:
    """Return a grid of payments or spending without its lines that have no amount: its notes."""
    months = [at for at, use in enumerate(plan.layout.uses) if use.field == MONTH]
    if plan.layout.kind not in _BY_MONTH or len(months) < _FEWEST_MONTHS:
        return plan
    table = plan.table
    notes = [
        (row, line)
        for row, line in zip(table.rows, table.lines(), strict=True)
        if not any(_has_amount(line[at]) for at in months)
    ]
    if not notes:
        return plan
    said = {
        row: " · ".join(values.shown(cell) for cell in line if cell is not None)[:200]
        for row, line in notes
    }
    aside = (*table.aside, *(Aside(row, says, "note") for row, says in said.items()))
    rows = tuple(row for row in table.rows if row not in said)
    return Plan(
        replace(table, rows=rows, aside=tuple(sorted(aside, key=lambda each: each.row))),
        plan.layout,
    )


def _has_amount(cell: Value) -> bool:
    try:
        return cell is not None and values.number(cell) is not None
    except UnreadableError:
        return False


_WITH_SHARES = ("posts", "costs", "allocations")
_BY_MONTH = ("payments", "actuals")
_FEWEST_MONTHS = 3
_WITH_MONTHS = ("awards", *_BY_MONTH)


def _are_shares(cells: Sequence[Value]) -> bool:
    for cell in cells:
        try:
            if not values.is_unknown(cell) and not 0 <= values.percent(cell, _PERCENT) <= 100:
                return False
        except UnreadableError:
            return False
    return True


_PERCENT = values.Ways(whole=False)


def _all_percent(cells: Sequence[Value]) -> bool:
    return all(isinstance(cell, str) and cell.strip().endswith("%") for cell in cells)


def _looks_like_a_grid(table: Table, used: set[int]) -> bool:
    rest = [at for at in range(len(table.columns)) if at not in used and table.titles[at]]
    grids = [
        at
        for at in rest
        if (c := [x for x in table.column(at) if x is not None]) and _are_shares(c)
    ]
    return len(grids) >= 2 and len(grids) * 2 > len(rest)


# --- remembering -------------------------------------------------------------------------------


def shape_of(table: Table) -> str:
    """Return what tells files of one shape: the titles of a table, in any case and order."""
    titles = "\n".join(sorted(plain_title(title) for title in table.titles))
    return hashlib.sha256(titles.encode()).hexdigest()[:16]


def folder() -> Path:
    """Return the folder that holds the layouts agreed on this computer."""
    return places.settings_file().parent / "imports"


def remember(plans: Sequence[Plan], where: Path | None = None) -> None:
    """Keep each table's layout for the next file of the same shape.

    Raises KnownError if it cannot be written.
    """
    where = where or folder()
    try:
        where.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise KnownError(f"{where} could not be made ({fault.strerror})") from fault
    for plan in plans:
        files.write_whole(where / f"{shape_of(plan.table)}.toml", layout_text(plan.layout).encode())


def layout_text(layout: Layout) -> str:
    """Return a layout as TOML, to be kept or sent to a colleague; no cell of the file is in it."""
    lines = ['format = "fundtrack-import/1"', f"kind = {_quoted(layout.kind)}"]
    for use in layout.uses:
        lines += ["", "[[column]]", f"title = {_quoted(use.title)}", f"use = {_quoted(use.field)}"]
        lines += [f"target = {_quoted(use.target)}"] if use.target else []
    for field, text in layout.fixed:
        lines += ["", "[[fixed]]", f"field = {_quoted(field)}", f"text = {_quoted(text)}"]
    for field, words in layout.words:
        if (field, words) not in shipped_words():
            lines += ["", "[[words]]", f"field = {_quoted(field)}"]
            lines += [f"pairs = {json.dumps([list(pair) for pair in words], ensure_ascii=False)}"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    clean = "".join(letter if letter.isprintable() else " " for letter in text)
    return json.dumps(clean, ensure_ascii=False)


def read_layout(text: str, name: str) -> Layout:
    """Return a layout out of TOML.

    Raises KnownError when it is not one, naming what is wrong.
    """
    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise KnownError(
            f"{name} is no mapping of columns ({fault}). Nothing was changed"
        ) from fault
    columns, kind = plain.get("column"), plain.get("kind")
    if kind not in (*KINDS, NOTHING, PUBLISHED) or not isinstance(columns, list):
        raise KnownError(f"{name} is no mapping of columns: it needs a kind and its columns")
    known = {*fields(kind), SHARE, MONTH, NOTHING} if kind in KINDS else {NOTHING}
    uses: list[Use] = []
    for column in columns:
        title, use = (
            (column.get("title"), column.get("use")) if isinstance(column, dict) else ("", 0)
        )
        if not isinstance(title, str) or use not in known:
            raise KnownError(f"{name} puts “{title}” to a use that {kind} do not have: “{use}”")
        uses.append(Use(title, str(use), str(column.get("target", "")), 1.0))
    fixed = tuple(
        (str(each["field"]), str(each["text"]))
        for each in plain.get("fixed", ())
        if isinstance(each, dict) and each.get("field") in known and "text" in each
    )
    own = tuple(
        (str(each["field"]), tuple((str(a), str(b)) for a, b in each["pairs"]))
        for each in plain.get("words", ())
        if isinstance(each, dict) and "field" in each and _are_pairs(each.get("pairs"))
    )
    words = (*own, *(each for each in shipped_words() if each[0] not in dict(own)))
    return Layout(kind, tuple(uses), 1.0, "remembered", words, fixed)


def layout_of(path: Path) -> Layout:
    """Return the layout a file holds. Raises KnownError when it cannot be read."""
    try:
        text = strict_json.bounded_bytes(path, _LARGEST_LAYOUT).decode()
    except UnicodeDecodeError as fault:
        raise KnownError(f"{path.name} is no mapping of columns: it is not text") from fault
    return read_layout(text, path.name)


def _are_pairs(pairs: object) -> bool:
    return isinstance(pairs, list) and all(isinstance(p, list) and len(p) == 2 for p in pairs)


def fitted(layout: Layout, table: Table) -> Layout:
    """Return a layout laid on a table by its titles, whatever their order; others are not used."""
    by_title = {plain_title(use.title): use for use in layout.uses}
    uses = tuple(
        replace(by_title[plain], title=title)
        if (plain := plain_title(title)) in by_title
        else Use(title)
        for title in table.titles
    )
    return replace(layout, uses=uses)


def _remembered(table: Table, where: Path | None) -> Layout | None:
    if where is None:
        return None
    path = where / f"{shape_of(table)}.toml"
    try:
        return fitted(read_layout(path.read_text("utf-8"), path.name), table)
    except (OSError, UnicodeDecodeError, KnownError):  # it is proposed afresh then
        return None
