"""What the figures say, in sentences a trustee can read: never one blended number.

NEEDS, "One-page trustee runway report", and the overview's first line. Each sentence names the
records it rests on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fundtrack.core import words
from fundtrack.core.forecast import recorded
from fundtrack.core.schedule import ONE_DAY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from fundtrack.core.forecast import Forecast, Workings
    from fundtrack.core.model import Certainty
    from fundtrack.core.posts import PostOutlook


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, the parts of it to make bold, and the records it rests on (`posts.p1`)."""

    text: str
    strong: tuple[str, ...] = ()
    because: tuple[str, ...] = ()


_NOT_RECORDED = "Free reserves are not recorded yet. Enter them in Settings, under Balances."


def sentences(
    workings: Workings,
    forecasts: Mapping[Certainty, Forecast],
    posts: Sequence[PostOutlook],
) -> tuple[Sentence, ...]:
    """The three: what is secured, what is hoped for, what is kept in reserve."""
    return (
        _secured(workings, posts),
        _probable(workings, posts),
        _reserves(workings, forecasts["secured"]),
    )


def _secured(workings: Workings, posts: Sequence[PostOutlook]) -> Sentence:
    alive = [post for post in posts if post.segments]
    if not alive:
        return Sentence(
            "There are no filled posts to fund. Add posts, and their cover appears here."
        )
    short = _earliest(alive, "secured")
    if short is None:
        until = words.day(workings.grid.last_day)
        return Sentence(f"Secured money pays for every post until {until} at least.", (until,))
    day, keys = short
    if day <= workings.today:
        number = words.sentence(_posts(len(keys)))
        verb = "is" if len(keys) == 1 else "are"
        return Sentence(f"{number} {verb} not wholly paid by secured money today.", (number,), keys)
    until = words.day(day - ONE_DAY)
    return Sentence(f"Secured money pays for every post until {until}.", (until,), keys)


def _probable(workings: Workings, posts: Sequence[PostOutlook]) -> Sentence:
    alive = [post for post in posts if post.segments]
    if not alive:
        return Sentence("Probable money is counted beside it, and never added to it.")
    short = _earliest(alive, "probable")
    if short is None:
        until = words.day(workings.grid.last_day)
        return Sentence(
            f"Counting probable money too, every post is paid until {until} at least.", (until,)
        )
    day, keys = short
    if day <= workings.today:
        number = _posts(len(keys))
        verb = "is" if len(keys) == 1 else "are"
        return Sentence(
            f"Counting probable money too, {number} {verb} not wholly paid today.", (number,), keys
        )
    until = words.day(day - ONE_DAY)
    return Sentence(
        f"Counting probable money too, every post is paid until {until}.", (until,), keys
    )


def _earliest(
    posts: Sequence[PostOutlook], certainty: Certainty
) -> tuple[date, tuple[str, ...]] | None:
    """The first day any post is short at a certainty, and the posts that are short on it."""
    days = {post.key: post.short_from[certainty] for post in posts}
    first = min((day for day in days.values() if day is not None), default=None)
    if first is None:
        return None
    return first, tuple(f"posts.{key}" for key, day in days.items() if day == first)


def _reserves(workings: Workings, secured: Forecast) -> Sentence:
    if not recorded(workings.portfolio.organisation.balances):
        return Sentence(_NOT_RECORDED, (), ("organisation.organisation",))
    amount = words.whole_pounds(secured.free_reserves)
    cover = secured.months_cover
    basis = "" if cover is None else f", {words.months(cover)} of all spending"
    text = f"Free reserves are {amount}{basis}, {_policy(workings, secured)}."
    strong = (amount,) if cover is None else (amount, words.months(cover))
    return Sentence(text, strong, ("organisation.organisation",))


def _policy(workings: Workings, secured: Forecast) -> str:
    policy = workings.portfolio.organisation.reserves_policy
    if policy is None or secured.floor is None:
        return "and no reserves policy is set"
    floor = words.whole_pounds(secured.floor)
    if policy.kind == "months":
        return f"against a policy of {policy.value.normalize():f} months ({floor})"
    if policy.kind == "amount":
        return f"against a policy of {floor}"
    return f"against {floor}, the cost of closing that the policy asks for"


def headline(workings: Workings, posts: Sequence[PostOutlook]) -> Sentence:
    """Whose job is unfunded, from when, and by which date to act: the first group of posts."""
    alive = [post for post in posts if post.segments]
    if not alive and workings.portfolio.posts:
        return Sentence(
            "No post is filled in these months, so nothing can be said of when one is unfunded. "
            "Say which posts are filled, and from when."
        )
    if not alive:
        return Sentence("There are no posts yet. Add posts, and the awards that pay for them.")
    short = _earliest(alive, "secured")
    if short is None:
        until = words.day(workings.grid.last_day)
        return Sentence(f"Every post is paid by secured money until {until}.", (until,))
    day, keys = short
    chosen = [post for post in posts if f"posts.{post.key}" in keys]
    number = words.sentence(_posts(len(keys)))
    verb = "is" if len(keys) == 1 else "are"
    today = workings.today
    start = "today" if day <= today else words.day(day)
    first = f"{number} {verb} unfunded, wholly or partly, from {start}."
    rest, strong = _acts(workings, chosen)
    return Sentence(f"{first} {rest}".strip(), (first.removesuffix("."), *strong), keys)


def _acts(workings: Workings, posts: Sequence[PostOutlook]) -> tuple[str, tuple[str, ...]]:
    """What must be done for these posts and by when; what has been missed, and what that costs."""
    served = {post.key for post in workings.portfolio.posts if post.notice_served_on is not None}
    waiting = [post for post in posts if post.key not in served]
    starts = [post.latest_consultation_start for post in waiting]
    consult = min((day for day in starts if day is not None), default=None)
    notices = [post.latest_notice_working for post in waiting]
    notice = min((day for day in notices if day is not None), default=None)
    if notice is None:
        return "", ()
    today, parts, strong = workings.today, [], []
    if consult is not None:
        named = words.weekday(consult, year=_far(consult, today))
        strong.append(named)
        parts.append(
            f"Consultation must start by {named}"
            if consult >= today
            else f"Consultation should have started by {named}"
        )
    named = words.weekday(notice, year=_far(notice, today))
    strong.append(named)
    if notice >= today:
        parts.append(
            f"notice must be given by {named}" if parts else f"Notice must be given by {named}"
        )
        return f"{'; '.join(parts)}.", tuple(strong)
    late = sum(post.lateness.worked for post in waiting if post.lateness is not None)
    cost = words.whole_pounds(late)
    parts.append(
        f"notice should have been given by {named}. Given today, it runs {cost} past the money"
    )
    return f"{'; '.join(parts)}.", (*strong, cost)


def _far(day: date, today: date) -> bool:
    """Whether a day needs its year: not within twelve months."""
    return abs((day - today).days) > 360


def _posts(number: int) -> str:
    return f"{words.in_words(number)} {'post' if number == 1 else 'posts'}"
