"""The outlook at a glance: what to do first, the figures that matter, and whose job is at risk.

Everything here is picked from the outlook, or follows from it in one step, so that the window,
a report and the board pack can say the same. Money is whole pence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from fundtrack.core import words
from fundtrack.core.cliffs import status_on
from fundtrack.core.forecast import recorded
from fundtrack.core.model import CERTAINTIES, LISTS
from fundtrack.core.money import round_half_up
from fundtrack.core.period import APRIL, add_months, financial_quarter, month_of
from fundtrack.core.schedule import NEVER, last_day, rank
from fundtrack.core.sources import sources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fundtrack.core.cliffs import Cliff
    from fundtrack.core.errors import Problem
    from fundtrack.core.ladder import Ladder, Rung
    from fundtrack.core.model import Award, Certainty, Portfolio, Post
    from fundtrack.core.outlook import Outlook
    from fundtrack.core.posts import PostOutlook

_SECURED: Certainty = "secured"
_YEAR = 12
_WHOLE = 100
_ORGANISATION = {
    "policy": "Free reserves below policy",
    "reserves": "Free reserves gone",
    "free-cash": "Free cash gone: restricted money would be spent",
    "income": "Income down a fifth or more",
}
STATUSES = ("overdue", "act now", "soon", "watch", "clear")
DO = {
    "writing": "Start writing",
    "submit": "Submit the bid",
    "decision": "Trustees decide",
    "consultation": "Start consultation",
    "notice": "Give notice",
    "end": "Money ends",
}
"""What each rung asks for, as a verb."""


@dataclass(frozen=True, slots=True)
class Step:
    """One row of "Act by": what ends, and the dated rungs before it.

    `posts` are those that lose money with it; `act_by` the day of the first rung not done.
    """

    key: str
    title: str
    cliff: Cliff
    ladder: Ladder | None
    posts: tuple[str, ...]
    act_by: date
    next_kind: str
    status: str

    @property
    def ends(self) -> date:
        """The last day of the money: the day before the cliff."""
        return self.cliff.date - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Answer:
    """The manager's question answered in words; `strong` are the parts to embolden."""

    text: str
    strong: tuple[str, ...]
    status: str
    step: str | None


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One figure, its basis, and how it stands."""

    name: str
    value: str
    basis: str
    status: str
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ending:
    """An award that ends within twelve months, and how sure what follows it is."""

    key: str
    title: str
    end: date
    a_year: int | None
    fte: Decimal | None
    posts: tuple[str, ...]
    renewal: str | None
    certainty: Certainty | None


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A post that is not wholly paid for, from when, and by when to act."""

    key: str
    title: str
    fte: Decimal
    unfunded_from: date
    secured_then: Decimal
    consult_by: date | None
    notice_by: date | None
    act_by: date | None
    status: str
    transfers: bool
    """It passes to the next provider with a contract, so no notice may be given."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something stored that wants a look: the record (`awards.mopac-core`), and what is odd."""

    record: str
    title: str
    says: str


@dataclass(frozen=True, slots=True)
class Glance:
    """What the first page says."""

    answer: Answer
    steps: tuple[Step, ...]
    figures: tuple[KeyFigure, ...]
    figures_basis: str
    endings: tuple[Ending, ...]
    at_risk: tuple[AtRisk, ...]
    doubts: tuple[Doubt, ...]
    quarter: str
    balances: str


def glance(portfolio: Portfolio, outlook: Outlook) -> Glance:
    """Pick what the first page says of a book."""
    found = steps(portfolio, outlook)
    return Glance(
        answer=answer(outlook, found),
        steps=found,
        figures=key_figures(portfolio, outlook),
        figures_basis=_figures_basis(portfolio, outlook),
        endings=endings(portfolio, outlook),
        at_risk=at_risk(portfolio, outlook),
        doubts=(
            *(_doubt(portfolio, problem) for problem in outlook.problems),
            *_not_typed_yet(portfolio, outlook),
        ),
        quarter=financial_quarter(
            outlook.today, portfolio.organisation.year_start_month or APRIL
        ).name,
        balances=f"Balances as at {words.short_day(portfolio.organisation.balances.as_at)}",
    )


