"""Reading what a person types into a cell: dates, pounds, percentages, as the British write them.

Each reader returns the value, or raises ValueError with what to type instead.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS = re.compile(r"(\d{1,2})\s*[/.\- ]\s*(\d{1,2})(?:\s*[/.\- ]\s*(\d{2}|\d{4}))?")
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ \-]*([a-z]{3,9})\.?,?(?:[ \-]*(\d{2}|\d{4}))?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_EXAMPLE = "Type a date such as 31/3/27 or 31 Mar 2027"
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_SHORT = 2
_WHOLE = 100


def read_date(text: str, usual_year: int) -> date:
    """A date, day before month. A year left out is `usual_year`; two digits mean 20 and them."""
    text = text.strip().lower()
    if found := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _NUMBERS.fullmatch(text):
        day, month, year = int(found[1]), int(found[2]), _year(found[3], usual_year)
    elif (found := _WORDS.fullmatch(text)) and found[2][:3] in _MONTHS:
        day, month = int(found[1]), _MONTHS.index(found[2][:3]) + 1
        year = _year(found[3], usual_year)
    else:
        raise ValueError(f"This is not a date. {_EXAMPLE}")
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f"The year {year} is too far away. {_EXAMPLE}")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"There is no such day. {_EXAMPLE}") from None


def read_pounds(text: str) -> int:
    """Pounds as typed (`£1,200.50`), in pence."""
    pounds = _decimal(text.replace("£", ""), "Type an amount such as 1,200.50")
    pence = pounds * _WHOLE
    if pence != int(pence):
        raise ValueError("Pounds have at most two decimal places. Type an amount such as 1,200.50")
    return int(pence)


def read_percent(text: str) -> Decimal:
    """A share as typed (`33.33%`), from 0 to 100."""
    percent = _decimal(text.replace("%", ""), "Type a percentage such as 33.33")
    if not 0 <= percent <= _WHOLE:
        raise ValueError("A share is from 0 to 100 %. Type a percentage such as 33.33")
    return percent


def read_any_percent(text: str) -> Decimal:
    """A percentage as typed (`2.5%`), which may lie below 0 or above 100."""
    return _decimal(text.replace("%", ""), "Type a percentage such as 2.5")


def read_whole(text: str) -> int:
    """A whole number such as 3, not below 0."""
    number = read_number(text)
    if number != int(number):
        raise ValueError("Type a whole number such as 3")
    return int(number)


def read_number(text: str) -> Decimal:
    """A number such as 0.8, not below 0."""
    number = _decimal(text, "Type a number such as 0.8")
    if number < 0:
        raise ValueError("This cannot be below 0. Type a number such as 0.8")
    return number


def read_text(text: str) -> str:
    """Words that may not be left out."""
    words = " ".join(text.split())
    if not words:
        raise ValueError("This may not be empty. Type a name")
    return words


def _year(text: str | None, usual: int) -> int:
    if text is None:
        return usual
    return int(text) + 2000 if len(text) == _SHORT else int(text)


def _decimal(text: str, hint: str) -> Decimal:
    text = text.strip().replace("−", "-").replace(" ", "")
    grouped = re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text)
    plain = re.fullmatch(r"-?(\d+(\.\d*)?|\.\d+)", text)
    if not (grouped or plain) or len(text) > 18:
        raise ValueError(f"This is not a number. {hint}")
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise ValueError(f"This is not a number. {hint}") from None
