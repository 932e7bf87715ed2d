"""A funder's own workbook in the window: looked at, mapped, planned, written, proved, and again."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from python_calamine import CalamineWorkbook

from fundtrack.core.returns.form import FormFill, Spot, fill_over
from fundtrack.gui.funders.sheet import SheetModel, address
from fundtrack.gui.pages.own_workbook import OwnWorkbookPage
from fundtrack.gui.pages.returns import ReturnsPage
from fundtrack.gui.window import OWN_WORKBOOK, RETURNS, Window
from tests.exchange.own_workbook.making import quarterly_form, saved
from tests.gui.test_everyone import parts_to_name, said_of
from tests.peers import shared

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot

    from fundtrack.gui.widgets.frame import Choice

AWARD, PERIOD = "mopac-core", "2026-27 Q2"
SHEET = "Q2 return"


@pytest.fixture
def form_file(tmp_path: Path) -> Path:
    path = tmp_path / "Return form.xlsx"
    path.write_bytes(saved(quarterly_form()))
    return path


@pytest.fixture
def page(window: Window, form_file: Path, qtbot: QtBot, tmp_path: Path) -> OwnWorkbookPage:
    """The page, with the commissioner's form open for one return."""
    window.book = tmp_path / "charity.fundtrack"
    return opened(window, form_file, qtbot)


def opened(window: Window, path: Path, qtbot: QtBot, period: str = PERIOD) -> OwnWorkbookPage:
    window.fill_own_workbook(AWARD, period, path)
    page = window.page(OWN_WORKBOOK)
    assert isinstance(page, OwnWorkbookPage)
    qtbot.waitUntil(lambda: page.form is not None and page.path == path)
    settled(page, qtbot)
    return page


def settled(page: OwnWorkbookPage, qtbot: QtBot) -> None:
    """Wait until what would happen has been worked out."""
    qtbot.waitUntil(lambda: not (page._soon.isActive() or page._planning.busy))


def choose(box: Choice, data: str) -> None:
    at = box.findData(data)
    assert at >= 0, data
    box.setCurrentIndex(at)
    box.activated.emit(at)


def stand(page: OwnWorkbookPage, row: int, column: int, sheet: str = SHEET) -> Spot:
    spot = Spot(sheet, row, column)
    page.jump(spot)
    return spot


def map_cell(page: OwnWorkbookPage, row: int, column: int, name: str, of: str = "") -> Spot:
    spot = stand(page, row, column)
    choose(page.panel.field, name)
    if of:
        choose(page.panel.of, of)
    return spot


def test_the_funders_sheet_is_seen_as_it_is_with_each_cell_marked(page: OwnWorkbookPage) -> None:
    model = page.grid.sheet
    said = {
        "locked": Spot(SHEET, 7, 1),
        "formula": Spot(SHEET, 8, 4),
        "drop-down": Spot(SHEET, 8, 5),
        "not mapped": Spot(SHEET, 8, 3),
    }
    for word, spot in said.items():
        assert word in model.said(spot)
    assert page.tabs.tabText(0) == SHEET
    assert "1 hidden sheet left alone" in page.mapped.whole
    assert "kept untouched" in page.mapped.whole


def test_the_model_of_a_sheet_keeps_qts_rules(
    page: OwnWorkbookPage, qtmodeltester: ModelTester
) -> None:
    model = SheetModel()
    model.show_sheet(page.form, SHEET)
    qtmodeltester.check(model)


def test_a_cell_is_given_a_field_and_shows_what_was_and_what_will_be(
    page: OwnWorkbookPage, qtbot: QtBot
) -> None:
    spot = map_cell(page, 8, 3, "line.actual", "idva")
    settled(page, qtbot)
    change = page.plan.at(spot)
    assert change is not None
    assert change.old == ""
    assert page.grid.sheet.shown(spot) == change.new != ""
    assert "filled" in page.grid.sheet.said(spot)
    facts = {name: value.text() for name, value in page.panel.facts.items()}
    assert facts["Found by"] == "row “Salaries”, column “Actual”"
    assert facts["Was"] == "empty"
    assert facts["Will be"] == change.new
    assert "transaction" in facts["From"]


def test_a_field_is_found_by_plain_words(page: OwnWorkbookPage) -> None:
    spot = stand(page, 3, 2)
    line = page.panel.field.lineEdit()
    completer = page.panel.field.completer()
    assert line is not None
    assert completer is not None
    completer.setCompletionPrefix("period to")
    assert completer.completionCount() >= 1
    line.setText("Period to (cover)")
    line.returnPressed.emit()
    fill = fill_over(page.fills, spot)
    assert fill is not None
    assert fill.field == "cover.period_to"


