"""What trustees are asked to decide, each with the day after which the choice is lost.

NEEDS, "One-page trustee runway report", 8. Everything follows from the ladders, the bids, the
options and the forecast of the book; posts are counted, never named.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from fundtrack.core import words
from fundtrack.core.board_figures import short_name
from fundtrack.core.ladder import Ladder, Rung
from fundtrack.core.model import Award
from fundtrack.core.period import add_months, month_of
from fundtrack.core.plain import decimal_text
from fundtrack.core.schedule import NEVER, SECURED, last_day, rank

if TYPE_CHECKING:
    from fundtrack.core.cliffs import Cliff
    from fundtrack.core.outlook import Outlook

_YEAR = 12
_UNTIL_NEXT = timedelta(days=92)
"""How far ahead to look when no later meeting is in the book: three months."""
_TO_WRITE = ("idea", "preparing")


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing to decide. `by` is the day after which the choice is lost, None: at this meeting.

    `lost` says that in words, and `then` what else hangs on it.
    """

    text: str
    by: date | None
    lost: str
    then: str = ""
    of_posts: bool = False

    @property
    def said(self) -> str:
        """The whole of it, as one line."""
        return f"{self.text} {self.lost}{self.then}."


@dataclass(frozen=True, slots=True)
class Agenda:
    """What cannot wait beyond this meeting, by the day it is lost, and a word on what can."""

    now: tuple[Decision, ...]
    later: str


def agenda(told: Outlook) -> Agenda:
    """What this meeting has to decide: whatever is lost before the one after it; posts first."""
    found = sorted(_Asking(told).everything(), key=lambda each: each.by or told.today)
    meeting, following = meetings(told)
    limit = following or (meeting or told.today) + _UNTIL_NEXT
    now = [each for each in found if each.by is None or each.by < limit]
    later = _later(found[len(now) :], bool(now), told.today)
    return Agenda(tuple(sorted(now, key=lambda each: not each.of_posts)), later)


def meetings(told: Outlook) -> tuple[date | None, date | None]:
    """The trustees' next meeting, today's included, and the one after it."""
    listed = sorted(set(told.workings.portfolio.organisation.board_meetings))
    ahead = [day for day in listed if day >= told.today]
    return (*ahead[:2], None, None)[:2]  # type: ignore[return-value]  # always two


def _later(waiting: list[Decision], some_now: bool, today: date) -> str:  # noqa: FBT001
    if not waiting:
        return "" if some_now else "Nothing to decide."
    first = waiting[0].by or today
    number = words.count(len(waiting), "decision")
    if not some_now:
        return f"Nothing to decide before {words.near_day(first, today)}."
    return f"At later meetings: {number}, the first lost after {words.near_day(first, today)}."


