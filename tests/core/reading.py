"""The rules read a second time, slowly: day by day and with fractions, to compare with the engine.

It shares with the engine only the records, the dated rates and the calendar's arithmetic. It
answers in the words of DOMAIN section 12, so that both can be laid beside the published books.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor
from typing import Any, NamedTuple

from fundtrack.core.model import Allocation, Award, Cost, Portfolio, Post
from fundtrack.core.period import (
    add_months,
    age_on,
    anniversary,
    days_in_month,
    month_end,
    month_of,
    months_between,
)
from fundtrack.core.plain import decimal_text, pounds
from fundtrack.core.rates import Rates, Statutory, WorkingDays

DAY = timedelta(days=1)
Lying = list[tuple[date, Fraction]]
LEVELS = ("secured", "probable", "possible")
SURE = {"awarded", "live", "ended"}
HOPED = {"idea", "preparing", "submitted"}


def rounded(exact: Fraction) -> int:
    """Half up, by magnitude."""
    whole = floor(abs(exact) + Fraction(1, 2))
    return whole if exact >= 0 else -whole


def split(total: int, weights: list[Fraction]) -> list[int]:
    """Largest remainder, ties to the earlier."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [floor(part) for part in exact]
    order = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], at))
    for at in order[: total - sum(parts)]:
        parts[at] += 1
    return parts


def days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


class Term(NamedTuple):
    start: date
    end: date
    rank: int
    amount: int
    own: bool


class Line(NamedTuple):
    """A share of a post or a cost, as an award holds it."""

    award: Award | None
    percent: Fraction
    first: date
    last: date


