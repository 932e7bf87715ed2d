"""The whole outlook as calm, plain text: what a manager reads, and a trustee can be handed.

Everything in it comes from the outlook and the book's titles: no names of people. Money is shown
to the whole pound; the JSON of the same outlook has the pence.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from fundtrack.core import words
from fundtrack.core.glance import DO, rung_day, steps
from fundtrack.core.model import CERTAINTIES, LISTS
from fundtrack.core.period import add_months, month_of
from fundtrack.core.schedule import last_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from decimal import Decimal

    from fundtrack.core.employment import Redundancy
    from fundtrack.core.forecast import AwardForecast, Forecast
    from fundtrack.core.glance import Step
    from fundtrack.core.ladder import Rung
    from fundtrack.core.model import Award, Certainty, Portfolio, Post
    from fundtrack.core.outlook import Outlook
    from fundtrack.core.posts import PostOutlook

WIDTH = 96
_YEAR = 12
_COLUMN = 12
_STEP = {
    "writing": "start writing",
    "submit": "submit",
    "decision": "decision",
    "consultation": "consult",
    "notice": "notice",
    "end": "money ends",
}


def text(
    portfolio: Portfolio, told: Outlook, certainties: Sequence[Certainty] = CERTAINTIES
) -> str:
    """Return the outlook as text; the months at each of `certainties`, never blended."""
    lines = [
        *_opening(portfolio, told),
        *_act_by(portfolio, told),
        *_key_figures(told, certainties),
        *_months(told, certainties),
        *_awards(portfolio, told, certainties),
        *_options(portfolio, told),
        *_posts(portfolio, told),
        *_exposure(portfolio, told),
        *_problems(portfolio, told),
        *_basis(portfolio, told),
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


# --- what it says ------------------------------------------------------------------------------


def _opening(portfolio: Portfolio, told: Outlook) -> Iterator[str]:
    yield f"{portfolio.organisation.name}: the outlook on {words.long_day(told.today)}"
    yield f"Looking {words.count(told.horizon, 'month')} ahead, to {words.day(told.last_day)}"
    yield ""
    yield from _wrapped(told.headline.text)
    yield ""
    for number, sentence in enumerate(told.sentences, start=1):
        yield from _wrapped(f"{number}. {sentence.text}", hanging=3)


def _act_by(portfolio: Portfolio, told: Outlook) -> Iterator[str]:
    yield from _heading("Act by")
    found = sorted(steps(portfolio, told), key=lambda step: (step.act_by, step.cliff.date))
    if not found:
        yield "Nothing stops between today and the horizon."
    for number, step in enumerate(found, start=1):
        if number > 1:
            yield ""
        yield from _step(portfolio, told, step, number)


def _step(portfolio: Portfolio, told: Outlook, step: Step, number: int) -> Iterator[str]:
    cliff = step.cliff
    since = "from" if cliff.kind in ("organisation", "silent", "service") else "unfunded from"
    if cliff.kind == "award":
        what = f"{step.title}: money ends on {words.day(step.ends)}"
    else:
        what = f"{step.title}: {since} {words.day(cliff.date)}"
    yield from _wrapped(f"{number}. {what} [{step.status}]", hanging=4)
    yield from _inset(_what_next(step, told.today))
    if cliff.over_12_months:
        loss = f"{_pounds(cliff.per_month)} a month, {_pounds(cliff.over_12_months)} over 12 months"
        people = words.count(cliff.people_supported, "person", "people")
        yield from _inset(f"{loss}; {people} supported.")
    if step.posts and cliff.kind != "organisation":
        titles = "; ".join(_title(portfolio, "posts", key) for key in step.posts)
        yield from _inset(f"{_number(cliff.fte)} FTE: {titles}.")
    if step.ladder is not None:
        yield from _inset(f"Steps: {_ladder(step.ladder.rungs, told.today)}.")
        gap, sent = step.ladder.submit_by_gap_only, _is_done(step.ladder.rungs, "submit")
        if gap is not None and not sent:
            yield from _inset(f"To avoid only a gap: submit by {_day(gap, told.today)}.")
    yield from _inset(f"To close it: {cliff.closes[:1].lower()}{cliff.closes[1:]}.")


def _what_next(step: Step, today: date) -> str:
    if step.next_kind == "review":
        return f"Next: the trustees' meeting on {_day(step.act_by, today)}."
    if step.next_kind == "end":
        return f"Next: the money ends on {_day(step.act_by, today)}."
    asked = DO.get(step.next_kind, "Act")
    if step.act_by < today:
        return f"Overdue since {_day(step.act_by, today)}: {asked[:1].lower()}{asked[1:]}."
    return f"{asked} by {_day(step.act_by, today)}, {words.days_away(step.act_by, today)}."


def _is_done(rungs: Iterable[Rung], kind: str) -> bool:
    return any(rung.done for rung in rungs if rung.kind == kind)


def _ladder(rungs: Iterable[Rung], today: date) -> str:
    return "; ".join(_rung(rung, today) for rung in rungs)


def _rung(rung: Rung, today: date) -> str:
    said = f"{_STEP[rung.kind]} {_day(rung.date, today)}"
    if rung.done:
        return f"{said} (done)"
    if rung.meeting is not None and rung_day(rung, today) == rung.meeting:
        papers = f", papers {_day(rung.papers, today)}" if rung.papers else ""
        said += f" (trustees meet {_day(rung.meeting, today)}{papers})"
    elif rung.date != rung.date_unrolled:
        said += f" (a working day; the last day is {_day(rung.date_unrolled, today)})"
    return said


# --- figures -----------------------------------------------------------------------------------


def _key_figures(told: Outlook, certainties: Sequence[Certainty]) -> Iterator[str]:
    yield from _heading("Reserves")
    found = [told.forecast[certainty] for certainty in certainties]
    rows = [
        ("Free reserves", [_pounds(each.free_reserves) for each in found]),
        ("Months of all spending", [_or_none(each.months_cover) for each in found]),
        (
            "Months of unrestricted spending",
            [_or_none(each.unrestricted_months_cover) for each in found],
        ),
        ("Policy floor", [_or_none(each.floor and _pounds(each.floor)) for each in found]),
        ("Below the floor from", [_month(each.floor_breach_month) for each in found]),
        ("Gone in", [_month(each.reserves_exhausted_month) for each in found]),
        ("Runway, whole months", [_runway(each, told) for each in found]),
    ]
    yield from _table(["", *certainties], [[name, *values] for name, values in rows], first=33)


def _runway(found: Forecast, told: Outlook) -> str:
    months = found.runway_whole_months
    return f"{told.horizon} or more" if months is None else str(months)


def _months(told: Outlook, certainties: Sequence[Certainty]) -> Iterator[str]:
    """Yield the months: every figure of one certainty, or each figure at all, side by side."""
    if len(certainties) == 1:
        (certainty,) = certainties
        yield from _heading(f"Month by month, {_counted(certainty)}")
        columns = [(name, certainty, field) for field, (name, _) in _FIGURES.items()]
        yield from _month_table(told, columns)
        return
    yield from _heading("Month by month, at each certainty")
    yield from _wrapped(
        "Each column stands by itself: what is hoped for is never added to another."
    )
    for field, (_, name) in _FIGURES.items():
        if field == "cost":  # the same at every certainty, so it stands beside income
            continue
        columns = [(certainty, certainty, field) for certainty in certainties]
        if field == "income":
            columns.append(("cost", certainties[0], "cost"))
        yield ""
        yield name
        yield from _month_table(told, columns)


_FIGURES = {
    "income": ("income", "Income, and cost"),
    "cost": ("cost", "Cost"),
    "surplus": ("surplus", "Surplus: income less cost"),
    "unrestricted_movement": ("movement", "What unrestricted funds gain or lose"),
    "unrestricted_closing": ("unrestricted", "Unrestricted funds at the month's end"),
    "restricted_closing": ("restricted", "Restricted money at the month's end"),
    "cash": ("cash", "Cash at the month's end"),
    "free_cash": ("free cash", "Free cash; below zero, restricted money would be spent"),
}
"""Field of a forecast -> its column, and its table when the certainties stand side by side."""


def _month_table(told: Outlook, columns: Sequence[tuple[str, Certainty, str]]) -> Iterator[str]:
    figures = [getattr(told.forecast[certainty], field) for _, certainty, field in columns]
    rows = [
        [words.short_month(month), *(_pounds(int(values[at])) for values in figures)]
        for at, month in enumerate(told.months)
    ]
    yield from _table(["", *(name for name, _, _ in columns)], rows, first=9)


def _awards(portfolio: Portfolio, told: Outlook, certainties: Sequence[Certainty]) -> Iterator[str]:
    """Yield the awards counted, each with what it brings and bears at its own certainty."""
    yield from _heading("Awards, by the day their money ends")
    running = [award for award in portfolio.awards if last_day(award) >= told.today]
    found = [
        (award, forecast)
        for award in running
        if (forecast := _own_forecast(award, told, certainties)) is not None
    ]
    if not found:
        yield "No award runs today or later."
    for award, forecast in sorted(found, key=lambda pair: (last_day(pair[0]), pair[0].title)):
        yield from _wrapped(_award(portfolio, award, told), hanging=3)
        yield from _inset(_year_of(forecast, told))


def _own_forecast(
    award: Award, told: Outlook, certainties: Sequence[Certainty]
) -> AwardForecast | None:
    """Return an award's figures at the least of the certainties at which it counts."""
    forecasts = (told.forecast[certainty].awards for certainty in certainties)
    return next((each for found in forecasts for each in found if each.key == award.key), None)


