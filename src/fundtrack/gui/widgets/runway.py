"""Free reserves month by month at three certainties, with the floor, the cliffs and the meetings.

The chart says one sentence, can be read month by month with the arrow keys, and is also a table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainterPath, QPen, QResizeEvent

from fundtrack.core import words
from fundtrack.core.model import CERTAINTIES
from fundtrack.core.period import add_months, month_end, month_of
from fundtrack.gui import marks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fundtrack.core.outlook import Outlook
    from fundtrack.gui.look import Look

MONTHS_SHOWN: Final = 24
_LINES: Final = {
    "secured": ("secured", 3.0, None),
    "probable": ("probable_line", 2.4, [3.75, 1.7]),
    "possible": ("possible_line", 2.4, [0.9, 1.7]),
}
_POUND = 100
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
    """What the chart draws, picked from the outlook."""

    months: tuple[date, ...]
    lines: tuple[Line, ...]
    floor: int | None
    cliffs: tuple[tuple[date, int], ...]
    meetings: tuple[date, ...]
    today: date
    sentence: str


def runway_of(outlook: Outlook, meetings: Sequence[date]) -> Runway:
    """Pick what the chart draws: two years from today's month."""
    first = month_of(outlook.today)
    months = outlook.forecast["secured"].months
    last = add_months(first, MONTHS_SHOWN)
    places = [at for at, month in enumerate(months) if first <= month < last]
    shown = tuple(months[at] for at in places)
    lines = tuple(_line(outlook, certainty, places, shown) for certainty in CERTAINTIES)
    until = month_end(shown[-1]) if shown else outlook.today
    ahead = tuple(day for day in meetings if outlook.today <= day <= until)
    floor = outlook.forecast["secured"].floor
    sentence = "; ".join(f"{marks.COVER_WORD[line.certainty]} {line.ends}" for line in lines)
    return Runway(
        shown,
        lines,
        floor,
        _cliffs(outlook, until),
        ahead,
        outlook.today,
        f"Free reserves: {sentence}",
    )


def _line(outlook: Outlook, certainty: str, places: list[int], shown: tuple[date, ...]) -> Line:
    forecast = outlook.forecast[certainty]  # type: ignore[index]
    pence = tuple(int(forecast.unrestricted_closing[at]) for at in places)
    gone = forecast.reserves_exhausted_month
    if gone is not None:
        ends = f"gone {words.short_month(gone)}"
    else:
        ends = f"past {words.short_month(shown[-1])}" if shown else ""
    return Line(certainty, pence, forecast.floor, ends)


def _cliffs(outlook: Outlook, until: date) -> tuple[tuple[date, int], ...]:
    """How many posts lose money on each day that any does."""
    days = [post.cliff_date for post in outlook.posts]
    counted = {day: days.count(day) for day in days if day is not None and day <= until}
    return tuple(sorted(counted.items()))


