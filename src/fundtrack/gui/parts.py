"""Several parts of one record (an award's payments, uplifts, papers) as rows that can be changed.

Declare them once with `Parts`, and it gives the columns of a table and the edits it asks for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from fundtrack.core import words
from fundtrack.core.wishes import title_of
from fundtrack.gui.kinds import TEXT, Kind
from fundtrack.gui.table import Column
from fundtrack.gui.wishes import set_field

if TYPE_CHECKING:
    from collections.abc import Callable

    from fundtrack.core.edit import Edit
    from fundtrack.core.model import Record


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a record, and its place among its like (0 = first)."""

    record: Record
    at: int
    value: Any

    @property
    def key(self) -> str:
        """Parts have no key of their own: their place stands for it."""
        return str(self.at)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts in one field of the records of a list; `noun` is what one of them is called."""

    list: str
    field: str
    noun: str

    def of(self, record: Record) -> tuple[Part, ...]:
        """Every part of a record."""
        found = getattr(record, self.field)
        return tuple(Part(record, at, value) for at, value in enumerate(found))

    def put(self, part: Part, label: str, **values: Any) -> Edit:  # noqa: ANN401 - any field's value
        """Change fields of one part."""
        return self.put_whole(part, replace(part.value, **values), label)

    def put_whole(self, part: Part, value: Any, label: str) -> Edit:  # noqa: ANN401 - as above
        """Put another part in the place of one."""
        parts = getattr(part.record, self.field)
        after = (*parts[: part.at], value, *parts[part.at + 1 :])
        return self._edit(part.record, after, label)

    def added(self, record: Record, value: Any) -> Edit:  # noqa: ANN401 - a part of any kind
        """Add a part at the end."""
        return self._edit(record, (*getattr(record, self.field), value), f"Add {self.noun}")

    def without(self, record: Record, places: tuple[int, ...]) -> Edit:
        """Remove parts by their places."""
        parts = getattr(record, self.field)
        kept = tuple(part for at, part in enumerate(parts) if at not in places)
        return self._edit(record, kept, f"Remove {words.count(len(places), self.noun)}")

    def _edit(self, record: Record, after: tuple[Any, ...], label: str) -> Edit:
        joint = "to" if label.startswith("Add") else "from" if label.startswith("Remove") else "of"
        return set_field(
            self.list, record, self.field, after, f"{label} {joint} {title_of(record)}"
        )

    def column(
        self,
        attribute: str,
        title: str,
        kind: Kind = TEXT,
        *,
        width: int = 10,
        stretch: bool = False,
        label: str = "",
        choices: tuple[tuple[Any, str], ...] = (),
    ) -> Column[Part]:
        """Return the column in which a field of the parts is shown and changed."""
        said = label or f"Change {title.lower()} of {self.noun}"
        shown: Callable[[Part], str] | None = None
        if choices:
            told = dict(choices)
            shown = lambda part: told.get(getattr(part.value, attribute), "")  # noqa: E731
        return Column(
            name=attribute,
            title=title,
            kind=kind,
            value=lambda part: getattr(part.value, attribute),
            edit=lambda part, value: self.put(part, said, **{attribute: value}),
            choices=(lambda _part: choices) if choices else None,
            shown=shown,
            width=width,
            stretch=stretch,
        )
