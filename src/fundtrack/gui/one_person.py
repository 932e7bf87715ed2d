"""One person's data from the window: handed to them in a file, or taken out of the book."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from fundtrack import places
from fundtrack.core import person, words
from fundtrack.core.errors import KnownError
from fundtrack.gui.speech import tr

if TYPE_CHECKING:
    from fundtrack.core.model import Post
    from fundtrack.gui.window import Window

_FILES = "Text to read (*.txt);;JSON for another program (*.json)"
_FINISHED = "That person is out of the book and its history. Backups made before still hold them"


def ask_where_to_hand_over(window: Window, key: str) -> None:
    """Ask for a file, and write what the book holds of the person in a post."""
    post = _post(window, key)
    if post is None:
        return
    name = str(places.books() / "What is held of a person.txt")
    chosen, _ = QFileDialog.getSaveFileName(window, tr("Hand over what is held"), name, tr(_FILES))
    if chosen:
        hand_over(window, post, Path(chosen))


def hand_over(window: Window, post: Post, path: Path) -> None:
    """Write what the book holds of the person in a post, as JSON or as lines to read."""
    path = path if path.suffix else path.with_suffix(".txt")
    if window.bridge is None:
        return
    reference, only = person.whose(post)
    found = person.held(window.bridge.workspace.portfolio, reference, only)
    as_json = path.suffix.casefold() == ".json"
    text = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
    try:
        window.doors.write_file(path, (text if as_json else person.in_words(found)).encode())
    except KnownError as known:
        window.say(str(known), fault=True)
        return
    window.say(f"Wrote what is held of this person to {path.name}. Keep it only until it is sent.")


def ask_to_take_out(window: Window, key: str) -> None:
    """Say what goes and what stays, and take the person in a post out once that is understood."""
    post = _post(window, key)
    if post is None or window.bridge is None:
        return
    from fundtrack.gui.dialogs.take_out import TakeOut

    portfolio = window.bridge.workspace.portfolio
    posts = person.held(portfolio, *person.whose(post))["posts"]
    dialog = TakeOut(tuple(each["title"] for each in posts), places.backups(), window)
    accepted = dialog.exec()
    dialog.deleteLater()
    if accepted:
        take_out(window, *person.whose(post))


def take_out(window: Window, reference: str, post: str) -> None:
    """Take a person out; where the file is in use, say so and offer to finish."""
    bridge = window.bridge
    if bridge is None:
        return
    try:
        done = bridge.erase(reference, post)
    except KnownError as known:
        again = partial(take_out, window, reference, post)
        window.say(str(known), fault=True, act="Do it again", does=again)
        return
    except KeyError:
        window.say("The book and its history know nothing of that person any more.")
        return
    if done:
        window.say(f"{_FINISHED}.{_mentions(window, reference)}")


def _mentions(window: Window, reference: str) -> str:
    """Where their reference still stands in other words, which only a person can judge."""
    if not reference or window.bridge is None:
        return ""
    portfolio = window.bridge.workspace.portfolio
    left = person.held(portfolio, reference)["mentioned"]
    if not left:
        return ""
    told = (_where(portfolio.find(each["list"], each["key"]), each) for each in left[:_MOST])
    more = f" and {words.count(len(left) - _MOST, 'more place')}" if len(left) > _MOST else ""
    return f" Their reference still stands in {'; '.join(told)}{more}: change it there."


_MOST = 5


def _where(record: object, each: dict[str, str]) -> str:
    name = getattr(record, "title", None) or getattr(record, "name", None) or each["key"]
    return f"{each['field'].replace('_', ' ')} of “{name}” ({each['list']})"


def _post(window: Window, key: str) -> Post | None:
    view = window.bridge.view if window.bridge is not None else None
    if view is None or view.read_only or not view.tells_salaries:
        return None
    post = view.portfolio.posts_by_key.get(key)
    return post if post is not None and post.person is not None else None
