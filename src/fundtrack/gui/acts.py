"""What a window can be asked to do: every act with its words and keys, and its menus.

The window does them; here stands only what they are called and where they are found.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QMenuBar

from fundtrack.gui import filing
from fundtrack.gui.look import TEXT_SIZES
from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import button, with_icon

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fundtrack.gui.window import Window

_THEMES = (
    ("system", "As the &computer is"),
    ("light", "&Light"),
    ("dark", "&Dark"),
    ("high-contrast", "&High contrast"),
)

_LONG = 44
"""How many letters of a change's name fit into the corner."""


class Acts:
    """The acts of one window. `places` are the titles of its pages, the settings last."""

    def __init__(self, window: Window, places: Sequence[str]) -> None:
        self._window = window
        act = partial(_act, window)
        self.new = act("&New book…", window.ask_for_new_book, "Ctrl+Shift+N")
        self.open = act("&Open…", window.ask_for_book, "Ctrl+O")
        self.new_window = act("New &window", window.open_window)
        self.beside = act("Open in a new w&indow…", window.ask_for_book_beside)
        self.export = act("&Export…", partial(filing.ask_for_export, window))
        self.back_up = act("Back &up now", partial(filing.back_up_now, window))
        self.restore = act("Res&tore from a backup…", partial(filing.ask_for_backup, window))
        self.sample = act("Open the &sample charity", window.open_sample)
        self.copy = act("Save a &copy…", window.ask_for_copy, "Ctrl+Shift+S")
        self.import_ = act("&Import…", window.ask_for_import, "Ctrl+I")
        self.save_table = act("Save this ta&ble…", window.ask_where_to_save_table)
        self.accounts = act("Bring in spen&ding…", window.show_accounts_import)
        self.own = act("&Fill a funder's workbook…", window.fill_own_workbook)
        self.board_pack = act("&Board pack…", window.show_board_pack, "Ctrl+P")
        self.save = act("&Save", window.say_saved, "Ctrl+S")
        self.close = act("&Close book", window.close_book, "Ctrl+W")
        self.take_over = act("Take the book o&ver…", window.ask_to_take_over)
        self.take_over.setVisible(False)
        self.quit = act("&Quit", QApplication.closeAllWindows, "Ctrl+Q")
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)
        self.undo = act("&Undo", window.undo, "Ctrl+Z")
        self.redo = act("&Redo", window.redo, "Ctrl+Shift+Z or Ctrl+Y")
        self.add = act("&Add one here", window.add_one, "Ctrl+N")
        self.find = act("&Filter this page", window.look_for, "Ctrl+F")
        self.chart = act("&Chart as a table, and back", window.swap_chart, "Ctrl+T")
        self.salaries = act("Show &salaries", window.turn_lock)
        self.trustee = act("&Trustee view", window.turn_trustee_view)
        self.trustee.setCheckable(True)
        self.larger = act("&Larger text", lambda: window.step_text(1), "Ctrl+= or Ctrl++")
        self.smaller = act("&Smaller text", lambda: window.step_text(-1), "Ctrl+-")
        self.usual_text = act("&Usual text", lambda: window.set_text(100), "Ctrl+0")
        self.help = act("&Help on this", window.show_help, "F1")
        self.keys = act("&Keys", lambda: window.show_help("keys"))
        self.why = act("&Why this figure?", window.ask_why, "Shift+F1")
        self.about = act("&About FundTrack", window.say_about)
        self.about.setMenuRole(QAction.MenuRole.AboutRole)
        self.places = [
            act(f"&{title}", partial(window.go_to_all, at), f"Ctrl+{at + 1}")
            for at, title in enumerate(places)
        ]
        usual = self.places[-1].shortcuts()
        self.places[-1].setShortcuts([QKeySequence("Ctrl+,"), *usual])
        self.anything = act("&Go to or do anything…", window.ask_for_anything, "Ctrl+K")
        self.back = act("&Back", lambda: window.walk(-1), "Alt+Left")
        self.forward = act("&Forward", lambda: window.walk(1), "Alt+Right")
        self.next_pane = act("Ne&xt pane", lambda: window.step_pane(1), "F6")
        self.last_pane = act("Pre&vious pane", lambda: window.step_pane(-1), "Shift+F6")
        self.needs_book = (
            self.back,
            self.forward,
            self.next_pane,
            self.last_pane,
            self.copy,
            self.import_,
            self.accounts,
            self.save_table,
            self.export,
            self.back_up,
            self.restore,
            self.own,
            self.board_pack,
            self.save,
            self.close,
            self.add,
            self.find,
            self.chart,
            self.salaries,
            self.trustee,
            *self.places,
        )
        self.changes_the_book = (
            self.import_,
            self.accounts,
            self.save,
            self.restore,
            self.undo,
            self.redo,
            self.add,
        )

        self._gone: tuple[QAction, ...] = ()
        self._make_menus(window, window.menuBar())

    def leave_out(self, *, for_trustees: bool) -> None:
        """Leave out what changes the book, in the trustee view."""
        for action in self.changes_the_book:
            action.setVisible(not for_trustees and action not in self._gone)

    def only_look_back(self) -> None:
        """Leave out what opens another book, or would take today's file for the one in sight."""
        self._gone = (
            *(self.new, self.open, self.recent_menu.menuAction(), self.sample),
            *(self.new_window, self.beside, self.save, self.copy, self.back_up, self.restore),
        )
        for action in self._gone:
            action.setVisible(False)
        self.close.triggered.disconnect()
        self.close.triggered.connect(self._window.close)
        self.close.setText(tr("&Close window"))

    def _make_menus(self, window: Window, bar: QMenuBar) -> None:
        menu = self.file_menu = bar.addMenu(tr("&File"))
        self.recent_menu = QMenu(tr("Open &recent"), window)
        menu.addActions([self.new, self.open])
        menu.addMenu(self.recent_menu)
        menu.addAction(self.sample)
        menu.addSeparator()
        menu.addActions([self.new_window, self.beside])
        menu.addSeparator()
        menu.addActions([self.save, self.copy])
        menu.addActions([self.back_up, self.restore])
        menu.addActions([self.take_over, self.close])
        menu.addSeparator()
        menu.addActions([self.import_, self.accounts, self.export])
        menu.addAction(self.save_table)
        menu.addSeparator()
        menu.addActions([self.own, self.board_pack])
        menu.addSeparator()
        menu.addAction(self.quit)
        edit = bar.addMenu(tr("&Edit"))
        edit.addActions([self.undo, self.redo])
        edit.addSeparator()
        edit.addActions([self.add, self.find])
        view = bar.addMenu(tr("&View"))
        self._make_theme_menu(window, view)
        self._make_text_menu(window, view)
        view.addSeparator()
        view.addActions([self.chart, self.salaries, self.trustee])
        go = bar.addMenu(tr("&Go"))
        go.addActions([self.anything, self.back, self.forward])
        go.addActions([self.next_pane, self.last_pane])
        go.addSeparator()
        go.addActions(self.places)
        about = bar.addMenu(tr("&Help"))
        about.addActions([self.help, self.keys, self.why])
        about.addSeparator()
        about.addAction(self.about)
        self._undo_told: tuple[object, ...] = ()
        self.undo_button = button("", "quiet")
        self.undo_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        bar.setCornerWidget(self.undo_button, Qt.Corner.TopRightCorner)

    def show_undo(self, undo: str | None, redo: str | None) -> None:
        """Name what would be undone and done again; None where nothing can be."""
        told = (undo, redo, self._window.look.text_size)
        if self._undo_told == told:
            return  # the bar need not be laid out anew for the same words
        self._undo_told = told
        self.undo.setEnabled(undo is not None)
        self.undo.setText(f"{tr('&Undo')} “{undo}”" if undo else tr("&Undo"))
        self.redo.setEnabled(redo is not None)
        self.redo.setText(f"{tr('&Redo')} “{redo}”" if redo else tr("&Redo"))
        shown = undo or ""
        if undo is not None and self.undo_button.icon().isNull():
            with_icon(self.undo_button, self._window.look, "arrow-u-up-left")
        said = shown if len(shown) < _LONG else f"{shown[:_LONG]}…"
        self.undo_button.setText(f"Undo “{said}”")
        self.undo_button.setAccessibleName(tr(f"Undo {shown}"))
        self.undo_button.setToolTip(tr(f"Undo “{shown}” (Ctrl+Z)"))
        self.undo_button.adjustSize()
        self._window.menuBar().setCornerWidget(self.undo_button, Qt.Corner.TopRightCorner)
        self.undo_button.setVisible(undo is not None)

    def _make_theme_menu(self, window: Window, view: QMenu) -> None:
        menu = view.addMenu(tr("&Theme"))
        self.themes = group = QActionGroup(window)
        for wish, words in _THEMES:
            action = _act(window, words, partial(window.set_theme, wish))
            action.setCheckable(True)
            action.setChecked(wish == window.look.wish)
            action.setData(wish)
            group.addAction(action)
            menu.addAction(action)

    def _make_text_menu(self, window: Window, view: QMenu) -> None:
        menu = view.addMenu(tr("Te&xt size"))
        self.text_sizes = QActionGroup(window)
        for size in TEXT_SIZES:
            action = _act(window, f"{size} %", partial(window.set_text, size))
            action.setCheckable(True)
            action.setChecked(size == window.look.text_size)
            action.setData(size)
            self.text_sizes.addAction(action)
            menu.addAction(action)
        menu.addSeparator()
        menu.addActions([self.larger, self.smaller, self.usual_text])


def _act(window: Window, words: str, do: Callable[[], object], keys: str = "") -> QAction:
    action = QAction(tr(words), window)
    if keys:
        action.setShortcuts([QKeySequence(each) for each in keys.split(" or ")])
    action.triggered.connect(lambda _checked=False: do())
    return action
