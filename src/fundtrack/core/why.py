"""Why a figure is what it is: the sum line by line, and the records each line rests on.

A figure is named as in the outlook's JSON: `forecast.secured.2027-04.cost`,
`forecast.secured.awards.core.2027-04.charged`, `posts.p1.redundancy.payable`,
`cliffs.award:core.over_12_months`, `exposure.total`. The lines of a figure in pounds add up to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from fundtrack.core import words
from fundtrack.core.forecast import free_reserves, recorded
from fundtrack.core.money import percent_of
from fundtrack.core.period import add_months
from fundtrack.core.schedule import SECURED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fundtrack.core.charges import Bearer
    from fundtrack.core.cliffs import Cliff
    from fundtrack.core.forecast import AwardForecast, Forecast
    from fundtrack.core.model import Certainty
    from fundtrack.core.outlook import Outlook
    from fundtrack.core.posts import PostOutlook

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sum: what it is, its pence (None where it is not money), and its records."""

    says: str
    pence: int | None = None
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Why:
    """A figure explained. `total` is its pence; for money the lines add up to it."""

    figure: str
    says: str
    total: int | None
    lines: tuple[Line, ...]

    @property
    def records(self) -> tuple[str, ...]:
        """Every record the figure rests on, each once (`awards.core`)."""
        return tuple(dict.fromkeys(record for line in self.lines for record in line.records))


def why(told: Outlook, figure: str) -> Why:
    """Explain one figure of an outlook. Raises KeyError for a name that is not a figure of it."""
    head, _, rest = figure.partition(".")
    explain = {
        "forecast": _forecast,
        "posts": _post,
        "cliffs": _cliff,
        "ladders": _ladder,
        "exposure": _exposure,
    }.get(head)
    found = None if explain is None else explain(told, rest)
    if found is None:
        raise KeyError(figure)
    says, lines = found
    pence = [line.pence for line in lines if line.pence is not None]
    return Why(figure, says, sum(pence) if pence else None, lines)


_Found = tuple[str, tuple[Line, ...]]


# --- the forecast ----------------------------------------------------------------------------


def _forecast(told: Outlook, rest: str) -> _Found | None:
    name, _, rest = rest.partition(".")
    certainties: dict[str, Certainty] = {known: known for known in told.forecast}
    if name not in certainties:
        return None
    book = _Book(told, certainties[name])
    if rest.startswith("awards."):
        return book.award(rest.removeprefix("awards."))
    if "." not in rest:
        return book.whole(rest)
    month, _, field = rest.partition(".")
    at = book.place(month)
    lines = None if at is None else book.month(at, field)
    return None if lines is None else (_SAYS[field], lines)


_SAYS = {
    "income": "What each award brings in the month",
    "cost": "What each post and cost comes to in the month",
    "surplus": "Income less cost",
    "unrestricted_movement": "Unrestricted income, less what no pool bears",
    "unrestricted_closing": "What stood before, and the month's movement",
    "restricted_closing": "What is left in each pool",
    "cash": "What stood before, what arrives, and what is paid",
    "free_cash": "Cash, less what belongs to the pools",
}


