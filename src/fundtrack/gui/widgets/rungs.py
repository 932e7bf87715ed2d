"""Ladders on the screen: the dated rungs before money ends, as a table row or drawn large."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from fundtrack.core import words
from fundtrack.core.glance import DO, next_rung, rung_day
from fundtrack.core.plain import decimal_text
from fundtrack.gui import cells, marks
from fundtrack.gui.cells import CellDelegate
from fundtrack.gui.kinds import STATUS, Kind
from fundtrack.gui.marks import Mark
from fundtrack.gui.speech import tr
from fundtrack.gui.table import COLUMN_ROLE, ROW_ROLE, Column, Index

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from fundtrack.core.glance import Step
    from fundtrack.core.ladder import Ladder, Rung
    from fundtrack.core.model import Portfolio
    from fundtrack.gui.look import Look

RUNGS: Final = ("writing", "submit", "decision", "consultation", "notice", "end")
TITLES: Final = {
    "writing": "Start writing",
    "submit": "Submit bid",
    "decision": "Trustees",
    "consultation": "Consult from",
    "notice": "Notice by",
    "end": "Money ends",
}
LARGE_TITLES: Final = TITLES | {"decision": "Trustees decide"}
_CENTRE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class RungCell:
    """One rung as it is drawn. `left` and `right` tell of the rail on each side: None for none."""

    kind: str
    day: date | None
    said: str
    below: str
    spoken: str
    mark: Mark | None
    status: str
    left: bool | None
    right: bool | None

    def __str__(self) -> str:
        return self.said


@dataclass(frozen=True, slots=True)
class LadderRow:
    """One row of "Act by"."""

    key: str
    status: str
    title: str
    about: str
    names: str
    doing: str
    when: str
    days: str
    act_by: date
    cells: tuple[RungCell, ...]


TWO_LINES = Kind(name="two lines", text=str, order=lambda value: str(value).casefold())
RUNG = Kind(
    name="rung",
    text=str,
    centred=True,
    order=lambda cell: cell.day.toordinal() if cell.day else None,
)


def ladder_columns() -> tuple[Column[LadderRow], ...]:
    """The columns of "Act by": status, what ends, the next step, and six rungs."""
    lead: tuple[Column[LadderRow], ...] = (
        Column(
            name="status",
            title="Status",
            kind=STATUS,
            value=lambda row: row.status,
            width=10,
        ),
        Column(
            name="ends",
            title="What ends",
            kind=TWO_LINES,
            value=lambda row: row.title,
            shown=lambda row: f"{row.title}\n{row.about}",
            tip=lambda row: row.names,
            stretch=True,
            strong=True,
        ),
        Column(
            name="next",
            title="Next step",
            kind=TWO_LINES,
            value=lambda row: row.act_by.toordinal(),
            shown=lambda row: f"{row.doing}\n{row.when} · {row.days}",
            width=22,
            most=28,
        ),
    )
    return (*lead, *(_rung_column(at) for at in range(len(RUNGS))))


def _rung_column(at: int) -> Column[LadderRow]:
    return Column(
        name=RUNGS[at],
        title=TITLES[RUNGS[at]],
        kind=RUNG,
        value=lambda row: row.cells[at],
        shown=lambda row: row.cells[at].said,
        tip=lambda row: row.cells[at].spoken,
        width=8,
    )


def large_columns() -> tuple[Column[tuple[RungCell, ...]], ...]:
    """The columns of one ladder drawn large: a rung in each."""
    return tuple(
        Column(
            name=kind,
            title=LARGE_TITLES[kind],
            kind=RUNG,
            value=lambda row, at=at: row[at],  # type: ignore[misc]
            shown=lambda row, at=at: row[at].spoken,  # type: ignore[misc]
            stretch=True,
        )
        for at, kind in enumerate(RUNGS)
    )


# --- from the outlook to what is drawn ---------------------------------------------------


def ladder_row(step: Step, portfolio: Portfolio, today: date) -> LadderRow:
    """One row of "Act by" in words."""
    named = [
        portfolio.posts_by_key[key].title for key in step.posts if key in portfolio.posts_by_key
    ]
    return LadderRow(
        key=step.key,
        status=step.status,
        title=step.title,
        about=_about(step),
        names="\n".join(named),
        doing=DO.get(step.next_kind, "Trustees review"),
        when=words.short_weekday(step.act_by, today),
        days=in_days(step.act_by, today),
        act_by=step.act_by,
        cells=step_cells(step, today),
    )


def _about(step: Step) -> str:
    cliff = step.cliff
    a_month = f"{words.whole_pounds(cliff.per_month)} a month"
    if cliff.kind == "organisation":
        return f"{words.month_name(cliff.date)} · if only secured money arrives"
    if cliff.kind == "silent":
        return f"From {words.month_name(cliff.date)} · short by {a_month}"
    if cliff.kind == "post":
        return f"1 post, {decimal_text(cliff.fte)} FTE"
    if not step.posts:
        return f"no posts · {a_month}" if cliff.per_month else "no posts hang on it"
    posts = words.count(len(step.posts), "post")
    about = f"{posts}, {decimal_text(cliff.fte)} FTE"
    return f"{about} · {a_month}" if cliff.per_month else about


def in_days(day: date, today: date) -> str:
    """How far a day is from today: "in" is left to the reader; the past says so."""
    away = (day - today).days
    if away == 0:
        return "today"
    said = words.count(abs(away), "day")
    return said if away > 0 else f"{said} ago"


def step_cells(step: Step, today: date) -> tuple[RungCell, ...]:
    """The six cells of a row; rungs it does not have stay empty."""
    if step.ladder is not None:
        return ladder_cells(step.ladder, today)
    review = step.act_by if step.next_kind == "review" else None
    return _plain_cells(step.ends, review, step.status, today)


@lru_cache(maxsize=2048)  # as for ladders
def _plain_cells(ends: date, review: date | None, status: str, today: date) -> tuple[RungCell, ...]:
    """The cells of what has no ladder: its end, and the meeting that may look at it before."""
    standing = {"end": _simple("end", ends, Mark.END, status, today)}
    if review is not None:
        standing["decision"] = _simple("decision", review, Mark.NEXT, status, today)
    return _railed(standing, "decision" if "decision" in standing else "end")


@lru_cache(maxsize=2048)  # most ladders stand as they were after an edit
def ladder_cells(ladder: Ladder, today: date, *, notice_mark: bool = False) -> tuple[RungCell, ...]:
    """The six cells of a ladder. `notice_mark` draws the notice rung as its triangle."""
    coming = next_rung(ladder)
    standing: dict[str, RungCell] = {
        rung.kind: _cell(rung, ladder, coming, today, notice_mark=notice_mark)
        for rung in ladder.rungs
    }
    return _railed(standing, coming.kind if coming else "end")


def _cell(
    rung: Rung, ladder: Ladder, coming: Rung | None, today: date, *, notice_mark: bool
) -> RungCell:
    day = rung_day(rung, today)
    is_next = coming is not None and rung.kind == coming.kind
    mark = Mark.TO_DO
    if rung.done:
        mark = Mark.DONE
    elif rung.kind == "end":
        mark = Mark.END
    elif is_next:
        mark = Mark.NEXT
    elif rung.kind == "notice" and notice_mark:
        mark = Mark.NOTICE
    if rung.done and rung.kind != "end":
        said = words.near_day(rung.done_on, today) if rung.done_on else "done"
        below = "done" if rung.done_on else ""
    else:
        said = words.short_day(day) if rung.kind == "end" else words.near_day(day, today)
        away = (day - today).days
        below = f"in {in_days(day, today)}" if away > 0 else in_days(day, today)
    return RungCell(
        kind=rung.kind,
        day=day,
        said=said,
        below=below,
        spoken=_spoken(rung, day, below, ladder.status if is_next else ""),
        mark=mark,
        status=ladder.status,
        left=None,
        right=None,
    )


def _spoken(rung: Rung, day: date, below: str, status: str) -> str:
    is_meeting = rung.kind == "decision" and day != rung.date
    said = (
        LARGE_TITLES[rung.kind],
        words.day(day),
        below,
        status,
        f"the last meeting before {words.day(rung.date)}" if is_meeting else "",
        f"step {RUNGS.index(rung.kind) + 1} of {len(RUNGS)}",
    )
    return ", ".join(each for each in said if each)


def _simple(kind: str, day: date, mark: Mark, status: str, today: date) -> RungCell:
    said = words.short_day(day) if mark is Mark.END else words.near_day(day, today)
    spoken = f"{LARGE_TITLES[kind]}, {words.day(day)}, {in_days(day, today)}"
    return RungCell(kind, day, said, in_days(day, today), spoken, mark, status, None, None)


def _railed(standing: Mapping[str, RungCell], next_kind: str) -> tuple[RungCell, ...]:
    """Put the rail between the first rung and the last, dark up to the next step."""
    places = [at for at, kind in enumerate(RUNGS) if kind in standing]
    first, last, coming = places[0], places[-1], RUNGS.index(next_kind)
    return tuple(
        _with_rail(
            standing.get(kind) or RungCell(kind, None, "", "", "", None, "clear", None, None),
            (at <= coming) if first < at <= last else None,
            (at < coming) if first <= at < last else None,
        )
        for at, kind in enumerate(RUNGS)
    )


def _with_rail(cell: RungCell, left: bool | None, right: bool | None) -> RungCell:  # noqa: FBT001
    return RungCell(
        cell.kind, cell.day, cell.said, cell.below, cell.spoken, cell.mark, cell.status, left, right
    )


# --- drawing -----------------------------------------------------------------------------


class RungDelegate(CellDelegate):
    """Paints the rows of "Act by": two lines of words, and rungs on one rail across six columns."""

    def __init__(self, look: Look, parent: Any = None) -> None:  # noqa: ANN401 - a Qt parent
        super().__init__(look, parent)
        self._look = look
        self.folded = False

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines of words."""
        _ = option, index
        return QSize(40, row_height_of(self._look, folded=self.folded))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell of a ladder's row."""
        column = cast("Column[Any]", index.data(COLUMN_ROLE))
        if self.folded:
            self._paint_folded(painter, option, index, column)
        else:
            self._paint_cell(painter, option, index, column)

    def _paint_folded(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, column: Column[Any]
    ) -> None:
        """The words of a row whose rungs stand below them: no line parts the two."""
        cells.paint_ground(painter, option, self._look)
        upper = QStyleOptionViewItem(option)
        upper.rect.setHeight(ladder_height(self._look))
        painter.save()
        painter.setClipRect(upper.rect.adjusted(0, 0, 0, -1))
        self._paint_cell(painter, upper, index, column)
        painter.restore()

    def _paint_cell(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, column: Column[Any]
    ) -> None:
        if column.kind.name == "two lines":
            self._paint_lines(painter, option, index, column)
        elif column.kind.name == "rung":
            self._paint_rung(painter, option, column.value(index.data(ROW_ROLE)))
        else:
            super().paint(painter, option, index)

    def _paint_lines(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, column: Column[Any]
    ) -> None:
        look = self._look
        painter.save()
        ink = cells.paint_ground(painter, option, look)
        rect = QRectF(option.rect).adjusted(6, 2, -6, -3)
        upper, lower = halves(rect)
        first, _, second = str(index.data()).partition("\n")
        painter.setPen(ink)
        painter.setFont(look.font(bold=column.strong))
        cells.paint_words(painter, upper, first, _LEFT)
        if column.strong:
            painter.setPen(look.colour("ink_muted") if ink == look.colour("ink") else ink)
            painter.setFont(look.font("caption", tabular=True))
            cells.paint_words(painter, lower, second, _LEFT)
        else:
            _paint_when(painter, lower, second, look)
        painter.restore()

    def _paint_rung(self, painter: QPainter, option: QStyleOptionViewItem, cell: RungCell) -> None:
        look = self._look
        painter.save()
        ink = cells.paint_ground(painter, option, look)
        rect = QRectF(option.rect).adjusted(0, 2, 0, -3)
        upper, lower = halves(rect)
        paint_on_rail(painter, upper, cell, look.px(6), look)
        loud = cell.mark in (Mark.NEXT, Mark.END)
        quiet = look.colour("ink_muted") if ink == look.colour("ink") else ink
        painter.setPen(ink if loud else quiet)
        painter.setFont(look.font("caption", bold=loud, tabular=True))
        painter.drawText(lower, int(_CENTRE), tr(cell.said))
        painter.restore()