def _award(portfolio: Portfolio, award: Award, told: Outlook) -> str:
    funder = f", {_title(portfolio, 'funders', award.funder)}" if award.funder else ""
    ends = _plain_day(last_day(award), told.today)
    stage = award.stage.replace("-", " ")
    return f"{ends}: {award.title}{funder}: {_pounds(award.amount)} ({stage})"


def _year_of(found: AwardForecast, told: Outlook) -> str:
    """Say what an award brings and bears in the next twelve months."""
    first = month_of(told.today)
    year = [at for at, month in enumerate(told.months) if first <= month < add_months(first, _YEAR)]
    income = sum(int(found.income[at]) for at in year)
    wanted = sum(int(found.wanted[at]) for at in year)
    said = f"Next {words.count(len(year), 'month')}: income {_pounds(income)}"
    if wanted:
        short = f", {_pounds(wanted - income)} more than it brings" if wanted > income else ""
        said += f", asked to pay {_pounds(wanted)}{short}"
    if found.repayable:
        said += f"; {_pounds(found.repayable)} may have to be given back at its end"
    return f"{said}."


def _options(portfolio: Portfolio, told: Outlook) -> Iterator[str]:
    if not told.options:
        return
    yield from _heading("Dates that contracts leave open")
    for option in told.options:
        passed = " (passed)" if option.passed else ""
        title = _title(portfolio, "awards", option.award)
        yield from _wrapped(
            f"{title}: {option.says} {_plain_day(option.by, told.today)}{passed}", hanging=3
        )


