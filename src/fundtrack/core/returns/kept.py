"""What the book keeps of each return: notes while it is a draft, its figures once it is sent.

Both stand in the `figures` of the return's record, as one JSON object:

- `notes` {line: text}, `explained` {rule: text}, `comments` {post: text}: what a person wrote;
- `remaining` and `committed` {line: "1200.00"}: pounds a person put in place of the planned ones;
- and once sent, `format` "return/1", `template`, `as_at`, `period` and `year` {start, end},
  `lines` {line: {approved, profile, actual, actual_ytd, outturn ...}} in pounds, and
  `posts` [{post, start, end, share, cost}].

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

if TYPE_CHECKING:
    from fundtrack.core.model import Award, Portfolio, Return
    from fundtrack.core.returns.figures import ReturnFigures

FORMAT = "return/1"
SENT = frozenset(("submitted", "queried", "resubmitted", "accepted", "paid"))
FINAL = frozenset(("approved", "submitted", "resubmitted", "accepted", "paid"))
_PENCE = 100
_MOST_POUNDS = 10**13


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a person added to a return: words by line, rule and post; pence by line."""

    notes: dict[str, str] = field(default_factory=dict)
    explained: dict[str, str] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    remaining: dict[str, int] = field(default_factory=dict)
    committed: dict[str, int] = field(default_factory=dict)


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
    if problems:
        raise RefusedError(tuple(problems))
    return Written(**words, **sums)  # type: ignore[arg-type]  # words by name, pence by name


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
    }
    kept = {name: value for name, value in plain.items() if value or name in ("lines", "posts")}
    return json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _span(period: Period) -> dict[str, str]:
    return {"start": period.start.isoformat(), "end": period.end.isoformat()}
