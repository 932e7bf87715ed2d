"""Everyone can use every dialog: all of them are found here, and none can be left out.

A new dialog fails the first test until it has a line in `MADE`.
"""

from __future__ import annotations

import importlib
import pkgutil
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QTextBrowser,
    QWidget,
)

import fundtrack.gui
from fundtrack.core.edit import Edit, change
from fundtrack.gui.file_doors import Kept
from fundtrack.gui.pages.returns import ReturnsPage
from fundtrack.gui.pasting import Pasting, block
from fundtrack.gui.window import AWARDS, PLACES, RETURNS, Window
from tests.gui.test_everyone import parts_to_name, said_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from fundtrack.gui.look import Look
    from fundtrack.gui.pages.awards import Awards
    from fundtrack.gui.view import View
    from tests.gui.conftest import Shelf

TODAY = date(2026, 11, 22)
A_SMALL_SCREEN = QSize(1000, 760)
Role = QAccessible.Role
NO_ROLES = {Role.NoRole, Role.Client, Role.Pane}


def view_of(window: Window) -> View:
    assert window.bridge is not None
    assert window.bridge.view is not None
    return window.bridge.view


def later(window: Window) -> Edit:
    award = view_of(window).portfolio.awards[0]
    from dataclasses import replace

    return Edit("Rename", (change("awards", award, replace(award, title="Other")),))


def dialog_of(name: str, window: Window) -> QDialog:
    """Make one of the dialogs, as a person meets it on the sample charity."""
    look, view = window.look, view_of(window)
    path, module = Path("sample.fundtrack"), MADE[name]
    made = getattr(importlib.import_module(f"fundtrack.gui.{module}"), name)
    assert window.bridge is not None
    if name == "PasteDialog":
        window.go_to(AWARDS)
    grid = cast("Awards", window.page(AWARDS)).grid
    text = "Award\tAmount\nCore costs\t5\nPeer mentors\tabout ten\n"
    pasting = Pasting(grid.table, grid.table.columns, grid.table.rows, "Awards")
    kept = Kept(path, datetime(2026, 11, 20, 9, tzinfo=UTC), "asked")
    award = view.portfolio.awards[0]
    arguments: dict[str, Callable[[], QDialog]] = {
        "AcceptChanges": lambda: made(
            look, view.portfolio, "Nine tenths", later(window).changes, window
        ),
        "AccountsImport": lambda: made(look, view, path, window.doors.imports, window),
        "AddChange": lambda: made(look, view, window),
        "Anything": lambda: made(look, (), window),
        "BatchDialog": lambda: made(look, view.later.returns, TODAY, TODAY, path.parent, window),
        "BoardPackDialog": lambda: made(
            look, view, window.bridge and window.bridge.workspace, window.doors, window
        ),
        "DeadlineDialog": lambda: made(look, view, window),
        "DocumentDialog": lambda: made(window),
        "EvidenceDialog": lambda: made(look, award.title, "awarded", TODAY, window),
        "Export": lambda: made(look, window),
        "FunderDialog": lambda: made(look, view, window),
        "HelpWindow": lambda: made(look, window),
        "ImportWindow": lambda: made(look, view, window.doors.imports, TODAY, window),
        "KeepScenario": lambda: made("Nine tenths", window),
        "LayoutCopy": lambda: made(look, "Quarterly", "t1", lambda _name: path, window),
        "NewBook": lambda: made(look, TODAY, window),
        "PasteDialog": lambda: made(look, pasting, block(text), (0, 0), window),
        "ProfileDialog": lambda: made(
            look, award.title, award.amount, (), (award.start, award.end), window
        ),
        "RateDialog": lambda: made(look, view, window),
        "Restore": lambda: made(look, (kept,), window),
        "ShareDialog": lambda: made(look, view, window, award=award.key),
        "SnoozeDialog": lambda: made(view.later.dues()[0], (), TODAY, window),
        "StepDialog": lambda: step(window),
        "TakeOut": lambda: made(("Adviser", "Cook"), Path("backups"), window),
        "TakeOver": lambda: made("ann on LAPTOP", window),
        "WriteDialog": lambda: written(window),
    }
    return arguments[name]()


