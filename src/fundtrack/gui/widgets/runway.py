"""Free reserves month by month at three certainties, with the floor, the cliffs and the meetings.

The chart says one sentence, can be read month by month with the arrow keys, and is also a table.
It is painted by one function, so that a page of a report can show the same lines as the screen.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QMenu, QWidget

from fundtrack.core import words
from fundtrack.core.model import CERTAINTIES
from fundtrack.core.period import add_months, month_end, month_of
from fundtrack.gui import marks
from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.why import offer_why

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fundtrack.core.outlook import Sums
    from fundtrack.gui.look import Look

MONTHS_SHOWN: Final = 24
_LINES: Final = {
    "secured": ("secured", 3.0, None),
    "probable": ("probable_line", 2.4, [3.75, 1.7]),
    "possible": ("possible_line", 2.4, [0.9, 1.7]),
}
_POUND = 100
_NEAR = 12
_MOST_FLAGS = 10
_AT_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_AT_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_AT_CENTRE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
Key = Qt.Key
_DEEPEST = 0.35
"""How far below nought the chart goes, as a share of its height above."""


@dataclass(frozen=True, slots=True)
class Line:
    """Free reserves at one certainty: pence at each month's end, and what to say of it."""

    certainty: str
    pence: tuple[int, ...]
    floor: int | None
    ends: str


@dataclass(frozen=True, slots=True)
class Runway:
    """What the chart draws, picked from the sums."""

    months: tuple[date, ...]
    lines: tuple[Line, ...]
    floor: int | None
    cliffs: tuple[tuple[date, int], ...]
    meetings: tuple[date, ...]
    today: date
    sentence: str
    ghosts: tuple[Line, ...] = ()
    """The same lines as they stand now, thin and grey behind what would be."""


def runway_of(told: Sums, meetings: Sequence[date]) -> Runway:
    """Pick what the chart draws: two years from today's month."""
    first = month_of(told.today)
    months = told.forecast["secured"].months
    last = add_months(first, MONTHS_SHOWN)
    places = [at for at, month in enumerate(months) if first <= month < last]
    shown = tuple(months[at] for at in places)
    lines = tuple(_line(told, certainty, places, shown) for certainty in CERTAINTIES)
    until = month_end(shown[-1]) if shown else told.today
    ahead = tuple(day for day in meetings if told.today <= day <= until)
    floor = told.forecast["secured"].floor
    sentence = "; ".join(f"{marks.COVER_WORD[line.certainty]} {line.ends}" for line in lines)
    return Runway(
        shown,
        lines,
        floor,
        _cliffs(told, until),
        ahead,
        told.today,
        f"Free reserves: {sentence}",
    )


def _line(told: Sums, certainty: str, places: list[int], shown: tuple[date, ...]) -> Line:
    forecast = told.forecast[certainty]  # type: ignore[index]
    closing = forecast.unrestricted_closing.tolist()
    pence = tuple(closing[at] for at in places)
    gone = forecast.reserves_exhausted_month
    if gone is not None:
        ends = f"gone {words.short_month(gone)}"
    else:
        ends = f"past {words.short_month(shown[-1])}" if shown else ""
    return Line(certainty, pence, forecast.floor, ends)


def _cliffs(told: Sums, until: date) -> tuple[tuple[date, int], ...]:
    """How many posts lose money on each day that any does; by month when the days are many."""
    days = sorted(
        post.cliff_date
        for post in told.posts
        if post.cliff_date is not None and post.cliff_date <= until
    )
    if len(set(days)) > _MOST_FLAGS:
        firsts = {month_of(day): day for day in reversed(days)}
        days = [firsts[month_of(day)] for day in days]
    return tuple(Counter(days).items())


