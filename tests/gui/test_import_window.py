"""A charity brings its spreadsheets in through the window, as they are."""

from __future__ import annotations

import csv
import threading
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit

from fundtrack import app
from fundtrack.exchange.interchange import write_json
from fundtrack.exchange.tables import leaving
from fundtrack.gui.bringing import import_window
from fundtrack.gui.widgets.mapping import field_dragged
from tests.gui.test_everyone import parts_to_name, said_of
from tests.peers import shared

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import NoReturn

    from pytestqt.qtbot import QtBot

    from fundtrack.core.importing import ColumnSeen, RowSeen
    from fundtrack.core.model import Portfolio
    from fundtrack.gui.dialogs.import_window import ImportWindow
    from fundtrack.gui.import_doors import ImportFile, Tell
    from fundtrack.gui.window import Window
    from tests.gui.conftest import Shelf

TITLES = ("Funder", "Project", "Ref", "Amount", "Start date", "End date", "Status", "Our word")
LONG = ("The Long Trust", "Befriending", "LT/01", "£12,000", "03/04/2026", "02/03/2027", "Live", "")
COUNCIL = ("Quay Council", "Advice", "0042", "£8,000.50", "05/04/2026", "09/08/2027", "Live", "x")
SMITH = ("Smith Trust", "Families", "S2", "twelve", "01/04/2026", "01/03/2029", "Live", "")


def sheet(path: Path, *rows: Sequence[object], **more: Sequence[Sequence[object]]) -> Path:
    """Write a tracker: its rows on the sheet Grants, and more sheets by name."""
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "Grants"
    for row in rows:
        first.append(list(row))
    for name, lines in more.items():
        other = book.create_sheet(name)
        for line in lines:
            other.append(list(line))
    book.save(path)
    return path


@pytest.fixture
def empty(shelf: Shelf) -> Portfolio:
    """A book with nothing in it yet."""
    shelf.portfolio = app.empty_portfolio("Harbour", "england-and-wales", date(2026, 4, 1))
    return shelf.portfolio


@pytest.fixture
def opens(opened: Callable[[], Window], qtbot: QtBot) -> Callable[[Path | str], ImportWindow]:
    """Opens a file in the window, read to its end."""
    window = opened()

    def read(source: Path | str) -> ImportWindow:
        dialog = import_window(window, source)
        assert dialog is not None
        settled(dialog, qtbot)
        return dialog

    return read


def settled(dialog: ImportWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not dialog.work.busy, timeout=20_000)


def book_of(window: Window) -> Portfolio:
    assert window.bridge is not None
    return window.bridge.workspace.portfolio


def answer(dialog: ImportWindow, qtbot: QtBot, key: str, said: str) -> None:
    """Choose an answer in a question's own field."""
    box = dialog.questions.fields[key]
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findData(said))
    box.activated.emit(box.currentIndex())
    settled(dialog, qtbot)


def column(dialog: ImportWindow, title: str) -> ColumnSeen:
    assert dialog.table is not None
    return next(each for each in dialog.table.columns if each.title == title)


def row(dialog: ImportWindow, says: str) -> RowSeen:
    assert dialog.offer is not None
    return next(each for each in dialog.offer.rows if each.says == says)


@pytest.fixture
def tracker(tmp_path: Path) -> Path:
    return sheet(
        tmp_path / "tracker.xlsx", ("Our grants",), (), TITLES, LONG, COUNCIL, SMITH,
        ("Total", None, None, "£20,000.50"), (), ("Note: from the old sheet",),
    )  # fmt: skip


# --- the file ------------------------------------------------------------------------------------


def test_titles_totals_notes_and_hidden_rows_are_said_beside_the_tables_found(
    empty: Portfolio, opens: Callable[[Path | str], ImportWindow], tracker: Path
) -> None:
    book = openpyxl.load_workbook(tracker)
    book["Grants"].row_dimensions[5].hidden = True
    staff = book.create_sheet("Staff")
    for line in (("Job title", "FTE", "Salary", "Start date"), ("Adviser", 1, 30000, "1 May 2024")):
        staff.append(line)
    book.save(tracker)
    dialog = opens(tracker)
    assert [(table.name, table.kind) for table in dialog.tables.rows] == [
        ("Grants A3", "awards"),
        ("Staff A1", "posts"),
    ]
    assert "hides are counted in: 1" in dialog.table_notes.text()
    assert "1 line of totals was set aside. 1 note was set aside." in dialog.table_notes.text()
    dialog.coming.show_only("aside")
    assert [each.why for each in dialog.coming.aside.rows][-2:] == ["total", "note"]
    assert empty.awards == ()


