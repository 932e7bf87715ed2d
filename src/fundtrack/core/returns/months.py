"""The award month by month: what was planned, spent, still to be spent, received and claimed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from fundtrack.core.money import spread
from fundtrack.core.period import last_day_of, month_end, month_of, months_between
from fundtrack.core.returns.finance import counted_lines, pieces_of
from fundtrack.core.schedule import incomes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from fundtrack.core.model import Actual, Award
    from fundtrack.core.period import Period
    from fundtrack.core.returns.figures import Finance

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRow:
    """One month, in pence. `actual` is None after the return's period, `forecast` before its end.

    `cumulative` is all that was spent and will have been by then.
    """

    month: date
    budget: int
    actual: int | None
    forecast: int | None
    cumulative: int
    cash: int
    claim: int


def month_rows(
    award: Award,
    actuals: Iterable[Actual],
    finance: Finance,
    period: Period,
    reached_on: date,
    claims: dict[date, int],
) -> tuple[ProfileRow, ...]:
    """Every month of the award; `claims` are those sent, by month, `reached_on` the last day known.

    What is left to spend is the finance sheet's, laid over the months to come as they were planned.
    """
    lines = counted_lines(award)
    days = [(at, piece) for at, line in enumerate(lines) for piece in pieces_of(award, line)]
    spent = [each for each in actuals if each.award == award.key and each.on <= period.end]
    memo = {line.key for heading in finance.memo for line in heading.lines}
    spent = [each for each in spent if (each.budget_line or "") not in memo]
    first = min([award.start, *(piece.start for _, piece in days), *(each.on for each in spent)])
    last = max([last_day_of(award), period.end, *(piece.end for _, piece in days)])
    months = months_between(first, last)
    edges = [month_of(first) - _ONE_DAY, *map(month_end, months)]
    gained = incomes([at for at, _ in days], [piece for _, piece in days], len(lines), edges)
    planned: list[int] = gained.sum(axis=0).tolist()
    over = min(period.end, reached_on)
    ahead = [
        plan if month_end(month) > over else 0 for month, plan in zip(months, planned, strict=True)
    ]
    weights = [max(0, plan) for plan in ahead]
    if not any(weights):
        weights = [0] * (len(months) - 1) + [1]
    forecast = spread(finance.total.remaining, weights)
    by_month: dict[date, int] = {}
    for each in spent:
        by_month[month_of(each.on)] = by_month.get(month_of(each.on), 0) + each.amount
    rows, so_far = [], 0
    for at, month in enumerate(months):
        done = by_month.get(month, 0)
        so_far += done + forecast[at]
        rows.append(
            ProfileRow(
                month=month,
                budget=planned[at],
                actual=done if month <= period.end else None,
                forecast=forecast[at] if month_end(month) > over or forecast[at] else None,
                cumulative=so_far,
                cash=_cash(award, month),
                claim=claims.get(month, 0),
            )
        )
    return tuple(rows)


def _cash(award: Award, month: date) -> int:
    return sum(
        payment.amount if payment.received is None else payment.received
        for payment in award.payments
        if payment.received_on is not None and month_of(payment.received_on) == month
    )
