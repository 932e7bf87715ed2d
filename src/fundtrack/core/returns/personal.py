"""Finds what looks personal in a return before it leaves: addresses, numbers, names we know.

It errs on the side of asking: a person looks at each, and clears what may stay.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fundtrack.core import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fundtrack.core.model import Portfolio

_DAY = (
    r"(?:\d{1,2}[/. -]\d{1,2}[/. -]\d{2,4}|\d{4}-\d{2}-\d{2}"
    r"|\d{1,2}(?:st|nd|rd|th)?\s+[A-Z][a-z]{2,8}\s+\d{4})"
)
_KINDS = {
    "an e-mail address": r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+",
    "a telephone number": (
        r"(?<![\w.,£-])(?:\+44[\s-]?\(?0?\)?[\s-]?|\(?0)\d(?:[\s()-]*\d){8,9}(?![\w-])"
    ),
    "a National Insurance number": r"\b[A-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b",
    "a postcode": r"\b(?:[A-Z]{1,2}\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{2}|GIR\s?0AA)\b",
    "a date of birth": r"\b(?:d\.?\s?o\.?\s?b\.?|born|date of birth|birthday)\W{0,4}(?:on\s+)?"
    + _DAY,
}
_PATTERNS = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _KINDS.items()}
_SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Personal:
    """Something that looks personal: `where` names the figure or cell, `text` what was found."""

    where: str
    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.text} looks like {self.kind}"


@dataclass(frozen=True, slots=True)
class KnownPeople:
    """The names and references the book has of people, and their dates of birth as written."""

    names: tuple[str, ...] = ()
    born: tuple[str, ...] = ()

    @classmethod
    def of(cls, portfolio: Portfolio) -> KnownPeople:
        """Everybody the book knows: people in posts, and contacts at funders."""
        people = [post.person for post in portfolio.posts if post.person is not None]
        contacts = [each.name for funder in portfolio.funders for each in funder.contacts]
        names = {person.reference.strip() for person in people if person.reference}
        names |= {name.strip() for name in contacts}
        born = {person.born for person in people if person.born is not None}
        return cls(
            tuple(sorted(name for name in names if len(name) >= _SHORTEST_NAME)),
            tuple(
                text
                for day in sorted(born)
                for text in (day.isoformat(), f"{day:%d/%m/%Y}", words.day(day))
            ),
        )


def personal(texts: Iterable[tuple[str, str]], known: KnownPeople) -> tuple[Personal, ...]:
    """What looks personal in texts, each given with where it stands; each finding once a place."""
    given = list(texts)
    whole = "\0".join(text for _, text in given)
    kinds = {kind: pattern for kind, pattern in _PATTERNS.items() if pattern.search(whole)}
    born = [text for text in known.born if text in whole]
    names = {
        name: pattern
        for name in known.names
        if (pattern := re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)).search(whole)
    }
    if not (kinds or born or names):  # a return of five hundred lines mostly holds nothing
        return ()
    return tuple(
        found
        for where, text in given
        for found in dict.fromkeys(_in(where, text, kinds, born, names))
    )


def _in(
    where: str,
    text: str,
    kinds: dict[str, re.Pattern[str]],
    born: list[str],
    names: dict[str, re.Pattern[str]],
) -> Iterator[Personal]:
    for kind, pattern in kinds.items():
        for found in pattern.finditer(text):
            yield Personal(where, kind, found[0])
    for day in born:
        if day in text:
            yield Personal(where, "a date of birth", day)
    for name, pattern in names.items():
        if pattern.search(text):
            yield Personal(where, "a person's name or reference", name)
