"""A table whose cells may be changed though no book holds them: it tells what was wished."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QStyleOptionViewItem, QWidget

from fundtrack.gui.cells import CellDelegate
from fundtrack.gui.table import Column, Index, Role, Row, Table

if TYPE_CHECKING:
    from collections.abc import Callable


class Wishing(Table[Row]):
    """A table of what is not in the book yet.

    `wished` carries the row's key, the column's name and the value. `may` tells where that can be.
    """

    wished = Signal(str, str, object)

    def __init__(
        self,
        columns: tuple[Column[Row], ...],
        key: Callable[[Row], str],
        may: Callable[[Row, str], bool],
    ) -> None:
        super().__init__(columns, key)
        self._may = may

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A cell can be changed where the owner says so."""
        usual = super().flags(index)
        if index.isValid() and self._may(self.rows[index.row()], self.columns[index.column()].name):
            return usual | Qt.ItemFlag.ItemIsEditable
        return usual

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:  # noqa: ANN401
        """Tell what was wished; nothing changes until the owner shows other rows."""
        if role != Role.EditRole or not index.flags() & Qt.ItemFlag.ItemIsEditable:
            return False
        column, row = self.columns[index.column()], self.rows[index.row()]
        if value == column.value(row):
            return False
        self.wished.emit(self.key(row), column.name, value)
        return True


class OpenList(CellDelegate):
    """Opens the list of a cell with many choices at once, so that arrows walk and Enter chooses."""

    def createEditor(  # type: ignore[override]
        self, parent: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> QWidget | None:
        """The usual field; a list of choices opens as soon as it is there."""
        editor = super().createEditor(parent, option, index)
        if isinstance(editor, QComboBox):
            editor.setMaxVisibleItems(16)
            QTimer.singleShot(0, editor, editor.showPopup)
        return editor
