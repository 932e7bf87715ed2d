"""The way into a table that is still empty: a link, and Ctrl+V wherever the keyboard is near it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import button

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from fundtrack.gui.widgets.grid import Grid


class PasteHere:
    """Offers to paste into a table that shows no rows, within the part of the page it stands in."""

    def __init__(self, grid: Grid, within: QWidget) -> None:
        self._grid = grid
        self.link = button("Paste from a spreadsheet", "link", grid.paste)
        self.link.setToolTip(tr("Paste from a spreadsheet (Ctrl+V)"))
        self._keys = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), within)
        self._keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._keys.activated.connect(grid.paste)
        self.offer(empty=False)

    def offer(self, *, empty: bool) -> None:
        """Offer it while the table is empty, if rows can be added to it."""
        offered = empty and self._grid.can_paste and self._grid.table.fresh is not None
        self.link.setVisible(offered)
        self._keys.setEnabled(offered)

    def teaches(self, empty: str) -> str:
        """What the empty table says, and which columns a copied one may have.

        Where rows could be added but nothing may be changed, its first sentence alone: the rest
        says how to begin.
        """
        table = self._grid.table
        if table.fresh is not None and not table.editable:
            first, stop, _ = tr(empty).partition(". ")
            return f"{first}." if stop else first
        if table.fresh is None or not self._grid.can_paste:
            return tr(empty)
        columns = [it for it in table.columns if it.edit is not None or it.choices is not None]
        titles = " · ".join(tr(column.title) for column in columns)
        return f"{tr(empty)} {tr('Copied rows can be pasted here:')} {titles}."
