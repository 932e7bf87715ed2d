"""Lists the words of the window for a translator: `python3 dev.py words [FILE]`.

They are what the sources hand to the parts that speak through `gui.speech`, as they stand there,
and the words and sentences that everything else says; where a sentence has figures in it they are
numbered holes: `{1} is unfunded from {2}`.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "src" / "fundtrack"
GUI = SOURCES / "gui"
SPEAKS = {
    "tr": (0,),
    "label": (0,),
    "button": (0,),
    "Card": (0, 1),
    "Panel": (0, 1),
    "Segments": (0, 1),
    "Header": (0,),
    "search_field": (1,),
    "_act": (0,),
    "act": (0,),
    "_offer": (1,),
    "_action": (0,),
    "Grid": (2,),
}
"""Which arguments of which call are words; a tuple there holds several."""
NOUNS = ("noun", "unit", "what")
"""What is called so may be one word, and is said."""
NAMED = {"Column": ("title",), "Field": ("title", "hint"), "choice_field": ("title",)}
COUNTS = ("count", "counted")
"""The calls that put a number before what it counts."""
CHOICES = "Literal"
CALENDAR = ("_MONTHS", "_DAYS")
SILENT = ("cli.py", "returns_commands.py", "migrations")
"""What never speaks in the window."""
_CODE = re.compile(
    r"[\\<>{}|=_@]|[A-Za-z_]\.[A-Za-z_]|^[.#/]\w|^&\w+;|://|\(\?|\w/\w+/|^[a-z0-9]+/[a-z]|%[A-Za-z]"
)
_WORDS = re.compile(r"^\W*[A-Z][a-z]|[A-Za-z,.;:] [A-Za-z]|^[ ,;:.(]+[a-z]|[a-z][ ,;:(]+$")
_BEGINS = re.compile(r"^\{\d+\}(?: (?=[A-Z])|: (?=[A-Za-z]))")
"""A sentence said after others, or of a record named before it."""
_AND_MORE = re.compile(r"(?<=\.) ?\{\d+\}$")
_FORMAT = re.compile(r"\{\w*\}")
_APART = re.compile(r" · |\n")
_LETTERS = re.compile(r"[A-Za-z]{2}")


def words(folder: Path = GUI) -> tuple[str, ...]:
    """Every word of the window's parts, once, in the order of the alphabet."""
    found = {each for path in folder.rglob("*.py") for each in _in(_tree(path))}
    return tuple(sorted(each for each in found if any(map(str.isalpha, each))))


def sentences(folder: Path = SOURCES) -> tuple[str, ...]:
    """Every other word and sentence, with holes for figures, in the order of the alphabet."""
    paths = (path for path in folder.rglob("*.py") if not set(path.parts) & set(SILENT))
    return tuple(sorted({each for path in paths for each in _said_in(_tree(path))}))


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


# --- words of the window's parts ---


def _in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = _called(node)
            for at in SPEAKS.get(called, ()):
                yield from _literal(node.args[at]) if at < len(node.args) else ()
            for keyword in node.keywords:
                if keyword.arg in NAMED.get(called, ()):
                    yield from _literal(keyword.value)
        elif isinstance(node, ast.AnnAssign | ast.Assign):
            yield from _page_title(node)


def _called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def _short_names(node: ast.AST) -> Iterator[str]:
    """The first three letters of the months and of the days of the week."""
    named = getattr(node.targets[0], "id", "") if isinstance(node, ast.Assign) else ""
    if isinstance(node, ast.Assign) and named in CALENDAR:
        yield from (each[:3] for each in _literal(node.value))


def _choices(node: ast.AST) -> Iterator[str]:
    """What a record may hold of a few things, as it is said: agreed-in-principle has no hyphens."""
    if isinstance(node, ast.Subscript) and getattr(node.value, "id", "") == CHOICES:
        yield from (each.replace("-", " ") for each in _literal(node.slice))


