"""The first page: whose job is unfunded, from when, and by which date to act.

Three sentences; every cliff as a row of dated rungs; free reserves month by month; the figures
trustees ask for; the money that ends within a year, and the posts at risk.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from fundtrack.core import words
from fundtrack.core.forecast import recorded
from fundtrack.core.glance import AtRisk, Doubt, Ending, KeyFigure
from fundtrack.core.model import CERTAINTIES
from fundtrack.core.month_told import MonthTold, Named, month_told
from fundtrack.core.plain import decimal_text
from fundtrack.core.why_sentences import SENTENCES
from fundtrack.gui import kinds, marks
from fundtrack.gui.pages.page import MARGIN, Page
from fundtrack.gui.speech import tr
from fundtrack.gui.table import ROW_ROLE, Column, Table
from fundtrack.gui.widgets.absence import Absence
from fundtrack.gui.widgets.frame import Card, button, label, strengthened
from fundtrack.gui.widgets.grid import Grid
from fundtrack.gui.widgets.rungs import (
    FOLDS_ABOVE,
    RUNG,
    LadderRow,
    RungDelegate,
    ladder_columns,
    ladder_row,
    paint_folded,
    row_height_of,
)
from fundtrack.gui.widgets.runway import RunwayChart, runway_of

if TYPE_CHECKING:
    from fundtrack.core.away import Away
    from fundtrack.core.glance import Answer
    from fundtrack.core.outlook import Outlook
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View

_NARROW = 860
_WIDE = 1500
_BESIDE = 480
_FEWEST_ROWS = 4
_AT_RISK, _ENDINGS = 9, 8
Row = TypeVar("Row")
_ENDS = 1
_ENDS_WIDTH, _LEAST_ENDS, _RUNG, _WIDEST_RUNG = 330, 200, 78, 140


class Overview(Page):
    """The first page of a book."""

    name = "overview"
    title = "Overview"
    icon = "house"

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._away: Away | None = None
        self._away_shown = False
        self.absence = Absence(look)
        self.sentences = _Sentences(look)
        self.ladder = ActBy(look)
        self.runway = RunwayCard(look)
        self.figures = FiguresCard(look)
        self.endings: ShortList[Ending] = ShortList(
            look,
            "Money ending within 12 months",
            "No secured award ends within 12 months.",
            Table(_ENDING_COLUMNS, key=lambda row: f"award:{row.key}"),
            _ENDINGS,
        )
        self.at_risk: ShortList[AtRisk] = ShortList(
            look,
            "Posts at risk",
            "None: secured money pays for every filled post.",
            Table(_RISK_COLUMNS, key=lambda row: f"post:{row.key}"),
            _AT_RISK,
        )
        self.doubts: ShortList[Doubt] = ShortList(
            look,
            "Worth a look",
            "",
            Table(_DOUBT_COLUMNS, key=lambda row: f"{row.record} {row.says}"),
            _ENDINGS,
        )
        inside = QWidget()
        inside.setObjectName("page")
        self._stack = QVBoxLayout(inside)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(10)
        self._stack.addWidget(self.absence)
        self._stack.addWidget(self.sentences)
        self._stack.addWidget(self.ladder)
        self._lower = QGridLayout()
        self._lower.setSpacing(10)
        self._stack.addLayout(self._lower, 1)
        self._stack.addWidget(self.doubts)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._scroll.setWidget(inside)
        self.body.addWidget(self._scroll)
        self._leave_room_for_the_bar()
        self._columns = 0
        self._arrange()
        for opener in (self.ladder, self.endings, self.at_risk):
            opener.grid.opened.connect(self._open_row)
        self.doubts.grid.opened.connect(lambda key: self.open_wanted.emit(key.partition(" ")[0]))
        self.ladder.open_button.clicked.connect(self._open_first)
        self.figures.why_link.clicked.connect(lambda _checked=False: self.ask_why())
        self.sentences.asked.connect(self.why_wanted)
        self.sentences.reached.connect(self.figure_moved)
        self.figures.grid.chosen.connect(lambda _key: self.tell_figure())
        self.runway.chart.read.connect(lambda said: self.tell_figure() if said else None)
        self.runway.grid.selectionModel().currentChanged.connect(lambda *_: self.tell_figure())
        self.runway.opened.connect(self._follow)
        self.absence.opened.connect(self.open_wanted)

    def tell_of_absence(self, away: Away) -> None:
        """Say in one line what happened while this person was away."""
        self._away = away
        if self.view is not None:
            self.absence.present(_away_for(self.view, away))

    def _follow(self, link: str) -> None:
        """Open a record of the month being read, or ask why one of its figures is what it is."""
        if link.startswith(_WHY):
            self.runway.chart.ask_of(link.removeprefix(_WHY))
            self.ask_why()
        else:
            self.open_wanted.emit(link)

    def fill(self, view: View) -> None:
        """Put a book on the page."""
        seen, glance = view.outlook, view.glance
        self.header.say(f"Today is {words.long_day(seen.today)}")
        if self._away is not None and self._away_shown != view.for_trustees:
            self.absence.take(_away_for(view, self._away))
        self._away_shown = view.for_trustees
        self.sentences.present(seen)
        rows = tuple(ladder_row(step, view.portfolio, seen.today) for step in glance.steps)
        self.ladder.present(glance.answer, rows)
        self.runway.present(seen, view.portfolio.organisation.board_meetings)
        self.figures.present(glance.figures, glance.figures_basis)
        book, at_risk = view.portfolio, glance.at_risk
        self.endings.present(glance.endings, none="" if book.awards else "No awards yet.")
        counted = words.count(len(at_risk), "post") if at_risk else ""
        self.at_risk.present(at_risk, counted, "" if book.posts else "No posts yet.")
        self.doubts.present(glance.doubts, "counted as it stands")
        self.doubts.setVisible(bool(glance.doubts))
        self._fit_ladder()

    def figure_asked(self) -> str:
        """What the keyboard is on: a sentence, a post or award, a month, else a key figure."""
        if self.sentences.figure:
            return self.sentences.figure
        for grid in (self.ladder.grid, self.at_risk.grid, self.endings.grid):
            key = grid.current_key if grid.hasFocus() else ""
            kind, _, name = key.partition(":")
            if kind == "post":
                return f"posts.{name}.cliff_date"
            if key in _OF_THE_WHOLE:
                return _OF_THE_WHOLE[key]
            if kind in _CLIFFS:
                return f"cliffs.{key}.over_12_months"
        if (asked := self.runway.figure_asked()) is not None:
            certainty, month = asked
            return f"forecast.{certainty}.{month:%Y-%m}.unrestricted_closing"
        return f"figures.{self.figures.grid.current_key or 'Free reserves'}"

    def swap_chart(self) -> None:
        """Show the runway chart as a table, or back."""
        self.runway.swap()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the lower cards out for the width there is."""
        super().resizeEvent(event)
        self._arrange()
        self._fit_ladder()

    def _leave_room_for_the_bar(self) -> None:
        """Let the scroll bar stand in the page's margin."""
        bar = 14
        whole = cast("QVBoxLayout", self.layout())
        whole.setContentsMargins(MARGIN, 0, MARGIN - bar, 0)
        self.header.setContentsMargins(0, 0, bar, 0)
        said = QHBoxLayout()
        said.setContentsMargins(0, 0, bar, 0)
        at = whole.indexOf(self.message)
        said.addWidget(self.message)
        whole.insertLayout(at, said)
        self._stack.setContentsMargins(0, 0, bar, 12)

    def _fit_ladder(self) -> None:
        """Show as many rows as leave room for the cards below."""
        spare = self.height() - self.look.px(690)
        self.ladder.show_at_most(max(_FEWEST_ROWS, spare // self.ladder.grid.row_height()))

    def _arrange(self) -> None:
        """Three columns on a wide screen, two usually, one when narrow or the letters are large."""
        width = self.width() * 100 // self.look.text_size
        columns = 1 if width < _NARROW else 2 if width < _WIDE else 3
        if columns == self._columns:
            return
        self._columns = columns
        places = _PLACES[columns]
        self.sentences.stand(upright=columns == 1)
        cards: tuple[QWidget, ...] = (self.runway, self.at_risk, self.figures, self.endings)
        for card, (row, column, high) in zip(cards, places, strict=True):
            self._lower.removeWidget(card)
            self._lower.addWidget(card, row, column, high, 1)
        for column in range(3):
            self._lower.setColumnStretch(column, _STRETCH[columns][column])

    def _open_row(self, key: str) -> None:
        self.open_wanted.emit(record_of(key))

    def _open_first(self) -> None:
        if self.view is not None:
            step = self.view.glance.answer.step
            self.open_wanted.emit(record_of(step) if step else "awards.")


def _away_for(view: View, away: Away) -> Away:
    """What happened; in the trustee view without what others did, which names them."""
    if not view.for_trustees:
        return away
    return replace(away, news=tuple(each for each in away.news if each.kind != "change"))


_PLACES = {
    1: ((0, 0, 1), (1, 0, 1), (2, 0, 1), (3, 0, 1)),
    2: ((0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 1)),
    3: ((0, 0, 2), (0, 1, 2), (0, 2, 1), (1, 2, 1)),
}
_CLIFFS = ("award", "silent", "service", "organisation")
_OF_THE_WHOLE = {
    "organisation:policy": "forecast.secured.floor_breach_month",
    "organisation:reserves": "forecast.secured.reserves_exhausted_month",
    "organisation:free-cash": "figures.Free cash, lowest",
}
"""The figure to ask for where a warning is of the whole charity."""
_STRETCH = {1: (1, 0, 0), 2: (56, 50, 0), 3: (48, 40, 46)}
_LISTS = {"award": "awards", "silent": "awards", "post": "posts", "posts": "posts"}


def record_of(key: str) -> str:
    """Return where a row leads: `post:p1` -> `posts.p1`."""
    kind, _, rest = key.partition(":")
    return f"{_LISTS.get(kind, kind)}.{rest}"


# --- three sentences ---------------------------------------------------------------------


class _Sentences(QWidget):
    """What is agreed, what is hoped for, and what is in reserve: three quiet sentences.

    `asked` carries the figure behind one that is asked why, `reached` the one the keyboard is on.
    """

    asked = Signal(str)
    reached = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        _ = look
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(14)
        self.labels = tuple(self._sentence(self._row, figure) for figure in SENTENCES)

    @property
    def figure(self) -> str:
        """The figure behind the sentence the keyboard is on, or ""."""
        each = zip(self.labels, SENTENCES, strict=True)
        return next((figure for said, figure in each if said.hasFocus()), "")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell which sentence the keyboard has come to; Enter asks why it is so."""
        if event.type() is QEvent.Type.FocusIn and self.figure:
            self.reached.emit(self.figure)
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            self.asked.emit(self.figure)
            return True
        return super().eventFilter(watched, event)

    def stand(self, *, upright: bool) -> None:
        """Stand one above the other, or side by side."""
        way = QBoxLayout.Direction
        self._row.setDirection(way.TopToBottom if upright else way.LeftToRight)

    def _sentence(self, row: QBoxLayout, figure: str) -> QLabel:
        frame = QFrame()
        frame.setObjectName("sentence")
        words_ = label(scale="sentence", wrap=True)
        words_.setTextFormat(Qt.TextFormat.RichText)
        flags = Qt.TextInteractionFlag
        words_.setTextInteractionFlags(flags.TextSelectableByMouse | flags.LinksAccessibleByMouse)
        words_.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        words_.setAccessibleDescription(tr("Enter says why"))
        words_.installEventFilter(self)
        words_.linkActivated.connect(lambda _link: self.asked.emit(figure))
        inner = QVBoxLayout(frame)
        inner.setContentsMargins(8, 0, 0, 0)
        inner.addWidget(words_)
        row.addWidget(frame, 1)
        words_.setAlignment(Qt.AlignmentFlag.AlignTop)
        return words_

    def present(self, outlook: Outlook) -> None:
        for words_, sentence in zip(self.labels, outlook.sentences, strict=True):
            why = f"<a href='why'>{html.escape(tr('Why?'))}</a>"
            words_.setText(f"{strengthened(sentence.text, sentence.strong)} {why}")
            words_.setAccessibleName(tr(sentence.text))


# --- act by ------------------------------------------------------------------------------


class ActBy(Card):
    """The answer in words, then every cliff as a row of dated rungs."""

    def __init__(self, look: Look) -> None:
        super().__init__("Act by", "sorted by the first date you must act")
        self._look = look
        self._all = False
        self._room = _FEWEST_ROWS
        self.more = button("", "link", self._show_all)
        self.add_link(self.more)
        self.open_button = button("Open what ends first", "primary")
        self._hero = QFrame()
        self._hero.setObjectName("hero")
        self._shape = StatusShape(look)
        self.answer = label(scale="hero", wrap=True)
        self.answer.setTextFormat(Qt.TextFormat.RichText)
        self.answer.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        said = QHBoxLayout()
        said.setSpacing(14)
        said.addWidget(self._shape)
        said.addWidget(self.answer, 1)
        self._beside = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._hero)
        self._beside.setContentsMargins(12, 8, 12, 8)
        self._beside.setSpacing(14)
        self._beside.addLayout(said, 1)
        self._beside.addWidget(self.open_button)
        self.table = LadderTable(look)
        self.grid = LadderGrid(look, self.table)
        self.body.addWidget(self._hero)
        self.body.addWidget(self.grid)

    def present(self, answer: Answer, rows: tuple[LadderRow, ...]) -> None:
        """Show the answer and the rows."""
        if self._hero.property("status") != answer.status:
            self._hero.setProperty("status", answer.status)
            self._hero.style().polish(self._hero)
        self._shape.show_status(answer.status)
        self.answer.setText(strengthened(answer.text, answer.strong))
        self.answer.setAccessibleName(tr(answer.text))
        self._begins = not answer.step and not rows
        self.open_button.setVisible(self._begins or answer.step is not None)
        self.open_button.setText(tr("Go to awards") if self._begins else tr("Open what ends first"))
        self.grid.present(rows)
        self.grid.setVisible(bool(rows))
        self._limit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the button below the words where there is little room beside them."""
        super().resizeEvent(event)
        way = QBoxLayout.Direction
        beside = self.width() >= self._look.px(_BESIDE)
        self._beside.setDirection(way.LeftToRight if beside else way.TopToBottom)

    def show_at_most(self, rows: int) -> None:
        """Show this many rows, unless all were asked for."""
        self._room = rows
        self._limit()

    def _show_all(self) -> None:
        self._all = not self._all
        self._limit()

    def _limit(self) -> None:
        rows = len(self.table.rows)
        self.grid.show_at_most(0 if self._all or rows <= self._room + 1 else self._room)
        self.more.setVisible(rows > self._room + 1)
        self.more.setText("Show fewer" if self._all else f"Show all {rows}")


class LadderTable(Table[LadderRow]):
    """The rows of "Act by"; where the rungs have no cells of their own, the words tell them."""

    def __init__(self, look: Look) -> None:
        super().__init__(ladder_columns(), key=lambda row: row.key)
        self._look = look
        self.folded = False

    def spoken(self, row: LadderRow, column: Column[LadderRow]) -> str:
        """What a screen reader says: where rungs have no cells, what ends, and every rung."""
        said = super().spoken(row, column)
        if column.name != "ends" or not self.folded:
            return said
        return "; ".join([said, *(tr(cell.spoken) for cell in row.cells if cell.spoken)])


class LadderGrid(Grid):
    """The rows of "Act by".

    With large letters, or where there is little room, the rungs of a row stand below its words.
    """

    def __init__(self, look: Look, table: LadderTable) -> None:
        self._rungs, self._rows = RungDelegate(look), table
        super().__init__(look, table, "Act by", fits=True, sortable=False, delegate=self._rungs)
        self.setSelectionMode(Grid.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)

    def row_height(self) -> int:
        """Two lines of words, and where it is folded the rungs below them."""
        return row_height_of(self.look, folded=self.is_folded())

    def is_folded(self) -> bool:
        """Whether the rungs of a row stand below its words."""
        return self._rows.folded

    def _fold(self) -> None:
        """Fold the rows, or unfold them, as the letters and the width ask for."""
        look = self.look
        rungs = [each.title for each in self.table.columns if each.kind is RUNG]
        words = self._usual_width(0) + self._usual_width(2) + look.px(_LEAST_ENDS)
        needed = words + sum(self._least_rung(title) for title in rungs)
        folded = look.text_size > FOLDS_ABOVE or self.viewport().width() < needed
        if folded != self._rows.folded:
            self._rows.folded = self._rungs.folded = folded
            self.verticalHeader().setMinimumSectionSize(self.row_height())
            self.verticalHeader().setDefaultSectionSize(self.row_height())
            self.viewport().update()

    def _least_rung(self, title: str) -> int:
        wide = self.look.metrics("caption").horizontalAdvance(title) + self.look.px(14)
        return max(wide, self.look.px(_RUNG))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rungs below the words where the rows are folded."""
        super().paintEvent(event)
        if not self.is_folded():
            return
        painter = QPainter(self.viewport())
        for at in range(self.sorted.rowCount()):
            index = self.sorted.index(at, 0)
            cell = self.visualRect(index)
            row = QRectF(0, cell.top(), self.viewport().width(), cell.height())
            if row.bottom() >= 0 and row.top() <= self.viewport().height():
                paint_folded(painter, row, index.data(ROW_ROLE).cells, self.look)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width: the rungs get what the words do not need."""
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        self._fold()
        top, look = self.horizontalHeader(), self.look
        width = self.viewport().width()
        rungs = [at for at, column in enumerate(self.table.columns) if column.kind is RUNG]
        for at in rungs:
            self.setColumnHidden(at, self.is_folded())
        self._spread()
        if self.is_folded():
            top.setSectionResizeMode(_ENDS, QHeaderView.ResizeMode.Interactive)
            top.resizeSection(_ENDS, max(width - top.sectionSize(0) - top.sectionSize(2), 60))
            self._fit()
            return
        status_and_next = top.sectionSize(0) + top.sectionSize(2)
        spare = (width - status_and_next - look.px(_ENDS_WIDTH)) // len(rungs)
        for at in rungs:
            least = self._least_rung(self.table.columns[at].title)
            top.resizeSection(at, max(min(spare, look.px(_WIDEST_RUNG)), least))
        taken = status_and_next + sum(top.sectionSize(at) for at in rungs)
        top.setSectionResizeMode(_ENDS, QHeaderView.ResizeMode.Interactive)
        top.resizeSection(_ENDS, max(width - taken, look.px(_LEAST_ENDS)))
        self._fit()

    def spare_height(self) -> int:
        """Room for the scroll bar that large letters need."""
        wide = self.horizontalHeader().length() > self.viewport().width()
        return self.horizontalScrollBar().sizeHint().height() if wide else 0


class StatusShape(QWidget):
    """One status shape, large."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._status = "clear"
        look.follow(self, self._measure)

    def _measure(self) -> None:
        self.setFixedSize(QSize(self._look.px(26), self._look.px(26)))
        self.update()

    def show_status(self, status: str) -> None:
        """Show this status."""
        self._status = status
        self.setAccessibleName(tr(marks.STATUS_WORD[status]))
        self.setToolTip(tr(marks.STATUS_WORD[status]))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the shape."""
        painter = QPainter(self)
        centre = QPointF(self.rect().center())
        marks.paint_status(painter, centre, self.width() * 0.36, self._status, self._look)
        painter.end()


# --- runway ------------------------------------------------------------------------------


class RunwayCard(Card):
    """Free reserves at three certainties, as a chart or as a table.

    `opened` carries a record of the month being read, as `awards.core`; "why:probable" asks for
    the sum of what it ends with when probable money is counted.
    """

    opened = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__("Free reserves, month by month", _IF_NOTHING_CHANGES)
        self._look = look
        self._slot = QStackedWidget()
        look.follow(self, lambda: self._slot.setMinimumHeight(look.px(170)))
        self.chart = RunwayChart(look)
        self.chart.read.connect(self._read)
        self.months: Table[MonthRow] = Table(_MONTH_COLUMNS, key=lambda row: row.month.isoformat())
        self.grid = Grid(look, self.months, "Free reserves, month by month", sortable=False)
        self._slot.addWidget(self.chart)
        self._slot.addWidget(self.grid)
        self._outlook: Outlook | None = None
        self._reading = label("", scale="caption", tone="muted", wrap=True)
        self.records = label("", scale="caption", tone="muted", wrap=True)
        self.records.setTextFormat(Qt.TextFormat.RichText)
        self.records.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse)
        self.records.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.records.linkActivated.connect(self.opened)
        # two lines are kept free, so that nothing moves while months are read
        two_lines = self.records.setMinimumHeight
        look.follow(self.records, lambda: two_lines(2 * look.metrics("caption").lineSpacing()))
        self._legend = Legend(look)
        self.swap_link = button("Show as a table", "link", self.swap)
        self.swap_link.setToolTip(tr("Show the chart as a table (Ctrl+T)"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        below = QHBoxLayout()
        below.addWidget(self._legend)
        below.addWidget(self._reading, 1)
        below.addWidget(self.swap_link)
        self.body.addWidget(self._slot, 1)
        self.body.addLayout(below)
        self.body.addWidget(self.records)
        self._read("")

    def present(self, outlook: Outlook, meetings: tuple[date, ...]) -> None:
        """Show free reserves as they will be."""
        self._outlook = outlook
        known = recorded(outlook.workings.portfolio.organisation.balances)
        self.note.setText(tr(_IF_NOTHING_CHANGES if known else _FROM_NOUGHT))
        self._read("")
        self.chart.present(runway_of(outlook, meetings))
        self.months.present(_month_rows(outlook))

    def figure_asked(self) -> tuple[str, date] | None:
        """The certainty and the month that the keyboard is on, or that is being read."""
        if self.grid.hasFocus() and self.grid.current_key:
            name = self.months.columns[self.grid.currentIndex().column()].name
            certainty = name if name in CERTAINTIES else "secured"
            return certainty, date.fromisoformat(self.grid.current_key)
        month = self.chart.reading
        return None if month is None else (self.chart.asked, month)

    def swap(self) -> None:
        """Show the table instead of the chart, or back."""
        as_table = self._slot.currentIndex() == 0
        self._slot.setCurrentIndex(1 if as_table else 0)
        self.records.setVisible(not as_table)
        self._legend.setVisible(not as_table)
        self.swap_link.setText("Show as a chart" if as_table else "Show as a table")
        if as_table:
            self.grid.setFocus()

    def _read(self, said: str) -> None:
        self._legend.setVisible(not said)
        self._reading.setText(said)
        month = self.chart.reading
        linked = said and month is not None and self._outlook is not None
        told = _told_of(month_told(self._outlook, month)) if linked else ""  # type: ignore[arg-type]
        self.records.setText(told or tr(_HOW_TO_READ))
        flags = Qt.TextInteractionFlag
        links = flags.LinksAccessibleByMouse | flags.LinksAccessibleByKeyboard
        self.records.setTextInteractionFlags(links if told else flags.NoTextInteraction)


_IF_NOTHING_CHANGES = "if nothing else changes"
_FROM_NOUGHT = "counted from £0, for none are recorded"
_HOW_TO_READ = "Point at a month, or use ← and →: its figures and records stand here."
_WHY = "why:"
_MOST_NAMED = 2


def _told_of(month: MonthTold) -> str:
    """The records of a month as links, at most two of a sort, and the way to its whole sum."""
    sorts = (
        ("Loses money", month.unpaid),
        ("Last month of", month.ends),
        ("Hoped for from then", month.hoped),
        ("Paid by", month.pays),
    )
    parts = [f"{tr(said)}: {_links(named)}" for said, named in sorts if named]
    whys = ", ".join(f"<a href='{_WHY}{each}'>{tr(each)}</a>" for each in CERTAINTIES)
    return " · ".join([*parts, f"{tr('Why?')} {whys}"])


def _links(named: tuple[Named, ...]) -> str:
    shown = ", ".join(
        f"<a href='{html.escape(each.record, quote=True)}'>{html.escape(each.title)}</a>"
        for each in named[:_MOST_NAMED]
    )
    more = len(named) - _MOST_NAMED
    return f"{shown} {tr(f'and {more} more')}" if more > 0 else shown


@dataclass(frozen=True, slots=True)
class MonthRow:
    """Free reserves at one month's end, in pence: secured, probable, possible."""

    month: date
    pence: tuple[int, int, int]


def _month_rows(outlook: Outlook) -> tuple[MonthRow, ...]:
    secured, probable, possible = (
        outlook.forecast[each].unrestricted_closing for each in ("secured", "probable", "possible")
    )
    return tuple(
        MonthRow(month, (int(secured[at]), int(probable[at]), int(possible[at])))
        for at, month in enumerate(outlook.forecast["secured"].months)
        if month >= outlook.today.replace(day=1)
    )


_MONTH_COLUMNS: tuple[Column[MonthRow], ...] = (
    Column(
        name="month",
        title="End of",
        value=lambda row: row.month,
        shown=lambda row: words.month_name(row.month),
        stretch=True,
    ),
    Column(name="secured", title="Secured", kind=kinds.POUNDS, value=lambda row: row.pence[0]),
    Column(name="probable", title="+ Probable", kind=kinds.POUNDS, value=lambda row: row.pence[1]),
    Column(name="possible", title="+ Possible", kind=kinds.POUNDS, value=lambda row: row.pence[2]),
)


class Legend(QWidget):
    """What the marks on the chart mean."""

    _WORDS = ("posts losing money then", "trustees meet")

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setAccessibleName(
            tr("A numbered flag: posts losing money then. A triangle: trustees meet")
        )
        look.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Room for two marks and their words."""
        captions = self._look.metrics("caption")
        wide = sum(captions.horizontalAdvance(tr(said)) for said in self._WORDS)
        return QSize(wide + self._look.px(70), captions.height() + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the two marks and their words."""
        look, painter = self._look, QPainter(self)
        captions = look.metrics("caption")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        side = look.px(11)
        painter.fillRect(0, round(middle - side / 2), side, side, look.colour("unfunded_line"))
        painter.setFont(look.font("caption"))
        painter.setPen(look.colour("ink_muted"))
        baseline = round(middle + captions.ascent() / 2 - 1)
        x = side + 5
        posts, meetings = map(tr, self._WORDS)
        painter.drawText(x, baseline, posts)
        x += captions.horizontalAdvance(posts) + look.px(20)
        painter.drawText(x + look.px(10), baseline, meetings)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("ink"))
        painter.translate(x, middle)
        painter.drawPath(marks.meeting_path(look.px(5)))
        painter.end()


# --- figures and lists -------------------------------------------------------------------


class FiguresCard(Card):
    """The figures a trustee asks for, each with its basis and how it stands."""

    def __init__(self, look: Look) -> None:
        super().__init__("Key figures")
        self.table: Table[KeyFigure] = Table(_FIGURE_COLUMNS, key=lambda figure: figure.name)
        self.grid = Grid(look, self.table, "Key figures", fits=True, header=False, sortable=False)
        self.why_link = button("Why?", "link")
        self.why_link.setToolTip(tr("Why this figure? (Shift+F1)"))
        self.why_link.setAccessibleName(tr("Why this figure?"))
        self.add_link(self.why_link)
        self.body.addWidget(self.grid)
        self.body.addStretch(1)

    def present(self, figures: tuple[KeyFigure, ...], basis: str) -> None:
        """Show these figures."""
        self.note.setText(basis)
        self.note.setToolTip(tr(basis))
        self.grid.present(figures)


_FIGURE_COLUMNS: tuple[Column[KeyFigure], ...] = (
    Column(name="name", title="Figure", value=lambda figure: figure.name, width=18),
    Column(
        name="value",
        title="Now",
        kind=kinds.Kind(name="text", text=str, figure=True),
        value=lambda figure: figure.value,
        width=12,
        strong=True,
    ),
    Column(
        name="basis",
        title="Basis",
        value=lambda figure: figure.basis,
        tip=lambda figure: figure.basis,
        stretch=True,
    ),
    Column(
        name="status",
        title="Status",
        kind=kinds.STATUS,
        value=lambda figure: figure.status or None,
        width=9,
    ),
)


class ShortList(Card, Generic[Row]):
    """A list of which the first rows are shown, and the rest when asked for."""

    def __init__(self, look: Look, title: str, none: str, table: Table[Row], at_most: int) -> None:
        super().__init__(title)
        self.table = table
        self.grid = Grid(look, table, title, fits=True)
        self._at_most = at_most
        self._all = False
        self._usual = none
        self._none = label(none, tone="muted", wrap=True)
        self.more = button("", "link", self._show_all)
        self.add_link(self.more)
        self.body.addWidget(self.grid)
        self.body.addWidget(self._none)
        self.body.addStretch(1)

    def present(self, rows: tuple[Row, ...], counted: str = "", none: str = "") -> None:
        """Show these rows, and how many there are; or say why there are none."""
        self.note.setText(counted)
        self._none.setText(tr(none or self._usual))
        self.grid.present(rows)
        self.grid.setVisible(bool(rows))
        self._none.setVisible(not rows)
        self._limit()

    def _show_all(self) -> None:
        self._all = not self._all
        self._limit()

    def _limit(self) -> None:
        rows = len(self.table.rows)
        fits = rows <= self._at_most + 1
        self.grid.show_at_most(0 if self._all or fits else self._at_most)
        self.more.setVisible(not fits)
        self.more.setText("Show fewer" if self._all else f"Show all {rows}")


_DOUBT_COLUMNS: tuple[Column[Doubt], ...] = (
    Column(name="title", title="Record", value=lambda row: row.title, width=34),
    Column(name="says", title="What is odd", value=lambda row: row.says, stretch=True, width=40),
)
_ENDING_COLUMNS: tuple[Column[Ending], ...] = (
    Column(
        name="title",
        title="Award",
        value=lambda row: row.title,
        tip=lambda row: row.title,
        stretch=True,
    ),
    Column(name="end", title="Ends", kind=kinds.DATE, value=lambda row: row.end, width=11),
    Column(
        name="a_year",
        title="Unpaid a year",
        kind=kinds.POUNDS,
        value=lambda row: row.a_year or None,
        width=8,
    ),
    Column(name="fte", title="FTE", kind=kinds.FTE, value=lambda row: row.fte or None, width=5),
    Column(
        name="renewal",
        title="Renewal",
        kind=kinds.COVER,
        value=lambda row: row.certainty or "unfunded",
        shown=lambda row: marks.COVER_WORD[row.certainty] if row.certainty else "None yet",
        width=12,
    ),
)


_RISK_COLUMNS: tuple[Column[AtRisk], ...] = (
    Column(
        name="title",
        title="Post",
        value=lambda row: row.title,
        tip=lambda row: (
            f"{row.title}, {row.fte} FTE, {decimal_text(row.secured_then)}% secured then"
        ),
        stretch=True,
    ),
    Column(
        name="from",
        title="Unfunded from",
        kind=kinds.DATE,
        value=lambda row: row.unfunded_from,
        width=11,
    ),
    Column(
        name="notice",
        title="Notice by",
        kind=kinds.DATE,
        value=lambda row: row.notice_by,
        shown=lambda row: "transfers" if row.transfers else kinds.DATE.shown(row.notice_by),
        width=11,
    ),
    Column(
        name="status", title="Status", kind=kinds.STATUS, value=lambda row: row.status, width=10
    ),
)
