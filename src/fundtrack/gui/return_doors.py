"""What the pages of returns need from the rest of FundTrack, handed to them by `app`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from fundtrack.core.returns.layout import Layout
    from fundtrack.core.returns.shown import Asked, BatchFile, LaidOut, LayoutName, WrittenFile


class Writes(Protocol):
    """Writes a return's file and proves it."""

    def __call__(self, asked: Asked, out: Path, *, internal: bool = ...) -> WrittenFile:
        """Return what was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnDoors:
    """Functions that lay out and write returns. Each may raise KnownError."""

    layouts: Callable[[Path], tuple[LayoutName, ...]]
    """Every layout there is for a book, the charity's own first."""
    layout: Callable[[Path, str | None], Layout]
    """A layout by its name, or as a return's record has it."""
    copy_layout: Callable[[Path, str, str], Path]
    """Copy a layout under another name to where the charity's own stand."""
    laid_out: Callable[[Asked], LaidOut]
    written: Writes
    written_all: Callable[
        [Sequence[tuple[Asked, Path]], Callable[[int, int], None]], tuple[BatchFile, ...]
    ]
    """Write many, telling how far it is; what looks personal keeps a file from being written."""
    sha256_of: Callable[[Path], str]
    """The SHA-256 of a file."""
