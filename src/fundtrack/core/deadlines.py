"""Everything with a due date in one list: what we owe funders, what they owe us, what to decide.

Deadlines of the book's own stand beside what follows from its other records: returns and claims,
payments, bids, decisions expected, extensions to take up, trustees' meetings and their papers, and
the rungs of every ladder. Each thing appears once, under a name that stays when its date moves.

A deadline of the book's own stands for the rung, return or other thing of its kind, award and post
(DOMAIN section 7), so marking one of those done adds such a deadline. The data dictionary has no
place for a snooze and its reason: snoozes are a person's own, kept with their preferences, and
given to `deadlines` as an argument.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, get_args

from fundtrack.core import words
from fundtrack.core.cliffs import Status, status_on
from fundtrack.core.edit import Edit, add, change, free_key
from fundtrack.core.errors import Problem, RefusedError
from fundtrack.core.ladder import DEFAULT_PAPER_DAYS
from fundtrack.core.model import Award, Deadline, DeadlineKind
from fundtrack.core.obligations import day_off, obligations, reminder_days
from fundtrack.core.period import month_end
from fundtrack.core.rates import WorkingDays
from fundtrack.core.schedule import SECURED, rank

if TYPE_CHECKING:
    from fundtrack.core.ladder import Ladder, Rung, RungKind
    from fundtrack.core.model import Portfolio
    from fundtrack.core.obligations import Obligation
    from fundtrack.core.outlook import Outlook

DueKind = Literal[
    "return",
    "claim",
    "payment",
    "bid",
    "expected",
    "extension",
    "writing",
    "submit",
    "decision",
    "consultation",
    "notice",
    "end",
    "meeting",
    "papers",
    "accounts",
    "other",
]
Group = Literal["Overdue", "This week", "This month", "Later", "Done"]
GROUPS: tuple[Group, ...] = ("Overdue", "This week", "This month", "Later", "Done")
REMEMBERED = timedelta(days=366)
"""What was done longer ago than this is left out; what is overdue never is."""
_DO: dict[RungKind, str] = {
    "writing": "start writing the bid",
    "submit": "submit the bid",
    "decision": "trustees decide",
    "consultation": "start consultation",
    "notice": "give notice",
    "end": "money ends",
}
_NOT_DOABLE = ("end", "meeting")
_RECORD_KINDS: dict[DueKind, DeadlineKind] = {kind: kind for kind in get_args(DeadlineKind)} | {
    "payment": "other",
    "expected": "other",
    "extension": "other",
    "papers": "meeting",
    "accounts": "return",
}
"""The kind of the deadline that stands for a thing; some things have a kind no deadline has."""
_BEFORE_BID = ("idea", "preparing")
_IN_PIPELINE = ("idea", "preparing", "submitted", "agreed-in-principle")
_SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Snooze:
    """A person's wish not to be reminded of one thing before a day, and why."""

    uid: str
    until: date
    reason: str


@dataclass(frozen=True, slots=True)
class Due:
    """One thing with a due date.

    `uid` stays the same when the date moves. `away` is days from today, below 0 when past. `done`
    may be so without a day (`done_on`), when a stage says it. `because` are the records it rests
    on (`awards.core`); `stored` is the key of the deadline that stands for it, if the book has one.
    `amount` is pence, for a payment. `occasion` tells like things of one award apart.
    """

    uid: str
    kind: DueKind
    title: str
    due: date
    away: int = 0
    group: Group = "Later"
    status: Status = "clear"
    owner: str | None = None
    done: bool = False
    done_on: date | None = None
    because: tuple[str, ...] = ()
    award: str | None = None
    post: str | None = None
    note: str = ""
    amount: int | None = None
    stored: str | None = None
    occasion: int | None = None
    snooze: Snooze | None = None
    reminders: tuple[int, ...] = ()

    @property
    def can_be_done(self) -> bool:
        """Whether a person may tick it: a meeting passes and money ends by themselves."""
        return not self.done and self.kind not in _NOT_DOABLE

    @property
    def overdue(self) -> bool:
        """Whether its day has passed and it is not done. A snooze does not change that."""
        return self.group == "Overdue"


