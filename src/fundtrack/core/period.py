"""Months, quarters, halves and years as a charity and its funders count them.

A month is the date of its first day. Every start and end is an inclusive calendar date (DOMAIN C1),
and month arithmetic clamps to the month's end (C3).

How periods are written (DOMAIN section 9), and read back by `parse_period`:

- financial year, half, quarter: `2026-27`, `2026-27 H1`, `2026-27 Q3`. A year that starts in
  January is the calendar year, and is written like one: `2026 Q3`;
- calendar year, half, quarter: `2026`, `2026 H1`, `2026 Q4`;
- month: `2026-11`. The few financial years that would look like a month (2011-12) are written in
  full: `2011-2012`;
- periods counted from an award's own start: `grant year 2`, `grant H3`, `grant Q3`, `grant M7`;
- any other run of days: `2026-05-15 to 2026-08-14`.
"""

from __future__ import annotations

import re
from calendar import isleap
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from fundtrack.core.errors import Problem, RefusedError

if TYPE_CHECKING:
    from fundtrack.core.model import Award

APRIL = 4
ONE_DAY = timedelta(days=1)
_JANUARY = 1
_CENTURY = 100
_MONTHS = 12
_FEBRUARY = 2
_LENGTH_OF_MONTH = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LENGTHS = {"Q": 3, "H": 6, "M": 1, "year": 12}
_EARLIEST_YEAR, _LATEST_YEAR = 1900, 2200


@dataclass(frozen=True, slots=True)
class Period:
    """A run of days, both ends included, and how it is written."""

    start: date
    end: date
    name: str

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1

    @property
    def months(self) -> tuple[date, ...]:
        """Every month it touches, by first day."""
        return months_between(self.start, self.end)

    def __str__(self) -> str:
        return self.name


# --- months ----------------------------------------------------------------------------------


def month_of(day: date) -> date:
    """Give the first day of the month a day lies in."""
    return day.replace(day=1)


def days_in_month(day: date) -> int:
    """Count the days of the month a day lies in."""
    return _last_of(day.year, day.month)


def month_end(day: date) -> date:
    """Give the last day of the month a day lies in."""
    return date(day.year, day.month, _last_of(day.year, day.month))


def _last_of(year: int, month: int) -> int:
    """The month's days, from a table: this is asked a hundred thousand times for a large book."""
    return 29 if month == _FEBRUARY and isleap(year) else _LENGTH_OF_MONTH[month]


def add_months(day: date, months: int) -> date:
    """Go so many months on (or back); a day the month lacks becomes its last (C3)."""
    count = day.year * _MONTHS + day.month - 1 + months
    year, month = divmod(count, _MONTHS)
    return date(year, month + 1, min(day.day, _last_of(year, month + 1)))


