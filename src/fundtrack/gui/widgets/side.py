"""The list of places at the left: words and icons, or icons alone when there is little room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPen, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QModelIndex

    from fundtrack.gui.look import Look
    from fundtrack.gui.table import Index

_ICON_ROLE = Qt.ItemDataRole.UserRole + 1
_COUNT_ROLE = Qt.ItemDataRole.UserRole + 2
WIDE, NARROW = 172, 56
_MANY = 100
"""So many are too many to stand beside the longest word; the tip says how many there are."""


class SideList(QWidget):
    """Names the charity and lists the pages. `chosen` carries the page's place."""

    chosen = Signal(int)

    def __init__(self, look: Look, places: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.setObjectName("side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._look = look
        self.charity = label(wrap=True)
        self.charity.setObjectName("charity")
        self.period = label()
        self.period.setObjectName("period")
        self.list = QListView()
        self.list.setObjectName("places")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setAccessibleName(tr("Pages"))
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._model = QStandardItemModel(self)
        spoken = [(tr(title), icon) for title, icon in places]
        for at, (title, icon) in enumerate(spoken, start=1):
            item = QStandardItem(title)
            item.setData(icon, _ICON_ROLE)
            item.setToolTip(tr(f"{title} (Ctrl+{at})"))
            self._model.appendRow(item)
        self.list.setModel(self._model)
        self._delegate = _PlaceDelegate(look, self)
        self.list.setItemDelegate(self._delegate)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 1, 8)
        column.setSpacing(0)
        self._head = QWidget()
        head = QVBoxLayout(self._head)
        head.setContentsMargins(16, 0, 10, 10)
        head.setSpacing(2)
        head.addWidget(self.charity)
        head.addWidget(self.period)
        column.addWidget(self._head)
        column.addWidget(self.list, 1)
        self.list.selectionModel().currentChanged.connect(self._changed)
        look.changed.connect(self._measure)
        self._narrow = False
        self._measure()

    def choose(self, at: int) -> None:
        """Choose a page."""
        self.list.setCurrentIndex(self._model.index(at, 0))

    def count(self, at: int, number: int, what: str) -> None:
        """Show beside a page how many things wait there; what they are is part of its name."""
        item = self._model.item(at)
        item.setData(number, _COUNT_ROLE)
        said = f"{item.text()}, {number} {tr(what)}" if number else item.text()
        item.setAccessibleText(said)
        item.setToolTip(tr(f"{said} (Ctrl+{at + 1})"))

    def say(self, charity: str, period: str) -> None:
        """Name the charity and the financial quarter."""
        self.charity.setText(charity)
        self.period.setText(period)

    def be_narrow(self, *, narrow: bool) -> None:
        """Show icons alone, or words as well."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._measure()

    def _measure(self) -> None:
        self._head.setVisible(not self._narrow)
        self._delegate.narrow = self._narrow
        self.setFixedWidth(self._look.px(NARROW if self._narrow else WIDE))
        self.list.doItemsLayout()

    def _changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(current.row())


class _PlaceDelegate(QStyledItemDelegate):
    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.narrow = False

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        _ = option, index
        return QSize(60, max(34, self._look.metrics().height() + self._look.px(17)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = self._look
        whole: QRect = option.rect
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        rect = QRectF(whole).adjusted(8.5, 1.5, -8.5, -1.5)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape = QPainterPath()
        shape.addRoundedRect(rect, 6, 6)
        if chosen or focused:
            painter.setPen(QPen(look.colour("focus" if focused else "line"), 2 if focused else 1))
            painter.setBrush(look.colour("surface") if chosen else Qt.BrushStyle.NoBrush)
            painter.drawPath(shape)
        if chosen:
            painter.setClipPath(shape)
            painter.fillRect(
                QRectF(rect.left(), rect.top(), 3, rect.height()), look.colour("accent")
            )
            painter.setClipping(False)
        side = look.px(18)
        left = rect.center().x() - side / 2 if self.narrow else rect.left() + 8
        icon = look.icon(index.data(_ICON_ROLE), "ink" if chosen else "ink_muted")
        at = QPoint(round(left), round(rect.center().y() - side / 2))
        icon.paint(painter, QRect(at, QSize(side, side)))
        if not self.narrow:
            painter.setFont(look.font(bold=chosen))
            painter.setPen(look.colour("ink"))
            words = rect.adjusted(8 + side + look.px(10), 0, -6, 0)
            painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), str(index.data()))
        self._paint_count(painter, rect, index.data(_COUNT_ROLE) or 0)
        painter.restore()

    def _paint_count(self, painter: QPainter, rect: QRectF, count: int) -> None:
        """Paint how many things wait: beside the word, or on the corner of the icon alone."""
        if not count:
            return
        look = self._look
        captions = look.metrics("caption", bold=True)
        said = str(count) if count < _MANY else f"{_MANY - 1}+"
        high = captions.height() + (0 if self.narrow else 2)
        wide = max(captions.horizontalAdvance(said) + look.px(8), high + 2)
        top = rect.top() + 1 if self.narrow else rect.center().y() - high / 2
        pill = QRectF(rect.right() - wide - (1 if self.narrow else 7), top, wide, high)
        painter.setPen(QPen(look.colour("line_strong"), 1))
        painter.setBrush(look.colour("surface"))
        painter.drawRoundedRect(pill, high / 2, high / 2)
        painter.setFont(look.font("caption", bold=True, tabular=True))
        painter.setPen(look.colour("ink"))
        painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), said)
