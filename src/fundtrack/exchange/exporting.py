"""The whole book, or its grants, written for another program: what was written is told in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fundtrack.core import words
from fundtrack.core.errors import KnownError
from fundtrack.core.telling import untold

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fundtrack.core.model import Portfolio
    from fundtrack.core.telling import Tell


def export(kind: str, portfolio: Portfolio, target: Path, tell: Tell = untold) -> str:
    """Write a book to a file (`csv`: to files in a folder), and say what was written.

    `kind` is json, workbook, csv or 360giving. All but the last hold salaries and birth dates.

    Raises KnownError if there is nothing to write, or the disk does not oblige.
    """
    return _EXPORTS[kind](portfolio, target, tell)


def _json(portfolio: Portfolio, target: Path, tell: Tell) -> str:
    from fundtrack.exchange import files, interchange

    files.refuse_a_book(target)
    made = interchange.write_json(portfolio).encode()
    tell(0, 0)
    files.write_whole(target, made)
    return f"Wrote the whole book to {target.name}."


def _workbook(portfolio: Portfolio, target: Path, tell: Tell) -> str:
    from fundtrack.exchange import files
    from fundtrack.exchange.tables import leaving

    files.refuse_a_book(target)
    leaving.write_workbook(portfolio, target, tell)
    return f"Wrote the whole book to {target.name}."


def _csv(portfolio: Portfolio, target: Path, tell: Tell) -> str:
    from fundtrack.exchange.tables import leaving

    if target.is_file():
        raise KnownError(f"{target.name} is a file. Choose a folder for the tables")
    written = leaving.write_csv(portfolio, target, tell)
    return f"Wrote {words.count(len(written), 'table')} to {target.name}."


def _giving360(portfolio: Portfolio, target: Path, tell: Tell) -> str:
    from fundtrack.exchange import files, giving360_out

    files.refuse_a_book(target)
    published = giving360_out.write(portfolio, target, tell)
    said = f"Wrote {words.count(len(published.grants), 'grant')} to {target.name}."
    if not published.problems:
        return said
    left_out = words.count(len(published.problems), "award")
    return f"{said} {words.sentence(left_out)} could not be: {published.problems[0].says}."


_EXPORTS: dict[str, Callable[[Portfolio, Path, Tell], str]] = {
    "json": _json,
    "workbook": _workbook,
    "csv": _csv,
    "360giving": _giving360,
}
