"""The one-page report for trustees: every word and figure of it, worked out once.

NEEDS, "One-page trustee runway report". The page, its preview and its workbook all speak from one
`BoardPack`, so that they cannot disagree. Posts are counted, never named, and no salary is told.
Secured, probable and possible money stand side by side, never blended. Money is whole pence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from fundtrack.core import board_figures as figures
from fundtrack.core import words
from fundtrack.core.board_changes import changes
from fundtrack.core.board_decisions import Decision, agenda, meetings
from fundtrack.core.board_figures import (
    BLANK,
    Figure,
    KeyLine,
    income_in_year_to,
    key_lines,
)
from fundtrack.core.board_scenarios import ScenarioRow, scenarios, stresses
from fundtrack.core.comparison import unfunded_fte
from fundtrack.core.deadlines import Due, deadlines
from fundtrack.core.forecast import recorded
from fundtrack.core.glance import average_spending, endings
from fundtrack.core.model import CERTAINTIES
from fundtrack.core.period import APRIL, ONE_DAY, month_end, month_of
from fundtrack.core.plain import decimal_text
from fundtrack.core.sentences import Sentence
from fundtrack.core.sources import year_places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fundtrack.core.glance import Ending
    from fundtrack.core.model import Award, Certainty, Evidence, Portfolio
    from fundtrack.core.outlook import Outlook

_QUARTERS = 6
_YEAR = timedelta(days=365)
_NEXT_RETURNS = 3
_OWED = ("return", "claim")
_WORD: dict[str, str] = {"secured": "Secured", "probable": "Probable", "possible": "Possible"}
COVERS = (*CERTAINTIES, "unfunded")
"""What a post's cost is covered by, from the surest."""
GRADES = (
    "no promise",
    "a hint",
    "spoken",
    "e-mail",
    "published decision",
    "offer letter",
    "signed",
    "first payment",
)
"""What each grade of evidence is, in words (0 to 7)."""
_GRADE_OF: dict[Certainty, int] = {"secured": 5, "probable": 3, "possible": 0}
GOING_CONCERN = ("Period looked at", "Material uncertainty", "Basis")
"""What trustees fill in by hand."""


@dataclass(frozen=True, slots=True)
class Bar:
    """How long free reserves last at one certainty.

    They are at or above policy until the month `below`, and above nought until the month `gone`;
    None is not by the last month shown. `label` and `end` say so in words.
    """

    certainty: Certainty
    name: str
    below: date | None
    gone: date | None
    runway: Figure
    label: str
    end: str


@dataclass(frozen=True, slots=True)
class Runway:
    """The bars on one axis of months; `meetings` are the trustees', `says` all of it in words."""

    months: tuple[date, ...]
    bars: tuple[Bar, ...]
    meetings: tuple[date, ...]
    note: str
    says: str


@dataclass(frozen=True, slots=True)
class EndingMoney:
    """An award that ends within twelve months, what hangs on it, and how sure its renewal is.

    `a_year` is what it brings in its last twelve months; `act_by` the last safe day of the next
    step.
    """

    title: str
    ends: Figure
    a_year: Figure
    posts: Figure
    fte: Figure
    people: Figure
    renewal: str
    decision: Figure
    act_by: Figure


@dataclass(frozen=True, slots=True)
class CoverRow:
    """How much FTE one kind of money pays for, quarter by quarter."""

    cover: str
    name: str
    fte: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class PostsByQuarter:
    """FTE by quarter, each in its first month. `cost` says what it costs if nothing is renewed."""

    months: tuple[date, ...]
    rows: tuple[CoverRow, ...]
    total: tuple[Figure, ...]
    note: str
    cost: str
    redundancy: Figure
    late_notice: Figure
    says: str


@dataclass(frozen=True, slots=True)
class Returns:
    """How returns to funders stand: on time in the last year, overdue, next, and queried."""

    on_time: Figure
    due: Figure
    overdue: tuple[tuple[str, Figure], ...]
    next: tuple[tuple[str, Figure], ...]
    queries: Figure
    says: str


