"""Finds what else is wrong in a book's file whose shape is wrong already.

A date that is no date stops a book from being read, yet the person who mends it wants to hear of
the dangling reference three lines below in the same breath. So what could not be read is set
aside here, the rest is put together, and `core.check` looks at that. Nothing of it is ever loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fundtrack.core.check import check
from fundtrack.core.errors import Problem
from fundtrack.core.model import LISTS, Organisation
from fundtrack.core.plain import FORMAT, FieldSpec, portfolio_from_plain, specs, value_from_plain

if TYPE_CHECKING:
    from collections.abc import Iterable

_STAND_INS = {"flag": False, "whole": 0, "pence": "0.00", "percent": "1", "number": "1", "json": {}}
_SOME_DAY, _SOME_MONTH = "2000-01-01", "2000-01"
_BY_DATE = ("date", "month", "record")


def further_problems(plain: dict[str, Any]) -> tuple[Problem, ...]:
    """Return what `check` says of the readable part of a book that could not be read whole.

    What follows only from a part set aside is left out: an end before a start that could not be
    read, a reference to a record whose key could not.
    """
    aside = _Aside()
    mended: dict[str, Any] = {
        "format": FORMAT,
        "organisation": aside.mended(Organisation, plain.get("organisation"), "organisation"),
    }
    for name, cls in LISTS.items():
        records = plain.get(name, [])
        if not isinstance(records, list):
            aside.lists.add(name)
            records = []
        mended[name] = [
            aside.mended(cls, record, f"{name}.{at}") for at, record in enumerate(records)
        ]
    portfolio, _ = portfolio_from_plain(mended)
    if portfolio is None:  # a stand-in of ours is refused: say less rather than something false
        return ()
    return tuple(problem for problem in check(portfolio) if aside.knows(problem.path, mended))


class _Aside:
    """What was set aside: fields by path, keys by list, and whole lists."""

    def __init__(self) -> None:
        self.fields: set[str] = set()
        self.undated: set[str] = set()
        self.keys: set[tuple[str, str]] = set()
        self.lists: set[str] = set()

    def mended(self, cls: type, plain: Any, path: str) -> dict[str, Any]:  # noqa: ANN401
        """Return the record without what cannot be read, stand-ins where something must stand."""
        held = plain if isinstance(plain, dict) else {}
        kept = {
            spec.name: held[spec.name]
            for spec in specs(cls)
            if spec.name in held and _readable(spec, held[spec.name])
        }
        for spec in specs(cls):
            if spec.name in kept or not (spec.required or spec.name in held):
                continue
            self._set_aside(spec, held, path)
            if spec.required:
                kept[spec.name] = _stand_in(spec, path, kept)
        return kept

    def _set_aside(self, spec: FieldSpec, held: dict[str, Any], path: str) -> None:
        self.fields.add(f"{path}.{spec.name}")
        if spec.kind in _BY_DATE:
            self.undated.add(path)
        if spec.name == "key" and isinstance(held.get("key"), str):
            self.keys.add((path.split(".", maxsplit=1)[0], held["key"]))

    def knows(self, path: str, mended: dict[str, Any]) -> bool:
        """Tell whether a fault at this path stands whatever was set aside."""
        parts = path.split(".")
        depth = 1 if parts[0] == "organisation" else 2
        record, field = ".".join(parts[:depth]), parts[depth] if len(parts) > depth else ""
        if f"{record}.{field}" in self.fields or parts[0] in self.lists:
            return False
        spec = _spec(parts[0], field)
        if spec is None:
            return record not in {known.rpartition(".")[0] for known in self.fields}
        if record in self.undated and spec.kind in _BY_DATE:
            return False
        if spec.ref is None:
            return True
        value = mended[parts[0]][int(parts[1])].get(field)
        return spec.ref not in self.lists and (spec.ref, value) not in self.keys


def _readable(spec: FieldSpec, plain: Any) -> bool:  # noqa: ANN401 - whatever the file held
    if spec.many and not isinstance(plain, list):
        return False
    problems: list[Problem] = []
    for part in plain if spec.many else [plain]:
        value_from_plain(spec, part, "", problems)
    return not problems


def _stand_in(spec: FieldSpec, path: str, kept: dict[str, Any]) -> Any:  # noqa: ANN401
    if spec.kind == "text":
        return f"?{path}"
    if spec.kind == "choice":
        return spec.choices[0]
    if spec.kind == "date":
        return _a_date_of(kept.get(name) for name in ("start", "end", "from", "to", "due", "on"))
    if spec.kind == "month":
        return _SOME_MONTH
    if spec.record is not None:
        return {
            part.name: _stand_in(part, path, {}) for part in specs(spec.record) if part.required
        }
    return _STAND_INS[spec.kind]


def _a_date_of(values: Iterable[Any]) -> str:
    return next((value for value in values if isinstance(value, str)), _SOME_DAY)


def _spec(name: str, field: str) -> FieldSpec | None:
    cls: type | None = Organisation if name == "organisation" else LISTS.get(name)
    found = specs(cls) if cls else ()
    return next((spec for spec in found if spec.name == field), None)
