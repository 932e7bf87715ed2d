"""What the window has done for returns: layouts by name, many files, how a file is known."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fundtrack.core.errors import KnownError, RefusedError
from fundtrack.core.returns.shown import Asked
from fundtrack.exchange import returning
from fundtrack.exchange.workbook.built_in import layout_names, shipped_layout
from tests.core.filled_in import second_quarter
from tests.core.returning import TODAY, as_budgeted, charity, kept, statutory

if TYPE_CHECKING:
    from pathlib import Path

    from fundtrack.core.model import Portfolio


def asked(portfolio: Portfolio, layout: str = "t1-quarterly", period: str = "2026-27 Q2") -> Asked:
    return Asked(
        portfolio=portfolio,
        statutory=statutory(),
        award="next-step",
        period=period,
        layout=shipped_layout(layout),
        today=TODAY,
    )


@pytest.mark.parametrize("name", layout_names())
def test_what_is_looked_at_is_what_is_written(name: str, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    wanted = asked(second_quarter(), name)
    shown = returning.laid_out(wanted)
    made = returning.written(wanted, tmp_path / "return.xlsx")
    assert made.sha256 == hashlib.sha256((tmp_path / "return.xlsx").read_bytes()).hexdigest()
    formulas = load_workbook(tmp_path / "return.xlsx")
    compared = 0
    for sheet in shown.sheets:
        there = formulas[sheet.title]
        for (row, column), cell in sheet.cells.items():
            # The proof adds its own lines to the checks, and the cover counts them.
            if sheet.kind == "checks" or cell.figure == "cover/checks":
                continue
            value = there.cell(row, column).value
            expected = f"={cell.formula}" if cell.formula else cell.value
            if expected not in (None, "") and isinstance(expected, str):
                assert str(value).split() == expected.split()
                compared += 1
    assert compared > 10
    placed = [each.cell for each in shown.figures.findings if each.cell]
    assert all("!" in each for each in placed)


def test_many_are_written_one_after_the_other_and_each_says_how_it_went(tmp_path: Path) -> None:
    words = json.dumps({"notes": {"staff": "Ring 01632 960 123 first"}})
    personal = charity(
        actuals=as_budgeted("2026-06-30", "2026-09-30"),
        returns=(kept("2026-27 Q1", figures=words),),
    )
    wanted = [
        (asked(personal, period="2026-27 Q1"), tmp_path / "first.xlsx"),
        (asked(personal), tmp_path / "second.xlsx"),
        (replace(asked(personal), period="1999-00 Q1"), tmp_path / "third.xlsx"),
    ]
    told: list[tuple[int, int]] = []
    first, second, third = returning.written_all(wanted, lambda at, of: told.append((at, of)))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert "looks like a telephone number" in first.problem
    assert not (tmp_path / "first.xlsx").exists()
    assert (second.problem, (tmp_path / "second.xlsx").exists()) == ("", True)
    assert "lies outside the award" in third.problem


def test_cancelling_begins_no_further_file_and_keeps_those_written(tmp_path: Path) -> None:
    class StoppedError(Exception):
        pass

    def cancel_after_one(at: int, _of: int) -> None:
        if at:
            raise StoppedError

    book = charity(actuals=as_budgeted("2026-09-30"))
    wanted = [(asked(book), tmp_path / f"{at}.xlsx") for at in range(3)]
    with pytest.raises(StoppedError):
        returning.written_all(wanted, cancel_after_one)
    assert [path.name for path in tmp_path.iterdir()] == ["0.xlsx"]


def test_a_layout_is_copied_once_under_a_name_and_listed_before_the_shipped_ones(
    tmp_path: Path,
) -> None:
    book = tmp_path / "ours.fundtrack"
    made = returning.copy_layout(book, "t6-short", "our-short")
    text = made.read_text("utf-8")
    assert 'name = "our-short"' in text
    assert '(our copy)"' in text
    first, *rest = returning.layouts(book)
    assert (first.name, first.own, first.wrong) == ("our-short", True, ())
    assert {each.name for each in rest} == set(layout_names())
    assert returning.layout(book, "our-short/1").template.startswith("our-short/")
    for taken in ("our-short", "t6-short"):
        with pytest.raises(KnownError, match="already"):
            returning.copy_layout(book, "t6-short", taken)
    again = returning.copy_layout(book, "our-short", "our-shorter")
    assert 'name = "our-shorter"' in again.read_text("utf-8")


def test_a_faulty_layout_is_listed_with_what_is_wrong_and_on_which_line(tmp_path: Path) -> None:
    book = tmp_path / "ours.fundtrack"
    made = returning.copy_layout(book, "t1-quarterly", "our-quarterly")
    text = made.read_text("utf-8").replace("note_length = 20 ", 'note_length = "a few" ')
    made.write_text(text, encoding="utf-8")
    line = next(at for at, each in enumerate(text.splitlines(), 1) if "a few" in each)
    (faulty,) = [each for each in returning.layouts(book) if each.own]
    assert faulty.wrong[0].startswith(f"limits.note_length: line {line}: expected a whole number")
    with pytest.raises(RefusedError):
        returning.layout(book, "our-quarterly")


def test_a_file_that_is_not_there_has_no_hash(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="cannot be read"):
        returning.sha256_of(tmp_path / "gone.xlsx")
