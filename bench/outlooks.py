"""The outlook of a big book against the programs that can forecast the same months.

hledger unrolls the same prices and instalments from a journal; LibreOffice recalculates the same
rows as a sheet. Both are timed as a user meets them, as a process from start to end; ours from a
loaded book to the whole outlook, at all three certainties.
"""

from __future__ import annotations

import csv
import shutil
import subprocess
import tempfile
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bench.books import TODAY, book
from bench.figures import Row, timed
from bench.journal import journal
from bench.sheet import write_sheet
from fundtrack import assets
from fundtrack.core.outlook import outlook
from fundtrack.core.period import month_end
from fundtrack.core.rates import Statutory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fundtrack.core.model import Portfolio
    from fundtrack.core.outlook import Outlook

AWARDS, POSTS, MONTHS = 1_000, 500, 60
AIM = 1 / 20
WHAT = f"outlook of {AWARDS:,} awards, {POSTS} posts and {MONTHS} months"
PEER_RUNS = 3


def against_peers(runs: int) -> Iterator[Row]:
    """Our outlook, then beside each peer that is here."""
    portfolio = book(AWARDS, POSTS)
    found = told(portfolio)
    ours = timed(lambda: told(portfolio), runs)
    with tempfile.TemporaryDirectory(prefix="fundtrack-bench-") as folder:
        for program, measure in (("hledger", hledger), ("soffice", libreoffice)):
            path = shutil.which(program)
            if path is None:
                yield Row(WHAT, note=f"left out, {program} is not installed")
            else:
                against, theirs = measure(path, portfolio, found, Path(folder))
                yield Row(WHAT, ours, against, theirs, AIM)


def told(portfolio: Portfolio) -> Outlook:
    """The whole outlook of a book, sixty months of it."""
    return outlook(portfolio, statutory(), TODAY, MONTHS - 1)


@cache
def statutory() -> Statutory:
    """The shipped rates and bank holidays."""
    return Statutory.read(assets.rates_json(), assets.bank_holidays_json())


def hledger(program: str, portfolio: Portfolio, ours: Outlook, folder: Path) -> tuple[str, float]:
    """How long hledger takes to forecast the journal, having seen that its sums are ours."""
    first, last = days(ours)
    after = last + timedelta(days=1)
    path = folder / "book.journal"
    path.write_text(journal(portfolio, assets.rates_json(), "secured", first, last))
    command = [
        *(program, "-f", str(path), "balance", "^income", "^costs", "--depth=1", "--monthly"),
        *(f"--forecast={first}..{after}", f"--begin={first}", f"--end={after}"),
        *("--no-total", "--output-format=csv"),
    ]
    rows = {name: sums for name, *sums in csv.reader(run(command).splitlines())}
    see_agreement("hledger", ours, [-pounds(sum_) for sum_ in rows["income"]], within=0)
    return "hledger's forecast of the same journal", timed(lambda: run(command), PEER_RUNS)


def libreoffice(
    program: str, portfolio: Portfolio, ours: Outlook, folder: Path
) -> tuple[str, float]:
    """How long LibreOffice takes to recalculate the sheet, having seen that its sums are ours."""
    path = folder / "book.xlsx"
    formulas = write_sheet(portfolio, "secured", *days(ours), path)
    command = [
        *(program, f"-env:UserInstallation={(folder / 'office').as_uri()}", "--headless"),
        *("--convert-to", "csv", "--outdir", str(folder), str(path)),
    ]
    run(command)
    with path.with_suffix(".csv").open(newline="") as told_by_it:
        income = next(row for row in csv.reader(told_by_it) if row[0] == "income")[1:]
    see_agreement("LibreOffice", ours, [pounds(cell) for cell in income if cell], within=500)
    against = f"LibreOffice recalculating the same sheet ({formulas:,} formulas)"
    return against, timed(lambda: run(command), PEER_RUNS)


def days(ours: Outlook) -> tuple[date, date]:
    """The first and the last day of the months compared."""
    return ours.months[0], month_end(ours.months[-1])


def see_agreement(who: str, ours: Outlook, theirs: list[int], within: int) -> None:
    """Refuse to compare the speed of two different sums: income must agree, in pence a month."""
    income = ours.forecast["secured"].income.tolist()
    apart = max(abs(one - other) for one, other in zip(income, theirs, strict=True))
    if apart > within:
        raise SystemExit(f"{who} comes to other sums, {apart} pence apart: nothing to compare")


def pounds(text: str) -> int:
    """Pence of an amount as a peer prints it."""
    return round(float(text.replace("£", "").replace(",", "")) * 100)


def run(command: list[str]) -> str:
    """What a program prints; it must succeed."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def versions() -> Iterator[str]:
    """The versions of the peers that are here."""
    for program in ("hledger", "soffice"):
        path = shutil.which(program)
        if path:
            yield " ".join(run([path, "--version"]).split()[:2]).rstrip(",")
