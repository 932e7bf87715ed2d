"""Everything the overview, a report and the JSON say of a book on a day, as one value.

DOMAIN section 12. The window, the text report, the JSON and the board pack all speak from it, so
that they cannot disagree. Money is whole pence; months are first-of-month dates.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any

from fundtrack.core.cliffs import Cliff, Status, cliffs, status_on
from fundtrack.core.errors import Problem
from fundtrack.core.exposure import Exposure, exposure, policy_floor
from fundtrack.core.forecast import AwardForecast, Forecast, Workings, forecast
from fundtrack.core.ladder import Ladder, ladders
from fundtrack.core.model import CERTAINTIES, Certainty
from fundtrack.core.plain import decimal_text, pounds
from fundtrack.core.posts import Cost, PostOutlook, PostsKept, post_outlooks
from fundtrack.core.problems import Option, options, problems
from fundtrack.core.rates import Rates
from fundtrack.core.sentences import Sentence, headline, sentences

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from fundtrack.core.model import Portfolio
    from fundtrack.core.rates import Statutory
    from fundtrack.core.schedule import Pennies

HORIZON = 36
LONGEST_HORIZON = 120


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Sums:
    """What a book comes to on a day, looking `horizon` months ahead: its money, posts and exposure.

    `workings` lets `why` show the sums behind a figure, `kept` the next sums take over what has not
    changed.
    """

    today: date
    horizon: int
    last_day: date
    months: tuple[date, ...]
    forecast: Mapping[Certainty, Forecast]
    posts: tuple[PostOutlook, ...]
    exposure: Exposure
    workings: Workings
    kept: PostsKept


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Outlook(Sums):
    """What a book says on a day: its sums, and what they mean.

    `sentences` are the overview's three; `headline` answers whose job is unfunded, from when, and
    by which date to act.
    """

    cliffs: tuple[Cliff, ...]
    ladders: tuple[Ladder, ...]
    problems: tuple[Problem, ...]
    sentences: tuple[Sentence, ...]
    headline: Sentence
    options: tuple[Option, ...]

    def status(self, cliff: Cliff) -> Status:
        """How near a cliff's next date is: its ladder's, else its own."""
        ladder = self.ladder(cliff)
        return status_on(cliff.date, self.today) if ladder is None else ladder.status

    def ladder(self, cliff: Cliff) -> Ladder | None:
        """The ladder before a post's or an award's cliff."""
        name = f"{cliff.kind}:{cliff.key}"
        return next((ladder for ladder in self.ladders if ladder.cliff == name), None)


def sums(
    portfolio: Portfolio,
    statutory: Statutory,
    today: date,
    horizon: int = HORIZON,
    before: Sums | None = None,
) -> Sums:
    """Work out a book without what it means, for which a slider's step has no use.

    Raises ValueError for a horizon outside 1 to 120 months. `before` are the sums of an earlier
    state of the book: posts and costs that have not changed since are taken from them, so that one
    edit costs little. The answer is the same without.
    """
    if not 1 <= horizon <= LONGEST_HORIZON:
        raise ValueError(f"the horizon is 1 to {LONGEST_HORIZON} months, not {horizon}")
    if before is not None:
        portfolio = portfolio.recognised(before.workings.portfolio)
    rates = Rates(statutory, portfolio.organisation.nation, portfolio.rates)
    workings = Workings(
        portfolio, rates, today, horizon, None if before is None else before.workings
    )
    forecasts = {name: forecast(workings, at, policy_floor) for at, name in enumerate(CERTAINTIES)}
    posts, kept = post_outlooks(workings, None if before is None else before.kept)
    return Sums(
        today=today,
        horizon=horizon,
        last_day=workings.grid.last_day,
        months=workings.grid.months[: workings.grid.shown],
        forecast=forecasts,
        posts=posts,
        exposure=exposure(workings, posts),
        workings=workings,
        kept=kept,
    )


def outlook(
    portfolio: Portfolio,
    statutory: Statutory,
    today: date,
    horizon: int = HORIZON,
    before: Sums | None = None,
) -> Outlook:
    """Work out the whole book, as `sums` does, and what it means."""
    told = sums(portfolio, statutory, today, horizon, before)
    workings, posts = told.workings, told.posts
    found = cliffs(workings, told.forecast["secured"], posts)
    return Outlook(
        **{each.name: getattr(told, each.name) for each in fields(Sums)},
        cliffs=found,
        ladders=ladders(workings, found, posts),
        problems=problems(workings),
        sentences=sentences(workings, told.forecast, posts),
        headline=headline(workings, posts),
        options=options(workings),
    )


# --- as JSON ---------------------------------------------------------------------------------


def to_plain(told: Outlook) -> dict[str, Any]:
    """The outlook as DOMAIN section 12 writes it: money and shares as text, months `YYYY-MM`."""
    return {
        "today": told.today.isoformat(),
        "horizon": told.horizon,
        "forecast": {name: _forecast(found) for name, found in told.forecast.items()},
        "posts": [_post(post, told.months) for post in told.posts],
        "cliffs": [_cliff(cliff, told.status(cliff)) for cliff in told.cliffs],
        "ladders": [_ladder(ladder) for ladder in told.ladders],
        "exposure": _exposure(told.exposure),
        "sentences": [found.text for found in told.sentences],
        "headline": told.headline.text,
        "options": [
            {
                "award": option.award,
                "extension": option.extension,
                "says": option.says,
                "by": _day(option.by),
                "passed": option.passed,
            }
            for option in told.options
        ],
        "problems": [{"path": found.path, "says": found.says} for found in told.problems],
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _month(day: date | None) -> str | None:
    return None if day is None else f"{day:%Y-%m}"


def _money(pence: int | None) -> str | None:
    return None if pence is None else pounds(int(pence))


def _number(value: Decimal | None) -> str | None:
    return None if value is None else decimal_text(value)


_MONTH_FIELDS = (
    "income",
    "cost",
    "surplus",
    "unrestricted_movement",
    "unrestricted_closing",
    "restricted_closing",
    "cash",
    "free_cash",
)


def _forecast(found: Forecast) -> dict[str, Any]:
    columns = {name: getattr(found, name).tolist() for name in _MONTH_FIELDS}
    return {
        "months": [
            {"month": _month(month)}
            | {name: pounds(figures[at]) for name, figures in columns.items()}
            for at, month in enumerate(found.months)
        ],
        "awards": [_award(award, found.months) for award in found.awards],
        "free_reserves": pounds(found.free_reserves),
        "months_cover": None if found.months_cover is None else str(found.months_cover),
        "unrestricted_months_cover": None
        if found.unrestricted_months_cover is None
        else str(found.unrestricted_months_cover),
        "cover_basis": found.cover_basis,
        "floor": _money(found.floor),
        "floor_breach_month": _month(found.floor_breach_month),
        "reserves_exhausted_month": _month(found.reserves_exhausted_month),
        "runway_whole_months": found.runway_whole_months,
    }


def _award(award: AwardForecast, months: tuple[date, ...]) -> dict[str, Any]:
    return {
        "key": award.key,
        "by_month": [
            {
                "month": _month(month),
                "income": pounds(int(award.income[at])),
                "charged": pounds(int(award.charged[at])),
                "headroom": pounds(int(award.headroom[at])),
                "balance": None if award.balance is None else pounds(int(award.balance[at])),
                "cash_held": None if award.cash_held is None else pounds(int(award.cash_held[at])),
            }
            for at, month in enumerate(months)
        ],
        "repayable": _money(award.repayable),
    }


def _by_month(figures: Pennies, months: tuple[date, ...]) -> dict[str, str]:
    return {f"{month:%Y-%m}": pounds(int(figures[at])) for at, month in enumerate(months)}


def _post(post: PostOutlook, months: tuple[date, ...]) -> dict[str, Any]:
    return {
        "key": post.key,
        "segments": [
            {
                "start": part.start.isoformat(),
                "end": part.end.isoformat(),
                "secured_pct": decimal_text(part.secured_pct),
            }
            for part in post.segments
        ],
        "funded_to": _day(post.funded_to),
        "cliff_date": _day(post.cliff_date),
        "fully_unfunded_from": _day(post.fully_unfunded_from),
        "unfunded_cost_by_month": _by_month(post.unfunded_cost, months),
        "statutory_weeks": post.statutory_weeks,
        "binding": post.binding,
        "latest_notice_calendar": _day(post.latest_notice_calendar),
        "latest_notice_working": _day(post.latest_notice_working),
        "latest_consultation_start": _day(post.latest_consultation_start),
        "consultation": _consultation(post),
        "redundancy": _redundancy(post),
        "transfer": _transfer(post),
    }


def _consultation(post: PostOutlook) -> dict[str, Any] | None:
    asked = post.consultation
    if asked is None:
        return None
    return {
        "count": asked.count,
        "collective": asked.collective,
        "statutory_days": asked.statutory_days,
        "statutory_latest_start": _day(asked.statutory_latest_start),
        "latest_start_calendar": _day(asked.latest_start_calendar),
    }


def _redundancy(post: PostOutlook) -> dict[str, Any] | None:
    paid = post.redundancy
    if paid is None:
        return None
    exact = paid.age is not None
    return {
        "age": paid.age,
        "complete_years": paid.complete_years,
        "counted_years": paid.counted_years,
        "weeks": _number(paid.weeks),
        "weeks_pay": pounds(paid.weeks_pay),
        "cap": pounds(paid.cap),
        "cap_provisional": paid.cap_provisional,
        "weeks_pay_used": pounds(paid.weeks_pay_used),
        "srp": _money(paid.srp),
        "payable": pounds(paid.payable),
        "relevant_date": paid.relevant_date.isoformat(),
        "range": None if exact else {"low": pounds(paid.low), "high": pounds(paid.high)},
    } | (
        {}
        if exact
        else {
            "weeks_from": decimal_text(paid.weeks_from),
            "weeks_to": decimal_text(paid.weeks_to),
            "srp_from": pounds(paid.low),
            "srp_to": pounds(paid.high),
        }
    )


def _transfer(post: PostOutlook) -> dict[str, Any] | None:
    moves, ending = post.transfer, post.ending
    if moves is None or ending is None:
        return None
    return {
        "date": moves.date.isoformat(),
        "awards": list(ending.passing),
        "on_end": "unknown" if ending.unknown else "transfers",
        "wholly": ending.perhaps_wholly,
        "take_advice": post.take_advice,
        "information_due": moves.information_due.isoformat(),
        "direct_consultation": moves.direct_consultation,
        "do_nothing": _ends_cost(post.do_nothing),
        "if_transfers": _ends_cost(post.if_transfers),
    }


def _ends_cost(cost: Cost) -> dict[str, str]:
    return {"redundancy": pounds(cost.redundancy), "lateness": pounds(cost.worked)}


def _cliff(cliff: Cliff, status: Status) -> dict[str, Any]:
    return {
        "kind": cliff.kind,
        "key": cliff.key,
        "date": cliff.date.isoformat(),
        "per_month": pounds(cliff.per_month),
        "over_12_months": pounds(cliff.over_12_months),
        "posts": list(cliff.posts),
        "fte": decimal_text(cliff.fte),
        "people_supported": cliff.people_supported,
        "because": list(cliff.because),
        "status": status,
        "closes": cliff.closes,
    }


def _ladder(ladder: Ladder) -> dict[str, Any]:
    return {
        "cliff": ladder.cliff,
        "rungs": [
            {
                "kind": rung.kind,
                "date": rung.date.isoformat(),
                "date_unrolled": rung.date_unrolled.isoformat(),
                "done_on": _day(rung.done_on),
                "done": rung.done,
            }
            | (
                {"meeting": _day(rung.meeting), "papers": _day(rung.papers)}
                if rung.kind == "decision"
                else {}
            )
            for rung in ladder.rungs
        ],
        "status": ladder.status,
        "act_by": _day(ladder.act_by),
        "submit_by_gap_only": _day(ladder.submit_by_gap_only),
    }


def _exposure(found: Exposure) -> dict[str, Any]:
    return {
        "redundancy": pounds(found.redundancy),
        "notice": pounds(found.notice),
        "lateness": pounds(found.lateness),
        "protective_award": pounds(found.protective_award),
        "total": pounds(found.total),
        "do_nothing": pounds(found.do_nothing),
        "if_transfers": pounds(found.if_transfers),
        "by_award": {key: pounds(pence) for key, pence in found.by_award.items()},
    }