@dataclass(frozen=True, slots=True)
class BoardPack:
    """The whole report. `since` is the day that figures are compared with, None for no day."""

    charity: str
    title: str
    purpose: str
    figures_at: str
    prepared: str
    version: str
    today: date
    as_at: date
    meeting: date | None
    since: date | None
    sentences: tuple[Sentence, ...]
    decisions: tuple[Decision, ...]
    later: str
    runway: Runway
    key_basis: str
    key_lines: tuple[KeyLine, ...]
    endings: tuple[EndingMoney, ...]
    posts: PostsByQuarter
    scenarios: tuple[ScenarioRow, ...]
    scenarios_note: str
    returns: Returns
    changes: tuple[str, ...]
    basis: tuple[str, ...]
    going_concern: tuple[str, ...] = GOING_CONCERN


def board_pack(
    portfolio: Portfolio,
    told: Outlook,
    earlier: Outlook | None = None,
    *,
    prepared_by: str = "",
    version: str = "",
    kept_from: date | None = None,
) -> BoardPack:
    """The report on a book as its outlook tells it.

    `earlier` is the outlook of the book as it stood at the last meeting, on that day; without it
    nothing is compared. `kept_from` is as for `deadlines`. `version` names what made the report.
    """
    organisation = portfolio.organisation
    meeting, _ = meetings(told)
    asked = agenda(told)
    by = f" by {prepared_by.strip()}" if prepared_by.strip() else ""
    return BoardPack(
        charity=organisation.name,
        title=f"{organisation.name}: trustee report",
        purpose=_purpose(meeting),
        figures_at=f"Figures at the end of {words.short_day(_eve(portfolio))}",
        prepared=f"Prepared {words.short_day(told.today)}{by}",
        version=version,
        today=told.today,
        as_at=organisation.balances.as_at,
        meeting=meeting,
        since=None if earlier is None else earlier.today,
        sentences=_sentences(portfolio, told),
        decisions=asked.now,
        later=asked.later,
        runway=_runway(portfolio, told),
        key_basis=f"on secured money; {_spending(told)}",
        key_lines=key_lines(told, earlier),
        endings=tuple(_ending(portfolio, told, found) for found in endings(portfolio, told)),
        posts=_posts(portfolio, told),
        scenarios=scenarios(told),
        scenarios_note="lowest, and FTE unfunded, in 12 months",
        returns=_returns(portfolio, told, kept_from),
        changes=() if earlier is None else changes(told, earlier) or ("Nothing has changed.",),
        basis=tuple(_basis(portfolio, told, earlier)),
    )


def compared_on(portfolio: Portfolio, today: date) -> date | None:
    """The day to compare with: the trustees' last meeting before today, None if none is kept."""
    before = [day for day in portfolio.organisation.board_meetings if day < today]
    return max(before, default=None)


def more(number: int, shown: int) -> str:
    """What to say below a list that is cut: and 12 more. Nothing where all of it is shown."""
    return f"and {words.count(number - shown, 'more', 'more')}" if number > shown else ""


def _eve(portfolio: Portfolio) -> date:
    """The last day of what the balances hold: they stand at the start of the next."""
    return portfolio.organisation.balances.as_at - ONE_DAY


def _spending(told: Outlook) -> str:
    return f"all spending is {words.whole_pounds(average_spending(told))} a month"


def _purpose(meeting: date | None) -> str:
    if meeting is None:
        return "For the trustees. The book has no date for their next meeting."
    return f"For the trustees' meeting of {words.long_day(meeting)}."


def _sentences(portfolio: Portfolio, told: Outlook) -> tuple[Sentence, ...]:
    """The outlook's three, and in words what a figure alone might hide."""
    secured, probable, reserves = told.sentences
    balances = portfolio.organisation.balances
    cover: tuple[Sentence, ...] = (secured, probable)
    if not any(post.segments for post in told.posts):
        cover = (Sentence("The book has no filled posts."),)
    if not recorded(balances):
        return *cover, Sentence("The book has no balances, so free reserves are not known.")
    return (*cover, reserves, *_warnings(portfolio, told))


