"""Every real workbook there is to try: filled in many cells, proved, opened by LibreOffice."""

from __future__ import annotations

import io
import re
import subprocess
import warnings
import zipfile
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from fundtrack.exchange.workbook.own.asking import answers_for
from fundtrack.exchange.workbook.own.filling import anchored, write_filled
from fundtrack.exchange.workbook.own.lists import choices
from fundtrack.exchange.workbook.own.mapping import Fill, Mapping
from fundtrack.exchange.workbook.own.numbers import kind_of
from fundtrack.exchange.workbook.own.opening import open_workbook, workbook_from
from fundtrack.exchange.workbook.own.patch import Patched, patched
from fundtrack.exchange.workbook.own.places import Area, Place, area_of
from fundtrack.exchange.workbook.own.planning import planned
from fundtrack.exchange.workbook.own.proof import Proof, prove
from tests.core.filled_in import second_quarter
from tests.core.returning import TODAY, statutory
from tests.exchange.own_workbook.making import at, parts_in
from tests.exchange.recalculating import ALWAYS, recalculated
from tests.peers import peer, shared

if TYPE_CHECKING:
    from pathlib import Path

    from fundtrack.exchange.workbook.own.numbers import Value
    from fundtrack.exchange.workbook.own.sheet import Sheet
    from fundtrack.exchange.workbook.own.workbook import Workbook

RETURNS = (
    "ARPA_Annual_Performance_Report_Workbook.xlsx",
    "ARPA_SFRF_Reporting_Workbook_v20220414.xlsm",
    "CPF_sample_template.xlsx",
    "FAC_notes-to-sefa-workbook.xlsx",
    "InnovateUK_reallocate-project-costs.xlsx",
    "PF_Round_2_Success.xlsx",
    "TF_Round_4_Success.xlsx",
)
ODDITIES = (
    "cxml_AllShapes.xlsx",
    "cxml_CommentAndButton.xlsx",
    "cxml_CubeFromRange-Input.xlsx",
    "cxml_FileWithButton.xlsm",
    "cxml_SampleSparklines.xlsx",
    "cxml_ValidationWithSheetReference.xlsx",
    "cxml_activex_checkbox.xlsx",
    "cxml_sheet-with-form-controls-output.xlsx",
    "xw_background06.xlsx",
    "xw_chart_data_labels51.xlsx",
    "xw_checkbox06.xlsx",
    "xw_date_1904_02.xlsx",
    "xw_dynamic_array01.xlsx",
    "xw_embed_image05.xlsx",
    "xw_header_image14.xlsx",
    "xw_hide02.xlsx",
    "xw_macro04.xlsm",
    "xw_protect05.xlsx",
    "xw_textbox02.xlsx",
)
FILES = (*(f"returns/{name}" for name in RETURNS), *(f"workbooks/{name}" for name in ODDITIES))
TEXTS = ("=SUM(A1:A9)", "Two words & <three>", "+44, @home\nand a second line")
BEYOND = (Place(3, 40), Place(777, 2), Place(1500, 26))
"""Cells that no file has: outside what is in use, in rows and columns that are not there yet."""


def value_for(workbook: Workbook, sheet: Sheet, place: Place, number: int) -> Value:
    """Something the cell takes, another sort each time; None to pass a cell over."""
    offered = choices(workbook, sheet.title, place, {})
    if offered is not None:
        values = offered.values
        return values[number % len(values)] if values else None
    kinds: dict[str, Value] = {
        "date": date(2026, 4, 1 + number % 28),
        "number": Decimal(number * 1000 + 99) / 100,
        "percent": Decimal(number % 100) / 100,
        "text": TEXTS[number % len(TEXTS)],
        "general": (Decimal(number), TEXTS[number % len(TEXTS)], True)[number % 3],
    }
    value = kinds.get(kind_of(sheet.code(place)))
    rule = sheet.rule(place)
    if rule is not None and rule.refusal(value, since_1904=workbook.since_1904):
        return None
    return value