class RunwayChart(QWidget):
    """Shows a Runway. `read` carries what a month says as the cursor moves over it."""

    read = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._runway: Runway | None = None
        self._at: int | None = None
        self._line = 0
        self._held = False
        self._ghosts = Ghosts()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Free reserves, month by month"))
        self.setMouseTracking(True)
        look.changed.connect(self.update)

    @property
    def runway(self) -> Runway | None:
        """What it draws now."""
        return self._runway

    @property
    def reading(self) -> date | None:
        """The month being read, if any."""
        return None if self._runway is None or self._at is None else self._runway.months[self._at]

    @property
    def asked(self) -> str:
        """The certainty whose figure is asked about when somebody asks why."""
        return CERTAINTIES[self._line]

    def ask_of(self, certainty: str) -> None:
        """Ask about the figure at this certainty from now on."""
        self._line = next(at for at, each in enumerate(CERTAINTIES) if each == certainty)
        self.update()

    def present(self, runway: Runway) -> None:
        """Draw these values."""
        as_drawn = runway == self._runway and self._at is None
        self._runway = runway
        self._at, self._held = None, False
        self.setAccessibleDescription(tr(f"{runway.sentence}. Ctrl+T shows it as a table"))
        if not as_drawn:
            self.update()

    def sizeHint(self) -> QSize:
        """Ask for room in which the lines can be told apart."""
        return QSize(self._look.px(480), self._look.px(220))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the chart, the month being read, and the ring if the keyboard is here."""
        if self._runway is None or not self._runway.months:
            return
        painter = QPainter(self)
        room, look = QRectF(self.rect()), self._look
        paint_runway(painter, room, self._runway, look, self._at, self._line, self._ghosts)
        if self.hasFocus():
            marks.paint_focus(painter, QRectF(self.rect()), self._look)
        painter.end()

    # --- reading a month ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk over the months: ← →, Home and End; ↑ ↓ to the figure at another certainty.

        Esc ends the reading.
        """
        last = len(self._runway.months) - 1 if self._runway is not None else -1
        at = -1 if self._at is None else self._at
        goes = {Key.Key_Left: max(at - 1, 0), Key.Key_Right: min(at + 1, last)}
        goes |= {Key.Key_Home: 0, Key.Key_End: last}
        if last >= 0 and event.key() in goes:
            self._read_month(goes[Key(event.key())])
        elif event.key() in (Key.Key_Up, Key.Key_Down) and self._at is not None:
            self._read_line(self._line + (1 if event.key() == Key.Key_Up else -1))
        elif event.key() == Key.Key_Escape and self._at is not None:
            self._stop_reading()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Hold the month under the pointer, so that its records can be reached; or let it go."""
        super().mousePressEvent(event)
        self._held = not self._held and self._at is not None

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be asked of the month under the pointer."""
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def menu(self) -> QMenu:
        """Why the month being read ends as it does."""
        menu = QMenu(self)
        offer_why(menu, self)
        return menu

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read the month under the pointer."""
        if self._runway is None or not self._runway.months or self._held:
            return
        frame = Frame.of(QRectF(self.rect()), self._runway, self._look)
        x = event.position().x()
        places = [frame.x(month_end(month)) for month in self._runway.months]
        if frame.area.left() <= x <= frame.area.right() + _NEAR:
            self._read_month(min(range(len(places)), key=lambda at: abs(places[at] - x)))
        else:
            self._stop_reading()

    def leaveEvent(self, event: QEvent) -> None:
        """Stop reading when the pointer leaves, unless a month is held or read by keyboard."""
        if not self.hasFocus() and not self._held:
            self._stop_reading()
        super().leaveEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Stop reading when the keyboard goes elsewhere; Tab leads on to the month's records."""
        if event.reason() != Qt.FocusReason.TabFocusReason and not self._held:
            self._stop_reading()
        super().focusOutEvent(event)

    def _read_month(self, at: int) -> None:
        runway = self._runway
        if runway is None or at == self._at:
            return
        self._at = at
        self._tell(at, runway)

    def _read_line(self, line: int) -> None:
        """Go to the figure at another certainty: up to what is hoped for, down to what is not."""
        if self._runway is not None and self._at is not None and 0 <= line < len(CERTAINTIES):
            self._line = line
            self._tell(self._at, self._runway)

    def _tell(self, at: int, runway: Runway) -> None:
        """Say what a month ends with at each certainty; to a listener, first the one asked of."""
        told = [f"{line.certainty} {words.whole_pounds(line.pence[at])}" for line in runway.lines]
        figures = " · ".join(told)
        said = f"{words.month_name(runway.months[at])}: {figures}"
        if runway.ghosts:
            now = (words.whole_pounds(line.pence[at]) for line in runway.ghosts)
            said = f"{said} (now {', '.join(now)})"
        self.setAccessibleDescription(tr(f"{told[self._line]}. {said}" if self._line else said))
        self.read.emit(said)
        self.update()

    def _stop_reading(self) -> None:
        self._held = False
        if self._at is not None:
            self._at = None
            self.read.emit("")
            self.update()


