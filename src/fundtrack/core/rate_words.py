"""What each statutory figure is called and counted in, and whether a shipped row still stands."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from fundtrack.core import words
from fundtrack.core.plain import decimal_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from fundtrack.core.rates import ShippedRate

Measure = Literal["days", "months", "pounds", "percent"]
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class RateName:
    """A figure's name, what it is counted in, and of what: "a year"."""

    title: str
    measure: Measure
    per: str = ""


RATE_NAMES: dict[str, RateName] = {
    "consultation.days_20_99": RateName("Consultation, 20 to 99 redundancies", "days"),
    "consultation.days_100": RateName("Consultation, 100 or more redundancies", "days"),
    "dismissal.protection_months": RateName("Service before unfair dismissal counts", "months"),
    "redundancy.weekly_cap": RateName("Redundancy, most for a week's pay", "pounds", "a week"),
    "redundancy.protective_award_days": RateName("Protective award, at most", "days"),
    "nic.rate": RateName("Employer National Insurance", "percent"),
    "nic.secondary_threshold": RateName("National Insurance starts above", "pounds", "a year"),
    "nic.upper_threshold_M_H": RateName("National Insurance, under 21s, above", "pounds", "a year"),
    "nic.employment_allowance": RateName("Employment Allowance", "pounds", "a year"),
    "pension.employer_minimum": RateName("Pension, least from the employer", "percent"),
    "pension.trigger": RateName("Pension, enrol from earnings of", "pounds", "a year"),
    "pension.qualifying_lower": RateName("Pension, qualifying earnings from", "pounds", "a year"),
    "pension.qualifying_upper": RateName("Pension, qualifying earnings to", "pounds", "a year"),
    "wage.national_living": RateName("National Living Wage, 21 and over", "pounds", "an hour"),
}
"""The figures FundTrack reads, in the order a person looks for them."""
NATION_WORDS = {
    "united-kingdom": "United Kingdom",
    "great-britain": "Great Britain",
    "england-and-wales": "England and Wales",
    "scotland": "Scotland",
    "northern-ireland": "Northern Ireland",
}


def title_of(code: str) -> str:
    """What a figure is called; one FundTrack does not know keeps its code."""
    name = RATE_NAMES.get(code)
    return name.title if name else code


def said(code: str, value: Decimal) -> str:
    """A figure in words: £751 a week, 15 %, 30 days."""
    name = RATE_NAMES.get(code)
    if name is None:
        return decimal_text(value)
    if name.measure == "percent":
        return f"{decimal_text(value * _HUNDRED)} %"
    if name.measure == "pounds":
        pence = int(value * _HUNDRED)
        pounds = words.money(pence) if pence % 100 else words.whole_pounds(pence)
        return f"{pounds} {name.per}"
    return f"{decimal_text(value)} {name.measure}"


def as_typed(code: str, value: Decimal) -> Decimal:
    """A figure as a person types it: a share as per cent."""
    name = RATE_NAMES.get(code)
    return value * _HUNDRED if name and name.measure == "percent" else value


def as_kept(code: str, typed: Decimal) -> Decimal:
    """A figure as the book keeps it, from what a person typed."""
    name = RATE_NAMES.get(code)
    return typed / _HUNDRED if name and name.measure == "percent" else typed


def standing(row: ShippedRate, rows: Iterable[ShippedRate], today: date) -> str:
    """How a shipped row stands today: in force, ended, yet to begin, or used provisionally (C10).

    `rows` are all shipped rows of the same figure and nation.
    """
    if row.from_ > today:
        return f"From {words.near_day(row.from_, today)}"
    followed = any(other.from_ > row.from_ for other in rows)
    begun = any(row.from_ < other.from_ <= today for other in rows)
    if begun:
        return "Ended"
    if row.to is None:
        return "In force"
    if row.to >= today:
        after = "" if followed else f", provisional after {words.near_day(row.to, today)}"
        return f"In force{after}"
    return "Provisional: nothing newer is published"
