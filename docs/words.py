"""Lists the words of the window for a translator: `python3 dev.py words [FILE]`.

They are what the sources hand to the parts that speak through `gui.speech`, as they stand there.
"""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
GUI = ROOT / "src" / "fundtrack" / "gui"
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
NAMED = {"Column": ("title",), "Field": ("title", "hint"), "choice_field": ("title",)}


def words(folder: Path = GUI) -> tuple[str, ...]:
    """Every word, once, in the order of the alphabet."""
    found = {
        each
        for path in folder.rglob("*.py")
        for each in _in(ast.parse(path.read_text(encoding="utf-8")))
    }
    return tuple(sorted(each for each in found if any(map(str.isalpha, each))))


def _in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            for at in SPEAKS.get(called, ()):
                yield from _literal(node.args[at]) if at < len(node.args) else ()
            for keyword in node.keywords:
                if keyword.arg in NAMED.get(called, ()):
                    yield from _literal(keyword.value)
        elif isinstance(node, ast.AnnAssign | ast.Assign):
            yield from _page_title(node)


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


def main(arguments: list[str]) -> int:
    """Write the words with an empty place beside each; print them without a file."""
    text = json.dumps(dict.fromkeys(words(), ""), indent=1, ensure_ascii=False) + "\n"
    if arguments:
        Path(arguments[0]).write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
