"""What a finance lead does on the workbench of one return, told by keyboard and mouse."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel

from fundtrack.core.model import BudgetLine, Contact, Funder, Return
from fundtrack.core.returns.lifecycle import history
from fundtrack.gui.cells import CellField
from fundtrack.gui.dialogs.layout_copy import LayoutCopy
from fundtrack.gui.dialogs.returns_batch import BatchDialog
from fundtrack.gui.returns import bench as bench_module
from fundtrack.gui.returns.sheet import SheetGrid, address
from fundtrack.gui.returns.writing import WriteDialog
from fundtrack.gui.window import Window
from tests.gui.test_everyone import parts_to_name, said_of
from tests.gui.test_pages import book, press_enter
from tests.gui.test_returns import answer, by, choose, record, returns

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QImage
    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot

    from fundtrack.core.returns.shown import ShownCell
    from fundtrack.gui.dialogs.return_step import StepDialog
    from fundtrack.gui.pages.returns import ReturnsPage
    from fundtrack.gui.returns.bench import Bench
    from tests.gui.conftest import Shelf

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
CORE = "mopac-core-return-9"


@pytest.fixture
def page(window: Window) -> ReturnsPage:
    found = returns(window)
    found.stand_at(CORE)
    return found


@pytest.fixture
def bench(page: ReturnsPage) -> Bench:
    return page.own


def kept(window: Window, key: str = CORE) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(record(window, key).figures or "{}"))


def show(bench: Bench, title: str) -> None:
    titles = [bench.tabs.tabText(at) for at in range(bench.tabs.count())]
    bench.tabs.setCurrentIndex(titles.index(title))


def lay_out_as(bench: Bench, name: str) -> None:
    bench.layouts.setCurrentIndex(bench.layouts.findData(name))
    bench.layouts.activated.emit(bench.layouts.currentIndex())


def stand(bench: Bench, figure: str) -> ShownCell:
    assert bench.grid.go_to_figure(figure), figure
    bench.grid.setFocus()
    cell = bench.grid.current
    assert cell is not None
    return cell


def put(qtbot: QtBot, bench: Bench, figure: str, text: str) -> CellField:
    """Go to a figure, open it with F2, type, and press Enter."""
    stand(bench, figure)
    qtbot.keyClick(bench.grid, Key.Key_F2)
    field = QApplication.focusWidget()
    assert isinstance(field, CellField)
    qtbot.keyClicks(field, text)
    press_enter(qtbot, field)
    return field


def says(bench: Bench, figure: str) -> str:
    assert bench.shown is not None
    place = bench.shown.find(figure)
    assert place is not None
    return bench.shown.sheets[place[0]].cells[place[1:]].text


def in_dialog(kind: type[QDialog], fill: Callable[[Any], None]) -> list[QDialog]:
    """Fill in the dialog of this kind that opens and accept it; one that stays is given up."""
    seen: list[QDialog] = []

    def act() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, kind)
        seen.append(dialog)
        try:
            fill(dialog)
            if dialog.isVisible():
                dialog.accept()
        finally:
            if dialog.isVisible():
                dialog.reject()

    QTimer.singleShot(0, act)
    return seen


def save_as(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))


# --- the sheet ---------------------------------------------------------------------------


def test_enter_opens_a_return_and_esc_leads_back_to_its_row(window: Window, qtbot: QtBot) -> None:
    page = returns(window)
    choose(page, "mopac-core:return:2026-10-01")
    qtbot.keyClick(page.grid, Key.Key_Return)
    assert page.standing == CORE
    assert page.head.title.whole == "Victims' core grant, 2026-27 Q3"
    assert page.own.isVisible()
    assert page.own.grid.hasFocus()
    qtbot.keyClick(page.own.grid, Key.Key_Escape)
    assert page.standing == ""
    assert page.chosen_key == "mopac-core:return:2026-10-01"


def test_the_workbook_is_shown_as_it_will_be_written(bench: Bench) -> None:
    titles = [bench.tabs.tabText(at) for at in range(bench.tabs.count())]
    assert titles == ["Cover", "Finance", "Posts", "Notes", "Checks"]
    cell = stand(bench, "finance/line/idva/actual")
    assert (address(cell), cell.text) == ("H8", "£8,782.67")
    variance = stand(bench, "finance/line/idva/variance")
    assert variance.formula == "G8-H8"
    assert bench.grid.sheet.spoken(variance).endswith("£17,438.83, formula")


def test_a_cell_says_where_its_figure_comes_from(bench: Bench) -> None:
    stand(bench, "finance/line/idva/actual")
    assert bench.cell.title.text() == "Cell H8"
    assert bench.cell.source.text().startswith("From: 1 transaction of £8,782.67")
    assert bench.cell.records.text() == "31 Oct 2026  £8,782.67  Salaries and on-costs"
    stand(bench, "finance/line/idva/approved")
    assert bench.cell.source.text() == "From: the agreed budget of the line."
    assert "cannot be typed" in bench.cell.hint.text()
    stand(bench, "finance/line/idva/variance")
    assert "ƒ =G8" in bench.cell.formula.text()


def test_the_sign_of_a_variance_is_printed_and_follows_the_layout(bench: Bench) -> None:
    assert bench.shown is not None
    finance = bench.shown.sheets[1]
    assert any("Variance = budget − actual" in cell.text for cell in finance.cells.values())


def test_what_was_spent_on_a_line_is_typed_and_makes_up_the_difference(
    window: Window, bench: Bench, qtbot: QtBot
) -> None:
    put(qtbot, bench, "finance/line/idva/actual", "9,000")
    assert says(bench, "finance/line/idva/actual") == "£9,000.00"
    made = book(window).actuals[-1]
    assert (made.budget_line, made.amount, made.on.isoformat()) == ("idva", 217_33, "2026-12-31")
    put(qtbot, bench, "finance/line/idva/actual", "8,782.67")
    assert says(bench, "finance/line/idva/actual") == "£8,782.67"
    assert made.key not in {each.key for each in book(window).actuals}
    window.undo()
    window.undo()
    assert says(bench, "finance/line/idva/actual") == "£8,782.67"


def test_a_sum_that_is_none_is_refused_under_the_cell(bench: Bench, qtbot: QtBot) -> None:
    before = says(bench, "finance/line/idva/remaining")
    field = put(qtbot, bench, "finance/line/idva/remaining", "lots")
    assert field.fault == "This is not a number. Type an amount such as 1,200.50"
    qtbot.keyClick(field, Key.Key_Escape)
    assert says(bench, "finance/line/idva/remaining") == before


def test_a_block_pasted_from_a_spreadsheet_is_one_undoable_edit(
    window: Window, bench: Bench, qtbot: QtBot
) -> None:
    QApplication.clipboard().setText("1,000.00\n2,000.00\n\n300\n")
    stand(bench, "finance/line/idva/committed")
    qtbot.keyClick(bench.grid, Key.Key_V, CTRL)
    assert says(bench, "finance/line/idva/committed") == "£1,000.00"
    assert says(bench, "finance/line/management/committed") == "£2,000.00"
    assert kept(window)["committed"] == {
        "idva": "1000.00",
        "management": "2000.00",
        "supervision": "300.00",
    }
    window.undo()
    assert "committed" not in kept(window)


def test_a_block_with_a_fault_pastes_nothing_and_names_the_cell(
    window: Window, bench: Bench, qtbot: QtBot
) -> None:
    QApplication.clipboard().setText("1,000.00\nsome\n")
    stand(bench, "finance/line/idva/committed")
    qtbot.keyClick(bench.grid, Key.Key_V, CTRL)
    page = returns(window)
    assert "Nothing was pasted. P9, “some”" in page.message.words
    assert says(bench, "finance/line/idva/committed") == "£0.00"


def test_delete_clears_what_was_typed_and_copy_gives_a_spreadsheet_its_numbers(
    bench: Bench, qtbot: QtBot
) -> None:
    put(qtbot, bench, "finance/line/idva/committed", "50")
    stand(bench, "finance/line/idva/committed")
    qtbot.keyClick(bench.grid, Key.Key_C, CTRL)
    assert QApplication.clipboard().text() == "50.00\n"
    qtbot.keyClick(bench.grid, Key.Key_Delete)
    assert says(bench, "finance/line/idva/committed") == "£0.00"


def test_indicators_flows_outcomes_and_people_are_typed_where_they_stand(
    window: Window, bench: Bench, qtbot: QtBot
) -> None:
    lay_out_as(bench, "t3-victims-outcomes")
    show(bench, "Outputs")
    put(qtbot, bench, "outputs/core-referrals/actual", "151")
    put(qtbot, bench, "outputs/core-referrals/target", "145")
    put(qtbot, bench, "outputs/new/actual", "60")
    put(qtbot, bench, "outputs/core-safer/numerator", "41")
    indicator = next(each for each in book(window).indicators if each.key == "core-referrals")
    assert (indicator.readings[-1].period, str(indicator.readings[-1].value)) == (
        "2026-27 Q3",
        "151",
    )
    assert str(next(t for t in indicator.targets if t.period == "2026-27 Q3").value) == "145"
    assert says(bench, "outputs/core-referrals/rag") == "Green"
    show(bench, "Outcomes")
    assert bench.shown is not None
    first = bench.shown.figures.tables["outcomes"][0].key
    put(qtbot, bench, f"outcomes/{first}/improved", "12")
    show(bench, "Who")
    put(qtbot, bench, "who/age/0/count", "7")
    show(bench, "Risks")
    put(qtbot, bench, "risks/1/risk", "Two posts are hard to fill")
    put(qtbot, bench, "risks/1/likelihood", "4")
    put(qtbot, bench, "risks/1/impact", "3")
    assert says(bench, "risks/1/score") == "12"
    figures = kept(window)
    assert figures["flows"] == {"new": "60"}
    assert figures["kpis"]["core-safer"] == {"numerator": "41"}
    assert figures["outcomes"][first] == {"improved": "12"}
    assert list(figures["who"]["age"].values()) == ["7"]
    assert figures["risks"] == [
        {"impact": "3", "likelihood": "4", "risk": "Two posts are hard to fill"}
    ]


def test_a_count_must_be_whole_and_a_choice_is_one_of_its_list(bench: Bench, qtbot: QtBot) -> None:
    lay_out_as(bench, "t3-victims-outcomes")
    show(bench, "Outputs")
    field = put(qtbot, bench, "outputs/new/actual", "6.5")
    assert field.fault == "Type a whole number, such as 12"
    qtbot.keyClick(field, Key.Key_Escape)
    show(bench, "Case study")
    QApplication.clipboard().setText("perhaps")
    assert bench.shown is not None
    consent = next(
        cell
        for cell in bench.shown.sheets[bench.tabs.currentIndex()].cells.values()
        if cell.choices and cell.figure.startswith("case/")
    )
    stand(bench, consent.figure)
    qtbot.keyClick(bench.grid, Key.Key_V, CTRL)
    assert "Choose one of: yes, no" in bench.window().page(5).message.words  # type: ignore[attr-defined]


def test_words_are_counted_as_they_are_typed_and_kept_with_ctrl_enter(
    window: Window, bench: Bench, qtbot: QtBot
) -> None:
    lay_out_as(bench, "t2-half-yearly")
    show(bench, "Narrative")
    assert bench.shown is not None
    sheet = bench.shown.layout.sheet("narrative")
    assert sheet is not None
    item = next(each for each in sheet.rows if each.limit)
    stand(bench, f"narrative/{item.field}/value")
    qtbot.keyClick(bench.grid, Key.Key_Return)
    assert bench.cell.words.hasFocus()
    qtbot.keyClicks(bench.cell.words, "We saw more people")
    assert bench.cell.count.text() == f"4 of {item.limit} words"
    bench.cell.words.setPlainText("word " * (item.limit + 2))
    assert bench.cell.count.text().endswith("2 too many")
    assert kept(window).get("narrative") is None
    bench.cell.words.setPlainText("We saw more people")
    qtbot.keyClick(bench.cell.words, Key.Key_Return, CTRL)
    assert kept(window)["narrative"] == {item.field: "We saw more people"}


def test_esc_in_the_words_puts_back_what_the_book_has(bench: Bench, qtbot: QtBot) -> None:
    show(bench, "Notes")
    stand(bench, "notes/line/idva/note")
    qtbot.keyClick(bench.grid, Key.Key_F2)
    qtbot.keyClicks(bench.cell.words, "Half a thought")
    qtbot.keyClick(bench.cell.words, Key.Key_Escape)
    assert bench.cell.words.toPlainText() == ""
    assert bench.isVisible()


# --- checks ------------------------------------------------------------------------------


def found(bench: Bench, rule: str, level: str) -> list[str]:
    return [
        row.finding.says
        for row in bench.checks.table.rows
        if row.finding.rule == rule and row.finding.level == level
    ]


def test_the_checks_stand_below_what_is_to_be_fixed_first(bench: Bench, qtbot: QtBot) -> None:
    put(qtbot, bench, "finance/line/travel/actual", "1,200")
    assert bench.checks.note.text().endswith(
        " · 6 for when the period is over · 1 to fix before writing"
    )
    table = bench.checks.table
    rows = [
        [str(table.index(row, at).data()) for at in range(table.columnCount())] for row in (0, 1)
    ]
    assert [row[0] for row in rows] == ["Fix", "Look"]
    assert rows[0][3:7] == ["£930.00", "£1,200.00", "−£270.00", "Notes!F10"]


def test_what_a_quarter_may_still_put_right_is_not_asked_for_before_it_is_over(
    bench: Bench,
) -> None:
    assert bench.checks.note.text() == "18 clear · 2 to look at · 7 for when the period is over"
    row = bench.checks.table.rows[0]
    assert bench.checks.table.index(0, 0).data() == "Look"
    assert row.finding.says.startswith("IDVAs: 66.5 % under budget so far. The period ends 31 Dec")
    assert row.finding.level == "FAIL"  # as the written file has it, and no step is taken with it
    (payroll,) = found(bench, "F9", "FAIL")
    assert payroll.startswith("£24,770.89 of what the posts sheet claims is not in the accounts")


def test_the_checks_follow_words_before_they_are_kept(
    window: Window, bench: Bench, qtbot: QtBot
) -> None:
    show(bench, "Notes")
    stand(bench, "notes/line/idva/note")
    qtbot.keyClick(bench.grid, Key.Key_F2)
    before = len(found(bench, "F4", "FAIL"))
    bench.cell.words.insertPlainText("The hospital post was vacant until December.")
    qtbot.waitUntil(lambda: len(found(bench, "F4", "FAIL")) == before - 1)
    assert "notes" not in kept(window)


def test_enter_on_a_check_jumps_to_its_cell(bench: Bench, qtbot: QtBot) -> None:
    bench.checks.grid.choose(bench.checks.table.rows[0].key, 0)
    bench.checks.grid.setFocus()
    qtbot.keyClick(bench.checks.grid, Key.Key_Return)
    assert bench.tabs.tabText(bench.tabs.currentIndex()) == "Notes"
    assert bench.grid.hasFocus()
    assert bench.grid.current is not None
    assert bench.grid.current.figure == "notes/line/idva/note"


def test_a_difference_is_explained_where_that_is_allowed_and_only_there(
    window: Window, bench: Bench
) -> None:
    table = bench.checks.table
    at = table.place_of("explained_by")
    allowed = {
        row.finding.part
        for n, row in enumerate(table.rows)
        if table.flags(table.index(n, at)) & Qt.ItemFlag.ItemIsEditable
    }
    assert "signed/by" in allowed
    assert "note/line" not in allowed
    place = next(n for n, row in enumerate(table.rows) if row.finding.part == "signed/by")
    assert table.setData(table.index(place, at), "One person does the finance here")
    assert kept(window)["explained"] == {"S1": "One person does the finance here"}


# --- the layout --------------------------------------------------------------------------


def test_a_layout_is_copied_beside_the_book_and_the_return_laid_out_in_it(
    window: Window, page: ReturnsPage, tmp_path: Path
) -> None:
    window.book = tmp_path / "charity.fundtrack"
    in_dialog(LayoutCopy, lambda dialog: dialog.name.setText("our-quarterly"))
    page.copy_layout()
    copy = tmp_path / "layouts" / "our-quarterly.toml"
    assert copy.is_file()
    assert record(window, CORE).template == "our-quarterly/1"
    assert page.own.shown is not None
    assert page.own.shown.layout.title == "Quarterly grant return (our copy)"
    seen = in_dialog(LayoutCopy, lambda dialog: dialog.name.setText("our-quarterly"))
    page.copy_layout()
    assert "There is a layout “our-quarterly” already" in cast("LayoutCopy", seen[0]).fault.text()


def test_a_faulty_layout_says_what_is_wrong_by_its_line(
    window: Window, page: ReturnsPage, tmp_path: Path
) -> None:
    window.book = tmp_path / "charity.fundtrack"
    folder = tmp_path / "layouts"
    folder.mkdir()
    (folder / "ours.toml").write_text(
        'name = "ours"\nversion = "1"\ntitle = "Ours"\n\n[[sheets]]\nlike = "finance"\n'
        'columns = [\n    { field = "code", title = "Code" },\n'
        '    { field = "spend", title = "Spend" },\n]\n',
        encoding="utf-8",
    )
    page._show_standing()
    at = page.own.layouts.findData("ours")
    assert page.own.layouts.itemText(at) == "ours (faulty)"
    lay_out_as(page.own, "ours")
    assert "line 9" in page.message.words.casefold()
    assert "expected one of" in page.message.words.casefold()
    assert record(window, CORE).template == "t1-quarterly"


def test_every_sheet_of_every_layout_can_be_looked_at(bench: Bench) -> None:
    for at in range(bench.layouts.count()):
        name = str(bench.layouts.itemData(at))
        lay_out_as(bench, name)
        for sheet in range(bench.tabs.count()):
            bench.tabs.setCurrentIndex(sheet)
            QApplication.processEvents()
            assert bench.grid.sheet.sheet is not None
            assert bench.grid.sheet.sheet.title == bench.tabs.tabText(sheet)
    assert bench.layouts.count() == 8


# --- writing -----------------------------------------------------------------------------


def test_a_draft_is_written_and_proved_off_the_windows_thread(
    page: ReturnsPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    out = tmp_path / "draft.xlsx"
    save_as(monkeypatch, out)
    seen = in_dialog(WriteDialog, lambda _dialog: None)
    page.own.write_button.click()
    dialog = cast("WriteDialog", seen[0])
    assert dialog.write_button.text() == "Write a draft…"
    qtbot.waitUntil(
        lambda: "draft.xlsx is written as a draft" in page.message.words, timeout=20_000
    )
    assert out.stat().st_size > 5_000


def test_what_looks_personal_is_listed_and_nothing_is_written_until_it_is_cleared(
    window: Window, page: ReturnsPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    show(page.own, "Notes")
    stand(page.own, "notes/line/idva/note")
    page.own.cell.words.setPlainText("Ask jo@example.org about the vacancy.")
    page.own.cell.words.settle()
    said: list[str] = []

    def leave_it(dialog: WriteDialog) -> None:
        said.append(dialog.stop.text())
        assert not dialog.write_button.isEnabled()
        assert [part for part in parts_to_name(dialog) if not said_of(part)] == []
        dialog.reject()

    in_dialog(WriteDialog, leave_it)
    page.write()
    assert said == ["1 thing looks personal and has not been looked at."]
    save_as(monkeypatch, tmp_path / "cleared.xlsx")

    def clear(dialog: WriteDialog) -> None:
        box = dialog.boxes()[0]
        assert "jo@example.org looks like an e-mail address" in box.text()
        box.setChecked(True)
        assert dialog.write_button.isEnabled()

    in_dialog(WriteDialog, clear)
    page.write()
    qtbot.waitUntil((tmp_path / "cleared.xlsx").exists, timeout=20_000)
    assert kept(window)["cleared"] == ["jo@example.org"]


def test_names_and_salaries_stand_only_where_the_layout_asks_and_somebody_says_yes(
    window: Window, page: ReturnsPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.book = tmp_path / "charity.fundtrack"
    folder = tmp_path / "layouts"
    folder.mkdir()
    (folder / "named.toml").write_text(
        'name = "named"\nversion = "1"\ntitle = "With names"\n\n[[sheets]]\nlike = "finance"\n'
        '[[sheets]]\nlike = "posts"\ncolumns = [\n    { field = "role", title = "Role" },\n'
        '    { field = "salary", title = "Salary" },\n    { field = "cost", title = "Cost" },\n]\n',
        encoding="utf-8",
    )
    page._show_standing()
    lay_out_as(page.own, "named")
    assert says(page.own, "posts/0/salary") in ("", "£0.00")
    assert found(page.own, "P3", "FAIL")
    boxes: list[str] = []

    def look(dialog: WriteDialog) -> None:
        boxes.extend(box.text() for box in dialog.boxes())
        dialog.boxes()[0].setChecked(True)

    def cannot(dialog: WriteDialog) -> None:
        assert not dialog.boxes()[0].isEnabled()
        dialog.reject()

    in_dialog(WriteDialog, cannot)
    page.write()
    window.show_salaries(True)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    in_dialog(WriteDialog, look)
    page.write()
    assert boxes[0] == "Put &salaries in it"
    page._show_standing()
    assert says(page.own, "posts/0/salary").startswith("£")
    assert not found(page.own, "P3", "FAIL")
    window.show_salaries(False)
    assert says(page.own, "posts/0/salary") == ""


def test_all_returns_due_are_written_in_one_batch(
    window: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    page = returns(window)

    def fill(dialog: BatchDialog) -> None:
        dialog.by.setText("nonsense")
        assert not dialog.write_button.isEnabled()
        dialog.by.setText("31/1/27")
        assert dialog.count.text() == "7 returns to be written."
        dialog.where.setText(str(tmp_path))

    in_dialog(BatchDialog, fill)
    page.batch_button.click()
    qtbot.waitUntil(lambda: "written and proved" in page.message.words, timeout=60_000)
    assert page.message.words.startswith("7 returns written and proved")
    assert len(list(tmp_path.glob("*.xlsx"))) == 7


def test_a_batch_goes_only_into_a_folder_that_is_there(window: Window, tmp_path: Path) -> None:
    page = returns(window)
    seen = in_dialog(BatchDialog, lambda dialog: dialog.where.setText(str(tmp_path / "gone")))
    page.write_all()
    assert "no such folder" in cast("BatchDialog", seen[0]).fault.text()


# --- the way it goes ---------------------------------------------------------------------


def test_what_was_sent_is_kept_as_it_was_until_it_is_queried(window: Window, qtbot: QtBot) -> None:
    page = returns(window)
    page.stand_at("mopac-core-return-8")
    assert "kept as it was" in page.own.closed.text()
    stand(page.own, "finance/line/idva/remaining")
    qtbot.keyClick(page.own.grid, Key.Key_F2)
    assert not isinstance(QApplication.focusWidget(), CellField)
    assert "cannot be changed as the return stands" in page.own.cell.hint.text()


def test_a_read_only_book_shows_a_return_and_changes_nothing(
    shelf: Shelf, opened: Callable[[], Window], qtbot: QtBot
) -> None:
    shelf.read_only = "Somebody else has it open."
    page = returns(opened())
    page.stand_at(CORE)
    stand(page.own, "finance/line/idva/remaining")
    qtbot.keyClick(page.own.grid, Key.Key_F2)
    assert not isinstance(QApplication.focusWidget(), CellField)
    assert not page.own.accounts_button.isVisible()


def test_back_leads_to_the_list_and_forward_to_the_return_again(window: Window) -> None:
    page = returns(window)
    page.stand_at(CORE)
    window.acts.back.trigger()
    assert page.standing == ""
    window.acts.forward.trigger()
    assert page.standing == CORE


def test_everything_on_the_workbench_has_a_name(window: Window, bench: Bench) -> None:
    assert bench.isVisible()
    assert [part for part in parts_to_name(window) if not said_of(part)] == []


def test_in_a_small_window_cell_and_checks_share_their_place(
    window: Window, bench: Bench, qtbot: QtBot
) -> None:
    window.resize(800, 600)
    assert bench.switch.isVisible()
    assert bench.checks.isVisible()
    show(bench, "Notes")
    stand(bench, "notes/line/idva/note")
    qtbot.keyClick(bench.grid, Key.Key_F2)
    assert bench.cell.words.hasFocus()
    assert not bench.checks.isVisible()
    window.resize(1280, 800)
    assert bench.checks.isVisible()
    assert bench.cell.isVisible()


def test_a_lines_name_and_the_heads_stay_in_sight_while_its_sheet_is_scrolled(
    window: Window, bench: Bench, qtbot: QtBot
) -> None:
    window.resize(1280, 800)
    stand(bench, "finance/line/idva/actual")
    grid, still = bench.grid, bench.grid.still
    last = grid.sheet.columnCount() - 1
    grid.go_to_place(grid.sheet.rowCount(), last + 1)
    QApplication.processEvents()
    assert still.beside.isVisible()
    assert still.above.isVisible()
    assert not still.beside.isColumnHidden(2)
    assert still.beside.isColumnHidden(last)
    assert grid.sheet.index(7, 2).data() == "IDVAs"
    assert still.beside.columnWidth(2) == grid.columnWidth(2)
    # Going back to the left, no cell is left under the columns that stand still.
    for _ in range(last):
        qtbot.keyClick(grid, Key.Key_Left)
        assert grid.visualRect(grid.currentIndex()).left() >= still.width
    assert not still.beside.isVisible()


def test_the_sentences_above_a_table_stay_whole_while_its_sheet_is_scrolled(
    window: Window, bench: Bench
) -> None:
    stand(bench, "finance/line/idva/actual")
    grid, still = bench.grid, bench.grid.still
    above = [at for at in range(4) if grid.sheet.index(at, 0).data()]
    assert above == [0, 1, 2, 3]
    for size in ((1280, 800), (1000, 800)):
        window.resize(*size)
        for _ in range(10):  # what stands beside the sheet may go below it first
            QApplication.processEvents()
        begun = {at: seen_row(grid, at) for at in above}
        grid.horizontalScrollBar().setValue(grid.horizontalScrollBar().maximum())
        QApplication.processEvents()
        assert still.beside.isVisible()
        for at in above:
            assert seen_row(grid, at) == begun[at], "its words stand where they stood"
            middle = still.beside.horizontalHeader().height() + grid.rowViewportPosition(at) + 3
            assert not still.beside.mask().contains(QPoint(20, middle)), "and nothing lies on them"
            words_, room = grid.sheet.index(at, 0).data(), grid.viewport().width() - 12
            metrics = QFontMetrics(grid.look.font("caption"))
            flags = int(Qt.TextFlag.TextWordWrap)
            tall = metrics.boundingRect(0, 0, room, 1_000, flags, words_).height()
            assert grid.rowHeight(at) >= tall, "on as many lines as they need"
        grid.horizontalScrollBar().setValue(0)


def seen_row(grid: SheetGrid, row: int) -> QImage:
    top, tall = grid.rowViewportPosition(row), grid.rowHeight(row) - 1
    return grid.viewport().grab(QRect(0, top, grid.viewport().width(), tall)).toImage()


def test_the_sheets_model_keeps_qts_rules(bench: Bench, qtmodeltester: ModelTester) -> None:
    assert isinstance(bench.grid, SheetGrid)
    qtmodeltester.check(bench.grid.sheet)
    qtmodeltester.check(bench.checks.table)


def test_a_name_of_the_funders_is_personal(shelf: Shelf, opened: Callable[[], Window]) -> None:
    funders = tuple(
        replace(each, contacts=(Contact(name="Priya Nadar"),)) if at == 0 else each
        for at, each in enumerate(shelf.portfolio.funders)
    )
    assert isinstance(funders[0], Funder)
    shelf.portfolio = replace(shelf.portfolio, funders=funders)
    page = returns(opened())
    page.stand_at(CORE)
    show(page.own, "Notes")
    stand(page.own, "notes/line/idva/note")
    page.own.cell.words.setPlainText("Priya Nadar knows of the vacancy already.")
    page.own.cell.words.settle()
    assert any("Priya Nadar" in each for each in found(page.own, "P2", "FAIL"))
    at = next(r for r in page.own.checks.table.rows if r.finding.about == "Priya Nadar")
    page.own.checks.grid.choose(at.key, 0)
    page.own.checks.stay_button.click()
    assert not found(page.own, "P2", "FAIL")


def test_a_return_goes_from_draft_to_sent_with_its_file_frozen(
    window: Window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = returns(window)
    page.stand_at(CORE)
    for row in list(page.own.checks.table.rows):
        if row.finding.rule == "F4" and row.finding.level == "FAIL":
            note = "Only October is in the accounts so far; the rest comes by quarter's end."
            page.own._enter([(f"notes/line/{row.finding.line}/note", note)])
    for row in list(page.own.checks.table.rows):
        if row.finding.rule == "F9":  # the payroll of two months is still to come
            edit = page.own._explanation(row.finding, "The payroll of two months is still to come")
            page.edit_wanted.emit(edit)
    assert page.own.checks.note.text().endswith("to look at")
    page.stand_at("")
    page.open(CORE)
    answer(by("Finance lead"))
    page.take_step("checked")
    answer(by("Finance lead"))
    page.take_step("approved")
    assert record(window, CORE).status == "checked"
    answer(by("Treasurer"))
    page.take_step("approved")
    assert record(window, CORE).status == "approved"
    page.stand_at(CORE)
    assert "Take it back to draft" in page.own.closed.text()
    out = tmp_path / "q3.xlsx"
    save_as(monkeypatch, out)
    in_dialog(WriteDialog, lambda _dialog: None)
    page.write()
    qtbot.waitUntil(
        lambda: "q3.xlsx is written, and every cell" in page.message.words, timeout=20_000
    )
    page.stand_at("")
    page.open(CORE)
    seen = answer(by("Finance lead", note="by e-mail"))
    page.take_step("submitted")
    assert seen
    sent = record(window, CORE)
    assert (sent.status, len(sent.file_sha256 or "")) == ("submitted", 64)
    assert history(sent)[-1].sha256 == sent.file_sha256
    assert kept(window)["lines"]["idva"]["actual"] == "8782.67"


def test_what_is_not_as_it_was_sent_must_be_explained_to_send_it_again(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    page = returns(window)
    page.open("mopac-core-return-8")
    answer(by("Commissioning officer", note="Is travel right?"))
    page.take_step("queried")
    page.stand_at("mopac-core-return-8")
    assert page.own.changeable
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    put(qtbot, page.own, "finance/line/travel/actual", "812.16")
    note = "Less travel while the hospital post was vacant."
    page.own._enter([("notes/line/travel/note", note)])
    told: list[str] = []

    def look(dialog: WriteDialog) -> None:
        told.extend(label.text() for label in dialog.findChildren(QLabel))
        dialog.reject()

    in_dialog(WriteDialog, look)
    page.write()
    assert any("Travel, actual: £802.16 was sent, now £812.16" in each for each in told)
    sent = tmp_path / "again.xlsx"
    sent.write_bytes(b"the workbook")
    page.stand_at("")
    page.open("mopac-core-return-8")
    seen = answer(by("Finance lead", file=str(sent)))
    page.take_step("resubmitted")
    fault = cast("StepDialog", seen[0]).fault.text()
    assert "Travel, actual: £802.16 was sent, now £812.16. Explain it" in fault
    answer(by("Finance lead", file=str(sent), note="A fare of £10 came in late."))
    page.take_step("resubmitted")
    assert record(window, "mopac-core-return-8").status == "resubmitted"


def test_a_post_claimed_beyond_the_whole_of_it_is_blocked_naming_both_returns(
    shelf: Shelf, opened: Callable[[], Window]
) -> None:
    other = json.dumps(
        {
            "posts": [
                {
                    "post": "idva-courts",
                    "start": "2026-10-01",
                    "end": "2026-12-31",
                    "share": "50",
                    "cost": "4000.00",
                }
            ]
        }
    )
    claimed = Return(
        key="gate-claim",
        award="through-gate",
        period="2026-27 H2",
        status="submitted",
        figures=other,
    )
    shelf.portfolio = replace(shelf.portfolio, returns=(*shelf.portfolio.returns, claimed))
    page = returns(opened())
    page.stand_at(CORE)
    (said, *_) = found(page.own, "F10", "FAIL")
    assert "150 % is claimed" in said
    assert "Victims' core grant, 2026-27 Q3" in said
    assert "Through the gate, 2026-27 H2" in said


def test_what_is_asked_before_writing_is_about_the_return_in_sight_and_not_the_one_before(
    page: ReturnsPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow return's checks are waited for: its words are looked at, not another's."""
    asked: list[str] = []
    bench = page.own
    bench.write_wanted.disconnect(page.write)
    bench.write_wanted.connect(lambda: asked.append(bench.shown.figures.award))  # type: ignore[union-attr]
    monkeypatch.setattr(bench_module, "TOO_LONG", -1.0)
    page.stand_at("")
    page.stand_at("young-survivors-return-2")
    bench.write_button.click()
    qtbot.waitUntil(lambda: bool(asked), timeout=20_000)
    assert asked == ["young-survivors"]


def test_a_return_of_five_hundred_lines_is_laid_out_off_the_windows_thread(
    shelf: Shelf, opened: Callable[[], Window], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = tuple(
        BudgetLine(key=f"line-{at}", heading="Delivery", title=f"Line {at}", amount=1_000_00)
        for at in range(500)
    )
    awards = tuple(
        replace(each, budget_lines=lines, budget_versions=()) if each.key == "mopac-core" else each
        for each in shelf.portfolio.awards
    )
    shelf.portfolio = replace(shelf.portfolio, awards=awards)
    window = opened()
    page = returns(window)
    page.stand_at(CORE)
    assert page.own.closed.text() == "Working it out…"
    assert not page.own.changeable
    qtbot.waitUntil(lambda: page.own.shown is not None, timeout=20_000)
    assert page.own.changeable
    assert page.own.grid.sheet.rowCount() > 500
    monkeypatch.setattr(bench_module, "TOO_LONG", -1.0)
    put(qtbot, page.own, "finance/line/line-7/actual", "12.50")
    qtbot.waitUntil(lambda: page.own.changeable, timeout=20_000)
    assert says(page.own, "finance/line/line-7/actual") == "£12.50"