# --- act by ------------------------------------------------------------------------------


def steps(portfolio: Portfolio, outlook: Outlook) -> tuple[Step, ...]:
    """Every cliff once, by the first day to act.

    A post whose money ends with an award stands in that award's row; a service is named only for
    what no other row says.
    """
    ladders = {ladder.cliff: ladder for ladder in outlook.ladders}
    dates = {post.key: post.cliff_date for post in outlook.posts}
    told: set[str] = set()
    found: list[Step] = []
    by_kind = sorted(outlook.cliffs, key=lambda cliff: _KIND_ORDER.index(cliff.kind))
    for cliff in by_kind:
        posts = cliff.posts
        if (cliff.kind == "service" and told.issuperset(posts) and posts) or (
            cliff.kind == "post" and cliff.key in told
        ):
            continue
        if cliff.kind == "award":
            told.update(key for key in posts if dates.get(key) == cliff.date)
        elif cliff.kind in ("post", "service"):
            told.update(posts)
        ladder = ladders.get(f"{cliff.kind}:{cliff.key}")
        found.append(_step(portfolio, outlook, cliff, ladder, posts))
    return tuple(sorted(found, key=_first_to_act))


def _first_to_act(step: Step) -> tuple[bool, date, date, str]:
    """By the day to act; what has no day of its own (a silent cliff) stands last."""
    return step.cliff.kind == "silent", step.act_by, step.cliff.date, step.key


_KIND_ORDER = ("award", "post", "service", "organisation", "silent")


def _step(
    portfolio: Portfolio,
    outlook: Outlook,
    cliff: Cliff,
    ladder: Ladder | None,
    posts: tuple[str, ...],
) -> Step:
    rung = next_rung(ladder)
    act_by, kind = cliff.date, "end"
    if rung is not None:
        act_by, kind = rung_day(rung, outlook.today), rung.kind
    status = ladder.status if ladder else status_on(act_by, outlook.today)
    if ladder is None:
        meeting = _meeting_before(portfolio, outlook.today, cliff.date)
        act_by, kind = (meeting, "review") if meeting else (act_by, kind)
        status = "watch" if cliff.kind == "silent" else status_on(act_by, outlook.today)
    return Step(
        key=f"{cliff.kind}:{cliff.key}",
        title=_title(portfolio, cliff),
        cliff=cliff,
        ladder=ladder,
        posts=posts,
        act_by=act_by,
        next_kind=kind,
        status=status,
    )


def next_rung(ladder: Ladder | None) -> Rung | None:
    """The first rung not yet done, or None."""
    if ladder is None:
        return None
    return next((rung for rung in ladder.rungs if not rung.done), None)


def rung_day(rung: Rung, today: date) -> date:
    """The day to act on a rung: the trustees' meeting before a decision, while it is to come."""
    if rung.kind == "decision" and rung.meeting is not None and rung.meeting >= today:
        return rung.meeting
    return rung.date


def _meeting_before(portfolio: Portfolio, today: date, cliff: date) -> date | None:
    """The trustees' last meeting before a cliff; if it has come already, their next."""
    ahead = sorted(day for day in portfolio.organisation.board_meetings if day >= today)
    in_time = [day for day in ahead if day < cliff]
    return in_time[-1] if in_time else ahead[0] if ahead else None


def _title(portfolio: Portfolio, cliff: Cliff) -> str:
    if cliff.kind == "organisation":
        return _ORGANISATION.get(cliff.key, cliff.key)
    lists = {"award": "awards", "silent": "awards", "post": "posts", "service": "services"}
    record = portfolio.find(lists[cliff.kind], cliff.key)
    name = str(getattr(record, "title", None) or getattr(record, "name", cliff.key))
    return f"{name}: costs outgrow it" if cliff.kind == "silent" else name


