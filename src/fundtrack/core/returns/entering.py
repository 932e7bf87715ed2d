"""What a person types into a return, put where the book keeps it: each as one Edit.

A figure is named as on the sheet (`narrative/progress/value`, `finance/line/staff/remaining`). Most
of what is typed is kept in the return's own `figures` (see `kept`). What belongs to the book itself
goes there: a reading or a target to its indicator, and what was spent on a budget line to the
actuals, as one sum dated on the period's last day that makes up the difference from what is there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from fundtrack.core.edit import Edit, add, change, remove
from fundtrack.core.errors import Problem, RefusedError
from fundtrack.core.model import Actual, Reading, Return, Target
from fundtrack.core.period import parse_period
from fundtrack.core.plain import decimal_text, pounds
from fundtrack.core.returns.kept import SENT, figures_of
from fundtrack.core.returns.layout import VOCABULARY
from fundtrack.core.returns.tables import COMMENT, answers, note_on
from fundtrack.core.words import day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fundtrack.core.model import Change, Indicator, Portfolio
    from fundtrack.core.returns.figures import ReturnFigures, TableRow
    from fundtrack.core.returns.kept import Value
    from fundtrack.core.returns.layout import Kind, Layout

_LINE = "finance/line/"
_NOTE = "notes/line/"
_FORMS = ("narrative", "case", "quality", "guidance", "claim")
_LISTS = {"risks": "risks", "assets": "assets", "partners": "partners", "change": "changes"}
_OF_A_KPI = ("numerator", "denominator", "rag_own", "rag_reason", "source", "comment")
_COVER = frozenset(
    (
        "ukprn",
        "programme",
        "prepared_by",
        "approved_by",
        "declared_role",
        "declared_on",
    )
)
"""The fields of a cover that a person types; the others come out of the book."""
_TYPED = "Typed for"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a typed figure is kept: the names that lead to it, and what kind of value it takes.

    `book` is "" for the return itself, else `reading`, `target` or `actual`.
    """

    path: tuple[str, ...]
    kind: Kind
    book: str = ""


def spot_of(figures: ReturnFigures, layout: Layout, figure: str) -> Spot | None:
    """Where what is typed for a figure is kept, or None for one that is worked out."""
    if figure.startswith(_LINE):
        line, _, column = figure.removeprefix(_LINE).rpartition("/")
        return _of_line(line, column)
    if figure.startswith(_NOTE):
        line, _, column = figure.removeprefix(_NOTE).rpartition("/")
        return _of_note(line, column)
    kind, _, rest = figure.partition("/")
    key, _, column = rest.rpartition("/")
    if kind == "cover":
        return Spot(("cover", rest), VOCABULARY["cover"][rest]) if rest in _COVER else None
    if kind == "posts":
        return _of_post(figures, key, column)
    row = next((each for each in figures.tables.get(kind, ()) if each.key == key), None)
    return None if row is None else _of_row(figures, layout, kind, row, column)


def _of_line(line: str, column: str) -> Spot | None:
    if column in ("remaining", "committed"):
        return Spot((column, line), "money")
    return Spot((line,), "money", "actual") if column == "actual" else None


def _of_note(line: str, column: str) -> Spot | None:
    if column == "note":
        return Spot(("notes", line), "text")
    kinds: dict[str, Kind] = {"cause": "text", "effect": "text", "action": "text"}
    kinds["by_when"] = "date"
    return Spot(("variances", line, column), kinds[column]) if column in kinds else None


def _of_post(figures: ReturnFigures, key: str, column: str) -> Spot | None:
    if column != "comment" or not key.isdecimal() or int(key) >= len(figures.posts):
        return None
    return Spot(("comments", figures.posts[int(key)].post), "text")


def _of_row(
    figures: ReturnFigures, layout: Layout, sheet: str, row: TableRow, column: str
) -> Spot | None:
    kind = row.kinds.get(column) or VOCABULARY[sheet].get(column, "text")
    if sheet in _FORMS:
        return _of_form(layout, sheet, row, column, kind)
    if sheet in _LISTS:
        worked_out = column in ("score", "move")
        return None if worked_out else Spot((_LISTS[sheet], row.key, column), kind)
    if sheet == "who":
        return _of_answer(layout, row.key, column)
    if sheet == "outcomes" and column not in ("outcome", "improved_percent"):
        return Spot(("outcomes", row.key, column), kind)
    return _of_output(figures, row, column) if sheet == "outputs" else None


def _of_form(layout: Layout, sheet: str, row: TableRow, column: str, kind: Kind) -> Spot | None:
    if column == "comment":
        return Spot((sheet, f"{row.key}{COMMENT}"), "text")
    return Spot((sheet, row.key), kind) if _is_typed(layout, row, sheet, column) else None


