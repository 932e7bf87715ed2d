"""Lets Atheris look for a file that the reading of spreadsheets, grants and books trips over.

Atheris learns which bytes lead to new code, where `bench.fuzz_tables` only throws dice. It is no
requirement of the project: install it in an environment of its own beside FundTrack, then run by
hand `python -m bench.fuzz_atheris [FOLDER OF FILES…] [-max_total_time=300]`. It stops at the first
file that gives anything but a result, a list of problems or a refusal, and keeps that file.
"""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import date
from pathlib import Path

import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]

with atheris.instrument_imports(include=["fundtrack"]):
    from fundtrack import app
    from fundtrack.core.check import check
    from fundtrack.core.errors import KnownError
    from fundtrack.core.importing import Said
    from fundtrack.exchange import importing

_TODAY = date(2026, 12, 1)
_BOOK = app.empty_portfolio("Harbour", "scotland", date(2026, 4, 1))
_HANGS = "-timeout=10"  # seconds for one file
_MOST_MEMORY = "-rss_limit_mb=900"  # Atheris itself takes some 400 of it
_LONGEST = "-max_len=60000"  # bytes


def main() -> None:
    """Try files until told to stop, or until one of them breaks the reading."""
    given = [arg for arg in (_HANGS, _MOST_MEMORY, _LONGEST) if not _is_said(arg)]
    atheris.Setup([sys.argv[0], *given, *sys.argv[1:]], take_in)
    atheris.Fuzz()


def _is_said(flag: str) -> bool:
    return any(arg.startswith(flag.partition("=")[0]) for arg in sys.argv[1:])


def take_in(data: bytes) -> None:
    """Bring in one file as the window would, and take it back."""
    handle, name = tempfile.mkstemp(suffix=".bin")
    path = Path(name)
    try:
        os.write(handle, data)
        os.close(handle)
        file = importing.opened(path, _BOOK, _nobody)
        seen = file.offer(_BOOK, _TODAY, Said().answering("order", "day-first"), _nobody)
    except KnownError:
        return
    finally:
        path.unlink()
    if seen.edit is not None:
        after = seen.edit.apply(_BOOK)
        if seen.form == "tables" and (problems := check(after)):
            raise AssertionError(problems)
        if seen.edit.inverse.apply(after) != _BOOK:
            raise AssertionError("the import cannot be taken back")


def _nobody(_done: int, _total: int, _doing: str) -> None:
    """Nobody waits for it."""


if __name__ == "__main__":
    main()