def chosen(workbook: Workbook, *, each: int = 25) -> dict[str, dict[Place, Value]]:
    """Cells of every sheet that may be filled, spread over it, and a value for each."""
    found: dict[str, dict[Place, Value]] = {}
    for entry in workbook.sheets:
        if not entry.fillable:
            continue
        sheet = workbook.sheet(entry.title)
        opened = [place for place in sheet.cells if sheet.mark(place) == "open"]
        some = opened[:: max(1, len(opened) // each)]
        for number, place in enumerate((*some, *BEYOND), start=1):
            value = value_for(workbook, sheet, place, number)
            if sheet.refusal(place) == "" and value is not None:
                found.setdefault(entry.title, {})[place] = value
    return found


@cache
def filled(name: str) -> tuple[Workbook, dict[str, dict[Place, Value]], Patched, Proof]:
    workbook = open_workbook(shared(name))
    values = chosen(workbook)
    result = patched(workbook, values)
    return workbook, values, result, prove(workbook, result, values)


@pytest.mark.parametrize("name", FILES)
def test_a_real_workbook_is_filled_and_proved(name: str) -> None:
    _, values, result, proof = filled(name)
    assert len(proof.cells) == sum(map(len, values.values())) > 1
    assert proof.readers == ("FundTrack", "calamine")
    before, after = parts_in(shared(name).read_bytes()), parts_in(result.data)
    assert list(before) == list(after)
    assert {part for part in before if before[part] != after[part]} <= set(result.parts)
    assert all("worksheets/" in part or part == "xl/workbook.xml" for part in result.parts)


@pytest.mark.parametrize("name", RETURNS)
def test_openpyxl_reads_every_cell_as_it_was_meant(name: str) -> None:
    workbook, values, result, _ = filled(f"returns/{name}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of what it cannot keep, and we can
        told = load_workbook(io.BytesIO(result.data), keep_vba=True)
    for title, cells in values.items():
        for place, value in cells.items():
            read = told[title].cell(*place).value
            if isinstance(value, date):
                assert isinstance(read, datetime)
                assert read.date() == value
            else:
                assert read == (float(value) if isinstance(value, Decimal) else value)
    assert workbook.kind == (".xlsm" if name.endswith("m") else ".xlsx")


@pytest.mark.parametrize("name", FILES)
def test_every_other_cell_s_xml_is_as_it_was(name: str) -> None:
    """Without the parsers of the program: by regular expressions over the bytes of the sheets."""
    _, values, result, _ = filled(name)
    before, after = parts_in(shared(name).read_bytes()), parts_in(result.data)
    places = {str(place) for cells in values.values() for place in cells}
    for part in result.parts:
        if "worksheets/" in part:
            old, new = (cells_in(one[part]) for one in (before, after))
            assert {at_: xml for at_, xml in new.items() if at_ not in places} == {
                at_: xml for at_, xml in old.items() if at_ not in places
            }


CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
SPREAD = re.compile(rb'<f t="array"[^>]* ref="([A-Z0-9:]+)"')


def cells_in(data: bytes) -> dict[str, bytes]:
    """Each cell's XML by its address, a formula's without its stored result and the kind of it."""
    areas = [area_of(ref.decode()) for ref in SPREAD.findall(data)]
    spread = {str(place) for area in areas if area is not None for place in area.places()}
    found = {}
    for address, attributes, inside in CELL.findall(data):
        shape = attributes + b">" + inside
        if b"<f" in inside or address.decode() in spread:
            kept = re.sub(rb"<v[ />].*|<v>.*", b"", inside, flags=re.DOTALL)
            shape = re.sub(rb' (?:t|vm)="\w+"', b"", attributes) + b">" + kept
        found[address.decode()] = shape
    return found


# --- LibreOffice ---------------------------------------------------------------------------------


STOPPED_BY = "workbooks/cxml_SampleSparklines.xlsx"
"""LibreOffice 7.4 stops when it opens this one, as it was sent and as it is filled."""
OPENED = tuple(name for name in FILES if name != STOPPED_BY)


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder where LibreOffice has put what it made of every filled file, opened unasked."""
    program, folder = peer("soffice"), tmp_path_factory.mktemp("office")
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    sources = []
    for name in OPENED:
        sources.append(folder / name.replace("/", "-"))
        sources[-1].write_bytes(filled(name)[2].data)
    arguments = [
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(folder / "out"),
        *map(str, sources),
    ]
    subprocess.run([program, *arguments], check=True, capture_output=True, timeout=280)
    return folder / "out"


@pytest.mark.parametrize("name", OPENED)
def test_libreoffice_opens_the_filled_file_and_finds_our_values(name: str, converted: Path) -> None:
    _, values, _, _ = filled(name)
    made = (converted / name.replace("/", "-")).with_suffix(".xlsx")
    assert zipfile.is_zipfile(made)
    with CalamineWorkbook.from_path(made) as book:
        for title, cells in values.items():
            rows = book.get_sheet_by_name(title).to_python(skip_empty_area=False)
            for place, value in cells.items():
                read = rows[place.row - 1][place.column - 1]
                if isinstance(value, date):
                    assert read == value
                elif isinstance(value, Decimal):
                    assert read == pytest.approx(float(value))
                else:
                    assert read == value


def test_libreoffice_s_sums_of_a_real_return_are_the_app_s_own(tmp_path: Path) -> None:
    """The form's own formulas add up what we filled to what the book says is spent in all."""
    form = open_workbook(shared("returns/InnovateUK_reallocate-project-costs.xlsx"))
    title = "Section B. Annex A"
    sheet = form.sheet(title)
    rows = {sheet.shown(Place(row, 1)).strip(): row for row in range(6, 18)}
    cells = {"Labour": "staff", "Travel and subsistence": "activities"}
    fills = [
        Fill(sheet=title, area=one(f"C{rows[label]}"), field="line.actual_ytd", of=(key,))
        for label, key in cells.items()
    ]
    fills.append(Fill(sheet=title, area=one("C5"), field="cover.organisation"))
    fills.append(Fill(sheet=title, area=one("C20"), field="cover.received"))
    mapping = anchored(form, Mapping(name="Costs", fills=tuple(fills)))
    asked = answers_for(second_quarter(), statutory(), "next-step", "2026-27 Q2", mapping, TODAY)
    out = tmp_path / "filled.xlsx"
    write_filled(form, planned(form, mapping, asked), out)

    made = workbook_from(recalculated({"f": out.read_bytes()}, tmp_path)["f"], "made.xlsx")
    total = made.sheet(title).cell(at("C18")).value
    assert total == Decimal(asked.figures.finance.total.actual_ytd) / 100 == 6000
    assert made.sheet(title).cell(at("C19")).value == Decimal("0.5")  # rate of grant
    assert made.sheet(title).cell(at("M5")).value == "Harbour Advice"  # carried over by a formula


def one(cell: str) -> Area:
    area = area_of(cell)
    assert area is not None
    return area
