"""Awards not yet secured, by stage, as a board or a table; below, whether and when to bid.

Probable and possible stand apart and are never added. Moving an award to a firmer stage asks first
for what it rests on. Every figure comes from `core.pipeline`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from fundtrack.core import words
from fundtrack.core.ladder import ORDER
from fundtrack.core.model import Bid
from fundtrack.core.pipeline import LOST, STAGES, Card, Pipeline, moved, wants_evidence
from fundtrack.core.plain import decimal_text
from fundtrack.core.schedule import last_day
from fundtrack.core.wishes import stage_name
from fundtrack.gui import kinds, wishes
from fundtrack.gui.dialogs.evidence import EvidenceDialog
from fundtrack.gui.pages.page import Page
from fundtrack.gui.speech import tr
from fundtrack.gui.table import Column, Table
from fundtrack.gui.widgets.board import Board, CertaintyTotal
from fundtrack.gui.widgets.flow import Flow
from fundtrack.gui.widgets.frame import (
    Card as Surface,
)
from fundtrack.gui.widgets.frame import (
    Segments,
    button,
    label,
    row_of,
    strengthened,
    with_icon,
)
from fundtrack.gui.widgets.grid import Grid
from fundtrack.gui.widgets.room import Stack
from fundtrack.gui.widgets.search import search_field

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from fundtrack.core.edit import Edit
    from fundtrack.core.ladder import Ladder
    from fundtrack.core.model import Award, Stage
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View

_BOARD, _TABLE = 0, 1
_ROAD: tuple[Stage, ...] = (*STAGES, "awarded")
"""Where a card can be stepped to, in order: past the last column the award is won."""
_WIDE = 800
_NONE = (
    "Add an award you mean to ask for, and see by when its bid must go "
    "in and which posts it would keep."
)


class PipelinePage(Page):
    """What is not secured yet, and what to do next about it."""

    name = "pipeline"
    title = "Pipeline"
    icon = "columns"

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.found: Pipeline | None = None
        self.switch = Segments(("Board", "Table"), "How the pipeline is shown")
        self.add_button = with_icon(button("Add award"), look, "plus")
        self.search = search_field(look, "Filter the pipeline")
        for part in (self.switch, self.add_button, self.search):
            self.header.add(part)
        self.totals = Totals(look)
        self.board = Board(look)
        self.table: Table[Card] = Table(
            self._columns(), key=lambda card: card.key, refusal=self._refusal
        )
        self.grid = PipelineGrid(look, self.table)
        self.panel = BidPanel(look)
        self.move_menu = QMenu(self)
        self.panel.move_button.setMenu(self.move_menu)
        self._none = label(_NONE, tone="muted", wrap=True)
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._none.setObjectName("none")
        self._slot = Stack()
        self._slot.addWidget(self.board)
        self._slot.addWidget(_framed(self.grid))
        upper = QWidget()
        stack = QVBoxLayout(upper)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.addWidget(self._slot, 1)
        stack.addWidget(self._none)
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.setChildrenCollapsible(False)
        halves.setHandleWidth(10)
        halves.addWidget(upper)
        halves.addWidget(self.panel)
        halves.setStretchFactor(0, 1)
        halves.setStretchFactor(1, 0)
        halves.setSizes([450, 176])
        self.body.addWidget(self.totals)
        self.body.addWidget(halves, 1)
        self._wire()

    def _wire(self) -> None:
        self.switch.chosen.connect(self._switch_to)
        self.add_button.clicked.connect(self.add)
        self.search.textChanged.connect(lambda _text: self._refill())
        for name, why_link in self.totals.whys.items():
            why_link.clicked.connect(partial(self._ask_why_total, name))
        self.totals.ended.clicked.connect(lambda: self.open_wanted.emit("awards."))
        self.board.chosen.connect(lambda _key: self._show_chosen())
        self.board.opened.connect(self._open_award)
        # A drop must be over before anything is asked, or the mouse stays caught in it.
        self.board.move_wanted.connect(
            lambda key, stage: QTimer.singleShot(0, self, partial(self.move_card, key, stage))
        )
        self.board.step_wanted.connect(self.step)
        self.table.edit_wanted.connect(self.edit_wanted)
        self.grid.given_up.connect(self.trouble)
        self.grid.chosen.connect(lambda _key: self._show_chosen())
        self.grid.step_wanted.connect(self.step)
        self.grid.remove_wanted.connect(self._remove)
        self.panel.open_button.clicked.connect(lambda: self._open_award(self._current()))
        self.move_menu.aboutToShow.connect(self._list_stages)
        for view in (column.list for column in self.board.columns.values()):
            view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            view.customContextMenuRequested.connect(partial(self._ask_where, view))

    # --- values in ---

    def fill(self, view: View) -> None:
        """Put everything not yet secured on the page."""
        self.found = view.later.pipeline
        self.table.editable = not view.read_only
        self.board.cards.movable = not view.read_only
        self.add_button.setVisible(not view.read_only)
        counted = words.count(len(self.found.cards), "award")
        self.header.say(
            f"{counted} not yet secured" if self.found.cards else "Nothing hoped for yet"
        )
        self.totals.present(self.found)
        self._refill()

    def _refill(self) -> None:
        view, found = self.view, self.found
        if view is None or found is None:
            return
        sought = self.search.text().casefold().split()
        kept = {card.key for card in found.cards if _holds(card, sought)}
        self.board.present(_only(found, kept), view.outlook.today)
        self.grid.present(tuple(card for card in found.cards if card.key in kept))
        if not self.grid.current_key and self.grid.sorted.rowCount():
            self.grid.choose(self.board.current_key, 0)
        shown = bool(kept)
        self._slot.setVisible(shown or not found.cards)
        self._none.setVisible(not shown)
        self._none.setText(
            f"Nothing in the pipeline holds “{self.search.text()}”. Clear the filter to see all."
            if found.cards
            else _NONE
        )
        self._show_chosen()

    def _refusal(self, edit: Edit) -> str:
        return self.view.refusal(edit) if self.view is not None else ""

    # --- the chosen card ---

    def rest(self) -> None:
        """Put the keyboard on the board or the table."""
        if self._slot.currentIndex() == _TABLE:
            self.grid.setFocus()
        elif self.found is not None and self.found.cards:
            self.board.rest()
        else:
            self.add_button.setFocus()

    def look_for(self) -> None:
        """Go to the filter."""
        self.search.setFocus()
        self.search.selectAll()

    def swap_chart(self) -> None:
        """Show the board as a table, or back."""
        self.switch.choose(_TABLE if self._slot.currentIndex() == _BOARD else _BOARD)
        self.rest()

    def open(self, key: str) -> None:
        """Go to a card."""
        self.search.clear()
        self._choose(key)
        self.rest()

    def _ask_why_total(self, certainty: str) -> None:
        self.why_wanted.emit(f"pipeline.total.{certainty}")

    def figure_asked(self) -> str:
        """The card's aid where one stands and the keyboard is on it, else its first safe date."""
        card = self._card(self._current())
        if card is None:
            return "pipeline.total.probable"
        if self.panel.aid_grid.hasFocus() and card.aid is not None:
            return f"pipeline.{card.key}.worth"
        if self.grid.hasFocus():
            name = self.grid.table.columns[self.grid.currentIndex().column()].name
            if name == "amount":
                return f"pipeline.{card.key}.amount"
        return f"pipeline.{card.key}.first_safe"

    def _switch_to(self, at: int) -> None:
        key = self._current()
        self._slot.setCurrentIndex(at)
        self._choose(key)

    def _current(self) -> str:
        as_board = self._slot.currentIndex() == _BOARD
        return self.board.current_key if as_board else self.grid.current_key

    def _choose(self, key: str) -> None:
        self.board.choose(key)
        self.grid.choose(key)
        self._show_chosen()

    def _card(self, key: str) -> Card | None:
        cards = () if self.found is None else self.found.cards
        return next((card for card in cards if card.key == key), None)

    def _show_chosen(self) -> None:
        card = self._card(self._current())
        self.panel.setVisible(card is not None)
        if card is not None and self.view is not None:
            self.panel.present(card, self.view)
        self.tell_figure()

    # --- wishes out ---

    def add(self) -> None:
        """Add an idea, and open its title for typing."""
        if self.view is None or self.view.read_only:
            return
        edit, key = wishes.new_award(self.view.portfolio, self.view.outlook.today)
        self.search.clear()
        self.switch.choose(_TABLE)
        self.edit_wanted.emit(edit)
        self.grid.change(key, "title")

    def step(self, key: str, way: int) -> None:
        """Move a card one stage on or back."""
        card = self._card(key)
        if card is None:
            return
        at = _ROAD.index(card.stage) + way
        if 0 <= at < len(_ROAD):
            self.move_card(key, _ROAD[at])
        else:
            self.trouble.emit(f"{card.title} is at the first stage already.")

    def move_card(self, key: str, stage: Stage) -> None:
        """Move a card to a stage; for a firmer one, ask first what it rests on."""
        view, card = self.view, self._card(key)
        if view is None or view.read_only or card is None or card.stage == stage:
            return
        evidence = None
        if wants_evidence(card.stage, stage):
            dialog = EvidenceDialog(self.look, card.title, stage, view.outlook.today, self)
            accepted, evidence = dialog.exec(), dialog.evidence
            dialog.deleteLater()
            if not accepted or evidence is None:
                return
        self.edit_wanted.emit(moved(view.portfolio, key, stage, evidence))

    def _remove(self, keys: tuple[str, ...]) -> None:
        if self.view is not None:
            self.edit_wanted.emit(wishes.removal(self.view.portfolio, "awards", keys))

    def _open_award(self, key: str) -> None:
        if key:
            self.open_wanted.emit(f"awards.{key}")

    def _list_stages(self) -> None:
        self.move_menu.clear()
        card = self._card(self._current())
        if card is None:
            return
        for stage in (*_ROAD, *LOST):
            if stage == LOST[0]:
                self.move_menu.addSeparator()
            action = self.move_menu.addAction(words.sentence(stage_name(stage)))
            action.setEnabled(stage != card.stage)
            # The menu closes first: a question asked from inside it would be closed with it.
            do = partial(self.move_card, card.key, stage)
            action.triggered.connect(lambda _on=False, do=do: QTimer.singleShot(0, self, do))

    def _ask_where(self, view: QWidget, at: QPoint) -> None:
        if self.view is None or self.view.read_only or not self._current():
            return
        self._list_stages()
        self.move_menu.popup(view.mapToGlobal(at))

    # --- the table ---

    def _columns(self) -> tuple[Column[Card], ...]:
        return (
            Column(
                name="title",
                title="Award",
                value=lambda card: card.title,
                edit=self._set("title", "Change title"),
                tip=lambda card: card.title,
                stretch=True,
            ),
            Column(
                name="funder",
                title="Funder",
                value=lambda card: card.funder,
                tip=lambda card: card.funder,
                width=17,
                most=32,
                optional=True,
            ),
            Column(
                name="stage",
                title="Stage",
                kind=kinds.CHOICE,
                value=lambda card: card.stage,
                shown=lambda card: words.sentence(stage_name(card.stage)),
                width=16,
            ),
            Column(
                name="certainty",
                title="Certainty",
                kind=kinds.COVER,
                value=lambda card: card.certainty,
                width=11,
            ),
            Column(
                name="amount",
                title="Amount",
                kind=kinds.POUNDS,
                value=lambda card: card.amount,
                edit=self._set("amount", "Change amount"),
                width=9,
            ),
            Column(
                name="chance",
                title="Chance",
                kind=_CHANCE,
                value=lambda card: card.chance,
                edit=self._set("probability", "Change chance"),
                width=6,
            ),
            Column(
                name="deadline",
                title="Bid deadline",
                kind=kinds.OPTIONAL_DATE,
                value=lambda card: card.bid_deadline,
                edit=self._set_bid("deadline", "Move bid deadline"),
                width=11,
            ),
            Column(
                name="decision",
                title="Decision",
                kind=kinds.OPTIONAL_DATE,
                value=lambda card: card.decision_expected,
                edit=self._set_bid("decision_expected", "Move decision expected"),
                width=11,
            ),
            Column(
                name="safe",
                title="First safe",
                kind=kinds.DATE,
                value=lambda card: card.first_safe,
                tip=lambda _card: "The first day by which something had to be begun",
                width=11,
            ),
            Column(
                name="evidence",
                title="Evidence",
                value=lambda card: None if card.said is None else card.said.counts,
                shown=_grade,
                tip=lambda card: card.doubt,
                width=8,
            ),
            Column(
                name="status",
                title="Status",
                kind=kinds.STATUS,
                value=lambda card: card.status if card.next_by is not None else None,
                width=9,
            ),
        )

    def _award(self, card: Card) -> Award:
        if self.view is None:
            raise LookupError(card.key)
        return self.view.portfolio.awards_by_key[card.key]

    def _set(self, field: str, what: str) -> Callable[[Card, object], Edit]:
        return lambda card, value: wishes.set_field(
            "awards", self._award(card), field, value, f"{what} of {card.title}"
        )

    def _set_bid(self, field: str, what: str) -> Callable[[Card, date | None], Edit]:
        def edit(card: Card, value: date | None) -> Edit:
            award = self._award(card)
            bid = award.bid or Bid()
            moved_ = (
                replace(bid, deadline=value)
                if field == "deadline"
                else replace(bid, decision_expected=value)
            )
            return wishes.set_field("awards", award, "bid", moved_, f"{what} of {card.title}")

        return edit