class _Book:
    """The sums of one forecast, taken apart."""

    def __init__(self, told: Outlook, certainty: Certainty) -> None:
        self._told, self._workings = told, told.workings
        self._forecast: Forecast = told.forecast[certainty]
        self._portfolio = told.workings.portfolio
        self._awards = self._portfolio.awards_by_key
        self._certainty = list(told.forecast).index(certainty)

    def place(self, month: str) -> int | None:
        named = [f"{known:%Y-%m}" for known in self._forecast.months]
        return named.index(month) if month in named else None

    def month(self, at: int, field: str) -> tuple[Line, ...] | None:
        takers = {
            "income": self._income,
            "cost": self._cost,
            "surplus": self._surplus,
            "unrestricted_movement": self._movement,
            "unrestricted_closing": self._closing,
            "restricted_closing": self._restricted,
            "cash": self._cash,
            "free_cash": self._free_cash,
        }
        return tuple(takers[field](at)) if field in takers else None

    def _income(self, at: int) -> Iterator[Line]:
        for award in self._forecast.awards:
            yield from _if(self._title(award.key), int(award.income[at]), f"awards.{award.key}")

    def _cost(self, at: int) -> Iterator[Line]:
        for record, title, bearer in self._bearers():
            yield from _if(title, int(bearer.cost[at]), record)
        allowance = -int(self._workings.allowance[at])
        yield from _if("Employment Allowance", allowance, "organisation.organisation")

    def _surplus(self, at: int) -> Iterator[Line]:
        yield Line("Income", int(self._forecast.income[at]), self._records(self._income(at)))
        yield Line("Cost", -int(self._forecast.cost[at]), self._records(self._cost(at)))

    def _movement(self, at: int) -> Iterator[Line]:
        for award in self._forecast.awards:
            record, title = f"awards.{award.key}", self._title(award.key)
            if award.balance is None:
                yield from _if(title, int(award.income[at]), record)
            else:
                yield from _if(f"{title}, borne by the pool", int(award.charged[at]), record)
        for line in self._cost(at):
            yield Line(line.says, -(line.pence or 0), line.records)

    def _closing(self, at: int) -> Iterator[Line]:
        if at:
            before = int(self._forecast.unrestricted_closing[at - 1])
            yield Line(f"At the end of {words.month_name(self._forecast.months[at - 1])}", before)
        else:
            moved = int(self._forecast.unrestricted_movement[0])
            opening = int(self._forecast.unrestricted_closing[0]) - moved
            yield Line("Unrestricted funds at the start", opening, ("organisation.organisation",))
        yield from self._movement(at)

    def _restricted(self, at: int) -> Iterator[Line]:
        pools = [award for award in self._forecast.awards if award.balance is not None]
        residue = int(self._forecast.restricted_closing[at])
        for award in pools:
            balance = 0 if award.balance is None else int(award.balance[at])
            residue -= balance
            yield from _if(self._title(award.key), balance, f"awards.{award.key}")
        yield from _if("Other restricted funds", residue, "organisation.organisation")

    def _cash(self, at: int) -> Iterator[Line]:
        received = {award.key: int(award.received[at]) for award in self._forecast.awards}
        moved = sum(received.values()) - int(self._forecast.cost[at])
        opening = int(self._forecast.cash[at]) - moved
        says = (
            f"At the end of {words.month_name(self._forecast.months[at - 1])}"
            if at
            else "Cash at the start"
        )
        yield Line(says, opening, () if at else ("organisation.organisation",))
        for key, pence in received.items():
            yield from _if(f"{self._title(key)}, paid", pence, f"awards.{key}")
        for line in self._cost(at):
            yield Line(line.says, -(line.pence or 0), line.records)

    def _free_cash(self, at: int) -> Iterator[Line]:
        yield Line("Cash", int(self._forecast.cash[at]), self._records(self._cash(at)))
        left = int(self._forecast.cash[at]) - int(self._forecast.free_cash[at])
        for award in self._forecast.awards:
            held = 0 if award.cash_held is None else max(0, int(award.cash_held[at]))
            left -= held
            yield from _if(f"{self._title(award.key)}, held", -held, f"awards.{award.key}")
        yield from _if("Other restricted funds", -left, "organisation.organisation")

    # --- figures of the whole ----------------------------------------------------------------

    def _spending(self, months: int, field: str) -> int:
        """What so many months cost; for unrestricted spending, less what the pools bear."""
        cost = int(self._forecast.cost[:months].sum())
        if field == "months_cover":
            return cost
        pools = (award for award in self._forecast.awards if award.balance is not None)
        return cost - sum(int(award.charged[:months].sum()) for award in pools)

    def whole(self, field: str) -> _Found | None:
        organisation = ("organisation.organisation",)
        if field == "free_reserves":
            return "Funds that are free to spend", tuple(self._free_reserves())
        if field == "floor" and self._forecast.floor is not None:
            line = Line("The trustees' reserves policy", self._forecast.floor, organisation)
            return "What the reserves policy asks for", (line,)
        if field in ("months_cover", "unrestricted_months_cover"):
            first = self._forecast.months[:12]
            kind = "Spending" if field == "months_cover" else "Unrestricted spending"
            says = f"{kind} of {words.count(len(first), 'month')} from {words.month_name(first[0])}"
            spent = words.whole_pounds(self._spending(len(first), field))
            return f"Free reserves over {says[0].lower()}{says[1:]}", (
                *self._free_reserves(),
                Line(f"{says}: {spent}", None, self._records(self._cost(0))),
            )
        if field in ("floor_breach_month", "reserves_exhausted_month", "runway_whole_months"):
            day = (
                self._forecast.floor_breach_month
                if field == "floor_breach_month"
                else self._forecast.reserves_exhausted_month
            )
            at = None if day is None else self.place(f"{day:%Y-%m}")
            lines = () if at is None else tuple(self._closing(at))
            return "The first month that ends below it", lines
        return None

    def _free_reserves(self) -> Iterator[Line]:
        balances = self._portfolio.organisation.balances
        record = "organisation.organisation"
        if not recorded(balances):
            yield Line("Not recorded yet: enter them in Settings, under Balances", None, (record,))
            return
        if balances.total_funds is None:
            yield Line("Free reserves as entered", free_reserves(balances), (record,))
            return
        fixed = balances.designated_fixed_assets or 0
        yield Line("Total funds", balances.total_funds, (record,))
        yield from _if("Restricted", -(balances.restricted or 0), record)
        yield from _if("Endowment", -(balances.endowment or 0), record)
        yield from _if("Fixed assets for own use", -(balances.fixed_assets or 0), record)
        yield from _if("Programme-related investments", -(balances.programme_related or 0), record)
        designated = -((balances.designated or 0) - fixed)
        yield from _if("Designated, other than fixed assets", designated, record)

    # --- one award ---------------------------------------------------------------------------

    def award(self, rest: str) -> _Found | None:
        award = next((one for one in self._forecast.awards if rest.startswith(f"{one.key}.")), None)
        if award is None:
            return None
        field = rest.removeprefix(f"{award.key}.")
        title, record = self._title(award.key), f"awards.{award.key}"
        if field == "repayable":
            return f"{title}: unspent beyond what may be carried forward", tuple(
                self._repayable(award)
            )
        month, _, field = field.partition(".")
        at = self.place(month)
        if at is None:
            return None
        lines = self._award_month(award, at, field, record)
        named = words.month_name(self._forecast.months[at])
        return None if lines is None else (f"{title}, {named}", lines)

    def _award_month(
        self, award: AwardForecast, at: int, field: str, record: str
    ) -> tuple[Line, ...] | None:
        income, charged = int(award.income[at]), int(award.charged[at])
        wanted = tuple(self._wanted(award, at))
        if field == "income":
            return (Line("The award's money that lies on this month", income, (record,)),)
        if field == "charged":
            other = charged - int(award.wanted[at])
            says = "Paid back for earlier months" if other > 0 else "More than the pool holds"
            return (*wanted, *_if(says, other, record))
        if field == "headroom":
            taken = (Line(line.says, -(line.pence or 0), line.records) for line in wanted)
            return (Line("Income", income, (record,)), *taken)
        if field in ("balance", "cash_held") and award.balance is not None:
            held = award.balance if field == "balance" else award.cash_held
            came = income if field == "balance" else int(award.received[at])
            before = 0 if held is None else int(held[at]) - came + charged
            return (
                Line("Held before", before, (record,)),
                Line("Income" if field == "balance" else "Received", came, (record,)),
                Line("Charged", -charged, self._records(iter(wanted))),
            )
        return None

    def _wanted(self, award: AwardForecast, at: int) -> Iterator[Line]:
        place = self._workings.places[award.key]
        for record, title, bearer in self._bearers():
            pence = sum(
                int(bearer.charged[self._certainty][line][at])
                for line, owner in enumerate(bearer.lines)
                if owner == place
            )
            yield from _if(title, pence, record)

    def _repayable(self, award: AwardForecast) -> Iterator[Line]:
        if award.repayable is None:
            return
        told = self._awards[award.key]
        kept = percent_of(told.amount, told.carry_forward) if told.carry_forward else 0
        record = f"awards.{award.key}"
        if award.repayable:
            yield Line("Left in the pool at its end", award.repayable + kept, (record,))
            yield from _if("May be carried forward", -kept, record)
        else:
            yield Line("Nothing beyond what may be carried forward", 0, (record,))

    # --- what they share ---------------------------------------------------------------------

    def _title(self, key: str) -> str:
        return self._awards[key].title

    def _bearers(self) -> Iterator[tuple[str, str, Bearer]]:
        return bearers(self._told)

    def _records(self, lines: Iterator[Line]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(record for line in lines for record in line.records))


