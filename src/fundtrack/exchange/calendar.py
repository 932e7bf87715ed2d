"""Every deadline as a calendar file that any calendar reads, and that updates rather than doubles.

Events last whole days, so no time zone comes into it (RFC 5545: `DTEND` is the day after). An
event's UID is made of the book and of what falls due, so it stays when the date moves.

`SEQUENCE` must rise when an event changes and should not when it does not. Where the file written
last time is still there, each event is compared with what it was: unchanged, it keeps its number
and stamp, so that the same book gives the same bytes; changed, it takes the number of minutes since
2020, or one more than it had. A file written afresh elsewhere counts from the minutes too, so a
later export is always the higher. What has gone from the book is sent once more as cancelled.

Summaries name awards and posts, never people or pay: a title of the user's own that does is
replaced by what it is about.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import icalendar

from fundtrack.core import words
from fundtrack.core.deadlines import DueKind, reminder_dates
from fundtrack.core.errors import KnownError
from fundtrack.core.telling import untold
from fundtrack.exchange.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from fundtrack.core.deadlines import Due
    from fundtrack.core.model import Portfolio
    from fundtrack.core.telling import Tell

OURS = "-//FundTrack//FundTrack//EN"
KEPT = timedelta(days=31)
"""What fell due longer ago than this is left out: a calendar is for what is to come."""
_COUNTED_FROM = datetime(2020, 1, 1, tzinfo=UTC)
_MORNING = timedelta(hours=9)
_LARGEST_FILE = 20_000_000
_SHORTEST_NAME = 3
_LEAST_PAY = 1_000
_NUMBERING = ("SEQUENCE", "DTSTAMP")
_NOBODY = re.compile(r"(?!)")
_IN_CONFIDENCE: tuple[DueKind, ...] = ("consultation", "notice")
_WORDS: dict[DueKind, str] = {
    "return": "Return",
    "claim": "Claim",
    "payment": "Payment expected",
    "bid": "Bid closes",
    "expected": "Decision expected",
    "extension": "Take up the extension",
    "writing": "Start writing the bid",
    "submit": "Submit the bid",
    "decision": "Trustees decide",
    "consultation": "Start consultation",
    "notice": "Give notice",
    "end": "Money ends",
    "meeting": "Meeting",
    "papers": "Papers to trustees",
    "accounts": "Accounts to the funder",
    "other": "Deadline",
}


def write_calendar(
    path: Path,
    found: Sequence[Due],
    portfolio: Portfolio,
    *,
    book: str,
    today: date,
    at: datetime,
    tell: Tell = untold,
) -> int:
    """Write the deadlines to a calendar file, bringing up to date one written before.

    `book` is what tells this book from others (the same in its copies), `at` the moment of
    writing, in UTC. Returns how many dates it holds.

    Raises:
        KnownError: another program's calendar or a book is there, or the disk would not take it.

    """
    earlier = _earlier(path)
    data = calendar(found, portfolio, book=book, today=today, at=at, earlier=earlier)
    tell(0, 0)
    write_whole(path, data)
    return sum(_is_shown(each, today) for each in found)


def calendar(
    found: Sequence[Due],
    portfolio: Portfolio,
    *,
    book: str,
    today: date,
    at: datetime,
    earlier: bytes = b"",
) -> bytes:
    """Return the deadlines as a calendar file; `earlier` is the one written before, if any."""
    known = _events(earlier)
    made = icalendar.Calendar()
    made.add("prodid", OURS)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", f"{portfolio.organisation.name}: deadlines")
    private = _private(portfolio)
    events = {
        _uid(book, each): _event(each, portfolio, private)
        for each in found
        if _is_shown(each, today)
    }
    for uid, event in events.items():
        event.add("uid", uid)
    gone = {uid: event for uid, event in known.items() if uid not in events}
    events |= {uid: _cancelled(event) for uid, event in gone.items() if _starts(event) >= today}
    for uid, event in sorted(events.items(), key=lambda pair: (_starts(pair[1]), pair[0])):
        _number(event, known.get(uid), at)
        made.add_component(event)
    data: bytes = made.to_ical()
    return data


def _is_shown(each: Due, today: date) -> bool:
    return each.due >= today - KEPT


def _uid(book: str, each: Due) -> str:
    """Return a name for something that says nothing of it: keys may have been typed by anyone."""
    named = f"{book}\n{each.uid}".encode()
    return f"{hashlib.sha256(named).hexdigest()[:32]}@fundtrack"


# --- one event ---------------------------------------------------------------------------------


def _event(each: Due, portfolio: Portfolio, private: re.Pattern[str]) -> icalendar.Event:
    event = icalendar.Event()
    title = _safe_title(each, portfolio, private)
    event.add("summary", f"Done: {title}" if each.done else title)
    event.add("dtstart", each.due)
    event.add("dtend", each.due + timedelta(days=1))
    event.add("transp", "TRANSPARENT")  # nobody is busy all day because something is due
    advice = words.PLANNING if each.kind in _IN_CONFIDENCE else ""
    about = " ".join(filter(None, (each.note, advice)))
    if about:
        event.add("description", about)
    if each.kind in _IN_CONFIDENCE:
        event.add("class", "CONFIDENTIAL")
    for days in _alarm_days(each):
        alarm = icalendar.Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", _MORNING - timedelta(days=days))
        alarm.add("description", title)
        event.add_component(alarm)
    return event


def _alarm_days(each: Due) -> Iterable[int]:
    """How many days before it to ring, at nine in the morning; none for what is done."""
    if each.done:
        return ()
    wanted = {days for _, days in reminder_dates(each) if days >= 0}
    if each.snooze is not None:
        until = (each.due - each.snooze.until).days
        wanted = {days for days in wanted if days < until} | {max(until, 0)}
    return sorted(wanted, reverse=True)


def _safe_title(each: Due, portfolio: Portfolio, private: re.Pattern[str]) -> str:
    """Return the title, or what it is about where it names a person or what someone is paid."""
    names = [
        getattr(portfolio.find(name, key), "title", "")
        for name, key in (("awards", each.award), ("posts", each.post))
        if key is not None
    ]
    plain = ": ".join([_WORDS[each.kind], *filter(None, names)])
    for title in (each.title, plain):
        if not private.search(title):
            return title
    return _WORDS[each.kind]


def _private(portfolio: Portfolio) -> re.Pattern[str]:
    """Return what finds the people and the pay that this book knows of."""
    names = {
        *(post.person.reference for post in portfolio.posts if post.person is not None),
        *(contact.name for funder in portfolio.funders for contact in funder.contacts),
        *(deadline.owner for deadline in portfolio.deadlines),
        *(evidence.who for evidence in portfolio.evidence),
    }
    roles = {post.title.casefold() for post in portfolio.posts}
    known = {name for name in names if name and len(name) >= _SHORTEST_NAME}
    found = {name for name in known if name.casefold() not in roles}
    for post in portfolio.posts:
        salaries = (post.salary, *(rise.salary for rise in post.pay_changes))
        pounds = {salary // 100 for salary in salaries if salary is not None}
        found |= {
            written for pay in pounds if pay >= _LEAST_PAY for written in (f"{pay}", f"{pay:,}")
        }
    if not found:
        return _NOBODY
    either = "|".join(map(re.escape, sorted(found)))
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)


# --- what was written before -------------------------------------------------------------------


def _earlier(path: Path) -> bytes:
    """Return the calendar that stands at a path, if it is one of ours.

    Raises KnownError if it is another program's: that would be lost.
    """
    try:
        if path.stat().st_size > _LARGEST_FILE:
            return b""
        data = path.read_bytes()
    except OSError:
        return b""
    if data.lstrip().startswith(b"BEGIN:VCALENDAR") and b"//FundTrack//" not in data:
        raise KnownError(
            f"{path.name} is a calendar that FundTrack did not write, and was left as it is. "
            "Name another file"
        )
    return data


def _events(data: bytes) -> Mapping[str, icalendar.Event]:
    """Return the events of a calendar by UID; none where it cannot be read."""
    if not data.lstrip().startswith(b"BEGIN:VCALENDAR"):
        return {}
    try:
        whole = icalendar.Calendar.from_ical(data)
        return {
            str(event["UID"]): event
            for event in whole.walk("VEVENT")
            if isinstance(event, icalendar.Event) and _is_sound(event)
        }
    except (ValueError, KeyError, IndexError, AttributeError):
        return {}


def _is_sound(event: icalendar.Event) -> bool:
    """Tell whether an event has what we gave it; a file may have been damaged since."""
    given = ("UID", "DTSTART", "DTSTAMP", "SEQUENCE")
    return not event.errors and all(name in event for name in given)


def _starts(event: icalendar.Event) -> date:
    start: Any = event["DTSTART"]
    day: date = start.dt
    return day.date() if isinstance(day, datetime) else day


def _cancelled(event: icalendar.Event) -> icalendar.Event:
    """Return an event that is no more, as a calendar is told of it: without its alarms."""
    left = _without_numbers(event)
    left.subcomponents = []
    if left.get("STATUS") != "CANCELLED":
        left.add("status", "CANCELLED")
    return left


def _without_numbers(event: icalendar.Event) -> icalendar.Event:
    copied = event.copy(recursive=True)
    for name in _NUMBERING:
        copied.pop(name, None)
    return copied


def _number(event: icalendar.Event, known: icalendar.Event | None, at: datetime) -> None:
    """Give an event its number and stamp: those it had, unless it has changed."""
    minutes = int((at - _COUNTED_FROM).total_seconds()) // 60
    if known is None:
        event.add("sequence", minutes)
        event.add("dtstamp", at)
    elif _without_numbers(known).to_ical() == event.to_ical():
        for name in _NUMBERING:
            event[name] = known[name]
    else:
        had: Any = known["SEQUENCE"]
        event.add("sequence", max(minutes, int(had) + 1))
        event.add("dtstamp", at)