def deadlines(
    portfolio: Portfolio,
    outlook: Outlook,
    *,
    snoozes: Sequence[Snooze] = (),
    kept_from: date | None = None,
) -> tuple[Due, ...]:
    """Everything with a due date up to the outlook's last day, by due date.

    `kept_from` is as for `obligations`. What is overdue is always there; what was done is, for a
    year.
    """
    today = outlook.today
    asleep = {snooze.uid: snooze for snooze in snoozes if snooze.until > today}
    reminders = reminder_days(portfolio.organisation)
    found = [
        replace(
            each,
            away=(each.due - today).days,
            group=group_of(each.due, today, done=each.done),
            status="clear" if each.done else status_on(each.due, today),
            snooze=asleep.get(each.uid),
            reminders=reminders,
        )
        for each in _Lister(portfolio, outlook, kept_from).everything()
        if _is_kept(each, outlook)
    ]
    return tuple(sorted(found, key=lambda each: (each.due, each.title, each.uid)))


def _is_kept(each: Due, outlook: Outlook) -> bool:
    if each.done:
        return (each.done_on or each.due) >= outlook.today - REMEMBERED
    return each.due <= outlook.last_day or each.stored is not None


def group_of(due: date, today: date, *, done: bool) -> Group:
    """Under which heading a due date stands; a week ends on Sunday, a month on its last day."""
    if done:
        return "Done"
    if due < today:
        return "Overdue"
    if due <= today + timedelta(days=_SUNDAY - today.weekday()):
        return "This week"
    return "This month" if due <= month_end(today) else "Later"


