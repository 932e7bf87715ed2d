"""Tables to and from a spreadsheet: copied with real numbers, pasted after a look."""

from __future__ import annotations

import subprocess
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, cast

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog

from fundtrack import app
from fundtrack.core.model import Indicator
from fundtrack.gui.award.register import Heading
from fundtrack.gui.dialogs.paste import PasteDialog
from fundtrack.gui.pages.awards import Awards
from fundtrack.gui.pages.posts import Posts
from fundtrack.gui.pasting import block
from fundtrack.gui.window import AWARDS, POSTS, Window
from tests.peers import peer

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from fundtrack.core.model import Award
    from fundtrack.gui.award.page import AwardPage
    from fundtrack.gui.widgets.parts import SmallTable
    from tests.gui.conftest import Shelf

Control = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(window: Window) -> Awards:
    window.go_to(AWARDS)
    return cast("Awards", window.page(AWARDS))


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[PasteDialog]:
    """Every paste dialog that is shown; it is accepted if it can be."""
    seen: list[PasteDialog] = []

    def shown(dialog: PasteDialog) -> int:
        seen.append(dialog)
        if dialog.paste_button.isEnabled():
            dialog.accept()
        return dialog.result()

    monkeypatch.setattr(PasteDialog, "exec", shown)
    monkeypatch.setattr(PasteDialog, "deleteLater", lambda _dialog: None)
    return seen


