"""Returns for the window: layouts by name, a return laid out to look at, written, and written many.

Everything takes values and gives values, so that it can run off the window's thread.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from fundtrack import assets
from fundtrack.core.errors import KnownError, Problem, RefusedError
from fundtrack.core.returns.filling import return_figures
from fundtrack.core.returns.shown import Asked, BatchFile, LaidOut, LayoutName, WrittenFile
from fundtrack.exchange.files import write_whole
from fundtrack.exchange.workbook.built_in import (
    FIRST,
    layout_for,
    layout_names,
    return_workbook,
    shipped_layout,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fundtrack.core.returns.layout import Layout

_OWN = "layouts"
_HELD = frozenset(("P1", "P2", "P3"))
"""The rules about what may leave the house: a file that fails one is not written unasked."""
_NAME_LINE = re.compile(r'^name\s*=\s*"[^"]*"', re.MULTILINE)
_TITLE_LINE = re.compile(r'^title\s*=\s*"([^"]*)"', re.MULTILINE)


def layout_folder(book: Path) -> Path:
    """Where a book's own layouts stand: in a folder beside it."""
    return book.absolute().parent / _OWN


def layouts(book: Path) -> tuple[LayoutName, ...]:
    """Every layout there is: the charity's own first, then those that come with FundTrack."""
    own = list(_own(book))
    taken = {each.name for each in own}
    shipped = [
        LayoutName(name=name, title=shipped_layout(name).title)
        for name in layout_names()
        if name not in taken
    ]
    return (*own, *shipped)


def _own(book: Path) -> Iterator[LayoutName]:
    folder = layout_folder(book)
    for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
        title, wrong = path.stem, tuple[str, ...]()
        try:
            title = layout_for(str(path)).title
        except RefusedError as refused:
            wrong = tuple(map(_said, refused.problems))
        except KnownError as known:
            wrong = (str(known),)
        yield LayoutName(name=path.stem, title=title, own=True, wrong=wrong)


def _said(problem: Problem) -> str:
    return f"{problem.path}: {problem.says}" if problem.path else problem.says


def layout(book: Path, template: str | None) -> Layout:
    """A return's layout by its name, or as its record has it (`t1-quarterly/1`).

    Raises RefusedError for one that is not there, or has faults, each named with its place.
    """
    name = (template or FIRST).partition("/")[0] or FIRST
    return layout_for(name, book.absolute().parent)


def copy_layout(book: Path, name: str, new_name: str) -> Path:
    """Copy a layout into the charity's own folder under another name, and return where it is.

    Raises KnownError if a layout of that name is there already, or the disk does not oblige.
    """
    target = layout_folder(book) / f"{new_name}.toml"
    if new_name in {each.name for each in layouts(book)} or target.exists():
        raise KnownError(f"There is a layout “{new_name}” already. Give the copy another name")
    own = layout_folder(book) / f"{name}.toml"
    text = own.read_text("utf-8") if own.is_file() else assets.text(f"returns/{name}.toml")
    text = _NAME_LINE.sub(f'name = "{new_name}"', text, count=1)
    text = _TITLE_LINE.sub(lambda found: f'title = "{found[1]} (our copy)"', text, count=1)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise KnownError(f"{target.parent} could not be made ({fault.strerror})") from fault
    write_whole(target, text.encode())
    return target


def laid_out(asked: Asked) -> LaidOut:
    """A return laid out, to be looked at. Raises RefusedError as `return_figures` does."""
    from fundtrack.exchange.workbook import preview

    figures = return_figures(
        asked.portfolio,
        asked.statutory,
        asked.award,
        asked.period,
        asked.layout,
        asked.today,
        confirmed=asked.confirmed,
    )
    return preview.laid_out(figures, asked.layout)


def written(asked: Asked, out: Path, *, internal: bool = False) -> WrittenFile:
    """Write a return's workbook and prove it; a file of that name is replaced, whole or not at all.

    `internal` adds the sheet that says where each figure came from.
    Raises KnownError if the proof fails (nothing is written then), or the disk does not oblige.
    """
    data, figures = return_workbook(
        asked.portfolio,
        asked.statutory,
        asked.award,
        asked.period,
        asked.today,
        asked.layout,
        confirmed=asked.confirmed,
        internal=internal,
        proved=True,
    )
    broken = [
        each.says for each in figures.findings if each.rule in ("X1", "X2") and each.level == "FAIL"
    ]
    if broken:
        raise KnownError(f"The file could not be proved, and was not written. {broken[0]}")
    write_whole(out, data)
    return WrittenFile(figures=figures, sha256=hashlib.sha256(data).hexdigest())


def written_all(
    wanted: Sequence[tuple[Asked, Path]], progress: Callable[[int, int], None]
) -> tuple[BatchFile, ...]:
    """Write and prove returns one after the other, so that many take no more room than one.

    `progress` is told how many of how many are done, and may end the work by raising; what was
    written stays. One that cannot be written, or in which something looks personal that nobody has
    looked at, is told of and the others go on.
    """
    found: list[BatchFile] = []
    for at, (asked, out) in enumerate(wanted):
        progress(at, len(wanted))
        found.append(_one_of_many(asked, out))
    progress(len(wanted), len(wanted))
    return tuple(found)


def _one_of_many(asked: Asked, out: Path) -> BatchFile:
    try:
        figures = return_figures(
            asked.portfolio,
            asked.statutory,
            asked.award,
            asked.period,
            asked.layout,
            asked.today,
            confirmed=asked.confirmed,
        )
        held = [each for each in figures.findings if each.rule in _HELD and each.level == "FAIL"]
        if held:
            return BatchFile(name=out.name, problem=held[0].says)
        made = written(asked, out)
    except RefusedError as refused:
        return BatchFile(name=out.name, problem=refused.problems[0].says)
    except KnownError as known:
        return BatchFile(name=out.name, problem=str(known))
    fails = sum(each.level == "FAIL" for each in made.figures.findings)
    return BatchFile(name=out.name, fails=fails)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file. Raises KnownError if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as fault:
        raise KnownError(f"{path.name} cannot be read ({fault.strerror})") from fault
