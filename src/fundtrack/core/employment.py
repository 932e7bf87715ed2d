"""What the law and the contract ask when a job ends: service, notice, redundancy, consultation.

The rules are DOMAIN sections 3 and 5 (Employment Rights Act 1996 s.86, s.135, s.145, s.155, s.162;
TULRCA 1992 s.188). An estimate to plan with: take advice before you act or tell anyone.
Money is whole pence, dates are inclusive, service counts both end days.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

from fundtrack.core.money import percent_of, round_half_up
from fundtrack.core.period import add_months, age_on, complete_months, complete_years

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fundtrack.core.model import Enhanced, Notice, Pension, Post
    from fundtrack.core.rates import Rates, WorkingDays

Day = date
_ONE_DAY = timedelta(days=1)
_WEEKS_IN_YEAR = 52
_MOST_YEARS_COUNTED = 20
_LEAST_YEARS = 2
_HALF_WEEK_TO_AGE, _WHOLE_WEEK_TO_AGE = 22, 41
_MOST_NOTICE_WEEKS = 12
_WINDOW_DAYS = 90
_COLLECTIVE, _LARGE_COLLECTIVE = 20, 100
_COLLECTIVE_PLAN, _LARGE_PLAN = 30, 45
_TUPE_INFORMATION_DAYS = 28
_TUPE_SMALL_EMPLOYER, _TUPE_FEW = 50, 10
_PERMANENT_AFTER_YEARS = 4

Binding = Literal["statutory", "contract-weeks", "contract-months", "none"]


# --- pay -------------------------------------------------------------------------------------


class OnCosts(NamedTuple):
    """One year of a post at one price, in pence: an annualised estimate (C11)."""

    gross: int
    nic: int
    pension: int

    @property
    def total(self) -> int:
        """What the post costs in a year."""
        return self.gross + self.nic + self.pension

    @property
    def month(self) -> int:
        """What the post costs in a whole month (C5)."""
        return round_half_up(self.total, 12)


def gross_pay(salary: int, fte: Decimal) -> int:
    """Annual gross in pence: R(full-time salary × FTE)."""
    numerator, denominator = fte.as_integer_ratio()
    return round_half_up(salary * numerator, denominator)


def weeks_pay(gross: int) -> int:
    """A week's pay before any cap: R(annual gross / 52) (C6)."""
    return round_half_up(gross, _WEEKS_IN_YEAR)


def employer_nic(gross: int, category: str | None, rates: Rates, day: date) -> int:
    """Employer National Insurance for a year at `gross` pence, at the rates of `day`."""
    code = "nic.upper_threshold_M_H" if category in ("M", "H") else "nic.secondary_threshold"
    threshold = _pence(rates.value(code, day))
    return _share(max(0, gross - threshold), rates.value("nic.rate", day))


def pension_cost(gross: int, pension: Pension | None, rates: Rates, day: date) -> int:
    """Employer pension for a year: percent of gross, or of qualifying earnings."""
    if pension is None:
        return 0
    if pension.basis == "salary":
        return percent_of(gross, pension.percent)
    if gross < _pence(rates.value("pension.trigger", day)) and not pension.opted_in:
        return 0
    lower = _pence(rates.value("pension.qualifying_lower", day))
    upper = _pence(rates.value("pension.qualifying_upper", day))
    return percent_of(max(0, min(gross, upper) - lower), pension.percent)


def on_costs(post: Post, salary: int, rates: Rates, day: date) -> OnCosts:
    """A year of a post at a full-time salary, with the rates of `day`. Agency: no on-costs."""
    gross = gross_pay(salary, post.fte)
    if post.status == "agency":
        return OnCosts(gross, 0, 0)
    return OnCosts(
        gross,
        employer_nic(gross, post.nic_category, rates, day),
        pension_cost(gross, post.pension, rates, day),
    )


def salary_steps(post: Post) -> tuple[tuple[date, int], ...]:
    """Full-time salary from each day it changes, the first being from ever; each change R once."""
    salary = post.salary
    steps = [(date.min, salary)]
    for change in sorted(post.pay_changes, key=lambda change: change.from_):
        if change.salary is not None:
            salary = change.salary
        elif change.amount is not None:
            salary += change.amount
        elif change.percent is not None:
            salary = percent_of(salary, 100 + change.percent)
        steps.append((change.from_, salary))
    return tuple(steps)


def salary_on(post: Post, day: date) -> int:
    """The full-time annual salary in force on a day, in pence."""
    return next(salary for start, salary in reversed(salary_steps(post)) if start <= day)


def _pence(pounds: Decimal) -> int:
    return int(pounds * 100)


