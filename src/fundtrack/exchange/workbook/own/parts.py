"""The parts of a workbook's package: what they are, how they refer to each other, and their XML.

Sheets and the rest are found through relationships, never by file name; the older and the Strict
namespaces differ, so elements are known by their local names.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from fundtrack.exchange.workbook.own.archive import damaged, part_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fundtrack.exchange.workbook.own.archive import Archive

_OFFICE = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)


class Link(NamedTuple):
    """A relationship: its `kind` is the last word of its type, such as `worksheet`."""

    id: str
    kind: str
    target: str
    external: bool


def parsed(archive: Archive, part: str) -> etree._Element:
    """The root of an XML part. Nothing is fetched and no entity expanded."""
    return parsed_bytes(archive.read(part), archive.name, part)


def parsed_bytes(data: bytes, name: str, part: str) -> etree._Element:
    """The root of a part's XML; KnownError, naming the file, if it is not XML."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as fault:
        raise damaged(name, f"its part {part} is not whole") from fault
    if root.getroottree().docinfo.doctype:
        raise damaged(name, f"its part {part} declares entities of its own")
    return root


def local(element: etree._Element) -> str:
    """An element's name without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def first(element: etree._Element, name: str) -> etree._Element | None:
    """The first child of that local name."""
    return next(children(element, name), None)


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The children of that local name."""
    return iter(element.iterchildren(f"{{*}}{name}"))


def under(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The elements reached by going down through children of these local names."""
    name, *rest = names
    for child in children(element, name):
        if rest:
            yield from under(child, *rest)
        else:
            yield child


def beside_rows(root: etree._Element, name: str) -> Iterator[etree._Element]:
    """The elements of that local name anywhere on a sheet but among its many rows."""
    for part in root:
        if local(part) != "sheetData":
            yield from part.iter(f"{{*}}{name}")


def text_of(element: etree._Element) -> str:
    """All the text within an element."""
    return "".join(str(part) for part in element.itertext())


def link_id(element: etree._Element, name: str = "id") -> str:
    """The relationship an element points at."""
    for namespace in _OFFICE:
        value = element.get(f"{{{namespace}}}{name}")
        if value is not None:
            return value
    return ""


def is_true(value: str | None, *, default: bool = False) -> bool:
    """An attribute that says yes or no."""
    return default if value is None else value.strip() in ("1", "true", "on")


def whole(value: str | None, default: int = 0) -> int:
    """An attribute that holds a whole number; the default where it holds none."""
    try:
        return int(value or "")
    except ValueError:
        return default


def links(archive: Archive, part: str) -> tuple[Link, ...]:
    """The relationships of a part ("" for the package's own); targets are names of parts."""
    folder, _, name = part.rpartition("/")
    held_in = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
    if held_in not in archive:
        return ()
    return tuple(
        _link(element, folder)
        for element in parsed(archive, held_in)
        if local(element) == "Relationship"
    )


def _link(element: etree._Element, folder: str) -> Link:
    target, external = element.get("Target", ""), element.get("TargetMode") == "External"
    if not external:
        plain = target.replace("\\", "/")
        path = plain if plain.startswith("/") else f"/{folder}/{plain}"
        target = posixpath.normpath(path).lstrip("/")
    kind = element.get("Type", "").rpartition("/")[2]
    return Link(element.get("Id", ""), kind, target, external)


def content_types(archive: Archive) -> tuple[dict[str, str], dict[str, str]]:
    """What each part is by its own name, and by the ending of names that have no own."""
    named, ending = dict[str, str](), dict[str, str]()
    for element in parsed(archive, "[Content_Types].xml"):
        kind = element.get("ContentType", "")
        if local(element) == "Override":
            named[part_key(element.get("PartName", ""))] = kind
        elif local(element) == "Default":
            ending[element.get("Extension", "").casefold()] = kind
    return named, ending
