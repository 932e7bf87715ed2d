"""What if: changes not made, side by side with how things stand, and the way to make them.

Sliders say what may happen apart from what we choose. Nothing here changes the book until it is
accepted; then it goes down the same road as every other change.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from fundtrack.core import levers, words
from fundtrack.core.comparison import Comparison, compare, summary
from fundtrack.core.edit import Edit, free_key, remove
from fundtrack.core.levers import (
    MAY_HAPPEN,
    WE_CHOOSE,
    Drawn,
    Lever,
    brought_up_to_date,
    drawn,
    recovered,
)
from fundtrack.core.model import Scenario
from fundtrack.core.outlook import sums
from fundtrack.core.redaction import change_without
from fundtrack.core.scenario import Told, described_together, rebased, saved
from fundtrack.gui import kinds
from fundtrack.gui.background import Latest
from fundtrack.gui.pages.page import Page
from fundtrack.gui.speech import tr
from fundtrack.gui.table import Column, Table
from fundtrack.gui.view import sentence_of
from fundtrack.gui.widgets.compare import CompareGrid
from fundtrack.gui.widgets.flow import flow_of
from fundtrack.gui.widgets.frame import (
    Card,
    Choice,
    button,
    hairline,
    label,
    row_of,
    stepped_after,
    with_cross,
    with_icon,
)
from fundtrack.gui.widgets.grid import Grid
from fundtrack.gui.widgets.runway import Runway, RunwayChart, runway_of
from fundtrack.gui.widgets.slider import LeverRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from PySide6.QtGui import QResizeEvent

    from fundtrack.core.model import Change
    from fundtrack.core.outlook import Sums
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View

    _Tried = tuple[tuple[Change, ...], Scenario]
    _Stood = tuple[str, tuple[Lever, ...], tuple[Change, ...], Scenario]

TOO_LONG = 0.12
"""Seconds: a book that takes longer is worked out off the window's thread."""
_WIDE = 980
_TALL = 900
_BOTH = ("secured", "probable")
_FIRST_FIGURES = (
    "Below policy from",
    "Reserves gone in",
    "Runway, whole months",
    "Lowest reserves in 12 months",
    "Posts unfunded, wholly or partly",
    "Unfunded in",
    "If nothing is renewed",
    "of which redundancy",
)
_PARTS = (
    ("now", "Now", "How it stands: who is helped, what ends and when"),
    ("want", "What we want", "What would be so when this has gone well"),
    ("how", "How we get there", "Who asks whom for what, and by which day"),
)
NEW = "A new scenario"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the book would come to, and how long that took to work out."""

    then: Sums
    found: Comparison
    seconds: float


def what_if(now: Sums, made: Drawn, before: Sums | None) -> Answer:
    """Work out a book as it would be, and set it beside how it stands."""
    began = time.perf_counter()
    if not made.changes:
        return Answer(now, compare(now, now), time.perf_counter() - began)
    statutory = now.workings.rates.statutory
    then = sums(made.portfolio, statutory, now.today, now.horizon, before or now)
    return Answer(then, compare(now, then), time.perf_counter() - began)


class PlanPage(Page):
    """Scenarios: what may happen, what we choose, and what would come of it."""

    name = "plan"
    title = "Plan"
    icon = "sliders-horizontal"

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.levers: tuple[Lever, ...] = ()
        self.fixed: tuple[Change, ...] = ()
        self.key = ""
        self.drawn: Drawn | None = None
        self._begun: _Tried | None = None
        self.answer: Answer | None = None
        self._took = 0.0
        self._rows: dict[str, LeverRow] = {}
        self._latest = Latest(self)
        self._latest.answered.connect(self._arrived)
        self._latest.failed.connect(self._broke)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._ask)
        self.header.say("What if: changes you have not made")
        self.tries = TryCard(look)
        self.strip = Strip(look)
        self.compared = CompareGrid(look)
        self.chart = ChartCard(look)
        self.words = WordsCard(look)
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        frame = Card("")
        frame.title.hide()
        frame.note.hide()
        frame.body.setContentsMargins(1, 1, 1, 1)
        frame.body.addWidget(self.compared)
        right = QVBoxLayout()
        right.setSpacing(10)
        right.addWidget(self.strip)
        right.addWidget(frame)
        right.addWidget(self.chart, 1)
        right.addWidget(self.words)
        inside = QWidget()
        inside.setObjectName("page")
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight, inside)
        self._halves.setContentsMargins(0, 0, 0, 0)
        self._halves.setSpacing(10)
        self._halves.addWidget(self.tries)
        self._halves.addLayout(right, 1)
        self._scroll = scroll = _Scroller()
        scroll.resized.connect(self._stand)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        self.body.addWidget(scroll)

    def _wire(self) -> None:
        self.look.changed.connect(self._stand)
        self.tries.scenarios.activated.connect(self._choose)
        self.tries.new_button.clicked.connect(lambda _checked=False: self._leave(self.start_anew))
        self.tries.add_button.clicked.connect(lambda _checked=False: self.add())
        self.tries.accept_button.clicked.connect(lambda _checked=False: self.accept_changes())
        self.tries.discard_button.clicked.connect(lambda _checked=False: self.discard())
        self.tries.keep_button.clicked.connect(lambda _checked=False: self.keep())
        self.tries.forget_button.clicked.connect(lambda _checked=False: self.forget())

    # --- values in ---------------------------------------------------------------------------

    def fill(self, view: View) -> None:
        """Put a book on the page; what is being tried stays, brought up to date with it."""
        first = self.drawn is None
        known = {each.key for each in view.portfolio.scenarios}
        if self.key and self.key not in known:
            self.key = ""
        self.tries.offer(view.portfolio.scenarios, self.key)
        self.answer = None
        if first:
            self.start_anew()
            return
        fitting, problems = rebased(view.sums.portfolio, self.fixed)
        self.fixed = fitting
        if problems:
            self.message.say(f"Left out of this scenario: {sentence_of(problems)}", fault=True)
        today = view.outlook.today
        self.levers = tuple(
            fresh
            for lever in self.levers
            if (fresh := brought_up_to_date(lever, view.sums.portfolio, today)) is not None
        )
        self._show_rows()
        self._ask()

    def rest(self) -> None:
        """Put the keyboard where the trying begins."""
        self.tries.scenarios.setFocus()

    def swap_chart(self) -> None:
        """Show the chart as a table, or back."""
        self.chart.swap()

    def figure_asked(self) -> str:
        """The figure the keyboard is on, as `core.why` names it."""
        row = self.compared.currentIndex().row()
        rows = self.compared.table.rows
        return f"compare.{rows[row].name}" if 0 <= row < len(rows) else ""

    @property
    def rows(self) -> tuple[LeverRow, ...]:
        """The levers on the page, from the top down."""
        return tuple(self._rows.values())

    # --- what is tried -----------------------------------------------------------------------

    def start_anew(self) -> None:
        """Begin a scenario with nothing changed."""
        view = self.view
        if view is None:
            return
        at_risk = [each.key for each in view.glance.at_risk]
        begun = levers.to_begin_with(view.sums.portfolio, view.outlook.today, at_risk)
        self._take("", begun, (), Scenario(key="", title=""))

    def _choose(self, at: int) -> None:
        key = str(self.tries.scenarios.itemData(at) or "")
        if self.view is None or key == self.key:
            return
        known = any(one.key == key for one in self.view.portfolio.scenarios)
        self._leave(partial(self.open, key) if known else self.start_anew)

    def _leave(self, go_on: Callable[[], object]) -> None:
        """Go on to something else, and offer what was tried back where it is kept nowhere."""
        begun, tried = self._begun, self._tried()
        back = (self.key, self.levers, self.fixed, self.words.scenario())
        go_on()
        if tried != begun and not self.message.words:
            self.message.say(
                "What you tried is put away, and kept nowhere.",
                act="Bring it back",
                does=lambda: self._bring_back(back, begun),
            )

    def _bring_back(self, back: _Stood, begun: _Tried | None) -> None:
        self._take(*back)
        self._begun = begun

    def _tried(self) -> _Tried:
        """What is tried, and what is said of it."""
        return (() if self.drawn is None else self.drawn.changes, self.words.scenario())

    def open(self, key: str) -> None:
        """Take up a scenario that was kept."""
        view = self.view
        scenario = None if view is None else view.sums.portfolio.find("scenarios", key)
        if view is None or not isinstance(scenario, Scenario):
            return
        book = view.sums.portfolio
        fitting, problems = rebased(book, scenario.edits)
        found, rest = recovered(book, fitting, view.outlook.today)
        self._take(key, found, rest, scenario)
        if problems:
            self.message.say(f"Left out of this scenario: {sentence_of(problems)}", fault=True)

    def _take(
        self, key: str, tried: tuple[Lever, ...], fixed: tuple[Change, ...], scenario: Scenario
    ) -> None:
        if self.view is None:
            return
        self.key, self.levers, self.fixed = key, tried, fixed
        self.message.hide()
        self.words.show_words(scenario)
        self.tries.offer(self.view.portfolio.scenarios, key)
        self._show_rows()
        self._ask()
        self._begun = self._tried()

    def try_lever(self, lever: Lever) -> None:
        """Put one lever more on the page, or move the one that is there."""
        at = {each.name: place for place, each in enumerate(self.levers)}.get(lever.name)
        if at is None:
            self.levers = (*self.levers, lever)
        else:
            self.levers = (*self.levers[:at], lever, *self.levers[at + 1 :])
        self._show_rows()
        self._ask()

    def _moved(self, lever: Lever) -> None:
        self.levers = tuple(lever if each.name == lever.name else each for each in self.levers)
        self._soon.start()

    def _leave_out(self, name: str) -> None:
        self.levers = tuple(each for each in self.levers if each.name != name)
        self._show_rows()
        self._ask()
        self.tries.add_button.setFocus()

    def _drop(self, places: tuple[int, ...]) -> None:
        self.fixed = tuple(each for at, each in enumerate(self.fixed) if at not in places)
        self._show_rows()
        self._ask()
        self.tries.add_button.setFocus()

    def _show_rows(self) -> None:
        if self.view is None:
            return
        rows = [LeverRow(self.look, lever) for lever in self.levers]
        self._rows = {row.lever.name: row for row in rows}
        for row in rows:
            row.moved.connect(self._moved)
            row.left_out.connect(self._leave_out)
        told = self._described(self.view, self.fixed)
        kept = [FixedRow(self.look, words.sentence(each.says)) for each in told]
        for each, said in zip(kept, told, strict=True):
            each.close_button.clicked.connect(
                lambda _checked=False, places=said.places: self._drop(places)
            )
        self.tries.show_rows(rows, kept)

    # --- what would come of it ---------------------------------------------------------------

    def _ask(self) -> None:
        """Work out what would come of it: at once, or elsewhere if the book is large."""
        view = self.view
        if view is None:
            return
        self._soon.stop()
        self.drawn = drawn(view.sums.portfolio, self.fixed, self.levers)
        before = self.answer.then if self.answer is not None else None
        question = partial(what_if, view.sums.outlook, self.drawn, before)
        self._say_changes()
        if max(self._took, self._usual(view)) > TOO_LONG:
            self.strip.wait()
            self._latest.ask(question)
        else:
            self._latest.forget()
            self._arrived(question())

    @staticmethod
    def _described(view: View, changes: tuple[Change, ...]) -> tuple[Told, ...]:
        if view.for_trustees:
            changes = tuple(map(change_without, changes))
        return described_together(view.portfolio, changes)

    @staticmethod
    def _usual(view: View) -> float:
        """About how long a book of this size takes, in seconds, before one has been timed."""
        return len(view.portfolio.posts) / 500

    def _say_changes(self) -> None:
        if self.drawn is None or self.view is None:
            return
        for name, row in self._rows.items():
            lever = next(each for each in self.levers if each.name == name)
            row.present(lever, words.sentence(self.drawn.faults.get(name, "")))
        count = len(self._described(self.view, self.drawn.changes))
        self.strip.say(count)
        self.compared.say_changes(
            f"With {'this change' if count == 1 else f'these {count} changes'}"
            if count
            else "With no change"
        )
        may = not self.view.read_only
        self.tries.allow(changed=count > 0, may=may, kept=bool(self.key))

    def _arrived(self, answer: Answer) -> None:
        self.answer, self._took = answer, answer.seconds
        if self.view is None:
            return
        self._show_figures(answer.found)
        self.chart.present(self.view.outlook, answer.then)
        said = " ".join(summary(answer.found))
        self.strip.told(said)
        self.compared.setAccessibleDescription(tr(said))

    def _show_figures(self, found: Comparison) -> None:
        tall = self.height() * 100 // self.look.text_size >= _TALL
        rows = (
            found.rows
            if tall
            else tuple(row for row in found.rows if row.name.startswith(_FIRST_FIGURES))
        )
        self.compared.present(rows)

    def _broke(self, fault: BaseException) -> None:
        self.strip.told("")
        self.trouble.emit(
            f"This could not be worked out ({type(fault).__name__}). Try fewer at once"
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand what is tried beside what would come of it, or above where there is no room."""
        super().resizeEvent(event)
        self._stand()
        if self.answer is not None:
            self._show_figures(self.answer.found)

    def _stand(self) -> None:
        width = self.width() * 100 // self.look.text_size
        way = QBoxLayout.Direction
        beside = width >= _WIDE
        self._halves.setDirection(way.LeftToRight if beside else way.TopToBottom)
        top = Qt.AlignmentFlag.AlignTop
        self._halves.setAlignment(self.tries, top if beside else Qt.AlignmentFlag(0))
        self.tries.stand(beside=beside, room=self._scroll.viewport().height())

    # --- wishes out --------------------------------------------------------------------------

    def add(self) -> None:
        """Ask for one more change to try."""
        from fundtrack.gui.dialogs.plan import AddChange

        if self.view is None:
            return
        dialog = AddChange(self.look, self.view, self)
        if dialog.exec() and dialog.lever is not None:
            self.try_lever(dialog.lever)
            self._rows[dialog.lever.name].setFocus()
        dialog.deleteLater()

    def discard(self) -> None:
        """Go back to how the book stands."""
        self._leave(partial(self.open, self.key) if self.key else self.start_anew)

    def settle(self) -> None:
        """Keep words that stand in no scenario yet, as the book closes: somebody wrote them."""
        view, words_ = self._waiting or self.view, self.words.scenario()
        if view is None or view.read_only or self.drawn is None:
            return
        kept = next((one for one in view.portfolio.scenarios if one.key == self.key), None)
        if kept is not None:
            self._wish(view, replace(kept, now=words_.now, want=words_.want, how=words_.how))
        elif words_ != Scenario(key="", title=""):
            title = f"Begun on {words.short_day(view.outlook.today)}"
            key = free_key(view.portfolio, "scenarios", "scenario")
            self._wish(view, replace(words_, key=key, title=title, edits=self.drawn.changes))

    def _wish(self, view: View, scenario: Scenario) -> None:
        edit = saved(view.portfolio, scenario)
        if edit.changes:
            self.edit_wanted.emit(edit)

    def keep(self) -> None:
        """Keep the scenario in the book, its changes not made."""
        from fundtrack.gui.dialogs.plan import KeepScenario

        view, made = self.view, self.drawn
        if view is None or made is None or view.read_only:
            return
        title = self.tries.scenarios.currentText() if self.key else ""
        dialog = KeepScenario(title, self)
        accepted, title = dialog.exec(), dialog.title
        dialog.deleteLater()
        if not accepted:
            return
        same = next((one for one in view.portfolio.scenarios if one.key == self.key), None)
        fresh = same is None or same.title != title
        key = free_key(view.portfolio, "scenarios", "scenario") if fresh else self.key
        scenario = replace(self.words.scenario(), key=key, title=title, edits=made.changes)
        self.key, self._begun = key, self._tried()
        self.edit_wanted.emit(saved(view.portfolio, scenario))

    def forget(self) -> None:
        """Take a kept scenario out of the book."""
        view, key = self.view, self.key
        if view is None or not key or view.read_only:
            return
        gone = remove(view.portfolio, "scenarios", key)
        title = self.tries.scenarios.currentText()
        self.key = ""
        self.edit_wanted.emit(Edit(f"Remove the scenario {title}", (gone,)))
        self.start_anew()

    def accept_changes(self) -> None:
        """Make all or some of the changes, as one edit."""
        from fundtrack.gui.dialogs.plan import AcceptChanges

        view, made = self.view, self.drawn
        if view is None or made is None or view.read_only or not made.changes:
            return
        title = self.tries.scenarios.currentText() if self.key else "what was tried"
        dialog = AcceptChanges(self.look, view.portfolio, f"Accept {title}", made.changes, self)
        accepted, edit, rest = dialog.exec(), dialog.edit, dialog.rest
        dialog.deleteLater()
        if not accepted or edit is None:
            return
        self.levers, self.fixed = (), rest
        before = view
        self.edit_wanted.emit(edit)
        if self.view is not before and not rest:
            self.message.say(f"Made: {words.count(len(edit.changes), 'change')}.", act="Undo")


