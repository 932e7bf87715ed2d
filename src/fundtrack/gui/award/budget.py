"""The budget of an award beside what was spent: lines, spending, and versions agreed."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QInputDialog

from fundtrack.core import words
from fundtrack.core.edit import Edit, add, change, free_key
from fundtrack.core.model import Actual, BudgetLine, BudgetVersion
from fundtrack.core.one_award import budget, unbudgeted, version_total
from fundtrack.core.period import last_day_of
from fundtrack.core.returns.figures import Sums
from fundtrack.gui import kinds, wishes
from fundtrack.gui.award.section import Section
from fundtrack.gui.dialogs.profile import ProfileDialog
from fundtrack.gui.kinds import optional
from fundtrack.gui.parts import Part, Parts
from fundtrack.gui.table import Column, Index, Table
from fundtrack.gui.widgets.frame import Segments, row_of
from fundtrack.gui.widgets.parts import SmallTable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtCore import Qt

    from fundtrack.core.model import Award, Record
    from fundtrack.core.returns.figures import Finance
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View

LINES = Parts("awards", "budget_lines", "budget line")
VERSIONS = Parts("awards", "budget_versions", "version")
_LINES, _SPENDING, _VERSIONS = range(3)
_TOTAL = "total"


@dataclass(frozen=True, slots=True)
class LineRow:
    """A budget line beside its actuals, or the total; `part` is what can be changed of it."""

    key: str
    title: str
    heading: str
    sums: Sums
    part: Part | None = None


def line_rows(award: Award, found: Finance) -> tuple[LineRow, ...]:
    """Every line in the order of the budget, spending without a line, and the total last."""
    parts = {part.value.key: part for part in LINES.of(award)}
    by_key = {line.key: line for line in found.all_lines}
    ordered = [*(key for key in parts if key in by_key), *(k for k in by_key if k not in parts)]
    rows = [
        LineRow(
            f"line:{key}",
            by_key[key].title,
            by_key[key].heading,
            by_key[key].sums,
            parts.get(key),
        )
        for key in ordered
    ]
    return (*rows, LineRow(_TOTAL, "Total", "", found.total))


class LineTable(Table[LineRow]):
    """Only lines of the budget can be changed: not the total, nor spending without a line."""

    def is_record(self, row: LineRow) -> bool:
        """Tell whether a row is a line of the budget: the total is not."""
        return row.part is not None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Leave the cells of the total as they are."""
        usual = super().flags(index)
        if index.isValid() and self.rows[index.row()].part is None:
            return usual & ~_EDITABLE
        return usual


