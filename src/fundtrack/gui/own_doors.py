"""What the page that fills a funder's own workbook needs, handed to it by `app`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from fundtrack.core.returns.form import (
        FormAsked,
        FormCell,
        FormFill,
        FormPlan,
        FormProof,
        FormSheet,
        FormStart,
        Spot,
    )
    from fundtrack.core.returns.vocabulary import Item


class OwnForm(Protocol):
    """A funder's workbook, opened. Its functions may raise KnownError.

    `plan`, `begin` and `write` may take a while, and may run elsewhere while the others are asked.
    """

    @property
    def name(self) -> str:
        """What the file is called."""

    @property
    def ending(self) -> str:
        """What a filled file's name must end in."""

    @property
    def titles(self) -> tuple[str, ...]:
        """The sheets in sight, in order."""

    @property
    def hidden(self) -> int:
        """How many sheets are hidden; they are left alone."""

    def sheet(self, title: str, /) -> FormSheet:
        """A sheet."""

    def cell(self, spot: Spot, /) -> FormCell:
        """What stands in a cell."""

    def offered(self, spot: Spot, /) -> tuple[str, ...]:
        """What a cell's drop-down lists; nothing if it has none or nobody can tell."""

    def words_at(self, spot: Spot, /) -> str:
        """The words a cell is known by, as a person reads them."""

    def run(self, spot: Spot, /, *, down: bool) -> tuple[tuple[Spot, str], ...]:
        """The cells that may be filled from here on, down or to the right, with their labels."""

    def items(self, asked: FormAsked, family: str, /) -> tuple[Item, ...]:
        """What a family of fields repeats for."""

    def begin(self, asked: FormAsked, /) -> FormStart:
        """What is remembered for the award's workbook, found again in this one."""

    def plan(self, fills: Sequence[FormFill], asked: FormAsked, /) -> FormPlan:
        """What filling would do, and what stands in its way."""

    def keep(self, fills: Sequence[FormFill], award: str, /) -> Path:
        """Remember the mapping with the award; where."""

    def write(self, fills: Sequence[FormFill], asked: FormAsked, out: Path, /) -> FormProof:
        """Write the filled workbook, prove it, and only then put it in its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDoors:
    """Opens a funder's workbook. May raise KnownError, and may take a while."""

    open: Callable[[Path, Path], OwnForm]
    """The file, and the book whose awards' mappings are remembered beside it."""
