"""The whole book by month: income, cost, pools, unrestricted funds and cash, at each certainty.

DOMAIN section 6. This is a planning view, not recognition under the charities' accounting rules.
Money is whole pence in arrays by month; the forecast does not read actuals.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from fundtrack.core.charges import Charges, charges, nic_by_month, uncovered_between
from fundtrack.core.model import CERTAINTIES, Certainty
from fundtrack.core.money import percent_of
from fundtrack.core.period import month_end, months_between
from fundtrack.core.schedule import (
    ONE_DAY,
    Grid,
    arrivals,
    fund_of,
    incomes,
    is_pool,
    last_day,
    listed_receipts,
    paid_at_once,
    pieces,
    rank,
    terms,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from fundtrack.core.charges import Bearer, NicKnown
    from fundtrack.core.cliffs import Cliff
    from fundtrack.core.ladder import Ladder
    from fundtrack.core.model import Award, Balances, Organisation, Portfolio, Post
    from fundtrack.core.obligations import Known
    from fundtrack.core.posts import PostOutlook
    from fundtrack.core.rates import Rates
    from fundtrack.core.schedule import Pennies, Piece

    Arrivals = tuple[Pennies, Pennies]
    PiecesKnown = dict[str, tuple[Award, tuple[tuple[int, Piece], ...]]]
    UncoveredKnown = dict[tuple[Bearer, date, date], int]
    LaddersByCliff = dict[str, tuple[tuple[object, ...], Ladder]]
    Floor = Callable[["Workings", "Figures"], int | None]
    CliffsKnown = tuple[tuple[object, ...], tuple[Cliff, ...]] | None
    PostCliffsKnown = dict[str, tuple[PostOutlook, Cliff]]
    ForecastsKnown = dict[int, tuple["_Basis", "Forecast"]]
    ReceiptsKnown = dict[int, "_Receipts"]

_YEAR = 12
_APRIL = 4


@dataclass(frozen=True, slots=True, eq=False)
class AwardForecast:
    """One award by month. Pools have `balance` and `cash_held`; once ended, `repayable`."""

    key: str
    income: Pennies
    charged: Pennies
    wanted: Pennies
    received: Pennies
    balance: Pennies | None
    cash_held: Pennies | None
    repayable: int | None

    @property
    def headroom(self) -> Pennies:
        """Income less what is wanted of the award, by month."""
        return self.income - self.wanted


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """The book by month at one certainty. All arrays have one figure a month, in pence."""

    certainty: Certainty
    months: tuple[date, ...]
    income: Pennies
    cost: Pennies
    unrestricted_movement: Pennies
    unrestricted_closing: Pennies
    restricted_closing: Pennies
    cash: Pennies
    free_cash: Pennies
    awards: tuple[AwardForecast, ...]
    free_reserves: int
    months_cover: Decimal | None
    unrestricted_months_cover: Decimal | None
    cover_basis: Literal["total"]
    floor: int | None
    floor_breach_month: date | None
    reserves_exhausted_month: date | None
    runway_whole_months: int | None

    @property
    def surplus(self) -> Pennies:
        """Income less cost by month."""
        return self.income - self.cost


@dataclass(frozen=True, slots=True)
class Opening:
    """What the forecast starts from, at one certainty: see DOMAIN section 6."""

    reserves: int
    unrestricted: int
    residue: int
    cash: int


class LaddersKnown:
    """Ladders by their cliff, each with what it rests on, for the outlook after the next edit.

    `context` is what every ladder of the book rests on.
    """

    def __init__(self, before: LaddersKnown | None) -> None:
        self.context: tuple[object, ...] = () if before is None else before.context
        self.ladders: LaddersByCliff = {} if before is None else dict(before.ladders)

    def within(self, context: tuple[object, ...]) -> LaddersByCliff:
        """Those known where all that every ladder rests on is this: none, elsewhere."""
        if self.context != context:
            self.context, self.ladders = context, {}
        return self.ladders


class Workings:
    """What the forecasts at all certainties share, worked out once for a book, a day and a horizon.

    `wanted[c]` is what every award is asked for, award by month. `before` are the workings of an
    earlier state of the book: what has not changed since is taken from there.
    """

    def __init__(
        self,
        portfolio: Portfolio,
        rates: Rates,
        today: date,
        horizon: int,
        before: Workings | None = None,
    ) -> None:
        self.portfolio, self.today = portfolio, today
        self.grid = Grid.of(portfolio.organisation.balances.as_at, today, horizon)
        if before is not None and (before.grid != self.grid or not before.rates.same(rates)):
            before = None
        self.rates: Rates = rates if before is None else before.rates
        self.charges: Charges = charges(
            portfolio, self.rates, self.grid, None if before is None else before.charges
        )
        self.arrivals_kept: dict[tuple[str, date], tuple[Award, Arrivals]] = {}
        if before is not None and before.pays_as(self):
            self.arrivals_kept = dict(before.arrivals_kept)
        self.duties_known: Known = {} if before is None else dict(before.duties_known)
        self.pieces_known: PiecesKnown = {} if before is None else dict(before.pieces_known)
        self.nic_known: NicKnown = {} if before is None else dict(before.nic_known)
        self.ladders_known: LaddersKnown = LaddersKnown(
            None if before is None else before.ladders_known
        )
        self.uncovered_known: UncoveredKnown = {}
        self._known_before: UncoveredKnown = {} if before is None else before.uncovered_known
        self.goes_on = before is not None
        """Whether what rests on the same months and rates before may be taken over."""
        self.places = {award.key: at for at, award in enumerate(portfolio.awards)}
        self.changed: list[int] | None = None if before is None else self._changed_since(before)
        """The places of the awards that are not as they were; None where the list is another."""
        self.all_wanted: Pennies = self._find_wanted(before)
        """What is asked, in pence, by certainty, award and month."""
        self.all_incomes: Pennies = self._find_incomes(before)
        """Income, in pence, by certainty, award and month: those of `months_before`, the grid's,
        and all beyond it in one sum, for it may be paid in advance."""
        self.cliffs_known: CliffsKnown = None if before is None else before.cliffs_known
        self.post_cliffs_known: PostCliffsKnown = {}
        self.forecasts_known: ForecastsKnown = {}
        self.receipts_known: ReceiptsKnown = {}
        if before is not None:
            self.post_cliffs_known = dict(before.post_cliffs_known)
            self.forecasts_known = dict(before.forecasts_known)
            if self.changed == [] and before.pays_as(self):
                self.receipts_known = before.receipts_known

    def _changed_since(self, before: Workings) -> list[int] | None:
        ours, theirs = self.portfolio.awards, before.portfolio.awards
        if list(self.places) != list(before.places):
            return None
        return [at for at, award in enumerate(ours) if award is not theirs[at]]

    def uncovered(self, bearer: Bearer, first: date, last: date) -> int:
        """What nobody is allocated of a post or cost between two days, at `secured`, in pence."""
        asked = bearer, first, last
        found = self.uncovered_known.get(asked)
        if found is None:
            found = self._known_before.get(asked)
            if found is None:
                found = uncovered_between(bearer, self.grid, first, last)
            self.uncovered_known[asked] = found  # what is not asked again goes no further
        return found

    def keep_uncovered(self) -> None:
        """Hand on to the next outlook what was known of `uncovered`, though nobody asked for it."""
        self.uncovered_known |= self._known_before

    @cached_property
    def gross_cost(self) -> Pennies:
        """Every post and cost, before the Employment Allowance."""
        return sum((bearer.cost for bearer in _bearers(self.charges)), start=self.zeros())

    @cached_property
    def cost(self) -> Pennies:
        """Every post and cost, less the Employment Allowance."""
        return self.gross_cost - self.allowance

    @cached_property
    def allowance(self) -> Pennies:
        """The Employment Allowance as it is used up month by month (DOMAIN section 5)."""
        if not self.portfolio.organisation.employment_allowance:
            return self.zeros()
        return _allowance(self)

    def wanted(self, certainty: int) -> Pennies:
        """What is asked of each award by month, at a certainty."""
        found: Pennies = self.all_wanted[certainty]
        return found

    def _find_wanted(self, before: Workings | None) -> Pennies:
        """What is asked of each award by month, at each certainty.

        Where few posts and costs are not as they were, theirs is taken off and put on.
        """
        ours = _bearers(self.charges)
        if before is not None and list(before.places) == list(self.places):
            theirs = _bearers(before.charges)
            fresh, gone = set(ours) - set(theirs), set(theirs) - set(ours)
            if not fresh and not gone:
                return before.all_wanted
            if len(fresh) + len(gone) < len(ours):
                found = before.all_wanted.copy()
                _ask(found, fresh, np.add)
                _ask(found, gone, np.subtract)
                return found
        shape = (len(CERTAINTIES), len(self.portfolio.awards), len(self.grid.months))
        found = np.zeros(shape, dtype=np.int64)
        _ask(found, ours, np.add)
        return found

    def _pieces(self, award: Award) -> tuple[tuple[int, Piece], ...]:
        """Every sum of an award's income: its rank, and the days it lies on."""
        known = self.pieces_known.get(award.key)
        if known is None or known[0] is not award:
            found = tuple(
                (term.rank, piece)
                for term in terms(award)
                if term.rank < len(CERTAINTIES)
                for piece in pieces(award, term)
            )
            known = self.pieces_known[award.key] = award, found
        return known[1]

    def pays_as(self, other: Workings) -> bool:
        """Whether an award that has not changed is paid in the same months."""
        ours, theirs = self.portfolio.organisation, other.portfolio.organisation
        return (
            self.months_before == other.months_before
            and ours.year_start_month == theirs.year_start_month
        )

    @cached_property
    def months_before(self) -> tuple[date, ...]:
        """The months from the first award's start up to `as_at`, the last perhaps a part month."""
        starts = [award.start for award in self.portfolio.awards if award.start < self.grid.as_at]
        return months_between(min(starts), self.grid.as_at - ONE_DAY) if starts else ()

    def income(self, certainty: int) -> Pennies:
        """Income of each award by month of the grid, at a certainty."""
        first = len(self.months_before)
        return self.all_incomes[certainty, :, first : first + len(self.grid.months)]

    def income_before(self, certainty: int) -> Pennies:
        """Income of each award in `months_before`: it may still have to be paid."""
        return self.all_incomes[certainty, :, : len(self.months_before)]

    def _find_incomes(self, before: Workings | None) -> Pennies:
        """Income before the grid, in it and after it, of each award at each certainty."""
        awards = self.portfolio.awards
        if before is None or before.edges != self.edges or self.changed is None:
            return self._spread(awards)
        if not self.changed:
            return before.all_incomes
        found = before.all_incomes.copy()
        found[:, self.changed] = self._spread([awards[at] for at in self.changed])
        return found

    def _spread(self, awards: Sequence[Award]) -> Pennies:
        """Income of some awards at each certainty.

        Each sum is spread once, over all months; certainties differ in which sums they count.
        """
        listed = [(row, *each) for row, award in enumerate(awards) for each in self._pieces(award)]
        owners = np.array([row for row, _, _ in listed], dtype=np.int64)
        ranks = np.array([ranked for _, ranked, _ in listed], dtype=np.int64)
        found = [piece for _, _, piece in listed]
        spread = incomes(range(len(found)), found, len(found), self.edges)
        told = np.zeros((len(CERTAINTIES), len(awards), spread.shape[1]), dtype=np.int64)
        for certainty, income in enumerate(told):
            counts = ranks <= certainty
            np.add.at(income, owners[counts], spread[counts])
        return told

    @cached_property
    def edges(self) -> tuple[date, ...]:
        """The days that end each of `months_before`, each month of the grid, and all income."""
        months, eve = self.months_before, self.grid.as_at - ONE_DAY
        earlier = () if not months else (months[0] - ONE_DAY, *map(month_end, months[:-1]))
        ends = (piece.end for award in self.portfolio.awards for _, piece in self._pieces(award))
        return (*earlier, eve, *self.grid.ends, max([self.grid.ends[-1], *ends]))

    def counted(self, certainty: int) -> list[int]:
        """The places of the awards that count at a certainty."""
        return [at for at, award in enumerate(self.portfolio.awards) if rank(award) <= certainty]

    def arrivals(self, at: int, certainty: int) -> Arrivals:
        """For an award without listed payments: months it covers, and the month their money comes.

        The first are places in `months_before` followed by the grid's months and all that lies
        after it, the second in the grid. Money that comes before `as_at` or beyond the grid is
        left out.
        """
        award = self.portfolio.awards[at]
        end = last_day(award, certainty)
        kept = self.arrivals_kept.get((award.key, end))
        if kept is None or kept[0] is not award:
            sources, arriving = self._arriving(award, end)
            found = np.array(sources, dtype=np.int64), np.array(arriving, dtype=np.int64)
            kept = self.arrivals_kept[award.key, end] = (award, found)
        return kept[1]

    def _arriving(self, award: Award, end: date) -> tuple[list[int], list[int]]:
        grid, before = self.grid, len(self.months_before)
        # As income: what came in before `as_at` is in the balances.
        from_ = 0 if award.payment_basis is None else -before
        first = max(grid.index(award.start), from_)
        months = range(first, min(grid.index(end), len(grid.months) - 1) + 1)
        numbered = range(grid.origin + months.start, grid.origin + months.stop)
        sources: list[int] = []
        arriving: list[int] = []
        for held, day in arrivals(award, self.portfolio.organisation, numbered, end):
            arrives = grid.index(day)
            if day < grid.as_at or arrives >= len(grid.months):
                continue
            for number in held:
                month = number - grid.origin
                found = self._places_of(month)
                sources += found
                arriving += [arrives] * len(found)
            if paid_at_once(award) and held:
                sources.append(before + len(grid.months))
                arriving.append(arrives)
        return sources, arriving

    def _places_of(self, month: int) -> list[int]:
        """Where a month (from the grid's first) stands in `months_before` and then the grid.

        The month of `as_at` may stand in both, in two parts.
        """
        before, shared = len(self.months_before), self._shares_a_month
        places = [before + month] if month >= 0 else []
        if month < 0 or (month == 0 and shared):
            places.append(before + month - shared)
        return [place for place in places if place >= 0]

    @cached_property
    def _shares_a_month(self) -> int:
        """1 when the last of `months_before` and the first of the grid are one month."""
        return int(self.grid.as_at.day > 1 and bool(self.months_before))

    def zeros(self) -> Pennies:
        """A figure for every month of the grid, all nought."""
        return np.zeros(len(self.grid.months), dtype=np.int64)


