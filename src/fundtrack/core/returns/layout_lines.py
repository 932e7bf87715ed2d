"""On which line of a layout's file a part of it stands, so that a person finds what is wrong.

A part is named as the reader names it: `sheets.1.columns.3.field`, the first of a list being 0.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

_HEAD = re.compile(r"\s*(\[\[?)\s*([\w.-]+)\s*\]")
_KEY = re.compile(r"\s*([\w-]+)\s*=")
_WORD_BEFORE = re.compile(r"([\w-]+)\s*$")


def line_of(text: str, path: str) -> int | None:
    """The line (from 1) on which a part stands, or the nearest part that holds it; else None."""
    lines = _lines(text)
    parts = path.split(".")
    while parts:
        found = lines.get(".".join(parts))
        if found is not None:
            return found
        parts.pop()
    return None


@dataclass
class _Scan:
    """Where a reading of the file has come to."""

    lines: dict[str, int] = field(default_factory=dict)
    table: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    inside: list[tuple[str, str]] = field(default_factory=list)
    """The open brackets, each with the name of what it holds."""

    def note(self, name: str, at: int) -> None:
        self.lines.setdefault(name, at)


def _lines(text: str) -> dict[str, int]:
    scan = _Scan()
    for at, line in enumerate(text.splitlines(), start=1):
        head = None if scan.inside else _HEAD.match(line)
        if head is not None:
            _open_table(scan, head[2], many=head[1] == "[[", at=at)
            continue
        rest, start = line, 0
        key = None if scan.inside else _KEY.match(line)
        if key is not None:
            name = f"{scan.table}.{key[1]}" if scan.table else key[1]
            scan.note(name, at)
            start = key.end()
            _walk(scan, rest, start, at, name)
        else:
            _walk(scan, rest, start, at, "")
    return scan.lines


def _open_table(scan: _Scan, dotted: str, *, many: bool, at: int) -> None:
    """A heading: `[limits]`, or the next of a list such as `[[sheets.columns]]`."""
    parts, name = dotted.split("."), ""
    for depth, part in enumerate(parts):
        name = f"{name}.{part}" if name else part
        last = depth == len(parts) - 1
        if last and many:
            number = scan.counts[name]
            scan.counts[name] += 1
            name = f"{name}.{number}"
        elif scan.counts[name]:
            name = f"{name}.{scan.counts[name] - 1}"
    scan.table = name
    scan.note(name, at)


def _walk(scan: _Scan, line: str, start: int, at: int, name: str) -> None:
    """Follow the brackets of a value, noting the tables written within it."""
    place = start
    while place < len(line):
        sign = line[place]
        if sign == "#":
            return
        if sign in "\"'":
            place = _after_text(line, place)
            continue
        if sign == "[":
            scan.inside.append(("[", name or _inner(scan)))
        elif sign == "{":
            _open_inline(scan, name, at)
        elif sign in "]}" and scan.inside:
            scan.inside.pop()
        elif sign == "=" and scan.inside and scan.inside[-1][0] == "{":
            word = _WORD_BEFORE.search(line[:place])
            if word is not None:
                name = f"{scan.inside[-1][1]}.{word[1]}"
                scan.note(name, at)
        place += 1


def _open_inline(scan: _Scan, name: str, at: int) -> None:
    holder = scan.inside[-1] if scan.inside else ("", name)
    inner = name or holder[1]
    if holder[0] == "[":
        inner = f"{holder[1]}.{scan.counts[holder[1]]}"
        scan.counts[holder[1]] += 1
    scan.note(inner, at)
    scan.inside.append(("{", inner))


def _inner(scan: _Scan) -> str:
    return scan.inside[-1][1] if scan.inside else scan.table


def _after_text(line: str, place: int) -> int:
    """Where a text in quotes ends; a quote with a backslash before it is part of the text."""
    quote = line[place]
    place += 1
    while place < len(line):
        if line[place] == "\\" and quote == '"':
            place += 2
            continue
        if line[place] == quote:
            return place + 1
        place += 1
    return place
