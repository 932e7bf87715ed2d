"""Any table of the window leaves as a spreadsheet, as it is listed."""

from __future__ import annotations

import csv
from datetime import datetime
from typing import TYPE_CHECKING

import openpyxl
from PySide6.QtWidgets import QFileDialog

from fundtrack.gui.saving import lines, save, table_in_hand
from fundtrack.gui.window import AWARDS, PIPELINE, POSTS, Window

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from pytestqt.qtbot import QtBot


def test_the_awards_leave_as_a_workbook_in_the_order_they_are_listed(
    window: Window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.go_to(AWARDS)
    grid = window.page(AWARDS).grid  # type: ignore[attr-defined]
    grid.sortByColumn(grid.table.place_of("amount"), grid.horizontalHeader().sortIndicatorOrder())
    grid.setFocus()
    path = tmp_path / "awards.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    window.acts.save_table.trigger()
    qtbot.waitUntil(path.exists)
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    titles, *rows = sheet.iter_rows(values_only=True)
    assert len(rows) == grid.sorted.rowCount() > 1
    assert [row[0] for row in rows] == [
        grid.sorted.index(at, 0).data() for at in range(grid.sorted.rowCount())
    ]
    amount = titles.index(grid.table.columns[grid.table.place_of("amount")].title)
    assert all(isinstance(row[amount], (int, float)) for row in rows if row[amount] is not None)
    end = titles.index(grid.table.columns[grid.table.place_of("end")].title)
    assert all(isinstance(row[end], datetime) for row in rows if row[end] is not None)


def test_a_table_leaves_as_csv_that_no_spreadsheet_works_out(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    window.go_to(PIPELINE)
    window.acts.chart.trigger()
    grid = table_in_hand(window)
    assert grid is not None
    path = tmp_path / "pipeline.csv"
    save(window, grid, path)
    qtbot.waitUntil(path.exists)
    read = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    assert len(read) == len(lines(grid))
    assert not any(cell.startswith("=") for line in read for cell in line)


def test_hidden_salaries_stay_hidden_in_the_file(window: Window) -> None:
    window.go_to(POSTS)
    window.page(POSTS).switch.choose(1)  # type: ignore[attr-defined]
    grid = window.page(POSTS).grid  # type: ignore[attr-defined]
    assert window.bridge is not None
    salaries = {post.salary / 100 for post in window.bridge.workspace.portfolio.posts}
    cells = {float(cell) for line in lines(grid)[1:] for cell in line if not isinstance(cell, str)
             and not hasattr(cell, "year")}  # fmt: skip
    assert window.bridge.view is not None
    assert not window.bridge.view.tells_salaries
    assert not cells & salaries


def test_every_table_offers_to_be_saved_where_it_stands(window: Window) -> None:
    window.go_to(AWARDS)
    menu = window.page(AWARDS).grid.menu()  # type: ignore[attr-defined]
    assert window.acts.save_table in menu.actions()
    assert window.acts.save_table in window.acts.file_menu.actions()
