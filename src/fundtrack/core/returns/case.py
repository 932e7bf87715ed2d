"""What the checks of a return look at, and the words they use alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fundtrack.core.returns.figures import Finding

if TYPE_CHECKING:
    from datetime import date

    from fundtrack.core.model import Award, BudgetVersion, Portfolio, Return
    from fundtrack.core.period import Period
    from fundtrack.core.returns.figures import Finance, Level, ReturnFigures, Test, Unit
    from fundtrack.core.returns.kept import Sent, Written
    from fundtrack.core.returns.layout import Layout, Limits

EXPLAINABLE = frozenset(
    (
        "year/total",
        "year/changed",
        "year/line",
        "year/gone",
        "spend/outside",
        "spend/accrued",
        "move/heading",
        "overhead/cap",
        "overhead/rate",
        "staff/posts",
        "annual/sum",
        "flow/before",
        "outcome/eligible",
        "signed/by",
    )
)
"""The parts of rules that a person may explain rather than put right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What the checks look at: the finance sheet, and what the book knows beside it.

    `agreed` is the award with its variations, in pence. `version` is the budget last agreed, `sent`
    the last return sent for the part of the year before this period; each None if there is none.
    """

    finance: Finance
    period: Period
    year: Period
    limits: Limits
    agreed: int
    version: BudgetVersion | None
    has_budget: bool
    sent: Sent | None
    explained: dict[str, str]
    over: bool = True
    """Whether the period is over; before that, what is to be spent in it may still be spent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """The whole return and the book it is made of, for the checks beyond finance.

    `record` is the book's record of the return, None before there is one. `confirmed` are the
    private things (`names`, `salaries`) that whoever makes the return has confirmed.
    """

    figures: ReturnFigures
    portfolio: Portfolio
    award: Award
    layout: Layout
    written: Written
    record: Return | None
    today: date
    confirmed: frozenset[str] = frozenset()

    def explained(self, rule: str) -> str:
        """What a person wrote to explain what a rule found."""
        return self.written.explained.get(rule, "").strip()


def judged(  # noqa: PLR0913 - a finding has as many parts
    rule: str,
    *,
    passes: bool,
    good: str,
    bad: str,
    a: int | None = None,
    b: int | None = None,
    cell: str = "",
    level: Level = "FAIL",
    explained: str = "",
    part: str = "",
    unit: Unit = "pence",
    sum_a: str = "",
    sum_b: str = "",
    test: Test = "",
    about: str = "",
) -> Finding:
    """A finding that passes or does not; one that is explained is only to be looked at."""
    worse: Level = "WARN" if explained else level
    return Finding(
        rule=rule,
        level="PASS" if passes else worse,
        says=good if passes else bad,
        figure_a=a,
        figure_b=b,
        cell=cell,
        explained_by="" if passes else explained,
        part=part,
        unit=unit,
        sum_a=sum_a,
        sum_b=sum_b,
        test="" if not passes and level == "WARN" else test,
        about="" if passes else about,
    )