def _bearers(found: Charges) -> tuple[Bearer, ...]:
    return (*found.posts, *found.costs)


def _ask(wanted: Pennies, bearers: Iterable[Bearer], put: np.ufunc) -> None:
    """Put what posts and costs ask of awards on what is wanted of them, or take it off."""
    for bearer in bearers:
        for line, award in enumerate(bearer.lines):
            if award is not None:
                put(wanted[:, award], bearer.charged[:, line], out=wanted[:, award])


def _allowance(workings: Workings) -> Pennies:
    """The Employment Allowance used each month: the lesser of what is left and the posts' NIC.

    It is used from April of the tax year that `as_at` lies in, so the months before count too.
    """
    grid, rates = workings.grid, workings.rates
    nic = sum((post.nic for post in workings.charges.posts), start=workings.zeros())
    first = grid.months[0]
    april = first.replace(year=first.year - (first.month < _APRIL), month=_APRIL)
    before = nic_by_month(workings.portfolio, rates, april, grid.as_at, workings.nic_known)
    used, left = workings.zeros(), 0
    for at, month in enumerate((*months_between(april, first)[:-1], *grid.months)):
        if month.month == _APRIL:
            left = int(rates.value("nic.employment_allowance", month_end(month)) * 100)
        due = int(before[at]) if at < len(before) else int(nic[at - len(before)])
        taken = min(left, due)
        left -= taken
        if at >= len(before):
            used[at - len(before)] = taken
    return used


