"""The checks of money beyond the finance sheet: RETURNS section 5, rules F6 to F13."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fundtrack.core.money import percent_of
from fundtrack.core.period import last_day_of
from fundtrack.core.plain import decimal_text
from fundtrack.core.returns.case import judged
from fundtrack.core.returns.figures import added
from fundtrack.core.returns.kept import kept_pence, sent_returns
from fundtrack.core.returns.once import claimed_before, claimed_now, claimed_twice
from fundtrack.core.returns.year import months_long
from fundtrack.core.words import count, day, money

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from fundtrack.core.model import Actual
    from fundtrack.core.returns.case import Whole
    from fundtrack.core.returns.figures import FinanceHeading, Finding

_POUND = 100
_YEAR = 12
_NAMED = 3
_STAFF, _OVERHEAD = "staff", "overhead"


def spending_lies_inside_the_agreement(whole: Whole) -> Iterator[Finding]:
    """F6: no cost lies outside the agreement's days, and cash returns hold nothing accrued."""
    award, period = whole.award, whole.figures.period
    last = last_day_of(award)
    counted = [
        each
        for each in whole.portfolio.actuals
        if each.award == award.key and each.on <= period.end
    ]
    outside = [each for each in counted if not award.start <= each.on <= last]
    explained = whole.explained("F6")
    yield judged(
        "F6",
        passes=not outside,
        good="All spending lies inside the agreement",
        bad=f"{_costs(outside)} outside the agreement ({day(award.start)} to {day(last)}). "
        "Correct the dates, or take them out",
        a=sum(each.amount for each in outside),
        b=0,
        explained=explained,
        part="spend/outside",
    )
    basis = whole.layout.limits.basis
    if basis != "cash":
        return
    accrued = [each for each in counted if each.on in period and _is_accrued(each)]
    yield judged(
        "F6",
        passes=not accrued,
        good="Only money paid is counted (cash basis)",
        bad=f"{_costs(accrued)} accrued, and this funder counts only what was paid. Leave them "
        "for the period they are paid in",
        a=sum(each.amount for each in accrued),
        b=0,
        explained=explained,
        part="spend/accrued",
    )


def _is_accrued(actual: Actual) -> bool:
    text = f"{actual.source or ''} {actual.description or ''}".casefold()
    return "accru" in text or "prepay" in text


def _costs(actuals: list[Actual]) -> str:
    named = ", ".join(f"{money(each.amount)} on {day(each.on)}" for each in actuals[:_NAMED])
    more = len(actuals) - _NAMED
    rest = f" and {more} more" if more > 0 else ""
    verb = "is" if len(actuals) == 1 else "are"
    return f"{count(len(actuals), 'cost')} ({named}{rest}) {verb}"


def money_stays_under_its_heading(whole: Whole) -> Iterator[Finding]:
    """F7: no heading is overspent by more than the virement limit without the funder's approval."""
    limit = whole.award.virement_limit
    if limit is None:
        return
    explained = whole.explained("F7") or _approved(whole)
    over = [
        heading
        for heading in whole.figures.finance.headings
        if heading.sums.outturn - heading.sums.approved > percent_of(heading.sums.approved, limit)
    ]
    said = f"the virement limit of {decimal_text(limit)} %"
    if not over:
        yield judged(
            "F7",
            passes=True,
            good=f"No heading's outturn is above its budget by more than {said}",
            bad="",
            part="move/none",
        )
    for heading in over:
        yield judged(
            "F7",
            passes=False,
            good="",
            bad=f"{heading.heading}: outturn is {money(-heading.sums.outturn_variance)} above "
            f"budget, more than {said}. Ask the funder, and give the reference of the approval",
            a=heading.sums.outturn,
            b=heading.sums.approved,
            cell=f"finance/heading/{heading.heading}/outturn",
            explained=explained,
            part="move/heading",
            sum_a=f"{{finance/heading/{heading.heading}/outturn}}",
            sum_b=f"{{finance/heading/{heading.heading}/approved}}",
        )


def _approved(whole: Whole) -> str:
    """The reference of a change the funder has agreed to, as the change request has it."""
    for row in whole.written.rows("changes"):
        reference, decision = str(row.get("reference") or ""), str(row.get("decision") or "")
        if reference.strip() and decision.casefold().startswith(("approved", "agreed")):
            return reference.strip()
    return ""


def overheads_are_as_agreed(whole: Whole) -> Iterator[Finding]:
    """F8: overheads are within the award's cap, or what the agreed recovery rate makes of them."""
    if whole.layout.limits.overhead_rate is not None:
        yield _overheads_at_rate(whole, whole.layout.limits.overhead_rate)
    elif whole.award.overhead_cap is not None:
        yield _overheads_within_cap(whole, whole.award.overhead_cap)


