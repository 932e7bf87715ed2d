"""The File menu: a real book is exported, backed up, changed, and put back as it was."""

from __future__ import annotations

import io
import json
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog

from fundtrack import app
from fundtrack.core.edit import Edit, change
from fundtrack.exchange.tables import leaving
from fundtrack.gui.dialogs.export import Export
from fundtrack.gui.dialogs.restore import Restore
from fundtrack.gui.pages.page import Page
from fundtrack.gui.window import Window

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from fundtrack.core.model import Portfolio
    from fundtrack.core.telling import Tell
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
    book.acts.export.trigger()
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
    book.acts.export.trigger()
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
    book.acts.back_up.trigger()
    qtbot.waitUntil(lambda: said(book).startswith("Backed up."))
    assert book.bridge is not None
    award = book.bridge.workspace.portfolio.awards[0]
    book.do(Edit("Rename", (change("awards", award, replace(award, title="Renamed")),)))
    assert book.bridge.workspace.portfolio.awards[0].title == "Renamed"

    def newest(dialog: Restore) -> int:
        dialog.accept()
        return int(QDialog.DialogCode.Accepted)

    monkeypatch.setattr(Restore, "exec", newest)
    book.acts.restore.trigger()
    qtbot.waitUntil(lambda: said(book).startswith("The book is as it was on"))
    assert book.bridge.workspace.portfolio.awards[0].title == award.title
    assert not book.can_only_read
    monkeypatch.setattr(Restore, "exec", lambda dialog: (dialog.list.setFocus(), newest(dialog))[1])
    book.acts.restore.trigger()
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


# --- how far it is, and Cancel ------------------------------------------------------------------


class Held:
    """Lets work come as far as its nth word, and no further until it is let go."""

    def __init__(self, at: int) -> None:
        self.at, self.come, self.go = at, threading.Event(), threading.Event()
        self.told: list[tuple[int, int]] = []

    def through(self, tell: Tell) -> Tell:
        def held(done: int, total: int) -> None:
            self.told.append((done, total))
            if len(self.told) == self.at:
                self.come.set()
                assert self.go.wait(20)
            tell(done, total)

        return held


def files_in(folder: Path) -> set[str]:
    return {str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()}


@pytest.mark.parametrize("what", ["copy", "back up", "json", "workbook", "csv", "calendar"])
def test_cancel_ends_it_and_leaves_nothing_half_written(
    what: str, book: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    held, doors, files = Held(1), book.doors, app.file_doors()
    target = tmp_path / "out"
    choose(monkeypatch, what if what in ("json", "workbook", "csv") else "json", target)
    book.doors = replace(
        doors,
        save_copy=lambda of, to, tell: app.save_copy(of, to, held.through(tell)),
        write_calendar=lambda of, to, held_book, dues, tell: app.write_calendar(
            of, to, held_book, dues, held.through(tell)
        ),
        files=replace(
            files,
            export=lambda kind, of, to, tell: files.export(kind, of, to, held.through(tell)),
            back_up=lambda of, tell: files.back_up(of, held.through(tell)),
        ),
    )
    before = files_in(tmp_path)
    match what:
        case "copy":
            book.acts.copy.trigger()
        case "back up":
            book.acts.back_up.trigger()
        case "calendar":
            book.ask_for_calendar(())
        case _:
            book.acts.export.trigger()
    qtbot.waitUntil(held.come.is_set, timeout=20_000)
    qtbot.waitUntil(book.work_line.isVisible)
    qtbot.mouseClick(book.work_line.cancel, Qt.MouseButton.LeftButton)
    held.go.set()
    qtbot.waitUntil(lambda: said(book).endswith("cancelled. Nothing was kept."))
    assert files_in(tmp_path) == before


def test_a_copy_tells_how_much_of_the_book_it_holds(book: Window, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    assert book.book is not None
    app.save_copy(book.book, tmp_path / "copy", lambda done, total: told.append((done, total)))
    done, total = told[0]
    assert 0 < done <= total


def test_a_workbook_tells_how_many_of_its_sheets_are_made(sample: Portfolio) -> None:
    told: list[tuple[int, int]] = []
    made = leaving.workbook(sample, lambda done, total: told.append((done, total)))
    sheets = openpyxl.load_workbook(io.BytesIO(made), read_only=True).sheetnames
    assert told == [(at, len(sheets)) for at in range(len(sheets))]


def test_a_restore_that_is_cancelled_leaves_the_book_as_it_was_and_opens_it_again(
    book: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert book.book is not None
    app.back_up(book.book)
    held, files = Held(1), app.file_doors()
    book.doors = replace(
        book.doors,
        files=replace(
            files, restore=lambda of, at, tell: files.restore(of, at, held.through(tell))
        ),
    )

    def newest(dialog: Restore) -> int:
        dialog.accept()
        return int(QDialog.DialogCode.Accepted)

    monkeypatch.setattr(Restore, "exec", newest)
    stood = book.book.read_bytes()
    before = files_in(tmp_path)
    path = book.book
    book.acts.restore.trigger()
    qtbot.waitUntil(held.come.is_set, timeout=20_000)
    assert book.bridge is None
    qtbot.waitUntil(book.work_line.isVisible)
    qtbot.mouseClick(book.work_line.cancel, Qt.MouseButton.LeftButton)
    held.go.set()
    qtbot.waitUntil(lambda: said(book) == "Restoring the book: cancelled. Nothing was kept.")
    assert book.bridge is not None
    assert not book.can_only_read
    assert path.read_bytes() == stood
    assert files_in(tmp_path) == before
