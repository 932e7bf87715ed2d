"""How work that takes long says how far it is, and hears that it is to end."""

from __future__ import annotations

from collections.abc import Callable

Tell = Callable[[int, int], object]
"""Told how much is done, of how much (0 where that is not known). It raises where the work is to
end there: what calls it leaves nothing half-done behind, and does not catch what is raised."""


def untold(_done: int, _total: int) -> None:
    """Tell nobody, and never end."""


def unheeded() -> None:
    """Let it be."""
