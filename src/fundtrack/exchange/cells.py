"""Reads one cell of a stranger's sheet as a day, an amount or a text, and never guesses.

03/04/2026 is the third of April to one person and the fourth of March to another; £1.234 may be a
thousand pounds. What can be read in one way only is read; the rest says how to write it.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from fundtrack.core import words

_PENNY_DUST = Decimal("0.0001")  # pence: what a spreadsheet's binary sums leave behind
_LARGEST_AMOUNT = Decimal(10) ** 12
_EARLIEST, _LATEST = 1900, 2200
_SHOWN = 40
_MONTH_NAMES = (
    ("january", "jan"),
    ("february", "feb"),
    ("march", "mar"),
    ("april", "apr"),
    ("may",),
    ("june", "jun"),
    ("july", "jul"),
    ("august", "aug"),
    ("september", "sept", "sep"),
    ("october", "oct"),
    ("november", "nov"),
    ("december", "dec"),
)
_MONTHS = {name: at for at, names in enumerate(_MONTH_NAMES, start=1) for name in names}


class UnreadableError(Exception):
    """A cell that cannot be read; says why and what to do."""


def text_of(value: Any) -> str:  # noqa: ANN401 - a cell may hold anything
    """Return a cell as text on one line; a whole number without the spreadsheet's ".0"."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value)
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    text = " ".join(text.split())
    if not text:
        raise UnreadableError("this is blank")
    return text


def refuse_other_money(value: Any) -> None:  # noqa: ANN401
    """Raise UnreadableError unless a currency code is that of pounds sterling."""
    currency = text_of(value)
    if currency.upper() != "GBP":
        raise UnreadableError(f"the currency is {currency}, and FundTrack keeps pounds (GBP)")


def pence_of(value: Any) -> int:  # noqa: ANN401
    """Return an award's pounds in whole pence: 1234.5 or "£1,234.50"; more than nothing."""
    pounds = _pounds(value)
    text = text_of(value)[:_SHOWN]
    if pounds is None:
        raise UnreadableError(f"“{text}” is not an amount. Write it as 1234.50")
    if not 0 < pounds < _LARGEST_AMOUNT:
        raise UnreadableError(f"an award of {text} cannot be kept: it must be more than nothing")
    pence = (pounds * 100).quantize(Decimal(1))
    if abs(pounds * 100 - pence) > _PENNY_DUST:
        raise UnreadableError(f"{text} is not a whole number of pence. Round it in the file")
    return int(pence)


def _pounds(value: Any) -> Decimal | None:  # noqa: ANN401
    if isinstance(value, str):
        text = value.strip().removeprefix("£").strip()
        if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?", text):
            text = text.replace(",", "")
        return Decimal(text) if re.fullmatch(r"[0-9]{1,15}(\.[0-9]*)?", text) else None
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    pounds = Decimal(str(value))
    return pounds if pounds.is_finite() and abs(pounds) < _LARGEST_AMOUNT * 10 else None


def months_of(value: Any) -> int:  # noqa: ANN401
    """Return a duration in whole months, at least one."""
    text = text_of(value)
    if not re.fullmatch(r"\d{1,3}", text) or not int(text):
        raise UnreadableError(f"“{text[:_SHOWN]}” is not a whole number of months")
    return int(text)


def day_of(value: Any, *, day_first: bool) -> date:  # noqa: ANN401
    """Return a calendar day, never guessing which number is the month."""
    if isinstance(value, datetime):
        value = value.date()
    found = value if isinstance(value, date) else _day_in_words(text_of(value), day_first=day_first)
    if not _EARLIEST <= found.year <= _LATEST:
        raise UnreadableError(f"the year {found.year} is outside {_EARLIEST} to {_LATEST}")
    return found


def _day_in_words(text: str, *, day_first: bool) -> date:
    found = _iso_day(text) or _named_day(text) or _numbered_day(text, day_first=day_first)
    if found is None:
        raise UnreadableError(f"“{text[:_SHOWN]}” is not a date. Write it as 2026-03-31")
    return found


def _iso_day(text: str) -> date | None:
    """Return the day of an ISO date or moment; a moment as it is in the United Kingdom.

    Software here writes midnight on 1 July as 30 June, 23:00 UTC.
    """
    if re.fullmatch(r"\d{4}(-\d{2})?", text):
        raise UnreadableError(f"“{text}” leaves out the day. Write it as 2026-03-31")
    if not re.match(r"\d{4}-\d{2}-\d{2}", text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return moment.date()
    moment = moment.astimezone(UTC)
    return (moment + timedelta(hours=1 if _is_summer(moment) else 0)).date()


def _is_summer(moment: datetime) -> bool:
    """Tell whether British Summer Time is in force: last Sunday of March to October's."""

    def change(month: int) -> datetime:
        last = datetime(moment.year, month, 31, 1, tzinfo=UTC)
        return last - timedelta(days=last.isoweekday() % 7)

    return change(3) <= moment < change(10)


def _named_day(text: str) -> date | None:
    """Return the day of "17 March 2026", "17-Mar-26" or "March 17, 2026"."""
    words = re.fullmatch(
        r"(?:(?P<d>\d{1,2})(?:st|nd|rd|th)?[\s-]+(?P<m>[A-Za-z]+)|(?P<m2>[A-Za-z]+)\s+(?P<d2>\d{1,2})"
        r"(?:st|nd|rd|th)?),?[\s-]+(?P<y>\d{4}|\d{2})",
        text,
    )
    if words is None:
        return None
    month = _MONTHS.get((words["m"] or words["m2"]).casefold())
    year = int(words["y"]) + (2000 if len(words["y"]) == 2 else 0)
    return _date_or_none(year, month or 0, int(words["d"] or words["d2"]))


def _numbered_day(text: str, *, day_first: bool) -> date | None:
    """Return the day of 25/03/2026, or of 03/04/2026 if the person said the day comes first."""
    numbers = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:\s+00:00(?::00)?)?", text)
    if numbers is None:
        return None
    first, second, year = (int(number) for number in numbers.groups())
    british, american = _date_or_none(year, second, first), _date_or_none(year, first, second)
    if day_first:
        return british
    if british and american and british != american:
        raise UnreadableError(
            f"“{text}” can be {words.day_month(british)} or {words.day_month(american)}. "
            f"Write it as {british}, or as {american}; or say --day-first if every date in the "
            "file has its day first"
        )
    return british or american


def _date_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
