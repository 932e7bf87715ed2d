"""Harbour, a charity of a few lines, for tests that need a world of their own.

    book(grant("core", "2026-04-01", "2027-03-31", 120_000), post("idva", on="core"))

Money is in pounds here, because people speak so; the records hold pence.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from fundtrack import assets
from fundtrack.core.model import (
    LISTS,
    Allocation,
    Award,
    Balances,
    Organisation,
    Portfolio,
    Post,
    Record,
)
from fundtrack.core.outlook import Outlook, outlook
from fundtrack.core.rates import Statutory

STATUTORY = Statutory.read(assets.rates_json(), assets.bank_holidays_json())
TODAY = date(2026, 11, 23)
"""A Monday."""
HARBOUR = Organisation(
    name="Harbour",
    nation="england-and-wales",
    balances=Balances(as_at=date(2026, 11, 1), cash=60_000_00, free_reserves=60_000_00),
    year_start_month=4,
)
_NAMES = {cls: name for name, cls in LISTS.items()}


def day(text: str) -> date:
    return date.fromisoformat(text)


def grant(key: str, start: str, end: str, pounds: int = 60_000, **fields: Any) -> Award:
    """A restricted grant, live unless said otherwise."""
    usual = {"title": f"The {key} grant", "kind": "grant", "fund": "restricted", "stage": "live"}
    return Award(key=key, start=day(start), end=day(end), amount=pounds * 100, **(usual | fields))


def post(key: str, on: str | None = None, **fields: Any) -> tuple[Record, ...]:
    """A permanent post since 2020, with the share that pays it wholly from an award."""
    usual: dict[str, Any] = {
        "title": f"The {key} worker",
        "fte": Decimal(1),
        "salary": 30_000_00,
        "start": date(2020, 1, 1),
    }
    made = Post(key=key, **(usual | fields))
    if on is None:
        return (made,)
    return (made, Allocation(key=f"{key}-on-{on}", post=key, award=on, percent=Decimal(100)))


def book(*records: Record | tuple[Record, ...], **organisation: Any) -> Portfolio:
    """A book that holds these records, in the order given."""
    lists: dict[str, list[Record]] = {}
    for one in records:
        for record in one if isinstance(one, tuple) else (one,):
            lists.setdefault(_NAMES[type(record)], []).append(record)
    made: dict[str, Any] = {name: tuple(found) for name, found in lists.items()}
    return Portfolio(organisation=replace(HARBOUR, **organisation), **made)


def told(portfolio: Portfolio, today: date = TODAY, horizon: int = 36) -> Outlook:
    """The outlook of a book."""
    return outlook(portfolio, STATUTORY, today, horizon)
