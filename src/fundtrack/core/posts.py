"""What each post can count on: how long it is funded, by when to give notice, what ending it costs.

DOMAIN sections 5 and 6. Found at `secured` certainty. Every figure is an estimate to plan with:
take advice before you act or tell anyone. Money is whole pence; dates are inclusive.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from fundtrack.core.charges import but_pay
from fundtrack.core.employment import (
    Binding,
    Consultation,
    NoticeBy,
    Redundancy,
    Transfer,
    Window,
    consultation,
    gross_pay,
    latest_notice,
    notice_expiry,
    permanent_from,
    protected_from_unfair_dismissal,
    protective_award,
    redundancy,
    service_start,
    statutory_notice_weeks,
    transfer,
    weeks_pay,
    windows,
)
from fundtrack.core.errors import Problem
from fundtrack.core.model import CERTAINTIES
from fundtrack.core.money import round_half_up
from fundtrack.core.period import days_in_month, month_end, months_between
from fundtrack.core.rates import WorkingDays
from fundtrack.core.schedule import ONE_DAY, SECURED, last_day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fundtrack.core.charges import Bearer
    from fundtrack.core.forecast import Workings
    from fundtrack.core.model import Certainty, Post
    from fundtrack.core.schedule import Pennies

    _ByPlace = Mapping[str | None, Mapping[date, Window]]

DEFAULT_CONSULTATION_DAYS = 30


@dataclass(frozen=True, slots=True)
class Segment:
    """Days in a row with one secured share of the post, in percent."""

    start: date
    end: date
    secured_pct: Decimal


@dataclass(frozen=True, slots=True)
class Ending:
    """How a post's employment would end: its last day, and what leads there.

    `agreed` is a fixed term reaching its end: redundancy only. `moves` are the awards ending that
    day which pass to another provider, `may_move` those of which it is not known. The post is
    `wholly` on the first; `perhaps_wholly` on both together.
    """

    last_day: date
    agreed: bool
    awards: tuple[str, ...]
    moves: tuple[str, ...]
    may_move: tuple[str, ...]
    wholly: bool
    perhaps_wholly: bool

    @property
    def unknown(self) -> bool:
        """Whether it is not known if the work passes to another provider: two figures stand."""
        return bool(self.may_move)

    @property
    def passing(self) -> tuple[str, ...]:
        """Every award that passes, or may pass, to another provider."""
        return (*self.moves, *self.may_move)


@dataclass(frozen=True, slots=True)
class Lateness:
    """Pay beyond the money because notice was or would be late: worked, or in lieu with NIC."""

    given: date
    until: date
    worked: int
    in_lieu: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What ending a post costs, in pence."""

    redundancy: int
    worked: int
    in_lieu: int
    protective_award: int

    @property
    def total(self) -> int:
        """Redundancy and lateness worked; the protective award stands outside."""
        return self.redundancy + self.worked

    @property
    def total_in_lieu(self) -> int:
        """Redundancy and the same late days paid in lieu, where the user picks that."""
        return self.redundancy + self.in_lieu


@dataclass(frozen=True, slots=True, eq=False)
class PostOutlook:
    """Everything the overview, a report and the JSON say of one post.

    `cover` is the share of each month paid at one certainty alone, in basis points; `short_from`
    the first existing day from today on which the post is not wholly paid at a certainty.
    `cost` is what ending it costs: nothing, if the post moves wholly to another provider.
    `do_nothing` is the figure if nothing moves, `if_transfers` if all that may move does.
    """

    key: str
    segments: tuple[Segment, ...]
    funded_to: date | None
    cliff_date: date | None
    fully_unfunded_from: date | None
    unfunded_cost: Pennies
    month_cost: Pennies
    cover: Mapping[Certainty, Pennies]
    short_from: Mapping[Certainty, date | None]
    ending: Ending | None
    notice: NoticeBy | None
    consultation: Consultation | None
    latest_consultation_start: date | None
    redundancy: Redundancy | None
    lateness: Lateness | None
    cost: Cost
    do_nothing: Cost
    if_transfers: Cost
    transfer: Transfer | None
    take_advice: bool
    claimed_twice: bool
    flags: tuple[Problem, ...]

    @property
    def last_day(self) -> date | None:
        """T: the last day of employment if nothing is renewed."""
        return None if self.ending is None else self.ending.last_day

    @property
    def statutory_weeks(self) -> int | None:
        """Weeks of statutory notice."""
        return None if self.notice is None else self.notice.weeks

    @property
    def binding(self) -> Binding | None:
        """Which notice binds."""
        return None if self.notice is None else self.notice.binding

    @property
    def latest_notice_calendar(self) -> date | None:
        """The latest day to give notice."""
        return None if self.notice is None else self.notice.calendar

    @property
    def latest_notice_working(self) -> date | None:
        """The latest working day to give notice."""
        return None if self.notice is None else self.notice.working


