"""A post as a row: of the register, and of the cover grid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from fundtrack.core import words
from fundtrack.core.model import CERTAINTIES
from fundtrack.core.money import round_half_up
from fundtrack.core.overclaim import over_claims
from fundtrack.core.period import add_months, month_end, month_of
from fundtrack.gui import kinds, wishes
from fundtrack.gui.table import Column
from fundtrack.gui.widgets.cover_rows import CoverCell, CoverRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from fundtrack.core.edit import Edit
    from fundtrack.core.ladder import Ladder
    from fundtrack.core.model import Post
    from fundtrack.core.posts import PostOutlook
    from fundtrack.gui.view import View

STANDING = (("filled", "Filled"), ("vacant", "Vacant"), ("agency", "Agency"))


@dataclass(frozen=True, slots=True)
class PostRow:
    """One post, and what the outlook says of it."""

    post: Post
    service: str
    salary: int | None
    """None while salaries are hidden, so that no copy and no reader has it."""
    funded_to: date | None
    funded_words: str
    consult: date | None
    notice: date | None
    status: str | None


def months_shown(view: View, span: int) -> tuple[date, ...]:
    """So many months of an outlook from today's on, as far as it looks."""
    first = month_of(view.outlook.today)
    last = add_months(first, span)
    return tuple(month for month in view.outlook.months if first <= month < last)


def cover_row(view: View, found: PostOutlook, months: tuple[date, ...]) -> CoverRow:
    """One post over these months."""
    post = view.portfolio.posts_by_key[found.key]
    first = view.outlook.months.index(months[0]) if months else 0
    return CoverRow(
        key=found.key,
        title=post.title,
        fte=post.fte,
        funded_to=_funded_order(found),
        funded_words=_funded_words(found),
        consult=found.latest_consultation_start,
        notice=found.latest_notice_working,
        claimed_twice=found.claimed_twice,
        vacant="Vacant" if post.status == "vacant" or post.vacancies else "",
        cells=_cells(view, found, first, months),
    )


def _cells(
    view: View, found: PostOutlook, first: int, months: tuple[date, ...]
) -> tuple[CoverCell, ...]:
    """Its months from one on; those alike are one and the same cell."""
    wanted = slice(first, first + len(months))
    covered = [found.cover[each][wanted] for each in CERTAINTIES]
    exists = (found.month_cost[wanted] != 0) | np.any(covered, axis=0) | _there(found, months)
    figures = np.stack([*covered, exists, _claimed(view, found, months)], axis=1)
    begins = np.flatnonzero(np.any(figures[1:] != figures[:-1], axis=1)) + 1
    edges = [0, *begins.tolist(), len(months)]
    cells: list[CoverCell] = []
    for start, after in pairwise(edges):
        if start < after:
            secured, probable, possible, there, claimed = figures[start].tolist()
            cell = CoverCell(secured, probable, possible, bool(there), claimed)
            cells += [cell] * (after - start)
    return tuple(cells)


def _there(found: PostOutlook, months: tuple[date, ...]) -> npt.NDArray[np.bool_]:
    """In which months the post exists, one that costs nothing yet too."""
    there = np.zeros(len(months), dtype=np.bool_)
    for part in found.segments if months else ():
        first, last = (_months_from(months[0], day) for day in (part.start, part.end))
        there[max(0, first) : max(0, last + 1)] = True
    return there


def _months_from(month: date, day: date) -> int:
    return (day.year - month.year) * 12 + day.month - month.month


def _claimed(view: View, found: PostOutlook, months: tuple[date, ...]) -> list[int]:
    """How much of each month's fullest day is claimed, in basis points, where above the whole."""
    claimed = [0] * len(months)
    for over in over_claims(view.outlook, found.key) if found.claimed_twice else ():
        share = round_half_up(int(over.percent * 10_000), 100)
        for at, month in enumerate(months):
            if over.start <= month_end(month) and month <= over.end:
                claimed[at] = max(claimed[at], share)
    return claimed


def _funded_order(found: PostOutlook) -> date:
    if found.cliff_date is None:
        return date.max
    return found.funded_to or date.min


