"""Tells whether a name in a file is something the book has: the same, new, or too near to tell.

Case, punctuation, "&" for "and", "The" and "Ltd" make no difference. Anything less alike is never
taken for the same: the person is asked.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Likeness = Literal["same", "new", "unsure"]
_NEAR = 0.86
_MOST_NEAR = 5
_MOST_COMPARED = 200
_FILLERS = frozenset(("the", "ltd", "limited", "cio", "charity", "registered", "inc", "plc", "llp"))


@dataclass(frozen=True, slots=True)
class Match:
    """What a name in the file is to the book: `key` when it is the same, `near` when unsure."""

    list: str
    name: str
    likeness: Likeness
    key: str | None = None
    near: tuple[tuple[str, str], ...] = ()


@lru_cache(maxsize=50_000)
def plain_name(name: str) -> str:
    """Return a name without what people write differently.

    "The Harbour & Hope Charity Ltd." -> "harbour and hope".
    """
    words = re.sub(r"[^\w]+", " ", name.casefold().replace("&", " and ").replace("'", "")).split()
    kept = [word for word in words if word not in _FILLERS]
    return " ".join(kept or words)


class Names:
    """The names by which the records of one list are known, each with its record's key."""

    def __init__(self, name: str) -> None:
        self.list = name
        self._keys: dict[str, list[str]] = {}
        self._shown: dict[str, str] = {}
        self._found: dict[str, Match] = {}
        self._sharing: dict[str, list[str]] = {}  # by a word, or the first letters: the names

    def add(self, key: str, shown: str, names: Iterable[str | None]) -> None:
        """Add a record under every name it goes by; blank ones are not names."""
        self._shown[key] = shown
        self._found.clear()
        for name in names:
            if name and (plain := plain_name(name)):
                if plain not in self._keys:
                    for part in _parts(plain):
                        self._sharing.setdefault(part, []).append(plain)
                keys = self._keys.setdefault(plain, [])
                if key not in keys:
                    keys.append(key)

    def match(self, name: str) -> Match:
        """Return what a name is: one record's for certain, or near to some, or nobody's."""
        if name not in self._found:
            self._found[name] = self._match(name)
        return self._found[name]

    def _match(self, name: str) -> Match:
        plain = plain_name(name)
        keys = self._keys.get(plain, [])
        if len(keys) == 1:
            return Match(self.list, name, "same", keys[0])
        near = keys or self._near(plain)
        if not near:
            return Match(self.list, name, "new")
        told = tuple((key, self._shown[key]) for key in near[:_MOST_NEAR])
        return Match(self.list, name, "unsure", None, told)

    def _near(self, plain: str) -> list[str]:
        found: list[str] = []
        rarest = sorted(
            (self._sharing[part] for part in _parts(plain) if part in self._sharing), key=len
        )
        alike = dict.fromkeys(name for names in rarest for name in names[:_MOST_COMPARED])
        for near in _nearest(plain, list(alike)[:_MOST_COMPARED]):
            found += [key for key in self._keys[near] if key not in found]
        return found


def _parts(plain: str) -> set[str]:
    """Return what two names must share one of to be compared: a word, or how they begin."""
    return {*(word for word in plain.split() if len(word) > 2), f"{plain[:3]}…"}


def _nearest(plain: str, names: Sequence[str]) -> list[str]:
    """Return the names that differ little: in a few letters, or by words left out at the end."""
    numbers = re.findall(r"\d+", plain)
    alike = [name for name in names if re.findall(r"\d+", name) == numbers and plain]
    near = difflib.get_close_matches(plain, alike, _MOST_NEAR, _NEAR)
    words = set(plain.split())
    if len(words) > 1:
        near += [
            name
            for name in alike
            if name not in near
            and len(theirs := set(name.split())) > 1
            and (words < theirs or theirs < words)
            and abs(len(words) - len(theirs)) == 1
        ]
    return near