class Reading:
    """One book read on a day."""

    def __init__(self, book: Portfolio, statutory: Statutory, today: date, horizon: int) -> None:
        self.book, self.today, self.horizon = book, today, horizon
        self.rates = Rates(statutory, book.organisation.nation, book.rates)
        self.working = WorkingDays.of(statutory, book.organisation.nation)
        self.as_at = book.organisation.balances.as_at
        self.months = months_between(self.as_at, add_months(today, horizon))
        self.last_day = month_end(add_months(today, horizon))
        self.awards = {award.key: award for award in book.awards}
        self._months: dict[tuple[str, date, date], tuple[int, int, list[list[int]]]] = {}
        self._shares: dict[tuple[str, date], list[list[Fraction]]] = {}
        self._lines: dict[str, list[Line]] = {}
        self._wants: dict[tuple[int, date], dict[str, int]] = {}

    # --- awards --------------------------------------------------------------------------

    @staticmethod
    def rank(award: Award) -> int:
        if award.stage in SURE:
            return 0
        if award.stage == "agreed-in-principle":
            return 1
        return 2 if award.stage in HOPED else 9

    def terms(self, award: Award) -> list[Term]:
        rank = self.rank(award)
        found = [Term(award.start, award.end, rank, award.amount, own=True)]
        for extension in award.extensions:
            ranked = rank if extension.exercised else max(rank, 2)
            start = found[-1].end + DAY
            found.append(Term(start, extension.end, ranked, extension.amount, own=False))
        return found

    def end(self, award: Award, level: int = 0) -> date:
        """The last day, with the extensions that count."""
        counted = [term for term in self.terms(award) if term.own or term.rank <= level]
        if self.rank(award) > level:
            counted = [
                term for term in self.terms(award) if term.own or term.rank <= self.rank(award)
            ]
        return max(term.end for term in counted)

    def fund(self, award: Award) -> str:
        return award.fund or ("restricted" if award.kind == "grant" else "unrestricted")

    def pool(self, award: Award) -> bool:
        return self.fund(award) != "unrestricted" or bool(award.ring_fenced)

    def by_day(self, award: Award, term: Term) -> Iterator[tuple[int, Lying]]:
        """Each sum of a term with the days it lies on and the weight of each."""
        flat = award.spread == "days"
        profiled = term.own and award.profile and award.spread in (None, "profile")
        if profiled:
            for row in award.profile:
                inside = [
                    (day, Fraction(1))
                    for day in days(row.month, month_end(row.month))
                    if award.start <= day <= award.end
                ]
                if inside:
                    yield from self.priced(award, row.amount, inside)
            return
        lying = [
            (day, Fraction(1) if flat else Fraction(1, days_in_month(day)))
            for day in days(term.start, term.end)
        ]
        if term.own:
            yield from self.priced(award, term.amount, lying)
        else:
            yield term.amount, lying

    def priced(self, award: Award, amount: int, lying: Lying) -> Iterator[tuple[int, Lying]]:
        """Cut where an uplift begins; each piece raised by every uplift begun."""
        rises = sorted(
            (rise for rise in award.uplifts if award.start < rise.from_ <= award.end),
            key=lambda rise: rise.from_,
        )
        pieces: dict[int, Lying] = {}
        for day, weight in lying:
            begun = sum(rise.from_ <= day for rise in rises)
            pieces.setdefault(begun, []).append((day, weight))
        whole, so_far, given = sum(weight for _, weight in lying), Fraction(0), 0
        for begun, piece in sorted(pieces.items()):
            so_far += sum(weight for _, weight in piece)
            reached = rounded(amount * so_far / whole)
            share, given = reached - given, reached
            for rise in rises[:begun]:
                percent = rise.percent if rise.cap is None else min(rise.percent, rise.cap)
                share = rounded(share * (100 + Fraction(percent)) / 100)
            yield share, piece

    def income(self, award: Award, level: int) -> dict[tuple[date, bool], int]:
        """Pence by month; that of `as_at` in two parts: before it (False) and from it (True)."""
        found: dict[tuple[date, bool], int] = {}
        for term in self.terms(award):
            if term.rank > level:
                continue
            for amount, lying in self.by_day(award, term):
                whole, so_far, given = sum(weight for _, weight in lying), Fraction(0), 0
                parts: dict[tuple[date, bool], Fraction] = {}
                for day, weight in lying:
                    part = (month_of(day), day >= self.as_at)
                    parts[part] = parts.get(part, Fraction(0)) + weight
                for part, weight in sorted(parts.items()):
                    so_far += weight
                    reached = rounded(amount * so_far / whole)
                    found[part] = found.get(part, 0) + reached - given
                    given = reached
        return found

    # --- who pays ------------------------------------------------------------------------

    def held(self, award: Award, seen: tuple[str, ...] = ()) -> list[tuple[int, int, Line]]:
        """An award's allocations with their place and how often they were handed on."""
        own = []
        for place, allocation in enumerate(self.book.allocations):
            if allocation.award == award.key:
                to = None if allocation.to == award.end else allocation.to
                own.append((place, 0, self.line(award, allocation, allocation.from_, to)))
        if own or award.renewal_of is None or award.key in seen:
            return own
        before = self.awards[award.renewal_of]
        last = self.end(before)
        return [
            (place, handed + 1, line._replace(award=award, first=date.min, last=date.max))
            for place, handed, line in self.held(before, (*seen, award.key))
            if line.first <= last <= line.last
        ]

    def line(
        self, award: Award | None, allocation: Allocation, first: date | None, last: date | None
    ) -> Line:
        percent = Fraction(allocation.percent)
        return Line(award, percent, first or date.min, last or date.max)

    def lines(self, name: str) -> list[Line]:
        """The lines of `posts.P1` or `costs.C1`, in list order."""
        if not self._lines:
            found: dict[str, list[tuple[int, int, int, Line]]] = {}
            for at, award in enumerate(self.book.awards):
                for place, handed, line in self.held(award):
                    bearer = _bearer(self.book.allocations[place])
                    found.setdefault(bearer, []).append((place, handed, at, line))
            for place, allocation in enumerate(self.book.allocations):
                if allocation.award is None:
                    line = self.line(None, allocation, allocation.from_, allocation.to)
                    found.setdefault(_bearer(allocation), []).append((place, 0, -1, line))
            for bearer, listed in found.items():
                self._lines[bearer] = [entry[3] for entry in sorted(listed, key=lambda e: e[:3])]
            self._lines[""] = []
        return self._lines.get(name, [])

    def rank_on(self, line: Line, day: date) -> int | None:
        """How certain a line is on a day; None when it does not pay."""
        if not line.first <= day <= line.last:
            return None
        if line.award is None:
            return 0
        for term in self.terms(line.award):
            if term.start <= day <= term.end:
                return term.rank if term.rank <= 2 else None
        return None

    def shares(self, name: str, day: date) -> list[list[Fraction]]:
        """At each certainty, the percent each line pays that day, the uncovered part last."""
        if (name, day) not in self._shares:
            lines = self.lines(name)
            ranks = [self.rank_on(line, day) for line in lines]
            found = []
            for level in range(3):
                left, paid = Fraction(100), [Fraction(0)] * len(lines)
                for rank in range(level + 1):
                    for at, line in enumerate(lines):
                        if ranks[at] == rank:
                            paid[at] = min(left, line.percent)
                            left -= paid[at]
                found.append([*paid, left])
            self._shares[name, day] = found
        return self._shares[name, day]

    # --- posts and costs -----------------------------------------------------------------

    def exists(self, bearer: Post | Cost, day: date) -> bool:
        if day < bearer.start or (bearer.end is not None and day > bearer.end):
            return False
        if isinstance(bearer, Cost):
            return True
        away = any(gap.from_ <= day <= gap.to for gap in bearer.vacancies)
        return bearer.status != "vacant" and not away

    def salary(self, post: Post, day: date) -> int:
        salary = post.salary
        for change in sorted(post.pay_changes, key=lambda change: change.from_):
            if change.from_ > day:
                break
            if change.salary is not None:
                salary = change.salary
            elif change.amount is not None:
                salary += change.amount
            elif change.percent is not None:
                salary = rounded(salary * (100 + Fraction(change.percent)) / 100)
        return salary

    def gross(self, post: Post, day: date) -> int:
        return rounded(self.salary(post, day) * Fraction(post.fte))

    def rate(self, code: str, day: date) -> Fraction:
        return Fraction(self.rates.value(code, day))

    def month_price(self, post: Post, salary: int, day: date) -> tuple[int, int]:
        """A whole month's cost and its National Insurance, at the rates of a day."""
        gross = rounded(salary * Fraction(post.fte))
        if post.status == "agency":
            return rounded(Fraction(gross, 12)), 0
        young = post.nic_category in ("M", "H")
        code = "nic.upper_threshold_M_H" if young else "nic.secondary_threshold"
        above = max(Fraction(0), gross - self.rate(code, day) * 100)
        nic = rounded(self.rate("nic.rate", day) * above)
        pension = 0
        if post.pension is not None:
            percent = Fraction(post.pension.percent) / 100
            if post.pension.basis == "salary":
                pension = rounded(percent * gross)
            elif gross >= self.rate("pension.trigger", day) * 100 or post.pension.opted_in:
                lower = self.rate("pension.qualifying_lower", day) * 100
                upper = self.rate("pension.qualifying_upper", day) * 100
                pension = rounded(percent * max(Fraction(0), min(Fraction(gross), upper) - lower))
        return rounded(Fraction(gross + nic + pension, 12)), rounded(Fraction(nic, 12))

    def falls(self, cost: Cost) -> Iterator[date]:
        """The days a cost falls whole."""
        step = {"once": 0, "quarter": 3, "year": 12}[cost.frequency]
        day, number = cost.start, 0
        while day <= (cost.end or date.max) and day.year < self.last_day.year + 4:
            yield day
            if not step:
                return
            number += step
            day = add_months(cost.start, number)

    def some_days(self, bearer: Post | Cost, first: date, last: date) -> Any:
        """Cost, NIC and each certainty's split of it, over some days of one month."""
        kind = "posts" if isinstance(bearer, Post) else "costs"
        name = f"{kind}.{bearer.key}"
        if (name, first, last) not in self._months:
            self._months[name, first, last] = self._some_days(name, bearer, first, last)
        return self._months[name, first, last]

    def _some_days(self, name: str, bearer: Post | Cost, first: date, last: date) -> Any:
        width = len(self.lines(name)) + 1
        weights = [[Fraction(0)] * width for _ in range(3)]
        counts: dict[int, int] = {}
        for day in days(first, last):
            if not self.exists(bearer, day):
                continue
            salary = self.salary(bearer, day) if isinstance(bearer, Post) else 0
            counts[salary] = counts.get(salary, 0) + 1
            for level, shares in enumerate(self.shares(name, day)):
                weights[level] = [a + b for a, b in zip(weights[level], shares, strict=True)]
        cost = nic = 0
        length = days_in_month(first)
        if isinstance(bearer, Cost) and bearer.frequency != "month":
            cost = bearer.amount * sum(first <= day <= last for day in self.falls(bearer))
        else:
            for salary, count in counts.items():
                price = (bearer.amount if isinstance(bearer, Cost) else 0, 0)
                if isinstance(bearer, Post):
                    price = self.month_price(bearer, salary, month_end(first))
                cost += rounded(Fraction(price[0] * count, length))
                nic += rounded(Fraction(price[1] * count, length))
        return cost, nic, [split(cost, level) for level in weights]

    def month(self, bearer: Post | Cost, month: date) -> Any:
        return self.some_days(bearer, max(month, self.as_at), month_end(month))

    @property
    def bearers(self) -> tuple[Post | Cost, ...]:
        return (*self.book.posts, *self.book.costs)

    # --- the forecast --------------------------------------------------------------------

    def allowance(self) -> dict[date, int]:
        used: dict[date, int] = {}
        if not self.book.organisation.employment_allowance:
            return used
        year = self.as_at.year - (self.as_at.month < 4)
        left = 0
        for month in months_between(date(year, 4, 1), self.months[-1]):
            if month.month == 4:
                left = int(self.rate("nic.employment_allowance", month_end(month)) * 100)
            first = max(month, self.as_at) if month == month_of(self.as_at) else month
            nic = sum(self.some_days(post, first, month_end(month))[1] for post in self.book.posts)
            used[month] = min(left, nic)
            left -= used[month]
        return used

    def wanted(self, month: date, level: int) -> dict[str, int]:
        if (level, month) not in self._wants:
            found = dict.fromkeys(self.awards, 0)
            for bearer in self.bearers:
                kind = "posts" if isinstance(bearer, Post) else "costs"
                parts = self.month(bearer, month)[2][level]
                for line, part in zip(self.lines(f"{kind}.{bearer.key}"), parts, strict=False):
                    if line.award is not None:
                        found[line.award.key] += part
            self._wants[level, month] = found
        return self._wants[level, month]

    def free_reserves(self) -> int:
        held = self.book.organisation.balances
        if held.total_funds is None:
            return held.free_reserves or 0
        spared = (held.designated or 0) - (held.designated_fixed_assets or 0)
        gone = (held.restricted, held.endowment, held.fixed_assets, held.programme_related)
        return held.total_funds - sum(part or 0 for part in gone) - spared

    def pool_months(self, award: Award, level: int) -> Iterator[tuple[date, int, int]]:
        """What a pool is charged and what is left in it, month by month."""
        income, balance, owed = self.income(award, level), award.opening_balance or 0, 0
        for month in self.months:
            balance += income.get((month, True), 0)
            asked = self.wanted(month, level)[award.key]
            borne = min(asked, balance)
            back = min(owed, balance - borne) if month <= self.end(award, level) else 0
            owed += asked - borne - back
            balance -= borne + back
            yield month, borne + back, balance

    def period(self, award: Award, end: date, day: date) -> tuple[date, date]:
        """The reporting period that holds a day, cut at the award's start and end."""
        reporting = award.reporting
        if reporting is not None and reporting.frequency == "once":
            return award.start, end
        frequency = "month" if reporting is None else reporting.frequency
        length = {"month": 1, "quarter": 3, "half": 6, "year": 12}[frequency]
        anchor = award.start
        if reporting is not None and reporting.anchor == "financial-year":
            opens = self.book.organisation.year_start_month or 4
            anchor = date(award.start.year - 1, opens, 1)
        elif reporting is not None and reporting.anchor == "calendar":
            anchor = date(award.start.year, 1, 1)
        elif reporting is not None and reporting.anchor == "custom":
            anchor = (reporting.first_period_end or award.start) + DAY
        number = (day.year - anchor.year) * 12 // length - 24
        while add_months(anchor, length * (number + 1)) <= day:
            number += 1
        first = add_months(anchor, length * number)
        last = add_months(anchor, length * (number + 1)) - DAY
        return max(first, award.start), min(last, end)

    def received(self, award: Award, level: int, charged: dict[date, int]) -> dict[date, int]:
        """Money arriving by month."""
        found: dict[date, int] = {}

        def comes(day: date, amount: int) -> None:
            if day >= self.as_at:
                found[month_of(day)] = found.get(month_of(day), 0) + amount

        lag = timedelta(days=award.payment_lag_days or 0)
        for paid in award.payments:
            amount = paid.amount if paid.received is None else paid.received
            comes(paid.received_on or paid.due + lag, amount)
        if award.payments or award.payment_basis == "milestone":
            return found
        income, end = self.income(award, level), self.end(award, level)
        in_arrears = award.payment_basis == "arrears" and self.pool(award)
        for month in months_between(award.start, end):
            covered = min(month_end(month), end)
            day = covered
            if award.payment_basis is not None:
                first, last = self.period(award, end, covered)
                day = first if award.payment_basis == "advance" else self.due(award, last)
                comes(day + lag, income.get((month, False), 0))
            money = charged.get(month, 0) if in_arrears else income.get((month, True), 0)
            if money:
                comes(day + lag, money)
        return found

    def due(self, award: Award, last: date) -> date:
        reporting = award.reporting
        if reporting is None:
            return last
        if reporting.due_days is not None:
            return last + timedelta(days=reporting.due_days)
        if reporting.due_day is not None:
            following = add_months(month_of(last), 1)
            return following.replace(day=min(reporting.due_day, days_in_month(following)))
        return last

    def openings(self, pools: list[Award]) -> tuple[int, int, int]:
        """Unrestricted funds, what stays in restricted, and cash, at the start of `as_at`."""
        balances = self.book.organisation.balances
        opening = {award.key: award.opening_balance or 0 for award in pools}
        unrestricted = self.free_reserves()
        if balances.total_funds is not None:
            unrestricted -= sum(
                opening[award.key] for award in pools if self.fund(award) == "unrestricted"
            )
        residue = 0
        if balances.restricted is not None:
            residue = balances.restricted - sum(
                opening[award.key] for award in pools if self.fund(award) == "restricted"
            )
        cash = unrestricted + sum(opening.values()) if balances.cash is None else balances.cash
        return unrestricted, residue, cash

    def spent(self) -> dict[date, int]:
        """What all posts and costs come to, month by month, less the Employment Allowance."""
        used = self.allowance()
        return {
            month: sum(self.month(bearer, month)[0] for bearer in self.bearers) - used.get(month, 0)
            for month in self.months
        }

    def forecast(self, level: int) -> dict[str, Any]:
        counted = [award for award in self.book.awards if self.rank(award) <= level]
        pools = [award for award in counted if self.pool(award)]
        runs = {award.key: list(self.pool_months(award, level)) for award in pools}
        income = {award.key: self.income(award, level) for award in counted}
        charged = {
            award.key: {month: part for month, part, _ in runs[award.key]}
            if award.key in runs
            else {month: self.wanted(month, level)[award.key] for month in self.months}
            for award in counted
        }
        left = {key: {month: kept for month, _, kept in run} for key, run in runs.items()}
        comes = {award.key: self.received(award, level, charged[award.key]) for award in counted}
        closing, residue, cash = self.openings(pools)
        held = {award.key: award.opening_balance or 0 for award in pools}
        cash_held: dict[tuple[str, date], int] = {}
        rows, own, spent = [], [], self.spent()
        for month in self.months:
            brought = {award.key: income[award.key].get((month, True), 0) for award in counted}
            borne = sum(charged[key][month] for key in runs)
            free_income = sum(part for key, part in brought.items() if key not in runs)
            closing += free_income - spent[month] + borne
            cash += sum(found.get(month, 0) for found in comes.values()) - spent[month]
            for key in runs:
                held[key] += comes[key].get(month, 0) - charged[key][month]
                cash_held[key, month] = held[key]
            own.append(spent[month] - borne)
            row = {
                "income": sum(brought.values()),
                "cost": spent[month],
                "surplus": sum(brought.values()) - spent[month],
                "unrestricted_movement": free_income - spent[month] + borne,
                "unrestricted_closing": closing,
                "restricted_closing": residue + sum(left[key][month] for key in runs),
                "cash": cash,
                "free_cash": cash - sum(max(0, kept) for kept in held.values()) - residue,
            }
            rows.append(
                {"month": f"{month:%Y-%m}"} | {name: pounds(part) for name, part in row.items()}
            )
        awards = []
        for award in counted:
            by_month = []
            for month in self.months:
                brought_in = income[award.key].get((month, True), 0)
                pool = award.key in runs
                by_month.append(
                    {
                        "month": f"{month:%Y-%m}",
                        "income": pounds(brought_in),
                        "charged": pounds(charged[award.key][month]),
                        "headroom": pounds(brought_in - self.wanted(month, level)[award.key]),
                        "balance": pounds(left[award.key][month]) if pool else None,
                        "cash_held": pounds(cash_held[award.key, month]) if pool else None,
                    }
                )
            repayable = self.repayable(award, level, left.get(award.key, {}))
            awards.append({"key": award.key, "by_month": by_month, "repayable": repayable})
        return {"months": rows, "awards": awards} | self.said_of(rows, list(spent.values()), own)

    def repayable(self, award: Award, level: int, left: dict[date, int]) -> str | None:
        end = self.end(award, level)
        if self.fund(award) != "restricted" or month_of(end) > self.months[-1]:
            return None
        kept = rounded(award.amount * Fraction(award.carry_forward or 0) / 100)
        return pounds(max(0, left[max(month_of(end), self.months[0])] - kept))

    def said_of(
        self, rows: list[dict[str, str]], spent: list[int], own: list[int]
    ) -> dict[str, Any]:
        """Reserves, cover, floor and runway."""
        reserves, least = self.free_reserves(), self.floor(spent[:12], own[:12])
        first = max(0, len(months_between(self.months[0], self.today)) - 1)
        after = {row["month"]: _pence(row["unrestricted_closing"]) for row in rows[first:]}
        below = [month for month, closing in after.items() if closing < (least or 0)]
        gone = [month for month, closing in after.items() if closing < 0]
        cover = None
        if sum(spent[:12]) > 0:
            exact = Decimal(reserves) * len(spent[:12]) / Decimal(sum(spent[:12]))
            cover = str(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))
        return {
            "free_reserves": pounds(reserves),
            "months_cover": cover,
            "cover_basis": "total",
            "floor": None if least is None else pounds(least),
            "floor_breach_month": below[0] if least is not None and below else None,
            "reserves_exhausted_month": gone[0] if gone else None,
            "runway_whole_months": list(after).index(gone[0]) if gone else None,
        }

    def floor(self, spent: list[int], own: list[int]) -> int | None:
        policy = self.book.organisation.reserves_policy
        if policy is None:
            return None
        value = Fraction(policy.value)
        if policy.kind == "amount":
            return rounded(value * 100)
        if policy.kind == "months":
            return rounded(value * sum(spent) / len(spent))
        closing = sum(
            self.closing_cost(post)
            for post in self.book.posts
            if (post.status or "filled") == "filled" and self.exists(post, self.today)
        )
        return closing + rounded(value * sum(own) / len(own))

    def closing_cost(self, post: Post) -> int:
        day, gross = self.today, self.gross(post, self.today)
        weeks = self.weeks(post, day - DAY)
        expiry = max([day + timedelta(weeks=weeks), *self.contract_expiry(post, day)])
        relevant = day + timedelta(weeks=weeks)
        paid = self.redundancy(post, relevant, gross)
        return _pence(paid["payable"]) + self.in_lieu(gross, (expiry - day).days, day)

    # --- when a post ends ----------------------------------------------------------------

    def segments(self, post: Post) -> list[tuple[date, date, Fraction]]:
        found: list[tuple[date, date, Fraction]] = []
        for day in days(self.today, self.last_day):
            if not self.exists(post, day):
                continue
            paid = 100 - self.shares(f"posts.{post.key}", day)[0][-1]
            if found and found[-1][1] == day - DAY and found[-1][2] == paid:
                found[-1] = (found[-1][0], day, paid)
            else:
                found.append((day, day, paid))
        return found

    def cliff(self, post: Post) -> tuple[date | None, date | None]:
        """`funded_to` and `cliff_date`."""
        segments = self.segments(post)
        short = next((start for start, _, paid in segments if paid < 100), None)
        if not segments or segments[0][2] < 100:
            return None, short
        if short is not None:
            return short - DAY, short
        return min(post.end or date.max, self.last_day), None

    def ending(self, post: Post) -> tuple[date, bool] | None:
        """T, and whether it is a fixed term reaching its agreed end."""
        if (post.status or "filled") != "filled" or not self.segments(post):
            return None
        funded_to, short = self.cliff(post)
        if short is not None and funded_to is not None:
            last = funded_to
        elif short is not None:
            if not self.exists(post, self.today):
                return None
            last = self.today
        elif post.end is not None and post.end <= self.last_day:
            last = post.end
        else:
            return None
        if post.contract == "fixed-term" and post.end is not None and post.end <= last:
            return post.end, True
        return last, False

    def stands_on(self, post: Post, last: date) -> list[tuple[Award, Fraction]]:
        """The awards that pay a post on its last day and end that day."""
        if not self.exists(post, last):
            return []
        lines, shares = self.lines(f"posts.{post.key}"), self.shares(f"posts.{post.key}", last)[0]
        found: dict[str, tuple[Award, Fraction]] = {}
        for line, share in zip(lines, shares, strict=False):
            if line.award is not None and share and self.end(line.award) == last:
                _, so_far = found.get(line.award.key, (line.award, Fraction(0)))
                found[line.award.key] = line.award, so_far + share
        return list(found.values())

    def moves_wholly(self, post: Post) -> bool:
        ending = self.ending(post)
        if ending is None:
            return False
        moving = [
            share for award, share in self.stands_on(post, ending[0]) if award.on_end == "transfers"
        ]
        return sum(moving) >= 100

    def served_from(self, post: Post) -> date:
        person = post.person
        given = None if person is None else person.continuous_service_from
        return given or post.start

    def years(self, post: Post, last: date) -> int:
        start, count = self.served_from(post), 0
        while anniversary(start, count + 1) <= last + DAY:
            count += 1
        return count

    def weeks(self, post: Post, last: date) -> int:
        if add_months(self.served_from(post), 1) > last + DAY:
            return 0
        years = self.years(post, last)
        return 1 if years < 2 else min(12, years)

    def contract_expiry(self, post: Post, given: date) -> list[date]:
        found = []
        if post.notice is not None and post.notice.weeks:
            found.append(given + timedelta(weeks=post.notice.weeks))
        if post.notice is not None and post.notice.months:
            found.append(add_months(given, post.notice.months))
        return found

    def rolled(self, day: date) -> date:
        while not self.working.is_working(day):
            day -= DAY
        return day

    def notice(self, post: Post, last: date) -> tuple[int, str, date]:
        """Statutory weeks, what binds, and the latest calendar day."""
        served = post.notice_served_on
        weeks = self.weeks(post, last if served is None else served - DAY)
        by, binds = last - timedelta(weeks=weeks), "statutory" if weeks else "none"
        if post.notice is not None and post.notice.weeks:
            day = last - timedelta(weeks=post.notice.weeks)
            if day < by:
                by, binds = day, "contract-weeks"
        if post.notice is not None and post.notice.months:
            day = last
            while add_months(day, post.notice.months) > last:
                day -= DAY
            if day < by:
                by, binds = day, "contract-months"
        return weeks, binds, by

    def window(self, post: Post, last: date) -> tuple[int, date]:
        """How many dismissals in the fullest 90 days that contain this one, and the first."""
        ends = []
        for other in self.book.posts:
            ending = self.ending(other)
            counts = ending is not None and not ending[1] and not self.moves_wholly(other)
            if ending is not None and counts and other.establishment == post.establishment:
                ends.append(ending[0])
        best, first = 0, last
        for start in days(last - timedelta(days=89), last):
            inside = [end for end in ends if start <= end <= start + timedelta(days=89)]
            if len(inside) > best:
                best, first = len(inside), min(inside)
        return best, first

    def consultation(self, post: Post, last: date, notice: date) -> dict[str, Any]:
        count, first = self.window(post, last)
        planned = self.book.organisation.consultation_days
        planned = 30 if planned is None else planned
        statutory = 0
        if count >= 20:
            code = "consultation.days_100" if count >= 100 else "consultation.days_20_99"
            statutory = int(self.rate(code, last))
            planned = max(planned, 45 if count >= 100 else 30)
        start = self.rolled(notice) - timedelta(days=planned)
        opening = first - timedelta(days=statutory) if statutory else None
        return {
            "count": count,
            "collective": count >= 20,
            "statutory_days": statutory,
            "statutory_latest_start": opening and opening.isoformat(),
            "latest_start_calendar": min(start, opening or start).isoformat(),
        }

    def redundancy(self, post: Post, relevant: date, gross: int) -> dict[str, Any]:
        years = self.years(post, relevant)
        counted = min(20, years) if years >= 2 else 0
        born = None if post.person is None else post.person.born
        age = None if born is None else age_on(born, relevant)
        if age is None:
            low, high = Fraction(counted, 2), Fraction(3 * counted, 2)
        else:
            ages = [age - back for back in range(counted)]
            halves = sum(1 if at <= 22 else 2 if at <= 41 else 3 for at in ages)
            low = high = Fraction(halves, 2)
        week = rounded(Fraction(gross, 52))
        cap = self.rates.on("redundancy.weekly_cap", relevant)
        limit = int(cap.value * 100)
        used = min(week, limit)
        payable = rounded(high * used)
        scheme = None if post.person is None else post.person.enhanced
        if scheme is not None:
            multiplier = Fraction(1 if scheme.multiplier is None else scheme.multiplier)
            base = week if scheme.uncapped else used
            payable = max(payable, rounded(high * multiplier * base))
        return {
            "age": age,
            "complete_years": years,
            "counted_years": counted,
            "weeks": None if age is None else decimal_text(Decimal(int(2 * high)) / 2),
            "weeks_pay": pounds(week),
            "cap": pounds(limit),
            "cap_provisional": cap.provisional,
            "weeks_pay_used": pounds(used),
            "srp": None if age is None else pounds(rounded(high * used)),
            "payable": pounds(payable),
            "relevant_date": relevant.isoformat(),
            "range": None
            if age is not None
            else {"low": pounds(rounded(low * used)), "high": pounds(rounded(high * used))},
        }

    def in_lieu(self, gross: int, count: int, day: date) -> int:
        pay = rounded(Fraction(rounded(Fraction(gross, 52)) * count, 7))
        return pay + rounded(self.rate("nic.rate", day) * pay)

    def end_of_post(self, post: Post) -> dict[str, Any]:
        """Notice, consultation, redundancy and lateness of a post."""
        nothing: dict[str, Any] = {
            "statutory_weeks": None,
            "binding": None,
            "latest_notice_calendar": None,
            "latest_notice_working": None,
            "latest_consultation_start": None,
            "consultation": None,
            "redundancy": None,
            "worked": 0,
            "lieu": 0,
            "award": 0,
        }
        ending = self.ending(post)
        if ending is None:
            return nothing
        last, agreed = ending
        gross = self.gross(post, last)
        if agreed or self.moves_wholly(post):
            return nothing | {"redundancy": self.redundancy(post, last, gross)}
        weeks, binds, by = self.notice(post, last)
        given = post.notice_served_on or (self.today if self.today > by else None)
        relevant, worked, lieu = last, 0, 0
        if given is not None:
            short = timedelta(weeks=self.weeks(post, given - DAY))
            relevant = max(last, given + short)
            until = max([relevant, *self.contract_expiry(post, given)])
            worked = self.worked(post, last + DAY, until)
            lieu = self.in_lieu(gross, (until - last).days, last)
        asked = self.consultation(post, last, by)
        protective = 0
        if asked["collective"]:
            count = int(self.rate("redundancy.protective_award_days", last))
            protective = rounded(Fraction(rounded(Fraction(gross, 52)) * count, 7))
        return {
            "statutory_weeks": weeks,
            "binding": binds,
            "latest_notice_calendar": by.isoformat(),
            "latest_notice_working": self.rolled(by).isoformat(),
            "latest_consultation_start": self.rolled(
                date.fromisoformat(asked["latest_start_calendar"])
            ).isoformat(),
            "consultation": asked,
            "redundancy": self.redundancy(post, relevant, gross),
            "worked": worked,
            "lieu": lieu,
            "award": protective,
        }

    def worked(self, post: Post, first: date, last: date) -> int:
        """Month cost × days ÷ days in the month, at the price of its first day."""
        total = 0
        for month in months_between(first, last):
            start, end = max(first, month), min(last, month_end(month))
            price, _ = self.month_price(post, self.salary(post, start), month_end(month))
            total += rounded(Fraction(price * ((end - start).days + 1), days_in_month(month)))
        return total

    def post(self, post: Post) -> dict[str, Any]:
        segments = self.segments(post)
        funded_to, short = self.cliff(post)
        nought = None
        for start, _, paid in reversed(segments):
            if paid:
                break
            nought = start
        ends = self.end_of_post(post)
        return {
            "key": post.key,
            "segments": [
                {
                    "start": start.isoformat(),
                    "end": end.isoformat(),
                    "secured_pct": decimal_text(
                        Decimal(paid.numerator) / Decimal(paid.denominator)
                    ),
                }
                for start, end, paid in segments
            ],
            "funded_to": funded_to and funded_to.isoformat(),
            "cliff_date": short and short.isoformat(),
            "fully_unfunded_from": nought and nought.isoformat(),
            "unfunded_cost_by_month": {
                f"{month:%Y-%m}": pounds(self.month(post, month)[2][0][-1]) for month in self.months
            },
        } | {key: value for key, value in ends.items() if key not in ("worked", "lieu", "award")}

    def exposure(self) -> dict[str, Any]:
        sums = {"redundancy": 0, "notice": 0, "lateness": 0, "protective_award": 0}
        by_award: dict[str, int] = {}
        for post in self.book.posts:
            ending = self.ending(post)
            if ending is None or self.moves_wholly(post):
                for award, _ in self.stands_on(post, ending[0]) if ending else ():
                    by_award.setdefault(award.key, 0)
                continue
            ends = self.end_of_post(post)
            paid = _pence(ends["redundancy"]["payable"])
            sums["redundancy"] += paid
            sums["lateness"] += ends["worked"]
            sums["notice"] += ends["lieu"]
            sums["protective_award"] += ends["award"]
            for award, _ in self.stands_on(post, ending[0]):
                by_award[award.key] = by_award.get(award.key, 0) + paid + ends["worked"]
        total = sums["redundancy"] + sums["lateness"]
        return {key: pounds(value) for key, value in sums.items()} | {
            "total": pounds(total),
            "by_award": {key: pounds(value) for key, value in by_award.items()},
        }

    # --- cliffs --------------------------------------------------------------------------

    def uncovered(self, bearers: list[Post | Cost], first: date) -> int:
        """What nobody is allocated over the twelve months from a day."""
        last, total = add_months(first, 12) - DAY, 0
        for bearer in bearers:
            for month in months_between(first, last):
                some = self.some_days(bearer, max(first, month), min(last, month_end(month)))
                total += some[2][0][-1]
        return total

    def cliffs(self, secured: dict[str, Any]) -> list[dict[str, Any]]:
        found = [
            *self.post_cliffs(),
            *self.award_cliffs(),
            *self.service_cliffs(),
            *self.organisation_cliffs(secured),
            *self.silent_cliffs(secured),
        ]
        kinds = ("post", "award", "service", "organisation", "silent")
        return sorted(found, key=lambda cliff: (cliff["date"], kinds.index(cliff["kind"])))

    def told(
        self, kind: str, key: str, day: date, over: int, touched: list[Post | Cost], people: int
    ) -> dict[str, Any]:
        posts = [post for post in self.book.posts if post in touched]
        return {
            "kind": kind,
            "key": key,
            "date": day.isoformat(),
            "per_month": pounds(rounded(Fraction(over, 12))),
            "over_12_months": pounds(over),
            "posts": [post.key for post in posts],
            "fte": decimal_text(sum((post.fte for post in posts), Decimal(0))),
            "people_supported": people,
        }

    def people(self, services: set[str | None]) -> int:
        return sum(
            service.people_supported or 0
            for service in self.book.services
            if service.key in services
        )

    def post_cliffs(self) -> Iterator[dict[str, Any]]:
        for post in self.book.posts:
            _, short = self.cliff(post)
            if short is not None:
                over = self.uncovered([post], short)
                yield self.told("post", post.key, short, over, [post], self.people({post.service}))

    def paid_on(self, award: Award, day: date) -> list[Post | Cost]:
        found: list[Post | Cost] = []
        for bearer in self.bearers:
            kind = "posts" if isinstance(bearer, Post) else "costs"
            name = f"{kind}.{bearer.key}"
            if self.exists(bearer, day):
                shares = zip(self.lines(name), self.shares(name, day)[0], strict=False)
                if any(line.award is award and share for line, share in shares):
                    found.append(bearer)
        return found

    def award_cliffs(self) -> Iterator[dict[str, Any]]:
        for award in self.book.awards:
            gone = self.end(award) + DAY
            if self.rank(award) != 0 or not self.today <= gone <= self.last_day:
                continue
            if any(
                other.renewal_of == award.key and self.rank(other) == 0 and other.start <= gone
                for other in self.book.awards
            ):
                continue
            paid = self.paid_on(award, gone - DAY)
            over = self.uncovered(paid, gone)
            yield self.told("award", award.key, gone, over, paid, self.reached(award, paid))

    def reached(self, award: Award, paid: list[Post | Cost]) -> int:
        return self.people(
            {award.service, *(post.service for post in paid if isinstance(post, Post))}
        )

    def service_cliffs(self) -> Iterator[dict[str, Any]]:
        for service in self.book.services:
            mine = [bearer for bearer in self.bearers if bearer.service == service.key]
            for month in self.months:
                if month < month_of(self.today):
                    continue
                if any(self.month(bearer, month)[2][0][-1] for bearer in mine):
                    over = self.uncovered(mine, month)
                    people = service.people_supported or 0
                    yield self.told("service", service.key, month, over, mine, people)
                    break

    def organisation_cliffs(self, secured: dict[str, Any]) -> Iterator[dict[str, Any]]:
        rows = secured["months"]
        first = max(0, len(months_between(self.months[0], self.today)) - 1)
        found = {
            "policy": secured["floor_breach_month"],
            "reserves": secured["reserves_exhausted_month"],
        }
        for at in range(first, len(rows)):
            if "free-cash" not in found and _pence(rows[at]["free_cash"]) < 0:
                found["free-cash"] = rows[at]["month"]
            if "income" not in found and at >= 3:
                before = sum(_pence(row["income"]) for row in rows[at - 3 : at])
                if (
                    before > 0
                    and Fraction(_pence(rows[at]["income"])) <= Fraction(before, 3) * 4 / 5
                ):
                    found["income"] = rows[at]["month"]
        for key in ("policy", "reserves", "free-cash", "income"):
            if found.get(key):
                month = date.fromisoformat(f"{found[key]}-01")
                over = self.uncovered(list(self.bearers), month)
                everyone: set[str | None] = {service.key for service in self.book.services}
                yield self.told(
                    "organisation", key, month, over, list(self.bearers), self.people(everyone)
                )

    def silent_cliffs(self, secured: dict[str, Any]) -> Iterator[dict[str, Any]]:
        by_key = {award["key"]: award for award in secured["awards"]}
        for award in self.book.awards:
            if self.rank(award) != 0:
                continue
            first = max(month_of(self.today), month_of(award.start), self.months[0])
            live = [
                at
                for at, month in enumerate(self.months)
                if month >= first and month <= self.end(award)
            ][:12]
            if not live:
                continue
            rows = by_key[award.key]["by_month"]
            over = -sum(_pence(rows[at]["headroom"]) for at in live)
            if self.pool(award):
                at = live[0]
                before = rows[at - 1]["balance"] if at else pounds(award.opening_balance or 0)
                over -= _pence(before)
            if over >= 50000:
                paid = self.paid_on(award, max(self.today, award.start))
                people = self.reached(award, paid)
                yield self.told("silent", award.key, self.months[live[0]], over, paid, people)

    # --- ladders -------------------------------------------------------------------------

    def decision_days(self, award: Award) -> int:
        funder = next((each for each in self.book.funders if each.key == award.funder), None)
        if funder is not None and funder.decision_days is not None:
            return funder.decision_days
        if award.kind == "contract":
            return 270
        kind = None if funder is None else funder.kind
        if kind == "lottery":
            return 84 if award.amount <= 2000000 else 280
        if kind in ("commissioner", "council", "government", "health"):
            return 120
        return 150 if kind == "trust" else 90

    def ladder(
        self, name: str, last: date, asked: list[dict[str, Any]], award: Award | None
    ) -> dict[str, Any]:
        """The rungs before a day; `asked` is what each post that falls then asks for."""
        dates = {"end": (last, last)}
        notices = [
            (date.fromisoformat(each["latest_notice_working"]), each["latest_notice_calendar"])
            for each in asked
            if each["latest_notice_working"]
        ]
        starts = [
            (date.fromisoformat(each["latest_consultation_start"]), each["consultation"])
            for each in asked
            if each["consultation"]
        ]
        decision = (self.rolled(last), last)
        if notices:
            rolled, calendar = min(notices)
            dates["notice"] = rolled, date.fromisoformat(calendar)
        if starts:
            decision = min(
                (rolled, date.fromisoformat(each["latest_start_calendar"]))
                for rolled, each in starts
            )
            dates["consultation"] = decision
        dates["decision"] = decision
        gap_only = None
        renewal = None
        if award is not None:
            wait = timedelta(days=self.decision_days(award))
            renewal = next(
                (each for each in self.book.awards if each.renewal_of == award.key), None
            )
            dates["submit"] = self.rolled(decision[0] - wait), decision[0] - wait
            bids = [each.bid for each in (renewal, award) if each is not None and each.bid]
            writing = next((b.writing_days for b in bids if b.writing_days is not None), 28)
            start = dates["submit"][0] - timedelta(days=writing)
            dates["writing"] = self.rolled(start), start
            gap_only = self.rolled(last + DAY - wait).isoformat()
        kinds = ("writing", "submit", "decision", "consultation", "notice", "end")
        rungs = []
        for kind in sorted(
            (kind for kind in kinds if kind in dates),
            key=lambda kind: (dates[kind][0], kinds.index(kind)),
        ):
            done_on = self.done_on(kind, award, name)
            rungs.append(
                {
                    "kind": kind,
                    "date": dates[kind][0].isoformat(),
                    "date_unrolled": dates[kind][1].isoformat(),
                    "done_on": done_on and done_on.isoformat(),
                    "done": done_on is not None or _past(kind, renewal),
                }
            )
        act_by = next((date.fromisoformat(str(r["date"])) for r in rungs if not r["done"]), last)
        return {
            "cliff": name,
            "rungs": rungs,
            "status": self.status(act_by),
            "act_by": act_by.isoformat(),
            "submit_by_gap_only": gap_only,
        }

    def done_on(self, kind: str, award: Award | None, name: str) -> date | None:
        about = [("award", None if award is None else award.key), tuple(name.split(":"))]
        for deadline in self.book.deadlines:
            for who in (("award", deadline.award), ("post", deadline.post)):
                if deadline.kind == kind and deadline.done_on and who[1] and who in about:
                    return deadline.done_on
        if kind == "notice" and name.startswith("post:"):
            key = name.removeprefix("post:")
            return next(post.notice_served_on for post in self.book.posts if post.key == key)
        return None

    def status(self, day: date) -> str:
        away = (day - self.today).days
        if away < 0:
            return "overdue"
        if away <= 30:
            return "act now"
        if away <= 90:
            return "soon"
        return "watch" if away <= 365 else "clear"

    def ladders(self) -> list[dict[str, Any]]:
        found = []
        ends = {post.key: self.end_of_post(post) for post in self.book.posts}
        for post in self.book.posts:
            ending = self.ending(post)
            if ending is not None and self.cliff(post)[1] is not None:
                stands = [award for award, _ in self.stands_on(post, ending[0])]
                award = stands[0] if stands else None
                found.append(self.ladder(f"post:{post.key}", ending[0], [ends[post.key]], award))
        cliffs = {cliff["key"]: cliff for cliff in self.award_cliffs()}
        for award in self.book.awards:
            if award.key not in cliffs:
                continue
            last = self.end(award)
            falling = []
            for post in self.book.posts:
                ending = self.ending(post)
                next_day = self.cliff(post)[1] == last + DAY
                if post.key in cliffs[award.key]["posts"] and ending and next_day:
                    falling += [ends[post.key]] if ending[0] == last else []
            found.append(self.ladder(f"award:{award.key}", last, falling, award))
        return found

    def outlook(self) -> dict[str, Any]:
        forecast = {name: self.forecast(level) for level, name in enumerate(LEVELS)}
        return {
            "today": self.today.isoformat(),
            "horizon": self.horizon,
            "forecast": forecast,
            "posts": [self.post(post) for post in self.book.posts],
            "cliffs": self.cliffs(forecast["secured"]),
            "ladders": self.ladders(),
            "exposure": self.exposure(),
        }


def _past(kind: str, renewal: Award | None) -> bool:
    """Whether the renewal's stage is past a rung."""
    decided = ("agreed-in-principle", "awarded", "live", "ended")
    if renewal is None or kind not in ("writing", "submit", "decision"):
        return False
    return renewal.stage in decided or (kind != "decision" and renewal.stage == "submitted")


def _bearer(allocation: Allocation) -> str:
    return f"posts.{allocation.post}" if allocation.post else f"costs.{allocation.cost}"


def _pence(text: str) -> int:
    return int(Decimal(text) * 100)
