"""Everything one return says, worked out and ready to be laid out: cover, finance, posts, checks.

Money is whole pence, dates are inclusive, a variance is budget less actual (positive = underspend).
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Literal

from fundtrack.core.money import round_half_up

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fundtrack.core.period import Period
    from fundtrack.core.returns.layout import Kind, Who

Level = Literal["PASS", "WARN", "FAIL"]
Unit = Literal["pence", "count"]
Test = Literal["", "same", "at most", "near"]
"""How two figures must stand: equal, the first at most the second, or within a pound."""
CellValue = str | int | Decimal | date | None
_PER_MILLE = 1000


def percent_of_budget(variance: int, budget: int) -> Decimal | None:
    """A variance as a percentage of its budget to one decimal; None where there is no budget.

    Its sign is the variance's own, whatever the sign of the budget (DOMAIN section 9).
    """
    if budget == 0:
        return None
    return Decimal(round_half_up(variance * _PER_MILLE, abs(budget))).scaleb(-1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """The money columns of a finance row, in pence. A line, a heading and the total each have one.

    `approved` the whole agreed budget; `year_budget` its part in the return's year; `profile` and
    `actual` the period's; `actual_ytd` and `profile_ytd` from the year's first day to the period's
    last; `earlier` spent before that year; `committed` ordered and not yet paid (not part of the
    outturn: what is left to spend already holds it); `remaining` to be spent after the period.
    """

    approved: int = 0
    year_budget: int = 0
    profile: int = 0
    actual: int = 0
    actual_ytd: int = 0
    profile_ytd: int = 0
    earlier: int = 0
    committed: int = 0
    remaining: int = 0

    @property
    def variance(self) -> int:
        """The period's budget less its actual: positive is an underspend."""
        return self.profile - self.actual

    @property
    def variance_percent(self) -> Decimal | None:
        """The period's variance as a percentage of its budget."""
        return percent_of_budget(self.variance, self.profile)

    @property
    def variance_ytd(self) -> int:
        """The year's budget so far less what was spent of it."""
        return self.profile_ytd - self.actual_ytd

    @property
    def variance_ytd_percent(self) -> Decimal | None:
        """The year's variance so far as a percentage of its budget so far."""
        return percent_of_budget(self.variance_ytd, self.profile_ytd)

    @property
    def outturn(self) -> int:
        """What will have been spent by the end of the award."""
        return self.earlier + self.actual_ytd + self.remaining

    @property
    def outturn_variance(self) -> int:
        """The whole agreed budget less the forecast outturn."""
        return self.approved - self.outturn


SUM_NAMES = tuple(each.name for each in fields(Sums))
_COLUMNS = attrgetter(*SUM_NAMES)