_EMPTY = (
    "No posts yet. Add the award that ends first, then the posts it pays for, and the first dated "
    "warning appears here."
)


def answer(outlook: Outlook, found: tuple[Step, ...]) -> Answer:
    """Whose job is unfunded, from when, and by which day to act, with the row that says more.

    The words are the outlook's headline; the trustees' last meeting in time is added to them.
    """
    if not outlook.posts:
        return Answer(_EMPTY, (), "watch", None)
    told = outlook.headline
    posts = [key.removeprefix("posts.") for key in told.because if key.startswith("posts.")]
    rows = [step for step in found if not step.posts or set(step.posts).intersection(posts)]
    about = next((step for step in rows if step.posts), None)
    if not posts or about is None:
        filled = any(post.segments for post in outlook.posts)
        return Answer(told.text, told.strong, "clear" if filled else "watch", None)
    ladders = {ladder.cliff: ladder for ladder in outlook.ladders}
    of_posts = [ladders[name] for key in posts if (name := f"post:{key}") in ladders]
    status = min((ladder.status for ladder in of_posts), key=STATUSES.index, default=about.status)
    meeting = _meeting_in_time(of_posts, outlook.today)
    if meeting is None:
        return Answer(told.text, told.strong, status, about.key)
    day = words.near_weekday(meeting, outlook.today)
    text = f"{told.text} Trustees meet in time on {day}."
    return Answer(text, (*told.strong, day), status, about.key)


def _meeting_in_time(ladders: list[Ladder], today: date) -> date | None:
    """The trustees' last meeting before the first decision these posts need, if still to come."""
    waiting = [
        rung
        for ladder in ladders
        for rung in ladder.rungs
        if rung.kind == "decision" and not rung.done
    ]
    first = min(waiting, key=lambda rung: rung.date, default=None)
    if first is None or first.meeting is None or first.meeting < today:
        return None
    return first.meeting


# --- figures -----------------------------------------------------------------------------


def key_figures(portfolio: Portfolio, outlook: Outlook) -> tuple[KeyFigure, ...]:
    """The figures a trustee asks for first, each with its basis."""
    secured, balances = outlook.forecast[_SECURED], portfolio.organisation.balances
    made: list[KeyFigure | None] = []
    if recorded(balances):
        made += [
            _free_reserves(outlook),
            _cash(portfolio),
            _lowest(outlook, "unrestricted_closing", "Lowest in 12 months"),
            _lowest(outlook, "free_cash", "Free cash, lowest"),
            KeyFigure(
                "Runway",
                _months(secured.runway_whole_months, outlook.horizon),
                "secured only",
                _by_month(secured.reserves_exhausted_month, outlook.today),
            ),
        ]
    else:  # counted from nought they would be told as known
        made += [
            KeyFigure("Free reserves", "not recorded", "enter them in Settings", ""),
            _cash(portfolio),
            KeyFigure("Runway", "not known", "without free reserves", ""),
        ]
    made += [
        _largest_source(outlook),
        _if_nothing_is_renewed(portfolio, outlook),
    ]
    return tuple(figure for figure in made if figure is not None)


def _if_nothing_is_renewed(portfolio: Portfolio, outlook: Outlook) -> KeyFigure:
    """What ending every job would cost; not told to be nothing while salaries are missing."""
    total = outlook.exposure.total
    basis = f"redundancy {words.whole_pounds(outlook.exposure.redundancy)}"
    status = "clear" if total == 0 else "watch"
    if missing := len(_unpaid(portfolio, outlook)):
        basis, status = f"{words.count(missing, 'post')} without a salary yet", "watch"
    return KeyFigure("If nothing is renewed", words.whole_pounds(total), basis, status)