def bearers(told: Outlook) -> Iterator[tuple[str, str, Bearer]]:
    """Every post and cost: its record, its title, and what it is charged to."""
    portfolio, charged = told.workings.portfolio, told.workings.charges
    for post, bearer in zip(portfolio.posts, charged.posts, strict=True):
        yield f"posts.{post.key}", post.title, bearer
    for cost, bearer in zip(portfolio.costs, charged.costs, strict=True):
        yield f"costs.{cost.key}", cost.title, bearer


def _if(says: str, pence: int, *records: str) -> Iterator[Line]:
    if pence:
        yield Line(says, pence, records)


# --- posts -----------------------------------------------------------------------------------


def _post(told: Outlook, rest: str) -> _Found | None:
    post = next((one for one in told.posts if rest.startswith(f"{one.key}.")), None)
    if post is None:
        return None
    field = rest.removeprefix(f"{post.key}.")
    title = told.workings.portfolio.posts_by_key[post.key].title
    if field.startswith("unfunded_cost_by_month."):
        return _unfunded(told, post, title, field.removeprefix("unfunded_cost_by_month."))
    if field.startswith("redundancy.") and post.redundancy is not None:
        return _redundancy(post, title, field.removeprefix("redundancy."))
    if field in _POST_DATES:
        return f"{title}: {_POST_DATES[field]}", tuple(_rests_on(told, post))
    return None


