"""Who pays for each post and each cost, day by day and month by month, at each certainty.

DOMAIN section 6, steps 2 and 3. A post or cost ("bearer") carries lines, one for each allocation in
list order; what no line covers is uncovered. Money is whole pence; shares are exact.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property, lru_cache
from math import lcm
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fundtrack.core.model import CERTAINTIES, Cost, Post
from fundtrack.core.money import round_half_up, share_out, shared_by
from fundtrack.core.period import month_end, months_between
from fundtrack.core.schedule import (
    NEVER,
    ONE_DAY,
    SECURED,
    Grid,
    MonthPrice,
    RateEpochs,
    Stay,
    Term,
    last_day,
    lumps,
    stays,
    terms,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fundtrack.core.model import Allocation, Award, PayChange, Portfolio
    from fundtrack.core.rates import Rates
    from fundtrack.core.schedule import Pennies

_HUNDRED = 100


PaidBy = dict[int, list[tuple[date, date]]]


class Claim(NamedTuple):
    """A share of a bearer on some days: the line it stands on, how certain, how much.

    `award` is the award's place in the book, None for unrestricted funds.
    """

    line: int
    award: int | None
    rank: int
    start: date
    end: date
    share: int


class Run(NamedTuple):
    """Days in a row on which the same shares and price hold; `shares[c][line]`, uncovered last."""

    start: date
    end: date
    shares: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, eq=False)
class Bearer:
    """A post or cost with its lines and, month by month, what each line is charged.

    `lines[line]` is the award's place in the book or None. `charged[c][line]` and `uncovered[c]`
    are pence by month; `covered[c]` is the paid share of the month in basis points. `paid_by` are
    the days on which each award (by place) pays a secured share.
    `runs` tile the days it exists. `price` is what a month costs; for a cost that falls
    whole on the days of `falls`, the sum that falls.
    """

    key: str
    lines: tuple[int | None, ...]
    runs: tuple[Run, ...]
    cost: Pennies
    nic: Pennies
    charged: Pennies
    uncovered: Pennies
    covered: Pennies
    paid_by: PaidBy
    claimed_twice: bool
    price: MonthPrice | _Flat | int
    falls: tuple[tuple[int, date], ...]


class Kept(NamedTuple):
    """A bearer worked out, with all it was worked out from, to be taken again while that stands."""

    record: Post | Cost
    claims: tuple[Claim, ...]
    bearer: Bearer
    course: _Course | None


@dataclass(frozen=True, eq=False)
class Charges:
    """Every post and cost of a book, in list order, and the whole share (100 %) as a number."""

    posts: tuple[Bearer, ...]
    costs: tuple[Bearer, ...]
    whole: int
    epochs: RateEpochs
    kept: dict[tuple[str, str], Kept]
    claims: Claims
    rests_on: tuple[object, ...]

    @cached_property
    def secured(self) -> tuple[object, ...]:
        """The secured claims on each post and cost, and the whole share.

        Where they and the posts and costs are the same, so is every figure at `secured`.
        """
        return self.whole, [
            [claim for claim in kept.claims if claim.rank == SECURED] for kept in self.kept.values()
        ]


def charges(
    portfolio: Portfolio, rates: Rates, grid: Grid, before: Charges | None = None
) -> Charges:
    """Work out every post and cost of the book over the months of the grid.

    `before` are the charges of an earlier state of the book over the same months and rates: what
    has not changed since is taken from there.
    """
    scale = _scale(portfolio.allocations)
    whole = _HUNDRED * scale
    rests_on = _claims_rest_on(portfolio)
    claims = (
        _claims(portfolio, scale)
        if before is None or before.rests_on != rests_on
        else before.claims
    )
    epochs = RateEpochs(rates) if before is None else before.epochs
    known = {} if before is None or before.whole != whole else before.kept
    kept: dict[tuple[str, str], Kept] = {}

    def bearer(kind: str, record: Post | Cost) -> Bearer:
        name, claimed = (kind, record.key), claims.get((kind, record.key), ())
        found = known.get(name)
        if found is None or found.record is not record or found.claims != claimed:
            if isinstance(record, Cost):
                course, made = None, _cost(record, claimed, grid, whole)
            else:
                price = MonthPrice(record, rates, epochs)
                course = _known_course(found, record, claimed, price)
                if course is None:
                    course = _post_course(record, claimed, price, grid, whole)
                made = _bearer(record.key, course, price)
            found = Kept(record, claimed, made, course)
        kept[name] = found
        return found.bearer

    return Charges(
        posts=tuple(bearer("post", post) for post in portfolio.posts),
        costs=tuple(bearer("cost", cost) for cost in portfolio.costs),
        whole=whole,
        epochs=epochs,
        kept=kept,
        claims=claims,
        rests_on=rests_on,
    )


NicKnown = dict[str, tuple[Post, "Pennies"]]
"""Each post's NIC by month, with the post it was worked out from."""