_NOTHING = Cost(0, 0, 0, 0)


def post_outlooks(
    workings: Workings, before: PostsKept | None = None
) -> tuple[tuple[PostOutlook, ...], PostsKept]:
    """Every post of the book, in list order, and what the next outlook may take over.

    `before` is what the outlook before kept: posts that rest on nothing changed are taken from it.
    """
    known = before if workings.goes_on and before is not None else PostsKept((), {})
    found = [
        _standing(workings, post, bearer, known)
        for post, bearer in zip(workings.portfolio.posts, workings.charges.posts, strict=True)
    ]
    ends = _Ends(workings, found)
    same = known.posts if known.context == ends.context else {}
    told = [_as_before(standing, same) or ends.outlook(standing, same) for standing in found]
    kept = {one.key: (standing, one) for standing, one in zip(found, told, strict=True)}
    return tuple(told), PostsKept(ends.context, kept)


@dataclass(frozen=True, slots=True)
class PostsKept:
    """What was found of each post, for the outlook after the next edit.

    `context` is all that a post's end depends on beside the post and its awards.
    """

    context: tuple[object, ...]
    posts: dict[str, tuple[_Standing, PostOutlook]]


def _standing(workings: Workings, post: Post, bearer: Bearer, known: PostsKept) -> _Standing:
    """How a post stands; as before, if nothing that it rests on has changed but its pay."""
    kept = known.posts.get(post.key)
    if kept is None or kept[0].rests_on != _rests_on(workings, bearer):
        return _Standing.of(workings, post, bearer)
    standing = kept[0]
    if standing.post is post and standing.bearer is bearer:
        return standing
    if standing.bearer.runs is bearer.runs and but_pay(standing.post) == but_pay(post):
        return standing.paid(post, bearer)
    return _Standing.of(workings, post, bearer)


def _as_before(
    standing: _Standing, known: Mapping[str, tuple[_Standing, PostOutlook]]
) -> PostOutlook | None:
    """What was said of a post, if it stands as it did."""
    kept = known.get(standing.post.key)
    return None if kept is None or kept[0] is not standing else kept[1]


def _rests_on(workings: Workings, bearer: Bearer) -> tuple[object, ...]:
    """What `_ending_on` reads of the awards that pay a post."""
    awards = workings.portfolio.awards
    paying = (None if line is None else awards[line] for line in bearer.lines)
    return tuple(None if one is None else (one.key, last_day(one), one.on_end) for one in paying)


def _windows(standings: Sequence[_Standing]) -> _ByPlace:
    """The fullest 90 days around each dismissal, at each establishment."""
    grouped: dict[str | None, list[date]] = defaultdict(list)
    for standing in standings:
        if standing.ending is not None:
            grouped[standing.post.establishment].append(standing.ending.last_day)
    return {place: _windows_around(tuple(sorted(days))) for place, days in grouped.items()}


@lru_cache(maxsize=64)  # the days of most places stay as they are from one edit to the next
def _windows_around(last_days: tuple[date, ...]) -> Mapping[date, Window]:
    return windows(last_days)