class _Basis(NamedTuple):
    """All that a forecast at one certainty rests on, beside the months and rates.

    `wanted` is what is asked of the awards that count. `posts` matter to the cost of closing only.
    """

    organisation: Organisation
    awards: tuple[Award, ...]
    posts: tuple[Post, ...]
    cost: Pennies
    wanted: Pennies

    def same(self, other: _Basis) -> bool:
        """Whether both bear the same forecast."""
        return (
            self[:3] == other[:3]
            and np.array_equal(self.cost, other.cost)
            and np.array_equal(self.wanted, other.wanted)
        )


def forecast(workings: Workings, certainty: int, floor: Floor) -> Forecast:
    """The book at one certainty (0 secured, 1 probable, 2 possible).

    That of an earlier state of the book, where nothing it rests on has changed.
    """
    portfolio, counted = workings.portfolio, workings.counted(certainty)
    policy = portfolio.organisation.reserves_policy
    basis = _Basis(
        portfolio.organisation,
        tuple(portfolio.awards[at] for at in counted),
        portfolio.posts if policy is not None and policy.kind == "exit-cost" else (),
        workings.cost,
        workings.wanted(certainty)[counted],
    )
    known = workings.forecasts_known.get(certainty)
    if known is None or not known[0].same(basis):
        known = basis, _forecast(workings, certainty, floor)
        workings.forecasts_known[certainty] = known
    return known[1]


