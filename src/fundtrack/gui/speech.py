"""The window's words on their way to the screen, so that it can speak another language.

Whatever puts words on the screen hands them to `tr`: the parts every page is made of (labels,
buttons, cards, columns, cells, menus, switches, fields) by themselves, a page what it sets on a
widget of Qt's own. A sentence is written once, in plain English, where it is made, with its figures
in it. `python3 dev.py words` lists words and sentences for a translator; what comes back lies in
`resources/words/` as `cy.json`, English beside Welsh, and is read at start where the computer
speaks that language.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fundtrack import assets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fundtrack.gui.phrases import Interpreter

_interpreter: Interpreter | None = None


def tr(words: str) -> str:
    """The words in the language that is spoken; those it has no word for stay as they are."""
    return words if _interpreter is None else _interpreter.say(words)


def speak(words: Mapping[str, str]) -> None:
    """Speak with these words from now on: English, and what is said instead. Empty is English."""
    global _interpreter  # noqa: PLW0603 - one program speaks one language
    if words:
        from fundtrack.gui.phrases import Interpreter

        _interpreter = Interpreter(words)
    else:
        _interpreter = None


def keep_texts_of(book: object) -> None:
    """Leave what somebody typed in a book as it is, wherever it stands in a sentence."""
    if _interpreter is not None:
        from fundtrack.gui.phrases import texts_of

        _interpreter.keep(texts_of(book))


def words_of(language: str) -> dict[str, str]:
    """The shipped words of a language ("cy"), or none: then the window speaks English."""
    name = f"words/{language}.json"
    if name not in assets.names("words", ".json"):
        return {}
    read: dict[str, str] = json.loads(assets.text(name))
    return read
