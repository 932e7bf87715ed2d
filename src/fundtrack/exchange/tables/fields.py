"""What a column may be: the fields of each kind of record, as a flat table has them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from fundtrack.core.model import LISTS, Payment
from fundtrack.core.plain import FieldSpec, specs

KINDS = (
    "funders",
    "services",
    "awards",
    "payments",
    "posts",
    "costs",
    "allocations",
    "actuals",
    "deadlines",
)
"""What a table may hold, in the order in which one kind can need another."""

SHARE, MONTH, NOTHING = "share", "month", ""
"""A column of a grid: shares of the award it names, or amounts of the month it names; or unused."""

_ENDS = frozenset(("end", "to", "due", "bid.deadline", "bid.decision_expected", "done_on"))


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record by its place in it ("person.born"), and what it holds."""

    path: str
    kind: str
    required: bool = False
    ref: str | None = None
    choices: tuple[str, ...] = ()

    @property
    def edge(self) -> Literal["start", "end"]:
        """Which day of a month it means where a cell names no day."""
        return "end" if self.path in _ENDS else "start"


_OF_A_TABLE: dict[str, tuple[Field, ...]] = {
    "awards": (
        Field("funder.org_id", "text"),
        Field("months", "months"),
        Field("awarded", "date"),
        Field("year", "year"),
    ),
    "payments": (Field("award", "text", required=True, ref="awards"),),
}
_NOT_IN_A_TABLE = {("funders", "ultimate_source")}


@cache
def fields(kind: str) -> dict[str, Field]:
    """Return the fields a table of a kind may have, by path."""
    found = [field for field in _OF_A_TABLE.get(kind, ()) if field.path == "award"]
    cls = Payment if kind == "payments" else LISTS[kind]
    for spec in specs(cls):
        if (kind, spec.name) not in _NOT_IN_A_TABLE:
            found.extend(_flat(spec, ""))
    found.extend(field for field in _OF_A_TABLE.get(kind, ()) if field.path != "award")
    return {field.path: field for field in found}


def _flat(spec: FieldSpec, above: str) -> list[Field]:
    if spec.many or spec.kind == "json":
        return []
    path = f"{above}{spec.name}"
    if spec.kind == "record" and spec.record is not None:
        return [field for part in specs(spec.record) for field in _flat(part, f"{path}.")]
    return [Field(path, spec.kind, spec.required and not above, spec.ref, spec.choices)]
