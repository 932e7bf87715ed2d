"""Dated statutory figures and working days: what the law says on a day, and if it is known yet.

A row of the book's own that covers the day wins, else the shipped one. England and Wales, and
Scotland, read Great Britain's rows too; every nation reads the United Kingdom's (DOMAIN section 4).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fundtrack.core.model import Rate

Row = TypeVar("Row", "Rate", "ShippedRate")
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_NATIONS_READ = {
    "england-and-wales": ("england-and-wales", "great-britain", "united-kingdom"),
    "scotland": ("scotland", "great-britain", "united-kingdom"),
    "northern-ireland": ("northern-ireland", "united-kingdom"),
}


def nations_read(nation: str) -> tuple[str, ...]:
    """Whose rows one nation's charity reads, the nearest first."""
    return _NATIONS_READ[nation]


@dataclass(frozen=True, slots=True)
class ShippedRate:
    """One row of the shipped table; `to` is inclusive, None while nothing has replaced it."""

    code: str
    nation: str
    from_: date
    to: date | None
    value: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class InForce:
    """The figure that applies on a day. `provisional` when none is published for that day (C10)."""

    value: Decimal
    provisional: bool
    source: str


@dataclass(frozen=True)
class Statutory:
    """The shipped tables: dated rates, and the bank holidays of the three nations."""

    rates: tuple[ShippedRate, ...]
    holidays: Mapping[str, frozenset[date]]

    @cached_property
    def by_code(self) -> dict[tuple[str, str], tuple[ShippedRate, ...]]:
        """The shipped rows of each code and nation."""
        found: dict[tuple[str, str], tuple[ShippedRate, ...]] = {}
        for row in self.rates:
            found[row.code, row.nation] = (*found.get((row.code, row.nation), ()), row)
        return found

    @classmethod
    def read(cls, rates: Mapping[str, Any], holidays: Mapping[str, Any]) -> Statutory:
        """Build the tables from the two shipped JSON objects."""
        rows = tuple(
            ShippedRate(
                code=row["code"],
                nation=row["nation"],
                from_=date.fromisoformat(row["from"]),
                to=date.fromisoformat(row["to"]) if "to" in row else None,
                value=Decimal(row["value"]),
                source=row.get("source", ""),
            )
            for row in rates["rates"]
        )
        days = {
            nation: frozenset(map(date.fromisoformat, listed))
            for nation, listed in holidays["divisions"].items()
        }
        return cls(rows, days)


@dataclass(frozen=True)
class Rates:
    """The rates that one nation's charity reads, its own rows over the shipped ones."""

    statutory: Statutory
    nation: str
    own: tuple[Rate, ...] = ()
    _found: dict[tuple[str, date], InForce] = field(default_factory=dict, compare=False, repr=False)

    def same(self, other: Rates) -> bool:
        """Whether every figure would be the same: the same tables, nation and own rows."""
        return (
            self.statutory is other.statutory
            and self.nation == other.nation
            and self.own == other.own
        )

    def on(self, code: str, day: date) -> InForce:
        """The figure in force on a day. Raises KeyError for a code nobody has a row for."""
        known = self._found.get((code, day))
        if known is None:
            known = self._own(code, day) or self._shipped(code, day)
            self._found[code, day] = known
        return known

    def value(self, code: str, day: date) -> Decimal:
        """The figure in force on a day, without its standing."""
        return self.on(code, day).value

    def _own(self, code: str, day: date) -> InForce | None:
        for nation in _NATIONS_READ[self.nation]:
            rows = [row for row in self.own if row.code == code and row.nation == nation]
            row = _covering(rows, day)
            if row is not None:
                return InForce(row.value, provisional=False, source=row.source or "entered here")
        return None

    def _shipped(self, code: str, day: date) -> InForce:
        for nation in _NATIONS_READ[self.nation]:
            rows = self.statutory.by_code.get((code, nation))
            if not rows:
                continue
            covering = _covering(rows, day)
            if covering is not None:
                return InForce(covering.value, provisional=False, source=covering.source)
            earlier = [row for row in rows if row.from_ <= day]
            nearest = (
                max(earlier, key=lambda row: row.from_)
                if earlier
                else min(rows, key=lambda row: row.from_)
            )
            return InForce(nearest.value, provisional=True, source=nearest.source)
        raise KeyError(code)


def _covering(rows: Iterable[Row], day: date) -> Row | None:
    """The row in force on a day: the latest begun, if it has not ended."""
    begun = [row for row in rows if row.from_ <= day]
    lasting = [row for row in begun if row.to is None or day <= row.to]
    return max(lasting, key=lambda row: row.from_, default=None)


@dataclass(frozen=True)
class WorkingDays:
    """Which days a nation works. Beyond the shipped table only weekends are known."""

    holidays: frozenset[date]

    @classmethod
    def of(cls, statutory: Statutory, nation: str) -> WorkingDays:
        """The working days of one nation."""
        return cls(statutory.holidays.get(nation, frozenset()))

    def is_working(self, day: date) -> bool:
        """Neither weekend nor bank holiday."""
        return day.weekday() < _SATURDAY and day not in self.holidays

    def on_or_before(self, day: date) -> date:
        """The day itself, or the last working day before it: how our own dates roll (C7)."""
        while not self.is_working(day):
            day -= _ONE_DAY
        return day

    def on_or_after(self, day: date) -> date:
        """The day itself, or the next working day."""
        while not self.is_working(day):
            day += _ONE_DAY
        return day

    def provisional(self, day: date) -> bool:
        """Whether the day lies beyond the bank holidays that are known."""
        return not self.holidays or day.year > max(self.holidays).year
