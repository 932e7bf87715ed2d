"""The window in another language: accented, and every word that is not the charity's own in it."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import QAbstractListModel, Qt
from PySide6.QtGui import QAction, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QTableView,
    QTextBrowser,
    QWidget,
)

from fundtrack import app, assets, settings
from fundtrack.core.why_figures import rule_of
from fundtrack.gui.phrases import HOLE, Interpreter, texts_of
from fundtrack.gui.speech import keep_texts_of, speak, tr, words_of
from fundtrack.gui.window import AWARDS, PLACES, Window
from tests.gui.conftest import TODAY
from tests.gui.test_every_dialog import MADE, cut_short, dialog_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from fundtrack.core.model import Portfolio
    from fundtrack.gui.doors import Doors
    from fundtrack.gui.look import Look
    from fundtrack.gui.pages.awards import Awards
    from tests.gui.conftest import Shelf

ROOT = Path(__file__).resolve().parents[2]
ACCENTS = str.maketrans("aeiouyAEIOUY", "áéíóúýÁÉÍÓÚÝ")
PLAIN = re.compile(r"[A-Za-z]*[aeiouy][A-Za-z]+")
"""A word with a letter that would have its accent, were it said in the accented language."""


TYPED = ("Adviser", "Cook", "ann on LAPTOP", "about ten", "By somebody else than who made it")
"""What the dialogs are told by those that make them here."""


def accented(words: str) -> str:
    """The words as another language might have them: strange, and two fifths longer."""
    more = "·" * (len(HOLE.sub("", words)) * 2 // 5)
    return f"«{words.translate(ACCENTS)}{more}»"


def _list_of_words() -> Any:
    spec = importlib.util.spec_from_file_location("words", ROOT / "docs" / "words.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def fixed() -> tuple[str, ...]:
    """The words of the window's parts, as `dev.py words` lists them."""
    found: tuple[str, ...] = _list_of_words().words()
    return found


@pytest.fixture(scope="module")
def listed(fixed: tuple[str, ...]) -> tuple[str, ...]:
    """Everything that `dev.py words` lists: sentences with holes too."""
    return (*fixed, *_list_of_words().sentences())


@pytest.fixture(scope="module")
def accents(listed: tuple[str, ...]) -> Iterator[None]:
    """The accented language, while what needs it is looked at."""
    speak({each: accented(each) for each in listed})
    yield
    speak({})


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is written with a painter, in no widget of Qt's."""
    said: list[str] = []
    draw = QPainter.drawText

    def remember(painter: QPainter, *rest: Any) -> Any:
        said.extend(each for each in rest if isinstance(each, str))
        return draw(painter, *rest)

    monkeypatch.setattr(QPainter, "drawText", remember)
    return said


@pytest.fixture
def abroad(accents: None, look: Look, doors: Doors, qtbot: QtBot) -> Iterator[Window]:
    """A window that speaks the accented language."""
    _ = accents
    window = Window(look, doors, settings.Settings())
    qtbot.addWidget(window)
    window.resize(1280, 800)
    with qtbot.waitExposed(window):
        window.show()
    yield window
    window.close()


def said_by(whole: QWidget) -> Iterator[str]:
    """Everything that can be read or heard."""
    for part in whole.findChildren(QWidget):
        if not part.isVisibleTo(whole):
            continue
        yield from (part.toolTip(), part.accessibleName(), part.accessibleDescription())
        yield from written_on(part)
        if isinstance(part, QAbstractItemView):
            yield from in_cells(part)
        if isinstance(part, QTableView) and part.horizontalHeader().isVisibleTo(whole):
            model = part.model()
            for at in range(model.columnCount()):
                yield str(model.headerData(at, Qt.Orientation.Horizontal))


def written_on(part: QWidget) -> Iterator[str]:
    """What stands on a widget of Qt's own."""
    if isinstance(part, QLabel | QAbstractButton | QAbstractSpinBox):
        yield part.text()
    if isinstance(part, QLineEdit):
        yield part.placeholderText()
    if isinstance(part, QTextBrowser):
        yield part.toPlainText()
    if isinstance(part, QComboBox):
        yield from (part.itemText(at) for at in range(part.count()))


def in_cells(view: QAbstractItemView) -> Iterator[str]:
    model = view.model()
    roles = Qt.ItemDataRole
    if model is None:
        return
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
    for row in range(model.rowCount()):
        for column in range(columns):
            index = model.index(row, column)
            for role in (roles.DisplayRole, roles.ToolTipRole, roles.AccessibleTextRole):
                if isinstance(said := index.data(role), str):
                    yield said


