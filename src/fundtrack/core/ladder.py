"""By when to act: the dated rungs before a cliff, worked back from the day the money ends.

DOMAIN section 7. Each step rolls back to a working day of the nation before the next is taken;
what a funder sets never moves, so both dates are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from fundtrack.core.cliffs import Status, status_on
from fundtrack.core.rates import WorkingDays
from fundtrack.core.schedule import ONE_DAY, last_day
from fundtrack.core.thresholds import threshold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fundtrack.core.cliffs import Cliff
    from fundtrack.core.employment import Consultation, NoticeBy
    from fundtrack.core.forecast import Workings
    from fundtrack.core.model import Award, Deadline, Funder
    from fundtrack.core.posts import PostOutlook

Day = date
RungKind = Literal["writing", "submit", "decision", "consultation", "notice", "end"]
ORDER: tuple[RungKind, ...] = (
    "writing",
    "submit",
    "decision",
    "consultation",
    "notice",
    "end",
)
DEFAULT_PAPER_DAYS = 7
_SMALL_LOTTERY = 20_000_00
_DECIDES_AS = {
    "trust": "trust_days",
    "commissioner": "public_days",
    "council": "public_days",
    "government": "public_days",
    "health": "public_days",
}
"""The threshold that says how long each kind of funder takes; any other is `other_days`."""
_SUBMITTED = ("submitted", "agreed-in-principle", "awarded", "live", "ended")
_DECIDED = ("agreed-in-principle", "awarded", "live", "ended")


@dataclass(frozen=True, slots=True)
class Rung:
    """One date to act by. `meeting` is the trustees' last on or before a decision."""

    kind: RungKind
    date: Day
    date_unrolled: Day
    done_on: Day | None
    done: bool
    meeting: Day | None = None
    papers: Day | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs before a cliff (`post:P1`), in order of date, and how near the next one is."""

    cliff: str
    rungs: tuple[Rung, ...]
    status: Status
    act_by: date | None
    next_kind: RungKind | None
    submit_by_gap_only: date | None
    award: str | None


def decision_days(award: Award, workings: Workings) -> int:
    """How long the funder takes to decide: its own figure, else what is usual for its kind."""
    funder = workings.portfolio.funders_by_key.get(award.funder or "")
    if funder is not None and funder.decision_days is not None:
        return funder.decision_days
    return threshold(workings.portfolio.organisation, _decides_as(award, funder))


def _decides_as(award: Award, funder: Funder | None) -> str:
    """Which threshold says how long an award's funder takes to decide."""
    if award.kind == "contract":
        return "contract_days"
    kind = "other" if funder is None or funder.kind is None else funder.kind
    if kind == "lottery":
        return "lottery_small_days" if award.amount <= _SMALL_LOTTERY else "lottery_days"
    return _DECIDES_AS.get(kind, "other_days")


def ladders(
    workings: Workings, found: Sequence[Cliff], posts: Sequence[PostOutlook]
) -> tuple[Ladder, ...]:
    """The ladder of every post that has a last day and of every award that ends, in list order."""
    builder = _Builder(workings, posts)
    by_name = {(cliff.kind, cliff.key): cliff for cliff in found}
    of_posts = (
        builder.of_post(post.key)
        for post in workings.portfolio.posts
        if ("post", post.key) in by_name
    )
    of_awards = (
        builder.of_award(by_name["award", award.key])
        for award in workings.portfolio.awards
        if ("award", award.key) in by_name
    )
    return (*(ladder for ladder in of_posts if ladder is not None), *of_awards)


@dataclass(frozen=True, slots=True)
class _Step:
    """A date worked back to, before and after rolling."""

    rolled: date
    unrolled: date


class _Renewal(NamedTuple):
    """What bears on renewing an award, and the stage its renewal has come to.

    `decision` is how many days its funder takes to decide, `writing` how many a bid takes to write.
    """

    award: str | None = None
    decision: int = 0
    writing: int = 0
    stage: str | None = None


class _Basis(NamedTuple):
    """All that one ladder rests on beside what every ladder of its book does.

    `falling` are the posts that end with it, each with its notice, the latest start of its
    consultation, and that consultation; of a post's ladder, `post` is its key and `served` the day
    notice was given.
    """

    end: date
    falling: tuple[tuple[NoticeBy | None, date | None, Consultation | None], ...]
    renewal: _Renewal
    post: str | None = None
    served: date | None = None


_NO_AWARD = _Renewal()


