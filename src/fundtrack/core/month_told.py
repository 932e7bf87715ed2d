"""What stands behind one month of the reserves chart: what ends, begins and pays, record by record.

The whole sum of a month is `core.why`'s; these are the few records a person wants to open from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fundtrack.core.period import month_end
from fundtrack.core.schedule import NEVER, SECURED, last_day, rank

if TYPE_CHECKING:
    from fundtrack.core.outlook import Outlook


@dataclass(frozen=True, slots=True)
class Named:
    """A record (`awards.core`) and what it is called."""

    record: str
    title: str


@dataclass(frozen=True, slots=True)
class MonthTold:
    """The records behind one month; each list in the book's order, `pays` the largest first.

    `unpaid` are posts that lose money in the month, `ends` secured awards whose last day is in it,
    `hoped` awards not secured that would begin in it, `pays` secured awards with income in it.
    """

    unpaid: tuple[Named, ...]
    ends: tuple[Named, ...]
    hoped: tuple[Named, ...]
    pays: tuple[Named, ...]


def month_told(told: Outlook, month: date) -> MonthTold:
    """Name the records behind a month, given as its first day."""
    book = told.workings.portfolio
    last = month_end(month)
    within = [post.key for post in told.posts if month <= (post.cliff_date or date.max) <= last]
    ends, hoped = [], []
    for award in book.awards:
        named = Named(f"awards.{award.key}", award.title)
        if rank(award) == SECURED and month <= last_day(award) <= last:
            ends.append(named)
        elif SECURED < rank(award) < NEVER and month <= award.start <= last:
            hoped.append(named)
    return MonthTold(
        unpaid=tuple(Named(f"posts.{key}", book.posts_by_key[key].title) for key in within),
        ends=tuple(ends),
        hoped=tuple(hoped),
        pays=_pays(told, month),
    )


def _pays(told: Outlook, month: date) -> tuple[Named, ...]:
    secured = told.forecast["secured"]
    if month not in secured.months:
        return ()
    at = secured.months.index(month)
    paying = [(int(award.income[at]), award.key) for award in secured.awards if award.income[at]]
    titles = told.workings.portfolio.awards_by_key
    by_size = sorted(paying, key=lambda pair: -pair[0])
    return tuple(Named(f"awards.{key}", titles[key].title) for _, key in by_size)
