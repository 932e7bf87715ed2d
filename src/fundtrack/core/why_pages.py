"""Why the figures of Pipeline, Deadlines and Plan stand as they do.

Named `pipeline.KEY.worth`, `.amount` or `.first_safe`; `pipeline.total.probable` or `.possible`;
`deadlines.UID`; and `compare.` with the name a figure has side by side with now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fundtrack.core import words
from fundtrack.core.comparison import compare, years
from fundtrack.core.deadlines import deadlines
from fundtrack.core.ladder import decision_days
from fundtrack.core.pipeline import pipeline
from fundtrack.core.plain import decimal_text
from fundtrack.core.thresholds import threshold
from fundtrack.core.why import Line, Why, why

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fundtrack.core.model import Award
    from fundtrack.core.outlook import Outlook
    from fundtrack.core.period import Period
    from fundtrack.core.pipeline import Card

HEADS = ("pipeline", "deadlines", "compare")
_SAME = {
    "Below policy from": "forecast.secured.floor_breach_month",
    "Reserves gone in": "forecast.secured.reserves_exhausted_month",
    "Runway, whole months": "forecast.secured.runway_whole_months",
    "If nothing is renewed": "exposure.total",
    "of which redundancy": "exposure.redundancy",
}


def explained_of_a_page(told: Outlook, figure: str) -> Why:
    """Explain one of these figures. Raises KeyError for a name that is not one."""
    head, _, rest = figure.partition(".")
    found = {"pipeline": _pipeline, "deadlines": _due, "compare": _compared}[head](told, rest)
    if found is None:
        raise KeyError(figure)
    says, lines = found
    pence = [line.pence for line in lines if line.pence is not None]
    return Why(figure, says, sum(pence) if pence else None, lines)


_Found = tuple[str, tuple[Line, ...]]


# --- pipeline --------------------------------------------------------------------------------


def _pipeline(told: Outlook, rest: str) -> _Found | None:
    found = pipeline(told.workings.portfolio, told)
    key, _, field = rest.rpartition(".")
    if key == "total":
        lines = tuple(
            Line(card.title, card.amount, (f"awards.{card.key}",))
            for card in found.cards
            if card.certainty == field
        )
        return f"What is hoped for and {field}, award by award", lines or (Line("No award", 0),)
    card = next((each for each in found.cards if each.key == key), None)
    explain = {"worth": _worth, "amount": _amount, "first_safe": _first_safe}.get(field)
    return None if card is None or explain is None else explain(told, card)


def _amount(_told: Outlook, card: Card) -> _Found:
    line = Line("The amount of the award", card.amount, (f"awards.{card.key}",))
    return f"{card.title}: its whole amount, {card.certainty} and in no secured figure", (line,)


def _worth(_told: Outlook, card: Card) -> _Found | None:
    if card.aid is None:
        return None
    record = (f"awards.{card.key}",)
    value, chance = words.whole_pounds(card.aid.value), decimal_text(card.aid.chance)
    lines = [Line(f"{value} × {chance}%", card.aid.expected, record)]
    if card.aid.cost is not None:
        lines.append(Line("Cost of bidding", -card.aid.cost, record))
    return f"{card.title}: an aid to bid or not, never in a forecast", tuple(lines)


def _first_safe(told: Outlook, card: Card) -> _Found:
    award = told.workings.portfolio.awards_by_key[card.key]
    says = f"{card.title}: begun by {words.day(card.first_safe)}, the decision comes in time"
    ladder = next(
        (
            each
            for each in told.ladders
            if each.award == award.renewal_of and each.rungs[0].date == card.first_safe
        ),
        None,
    )
    if award.renewal_of is not None and ladder is not None:
        kind = ladder.rungs[0].kind
        return says, why(told, f"ladders.{ladder.cliff}.{kind}").lines
    return says, tuple(_back_from_its_start(told, award))


def _back_from_its_start(told: Outlook, award: Award) -> Iterator[Line]:
    record, organisation = f"awards.{award.key}", told.workings.portfolio.organisation
    funder = (f"funders.{award.funder}",) if award.funder else ()
    bid = None if award.bid is None else award.bid.writing_days
    writing = threshold(organisation, "writing_days") if bid is None else bid
    decides = words.count(decision_days(award, told.workings), "day")
    yield Line(f"It starts on {words.day(award.start)}", None, (record,))
    yield Line(f"Less {decides} for the funder to decide", None, funder or (record,))
    yield Line(f"Less {words.count(writing, 'day')} to write the bid", None, (record,))
    yield Line("Each rolled back to a working day", None)


# --- deadlines -------------------------------------------------------------------------------


def _due(told: Outlook, uid: str) -> _Found | None:
    portfolio = told.workings.portfolio
    due = next((each for each in deadlines(portfolio, told) if each.uid == uid), None)
    if due is None:
        return None
    says = f"{due.title}, due {words.day(due.due)}"
    stated = (f"deadlines.{due.stored}",) if due.stored else ()
    records = tuple(dict.fromkeys((*stated, *due.because)))
    first = Line(due.note or _FOLLOWS.get(due.kind, "As entered"), due.amount, records)
    cliffs = {f"post:{due.post}", f"award:{due.award}"}
    rungs = next(
        (
            why(told, f"ladders.{ladder.cliff}.{due.kind}").lines
            for ladder in told.ladders
            if ladder.cliff in cliffs and any(rung.kind == due.kind for rung in ladder.rungs)
        ),
        (),
    )
    return says, (first, *rungs)


_FOLLOWS = {
    "return": "From the award's reporting terms: a period's end, and the days to report",
    "claim": "From the award's reporting terms: a period's end, and the days to claim",
    "payment": "From the award's schedule of payments",
    "bid": "The bid's deadline, as the funder gives it",
    "expected": "The day the funder's decision is expected",
    "extension": "The last day to take up an extension",
    "writing": "Counted back from the day the money ends",
    "submit": "Counted back from the day the money ends",
    "decision": "Counted back from the day the money ends",
    "consultation": "Counted back from the day the money ends",
    "notice": "Counted back from the day the money ends",
    "end": "The last day of the money",
    "meeting": "The trustees' meetings in Settings",
    "papers": "A trustees' meeting, less the days that papers go out before",
    "accounts": "From the charity's financial year",
}


# --- side by side ----------------------------------------------------------------------------


def _compared(told: Outlook, name: str) -> _Found | None:
    if name in _SAME:
        found = why(told, _SAME[name])
        return found.says, found.lines
    standing = compare(told, told).now["secured"]
    lowest = {
        "Lowest reserves in 12 months": ("unrestricted_closing", standing.lowest_reserves_in),
        "Lowest free cash in 12 months": ("free_cash", standing.lowest_free_cash_in),
    }
    if name in lowest:
        field, month = lowest[name]
        if month is None:
            return None
        found = why(told, f"forecast.secured.{month:%Y-%m}.{field}")
        return f"{words.month_name(month)} ends lowest. {found.says}", found.lines
    if name in ("Posts unfunded, wholly or partly", "Unfunded from") or name.startswith(_IN):
        return "Not wholly paid by secured money from", tuple(_short(told)) or (Line("No post"),)
    this, following = years(told)
    within = {f"Income, rest of {this.name}": this, f"Income, {following.name}": following}
    if name in within:
        return "Secured income, award by award", tuple(_income(told, within[name]))
    return None


_IN = "Unfunded in "


def _short(told: Outlook) -> Iterator[Line]:
    posts = told.workings.portfolio.posts_by_key
    found = [(post.short_from["secured"], post.key) for post in told.posts]
    for day, key in sorted((day, key) for day, key in found if day is not None):
        post = posts[key]
        said = f"{post.title}, {decimal_text(post.fte)} FTE, from {words.short_day(day)}"
        yield Line(said, None, (f"posts.{key}",))


def _income(told: Outlook, year: Period) -> Iterator[Line]:
    titles = told.workings.portfolio.awards_by_key
    places = [at for at, month in enumerate(told.months) if month in year]
    for award in told.forecast["secured"].awards:
        income: list[int] = award.income.tolist()
        pence = sum(income[at] for at in places)
        if pence:
            yield Line(titles[award.key].title, pence, (f"awards.{award.key}",))
