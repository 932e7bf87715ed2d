"""Tells whether a name in a file is something the book has: the same, new, or too near to tell.

Case, punctuation, "&" for "and", "The" and "Ltd" make no difference. Anything less alike is never
taken for the same: the person is asked.
"""

from __future__ import annotations

import difflib
import heapq
import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Likeness = Literal["same", "new", "unsure"]
_Part = tuple[str, tuple[str, ...]]
_NUMBERS = re.compile(r"\d+")
_BETWEEN = re.compile(r"[^\w]+").sub
_BETWEEN_ON_A_LINE = re.compile(r"[^\w\n]+").sub
_NEAR = 0.86
_FAR = 1 - _NEAR
_LONGER = (2 - _NEAR) / _NEAR  # times as long as a name, and no name is near to it
_LETTERS, _BITS = 32, 6  # as many of them as are told apart, and counted of each
_BYTES = _LETTERS * _BITS // 8
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
    return _without_fillers(words)


def _without_fillers(words: Sequence[str]) -> str:
    if _FILLERS.isdisjoint(words):
        return " ".join(words)
    return " ".join([word for word in words if word not in _FILLERS] or words)


def plain_names(names: Sequence[str]) -> list[str]:
    """Return what `plain_name` makes of each of many names, worked on as the lines of one text."""
    text = "\n".join(names).casefold().replace("&", " and ").replace("'", "")
    is_plain = "  " not in text and text.replace("\n", "").replace(" ", "").isalnum()
    plain = text if is_plain else _BETWEEN_ON_A_LINE(" ", text)
    lines = list(map(str.strip, plain.split("\n")))
    if len(lines) != len(names):  # a name has more than one line itself
        return [plain_name(name) for name in names]
    if _FILLERS.isdisjoint(plain.split()):
        return lines
    return [_without_fillers(line.split()) for line in lines]


class Names:
    """The names by which the records of one list are known, each with its record's key."""

    def __init__(self, name: str) -> None:
        self.list = name
        self._keys: dict[str, list[str]] = {}
        self._shown: dict[str, str] = {}
        self._found: dict[str, Match] = {}
        self._sharing: dict[_Part, list[str]] = {}  # by a word, or the first letters: the names
        self._first: dict[_Part, NDArray[np.uint64]] = {}  # the letters of the first who share it
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
        for near in self._nearest(plain, self._alike(plain)):
            found += [key for key in self._keys[near] if key not in found]
        return found

    def _alike(self, plain: str) -> list[str]:
        """Return the names that share a part with this one, and differ in few letters.

        Those who share the rarest part come first, and so many in all are looked at.
        """
        parts = [part for part in sorted(_parts(plain)) if part in self._sharing]
        looked_at: set[str] = set()
        found: list[str] = []
        for part in sorted(parts, key=lambda part: len(self._sharing[part])):
            room = _MOST_COMPARED - len(looked_at)
            names = self._sharing[part]
            if room > 0 and len(names) < _MOST_COMPARED:
                new = [name for name in names if name not in looked_at] if looked_at else names
                more = new[:room]
                found += self._with_few_letters_apart(plain, more)
                looked_at.update(more)
            elif room > 0:  # as many again as there is room for: the last of them
                found += self._alike_among_many(plain, part, looked_at)
                break
        return [name for name in found if _may_be_near(plain, name)]

    def _with_few_letters_apart(self, plain: str, names: Sequence[str]) -> list[str]:
        """Return those of few enough letters that the other has not, wherever they stand."""
        letters, wide = _letters(plain), len(plain)
        differing = map(int.bit_count, map(letters.__xor__, map(self._letters.__getitem__, names)))
        few_enough = map(int(_FAR * wide * (1 + _LONGER)).__ge__, differing)
        return [
            name
            for name in itertools.compress(names, few_enough)
            if (letters ^ self._letters[name]).bit_count() <= _FAR * (wide + len(name))
        ]

    def _alike_among_many(self, plain: str, part: _Part, looked_at: Collection[str]) -> list[str]:
        """Do the same for a part that very many share: the first of them, all at once."""
        names = self._sharing[part][:_MOST_COMPARED]
        if part not in self._first:
            self._first[part] = _in_words(*map(self._letters.__getitem__, names))
        differing = np.bitwise_count(self._first[part] ^ _in_words(_letters(plain))).sum(axis=1)
        most = _FAR * len(plain) * (1 + _LONGER)
        few_enough = [
            at
            for at in np.flatnonzero(differing <= most).tolist()
            if differing[at] <= _FAR * (len(plain) + len(names[at]))
            and names[at] not in looked_at
            # there is room for it still after those before it
            and sum(name not in looked_at for name in names[:at]) < _MOST_COMPARED - len(looked_at)
        ]
        return [names[at] for at in few_enough]

    def _nearest(self, plain: str, alike: Sequence[str]) -> list[str]:
        """Return the names that differ little: in a few letters, or by one word left out."""
        ratios: list[tuple[float, str]] = []
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


def _may_be_near(plain: str, name: str) -> bool:
    """Tell whether two names have enough letters in common in one order; no is for certain.

    The row of bits has one for each letter of the first, cleared where the longest such order grows
    (Hyyrö 2004): a few sums for each letter of the second.
    """
    where: dict[str, int] = {}
    for at, letter in enumerate(plain):
        where[letter] = where.get(letter, 0) | 1 << at
    row = full = (1 << len(plain)) - 1
    for letter in name:
        if known := where.get(letter):
            matched = row & known
            row = (row + matched) | (row - matched)
    in_order = len(plain) - (row & full).bit_count()
    return 2 * in_order >= _NEAR * (len(plain) + len(name))


def _in_words(*letters: int) -> NDArray[np.uint64]:
    """Return the bits of letters, a line for each name, for many to be compared at once."""
    joined = b"".join(bits.to_bytes(_BYTES, "little") for bits in letters)
    return np.frombuffer(joined, np.uint64).reshape(len(letters), -1)


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
    return ((1 << min(count, _BITS)) - 1) << (ord(letter) % _LETTERS * _BITS)