def test_a_line_that_was_set_aside_can_be_taken_for_a_row_after_all(
    empty: Portfolio, opens: Callable[[Path | str], ImportWindow], qtbot: QtBot, tracker: Path
) -> None:
    dialog = opens(tracker)
    assert dialog.offer is not None
    before = len(dialog.offer.rows)
    dialog.coming.show_only("aside")
    total = next(each for each in dialog.coming.aside.rows if each.why == "total")
    dialog.coming.aside_grid.choose(str(total.line))
    qtbot.mouseClick(dialog.coming.take_in_button, Qt.MouseButton.LeftButton)
    settled(dialog, qtbot)
    assert len(dialog.offer.rows) == before + 1
    assert total not in dialog.coming.aside.rows
    assert empty.awards == ()


def test_pasted_text_and_a_dropped_file_are_read_like_a_file(
    empty: Portfolio, opened: Callable[[], Window], qtbot: QtBot, tracker: Path
) -> None:
    window = opened()
    dialog = import_window(window)
    assert dialog is not None
    QGuiApplication.clipboard().setText("Funder\tAmount\tStart\tEnd\nLong\t5\t1 May 26\t1 May 27\n")
    qtbot.mouseClick(dialog.paste_button, Qt.MouseButton.LeftButton)
    settled(dialog, qtbot)
    assert [table.kind for table in dialog.tables.rows] == ["awards"]
    dropped = drop_of(tracker)
    dialog.dropEvent(dropped)
    settled(dialog, qtbot)
    assert dialog.name.text() == "tracker.xlsx"
    assert empty.awards == ()


def drop_of(path: Path) -> QDropEvent:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    held.append(data)  # Qt does not keep it
    return QDropEvent(
        QPointF(1, 1),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )


held: list[QMimeData] = []


def test_a_file_dropped_on_the_main_window_opens_the_import(
    empty: Portfolio, opened: Callable[[], Window], qtbot: QtBot, tracker: Path
) -> None:
    from fundtrack.gui.dialogs.import_window import ImportWindow

    window = opened()
    window.dropEvent(drop_of(tracker))
    dialog = window.findChild(ImportWindow)
    assert dialog is not None
    settled(dialog, qtbot)
    assert dialog.name.text() == "tracker.xlsx"
    assert empty.awards == ()


def test_a_file_that_cannot_be_read_is_refused_in_plain_words(
    opens: Callable[[Path | str], ImportWindow], tmp_path: Path
) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(b"%PDF-1.7 nothing")
    dialog = opens(path)
    assert "is a PDF" in dialog.message.words
    assert not dialog.take_button.isEnabled()


def test_a_long_tracker_is_cancelled_between_two_of_its_rows(
    opened: Callable[[], Window], qtbot: QtBot, tmp_path: Path
) -> None:
    rows = [(*LONG[:1], f"Project {at}", f"R{at}", *LONG[3:]) for at in range(3_000)]
    long = sheet(tmp_path / "long.xlsx", TITLES, *rows)
    window = opened()
    assert window.doors.imports is not None
    opens, pressed, heard = window.doors.imports.open_file, threading.Event(), list[int]()

    def slowly(source: Path | str, book: Portfolio, tell: Tell) -> ImportFile:
        def waiting(done: int = 0, total: int = 0, doing: str = "") -> None:
            if total > 3_000 and done > total // 3:
                while not pressed.wait(0.05):  # however fast it came here, the window hears of it
                    tell(done, total, doing)
            heard.append(done)
            tell(done, total, doing)

        file = opens(source, book, tell)
        offer = file.offer
        file.offer = lambda book, today, said, _tell: offer(book, today, said, waiting)  # type: ignore[method-assign]
        return file

    window.doors = replace(window.doors, imports=replace(window.doors.imports, open_file=slowly))
    dialog = import_window(window, long)
    assert dialog is not None
    qtbot.waitUntil(dialog.work_line.cancel.isVisible)
    qtbot.waitUntil(lambda: dialog.work_line.bar.value() > 0)  # and it says how far it is
    qtbot.mouseClick(dialog.work_line.cancel, Qt.MouseButton.LeftButton)
    pressed.set()
    settled(dialog, qtbot)
    assert "cancelled" in dialog.message.words
    assert dialog.offer is None
    assert max(heard) < 3_000


