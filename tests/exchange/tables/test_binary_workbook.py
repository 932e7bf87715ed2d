"""A binary workbook (.xlsb), written here record by record: no program of ours makes one.

The records are those of [MS-XLSB]; LibreOffice, which reads them too, is asked what it sees.
"""

import csv
import io
import struct
import subprocess
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from fundtrack.exchange.tables.finding import tables
from fundtrack.exchange.tables.reading import parse
from tests.peers import peer

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DAY = date(2026, 3, 31)
ROWS: tuple[tuple[str | float | date, ...], ...] = (
    ("Funder", "Reference", "Amount", "End"),
    ("The Long Trust", "0042", 12000.5, DAY),
    ("Harbour & Hope", "0043", 8000.0, DAY),
)


def record(kind: int, body: bytes = b"") -> bytes:
    return coded(kind) + coded(len(body)) + body


def coded(number: int) -> bytes:
    """A number in groups of seven bits, the lowest first; the eighth bit says that more come."""
    made = bytearray()
    while True:
        part, number = number & 0x7F, number >> 7
        made.append(part | (0x80 if number else 0))
        if not number:
            return bytes(made)


def text(words: str) -> bytes:
    return struct.pack("<I", len(words)) + words.encode("utf-16-le")


def cell(column: int, value: str | float | date) -> bytes:
    if isinstance(value, str):
        return record(6, struct.pack("<II", column, 0) + text(value))  # BrtCellSt
    style = 1 if isinstance(value, date) else 0
    number = float((value - date(1899, 12, 30)).days) if isinstance(value, date) else value
    return record(5, struct.pack("<IId", column, style, number))  # BrtCellReal


def sheet(rows: Iterable[Sequence[str | float | date]]) -> bytes:
    lines = list(rows)
    wide = max(map(len, lines))
    made = record(129) + record(148, struct.pack("<IIII", 0, len(lines) - 1, 0, wide - 1))
    made += record(145)  # BrtBeginSheetData
    for at, line in enumerate(lines):
        head = struct.pack("<IIHHBI", at, 0, 300, 0, 0, 1) + struct.pack("<II", 0, wide - 1)
        made += record(0, head) + b"".join(cell(at_, each) for at_, each in enumerate(line))
    return made + record(146) + record(130)


def book() -> bytes:
    one = struct.pack("<II", 0, 1) + text("rId1") + text("Grants")
    return (
        record(131)
        + record(153, struct.pack("<III", 0x00010020, 0, 0))  # BrtWbProp: days from 1900
        + record(143)
        + record(156, one)
        + record(144)
        + record(132)
    )


def styles() -> bytes:
    """Two ways to show a cell: as it is, and as a day (format 14)."""
    name = text("Calibri")
    font = struct.pack("<HHHHBBBB", 220, 0, 400, 0, 0, 2, 0, 0) + bytes(8) + b"\x02" + name
    fill = struct.pack("<I", 0) + bytes(64)
    border = bytes(51)

    def formatted(parent: int, number: int) -> bytes:
        return record(47, struct.pack("<HHHHHBBI", parent, number, 0, 0, 0, 0, 0, 0x00001010)[:16])

    one = struct.pack("<I", 1)
    return (
        record(278)
        + record(611, one) + record(43, font) + record(612)
        + record(603, one) + record(45, fill) + record(604)
        + record(613, one) + record(46, border) + record(614)
        + record(626, one) + formatted(0xFFFF, 0) + record(627)
        + record(617, struct.pack("<I", 2)) + formatted(0, 0) + formatted(0, 14) + record(618)
        + record(279)
    )  # fmt: skip


def workbook(rows: Sequence[Sequence[str | float | date]]) -> bytes:
    kind = "application/vnd.ms-excel"
    types = (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="bin" ContentType="{kind}.sheet.binary.macroEnabled.main"/><Override '
        f'PartName="/xl/worksheets/sheet1.bin" ContentType="{kind}.worksheet"/><Override '
        f'PartName="/xl/styles.bin" ContentType="{kind}.styles"/></Types>'
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": types,
        "_rels/.rels": relations(("officeDocument", "xl/workbook.bin")),
        "xl/workbook.bin": book(),
        "xl/_rels/workbook.bin.rels": relations(
            ("worksheet", "worksheets/sheet1.bin"), ("styles", "styles.bin")
        ),
        "xl/worksheets/sheet1.bin": sheet(rows),
        "xl/styles.bin": styles(),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return made.getvalue()


def relations(*parts: tuple[str, str]) -> str:
    each = "".join(
        f'<Relationship Id="rId{at}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(parts, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{each}</Relationships>'


def test_a_binary_workbook_is_read_with_its_days_amounts_and_leading_noughts() -> None:
    found = parse(workbook(ROWS), "tracker.xlsb")
    (table,) = tables(found)
    assert found.sheets[0].name == "Grants"
    assert table.titles == ROWS[0]
    assert tuple(table.lines()) == ROWS[1:]


def test_libreoffice_sees_in_it_what_we_see(tmp_path: Path) -> None:
    soffice = peer("soffice")
    path = tmp_path / "tracker.xlsb"
    path.write_bytes(workbook(ROWS))
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    asked = [
        soffice,
        home,
        "--headless",
        "--convert-to",
        "csv",
        "--outdir",
        str(tmp_path),
        str(path),
    ]
    subprocess.run(asked, check=True, capture_output=True, timeout=120)
    theirs = list(csv.reader(io.StringIO((tmp_path / "tracker.csv").read_text("utf-8"))))
    assert theirs[0] == list(ROWS[0])
    assert [line[:2] for line in theirs[1:]] == [list(line[:2]) for line in ROWS[1:]]
    assert [float(line[2]) for line in theirs[1:]] == [line[2] for line in ROWS[1:]]
