"""Long work off the window's thread, so that the page stays usable.

`Latest` answers a question that is asked again and again: a newer question makes the older moot.
`LongWork` does one thing that may take long (an export, an import, a migration) and shows how far
it is, with Cancel, in the status bar. What runs elsewhere gets values and a way to answer, nothing
of Qt's.

To do long work from a page or the window, hand `window.work` a function of one argument::

    def written(tell: Tell) -> Path:  # runs elsewhere: it may not touch a widget
        for at, row in enumerate(rows):
            tell(at, len(rows))  # how far it is; ends the work here if Cancel was pressed
            ...
        tell.finish()  # from here on it cannot be cancelled: the file is put in its place
        return path

    self.work.run("Writing the workbook", written, then=self._written, owner=self)

`then` gets the answer, in the window's thread. A `KnownError` is said in the line under the
header and anything else is owned up to, unless `failed` is given. Work that never calls `tell` is
shown without knowing how far it is, and says `can_stop=False` if it cannot be cancelled. A dialog
that is modal has a `LongWork` and a `WorkLine` (see `widgets.working`) of its own, for the status
bar cannot be reached under it.
"""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

    _Answers = tuple[Callable[[Any], object], Callable[[Any], object], Callable[[], object]]


class Latest(QObject):
    """Runs a function elsewhere and gives the answer to the newest question only."""

    answered = Signal(object)
    failed = Signal(object)
    _came_back = Signal(int, object, object)

    def __init__(self, parent: QObject | None = None, pool: QThreadPool | None = None) -> None:
        super().__init__(parent)
        self._pool = pool or QThreadPool.globalInstance()
        self._newest = 0
        self._under_way = 0
        self._came_back.connect(self._take)

    @property
    def busy(self) -> bool:
        """Whether a question is still open."""
        return self._under_way > 0

    def ask(self, question: Callable[[], Any]) -> None:
        """Ask; any older question's answer will be dropped."""
        self._newest += 1
        self._under_way += 1
        self._pool.start(_Work(self._newest, question, self._came_back.emit))

    def forget(self) -> None:
        """Drop the answers to all questions asked so far."""
        self._newest += 1

    def _take(self, number: int, answer: object, fault: object) -> None:
        self._under_way -= 1
        if number != self._newest:
            return
        if fault is None:
            self.answered.emit(answer)
        else:
            self.failed.emit(fault)


class _Work(QRunnable):
    def __init__(
        self,
        number: int,
        question: Callable[[], Any],
        answer: Callable[[int, object, object], None],
    ) -> None:
        super().__init__()
        self._number = number
        self._question = question
        self._answer = answer

    def run(self) -> None:
        try:
            answer = self._question()
        except Exception as fault:  # noqa: BLE001 - handed to the owner, who tells the person
            self._tell(None, fault)
        else:
            self._tell(answer, None)

    def _tell(self, answer: object, fault: object) -> None:
        try:
            self._answer(self._number, answer, fault)
        except RuntimeError:  # the window closed meanwhile, and nobody is left to hear
            return


# --- one thing that takes long -----------------------------------------------------------------

_TELLS_EVERY = 0.03
"""Seconds between two reports of how far work is: more often nobody can see."""


class StoppedError(Exception):
    """The person cancelled the work; raised inside it by `Tell`, and never to be caught there."""


class Tell:
    """What long work says how far it is by. Calling it ends work that was cancelled."""

    def __init__(self, report: Callable[[int, int, str], None]) -> None:
        self._report = report
        self._stop = threading.Event()
        self._deciding = threading.Lock()
        self._finishing = False
        self._told = 0.0

    def __call__(self, done: int = 0, total: int = 0, doing: str = "") -> None:
        """Tell that `done` of `total` are done; `doing` puts other words to what is going on.

        Raises StoppedError if the work was cancelled.
        """
        if self._stop.is_set():
            raise StoppedError
        now = time.monotonic()
        if doing or now - self._told >= _TELLS_EVERY or done == total:
            self._told = now
            self._report(done, total, doing)

    def finish(self) -> None:
        """Tell that the work can no longer be cancelled. Raises StoppedError if it just was."""
        with self._deciding:
            if self._stop.is_set():
                raise StoppedError
            self._finishing = True
        self._report(0, 0, "")

    def stop(self) -> bool:
        """Ask the work to end; tell whether it still can. Called from the window's thread."""
        with self._deciding:
            if not self._finishing:
                self._stop.set()
            return not self._finishing

    @property
    def finishing(self) -> bool:
        """Whether the work can no longer be cancelled."""
        return self._finishing


