"""LibreOffice as a second pair of eyes: it works a workbook out again from its formulas alone."""

import io
import subprocess
from collections.abc import Mapping
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from tests.peers import peer

ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
Cells = dict[str, object]


def recalculated(books: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    """Let LibreOffice open each workbook, work out every formula anew, and save it."""
    program = peer("soffice")
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    sources = []
    for name, data in books.items():
        sources.append(folder / f"{name}.xlsx")
        sources[-1].write_bytes(data)
    out = folder / "out"
    command = [
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(out),
        *map(str, sources),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return {name: (out / f"{name}.xlsx").read_bytes() for name in books}


def opened(data: bytes, *, results: bool) -> Workbook:
    """Open a workbook for its formulas, or for the results beside them."""
    return load_workbook(io.BytesIO(data), data_only=results)


def formulas(data: bytes) -> dict[str, str]:
    """Every formula of a workbook by its cell, as `Finance!H12`."""
    return {
        f"{sheet.title}!{cell.coordinate}": str(cell.value)
        for sheet in opened(data, results=False).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def results(data: bytes, of: dict[str, str]) -> Cells:
    """The results that stand beside these formulas; sums to the penny's hundredth."""
    book = opened(data, results=True)
    found: Cells = {}
    for address in of:
        title, _, cell = address.rpartition("!")
        value = book[title][cell].value
        found[address] = round(value, 4) if isinstance(value, float) else value
    return found