class _Builder:
    """Builds ladders for one book."""

    def __init__(self, workings: Workings, posts: Sequence[PostOutlook]) -> None:
        self._workings, self._portfolio = workings, workings.portfolio
        self._posts = {post.key: post for post in posts}
        self._organisation = organisation = self._portfolio.organisation
        self._days = WorkingDays.of(workings.rates.statutory, organisation.nation)
        self._meetings = sorted(organisation.board_meetings)
        self._paper_days = (
            DEFAULT_PAPER_DAYS if organisation.paper_days is None else organisation.paper_days
        )
        self._known = workings.ladders_known.within(
            (organisation, self._portfolio.funders, self._portfolio.deadlines, workings.today)
        )
        self._done = _done(self._portfolio.deadlines)
        self._renewing: dict[str, _Renewal] = {}
        self._renewals: dict[str, Award] = {}
        for award in self._portfolio.awards:
            if award.renewal_of is not None:
                self._renewals.setdefault(award.renewal_of, award)

    def of_post(self, key: str) -> Ladder | None:
        post = self._posts[key]
        if post.ending is None:
            return None
        award = self._portfolio.awards_by_key[post.ending.awards[0]] if post.ending.awards else None
        return self._ladder(
            f"post:{key}",
            _Basis(
                post.ending.last_day,
                (_ending_of(post),),
                self._renewal(award),
                key,
                self._portfolio.posts_by_key[key].notice_served_on,
            ),
        )

    def of_award(self, cliff: Cliff) -> Ladder:
        award = self._portfolio.awards_by_key[cliff.key]
        ends = last_day(award)
        paid = [self._posts[key] for key in cliff.posts]
        falling = tuple(
            _ending_of(post)
            for post in paid
            if post.last_day == ends and post.cliff_date == cliff.date
        )
        return self._ladder(f"award:{cliff.key}", _Basis(ends, falling, self._renewal(award)))

    def _renewal(self, award: Award | None) -> _Renewal:
        """What a ladder rests on that leads to the end of an award."""
        if award is None:
            return _NO_AWARD
        known = self._renewing.get(award.key)
        if known is None:
            renewal = self._renewals.get(award.key)
            known = self._renewing[award.key] = _Renewal(
                award.key,
                decision_days(award, self._workings),
                self._writing_days(award, renewal),
                None if renewal is None else renewal.stage,
            )
        return known

    def _ladder(self, cliff: str, basis: _Basis) -> Ladder:
        """The ladder before a cliff: that of the outlook before, if it rests on the same."""
        kept = self._known.get(cliff)
        if kept is None or kept[0] != basis:
            kept = self._known[cliff] = basis, self._built(cliff, basis)
        return kept[1]

    def _built(self, cliff: str, basis: _Basis) -> Ladder:
        award, steps = basis.renewal.award, _known_steps(basis)
        end = steps["end"].rolled
        before_end = steps.get("consultation") or self._step(end)
        steps["decision"] = before_end
        gap_only = None
        if award is not None:
            days = timedelta(days=basis.renewal.decision)
            steps["submit"] = self._step(before_end.rolled - days)
            writing = timedelta(days=basis.renewal.writing)
            steps["writing"] = self._step(steps["submit"].rolled - writing)
            gap_only = self._days.on_or_before(end + ONE_DAY - days)
        rungs = sorted(
            (self._rung(kind, steps[kind], basis) for kind in ORDER if kind in steps),
            key=lambda rung: rung.date,
        )
        next_rung = next((rung for rung in rungs if not rung.done), None)
        return Ladder(
            cliff=cliff,
            rungs=tuple(rungs),
            status="clear"
            if next_rung is None
            else status_on(next_rung.date, self._workings.today),
            act_by=None if next_rung is None else next_rung.date,
            next_kind=None if next_rung is None else next_rung.kind,
            submit_by_gap_only=gap_only,
            award=award,
        )

    def _step(self, day: date) -> _Step:
        return _Step(self._days.on_or_before(day), day)

    def _writing_days(self, award: Award, renewal: Award | None) -> int:
        for bid in (renewal.bid if renewal is not None else None, award.bid):
            if bid is not None and bid.writing_days is not None:
                return bid.writing_days
        return threshold(self._organisation, "writing_days")

    def _rung(self, kind: RungKind, step: _Step, basis: _Basis) -> Rung:
        done_on = self._done_on(kind, basis.renewal.award, basis.post)
        if kind == "notice" and done_on is None:
            done_on = basis.served
        done = done_on is not None or _past(kind, basis.renewal.stage)
        meeting = papers = None
        if kind == "decision":
            meeting = next((day for day in reversed(self._meetings) if day <= step.rolled), None)
            if meeting is not None:
                papers = self._days.on_or_before(meeting - timedelta(days=self._paper_days))
        return Rung(kind, step.rolled, step.unrolled, done_on, done, meeting, papers)

    def _done_on(self, kind: RungKind, award: str | None, post: str | None) -> date | None:
        about = [("award", award)] if award is not None else []
        about += [("post", post)] if post is not None else []
        found = [self._done[kind, *who] for who in about if (kind, *who) in self._done]
        return min(found)[1] if found else None


def _ending_of(post: PostOutlook) -> tuple[NoticeBy | None, date | None, Consultation | None]:
    return post.notice, post.latest_consultation_start, post.consultation


def _known_steps(basis: _Basis) -> dict[str, _Step]:
    """The dates known from the start: the end, and the earliest notice and consultation."""
    steps = {"end": _Step(basis.end, basis.end)}
    notices = [notice for notice, _, _ in basis.falling if notice is not None]
    if notices:
        earliest = min(notices, key=lambda notice: (notice.working, notice.calendar))
        steps["notice"] = _Step(earliest.working, earliest.calendar)
    starts = [
        (start, asked.latest_start_calendar)
        for _, start, asked in basis.falling
        if start is not None and asked is not None
    ]
    if starts:
        steps["consultation"] = _Step(*min(starts))
    return steps


def _past(kind: RungKind, stage: str | None) -> bool:
    """Whether the renewal's stage is past this rung; without a renewal it has none."""
    if kind in ("writing", "submit"):
        return stage in _SUBMITTED
    return kind == "decision" and stage in _DECIDED


def _done(deadlines: Sequence[Deadline]) -> dict[tuple[str, str, str], tuple[int, date]]:
    """The first deadline done of each kind for each award and post: its place, and when."""
    found: dict[tuple[str, str, str], tuple[int, date]] = {}
    for at, deadline in enumerate(deadlines):
        if deadline.done_on is None or deadline.kind is None:
            continue
        for name, key in (("award", deadline.award), ("post", deadline.post)):
            if key is not None:
                found.setdefault((deadline.kind, name, key), (at, deadline.done_on))
    return found
