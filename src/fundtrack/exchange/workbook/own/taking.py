"""What a cell takes of a figure: pounds rather than pence, a day as a day, a word of its list."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from fundtrack.core.money import round_half_up
from fundtrack.exchange.workbook.own.numbers import kind_of, serial_of, shown
from fundtrack.exchange.workbook.own.patch import LONGEST_TEXT, clean_text

if TYPE_CHECKING:
    from fundtrack.core.returns.figures import CellValue
    from fundtrack.core.returns.vocabulary import Answer
    from fundtrack.exchange.workbook.own.lists import Choices
    from fundtrack.exchange.workbook.own.mapping import Fill
    from fundtrack.exchange.workbook.own.numbers import Value

_FEW = 8
_Taken = tuple["Value", tuple[str, ...]]


class CannotError(Exception):
    """A value cannot stand in a cell; says why, in words that follow the cell's name."""


def taken(answer: Answer | None, fill: Fill, code: str, *, since_1904: bool) -> _Taken:
    """A figure as its cell takes it, and what a person should know of it; None empties the cell.

    `code` is the cell's number format. No `answer` is a cell of a block that is left over.
    Raises CannotError for what the cell cannot show.
    """
    if answer is None:
        return None, ("left over: emptied",)
    value = answer.value
    if value is None or value == "":
        return None, ("there is no figure for it: left empty",)
    value = (fill.words or {}).get(shown(_plain(value)), value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, date):
        return _day(value, code, since_1904=since_1904)
    number = _in_unit(Decimal(value), answer, fill, code)
    if kind_of(code) in ("date", "time"):
        raise CannotError(f"shows days or times, and {number:f} is neither")
    return number, ()


def _in_unit(number: Decimal, answer: Answer, fill: Fill, code: str) -> Decimal:
    """A number in the unit its cell shows: pounds rather than pence, 0.022 where % is shown."""
    if answer.kind == "money":
        pounds = Decimal(round_half_up(int(number), 100))
        by_unit = {"pence": number.scaleb(-2), "pounds": pounds, "thousands": pounds.scaleb(-3)}
        return by_unit[fill.money]
    if answer.kind == "percent" and kind_of(code) == "percent":
        return number.scaleb(-2)
    return number


def _plain(value: CellValue) -> Value:
    return Decimal(value) if isinstance(value, int) else value


def _day(day: date, code: str, *, since_1904: bool) -> _Taken:
    kind = kind_of(code)
    if kind in ("general", "text"):
        return f"{day:%d/%m/%Y}", ("written as text: the cell is not made for days",)
    if kind != "date":
        raise CannotError(f"shows numbers, and {day:%d/%m/%Y} is a day")
    if serial_of(day, since_1904=since_1904) is None:
        raise CannotError(f"cannot hold {day:%d/%m/%Y}: this workbook's days begin later")
    return day, ()


def _text(text: str) -> _Taken:
    clean = clean_text(text)
    if len(clean) > LONGEST_TEXT:
        raise CannotError(f"holds {LONGEST_TEXT:,} characters at most, and this has {len(clean):,}")
    same = clean == text.replace("\r\n", "\n").replace("\r", "\n")
    return clean, () if same else ("characters that no workbook can hold were left out",)


def of_list(value: Value, offered: Choices) -> Value:
    """A value as a drop-down lists it. Raises CannotError for one that it does not."""
    if offered.unknown:
        raise CannotError(f"has a drop-down, and {offered.unknown}. Choose in Excel")
    match = offered.match(value)
    if match is not None:
        return match
    listed = ", ".join(f"“{shown(one)}”" for one in offered.values[:_FEW]) or "nothing"
    more = f" and {len(offered.values) - _FEW} more" if len(offered.values) > _FEW else ""
    raise CannotError(
        f"takes only what its drop-down lists ({listed}{more}), and “{shown(value)}” is not among "
        "them. Say in the mapping which of its words is meant"
    )
