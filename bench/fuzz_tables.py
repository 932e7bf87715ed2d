"""Feeds the reading of spreadsheets with made and mangled files, to see that it always answers.

Every file must give a result, a list of problems, or a refusal in plain words: never an uncaught
error, never more than ten seconds or 500 MB. Run: `python -m bench.fuzz_tables [COUNT] [SEED]`.
"""

from __future__ import annotations

import csv
import io
import random
import resource
import signal
import sys
import time
import zipfile
from datetime import date, timedelta
from pathlib import Path
from types import FrameType

import openpyxl

from fundtrack.core.errors import KnownError
from fundtrack.core.model import Award, Balances, Funder, Organisation, Portfolio
from fundtrack.exchange.tables.preview import plans_for, preview
from fundtrack.exchange.tables.reading import parse
from fundtrack.exchange.tables.rows import Choices

_LONGEST = 10  # seconds of the processor, so that a busy machine makes no file slow
_MOST_MEMORY = 500  # MB
_SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
_TODAY = date(2026, 12, 1)
_TITLES = (
    *(
        "Funder",
        "Project",
        "Ref",
        "Amount",
        "Amount (£000s)",
        "Start",
        "End date",
        "Status",
        "Year",
    ),
    *(
        "Post",
        "Job title",
        "FTE",
        "Salary",
        "Due date",
        "Award",
        "Percent",
        "Core",
        "Notes",
        "Date",
    ),
    *("Cost", "Frequency", "Date received", "Apr 2026", "May 2026", "", "Total", "Kind", "Service"),
)
_CELLS = (
    *("£1,234.50", "(1,200)", "1.2k", "45%", "31/03/26", "03/04/26", "31 Mar 2026", "Mar-27"),
    *("2026/27", "Q3", "ongoing", "TBC", "00123", "=1+1", "#REF!", "Won", "monthly", "", "Core"),
    *("A Trust", "B Trust", "Adviser", "LT/01", "46112", "1e400", "٣٤", "a\x00b", "x" * 300, "½"),
    *(0.5, 1, 100, -5, 1e18, 46112, float("inf"), date(2026, 3, 31), True, None, timedelta(1)),
)


class _SlowError(Exception):
    """A file took longer than anybody waits."""


def _too_slow(_signal: int, _frame: FrameType | None) -> None:
    raise _SlowError


def main() -> int:
    """Try so many files; return 1 if any of them broke the reading."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    chance = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)  # noqa: S311 - no secret
    seeds = _seeds()
    book = _book()
    signal.signal(signal.SIGPROF, _too_slow)
    broken, refused, slowest = 0, 0, 0.0
    for at in range(count):
        data = _made(chance) if at % 2 or not seeds else chance.choice(seeds)
        if chance.random() < 0.7:
            data = _mangled(data, chance)
        began = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, _LONGEST)
        try:
            _take_in(data, book, chance)
        except KnownError:
            refused += 1
        except BaseException as fault:  # finding any is what this is for
            if isinstance(fault, KeyboardInterrupt):
                raise
            broken += 1
            kept = Path(f"fuzz-{at}.bin")
            kept.write_bytes(data)
            print(f"{at}: {type(fault).__name__}: {fault}; kept as {kept}")
        signal.setitimer(signal.ITIMER_PROF, 0)
        slowest = max(slowest, time.process_time() - began)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{count:,} files, {refused:,} refused, {broken:,} broken; {slowest:.1f} s, {most:,} MB")
    return 1 if broken or most > _MOST_MEMORY else 0


def _take_in(data: bytes, book: Portfolio, chance: random.Random) -> None:
    found = parse(data, "fuzz")
    answers = {"order": "day-first", "serials": "1900", "pennies": "round", "posts.fte": "1"}
    seen = preview(
        plans_for(found, book),
        book,
        _TODAY,
        name="fuzz",
        from_1904=found.from_1904,
        choices=Choices(answers=answers if chance.random() < 0.5 else {}),
    )
    if seen.edit is not None:
        after = seen.edit.apply(book)
        if seen.edit.inverse.apply(after) != book:
            raise AssertionError("the import cannot be taken back")


def _book() -> Portfolio:
    return Portfolio(
        organisation=Organisation(
            name="Harbour", nation="scotland", balances=Balances(as_at=date(2026, 4, 1))
        ),
        funders=(Funder(key="a-trust", name="A Trust"),),
        awards=(
            Award(
                key="lt",
                title="Befriending",
                reference="LT/01",
                stage="live",
                amount=5,
                funder="a-trust",
                start=_TODAY,
                end=_TODAY,
            ),
        ),
    )


def _seeds() -> list[bytes]:
    """Return small files of strangers, where they are at hand."""
    folders = ("tables", "360giving", "workbooks", "returns")
    paths = [path for name in folders for path in sorted((_SHARED / name).glob("*.*"))]
    return [path.read_bytes() for path in paths if path.stat().st_size < 120_000]


def _made(chance: random.Random) -> bytes:
    rows = [[chance.choice(_CELLS) for _ in range(chance.randint(0, 9))] for _ in range(30)]
    rows.insert(chance.randint(0, 4), [chance.choice(_TITLES) for _ in range(chance.randint(1, 9))])
    if chance.random() < 0.5:
        made = io.StringIO()
        csv.writer(made, delimiter=chance.choice(",;\t|")).writerows(rows)
        return made.getvalue().encode(chance.choice(("utf-8", "utf-16", "utf-8-sig")), "replace")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Grants")
    for row in rows:
        sheet.append([_storable(cell) for cell in row])
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def _storable(cell: object) -> object:
    if isinstance(cell, str):
        return "".join(letter for letter in cell if letter.isprintable())
    return None if cell == float("inf") else cell


def _mangled(data: bytes, chance: random.Random) -> bytes:
    """Return a file with parts of it changed: its bytes, or those of a member packed anew."""
    if data.startswith(b"PK") and chance.random() < 0.7:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                members = {name: archive.read(name) for name in archive.namelist()}
        except (zipfile.BadZipFile, OSError, ValueError):
            return _hurt(data, chance)
        name = chance.choice(sorted(members))
        members[name] = _hurt(members[name], chance)
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for each, part in members.items():
                archive.writestr(each, part)
        return made.getvalue()
    return _hurt(data, chance)


def _hurt(data: bytes, chance: random.Random) -> bytes:
    found = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        at = chance.randint(0, max(0, len(found) - 1))
        match chance.randint(0, 4):
            case 0:
                found[at : at + 1] = bytes((chance.randint(0, 255),))
            case 1:
                del found[at : at + chance.randint(1, 200)]
            case 2:
                found[at:at] = chance.choice(
                    (b"9999999", b'"', b"<", b"\xff\xfe", b"\x00", b"\n,\n")
                )
            case 3:
                found[at:at] = found[at : at + chance.randint(1, 500)]
            case _:
                digits = [i for i in range(at, min(len(found), at + 2000)) if 48 <= found[i] <= 57]
                for i in digits[: chance.randint(1, 6)]:
                    found[i] = chance.randint(48, 57)
    return bytes(found)


if __name__ == "__main__":
    sys.exit(main())
