"""Salaries stay hidden until one person at one screen asks to see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication

from fundtrack.core.model import Portfolio
from fundtrack.gui.post.rows import post_rows
from fundtrack.gui.window import HISTORY, POSTS, Window

if TYPE_CHECKING:
    from pathlib import Path

    from fundtrack.gui.pages.history import HistoryPage
    from fundtrack.gui.pages.posts import Posts


def posts(window: Window) -> Posts:
    window.go_to(POSTS)
    return cast("Posts", window.page(POSTS))


def test_one_lock_opens_every_page_and_closes_it_again(window: Window) -> None:
    page = posts(window)
    page.open_in_grid("idva-courts")
    window.go_to(HISTORY)
    history = cast("HistoryPage", window.page(HISTORY))
    assert window.acts.salaries.text() == "Show &salaries"
    window.acts.salaries.trigger()
    assert window.acts.salaries.text() == "Hide &salaries"
    assert history.panel.lock.text() == "Salaries shown"
    page = posts(window)
    assert page.panel.lock.text() == "Salaries shown"
    assert any(line.value.startswith("£") for line in page.panel.costs.rows)
    page.panel.lock.click()
    assert page.panel.lock.text() == "Salaries hidden"
    assert not any("£" in line.value for line in page.panel.costs.rows)
    window.go_to(HISTORY)
    assert history.panel.lock.text() == "Salaries hidden"


def test_a_book_closed_and_opened_again_hides_them_again(window: Window, home: Path) -> None:
    window.acts.salaries.trigger()
    window.close_book()
    window.open_book(home / "sample.fundtrack")
    assert window.bridge is not None
    assert window.bridge.view is not None
    assert not window.bridge.view.tells_salaries


def test_a_copied_register_tells_no_salary_while_they_are_hidden(window: Window) -> None:
    page = posts(window)
    page.switch.choose(1)
    page.grid.selectAll()
    page.grid.copy_rows()
    assert "IDVA, courts" in QGuiApplication.clipboard().text()
    assert "£" not in QGuiApplication.clipboard().text()
    assert page.view is not None
    assert {row.salary for row in post_rows(page.view)} == {None}


def test_why_a_redundancy_payment_tells_no_pound_until_salaries_are_shown(window: Window) -> None:
    posts(window).open_in_grid("idva-courts")
    window.show_why("posts.idva-courts.redundancy.payable")
    panel = window.why_panel
    assert "£" not in panel.text.toPlainText()
    assert "Salaries hidden. Show salaries" in panel.text.toPlainText()
    panel.text.anchorClicked.emit(QUrl("lock:"))
    assert "£10,592.36" in panel.text.toPlainText()
    assert posts(window).panel.lock.text() == "Salaries shown"


def test_what_ending_every_post_costs_is_told_post_by_post_only_when_shown(window: Window) -> None:
    posts(window)
    window.show_why("exposure.total")
    sums = window.why_panel.text.toPlainText().partition("Rests on")[0]
    assert "£63,835.78" in sums
    assert "Chief executive" not in sums
    window.acts.salaries.trigger()
    assert "Chief executive" in window.why_panel.text.toPlainText().partition("Rests on")[0]


def test_a_view_in_which_salaries_are_absent_has_no_lock_at_all(window: Window) -> None:
    page = posts(window)
    page.open_in_grid("idva-courts")
    assert window.bridge is not None
    window.bridge.tell_salaries("absent")
    assert not page.panel.lock.isVisible()
    assert not window.acts.salaries.isVisible()
    assert "Redundancy pay" not in {line.name for line in page.panel.costs.rows}
    window.show_why("posts.idva-courts.redundancy.payable")
    assert "alaries" not in window.why_panel.text.toPlainText()


def test_the_book_itself_is_the_same_whether_they_are_shown_or_not(window: Window) -> None:
    posts(window)
    assert window.bridge is not None
    assert window.bridge.view is not None
    before: Portfolio = window.bridge.view.portfolio
    dues = window.bridge.view.later.dues()
    window.acts.salaries.trigger()
    assert window.bridge.view.portfolio is before
    assert window.bridge.view.later.dues() is dues
