"""Every return an award's duties make us owe, and every one the book has, with how it stands.

A return owed but not begun has no record yet. A record that no duty asks for (the award's terms
have changed, or it was asked for once) is listed too: nothing begun or sent is ever lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from fundtrack.core.cliffs import Status, status_on
from fundtrack.core.obligations import Known, Obligation, in_words, obligations
from fundtrack.core.period import Period, plain_period
from fundtrack.core.returns.kept import period_of
from fundtrack.core.returns.lifecycle import Step, history
from fundtrack.core.returns.year import months_long

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fundtrack.core.model import Award, Portfolio, Return
    from fundtrack.core.rates import Statutory

Standing = Literal["to do", "with the funder", "settled", "presumed"]
"""Whose turn it is: ours, the funder's, nobody's, or not known and not chased."""
NOT_BEGUN = "not begun"
_FOUR_WEEKS = 28
_BY_MONTHS = {6: "t2-half-yearly", 12: "t4-annual"}
_OURS = frozenset((NOT_BEGUN, "draft", "checked", "approved", "queried"))
_FUNDERS = frozenset(("submitted", "resubmitted"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One return: for which award and period, due when, and the last step it has taken.

    `due` is the funder's day (None: a return nobody asked for by a day); `note` says which working
    day comes before it and what else to know. `pays`: money waits for it. `record` is the key of
    the book's return, "" before it is begun. `who` and `on` are of its last step.
    """

    key: str
    award: str
    title: str
    period: Period
    kind: Literal["return", "final", "other"]
    due: date | None
    note: str
    pays: bool
    status: str
    record: str = ""
    who: str = ""
    on: date | None = None
    standing: Standing = "to do"

    def overdue(self, today: date) -> bool:
        """Whether it should have been sent before today."""
        return self.urgency(today) == "overdue"

    def urgency(self, today: date) -> Status:
        """How near its day is; a question of the funder's is to be answered now."""
        if self.standing != "to do" or self.due is None:
            return "clear"
        return "act now" if self.status == "queried" else status_on(self.due, today)

    def waits(self, today: date) -> bool:
        """Whether it is to be dealt with now: overdue, queried, or due within four weeks."""
        if self.standing != "to do" or self.due is None:
            return False
        return self.status == "queried" or (self.due - today).days <= _FOUR_WEEKS

    def usual_layout(self, portfolio: Portfolio) -> str:
        """The layout it is likely to be written in: the award's last one, else by its length."""
        if self.kind == "final":
            return "t8-final"
        ours = (each for each in reversed(portfolio.returns) if each.award == self.award)
        latest = next((each.template for each in ours if each.template), None)
        if latest is not None:
            return latest.partition("/")[0]
        return _BY_MONTHS.get(months_long(self.period) or 0, "t1-quarterly")

    @property
    def said_period(self) -> str:
        """Its period as it is spoken of: a name, or its days."""
        return f"final, {in_words(self.period)}" if self.kind == "final" else in_words(self.period)


def register(
    portfolio: Portfolio,
    statutory: Statutory,
    *,
    kept_from: date | None = None,
    known: Known | None = None,
) -> tuple[Owed, ...]:
    """Every return, by due date; those without one last. `known` is as for `obligations`."""
    duties = [
        each
        for each in obligations(portfolio, statutory, kept_from=kept_from, known=known)
        if each.kind in ("return", "final")
    ]
    records = {record.key: record for record in portfolio.returns}
    found = [
        _not_begun(each) if each.record is None else _of_duty(each, records.get(each.record))
        for each in duties
    ]
    asked = {each.record for each in duties}
    found += [
        _unasked(portfolio, award, record)
        for record in portfolio.returns
        if record.key not in asked
        and (award := portfolio.awards_by_key.get(record.award)) is not None
    ]
    return tuple(sorted(found, key=lambda each: (each.due or date.max, each.award, each.key)))


@lru_cache(maxsize=8192)  # nearly all are years away, and stand as they did after every edit
def _not_begun(duty: Obligation) -> Owed:
    return _of_duty(duty, None)


def _of_duty(duty: Obligation, record: Return | None) -> Owed:
    step = _last_step(record)
    status = "submitted" if record is None and duty.ticked_on else duty.status or NOT_BEGUN
    status = "draft" if record is not None and record.status is None else status
    return Owed(
        key=duty.name,
        award=duty.award,
        title=duty.title,
        period=duty.period,
        kind="final" if duty.kind == "final" else "return",
        due=duty.due,
        note=duty.note,
        pays=duty.pays,
        status=status,
        record=duty.record or "",
        who=step.who,
        on=_day(step.on) or duty.sent_on,
        standing=_standing(status, presumed=duty.presumed),
    )


def _unasked(portfolio: Portfolio, award: Award, record: Return) -> Owed:
    """A return of the book that no duty asks for."""
    period = period_of(record, award, portfolio.organisation.year_start_month)
    step, status = _last_step(record), record.status or "draft"
    return Owed(
        key=f"record:{record.key}",
        award=award.key,
        title=f"{award.title}: return for {record.period}",
        period=period or plain_period(award.start, award.end),
        kind="other",
        due=None,
        note="No reporting duty of the award asks for it.",
        pays=False,
        status=status,
        record=record.key,
        who=step.who,
        on=_day(step.on) or record.submitted_on,
        standing=_standing(status, presumed=False),
    )


def _standing(status: str, *, presumed: bool) -> Standing:
    if presumed:
        return "presumed"
    if status in _OURS:
        return "to do"
    return "with the funder" if status in _FUNDERS else "settled"


def _last_step(record: Return | None) -> Step:
    steps = () if record is None else history(record)
    return steps[-1] if steps else Step("", "", "")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def due_by(found: tuple[Owed, ...], day: date) -> Iterator[Owed]:
    """The returns still to be sent by a day, soonest first."""
    return (
        each
        for each in found
        if each.standing == "to do" and each.due is not None and each.due <= day
    )
