"""What the funder counts: each indicator, and the targets and readings of the chosen one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QInputDialog

from fundtrack.core.edit import Edit, add, change, free_key
from fundtrack.core.indicators import (
    Point,
    latest,
    next_period,
    points,
    renamed,
    with_point,
    with_reading,
    with_target,
    without,
)
from fundtrack.core.model import Indicator, Target
from fundtrack.core.plain import decimal_text
from fundtrack.gui import kinds, wishes
from fundtrack.gui.award.section import Section
from fundtrack.gui.kinds import optional
from fundtrack.gui.table import Column
from fundtrack.gui.widgets.frame import label
from fundtrack.gui.widgets.parts import SmallTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from fundtrack.core.model import Award
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View

_WAYS = ((None, "More is better"), ("up", "More is better"), ("down", "Less is better"))


class IndicatorsCard(Section):
    """The indicators above, the chosen one's periods below."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Indicators")
        self.list = SmallTable(
            look,
            "Indicators",
            _COLUMNS,
            key=lambda row: row.key,
            refusal=self.refusal,
            noun="indicator",
            empty="Nothing is counted yet. Add what the funder asks you to count.",
        )
        self.named = label(tone="strong", wrap=True)
        self.named.setContentsMargins(0, 4, 0, 0)
        self.points = SmallTable(
            look,
            "Targets and readings",
            self._point_columns(),
            key=lambda row: row.period,
            refusal=self._why_not,
            noun="period",
            empty="No target and no reading yet. Add a period.",
        )
        for part in (self.list, self.named, self.points):
            self.body.addWidget(part)
        for table in (self.list, self.points):
            table.edit_wanted.connect(self.edit_wanted)
            table.trouble.connect(self.trouble)
        self.list.table.fresh, self.list.table.needed = self._fresh_indicators, ("title",)
        self.points.table.fresh, self.points.table.needed = self._fresh_points, ("period",)
        self.points.table.named_once = True
        self.points.table.together = _whole_point
        self.list.add_wanted.connect(self.add_indicator)
        self.list.remove_wanted.connect(self._remove)
        self.list.chosen.connect(lambda _key: self._show_points())
        self.points.add_wanted.connect(self.add_period)
        self.points.remove_wanted.connect(self._remove_points)

    def fill(self, award: Award, view: View) -> None:
        """Show the indicators of this award."""
        mine = tuple(each for each in view.portfolio.indicators if each.award == award.key)
        self.list.present(mine, can_change=self.can_change)
        if mine and self.list.grid.current_key not in {each.key for each in mine}:
            self.list.grid.choose(mine[0].key, 0)
        self._show_points()

    @property
    def chosen(self) -> Indicator | None:
        """The indicator the keyboard is on."""
        key = self.list.grid.current_key
        return next((row for row in self.list.table.rows if row.key == key), None)

    def _show_points(self) -> None:
        indicator = self.chosen
        for part in (self.named, self.points):
            part.setVisible(indicator is not None)
        if indicator is not None:
            self.named.setText(indicator.title)
            self.points.present(points(indicator), can_change=self.can_change)

    # --- wishes out ---

    def add_indicator(self) -> None:
        """Add something to count, and open its title for typing."""
        if self.award is None or self.view is None:
            return
        key = free_key(self.view.portfolio, "indicators", "indicator")
        made = Indicator(key=key, award=self.award.key, title="New indicator")
        self.ask(Edit(f"Add indicator to {self.award.title}", (add("indicators", made),)))
        self.list.change(key, "title")

    def _fresh_indicators(self, count: int) -> Iterator[tuple[Indicator, Edit]]:
        """So many new indicators for rows that are pasted, each with the edit that adds it."""
        award, view = self.award, self.view
        if award is None or view is None:
            return
        portfolio = view.portfolio
        for _ in range(count):
            key = free_key(portfolio, "indicators", "indicator")
            made = Indicator(key=key, award=award.key, title="New indicator")
            edit = Edit(f"Add indicator to {award.title}", (add("indicators", made),))
            portfolio = edit.apply(portfolio)
            yield made, edit

    def _fresh_points(self, count: int) -> Iterator[tuple[Point, Edit]]:
        """So many periods for rows that are pasted; what is pasted into one puts it in the book."""
        if self.chosen is not None:
            yield from [(Point(self.chosen, "", None, None, None), Edit("", ()))] * count

    def _remove(self, keys: tuple[str, ...]) -> None:
        if self.view is not None:
            self.edit_wanted.emit(wishes.removal(self.view.portfolio, "indicators", keys))

    def add_period(self) -> None:
        """Add the next reporting period, or ask which; and open its target for typing."""
        indicator, award, view = self.chosen, self.award, self.view
        if indicator is None or award is None or view is None:
            return
        period = next_period(award, view.portfolio.organisation, indicator)
        if not period:
            asked, answered = QInputDialog.getText(
                self, "Add a period", "Which period, such as 2026-27 Q3 or Oct 2026"
            )
            period = " ".join(asked.split())
            if not answered or not period:
                return
        after = replace(
            indicator, targets=(*indicator.targets, Target(period=period, value=kinds.ZERO))
        )
        label_ = f"Add {period} to {indicator.title}"
        self.ask(Edit(label_, (change("indicators", indicator, after),)))
        self.points.change(period, "target")

    def _remove_points(self, periods: tuple[str, ...]) -> None:
        if self.chosen is not None:
            self.ask(without(self.chosen, periods))

    def _why_not(self, edit: Edit) -> str:
        """A note is kept with its reading, so there is none without."""
        return self.refusal(edit) if edit.changes else "Type the reading first, then its note"

    def _renamed(self, row: Point, period: str) -> Edit:
        if self.award is None or self.view is None:
            return Edit("", ())
        return renamed(row, self.award, self.view.portfolio.organisation, period)

    def _read_period(self, text: str, before: Any) -> str:  # noqa: ANN401 - what stood there
        indicator = self.chosen
        period = kinds.TEXT.read(text, before) if kinds.TEXT.read else text
        found = () if indicator is None else points(indicator)
        row = next((each for each in found if each.period == before), None)
        if row is None and indicator is not None:
            row = Point(indicator, "", None, None, None)
        if row is not None and self.award is not None and self.view is not None:
            renamed(row, self.award, self.view.portfolio.organisation, period)
        return str(period)

    def _point_columns(self) -> tuple[Column[Point], ...]:
        return (
            Column(
                name="period",
                title="Period",
                kind=replace(kinds.TEXT, read=self._read_period),
                value=lambda row: row.period,
                edit=self._renamed,
                width=14,
            ),
            Column(
                name="target",
                title="Target",
                kind=optional(kinds.NUMBER),
                value=lambda row: row.target,
                edit=with_target,
                width=8,
            ),
            Column(
                name="reading",
                title="Reading",
                kind=optional(kinds.NUMBER),
                value=lambda row: row.reading,
                edit=lambda row, value: with_reading(row, value, row.note),
                width=8,
            ),
            Column(
                name="reached",
                title="Reached",
                kind=kinds.ANY_PERCENT,
                value=lambda row: row.reached,
                width=8,
            ),
            Column(
                name="note",
                title="Note",
                kind=optional(kinds.TEXT),
                value=lambda row: row.note,
                edit=lambda row, value: with_reading(row, row.reading, value),
                stretch=True,
            ),
        )


