"""Edits of one post's fields, those within its notice, its pension and its person too."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from fundtrack.core.model import Enhanced, Notice, Pension, Person
from fundtrack.gui.wishes import set_field

if TYPE_CHECKING:
    from fundtrack.core.edit import Edit
    from fundtrack.core.model import Post

_GROUPS: dict[str, type] = {
    "notice": Notice,
    "pension": Pension,
    "person": Person,
    "enhanced": Enhanced,
}
_USUAL: dict[str, dict[str, Any]] = {"pension": {"basis": "salary", "percent": Decimal(0)}}
_ONE_OF = {"weeks": "months", "months": "weeks"}
"""Notice is in weeks or in months: giving one takes the other away."""
_CARRIERS = {"pension": ("basis", "percent")}
"""Without these a group cannot stand: taking one away takes the group away."""


def value_of(post: Post, name: str) -> Any:  # noqa: ANN401 - any field's value
    """What stands in a field named `title` or `person.enhanced.multiplier`; None where nothing."""
    owner: Any = post
    for part in name.split("."):
        owner = None if owner is None else getattr(owner, part)
    return owner


def put(post: Post, name: str, value: Any, label: str) -> Edit:  # noqa: ANN401 - as above
    """Put a value in a field; a group that holds nothing any more is left out."""
    first, _, rest = name.partition(".")
    after = _within(first, getattr(post, first), rest, value) if rest else value
    return set_field("posts", post, first, after, f"{label} of {post.title}")


def _within(group: str, before: Any, name: str, value: Any) -> Any:  # noqa: ANN401 - as above
    """A group with one of its fields changed, or None when that empties it."""
    first, _, rest = name.partition(".")
    inner = getattr(before, first, None)
    if rest:
        value = _within(first, inner, rest, value)
    if value is None and first in _CARRIERS.get(group, ()):
        return None
    changed = {first: value}
    if group == "notice" and value is not None:
        changed[_ONE_OF[first]] = None
    if before is None:
        after = _GROUPS[group](**{**_USUAL.get(group, {}), **changed})
    else:
        after = replace(before, **changed)
    empty = all(getattr(after, each.name) is None for each in fields(after))
    return None if empty else after
