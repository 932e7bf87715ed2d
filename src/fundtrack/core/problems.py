"""What is stored and still wants a look: options passed, profiles that do not add up, claims twice.

Also the dates a contract leaves open: extensions to be taken up, and breaks (DOMAIN section 6).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fundtrack.core.employment import latest_before
from fundtrack.core.errors import Problem
from fundtrack.core.period import add_months, month_end
from fundtrack.core.schedule import fund_of, has_profile, is_pool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fundtrack.core.forecast import Workings
    from fundtrack.core.model import Award


@dataclass(frozen=True, slots=True)
class Option:
    """A date a contract leaves open: an extension to take up by a day, or the earliest exit."""

    award: str
    extension: str | None
    says: str
    by: date
    passed: bool


def options(workings: Workings) -> tuple[Option, ...]:
    """Every extension not exercised, with its last day for notice, and every earliest exit."""
    found: list[Option] = []
    for award in workings.portfolio.awards:
        for extension, by in _notice_dates(award):
            if not award.extensions[extension].exercised:
                key = award.extensions[extension].key
                says = "extension to be taken up by"
                found.append(Option(award.key, key, says, by, by < workings.today))
        if award.break_months is not None:
            exit_ = add_months(workings.today, award.break_months)
            found.append(Option(award.key, None, "earliest exit by a break", exit_, passed=False))
    return tuple(found)


def _notice_dates(award: Award) -> Iterator[tuple[int, date]]:
    """For each extension, the latest day to give notice of it: counted from the end before it."""
    end = award.end
    for at, extension in enumerate(award.extensions):
        yield at, latest_before(end, extension.notice_months or 0)
        end = extension.end


def problems(workings: Workings) -> tuple[Problem, ...]:
    """What the figures rest on that wants a look, with the path of each."""
    charges = workings.charges
    found = [
        problem
        for at, award in enumerate(workings.portfolio.awards)
        for problem in _of_award(workings, f"awards.{at}", award)
    ]
    twice = "claimed twice"
    found += [Problem(f"posts.{post.key}", twice) for post in charges.posts if post.claimed_twice]
    found += [Problem(f"costs.{cost.key}", twice) for cost in charges.costs if cost.claimed_twice]
    return (*found, *_of_balances(workings))


def _of_award(workings: Workings, path: str, award: Award) -> Iterator[Problem]:
    if has_profile(award):
        if sum(row.amount for row in award.profile) != award.amount:
            yield Problem(f"{path}.profile", "does not add up to the amount")
        for at, row in enumerate(award.profile):
            if row.amount and (month_end(row.month) < award.start or row.month > award.end):
                yield Problem(f"{path}.profile.{at}", "lies outside the award, and is not counted")
    for at, by in _notice_dates(award):
        if by < workings.today and not award.extensions[at].exercised:
            yield Problem(f"{path}.extensions.{at}", "notice date passed, not exercised")


def _of_balances(workings: Workings) -> Iterator[Problem]:
    portfolio = workings.portfolio
    balances = portfolio.organisation.balances
    if balances.restricted is None:
        return
    pools = sum(
        portfolio.awards[at].opening_balance or 0
        for at in workings.counted(0)
        if is_pool(portfolio.awards[at]) and fund_of(portfolio.awards[at]) == "restricted"
    )
    if pools > balances.restricted:
        yield Problem(
            "organisation.balances.restricted",
            "is less than the opening balances of the restricted awards",
        )
