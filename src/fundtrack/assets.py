"""The files shipped with FundTrack: statutory rates, bank holidays, icons, help, the sample.

The only module that knows how they are reached, whether installed, in development or packed
into one program. Names are relative and use `/`: `rates/rates.json`.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def text(name: str) -> str:
    """Return a shipped file as text."""
    return data(name).decode("utf-8")


def data(name: str) -> bytes:
    """Return a shipped file as bytes."""
    return files("fundtrack.resources").joinpath(*name.split("/")).read_bytes()


def names(folder: str, ending: str = "") -> tuple[str, ...]:
    """Return the names of the shipped files in a folder, sorted; none if there is no such folder.

    Each is a name that `text` and `data` take. `ending` keeps only files so named, as `.toml`.
    """
    place = files("fundtrack.resources").joinpath(*folder.split("/"))
    if not place.is_dir():
        return ()
    found = (entry.name for entry in place.iterdir() if entry.is_file())
    return tuple(sorted(f"{folder}/{name}" for name in found if name.endswith(ending)))


def rates_json() -> dict[str, Any]:
    """Return the dated statutory rates as read from JSON (pounds and percents are strings)."""
    return _json("rates/rates.json")


def bank_holidays_json() -> dict[str, Any]:
    """Return the bank holidays of the three nations as read from JSON (dates are ISO strings)."""
    return _json("rates/bank-holidays.json")


def _json(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(data(name))
    return read
