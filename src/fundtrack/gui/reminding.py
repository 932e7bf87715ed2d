"""Keeps watch on what falls due: at the start, after every change, and while the book is open.

What has come up is said once, in a line on the page; nothing pops up. Which things a person has
snoozed, and the day of the last reminder, are that person's own and kept with their preferences.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal

from fundtrack.gui.background import Latest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fundtrack.core.deadlines import Due, Reminder, Snooze
    from fundtrack.gui.view import View
    from fundtrack.settings import Settings

SETTLES = 200
"""Milliseconds after a change before it is looked at, so that a page is painted first."""
EVERY = 10 * 60 * 1000
"""Milliseconds between looks while nothing changes: a day may have turned."""
_LARGE = 400
_FIRST_LOOK_BACK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look found: how much is due now, what has come up, and when it was looked."""

    count: int
    reminders: tuple[Reminder, ...]
    at: datetime

    @property
    def said(self) -> str:
        """What has come up, in a sentence; the first in full, and how many more there are."""
        if not self.reminders:
            return ""
        from fundtrack.core import words

        first, more = self.reminders[0], len(self.reminders) - 1
        said = f"{first.item.title}: {_when(first)}"
        return f"{said}, and {words.count(more, 'more reminder')}." if more else f"{said}."


def _when(reminder: Reminder) -> str:
    from fundtrack.core import words

    due = reminder.item
    if due.overdue:
        return f"overdue since {words.short_day(due.due)}"
    away = "today" if due.away == 0 else f"in {words.count(due.away, 'day')}"
    return f"due {words.weekday(due.due)}, {away}"


def due_now(found: tuple[Due, ...]) -> int:
    """How many things are overdue or due this week, are not done and are not snoozed."""
    now = ("Overdue", "This week")
    return sum(each.group in now and not each.done and each.snooze is None for each in found)


class Reminding(QObject):
    """Looks, and says what it found. `turned` is emitted when the day has turned."""

    looked = Signal(object)
    turned = Signal()

    def __init__(
        self,
        today: Callable[[], date],
        parent: QObject | None = None,
        pool: QThreadPool | None = None,
    ) -> None:
        super().__init__(parent)
        self.snoozes: tuple[Snooze, ...] = ()
        self.since: date | None = None
        self._today = today
        self._view: View | None = None
        self._latest = Latest(self, pool)
        self._latest.answered.connect(self._found)
        self._soon = QTimer(self, singleShot=True, interval=SETTLES)
        self._soon.timeout.connect(self.look)
        self._often = QTimer(self, interval=EVERY)
        self._often.timeout.connect(self.look)

    def begin(self, snoozes: tuple[Snooze, ...], since: date | None) -> None:
        """Begin with a book: what was snoozed in it, and the day of the last reminder."""
        self.snoozes, self.since = snoozes, since
        self._often.start()

    def end(self) -> None:
        """Let go of the book."""
        self._soon.stop()
        self._often.stop()
        self._latest.forget()
        self._view = None
        self.snoozes, self.since = (), None

    def present(self, view: View) -> None:
        """Look at a book that has changed, once the pages have been painted."""
        self._view = view
        self._soon.start()

    def told(self, on: date) -> None:
        """Take note that what has come up until a day was said."""
        self.since = on

    def look(self) -> None:
        """Look now; a large book is looked at off the window's thread."""
        view = self._view
        if view is None:
            return
        if self._today() != view.outlook.today:
            self.turned.emit()
            return
        question = partial(view.later.dues, self.snoozes)
        if len(view.portfolio.awards) + len(view.portfolio.posts) > _LARGE:
            self._latest.ask(question)
        else:
            self._found(question())

    def _found(self, found: tuple[Due, ...]) -> None:
        view = self._view
        if view is None:
            return
        from fundtrack.core.deadlines import reminders

        today = view.outlook.today
        since = self.since or today - _FIRST_LOOK_BACK
        came_up = reminders(found, since, today)
        # the clock on the person's wall
        self.looked.emit(Looked(due_now(found), came_up, datetime.now()))  # noqa: DTZ005


# --- kept with a person's preferences ----------------------------------------------------


def snoozes_of(preferences: Settings, book: Path) -> tuple[Snooze, ...]:
    """What this person has snoozed in a book."""
    from fundtrack.core.deadlines import Snooze

    mine = str(book.absolute())
    return tuple(
        Snooze(uid, until, reason) for at, uid, until, reason in preferences.snoozes if at == mine
    )


def with_snoozes(preferences: Settings, book: Path, snoozes: tuple[Snooze, ...]) -> Settings:
    """The preferences with these snoozes for a book, and those of other books as they were."""
    mine = str(book.absolute())
    others = tuple(each for each in preferences.snoozes if each[0] != mine)
    kept = tuple((mine, each.uid, each.until, each.reason) for each in snoozes)
    return replace(preferences, snoozes=(*others, *kept))


def reminded_on(preferences: Settings, book: Path) -> date | None:
    """The day up to which this person was reminded of a book's dates, if ever."""
    return dict(preferences.reminded).get(str(book.absolute()))


def with_reminded(preferences: Settings, book: Path, on: date) -> Settings:
    """The preferences with that day noted; forgotten for books not opened lately."""
    mine = str(book.absolute())
    kept = dict(preferences.reminded) | {mine: on}
    lately = {*preferences.recent_books, mine}
    return replace(
        preferences, reminded=tuple((at, day) for at, day in kept.items() if at in lately)
    )
