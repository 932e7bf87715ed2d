"""Where money stops: the first day on which something that was paid for is not.

DOMAIN section 7. Cliffs are found at `secured`, from today to the horizon's last day. Service,
organisation and silent cliffs are dated the first of their month. Money is whole pence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from fundtrack.core.money import round_half_up
from fundtrack.core.period import add_months
from fundtrack.core.schedule import ONE_DAY, SECURED, is_pool, last_day, rank
from fundtrack.core.thresholds import threshold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fundtrack.core.charges import Bearer
    from fundtrack.core.forecast import Forecast, Workings
    from fundtrack.core.model import Award
    from fundtrack.core.posts import PostOutlook
    from fundtrack.core.schedule import Pennies

CliffKind = Literal["post", "award", "service", "organisation", "silent"]
Status = Literal["overdue", "act now", "soon", "watch", "clear"]
_YEAR = 12
_MONTHS_BEFORE = 3
_ACT_NOW, _SOON, _WATCH = 30, 90, 365


@dataclass(frozen=True, slots=True)
class Loss:
    """What a cliff costs over the twelve months from it, and whom it touches."""

    over_12_months: int
    posts: tuple[str, ...]
    because: tuple[str, ...]

    @property
    def per_month(self) -> int:
        """A twelfth of it."""
        return round_half_up(self.over_12_months, _YEAR)


@dataclass(frozen=True, slots=True)
class Cliff:
    """One place where money stops. `because` are the keys of the records it rests on."""

    kind: CliffKind
    key: str
    date: date
    per_month: int
    over_12_months: int
    posts: tuple[str, ...]
    fte: Decimal
    people_supported: int
    because: tuple[str, ...]
    closes: str


def status_on(day: date, today: date) -> Status:
    """How near a date to act is (DOMAIN section 7)."""
    days = (day - today).days
    if days < 0:
        return "overdue"
    if days <= _ACT_NOW:
        return "act now"
    if days <= _SOON:
        return "soon"
    return "watch" if days <= _WATCH else "clear"


def cliffs(
    workings: Workings,
    secured: Forecast,
    posts: Sequence[PostOutlook],
) -> tuple[Cliff, ...]:
    """Every cliff of the book, by date, then kind.

    Those of an earlier state of the book, where nothing secured has changed.
    """
    rests_on = _rests_on(workings, secured, posts)
    known = workings.cliffs_known
    if known is not None and known[0] == rests_on:
        workings.keep_uncovered()
        return known[1]
    found = _found(workings, secured, posts)
    workings.cliffs_known = rests_on, found
    return found


def _rests_on(
    workings: Workings, secured: Forecast, posts: Sequence[PostOutlook]
) -> tuple[object, ...]:
    """All that cliffs rest on beside the months and rates: what is secured, and who is paid."""
    portfolio = workings.portfolio
    awards = portfolio.awards
    ends = tuple((post.cliff_date, post.ending and post.ending.awards) for post in posts)
    return (
        secured,
        portfolio.organisation,
        portfolio.services,
        portfolio.posts,
        portfolio.costs,
        tuple((at, award) for at, award in enumerate(awards) if rank(award) == SECURED),
        workings.charges.secured,
        ends,
    )


def _found(
    workings: Workings, secured: Forecast, posts: Sequence[PostOutlook]
) -> tuple[Cliff, ...]:
    silent_from = threshold(workings.portfolio.organisation, "silent_cliff")
    finder = _Finder(workings, secured, posts)
    found = [
        *finder.post_cliffs(),
        *finder.award_cliffs(),
        *finder.service_cliffs(),
        *finder.organisation_cliffs(),
        *finder.silent_cliffs(silent_from),
    ]
    return tuple(sorted(found, key=lambda cliff: (cliff.date, _ORDER[cliff.kind])))


_ORDER = {"post": 0, "award": 1, "service": 2, "organisation": 3, "silent": 4}


class _Finder:
    """Finds the cliffs of one book."""

    def __init__(self, workings: Workings, secured: Forecast, posts: Sequence[PostOutlook]) -> None:
        self._workings, self._secured, self._posts = workings, secured, posts
        self._portfolio, self._grid = workings.portfolio, workings.grid
        self._first = max(0, self._grid.index(workings.today))
        self._bearers = (*workings.charges.posts, *workings.charges.costs)
        self._post_count = len(workings.charges.posts)
        self._place_of = {id(bearer): at for at, bearer in enumerate(self._bearers)}
        self._bearers_of: dict[int, list[Bearer]] = {}
        for bearer in self._bearers:
            for place in bearer.paid_by:
                self._bearers_of.setdefault(place, []).append(bearer)
        self._renewed_from: dict[str, list[date]] = {}
        for award in self._portfolio.awards:
            if award.renewal_of is not None and rank(award) == SECURED:
                self._renewed_from.setdefault(award.renewal_of, []).append(award.start)
        served = [post.service for post in self._portfolio.posts]
        served += [cost.service for cost in self._portfolio.costs]
        self._serving: dict[str | None, list[Bearer]] = {}
        for service, bearer in zip(served, self._bearers, strict=True):
            self._serving.setdefault(service, []).append(bearer)

    # --- posts ---------------------------------------------------------------------------

    def post_cliffs(self) -> Iterator[Cliff]:
        """Those of posts of which the same is said as before are taken over."""
        known = self._workings.post_cliffs_known
        posts = zip(self._portfolio.posts, self._posts, self._bearers, strict=False)
        for post, outlook, bearer in posts:
            if outlook.cliff_date is None:
                continue
            people, kept = self._supported([post.service]), known.get(post.key)
            if kept is None or kept[0] is not outlook or kept[1].people_supported != people:
                because = () if outlook.ending is None else outlook.ending.awards
                loss = Loss(self._uncovered([bearer], outlook.cliff_date), (post.key,), because)
                says = "Secured money for this post from that day"
                made = self._cliff("post", post.key, outlook.cliff_date, loss, people, says)
                kept = known[post.key] = outlook, made
            yield kept[1]

    # --- awards --------------------------------------------------------------------------

    def award_cliffs(self) -> Iterator[Cliff]:
        for place, award in enumerate(self._portfolio.awards):
            ends = last_day(award)
            gone = ends + ONE_DAY
            if rank(award) != SECURED or not self._workings.today <= gone <= self._grid.last_day:
                continue
            if any(start <= gone for start in self._renewed_from.get(award.key, ())):
                continue
            paid = self._paid_on(place, ends)
            loss = Loss(self._uncovered(paid, gone), self._post_keys(paid), (award.key,))
            yield self._cliff(
                "award",
                award.key,
                gone,
                loss,
                self._reached(award, loss),
                "A renewal, agreed, that starts by that day",
            )

    def _paid_on(self, place: int, day: date) -> list[Bearer]:
        """The posts and costs an award pays on a day, at `secured`."""
        return [
            bearer
            for bearer in self._bearers_of.get(place, ())
            if any(start <= day <= end for start, end in bearer.paid_by.get(place, ()))
        ]

    # --- services ------------------------------------------------------------------------

    def service_cliffs(self) -> Iterator[Cliff]:
        for service in self._portfolio.services:
            bearers = self._serving.get(service.key, [])
            places = [self._place_of[id(bearer)] for bearer in bearers]
            month = self._first_month(self._by_month[places].sum(axis=0) > 0)
            if month is None:
                continue
            short = self._by_month[places, month].tolist()
            because = tuple(
                bearer.key for bearer, pence in zip(bearers, short, strict=True) if pence > 0
            )
            loss = Loss(
                self._uncovered(bearers, self._grid.months[month]),
                self._post_keys(bearers),
                because,
            )
            yield self._cliff(
                "service",
                service.key,
                self._grid.months[month],
                loss,
                service.people_supported or 0,
                "Secured money for every post and cost of the service",
            )

    # --- the organisation ----------------------------------------------------------------

    def organisation_cliffs(self) -> Iterator[Cliff]:
        secured = self._secured
        months = {
            "policy": secured.floor_breach_month,
            "reserves": secured.reserves_exhausted_month,
            "free-cash": self._month_at(self._first_month(secured.free_cash < 0)),
            "income": self._month_at(self._first_month(_falls(secured.income))),
        }
        for key, month in months.items():
            if month is None:
                continue
            loss = Loss(
                self._uncovered(self._bearers, month),
                tuple(post.key for post in self._portfolio.posts),
                (),
            )
            everyone = [service.key for service in self._portfolio.services]
            yield self._cliff(
                "organisation", key, month, loss, self._supported(everyone), _CLOSES[key]
            )

    # --- silent --------------------------------------------------------------------------

    def silent_cliffs(self, silent_from: int) -> Iterator[Cliff]:
        short = self._workings.wanted(SECURED) - self._workings.income(SECURED)
        balances = {award.key: award.balance for award in self._secured.awards}
        for place, award in enumerate(self._portfolio.awards):
            if rank(award) != SECURED:
                continue
            months = self._next_live_months(award)
            if not months:
                continue
            balance = self._balance_before(award, months[0], balances)
            excess = int(short[place, months.start : months.stop].sum()) - balance
            if excess < silent_from:
                continue
            paying = self._paid_on(place, max(self._workings.today, award.start))
            loss = Loss(excess, self._post_keys(paying), (award.key,))
            yield self._cliff(
                "silent",
                award.key,
                self._grid.months[months[0]],
                loss,
                self._reached(award, loss),
                "An uplift from the funder, or less charged to this award",
            )

    def _next_live_months(self, award: Award) -> range:
        first = max(self._first, self._grid.index(award.start))
        last = min(self._grid.index(last_day(award)), first + _YEAR - 1, self._grid.shown - 1)
        return range(first, last + 1)

    def _balance_before(self, award: Award, month: int, balances: dict[str, Pennies | None]) -> int:
        if not is_pool(award):
            return 0
        balance = balances[award.key]
        if month == 0 or balance is None:
            return award.opening_balance or 0
        return int(balance[min(month, len(balance)) - 1])

    # --- what they share -----------------------------------------------------------------

    def _cliff(
        self, kind: CliffKind, key: str, day: date, loss: Loss, people: int, closes: str
    ) -> Cliff:
        posts = self._portfolio.posts_by_key
        fte = sum((posts[key].fte for key in loss.posts), Decimal(0))
        return Cliff(
            kind,
            key,
            day,
            loss.per_month,
            loss.over_12_months,
            loss.posts,
            fte,
            people,
            loss.because,
            closes,
        )

    def _uncovered(self, bearers: Iterable[Bearer], first: date) -> int:
        """The uncovered cost, at `secured`, of the twelve months from a day."""
        if first.day == 1 and first >= self._grid.as_at:
            at = self._grid.index(first)
            until = min(at + _YEAR, len(self._grid.months))
            rows = [self._so_far[self._place_of[id(bearer)]] for bearer in bearers]
            return sum(row[until] - row[at] for row in rows)
        last = add_months(first, _YEAR) - ONE_DAY
        return sum(self._workings.uncovered(bearer, first, last) for bearer in bearers)

    @cached_property
    def _by_month(self) -> Pennies:
        """The uncovered cost of each post and cost at `secured`, by month."""
        if not self._bearers:
            return np.zeros((0, len(self._grid.months)), dtype=np.int64)
        return np.stack([bearer.uncovered[SECURED] for bearer in self._bearers])

    @cached_property
    def _so_far(self) -> list[list[int]]:
        """The uncovered cost of each post and cost at `secured` before each month of the grid."""
        told: list[list[int]] = self._by_month.cumsum(axis=1).tolist()
        return [[0, *row] for row in told]

    def _first_month(self, is_so: np.ndarray) -> int | None:
        """The first shown month, from today's or `as_at`'s, of which it is so."""
        found = np.flatnonzero(is_so[self._first : self._grid.shown])
        return None if found.size == 0 else self._first + int(found[0])

    def _month_at(self, place: int | None) -> date | None:
        return None if place is None else self._grid.months[place]

    def _post_keys(self, bearers: Sequence[Bearer]) -> tuple[str, ...]:
        """The posts among some posts and costs, in list order."""
        places = sorted(self._place_of[id(bearer)] for bearer in bearers)
        return tuple(self._bearers[at].key for at in places if at < self._post_count)

    def _reached(self, award: Award, loss: Loss) -> int:
        """People supported by the award's service and by those of the posts it touches."""
        posts = self._portfolio.posts_by_key
        return self._supported({award.service, *(posts[key].service for key in loss.posts)})

    def _supported(self, services: Iterable[str | None]) -> int:
        by_key = self._portfolio.services_by_key
        return sum(by_key[key].people_supported or 0 for key in services if key is not None)


_CLOSES = {
    "policy": "More unrestricted money, or less spending from reserves, before that month",
    "reserves": "More unrestricted money, or less spending from reserves, before that month",
    "free-cash": "Earlier payment from funders, or less spending, before that month",
    "income": "Renewals and new awards from that month",
}


def _falls(income: Pennies) -> np.ndarray:
    """Whether income is at most 80 % of the mean of the three months before, month by month."""
    sums = income.tolist()
    falls = [False] * len(sums)
    for month in range(_MONTHS_BEFORE, len(sums)):
        before = sum(sums[month - _MONTHS_BEFORE : month])
        falls[month] = before > 0 and sums[month] * _MONTHS_BEFORE * 5 <= before * 4
    return np.array(falls, dtype=bool)