_CHANCE = replace(
    kinds.PERCENT,
    read=lambda text, before: (
        kinds.PERCENT.read(text, before) if text.strip() and kinds.PERCENT.read else None
    ),
)


def _grade(card: Card) -> str:
    return "" if card.said is None else f"Grade {card.said.counts}"


def _holds(card: Card, sought: list[str]) -> bool:
    said = f"{card.title} {card.funder}".casefold()
    return all(word in said for word in sought)


def _only(found: Pipeline, kept: set[str]) -> Pipeline:
    """The board with the cards that a filter keeps."""
    columns = tuple(
        replace(column, cards=tuple(card for card in column.cards if card.key in kept))
        for column in found.columns
    )
    return replace(found, columns=columns)


def _framed(grid: Grid) -> QFrame:
    frame = Surface("")
    frame.title.hide()
    frame.note.hide()
    frame.body.setContentsMargins(1, 1, 1, 1)
    frame.body.addWidget(grid, 1)
    return frame


class PipelineGrid(Grid):
    """The pipeline as a table, in which Ctrl with an arrow moves an award as on the board."""

    step_wanted = Signal(str, int)

    def __init__(self, look: Look, table: Table[Card]) -> None:
        super().__init__(look, table, "Pipeline")
        self.can_remove = True

    def menu(self) -> QMenu:
        """Also: on or back a stage."""
        menu = super().menu()
        key = self.current_key
        if self.table.editable:
            menu.addSeparator()
            self._offer(menu, "Move &on a stage", "Ctrl+→", lambda: self.step_wanted.emit(key, 1))
            self._offer(
                menu, "Move &back a stage", "Ctrl+←", partial(self.step_wanted.emit, key, -1)
            )
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the award the keyboard is on, or do as every table does."""
        way = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if way and event.modifiers() & Qt.KeyboardModifier.ControlModifier and self.current_key:
            self.step_wanted.emit(self.current_key, way)
        else:
            super().keyPressEvent(event)


class Totals(QFrame):
    """Probable and possible side by side, and how many bids came to nothing."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(tr("Totals"))
        self.probable, self.possible = CertaintyTotal(look), CertaintyTotal(look)
        self.ended = button("", "small")
        self.ended.setToolTip(tr("See them in Awards"))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 14, 6)
        row.setSpacing(28)
        self.whys = {name: _why_total(name) for name in ("probable", "possible")}
        pairs = Flow(28)
        for name, total in (("probable", self.probable), ("possible", self.possible)):
            pair = QWidget()
            beside = row_of(total, self.whys[name], spacing=28)
            beside.setContentsMargins(0, 0, 0, 0)
            pair.setLayout(beside)
            pairs.addWidget(pair)
        row.addLayout(pairs, 1)
        self._apart = label("Shown apart, never added up", tone="muted")
        row.addWidget(self._apart)
        row.addWidget(self.ended)

    def present(self, found: Pipeline) -> None:
        """Show what is hoped for at each certainty."""
        shown = {"probable": self.probable, "possible": self.possible}
        for total in found.totals:
            awards = words.count(total.count, "award")
            shown[total.certainty].show_total(
                total.certainty, words.whole_pounds(total.amount), awards
            )
        ended = [f"{stage} {found.lost[stage]}" for stage in LOST if found.lost[stage]]
        self.ended.setText(f"Ended: {', '.join(ended)}" if ended else "")
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what can be spared where there is too little room."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        needed = self.probable.sizeHint().width() + self.possible.sizeHint().width()
        needed += sum(each.sizeHint().width() + 28 for each in self.whys.values())
        needed += self.ended.sizeHint().width() + self._apart.sizeHint().width() + 130
        self._apart.setVisible(needed <= self.width())
        needed -= self._apart.sizeHint().width() + 28
        self.ended.setVisible(bool(self.ended.text()) and needed <= self.width())


