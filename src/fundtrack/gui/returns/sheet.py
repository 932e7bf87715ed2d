"""One sheet of a return as a grid: what is typed white, what is worked out grey, formulas marked.

A cell that is typed is changed in place, as in a spreadsheet; a block can be pasted over cells.
Nothing changes here until the book does.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPainterPath,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QStyle, QTableView

from fundtrack.core import words
from fundtrack.core.plain import decimal_text, pounds
from fundtrack.gui import marks, typed
from fundtrack.gui.cells import CellDelegate, row_height
from fundtrack.gui.kinds import Kind
from fundtrack.gui.returns.still import Still
from fundtrack.gui.speech import tr
from fundtrack.gui.table import COLUMN_ROLE, ROW_ROLE, Column

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from PySide6.QtGui import QColor, QResizeEvent
    from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

    from fundtrack.core.returns.shown import ShownCell, ShownSheet
    from fundtrack.gui.look import Look
    from fundtrack.gui.table import Index

Role = Qt.ItemDataRole
_View = QAbstractItemView
_FIGURES = frozenset(("money", "pounds", "percent", "share", "number", "weeks", "count", "figure"))
_SPREADING = frozenset(("title", "context", "says", "group"))
_STRONG = frozenset(("title", "group", "head", "heading", "total"))
_QUIET = frozenset(("context", "says", "who", "head_who", "label", "memo"))
_LONG = frozenset(("narrative", "case", "notes", "quality", "guidance"))
_NAMING = frozenset(
    ("line", "label", "definition", "outcome", "category", "role", "item", "name", "risk")
)
"""The columns that say what a row is about."""
_HUNDRED = 100
_A_YEAR = 2026
_MOST_LINES = 4


def letters(column: int) -> str:
    """The letters of a column: 1 is A, 27 is AA."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def address(cell: ShownCell) -> str:
    """A cell as a person names it: D9."""
    return f"{letters(cell.column)}{cell.row}"


def is_long(sheet: ShownSheet, cell: ShownCell) -> bool:
    """Whether a cell takes more words than a line: it is typed beside the sheet."""
    return sheet.kind in _LONG and cell.kind == "text" and not cell.choices


# --- what can be typed -------------------------------------------------------------------------


def _whole(text: str) -> Decimal:
    number = typed.read_number(text)
    if number != number.to_integral_value():
        raise ValueError("Type a whole number, such as 12")
    return number


def _number(text: str) -> Decimal:
    return typed.read_number(text.replace("%", ""))


def _day(text: str, before: date | None) -> date:
    return typed.read_date(text, before.year if before is not None else _A_YEAR)


def _kind(
    name: str, shown: Callable[[Any], str], read: Callable[[str, Any], Any], *, figure: bool = True
) -> Kind:
    return Kind(
        name=name,
        text=shown,
        typed=shown,
        read=lambda text, before: read(text, before) if text.strip() else None,
        figure=figure,
    )


_KINDS: dict[str, Kind] = {
    "money": _kind("pence", pounds, lambda text, _: typed.read_pounds(text)),
    "count": _kind("number", decimal_text, lambda text, _: _whole(text)),
    "number": _kind("number", decimal_text, lambda text, _: _number(text)),
    "date": _kind("date", words.short_day, _day),
    "text": _kind("text", str, lambda text, _: " ".join(text.split()), figure=False),
}
_KIND_OF = {
    "pounds": "money",
    "percent": "number",
    "share": "number",
    "weeks": "number",
    "figure": "number",
}


def kind_of(cell: ShownCell) -> Kind:
    """How what is typed into a cell is read."""
    return _KINDS.get(_KIND_OF.get(cell.kind, cell.kind), _KINDS["text"])


def value_of(cell: ShownCell) -> Any:  # noqa: ANN401 - a cell holds any kind of value
    """What stands in a cell as it is typed: pence for pounds, percent for a fraction."""
    value = cell.value
    if value is None or value == "":
        return None
    if cell.kind in ("money", "pounds") and isinstance(value, (int, Decimal)):
        return int(Decimal(value) * _HUNDRED)
    if cell.kind in ("percent", "share") and isinstance(value, (int, Decimal)):
        return Decimal(value) * _HUNDRED
    if kind_of(cell).name == "number":
        return Decimal(value) if isinstance(value, (int, Decimal)) else None
    return value


