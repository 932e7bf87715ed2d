"""Opens the workbook a commissioner sent, or says in plain words why it cannot be filled."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Literal

from fundtrack.core.errors import KnownError
from fundtrack.exchange.workbook.own.archive import (
    LARGEST_FILE,
    Archive,
    damaged,
    part_key,
    too_large,
)

if TYPE_CHECKING:
    from pathlib import Path

    from fundtrack.exchange.workbook.own.workbook import Workbook

_ZIP, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_MACRO = "application/vnd.ms-excel."
_KINDS: dict[str, Literal[".xlsx", ".xlsm"]] = {
    f"{_MAIN}sheet.main+xml": ".xlsx",
    f"{_MACRO}sheet.macroenabled.main+xml": ".xlsm",
}
_SAVE_AS = "Open it in Excel, save it as an Excel workbook (.xlsx), and use that copy"


def open_workbook(path: Path) -> Workbook:
    """Open a workbook for filling. The file is only read.

    Raises KnownError for what cannot be filled: `.xls`, `.xlsb`, locked with a password, signed,
    damaged, too large, made to do harm, or no workbook at all.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as fault:
        raise KnownError(
            f"{path} could not be read ({fault.strerror}). See that it is there and is not open in "
            "another program, then try again"
        ) from fault
    workbook = workbook_from(data, path.name)
    workbook.path = path
    return workbook


def workbook_from(data: bytes, name: str, known: Archive | None = None) -> Workbook:
    """Open a workbook whose bytes are at hand; `name` is what to call it. Raises as above.

    Parts that are packed as in a `known` archive need not be tried again.
    """
    # Imported here: lxml takes a while to load, and most of a day's work opens no workbook.
    from fundtrack.exchange.workbook.own import parts
    from fundtrack.exchange.workbook.own.workbook import Workbook

    if len(data) > LARGEST_FILE:
        raise too_large(name)
    _refuse_other_files(data, name)
    archive = Archive(data, name, known)
    _refuse_other_packages(archive)
    main = next((link for link in parts.links(archive, "") if link.kind == "officeDocument"), None)
    if main is None or main.external or main.target not in archive:
        raise damaged(name, "it does not say which of its parts is the workbook")
    named, ending = parts.content_types(archive)
    kind = named.get(part_key(main.target)) or ending.get(main.target.rpartition(".")[2], "")
    _refuse_signed(archive, {*named.values(), *ending.values()})
    if kind.casefold() not in _KINDS:
        raise KnownError(_other_kind(name, kind.casefold()))
    return Workbook(archive, main.target, _KINDS[kind.casefold()])


def _refuse_other_files(data: bytes, name: str) -> None:
    if data.startswith(_COMPOUND):
        raise KnownError(_old_or_locked(data, name))
    if data.startswith(_ZIP):
        return
    if not data:
        raise KnownError(f"{name} is empty. Fetch it again")
    beginning = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if beginning.startswith((b"<html", b"<!doctype html", b"<table", b"<?xml")):
        raise KnownError(f"{name} is a web page or XML with a workbook's name. {_SAVE_AS}")
    raise KnownError(f"{name} is not an Excel workbook, or is damaged. {_SAVE_AS}")


def _old_or_locked(data: bytes, name: str) -> str:
    """Whether one of Microsoft's older containers holds an old workbook or a locked new one."""
    entries = _compound_entries(data)
    if "EncryptedPackage" in entries:
        return (
            f"{name} is locked with a password. Open it in Excel, take the password off (File, "
            "Info, Protect Workbook), save a copy, and use that copy"
        )
    if entries & {"Workbook", "Book"}:
        return f"{name} is in Excel's old format (.xls), which cannot be filled safely. {_SAVE_AS}"
    return f"{name} is not an Excel workbook, or is damaged. {_SAVE_AS}"


def _compound_entries(data: bytes) -> set[str]:
    """The names that tell old containers apart: a directory's names are 64 bytes of UTF-16."""
    found = set()
    for name in ("EncryptedPackage", "Workbook", "Book"):
        written = name.encode("utf-16-le") + b"\x00\x00"
        at = data.find(written)
        while at >= 0:
            length = struct.unpack_from("<H", data, at + 64)[0] if at + 66 <= len(data) else 0
            if at % 128 == 0 and length == len(written):
                found.add(name)
                break
            at = data.find(written, at + 1)
    return found


def _refuse_other_packages(archive: Archive) -> None:
    name = archive.name
    if "mimetype" in archive and b"opendocument" in archive.read("mimetype"):
        raise KnownError(f"{name} is an OpenDocument file. {_SAVE_AS}")
    if "[Content_Types].xml" not in archive:
        raise KnownError(f"{name} is a zip archive, but not an Excel workbook. {_SAVE_AS}")


def _refuse_signed(archive: Archive, kinds: set[str]) -> None:
    signed = any("digital-signature" in kind for kind in kinds)
    if signed or any(part_key(one).startswith("_xmlsignatures/") for one in archive.names):
        raise KnownError(
            f"{archive.name} is signed, and filling any cell would break the signature. Ask the "
            "funder for an unsigned copy, or remove the signature in Excel (File, Info) and use "
            "that copy"
        )


def _other_kind(name: str, kind: str) -> str:
    if "binary" in kind:
        return f"{name} is a binary workbook (.xlsb), which cannot be filled safely. {_SAVE_AS}"
    if "template" in kind:
        return f"{name} is a template that makes new workbooks. {_SAVE_AS}"
    if "addin" in kind:
        return f"{name} is an Excel add-in, not a workbook. Ask the funder for the workbook"
    if "wordprocessingml" in kind or "presentationml" in kind:
        return f"{name} is a document or a presentation, not an Excel workbook"
    return f"{name} is not an Excel workbook. {_SAVE_AS}"
