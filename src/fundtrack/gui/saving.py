"""Any table of the window, saved as a spreadsheet: what is listed, in the order it is listed.

A figure or a date is one in the file too; what is hidden on the screen is hidden there.
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication, QFileDialog

from fundtrack import places
from fundtrack.core import words
from fundtrack.gui.speech import tr
from fundtrack.gui.table import COLUMN_ROLE, ROW_ROLE
from fundtrack.gui.widgets.grid import Grid

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex

    from fundtrack.gui.table import Column
    from fundtrack.gui.window import Window

_FILES = "Excel (*.xlsx);;CSV (*.csv)"
_MONEY = ("pounds", "pence")
_AS_THEY_ARE = ("date", "count", "fte")


def table_in_hand(window: Window) -> Grid | None:
    """Return the table the keyboard is in, else the longest in sight on the page."""
    focus = QApplication.focusWidget()
    while focus is not None:
        if isinstance(focus, Grid):
            return focus
        focus = focus.parentWidget()
    seen = [grid for grid in window.stack.findChildren(Grid) if grid.isVisible()]
    return max(seen, key=lambda grid: grid.sorted.rowCount(), default=None)


def ask_where_to_save(window: Window) -> None:
    """Ask where to save the table in hand, then save it."""
    grid = table_in_hand(window)
    if grid is None or window.doors.imports is None:
        window.say("There is no table here to save")
        return
    name = str(places.books() / f"{grid.accessibleName()}.xlsx")
    chosen, _ = QFileDialog.getSaveFileName(window, tr("Save this table"), name, tr(_FILES))
    if chosen:
        save(window, grid, Path(chosen))


def save(window: Window, grid: Grid, path: Path) -> None:
    """Save a table as a workbook or as CSV, by the ending of the name."""
    if window.doors.imports is None:
        return
    path = path if path.suffix else path.with_suffix(".xlsx")
    write, name, table = window.doors.imports.write_table, grid.accessibleName(), lines(grid)
    said = f"Wrote {words.count(len(table) - 1, 'row')} to {path.name}."
    window.work.run(
        f"Saving {path.name}",
        lambda _tell: write(path, name, table),
        then=partial(_saved, window, said),
        can_stop=False,
        owner=window,
    )


def _saved(window: Window, said: str, _nothing: object) -> None:
    window.say(said)


def lines(grid: Grid) -> list[list[Any]]:
    """Return a table's titles and its rows, as they are listed."""
    shown = [at for at in range(grid.sorted.columnCount()) if not grid.isColumnHidden(at)]
    rows = range(grid.sorted.rowCount())
    titles: list[Any] = [grid.table.columns[at].title for at in shown]
    return [titles, *([_cell(grid.sorted.index(row, at)) for at in shown] for row in rows)]


def _cell(index: QModelIndex) -> Any:  # noqa: ANN401 - what a cell of a spreadsheet takes
    """Return a figure or a date where the cell shows it as its kind does, else its words."""
    column: Column[Any] = index.data(COLUMN_ROLE)
    said, value = str(index.data() or ""), column.value(index.data(ROW_ROLE))
    if not said or value is None or said != column.kind.shown(value):
        return said
    if column.kind.name in _MONEY:
        return Decimal(value) / 100
    return value if column.kind.name in _AS_THEY_ARE else said
