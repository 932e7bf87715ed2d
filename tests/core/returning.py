"""A small charity that owes returns: the world of every test about them.

Next Step is a restricted grant of £24,000 for two years from 1 April 2026, reported by quarters of
the financial year: £18,000 for staff, £6,000 for activities. So a quarter's budget is £2,250 and
£750.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from fundtrack import assets
from fundtrack.core.model import (
    Actual,
    Allocation,
    Award,
    Balances,
    BudgetLine,
    Funder,
    Organisation,
    Portfolio,
    Post,
    Reporting,
    Return,
    Service,
)
from fundtrack.core.rates import Statutory
from fundtrack.core.returns.figures import ReturnFigures
from fundtrack.core.returns.filling import return_figures
from fundtrack.core.returns.layout import Layout, layout_from_toml

TODAY = date(2026, 10, 10)
STAFF = BudgetLine(key="staff", heading="Staff", title="Salaries", amount=18_000_00)
ACTIVITIES = BudgetLine(
    key="activities", heading="Direct delivery", title="Activities", amount=6_000_00
)
NEXT_STEP = Award(
    key="next-step",
    title="Next Step",
    reference="NS-17",
    funder="commissioner",
    service="advice",
    kind="grant",
    fund="restricted",
    stage="live",
    amount=24_000_00,
    start=date(2026, 4, 1),
    end=date(2028, 3, 31),
    payment_basis="arrears",
    budget_lines=(STAFF, ACTIVITIES),
    reporting=Reporting(frequency="quarter", anchor="financial-year", due_days=30),
)


def charity(**lists: Any) -> Portfolio:
    """Build a book with Next Step in it; `award` replaces fields of the award."""
    award = replace(NEXT_STEP, **lists.pop("award", {}))
    return Portfolio(
        organisation=Organisation(
            name="Harbour Advice",
            nation="england-and-wales",
            charity_number="9999901",
            balances=Balances(as_at=date(2026, 4, 1), free_reserves=50_000_00),
        ),
        funders=(
            Funder(key="commissioner", name="Police and Crime Commissioner", ultimate_source="moj"),
            Funder(key="moj", name="Ministry of Justice"),
        ),
        services=(Service(key="advice", name="Advice"),),
        awards=(award, *lists.pop("other_awards", ())),
        **lists,
    )


def spent(line: str | None, on: str, pounds: str, award: str = "next-step") -> Actual:
    """Money spent on a budget line of Next Step."""
    return Actual(
        key=f"{line}-{on}-{pounds}",
        award=award,
        budget_line=line,
        on=date.fromisoformat(on),
        amount=int(Decimal(pounds) * 100),
    )


def as_budgeted(*quarters: str) -> tuple[Actual, ...]:
    """Spend both lines to budget on the days given."""
    return tuple(
        actual
        for day in quarters
        for actual in (spent("staff", day, "2250"), spent("activities", day, "750"))
    )


def adviser(**fields: Any) -> Post:
    """Return an adviser's post, full-time, without on-costs but National Insurance."""
    usual: dict[str, Any] = {
        "key": "adviser",
        "title": "Adviser",
        "service": "advice",
        "fte": Decimal(1),
        "salary": 24_000_00,
        "start": date(2025, 1, 1),
        "status": "filled",
    }
    return Post(**(usual | fields))


def share(percent: str, **fields: Any) -> Allocation:
    """Charge a share of the adviser to Next Step."""
    usual: dict[str, Any] = {"key": f"share-{percent}", "post": "adviser", "award": "next-step"}
    return Allocation(**(usual | fields), percent=Decimal(percent))


def kept(period: str, status: str = "draft", figures: str | None = None) -> Return:
    """Return the record of a return of Next Step."""
    return Return(
        key=f"next-step {period}",
        award="next-step",
        period=period,
        status=status,  # type: ignore[arg-type]  # a test says which
        figures=figures,
    )


def returned(
    book: Portfolio,
    period: str = "2026-27 Q2",
    *,
    award: str = "next-step",
    today: date = TODAY,
    layout: Layout | None = None,
) -> ReturnFigures:
    """Work out a return of the book."""
    return return_figures(book, statutory(), award, period, layout or quarterly(), today)


@cache
def statutory() -> Statutory:
    """The shipped rates."""
    return Statutory.read(assets.rates_json(), assets.bank_holidays_json())


@cache
def quarterly() -> Layout:
    """The shipped quarterly layout."""
    layout, problems = layout_from_toml(assets.text("returns/t1-quarterly.toml"))
    assert layout is not None, problems
    return layout


def levels(figures: ReturnFigures, rule: str) -> list[str]:
    """What a rule found, finding by finding."""
    return [finding.level for finding in figures.findings if finding.rule == rule]