# --- posts -------------------------------------------------------------------------------------


def _posts(portfolio: Portfolio, told: Outlook) -> Iterator[str]:
    yield from _heading("Posts")
    if not told.posts:
        yield "No posts yet."
        return
    yield words.PLANNING
    for post in told.posts:
        yield ""
        yield from _post(portfolio, portfolio.posts_by_key[post.key], post, told)


def _post(portfolio: Portfolio, post: Post, found: PostOutlook, told: Outlook) -> Iterator[str]:
    yield f"{post.title} ({_number(post.fte)} FTE)"
    if not found.segments:
        yield from _inset("Nobody is in this post between today and the horizon.")
        return
    yield from _inset(_cover(found, told))
    yield from _inset(f"Secured: {_segments(found, told.today)}.")
    if found.notice is not None and found.ending is not None:
        yield from _inset(_notice(found, told.today))
    if found.redundancy is not None:
        yield from _inset(_redundancy(found, found.redundancy, told.today))
    if found.lateness is not None:
        late = found.lateness
        yield from _inset(
            f"Notice would be late: {_pounds(late.worked)} more if worked to "
            f"{_day(late.until, told.today)}, or {_pounds(late.in_lieu)} paid instead."
        )
    if found.transfer is not None:
        yield from _inset(_transfer(portfolio, found, told.today))
    for flag in found.flags:
        yield from _inset(words.sentence(f"{flag.says}."))


