"""An award's own page, as a manager opens it, reads it and changes it where it stands."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from fundtrack.core import words
from fundtrack.core.model import Document
from fundtrack.gui.cells import CellField
from fundtrack.gui.dialogs.board_pack import BoardPackDialog
from fundtrack.gui.dialogs.document import DocumentDialog
from fundtrack.gui.dialogs.evidence import EvidenceDialog
from fundtrack.gui.dialogs.funder import FunderDialog
from fundtrack.gui.dialogs.profile import ProfileDialog
from fundtrack.gui.widgets.parts import SmallTable
from fundtrack.gui.window import AWARDS, HISTORY, OVERVIEW, PLAN, Window
from fundtrack.gui.wishes import set_field
from tests.gui.conftest import TODAY
from tests.gui.test_everyone import parts_to_name, said_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot

    from fundtrack.core.model import Award, Portfolio
    from fundtrack.gui.award.page import AwardPage
    from fundtrack.gui.pages.awards import Awards
    from fundtrack.gui.widgets.form import FieldRow
    from tests.gui.conftest import Shelf

Key = Qt.Key
Alt = Qt.KeyboardModifier.AltModifier
CORE = "mopac-core"


def register(window: Window) -> Awards:
    return cast("Awards", window.page(AWARDS))


def award_page(window: Window, key: str = CORE) -> AwardPage:
    window.open_record(f"awards.{key}")
    page = register(window).own
    assert page.isVisible()
    return page


def book(window: Window) -> Portfolio:
    assert window.bridge is not None
    return window.bridge.workspace.portfolio


def award(window: Window, key: str = CORE) -> Award:
    return book(window).awards_by_key[key]


def type_in(qtbot: QtBot, row: FieldRow, text: str) -> None:
    row.line.setFocus()
    row.line.selectAll()
    qtbot.keyClicks(row.line, text)
    qtbot.keyClick(row.line, Key.Key_Return)


def choose(row: FieldRow, value: object) -> None:
    row.choice.setCurrentIndex(row.choice.findData(value))
    row.choice.activated.emit(row.choice.currentIndex())


def answering(kind: type, answer: Callable[[Any], object]) -> None:
    """Answer the next dialog as a person would, once it stands there."""

    def act() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, kind)
        answer(dialog)

    QTimer.singleShot(0, act)


# --- coming and going --------------------------------------------------------------------


def test_enter_in_the_register_opens_the_awards_own_page_and_escape_comes_back(
    window: Window, qtbot: QtBot
) -> None:
    window.go_to(AWARDS)
    page = register(window)
    page.grid.choose(CORE, page.table.place_of("end"))
    qtbot.keyClick(page.grid, Key.Key_Return)
    assert page.own.isVisible()
    assert page.head.title.whole == "Victims' core grant"
    assert page.own.tabs.hasFocus()
    qtbot.keyClick(page.own.tabs, Key.Key_Escape)
    assert page.grid.isVisible()
    assert page.grid.hasFocus()
    assert page.grid.current_key == CORE


def test_a_double_click_and_the_panels_link_open_it_too(window: Window, qtbot: QtBot) -> None:
    window.go_to(AWARDS)
    page = register(window)
    place = page.grid.visualRect(page.grid.sorted.index_of(CORE)).center()
    qtbot.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert page.standing == CORE
    qtbot.mouseClick(page.head.back_button, Qt.MouseButton.LeftButton)
    assert page.standing == ""
    qtbot.mouseClick(page.panel.open_link, Qt.MouseButton.LeftButton)
    assert page.standing == CORE


def test_back_and_forward_know_the_award_one_stood_at(window: Window, qtbot: QtBot) -> None:
    award_page(window)
    award_page(window, "council-advice")
    window.go_to(OVERVIEW)
    for key, standing in (
        (Key.Key_Left, "council-advice"),
        (Key.Key_Left, CORE),
        (Key.Key_Right, "council-advice"),
    ):
        qtbot.keyClick(window, key, Alt)
        assert register(window).isVisible()
        assert register(window).standing == standing
    window.acts.places[AWARDS].trigger()  # asked for while in sight: the register
    assert register(window).grid.isVisible()


def test_an_award_taken_away_by_undo_leads_back_to_the_register(window: Window) -> None:
    window.go_to(AWARDS)
    register(window).add()
    key = book(window).awards[-1].key
    award_page(window, key)
    window.acts.undo.trigger()
    assert register(window).grid.isVisible()
    assert register(window).standing == ""


def test_everything_on_an_awards_page_has_a_name(window: Window) -> None:
    page = award_page(window)
    for opens in (page.terms.toggle, page.posts.toggle, page.duties.toggle):
        opens()
    for at in range(3):
        page.money.switch.choose(at)
        page.budget.switch.choose(at)
        assert [part for part in parts_to_name(window) if not said_of(part)] == []


# --- terms -------------------------------------------------------------------------------


def test_the_terms_are_said_in_a_few_lines(window: Window) -> None:
    said = dict(award_page(window).terms.facts.pairs)
    assert said["Ultimate source"] == "Ministry of Justice"
    assert said["Kind and fund"] == "Grant, restricted"
    assert said["Dates"] == "1 Apr 2024 – 31 Mar 2027"
    assert said["Paid"] == "quarterly, in advance"
    assert said["Moving money"] == "over 10% needs approval"


def test_a_manager_changes_the_terms_where_they_stand_and_undoes_it(
    window: Window, qtbot: QtBot
) -> None:
    terms = award_page(window).terms
    qtbot.mouseClick(terms.change_link, Qt.MouseButton.LeftButton)
    type_in(qtbot, terms.rows["end"], "30/9/27")
    type_in(qtbot, terms.rows["bid.decision_expected"], "29 jan 2027")
    choose(terms.rows["on_end"], "transfers")
    changed = award(window)
    assert changed.end == date(2027, 9, 30)
    assert changed.bid is not None
    assert changed.bid.decision_expected == date(2027, 1, 29)
    assert changed.on_end == "transfers"
    assert window.acts.undo.text() == "&Undo “Change what its end brings of Victims' core grant”"
    for _ in range(3):
        window.acts.undo.trigger()
    assert award(window).end == date(2027, 3, 31)
    assert terms.rows["end"].line.text() == "31 Mar 2027"


def test_an_end_before_the_start_is_explained_under_its_field(window: Window, qtbot: QtBot) -> None:
    terms = award_page(window).terms
    terms.toggle()
    type_in(qtbot, terms.rows["end"], "1/3/20")
    assert terms.rows["end"].fault.text() == (
        "This is before the start, 1 Apr 2024. Give a later date"
    )
    assert award(window).end == date(2027, 3, 31)


def test_a_funder_who_is_not_in_the_book_is_added_while_naming_it(window: Window) -> None:
    terms = award_page(window).terms
    terms.toggle()

    def answer(dialog: object) -> None:
        asked = cast("FunderDialog", dialog)
        asked.name.setText("Ministry of Justice")
        asked.accept()
        assert "is a funder already" in asked.fault.text()
        asked.name.setText("Alder Foundation")
        asked.accept()

    answering(FunderDialog, answer)
    choose(terms.rows["funder"], "\0new")
    named = book(window).funders_by_key[award(window).funder or ""]
    assert named.name == "Alder Foundation"
    window.acts.undo.trigger()
    assert named not in book(window).funders


def test_a_firmer_stage_asks_who_said_so_first(window: Window) -> None:
    terms = award_page(window, "mopac-core-renewal").terms
    terms.toggle()

    def leave(dialog: object) -> None:
        cast("EvidenceDialog", dialog).reject()

    answering(EvidenceDialog, leave)
    choose(terms.rows["stage"], "awarded")
    assert award(window, "mopac-core-renewal").stage == "agreed-in-principle"
    assert terms.rows["stage"].choice.currentData() == "agreed-in-principle"

    def answer(dialog: object) -> None:
        asked = cast("EvidenceDialog", dialog)
        asked.who.setText("Head of grants")
        asked.accept()

    answering(EvidenceDialog, answer)
    choose(terms.rows["stage"], "awarded")
    assert award(window, "mopac-core-renewal").stage == "awarded"
    assert book(window).evidence[-1].who == "Head of grants"


def test_a_read_only_book_offers_no_change_on_an_awards_page(
    shelf: Shelf, opened: Callable[[], Window]
) -> None:
    shelf.read_only = "Maria has this book open, so it can only be read here."
    page = award_page(opened())
    for act in (
        page.terms.change_link,
        page.posts.change_link,
        page.duties.change_link,
        page.renewal.add_renewal_link,
        page.evidence.stage_link,
        page.money.tick,
        page.budget.agree_link,
        page.budget.months_link,
    ):
        assert act.isHidden()
    for table in page.findChildren(SmallTable):
        assert table.add_button.isHidden()
        assert table.remove_button.isHidden()
        for row, column in ((0, at) for at in range(table.table.columnCount())):
            flags = table.table.index(row, column).flags()
            assert not flags & Qt.ItemFlag.ItemIsEditable
    assert page.notes.field.isReadOnly()
    page.money.tick_received()
    assert award(cast("Window", page.window())).payments == page_award(page).payments


def page_award(page: AwardPage) -> Award:
    assert page.award is not None
    return page.award


def test_the_trustee_view_of_an_award_names_nobody_and_tells_no_salary(window: Window) -> None:
    page = award_page(window)
    window.do(set_field("awards", award(window), "reference", "VC-9", "Change reference"))
    window.acts.trustee.trigger()
    page = award_page(window)
    assert {row.entry.who for row in page.history.list.table.rows} == {None}
    assert page.posts.rows.grid.isColumnHidden(page.posts.rows.table.place_of("year"))
    assert page.posts.lock.isHidden()
    assert page.history.list.grid.isColumnHidden(page.history.list.table.place_of("who"))
    assert page.terms.change_link.isHidden()


def test_the_keyboard_stays_where_it_is_when_the_book_changes(window: Window) -> None:
    page = award_page(window)
    page.terms.toggle()
    line = page.terms.rows["reference"].line
    line.setFocus()
    window.do(set_field("awards", award(window), "vat", "exempt", "Change VAT"))
    assert window.focusWidget() is line
    assert page.terms.rows["vat"].choice.currentData() == "exempt"


def test_tab_comes_round_the_whole_of_an_awards_page(window: Window, qtbot: QtBot) -> None:
    page = award_page(window)
    window.activateWindow()
    page.tabs.setFocus()
    stops: list[QWidget] = []
    for _ in range(150):
        at = QApplication.focusWidget()
        assert at is not None
        if at in stops:
            break
        stops.append(at)
        qtbot.keyClick(at, Key.Key_Tab)
    assert QApplication.focusWidget() is page.tabs
    inside = [each for each in stops if page.isAncestorOf(each)]
    assert page.notes.field in inside
    assert page.budget.lines.grid in inside


def test_the_register_shows_what_was_changed_on_the_awards_page(
    window: Window, qtbot: QtBot
) -> None:
    page = award_page(window)
    page.terms.toggle()
    type_in(qtbot, page.terms.rows["amount"], "510,000")
    qtbot.keyClick(page.tabs, Key.Key_Escape)
    grid = register(window).grid
    index = grid.sorted.index_of(CORE, register(window).table.place_of("amount"))
    assert index.data() == "£510,000"
    assert grid.current_key == CORE


def test_the_links_beside_the_tabs_lead_to_the_papers_and_to_a_plan(
    window: Window, qtbot: QtBot
) -> None:
    page = award_page(window)
    assert page.papers_link.isHidden()
    paper = Document(title="Agreement", place="Grants/agreement.pdf")
    window.do(set_field("awards", award(window), "documents", (paper,), "Link a document"))
    assert page.papers_link.text() == "1 document"
    qtbot.mouseClick(page.papers_link, Qt.MouseButton.LeftButton)
    assert window.focusWidget() is page.documents.list.grid
    qtbot.mouseClick(page.what_if_link, Qt.MouseButton.LeftButton)
    assert window.page(PLAN).isVisible()


@pytest.mark.parametrize(
    ("size", "text"), [((800, 600), 100), ((800, 600), 200), ((1280, 800), 200)]
)
def test_nothing_on_an_awards_page_runs_out_at_the_side(
    window: Window, size: tuple[int, int], text: int
) -> None:
    window.resize(*size)
    window.set_text(text)
    page = award_page(window)
    for opens in (page.terms.toggle, page.posts.toggle, page.duties.toggle):
        opens()
    QApplication.processEvents()
    inside = page.scroller.widget()
    assert inside is not None
    assert inside.width() <= page.scroller.viewport().width()
    window.set_text(100)


# --- money -------------------------------------------------------------------------------


def type_cell(qtbot: QtBot, table: SmallTable, key: str, column: str, text: str) -> None:
    """Go to a cell, open it with F2, type, and press Enter."""
    assert table.grid.choose(key, table.table.place_of(column))
    table.grid.setFocus()
    qtbot.keyClick(table.grid, Key.Key_F2)
    field = QApplication.focusWidget()
    assert isinstance(field, CellField)
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Key.Key_Return)
    QApplication.processEvents()


def says(table: SmallTable, key: str, column: str) -> str:
    index = table.grid.sorted.index_of(key, table.table.place_of(column))
    return str(index.data())


def test_the_money_says_what_was_agreed_came_was_spent_and_is_left(window: Window) -> None:
    said = award_page(window).money.figures.said
    assert said["agreed"] == "£504,000"
    assert said["received"] == "£462,000"
    assert said["spent to 31 Oct"] == "£420,356"
    assert said["left to spend"] == "£83,644"
    assert said["would be repaid"].startswith("£")


def test_a_payment_is_added_and_ticked_received_by_keyboard(window: Window, qtbot: QtBot) -> None:
    money = award_page(window).money
    before = award(window).payments
    qtbot.mouseClick(money.payments.add_button, Qt.MouseButton.LeftButton)
    field = QApplication.focusWidget()
    assert isinstance(field, CellField)
    field.selectAll()
    qtbot.keyClicks(field, "1/2/27")
    qtbot.keyClick(field, Key.Key_Return)
    QApplication.processEvents()
    key = str(len(before))
    type_cell(qtbot, money.payments, key, "amount", "1,250.50")
    assert award(window).payments[-1].due == date(2027, 2, 1)
    assert award(window).payments[-1].amount == 125_050
    assert says(money.payments, key, "standing") == "expected 1 Feb"
    money.payments.grid.choose(key, 0)
    money.payments.grid.setFocus()
    qtbot.keyClick(money.payments.grid, Key.Key_Space)
    assert award(window).payments[-1].received_on == TODAY
    assert award(window).payments[-1].received == 125_050
    type_cell(qtbot, money.payments, key, "received", "1,200")
    assert says(money.payments, key, "standing") == "✓ received, £1,200.00"
    qtbot.keyClick(money.payments.grid, Key.Key_Delete)
    assert award(window).payments == before


def test_the_schedule_by_month_is_the_forecasts_own_at_its_certainty(window: Window) -> None:
    page = award_page(window, "mopac-core-renewal")
    page.money.switch.choose(1)
    assert page.money.month_grid.isVisible()
    view = register(window).view
    assert view is not None
    forecast = next(
        each for each in view.outlook.forecast["probable"].awards if each.key == page_key(page)
    )
    rows = page.money.months.rows
    at = view.outlook.months.index(rows[0].month)
    assert rows[0].month == date(2027, 4, 1)
    assert [row.income for row in rows] == forecast.income[at : at + len(rows)].tolist()
    assert forecast.balance is not None
    assert [row.balance for row in rows] == forecast.balance[at : at + len(rows)].tolist()
    page.money.month_grid.choose("2027-05", page.money.months.place_of("balance"))
    assert page.figure() == "forecast.probable.awards.mopac-core-renewal.2027-05.balance"


def page_key(page: AwardPage) -> str:
    assert page.award is not None
    return page.award.key


def test_an_extension_and_an_uplift_are_added_and_said_in_the_terms(
    window: Window, qtbot: QtBot
) -> None:
    page = award_page(window)
    page.money.switch.choose(2)
    page.money.add_extension()
    qtbot.keyClick(cast("CellField", QApplication.focusWidget()), Key.Key_Escape)
    type_cell(qtbot, page.money.extensions, "0", "amount", "20000")
    assert award(window).extensions[0].end == date(2028, 3, 31)
    assert not award(window).extensions[0].exercised
    page.money.add_uplift()
    qtbot.keyClick(cast("CellField", QApplication.focusWidget()), Key.Key_Escape)
    type_cell(qtbot, page.money.uplifts, "0", "percent", "3.5")
    assert award(window).uplifts[0].percent == Decimal("3.5")
    assert "with changes" in dict(page.terms.facts.pairs)["Amount"]


def test_a_profile_of_months_is_typed_and_taken_back_to_even(window: Window) -> None:
    page = award_page(window)

    def answer(dialog: object) -> None:
        asked = cast("ProfileDialog", dialog)
        index = asked.table.index(0, 1)
        asked.table.setData(index, 100_00)
        assert "less than £504,000.00" in asked.total.text()
        asked.accept()

    answering(ProfileDialog, answer)
    page.money.ask_profile()
    assert award(window).profile[0].amount == 100_00
    assert award(window).spread == "profile"
    answering(ProfileDialog, lambda dialog: (dialog.spread_evenly(), dialog.accept()))
    page.money.ask_profile()
    assert award(window).profile == ()


# --- who it pays for ---------------------------------------------------------------------


def test_posts_charged_say_who_pays_once_the_award_has_ended(window: Window, qtbot: QtBot) -> None:
    posts = award_page(window).posts
    assert posts.note.text() == "5 posts, 3.71 FTE"
    assert says(posts.rows, "posts.idva-courts", "percent") == "100%"
    assert says(posts.rows, "posts.idva-courts", "after") == "100% probable"
    assert says(posts.rows, "posts.idva-courts", "notice") == "6 Jan 2027"
    assert posts.rows.grid.isColumnHidden(posts.rows.table.place_of("year"))
    qtbot.mouseClick(posts.lock, Qt.MouseButton.LeftButton)
    assert not posts.rows.grid.isColumnHidden(posts.rows.table.place_of("year"))


def test_a_share_is_changed_on_the_awards_page(window: Window, qtbot: QtBot) -> None:
    posts = award_page(window).posts
    qtbot.mouseClick(posts.change_link, Qt.MouseButton.LeftButton)
    share = next(row for row in posts.shares.table.rows if row.payee == "IDVA, courts")
    posts.shares.grid.choose(share.key, posts.shares.table.place_of("percent"))
    posts.shares.grid.setFocus()
    qtbot.keyClick(posts.shares.grid, Key.Key_F2)
    field = cast("CellField", QApplication.focusWidget())
    field.selectAll()
    qtbot.keyClicks(field, "62.5")
    qtbot.keyClick(field, Key.Key_Return)
    QApplication.processEvents()
    assert says(posts.rows, "posts.idva-courts", "percent") == "62.5%"


# --- budget ------------------------------------------------------------------------------


def test_the_variance_is_the_budget_so_far_less_what_was_spent(
    window: Window, qtbot: QtBot
) -> None:
    budget = award_page(window).budget
    total = budget.lines.table.rows[-1]
    assert total.sums.approved == 504_000_00
    assert words.whole_pounds(total.sums.actual) == "£420,356"
    assert total.sums.variance == total.sums.profile - total.sums.actual
    key = budget.lines.table.rows[0].key
    type_cell(qtbot, budget.lines, key, "amount", "300000")
    assert award(window).budget_lines[0].amount == 300_000_00
    flags = budget.lines.table.index(len(budget.lines.table.rows) - 1, 0).flags()
    assert not flags & Qt.ItemFlag.ItemIsEditable


def test_spending_is_added_to_a_line_and_shows_in_the_variance(
    window: Window, qtbot: QtBot
) -> None:
    budget = award_page(window).budget
    before = budget.lines.table.rows[-1].sums.actual
    budget.switch.choose(1)
    budget.add_spending()
    field = cast("CellField", QApplication.focusWidget())
    field.selectAll()
    qtbot.keyClicks(field, "99.50")
    qtbot.keyClick(field, Key.Key_Return)
    QApplication.processEvents()
    assert book(window).actuals[-1].amount == 99_50
    assert budget.lines.table.rows[-1].sums.actual == before + 99_50


def test_a_budget_is_kept_as_agreed_and_an_earlier_version_put_back(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    budget = award_page(window).budget
    first = award(window).budget_versions[0].lines
    monkeypatch.setattr(
        "fundtrack.gui.award.budget.QInputDialog.getText", lambda *_: ("Staff moved", True)
    )
    budget.ask_version()
    assert award(window).budget_versions[-1].reason == "Staff moved"
    assert award(window).budget_versions[-1].lines == award(window).budget_lines
    budget.switch.choose(2)
    budget.versions.grid.choose("0", 0)
    qtbot.mouseClick(budget.back_link, Qt.MouseButton.LeftButton)
    assert award(window).budget_lines == first


# --- indicators --------------------------------------------------------------------------


def test_a_reading_is_typed_and_tells_how_much_of_the_target_was_reached(
    window: Window, qtbot: QtBot
) -> None:
    card = award_page(window).indicators
    assert card.chosen is not None
    assert card.chosen.title == "Referrals received"
    type_cell(qtbot, card.points, "2026-27 Q3", "reading", "70")
    assert says(card.points, "2026-27 Q3", "reached") == "50%"
    assert says(card.list, card.chosen.key, "standing") == "50% of target, 2026-27 Q3"
    type_cell(qtbot, card.points, "2026-27 Q3", "note", "Two weeks closed")
    assert book(window).find("indicators", card.chosen.key) == card.chosen
    assert card.chosen.readings[-1].note == "Two weeks closed"
    type_cell(qtbot, card.points, "2026-27 Q4", "note", "Not yet")
    field = cast("CellField", QApplication.focusWidget())
    assert field.fault == "Type the reading first, then its note"


def test_an_indicator_is_added_with_the_awards_own_periods(window: Window, qtbot: QtBot) -> None:
    card = award_page(window).indicators
    card.add_indicator()
    field = cast("CellField", QApplication.focusWidget())
    field.selectAll()
    qtbot.keyClicks(field, "Calls answered")
    qtbot.keyClick(field, Key.Key_Return)
    QApplication.processEvents()
    card.list.grid.choose(book(window).indicators[-1].key, 0)
    qtbot.mouseClick(card.points.add_button, Qt.MouseButton.LeftButton)
    qtbot.keyClick(cast("CellField", QApplication.focusWidget()), Key.Key_Escape)
    made = book(window).indicators[-1]
    assert (made.title, made.targets[0].period) == ("Calls answered", "2024-25 Q1")
    card.points.grid.choose("2024-25 Q1", 0)
    card.points.grid.setFocus()
    qtbot.keyClick(card.points.grid, Key.Key_F2)
    field = cast("CellField", QApplication.focusWidget())
    field.selectAll()
    qtbot.keyClicks(field, "some time")
    qtbot.keyClick(field, Key.Key_Return)
    assert field.fault


# --- duties, evidence, renewal -----------------------------------------------------------


def test_reporting_duties_are_changed_and_every_return_moves(window: Window, qtbot: QtBot) -> None:
    card = award_page(window).duties
    assert card.said.text() == "Every quarter, from your financial year, due 30 days after"
    quarterly = len(card.list.table.rows)
    qtbot.mouseClick(card.change_link, Qt.MouseButton.LeftButton)
    choose(card.rows["reporting.frequency"], "half")
    type_in(qtbot, card.rows["reporting.due_days"], "45")
    assert award(window).reporting is not None
    assert len(card.list.table.rows) < quarterly
    first = card.list.table.rows[0]
    assert first.title == "Return for 2024-25 H1"
    assert first.duty.due == date(2024, 11, 14)
    choose(card.rows["reporting.frequency"], None)
    assert award(window).reporting is None
    assert not card.rows["reporting.due_days"].isVisible()


def test_an_award_not_secured_yet_shows_the_returns_it_would_bring(window: Window) -> None:
    rows = award_page(window, "mopac-core-renewal").duties.list.table.rows
    assert rows[0].title == "Return for 2027-28 Q1"
    assert {row.standing for row in rows if row.duty.kind != "records"} == {"once secured"}


def test_evidence_is_added_and_the_stage_is_said_to_claim_more(
    window: Window, qtbot: QtBot
) -> None:
    page = award_page(window, "mopac-core-renewal")
    assert page.evidence.note.text() == "grade 3 of 7 · probable until 21 Dec, then it fades"
    assert not page.evidence.doubt.isVisible()

    def answer(dialog: object) -> None:
        asked = cast("EvidenceDialog", dialog)
        asked.who.setText("Director")
        asked.grade.setCurrentIndex(0)
        asked.accept()

    answering(EvidenceDialog, answer)
    qtbot.mouseClick(page.evidence.list.add_button, Qt.MouseButton.LeftButton)
    assert book(window).evidence[-1].award == "mopac-core-renewal"
    assert page.evidence.doubt.text() == (
        "Evidence of grade 0 on 22 Nov 2026 suggests possible: the stage claims more."
    )
    qtbot.mouseClick(page.evidence.stage_link, Qt.MouseButton.LeftButton)
    assert window.focusWidget() is page.terms.rows["stage"].choice


def test_the_chain_of_renewals_leads_to_each_award_in_it(window: Window, qtbot: QtBot) -> None:
    page = award_page(window)
    assert "The funder says it will decide by 12 Feb" in page.renewal.said.accessibleName()
    assert "You need to know by 1 Dec: 73 days sooner." in page.renewal.said.accessibleName()
    grid = page.renewal.chain.grid
    grid.choose("mopac-core-renewal", 0)
    grid.setFocus()
    qtbot.keyClick(grid, Key.Key_Return)
    assert register(window).standing == "mopac-core-renewal"


def test_a_renewal_is_added_on_the_same_terms_from_the_day_after(
    window: Window, qtbot: QtBot
) -> None:
    page = award_page(window, "mopac-core-renewal")
    qtbot.mouseClick(page.renewal.add_renewal_link, Qt.MouseButton.LeftButton)
    made = book(window).awards[-1]
    assert (made.renewal_of, made.stage) == ("mopac-core-renewal", "idea")
    assert (made.start, made.end) == (date(2030, 4, 1), date(2033, 3, 31))
    assert register(window).standing == made.key
    assert not page.renewal.add_renewal_link.isHidden()


# --- history, notes and papers -----------------------------------------------------------


def test_the_history_of_an_award_holds_its_own_changes_alone(window: Window, qtbot: QtBot) -> None:
    page = award_page(window)
    page.terms.toggle()
    type_in(qtbot, page.terms.rows["reference"], "VC-9")
    other = award(window, "council-advice")
    window.do(set_field("awards", other, "reference", "X", "Change reference of advice"))
    said = [row.said for row in page.history.list.table.rows]
    assert said == ["Change reference of Victims' core grant"]
    qtbot.mouseClick(page.history.all_link, Qt.MouseButton.LeftButton)
    assert window.page(HISTORY).isVisible()


def test_a_change_made_in_a_field_is_undone_from_it_and_done_again(
    window: Window, qtbot: QtBot
) -> None:
    page = award_page(window)
    page.terms.toggle()
    row = page.terms.rows["reference"]
    before = award(window).reference
    type_in(qtbot, row, "REF9")
    assert award(window).reference == "REF9"
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(row.line, Key.Key_Z, control)
    assert award(window).reference == before
    assert row.line.text() == before
    qtbot.keyClick(row.line, Key.Key_Z, control | Qt.KeyboardModifier.ShiftModifier)
    assert award(window).reference == "REF9"
    qtbot.keyClicks(row.line, "0")
    qtbot.keyClick(row.line, Key.Key_Z, control)
    assert row.line.text() == "REF9"
    assert award(window).reference == "REF9"


def test_notes_are_kept_when_they_are_left(window: Window, qtbot: QtBot) -> None:
    page = award_page(window)
    field = page.notes.field
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "Ask for the letter.")
    page.tabs.setFocus()
    assert award(window).notes == "Ask for the letter."
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "Something else")
    qtbot.keyClick(field, Key.Key_Escape)
    assert field.toPlainText() == "Ask for the letter."


def test_what_is_being_typed_is_kept_when_a_key_closes_the_book(
    window: Window, qtbot: QtBot
) -> None:
    assert window.bridge is not None
    workspace = window.bridge.workspace
    page = award_page(window)
    page.notes.field.setFocus()
    page.notes.field.selectAll()
    qtbot.keyClicks(page.notes.field, "Ask for the letter.")
    window.acts.close.trigger()
    assert workspace.portfolio.awards_by_key[CORE].notes == "Ask for the letter."


def test_what_is_being_typed_in_a_cell_is_kept_when_the_window_closes(
    window: Window, qtbot: QtBot
) -> None:
    assert window.bridge is not None
    workspace = window.bridge.workspace
    window.go_to(AWARDS)
    register(window).grid.change(CORE, "title")
    field = QApplication.focusWidget()
    assert isinstance(field, CellField)
    qtbot.keyClicks(field, "Core grant")
    window.close()
    assert workspace.portfolio.awards_by_key[CORE].title == "Core grant"


def test_what_is_being_typed_stands_in_what_leaves_the_book(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = award_page(window)
    page.terms.toggle()
    line = page.terms.rows["title"].line
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "Core grant")
    seen: list[str] = []
    monkeypatch.setattr(BoardPackDialog, "exec", lambda _it: seen.append(award(window).title))
    window.acts.board_pack.trigger()
    assert seen == ["Core grant"]


def test_a_document_is_linked_and_opened_only_when_the_person_agrees(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        "fundtrack.gui.dialogs.open_document.QDesktopServices.openUrl",
        lambda url: (opened.append(url.toString()), True)[1],  # type: ignore[func-returns-value]
    )
    papers = award_page(window).documents

    def answer(dialog: object) -> None:
        asked = cast("DocumentDialog", dialog)
        asked.place.setText("javascript:alert(1)")
        asked.accept()
        assert "Only a path" in asked.fault.text()
        asked.place.setText("https://council.example/papers/agreement.pdf")
        asked.accept()

    answering(DocumentDialog, answer)
    qtbot.mouseClick(papers.list.add_button, Qt.MouseButton.LeftButton)
    assert award(window).documents[0].title == "agreement.pdf"
    papers.list.grid.choose("0", 0)
    papers.list.grid.setFocus()

    def press(words: str) -> Callable[[object], None]:
        def act(dialog: object) -> None:
            asked = cast("QMessageBox", dialog)
            assert "council.example" in asked.informativeText()
            next(each for each in asked.buttons() if each.text() == words).click()

        return act

    answering(QMessageBox, press("Cancel"))
    qtbot.keyClick(papers.list.grid, Key.Key_Return)
    assert opened == []
    answering(QMessageBox, press("Open it"))
    qtbot.keyClick(papers.list.grid, Key.Key_Return)
    assert opened == ["https://council.example/papers/agreement.pdf"]
    program = tmp_path / "prize.exe"
    program.touch()
    window.open_document(str(program))
    assert "so it is not opened" in register(window).message.words
    window.open_document(str(tmp_path / "gone.pdf"))
    assert "There is no file at" in register(window).message.words
    assert len(opened) == 1


def test_every_table_of_an_awards_page_keeps_the_promises_of_a_model(
    window: Window, qtmodeltester: ModelTester
) -> None:
    page = award_page(window)
    for table in (
        page.money.payments.table,
        page.money.months,
        page.posts.rows.table,
        page.budget.lines.table,
        page.budget.spending.table,
        page.budget.versions.table,
        page.indicators.list.table,
        page.indicators.points.table,
        page.renewal.chain.table,
        page.renewal.rungs.table,
        page.evidence.list.table,
        page.duties.list.table,
        page.documents.list.table,
    ):
        qtmodeltester.check(table)


def test_the_tabs_jump_to_their_sections_by_keyboard(window: Window, qtbot: QtBot) -> None:
    page = award_page(window)
    qtbot.keyClick(page.tabs, Key.Key_Right)
    qtbot.keyClick(page.tabs, Key.Key_Right)
    assert page.tabs.tabText(page.tabs.currentIndex()) == "Money"
    inside = page.scroller.widget()
    assert inside is not None
    top = page.money.mapTo(inside, QPoint(0, 0)).y()
    assert page.scroller.verticalScrollBar().value() == top
    qtbot.keyClick(page.tabs, Key.Key_Left)
    qtbot.keyClick(page.tabs, Key.Key_Left)
    assert page.scroller.verticalScrollBar().value() == 0