def _is_typed(layout: Layout, row: TableRow, sheet: str, column: str) -> bool:
    found = layout.sheet(sheet)
    items = () if found is None else found.rows
    item = next((each for each in items if each.field == row.key), None)
    if item is None or column != "value":
        return False
    return item.who == "enter" and not item.formula and not item.says


def _of_answer(layout: Layout, key: str, column: str) -> Spot | None:
    block_name, _, at = key.rpartition("/")
    sheet = layout.sheet("who")
    blocks = () if sheet is None else sheet.blocks
    block = next((each for each in blocks if each.field == block_name), None)
    if block is None or not at.isdecimal():
        return None
    answer = answers(block)[int(at)]
    if column == "note":
        return Spot(("comments", note_on(block.field, answer)), "text")
    return Spot(("who", block.field, answer), "count") if column == "count" else None


def _of_output(figures: ReturnFigures, row: TableRow, column: str) -> Spot | None:
    is_kpi = row.key in {kpi.key for kpi in figures.kpis}
    if is_kpi and column in ("actual", "target"):
        return Spot((row.key,), "number", "reading" if column == "actual" else "target")
    if is_kpi:
        kind = VOCABULARY["outputs"].get(column, "text")
        return Spot(("kpis", row.key, column), kind) if column in _OF_A_KPI else None
    kind = row.kinds.get("actual", "count")
    if column == "comment":
        return Spot(("flows", f"{row.key}{COMMENT}"), "text")
    if column == "actual":
        return Spot(("flows", row.key), kind)
    return Spot(("flows", f"{row.key}_ytd"), kind) if column == "actual_ytd" else None


# --- edits -------------------------------------------------------------------------------------


def refusal(record: Return | None) -> str:
    """Why nothing can be typed into a return, or ""."""
    if record is None:
        return "Begin the return first"
    status = record.status or "draft"
    if status in ("draft", "queried"):
        return ""
    if status in SENT:
        on = f" on {day(record.submitted_on)}" if record.submitted_on else ""
        return (
            f"This return was sent{on} and is kept as it was. If the funder has asked about it, "
            "mark it queried first"
        )
    return f"This return is {status}. Take it back to draft to change it"


def entered(
    portfolio: Portfolio,
    figures: ReturnFigures,
    layout: Layout,
    key: str,
    values: Sequence[tuple[str, Value]],
    label: str = "",
) -> Edit:
    """The edit that puts typed values into a return: figures by name, None to clear one.

    Money is pence, a percentage a number of percent.
    Raises RefusedError when the return is not open to change, or a figure is not one to type.
    """
    record = portfolio.find("returns", key)
    held = record if isinstance(record, Return) else None
    if (said := refusal(held)) or held is None:
        raise _refused(key, said)
    plain = figures_of(held)
    changes: list[Change] = []
    indicators: dict[str, Indicator] = {}
    for figure, value in values:
        spot = spot_of(figures, layout, figure)
        if spot is None:
            raise _refused(key, f"{figure} is worked out and cannot be typed")
        if spot.book == "actual":
            pence = value if isinstance(value, int) else 0
            changes += _spent(portfolio, figures, spot.path[0], pence)
        elif spot.book:
            name = spot.path[0]
            standing = indicators.get(name) or _indicator(portfolio, name)
            indicators[name] = _counted(portfolio, figures, standing, spot, value)
        else:
            _put(plain, spot, value)
    changes += [
        change("indicators", before, after)
        for name, after in indicators.items()
        if (before := _indicator(portfolio, name)) != after
    ]
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    after = replace(held, figures=text)
    if text != (held.figures or "{}"):
        changes.append(change("returns", held, after))
    return Edit(label or _label(held, values), tuple(changes))


def explained(portfolio: Portfolio, key: str, rule: str, words: str) -> Edit:
    """The edit that keeps what a person says to what a rule found; empty words take it back."""
    return _kept(portfolio, key, f"Explain {rule}", ("explained", rule), words.strip())


def cleared(portfolio: Portfolio, key: str, texts: Iterable[str]) -> Edit:
    """The edit that says that texts which look personal were looked at and may stay."""
    record = _open(portfolio, key)
    plain = figures_of(record)
    before = plain.get("cleared")
    standing = [str(each) for each in before] if isinstance(before, list) else []
    plain["cleared"] = list(dict.fromkeys([*standing, *texts]))
    return Edit("Clear what looks personal", (_changed(record, plain),))


def in_layout(portfolio: Portfolio, key: str, template: str) -> Edit:
    """The edit that lays a return out in another way."""
    record = _open(portfolio, key)
    after = replace(record, template=template)
    return Edit("Change the layout", (change("returns", record, after),))


def _kept(portfolio: Portfolio, key: str, label: str, path: tuple[str, ...], words: str) -> Edit:
    record = _open(portfolio, key)
    plain = figures_of(record)
    _put(plain, Spot(path, "text"), words)
    return Edit(label, (_changed(record, plain),))