def _warnings(portfolio: Portfolio, told: Outlook) -> Iterator[Sentence]:
    """What restricted money hides: that it is all there is, or that it would be spent."""
    balances, secured = portfolio.organisation.balances, told.forecast["secured"]
    if secured.free_reserves < 0 < (balances.restricted or 0):
        strong = "solvent only by using restricted money"
        yield Sentence(f"The charity is {strong}.", (strong,))
    short = [secured.months[at] for at in year_places(told) if secured.free_cash[at] < 0]
    if short and balances.cash is not None:
        since = words.month_name(short[0])
        strong = "you would be spending restricted money"
        yield Sentence(f"On secured money alone, {strong} in {since}.", (strong, since))


# --- how long free reserves last -----------------------------------------------------------------


def _runway(portfolio: Portfolio, told: Outlook) -> Runway:
    first = month_of(told.today)
    months = tuple(month for month in told.months if month >= first)
    known = recorded(portfolio.organisation.balances) and bool(months)
    bars = tuple(_bar(told, name, months[-1]) for name in CERTAINTIES) if known else ()
    until = month_end(months[-1]) if months else told.today
    listed = sorted(set(portfolio.organisation.board_meetings))
    floor = told.forecast["secured"].floor
    if not known:
        note = "Not known: the book has no balances."
    elif floor is None:
        note = "Filled: free reserves above nought. No reserves policy is set."
    else:
        policy = words.whole_pounds(floor)
        note = f"Filled: free reserves at or above policy ({policy}). Dashed: below it, not gone."
    says = "; ".join(f"{bar.name} {_said(bar)}" for bar in bars)
    return Runway(
        months=months,
        bars=bars,
        meetings=tuple(day for day in listed if told.today <= day <= until),
        note=note,
        says=f"Free reserves: {says}" if says else note,
    )


def _said(bar: Bar) -> str:
    return f"{bar.label}, {bar.end}" if bar.label else bar.end


def _bar(told: Outlook, certainty: Certainty, last: date) -> Bar:
    found = told.forecast[certainty]
    below, gone = found.floor_breach_month, found.reserves_exhausted_month
    end = f"gone {words.short_month(gone)}" if gone else f"not gone by {words.short_month(last)}"
    label = ""
    if found.floor is not None and below is None:
        end = f"above policy to {words.short_month(last)}"
    elif below is not None and below != gone:
        label = f"below policy from {words.short_month(below)}"
    runway = found.runway_whole_months
    return Bar(
        certainty=certainty,
        name=_WORD[certainty] if certainty == "secured" else f"+ {_WORD[certainty]}",
        below=below,
        gone=gone,
        runway=Figure(f"{told.horizon} or more") if runway is None else figures.count(runway),
        label=label,
        end=end,
    )


# --- money ending within twelve months -----------------------------------------------------------


def _ending(portfolio: Portfolio, told: Outlook, found: Ending) -> EndingMoney:
    cliff = next(
        (each for each in told.cliffs if each.kind == "award" and each.key == found.key), None
    )
    ladder = None if cliff is None else told.ladder(cliff)
    renewal = portfolio.awards_by_key.get(found.renewal or "")
    expected = renewal.bid.decision_expected if renewal is not None and renewal.bid else None
    decided = found.certainty == "secured"
    act_by = BLANK if ladder is None else figures.near_day(ladder.act_by, told.today, "all done")
    if ladder is not None and ladder.status == "overdue":
        act_by = Figure(act_by.text, act_by.value, act_by.unit, "overdue")
    return EndingMoney(
        title=found.title,
        ends=figures.day(found.end),
        a_year=figures.pounds(income_in_year_to(portfolio.awards_by_key[found.key], found.end)),
        posts=figures.count(len(found.posts)),
        fte=figures.fte(found.fte or Decimal(0)),
        people=figures.count(0 if cliff is None else cliff.people_supported),
        renewal=_renewal(portfolio, renewal, found.certainty, told.today),
        decision=Figure("decided") if decided else figures.near_day(expected, told.today),
        act_by=act_by,
    )


def _renewal(
    portfolio: Portfolio, renewal: Award | None, certainty: Certainty | None, today: date
) -> str:
    """How certain what follows is, and the latest word on it: never who said it."""
    if renewal is None or certainty is None:
        return "None in the book"
    said = [each for each in portfolio.evidence if each.award == renewal.key]
    if not said:
        return f"{_WORD[certainty]}: no evidence"
    latest = max(said, key=lambda each: each.on)
    return f"{_WORD[certainty]}: {_evidence(latest, certainty, today)}"


