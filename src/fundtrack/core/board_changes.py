"""What has changed since the last report: money agreed or lost, dates moved, forecasts that erred.

NEEDS, "One-page trustee runway report", 9: found by comparing two outlooks, today's and an earlier
one of the book as it stood.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from fundtrack.core import words
from fundtrack.core.board_figures import secured_worth, short_name
from fundtrack.core.forecast import recorded
from fundtrack.core.glance import certainty_of
from fundtrack.core.period import ONE_DAY, month_of
from fundtrack.core.schedule import last_day

if TYPE_CHECKING:
    from fundtrack.core.model import Award, Certainty
    from fundtrack.core.outlook import Outlook

_WEIGHTY = 1
_STEPS: dict[Certainty | None, int] = {"secured": 3, "probable": 2, "possible": 1, None: 0}


def changes(told: Outlook, earlier: Outlook) -> tuple[str, ...]:
    """What a trustee should know has moved, the weightiest first, a sentence each."""
    found = sorted(_awards(told, earlier), key=lambda pair: pair[0])
    return (
        *(said for weight, said in found if weight <= _WEIGHTY),
        *_moved_dates(told, earlier),
        *_forecast_error(told, earlier),
        *(said for weight, said in found if weight > _WEIGHTY),
    )


def _awards(told: Outlook, earlier: Outlook) -> Iterator[tuple[int, str]]:
    """What became of each award, and how weighty that is (0 the most)."""
    before = earlier.workings.portfolio.awards_by_key
    now = told.workings.portfolio.awards_by_key
    for key, award in now.items():
        old = before.get(key)
        yield from _new(award) if old is None else _changed(old, award)
    for key, old in before.items():
        if key not in now:
            yield 1, f"{short_name(old.title)} is no longer in the book."


def _new(award: Award) -> Iterator[tuple[int, str]]:
    certainty = certainty_of(award)
    worth = words.whole_pounds(secured_worth(award) or award.amount)
    if certainty == "secured":
        yield 0, f"Agreed: {short_name(award.title)}, {worth}."
    elif certainty is not None:
        yield 4, f"New, {certainty}: {short_name(award.title)}, {worth}."


def _changed(old: Award, award: Award) -> Iterator[tuple[int, str]]:
    before, certainty = certainty_of(old), certainty_of(award)
    if before != certainty:
        yield _restaged(before, award, certainty)
    if certainty is None:
        return
    if last_day(award) != last_day(old):
        ends = f"ends {words.short_day(last_day(award))}, not {words.short_day(last_day(old))}"
        yield 2, f"{short_name(award.title)} {ends}."
    elif certainty != "secured" and award.start != old.start:
        starts = f"starts {words.short_day(award.start)}, not {words.short_day(old.start)}"
        yield 3, f"{short_name(award.title)} {starts}."
    was, worth = secured_worth(old) or old.amount, secured_worth(award) or award.amount
    if worth != was and before == certainty:
        sums = f"{words.whole_pounds(worth)}, not {words.whole_pounds(was)}"
        yield 3, f"{short_name(award.title)}: {sums}."


def _restaged(
    before: Certainty | None, award: Award, certainty: Certainty | None
) -> tuple[int, str]:
    was = before or "not counted"
    if certainty == "secured":
        worth = words.whole_pounds(secured_worth(award))
        return 0, f"Agreed: {short_name(award.title)}, {worth}, was {was}."
    if certainty is None:
        return 1, f"Lost: {short_name(award.title)}, {words.whole_pounds(award.amount)}, was {was}."
    weight = 2 if _STEPS[certainty] < _STEPS[before] else 3
    return weight, f"{short_name(award.title)} is now {certainty}, was {was}."


def _moved_dates(told: Outlook, earlier: Outlook) -> Iterator[str]:
    """How the two dates of the runway have moved, on secured money."""
    now, then = told.forecast["secured"], earlier.forecast["secured"]
    if now.floor is not None and then.floor is not None:
        yield from _moved("below policy", now.floor_breach_month, then.floor_breach_month)
    yield from _moved("gone", now.reserves_exhausted_month, then.reserves_exhausted_month)


def _moved(what: str, now: date | None, then: date | None) -> Iterator[str]:
    if now == then:
        return
    if now is None:
        yield f"Free reserves are not {what} within the forecast; it was {_month(then)}."
    else:
        yield f"Free reserves are {what} in {_month(now)}; it was {_month(then)}."


def _month(month: date | None) -> str:
    return "not by its end" if month is None else words.short_month(month)


def _forecast_error(told: Outlook, earlier: Outlook) -> Iterator[str]:
    """What was forecast for the day of the balances, and what they turned out to be."""
    now = told.workings.portfolio.organisation.balances
    then = earlier.workings.portfolio.organisation.balances
    eve = now.as_at - ONE_DAY
    if now.as_at <= then.as_at or now.as_at.day != 1 or month_of(eve) not in earlier.months:
        return
    at = earlier.months.index(month_of(eve))
    secured = earlier.forecast["secured"]
    if now.cash is not None and then.cash is not None:
        yield from _erred("cash", int(secured.cash[at]), now.cash, eve)
    if not (recorded(now) and recorded(then)):
        return
    said = int(secured.unrestricted_closing[at])
    yield from _erred("free reserves", said, told.forecast["secured"].free_reserves, eve)


def _erred(what: str, said: int, is_: int, day: date) -> Iterator[str]:
    expected, found = words.whole_pounds(said), words.whole_pounds(is_)
    verb = "are" if what.endswith("s") else "is"
    it = "they" if what.endswith("s") else "it"
    if expected == found:
        yield f"At {words.short_day(day)} {what} {verb} {found}, as forecast."
    else:
        yield f"We said {what} of {expected} at {words.short_day(day)}; {it} {verb} {found}."