def test_reading_is_done_elsewhere_and_can_be_cancelled(
    opened: Callable[[], Window], qtbot: QtBot, tracker: Path
) -> None:
    window = opened()
    assert window.doors.imports is not None
    begun = threading.Event()

    def endless(_source: Path | str, _book: Portfolio, tell: Tell) -> NoReturn:
        begun.set()
        while True:
            tell(1, 3, "Reading a very long file")

    window.doors = replace(window.doors, imports=replace(window.doors.imports, open_file=endless))
    dialog = import_window(window, tracker)
    assert dialog is not None
    assert begun.wait(10)
    assert dialog.work.busy  # and this thread, the window's own, goes on
    qtbot.waitUntil(dialog.work_line.cancel.isVisible)
    qtbot.mouseClick(dialog.work_line.cancel, Qt.MouseButton.LeftButton)
    settled(dialog, qtbot)
    assert "cancelled" in dialog.message.words
    assert dialog.offer is None
    assert dialog.about.text().startswith("Choose a file")
    assert not dialog.take_button.isEnabled()


# --- what it is ----------------------------------------------------------------------------------


def test_each_column_is_proposed_with_how_sure_and_what_it_holds(
    empty: Portfolio, opens: Callable[[Path | str], ImportWindow], tracker: Path
) -> None:
    dialog = opens(tracker)
    amount = column(dialog, "Amount")
    assert (amount.words, amount.examples) == ("Amount", ("£12,000", "£8,000.50", "twelve"))
    mapping = dialog.mapping.mapping
    at = mapping.row_of(str(amount.at))
    assert at is not None
    assert "% sure" in str(mapping.index(at, mapping.place_of("sure")).data())
    assert empty.awards == ()


@pytest.mark.qt_log_ignore("This plugin does not support")  # a list opened offscreen
def test_a_column_is_put_right_by_keyboard(
    empty: Portfolio, opens: Callable[[Path | str], ImportWindow], qtbot: QtBot, tracker: Path
) -> None:
    dialog = opens(tracker)
    ours = column(dialog, "Our word")
    assert ours.path == ""
    grid = dialog.mapping
    grid.setFocus()
    assert grid.choose(str(ours.at), dialog.mapping.mapping.place_of("is"))
    qtbot.keyClick(grid, Qt.Key.Key_F2)
    box = grid.findChild(QComboBox)
    assert box is not None
    walk_to(box, qtbot, "service")
    settled(dialog, qtbot)
    assert column(dialog, "Our word").path == "service"
    assert column(dialog, "Our word").said
    assert empty.services == ()


def walk_to(box: QComboBox, qtbot: QtBot, value: str) -> None:
    """Walk down the open list of a cell, and choose."""
    qtbot.waitUntil(lambda: box.view().isVisible())
    for _ in range(box.findData(value) - max(0, box.currentIndex())):
        qtbot.keyClick(box.view(), Qt.Key.Key_Down)
    qtbot.keyClick(box.view(), Qt.Key.Key_Return)


