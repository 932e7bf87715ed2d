from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QThreadPool

from fundtrack import app
from fundtrack.core.edit import Edit, change
from fundtrack.gui.background import Latest
from fundtrack.gui.bridge import Bridge
from fundtrack.workspace import MemoryStore, Workspace
from tests.gui.conftest import TODAY

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from fundtrack.core.model import Portfolio
    from fundtrack.gui.view import View


def bridge_on(portfolio: Portfolio) -> tuple[Bridge, list[View]]:
    bridge = Bridge(Workspace(MemoryStore(portfolio)), app.statutory(), lambda: TODAY)
    views: list[View] = []
    bridge.changed.connect(views.append)
    bridge.refresh()
    return bridge, views


def moved(portfolio: Portfolio, days: int) -> Edit:
    award = portfolio.awards[0]
    later = replace(award, end=award.end.replace(year=award.end.year + days))
    return Edit("Move end date", (change("awards", award, later),))


def test_an_edit_comes_back_as_a_new_view_and_undo_brings_the_old_one(sample: Portfolio) -> None:
    bridge, views = bridge_on(sample)
    bridge.do(moved(sample, 1))
    bridge.undo()
    bridge.redo()
    ends = [view.portfolio.awards[0].end.year - sample.awards[0].end.year for view in views]
    assert ends == [0, 1, 0, 1]


def test_what_cannot_be_is_said_and_the_page_is_shown_as_the_book_stands(
    sample: Portfolio, qtbot: QtBot
) -> None:
    bridge, views = bridge_on(sample)
    award = sample.awards[0]
    wrong = replace(award, end=award.start.replace(year=award.start.year - 1))
    with qtbot.waitSignal(bridge.refused) as told:
        bridge.do(Edit("Move end date", (change("awards", award, wrong),)))
    assert told.args
    assert told.args[0] == "This is before the start, 1 Apr 2024. Give a later date"
    assert views[-1].portfolio is bridge.workspace.portfolio
    assert bridge.workspace.undo_label is None


def test_a_large_book_is_worked_out_elsewhere_and_only_the_newest_answer_counts(
    sample: Portfolio, qtbot: QtBot
) -> None:
    bridge, views = bridge_on(sample)
    bridge._took = 2_000.0
    with qtbot.waitSignal(bridge.changed):
        bridge.do(moved(sample, 1))
        bridge.do(moved(bridge.workspace.portfolio, 1))
    qtbot.waitUntil(lambda: not bridge._latest.busy)
    assert len(views) == 2
    assert views[-1].portfolio is bridge.workspace.portfolio
    bridge.close()


def test_an_answer_nobody_waits_for_is_dropped(qtbot: QtBot) -> None:
    latest = Latest(pool=QThreadPool())
    answers: list[object] = []
    latest.answered.connect(answers.append)
    latest.ask(lambda: "old")
    latest.ask(lambda: "new")
    qtbot.waitUntil(lambda: not latest.busy)
    assert answers == ["new"]


def test_a_fault_elsewhere_reaches_the_owner(qtbot: QtBot) -> None:
    latest = Latest(pool=QThreadPool())

    def fails() -> None:
        raise ZeroDivisionError

    with qtbot.waitSignal(latest.failed) as told:
        latest.ask(fails)
    assert told.args
    assert isinstance(told.args[0], ZeroDivisionError)
