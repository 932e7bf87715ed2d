"""The window: menus, the list of places, the pages, and the line that says all is saved.

All wiring stands in `_connect` and `_connect_page`, by sender. Pages do not know each other.
"""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import datetime
from functools import cached_property, partial
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QByteArray, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMessageBox,
    QPlainTextEdit,
    QStackedWidget,
    QWidget,
)

from fundtrack import __version__, places, settings
from fundtrack.core import words
from fundtrack.core.errors import KnownError
from fundtrack.gui import away
from fundtrack.gui.acts import Acts
from fundtrack.gui.background import LongWork, StoppedError
from fundtrack.gui.family import Family
from fundtrack.gui.look import TEXT_SIZES
from fundtrack.gui.reminding import (
    Reminding,
    reminded_on,
    snoozes_of,
    with_reminded,
    with_snoozes,
)
from fundtrack.gui.speech import keep_texts_of, tr
from fundtrack.gui.widgets.frame import label
from fundtrack.gui.widgets.side import SideList
from fundtrack.gui.widgets.waiting import NOT_WORKED_OUT, working_out
from fundtrack.gui.widgets.working import WorkLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent, QResizeEvent

    from fundtrack.core.away import Away
    from fundtrack.core.deadlines import Due, Snooze
    from fundtrack.core.edit import Edit
    from fundtrack.core.model import Portfolio
    from fundtrack.gui.background import Job, Tell
    from fundtrack.gui.bridge import Bridge
    from fundtrack.gui.doors import Doors
    from fundtrack.gui.help import HelpWindow
    from fundtrack.gui.look import Look
    from fundtrack.gui.pages.awards import Awards
    from fundtrack.gui.pages.deadlines import Deadlines
    from fundtrack.gui.pages.history import HistoryPage
    from fundtrack.gui.pages.overview import Overview
    from fundtrack.gui.pages.own_workbook import OwnWorkbookPage
    from fundtrack.gui.pages.page import Page
    from fundtrack.gui.pages.posts import Posts
    from fundtrack.gui.pages.returns import ReturnsPage
    from fundtrack.gui.pages.settings import SettingsPage
    from fundtrack.gui.pages.start import Start
    from fundtrack.gui.reminding import Looked
    from fundtrack.gui.unnamed import Unnamed
    from fundtrack.gui.view import View
    from fundtrack.gui.why_panel import WhyPanel
    from fundtrack.workspace import Entry, Workspace

PLACES = (
    ("Overview", "house"),
    ("Pipeline", "columns"),
    ("Awards", "file-text"),
    ("Posts", "users-three"),
    ("Deadlines", "calendar-check"),
    ("Returns", "table"),
    ("Plan", "sliders-horizontal"),
    ("History", "clock-counter-clockwise"),
    ("Settings", "gear"),
)
"""The pages in the side list, in order."""
OVERVIEW, PIPELINE, AWARDS, POSTS, DEADLINES, RETURNS, PLAN, HISTORY = range(8)
SETTINGS = len(PLACES) - 1
OWN_WORKBOOK = len(PLACES)
"""The page that fills a funder's own workbook: reached from the returns, and not in the list."""
_START = -1
_ABOUT = (
    "It warns a small charity early when money for a post runs out. Your figures stay in one file "
    "on this computer."
)
_LEGAL = "A planning view, not legal or accounting advice. Free software under the MIT licence."
PLANNING = "A planning view. Take advice before you act or tell anyone."
BOOK_FILES = "FundTrack books (*.fundtrack)"
SAMPLE_NAME = "Sample charity"
_NARROW = 1100
_LEAST = QSize(800, 600)
_USUAL = QSize(1280, 800)