def _funded_words(found: PostOutlook) -> str:
    if found.cliff_date is None:
        return "beyond" if found.segments else ""
    return words.short_day(found.funded_to) if found.funded_to else "not today"


def post_rows(view: View) -> tuple[PostRow, ...]:
    """Every post with what the outlook says of it, in the book's order."""
    ladders: dict[str, Ladder] = {each.cliff: each for each in view.outlook.ladders}
    services = view.portfolio.services_by_key
    rows = []
    for found in view.outlook.posts:
        post = view.portfolio.posts_by_key[found.key]
        ladder = ladders.get(f"post:{post.key}")
        service = services.get(post.service or "")
        rows.append(
            PostRow(
                post=post,
                service=service.name if service else "",
                salary=post.salary if view.tells_salaries else None,
                funded_to=_funded_order(found),
                funded_words=_funded_words(found),
                consult=found.latest_consultation_start,
                notice=found.latest_notice_working,
                status=ladder.status if ladder else None,
            )
        )
    return tuple(rows)


def fresh_rows(view: View, count: int) -> Iterator[tuple[PostRow, Edit]]:
    """So many new posts for rows that are pasted, each with the edit that adds it."""
    portfolio = view.portfolio
    for _ in range(count):
        edit, key = wishes.new_post(portfolio, view.outlook.today)
        portfolio = edit.apply(portfolio)
        post = portfolio.posts_by_key[key]
        salary = post.salary if view.tells_salaries else None
        yield PostRow(post, "", salary, None, "", None, None, None), edit


def _set(row: PostRow, field: str, value: object, what: str) -> Edit:
    return wishes.set_field("posts", row.post, field, value, f"{what} of {row.post.title}")


COLUMNS: tuple[Column[PostRow], ...] = (
    Column(
        name="title",
        title="Post",
        value=lambda row: row.post.title,
        edit=lambda row, value: _set(row, "title", value, "Change title"),
        tip=lambda row: row.post.title,
        stretch=True,
    ),
    Column(
        name="service",
        title="Service",
        value=lambda row: row.service,
        width=16,
        most=26,
        optional=True,
    ),
    Column(
        name="fte",
        title="FTE",
        kind=kinds.FTE,
        value=lambda row: row.post.fte,
        edit=lambda row, value: _set(row, "fte", value, "Change FTE"),
        width=6,
    ),
    Column(
        name="salary",
        title="Full-time salary",
        kind=kinds.POUNDS,
        value=lambda row: row.salary,
        edit=lambda row, value: _set(row, "salary", value, "Change salary"),
        width=11,
    ),
    Column(
        name="standing",
        title="In post",
        kind=kinds.CHOICE,
        value=lambda row: row.post.status,
        shown=lambda row: dict(STANDING).get(row.post.status or "", ""),
        edit=lambda row, value: _set(row, "status", value, "Change who is in post"),
        choices=lambda _row: STANDING,
        width=10,
    ),
    Column(
        name="start",
        title="Start",
        kind=kinds.DATE,
        value=lambda row: row.post.start,
        edit=lambda row, value: _set(row, "start", value, "Move start date"),
        width=12,
    ),
    Column(
        name="end",
        title="End",
        kind=kinds.OPTIONAL_DATE,
        value=lambda row: row.post.end,
        edit=lambda row, value: _set(row, "end", value, "Move end date"),
        width=12,
    ),
    Column(
        name="funded",
        title="Funded to",
        kind=kinds.Kind(name="text", text=str, figure=True, order=lambda day: day),
        value=lambda row: row.funded_to,
        shown=lambda row: row.funded_words,
        width=12,
    ),
    Column(
        name="consult",
        title="Consult from",
        kind=kinds.DATE,
        value=lambda row: row.consult,
        width=11,
    ),
    Column(
        name="notice", title="Notice by", kind=kinds.DATE, value=lambda row: row.notice, width=11
    ),
    Column(name="status", title="Status", kind=kinds.STATUS, value=lambda row: row.status, width=9),
)
