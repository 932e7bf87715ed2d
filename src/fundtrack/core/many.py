"""Makes thousands of records at once of their columns, as one after the other would be made."""

from __future__ import annotations

import itertools
from collections import deque
from dataclasses import MISSING, fields
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


class _Dataclass(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Any]]


_Record = TypeVar("_Record", bound="_Dataclass")


def made_of(cls: type[_Record], columns: Mapping[str, Iterable[Any]], count: int) -> list[_Record]:
    """Return so many records of their columns; a field that is not among them has its default.

    A column is given by the name of its attribute. This is what a record class itself does for one
    record after the other: it only sets fields.
    """
    made: list[_Record] = list(map(object.__new__, itertools.repeat(cls, count)))
    for name, put, default in _fields(cls):
        column = columns.get(name)
        deque(map(put, made, itertools.repeat(default) if column is None else column), maxlen=0)
    return made


@cache
def _fields(
    cls: type[_Dataclass],
) -> tuple[tuple[str, Callable[[Any, Any], None], Any], ...]:
    """Return each field's name, what sets it, and its default."""
    return tuple(
        (
            each.name,
            getattr(cls, each.name).__set__,
            None if each.default is MISSING else each.default,
        )
        for each in fields(cls)
    )