_POST_DATES = {
    "funded_to": "the last day of unbroken secured cover",
    "cliff_date": "the first day not wholly paid by secured money",
    "fully_unfunded_from": "from here no secured money pays for it",
    "latest_notice_calendar": "notice counted back from the last day",
    "latest_notice_working": "the latest working day to give notice",
    "latest_consultation_start": "the latest working day to start consultation",
    "statutory_weeks": "a week for each complete year of service, at most twelve",
    "binding": "the earlier of statutory and contractual notice",
}


def _rests_on(told: Outlook, post: PostOutlook) -> Iterator[Line]:
    portfolio = told.workings.portfolio
    yield Line(portfolio.posts_by_key[post.key].title, None, (f"posts.{post.key}",))
    for allocation in portfolio.allocations:
        if allocation.post == post.key:
            record = f"allocations.{allocation.key}"
            share = f"{allocation.percent.normalize():f} %"
            if allocation.award is None:
                yield Line(f"{share} by unrestricted funds", None, (record,))
            else:
                paid = portfolio.awards_by_key[allocation.award].title
                yield Line(f"{share} by {paid}", None, (record, f"awards.{allocation.award}"))


def _unfunded(told: Outlook, post: PostOutlook, title: str, month: str) -> _Found | None:
    named = [f"{known:%Y-%m}" for known in told.months]
    if month not in named:
        return None
    at = named.index(month)
    portfolio = told.workings.portfolio
    bearer = next(one for one in told.workings.charges.posts if one.key == post.key)
    lines = [Line(title, int(bearer.cost[at]), (f"posts.{post.key}",))]
    for line, owner in enumerate(bearer.lines):
        pence = -int(bearer.charged[SECURED][line][at])
        if owner is None:
            lines += _if("Unrestricted funds, as allocated", pence, f"posts.{post.key}")
        else:
            award = portfolio.awards[owner]
            lines += _if(award.title, pence, f"awards.{award.key}")
    return f"{title}: what nobody is allocated in the month", tuple(lines)


