"""What a table's cell can hold: how each kind of value is written, sorted, and read when typed.

To add a kind, add one value here; tables, editors and copies follow it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from fundtrack.core import words
from fundtrack.core.plain import decimal_text, pounds
from fundtrack.gui import marks, typed

if TYPE_CHECKING:
    from collections.abc import Callable

Reader = "Callable[[str, Any], Any]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How one kind of value is shown, sorted and typed; `None` is always shown as nothing."""

    name: str
    text: Callable[[Any], str]
    typed: Callable[[Any], str] = str
    read: Callable[[str, Any], Any] | None = None
    order: Callable[[Any], Any] = lambda value: value
    number: Callable[[Any], tuple[Decimal | int, str]] | None = None
    """The value as a spreadsheet's number, and the format it stands in there; None for words."""
    figure: bool = False
    """Figures stand at the right of their column."""
    centred: bool = False

    def shown(self, value: Any) -> str:  # noqa: ANN401 - a cell holds any kind of value
        """Return the value as the table writes it."""
        return "" if value is None else self.text(value)

    def in_editor(self, value: Any) -> str:  # noqa: ANN401 - as shown
        """Return the value as it stands in the field while it is being changed."""
        return "" if value is None else self.typed(value)


def _year_of(before: Any) -> int:  # noqa: ANN401 - what stood in the cell
    return before.year if isinstance(before, date) else date.today().year  # noqa: DTZ011 - a hint


def _optional(read: Callable[[str, Any], Any]) -> Callable[[str, Any], Any]:
    return lambda text, before: read(text, before) if text.strip() else None


def optional(kind: Kind) -> Kind:
    """Return the same kind, where nothing may stand too: an emptied cell holds None."""
    return kind if kind.read is None else replace(kind, read=_optional(kind.read))


def _read_date(text: str, before: Any) -> date:  # noqa: ANN401 - what stood in the cell
    return typed.read_date(text, _year_of(before))


def _day_number(value: date) -> tuple[int, str]:
    """A spreadsheet counts days; 1 March 1900 is day 61."""
    return (value - date(1899, 12, 30)).days, "d mmm yyyy"


def _pounds_number(value: int) -> tuple[Decimal, str]:
    return Decimal(value) / 100, "£#,##0.00"


def _percent(value: Decimal) -> str:
    return f"{decimal_text(value)}%"


TEXT = Kind(
    name="text",
    text=str,
    read=lambda text, _before: typed.read_text(text),
    order=lambda value: str(value).casefold(),
)
DATE = Kind(
    name="date",
    text=words.short_day,
    typed=words.short_day,
    read=_read_date,
    number=_day_number,
    figure=True,
)
OPTIONAL_DATE = Kind(
    name="date",
    text=words.short_day,
    typed=words.short_day,
    read=_optional(_read_date),
    number=_day_number,
    figure=True,
)
POUNDS = Kind(
    name="pounds",
    text=words.whole_pounds,
    typed=pounds,
    read=lambda text, _before: typed.read_pounds(text),
    number=_pounds_number,
    figure=True,
)
PENCE = Kind(
    name="pence",
    text=words.money,
    typed=pounds,
    read=lambda text, _before: typed.read_pounds(text),
    number=_pounds_number,
    figure=True,
)
PERCENT = Kind(
    name="percent",
    text=_percent,
    typed=decimal_text,
    read=lambda text, _before: typed.read_percent(text),
    number=lambda value: (value / 100, "0.##%"),
    figure=True,
)
FTE = Kind(
    name="fte",
    text=lambda value: f"{value:.2f}",
    typed=decimal_text,
    read=lambda text, _before: typed.read_number(text),
    number=lambda value: (value, "0.00"),
    figure=True,
)
COUNT = Kind(
    name="count",
    text=lambda value: f"{value:,}",
    number=lambda value: (value, "#,##0"),
    figure=True,
)
ZERO = Decimal(0)
NUMBER = replace(FTE, name="number", text=decimal_text)
WHOLE = Kind(
    name="whole",
    text=lambda value: f"{value:,}",
    read=lambda text, _before: typed.read_whole(text),
    number=lambda value: (value, "#,##0"),
    figure=True,
)
ANY_PERCENT = replace(PERCENT, read=lambda text, _before: typed.read_any_percent(text))
"""A percentage that is no share: it may lie below 0 or above 100."""
CHOICE = Kind(name="choice", text=str, order=lambda value: str(value).casefold())
STATUS = Kind(
    name="status",
    text=lambda value: marks.STATUS_WORD[value],
    order=lambda value: tuple(marks.STATUS_WORD).index(value),
)
COVER = Kind(
    name="cover",
    text=lambda value: marks.COVER_WORD[value],
    order=marks.COVER_ORDER.index,
)