# --- painting ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Frame:
    """Where days and pounds stand: `area` is the part between the axes and the labels."""

    area: QRectF
    first: date
    days: int
    top: float
    bottom: float

    @classmethod
    def of(cls, rect: QRectF, runway: Runway, look: Look) -> Frame:
        """Leave room for the pounds at the left, the names at the right, and the flags above."""
        captions, bold = look.metrics("caption"), look.metrics("caption", bold=True)
        left = captions.horizontalAdvance("−£100k") + look.px(10)
        names = [f"{tr(line.ends)} " for line in runway.lines]
        names.append(tr(f"Policy {words.whole_pounds(runway.floor or 0)}") + " ")
        right = max(bold.horizontalAdvance(name) for name in names) + look.px(4)
        area = rect.adjusted(left, flag_height(look), -right, -captions.height() - look.px(6))
        top, bottom = _reach(runway)
        last = month_end(runway.months[-1])
        first = min(month_end(runway.months[0]), runway.today)
        return cls(area, first, max(1, (last - first).days), top, bottom)

    def x(self, day: date) -> float:
        """How far from the left a day stands."""
        return self.area.left() + self.area.width() * (day - self.first).days / self.days

    def across(self, runway: Runway) -> list[float]:
        """How far from the left each month's end stands."""
        return [self.x(month_end(month)) for month in runway.months]

    def y(self, pounds: float) -> float:
        """How far from the top an amount stands."""
        share = (pounds - self.bottom) / (self.top - self.bottom)
        return self.area.bottom() - self.area.height() * share


class Ghosts:
    """The lines behind, drawn once for as long as they stand where they stood.

    While a slider moves only the lines before them do.
    """

    def __init__(self) -> None:
        self._drawn = QPixmap()
        self._of: tuple[object, ...] = ()

    def paint(self, painter: QPainter, frame: Frame, runway: Runway, look: Look) -> None:
        """Paint them, as drawn before if nothing has changed."""
        if not runway.ghosts:
            return
        ratio = painter.device().devicePixelRatio()
        room = painter.viewport().size() * ratio
        of = (frame, runway.ghosts, runway.months, room, ratio, look.colour("ink_muted").rgba())
        if of != self._of:
            self._of, self._drawn = of, QPixmap(room)
            self._drawn.setDevicePixelRatio(ratio)
            self._drawn.fill(Qt.GlobalColor.transparent)
            drawing = QPainter(self._drawn)
            drawing.setRenderHint(QPainter.RenderHint.Antialiasing)
            _paint_ghosts(drawing, frame, runway, look)
            drawing.end()
        painter.drawPixmap(QPointF(0, 0), self._drawn)


def _paint_ghosts(painter: QPainter, frame: Frame, runway: Runway, look: Look) -> None:
    across = frame.across(runway)
    for ghost in runway.ghosts:
        _paint_line(painter, frame, ghost, across, look, ghost=True)


def flag_height(look: Look) -> int:
    """How high the flags on cliffs are."""
    return look.metrics("caption").height() + look.px(4)


def paint_runway(
    painter: QPainter,
    rect: QRectF,
    runway: Runway,
    look: Look,
    reading: int | None = None,
    asked: int = 0,
    ghosts: Ghosts | None = None,
) -> None:
    """Draw a runway into a rectangle; `reading` is the month the cursor stands on.

    `asked` is the line whose figure is asked about there: it wears a ring. `ghosts` keeps the lines
    that stand behind for the next time.
    """
    frame = Frame.of(rect, runway, look)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_axes(painter, frame, runway, look)
    painter.save()
    painter.setClipRect(frame.area.adjusted(-4, -2, 2, 0))
    if runway.floor is not None:
        y = round(frame.y(runway.floor / _POUND)) + 0.5
        painter.setPen(_pen(look, "reserve_floor", 1.5, [1.5, 2.2]))
        painter.drawLine(QPointF(frame.area.left(), y), QPointF(frame.area.right(), y))
    if ghosts is None:
        _paint_ghosts(painter, frame, runway, look)
    else:
        ghosts.paint(painter, frame, runway, look)
    across = frame.across(runway)
    for line in reversed(runway.lines):
        _paint_line(painter, frame, line, across, look)
    painter.restore()
    _paint_cliffs(painter, frame, runway, look)
    _paint_meetings(painter, frame, runway, look)
    _paint_crossings(painter, frame, runway, look)
    _paint_names(painter, frame, runway, look)
    if reading is not None:
        x = frame.x(month_end(runway.months[reading]))
        painter.setPen(QPen(look.colour("focus"), 2))
        painter.drawLine(QPointF(x, frame.area.top()), QPointF(x, frame.area.bottom()))
        y = frame.y(runway.lines[asked].pence[reading] / _POUND)
        painter.setBrush(look.colour("surface"))
        if frame.area.top() <= y <= frame.area.bottom():
            painter.drawEllipse(QPointF(x, y), look.px(4), look.px(4))
    painter.restore()


