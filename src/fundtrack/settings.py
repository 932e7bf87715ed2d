"""This person's preferences: how FundTrack looks to them, and the books they opened lately.

Kept in `settings.toml`, which a person may read and mend. What belongs to the charity (its
policy, its thresholds) is in the book instead. To add a preference, add a field to
`Settings` with what reads it.
"""

from __future__ import annotations

import base64
import contextlib
import os
import re
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any

from fundtrack import places
from fundtrack.core.errors import KnownError, Problem

THEMES = ("system", "light", "dark", "high-contrast")
SMALLEST_TEXT, LARGEST_TEXT = 90, 200
RECENT_BOOKS_KEPT = 10


def _theme(value: object) -> str:
    if value not in THEMES:
        raise ValueError("The theme must be one of " + ", ".join(THEMES))
    return str(value)


def _text_size(value: object) -> int:
    if type(value) is not int or not SMALLEST_TEXT <= value <= LARGEST_TEXT:
        raise ValueError("The text size must be a whole number from 90 to 200")
    return value


def _recent_books(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(path, str) for path in value):
        raise ValueError("The recent books must be a list of paths")
    return tuple(value[:RECENT_BOOKS_KEPT])


def _page(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("The page must be the title of a page")  # noqa: TRY004 - as _window
    return value


def _window(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("The window's place must be text")  # noqa: TRY004 - a fault of the file
    try:
        base64.b64decode(value, validate=True)
    except ValueError as wrong:
        raise ValueError("The window's place is not as FundTrack writes it") from wrong
    return value


def _tables(value: object) -> tuple[tuple[str, str], ...]:
    """Read `[table, columns]` for each."""
    rows = _rows(value, (str, str))
    if rows is None:
        raise ValueError("The tables must be lists of a name and its columns")
    return tuple((name, columns) for name, columns in rows)


def _snoozes(value: object) -> tuple[tuple[str, str, date, str], ...]:
    """Read `[book, what, until, reason]` for each."""
    rows = _rows(value, (str, str, date, str))
    if rows is None:
        raise ValueError("Snoozes must be lists of a book, what, a day and a reason")
    return tuple((book, what, until, reason) for book, what, until, reason in rows)


def _reminded(value: object) -> tuple[tuple[str, date], ...]:
    """Read `[book, day]` for each."""
    rows = _rows(value, (str, date))
    if rows is None:
        raise ValueError("The days of reminders must be lists of a book and a day")
    return tuple((book, day) for book, day in rows)


def _looked(value: object) -> tuple[tuple[str, datetime, str], ...]:
    """Read `[book, moment, rates]` for each."""
    rows = _rows(value, (str, datetime, str))
    if rows is None or any(at.tzinfo is None for _, at, _ in rows):
        raise ValueError("When books were looked at must be lists of a book, a moment and a text")
    return tuple((book, at, rates) for book, at, rates in rows)


def _rows(value: object, kinds: tuple[type, ...]) -> list[list[Any]] | None:
    """Return rows of values of these kinds, or None if they are anything else."""
    if not isinstance(value, list):
        return None
    sound = (isinstance(row, list) and [type(each) for each in row] == list(kinds) for row in value)
    return value if all(sound) else None


def _preference(usual: Any, reads: Callable[[object], Any]) -> Any:  # noqa: ANN401 - as `field`
    """Return a field with its usual value and what reads it from the file, or refuses it."""
    return field(default=usual, metadata={"reads": reads})


@dataclass(frozen=True, slots=True)
class Settings:
    """One person's preferences; every field has a value that suits a first start."""

    theme: str = _preference("system", _theme)
    """One of `THEMES`; `system` follows the computer."""
    text_size: int = _preference(100, _text_size)
    """Percent of the system's own text size, 90 to 200."""
    recent_books: tuple[str, ...] = _preference((), _recent_books)
    """Paths of the books opened lately, the latest first."""
    window: str = _preference("", _window)
    """Where the window stood, in Qt's own notation, as base64; empty lets Qt choose."""
    page: str = _preference("", _page)
    """The title of the page last looked at; empty, or one not known, is the first."""
    tables: tuple[tuple[str, str], ...] = _preference((), _tables)
    """How this person has arranged the columns of each table: its name, and a line of columns."""
    snoozes: tuple[tuple[str, str, date, str], ...] = _preference((), _snoozes)
    """What this person was not to be reminded of: book, what, until when, and why."""
    reminded: tuple[tuple[str, date], ...] = _preference((), _reminded)
    """The day up to which this person was reminded of each book's dates."""
    looked: tuple[tuple[str, datetime, str], ...] = _preference((), _looked)
    """When this person last looked at each book, and a mark of the shipped rates they had then."""
    unknown: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """What the file holds that this version does not know: a newer one may."""

    @property
    def last_book(self) -> Path | None:
        """The book opened last, or None."""
        return Path(self.recent_books[0]) if self.recent_books else None

    def having_opened(self, book: Path) -> Settings:
        """Return the settings with this book at the head of those opened lately."""
        path = str(book.absolute())
        others = tuple(other for other in self.recent_books if other != path)
        return replace(self, recent_books=(path, *others)[:RECENT_BOOKS_KEPT])


_READERS: dict[str, Callable[[object], Any]] = {
    each.name: each.metadata["reads"] for each in fields(Settings) if each.metadata
}


def read(path: Path | None = None) -> tuple[Settings, tuple[Problem, ...]]:
    """Return the preferences, and a word about each that could not be used.

    A file that is not TOML is set aside beside itself, so nothing in it is lost and FundTrack
    starts all the same.
    """
    path = path or places.settings_file()
    try:
        stored = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings(), ()
    except OSError as fault:
        return Settings(), (_unread(path, f"({fault.strerror}) and was left as it is"),)
    except (ValueError, RecursionError):  # not TOML, not UTF-8, or nested to exhaust the reader
        return Settings(), (_unread(path, _set_aside(path)),)
    return _settings_from(stored, path.name)


def write(settings: Settings, path: Path | None = None) -> None:
    """Store the preferences, wholly or not at all, whatever stands there.

    Raises:
        KnownError: the disk would not take them; the file is as it was.

    """
    path = path or places.settings_file()
    stored = {name: getattr(settings, name) for name in _READERS} | dict(settings.unknown)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace_text(path, to_toml(stored))
    except OSError as fault:
        message = (
            f"Your preferences could not be saved ({fault.strerror}). Your book is not affected. "
            f"See that {path.parent} can be written to, then change the preference again"
        )
        raise KnownError(message) from fault


def write_changes(before: Settings, after: Settings, path: Path | None = None) -> Settings:
    """Store what has changed, and only that: another FundTrack may have stored more meanwhile.

    Returns what is stored now. Of a preference that is a list (the books opened lately, what was
    snoozed), rows that are new or gone here are so there too, and the other FundTrack's rows stay.

    Raises:
        KnownError: the disk would not take them; the file is as it was.

    """
    there, problems = read(path)
    if problems:  # what stands there cannot be relied on, and what is known here can
        there = before
    changed = {
        name: _merged(old, new, getattr(there, name))
        for name in _READERS
        if (old := getattr(before, name)) != (new := getattr(after, name))
    }
    kept = replace(there, unknown=there.unknown or after.unknown, **changed)
    write(kept, path)
    return kept


def _merged(before: Any, after: Any, there: Any) -> Any:  # noqa: ANN401 - any preference's value
    """What was changed here between `before` and `after`, done to what stands `there` now."""
    if not isinstance(after, tuple):
        return after
    known, ours, theirs = map(_by_name, (before, after, there))
    rows = {name: theirs.get(name) if known.get(name) == row else row for name, row in ours.items()}
    rows |= {name: row for name, row in theirs.items() if name not in known and name not in ours}
    return tuple(row for row in rows.values() if row is not None)


def _by_name(rows: tuple[Any, ...]) -> dict[object, Any]:
    """The rows of a list by what they are about: a book, a table, what was snoozed of a book."""
    return {
        (row if isinstance(row, str) else row[: 2 if len(row) == _OF_A_SNOOZE else 1]): row
        for row in rows
    }


_OF_A_SNOOZE = 4


def to_toml(values: Mapping[str, Any]) -> str:
    """Return values as TOML that reads back as the same values (a tuple as a list)."""
    return "".join(f"{_toml_key(key)} = {_toml_value(value)}\n" for key, value in values.items())


def _settings_from(stored: dict[str, Any], name: str) -> tuple[Settings, tuple[Problem, ...]]:
    known: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, read_value in _READERS.items():
        if key in stored:
            try:
                known[key] = read_value(stored[key])
            except ValueError as fault:
                says = f"{fault}. The usual value is used instead"
                problems.append(Problem(f"{name}.{key}", says))
    unknown = {key: value for key, value in stored.items() if key not in _READERS}
    return Settings(**known, unknown=MappingProxyType(unknown)), tuple(problems)


def _unread(path: Path, what_became_of_it: str) -> Problem:
    says = "Your preferences could not be read, so FundTrack starts with the usual ones. "
    return Problem(path.name, f"{says}The file {what_became_of_it}")


def _set_aside(path: Path) -> str:
    names = (path.with_name(f"{path.name}.broken-{number}") for number in count(1))
    aside = next(name for name in names if not name.exists())
    try:
        path.rename(aside)
    except OSError as fault:
        return f"could not be set aside ({fault.strerror}); mend or remove it: {path}"
    return f"is kept as {aside.name}"


def _replace_text(path: Path, content: str) -> None:
    handle, temporary = tempfile.mkstemp(prefix=path.name + ".", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)  # noqa: PTH105 - beside os.fdopen, and named by the house rule
    except OSError:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


def _toml_key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _toml_text(key)


def _toml_value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            return _toml_text(value)
        case date() | time() | datetime():
            return value.isoformat()
        case list() | tuple():
            return "[" + ", ".join(map(_toml_value, value)) + "]"
        case Mapping():
            inner = (f"{_toml_key(key)} = {_toml_value(inside)}" for key, inside in value.items())
            return "{" + ", ".join(inner) + "}"
    message = f"TOML has no way to write a {type(value).__name__}"
    raise TypeError(message)


def _toml_text(text: str) -> str:
    writable = text.encode("utf-8", "replace").decode("utf-8")
    return '"' + "".join(_TOML_ESCAPES.get(letter, letter) for letter in writable) + '"'


_TOML_ESCAPES = {chr(code): f"\\u{code:04X}" for code in (*range(0x20), 0x7F)} | {
    '"': '\\"',
    "\\": "\\\\",
    "\n": "\\n",
    "\t": "\\t",
}
