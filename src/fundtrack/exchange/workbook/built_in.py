"""Writes a return in one of FundTrack's own layouts, as a workbook a funder can open and check."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from fundtrack import __version__, assets
from fundtrack.core.errors import KnownError, Problem, RefusedError
from fundtrack.core.returns.filling import return_figures
from fundtrack.core.returns.layout import layout_from_toml
from fundtrack.core.returns.layout_lines import line_of
from fundtrack.core.returns.sources import sources
from fundtrack.exchange.files import write_whole

if TYPE_CHECKING:
    from datetime import date

    from fundtrack.core.model import Portfolio
    from fundtrack.core.rates import Statutory
    from fundtrack.core.returns.figures import Finding, ReturnFigures
    from fundtrack.core.returns.layout import Layout

FIRST = "t1-quarterly"
STANDARD = "returns/standard/sheets.toml"
_LARGEST_LAYOUT = 1_000_000
_FOLDER = "returns"


def layout_names() -> tuple[str, ...]:
    """The names of the layouts that come with FundTrack."""
    found = assets.names(_FOLDER, ".toml")
    return tuple(name.removeprefix(f"{_FOLDER}/").removesuffix(".toml") for name in found)


@cache
def shipped_layout(name: str = FIRST) -> Layout:
    """A layout that comes with FundTrack. Raises RefusedError for one that does not."""
    if name not in layout_names():
        known = ", ".join(layout_names())
        raise RefusedError((Problem("layout", f'there is no layout "{name}". There are: {known}'),))
    return _read(assets.text(f"{_FOLDER}/{name}.toml"))


def layout_for(name: str, folder: Path | None = None) -> Layout:
    """A layout by name or by file: one beside the book stands in for one that is shipped.

    `name` is a name (`t2-half-yearly`) or the path of a TOML file. `folder` is the book's; layouts
    of the charity's own stand in it, or in a folder `layouts` within it.

    Raises:
        RefusedError: there is no such layout, or there are faults in it, each named with its place.
        KnownError: the file cannot be read.

    """
    given = Path(name)
    if given.suffix.casefold() == ".toml":
        return _read(_text(given))
    for place in () if folder is None else (folder, folder / "layouts"):
        own = place / f"{name}.toml"
        if given.name == name and own.is_file():
            return _read(_text(own))
    return shipped_layout(name)


def _text(path: Path) -> str:
    try:
        return path.read_bytes()[:_LARGEST_LAYOUT].decode("utf-8-sig")
    except OSError as fault:
        raise KnownError(f"{path} cannot be read ({fault.strerror})") from fault
    except UnicodeDecodeError as fault:
        raise KnownError(f"{path.name} is not text in UTF-8. Save it as UTF-8") from fault


def _read(text: str) -> Layout:
    layout, problems = layout_from_toml(text, assets.text(STANDARD))
    if layout is None:
        raise RefusedError(tuple(_with_line(text, each) for each in problems))
    return layout


def _with_line(text: str, problem: Problem) -> Problem:
    """A fault that says on which line of the file it stands."""
    at = line_of(text, problem.path)
    return problem if at is None else Problem(problem.path, f"line {at}: {problem.says}")


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How a return is written: in which layout, with what confirmed, for whom.

    `confirmed` are the private things (`names`, `salaries`) that may stand in it; `internal` adds
    the sheet that says where each figure came from; `proved` opens the file again and proves it.
    """

    layout: Layout | None = None
    confirmed: frozenset[str] = frozenset()
    internal: bool = False
    proved: bool = True


def write_return(
    portfolio: Portfolio,
    statutory: Statutory,
    award_key: str,
    period: str,
    out: Path,
    today: date,
    how: How | None = None,
) -> tuple[Finding, ...]:
    """Write the return of an award for a period, proved; give what its checks found.

    `period` is written as in `core.period`, such as `2026-27 Q2`; figures are as at `today`. A file
    of that name is replaced, whole or not at all.

    Raises:
        RefusedError: the award or the period is not in the book; says which are.
        KnownError: the disk would not take the file.

    """
    how = how or How()
    data, figures = return_workbook(
        portfolio,
        statutory,
        award_key,
        period,
        today,
        how.layout,
        confirmed=how.confirmed,
        internal=how.internal,
        proved=how.proved,
    )
    write_whole(out, data)
    return figures.findings


def return_workbook(  # noqa: PLR0913 - a return is of a book, an award, a period and a day
    portfolio: Portfolio,
    statutory: Statutory,
    award_key: str,
    period: str,
    today: date,
    layout: Layout | None = None,
    *,
    confirmed: frozenset[str] = frozenset(),
    internal: bool = False,
    proved: bool = False,
) -> tuple[bytes, ReturnFigures]:
    """The bytes of a return's workbook and what it says, its findings naming their cells.

    `confirmed` are the private things (`names`, `salaries`) that may stand in it; `internal` adds
    the sheet that says where each figure came from; `proved` opens the file again and proves it
    (X1 and X2 among the findings).
    """
    # Imported here: openpyxl takes long to load, and most of a day's work writes no workbook.
    from fundtrack.exchange.workbook.assembly import assembled

    chosen = layout or shipped_layout()
    figures = return_figures(
        portfolio, statutory, award_key, period, chosen, today, confirmed=confirmed
    )
    found = sources(portfolio, figures) if internal else None
    return assembled(figures, chosen, __version__, found, proved=proved)