def nic_by_month(
    portfolio: Portfolio, rates: Rates, first: date, before: date, known: NicKnown
) -> list[int]:
    """Employer NIC of all posts in each whole month from `first` up to the month of `before`.

    `known` is what was found before, for the same rates and days: posts that have not changed are
    taken from it, and what is found stands in it afterwards.
    """
    if (first.year, first.month) >= (before.year, before.month):
        return []
    grid = Grid(first, first, months_between(first, before)[:-1], 0)
    epochs = RateEpochs(rates)
    total = np.zeros(len(grid.months), dtype=np.int64)
    for post in portfolio.posts:
        found = known.get(post.key)
        if found is None or not _paid_alike(found[0], post, before):
            price = MonthPrice(post, rates, epochs)
            runs = _runs(stays(post, first, grid.ends[-1]), (), price.changes, _HUNDRED)
            course = _course(runs, _stretches(runs, grid, price), (), _HUNDRED, grid)
            found = post, _bearer(post.key, course, price).nic
        known[post.key] = post, found[1]
        total += found[1]
    return [int(nic) for nic in total]


def _paid_alike(one: Post, other: Post, before: date) -> bool:
    """Whether two states of a post differ in nothing but changes of pay from a day on."""
    if one is other:
        return True
    return but_pay(one) == but_pay(other) and _early(one, before) == _early(other, before)


but_pay = attrgetter(*(each.name for each in fields(Post) if each.name != "pay_changes"))
"""All that a post is beside its changes of pay."""


def _early(post: Post, before: date) -> tuple[PayChange, ...]:
    return tuple(change for change in post.pay_changes if change.from_ < before)


# --- claims ----------------------------------------------------------------------------------


def _scale(allocations: Iterable[Allocation]) -> int:
    """The least number that makes every percent whole, so that shares are whole numbers."""
    denominators = (allocation.percent.as_integer_ratio()[1] for allocation in allocations)
    return lcm(*denominators)


def claims_on(portfolio: Portfolio, kind: str, key: str) -> tuple[tuple[Claim, ...], int]:
    """What a post or a cost (`kind` says which) is claimed by, and the whole share as a number."""
    scale = _scale(portfolio.allocations)
    return _claims(portfolio, scale).get((kind, key), ()), 100 * scale


def carried_on(portfolio: Portfolio, post: str) -> tuple[tuple[Award, Allocation], ...]:
    """The shares of a post that a renewal takes over, each with the award that takes it over."""
    return tuple(
        (portfolio.awards_by_key[key], share.allocation)
        for key, shares in held_shares(portfolio).items()
        for share in shares
        if share.allocation.post == post and share.allocation.award != key
    )


class _Share(NamedTuple):
    """An allocation as an award holds it, or takes it over from the award it renews."""

    order: tuple[int, int]
    allocation: Allocation
    from_: date | None
    to: date | None


Claims = dict[tuple[str, str], tuple[Claim, ...]]
"""What each bearer, by its kind and key, is claimed by."""


def _claims_rest_on(portfolio: Portfolio) -> tuple[object, ...]:
    """All that claims are made from: the shares, and the days, certainty and order of awards."""
    awards = tuple(
        (award.key, award.end, award.renewal_of, tuple(term[:3] for term in terms(award)))
        for award in portfolio.awards
    )
    return portfolio.allocations, awards


