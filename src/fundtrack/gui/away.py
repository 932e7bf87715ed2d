"""Finds what happened to a book while this person was away, once, soon after it is opened.

The moment each book was last looked at is this person's own, and kept with their preferences.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal

from fundtrack.core.errors import KnownError
from fundtrack.gui.background import Latest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from fundtrack.core.away import Away, Change
    from fundtrack.core.model import Portfolio
    from fundtrack.core.rates import Statutory
    from fundtrack.gui.view import View
    from fundtrack.settings import Settings
    from fundtrack.workspace import Entry, Workspace

SETTLES = 250
"""Milliseconds after a book is opened before this is looked for: the pages come first."""
_LARGE = 400
_STEP = 64


@dataclass(frozen=True, slots=True)
class Mark:
    """When a person last looked at a book, and which shipped rates they had then."""

    at: datetime
    rates: str = ""


class Watch(QObject):
    """Looks once for each book opened. `found` carries an Away that has something to say."""

    found = Signal(object)

    def __init__(self, parent: QObject | None = None, pool: QThreadPool | None = None) -> None:
        super().__init__(parent)
        self._latest = Latest(self, pool)
        self._latest.answered.connect(self._answered)
        self._soon = QTimer(self, singleShot=True, interval=SETTLES)
        self._soon.timeout.connect(self.look)
        self._begun: tuple[Workspace, Statutory, Mark, str | None] | None = None
        self._view: View | None = None

    def begin(
        self, workspace: Workspace, statutory: Statutory, mark: Mark | None, me: str | None
    ) -> None:
        """Begin with a book; without a mark it was never looked at, and there is nothing to say."""
        self._begun = None if mark is None else (workspace, statutory, mark, me)

    def present(self, view: View) -> None:
        """Take the book as it stands, and look once it has been painted."""
        self._view = view
        if self._begun is not None and not self._soon.isActive():
            self._soon.start()

    def end(self) -> None:
        """Let go of the book."""
        self._soon.stop()
        self._latest.forget()
        self._begun, self._view = None, None

    def look(self) -> None:
        """Look now; a large book is looked at off the window's thread."""
        view, begun = self._view, self._begun
        if view is None or begun is None:
            return
        self._begun = None
        workspace, statutory, mark, me = begun
        since = _since(workspace, mark)
        changes = tuple(_by_others(since, me))
        if not changes and mark.at.astimezone().date() >= view.outlook.today:
            return  # no day has passed, and nothing was changed
        then = _as_seen(workspace, since)
        question = partial(_away, view, statutory, mark, then, changes)
        if len(view.portfolio.awards) + len(view.portfolio.posts) > _LARGE:
            self._latest.ask(question)
        else:
            self._answered(question())

    def _answered(self, away: Away) -> None:
        if away.said:
            self.found.emit(away)


def _away(
    view: View,
    statutory: Statutory,
    mark: Mark,
    then: Portfolio,
    changes: tuple[Change, ...],
) -> Away:
    from fundtrack.core.away import away, unseen
    from fundtrack.core.outlook import outlook

    now = view.outlook
    looked: date = min(mark.at.astimezone().date(), now.today)
    before = outlook(then, statutory, looked, now.horizon)
    fresh = unseen(statutory.rates, mark.rates)
    return away(before, now, view.later.dues(), changes, fresh)


def _since(workspace: Workspace, mark: Mark) -> tuple[Entry, ...]:
    """The lines of the journal written since, newest first, reading no further than needed."""
    asked = _STEP
    while True:
        lines = workspace.journal(asked)
        if len(lines) < asked or lines[-1].at <= mark.at:
            return tuple(line for line in lines if line.at > mark.at)
        asked *= 4


def _by_others(since: tuple[Entry, ...], me: str | None) -> Iterator[Change]:
    from fundtrack.core.away import Change

    for entry in since:
        if entry.who is None or entry.who != me:
            yield Change(entry.at, entry.who, entry.label, _records(entry))


def _records(entry: Entry) -> tuple[str, ...]:
    try:
        return tuple(f"{each.list}.{each.key}" for each in entry.changes)
    except KnownError:  # a line that can no longer be read still has its name
        return ()


def _as_seen(workspace: Workspace, since: tuple[Entry, ...]) -> Portfolio:
    """The book before the first of these lines; as it is, where they can no longer be read."""
    portfolio = workspace.portfolio
    try:
        for entry in since:
            portfolio = entry.edit.inverse.apply(portfolio)
    except KnownError:
        return workspace.portfolio
    return portfolio


# --- kept with a person's preferences ----------------------------------------------------


def mark_of(preferences: Settings, book: str) -> Mark | None:
    """When this person last looked at a book, if they ever did; `book` tells it from others."""
    for known, at, rates in preferences.looked:
        if known == book:
            return Mark(at, rates)
    return None


def with_mark(preferences: Settings, book: str, mark: Mark) -> Settings:
    """The preferences with this moment noted; the books looked at longest ago are forgotten."""
    others = [row for row in preferences.looked if row[0] != book]
    return replace(preferences, looked=((book, mark.at, mark.rates), *others)[:_KEPT])


def now() -> datetime:
    """This moment, to the second, as it is kept."""
    return datetime.now(UTC).replace(microsecond=0)


_KEPT = 30
