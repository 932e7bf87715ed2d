"""What one award's own page says: its money, who it pays for, budget, renewals and evidence.

Everything follows from the book and its outlook. Money is whole pence; a variance is budget less
actual (positive = underspend); `today` is the outlook's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from fundtrack.core import words
from fundtrack.core.glance import certainty_of
from fundtrack.core.model import CERTAINTIES, Award
from fundtrack.core.period import (
    ONE_DAY,
    Period,
    add_months,
    complete_months,
    last_day_of,
    month_of,
)
from fundtrack.core.pipeline import said
from fundtrack.core.plain import decimal_text
from fundtrack.core.returns.finance import agreed_amount, finance
from fundtrack.core.returns.kept import Written
from fundtrack.core.returns.layout import Limits
from fundtrack.core.thresholds import threshold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fundtrack.core.charges import Bearer
    from fundtrack.core.forecast import AwardForecast
    from fundtrack.core.model import (
        Allocation,
        BudgetVersion,
        Certainty,
        Payment,
        Portfolio,
    )
    from fundtrack.core.outlook import Outlook
    from fundtrack.core.pipeline import Said
    from fundtrack.core.posts import PostOutlook
    from fundtrack.core.returns.figures import Finance

_YEAR = 12
_HUNDRED = 100
_FADING = (1, 2, 3)


# --- money -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AwardMonth:
    """One month of an award at its own certainty; pools have `balance` and `held`."""

    month: date
    income: int
    charged: int
    headroom: int
    received: int
    balance: int | None
    held: int | None


@dataclass(frozen=True, slots=True)
class AwardMoney:
    """The figures at the head of the money. `received` is None when no payments are listed.

    `spent` is what the accounts have, through `spent_to`; None where they have nothing yet.
    `repayable` is what would go back at the end, None where nothing ever does. `certainty` is the
    award's own, at which its months are reckoned; None when it will not be money.
    """

    agreed: int
    received: int | None
    spent: int | None
    spent_to: date | None
    repayable: int | None
    certainty: Certainty | None
    months: tuple[AwardMonth, ...]

    @property
    def left(self) -> int | None:
        """What is agreed and not spent yet."""
        return None if self.spent is None else self.agreed - self.spent


def money(portfolio: Portfolio, told: Outlook, award: Award) -> AwardMoney:
    """What was agreed, came, was spent and is left of an award, and how it lies by month."""
    spent = [
        each for each in portfolio.actuals if each.award == award.key and each.on <= told.today
    ]
    certainty = certainty_of(award)
    found = None if certainty is None else _forecast_of(told, award, certainty)
    return AwardMoney(
        agreed=agreed_amount(award),
        received=_received(award.payments),
        spent=sum(each.amount for each in spent) if spent else None,
        spent_to=max((each.on for each in spent), default=None),
        repayable=None if found is None else found.repayable,
        certainty=certainty,
        months=() if found is None else _months(told, award, found),
    )


def _received(payments: Iterable[Payment]) -> int | None:
    payments = tuple(payments)
    if not payments:
        return None
    came = [each for each in payments if each.received_on is not None]
    return sum(each.amount if each.received is None else each.received for each in came)


def _forecast_of(told: Outlook, award: Award, certainty: Certainty) -> AwardForecast | None:
    awards = told.forecast[certainty].awards
    return next((each for each in awards if each.key == award.key), None)


def _months(told: Outlook, award: Award, found: AwardForecast) -> tuple[AwardMonth, ...]:
    """The months from the first to the last in which anything lies, within those looked at."""
    rows = [
        AwardMonth(
            month=month,
            income=int(found.income[at]),
            charged=int(found.charged[at]),
            headroom=int(found.headroom[at]),
            received=int(found.received[at]),
            balance=None if found.balance is None else int(found.balance[at]),
            held=None if found.cash_held is None else int(found.cash_held[at]),
        )
        for at, month in enumerate(told.months)
    ]
    first, last = month_of(award.start), month_of(last_day_of(award))
    busy = [
        at
        for at, row in enumerate(rows)
        if first <= row.month <= last or row.income or row.charged or row.received
    ]
    return tuple(rows[busy[0] : busy[-1] + 1]) if busy else ()


def expected_on(award: Award, payment: Payment) -> date:
    """The day a payment came, else the day it is expected: due, and the usual lag."""
    return payment.received_on or payment.due + timedelta(days=award.payment_lag_days or 0)


def unlisted(award: Award) -> int:
    """What is agreed and in no listed payment yet; 0 when more is listed."""
    return max(0, agreed_amount(award) - sum(each.amount for each in award.payments))


def unbudgeted(award: Award) -> int:
    """What the budget lines leave of the award; 0 when they are more."""
    return max(0, award.amount - sum(line.amount for line in award.budget_lines))


def version_total(version: BudgetVersion) -> int:
    """The sum of the lines of a budget as it was agreed."""
    return sum(line.amount for line in version.lines)


def together(awards: Iterable[Award]) -> int | None:
    """What some awards come to; None where their certainties differ: those are never added."""
    awards = tuple(awards)
    if len({certainty_of(each) for each in awards}) != 1 or certainty_of(awards[0]) is None:
        return None
    return sum(each.amount for each in awards)


# --- who it pays for -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Charged:
    """A post or a cost that an award pays for.

    `percent` is its share on the first day of the award from today on; `a_year` the charge in the
    twelve months from today's, at the award's certainty. `after` says who pays from the day after
    the award's last, and `after_cover` how sure the surest of that is ("unfunded" when nobody).
    """

    record: str
    title: str
    percent: Decimal
    fte: Decimal | None
    a_year: int
    notice_by: date | None
    after: str
    after_cover: str | None


def charged(portfolio: Portfolio, told: Outlook, award: Award) -> tuple[Charged, ...]:
    """Everything an award pays for, posts first, in the order of the book."""
    mine: dict[str, list[Allocation]] = {}
    for each in portfolio.allocations:
        if each.award == award.key:
            where = f"posts.{each.post}" if each.post is not None else f"costs.{each.cost}"
            mine.setdefault(where, []).append(each)
    place = told.workings.places[award.key]
    posts = zip(portfolio.posts, told.workings.charges.posts, told.posts, strict=True)
    rows = []
    for post, bearer, found in posts:
        where = f"posts.{post.key}"
        if where not in mine:
            continue
        after, cover = _after(told, award, found)
        rows.append(
            Charged(
                record=where,
                title=post.title,
                percent=_share_now(award, mine[where], told.today),
                fte=post.fte,
                a_year=_a_year(told, award, place, bearer),
                notice_by=found.latest_notice_calendar,
                after=after,
                after_cover=cover,
            )
        )
    costs = zip(portfolio.costs, told.workings.charges.costs, strict=True)
    rows += [
        Charged(
            record=where,
            title=cost.title,
            percent=_share_now(award, mine[where], told.today),
            fte=None,
            a_year=_a_year(told, award, place, bearer),
            notice_by=None,
            after="",
            after_cover=None,
        )
        for cost, bearer in costs
        if (where := f"costs.{cost.key}") in mine
    ]
    return tuple(rows)


def _share_now(award: Award, shares: Iterable[Allocation], today: date) -> Decimal:
    on = min(max(today, award.start), last_day_of(award))
    live = [each for each in shares if (each.from_ or on) <= on <= (each.to or on)]
    return sum((each.percent for each in live), Decimal(0))


def _a_year(told: Outlook, award: Award, place: int, bearer: Bearer) -> int:
    certainty = certainty_of(award)
    if certainty is None:
        return 0
    at = CERTAINTIES.index(certainty)
    first = max(0, told.workings.grid.index(told.today))
    return sum(
        int(bearer.charged[at][line][first : first + _YEAR].sum())
        for line, owner in enumerate(bearer.lines)
        if owner == place
    )


def _after(told: Outlook, award: Award, found: PostOutlook) -> tuple[str, str | None]:
    """Who pays for a post in the month that begins after the award's last day."""
    month = month_of(last_day_of(award) + ONE_DAY)
    if month not in told.months:
        return "", None
    at = told.months.index(month)
    if not int(found.month_cost[at]):
        return "the post has ended", None
    parts: list[tuple[str, int]] = [(each, int(found.cover[each][at])) for each in CERTAINTIES]
    parts.append(("unfunded", _HUNDRED * _HUNDRED - sum(share for _, share in parts)))
    there = [(name, share) for name, share in parts if share > 0]
    told_parts = ", ".join(f"{_percent(share)} {name}" for name, share in there)
    return told_parts, there[0][0] if there else None