# --- the model ---------------------------------------------------------------------------------


class SheetModel(QAbstractTableModel):
    """The cells of one sheet. `entered` carries a figure and what was typed for it.

    `enterable` tells which figures can be typed, `refusal` why a value may not stand.
    """

    entered = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self.sheet: ShownSheet | None = None
        self.changeable = False
        self.enterable: Callable[[str], bool] = lambda _figure: False
        self.refusal: Callable[[str, Any], str] = lambda _figure, _value: ""

    def present(self, sheet: ShownSheet) -> bool:
        """Show a sheet; tell whether its shape changed, so that spans and sizes are made anew."""
        before = self.sheet
        same = before is not None and (before.title, before.rows, before.widths) == (
            sheet.title,
            sheet.rows,
            sheet.widths,
        )
        if not same:
            self.beginResetModel()
            self.sheet = sheet
            self.endResetModel()
            return True
        self.sheet = sheet
        last = self.index(self.rowCount() - 1, self.columnCount() - 1)
        self.dataChanged.emit(self.index(0, 0), last)
        return before is not None and before.cells.keys() != sheet.cells.keys()

    def cell(self, index: Index) -> ShownCell | None:
        """The cell at an index, or None where nothing stands."""
        if self.sheet is None or not index.isValid():
            return None
        return self.sheet.cells.get((index.row() + 1, index.column() + 1))

    def can_type(self, cell: ShownCell | None) -> bool:
        """Whether a cell is one to type in."""
        return cell is not None and bool(cell.figure) and self.enterable(cell.figure)

    def why_not(self, index: Index, value: Any) -> str:  # noqa: ANN401 - any kind of value
        """Say why a value may not stand in a cell, or return ""."""
        cell = self.cell(index)
        if cell is None or value == value_of(cell):
            return ""
        return self.refusal(cell.figure, value)

    # --- what Qt asks ---

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many rows there are."""
        return 0 if parent.isValid() or self.sheet is None else self.sheet.rows

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as rowCount
        """How many columns there are."""
        return 0 if parent.isValid() or self.sheet is None else len(self.sheet.widths)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's own signature
        """Letters above, numbers at the left."""
        if role != Role.DisplayRole:
            return None
        return letters(section + 1) if orientation == Qt.Orientation.Horizontal else section + 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A cell can be changed when it is one to type in on a line."""
        usual = super().flags(index)
        cell, sheet = self.cell(index), self.sheet
        if cell is None or sheet is None or not self.changeable or not self.can_type(cell):
            return usual
        return usual if is_long(sheet, cell) else usual | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own
        """Answer for one cell."""
        cell = self.cell(index)
        if cell is None:
            return None
        if role == Role.AccessibleTextRole:
            return self.spoken(cell)
        answer = _ANSWERS.get(role)
        return None if answer is None else answer(cell)

    def spoken(self, cell: ShownCell) -> str:
        """What a screen reader says: the cell's names, what stands there, and whether to type."""
        said = [address(cell), *self.names_of(cell), cell.text or "empty"]
        if cell.formula:
            said.append("formula")
        elif self.can_type(cell):
            said.append("type here")
        return ", ".join(filter(None, said))

    def names_of(self, cell: ShownCell) -> tuple[str, str]:
        """The words at the left of a cell and those above it."""
        sheet = self.sheet
        if sheet is None or not cell.figure:
            return "", ""
        before = [
            found
            for at in range(cell.column - 1, 0, -1)
            if (found := sheet.cells.get((cell.row, at))) is not None
            and found.text
            and found.kind == "text"
            and found.role != "who"
        ]
        naming = [each for each in before if each.figure.rpartition("/")[2] in _NAMING]
        left = next((each.text for each in (*naming, *before)), "")
        above = next(
            (
                found.text
                for at in range(cell.row - 1, 0, -1)
                if (found := sheet.cells.get((at, cell.column))) is not None
                and found.role == "head"
            ),
            "",
        )
        return left, above

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:  # noqa: ANN401
        """Ask for a value to be put here."""
        cell = self.cell(index)
        if role != Role.EditRole or cell is None or value == value_of(cell):
            return False
        self.entered.emit(cell.figure, value)
        return True


