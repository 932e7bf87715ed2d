"""Why a month of a post is secured, probable, possible or unfunded: each payer's part of it.

Named `cover.KEY.2027-04`. Shares are of the month's days, in percent, and add up to the month; the
pence beside them add up to what the post costs in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fundtrack.core import words
from fundtrack.core.model import CERTAINTIES
from fundtrack.core.money import share_out
from fundtrack.core.overclaim import over_claims
from fundtrack.core.period import month_end
from fundtrack.core.plain import decimal_text
from fundtrack.core.why import Line, Why

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from fundtrack.core.charges import Bearer
    from fundtrack.core.outlook import Outlook

_WHOLE = 10_000


class _Part(NamedTuple):
    """A payer's part of a month: in basis points of its days, and in pence. None pays the rest."""

    certainty: str
    line: int | None
    share: int
    pence: int


def explained_cover(told: Outlook, figure: str) -> Why:
    """Explain one month of a post's cover. Raises KeyError where there is no such one."""
    key, _, named = figure.removeprefix("cover.").rpartition(".")
    bearer = next((one for one in told.workings.charges.posts if one.key == key), None)
    at = next((at for at, month in enumerate(told.months) if f"{month:%Y-%m}" == named), None)
    if bearer is None or at is None:
        raise KeyError(figure)
    title, month = told.workings.portfolio.posts_by_key[key].title, told.months[at]
    says = f"{title}, {words.month_name(month)}: who pays for which part of it"
    parts = _parts(told, bearer, at)
    if not parts:
        return Why(figure, says, None, (Line("Not in post this month", None, (f"posts.{key}",)),))
    lines = (
        *(_line(told, bearer, part) for part in parts),
        *_twice(told, key, month),
    )
    return Why(figure, says, sum(part.pence for part in parts), lines)


def _parts(told: Outlook, bearer: Bearer, at: int) -> list[_Part]:
    """The most certain first, and last what nobody pays. They add up to the month and its cost."""
    weights = _weights(told, bearer, at)
    if not any(weights[-1]):
        return []
    found, before = [], [0] * len(bearer.lines)
    for place, certainty in enumerate(CERTAINTIES):
        now = weights[place][:-1]
        more = [one - other for one, other in zip(now, before, strict=True)]
        share = int(bearer.covered[place][at])
        share -= int(bearer.covered[place - 1][at]) if place else 0
        if any(more):
            shares = share_out(share, more)
            found += [
                _Part(certainty, line, shares[line], _pence(bearer, place, line, at))
                for line, weight in enumerate(more)
                if weight
            ]
        before = now
    if weights[-1][-1]:
        unpaid = _WHOLE - int(bearer.covered[-1][at])
        found.append(_Part("unfunded", None, unpaid, 0))
    rest = int(bearer.cost[at]) - sum(part.pence for part in found)
    return [*found[:-1], found[-1]._replace(pence=found[-1].pence + rest)]


def _weights(told: Outlook, bearer: Bearer, at: int) -> list[list[int]]:
    """At each certainty, the days of the month times each line's share; the uncovered part last."""
    grid = told.workings.grid
    first, last = max(grid.months[at], grid.as_at), month_end(grid.months[at])
    found = [[0] * (len(bearer.lines) + 1) for _ in CERTAINTIES]
    for run in bearer.runs:
        days = (min(run.end, last) - max(run.start, first)).days + 1
        for place in range(len(CERTAINTIES)) if days > 0 else ():
            for line, share in enumerate(run.shares[place]):
                found[place][line] += days * share
    return found


def _pence(bearer: Bearer, place: int, line: int, at: int) -> int:
    """What a line is charged at a certainty beyond the firmer ones."""
    firmer = int(bearer.charged[place - 1][line][at]) if place else 0
    return int(bearer.charged[place][line][at]) - firmer


def _line(told: Outlook, bearer: Bearer, part: _Part) -> Line:
    said, post = f"{words.percent(part.share)}% {part.certainty}", f"posts.{bearer.key}"
    if part.line is None:
        return Line(f"{said}: nobody is allocated", part.pence, (post,))
    owner = bearer.lines[part.line]
    if owner is None:
        return Line(f"{said}: unrestricted funds, as allocated", part.pence, (post,))
    award = told.workings.portfolio.awards[owner]
    return Line(f"{said}: {award.title}", part.pence, (post, f"awards.{award.key}"))


def _twice(told: Outlook, key: str, month: date) -> Iterator[Line]:
    most = max(
        (
            over.percent
            for over in over_claims(told, key)
            if over.start <= month_end(month) and month <= over.end
        ),
        default=None,
    )
    if most is not None:
        said = f"{decimal_text(round(most, 2))}% claimed: what is above 100% is not counted"
        yield Line(said, None, (f"posts.{key}",))
