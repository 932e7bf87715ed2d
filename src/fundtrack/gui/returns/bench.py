"""The workbench of one return: its sheets, the cell one stands on, and its checks, side by side.

It shows the workbook as it will be written, and takes what is typed into it.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from fundtrack.core.errors import KnownError, RefusedError
from fundtrack.core.returns import entering
from fundtrack.gui.background import Latest
from fundtrack.gui.returns.cell import CellPanel
from fundtrack.gui.returns.checks import ChecksPanel
from fundtrack.gui.returns.sheet import SheetGrid, address
from fundtrack.gui.returns.signs import Legend, Road
from fundtrack.gui.speech import tr
from fundtrack.gui.view import sentence_of
from fundtrack.gui.widgets.frame import Card, Choice, Segments, button, label, with_icon

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from fundtrack.core.edit import Edit
    from fundtrack.core.model import Portfolio, Return
    from fundtrack.core.returns.figures import Finding
    from fundtrack.core.returns.shown import LaidOut, LayoutName, ShownCell
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View

_WIDE = 860
TOO_LONG = 0.25
"""Seconds: a return that takes longer to lay out is laid out off the window's thread."""
_LARGE = 200
"""Budget lines from which that is so without having tried."""
_PAUSE = 250
"""Milliseconds without a key, after which the checks follow what is being typed."""


