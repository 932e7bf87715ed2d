"""FundTrack started as a program, with what a person may find on their computer."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

_RUN = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
program = QApplication(["fundtrack"])
from fundtrack import app
from fundtrack.gui.window import Window

def look():
    window = next(it for it in program.topLevelWidgets() if isinstance(it, Window))
    page = window.stack.currentWidget()
    if not page.message.words:
        return
    print(window.windowTitle(), "|", page.message.words, "|", window.windowIcon().isNull())
    program.closeAllWindows()

timer = QTimer()
timer.timeout.connect(look)
timer.start(50)
QTimer.singleShot(30_000, program.quit)
raise SystemExit(app.run_window(None, []))
"""


@pytest.mark.parametrize("broken", [b'theme = "dark\n[[', b"\xff\xfe\x00", b"[" * 5000])
def test_broken_preferences_are_set_aside_with_a_word_and_the_window_opens(
    home: Path, broken: bytes
) -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / "settings.toml").write_bytes(broken)
    told = subprocess.run(
        [sys.executable, "-c", _RUN],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "FUNDTRACK_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert told.returncode == 0, told.stderr
    title, said, no_icon = told.stdout.strip().split(" | ")
    assert title == "FundTrack"
    assert said.startswith("Your preferences could not be read")
    assert said.endswith("settings.toml.broken-1")
    assert no_icon == "False"
    assert (home / "settings.toml.broken-1").read_bytes() == broken
