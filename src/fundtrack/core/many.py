"""Makes thousands of records at once of their columns, as one after the other would be made."""

from __future__ import annotations

from dataclasses import MISSING, field, fields, make_dataclass
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence


class _Dataclass(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Any]]


_Record = TypeVar("_Record", bound="_Dataclass")


def made_of(cls: type[_Record], columns: Mapping[str, Iterable[Any]]) -> list[_Record]:
    """Return the records of these columns; a field that is not among them has its default.

    A column is given by the name of its attribute. `cls` is a frozen class with slots
    that rests on no other.
    """
    made: list[Any] = list(map(_open(cls, tuple(columns)), *columns.values()))
    for record in made:
        record.__class__ = cls
    return made


def with_column(records: Sequence[_Record], name: str, values: Iterable[Any]) -> list[_Record]:
    """Return some records of one class, each with its value in a field instead of its own."""
    if not records:
        return []
    columns = {each.name: map(attrgetter(each.name), records) for each in fields(records[0])}
    return made_of(type(records[0]), columns | {name: values})


@lru_cache(maxsize=64)
def _open(cls: type[_Dataclass], names: tuple[str, ...]) -> Callable[..., Any]:
    """Return a class with the same slots that is not frozen, and takes these fields in order.

    To set the fields of a frozen record takes many times as long as to set those of any other.
    """
    rest = [each for each in fields(cls) if each.name not in names]
    defaults = [(each.name, Any, field(default=each.default)) for each in rest]
    if missing := [each.name for each in rest if each.default is MISSING]:
        raise TypeError(f"{cls.__name__} without {missing[0]}")
    named = [(name, Any) for name in names]
    return make_dataclass(cls.__name__, [*named, *defaults], slots=True, eq=False, repr=False)