def _overheads_at_rate(whole: Whole, rate: Decimal) -> Finding:
    """Overheads of the period are the agreed rate of its direct or staff costs, to the pound."""
    overheads = _headings(whole, _OVERHEAD)
    based_on_staff = whole.layout.limits.overhead_base == "staff"
    base = [
        heading
        for heading in (_headings(whole, _STAFF) if based_on_staff else _headings(whole, ""))
        if heading not in overheads
    ]
    spent = sum(heading.sums.actual for heading in overheads)
    direct = sum(heading.sums.actual for heading in base)
    agreed = percent_of(direct, rate)
    of_what = "staff costs" if based_on_staff else "direct costs"
    added_up = "+".join(f"{{finance/heading/{heading.heading}/actual}}" for heading in base)
    return judged(
        "F8",
        passes=abs(spent - agreed) <= _POUND,
        good=f"Overheads are the agreed {decimal_text(rate)} % of {of_what}",
        bad=f"Overheads are {money(spent)}, and the agreed {decimal_text(rate)} % of {of_what} is "
        f"{money(agreed)}. Charge that, or explain the difference",
        a=spent,
        b=agreed,
        cell=f"finance/heading/{overheads[0].heading}/actual" if overheads else "",
        explained=whole.explained("F8"),
        part="overhead/rate",
        sum_a="+".join(f"{{finance/heading/{each.heading}/actual}}" for each in overheads),
        sum_b=f"ROUND(({added_up})*{rate:f}/100,2)" if added_up else "",
        test="near",
    )


def _overheads_within_cap(whole: Whole, cap: Decimal) -> Finding:
    """Overheads, budgeted and as they will turn out, are at most their share of the award."""
    sums = added(heading.sums for heading in _headings(whole, _OVERHEAD))
    most = percent_of(whole.figures.cover.varied_to, cap)
    largest = max(sums.approved, sums.outturn)
    return judged(
        "F8",
        passes=largest <= most,
        good=f"Overheads are within {decimal_text(cap)} % of the award",
        bad=f"Overheads are above {decimal_text(cap)} % of the award ({money(most)}). Lower them, "
        "or agree another rate",
        a=largest,
        b=most,
        explained=whole.explained("F8"),
        part="overhead/cap",
    )


def _headings(whole: Whole, beginning: str) -> list[FinanceHeading]:
    return [
        heading
        for heading in whole.figures.finance.headings
        if heading.heading.strip().casefold().startswith(beginning)
    ]


def staff_costs_are_the_posts(whole: Whole) -> Iterator[Finding]:
    """F9: what the staff headings say was spent is what the posts sheet claims, to the pound.

    Before the period is over, payroll is still to come.
    """
    if whole.layout.sheet("posts") is None or not whole.figures.posts:
        return
    staff = _headings(whole, _STAFF)
    if not staff:
        return
    spent = sum(heading.sums.actual for heading in staff)
    claimed = sum(row.cost for row in whole.figures.posts)
    named = [f"{{finance/heading/{heading.heading}/actual}}" for heading in staff]
    end = whole.figures.period.end
    until = end if whole.today <= end and spent < claimed - _POUND else None
    bad = f"Staff costs differ from the posts sheet by {money(spent - claimed)}. "
    bad += "Put the payroll or the posts right, or explain the difference"
    if until is not None:
        bad = (
            f"{money(claimed - spent)} of what the posts sheet claims is not in the accounts yet. "
        )
        bad += f"The period ends {day(until)}: bring the payroll in, or explain the difference"
    found = judged(
        "F9",
        passes=abs(spent - claimed) <= _POUND,
        good="Staff costs are those of the posts sheet",
        bad=bad,
        a=spent,
        b=claimed,
        cell="posts/total/cost",
        explained=whole.explained("F9"),
        part="staff/posts",
        sum_a="+".join(named),
        sum_b="{posts/total/cost}",
        test="near",
    )
    yield replace(found, until=until)


def no_post_is_claimed_twice(whole: Whole) -> Iterator[Finding]:
    """F10: over all returns sent and this one, no day of a post is claimed beyond the whole."""
    figures = whole.figures
    period = figures.period.name
    now = claimed_now(whole.portfolio, whole.award.key, period, figures.posts)
    found = claimed_twice(now, claimed_before(whole.portfolio, whole.record))
    if not found:
        yield judged("F10", passes=True, good="No post is claimed twice", bad="", part="twice/none")
    for twice in found:
        post = whole.portfolio.posts_by_key.get(twice.post)
        title = twice.post if post is None else post.title
        names = " and in ".join(f"“{name}”" for name in twice.by)
        yield judged(
            "F10",
            passes=False,
            good="",
            bad=f"{title} ({twice.post}): {decimal_text(twice.share)} % is claimed from "
            f"{day(twice.start)} to {day(twice.end)}, in {names}. Lower one of them",
            part="twice/post",
            cell="posts/total/cost",
        )


