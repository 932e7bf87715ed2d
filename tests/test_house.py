"""Promises of the house that no other tool checks: what is shipped, pinned and imported."""

import ast
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

SLOW = {"alembic", "openpyxl", "pyqtgraph", "sqlalchemy"}


def test_the_lock_names_no_address_so_that_anyone_s_registry_serves() -> None:
    for lock in (ROOT / "requirements.lock", ROOT / "installer" / "requirements.lock"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        assert "http" not in text
        assert "index-url" not in text


def test_every_pin_of_the_lock_has_a_hash() -> None:
    for lock in (ROOT / "requirements.lock", ROOT / "installer" / "requirements.lock"):
        entries = re.split(r"^(?=\S+==)", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert len(entries) > 1
        assert not [entry for entry in entries[1:] if "--hash=sha256:" not in entry]


def test_every_exception_to_a_rule_carries_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    exceptions = re.findall(r'^ {4}"[A-Z]+[0-9]+",.*$', text, flags=re.MULTILINE)
    assert len(exceptions) > 10
    assert not [line for line in exceptions if not re.search(r"# \w+", line)]


def test_days_and_pounds_are_put_into_words_in_one_place() -> None:
    """What Python names a month by follows the computer's language; ours does not."""
    source = ROOT / "src" / "fundtrack"
    places = {source / "core" / "words.py", source / "exchange" / "workbook" / "preview.py"}
    """The second shows a cell as the number format of its spreadsheet does."""
    elsewhere = [
        f"{path.name}:{node.lineno}"
        for path in source.rglob("*.py")
        if path not in places
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.JoinedStr) and _writes_a_day_or_pounds(node))
        or (isinstance(node, ast.Attribute) and node.attr == "strftime")
    ]
    assert elsewhere == []


def _writes_a_day_or_pounds(node: ast.JoinedStr) -> bool:
    """Whether it names a month or weekday, or puts pounds before a figure."""
    parts = [*node.values, None]
    for part, following in pairwise(parts):
        if isinstance(part, ast.FormattedValue) and part.format_spec is not None:
            if re.search(r"%[aAbBcx]", ast.unparse(part.format_spec)):
                return True
        elif isinstance(part, ast.Constant) and str(part.value).endswith("£") and following:
            return True
    return False


def test_ci_runs_what_a_developer_runs_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line and not line.startswith("#")]
    assert len(commands) == 1
    assert commands[0].endswith("exec python3 dev.py test")


@pytest.mark.parametrize(
    "module", ["fundtrack.__main__", "fundtrack.cli", "fundtrack.app", "fundtrack.gui.window"]
)
def test_what_is_slow_to_import_waits_until_it_is_needed(module: str) -> None:
    asked = f"import sys, {module}; print(*sorted({SLOW!r} & set(sys.modules)))"
    told = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=False
    )
    assert (told.stdout.strip(), told.stderr) == ("", "")


def test_shipped_files_reach_the_wheel_and_the_source_archive(tmp_path: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    source.mkdir()
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in ("src", "resources"):
        leaving_out = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(ROOT / name, source / name, ignore=leaving_out)
    # With no more asked, this makes the source archive and then the wheel out of that archive.
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(source)]
    subprocess.run(command, check=True, capture_output=True)

    shipped = {path.relative_to(ROOT).as_posix() for path in files_in(ROOT / "resources")}
    modules = {
        path.relative_to(ROOT / "src").as_posix() for path in files_in(ROOT / "src" / "fundtrack")
    }
    with zipfile.ZipFile(next(out.glob("*.whl"))) as built:
        wheel = set(built.namelist())
    with tarfile.open(next(out.glob("*.tar.gz"))) as packed:
        archive = {name.partition("/")[2] for name in packed.getnames()}
    assert {f"fundtrack/{name}" for name in shipped} <= wheel
    assert modules <= wheel
    assert shipped <= archive


def files_in(folder: Path) -> list[Path]:
    """The files of a folder that somebody wrote."""
    made = {"__pycache__"}
    return [path for path in folder.rglob("*") if path.is_file() and not made & {*path.parts}]