class Window(QMainWindow):
    """One window on at most one book. `painted` is emitted once, when it can be seen."""

    painted = Signal()

    def __init__(
        self,
        look: Look,
        doors: Doors,
        preferences: settings.Settings,
        first: Path | None = None,
        family: Family | None = None,
    ) -> None:
        """`first` is the book about to be opened; without one the start page is shown.

        `family` are the other windows of this FundTrack.
        """
        super().__init__()
        self.look = look
        self.doors = doors
        self.preferences = preferences
        self.bridge: Bridge | None = None
        self.book: Path | None = None
        self._pages: dict[int, Page] = {}
        self._past: list[Window] = []
        self.family = family or Family()
        self.family.windows.append(self)
        self._mark = ""
        self._unnamed: Unnamed | None = None
        self.keeps_preferences = True
        self._seen = False
        self._walked: list[tuple[int, str]] = []
        self._stands = 0
        self.reminding = Reminding(doors.today, self)
        self.work = LongWork(self)
        self._outlook_job: Job | None = None
        self.away = away.Watch(self)
        self.setWindowTitle(tr("FundTrack"))
        self.setMinimumSize(_LEAST)
        self.setAcceptDrops(True)
        self.resize(_USUAL)
        self.side = SideList(look, PLACES)
        self.stack = QStackedWidget()
        for _ in range(len(PLACES) + 2):
            self.stack.addWidget(QWidget())
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.side)
        row.addWidget(self.stack, 1)
        self.setCentralWidget(whole)
        self.acts = Acts(self, [title for title, _ in PLACES])
        self._make_status_bar()
        self._connect()
        self.look.arrangements = dict(preferences.tables)
        self.look.arranged.connect(self._keep_arrangements)
        self._restore()
        if first is None:
            self._show_no_book()
        else:
            self._show_frame()

    def _make_status_bar(self) -> None:
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        self.saved_sign, self.saved, self.basis = QLabel(), label(), label()
        for each in (self.saved_sign, self.saved, self.basis):
            bar.addWidget(each)
        self.checked = label()
        bar.addWidget(self.checked)
        self.work_line = WorkLine(self.look, self.work)
        bar.addWidget(self.work_line)
        self.planning = label(PLANNING)
        bar.addPermanentWidget(self.planning)

    def _connect(self) -> None:
        """Join everything that lasts as long as the window."""
        self.side.chosen.connect(self._show_page)
        self.acts.undo_button.clicked.connect(lambda _checked=False: self.undo())
        self.look.changed.connect(self._draw_saved)
        self.look.changed.connect(self._follow_look)
        self.reminding.looked.connect(self._remind)
        self.reminding.turned.connect(self._turn_the_day)
        self.work.failed.connect(self.not_done)
        self.work.stopped.connect(lambda doing: self.say(f"{doing}: cancelled. Nothing was kept."))
        self.work_line.shown.connect(self._make_room)
        self.away.found.connect(self._tell_of_absence)

    def _connect_start(self, start: Start) -> None:
        """Join the start page to what begins."""
        start.import_wanted.connect(self.begin_with_import)
        start.award_wanted.connect(self.begin_with_award)
        start.open_wanted.connect(self.ask_for_book)
        start.help_wanted.connect(self.show_help)
        start.sample_wanted.connect(self.open_sample)
        start.recent_wanted.connect(self.open_book)

    def _connect_page(self, page: Page) -> None:
        """Join one page to the book."""
        page.edit_wanted.connect(self.do)
        page.open_wanted.connect(self.open_record)
        page.trouble.connect(lambda words: self.say(words, fault=True))
        page.message.acted.connect(self.undo)
        page.why_wanted.connect(self.show_why)
        page.figure_moved.connect(self._walk_to_figure)
        page.salaries_wanted.connect(self.show_salaries)
        page.stood.connect(lambda _key: self._note_step(page))
        if page.name == "awards":
            self._connect_awards(cast("Awards", page))
        if page.name == "history":
            self._connect_history(cast("HistoryPage", page))
        if page.name == "posts":
            self._connect_posts(cast("Posts", page))
        if page.name == "settings":
            self._connect_settings(cast("SettingsPage", page))
        if page.name == "deadlines":
            self._connect_deadlines(cast("Deadlines", page))
        if page.name == "returns":
            self._connect_returns(cast("ReturnsPage", page))
        if page.name == "own-workbook":
            self._connect_own_workbook(cast("OwnWorkbookPage", page))

    def _connect_own_workbook(self, page: OwnWorkbookPage) -> None:
        """Join the page of a funder's own workbook to files, and to the returns it comes from."""
        page.use(self.doors.own_workbook, lambda: self.book, self.work)
        page.left.connect(lambda: self.go_to(RETURNS))
        page.written.connect(cast("ReturnsPage", self.page(RETURNS)).take_written)

    def _connect_awards(self, page: Awards) -> None:
        """Join an award's own page to the journal, and to the papers it links to."""
        if self.bridge is not None:
            page.read_from(self._journal)
        page.document_wanted.connect(self.open_document)

    def _journal(self, limit: int) -> tuple[Entry, ...]:
        """The latest lines of the journal; in the trustee view without names and salaries."""
        if self.bridge is None:
            return ()
        if self._unnamed is None:
            from fundtrack.gui.unnamed import Unnamed

            workspace = self.bridge.workspace
            self._unnamed = Unnamed(workspace.journal, lambda: workspace.portfolio)
        trustee = self.acts.trustee.isChecked()
        return self._unnamed.journal(limit) if trustee else self.bridge.workspace.journal(limit)

    def _connect_history(self, page: HistoryPage) -> None:
        """Join the history to the journal, to taking back, and to the book as it stood."""
        if self.bridge is not None:
            page.read_from(self._journal)
            bridge = self.bridge
            page.take_back_wanted.connect(lambda entry: bridge.take_back(entry, self.work))
            page.as_at_wanted.connect(self.show_as_at)

    def _connect_posts(self, page: Posts) -> None:
        """Join the posts to how far ahead the book is looked at, the journal, and one person."""
        if self.bridge is not None:
            page.read_from(self._journal)
            page.horizon_wanted.connect(self.bridge.look_ahead)
        from fundtrack.gui import one_person

        page.hand_wanted.connect(lambda key: one_person.ask_where_to_hand_over(self, key))
        page.out_wanted.connect(lambda key: one_person.ask_to_take_out(self, key))

    def _connect_settings(self, page: SettingsPage) -> None:
        """Join the settings to the shipped rates, and to how FundTrack looks to this person."""
        page.take_rates(self.doors.statutory())
        page.theme_wanted.connect(self.set_theme)
        page.text_wanted.connect(self.set_text)

    def _connect_deadlines(self, page: Deadlines) -> None:
        """Join the page of deadlines to this person's snoozes, and to a calendar."""
        page.take_snoozes(self.reminding.snoozes)
        page.snoozes_wanted.connect(self._snooze)
        page.export_wanted.connect(self.ask_for_calendar)

    def _connect_returns(self, page: ReturnsPage) -> None:
        """Join the page of returns to layouts and files, to long work, and to the accounts."""
        page.use(self.doors.returns, lambda: self.book, self.work)
        page.accounts_wanted.connect(self.show_accounts_import)
        page.own_workbook_wanted.connect(self._fill_for_return)

    def _connect_bridge(self, bridge: Bridge) -> None:
        """Join one book to the window."""
        bridge.changed.connect(self._present)
        bridge.said.connect(lambda words: self.say(f"{words}.", act="Undo"))
        bridge.turned.connect(self.saved.setText)
        bridge.refused.connect(lambda words: self.say(words, fault=True))
        bridge.broke.connect(self.own_up)
        bridge.working.connect(self._show_working_out)

    # --- books -------------------------------------------------------------------------------

    def open_book(self, path: Path, *, read_only: bool = False, take_over: bool = False) -> bool:
        """Open a book in this window; tell whether that could be done.

        A book that another window has open is brought to the front there instead.
        """
        there = self.family.with_book(path)
        anew = there is self and self.can_only_read  # perhaps it can be changed by now
        if there is not None and not take_over and not anew:
            there.come_forward()
            return True
        opens = partial(self.doors.open_book, path, read_only)
        if take_over and self.doors.take_over is not None:
            opens = partial(self.doors.take_over, path)
        try:
            if not read_only and self.doors.is_older is not None and self.doors.is_older(path):
                self._open_elsewhere(path, opens)
                return True
            self._take_book(path, opens())
        except KnownError as known:
            self._not_opened(known)
            return False
        return True

    def _open_elsewhere(self, path: Path, opens: Callable[[], Workspace]) -> None:
        """Bring a book of an older FundTrack up to date and open it, while this window waits."""

        def opened(tell: Tell) -> Workspace:
            workspace = opens()
            try:
                tell.finish()
            except StoppedError:
                workspace.close()
                raise
            return workspace

        self.work.run(
            f"Bringing {path.stem} up to date",
            opened,
            then=partial(self._take_book, path),
            failed=self._not_opened,
            can_stop=False,
        )

    def _not_opened(self, fault: BaseException) -> None:
        if self.bridge is None:
            self._show_no_book()
        self.not_done(fault)

    def _take_book(self, path: Path, workspace: Workspace) -> None:
        """Show a book that has been opened, in place of the one that was."""
        from fundtrack.gui.bridge import Bridge

        self._let_go()
        self.book = path
        self.bridge = Bridge(workspace, self.doors.statutory(), self.doors.today, self)
        self._connect_bridge(self.bridge)
        if self.acts.trustee.isChecked():
            self.bridge.tell_salaries("absent")
        self.side.show()
        self.side.say(workspace.portfolio.organisation.name, "")
        self.saved.setText(f"Opening {path.stem}")
        self._mark = self.doors.book_mark(path)
        seen = away.mark_of(self.preferences, self._mark) if self.keeps_preferences else None
        self.away.begin(workspace, self.doors.statutory(), seen, self.doors.me())
        self.reminding.begin(self._snoozes(), reminded_on(self.preferences, path))
        titles = [title for title, _ in PLACES]
        self.go_to(titles.index(last) if (last := self.preferences.page) in titles else OVERVIEW)
        self.bridge.refresh()
        self._remember(self.preferences.having_opened(path))
        self._say_how_it_opened(workspace)

    def _say_how_it_opened(self, workspace: Workspace) -> None:
        held = workspace.held_by is not None and self.doors.take_over is not None
        self.acts.take_over.setVisible(held)
        if held:
            act, does = "Take over…", self.ask_to_take_over
            self.say(workspace.read_only_because, act=act, does=does)
        elif workspace.read_only:
            self.say(workspace.read_only_because)
        elif workspace.notes:
            self.say(" ".join(workspace.notes), fault=True)

    def ask_to_take_over(self) -> None:
        """Take the book from whoever has it, once the person knows what that means for them."""
        if self.book is None or self.bridge is None or self.bridge.workspace.held_by is None:
            return
        from fundtrack.gui.dialogs.take_over import TakeOver

        dialog = TakeOver(self.bridge.workspace.held_by, self)
        if dialog.exec():
            self.open_book(self.book, take_over=True)
        dialog.deleteLater()

    def close_book(self) -> None:
        """Close the book, and go back to the start."""
        self._let_go()
        self._show_no_book()

    def keep_what_is_typed(self) -> None:
        """Have the field the keyboard is in hand over what was typed, as it does when it is left.

        A key does not leave a field, so what it does would come before what was typed.
        """
        field = QApplication.focusWidget()
        if isinstance(field, (QLineEdit, QPlainTextEdit)) and self.isAncestorOf(field):
            field.clearFocus()

    def _let_go(self) -> None:
        """Let go of the book and all that was shown of it."""
        self.keep_what_is_typed()
        for page in self._pages.values():
            page.settle()
        if self.bridge is not None:
            self._note_last_look(self.bridge)
            self.bridge.close()
            self.bridge.deleteLater()
            self.bridge = None
        self.away.end()
        self._unnamed = None
        self.reminding.end()
        self.work.forget()
        self._outlook_job = None
        self.book = None
        if "why_panel" in self.__dict__:
            self.why_panel.hide()
        self._walked, self._stands = [], 0
        self.acts.take_over.setVisible(False)
        for at in self._pages:
            self._put_in_stack(at, QWidget())
        self._pages.clear()

    def _note_last_look(self, bridge: Bridge) -> None:
        """Remember when this person last looked at the book, for when they come back to it."""
        if bridge.view is not None and self.keeps_preferences:
            from fundtrack.core.away import seen

            mark = away.Mark(away.now(), seen(self.doors.statutory().rates))
            self._remember(away.with_mark(self.preferences, self._mark, mark))

    def open_sample(self) -> None:
        """Open the sample charity, made anew unless it is there already."""
        path = places.books() / f"{SAMPLE_NAME}.fundtrack"
        if path.exists() or self._create(path, lambda: self.doors.sample(self.doors.today())):
            self.open_book(path)

    def ask_for_book(self) -> None:
        """Ask which book to open."""
        chosen, _ = QFileDialog.getOpenFileName(
            self, tr("Open a book"), str(places.books()), tr(BOOK_FILES)
        )
        if chosen:
            self.open_book(Path(chosen))

    @property
    def can_only_read(self) -> bool:
        """Whether the open book cannot be changed here."""
        return self.bridge is not None and self.bridge.workspace.read_only

    def open_window(self) -> Window:
        """Open another window, a little aside, for another book."""
        window = Window(self.look, self.doors, self.preferences, family=self.family)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.resize(self.size())
        window.move(self.pos() + _ASIDE)
        window.show()
        return window

    def ask_for_book_beside(self) -> None:
        """Ask which book to open in a window of its own; one that is open comes to the front."""
        chosen, _ = QFileDialog.getOpenFileName(
            self, tr("Open a book in a new window"), str(places.books()), tr(BOOK_FILES)
        )
        if not chosen:
            return
        there = self.family.with_book(Path(chosen))
        if there is not None:
            there.come_forward()
        else:
            self.open_window().open_book(Path(chosen))

    def come_forward(self) -> None:
        """Bring this window to the front."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def ask_for_new_book(self) -> None:
        """Ask the three questions and where to keep the answers, then open the new book."""
        from fundtrack.gui.dialogs.new_book import NewBook

        dialog = NewBook(self.look, self.doors.today(), self)
        accepted, portfolio = dialog.exec(), dialog.portfolio
        dialog.deleteLater()
        if not accepted or portfolio is None:
            return
        path = self._ask_where("Keep the new book as", portfolio.organisation.name)
        if path is not None and self._create(path, lambda: portfolio):
            self.open_book(path)

    def begin_with_award(self, portfolio: Portfolio) -> None:
        """Keep a new book among the books, open it, and add the first award to be filled in."""
        if self._keep_new(portfolio):
            self.go_to(AWARDS)
            cast("Awards", self.page(AWARDS)).add_running()
            self._say_where_it_is_kept()

    def begin_with_import(self, portfolio: Portfolio) -> None:
        """Keep a new book among the books, open it, and bring a file in."""
        if self._keep_new(portfolio):
            self._say_where_it_is_kept()
            self.ask_for_import()

    def _keep_new(self, portfolio: Portfolio) -> bool:
        path = _free_path(places.books(), portfolio.organisation.name)
        return self._create(path, lambda: portfolio) and self.open_book(path)

    def _say_where_it_is_kept(self) -> None:
        if self.book is not None:
            self.say(f"Your book is kept as {self.book.name} in {self.book.parent}.")

    def ask_for_copy(self) -> None:
        """Ask where to keep a copy of the open book."""
        if self.book is None:
            return
        path = self._ask_where("Save a copy as", f"{self.book.stem} copy")
        if path is None:
            return
        book = self.book
        said = f"A copy is kept as {path.name}. This window is still on {book.name}."
        self.work.run(
            "Saving a copy",
            partial(self.doors.save_copy, book, path),
            then=lambda _made: self.say(said),
        )

    def ask_for_import(self) -> None:
        """Bring a file into the open book."""
        from fundtrack.gui.bringing import import_window

        import_window(self)

    def ask_where_to_save_table(self) -> None:
        """Save the table the keyboard is in, or the page's own."""
        from fundtrack.gui.saving import ask_where_to_save

        ask_where_to_save(self)

    def show_accounts_import(self) -> None:
        """Bring in what was spent, out of an export of the accounts."""
        from fundtrack.gui.bringing import accounts_import

        accounts_import(self)

    def fill_own_workbook(
        self, award: str = "", period: str = "", path: Path | None = None
    ) -> None:
        """Go to the page that fills a funder's own workbook, for a return and a file if given."""
        if self.bridge is not None and self.bridge.view is not None:
            self.go_to(OWN_WORKBOOK)
            cast("OwnWorkbookPage", self.page(OWN_WORKBOOK)).begin(award, period, path)

    def _fill_for_return(self, key: str) -> None:
        """Fill a funder's own workbook for a return of the book."""
        returns = () if self.bridge is None else self.bridge.workspace.portfolio.returns
        found = next((each for each in returns if each.key == key), None)
        if found is not None:
            self.fill_own_workbook(found.award, found.period)

    def show_board_pack(self) -> None:
        """Show the trustees' report, to be printed or saved."""
        self.keep_what_is_typed()
        view = self.bridge.view if self.bridge is not None else None
        if self.bridge is None or view is None:
            return
        from fundtrack.gui.dialogs.board_pack import BoardPackDialog

        dialog = BoardPackDialog(self.look, view, self.bridge.workspace, self.doors, self)
        dialog.exec()
        dialog.deleteLater()

    def _ask_where(self, title: str, name: str) -> Path | None:
        folder = places.books()
        folder.mkdir(parents=True, exist_ok=True)
        start = str(folder / f"{name}.fundtrack")
        chosen, _ = QFileDialog.getSaveFileName(self, tr(title), start, tr(BOOK_FILES))
        if not chosen:
            return None
        path = Path(chosen)
        return path if path.suffix else path.with_suffix(".fundtrack")

    def _create(self, path: Path, portfolio: Callable[[], Portfolio]) -> bool:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.doors.create(path, portfolio())
        except OSError as fault:
            self.say(
                f"A book cannot be kept in {path.parent} ({fault.strerror}). "
                "Choose another folder.",
                fault=True,
            )
            return False
        except KnownError as known:
            self.say(str(known), fault=True)
            return False
        return True

    # --- edits -------------------------------------------------------------------------------

    def do(self, edit: Edit) -> None:
        """Make an edit a page asked for."""
        if self.bridge is not None:
            self._quieten()
            self.bridge.do(edit)

    def bring_in(self, edit: Edit) -> None:
        """Make the one edit of an import, and say how to take it back."""
        if self.bridge is not None:
            self._quieten()
            done = f"{edit.label}: done."
            self.bridge.bring_in(edit, self.work, lambda: self.say(done, act="Undo"))

    def undo(self) -> None:
        """Take back the latest change."""
        if self.bridge is not None:
            self._quieten()
            self.bridge.undo(self.work)

    def redo(self) -> None:
        """Do again what was undone."""
        if self.bridge is not None:
            self._quieten()
            self.bridge.redo(self.work)

    def say(
        self,
        words: str,
        *,
        fault: bool = False,
        act: str = "",
        does: Callable[[], object] | None = None,
    ) -> None:
        """Say something in the line under the header of the page in sight."""
        page = self.stack.currentWidget()
        message = getattr(page, "message", None) or self.start.message
        if (
            act
            and does is None
            and (self.bridge is None or self.bridge.workspace.undo_label is None)
        ):
            act = ""
        message.say(words, fault=fault, act=act, does=does)

    def show_as_at(self, entry_id: int) -> None:
        """Open the book as it stood after a line of the journal, read only, in a window of its own.

        Its deadlines and warnings are those of that day.
        """
        if self.bridge is None or self.book is None:
            return
        from fundtrack.gui.past import as_it_stood

        try:
            doors = as_it_stood(self.bridge.workspace, self.book, entry_id, self.doors)
        except KnownError as known:
            self.say(str(known), fault=True)
            return
        window = Window(self.look, doors, replace(self.preferences, recent_books=()))
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.only_look_back()
        self._past.append(window)
        window.destroyed.connect(lambda: self._past.remove(window))
        window.resize(self.size())
        window.show()
        window.show_trustee_view(self.acts.trustee.isChecked())
        window.open_book(self.book, read_only=True)

    def only_look_back(self) -> None:
        """Be a window on the past: it keeps nothing, and has nothing to do with files of today."""
        self.keeps_preferences = False
        self.acts.only_look_back()

    def show_help(self, page: str = "", heading: str = "") -> None:
        """Open the help: at a page and heading of it, else at what is in sight."""
        current = self._current()
        self.help.open_at(page or (current.name if current is not None else "start"), heading)
        self.help.show()
        self.help.activateWindow()

    @cached_property
    def help(self) -> HelpWindow:
        """The help, made when it is first wanted."""
        from fundtrack.gui.help import HelpWindow

        return HelpWindow(self.look, self)

    @cached_property
    def why_panel(self) -> WhyPanel:
        """The panel that explains a figure, made when it is first wanted."""
        from fundtrack.gui.why_panel import WhyPanel

        panel = WhyPanel(self.look, self)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, panel)
        panel.hide()
        panel.open_wanted.connect(self.open_record)
        panel.help_wanted.connect(self.show_help)
        panel.salaries_wanted.connect(self.show_salaries)
        return panel

    def show_why(self, figure: str) -> None:
        """Open the panel on a figure; "" says how to ask."""
        if self.bridge is not None and self.bridge.view is not None:
            self.why_panel.explain(self.bridge.view, figure)
            self.why_panel.show()

    def ask_why(self) -> None:
        """Ask why the figure the keyboard is on is what it is."""
        if (page := self._current()) is not None:
            page.ask_why()

    def _walk_to_figure(self, figure: str) -> None:
        """Follow the keyboard while the panel stands open."""
        if "why_panel" in self.__dict__ and self.why_panel.isVisible() and figure:
            self.show_why(figure)

    def show_salaries(self, shown: bool) -> None:  # noqa: FBT001 - as the signals carry it
        """Show what tells a salary on every page, or hide it again."""
        if self.bridge is not None and not self.acts.trustee.isChecked():
            self.bridge.tell_salaries("shown" if shown else "hidden")

    def show_trustee_view(self, on: bool) -> None:  # noqa: FBT001 - as a switch carries it
        """Leave names, salaries and every way to change anything out of this window, or not."""
        self.acts.trustee.setChecked(on)
        if self.bridge is not None:
            for page in self._pages.values():
                page.message.say("")
                if page.name in ("awards", "posts", "history"):
                    cast("Awards | Posts | HistoryPage", page).read_from(self._journal)
            self.bridge.tell_salaries("absent" if on else "hidden")
            self.reminding.snoozes = self._snoozes()
            if DEADLINES in self._pages:
                cast("Deadlines", self.page(DEADLINES)).take_snoozes(self.reminding.snoozes)

    def turn_trustee_view(self) -> None:
        """Show the trustee view, or the usual one, as its act is ticked."""
        self.show_trustee_view(self.acts.trustee.isChecked())

    def _snoozes(self) -> tuple[Snooze, ...]:
        """What this person has snoozed; in the trustee view without the reasons they gave."""
        if self.book is None:
            return ()
        found = snoozes_of(self.preferences, self.book)
        if self.acts.trustee.isChecked():
            return tuple(replace(each, reason="") for each in found)
        return found

    def turn_lock(self) -> None:
        """Hide salaries where they are shown, and show them where they are hidden."""
        view = self.bridge.view if self.bridge is not None else None
        if view is not None:
            self.show_salaries(not view.tells_salaries)

    def own_up(self, fault: BaseException) -> None:
        """Say that a mistake of ours happened, and keep where it arose."""
        self.doors.note(fault)
        self.say(
            "FundTrack made a mistake there, and has noted it. What was saved is as it was; "
            "you can go on. If it happens again, close the book and open it anew.",
            fault=True,
        )

    def _quieten(self) -> None:
        message = getattr(self.stack.currentWidget(), "message", None)
        if message is not None:
            message.hide()

    def open_document(self, place: str) -> None:
        """Have the system open a paper an award links to, once the person has seen where it is."""
        from fundtrack.gui.dialogs.open_document import open_document

        if refused := open_document(place, self.book, self):
            self.say(refused, fault=True)

    # --- what falls due ----------------------------------------------------------------------

    def _remind(self, looked: Looked) -> None:
        """Say when it was looked, how much is due, and once what has come up."""
        self.checked.setText(f"Deadlines last checked {looked.at:%H:%M}")
        self.side.count(DEADLINES, looked.count, "due")
        page = self._current()
        busy = page is None or bool(page.message.words)
        if not looked.reminders or busy or self.bridge is None or self.book is None:
            return
        on = self.doors.today()
        self.reminding.told(on)
        self._remember(with_reminded(self.preferences, self.book, on))
        act = "" if page is self._pages.get(DEADLINES) else "Open deadlines"
        self.say(looked.said, act=act, does=partial(self.go_to, DEADLINES))

    def _tell_of_absence(self, found: Away) -> None:
        cast("Overview", self.page(OVERVIEW)).tell_of_absence(found)

    def _turn_the_day(self) -> None:
        if self.bridge is not None:
            self.bridge.refresh()

    def _snooze(self, snoozes: tuple[Snooze, ...]) -> None:
        if self.book is None or self.acts.trustee.isChecked():
            return
        self.reminding.snoozes = snoozes
        self._remember(with_snoozes(self.preferences, self.book, snoozes))
        cast("Deadlines", self.page(DEADLINES)).take_snoozes(snoozes)
        self.reminding.look()

    def ask_for_calendar(self, dues: tuple[Due, ...]) -> None:
        """Ask where to write the deadlines as a calendar, and write them."""
        write, view = self.doors.write_calendar, self.bridge.view if self.bridge else None
        if write is None or view is None or self.book is None:
            return
        if not self.keeps_preferences:
            self.say("These dates are past ones. Write the calendar from the book as it is now.")
            return
        name = str(places.books() / f"{self.book.stem} deadlines.ics")
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("Write a calendar"), name, tr("Calendars (*.ics)")
        )
        if chosen:
            target = Path(chosen) if Path(chosen).suffix else Path(chosen).with_suffix(".ics")
            self.work.run(
                "Writing the calendar",
                partial(_calendar_written, write, self.book, target, view, dues),
                then=self.say,
            )

    # --- long work ---------------------------------------------------------------------------

    def not_done(self, fault: BaseException) -> None:
        """Say why long work could not be done, or own up to a mistake of ours."""
        if isinstance(fault, KnownError):
            self.say(str(fault), fault=True)
        else:
            self.own_up(fault)

    def _show_working_out(self, under_way: bool) -> None:  # noqa: FBT001 - a signal's answer
        """Show that the figures of a large book are being worked out anew."""
        for page in self._pages.values():
            self._let_wait(page)
        if under_way and self._outlook_job is None:
            self._outlook_job = self.work.begin("Working it out")
        elif not under_way and self._outlook_job is not None:
            self.work.end(self._outlook_job)
            self._outlook_job = None

    def _let_wait(self, page: Page) -> None:
        """Have a page say what it waits for while nothing is known of the book yet."""
        if self.bridge is not None and self.bridge.view is None:
            book = self.bridge.workspace.portfolio
            page.wait_for(working_out(book) if self.bridge.busy else NOT_WORKED_OUT)

    def _make_room(self, needed: bool) -> None:  # noqa: FBT001 - a signal's answer
        """Let long work stand where the less needful words of the status bar do."""
        _ = needed
        self._fit_side()

    # --- pages -------------------------------------------------------------------------------

    def go_to(self, at: int) -> None:
        """Show a page of the open book."""
        if self.bridge is not None:
            self.side.choose(RETURNS if at == OWN_WORKBOOK else at)
            self._show_page(at)
            self.page(at).rest()

    @cached_property
    def start(self) -> Start:
        """The page shown while no book is open, made when it is first wanted."""
        from fundtrack.gui.pages.start import Start

        start = Start(self.look, self.doors.today())
        self._connect_start(start)
        self._put_in_stack(_START, start)
        return start

    def page(self, at: int) -> Page:
        """A page of the open book, made when it is first wanted."""
        if at not in self._pages:
            page = _made(at, self.look)
            self._connect_page(page)
            page.header.offer_anything(self.look, self.ask_for_anything)
            self._pages[at] = page
            self._put_in_stack(at, page)
            if self.bridge is not None and self.bridge.view is not None:
                page.present(self.bridge.view)
            elif self.bridge is not None and self.bridge.busy:
                self._let_wait(page)
        return self._pages[at]

    def _put_in_stack(self, at: int, widget: QWidget) -> None:
        standing = self.stack.widget(at + 1)
        self.stack.insertWidget(at + 1, widget)
        if standing is not None:
            self.stack.removeWidget(standing)
            standing.deleteLater()

    def open_record(self, where: str) -> None:
        """Go to a record named as `posts.p1`."""
        name, _, key = where.partition(".")
        at = _PLACE_OF.get(name)
        if at is not None:
            self.go_to(at)
            if key:
                self.page(at).open(key)

    def go_to_all(self, at: int) -> None:
        """Show a page; asked for again while it is in sight, its list of all."""
        if self.bridge is not None and self.stack.currentWidget() is self.page(at):
            self.page(at).stand_at("")
        self.go_to(at)

    def walk(self, by: int) -> None:
        """Go back to the page one came from, or a record's own page on it, or forward again."""
        to = self._stands + by
        if 0 <= to < len(self._walked):
            self._stands = to
            at, key = self._walked[to]
            self.page(at).stand_at(key)
            self.go_to(at)

    def _note_step(self, page: Page) -> None:
        """Remember where one stands now, so that Back leads here again."""
        at = next((at for at, each in self._pages.items() if each is page), None)
        if at is None or self.stack.currentWidget() is not page:
            return
        step = (at, page.standing)
        if not self._walked or self._walked[self._stands] != step:
            self._walked = [*self._walked[: self._stands + 1], step]
            self._stands = len(self._walked) - 1

    def step_pane(self, by: int) -> None:
        """Put the keyboard in the next pane: the list of places, or the page."""
        panes = [self.side.list, self.stack]
        focus = QApplication.focusWidget()
        inside = focus is not None and self.stack.isAncestorOf(focus)
        if panes[(int(inside) + by) % len(panes)] is self.side.list:
            self.side.list.setFocus()
        elif (page := self._current()) is not None:
            page.rest()

    def _show_page(self, at: int) -> None:
        if self.bridge is not None:
            page = self.page(at)
            self.stack.setCurrentWidget(page)
            self._note_step(page)

    def _show_no_book(self) -> None:
        self.stack.setCurrentWidget(self.start)
        self.start.show_recent(self._recent_books())
        self.start.rest()
        self._show_frame()

    def _show_frame(self) -> None:
        self.side.hide()
        self._name_window()
        self._show_undo()
        self.saved_sign.hide()
        self.saved.setText("No book open")
        self.basis.setText("")
        self.checked.setText("")
        for action in self.acts.needs_book:
            action.setEnabled(False)

    def _present(self, view: View) -> None:
        keep_texts_of(view.portfolio)
        if "why_panel" in self.__dict__:
            self.why_panel.explain(view, self.why_panel.figure)
        for page in self._pages.values():
            page.present(view)
        organisation = view.portfolio.organisation
        self.side.say(organisation.name, view.glance.quarter)
        self._name_window(organisation.name)
        self._show_undo()
        self.saved_sign.show()
        if self.saved_sign.pixmap().isNull():
            self._draw_saved()
        self.saved.setText(
            "Read only: nothing can be changed"
            if view.read_only
            else f"Saved {datetime.now():%H:%M}"  # noqa: DTZ005 - the clock on the person's wall
        )
        self.basis.setText(view.glance.balances)
        self._fit_side()
        self.reminding.present(view)
        self.away.present(view)
        today = view.outlook.today
        waiting = sum(each.waits(today) for each in view.later.returns)
        self.side.count(RETURNS, waiting, "to send")
        for action in self.acts.needs_book:
            action.setEnabled(True)
        self.acts.add.setEnabled(not view.read_only)
        self.acts.leave_out(for_trustees=view.for_trustees)
        salaries = "Hide &salaries" if view.tells_salaries else "Show &salaries"
        self.acts.salaries.setText(tr(salaries))
        self.acts.salaries.setVisible(view.salaries != "absent")
        for action in (self.acts.import_, self.acts.accounts):
            action.setEnabled(not view.read_only)

    def _name_window(self, charity: str = "") -> None:
        if charity and not self.keeps_preferences:
            charity = f"{charity}, as it stood on {words.short_day(self.doors.today())}"
        self.setWindowTitle(tr(f"{charity} – FundTrack" if charity else "FundTrack"))

    def _show_undo(self) -> None:
        workspace = self.bridge.workspace if self.bridge else None
        if workspace and not workspace.read_only and not self.acts.trustee.isChecked():
            self.acts.show_undo(workspace.undo_label, workspace.redo_label)
        else:
            self.acts.show_undo(None, None)

    def _draw_saved(self) -> None:
        side = self.look.px(16)
        self.saved_sign.setPixmap(self.look.icon("check", "ink").pixmap(QSize(side, side)))

    def say_saved(self) -> None:
        """Say that all is saved already."""
        if self.can_only_read:
            self.say("Nothing can be changed here, so there is nothing to save.")
            return
        said = self.saved.text()
        self.say(f"Already {said[:1].lower()}{said[1:]}: every change is kept as you make it.")

    @property
    def page_in_sight(self) -> str:
        """The name of the page that is shown, or "" while none is."""
        page = self._current()
        return "" if page is None else page.name

    def _current(self) -> Page | None:
        at = self.stack.currentIndex() - 1
        return self._pages.get(at)

    def add_one(self) -> None:
        """Add one of what the page in sight lists."""
        if (page := self._current()) is not None:
            page.add()

    def ask_for_anything(self) -> None:
        """Ask where to go or what to do, then do it."""
        from fundtrack.gui.dialogs.anything import Anything, Thing, acts, records

        things = []
        if self.bridge is not None:
            pages = zip(PLACES, self.acts.places, strict=True)
            things += [
                Thing(title, "page", action.trigger, action.shortcut().toString())
                for (title, _), action in pages
            ]
            if self.bridge.view is not None:
                things += records(self.bridge.view.portfolio, self.open_record)
        others = (self.acts.anything, *self.acts.places)
        things += acts(each for each in self.findChildren(QAction) if each not in others)
        dialog = Anything(self.look, things, self)
        if dialog.exec() and dialog.chosen is not None:
            QTimer.singleShot(0, self, dialog.chosen)
        dialog.deleteLater()

    def look_for(self) -> None:
        """Go to the filter of the page in sight."""
        if (page := self._current()) is not None:
            page.look_for()

    def swap_chart(self) -> None:
        """Show the page's chart as a table, or back."""
        if (page := self._current()) is not None:
            page.swap_chart()

    # --- this person's preferences -----------------------------------------------------------

    def set_theme(self, wish: str) -> None:
        """Dress every window in a theme, and remember it."""
        self.look.choose(wish=wish)
        self._remember(replace(self.preferences, theme=wish))

    def set_text(self, size: int) -> None:
        """Set the size of letters in percent, and remember it."""
        self.look.choose(text_size=size)
        self._remember(replace(self.preferences, text_size=size))

    def _follow_look(self) -> None:
        """Tick the theme and the text size in force, whichever window they were chosen in."""
        for action in self.acts.themes.actions():
            action.setChecked(action.data() == self.look.wish)
        for action in self.acts.text_sizes.actions():
            action.setChecked(action.data() == self.look.text_size)
        self._fit_side()

    def _keep_arrangements(self) -> None:
        tables = tuple(sorted(self.look.arrangements.items()))
        if tables != self.preferences.tables:
            self._remember(replace(self.preferences, tables=tables))

    def step_text(self, by: int) -> None:
        """Make letters a size larger or smaller."""
        nearest = min(TEXT_SIZES, key=lambda size: abs(size - self.look.text_size))
        at = TEXT_SIZES.index(nearest) + by
        self.set_text(TEXT_SIZES[min(max(at, 0), len(TEXT_SIZES) - 1)])

    def _remember(self, preferences: settings.Settings) -> None:
        if not self.keeps_preferences:
            self.take_preferences(preferences)
            return
        try:
            preferences = settings.write_changes(self.preferences, preferences)
        except KnownError as known:
            self.say(str(known), fault=True)
        self.look.arrangements = dict(preferences.tables)
        self.family.share(preferences)

    def take_preferences(self, preferences: settings.Settings) -> None:
        """Go by these preferences from now on, whichever window they were changed in."""
        self.preferences = preferences
        self._list_recent()

    def _recent_books(self) -> tuple[Path, ...]:
        return tuple(Path(each) for each in self.preferences.recent_books)

    def _list_recent(self) -> None:
        self.acts.recent_menu.clear()
        for path in self._recent_books():
            action = self.acts.recent_menu.addAction(path.stem)
            action.triggered.connect(lambda _checked=False, path=path: self.open_book(path))
        self.acts.recent_menu.setEnabled(bool(self.preferences.recent_books))

    def _restore(self) -> None:
        self._list_recent()
        if self.preferences.window:
            stored = base64.b64decode(self.preferences.window, validate=False)
            self.restoreGeometry(QByteArray(stored))

    def say_about(self) -> None:
        """Say what FundTrack is, and which."""
        QMessageBox.about(
            self,
            tr("About FundTrack"),
            f"<b>FundTrack {__version__}</b><p>{tr(_ABOUT)}</p><p>{tr(_LEGAL)}</p>",
        )

    # --- the frame ---------------------------------------------------------------------------

    def _fit_side(self) -> None:
        narrow = self.width() * 100 // self.look.text_size < _NARROW
        self.side.be_narrow(narrow=narrow)
        # The planning sentence comes first, and work under way next.
        self.checked.setVisible(not narrow and self.work_line.isHidden())
        self.planning.setText(tr(PLANNING))
        if not self._fits_below(self.basis):
            self.planning.setText(tr(PLANNING).replace(". ", ".\n", 1))
        self.basis.setVisible(self.work_line.isHidden() and self._fits_below(self.basis))

    def _fits_below(self, more: QLabel) -> bool:
        """Whether the status bar has room for this beside what always stands there."""
        said = (self.saved_sign, self.saved, more, self.planning)
        taken = sum(each.sizeHint().width() for each in said)
        return taken + len(said) * self.look.px(18) <= self.width()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell when the window can be seen for the first time: what is slow begins after that."""
        super().paintEvent(event)
        if not self._seen:
            self._seen = True
            QTimer.singleShot(0, self, self.painted.emit)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped on the window."""
        from fundtrack.gui.dialogs.import_window import file_dropped

        if file_dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Bring in the file that was dropped, or open it if it is a book."""
        from fundtrack.gui.bringing import dropped
        from fundtrack.gui.dialogs.import_window import file_dropped

        if (path := file_dropped(event)) is not None:
            event.acceptProposedAction()
            dropped(self, path)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show icons alone where there is little room."""
        super().resizeEvent(event)
        self._fit_side()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the window's place, and let go of the book."""
        stored = base64.b64encode(cast("bytes", self.saveGeometry().data())).decode("ascii")
        at = self.stack.currentIndex() - 1
        seen = self.bridge is not None and 0 <= at < len(PLACES)
        page = PLACES[at][0] if seen else self.preferences.page
        if (stored, page) != (self.preferences.window, self.preferences.page):
            self._remember(replace(self.preferences, window=stored, page=page))
        self.close_book()
        self.family.leave(self)
        super().closeEvent(event)


