"""Which year a return counts from: the grant's own, or the one its funder reports by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fundtrack.core.period import (
    APRIL,
    ONE_DAY,
    Period,
    add_months,
    financial_year,
    last_day_of,
    plain_period,
)
from fundtrack.core.words import day

if TYPE_CHECKING:
    from datetime import date

    from fundtrack.core.model import Award

_JANUARY = 1
_YEAR = 12
_LENGTHS = (1, 3, 6, 12)


def months_long(period: Period) -> int | None:
    """How many whole months a period has (1, 3, 6 or 12), or None when it is some other stretch."""
    after = period.end + ONE_DAY
    return next((n for n in _LENGTHS if add_months(period.start, n) == after), None)


def grant_year_number(award: Award, on: date) -> int:
    """Which year of the award a day lies in, the first being 1; earlier days count as the first."""
    months = (on.year - award.start.year) * _YEAR + on.month - award.start.month
    if add_months(award.start, months) > on:
        months -= 1
    return max(0, months // _YEAR) + 1


def grant_year(award: Award, number: int) -> Period:
    """A year counted from the award's start, cut at its end as agreed."""
    start = add_months(award.start, _YEAR * (number - 1))
    end = min(add_months(award.start, _YEAR * number) - ONE_DAY, last_day_of(award))
    return Period(start, end, f"grant year {number}")


def return_year(award: Award, period: Period, year_start_month: int | None) -> Period:
    """The year a return's "year to date" counts from; its name says which kind it is.

    The funder's own when the award reports by the financial or the calendar year. Else the grant
    year, provided the award's years begin where periods of this kind begin; where they do not (a
    grant from 15 May reported by April quarters) the financial year, so that the year to date
    always grows from one return to the next. A period that no year holds counts from the start.
    """
    anchor = None if award.reporting is None else award.reporting.anchor
    financial = financial_year(period.start, year_start_month or APRIL)
    if anchor == "calendar":
        financial = financial_year(period.start, _JANUARY)
    number = grant_year_number(award, period.start)
    granted = grant_year(award, number)
    if anchor not in ("financial-year", "calendar") and _fits(award, period, granted):
        return granted
    if period.end <= financial.end:
        kind = "calendar year" if financial.start.month == _JANUARY else "financial year"
        return Period(financial.start, financial.end, f"{kind} {financial.name}")
    whole = plain_period(min(award.start, period.start), max(last_day_of(award), period.end))
    return Period(whole.start, whole.end, "whole award")


def _fits(award: Award, period: Period, year: Period) -> bool:
    """Whether a grant year holds the period, and its periods start where the grant's years do."""
    if period.start < year.start or period.end >= add_months(year.start, _YEAR):
        return False
    length = months_long(period)
    if length is None:
        return True
    months = (period.start.year - award.start.year) * _YEAR + period.start.month
    aligned = (months - award.start.month) % length == 0
    return aligned and add_months(award.start, months - award.start.month) == period.start


def year_in_words(year: Period) -> str:
    """Grant year 2, 1 April 2026 to 31 March 2027."""
    return f"{year.name[:1].upper()}{year.name[1:]}, {day(year.start)} to {day(year.end)}"