def _forecast(workings: Workings, certainty: int, floor: Floor) -> Forecast:
    grid, awards = workings.grid, workings.portfolio.awards
    counted = workings.counted(certainty)
    income, wanted = workings.income(certainty), workings.wanted(certainty)
    opening = _opening(workings.portfolio, counted)
    pools = [at for at in counted if is_pool(awards[at])]
    charged, balance = _pooled(workings, certainty, pools, income, wanted)
    received = _received(workings, certainty, counted, income, charged)
    held = (received - charged)[pools].cumsum(axis=1) + _openings(awards, pools)[:, None]

    all_income, all_received = income[counted].sum(axis=0), received[counted].sum(axis=0)
    pool_charged = charged[pools].sum(axis=0)
    movement = all_income - income[pools].sum(axis=0) - (workings.cost - pool_charged)
    unrestricted = opening.unrestricted + movement.cumsum()
    cash = opening.cash + (all_received - workings.cost).cumsum()
    free_cash = cash - np.maximum(held, 0).sum(axis=0) - opening.residue
    shown = slice(grid.shown)
    row_of = {at: row for row, at in enumerate(pools)}
    figures = Figures.of(workings, pool_charged, opening.reserves)
    agreed_floor = floor(workings, figures)
    breach, exhausted, runway = _when(workings, unrestricted[shown], agreed_floor)
    return Forecast(
        certainty=CERTAINTIES[certainty],
        months=grid.months[shown],
        income=all_income[shown],
        cost=workings.cost[shown],
        unrestricted_movement=movement[shown],
        unrestricted_closing=unrestricted[shown],
        restricted_closing=(opening.residue + balance.sum(axis=0))[shown],
        cash=cash[shown],
        free_cash=free_cash[shown],
        awards=tuple(
            AwardForecast(
                key=awards[at].key,
                income=income[at, shown],
                charged=charged[at, shown],
                wanted=wanted[at, shown],
                received=received[at, shown],
                balance=balance[row_of[at], shown] if at in row_of else None,
                cash_held=held[row_of[at], shown] if at in row_of else None,
                repayable=_repayable(workings, certainty, at, balance, row_of),
            )
            for at in counted
        ),
        free_reserves=opening.reserves,
        months_cover=figures.months_cover,
        unrestricted_months_cover=figures.unrestricted_months_cover,
        cover_basis="total",
        floor=agreed_floor,
        floor_breach_month=breach,
        reserves_exhausted_month=exhausted,
        runway_whole_months=runway,
    )


