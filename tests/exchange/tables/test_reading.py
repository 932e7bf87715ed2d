import csv
import io
import warnings
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from fundtrack.core.errors import KnownError
from fundtrack.exchange.tables import peeking, unpacked
from fundtrack.exchange.tables.reading import parse, pasted, read
from fundtrack.exchange.tables.sheets import Area, Sheet, Spreadsheet
from tests.peers import shared

TRACKER = 'Funder,Amount,Ends\nThe Long Trust,£12 000,31/03/2027\nCafé Fund,"1,200",TBC\n'


def sheet_of(found: Spreadsheet) -> Sheet:
    (sheet,) = found.sheets
    return sheet


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_a_tracker_reads_the_same_however_its_text_was_saved(encoding: str) -> None:
    found = sheet_of(parse(TRACKER.encode(encoding), "tracker.csv"))
    assert found.lines[1:] == (
        ("The Long Trust", "£12 000", "31/03/2027"),
        ("Café Fund", "1,200", "TBC"),
    )
    assert not found.typed


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_tracker_reads_the_same_whatever_parts_its_cells_and_lines(
    delimiter: str, end: str
) -> None:
    made = io.StringIO()
    writer = csv.writer(made, delimiter=delimiter, lineterminator=end)
    lines = (("Funder", "Amount"), ("Trust; the long, one", "1,200"), ("Fund|two", "5"))
    writer.writerows(lines)
    assert sheet_of(pasted(made.getvalue())).lines == lines


def test_excel_may_name_the_delimiter_in_the_first_line() -> None:
    assert sheet_of(pasted("sep=;\nFunder;Note\nTrust;a, b, c\n")).lines[0] == ("Funder", "Note")


def test_a_workbook_tells_its_hidden_rows_columns_sheets_merged_cells_and_errors() -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = "Grants"
    first["B2"], first["C2"], first["B3"], first["C3"] = "Funder", "Amount", "Trust", "#REF!"
    first["B5"] = date(2027, 3, 31)
    first.merge_cells("B7:C8")
    first.row_dimensions[3].hidden = True
    first.column_dimensions["C"].hidden = True
    book.create_sheet("Old").sheet_state = "veryHidden"
    made = io.BytesIO()
    book.save(made)

    grants, old = parse(made.getvalue(), "tracker.xlsx").sheets
    assert grants.lines[1:3] == ((None, "Funder", "Amount"), (None, "Trust", "#REF!"))
    assert grants.at(4, 1) == date(2027, 3, 31)
    assert grants.hidden_rows == {2}
    assert grants.hidden_columns == {2}
    assert grants.merged == (Area(6, 1, 7, 2),)
    assert (grants.hidden, old.hidden) == (False, True)


def grants_and_totals() -> bytes:
    """Return a workbook whose second sheet has merged cells, and whose first speaks of such."""
    book = openpyxl.Workbook()
    first, second = book.worksheets[0], book.create_sheet("Totals")
    first["B2"], first["B3"], first["D4"] = "Funder", "</sheetData><mergeCells>", date(2027, 3, 31)
    second["A1"], second["A2"], second["C3"] = "Total", 1200.5, "Quay"
    second.merge_cells("A1:C1")
    book.create_sheet("Blank")
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def test_a_workbook_is_the_same_from_the_copy_that_is_read_sooner(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = grants_and_totals()
    assert peeking.peek(data, "tracker.xlsx").copy is not None
    sooner = parse(data, "tracker.xlsx")
    monkeypatch.setattr(unpacked, "copied", lambda _archive, _sheets: None)
    assert parse(data, "tracker.xlsx") == sooner
    assert [sheet.merged for sheet in sooner.sheets] == [(), (Area(0, 0, 0, 2),), ()]


def test_only_a_sheet_without_merged_cells_says_so_before_its_others() -> None:
    copy = peeking.peek(grants_and_totals(), "tracker.xlsx").copy
    assert copy is not None
    with zipfile.ZipFile(copy) as archive:
        grants, totals = (archive.read(f"xl/worksheets/sheet{at}.xml") for at in (1, 2))
    assert grants.find(b"<mergeCells></mergeCells><sheetData>") > 0
    assert totals.count(b"<mergeCells") == 1


def test_a_sheet_whose_part_has_no_usual_ending_is_in_the_copy_and_a_picture_is_not() -> None:
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data := grants_and_totals())) as old,
        zipfile.ZipFile(made, "w") as new,
    ):
        for part in old.namelist():
            text = old.read(part).replace(b"worksheets/sheet1.xml", b"worksheets/sheet1")
            new.writestr(part.replace("sheet1.xml", "sheet1"), text)
        new.writestr("xl/media/image1.png", b"a picture")
    copy = peeking.peek(made.getvalue(), "tracker.xlsx").copy
    assert copy is not None
    with zipfile.ZipFile(copy) as archive:
        assert "xl/media/image1.png" not in archive.namelist()
    assert parse(made.getvalue(), "tracker.xlsx") == parse(data, "tracker.xlsx")