def _why_total(certainty: str) -> QPushButton:
    made = button("Why?", "link")
    made.setToolTip(tr("Award by award"))
    made.setAccessibleName(tr(f"Why this total of {certainty} money?"))
    return made


# --- the lower panel ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AidLine:
    """One line of bid or no bid."""

    name: str
    basis: str
    value: str


_AID_COLUMNS: tuple[Column[AidLine], ...] = (
    Column(name="name", title="What", value=lambda line: line.name, width=13),
    Column(
        name="basis",
        title="Basis",
        value=lambda line: line.basis,
        tip=lambda line: line.basis,
        stretch=True,
    ),
    Column(
        name="value",
        title="Amount",
        kind=kinds.Kind(name="text", text=str, figure=True),
        value=lambda line: line.value,
        width=9,
        strong=True,
    ),
)


def aid_lines(card: Card) -> tuple[AidLine, ...]:
    """Value × chance − what bidding costs: an aid to choosing, never a forecast."""
    aid = card.aid
    if aid is None:
        return ()
    basis = f"{words.whole_pounds(aid.value)} × {decimal_text(aid.chance)}%"
    hours = f"{decimal_text(aid.hours)} hours" if aid.hours is not None else ""
    if aid.cost is None:
        hours = "not recorded" if not hours else f"{hours}, cost not recorded"
    cost = "" if aid.cost is None else words.whole_pounds(-aid.cost)
    return (
        AidLine("Value × chance", basis, words.whole_pounds(aid.expected)),
        AidLine("Cost of bidding", hours, cost),
        AidLine("Worth", "an aid, no forecast", words.whole_pounds(aid.worth)),
    )


