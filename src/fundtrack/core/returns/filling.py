"""One return, worked out of the book: the award's figures for a period, ready to be laid out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from fundtrack.core.errors import Problem, RefusedError
from fundtrack.core.period import (
    APRIL,
    ONE_DAY,
    add_months,
    calendar_quarter,
    days_in_month,
    financial_quarter,
    grant_quarter,
    last_day_of,
    month_of,
    parse_period,
)
from fundtrack.core.returns.case import Case, Whole
from fundtrack.core.returns.checks import findings
from fundtrack.core.returns.figures import Cover, ReturnFigures
from fundtrack.core.returns.finance import agreed_amount, finance, latest_version
from fundtrack.core.returns.kept import (
    FINAL,
    kept_pence,
    last_sent,
    record_for,
    sent_returns,
    written,
)
from fundtrack.core.returns.kpis import kpis
from fundtrack.core.returns.layout import PRIVATE
from fundtrack.core.returns.months import month_rows
from fundtrack.core.returns.posts import post_rows
from fundtrack.core.returns.tables import Known, claim, tables
from fundtrack.core.returns.year import grant_year_number, months_long, return_year
from fundtrack.core.words import day

if TYPE_CHECKING:
    from datetime import date

    from fundtrack.core.model import Award, Portfolio, Reporting, Return
    from fundtrack.core.period import Period
    from fundtrack.core.rates import Statutory
    from fundtrack.core.returns.figures import CellValue, Finance, PostRow, TableRow
    from fundtrack.core.returns.kept import Written
    from fundtrack.core.returns.layout import Layout
    from fundtrack.core.returns.months import ProfileRow

_FEW = 12
_MONTHS = 12


def return_figures(
    portfolio: Portfolio,
    statutory: Statutory,
    award_key: str,
    period: str,
    layout: Layout,
    today: date,
    *,
    confirmed: frozenset[str] = frozenset(),
) -> ReturnFigures:
    """Everything the return of an award for a period says, and what its checks found.

    Notes and forecasts that a person wrote are those of the return's record (see `kept`).
    `confirmed` are the private things (`names`, `salaries`) the layout asks for and a person has
    confirmed; what is not confirmed is withheld.
    Raises RefusedError for an award or a period that is not there, naming those that are.
    """
    award = _award(portfolio, award_key)
    wanted = _period(portfolio, award, period)
    year = return_year(award, wanted, portfolio.organisation.year_start_month)
    found = record_for(portfolio, award, wanted)
    record = None if found is None else found[1]
    added = written(found)
    sheet = finance(award, portfolio.actuals, wanted, year, added, layout.limits, today)
    version = latest_version(award, today)
    case = Case(
        finance=sheet,
        period=wanted,
        year=year,
        limits=layout.limits,
        agreed=agreed_amount(award),
        version=None if version is None else version[1],
        has_budget=bool(award.budget_lines),
        sent=last_sent(portfolio, award, wanted, year),
        explained=added.explained,
        over=today > wanted.end,
    )
    cover = replace(
        _cover(portfolio, award, wanted, year, record, today), typed=added.form("cover")
    )
    asked = _private(layout)
    posts = post_rows(portfolio, statutory, award, wanted, added.comments)
    indicators = kpis(portfolio, award, wanted, year, layout.limits, added.grid("kpis"))
    claimed = _claim(award, cover, sheet, added)
    claimed_now = sheet.total.actual if cover.claims_actual else None
    if layout.sheet("claim") is not None:
        claimed_now = int(str(claimed["claimed"]))
    figures = ReturnFigures(
        return_id=f"{award.key} {wanted.name}" if record is None else record.key,
        award=award.key,
        template=layout.template,
        final=record is not None and record.status in FINAL,
        period=wanted,
        year=year,
        cover=cover,
        finance=sheet,
        posts=_with_people(portfolio, posts, asked & confirmed),
        kpis=indicators,
        claimed=claimed_now,
        withheld=tuple(sorted(asked - confirmed)),
    )
    made = _tables(portfolio, award, layout, figures, added, claimed, today)
    figures = replace(figures, tables=made)
    whole = Whole(
        figures=figures,
        portfolio=portfolio,
        award=award,
        layout=layout,
        written=added,
        record=record,
        today=today,
        confirmed=asked & confirmed,
    )
    return replace(figures, findings=findings(case, whole))


def _private(layout: Layout) -> frozenset[str]:
    """Which private things a layout asks for."""
    return frozenset(
        PRIVATE[column.field]
        for sheet in layout.sheets
        if sheet.kind == "posts"
        for column in sheet.columns
        if column.field in PRIVATE
    )


def _with_people(
    portfolio: Portfolio, rows: tuple[PostRow, ...], shown: frozenset[str]
) -> tuple[PostRow, ...]:
    """The rows with the names and salaries that may be shown."""
    if not shown:
        return rows
    found = []
    for row in rows:
        post = portfolio.posts_by_key[row.post]
        person = post.person.reference if post.person is not None else None
        found.append(
            replace(
                row,
                person=(person or "") if "names" in shown else "",
                salary=post.salary if "salaries" in shown else None,
            )
        )
    return tuple(found)


def _claim(award: Award, cover: Cover, sheet: Finance, added: Written) -> dict[str, CellValue]:
    """The lines of the claim; what was held at the start is what had come less what was spent."""
    total = sheet.total
    before = total.earlier + total.actual_ytd - total.actual
    opening = _received(award, cover.period_from - ONE_DAY) - before
    return claim(award, cover, total.actual, opening, added)


def _tables(
    portfolio: Portfolio,
    award: Award,
    layout: Layout,
    figures: ReturnFigures,
    added: Written,
    claimed: dict[str, CellValue],
    today: date,
) -> dict[str, tuple[TableRow, ...]]:
    claims: dict[date, int] = {}
    for period, _, kept in sent_returns(portfolio, award):
        if kept.get("claimed"):
            month = month_of(period.end)
            claims[month] = claims.get(month, 0) + kept_pence(kept["claimed"])
    if figures.claimed is not None:
        claims[month_of(figures.period.end)] = figures.claimed
    months: tuple[ProfileRow, ...] = ()
    if layout.sheet("profile") is not None:
        months = month_rows(
            award, portfolio.actuals, figures.finance, figures.period, today, claims
        )
    return tables(
        Known(
            award=award,
            layout=layout,
            cover=figures.cover,
            finance=figures.finance,
            written=added,
            kpis=figures.kpis,
            months=months,
            claim=claimed,
        )
    )


# --- what was asked for ----------------------------------------------------------------------


def _award(portfolio: Portfolio, key: str) -> Award:
    award = portfolio.awards_by_key.get(key)
    if award is None:
        known = ", ".join(each.key for each in portfolio.awards) or "none yet"
        says = f'there is no award "{key}" in this book. Its awards: {known}'
        raise RefusedError((Problem("award", says),))
    return award


def _period(portfolio: Portfolio, award: Award, text: str) -> Period:
    period = parse_period(text, portfolio.organisation.year_start_month, award)
    last = last_day_of(award)
    if period.end < award.start or period.start > last:
        says = (
            f'"{period.name}" lies outside the award, which runs from {day(award.start)} to '
            f"{day(last)}. Its quarters: {_choices(portfolio, award)}"
        )
        raise RefusedError((Problem("period", says),))
    return period


def _choices(portfolio: Portfolio, award: Award) -> str:
    names = [period.name for period in quarters(award, portfolio.organisation.year_start_month)]
    if len(names) > _FEW:
        return f'"{names[0]}" to "{names[-1]}"'
    return ", ".join(f'"{name}"' for name in names)


def quarters(award: Award, year_start_month: int | None) -> tuple[Period, ...]:
    """The quarters of an award as its funder counts them: financial, calendar, or the grant's own.

    Where the terms name neither year, the financial year's if the award starts with a quarter.
    """
    first_month = year_start_month or APRIL
    anchor = None if award.reporting is None else award.reporting.anchor
    begins_a_quarter = financial_quarter(award.start, first_month).start == award.start
    found: list[Period] = []
    at = award.start
    while at <= last_day_of(award):
        if anchor == "calendar":
            quarter = calendar_quarter(at)
        elif anchor == "financial-year" or begins_a_quarter:
            quarter = financial_quarter(at, first_month)
        else:
            quarter = grant_quarter(award.start, len(found) + 1)
        found.append(quarter)
        at = quarter.end + ONE_DAY
    return tuple(found)


# --- the cover -------------------------------------------------------------------------------


def _cover(
    portfolio: Portfolio,
    award: Award,
    period: Period,
    year: Period,
    record: Return | None,
    today: date,
) -> Cover:
    organisation = portfolio.organisation
    return Cover(
        organisation=organisation.name,
        charity_number=organisation.charity_number,
        company_number=organisation.company_number,
        funder=_funder_name(portfolio, award.funder),
        ultimate_source=_funder_name(portfolio, _source(portfolio, award.funder)),
        project=award.title,
        agreement_ref=award.reference,
        start=award.start,
        end=last_day_of(award),
        year_of_grant=_year_of_grant(award, period),
        period=period.name,
        period_from=period.start,
        period_to=period.end,
        year_from=year.start,
        year_to=year.end,
        return_number=return_number(award, period),
        due=None if award.reporting is None else due_date(award.reporting, period.end),
        submitted=None if record is None else record.submitted_on,
        awarded=award.amount,
        varied_to=agreed_amount(award),
        received=_received(award, today),
        claims_actual=award.payment_basis == "arrears",
        as_at=today,
    )


def _funder_name(portfolio: Portfolio, key: str | None) -> str:
    funder = portfolio.funders_by_key.get(key or "")
    return "" if funder is None else funder.name


def _source(portfolio: Portfolio, key: str | None) -> str | None:
    """The funder whose money it is in the end; a circle stops where it closes."""
    seen: set[str] = set()
    while key is not None and key not in seen:
        seen.add(key)
        funder = portfolio.funders_by_key.get(key)
        if funder is None or funder.ultimate_source is None:
            return key
        key = funder.ultimate_source
    return key


def _year_of_grant(award: Award, period: Period) -> str:
    last = last_day_of(award)
    number = grant_year_number(award, min(period.end, last))
    return f"{number} of {grant_year_number(award, last)}"


def return_number(award: Award, period: Period) -> int | None:
    """Which of the award's returns of this length it is, from 1; None for odd lengths."""
    length = months_long(period)
    if period.name.startswith("grant "):
        return int("".join(filter(str.isdigit, period.name)))
    if length is None:
        return None
    months = (period.start.year - award.start.year) * _MONTHS + period.start.month
    return -((award.start.month - months) // length) + 1


def due_date(reporting: Reporting, period_end: date) -> date | None:
    """When the return of a period is due: days after it, or a day of the month after it.

    A date the funder sets, so it is not moved to a working day. None when the terms set none.
    """
    if reporting.due_days is not None:
        return period_end + timedelta(days=reporting.due_days)
    if reporting.due_day is None:
        return None
    following = add_months(month_of(period_end), 1)
    return following.replace(day=min(reporting.due_day, days_in_month(following)))


def _received(award: Award, today: date) -> int:
    return sum(
        payment.amount if payment.received is None else payment.received
        for payment in award.payments
        if payment.received_on is not None and payment.received_on <= today
    )


def with_cells(figures: ReturnFigures, cells: dict[str, str]) -> ReturnFigures:
    """The same return, its findings pointing at the cells where their figures now stand."""
    placed = tuple(
        replace(finding, cell=cells.get(finding.cell, "")) for finding in figures.findings
    )
    return replace(figures, findings=placed)
