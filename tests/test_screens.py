"""`dev.py screenshots` leaves out no page, no dialog, no theme and no book."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from fundtrack.gui.window import PLACES
from tests.gui.test_every_dialog import MADE

ROOT = Path(__file__).parents[1]
THEMES = ("light", "dark", "high-contrast")


@pytest.fixture(scope="module")
def names() -> set[str]:
    made = importlib.util.spec_from_file_location("screenshots", ROOT / "docs" / "screenshots.py")
    assert made is not None
    assert made.loader is not None
    module: ModuleType = importlib.util.module_from_spec(made)
    sys.modules[made.name] = module
    made.loader.exec_module(module)
    return {picture.name for picture in module.pictures()}


def test_every_page_is_pictured_in_every_theme_and_with_every_book(names: set[str]) -> None:
    for title, _ in PLACES:
        page = title.casefold()
        for width in (1280, 1920):
            assert names >= {f"sample-{page}-{theme}-{width}" for theme in THEMES}
            assert names >= {f"empty-{page}-{width}", f"huge-{page}-{width}"}


@pytest.mark.parametrize("own", ["start", "award", "post", "return-bench", "own-workbook"])
def test_what_has_a_page_of_its_own_is_pictured_in_every_theme(own: str, names: set[str]) -> None:
    assert names >= {f"{own}-{theme}" for theme in THEMES}


def test_every_dialog_is_pictured_in_every_theme(names: set[str]) -> None:
    assert names >= {f"dialog-{name}-{theme}" for name in MADE for theme in THEMES}


def test_every_picture_has_a_name_of_its_own_and_readme_shows_what_is_made(
    names: set[str],
) -> None:
    shown = {
        line.rpartition("docs/screens/")[2].removesuffix(".png)")
        for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
        if "](docs/screens/" in line
    }
    assert shown
    assert shown <= names
