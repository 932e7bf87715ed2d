"""Every word a window shows or would say: of widgets, models, tips, acts and screen readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from fundtrack.gui.widgets.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtCore import QAbstractItemModel

    from fundtrack.gui.window import Window

Role = Qt.ItemDataRole
_ROLES = (
    Role.DisplayRole,
    Role.ToolTipRole,
    Role.AccessibleTextRole,
    Role.AccessibleDescriptionRole,
    Role.StatusTipRole,
)

_MOST = 4
"""Rows chosen in each table: the rest are like them, and stand in the table itself."""


def every_word(window: Window) -> set[str]:
    """Every text of a window as it stands."""
    return {text for text in _of_window(window) if text}


def words_of_every_page(window: Window) -> set[str]:
    """Every text of every page, each with every row of each of its tables chosen in turn."""
    from fundtrack.gui.window import PLACES

    found: set[str] = set()
    for at in range(len(PLACES)):
        window.go_to(at)
        found |= every_word(window)
        for grid in window.page(at).findChildren(Grid):
            for row in range(min(grid.sorted.rowCount(), _MOST)):
                grid.choose(grid.key_at(grid.sorted.index(row, 0)), 0)
                found |= every_word(window)
    return found


def _of_window(window: QWidget) -> Iterator[str]:
    yield window.windowTitle()
    for action in window.findChildren(QAction):
        if action.isVisible():
            yield from (action.text(), action.toolTip())
    for widget in (window, *window.findChildren(QWidget)):
        if widget.isVisibleTo(window):
            yield from _of_widget(widget)


def _of_widget(widget: QWidget) -> Iterator[str]:
    yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
    seen = QAccessible.queryAccessibleInterface(widget)
    if seen.isValid():
        yield from (seen.text(QAccessible.Text.Name), seen.text(QAccessible.Text.Description))
    if isinstance(widget, (QLabel, QAbstractButton, QLineEdit)):
        yield widget.text()
    if isinstance(widget, (QTextEdit, QPlainTextEdit)):
        yield widget.toPlainText()
    if isinstance(widget, QComboBox):
        yield widget.currentText()
        yield from _of_model(widget.model())
    if isinstance(widget, QAbstractItemView) and widget.model() is not None:
        yield from _of_model(widget.model())


def _of_model(model: QAbstractItemModel) -> Iterator[str]:
    for row in range(model.rowCount()):
        for column in range(model.columnCount()):
            index = model.index(row, column)
            for role in _ROLES:
                yield str(index.data(role) or "")
    for column in range(model.columnCount()):
        yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
