"""A book that somebody else left open is read, and taken over only knowingly."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from fundtrack import app
from fundtrack.gui.dialogs.take_over import TakeOver
from fundtrack.gui.window import OVERVIEW, Window
from fundtrack.workspace import MemoryStore, Workspace
from tests.gui.conftest import TODAY

if TYPE_CHECKING:
    from pathlib import Path

    from fundtrack.gui.doors import Doors
    from tests.gui.conftest import Shelf


@pytest.fixture
def left_open(tmp_path: Path) -> Path:
    """A real book that Ann's laptop went to sleep with."""
    book = tmp_path / "charity.fundtrack"
    app.create_book(book, app.sample(TODAY))
    ann = {"host": "LAPTOP", "pid": 1, "user": "ann", "opened_at": "", "token": "hers"}
    book.with_name(f".~lock.{book.name}#").write_text(json.dumps(ann), encoding="utf-8")
    return book


@pytest.fixture
def doors(doors: Doors) -> Doors:
    return replace(
        doors,
        open_book=lambda path, read_only: app.open_workspace(path, read_only=read_only),
        take_over=lambda path: app.open_workspace(path, take_over=True),
    )


def answer(*, take: bool) -> list[str]:
    """Answer the question once it is asked, by its button; return what it said."""
    said: list[str] = []

    def click() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, TakeOver)
        said.append(dialog.says.text())
        assert dialog.cancel_button.isDefault()
        (dialog.take_button if take else dialog.cancel_button).click()

    QTimer.singleShot(0, click)
    return said


def test_the_line_says_who_has_the_book_and_offers_to_take_it_over(
    closed_window: Window, left_open: Path
) -> None:
    window = closed_window
    assert window.open_book(left_open)
    message = window.page(OVERVIEW).message
    assert "ann on LAPTOP" in message.words
    assert message._act.text() == "Take over…"
    assert window.bridge is not None
    assert window.bridge.workspace.read_only

    said = answer(take=False)
    window.acts.take_over.trigger()
    assert "ann on LAPTOP" in said[0]
    assert window.bridge.workspace.read_only

    answer(take=True)
    message._act.click()
    assert not window.bridge.workspace.read_only
    assert window.saved.text().startswith("Saved")
    assert not window.acts.take_over.isVisible()
    assert "ann on LAPTOP" not in message.words  # a reminder may stand there by now


def test_a_book_read_only_for_another_reason_is_not_offered(
    closed_window: Window, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, left_open: Path
) -> None:
    shelf.read_only = "The file is write-protected."
    monkeypatch.setattr(closed_window, "doors", replace(closed_window.doors, open_book=shelf.open))
    assert closed_window.open_book(left_open)
    message = closed_window.page(OVERVIEW).message
    assert message.words == "The file is write-protected."
    assert message._act.isHidden()
    assert not closed_window.acts.take_over.isVisible()


def test_a_backup_that_could_not_be_made_is_said(
    closed_window: Window, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, left_open: Path
) -> None:
    store = MemoryStore(shelf.portfolio)
    store.notes = ("Today's backup could not be made. The disk is full.",)
    monkeypatch.setattr(
        closed_window,
        "doors",
        replace(closed_window.doors, open_book=lambda _path, _read_only: Workspace(store)),
    )
    assert closed_window.open_book(left_open)
    assert "backup could not be made" in closed_window.page(OVERVIEW).message.words
