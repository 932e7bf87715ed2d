"""How each kind of value is kept in a column, exactly: no figure is ever rounded.

Money is whole pence, dates are ISO days, percents and other decimals are exact text, and groups
or lists within a record are JSON text in the interchange format, written one way only.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from operator import index
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Boolean, Date, Integer, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from fundtrack.core.model import Change
from fundtrack.core.plain import FieldSpec, decimal_text, from_plain, specs, value_to_plain

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

    from fundtrack.core.errors import Problem


def column_type(spec: FieldSpec) -> TypeEngine[Any]:
    """Return the type of the column that keeps a field."""
    if spec.many or spec.kind == "record":
        return Nested(spec)
    if spec.kind == "choice":
        return Choice(spec.choices)
    return _TYPES[spec.kind]()


def json_text(plain: Any) -> str:  # noqa: ANN401 - anything JSON can say
    """Return JSON in the one way FundTrack writes it, so that equal values are equal texts."""
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


class Whole(TypeDecorator[int]):
    """A whole number, or pence: up to 18 digits in any database."""

    impl = BigInteger().with_variant(Integer(), "sqlite")
    cache_ok = True

    def process_result_value(self, value: int | None, dialect: Dialect) -> int | None:
        """Read it back; SQLite would also give a text or a fraction, and raises TypeError here."""
        del dialect
        return None if value is None else index(value)


class Choice(TypeDecorator[str]):
    """One of a few words."""

    impl = Text
    cache_ok = True

    def __init__(self, choices: tuple[str, ...]) -> None:
        super().__init__()
        self.choices = choices

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """Return what reads it back, and raises KeyError at any other word."""
        del dialect, coltype
        words: dict[str | None, str | None] = {word: word for word in (None, *self.choices)}
        return words.__getitem__


class Exact(TypeDecorator[Decimal]):
    """A decimal kept as text, so that 33.33 % stays 33.33 %."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Write the decimal without needless zeros: equal numbers are equal texts."""
        del dialect
        return None if value is None else decimal_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """Read it back, exactly."""
        del dialect
        return None if value is None else Decimal(value)


class Canonical(TypeDecorator[str]):
    """JSON text, written one way only."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Write the text anew, its names sorted."""
        del dialect
        return None if value is None else json_text(json.loads(value))


class Nested(TypeDecorator[Any]):
    """A group or a list within a record, as JSON text in the interchange format."""

    impl = Text
    cache_ok = True

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__()
        self.spec = spec
        self._read = _reader(spec)

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401
        """Write the group or list; nothing at all is kept as NULL."""
        del dialect
        if value is None or value == ():
            return None
        if self.spec.many:
            return json_text([value_to_plain(self.spec, part) for part in value])
        return json_text(value_to_plain(self.spec, value))

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """Return what reads it back as the frozen records it was.

        The whole reader is given, and not one value read, because most of the time it takes to
        open a book is spent here. Records never change, so equal texts may share one.
        """
        del dialect, coltype
        return lru_cache(maxsize=4096)(self._value)

    def _value(self, text: str | None) -> Any:  # noqa: ANN401
        if text is None:
            return () if self.spec.many else None
        plain = json.loads(text)
        if self.spec.many:
            return tuple(map(self._read, plain))
        return self._read(plain)


_TYPES: dict[str, Callable[[], TypeEngine[Any]]] = {
    "text": Text,
    "flag": Boolean,
    "whole": Whole,
    "pence": Whole,
    "date": Date,
    "month": Date,
    "percent": Exact,
    "number": Exact,
    "json": Canonical,
}


# What the store reads, the store has written and checked before: so these readers, made once
# for each kind of record, are several times faster than those that find every fault of a
# stranger's file. They still raise ValueError or its like at anything they do not know.

_Read = Callable[[Any], Any]


@cache
def _reader(spec: FieldSpec) -> _Read:
    if spec.kind != "record":
        return _READERS[spec.kind]
    if spec.record is Change:
        return _change
    assert spec.record is not None  # noqa: S101 - a record field names its class
    return _record_reader(spec.record)


def _record_reader(cls: type) -> _Read:
    parts = {spec.name: (spec.attribute, _many(spec)) for spec in specs(cls)}

    def read(plain: dict[str, Any]) -> object:
        values = {}
        for name, value in plain.items():
            attribute, read_value = parts[name]
            values[attribute] = read_value(value)
        return cls(**values)

    return read


def _many(spec: FieldSpec) -> _Read:
    read = _reader(spec)
    return (lambda plain: tuple(map(read, plain))) if spec.many else read


def _change(plain: Any) -> Change:  # noqa: ANN401
    problems: list[Problem] = []
    change: Change | None = from_plain(Change, plain, "change", problems)
    if change is None:
        raise ValueError("; ".join(map(str, problems)))
    return change


def _pence(text: str) -> int:
    pence = Decimal(text) * 100
    whole = int(pence)
    if whole != pence:
        raise ValueError("pounds have at most two decimal places")
    return whole


def _month(text: str) -> date:
    return date.fromisoformat(text + "-01")


def _as_it_is(value: Any) -> Any:  # noqa: ANN401
    return value


_READERS: dict[str, _Read] = {
    "text": _as_it_is,
    "choice": _as_it_is,
    "flag": _as_it_is,
    "whole": _as_it_is,
    "pence": _pence,
    "date": date.fromisoformat,
    "month": _month,
    "percent": Decimal,
    "number": Decimal,
    "json": json_text,
}
