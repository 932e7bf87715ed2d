"""Why the overview's three sentences say what they say.

Named `sentences.secured`, `sentences.probable` and `sentences.reserves`. The first two are a day:
the earliest on which any post is not wholly paid. The third is pounds, and its lines add up to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fundtrack.core import words
from fundtrack.core.model import CERTAINTIES
from fundtrack.core.schedule import ONE_DAY
from fundtrack.core.why import Line, Why, why

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from fundtrack.core.charges import Bearer, Run
    from fundtrack.core.model import Certainty
    from fundtrack.core.outlook import Outlook

SENTENCES = ("sentences.secured", "sentences.probable", "sentences.reserves")
"""The figure behind each of the three, in their order."""
_HUNDRED = 100


def explained_sentence(told: Outlook, figure: str) -> Why:
    """Explain one of the three. Raises KeyError for a name that is not one."""
    if figure == "sentences.secured":
        return Why(figure, told.sentences[0].text, None, tuple(_earliest(told, "secured")))
    if figure == "sentences.probable":
        return Why(figure, told.sentences[1].text, None, tuple(_earliest(told, "probable")))
    if figure == "sentences.reserves":
        return _reserves(told, figure)
    raise KeyError(figure)


# --- a day -----------------------------------------------------------------------------------


def _earliest(told: Outlook, certainty: Certainty) -> Iterator[Line]:
    """The posts that are short first, with what stops paying them; then who is short next."""
    alive = [post for post in told.posts if post.segments]
    if not alive:
        yield Line("No post is filled in these months", None, ("organisation.organisation",))
        return
    by_day: dict[date, list[str]] = {}
    for post in alive:
        day = post.short_from[certainty]
        if day is not None:
            by_day.setdefault(day, []).append(post.key)
    days = sorted(by_day)
    if days:
        yield from _short(told, by_day[days[0]], days[0], CERTAINTIES.index(certainty))
    if len(days) > 1:
        later = by_day[days[1]]
        said = f"Next: {words.count(len(later), 'post')} from {words.day(days[1])}"
        yield Line(said, None, tuple(f"posts.{key}" for key in later))
    wholly = [post.key for post in alive if post.short_from[certainty] is None]
    if wholly:
        until = words.day(told.last_day)
        said = f"{words.count(len(wholly), 'post')} paid until {until} at least"
        yield Line(said, None, tuple(f"posts.{key}" for key in wholly))


def _short(told: Outlook, keys: Sequence[str], day: date, place: int) -> Iterator[Line]:
    """The posts that go short on a day: how far each is paid, and which awards stop paying them."""
    bearers = {one.key: one for one in told.workings.charges.posts}
    stops: dict[tuple[int | None, str], list[str]] = {}
    for key in keys:
        title = told.workings.portfolio.posts_by_key[key].title
        now, before = _run(bearers[key], day), _run(bearers[key], day - ONE_DAY)
        paid = _percent(now, place, told.workings.charges.whole)
        yield Line(f"{title}: {paid}% paid from {words.day(day)}", None, (f"posts.{key}",))
        for stop in _stops(bearers[key], now, before, place):
            stops.setdefault(stop, []).append(f"posts.{key}")
    for (owner, does), posts in stops.items():
        who, records = "Unrestricted funds", posts
        if owner is not None:
            award = told.workings.portfolio.awards[owner]
            who, records = award.title, [f"awards.{award.key}", *posts]
        said = f"From then, {does} {words.count(len(posts), 'post')}: {who}"
        yield Line(said, None, tuple(records))


def _stops(
    bearer: Bearer, now: Run | None, before: Run | None, place: int
) -> Iterator[tuple[int | None, str]]:
    """Who pays less than the day before, as an award's place in the book, and what it does."""
    if now is None or before is None:
        return
    shares = zip(bearer.lines, now.shares[place], before.shares[place], strict=False)
    for owner, share, earlier in shares:
        if share < earlier:
            yield owner, "pays less of" if share else "no longer pays"


def _run(bearer: Bearer, day: date) -> Run | None:
    return next((run for run in bearer.runs if run.start <= day <= run.end), None)


def _percent(run: Run | None, place: int, whole: int) -> str:
    unpaid = whole if run is None else run.shares[place][-1]
    return words.percent((whole - unpaid) * _HUNDRED * _HUNDRED // whole)


# --- pounds ----------------------------------------------------------------------------------


def _reserves(told: Outlook, figure: str) -> Why:
    """Free reserves line by line; the spending they are held against, and the policy."""
    forecast = told.forecast["secured"]
    spent = forecast.months_cover is not None
    found = why(told, f"forecast.secured.{'months_cover' if spent else 'free_reserves'}")
    return Why(figure, found.says, found.total, (*found.lines, *_policy(told)))


def _policy(told: Outlook) -> Iterator[Line]:
    floor = told.forecast["secured"].floor
    if floor is None:
        return
    free = told.forecast["secured"].free_reserves
    apart = words.whole_pounds(abs(free - floor))
    side = "above" if free >= floor else "below"
    said = f"Reserves policy: {words.whole_pounds(floor)}, so {apart} {side} it"
    yield Line(said, None, ("organisation.organisation",))
