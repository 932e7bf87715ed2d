"""The styles of a workbook, as far as filling it needs them: number formats, and what is locked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fundtrack.exchange.workbook.own.numbers import BUILT_IN, GENERAL
from fundtrack.exchange.workbook.own.parts import children, first, is_true, local, under, whole

if TYPE_CHECKING:
    from lxml import etree


_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Style(NamedTuple):
    """How a cell shows its value, and whether it is locked once its sheet is protected."""

    code: str = GENERAL
    locked: bool = True


def styles_of(root: etree._Element | None) -> tuple[Style, ...]:
    """Every cell style by its number; a workbook without styles has the plain one."""
    if root is None:
        return (Style(),)
    codes = dict(BUILT_IN)
    for element in under(root, "numFmts", "numFmt"):
        codes[whole(element.get("numFmtId"), -1)] = element.get("formatCode", GENERAL)
    return tuple(_style(element, codes) for element in under(root, "cellXfs", "xf")) or (Style(),)


def _style(element: etree._Element, codes: dict[int, str]) -> Style:
    protection = first(element, "protection")
    locked = protection is None or is_true(protection.get("locked"), default=True)
    return Style(codes.get(whole(element.get("numFmtId")), GENERAL), locked)


def strings_of(root: etree._Element | None) -> tuple[str, ...]:
    """The texts that cells share, in order."""
    return () if root is None else tuple(written_text(element) for element in children(root, "si"))


def written_text(element: etree._Element) -> str:
    """The text of a shared or inline string: its runs together, reading aids for Japanese left."""
    if len(element) == 1 and local(only := element[0]) == "t":
        return unescaped(only.text or "")
    said = ""
    for run in element:
        if local(run) == "t":
            said += run.text or ""
        elif local(run) == "r":
            said += "".join(text.text or "" for text in children(run, "t"))
    return unescaped(said)


def unescaped(text: str) -> str:
    """Text with the characters XML cannot hold, which the file writes as _x000D_."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
