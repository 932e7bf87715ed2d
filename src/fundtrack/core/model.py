"""What a charity's book holds: funders, awards, posts, costs and the rest, each a frozen record.

Every field of DOMAIN section 8 stands here once. The annotations say what a field holds, and the
readers, the store, the schema and the forms all follow them:

- `Pence` whole pence; `Percent` and `Number` exact decimals; `Month` the first day of a month;
- `date` an inclusive calendar date; `Literal` one of the listed words;
- `Ref` the key of a record in another list; a record class is a group of fields within its owner.

A field without a default is required. `None` and an empty tuple mean "no value".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from operator import is_not
from typing import Annotated, Any, Literal


@dataclass(frozen=True, slots=True)
class Ref:
    """Marks a text field that holds the key of a record in the named list."""

    list: str


Pence = Annotated[int, "pence"]
Percent = Annotated[Decimal, "percent"]
Number = Annotated[Decimal, "number"]
Month = Annotated[date, "month"]
Json = Annotated[str, "json"]
FunderKey = Annotated[str, Ref("funders")]
ServiceKey = Annotated[str, Ref("services")]
AwardKey = Annotated[str, Ref("awards")]
PostKey = Annotated[str, Ref("posts")]
CostKey = Annotated[str, Ref("costs")]

Nation = Literal["england-and-wales", "scotland", "northern-ireland"]
RateNation = Literal[
    "united-kingdom", "great-britain", "england-and-wales", "scotland", "northern-ireland"
]
FunderKind = Literal[
    "commissioner",
    "government",
    "lottery",
    "trust",
    "council",
    "health",
    "company",
    "individuals",
    "other",
]
AwardKind = Literal["grant", "contract", "donations", "trading"]
Fund = Literal["restricted", "unrestricted", "designated"]
Stage = Literal[
    "idea",
    "preparing",
    "submitted",
    "agreed-in-principle",
    "awarded",
    "live",
    "ended",
    "unsuccessful",
    "withdrawn",
]
Certainty = Literal["secured", "probable", "possible"]
CERTAINTIES: tuple[Certainty, ...] = ("secured", "probable", "possible")
Frequency = Literal["month", "quarter", "half", "year", "once"]
DeadlineKind = Literal[
    "return",
    "claim",
    "bid",
    "writing",
    "submit",
    "decision",
    "consultation",
    "notice",
    "meeting",
    "other",
]
ReturnStatus = Literal[
    "draft", "checked", "approved", "submitted", "queried", "resubmitted", "accepted", "paid"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Balances:
    """What the charity held at the start of `as_at` (accounts to 31 March: 1 April)."""

    as_at: date
    cash: Pence | None = None
    total_funds: Pence | None = None
    restricted: Pence | None = None
    endowment: Pence | None = None
    designated: Pence | None = None
    fixed_assets: Pence | None = None
    designated_fixed_assets: Pence | None = None
    programme_related: Pence | None = None
    free_reserves: Pence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservesPolicy:
    """The floor trustees set: months of spending, an amount in pounds, or the cost of closing."""

    kind: Literal["months", "amount", "exit-cost"]
    value: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From where the charity counts, where the usual figure does not suit it (`core.thresholds`).

    `silent_cliff` is the least excess over twelve months that makes a silent cliff; the rest are
    calendar days: after which spoken evidence fades, to write a bid, and until a funder decides.
    """

    silent_cliff: Pence | None = None
    evidence_fades: int | None = None
    writing_days: int | None = None
    lottery_small_days: int | None = None
    lottery_days: int | None = None
    trust_days: int | None = None
    public_days: int | None = None
    contract_days: int | None = None
    other_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """The charity itself, and what its trustees have decided."""

    name: str
    nation: Nation
    balances: Balances
    charity_number: str | None = None
    company_number: str | None = None
    giving_prefix: str | None = None
    year_start_month: int | None = None
    employment_allowance: bool | None = None
    reserves_policy: ReservesPolicy | None = None
    consultation_days: int | None = None
    board_meetings: tuple[date, ...] = ()
    paper_days: int | None = None
    reminder_days: tuple[int, ...] = ()
    thresholds: Thresholds | None = None

    @property
    def key(self) -> str:
        """There is one organisation in a book, so its key is fixed."""
        return "organisation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Someone to ask at a funder."""

    name: str
    role: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Funder:
    """Who pays; `ultimate_source` is the funder whose money it really is."""

    key: str
    name: str
    kind: FunderKind | None = None
    ultimate_source: FunderKey | None = None
    org_id: str | None = None
    decision_days: int | None = None
    contacts: tuple[Contact, ...] = ()
    notes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What the charity delivers, and how many people it supports and has waiting."""

    key: str
    name: str
    area: str | None = None
    people_supported: int | None = None
    people_waiting: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileMonth:
    """An amount that belongs to one month."""

    month: Month
    amount: Pence


@dataclass(frozen=True, slots=True, kw_only=True)
class Uplift:
    """A rise in price from a day: min(percent, cap)."""

    from_: date
    percent: Percent
    cap: Percent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """An option to go on; it counts as secured once `exercised`. `end` is its last day."""

    key: str
    end: date
    amount: Pence
    notice_months: int | None = None
    exercised: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money the funder owes on `due`; `received_on` and `received` once it has come."""

    due: date
    amount: Pence
    received_on: date | None = None
    received: Pence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLine:
    """One line of an award's agreed budget."""

    key: str
    heading: str | None = None
    title: str | None = None
    amount: Pence
    profile: tuple[ProfileMonth, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetVersion:
    """The whole budget as agreed with the funder on a day."""

    agreed_on: date
    reason: str | None = None
    lines: tuple[BudgetLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting:
    """When the funder wants returns: how often, counted from where, due how soon after."""

    frequency: Frequency
    anchor: Literal["start", "financial-year", "calendar", "custom"] | None = None
    first_period_end: date | None = None
    due_days: int | None = None
    due_day: int | None = None
    pays_on_report: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bid:
    """The bid that would win an award: its dates and what it takes to write."""

    deadline: date | None = None
    decision_expected: date | None = None
    writing_days: int | None = None
    hours: Number | None = None
    cost: Pence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A paper about an award: what it is, and where, a path or an address (https://…)."""

    title: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """One line of money, agreed or hoped for."""

    key: str
    title: str
    reference: str | None = None
    funder: FunderKey | None = None
    service: ServiceKey | None = None
    kind: AwardKind | None = None
    fund: Fund | None = None
    ring_fenced: bool | None = None
    stage: Stage
    probability: Percent | None = None
    amount: Pence
    start: date
    end: date
    spread: Literal["months", "days", "profile"] | None = None
    profile: tuple[ProfileMonth, ...] = ()
    uplifts: tuple[Uplift, ...] = ()
    extensions: tuple[Extension, ...] = ()
    break_months: int | None = None
    on_end: Literal["stops", "transfers", "unknown"] | None = None
    renewal_of: AwardKey | None = None
    opening_balance: Pence | None = None
    payment_basis: Literal["advance", "arrears", "milestone"] | None = None
    payments: tuple[Payment, ...] = ()
    payment_lag_days: int | None = None
    overhead_cap: Percent | None = None
    virement_limit: Percent | None = None
    carry_forward: Percent | None = None
    retention: Percent | None = None
    budget_lines: tuple[BudgetLine, ...] = ()
    budget_versions: tuple[BudgetVersion, ...] = ()
    reporting: Reporting | None = None
    bid: Bid | None = None
    hours_per_return: Number | None = None
    vat: Literal["outside", "exempt", "standard", "unsure"] | None = None
    notes: str | None = None
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pension:
    """The employer's pension: percent of salary, or of qualifying earnings."""

    basis: Literal["salary", "qualifying"]
    percent: Percent
    opted_in: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vacancy:
    """Days (both included) when nobody was in the post."""

    from_: date
    to: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Notice the employer owes under the contract: in weeks or in months."""

    weeks: int | None = None
    months: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PayChange:
    """A change of the full-time salary from a day: by percent, by an amount, or to a salary."""

    from_: date
    percent: Percent | None = None
    amount: Pence | None = None
    salary: Pence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enhanced:
    """A redundancy scheme better than the statutory one."""

    multiplier: Number | None = None
    uncapped: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who is in a post, as far as redundancy and notice need to know. Private."""

    reference: str | None = None
    born: date | None = None
    continuous_service_from: date | None = None
    fixed_terms_since: date | None = None
    enhanced: Enhanced | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A job. `salary` is the full-time annual salary in pence; `fte` its share of full time."""

    key: str
    title: str
    service: ServiceKey | None = None
    establishment: str | None = None
    fte: Number
    salary: Pence
    weekly_hours: Number | None = None
    pension: Pension | None = None
    nic_category: str | None = None
    start: date
    end: date | None = None
    contract: Literal["permanent", "fixed-term"] | None = None
    status: Literal["filled", "vacant", "agency"] | None = None
    vacancies: tuple[Vacancy, ...] = ()
    notice_served_on: date | None = None
    notice: Notice | None = None
    pay_changes: tuple[PayChange, ...] = ()
    person: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Spending other than pay; `amount` falls on each occasion of `frequency`."""

    key: str
    title: str
    service: ServiceKey | None = None
    heading: str | None = None
    kind: Literal["direct", "overhead"] | None = None
    amount: Pence
    frequency: Literal["month", "quarter", "year", "once"]
    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """A share of a post or a cost charged to an award; no award means unrestricted funds."""

    key: str
    post: PostKey | None = None
    cost: CostKey | None = None
    award: AwardKey | None = None
    percent: Percent
    from_: date | None = None
    to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actual:
    """Money spent on an award, as the accounts have it."""

    key: str
    award: AwardKey | None = None
    budget_line: str | None = None
    on: date
    amount: Pence
    description: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What an indicator should reach in a period."""

    period: str
    value: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What an indicator reached in a period."""

    period: str
    value: Number
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """Something a funder counts."""

    key: str
    award: AwardKey | None = None
    title: str
    unit: str | None = None
    direction: Literal["up", "down"] | None = None
    targets: tuple[Target, ...] = ()
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """Anything with a due date; `done_on` once it is done."""

    key: str
    award: AwardKey | None = None
    post: PostKey | None = None
    kind: DeadlineKind | None = None
    title: str
    due: date
    owner: str | None = None
    done_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Who said what about an award, and how much it is worth (0 nothing to 7 first payment)."""

    key: str
    award: AwardKey | None = None
    on: date
    who: str | None = None
    channel: str | None = None
    grade: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """A report owed to a funder for a period, and what was sent."""

    key: str
    award: AwardKey
    period: str
    template: str | None = None
    status: ReturnStatus | None = None
    submitted_on: date | None = None
    file_sha256: str | None = None
    figures: Json | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A statutory figure of the user's own, over the shipped one for the same days."""

    code: str
    nation: RateNation
    from_: date
    to: date | None = None
    value: Number
    source: str | None = None

    @property
    def key(self) -> str:
        """A rate is known by what it is, where and from when."""
        return f"{self.code}|{self.nation}|{self.from_.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One record before and after. No `before` adds it, no `after` removes it.

    `at` is its place in the list (0 = first) when it is added or removed; None adds at the end.
    """

    list: str
    key: str
    before: Record | None = None
    after: Record | None = None
    at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A "what if": edits that have not been made."""

    key: str
    title: str
    now: str | None = None
    want: str | None = None
    how: str | None = None
    edits: tuple[Change, ...] = ()


Record = (
    Organisation
    | Funder
    | Service
    | Award
    | Post
    | Cost
    | Allocation
    | Actual
    | Indicator
    | Deadline
    | Evidence
    | Return
    | Scenario
    | Rate
)

LISTS: dict[str, type[Record]] = {
    "funders": Funder,
    "services": Service,
    "awards": Award,
    "posts": Post,
    "costs": Cost,
    "allocations": Allocation,
    "actuals": Actual,
    "indicators": Indicator,
    "deadlines": Deadline,
    "evidence": Evidence,
    "returns": Return,
    "scenarios": Scenario,
    "rates": Rate,
}
"""Every list of a book, in the order of the interchange format."""


@dataclass(frozen=True, kw_only=True)
class Portfolio:
    """One charity's whole book in memory. Replaced whole when anything changes."""

    organisation: Organisation
    funders: tuple[Funder, ...] = ()
    services: tuple[Service, ...] = ()
    awards: tuple[Award, ...] = ()
    posts: tuple[Post, ...] = ()
    costs: tuple[Cost, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    actuals: tuple[Actual, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    returns: tuple[Return, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    rates: tuple[Rate, ...] = ()

    def records(self, name: str) -> tuple[Record, ...]:
        """The records of a list in their order; "organisation" is a list of one."""
        if name == "organisation":
            return (self.organisation,)
        if name not in LISTS:
            raise KeyError(name)
        found: tuple[Record, ...] = getattr(self, name)
        return found

    def recognised(self, before: Portfolio) -> Portfolio:
        """The same book, its records that say the same as one of `before` being that very one.

        What was worked out from a record may then be taken again without comparing it.
        """
        lists = {name: self._recognised(name, before) for name in LISTS}
        changed: dict[str, Any] = {
            name: found for name, found in lists.items() if found is not self.records(name)
        }
        return replace(self, **changed) if changed else self

    def _recognised(self, name: str, before: Portfolio) -> tuple[Record, ...]:
        ours, theirs = self.records(name), before.records(name)
        if ours is theirs:
            return ours
        near = (*theirs, *[None] * (len(ours) - len(theirs)))
        known = [
            other
            if one is other or (other is not None and other.key == one.key)
            else before.find(name, one.key)
            for one, other in zip(ours, near, strict=False)
        ]
        found = tuple(
            one if other is None or one is other or one != other else other
            for one, other in zip(ours, known, strict=True)
        )
        return found if any(map(is_not, ours, found)) else ours

    def find(self, name: str, key: str) -> Record | None:
        """The record with this key in the named list, or None."""
        index = self._indexes.get(name)
        return (self._index(name) if index is None else index).get(key)

    def place(self, name: str, key: str) -> int | None:
        """Where the record stands in its list (0 = first), or None."""
        if name not in self._places:
            records = self.records(name)
            self._places[name] = {record.key: at for at, record in enumerate(records)}
        return self._places[name].get(key)

    @cached_property
    def funders_by_key(self) -> dict[str, Funder]:
        """Funders by key."""
        return {funder.key: funder for funder in self.funders}

    @cached_property
    def services_by_key(self) -> dict[str, Service]:
        """Services by key."""
        return {service.key: service for service in self.services}

    @cached_property
    def awards_by_key(self) -> dict[str, Award]:
        """Awards by key."""
        return {award.key: award for award in self.awards}

    @cached_property
    def posts_by_key(self) -> dict[str, Post]:
        """Posts by key."""
        return {post.key: post for post in self.posts}

    @cached_property
    def costs_by_key(self) -> dict[str, Cost]:
        """Costs by key."""
        return {cost.key: cost for cost in self.costs}

    @cached_property
    def _places(self) -> dict[str, dict[str, int]]:
        return {}

    @cached_property
    def _indexes(self) -> dict[str, dict[str, Record]]:
        return {}

    def _index(self, name: str) -> dict[str, Record]:
        if name not in self._indexes:
            self._indexes[name] = {record.key: record for record in self.records(name)}
        return self._indexes[name]