class _Standing:
    """One post's cover from today, and how it would end."""

    def __init__(self, post: Post, bearer: Bearer, today: date) -> None:
        self.post, self.bearer, self.today = post, bearer, today
        self.segments: tuple[Segment, ...] = ()
        self.funded_to: date | None = None
        self.cliff_date: date | None = None
        self.fully_unfunded_from: date | None = None
        self.cover: Mapping[Certainty, Pennies] = {}
        self.short_from: Mapping[Certainty, date | None] = {}
        self.ending: Ending | None = None
        self.rests_on: tuple[object, ...] = ()

    def paid(self, post: Post, bearer: Bearer) -> _Standing:
        """The same with other pay."""
        standing = copy(self)
        standing.post, standing.bearer = post, bearer
        return standing

    def gross(self, day: date) -> int:
        """Annual gross pay on a day, in pence."""
        price = self.bearer.price
        return 0 if isinstance(price, int) else gross_pay(price.salary(day), self.post.fte)

    def ends_on_pay_of(self, other: _Standing) -> bool:
        """Whether what is paid on its last day is what another is paid then."""
        if self.ending is None:
            return True
        last = self.ending.last_day
        return self.gross(last) == other.gross(last)

    @classmethod
    def of(cls, workings: Workings, post: Post, bearer: Bearer) -> _Standing:
        standing = cls(post, bearer, workings.today)
        standing.segments = _segments(workings, bearer)
        full = Decimal(100)
        below = next((part for part in standing.segments if part.secured_pct < full), None)
        standing.cliff_date = None if below is None else below.start
        standing.funded_to = standing.find_funded_to(workings, full)
        standing.fully_unfunded_from = _final_nought(standing.segments)
        standing.cover = _cover(bearer, workings.grid.shown)
        standing.short_from = {
            name: _short_from(workings, bearer, at) for at, name in enumerate(CERTAINTIES)
        }
        standing.ending = _ending(workings, standing)
        standing.rests_on = _rests_on(workings, bearer)
        return standing

    def find_funded_to(self, workings: Workings, full: Decimal) -> date | None:
        if not self.segments or self.segments[0].secured_pct < full:
            return None
        if self.cliff_date is not None:
            return self.cliff_date - ONE_DAY
        last = workings.grid.last_day
        return last if self.post.end is None else min(self.post.end, last)

    @property
    def employs(self) -> bool:
        """Whether there is an employee in the post today."""
        return (self.post.status or "filled") == "filled" and self.exists_today

    @property
    def exists_today(self) -> bool:
        """Whether the post has begun, is not over, and does not stand vacant today."""
        return bool(self.segments) and self.segments[0].start == self.today

    @property
    def is_dismissal(self) -> bool:
        """Whether its ending counts for consultation: vacant, agency and agreed ends do not."""
        return self.ending is not None and not self.ending.agreed

    @property
    def moves_wholly(self) -> bool:
        """Whether the post passes to another provider."""
        return self.ending is not None and self.ending.wholly


def _segments(workings: Workings, bearer: Bearer) -> tuple[Segment, ...]:
    """The secured share from today to the horizon's last day, equal neighbours joined."""
    whole = workings.charges.whole
    joined: list[tuple[date, date, int]] = []
    for run in bearer.runs:
        start, end = max(run.start, workings.today), min(run.end, workings.grid.last_day)
        if start > end:
            continue
        paid = whole - run.shares[SECURED][-1]
        if joined and joined[-1][2] == paid and joined[-1][1] + ONE_DAY == start:
            joined[-1] = (joined[-1][0], end, paid)
        else:
            joined.append((start, end, paid))
    return tuple(
        Segment(start, end, Decimal(paid * 100) / Decimal(whole)) for start, end, paid in joined
    )


def _cover(bearer: Bearer, shown: int) -> Mapping[Certainty, Pennies]:
    """The share of each month paid at one certainty alone."""
    covered = bearer.covered[:, :shown]
    alone = np.diff(covered, axis=0, prepend=0)
    return dict(zip(CERTAINTIES, alone, strict=True))


def _short_from(workings: Workings, bearer: Bearer, certainty: int) -> date | None:
    today, last = workings.today, workings.grid.last_day
    return next(
        (
            max(run.start, today)
            for run in bearer.runs
            if run.end >= today and run.start <= last and run.shares[certainty][-1]
        ),
        None,
    )


def _final_nought(segments: Sequence[Segment]) -> date | None:
    start = None
    for segment in reversed(segments):
        if segment.secured_pct:
            break
        start = segment.start
    return start


def _ending(workings: Workings, standing: _Standing) -> Ending | None:
    """T: DOMAIN section 5. Only a filled post has one."""
    post, today = standing.post, workings.today
    if (post.status or "filled") != "filled" or not standing.segments:
        return None
    fixed_end = post.end if post.contract == "fixed-term" else None
    horizon = workings.grid.last_day
    if standing.cliff_date is not None and standing.funded_to is not None:
        last = standing.funded_to
    elif standing.cliff_date is not None:
        if not standing.exists_today:
            return None
        last = today
    elif post.end is not None and post.end <= horizon:
        last = post.end
    else:
        return None
    agreed = fixed_end is not None and fixed_end <= last
    last = min(last, fixed_end) if fixed_end is not None else last
    return _ending_on(workings, standing.bearer, last, agreed=agreed)


