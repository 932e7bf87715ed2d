"""Painting a table's cells, and the fields in which they are changed.

A field says at once, under the cell, what is wrong and what to type; it does not let go of what
was typed until it is right or Esc leaves the cell as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from fundtrack.gui import marks
from fundtrack.gui.speech import tr
from fundtrack.gui.table import COLUMN_ROLE, ROW_ROLE, Column, Index

if TYPE_CHECKING:
    from fundtrack.gui.look import Look

_SIDE = 6
_SETTLING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
_State = QStyle.StateFlag
_AsItWas = QAbstractItemDelegate.EndEditHint.RevertModelCache


class _Asked(Protocol):
    def why_not(self, index: Index, value: Any) -> str: ...  # noqa: ANN401 - as Table's


class CellDelegate(QStyledItemDelegate):
    """Paints and edits the cells of any Table. `given_up` carries why a typed value was dropped."""

    given_up = Signal(str)

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look

    # --- painting ---

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A row is as high as its letters need, and never too small to hit."""
        _ = option, index
        return QSize(40, row_height(self._look))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell: ground, words or mark, hairline, and the ring if the keyboard is here."""
        column = cast("Column[Any]", index.data(COLUMN_ROLE))
        rect = option.rect
        painter.save()
        ink = paint_ground(painter, option, self._look)
        inner = QRectF(rect).adjusted(_SIDE, 0, -_SIDE, 0)
        if column.kind.name in ("status", "cover") and column.value(index.data(ROW_ROLE)):
            self._paint_mark(painter, inner, column, index, ink)
        else:
            if column.link and ink == self._look.colour("ink"):
                ink = self._look.colour("link")
            painter.setPen(ink)
            painter.setFont(self._look.font(bold=column.strong, tabular=True))
            paint_words(
                painter, inner, str(index.data()), index.data(Qt.ItemDataRole.TextAlignmentRole)
            )
        painter.restore()

    def _paint_mark(
        self, painter: QPainter, rect: QRectF, column: Column[Any], index: Index, ink: QColor
    ) -> None:
        value = column.value(index.data(ROW_ROLE))
        painter.setPen(ink)
        if column.kind.name == "status":
            paint_status_word(painter, rect, value, self._look)
            return
        swatch = swatch_size(self._look)
        top = rect.center().y() - swatch.height() / 2
        marks.paint_cover(
            painter, QRectF(rect.left(), top, swatch.width(), swatch.height()), value, self._look
        )
        painter.setFont(self._look.font(tabular=True))
        paint_words(
            painter,
            rect.adjusted(swatch.width() + _SIDE, 0, 0, 0),
            str(index.data()),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
        )

    # --- changing ---

    def createEditor(  # type: ignore[override]
        self, parent: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> QWidget | None:
        """A list to choose from, or a field to type in, named for its column and row."""
        _ = option
        column = cast("Column[Any]", index.data(COLUMN_ROLE))
        editor: QComboBox | CellField
        if column.choices is not None:
            editor = self._choice(parent, column, index)
        elif column.kind.read is not None:
            editor = CellField(parent, column, index)
        else:
            return None
        editor.setFont(self._look.font(tabular=True))
        editor.setAccessibleName(tr(str(index.data(Qt.ItemDataRole.AccessibleTextRole))))
        return editor

    def _choice(self, parent: QWidget, column: Column[Any], index: Index) -> QComboBox:
        box = QComboBox(parent)
        box.setProperty("cell", True)
        choices = column.choices(index.data(ROW_ROLE)) if column.choices else ()
        for value, said in choices:
            box.addItem(tr(said), value)
        box.activated.connect(lambda _at: self._done(box))
        return box

    def _done(self, editor: QWidget) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Put what stands in the cell into the field, unless something was typed there already."""
        if isinstance(editor, QComboBox):
            column = cast("Column[Any]", index.data(COLUMN_ROLE))
            value = column.value(index.data(ROW_ROLE))
            values = [editor.itemData(at) for at in range(editor.count())]
            editor.setCurrentIndex(values.index(value) if value in values else -1)
        elif isinstance(editor, CellField) and not editor.isModified():
            editor.begin(index)

    def setModelData(self, editor: QWidget, model: Any, index: Index) -> None:  # noqa: ANN401
        """Ask for what was chosen or typed."""
        if isinstance(editor, QComboBox):
            if editor.currentIndex() >= 0:
                model.setData(index, editor.currentData())
        elif isinstance(editor, CellField) and editor.settles():
            model.setData(index, editor.value)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """The field covers its cell, and is wide enough to type in."""
        _ = index
        rect = QRect(option.rect)
        needed = editor.sizeHint().width() if isinstance(editor, QComboBox) else self._look.px(90)
        if rect.width() < needed:
            rect.setWidth(needed)
        viewport = editor.parentWidget()
        room = viewport.width() if viewport is not None else rect.right()
        if rect.right() > room:
            rect.moveRight(room - 1)
        editor.setGeometry(rect)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Hold on to a field that is not right yet; drop it with a word when left by the mouse."""
        if isinstance(editor, CellField):
            if (
                event.type() is QEvent.Type.KeyPress
                and cast("QKeyEvent", event).key() in _SETTLING
                and not editor.settles()
            ):
                return True
            if event.type() is QEvent.Type.FocusOut and not editor.settles():
                self.given_up.emit(editor.fault)
                self.closeEditor.emit(editor, _AsItWas)
                return True
        return super().eventFilter(editor, event)

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        """Take away the field and what it said."""
        if isinstance(editor, CellField):
            editor.fall_silent()
        super().destroyEditor(editor, index)


class CellField(QLineEdit):
    """A field for one cell. `value` is what was typed, once `settles` has said it is right."""

    def __init__(self, parent: QWidget, column: Column[Any], index: Index) -> None:
        super().__init__(parent)
        self.value: Any = None
        self.fault = ""
        self._column = column
        self._index = QPersistentModelIndex(index)
        self._before: Any = None
        self._words = _FaultWords(parent)
        self.setProperty("cell", True)
        self.setFrame(False)
        self.setAlignment(
            Qt.AlignmentFlag.AlignRight if column.kind.figure else Qt.AlignmentFlag.AlignLeft
        )
        self.textEdited.connect(lambda _text: self._tell(""))

    def begin(self, index: Index) -> None:
        """Show what stands in the cell, all of it ready to be typed over."""
        self._before = self._column.value(index.data(ROW_ROLE))
        self.setText(self._column.kind.in_editor(self._before))
        self.selectAll()

    def settles(self) -> bool:
        """Read what was typed; if it cannot stand, say why under the cell and return False."""
        self._tell(self._read())
        return not self.fault

    def fall_silent(self) -> None:
        """Take away what was said under the cell."""
        self._words.hide()
        self._words.deleteLater()

    def _read(self) -> str:
        read = self._column.kind.read
        if read is None or not self._index.isValid():
            return "" if read is not None else "This cannot be changed here"
        try:
            self.value = read(self.text(), self._before)
        except ValueError as wrong:
            return str(wrong)
        model = cast("_Asked", self._index.model())
        return model.why_not(cast("QModelIndex", self._index), self.value)

    def _tell(self, fault: str) -> None:
        if fault == self.fault:
            return
        self.fault = fault
        self.setProperty("fault", bool(fault))
        self.style().polish(self)
        self.setAccessibleDescription(tr(fault))
        self._words.say(fault, self)


class _FaultWords(QFrame):
    """What is wrong with a cell, said just under it."""

    def __init__(self, viewport: QWidget) -> None:
        super().__init__(viewport)
        self._viewport = viewport
        self.setObjectName("fault")
        self._label = QLabel(self)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.addWidget(self._label)
        self.hide()

    def say(self, words: str, field: QWidget) -> None:
        self.setVisible(bool(words))
        if not words:
            return
        self._label.setText(words)
        self.adjustSize()
        room = self._viewport.size()
        below = field.geometry().bottom() + 2
        fits = below + self.height() <= room.height()
        top = below if fits else field.geometry().top() - self.height() - 2
        left = min(field.geometry().left(), room.width() - self.width() - 4)
        self.move(max(0, left), top)
        self.raise_()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))


# --- pieces that other delegates paint with ----------------------------------------------


def row_height(look: Look) -> int:
    """How high a row of a table is."""
    return max(24, look.metrics().height() + look.px(8))


def swatch_size(look: Look) -> QSize:
    """How large a swatch of certainty stands before its word."""
    return QSize(look.px(18), look.px(11))


def paint_ground(painter: QPainter, option: QStyleOptionViewItem, look: Look) -> QColor:
    """Paint a cell's ground, hairline and focus ring; return the colour its words should have."""
    rect = QRectF(option.rect)
    state = option.state
    chosen = bool(state & _State.State_Selected)
    if chosen:
        painter.fillRect(rect, look.colour("selection"))
    painter.setPen(QPen(look.colour("line"), 1))
    bottom = rect.bottom() - 0.5
    painter.drawLine(QPointF(rect.left(), bottom), QPointF(rect.right(), bottom))
    if state & _State.State_HasFocus:
        marks.paint_focus(painter, rect, look)
    return look.colour("on_selection" if chosen else "ink")


def paint_words(painter: QPainter, rect: QRectF, words: str, alignment: Qt.AlignmentFlag) -> None:
    """Write words on one line, with … where they do not fit."""
    fitted = painter.fontMetrics().elidedText(
        tr(words), Qt.TextElideMode.ElideRight, int(rect.width())
    )
    painter.drawText(rect, int(alignment), fitted)


def paint_status_word(painter: QPainter, rect: QRectF, status: str, look: Look) -> None:
    """Paint a status: its shape, then its word."""
    radius = look.px(10) / 2
    centre = QPointF(rect.left() + radius * 1.2, rect.center().y())
    ink = painter.pen().color()
    chosen = look.theme == "high-contrast" and ink != look.colour("ink")
    colour = ink if chosen else look.colour(marks.STATUS_TOKEN[status])
    marks.paint_status(painter, centre, radius, status, look, colour)
    painter.setFont(look.font("caption", bold=True))
    painter.setPen(colour)
    painter.drawText(
        rect.adjusted(radius * 3.2, 0, 0, 0),
        int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft),
        tr(marks.STATUS_WORD[status]),
    )