# --- the left side -----------------------------------------------------------------------------


class _Scroller(QScrollArea):
    """Tells when there is more or less room in it."""

    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell of it."""
        super().resizeEvent(event)
        self.resized.emit()


class TryCard(Card):
    """The scenario, its levers in two groups, and what can be done with it."""

    def __init__(self, look: Look) -> None:
        super().__init__("")
        self._look = look
        self.setAccessibleName(tr("What to try"))
        self.title.hide()
        self.note.hide()
        self.scenarios = Choice(look)
        self.scenarios.setAccessibleName(tr("Scenario"))
        self.scenarios.setToolTip(tr("Scenario"))
        self.scenarios.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.new_button = with_icon(button("New", "link"), look, "plus")
        self.new_button.setToolTip(tr("Begin a scenario with nothing changed"))
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.scenarios, 1)
        head.addWidget(self.new_button)
        self._beside, self._levers = True, 0
        self._make_buttons(look)
        self._make_scroller()
        self._teach = label(
            "Extend, lose, delay, re-price, cut or move a post, add an award.",
            scale="caption",
            tone="muted",
            wrap=True,
        )
        self.body.setSpacing(8)
        self.body.addLayout(head)
        self.body.addWidget(self._scroller, 1)
        self.body.addLayout(row_of(self.add_button))
        self.body.addWidget(self._teach)
        self.body.addLayout(flow_of(self.keep_button, self.forget_button, spacing=0))
        self.body.addLayout(flow_of(self.accept_button, self.discard_button))

    def _make_scroller(self) -> None:
        self._scroller = QScrollArea()
        self._scroller.setWidgetResizable(True)
        self._scroller.setFrameShape(QFrame.Shape.NoFrame)
        self._scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _make_buttons(self, look: Look) -> None:
        self.add_button = with_icon(button("Add a change…"), look, "plus")
        self.accept_button = button("Accept changes…", "primary")
        self.discard_button = button("Discard")
        self.keep_button = button("Keep scenario…", "link")
        self.forget_button = button("Remove scenario", "link")

    def stand(self, *, beside: bool, room: int) -> None:
        """Take a column of its own, all of it in sight in this many pixels, or the whole width."""
        width = self._look.px(330)
        self.setFixedWidth(width) if beside else self.setMinimumWidth(0)
        if not beside:
            self.setMaximumWidth(_UNBOUNDED)
        self.setMinimumHeight(room if beside else 0)
        self.setMaximumHeight(room if beside else _UNBOUNDED)
        self._beside = beside
        self._keep_room()

    def _keep_room(self) -> None:
        """Above one another, the levers need room of their own; where there are none, little."""
        crowded = not self._beside and self._levers > 0
        self._scroller.setMinimumHeight(self._look.px(330 if crowded else 120))

    def offer(self, scenarios: Sequence[Scenario], chosen: str) -> None:
        """Offer the scenarios of the book, and a new one."""
        self.scenarios.clear()
        self.scenarios.addItem(tr(NEW), "")
        for each in scenarios:
            self.scenarios.addItem(each.title, each.key)
        self.scenarios.setCurrentIndex(max(0, self.scenarios.findData(chosen)))

    def allow(self, *, changed: bool, may: bool, kept: bool) -> None:
        """Offer only what can be done."""
        self.accept_button.setEnabled(changed)
        self.discard_button.setEnabled(changed)
        self.keep_button.setEnabled(changed)
        for each in (self.accept_button, self.keep_button):
            each.setVisible(may)
        self.forget_button.setVisible(may and kept)

    def show_rows(self, rows: list[LeverRow], kept: list[FixedRow]) -> None:
        """Show these levers, what may happen apart from what we choose."""
        inside = QWidget()
        inside.setObjectName("inside")
        list_ = QVBoxLayout(inside)
        list_.setContentsMargins(0, 0, 4, 0)
        list_.setSpacing(2)
        for group in (MAY_HAPPEN, WE_CHOOSE):
            mine = [row for row in rows if row.lever.group == group]
            if mine:
                list_.addWidget(_heading(group))
                for row in mine:
                    list_.addWidget(row)
        if kept:
            list_.addWidget(_heading("Also in this scenario"))
            for each in kept:
                list_.addWidget(each)
        if not rows and not kept:
            list_.addWidget(
                label(
                    "Nothing is being tried. Add a change, and see beside how things stand what "
                    "would come of it. The book stays as it is.",
                    tone="muted",
                    wrap=True,
                )
            )
        list_.addStretch(1)
        self._levers = len(rows) + len(kept)
        self._keep_room()
        self._scroller.setWidget(inside)
        in_groups = [
            row for group in (MAY_HAPPEN, WE_CHOOSE) for row in rows if row.lever.group == group
        ]
        stepped_after(self.new_button, (*in_groups, *kept))


def _heading(said: str) -> QLabel:
    made = label(said, scale="caption", tone="muted")
    made.setContentsMargins(0, 6, 0, 2)
    return made


_UNBOUNDED = 16_777_215


class FixedRow(QWidget):
    """One change of a scenario that has no slider: a sentence, which can be left out."""

    def __init__(self, look: Look, says: str) -> None:
        super().__init__()
        self.says = says
        self.close_button = with_cross(QToolButton(), look)
        self.close_button.setAccessibleName(tr(f"Leave out: {says}"))
        self.close_button.setToolTip(tr("Leave this out"))
        row = QHBoxLayout()
        row.addWidget(label(says, wrap=True), 1)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 4, 0, 4)
        whole.addLayout(row)
        whole.addWidget(hairline())


# --- the right side ----------------------------------------------------------------------------


class Strip(QFrame):
    """The line that says nothing has changed, and in words what would."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("message")
        self._sign = QLabel()
        self._look = look
        self.words = label(wrap=True)
        self.words.setTextFormat(Qt.TextFormat.RichText)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(10)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.words, 1)
        self._count = 0
        look.follow(self, self._draw)

    def say(self, count: int) -> None:
        """Say how many changes there are, none of them made."""
        self._count = count

    def wait(self) -> None:
        """Say that it is being worked out."""
        self._show("Working it out…")

    def told(self, said: str) -> None:
        """Say what would come of the changes, to whoever lingers or listens."""
        self._show("" if self._count else "Move a slider to see what would come of it.")
        self.setToolTip(tr(said if self._count else ""))
        self.setAccessibleDescription(tr(said if self._count else ""))

    def _show(self, more: str) -> None:
        changes = f"{words.count(self._count, 'change')}, not made. " if self._count else ""
        plain = "Nothing here has changed the book."
        self.words.setText(f"<b>{tr(plain)}</b> {tr(f'{changes}{more}')}")
        self.setAccessibleName(tr(f"{plain} {changes}{more}"))

    def _draw(self) -> None:
        side = self._look.px(16)
        self._sign.setPixmap(self._look.icon("info", "ink").pixmap(QSize(side, side)))


