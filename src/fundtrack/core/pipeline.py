"""Money not yet secured, stage by stage: what each bid could keep going, and by when to act on it.

Probable and possible stand apart and are never added to each other or weighted: the sum of value
and chance is an aid to choosing between bids, and no forecast reads it. What people have said is
graded (NEEDS c2); the grade suggests a certainty, and the stage decides. Money is whole pence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from fundtrack.core import words
from fundtrack.core.charges import held_shares
from fundtrack.core.cliffs import Status, status_on
from fundtrack.core.edit import Edit, add, change, free_key
from fundtrack.core.errors import Problem, RefusedError
from fundtrack.core.ladder import Ladder, RungKind, decision_days
from fundtrack.core.model import CERTAINTIES, Award, Certainty, Evidence, Stage
from fundtrack.core.money import percent_of, round_half_up
from fundtrack.core.rates import WorkingDays
from fundtrack.core.schedule import RANKS
from fundtrack.core.thresholds import USUAL, threshold
from fundtrack.core.wishes import stage_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fundtrack.core.model import Portfolio
    from fundtrack.core.outlook import Outlook

STAGES: tuple[Stage, ...] = ("idea", "preparing", "submitted", "agreed-in-principle")
"""The columns of the board, in order."""
LOST: tuple[Stage, ...] = ("unsuccessful", "withdrawn")
FADES_AFTER: int = USUAL.evidence_fades or 0
"""After so many days without renewal, grades 1 to 3 count one lower."""
_FADING = (1, 2, 3)
_OFFER, _E_MAIL = 5, 3
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Said:
    """How sure an award is by what has been said: the best since the last "nothing".

    `grade` is as recorded on `on`, `counts` what is left of it today, `key` the evidence.
    """

    key: str
    on: date
    grade: int
    counts: int

    @property
    def suggests(self) -> Certainty:
        """The certainty it suggests: 5 and over secured, 3 and 4 probable, else possible."""
        if self.counts >= _OFFER:
            return "secured"
        return "probable" if self.counts >= _E_MAIL else "possible"


@dataclass(frozen=True, slots=True)
class Aid:
    """Bid or no bid: value × chance − what bidding costs, in pence. Never part of a forecast.

    `cost` is None where none is recorded, and then nothing is taken off.
    """

    value: int
    chance: Decimal
    expected: int
    cost: int | None
    hours: Decimal | None

    @property
    def worth(self) -> int:
        """What the bid is worth, on this reckoning."""
        return self.expected - (self.cost or 0)


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of a funder: the day stated, and the day of its offer letter."""

    award: str
    stated: date
    given: date

    @property
    def late(self) -> int:
        """Days after the stated day; below 0 when early."""
        return (self.given - self.stated).days


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late a funder has decided, oldest decision first."""

    decisions: tuple[Decision, ...]

    @property
    def median(self) -> int:
        """The middle one, in days; of an even number, halfway between the middle two."""
        days = sorted(decision.late for decision in self.decisions)
        middle = len(days) // 2
        if len(days) % 2:
            return days[middle]
        return round_half_up(days[middle - 1] + days[middle], 2)

    @property
    def worst(self) -> int:
        """The latest, in days."""
        return max(decision.late for decision in self.decisions)

    @property
    def latest(self) -> Decision:
        """The last one."""
        return self.decisions[-1]


@dataclass(frozen=True, slots=True)
class Card:
    """An award not yet secured, as a card on the board.

    `first_safe` is the earliest date on the ladder of what it would renew; of a new award, its
    start less the funder's decision and the writing. `next_kind` is the next thing to do and
    `next_by` its day. `decided_late` counts the days from the day consultation must start to
    the decision expected, where that is later. `posts` are what it would pay for, `fte` its share.
    """

    key: str
    title: str
    funder: str
    stage: Stage
    certainty: Certainty
    amount: int
    start: date
    chance: Decimal | None
    bid_deadline: date | None
    decision_expected: date | None
    first_safe: date
    next_kind: RungKind | None
    next_by: date | None
    status: Status
    renews: str | None
    decided_late: int | None
    posts: tuple[str, ...]
    fte: Decimal
    said: Said | None
    aid: Aid | None
    lateness: Lateness | None

    @property
    def suggests(self) -> Certainty | None:
        """The certainty that the evidence suggests instead of the stage's; None if it agrees.

        With no evidence at all, what is agreed in principle has nothing to stand on.
        """
        told: Certainty = "possible" if self.said is None else self.said.suggests
        if self.said is None and self.certainty == "possible":
            return None
        return None if told == self.certainty else told

    @property
    def doubt(self) -> str:
        """What to say where evidence and stage differ; "" where they agree."""
        suggested = self.suggests
        if suggested is None:
            return ""
        if self.said is None:
            return f"No evidence is recorded, and the stage says {self.certainty}."
        stage = "more" if _rank(self.certainty) < _rank(suggested) else "less"
        faded = ", counting one less with time" if self.said.counts < self.said.grade else ""
        return (
            f"Evidence of grade {self.said.grade} on {words.short_day(self.said.on)}{faded}, "
            f"suggests {suggested}: the stage claims {stage}."
        )


@dataclass(frozen=True, slots=True)
class Column:
    """A stage and its cards, the first to act on at the top."""

    stage: Stage
    certainty: Certainty
    cards: tuple[Card, ...]

    @property
    def amount(self) -> int:
        """The amount of its cards, all of one certainty."""
        return sum(card.amount for card in self.cards)


@dataclass(frozen=True, slots=True)
class Total:
    """What is hoped for at one certainty alone."""

    certainty: Certainty
    count: int
    amount: int


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The board. `lost` counts the awards that came to nothing, by stage."""

    columns: tuple[Column, ...]
    totals: tuple[Total, ...]
    lost: dict[Stage, int]

    @property
    def cards(self) -> tuple[Card, ...]:
        """Every card, column by column."""
        return tuple(card for column in self.columns for card in column.cards)


