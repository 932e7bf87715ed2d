from __future__ import annotations

import getpass
import io
import json
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import pytest
from openpyxl.utils import range_boundaries

from fundtrack import app
from fundtrack.core.errors import KnownError, RefusedError
from fundtrack.core.model import BudgetLine, BudgetVersion, Person
from fundtrack.core.returns.kept import frozen
from fundtrack.core.returns.layout import layout_from_toml
from fundtrack.exchange.workbook.built_in import (
    layout_names,
    return_workbook,
    shipped_layout,
    write_return,
)
from tests.core.filled_in import second_quarter
from tests.core.returning import (
    ACTIVITIES,
    NEXT_STEP,
    STAFF,
    TODAY,
    adviser,
    as_budgeted,
    charity,
    kept,
    returned,
    share,
    spent,
    statutory,
)
from tests.exchange.recalculating import formulas, opened, recalculated, results

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from openpyxl.cell.cell import Cell

    from fundtrack.core.model import Portfolio
    from fundtrack.core.returns.figures import ReturnFigures


def workbook(
    book: Portfolio, period: str = "2026-27 Q2", award: str = "next-step"
) -> tuple[bytes, ReturnFigures]:
    return return_workbook(book, statutory(), award, period, TODAY)


def troubled() -> Portfolio:
    """A charity whose return has something to say in every check."""
    lines = (
        STAFF,
        replace(ACTIVITIES, title="Activities & outings <adults>"),
        BudgetLine(key="taxi", heading="Travel", title="=SUM(A1:A9)", amount=0),
        BudgetLine(key="refunds", heading="Travel", title="@refunds", amount=-240_00),
        BudgetLine(key="match", heading="Match funding (memo)", title="-match", amount=2_400_00),
    )
    actuals = (
        *as_budgeted("2026-06-30"),
        spent("staff", "2026-08-31", "1999.99"),
        spent("activities", "2026-08-31", "1234.56"),
        spent("taxi", "2026-09-01", "17.35"),
        spent("refunds", "2026-09-02", "-12.01"),
        spent("match", "2026-09-03", "100"),
        spent(None, "2026-09-04", "0.10"),
    )
    sent = frozen(returned(charity(actuals=as_budgeted("2026-06-30")), "2026-27 Q1"))
    late = spent("activities", "2026-06-29", "20.20")
    words = {
        "notes": {"activities": "+ two trips moved forward from the autumn term", "taxi": "short"},
        "explained": {"F2": "A June invoice came late"},
        "comments": {"adviser": "=cmd|calc"},
    }
    versions = (BudgetVersion(agreed_on=date(2026, 4, 1), lines=(STAFF, ACTIVITIES)),)
    return charity(
        award={"title": "Next & Step", "budget_lines": lines, "budget_versions": versions},
        posts=(
            adviser(person=Person(reference="Jo Bloggs", born=date(1980, 2, 3))),
            adviser(key="vacant", status="vacant", salary=31_415_92),
        ),
        allocations=(share("33.33"), share("50", key="v", post="vacant")),
        actuals=(*actuals, late),
        returns=(
            kept("2026-27 Q1", "paid", sent),
            kept("2026-27 Q2", "draft", json.dumps(words)),
        ),
    )


def plain() -> Portfolio:
    """A charity that spends to budget, with nobody on the award."""
    return charity(actuals=as_budgeted("2026-06-30"))


def many_headings() -> Portfolio:
    """A budget of more headings than one sum takes arguments."""
    lines = tuple(
        BudgetLine(key=f"k{at}", heading=f"Heading {at}", amount=80_01) for at in range(205)
    )
    return charity(award={"budget_lines": lines, "amount": 205 * 80_01})


def nothing_but_memo() -> Portfolio:
    """A budget of one line, which is for information only."""
    match = BudgetLine(key="match", heading="Match (memo)", title="Match", amount=500_00)
    return charity(award={"budget_lines": (match,)}, actuals=(spent("match", "2026-07-07", "5"),))


def cell_of(data: bytes, address: str, *, value: bool = True) -> Cell:
    title, _, at = address.rpartition("!")
    found: Cell = opened(data, results=value)[title][at]
    return found


# --- LibreOffice agrees ----------------------------------------------------------------------