def test_a_locked_or_worked_out_cell_says_why_it_is_never_written(page: OwnWorkbookPage) -> None:
    stand(page, 7, 1)
    assert "is locked" in page.panel.why.text()
    assert not page.panel.field.isVisibleTo(page.panel)
    stand(page, 8, 4)
    assert "holds a formula" in page.panel.why.text()


def test_a_field_goes_down_one_cell_for_each_post(page: OwnWorkbookPage, qtbot: QtBot) -> None:
    map_cell(page, 14, 1, "post.role")
    choose(page.panel.repeat, "1")
    settled(page, qtbot)
    fill = fill_over(page.fills, Spot(SHEET, 14, 1))
    assert fill is not None
    items = page.form.items(page.asked, "post") if page.form and page.asked else ()
    assert fill.of == tuple(item.key for item in items)[: fill.size]
    assert page.panel.how_far.text().startswith("A14 to A")


def test_a_drop_down_takes_only_its_words_and_ours_may_be_given_one_of_them(
    page: OwnWorkbookPage, qtbot: QtBot
) -> None:
    spot = map_cell(page, 8, 5, "line.line", "idva")
    settled(page, qtbot)
    problem = next(one for one in page.plan.problems if one.spot == spot)
    assert "takes only what its drop-down lists" in problem.says
    page.ask_where_to_write()
    assert "put right before writing" in page.message.words
    choose(page.panel.word, "Timing")
    settled(page, qtbot)
    assert page.plan.problems == ()
    assert page.grid.sheet.shown(spot) == "Timing"


def test_a_cell_is_left_alone_again_by_the_delete_key(page: OwnWorkbookPage, qtbot: QtBot) -> None:
    spot = map_cell(page, 8, 3, "line.actual", "idva")
    page.grid.setFocus()
    qtbot.keyClick(page.grid, Qt.Key.Key_Delete)
    assert fill_over(page.fills, spot) is None


def test_names_are_written_only_when_that_is_ticked(page: OwnWorkbookPage, qtbot: QtBot) -> None:
    spot = map_cell(page, 14, 1, "post.person")
    settled(page, qtbot)
    change = page.plan.at(spot)
    assert change is not None
    assert change.new == ""
    assert page.panel.private.isVisibleTo(page.panel)
    page.panel.private.setChecked(True)
    settled(page, qtbot)
    assert page.asked is not None
    assert page.asked.confirmed == {"names"}


def test_the_filled_file_is_written_beside_the_original_and_proved(
    page: OwnWorkbookPage,
    form_file: Path,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = form_file.read_bytes()
    map_cell(page, 8, 3, "line.actual", "idva")
    map_cell(page, 2, 2, "cover.organisation")
    settled(page, qtbot)
    out = tmp_path / "Filled.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    with qtbot.waitSignal(page.written) as told:
        qtbot.mouseClick(page.write_button, Qt.MouseButton.LeftButton)
    assert told.args == [AWARD, PERIOD, out]
    assert form_file.read_bytes() == before
    assert page.proof is not None
    assert page.proof.sha256 == hashlib.sha256(out.read_bytes()).hexdigest()
    assert "2 cells read back by FundTrack and by calamine" in page.checks.rows[0].says
    assert load_workbook(out)[SHEET]["B2"].value == "Larkmoor Bridge"
    assert page.steps.now == 4


def test_next_quarters_file_is_compared_with_the_last_before_it_is_filled(
    page: OwnWorkbookPage, window: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    map_cell(page, 8, 3, "line.actual", "idva")
    page.keep()
    later = tmp_path / "Return form Q3.xlsx"
    later.write_bytes(saved(quarterly_form(quarter="Q3", rows_above=2)))
    opened(window, later, qtbot, "2026-27 Q3")
    assert page.start is not None
    assert not page.plan.changes
    says = " ".join(row.says for row in page.checks.rows)
    assert "“Q3 return” has the same labels" in says
    assert "moved 2 rows down" in says
    assert page.write_button.text() == "Go on and fill"
    qtbot.mouseClick(page.write_button, Qt.MouseButton.LeftButton)
    settled(page, qtbot)
    assert [address(change.spot) for change in page.plan.changes] == ["C10"]
    assert page.plan.changes[0].spot.sheet == "Q3 return"


def test_the_same_form_again_is_filled_at_once(
    page: OwnWorkbookPage, window: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    map_cell(page, 8, 3, "line.actual", "idva")
    page.keep()
    again = tmp_path / "Return form again.xlsx"
    again.write_bytes(saved(quarterly_form()))
    opened(window, again, qtbot, "2026-27 Q3")
    assert "1 cell found again" in page.message.words
    assert page.fills == (
        FormFill(sheet=SHEET, top=8, left=3, bottom=8, right=3, field="line.actual", of=("idva",)),
    )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "not an Excel workbook, or is damaged"),
        (b"<html><table/></html>", "web page"),
        (b"", "is empty"),
    ],
)
def test_what_cannot_be_filled_is_refused_in_plain_words(
    window: Window, tmp_path: Path, qtbot: QtBot, data: bytes, says: str
) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(data)
    window.fill_own_workbook(AWARD, PERIOD, path)
    page = window.page(OWN_WORKBOOK)
    qtbot.waitUntil(lambda: says in page.message.words)


