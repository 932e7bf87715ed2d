"""Writes a return in one of FundTrack's own layouts, as a workbook a funder can open and check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fundtrack import __version__, assets
from fundtrack.core.errors import Problem, RefusedError
from fundtrack.core.returns.filling import return_figures
from fundtrack.core.returns.layout import layout_from_toml
from fundtrack.exchange.files import write_whole

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from fundtrack.core.model import Portfolio
    from fundtrack.core.rates import Statutory
    from fundtrack.core.returns.figures import Finding, ReturnFigures
    from fundtrack.core.returns.layout import Layout

FIRST = "t1-quarterly"
_FOLDER = "returns"


def layout_names() -> tuple[str, ...]:
    """The names of the layouts that come with FundTrack."""
    found = assets.names(_FOLDER, ".toml")
    return tuple(name.removeprefix(f"{_FOLDER}/").removesuffix(".toml") for name in found)


def shipped_layout(name: str = FIRST) -> Layout:
    """A layout that comes with FundTrack. Raises RefusedError for one that does not."""
    if name not in layout_names():
        known = ", ".join(layout_names())
        raise RefusedError((Problem("layout", f'there is no layout "{name}". There are: {known}'),))
    layout, problems = layout_from_toml(assets.text(f"{_FOLDER}/{name}.toml"))
    if layout is None:
        raise RefusedError(problems)
    return layout


def write_return(
    portfolio: Portfolio,
    statutory: Statutory,
    award_key: str,
    period: str,
    out: Path,
    today: date,
) -> tuple[Finding, ...]:
    """Write the quarterly return of an award for a period; give what its checks found.

    `period` is written as in `core.period`, such as `2026-27 Q2`; figures are as at `today`. A file
    of that name is replaced, whole or not at all.

    Raises:
        RefusedError: the award or the period is not in the book; says which are.
        KnownError: the disk would not take the file.

    """
    data, figures = return_workbook(portfolio, statutory, award_key, period, today)
    write_whole(out, data)
    return figures.findings


def return_workbook(
    portfolio: Portfolio,
    statutory: Statutory,
    award_key: str,
    period: str,
    today: date,
    layout: Layout | None = None,
) -> tuple[bytes, ReturnFigures]:
    """The bytes of a return's workbook and what it says, its findings naming their cells."""
    # Imported here: openpyxl takes long to load, and most of a day's work writes no workbook.
    from fundtrack.exchange.workbook.assembly import assembled

    chosen = layout or shipped_layout()
    figures = return_figures(portfolio, statutory, award_key, period, chosen, today)
    return assembled(figures, chosen, __version__)