class Bench(QWidget):
    """One return, laid out. What is wished goes out as signals; `left` says that Esc was pressed.

    `asks` gives, for a book, the question whose answer is the return laid out. It is answered at
    once, or off the window's thread where that takes long; either may raise KnownError.
    """

    edit_wanted = Signal(object)
    layout_wanted = Signal(str)
    copy_wanted = Signal()
    batch_wanted = Signal()
    award_wanted = Signal()
    accounts_wanted = Signal()
    own_workbook_wanted = Signal(str)
    """The key of the return whose funder has a workbook of their own."""
    write_wanted = Signal()
    trouble = Signal(str)
    broke = Signal(object)
    """What went wrong where the return was laid out off the window's thread."""
    left = Signal()

    def __init__(self, look: Look, asks: Callable[[Portfolio], Callable[[], LaidOut]]) -> None:
        super().__init__()
        self.look = look
        self._asks = asks
        self._took = 0.0
        self._waiting: Callable[[LaidOut], None] | None = None
        self._pending = self._write_next = False
        self._latest, self._drafts = Latest(self), Latest(self)
        self.shown: LaidOut | None = None
        self._view: View | None = None
        self._record: Return | None = None
        self._drafted: tuple[str, str] | None = None
        self.road = Road(look)
        self.layouts = Choice(look)
        self.layouts.setAccessibleName(tr("Layout"))
        self.layouts.setToolTip(tr("The layout this return is written in"))
        self.accounts_button = with_icon(
            button("Spending from accounts…", "small", self.accounts_wanted.emit),
            look,
            "upload-simple",
        )
        self.copy_action = self._action("&Copy this layout…", self.copy_wanted.emit)
        self.award_action = self._action("Open the &award", self.award_wanted.emit)
        self.award_action.setToolTip(tr("Its budget lines and indicators are changed there"))
        self.batch_action = self._action("&Write all returns due…", self.batch_wanted.emit)
        self.own_action = self._action("Funder's &own workbook…", self._wish_own_workbook)
        self.more_button = with_icon(button("More", "small"), look, "dots-three")
        self.more_button.setAccessibleName(tr("More to do with this return"))
        menu = QMenu(self)
        menu.addActions([self.award_action, self.copy_action, self.batch_action, self.own_action])
        self.more_button.setMenu(menu)
        self.write_button = button("Check and write…", "primary", self._wish_to_write)
        self.closed = label(tone="muted", wrap=True)
        self.grid = SheetGrid(look)
        self.tabs = QTabBar()
        self.tabs.setObjectName("jumps")
        self.tabs.setAccessibleName(tr("Sheets"))
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(True)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.spot = QLabel()
        self.spot.setTextFormat(Qt.TextFormat.PlainText)
        self.cell = CellPanel(look)
        self.checks = ChecksPanel(look, self._explanation, self._refusal)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE)
        self._lay_out()
        self._wire()

    def _action(self, said: str, do: Callable[[], object]) -> QAction:
        action = QAction(tr(said), self)
        action.triggered.connect(lambda _checked=False: do())
        return action

    def _lay_out(self) -> None:
        above = QHBoxLayout()
        above.setSpacing(8)
        above.addWidget(self.road, 1)
        tools = QHBoxLayout()
        tools.setSpacing(8)
        for part in (self.layouts, self.accounts_button, self.more_button):
            tools.addWidget(part)
        # its words are cut before a button's are
        self.look.follow(self, lambda: self.layouts.setMinimumWidth(self.look.px(80)))
        for tool in (self.accounts_button, self.more_button, self.write_button):
            tool.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        tools.addStretch(1)
        tools.addWidget(self.write_button)
        sheet = Card("")
        sheet.title.hide()
        sheet.note.hide()
        sheet.body.setContentsMargins(1, 4, 1, 4)
        head = QHBoxLayout()
        head.setContentsMargins(12, 2, 12, 2)
        head.addWidget(self.spot, 1)
        self.legend = Legend(self.look)
        head.addWidget(self.legend)
        sheet.body.addLayout(head)
        sheet.body.addWidget(self.grid, 1)
        sheet.body.addWidget(self.tabs)
        self._upper = QSplitter(Qt.Orientation.Horizontal)
        self._whole = QSplitter(Qt.Orientation.Vertical)
        self._beneath = QStackedWidget()
        self._beneath.addWidget(self.checks)
        self.switch = Segments(("Checks", "Cell"), "What stands below the sheet")
        below = QWidget()
        under = QVBoxLayout(below)
        under.setContentsMargins(0, 0, 0, 0)
        under.setSpacing(6)
        under.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignLeft)
        under.addWidget(self._beneath, 1)
        self.switch.hide()
        for split, parts in (
            (self._upper, (sheet, self.cell)),
            (self._whole, (self._upper, below)),
        ):
            split.setChildrenCollapsible(False)
            split.setHandleWidth(10)
            for each in parts:
                split.addWidget(each)
            split.setStretchFactor(0, 1)
        self._upper.setSizes([780, 280])
        self._whole.setSizes([420, 180])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(above)
        column.addLayout(tools)
        column.addWidget(self.closed)
        column.addWidget(self._whole, 1)

    def _wire(self) -> None:
        self.tabs.currentChanged.connect(self._show_sheet)
        self.layouts.activated.connect(lambda _at: self._choose_layout())
        self.grid.stood.connect(self._stand)
        self.grid.sheet.entered.connect(lambda figure, value: self._enter([(figure, value)]))
        self.grid.pasted.connect(self._enter)
        self.grid.given_up.connect(self.trouble)
        self.grid.words_wanted.connect(self._to_words)
        self.switch.chosen.connect(self._beneath.setCurrentIndex)
        self.cell.entered.connect(lambda figure, value: self._enter([(figure, value)]))
        self.cell.drafted.connect(self._draft)
        self.checks.jump_wanted.connect(self.jump)
        self.checks.edit_wanted.connect(self.edit_wanted)
        self.checks.clear_wanted.connect(self._clear)
        self.checks.trouble.connect(self.trouble)
        self._soon.timeout.connect(self._check_draft)
        self._latest.answered.connect(self._arrived)
        self._latest.failed.connect(self.broke)
        self._drafts.answered.connect(self._show_draft)

    # --- values in ---------------------------------------------------------------------------

    def present(self, view: View, record: Return, layouts: tuple[LayoutName, ...]) -> None:
        """Show a return as the book has it now; a large one as soon as it is laid out."""
        another = self._record is None or self._record.key != record.key
        self._drafted = None
        question = partial(_timed, self._asks(view.portfolio))
        self._waiting = partial(self._show, view, record, layouts)
        if self._took <= TOO_LONG and not (another and _is_large(view, record)):
            self._latest.forget()
            self._arrived(question())
            return
        self._pending = True
        self.grid.sheet.changeable = False  # until it stands as the book has it
        if another:
            self._record, self._write_next = None, False
            self.closed.setText("Working it out…")
            self.closed.show()
        self._latest.ask(question)

    def _arrived(self, answer: tuple[LaidOut, float]) -> None:
        shown, self._took = answer
        self._pending, wished, self._write_next = False, self._write_next, False
        if self._waiting is not None:
            self._waiting(shown)
        if wished:
            self.write_wanted.emit()

    def _wish_to_write(self) -> None:
        """Wish the return written, as soon as its checks are those of what stands in the book."""
        if self._pending:
            self._write_next = True
        else:
            self.write_wanted.emit()

    def _show(
        self, view: View, record: Return, layouts: tuple[LayoutName, ...], shown: LaidOut
    ) -> None:
        self._view, self._record, self.shown = view, record, shown
        why = entering.refusal(record)
        changeable = not view.read_only and not why
        self.closed.setText("" if view.read_only else why)
        self.closed.setVisible(bool(self.closed.text()))
        self.road.show_status(record.status or "draft")
        self._list_layouts(layouts, changeable=changeable)
        self.accounts_button.setVisible(not view.read_only)
        for action in (self.copy_action, self.batch_action):
            action.setEnabled(not view.read_only)
        model = self.grid.sheet
        model.changeable = changeable
        model.enterable = self._enterable
        model.refusal = self._why_not
        self._list_sheets()
        self._show_sheet(self.tabs.currentIndex())
        self.checks.present(shown.figures.findings, changeable=changeable)

    @property
    def changeable(self) -> bool:
        """Whether anything can be typed into the return as it stands."""
        return self.grid.sheet.changeable

    def _list_layouts(self, layouts: tuple[LayoutName, ...], *, changeable: bool) -> None:
        current = "" if self.shown is None else self.shown.layout.name
        self.layouts.clear()
        for each in layouts:
            said = f"{each.title} (faulty)" if each.wrong else each.title
            self.layouts.addItem(tr(said), each.name)
        self.layouts.setCurrentIndex(max(0, self.layouts.findData(current)))
        self.layouts.setEnabled(changeable)

    def _list_sheets(self) -> None:
        titles = [] if self.shown is None else [sheet.title for sheet in self.shown.sheets]
        if titles == [self.tabs.tabText(at) for at in range(self.tabs.count())]:
            return
        kept = self.tabs.tabText(self.tabs.currentIndex())
        with QSignalBlocker(self.tabs):
            while self.tabs.count():
                self.tabs.removeTab(0)
            for title in titles:
                self.tabs.addTab(title)
            first = next((at for at, title in enumerate(titles) if title == "Finance"), 0)
            self.tabs.setCurrentIndex(titles.index(kept) if kept in titles else first)

    def _show_sheet(self, at: int) -> None:
        if self.shown is not None and 0 <= at < len(self.shown.sheets):
            sheet = self.shown.sheets[at]
            self.grid.setAccessibleName(tr(f"Sheet {sheet.title}"))
            self.grid.present(sheet)
            self._stand(self.grid.current)

    def _stand(self, cell: ShownCell | None) -> None:
        if self.shown is None or self._view is None:
            return
        said = ""
        if cell is not None:
            named = " · ".join(filter(None, self.grid.sheet.names_of(cell)))
            parts = (address(cell), named, " ".join(cell.text.split()))
            said = "  |  ".join(filter(None, parts))
        self.spot.setText(
            self.spot.fontMetrics().elidedText(
                said, Qt.TextElideMode.ElideRight, max(80, self.spot.width())
            )
        )
        self.cell.present(cell, self.grid.sheet, self.shown, self._view.portfolio)

    def rest(self) -> None:
        """Put the keyboard on the sheet."""
        self.grid.setFocus()

    def jump(self, finding: Finding) -> None:
        """Go to the cell a finding is about."""
        title, _, at = finding.cell.partition("!")
        title = title.strip("'")
        for place, sheet in enumerate(() if self.shown is None else self.shown.sheets):
            if sheet.title == title:
                self.tabs.setCurrentIndex(place)
                found = next((c for c in sheet.cells.values() if address(c) == at), None)
                if found is not None:
                    self.grid.go_to_place(found.row, found.column)
                self.grid.setFocus()

    def settle(self) -> None:
        """Keep the words being typed."""
        self.cell.words.settle()

    # --- wishes out --------------------------------------------------------------------------

    def _enterable(self, figure: str) -> bool:
        if self.shown is None:
            return False
        return entering.spot_of(self.shown.figures, self.shown.layout, figure) is not None

    def _edit(self, values: list[tuple[str, Any]]) -> Edit:
        if self.shown is None or self._view is None or self._record is None:
            raise LookupError("no return is shown")
        return entering.entered(
            self._view.portfolio, self.shown.figures, self.shown.layout, self._record.key, values
        )

    def _enter(self, values: list[tuple[str, Any]]) -> None:
        self._soon.stop()
        try:
            edit = self._edit(values)
        except RefusedError as refused:
            self.trouble.emit(sentence_of(refused.problems))
            return
        if edit.changes:
            self.edit_wanted.emit(edit)

    def _why_not(self, figure: str, value: Any) -> str:  # noqa: ANN401 - any kind of value
        try:
            edit = self._edit([(figure, value)])
        except RefusedError as refused:
            return sentence_of(refused.problems)
        return self._refusal(edit)

    def _refusal(self, edit: Edit) -> str:
        return "" if self._view is None else self._view.refusal(edit)

    def _explanation(self, finding: Finding, text: str) -> Edit:
        if self._view is None or self._record is None:
            raise LookupError(finding.rule)
        return entering.explained(self._view.portfolio, self._record.key, finding.rule, text)

    def _clear(self, texts: tuple[str, ...]) -> None:
        if self._view is not None and self._record is not None:
            edit = entering.cleared(self._view.portfolio, self._record.key, texts)
            self.edit_wanted.emit(edit)

    def _choose_layout(self) -> None:
        chosen = str(self.layouts.currentData() or "")
        if chosen and (self.shown is None or chosen != self.shown.layout.name):
            self.layout_wanted.emit(chosen)

    def _wish_own_workbook(self) -> None:
        if self._record is not None:
            self.own_workbook_wanted.emit(self._record.key)

    # --- while words are being typed ---------------------------------------------------------

    def _draft(self, figure: str, text: str) -> None:
        self._drafted = (figure, text)
        self._soon.start()

    def _check_draft(self) -> None:
        """Run the checks on the words as they stand in the field, before they are kept."""
        if self._drafted is None or self._view is None or self.shown is None:
            return
        figure, text = self._drafted
        try:
            edit = self._edit([(figure, text or None)])
            question = self._asks(edit.apply(self._view.portfolio))
            if self._took > TOO_LONG:
                self._drafts.ask(question)
            else:
                self._show_draft(question())
        except KnownError:  # said when the words are kept
            return

    def _show_draft(self, draft: LaidOut) -> None:
        if self._drafted is not None:
            self.checks.present(draft.figures.findings, changeable=self.changeable)

    # --- the frame ---------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back to the list on Esc, when nothing inside has taken it."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand the parts as the room allows."""
        super().resizeEvent(event)
        beside = self.width() >= self.look.px(_WIDE)
        if beside == self.switch.isHidden():
            return
        self.switch.setVisible(not beside)
        self.legend.setVisible(beside)
        if beside:
            self._upper.addWidget(self.cell)
            self._upper.setSizes([780, 280])
            self.cell.show()
        else:
            self._beneath.addWidget(self.cell)
            self.switch.choose(0)
        self._beneath.setCurrentIndex(0)

    def _to_words(self) -> None:
        """Go to the field for words, wherever it stands."""
        if not self.switch.isHidden():
            self.switch.choose(1)
        self.cell.words.setFocus()


def _timed(question: Callable[[], LaidOut]) -> tuple[LaidOut, float]:
    began = time.perf_counter()
    return question(), time.perf_counter() - began


def _is_large(view: View, record: Return) -> bool:
    """Whether laying a return out is sure to take long."""
    award = view.portfolio.awards_by_key.get(record.award)
    return award is not None and len(award.budget_lines) > _LARGE