def step(window: Window) -> QDialog:
    from fundtrack.gui.dialogs.return_step import Question, StepDialog

    question = Question(title="Approve", says="By somebody else than who made it", act="Approve")
    return StepDialog(window.look, question, TODAY, lambda _answer: later(window), window)


def written(window: Window) -> QDialog:
    from fundtrack.gui.returns.writing import WriteDialog

    window.go_to(RETURNS)
    page, view = cast("ReturnsPage", window.page(RETURNS)), view_of(window)
    record = view.portfolio.returns[0].key
    assert page._doors is not None
    shown = page._doors.laid_out(page._asked(view.portfolio, record))
    return WriteDialog(
        window.look,
        shown,
        view.portfolio,
        frozenset(),
        window,
        changeable=True,
        tells_salaries=False,
    )


MADE = {
    "AcceptChanges": "dialogs.plan",
    "AccountsImport": "dialogs.accounts_import",
    "AddChange": "dialogs.plan",
    "Anything": "dialogs.anything",
    "BatchDialog": "dialogs.returns_batch",
    "BoardPackDialog": "dialogs.board_pack",
    "DeadlineDialog": "dialogs.deadline",
    "DocumentDialog": "dialogs.document",
    "EvidenceDialog": "dialogs.evidence",
    "Export": "dialogs.export",
    "FunderDialog": "dialogs.funder",
    "HelpWindow": "help",
    "ImportWindow": "dialogs.import_window",
    "KeepScenario": "dialogs.plan",
    "LayoutCopy": "dialogs.layout_copy",
    "NewBook": "dialogs.new_book",
    "PasteDialog": "dialogs.paste",
    "ProfileDialog": "dialogs.profile",
    "RateDialog": "dialogs.rate",
    "Restore": "dialogs.restore",
    "ShareDialog": "dialogs.share",
    "SnoozeDialog": "dialogs.snooze",
    "StepDialog": "dialogs.return_step",
    "TakeOut": "dialogs.take_out",
    "TakeOver": "dialogs.take_over",
    "WriteDialog": "returns.writing",
}
"""Every dialog and the module it lives in; `dialog_of` makes each."""


def test_every_dialog_of_the_window_is_looked_at_here() -> None:
    for module in pkgutil.walk_packages(fundtrack.gui.__path__, "fundtrack.gui."):
        importlib.import_module(module.name)

    def below(cls: type[QDialog]) -> Iterator[type[QDialog]]:
        for each in cls.__subclasses__():
            yield each
            yield from below(each)

    found = {each.__name__ for each in below(QDialog) if each.__module__.startswith("fundtrack")}
    assert found == set(MADE)


@pytest.mark.parametrize("name", sorted(MADE))
def test_it_can_be_heard_read_at_twice_the_size_walked_and_left(
    name: str, window: Window, look: Look, qtbot: QtBot
) -> None:
    usual = shown(name, window, qtbot)
    assert usual.windowTitle()
    assert unnamed(usual) == []
    assert out_of_order(usual) == []
    qtbot.keyClick(usual, Qt.Key.Key_Escape)
    assert not usual.isVisible()
    look.choose(text_size=200)
    large = shown(name, window, qtbot)
    large.resize(large.sizeHint().boundedTo(A_SMALL_SCREEN).expandedTo(large.size()))
    QApplication.processEvents()
    assert cut_short(large) == []
    large.close()
    look.choose(text_size=100)


def shown(name: str, window: Window, qtbot: QtBot) -> QDialog:
    made = dialog_of(name, window)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.mark.parametrize("place", range(len(PLACES)))
def test_every_page_can_be_heard_walked_and_read_at_twice_the_size(
    window: Window, look: Look, place: int
) -> None:
    window.go_to(place)
    page = window.page(place)
    assert unnamed(page) == []
    assert out_of_order(page) == []
    look.choose(text_size=200)
    QApplication.processEvents()
    assert cut_short(page) == []
    look.choose(text_size=100)