class BidPanel(Surface):
    """The chosen award: bid or no bid, what rests on it, and what comes next."""

    def __init__(self, look: Look) -> None:
        super().__init__("")
        self.look = look
        self.title.hide()
        self.note.hide()
        self.heading = label("", scale="section")
        self.heading.setWordWrap(True)
        self.aid: Table[AidLine] = Table(_AID_COLUMNS, key=lambda line: line.name)
        self.aid_grid = Grid(look, self.aid, "Bid or no bid", fits=True, header=False)
        self.no_aid = label(
            "No chance is recorded. Give one in the table, and the value of the bid is worked out.",
            tone="muted",
            wrap=True,
        )
        self.rests, self.doubt, self.lateness = _said(), _said(), _said(muted=True)
        self.advice = label(words.PLANNING, scale="caption", tone="muted", wrap=True)
        self.next, self.then = _said(), _said(muted=True)
        self.open_button = button("Open award", "small")
        self.move_button = button("Move to…", "small")
        self.move_button.setToolTip(tr("Move to another stage (Ctrl+← and Ctrl+→)"))
        inside = QWidget()
        inside.setObjectName("inside")
        self._parts = QBoxLayout(QBoxLayout.Direction.LeftToRight, inside)
        self._parts.setContentsMargins(0, 0, 0, 0)
        self._parts.setSpacing(14)
        self._lines = (_line(), _line())
        self._parts.addLayout(_column(self.heading, self.aid_grid, self.no_aid), 35)
        self._parts.addWidget(self._lines[0])
        rests = label("What rests on it", scale="section")
        self._parts.addLayout(
            _column(rests, self.rests, self.doubt, self.lateness, self.advice), 33
        )
        self._parts.addWidget(self._lines[1])
        following = _column(label("Next", scale="section"), self.next, self.then)
        following.insertLayout(3, row_of(self.open_button, self.move_button))
        self._parts.addLayout(following, 32)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        self.body.addWidget(scroll, 1)

    def present(self, card: Card, view: View) -> None:
        """Show one card."""
        self.setAccessibleName(tr(card.title))
        self.heading.setText(f"Bid or no bid: {card.title}")
        lines = aid_lines(card)
        self.aid_grid.present(lines)
        self.aid_grid.setVisible(bool(lines))
        self.no_aid.setVisible(not lines)
        _tell(self.rests, *rests_on(card, view))
        _tell(self.doubt, card.doubt)
        _tell(self.lateness, decided_late(card))
        self.advice.setVisible(bool(card.posts))
        _tell(self.next, *next_step(card, view))
        _tell(self.then, why_then(card, view))
        self.move_button.setVisible(not view.read_only)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand the parts side by side, or one above the other."""
        super().resizeEvent(event)
        beside = self.width() >= self.look.px(_WIDE)
        way = QBoxLayout.Direction
        self._parts.setDirection(way.LeftToRight if beside else way.TopToBottom)
        for line in self._lines:
            line.setVisible(beside)


def _said(*, muted: bool = False) -> QLabel:
    made = label("", tone="muted" if muted else "", wrap=True)
    made.setTextFormat(Qt.TextFormat.RichText)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def _tell(words_: QLabel, text: str, strong: tuple[str, ...] = ()) -> None:
    words_.setText(strengthened(text, strong))
    words_.setAccessibleName(tr(text))
    words_.setVisible(bool(text))


def _line() -> QFrame:
    line = QFrame()
    line.setObjectName("rule")
    line.setFixedWidth(1)
    return line


def _column(*widgets: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(5)
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch(1)
    return column


Told = tuple[str, tuple[str, ...]]
"""A sentence, and its parts to embolden."""


def rests_on(card: Card, view: View) -> Told:
    """Which posts the award would keep, and until when they are paid for without it."""
    if not card.posts:
        return "New work: no post is charged to it yet.", ()
    posts = f"{words.count(len(card.posts), 'post')}, {card.fte:.2f} FTE"
    before = view.portfolio.awards_by_key.get(card.renews or "")
    paid = f", paid to {words.day(last_day(before))}" if before is not None else ""
    strong, said = [posts], f"{posts}{paid}."
    for kind, verb in (("consultation", "Consult from"), ("notice", "Notice by")):
        day = _rung_day(card, view, kind)
        if day is not None:
            when = words.near_weekday(day, view.outlook.today)
            said += f" {verb} {when}."
            strong.append(when)
    return said, tuple(strong)


def _rung_day(card: Card, view: View, kind: str) -> date | None:
    """The day of a rung on the ladder of what the award would renew."""
    ladder: Ladder | None = next(
        (each for each in view.outlook.ladders if each.cliff == f"award:{card.renews}"), None
    )
    rungs = () if ladder is None else ladder.rungs
    return next((rung.date for rung in rungs if rung.kind == kind and not rung.done), None)


def decided_late(card: Card) -> str:
    """How this funder has kept to the days it stated."""
    late = card.lateness
    if late is None:
        return ""
    times = words.count(len(late.decisions), "decision")
    last = _days_late(late.latest.late)
    return f"{card.funder} decided {last} last time (median of {times}: {_days_late(late.median)})."


def _days_late(days: int) -> str:
    if days == 0:
        return "on its day"
    return f"{words.count(abs(days), 'day')} {'late' if days > 0 else 'early'}"


_DO = {
    "writing": "Start writing by",
    "submit": "Submit the bid by",
    "decision": "Trustees decide by",
    "consultation": "Start consultation by",
    "notice": "Give notice by",
    "end": "The money it follows ends on",
}


def next_step(card: Card, view: View) -> Told:
    """What to do next, by when."""
    if card.next_by is None or card.next_kind is None:
        return f"The award begins on {words.day(card.start)}.", ()
    today = view.outlook.today
    when = words.near_weekday(card.next_by, today)
    away = words.days_away(card.next_by, today)
    if card.next_by < today:
        return f"{_DO[card.next_kind].removesuffix(' by')}: overdue since {when}, {away}.", (when,)
    return f"{_DO[card.next_kind]} {when}, {away}.", (when,)


def why_then(card: Card, view: View) -> str:
    """What the funder's own days mean beside that day."""
    today, said = view.outlook.today, []
    if card.bid_deadline is not None and card.next_kind in ORDER[:2]:
        said.append(f"The funder's own deadline is {words.near_weekday(card.bid_deadline, today)}.")
    if card.decision_expected is not None:
        expected = words.near_weekday(card.decision_expected, today)
        late = card.decided_late
        after = f", {words.count(late, 'day')} after consultation must start" if late else ""
        said.append(f"It says it will decide by {expected}{after}.")
    elif card.stage in STAGES[2:]:
        said.append("The funder has not said when it decides.")
    if card.first_safe < today and card.next_kind in ORDER[:2]:
        said.append(f"The first safe day was {words.near_weekday(card.first_safe, today)}.")
    return " ".join(said)