def _page_title(node: ast.AnnAssign | ast.Assign) -> Iterator[str]:
    targets = [node.target] if isinstance(node, ast.AnnAssign) else node.targets
    names = {getattr(target, "id", "") for target in targets}
    if "title" in names and isinstance(node.value, ast.Constant):
        yield from _literal(node.value)
    if "PLACES" in names and isinstance(node.value, ast.Tuple):
        for place in node.value.elts:
            if isinstance(place, ast.Tuple):
                yield from _literal(place.elts[0])
                yield from (f"&{word}" for word in _literal(place.elts[0]))


def _literal(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.Tuple):
        for each in node.elts:
            yield from _literal(each)
    elif isinstance(node, ast.IfExp):
        yield from _literal(node.body)
        yield from _literal(node.orelse)


# --- words and sentences of everything else ---


def _said_in(tree: ast.Module) -> Iterator[str]:
    """What a source says; not its notes to the reader, its keys and its names for the program."""
    unsaid = set(_unsaid(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield from _pattern(node)
        elif isinstance(node, ast.Call) and _called(node) in COUNTS:
            yield from _counting(node)
        elif isinstance(node, ast.Constant) and id(node) not in unsaid and _is_said(node.value):
            yield from _apart(_numbered(str(node.value)))
        yield from _one_word(node)
        yield from _short_names(node)
        yield from _choices(node)


def _pattern(node: ast.JoinedStr) -> Iterator[str]:
    parts, holes = [], 0
    for value in node.values:
        if isinstance(value, ast.Constant):
            parts.append(str(value.value))
        else:
            holes += 1
            parts.append(f"{{{holes}}}")
    literals = [str(each.value) for each in node.values if isinstance(each, ast.Constant)]
    whole = _BEGINS.sub("", _AND_MORE.sub("", "".join(parts)))
    told = _LETTERS.search("".join(literals)) and not any(map(_CODE.search, literals))
    if told and _WORDS.search(re.sub(r"\{\d+\}", "a", whole)):
        yield from _apart(_numbered(whole))


def _numbered(text: str) -> str:
    """The holes of a text, numbered from 1."""
    number = count(1)
    return _FORMAT.sub(lambda _hole: f"{{{next(number)}}}", text)


def _apart(text: str) -> Iterator[str]:
    """What is said for itself, for it stands on a line, or between points, of its own."""
    for each in _APART.split(text):
        if _LETTERS.search(re.sub(r"\{\d+\}", "", each)):
            yield each.strip()


def _counting(node: ast.Call) -> Iterator[str]:
    named = [each for arg in node.args[1:] for each in _literal(arg)]
    several = named[1:] or [f"{each}s" for each in named[:1]]
    yield from (f"{{1}} {each}" for each in (*named[:1], *several))


def _one_word(node: ast.AST) -> Iterator[str]:
    """Single words that are said: what is chosen between, given back, or looked up."""
    said: list[ast.expr | None] = []
    if isinstance(node, ast.IfExp):
        said = [node.body, node.orelse]
    elif isinstance(node, ast.Return | ast.FormattedValue):
        said = [node.value]
    elif isinstance(node, ast.Dict):
        said = list(node.values)
    elif isinstance(node, ast.Tuple | ast.List):
        said = list(node.elts)
    elif isinstance(node, ast.keyword) and node.arg in NOUNS:
        said = [node.value]
    for each in chain(*(_literal(one) for one in said if one is not None)):
        if _LETTERS.search(each) and not _CODE.search(each) and each.strip():
            yield each.strip()


def _is_said(text: object) -> bool:
    return (
        isinstance(text, str)
        and bool(_LETTERS.search(text) and _WORDS.search(text))
        and not _CODE.search(_FORMAT.sub("", text))
    )


def _unsaid(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)
        if isinstance(node, ast.JoinedStr):
            yield from map(id, node.values)
        if isinstance(node, ast.Call) and _called(node) in COUNTS:
            yield from map(id, node.args)
        if isinstance(node, ast.Subscript):
            yield from map(id, ast.walk(node.slice))
        if isinstance(node, ast.AnnAssign):
            yield from map(id, ast.walk(node.annotation))


def main(arguments: list[str]) -> int:
    """Write the words with an empty place beside each; print them without a file."""
    listed = sorted({*words(), *sentences()})
    text = json.dumps(dict.fromkeys(listed, ""), indent=1, ensure_ascii=False) + "\n"
    if arguments:
        Path(arguments[0]).write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
