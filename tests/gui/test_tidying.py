"""Python goes through all its values when nobody waits, and a closed window is let go of."""

from __future__ import annotations

import gc
import sys
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from fundtrack.gui import main, tidying
from fundtrack.gui.tidying import Tidying
from fundtrack.gui.window import PLACES, PLAN, Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from fundtrack.gui.doors import Doors
    from fundtrack.gui.pages.plan import PlanPage

EVERYTHING = 2
BY_ITSELF = sys.version_info < (3, 14)
"""From then on Python goes through a part each time, and through everything when it is told to."""


@pytest.fixture
def searches() -> Iterator[list[int]]:
    """How much Python searched each time: 2 is everything, of which it thinks there is little."""
    found: list[int] = []

    def note(phase: str, told: dict[str, Any]) -> None:
        if phase == "start":
            found.append(told["generation"])

    usual = gc.get_threshold()
    gc.freeze()
    gc.collect()
    gc.set_threshold(100, 2, 2)
    gc.callbacks.append(note)
    yield found
    gc.callbacks.remove(note)
    gc.set_threshold(*usual)
    gc.unfreeze()


@pytest.fixture
def tidied(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tidying]:
    """What looks for quiet, when the test says."""
    monkeypatch.setattr(tidying, "LOOKS_EVERY", 1_000_000)
    made = Tidying(qapp)
    yield made
    made.deleteLater()


def drag(window: Window, qtbot: QtBot) -> None:
    """Move every slider of the plan a little, step by step, each until it is painted."""
    page = cast("PlanPage", window.page(PLAN))
    for row in page.rows:
        for at in range(8):
            assert row.slider is not None
            row.slider.setValue(row.slider.value() + (1 if at % 4 < 2 else -1))
            qtbot.waitUntil(lambda: not page._soon.isActive())
            page.repaint()


def test_no_step_of_a_slider_waits_for_a_search_through_everything(
    window: Window, tidied: Tidying, searches: list[int], qtbot: QtBot
) -> None:
    window.go_to(PLAN)
    drag(window, qtbot)
    assert (EVERYTHING in searches) is BY_ITSELF
    tidied.begin()
    searches.clear()
    drag(window, qtbot)
    assert searches
    tidied.look()
    assert EVERYTHING not in searches
    tidied.look()
    assert searches.count(EVERYTHING) == 1
    tidied.look()
    tidied.look()
    assert searches.count(EVERYTHING) == 1  # nothing has come due since
    tidied.end()


@pytest.mark.parametrize("touch", ["key", "mouse"])
def test_nobody_who_types_or_points_is_kept_waiting(
    window: Window, tidied: Tidying, searches: list[int], touch: str
) -> None:
    gc.set_threshold(1_000_000, 2, 2)  # so that nothing but the touch is in the way
    tidied.begin()
    tidied._watch(window.windowHandle())
    searches.clear()
    if touch == "key":
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_Shift)
    else:
        QTest.mouseMove(window.windowHandle(), QPoint(300, 300))
    tidied._seen = tidying._searches()
    tidied.look()
    assert EVERYTHING not in searches
    tidied.look()
    assert EVERYTHING in searches
    tidied.end()


def test_python_searches_as_before_once_the_program_has_ended(
    qapp: QApplication, doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = gc.get_threshold()
    during: list[tuple[int, ...]] = []

    def run() -> int:
        during.append(gc.get_threshold())
        return 0

    monkeypatch.setattr(qapp, "exec", run)
    assert main.run(None, [], doors) == 0
    assert during == [(*usual[:2], tidying.AT_MOST if BY_ITSELF else 0)]
    assert gc.get_threshold() == usual


def test_a_closed_window_is_let_go_of(window: Window, tidied: Tidying, qtbot: QtBot) -> None:
    tidied.begin()
    second = window.open_window()
    assert second.open_book(Path("refuge.fundtrack"))
    for at in range(len(PLACES)):
        second.go_to(at)
    closed = weakref.ref(second)
    with qtbot.waitSignal(second.destroyed):
        second.close()
    del second
    tidied._watch(window.windowHandle())
    for _ in range(3):
        tidied.look()
    assert closed() is None
    tidied.end()