_LONG = 44
_ASIDE = QPoint(28, 28)
_PLACE_OF = {title.casefold(): at for at, (title, _) in enumerate(PLACES)} | {
    "scenarios": PLAN,
    "organisation": SETTINGS,
    "rates": SETTINGS,
}


def _calendar_written(
    write: Callable[[Path, Path, Portfolio, tuple[Due, ...], Tell], int],
    book: Path,
    target: Path,
    view: View,
    dues: tuple[Due, ...],
    tell: Tell,
) -> str:
    """Write a calendar, and return what to say about it."""
    count = write(book, target, view.portfolio, dues, tell)
    return (
        f"Wrote {count:,} dates to {target.name}. Written there again, it updates your calendar "
        "rather than doubling it."
    )


def _free_path(folder: Path, name: str) -> Path:
    """A path for a book of this name that no file has; no sign in it that a disk refuses."""
    safe = "".join(" " if sign in '<>:"/\\|?*' or ord(sign) < 32 else sign for sign in name)
    stem = " ".join(safe.split()).strip(". ")[:_LONG] or "Book"
    names = chain([stem], (f"{stem} {number}" for number in count(2)))
    return next(path for each in names if not (path := folder / f"{each}.fundtrack").exists())


def _made(at: int, look: Look) -> Page:  # noqa: PLR0911 - one for each page
    """Make a page; each is imported when it is first wanted."""
    if at == SETTINGS:
        from fundtrack.gui.pages.settings import SettingsPage

        return SettingsPage(look)
    if at == OVERVIEW:
        from fundtrack.gui.pages.overview import Overview

        return Overview(look)
    if at == PIPELINE:
        from fundtrack.gui.pages.pipeline import PipelinePage

        return PipelinePage(look)
    if at == DEADLINES:
        from fundtrack.gui.pages.deadlines import Deadlines

        return Deadlines(look)
    if at == AWARDS:
        from fundtrack.gui.pages.awards import Awards

        return Awards(look)
    if at == OWN_WORKBOOK:
        from fundtrack.gui.pages.own_workbook import OwnWorkbookPage

        return OwnWorkbookPage(look)
    if at == RETURNS:
        from fundtrack.gui.pages.returns import ReturnsPage

        return ReturnsPage(look)
    if at == HISTORY:
        from fundtrack.gui.pages.history import HistoryPage

        return HistoryPage(look)
    if at == PLAN:
        from fundtrack.gui.pages.plan import PlanPage

        return PlanPage(look)
    from fundtrack.gui.pages.posts import Posts

    return Posts(look)
