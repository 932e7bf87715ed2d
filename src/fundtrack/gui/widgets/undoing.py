"""Ctrl+Z in a field: its own letters first, and then the latest change to the book.

A field of Qt's keeps the key even when it has nothing to take back, so that a change made in it
could not be undone from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

if TYPE_CHECKING:
    from collections.abc import Callable

_KEYS: tuple[tuple[QKeySequence.StandardKey, Callable[[QLineEdit], bool]], ...] = (
    (QKeySequence.StandardKey.Undo, QLineEdit.isUndoAvailable),
    (QKeySequence.StandardKey.Redo, QLineEdit.isRedoAvailable),
)


class UndoingLine(QLineEdit):
    """A line to type in that leaves undo and redo to the window where it has none of its own."""

    def event(self, event: QEvent) -> bool:
        """Claim the key only where there is something to take back here."""
        if event.type() is QEvent.Type.ShortcutOverride:
            asked = cast("QKeyEvent", event)
            if any(asked.matches(key) and not has_some(self) for key, has_some in _KEYS):
                event.ignore()
                return False
        return super().event(event)