def _whole_point(row: Point, values: Mapping[str, Any]) -> Edit:
    """All that was pasted into a period, beside what stands in it."""
    return with_point(
        row,
        values.get("period", row.period),
        values.get("target", row.target),
        values.get("reading", row.reading),
        values.get("note", row.note),
    )


def _put(row: Indicator, field: str, value: Any) -> Edit:  # noqa: ANN401 - any field's value
    after: Indicator = replace(row, **{field: value})
    return Edit(f"Change {field} of {row.title}", (change("indicators", row, after),))


def _last(row: Indicator, of: str) -> Decimal | None:
    point = latest(row)
    found: Decimal | None = None if point is None else getattr(point, of)
    return found


def _standing(row: Indicator) -> str:
    point = latest(row)
    if point is None or point.reading is None:
        return ""
    if point.reached is None:
        return point.period
    return f"{decimal_text(point.reached)}% of target, {point.period}"


_COLUMNS: tuple[Column[Indicator], ...] = (
    Column(
        name="title",
        title="Indicator",
        value=lambda row: row.title,
        edit=lambda row, value: _put(row, "title", value),
        tip=lambda row: row.title,
        stretch=True,
    ),
    Column(
        name="unit",
        title="Unit",
        kind=optional(kinds.TEXT),
        value=lambda row: row.unit,
        edit=lambda row, value: _put(row, "unit", value),
        width=9,
    ),
    Column(
        name="direction",
        title="Better when",
        kind=kinds.CHOICE,
        value=lambda row: row.direction or "up",
        shown=lambda row: dict(_WAYS)[row.direction],
        edit=lambda row, value: _put(row, "direction", value),
        choices=lambda _row: _WAYS[1:],
        width=15,
        optional=True,
    ),
    Column(
        name="reading",
        title="Latest",
        kind=kinds.NUMBER,
        value=lambda row: _last(row, "reading"),
        width=8,
    ),
    Column(name="standing", title="How it stands", value=_standing, width=24),
)
