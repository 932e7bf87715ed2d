"""Where a post or a cost is claimed above 100 %: on which days, and how far.

Secured shares alone count, as in `claimed twice` (DOMAIN section 2): the excess is not charged, and
says that one of the funders pays for what another has paid already.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from fundtrack.core import words
from fundtrack.core.charges import claims_on
from fundtrack.core.errors import Problem
from fundtrack.core.model import Allocation
from fundtrack.core.period import month_of
from fundtrack.core.schedule import ONE_DAY, SECURED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from fundtrack.core.charges import Claim
    from fundtrack.core.edit import Edit
    from fundtrack.core.model import Portfolio
    from fundtrack.core.outlook import Outlook

_FULL = Decimal(100)


class Over(NamedTuple):
    """Days in a row, both ends included, on which secured shares come to `percent`, above 100."""

    start: date
    end: date
    percent: Decimal


def overs(claims: Sequence[Claim], whole: int) -> tuple[Over, ...]:
    """The days on which some claims go above the whole, neighbours of one percent joined."""
    found: list[Over] = []
    for start, end, share in _stretches([each for each in claims if each.rank == SECURED]):
        if share <= whole:
            continue
        percent = Decimal(share * 100) / Decimal(whole)
        if found and found[-1].percent == percent and found[-1].end + ONE_DAY == start:
            found[-1] = found[-1]._replace(end=end)
        else:
            found.append(Over(start, end, percent))
    return tuple(found)


def _stretches(claims: Sequence[Claim]) -> Iterator[tuple[date, date, int]]:
    """Days between the edges of some claims, with the sum of their shares."""
    starts = {each.start for each in claims}
    edges = sorted(starts | {each.end + ONE_DAY for each in claims if each.end < each.end.max})
    last = max((each.end for each in claims), default=None)
    for at, start in enumerate(edges):
        end = edges[at + 1] - timedelta(1) if at + 1 < len(edges) else last
        if end is not None and start <= end:
            yield start, end, sum(each.share for each in claims if each.start <= start <= each.end)


def over_claims(told: Outlook, key: str) -> tuple[Over, ...]:
    """Where a post of an outlook is claimed above 100 %: looked up, not worked out anew."""
    charged = told.workings.charges
    kept = charged.kept.get(("post", key))
    return () if kept is None else overs(kept.claims, charged.whole)


def claimed_twice_by(portfolio: Portfolio, edit: Edit) -> tuple[Problem, ...]:
    """What an edit of shares would claim above 100 % that was not, or less, above it before.

    Only shares changed by hand are asked about: a book may hold what its funders agreed, and then
    it is flagged and not refused. A share lowered, or ended sooner, is never refused.
    """
    bearers = dict.fromkeys(
        ("post", each.after.post) if each.after.post else ("cost", each.after.cost or "")
        for each in edit.changes
        if isinstance(each.after, Allocation)
    )
    after = edit.apply(portfolio) if bearers else portfolio
    found = (_worse(portfolio, after, kind, key) for kind, key in bearers)
    return tuple(problem for problem in found if problem is not None)


def _worse(before: Portfolio, after: Portfolio, kind: str, key: str) -> Problem | None:
    stood = overs(*claims_on(before, kind, key))
    for over in overs(*claims_on(after, kind, key)):
        day = _first_worse_day(over, stood)
        if day is not None:
            return Problem(f"{kind}s.{key}", _says(after, kind, key, over.percent, day))
    return None


def _first_worse_day(over: Over, stood: Sequence[Over]) -> date | None:
    """The first day of a stretch on which less was claimed before, or None."""
    day = over.start
    for each in stood:
        if each.percent >= over.percent and each.start <= day <= each.end:
            if each.end >= over.end:
                return None
            day = each.end + ONE_DAY
    return day


def _says(book: Portfolio, kind: str, key: str, percent: Decimal, day: date) -> str:
    record = book.posts_by_key.get(key) if kind == "post" else book.costs_by_key.get(key)
    title = key if record is None else record.title
    month = words.month_name(month_of(day))
    return (
        f"{title} would be {percent.quantize(Decimal('0.01')).normalize():f} % claimed in {month}. "
        "Lower a share, or end one sooner"
    )
