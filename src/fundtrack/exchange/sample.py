"""The sample charity: an invented one to look round in, dated so that it always has news.

`resources/sample/charity.json` is a book like any other, written as things stood on the day of its
balances. It is moved by whole months until those balances stand at the start of today's month.
"""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from fundtrack import assets
from fundtrack.core.model import Evidence
from fundtrack.core.period import (
    APRIL,
    add_months,
    financial_half,
    financial_quarter,
    financial_year,
    month_end,
    month_of,
    parse_period,
)
from fundtrack.core.plain import portfolio_from_plain

if TYPE_CHECKING:
    from fundtrack.core.model import Portfolio

SAMPLE = "sample/charity.json"

# Days on which people met, wrote or promised something: these stay on their day of the week.
# Days that money goes by (starts, ends, periods) keep their place in the month instead.
_WORKING_DAYS = frozenset(
    (
        "agreed_on",
        "board_meetings",
        "deadline",
        "decision_expected",
        "done_on",
        "due",
        "received_on",
        "submitted_on",
    )
)
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_AS_KEPT: Any = {"sort_keys": True, "ensure_ascii": False, "separators": (",", ":")}
_NAMED = {3: financial_quarter, 6: financial_half, 12: financial_year}
_YEAR = 12


def sample_portfolio(today: date) -> Portfolio:
    """Return the sample charity's book, as if its balances had been struck this month."""
    portfolio, problems = portfolio_from_plain(json.loads(assets.text(SAMPLE)))
    if portfolio is None:
        raise ValueError("; ".join(map(str, problems)))
    organisation = portfolio.organisation
    written = organisation.balances.as_at
    months = (today.year - written.year) * _YEAR + today.month - written.month
    calendar = _Calendar(months, organisation.year_start_month or APRIL)
    moved: Portfolio = calendar.moved(portfolio)
    return moved


class _Calendar:
    """Moves everything dated by whole months, the financial year with it.

    An award that ran with the financial year still does, in whatever month that year now starts.
    """

    def __init__(self, months: int, year_start_month: int) -> None:
        self._months = months
        self._year_start = year_start_month
        self._new_year_start = (year_start_month - 1 + months) % _YEAR + 1

    def moved(self, record: Any) -> Any:  # noqa: ANN401 (the book, a record or part of one)
        """The same record at its new dates."""
        changed = {
            field.name: self._value(record, field.name, getattr(record, field.name))
            for field in fields(record)
        }
        return replace(record, **changed)

    def _value(self, record: Any, name: str, value: Any) -> Any:  # noqa: ANN401
        match value:
            case date():
                working = name in _WORKING_DAYS or isinstance(record, Evidence)
                return self._working_day(value) if working else self.day(value)
            case tuple():
                return tuple(self._value(record, name, part) for part in value)
            case str():
                return self._text(name, value)
            case int() if name == "year_start_month":
                return self._new_year_start
            case _ if hasattr(value, "__dataclass_fields__"):
                return self.moved(value)
            case _:
                return value

    def day(self, day: date) -> date:
        """A day so many months on; the last of a month stays the last."""
        moved = add_months(day, self._months)
        return month_end(moved) if day == month_end(day) else moved

    def _working_day(self, day: date) -> date:
        """A day so many months on, at the nearest same weekday of that month."""
        moved = self.day(day)
        if day in (month_of(day), month_end(day)):  # such a day is due by terms, not by diary
            return moved
        later = moved + timedelta(days=(day.weekday() - moved.weekday()) % 7)
        candidates = (later, later - timedelta(days=7))
        return min(candidates, key=lambda at: (at.month != moved.month, abs(at - moved)))

    def _text(self, name: str, text: str) -> str:
        if name == "period":
            return self._period(text)
        if name == "figures":
            return json.dumps(self._figures(json.loads(text)), **_AS_KEPT)
        return text

    def _figures(self, plain: Any) -> Any:  # noqa: ANN401 (whatever a return was sent with)
        match plain:
            case dict():
                return {name: self._figures(part) for name, part in plain.items()}
            case list():
                return [self._figures(part) for part in plain]
            case str() if _ISO_DAY.fullmatch(plain):
                return self.day(date.fromisoformat(plain)).isoformat()
            case _:
                return plain

    def _period(self, text: str) -> str:
        if text.startswith("grant"):  # counted from the award's own start, which moves too
            return text
        period = parse_period(text, self._year_start)
        named = _NAMED[len(period.months)]
        return named(self.day(period.start), self._new_year_start).name
