"""Every shape and pattern that carries a meaning: certainty, status, rungs, and marks on a grid.

Screen, legend, print and PDF all call these, so one thing always looks the same. A meaning never
rests on colour alone: certainty has a pattern, status a shape, and a word stands beside each.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
    QTransform,
)

if TYPE_CHECKING:
    from fundtrack.gui.look import Look

STATUS_TOKEN: Final = {
    "overdue": "overdue",
    "act now": "act_now",
    "soon": "soon",
    "watch": "watch",
    "clear": "calm",
}
STATUS_WORD: Final = {
    "overdue": "Overdue",
    "act now": "Act now",
    "soon": "Soon",
    "watch": "Watch",
    "clear": "Clear",
}
COVER_WORD: Final = {
    "secured": "Secured",
    "probable": "Probable",
    "possible": "Possible",
    "unfunded": "Unfunded",
}
COVER_ORDER: Final = ("secured", "probable", "possible", "unfunded")
"""From the bottom of a cell to its top."""

_TILE = 8
_SHARPNESS = 4
_EDGE = {"secured": ("secured", 0.8), "probable": ("probable_line", 0.8)} | {
    "possible": ("possible_line", 0.8),
    "unfunded": ("unfunded_line", 1.4),
}


class Shades(Protocol):
    """Whatever knows a colour by its token: the look of the screen, or of paper."""

    def colour(self, token: str) -> QColor:
        """Return a colour by its token."""


class Mark(StrEnum):
    """What stands on a rung."""

    DONE = "done"
    TO_DO = "to do"
    NEXT = "next"
    END = "end"
    NOTICE = "notice"


# --- certainty ---------------------------------------------------------------------------


def paint_cover(painter: QPainter, rect: QRectF, cover: str, look: Look) -> None:
    """Fill a rectangle as secured, probable, possible or unfunded: colour, pattern and edge."""
    paint_covers(painter, [rect], cover, look)


def paint_covers(painter: QPainter, rects: list[QRectF], cover: str, look: Look) -> None:
    """Fill many rectangles of one certainty in three strokes: colour, pattern and edge."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour(cover))
    painter.drawRects(rects)
    if cover != "secured":
        painter.setBrushOrigin(0, 0)
        painter.setBrush(_pattern(cover, look))
        painter.drawRects(rects)
    token, width = _EDGE[cover]
    painter.setPen(QPen(look.colour(token), width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inset = width / 2
    painter.drawRects([rect.adjusted(inset, inset, -inset, -inset) for rect in rects])
    painter.restore()


def paint_twice(painter: QPainter, along: QRectF, look: Look) -> None:
    """Draw the double line that says, along the top of a month: claimed twice."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    thick = max(1, look.px(1.5))
    top = along.top() - look.px(3)
    band = QRectF(along.left(), top, along.width(), thick * 3)
    painter.fillRect(band.adjusted(0, -1, 0, 1), look.colour("surface"))
    for at in (0, 2):
        line = QRectF(along.left(), top + at * thick, along.width(), thick)
        painter.fillRect(line, look.colour("unfunded_line"))
    painter.restore()


def draw_cover(painter: QPainter, rect: QRectF, cover: str, shades: Shades, tile: float) -> None:
    """Fill a rectangle as `paint_cover` does, in lines and dots that stay sharp on paper.

    `tile` is the side of the pattern's square; colours are solid, for a printer has no half tones.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
    painter.fillRect(rect, shades.colour(cover))
    scale = tile / _TILE
    if cover == "probable":
        _rule(painter, rect, tile, QPen(_half_way(shades, cover), 2.0 * scale), rising=True)
    elif cover == "unfunded":
        pen = QPen(shades.colour(_EDGE[cover][0]), 1.7 * scale)
        _rule(painter, rect, tile, pen, rising=False)
    elif cover == "possible":
        _dot(painter, rect, tile / 2, 0.85 * scale, shades.colour(_EDGE[cover][0]))
    token, width = _EDGE[cover]
    painter.setClipping(False)
    painter.setPen(_sharp(shades.colour(token), width * scale))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect)
    painter.restore()


def _half_way(shades: Shades, cover: str) -> QColor:
    """A colour a little more than half way from a cover's to the paper's."""
    one, other = shades.colour(cover), shades.colour("surface")
    return QColor.fromRgbF(
        one.redF() + (other.redF() - one.redF()) * 0.55,
        one.greenF() + (other.greenF() - one.greenF()) * 0.55,
        one.blueF() + (other.blueF() - one.blueF()) * 0.55,
    )


def _rule(painter: QPainter, rect: QRectF, tile: float, pen: QPen, *, rising: bool) -> None:
    painter.setPen(pen)
    high = rect.height()
    top, bottom = (rect.top(), rect.bottom()) if rising else (rect.bottom(), rect.top())
    at = rect.left() - high - tile
    while at < rect.right() + tile:
        painter.drawLine(QPointF(at, bottom), QPointF(at + high, top))
        at += tile


def _dot(painter: QPainter, rect: QRectF, step: float, radius: float, colour: QColor) -> None:
    """Draw rows of dots: dashes without length and with round ends, which a file keeps short."""
    pen = QPen(colour, 2 * radius)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setDashPattern([0.001, step / (2 * radius) - 0.001])
    painter.setPen(pen)
    for row in range(math.ceil(rect.height() / step)):
        y = rect.top() + (row + 0.5) * step
        painter.drawLine(QPointF(rect.left() + step / 2, y), QPointF(rect.right(), y))


_patterns: dict[tuple[str, str, str], QBrush] = {}


def _pattern(cover: str, look: Look) -> QBrush:
    """A repeating tile, drawn once for each theme, several times finer than the screen."""
    ground, line = look.colour("surface"), look.colour(_EDGE[cover][0])
    name = (cover, ground.name(), line.name())
    if name not in _patterns:
        side = _TILE * _SHARPNESS
        tile = QPixmap(side, side)
        tile.fill(Qt.GlobalColor.transparent)
        painter = QPainter(tile)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(_SHARPNESS, _SHARPNESS)
        _DRAWN[cover](painter, ground, line)
        painter.end()
        brush = QBrush(tile)
        brush.setTransform(QTransform.fromScale(1 / _SHARPNESS, 1 / _SHARPNESS))
        _patterns[name] = brush
    return _patterns[name]


def _stripes(painter: QPainter, ground: QColor, _line: QColor) -> None:
    thinned = QColor(ground)
    thinned.setAlphaF(0.55)
    _diagonals(painter, QPen(thinned, 2.0), rising=True)


def _hatch(painter: QPainter, _ground: QColor, line: QColor) -> None:
    _diagonals(painter, QPen(line, 1.7), rising=False)


def _dots(painter: QPainter, _ground: QColor, line: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(line)
    for x, y in ((2, 2), (6, 2), (2, 6), (6, 6)):
        painter.drawEllipse(QPointF(x, y), 0.85, 0.85)


def _diagonals(painter: QPainter, pen: QPen, *, rising: bool) -> None:
    pen.setCapStyle(Qt.PenCapStyle.SquareCap)
    painter.setPen(pen)
    for shift in (-_TILE, 0, _TILE):
        left, right = (_TILE, 0) if rising else (0, _TILE)
        painter.drawLine(QPointF(shift, left), QPointF(shift + _TILE, right))


_DRAWN: Final = {"probable": _stripes, "possible": _dots, "unfunded": _hatch}


# --- status ------------------------------------------------------------------------------


def paint_status(
    painter: QPainter,
    centre: QPointF,
    radius: float,
    status: str,
    look: Shades,
    colour: QColor | None = None,
) -> None:
    """Draw a status shape: square, triangle, half-filled diamond, ring or tick."""
    colour = colour or look.colour(STATUS_TOKEN[status])
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(centre)
    painter.setPen(_sharp(colour, max(1.6, radius / 4)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    match status:
        case "overdue":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            side = radius * 0.86
            painter.drawRect(QRectF(-side, -side, 2 * side, 2 * side))
        case "act now":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawPolygon(_triangle(radius * 1.1, up=True))
        case "soon":
            _half_diamond(painter, radius * 1.1, colour, look.colour("surface"))
        case "watch":
            painter.drawEllipse(QPointF(0, 0), radius * 0.82, radius * 0.82)
        case _:
            _tick(painter, radius)
    painter.restore()


def _sharp(colour: QColor, width: float) -> QPen:
    """Return a pen whose corners stay corners."""
    pen = QPen(colour, width)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return pen


def _triangle(radius: float, *, up: bool) -> QPolygonF:
    high, low = (-radius * 0.95, radius * 0.8) if up else (radius * 0.95, -radius * 0.8)
    return QPolygonF([QPointF(0, high), QPointF(radius, low), QPointF(-radius, low)])


def _half_diamond(painter: QPainter, radius: float, colour: QColor, ground: QColor) -> None:
    corners = [(0.0, -radius), (radius, 0.0), (0.0, radius), (-radius, 0.0)]
    points = [QPointF(x, y) for x, y in corners]
    painter.setBrush(ground)
    painter.drawPolygon(QPolygonF(points))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([points[0], points[2], points[3]]))


def _tick(painter: QPainter, radius: float) -> None:
    pen = painter.pen()
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    points = [(-0.8, 0.05), (-0.25, 0.6), (0.85, -0.6)]
    painter.drawPolyline(QPolygonF([QPointF(x * radius, y * radius) for x, y in points]))


# --- rungs -------------------------------------------------------------------------------


def paint_rung(
    painter: QPainter, centre: QPointF, radius: float, mark: Mark, status: str, look: Look
) -> None:
    """Draw what stands on a rung: a tick if done, the status shape if next, a bar at the end."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    match mark:
        case Mark.NEXT:
            _clear_round(painter, centre, radius * 1.6, look)
            paint_status(painter, centre, radius * 1.25, status, look)
        case Mark.END:
            bar = QRectF(
                centre.x() - radius * 0.3, centre.y() - radius * 1.35, radius * 0.6, radius * 2.7
            )
            painter.fillRect(bar, look.colour("unfunded_line"))
        case Mark.NOTICE:
            _clear_round(painter, centre, radius * 1.3, look)
            painter.translate(centre)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("ink"))
            painter.drawPolygon(_triangle(radius, up=False))
        case _:
            done = mark is Mark.DONE
            painter.setPen(QPen(look.colour("ink" if done else "line_strong"), 1.6))
            painter.setBrush(look.colour("surface"))
            painter.drawEllipse(centre, radius * 0.95, radius * 0.95)
            if done:
                painter.translate(centre)
                painter.setPen(QPen(look.colour("ink"), 1.6))
                _tick(painter, radius * 0.52)
    painter.restore()


def paint_rail(painter: QPainter, start: QPointF, end: QPointF, *, done: bool, look: Look) -> None:
    """Draw the line between two rungs; what is behind us is darker."""
    pen = QPen(look.colour("ink" if done else "line_strong"), 1.8 if done else 1.4)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.drawLine(start, end)


def _clear_round(painter: QPainter, centre: QPointF, radius: float, look: Look) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("surface"))
    painter.drawEllipse(centre, radius, radius)


# --- marks on a grid or chart ------------------------------------------------------------


def paint_consult(painter: QPainter, centre: QPointF, radius: float, look: Look) -> None:
    """Draw the ring that says: consult from here."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(look.colour("ink"), radius * 0.4))
    painter.setBrush(look.colour("surface"))
    painter.drawEllipse(centre, radius * 0.9, radius * 0.9)


def paint_notice(painter: QPainter, centre: QPointF, radius: float, look: Look) -> None:
    """Draw the downward triangle that says: notice by here."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(centre)
    painter.setPen(_sharp(look.colour("surface"), radius * 0.45))
    painter.setBrush(look.colour("ink"))
    painter.drawPolygon(_triangle(radius * 1.15, up=False))
    painter.restore()


def paint_flag(painter: QPainter, rect: QRectF, words: str, font: QFont, look: Look) -> None:
    """Draw the numbered flag that stands on a cliff: how many posts lose money that day."""
    painter.fillRect(rect, look.colour("unfunded_line"))
    painter.setPen(look.colour("surface"))
    painter.setFont(font)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)


def meeting_path(radius: float) -> QPainterPath:
    """The triangle on a chart's axis where the trustees meet."""
    path = QPainterPath()
    path.addPolygon(_triangle(radius, up=False))
    path.closeSubpath()
    return path


def paint_focus(painter: QPainter, rect: QRectF, look: Look) -> None:
    """Draw the ring that says where the keyboard is."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(_sharp(look.colour("focus"), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect.adjusted(1, 1, -1, -1))
    painter.restore()