def months_between(first: date, last: date) -> tuple[date, ...]:
    """Every month from that of `first` through that of `last`; none if `last` is before it."""
    start = first.year * _MONTHS + first.month - 1
    stop = last.year * _MONTHS + last.month
    return tuple(date(count // _MONTHS, count % _MONTHS + 1, 1) for count in range(start, stop))


# --- service and age (C3) --------------------------------------------------------------------


def anniversary(start: date, years: int) -> date:
    """Give the same day so many years on; 29 February rolls to 1 March (C3)."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 3, 1)


def complete_years(start: date, last_day: date) -> int:
    """Count whole years of service, both end days included: 1 Apr 2025 to 31 Mar 2027 is 2 (C3)."""
    return age_on(start, last_day + ONE_DAY)


def complete_months(start: date, last_day: date) -> int:
    """Count whole months of service, both end days included (C3)."""
    after = last_day + ONE_DAY
    months = (after.year - start.year) * _MONTHS + after.month - start.month
    if add_months(start, months) > after:
        months -= 1
    return max(0, months)


def age_on(born: date, day: date) -> int:
    """Give the age in whole years on a day (C3); 0 before birth."""
    years = day.year - born.year
    if anniversary(born, years) > day:
        years -= 1
    return max(0, years)


# --- named periods ---------------------------------------------------------------------------


def month_period(day: date) -> Period:
    """Give the month a day lies in: `2026-11`."""
    return Period(month_of(day), month_end(day), f"{day:%Y-%m}")


def financial_year(day: date, year_start_month: int = APRIL) -> Period:
    """Give the financial year a day lies in: `2026-27`."""
    start = _year_start(day, year_start_month)
    return Period(start, _end_of(start, _MONTHS), _year_name(start, in_full=True))


def financial_half(day: date, year_start_month: int = APRIL) -> Period:
    """Give the half of the financial year a day lies in: `2026-27 H1`."""
    return _part_of_year(day, year_start_month, "H")


def financial_quarter(day: date, year_start_month: int = APRIL) -> Period:
    """Give the quarter of the financial year a day lies in: `2026-27 Q3`."""
    return _part_of_year(day, year_start_month, "Q")


def calendar_quarter(day: date) -> Period:
    """Give the calendar quarter a day lies in: `2026 Q4`."""
    return _part_of_year(day, _JANUARY, "Q")


def grant_quarter(award_start: date, number: int) -> Period:
    """Give a quarter counted from an award's own start, the first being 1: `grant Q3`."""
    return grant_period(award_start, "Q", number)


def grant_quarter_number(award_start: date, day: date) -> int:
    """Tell which quarter from the award's start a day lies in; below 1 before it starts."""
    months = (day.year - award_start.year) * _MONTHS + day.month - award_start.month
    if add_months(award_start, months) > day:
        months -= 1
    return months // _LENGTHS["Q"] + 1


def grant_period(award_start: date, kind: str, number: int) -> Period:
    """Give a period counted from an award's own start, the first being 1.

    `kind` is `year`, `H` (half), `Q` (quarter) or `M` (month).
    """
    length = _LENGTHS[kind]
    start = add_months(award_start, length * (number - 1))
    end = add_months(award_start, length * number) - ONE_DAY
    name = f"grant year {number}" if kind == "year" else f"grant {kind}{number}"
    return Period(start, end, name)


def plain_period(start: date, end: date) -> Period:
    """Give any run of days, both included: `2026-05-15 to 2026-08-14`."""
    return Period(start, end, f"{start.isoformat()} to {end.isoformat()}")


def last_day_of(award: Award) -> date:
    """Give the last day of an award as agreed, extensions taken up included."""
    return max([award.end, *(option.end for option in award.extensions if option.exercised)])


def _year_start(day: date, year_start_month: int) -> date:
    year = day.year if day.month >= year_start_month else day.year - 1
    return date(year, year_start_month, 1)


def _end_of(start: date, months: int) -> date:
    return add_months(start, months) - ONE_DAY


def _year_name(start: date, *, in_full: bool = False) -> str:
    if start.month == _JANUARY:
        return f"{start.year}"
    following = (start.year + 1) % _CENTURY
    if in_full and 1 <= following <= _MONTHS:  # "2011-12" would read as December 2011
        return f"{start.year}-{start.year + 1}"
    return f"{start.year}-{following:02d}"


def _part_of_year(day: date, year_start_month: int, kind: str) -> Period:
    length = _LENGTHS[kind]
    number = (day.month - year_start_month) % _MONTHS // length + 1
    return _numbered_part(_year_start(day, year_start_month), kind, number)


def _numbered_part(year_start: date, kind: str, number: int) -> Period:
    length = _LENGTHS[kind]
    start = add_months(year_start, length * (number - 1))
    return Period(start, _end_of(start, length), f"{_year_name(year_start)} {kind}{number}")


# --- reading what someone typed --------------------------------------------------------------

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})\s+(?:to|-)\s+(\d{4}-\d{2}-\d{2})", re.IGNORECASE)
_FINANCIAL = re.compile(r"(\d{4})[-/](\d{2}|\d{4})(?:\s+([HQ])(\d))?", re.IGNORECASE)
_CALENDAR = re.compile(r"(\d{4})(?:\s+([HQ])(\d))?", re.IGNORECASE)
_GRANT = re.compile(r"grant\s+(year\s+|[HQM])(\d{1,3})", re.IGNORECASE)