class _Asking:
    """Finds what there is to decide in one book."""

    def __init__(self, told: Outlook) -> None:
        self._told, self._today = told, told.today
        self._portfolio = told.workings.portfolio
        self._secured = told.forecast["secured"]
        self._meeting, _ = meetings(told)
        self._ladders = {ladder.cliff: ladder for ladder in told.ladders}
        self._renewals: dict[str, Award] = {}
        for award in self._portfolio.awards:
            if award.renewal_of is not None and rank(award) != NEVER:
                self._renewals.setdefault(award.renewal_of, award)

    def everything(self) -> Iterator[Decision]:
        yield from self._consultations()
        for cliff in self._told.cliffs:
            if cliff.kind == "award":
                yield from self._renewal(cliff)
        yield from self._other_bids()
        yield from self._extensions()
        yield from self._reserves()
        yield from self._free_cash()

    # --- posts ---

    def _consultations(self) -> Iterator[Decision]:
        """For all posts that lose money on one day together: whether consultation starts."""
        by_day: dict[date, list[tuple[date, date, Decimal]]] = {}
        for post in self._told.posts:
            rungs = _open_rungs(self._ladders.get(f"post:{post.key}"))
            if post.cliff_date is not None and "consultation" in rungs and "notice" in rungs:
                fte = self._portfolio.posts_by_key[post.key].fte
                dates = (rungs["consultation"].date, rungs["notice"].date, fte)
                by_day.setdefault(post.cliff_date, []).append(dates)
        for day, found in by_day.items():
            yield self._consultation(
                day,
                len(found),
                sum((fte for _, _, fte in found), Decimal(0)),
                min(start for start, _, _ in found),
                min(notice for _, notice, _ in found),
            )

    def _consultation(
        self, day: date, number: int, fte: Decimal, by: date, notice: date
    ) -> Decision:
        posts = f"the {words.count(number, 'post')} ({decimal_text(fte)} FTE)"
        if number == 1:
            posts = f"the one post ({decimal_text(fte)} FTE)"
        since = "today" if day <= self._today else f"from {words.day(day)}"
        short = f"unfunded, wholly or partly, {since}"
        if by >= self._today:
            text = f"Agree whether consultation starts by {words.weekday(by)} on {posts} {short}."
        else:
            text = f"Agree what happens to {posts} {short}: no consultation is marked as begun."
        told = "" if notice < self._today else f"; notice by {self._day(notice)}"
        return replace(self._decision(text, by, told), of_posts=True)

    # --- renewals and bids ---

    def _renewal(self, cliff: Cliff) -> Iterator[Decision]:
        award = self._portfolio.awards_by_key[cliff.key]
        ladder = self._ladders.get(f"award:{cliff.key}")
        rungs = _open_rungs(ladder)
        renewal = self._renewals.get(award.key)
        if ladder is None or (renewal is not None and rank(renewal) == SECURED):
            return
        if "submit" in rungs:
            yield from self._bid_for(award, renewal, rungs["submit"].date, ladder)
        elif renewal is not None and cliff.posts:
            yield from self._answer(renewal, ladder)

    def _bid_for(
        self, award: Award, renewal: Award | None, submit: date, ladder: Ladder
    ) -> Iterator[Decision]:
        gap = ladder.submit_by_gap_only
        by = gap if submit < self._today and gap is not None and gap >= self._today else submit
        if renewal is not None:
            closes = renewal.bid.deadline if renewal.bid is not None else None
            yield self._bid(renewal, closes or by)
            return
        ends = words.day(last_day(award))
        yield self._decision(
            f"Decide how to replace {short_name(award.title)}, which ends on {ends}.", by
        )

    def _bid(self, award: Award, by: date) -> Decision:
        to = self._funder(award)
        worth = words.whole_pounds(award.amount)
        return self._decision(
            f"Agree the bid{f' to {to}' if to else ''}: {short_name(award.title)}, {worth}.", by
        )

    def _answer(self, renewal: Award, ladder: Ladder) -> Iterator[Decision]:
        """Ask for the funder's answer in writing where it is expected too late to act on."""
        rungs = _open_rungs(ladder)
        by = rungs["consultation"].date if "consultation" in rungs else None
        expected = renewal.bid.decision_expected if renewal.bid is not None else None
        if by is None or by < self._today or (expected is not None and expected <= by):
            return
        who = self._funder(renewal) or "the funder"
        late = (
            "none is expected in time"
            if expected is None
            else f"it is expected {words.count((expected - by).days, 'day')} too late"
        )
        text = f"Ask {who} for a written decision on {short_name(renewal.title)}, or more time on"
        yield self._decision(f"{text} present terms: {late}.", by)

    def _other_bids(self) -> Iterator[Decision]:
        for award in self._portfolio.awards:
            closes = award.bid.deadline if award.bid is not None else None
            if closes is None or closes < self._today or award.stage not in _TO_WRITE:
                continue
            if self._renewals.get(award.renewal_of or "") is not award or not self._told_of(award):
                yield self._bid(award, closes)

    def _told_of(self, award: Award) -> bool:
        """Whether the end of the award it renews has spoken of this bid already."""
        return "submit" in _open_rungs(self._ladders.get(f"award:{award.renewal_of}"))

    def _extensions(self) -> Iterator[Decision]:
        awards = self._portfolio.awards_by_key
        for option in self._told.options:
            award = awards[option.award]
            named = {extension.key: extension for extension in award.extensions}
            taken = named.get(option.extension or "")
            if taken is None or option.passed or rank(award) != SECURED:
                continue
            until = words.day(taken.end)
            text = (
                f"Decide whether to take up the extension of {short_name(award.title)} to {until}."
            )
            yield self._decision(text, option.by)

    # --- reserves and cash ---

    def _reserves(self) -> Iterator[Decision]:
        secured = self._secured
        if secured.floor is None or not secured.months:
            return
        floor = words.whole_pounds(secured.floor)
        if secured.free_reserves < secured.floor:
            now = words.whole_pounds(secured.free_reserves)
            yield self._decision(
                f"Agree how free reserves get back to policy: {now}, against {floor}.", None
            )
        elif secured.floor_breach_month is not None and self._within(secured.floor_breach_month):
            named = words.month_name(secured.floor_breach_month)
            text = "Agree how free reserves stay above policy: on secured money they fall below"
            by = self._last_chance(secured.floor_breach_month)
            yield self._decision(f"{text} {floor} in {named}.", by)

    def _free_cash(self) -> Iterator[Decision]:
        if self._portfolio.organisation.balances.cash is None:
            return
        first = month_of(self._today)
        months = zip(self._secured.months, self._secured.free_cash.tolist(), strict=True)
        month = next((at for at, pence in months if at >= first and pence < 0), None)
        if month is None or not self._within(month):
            return
        text = "Agree how bills are paid without spending restricted money: on secured money, free"
        text = f"{text} cash runs out in {words.month_name(month)}."
        yield self._decision(text, self._last_chance(month))

    def _within(self, month: date) -> bool:
        return month < add_months(month_of(self._today), _YEAR)

    def _last_chance(self, month: date) -> date | None:
        """The last meeting before a month begins; None if that is the next, or has been."""
        listed = sorted(self._portfolio.organisation.board_meetings)
        in_time = [day for day in listed if self._today <= day < month]
        return in_time[-1] if in_time and in_time[-1] != self._meeting else None

    # --- words ---

    def _decision(self, text: str, by: date | None, then: str = "") -> Decision:
        return Decision(text, by, self._lost(by), then)

    def _lost(self, by: date | None) -> str:
        if by is None:
            return "Decide at this meeting"
        if by < self._today:
            return f"Overdue since {self._day(by)}"
        before = self._meeting is not None and by < self._meeting
        return f"Lost after {self._day(by)}{', before you meet' if before else ''}"

    def _day(self, day: date) -> str:
        return words.near_day(day, self._today)

    def _funder(self, award: Award) -> str:
        funder = self._portfolio.funders_by_key.get(award.funder or "")
        return "" if funder is None else short_name(funder.name)


def _open_rungs(ladder: Ladder | None) -> dict[str, Rung]:
    """The rungs of a ladder that are still to do, by kind."""
    return {} if ladder is None else {rung.kind: rung for rung in ladder.rungs if not rung.done}
