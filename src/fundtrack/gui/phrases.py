"""Sentences in another language: the pattern a sentence was made by is found again in its words.

What `core` says is English, and stays so in files for a funder. A pattern has numbered holes, as in
`{1} is unfunded from {2}`; the translator may order them as the language wants. What stood in a
hole is looked up in turn, for it may be words too (`2 posts`); names of the book never are.
Nothing here is asked for while the window speaks English.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property, lru_cache
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

HOLE = re.compile(r"\{(\d+)\}")
_APART = ("\n", " · ")
"""What stands between phrases that have nothing to do with each other."""
_SENTENCES = (". ", "; ")
_BETWEEN = (": ", " – ", " → ", ", ", " (", ") ")
"""What stands between phrases that were put one after another, the strongest first."""
_JOINED = (" and ", " or ")
_EDGES = " ,;:·.()“”\n"
_SURE, _LIKELY = 8, 5
"""How many fixed letters make it sure (in two words at least), and likely, that a sentence is of
a pattern."""
_TOKEN = 0xE000
"""The first of the letters that stand for the names of the book: they are nobody's letters."""
_LETTERS = re.compile(r"[^\W\d_]")
_QUARTER = re.compile(r"\b[A-Z]{1,2}\d+\b")
"""A quarter, a half-year, a cell or a check: Q3, H2, F4. It is a figure, not a word."""
_WORD = re.compile(r"[^\W_]+")
_SHORT, _LONG = 3, 1_000
"""A name of so few letters is no name for sure; words of so many are no one sentence."""


@dataclass(frozen=True)
class Phrase:
    """A pattern with holes, and what is said instead."""

    english: str
    said: str

    @cached_property
    def literals(self) -> tuple[str, ...]:
        """The words about the holes."""
        return tuple(HOLE.split(self.english)[::2])

    @cached_property
    def longest(self) -> str:
        """The longest of them: without it there is no need to look closer."""
        return max(self.literals, key=len)

    @cached_property
    def weight(self) -> int:
        """How many letters are fixed: the pattern that fixes most of a sentence made it."""
        return sum(len(_LETTERS.findall(each)) for each in self.literals)

    @property
    def is_sure(self) -> bool:
        """Whether it is no chance that a sentence has the words of the pattern."""
        return self.weight >= _SURE and len(_WORD.findall(" ".join(self.literals))) > 1

    def holes(self, text: str) -> dict[str, str] | None:
        """What stands in each hole, or None where the words are of another pattern."""
        if self.longest not in text or len(text) > _LONG:
            return None
        found = self._shape.fullmatch(text)
        return None if found is None else dict(zip(self._numbers, found.groups(), strict=True))

    def filled(self, turned: Mapping[str, str]) -> str:
        """What is said instead, with these in the holes."""
        return HOLE.sub(lambda hole: turned.get(hole[1], ""), self.said)

    @cached_property
    def _numbers(self) -> tuple[str, ...]:
        return tuple(HOLE.findall(self.english))

    @cached_property
    def _shape(self) -> re.Pattern[str]:
        return re.compile("(.*?)".join(map(re.escape, self.literals)), re.DOTALL)


@dataclass(frozen=True)
class Said:
    """Words in the language; `whole` is False where some of them stayed English."""

    words: str
    whole: bool = True


def texts_of(record: object) -> Iterator[str]:
    """What somebody typed in the records of a book, such as titles: not its keys and choices."""
    if isinstance(record, str):
        if not record.islower() or " " in record:
            yield record
    elif isinstance(record, tuple):
        yield from chain.from_iterable(map(texts_of, record))
    elif is_dataclass(record):
        yield from chain.from_iterable(texts_of(getattr(record, it.name)) for it in fields(record))


