"""The menu of a figure asks why it is what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu, QWidget


def offer_why(menu: QMenu, shown: QWidget) -> None:
    """Offer "Why this figure?" for what the keyboard is on, where its page can answer."""
    act = getattr(getattr(shown.window(), "acts", None), "why", None)
    if act is not None and _figure(shown):
        menu.addAction(act)


def _figure(shown: QWidget) -> str:
    """What the page that a part stands on would be asked, or ""."""
    on: QWidget | None = shown
    while on is not None:
        asked = getattr(on, "figure_asked", None)
        if asked is not None and isinstance(found := asked(), str):
            return found
        on = on.parentWidget()
    return ""
