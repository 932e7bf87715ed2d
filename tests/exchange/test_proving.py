"""A return's file is opened again before anyone sends it, and every sum worked out anew."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from fundtrack.core.errors import KnownError, RefusedError
from fundtrack.exchange.workbook.built_in import (
    layout_for,
    layout_names,
    return_workbook,
    shipped_layout,
)
from fundtrack.exchange.workbook.grid import Grid
from fundtrack.exchange.workbook.proving import _broken, proof
from fundtrack.exchange.workbook.working import UnknownFormulaError, Working
from tests.core.filled_in import second_quarter
from tests.core.returning import TODAY, levels, statutory
from tests.exchange.recalculating import opened

STAFF_ROW = 8
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", layout_names())
def test_every_layout_is_proved(name: str) -> None:
    layout = shipped_layout(name)
    _, figures = return_workbook(
        second_quarter(),
        statutory(),
        "next-step",
        "2026-27 Q2",
        TODAY,
        layout,
        internal=True,
        proved=True,
    )
    assert levels(figures, "X1") == ["PASS", "PASS"]
    assert levels(figures, "X2") == ["PASS"]


def test_a_layout_whose_sum_is_not_what_it_says_is_found_out() -> None:
    layout = shipped_layout("t2-half-yearly")
    finance = layout.sheet("finance")
    assert finance is not None
    wrong = tuple(
        replace(column, formula="{profile}+{actual}") if column.field == "variance" else column
        for column in finance.columns
    )
    sheets = tuple(
        replace(sheet, columns=wrong) if sheet.kind == "finance" else sheet
        for sheet in layout.sheets
    )
    data, figures = return_workbook(
        second_quarter(),
        statutory(),
        "next-step",
        "2026-27 Q2",
        TODAY,
        replace(layout, sheets=sheets),
        proved=True,
    )
    assert levels(figures, "X1") == ["PASS", "FAIL"]
    told = [cell.value for row in opened(data, results=True)["Checks"].iter_rows() for cell in row]
    assert any("comes to 4500" in str(value) for value in told)


def small() -> tuple[bytes, Grid]:
    data, _ = return_workbook(second_quarter(), statutory(), "next-step", "2026-27 Q2", TODAY)
    book = opened(data, results=True)
    grid = Grid("Finance")
    row = next(row[3] for row in book["Finance"].iter_rows() if row[0].value == "staff")
    assert row.row == STAFF_ROW
    grid.put(STAFF_ROW, 4, Decimal(str(row.value)), 0)
    return data, grid


def changed(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old_file, zipfile.ZipFile(out, "w") as new_file:
        for part in old_file.namelist():
            text = old_file.read(part)
            new_file.writestr(part, re.sub(old, new, text) if part == name else text)
    return out.getvalue()


def test_a_cell_that_is_not_as_it_was_written_is_found() -> None:
    data, grid = small()
    assert [found.level for found in proof(data, [grid], {})] == ["PASS"] * 3
    grid.put(STAFF_ROW, 4, Decimal("1.23"), 0)
    assert [found.level for found in proof(data, [grid], {})] == ["FAIL", "PASS", "PASS"]


def test_an_author_or_a_link_to_elsewhere_is_found() -> None:
    data, grid = small()
    named = changed(data, "docProps/core.xml", rb">FundTrack[^<]*<", b">Somebody<")
    assert [found.level for found in proof(named, [grid], {})] == ["PASS", "PASS", "FAIL"]
    linked = changed(
        data,
        "xl/_rels/workbook.xml.rels",
        rb"<Relationship ",
        b'<Relationship TargetMode="External" ',
    )
    assert list(_broken(linked, [])) == ["xl/_rels/workbook.xml.rels leads out of the file"]
    grid.put(9, 1, "", 0, "Finance!#REF!")
    assert proof(data, [grid], {})[2].level == "FAIL"


# --- working formulas out ----------------------------------------------------------------------


def worked(formula: str) -> object:
    grid = Grid("Money")
    for row, value in enumerate((Decimal("10.10"), Decimal("-2.05"), "n/a", None), start=1):
        grid.put(row, 1, value, 0)
    grid.put(1, 2, None, 0, formula)
    return Working([grid], {"whole": "Money!$A$1"}).cell("Money", 1, 2)


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("SUM(A1:A4)", Decimal("8.05")),
        ("-A2+2*3/4", Decimal("3.55")),
        ("ROUND(A2/2,1)", Decimal("-1.0")),
        ('IF(A3="n/a","none",1/0)', "none"),
        ('IF(A4="",0,1)&" left"', "0 left"),
        ("A3>=0.95", True),
        ('COUNTIF(A1:A4,"N/A")&""', "0"),
        ("whole<>10.1", False),
        ('LEN(TRIM(SUBSTITUTE("a b  c"," ","")))', Decimal(3)),
        ("MAX(1,ABS(A2))", Decimal("2.05")),
        ('IF(OR(A4="",A1=""),"",A1)', ""),
    ],
)
def test_a_formula_comes_to_what_a_spreadsheet_makes_of_it(formula: str, result: object) -> None:
    assert worked(formula) == result


@pytest.mark.parametrize(
    "formula", ["VLOOKUP(A1,A2,1)", "A1/A4", "A3+1", "gone+1", "1+", "A1:A3+1", "{1}"]
)
def test_what_cannot_be_worked_out_is_not_guessed(formula: str) -> None:
    with pytest.raises(UnknownFormulaError):
        worked(formula)


# --- a charity's own layouts -------------------------------------------------------------------


def test_a_layout_beside_the_book_stands_in_for_the_shipped_one(tmp_path: Path) -> None:
    text = (ROOT / "resources" / "returns" / "t6-short.toml").read_text(encoding="utf-8")
    ours = text.replace('version = "1"', 'version = "ours"')
    assert layout_for("t6-short", tmp_path).version == "1"
    (tmp_path / "layouts").mkdir()
    (tmp_path / "layouts" / "t6-short.toml").write_text(ours, encoding="utf-8")
    assert layout_for("t6-short", tmp_path).version == "ours"
    assert layout_for(str(tmp_path / "layouts" / "t6-short.toml")).version == "ours"
    with pytest.raises(KnownError, match="cannot be read"):
        layout_for(str(tmp_path / "gone.toml"))
    with pytest.raises(RefusedError, match="there is no layout"):
        layout_for("gone", tmp_path)


def test_a_layout_may_count_an_overspend_as_positive_and_says_so(tmp_path: Path) -> None:
    text = (ROOT / "resources" / "returns" / "t4-annual.toml").read_text(encoding="utf-8")
    own = tmp_path / "ours.toml"
    own.write_text(text.replace('"budget-actual"\n', '"actual-budget"\n'), encoding="utf-8")
    made = {}
    for name in ("t4-annual", str(own)):
        data, figures = return_workbook(
            second_quarter(),
            statutory(),
            "next-step",
            "2026-27 Q1",
            TODAY,
            layout_for(name),
            proved=True,
        )
        assert levels(figures, "X1") == ["PASS", "PASS"]
        sheet = opened(data, results=True)["Finance"]
        rows = {row[2].value: [cell.value for cell in row] for row in sheet.iter_rows(min_row=7)}
        made[name] = (rows["Total"][18], sheet["A3"].value)
    usual, turned = made["t4-annual"], made[str(own)]
    assert float(str(usual[0])) == -float(str(turned[0]))
    assert "positive is an underspend" in str(usual[1])
    assert "positive is an overspend" in str(turned[1])
