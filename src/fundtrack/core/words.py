"""British dates and pounds, and counts of things: the one place that puts them into words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fundtrack.core.money import round_half_up

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

MINUS = "−"
PLANNING = "An estimate to plan with. Take advice before you act or tell anyone."
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_YEAR_OF_DAYS, _BEHIND = 365, 122
_SMALL = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
)


def day(date_: date) -> str:
    """31 March 2027."""
    return f"{date_.day} {_MONTHS[date_.month - 1]} {date_.year}"


def short_day(date_: date, *, year: bool = True) -> str:
    """31 Mar 2027, or 31 Mar."""
    text = f"{date_.day} {_MONTHS[date_.month - 1][:3]}"
    return f"{text} {date_.year}" if year else text


def weekday(date_: date, *, year: bool = False) -> str:
    """Wed 6 January, for a date to act by."""
    text = f"{_DAYS[date_.weekday()][:3]} {date_.day} {_MONTHS[date_.month - 1]}"
    return f"{text} {date_.year}" if year else text


def month_name(date_: date) -> str:
    """April 2027."""
    return f"{_MONTHS[date_.month - 1]} {date_.year}"


def calendar_month(number: int) -> str:
    """April, for 4."""
    return _MONTHS[number - 1]


def short_month(date_: date) -> str:
    """Apr 2027."""
    return f"{_MONTHS[date_.month - 1][:3]} {date_.year}"


def money(pence: int) -> str:
    """£1,234.50, with a true minus."""
    sign = MINUS if pence < 0 else ""
    return f"{sign}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def whole_pounds(pence: int) -> str:
    """£1,235: rounded to the pound."""
    pounds = round_half_up(pence, 100)
    return f"{MINUS if pounds < 0 else ''}£{abs(pounds):,}"


def round_pounds(pounds: float) -> str:
    """£150k, £2.5m, £500: a round amount, as an axis has it."""
    sign, size = MINUS if pounds < 0 else "", abs(pounds)
    for unit, letter in ((1_000_000, "m"), (1000, "k")):
        if size >= unit:
            return f"{sign}£{size / unit:g}{letter}"
    return f"{sign}£{size:g}"


def count(number: int, thing: str, things: str | None = None) -> str:
    """5 posts, 1 post, no posts."""
    name = thing if number == 1 else things or f"{thing}s"
    return f"{'no' if number == 0 else f'{number:,}'} {name}"


def in_words(number: int) -> str:
    """Numbers to ten as words, for running text: five."""
    return _SMALL[number] if 0 <= number < len(_SMALL) else f"{number:,}"


def months(value: Decimal) -> str:
    """2.5 months, 1.0 months."""
    return f"{value} months"


def percent(basis_points: int) -> str:
    """Basis points as a percentage: 33.33, or 100."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


def days_away(date_: date, today: date) -> str:
    """In 11 days, today, 2 days ago."""
    away = (date_ - today).days
    if away == 0:
        return "today"
    return f"in {count(away, 'day')}" if away > 0 else f"{count(-away, 'day')} ago"


def sentence(text: str) -> str:
    """The text with its first letter a capital."""
    return text[:1].upper() + text[1:]


# --- days near enough to leave out the year ----------------------------------------------


def is_near(date_: date, today: date) -> bool:
    """Whether a day lies in the twelve months about today, so that its year goes without saying.

    From four months ago to eight months ahead: 26 November is one day only, and never read as the
    next when it was the last.
    """
    return -_BEHIND <= (date_ - today).days < _YEAR_OF_DAYS - _BEHIND


def near_day(date_: date, today: date) -> str:
    """3 Dec, with the year when it is not within the twelve months about today."""
    return short_day(date_, year=not is_near(date_, today))


def near_weekday(date_: date, today: date) -> str:
    """Thu 3 December, with the year when it is not within the twelve months about today."""
    return weekday(date_, year=not is_near(date_, today))


def short_weekday(date_: date, today: date) -> str:
    """Thu 3 Dec, with the year when it is not within the twelve months about today."""
    return f"{_DAYS[date_.weekday()][:3]} {near_day(date_, today)}"


def long_day(date_: date) -> str:
    """Sunday 22 November 2026."""
    return f"{_DAYS[date_.weekday()]} {day(date_)}"


def day_month(date_: date) -> str:
    """7 December."""
    return f"{date_.day} {_MONTHS[date_.month - 1]}"