def test_a_workbook_with_a_doubled_or_a_broken_part_is_read_as_it_is() -> None:
    made = io.BytesIO(data := grants_and_totals())
    with warnings.catch_warnings(), zipfile.ZipFile(made, "a") as archive:
        warnings.simplefilter("ignore")  # zipfile warns of what is doubled
        archive.writestr("xl/styles.xml", archive.read("xl/styles.xml"))
    assert peeking.peek(made.getvalue(), "tracker.xlsx").copy is None
    at = data.index(b"docProps/core.xml") + 60
    broken = data[:at] + bytes(20) + data[at + 20 :]
    assert peeking.peek(broken, "tracker.xlsx").copy is None
    assert parse(broken, "tracker.xlsx") == parse(data, "tracker.xlsx")


def test_an_old_workbook_and_its_published_csv_hold_the_same_cells() -> None:
    old = sheet_of(read(shared("tables/Sport-England_exchequer-awards.xls")))
    with shared("tables/Sport-England_exchequer-awards.csv").open(encoding="utf-8") as file:
        theirs = list(csv.reader(file))
    assert len(old.lines) == len(theirs)
    at = theirs[0].index("Amount Awarded")
    ours = sum(cell for line in old.lines[1:] if isinstance(cell := line[at], float))
    assert ours == sum(float(line[at]) for line in theirs[1:])


def test_the_1904_calendar_is_told() -> None:
    assert read(shared("workbooks/xw_date_1904_02.xlsx")).from_1904


def open_document(rows: str) -> bytes:
    """An OpenDocument spreadsheet with these rows."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr(
            "content.xml",
            "<office:document-content "
            'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
            "<office:body><office:spreadsheet>"
            f'<table:table table:name="Grants">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return made.getvalue()


def text_cell(text: str, more: str = "") -> str:
    kind = f'office:value-type="string"{more}'
    return f"<table:table-cell {kind}><text:p>{text}</text:p></table:table-cell>"


def test_an_open_document_tells_its_hidden_rows() -> None:
    rows = (
        f"<table:table-row>{text_cell('Funder')}</table:table-row>"
        f'<table:table-row table:visibility="collapse">{text_cell("Trust")}</table:table-row>'
        '<table:table-row table:number-rows-repeated="1048574"><table:table-cell/>'
        "</table:table-row>"
    )
    found = sheet_of(parse(open_document(rows), "tracker.ods"))
    assert found.lines == (("Funder",), ("Trust",))
    assert found.hidden_rows == {1}


@pytest.mark.parametrize("cell", ["A1048576", "XFD400", "ZZ1048576"])
def test_a_stray_cell_in_the_last_corner_is_refused_before_it_fills_the_memory(cell: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet["A1"], sheet[cell] = "Funder", "x"
    made = io.BytesIO()
    book.save(made)
    with pytest.raises(KnownError, match="million cells"):
        parse(made.getvalue(), "tracker.xlsx")


def test_an_open_document_that_repeats_a_cell_without_end_is_refused() -> None:
    many = ' table:number-columns-repeated="16000"'
    row = 'table:table-row table:number-rows-repeated="9000"'
    rows = f"<{row}>{text_cell('x', many)}</table:table-row>"
    with pytest.raises(KnownError, match="million cells"):
        parse(open_document(rows), "tracker.ods")


def test_an_archive_that_unpacks_without_end_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 30_000_000)
    with pytest.raises(KnownError, match="unpacks to far more"):
        parse(made.getvalue(), "tracker.xlsx")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04 and then nothing", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and then nothing", "tracker"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "locked with a password",
        ),
        (b"\x81\x8d\x00\x00\x8f\xff\xfe\x00", "neither a spreadsheet nor text"),
        (b'{"format": "fundtrack/1"}', "not a table"),
    ],
)
def test_what_cannot_be_read_is_refused_in_plain_words(data: bytes, says: str) -> None:
    with pytest.raises(KnownError, match=says):
        parse(data, "tracker.xlsx")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="There is no file"):
        read(tmp_path / "tracker.xlsx")
