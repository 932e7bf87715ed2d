"""How everything looks: colours and sizes by name, for the chosen theme and text size.

The values come from `resources/themes`: colour tokens for three themes and one style sheet.
Painted parts ask for a colour, a font or a size by name, and repaint when `changed` is emitted.
"""

from __future__ import annotations

import json
from functools import cache
from string import Template
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QFontMetrics, QIcon, QPalette

from fundtrack import assets
from fundtrack.gui import icons

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QApplication

SIZES: Final = {
    "caption": 12,
    "body": 13,
    "sentence": 14,
    "section": 14,
    "hero": 15,
    "figure": 16,
    "page": 20,
    "welcome": 26,
}
"""Text sizes in pixels at 100 %."""
TEXT_SIZES: Final = (90, 100, 115, 130, 150, 200)
_BASE = SIZES["body"]
_ROLES: Final = {
    QPalette.ColorRole.Window: "paper",
    QPalette.ColorRole.WindowText: "ink",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "surface2",
    QPalette.ColorRole.Text: "ink",
    QPalette.ColorRole.PlaceholderText: "ink_muted",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.ButtonText: "ink",
    QPalette.ColorRole.Highlight: "selection",
    QPalette.ColorRole.HighlightedText: "on_selection",
    QPalette.ColorRole.Link: "link",
    QPalette.ColorRole.LinkVisited: "link",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.ToolTipBase: "surface",
    QPalette.ColorRole.ToolTipText: "ink",
    QPalette.ColorRole.BrightText: "on_accent",
    QPalette.ColorRole.Mid: "line_strong",
    QPalette.ColorRole.Dark: "line_strong",
    QPalette.ColorRole.Light: "surface2",
    QPalette.ColorRole.Midlight: "line",
    QPalette.ColorRole.Shadow: "line_strong",
}


@cache
def themes() -> dict[str, dict[str, str]]:
    """The colour tokens of every theme: `light`, `dark` and `high-contrast`."""
    read: dict[str, dict[str, str]] = json.loads(assets.text("themes/tokens.json"))
    return read


