"""Whose money it really is: the funders who pay, and the ultimate sources behind them.

Three commissioners can be one Treasury line, so that a charity with three awards may have one risk.
Shares are of the secured income of the twelve months from today's. Money is whole pence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fundtrack.core.money import round_half_up
from fundtrack.core.period import add_months, month_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from fundtrack.core.model import Award, Portfolio
    from fundtrack.core.outlook import Outlook

_YEAR = 12
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Share:
    """What one funder or source brings: pence, and the whole percentage of all secured income."""

    key: str
    name: str
    pence: int
    percent: int


def ultimate_source(portfolio: Portfolio, award: Award) -> str:
    """The key of the funder whose money an award really is; "" when nobody is named."""
    seen: list[str] = []
    key = award.funder or ""
    while key and key not in seen:
        seen.append(key)
        funder = portfolio.funders_by_key.get(key)
        key = (funder.ultimate_source or "") if funder else ""
    return seen[-1] if seen else ""


def sources(told: Outlook) -> tuple[Share, ...]:
    """The ultimate sources of secured income, the largest first."""
    portfolio = told.workings.portfolio
    return _shares(told, lambda award: ultimate_source(portfolio, award))


def payers(told: Outlook) -> tuple[Share, ...]:
    """The funders who pay secured income, the largest first."""
    return _shares(told, lambda award: award.funder or "")


def year_places(told: Outlook) -> list[int]:
    """The places of the twelve months from today's among the months of the forecast."""
    first = month_of(told.today)
    year = range(_YEAR)
    wanted = {add_months(first, number) for number in year}
    return [at for at, month in enumerate(told.months) if month in wanted]


def _shares(told: Outlook, whose: Callable[[Award], str]) -> tuple[Share, ...]:
    portfolio, places = told.workings.portfolio, year_places(told)
    totals: dict[str, int] = {}
    for found in told.forecast["secured"].awards:
        key = whose(portfolio.awards_by_key[found.key])
        totals[key] = totals.get(key, 0) + int(found.income[places].sum())
    whole = sum(totals.values())
    if whole <= 0:
        return ()
    named = portfolio.funders_by_key
    found_shares = (
        Share(key, named[key].name, pence, round_half_up(pence * _WHOLE, whole))
        for key, pence in totals.items()
        if key and pence > 0
    )
    return tuple(sorted(found_shares, key=lambda share: -share.pence))