def _evidence(latest: Evidence, certainty: Certainty, today: date) -> str:
    day = words.near_day(latest.on, today)
    if latest.grade is None or not 0 <= latest.grade < len(GRADES):
        return f"ungraded, {day}"
    only = "only " if latest.grade < _GRADE_OF[certainty] else ""
    return f"{only}{GRADES[latest.grade]}, {day}"


# --- posts by quarter ----------------------------------------------------------------------------


def _posts(portfolio: Portfolio, told: Outlook) -> PostsByQuarter:
    months = _quarters(portfolio, told)
    totals = [_fte_in(portfolio, told, month) for month in months]
    short = {name: [unfunded_fte(told, name, month) for month in months] for name in CERTAINTIES}
    secured, probable, possible = (short[name] for name in CERTAINTIES)
    parts = {
        "secured": [_less(total, gap) for total, gap in zip(totals, secured, strict=True)],
        "probable": [_less(gap, left) for gap, left in zip(secured, probable, strict=True)],
        "possible": [_less(gap, left) for gap, left in zip(probable, possible, strict=True)],
        "unfunded": possible,
    }
    rows = tuple(
        CoverRow(cover, cover.capitalize(), tuple(figures.fte(value) for value in parts[cover]))
        for cover in COVERS
    )
    now = figures.fte(totals[0]).text if totals else "0.00"
    exposure = told.exposure
    return PostsByQuarter(
        months=months,
        rows=rows if any(totals) else (),
        total=tuple(figures.fte(total) for total in totals),
        note=f"FTE, {now} now",
        cost=_cost_of_ending(told) if any(totals) else "",
        redundancy=figures.pounds(exposure.redundancy),
        late_notice=figures.pounds(exposure.lateness),
        says=_posts_say(months, totals, secured) if any(totals) else "No posts in the book yet.",
    )


def _quarters(portfolio: Portfolio, told: Outlook) -> tuple[date, ...]:
    """This month and the first months of the financial quarters after it."""
    ahead = [month for month in told.months if month >= month_of(told.today)]
    start = portfolio.organisation.year_start_month or APRIL
    firsts = [month for month in ahead[1:] if (month.month - start) % 3 == 0]
    return tuple((*ahead[:1], *firsts)[:_QUARTERS])


def _fte_in(portfolio: Portfolio, told: Outlook, month: date) -> Decimal:
    """The FTE of the posts that exist in a month."""
    total = sum(
        (
            portfolio.posts_by_key[post.key].fte
            for post in told.posts
            if any(part.start <= month_end(month) and month <= part.end for part in post.segments)
        ),
        Decimal(0),
    )
    return total.quantize(Decimal("0.01"))


def _less(whole: Decimal, part: Decimal) -> Decimal:
    return max(Decimal(0), whole - part)


def _posts_say(months: Sequence[date], totals: Sequence[Decimal], short: Sequence[Decimal]) -> str:
    last = words.month_name(months[-1])
    return (
        f"{figures.fte(totals[0]).text} FTE now, {figures.fte(short[0]).text} of it not on secured "
        f"money; in {last} {figures.fte(short[-1]).text} of {figures.fte(totals[-1]).text} FTE"
    )


def _cost_of_ending(told: Outlook) -> str:
    """What it costs if nothing is renewed: posts counted, redundancy pay and late notice."""
    ending = [post for post in told.posts if post.ending is not None and not post.ending.wholly]
    if not ending:
        return "If nothing is renewed, no post ends within the forecast."
    named = told.workings.portfolio.posts_by_key
    fte = sum((named[post.key].fte for post in ending), Decimal(0))
    last = max(post.ending.last_day for post in ending if post.ending is not None)
    number = f"{words.count(len(ending), 'post')} ({decimal_text(fte)} FTE)"
    verb = "ends" if len(ending) == 1 else "end"
    exposure = told.exposure
    redundancy, late = map(words.whole_pounds, (exposure.redundancy, exposure.lateness))
    said = f"If nothing is renewed, {number} {verb} by {words.short_day(last)}: redundancy pay "
    said += f"{redundancy}, late notice {late}"
    if exposure.do_nothing > exposure.total:
        most = words.whole_pounds(exposure.do_nothing)
        said += f"; {most} in all if no work that may pass to another provider does"
    return f"{said}."


