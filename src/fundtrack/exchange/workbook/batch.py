"""Writes many returns, one after the other, so that two hundred take no more room than one.

A return that cannot be written is told of, and the others go on.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fundtrack.core.errors import KnownError
from fundtrack.exchange.files import write_whole
from fundtrack.exchange.workbook.built_in import How, return_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from pathlib import Path

    from fundtrack.core.model import Portfolio
    from fundtrack.core.rates import Statutory
    from fundtrack.core.returns.figures import Finding


@dataclass(frozen=True, slots=True)
class Wanted:
    """A return to be written: of which award and period, and to which file."""

    award: str
    period: str
    out: Path


@dataclass(frozen=True, slots=True)
class Done:
    """What became of it: its findings and its file's SHA-256, or why it could not be written."""

    wanted: Wanted
    findings: tuple[Finding, ...] = ()
    sha256: str = ""
    problem: str = ""

    @property
    def fails(self) -> int:
        """How many of its checks fail."""
        return sum(finding.level == "FAIL" for finding in self.findings)


def write_returns(
    portfolio: Portfolio,
    statutory: Statutory,
    wanted: Iterable[Wanted],
    today: date,
    how: How | None = None,
    *,
    progress: Callable[[int, int, Done], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[Done, ...]:
    """Write each return; `progress` is told how many of how many are done after each.

    When `cancelled` says so, no further one is begun; what was written stays.
    """
    chosen, found = tuple(wanted), list[Done]()
    for each in chosen:
        if cancelled is not None and cancelled():
            break
        found.append(_written(portfolio, statutory, each, today, how or How()))
        if progress is not None:
            progress(len(found), len(chosen), found[-1])
    return tuple(found)


def _written(
    portfolio: Portfolio, statutory: Statutory, each: Wanted, today: date, how: How
) -> Done:
    try:
        data, figures = return_workbook(
            portfolio,
            statutory,
            each.award,
            each.period,
            today,
            how.layout,
            confirmed=how.confirmed,
            internal=how.internal,
            proved=how.proved,
        )
        write_whole(each.out, data)
    except KnownError as fault:
        return Done(each, problem=str(fault))
    return Done(each, figures.findings, hashlib.sha256(data).hexdigest())


def file_name(award: str, period: str) -> str:
    """A file's name for a return, which any system takes: `next-step 2026-27 Q2.xlsx`."""
    return re.sub(r"[^\w .-]+", "-", f"{award} {period}").strip(" .-") + ".xlsx"
