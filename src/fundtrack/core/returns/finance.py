"""The finance sheet: each budget line's budget, profile, spending, variance and outturn, in pence.

A line's budget lies where its own profile says, else evenly over the award's days (DOMAIN C4), so
that the budgets of periods that follow each other add up to the line. Spending is the actuals dated
in the period. What is left to spend is the rest of the line's profile, unless a person says other:
the rest after the period or, while it is not over, after the day the figures stand at.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from fundtrack.core.model import BudgetLine
from fundtrack.core.period import last_day_of, month_end
from fundtrack.core.returns.figures import (
    Finance,
    FinanceHeading,
    FinanceLine,
    Sums,
    added,
)
from fundtrack.core.schedule import Piece, incomes, pieces, terms
from fundtrack.core.words import day as in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fundtrack.core.model import Actual, Award, BudgetVersion
    from fundtrack.core.period import Period
    from fundtrack.core.returns.kept import Written
    from fundtrack.core.returns.layout import Limits

NO_LINE = ""
_ONE_DAY = timedelta(days=1)
_NO_HEADING = "Other costs"
_NO_CODE = "(none)"
_MEMO = "(memo)"
_HUNDRED = 100


def agreed_amount(award: Award) -> int:
    """The award with its variations: uplifts, and the extensions that were taken up."""
    counted = [term for term in terms(award) if term.place is None or _taken_up(award, term.place)]
    if not award.uplifts:
        return sum(term.amount for term in counted)
    return sum(piece.amount for term in counted for piece in pieces(award, term))


def _taken_up(award: Award, place: int) -> bool:
    return bool(award.extensions[place].exercised)


def latest_version(award: Award, today: date) -> tuple[int, BudgetVersion] | None:
    """The budget last agreed with the funder, and its number counted from 1; None if none was."""
    agreed = sorted(
        (version for version in award.budget_versions if version.agreed_on <= today),
        key=lambda version: version.agreed_on,
    )
    return (len(agreed), agreed[-1]) if agreed else None


def needs_note(sums: Sums, limits: Limits) -> bool:
    """Whether the period's variance is above a limit, or money was spent without a budget."""
    if sums.profile == 0:
        return sums.actual != 0
    numerator, denominator = limits.variance_percent.as_integer_ratio()
    over = abs(sums.variance) * _HUNDRED * denominator > numerator * abs(sums.profile)
    pounds = limits.variance_pounds
    return over or (pounds is not None and abs(sums.variance) > pounds)


def finance(
    award: Award,
    actuals: Iterable[Actual],
    period: Period,
    year: Period,
    written: Written,
    limits: Limits,
    today: date,
) -> Finance:
    """The finance sheet of an award's return for a period, its year to date counted from `year`."""
    budget = _budget_lines(award)
    spent = _spending(award, budget, actuals, period, year)
    if NO_LINE in spent and all(line.key != NO_LINE for line in budget):
        budget = (*budget, _ungiven())
    profiles = _profiles(award, budget, period, year, today)
    version = _version_words(latest_version(award, today))
    lines = []
    for line, profile in zip(budget, profiles, strict=True):
        sums = _sums(line, profile, spent.get(line.key, Sums()), written)
        lines.append(
            FinanceLine(
                key=line.key,
                code=line.key or _NO_CODE,
                heading=line.heading or _NO_HEADING,
                title=line.title or line.key,
                version=version,
                sums=sums,
                needs_note=needs_note(sums, limits),
                note=written.notes.get(line.key, "").strip(),
                variance=dict(written.grid("variances").get(line.key, {})),
            )
        )
    return _grouped(_with_note_refs(lines))


def _budget_lines(award: Award) -> tuple[BudgetLine, ...]:
    if award.budget_lines:
        return award.budget_lines
    return (
        BudgetLine(
            key=NO_LINE, heading="Whole award", title=award.title, amount=agreed_amount(award)
        ),
    )


def counted_lines(award: Award) -> tuple[BudgetLine, ...]:
    """The budget lines that count towards the total: those for information only left out."""
    return tuple(line for line in _budget_lines(award) if not is_memo(line.heading or ""))


def _ungiven() -> BudgetLine:
    return BudgetLine(
        key=NO_LINE, heading="Not given to a line", title="Spending without a budget line", amount=0
    )


def _version_words(found: tuple[int, BudgetVersion] | None) -> str:
    if found is None:
        return "as awarded"
    number, version = found
    return f"{number} ({in_words(version.agreed_on)})"


# --- what was spent --------------------------------------------------------------------------


