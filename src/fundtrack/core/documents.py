"""Papers linked to an award: a path or a web address, opened only when a person asks, never read.

A place is refused when it is neither, and a program is never opened: a book may come from anybody.
"""

from __future__ import annotations

import re

_SCHEME = re.compile(r"([a-z][a-z0-9+.\-]+):", re.ASCII | re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s/?#]+\.?[^\s]*", re.ASCII | re.IGNORECASE)
_PROGRAMS = re.compile(
    r"\.(app|apk|appimage|bat|bin|cmd|com|command|cpl|desktop|dll|exe|hta|jar|jse?|lnk|ms[cip]|"
    r"pif|ps1|pyw?|reg|run|scpt|scr|sh|sys|url|vb[es]?|ws[fh]|workflow)[. ]*",
    re.ASCII | re.IGNORECASE,
)
_LONGEST = 2_000


def fault_of(place: str) -> str:
    """Say why a place cannot be kept, and what to give instead; "" when it can."""
    if not place.strip():
        return "give a path, or an address that begins with https://"
    if len(place) > _LONGEST or any(ord(letter) < ord(" ") for letter in place):
        return f"this is no place: one line of at most {_LONGEST:,} letters is"
    if _SCHEME.match(place.strip()) and not is_web(place):
        return "only a path, or an address that begins with https:// or http://, can be linked"
    return ""


def is_web(place: str) -> bool:
    """Whether a place is an address on the web."""
    return _WEB.fullmatch(place.strip()) is not None


def is_program(place: str) -> bool:
    """Whether a path looks like something that would run rather than be read."""
    ending = re.search(r"\.[^./\\]*[. ]*$", place)
    return bool(ending and not is_web(place) and _PROGRAMS.fullmatch(ending[0]))


def title_for(place: str) -> str:
    """What to call a document whose title was not typed: the last part of its place."""
    place = place.strip().rstrip("/\\")
    return re.split(r"[/\\]", place)[-1] or place