def alignment(cell: ShownCell) -> Qt.AlignmentFlag:
    """Where a cell's words stand."""
    right = cell.kind in _FIGURES and not cell.left and cell.role not in _SPREADING
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _column(cell: ShownCell) -> Column[ShownCell]:
    """The cell's own column, as a field that changes it needs it."""
    offered = tuple((each, each) for each in cell.choices)
    return Column(
        name=cell.figure,
        title=address(cell),
        value=value_of,
        kind=kind_of(cell),
        choices=(lambda _cell: ((None, ""), *offered)) if offered else None,
    )


_ANSWERS: dict[int, Callable[[ShownCell], Any]] = {
    Role.DisplayRole: lambda cell: cell.text,
    Role.ToolTipRole: lambda cell: cell.text,
    Role.EditRole: value_of,
    Role.TextAlignmentRole: alignment,
    COLUMN_ROLE: _column,
    ROW_ROLE: lambda cell: cell,
}


# --- how it looks ------------------------------------------------------------------------------


class SheetDelegate(CellDelegate):
    """Paints cells: typed white with a corner, worked out grey, formulas tinted with ƒ."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(look, parent)
        self.look = look
        self.whole: dict[int, QRectF] = {}
        """Where the words of rows (0 = first) that run on over every column stand, as seen."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Heights are the grid's."""
        _ = option, index
        return QSize(40, row_height(self.look))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        model = cast("SheetModel", index.model())
        cell, look = model.cell(index), self.look
        rect = QRectF(option.rect)
        painter.save()
        if cell is not None:
            self._paint_ground(painter, rect, cell, can_type=model.can_type(cell))
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(rect, look.colour("selection"))
        painter.setPen(QPen(look.colour("line"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if cell is None or cell.role not in _SPREADING:
            painter.drawLine(rect.topRight(), rect.bottomRight())
        if cell is not None:
            ink = "on_selection" if chosen else "ink_muted" if cell.role in _QUIET else "ink"
            self._paint_words(painter, rect, cell, look.colour(ink), index)
            self._paint_signs(painter, rect, cell, can_type=model.can_type(cell))
        if option.state & QStyle.StateFlag.State_HasFocus:
            marks.paint_focus(painter, rect, look)
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, rect: QRectF, cell: ShownCell, *, can_type: bool
    ) -> None:
        look = self.look
        if cell.role in _SPREADING or cell.role in ("label", "who"):
            return
        if cell.role in ("head", "head_who"):
            painter.fillRect(rect, look.colour("surface2"))
        elif can_type and not cell.formula:
            painter.fillRect(rect, look.colour("surface"))
        else:
            painter.fillRect(rect, look.colour("formula" if cell.formula else "locked"))
        if cell.role == "blank":
            painter.fillRect(rect, _hatch(look))

    def _paint_words(
        self, painter: QPainter, rect: QRectF, cell: ShownCell, ink: QColor, index: Index
    ) -> None:
        painter.setFont(self._font(cell))
        painter.setPen(ink)
        inner = rect.adjusted(6, 0, -6, 0)
        if cell.choices:
            inner.adjust(0, 0, -self.look.px(14), 0)
        if cell.formula:
            painter.drawText(inner, int(_LEFT), "ƒ")
            inner.adjust(self.look.px(12), 0, 0, 0)
        side = index.data(Role.TextAlignmentRole)
        seen = self.whole.get(index.row())
        if seen is not None and cell.role in _SPREADING:
            at = QRectF(seen.left(), rect.top(), seen.width(), rect.height())
            painter.drawText(at, int(side) | int(Qt.TextFlag.TextWordWrap), cell.text)
            return
        if cell.role == "head":
            painter.drawText(inner, int(side) | int(Qt.TextFlag.TextWordWrap), cell.text)
            return
        line = " ".join(cell.text.split())
        fitted = painter.fontMetrics().elidedText(
            line, Qt.TextElideMode.ElideRight, int(inner.width())
        )
        painter.drawText(inner, int(side), fitted)

    def letters_of(self, cell: ShownCell) -> QFontMetricsF:
        """The measures of the letters of a cell."""
        return QFontMetricsF(self._font(cell))

    def _font(self, cell: ShownCell) -> QFont:
        look = self.look
        scale = {"title": "section", "says": "caption", "context": "caption"}.get(cell.role, "body")
        scale = "caption" if cell.role in ("who", "head_who") else scale
        font = QFont(look.font(scale, bold=cell.role in _STRONG, tabular=True))
        font.setItalic(bool(cell.formula))
        return font

    def _paint_signs(
        self, painter: QPainter, rect: QRectF, cell: ShownCell, *, can_type: bool
    ) -> None:
        look = self.look
        if can_type and cell.value not in (None, ""):
            side = look.px(7)
            corner = QPainterPath(rect.topRight())
            corner.lineTo(rect.topRight() - QPointF(side, 0))
            corner.lineTo(rect.topRight() + QPointF(0, side))
            corner.closeSubpath()
            painter.fillPath(corner, look.colour("accent"))
        if cell.choices:
            side = look.px(12)
            at = QRectF(rect.right() - side - 4, rect.center().y() - side / 2, side, side)
            look.icon("caret-down").paint(painter, at.toRect())


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def _hatch(look: Look) -> Any:  # noqa: ANN401 - Qt's brush
    from PySide6.QtGui import QBrush

    return QBrush(look.colour("line_strong"), Qt.BrushStyle.BDiagPattern)


# --- on the screen -----------------------------------------------------------------------------


class SheetGrid(QTableView):
    """A sheet on the screen. `stood` carries the cell the keyboard is on, `pasted` what was pasted.

    `words_wanted` asks to type at length, beside the sheet; `given_up` says what was not taken.
    """

    stood = Signal(object)
    pasted = Signal(object)
    words_wanted = Signal()
    given_up = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.sheet = SheetModel()
        self.setModel(self.sheet)
        self.setAccessibleName(tr("Sheet"))
        self._cells = SheetDelegate(look, self)
        self.setItemDelegate(self._cells)
        self._cells.given_up.connect(self.given_up)
        self._runs_on: set[int] = set()
        self.still = Still(self, lambda part: SheetDelegate(look, part))
        self.horizontalScrollBar().valueChanged.connect(self._keep_words)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(_View.SelectionMode.ContiguousSelection)
        self.setVerticalScrollMode(_View.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(_View.ScrollMode.ScrollPerPixel)
        triggers = _View.EditTrigger
        self.setEditTriggers(
            triggers.EditKeyPressed | triggers.DoubleClicked | triggers.AnyKeyPressed
        )
        for head in (self.horizontalHeader(), self.verticalHeader()):
            head.setHighlightSections(True)
            head.setSectionsClickable(False)
            head.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        for corner in self.findChildren(QAbstractButton):
            corner.setAccessibleName(tr("Corner of the sheet"))
        self.horizontalHeader().setAccessibleName(tr("Columns of the sheet"))
        self.verticalHeader().setAccessibleName(tr("Rows of the sheet"))
        self.selectionModel().currentChanged.connect(self._moved)
        self.doubleClicked.connect(self._double_clicked)
        look.changed.connect(self._measure)

    def present(self, sheet: ShownSheet) -> None:
        """Show a sheet; the keyboard stays on the figure it was on."""
        before = self.sheet.cell(self.currentIndex())
        if self.sheet.present(sheet):
            self._measure()
            self.horizontalScrollBar().setValue(0)
            figure = "" if before is None else before.figure
            if not (figure and self.go_to_figure(figure)):
                self._go_to_first()

    def go_to_figure(self, figure: str) -> bool:
        """Put the keyboard on a figure; tell whether it stands on this sheet."""
        sheet = self.sheet.sheet
        if sheet is None or figure not in sheet.places:
            return False
        row, column = sheet.places[figure]
        self.go_to_place(row, column)
        return True

    def _go_to_first(self) -> None:
        """Begin at the first cell to type in, else at the first figure."""
        sheet = self.sheet.sheet
        if sheet is None:
            return
        places = sorted(at for at, cell in sheet.cells.items() if self.sheet.can_type(cell))
        row, column = places[0] if places else (1, 1)
        self.go_to_place(row, column)

    def go_to_place(self, row: int, column: int) -> None:
        """Put the keyboard on a cell."""
        index = self.sheet.index(row - 1, column - 1)
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect)
        self.scrollTo(index)

    @property
    def current(self) -> ShownCell | None:
        """The cell the keyboard is on."""
        return self.sheet.cell(self.currentIndex())

    # --- size ---

    def _measure(self) -> None:
        sheet = self.sheet.sheet
        if sheet is None:
            return
        self.clearSpans()
        self.still.beside.clearSpans()
        digit = self.look.metrics().horizontalAdvance("0")
        least, most = self.look.px(34), self.look.px(_WIDEST)
        for at, width in enumerate(sheet.widths):
            self.setColumnWidth(at, min(max(least, int(width * digit * _NARROWER)), most))
        self._widen(sheet)
        usual = row_height(self.look)
        top = self.verticalHeader()
        top.setDefaultSectionSize(usual)
        for row in range(sheet.rows):
            self.setRowHeight(row, usual)
        top.setFixedWidth(self.look.px(34))
        self._runs_on.clear()
        for (row, column), cell in sheet.cells.items():
            if cell.role in _SPREADING and cell.text and column < len(sheet.widths):
                self._spread(sheet, row, column)
            elif cell.role == "head":
                self._heighten(row, column, cell)
        self._hold(sheet)

    def _hold(self, sheet: ShownSheet) -> None:
        """Give words that run on over every column their lines, and keep what stays in sight."""
        seen = QRectF(6, 0, max(1, self.viewport().width() - 12), 1_000)
        self._cells.whole = dict.fromkeys(self._runs_on, seen)
        for row in self._runs_on:
            cell = sheet.cells[row + 1, 1]
            flags = int(Qt.TextFlag.TextWordWrap)
            needed = self._cells.letters_of(cell).boundingRect(seen, flags, cell.text).height()
            self.setRowHeight(row, max(row_height(self.look), round(needed) + self.look.px(8)))
        first = sheet.head - 1
        heads = range(first, first + 2) if sheet.head else range(0)
        self.still.hold(sheet.freeze, heads, frozenset(self._runs_on))

    def _keep_words(self) -> None:
        """Paint words that run on over every column where they stood: they are not scrolled."""
        if self._runs_on:
            self.viewport().update()

    def _widen(self, sheet: ShownSheet) -> None:
        """Give figures the room they need: one that is cut short is worse than none."""
        metrics = self.look.metrics(bold=True)
        for cell in sheet.cells.values():
            if cell.kind in _FIGURES and cell.role not in _SPREADING and not cell.left:
                needed = metrics.horizontalAdvance(cell.text) + 16
                needed += self.look.px(12) if cell.formula else 0
                if cell.role != "head" and needed > self.columnWidth(cell.column - 1):
                    self.setColumnWidth(cell.column - 1, needed)

    def _spread(self, sheet: ShownSheet, row: int, column: int) -> None:
        last = column
        while last < len(sheet.widths) and not _holds(sheet, row, last + 1):
            last += 1
        if last > column:
            self.setSpan(row - 1, column - 1, 1, last - column + 1)
            if column == 1 and last == len(sheet.widths):
                self._runs_on.add(row - 1)
            elif column == 1 < sheet.freeze:
                self.still.beside.setSpan(row - 1, 0, 1, min(sheet.freeze, last))

    def _heighten(self, row: int, column: int, cell: ShownCell) -> None:
        metrics = self.look.metrics(bold=True)
        room = self.columnWidth(column - 1) - 12
        flags = int(Qt.TextFlag.TextWordWrap)
        needed = metrics.boundingRect(0, 0, room, 1000, flags, cell.text).height()
        most = metrics.lineSpacing() * _MOST_LINES
        height = max(self.rowHeight(row - 1), min(needed, most) + self.look.px(8))
        self.setRowHeight(row - 1, height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the cell the keyboard is on in sight."""
        super().resizeEvent(event)
        if self._runs_on and self.sheet.sheet is not None:
            self._hold(self.sheet.sheet)
        self.still.follow()
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def scrollTo(
        self, index: Index, hint: _View.ScrollHint = _View.ScrollHint.EnsureVisible
    ) -> None:
        """Bring a cell into sight, and out from under the columns and heads that stand still."""
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        first = index.column() in range(self.still.columns.stop)
        if first:
            across.setValue(0)
        super().scrollTo(index, hint)
        place = self.visualRect(index)
        if not first and place.left() < self.still.width:
            across.setValue(across.value() - self.still.width + place.left())
        across.setValue(across.value() + self.still.cut())
        if place.top() < self.still.height:
            down.setValue(down.value() - self.still.height + place.top())

    # --- keys ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, paste, clear, or change the cell the keyboard is on."""
        key = event.key()
        editing = self.state() is _View.State.EditingState
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif key == Qt.Key.Key_Delete and not editing:
            self._clear()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2) and not editing:
            self._begin()
        elif self._takes_words() and event.text().isprintable() and event.text().strip():
            self.words_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _begin(self) -> None:
        index = self.currentIndex()
        if index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)
        elif self._takes_words():
            self.words_wanted.emit()

    def _takes_words(self) -> bool:
        cell, sheet = self.current, self.sheet.sheet
        if cell is None or sheet is None or not self.sheet.changeable:
            return False
        return self.sheet.can_type(cell) and is_long(sheet, cell)

    def _double_clicked(self, _index: QModelIndex) -> None:
        if self._takes_words():
            self.words_wanted.emit()

    def _moved(self, current: QModelIndex, _before: QModelIndex) -> None:
        self.stood.emit(self.sheet.cell(current))

    def _chosen(self) -> list[ShownCell]:
        places = sorted((each.row(), each.column()) for each in self.selectedIndexes())
        found = (self.sheet.cell(self.sheet.index(*place)) for place in places)
        return [cell for cell in found if cell is not None]

    def _clear(self) -> None:
        wanted = [
            (cell.figure, None)
            for cell in self._chosen()
            if self.sheet.can_type(cell) and cell.value not in (None, "")
        ]
        if wanted and self.sheet.changeable:
            self.pasted.emit(wanted)

    def copy(self) -> None:
        """Put the chosen cells on the clipboard, as a spreadsheet takes them."""
        chosen = self.selectedIndexes()
        if not chosen:
            return
        rows = sorted({each.row() for each in chosen})
        columns = sorted({each.column() for each in chosen})
        lines = [
            "\t".join(_copied(self.sheet.cell(self.sheet.index(row, at))) for at in columns)
            for row in rows
        ]
        QGuiApplication.clipboard().setText("\n".join(lines) + "\n")

    def paste(self) -> None:
        """Put a block from a spreadsheet over the cells from here on, those to type in alone."""
        text = QGuiApplication.clipboard().text()
        index = self.currentIndex()
        if not self.sheet.changeable or not text.strip() or not index.isValid():
            return
        lines = [line.split("\t") for line in text.rstrip("\r\n").splitlines()]
        wanted, faults, left_out = self._read_block(lines, index)
        if faults:
            more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
            self.given_up.emit(f"Nothing was pasted. {faults[0]}{more}")
            return
        if wanted:
            self.pasted.emit(wanted)
        if left_out:
            cells = words.count(left_out, "cell is", "cells are")
            self.given_up.emit(f"{words.sentence(cells)} worked out, and were left as they were.")

    def _read_block(
        self, lines: Sequence[Sequence[str]], index: QModelIndex
    ) -> tuple[list[tuple[str, Any]], list[str], int]:
        wanted: list[tuple[str, Any]] = []
        faults: list[str] = []
        left_out = 0
        for down, line in enumerate(lines):
            for across, text in enumerate(line):
                at = self.sheet.index(index.row() + down, index.column() + across)
                cell = self.sheet.cell(at)
                if not self.sheet.can_type(cell) or cell is None:
                    left_out += bool(text.strip())
                    continue
                try:
                    wanted.append((cell.figure, _read(cell, text)))
                except ValueError as wrong:
                    faults.append(f"{address(cell)}, “{text.strip()}”: {wrong}")
        return wanted, faults, left_out


_NARROWER = 0.92
"""Our letters beside those of a spreadsheet."""
_WIDEST = 300
"""How wide a column is at most: words stand whole beside the sheet, and labels stay in sight."""


def _holds(sheet: ShownSheet, row: int, column: int) -> bool:
    found = sheet.cells.get((row, column))
    return found is not None and bool(found.text)


def _read(cell: ShownCell, text: str) -> Any:  # noqa: ANN401 - any kind of value
    read = kind_of(cell).read
    value = None if read is None else read(text.strip(), None)
    if cell.choices and value is not None:
        known = {each.casefold(): each for each in cell.choices}
        if str(value).casefold() not in known:
            raise ValueError(f"Choose one of: {', '.join(cell.choices)}")
        return known[str(value).casefold()]
    return value


def _copied(cell: ShownCell | None) -> str:
    if cell is None or cell.value is None:
        return ""
    if isinstance(cell.value, Decimal):
        return f"{cell.value:f}"
    text = " ".join(str(cell.text).split())
    return f"'{text}" if text[:1] in ("=", "+", "@") else text
