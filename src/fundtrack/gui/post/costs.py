"""What a post costs if nothing is renewed, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fundtrack.core import words
from fundtrack.gui import kinds
from fundtrack.gui.table import Column

if TYPE_CHECKING:
    from fundtrack.core.model import Post
    from fundtrack.core.posts import PostOutlook
    from fundtrack.gui.view import View

LATE = "Late notice"


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of what a post costs if nothing is renewed."""

    name: str
    basis: str
    value: str


COST_COLUMNS: tuple[Column[CostLine], ...] = (
    Column(name="name", title="What", value=lambda row: row.name, width=14),
    Column(
        name="basis",
        title="Basis",
        value=lambda row: row.basis,
        tip=lambda row: row.basis,
        stretch=True,
    ),
    Column(
        name="value",
        title="Amount or day",
        kind=kinds.Kind(name="text", text=str, figure=True),
        value=lambda row: row.value,
        width=12,
        strong=True,
    ),
)


def cost_lines(post: Post, found: PostOutlook, view: View) -> tuple[CostLine, ...]:
    """What a post costs if nothing is renewed; what would tell a salary only when shown."""
    salaries = view.tells_salaries
    lines: list[CostLine] = []
    pay = found.redundancy
    if pay is not None and not salaries:
        if view.salaries == "hidden":
            lines.append(CostLine("Redundancy pay", "hidden with salaries", ""))
    elif pay is not None:
        lines.append(_redundancy_line(found))
    if found.notice is not None:
        basis = _notice_basis(post, found)
        lines.append(CostLine("Notice by", basis, words.short_day(found.notice.working)))
    cliff = next(
        (each for each in view.outlook.cliffs if each.kind == "post" and each.key == post.key), None
    )
    if cliff is not None and salaries:
        since = words.day_month(cliff.date)
        lines.append(
            CostLine(f"Cost from {since}", "a month, from reserves", words.money(cliff.per_month))
        )
    if found.lateness is not None and found.lateness.worked and salaries:
        given = f"given {words.short_day(found.lateness.given)}"
        lines.append(CostLine(LATE, given, words.money(found.lateness.worked)))
    if found.transfer is not None:
        due = words.short_day(found.transfer.information_due)
        lines.append(CostLine("Staff information", "it passes on with the contract (TUPE)", due))
    if found.consultation is not None:
        count = words.count(found.consultation.count, "post")
        basis = (
            f"collective: {count} together"
            if found.consultation.collective
            else "no statutory period"
        )
        start = found.latest_consultation_start
        lines.append(CostLine("Consult from", basis, words.short_day(start) if start else ""))
    return tuple(lines)


def _notice_basis(post: Post, found: PostOutlook) -> str:
    """The notice that binds: the contract's, or the law's for the years served."""
    if found.notice is None:
        return ""
    binding, contract = found.notice.binding, post.notice
    if binding == "contract-weeks" and contract is not None:
        return f"{words.count(contract.weeks or 0, 'week')}, by contract"
    if binding == "contract-months" and contract is not None:
        return f"{words.count(contract.months or 0, 'month')}, by contract"
    weeks = words.count(found.notice.weeks, "week")
    if found.redundancy is None:
        return weeks
    return f"{weeks}, after {words.count(found.redundancy.complete_years, 'year')}"


def exposure_lines(
    post: Post, found: PostOutlook, view: View, *, in_lieu: bool
) -> tuple[CostLine, ...]:
    """What ending a post costs and by when to act, line by line; late notice worked or in lieu.

    The protective award stands outside the sum.
    """
    lines = list(cost_lines(post, found, view))
    if not view.tells_salaries:
        return tuple(lines)
    lines = [line for line in lines if line.name != LATE]
    if found.lateness is not None and found.cost.worked:
        at = next((at for at, line in enumerate(lines) if line.name == "Redundancy pay"), -1) + 1
        lines.insert(at, _late_line(found, in_lieu=in_lieu))
        lines.insert(at + 1, _sum_line(found, in_lieu=in_lieu))
    return (*lines, *_outside_lines(found))


def _late_line(found: PostOutlook, *, in_lieu: bool) -> CostLine:
    late = found.lateness
    if late is None:  # pragma: no cover - asked only where there is one
        return CostLine(LATE, "", "")
    given = f"given {words.short_day(late.given)}"
    if in_lieu:
        return CostLine(LATE, f"{given}, paid in lieu with NIC", words.money(late.in_lieu))
    return CostLine(
        LATE, f"{given}, worked to {words.short_day(late.until)}", words.money(late.worked)
    )


def _sum_line(found: PostOutlook, *, in_lieu: bool) -> CostLine:
    total = found.cost.total_in_lieu if in_lieu else found.cost.total
    return CostLine("Together", "redundancy pay and late notice", words.money(total))


def _outside_lines(found: PostOutlook) -> tuple[CostLine, ...]:
    """What stands outside the sum: two futures of a contract, and a tribunal's most."""
    lines = []
    if found.ending is not None and found.ending.unknown:
        stops, passes = found.do_nothing.total, found.if_transfers.total
        lines.append(CostLine("If the work stops", "nobody takes it over", words.money(stops)))
        lines.append(CostLine("If it passes on", "with its staff (TUPE)", words.money(passes)))
    if found.cost.protective_award:
        most = words.money(found.cost.protective_award)
        lines.append(CostLine("Protective award", "outside the sum: at most", most))
    return tuple(lines)


def _redundancy_line(found: PostOutlook) -> CostLine:
    pay = found.redundancy
    if pay is None:  # pragma: no cover - asked only where there is one
        return CostLine("", "", "")
    if pay.srp is None:
        value = f"{words.whole_pounds(pay.low)} to {words.whole_pounds(pay.high)}"
        return CostLine("Redundancy pay", "no birth date, so a range", value)
    basis = f"{pay.weeks} weeks × {words.money(pay.weeks_pay_used)}"
    if pay.cap_provisional:
        basis += ", provisional: the cap is not published yet"
    return CostLine("Redundancy pay", basis, words.money(pay.payable))