def paste(page: Awards | Posts, text: str, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText(text)
    page.grid.setFocus()
    qtbot.keyClick(page.grid, Qt.Key.Key_V, Control)


def award(window: Window, title: str) -> Award:
    assert window.bridge is not None
    return next(it for it in window.bridge.workspace.portfolio.awards if it.title == title)


def told(dialog: PasteDialog) -> list[tuple[int, str, str, str]]:
    return [(it.row, it.record, it.column, it.fault or it.after) for it in dialog.table.rows]


def test_a_table_with_titles_changes_records_by_name_and_adds_the_others_as_one_edit(
    window: Window, page: Awards, looks: list[PasteDialog], qtbot: QtBot
) -> None:
    assert window.bridge is not None
    before = window.bridge.workspace.portfolio
    paste(
        page,
        "Award\tAmount\tEnd\tStage\n"
        "Health navigator\t£140,000.50\t30/04/2029\tLive\n"
        "Winter fund\t12000\t31 Mar 2028\tsubmitted\n",
        qtbot,
    )
    assert len(looks) == 1
    assert looks[0].said.text() == "1 row would change and 1 row would be added."
    health = award(window, "Health navigator")
    assert (health.amount, health.end) == (14_000_050, date(2029, 4, 30))
    winter = award(window, "Winter fund")
    assert (winter.amount, winter.end, winter.stage) == (1_200_000, date(2028, 3, 31), "submitted")
    assert window.bridge.workspace.undo_label == "Paste into awards"
    window.undo()
    assert window.bridge.workspace.portfolio == before


def test_a_block_without_titles_is_laid_from_the_cell_the_keyboard_is_on(
    window: Window, page: Awards, looks: list[PasteDialog], qtbot: QtBot
) -> None:
    keys = [page.grid.key_at(page.grid.sorted.index(at, 0)) for at in range(2)]
    page.grid.choose(keys[0], page.table.place_of("amount"))
    paste(page, "1,000\t\n2,000\t1/2/25\n", qtbot)
    assert len(looks) == 1
    assert window.bridge is not None
    awards = window.bridge.workspace.portfolio.awards_by_key
    assert [awards[key].amount for key in keys] == [100_000, 200_000]
    assert awards[keys[1]].start == date(2025, 2, 1)


def test_what_is_seen_is_what_is_pasted_onto(
    window: Window, page: Awards, looks: list[PasteDialog], qtbot: QtBot
) -> None:
    """Columns moved and rows sorted: the block goes where it looks as if it would."""
    grid, top = page.grid, page.grid.horizontalHeader()
    top.moveSection(top.visualIndex(page.table.place_of("end")), 0)
    grid.sortByColumn(page.table.place_of("amount"), Qt.SortOrder.DescendingOrder)
    first = grid.key_at(grid.sorted.index(0, 0))
    grid.choose(first, page.table.place_of("end"))
    paste(page, "31/12/2031\tThe largest\n", qtbot)
    assert window.bridge is not None
    largest = window.bridge.workspace.portfolio.awards_by_key[first]
    assert (largest.title, largest.end) == ("The largest", date(2031, 12, 31))
    assert len(looks) == 1
    assert grid.arrangement is not None
    grid.arrangement.reset()


def test_a_group_that_is_folded_still_has_its_awards_and_a_heading_takes_nothing(
    window: Window, page: Awards, looks: list[PasteDialog], qtbot: QtBot
) -> None:
    page.group.setCurrentIndex(page.group.findData("stage"))
    page.group.activated.emit(page.group.currentIndex())
    headings = [row for row in page.table.rows if isinstance(row, Heading)]
    assert headings
    page.grid.setCurrentIndex(page.grid.sorted.index(0, 0))
    paste(page, "The first below the heading\n", qtbot)
    assert looks[0].said.text() == "1 row would change."
    award(window, "The first below the heading")
    page.grid.fold_wanted.emit(headings[0].title)
    paste(page, "Award\tAmount\nThe first below the heading\t7\n", qtbot)
    assert looks[1].said.text() == "1 row would change."
    assert award(window, "The first below the heading").amount == 700


def test_faults_are_told_by_row_and_column_and_nothing_is_done_until_they_are_left_out(
    window: Window, page: Awards, looks: list[PasteDialog], qtbot: QtBot
) -> None:
    assert window.bridge is not None
    before = window.bridge.workspace.portfolio
    text = (
        "Award\tAmount\tEnd\tStage\n"
        "Health navigator\tabout ten\t31/2/2028\tLive\n"
        "Core costs\t1\t1/1/2020\t\n"
        "Core costs\t2\t\t\n"
        "Peer mentors\t3\t\tFinished\n"
        "Young survivors\t4\t\t\n"
    )
    paste(page, text, qtbot)
    faults = [(row, column) for row, _, column, _ in told(looks[0]) if column or row]
    assert {(2, "Amount"), (2, "End"), (4, ""), (5, "Stage")} <= set(faults)
    said = {(row, column): what for row, _, column, what in told(looks[0])}
    assert said[2, "Amount"].startswith("This is not a number")
    assert said[2, "End"].startswith("There is no such day")
    assert said[4, ""] == "Core costs is pasted twice. Paste it once"
    assert said[5, "Stage"].startswith("Finished is none of the choices")
    assert "before the start" in said[3, ""], "what only the whole book tells is told of its row"
    assert looks[0].edit is None
    assert window.bridge.workspace.portfolio is before

    looks[0].without.setChecked(True)
    assert looks[0].edit is not None
    assert {change.key for change in looks[0].edit.changes} == {"young-survivors"}


def test_what_cannot_be_changed_here_is_named_and_left(
    page: Awards, looks: list[PasteDialog], qtbot: QtBot
) -> None:
    paste(page, "Award\tCertainty\tColour\tAmount\nCore costs\tPossible\tred\t5\n", qtbot)
    assert looks[0].said.text() == (
        "1 row would change. Not taken, for it cannot be changed here: Certainty, Colour."
    )


def test_what_was_copied_here_pastes_back_as_nothing_to_do(
    page: Awards, looks: list[PasteDialog], qtbot: QtBot
) -> None:
    page.grid.selectAll()
    page.grid.copy_rows()
    paste(page, QGuiApplication.clipboard().text(), qtbot)
    assert looks[0].edit is None
    assert looks[0].said.text().startswith("Everything pasted stands here already.")


def test_a_salary_that_is_hidden_cannot_be_pasted_over(
    window: Window, looks: list[PasteDialog], qtbot: QtBot
) -> None:
    window.go_to(POSTS)
    posts = cast("Posts", window.page(POSTS))
    posts.switch.choose(1)
    paste(posts, "Post\tFull-time salary\nIDVA, courts\t1\n", qtbot)
    assert looks[0].edit is None
    assert "Full-time salary" in looks[0].said.text()
    window.show_salaries(True)
    paste(posts, "Post\tFull-time salary\tFTE\nNew adviser\t25000\t0.5\n", qtbot)
    assert window.bridge is not None
    made = window.bridge.workspace.portfolio.posts[-1]
    assert (made.title, made.salary, made.fte) == ("New adviser", 2_500_000, Decimal("0.5"))


def test_a_book_that_can_only_be_read_takes_no_paste(
    closed_window: Window, shelf: Shelf, looks: list[PasteDialog], qtbot: QtBot
) -> None:
    shelf.read_only = "It is open elsewhere"
    assert closed_window.open_book(Path("sample.fundtrack"))
    closed_window.go_to(AWARDS)
    page = cast("Awards", closed_window.page(AWARDS))
    assert not page.grid.can_paste
    paste(page, "Award\tAmount\nCore costs\t5\n", qtbot)
    assert looks == []


def test_the_dialog_is_cancelled_with_esc_and_nothing_happens(
    window: Window, page: Awards, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    def cancelled(dialog: PasteDialog) -> int:
        dialog.show()
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        return dialog.result()

    monkeypatch.setattr(PasteDialog, "exec", cancelled)
    paste(page, "Award\tAmount\nCore costs\t5\n", qtbot)
    assert window.bridge is not None
    assert window.bridge.workspace.undo_label is None
    assert QDialog.DialogCode.Rejected.value == 0


def test_cells_with_lines_and_quotes_and_our_own_formula_marks_are_read() -> None:
    text = '"Young\nsurvivors"\t"the ""big"" one"\t\'=sum\r\n5" pipe\t\t\r\n\t\t\r\n'
    assert block(text) == (("Young survivors", 'the "big" one', "=sum"), ('5" pipe', "", ""))
    with pytest.raises(ValueError, match=r"more than 20,000 cells"):
        block("1\t2\n" * 10_001)


def test_a_spreadsheet_takes_copied_rows_as_numbers_and_days(page: Awards, tmp_path: Path) -> None:
    office = peer("soffice")
    page.grid.choose("health-navigator", 0)
    page.grid.copy_rows()
    data = QGuiApplication.clipboard().mimeData()
    assert data.text().startswith("Award\tFunder\tStage")
    page_file = tmp_path / "copied.html"
    page_file.write_text(data.html(), encoding="utf-8")
    subprocess.run(
        [
            office,
            f"-env:UserInstallation={(tmp_path / 'office').as_uri()}",
            "--headless",
            "--infilter=HTML (StarCalc)",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(tmp_path),
            str(page_file),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    sheet = openpyxl.load_workbook(tmp_path / "copied.xlsx").active
    assert sheet is not None
    titles, values = (list(row) for row in sheet.iter_rows(max_row=2, values_only=True))
    found = dict(zip(titles, values, strict=True))
    assert found["Amount"] == 133_200
    assert found["End"] == datetime(2029, 3, 31)  # noqa: DTZ001 - a sheet's day has no zone
    assert found["Award"] == "Health navigator"


# --- the tables of an award's own page ------------------------------------------------------------


def paste_into(small: SmallTable, text: str, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText(text)
    small.grid.setFocus()
    qtbot.keyClick(small.grid, Qt.Key.Key_V, Control)


@pytest.fixture
def own(window: Window, page: Awards) -> AwardPage:
    window.open_record("awards.mopac-core")
    return page.own


def test_payments_are_changed_and_added_from_one_copied_table(
    window: Window, own: AwardPage, looks: list[PasteDialog], qtbot: QtBot
) -> None:
    small = own.money.payments
    before = award(window, "Victims' core grant").payments
    first = small.table.words(small.table.rows[0], small.table.columns[0])
    second = small.table.words(small.table.rows[1], small.table.columns[0])
    paste_into(
        small,
        f"Due\tAmount\tCame\n{first}\t101\t102\n{second}\t201\t\n"
        "1/2/2027\t301\t\n1/3/2027\t401\t\n",
        qtbot,
    )
    assert looks[0].said.text() == "2 rows would change and 2 rows would be added."
    after = award(window, "Victims' core grant").payments
    assert [it.amount for it in after[:2]] == [101_00, 201_00]
    assert after[0].received == 102_00
    assert after[2 : len(before)] == before[2:]
    assert [(it.due, it.amount) for it in after[len(before) :]] == [
        (date(2027, 2, 1), 301_00),
        (date(2027, 3, 1), 401_00),
    ]
    window.undo()
    assert award(window, "Victims' core grant").payments == before


def test_budget_lines_are_changed_and_added_and_the_total_is_left(
    window: Window, own: AwardPage, looks: list[PasteDialog], qtbot: QtBot
) -> None:
    small = own.budget.lines
    before = award(window, "Victims' core grant").budget_lines
    text = f"Line\tBudget\n{before[0].title}\t1000\nTaxis\t200\nRooms\t300\nTotal\t99\n"
    paste_into(small, text, qtbot)
    assert looks[0].said.text() == "1 row would change and 2 rows would be added."
    after = award(window, "Victims' core grant").budget_lines
    assert after[0].amount == 1_000_00
    assert after[1 : len(before)] == before[1:]
    assert [(it.title, it.amount) for it in after[len(before) :]] == [
        ("Taxis", 200_00),
        ("Rooms", 300_00),
    ]
    assert len({it.key for it in after}) == len(after)


def test_spending_is_added_from_a_copied_table(
    window: Window, own: AwardPage, looks: list[PasteDialog], qtbot: QtBot
) -> None:
    own.budget.switch.choose(1)
    assert window.bridge is not None
    before = window.bridge.workspace.portfolio.actuals
    paste_into(
        own.budget.spending,
        "On\tWhat\tAmount\n3/11/2026\tTaxi to court\t40.50\n4/11/2026\tRoom hire\t90\n",
        qtbot,
    )
    assert looks[0].said.text() == "2 rows would be added."
    new = [it for it in window.bridge.workspace.portfolio.actuals if it not in before]
    assert [(it.on.day, it.description, it.amount, it.award) for it in new] == [
        (3, "Taxi to court", 40_50, "mopac-core"),
        (4, "Room hire", 90_00, "mopac-core"),
    ]


def test_options_to_extend_and_rises_in_price_are_added_from_a_copied_table(
    window: Window, own: AwardPage, looks: list[PasteDialog], qtbot: QtBot
) -> None:
    own.money.switch.choose(2)
    before = award(window, "Victims' core grant")
    paste_into(
        own.money.extensions,
        "Last day\tAmount\tNotice, months\tTaken up\n"
        "31/3/2028\t190,000\t3\tNot taken up\n31/3/2029\t195000.50\t\t\n",
        qtbot,
    )
    paste_into(own.money.uplifts, "From\tRise\tAt most\n1/4/2025\t3%\t5%\n1/4/2026\t2.5\t\n", qtbot)
    assert [each.said.text() for each in looks] == ["2 rows would be added."] * 2
    after = award(window, "Victims' core grant")
    assert [(it.end, it.amount, it.notice_months, it.exercised) for it in after.extensions] == [
        (date(2028, 3, 31), 190_000_00, 3, False),
        (date(2029, 3, 31), 195_000_50, None, False),
    ]
    assert len({it.key for it in after.extensions}) == 2
    assert [(it.from_, it.percent, it.cap) for it in after.uplifts] == [
        (date(2025, 4, 1), Decimal(3), Decimal(5)),
        (date(2026, 4, 1), Decimal("2.5"), None),
    ]
    window.undo()
    window.undo()
    assert award(window, "Victims' core grant") == before


def test_extensions_that_cannot_follow_each_other_are_told_by_row(
    own: AwardPage, looks: list[PasteDialog], qtbot: QtBot
) -> None:
    own.money.switch.choose(2)
    text = "Last day\tAmount\n31/3/2029\t1\n31/3/2028\t1\n\t5\n31/2/2030\t1\n"
    paste_into(own.money.extensions, text, qtbot)
    said = {(row, column): what for row, _, column, what in told(looks[0])}
    assert said[4, ""] == "A new row needs Last day"
    assert said[5, "Last day"].startswith("There is no such day")
    assert looks[0].edit is None
    looks[0].without.setChecked(True)
    said = {(row, column): what for row, _, column, what in told(looks[0])}
    assert "not after" in said[3, ""], "what only both rows together tell is told of the later"
    assert looks[0].edit is not None


def test_what_a_funder_counts_is_added_from_a_copied_table_with_its_periods(
    window: Window, own: AwardPage, looks: list[PasteDialog], qtbot: QtBot
) -> None:
    assert window.bridge is not None
    before = window.bridge.workspace.portfolio.indicators
    card = own.indicators
    paste_into(card.list, "Indicator\tUnit\nHelpline calls\tcalls\nHomes visited\t\n", qtbot)
    new = [it for it in window.bridge.workspace.portfolio.indicators if it not in before]
    assert [(it.title, it.unit, it.award) for it in new] == [
        ("Helpline calls", "calls", "mopac-core"),
        ("Homes visited", None, "mopac-core"),
    ]
    card.list.grid.choose(new[0].key, 0)
    assert card.points.grid.isHidden()
    paste_into(
        card.points,
        "Period\tTarget\tReading\tNote\n"
        "2026-27 Q1\t100\t90\tTwo lines down in May\n2026-27 Q2\t100\t\t\n",
        qtbot,
    )
    assert looks[1].said.text() == "2 rows would be added."
    counted = window.bridge.workspace.portfolio.find("indicators", new[0].key)
    assert isinstance(counted, Indicator)
    assert [(it.period, it.value) for it in counted.targets] == [
        ("2026-27 Q1", Decimal(100)),
        ("2026-27 Q2", Decimal(100)),
    ]
    assert [(it.period, it.value, it.note) for it in counted.readings] == [
        ("2026-27 Q1", Decimal(90), "Two lines down in May")
    ]
    paste_into(
        card.points,
        "Period\tTarget\tReading\tNote\n2026-27 Q2\t120\t80\tBetter\n2026-27 Q3\t\t70\t\n",
        qtbot,
    )
    assert looks[2].said.text() == "1 row would change and 1 row would be added."
    counted = window.bridge.workspace.portfolio.find("indicators", new[0].key)
    assert isinstance(counted, Indicator)
    assert [it.value for it in counted.targets] == [Decimal(100), Decimal(120)]
    assert [(it.period, it.note) for it in counted.readings] == [
        ("2026-27 Q1", "Two lines down in May"),
        ("2026-27 Q2", "Better"),
        ("2026-27 Q3", None),
    ]


def test_a_period_that_is_none_or_is_pasted_twice_is_told_by_row(
    own: AwardPage, looks: list[PasteDialog], qtbot: QtBot
) -> None:
    text = (
        "Period\tTarget\tReading\tNote\n"
        "someday\t1\t\t\n2030-31 Q1\t1\t\t\n2030-31 Q1\t2\t\t\n2030-31 Q2\t\t\tNo figure\n"
    )
    paste_into(own.indicators.points, text, qtbot)
    said = {(row, column): what for row, _, column, what in told(looks[0])}
    assert "someday" in said[2, "Period"]
    assert said[4, ""] == "2030-31 Q1 is pasted twice. Paste it once"
    assert said[5, ""] == "Give a target or a reading"
    assert looks[0].edit is None


def test_shares_of_a_post_are_changed_and_added_by_their_award(
    window: Window, looks: list[PasteDialog], qtbot: QtBot
) -> None:
    window.open_record("posts.finance")
    page = cast("Posts", window.page(POSTS))
    assert window.bridge is not None
    before = window.bridge.workspace.portfolio
    QGuiApplication.clipboard().setText(
        "Award\tShare\tFrom\tTo\nVictims' core grant\t10%\t\t\n"
        "Health navigator\t5\t1/4/2026\t30/9/2026\nUnrestricted funds\t2.5\t\t\n"
    )
    grid = page.own.allocations.shares.grid
    grid.setFocus()
    qtbot.keyClick(grid, Qt.Key.Key_V, Control)
    assert looks[0].said.text() == "2 rows would change and 1 row would be added."
    after = window.bridge.workspace.portfolio
    mine = [it for it in after.allocations if it.post == "finance"]
    assert [(it.award, it.percent) for it in mine] == [
        ("mopac-core", Decimal(10)),
        ("through-gate", Decimal(20)),
        ("young-survivors", Decimal(10)),
        (None, Decimal("2.5")),
        ("health-navigator", Decimal(5)),
    ]
    assert (mine[-1].from_, mine[-1].to) == (None, date(2026, 9, 30)), "the award's own first day"
    window.undo()
    assert window.bridge.workspace.portfolio == before


def test_shares_pasted_above_the_whole_or_without_an_award_are_told_by_row(
    window: Window, looks: list[PasteDialog]
) -> None:
    window.open_record("awards.health-navigator")
    shares = cast("Awards", window.page(AWARDS)).own.posts.shares
    shares.show()
    QGuiApplication.clipboard().setText(
        "Post or cost\tShare\nIDVA, courts\t100\nNobody\t20\nVolunteer co-ordinator\t\n"
    )
    shares.grid.paste()
    said = {(row, column): what for row, _, column, what in told(looks[0])}
    assert "IDVA, courts would be 200 % claimed" in said[2, ""]
    assert said[3, "Post or cost"].startswith("Nobody is none of the choices")
    assert said[4, ""] == "A new row needs Share"
    assert looks[0].edit is None


def test_an_empty_table_says_what_can_be_pasted_and_takes_it(
    window: Window, looks: list[PasteDialog], qtbot: QtBot
) -> None:
    window.open_record("awards.regular-giving")
    own = cast("Awards", window.page(AWARDS)).own
    small = own.money.payments
    assert small.grid.isHidden()
    assert "Copied rows can be pasted here: Due · Amount · Came on · Came." in small.none.text()
    QGuiApplication.clipboard().setText("Due\tAmount\n1/12/2026\t1200\n1/1/2027\t1300\n")
    small.add_button.setFocus()
    qtbot.keyClick(small.add_button, Qt.Key.Key_V, Control)
    payments = award(window, "Regular giving").payments
    assert [(it.due, it.amount) for it in payments] == [
        (date(2026, 12, 1), 1_200_00),
        (date(2027, 1, 1), 1_300_00),
    ]
    assert small.pasting.link.isHidden()
    window.undo()
    small.pasting.link.click()
    assert len(award(window, "Regular giving").payments) == 2
    assert len(looks) == 2


def test_a_new_book_takes_its_first_awards_and_posts_from_a_copied_table(
    shelf: Shelf, closed_window: Window, looks: list[PasteDialog], qtbot: QtBot
) -> None:
    shelf.portfolio = app.empty_portfolio("New Charity", "england-and-wales", date(2026, 11, 1))
    assert closed_window.open_book(Path("sample.fundtrack"))
    closed_window.go_to(AWARDS)
    awards = cast("Awards", closed_window.page(AWARDS))
    QGuiApplication.clipboard().setText(
        "Award\tAmount\tStart\tEnd\nCore\t1200\t1/4/2026\t31/3/2027\n"
    )
    awards.first_link.setFocus()
    qtbot.keyClick(awards.first_link, Qt.Key.Key_V, Control)
    assert award(closed_window, "Core").amount == 1_200_00
    assert awards.pasting.link.isHidden()
    closed_window.go_to(POSTS)
    posts = cast("Posts", closed_window.page(POSTS))
    QGuiApplication.clipboard().setText("Post\tFTE\tStart\nAdviser\t0.6\t1/4/2026\nManager\t1\t\n")
    posts.pasting.link.click()
    assert closed_window.bridge is not None
    made = closed_window.bridge.workspace.portfolio.posts
    assert [(it.title, it.fte) for it in made] == [
        ("Adviser", Decimal("0.6")),
        ("Manager", Decimal(1)),
    ]
    assert len(looks) == 2


def test_an_empty_clipboard_says_what_to_do_first(window: Window, qtbot: QtBot) -> None:
    window.open_record("awards.regular-giving")
    own = cast("Awards", window.page(AWARDS)).own
    QGuiApplication.clipboard().clear()
    with qtbot.waitSignal(own.money.payments.trouble) as told_of:
        own.money.payments.pasting.link.click()
    assert told_of.args == ["Nothing is copied. Copy rows in a spreadsheet first"]
