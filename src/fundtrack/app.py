"""Joins the pieces: the day, the rates, the book in its file, the window; and says what went wrong.

Only this module sees all of them. Whatever is slow to import is imported where it is first needed.
"""

from __future__ import annotations

import logging
import os
import traceback
from datetime import date
from functools import cache
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING

from fundtrack import assets, places
from fundtrack.core.errors import KnownError
from fundtrack.core.model import Balances, Organisation, Portfolio

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fundtrack.core.model import Nation
    from fundtrack.core.rates import Statutory
    from fundtrack.workspace import Workspace

TODAY_VARIABLE = "FUNDTRACK_TODAY"
DEBUG_VARIABLE = "FUNDTRACK_DEBUG"
LOG_NAME = "fundtrack.log"
_LOG_BYTES, _LOGS_KEPT = 500_000, 3
_APRIL = 4


def today() -> date:
    """Return today, or the day `FUNDTRACK_TODAY` names, for tests and pictures.

    Raises KnownError if that names no day.
    """
    asked = os.environ.get(TODAY_VARIABLE)
    if not asked:
        return date.today()  # noqa: DTZ011 - the calendar day of the person at this computer
    try:
        return date.fromisoformat(asked)
    except ValueError:
        raise KnownError(
            f"{TODAY_VARIABLE} is “{asked}”, which is no day. Write it as 2026-12-01, or unset it"
        ) from None


@cache
def statutory() -> Statutory:
    """Return the statutory rates and bank holidays shipped with FundTrack."""
    from fundtrack.core.rates import Statutory

    return Statutory.read(assets.rates_json(), assets.bank_holidays_json())


def open_workspace(path: Path, *, read_only: bool = False) -> Workspace:
    """Open a book; its owner closes it.

    Raises KnownError if it is not there, is no book, is newer than this FundTrack, or is damaged.
    """
    from fundtrack.store.opening import open_book
    from fundtrack.workspace import Workspace

    return Workspace(open_book(path, read_only=read_only))


def create_book(path: Path, portfolio: Portfolio, label: str = "New book") -> None:
    """Make a new book that holds this portfolio.

    Raises KnownError if a file of that name is there already, or the disk does not oblige.
    """
    from fundtrack.store.opening import create

    create(path, portfolio, label)


def empty_portfolio(name: str, nation: Nation, as_at: date) -> Portfolio:
    """Return a book with nothing in it but the charity's name and the day its balances stand."""
    organisation = Organisation(
        name=name, nation=nation, balances=Balances(as_at=as_at), year_start_month=_APRIL
    )
    return Portfolio(organisation=organisation)


def sample(day: date) -> Portfolio:
    """Return the sample charity, dated so that it has something to say on this day."""
    from fundtrack.exchange.sample import sample_portfolio

    return sample_portfolio(day)


def run_window(path: Path | None, arguments: list[str]) -> int:
    """Open the window on a book, or on the last one used; return the exit code."""
    from fundtrack.gui.main import run

    return run(path, arguments)


# --- faults ------------------------------------------------------------------------------------


def apology(fault: BaseException) -> str:
    """Note a fault of ours in the log, and return the sentence that owns up to it."""
    where = _note(fault)
    kept = f"Details are in {where}" if where else "Details could not be kept"
    return f"FundTrack made a mistake and stopped; what you had saved is as it was. {kept}"


def _note(fault: BaseException) -> Path | None:
    """Write where a fault arose to the log; None if the log cannot be written.

    Only its kind and place: what it says may quote a salary.
    """
    path = places.logs() / LOG_NAME
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            path, maxBytes=_LOG_BYTES, backupCount=_LOGS_KEPT, encoding="utf-8"
        )
    except OSError:
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    told = "\n".join(_told(fault))
    handler.emit(logging.LogRecord("fundtrack", logging.ERROR, "", 0, told, None, None))
    handler.close()
    return path


def _told(fault: BaseException | None) -> Iterator[str]:
    while fault is not None:
        yield f"{type(fault).__module__}.{type(fault).__qualname__}"
        yield "".join(traceback.format_tb(fault.__traceback__)).rstrip()
        fault = fault.__cause__ or fault.__context__
