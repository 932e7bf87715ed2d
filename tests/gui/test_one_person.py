"""One person's data from a post's own page: handed over in a file, or taken out for good."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog

from fundtrack import app
from fundtrack.core.edit import Edit, add, change
from fundtrack.core.errors import KnownError
from fundtrack.core.model import Deadline, Person
from fundtrack.gui.dialogs.take_out import TakeOut
from fundtrack.gui.window import POSTS, Window
from fundtrack.workspace import Workspace
from tests.gui.conftest import TODAY

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from fundtrack.core.model import Portfolio, Post
    from fundtrack.gui.pages.posts import Posts
    from fundtrack.gui.post.page import PostPage
    from tests.gui.conftest import Shelf

COURTS = "idva-courts"


def page_of(window: Window, key: str = COURTS, *, salaries: bool = True) -> PostPage:
    window.open_record(f"posts.{key}")
    window.show_salaries(salaries)
    return cast("Posts", window.page(POSTS)).own


def workspace_of(window: Window) -> Workspace:
    assert window.bridge is not None
    return window.bridge.workspace


def post_of(window: Window, key: str = COURTS) -> Post:
    return workspace_of(window).portfolio.posts_by_key[key]


def saved_to(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(path), ""))


def answering(*, tick: bool) -> list[str]:
    """Answer the question that comes up; what it said is in the list afterwards."""
    said: list[str] = []

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, TakeOut)
        said.append(dialog.accessibleDescription())
        assert not dialog.take_button.isEnabled()
        if tick:
            dialog.understood.click()
            dialog.take_button.click()
        else:
            dialog.cancel_button.click()

    QTimer.singleShot(0, answer)
    return said


def message(window: Window) -> str:
    return cast("Posts", window.page(POSTS)).message.words


def test_what_is_held_of_a_person_is_written_to_the_file_they_choose(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    page = page_of(window)
    born = post_of(window).person
    assert born is not None
    for name in ("theirs.txt", "theirs.json"):
        saved_to(monkeypatch, tmp_path / name)
        qtbot.mouseClick(page.person.hand_link, Qt.MouseButton.LeftButton)
    assert f"person, born: {born.born}" in (tmp_path / "theirs.txt").read_text("utf-8")
    found = json.loads((tmp_path / "theirs.json").read_text("utf-8"))
    assert found["posts"][0]["person"]["born"] == str(born.born)
    assert "theirs.json" in message(window)
    assert str(born.born) not in message(window)


def test_a_person_is_taken_out_once_it_is_understood_that_it_is_for_good(
    window: Window, qtbot: QtBot
) -> None:
    page = page_of(window)
    before = post_of(window)
    said = answering(tick=False)
    qtbot.mouseClick(page.person.out_link, Qt.MouseButton.LeftButton)
    assert post_of(window) == before
    assert "cannot be undone" in said[0]
    assert "every sum" in said[0]
    assert "Backups made before now still hold them" in said[0]
    answering(tick=True)
    qtbot.mouseClick(page.person.out_link, Qt.MouseButton.LeftButton)
    assert post_of(window) == replace(before, person=None)
    assert ("Person", "Nothing entered") in page.person.facts.pairs
    assert page.person.out_link.isHidden()
    assert page.person.hand_link.isHidden()


def test_a_person_without_a_reference_is_known_by_their_post(window: Window, qtbot: QtBot) -> None:
    workspace = workspace_of(window)
    before = post_of(window)
    nameless = replace(before, person=Person(born=date(1977, 8, 9)))
    workspace.do(Edit("Forget the reference", (change("posts", before, nameless),)))
    page = page_of(window)
    answering(tick=True)
    qtbot.mouseClick(page.person.out_link, Qt.MouseButton.LeftButton)
    assert post_of(window).person is None
    told = " ".join(entry.changes_json for entry in workspace.journal())
    assert told.count("1977-08-09") == told.count(f'"reference":"{_reference(before)}"')


def _reference(post: Post) -> str:
    assert post.person is not None
    assert post.person.reference
    return post.person.reference


def test_where_their_reference_stands_in_other_words_is_listed(
    window: Window, qtbot: QtBot
) -> None:
    reference = _reference(post_of(window))
    meeting = Deadline(key="talk", title=f"Talk with {reference}", due=TODAY)
    workspace_of(window).do(Edit("Add a deadline", (add("deadlines", meeting),)))
    page = page_of(window)
    answering(tick=True)
    qtbot.mouseClick(page.person.out_link, Qt.MouseButton.LeftButton)
    assert f"title of “Talk with {reference}” (deadlines)" in message(window)


def test_neither_stands_where_salaries_are_locked_or_nothing_may_change(
    window: Window, shelf: Shelf, tmp_path: Path
) -> None:
    page = page_of(window, salaries=False)
    assert page.person.hand_link.isHidden()
    assert page.person.out_link.isHidden()
    assert window.bridge is not None
    window.bridge.tell_salaries("absent")
    assert not page.person.isVisible()
    shelf.read_only = "Somebody else has it open"
    assert window.open_book(tmp_path / "other.fundtrack")
    page = page_of(window)
    assert ("Born", "9 Aug 1977") in page.person.facts.pairs
    assert page.person.hand_link.isHidden()
    assert page.person.out_link.isHidden()


def test_while_another_program_reads_the_file_the_truth_is_said_and_doing_it_again_finishes(
    sample: Portfolio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FUNDTRACK_HOME", str(tmp_path / "home"))
    path = tmp_path / "harbour.fundtrack"
    app.create_book(path, sample)
    workspace = app.open_workspace(path)
    reference = _reference(sample.posts_by_key[COURTS])
    from fundtrack.store import store

    def in_use(_connection: object) -> None:
        busy = sqlite3.OperationalError("database is locked")
        busy.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise busy

    with monkeypatch.context() as held:
        held.setattr(store, "overwrite_what_is_gone", in_use)
        with pytest.raises(KnownError, match="They are out of the book and its history, but"):
            workspace.erase(reference)
    assert workspace.portfolio.posts_by_key[COURTS].person is None
    assert workspace.erase(reference) == 0
    with pytest.raises(KeyError):
        workspace.erase(reference)
    workspace.close()
    assert reference.encode() not in path.read_bytes()
