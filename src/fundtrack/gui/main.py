"""Opens the window: first its frame, at once, and then the book."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from fundtrack import __version__, settings
from fundtrack.gui.icons import program_icon
from fundtrack.gui.look import Look
from fundtrack.gui.speech import speak, words_of
from fundtrack.gui.tidying import Tidying
from fundtrack.gui.window import Window

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from fundtrack.gui.doors import Doors


def run(path: Path | None, argv: list[str], doors: Doors, *, trustee: bool = False) -> int:
    """Open the window on a book, or on the start page; return the exit code when it closes."""
    app = QApplication.instance() or QApplication(["fundtrack", *argv])
    if not isinstance(app, QApplication):
        raise TypeError("FundTrack's window needs a QApplication")
    dress(app)
    preferences, problems = settings.read()
    look = Look(app, preferences.theme, preferences.text_size)
    first = path or _last_book(preferences)
    window = Window(look, doors, preferences, first)
    window.show_trustee_view(trustee)
    sys.excepthook = _owning_up(window)
    tidying = Tidying(app)

    def begin() -> None:
        if first is not None:
            window.open_book(first)
        if problems:
            window.say(problems[0].says, fault=True)

    window.show()
    if first is None:
        begin()
    else:
        window.painted.connect(begin)  # the frame first: opening a book takes a moment
    tidying.begin()
    try:
        return app.exec()
    finally:
        tidying.end()
        sys.excepthook = sys.__excepthook__


def dress(app: QApplication) -> None:
    """Name the application, and have it speak British English."""
    app.setApplicationName("FundTrack")
    app.setApplicationDisplayName("FundTrack")
    app.setApplicationVersion(__version__)
    app.setOrganizationName("FundTrack")
    app.setDesktopFileName("fundtrack")
    app.setWindowIcon(program_icon())
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    speak(words_of(QLocale.system().name().partition("_")[0]))
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load("qtbase_en", folder):
        app.installTranslator(translator)


def _last_book(preferences: settings.Settings) -> Path | None:
    last = preferences.last_book
    return last if last is not None and last.exists() else None


def _owning_up(
    window: Window,
) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    """Return what meets a fault nobody expected: noted, owned up to, and the window goes on."""

    def hook(
        _kind: type[BaseException], fault: BaseException, _trace: TracebackType | None
    ) -> None:
        if isinstance(fault, KeyboardInterrupt):
            QApplication.closeAllWindows()
            return
        windows = window.family.windows
        active = next((each for each in windows if each.isActiveWindow()), None)
        (active or (windows[-1] if windows else window)).own_up(fault)

    return hook
