"""The open book: every change to it takes this one road, and can be undone.

`do(edit)` refuses a change that is stale or would leave the book wrong, writes it to the store
together with its line in the journal, replaces the portfolio, and tells whoever watches. Undo,
redo and taking back a past change are edits down the same road, so the journal tells all.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Protocol

from fundtrack.core import person
from fundtrack.core.check import check_edit
from fundtrack.core.edit import Edit, difference
from fundtrack.core.errors import KnownError, Problem, RefusedError
from fundtrack.core.model import Change
from fundtrack.core.pausing import without_collecting
from fundtrack.core.plain import are_kept, changes_from_plain, from_plain, texts, to_plain
from fundtrack.core.telling import unheeded, untold

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from fundtrack.core.model import Portfolio
    from fundtrack.core.telling import Tell

MADE_ANEW = ("do", "import")
"""The kinds of journal line that Undo takes back; after one, there is nothing to redo."""
Turn = Literal["undo", "redo"]
_LONG_LINE = 500_000
"""Characters of a line of the journal that takes long to turn round: some two thousand records."""
_LISTED = 5_000
"""The latest lines of the journal that can be read while a change is being stored."""
STEPS_REMEMBERED = 10_000
"""How far back Undo reaches when a book is opened. `take_back` reaches any line."""


@dataclass(frozen=True)
class Entry:
    """A line of the journal: one change to the book, and who made it when.

    `kind` is new, do, undo, redo, import, restore or erase; `of` is the line undone, redone or
    taken back. `at` is UTC. `who` is the name the person was signed in to the computer by.
    """

    id: int
    at: datetime
    who: str | None
    label: str
    kind: str
    of: int | None
    changes_json: str = field(default="[]", repr=False)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The records before and after, in the order they were changed."""
        return changes_from_json(self.changes_json)

    @property
    def edit(self) -> Edit:
        """The change itself."""
        return Edit(self.label, self.changes)

    @property
    def is_long(self) -> bool:
        """Whether it is of thousands of records, which take long to read."""
        return len(self.changes_json) > _LONG_LINE

    def may_speak_of(self, key: str) -> bool:
        """Whether a key stands anywhere in the changes; no is for certain, and found at once."""
        return any(
            json.dumps(key, ensure_ascii=ascii_)[1:-1] in self.changes_json
            for ascii_ in (False, True)
        )


class Storing(Protocol):
    """Stores a change that was begun."""

    def __call__(self, tell: Tell = ..., at_last: Callable[[], object] = ..., /) -> None:
        """Store it, saying how far it is, and when only the keeping is left."""


@dataclass(slots=True)
class _Begun:
    """A change that is being stored, perhaps in another thread, and what came of it."""

    label: str
    kind: str
    of: int | None
    then: Callable[[int], object]
    """What becomes of undo and redo, given the id of its line in the journal."""
    over: bool = False
    made: tuple[Edit, Portfolio, int] | None = None
    journal: tuple[Entry, ...] | None = None
    """Its latest lines as they stood before: whoever asks the store waits until this is stored."""


@dataclass(frozen=True, slots=True)
class Step:
    """What undo and redo need to know of a journal line."""

    id: int
    kind: str
    of: int | None
    label: str


class Store(Protocol):
    """What keeps a book: a file, or memory for a test or a "what if"."""

    @property
    def read_only(self) -> str | None:
        """Why the book can be read but not changed, in a sentence; None if it can be changed."""

    @property
    def held_by(self) -> str | None:
        """Who has the book open for changes, if that is why it can only be read."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What the person should know about the opening of the book, a sentence each."""

    def load(self) -> Portfolio:
        """Return the whole book."""

    def write(
        self,
        edit: Edit,
        kind: str = "do",
        of: int | None = None,
        tell: Tell = untold,
        at_last: Callable[[], object] = unheeded,
    ) -> int:
        """Store an edit and its line in the journal, both or neither; return the line's id.

        `tell` hears how far it is, and `at_last` that only the keeping is left. Where one of them
        raises, nothing is stored.
        """

    def journal(self, limit: int | None = None, after: int = 0) -> tuple[Entry, ...]:
        """Return the latest lines of the journal, newest first; only those after a line's id."""

    def entry(self, entry_id: int) -> Entry:
        """Return one line of the journal. Raises KeyError if there is none."""

    def steps(self, limit: int) -> tuple[Step, ...]:
        """Return the latest lines as undo needs them, oldest first."""

    def rewrite_journal(self, label: Callable[[str], str], changes: Callable[[str], str]) -> int:
        """Put every line through these functions; return how many differ. The old is gone."""

    def close(self) -> None:
        """Let go of the book."""


