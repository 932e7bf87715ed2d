"""While you were away: what fell due, who changed what, which warnings moved, which rates are new.

Two outlooks of one book are compared: as it stood when this person last looked, and as it stands.
Nothing is worth a word that the person did, or that moved only because a day has passed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from fundtrack.core import rate_words, words
from fundtrack.core.deadlines import fell_due
from fundtrack.core.glance import steps
from fundtrack.core.rates import nations_read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, datetime

    from fundtrack.core.deadlines import Due
    from fundtrack.core.glance import Step
    from fundtrack.core.outlook import Outlook
    from fundtrack.core.rates import Rates, ShippedRate

NewsKind = Literal["due", "change", "cliff", "rate"]
KINDS: dict[NewsKind, str] = {
    "cliff": "Warning moved",
    "due": "Fell due",
    "change": "Changed",
    "rate": "Rates",
}
"""Each kind of news and what it is called, the weightiest first."""
_COUNTED: dict[NewsKind, tuple[str, str, str]] = {
    "cliff": ("warning", "warnings", "moved"),
    "due": ("date", "dates", "fell due"),
    "change": ("change", "changes", "made by others"),
    "rate": ("rate", "rates", "changed"),
}
_SOMEBODY = "Somebody else"


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the journal: when it was made, by whom, what it is called, and its records."""

    at: datetime
    who: str | None
    label: str
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class News:
    """One thing worth knowing: the day it happened or is about, and the record it leads to."""

    kind: NewsKind
    on: date
    says: str
    record: str = ""


@dataclass(frozen=True, slots=True)
class Away:
    """All of it since a moment, the weightiest kind first and each kind by day."""

    since: date
    news: tuple[News, ...]

    @property
    def said(self) -> str:
        """One calm sentence: how much of each kind there is."""
        parts = [_counted(kind, sum(each.kind == kind for each in self.news)) for kind in KINDS]
        told = [part for part in parts if part]
        if not told:
            return ""
        listed = told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
        return f"While you were away since {words.weekday(self.since)}: {listed}."


def _counted(kind: NewsKind, number: int) -> str:
    one, many, did = _COUNTED[kind]
    return f"{words.count(number, one, many)} {did}" if number else ""


def away(
    then: Outlook,
    now: Outlook,
    dues: Iterable[Due],
    changes: Sequence[Change],
    fresh: Iterable[ShippedRate] = (),
) -> Away:
    """Compare a book as this person last saw it with the book today.

    `dues` is everything with a due date today; `changes` are those others made since, in any
    order; `fresh` are shipped rates this person's FundTrack did not have then.
    """
    news = (
        *_moved(then, now),
        *_due(dues, then.today, now.today),
        *(_change(each) for each in sorted(changes, key=lambda each: each.at)),
        *_rates(then, now, fresh),
    )
    return Away(then.today, news)


def _due(dues: Iterable[Due], since: date, until: date) -> Iterator[News]:
    for each in sorted(fell_due(dues, since, until), key=lambda each: (each.due, each.title)):
        yield News("due", each.due, each.title, f"deadlines.{each.uid}")


def _change(each: Change) -> News:
    record = each.records[0] if each.records else ""
    day = each.at.astimezone().date()
    return News("change", day, f"{each.who or _SOMEBODY}: {each.label}", record)


# --- warnings --------------------------------------------------------------------------------


def _moved(then: Outlook, now: Outlook) -> Iterator[News]:
    """Every warning that is new, has gone, has come to pass, or stands on another day."""
    before = {step.key: step for step in steps(then.workings.portfolio, then)}
    after = {step.key: step for step in steps(now.workings.portfolio, now)}
    stood_in = {f"post:{post}" for step in before.values() for post in step.posts}
    found: list[News] = []
    for key, step in after.items():
        old = before.get(key)
        if old is not None:
            found += _shifted(old, step, then.today, now.today)
        elif key not in stood_in and now.today < step.cliff.date <= then.last_day:
            found.append(_news(step, f"a new warning, from {words.day(step.cliff.date)}"))
    stands_in = {f"post:{post}" for step in after.values() for post in step.posts}
    for key, step in before.items():
        if key not in after and then.today < step.cliff.date:
            if step.cliff.date <= now.today:
                found.append(_passed(step))
            elif key not in stands_in:
                said = f"no warning any more; it stood on {words.day(step.cliff.date)}"
                found.append(_news(step, said))
    yield from sorted(found, key=lambda news: (news.on, news.says))


def _shifted(old: Step, new: Step, then: date, today: date) -> Iterator[News]:
    was, is_ = old.cliff.date, new.cliff.date
    if was == is_ or (was <= then and is_ <= today) or old.cliff.kind == "silent":
        return
    if was <= today and is_ <= today:
        yield _passed(old)
        return
    days = words.count(abs((is_ - was).days), "day")
    way = "earlier" if is_ < was else "later"
    yield _news(new, f"from {words.day(is_)}, not {words.day(was)}: {days} {way}")


def _passed(step: Step) -> News:
    return _news(step, f"the day has come, {words.day(step.cliff.date)}")


def _news(step: Step, says: str) -> News:
    lists = {"award": "awards", "silent": "awards", "post": "posts", "service": "services"}
    name = lists.get(step.cliff.kind, "")
    return News(
        "cliff",
        step.cliff.date,
        f"{step.title}: {says}",
        f"{name}.{step.cliff.key}" if name else "",
    )


# --- rates -----------------------------------------------------------------------------------


def _rates(then: Outlook, now: Outlook, fresh: Iterable[ShippedRate]) -> Iterator[News]:
    """What came into force, what lost its figure, and what has been published since."""
    rates = now.workings.rates
    nations = nations_read(rates.nation)
    told: set[str] = set()
    for row in sorted(fresh, key=lambda row: (row.from_, row.code)):
        if row.nation in nations and row.from_ > now.today and row.code in rate_words.RATE_NAMES:
            said = rate_words.said(row.code, row.value)
            title = rate_words.title_of(row.code)
            yield News("rate", row.from_, f"{title}: {said} is now published, from then")
            told.add(row.code)
    for code in rate_words.RATE_NAMES:
        if code not in told:
            yield from _turned(rates, code, then.today, now.today)


def _turned(rates: Rates, code: str, then: date, today: date) -> Iterator[News]:
    try:
        was, is_ = rates.on(code, then), rates.on(code, today)
    except KeyError:  # a table without this figure
        return
    title = rate_words.title_of(code)
    if was.value != is_.value:
        said = f"{rate_words.said(code, is_.value)}, was {rate_words.said(code, was.value)}"
        yield News("rate", today, f"{title}: {said}")
    elif is_.provisional and not was.provisional:
        said = f"{rate_words.said(code, is_.value)} is provisional: nothing newer is published"
        yield News("rate", today, f"{title}: {said}")


def seen(rates: Iterable[ShippedRate]) -> str:
    """Mark which shipped rates somebody has, in a text short enough for their preferences."""
    return " ".join(sorted({_mark(row) for row in rates}))


def unseen(rates: Iterable[ShippedRate], mark: str) -> tuple[ShippedRate, ...]:
    """Return the shipped rates that `seen` did not mark; none where nothing was marked."""
    known = set(mark.split())
    return tuple(row for row in rates if known and _mark(row) not in known)


def _mark(row: ShippedRate) -> str:
    plain = f"{row.code}|{row.nation}|{row.from_}|{row.to}|{row.value}"
    return hashlib.sha256(plain.encode()).hexdigest()[:6]
