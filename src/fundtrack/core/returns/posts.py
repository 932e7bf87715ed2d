"""The posts sheet: which jobs an award pays in a period, for how long, and what is claimed.

No names and no salaries stand here. The cost is the post's monthly cost (pay and on-costs) times
the award's share of it, exactly as the forecast charges it; a part month counts its days.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from fundtrack.core.charges import charges, held_shares
from fundtrack.core.money import round_half_up
from fundtrack.core.period import days_in_month, month_end, months_between
from fundtrack.core.rates import Rates
from fundtrack.core.returns.figures import PostRow
from fundtrack.core.schedule import NEVER, Grid, Stay, rank, stays, terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fundtrack.core.model import Allocation, Award, Portfolio, Post
    from fundtrack.core.period import Period
    from fundtrack.core.rates import Statutory

_ONE_DAY = timedelta(days=1)
_WEEK = 7
_STATUS = {"vacant": "Vacant", "agency": "Agency"}


def post_rows(
    portfolio: Portfolio,
    statutory: Statutory,
    award: Award,
    period: Period,
    comments: Mapping[str, str],
) -> tuple[PostRow, ...]:
    """One row for each share of each post the award pays in the period, posts in list order."""
    held = _held(portfolio, award)
    paid = tuple(post for post in portfolio.posts if post.key in held)
    jobs = replace(portfolio, posts=paid, costs=())
    rates = Rates(statutory, portfolio.organisation.nation, portfolio.rates)
    costs = _costs(jobs, rates, award, period)
    return tuple(
        _row(portfolio, post, allocation, window, cost, comments)
        for post in paid
        for (allocation, days), cost in zip(held[post.key], costs[post.key], strict=True)
        if (window := _within(days, post, period)) is not None
    )


# --- which shares, on which days -------------------------------------------------------------


def _held(portfolio: Portfolio, award: Award) -> dict[str, list[tuple[Allocation, Stay]]]:
    """By post, the award's allocations and the days each can be charged on."""
    counted = [term for term in terms(award) if term.rank < NEVER]
    found: dict[str, list[tuple[Allocation, Stay]]] = {}
    for share in sorted(held_shares(portfolio).get(award.key, ()), key=lambda share: share.order):
        spans = [
            (
                term.rank,
                max(term.start, share.from_ or date.min),
                min(term.end, share.to or date.max),
            )
            for term in counted
        ]
        spans = [span for span in spans if span[1] <= span[2]]
        if share.allocation.post is None or not spans:
            continue
        agreed = [(start, end) for ranked, start, end in spans if ranked <= rank(award)]
        days = Stay(
            min((start for start, _ in agreed), default=date.max),
            max((end for _, end in agreed), default=date.min),
        )
        found.setdefault(share.allocation.post, []).append((share.allocation, days))
    return found


def _within(days: Stay, post: Post, period: Period) -> Stay | None:
    """The days of the period on which the post should be there and the award would pay for it."""
    start = max(days.start, post.start, period.start)
    end = min(days.end, post.end or date.max, period.end)
    return Stay(start, end) if start <= end else None


# --- what is claimed -------------------------------------------------------------------------


def _costs(jobs: Portfolio, rates: Rates, award: Award, period: Period) -> dict[str, list[int]]:
    """By post, what each of the award's lines is charged in the period, in pence."""
    whole = _charged(jobs, rates, award, period.start, period.end)
    after = period.end + _ONE_DAY
    if after.day == 1:
        return whole
    # The last month runs on past the period: take off what falls after it. So a quarter that ends
    # on the 14th and the next one, from the 15th, together hold the month to the penny.
    beyond = _charged(jobs, rates, award, after, month_end(period.end))
    return {
        key: [cost - past for cost, past in zip(costs, beyond[key], strict=True)]
        for key, costs in whole.items()
    }


def _charged(
    jobs: Portfolio, rates: Rates, award: Award, start: date, end: date
) -> dict[str, list[int]]:
    months = months_between(start, end)
    grid = Grid(start, start, months, len(months))
    place = jobs.place("awards", award.key)
    certainty = min(rank(award), NEVER - 1)
    return {
        bearer.key: [
            int(bearer.charged[certainty][line].sum())
            for line, owner in enumerate(bearer.lines)
            if owner == place
        ]
        for bearer in charges(jobs, rates, grid).posts
    }


# --- the row ---------------------------------------------------------------------------------


def _row(
    portfolio: Portfolio,
    post: Post,
    allocation: Allocation,
    window: Stay,
    cost: int,
    comments: Mapping[str, str],
) -> PostRow:
    service = portfolio.services_by_key.get(post.service or "")
    filled = stays(post, window.start, window.end)
    return PostRow(
        post=post.key,
        role=post.title,
        service=service.name if service is not None else "",
        status=_status(post, window.end),
        fte=post.fte,
        share=allocation.percent,
        start=window.start,
        end=window.end,
        months=_rounded(sum((_months(stay) for stay in filled), Fraction()), 2),
        cost=cost,
        vacancy_weeks=_rounded(Fraction(_days([window]) - _days(filled), _WEEK), 1),
        comment=comments.get(post.key, "").strip(),
    )


def _status(post: Post, on: date) -> str:
    if any(vacancy.from_ <= on <= vacancy.to for vacancy in post.vacancies):
        return "Vacant"
    return _STATUS.get(post.status or "", "In post")


def _months(stay: Stay) -> Fraction:
    return sum(_parts(stay), Fraction())


def _parts(stay: Stay) -> Iterator[Fraction]:
    for month in months_between(stay.start, stay.end):
        covered = Stay(max(month, stay.start), min(month_end(month), stay.end))
        yield Fraction(_days([covered]), days_in_month(month))


def _days(spans: Iterable[Stay]) -> int:
    return sum((stay.end - stay.start).days + 1 for stay in spans)


def _rounded(value: Fraction, places: int) -> Decimal:
    scale: int = 10**places
    return Decimal(round_half_up(value.numerator * scale, value.denominator)).scaleb(-places)