def test_a_field_dragged_onto_a_column_is_what_that_column_is(
    empty: Portfolio, opens: Callable[[Path | str], ImportWindow], qtbot: QtBot, tracker: Path
) -> None:
    dialog = opens(tracker)
    assert "notes" in dialog.free.paths
    mapping = dialog.mapping.mapping
    at = mapping.row_of(str(column(dialog, "Our word").at))
    assert at is not None
    onto = mapping.index(at, 0)
    dragged = dialog.free.model().mimeData([dialog.free.model().index(0, 0)])
    assert dragged.formats() == mapping.mimeTypes()
    view = dialog.mapping.model()
    target = dialog.mapping.sorted.mapFromSource(onto)
    data = field_dragged("notes")
    assert view.canDropMimeData(data, Qt.DropAction.MoveAction, -1, -1, target)
    view.dropMimeData(data, Qt.DropAction.MoveAction, -1, -1, target)
    settled(dialog, qtbot)
    assert column(dialog, "Our word").path == "notes"
    assert "notes" not in dialog.free.paths
    taken = field_dragged("title")  # dragged from the column Project
    view.dropMimeData(taken, Qt.DropAction.MoveAction, -1, -1, target)
    settled(dialog, qtbot)
    assert column(dialog, "Our word").path == "title"
    assert column(dialog, "Project").path == ""
    assert empty.awards == ()


