"""What a cell's number format says: whether it shows days, percents or text, and how it looks.

A workbook keeps a day as a number counted from 1900 (or 1904); only the format tells the two apart.
What is shown here follows the common formats; the rest shows the number itself.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache
from typing import Literal, NamedTuple

FormatKind = Literal["general", "number", "percent", "date", "time", "text"]
Value = str | Decimal | bool | date | None
"""What a cell holds. A `datetime` is a day with a time of day; a `date` is a whole day."""

GENERAL = "General"
BUILT_IN = {
    0: GENERAL,
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: "£#,##0;-£#,##0",
    6: "£#,##0;-£#,##0",
    7: "£#,##0.00;-£#,##0.00",
    8: "£#,##0.00;-£#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "dd/mm/yyyy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "dd/mm/yyyy h:mm",
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    41: "#,##0;-#,##0",
    42: "£#,##0;-£#,##0",
    43: "#,##0.00;-#,##0.00",
    44: "£#,##0.00;-£#,##0.00",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
}
"""The formats a workbook may name without writing them out, as a British Excel shows them."""

_DAYS_OF_ANY_LANGUAGE = (*range(27, 32), 36, *range(50, 55), 57, 58)
_TIMES_OF_ANY_LANGUAGE = (*range(32, 36), 55, 56)
BUILT_IN.update(dict.fromkeys(_DAYS_OF_ANY_LANGUAGE, "dd/mm/yyyy"))
BUILT_IN.update(dict.fromkeys(_TIMES_OF_ANY_LANGUAGE, "h:mm:ss"))

_TOKEN = re.compile(
    r"""
      "(?P<quoted>[^"]*)" | \\(?P<escaped>.) | [_*].
    | \[\$(?P<currency>[^\]-]*)[^\]]*\] | \[(?P<elapsed>h+|m+|s+)\] | \[[^\]]*\]
    | (?P<noon>AM/PM|A/P) | (?P<general>General) | (?P<part>y+|m+|d+|h+|s+)
    | (?P<digits>[0#?][0#?,]*(?:\.[0#?]*)?|\.[0#?]+) | (?P<power>E[+-]) | (?P<plain>.)
    """,
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_SECTION = re.compile(r'((?:"[^"]*"|\\.|[_*].|[^;"\\])*)(?:;|$)', re.DOTALL)
_FIRST_1900 = date(1899, 12, 30)
_FIRST_1904 = date(1904, 1, 1)
_NO_SUCH_DAY = 60  # 29 February 1900, which Excel counts
_LAST_SERIAL = 2_958_465
_DAY = timedelta(days=1)
_LONG_MONTHS = (
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
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MOST_DIGITS = 15


# --- days --------------------------------------------------------------------------------------


def day_of(serial: Decimal, *, since_1904: bool) -> date | None:
    """The day (and the time of day, to the second) a number stands for, or None if for none."""
    if not (0 if since_1904 else 1) <= serial <= _LAST_SERIAL:
        return None
    whole = int(serial)
    if since_1904:
        begins = _FIRST_1904
    elif whole < _NO_SUCH_DAY:
        begins = _FIRST_1900 + _DAY
    else:
        begins = _FIRST_1900
    seconds = int(((serial - whole) * 86_400).to_integral_value(ROUND_HALF_UP))
    try:
        found = begins + timedelta(days=whole)
    except OverflowError:
        return None
    if not seconds:
        return found
    return datetime.combine(found, time()) + timedelta(seconds=seconds)


def serial_of(day: date, *, since_1904: bool) -> Decimal | None:
    """The number that stands for a day (and time of day), or None before the counting begins."""
    moment = day if isinstance(day, datetime) else datetime.combine(day, time())
    begins = _FIRST_1904 if since_1904 else _FIRST_1900
    whole = moment.toordinal() - begins.toordinal()
    if not since_1904 and whole <= _NO_SUCH_DAY:
        whole -= 1
    if whole < (0 if since_1904 else 1):
        return None
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return Decimal(whole) + Decimal(seconds) / 86_400 if seconds else Decimal(whole)


# --- formats -----------------------------------------------------------------------------------


class _Token(NamedTuple):
    kind: str
    text: str


@lru_cache(maxsize=1024)
def kind_of(code: str) -> FormatKind:
    """What sort of value a format is made for."""
    tokens = _tokens(_sections(code)[0])
    kinds = {token.kind for token in tokens}
    parts = "".join(token.text for token in tokens if token.kind == "part").casefold()
    if "y" in parts or "d" in parts or ("m" in parts and not kinds & {"noon", "elapsed"}):
        return "time" if set(parts) <= {"m", "s", "h"} and set(parts) != {"m"} else "date"
    if parts or kinds & {"noon", "elapsed"}:
        return "time"
    plain = {token.text for token in tokens if token.kind == "plain"}
    if "digits" in kinds:
        return "percent" if "%" in plain else "number"
    if "general" in kinds:
        return "general"
    return "text" if "@" in plain else "general"


def shown(value: Value, code: str = GENERAL) -> str:
    """A value as its cell would show it, or nearly: what a person compares with the screen."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case str():
            return value
        case date():
            return _shown_day(value, code)
    section, unsigned = _section_for(value, _sections(code))
    tokens = _tokens(section)
    kinds = {token.kind for token in tokens}
    plain = [token.text for token in tokens if token.kind == "plain"]
    if "digits" not in kinds or kinds & {"power", "part", "elapsed"} or "/" in plain:
        return "".join(token.text for token in tokens if token.kind == "literal") or _general(value)
    number = abs(value) if unsigned else value
    return _shown_number(number, tokens, percent="%" in plain)


def _sections(code: str) -> list[str]:
    return [found[1] for found in _SECTION.finditer(code) if found[0]] or [GENERAL]


@lru_cache(maxsize=1024)
def _tokens(section: str) -> tuple[_Token, ...]:
    found = []
    for match in _TOKEN.finditer(section):
        kind = match.lastgroup or ""
        if kind in ("quoted", "escaped", "currency"):
            found.append(_Token("literal", match[kind]))
        elif kind:
            found.append(_Token(kind, match[kind]))
    return tuple(found)


def _section_for(value: Decimal, sections: list[str]) -> tuple[str, bool]:
    """The section of a format that shows a number, and whether it is shown without its sign."""
    if value < 0 and len(sections) > 1:
        return sections[1], True
    if value == 0 and len(sections) > 2:
        return sections[2], True
    return sections[0], False


def _shown_number(value: Decimal, tokens: tuple[_Token, ...], *, percent: bool) -> str:
    digits = next(token.text for token in tokens if token.kind == "digits")
    before, _, after = digits.partition(".")
    thousandths = len(before) - len(before.rstrip(","))
    with localcontext() as context:
        context.prec = 60
        number = value.scaleb(2 if percent else 0).scaleb(-3 * thousandths)
        places = sum(after.count(one) for one in "0#?")
        number = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{abs(number):,f}" if "," in before.rstrip(",") else f"{abs(number):f}"
    optional = len(after) - len(after.rstrip("#?"))
    for _ in range(optional):
        text = text.removesuffix("0")
    text = text.removesuffix(".") if optional else text
    text = "" if number == 0 and "0" not in digits else text
    said, placed = "-" if number < 0 else "", False
    for token in tokens:
        if token.kind == "digits":
            said, placed = said if placed else said + text, True
        elif token.kind in ("literal", "plain"):
            said += token.text
    return said.strip()


def _general(value: Decimal) -> str:
    """A number with no format: as many digits as a spreadsheet keeps."""
    with localcontext() as context:
        context.prec = _MOST_DIGITS
        number = +value
    text = f"{number:f}" if -10 < number.adjusted() < 20 else f"{number:E}"
    return text.rstrip("0").rstrip(".") if "." in text and "E" not in text else text


def _shown_day(value: date, code: str) -> str:
    tokens = _tokens(_sections(code)[0])
    if not any(token.kind == "part" for token in tokens):
        return f"{value:%d/%m/%Y}"
    noon = any(token.kind == "noon" for token in tokens)
    said, hours_before = "", False
    for at, token in enumerate(tokens):
        if token.kind == "part":
            part = token.text.casefold()
            later = next((one.text for one in tokens[at + 1 :] if one.kind == "part"), "")
            minutes = part in ("m", "mm") and (hours_before or later.casefold().startswith("s"))
            said += _shown_part(value, "min" if minutes else part, noon=noon)
            hours_before = part.startswith("h")
        elif token.kind == "elapsed":
            hours_before = True
        elif token.kind == "noon":
            said += "PM" if isinstance(value, datetime) and value.hour >= 12 else "AM"
        elif token.kind in ("literal", "plain"):
            said += "" if token.text == "@" else token.text
    return said.strip()


def _shown_part(value: date, part: str, *, noon: bool) -> str:
    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    hour = (moment.hour - 1) % 12 + 1 if noon else moment.hour
    weekday, month = _WEEKDAYS[value.weekday()], _LONG_MONTHS[value.month - 1]
    said = {
        "d": f"{value.day}",
        "dd": f"{value.day:02d}",
        "ddd": weekday[:3],
        "dddd": weekday,
        "m": f"{value.month}",
        "mm": f"{value.month:02d}",
        "mmm": month[:3],
        "mmmm": month,
        "mmmmm": month[:1],
        "min": f"{moment.minute:02d}",
        "yy": f"{value.year % 100:02d}",
        "h": f"{hour}",
        "hh": f"{hour:02d}",
        "s": f"{moment.second}",
        "ss": f"{moment.second:02d}",
    }
    return said.get(part, f"{value.year}")