def _spending(
    award: Award,
    budget: Sequence[BudgetLine],
    actuals: Iterable[Actual],
    period: Period,
    year: Period,
) -> dict[str, Sums]:
    known = {line.key for line in budget}
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for actual in actuals:
        if actual.award != award.key or actual.on > period.end:
            continue
        line = actual.budget_line or NO_LINE
        total = totals[line if line in known else NO_LINE]
        total[0] += actual.amount if actual.on in period else 0
        total[1] += actual.amount if actual.on >= year.start else 0
        total[2] += actual.amount if actual.on < year.start else 0
    return {
        key: Sums(actual=actual, actual_ytd=ytd, earlier=earlier)
        for key, (actual, ytd, earlier) in totals.items()
    }


# --- what was planned ------------------------------------------------------------------------


def _profiles(
    award: Award, budget: Sequence[BudgetLine], period: Period, year: Period, today: date
) -> list[Sums]:
    """Each line's planned sums: in the year, in the period, in the year so far, and afterwards."""
    days = [
        (line, piece) for line in range(len(budget)) for piece in pieces_of(award, budget[line])
    ]
    reached_on = min(period.end, today)
    first = min([award.start, period.start, year.start, reached_on, *(p.start for _, p in days)])
    last = max([period.end, year.end, *(piece.end for _, piece in days)])
    edge_of = {
        "first": first - _ONE_DAY,
        "year": year.start - _ONE_DAY,
        "period": period.start - _ONE_DAY,
        "reached": reached_on,
        "period_end": period.end,
        "year_end": year.end,
        "last": last,
    }
    edges = sorted(set(edge_of.values()))
    gained = incomes([line for line, _ in days], [piece for _, piece in days], len(budget), edges)
    reached = np.concatenate(
        [np.zeros((len(budget), 1), dtype=np.int64), np.cumsum(gained, axis=1)], axis=1
    )
    by = {name: reached[:, edges.index(day)].tolist() for name, day in edge_of.items()}
    return [
        Sums(
            year_budget=by["year_end"][line] - by["year"][line],
            profile=by["period_end"][line] - by["period"][line],
            profile_ytd=by["period_end"][line] - by["year"][line],
            remaining=by["last"][line] - by["reached"][line],
        )
        for line in range(len(budget))
    ]


def pieces_of(award: Award, line: BudgetLine) -> Iterator[Piece]:
    """A budget line's money and the days it is planned for."""
    last = last_day_of(award)
    if not line.profile:
        yield Piece(line.amount, award.start, last, award.spread == "days")
        return
    for row in line.profile:
        start, end = max(row.month, award.start), min(month_end(row.month), last)
        if start > end:  # a month outside the award: its money still counts, on its own days
            start, end = row.month, month_end(row.month)
        yield Piece(row.amount, start, end, by_days=True)


def _sums(line: BudgetLine, planned: Sums, spent: Sums, written: Written) -> Sums:
    return Sums(
        approved=line.amount,
        year_budget=planned.year_budget,
        profile=planned.profile,
        actual=spent.actual,
        actual_ytd=spent.actual_ytd,
        profile_ytd=planned.profile_ytd,
        earlier=spent.earlier,
        committed=written.committed.get(line.key, 0),
        remaining=written.remaining.get(line.key, planned.remaining),
    )


# --- headings, totals and notes --------------------------------------------------------------


def _with_note_refs(lines: Iterable[FinanceLine]) -> list[FinanceLine]:
    found: list[FinanceLine] = []
    number = 0
    for line in lines:
        if line.needs_note or line.note:
            number += 1
            found.append(replace(line, note_ref=f"N{number}"))
        else:
            found.append(line)
    return found


def _grouped(lines: Iterable[FinanceLine]) -> Finance:
    """Lines under their headings, in the order of the budget; memo headings stand apart."""
    groups: dict[str, list[FinanceLine]] = {}
    for line in lines:
        groups.setdefault(line.heading, []).append(line)
    headings = [
        FinanceHeading(
            heading=heading, lines=tuple(members), sums=added(line.sums for line in members)
        )
        for heading, members in groups.items()
    ]
    counted = tuple(group for group in headings if not is_memo(group.heading))
    return Finance(
        headings=counted,
        total=added(group.sums for group in counted),
        memo=tuple(group for group in headings if is_memo(group.heading)),
    )


def is_memo(heading: str) -> bool:
    """Whether a heading is for information only, and not in the total."""
    return heading.strip().casefold().endswith(_MEMO)
