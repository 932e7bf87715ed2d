"""Makes a copy of a workbook that the fast reader is through in two thirds of the time.

That reader unpacks a sheet twice, and the second time looks through all of it for merged cells,
which are told of behind all others. The copy is unpacked already, and a sheet without merged cells
says so before the others.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_COPIED = 150_000_000  # unpacked
_NOTHING_MERGED = b"<mergeCells></mergeCells>"
_PICTURES = "xl/media/"


def copied(archive: zipfile.ZipFile, sheets: Mapping[str, bytes]) -> io.BytesIO | None:
    """Return a copy of a workbook without its pictures.

    `sheets` are the texts of its sheets by the names of their parts, in small letters.

    None where it is too large for that, or two parts have one name. Raises as `zipfile` does where
    a part is not whole.
    """
    parts = [part for part in archive.namelist() if not part.casefold().startswith(_PICTURES)]
    size = sum(archive.getinfo(part).file_size for part in parts)
    if len({part.casefold() for part in parts}) < len(parts) or size > _MOST_COPIED:
        return None
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w") as unpacked:
        for part in parts:
            with unpacked.open(part, "w") as file:
                sheet = sheets.get(part.casefold())
                for piece in (archive.read(part),) if sheet is None else _told_sooner(sheet):
                    file.write(piece)
    copy.seek(0)
    return copy


def _told_sooner(sheet: bytes) -> tuple[bytes | memoryview, ...]:
    """Return the pieces of a sheet's text which says before its cells that none are merged."""
    text = memoryview(sheet)
    start = sheet.find(b"<sheetData")
    end = sheet.find(b"</sheetData>", sheet.rfind(b"</row>"))
    if 0 < start < end and b"mergeCell" not in sheet[:start] and b"mergeCell" not in sheet[end:]:
        return text[:start], _NOTHING_MERGED, text[start:]
    return (sheet,)
