"""Everyone can use it: names on everything, and the whole window by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QScrollBar,
    QWidget,
)

from fundtrack.gui.dialogs.new_book import NewBook
from fundtrack.gui.dialogs.share import ShareDialog
from fundtrack.gui.window import AWARDS, OVERVIEW, PLACES, Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from fundtrack.gui.look import Look


STOPS = (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit)
NOT_STOPS = (QScrollBar, QScrollArea, QLabel)


def said_of(widget: QWidget) -> str:
    """What a screen reader says of a widget."""
    seen = QAccessible.queryAccessibleInterface(widget)
    return seen.text(QAccessible.Text.Name) if seen.isValid() else ""


def parts_to_name(whole: QWidget) -> Iterator[QWidget]:
    """Everything in sight that a person can stop at, click or type into."""
    for widget in whole.findChildren(QWidget):
        inside_another = isinstance(widget.parent(), (QComboBox, QLineEdit))
        if not widget.isVisibleTo(whole) or inside_another:
            continue
        if isinstance(widget, NOT_STOPS):
            continue
        if isinstance(widget, STOPS) or widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            yield widget


@pytest.mark.parametrize("place", range(len(PLACES)))
def test_everything_on_a_page_has_a_name(window: Window, place: int) -> None:
    window.go_to(place)
    unnamed = [part for part in parts_to_name(window) if not said_of(part)]
    assert unnamed == []


def test_everything_on_the_start_page_and_in_the_dialogs_has_a_name(
    closed_window: Window, look: Look, qtbot: QtBot
) -> None:
    dialog = NewBook(look, closed_window.doors.today(), closed_window)
    qtbot.addWidget(dialog)
    for whole in (closed_window.start, dialog):
        assert [part for part in parts_to_name(whole) if not said_of(part)] == []


def test_every_field_of_the_share_dialog_has_a_name(
    window: Window, look: Look, qtbot: QtBot
) -> None:
    assert window.bridge is not None
    assert window.bridge.view is not None
    dialog = ShareDialog(look, window.bridge.view, window)
    qtbot.addWidget(dialog)
    assert [part for part in parts_to_name(dialog) if not said_of(part)] == []


def test_each_page_has_a_key_that_leads_to_it(window: Window, qtbot: QtBot) -> None:
    for place in range(len(PLACES)):
        key = Qt.Key(Qt.Key.Key_1 + place)
        qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
        assert window.stack.currentWidget() is window.page(place)
        focus = QApplication.focusWidget()
        assert focus is not None
        assert focus is window.page(place) or window.page(place).isAncestorOf(focus)


@pytest.mark.parametrize("place", range(len(PLACES)))
def test_tab_comes_round_to_where_it_began_without_a_trap(
    window: Window, qtbot: QtBot, place: int
) -> None:
    window.go_to(place)
    window.activateWindow()
    window.side.list.setFocus()
    stops: list[QWidget] = []
    for _ in range(60):
        at = QApplication.focusWidget()
        assert at is not None
        if at in stops:
            break
        stops.append(at)
        qtbot.keyClick(at, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is stops[0]
    assert len(stops) >= 4


def test_the_side_list_is_walked_with_arrows(window: Window, qtbot: QtBot) -> None:
    window.side.list.setFocus()
    qtbot.keyClick(window.side.list, Qt.Key.Key_Down)
    assert window.stack.currentWidget() is window.page(OVERVIEW + 1)
    assert window.side.list.hasFocus()


def test_a_rung_is_heard_with_its_day_and_its_place(window: Window) -> None:
    grid = window.page(AWARDS).panel.ladder  # type: ignore[attr-defined]
    window.go_to(AWARDS)
    said = grid.sorted.index(0, 3).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Consult from, 1 December 2026, in 9 days, act now, step 4 of 6" in said


def test_a_status_is_never_told_by_its_colour_alone(window: Window) -> None:
    window.go_to(AWARDS)
    table = window.page(AWARDS).table  # type: ignore[attr-defined]
    column = table.place_of("status")
    words = {table.index(row, column).data() for row in range(table.rowCount())}
    assert words <= {"", "Overdue", "Act now", "Soon", "Watch", "Clear"}
    assert len(words) >= 3
