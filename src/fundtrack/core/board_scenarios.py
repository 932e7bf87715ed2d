"""Four futures for trustees, side by side: as agreed, as likely, the largest source lost, all late.

NEEDS, "One-page trustee runway report", 6. Each counts one certainty alone. The stresses are edits
that are not made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from fundtrack.core import board_figures as figures
from fundtrack.core.board_figures import Figure, short_name
from fundtrack.core.comparison import Standing, compare, unfunded_fte
from fundtrack.core.forecast import recorded
from fundtrack.core.model import CERTAINTIES
from fundtrack.core.outlook import outlook
from fundtrack.core.period import add_months
from fundtrack.core.scenario import planned
from fundtrack.core.schedule import PROBABLE, SECURED, last_day, rank
from fundtrack.core.sources import sources, ultimate_source, year_places
from fundtrack.core.wishes import Wish, delay, lose, restage

if TYPE_CHECKING:
    from fundtrack.core.model import Award, Certainty, Portfolio
    from fundtrack.core.outlook import Outlook

_LATE_MONTHS = 3


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    """One "what if": when reserves fall below policy and go, their lowest, the most FTE unfunded.

    `counting` names the money counted: never more than one certainty to a row.
    """

    name: str
    counting: Certainty
    below: Figure
    gone: Figure
    lowest: Figure
    fte: Figure


def scenarios(told: Outlook) -> tuple[ScenarioRow, ...]:
    """Secured and probable as they stand, and two stresses: each counts one certainty alone."""
    portfolio = told.workings.portfolio
    lost = _as_if(told, _source_lost(portfolio, told))
    late = _as_if(told, _all_late(portfolio))
    now = compare(told, told).now
    return (
        _scenario(portfolio, "Secured only", "secured", told, now["secured"]),
        _scenario(portfolio, "Probable too", "probable", told, now["probable"]),
        _scenario(portfolio, "Largest source lost", "secured", lost, None),
        _scenario(portfolio, "All 3 months late", "probable", late, None),
    )


def _scenario(
    portfolio: Portfolio,
    name: str,
    certainty: Certainty,
    told: Outlook,
    standing: Standing | None,
) -> ScenarioRow:
    found = standing or compare(told, told).now[certainty]
    known = recorded(portfolio.organisation.balances)
    missing = figures.NOT_KNOWN
    floor = told.forecast[certainty].floor
    below = figures.month(found.below_floor) if floor is not None else Figure("no policy")
    return ScenarioRow(
        name=name,
        counting=certainty,
        below=below if known else missing,
        gone=figures.month(found.exhausted) if known else missing,
        lowest=figures.pounds(found.lowest_reserves) if known else missing,
        fte=_most_unfunded(told, certainty),
    )


def _most_unfunded(told: Outlook, certainty: Certainty) -> Figure:
    """The most FTE without money that certain in any of the twelve months from today's."""
    months = [told.months[place] for place in year_places(told)]
    return figures.fte(
        max((unfunded_fte(told, certainty, month) for month in months), default=Decimal(0))
    )


def _as_if(told: Outlook, wishes: list[Wish]) -> Outlook:
    """The outlook of the book if these wishes were granted."""
    workings = told.workings
    portfolio, _ = planned(workings.portfolio, wishes)
    return outlook(portfolio, workings.rates.statutory, told.today, told.horizon, told)


def _source_lost(portfolio: Portfolio, told: Outlook) -> list[Wish]:
    """The largest ultimate source stops: at each award's break, in three months where it has none.

    What it has not agreed yet never comes.
    """
    found = sources(told)
    if not found:
        return []
    of_it = [
        award for award in portfolio.awards if ultimate_source(portfolio, award) == found[0].key
    ]
    return [wish for award in of_it for wish in _stopped(award, told.today)]


def _stopped(award: Award, today: date) -> Iterator[Wish]:
    on = add_months(today, _LATE_MONTHS if award.break_months is None else award.break_months)
    key = award.key
    if rank(award) > SECURED:
        if rank(award) < len(CERTAINTIES):
            yield lambda book: lose(book, key)
    elif on < award.start:
        yield lambda book: restage(book, key, "withdrawn")
    elif on < last_day(award):
        yield lambda book: lose(book, key, on)


def _all_late(portfolio: Portfolio) -> list[Wish]:
    """Everything not agreed yet starts three months later than the book says."""
    late = [award.key for award in portfolio.awards if PROBABLE <= rank(award) < len(CERTAINTIES)]
    return [_delayed(key) for key in late]


def _delayed(key: str) -> Wish:
    return lambda book: delay(book, key, _LATE_MONTHS)


def stresses(told: Outlook) -> str:
    """What the two stresses take for granted."""
    found = sources(told)
    if not found:
        return "Largest source lost: not known, for no secured award names its funder."
    return (
        f"Largest source lost: secured money, {short_name(found[0].name)} stopping at each award's "
        "break or in 3 months. 3 months late: probable money, all that is not agreed."
    )
