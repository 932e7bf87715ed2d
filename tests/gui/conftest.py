"""A window on the sample charity, as it stood on one Sunday in November."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fundtrack import app, settings
from fundtrack.gui import bridge
from fundtrack.gui.doors import Doors
from fundtrack.gui.look import Look
from fundtrack.gui.returns import bench
from fundtrack.gui.window import Window
from fundtrack.workspace import MemoryStore, Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from fundtrack.core.model import Portfolio

TODAY = date(2026, 11, 22)


@dataclass
class Shelf:
    """The book the next opening finds, and the books that were made."""

    portfolio: Portfolio
    read_only: str | None = None
    made: dict[Path, Portfolio] | None = None

    def open(self, _path: Path, _read_only: bool) -> Workspace:  # noqa: FBT001 - as Doors has it
        store = MemoryStore(self.portfolio)
        store.read_only = self.read_only
        return Workspace(store)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FUNDTRACK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However busy this machine is, what is worked out at once is worked out at once."""
    monkeypatch.setattr(bridge, "TOO_LONG", 1_000.0)
    monkeypatch.setattr(bench, "TOO_LONG", 1_000.0)


@pytest.fixture(scope="session")
def sample() -> Portfolio:
    return app.sample(TODAY)


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Look]:
    look = Look(qapp, "light")
    yield look
    look.deleteLater()


@pytest.fixture
def shelf(sample: Portfolio) -> Shelf:
    return Shelf(sample, made={})


@pytest.fixture
def faults() -> list[BaseException]:
    return []


@pytest.fixture
def doors(shelf: Shelf, faults: list[BaseException]) -> Doors:
    def create(path: Path, portfolio: Portfolio) -> None:
        assert shelf.made is not None
        shelf.made[path] = shelf.portfolio = portfolio

    return Doors(
        today=lambda: TODAY,
        statutory=app.statutory,
        open_book=shelf.open,
        create=create,
        sample=lambda _day: shelf.portfolio,
        save_copy=lambda _book, _to, _tell: None,
        write_file=app.write_file,
        board_pack_workbook=app.board_pack_workbook,
        returns=app.return_doors(),
        own_workbook=app.own_workbook_doors(),
        note=faults.append,
        imports=app.import_doors(),
    )


@pytest.fixture
def closed_window(look: Look, doors: Doors, qtbot: QtBot) -> Iterator[Window]:
    """The window before any book is open."""
    window = Window(look, doors, settings.Settings())
    qtbot.addWidget(window)
    window.resize(1280, 800)
    with qtbot.waitExposed(window):
        window.show()
    yield window
    window.close()


@pytest.fixture
def opened(closed_window: Window) -> Callable[[], Window]:
    """Opens the book on the shelf."""

    def open_it() -> Window:
        assert closed_window.open_book(Path("sample.fundtrack"))
        return closed_window

    return open_it


@pytest.fixture
def window(opened: Callable[[], Window]) -> Window:
    """The window on the sample charity."""
    return opened()