def _openings(awards: Sequence[Award], places: Sequence[int]) -> Pennies:
    return np.array([awards[at].opening_balance or 0 for at in places], dtype=np.int64)


def _opening(portfolio: Portfolio, counted: Sequence[int]) -> Opening:
    """What stands at the start of `as_at`, with the pools that count."""
    balances, awards = portfolio.organisation.balances, portfolio.awards
    pools = [awards[at] for at in counted if is_pool(awards[at])]
    reserves = unrestricted = free_reserves(balances)
    if balances.total_funds is not None:
        unrestricted -= sum(
            award.opening_balance or 0 for award in pools if fund_of(award) == "unrestricted"
        )
    restricted_pools = sum(
        award.opening_balance or 0 for award in pools if fund_of(award) == "restricted"
    )
    residue = 0 if balances.restricted is None else balances.restricted - restricted_pools
    cash = balances.cash
    if cash is None:
        cash = unrestricted + sum(award.opening_balance or 0 for award in pools)
    return Opening(reserves, unrestricted, residue, cash)


def _pooled(
    workings: Workings, certainty: int, pools: Sequence[int], income: Pennies, wanted: Pennies
) -> tuple[Pennies, Pennies]:
    """What each award is charged, and what is left in each pool, by month.

    A pool never goes below nought; what it cannot bear it pays back from a later surplus while
    its award lives.
    """
    grid, shown = workings.grid, slice(workings.grid.shown)
    charged = wanted.copy()
    balances = np.zeros((len(pools), len(grid.months)), dtype=np.int64)
    gained = (income - wanted)[pools, shown]
    opening = _openings(workings.portfolio.awards, pools)
    balances[:, shown] = gained.cumsum(axis=1) + opening[:, None]
    short = np.flatnonzero((balances[:, shown] < 0).any(axis=1))  # the others bear all asked
    if short.size:
        few = [pools[int(at)] for at in short]
        awards = workings.portfolio.awards
        lasts = np.array([grid.index(last_day(awards[at], certainty)) for at in few])
        left = left_in_pools(opening[short], gained[short], lasts)
        balances[short, shown] = left
        before = np.concatenate((opening[short, None], left[:, :-1]), axis=1)
        charged[few, shown] = income[few, shown] + before - left
    return charged, balances