def _pen(look: Look, shade: str, width: float, dash: list[float] | None = None) -> QPen:
    pen = QPen(look.colour(shade), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dash is not None:
        pen.setDashPattern(dash)
    return pen


def _paint_axes(painter: QPainter, frame: Frame, runway: Runway, look: Look) -> None:
    captions = look.metrics("caption")
    painter.setFont(look.font("caption", tabular=True))
    for value in _steps(frame.bottom, frame.top):
        y = frame.y(value)
        # A line of one pixel is filled: to stroke it costs forty times as much.
        level = QRectF(frame.area.left(), round(y), frame.area.width(), 1)
        painter.fillRect(level, look.colour("line" if value else "line_strong"))
        room = QRectF(
            0, y - captions.height() / 2, frame.area.left() - look.px(6), captions.height()
        )
        painter.setPen(look.colour("ink_muted"))
        painter.drawText(room, int(_AT_RIGHT), words.round_pounds(value))
    below = frame.area.bottom() + look.px(4)
    for day, said in _month_ticks(runway.months):
        x = frame.x(day)
        painter.setPen(_pen(look, "line_strong", 1))
        painter.drawLine(QPointF(x, frame.area.bottom()), QPointF(x, below - 1))
        painter.setPen(look.colour("ink_muted"))
        painter.drawText(QRectF(x - 40, below, 80, captions.height()), int(_AT_CENTRE), tr(said))


def _paint_line(
    painter: QPainter,
    frame: Frame,
    line: Line,
    across: Sequence[float],
    look: Look,
    *,
    ghost: bool = False,
) -> None:
    shade, width, dash = _LINES[line.certainty]
    if ghost:
        shade, width = "ink_muted", 1.2
        dash = None if dash is None else [each * 2 for each in dash]
    pen = _pen(look, shade, width, dash)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if line.certainty == "possible":
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    spots = zip(across, line.pence, strict=True)
    painter.drawPolyline(QPolygonF([QPointF(x, frame.y(pence / _POUND)) for x, pence in spots]))


def _paint_cliffs(painter: QPainter, frame: Frame, runway: Runway, look: Look) -> None:
    bold = look.metrics("caption", bold=True)
    font = look.font("caption", bold=True, tabular=True)
    taken = float("-inf")
    for day, posts in runway.cliffs:
        x = round(frame.x(day))
        top = frame.area.top() - flag_height(look)
        down = QRectF(x, top, 1, frame.area.bottom() - top)
        painter.fillRect(down, look.colour("unfunded_line"))
        wide = bold.horizontalAdvance(str(posts)) + look.px(9)
        left = max(x, taken)
        taken = left + wide + 1
        if left > frame.area.right():
            continue
        flag = QRectF(left, top, wide, flag_height(look))
        marks.paint_flag(painter, flag, str(posts), font, look)


def _paint_meetings(painter: QPainter, frame: Frame, runway: Runway, look: Look) -> None:
    path = marks.meeting_path(look.px(4))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("ink"))
    for day in runway.meetings:
        painter.drawPath(path.translated(frame.x(day), frame.area.bottom() - look.px(5)))