# --- returns -------------------------------------------------------------------------------------


def _returns(portfolio: Portfolio, told: Outlook, kept_from: date | None) -> Returns:
    found = [due for due in deadlines(portfolio, told, kept_from=kept_from) if due.kind in _OWED]
    past = [due for due in found if told.today - _YEAR <= due.due < told.today]
    overdue = [due for due in found if due.overdue]
    judged = [due for due in past if due.done_on is not None] + overdue
    on_time = [due for due in judged if due.done_on is not None and due.done_on <= due.due]
    ahead = [due for due in found if not due.done and due.due >= told.today][:_NEXT_RETURNS]
    queries = sum(1 for sent in portfolio.returns if sent.status == "queried")
    return Returns(
        on_time=figures.count(len(on_time)),
        due=figures.count(len(judged)),
        overdue=tuple(_owed(portfolio, due) for due in overdue),
        next=tuple(_owed(portfolio, due) for due in ahead),
        queries=figures.count(queries),
        says=_returns_say(portfolio, told, judged, len(on_time), ahead, queries),
    )


def _owed(portfolio: Portfolio, due: Due) -> tuple[str, Figure]:
    """Which award a return is for, and when it is due: the deadline's own title may name people."""
    award = portfolio.awards_by_key.get(due.award or "")
    return ("A return" if award is None else award.title), figures.day(due.due)


def _returns_say(
    portfolio: Portfolio,
    told: Outlook,
    judged: list[Due],
    on_time: int,
    ahead: list[Due],
    queries: int,
) -> str:
    overdue = [due for due in judged if due.overdue]
    said = (
        f"Returns on time in 12 months: {on_time} of {len(judged)}"
        if judged
        else "No return fell due in the last 12 months"
    )
    if overdue:
        title, _ = _owed(portfolio, overdue[0])
        first = f"{figures.short_name(title)}, due {words.near_day(overdue[0].due, told.today)}"
        rest = more(len(overdue), 1)
        said += f"; {len(overdue)} overdue ({' '.join(filter(None, (first, rest)))})"
    days = ", ".join(dict.fromkeys(words.near_day(due.due, told.today) for due in ahead))
    said += f". Next: {days or 'none'}. Queries open: {queries}."
    return said


# --- basis ---------------------------------------------------------------------------------------


def _basis(portfolio: Portfolio, told: Outlook, earlier: Outlook | None) -> Iterator[str]:
    yield "Secured: awarded or live. Probable: agreed in principle. Possible: bids and ideas."
    yield (
        "Free reserves: total funds less restricted, endowed and designated funds and fixed "
        "assets. Money counts once, when agreed."
    )
    yield stresses(told)
    yield from _doubts(portfolio, told, earlier)
    yield "A planning view, not the accounts."
    yield words.PLANNING


def _doubts(portfolio: Portfolio, told: Outlook, earlier: Outlook | None) -> Iterator[str]:
    """What is missing or unsure, said plainly."""
    organisation = portfolio.organisation
    balances = organisation.balances
    missing = {
        "balances": recorded(balances),
        "cash at bank": balances.cash is not None,
        "restricted funds": balances.restricted is not None,
        "a reserves policy": organisation.reserves_policy is not None,
        "costs marked as overhead": any(cost.kind == "overhead" for cost in portfolio.costs),
    }
    absent = [name for name, there in missing.items() if not there]
    if absent:
        yield f"Not in the book: {', '.join(absent)}."
    if earlier is None:
        yield "Not compared: the book keeps nothing from before the last meeting."
    if told.problems:
        entries = words.count(len(told.problems), "entry", "entries")
        yield f"Unsure: {entries} to look at in the book."
    if any(post.redundancy and post.redundancy.cap_provisional for post in told.posts):
        yield "Provisional: a redundancy cap is not published yet."