def _figures_basis(portfolio: Portfolio, outlook: Outlook) -> str:
    spending = words.whole_pounds(average_spending(outlook))
    as_at = words.short_day(portfolio.organisation.balances.as_at)
    return f"at {as_at} · all spending is {spending} a month"


def average_spending(outlook: Outlook) -> int:
    """The average month's cost over the first twelve months of the forecast, in pence."""
    costs = outlook.forecast[_SECURED].cost[:_YEAR]
    return round_half_up(int(costs.sum()), len(costs)) if len(costs) else 0


def _free_reserves(outlook: Outlook) -> KeyFigure:
    secured = outlook.forecast[_SECURED]
    cover = secured.months_cover
    basis = "" if cover is None else f"{cover} months of all spending"
    low = secured.floor is not None and secured.free_reserves < secured.floor
    status = "act now" if low or secured.free_reserves < 0 else "clear"
    return KeyFigure("Free reserves", words.whole_pounds(secured.free_reserves), basis, status)


def _cash(portfolio: Portfolio) -> KeyFigure | None:
    balances = portfolio.organisation.balances
    if balances.cash is None:
        return None
    restricted = balances.restricted or 0
    basis = f"{words.whole_pounds(restricted)} restricted" if restricted else ""
    status = "act now" if balances.cash < restricted else "clear"
    return KeyFigure("Cash at bank", words.whole_pounds(balances.cash), basis, status)


def _lowest(outlook: Outlook, series: str, name: str) -> KeyFigure | None:
    secured = outlook.forecast[_SECURED]
    first = month_of(outlook.today)
    within = [
        at for at, month in enumerate(secured.months) if first <= month < add_months(first, _YEAR)
    ]
    if not within:
        return None
    values = getattr(secured, series)
    at = min(within, key=lambda each: int(values[each]))
    lowest = int(values[at])
    floor = secured.floor if series == "unrestricted_closing" else None
    month = words.short_month(secured.months[at])
    basis, status = f"{month}, secured only", "clear"
    if lowest < 0:
        status = "act now"
        if series == "free_cash":
            basis = f"{month}: you would be spending restricted money"
    elif floor is not None and lowest < floor:
        status = "soon"
    return KeyFigure(name, words.whole_pounds(lowest), basis, status)


def _largest_source(outlook: Outlook) -> KeyFigure | None:
    """The ultimate source of most secured income in the next twelve months, and its share."""
    found = sources(outlook)
    if not found:
        return None
    most = found[0]
    status = "watch" if most.percent * 2 >= _WHOLE else "clear"
    return KeyFigure("Largest source", f"{most.percent}%", most.name, status)


def _months(whole: int | None, horizon: int) -> str:
    return f"{horizon} or more" if whole is None else words.count(whole, "month")


def _by_month(month: date | None, today: date) -> str:
    if month is None:
        return "clear"
    return (
        "act now"
        if month < add_months(today, 6)
        else "soon"
        if month < add_months(today, 12)
        else "watch"
    )


# --- what ends, and for whom -------------------------------------------------------------


def endings(portfolio: Portfolio, outlook: Outlook) -> tuple[Ending, ...]:
    """The secured awards that end within twelve months, by their last day."""
    last = add_months(outlook.today, _YEAR)
    cliffs = {cliff.key: cliff for cliff in outlook.cliffs if cliff.kind == "award"}
    found = [
        _ending(portfolio, award, end, cliffs.get(award.key))
        for award in portfolio.awards
        if certainty_of(award) == _SECURED and outlook.today <= (end := last_day(award)) <= last
    ]
    return tuple(sorted(found, key=lambda ending: (ending.end, ending.title)))


def certainty_of(award: Award) -> Certainty | None:
    """How certain an award's stage makes it; None when it will never be money."""
    ranked = rank(award)
    return None if ranked == NEVER else CERTAINTIES[ranked]