@dataclass(frozen=True, slots=True)
class MonthRow:
    """Free reserves at one month's end, in pence: now and with changes, secured and probable."""

    month: date
    now: tuple[int, int]
    then: tuple[int, int]


_MONTHS: tuple[Column[MonthRow], ...] = (
    Column(
        name="month",
        title="End of",
        value=lambda row: row.month,
        shown=lambda row: words.month_name(row.month),
        stretch=True,
    ),
    Column(
        name="now-secured", title="Now, secured", kind=kinds.POUNDS, value=lambda row: row.now[0]
    ),
    Column(
        name="now-probable", title="Now, probable", kind=kinds.POUNDS, value=lambda row: row.now[1]
    ),
    Column(
        name="then-secured",
        title="With changes, secured",
        kind=kinds.POUNDS,
        value=lambda row: row.then[0],
    ),
    Column(
        name="then-probable",
        title="With changes, probable",
        kind=kinds.POUNDS,
        value=lambda row: row.then[1],
    ),
)


class ChartCard(Card):
    """Free reserves as they stand, thin and grey, and as they would be, thick; or as a table."""

    def __init__(self, look: Look) -> None:
        super().__init__("Free reserves", "thin grey: now · thick: with these changes")
        self._now: tuple[Sums, Runway] | None = None
        self._both: tuple[Runway, Runway] | None = None
        self._slot = QStackedWidget()
        look.follow(self, lambda: self._slot.setMinimumHeight(look.px(140)))
        self.chart = RunwayChart(look)
        self.chart.read.connect(self._read)
        self.months: Table[MonthRow] = Table(_MONTHS, key=lambda row: row.month.isoformat())
        self.grid = Grid(look, self.months, "Free reserves, now and with changes", sortable=False)
        self._slot.addWidget(self.chart)
        self._slot.addWidget(self.grid)
        self.swap_link = button("Show as a table", "link", self.swap)
        self.swap_link.setToolTip(tr("Show the chart as a table (Ctrl+T)"))
        self.add_link(self.swap_link)
        self.body.addWidget(self._slot, 1)

    def present(self, now: Sums, then: Sums) -> None:
        """Show free reserves now and with changes."""
        if self._now is None or self._now[0] is not now:
            self._now = now, runway_of(now, ())
        stands, would = self._now[1], runway_of(then, ())
        self.chart.present(_beside(would, stands))
        self._both = stands, would
        if self._slot.currentIndex() == 1:
            self._show_months()

    def _show_months(self) -> None:
        """Fill the table, which nobody sees while the chart stands before it."""
        if self._both is None:
            return
        stands, would = self._both
        self.months.present(
            tuple(
                MonthRow(
                    month,
                    (stands.lines[0].pence[at], stands.lines[1].pence[at]),
                    (would.lines[0].pence[at], would.lines[1].pence[at]),
                )
                for at, month in enumerate(would.months)
            )
        )

    def swap(self) -> None:
        """Show the table instead of the chart, or back."""
        as_table = self._slot.currentIndex() == 0
        if as_table:
            self._show_months()
        self._slot.setCurrentIndex(1 if as_table else 0)
        self.swap_link.setText("Show as a chart" if as_table else "Show as a table")
        if as_table:
            self.grid.setFocus()

    def _read(self, said: str) -> None:
        self.note.setText(said or "thin grey: now · thick: with these changes")