def _percent(basis_points: int) -> str:
    return f"{decimal_text(Decimal(basis_points) / _HUNDRED)}%"


def fte_of(rows: Iterable[Charged]) -> Decimal:
    """The full-time posts that an award pays for now."""
    parts = (row.fte * row.percent / _HUNDRED for row in rows if row.fte is not None)
    return sum(parts, Decimal(0)).quantize(Decimal("0.01"))


# --- budget and actuals ----------------------------------------------------------------------


def budget(portfolio: Portfolio, award: Award, today: date) -> Finance:
    """Each budget line: agreed, planned up to today, spent up to today, and what they differ by."""
    end = min(today, last_day_of(award))
    end = max(end, award.start - ONE_DAY)
    so_far = Period(min(award.start, end), end, "")
    return finance(award, portfolio.actuals, so_far, so_far, Written(), Limits(), today)


# --- renewals ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Link:
    """One award in a chain of renewals; `here` marks the one whose page it is."""

    award: Award
    certainty: Certainty | None
    here: bool

    @property
    def key(self) -> str:
        """The award's key."""
        return self.award.key


def chain(portfolio: Portfolio, award: Award) -> tuple[Link, ...]:
    """What an award renews, back to the first, and all that renews it, by first day."""
    before: list[Award] = []
    found: Award | None = award
    while found is not None and found not in before:
        before.append(found)
        found = portfolio.awards_by_key.get(found.renewal_of or "")
    chosen = {each.key: each for each in before}
    grown = True
    while grown:
        later = [
            each
            for each in portfolio.awards
            if each.renewal_of in chosen
            and each.key not in chosen
            and (each.renewal_of == award.key or each.renewal_of not in {b.key for b in before})
        ]
        chosen |= {each.key: each for each in later}
        grown = bool(later)
    ordered = sorted(chosen.values(), key=lambda each: (each.start, each.end))
    return tuple(Link(each, certainty_of(each), each.key == award.key) for each in ordered)


