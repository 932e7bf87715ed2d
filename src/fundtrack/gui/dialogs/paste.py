"""What a paste would change or add, cell by cell, before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QVBoxLayout

from fundtrack.gui import kinds
from fundtrack.gui.pasting import summary
from fundtrack.gui.speech import tr
from fundtrack.gui.table import Column, Table
from fundtrack.gui.widgets.frame import button, label
from fundtrack.gui.widgets.grid import Grid

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from fundtrack.core.edit import Edit
    from fundtrack.gui.look import Look
    from fundtrack.gui.pasting import Cell, Pasted, Pasting


class PasteDialog(QDialog):
    """Shows it; faults come first. `edit` is what to do, once accepted."""

    def __init__(
        self,
        look: Look,
        pasting: Pasting,
        cells: tuple[tuple[str, ...], ...],
        at: tuple[int, int],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._pasting, self._cells, self._at = pasting, cells, at
        self.edit: Edit | None = None
        self.setWindowTitle(tr("Paste"))
        self.resize(
            QSize(look.px(880), look.px(480)).boundedTo(self.screen().availableSize() * 0.95)
        )
        self.said = label(wrap=True)
        self.table: Table[Cell] = Table(_COLUMNS, key=lambda cell: f"{cell.row}.{cell.column}")
        self.grid = Grid(look, self.table, "What would be pasted", sortable=False)
        self.whole = label(tone="fault", wrap=True)
        self.grid.chosen.connect(lambda _key: self._tell_whole())
        self.without = QCheckBox(tr("&Leave out the rows that have a fault"))
        self.without.toggled.connect(lambda _on: self._show())
        self.paste_button = button("Paste", "primary", self.accept)
        self.paste_button.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addWidget(self.without)
        buttons.addStretch(1)
        buttons.addWidget(button("Cancel", act=self.reject))
        buttons.addWidget(self.paste_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(10)
        whole.addWidget(self.said)
        whole.addWidget(self.grid, 1)
        whole.addWidget(self.whole)
        whole.addWidget(
            label(
                "An empty cell leaves what stands. One Undo takes all of it back.",
                scale="caption",
                tone="muted",
                wrap=True,
            )
        )
        whole.addLayout(buttons)
        self._show()

    def _show(self) -> None:
        row, column = self._at
        found: Pasted = self._pasting.pasted(
            self._cells, row, column, without_faults=self.without.isChecked()
        )
        self.edit = found.edit
        self.said.setText(summary(found))
        self.table.present(tuple(sorted(found.cells, key=lambda cell: not cell.fault)))
        self.without.setVisible(bool(found.faults))
        self.paste_button.setEnabled(found.edit is not None)
        if self.table.rows:
            self.grid.selectRow(0)
        self._tell_whole()

    def _tell_whole(self) -> None:
        """Say in full what is wrong with the cell the keyboard is on."""
        at = self.grid.currentIndex().row()
        cell = self.table.rows[at] if 0 <= at < len(self.table.rows) else None
        fault = cell.fault if cell is not None else ""
        where = f"Row {cell.row}, {cell.column or cell.record}" if cell is not None else ""
        self.whole.setText(f"{where}: {fault}." if fault else "")
        self.whole.setVisible(bool(fault))


_COLUMNS: tuple[Column[Cell], ...] = (
    Column(name="row", title="Row", kind=kinds.COUNT, value=lambda cell: cell.row, width=5),
    Column(
        name="record",
        title="Goes to",
        value=lambda cell: f"{cell.record} (new)".lstrip() if cell.new else cell.record,
        width=22,
    ),
    Column(name="column", title="Column", value=lambda cell: cell.column, width=12),
    Column(name="before", title="Before", value=lambda cell: cell.before, width=13),
    Column(
        name="after",
        title="After, or what is wrong",
        value=lambda cell: ": ".join(part for part in (cell.after, cell.fault) if part),
        tip=lambda cell: cell.fault or cell.after,
        stretch=True,
        strong=True,
    ),
)