class RunwayChart(pg.PlotWidget):  # type: ignore[misc]
    """Draws a Runway. `read` carries what a month says as the cursor moves over it."""

    read = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__(background=None)
        self._look = look
        self._runway: Runway | None = None
        self._at: int | None = None
        self._cursor: Any = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        self.setAccessibleName("Free reserves, month by month")
        self.setMouseTracking(True)
        plot = self.getPlotItem()
        plot.setMouseEnabled(x=False, y=False)
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.getViewBox().setDefaultPadding(0)
        look.changed.connect(self._draw)

    @property
    def runway(self) -> Runway | None:
        """What it draws now."""
        return self._runway

    def present(self, runway: Runway) -> None:
        """Draw these values."""
        self._runway = runway
        self._at = None
        self.setAccessibleDescription(f"{runway.sentence}. Ctrl+T shows it as a table")
        self._draw()

    # --- drawing ---

    def _draw(self) -> None:
        runway, plot = self._runway, self.getPlotItem()
        plot.clear()
        self._cursor = None
        if runway is None or not runway.months:
            return
        days = [month_end(month).toordinal() for month in runway.months]
        top, bottom = _reach(runway)
        self._frame(runway, days, top, bottom)
        for line in reversed(runway.lines):
            self._draw_line(line, days)
        self._draw_cliffs(runway, top, bottom)
        self._draw_meetings(runway, bottom + (top - bottom) * 0.025)
        self._draw_crossings(runway, days)
        self._draw_labels(runway, days, top, bottom)

    def _frame(self, runway: Runway, days: list[int], top: float, bottom: float) -> None:
        plot, look = self.getPlotItem(), self._look
        left, below = plot.getAxis("left"), plot.getAxis("bottom")
        self.setBackground(look.colour("surface"))
        axis_width = look.metrics("caption").horizontalAdvance("−£100k") + 8
        labels = look.metrics("caption", bold=True).horizontalAdvance("Policy £1,116,414") + 6
        drawn = max(1, self.width() - axis_width - labels - 20)
        start = min(days[0], runway.today.toordinal() - 4)
        room = max(1, days[-1] - start) * labels / drawn
        plot.getViewBox().setRange(xRange=(start, days[-1] + room), yRange=(bottom, top), padding=0)
        pen = pg.mkPen(look.colour("line"), width=1)
        steps = _steps(bottom, top)
        for value in steps:
            strong = pg.mkPen(look.colour("line_strong"), width=1) if value == 0 else pen
            plot.plot([start, days[-1]], [value, value], pen=strong)
        for axis in (left, below):
            axis.setPen(pg.mkPen(None))
            axis.setTextPen(look.colour("ink_muted"))
            axis.setStyle(tickLength=0, tickFont=look.font("caption", tabular=True))
        left.setWidth(axis_width)
        below.setHeight(look.metrics("caption").height() + 6)
        left.setTicks([[(value, _short_pounds(value)) for value in steps]])
        below.setTicks([_month_ticks(runway.months)])

    def _draw_line(self, line: Line, days: list[int]) -> None:
        token, width, dash = _LINES[line.certainty]
        pen = QPen(self._look.colour(token), width)
        pen.setCosmetic(True)
        if dash is not None:
            pen.setDashPattern(dash)
        round_ends = line.certainty == "possible"
        pen.setCapStyle(Qt.PenCapStyle.RoundCap if round_ends else Qt.PenCapStyle.FlatCap)
        values = np.array(line.pence) / _POUND
        self.getPlotItem().plot(np.array(days), values, pen=pen, antialias=True)

    def _draw_cliffs(self, runway: Runway, top: float, bottom: float) -> None:
        plot, look = self.getPlotItem(), self._look
        colour = look.colour("unfunded_line")
        for day, posts in runway.cliffs:
            at = day.toordinal()
            plot.plot([at, at], [bottom, top], pen=pg.mkPen(colour, width=1))
            flag = pg.TextItem(
                f" {posts} ", color=look.colour("surface"), fill=pg.mkBrush(colour), anchor=(0, 0)
            )
            flag.setFont(look.font("caption", bold=True, tabular=True))
            flag.setPos(at, top)
            plot.addItem(flag)

    def _draw_meetings(self, runway: Runway, height: float) -> None:
        path = QPainterPath(marks.meeting_path(0.5))
        days = [day.toordinal() for day in runway.meetings]
        ink = self._look.colour("ink")
        spots = pg.ScatterPlotItem(
            x=days, y=[height] * len(days), symbol=path, size=8, pen=None, brush=pg.mkBrush(ink)
        )
        spots.setPos(0, 0)
        spots.setZValue(5)
        self.getPlotItem().addItem(spots)

    def _draw_crossings(self, runway: Runway, days: list[int]) -> None:
        look = self._look
        for line in runway.lines:
            token = _LINES[line.certainty][0]
            levels = [0] if runway.floor is None else [0, runway.floor]
            found = [spot for level in levels if (spot := _crossing(line.pence, days, level))]
            spots = pg.ScatterPlotItem(
                x=[spot[0] for spot in found],
                y=[spot[1] / _POUND for spot in found],
                size=8,
                pen=pg.mkPen(look.colour(token), width=2),
                brush=pg.mkBrush(look.colour("surface")),
            )
            spots.setZValue(6)
            self.getPlotItem().addItem(spots)
        if runway.floor is not None:
            pen = QPen(look.colour("reserve_floor"), 1.5)
            pen.setCosmetic(True)
            pen.setDashPattern([1.5, 2.2])
            level = runway.floor / _POUND
            self.getPlotItem().plot([days[0], days[-1]], [level, level], pen=pen)

    def _draw_labels(self, runway: Runway, days: list[int], top: float, bottom: float) -> None:
        """Write each line's name where it ends, pushed apart so that all can be read."""
        look = self._look
        wanted = [
            (line.pence[-1] / _POUND, marks.COVER_WORD[line.certainty], line.ends, "ink")
            for line in runway.lines
        ]
        if runway.floor is not None:
            said = words.whole_pounds(runway.floor)
            wanted.append((runway.floor / _POUND, "", f"Policy {said}", "reserve_floor"))
        per_pixel = (top - bottom) / max(1.0, self.getPlotItem().getViewBox().height())
        line_height = look.metrics("caption").height() * per_pixel
        heights = [line_height * (2.1 if name else 1.2) for _, name, _, _ in wanted]
        inside = [min(max(value, bottom), top) for value, *_ in wanted]
        for (_, name, ends, shade), height in zip(
            wanted, _apart(inside, heights, bottom, top), strict=True
        ):
            muted = look.colour("ink_muted" if shade == "ink" else shade).name()
            title = f'<b style="color:{look.colour(shade).name()}">{name}</b><br>' if name else ""
            text = pg.TextItem(
                html=f'{title}<span style="color:{muted}">{ends}</span>', anchor=(0, 0.5)
            )
            text.setFont(look.font("caption", tabular=True))
            text.setPos(days[-1] + (days[-1] - days[0]) * 0.015, height)
            self.getPlotItem().addItem(text)

    # --- reading a month ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """← and → move from month to month; Home and End go to the first and the last."""
        moves = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if self._runway is None or not self._runway.months:
            return
        last = len(self._runway.months) - 1
        at = -1 if self._at is None else self._at
        if event.key() in moves:
            self._read_month(min(max(at + moves[Qt.Key(event.key())], 0), last))
        elif event.key() == Qt.Key.Key_Home:
            self._read_month(0)
        elif event.key() == Qt.Key.Key_End:
            self._read_month(last)
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read the month under the pointer."""
        if self._runway is None or not self._runway.months:
            return
        place = (
            self.getPlotItem()
            .getViewBox()
            .mapSceneToView(self.mapToScene(event.position().toPoint()))
        )
        days = [month_end(month).toordinal() for month in self._runway.months]
        if days[0] - 15 <= place.x() <= days[-1] + 15:
            self._read_month(int(np.argmin(np.abs(np.array(days) - place.x()))))
        else:
            self._stop_reading()

    def leaveEvent(self, event: QEvent) -> None:
        """Stop reading when the pointer leaves."""
        if not self.hasFocus():
            self._stop_reading()
        super().leaveEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Stop reading when the keyboard goes elsewhere."""
        self._stop_reading()
        super().focusOutEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw anew: the labels are pushed apart by the height there is."""
        super().resizeEvent(event)
        if getattr(self, "_look", None) is not None:
            self._draw()

    def _read_month(self, at: int) -> None:
        runway = self._runway
        if runway is None or at == self._at:
            return
        self._at = at
        day = month_end(runway.months[at]).toordinal()
        if self._cursor is None:
            self._cursor = pg.InfiniteLine(
                pos=day, angle=90, pen=pg.mkPen(self._look.colour("focus"), width=2)
            )
            self.getPlotItem().addItem(self._cursor)
        self._cursor.setPos(QPointF(day, 0))
        figures = " · ".join(
            f"{line.certainty} {words.whole_pounds(line.pence[at])}" for line in runway.lines
        )
        said = f"{words.month_name(runway.months[at])}: {figures}"
        self.setAccessibleDescription(said)
        self.read.emit(said)

    def _stop_reading(self) -> None:
        if self._at is None:
            return
        self._at = None
        if self._cursor is not None:
            self.getPlotItem().removeItem(self._cursor)
            self._cursor = None
        self.read.emit("")


# --- where things stand on the chart -----------------------------------------------------


def _reach(runway: Runway) -> tuple[float, float]:
    """The highest and lowest pounds drawn: all of what is there, little of what is gone."""
    values = [value / _POUND for line in runway.lines for value in line.pence]
    high = max([*values, (runway.floor or 0) / _POUND, 0.0])
    low = min([*values, 0.0])
    top = high * 1.22 or -low * 0.3 or 1000.0
    room = top * _DEEPEST if high > 0 else -low * 1.1
    return top, max(low * 1.05, -room) if low < 0 else -top * 0.06


def _steps(bottom: float, top: float) -> list[float]:
    """Round amounts between the lowest and the highest, three to six of them."""
    span = top - bottom
    unit = 10.0 ** np.floor(np.log10(span / 4))
    step = next(unit * each for each in (1, 2, 5, 10) if span / (unit * each) <= 5)
    first = np.ceil(bottom / step)
    return [float(step * at) for at in range(int(first), int(np.floor(top * 0.9 / step)) + 1)]


def _short_pounds(value: float) -> str:
    sign = "−" if value < 0 else ""
    pounds = abs(value)
    for size, letter in ((1_000_000, "m"), (1000, "k")):
        if pounds >= size:
            return f"{sign}£{pounds / size:g}{letter}"
    return f"{sign}£{pounds:g}"


def _month_ticks(months: tuple[date, ...]) -> list[tuple[int, str]]:
    """A word at each quarter's first month, with the year each January."""
    return [
        (month.toordinal(), str(month.year) if month.month == 1 else words.short_month(month)[:3])
        for month in months[1:]
        if month.month in (1, 4, 7, 10)
    ]


def _crossing(pence: tuple[int, ...], days: list[int], level: int) -> tuple[float, int] | None:
    """Where a line first falls below a level, between two months' ends."""
    for at in range(1, len(pence)):
        before, after = pence[at - 1], pence[at]
        if before >= level > after:
            share = (before - level) / (before - after)
            return days[at - 1] + share * (days[at] - days[at - 1]), level
    return None


def _apart(wanted: list[float], heights: list[float], bottom: float, top: float) -> list[float]:
    """Push labels apart from the top down, then back up if they run out of room."""
    order = sorted(range(len(wanted)), key=lambda at: -wanted[at])
    placed = list(wanted)
    ceiling = top
    for at in order:
        placed[at] = min(wanted[at], ceiling - heights[at] / 2)
        ceiling = placed[at] - heights[at] / 2
    floor = bottom
    for at in reversed(order):
        placed[at] = max(placed[at], floor + heights[at] / 2)
        floor = placed[at] + heights[at] / 2
    return placed