def _paint_when(painter: QPainter, rect: QRectF, said: str, look: Look) -> None:
    """Write the day in bold and how far it is after it, whole or not at all: never 36… of 361."""
    day, dot, away = tr(said).partition(" · ")
    painter.setFont(look.font(bold=True, tabular=True))
    painter.drawText(rect, int(_LEFT), day)
    shift = painter.fontMetrics().horizontalAdvance(day)
    painter.setFont(look.font(tabular=True))
    if shift + painter.fontMetrics().horizontalAdvance(dot + away) <= rect.width():
        painter.drawText(rect.adjusted(shift, 0, 0, 0), int(_LEFT), dot + away)


def paint_on_rail(
    painter: QPainter, rect: QRectF, cell: RungCell, radius: float, look: Look
) -> None:
    """Draw a rung in the middle of a cell, and the rail that runs through it."""
    middle = QPointF(rect.center().x(), round(rect.center().y()) + 0.5)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if cell.left is not None:
        edge = QPointF(rect.left(), middle.y())
        marks.paint_rail(painter, edge, middle, done=cell.left, look=look)
    if cell.right is not None:
        edge = QPointF(rect.right(), middle.y())
        marks.paint_rail(painter, middle, edge, done=cell.right, look=look)
    if cell.mark is not None:
        marks.paint_rung(painter, middle, radius, cell.mark, cell.status, look)


