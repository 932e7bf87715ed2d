"""Spending comes in from the accounts through the window, each account placed once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QComboBox

from fundtrack.core.accounts import LEFT_OUT, Map, Rule
from fundtrack.exchange.accounts import map_beside, read_map
from fundtrack.gui.bringing import accounts_import
from tests.core.returning import charity
from tests.gui.test_everyone import parts_to_name, said_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from fundtrack.core.model import Portfolio
    from fundtrack.gui.dialogs.accounts_import import AccountsImport
    from fundtrack.gui.window import Window
    from tests.gui.conftest import Shelf

DATA = Path(__file__).resolve().parents[1] / "data" / "accounts"
XERO = DATA / "xero-account-transactions.csv"
STAFF = ("next-step", "staff")
Opens = "Callable[[Path], AccountsImport]"


@pytest.fixture
def window(shelf: Shelf, opened: Callable[[], Window], tmp_path: Path) -> Window:
    """The window on the charity that owes returns."""
    shelf.portfolio = charity()
    window = opened()
    window.book = tmp_path / "next step.fundtrack"
    return window


@pytest.fixture
def opens(window: Window, qtbot: QtBot) -> Callable[[Path], AccountsImport]:
    """Opens an export in the window, read to its end."""

    def opened(path: Path) -> AccountsImport:
        dialog = accounts_import(window, path)
        assert dialog is not None
        qtbot.waitUntil(lambda: not dialog.busy)
        return dialog

    return opened


def book_of(window: Window) -> Portfolio:
    assert window.bridge is not None
    return window.bridge.workspace.portfolio


def place(dialog: AccountsImport, qtbot: QtBot, says: str, where: tuple[str, str]) -> None:
    """Choose where an account belongs, in its cell."""
    at = next(at for at, group in enumerate(dialog.groups.rows) if says in group.says)
    index = dialog.groups.index(at, dialog.groups.place_of("where"))
    assert index.flags() & Qt.ItemFlag.ItemIsEditable
    dialog.groups.setData(index, where)
    qtbot.waitUntil(lambda: not dialog.busy)


def test_each_account_of_an_export_is_placed_once_and_the_spending_comes_in_as_one_edit(
    window: Window, opens: Callable[[Path], AccountsImport], qtbot: QtBot
) -> None:
    dialog = opens(XERO)
    assert not dialog.take_button.isEnabled()
    assert "from Xero" in dialog.file_name.text()
    before = book_of(window)
    for group in dialog.groups.rows:
        place(dialog, qtbot, group.says, STAFF if "Next Step" in group.says else LEFT_OUT)
    assert dialog.seen is not None
    assert dialog.seen.how_many("no rule fits") == 0
    assert book_of(window) is before
    new = dialog.seen.how_many("new")
    qtbot.mouseClick(dialog.take_button, Qt.MouseButton.LeftButton)
    assert len(book_of(window).actuals) == len(before.actuals) + new
    window.undo()
    assert book_of(window) == before


def test_the_rules_are_kept_beside_the_book_and_the_same_export_brings_nothing_more(
    window: Window, opens: Callable[[Path], AccountsImport], qtbot: QtBot
) -> None:
    dialog = opens(XERO)
    place(dialog, qtbot, "7000", STAFF)
    dialog.take_button.click()
    assert window.book is not None
    kept = read_map(map_beside(window.book))
    assert (kept.rules[0].award, kept.rules[0].budget_line) == STAFF
    again = opens(XERO)
    assert again.seen is not None
    assert again.seen.how_many("new") == 0
    assert again.seen.how_many("already in the book") > 0
    assert not again.take_button.isEnabled()


@pytest.mark.qt_log_ignore("This plugin does not support")  # a list opened offscreen
def test_an_account_is_placed_by_keyboard_alone(
    opens: Callable[[Path], AccountsImport], qtbot: QtBot
) -> None:
    dialog = opens(XERO)
    grid = dialog.group_grid
    grid.setFocus()
    grid.setCurrentIndex(grid.sorted.index(0, dialog.groups.place_of("where")))
    qtbot.keyClick(grid, Qt.Key.Key_F2)
    box = grid.findChild(QComboBox)
    assert box is not None
    qtbot.waitUntil(lambda: box.view().isVisible())
    qtbot.keyClick(box.view(), Qt.Key.Key_Down)
    qtbot.keyClick(box.view(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not dialog.busy)
    assert len(dialog.rules.rules) == 1


def test_a_rule_for_words_is_typed_and_taken_away_again(
    opens: Callable[[Path], AccountsImport], qtbot: QtBot
) -> None:
    dialog = opens(DATA / "plain-ledger.csv")
    dialog.parts.choose(1)
    qtbot.keyClicks(dialog.text, "taxi")
    dialog.goes.setCurrentIndex(dialog.goes.findText("Next Step: Activities"))
    qtbot.mouseClick(dialog.add_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not dialog.busy)
    wanted = Rule(text="taxi", award="next-step", budget_line="activities")
    assert dialog.rules == Map(rules=(wanted,))
    assert dialog.seen is not None
    assert dialog.seen.how_many("new") > 0
    dialog.rule_grid.choose("0")
    dialog.rule_grid.setFocus()
    qtbot.keyClick(dialog.rule_grid, Qt.Key.Key_Delete)
    assert dialog.rules.rules == ()


def test_a_rule_for_nothing_is_refused_with_what_to_give(
    opens: Callable[[Path], AccountsImport],
) -> None:
    dialog = opens(XERO)
    dialog.add_button.click()
    assert "Give a code" in dialog.message.words
    assert dialog.rules.rules == ()


def test_every_row_that_cannot_be_read_is_listed_and_may_be_left_out(
    opens: Callable[[Path], AccountsImport], qtbot: QtBot
) -> None:
    dialog = opens(DATA / "with-faults.csv")
    assert dialog.seen is not None
    bad = [row for row in dialog.row_table.rows if row.pence is None]
    assert len(bad) == len(dialog.seen.problems) > 0
    assert all("row" in row.where and "cell" in row.where for row in bad)
    for group in dialog.groups.rows:
        place(dialog, qtbot, group.says, STAFF)
    assert not dialog.take_button.isEnabled()
    dialog.without.setChecked(True)
    qtbot.waitUntil(lambda: not dialog.busy)
    assert dialog.take_button.isEnabled()


def test_the_day_is_asked_for_once_where_nothing_in_the_file_tells_it(
    opens: Callable[[Path], AccountsImport], qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text("Date,Amount,Description\n03/04/2026,12.00,Taxi\n05/06/2026,8.00,Taxi\n")
    dialog = opens(path)
    assert dialog.days.isVisibleTo(dialog)
    assert "03/04/2026" in dialog.days_words.text()
    qtbot.keyClick(dialog.days, Qt.Key.Key_Down)
    dialog.days.activated.emit(dialog.days.currentIndex())
    qtbot.waitUntil(lambda: not dialog.busy)
    assert dialog.seen is not None
    assert [(each.on.month, each.on.day) for each in dialog.seen.transactions] == [(4, 3), (6, 5)]


def test_a_file_that_is_no_export_is_refused_in_plain_words(
    opens: Callable[[Path], AccountsImport], tmp_path: Path
) -> None:
    path = tmp_path / "names.csv"
    path.write_text("Name,Phone\nAda,1\n")
    dialog = opens(path)
    assert "no table of transactions" in dialog.message.words
    assert not dialog.take_button.isEnabled()


def test_everything_in_the_window_of_the_accounts_has_a_name(
    opens: Callable[[Path], AccountsImport],
) -> None:
    dialog = opens(XERO)
    for part in range(3):
        dialog.parts.choose(part)
        assert [each for each in parts_to_name(dialog) if not said_of(each)] == []


def test_the_tables_keep_qt_s_rules(opens: Callable[[Path], AccountsImport]) -> None:
    dialog = opens(XERO)
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    testers = [
        QAbstractItemModelTester(model, fatal)
        for model in (dialog.groups, dialog.rule_table, dialog.row_table)
    ]
    dialog.group_grid.present(())
    dialog.group_grid.present(dialog.groups.rows)
    assert len(testers) == 3
