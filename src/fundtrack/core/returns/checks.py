"""The checks a return must pass before it is sent: RETURNS section 5. Rules F1 to F5 stand here.

Each check is a function from what the return says to what it found; a rule with nothing wrong says
so. FAIL must be put right, WARN must be looked at. Figures are pence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fundtrack.core.returns.case import Case, Whole
from fundtrack.core.returns.checks_money import MONEY
from fundtrack.core.returns.checks_people import PEOPLE
from fundtrack.core.returns.checks_trust import TRUST
from fundtrack.core.returns.figures import SUM_NAMES, Finding, added
from fundtrack.core.returns.finance import NO_LINE
from fundtrack.core.words import day, money

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fundtrack.core.model import BudgetLine, BudgetVersion
    from fundtrack.core.returns.figures import FinanceLine
    from fundtrack.core.returns.kept import Sent

_HUNDRED = 100
COLUMNS = {
    "approved": "approved budget",
    "profile": "profile this period",
    "actual": "actual this period",
    "actual_ytd": "actual year to date",
    "remaining": "forecast remaining",
}
"""The columns F1 adds up afresh, and how each is called."""


def findings(case: Case, whole: Whole | None = None) -> tuple[Finding, ...]:
    """What every rule found, in the order of the rules.

    With the `whole` return, the rules beyond the finance sheet too; a layout without that sheet is
    not asked about it.
    """
    money_matters = whole is None or whole.layout.sheet("finance") is not None
    found = [finding for rule in RULES for finding in rule(case)] if money_matters else []
    if whole is not None:
        beyond = (*MONEY, *PEOPLE, *TRUST) if money_matters else (*PEOPLE, *TRUST)
        found += [finding for rule in beyond for finding in rule(whole)]
    return tuple(found)


def lines_make_the_total(case: Case) -> Iterator[Finding]:
    """F1: the lines, the headings and the total of each column agree to the penny."""
    lines = added(line.sums for line in case.finance.lines)
    headings = added(heading.sums for heading in case.finance.headings)
    total = case.finance.total
    for name in SUM_NAMES:
        by_line, by_heading, whole = (getattr(sums, name) for sums in (lines, headings, total))
        agree = by_line == by_heading == whole
        if name not in COLUMNS and agree:
            continue
        called = COLUMNS.get(name, name.replace("_", " "))
        wrong = f"The {called} does not add up: its headings make {money(by_heading)}"
        yield Finding(
            rule="F1",
            level="PASS" if agree else "FAIL",
            says=f"Lines add up to headings and total: {called}" if agree else wrong,
            figure_a=by_line,
            figure_b=whole,
            cell=f"finance/total/{name}",
            part=f"column/{name}",
        )


def year_follows_from_what_was_sent(case: Case) -> Iterator[Finding]:
    """F2: year to date is what was sent before plus this period; else a prior period changed."""
    if case.sent is None:
        yield _first_of_year(case)
        return
    before = case.sent.ytd
    same_year = case.sent.year is not None and case.sent.year.start == case.year.start
    if before is None or not same_year:
        reason = "kept no figures of" if before is None else "counts another year for"
        yield _not_comparable(case, case.sent, reason)
        return
    explained = case.explained.get("F2", "").strip()
    lines = {line.key: line for line in case.finance.all_lines}
    memo = {line.key for heading in case.finance.memo for line in heading.lines}
    # What a line that has since gone was sent with still counts: its money has moved.
    sent_total = sum(pence for key, pence in before.items() if key not in memo)
    total, changed = case.finance.total, list[Finding]()
    for key in (*lines, *(key for key in before if key not in lines)):
        finding = _changed_line(case.sent, key, lines.get(key), before.get(key, 0), explained)
        if finding is not None:
            changed.append(finding)
    expected = sent_total + total.actual
    same = expected == total.actual_ytd and not changed
    names = case.sent.record.period
    yield Finding(
        rule="F2",
        level="PASS" if same else "WARN" if explained else "FAIL",
        says=f"Year to date is what was sent for {names} plus this period"
        if same
        else f"Spending before this period has changed since {names} was sent{_gap(case)}",
        figure_a=total.actual_ytd,
        figure_b=expected,
        cell="finance/total/actual_ytd",
        explained_by="" if same else explained,
        part="year/changed" if changed else "year/total",
    )
    yield from changed


def _gap(case: Case) -> str:
    if case.sent is None or (case.period.start - case.sent.period.end).days <= 1:
        return ""
    return f"; no return is marked as sent for the days after {day(case.sent.period.end)}"


def _changed_line(
    sent: Sent, key: str, line: FinanceLine | None, before: int, explained: str
) -> Finding | None:
    now = line.sums.actual_ytd if line is not None else 0
    expected = before + (line.sums.actual if line is not None else 0)
    if now == expected:
        return None
    title = line.title if line is not None else key or "Spending without a budget line"
    return Finding(
        rule="F2",
        level="WARN" if explained else "FAIL",
        says=f"{title}: prior period changed since {sent.record.period} was sent. Explain the "
        "difference, or put the spending right",
        figure_a=now,
        figure_b=expected,
        cell=f"finance/line/{key}/actual_ytd" if line is not None else "finance/total/actual_ytd",
        explained_by=explained,
        part="year/line" if line is not None else "year/gone",
        line=key,
    )


def _first_of_year(case: Case) -> Finding:
    total = case.finance.total
    agree = total.actual_ytd == total.actual
    return Finding(
        rule="F2",
        level="PASS" if agree else "WARN",
        says="Nothing was spent earlier in the year"
        if agree
        else f"{money(total.actual_ytd - total.actual)} was spent earlier in the year, and no "
        "return for it is marked as sent. Check what the funder was told",
        figure_a=total.actual_ytd,
        figure_b=total.actual,
        cell="finance/total/actual_ytd",
        part="year/first",
    )


def _not_comparable(case: Case, sent: Sent, reason: str) -> Finding:
    total = case.finance.total
    return Finding(
        rule="F2",
        level="WARN",
        says=f"The book {reason} the return sent for {sent.record.period}, so the year to date "
        "cannot be compared with it. Compare it with your copy",
        figure_a=total.actual_ytd,
        figure_b=None,
        cell="finance/total/actual_ytd",
        part="year/unknown",
    )


def budget_is_the_one_agreed(case: Case) -> Iterator[Finding]:
    """F3: the budget is the latest agreed version, and adds up to the award with its variations."""
    total = case.finance.total
    if case.has_budget:
        says = "Budget lines add up to the award with its variations"
    else:
        says = "No budget lines are agreed: the award is reported as one sum"
    agree = total.approved == case.agreed
    yield Finding(
        rule="F3",
        level="PASS" if agree else "FAIL",
        says=says
        if agree
        else "Budget lines do not add up to the award with its variations. Correct the lines, or "
        "the award's amount",
        figure_a=total.approved,
        figure_b=case.agreed,
        cell="finance/total/approved",
        part="budget/award",
    )
    if case.version is None:
        return
    lines = {line.key: line for line in case.finance.all_lines if line.key != NO_LINE}
    agreed = {line.key: line for line in case.version.lines}
    wrong = [
        finding
        for key in (*lines, *(key for key in agreed if key not in lines))
        if (finding := _unagreed(case.version, key, lines.get(key), agreed.get(key))) is not None
    ]
    if not wrong:
        yield Finding(
            rule="F3",
            level="PASS",
            says=f"Every line is as agreed on {day(case.version.agreed_on)}",
            figure_a=sum(line.sums.approved for line in lines.values()),
            figure_b=sum(line.amount for line in agreed.values()),
            cell="finance/total/approved",
            part="budget/version",
        )
    yield from wrong


def _unagreed(
    version: BudgetVersion, key: str, line: FinanceLine | None, agreed: BudgetLine | None
) -> Finding | None:
    now = line.sums.approved if line is not None else 0
    then = agreed.amount if agreed is not None else 0
    if now == then and (line is not None or not then):
        return None
    title = line.title if line is not None else (agreed and agreed.title) or key
    return Finding(
        rule="F3",
        level="FAIL",
        says=f"{title}: not as agreed on {day(version.agreed_on)}. Correct the line, or record the "
        "budget the funder has agreed since",
        figure_a=now,
        figure_b=then,
        cell=f"finance/line/{key}/approved" if line is not None else "finance/total/approved",
        part="budget/line" if line is not None else "budget/gone",
        line=key,
    )


def variances_are_explained(case: Case) -> Iterator[Finding]:
    """F4: a line over the limit, or spent without a budget, has a note long enough to say why.

    An underspend of a period that is not over is to be explained when it is.
    """
    needing = [line for line in case.finance.all_lines if line.needs_note]
    if not needing:
        yield Finding(
            rule="F4", level="PASS", says="No line's variance is above the limit", part="note/none"
        )
    for line in needing:
        enough = len(line.note) >= case.limits.note_length
        reason = _variance_in_words(line)
        waits = not (enough or case.over) and line.sums.variance > 0
        until = case.period.end if waits else None
        ask = f"note {line.note_ref}, in at least {case.limits.note_length} characters"
        bad = f"{line.title}: {reason}. Say why in {ask}"
        if until is not None:
            bad = f"{line.title}: {reason} so far. The period ends {day(until)}: if it stays so, "
            bad += f"say why in {ask}"
        yield Finding(
            rule="F4",
            level="PASS" if enough else "FAIL",
            says=f"{line.title}: {reason}, explained in note {line.note_ref}" if enough else bad,
            until=until,
            figure_a=line.sums.profile,
            figure_b=line.sums.actual,
            cell=f"notes/line/{line.key}/note",
            part="note/line",
            line=line.key,
        )


def _variance_in_words(line: FinanceLine) -> str:
    percent = line.sums.variance_percent
    if percent is None:
        return f"{money(line.sums.actual)} spent without a budget"
    kind = "under" if line.sums.variance > 0 else "over"
    return f"{abs(percent)} % {kind} budget"


def outturn_stays_within_the_award(case: Case) -> Iterator[Finding]:
    """F5: spent plus still to spend is the outturn; above the award fails, well below it warns."""
    total, limits = case.finance.total, case.limits
    spent = total.earlier + total.actual_ytd
    parts = added(line.sums for line in case.finance.lines)
    adds_up = parts.outturn == spent + total.remaining
    yield Finding(
        rule="F5",
        level="PASS" if adds_up else "FAIL",
        says="Outturn is actual plus forecast remaining"
        if adds_up
        else "The lines' outturn is not the total's actual plus forecast remaining",
        figure_a=parts.outturn,
        figure_b=spent + total.remaining,
        cell="finance/total/outturn",
        part="outturn/parts",
    )
    left = case.agreed - total.outturn
    numerator, denominator = limits.outturn_percent.as_integer_ratio()
    large = left * _HUNDRED * denominator > numerator * case.agreed or left > limits.outturn_pounds
    if left < 0:
        level = "FAIL"
        says = (
            f"Forecast outturn is {money(-left)} above the award. Lower what is still to be spent, "
            "or agree a variation"
        )
    elif left > 0 and large:
        level = "WARN"
        says = f"Forecast outturn is {money(left)} below the award: tell the funder now"
    else:
        level, says = "PASS", "Forecast outturn is within the award"
    yield Finding(
        rule="F5",
        level=level,  # type: ignore[arg-type]  # one of the three words above
        says=says,
        figure_a=total.outturn,
        figure_b=case.agreed,
        cell="finance/total/outturn",
        part="outturn/award",
    )


RULES: tuple[Callable[[Case], Iterator[Finding]], ...] = (
    lines_make_the_total,
    year_follows_from_what_was_sent,
    budget_is_the_one_agreed,
    variances_are_explained,
    outturn_stays_within_the_award,
)
"""The rules of the finance sheet, in the order of their numbers."""

__all__ = ["RULES", "Case", "Whole", "findings"]