def test_everything_on_the_page_has_a_name_and_esc_leads_back(
    page: OwnWorkbookPage, window: Window, qtbot: QtBot
) -> None:
    map_cell(page, 8, 3, "line.actual", "idva")
    assert [part for part in parts_to_name(page) if not said_of(part)] == []
    page.setFocus()
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert window.stack.currentWidget() is window.page(RETURNS)


def test_a_workbook_dropped_where_returns_are_in_sight_is_the_funders(
    window: Window, form_file: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    from fundtrack.gui.bringing import dropped

    window.book = tmp_path / "charity.fundtrack"
    window.go_to(RETURNS)
    dropped(window, form_file)
    page = window.page(OWN_WORKBOOK)
    assert isinstance(page, OwnWorkbookPage)
    qtbot.waitUntil(lambda: page.form is not None)
    assert window.page_in_sight == "own-workbook"


def test_a_return_on_its_workbench_leads_to_its_funders_own_workbook(window: Window) -> None:
    window.go_to(RETURNS)
    returns = window.page(RETURNS)
    assert isinstance(returns, ReturnsPage)
    returns.open_return("mopac-core-return-9")
    returns.own.own_action.trigger()
    page = window.page(OWN_WORKBOOK)
    assert isinstance(page, OwnWorkbookPage)
    assert window.page_in_sight == "own-workbook"
    assert (page.award.currentData(), page.period.currentData()) == (AWARD, "2026-27 Q3")


# --- a real one, twice ----------------------------------------------------------------------------


def cells_of(path: Path, title: str) -> list[list[Any]]:
    with CalamineWorkbook.from_path(path) as book:
        return book.get_sheet_by_name(title).to_python(skip_empty_area=False)


def test_a_finance_lead_fills_a_real_workbook_and_the_next_quarter_in_a_few_acts(
    window: Window, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Innovate UK's form, filled for one quarter cell by cell; for the next in three acts."""
    sent = shared("returns/InnovateUK_reallocate-project-costs.xlsx")
    window.book = tmp_path / "charity.fundtrack"
    page = opened(window, sent, qtbot)
    title = page.tabs.tabText(page.tabs.currentIndex())
    assert title == "Section B. Annex A"
    lines = {6: "idva", 7: "overheads", 8: "safety", 11: "travel", 12: "management"}
    for row, key in lines.items():
        stand(page, row, 3, title)
        choose(page.panel.field, "line.actual")
        choose(page.panel.of, key)
    stand(page, 5, 3, title)
    choose(page.panel.field, "cover.organisation")
    settled(page, qtbot)
    first = tmp_path / "Filled Q2.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(first), ""))
    with qtbot.waitSignal(page.written):
        page.write_button.click()
    assert page.proof is not None
    assert any("byte for byte as they were" in said for said in page.proof.says)
    q2 = cells_of(first, title)
    assert q2[4][2] == "Larkmoor Bridge"

    # The next quarter: open the new file, look at nothing new, write.
    again = tmp_path / "Annex Q3.xlsx"
    again.write_bytes(sent.read_bytes())
    window.fill_own_workbook(AWARD, "2026-27 Q3")  # act one: the return's own button
    page.open_workbook(again)  # act two: the file
    qtbot.waitUntil(lambda: page.path == again)
    settled(page, qtbot)
    assert "6 cells found again" in page.message.words
    second = tmp_path / "Filled Q3.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(second), ""))
    with qtbot.waitSignal(page.written) as told:
        page.write_button.click()  # act three
    assert told.args == [AWARD, "2026-27 Q3", second]
    assert "checks for when the period is over" in page.message.words  # it ends on 31 December
    q3 = cells_of(second, title)
    assert q3[4][2] == "Larkmoor Bridge"
    assert q3[5][2] not in ("", q2[5][2])
    assert sent.read_bytes() == again.read_bytes()