def _cover(found: PostOutlook, told: Outlook) -> str:
    """Say since when each certainty leaves the post short."""
    if found.cliff_date is None and found.funded_to is not None:
        return f"Paid for on secured money to {_plain_day(found.funded_to, told.today)}."
    short = "; ".join(
        f"{_counted(certainty)}, {_since(day, told.today)}"
        for certainty, day in found.short_from.items()
    )
    wholly = found.fully_unfunded_from
    ending = f" Nothing secured pays from {_plain_day(wholly, told.today)}." if wholly else ""
    return f"Not wholly paid: {short}.{ending}"


def _since(day: date | None, today: date) -> str:
    if day is None:
        return "not before the horizon"
    return "already today" if day <= today else f"from {_plain_day(day, today)}"


def _segments(found: PostOutlook, today: date) -> str:
    return "; ".join(
        f"{_number(part.secured_pct)} % to {_plain_day(part.end, today)}" for part in found.segments
    )


def _notice(found: PostOutlook, today: date) -> str:
    """Say by when to give notice and to consult, if the post ends when its money does."""
    notice, asked, ending = found.notice, found.consultation, found.ending
    if notice is None or ending is None:
        return ""
    said = f"If it ends on {_plain_day(ending.last_day, today)}: "
    if notice.binding == "none":
        said += "no notice is due"
    else:
        longer = "" if notice.binding == "statutory" else "; the contract asks for more"
        weeks = words.count(notice.weeks, "week")
        said += f"notice by {_day(notice.working, today)} ({weeks} by statute{longer})"
    if found.latest_consultation_start is not None:
        said += f", consultation from {_day(found.latest_consultation_start, today)}"
    if asked is not None and asked.collective:
        said += f" ({asked.count} posts together: collective, {asked.statutory_days} days)"
    return f"{said}."


def _redundancy(found: PostOutlook, paid: Redundancy, today: date) -> str:
    """Say what is due, and on what service; never the week's pay, which is a person's salary."""
    years = words.count(paid.complete_years, "complete year")
    basis = f"{years} on {_plain_day(paid.relevant_date, today)}"
    agreed = ", its agreed end" if found.ending is not None and found.ending.agreed else ""
    if not paid.counted_years:
        return f"Redundancy pay: none is due by statute ({basis}{agreed}; 2 are needed)."
    cap = "; the cap is provisional" if paid.cap_provisional else ""
    if paid.weeks is None:
        low, high = _pounds(paid.low), _pounds(paid.high)
        counted = f"counted: {_pounds(paid.payable)}"
        return (
            f"Redundancy pay: {low} to {high} without a birth date; {counted} "
            f"({basis}{agreed}{cap})."
        )
    weeks = f"{_number(paid.weeks)} weeks' pay"
    return f"Redundancy pay: {_pounds(paid.payable)} ({basis}{agreed}: {weeks}{cap})."


def _transfer(portfolio: Portfolio, found: PostOutlook, today: date) -> str:
    moves, ending = found.transfer, found.ending
    if moves is None or ending is None:
        return ""
    awards = ", ".join(_title(portfolio, "awards", key) for key in ending.passing)
    said = f"May move to another provider with {awards} on {_plain_day(moves.date, today)} (TUPE): "
    said += f"employee information is due by {_plain_day(moves.information_due, today)}"
    if ending.unknown:
        said += f". If it moves, ending this post costs {_pounds(found.if_transfers.total)}"
    said += f". If nobody takes it on: {_pounds(found.do_nothing.total)}"
    return f"{said}. Take advice." if found.take_advice else f"{said}."


# --- the rest ----------------------------------------------------------------------------------


