"""No post is paid for twice: a post's days over all returns sent, and the one being made.

A sent return keeps what it claimed of each post. Where the shares claimed of a post on a day are
more than the whole of it, both returns are named (RETURNS F10).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from fundtrack.core.returns.kept import SENT, figures_of, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fundtrack.core.model import Portfolio, Return
    from fundtrack.core.returns.figures import PostRow

_ONE_DAY = timedelta(days=1)
_WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A share of a post, in percent, claimed in a return on days that both count."""

    by: str
    post: str
    start: date
    end: date
    share: Decimal


@dataclass(frozen=True, slots=True)
class Twice:
    """Days on which more than the whole of a post is claimed, and the returns that claim it."""

    post: str
    start: date
    end: date
    share: Decimal
    by: tuple[str, ...]


def claimed_before(portfolio: Portfolio, leaving_out: Return | None) -> list[Claimed]:
    """What every sent return has claimed of each post; a return being sent again is left out."""
    return [
        claimed
        for record in portfolio.returns
        if record.status in SENT and record is not leaving_out
        for claimed in _kept(portfolio, record)
    ]


def claimed_now(
    portfolio: Portfolio, award: str, period: str, rows: Iterable[PostRow]
) -> list[Claimed]:
    """What a return being made claims."""
    by = _called(portfolio, award, period)
    return [Claimed(by, row.post, row.start, row.end, row.share) for row in rows if row.cost]


def _kept(portfolio: Portfolio, record: Return) -> Iterator[Claimed]:
    posts = figures_of(record).get("posts")
    by = _called(portfolio, record.award, record.period)
    for each in posts if isinstance(posts, list) else ():
        try:
            start, end = date.fromisoformat(each["start"]), date.fromisoformat(each["end"])
            found = Claimed(by, str(each["post"]), start, end, number(each["share"]))
            if number(each.get("cost", "1")):
                yield found
        except (KeyError, TypeError, ValueError):
            continue


def _called(portfolio: Portfolio, award: str, period: str) -> str:
    found = portfolio.awards_by_key.get(award)
    return f"{award if found is None else found.title}, {period}"


def claimed_twice(now: Iterable[Claimed], before: Iterable[Claimed]) -> tuple[Twice, ...]:
    """Where a return claims days of a post that, with what was claimed before, exceed the whole."""
    earlier: dict[str, list[Claimed]] = defaultdict(list)
    for each in before:
        earlier[each.post].append(each)
    ours: dict[str, list[Claimed]] = defaultdict(list)
    for each in now:
        ours[each.post].append(each)
    return tuple(
        twice for post, claims in ours.items() for twice in _over(post, claims, earlier[post])
    )


def _over(post: str, ours: list[Claimed], earlier: list[Claimed]) -> Iterator[Twice]:
    everyone = [*ours, *earlier]
    days = sorted({day for each in everyone for day in (each.start, each.end + _ONE_DAY)})
    for start, after in pairwise(days):
        there = [each for each in everyone if each.start <= start <= each.end]
        if not any(each in ours for each in there):
            continue
        total = sum((each.share for each in there), Decimal(0))
        if total > _WHOLE:
            names = tuple(dict.fromkeys(each.by for each in there))
            yield Twice(post, start, after - _ONE_DAY, total, names)