def renewal(award: Award, key: str) -> Award:
    """An award of the same terms and length that begins the day after, and is only an idea."""
    start = last_day_of(award) + ONE_DAY
    months = max(1, complete_months(award.start, award.end + ONE_DAY))
    return Award(
        key=key,
        title=f"{award.title}, renewal",
        funder=award.funder,
        service=award.service,
        kind=award.kind,
        fund=award.fund,
        ring_fenced=award.ring_fenced,
        stage="idea",
        amount=award.amount,
        start=start,
        end=add_months(start, months) - ONE_DAY,
        renewal_of=award.key,
        payment_basis=award.payment_basis,
        reporting=None,
    )


# --- evidence ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """How an award's evidence bears out its stage. `doubt` is "" where it does.

    `fades_on` is the first day on which the best of it counts one less.
    """

    said: Said | None
    certainty: Certainty | None
    doubt: str
    fades_on: date | None


def standing(portfolio: Portfolio, award: Award, today: date) -> Standing:
    """What an award's evidence suggests beside what its stage claims."""
    fades_after = threshold(portfolio.organisation, "evidence_fades")
    mine = (each for each in portfolio.evidence if each.award == award.key)
    found = said(mine, today, fades_after)
    certainty = certainty_of(award)
    fades = None
    if found is not None and found.counts == found.grade and found.grade in _FADING:
        fades = found.on + timedelta(days=fades_after + 1)
    return Standing(found, certainty, _doubt(found, certainty), fades)


def _doubt(found: Said | None, certainty: Certainty | None) -> str:
    if certainty is None:
        return ""
    if found is None:
        if certainty == "possible":
            return ""
        return f"No evidence is recorded, and the stage says {certainty}."
    order = CERTAINTIES.index
    if found.suggests == certainty:
        return ""
    claims = "more" if order(certainty) < order(found.suggests) else "less"
    faded = ", counting one less with time," if found.counts < found.grade else ""
    return (
        f"Evidence of grade {found.grade} on {words.short_day(found.on)}{faded} suggests "
        f"{found.suggests}: the stage claims {claims}."
    )