def halves(rect: QRectF) -> tuple[QRectF, QRectF]:
    """The upper and the lower line of a cell."""
    half = rect.height() / 2
    return (
        QRectF(rect.left(), rect.top(), rect.width(), half),
        QRectF(rect.left(), rect.top() + half, rect.width(), half),
    )


FOLDS_ABOVE: Final = 130
"""Per cent: with larger letters the rungs stand below the words, across the whole row."""


def row_height_of(look: Look, *, folded: bool) -> int:
    """How high a row of "Act by" is: the words, and below them the rungs where it is folded."""
    below = look.px(18) + 2 * look.metrics("caption").lineSpacing() + look.px(8)
    return ladder_height(look) + (below if folded else 0)


def paint_folded(painter: QPainter, row: QRectF, cells_: tuple[RungCell, ...], look: Look) -> None:
    """Draw the six rungs of a folded row across it: the rail, what each is, and its day."""
    top = row.top() + ladder_height(look)
    line = look.metrics("caption").lineSpacing()
    wide = row.width() / len(cells_)
    for at, cell in enumerate(cells_):
        left = row.left() + at * wide
        paint_on_rail(painter, QRectF(left, top, wide, look.px(18)), cell, look.px(6), look)
        if cell.mark is None:
            continue
        loud = cell.mark in (Mark.NEXT, Mark.END)
        painter.setPen(look.colour("ink" if loud else "ink_muted"))
        for place, (said, bold) in enumerate(((TITLES[cell.kind], False), (cell.said, loud))):
            painter.setFont(look.font("caption", bold=bold, tabular=True))
            rect = QRectF(left, top + look.px(18) + place * line, wide, line)
            painter.drawText(rect, int(_CENTRE), tr(said))


def ladder_height(look: Look) -> int:
    """How high a row with two lines is."""
    lines = look.metrics().height() + look.metrics("caption").height()
    return max(41, lines + look.px(9))