SAMPLE_TODAY = date(2026, 11, 22)
FEW_COLUMNS = """
    name = "ours"
    version = "3"
    title = "Ours"
    [[sheets]]
    kind = "finance"
    title = "Spending this year"
    heading = "Spending"
    columns = [
        { field = "line", title = "Line" },
        { field = "actual", title = "Spent", total = "sum" },
    ]
    [[sheets]]
    kind = "checks"
    title = "Checks"
    heading = "Checks"
    columns = [
        { field = "rule", title = "Rule" },
        { field = "level", title = "Result" },
        { field = "figure_a", title = "A" },
        { field = "figure_b", title = "B" },
    ]
"""


def of_the_sample(period: str) -> bytes:
    book = app.sample(SAMPLE_TODAY)
    return return_workbook(book, statutory(), "mopac-core", period, SAMPLE_TODAY)[0]


def in_few_columns() -> tuple[bytes, ReturnFigures]:
    few, problems = layout_from_toml(FEW_COLUMNS)
    assert few is not None, problems
    return return_workbook(troubled(), statutory(), "next-step", "2026-27 Q2", TODAY, layout=few)


def in_layout(name: str, book: Callable[[], Portfolio]) -> bytes:
    made, _ = return_workbook(
        book(),
        statutory(),
        "next-step",
        "2026-27 Q2",
        TODAY,
        layout=shipped_layout(name),
        internal=True,
    )
    return made


MADE: dict[str, Callable[[], bytes]] = {
    "troubled": lambda: workbook(troubled())[0],
    "odd days": lambda: workbook(troubled(), "2026-08-15 to 2026-09-14")[0],
    "plain": lambda: workbook(plain(), "2026-27 Q1")[0],
    "first of the year unsent": lambda: workbook(plain())[0],
    "more headings than one sum takes": lambda: workbook(many_headings(), "2026-27 Q1")[0],
    "nothing but memo": lambda: workbook(nothing_but_memo())[0],
    "few columns": lambda: in_few_columns()[0],
    **{
        f"{name}, {how}": partial(in_layout, name, book)
        for name in layout_names()
        for how, book in (("filled in", second_quarter), ("troubled", troubled))
    },
    "sample, sent": lambda: of_the_sample("2026-27 Q2"),
    "sample, draft": lambda: of_the_sample("2026-27 Q3"),
}
TYPED = "a forecast typed in"
TAMPERED = "wrong figures"


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[bytes, bytes]]:
    """Each workbook as made, and as LibreOffice works it out again, all in one go."""
    made = {name: make() for name, make in MADE.items()}
    made[TYPED] = with_a_forecast_typed_in(made["plain"])
    made[TAMPERED] = with_wrong_results(made["troubled"])
    again = recalculated(made, tmp_path_factory.mktemp("libreoffice"))
    return {name: (made[name], again[name]) for name in made}