def left_in_pools(opening: Pennies, gained: Pennies, lasts: Pennies) -> Pennies:
    """What is left by month in pools (rows), each with the last month in which it pays back.

    `gained` is income less what is asked. While it pays back, a pool holds what has been gained so
    far where that is above nought, and else owes it. Later what it cannot bear is not made good:
    each time it would go below nought it starts from nought again.
    """
    alive = np.arange(gained.shape[1]) <= lasts[:, None]
    so_far = gained.cumsum(axis=1) + opening[:, None]
    paying = np.maximum(so_far, 0)
    at_last = np.clip(lasts, 0, gained.shape[1] - 1)[:, None]
    owed = np.take_along_axis(paying - so_far, at_last, axis=1)
    later = np.where(alive, 0, so_far + np.where(lasts[:, None] < 0, 0, owed))
    lowest = np.minimum.accumulate(np.minimum(later, 0), axis=1)
    return np.where(alive, paying, later - lowest)


class _Receipts(NamedTuple):
    """When the money of the awards that count comes, whatever it amounts to.

    `listed` is what comes of listed payments, award by month. Of `at_once` money comes in the
    month it is for; of the others from `sources` in all income to `arriving` in what is received
    (both counted through). Of those `in_arrears` what they were charged is paid.
    """

    listed: Pennies
    at_once: list[int]
    in_arrears: list[int]
    sources: Pennies
    arriving: Pennies


def _received(
    workings: Workings, certainty: int, counted: Sequence[int], income: Pennies, charged: Pennies
) -> Pennies:
    """Money arriving from each award by month (DOMAIN section 6, step 6).

    A pool in arrears is paid what it was charged; before `as_at`, what it had coming in.
    """
    known = workings.receipts_known.get(certainty)
    if known is None:
        known = _receipts(workings, certainty, counted)
        workings.receipts_known[certainty] = known
    first = len(workings.months_before)
    paid = workings.all_incomes[certainty]
    if known.in_arrears:
        paid = paid.copy()
        paid[known.in_arrears, first : first + len(workings.grid.months)] = charged[
            known.in_arrears
        ]
    received = known.listed.copy()
    received[known.at_once] = income[known.at_once]
    np.add.at(received.reshape(-1), known.arriving, paid.reshape(-1)[known.sources])
    return received