class Job:
    """One piece of long work as the window sees it: its words, and how far it is."""

    def __init__(self, doing: str, *, can_stop: bool) -> None:
        self.doing = doing
        self.done = self.total = 0
        self.began = time.monotonic()
        self._can_stop = can_stop
        self.tell = Tell(lambda _done, _total, _doing: None)
        self.stopping = False

    @property
    def can_stop(self) -> bool:
        """Whether Cancel does anything now."""
        return self._can_stop and not self.stopping and not self.tell.finishing

    def stop(self) -> None:
        """Ask the work to end, as soon as it next tells how far it is."""
        if self.can_stop:
            self.stopping = self.tell.stop()


class LongWork(QObject):
    """The long work of one window or dialog. `changed` says that there is something to show.

    Each piece runs in a thread of its own that the program waits for when it ends, so that a file
    is never left half-written; closing the window asks it to stop, and drops the answer.
    """

    changed = Signal()
    failed = Signal(object)
    stopped = Signal(str)
    """What was cancelled, in its own words."""
    _came_back = Signal(object, object, object)
    _told = Signal(object, int, int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._answers: dict[Job, _Answers] = {}
        self._under_way: list[Job] = []
        self._came_back.connect(self._take)
        self._told.connect(self._note)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """What is under way and wanted, the latest last."""
        return tuple(self._under_way)

    @property
    def busy(self) -> bool:
        """Whether anything is under way."""
        return bool(self._under_way)

    def run(
        self,
        doing: str,
        work: Callable[[Tell], Any],
        *,
        then: Callable[[Any], object],
        failed: Callable[[BaseException], object] | None = None,
        stopped: Callable[[], object] | None = None,
        can_stop: bool = True,
        owner: QObject | None = None,
    ) -> Job:
        """Do work elsewhere; `doing` says what in the status bar ("Writing the calendar").

        `then` gets its answer in the window's thread; without `failed`, a fault goes to whoever
        heeds the signal of that name; `stopped` is called before the signal of that name is sent.
        None of them is called once `owner` is gone.
        """
        job = self.begin(doing, can_stop=can_stop)
        job.tell = Tell(partial(_safely, self._told, job))
        self._answers[job] = (then, failed or self.failed.emit, stopped or _nothing)
        if owner is not None:
            owner.destroyed.connect(partial(self._forget, job))
        threading.Thread(
            target=_done, args=(work, job.tell, partial(_safely, self._came_back, job))
        ).start()
        return job

    def begin(self, doing: str, *, can_stop: bool = False) -> Job:
        """Show that something goes on that is run by somebody else, until `end`."""
        job = Job(doing, can_stop=can_stop)
        self._under_way.append(job)
        self.changed.emit()
        return job

    def end(self, job: Job) -> None:
        """Show it no longer."""
        if job in self._under_way:
            self._under_way.remove(job)
            self.changed.emit()

    def forget(self) -> None:
        """Ask everything to stop, and want no answer any more."""
        for job in self.jobs:
            self._forget(job)

    def _forget(self, job: Job, _gone: object = None) -> None:
        job.stop()
        self._answers.pop(job, None)
        self.end(job)

    def _note(self, job: Job, done: int, total: int, doing: str) -> None:
        job.done, job.total, job.doing = done, total, doing or job.doing
        self.changed.emit()

    def _take(self, job: Job, answer: object, fault: BaseException | None) -> None:
        answers = self._answers.pop(job, None)
        self.end(job)
        if answers is None:
            return
        then, failed, stopped = answers
        if isinstance(fault, StoppedError):
            stopped()
            self.stopped.emit(job.doing)
        elif fault is not None:
            failed(fault)
        else:
            then(answer)


def _nothing() -> None:
    return


def _done(
    work: Callable[[Tell], Any], tell: Tell, answer: Callable[[object, object], None]
) -> None:
    try:
        found = work(tell)
    except Exception as fault:  # noqa: BLE001 - handed to the owner, who tells the person
        answer(None, fault)
    else:
        answer(found, None)


def _safely(signal: Any, job: Job, *values: object) -> None:  # noqa: ANN401 - one of Qt's signals
    try:
        signal.emit(job, *values)
    except RuntimeError:  # the window closed meanwhile, and nobody is left to hear
        return
