"""The window's words on their way to the screen, so that it can speak another language.

The parts every page is made of (labels, buttons, cards, columns, menus, switches, fields of a form)
hand their words to `tr`, so what is written in a page stands there in plain English and needs no
mark of its own. `python3 dev.py words` lists them all for a translator; what comes back lies in
`resources/words/` as `cy.json`, English beside Welsh, and is read at start where the computer
speaks that language. Sentences with figures in them are made in `core` and stay English as yet.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fundtrack import assets

if TYPE_CHECKING:
    from collections.abc import Mapping

_words: dict[str, str] = {}


def tr(words: str) -> str:
    """The words in the language that is spoken; those it has no word for stay as they are."""
    return _words.get(words, words)


def speak(words: Mapping[str, str]) -> None:
    """Speak with these words from now on: English, and what is said instead. Empty is English."""
    _words.clear()
    _words.update((english, said) for english, said in words.items() if said)


def words_of(language: str) -> dict[str, str]:
    """The shipped words of a language ("cy"), or none: then the window speaks English."""
    name = f"words/{language}.json"
    if name not in assets.names("words", ".json"):
        return {}
    read: dict[str, str] = json.loads(assets.text(name))
    return read
