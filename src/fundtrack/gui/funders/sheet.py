"""A funder's sheet on the screen as it is: what is locked, worked out, listed, filled, left over.

Cells are asked for as they come into sight, so that a sheet of a hundred thousand costs no more
than one of a hundred.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from fundtrack.core.returns.form import FormCell, Spot
from fundtrack.gui.cells import row_height
from fundtrack.gui.speech import tr

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fundtrack.core.returns.form import FormFill, FormPlan, FormSheet
    from fundtrack.gui.look import Look
    from fundtrack.gui.own_doors import OwnForm

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
_USUAL_WIDTH, _WIDEST = 8.43, 60.0
_MOST_MERGED = 4_000
_ALPHABET = 26
_MARK_WORD = {
    "locked": "locked",
    "formula": "formula",
    "merged": "merged",
    "fixed": "part of a table",
    "hidden": "hidden",
}


def letters(column: int) -> str:
    """A column by its letters: 1 is A, 27 is AA."""
    said = ""
    while column:
        column, rest = divmod(column - 1, _ALPHABET)
        said = chr(ord("A") + rest) + said
    return said


def address(spot: Spot) -> str:
    """A cell as it is called on its sheet: D9."""
    return f"{letters(spot.column)}{spot.row}"


class SheetModel(QAbstractTableModel):
    """One sheet of a workbook, with what will stand in the cells that are filled."""

    def __init__(self) -> None:
        super().__init__()
        self.form: OwnForm | None = None
        self.sheet: FormSheet | None = None
        self._cells: dict[Spot, FormCell] = {}
        self._filled: dict[Spot, FormFill] = {}
        self._new: dict[Spot, str] = {}
        self._columns_filled: dict[int, tuple[int, int]] = {}

    def show_sheet(self, form: OwnForm | None, title: str) -> None:
        """Show a sheet; without a workbook, nothing."""
        self.beginResetModel()
        self.form = form
        self.sheet = None if form is None else form.sheet(title)
        self._cells.clear()
        self.endResetModel()

    def show_fills(self, fills: Iterable[FormFill], plan: FormPlan) -> None:
        """Show which cells are filled, and with what."""
        self._filled = {spot: each for each in fills for spot in each.cells}
        self._new = {change.spot: change.new for change in plan.changes}
        title = "" if self.sheet is None else self.sheet.title
        self._columns_filled = {}
        for spot in (spot for spot in self._filled if spot.sheet == title):
            top, bottom = self._columns_filled.get(spot.column, (spot.row, spot.row))
            self._columns_filled[spot.column] = min(top, spot.row), max(bottom, spot.row)
        if self.rowCount():
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    # --- what a cell is ------------------------------------------------------------------------

    def spot(self, index: Index) -> Spot:
        """The cell of the sheet that an index stands for."""
        title = "" if self.sheet is None else self.sheet.title
        return Spot(title, index.row() + 1, index.column() + 1)

    def cell(self, spot: Spot) -> FormCell:
        """What stands in a cell."""
        if spot not in self._cells and self.form is not None:
            self._cells[spot] = self.form.cell(spot)
        return self._cells.get(spot, FormCell())

    def is_filled(self, spot: Spot) -> bool:
        """Whether a cell is filled by the mapping."""
        return spot in self._filled

    def is_left_over(self, spot: Spot) -> bool:
        """Whether a cell was made to be filled, and is not."""
        protected = self.sheet is not None and self.sheet.protected
        return protected and spot not in self._filled and self.cell(spot).mark == "open"

    def shown(self, spot: Spot) -> str:
        """The words in a cell: what will stand there, else what stands there."""
        new = self._new.get(spot)
        return self.cell(spot).text if new is None else new

    def stands_out(self, spot: Spot) -> bool:
        """Whether a left-over cell is to be noticed: it stands between others that are filled."""
        top, bottom = self._columns_filled.get(spot.column, (0, 0))
        return top < spot.row < bottom and self.is_left_over(spot)

    def said(self, spot: Spot) -> str:
        """A cell as it is spoken."""
        cell = self.cell(spot)
        parts = [address(spot), self.shown(spot) or "empty"]
        if cell.mark in _MARK_WORD:
            parts.append(_MARK_WORD[cell.mark])
        if cell.listed:
            parts.append("drop-down")
        if self.is_filled(spot):
            parts.append("filled")
        elif self.is_left_over(spot):
            parts.append("not mapped")
        return ", ".join(parts)

    # --- Qt's questions ------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many rows there are."""
        return 0 if parent.isValid() or self.sheet is None else self.sheet.rows

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as above
        """How many columns there are."""
        return 0 if parent.isValid() or self.sheet is None else self.sheet.columns

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own
        """What a view asks of a cell."""
        if not index.isValid():
            return None
        spot = self.spot(index)
        match role:
            case Role.DisplayRole:
                return self.shown(spot)
            case Role.ToolTipRole:
                why = self.cell(spot).why
                return (
                    f"{address(spot)} {why}"
                    if why and not self.cell(spot).text
                    else self.shown(spot)
                )
            case Role.AccessibleTextRole:
                return self.said(spot)
            case Role.TextAlignmentRole:
                side = (
                    Qt.AlignmentFlag.AlignRight
                    if self.cell(spot).right
                    else Qt.AlignmentFlag.AlignLeft
                )
                return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's own
        """Letters above the columns, numbers before the rows."""
        if role != Role.DisplayRole:
            return None
        across = orientation == Qt.Orientation.Horizontal
        return letters(section + 1) if across else str(section + 1)