def _claims(portfolio: Portfolio, scale: int) -> Claims:
    """Every bearer's claims; `line` numbers a bearer's own allocations in list order."""
    places = {award.key: at for at, award in enumerate(portfolio.awards)}
    found: dict[tuple[str, str], list[_Listed]] = defaultdict(list)
    for_ever = Term(date.min, date.max, SECURED, 0, None)

    def claim(share: _Share, award: int | None, agreed: Sequence[Term]) -> None:
        allocation = share.allocation
        bearer = ("post", allocation.post) if allocation.post else ("cost", allocation.cost or "")
        units = int(allocation.percent * scale)
        first, last = share.from_ or date.min, share.to or date.max
        for term in agreed:
            start, end = max(term.start, first), min(term.end, last)
            if start <= end:
                found[bearer].append((share.order, award, term.rank, start, end, units))

    for order, each in enumerate(portfolio.allocations):
        if each.award is None:
            claim(_Share((order, 0), each, each.from_, each.to), None, (for_ever,))
    for key, shares in held_shares(portfolio).items():
        agreed = [term for term in terms(portfolio.awards_by_key[key]) if term.rank < NEVER]
        for share in shares:
            claim(share, places[key], agreed)
    return {bearer: _numbered(listed) for bearer, listed in found.items()}


_Listed = tuple[tuple[int, int], int | None, int, date, date, int]
"""A claim without the number of its line: its allocation's place in the list stands for that."""


def _numbered(listed: list[_Listed]) -> tuple[Claim, ...]:
    listed.sort(key=itemgetter(0))
    orders = [(order, -1 if award is None else award) for order, award, *_ in listed]
    lines = {order: at for at, order in enumerate(sorted({*orders}))}
    return tuple(Claim(lines[order], *each[1:]) for order, each in zip(orders, listed, strict=True))


def held_shares(portfolio: Portfolio) -> dict[str, tuple[_Share, ...]]:
    """Each award's allocations: its own, or those it takes over from the award it renews.

    A `to` on the award's own end counts as left out, so that an extension continues it.
    """
    own: dict[str, list[_Share]] = {}
    for order, allocation in enumerate(portfolio.allocations):
        if allocation.award is None:
            continue
        award = portfolio.awards_by_key[allocation.award]
        to = None if allocation.to == award.end else allocation.to
        own.setdefault(award.key, []).append(_Share((order, 0), allocation, allocation.from_, to))
    held: dict[str, tuple[_Share, ...]] = {key: tuple(shares) for key, shares in own.items()}

    def of(key: str, seen: frozenset[str]) -> tuple[_Share, ...]:
        if key in held or key in seen:
            return held.get(key, ())
        renewed = portfolio.awards_by_key[key].renewal_of
        taken: tuple[_Share, ...] = ()
        if renewed is not None:
            end = last_day(portfolio.awards_by_key[renewed])
            taken = tuple(
                _Share((share.order[0], share.order[1] + 1), share.allocation, None, None)
                for share in of(renewed, seen | {key})
                if (share.from_ or date.min) <= end <= (share.to or date.max)
            )
        held[key] = taken
        return taken

    for award in portfolio.awards:
        of(award.key, frozenset())
    return {key: shares for key, shares in held.items() if shares}


# --- days ------------------------------------------------------------------------------------


def _runs(
    existing: Sequence[Stay], claims: Sequence[Claim], cuts: Iterable[date], whole: int
) -> tuple[Run, ...]:
    """Cut the days a bearer exists wherever a share or price changes."""
    lines = 1 + max((claim.line for claim in claims), default=-1)
    edges = {*cuts}
    for claim in claims:
        edges.add(claim.start)
        if claim.end < date.max:
            edges.add(claim.end + ONE_DAY)
    ordered = sorted(edges)
    by_certainty = sorted(claims, key=lambda claim: (claim.rank, claim.line))
    runs: list[Run] = []
    for stay in existing:
        starts = [stay.start, *(edge for edge in ordered if stay.start < edge <= stay.end)]
        ends = [*(start - ONE_DAY for start in starts[1:]), stay.end]
        for start, end in zip(starts, ends, strict=True):
            live = [claim for claim in by_certainty if claim.start <= start <= claim.end]
            runs.append(Run(start, end, _shares(live, lines, whole)))
    return tuple(runs)


def _claimed_twice(claims: Sequence[Claim], whole: int) -> bool:
    """Whether secured shares go above 100 % on any day, past or to come."""
    secured = [claim for claim in claims if claim.rank == SECURED]
    return any(
        sum(other.share for other in secured if other.start <= claim.start <= other.end) > whole
        for claim in secured
    )


