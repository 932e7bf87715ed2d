"""Long work: the status bar says how far it is, it can be cancelled, and the page stays usable."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QObject, Qt, QThreadPool
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel

from bench.books import book
from fundtrack.core.errors import KnownError
from fundtrack.core.outlook import Outlook, outlook
from fundtrack.gui import bridge
from fundtrack.gui.background import LongWork, StoppedError, Tell
from fundtrack.gui.pages.page import Page
from fundtrack.gui.widgets.waiting import NOT_WORKED_OUT
from fundtrack.gui.widgets.working import WorkLine
from fundtrack.gui.window import AWARDS, PLACES, Window
from tests.gui.conftest import TODAY

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from fundtrack.gui.doors import Doors
    from fundtrack.gui.look import Look
    from fundtrack.workspace import Workspace
    from tests.gui.conftest import Shelf


class Gate:
    """Work that goes on until it is let go, a step at a time."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.ended = threading.Event()

    def work(self, tell: Tell) -> str:
        try:
            tell(3, 12, "Reading row 3 of 12")
            while not self.go.wait(0.005):
                tell(3, 12)
            return "twelve rows"
        finally:
            self.ended.set()


def message(window: Window) -> str:
    page = window.stack.currentWidget()
    assert isinstance(page, Page)
    return page.message.words


def test_a_long_import_shows_how_far_it_is_and_the_page_stays_usable(
    window: Window, qtbot: QtBot
) -> None:
    gate = Gate()
    answers: list[str] = []
    line = window.work_line
    window.work.run("Reading the file", gate.work, then=answers.append)
    assert line.isHidden(), "nobody needs to be told of what is over at once"
    qtbot.waitUntil(line.isVisible)
    qtbot.waitUntil(lambda: line.words.text() == "Reading row 3 of 12…")
    assert line.bar.value() / line.bar.maximum() == 0.25
    assert not window.basis.isVisible(), "it makes room for itself"
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert window.page(AWARDS).isVisible()
    gate.go.set()
    qtbot.waitUntil(lambda: answers == ["twelve rows"])
    assert line.isHidden()
    assert window.basis.isVisible()


def test_what_is_over_at_once_never_flickers(window: Window, qtbot: QtBot) -> None:
    seen: list[bool] = []
    window.work_line.shown.connect(seen.append)
    with qtbot.waitSignal(window.work.changed):
        window.work.run("Looking", lambda _tell: 1, then=lambda _answer: None)
    qtbot.waitUntil(lambda: not window.work.busy)
    assert True not in seen


def test_cancel_ends_the_work_and_says_so(window: Window, qtbot: QtBot) -> None:
    gate = Gate()
    answers: list[str] = []
    window.work.run("Reading the file", gate.work, then=answers.append)
    qtbot.waitUntil(window.work_line.isVisible)
    qtbot.mouseClick(window.work_line.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.work.busy)
    assert gate.ended.is_set()
    assert answers == []
    assert message(window) == "Reading row 3 of 12: cancelled. Nothing was kept."


def test_a_file_being_put_in_its_place_can_no_longer_be_cancelled() -> None:
    told: list[tuple[int, int, str]] = []
    tell = Tell(lambda done, total, doing: told.append((done, total, doing)))
    tell.finish()
    assert not tell.stop()
    tell(1, 1)
    assert told == [(0, 0, ""), (1, 1, "")]
    cancelled = Tell(lambda _done, _total, _doing: None)
    assert cancelled.stop()
    with pytest.raises(StoppedError):
        cancelled.finish()


def test_the_world_failing_is_said_kindly_and_our_own_mistake_is_owned_up_to(
    window: Window, faults: list[BaseException], qtbot: QtBot
) -> None:
    def full(_tell: Tell) -> None:
        raise KnownError("The disk is full. Free some space, then try again")

    def broken(_tell: Tell) -> None:
        raise ZeroDivisionError

    with qtbot.waitSignal(window.work.failed):
        window.work.run("Writing", full, then=lambda _answer: None)
    assert message(window).startswith("The disk is full")
    with qtbot.waitSignal(window.work.failed):
        window.work.run("Writing", broken, then=lambda _answer: None)
    assert message(window).startswith("FundTrack made a mistake there")
    assert [type(fault) for fault in faults] == [ZeroDivisionError]


def test_nobody_hears_the_answer_once_its_owner_is_gone(qtbot: QtBot) -> None:
    work, owner, gate = LongWork(), QObject(), Gate()
    answers: list[str] = []
    work.run("Reading", gate.work, then=answers.append, owner=owner)
    with qtbot.waitSignal(owner.destroyed):
        owner.deleteLater()
    assert not work.busy
    qtbot.waitUntil(gate.ended.is_set)
    assert answers == []


def test_two_at_once_are_counted_and_cancel_ends_the_latest(look: Look, qtbot: QtBot) -> None:
    work, first, second = LongWork(), Gate(), Gate()
    line = WorkLine(look, work)
    qtbot.addWidget(line)
    answers: list[str] = []
    for gate in (first, second):
        work.run("Reading", gate.work, then=answers.append)
    qtbot.waitUntil(line.isVisible)
    assert line.words.text().endswith("… and 1 more")
    line.cancel.click()
    qtbot.waitUntil(second.ended.is_set)
    qtbot.waitUntil(lambda: len(work.jobs) == 1)
    assert not first.ended.is_set()
    first.go.set()
    qtbot.waitUntil(lambda: answers == ["twelve rows"])


