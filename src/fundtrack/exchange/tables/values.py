"""Reads the cells of one column as money, shares, days or words, and asks rather than guesses.

What one cell can be read as in one way only is read. Where a cell alone does not say, its column
may: a 31/03/26 among the dates shows that the day comes first. Where the whole column does not say
either, a `Question` asks once, with examples. `exchange.cells` has the rules for a single cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal

from fundtrack.core.money import round_half_up
from fundtrack.core.period import add_months, month_end
from fundtrack.core.words import day as day_in_words
from fundtrack.exchange.cells import UnreadableError, day_of, text_of
from fundtrack.exchange.tables.sheets import Value

Order = Literal["day-first", "month-first"]
Edge = Literal["start", "end"]
"""Which day of a month or a year a cell means that names no day: its first, or its last."""

OPEN = frozenset(
    (
        "ongoing",
        "on going",
        "on-going",
        "open",
        "open ended",
        "open-ended",
        "permanent",
        "perm",
        "rolling",
    )
)
UNKNOWN = frozenset(
    (
        *("tbc", "tba", "tbd", "t.b.c.", "to be confirmed", "to be agreed", "unknown"),
        *("not known", "n/a", "na", "n.a.", "not applicable", "none", "nil", "null", "pending"),
        *("-", "–", "—", "--", "?", "??"),
    )
)
_LARGEST = Decimal(10) ** 13
_DUST = Decimal("0.0001")  # of a penny: what a spreadsheet's binary sums leave behind
_SHOWN = 40
_EARLIEST, _LATEST = 1900, 2200
_SERIALS = range(1, 80_000)  # days since 1900: to the year 2119
_SERIAL_TEXT = re.compile(r"[2-7]\d{4}(\.0+)?", re.ASCII)
_NUMERIC_DAY = re.compile(
    r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})(?:[ T]+0?0:00(?::00)?)?", re.ASCII
)
_YEAR_SPAN = re.compile(
    r"(?:FY\s*)?((?:19|20|21)\d{2})\s*[/\-–]\s*((?:19|20|21)?\d{2})", re.IGNORECASE
)
_MONTHS = {
    name: at
    for at, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_NAMED_MONTH = re.compile(r"([A-Za-z]{3,9})\.?[\s\-/']+(\d{4}|\d{2})", re.ASCII)
_ISO_MONTH = re.compile(r"((?:19|20|21)\d{2})-(0[1-9]|1[0-2])", re.ASCII)
_THIS_CENTURY = 80  # years of two digits below this are 20xx
_WEEKDAY = re.compile(
    r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\s+", re.IGNORECASE
)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b|\bof\b", re.IGNORECASE)
_MIDNIGHT = re.compile(r"[ T]00:00(:00(\.0+)?)?$")
_YEAR_FIRST = re.compile(r"((?:19|20|21)\d{2})[/.](\d{1,2})[/.](\d{1,2})", re.ASCII)
_DAY_MONTH_YEAR = re.compile(
    r"(\d{1,2})[\s/.\-]*([A-Za-z]{3,9})\.?[\s/.\-]*(\d{4}|\d{2})", re.ASCII
)
_SPACED = re.compile(r"\d\s+\d")
_SPACED_THOUSANDS = re.compile(r"[^\d]*\d{1,3}(\s\d{3})+(\.\d*)?[^\d]*")
_QUARTER = re.compile(r"(?:Q|qtr|quarter)\s*([1-4])", re.IGNORECASE)
_AMOUNT = re.compile(r"\d+(?:\.\d*)?|\.\d+|\d{1,3}(?:,\d{3})+(?:\.\d*)?", re.ASCII)
_SCALES = {"k": 1000, "thousand": 1000, "m": 1_000_000, "mn": 1_000_000, "million": 1_000_000}
_OTHER_MONEY = {"€": "euros", "$": "dollars", "eur": "euros", "usd": "dollars", "¥": "yen"}


@dataclass(frozen=True, slots=True)
class Question:
    """Something a column does not say, asked once of the person, with examples from it.

    `key` names it in the answers. `choices` are (answer, words) pairs; none means any answer that
    `wants` names: "date", "number" or "text".
    """

    key: str
    asks: str
    choices: tuple[tuple[str, str], ...] = ()
    examples: tuple[str, ...] = ()
    wants: str = "choice"


@dataclass(frozen=True, slots=True)
class Ways:
    """How a column's cells are read where one alone does not say; None where it is not known yet.

    `order` of 03/04/26; `from_1904` of 46112; `whole` tells that 1 is all of it and not 1 %;
    `scale` is what an amount counts (1000 under "£000s"); `rounds` amounts to the penny.
    """

    order: Order | None = None
    from_1904: bool | None = None
    whole: bool | None = None
    scale: int = 1
    rounds: bool = False
    year_start: int = 4
    edge: Edge = "start"


def is_open(value: Value) -> bool:
    """Tell whether a cell says that there is no end: "ongoing"."""
    return isinstance(value, str) and _plain(value) in OPEN


def is_unknown(value: Value) -> bool:
    """Tell whether a cell says that it is not known yet, or that there is none: "TBC", "n/a"."""
    return isinstance(value, str) and _plain(value) in UNKNOWN


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def shown(value: Value) -> str:
    """Return what a cell holds as a person would read it there, cut short."""
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, (date, datetime)):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    try:
        text = text_of(value)
    except UnreadableError:
        return ""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


# --- numbers -----------------------------------------------------------------------------------


def number(value: Value) -> Decimal:
    """Return a number of any sign: 1234.5, "1,234.50", "(1,200)", "1.2k" or "−5".

    Raises UnreadableError, saying why.
    """
    if isinstance(value, (bool, date, time, timedelta)) or value is None:
        raise UnreadableError(f"“{shown(value)}” is not a number. Write it as 1234.50")
    found = _in_text(value) if isinstance(value, str) else Decimal(str(value))
    if not found.is_finite() or abs(found) >= _LARGEST:
        raise UnreadableError(f"{shown(value)} is larger than any charity's figures. Check it")
    return found


def _in_text(text: str) -> Decimal:
    if _SPACED.search(text) and not _SPACED_THOUSANDS.fullmatch(text.strip()):
        raise UnreadableError(f"“{shown(text)}” is not a number. Write it as 1234.50")
    plain = "".join(text.split()).casefold().replace("\u2212", "-").replace("–", "-")
    plain = plain.replace("\u200b", "").replace("gbp", "")
    for sign, named in _OTHER_MONEY.items():
        if sign in plain:
            raise UnreadableError(
                f"“{shown(text)}” is in {named}, and FundTrack keeps pounds. Convert it first"
            )
    negative = False
    if bracketed := re.fullmatch(r"(£?)\((.*)\)(k|m)?", plain):
        negative, plain = True, bracketed[2] + (bracketed[3] or "")
    plain = plain.replace("£", "", 1)
    if plain.startswith(("-", "+")):
        negative, plain = negative ^ (plain[0] == "-"), plain[1:]
    elif plain.endswith("-"):
        negative, plain = not negative, plain[:-1]
    plain = plain.removeprefix("£")
    digits = re.match(r"[\d.,]*", plain)
    body, unit = (digits[0], plain[digits.end() :]) if digits else ("", plain)
    if (
        len(body) > _SHOWN
        or not _AMOUNT.fullmatch(body)
        or (unit and unit not in _SCALES)
        or not body.isascii()
    ):
        raise UnreadableError(f"“{shown(text)}” is not a number. Write it as 1234.50")
    found = Decimal(body.replace(",", "")) * _SCALES.get(unit, 1)
    return -found if negative else found


def pence(value: Value, ways: Ways) -> int:
    """Return an amount in whole pence, times the scale its column's title gives.

    Raises UnreadableError when it is no amount, or no whole number of pence and `rounds` is off.
    """
    exact = number(value) * ways.scale * 100
    whole = int(exact.to_integral_value())
    if abs(exact - whole) <= _DUST:
        return whole
    if not ways.rounds:
        raise UnreadableError(f"{shown(value)} is not a whole number of pence")
    top, bottom = exact.as_integer_ratio()
    return round_half_up(top, bottom)


def has_part_pennies(value: Value, ways: Ways) -> bool:
    """Tell whether an amount is one that only rounding would make whole pence of."""
    try:
        pence(value, ways)
    except UnreadableError as fault:
        return "whole number of pence" in str(fault)
    return False


def percent(value: Value, ways: Ways) -> Decimal:
    """Return a share in percent: "45%", or 45 or 0.45 as the column means them.

    Raises UnreadableError when it is no number, or when the column does not say what 1 means.
    """
    if isinstance(value, str) and value.strip().endswith("%"):
        found = number(value.strip()[:-1])
    else:
        found = number(value)
        if ways.whole is None and found:
            raise UnreadableError(f"{shown(value)} may be a share of 1 or a percentage")
        found = found * 100 if ways.whole else found
    return round(found, 10).normalize() + 0


# --- days --------------------------------------------------------------------------------------


def day(value: Value, ways: Ways) -> date:
    """Return the day a cell names, or the first or last of the month or year it names.

    Raises UnreadableError, saying why, where it is no date or could be two.
    """
    if isinstance(value, (bool, time, timedelta)) or value is None:
        raise UnreadableError(f"“{shown(value)}” is not a date. Write it as 2026-03-31")
    if isinstance(value, (int, float)):
        return _in_years(_serial(value, ways))
    if isinstance(value, str):
        text = " ".join(value.replace(",", " ").split())
        found = _numeric(text, ways) or _serial_in_text(text, ways) or _span(text, ways)
        if found:
            return _in_years(found)
        if _QUARTER.fullmatch(text):
            raise UnreadableError(f"“{shown(value)}” names no year. Write it as a date: 2026-03-31")
        value = _named(text)
    return _in_years(day_of(value, day_first=False))


def _named(text: str) -> str:
    """Return a date in words as `exchange.cells` reads it: "Tue 31st Mar 85" -> 31 Mar 1985."""
    text = _WEEKDAY.sub("", text)
    text = _ORDINAL.sub("", text)
    text = _MIDNIGHT.sub("", text).strip()
    if slashed := _YEAR_FIRST.fullmatch(text):
        return f"{slashed[1]}-{int(slashed[2]):02d}-{int(slashed[3]):02d}"
    words = _DAY_MONTH_YEAR.fullmatch(text)
    if words is None:
        return text
    year = int(words[3])
    if len(words[3]) == 2:
        year += 2000 if year < _THIS_CENTURY else 1900
    return f"{words[1]} {words[2]} {year}"


def _in_years(found: date) -> date:
    if not _EARLIEST <= found.year < _LATEST:
        raise UnreadableError(f"the year {found.year} is outside {_EARLIEST} to {_LATEST - 1}")
    return found


def _numeric(text: str, ways: Ways) -> date | None:
    british, american = readings(text)
    if british and american and british != american:
        if ways.order is None:
            raise UnreadableError(
                f"“{shown(text)}” can be {day_in_words(british)} or {day_in_words(american)}"
            )
        return british if ways.order == "day-first" else american
    found = british or american
    if found is None and _NUMERIC_DAY.fullmatch(text):
        raise UnreadableError(f"there is no such day as “{shown(text)}”")
    if found and ways.order == "day-first" and not british:
        raise UnreadableError(f"“{shown(text)}” is no day when the day comes first, as elsewhere")
    if found and ways.order == "month-first" and not american:
        raise UnreadableError(f"“{shown(text)}” is no day when the month comes first")
    return found


def readings(text: str) -> tuple[date | None, date | None]:
    """Return a numeric date read with its day first, and with its month first."""
    cut = _NUMERIC_DAY.fullmatch(" ".join(text.split()))
    if cut is None:
        return None, None
    first, second, year = int(cut[1]), int(cut[2]), int(cut[3])
    if len(cut[3]) == 2:
        year += 2000 if year < _THIS_CENTURY else 1900
    return _date_or_none(year, second, first), _date_or_none(year, first, second)


def _serial_in_text(text: str, ways: Ways) -> date | None:
    if not _SERIAL_TEXT.fullmatch(text):
        return None
    if ways.from_1904 is None:
        raise UnreadableError(f"“{text}” is a day's number, from 1900 or from 1904")
    return _serial(float(text), ways)


def _serial(value: float, ways: Ways) -> date:
    """Return the day of an Excel serial; 29 February 1900, which Excel has, does not exist."""
    at = int(value) if value == value and abs(value) < 10**9 else 0  # noqa: PLR0124 - not a number
    if at not in _SERIALS or (1900 <= at <= 2199):
        raise UnreadableError(f"“{shown(value)}” is not a date. Write it as 2026-03-31")
    if ways.from_1904:
        return date(1904, 1, 1) + timedelta(days=at)
    return date(1899, 12, 31 if at < 60 else 30) + timedelta(days=at)


def _span(text: str, ways: Ways) -> date | None:
    """Return the edge of a month ("Mar-27") or of a financial year ("2026/27")."""
    first = month(text)
    if first:
        return first if ways.edge == "start" else month_end(first)
    years = _YEAR_SPAN.fullmatch(text)
    if years is None:
        return None
    begins, ends = int(years[1]), int(years[2])
    ends += begins // 100 * 100 if len(years[2]) == 2 else 0
    if ends % 100 != (begins + 1) % 100 or not 0 < ends - begins <= 1:
        raise UnreadableError(f"“{shown(text)}” is not one financial year, such as 2026/27")
    opening = date(begins, ways.year_start, 1)
    return opening if ways.edge == "start" else add_months(opening, 12) - timedelta(days=1)


def month(value: Value) -> date | None:
    """Return the first day of the month a cell names alone: "Mar-27", "March 2027", "2027-03"."""
    if not isinstance(value, str):
        return None
    text = " ".join(value.split())
    if iso := _ISO_MONTH.fullmatch(text):
        return date(int(iso[1]), int(iso[2]), 1)
    named = _NAMED_MONTH.fullmatch(text)
    if named is None or named[1].casefold() not in _MONTHS:
        return None
    year = int(named[2]) + (2000 if len(named[2]) == 2 else 0)
    return _date_or_none(year, _MONTHS[named[1].casefold()], 1)


def period(title: str, year_start: int = 4) -> tuple[date, date] | None:
    """Return the first and last day of the months, quarter, half or year a title names.

    "Mar-27", "Apr-Jun 23", "Q1 2024/25", "2023/24 Q3", "H2 2024/25", "FY 2024/25", and a year above
    its quarters: "Financial year 2024 to 2025 – (Apr to Jun) – Actual". Quarters and halves are
    those of a financial year that begins in `year_start`. None where it names none, names a total,
    or says anything besides: "Before 2020/21" is no period. "Q1 2024" is none either, for it does
    not say whose year. "Up to Mar 2024" is the month in which a running sum ends.
    """
    parts = [" ".join(part.split()) for part in title.split(" – ")]
    if first := month(parts[-1]):
        return first, month_end(first)
    if any(part.casefold() in _NO_PERIOD for part in parts):
        return None
    text = " ".join(re.sub(r"[()]|£,?0*s?", " ", " ".join(parts).casefold()).split())
    if text.count("up to") == 1 and (up_to := _UP_TO.search(text)):
        first = month(up_to[1])
        return (first, month_end(first)) if first else None
    return _in_a_year(text, year_start)


def _in_a_year(text: str, year_start: int) -> tuple[date, date] | None:
    span, text = _cut(_PERIOD_YEARS, text)
    months, text = _cut(_MONTH_RANGE, text)
    quarter, text = _cut(_PERIOD_QUARTER, text)
    half, text = _cut(_PERIOD_HALF, text)
    said = set(text.split())
    short = span is not None and len(span[1]) == 2 and not (quarter or half or said & _YEAR)
    opening = None if short else _opening(span, year_start)
    if said - _BESIDE_A_PERIOD or (quarter and half) or (span and opening is None):
        return None
    if months or opening is None:
        return _of_months(months, opening) if months else None
    if quarter:
        return _from(add_months(opening, 3 * int(quarter[1]) - 3), 3)
    return _from(add_months(opening, 6 * int(half[1]) - 6), 6) if half else _from(opening, 12)


def _cut(pattern: re.Pattern[str], text: str) -> tuple[re.Match[str] | None, str]:
    found = pattern.search(text)
    return found, f"{text[: found.start()]} {text[found.end() :]}" if found else text


def _from(first: date, months: int) -> tuple[date, date]:
    return first, add_months(first, months) - timedelta(days=1)


def _opening(span: re.Match[str] | None, year_start: int) -> date | None:
    """Return the first day of the financial year "2024/25", "24/25" or "2024 to 2025"."""
    if span is None:
        return None
    begins, ends = int(span[1]) % 100, int(span[2]) % 100
    century = int(span[1]) - begins if len(span[1]) == 4 else 2000
    return date(century + begins, year_start, 1) if ends == (begins + 1) % 100 else None


def _of_months(found: re.Match[str], opening: date | None) -> tuple[date, date] | None:
    """Return "Apr to Jun" of a financial year, or "Oct-Mar 24" by the year its last month has."""
    first, last = _MONTHS.get(found[1]), _MONTHS.get(found[2])
    if first is None or last is None:
        return None
    if found[3]:
        ends = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
        begins = ends - (first > last)
    elif opening is not None:
        begins = opening.year + (first < opening.month)
        ends = begins + (first > last)
    else:
        return None
    return date(begins, first, 1), month_end(date(ends, last, 1))


_NO_PERIOD = frozenset(("total", "grand total", "subtotal", "sub total", "variance", "balance"))
_UP_TO = re.compile(r"\bup to (?:and including )?([a-z]{3,9} \d{4})\b", re.ASCII)
_PERIOD_YEARS = re.compile(
    r"\b((?:19|20|21)?\d{2})\s*(?:/|-|–|to)\s*((?:19|20|21)?\d{2})\b", re.ASCII
)
_MONTH_RANGE = re.compile(
    r"\b([a-z]{3,9})\s*(?:-|–|/|to)\s*([a-z]{3,9})\b(?:\s*'?((?:20)?\d{2})\b)?", re.ASCII
)
_PERIOD_QUARTER = re.compile(r"\b(?:q|qtr|quarter)\s*([1-4])\b", re.ASCII)
_PERIOD_HALF = re.compile(r"\b(?:h|half)\s*([12])\b", re.ASCII)
_YEAR = frozenset(("fy", "f/y", "financial"))
_BESIDE_A_PERIOD = frozenset(
    (
        *("fy", "f/y", "financial", "year", "actual", "actuals", "forecast", "budget", "planned"),
        *("plan", "profile", "profiled", "spend", "spent", "spending", "expenditure", "claim"),
        *("claimed", "paid", "payment", "payments", "gbp", "amount", ":", "-", ","),
    )
)


def _date_or_none(year: int, month_: int, day_: int) -> date | None:
    try:
        return date(year, month_, day_)
    except ValueError:
        return None


# --- what a whole column says ------------------------------------------------------------------


def order_of(cells: Iterable[Value]) -> tuple[Order | None, tuple[str, ...]]:
    """Return which number of 03/04/26 a column's other dates show to be the day.

    The examples are those that read both ways; none where there is nothing to ask. A column whose
    dates contradict each other shows nothing, and neither has anything to ask.
    """
    shows: set[Order] = set()
    both: list[str] = []
    for cell in cells:
        if not isinstance(cell, str):
            continue
        british, american = readings(cell)
        if british and american:
            both += [cell.strip()] if british != american else []
        elif british:
            shows.add("day-first")
        elif american:
            shows.add("month-first")
    if len(shows) == 1:
        return shows.pop(), ()
    return None, tuple(dict.fromkeys(both))[:3]


def serials_of(cells: Iterable[Value]) -> tuple[str, ...]:
    """Return examples of days' numbers that stand as text, so that no file tells their calendar."""
    found = (c.strip() for c in cells if isinstance(c, str) and _SERIAL_TEXT.fullmatch(c.strip()))
    return tuple(dict.fromkeys(found))[:3]


def whole_of(cells: Iterable[Value]) -> tuple[bool | None, tuple[str, ...]]:
    """Return whether 1 means all of it in a column of shares, or examples where it does not say."""
    found: list[Decimal] = []
    told: list[str] = []
    for cell in cells:
        if cell is None or (isinstance(cell, str) and cell.strip().endswith("%")):
            continue
        try:
            share = number(cell)
        except UnreadableError:
            continue
        if share:
            found.append(share)
            told.append(shown(cell))
    if not found:
        return False, ()
    parts = [share for share in found if 0 < share < 1]
    over = [share for share in found if share > Decimal("1.5")]
    if over and not parts:
        return False, ()
    if parts and not over:
        return True, ()
    return None, tuple(dict.fromkeys(told))[:3]
