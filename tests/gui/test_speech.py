"""The window in another language: accented, two fifths longer, and every word of the list in it."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QTableView,
    QWidget,
)

from fundtrack import assets, settings
from fundtrack.gui.speech import speak, tr, words_of
from fundtrack.gui.window import PLACES, Window
from tests.gui.test_every_dialog import cut_short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from fundtrack.gui.doors import Doors
    from fundtrack.gui.look import Look

ROOT = Path(__file__).resolve().parents[2]
ACCENTS = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")


def accented(words: str) -> str:
    """The words as another language might have them: strange, and two fifths longer."""
    return f"[{words.translate(ACCENTS)}{'·' * (len(words) * 2 // 5)}]"


@pytest.fixture(scope="module")
def listed() -> tuple[str, ...]:
    """The words that `dev.py words` lists."""
    spec = importlib.util.spec_from_file_location("words", ROOT / "docs" / "words.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: tuple[str, ...] = module.words()
    return found


@pytest.fixture
def abroad(listed: tuple[str, ...], look: Look, doors: Doors, qtbot: QtBot) -> Iterator[Window]:
    """A window that speaks the accented language."""
    speak({each: accented(each) for each in listed})
    window = Window(look, doors, settings.Settings())
    qtbot.addWidget(window)
    window.resize(1280, 800)
    with qtbot.waitExposed(window):
        window.show()
    yield window
    window.close()
    speak({})


def said_by(whole: QWidget) -> Iterator[str]:
    """Everything that can be read."""
    for part in whole.findChildren(QWidget):
        if not part.isVisibleTo(whole):
            continue
        yield from (part.toolTip(), part.accessibleDescription())
        if isinstance(part, QLabel | QAbstractButton):
            yield part.text()
        if isinstance(part, QLineEdit):
            yield part.placeholderText()
        if isinstance(part, QTableView) and part.horizontalHeader().isVisibleTo(whole):
            model = part.model()
            for at in range(model.columnCount()):
                yield str(model.headerData(at, Qt.Orientation.Horizontal))


def test_the_list_holds_what_a_person_reads(listed: tuple[str, ...]) -> None:
    assert {"Overview", "&File", "&Undo", "Add award", "Funded to", "Key figures"} <= set(listed)
    assert len(listed) > 300


@pytest.mark.parametrize("place", range(len(PLACES)))
def test_every_listed_word_of_a_page_is_spoken_and_none_is_cut(
    abroad: Window, listed: tuple[str, ...], place: int
) -> None:
    assert abroad.open_book(Path("sample.fundtrack"))
    abroad.go_to(place)
    QApplication.processEvents()
    page, known = abroad.page(place), set(listed)
    said = set(said_by(page))
    assert [words for words in said if words in known] == []
    assert any(words.startswith("[") for words in said)
    assert cut_short(page) == []


def test_the_menus_the_side_list_and_the_first_page_are_spoken(
    abroad: Window, listed: tuple[str, ...]
) -> None:
    known = set(listed)
    acts = [it.text().partition("\t")[0] for it in abroad.findChildren(QAction) if it.text()]
    assert [each for each in acts if each in known] == []
    assert accented("&Quit") in acts
    assert [each for each in said_by(abroad.start) if each in known] == []
    assert cut_short(abroad.start) == []
    side = abroad.side.list.model()
    assert side.index(0, 0).data() == accented("Overview")


def test_a_language_that_is_shipped_is_spoken_and_what_it_lacks_stays_english(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    welsh = json.dumps({"Awards": "Dyfarniadau", "Posts": ""})
    monkeypatch.setattr(assets, "names", lambda *_args: ("words/cy.json",))
    monkeypatch.setattr(assets, "text", lambda _name: welsh)
    assert words_of("fr") == {}
    speak(words_of("cy"))
    assert [tr(each) for each in ("Awards", "Posts", "Plan")] == ["Dyfarniadau", "Posts", "Plan"]
    speak({})