def test_closing_the_window_while_work_runs_is_clean(window: Window, qtbot: QtBot) -> None:
    gate = Gate()
    answers: list[str] = []
    window.work.run("Reading the file", gate.work, then=answers.append)
    window.close()
    qtbot.waitUntil(gate.ended.is_set)
    assert not window.work.busy
    assert answers == []


def test_an_old_book_is_brought_up_to_date_while_the_window_lives_on(
    closed_window: Window, shelf: Shelf, qtbot: QtBot
) -> None:
    go = threading.Event()

    def slowly(path: Path, read_only: bool) -> Workspace:  # noqa: FBT001 - as Doors has it
        assert go.wait(10)
        return shelf.open(path, read_only)

    window = closed_window
    window.doors = replace(window.doors, open_book=slowly, is_older=lambda _path: True)
    assert window.open_book(Path("old.fundtrack"))
    qtbot.waitUntil(window.work_line.isVisible)
    assert window.work_line.words.text() == "Bringing old up to date…"
    assert window.work_line.cancel.isHidden()
    go.set()
    qtbot.waitUntil(lambda: window.bridge is not None)
    assert window.page(0).isVisible()


def test_a_copy_is_made_beside_the_window(
    window: Window, doors: Doors, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    target = tmp_path / "for-the-auditor.fundtrack"
    threads: list[threading.Thread] = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), ""))
    window.doors = replace(
        doors, save_copy=lambda _book, _to, _tell: threads.append(threading.current_thread())
    )
    window.acts.copy.trigger()
    qtbot.waitUntil(lambda: "A copy is kept as for-the-auditor.fundtrack" in message(window))
    assert threads[0] is not threading.main_thread()


# --- a large book --------------------------------------------------------------------------------


def held_outlook(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Keep the first outlook from coming back until it is let go."""
    go, made = threading.Event(), outlook

    def slowly(*arguments: Any) -> Outlook:
        assert threading.current_thread() is not threading.main_thread()
        assert go.wait(20)
        return made(*arguments)

    monkeypatch.setattr(bridge, "outlook", slowly)
    return go


def test_the_frame_lives_on_while_a_large_book_is_first_worked_out(
    closed_window: Window, shelf: Shelf, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, go = closed_window, held_outlook(monkeypatch)
    shelf.portfolio = book(1000, 500, today=TODAY)
    assert window.open_book(Path("large.fundtrack"))
    assert window.saved.text() == "Opening large"
    qtbot.waitUntil(window.work_line.isVisible)
    assert window.work_line.words.text() == "Working it out…"
    for at in range(len(PLACES)):
        window.go_to(at)
        assert window.page(at).isVisible(), "every page can be gone to meanwhile"
    go.set()
    qtbot.waitUntil(window.work_line.isHidden, timeout=60_000)
    assert window.bridge is not None
    assert window.bridge.view is not None
    assert window.saved.text().startswith("Saved ")


def test_closing_while_a_large_book_is_first_worked_out_is_clean(
    closed_window: Window,
    shelf: Shelf,
    faults: list[BaseException],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window, go = closed_window, held_outlook(monkeypatch)
    shelf.portfolio = book(1000, 500, today=TODAY)
    assert window.open_book(Path("large.fundtrack"))
    window.close()
    assert not window.work.busy
    assert window.bridge is None
    go.set()
    assert QThreadPool.globalInstance().waitForDone(60_000)
    QApplication.processEvents()
    assert faults == []


def test_a_small_book_is_there_at_once(window: Window) -> None:
    assert window.bridge is not None
    assert window.bridge.view is not None
    assert window.page(0).waiting.isHidden()


def test_no_page_says_anything_of_a_large_book_before_it_is_known(
    closed_window: Window, shelf: Shelf, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, go = closed_window, held_outlook(monkeypatch)
    shelf.portfolio = book(1000, 500, today=TODAY)
    assert window.open_book(Path("large.fundtrack"))
    for at in range(len(PLACES)):
        window.go_to(at)
        page = window.page(at)
        assert page.waiting.isVisible()
        assert page.waiting.said.text() == "Working out 1,000 awards and 500 posts…"
        assert page.waiting.bar.isVisible()
        told = [each.text() for each in page.findChildren(QLabel) if each.isVisible()]
        assert not [said for said in told if "secured" in said.casefold()], told
    window.go_to(AWARDS)
    go.set()
    qtbot.waitUntil(window.page(AWARDS).waiting.isHidden, timeout=60_000)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert window.page(AWARDS).isAncestorOf(focus), "the keyboard begins where the page begins"
    for at in range(len(PLACES)):
        window.go_to(at)
        assert window.page(at).waiting.isHidden()


def test_a_large_book_that_cannot_be_worked_out_says_so_on_the_page(
    closed_window: Window,
    shelf: Shelf,
    qtbot: QtBot,
    faults: list[BaseException],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def breaks(*_arguments: Any) -> Outlook:
        raise ZeroDivisionError

    monkeypatch.setattr(bridge, "outlook", breaks)
    shelf.portfolio = book(1000, 500, today=TODAY)
    assert closed_window.open_book(Path("large.fundtrack"))
    page = closed_window.page(0)
    qtbot.waitUntil(lambda: page.waiting.said.text() == NOT_WORKED_OUT)
    assert not page.waiting.bar.isVisible()
    assert [type(each) for each in faults] == [ZeroDivisionError]