class Interpreter:
    """Says English words in another language, as far as it has them."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = {
            english.strip(_EDGES): said.strip(_EDGES) for english, said in words.items() if said
        }
        made = [Phrase(*each) for each in self._words.items() if HOLE.search(each[0])]
        made.sort(key=lambda phrase: -phrase.weight)
        self._sure = [phrase for phrase in made if phrase.is_sure]
        likely = (phrase for phrase in made if phrase.weight >= _LIKELY)
        self._likely = [phrase for phrase in likely if not phrase.is_sure]
        self._weak = [phrase for phrase in made if 1 < phrase.weight < _LIKELY]
        self._english = "\n".join(self._words)
        self._kept: set[str] = set()
        self._names: dict[str, list[str]] = {}
        """Those kept, by their first word, the longest first."""
        self.say = lru_cache(maxsize=1 << 16)(self._say)
        """The words in the language; what it has none for stays as it is."""
        self._turn = lru_cache(maxsize=1 << 16)(self._turned)

    def keep(self, names: Iterable[str]) -> None:
        """Leave these as they are too wherever they stand: names are in nobody's language.

        One that stands in a phrase of the list, as "Staff" does, is no name there.
        """
        fresh = {each for each in names if len(each) > _SHORT} - self._kept
        self._kept |= fresh
        for name in fresh:
            if name not in self._english and (first := _WORD.search(name)) is not None:
                self._names.setdefault(first[0], []).append(name)
        for alike in self._names.values():
            alike.sort(key=len, reverse=True)
        if fresh:
            self.say.cache_clear()
            self._turn.cache_clear()

    def _say(self, text: str) -> str:
        if not _has_words(text):
            return text
        masked, names = self._masked(text)
        said = self._turn(masked).words
        for at, name in enumerate(names):
            said = said.replace(chr(_TOKEN + at), name)
        return said

    def _masked(self, text: str) -> tuple[str, list[str]]:
        """The words with a letter of nobody's in place of each name, and the names."""
        names: list[str] = []
        parts: list[str] = []
        done = 0
        for word in _WORD.finditer(text):
            if word.start() < done:
                continue
            name = self._name_at(text, word.start(), word[0])
            if name:
                parts += (text[done : word.start()], chr(_TOKEN + len(names)))
                names.append(name)
                done = word.start() + len(name)
        return "".join(parts) + text[done:], names

    def _name_at(self, text: str, start: int, first: str) -> str:
        found = (
            each
            for each in self._names.get(first, ())
            if text.startswith(each, start) and not text[start + len(each) :][:1].isalnum()
        )
        return next(found, "")

    def _turned(self, text: str) -> Said:
        """The words of one phrase, or of the phrases that were put together."""
        bare = text.strip(_EDGES)
        if not _has_words(bare):
            return Said(text)
        said = next(filter(None, self._ways(bare)), Said(bare, whole=False))
        return Said(text.replace(bare, said.words, 1), whole=said.whole)

    def _ways(self, text: str) -> Iterator[Said | None]:
        """The words by one rule after another, each where it applies.

        What is less sure counts only where it leaves nothing in English.
        """
        yield self._as_listed(text)
        yield self._in_parts(text, _APART)
        yield self._of_a_pattern(text, self._sure)
        yield _if_whole(self._in_parts(text, _SENTENCES))
        yield _if_whole(self._of_a_pattern(text, self._likely))
        yield _if_whole(self._in_parts(text, _BETWEEN))
        yield _if_whole(self._of_a_pattern(text, self._weak))
        yield _if_whole(self._in_parts(text, _JOINED))
        yield _if_whole(self._with_figures(text))
        yield self._in_parts(text, _SENTENCES)
        yield self._in_parts(text, _BETWEEN)

    def _as_listed(self, text: str) -> Said | None:
        """Words of the list; a capital may begin them or not."""
        if (said := self._words.get(text)) is not None:
            return Said(said)
        if (said := self._words.get(_lowered(text))) is not None:
            return Said(_raised(said))
        said = self._words.get(_raised(text))
        return None if said is None else Said(_lowered(said))

    def _of_a_pattern(self, text: str, phrases: Sequence[Phrase]) -> Said | None:
        """The words of the pattern that fixes most of them; a capital may begin them or not."""
        small = _lowered(text)
        for phrase in phrases:
            if (holes := phrase.holes(text)) is not None:
                return self._filled(phrase, holes)
            if small != text and (holes := phrase.holes(small)) is not None:
                said = self._filled(phrase, holes)
                return Said(_raised(said.words), whole=said.whole)
        return None

    def _filled(self, phrase: Phrase, holes: Mapping[str, str]) -> Said:
        turned = {at: self._turn(held) for at, held in holes.items()}
        words = phrase.filled({at: said.words for at, said in turned.items()})
        return Said(words, whole=all(said.whole for said in turned.values()))

    def _in_parts(self, text: str, edges: tuple[str, ...]) -> Said | None:
        """Phrases that were put one after another, each said for itself."""
        for between in edges:
            first, found, rest = text.partition(between)
            if found and first and rest:
                one, other = self._turn(first), self._turn(rest)
                words = f"{one.words}{between}{other.words}"
                return Said(words, whole=one.whole and other.whole)
        return None

    def _with_figures(self, text: str) -> Said | None:
        """A day, or words of the list beside a figure, a day or other words of it."""
        parts = text.split(" ")
        for at in range(len(parts) - 1, 0, -1):
            first, rest = " ".join(parts[:at]), " ".join(parts[at:])
            said = self._as_listed(first) if _has_words(first) else Said(first)
            if said is not None and (other := self._turn(rest)).whole:
                return Said(f"{said.words} {other.words}")
        return None


def _has_words(text: str) -> bool:
    return _LETTERS.search(_QUARTER.sub("", text)) is not None


def _if_whole(said: Said | None) -> Said | None:
    return said if said is not None and said.whole else None


def _raised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
