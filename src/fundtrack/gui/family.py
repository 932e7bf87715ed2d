"""The windows of one running FundTrack: a book stands in one of them, preferences are in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from fundtrack.gui.window import Window
    from fundtrack.settings import Settings


class Family:
    """The open windows, the latest last. Each joins when it is made and leaves when it closes."""

    def __init__(self) -> None:
        self.windows: list[Window] = []

    def with_book(self, path: Path) -> Window | None:
        """The window that has this book open, if one has."""
        return next((it for it in self.windows if it.book and same_file(it.book, path)), None)

    def share(self, preferences: Settings) -> None:
        """Let every window know what this person prefers now."""
        for window in self.windows:
            window.take_preferences(preferences)

    def leave(self, window: Window) -> None:
        """Forget a window that closes."""
        if window in self.windows:
            self.windows.remove(window)


def same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to the same book."""
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there
        return one.absolute() == other.absolute()
