"""A funder's own workbook: looked at as it is, each cell given its figure, checked, proved.

The file that was sent is never touched. What fills which cell is remembered with the award, so that
the next period's file is compared with it and filled in a few acts.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from fundtrack.core import words
from fundtrack.core.errors import KnownError, RefusedError
from fundtrack.core.returns.form import (
    FormAsked,
    FormPlan,
    FormStart,
    Spot,
    fill_over,
    joined,
    with_fills,
    without,
)
from fundtrack.gui.background import Latest
from fundtrack.gui.funders.checks import ChecksCard
from fundtrack.gui.funders.panel import CellPanel, Stood
from fundtrack.gui.funders.sheet import SheetGrid, address
from fundtrack.gui.funders.signs import Legend, Steps
from fundtrack.gui.pages.page import Page
from fundtrack.gui.speech import tr
from fundtrack.gui.view import sentence_of
from fundtrack.gui.widgets.frame import Card, Choice, Elided, Segments, button, label, with_icon
from fundtrack.gui.widgets.own import OwnHead

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from fundtrack.core.returns.form import FormFill, FormProof
    from fundtrack.core.returns.vocabulary import Item
    from fundtrack.gui.background import LongWork, Tell
    from fundtrack.gui.look import Look
    from fundtrack.gui.own_doors import OwnDoors, OwnForm
    from fundtrack.gui.view import View

WORKBOOKS = "Workbooks (*.xlsx *.xlsm);;All files (*)"
_SHORT = Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
_PAUSE = 120
_WIDE = 860
_CHOOSE = (
    "Choose the workbook the funder sent, or drop it on this window. It is looked at here as it "
    "is; a filled copy is written beside it, and the original is kept untouched."
)
_PRIVATE = {"post.person": "names", "post.salary": "salaries"}


class OwnWorkbookPage(Page):
    """One funder's workbook for one award and period."""

    name = "own-workbook"
    title = "Funder's workbook"
    icon = "table"
    left = Signal()
    written = Signal(str, str, object)
    """An award, a period and the file that was written for them and proved."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.doors: OwnDoors | None = None
        self._book: Callable[[], Path | None] = lambda: None
        self._work: LongWork | None = None
        self.form: OwnForm | None = None
        self.path: Path | None = None
        self.fills: tuple[FormFill, ...] = ()
        self.plan = FormPlan()
        self.start: FormStart | None = None
        self.proof: FormProof | None = None
        self._kept: tuple[FormFill, ...] = ()
        self._items: dict[str, tuple[Item, ...]] = {}
        self._parted = False
        self.head = OwnHead(look, "Returns")
        self.header.lead(self.head)
        self.header.show_own(self.head, shown=True)
        self.open_button = with_icon(button("Open workbook…"), look, "folder-open")
        self.header.add(self.open_button)
        self.award, self.period = _choice(look, "Award", 14), _choice(look, "Period", 9)
        self.switch = Segments(("Cell", "Checks"), "What stands below the sheet")
        self.switch.hide()
        self.steps = Steps(look)
        self.grid = SheetGrid(look)
        self.spot = QLabel()
        self.spot.setTextFormat(Qt.TextFormat.PlainText)
        look.follow(self, lambda: self.spot.setMinimumWidth(look.px(60)))
        self.legend = Legend(look)
        self.tabs = QTabBar()
        self.tabs.setObjectName("jumps")
        self.tabs.setAccessibleName(tr("Sheets"))
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(True)
        self.mapped = Elided(scale="caption")
        self.mapped.setProperty("tone", "muted")
        self.panel = CellPanel(look, self._items_of)
        self.checks = ChecksCard(look)
        self.write_button = button("Check and write…", "primary", self._main_act)
        self.keep_button = button("Save mapping", "", self.keep)
        self._planning = Latest(self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE)
        self._lay_out()
        self._wire()
        self._show_standing()

    def _lay_out(self) -> None:
        sheet = Card("")
        sheet.title.hide()
        sheet.note.hide()
        sheet.body.setContentsMargins(1, 4, 1, 4)
        head = QHBoxLayout()
        head.setContentsMargins(12, 2, 4, 2)
        head.addWidget(self.spot, 1)
        head.addWidget(self.legend)
        foot = QHBoxLayout()
        foot.setContentsMargins(4, 2, 12, 0)
        foot.addWidget(self.tabs, 3)
        foot.addWidget(self.mapped, 2)
        sheet.body.addLayout(head)
        sheet.body.addWidget(self.grid, 1)
        sheet.body.addLayout(foot)
        self._stack_up(sheet)

    def _stack_up(self, sheet: Card) -> None:
        """Put the sheet above its checks, and beside both the cell."""
        side = QWidget()
        beside = QVBoxLayout(side)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(8)
        beside.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignLeft)
        beside.addWidget(self.panel, 1)
        acts = QHBoxLayout()
        acts.addWidget(self.write_button, 1)
        acts.addWidget(self.keep_button)
        beside.addLayout(acts)
        self._left = QSplitter(Qt.Orientation.Vertical)
        self._whole = QSplitter(Qt.Orientation.Horizontal)
        for split, parts in ((self._left, (sheet, self.checks)), (self._whole, (self._left, side))):
            split.setChildrenCollapsible(False)
            split.setHandleWidth(10)
            for each in parts:
                split.addWidget(each)
            split.setStretchFactor(0, 1)
        self._left.setSizes([430, 170])
        self._whole.setSizes([740, 320])
        self._none = label(_CHOOSE, tone="muted", wrap=True)
        self._none.setObjectName("none")
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        nothing = QWidget()
        column = QVBoxLayout(nothing)
        column.addStretch(1)
        column.addWidget(self._none)
        self.choose_button = button("Choose the workbook…", "primary", self.ask_for_workbook)
        column.addWidget(self.choose_button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        self.slot = QStackedWidget()
        self.slot.addWidget(nothing)
        self.slot.addWidget(self._whole)
        above = QHBoxLayout()
        above.setSpacing(10)
        above.addWidget(self.steps, 1)
        above.addWidget(self.award)
        above.addWidget(self.period)
        self.body.addLayout(above)
        self.body.addWidget(self.slot, 1)

    def _wire(self) -> None:
        self.head.back.connect(self.left)
        self.open_button.clicked.connect(lambda _on=False: self.ask_for_workbook())
        self.award.activated.connect(lambda _at: self._choose_award())
        self.period.activated.connect(lambda _at: self._begin_again())
        self.tabs.currentChanged.connect(self._show_sheet)
        self.grid.stood.connect(lambda _spot: self._show_cell())
        self.grid.asked.connect(self.panel.field.setFocus)
        self.grid.emptied.connect(self._take_out)
        self.panel.fills_wanted.connect(self._put_in)
        self.panel.gone_wanted.connect(self._take_out)
        self.panel.record_wanted.connect(self.open_wanted)
        self.panel.private.toggled.connect(lambda _on: self._replan())
        self.checks.jump_wanted.connect(self.jump)
        self.switch.chosen.connect(lambda _at: self._fold())
        self._whole.splitterMoved.connect(self._part)
        self._soon.timeout.connect(self._ask_for_plan)
        self._planning.answered.connect(self._take_plan)
        self._planning.failed.connect(self._not_planned)

    def use(self, doors: OwnDoors | None, book: Callable[[], Path | None], work: LongWork) -> None:
        """Take the door to workbooks, how to ask which book is open, and long work."""
        self.doors, self._book, self._work = doors, book, work

    # --- values in -----------------------------------------------------------------------------

    def fill(self, view: View) -> None:
        """Show the book's awards, and the figures as they are now."""
        self._items.clear()
        self._list_awards(view)
        self._name()
        if self.form is not None and self.start is None:
            self._replan()

    def begin(self, award: str, period: str, path: Path | None = None) -> None:
        """Fill a workbook for an award's return; without a file, one is asked for."""
        if self.view is not None:
            self._list_awards(self.view)
        with QSignalBlocker(self.award), QSignalBlocker(self.period):
            if award:
                self.award.setCurrentIndex(max(0, self.award.findData(award)))
            self._list_periods()
            at = self.period.findData(period)
            if at >= 0:
                self.period.setCurrentIndex(at)
        self._name()
        if path is not None:
            self.open_workbook(path)
        elif self.form is not None:
            self._begin_again()

    def _list_awards(self, view: View) -> None:
        kept = self.award.currentData()
        owing = dict.fromkeys(each.award for each in view.later.returns)
        with QSignalBlocker(self.award):
            self.award.clear()
            for award in view.portfolio.awards:
                if award.key in owing:
                    self.award.addItem(award.title, award.key)
            self.award.setCurrentIndex(max(0, self.award.findData(kept)))
        self._list_periods()

    def _list_periods(self) -> None:
        view, kept = self.view, self.period.currentData()
        award = self.award.currentData()
        owed = [] if view is None else [one for one in view.later.returns if one.award == award]
        with QSignalBlocker(self.period):
            self.period.clear()
            for one in owed:
                self.period.addItem(tr(words.sentence(one.said_period)), one.period.name)
            todo = next((one.period.name for one in owed if one.standing == "to do"), None)
            at = self.period.findData(kept if kept is not None else todo)
            self.period.setCurrentIndex(max(0, at))

    def _name(self) -> None:
        title = self.award.currentText()
        said = f"{title}, {self.period.currentText()}" if title else self.title
        self.head.show_record(said, ())
        self.setAccessibleName(tr(said))

    @property
    def asked(self) -> FormAsked | None:
        """Which return fills the workbook."""
        view, award = self.view, self.award.currentData()
        if view is None or not award:
            return None
        return FormAsked(
            portfolio=view.portfolio,
            statutory=view.outlook.workings.rates.statutory,
            award=award,
            period=str(self.period.currentData() or ""),
            today=view.outlook.today,
            confirmed=self._confirmed(),
        )

    def _private(self) -> frozenset[str]:
        """Which private things the mapping asks for."""
        return frozenset(_PRIVATE[one.field] for one in self.fills if one.field in _PRIVATE)

    def _confirmed(self) -> frozenset[str]:
        absent = self.view is not None and self.view.salaries == "absent"
        return self._private() if self.panel.private.isChecked() and not absent else frozenset()

    def _items_of(self, family: str) -> tuple[Item, ...]:
        if family not in self._items and self.form is not None and self.asked is not None:
            try:
                self._items[family] = self.form.items(self.asked, family)
            except KnownError as known:
                self._say(known)
                return ()
        return self._items.get(family, ())

    # --- the file ------------------------------------------------------------------------------

    def ask_for_workbook(self) -> None:
        """Ask which file the funder sent."""
        begin = str(self.path.parent) if self.path is not None else ""
        chosen, _ = QFileDialog.getOpenFileName(
            self, tr("The funder's workbook"), begin, tr(WORKBOOKS)
        )
        if chosen:
            self.open_workbook(Path(chosen))

    def open_workbook(self, path: Path) -> None:
        """Open a workbook, and find again what is remembered for the award's."""
        doors, book, asked = self.doors, self._book(), self.asked
        if doors is None or book is None or self._work is None:
            return
        if asked is None:
            self.trouble.emit("No award owes a return. Add reporting duties to an award first.")
            return

        def opened(_tell: Tell) -> tuple[Path, OwnForm, FormStart | Exception]:
            form = doors.open(path, book)
            return path, form, _begun(form, asked)

        self._work.run(f"Opening {path.name}", opened, then=self._take_form, owner=self)

    def _take_form(self, opened: tuple[Path, OwnForm, FormStart | Exception]) -> None:
        self.path, self.form, start = opened
        self._items.clear()
        with QSignalBlocker(self.tabs):
            while self.tabs.count():
                self.tabs.removeTab(0)
            for title in self.form.titles:
                self.tabs.addTab(title)
        self.slot.setCurrentIndex(1)
        self._name()
        self._take_start(start)
        self.tabs.setCurrentIndex(self._first_sheet(self.form))
        self._show_sheet(self.tabs.currentIndex())
        self.grid.setFocus()

    def _first_sheet(self, form: OwnForm) -> int:
        """The sheet to begin on: one that is filled, else one that has cells to fill."""
        titles = form.titles
        filled = [titles.index(each.sheet) for each in self.fills if each.sheet in titles]
        to_fill = (at for at, title in enumerate(titles) if form.sheet(title).to_fill)
        return min(filled) if filled else next(to_fill, 0)

    def _begin_again(self) -> None:
        """Another award or period for the same file."""
        self._name()
        self._items.clear()
        if self.form is not None and self.asked is not None and not self.fills:
            self._take_start(_begun(self.form, self.asked))
        self._replan()

    def _choose_award(self) -> None:
        with QSignalBlocker(self.period):
            self.period.clear()
        self._list_periods()
        self.fills = ()
        self._begin_again()

    def _take_start(self, start: FormStart | Exception) -> None:
        """Take what is remembered; what is different in this file is shown before it is filled."""
        self._soon.stop()
        self._planning.forget()
        self.plan, self.proof, self.start = FormPlan(), None, None
        self.fills = self._kept = ()
        if isinstance(start, KnownError):
            self._say(start)
            start = FormStart()
        elif isinstance(start, Exception):
            raise start
        if start.differences or start.lost:
            self.start = start
            self.checks.show_differences(start.differences, start.lost)
            many = words.count(len(start.differences), "difference")
            self.message.say(
                f"This file is not quite as the last one was: {many}. See what is different below, "
                "then go on."
            )
        else:
            self._go_on(start)
        self._show_standing()

    def _go_on(self, start: FormStart) -> None:
        self.start = None
        self.fills = self._kept = joined(start.fills)
        cells = sum(each.size for each in self.fills)
        if cells and not start.differences:
            said = words.count(cells, "cell")
            self.message.say(f"Laid out as last time: {said} found again by their words.")
        elif cells:
            self.message.hide()
        self._replan()

    # --- looking -------------------------------------------------------------------------------

    def _show_sheet(self, at: int) -> None:
        if self.form is None or not 0 <= at < len(self.form.titles):
            return
        title = self.form.titles[at]
        self.grid.show_sheet(self.form, title)
        self.grid.sheet.show_fills(self.fills, self.plan)
        filled = [spot for each in self.fills for spot in each.cells if spot.sheet == title]
        self.grid.go_to(min(filled, default=Spot(title, 1, 1)))
        self._show_cell()
        self._count()

    def _show_cell(self) -> None:
        spot = self.grid.current
        if self.form is None or spot is None:
            self.panel.present(None)
            self.spot.setText("")
            return
        model = self.grid.sheet
        said = " ".join(model.shown(spot).split())
        self.spot.setText(f"{address(spot)}  |  {said[:80]}" if said else address(spot))
        cell = model.cell(spot)
        takes, form = cell.mark == "open", self.form
        problems = (one for one in self.plan.problems if one.spot == spot)
        self.panel.present(
            Stood(
                spot=spot,
                cell=cell,
                words=form.words_at(spot) if takes else "",
                fill=fill_over(self.fills, spot),
                change=self.plan.at(spot),
                problem=next(problems, None),
                offered=form.offered(spot) if cell.listed and takes else (),
                runs=(
                    form.run(spot, down=True) if takes else (),
                    form.run(spot, down=False) if takes else (),
                ),
            )
        )
        self.panel.private.setVisible(bool(self._private()))

    def jump(self, spot: Spot) -> None:
        """Go to a cell of any sheet."""
        titles = () if self.form is None else self.form.titles
        if spot.sheet in titles:
            self.tabs.setCurrentIndex(titles.index(spot.sheet))
            self.grid.go_to(spot)
            self.grid.setFocus()

    def _count(self) -> None:
        form, shown = self.form, self.grid.sheet.sheet
        if form is None or shown is None:
            self.mapped.say("")
            return
        here = sum(each.size for each in self.fills if each.sheet == shown.title)
        said = f"{here:,} of {shown.to_fill:,}" if shown.to_fill else f"{here:,}"
        hidden = f" · {words.count(form.hidden, 'hidden sheet')} left alone" if form.hidden else ""
        self.mapped.say(f"{said} cells mapped{hidden} · {form.name}, kept untouched")

    def _show_standing(self) -> None:
        """Show how far one has come, and what the main act is now."""
        blocked = bool(self.plan.problems) or not self.plan.changes
        at = 0 if self.form is None else 1 if self.start is not None or blocked else 2
        if self.proof is not None:
            at = 4
        self.steps.stand_at(at)
        waiting = self.start is not None
        self.write_button.setText("Go on and fill" if waiting else "Check and write…")
        self.write_button.setEnabled(waiting or bool(self.fills))
        self.keep_button.setEnabled(not waiting and bool(self.fills) and self.fills != self._kept)

    # --- the mapping ---------------------------------------------------------------------------

    def _put_in(self, added: tuple[FormFill, ...]) -> None:
        self._set_fills(joined(with_fills(self.fills, added)))

    def _take_out(self, gone: tuple[Spot, ...]) -> None:
        self._set_fills(joined(without(self.fills, gone)))

    def _set_fills(self, fills: tuple[FormFill, ...]) -> None:
        self.fills, self.proof = fills, None
        self._replan()
        self._show_cell()
        self._count()

    def _replan(self) -> None:
        """Work out anew what would stand where, once a moment has passed without another change."""
        self.proof = None
        self.grid.sheet.show_fills(self.fills, self.plan)
        self._show_standing()
        self._soon.start()

    def _ask_for_plan(self) -> None:
        form, asked, fills = self.form, self.asked, self.fills
        if form is None or asked is None or self.start is not None:
            return
        if not fills:
            self._take_plan(FormPlan())
            return
        self._planning.ask(lambda: form.plan(fills, asked))

    def _take_plan(self, plan: FormPlan) -> None:
        self.plan = plan
        if self.start is None and self.proof is None:
            self.checks.show_plan(plan)
        self.grid.sheet.show_fills(self.fills, plan)
        self._show_cell()
        self._count()
        self._show_standing()

    def _not_planned(self, fault: Exception) -> None:
        if not isinstance(fault, KnownError):
            raise fault
        self._say(fault)

    def keep(self) -> None:
        """Remember the mapping with the award."""
        if self.form is None or not self.fills:
            return
        try:
            path = self.form.keep(self.fills, str(self.award.currentData()))
        except KnownError as known:
            self._say(known)
            return
        self._kept = self.fills
        self._show_standing()
        self.message.say(f"Remembered for the next one, in {path.parent.name}, {path.name}.")

    # --- writing -------------------------------------------------------------------------------

    def _main_act(self) -> None:
        if self.start is not None:
            self._go_on(self.start)
        else:
            self.ask_where_to_write()

    def ask_where_to_write(self) -> None:
        """Say what must be put right first, or ask where the filled file goes and write it."""
        if self.plan.problems:
            many = words.count(len(self.plan.problems), "thing")
            self.trouble.emit(f"There is something to put right before writing: {many} below.")
            self.switch.choose(1)
            self.checks.grid.setFocus()
            return
        if self.form is None or self.path is None:
            return
        name = f"{self.path.stem} {self.period.currentText()} filled{self.form.ending}"
        kind = f"Workbook (*{self.form.ending})"
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("Write the filled workbook"), str(self.path.with_name(name)), kind
        )
        if chosen:
            out = Path(chosen)
            self.write(out if out.suffix else out.with_suffix(self.form.ending))

    def write(self, out: Path) -> None:
        """Write the filled workbook and prove it; the mapping is remembered with the award."""
        form, asked, fills = self.form, self.asked, self.fills
        if form is None or asked is None or self._work is None:
            return

        def written(tell: Tell) -> tuple[Path, FormProof]:
            tell()
            proof = form.write(fills, asked, out)
            tell.finish()
            form.keep(fills, asked.award)
            return out, proof

        self._work.run(
            f"Filling {out.name}",
            written,
            then=lambda done: self._take_proof(asked, *done),
            owner=self,
            can_stop=False,
        )

    def _take_proof(self, asked: FormAsked, out: Path, proof: FormProof) -> None:
        self.proof, self._kept = proof, self.fills
        self.checks.show_proof(proof.says)
        self._show_standing()
        waits = sum(each.waits for each in self.plan.findings)
        fails = sum(each.level == "FAIL" for each in self.plan.findings) - waits
        still = f" {words.count(fails, 'check')} still say Fix." if fails else ""
        if waits:
            still += f" {words.count(waits, 'check')} for when the period is over."
        self.message.say(
            f"{out.name} is written and proved.{still} Open it in Excel and save it once before "
            "you send it."
        )
        self.written.emit(asked.award, asked.period, out)

    def _say(self, fault: KnownError) -> None:
        said = sentence_of(fault.problems) if isinstance(fault, RefusedError) else str(fault)
        self.trouble.emit(said)

    # --- getting about -------------------------------------------------------------------------

    def rest(self) -> None:
        """Put the keyboard on the sheet, or on the way to one."""
        (self.choose_button if self.form is None else self.grid).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leads back to the returns."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the panel goes below the sheet."""
        super().resizeEvent(event)
        wide = self.width() >= self.look.px(_WIDE)
        way = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if self._whole.orientation() != way:
            self._whole.setOrientation(way)
            self._whole.setSizes([740, 320] if wide else [520, 280])
        self.switch.setVisible(not wide)
        self._fold()
        if not wide and not self._parted:
            self._whole.setSizes([self.height() * 6 // 10, self.height() * 4 // 10])

    def _part(self, _at: int, _which: int) -> None:
        """The person has parted the sheet from the rest as they like it."""
        self._parted = True

    def _fold(self) -> None:
        """Where there is little room, the cell or the checks stand below the sheet."""
        wide = self._whole.orientation() == Qt.Orientation.Horizontal
        cell = wide or self.switch.at == 0
        holder, side = self._left, self._whole.widget(1)
        below = None if side is None else side.layout()
        if wide and self.checks.parentWidget() is not holder:
            holder.addWidget(self.checks)
            holder.setSizes([430, 170])
        elif not wide and isinstance(below, QVBoxLayout) and below.indexOf(self.checks) < 0:
            below.insertWidget(2, self.checks, 1)
        self.panel.setVisible(cell)
        self.checks.setVisible(wide or not cell)


def _begun(form: OwnForm, asked: FormAsked) -> FormStart | Exception:
    """What is remembered; a mapping that cannot be read does not keep the file from being shown."""
    try:
        return form.begin(asked)
    except KnownError as known:
        return known


def _choice(look: Look, name: str, least: int) -> Choice:
    """A list beside the steps, which gives way to them where there is little room."""
    made = Choice(look)
    made.setAccessibleName(tr(name))
    made.setToolTip(tr(name))
    made.setSizeAdjustPolicy(_SHORT)
    made.setMinimumContentsLength(least)
    look.follow(made, lambda: made.setMaximumWidth(look.px(250)))
    return made