class SheetDelegate(QStyledItemDelegate):
    """Paints a cell with its mark: never by colour alone."""

    def __init__(self, look: Look, model: SheetModel, parent: QTableView) -> None:
        super().__init__(parent)
        self._look = look
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A row is as high as its letters need."""
        _ = option, index
        return QSize(40, row_height(self._look))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell: its ground, its words, its marks, and the ring if one stands on it."""
        spot = self._model.spot(index)
        cell, rect = self._model.cell(spot), QRectF(option.rect)
        painter.save()
        painter.setClipRect(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(option.rect, self._look.colour(self._ground(cell, chosen=chosen)))
        self._paint_words(painter, rect, spot, ink="on_selection" if chosen else "ink")
        if self._model.is_filled(spot):
            self._paint_corner(painter, rect)
        elif self._model.is_left_over(spot):
            out = self._model.stands_out(spot)
            self._paint_dashes(painter, rect, "unfunded_line" if out else "line_strong")
        painter.setPen(QPen(self._look.colour("line"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.drawLine(rect.topRight(), rect.bottomRight())
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(self._look.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(1, 1, -2, -2))
        painter.restore()

    def _ground(self, cell: FormCell, *, chosen: bool) -> str:
        if chosen:
            return "selection"
        return {"open": "surface", "formula": "formula"}.get(cell.mark, "locked")

    def _paint_words(self, painter: QPainter, rect: QRectF, spot: Spot, *, ink: str) -> None:
        look, cell = self._look, self._model.cell(spot)
        muted = "ink_muted" if ink == "ink" else ink
        font = QFont(look.font(tabular=True))
        inner = rect.adjusted(6, 0, -6, 0)
        side = look.px(12)
        if cell.mark == "formula":
            font.setItalic(True)
            painter.setFont(font)
            painter.setPen(look.colour(muted))
            painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, "ƒ")
            inner.setLeft(inner.left() + side)
        if cell.listed:
            at = QRect(int(rect.right()) - side - 4, int(rect.center().y() - side / 2), side, side)
            look.icon("caret-down").paint(painter, at)
            inner.setRight(inner.right() - side)
        words = " ".join(self._model.shown(spot).split())
        left_over = not words and self._model.stands_out(spot)
        painter.setFont(font)
        painter.setPen(look.colour(muted if left_over else ink))
        right = cell.right and not left_over
        align = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        metrics = look.metrics()
        said = "not mapped" if left_over else words
        fits = metrics.elidedText(said, Qt.TextElideMode.ElideRight, max(0, int(inner.width())))
        painter.drawText(inner, align | Qt.AlignmentFlag.AlignVCenter, fits)

    def _paint_corner(self, painter: QPainter, rect: QRectF) -> None:
        side = self._look.px(8)
        corner = rect.topRight()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.colour("accent"))
        painter.drawPolygon(
            QPolygonF([corner, corner - QPointF(side, 0), corner + QPointF(0, side)])
        )

    def _paint_dashes(self, painter: QPainter, rect: QRectF, token: str) -> None:
        pen = QPen(self._look.colour(token), 1, Qt.PenStyle.DashLine)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect.adjusted(2, 2, -4, -4))


class SheetGrid(QTableView):
    """The sheet, one cell of which is chosen. Enter goes to what fills it, Delete empties it."""

    stood = Signal(object)
    """The Spot one has come to, or None."""
    asked = Signal()
    emptied = Signal(tuple)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.sheet = SheetModel()
        self.setModel(self.sheet)
        self.setItemDelegate(SheetDelegate(look, self.sheet, self))
        self.setAccessibleName(tr("Sheet"))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        view = QAbstractItemView
        self.setSelectionMode(view.SelectionMode.ContiguousSelection)
        self.setEditTriggers(view.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(view.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(view.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        for header, name in (
            (self.horizontalHeader(), "Columns of the sheet"),
            (self.verticalHeader(), "Rows of the sheet"),
        ):
            header.setAccessibleName(tr(name))
            header.setSectionsClickable(False)
            header.setHighlightSections(True)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        corner = self.findChild(QAbstractButton)
        if corner is not None:
            corner.setAccessibleName(tr("Corner of the sheet"))
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        self.selectionModel().currentChanged.connect(lambda *_: self.stood.emit(self.current))
        self.doubleClicked.connect(lambda _index: self.asked.emit())
        look.follow(self, self._measure)

    @property
    def current(self) -> Spot | None:
        """The cell one stands on."""
        index = self.currentIndex()
        return self.sheet.spot(index) if index.isValid() else None

    def show_sheet(self, form: OwnForm | None, title: str) -> None:
        """Show a sheet, standing on the first cell that may be filled."""
        self.clearSpans()
        for at in range(self.sheet.rowCount()):
            self.setRowHidden(at, False)
        for at in range(self.sheet.columnCount()):
            self.setColumnHidden(at, False)
        self.sheet.show_sheet(form, title)
        self._measure()
        self.setAccessibleName(tr(f"Sheet {title}"))
        if self.sheet.sheet is not None:
            self._lay_out(self.sheet.sheet)
        self.scrollToTop()

    def _lay_out(self, shown: FormSheet) -> None:
        for top, left, bottom, right in shown.merged[:_MOST_MERGED]:
            rows, columns = min(bottom, shown.rows) - top + 1, min(right, shown.columns) - left + 1
            if rows > 0 and columns > 0 and rows * columns > 1:
                self.setSpan(top - 1, left - 1, rows, columns)
        for row in filter(lambda row: row <= shown.rows, shown.hidden_rows):
            self.setRowHidden(row - 1, True)
        for column in filter(lambda column: column <= shown.columns, shown.hidden_columns):
            self.setColumnHidden(column - 1, True)

    def go_to(self, spot: Spot) -> None:
        """Stand on a cell of the sheet in sight."""
        index = self.sheet.index(spot.row - 1, spot.column - 1)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)

    def _measure(self) -> None:
        height = row_height(self.look)
        self.verticalHeader().setDefaultSectionSize(height)
        self.horizontalHeader().setFixedHeight(height)
        digits = self.look.metrics().horizontalAdvance("0")
        self.verticalHeader().setFixedWidth(digits * 5 + 8)
        shown = self.sheet.sheet
        for at in range(self.sheet.columnCount()):
            chars = _USUAL_WIDTH if shown is None else shown.widths.get(at + 1, _USUAL_WIDTH)
            self.setColumnWidth(at, max(self.look.px(18), round(min(chars, _WIDEST) * digits) + 10))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and F2 lead to what fills the cell; Delete takes it out."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.asked.emit()
        elif key == Qt.Key.Key_Delete:
            self.emptied.emit(tuple(self.sheet.spot(each) for each in self.selectedIndexes()))
        else:
            super().keyPressEvent(event)
