"""The File menu: a real book is exported, backed up, changed, and put back as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from PySide6.QtWidgets import QDialog, QFileDialog

from fundtrack import app
from fundtrack.core.edit import Edit, change
from fundtrack.gui.dialogs.export import Export
from fundtrack.gui.dialogs.restore import Restore
from fundtrack.gui.pages.page import Page
from fundtrack.gui.window import Window

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from fundtrack.core.model import Portfolio
    from fundtrack.gui.look import Look


@pytest.fixture
def book(closed_window: Window, sample: Portfolio, tmp_path: Path) -> Window:
    """The window on a book in a real file."""
    window = closed_window
    path = tmp_path / "Larkmoor.fundtrack"
    app.create_book(path, sample)
    window.doors = replace(
        window.doors,
        open_book=lambda at, read_only: app.open_workspace(at, read_only=read_only),
        files=app.file_doors(),
    )
    assert window.open_book(path)
    return window


def said(window: Window) -> str:
    page = window.stack.currentWidget()
    return page.message.words if isinstance(page, Page) else window.start.message.words


def choose(monkeypatch: pytest.MonkeyPatch, kind: str, target: Path) -> None:
    """Answer the dialog and the file dialog that follows it."""

    def answered(dialog: Export) -> int:
        next(choice for choice, each in dialog.choices if each.name == kind).setChecked(True)
        return int(QDialog.DialogCode.Accepted)

    monkeypatch.setattr(Export, "exec", answered)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), ""))


@pytest.mark.parametrize(
    ("kind", "name"), [("json", "all.json"), ("workbook", "all"), ("csv", "tables")]
)
def test_the_whole_book_is_written_for_another_program(
    book: Window,
    kind: str,
    name: str,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    choose(monkeypatch, kind, tmp_path / name)
    book.export_action.trigger()
    qtbot.waitUntil(lambda: said(book).startswith("Wrote"))
    if kind == "json":
        written = json.loads((tmp_path / name).read_text(encoding="utf-8"))
        assert len(written["awards"]) == 22
    elif kind == "workbook":
        sheets = openpyxl.load_workbook(tmp_path / "all.xlsx", read_only=True)
        assert "awards" in sheets.sheetnames
        sheets.close()
    else:
        assert (tmp_path / "tables" / "awards.csv").exists()


def test_grants_that_cannot_be_published_say_what_is_missing(
    book: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    choose(monkeypatch, "360giving", tmp_path / "grants.json")
    assert book.bridge is not None
    charity = book.bridge.workspace.portfolio.organisation
    bare = replace(charity, giving_prefix=None)
    if bare != charity:
        book.do(Edit("Forget the prefix", (change("organisation", charity, bare),)))
    book.export_action.trigger()
    qtbot.waitUntil(lambda: "360Giving prefix" in said(book))
    assert not (tmp_path / "grants.json").exists()


def test_an_export_says_whether_it_holds_salaries(look: Look, book: Window, qtbot: QtBot) -> None:
    dialog = Export(look, book)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.careful.text().startswith("It holds salaries and birth dates")
    dialog.choices[-1][0].click()
    assert dialog.kind.name == "360giving"
    assert dialog.careful.text() == "It holds no salary and no person."
    trustees = Export(look, book, public_only=True)
    qtbot.addWidget(trustees)
    assert [kind.name for _, kind in trustees.choices] == ["360giving"]


def test_a_book_goes_back_to_a_backup_and_can_come_back_again(
    book: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.back_up_action.trigger()
    qtbot.waitUntil(lambda: said(book).startswith("Backed up."))
    assert book.bridge is not None
    award = book.bridge.workspace.portfolio.awards[0]
    book.do(Edit("Rename", (change("awards", award, replace(award, title="Renamed")),)))
    assert book.bridge.workspace.portfolio.awards[0].title == "Renamed"

    def newest(dialog: Restore) -> int:
        dialog.accept()
        return int(QDialog.DialogCode.Accepted)

    monkeypatch.setattr(Restore, "exec", newest)
    book.restore_action.trigger()
    qtbot.waitUntil(lambda: said(book).startswith("The book is as it was on"))
    assert book.bridge.workspace.portfolio.awards[0].title == award.title
    assert not book.can_only_read
    monkeypatch.setattr(Restore, "exec", lambda dialog: (dialog.list.setFocus(), newest(dialog))[1])
    book.restore_action.trigger()
    qtbot.waitUntil(
        lambda: (
            book.bridge is not None and book.bridge.workspace.portfolio.awards[0].title == "Renamed"
        )
    )


def test_the_backups_are_listed_with_when_and_what_for(book: Window, qtbot: QtBot) -> None:
    assert book.book is not None
    app.back_up(book.book)
    dialog = Restore(book.look, app.file_doors().backups(book.book), book)
    qtbot.addWidget(dialog)
    model = dialog.list.model()
    listed = [str(model.index(at, 0).data()) for at in range(model.rowCount())]
    assert len(listed) == 2
    assert listed[0].endswith("asked for")
    assert listed[1].endswith("at its first opening that day")


def test_without_a_backup_the_dialog_says_when_there_will_be_one(look: Look, qtbot: QtBot) -> None:
    dialog = Restore(look, (), None)  # type: ignore[arg-type] # as a window would be
    qtbot.addWidget(dialog)
    assert not dialog.restore_button.isEnabled()
    dialog.accept()
    assert dialog.chosen is None
