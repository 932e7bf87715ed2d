"""The window as a person waits for it: until it is painted and filled, and from edit to repaint.

Each opening is a process of its own, a bare PySide6 window and ours by turns, timed from before the
process starts. Both use the same books folder, made afresh, so that nobody's settings matter.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from bench.books import TODAY, book
from bench.figures import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

WATCHED = Path(__file__).with_name("watched.py")
FRAME = 1 / 60
BARE = "a bare PySide6 window"
_NOT_COMPILED = "PYTHONDONTWRITEBYTECODE"
"""With this set, Python compiles itself anew at each start; no installed program does."""


def opening(runs: int) -> Iterator[Row]:
    """From the start of the process until the window is painted, then until it is filled."""
    what = "window of 200 awards and 100 posts"
    if not there():
        yield Row(what, note="left out, there is no window yet")
        return
    with tempfile.TemporaryDirectory(prefix="fundtrack-bench-") as folder:
        path = kept(folder, 200, 100)
        watch(folder, "bare"), watch(folder, "open", str(path))
        bare, ours = [], []
        for _ in range(runs):
            bare.append(watch(folder, "bare")["painted"])
            ours.append(watch(folder, "open", str(path)))
        beside = f"{BARE} ({platform()})"
        for state, aim in (("painted", 1.3), ("filled", 4)):
            taken = median(one[state] for one in ours)
            yield Row(f"{what}, {state}", taken, beside, median(bare), aim)


def editing(_runs: int) -> Iterator[Row]:
    """From an edit until every figure on the page has been repainted."""
    what = "edit to repaint, 50 awards and 60 posts"
    if not there():
        yield Row(what, note="left out, there is no window yet")
        return
    with tempfile.TemporaryDirectory(prefix="fundtrack-bench-") as folder:
        told = watch(folder, "edit", str(kept(folder, 50, 60)))
        taken = median(told["edits"][3:])  # the first few meet what is not in memory yet
        yield Row(what, taken, "one screen frame", FRAME, 1)


def sliding(_runs: int) -> Iterator[Row]:
    """From a slider's step until every figure of what if has been repainted."""
    if not there():
        yield Row("slider step", note="left out, there is no window yet")
        return
    with tempfile.TemporaryDirectory(prefix="fundtrack-bench-") as folder:
        for what, path in (
            ("the sample charity", sample(folder)),
            ("50 awards and 60 posts", kept(folder, 50, 60)),
        ):
            told = watch(folder, "slide", str(path))
            steps, plain = told["steps"][5:], told["plain"][5:]
            yield Row(f"slider step, {what}", median(steps), "one screen frame", FRAME, 1)
            # A machine that others use too stands still at times: so it does amid plain counting.
            machine = median(steps) * slowest(plain) / median(plain)
            beside = "one that is as much slower as plain counting is by turns with it"
            yield Row(f"slider step, {what}, slowest of 100", slowest(steps), beside, machine, 1.5)


def scrolling(_runs: int) -> Iterator[Row]:
    """From a turn of the wheel over the cover grid until the months in sight are painted."""
    what = "scroll step of 500 posts by 60 months"
    if not there():
        yield Row(what, note="left out, there is no window yet")
        return
    with tempfile.TemporaryDirectory(prefix="fundtrack-bench-") as folder:
        told = watch(folder, "scroll", str(kept(folder, 200, 500)))
        steps = sorted(told["steps"])
        yield Row(what, median(steps), "one screen frame", FRAME, 1)
        yield Row(f"{what}, slowest of 20", steps[-len(steps) // 20], "one screen frame", FRAME, 1)


def slowest(steps: list[float]) -> float:
    """How long the slowest of a hundred took, the few that are slower still left aside."""
    return sorted(steps)[-max(1, len(steps) // 100)]


def sample(folder: str) -> Path:
    """The sample charity in a file."""
    from fundtrack import app

    path = Path(folder) / "sample.fundtrack"
    app.create_book(path, app.sample(TODAY))
    return path


def kept(folder: str, awards: int, posts: int) -> Path:
    """A book of so many awards and posts in a file."""
    from fundtrack.app import create_book

    path = Path(folder) / "bench.fundtrack"
    create_book(path, book(awards, posts))
    return path


def watch(folder: str, *arguments: str) -> dict[str, Any]:
    """Run one watched window and return what it told."""
    kept_compiled = {name: text for name, text in os.environ.items() if name != _NOT_COMPILED}
    environment = kept_compiled | {
        "PYTHONPYCACHEPREFIX": str(Path(folder) / "compiled"),
        "FUNDTRACK_HOME": folder,
        "FUNDTRACK_TODAY": TODAY.isoformat(),
        "QT_QPA_PLATFORM": platform(),
        "BENCH_BEGAN": repr(time.monotonic()),
    }
    command = [sys.executable, str(WATCHED), *arguments]
    told = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    found: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return found


def platform() -> str:
    """Where windows are painted: on this screen, or off any."""
    chosen = os.environ.get("QT_QPA_PLATFORM")
    if chosen or not sys.platform.startswith("linux"):
        return chosen or {"darwin": "cocoa", "win32": "windows"}.get(sys.platform, "offscreen")
    screens = {"DISPLAY": "xcb", "WAYLAND_DISPLAY": "wayland"}
    return next((name for key, name in screens.items() if os.environ.get(key)), "offscreen")


def there() -> bool:
    """Tell whether the window has been written."""
    return find_spec("fundtrack.gui") is not None and find_spec("fundtrack.gui.main") is not None
