"""What it costs if nothing is renewed: redundancy, notice, lateness, and the cost of closing.

DOMAIN sections 5, 6 and 7. An estimate to plan with: take advice before you act or tell anyone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from fundtrack.core.employment import (
    gross_pay,
    notice_expiry,
    redundancy,
    salary_on,
    service_start,
    statutory_notice_weeks,
    weeks_pay,
)
from fundtrack.core.money import round_half_up
from fundtrack.core.schedule import ONE_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from fundtrack.core.forecast import Figures, Workings
    from fundtrack.core.model import Post
    from fundtrack.core.posts import PostOutlook


@dataclass(frozen=True, slots=True)
class Exposure:
    """Pence. `total` is redundancy and lateness worked; the protective award stands outside it.

    `do_nothing` is the total if nothing passes to another provider, `if_transfers` if all that may
    pass does: the two figures of an award whose future is not known (`on_end` `unknown`).
    """

    redundancy: int
    notice: int
    lateness: int
    protective_award: int
    total: int
    do_nothing: int
    if_transfers: int
    by_award: dict[str, int]


def exposure(workings: Workings, posts: Sequence[PostOutlook]) -> Exposure:
    """The whole book's exposure, and each award's: a shared post stands under each award."""
    by_award: dict[str, int] = {}
    for post in posts:
        for award in post.ending.awards if post.ending is not None else ():
            by_award[award] = by_award.get(award, 0) + post.cost.total
    listed = [award.key for award in workings.portfolio.awards]
    return Exposure(
        redundancy=sum(post.cost.redundancy for post in posts),
        notice=sum(post.cost.in_lieu for post in posts),
        lateness=sum(post.cost.worked for post in posts),
        protective_award=sum(post.cost.protective_award for post in posts),
        total=sum(post.cost.total for post in posts),
        do_nothing=sum(post.do_nothing.total for post in posts),
        if_transfers=sum(post.if_transfers.total for post in posts),
        by_award={key: by_award[key] for key in listed if key in by_award},
    )


def policy_floor(workings: Workings, figures: Figures) -> int | None:
    """The reserves the trustees' policy asks for, in pence; None without one, or a month."""
    policy = workings.portfolio.organisation.reserves_policy
    if policy is None:
        return None
    if policy.kind == "amount":
        return int(policy.value * 100)
    if not figures.months:
        return None  # the balances are dated beyond the horizon: there is no month to measure by
    if policy.kind == "months":
        return _months_of(policy.value, figures.total, figures.months)
    return exit_cost(workings, workings.today) + _months_of(
        policy.value, figures.unrestricted, figures.months
    )


def _months_of(value: Decimal, spending: int, months: int) -> int:
    exact = Fraction(value) * spending / months
    return round_half_up(exact.numerator, exact.denominator)


def exit_cost(workings: Workings, day: date) -> int:
    """Redundancy, and whole notice in lieu with NIC, of every filled post if all ended on a day."""
    return sum(
        _exit_cost(workings, post, day)
        for post in workings.portfolio.posts
        if _filled_on(post, day)
    )


def _filled_on(post: Post, day: date) -> bool:
    if (post.status or "filled") != "filled" or post.start > day:
        return False
    away = any(vacancy.from_ <= day <= vacancy.to for vacancy in post.vacancies)
    return not away and (post.end is None or post.end >= day)


def _exit_cost(workings: Workings, post: Post, day: date) -> int:
    gross = gross_pay(salary_on(post, day), post.fte)
    weeks = statutory_notice_weeks(service_start(post), day - ONE_DAY)
    expiry = notice_expiry(day, weeks, post.notice)
    pay = round_half_up(weeks_pay(gross) * (expiry - day).days, 7)
    rate = Fraction(workings.rates.value("nic.rate", day))
    nic = round_half_up(pay * rate.numerator, rate.denominator)
    relevant = day + timedelta(weeks=weeks)
    return redundancy(post, relevant, gross, workings.rates).payable + pay + nic