def with_a_forecast_typed_in(data: bytes) -> bytes:
    book = opened(data, results=False)
    yellow = next(row[16] for row in book["Finance"].iter_rows() if row[0].value == "staff")
    assert yellow.protection.locked is False
    yellow.value = 99_999.99
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_wrong_results(data: bytes) -> bytes:
    """The workbook with another result beside every formula."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                part = re.sub(rb"</f><v>[^<]*</v>", b"</f><v>424242.42</v>", part)
            new.writestr(name, part)
    return out.getvalue()


@pytest.mark.parametrize("name", MADE)
def test_libreoffice_works_out_every_formula_to_the_figure_written_beside_it(
    name: str, pairs: dict[str, tuple[bytes, bytes]]
) -> None:
    data, again = pairs[name]
    told = formulas(data)
    assert len(told) > 9
    assert formulas(again).keys() == told.keys()
    assert results(again, told) == results(data, told)


def test_the_comparison_would_notice_a_wrong_figure(pairs: dict[str, tuple[bytes, bytes]]) -> None:
    right, _ = pairs["troubled"]
    wrong, put_right = pairs[TAMPERED]
    told = formulas(right)
    assert not set(results(wrong, told).values()) & set(results(right, told).values())
    assert results(put_right, told) == results(right, told)


def test_what_is_typed_into_the_sheet_reaches_the_checks_and_the_cover(
    pairs: dict[str, tuple[bytes, bytes]],
) -> None:
    before, after = (opened(data, results=True) for data in (pairs["plain"][0], pairs[TYPED][1]))
    for book, level, words in (
        (before, "PASS", "0 to put right, 2 to look at"),
        (after, "FAIL", "1 to put right, 2 to look at"),
    ):
        last = [row[1].value for row in book["Checks"].iter_rows() if row[0].value == "F5"][-1]
        assert last == level
        assert words in {cell.value for row in book["Cover"].iter_rows() for cell in row}


# --- what stands in it -----------------------------------------------------------------------


def test_the_figures_are_the_returns_and_each_check_names_its_cell() -> None:
    data, figures = workbook(troubled())
    for finding in figures.findings:
        if finding.rule in ("F1", "F2", "F3"):
            assert finding.figure_a is not None
            assert round(float(str(cell_of(data, finding.cell).value)) * 100) == finding.figure_a
    sheet = opened(data, results=True)["Finance"]
    rows = {row[2].value: [cell.value for cell in row] for row in sheet.iter_rows(min_row=7)}
    staff = rows["Salaries"]
    assert staff[:4] == ["staff", "Staff", "Salaries", 18_000]
    assert staff[6:11] == [2_250, 1999.99, 250.01, 0.111, 4249.99]
    assert rows["=SUM(A1:A9)"][9] == "n/a"
    assert rows["Total"][7] == pytest.approx(1999.99 + 1234.56 + 17.35 - 12.01 + 0.10)


def test_text_that_looks_like_a_formula_stays_text() -> None:
    data, _ = workbook(troubled())
    book = opened(data, results=False)
    texts = {
        cell.value: cell.data_type
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value[:1] in "=+-@"
    }
    for text in ("=SUM(A1:A9)", "@refunds", "-match", "=cmd|calc"):
        assert texts[text] != "f"
    assert any(text.startswith("+ two trips") for text in texts)


def test_no_name_no_salary_and_no_other_funders_figure_leaves_with_the_return() -> None:
    other = replace(NEXT_STEP, key="secret", title="Secret award", amount=7_654_321_00)
    book = replace(troubled(), awards=(*troubled().awards, other))
    data, _ = workbook(book)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist())
    for private in ("Bloggs", "1980", "31415", "Secret award", "7654321"):
        assert private not in text


def test_every_total_has_a_name() -> None:
    data, figures = workbook(troubled())
    names = opened(data, results=True).defined_names
    for name in ("actual", "variance", "actual_ytd", "outturn", "outturn_variance"):
        assert f"finance_total_{name}" in names
        assert f"finance_direct_delivery_{name}" in names
    total = names["finance_total_actual"].attr_text.replace("$", "")
    assert cell_of(data, total).value == pytest.approx(figures.finance.total.actual / 100)
    assert "posts_total_cost" in names


def test_only_yellow_cells_can_be_typed_in_and_no_password_bars_the_rest() -> None:
    data, _ = workbook(troubled())
    unlocked = 0
    for sheet in opened(data, results=False).worksheets:
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        for row in sheet.iter_rows():
            for cell in row:
                yellow = cell.fill.fgColor.rgb == "00FFF2CC" and cell.fill.fill_type == "solid"
                assert cell.protection.locked is not yellow
                assert not (yellow and cell.data_type == "f")
                unlocked += yellow
        assert not sheet.merged_cells.ranges
    assert unlocked > 20


def test_every_sheet_prints_on_a4_across_with_its_heads_and_its_page() -> None:
    data, _ = workbook(troubled())
    for sheet in opened(data, results=False).worksheets:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        wide = sheet.title == "Finance"  # its letters would be too small on one page
        assert sheet.page_setup.fitToWidth == 1
        assert sheet.print_title_cols == ("$A:$C" if wide else None)
        if wide:  # on the right half its sentences would be cut short by what both halves repeat
            areas = re.findall(r"[A-Z]+\d+:[A-Z]+\d+", sheet.print_area.replace("$", ""))
            left, right = (range_boundaries(area) for area in areas)
            heads_at = int(str(sheet.print_title_rows).strip("$").partition(":")[0])
            split = left[2] or 0
            assert left[:2] == (1, 1)
            assert right == (split + 1, heads_at, sheet.max_column, sheet.max_row)
            assert 3 < split < sheet.max_column - 3
        head, foot = sheet.oddHeader, sheet.oddFooter
        assert head is not None
        assert foot is not None
        assert foot.right.text == "Page &P of &N"
        assert "Next && Step · 2026-27 Q2 · draft" in str(head.left.text)
        if sheet.title != "Cover":
            assert sheet.freeze_panes
            assert sheet.print_title_rows
        sizes = {cell.font.size for row in sheet.iter_rows() for cell in row if cell.value}
        assert min(sizes) >= 11


def test_dates_are_dates_and_sums_are_numbers_with_pence() -> None:
    data, _ = workbook(troubled())
    starts = cell_of(data, "Cover!F6")
    assert starts.value is not None
    assert starts.is_date
    assert starts.number_format == "dd/mm/yyyy"
    assert '"£"#,##0.00' in cell_of(data, "Finance!D7").number_format


def test_the_files_properties_say_what_it_is_and_never_who_sat_there() -> None:
    data, figures = workbook(troubled())
    book = opened(data, results=True)
    own = {each.name: each.value for each in book.custom_doc_props.props}  # type: ignore[attr-defined]
    assert own["Return id"] == figures.return_id == "next-step 2026-27 Q2"
    assert own["Template version"] == "t1-quarterly/1"
    assert own["As at"].startswith("2026-10-10")
    assert book.properties.creator.startswith("FundTrack")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        properties = b"".join(
            archive.read(name) for name in archive.namelist() if name.startswith("docProps/")
        )
    user = getpass.getuser()
    assert len(user) < 3 or user.encode() not in properties
    assert b"lastModifiedBy" not in properties


def test_nothing_in_the_file_runs_or_reaches_out() -> None:
    data, _ = workbook(troubled())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        assert not [name for name in names if "vba" in name.lower() or "external" in name.lower()]
        links = [archive.read(name) for name in names if name.endswith(".rels")]
    assert not [part for part in links if b'TargetMode="External"' in part]


def test_the_same_return_is_the_same_file_to_the_byte() -> None:
    first, _ = workbook(troubled())
    second, _ = workbook(troubled())
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2026-10-10T00:00:00Z" in archive.read("docProps/core.xml")


# --- writing it ------------------------------------------------------------------------------


def test_a_return_is_written_whole_and_its_findings_handed_back(tmp_path: Path) -> None:
    out = tmp_path / "return.xlsx"
    found = write_return(plain(), statutory(), "next-step", "2026-27 Q2", out, TODAY)
    data, figures = return_workbook(
        plain(), statutory(), "next-step", "2026-27 Q2", TODAY, proved=True
    )
    assert out.read_bytes() == data
    assert found == figures.findings
    assert {finding.rule for finding in found} >= {"X1", "X2"}
    assert list(tmp_path.iterdir()) == [out]


def test_an_unknown_award_writes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "return.xlsx"
    with pytest.raises(RefusedError, match="next-step"):
        write_return(plain(), statutory(), "nobody", "2026-27 Q2", out, TODAY)
    assert not out.exists()


def test_a_folder_that_is_not_there_is_said_kindly(tmp_path: Path) -> None:
    out = tmp_path / "gone" / "return.xlsx"
    with pytest.raises(KnownError, match="could not be written"):
        write_return(plain(), statutory(), "next-step", "2026-27 Q2", out, TODAY)


def test_the_writer_of_workbooks_is_loaded_only_when_one_is_written() -> None:
    asked = (
        "import sys, fundtrack.exchange.workbook.built_in; "
        "print(*sorted({'openpyxl', 'lxml'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == ""


# --- layouts ---------------------------------------------------------------------------------


def test_every_shipped_layout_can_be_read() -> None:
    assert "t1-quarterly" in layout_names()
    for name in layout_names():
        assert shipped_layout(name).name == name
    with pytest.raises(RefusedError, match="t1-quarterly"):
        shipped_layout("t99")


def test_a_check_points_at_its_cell_on_a_sheet_of_another_name() -> None:
    cells = {finding.cell for finding in in_few_columns()[1].findings if finding.cell}
    assert cells
    assert all(cell.startswith("'Spending this year'!") for cell in cells)


def test_every_fault_of_a_layout_is_named_with_its_place() -> None:
    layout, problems = layout_from_toml(
        """
        name = "Our Layout"
        version = "1"
        colour = "blue"
        limits = { note_length = -1, variance_percent = "ten" }
        [[sheets]]
        kind = "finance"
        title = "Fin/ance"
        heading = "Finance"
        columns = [
            { field = "acutal", title = "Spent" },
            { field = "variance", title = "Variance", formula = "{profile}-{actual}", who = "me" },
        ]
        """
    )
    assert layout is None
    assert {problem.path for problem in problems} == {
        "name",
        "title",
        "colour",
        "limits.note_length",
        "limits.variance_percent",
        "sheets.0.title",
        "sheets.0.columns.0.field",
        "sheets.0.columns.1.formula",
        "sheets.0.columns.1.who",
    }
    assert layout_from_toml("name =")[1][0].path == "layout"
