"""A table on the screen: sorted by a click, filtered, copied to a spreadsheet, changed in place."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyledItemDelegate,
    QTableView,
)

from fundtrack.gui.cells import CellDelegate, row_height
from fundtrack.gui.copying import copied
from fundtrack.gui.pasting import Pasting, block
from fundtrack.gui.speech import tr
from fundtrack.gui.table import KEY_ROLE, ROW_ROLE, Sorted, Table
from fundtrack.gui.widgets.arranged import Arrangement
from fundtrack.gui.widgets.why import offer_why

if TYPE_CHECKING:
    from collections.abc import Callable

    from fundtrack.gui.look import Look
    from fundtrack.gui.table import Column

_View = QAbstractItemView
_LEAST_STRETCH, _EASY_STRETCH = 210, 300
_LEAST_READ = 150


class Grid(QTableView):
    """A Table on the screen.

    `fits` makes it exactly as high as its rows (at most `at_most` of them), without a scroll bar.
    """

    opened = Signal(str)
    remove_wanted = Signal(tuple)
    chosen = Signal(str)
    given_up = Signal(str)

    def __init__(
        self,
        look: Look,
        table: Table[Any],
        name: str,
        *,
        fits: bool = False,
        header: bool = True,
        sortable: bool = True,
        delegate: QStyledItemDelegate | None = None,
    ) -> None:
        super().__init__()
        self.look = look
        self.table = table
        self.sorted = Sorted(table)
        if table.parent() is None:  # on its own it would outlive the window, and keep it whole
            table.setParent(self)
        self._fits = fits
        self._opens = False
        self.can_remove = False
        self.usual_rows = 5
        self._at_most = 0
        self.setAccessibleName(tr(name))
        self.horizontalHeader().setAccessibleName(tr(f"Columns of {name}"))
        self.setModel(self.sorted)
        self._cells = delegate or CellDelegate(look, self)
        self.setItemDelegate(self._cells)
        if isinstance(self._cells, CellDelegate):
            self._cells.given_up.connect(self.given_up)
        self._withheld: set[int] = set()
        self._left_out: set[int] = set()
        self._behave(header=header, sortable=sortable)
        plain = header and sortable and not fits and type(self).measure is Grid.measure
        self.arrangement = Arrangement(self, name) if plain else None
        self.measure()
        look.changed.connect(self.measure)
        self.doubleClicked.connect(self._double_clicked)
        self.selectionModel().currentRowChanged.connect(self._current_changed)
        for told in (self.sorted.rowsInserted, self.sorted.rowsRemoved, self.sorted.modelReset):
            told.connect(lambda *_: self._fit())
        self.sorted.layoutChanged.connect(lambda *_: self._fit())

    def _behave(self, *, header: bool, sortable: bool) -> None:
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(_View.SelectionBehavior.SelectRows)
        self.setSelectionMode(_View.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(_View.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(_View.ScrollMode.ScrollPerPixel)
        triggers = _View.EditTrigger
        self.setEditTriggers(
            triggers.EditKeyPressed | triggers.DoubleClicked | triggers.AnyKeyPressed
        )
        self.verticalHeader().hide()
        top = self.horizontalHeader()
        top.setVisible(header)
        top.setHighlightSections(False)
        top.setSectionsClickable(sortable)
        top.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        if sortable:
            self.setSortingEnabled(True)
            self.sorted.sort(-1)
            top.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            top.setSortIndicatorClearable(True)
        if self._fits:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def open_rows(self) -> None:
        """Have Enter and a double click open a row, whatever its cell: F2 and typing change it."""
        self._opens = True
        self.setEditTriggers(_View.EditTrigger.EditKeyPressed | _View.EditTrigger.AnyKeyPressed)

    # --- size ---

    def measure(self) -> None:
        """Take every height and width from the letters, and from what the person prefers."""
        with self.arrangement.ours() if self.arrangement else nullcontext():
            self._measure()

    def _measure(self) -> None:
        # the least first: a row is never made smaller than it
        self.verticalHeader().setMinimumSectionSize(self.row_height())
        self.verticalHeader().setDefaultSectionSize(self.row_height())
        top = self.horizontalHeader()
        top.setMinimumSectionSize(self.look.px(24))
        for at, column in enumerate(self.table.columns):
            top.resizeSection(at, self._usual_width(at))
            mode = QHeaderView.ResizeMode
            top.setSectionResizeMode(at, mode.Stretch if column.stretch else mode.Interactive)
        self._leave_out()
        self._spread()
        self._keep_readable()
        self._fit()
        self.viewport().update()

    def _leave_out(self) -> None:
        """Leave out the optional columns where there is too little room for the rest."""
        optional = [at for at, column in enumerate(self.table.columns) if column.optional]
        if not optional:
            self._show_columns()
            return
        needed = sum(
            self.look.px(_LEAST_STRETCH)
            if column.stretch
            else self.horizontalHeader().sectionSize(at) or self._usual_width(at)  # 0 when hidden
            for at, column in enumerate(self.table.columns)
            if at in optional or not self.isColumnHidden(at)
        )
        self._left_out = set(optional) if needed > self.viewport().width() else set()
        self._show_columns()

    def setColumnHidden(self, column: int, hide: bool) -> None:  # noqa: FBT001 - Qt's own
        """Withhold a column that may not be shown, whatever the person prefers."""
        (self._withheld.add if hide else self._withheld.discard)(column)
        self._show_columns()

    def is_withheld(self, at: int) -> bool:
        """Whether a column may not be shown now."""
        return at in self._withheld

    def _show_columns(self) -> None:
        with self.arrangement.ours() if self.arrangement else nullcontext():
            for at in range(len(self.table.columns)):
                unwanted = self.arrangement is not None and self.arrangement.hides(at)
                hide = unwanted or at in self._withheld or at in self._left_out
                if hide != self.isColumnHidden(at):
                    super().setColumnHidden(at, hide)

    def _spread(self) -> None:
        """Give columns that can use more room some of what the widest has to spare."""
        growing = [at for at, column in enumerate(self.table.columns) if column.most]
        if not growing:
            return
        top, digit = self.horizontalHeader(), self.look.metrics().horizontalAdvance("0")
        shown = [at for at in range(top.count()) if not self.isColumnHidden(at)]
        taken = sum(
            self.look.px(_EASY_STRETCH) if self.table.columns[at].stretch else self._usual_width(at)
            for at in shown
        )
        spare = max(0, self.viewport().width() - taken) // len(growing)
        for at in growing:
            if self.arrangement is not None and self.arrangement.width(at) is not None:
                continue
            most = self.table.columns[at].most * digit + 12
            top.resizeSection(at, min(self._usual_width(at) + spare, most))

    def _keep_readable(self) -> None:
        """Let what a row is called be read where there is little room: the rest is scrolled to."""
        top, mode = self.horizontalHeader(), QHeaderView.ResizeMode
        shown = [at for at in range(top.count()) if not self.isColumnHidden(at)]
        if self._fits or not shown or not self.table.columns[shown[0]].stretch:
            return
        name, *others = shown
        wide = self.viewport().width()
        least = min(self.look.px(_LEAST_READ), wide * 2 // 5)
        room = wide - sum(map(top.sectionSize, others))
        top.setSectionResizeMode(name, mode.Interactive if room < least else mode.Stretch)
        if room < least:
            top.resizeSection(name, least)

    def _usual_width(self, at: int) -> int:
        own = self.arrangement.width(at) if self.arrangement is not None else None
        if own is not None:
            return own
        column = self.table.columns[at]
        digit = self.look.metrics().horizontalAdvance("0")
        title = self.look.metrics("caption").horizontalAdvance(tr(column.title)) + self.look.px(14)
        return max(column.width * digit + 12, title)

    def row_height(self) -> int:
        """How high one row is."""
        return row_height(self.look)

    def show_at_most(self, rows: int) -> None:
        """Be as high as this many rows at most; 0 for all of them."""
        if rows != self._at_most:
            self._at_most = rows
            self._fit()

    def _fit(self) -> None:
        if self._fits:
            rows = self.sorted.rowCount()
            shown = min(rows, self._at_most) if self._at_most else rows
            height = self._head_height() + shown * self.row_height() + self.spare_height()
            self.setFixedHeight(height + 1)

    def spare_height(self) -> int:
        """What else the height must hold."""
        return 0

    def _head_height(self) -> int:
        top = self.horizontalHeader()
        return top.sizeHint().height() if top.isVisibleTo(self) else 0

    def sizeHint(self) -> QSize:
        """Ask for room for a few rows."""
        return QSize(
            super().sizeHint().width(), self._head_height() + self.usual_rows * self.row_height()
        )

    def minimumSizeHint(self) -> QSize:
        """Make do with two rows and a part of the third, which shows that there are more."""
        least = super().minimumSizeHint()
        rows = self._head_height() + self.row_height() * 5 // 2
        return least if self._fits else QSize(least.width(), max(least.height(), rows))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the row the keyboard is on in sight."""
        with self.arrangement.ours() if self.arrangement else nullcontext():
            super().resizeEvent(event)
            self._leave_out()
            self._spread()
            self._keep_readable()
        if self.currentIndex().isValid() and not self._fits:
            self.scrollTo(self.currentIndex())

    # --- choosing ---

    def present(self, rows: tuple[Any, ...]) -> None:
        """Show these rows, with the keyboard on the one that it was on."""
        key, column = self.current_key, self.currentIndex().column()
        self.table.present(rows)
        if key and not self.current_key:
            self.choose(key, column)

    def key_at(self, index: QModelIndex) -> str:
        """The key of the row an index is in, or ""."""
        return str(index.data(KEY_ROLE) or "")

    @property
    def current_key(self) -> str:
        """The key of the row the keyboard is on, or ""."""
        return self.key_at(self.currentIndex())

    def chosen_keys(self) -> tuple[str, ...]:
        """The keys of the chosen rows, from top to bottom."""
        rows = sorted(self.selectionModel().selectedRows(), key=lambda index: index.row())
        return tuple(self.key_at(index) for index in rows)

    def choose(self, key: str, column: int | None = None) -> bool:
        """Put the keyboard on a row; tell whether it is there."""
        at = max(self.currentIndex().column(), 0) if column is None else column
        index = self.sorted.index_of(key, at)
        if index.isValid():
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.scrollTo(index)
        return index.isValid()

    def change(self, key: str, column: str) -> None:
        """Open a cell for changing."""
        if self.choose(key, self.table.place_of(column)):
            self.edit(self.currentIndex())

    # --- keys ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, remove, open, or change the cell the keyboard is on."""
        key = event.key()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_rows()
        elif event.matches(QKeySequence.StandardKey.Paste) and self._is_at_rest():
            self.paste()
        elif key == Qt.Key.Key_Delete and self._may_remove():
            self.remove_wanted.emit(self.chosen_keys())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._is_at_rest():
            self._enter()
        elif key == Qt.Key.Key_F2 and self._is_at_rest():
            self._change_here()
        else:
            super().keyPressEvent(event)

    def _change_here(self) -> None:
        """Open the cell for changing, or say where what stands in it can be changed."""
        index = self.currentIndex()
        if index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)
        elif index.isValid() and self._opens and self.table.editable:
            title = self.table.columns[index.column()].title
            self.given_up.emit(f"{title} is not changed in this list. Enter leads to where it is")

    def _may_remove(self) -> bool:
        return self.can_remove and self.table.editable and bool(self.chosen_keys())

    def _is_at_rest(self) -> bool:
        return self.state() is not _View.State.EditingState

    def _enter(self) -> None:
        index = self.currentIndex()
        if not index.isValid():
            return
        if index.flags() & Qt.ItemFlag.ItemIsEditable and not self._opens:
            self.edit(index)
        else:
            self.opened.emit(self.key_at(index))

    def _double_clicked(self, index: QModelIndex) -> None:
        if self._opens or not index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.opened.emit(self.key_at(index))

    def _current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(self.key_at(current))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done here, each with its key."""
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def new_menu(self) -> QMenu:
        """An empty menu that goes when it has closed."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def menu(self) -> QMenu:
        """What can be done with the chosen rows, and with the columns."""
        menu = QMenu(self)
        index = self.currentIndex()
        if index.isValid() and index.flags() & Qt.ItemFlag.ItemIsEditable:
            self._offer(menu, "&Change this cell", "F2", lambda: self.edit(index))
        if index.isValid() and (self._opens or not self.can_remove):
            self._offer(menu, "&Open", "Enter", lambda: self.opened.emit(self.key_at(index)))
        self._offer(menu, "Co&py rows", "Ctrl+C", self.copy_rows)
        save = getattr(getattr(self.window(), "acts", None), "save_table", None)
        if save is not None:
            menu.addAction(save)
        offer_why(menu, self)
        if self.can_paste:
            paste = menu.addAction(tr("Pa&ste a table…\tCtrl+V"))
            paste.triggered.connect(lambda _checked=False: self.paste())
        if self.can_remove and self.table.editable:
            keys = self.chosen_keys()
            self._offer(menu, "&Remove", "Del", lambda: self.remove_wanted.emit(keys))
        if self.arrangement is not None:
            menu.addSeparator()
            self.arrangement.fill(menu.addMenu(tr("Colu&mns")))
        return menu

    def _offer(self, menu: QMenu, words: str, keys: str, act: Callable[[], object]) -> None:
        action = menu.addAction(tr(f"{tr(words)}\t{keys}"))
        action.setEnabled(bool(self.chosen_keys()))
        action.triggered.connect(lambda _checked=False: act())

    def copy_rows(self) -> None:
        """Put the chosen rows on the clipboard, with their titles, as a spreadsheet takes them."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        if rows:
            whole = [self.sorted.index(row, 0).data(ROW_ROLE) for row in rows]
            QGuiApplication.clipboard().setMimeData(copied(self.table, self._shown(), whole))

    def _shown(self) -> list[Column[Any]]:
        """The columns in sight, from left to right."""
        top = self.horizontalHeader()
        order = [top.logicalIndex(at) for at in range(top.count())]
        return [self.table.columns[at] for at in order if not self.isColumnHidden(at)]

    @property
    def can_paste(self) -> bool:
        """Whether a table can be pasted here."""
        return self.table.editable and any(each.edit is not None for each in self.table.columns)

    def paste(self) -> None:
        """Show what a table on the clipboard would change or add here, and do it if wished."""
        from fundtrack.gui.dialogs.paste import PasteDialog

        try:
            cells = block(QGuiApplication.clipboard().text())
        except ValueError as wrong:
            self.given_up.emit(str(wrong))
            return
        if not self.can_paste:
            return
        if not cells:
            self.given_up.emit("Nothing is copied. Copy rows in a spreadsheet first")
            return
        shown, at = self._shown(), self.currentIndex()
        column = shown.index(self.table.columns[at.column()]) if at.isValid() else 0
        seen = [self.sorted.index(row, 0).data(ROW_ROLE) for row in range(self.sorted.rowCount())]
        rows = [row for row in seen if self.table.is_record(row)]
        first = sum(self.table.is_record(row) for row in seen[: max(at.row(), 0)])
        withheld = [self.table.columns[each] for each in self._withheld]
        pasting = Pasting(self.table, shown, rows, self.accessibleName(), withheld)
        dialog = PasteDialog(self.look, pasting, cells, (first, column), self.window())
        if dialog.exec() and dialog.edit is not None:
            self.table.edit_wanted.emit(dialog.edit)
        dialog.deleteLater()