def _share(pence: int, share: Decimal) -> int:
    numerator, denominator = share.as_integer_ratio()
    return round_half_up(pence * numerator, denominator)


# --- service and notice ----------------------------------------------------------------------


def service_start(post: Post) -> date:
    """When continuous service began; left out, the post's own start."""
    if post.person is not None and post.person.continuous_service_from is not None:
        return post.person.continuous_service_from
    return post.start


def statutory_notice_weeks(start: date, last_day: date) -> int:
    """Weeks of statutory notice for service from `start` to `last_day`, both included (s.86)."""
    if complete_months(start, last_day) < 1:
        return 0
    years = complete_years(start, last_day)
    return 1 if years < _LEAST_YEARS else min(years, _MOST_NOTICE_WEEKS)


@dataclass(frozen=True, slots=True)
class NoticeBy:
    """The latest day on which notice can be given for employment to end on T."""

    weeks: int
    binding: Binding
    calendar: date
    working: date


def latest_notice(
    last_day: date, weeks: int, contract: Notice | None, working_days: WorkingDays
) -> NoticeBy:
    """The earlier of statutory and contractual notice, rolled back to a working day (C7)."""
    calendar, binding = last_day - timedelta(weeks=weeks), "statutory" if weeks else "none"
    choices: list[tuple[date, Binding]] = []
    if contract is not None and contract.weeks:
        choices.append((last_day - timedelta(weeks=contract.weeks), "contract-weeks"))
    if contract is not None and contract.months:
        choices.append((latest_before(last_day, contract.months), "contract-months"))
    for day, name in choices:
        if day < calendar:
            calendar, binding = day, name
    return NoticeBy(weeks, binding, calendar, working_days.on_or_before(calendar))  # type: ignore[arg-type]


def latest_before(last_day: date, months: int) -> date:
    """The latest N with `add_months(N, months) <= last_day` (C7)."""
    day = add_months(last_day, -months)
    while add_months(day + _ONE_DAY, months) <= last_day:
        day += _ONE_DAY
    return day


def notice_expiry(given: date, weeks: int, contract: Notice | None) -> date:
    """When notice given on a day runs out: the later of statutory and contractual."""
    expiries = [given + timedelta(weeks=weeks)]
    if contract is not None and contract.weeks:
        expiries.append(given + timedelta(weeks=contract.weeks))
    if contract is not None and contract.months:
        expiries.append(add_months(given, contract.months))
    return max(expiries)


# --- redundancy pay --------------------------------------------------------------------------


def redundancy_weeks(age: int, years: int) -> Decimal:
    """Weeks of statutory redundancy pay for an age and complete years on the relevant date."""
    if years < _LEAST_YEARS:
        return Decimal(0)
    halves = 0
    for back in range(min(years, _MOST_YEARS_COUNTED)):
        at = age - back
        halves += 1 if at <= _HALF_WEEK_TO_AGE else 2 if at <= _WHOLE_WEEK_TO_AGE else 3
    return Decimal(halves) / 2


def redundancy_pay(weeks: Decimal, week: int) -> int:
    """R(weeks × a week's pay) in pence."""
    return _share(week, weeks)


@dataclass(frozen=True, slots=True)
class Redundancy:
    """Redundancy pay on a relevant date. Without a birth date `low` to `high` stand for `srp`.

    `payable` is the enhanced figure where there is a scheme, the top of a range where there is one.
    """

    age: int | None
    complete_years: int
    counted_years: int
    weeks: Decimal | None
    weeks_from: Decimal
    weeks_to: Decimal
    weeks_pay: int
    cap: int
    cap_provisional: bool
    weeks_pay_used: int
    srp: int | None
    low: int
    high: int
    payable: int
    relevant_date: date


def redundancy(post: Post, relevant_date: date, gross: int, rates: Rates) -> Redundancy:
    """Redundancy pay for the person in a post, on annual gross pay of `gross` pence."""
    years = complete_years(service_start(post), relevant_date)
    counted = min(years, _MOST_YEARS_COUNTED) if years >= _LEAST_YEARS else 0
    born = post.person.born if post.person is not None else None
    age = None if born is None else age_on(born, relevant_date)
    if age is None:
        weeks_from, weeks_to = Decimal(counted) / 2, Decimal(counted) * 3 / 2
    else:
        weeks_from = weeks_to = redundancy_weeks(age, years)
    cap = rates.on("redundancy.weekly_cap", relevant_date)
    week = weeks_pay(gross)
    used = min(week, _pence(cap.value))
    low, high = redundancy_pay(weeks_from, used), redundancy_pay(weeks_to, used)
    enhanced = post.person.enhanced if post.person is not None else None
    return Redundancy(
        age=age,
        complete_years=years,
        counted_years=counted,
        weeks=None if age is None else weeks_to,
        weeks_from=weeks_from,
        weeks_to=weeks_to,
        weeks_pay=week,
        cap=_pence(cap.value),
        cap_provisional=cap.provisional,
        weeks_pay_used=used,
        srp=None if age is None else high,
        low=low,
        high=high,
        payable=max(high, _enhanced_pay(enhanced, weeks_to, week, used)),
        relevant_date=relevant_date,
    )


