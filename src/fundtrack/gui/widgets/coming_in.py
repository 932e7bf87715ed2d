"""What a file would bring in, row by row: what becomes of each, its problems, and its names.

A row with a problem is put right in its own cells, or left out; a name is said to be the same as
one of the book's, or new; a line that was set aside can be taken for a row after all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from fundtrack.core import words
from fundtrack.core.importing import (
    ONE,
    OUTCOMES,
    Aside,
    Cell,
    Line,
    Named,
    Offer,
    RowSeen,
)
from fundtrack.gui import kinds
from fundtrack.gui.kinds import Kind
from fundtrack.gui.speech import tr
from fundtrack.gui.table import Column, Table
from fundtrack.gui.widgets.frame import Choice, button, label
from fundtrack.gui.widgets.grid import Grid
from fundtrack.gui.widgets.wishing import OpenList, Wishing

if TYPE_CHECKING:
    from fundtrack.core.importing import FaultSeen
    from fundtrack.gui.look import Look

_ANYTHING = Kind(
    name="text", text=str, read=lambda text, _before: text.strip(), order=lambda value: value
)
_ROWS, _NAMES, _ASIDE = range(3)
_ALL, _NAMES_KEY, _ASIDE_KEY = "all", "names", "aside"


@dataclass(frozen=True, slots=True)
class _CellRow:
    """One cell of the row that is looked at."""

    cell: Cell
    title: str
    says: str
    wrong: str


class ComingIn(QWidget):
    """The rows of an offer. `said` carries a function from what was said to what is said now."""

    said = Signal(object)
    write_wanted = Signal()
    trouble = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._offer: Offer | None = None
        self.counts = label(wrap=True)
        self.notes = label(scale="caption", tone="muted", wrap=True)
        self.filter = Choice(look)
        self.filter.setAccessibleName(tr("Which rows are listed"))
        self.filter.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.filter.activated.connect(lambda _at: self._list())
        self._make_rows()
        self._make_names()
        self._make_aside()
        self.stack = QStackedWidget()
        for each in (self.row_part, self.name_grid, self.aside_part):
            self.stack.addWidget(each)
        self._top = top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        top.setSpacing(10)
        top.addWidget(self.counts, 1)
        top.addWidget(self.filter)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addLayout(top)
        whole.addWidget(self.stack, 1)
        whole.addWidget(self.notes)

    def _make_rows(self) -> None:
        look = self._look
        self.rows = Table(_row_columns(), lambda row: row.key)
        self.row_grid = Grid(look, self.rows, "Rows of the file")
        self.row_grid.can_remove = True
        self.row_grid.remove_wanted.connect(self.leave_out)
        self.row_grid.chosen.connect(lambda _key: self._show_row())
        self.cells = Wishing(
            _cell_columns(), lambda row: str(row.cell[2]), lambda _row, name: name == "says"
        )
        self.cells.wished.connect(self._correct)
        self.cell_grid = Grid(
            look, self.cells, "Cells of this row, to be put right", sortable=False
        )
        self.cell_grid.given_up.connect(self.trouble)
        self.leave_button = button(
            "&Leave this row out", "small", lambda: self.leave_out(self.row_grid.chosen_keys())
        )
        self.write_button = button(
            "&Write the rows that stay out…", "small", self.write_wanted.emit
        )
        self.faults = label(scale="caption", tone="fault", wrap=True)
        self.beside = QWidget()
        side = QVBoxLayout(self.beside)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(4)
        side.addWidget(self.cell_grid, 1)
        side.addWidget(self.faults)
        side.addWidget(self.leave_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._both = both = QSplitter()
        both.setChildrenCollapsible(False)
        both.addWidget(self.row_grid)
        both.addWidget(self.beside)
        both.setStretchFactor(0, 3)
        both.setStretchFactor(1, 2)
        self.row_part = QWidget()
        column = QVBoxLayout(self.row_part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(both, 1)
        column.addWidget(self.write_button, 0, Qt.AlignmentFlag.AlignLeft)

    def _make_names(self) -> None:
        self.names = Wishing(
            _name_columns(), lambda each: each.key, lambda _row, name: name == "is"
        )
        self.names.wished.connect(
            lambda key, _name, answer: self.said.emit(lambda said: said.answering(key, answer))
        )
        self.name_grid = Grid(
            self._look,
            self.names,
            "Names in the file, and whose they are",
            delegate=OpenList(self._look),
        )

    def _make_aside(self) -> None:
        self.aside = Table(_aside_columns(), lambda each: f"{each.line}")
        self.aside_grid = Grid(self._look, self.aside, "Lines that are no rows of a table")
        self.take_in_button = button("&It is a row: take it in", "small", self.take_in)
        self.aside_part = QWidget()
        column = QVBoxLayout(self.aside_part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.aside_grid, 1)
        column.addWidget(self.take_in_button, 0, Qt.AlignmentFlag.AlignLeft)

    def be_tight(self, *, tight: bool) -> None:
        """Put a row's cells below the rows where there is no room beside them."""
        way = Qt.Orientation.Vertical if tight else Qt.Orientation.Horizontal
        self._both.setOrientation(way)
        self._top.setDirection(
            QBoxLayout.Direction.TopToBottom if tight else QBoxLayout.Direction.LeftToRight
        )

    # --- showing ---

    def present(self, offer: Offer | None) -> None:
        """Show what would come in."""
        self._offer = offer
        kept = self.filter.currentData()
        self.filter.clear()
        for key, said in _filters(offer):
            self.filter.addItem(tr(said), key)
        self.filter.setCurrentIndex(max(0, self.filter.findData(kept)))
        self.counts.setText(_counts(offer))
        self.notes.setText(" ".join(offer.notes) if offer else "")
        self.notes.setVisible(bool(offer and offer.notes))
        staying = offer.counts["problem"] + offer.counts["left out"] if offer else 0
        self.write_button.setVisible(offer is not None and offer.held is not None and staying > 0)
        self.names.present(offer.names if offer else ())
        self.aside.present(_aside(offer))
        self._list()

    def show_only(self, key: str) -> None:
        """List only the rows of an outcome, or "names", "aside" or "all"."""
        self.filter.setCurrentIndex(max(0, self.filter.findData(key)))
        self._list()

    def _list(self) -> None:
        key = self.filter.currentData() or _ALL
        self.stack.setCurrentIndex({_NAMES_KEY: _NAMES, _ASIDE_KEY: _ASIDE}.get(key, _ROWS))
        rows = self._offer.rows if self._offer else ()
        if key in OUTCOMES:
            rows = tuple(row for row in rows if row.outcome == key)
        elif key == _ALL:
            rows = tuple(sorted(rows, key=lambda row: row.outcome != "problem"))
        current = self.row_grid.current_key
        self.row_grid.present(rows)
        if not self.row_grid.choose(current) and rows:
            self.row_grid.choose(rows[0].key)
        self._show_row()

    @property
    def row(self) -> RowSeen | None:
        """The row that is looked at."""
        at = self.rows.row_of(self.row_grid.current_key)
        return None if at is None else self.rows.row_at(at)

    def _show_row(self) -> None:
        row = self.row
        self.beside.setVisible(row is not None and bool(row.cells))
        self.cell_grid.present(_cells(row) if row else ())
        self.faults.setText("\n".join(_said(row)) if row else "")
        self.faults.setVisible(bool(row and row.faults))
        out = row is not None and row.outcome == "left out"
        self.leave_button.setText("&Bring this row in" if out else "&Leave this row out")

    # --- saying ---

    def leave_out(self, keys: tuple[str, ...]) -> None:
        """Leave rows out, or bring them in again where all of them are left out."""
        wanted = {row.key: row.line for row in self.rows.rows if row.line is not None}
        lines = frozenset(wanted[key] for key in keys if key in wanted)
        if lines:
            self.said.emit(lambda said: said.leaving_out(lines))

    def take_in(self) -> None:
        """Take the chosen lines for rows of their table."""
        keys = set(self.aside_grid.chosen_keys())
        lines = frozenset(each.line for each in self.aside.rows if str(each.line) in keys)
        if lines:
            self.said.emit(lambda said: said.taking_in(lines))

    def _correct(self, column: str, _name: str, text: str) -> None:
        row = self.row
        if row is not None and row.line is not None:
            cell = (*row.line, int(column))
            self.said.emit(lambda said: said.correcting(cell, text))