def pipeline(portfolio: Portfolio, outlook: Outlook) -> Pipeline:
    """Every award not yet secured, by stage, with what to know and do about each."""
    board = _Board(portfolio, outlook)
    columns = tuple(board.column(stage) for stage in STAGES)
    totals = tuple(_total(certainty, columns) for certainty in CERTAINTIES[1:])
    lost = {stage: sum(each.stage == stage for each in portfolio.awards) for stage in LOST}
    return Pipeline(columns, totals, lost)


def _total(certainty: Certainty, columns: Sequence[Column]) -> Total:
    chosen = [column for column in columns if column.certainty == certainty]
    count = sum(len(column.cards) for column in chosen)
    return Total(certainty, count, sum(column.amount for column in chosen))


# --- evidence ----------------------------------------------------------------------------------


def said(evidence: Iterable[Evidence], today: date, fades_after: int = FADES_AFTER) -> Said | None:
    """How sure an award is by its evidence up to a day; None when none is graded.

    A grade 0 ("nothing") takes back what was said before it. Of what was said since, the best
    counts, each with what time has left of it.
    """
    graded = [
        (each.on, at, each.grade, each.key)
        for at, each in enumerate(evidence)
        if each.grade is not None and each.on <= today
    ]
    graded.sort()
    last_nothing = max((at for at, each in enumerate(graded) if each[2] == 0), default=0)
    standing = [
        Said(key, on, grade, _faded(grade, (today - on).days, fades_after))
        for on, _, grade, key in graded[last_nothing:]
    ]
    return max(standing, key=lambda each: (each.counts, each.on), default=None)


def _faded(grade: int, days: int, fades_after: int) -> int:
    return grade - 1 if grade in _FADING and days > fades_after else grade


def lateness(portfolio: Portfolio, funder: str) -> Lateness | None:
    """How late a funder's offer letters came after the days it stated; None where none did."""
    offers: dict[str | None, list[date]] = {}
    for each in portfolio.evidence:
        if each.grade is not None and each.grade >= _OFFER:
            offers.setdefault(each.award, []).append(each.on)
    found = [
        Decision(award.key, award.bid.decision_expected, min(offers[award.key]))
        for award in portfolio.awards
        if award.funder == funder
        and award.bid is not None
        and award.bid.decision_expected is not None
        and award.key in offers
    ]
    return Lateness(tuple(sorted(found, key=lambda each: each.given))) if found else None


def aid(award: Award) -> Aid | None:
    """Value × chance − the cost of bidding; None where no chance is recorded."""
    if award.probability is None:
        return None
    bid = award.bid
    return Aid(
        value=award.amount,
        chance=award.probability,
        expected=percent_of(award.amount, award.probability),
        cost=None if bid is None else bid.cost,
        hours=None if bid is None else bid.hours,
    )


# --- moving ------------------------------------------------------------------------------------


def wants_evidence(before: Stage, after: Stage) -> bool:
    """Whether a move makes an award firmer, so that who said so, when and how is to be asked."""
    return RANKS[after] < RANKS[before]


def moved(portfolio: Portfolio, award: str, stage: Stage, evidence: Evidence | None = None) -> Edit:
    """The edit that moves a card to another stage, with what was said, if anything was.

    The evidence gets its key and award here. Raises RefusedError for an award not in the book.
    """
    before = portfolio.awards_by_key.get(award)
    if before is None:
        raise RefusedError((Problem(f"awards.{award}", "this is not in the book"),))
    label = f"Move {before.title} to {stage_name(stage)}"
    made = [change("awards", before, replace(before, stage=stage))] if before.stage != stage else []
    if evidence is not None:
        key = free_key(portfolio, "evidence", "evidence")
        made.append(add("evidence", replace(evidence, key=key, award=award)))
    return Edit(label, tuple(made))