def _open(portfolio: Portfolio, key: str) -> Return:
    record = portfolio.find("returns", key)
    if not isinstance(record, Return) or (said := refusal(record)):
        raise _refused(key, "there is no such return" if record is None else said)
    return record


def _changed(record: Return, plain: dict[str, Any]) -> Change:
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return change("returns", record, replace(record, figures=text))


def _refused(key: str, says: str) -> RefusedError:
    return RefusedError((Problem(f"returns.{key}", says),))


def _label(record: Return, values: Sequence[tuple[str, Value]]) -> str:
    what = "a figure" if len(values) == 1 else f"{len(values)} figures"
    if len(values) == 1 and isinstance(values[0][1], str):
        what = "words"
    return f"Type {what}: {record.award}, {record.period}"


# --- in the return -----------------------------------------------------------------------------


def _put(plain: dict[str, Any], spot: Spot, value: Value) -> None:
    name, *rest = spot.path
    if name in _LISTS.values():
        _put_in_list(plain, name, int(rest[0]) - 1, rest[1], _text(value, spot.kind))
        return
    part = plain
    for each in spot.path[:-1]:
        inner = part.get(each)
        part[each] = part = inner if isinstance(inner, dict) else {}
    text = _text(value, spot.kind)
    if text:
        part[spot.path[-1]] = text
    else:
        part.pop(spot.path[-1], None)


def _put_in_list(plain: dict[str, Any], name: str, at: int, column: str, text: str) -> None:
    standing = plain.get(name)
    rows = [dict(row) for row in standing] if isinstance(standing, list) else []
    rows += [{} for _ in range(at + 1 - len(rows))]
    if text:
        rows[at][column] = text
    else:
        rows[at].pop(column, None)
    while rows and not rows[-1]:
        rows.pop()
    plain[name] = rows


def _text(value: Value, kind: Kind) -> str:
    """A value as the return keeps it."""
    if value is None:
        return ""
    if kind == "money":
        return pounds(int(value)) if isinstance(value, int) else ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return decimal_text(value)
    return str(value).strip()


# --- in the book -------------------------------------------------------------------------------


def _indicator(portfolio: Portfolio, key: str) -> Indicator:
    return next(each for each in portfolio.indicators if each.key == key)


def _counted(
    portfolio: Portfolio, figures: ReturnFigures, indicator: Indicator, spot: Spot, value: Value
) -> Indicator:
    """An indicator with its reading or target for the return's period as typed."""
    number = value if isinstance(value, Decimal) else None
    if spot.book == "reading":
        return replace(indicator, readings=_readings(portfolio, indicator, figures, number))
    return replace(indicator, targets=_targets(portfolio, indicator, figures, number))


def _readings(
    portfolio: Portfolio, indicator: Indicator, figures: ReturnFigures, value: Decimal | None
) -> tuple[Reading, ...]:
    same = {each.period for each in indicator.readings if _is_of(portfolio, figures, each.period)}
    kept = tuple(
        replace(each, value=value) if each.period in same and value is not None else each
        for each in indicator.readings
        if each.period not in same or value is not None
    )
    if same or value is None:
        return kept
    return (*kept, Reading(period=figures.period.name, value=value))


def _targets(
    portfolio: Portfolio, indicator: Indicator, figures: ReturnFigures, value: Decimal | None
) -> tuple[Target, ...]:
    same = {each.period for each in indicator.targets if _is_of(portfolio, figures, each.period)}
    kept = tuple(
        replace(each, value=value) if each.period in same and value is not None else each
        for each in indicator.targets
        if each.period not in same or value is not None
    )
    if same or value is None:
        return kept
    return (*kept, Target(period=figures.period.name, value=value))


def _is_of(portfolio: Portfolio, figures: ReturnFigures, period: str) -> bool:
    award = portfolio.awards_by_key[figures.award]
    try:
        found = parse_period(period, portfolio.organisation.year_start_month, award)
    except RefusedError:
        return False
    return (found.start, found.end) == (figures.period.start, figures.period.end)


def _spent(
    portfolio: Portfolio, figures: ReturnFigures, line: str, wanted: int
) -> Iterable[Change]:
    """One sum that brings a line's spending in the period to what was typed."""
    end = figures.period.end
    key = f"typed-{figures.award}-{line or 'none'}-{end.isoformat()}"
    standing = portfolio.find("actuals", key)
    before = standing if isinstance(standing, Actual) else None
    now = next(each.sums.actual for each in figures.finance.all_lines if each.key == line)
    amount = wanted - now + (before.amount if before is not None else 0)
    if not amount:
        return () if before is None else (remove(portfolio, "actuals", key),)
    made = Actual(
        key=key,
        award=figures.award,
        budget_line=line or None,
        on=min(end, portfolio.awards_by_key[figures.award].end),
        amount=amount,
        description=f"{_TYPED} {figures.period.name}",
        source="typed",
    )
    if before == made:
        return ()
    return (add("actuals", made),) if before is None else (change("actuals", before, made),)