class Look(QObject):
    """The theme and the text size in force, and every colour, font and icon that follows.

    `wish` is one of `settings.THEMES`; "system" follows the computer. Text size is in percent.
    """

    changed = Signal()
    arranged = Signal()
    """A person has arranged the columns of a table."""

    def __init__(self, app: QApplication, wish: str = "system", text_size: int = 100) -> None:
        super().__init__(app)
        self._app = app
        self._wish = wish
        self._text_size = text_size
        self._system_font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
        self._system_pixels = QFontInfo(self._system_font).pixelSize()
        self.arrangements: dict[str, str] = {}
        """How a person has arranged the columns of each table, by its name."""
        self._colours: dict[str, QColor] = {}
        self._fonts: dict[tuple[str, bool, bool], QFont] = {}
        self._icons: dict[tuple[str, str], QIcon] = {}
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._tell_the_system()
        self._apply()

    @property
    def wish(self) -> str:
        """The choice the person made, a theme or "system"."""
        return self._wish

    @property
    def text_size(self) -> int:
        """Percent of the usual text size."""
        return self._text_size

    @property
    def theme(self) -> str:
        """The theme in force: `light`, `dark` or `high-contrast`."""
        if self._wish != "system":
            return self._wish
        if _system_wants_contrast(self._app):
            return "high-contrast"
        dark = self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return "dark" if dark else "light"

    def follow(self, owner: QObject, draw: Callable[[], object]) -> None:
        """Call `draw` now, and again after every change, for as long as its owner lives."""
        _Follower(owner, self, draw)

    def choose(self, wish: str | None = None, text_size: int | None = None) -> None:
        """Change the theme, the text size, or both, and repaint everything."""
        self._wish = wish or self._wish
        self._text_size = text_size or self._text_size
        self._tell_the_system()
        self._apply()

    def arrange(self, table: str, line: str) -> None:
        """Take note of how a person has arranged a table; "" is as usual."""
        before = dict(self.arrangements)
        self.arrangements.pop(table, None)
        if line:
            self.arrangements[table] = line
        if self.arrangements != before:
            self.arranged.emit()

    def colour(self, token: str) -> QColor:
        """A colour by its token: `ink`, `act_now_soft` …."""
        return self._colours[token]

    def font(self, size: str = "body", *, bold: bool = False, tabular: bool = False) -> QFont:
        """A font of the named size; `tabular` gives figures of one width."""
        made = self._fonts.get((size, bold, tabular))
        if made is None:
            made = self._fonts[size, bold, tabular] = self._make_font(size, bold, tabular)
        return made

    def metrics(self, size: str = "body", *, bold: bool = False) -> QFontMetrics:
        """The measurements of a font, from which every height and width comes."""
        return QFontMetrics(self.font(size, bold=bold, tabular=True))

    def px(self, at_100_percent: float) -> int:
        """A length that grows with the text size."""
        return round(at_100_percent * self._factor())

    def icon(self, name: str, colour: str = "ink_muted") -> QIcon:
        """An icon of our own set in a token's colour, rendered once for each pair."""
        made = self._icons.get((name, colour))
        if made is None:
            made = self._icons[name, colour] = icons.icon(name, self.colour(colour))
        return made

    def _factor(self) -> float:
        return max(_BASE, self._system_pixels) / _BASE * self._text_size / 100

    def _make_font(self, size: str, bold: bool, tabular: bool) -> QFont:  # noqa: FBT001
        font = QFont(self._system_font)
        font.setPixelSize(self.px(SIZES[size]))
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        if tabular:
            font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def _tell_the_system(self) -> None:
        """Ask the platform for the same scheme, so that title bars and file dialogs match."""
        hints = self._app.styleHints()
        match self._wish:
            case "dark":
                hints.setColorScheme(Qt.ColorScheme.Dark)
            case "system":
                hints.unsetColorScheme()
            case _:
                hints.setColorScheme(Qt.ColorScheme.Light)

    def _system_changed(self) -> None:
        if self._wish == "system":
            self._apply()

    def _apply(self) -> None:
        tokens = themes()[self.theme]
        self._colours = {name: QColor(value) for name, value in tokens.items()}
        self._fonts.clear()
        self._icons.clear()
        self._app.setFont(self.font())
        self._app.setPalette(self._palette())
        self._app.setStyleSheet(self._style_sheet(tokens))
        self.changed.emit()

    def _palette(self) -> QPalette:
        palette = QPalette()
        for role, token in _ROLES.items():
            palette.setColor(role, self.colour(token))
        for role in (
            QPalette.ColorRole.WindowText,
            QPalette.ColorRole.Text,
            QPalette.ColorRole.ButtonText,
        ):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.colour("ink_disabled"))
        return palette

    def _style_sheet(self, tokens: dict[str, str]) -> str:
        sizes = {f"px_{name}": str(self.px(size)) for name, size in SIZES.items()}
        return Template(assets.text("themes/window.qss")).substitute(
            tokens,
            **sizes,
            px_chevron=str(self.px(22)),
            edge=tokens["ink"] if self.theme == "high-contrast" else tokens["line"],
        )


class _Follower(QObject):
    """Ends with its owner, and with it the wish to be told."""

    def __init__(self, owner: QObject, look: Look, draw: Callable[[], object]) -> None:
        super().__init__(owner)
        self._draw = draw
        look.changed.connect(self._draw_again)
        draw()

    def _draw_again(self) -> None:
        self._draw()


def _system_wants_contrast(app: QApplication) -> bool:
    """Whether the system asks for high contrast; Qt tells from 6.10 on."""
    accessibility = getattr(app.styleHints(), "accessibility", None)
    if accessibility is None:
        return False
    return bool(accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast)