def added(sums: Iterable[Sums]) -> Sums:
    """The sums of several rows."""
    columns = zip(*map(_COLUMNS, sums), strict=True)
    return Sums(**dict(zip(SUM_NAMES, map(sum, columns), strict=False)))  # of no rows: nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class FinanceLine:
    """One line of the agreed budget; `key` is empty for spending that was given to no line.

    `note_ref` is N1, N2 ... where a note is needed or given, else empty.
    """

    key: str
    code: str
    heading: str
    title: str
    version: str
    sums: Sums
    needs_note: bool = False
    note_ref: str = ""
    note: str = ""
    variance: dict[str, CellValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FinanceHeading:
    """The lines of one heading and their sub-total."""

    heading: str
    lines: tuple[FinanceLine, ...]
    sums: Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Finance:
    """The finance sheet: headings, their total, and what is shown below it for information only."""

    headings: tuple[FinanceHeading, ...]
    total: Sums
    memo: tuple[FinanceHeading, ...] = ()

    @property
    def lines(self) -> tuple[FinanceLine, ...]:
        """Every line that counts towards the total, in order."""
        return tuple(line for heading in self.headings for line in heading.lines)

    @property
    def all_lines(self) -> tuple[FinanceLine, ...]:
        """Every line, those for information only last."""
        return self.lines + tuple(line for heading in self.memo for line in heading.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRow:
    """One share of one post charged to the award; `start` and `end` lie within the period.

    `months` counts the filled days that were charged, as months; `cost` is in pence.
    """

    post: str
    role: str
    service: str
    status: str
    fte: Decimal
    share: Decimal
    start: date
    end: date
    months: Decimal
    cost: int
    vacancy_weeks: Decimal
    comment: str = ""
    person: str = ""
    salary: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Who reports to whom, on what, for when. A field without a value is None or empty."""

    organisation: str
    charity_number: str | None
    company_number: str | None
    funder: str
    ultimate_source: str
    project: str
    agreement_ref: str | None
    start: date
    end: date
    year_of_grant: str
    period: str
    period_from: date
    period_to: date
    year_from: date
    year_to: date
    return_number: int | None
    due: date | None
    submitted: date | None
    awarded: int
    varied_to: int
    received: int
    claims_actual: bool
    as_at: date
    typed: dict[str, CellValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """An indicator in a return: its targets and readings, in its own unit.

    `percent` is how much of the target was reached, by its direction; `rag` the colour of the rule,
    or a person's own (`own`) with its reason. `numerator` and `denominator` carry a percentage.
    """

    key: str
    title: str
    unit: str
    direction: str
    target_year: Decimal | None = None
    target: Decimal | None = None
    actual: Decimal | None = None
    target_ytd: Decimal | None = None
    actual_ytd: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    percent: Decimal | None = None
    rule_rag: str = ""
    own: str = ""
    reason: str = ""
    source: str = ""
    comment: str = ""

    @property
    def counts_in_percent(self) -> bool:
        """Whether its reading is a percentage."""
        return self.unit.strip().casefold() in ("percent", "%", "per cent")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A row of a table: values by column, money in pence and percentages as such.

    `formulas` are live sums by column, over figures named `{sheet/row/column}` or columns of the
    row. `kinds` and `who` are given where a cell differs from its column.
    """

    key: str
    values: dict[str, CellValue]
    formulas: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)
    who: dict[str, Who] = field(default_factory=dict)
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)
    role: Literal["auto", "heading", "total"] = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check found. Figures are pence; `cell` is where to look, such as `Finance!H12`.

    Before a return is laid out, `cell` names the figure instead: `finance/total/actual`.
    `part` says which sum of the rule it is, `line` the budget line it is about, if it is one's.
    `sum_a` and `sum_b` say how a sheet finds the two figures again, out of figures named so:
    `{outputs/new/actual}+{outputs/open_start/actual}`; `test` how they must stand to pass, and
    figures are `pence`, a `count` or a `number`. `about` is the text a person may clear. `until` is
    the last day of a period that is not over, where what is found may come right by itself by then.
    """

    rule: str
    level: Level
    says: str
    figure_a: int | None = None
    figure_b: int | None = None
    cell: str = ""
    explained_by: str = ""
    part: str = ""
    line: str = ""
    unit: Unit = "pence"
    sum_a: str = ""
    sum_b: str = ""
    test: Test = ""
    about: str = ""
    until: date | None = None

    @property
    def waits(self) -> bool:
        """Whether it is to be put right only when the period is over: no more can be known yet."""
        return self.level == "FAIL" and self.until is not None

    @property
    def difference(self) -> int | None:
        """The first figure less the second, where there are two."""
        if self.figure_a is None or self.figure_b is None:
            return None
        return self.figure_a - self.figure_b


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnFigures:
    """One return, whole. `final` once approved or sent; `template` is layout/version."""

    return_id: str
    award: str
    template: str
    final: bool
    period: Period
    year: Period
    cover: Cover
    finance: Finance
    posts: tuple[PostRow, ...]
    findings: tuple[Finding, ...] = ()
    kpis: tuple[Kpi, ...] = ()
    tables: dict[str, tuple[TableRow, ...]] = field(default_factory=dict)
    claimed: int | None = None
    withheld: tuple[str, ...] = ()
