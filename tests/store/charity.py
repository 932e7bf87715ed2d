"""One small charity with something in every list and every field that can be hard to keep."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from fundtrack.core.edit import Edit, change
from fundtrack.core.model import (
    Actual,
    Allocation,
    Award,
    Balances,
    Bid,
    BudgetLine,
    BudgetVersion,
    Change,
    Contact,
    Cost,
    Deadline,
    Document,
    Enhanced,
    Evidence,
    Extension,
    Funder,
    Indicator,
    Notice,
    Organisation,
    PayChange,
    Payment,
    Pension,
    Person,
    Portfolio,
    Post,
    ProfileMonth,
    Rate,
    Reading,
    Reporting,
    ReservesPolicy,
    Return,
    Scenario,
    Service,
    Target,
    Thresholds,
    Uplift,
    Vacancy,
)
from fundtrack.store.opening import create, open_book
from fundtrack.workspace import Workspace

COURTS = Award(
    key="courts",
    title="IDVA, courts",
    reference="MJ/26-104",
    funder="pcc",
    service="advice",
    kind="contract",
    fund="restricted",
    ring_fenced=True,
    stage="live",
    probability=Decimal("87.5"),
    amount=12_345_678,
    start=date(2026, 4, 1),
    end=date(2028, 3, 31),
    spread="profile",
    profile=(ProfileMonth(month=date(2026, 4, 1), amount=12_345_678),),
    uplifts=(Uplift(from_=date(2027, 4, 1), percent=Decimal("3.25"), cap=Decimal(3)),),
    extensions=(Extension(key="year-3", end=date(2029, 3, 31), amount=1, exercised=False),),
    break_months=3,
    on_end="unknown",
    opening_balance=-5,
    payment_basis="arrears",
    payments=(Payment(due=date(2026, 9, 30), amount=500, received_on=date(2026, 10, 2)),),
    payment_lag_days=30,
    overhead_cap=Decimal(15),
    budget_lines=(
        BudgetLine(
            key="pay",
            heading="Staff",
            amount=100,
            profile=(ProfileMonth(month=date(2026, 5, 1), amount=100),),
        ),
    ),
    budget_versions=(
        BudgetVersion(agreed_on=date(2026, 3, 1), lines=(BudgetLine(key="pay", amount=90),)),
    ),
    reporting=Reporting(frequency="quarter", anchor="financial-year", due_days=30),
    bid=Bid(deadline=date(2025, 11, 1), hours=Decimal("37.5"), cost=0),
    hours_per_return=Decimal("0.25"),
    vat="exempt",
    notes="Line one\nLine two — “quoted”, naïve, £, 日本, 🏴\u200d☠️",
    documents=(Document(title="Agreement", place="https://example.org/agreement.pdf"),),
)
CHARITY = Portfolio(
    organisation=Organisation(
        name="Harbour Support",
        nation="england-and-wales",
        balances=Balances(as_at=date(2026, 4, 1), cash=1, total_funds=-1),
        charity_number="1000001",
        year_start_month=4,
        employment_allowance=False,
        reserves_policy=ReservesPolicy(kind="months", value=Decimal("2.5")),
        board_meetings=(date(2026, 9, 1), date(2026, 12, 1)),
        reminder_days=(30, 7, 1),
        thresholds=Thresholds(silent_cliff=750_00, evidence_fades=45, public_days=90),
    ),
    funders=(
        Funder(key="moj", name="Ministry of Justice", kind="government"),
        Funder(
            key="pcc",
            name="The Commissioner",
            ultimate_source="moj",
            contacts=(Contact(name="Ann", email="ann@example.org"),),
            notes="",
        ),
    ),
    services=(Service(key="advice", name="Advice", people_supported=0),),
    awards=(COURTS, replace(COURTS, key="renewal", renewal_of="courts", stage="idea")),
    posts=(
        Post(
            key="p1",
            title="Adviser",
            service="advice",
            fte=Decimal("0.6"),
            salary=3_000_001,
            weekly_hours=Decimal("22.5"),
            pension=Pension(basis="qualifying", percent=Decimal(3), opted_in=True),
            start=date(2020, 2, 29),
            vacancies=(Vacancy(from_=date(2026, 5, 1), to=date(2026, 5, 31)),),
            notice=Notice(weeks=4),
            pay_changes=(PayChange(from_=date(2027, 4, 1), percent=Decimal("-0.5")),),
            person=Person(
                reference="A7", born=date(1980, 1, 2), enhanced=Enhanced(multiplier=Decimal("1.5"))
            ),
        ),
        Post(key="p2", title="Manager", fte=Decimal(1), salary=0, start=date(2021, 1, 1)),
    ),
    costs=(Cost(key="rent", title="Rent", amount=99, frequency="month", start=date(2026, 1, 1)),),
    allocations=(
        Allocation(key="a1", post="p1", award="courts", percent=Decimal("33.33")),
        Allocation(key="a2", cost="rent", percent=Decimal(100), to=date(2027, 3, 31)),
    ),
    actuals=(Actual(key="x1", award="courts", budget_line="pay", on=date(2026, 6, 1), amount=-7),),
    indicators=(
        Indicator(
            key="i1",
            title="People supported",
            targets=(Target(period="2026-27 Q1", value=Decimal("12.5")),),
            readings=(Reading(period="2026-27 Q1", value=Decimal(0), note="new"),),
        ),
    ),
    deadlines=(Deadline(key="d1", award="courts", title="Return", due=date(2026, 7, 30)),),
    evidence=(Evidence(key="e1", award="renewal", on=date(2026, 6, 1), grade=0),),
    returns=(
        Return(key="r1", award="courts", period="2026-27 Q1", figures='{"pay":{"spent":"1.10"}}'),
    ),
    scenarios=(
        Scenario(
            key="s1",
            title="Without the renewal",
            edits=(Change(list="funders", key="moj", after=Funder(key="moj", name="MoJ"), at=0),),
        ),
    ),
    rates=(
        Rate(
            code="srp.week_cap",
            nation="great-britain",
            from_=date(2027, 4, 6),
            value=Decimal("750.00"),
        ),
    ),
)


def rename(portfolio: Portfolio, name: str, key: str = "pcc") -> Edit:
    """Give a funder another name."""
    old = portfolio.funders_by_key[key]
    return Edit("Rename funder", (change("funders", old, replace(old, name=name)),))


@contextmanager
def quick_folder() -> Iterator[Path]:
    """Give a folder where nothing waits for a disk, if there is one: for tests that write a lot.

    Being killed is the same there; only a power cut is not, and no test cuts the power.
    """
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


def a_book(folder: Path, portfolio: Portfolio = CHARITY) -> Path:
    """Make a book in a folder."""
    path = folder / "Harbour.fundtrack"
    create(path, portfolio)
    return path


def opened(path: Path) -> Workspace:
    """Open a book."""
    return Workspace(open_book(path))
