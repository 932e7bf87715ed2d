"""The window as a person waits for it: until it is painted and filled, and from edit to repaint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from figures import Row

if TYPE_CHECKING:
    from collections.abc import Iterator


def opening(_runs: int) -> Iterator[Row]:
    """From the start of the process until the window is painted, then until it is filled."""
    yield Row("window painted, then filled", note="left out, there is no window yet")


def editing(_runs: int) -> Iterator[Row]:
    """From an edit until every figure on the page has been repainted."""
    yield Row("edit to repaint", note="left out, there is no window yet")
