"""The trustee view: the same book, with no names and no salaries, and nothing to change it by."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel

from fundtrack import workspace
from fundtrack.core.deadlines import Snooze, deadlines
from fundtrack.core.edit import Edit, change, remove
from fundtrack.core.model import Change, Contact, Deadline, Evidence, Person, Portfolio
from fundtrack.core.outlook import outlook
from fundtrack.core.redaction import changes_without
from fundtrack.gui.pages.page import TRUSTEE_VIEW
from fundtrack.gui.widgets.grid import Grid
from fundtrack.gui.window import (
    AWARDS,
    DEADLINES,
    HISTORY,
    OVERVIEW,
    PIPELINE,
    PLACES,
    PLAN,
    POSTS,
    SETTINGS,
    Window,
)
from fundtrack.workspace import MemoryStore, Workspace
from tests.gui.conftest import TODAY
from tests.gui.walking import every_word, words_of_every_page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytestqt.qtbot import QtBot

    from fundtrack.gui.dialogs.anything import Thing
    from fundtrack.gui.pages.awards import Awards
    from fundtrack.gui.pages.history import HistoryPage

MARK = "Zanzibar"
"""Stands in every name and note of a person, and nowhere else."""
SALARY, WEEK, BORN = 31_337_00, "602.63", date(1961, 7, 19)
PRIVATE = (MARK, "31,337", "31337", WEEK, "1961")
BOOK = Path("sample.fundtrack")


def marked(book: Portfolio) -> Portfolio:
    """The sample, with a name, a note, a salary and a birth date wherever there can be one."""
    first = book.awards[0]
    posts = tuple(
        replace(
            post,
            salary=SALARY,
            pay_changes=(),
            fte=post.fte.from_float(1.0),
            person=Person(
                reference=f"{MARK} {post.key}",
                born=BORN,
                continuous_service_from=date(2015, 1, 5),
            ),
        )
        for post in book.posts
    )
    raised = replace(posts[0], salary=SALARY + 1_000_00)
    scenario = replace(
        book.scenarios[0],
        edits=(
            Change(list="posts", key=posts[0].key, before=posts[0], after=raised),
            *book.scenarios[0].edits,
        ),
    )
    funders = tuple(
        replace(
            funder,
            contacts=(Contact(name=f"{MARK} Jones", email=f"{MARK}@example.org", phone=MARK),),
            notes=f"Ask {MARK}",
        )
        for funder in book.funders
    )
    owned = Deadline(
        key="owned",
        award=first.key,
        kind="other",
        title="Send the form",
        due=TODAY,
        owner=f"{MARK} Smith",
    )
    said = Evidence(
        key="said",
        award=next(award.key for award in book.awards if award.renewal_of),
        on=TODAY,
        who=f"{MARK} Brown",
        grade=2,
        note=f"{MARK} rang",
    )
    return replace(
        book,
        posts=posts,
        funders=funders,
        awards=tuple(replace(award, notes=f"Ring {MARK}") for award in book.awards),
        actuals=tuple(replace(each, description=f"Pay of {MARK}") for each in book.actuals),
        deadlines=(*(replace(each, owner=MARK) for each in book.deadlines), owned),
        evidence=(*(replace(each, who=MARK, note=MARK) for each in book.evidence), said),
        scenarios=(scenario, *book.scenarios[1:]),
    )


class Signed(MemoryStore):
    """A store whose journal names who made each change."""

    def journal(self, limit: int | None = None, after: int = 0) -> tuple[Any, ...]:
        return tuple(replace(each, who=f"{MARK}.j") for each in super().journal(limit, after))


@pytest.fixture
def kept(sample: Portfolio) -> Signed:
    """The book with a past: an owner named and named anew, and a salary raised."""
    book = marked(sample)
    store = Signed(book)
    owned = next(each for each in book.deadlines if each.key == "owned")
    former = replace(owned, owner=f"Old {MARK}")
    post = book.posts[0]
    raised = replace(post, salary=SALARY + 500_00)
    award = book.awards[0]
    later = replace(award, end=award.end.replace(day=28))
    for label, name, before, after in (
        (f"Owner of Send the form: Old {MARK}", "deadlines", owned, former),
        (f"Owner of Send the form: {MARK} Smith", "deadlines", former, owned),
        ("Change salary", "posts", post, raised),
        ("Change salary back", "posts", raised, post),
        ("Move end date", "awards", award, later),
        ("Move end date back", "awards", later, award),
    ):
        store.write(Edit(label, (change(name, before, after),)))
    return store


@pytest.fixture
def trustee(closed_window: Window, kept: Signed) -> Window:
    """The window in the trustee view."""
    closed_window.doors = replace(
        closed_window.doors, open_book=lambda _path, _read_only: Workspace(kept)
    )
    closed_window.show_trustee_view(True)
    assert closed_window.open_book(BOOK)
    return closed_window


def told_of(words: set[str]) -> set[str]:
    return {text for text in words if any(mark.casefold() in text.casefold() for mark in PRIVATE)}


def test_an_empty_table_does_not_ask_a_trustee_to_fill_it(window: Window) -> None:
    window.open_record("awards.regular-giving")
    indicators = cast("Awards", window.page(AWARDS)).own.indicators.list
    assert "Add what the funder asks you to count." in indicators.none.text()
    window.show_trustee_view(True)
    window.open_record("awards.regular-giving")
    assert indicators.none.text() == "Nothing is counted yet."


def test_no_page_tells_a_name_a_salary_or_a_birth_date(trustee: Window) -> None:
    assert told_of(words_of_every_page(trustee)) == set()
    book = trustee.bridge.workspace.portfolio if trustee.bridge else None
    assert book is not None
    for award in book.awards[:4]:
        trustee.open_record(f"awards.{award.key}")
        assert told_of(every_word(trustee)) == set()
    for post in book.posts[:4]:
        trustee.open_record(f"posts.{post.key}")
        assert told_of(every_word(trustee)) == set()


def test_a_long_line_of_the_history_is_read_elsewhere_and_tells_none_either(
    trustee: Window, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    readers: list[threading.Thread] = []

    def noted(changes: Iterable[Change]) -> tuple[Change, ...]:
        readers.append(threading.current_thread())
        return changes_without(changes)

    monkeypatch.setattr(workspace, "_LONG_LINE", 10)
    monkeypatch.setattr("fundtrack.gui.unnamed.changes_without", noted)
    trustee.go_to(HISTORY)
    page = cast("HistoryPage", trustee.page(HISTORY))
    moved = [line for line in page.table.rows if line.entry.label.startswith("Move end date")]
    for line in page.table.rows:
        page.grid.choose(str(line.entry.id))
        qtbot.waitUntil(lambda: not page._reading.busy)
        assert told_of(every_word(trustee)) == set()
        assert bool(page.panel.table.rows) is (line in moved)
    assert len(readers) == len(page.table.rows)
    assert threading.main_thread() not in readers


def test_the_walk_would_find_them_in_the_usual_view(trustee: Window) -> None:
    trustee.show_trustee_view(False)
    trustee.show_salaries(True)
    found = told_of(words_of_every_page(trustee))
    for mark in PRIVATE[:2]:
        assert any(mark in text for text in found), mark


def test_why_tells_no_name_and_no_salary_of_any_figure(trustee: Window) -> None:
    view = trustee.bridge.view if trustee.bridge else None
    assert view is not None
    figures = [f"figures.{each.name}" for each in view.glance.figures]
    figures += [f"cliffs.{each.kind}:{each.key}.over_12_months" for each in view.outlook.cliffs]
    for post in view.portfolio.posts:
        fields = ("cliff_date", "redundancy.payable", "redundancy.weeks_pay_used")
        figures += [f"posts.{post.key}.{field}" for field in fields]
    figures += [f"forecast.secured.2027-04.{field}" for field in ("cost", "cash", "free_cash")]
    for figure in figures:
        trustee.show_why(figure)
        assert told_of({trustee.why_panel.text.toPlainText()}) == set(), figure


def test_copying_a_table_takes_neither_with_it(trustee: Window) -> None:
    for at in range(len(PLACES)):
        trustee.go_to(at)
        for grid in trustee.page(at).findChildren(Grid):
            grid.selectAll()
            grid.copy_rows()
            assert told_of({QGuiApplication.clipboard().text()}) == set()


def test_go_to_or_do_anything_offers_no_name_and_no_change(
    trustee: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[Thing] = []

    class Asked:
        chosen = None

        def __init__(self, _look: object, things: list[Thing], _parent: object) -> None:
            offered.extend(things)

        def exec(self) -> bool:
            return False

        def deleteLater(self) -> None:  # noqa: N802 - Qt's own name
            """Nothing to let go of."""

    monkeypatch.setattr("fundtrack.gui.dialogs.anything.Anything", Asked)
    trustee.ask_for_anything()
    said = {each.words for each in offered}
    assert told_of(said) == set()
    assert not {each for each in said if each.startswith(("Undo", "Redo", "Add", "Bring in"))}
    assert "Trustee view" in said


def test_each_page_says_under_its_header_what_it_leaves_out(trustee: Window) -> None:
    for at in range(len(PLACES)):
        trustee.go_to(at)
        line = trustee.page(at).trustee_line
        assert line.isVisible()
        assert line.text() == TRUSTEE_VIEW
    trustee.show_trustee_view(False)
    assert not trustee.page(SETTINGS).trustee_line.isVisible()


CHANGES = ("add", "remove", "accept", "keep", "mark done", "snooze", "take this", "move", "change")


def test_what_changes_the_book_is_absent_and_not_greyed(trustee: Window) -> None:
    for at in range(len(PLACES)):
        trustee.go_to(at)
        page = trustee.page(at)
        for grid in page.findChildren(Grid):
            if grid.sorted.rowCount():
                grid.choose(grid.key_at(grid.sorted.index(0, 0)), 0)
        buttons = [each for each in page.findChildren(QAbstractButton) if each.isVisibleTo(page)]
        greyed = [each.text() for each in buttons if not each.isEnabled()]
        if at == PLAN:
            greyed.remove("Discard")  # what is tried, while nothing is
        assert greyed == [], PLACES[at]
        said = [each.text().replace("&", "").casefold() for each in buttons]
        may_try = ("add a change",) if at == PLAN else ()
        wrong = [one for one in said if one.startswith(CHANGES) and not one.startswith(may_try)]
        assert wrong == [], PLACES[at]
    seen = {each.text().replace("&", "") for each in trustee.findChildren(QAction)}
    shown = {
        each.text().replace("&", "") for each in trustee.findChildren(QAction) if each.isVisible()
    }
    assert not {each for each in shown if each.startswith(("Undo", "Redo", "Add one"))}
    assert "Save" not in shown
    assert "Add one here" in seen


def test_the_figures_are_those_of_the_whole_book(trustee: Window) -> None:
    trustee.go_to(PLAN)
    before = every_word(trustee)
    plan = cast("Any", trustee.page(PLAN))
    view = trustee.bridge.view if trustee.bridge else None
    assert view is not None
    assert plan.answer.then.exposure == view.sums.outlook.exposure
    lever = next(each for each in plan.levers if each.kind == "pay")
    plan.try_lever(lever.at(lever.high))
    whole = outlook(plan.drawn.portfolio, trustee.doors.statutory(), TODAY, 36)
    assert plan.answer.then.exposure == whole.exposure
    assert whole.exposure.total > 0
    assert told_of(every_word(trustee) | before) == set()
    assert view.glance.figures == view.sums.glance.figures


def test_nothing_is_changed_by_any_road(trustee: Window) -> None:
    assert trustee.bridge is not None
    book = trustee.bridge.workspace.portfolio
    award = book.awards[0]
    trustee.do(Edit("Gone", (remove(book, "awards", award.key),)))
    trustee.undo()
    trustee.bridge.take_back(1)
    assert trustee.bridge.workspace.portfolio is book
    message = cast("Any", trustee.stack.currentWidget()).message
    assert "Nothing can be changed in the trustee view" in message.words


def test_a_reason_to_snooze_is_not_read_out_nor_lost(trustee: Window) -> None:
    assert trustee.bridge is not None
    book = trustee.bridge.workspace.portfolio
    found = deadlines(book, outlook(book, trustee.doors.statutory(), TODAY, 36))
    due = next(each for each in found if each.title == "Send the form")
    asleep = (Snooze(due.uid, date(2026, 12, 24), f"{MARK} is away"),)
    trustee.show_trustee_view(False)
    trustee.go_to(DEADLINES)
    trustee._snooze(asleep)
    assert told_of(every_word(trustee)) != set()
    trustee.show_trustee_view(True)
    trustee.go_to(DEADLINES)
    assert told_of(every_word(trustee)) == set()
    assert f"{MARK} is away" in str(trustee.preferences.snoozes)


def test_the_past_shows_what_changed_and_never_who_or_whose(trustee: Window) -> None:
    trustee.go_to(HISTORY)
    page = cast("Any", trustee.page(HISTORY))
    said = {row.said for row in page.table.rows}
    assert "Owner of Send the form: somebody" in said
    assert "Move end date" in said
    assert page.grid.isColumnHidden(page.table.place_of("who"))


def test_the_switch_is_in_the_view_menu_and_is_not_remembered(window: Window, qtbot: QtBot) -> None:
    window.acts.trustee.trigger()
    view = window.bridge.view if window.bridge else None
    assert view is not None
    assert view.for_trustees
    assert all(post.person is None and post.salary == 0 for post in view.portfolio.posts)
    window.acts.trustee.trigger()
    again = window.bridge.view if window.bridge else None
    assert again is not None
    assert again.portfolio.posts == view.sums.portfolio.posts
    assert again.salaries == "hidden"
    window.acts.trustee.trigger()
    window.close()
    other = Window(window.look, window.doors, window.preferences)
    qtbot.addWidget(other)
    assert other.open_book(BOOK)
    assert other.bridge is not None
    assert other.bridge.view is not None
    assert not other.bridge.view.for_trustees
    other.close()


def test_salaries_cannot_be_asked_for(trustee: Window) -> None:
    trustee.show_salaries(True)
    view = trustee.bridge.view if trustee.bridge else None
    assert view is not None
    assert view.salaries == "absent"
    trustee.go_to(POSTS)
    locks = [
        each
        for each in trustee.findChildren(QLabel) + trustee.findChildren(QAbstractButton)
        if each.isVisible() and "alaries" in each.text() and each.text() != TRUSTEE_VIEW
    ]
    assert locks == []


def test_the_pages_are_the_same_pages(trustee: Window) -> None:
    for at in (OVERVIEW, PIPELINE, POSTS):
        trustee.go_to(at)
        assert trustee.page(at).view is not None
    rows = cast("Any", trustee.page(POSTS)).table.rowCount()
    trustee.show_trustee_view(False)
    assert cast("Any", trustee.page(POSTS)).table.rowCount() == rows
