"""Reads JSON that strangers send, says what is wrong with it and where, and never gives up badly.

Python's own reader takes two values of one name, numbers that are no numbers, and half characters
without a word; each is a fault here, with its path. What can be read is handed on all the same,
so that one look lists the faults of the whole file.
"""

from __future__ import annotations

import codecs
import json
import math
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from fundtrack.core.errors import KnownError, Problem

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_BYTES = 100_000_000
_DEEPEST = 60
_LONGEST_NUMBER = 40
_LARGEST_NUMBER = int("9" * _LONGEST_NUMBER)
_SURROGATES = range(0xD800, 0xE000)
_WORDS = {  # how Python's reader begins its faults -> ours
    "Expecting value": "a value is missing here",
    "Expecting property name": "a name in double quotes is missing here",
    "Expecting ',' delimiter": "a comma is missing here",
    "Expecting ':' delimiter": "a colon is missing here",
    "Unterminated string": "the text that begins here has no closing quotation mark",
    "Invalid control character": "a line break or control character stands within text",
    "Invalid \\": "a backslash is followed by what it may not be",
    "Illegal trailing comma": "there is a comma with nothing after it",
    "Extra data": "the file goes on after its own end",
}
_ENCODINGS = (  # the longer marks first: UTF-32's begins as UTF-16's does
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a JSON file held, and its faults; `whole` is False when nothing could be read."""

    value: Any
    problems: tuple[Problem, ...]
    whole: bool = True


def bounded_bytes(path: Path, largest: int = LARGEST_BYTES) -> bytes:
    """Return a file's bytes.

    Raises:
        KnownError: it is not there, cannot be read, or is larger than `largest` bytes.

    """
    try:
        if path.is_dir():
            raise KnownError(f"{path.name} is a folder. Name a file in it")
        with path.open("rb") as file:  # a pipe has no size to ask for, so count what comes
            data = file.read(largest + 1)
    except FileNotFoundError:
        raise KnownError(f"There is no file {path}. Look at its name, then try again") from None
    except OSError as fault:
        raise KnownError(f"{path} could not be read ({fault.strerror}). Nothing was changed") from (
            fault
        )
    if len(data) > largest:
        raise KnownError(
            f"{path.name} is larger than {largest // 1_000_000} MB, which is more than FundTrack "
            "reads. Is it the file you meant? Nothing was changed"
        )
    return data


def parse(data: bytes, *, exact: bool = False) -> Parsed:
    """Return what JSON bytes hold; `exact` gives numbers with a point as Decimal, for pennies."""
    try:
        text = decoded(data)
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        says = "this is not UTF-8 text. Save the file with the encoding UTF-8, then try again"
        return _nothing(f"line {line}", says)
    if not text.strip():
        return _nothing("line 1", "the file is empty")
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=Decimal if exact else _float,
            parse_int=_whole,
            parse_constant=_NotANumber,
        )
    except json.JSONDecodeError as fault:
        return _nothing(f"line {fault.lineno}, column {fault.colno}", _in_words(fault))
    except RecursionError:
        return _too_deep()
    if _depth(value) > _DEEPEST:
        return _too_deep()
    problems: list[Problem] = []
    return Parsed(_swept(value, "", problems), tuple(problems))


def decoded(data: bytes) -> str:
    """Return text in what its byte order mark says, else UTF-8; UnicodeDecodeError if it is not."""
    for mark, encoding in _ENCODINGS:
        if data.startswith(mark):
            return data.decode(encoding)
    return data.decode("utf-8")


def _nothing(where: str, says: str) -> Parsed:
    return Parsed(None, (Problem(where, says),), whole=False)


def _too_deep() -> Parsed:
    return _nothing("", f"lists within lists go more than {_DEEPEST} deep, so this was not read")


def _in_words(fault: json.JSONDecodeError) -> str:
    if fault.pos >= len(fault.doc.rstrip()):
        return "the file ends too early; part of it may be missing"
    known = next((words for start, words in _WORDS.items() if fault.msg.startswith(start)), None)
    return f"{known or 'this cannot be read as JSON'}. Mend it there, or export the file anew"


class _Doubled(dict[str, Any]):
    """An object in which some names came more than once; the last value of each is kept."""

    names: tuple[str, ...] = ()


class _NotANumber(str):
    """NaN, Infinity or a number past all bounds; its text is what stood there."""

    __slots__ = ()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    marked = _Doubled(found)
    times = Counter(name for name, _ in pairs)
    marked.names = tuple(name for name in found if times[name] > 1)
    return marked


def _float(digits: str) -> float | _NotANumber:
    number = float(digits)
    return number if math.isfinite(number) else _NotANumber(digits)


def _whole(digits: str) -> int:
    """Read a whole number; one of absurd length as the largest that still counts as one."""
    if len(digits) <= _LONGEST_NUMBER:
        return int(digits)
    return -_LARGEST_NUMBER if digits.startswith("-") else _LARGEST_NUMBER


def _depth(value: Any) -> int:  # noqa: ANN401 - whatever the file held
    """Return how deep lists and objects nest, without recursion."""
    deep, level = 0, [value]
    while level and deep <= _DEEPEST:
        level = [
            part
            for holder in level
            if isinstance(holder, (dict, list))
            for part in (holder.values() if isinstance(holder, dict) else holder)
        ]
        deep += 1
    return deep


def _swept(value: Any, path: str, problems: list[Problem]) -> Any:  # noqa: ANN401
    """Return the value with what JSON cannot hold put right, each fault noted with its path."""
    if isinstance(value, dict):
        if isinstance(value, _Doubled):
            problems.extend(
                Problem(_under(path, name), "this name is given more than once in one object")
                for name in value.names
            )
        return {
            _text(name, _under(path, name), problems): _swept(part, _under(path, name), problems)
            for name, part in value.items()
        }
    if isinstance(value, list):
        return [_swept(part, _under(path, str(at)), problems) for at, part in enumerate(value)]
    if isinstance(value, _NotANumber):
        problems.append(
            Problem(path, f"{value[:_LONGEST_NUMBER]} is not a number that JSON can hold")
        )
        return None
    return _text(value, path, problems) if isinstance(value, str) else value


def _under(path: str, name: str) -> str:
    name = name.encode("utf-8", "replace").decode("utf-8")
    return f"{path}.{name}" if path else name


def _text(text: str, path: str, problems: list[Problem]) -> str:
    if text.isascii() or not any(ord(letter) in _SURROGATES for letter in text):
        return text
    problems.append(Problem(path, "this text holds half a character and cannot be kept"))
    return "".join("\ufffd" if ord(letter) in _SURROGATES else letter for letter in text)