class Workspace:
    """The open book. `portfolio` is always what the store holds."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._half_erased: set[tuple[str, str]] = set()
        self._begun: _Begun | None = None
        self._watchers: list[Callable[[Edit], None]] = []
        try:
            self._portfolio = store.load()
            self._undo, self._redo = _stacks(store.steps(STEPS_REMEMBERED))
        except BaseException:
            store.close()  # nobody else would, and the book would stay locked
            raise

    @property
    def portfolio(self) -> Portfolio:
        """The book as it stands."""
        return self._portfolio

    @property
    def store(self) -> Store:
        """What keeps the book."""
        return self._store

    @property
    def read_only(self) -> bool:
        """Whether the book can only be read; `read_only_because` says why."""
        return self._store.read_only is not None

    @property
    def read_only_because(self) -> str:
        """Why the book can only be read, in a sentence; empty if it can be changed."""
        return self._store.read_only or ""

    @property
    def held_by(self) -> str | None:
        """Who has the book open for changes, if that is why it can only be read."""
        return self._store.held_by

    @property
    def notes(self) -> tuple[str, ...]:
        """What the person should know about the opening of the book, a sentence each."""
        return self._store.notes

    @property
    def undo_label(self) -> str | None:
        """What Undo would undo, in the user's words; None when there is nothing to undo."""
        return self._undo[-1].label if self._undo else None

    @property
    def redo_label(self) -> str | None:
        """What Redo would do again, in the user's words; None when there is nothing."""
        return self._redo[-1].label if self._redo else None

    def do(self, edit: Edit, kind: str = "do") -> Edit:
        """Make a change, and return it as it was made: as kept, every record knowing its place.

        `kind` is `do`, or `import` for records brought in from a file, which the store backs up
        before. An edit without changes does nothing.

        Raises:
            StaleEditError: a record is not as the edit says it was before.
            RefusedError: the book would be wrong; the problems say where.
            KnownError: the book is read-only, or the disk did not oblige.

        Whichever is raised, nothing has changed.

        """
        if not edit.changes:
            return edit
        made, entry_id = self._make(edit if edit.tried else _as_kept(edit), kind)
        self._undo.append(Step(entry_id, kind, None, edit.label))
        self._redo.clear()
        self._tell(made)
        return made

    def begin(self, edit: Edit, kind: str = "do") -> Storing:
        """Begin a change that takes long to store; what this returns stores it, in any thread.

        Then `settle` takes it in. Until then no other change can be made, and the portfolio is as
        it was. What is returned is given who hears how far it is and that only the keeping is
        left, and raises as `do` does.

        Raises KnownError if the book is read-only, or the last such change is still being stored.
        """

        def then(entry_id: int) -> None:
            self._undo.append(Step(entry_id, kind, None, edit.label))
            self._redo.clear()

        return self._begin(
            _Begun(edit.label, kind, None, then), lambda: edit if edit.tried else _as_kept(edit)
        )

    def turns_much(self, kind: Turn) -> bool:
        """Tell whether the next undo or redo is of thousands of records, and takes long.

        Raises KnownError while a change that was begun is still being stored.
        """
        self.settle()
        steps, _ = self._turning(kind)
        return bool(steps) and self._store.entry(steps[-1].id).is_long

    def begin_turn(self, kind: Turn) -> Storing | None:
        """Begin the next undo or redo, as `begin` does; None where there is nothing."""
        self._refuse_if_it_may_not_change()
        source, target = self._turning(kind)
        if not source:
            return None
        step = source[-1]
        return self._begin(
            _Begun(step.label, kind, step.id, lambda _id: target.append(source.pop())),
            lambda: self._turned(step, kind),
        )

    def _begin(self, begun: _Begun, wanted: Callable[[], Edit]) -> Storing:
        self._refuse_if_it_may_not_change()
        self._begun = begun

        def stored(tell: Tell = untold, at_last: Callable[[], object] = unheeded) -> None:
            try:
                begun.journal = self._store.journal(_LISTED)
                with without_collecting():
                    placed, after = self._tried(wanted())
                    entry_id = self._store.write(placed, begun.kind, begun.of, tell, at_last)
                begun.made = (placed, after, entry_id)
            finally:
                begun.over = True

        return stored

    def settle(self) -> Edit | None:
        """Take in what `begin` began, once it is stored; None where it came to nothing.

        Raises KnownError while it is still being stored.
        """
        begun = self._begun
        if begun is None:
            return None
        if not begun.over:
            raise KnownError(f"{begun.label}: this is still being written. Wait until it is done")
        self._begun = None
        if begun.made is None:
            return None
        made, self._portfolio, entry_id = begun.made
        begun.then(entry_id)
        self._tell(made)
        return made

    def undo(self) -> Edit | None:
        """Take back the latest change not yet undone; None when there is none.

        Raises as `do` does.
        """
        return self._turn("undo")

    def redo(self) -> Edit | None:
        """Do again what was undone last; None when there is nothing.

        Raises as `do` does.
        """
        return self._turn("redo")

    def take_back(self, entry_id: int) -> Edit:
        """Undo any one line of the journal, where what it changed still stands.

        It is a new change of its own, which Undo can take back in turn.

        Raises as `do` does, and KeyError if there is no such line.
        """
        self.settle()
        edit = _taking_back(self._store.entry(entry_id))
        if not edit.changes:
            return edit
        made, new_id = self._make(edit, "do", entry_id)
        self._undo.append(Step(new_id, "do", entry_id, edit.label))
        self._redo.clear()
        self._tell(made)
        return made

    def begin_taking_back(self, entry_id: int) -> Storing:
        """Begin to take a line of the journal back, as `begin` does."""
        self._refuse_if_it_may_not_change()
        entry = self._store.entry(entry_id)
        label = _taken_back(entry.label)

        def then(new_id: int) -> None:
            self._undo.append(Step(new_id, "do", entry_id, label))
            self._redo.clear()

        return self._begin(_Begun(label, "do", entry_id, then), lambda: _taking_back(entry))

    def erase(self, reference: str, post: str = "") -> int:
        """Take a person out of the book and out of its history; return how many lines of it.

        `post` is the key of their post, where they have no reference. It cannot be undone: nothing
        is left to put back. Earlier changes can be, without them. Where the disk does not oblige
        half-way, doing it again finishes it.

        Raises as `do` does, and KeyError if neither the book nor its history knows of them.
        """
        self._refuse_if_it_may_not_change()
        edit = person.erasing(self._portfolio, reference, post)
        if edit.changes:
            edit, _ = self._make(edit, "erase")
        try:
            lines = self._store.rewrite_journal(
                lambda label: person.unnamed(label, reference),
                lambda changes: person.forgotten(changes, reference, post),
            )
        except KnownError:
            self._half_erased.add((reference, post))
            self._after_erasing(edit)
            raise
        if not lines and not edit.changes and (reference, post) not in self._half_erased:
            raise KeyError(reference or post)
        self._half_erased.discard((reference, post))
        self._after_erasing(edit)
        return lines

    def _after_erasing(self, edit: Edit) -> None:
        self._undo, self._redo = _stacks(self._store.steps(STEPS_REMEMBERED))
        self._tell(edit)

    def journal(self, limit: int | None = None) -> tuple[Entry, ...]:
        """Return the latest lines of the journal, newest first.

        While a change that was begun is being stored, those before it, thousands at the most.
        """
        begun = self._begun
        if begun is not None and not begun.over and begun.journal is not None:
            return begun.journal[:limit]
        return self._store.journal(limit)

    def entry(self, entry_id: int) -> Entry:
        """Return one line of the journal.

        Raises KeyError if there is no such line, KnownError while a change is being stored.
        """
        self.settle()
        return self._store.entry(entry_id)

    def as_at(self, entry_id: int) -> Portfolio:
        """Return the book as it stood just after this line of the journal.

        Raises KeyError if there is no such line, KnownError while a change is being stored.
        """
        self.entry(entry_id)
        portfolio = self._portfolio
        for entry in self._store.journal(after=entry_id):
            portfolio = entry.edit.inverse.apply(portfolio)
        return portfolio

    def stood_on(self, day: date) -> Portfolio | None:
        """Return the book as it stood at the end of a day, or None if it was not yet made then."""
        entries = self._store.journal()
        kept = next((entry for entry in entries if _local_day(entry) <= day), None)
        return None if kept is None else self.as_at(kept.id)

    @property
    def kept_from(self) -> date | None:
        """The day of the first line of the journal: from then on the book has been kept."""
        entries = self._store.journal()
        return _local_day(entries[-1]) if entries else None

    def refresh(self) -> bool:
        """Take in what somebody else has changed in the file; tell whether there was anything."""
        self.settle()
        before, self._portfolio = self._portfolio, self._store.load()
        self._undo, self._redo = _stacks(self._store.steps(STEPS_REMEMBERED))
        if self._portfolio == before:
            return False
        self._tell(difference("Changed by somebody else", before, self._portfolio))
        return True

    def watch(self, told: Callable[[Edit], None]) -> Callable[[], None]:
        """Have `told` called with every edit after it is made; return how to stop that."""
        self._watchers.append(told)

        def unwatch() -> None:
            if told in self._watchers:
                self._watchers.remove(told)

        return unwatch

    def close(self) -> None:
        """Let go of the book, so that somebody else may change it."""
        self._store.close()

    def _refuse_if_it_may_not_change(self) -> None:
        if self._store.read_only is not None:
            raise KnownError(self._store.read_only)
        self.settle()

    def _turning(self, kind: Turn) -> tuple[list[Step], list[Step]]:
        """Return where the next step is taken from, and where it goes."""
        return (self._undo, self._redo) if kind == "undo" else (self._redo, self._undo)

    def _turned(self, step: Step, kind: Turn) -> Edit:
        edit = self._store.entry(step.id).edit
        return edit.inverse if kind == "undo" else edit

    def _turn(self, kind: Turn) -> Edit | None:
        self.settle()
        source, target = self._turning(kind)
        if not source:
            return None
        step = source[-1]
        made, _ = self._make(self._turned(step, kind), kind, step.id)
        target.append(source.pop())
        self._tell(made)
        return made

    def _make(self, edit: Edit, kind: str, of: int | None = None) -> tuple[Edit, int]:
        self._refuse_if_it_may_not_change()
        with without_collecting():
            placed, after = self._tried(edit)
            entry_id = self._store.write(placed, kind, of)
        self._portfolio = after
        return placed, entry_id

    def _tried(self, edit: Edit) -> tuple[Edit, Portfolio]:
        """Return the edit knowing its places, and the book after it, which is one that may be."""
        if edit.tried is not None and edit.tried.before is self._portfolio:
            return edit.tried.placed, edit.tried.after
        placed, after = edit.made(self._portfolio)
        if problems := check_edit(after, placed):
            raise RefusedError(problems)
        return placed, after

    def _tell(self, edit: Edit) -> None:
        for told in tuple(self._watchers):
            told(edit)