def _shares(live: Sequence[Claim], lines: int, whole: int) -> tuple[tuple[int, ...], ...]:
    """The shares on a day at each certainty: most certain first until 100 % is reached."""
    found: list[tuple[int, ...]] = []
    for certainty in range(len(CERTAINTIES)):
        if certainty > SECURED and not any(claim.rank == certainty for claim in live):
            found.append(found[-1])
            continue
        left, shares = whole, [0] * lines
        for claim in live:
            if claim.rank <= certainty:
                taken = min(left, claim.share)
                shares[claim.line] += taken
                left -= taken
        found.append((*shares, left))
    return tuple(found)


# --- months ----------------------------------------------------------------------------------


class _Shared(NamedTuple):
    """Shares by line, uncovered last; the lines that have any; and at how many certainties.

    `whole` is all of it, `paid` the paid share in basis points.
    """

    shares: tuple[int, ...]
    paying: tuple[int, ...]
    certainties: int
    whole: int
    paid: int


class _Stretch(NamedTuple):
    """Months in a row in which a bearer is alike: the days of each run, the shares, and the rates.

    `first` to before `stop` are places in the grid; rates are those of `month_last`. `shared` says,
    of each way of sharing, at how many certainties it holds, most certain first.
    """

    first: int
    stop: int
    month_last: date
    pieces: tuple[tuple[int, Run], ...]
    shared: tuple[_Shared, ...]


class _Course(NamedTuple):
    """A bearer's days with nothing of its price in them, so that another price keeps them.

    `months` are those of every stretch, and of the gaps between them (None).
    """

    lines: tuple[int | None, ...]
    runs: tuple[Run, ...]
    stretches: tuple[_Stretch | None, ...]
    months: tuple[int, ...]
    covered: Pennies
    paid_by: PaidBy
    claimed_twice: bool
    cuts: tuple[date, ...]


def _course(
    runs: tuple[Run, ...],
    found: Iterable[_Stretch],
    claims: Sequence[Claim],
    whole: int,
    grid: Grid,
    cuts: tuple[date, ...] = (),
) -> _Course:
    """The stretches laid in order, with the gaps between them."""
    lines = _lines(claims)
    stretches: list[_Stretch | None] = []
    months: list[int] = []
    at = 0
    for stretch in sorted(found, key=lambda stretch: stretch.first):
        stretches += [None, stretch]
        months += [stretch.first - at, stretch.stop - stretch.first]
        at = stretch.stop
    stretches.append(None)
    months.append(len(grid.months) - at)
    rows = [
        [0] * len(CERTAINTIES)
        if stretch is None
        else [each.paid for each in stretch.shared for _ in range(each.certainties)]
        for stretch in stretches
    ]
    return _Course(
        lines=lines,
        runs=runs,
        stretches=tuple(stretches),
        months=tuple(months),
        covered=_by_month(rows, months),
        paid_by=_paid_by(runs, lines),
        claimed_twice=_claimed_twice(claims, whole),
        cuts=cuts,
    )


def _paid_by(runs: Sequence[Run], lines: Sequence[int | None]) -> PaidBy:
    found: PaidBy = {}
    for run in runs:
        for award, share in zip(lines, run.shares[SECURED], strict=False):
            if award is not None and share:
                found.setdefault(award, []).append((run.start, run.end))
    return found


def _by_month(rows: Sequence[Sequence[int]], months: Sequence[int]) -> Pennies:
    """Figures (one row for each stretch of so many months) month by month, one row a figure."""
    return np.array(rows, dtype=np.int64).repeat(months, axis=0).T


def _paid(shares: Sequence[int]) -> int:
    """The paid share in basis points; uncovered stands last."""
    all_of_it = sum(shares)
    return round_half_up((all_of_it - shares[-1]) * 10_000, all_of_it)


@lru_cache(maxsize=1024)  # posts and costs are shared in few ways
def _shared(weights: tuple[tuple[int, ...], ...]) -> tuple[_Shared, ...]:
    """Each way of sharing with the number of certainties at which it holds: for most posts, all."""
    found: list[_Shared] = []
    for shares in weights:
        if found and found[-1].shares == shares:
            found[-1] = found[-1]._replace(certainties=found[-1].certainties + 1)
        else:
            paying = tuple(line for line, share in enumerate(shares) if share)
            found.append(_Shared(shares, paying, 1, sum(shares), _paid(shares)))
    return tuple(found)


