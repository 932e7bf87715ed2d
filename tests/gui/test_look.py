from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QStyleHints
from PySide6.QtWidgets import QApplication, QCheckBox, QRadioButton

from fundtrack import assets
from fundtrack.gui import icons
from fundtrack.gui.look import TEXT_SIZES, Look, themes
from fundtrack.gui.window import OVERVIEW, Window

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton
    from pytestqt.qtbot import QtBot

    from fundtrack.gui.pages.overview import Overview

GROUNDS = ("paper", "sidebar", "surface", "surface2")
ON_GROUNDS = ("ink", "ink_muted", "accent", "link", "overdue", "act_now", "soon", "watch", "calm")
PAIRS = [(ink, ground) for ink in ON_GROUNDS for ground in GROUNDS] + [
    ("on_accent", "accent"),
    ("on_selection", "selection"),
    ("surface", "unfunded_line"),
    ("ink", "overdue_soft"),
    ("ink", "act_now_soft"),
    ("ink", "soon_soft"),
    ("ink", "watch_soft"),
    ("ink", "calm_soft"),
]


def brightness(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", sorted(themes()))
def test_words_can_be_read_on_every_ground_of_every_theme(theme: str) -> None:
    tokens = themes()[theme]
    for ink, ground in PAIRS:
        light, dark = sorted(
            (brightness(QColor(tokens[ink])), brightness(QColor(tokens[ground]))), reverse=True
        )
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (theme, ink, ground)


def test_every_theme_names_the_same_colours() -> None:
    assert len({frozenset(tokens) for tokens in themes().values()}) == 1


def test_every_icon_the_window_names_is_shipped_and_drawn(qapp: QApplication) -> None:
    assert qapp is not None
    shipped = {Path(name).stem for name in assets.names("icons", ".svg")}
    source = Path(icons.__file__).parent
    asked = {
        name
        for file in source.rglob("*.py")
        for name in re.findall(r'icon\("([a-z-]+)"', file.read_text(encoding="utf-8"))
    }
    assert asked
    assert asked <= shipped
    for name in shipped:
        drawn = icons.icon(name, QColor("black")).pixmap(18, 18).toImage()
        inked = [
            (x, y) for x in range(18) for y in range(18) if drawn.pixelColor(x, y).alpha() > 100
        ]
        assert inked, name


@pytest.mark.parametrize("size", TEXT_SIZES)
def test_letters_and_rows_grow_together(qapp: QApplication, size: int) -> None:
    look = Look(qapp, "light", size)
    assert look.font().pixelSize() == pytest.approx(look.px(13), abs=1)
    assert look.metrics().height() >= look.font().pixelSize()
    look.deleteLater()


def test_the_chosen_theme_wins_over_the_computers(qapp: QApplication) -> None:
    look = Look(qapp, "system")
    for wish in ("dark", "high-contrast", "light"):
        look.choose(wish=wish)
        assert look.theme == wish
        assert look.colour("paper").name().upper() == themes()[wish]["paper"].upper()
    look.deleteLater()


def test_the_window_turns_with_the_computer_while_it_runs(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, hints = Look(qapp, "system"), qapp.styleHints()
    turned: list[str] = []
    look.changed.connect(lambda: turned.append(look.theme))

    def turn(scheme: Qt.ColorScheme) -> None:
        """As the system does of an evening: a platform without a screen has no schemes."""
        monkeypatch.setattr(QStyleHints, "colorScheme", lambda _hints: scheme)
        hints.colorSchemeChanged.emit(scheme)

    turn(Qt.ColorScheme.Dark)
    assert turned == ["dark"]
    assert qapp.palette().window().color() == QColor(themes()["dark"]["paper"])
    turn(Qt.ColorScheme.Light)
    assert turned == ["dark", "light"]
    assert qapp.palette().window().color() == QColor(themes()["light"]["paper"])
    monkeypatch.setattr("fundtrack.gui.look._system_wants_contrast", lambda _app: True)
    turn(Qt.ColorScheme.Light)
    assert turned[-1] == "high-contrast"
    look.choose(wish="light")
    told = len(turned)
    turn(Qt.ColorScheme.Dark)
    assert look.theme == "light", "whoever chose a theme keeps it"
    assert len(turned) == told
    look.deleteLater()


@pytest.mark.parametrize("theme", ["light", "dark", "high-contrast"])
@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton])
def test_a_box_to_tick_can_be_seen_on_its_ground(
    qapp: QApplication, theme: str, kind: type[QAbstractButton], qtbot: QtBot
) -> None:
    look = Look(qapp, theme)
    box = kind()
    qtbot.addWidget(box)
    box.resize(40, 40)
    seen, ground = box.grab().toImage(), brightness(look.colour("paper"))
    drawn = [brightness(QColor(seen.pixel(x, y))) for x in range(40) for y in range(40)]
    light, dark = max(ground, *drawn), min(ground, *drawn)
    assert max((light + 0.05) / (ground + 0.05), (ground + 0.05) / (dark + 0.05)) >= 3
    look.deleteLater()


def test_a_link_among_words_is_read_in_the_theme_of_now(window: Window) -> None:
    sentence = cast("Overview", window.page(OVERVIEW)).sentences.labels[0]
    assert "<a href" in sentence.text()
    window.set_theme("dark")
    QApplication.processEvents()
    seen = sentence.grab().toImage()
    said = sentence.text()
    sentence.clear()
    sentence.setText(said)
    assert seen == sentence.grab().toImage()
    window.set_theme("light")
