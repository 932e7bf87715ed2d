"""Where each figure of a return came from: the transactions, posts, indicators and words behind it.

For the internal copy, and for whoever asks of a cell "where does this come from?".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fundtrack.core.returns.figures import SUM_NAMES
from fundtrack.core.words import count, day, money

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fundtrack.core.model import Actual, Portfolio
    from fundtrack.core.returns.figures import FinanceLine, ReturnFigures

_TYPED = ("flows", "outcomes", "who", "risks", "assets", "partners", "change", "narrative", "case")
_GIVEN = ("label", "limit", "length", "category", "block", "outcome", "kpi", "definition")
_PLANNED = {
    "approved": "the agreed budget of the line",
    "year_budget": "the line's profile in the year",
    "profile": "the line's profile in the period",
    "profile_ytd": "the line's profile from the start of the year",
    "remaining": "the rest of the line's profile, unless a person typed another sum",
    "committed": "typed by a person: ordered and not yet paid",
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure came from: `records` are list and key, as `actuals: a-12`."""

    figure: str
    says: str
    records: tuple[str, ...] = ()


def sources(portfolio: Portfolio, figures: ReturnFigures) -> tuple[Source, ...]:
    """The source of every figure that is not worked out from others on the sheet."""
    return (
        *_of_finance(portfolio, figures),
        *_of_posts(figures),
        *_of_indicators(portfolio, figures),
        *_typed(figures),
    )


def source_of(portfolio: Portfolio, figures: ReturnFigures, figure: str) -> Source | None:
    """Where one figure came from, by its name (`finance/line/staff/actual`), or None."""
    return next((each for each in sources(portfolio, figures) if each.figure == figure), None)


def _of_finance(portfolio: Portfolio, figures: ReturnFigures) -> Iterator[Source]:
    by_line: dict[str, list[Actual]] = {}
    known = {line.key for line in figures.finance.all_lines}
    for actual in portfolio.actuals:
        if actual.award == figures.award and actual.on <= figures.period.end:
            key = actual.budget_line or ""
            by_line.setdefault(key if key in known else "", []).append(actual)
    for line in figures.finance.all_lines:
        yield from _of_line(figures, line, by_line.get(line.key, []))


def _of_line(figures: ReturnFigures, line: FinanceLine, spent: list[Actual]) -> Iterator[Source]:
    row, period, year = f"finance/line/{line.key}", figures.period, figures.year
    for name in SUM_NAMES:
        if name in _PLANNED:
            budget = (f"awards: {figures.award}, budget_lines: {line.key or '(whole award)'}",)
            yield Source(f"{row}/{name}", _PLANNED[name], budget)
            continue
        wanted = {
            "actual": [each for each in spent if each.on in period],
            "actual_ytd": [each for each in spent if each.on >= year.start],
            "earlier": [each for each in spent if each.on < year.start],
        }[name]
        if wanted:
            days = f"{day(min(each.on for each in wanted))} to {day(max(e.on for e in wanted))}"
            total = money(sum(each.amount for each in wanted))
            says = f"{count(len(wanted), 'transaction')} of {total}, {days}"
        else:
            says = "no transactions"
        yield Source(f"{row}/{name}", says, tuple(f"actuals: {each.key}" for each in wanted))


def _of_posts(figures: ReturnFigures) -> Iterator[Source]:
    for at, row in enumerate(figures.posts):
        says = f"pay and on-costs of the filled days, times {row.share:f} %"
        yield Source(f"posts/{at}/cost", says, (f"posts: {row.post}",))


def _of_indicators(portfolio: Portfolio, figures: ReturnFigures) -> Iterator[Source]:
    for indicator in portfolio.indicators:
        if indicator.award == figures.award:
            read = [each.period for each in indicator.readings]
            says = f"readings of {', '.join(read)}" if read else "no reading yet"
            for name in ("actual", "actual_ytd"):
                yield Source(
                    f"outputs/{indicator.key}/{name}", says, (f"indicators: {indicator.key}",)
                )


def _typed(figures: ReturnFigures) -> Iterator[Source]:
    kpis = {kpi.key for kpi in figures.kpis}
    for kind, rows in figures.tables.items():
        for row in rows:
            for name, value in row.values.items():
                asked = kind in _TYPED or (kind == "outputs" and name == "actual")
                ours = name in _GIVEN or name in row.formulas or row.key in kpis
                if asked and not ours and value not in (None, ""):
                    yield Source(f"{kind}/{row.key}/{name}", "typed by a person for this return")
