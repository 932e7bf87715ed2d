"""Every figure can be asked why: the sum, its rule, and the records it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import Qt, QUrl

from fundtrack.core.why_figures import explained, rule_of, without_salaries
from fundtrack.core.why_sentences import SENTENCES
from fundtrack.gui.help import topics
from fundtrack.gui.widgets.grid import Grid
from fundtrack.gui.window import AWARDS, DEADLINES, OVERVIEW, PIPELINE, PLAN, POSTS, Window

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from fundtrack.gui.pages.awards import Awards
    from fundtrack.gui.pages.overview import Overview
    from fundtrack.gui.pages.pipeline import PipelinePage
    from fundtrack.gui.pages.posts import Posts

Key = Qt.Key


def overview(window: Window) -> Overview:
    window.go_to(OVERVIEW)
    return cast("Overview", window.page(OVERVIEW))


def test_shift_f1_on_a_key_figure_opens_the_sum(window: Window) -> None:
    page = overview(window)
    page.figures.grid.choose("Free reserves")
    window.acts.why.trigger()
    said = window.why_panel.text.toPlainText()
    assert window.why_panel.isVisible()
    assert "Funds that are free to spend" in said
    assert "£148,613" in said
    assert "Balances and reserves policy" in said


def test_every_key_figure_can_be_asked_and_has_a_rule(window: Window) -> None:
    page = overview(window)
    assert page.view is not None
    told = page.view.outlook
    for figure in page.view.glance.figures:
        name = f"figures.{figure.name}"
        assert explained(told, name).lines, figure.name
        assert rule_of(name)[0], figure.name


def test_every_rule_named_stands_in_the_help() -> None:
    known = {(topic.page, "" if topic.whole else topic.title) for topic in topics()}
    for figure in (
        "figures.Runway",
        "figures.Largest source",
        "forecast.secured.2027-04.cash",
        "forecast.secured.2027-04.cost",
        "forecast.secured.2027-04.unrestricted_closing",
        "forecast.secured.floor_breach_month",
        "forecast.secured.months_cover",
        "forecast.possible.awards.core.2027-04.income",
        "posts.p1.redundancy.payable",
        "posts.p1.redundancy.cap",
        "posts.p1.redundancy.range.low",
        "posts.p1.latest_notice_working",
        "posts.p1.latest_consultation_start",
        "posts.p1.cliff_date",
        "posts.p1.unfunded_cost_by_month.2027-04",
        "cliffs.award:core.over_12_months",
        "ladders.award:core.notice",
        "exposure.total",
    ):
        assert rule_of(figure) in known, figure


def test_the_panel_follows_the_keyboard_while_it_stands_open(window: Window, qtbot: QtBot) -> None:
    page = overview(window)
    page.figures.why_link.click()
    chart = page.runway.chart
    chart.setFocus()
    qtbot.keyClick(chart, Key.Key_Right)
    assert window.why_panel.figure == "forecast.secured.2026-11.unrestricted_closing"
    qtbot.keyClick(chart, Key.Key_Right)
    assert window.why_panel.figure == "forecast.secured.2026-12.unrestricted_closing"


def test_the_charts_months_answer_at_every_certainty(window: Window, qtbot: QtBot) -> None:
    page = overview(window)
    chart = page.runway.chart
    chart.setFocus()
    qtbot.keyClick(chart, Key.Key_Right)
    qtbot.keyClick(chart, Key.Key_Up)
    window.acts.why.trigger()
    assert window.why_panel.figure == "forecast.probable.2026-11.unrestricted_closing"
    assert "counting probable money too" in window.why_panel.text.toPlainText()
    assert chart.accessibleDescription().startswith("probable £")
    qtbot.keyClick(chart, Key.Key_Up)
    qtbot.keyClick(chart, Key.Key_Up)
    assert window.why_panel.figure == "forecast.possible.2026-11.unrestricted_closing"
    qtbot.keyClick(chart, Key.Key_Down)
    qtbot.keyClick(chart, Key.Key_Right)
    assert window.why_panel.figure == "forecast.probable.2026-12.unrestricted_closing"


def test_each_certainty_of_a_month_is_a_link_below_the_chart(window: Window, qtbot: QtBot) -> None:
    page = overview(window)
    page.runway.chart.setFocus()
    qtbot.keyClick(page.runway.chart, Key.Key_Right)
    for certainty in ("secured", "probable", "possible"):
        assert f"why:{certainty}" in page.runway.records.text()
        page.runway.records.linkActivated.emit(f"why:{certainty}")
        assert window.why_panel.figure == f"forecast.{certainty}.2026-11.unrestricted_closing"


def test_the_charts_table_answers_for_the_column_the_keyboard_is_on(
    window: Window, qtbot: QtBot
) -> None:
    page = overview(window)
    page.swap_chart()
    grid = page.runway.grid
    grid.choose("2026-12-01", 0)
    window.acts.why.trigger()
    for certainty in ("secured", "probable", "possible"):
        qtbot.keyClick(grid, Key.Key_Right)
        assert window.why_panel.figure == f"forecast.{certainty}.2026-12.unrestricted_closing"


def test_each_of_the_three_sentences_answers_why_by_key_and_by_mouse(
    window: Window, qtbot: QtBot
) -> None:
    page = overview(window)
    for said, figure in zip(page.sentences.labels, SENTENCES, strict=True):
        said.setFocus(Qt.FocusReason.TabFocusReason)
        window.acts.why.trigger()
        assert window.why_panel.figure == figure
        window.show_why("")
        qtbot.keyClick(said, Key.Key_Return)
        assert window.why_panel.figure == figure
        said.clearFocus()
        window.show_why("")
        said.linkActivated.emit("why")
        assert window.why_panel.figure == figure
        text = window.why_panel.text.toPlainText()
        assert "no longer there" not in text
        assert "Rule" in text


def test_a_month_of_a_posts_cover_answers_why(window: Window, qtbot: QtBot) -> None:
    window.go_to(POSTS)
    page = cast("Posts", window.page(POSTS))
    page.open_in_grid("idva-courts")
    window.acts.why.trigger()
    assert window.why_panel.figure == "posts.idva-courts.cliff_date"
    months = page.cover.months
    qtbot.keyClick(months, Key.Key_Home)
    assert window.why_panel.figure == "cover.idva-courts.2026-11"
    for _ in range(5):
        qtbot.keyClick(months, Key.Key_Right)
    assert window.why_panel.figure == "cover.idva-courts.2027-04"
    text = window.why_panel.text.toPlainText()
    assert "100% probable: Victims' core grant, next three years" in text
    assert "£3,274.70" not in text
    window.why_panel.text.anchorClicked.emit(QUrl("lock:"))
    assert "£3,274.70" in window.why_panel.text.toPlainText()


def test_a_month_on_a_posts_own_page_answers_why(window: Window, qtbot: QtBot) -> None:
    window.open_record("posts.idva-courts")
    page = cast("Posts", window.page(POSTS))
    months = page.own.cover.cover.months
    months.setFocus()
    qtbot.keyClick(months, Key.Key_Home)
    window.acts.why.trigger()
    assert window.why_panel.figure == "cover.idva-courts.2026-11"


def test_the_menu_of_a_cell_a_month_and_a_row_offers_why(window: Window, qtbot: QtBot) -> None:
    page = overview(window)
    chart = page.runway.chart
    chart.setFocus()
    qtbot.keyClick(chart, Key.Key_Right)
    assert window.acts.why in chart.menu().actions()
    page.figures.grid.setFocus()
    assert window.acts.why in page.figures.grid.menu().actions()
    window.go_to(POSTS)
    posts = cast("Posts", window.page(POSTS))
    posts.open_in_grid("idva-courts")
    qtbot.keyClick(posts.cover.months, Key.Key_Home)
    assert window.acts.why in posts.cover.months.menu().actions()


def test_a_months_posts_stand_in_one_line_until_asked_apart(window: Window) -> None:
    page = overview(window)
    assert page.view is not None
    found = explained(page.view.outlook, "forecast.secured.2026-12.unrestricted_closing")
    brief = without_salaries(found)
    assert sum(line.pence or 0 for line in brief.lines) == found.total
    assert not [line for line in brief.lines if line.records == ("posts.ceo",)]
    window.show_why("forecast.secured.2026-12.unrestricted_closing")
    panel = window.why_panel
    assert "Chief executive\n" not in panel.text.toPlainText().partition("Rests on")[0]
    panel.text.anchorClicked.emit(QUrl("lock:"))
    assert "Chief executive" in panel.text.toPlainText().partition("Rests on")[0]


def test_a_record_it_rests_on_opens(window: Window) -> None:
    overview(window)
    window.show_why("figures.Largest source")
    window.why_panel.text.anchorClicked.emit(QUrl("record:awards.mopac-core"))
    page = cast("Awards", window.page(AWARDS))
    assert page.isVisible()
    assert page.grid.current_key == "mopac-core"


def test_its_rule_opens_the_help_there(window: Window) -> None:
    overview(window)
    window.show_why("exposure.total")
    window.why_panel.text.anchorClicked.emit(QUrl("help:warnings/Exposure"))
    assert window.help.grid.current_key == "warnings#Exposure"
    window.help.close()


@pytest.mark.parametrize("place", [AWARDS, POSTS])
def test_an_awards_and_a_posts_panel_can_be_asked(window: Window, place: int) -> None:
    window.go_to(place)
    page = cast("Awards | Posts", window.page(place))
    if place == AWARDS:
        page.grid.choose("mopac-core", 0)
    else:
        page.open("idva-courts")
    page.panel.why_link.click()
    assert window.why_panel.figure.startswith(
        "cliffs.award:mopac-core" if place == AWARDS else "posts.idva-courts"
    )
    assert "no longer there" not in window.why_panel.text.toPlainText()


def test_a_figure_whose_record_has_gone_says_so(window: Window) -> None:
    overview(window)
    window.show_why("cliffs.award:nobody.over_12_months")
    assert "no longer there" in window.why_panel.text.toPlainText()


def test_with_no_figure_the_panel_says_how_to_ask(window: Window) -> None:
    overview(window)
    window.show_why("")
    assert "press Shift+F1" in window.why_panel.text.toPlainText()


@pytest.mark.parametrize("place", [OVERVIEW, PIPELINE, AWARDS, POSTS, DEADLINES, PLAN])
def test_every_row_of_every_table_of_figures_answers_why(window: Window, place: int) -> None:
    window.go_to(place)
    page = window.page(place)
    window.show_why("figures.Free reserves")
    asked = 0
    for grid in page.findChildren(Grid):
        if not grid.isVisible() or grid.window() is not window:
            continue
        grid.setFocus()
        for row in range(min(grid.sorted.rowCount(), 12)):
            grid.choose(grid.key_at(grid.sorted.index(row, 0)), 0)
            if not (figure := page.figure_asked()):
                continue
            window.acts.why.trigger()
            said = window.why_panel.text.toPlainText()
            assert window.why_panel.figure == figure
            assert "no longer there" not in said, figure
            assert "Rule" in said, figure
            asked += 1
    assert asked >= 3


def test_the_total_of_each_certainty_in_the_pipeline_answers_why(
    window: Window, qtbot: QtBot
) -> None:
    window.go_to(PIPELINE)
    page = cast("PipelinePage", window.page(PIPELINE))
    for name, link in page.totals.whys.items():
        qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
        assert window.why_panel.figure == f"pipeline.total.{name}"
        assert "Together" in window.why_panel.text.toPlainText()


def test_a_warning_of_the_whole_charity_is_not_explained_by_another_figure(window: Window) -> None:
    page = overview(window)
    page.ladder.more.click()
    keys = [row.key for row in page.ladder.table.rows]
    of_all = [key for key in keys if key.startswith(("organisation:", "service:", "silent:"))]
    assert of_all
    for key in of_all:
        page.ladder.grid.setFocus()
        page.ladder.grid.choose(key, 0)
        figure = page.figure_asked()
        assert figure != "figures.Free reserves", key
        assert explained(page.view.outlook, figure).says if page.view else False
