"""A large import is written off the window's thread, with progress, and can be cancelled."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import Qt

from fundtrack import workspace
from fundtrack.core.edit import Edit, add, change
from fundtrack.core.errors import KnownError
from fundtrack.core.model import Funder
from fundtrack.core.telling import unheeded, untold
from fundtrack.gui import bridge
from fundtrack.gui.pages import history as history_page
from fundtrack.gui.window import HISTORY
from fundtrack.workspace import MemoryStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from fundtrack.core.model import Portfolio
    from fundtrack.core.telling import Tell
    from fundtrack.gui.pages.history import HistoryPage
    from fundtrack.gui.window import Window


class Disk:
    """What a book is written to, as slow as a test wants it."""

    def __init__(self) -> None:
        self.begun, self.goes_on = threading.Event(), threading.Event()
        self.thread: threading.Thread | None = None
        self.fault: Exception | None = None

    def write(
        self,
        store: MemoryStore,
        edit: Edit,
        kind: str = "do",
        of: int | None = None,
        tell: Tell = untold,
        at_last: Callable[[], object] = unheeded,
    ) -> int:
        self.thread = threading.current_thread()
        if kind != "do" or of is not None:
            tell(len(edit.changes) // 2, len(edit.changes))
            self.begun.set()
            assert self.goes_on.wait(30)
            if self.fault:
                raise self.fault
        return _write(store, edit, kind, of, tell, at_last)


_write = MemoryStore.write


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    monkeypatch.setattr(bridge, "LARGE", 2_000)
    monkeypatch.setattr(workspace, "_LONG_LINE", 100_000)
    slow = Disk()
    monkeypatch.setattr(MemoryStore, "write", _on(slow))
    yield slow
    slow.goes_on.set()


def _on(slow: Disk) -> Callable[..., int]:
    def write(store: MemoryStore, edit: Edit, *how: Any) -> int:
        return slow.write(store, edit, *how)

    return write


@pytest.fixture
def tracker() -> Edit:
    funders = (Funder(key=f"f{at}", name=f"Funder {at}") for at in range(2_000))
    return Edit("Import tracker.xlsx", tuple(add("funders", funder) for funder in funders))


def portfolio(window: Window) -> Portfolio:
    assert window.bridge is not None
    return window.bridge.workspace.portfolio


def said(window: Window) -> str:
    """What stands in the line under the header of the page in sight."""
    page: Any = window.stack.currentWidget()
    return str(page.message.words)


def renaming(book: Portfolio) -> Edit:
    funder = book.funders[0]
    return Edit("Rename", (change("funders", funder, replace(funder, name="The Quay Trust")),))


def test_a_large_import_is_written_elsewhere_and_the_window_says_how_far_it_is(
    window: Window, disk: Disk, tracker: Edit, qtbot: QtBot
) -> None:
    before = portfolio(window)
    window.bring_in(tracker)
    qtbot.waitUntil(window.work_line.cancel.isVisible)
    assert disk.begun.is_set()
    assert disk.thread is not threading.current_thread()
    assert "Bringing in tracker.xlsx" in window.work_line.words.text()
    qtbot.waitUntil(lambda: window.work_line.bar.value() > 0)
    window.open_record(f"awards.{before.awards[0].key}")  # it is live meanwhile
    assert window.page_in_sight == "awards"
    assert portfolio(window) == before
    disk.goes_on.set()
    qtbot.waitUntil(lambda: len(portfolio(window).funders) == len(before.funders) + 2_000)
    qtbot.waitUntil(lambda: window.bridge is not None and not window.bridge.busy)
    assert said(window) == "Import tracker.xlsx: done."
    window.undo()
    qtbot.waitUntil(lambda: portfolio(window) == before)


def test_a_large_import_that_is_cancelled_leaves_the_book_as_it_was(
    window: Window, disk: Disk, tracker: Edit, qtbot: QtBot
) -> None:
    before = portfolio(window)
    window.bring_in(tracker)
    qtbot.waitUntil(window.work_line.cancel.isVisible)
    qtbot.mouseClick(window.work_line.cancel, Qt.MouseButton.LeftButton)
    disk.goes_on.set()
    qtbot.waitUntil(lambda: not window.work.busy)
    assert "cancelled" in said(window)
    assert portfolio(window) == before
    assert window.bridge is not None
    assert window.bridge.do(renaming(before))  # and it can be changed again


def test_nothing_else_is_changed_or_undone_while_a_large_import_is_written(
    window: Window, disk: Disk, tracker: Edit, qtbot: QtBot
) -> None:
    window.do(renaming(portfolio(window)))
    before = portfolio(window)
    window.bring_in(tracker)
    assert disk.begun.wait(30)
    funder = before.funders[1]
    other = Edit("Rename", (change("funders", funder, replace(funder, name="Mill")),))
    for wish in (window.undo, lambda: window.do(other), lambda: window.bring_in(tracker)):
        window.say("")
        wish()
        assert "still being written" in said(window)
    disk.goes_on.set()
    qtbot.waitUntil(lambda: len(portfolio(window).funders) == len(before.funders) + 2_000)
    window.do(other)
    assert portfolio(window).funders[1].name == "Mill"


@pytest.mark.parametrize("fault", [KnownError("The disk is full"), ValueError("ours")])
def test_a_disk_that_fails_under_a_large_import_is_said_and_leaves_the_book_as_it_was(
    fault: Exception,
    window: Window,
    disk: Disk,
    tracker: Edit,
    qtbot: QtBot,
    faults: list[BaseException],
) -> None:
    before = portfolio(window)
    disk.fault = fault
    disk.goes_on.set()
    window.bring_in(tracker)
    qtbot.waitUntil(lambda: not window.work.busy)
    if isinstance(fault, KnownError):
        assert said(window) == "The disk is full"
    else:
        assert faults == [fault]
    assert portfolio(window) == before
    assert window.bridge is not None
    assert window.bridge.do(renaming(before))


def test_a_book_is_closed_under_a_large_import_only_when_that_is_written(
    window: Window, disk: Disk, tracker: Edit, qtbot: QtBot
) -> None:
    assert window.bridge is not None
    store = window.bridge.workspace.store
    window.bring_in(tracker)
    assert disk.begun.wait(30)
    disk.goes_on.set()
    window.close_book()
    qtbot.waitUntil(lambda: store.journal(1)[0].label == tracker.label)
    assert not window.work.busy


def test_a_large_import_is_undone_elsewhere_too_and_can_be_done_again(
    window: Window, disk: Disk, tracker: Edit, qtbot: QtBot
) -> None:
    before = portfolio(window)
    disk.goes_on.set()
    window.bring_in(tracker)
    qtbot.waitUntil(lambda: len(portfolio(window).funders) == len(before.funders) + 2_000)
    after = portfolio(window)
    disk.goes_on.clear()
    disk.begun.clear()
    window.undo()
    qtbot.waitUntil(window.work_line.cancel.isVisible)
    assert "Undoing: Import tracker.xlsx" in window.work_line.words.text()
    assert disk.thread is not threading.current_thread()
    qtbot.mouseClick(window.work_line.cancel, Qt.MouseButton.LeftButton)
    disk.goes_on.set()
    qtbot.waitUntil(lambda: not window.work.busy)
    assert portfolio(window) == after
    assert window.bridge is not None
    said = list[str]()
    window.bridge.turned.connect(said.append)
    for turn, book in ((window.undo, before), (window.redo, after), (window.undo, before)):
        turn()
        qtbot.waitUntil(lambda book=book: portfolio(window) == book)  # type: ignore[misc]
    qtbot.waitUntil(lambda: len(said) == 3)
    assert said[0] == said[2] == "Undone: Import tracker.xlsx"


def brought_in(window: Window, tracker: Edit, qtbot: QtBot) -> HistoryPage:
    """The history of a book that a large tracker has come into."""
    before = len(portfolio(window).funders)
    window.bring_in(tracker)
    qtbot.waitUntil(lambda: len(portfolio(window).funders) == before + len(tracker.changes))
    window.go_to(HISTORY)
    return cast("HistoryPage", window.page(HISTORY))


def test_a_large_line_of_the_history_says_how_much_it_was_and_shows_all_when_asked(
    window: Window, disk: Disk, tracker: Edit, qtbot: QtBot
) -> None:
    disk.goes_on.set()
    page = brought_in(window, tracker, qtbot)
    panel = page.panel
    assert panel._fact.text() == "Reading what it changed…"
    assert not panel.take_back_button.isEnabled()
    qtbot.waitUntil(lambda: bool(panel.table.rows))
    assert panel._sum.text() == "Added: 2,000 funders. The first 200 are shown."
    assert len({row.record for row in panel.table.rows}) == 200
    assert panel.take_back_button.isEnabled()
    qtbot.mouseClick(panel.all_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len({row.record for row in panel.table.rows}) == 2_000)
    assert panel._sum.text() == "Added: 2,000 funders."
    assert not panel.all_button.isVisible()


def test_a_large_line_that_cannot_be_read_says_so_and_cannot_be_taken_back(
    window: Window,
    disk: Disk,
    tracker: Edit,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(history_page, "summed", broken)
    disk.goes_on.set()
    panel = brought_in(window, tracker, qtbot).panel
    says = "What this changed could not be read (ZeroDivisionError)."
    qtbot.waitUntil(lambda: panel._fact.text() == says)
    assert not panel.take_back_button.isEnabled()


def test_a_large_line_of_the_past_is_taken_back_elsewhere_too(
    window: Window, disk: Disk, tracker: Edit, qtbot: QtBot
) -> None:
    before = portfolio(window)
    disk.goes_on.set()
    page = brought_in(window, tracker, qtbot)
    window.do(renaming(before))
    page.grid.choose("1")
    qtbot.waitUntil(page.panel.take_back_button.isEnabled)
    disk.goes_on.clear()
    disk.begun.clear()
    qtbot.mouseClick(page.panel.take_back_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(window.work_line.cancel.isVisible)
    assert "Taking back: Import tracker.xlsx" in window.work_line.words.text()
    assert disk.begun.wait(30)
    assert disk.thread is not threading.current_thread()
    heard = list[str]()
    assert window.bridge is not None
    window.bridge.said.connect(heard.append)
    disk.goes_on.set()
    qtbot.waitUntil(lambda: heard == ["Taken back: “Import tracker.xlsx”"])
    assert len(portfolio(window).funders) == len(before.funders)
    assert portfolio(window).funders[0].name == "The Quay Trust"
    window.undo()  # taking back is a change of its own
    qtbot.waitUntil(lambda: len(portfolio(window).funders) == len(before.funders) + 2_000)