def _ending(portfolio: Portfolio, award: Award, end: date, cliff: Cliff | None) -> Ending:
    renewals = [each for each in portfolio.awards if each.renewal_of == award.key]
    graded = [(certainty_of(each), each) for each in renewals]
    order = ("secured", "probable", "possible")
    known = sorted(
        ((certainty, each) for certainty, each in graded if certainty is not None),
        key=lambda pair: order.index(pair[0]),
    )
    certainty, renewal = known[0] if known else (None, None)
    return Ending(
        key=award.key,
        title=award.title,
        end=end,
        a_year=cliff.over_12_months if cliff else None,
        fte=cliff.fte if cliff else None,
        posts=cliff.posts if cliff else (),
        renewal=renewal.key if renewal else None,
        certainty=certainty,
    )


def at_risk(portfolio: Portfolio, outlook: Outlook) -> tuple[AtRisk, ...]:
    """Every post that secured money does not wholly pay, the first to act on at the top."""
    ladders = {ladder.cliff: ladder for ladder in outlook.ladders}
    found = [
        _at_risk(portfolio, post, ladders.get(f"post:{post.key}"), outlook.today)
        for post in outlook.posts
        if post.cliff_date is not None
    ]
    return tuple(
        sorted(found, key=lambda risk: (risk.act_by or risk.unfunded_from, risk.unfunded_from))
    )


def _at_risk(portfolio: Portfolio, post: PostOutlook, ladder: Ladder | None, today: date) -> AtRisk:
    record = portfolio.posts_by_key[post.key]
    from_ = post.cliff_date or date.max
    then = next(
        (each.secured_pct for each in post.segments if each.start <= from_ <= each.end), Decimal(0)
    )
    rungs = {rung.kind: rung for rung in ladder.rungs} if ladder else {}
    rung = next_rung(ladder)
    consult, notice = rungs.get("consultation"), rungs.get("notice")
    return AtRisk(
        key=post.key,
        title=record.title,
        fte=record.fte,
        unfunded_from=from_,
        secured_then=then,
        consult_by=consult.date if consult else None,
        notice_by=notice.date if notice else None,
        act_by=rung.date if rung else None,
        status=ladder.status if ladder else status_on(from_, today),
        transfers=post.transfer is not None and notice is None,
    )


def _unpaid(portfolio: Portfolio, outlook: Outlook) -> tuple[Post, ...]:
    """Posts that somebody fills, or will, and that cost nothing: their salary is not typed yet."""
    there = {post.key for post in outlook.posts if post.segments}
    return tuple(
        post
        for post in portfolio.posts
        if post.key in there and not post.salary and post.status != "vacant"
    )


def _not_typed_yet(portfolio: Portfolio, outlook: Outlook) -> Iterator[Doubt]:
    """What is missing of what every figure rests on: it is said, and never guessed."""
    for post in _unpaid(portfolio, outlook):
        says = "No salary yet, so it costs nothing in any figure. Show salaries, and type it"
        yield Doubt(f"posts.{post.key}", post.title, says)
    for award in portfolio.awards:
        holds = award.amount or award.opening_balance
        if not holds and certainty_of(award) is not None and award.stage != "ended":
            says = "No amount yet, so it brings nothing in any figure"
            yield Doubt(f"awards.{award.key}", award.title, says)


def _doubt(portfolio: Portfolio, problem: Problem) -> Doubt:
    """Name the record a problem is about; a path may give its key or its place."""
    name, _, rest = problem.path.partition(".")
    place = rest.partition(".")[0]
    says = words.sentence(problem.says)
    record = portfolio.find(name, rest) if name in LISTS else None
    if record is None and name in LISTS and place.isdigit():
        records = portfolio.records(name)
        record = records[int(place)] if int(place) < len(records) else None
    if record is None:
        return Doubt(f"{name}.{place}", portfolio.organisation.name, says)
    title = getattr(record, "title", None) or getattr(record, "name", record.key)
    return Doubt(f"{name}.{record.key}", str(title), says)
