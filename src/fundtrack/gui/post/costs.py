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


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of what a post costs if nothing is renewed."""

    name: str
    basis: str
    value: str


COST_COLUMNS: tuple[Column[CostLine], ...] = (
    Column(name="name", title="What", value=lambda row: row.name, width=17),
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
        after = f", after {words.count(pay.complete_years, 'year')}" if pay is not None else ""
        weeks = words.count(found.notice.weeks, "week")
        lines.append(
            CostLine("Notice by", f"{weeks} by law{after}", words.short_day(found.notice.working))
        )
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
        lines.append(CostLine("Late notice", given, words.money(found.lateness.worked)))
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