def the_claim_is_what_may_be_claimed(whole: Whole) -> Iterator[Finding]:
    """F11: the claim is eligible spending less advances and match, and no more than is left."""
    figures = whole.figures
    if figures.claimed is None:
        return
    sheet = whole.layout.sheet("claim") is not None
    typed = whole.written.form("claim").get("claimed")
    claimed = typed if isinstance(typed, int) else figures.claimed
    where = "{claim/claimed/value}" if sheet else "{cover/claimed}"
    yield judged(
        "F11",
        passes=claimed == figures.claimed,
        good="The claim is spending less advances and match",
        bad=f"The claim is not spending less advances and match: {money(figures.claimed)}. Claim "
        "that, or correct the parts",
        a=claimed,
        b=figures.claimed,
        cell="claim/claimed/value" if sheet else "",
        part="claim/parts",
        sum_a=where if claimed == figures.claimed else "",
        sum_b="{claim/spend/value}-{claim/advance/value}-{claim/match/value}"
        if sheet
        else "{finance/total/actual}",
        test="same",
    )
    left = figures.cover.varied_to - figures.cover.received
    yield judged(
        "F11",
        passes=claimed <= left,
        good="The claim is within what is left of the award",
        bad=f"The claim is {money(claimed - left)} above what is left of the award. Claim less, or "
        "check what has been received",
        a=claimed,
        b=left,
        cell="claim/claimed/value" if sheet else "",
        part="claim/left",
        sum_a=where,
        sum_b="{claim/left/value}" if sheet else "{cover/varied_to}-{cover/received}",
        test="at most",
    )


def the_year_is_the_sum_of_its_claims(whole: Whole) -> Iterator[Finding]:
    """F12: a year's actual is what its quarterly or half-yearly returns were sent with."""
    figures = whole.figures
    if months_long(figures.period) != _YEAR:
        return
    period = figures.period
    parts = [
        (kept, each)
        for each, record, kept in sent_returns(whole.portfolio, whole.award)
        if each.start >= period.start and each.end <= period.end and each.days < period.days
    ]
    if not parts:
        return
    memo = {line.key for heading in figures.finance.memo for line in heading.lines}
    sent, whole_year = 0, True
    for kept, _ in parts:
        lines = kept.get("lines")
        whole_year = whole_year and isinstance(lines, dict)
        for key, line in lines.items() if isinstance(lines, dict) else ():
            if key not in memo and isinstance(line, dict):
                sent += kept_pence(line.get("actual"))
    days = sum(each.days for _, each in parts)
    actual = figures.finance.total.actual
    if not whole_year or days < period.days:
        yield judged(
            "F12",
            passes=False,
            good="",
            bad="The book does not keep the figures of every return sent in this year. Compare "
            "the year with your copies",
            a=actual,
            b=sent,
            level="WARN",
            part="annual/unknown",
        )
        return
    yield judged(
        "F12",
        passes=actual == sent,
        good="The year is the sum of the returns sent in it",
        bad="The year is not the sum of the returns sent in it. Explain the difference, or put the "
        "spending right",
        a=actual,
        b=sent,
        cell="finance/total/actual",
        explained=whole.explained("F12"),
        part="annual/sum",
        sum_a="{finance/total/actual}",
        test="same",
    )


def profiles_make_their_budgets(whole: Whole) -> Iterator[Finding]:
    """F13: a budget line's months add up to the line."""
    wrong = [
        line
        for line in whole.award.budget_lines
        if line.profile and sum(month.amount for month in line.profile) != line.amount
    ]
    if not wrong:
        yield judged(
            "F13", passes=True, good="Every line's months make its budget", bad="", part="months/ok"
        )
    for line in wrong:
        total = sum(month.amount for month in line.profile)
        yield judged(
            "F13",
            passes=False,
            good="",
            bad=f"{line.title or line.key}: its months make {money(total)}, not its budget of "
            f"{money(line.amount)}. Correct the months, or the line",
            a=total,
            b=line.amount,
            cell=f"finance/line/{line.key}/approved",
            part="months/line",
        )


MONEY = (
    spending_lies_inside_the_agreement,
    money_stays_under_its_heading,
    overheads_are_as_agreed,
    staff_costs_are_the_posts,
    no_post_is_claimed_twice,
    the_claim_is_what_may_be_claimed,
    the_year_is_the_sum_of_its_claims,
    profiles_make_their_budgets,
)
"""Every rule about money beyond the finance sheet, in the order of its number."""
