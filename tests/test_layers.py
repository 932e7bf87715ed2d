"""The layers contract of pyproject.toml, and what it cannot say: which words core may not use."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[1]
CORE = ROOT / "src" / "fundtrack" / "core"
CORE_MODULES = sorted(CORE.rglob("*.py"))


def test_imports_point_inwards_and_the_outer_hands_never_touch() -> None:
    config = str(ROOT / "pyproject.toml")
    assert lint_imports(config_filename=config, no_cache=True, no_logo=True) == 0


@pytest.mark.parametrize("module", CORE_MODULES, ids=lambda path: str(path.relative_to(CORE)))
def test_the_sums_ask_neither_the_clock_nor_the_disk(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    assert not {f"line {line}: {what}" for line, what in outside_world(tree)}


@pytest.mark.parametrize("module", CORE_MODULES, ids=lambda path: str(path.relative_to(CORE)))
def test_the_sums_rest_on_the_standard_library_and_numpy_alone(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    allowed = sys.stdlib_module_names | {"numpy", "fundtrack"}
    assert {name.split(".")[0] for name in imported(tree)} <= allowed


def outside_world(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Where a module asks what day it is, or reaches for a file, the machine or the network."""
    clock = {"today", "now", "utcnow"}
    reaching = {"os", "pathlib", "io", "time", "tempfile", "shutil", "socket", "subprocess"}
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=name)) if name in clock:
                yield node.lineno, f"{name}()"
            case ast.Call(func=ast.Name(id="open" | "print" | "input" as name)):
                yield node.lineno, f"{name}()"
            case ast.Import() | ast.ImportFrom():
                for name in {each.split(".")[0] for each in imported(node)} & reaching:
                    yield node.lineno, f"import {name}"


def imported(tree: ast.AST) -> Iterator[str]:
    """The names of the modules imported anywhere in a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