def english_in(said: Iterator[str] | list[str], *own: object) -> set[str]:
    """What was left in English, of what nobody typed."""
    names = sorted(set(texts_of(own)), key=len, reverse=True)
    left = set()
    for words in said:
        rest = re.sub(r"<[^>]*>", "", words)
        for name in names:
            rest = rest.replace(name, "")
        if PLAIN.search(rest):
            left.add(words)
    return left


def whole(painted: list[str], own: Portfolio) -> list[str]:
    """Of what was painted, what was not cut short or broken into lines within a name."""
    names = set(texts_of(own))
    flat = [" ".join(each.split()) for each in painted]
    return [each for each in flat if each not in names and not each.endswith("…")]


def test_the_list_holds_what_a_person_reads(
    fixed: tuple[str, ...], listed: tuple[str, ...]
) -> None:
    assert {"Overview", "&File", "&Undo", "Add award", "Funded to", "Key figures"} <= set(fixed)
    assert "Secured money pays for every post until {1}." in listed
    assert {"{1} posts", "Act now", "agreed in principle", "April", "Apr"} <= set(listed)
    assert len(set(listed)) > 3_000


@pytest.mark.parametrize("place", range(len(PLACES)))
def test_nothing_on_a_page_stays_english_but_what_is_the_charitys_own(
    abroad: Window, painted: list[str], sample: Portfolio, place: int
) -> None:
    assert abroad.open_book(Path("sample.fundtrack"))
    abroad.go_to(place)
    QApplication.processEvents()
    abroad.grab()
    page = abroad.page(place)
    assert english_in(said_by(abroad), sample) == set()
    assert english_in(whole(painted, sample), sample) == set()
    assert any("«" in words for words in said_by(page))
    assert cut_short(page) == []


def test_why_a_figure_is_what_it_is_is_said_in_the_language(
    abroad: Window, sample: Portfolio
) -> None:
    assert abroad.open_book(Path("sample.fundtrack"))
    assert abroad.bridge is not None
    view = abroad.bridge.view
    assert view is not None
    post = next(each.key for each in view.outlook.posts if each.notice is not None)
    asked = [f"figures.{each.name}" for each in view.glance.figures]
    asked += [f"cliffs.{view.outlook.ladders[0].cliff}.over_12_months", "exposure.total"]
    asked += [f"posts.{post}.{part}" for part in ("redundancy.payable", "latest_notice_working")]
    asked += [
        f"forecast.{name}.2027-04.{part}"
        for name in view.outlook.forecast
        for part in ("cash", "cost", "unrestricted_closing")
    ]
    left = set()
    for figure in asked:
        abroad.why_panel.explain(view, figure)
        page, heading = rule_of(figure)  # the help is English
        said = abroad.why_panel.text.toPlainText().splitlines()
        left |= english_in(said, sample, (heading or page.capitalize(),))
    assert left == set()


def test_what_is_sought_is_what_stands_there(abroad: Window) -> None:
    assert abroad.open_book(Path("sample.fundtrack"))
    abroad.go_to(AWARDS)
    page = cast("Awards", abroad.page(AWARDS))
    every = page.grid.sorted.rowCount()
    page.search.setText("ágrééd ín príncíplé")
    assert 0 < page.grid.sorted.rowCount() < every
    page.search.setText("agreed in principle")
    assert page.grid.sorted.rowCount() == 0


def test_an_empty_book_teaches_in_the_language_too(
    abroad: Window, shelf: Shelf, painted: list[str]
) -> None:
    shelf.portfolio = app.empty_portfolio("New Charity", "scotland", TODAY)
    assert abroad.open_book(Path("empty.fundtrack"))
    for place in range(len(PLACES)):
        abroad.go_to(place)
        QApplication.processEvents()
        assert english_in(said_by(abroad), shelf.portfolio) == set(), PLACES[place]
    assert english_in(whole(painted, shelf.portfolio), shelf.portfolio) == set()


@pytest.mark.parametrize("kind", ["awards", "posts"])
def test_nothing_on_a_records_own_page_stays_english(
    abroad: Window, painted: list[str], sample: Portfolio, kind: str
) -> None:
    assert abroad.open_book(Path("sample.fundtrack"))
    abroad.open_record(f"{kind}.{sample.records(kind)[0].key}")
    QApplication.processEvents()
    abroad.grab()
    assert english_in(said_by(abroad), sample) == set()
    assert english_in(whole(painted, sample), sample) == set()


@pytest.mark.parametrize("name", sorted(set(MADE) - {"HelpWindow"}))  # its pages are English
def test_nothing_in_a_dialog_stays_english(
    name: str, abroad: Window, sample: Portfolio, qtbot: QtBot
) -> None:
    assert abroad.open_book(Path("sample.fundtrack"))
    keep_texts_of(TYPED)
    made = dialog_of(name, abroad)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    assert english_in([*said_by(made), made.windowTitle()], sample, TYPED) == set()


