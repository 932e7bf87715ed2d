"""Takes Python's search through everything in memory to moments when nobody waits.

Python frees most of what is no longer wanted at once. Values that point at each other, as a closed
window and its buttons do, it finds only by going through all there is. It does that by itself in
the middle of whatever makes many values, such as the step of a slider, which then takes four times
as long. Here it waits until nothing has been typed, clicked or worked out for a while.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from PySide6.QtGui import QWindow

LOOKS_EVERY = 1000
"""Milliseconds between two looks at whether it is quiet."""
AT_MOST = 500
"""So many of Python's middling searches go by, some ten thousand steps of a slider, before it goes
through everything after all: memory does not grow without end while somebody never pauses."""
_TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.KeyRelease,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletMove,
    }
)


class Tidying(QObject):
    """Goes through everything in memory once it is quiet, from `begin` until `end`.

    Quiet is a whole time between two looks without a key, the mouse, or work of Python's. Then all
    is searched through if Python wanted to, or a window or dialog has come or gone, since last.
    """

    def __init__(self, app: QGuiApplication) -> None:
        super().__init__(app)
        self._app = app
        self._thresholds = gc.get_threshold()
        self._touched = self._changed = False
        self._seen = _searches()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._timer.setInterval(LOOKS_EVERY)
        self._timer.timeout.connect(self.look)
        self._due_from = self._seen[1]

    def begin(self) -> None:
        """Have Python leave the long search to this, and look from time to time."""
        self._thresholds = gc.get_threshold()
        gc.set_threshold(*self._thresholds[:2], AT_MOST)
        self._app.focusWindowChanged.connect(self._watch)
        self._watch(self._app.focusWindow())
        self._timer.start()

    def end(self) -> None:
        """Leave everything as it was."""
        self._timer.stop()
        self._app.focusWindowChanged.disconnect(self._watch)
        for window in self._app.allWindows():
            window.removeEventFilter(self)
        gc.set_threshold(*self._thresholds)

    def look(self) -> None:
        """Search through everything, if it is quiet and that has come due."""
        before, self._seen = self._seen, _searches()
        touched, self._touched = self._touched or _held(), False
        due = self._changed or self._seen[1] != self._due_from
        if due and gc.isenabled() and not touched and before == self._seen:
            gc.collect()
            self._changed, self._due_from = False, self._seen[1]

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Note that somebody is at the keyboard or the mouse; every event passes."""
        if event.type() in _TOUCHES:
            self._touched = True
        return False

    def _watch(self, window: QWindow | None) -> None:
        """See what is done in a window that comes to the front. Its widgets are not asked."""
        self._changed = True
        if window is not None:
            window.installEventFilter(self)


def _held() -> bool:
    """Whether a button of the mouse is held down, over a slider or the edge of a column."""
    return QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton


def _searches() -> tuple[int, int]:
    """How often Python has searched its newest values so far, and the middling old."""
    newest, middling = (each["collections"] for each in gc.get_stats()[:2])
    return newest, middling