# --- what has come up --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder of one thing: the day it was for, and how many days before the due date.

    `days` is below 0 when the due date has passed, and None when a snooze has run out.
    """

    item: Due
    on: date
    days: int | None


def fell_due(found: Iterable[Due], since: date, until: date) -> tuple[Due, ...]:
    """What fell due after one day up to another and is not done: "while you were away"."""
    return tuple(each for each in found if since < each.due <= until and not each.done)


def reminders(found: Iterable[Due], since: date, until: date) -> tuple[Reminder, ...]:
    """What to remind of, having last reminded on `since`: of each thing once, the latest word.

    Each thing is reminded of so many days before it is due, on the day after when it is overdue,
    and when its snooze has run out. What is done or snoozed is not.
    """
    made = (_reminder(each, since, until) for each in found)
    return tuple(sorted(filter(None, made), key=lambda each: (each.item.due, each.item.title)))


def reminder_dates(each: Due) -> tuple[tuple[date, int], ...]:
    """The days on which to remind of something, and how many days before its due date each is."""
    return tuple((each.due - timedelta(days=days), days) for days in (*each.reminders, -1))


def _reminder(each: Due, since: date, until: date) -> Reminder | None:
    if each.done or (each.snooze is not None and each.snooze.until > until):
        return None
    if each.snooze is not None and since < each.snooze.until <= until:
        return Reminder(each, each.snooze.until, None)
    passed = [(day, days) for day, days in reminder_dates(each) if since < day <= until]
    return Reminder(each, *max(passed)) if passed else None


def snoozed(
    snoozes: Sequence[Snooze], each: Due, until: date, reason: str, today: date
) -> tuple[Snooze, ...]:
    """The snoozes with one more (or one changed), those that have run out left out.

    Raises RefusedError when no reason is given or the day is not to come.
    """
    if not reason.strip():
        raise RefusedError(
            (Problem("reason", "say why, so that others know. Nothing was snoozed"),)
        )
    if until <= today:
        says = f"this is not after today, {words.day(today)}. Give a later day"
        raise RefusedError((Problem("until", says),))
    others = (one for one in snoozes if one.uid != each.uid and one.until > today)
    return (*others, Snooze(each.uid, until, reason.strip()))


# --- edits -------------------------------------------------------------------------------------


def done(portfolio: Portfolio, each: Due, on: date) -> Edit:
    """The edit that marks something done on a day: its deadline ticked, or one added for it.

    A payment is marked received, in full. Raises RefusedError for what nobody can tick.
    """
    if not each.can_be_done:
        raise RefusedError((Problem(each.uid, "this cannot be ticked: it comes by itself"),))
    label = f"Mark done: {each.title}"
    if each.kind == "payment":
        return _received(portfolio, each, on)
    stored = _stored(portfolio, each)
    if stored is not None:
        return Edit(label, (change("deadlines", stored, replace(stored, done_on=on)),))
    return Edit(label, (add("deadlines", replace(_record(portfolio, each), done_on=on)),))


def reopened(portfolio: Portfolio, each: Due) -> Edit:
    """The edit that takes "done" back. Raises RefusedError where a stage or a date says it."""
    label = f"Not done yet: {each.title}"
    stored = _stored(portfolio, each)
    if each.kind == "payment" and each.award is not None:
        return _received(portfolio, each, None)
    if stored is None or stored.done_on is None:
        says = "no deadline says that this is done. Change the stage or the return that does"
        raise RefusedError((Problem(each.uid, says),))
    return Edit(label, (change("deadlines", stored, replace(stored, done_on=None)),))


def given_to(portfolio: Portfolio, each: Due, owner: str | None) -> Edit:
    """The edit that says who sees to something, adding a deadline for it where there is none.

    Raises RefusedError for what comes by itself.
    """
    if each.kind in _NOT_DOABLE:
        raise RefusedError((Problem(each.uid, "this comes by itself, and needs no owner"),))
    label = f"Owner of {each.title}: {owner or 'nobody'}"
    stored = _stored(portfolio, each)
    if stored is not None:
        return Edit(label, (change("deadlines", stored, replace(stored, owner=owner)),))
    return Edit(label, (add("deadlines", replace(_record(portfolio, each), owner=owner)),))


def _stored(portfolio: Portfolio, each: Due) -> Deadline | None:
    found = portfolio.find("deadlines", each.stored or "")
    return found if isinstance(found, Deadline) else None


def _record(portfolio: Portfolio, each: Due) -> Deadline:
    """A deadline that stands for something the book only implies."""
    kind = _RECORD_KINDS[each.kind]
    return Deadline(
        key=free_key(portfolio, "deadlines", kind),
        award=each.award,
        post=each.post,
        kind=kind,
        title=each.title,
        due=each.due,
    )


def _received(portfolio: Portfolio, each: Due, on: date | None) -> Edit:
    award = portfolio.awards_by_key[each.award or ""]
    at = each.occasion or 0
    paid = award.payments[at]
    came = replace(paid, received_on=on, received=None if on is None else paid.amount)
    payments = (*award.payments[:at], came, *award.payments[at + 1 :])
    word = "Payment received" if on else "Payment not received yet"
    edit = change("awards", award, replace(award, payments=payments))
    return Edit(f"{word}: {each.title}", (edit,))


# --- one book ----------------------------------------------------------------------------------


class _Lister:
    """Lists everything with a due date; a deadline of the book's own is taken up at most once."""

    def __init__(self, portfolio: Portfolio, outlook: Outlook, kept_from: date | None) -> None:
        self._portfolio, self._outlook, self._kept_from = portfolio, outlook, kept_from
        self._today = outlook.today
        organisation = portfolio.organisation
        self._ladders = {ladder.cliff: ladder for ladder in outlook.ladders}
        self._days = WorkingDays.of(outlook.workings.rates.statutory, organisation.nation)
        self._left = {deadline.key: deadline for deadline in portfolio.deadlines}
        self._of_award: dict[str | None, list[Deadline]] = defaultdict(list)
        self._of_post: dict[str | None, list[Deadline]] = defaultdict(list)
        for deadline in portfolio.deadlines:
            self._of_award[deadline.award].append(deadline)
            if deadline.post is not None:
                self._of_post[deadline.post].append(deadline)

    def everything(self) -> Iterator[Due]:
        workings = self._outlook.workings
        statutory, known = workings.rates.statutory, workings.duties_known
        for owed in obligations(self._portfolio, statutory, kept_from=self._kept_from, known=known):
            if owed.kind != "records":
                yield from self._obligation(owed)
        for ladder in self._outlook.ladders:
            yield from self._rungs(ladder)
        for award in self._portfolio.awards:
            yield from self._payments(award)
            yield from self._bid(award)
        yield from self._extensions()
        yield from self._meetings()
        for deadline in tuple(self._left.values()):
            yield self._own(deadline)

    # --- what is owed, both ways ---------------------------------------------------------------

    def _obligation(self, owed: Obligation) -> Iterator[Due]:
        stored = None if owed.deadline is None else self._left.pop(owed.deadline, None)
        if owed.presumed:
            return
        kind: DueKind = "claim" if owed.pays else "return"
        if owed.kind == "accounts":
            kind = "accounts"
        found = Due(
            uid=f"award:{owed.name}",
            kind=kind,
            title=owed.title,
            due=owed.due,
            done=owed.sent,
            done_on=owed.sent_on,
            because=(f"awards.{owed.award}", *_named("returns", owed.record)),
            award=owed.award,
            note=owed.note,
        )
        if stored is not None and stored.due != owed.due:
            note = f"By the terms: {words.day(owed.due)}. {self._day_off(stored.due)}"
            found = replace(found, due=stored.due, note=note.strip())
        yield _standing_for(found, stored, own_title=True)

    def _payments(self, award: Award) -> Iterator[Due]:
        if rank(award) != SECURED:
            return
        lag = timedelta(days=award.payment_lag_days or 0)
        as_at = self._portfolio.organisation.balances.as_at
        for at, payment in enumerate(award.payments):
            # Money dated before the balances is in them (DOMAIN section 6).
            if payment.received_on is None and payment.due + lag < as_at:
                continue
            usual = words.day(payment.due + lag)
            yield self._titled(
                Due(
                    uid=f"award:{award.key}:payment:{at + 1}",
                    kind="payment",
                    title=f"{award.title}: payment {at + 1} of {len(award.payments)}"
                    f"{self._from_funder(award)}",
                    due=payment.due,
                    done=payment.received_on is not None,
                    done_on=payment.received_on,
                    because=(f"awards.{award.key}",),
                    award=award.key,
                    note=f"Usually here by {usual}." if lag else "",
                    amount=payment.amount,
                    occasion=at,
                )
            )

    def _from_funder(self, award: Award) -> str:
        funder = self._portfolio.funders_by_key.get(award.funder or "")
        return "" if funder is None else f" from {funder.name}"

    # --- bids ----------------------------------------------------------------------------------

    def _bid(self, award: Award) -> Iterator[Due]:
        bid = award.bid
        if bid is None or award.stage not in _IN_PIPELINE:
            return
        about = (f"awards.{award.key}", *_named("funders", award.funder))
        if bid.deadline is not None:
            found = Due(
                uid=f"award:{award.key}:bid",
                kind="bid",
                title=f"{award.title}: bid closes",
                due=bid.deadline,
                done=award.stage not in _BEFORE_BID,
                because=about,
                award=award.key,
                note=self._day_off(bid.deadline),
            )
            stored = self._take(self._of_award[award.key], "bid", found)
            yield _standing_for(_sooner(found, stored), stored, own_title=True)
        if bid.decision_expected is not None:
            funder = self._portfolio.funders_by_key.get(award.funder or "")
            found = Due(
                uid=f"award:{award.key}:expected",
                kind="expected",
                title=f"{award.title}: decision expected{self._from_funder(award)}",
                due=bid.decision_expected,
                because=about,
                award=award.key,
                note="" if funder is None else f"Record what {funder.name} says as evidence.",
            )
            decided = self._take(self._of_award[award.key], "decision", found)
            yield _standing_for(found, decided, own_title=True) if decided else self._titled(found)

    # --- dates that contracts leave open, and trustees -----------------------------------------

    def _extensions(self) -> Iterator[Due]:
        awards = self._portfolio.awards_by_key
        for option in self._outlook.options:
            award = awards[option.award]
            at = next(
                (n for n, each in enumerate(award.extensions) if each.key == option.extension), None
            )
            if at is None or rank(award) != SECURED:
                continue
            ends = award.extensions[at - 1].end if at else award.end
            if ends < self._today:
                continue  # the money it would have prolonged has ended
            yield self._titled(
                Due(
                    uid=f"award:{award.key}:extension:{option.extension}",
                    kind="extension",
                    title=f"{award.title}: take up the extension to "
                    f"{words.day(award.extensions[at].end)}",
                    due=option.by,
                    because=(f"awards.{award.key}",),
                    award=award.key,
                    note=self._day_off(option.by),
                )
            )

    def _meetings(self) -> Iterator[Due]:
        organisation = self._portfolio.organisation
        days = organisation.paper_days
        ahead = timedelta(days=DEFAULT_PAPER_DAYS if days is None else days)
        because = ("organisation.organisation",)
        for meeting in sorted(set(organisation.board_meetings)):
            past = meeting < self._today
            yield Due(
                uid=f"organisation:meeting:{meeting.isoformat()}",
                kind="meeting",
                title="Trustees meet",
                due=meeting,
                done=past,
                done_on=meeting if past else None,
                because=because,
            )
            if past:
                continue  # nobody needs its papers any more
            found = Due(
                uid=f"organisation:papers:{meeting.isoformat()}",
                kind="papers",
                title=f"Papers to trustees for {words.day(meeting)}",
                due=self._days.on_or_before(meeting - ahead),
                because=because,
            )
            unattached = [each for each in self._of_award[None] if each.post is None]
            same_day = [each for each in unattached if each.due == found.due]
            stored = self._take(same_day, "meeting", found)
            yield _standing_for(found, stored, own_title=True) if stored else self._titled(found)

    # --- ladders -------------------------------------------------------------------------------

    def _rungs(self, ladder: Ladder) -> Iterator[Due]:
        """The rungs of a ladder that no other ladder says.

        What concerns an award is said once, for the award: the posts that end with it are not
        told again. Notice is given post by post, so it is said for each post and not the award.
        """
        about, _, key = ladder.cliff.partition(":")
        of_award = self._ladders.get(f"award:{ladder.award}") if about == "post" else None
        said = {} if of_award is None else {rung.kind: rung for rung in of_award.rungs}
        for rung in ladder.rungs:
            other = said.get(rung.kind)
            if about == "award" and rung.kind == "notice":
                continue
            if other is not None and rung.kind != "notice" and other.date <= rung.date:
                continue
            yield self._rung(ladder, about, key, rung)

    def _rung(self, ladder: Ladder, about: str, key: str, rung: Rung) -> Due:
        record = self._portfolio.find(f"{about}s", key)
        because = (f"{about}s.{key}", *_named("awards", ladder.award if about == "post" else None))
        found = Due(
            uid=f"{about}:{key}:{rung.kind}",
            kind=rung.kind,
            title=f"{getattr(record, 'title', key)}: {_DO[rung.kind]}",
            due=rung.date,
            done=rung.done,
            done_on=rung.done_on,
            because=because,
            award=key if about == "award" else None,
            post=key if about == "post" else None,
            note=self._rung_note(rung),
        )
        mine = self._of_award[key] if about == "award" else self._of_post[key]
        stored = self._take(mine, rung.kind, found)
        return _standing_for(_sooner(found, stored), stored, own_title=False)

    def _rung_note(self, rung: Rung) -> str:
        said = []
        if rung.meeting is not None:
            meeting = words.near_weekday(rung.meeting, self._today)
            said.append(f"The trustees' last meeting in time is {meeting}.")
        if rung.date_unrolled != rung.date:
            last = words.near_weekday(rung.date_unrolled, self._today)
            said.append(f"The last day is {last}, not a working day.")
        return " ".join(said)

    # --- deadlines of the book's own -----------------------------------------------------------

    def _own(self, deadline: Deadline) -> Due:
        award = self._portfolio.awards_by_key.get(deadline.award or "")
        sent = deadline.kind == "bid" and award is not None and award.stage not in _BEFORE_BID
        return Due(
            uid=f"deadline:{deadline.key}",
            kind=deadline.kind or "other",
            title=deadline.title,
            due=deadline.due,
            owner=deadline.owner,
            done=deadline.done_on is not None or sent,
            done_on=deadline.done_on,
            because=(
                f"deadlines.{deadline.key}",
                *_named("awards", deadline.award),
                *_named("posts", deadline.post),
            ),
            award=deadline.award,
            post=deadline.post,
            note=self._day_off(deadline.due),
            stored=deadline.key,
        )

    def _take(self, among: Sequence[Deadline], kind: str, found: Due) -> Deadline | None:
        """Take up the deadline of a kind that stands for something: the open one while it is."""
        free = [each for each in among if each.kind == kind and each.key in self._left]
        if found.done:
            free = [each for each in free if each.done_on is not None] or free
        elif found.kind not in ("expected", "bid", "papers"):
            free = [each for each in free if each.done_on is None]
        nearest = min(free, key=lambda each: abs(each.due - found.due), default=None)
        return None if nearest is None else self._left.pop(nearest.key)

    def _titled(self, found: Due) -> Due:
        """Take up the deadline that was added for something by its title (and day, once done)."""
        kind = _RECORD_KINDS[found.kind]
        stored = next(
            (
                each
                for each in self._of_award[found.award]
                if each.key in self._left
                and (each.kind, each.title) == (kind, found.title)
                and (each.done_on is None or each.due == found.due)
            ),
            None,
        )
        if stored is not None:
            del self._left[stored.key]
        return _standing_for(found, stored, own_title=False)

    def _day_off(self, due: date) -> str:
        working = self._days.on_or_before(due)
        return "" if working == due else day_off(due, working)


def _standing_for(found: Due, stored: Deadline | None, *, own_title: bool) -> Due:
    """What the book implies, with the owner, the tick and perhaps the words of its own deadline."""
    if stored is None:
        return found
    return replace(
        found,
        title=stored.title if own_title else found.title,
        owner=stored.owner,
        done=found.done or stored.done_on is not None,
        done_on=found.done_on or stored.done_on,
        because=(f"deadlines.{stored.key}", *found.because),
        stored=stored.key,
    )


def _sooner(found: Due, stored: Deadline | None) -> Due:
    """The sooner of two days: a day of our own may be earlier than what is safe, never later."""
    if stored is None or stored.due >= found.due:
        return found
    last = "Bids close on" if found.kind == "bid" else "The last safe day is"
    note = f"{last} {words.day(found.due)}."
    return replace(found, due=stored.due, note=f"{note} {found.note}".strip())


def _named(name: str, key: str | None) -> tuple[str, ...]:
    return () if key is None else (f"{name}.{key}",)