def _receipts(workings: Workings, certainty: int, counted: Sequence[int]) -> _Receipts:
    grid, awards = workings.grid, workings.portfolio.awards
    paid_across, across = workings.all_incomes[certainty].shape[1], len(grid.months)
    listed = np.zeros((len(awards), across), dtype=np.int64)
    at_once: list[int] = []
    sources, arriving = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for at in counted:
        award = awards[at]
        if award.payments:
            for receipt in listed_receipts(award):
                month = grid.index(receipt.on)
                if receipt.on >= grid.as_at and month < across:
                    listed[at, month] += receipt.amount
        elif award.payment_basis is None and not award.payment_lag_days:
            at_once.append(at)
        else:
            months, comes = workings.arrivals(at, certainty)
            sources.append(months + at * paid_across)
            arriving.append(comes + at * across)
    in_arrears = [
        at for at in counted if awards[at].payment_basis == "arrears" and is_pool(awards[at])
    ]
    return _Receipts(listed, at_once, in_arrears, np.concatenate(sources), np.concatenate(arriving))


def _repayable(
    workings: Workings, certainty: int, at: int, balance: Pennies, row_of: dict[int, int]
) -> int | None:
    """What a restricted pool holds at its end beyond the permitted carry-forward."""
    award, grid = workings.portfolio.awards[at], workings.grid
    end = grid.index(last_day(award, certainty))
    if fund_of(award) != "restricted" or end >= grid.shown:
        return None
    kept = percent_of(award.amount, award.carry_forward or Decimal(0))
    left = int(balance[row_of[at], max(end, 0)])
    return max(0, left - kept)


def _when(
    workings: Workings, closing: Pennies, floor: int | None
) -> tuple[date | None, date | None, int | None]:
    """The months of floor breach and exhaustion, and the whole months before exhaustion."""
    grid = workings.grid
    first = max(0, grid.index(workings.today))
    breach = None if floor is None else _first_below(closing, floor, first)
    exhausted = _first_below(closing, 0, first)
    return (
        None if breach is None else grid.months[breach],
        None if exhausted is None else grid.months[exhausted],
        None if exhausted is None else exhausted - first,
    )


def _first_below(closing: Pennies, limit: int, first: int) -> int | None:
    below = np.flatnonzero(closing[first:] < limit)
    return None if below.size == 0 else first + int(below[0])


@dataclass(frozen=True, slots=True)
class Figures:
    """Spending over the first twelve months, in pence, and what the reserves cover of it."""

    total: int
    unrestricted: int
    months: int
    reserves: int

    @classmethod
    def of(cls, workings: Workings, pool_charged: Pennies, reserves: int) -> Figures:
        """Total spending, and that part of it which the pools do not bear."""
        months = min(_YEAR, workings.grid.shown)
        total = int(workings.cost[:months].sum())
        return cls(total, total - int(pool_charged[:months].sum()), months, reserves)

    @property
    def months_cover(self) -> Decimal | None:
        """Free reserves as months of all spending, to one decimal."""
        return _months(self.reserves, self.total, self.months)

    @property
    def unrestricted_months_cover(self) -> Decimal | None:
        """Free reserves as months of unrestricted spending, to one decimal."""
        return _months(self.reserves, self.unrestricted, self.months)


def _months(reserves: int, spending: int, months: int) -> Decimal | None:
    if spending <= 0:
        return None
    return (Decimal(reserves) * months / Decimal(spending)).quantize(
        Decimal("0.1"), rounding=ROUND_HALF_UP
    )


def recorded(balances: Balances) -> bool:
    """Whether a book says what its reserves are: nought is a figure, nothing is none."""
    return balances.total_funds is not None or balances.free_reserves is not None


def free_reserves(balances: Balances) -> int:
    """Total funds less what is restricted, endowed, invested or otherwise designated, in pence."""
    if balances.total_funds is None:
        return balances.free_reserves or 0
    fixed_designated = balances.designated_fixed_assets or 0
    return (
        balances.total_funds
        - (balances.restricted or 0)
        - (balances.endowment or 0)
        - (balances.fixed_assets or 0)
        - (balances.programme_related or 0)
        - ((balances.designated or 0) - fixed_designated)
    )