def _split(cost: int, shared: _Shared) -> Sequence[int]:
    """A cost split over lines (C4), uncovered last."""
    shares, paying = shared.shares, shared.paying
    if len(paying) > 2:
        return shared_by(cost, shares, shared.whole)
    parts = [0] * len(shares)
    one, other = paying[0], paying[-1]
    # Of two lines, the larger remainder is the first's from a half on; most posts have but one.
    parts[other] = cost
    if one != other:
        parts[one] = round_half_up(cost * shares[one], shares[one] + shares[other])
        parts[other] -= parts[one]
    return parts


def _post_course(
    post: Post, claims: Sequence[Claim], price: MonthPrice, grid: Grid, whole: int
) -> _Course:
    existing = stays(post, grid.earliest, grid.ends[-1])
    runs = _runs(existing, claims, price.changes, whole)
    return _course(
        runs, _stretches(_from(grid.as_at, runs), grid, price), claims, whole, grid, price.changes
    )


def _known_course(
    found: Kept | None, post: Post, claims: Sequence[Claim], price: MonthPrice
) -> _Course | None:
    """The course of a post as it was, where only what it costs has changed since."""
    if found is None or found.course is None or found.claims != claims:
        return None
    was = found.record
    if not isinstance(was, Post) or (was.start, was.end) != (post.start, post.end):
        return None
    if (was.status, was.vacancies) != (post.status, post.vacancies):
        return None
    return found.course if found.course.cuts == price.changes else None


class _Flat:
    """The price of a monthly cost: its amount, with no National Insurance."""

    def __init__(self, amount: int) -> None:
        self._amount = amount

    def salary(self, _day: date) -> int:
        return 0

    def changes_after(self, _at: int, grid: Grid) -> int:
        return len(grid.months)

    def month(self, _salary: int, _month_last: date) -> tuple[int, int, int]:
        return self._amount, 0, 0


def _cost(cost: Cost, claims: Sequence[Claim], grid: Grid, whole: int) -> Bearer:
    last = grid.ends[-1] if cost.end is None else min(cost.end, grid.ends[-1])
    first = max(cost.start, grid.earliest)
    existing = (Stay(first, last),) if first <= last else ()
    runs = _runs(existing, claims, (), whole)
    counted = _from(grid.as_at, runs)
    if cost.frequency == "month":
        flat = _Flat(cost.amount)
        course = _course(runs, _stretches(counted, grid, flat), claims, whole, grid)
        return _bearer(cost.key, course, flat)
    falls = tuple(lumps(cost, grid))
    fallen = [
        _stretch(at, at + 1, _in_month(counted, day, grid.ends[at]), grid)
        for at, day in falls
        if day >= grid.as_at
    ]
    course = _course(runs, fallen, claims, whole, grid)
    return _bearer(cost.key, course, cost.amount, falls)


def _from(day: date, runs: Sequence[Run]) -> tuple[Run, ...]:
    """The runs from a day on: money before `as_at` is in the balances."""
    return tuple(
        run if run.start >= day else run._replace(start=day) for run in runs if run.end >= day
    )


def _in_month(runs: Sequence[Run], day: date, month_last: date) -> list[tuple[int, Run]]:
    """The runs of the month a lump falls in, with the days of each."""
    first = day.replace(day=1)
    return [
        ((min(run.end, month_last) - max(run.start, first)).days + 1, run)
        for run in runs
        if run.start <= month_last and run.end >= first
    ]


def _weights_at(pieces: Sequence[tuple[int, Run]], certainty: int) -> tuple[int, ...]:
    """Each line's share over some days of a month, the uncovered part last."""
    if len(pieces) == 1:
        return pieces[0][1].shares[certainty]
    by_run = [[days * share for share in run.shares[certainty]] for days, run in pieces]
    return tuple(sum(line) for line in zip(*by_run, strict=True))


def _lines(claims: Sequence[Claim]) -> tuple[int | None, ...]:
    owners: dict[int, int | None] = {claim.line: claim.award for claim in claims}
    return tuple(owners[line] for line in sorted(owners))


def _stretches(runs: Sequence[Run], grid: Grid, price: MonthPrice | _Flat) -> Iterator[_Stretch]:
    """The stretches of runs: whole months with the same rates, and part months one by one."""
    partial: dict[int, list[tuple[int, Run]]] = {}
    for run in runs:
        first, last = grid.index(run.start), grid.index(run.end)
        if run.start.day > 1 or (first == last and run.end < grid.ends[first]):
            partial.setdefault(first, []).append(
                ((min(run.end, grid.ends[first]) - run.start).days + 1, run)
            )
            first += 1
        if first <= last and run.end < grid.ends[last]:
            partial.setdefault(last, []).append((run.end.day, run))
            last -= 1
        while first <= last:
            stop = min(price.changes_after(first, grid), last + 1)
            yield _stretch(first, stop, [(grid.ends[first].day, run)], grid)
            first = stop
    for at, pieces in partial.items():
        yield _stretch(at, at + 1, pieces, grid)


