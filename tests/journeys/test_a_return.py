"""A finance lead's quarter: from an accounts export to a written, proved and sent T1 return."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from fundtrack import app, settings
from fundtrack.core.accounts import LEFT_OUT
from fundtrack.gui import bridge
from fundtrack.gui.dialogs.accounts_import import AccountsImport
from fundtrack.gui.doors import Doors
from fundtrack.gui.look import Look
from fundtrack.gui.returns.writing import WriteDialog
from fundtrack.gui.window import RETURNS, Window
from tests.core.returning import TODAY, charity
from tests.gui.test_accounts_import import STAFF, XERO, place
from tests.gui.test_return_bench import in_dialog, put, stand
from tests.gui.test_returns import answer, by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from fundtrack.core.model import Return, ReturnStatus
    from fundtrack.gui.pages.returns import ReturnsPage
    from fundtrack.gui.returns.bench import Bench
    from fundtrack.gui.returns.checks import Found

SECOND_QUARTER = "next-step:return:2026-07-01"


@pytest.fixture
def window(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Window]:
    """The window on a real book of the charity that owes returns."""
    monkeypatch.setattr(bridge, "TOO_LONG", 1_000.0)
    doors = Doors(
        today=lambda: TODAY,
        statutory=app.statutory,
        open_book=lambda book, read_only: app.open_workspace(book, read_only=read_only),
        create=app.create_book,
        sample=app.sample,
        save_copy=app.save_copy,
        write_file=app.write_file,
        board_pack_workbook=app.board_pack_workbook,
        imports=app.import_doors(),
        returns=app.return_doors(),
        note=app.note,
    )
    book = tmp_path / "next step.fundtrack"
    app.create_book(book, charity())
    window = Window(Look(qapp, "light"), doors, settings.Settings())
    qtbot.addWidget(window)
    window.resize(1280, 800)
    with qtbot.waitExposed(window):
        window.show()
    assert window.open_book(book)
    yield window
    window.close()


def sent(window: Window) -> Return:
    assert window.bridge is not None
    return window.bridge.workspace.portfolio.returns[-1]


def bring_in(window: Window, bench: Bench, qtbot: QtBot) -> None:
    """Take the export in, each account placed once, as one edit."""
    bench.accounts_button.click()
    (dialog,) = window.findChildren(AccountsImport)
    dialog.read(XERO)
    qtbot.waitUntil(lambda: not dialog.busy)
    for group in dialog.groups.rows:
        place(dialog, qtbot, group.says, STAFF if "Next Step" in group.says else LEFT_OUT)
    dialog.take_button.click()
    dialog.close()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def failing(bench: Bench) -> list[Found]:
    return [row for row in bench.checks.table.rows if row.finding.level == "FAIL"]


def explain(bench: Bench, qtbot: QtBot) -> None:
    """Go from the check that fails to the note it asks for, and write it."""
    bench.checks.grid.choose(failing(bench)[0].key, 0)
    bench.checks.grid.setFocus()
    qtbot.keyClick(bench.checks.grid, Qt.Key.Key_Return)
    qtbot.keyClick(bench.grid, Qt.Key.Key_Return)
    assert bench.cell.words.hasFocus()
    qtbot.keyClicks(bench.cell.words, "The adviser began three weeks late, in July.")
    qtbot.keyClick(bench.cell.words, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def take(page: ReturnsPage, key: str, *steps: tuple[ReturnStatus, str]) -> None:
    """Take steps from the list, each by somebody."""
    page.stand_at("")
    page.open(key)
    for status, who in steps:
        answer(by(who))
        page.take_step(status)


def test_from_an_accounts_export_to_a_proved_and_sent_return(
    window: Window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The return is owed; beginning it asks who.
    window.go_to(RETURNS)
    page = cast("ReturnsPage", window.page(RETURNS))
    page.grid.choose(SECOND_QUARTER, 2)
    page.grid.setFocus()
    answer(by("Finance lead"))
    qtbot.keyClick(page.grid, Qt.Key.Key_Return)
    bench = page.own
    assert bench.isVisible()

    # Spending comes in from the accounts, and the cell says from which transactions.
    bring_in(window, bench, qtbot)
    assert stand(bench, "finance/line/staff/actual").text != "£0.00"
    assert "transaction" in bench.cell.source.text()

    # What the accounts do not have is typed; the checks say what is left to say.
    put(qtbot, bench, "finance/line/activities/actual", "750")
    put(qtbot, bench, "finance/line/staff/actual", "1,800")
    assert {row.finding.rule for row in failing(bench)} == {"F4"}
    explain(bench, qtbot)
    assert failing(bench) == []

    # One checks it, another approves it, and the file is written and proved.
    key = sent(window).key
    take(page, key, ("checked", "Finance lead"), ("approved", "Treasurer"))
    page.stand_at(key)
    out = tmp_path / "next step.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    in_dialog(WriteDialog, lambda _dialog: None)
    bench.write_button.click()
    qtbot.waitUntil(lambda: "read back and proved" in page.message.words, timeout=20_000)
    finance = load_workbook(out, data_only=True)["Finance"]
    actual = {row[0].value: row[7].value for row in finance.iter_rows(min_row=8)}
    assert (actual["staff"], actual["activities"]) == (1800, 750)

    # Sent, its figures and its file are frozen.
    take(page, key, ("submitted", "Finance lead"))
    record = sent(window)
    assert (record.status, record.submitted_on) == ("submitted", TODAY)
    assert record.file_sha256 == hashlib.sha256(out.read_bytes()).hexdigest()
    frozen = json.loads(record.figures or "{}")
    assert frozen["lines"]["staff"]["actual"] == "1800.00"
