"""What is claimed beside the plain award: matched money, a pay rise settled late, shared overheads.

Money is whole pence. The rules are worked in the golden cases MATCH-01, PAY-01 and FCR-01; each
sum is rounded once per stated step (DOMAIN R), and what is split adds up again (C4).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from fundtrack.core.employment import on_costs, salary_on
from fundtrack.core.money import percent_of, share_out
from fundtrack.core.period import month_end, month_of, months_between
from fundtrack.core.schedule import ONE_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from fundtrack.core.model import Post
    from fundtrack.core.money import Weights
    from fundtrack.core.rates import Rates


@dataclass(frozen=True, slots=True)
class Matched:
    """A grant that pays a share of spending, claim by claim, and what others must add to it.

    `claims` has one sum for each quarter; `cash` the balance at each quarter's end, one quarter
    longer, for the last claim is paid a quarter late. `lowest_at` is the first quarter (1 = first)
    that ends on the least cash. All money is pence.
    """

    claims: tuple[int, ...]
    cash: tuple[int, ...]
    match_required: int
    match_shortfall: int
    headroom: int

    @property
    def lowest(self) -> int:
        """The least cash at any quarter's end."""
        return min(self.cash)

    @property
    def lowest_at(self) -> int:
        """The quarter that ends on it, counted from 1."""
        return self.cash.index(self.lowest) + 1


def matched_claims(spending: Sequence[int], rate: Decimal, award: int) -> tuple[int, ...]:
    """Claim R(rate percent of each quarter's eligible spending), until the award is used up."""
    claims, left = [], award
    for spent in spending:
        claim = max(0, min(percent_of(spent, rate), left))
        claims.append(claim)
        left -= claim
    return tuple(claims)


def matched(
    spending: Sequence[int], rate: Decimal, award: int, match: Sequence[int], opening_cash: int
) -> Matched:
    """Follow a match-funded grant through its quarters, each claim paid a quarter after its own.

    `spending` and `match` (what the other funders pay at each quarter's start) are pence by
    quarter, `rate` is percent. Raises ValueError unless they have as many quarters as each other.
    """
    claims = matched_claims(spending, rate, award)
    cash, balance = [], opening_cash
    quarters = zip((*spending, 0), (*match, 0), (0, *claims), strict=True)
    for spent, added, paid in quarters:
        balance += added + paid - spent
        cash.append(balance)
    required = sum(spending) - sum(claims)
    return Matched(
        claims=claims,
        cash=tuple(cash),
        match_required=required,
        match_shortfall=max(0, required - sum(match)),
        headroom=award - sum(claims),
    )


def late_settlement(post: Post, effective: date, paid: date, rates: Rates) -> int:
    """Pence owed in the month of `paid` for a pay rise agreed late, with its on-costs.

    The rise stands in the post's pay changes from `effective`. For each whole month from then up
    to the month of payment: the month's cost at the pay due less that at the pay still given
    (C5). A one-off in the month paid; the year's total does not change.
    """
    given = salary_on(post, effective - ONE_DAY)
    owed = 0
    for month in months_between(effective, month_of(paid) - ONE_DAY):
        last = month_end(month)
        due = on_costs(post, salary_on(post, last), rates, last).month
        owed += due - on_costs(post, given, rates, last).month
    return owed


def overhead_shares(overhead: int, weights: Weights) -> tuple[int, ...]:
    """Split overheads (pence) across projects by FTE, by direct cost or evenly: all is recovered.

    The odd pennies go by largest remainder, ties to the earlier project (C4). Posts that are
    themselves overhead are not among the weights.
    """
    return share_out(overhead, weights)


def recovery_rate(overhead: int, direct: Sequence[int]) -> Decimal | None:
    """Overheads as a percentage of direct cost, one decimal; None when there is no direct cost."""
    whole = sum(direct)
    if not whole:
        return None
    return (Decimal(overhead) * 100 / Decimal(whole)).quantize(
        Decimal("0.1"), rounding=ROUND_HALF_UP
    )