# --- one book ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Dates:
    """By when to act on an award not yet secured."""

    first_safe: date
    next_kind: RungKind | None
    next_by: date | None
    consult: date | None


class _Board:
    """Makes the cards of one book."""

    def __init__(self, portfolio: Portfolio, outlook: Outlook) -> None:
        self._portfolio, self._outlook = portfolio, outlook
        self._fades_after = threshold(portfolio.organisation, "evidence_fades")
        statutory = outlook.workings.rates.statutory
        self._days = WorkingDays.of(statutory, portfolio.organisation.nation)
        self._shares = held_shares(portfolio)
        self._evidence: dict[str | None, list[Evidence]] = {}
        for each in portfolio.evidence:
            self._evidence.setdefault(each.award, []).append(each)
        self._ladders: dict[str | None, list[Ladder]] = {}
        for ladder in outlook.ladders:
            self._ladders.setdefault(ladder.award, []).append(ladder)
        self._lateness: dict[str, Lateness | None] = {}

    def column(self, stage: Stage) -> Column:
        cards = [self._card(award) for award in self._portfolio.awards if award.stage == stage]
        cards.sort(key=lambda card: (card.next_by or card.first_safe, card.title, card.key))
        return Column(stage, CERTAINTIES[RANKS[stage]], tuple(cards))

    def _card(self, award: Award) -> Card:
        bid, dates = award.bid, self._dates(award)
        expected = None if bid is None else bid.decision_expected
        late = (expected - dates.consult).days if expected and dates.consult else 0
        shares = [each.allocation for each in self._shares.get(award.key, ())]
        posts = tuple(dict.fromkeys(each.post for each in shares if each.post is not None))
        funder = self._portfolio.funders_by_key.get(award.funder or "")
        today = self._outlook.today
        return Card(
            key=award.key,
            title=award.title,
            funder="" if funder is None else funder.name,
            stage=award.stage,
            certainty=CERTAINTIES[RANKS[award.stage]],
            amount=award.amount,
            start=award.start,
            chance=award.probability,
            bid_deadline=None if bid is None else bid.deadline,
            decision_expected=expected,
            first_safe=dates.first_safe,
            next_kind=dates.next_kind,
            next_by=dates.next_by,
            status="clear" if dates.next_by is None else status_on(dates.next_by, today),
            renews=award.renewal_of,
            decided_late=late if late > 0 else None,
            posts=posts,
            fte=self._fte(award),
            said=said(self._evidence.get(award.key, ()), today, self._fades_after),
            aid=aid(award),
            lateness=self._lateness_of(award.funder),
        )

    def _fte(self, award: Award) -> Decimal:
        """How much FTE it would pay for on its first day."""
        posts, found = self._portfolio.posts_by_key, Decimal(0)
        for share in self._shares.get(award.key, ()):
            live = (share.from_ or date.min) <= award.start <= (share.to or date.max)
            post = posts.get(share.allocation.post or "")
            if live and post is not None:
                found += post.fte * share.allocation.percent / _WHOLE
        return found

    def _lateness_of(self, funder: str | None) -> Lateness | None:
        if funder is None:
            return None
        if funder not in self._lateness:
            self._lateness[funder] = lateness(self._portfolio, funder)
        return self._lateness[funder]

    # --- dates -------------------------------------------------------------------------------

    def _dates(self, award: Award) -> _Dates:
        ladders = self._ladders.get(award.renewal_of, []) if award.renewal_of else []
        return self._of_ladders(ladders) if ladders else self._of_own_start(award)

    def _of_ladders(self, ladders: Sequence[Ladder]) -> _Dates:
        """The dates of the ladders of what it would renew: of the award and of its posts."""
        nearest = min(ladders, key=lambda ladder: ladder.act_by or date.max)
        consult = [
            rung.date for ladder in ladders for rung in ladder.rungs if rung.kind == "consultation"
        ]
        first_safe = min(ladder.rungs[0].date for ladder in ladders)
        return _Dates(first_safe, nearest.next_kind, nearest.act_by, min(consult, default=None))

    def _of_own_start(self, award: Award) -> _Dates:
        """Of money for something new: it must be decided by its start, written and sent before."""
        decided = timedelta(days=decision_days(award, self._outlook.workings))
        days = None if award.bid is None else award.bid.writing_days
        usual = threshold(self._portfolio.organisation, "writing_days")
        written = timedelta(days=usual if days is None else days)
        submit = self._days.on_or_before(award.start - decided)
        writing = self._days.on_or_before(submit - written)
        following: dict[Stage, tuple[RungKind, date]] = {
            "idea": ("writing", writing),
            "preparing": ("submit", submit),
            "submitted": ("decision", self._days.on_or_before(award.start)),
        }
        next_kind, next_by = following.get(award.stage, (None, None))
        return _Dates(writing, next_kind, next_by, None)


def _rank(certainty: Certainty) -> int:
    return CERTAINTIES.index(certainty)
