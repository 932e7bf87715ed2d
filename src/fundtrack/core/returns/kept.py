"""What the book keeps of each return: notes while it is a draft, its figures once it is sent.

Both stand in the `figures` of the return's record, as one JSON object:

- `notes` {line: text}, `explained` {rule: text}, `comments` {post: text}, those on an answer of
  `who` under who/question/answer: what a person wrote;
- `remaining` and `committed` {line: "1200.00"}: pounds a person put in place of the planned ones;
- what the data dictionary has no place for. By name: `cover` (who prepared, who approved, typed
  fields), `claim` (advance, match, opening ...), `flows` (referrals, new, open_start ...),
  `narrative`, `case`, `quality`, `attachments` {title: "yes"}; `<name>_comment` is the comment
  beside a row. By name and column: `outcomes`
  {outcome: {eligible, both, improved ...}}, `who` {block: {answer: "12"}} (`base` for a stated
  base), `kpis` {indicator: {numerator, denominator, rag_own, rag_reason, source ...}},
  `variances` {line: {cause, effect, action, by_when}}. As lists of rows: `risks`, `assets`,
  `partners`, `changes`. Money is pounds in quotes, a number is in quotes, a day is ISO;
- `cleared` [text]: what looked personal and was looked at; `history` [{status, on, who, note}]:
  every step the return has taken, with `sha256` where a file was sent;
- and once sent, `format` "return/1", `template`, `as_at`, `period` and `year` {start, end},
  `lines` {line: {approved, profile, actual, actual_ytd, outturn ...}} in pounds, and
  `posts` [{post, start, end, share, cost}], `indicators` {key: "12"} and `claimed` in pounds.

`line` is the key of a budget line; "" is spending that was given to no line.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from fundtrack.core.errors import Problem, RefusedError
from fundtrack.core.period import Period, parse_period, plain_period
from fundtrack.core.plain import decimal_text, pounds
from fundtrack.core.returns.figures import SUM_NAMES
from fundtrack.core.returns.layout import (
    ASSETS,
    CHANGE,
    CLAIM,
    COVER,
    FLOWS,
    NOTES,
    OUTCOMES,
    OUTPUTS,
    PARTNERS,
    RISKS,
    Kind,
)

if TYPE_CHECKING:
    from fundtrack.core.model import Award, Portfolio, Return
    from fundtrack.core.returns.figures import ReturnFigures

FORMAT = "return/1"
SENT = frozenset(("submitted", "queried", "resubmitted", "accepted", "paid"))
FINAL = frozenset(("approved", "submitted", "resubmitted", "accepted", "paid"))
_PENCE = 100
_MOST_POUNDS = 10**13
Value = str | int | Decimal | date | None
"""A typed value: money in pence, a percentage or a number as a decimal, a day, or text."""
_FORMS: dict[str, dict[str, Kind]] = {
    "cover": COVER,
    "claim": CLAIM,
    "flows": FLOWS,
    "narrative": {},
    "case": {},
    "quality": {},
    "guidance": {},
    "attachments": {},
}
_GRIDS: dict[str, dict[str, Kind]] = {
    "outcomes": OUTCOMES,
    "who": {},
    "kpis": OUTPUTS,
    "variances": NOTES,
}
_LISTS: dict[str, dict[str, Kind]] = {
    "risks": RISKS,
    "assets": ASSETS,
    "partners": PARTNERS,
    "changes": CHANGE,
}
_KEPT_AS_THEY_ARE = (*_FORMS, *_GRIDS, *_LISTS, "cleared", "history")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a person added to a return: words by line, rule and post; pence by line."""

    notes: dict[str, str] = field(default_factory=dict)
    explained: dict[str, str] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    remaining: dict[str, int] = field(default_factory=dict)
    committed: dict[str, int] = field(default_factory=dict)
    forms: dict[str, dict[str, Value]] = field(default_factory=dict)
    grids: dict[str, dict[str, dict[str, Value]]] = field(default_factory=dict)
    lists: dict[str, tuple[dict[str, Value], ...]] = field(default_factory=dict)
    cleared: frozenset[str] = frozenset()
    raw: dict[str, Any] = field(default_factory=dict)

    def form(self, name: str) -> dict[str, Value]:
        """Values by name, such as those of the claim."""
        return self.forms.get(name, {})

    def grid(self, name: str) -> dict[str, dict[str, Value]]:
        """Values by name and column, such as those of the outcomes."""
        return self.grids.get(name, {})

    def rows(self, name: str) -> tuple[dict[str, Value], ...]:
        """Rows of values, such as the risks."""
        return self.lists.get(name, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A return that was sent; `ytd` is pence by line, None when the book kept no figures of it."""

    record: Return
    period: Period
    year: Period | None
    ytd: dict[str, int] | None


def period_of(record: Return, award: Award, year_start_month: int | None) -> Period | None:
    """The period a return's record is for, or None if it cannot be read."""
    try:
        return parse_period(record.period, year_start_month, award)
    except RefusedError:
        return None


def record_for(portfolio: Portfolio, award: Award, period: Period) -> tuple[int, Return] | None:
    """The latest record of the award's return for a period, with its place in the list."""
    found = None
    for at, record in enumerate(portfolio.returns):
        if record.award == award.key:
            its = period_of(record, award, portfolio.organisation.year_start_month)
            if its is not None and (its.start, its.end) == (period.start, period.end):
                found = at, record
    return found


def last_sent(portfolio: Portfolio, award: Award, period: Period, year: Period) -> Sent | None:
    """The last return sent for the part of the year before the period, or None."""
    latest: Sent | None = None
    for record in portfolio.returns:
        if record.award != award.key or record.status not in SENT:
            continue
        its = period_of(record, award, portfolio.organisation.year_start_month)
        if its is None or its.end >= period.start or its.end < year.start:
            continue
        if latest is None or its.end >= latest.period.end:
            latest = _sent(record, its)
    return latest


def sent_before(
    portfolio: Portfolio, award: Award, period: Period
) -> list[tuple[Period, Return, dict[str, Any]]]:
    """The award's sent returns whose days end before a period begins, oldest first."""
    return [each for each in sent_returns(portfolio, award) if each[0].end < period.start]


def sent_returns(portfolio: Portfolio, award: Award) -> list[tuple[Period, Return, dict[str, Any]]]:
    """The award's sent returns by period, each with the figures kept of it (none: empty)."""
    found = []
    for record in portfolio.returns:
        if record.award != award.key or record.status not in SENT:
            continue
        period = period_of(record, award, portfolio.organisation.year_start_month)
        if period is not None:
            found.append((period, record, figures_of(record)))
    return sorted(found, key=lambda each: (each[0].end, each[0].start))


def figures_of(record: Return) -> dict[str, Any]:
    """What the book keeps of a return, as it stands there; empty where it is not an object."""
    plain = json.loads(record.figures or "{}")
    return plain if isinstance(plain, dict) else {}


def part_of(plain: dict[str, Any], name: str) -> dict[str, Any]:
    """A named part of what is kept, where it is an object of named values."""
    part = plain.get(name)
    return part if isinstance(part, dict) else {}


def kept_number(plain: dict[str, Any], part: str, name: str) -> Decimal | None:
    """A number kept in a named part, or None where there is none that can be read."""
    value = part_of(plain, part).get(name)
    try:
        return number(str(value)) if isinstance(value, (str, int)) else None
    except ValueError:
        return None


def kept_pence(value: object) -> int:
    """Pounds as they were kept, in pence; nothing where they cannot be read."""
    try:
        return int(number(str(value)) * _PENCE)
    except ValueError:
        return 0


def _sent(record: Return, period: Period) -> Sent:
    problems: list[Problem] = []
    plain = _object(json.loads(record.figures or "{}"), "", problems)
    year = _days(plain.get("year"))
    lines = plain.get("lines")
    if not isinstance(lines, dict) or year is None:
        return Sent(record=record, period=period, year=year, ytd=None)
    ytd = {
        key: _pence(_object(line, key, problems).get("actual_ytd"), key, problems)
        for key, line in lines.items()
    }
    return Sent(record=record, period=period, year=year, ytd=None if problems else ytd)


def _days(plain: Any) -> Period | None:  # noqa: ANN401 (what a file held)
    try:
        return plain_period(date.fromisoformat(plain["start"]), date.fromisoformat(plain["end"]))
    except (KeyError, TypeError, ValueError):
        return None


def written(found: tuple[int, Return] | None) -> Written:
    """What was written for a return. Raises RefusedError, naming each fault in it."""
    if found is None or found[1].figures is None:
        return Written()
    at, record = found
    path, problems = f"returns.{at}.figures", list[Problem]()
    plain = _object(json.loads(record.figures or "{}"), path, problems)
    words = {
        name: _words(plain.get(name, {}), f"{path}.{name}", problems)
        for name in ("notes", "explained", "comments")
    }
    sums = {
        name: {
            key: _pence(value, f"{path}.{name}.{key}", problems)
            for key, value in _object(plain.get(name, {}), f"{path}.{name}", problems).items()
        }
        for name in ("remaining", "committed")
    }
    forms = {
        name: _typed(plain.get(name, {}), kinds, f"{path}.{name}", problems)
        for name, kinds in _FORMS.items()
    }
    grids = {
        name: {
            key: _typed(part, kinds, f"{path}.{name}.{key}", problems, name == "who")
            for key, part in _object(plain.get(name, {}), f"{path}.{name}", problems).items()
        }
        for name, kinds in _GRIDS.items()
    }
    lists = {
        name: tuple(
            _typed(part, kinds, f"{path}.{name}.{at}", problems)
            for at, part in enumerate(_listed(plain.get(name, []), f"{path}.{name}", problems))
        )
        for name, kinds in _LISTS.items()
    }
    cleared = _listed(plain.get("cleared", []), f"{path}.cleared", problems)
    if problems:
        raise RefusedError(tuple(problems))
    return Written(
        **words,  # type: ignore[arg-type]  # words by name
        **sums,  # type: ignore[arg-type]  # pence by name
        forms=forms,
        grids=grids,
        lists=lists,
        cleared=frozenset(str(text) for text in cleared),
        raw=plain,
    )


def _listed(plain: Any, path: str, problems: list[Problem]) -> list[Any]:  # noqa: ANN401
    if isinstance(plain, list):
        return plain
    problems.append(Problem(path, "expected a list"))
    return []


def _typed(
    plain: Any,  # noqa: ANN401
    kinds: dict[str, Kind],
    path: str,
    problems: list[Problem],
    counts: bool = False,  # noqa: FBT001, FBT002 - answers about people are all counts
) -> dict[str, Value]:
    usual: Kind = "count" if counts else "text"
    return {
        name: _value(kinds.get(name, usual), value, f"{path}.{name}", problems)
        for name, value in _object(plain, path, problems).items()
    }


def _value(kind: Kind, plain: Any, path: str, problems: list[Problem]) -> Value:  # noqa: ANN401
    if kind == "money":
        return _pence(plain, path, problems)
    text = str(plain) if isinstance(plain, int) and not isinstance(plain, bool) else plain
    if not isinstance(text, str):
        problems.append(Problem(path, "expected text, or a number or a day in quotes"))
        return None
    if kind == "text":
        return text
    try:
        return date.fromisoformat(text) if kind == "date" else number(text, whole=kind == "count")
    except ValueError:
        wanted = {"date": "a day such as 2026-09-30", "count": "a whole number, 0 or more"}
        says = f"expected {wanted.get(kind, 'a number')}, in quotes"
        problems.append(Problem(path, says))
        return None


def number(text: str, *, whole: bool = False) -> Decimal:
    """A number from its text. Raises ValueError when it is none, or not whole where it must be."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None
    if not found.is_finite() or abs(found) > _MOST_POUNDS:
        raise ValueError(text)
    if whole and (found < 0 or found != found.to_integral_value()):
        raise ValueError(text)
    return found


def _object(plain: Any, path: str, problems: list[Problem]) -> dict[str, Any]:  # noqa: ANN401
    if isinstance(plain, dict):
        return plain
    problems.append(Problem(path, "expected an object with named values"))
    return {}


def _words(plain: Any, path: str, problems: list[Problem]) -> dict[str, str]:  # noqa: ANN401
    words = _object(plain, path, problems)
    problems.extend(
        Problem(f"{path}.{key}", "expected text")
        for key, text in words.items()
        if not isinstance(text, str)
    )
    return words


def _pence(plain: Any, path: str, problems: list[Problem]) -> int:  # noqa: ANN401
    try:
        pence = Decimal(plain if isinstance(plain, str) else "") * _PENCE
    except InvalidOperation:
        pence = Decimal("NaN")
    if not pence.is_finite() or pence != pence.to_integral_value() or abs(pence) > _MOST_POUNDS:
        problems.append(Problem(path, 'expected pounds in quotes, such as "1200.00"'))
        return 0
    return int(pence)


def frozen(figures: ReturnFigures, added: Written | None = None) -> str:
    """The figures of a return as they were sent, as the JSON text its record keeps."""
    added = added or Written()
    plain: dict[str, Any] = {
        "format": FORMAT,
        "template": figures.template,
        "as_at": figures.cover.as_at.isoformat(),
        "period": _span(figures.period),
        "year": _span(figures.year),
        "lines": {
            line.key: {name: pounds(getattr(line.sums, name)) for name in (*SUM_NAMES, "outturn")}
            for line in figures.finance.all_lines
        },
        "posts": [
            {
                "post": row.post,
                "start": row.start.isoformat(),
                "end": row.end.isoformat(),
                "share": decimal_text(row.share),
                "cost": pounds(row.cost),
            }
            for row in figures.posts
        ],
        "notes": {line.key: line.note for line in figures.finance.all_lines if line.note},
        "explained": added.explained,
        "comments": added.comments,
        "remaining": {key: pounds(pence) for key, pence in added.remaining.items()},
        "committed": {key: pounds(pence) for key, pence in added.committed.items()},
        "claimed": "" if figures.claimed is None else pounds(figures.claimed),
        "indicators": {
            kpi.key: decimal_text(kpi.actual) for kpi in figures.kpis if kpi.actual is not None
        },
        **{name: added.raw[name] for name in _KEPT_AS_THEY_ARE if name in added.raw},
    }
    kept = {name: value for name, value in plain.items() if value or name in ("lines", "posts")}
    return json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _span(period: Period) -> dict[str, str]:
    return {"start": period.start.isoformat(), "end": period.end.isoformat()}
