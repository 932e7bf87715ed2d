"""Which column of a file is which: put right by choosing in a cell, or by dragging a field there.

The fields that no column has yet stand beside the columns; one dragged onto a column is what that
column is from then on, and so is one dragged from another column. Each drag is a choice as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QListView

from fundtrack.core.importing import MONTH, NOTHING, SHARE, ColumnSeen, TableSeen, Use, field_words
from fundtrack.gui import kinds
from fundtrack.gui.speech import tr
from fundtrack.gui.table import Column
from fundtrack.gui.widgets.grid import Grid
from fundtrack.gui.widgets.wishing import OpenList, Wishing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fundtrack.gui.look import Look

MIME = "application/x-fundtrack-field"
_Index = QModelIndex | QPersistentModelIndex
_IS = "is"
_View = QAbstractItemView


class Mapping(Wishing[ColumnSeen]):
    """The columns of one table. `wished` carries a column's number and the field it is to be."""

    def __init__(self) -> None:
        self.seen: TableSeen | None = None
        super().__init__(self._made(), lambda column: str(column.at), self._may_be)

    def _made(self) -> tuple[Column[ColumnSeen], ...]:
        return (
            Column(
                name="title",
                title="Column",
                value=lambda column: f"{column.letter}  {column.title or 'no title'}",
                width=20,
                most=34,
            ),
            Column(
                name="examples",
                title="Holds, such as",
                value=lambda column: " · ".join(column.examples) or "nothing",
                stretch=True,
            ),
            Column(
                name=_IS,
                title="Is",
                value=lambda column: column.path,
                kind=kinds.CHOICE,
                shown=lambda column: column.words,
                choices=lambda column: _choices(self.seen, column),
                link=True,
                width=22,
                most=30,
            ),
            Column(
                name="sure",
                title="How sure",
                value=_sureness,
                width=10,
            ),
        )

    def _may_be(self, _column: ColumnSeen, name: str) -> bool:
        return name == _IS and self.seen is not None and bool(self.seen.uses)

    def show_table(self, seen: TableSeen | None) -> None:
        """Show the columns of a table."""
        self.seen = seen
        self.present(seen.columns if seen else ())

    # --- dragging ---

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """A column's field can be dragged to another column, and a field dropped on a column."""
        usual = super().flags(index)
        if not index.isValid() or self.seen is None or not self.seen.uses:
            return usual
        if self.rows[index.row()].path not in (NOTHING, SHARE, MONTH):
            usual |= Qt.ItemFlag.ItemIsDragEnabled
        return usual | Qt.ItemFlag.ItemIsDropEnabled

    def mimeTypes(self) -> list[str]:
        """What is dragged: a field."""
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The field of the row that is dragged."""
        return field_dragged(self.rows[indexes[0].row()].path if indexes else NOTHING)

    def supportedDropActions(self) -> Qt.DropAction:
        """A field goes to the column it is dropped on."""
        return Qt.DropAction.MoveAction | Qt.DropAction.CopyAction

    def canDropMimeData(
        self, data: QMimeData, _action: Qt.DropAction, _row: int, _column: int, parent: _Index
    ) -> bool:
        """Only a field, and only on a column."""
        return data.hasFormat(MIME) and parent.isValid()

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: _Index
    ) -> bool:
        """Wish that the column be what was dropped on it."""
        if not self.canDropMimeData(data, action, row, column, parent):
            return False
        path = bytes(data.data(MIME).data()).decode()
        at = self.rows[parent.row()]
        if path != at.path:
            self.wished.emit(str(at.at), _IS, path)
        return False  # nothing is moved: the owner shows other rows


def field_dragged(path: str) -> QMimeData:
    """Return a field as it is dragged."""
    data = QMimeData()
    data.setData(MIME, path.encode())
    return data


def _choices(seen: TableSeen | None, column: ColumnSeen) -> tuple[tuple[Any, str], ...]:
    """Return what a column may be: nothing, what is needed, then the rest by name."""
    if seen is None:
        return ()
    uses = sorted(seen.uses, key=lambda use: (not use.needed, use.words.casefold()))
    taken = {each.path: each for each in seen.columns if each.path and each.at != column.at}
    return (
        (NOTHING, field_words(NOTHING)),
        *((use.path, _offered(use, taken.get(use.path))) for use in uses),
    )


def _offered(use: Use, holder: ColumnSeen | None) -> str:
    if holder is None or use.path in (SHARE, MONTH):
        return use.words + (" (needed)" if use.needed else "")
    return f"{use.words} (now column {holder.letter})"


def _sureness(column: ColumnSeen) -> str:
    if column.said:
        return "You said so"
    return f"{column.confidence:.0%} sure" if column.path else ""


class MappingGrid(Grid):
    """The columns on the screen; fields are dropped on them."""

    def __init__(self, look: Look) -> None:
        self.mapping = Mapping()
        super().__init__(
            look,
            self.mapping,
            "Columns of the file, and what each is",
            sortable=False,
            delegate=OpenList(look),
        )
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(True)
        self.setDragDropMode(_View.DragDropMode.DragDrop)
        self.setDragDropOverwriteMode(True)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)


class FreeFields(QListView):
    """The fields that no column has yet, to be dragged onto one."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("framed")
        self.setAccessibleName(tr("Fields that no column has yet: drag one onto a column"))
        self.setDragEnabled(True)
        self.setDragDropMode(_View.DragDropMode.DragOnly)
        self.setEditTriggers(_View.EditTrigger.NoEditTriggers)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._fields = _Fields(self)
        self.setModel(self._fields)

    def show_uses(self, uses: tuple[Use, ...]) -> None:
        """List these fields, what is needed marked."""
        self._fields.clear()
        for use in uses:
            item = QStandardItem(f"{use.words} (needed)" if use.needed else use.words)
            item.setData(use.path)
            item.setEditable(False)
            item.setDropEnabled(False)
            self._fields.appendRow(item)

    @property
    def paths(self) -> tuple[str, ...]:
        """The fields listed."""
        return tuple(str(self._fields.item(at).data()) for at in range(self._fields.rowCount()))


class _Fields(QStandardItemModel):
    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        item = self.itemFromIndex(indexes[0]) if indexes else None
        return field_dragged(str(item.data()) if item is not None else NOTHING)