def _stretch(first: int, stop: int, pieces: Sequence[tuple[int, Run]], grid: Grid) -> _Stretch:
    weights = tuple(_weights_at(pieces, certainty) for certainty in range(len(CERTAINTIES)))
    return _Stretch(first, stop, grid.ends[first], tuple(pieces), _shared(weights))


def _part_month(
    pieces: Sequence[tuple[int, Run]], price: MonthPrice | _Flat, month_last: date
) -> tuple[int, int]:
    """Cost and NIC of a month: the days of one price counted together, rounded once each (C5)."""
    if len(pieces) == 1 and pieces[0][0] == month_last.day:
        return price.month(price.salary(pieces[0][1].start), month_last)[:2]
    days_at: dict[int, int] = {}
    for days, run in pieces:
        salary = price.salary(run.start)
        days_at[salary] = days_at.get(salary, 0) + days
    cost = nic = 0
    for salary, days in days_at.items():
        month, month_nic, _ = price.month(salary, month_last)
        cost += round_half_up(month * days, month_last.day)
        nic += round_half_up(month_nic * days, month_last.day)
    return cost, nic


def _bearer(
    key: str,
    course: _Course,
    price: MonthPrice | _Flat | int,
    falls: tuple[tuple[int, date], ...] = (),
) -> Bearer:
    """A bearer of this course at a price by days, or at a sum that falls whole (`falls`)."""
    parts = len(course.lines) + 1
    none = [0] * (2 + len(CERTAINTIES) * parts)
    rows = []
    for stretch in course.stretches:
        if stretch is None:
            rows.append(none)
            continue
        if isinstance(price, int):
            cost, nic = price, 0
        else:
            cost, nic = _part_month(stretch.pieces, price, stretch.month_last)
        row = [cost, nic]
        for each in stretch.shared:
            row += [*_split(cost, each)] * each.certainties
        rows.append(row)
    found = _by_month(rows, course.months)
    by_line = found[2:].reshape(len(CERTAINTIES), parts, -1)
    return Bearer(
        key=key,
        lines=course.lines,
        runs=course.runs,
        cost=found[0],
        nic=found[1],
        charged=by_line[:, :-1],
        uncovered=by_line[:, -1],
        covered=course.covered,
        paid_by=course.paid_by,
        claimed_twice=course.claimed_twice,
        price=price,
        falls=falls,
    )


def uncovered_between(bearer: Bearer, grid: Grid, first: date, last: date) -> int:
    """What nobody is allocated of a post or cost between two days, at `secured`, in pence.

    Whole months as forecast; other days as they are of their month (C5), before `as_at` too.
    """
    start, stop = grid.index(first), grid.index(last) + 1
    whole_from = max(start + (first.day > 1), int(grid.as_at.day > 1), 0)
    whole_to = min(stop - (last != month_end(last)), len(grid.months))
    if whole_from >= whole_to:
        whole_from = whole_to = stop
    total = int(bearer.uncovered[SECURED][whole_from:whole_to].sum())
    for at in (*range(start, min(whole_from, stop)), *range(max(whole_to, whole_from), stop)):
        if at < len(grid.months):
            month = grid.month(at)
            total += _part_uncovered(bearer, max(first, month), min(last, month_end(month)))
    return total


def _part_uncovered(bearer: Bearer, first: date, last: date) -> int:
    """The uncovered part of some days of one month."""
    pieces = [
        (
            (min(run.end, last) - max(run.start, first)).days + 1,
            run._replace(start=max(run.start, first)),
        )
        for run in bearer.runs
        if run.start <= last and run.end >= first
    ]
    if not pieces:
        return 0
    if isinstance(bearer.price, int):
        cost = bearer.price * sum(1 for _, day in bearer.falls if first <= day <= last)
    else:
        cost, _ = _part_month(pieces, bearer.price, month_end(first))
    return share_out(cost, _weights_at(pieces, SECURED))[-1]
