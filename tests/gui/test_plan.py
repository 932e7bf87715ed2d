"""What a manager and trustees try on the Plan page, told by keyboard and mouse."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication

from fundtrack import app
from fundtrack.gui.dialogs.plan import AcceptChanges, AddChange, KeepScenario
from fundtrack.gui.widgets.runway import RunwayChart
from fundtrack.gui.window import PLAN, Window
from tests.gui.conftest import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from PySide6.QtGui import QImage
    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot

    from fundtrack.core.model import Portfolio, Scenario
    from fundtrack.gui.look import Look
    from fundtrack.gui.pages.plan import PlanPage
    from fundtrack.gui.widgets.runway import Runway
    from fundtrack.gui.widgets.slider import LeverRow
    from tests.gui.conftest import Shelf

Key = Qt.Key


def plan(window: Window) -> PlanPage:
    window.go_to(PLAN)
    return cast("PlanPage", window.page(PLAN))


def book(window: Window) -> Portfolio:
    assert window.bridge is not None
    return window.bridge.workspace.portfolio


def row(page: PlanPage, kind: str) -> LeverRow:
    return next(each for name, each in page._rows.items() if name.startswith(f"{kind}:"))


def says(page: PlanPage, figure: str) -> tuple[str, ...]:
    found = next(each for each in page.compared.table.rows if each.name == figure)
    return (*found.now[:2], *found.then[:2])


def in_dialog(does: Callable[[], None]) -> None:
    """Do something as soon as a dialog stands open."""
    QTimer.singleShot(0, does)


def dialog_of(kind: type) -> object:
    found = QApplication.activeModalWidget()
    assert isinstance(found, kind)
    return found


def test_nothing_has_changed_until_something_is_moved(window: Window) -> None:
    page = plan(window)
    assert page.strip.words.text().startswith("<b>Nothing here has changed the book.</b>")
    assert page.answer is not None
    assert page.answer.found.changed == ()
    assert not page.tries.accept_button.isEnabled()
    assert [each.group for each in page.levers] == [
        "What may happen",
        "What may happen",
        "What we choose",
        "What we choose",
    ]


def test_a_slider_answers_and_the_field_beside_it_follows(window: Window, qtbot: QtBot) -> None:
    page = plan(window)
    before = book(window)
    late = row(page, "late")
    assert late.slider is not None
    assert late.field is not None
    late.slider.setFocus()
    qtbot.keyClick(late.slider, Key.Key_Right)
    qtbot.keyClick(late.slider, Key.Key_Right)
    assert late.field.text() == "2 months"
    qtbot.waitUntil(lambda: says(page, "Runway, whole months")[3] != "17")
    assert says(page, "Runway, whole months")[:2] == ("11", "17")
    assert "1 change, not made" in page.strip.words.text()
    assert book(window) is before
    qtbot.keyClick(late.slider, Key.Key_Backspace)
    assert late.field.text() == "on time"


def test_a_figure_is_typed_and_the_slider_follows(window: Window, qtbot: QtBot) -> None:
    page = plan(window)
    price = row(page, "price")
    assert price.slider is not None
    assert price.field is not None
    price.field.setFocus()
    price.field.selectAll()
    qtbot.keyClicks(price.field, "90")
    qtbot.keyClick(price.field, Key.Key_Return)
    assert price.slider.value() == 90
    qtbot.waitUntil(lambda: page.drawn is not None and len(page.drawn.changes) == 1)
    assert page.drawn is not None
    assert page.drawn.portfolio.awards_by_key["mopac-core-renewal"].amount == 48_870_000


def test_a_click_on_the_rail_goes_there(window: Window, qtbot: QtBot) -> None:
    page = plan(window)
    late = row(page, "late")
    assert late.slider is not None
    at_end = QPoint(late.slider.width() - 2, late.slider.height() // 2)
    qtbot.mouseClick(late.slider, Qt.MouseButton.LeftButton, pos=at_end)
    assert late.lever.value == 12


def test_a_kept_scenario_comes_back_as_its_sliders_and_its_words(window: Window) -> None:
    page = plan(window)
    at = page.tries.scenarios.findData("nine-tenths")
    page.tries.scenarios.setCurrentIndex(at)
    page.tries.scenarios.activated.emit(at)
    assert [(each.kind, each.value) for each in page.levers] == [
        ("price", Decimal(90)),
        ("fte", Decimal("0.6")),
    ]
    assert page.fixed == ()
    assert page.words.fields["want"].toPlainText().startswith("Keep all three IDVAs")


def test_what_is_accepted_is_one_edit_and_one_undo_takes_it_back(window: Window) -> None:
    page = plan(window)
    before = book(window)
    page.open("nine-tenths")
    in_dialog(lambda: cast("AcceptChanges", dialog_of(AcceptChanges)).accept())
    page.tries.accept_button.click()
    assert book(window).posts_by_key["idva-hospital"].fte == Decimal("0.6")
    assert book(window).awards_by_key["mopac-core-renewal"].amount == 48_870_000
    assert page.levers == ()
    assert page.message.words == "Made: 2 changes."
    assert page.answer is not None
    assert page.answer.found.changed == ()
    window.undo()
    assert replace(book(window)) == before


def test_some_changes_are_accepted_and_the_rest_stays_untried(window: Window) -> None:
    page = plan(window)
    page.open("nine-tenths")

    def untick_the_first() -> None:
        dialog = cast("AcceptChanges", dialog_of(AcceptChanges))
        assert "£488,700, not £543,000" in str(dialog.model.index(0).data())
        role = Qt.ItemDataRole.CheckStateRole
        dialog.model.setData(dialog.model.index(0), Qt.CheckState.Unchecked, role)
        dialog.accept()

    in_dialog(untick_the_first)
    page.accept_changes()
    assert book(window).awards_by_key["mopac-core-renewal"].amount == 54_300_000
    assert book(window).posts_by_key["idva-hospital"].fte == Decimal("0.6")
    assert [each.key for each in page.fixed] == ["mopac-core-renewal"]


def test_a_scenario_is_kept_and_its_changes_are_still_not_made(window: Window) -> None:
    page = plan(window)
    post = book(window).posts[2]
    page.try_lever(row(page, "fte").lever.at(Decimal("0.5")))
    page.words.fields["how"].setPlainText("Ask in time.")

    def name_it() -> None:
        dialog = cast("KeepScenario", dialog_of(KeepScenario))
        dialog.field.clear()
        dialog.accept()
        assert dialog.fault.text() == "This may not be empty. Type a name"
        dialog.field.setText("Half a manager")
        dialog.accept()

    in_dialog(name_it)
    page.tries.keep_button.click()
    kept = book(window).scenarios[-1]
    assert (kept.title, kept.how) == ("Half a manager", "Ask in time.")
    assert len(kept.edits) == 1
    assert book(window).posts[2] == post
    assert page.tries.scenarios.currentText() == "Half a manager"


def test_what_was_tried_is_put_away_and_can_be_brought_back(window: Window, qtbot: QtBot) -> None:
    page = plan(window)
    page.try_lever(row(page, "fte").lever.at(Decimal("0.5")))
    page.words.fields["how"].setPlainText("Ask in time.")
    tried = page.levers
    for leave in (
        page.tries.new_button.click,
        page.tries.discard_button.click,
        lambda: choose_scenario(page, "nine-tenths"),
    ):
        leave()
        assert page.levers != tried
        assert page.words.fields["how"].toPlainText() != "Ask in time."
        assert page.message.words == "What you tried is put away, and kept nowhere."
        qtbot.mouseClick(page.message._act, Qt.MouseButton.LeftButton)
        assert page.levers == tried
        assert page.words.fields["how"].toPlainText() == "Ask in time."
        assert page.key == ""


def choose_scenario(page: PlanPage, key: str) -> None:
    page.tries.scenarios.setCurrentIndex(page.tries.scenarios.findData(key))
    page.tries.scenarios.activated.emit(page.tries.scenarios.currentIndex())


def test_where_nothing_was_tried_there_is_nothing_to_bring_back(window: Window) -> None:
    page = plan(window)
    page.tries.new_button.click()
    choose_scenario(page, "nine-tenths")
    page.tries.new_button.click()
    assert page.message.words == ""


def test_what_was_written_of_a_scenario_is_kept_when_the_book_closes(
    window: Window, qtbot: QtBot
) -> None:
    assert window.bridge is not None
    workspace = window.bridge.workspace
    page = plan(window)
    page.try_lever(row(page, "fte").lever.at(Decimal("0.5")))
    qtbot.keyClicks(page.words.fields["want"], "Half a manager is enough.")
    window.acts.close.trigger()
    kept = workspace.portfolio.scenarios[-1]
    assert (kept.title, kept.want) == ("Begun on 22 Nov 2026", "Half a manager is enough.")
    assert len(kept.edits) == 1

    assert window.open_book(Path("sample.fundtrack"))
    assert window.bridge is not None
    workspace = window.bridge.workspace
    page = plan(window)
    choose_scenario(page, "nine-tenths")
    before = workspace.portfolio.find("scenarios", "nine-tenths")
    qtbot.keyClicks(page.words.fields["how"], "Ask first. ")
    window.close()
    after = cast("Scenario", workspace.portfolio.find("scenarios", "nine-tenths"))
    assert (after.how or "").startswith("Ask first.")
    assert after.edits == cast("Scenario", before).edits


def test_sliders_moved_and_nothing_written_leave_the_book_as_it_was(window: Window) -> None:
    assert window.bridge is not None
    workspace = window.bridge.workspace
    page = plan(window)
    page.try_lever(row(page, "fte").lever.at(Decimal("0.5")))
    window.acts.close.trigger()
    assert workspace.undo_label is None


def test_a_share_is_moved_a_post_ended_and_an_award_added(window: Window) -> None:
    page = plan(window)
    for kind in ("move", "ends", "lose", "extend", "late", "price", "pay"):
        in_dialog(lambda kind=kind: _ask_for(kind))  # type: ignore[misc]
        page.add()
    assert {each.kind for each in page.levers} >= {"move", "ends", "early", "extend"}

    def add_an_award() -> None:
        dialog = cast("AddChange", dialog_of(AddChange))
        dialog.choose_kind("add")
        dialog.accept()
        assert dialog.fault.text() == "This may not be empty. Type a name"
        dialog.title.setText("Bridging grant")
        dialog.amount.setText("£30,000")
        dialog.accept()

    in_dialog(add_an_award)
    page.add()
    assert page.drawn is not None
    assert "Bridging grant" in [award.title for award in page.drawn.portfolio.awards]
    assert "Bridging grant" not in [award.title for award in book(window).awards]


def _ask_for(kind: str) -> None:
    dialog = cast("AddChange", dialog_of(AddChange))
    dialog.choose_kind(kind)
    if kind == "move" and dialog.to.currentText() in dialog.share.currentText():
        dialog.to.setCurrentIndex(1)
    dialog.accept()
    assert dialog.fault.isHidden(), dialog.fault.text()


def test_an_empty_book_says_what_would_be_here(shelf: Shelf, opened: Callable[[], Window]) -> None:
    shelf.portfolio = app.empty_portfolio("New Charity", "england-and-wales", TODAY)
    page = plan(opened())
    assert page.levers == ()
    assert page.answer is not None


def test_a_book_that_can_only_be_read_can_be_tried_and_not_changed(
    shelf: Shelf, opened: Callable[[], Window]
) -> None:
    shelf.read_only = "It is open elsewhere."
    page = plan(opened())
    page.open("nine-tenths")
    assert not page.tries.accept_button.isVisible()
    assert not page.tries.keep_button.isVisible()
    assert says(page, "Unfunded in April 2027")[2] == "3.51 FTE"


def test_the_models_keep_qts_rules(window: Window, look: Look, qtmodeltester: ModelTester) -> None:
    page = plan(window)
    page.open("nine-tenths")
    assert page.drawn is not None
    dialog = AcceptChanges(look, book(window), "Accept", page.drawn.changes, page)
    page.swap_chart()
    for model in (page.compared.table, page.chart.months, dialog.model):
        qtmodeltester.check(model)
    dialog.deleteLater()


def test_a_large_book_is_worked_out_elsewhere(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fundtrack.gui.pages.plan.TOO_LONG", 0.0)
    page = plan(window)
    qtbot.waitUntil(lambda: page.answer is not None)
    page.try_lever(row(page, "late").lever.at(Decimal(6)))
    qtbot.waitUntil(lambda: says(page, "Runway, whole months")[3] != "17")


def test_the_table_tells_what_the_chart_draws_before_a_slider_moves_and_after(
    window: Window, qtbot: QtBot
) -> None:
    page = plan(window)
    slider = row(page, "pay").slider
    assert slider is not None

    def told() -> list[tuple[int, ...]]:
        return [(*each.now, *each.then) for each in page.chart.months.rows]

    def drawn() -> list[tuple[int, ...]]:
        runway = page.chart.chart.runway
        assert runway is not None
        lines = (*runway.ghosts, *runway.lines)
        return list(zip(*(line.pence for line in lines), strict=True))

    def move() -> None:
        before = drawn()
        slider.setValue(slider.value() + 5)
        qtbot.waitUntil(lambda: drawn() != before)

    move()
    page.swap_chart()
    assert told() == drawn()
    move()
    assert told() == drawn()
    page.swap_chart()
    move()
    page.swap_chart()
    assert told() == drawn()


def test_the_lines_behind_are_drawn_anew_when_they_or_their_frame_change(
    window: Window, look: Look, qtbot: QtBot
) -> None:
    first = plan(window).chart.chart.runway
    assert first is not None
    assert first.ghosts
    highest = replace(first.lines[0], pence=tuple(pence * 3 for pence in first.lines[0].pence))
    chart = RunwayChart(look)
    qtbot.addWidget(chart)

    def drawn(on: RunwayChart, runway: Runway) -> QImage:
        on.resize(700, 220)
        on.present(runway)
        return on.grab().toImage()

    for runway in (
        first,
        replace(first, ghosts=(highest,)),
        replace(first, lines=(highest, *first.lines[1:])),
        replace(first, ghosts=()),
    ):
        fresh = RunwayChart(look)
        qtbot.addWidget(fresh)
        assert drawn(chart, runway) == drawn(fresh, runway)
    look.choose("dark")
    fresh = RunwayChart(look)
    qtbot.addWidget(fresh)
    assert drawn(chart, first) == drawn(fresh, first)