def test_the_first_page_can_be_heard_walked_and_read_at_twice_the_size(
    closed_window: Window, look: Look
) -> None:
    assert unnamed(closed_window.start) == []
    assert out_of_order(closed_window.start) == []
    look.choose(text_size=200)
    QApplication.processEvents()
    assert cut_short(closed_window.start) == []
    look.choose(text_size=100)


def test_an_empty_book_can_be_heard_and_read_too(shelf: Shelf, closed_window: Window) -> None:
    from fundtrack import app

    shelf.portfolio = app.empty_portfolio("New Charity", "scotland", TODAY)
    assert closed_window.open_book(Path("empty.fundtrack"))
    for place in range(len(PLACES)):
        closed_window.go_to(place)
        assert unnamed(closed_window.page(place)) == []
        assert out_of_order(closed_window.page(place)) == []


# --- what is looked for --------------------------------------------------------------------------


def unnamed(whole: QWidget) -> list[str]:
    """What a screen reader would meet without a name or a role."""
    missing = [f"{part}: no name" for part in parts_to_name(whole) if not said_of(part)]
    for part in parts_to_name(whole):
        seen = QAccessible.queryAccessibleInterface(part)
        inside = isinstance(part, QHeaderView) or isinstance(part.parent(), QAbstractSpinBox)
        if not inside and isinstance(part, _STOPS) and seen.role() in NO_ROLES:
            missing.append(f"{part}: no role")
    return missing


_STOPS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextBrowser,
)


def stops(whole: QWidget) -> list[QWidget]:
    """Where Tab stops, in its order, beginning with the first child of the whole."""
    found: list[QWidget] = []
    at = whole.nextInFocusChain()
    while at is not None and at is not whole:
        inside = whole.isAncestorOf(at) and at.isVisibleTo(whole) and at.isEnabled()
        tab = bool(at.focusPolicy() & Qt.FocusPolicy.TabFocus)
        part = isinstance(at.parent(), QAbstractSpinBox | QComboBox)
        if inside and tab and not part and isinstance(at, _STOPS):
            found.append(at)
        at = at.nextInFocusChain()
    return found


def place_in(whole: QWidget, part: QWidget) -> QRect:
    return QRect(part.mapTo(whole, QPoint(0, 0)), part.size())


def out_of_order(whole: QWidget) -> list[str]:
    """Steps of Tab that go up, but for the head of a next column at the right."""
    wrong = []
    for before, after in pairwise(stops(whole)):
        a, b = place_in(whole, before), place_in(whole, after)
        goes_up = b.bottom() < a.top() and b.left() < a.right() - 2
        goes_left = b.right() < a.left() and a.top() <= b.top() and b.bottom() <= a.bottom()
        if goes_up or goes_left:
            wrong.append(f"{said_of(before)} → {said_of(after)}")
    return wrong


def cut_short(whole: QWidget) -> list[str]:
    """Words that do not fit: a label or button narrower than what it says."""
    wrong = []
    for part in whole.findChildren(QWidget):
        if not part.isVisibleTo(whole) or not part.width():
            continue
        if isinstance(part, QLabel) and part.text() and part.pixmap().isNull():
            if part.wordWrap():
                high = part.heightForWidth(part.width())
                short = part.height() + 2 < high
            else:
                ignored = part.sizePolicy().horizontalPolicy().name == "Ignored"
                short = not ignored and part.width() + 2 < part.sizeHint().width()
        elif isinstance(part, QPushButton | QCheckBox | QRadioButton):
            short = part.width() + 2 < part.sizeHint().width()
        else:
            continue
        if short and not part.toolTip():
            wrong.append(f"{type(part).__name__} {said_of(part) or part.text()}")
    outside = [
        said_of(part)
        for part in stops(whole)
        if not in_a_scroll_area(part, whole)
        and not whole.rect().adjusted(-2, -2, 2, 2).contains(place_in(whole, part))
    ]
    return wrong + [f"outside: {each}" for each in outside]


def in_a_scroll_area(part: QWidget, whole: QWidget) -> bool:
    at: QWidget | None = part
    while at is not None and at is not whole:
        if isinstance(at, QScrollArea):
            return True
        at = at.parentWidget()
    return False