def _filters(offer: Offer | None) -> tuple[tuple[str, str], ...]:
    """Return what can be listed, with how many of each there are."""
    if offer is None:
        return ((_ALL, "Every row"),)
    found = [(_ALL, f"Every row ({len(offer.rows):,})")]
    found += [
        (outcome, f"{said} ({n:,})")
        for outcome, said in OUTCOMES.items()
        if (n := offer.counts[outcome])
    ]
    if offer.names:
        unsure = sum(each.likeness == "unsure" for each in offer.names)
        more = f", {unsure:,} unsure" if unsure else ""
        found.append((_NAMES_KEY, f"Names ({len(offer.names):,}{more})"))
    if aside := _aside(offer):
        found.append((_ASIDE_KEY, f"Set aside ({len(aside):,})"))
    return tuple(found)


def _counts(offer: Offer | None) -> str:
    if offer is None:
        return "What would come in is shown here before anything does."
    counts = offer.counts
    said = [
        f"{counts['new']:,} new",
        f"{counts['changed']:,} changed",
        f"{counts['unchanged']:,} unchanged",
    ]
    if counts["removed"]:
        said.append(f"{counts['removed']:,} removed")
    if counts["problem"]:
        said.append(f"{words.count(counts['problem'], 'row')} with a problem, not brought in")
    if counts["left out"]:
        said.append(f"{counts['left out']:,} left out")
    return " · ".join(said)


