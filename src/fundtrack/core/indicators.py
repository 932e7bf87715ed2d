"""The indicators of an award, period by period: target, reading, and how much was reached."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from fundtrack.core import words
from fundtrack.core.edit import Edit, change
from fundtrack.core.errors import RefusedError
from fundtrack.core.model import Reading, Target
from fundtrack.core.obligations import award_periods, in_words
from fundtrack.core.period import parse_period
from fundtrack.core.returns.kpis import reached

if TYPE_CHECKING:
    from decimal import Decimal

    from fundtrack.core.model import Award, Indicator, Organisation

_P = TypeVar("_P", Target, Reading)


@dataclass(frozen=True, slots=True)
class Point:
    """One period of an indicator; `reached` is percent of the target, more is better."""

    indicator: Indicator
    period: str
    target: Decimal | None
    reading: Decimal | None
    note: str | None

    @property
    def reached(self) -> Decimal | None:
        """How much of the target was reached, in percent; None where nothing can be compared."""
        return reached(self.target, self.reading, self.indicator.direction)


def points(indicator: Indicator) -> tuple[Point, ...]:
    """Every period with a target or a reading, in the order in which the book has them."""
    targets = {each.period: each.value for each in indicator.targets}
    readings = {each.period: each for each in indicator.readings}
    named = dict.fromkeys((*targets, *readings))
    return tuple(
        Point(
            indicator,
            period,
            targets.get(period),
            readings[period].value if period in readings else None,
            readings[period].note if period in readings else None,
        )
        for period in named
    )


def latest(indicator: Indicator) -> Point | None:
    """The last period with a reading, else the first with a target still to be read."""
    found = points(indicator)
    read = [each for each in found if each.reading is not None]
    return read[-1] if read else found[0] if found else None


def next_period(award: Award, organisation: Organisation, indicator: Indicator) -> str:
    """The award's first reporting period that the indicator has nothing for; "" for none."""
    taken = {each.period for each in points(indicator)}
    names = (in_words(each) for each in award_periods(award, organisation))
    return next((name for name in names if name not in taken), "")


# --- changing ----------------------------------------------------------------------------------


def with_target(point: Point, value: Decimal | None) -> Edit:
    """Set the target of a period, or take it away."""
    before = point.indicator
    kept = [each for each in before.targets if each.period != point.period]
    made = None if value is None else Target(period=point.period, value=value)
    after = replace(before, targets=_in_order(before.targets, kept, made))
    return _edit(f"Target of {before.title}, {point.period}", before, after)


def with_reading(point: Point, value: Decimal | None, note: str | None) -> Edit:
    """Set the reading of a period and the note beside it, or take both away."""
    before = point.indicator
    kept = [each for each in before.readings if each.period != point.period]
    made = None if value is None else Reading(period=point.period, value=value, note=note)
    after = replace(before, readings=_in_order(before.readings, kept, made))
    return _edit(f"Reading of {before.title}, {point.period}", before, after)


def with_point(
    point: Point,
    period: str,
    target: Decimal | None,
    reading: Decimal | None,
    note: str | None,
) -> Edit:
    """Put a whole period at once: in the place of `point`, or last where that is not there yet.

    Raises ValueError for a note without a reading, and where there is neither target nor reading.
    """
    before = point.indicator
    if target is None and reading is None:
        raise ValueError("Give a target or a reading")
    if reading is None and note is not None:
        raise ValueError("Give the reading too: a note is kept with its reading")
    aimed = None if target is None else Target(period=period, value=target)
    read = None if reading is None else Reading(period=period, value=reading, note=note)
    after = replace(
        before,
        targets=_in_place(before.targets, point.period, aimed),
        readings=_in_place(before.readings, point.period, read),
    )
    return _edit(f"Change {period} of {before.title}", before, after)


def _in_place(parts: tuple[_P, ...], period: str, made: _P | None) -> tuple[_P, ...]:
    """The parts with another in the place of a period's, or last; or without it."""
    kept = [made if each.period == period else each for each in parts]
    if all(each.period != period for each in parts):
        kept.append(made)
    return tuple(each for each in kept if each is not None)


def renamed(point: Point, award: Award, organisation: Organisation, period: str) -> Edit:
    """Give a point another period. Raises ValueError for one that cannot be read or is there."""
    before = point.indicator
    try:
        parse_period(period, organisation.year_start_month, award)
    except RefusedError as refused:
        raise ValueError(words.sentence(refused.problems[0].says)) from None
    if period != point.period and any(each.period == period for each in points(before)):
        raise ValueError(f"{period} is there already. Give another period")
    after = replace(
        before,
        targets=tuple(
            replace(each, period=period) if each.period == point.period else each
            for each in before.targets
        ),
        readings=tuple(
            replace(each, period=period) if each.period == point.period else each
            for each in before.readings
        ),
    )
    return _edit(f"Period of {before.title}: {period}", before, after)


def without(indicator: Indicator, periods: tuple[str, ...]) -> Edit:
    """Take away the targets and readings of some periods."""
    after = replace(
        indicator,
        targets=tuple(each for each in indicator.targets if each.period not in periods),
        readings=tuple(each for each in indicator.readings if each.period not in periods),
    )
    what = words.count(len(periods), "period")
    return _edit(f"Remove {what} of {indicator.title}", indicator, after)


def _in_order(before: tuple[_P, ...], kept: list[_P], made: _P | None) -> tuple[_P, ...]:
    """The rest as they stood, with the new one in the place of the old, or last."""
    if made is None:
        return tuple(kept)
    periods = [each.period for each in before]
    at = periods.index(made.period) if made.period in periods else len(kept)
    found = list(kept)
    found.insert(at, made)
    return tuple(found)


def _edit(label: str, before: Indicator, after: Indicator) -> Edit:
    return Edit(label, (change("indicators", before, after),) if before != after else ())
