"""What a cell lets itself be filled with: its drop-down list, or limits to numbers, days, lengths.

Rules stand in two places of a sheet: with the sheet itself, and among the later additions (`x14`),
where Excel puts those that look at another sheet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from fundtrack.core.words import count, day
from fundtrack.exchange.workbook.own.numbers import day_of, serial_of
from fundtrack.exchange.workbook.own.parts import beside_rows, children, first, is_true, text_of
from fundtrack.exchange.workbook.own.places import areas_of

if TYPE_CHECKING:
    from lxml import etree

    from fundtrack.exchange.workbook.own.numbers import Value
    from fundtrack.exchange.workbook.own.places import Area, Place

_BETWEEN = ("between", "notBetween")
_WORDS = {
    "between": "from {} to {}",
    "notBetween": "outside {} to {}",
    "equal": "exactly {}",
    "notEqual": "anything but {}",
    "greaterThan": "above {}",
    "lessThan": "below {}",
    "greaterThanOrEqual": "{} or more",
    "lessThanOrEqual": "{} or less",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule for some cells. `kind` is list, whole, decimal, date, time, textLength or custom.

    `first` and `second` are its formulas as written; `prompt` and `error` what the funder says.
    """

    kind: str
    operator: str
    first: str
    second: str
    areas: tuple[Area, ...]
    blank: bool
    prompt: str = ""
    error: str = ""

    @property
    def base(self) -> Place:
        """The cell its formulas are written for; for others they move along."""
        return self.areas[0].first

    def refusal(self, value: Value, *, since_1904: bool) -> str:
        """Why a value breaks a rule about its size, in words; empty if, as far as known, not.

        A list is another matter: see `lists`.
        """
        if value is None or self.kind in ("list", "custom"):
            return ""
        measured = self._measured(value, since_1904=since_1904)
        what = {"whole": "whole numbers", "decimal": "numbers", "date": "days", "time": "times"}
        if measured is None:
            return f"takes only {what[self.kind]}" if self.kind in what else ""
        if self.kind == "whole" and measured != measured.to_integral_value():
            return f"takes only whole numbers, and {measured:f} is not one"
        bounds = [_constant(text) for text in (self.first, self.second) if text]
        if (
            None in bounds
            or not bounds
            or self._keeps(measured, [b for b in bounds if b is not None])
        ):
            return ""
        said_limits = [self._said(b, since_1904=since_1904) for b in bounds if b is not None]
        limits = _WORDS.get(self.operator, "{}").format(*said_limits)
        if self.kind == "textLength":
            return f"takes {limits} characters, and this has {count(int(measured), 'character')}"
        said = f": {self.error}" if self.error else ""
        return f"takes only {what.get(self.kind, 'values')} {limits}{said}"

    def _measured(self, value: Value, *, since_1904: bool) -> Decimal | None:
        """What the rule compares with its limits: a length, a number, or a day as a number."""
        if self.kind == "textLength":
            return Decimal(len(value)) if isinstance(value, str) else Decimal(len(f"{value}"))
        if isinstance(value, date):
            return serial_of(value, since_1904=since_1904)
        return value if isinstance(value, Decimal) else None

    def _said(self, limit: Decimal, *, since_1904: bool) -> str:
        found = day_of(limit, since_1904=since_1904) if self.kind == "date" else None
        return f"{limit:f}" if found is None else day(found)

    def _keeps(self, value: Decimal, bounds: list[Decimal]) -> bool:
        low, high = bounds[0], bounds[-1]
        kept = {
            "between": low <= value <= high,
            "notBetween": not low <= value <= high,
            "equal": value == low,
            "notEqual": value != low,
            "greaterThan": value > low,
            "lessThan": value < low,
            "greaterThanOrEqual": value >= low,
            "lessThanOrEqual": value <= low,
        }
        return kept.get(self.operator, True)


def rules_of(root: etree._Element) -> tuple[Rule, ...]:
    """Every rule of a sheet that limits anything, the later additions among them."""
    found = (_rule(element) for element in beside_rows(root, "dataValidation"))
    return tuple(rule for rule in found if rule.kind != "none" and rule.areas)


def _rule(element: etree._Element) -> Rule:
    cells = element.get("sqref") or "".join(text_of(one) for one in children(element, "sqref"))
    words = (element.get("promptTitle", ""), element.get("prompt", ""))
    return Rule(
        kind=element.get("type", "none"),
        operator=element.get("operator", "between"),
        first=_formula(element, "formula1"),
        second=_formula(element, "formula2")
        if element.get("operator", "between") in _BETWEEN
        else "",
        areas=areas_of(cells),
        blank=is_true(element.get("allowBlank")),
        prompt=". ".join(part for part in words if part),
        error=element.get("error", ""),
    )


def _formula(element: etree._Element, name: str) -> str:
    child = first(element, name)
    return "" if child is None else text_of(child).strip().removeprefix("=")


def _constant(text: str) -> Decimal | None:
    """A limit that is a plain number; one that is worked out from cells is None."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