def _enhanced_pay(enhanced: Enhanced | None, weeks: Decimal, week: int, used: int) -> int:
    if enhanced is None:
        return 0
    base = week if enhanced.uncapped else used
    multiplier = Decimal(1) if enhanced.multiplier is None else enhanced.multiplier
    exact = Fraction(weeks) * Fraction(multiplier) * base
    return round_half_up(exact.numerator, exact.denominator)


# --- consultation ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Consultation:
    """How many dismissals fall in one window at one establishment, and what that asks."""

    count: int
    collective: bool
    statutory_days: int
    statutory_latest_start: date | None
    latest_start_calendar: date


@dataclass(frozen=True, slots=True)
class Window:
    """The 90 days around a dismissal that hold most dismissals, and the first of them."""

    count: int
    first: date


def windows(last_days: Sequence[date]) -> dict[date, Window]:
    """For each dismissal date at one establishment, the fullest 90 days that contain it.

    All posts count together, not award by award (TULRCA s.188). Of equally full windows the
    earliest is taken.
    """
    counts = sorted(Counter(last_days).items())
    return {day: _fullest(day, counts) for day, _ in counts}


def _fullest(day: date, counts: Sequence[tuple[date, int]]) -> Window:
    span = timedelta(days=_WINDOW_DAYS - 1)
    near = [(other, number) for other, number in counts if abs(other - day) <= span]
    best = Window(0, day)
    # A window that holds most can be slid until it starts on a dismissal or ends on one.
    starts = {other for other, _ in near if other <= day} | {
        other - span for other, _ in near if other >= day
    }
    for start in sorted(starts):
        inside = [(other, number) for other, number in near if start <= other <= start + span]
        count = sum(number for _, number in inside)
        if count > best.count:
            best = Window(count, inside[0][0])
    return best


def consultation(
    window: Window, last_day: date, notice: NoticeBy, planned_days: int, rates: Rates
) -> Consultation:
    """When consultation must start for employment to end on `last_day` (C9)."""
    if window.count < _COLLECTIVE:
        start = notice.working - timedelta(days=planned_days)
        return Consultation(
            window.count,
            collective=False,
            statutory_days=0,
            statutory_latest_start=None,
            latest_start_calendar=start,
        )
    large = window.count >= _LARGE_COLLECTIVE
    code = "consultation.days_100" if large else "consultation.days_20_99"
    days = int(rates.value(code, last_day))
    planned = max(planned_days, _LARGE_PLAN if large else _COLLECTIVE_PLAN)
    statutory_start = window.first - timedelta(days=days)
    start = min(statutory_start, notice.working - timedelta(days=planned))
    return Consultation(
        window.count,
        collective=True,
        statutory_days=days,
        statutory_latest_start=statutory_start,
        latest_start_calendar=start,
    )


def protective_award(week: int, days: int) -> int:
    """The most a tribunal may award one person where consultation failed: R(week × days / 7)."""
    return round_half_up(week * days, 7)


# --- fixed terms, dismissal and transfer -----------------------------------------------------


def protected_from_unfair_dismissal(post: Post, last_day: date, rates: Rates) -> bool:
    """Whether service on the last day reaches the qualifying months in force that day."""
    needed = int(rates.value("dismissal.protection_months", last_day))
    return complete_months(service_start(post), last_day) >= needed


def permanent_from(fixed_terms_since: date) -> date:
    """From when a further fixed term is treated as permanent: four years of successive terms."""
    return add_months(fixed_terms_since, 12 * _PERMANENT_AFTER_YEARS)


@dataclass(frozen=True, slots=True)
class Transfer:
    """What TUPE asks when an award moves to another provider on the day after it ends."""

    date: Day
    information_due: Day
    direct_consultation: bool


def transfer(moves_on: date, employees: int, transferring: int, nation: str) -> Transfer:
    """Dates and duties of a transfer. Direct consultation assumes no union or elected reps (GB)."""
    small = employees < _TUPE_SMALL_EMPLOYER or transferring < _TUPE_FEW
    return Transfer(
        moves_on,
        moves_on - timedelta(days=_TUPE_INFORMATION_DAYS),
        small and nation != "northern-ireland",
    )