def test_a_table_nobody_knows_is_taken_for_what_the_person_says(
    empty: Portfolio, opens: Callable[[Path | str], ImportWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("Thing,Pot\nTills,12\nVans,9\n")
    dialog = opens(path)
    assert "say what it is" in dialog.sure.text()
    dialog.kind.setCurrentIndex(dialog.kind.findData("costs"))
    dialog.kind.activated.emit(dialog.kind.currentIndex())
    settled(dialog, qtbot)
    assert dialog.tables.rows[0].kind == "costs"
    assert "amount" in dialog.free.paths
    assert empty.costs == ()


def test_the_order_of_dates_is_asked_once_with_examples_and_only_where_both_fit(
    empty: Portfolio, opens: Callable[[Path | str], ImportWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    path = sheet(tmp_path / "t.xlsx", TITLES, LONG, COUNCIL)
    dialog = opens(path)
    assert dialog.offer is not None
    (asked,) = dialog.offer.open_questions
    assert asked.key == "order"
    assert asked.examples[0] == "03/04/2026"
    assert dialog.offer.edit is None
    coming = dialog.coming
    coming.row_grid.choose(row(dialog, "Befriending").key)
    said = coming.faults.text()
    assert "can be 3 April 2026 or 4 March 2026" in said
    assert said.count("03/04/2026") == 1
    every = dialog.coming.filter
    words = every.fontMetrics().horizontalAdvance(every.currentText())
    assert every.width() > words
    answer(dialog, qtbot, "order", "day-first")
    assert dialog.offer.edit is not None
    assert dialog.offer.edit.apply(empty).awards[0].start == date(2026, 4, 3)
    plain = (*LONG[:4], "31/03/2026", "30/04/2027", *LONG[6:])
    clear = opens(sheet(tmp_path / "clear.xlsx", TITLES, plain))
    assert clear.offer is not None
    assert clear.offer.open_questions == ()


def test_a_word_nobody_knows_is_asked_once_and_remembered_for_that_shape_of_file(
    empty: Portfolio, opens: Callable[[Path | str], ImportWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    rows = [
        (*LONG[:2], f"R{n}", "£5", "1 May 2026", "1 May 2027", word, "")
        for n, word in enumerate(("Live", "Won", "Hum", "Hum"))
    ]
    dialog = opens(sheet(tmp_path / "t.xlsx", TITLES, *rows))
    assert dialog.offer is not None
    (asked,) = dialog.offer.open_questions
    assert "“Hum”" in asked.asks
    answer(dialog, qtbot, asked.key, "live")
    assert dialog.offer.open_questions == ()
    qtbot.mouseClick(dialog.take_button, Qt.MouseButton.LeftButton)
    more = (*LONG[:2], "R9", "£5", "1 May 2026", "1 May 2027", "Hum", "")
    again = opens(sheet(tmp_path / "next.xlsx", TITLES, more))
    assert again.offer is not None
    assert again.offer.open_questions == ()
    assert "as agreed before" in again.about.text()
    assert empty.awards == ()


# --- what comes in -------------------------------------------------------------------------------


def test_a_tracker_comes_in_as_one_edit_and_one_undo_and_twice_changes_nothing(
    empty: Portfolio,
    closed_window: Window,
    opens: Callable[[Path | str], ImportWindow],
    qtbot: QtBot,
    tracker: Path,
) -> None:
    window = closed_window
    dialog = opens(tracker)
    answer(dialog, qtbot, "order", "day-first")
    assert dialog.offer is not None
    assert (dialog.offer.counts["new"], dialog.offer.counts["problem"]) == (2, 1)
    assert book_of(window) == empty
    assert dialog.take_button.text() == "Bring in 2 rows"
    qtbot.mouseClick(dialog.take_button, Qt.MouseButton.LeftButton)
    assert [award.title for award in book_of(window).awards] == ["Befriending", "Advice"]
    assert window.bridge is not None
    assert window.bridge.workspace.journal(1)[0].kind == "import"
    again = opens(tracker)
    answer(again, qtbot, "order", "day-first")
    assert again.offer is not None
    assert again.offer.counts["unchanged"] == 2
    assert again.offer.edit is None
    again.reject()
    window.undo()
    assert book_of(window) == empty


def test_every_problem_is_listed_at_once_with_its_cell_and_words_and_is_put_right_in_place(
    empty: Portfolio, opens: Callable[[Path | str], ImportWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    bad = ("Quay", "Boats", "B1", "lots", "1 May 2026", "31 Feb 2027", "Live", "")
    good = (*LONG[:4], "1 May 2026", "1 May 2027", *LONG[6:])
    dialog = opens(sheet(tmp_path / "t.xlsx", TITLES, good, bad))
    assert dialog.offer is not None
    assert [(f.where, f.found) for f in dialog.offer.faults] == [
        ("Grants D3", "lots"),
        ("Grants F3", "31 Feb 2027"),
    ]
    dialog.coming.row_grid.choose(row(dialog, "Boats").key)
    assert "Grants D3" in dialog.coming.faults.text()
    for column_, text in (("3", "1,500"), ("5", "28 Feb 2027")):
        put_right(dialog, qtbot, column_, text)
    assert dialog.offer.faults == ()
    assert row(dialog, "Boats").outcome == "new"
    assert empty.awards == ()


def put_right(dialog: ImportWindow, qtbot: QtBot, column_: str, text: str) -> None:
    """Type another text into a cell of the row that is looked at."""
    grid = dialog.coming.cell_grid
    grid.setFocus()
    assert grid.choose(column_, dialog.coming.cells.place_of("says"))
    qtbot.keyClick(grid, Qt.Key.Key_F2)
    field = QApplication.focusWidget()
    assert field is not None
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(partial(corrected, dialog, text))
    settled(dialog, qtbot)


def corrected(dialog: ImportWindow, text: str) -> bool:
    return text in dialog.said.corrections.values()


def test_a_row_is_left_out_and_brought_in_again(
    empty: Portfolio, opens: Callable[[Path | str], ImportWindow], qtbot: QtBot, tracker: Path
) -> None:
    dialog = opens(tracker)
    answer(dialog, qtbot, "order", "day-first")
    dialog.coming.row_grid.choose(row(dialog, "Advice").key)
    dialog.coming.row_grid.setFocus()
    qtbot.keyClick(dialog.coming.row_grid, Qt.Key.Key_Delete)
    settled(dialog, qtbot)
    assert dialog.offer is not None
    assert dialog.offer.counts["left out"] == 1
    assert dialog.coming.leave_button.text() == "&Bring this row in"
    qtbot.mouseClick(dialog.coming.leave_button, Qt.MouseButton.LeftButton)
    settled(dialog, qtbot)
    assert dialog.offer.counts["left out"] == 0
    assert empty.awards == ()


def test_rows_that_stay_out_are_written_in_their_own_columns_with_the_reason(
    empty: Portfolio, opens: Callable[[Path | str], ImportWindow], qtbot: QtBot, tracker: Path
) -> None:
    dialog = opens(tracker)
    answer(dialog, qtbot, "order", "day-first")
    out = tracker.with_name("out.csv")
    dialog.write_bad_rows(out)
    settled(dialog, qtbot)
    titles, bad = list(csv.reader(out.read_text("utf-8-sig").splitlines()))
    assert titles[:8] == list(TITLES)
    assert bad[1] == "Families"
    assert "twelve" in bad[8]
    assert "Wrote 1 row" in dialog.message.words
    assert empty.awards == ()


def test_names_are_same_new_or_unsure_and_never_merged_until_the_person_says(
    opens: Callable[[Path | str], ImportWindow], qtbot: QtBot, tmp_path: Path, sample: Portfolio
) -> None:
    known = sample.funders[0]
    rows = [
        (name, f"Project {n}", f"X{n}", "£5", "1 May 2026", "1 May 2027", "Live", "")
        for n, name in enumerate((known.name, f"{known.name}s", "Quite Other Fund"))
    ]
    dialog = opens(sheet(tmp_path / "t.xlsx", TITLES, *rows))
    names = {each.name: each for each in dialog.coming.names.rows}
    assert {name: each.likeness for name, each in names.items()} == {
        known.name: "same",
        f"{known.name}s": "unsure",
        "Quite Other Fund": "new",
    }
    assert row(dialog, "Project 1").outcome == "problem"
    dialog.coming.show_only("names")
    choose_name(dialog, qtbot, names[f"{known.name}s"].key, known.key)
    assert row(dialog, "Project 1").outcome == "new"
    choose_name(dialog, qtbot, names[known.name].key, "new")
    assert dialog.offer is not None
    assert dialog.offer.edit is not None
    after = dialog.offer.edit.apply(sample)
    assert [f.name for f in after.funders[len(sample.funders) :]].count(known.name) == 1
    first = next(award for award in after.awards if award.title == "Project 0")
    assert first.funder != known.key


def choose_name(dialog: ImportWindow, qtbot: QtBot, key: str, said: str) -> None:
    names = dialog.coming.names
    at = names.row_of(key)
    assert at is not None
    assert names.setData(names.index(at, names.place_of("is")), said)
    settled(dialog, qtbot)


def test_a_grid_of_posts_and_awards_brings_who_pays_for_whom(
    empty: Portfolio, opens: Callable[[Path | str], ImportWindow], tmp_path: Path
) -> None:
    good = (*LONG[:4], "1 Apr 2026", "31 Mar 2027", *LONG[6:])
    posts = (
        ("Job title", "FTE", "Salary", "Start date", "Befriending", "Core"),
        ("Adviser", 1, 30000, date(2024, 5, 1), 0.5, 0.5),
    )
    dialog = opens(sheet(tmp_path / "t.xlsx", TITLES, good, Staff=posts))
    assert dialog.offer is not None
    assert dialog.offer.edit is not None
    after = dialog.offer.edit.apply(empty)
    assert [(str(a.percent), a.award) for a in after.allocations] == [("50", "lt-01"), ("50", None)]


# --- other kinds of file -------------------------------------------------------------------------


PUBLISHED = (
    "Identifier", "Title", "Description", "Currency", "Amount Awarded", "Award Date",
    "Planned Dates:Duration (months)", "Recipient Org:Identifier", "Recipient Org:Name",
    "Funding Org:Identifier", "Funding Org:Name",
)  # fmt: skip


def published(path: Path, *grants: tuple[object, ...]) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows((PUBLISHED, *((*each, "GB-CHC-9", "Trust") for each in grants)))
    return path


def test_a_wrong_row_of_a_funder_s_published_file_is_put_right_by_keyboard_or_left_out(
    empty: Portfolio, opens: Callable[[Path | str], ImportWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    us = (12, "GB-CHC-2", "Harbour")
    dialog = opens(
        published(
            tmp_path / "published.csv",
            ("a-1", "Boats", "x", "GBP", 500, "2026-05-01", *us),
            ("a-2", "Nets", "x", "GBP", "", "31 June 2026", *us),
            ("a-3", "Oars", "x", "EUR", 900, "2026-05-01", *us),
        )
    )
    assert dialog.offer is not None
    assert dialog.offer.counts["problem"] == 2
    dialog.coming.row_grid.choose(row(dialog, "Nets").key)
    first, second = dialog.coming.cells.rows[:2]  # those with a problem stand first
    assert {first.title, second.title} == {"Amount Awarded", "Award Date"}
    put_right(dialog, qtbot, "5", "30 June 2026")
    put_right(dialog, qtbot, "4", "700")
    dialog.coming.row_grid.choose(row(dialog, "Oars").key)
    dialog.coming.row_grid.setFocus()
    qtbot.keyClick(dialog.coming.row_grid, Qt.Key.Key_Delete)
    settled(dialog, qtbot)
    assert dialog.offer.faults == ()
    assert dialog.offer.counts["left out"] == 1
    qtbot.mouseClick(dialog.take_button, Qt.MouseButton.LeftButton)
    window = cast("Window", dialog.parent())
    after = book_of(window)
    assert [(a.title, a.amount) for a in after.awards] == [("Boats", 500_00), ("Nets", 700_00)]
    assert window.bridge is not None
    window.bridge.undo()
    assert book_of(window) == empty


def test_a_funder_s_published_grants_ask_which_recipient_is_us(
    empty: Portfolio, opens: Callable[[Path | str], ImportWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    path = published(
        tmp_path / "published.csv",
        ("a-1", "Boats", "x", "GBP", 500, "2026-05-01", 12, "GB-CHC-1", "Quay"),
        ("a-2", "Nets", "x", "GBP", 700, "2026-05-01", 12, "GB-CHC-2", "Harbour"),
        ("a-3", "Oars", "x", "GBP", 900, "2026-05-01", 12, "GB-CHC-3", "Sail"),
    )
    dialog = opens(path)
    assert dialog.offer is not None
    assert dialog.offer.form == "published"
    assert [row.says for row in dialog.offer.rows] == ["Nets"]  # the book's own name, proposed
    answer(dialog, qtbot, "recipient", "GB-CHC-3")
    assert [row.says for row in dialog.offer.rows] == ["Oars"]
    assert dialog.offer.edit is not None
    assert [a.amount for a in dialog.offer.edit.apply(empty).awards] == [900_00]


@pytest.mark.parametrize("ending", ["json", "xlsx"])
def test_a_whole_book_comes_in_from_json_or_its_workbook(
    ending: str,
    empty: Portfolio,
    opens: Callable[[Path | str], ImportWindow],
    tmp_path: Path,
    sample: Portfolio,
) -> None:
    path = tmp_path / f"book.{ending}"
    if ending == "json":
        path.write_text(write_json(sample), "utf-8")
    else:
        leaving.write_workbook(sample, path)
    dialog = opens(path)
    assert dialog.offer is not None
    assert dialog.offer.form == "book"
    assert "becomes what this file says" in dialog.coming.notes.text()
    assert dialog.offer.edit is not None
    assert dialog.offer.edit.apply(empty) == sample


def test_an_export_of_the_accounts_goes_on_in_its_own_window(
    empty: Portfolio, opened: Callable[[], Window], qtbot: QtBot, tmp_path: Path
) -> None:
    from fundtrack.gui.dialogs.accounts_import import AccountsImport

    window = opened()
    window.book = tmp_path / "book.fundtrack"
    data = Path(__file__).resolve().parents[1] / "data" / "accounts"
    dialog = import_window(window, data / "xero-account-transactions.csv")
    assert dialog is not None
    settled(dialog, qtbot)
    accounts = window.findChild(AccountsImport)
    assert accounts is not None
    qtbot.waitUntil(lambda: not accounts.busy)
    assert accounts.seen is not None
    assert accounts.seen.system == "Xero"
    accounts.reject()
    assert empty.actuals == ()


def test_another_system_s_export_is_known_by_its_titles(
    empty: Portfolio, opens: Callable[[Path | str], ImportWindow], tmp_path: Path
) -> None:
    path = tmp_path / "civi.csv"
    path.write_text(
        "Grant ID,Contact Name,Grant Type,Grant Status,Amount Granted,Decision Date,"
        "Grant End Date\n"
        "7,The Trust,Befriending,Approved,5000.00,2026-04-01,2027-03-31\n"
    )
    dialog = opens(path)
    assert "CiviCRM" in dialog.about.text()
    assert row(dialog, "Befriending").outcome == "new"
    assert empty.awards == ()


# --- everyone ------------------------------------------------------------------------------------


def test_a_book_that_is_read_only_takes_nothing_in(
    shelf: Shelf, empty: Portfolio, opened: Callable[[], Window], qtbot: QtBot, tmp_path: Path
) -> None:
    shelf.read_only = "Somebody has it"
    window = opened()
    assert not window.acts.import_.isEnabled()
    good = (*LONG[:4], "1 Apr 2026", "31 Mar 2027", *LONG[6:])
    dialog = import_window(window, sheet(tmp_path / "t.xlsx", TITLES, good))
    assert dialog is not None
    settled(dialog, qtbot)
    assert dialog.offer is not None
    assert dialog.offer.edit is not None
    assert not dialog.take_button.isEnabled()
    assert "read only" in dialog.note.text()
    assert empty.awards == ()


def test_everything_in_the_import_window_has_a_name(
    empty: Portfolio, opens: Callable[[Path | str], ImportWindow], tracker: Path
) -> None:
    dialog = opens(tracker)
    for listed in ("all", "names", "aside"):
        dialog.coming.show_only(listed)
        assert [part for part in parts_to_name(dialog) if not said_of(part)] == []
    assert empty.awards == ()


def test_the_tables_keep_qt_s_rules_and_500_rows_are_shown(
    empty: Portfolio, opens: Callable[[Path | str], ImportWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    rows = [
        (f"Trust {n % 40}", f"Project {n}", f"R{n}", n, "1 Apr 2026", "31 Mar 2027", "Live", "")
        for n in range(1, 501)
    ]
    dialog = opens(sheet(tmp_path / "t.xlsx", TITLES, *rows))
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    models = (
        dialog.tables,
        dialog.mapping.mapping,
        dialog.coming.rows,
        dialog.coming.cells,
        dialog.coming.names,
        dialog.coming.aside,
        dialog.free.model(),
    )
    testers = [QAbstractItemModelTester(model, fatal) for model in models]
    assert dialog.coming.rows.rowCount() == 500
    dialog.coming.show_only("new")
    dialog.read("Funder\tAmount\tStart\tEnd\nLong\t5\t1 May 26\t1 May 27\n")
    settled(dialog, qtbot)
    assert dialog.coming.rows.rowCount() == len(testers) - 6 == 1
    assert empty.awards == ()


# --- real files, clicked through -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "choices", "came"),
    [
        ("tables/government-grant-schemes-2013-14.csv", (), (1019, 0)),
        (
            "tables/Sport-England_exchequer-awards.xls",
            (("recipient", "Volleyball England"), ("months", "12"), ("doubled", "each")),
            (23, 0),
        ),
        (
            "360giving/datagetter_validfile.json",
            (("recipient", "360G-Cloudesley-Org:6"), ("months", "12")),
            (10, 0),
        ),
        ("returns/PF_Round_2_Success.xlsx", (("Finances B14", "actuals"),), (0, 30)),
    ],
)
def test_a_real_file_of_each_kind_comes_in_by_clicks_alone_after_at_most_five_choices(
    empty: Portfolio,
    closed_window: Window,
    opens: Callable[[Path | str], ImportWindow],
    qtbot: QtBot,
    name: str,
    choices: Sequence[tuple[str, str]],
    came: tuple[int, int],
) -> None:
    dialog = opens(shared(name))
    for key, said in choices:
        field = dialog.questions.fields.get(key)
        if isinstance(field, QComboBox):
            answer(dialog, qtbot, key, said)
        elif isinstance(field, QLineEdit):
            field.setFocus()
            qtbot.keyClicks(field, said)
            qtbot.keyClick(field, Qt.Key.Key_Return)
            settled(dialog, qtbot)
        else:
            table = next(each for each in dialog.tables.rows if each.name == key)
            dialog.table_grid.choose(str(table.number))
            dialog.kind.setCurrentIndex(dialog.kind.findData(said))
            dialog.kind.activated.emit(dialog.kind.currentIndex())
            settled(dialog, qtbot)
    assert dialog.said.choices == len(choices) <= 5
    assert dialog.offer is not None
    assert dialog.offer.open_questions == ()
    assert dialog.offer.faults == ()
    qtbot.mouseClick(dialog.take_button, Qt.MouseButton.LeftButton)
    book = book_of(closed_window)
    assert (len(book.awards), len(book.actuals)) == came  # awards, spending
    closed_window.undo()
    assert book_of(closed_window) == empty