class MemoryStore:
    """A book kept in memory only: for a "what if", and for tests of what needs no file."""

    read_only: str | None = None
    held_by: str | None = None
    notes: tuple[str, ...] = ()

    def __init__(self, portfolio: Portfolio) -> None:
        self._portfolio = portfolio
        self._entries: list[Entry] = []

    def load(self) -> Portfolio:
        """Return the whole book."""
        return self._portfolio

    def write(
        self,
        edit: Edit,
        kind: str = "do",
        of: int | None = None,
        tell: Tell = untold,
        at_last: Callable[[], object] = unheeded,
    ) -> int:
        """Keep an edit and its line in the journal."""
        after = edit.apply(self._portfolio)
        tell(len(edit.changes), len(edit.changes))
        at_last()
        self._portfolio = after
        entry_id = len(self._entries) + 1
        now = datetime.now(UTC)
        self._entries.append(
            Entry(entry_id, now, None, edit.label, kind, of, changes_to_json(edit.changes))
        )
        return entry_id

    def journal(self, limit: int | None = None, after: int = 0) -> tuple[Entry, ...]:
        """Return the latest lines of the journal, newest first; only those after a line's id."""
        return tuple(reversed(self._entries[after:]))[:limit]

    def entry(self, entry_id: int) -> Entry:
        """Return one line of the journal. Raises KeyError if there is none."""
        if not 1 <= entry_id <= len(self._entries):
            raise KeyError(entry_id)
        return self._entries[entry_id - 1]

    def steps(self, limit: int) -> tuple[Step, ...]:
        """Return the latest lines as undo needs them, oldest first."""
        steps = (Step(entry.id, entry.kind, entry.of, entry.label) for entry in self._entries)
        return tuple(steps)[-limit:]

    def rewrite_journal(self, label: Callable[[str], str], changes: Callable[[str], str]) -> int:
        """Put every line through these functions; return how many differ."""
        before = self._entries
        self._entries = [
            replace(entry, label=label(entry.label), changes_json=changes(entry.changes_json))
            for entry in before
        ]
        return sum(old != new for old, new in zip(before, self._entries, strict=True))

    def close(self) -> None:
        """Nothing to let go of."""