def _beside(would: Runway, stands: Runway) -> Runway:
    sentence = "; ".join(f"{line.certainty} {line.ends}" for line in would.lines[: len(_BOTH)])
    return replace(
        would,
        lines=would.lines[: len(_BOTH)],
        ghosts=stands.lines[: len(_BOTH)],
        cliffs=(),
        meetings=(),
        sentence=f"Free reserves with these changes: {sentence}",
    )


class WordsCard(QFrame):
    """Now, what we want, and how we get there, in the charity's own words."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setObjectName("card")
        self.setAccessibleName(tr("In words"))
        self.fields: dict[str, QPlainTextEdit] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 14, 10)
        row.setSpacing(14)
        for name, title, hint in _PARTS:
            field = QPlainTextEdit()
            field.setObjectName("words")
            field.setPlaceholderText(tr(hint))
            field.setAccessibleName(tr(title))
            field.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            field.setTabChangesFocus(True)
            field.setFrameShape(QFrame.Shape.NoFrame)
            field.document().setDocumentMargin(1)
            self.fields[name] = field
            part = QVBoxLayout()
            part.setSpacing(2)
            part.addWidget(label(title, scale="section"))
            part.addWidget(field)
            row.addLayout(part, 1)
        look.follow(self, self._measure)

    def _measure(self) -> None:
        lines = self._look.metrics().lineSpacing() * 3
        for field in self.fields.values():
            field.setFixedHeight(lines + 22)

    def show_words(self, scenario: Scenario) -> None:
        """Show the words of a scenario."""
        for name, field in self.fields.items():
            field.setPlainText(getattr(scenario, name) or "")

    def scenario(self) -> Scenario:
        """A scenario of no title with these words."""
        said = {name: field.toPlainText().strip() or None for name, field in self.fields.items()}
        return Scenario(key="", title="", now=said["now"], want=said["want"], how=said["how"])