def _redundancy(post: PostOutlook, title: str, field: str) -> _Found | None:
    paid, record = post.redundancy, f"posts.{post.key}"
    if paid is None:
        return None
    figures = {
        "weeks_pay": ("a week's pay: annual gross over 52", paid.weeks_pay),
        "cap": ("the statutory cap on a week's pay", paid.cap),
        "weeks_pay_used": ("the lesser of a week's pay and the cap", paid.weeks_pay_used),
        "srp": ("statutory weeks at the week's pay used", paid.srp),
        "srp_from": ("the least it can be: no birth date is known", paid.low),
        "srp_to": ("the most it can be: no birth date is known", paid.high),
        "range.low": ("the least it can be: no birth date is known", paid.low),
        "range.high": ("the most it can be: no birth date is known", paid.high),
        "payable": ("the statutory figure, or the charity's own scheme if better", paid.payable),
    }
    if field not in figures:
        says = f"{title}: service and age on {words.day(paid.relevant_date)}"
        return says, (Line(title, None, (record,)),)
    says, pence = figures[field]
    if pence is None:
        return None
    return f"{title}: {says}", (Line(words.sentence(says), pence, (record,)),)


# --- cliffs, ladders, exposure ---------------------------------------------------------------


def _cliff(told: Outlook, rest: str) -> _Found | None:
    name, _, field = rest.rpartition(".")
    cliff = next((one for one in told.cliffs if f"{one.kind}:{one.key}" == name), None)
    if cliff is None:
        return None
    if field == "over_12_months":
        return "The twelve months from the cliff", tuple(_loss(told, cliff))
    if field == "per_month":
        return "A twelfth of the twelve months from the cliff", (
            Line("A month", cliff.per_month, _because(told, cliff)),
        )
    return f"{words.day(cliff.date)}: {cliff.closes}", tuple(
        Line(record, None, (record,)) for record in _because(told, cliff)
    )


def _because(told: Outlook, cliff: Cliff) -> tuple[str, ...]:
    """The records a cliff rests on, by list and key."""
    portfolio = told.workings.portfolio
    lists = ("awards", "posts", "costs", "services")
    named = [
        f"{name}.{key}"
        for key in (*cliff.because, *([cliff.key] if cliff.kind != "organisation" else []))
        for name in lists
        if portfolio.find(name, key) is not None
    ]
    own = {"post": "posts", "award": "awards", "service": "services", "silent": "awards"}
    if cliff.kind in own:
        named.append(f"{own[cliff.kind]}.{cliff.key}")
    return tuple(dict.fromkeys(named)) or ("organisation.organisation",)


def _loss(told: Outlook, cliff: Cliff) -> Iterator[Line]:
    if cliff.kind == "silent":
        yield Line("Wanted beyond income and balance", cliff.over_12_months, _because(told, cliff))
        return
    last = add_months(cliff.date, 12) - _ONE_DAY
    for record, title, bearer in _touched(told, cliff):
        pence = told.workings.uncovered(bearer, cliff.date, last)
        yield from _if(title, pence, record)
    if not cliff.over_12_months:
        yield Line("Nothing is paid by it on its last day", 0, _because(told, cliff))


