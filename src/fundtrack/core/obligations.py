"""What each award obliges us to send: a return for every period, the final one, and the accounts.

An award's `reporting` generates them to its last day, extensions taken up included, by the periods
that the forecast pays by (`schedule.reporting_periods`). A due date is the funder's and never
moves; the working day before it is given beside it. What terms usually ask but the book does not
say (a final return, the accounts, how long to keep the records) is marked `usual`: the agreement
decides. Sources: the published grant terms of RETURNS sections 1 and 6; accounts are filed within
ten months of the year's end (England and Wales, Northern Ireland) or nine (Scotland).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from fundtrack.core import words
from fundtrack.core.errors import RefusedError
from fundtrack.core.model import ReturnStatus
from fundtrack.core.period import (
    APRIL,
    ONE_DAY,
    Period,
    add_months,
    days_in_month,
    financial_half,
    financial_quarter,
    financial_year,
    grant_period,
    last_day_of,
    month_of,
    month_period,
    parse_period,
    plain_period,
)
from fundtrack.core.rates import WorkingDays
from fundtrack.core.schedule import SECURED, month_number, rank, reporting_periods

if TYPE_CHECKING:
    from fundtrack.core.model import (
        Award,
        Deadline,
        Organisation,
        Portfolio,
        Reporting,
        Return,
    )
    from fundtrack.core.rates import Statutory

ObligationKind = Literal["return", "final", "accounts", "records"]
REMINDER_DAYS = (28, 14, 7, 1, 0)
"""Days before a due date on which to remind, where the charity has set none."""
YEARS_KEPT = 6
"""Records are kept for the year an award ends in and so many more."""
SENT: frozenset[ReturnStatus | None] = frozenset(
    ("submitted", "queried", "resubmitted", "accepted", "paid")
)
_JANUARY = 1
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_GRANT_KINDS = {"month": "M", "quarter": "Q", "half": "H", "year": "year"}
_ACCOUNTS_MONTHS, _ACCOUNTS_MONTHS_SCOTLAND = 10, 9


@dataclass(frozen=True, slots=True)
class Obligation:
    """One thing owed to a funder, and how it stands.

    `period` is named as a return's `period` is written. `working` is the last working day on or
    before `due`; `provisional` when that year's bank holidays are not known yet. `due_given` is
    False when the terms set no day, and the period's end stands in. `pays` says that money waits
    for it. `status` is that of the book's return (`record`); `deadline` the key of a deadline of
    the book's own for the same thing. `presumed`: the book has no trace of it, and it is not
    chased, because a later one was sent, the award is closed, or it is older than the book.
    """

    award: str
    kind: ObligationKind
    period: Period
    due: date
    title: str
    working: date
    provisional: bool
    reminders: tuple[int, ...]
    due_given: bool = True
    pays: bool = False
    usual: bool = False
    status: ReturnStatus | None = None
    submitted_on: date | None = None
    record: str | None = None
    deadline: str | None = None
    ticked_on: date | None = None
    presumed: bool = False

    @property
    def name(self) -> str:
        """What it is known by, whatever happens to its dates: `core:return:2026-10-01`."""
        if self.kind == "return":
            return f"{self.award}:return:{self.period.start.isoformat()}"
        return f"{self.award}:{self.kind}"

    @property
    def sent(self) -> bool:
        """Whether it has gone to the funder: its return says so, or its deadline was ticked."""
        return self.status in SENT or self.ticked_on is not None

    @property
    def sent_on(self) -> date | None:
        """The day it went, where the book knows it."""
        return self.submitted_on if self.status in SENT and self.submitted_on else self.ticked_on

    @property
    def queried(self) -> bool:
        """Whether the funder waits for an answer."""
        return self.status == "queried"

    @property
    def owed(self) -> bool:
        """Whether it is still to be sent. How long to keep records is not a thing to send."""
        return not (self.sent or self.presumed or self.kind == "records")

    @property
    def note(self) -> str:
        """What else to know of its day: the working day before, or that the terms set none."""
        said = []
        if not self.due_given:
            said.append("The terms in the book set no day, so this is the period's end.")
        if self.working != self.due and self.kind != "records":
            said.append(day_off(self.due, self.working))
        if self.usual:
            said.append("Usual terms; your agreement decides.")
        return " ".join(said)


def day_off(due: date, working: date) -> str:
    """Say that a date the funder set falls on a day off, and which working day comes before it."""
    year = working.year != due.year
    return (
        f"{words.weekday(due, year=True)} is not a working day; "
        f"the one before is {words.weekday(working, year=year)}."
    )


Known = dict[str, tuple[tuple[object, ...], list["Obligation"]]]
"""What each award was found to oblige us to, and all that it rested on."""


def obligations(
    portfolio: Portfolio,
    statutory: Statutory,
    *,
    kept_from: date | None = None,
    known: Known | None = None,
) -> tuple[Obligation, ...]:
    """Everything the secured awards with reporting duties oblige us to, by due date.

    `kept_from` is the day from which the book is known to be kept (None: not known): what was due
    before it, and has left no trace in the book, is presumed sent. `known` is the caller's memory
    of an earlier call: awards that rest on nothing changed are taken from it. The answer is the
    same without it.
    """
    book = _Book(portfolio, statutory, kept_from)
    memory = {} if known is None else known
    found = [each for award in portfolio.awards for each in book.remembered(award, memory)]
    return tuple(sorted(found, key=lambda each: (each.due, each.award, _ORDER[each.kind])))


def award_duties(
    portfolio: Portfolio, statutory: Statutory, award: Award
) -> tuple[Obligation, ...]:
    """What one award obliges us to by due date, or would oblige us to once it is secured."""
    found = _Book(portfolio, statutory, None).of_award(award, secured=False)
    return tuple(sorted(found, key=lambda each: (each.due, _ORDER[each.kind])))


_ORDER = {"return": 0, "final": 1, "accounts": 2, "records": 3}


def reminder_days(organisation: Organisation) -> tuple[int, ...]:
    """How many days before a due date to remind, most first."""
    return tuple(sorted(set(organisation.reminder_days or REMINDER_DAYS), reverse=True))


def award_periods(award: Award, organisation: Organisation) -> tuple[Period, ...]:
    """The award's reporting periods, cut at its first and last day, which together are the award.

    None for an award without reporting duties.
    """
    if award.reporting is None:
        return ()
    last = last_day_of(award)
    # A custom period may begin in the award's first month and leave days before it to an earlier.
    months = range(month_number(award.start) - 1, month_number(last) + 1)
    found = dict.fromkeys(
        (each.start, each.end)
        for _, each in reporting_periods(award, organisation, months, last)
        if each.start <= each.end
    )
    return tuple(_named(award, organisation, start, end) for start, end in found)


def due_on(reporting: Reporting, period_end: date) -> date | None:
    """When the return of a period is due; None when the terms set no day. It never moves."""
    if reporting.due_days is not None:
        return period_end + timedelta(days=reporting.due_days)
    if reporting.due_day is None:
        return None
    following = add_months(month_of(period_end), 1)
    return following.replace(day=min(reporting.due_day, days_in_month(following)))


# --- how a period is written -------------------------------------------------------------------


def _named(award: Award, organisation: Organisation, start: date, end: date) -> Period:
    """A period of an award under the name that a return of it goes by."""
    last = last_day_of(award)
    for whole in _candidates(award, organisation, start, end):
        if (max(whole.start, award.start), min(whole.end, last)) == (start, end):
            return Period(start, end, whole.name)
    return plain_period(start, end)


def _candidates(
    award: Award, organisation: Organisation, start: date, end: date
) -> Iterator[Period]:
    reporting = award.reporting
    if reporting is None or reporting.frequency == "once":
        return
    first_month, frequency = organisation.year_start_month or APRIL, reporting.frequency
    if reporting.anchor == "start":
        yield _of_grant(award, frequency, start)
    if reporting.anchor == "calendar":
        yield _of_year(frequency, end, _JANUARY)
    yield _of_year(frequency, end, first_month)
    yield _of_grant(award, frequency, start)
    yield _of_year(frequency, end, _JANUARY)


def _of_year(frequency: str, day: date, first_month: int) -> Period:
    if frequency == "month":
        return month_period(day)
    parts = {"quarter": financial_quarter, "half": financial_half, "year": financial_year}
    return parts[frequency](day, first_month)


def _of_grant(award: Award, frequency: str, day: date) -> Period:
    months = month_number(day) - month_number(award.start)
    if add_months(award.start, months) > day:
        months -= 1
    number = max(0, months) // _MONTHS[frequency] + 1
    return grant_period(award.start, _GRANT_KINDS[frequency], number)


def in_words(period: Period) -> str:
    """A period as it is spoken of: its name, or its days where it has no other."""
    if period.name == plain_period(period.start, period.end).name:
        return f"{words.short_day(period.start)} to {words.short_day(period.end)}"
    return period.name


# --- one book ----------------------------------------------------------------------------------


class _Book:
    """Works out the obligations of one book."""

    def __init__(self, portfolio: Portfolio, statutory: Statutory, kept_from: date | None) -> None:
        self._organisation, self._kept_from = portfolio.organisation, kept_from
        self._statutory = statutory
        self._days = WorkingDays.of(statutory, self._organisation.nation)
        self._reminders = reminder_days(self._organisation)
        self._returns: dict[str, list[Return]] = defaultdict(list)
        for record in portfolio.returns:
            self._returns[record.award].append(record)
        self._deadlines: dict[str | None, list[Deadline]] = defaultdict(list)
        for deadline in portfolio.deadlines:
            if deadline.kind in ("return", "claim"):
                self._deadlines[deadline.award].append(deadline)

    def remembered(self, award: Award, memory: Known) -> list[Obligation]:
        """What an award obliges us to, from memory where it rests on the same as before."""
        if award.reporting is None or rank(award) != SECURED:
            return []
        kept = (self._returns[award.key], self._deadlines[award.key])
        rests_on = (award, self._organisation, *kept, self._kept_from, self._statutory)
        found = memory.get(award.key)
        if found is None or found[0] != rests_on:
            found = memory[award.key] = (rests_on, self.of_award(award))
        return found[1]

    def of_award(self, award: Award, *, secured: bool = True) -> list[Obligation]:
        if award.reporting is None or (secured and rank(award) != SECURED):
            return []
        periods = award_periods(award, self._organisation)
        owed = [self._periodic(award, award.reporting, period) for period in periods]
        owed += self._closing(award, award.reporting, alone=len(periods) == 1)
        owed = self._with_returns(award, owed)
        owed = _with_deadlines(owed, self._deadlines[award.key])
        return self._with_presumed(award, owed)

    def _periodic(self, award: Award, reporting: Reporting, period: Period) -> Obligation:
        pays = reporting.pays_on_report
        pays = award.payment_basis == "arrears" if pays is None else pays
        title = f"{award.title}: {'claim' if pays else 'return'} for {in_words(period)}"
        due = due_on(reporting, period.end)
        return self._obligation(award, "return", period, due, title, pays=pays)

    def _closing(self, award: Award, reporting: Reporting, *, alone: bool) -> Iterator[Obligation]:
        """What usually follows an award's last day."""
        last = last_day_of(award)
        whole = plain_period(award.start, last)
        year = financial_year(last, self._organisation.year_start_month or APRIL)
        if not alone:
            due, title = due_on(reporting, last), f"{award.title}: final return"
            yield self._obligation(award, "final", whole, due, title, usual=True)
        if award.kind in (None, "grant"):
            scotland = self._organisation.nation == "scotland"
            months = _ACCOUNTS_MONTHS_SCOTLAND if scotland else _ACCOUNTS_MONTHS
            filed = _months_after(year, months)
            title = f"{award.title}: accounts for {year.name} to the funder"
            yield self._obligation(award, "accounts", year, filed, title, usual=True)
        kept = _months_after(year, 12 * YEARS_KEPT)
        title = f"{award.title}: keep the records until this day"
        yield self._obligation(award, "records", whole, kept, title, usual=True)

    def _obligation(
        self,
        award: Award,
        kind: ObligationKind,
        period: Period,
        due: date | None,
        title: str,
        *,
        pays: bool = False,
        usual: bool = False,
    ) -> Obligation:
        given, due = due is not None, due or period.end
        return Obligation(
            award=award.key,
            kind=kind,
            period=period,
            due=due,
            title=title,
            working=self._days.on_or_before(due),
            provisional=self._days.provisional(due),
            reminders=self._reminders,
            due_given=given,
            pays=pays,
            usual=usual,
        )

    # --- what the book knows of them ---------------------------------------------------------

    def _with_returns(self, award: Award, owed: list[Obligation]) -> list[Obligation]:
        """Give each obligation the return that the book has for its days."""
        by_days = {self._days_of(award, record): record for record in self._returns[award.key]}
        return [
            _with_return(each, by_days.get((each.period.start, each.period.end))) for each in owed
        ]

    def _days_of(self, award: Award, record: Return) -> tuple[date, date] | None:
        """The days of the award that a return is for; None when its period cannot be read."""
        try:
            period = parse_period(record.period, self._organisation.year_start_month, award)
        except RefusedError:
            return None
        return max(period.start, award.start), min(period.end, last_day_of(award))

    def _with_presumed(self, award: Award, owed: list[Obligation]) -> list[Obligation]:
        sent = [each.due for each in owed if each.kind == "return" and each.sent]
        latest = max(sent, default=date.min)
        return [
            replace(each, presumed=True) if self._is_presumed(award, each, latest) else each
            for each in owed
        ]

    def _is_presumed(self, award: Award, each: Obligation, latest_sent: date) -> bool:
        if each.record is not None or each.deadline is not None or each.kind == "records":
            return False
        if self._kept_from is not None and each.due < self._kept_from:
            return True
        return award.stage == "ended" if each.usual else each.due < latest_sent


