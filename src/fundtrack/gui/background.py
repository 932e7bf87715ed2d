"""Long work off the window's thread, so that the page stays usable.

`Latest` answers a question that is asked again and again: a newer question makes the older moot.
The owner keeps the signal; what runs elsewhere gets values and a way to answer, nothing of Qt's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

if TYPE_CHECKING:
    from collections.abc import Callable


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