def _exposure(portfolio: Portfolio, told: Outlook) -> Iterator[str]:
    found = told.exposure
    yield from _heading("If nothing is renewed")
    yield words.PLANNING
    rows = [
        ["Redundancy pay", words.money(found.redundancy)],
        ["Late notice, worked", words.money(found.lateness)],
        ["Together", words.money(found.total)],
        ["Late notice, paid instead", words.money(found.notice)],
        ["Protective award, beside the total", words.money(found.protective_award)],
    ]
    if found.do_nothing != found.total:
        rows.append(["Together, if nobody transfers", words.money(found.do_nothing)])
    if found.if_transfers != found.total:
        rows.append(["Together, if all that may transfer do", words.money(found.if_transfers)])
    yield from _table(["", ""], rows, first=40)
    if found.by_award:
        yield ""
        yield "Of that, by the award that pays (a shared post stands under each):"
        listed = [
            [_title(portfolio, "awards", key), words.money(pence)]
            for key, pence in found.by_award.items()
        ]
        yield from _table(["", ""], listed, first=40)


def _problems(portfolio: Portfolio, told: Outlook) -> Iterator[str]:
    yield from _heading("What makes these figures doubtful")
    if not told.problems:
        yield "Nothing found."
    for problem in told.problems:
        where = _named(portfolio, problem.path)
        yield from _wrapped(f"{where}: {problem.says}", hanging=3)


def _basis(portfolio: Portfolio, told: Outlook) -> Iterator[str]:
    as_at = words.day(portfolio.organisation.balances.as_at)
    yield from _heading("Basis")
    yield from _wrapped(
        f"A planning view, not accounts under the charities SORP. Balances as at the start of "
        f"{as_at}. Secured is awarded and live money; probable adds what is agreed in principle; "
        "possible adds bids and ideas. Months of cover divide free reserves by the average month "
        "of the first 12. Rounded to the pound; the JSON of this outlook has the pence."
    )
    if any(post.redundancy and post.redundancy.cap_provisional for post in told.posts):
        yield from _wrapped("Provisional: a statutory cap that is not published yet was used.")


# --- words and lines ---------------------------------------------------------------------------


def _counted(certainty: Certainty) -> str:
    return {
        "secured": "secured money only",
        "probable": "counting probable",
        "possible": "counting possible",
    }[certainty]


def _title(portfolio: Portfolio, name: str, key: str | None) -> str:
    record = portfolio.find(name, key or "")
    found = getattr(record, "title", None) or getattr(record, "name", None)
    return str(found or key)


def _named(portfolio: Portfolio, path: str) -> str:
    """Return a path with the record's title in the place of its list and number."""
    name, _, rest = path.partition(".")
    at, _, field = rest.partition(".")
    if name not in LISTS:
        return path
    records = portfolio.records(name)
    key = records[int(at)].key if at.isdecimal() and int(at) < len(records) else at
    title = _title(portfolio, name, key)
    return f"{title}, {field.replace('_', ' ').replace('.', ' ')}" if field else title


def _day(day: date, today: date) -> str:
    """Thu 3 Dec, with its year unless that is this year's: a day to act by."""
    return f"{words.weekday(day)[:3]} {_plain_day(day, today)}"


def _plain_day(day: date, today: date) -> str:
    return words.short_day(day, year=day.year != today.year)


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _pounds(pence: int) -> str:
    return words.whole_pounds(pence)


def _or_none(value: object) -> str:
    return "none" if value is None else str(value)


def _month(month: date | None) -> str:
    return "not by then" if month is None else words.short_month(month)


def _heading(name: str) -> list[str]:
    return ["", "", name, "-" * len(name)]


def _wrapped(line: str, *, hanging: int = 0) -> list[str]:
    return textwrap.wrap(line, WIDTH, subsequent_indent=" " * hanging, break_on_hyphens=False)


def _inset(line: str) -> list[str]:
    space = " " * 3
    return textwrap.wrap(
        line, WIDTH, initial_indent=space, subsequent_indent=space * 2, break_on_hyphens=False
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], first: int) -> Iterator[str]:
    width = max(_COLUMN, *(len(name) + 2 for name in head[1:]))
    for row in ([head] if any(head) else []) + list(rows):
        name, *values = row
        yield f"{name:<{first}}" + "".join(f"{value:>{width}}" for value in values)
