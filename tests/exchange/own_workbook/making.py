"""Small workbooks for the tests: made by hand, or as a commissioner would lay one out."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any

from openpyxl.styles import Protection
from openpyxl.workbook import Workbook as OpenpyxlWorkbook
from openpyxl.worksheet.datavalidation import DataValidation

from fundtrack.exchange.workbook.own.opening import workbook_from
from fundtrack.exchange.workbook.own.places import Place, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from openpyxl.worksheet.worksheet import Worksheet

    from fundtrack.exchange.workbook.own.cells import Cell
    from fundtrack.exchange.workbook.own.workbook import Workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
STYLES = (
    f'{DECLARED}<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1">'
    "<fill><patternFill/></fill>"
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" xfId="0"/><xf numFmtId="14" xfId="0"/><xf numFmtId="10" '
    'xfId="0"/><xf numFmtId="4" xfId="0" applyProtection="1"><protection locked="0"/></xf>'
    "</cellXfs>"
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)
DATED, PERCENT, UNLOCKED = 1, 2, 3
"""The styles of a workbook made by hand, beside the plain one: days, percents, unlocked pounds."""


def part(xml: str) -> bytes:
    """An XML part, declared as such."""
    return (DECLARED + xml).encode()


def relationships(*links: tuple[str, str, str], office: str = OFFICE) -> bytes:
    """Relationships given as id, kind and target."""
    said = "".join(
        f'<Relationship Id="{id_}" Type="{office}/{kind}" Target="{target}"/>'
        for id_, kind, target in links
    )
    return part(f'<Relationships xmlns="{PACKAGE}/relationships">{said}</Relationships>')


def sheet_xml(rows: str, before: str = "", after: str = "") -> str:
    """A sheet with these rows."""
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def parts_of(
    sheet: str | bytes,
    *,
    kind: str = SHEET_TYPE,
    workbook: str = "",
    more: Mapping[str, bytes] | None = None,
) -> dict[str, bytes]:
    """The parts of a workbook of one sheet, `Form`, and whatever more is given."""
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="Form" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    types = (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}"/></Types>'
    )
    return {
        "[Content_Types].xml": part(types),
        "_rels/.rels": relationships(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": part(workbook or book),
        "xl/_rels/workbook.xml.rels": relationships(
            ("rId1", "worksheet", "worksheets/page-a.xml"), ("rId2", "styles", "styles.xml")
        ),
        "xl/worksheets/page-a.xml": sheet if isinstance(sheet, bytes) else part(sheet),
        "xl/styles.xml": STYLES.encode(),
        **(more or {}),
    }


def packed(parts: Mapping[str, bytes], doubled: Iterable[tuple[str, bytes]] = ()) -> bytes:
    """Parts as an archive; `doubled` are written once more under their names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (*parts.items(), *doubled):
            info = zipfile.ZipInfo(name, (2026, 10, 1, 9, 30, 0))
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def by_hand(rows: str, **more: Any) -> Workbook:
    """A workbook of one sheet with these rows, opened."""
    before, after = more.pop("before", ""), more.pop("after", "")
    return workbook_from(packed(parts_of(sheet_xml(rows, before, after), **more)), "form.xlsx")


def at(address: str) -> Place:
    """A cell by its address."""
    place = place_of(address)
    assert place is not None
    return place


def cell(workbook: Workbook, address: str, sheet: str = "") -> Cell:
    """What stands in a cell of the first sheet, or of the one named."""
    return workbook.sheet(sheet or workbook.sheets[0].title).cell(at(address))


def parts_in(data: bytes) -> dict[str, bytes]:
    """Every part of an archive, unpacked."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# --- a commissioner's form -----------------------------------------------------------------------


def quarterly_form(
    *, quarter: str = "Q2", rows_above: int = 0, protected: bool = True
) -> OpenpyxlWorkbook:
    """The return of a police and crime commissioner: spend by line, posts, measures, and a cover.

    `rows_above` puts so many rows of guidance above the tables, as next quarter's form may.
    """
    book = OpenpyxlWorkbook()
    sheet = book.worksheets[0]
    sheet.title = f"{quarter} return"
    _tables(sheet, rows_above)
    _answers(sheet, rows_above)
    sheet.protection.sheet = protected
    book.create_sheet("Guidance")["A1"] = "How to fill this return"
    lists = book.create_sheet("Lists")
    lists["A1"] = date(2026, 4, 1)
    lists.sheet_state = "hidden"
    return book


def _tables(sheet: Worksheet, top: int) -> None:
    """The words and sums of the form."""
    rows: list[tuple[int, tuple[str | None, ...]]]
    rows = [(row, (f"New guidance, paragraph {row}",)) for row in range(1, top + 1)]
    rows += [
        (top + 1, ("Grant return",)),
        (top + 2, ("Organisation",)),
        (top + 3, ("Period to",)),
        (top + 4, ("Claimed",)),
        (top + 6, ("Part A. Spend in the quarter",)),
        (top + 7, ("Heading", "Budget", "Actual", "Variance", "Reason")),
        (top + 8, ("Salaries", None, None, f"=B{top + 8}-C{top + 8}")),
        (top + 9, ("Activities", None, None, f"=B{top + 9}-C{top + 9}")),
        (top + 10, ("Total", *(f"=SUM({c}{top + 8}:{c}{top + 9})" for c in "BCD"))),
        (top + 12, ("Part B. Posts",)),
        (top + 13, ("Role", "FTE", "Share", "From")),
    ]
    for row, words in rows:
        for column, word in enumerate(words, start=1):
            sheet.cell(row, column).value = word


def _answers(sheet: Worksheet, top: int) -> None:
    """The cells to fill: unlocked, with the formats and the drop-downs of their answers."""
    formats = {
        f"B{top + 2}:B{top + 2}": "General",
        f"B{top + 3}:B{top + 3}": "dd/mm/yyyy",
        f"B{top + 4}:B{top + 4}": "General",
        f"B{top + 8}:C{top + 9}": "#,##0.00",
        f"E{top + 8}:E{top + 9}": "General",
        f"A{top + 14}:B{top + 16}": "General",
        f"C{top + 14}:C{top + 16}": "0%",
        f"D{top + 14}:D{top + 16}": "dd/mm/yyyy",
    }
    for area, code in formats.items():
        for row in sheet[area]:
            for one in row:
                one.protection, one.number_format = Protection(locked=False), code
    reasons = DataValidation(type="list", formula1='"Vacancy,Timing,Price"', allow_blank=True)
    reasons.add(f"E{top + 8}:E{top + 9}")
    sheet.add_data_validation(reasons)


def saved(book: OpenpyxlWorkbook) -> bytes:
    """A workbook's bytes."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def opened(book: OpenpyxlWorkbook, name: str = "return.xlsx") -> Workbook:
    """A workbook made with openpyxl, opened for filling."""
    return workbook_from(saved(book), name)
