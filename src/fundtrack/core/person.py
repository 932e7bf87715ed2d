"""What the book holds of one person, to be handed to them, and how they are taken out of it.

A person is known by the reference in their post, or, without one, by the post. Taking them out
keeps the post: its hours, salary and dates, and with them every cost. The reference, birth date,
start of service and terms of their own go, from what-ifs too. Redundancy pay is then a range, as
for anybody whose age is not known, and totals take its top; notice counts service from the post's
own start.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fundtrack.core.edit import Edit, change
from fundtrack.core.model import LISTS, Post, Scenario
from fundtrack.core.plain import to_plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fundtrack.core.model import Change, Portfolio, Record

ERASED = "Take a person out of the book"


def held(portfolio: Portfolio, reference: str, post: str = "") -> dict[str, Any]:
    """Everything the book holds of a person, as plain values in the interchange format.

    `post` is the key of their post, where they have no reference.

    `posts` are theirs, whole; `shares` say who pays for them; `mentioned` are the places where
    their reference stands in other words, by list, key and field. Empty lists: nothing is held.
    """
    posts = _posts(portfolio, reference, post)
    keys = {each.key for each in posts}
    return {
        "reference": reference,
        "posts": [to_plain(each) for each in posts],
        "shares": [to_plain(share) for share in portfolio.allocations if share.post in keys],
        "deadlines": [to_plain(each) for each in portfolio.deadlines if each.post in keys],
        "mentioned": [
            {"list": name, "key": key, "field": path}
            for name, key, path in _mentions(portfolio, reference)
        ],
    }


def whose(post: Post) -> tuple[str, str]:
    """The reference of the person in a post, or without one the post that knows them."""
    reference = (post.person.reference if post.person is not None else None) or ""
    return reference, "" if reference else post.key


def in_words(found: dict[str, Any]) -> str:
    """What is held of a person as lines they can read: a heading, then a field and its value."""
    lines = ["What this book holds of you", ""]
    for name, heading in _HEADINGS.items():
        for plain in found[name]:
            lines += [heading, *(f"  {path}: {text}" for path, text in _leaves(plain, "")), ""]
    for each in found["mentioned"]:
        where = f"{each['list']} {each['key']}, {each['field']}"
        lines.append(f"Your reference also stands in {where}")
    return "\n".join(lines).rstrip() + "\n"


_HEADINGS = {"posts": "Your post", "shares": "Who pays for it", "deadlines": "A deadline of it"}


def _leaves(plain: Any, path: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - as JSON has it
    if isinstance(plain, list):
        plain = {str(at): part for at, part in enumerate(plain, start=1)}
    if isinstance(plain, dict):
        for name, part in plain.items():
            yield from _leaves(part, f"{path}, {name}" if path else name.replace("_", " "))
    elif path != "key":
        yield path.replace("_", " "), str(plain)


def erasing(portfolio: Portfolio, reference: str, post: str = "") -> Edit:
    """The edit that takes a person out of the posts and what-ifs of a book; sums of pay stay.

    It has no changes where nobody of that reference is held.
    """
    posts = [
        change("posts", p, replace(p, person=None)) for p in _posts(portfolio, reference, post)
    ]
    plans = [
        change("scenarios", before, after)
        for before in portfolio.scenarios
        if (after := _planned_without(before, reference, post)) != before
    ]
    return Edit(ERASED, (*posts, *plans))


def forgotten(changes: str, reference: str, post: str = "") -> str:
    """The changes of a line of the history without a person: that something changed stays."""
    if _as_json(reference or post) not in changes:
        return changes
    plain = json.loads(changes)
    if not _take_out(plain, reference, post):
        return changes
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def unnamed(words: str, reference: str) -> str:
    """The words of a line of the history without a person's reference."""
    return _whole(reference).sub("somebody", words) if reference else words


def _posts(portfolio: Portfolio, reference: str, post: str) -> tuple[Post, ...]:
    return tuple(each for each in portfolio.posts if _is_theirs(each, reference, post))


def _is_theirs(record: object, reference: str, post: str) -> bool:
    if not isinstance(record, Post) or record.person is None:
        return False
    if reference:
        return record.person.reference == reference
    return record.key == post and not record.person.reference


def _planned_without(scenario: Scenario, reference: str, post: str) -> Scenario:
    edits = tuple(_without(each, reference, post) for each in scenario.edits)
    return replace(scenario, edits=edits)


def _without(planned: Change, reference: str, post: str) -> Change:
    def without(record: Record | None) -> Record | None:
        theirs = isinstance(record, Post) and _is_theirs(record, reference, post)
        return replace(record, person=None) if theirs else record  # type: ignore[type-var]

    return replace(planned, before=without(planned.before), after=without(planned.after))


def _take_out(plain: Any, reference: str, post: str) -> bool:  # noqa: ANN401 - anything JSON can say
    """Take the person out of every record within, what-ifs kept within changes among them.

    Tells whether they stood there.
    """
    found = False
    if isinstance(plain, dict):
        person = plain.get("person")
        if isinstance(person, dict) and (
            person.get("reference") == reference
            if reference
            else plain.get("key") == post and not person.get("reference")
        ):
            del plain["person"]
            found = True
        plain = list(plain.values())
    if isinstance(plain, list):
        for part in plain:
            found = _take_out(part, reference, post) or found
    return found


def _mentions(portfolio: Portfolio, reference: str) -> Iterator[tuple[str, str, str]]:
    if not reference:
        return
    whole = _whole(reference)
    for name in LISTS:
        for record in portfolio.records(name):
            for path, text in _texts(to_plain(record), ""):
                theirs = path == "person.reference" and text == reference
                if not theirs and whole.search(text):
                    yield name, record.key, path


def _texts(plain: Any, path: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    if isinstance(plain, str):
        yield path, plain
    if isinstance(plain, list):
        plain = dict(enumerate(plain))
    if isinstance(plain, dict):
        for name, part in plain.items():
            yield from _texts(part, f"{path}.{name}".strip("."))


def _whole(reference: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(reference)}(?!\w)")


def _as_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
