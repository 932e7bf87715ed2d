"""The open book as the window sees it: values come out as one View, edits go in by one door."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QThreadPool, Signal

from fundtrack.core.errors import KnownError, RefusedError
from fundtrack.core.glance import glance
from fundtrack.core.model import LISTS
from fundtrack.core.outlook import outlook
from fundtrack.gui.background import Latest
from fundtrack.gui.view import View, sentence_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from fundtrack.core.edit import Edit
    from fundtrack.core.model import Portfolio
    from fundtrack.core.outlook import Outlook
    from fundtrack.core.rates import Statutory
    from fundtrack.gui.background import LongWork
    from fundtrack.gui.view import Salaries
    from fundtrack.workspace import Storing, Turn, Workspace

_Made = TypeVar("_Made")

HORIZON = 36
TOO_LONG = 0.25
"""Seconds: a book whose outlook takes longer is worked out off the window's thread."""
LARGE = 2_000
"""Records: nobody knows yet how long a book takes that was just opened, but one of so many is
worked out off the window's thread from the first. An edit of so many is stored there too."""


NOTHING_CHANGES = "Nothing can be changed in the trustee view. Leave it first: View, Trustee view"


class Bridge(QObject):
    """Joins one Workspace to the window. `changed` carries a View after every change.

    `said` carries a word worth showing ("Removed … and 3 shares"), `refused` why not, and
    `turned` what was undone or done again.
    """

    changed = Signal(object)
    said = Signal(str)
    turned = Signal(str)
    refused = Signal(str)
    broke = Signal(object)
    working = Signal(bool)

    def __init__(
        self,
        workspace: Workspace,
        statutory: Statutory,
        today: Callable[[], date],
        parent: QObject | None = None,
        pool: QThreadPool | None = None,
    ) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self._statutory = statutory
        self._today = today
        self._view: View | None = None
        self._salaries: Salaries = "hidden"
        self._horizon = HORIZON
        self._took = 0.0
        self._working = False
        self._latest = Latest(self, pool)
        self._latest.answered.connect(self._arrived)
        self._latest.failed.connect(self._failed)
        self._unwatch = workspace.watch(lambda _edit: self.refresh())

    @property
    def view(self) -> View | None:
        """What the window shows now."""
        return self._view

    @property
    def busy(self) -> bool:
        """Whether the figures of the book are being worked out elsewhere."""
        return self._working

    def tell_salaries(self, salaries: Salaries) -> None:
        """Hide, show or leave out what tells a salary; hidden until asked for, never remembered."""
        self._salaries = salaries
        if self._view is not None:
            self._view = self._view.with_salaries(salaries)
            self.changed.emit(self._view)

    def look_ahead(self, months: int) -> None:
        """Look so many months ahead, and never fewer than is usual."""
        wanted = max(months, HORIZON)
        if wanted != self._horizon:
            self._horizon = wanted
            self.refresh()

    def refresh(self) -> None:
        """Work out everything anew from the book: at once, or elsewhere if the book is large."""
        question = partial(
            view_of,
            self.workspace.portfolio,
            self._statutory,
            self._today(),
            read_only=self.workspace.read_only,
            before=None if self._view is None else self._view.sums.outlook,
            horizon=self._horizon,
        )
        if self._takes_long:
            self._tell_working(True)
            self._latest.ask(partial(_timed, question))
        else:
            self._arrived(_timed(question))

    @property
    def _takes_long(self) -> bool:
        if self._took > TOO_LONG:
            return True
        now = _records(self.workspace.portfolio)
        before = 0 if self._view is None else _records(self._view.portfolio)
        return now >= LARGE and now > 2 * before  # nobody knows yet how long so many take

    def do(self, edit: Edit, kind: str = "do") -> bool:
        """Make an edit, and tell whether it was made; what cannot be is said, and changes nothing.

        `kind` is what the journal calls it: "do", or "import".
        """
        done = self._try(partial(self.workspace.do, edit, kind))
        if done is not None and any(change.after is None for change in done.changes):
            self.said.emit(done.label.replace("Remove ", "Removed ", 1))
        return done is not None

    def bring_in(self, edit: Edit, work: LongWork, then: Callable[[], object]) -> None:
        """Make the edit of an import, a long one off the window's thread; `then` once it is made.

        Until that is stored it can be cancelled, and nothing else can be changed.
        """
        if len(edit.changes) < LARGE:
            if self.do(edit, "import"):
                then()
            return
        self._store_elsewhere(
            partial(self.workspace.begin, edit, "import"),
            edit.label.replace("Import ", "Bringing in ", 1),
            work,
            then,
        )

    def _store_elsewhere(
        self,
        begins: Callable[[], Storing | None],
        doing: str,
        work: LongWork,
        then: Callable[[], object],
    ) -> None:
        stored = self._try(begins)
        if stored is not None:
            work.run(
                doing,
                lambda tell: stored(tell, tell.finish),
                then=lambda _nothing: self._settled(then),
                failed=self._not_stored,
                stopped=self.workspace.settle,
                owner=self,
            )

    def _settled(self, then: Callable[[], object]) -> None:
        if self.workspace.settle() is not None:
            then()

    def _not_stored(self, fault: BaseException) -> None:
        def known() -> None:
            self.workspace.settle()
            raise fault

        try:
            self._try(known)
        except Exception as ours:  # noqa: BLE001 - handed on, and owned up to
            self.broke.emit(ours)

    def undo(self, work: LongWork | None = None) -> None:
        """Take back the latest change; a large one off the window's thread, with `work`."""
        self._turn("undo", work, "Undoing", "Undone")

    def redo(self, work: LongWork | None = None) -> None:
        """Do again what was undone, as `undo` does."""
        self._turn("redo", work, "Doing again", "Done again")

    def _turn(self, kind: Turn, work: LongWork | None, doing: str, done: str) -> None:
        workspace = self.workspace
        label = workspace.undo_label if kind == "undo" else workspace.redo_label
        said = f"{done}: {label}"
        much = self._try(partial(workspace.turns_much, kind))
        if much and work:
            self._store_elsewhere(
                partial(workspace.begin_turn, kind), f"{doing}: {label}", work,
                partial(self.turned.emit, said),
            )  # fmt: skip
        elif much is not None:
            made = self._try(workspace.undo if kind == "undo" else workspace.redo)
            if made is not None:
                self.turned.emit(said)

    def take_back(self, entry_id: int, work: LongWork | None = None) -> None:
        """Take back any one line of the journal, where what it changed still stands.

        A large one is taken back off the window's thread, with `work`.
        """
        entry = self._try(partial(self.workspace.entry, entry_id))
        if entry is None:
            return
        if work and entry.is_long:
            self._store_elsewhere(
                partial(self.workspace.begin_taking_back, entry_id),
                f"Taking back: {entry.label}",
                work,
                partial(self.said.emit, f"Taken back: “{entry.label}”"),
            )
        elif (taken := self._try(partial(self.workspace.take_back, entry_id))) is not None:
            self.said.emit(taken.label.replace("Undo ", "Taken back: ", 1))

    def erase(self, reference: str, post: str) -> bool:
        """Take a person out of the book and its history for good; tell whether it was finished.

        Raises KnownError where it could not be, or not wholly.
        """
        if self._salaries != "shown":
            return False
        self.workspace.erase(reference, post)
        return True

    def close(self) -> None:
        """Let go of the book."""
        self._latest.forget()
        self._unwatch()
        self.workspace.close()

    def _try(self, act: Callable[[], _Made | None]) -> _Made | None:
        if self._salaries == "absent":
            self.refused.emit(NOTHING_CHANGES)
            return None
        try:
            return act()
        except RefusedError as refused:
            self.refused.emit(sentence_of(refused.problems))
        except KnownError as known:
            self.refused.emit(str(known))
        if self._view is not None:
            self.changed.emit(self._view)
        return None

    def _arrived(self, answer: tuple[View, float]) -> None:
        view, self._took = answer
        self._view = view.with_salaries(self._salaries)
        self._tell_working(False)
        self.changed.emit(self._view)

    def _tell_working(self, under_way: bool) -> None:  # noqa: FBT001 - as the signal has it
        self._working = under_way
        self.working.emit(under_way)

    def _failed(self, fault: BaseException) -> None:
        self._tell_working(False)
        self.broke.emit(fault)


def _records(portfolio: Portfolio) -> int:
    return sum(len(getattr(portfolio, name)) for name in LISTS)


def _timed(question: Callable[[], View]) -> tuple[View, float]:
    began = time.perf_counter()
    return question(), time.perf_counter() - began


def view_of(
    portfolio: Portfolio,
    statutory: Statutory,
    today: date,
    *,
    read_only: bool = False,
    before: Outlook | None = None,
    horizon: int = HORIZON,
) -> View:
    """Everything the pages show of a book on a day; `before` is an outlook it may start from."""
    seen = outlook(portfolio, statutory, today, horizon, before)
    return View(portfolio, seen, glance(portfolio, seen), read_only)
