"""Edits of one award's fields, those within its bid and its reporting duties too."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from fundtrack.core.model import Bid, Reporting
from fundtrack.gui.wishes import set_field

if TYPE_CHECKING:
    from fundtrack.core.edit import Edit
    from fundtrack.core.model import Award

_GROUPS: dict[str, type] = {"bid": Bid, "reporting": Reporting}
_USUAL: dict[str, dict[str, Any]] = {"reporting": {"frequency": "quarter"}}


def value_of(award: Award, name: str) -> Any:  # noqa: ANN401 - any field's value
    """What stands in a field named `title` or `bid.deadline`; None where its group is not given."""
    group, _, inner = name.rpartition(".")
    owner = getattr(award, group) if group else award
    return None if owner is None else getattr(owner, inner)


def put(award: Award, name: str, value: Any, label: str) -> Edit:  # noqa: ANN401 - as above
    """Put a value in a field; a group that holds nothing any more is left out."""
    label = f"{label} of {award.title}"
    group, _, inner = name.rpartition(".")
    if not group:
        return set_field("awards", award, name, value, label)
    before = getattr(award, group)
    if before is None:
        after = _GROUPS[group](**{**_USUAL.get(group, {}), inner: value})
    else:
        after = replace(before, **{inner: value})
    if all(getattr(after, each.name) is None for each in fields(after)):
        after = None
    return set_field("awards", award, group, after, label)