def parse_period(
    text: str, year_start_month: int | None = None, award: Award | None = None
) -> Period:
    """Read a period as a person writes it, such as `2026-27 Q2`.

    `year_start_month` is the organisation's (left out: April). `award` is needed for periods
    counted from its start; one that runs past the award's end is cut there.
    Raises RefusedError, saying how periods are written, when the text is not one.
    """
    plain = " ".join(text.split())
    for pattern, read in (
        (_RANGE, _read_range),
        (_MONTH, _read_month),
        (_FINANCIAL, _read_financial),
        (_CALENDAR, _read_calendar),
        (_GRANT, _read_grant),
    ):
        found = pattern.fullmatch(plain)
        if found is not None:
            period = read(found, year_start_month or APRIL, award)
            if period is not None:
                return period
    raise _refused(
        f'"{plain}" is not a period. Write a financial quarter as "2026-27 Q2", a calendar quarter '
        'as "2026 Q4", a quarter of the award as "grant Q3", a month as "2026-11", a year as '
        '"2026-27", or days as "2026-05-15 to 2026-08-14"'
    )


def _refused(says: str) -> RefusedError:
    return RefusedError((Problem("period", says),))


def _read_range(found: re.Match[str], _start_month: int, _award: Award | None) -> Period | None:
    try:
        start, end = date.fromisoformat(found[1]), date.fromisoformat(found[2])
    except ValueError:
        raise _refused(f'there is no such day as one of those in "{found[0]}"') from None
    if end < start:
        raise _refused(f'"{found[0]}" ends before it starts. Give the earlier day first')
    return plain_period(start, end)


def _read_month(found: re.Match[str], _start_month: int, _award: Award | None) -> Period | None:
    year, month = int(found[1]), int(found[2])
    if not 1 <= month <= _MONTHS:
        return None  # "2026-27" is a financial year
    return month_period(_first_of(year, month))


def _read_financial(found: re.Match[str], start_month: int, _award: Award | None) -> Period | None:
    year, following, kind, number = int(found[1]), found[2], found[3], found[4]
    expected = year + 1
    if int(following) not in (expected, expected % _CENTURY):
        raise _refused(f'"{found[0]}" does not name two years that follow each other')
    if start_month == _JANUARY:
        raise _refused(
            f'"{found[0]}" names two years, but the financial year starts in January here. '
            f'Write "{year}" or "{year} Q1"'
        )
    return _part(_first_of(year, start_month), kind, number, found[0])


def _read_calendar(found: re.Match[str], _start_month: int, _award: Award | None) -> Period | None:
    return _part(_first_of(int(found[1]), _JANUARY), found[2], found[3], found[0])


def _part(year_start: date, kind: str | None, number: str, text: str) -> Period:
    if kind is None:
        return Period(
            year_start, _end_of(year_start, _MONTHS), _year_name(year_start, in_full=True)
        )
    kind = kind.upper()
    parts = _MONTHS // _LENGTHS[kind]
    if not 1 <= int(number) <= parts:
        whole = "quarters" if kind == "Q" else "halves"
        raise _refused(f'"{text}": a year has {parts} {whole}, {kind}1 to {kind}{parts}')
    return _numbered_part(year_start, kind, int(number))


def _first_of(year: int, month: int) -> date:
    if not _EARLIEST_YEAR <= year <= _LATEST_YEAR:
        raise _refused(f"the year {year} is outside {_EARLIEST_YEAR} to {_LATEST_YEAR}")
    return date(year, month, 1)


def _read_grant(found: re.Match[str], _start_month: int, award: Award | None) -> Period | None:
    if award is None:
        raise _refused(f'"{found[0]}" is counted from an award\'s start. Say which award')
    kind, number = found[1].strip(), int(found[2])
    kind = kind.lower() if len(kind) > 1 else kind.upper()
    last_day = last_day_of(award)
    period = grant_period(award.start, kind, max(number, 1))
    if number < 1 or period.start > last_day:
        raise _refused(
            f'"{found[0]}" lies outside the award, which runs from {award.start.isoformat()} '
            f"to {last_day.isoformat()}. The first is 1"
        )
    return Period(period.start, min(period.end, last_day), period.name)