def _touched(told: Outlook, cliff: Cliff) -> Iterator[tuple[str, str, Bearer]]:
    portfolio = told.workings.portfolio
    for record, title, bearer in bearers(told):
        name, _, key = record.partition(".")
        if cliff.kind == "organisation":
            yield record, title, bearer
        elif cliff.kind == "post":
            if name == "posts" and key == cliff.key:
                yield record, title, bearer
        elif cliff.kind == "service":
            by_key = portfolio.posts_by_key if name == "posts" else portfolio.costs_by_key
            if by_key[key].service == cliff.key:
                yield record, title, bearer
        elif _paid_on_its_last_day(told, cliff, bearer):
            yield record, title, bearer


def _paid_on_its_last_day(told: Outlook, cliff: Cliff, bearer: Bearer) -> bool:
    place, day = told.workings.places[cliff.key], cliff.date - _ONE_DAY
    run = next((run for run in bearer.runs if run.start <= day <= run.end), None)
    return run is not None and any(
        owner == place and run.shares[SECURED][line] for line, owner in enumerate(bearer.lines)
    )


def _ladder(told: Outlook, rest: str) -> _Found | None:
    name, _, kind = rest.rpartition(".")
    ladder = next((one for one in told.ladders if one.cliff == name), None)
    if ladder is None or kind not in [rung.kind for rung in ladder.rungs]:
        return None
    list_name, _, key = name.partition(":")
    records = [f"{list_name}s.{key}"]
    portfolio = told.workings.portfolio
    if ladder.award is not None:
        award = portfolio.awards_by_key[ladder.award]
        records.append(f"awards.{award.key}")
        records += [f"funders.{award.funder}"] if award.funder else []
    lines = tuple(
        Line(
            f"{words.sentence(rung.kind)} by {words.weekday(rung.date, year=True)}",
            None,
            tuple(dict.fromkeys(records)),
        )
        for rung in reversed(ladder.rungs)
    )
    return "Counted back from the day the money ends, each step to a working day", lines


_EXPOSED = {
    "redundancy": "Redundancy pay, post by post",
    "notice": "Notice days beyond the money, paid in lieu",
    "lateness": "Notice days beyond the money, worked",
    "protective_award": "The most a tribunal may award where consultation failed",
    "total": "Redundancy and lateness, post by post",
    "do_nothing": "Redundancy and lateness if nothing transfers",
    "if_transfers": "Redundancy and lateness if all that may transfer does",
}


def _exposure(told: Outlook, field: str) -> _Found | None:
    titles = {post.key: post.title for post in told.workings.portfolio.posts}
    if field.startswith("by_award."):
        key = field.removeprefix("by_award.")
        if key not in told.exposure.by_award:
            return None
        chosen = [
            post for post in told.posts if post.ending is not None and key in post.ending.awards
        ]
        return "Redundancy and lateness of the posts it pays", _each(
            [(post, titles[post.key], post.cost.total) for post in chosen]
        )
    pick = {
        "redundancy": lambda post: post.cost.redundancy,
        "notice": lambda post: post.cost.in_lieu,
        "lateness": lambda post: post.cost.worked,
        "protective_award": lambda post: post.cost.protective_award,
        "total": lambda post: post.cost.total,
        "do_nothing": lambda post: post.do_nothing.total,
        "if_transfers": lambda post: post.if_transfers.total,
    }.get(field)
    if pick is None:
        return None
    return _EXPOSED[field], _each([(post, titles[post.key], pick(post)) for post in told.posts])


def _each(posts: Sequence[tuple[PostOutlook, str, int]]) -> tuple[Line, ...]:
    lines = tuple(
        Line(title, pence, (f"posts.{post.key}",)) for post, title, pence in posts if pence
    )
    return lines or (Line("No post", 0),)
