"""Books of any size, believable and always the same for the same seed: for bench, tests, pictures.

`book(1000, 500)` is a charity nobody runs: a thousand awards and five hundred posts.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any

from fundtrack.core.model import (
    Allocation,
    Award,
    Balances,
    Bid,
    Cost,
    Deadline,
    Extension,
    Funder,
    Notice,
    Organisation,
    PayChange,
    Pension,
    Person,
    Portfolio,
    Post,
    Reporting,
    ReservesPolicy,
    Service,
    Uplift,
    Vacancy,
)
from fundtrack.core.period import add_months, month_of

if TYPE_CHECKING:
    from collections.abc import Sequence

TODAY = date(2026, 11, 22)
_WHOLE = 100
_DAY = timedelta(days=1)
_ROLES = (
    "IDVA",
    "ISVA",
    "Resettlement worker",
    "Housing adviser",
    "Money adviser",
    "Peer mentor co-ordinator",
    "Helpline worker",
    "Counsellor",
    "Services manager",
    "Administrator",
)
_PLACES = ("Bridge House", "Fellgate prison", "Saltmarch General", "Wharfdean library")
_PURPOSES = (
    "Victims' support",
    "Through the gate",
    "Young survivors",
    "Housing and advice",
    "Peer mentors",
    "Helpline",
    "Family support",
    "Court support",
)
_FUNDERS: tuple[tuple[Any, str], ...] = (
    ("commissioner", "Police and Crime Commissioner"),
    ("council", "Borough Council"),
    ("trust", "Trust"),
    ("lottery", "Lottery Fund"),
    ("health", "Integrated Care Board"),
    ("government", "Probation Region"),
    ("individuals", "Supporters"),
)
_STAGES = (
    ("live", 52),
    ("awarded", 8),
    ("agreed-in-principle", 8),
    ("submitted", 10),
    ("preparing", 6),
    ("idea", 4),
    ("ended", 6),
    ("unsuccessful", 4),
    ("withdrawn", 2),
)
_SPLITS = ((100,), (100,), (60, 40), (75, 25), (50, 30, 20), (40, 40, 10))
_PAYMENTS: tuple[tuple[Any, Any], ...] = (
    ("advance", "quarter"),
    ("arrears", "half"),
    ("arrears", "quarter"),
    ("advance", "year"),
)


def book(awards: int, posts: int, seed: int = 1, today: date = TODAY) -> Portfolio:
    """Return a book of so many awards and posts, whose balances stand at the start of the month."""
    return _Maker(Random(seed), today).book(awards, posts)  # noqa: S311 (believable, not secret)


class _Maker:
    """Draws records from one stream of chance, in the order in which they refer to each other."""

    def __init__(self, chance: Random, today: date) -> None:
        self.chance, self.today, self.month = chance, today, month_of(today)

    def book(self, awards: int, posts: int) -> Portfolio:
        funders = [self.funder(n) for n in range(4 + awards // 8)]
        services = [self.service(n) for n in range(3 + posts // 40)]
        originals = [self.award(n, funders, services) for n in range(awards - awards // 5)]
        lines = (*originals, *self.renewals(originals, awards // 5))
        jobs = tuple(self.post(n, services) for n in range(posts))
        costs = tuple(self.cost(n, services) for n in range(3 + posts // 2))
        payers = [award for award in originals if award.stage in ("live", "awarded")]
        return Portfolio(
            organisation=self.organisation(posts),
            funders=tuple(funders),
            services=tuple(services),
            awards=lines,
            posts=jobs,
            costs=costs,
            allocations=(
                *(share for job in jobs for share in self.shares(payers, post=job.key)),
                *(share for cost in costs for share in self.shares(payers, cost=cost.key)),
            ),
            deadlines=tuple(self.deadline(n, award) for n, award in enumerate(lines)),
        )

    def organisation(self, posts: int) -> Organisation:
        free = posts * 7_500_00
        return Organisation(
            name="Everybody's Charity",
            nation="england-and-wales",
            balances=Balances(as_at=self.month, cash=free * 3 // 2, free_reserves=free),
            year_start_month=4,
            reserves_policy=ReservesPolicy(kind="months", value=Decimal(2)),
            consultation_days=30,
            board_meetings=tuple(
                add_months(self.month, n).replace(day=24) for n in range(0, 36, 2)
            ),
            paper_days=7,
        )

    def funder(self, n: int) -> Funder:
        kind, name = self.chance.choice(_FUNDERS)
        source = f"f{self.chance.randrange(n)}" if n > 4 and self.chance.random() < 0.3 else None
        return Funder(key=f"f{n}", name=f"{name} {n + 1}", kind=kind, ultimate_source=source)

    def service(self, n: int) -> Service:
        return Service(
            key=f"s{n}",
            name=f"{_PURPOSES[n % len(_PURPOSES)]} {n + 1}",
            people_supported=self.chance.randrange(40, 900),
            people_waiting=self.chance.randrange(0, 60),
        )

    def award(self, n: int, funders: Sequence[Funder], services: Sequence[Service]) -> Award:
        chance = self.chance
        stages, weights = zip(*_STAGES, strict=True)
        stage = chance.choices(stages, weights)[0]
        years = chance.choice((1, 1, 2, 2, 3, 3, 3, 5))
        start = self.start_of(stage, years)
        contract = chance.random() < 0.3
        basis, frequency = chance.choice(_PAYMENTS)
        return Award(
            key=f"a{n}",
            title=f"{chance.choice(_PURPOSES)} {n + 1}",
            reference=f"REF/{n + 1:05}",
            funder=chance.choice(funders).key,
            service=chance.choice(services).key,
            kind="contract" if contract else "grant",
            fund="unrestricted" if contract or chance.random() < 0.15 else "restricted",
            ring_fenced=True if contract and chance.random() < 0.6 else None,
            stage=stage,
            amount=years * chance.randrange(12_000_00, 66_000_00),
            start=start,
            end=add_months(start, 12 * years) - _DAY,
            uplifts=self.uplifts(start, years) if contract else (),
            extensions=self.extensions(start, years) if contract else (),
            on_end=chance.choice(("stops", "stops", "transfers", "unknown")),
            opening_balance=chance.randrange(4_000_00) if start < self.month else None,
            payment_basis=basis,
            payment_lag_days=chance.choice((0, 7, 14, 21)),
            carry_forward=Decimal(chance.choice((0, 2, 5))),
            reporting=Reporting(frequency=frequency, anchor="financial-year", due_days=30),
        )

    def start_of(self, stage: str, years: int) -> date:
        """When an award of this stage began or would begin: a month, seldom a day within one."""
        months = {
            "live": -self.chance.randrange(12 * years),
            "ended": -12 * years - self.chance.randrange(1, 12),
        }.get(stage, self.chance.randrange(1, 18))
        start = add_months(self.month, months)
        return start.replace(day=self.chance.randrange(2, 28)) if self.rarely(0.08) else start

    def uplifts(self, start: date, years: int) -> tuple[Uplift, ...]:
        return tuple(
            Uplift(from_=add_months(start, 12 * year), percent=Decimal("3.4"), cap=Decimal(3))
            for year in range(1, years)
        )

    def extensions(self, start: date, years: int) -> tuple[Extension, ...]:
        if self.rarely(0.6):
            return ()
        end = add_months(start, 12 * (years + 1)) - _DAY
        amount = self.chance.randrange(12_000_00, 66_000_00)
        return (Extension(key="first", end=end, amount=amount, notice_months=3),)

    def renewals(self, awards: Sequence[Award], wanted: int) -> tuple[Award, ...]:
        """Renewals of the awards that end first, at every stage before secured."""
        live = sorted((one for one in awards if one.stage == "live"), key=lambda one: one.end)
        return tuple(self.renewal(old) for old in live[:wanted])

    def renewal(self, old: Award) -> Award:
        start = old.end + _DAY
        return Award(
            key=f"{old.key}-next",
            title=f"{old.title}, next",
            funder=old.funder,
            service=old.service,
            kind=old.kind,
            fund=old.fund,
            stage=self.chance.choice(("agreed-in-principle", "submitted", "preparing")),
            probability=Decimal(self.chance.randrange(20, 95, 5)),
            amount=old.amount * 103 // 100,
            start=start,
            end=add_months(start, 24) - _DAY,
            renewal_of=old.key,
            payment_basis=old.payment_basis,
            reporting=old.reporting,
            bid=Bid(decision_expected=old.end - timedelta(days=self.chance.randrange(20, 90))),
        )

    def post(self, n: int, services: Sequence[Service]) -> Post:
        chance = self.chance
        start = self.today - timedelta(days=chance.randrange(60, 6000))
        agency, vacant = self.rarely(0.04), self.rarely(0.05)
        april = date(self.today.year + (self.today.month > 3), 4, 1)
        return Post(
            key=f"p{n}",
            title=f"{chance.choice(_ROLES)} {n + 1}",
            service=chance.choice(services).key,
            establishment=chance.choice(_PLACES),
            fte=Decimal(chance.choice(("1", "1", "1", "0.8", "0.6", "0.5"))),
            salary=chance.randrange(24_000_00, 52_000_00, 50_00),
            pension=None if agency else self.pension(),
            nic_category=None if agency else "A",
            start=start,
            contract="permanent",
            status="agency" if agency else "vacant" if vacant else "filled",
            vacancies=self.vacancies(),
            notice=None if agency else Notice(weeks=4) if self.rarely(0.7) else Notice(months=2),
            pay_changes=()
            if agency
            else tuple(
                PayChange(from_=add_months(april, 12 * year), percent=Decimal("2.5"))
                for year in range(3)
            ),
            person=None if agency or vacant else self.person(n, start),
        )

    def pension(self) -> Pension:
        if self.rarely(0.2):
            return Pension(basis="qualifying", percent=Decimal(3))
        return Pension(basis="salary", percent=Decimal(5))

    def vacancies(self) -> tuple[Vacancy, ...]:
        if not self.rarely(0.06):
            return ()
        first = self.today + timedelta(days=self.chance.randrange(20, 200))
        return (Vacancy(from_=first, to=first + timedelta(days=self.chance.randrange(20, 120))),)

    def person(self, n: int, start: date) -> Person:
        born = date(self.chance.randrange(1962, 2003), self.chance.randrange(1, 13), 14)
        return Person(
            reference=f"E{n + 1:04}",
            born=None if self.rarely(0.1) else born,
            continuous_service_from=start,
        )

    def cost(self, n: int, services: Sequence[Service]) -> Cost:
        chance = self.chance
        overhead = self.rarely(0.4)
        frequencies: Any = ("month", "month", "month", "quarter", "year", "once")
        return Cost(
            key=f"c{n}",
            title=f"{'Rent' if overhead else 'Travel'} {n + 1}",
            service=None if overhead else chance.choice(services).key,
            heading="Premises" if overhead else "Travel",
            kind="overhead" if overhead else "direct",
            amount=chance.randrange(60_00, 2_400_00),
            frequency=chance.choice(frequencies),
            start=add_months(self.month, -chance.randrange(-6, 24)),
        )

    def shares(
        self, payers: Sequence[Award], *, post: str | None = None, cost: str | None = None
    ) -> list[Allocation]:
        """Who pays for a post or a cost: one to three awards, now and then some of our own."""
        split = self.chance.choice(_SPLITS)
        chosen = self.chance.sample(payers, k=min(len(split), len(payers)))
        shares: list[tuple[str | None, int]] = [
            (award.key, percent) for award, percent in zip(chosen, split, strict=False)
        ]
        if sum(split) < _WHOLE:
            shares.append((None, _WHOLE - sum(split)))
        return [
            Allocation(
                key=f"{post or cost}-{award or 'own'}",
                post=post,
                cost=cost,
                award=award,
                percent=Decimal(percent),
            )
            for award, percent in shares
        ]

    def deadline(self, n: int, award: Award) -> Deadline:
        due = self.today + timedelta(days=self.chance.randrange(-60, 200))
        return Deadline(
            key=f"d{n}",
            award=award.key,
            kind="return",
            title=f"Return: {award.title}",
            due=due,
            done_on=due if due < self.today and not self.rarely(0.1) else None,
        )

    def rarely(self, share: float) -> bool:
        """True in so many of all cases."""
        return self.chance.random() < share
