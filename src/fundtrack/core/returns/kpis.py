"""The indicators of an award in a return: targets, readings, how much was reached, and the colour.

What is counted (people, sessions) adds up over the year; what is measured (a percentage, days of
waiting) does not, and its latest reading stands for the year.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from fundtrack.core.errors import RefusedError
from fundtrack.core.money import round_half_up
from fundtrack.core.period import Period, parse_period
from fundtrack.core.returns.figures import Kpi

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fundtrack.core.model import Award, Indicator, Portfolio, Reading, Target
    from fundtrack.core.returns.kept import Value
    from fundtrack.core.returns.layout import Limits

    Point = tuple[Period, Decimal]

_MEASURED = ("percent", "per cent", "%", "day", "week", "hour", "minute", "score", "rate", "median")
_PER_MILLE = 1000


def kpis(
    portfolio: Portfolio,
    award: Award,
    period: Period,
    year: Period,
    limits: Limits,
    typed: dict[str, dict[str, Value]],
) -> tuple[Kpi, ...]:
    """The award's indicators in the period, in list order; `typed` is what a person added."""
    first_month = portfolio.organisation.year_start_month
    return tuple(
        _kpi(indicator, award, first_month, period, year, limits, typed.get(indicator.key, {}))
        for indicator in portfolio.indicators
        if indicator.award == award.key
    )


def _kpi(
    indicator: Indicator,
    award: Award,
    first_month: int | None,
    period: Period,
    year: Period,
    limits: Limits,
    typed: dict[str, Value],
) -> Kpi:
    adds = not any(word in (indicator.unit or "").casefold() for word in _MEASURED)
    targets = _points(indicator.targets, award, first_month)
    readings = _points(indicator.readings, award, first_month)
    so_far = Period(year.start, period.end, "")
    target, actual = _over(targets, period, adds=adds), _over(readings, period, adds=adds)
    percent = reached(target, actual, indicator.direction)
    notes = [reading.note for reading in indicator.readings if reading.note]
    said = next((note for note in notes if _is_of(indicator, note, award, first_month, period)), "")
    return Kpi(
        key=indicator.key,
        title=indicator.title,
        unit=indicator.unit or "",
        direction=indicator.direction or "up",
        target_year=_over(targets, year, adds=adds),
        target=target,
        actual=actual,
        target_ytd=_over(targets, so_far, adds=adds),
        actual_ytd=_over(readings, so_far, adds=adds),
        numerator=_number(typed.get("numerator")),
        denominator=_number(typed.get("denominator")),
        percent=percent,
        rule_rag=colour(percent, limits),
        own=_text(typed.get("rag_own")),
        reason=_text(typed.get("rag_reason")),
        source=_text(typed.get("source")),
        comment=_text(typed.get("comment")) or said,
    )


def _is_of(
    indicator: Indicator, note: str, award: Award, first_month: int | None, period: Period
) -> bool:
    return any(
        reading.note == note and _same(_period(reading.period, award, first_month), period)
        for reading in indicator.readings
    )


def _same(one: Period | None, other: Period) -> bool:
    return one is not None and (one.start, one.end) == (other.start, other.end)


def _period(text: str, award: Award, first_month: int | None) -> Period | None:
    try:
        return parse_period(text, first_month, award)
    except RefusedError:
        return None


def _points(
    points: Iterable[Target | Reading], award: Award, first_month: int | None
) -> list[Point]:
    read = ((_period(point.period, award, first_month), point.value) for point in points)
    return [(period, value) for period, value in read if period is not None]


def _over(points: Sequence[Point], span: Period, *, adds: bool) -> Decimal | None:
    """What the points say of a span of days: its own point, else those that lie within it."""
    exact = [value for period, value in points if _same(period, span)]
    if exact:
        return exact[-1]
    within = [each for each in points if each[0].start >= span.start and each[0].end <= span.end]
    within.sort(key=lambda each: (each[0].start, -each[0].days))
    chosen: list[Point] = []
    for period, value in within:
        if not chosen or period.start > chosen[-1][0].end:
            chosen.append((period, value))
    if not chosen:
        return None
    return sum((value for _, value in chosen), Decimal(0)) if adds else chosen[-1][1]


def reached(
    target: Decimal | None, actual: Decimal | None, direction: str | None
) -> Decimal | None:
    """How much of a target was reached, in percent to one decimal; more is better either way."""
    if target is None or actual is None:
        return None
    whole, part = (actual, target) if direction == "down" else (target, actual)
    if whole <= 0:
        return None
    numerator, denominator = (part / whole).as_integer_ratio()
    return Decimal(round_half_up(numerator * _PER_MILLE, denominator)).scaleb(-1)


def colour(percent: Decimal | None, limits: Limits) -> str:
    """Green, amber or red by the layout's rule; nothing where nothing can be compared."""
    if percent is None:
        return ""
    if percent >= limits.green_percent:
        return "Green"
    return "Amber" if percent >= limits.amber_percent else "Red"


def _number(value: Value) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _text(value: Value) -> str:
    return value.strip() if isinstance(value, str) else ""