def test_the_menus_the_side_list_and_the_first_page_are_spoken(
    abroad: Window, fixed: tuple[str, ...]
) -> None:
    known = set(fixed)
    acts = [it.text().partition("\t")[0] for it in abroad.findChildren(QAction) if it.text()]
    assert [each for each in acts if each in known] == []
    assert accented("&Quit") in acts
    assert [each for each in said_by(abroad.start) if each in known] == []
    assert cut_short(abroad.start) == []
    side = abroad.side.list.model()
    assert side.index(0, 0).data() == accented("Overview")


# --- sentences, found again by their patterns ----------------------------------------------------

WELSH = {
    "{1} is unfunded from {2}": "o {2} ymlaen, nid oes arian ar gyfer {1}",
    "{1} posts": "{1} swydd",
    "five": "pum",
    "Act now": "Gweithredwch nawr",
    "April": "Ebrill",
    "Plan": "Cynllun",
    "{1} of {2}": "{1} o {2}",
    "a working day": "diwrnod gwaith",
}


def test_a_language_orders_a_sentence_as_it_likes_and_says_what_is_in_it() -> None:
    say = Interpreter(WELSH).say
    assert say("Caseworker is unfunded from 1 April 2027.") == (
        "o 1 Ebrill 2027 ymlaen, nid oes arian ar gyfer Caseworker."
    )
    assert say("Five posts · act now") == "Pum swydd · gweithredwch nawr"
    assert say("12 posts\nAct now") == "12 swydd\nGweithredwch nawr"


def test_what_the_language_lacks_is_left_whole_not_half_said() -> None:
    say = Interpreter(WELSH).say
    assert say("House of Hope") == "House of Hope"
    assert say("Plan of the Year") == "Plan of the Year"
    assert say("Nothing is known") == "Nothing is known"
    assert say("£1,200.50") == "£1,200.50"


def test_names_are_in_nobodys_language() -> None:
    interpreter = Interpreter(WELSH)
    interpreter.keep(["Way of April: five posts", "April posts"])
    assert interpreter.say("Way of April: five posts is unfunded from 3 April") == (
        "o 3 Ebrill ymlaen, nid oes arian ar gyfer Way of April: five posts"
    )
    assert interpreter.say("April posts of five") == "April posts o pum"
    assert interpreter.say("Way of April: five posts") == "Way of April: five posts"


NAMES = ("House of Hope and Sons", "Act now, Larkmoor", "A. Trust: core (part 2)")


@pytest.mark.parametrize("at", range(40))
def test_every_sentence_of_the_list_keeps_the_names_in_it(
    accents: None, listed: tuple[str, ...], at: int
) -> None:
    _ = accents
    keep_texts_of(NAMES)
    for sentence in listed[at::40]:
        free = re.sub(r"(?<=[\w}.])\{\d+\}|\{\d+\}(?=\w)", "", sentence)
        named = dict(zip(HOLE.findall(free), NAMES, strict=False))
        english = free
        for hole in HOLE.findall(free):
            english = english.replace(f"{{{hole}}}", named.get(hole, "3"))
        said = tr(english)
        assert [each for each in named.values() if each not in said] == [], (english, said)


SETTERS = {
    "setToolTip": 0,
    "setAccessibleName": 0,
    "setAccessibleDescription": 0,
    "setStatusTip": 0,
    "setWindowTitle": 0,
    "setPlaceholderText": 0,
    "addItem": 0,
    "drawText": -1,
    "getOpenFileName": 1,
    "getSaveFileName": 1,
    "getExistingDirectory": 1,
    "about": 1,
    "addButton": 0,
    "setInformativeText": 0,
}


def unsaid(path: Path) -> Iterator[str]:
    """The words that a source hands to a widget of Qt's own without having them said."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        at = SETTERS.get(node.func.attr)
        if at is None or not node.args:
            continue
        words = node.args[at]
        calls = (it for it in ast.walk(words) if isinstance(it, ast.Call))
        if any(getattr(call.func, "id", "") == "tr" for call in calls):
            continue
        raw = (it for it in ast.walk(words) if isinstance(it, ast.Constant))
        if any(re.search(r"[a-z]{2}", str(it.value)) for it in raw):
            yield f"{path.name}:{node.lineno} {ast.unparse(words)}"


def test_no_source_hands_a_widget_words_that_are_not_said() -> None:
    sources = (ROOT / "src" / "fundtrack" / "gui").rglob("*.py")
    assert [each for path in sources for each in unsaid(path)] == []


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
