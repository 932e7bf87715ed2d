"""Tells whether a name in a file is something the book has: the same, new, or too near to tell.

Case, punctuation, "&" for "and", "The" and "Ltd" make no difference. Anything less alike is never
taken for the same: the person is asked.
"""

from __future__ import annotations

import difflib
import heapq
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Likeness = Literal["same", "new", "unsure"]
_Part = tuple[str, tuple[str, ...]]
_NUMBERS = re.compile(r"\d+")
_BETWEEN = re.compile(r"[^\w]+").sub
_NEAR = 0.86
_FAR = 1 - _NEAR
_LONGER = (2 - _NEAR) / _NEAR  # times as long as a name, and no name is near to it
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


@lru_cache(maxsize=8_192)  # names come again soon, or not at all
def plain_name(name: str) -> str:
    """Return a name without what people write differently.

    "The Harbour & Hope Charity Ltd." -> "harbour and hope".
    """
    text = name.casefold()
    if text.isalnum():
        return text
    text = text.replace("&", " and ").replace("'", "")
    words = (text if text.replace(" ", "").isalnum() else _BETWEEN(" ", text)).split()
    if _FILLERS.isdisjoint(words):
        return " ".join(words)
    return " ".join([word for word in words if word not in _FILLERS] or words)


class Names:
    """The names by which the records of one list are known, each with its record's key."""

    def __init__(self, name: str) -> None:
        self.list = name
        self._keys: dict[str, list[str]] = {}
        self._shown: dict[str, str] = {}
        self._found: dict[str, Match] = {}
        self._sharing: dict[_Part, list[str]] = {}  # by a word, or the first letters: the names
        self._letters: dict[str, int] = {}
        self._of_words: dict[frozenset[str], list[str]] = {}
        self._without_a_word: dict[frozenset[str], list[str]] = {}

    def add(self, key: str, shown: str, names: Iterable[str | None]) -> None:
        """Add a record under every name it goes by; blank ones are not names."""
        self._found.clear()
        self._shown[key] = shown
        for name in names:
            if name and (plain := plain_name(name)):
                if plain not in self._keys:
                    self._letters[plain] = _letters(plain)
                    self._learn_words(plain)
                    for part in _parts(plain):
                        self._sharing.setdefault(part, []).append(plain)
                keys = self._keys.setdefault(plain, [])
                if key not in keys:
                    keys.append(key)

    def _learn_words(self, plain: str) -> None:
        words = frozenset(plain.split())
        self._of_words.setdefault(words, []).append(plain)
        if len(words) > 2:
            for word in words:
                self._without_a_word.setdefault(words - {word}, []).append(plain)

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
            (self._sharing[part] for part in sorted(_parts(plain)) if part in self._sharing),
            key=len,
        )
        alike: dict[str, None] = {}
        for names in rarest:
            if len(alike) < _MOST_COMPARED:
                alike |= dict.fromkeys(names[:_MOST_COMPARED])
        for near in self._nearest(plain, list(alike)[:_MOST_COMPARED]):
            found += [key for key in self._keys[near] if key not in found]
        return found

    def _nearest(self, plain: str, names: Sequence[str]) -> list[str]:
        """Return the names that differ little: in a few letters, or by one word left out."""
        letters, wide = _letters(plain), len(plain)
        ratios: list[tuple[float, str]] = []
        # How many letters of one are not in the other, wherever they stand: of most, too many.
        differing = map(int.bit_count, map(letters.__xor__, map(self._letters.__getitem__, names)))
        few_enough = map(int(_FAR * wide * (1 + _LONGER)).__ge__, differing)
        alike = [
            name
            for name in itertools.compress(names, few_enough)
            if (letters ^ self._letters[name]).bit_count() <= _FAR * (wide + len(name))
        ]
        if alike:
            compared = difflib.SequenceMatcher()
            compared.set_seq2(plain)
            for name in alike:
                compared.set_seq1(name)
                if (ratio := compared.ratio()) >= _NEAR:
                    ratios.append((ratio, name))
        near = [name for _, name in heapq.nlargest(_MOST_NEAR, ratios)]
        return near + [name for name in self._a_word_apart(plain) if name not in near]

    def _a_word_apart(self, plain: str) -> Iterator[str]:
        """Yield the names that have all the words of this one and one more, or one less."""
        words, numbers = frozenset(plain.split()), _NUMBERS.findall(plain)
        found = list(self._without_a_word.get(words, ())) if len(words) > 1 else []
        if len(words) > 2:
            for word in sorted(words):
                found += self._of_words.get(words - {word}, ())
        yield from (name for name in found if _NUMBERS.findall(name) == numbers)


@lru_cache(maxsize=64)  # a new name is looked for, then learnt
def _parts(plain: str) -> frozenset[_Part]:
    """Return what two names must share one of to be compared: a word, or how they begin.

    Names with other numbers in them are other names, so the numbers are part of each.
    """
    numbers = tuple(_NUMBERS.findall(plain))
    words = [word for word in plain.split() if len(word) > 2]
    return frozenset([(part, numbers) for part in (*words, f"{plain[:3]}…")])


@lru_cache(maxsize=64)
def _letters(plain: str) -> int:
    """Return how often a name has each letter, as bits that two names can be compared by at once.

    Each letter has six bits, as many of them set as the name has of it; a letter that shares its
    place with another, or comes oftener, only makes names look more alike than they are.
    """
    bits = 0
    for letter in set(plain):
        bits |= _times(letter, plain.count(letter))
    return bits


@lru_cache(maxsize=1_024)
def _times(letter: str, count: int) -> int:
    """Return the bits of a letter that a name has so many times."""
    return ((1 << min(count, 6)) - 1) << (ord(letter) % 32 * 6)