def _months_after(year: Period, months: int) -> date:
    return add_months(year.end + ONE_DAY, months) - ONE_DAY


def _with_return(each: Obligation, record: Return | None) -> Obligation:
    if record is None or each.kind not in ("return", "final"):
        return each
    return replace(each, status=record.status, submitted_on=record.submitted_on, record=record.key)


# --- the book's own deadlines ------------------------------------------------------------------


def _with_deadlines(owed: list[Obligation], stored: Sequence[Deadline]) -> list[Obligation]:
    """Give each obligation the deadline that the book has for it, the surest match first."""
    found, left = list(owed), list(stored)
    for fits in _FITS:
        waiting, left = left, []
        for deadline in waiting:
            free = [at for at, each in enumerate(found) if each.deadline is None]
            fitting = [at for at in free if fits(found[at], deadline)]
            if not fitting:
                left.append(deadline)
                continue
            at = max(fitting, key=lambda at: found[at].period.end)
            found[at] = replace(found[at], deadline=deadline.key, ticked_on=deadline.done_on)
    return found


def _same_title(each: Obligation, deadline: Deadline) -> bool:
    """A final return or the accounts are known by their title; once done, by their day too."""
    return each.title == deadline.title and (deadline.done_on is None or each.due == deadline.due)


def _same_day(each: Obligation, deadline: Deadline) -> bool:
    return each.kind == "return" and each.due == deadline.due


def _same_kind(each: Obligation, deadline: Deadline) -> bool:
    return deadline.kind == ("claim" if each.pays else "return")


def _near(each: Obligation, deadline: Deadline) -> bool:
    """Whether a day lies after the period, and before the next one is over: terms were moved."""
    late = (deadline.due - each.period.end).days
    longest = max(each.period.days, (each.due - each.period.end).days)
    return each.kind == "return" and 0 < late <= longest


_FITS: tuple[Callable[[Obligation, Deadline], bool], ...] = (
    _same_title,
    lambda each, deadline: _same_day(each, deadline) and _same_kind(each, deadline),
    _same_day,
    lambda each, deadline: _near(each, deadline) and _same_kind(each, deadline),
    _near,
)
