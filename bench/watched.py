"""One process with a window in it that tells when it is painted.

Asked for as `bare`, or as `open`, `edit`, `slide` or `scroll` and a book.

Run by `windows.py`, which names in BENCH_BEGAN the moment it started this process. Prints JSON:
seconds from then until the window was first painted and until it was filled, or seconds per edit,
per step of a slider or per step of the wheel.
"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from fundtrack.core.edit import Edit
    from fundtrack.core.model import Portfolio
    from fundtrack.gui.window import Window

_Page = TypeVar("_Page", bound="QWidget")

EDITS = 25
SLIDES = 305
STEPS = 85
PLAIN = 1_000_000
LONGEST = 60
"""Months of the longest span."""
_QUIET = 0.4
"""Seconds without painting after which a window is taken to be filled."""
_FRUITLESS = 3
"""Rounds of events without painting after which nothing is left to paint."""


class Paints(QObject):
    """Sees every event of the application and remembers when something was painted."""

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self.count = 0
        self.first = self.last = 0.0
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Note a paint, and let every event pass."""
        if event.type() == QEvent.Type.Paint and watched.isWidgetType():
            self.count += 1
            self.last = time.monotonic()
            self.first = self.first or self.last
        return False


def main(what: str, *book: str) -> None:
    """Show the window asked for, and print what it took."""
    app = QApplication(["bench"])
    paints = Paints(app)
    if what == "bare":
        window = QMainWindow()
        window.setCentralWidget(QLabel("A window"))
        window.resize(1280, 800)
        window.show()
        when_quiet(paints, lambda: True, app.quit)
        app.exec()
    else:
        from fundtrack.app import run_window

        acts = {"edit": edit, "slide": slide, "scroll": scroll}
        done = partial(acts[what], app, paints) if what in acts else app.quit
        when_quiet(paints, lambda: filled(app) is not None, done)
        run_window(Path(*book), [])
    if what in ("bare", "open"):
        began = float(os.environ["BENCH_BEGAN"])
        print(json.dumps({"painted": paints.first - began, "filled": paints.last - began}))


def when_quiet(paints: Paints, ready: Callable[[], bool], then: Callable[[], None]) -> None:
    """Do something once it is ready and nothing has been painted for a while."""
    timer = QTimer(paints)
    timer.setInterval(20)

    def look() -> None:
        if paints.last and ready() and time.monotonic() - paints.last > _QUIET:
            timer.stop()
            then()

    timer.timeout.connect(look)
    timer.start()


def filled(app: QApplication) -> Window | None:
    """The window, once it shows what a book says."""
    for window in app.topLevelWidgets():
        bridge = getattr(window, "bridge", None)
        if bridge is not None and bridge.view is not None:
            return window  # type: ignore[return-value]  # it has a bridge, so it is our window
    return None


def edit(app: QApplication, paints: Paints) -> None:
    """Change an award's amount again and again, each time until nothing is left to paint."""
    window = filled(app)
    if window is None:
        raise SystemExit("no book was opened")
    taken = []
    for _ in range(EDITS):
        start = time.monotonic()
        window.do(dearer(shown(window)))
        taken.append(settled(app, paints) - start)
    print(json.dumps({"edits": taken, "painted": paints.count}))
    window.close()
    app.quit()


def on_page(app: QApplication, at: int, kind: type[_Page]) -> tuple[Window, _Page]:
    """The window, gone to one of its pages, and that page."""
    window = filled(app)
    if window is None:
        raise SystemExit("no book was opened")
    window.go_to(at)
    page = window.page(at)
    if not isinstance(page, kind):
        raise SystemExit(f"there is no page of the kind {kind.__name__}")
    return window, page


def slide(app: QApplication, paints: Paints) -> None:
    """Move each slider of a new scenario step by step, each time until nothing is left to paint.

    After each step as much plain work: it tells how steadily the machine works in these moments.
    """
    from fundtrack.gui.pages.plan import PlanPage
    from fundtrack.gui.window import PLAN

    window, page = on_page(app, PLAN, PlanPage)
    until(app, lambda: page.answer is not None)
    sliders = [row.slider for row in page.rows if row.slider is not None]
    taken, plain = [], []
    for at in range(SLIDES):
        slider = sliders[at % len(sliders)]
        start = time.monotonic()
        slider.setValue(slider.value() + (1 if slider.value() < slider.maximum() else -1))
        taken.append(settled(app, paints) - start)
        plain.append(plain_work())
    print(json.dumps({"steps": taken, "plain": plain, "painted": paints.count}))
    window.close()
    app.quit()


def plain_work() -> float:
    """Count for about as long as a step takes; return how long that was, in seconds."""
    start = time.monotonic()
    sum(range(PLAIN))
    return time.monotonic() - start


def scroll(app: QApplication, paints: Paints) -> None:
    """Turn the wheel over the cover grid of five years again and again."""
    from fundtrack.gui.pages.posts import Posts
    from fundtrack.gui.window import POSTS

    window, page = on_page(app, POSTS, Posts)
    page.span.setCurrentIndex(page.span.count() - 1)
    page.span.activated.emit(page.span.currentIndex())
    until(app, lambda: len(page.cover.months.edges) > LONGEST)
    bar, high = page.cover.months.verticalScrollBar(), page.cover.months.rowHeight(0)
    taken = []
    for _ in range(STEPS):
        start = time.monotonic()
        bar.setValue(bar.value() + 3 * high)
        taken.append(settled(app, paints) - start)
    print(json.dumps({"steps": taken[5:], "painted": paints.count}))
    window.close()
    app.quit()


def until(app: QApplication, ready: Callable[[], bool]) -> None:
    """Let the application work until something is so."""
    while not ready():
        app.processEvents()
        time.sleep(0.01)
    for _ in range(10):
        app.processEvents()


def settled(app: QApplication, paints: Paints) -> float:
    """Let the application work until it has nothing left to paint, and return when that was."""
    painted = time.monotonic()
    for _ in range(_FRUITLESS):
        seen = paints.count
        app.processEvents()
        while paints.count > seen:
            painted, seen = time.monotonic(), paints.count
            app.processEvents()
    return painted


def dearer(portfolio: Portfolio) -> Edit:
    """The edit that raises the first award by a hundred pounds."""
    from fundtrack.core.edit import Edit, change

    award = portfolio.awards[0]
    after = replace(award, amount=award.amount + 100_00)
    return Edit("Change amount", (change("awards", award, after),))


def shown(window: Window) -> Portfolio:
    """The book as the window shows it."""
    if window.bridge is None or window.bridge.view is None:
        raise SystemExit("the window shows no book")
    return window.bridge.view.portfolio


if __name__ == "__main__":
    main(*sys.argv[1:])
    sys.stdout.flush()
    os._exit(0)  # the measuring is over; taking down the window is no part of it