def _taking_back(entry: Entry) -> Edit:
    """The edit that takes a line of the journal back."""
    return replace(entry.edit.inverse, label=_taken_back(entry.label))


def _taken_back(label: str) -> str:
    return f"Undo “{label}”"


def _local_day(entry: Entry) -> date:
    """The day of a line of the journal by this computer's clock."""
    return entry.at.astimezone().date()


def changes_to_json(changes: tuple[Change, ...]) -> str:
    """Return the changes as the journal keeps them: interchange JSON."""
    return f"[{','.join(texts(changes))}]"


def changes_from_json(text: str) -> tuple[Change, ...]:
    """Return the changes the journal kept.

    Raises KnownError if they cannot be read: a field may have gone from the book since.
    """
    plain: Any = json.loads(text)
    if (together := changes_from_plain(plain)) is not None:
        return tuple(together)
    problems: list[Problem] = []
    changes = tuple(
        from_plain(Change, part, f"changes.{at}", problems) for at, part in enumerate(plain)
    )
    if problems:
        says = "; ".join(map(str, problems))
        raise KnownError(f"This line of the history can no longer be read ({says})")
    return changes


def _as_kept(edit: Edit) -> Edit:
    """Return the edit as its journal line will be read again, so that it can always be undone.

    Raises RefusedError for each value that could not be read again: a blank name, half a letter.
    """
    by_class: dict[type, list[Any]] = {}
    for change in edit.changes:
        if change.after is not None:
            by_class.setdefault(type(change.after), []).append(change.after)
    if all(map(are_kept, by_class.values())):
        return edit
    problems: list[Problem] = []
    changes = []
    for change in edit.changes:
        after = change.after
        if after is not None:
            path = f"{change.list}.{change.key}"
            after = from_plain(type(after), to_plain(after), path, problems)
        changes.append(change if after == change.after else replace(change, after=after))
    if problems:
        raise RefusedError(tuple(problems))
    return replace(edit, changes=tuple(changes))


def _stacks(steps: tuple[Step, ...]) -> tuple[list[Step], list[Step]]:
    """Return what may be undone and what may be redone, the next of each last."""
    undo: dict[int, Step] = {}
    redo: dict[int, Step] = {}
    for step in steps:
        if step.kind in MADE_ANEW:
            undo[step.id] = step
            redo.clear()
        elif step.kind == "undo" and step.of in undo:
            redo[step.of] = undo.pop(step.of)
        elif step.kind == "redo" and step.of in redo:
            undo[step.of] = redo.pop(step.of)
    return list(undo.values()), list(redo.values())
