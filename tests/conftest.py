"""What every test stands on: no screen, no clock of its own, and a home that is thrown away."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# Tests paint where nobody sees; `QT_QPA_PLATFORM=xcb` shows the windows to who wants to look.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# No example is too slow (other people's machines are), and CI meets the same ones each time.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give FundTrack a home of its own, so that no test touches a person's books or settings."""
    path = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("FUNDTRACK_HOME", str(path))
    return path