class BudgetCard(Section):
    """Budget so far less actual is the variance: positive is an underspend."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Budget and actuals")
        self.switch = Segments(("Lines", "Spending", "Versions"), "What of the budget is shown")
        self.lines = SmallTable(
            look,
            "Budget lines",
            _LINE_COLUMNS,
            key=lambda row: row.key,
            refusal=self.refusal,
            noun="line",
            table=LineTable,
        )
        self.months_link = self.lines.add_link(
            "Months…", "Change the months of the chosen line", self.ask_months
        )
        self.agree_link = self.lines.add_link(
            "Keep as agreed…", "Keep this budget as agreed with the funder", self.ask_version
        )
        self.spending = SmallTable(
            look,
            "Spending",
            self._spending_columns(),
            key=lambda row: row.key,
            refusal=self.refusal,
            noun="spending",
            empty="Nothing spent on it is in the book yet. Add it here, or bring in your accounts.",
        )
        self.versions = SmallTable(
            look,
            "Versions of the budget",
            _VERSION_COLUMNS,
            key=lambda row: row.key,
            refusal=self.refusal,
            noun="",
            empty="No version is kept. “Keep as agreed” keeps the budget as it stands.",
        )
        self.back_link = self.versions.add_link(
            "Use this version", "Put the chosen version back as the budget", self.put_back
        )
        self._acts += [self.months_link, self.agree_link, self.back_link]
        self._parts = (self.lines, self.spending, self.versions)
        self.body.addLayout(row_of(self.switch))
        for part in self._parts:
            self.body.addWidget(part)
            part.edit_wanted.connect(self.edit_wanted)
            part.trouble.connect(self.trouble)
        self.switch.chosen.connect(self._switch_to)
        self.lines.table.fresh = self._fresh_lines
        self.spending.table.fresh = self._fresh_spending
        self.lines.table.needed = ("title",)
        self.spending.table.needed = ("on", "amount")
        self.lines.add_wanted.connect(self.add_line)
        self.lines.remove_wanted.connect(self._remove_lines)
        self.spending.add_wanted.connect(self.add_spending)
        self.spending.remove_wanted.connect(self._remove_spending)
        self._switch_to(_LINES)

    def _switch_to(self, at: int) -> None:
        for place, part in enumerate(self._parts):
            part.setVisible(place == at)

    def fill(self, award: Award, view: View) -> None:
        """Show the budget of this award."""
        today = view.outlook.today
        found = budget(view.portfolio, award, today)
        self.note.setText(f"to {words.near_day(min(today, last_day_of(award)), today)}")
        self.lines.present(line_rows(award, found), can_change=self.can_change)
        self.lines.remove_button.setVisible(self.can_change and bool(award.budget_lines))
        mine = sorted(
            (each for each in view.portfolio.actuals if each.award == award.key),
            key=lambda each: each.on,
            reverse=True,
        )
        self.spending.present(tuple(mine), can_change=self.can_change)
        versions = VERSIONS.of(award)
        self.versions.present(versions, can_change=self.can_change)
        self.back_link.setVisible(self.can_change and bool(versions))
        self.months_link.setVisible(self.can_change and bool(award.budget_lines))
        self.agree_link.setVisible(self.can_change and bool(award.budget_lines))

    # --- lines ---

    def add_line(self) -> None:
        """Add a line for what the others leave of the award, and open its title for typing."""
        award = self.award
        if award is None:
            return
        taken = {line.key for line in award.budget_lines}
        at = next(n for n in range(1, len(taken) + 2) if f"line-{n}" not in taken)
        line = BudgetLine(key=f"line-{at}", title="New line", amount=unbudgeted(award))
        self.ask(LINES.added(award, line))
        self.lines.change(f"line:{line.key}", "title")

    def _fresh_lines(self, count: int) -> Iterator[tuple[LineRow, Edit]]:
        """So many new lines for rows that are pasted, each with the edit that adds it."""
        award = self.award
        if award is None:
            return
        taken = {line.key for line in award.budget_lines}
        free = (key for at in itertools.count(1) if (key := f"line-{at}") not in taken)
        for key in itertools.islice(free, count):
            line = BudgetLine(key=key, title="New line", amount=0)
            made = replace(award, budget_lines=(*award.budget_lines, line))
            part = Part(made, len(award.budget_lines), line)
            yield LineRow(part.value.key, "New line", "", Sums(), part), LINES.added(award, line)

    def _remove_lines(self, keys: tuple[str, ...]) -> None:
        award = self.award
        if award is None or self.view is None:
            return
        gone = {key.removeprefix("line:") for key in keys if key != _TOTAL}
        places = tuple(at for at, line in enumerate(award.budget_lines) if line.key in gone)
        if not places:
            self.trouble.emit("Choose a budget line to remove. The total cannot be removed")
            return
        self.ask(LINES.without(award, places))

    def _chosen_line(self) -> Part | None:
        key = self.lines.grid.current_key
        rows = self.lines.table.rows
        return next((row.part for row in rows if row.key == key and row.part is not None), None)

    def ask_months(self) -> None:
        """Ask how the chosen line lies on the months."""
        award, part = self.award, self._chosen_line()
        if award is None or part is None:
            self.trouble.emit("Choose a budget line first")
            return
        line: BudgetLine = part.value
        days = (award.start, last_day_of(award))
        dialog = ProfileDialog(
            self.look, line.title or line.key, line.amount, line.profile, days, self
        )
        if dialog.exec() and dialog.profile is not None:
            self.ask(LINES.put(part, "Change months of budget line", profile=dialog.profile))
        dialog.deleteLater()

    # --- versions ---

    def ask_version(self) -> None:
        """Ask why, and keep the budget as agreed with the funder today."""
        award = self.award
        if award is None or self.view is None:
            return
        reason, answered = QInputDialog.getText(
            self, "Keep as agreed", "Why it was agreed, such as “as awarded” or “staff moved”"
        )
        if not answered:
            return
        version = BudgetVersion(
            agreed_on=self.view.outlook.today,
            reason=" ".join(reason.split()) or None,
            lines=award.budget_lines,
        )
        self.ask(VERSIONS.added(award, version))

    def put_back(self) -> None:
        """Put the lines of the chosen version back as the budget."""
        award, key = self.award, self.versions.grid.current_key
        if award is None or not key:
            self.trouble.emit("Choose a version first")
            return
        version = award.budget_versions[int(key)]
        label = f"Use the budget agreed on {words.short_day(version.agreed_on)} for {award.title}"
        self.ask(wishes.set_field("awards", award, "budget_lines", version.lines, label))

    # --- spending ---

    def add_spending(self) -> None:
        """Add a line of spending of today, and open its amount for typing."""
        if self.award is None or self.view is None:
            return
        key = free_key(self.view.portfolio, "actuals", "actual")
        lines = self.award.budget_lines
        made = Actual(
            key=key,
            award=self.award.key,
            budget_line=lines[0].key if len(lines) == 1 else None,
            on=self.view.outlook.today,
            amount=0,
        )
        self.ask(Edit(f"Add spending on {self.award.title}", (add("actuals", made),)))
        self.spending.change(key, "amount")

    def _fresh_spending(self, count: int) -> Iterator[tuple[Actual, Edit]]:
        """So much new spending for rows that are pasted, each with the edit that adds it."""
        award, view = self.award, self.view
        if award is None or view is None:
            return
        portfolio = view.portfolio
        for _ in range(count):
            key = free_key(portfolio, "actuals", "actual")
            made = Actual(key=key, award=award.key, on=view.outlook.today, amount=0)
            edit = Edit(f"Add spending on {award.title}", (add("actuals", made),))
            portfolio = edit.apply(portfolio)
            yield made, edit

    def _remove_spending(self, keys: tuple[str, ...]) -> None:
        if self.view is not None:
            self.edit_wanted.emit(wishes.removal(self.view.portfolio, "actuals", keys))

    def _line_choices(self, _row: Actual) -> tuple[tuple[Any, str], ...]:
        lines = self.award.budget_lines if self.award is not None else ()
        return ((None, "No line"), *((line.key, line.title or line.key) for line in lines))

    def _spending_columns(self) -> tuple[Column[Actual], ...]:
        return (
            _actual("on", "On", kinds.DATE, width=12),
            _actual("description", "What", optional(kinds.TEXT), stretch=True),
            Column(
                name="budget_line",
                title="Line",
                kind=kinds.CHOICE,
                value=lambda row: row.budget_line,
                shown=lambda row: dict(self._line_choices(row)).get(row.budget_line, ""),
                edit=lambda row, value: _put(row, "budget_line", value),
                choices=self._line_choices,
                width=14,
            ),
            _actual("amount", "Amount", kinds.PENCE, width=12),
        )


def _put(row: Record, field: str, value: Any) -> Edit:  # noqa: ANN401 - any field's value
    after: Record = replace(row, **{field: value})
    return Edit("Change spending", (change("actuals", row, after),))


def _actual(
    field: str, title: str, kind: kinds.Kind, *, width: int = 10, stretch: bool = False
) -> Column[Actual]:
    return Column(
        name=field,
        title=title,
        kind=kind,
        value=lambda row: getattr(row, field),
        edit=lambda row, value: _put(row, field, value),
        width=width,
        stretch=stretch,
    )


def _put_line(row: LineRow, label: str, **values: Any) -> Edit:  # noqa: ANN401 - as above
    assert row.part is not None  # noqa: S101 - the total cannot be changed: see LineTable
    return LINES.put(row.part, label, **values)


def _figure(name: str, title: str, of: str) -> Column[LineRow]:
    return Column(
        name=name,
        title=title,
        kind=kinds.POUNDS,
        value=lambda row: getattr(row.sums, of),
        width=9,
    )


def _editable() -> Qt.ItemFlag:
    from PySide6.QtCore import Qt

    return Qt.ItemFlag.ItemIsEditable


_EDITABLE = _editable()
_LINE_COLUMNS: tuple[Column[LineRow], ...] = (
    Column(
        name="title",
        title="Line",
        value=lambda row: row.title,
        edit=lambda row, value: _put_line(row, "Change title of budget line", title=value),
        tip=lambda row: row.title,
        stretch=True,
    ),
    Column(
        name="heading",
        title="Heading",
        kind=optional(kinds.TEXT),
        value=lambda row: row.heading,
        edit=lambda row, value: _put_line(row, "Change heading of budget line", heading=value),
        width=11,
        optional=True,
    ),
    Column(
        name="amount",
        title="Budget",
        kind=kinds.POUNDS,
        value=lambda row: row.sums.approved,
        edit=lambda row, value: _put_line(row, "Change amount of budget line", amount=value),
        width=9,
    ),
    _figure("profile", "So far", "profile"),
    _figure("actual", "Spent", "actual"),
    Column(
        name="variance",
        title="Variance",
        kind=kinds.POUNDS,
        value=lambda row: row.sums.variance,
        tip=lambda _row: "Budget so far less spent: below zero is an overspend",
        width=9,
        strong=True,
    ),
)
_VERSION_COLUMNS: tuple[Column[Part], ...] = (
    VERSIONS.column("agreed_on", "Agreed on", kinds.DATE, width=12),
    VERSIONS.column("reason", "Why", optional(kinds.TEXT), stretch=True),
    Column(
        name="total",
        title="Total",
        kind=kinds.POUNDS,
        value=lambda part: version_total(part.value),
        width=10,
    ),
    Column(
        name="lines",
        title="Lines",
        kind=kinds.COUNT,
        value=lambda part: len(part.value.lines),
        width=6,
    ),
)