def _ending_on(workings: Workings, bearer: Bearer, last: date, *, agreed: bool) -> Ending:
    """The awards that pay the post on its last day and end that day."""
    awards = workings.portfolio.awards
    run = next((run for run in bearer.runs if run.start <= last <= run.end), None)
    paying: dict[int, int] = {}  # an award may stand on several lines of one post
    for award, share in () if run is None else zip(bearer.lines, run.shares[SECURED], strict=False):
        if award is not None and share and last_day(awards[award]) == last:
            paying[award] = paying.get(award, 0) + share
    moving = [award for award in paying if awards[award].on_end == "transfers"]
    perhaps = [award for award in paying if awards[award].on_end == "unknown"]
    certain = sum(paying[award] for award in moving)
    whole = workings.charges.whole
    return Ending(
        last_day=last,
        agreed=agreed,
        awards=tuple(awards[award].key for award in paying),
        moves=tuple(awards[award].key for award in moving),
        may_move=tuple(awards[award].key for award in perhaps),
        wholly=certain >= whole,
        perhaps_wholly=certain + sum(paying[award] for award in perhaps) >= whole,
    )


class _Ends:
    """Works out notice, consultation and cost for each post, with the counts of the whole book."""

    def __init__(self, workings: Workings, standings: Sequence[_Standing]) -> None:
        self._workings = workings
        self._employees = sum(1 for standing in standings if standing.employs)
        self._moving = Counter(
            key
            for standing in standings
            if standing.ending is not None and standing.ending.perhaps_wholly
            for key in standing.ending.passing
        )
        dismissed = [standing for standing in standings if standing.is_dismissal]
        self._by_place = _windows([each for each in dismissed if not each.moves_wholly])
        self._if_nothing_moves = (
            _windows(dismissed)
            if any(standing.moves_wholly for standing in dismissed)
            else self._by_place
        )
        organisation = workings.portfolio.organisation
        self._nation = organisation.nation
        self._working_days = WorkingDays.of(workings.rates.statutory, organisation.nation)
        self._planned = (
            DEFAULT_CONSULTATION_DAYS
            if organisation.consultation_days is None
            else organisation.consultation_days
        )
        self.context: tuple[object, ...] = (
            workings.charges.whole,
            self._employees,
            self._moving,
            self._by_place,
            self._if_nothing_moves,
            self._nation,
            self._planned,
        )
        """All that a post's end depends on beside the post; a book's rates are its workings'."""

    def outlook(
        self, standing: _Standing, known: Mapping[str, tuple[_Standing, PostOutlook]]
    ) -> PostOutlook:
        """What is said of a post. Of one that is `known` and paid otherwise, the days stay."""
        workings, bearer, ending = self._workings, standing.bearer, standing.ending
        stood, before = known.get(bearer.key, (standing, None))
        if stood.cover is not standing.cover:
            before = None
        shown = slice(workings.grid.shown)
        if standing.moves_wholly:
            notice, asked, late = None, None, None
            paid, cost = self._redundancy(standing, None, None), _NOTHING
            do_nothing = self._end(standing, self._notice(standing, self._if_nothing_moves))[-1]
        else:
            notice, asked = (
                self._notice(standing, self._by_place)
                if before is None
                else (before.notice, before.consultation)
            )
            if before is not None and before.lateness is None and stood.ends_on_pay_of(standing):
                paid, late, cost = before.redundancy, None, before.cost
            else:
                paid, late, cost = self._end(standing, (notice, asked))
            do_nothing = cost
        moves_wholly, perhaps_wholly = (
            (False, False) if ending is None else (ending.wholly, ending.perhaps_wholly)
        )
        start = (
            None if asked is None else self._working_days.on_or_before(asked.latest_start_calendar)
        )
        return PostOutlook(
            key=bearer.key,
            segments=standing.segments,
            funded_to=standing.funded_to,
            cliff_date=standing.cliff_date,
            fully_unfunded_from=standing.fully_unfunded_from,
            unfunded_cost=bearer.uncovered[SECURED][shown],
            month_cost=bearer.cost[shown],
            cover=standing.cover,
            short_from=standing.short_from,
            ending=ending,
            notice=notice,
            consultation=asked,
            latest_consultation_start=start,
            redundancy=paid,
            lateness=late,
            cost=cost,
            do_nothing=do_nothing,
            if_transfers=_NOTHING if perhaps_wholly else cost,
            transfer=before.transfer if before is not None else self._transfer(ending),
            take_advice=ending is not None and bool(ending.passing) and not moves_wholly,
            claimed_twice=bearer.claimed_twice,
            flags=before.flags if before is not None else self._flags(standing),
        )

    def _end(
        self, standing: _Standing, told: tuple[NoticeBy | None, Consultation | None]
    ) -> tuple[Redundancy | None, Lateness | None, Cost]:
        """Redundancy, lateness and cost of a post whose work stops, with its notice."""
        notice, asked = told
        given = _given(standing, notice, self._workings.today)
        paid = self._redundancy(standing, given, notice)
        late = self._lateness(standing, given, notice, paid)
        cost = _cost(paid, late, self._protective(standing, asked))
        return paid, late, cost

    def _transfer(self, ending: Ending | None) -> Transfer | None:
        """Dates and duties if its work passes, or may pass, to another provider."""
        if ending is None or not ending.passing:
            return None
        moving = max(self._moving[key] for key in ending.passing)
        return transfer(ending.last_day + ONE_DAY, self._employees, moving, self._nation)

    def _notice(
        self, standing: _Standing, by_place: _ByPlace
    ) -> tuple[NoticeBy | None, Consultation | None]:
        post, ending = standing.post, standing.ending
        if ending is None or ending.agreed:
            return None, None
        last = ending.last_day
        until = last if post.notice_served_on is None else post.notice_served_on - ONE_DAY
        weeks = statutory_notice_weeks(service_start(post), until)
        notice = latest_notice(last, weeks, post.notice, self._working_days)
        window = by_place[post.establishment][last]
        return notice, consultation(window, last, notice, self._planned, self._workings.rates)

    def _redundancy(
        self, standing: _Standing, given: date | None, notice: NoticeBy | None
    ) -> Redundancy | None:
        post, ending = standing.post, standing.ending
        if ending is None:
            return None
        relevant = ending.last_day
        if given is not None and notice is not None:
            weeks = statutory_notice_weeks(service_start(post), given - ONE_DAY)
            relevant = max(relevant, given + timedelta(weeks=weeks))
        return redundancy(post, relevant, standing.gross(ending.last_day), self._workings.rates)

    def _lateness(
        self,
        standing: _Standing,
        given: date | None,
        notice: NoticeBy | None,
        paid: Redundancy | None,
    ) -> Lateness | None:
        post, ending = standing.post, standing.ending
        if ending is None or given is None or notice is None or paid is None:
            return None
        weeks = statutory_notice_weeks(service_start(post), given - ONE_DAY)
        until = max(paid.relevant_date, notice_expiry(given, weeks, post.notice))
        if until <= ending.last_day:
            return None
        return Lateness(
            given,
            until,
            _worked(standing.bearer, ending.last_day + ONE_DAY, until),
            self.in_lieu(paid.weeks_pay, (until - ending.last_day).days, ending.last_day),
        )

    def in_lieu(self, week: int, days: int, day: date) -> int:
        """R(week's pay, uncapped × days / 7) and R(NIC rate × that), no threshold."""
        pay = round_half_up(week * days, 7)
        rate = Fraction(self._workings.rates.value("nic.rate", day))
        return pay + round_half_up(pay * rate.numerator, rate.denominator)

    def _protective(self, standing: _Standing, asked: Consultation | None) -> int:
        ending = standing.ending
        if asked is None or ending is None or not asked.collective:
            return 0
        days = self._workings.rates.value("redundancy.protective_award_days", ending.last_day)
        return protective_award(weeks_pay(standing.gross(ending.last_day)), int(days))

    def _flags(self, standing: _Standing) -> tuple[Problem, ...]:
        post, ending = standing.post, standing.ending
        path = f"posts.{post.key}"
        found = []
        since = post.person.fixed_terms_since if post.person is not None else None
        if since is not None and self._workings.today >= permanent_from(since):
            found.append(
                Problem(path, "four years of fixed terms: treat as permanent, take advice")
            )
        if ending is not None and protected_from_unfair_dismissal(
            post, ending.last_day, self._workings.rates
        ):
            found.append(Problem(path, "protected from unfair dismissal"))
        return tuple(found)


def _given(standing: _Standing, notice: NoticeBy | None, today: date) -> date | None:
    """When notice was given; not given by the latest calendar date counts as given today."""
    if notice is None:
        return None
    if standing.post.notice_served_on is not None:
        return standing.post.notice_served_on
    return today if today > notice.calendar else None


def _cost(paid: Redundancy | None, late: Lateness | None, award: int) -> Cost:
    return Cost(
        0 if paid is None else paid.payable,
        0 if late is None else late.worked,
        0 if late is None else late.in_lieu,
        award,
    )


def _worked(bearer: Bearer, first: date, last: date) -> int:
    """Month cost × days ÷ days in the month, for each month from `first` through `last`."""
    price = bearer.price
    if isinstance(price, int):
        return 0
    total = 0
    for month in months_between(first, last):
        start, end = max(first, month), min(last, month_end(month))
        whole, _, _ = price.month(price.salary(start), month_end(month))
        total += round_half_up(whole * ((end - start).days + 1), days_in_month(month))
    return total