def _aside(offer: Offer | None) -> tuple[Aside, ...]:
    tables = offer.tables if offer else ()
    return tuple(each for table in tables if table.kind for each in table.aside)


def _cells(row: RowSeen) -> tuple[_CellRow, ...]:
    """Return a row's cells, those with a problem first."""
    line: Line = row.line or ("", 0)
    wrong = {fault.column: fault.says for fault in row.faults}
    cells = [
        _CellRow((*line, column), title, text, wrong.get(column, ""))
        for column, title, text in row.cells
    ]
    return tuple(sorted(cells, key=lambda each: not each.wrong))


def _row_columns() -> tuple[Column[RowSeen], ...]:
    return (
        Column(name="where", title="Where", value=lambda row: row.where, width=11, most=20),
        Column(
            name="kind",
            title="What",
            value=lambda row: ONE.get(row.kind, row.kind),
            width=9,
            optional=True,
        ),
        Column(
            name="says",
            title="Called",
            value=lambda row: row.says,
            width=13,
            most=30,
        ),
        Column(
            name="outcome",
            title="Becomes",
            value=lambda row: OUTCOMES[row.outcome],
            strong=True,
            width=9,
        ),
        Column(
            name="fault",
            title="Problem",
            value=lambda row: row.fault,
            stretch=True,
            tip=lambda row: "\n".join(_said(row)),
        ),
    )


def _said(row: RowSeen) -> tuple[str, ...]:
    return tuple(
        f"{fault.where}{f' ({fault.title})' if fault.title else ''}: {_found(fault)}{fault.says}"
        for fault in row.faults
    )


def _found(fault: FaultSeen) -> str:
    """What stands in the cell, unless the problem says it already."""
    return f"“{fault.found}” – " if fault.found and fault.found not in fault.says else ""


def _cell_columns() -> tuple[Column[_CellRow], ...]:
    return (
        Column(name="title", title="Column", value=lambda row: row.title, width=10, most=24),
        Column(
            name="says",
            title="Says",
            value=lambda row: row.says,
            kind=_ANYTHING,
            link=True,
            stretch=True,
        ),
        Column(
            name="wrong",
            title="",
            value=lambda row: "Put right" if row.wrong else "",
            tip=lambda row: row.wrong,
            strong=True,
            width=9,
        ),
    )


def _name_columns() -> tuple[Column[Named], ...]:
    return (
        Column(name="name", title="In the file", value=lambda each: each.name, stretch=True),
        Column(
            name="list", title="What", value=lambda each: ONE.get(each.list, each.list), width=9
        ),
        Column(
            name="likeness", title="Is it known", value=lambda each: each.likeness.capitalize(),
            strong=True, width=10,
        ),
        Column(
            name="is", title="Is", value=lambda each: each.answer, kind=kinds.CHOICE,
            choices=lambda each: each.choices, shown=_whose, link=True, width=30, most=50,
        ),
    )  # fmt: skip


def _whose(each: Named) -> str:
    said = dict(each.choices).get(each.answer, "")
    return said[:1].upper() + said[1:] if said else "Choose…" if each.choices else ""


def _aside_columns() -> tuple[Column[Aside], ...]:
    return (
        Column(name="where", title="Where", value=lambda each: each.where, width=14),
        Column(name="says", title="What it says", value=lambda each: each.says, stretch=True),
        Column(
            name="why", title="Set aside as", value=lambda each: each.why.capitalize(), width=16
        ),
    )