def _paint_crossings(painter: QPainter, frame: Frame, runway: Runway, look: Look) -> None:
    days = [month_end(month).toordinal() for month in runway.months]
    levels = [0] if runway.floor is None else [0, runway.floor]
    for line in runway.lines:
        painter.setPen(QPen(look.colour(_LINES[line.certainty][0]), 2))
        painter.setBrush(look.colour("surface"))
        for level in levels:
            day = _crossing(line.pence, days, level)
            if day is not None:
                first = frame.first.toordinal()
                x = frame.area.left() + frame.area.width() * (day - first) / frame.days
                painter.drawEllipse(QPointF(x, frame.y(level / _POUND)), look.px(4), look.px(4))


def _paint_names(painter: QPainter, frame: Frame, runway: Runway, look: Look) -> None:
    """Write each line's name where it ends, pushed apart so that all can be read."""
    high = look.metrics("caption").height()
    wanted: list[tuple[float, str, str, str]] = [
        (
            line.pence[-1] / _POUND,
            tr(marks.COVER_WORD[line.certainty]),
            tr(line.ends),
            "ink_muted",
        )
        for line in runway.lines
    ]
    if runway.floor is not None:
        said = tr(f"Policy {words.whole_pounds(runway.floor)}")
        wanted.append((runway.floor / _POUND, "", said, "reserve_floor"))
    heights = [high * (2.1 if name else 1.2) for _, name, _, _ in wanted]
    inside = [frame.y(min(max(value, frame.bottom), frame.top)) for value, *_ in wanted]
    placed = _apart(inside, heights, frame.area.top() - high / 2, frame.area.bottom() + high)
    left = frame.area.right() + look.px(8)
    for (_, name, ends, shade), middle in zip(wanted, placed, strict=True):
        top = middle - high * (1 if name else 0.5)
        if name:
            painter.setFont(look.font("caption", bold=True))
            painter.setPen(look.colour("ink"))
            painter.drawText(QRectF(left, top, 400, high), int(_AT_LEFT), name)
            top += high
        painter.setFont(look.font("caption", tabular=True))
        painter.setPen(look.colour(shade))
        painter.drawText(QRectF(left, top, 400, high), int(_AT_LEFT), ends)


# --- where things stand on the chart -----------------------------------------------------


def _reach(runway: Runway) -> tuple[float, float]:
    """The highest and lowest pounds drawn: all of what is there, little of what is gone."""
    lines = (*runway.lines, *runway.ghosts)
    values = [value / _POUND for line in lines for value in line.pence]
    high = max([*values, (runway.floor or 0) / _POUND, 0.0])
    low = min([*values, 0.0])
    top = high * 1.06 or -low * 0.3 or 1000.0
    room = top * _DEEPEST if high > 0 else -low * 1.1
    return top, max(low * 1.05, -room) if low < 0 else -top * 0.06


def _steps(bottom: float, top: float) -> list[float]:
    """Round amounts between the lowest and the highest, three to six of them."""
    span = top - bottom
    unit = 10.0 ** math.floor(math.log10(span / 4))
    step = next(unit * each for each in (1, 2, 5, 10) if span / (unit * each) <= 5)
    return [step * at for at in range(math.ceil(bottom / step), math.floor(top / step) + 1)]


def _month_ticks(months: tuple[date, ...]) -> list[tuple[date, str]]:
    """A word at each quarter's first month, with the year each January."""
    return [
        (month, str(month.year) if month.month == 1 else words.short_month(month)[:3])
        for month in months[1:]
        if month.month in (1, 4, 7, 10)
    ]


def _crossing(pence: tuple[int, ...], days: list[int], level: int) -> float | None:
    """Where a line first falls below a level, between two months' ends: a day and its fraction."""
    for at in range(1, len(pence)):
        before, after = pence[at - 1], pence[at]
        if before >= level > after:
            share = (before - level) / (before - after)
            return days[at - 1] + share * (days[at] - days[at - 1])
    return None


def _apart(wanted: list[float], heights: list[float], top: float, bottom: float) -> list[float]:
    """Push labels apart from the top down, then back up if they run out of room."""
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    placed = list(wanted)
    taken = top
    for at in order:
        placed[at] = max(wanted[at], taken + heights[at] / 2)
        taken = placed[at] + heights[at] / 2
    room = bottom
    for at in reversed(order):
        placed[at] = min(placed[at], room - heights[at] / 2)
        room = placed[at] - heights[at] / 2
    return placed
