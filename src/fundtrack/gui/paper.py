"""A printed page: words, lines and signs at their places, for a file, a printer or the screen.

A page is a list of marks that know how to draw themselves, so that what is previewed is what is
printed. Words stay words and shapes stay shapes: nothing on it is a picture. The colours are those
of the light theme whatever the screen wears; every meaning has a shape, a pattern or a word too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, Protocol

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
)

from fundtrack.core.errors import KnownError
from fundtrack.gui import marks
from fundtrack.gui.look import themes
from fundtrack.gui.speech import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtGui import QPagedPaintDevice

WIDE, HIGH = 595.28, 841.89
"""A4 upright, in points."""
_DOTS_AN_INCH, _POINTS_AN_INCH = 1200, 72
_FINER = 10
"""Fonts have whole pixels, so letters are drawn ten times their size, then shrunk."""
_FIRST_CHOICE = "Inter"
_USUAL_TEXT = "Free reserves are £84,200 at 31 December 2027: give notice by Thu 5 Nov."
_USUAL_WIDTH = {False: 0.4945, True: 0.503}
"""How wide a letter of that text is in Inter, of its size; the pages are laid out for it."""
_NARROWEST = 78
"""Percent: letters drawn narrower than this are no longer pleasant to read."""
_TILE = 6.0
_PLAIN_LETTERS = ("liga", "clig", "calt", "ccmp")
"""Joined letters switched off: with them, the words of a file cannot be copied or searched."""

Align = Literal["left", "right", "centre"]


class Paper:
    """The colours of a page: those of the light theme."""

    def colour(self, token: str) -> QColor:
        """Return a colour by its token."""
        return QColor(themes()["light"][token])


class Mark(Protocol):
    """Anything that stands on a page."""

    def draw(self, painter: QPainter, paper: Paper) -> None:
        """Draw it, in points."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words on a line, `base` their foot. `size` is in points; `x` is where they begin or end."""

    x: float
    base: float
    text: str
    size: float
    bold: bool = False
    shade: str = "ink"
    align: Align = "left"

    def draw(self, painter: QPainter, paper: Paper) -> None:
        """Draw them."""
        shift = {"left": 0.0, "right": 1.0, "centre": 0.5}[self.align]
        x = self.x - (shift * width_of(self.text, self.size, bold=self.bold) if shift else 0.0)
        painter.save()
        painter.translate(x, self.base)
        painter.scale(1 / _FINER, 1 / _FINER)
        painter.setFont(_font(self.size, self.bold))
        painter.setPen(paper.colour(self.shade))
        painter.drawText(QPointF(0, 0), self.text)
        painter.restore()


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line."""

    x: float
    y: float
    to_x: float
    to_y: float
    width: float = 0.5
    shade: str = "line"

    def draw(self, painter: QPainter, paper: Paper) -> None:
        """Draw it."""
        pen = QPen(paper.colour(self.shade), self.width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawLine(QPointF(self.x, self.y), QPointF(self.to_x, self.to_y))


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, with an edge, a fill, or both."""

    rect: QRectF
    edge: str = ""
    fill: str = ""
    width: float = 0.75
    dashed: bool = False
    radius: float = 0.0

    def draw(self, painter: QPainter, paper: Paper) -> None:
        """Draw it."""
        pen = QPen(Qt.PenStyle.NoPen)
        if self.edge:
            pen = QPen(paper.colour(self.edge), self.width)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            if self.dashed:
                pen.setDashPattern([3.0, 2.0])
        painter.setPen(pen)
        painter.setBrush(paper.colour(self.fill) if self.fill else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(self.rect, self.radius, self.radius)


@dataclass(frozen=True, slots=True)
class Cover:
    """A rectangle filled as secured, probable, possible or unfunded."""

    rect: QRectF
    cover: str

    def draw(self, painter: QPainter, paper: Paper) -> None:
        """Draw it."""
        marks.draw_cover(painter, self.rect, self.cover, paper, _TILE)


@dataclass(frozen=True, slots=True)
class Sign:
    """A status shape round a point."""

    x: float
    y: float
    radius: float
    status: str

    def draw(self, painter: QPainter, paper: Paper) -> None:
        """Draw it twice its size in a space half as large: the pen has a least width there."""
        painter.save()
        painter.translate(self.x, self.y)
        painter.scale(0.5, 0.5)
        marks.paint_status(painter, QPointF(0, 0), self.radius * 2, self.status, paper)
        painter.restore()


@dataclass(frozen=True, slots=True)
class Meeting:
    """The triangle where the trustees meet."""

    x: float
    y: float
    radius: float

    def draw(self, painter: QPainter, paper: Paper) -> None:
        """Draw it."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(paper.colour("ink"))
        painter.drawPath(marks.meeting_path(self.radius).translated(self.x, self.y))


Page = tuple[Mark, ...]


# --- measuring -----------------------------------------------------------------------------------


@cache
def _family() -> str:
    """Return the family that pages are set in. Raises KnownError where there are no fonts."""
    families = QFontDatabase.families()
    if not families:
        raise KnownError(
            "This computer has no fonts to set a page in. Install one, such as Inter or DejaVu "
            "Sans, or ask for an .xlsx file"
        )
    if _FIRST_CHOICE in families:
        return _FIRST_CHOICE
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()


@cache
def _font(size: float, bold: bool) -> QFont:  # noqa: FBT001
    font = _as_drawn(size, bold=bold)
    font.setStretch(_stretch(bold))
    return font


def _as_drawn(size: float, *, bold: bool) -> QFont:
    font = QFont(_family())
    font.setPixelSize(round(size * _FINER))
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    for feature in _PLAIN_LETTERS:
        font.setFeature(QFont.Tag(feature), 0)
    return font


@cache
def _stretch(bold: bool) -> int:  # noqa: FBT001
    """At how many percent of their width letters are drawn: a page holds as much in any family.

    Computers have different fonts: with the widest, the one page of the trustees would run to two.
    """
    size = 100.0
    font, most = _as_drawn(size, bold=bold), _USUAL_WIDTH[bold] * size * _FINER * len(_USUAL_TEXT)
    for percent in range(100, _NARROWEST, -1):  # what a font makes of a percentage is its own
        font.setStretch(percent)
        if QFontMetricsF(font).horizontalAdvance(_USUAL_TEXT) <= most:
            return percent
    return _NARROWEST


@cache
def _metrics(size: float, bold: bool) -> QFontMetricsF:  # noqa: FBT001
    return QFontMetricsF(_font(size, bold))


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """How wide words are, in points."""
    return _metrics(size, bold).horizontalAdvance(text) / _FINER


def shortened(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """The words, cut with … where they are wider than the room they have."""
    if width_of(text, size, bold=bold) <= width:
        return text
    cut = _metrics(size, bold).elidedText(text, Qt.TextElideMode.ElideRight, width * _FINER)
    return cut.rstrip("…").rstrip(" ,;:") + "…"


# --- words over several lines --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words of one weight and colour."""

    text: str
    bold: bool = False
    shade: str = "ink"


Lines = list[list[Span]]


def strong_spans(text: str, strong: Iterable[str], shade: str = "ink") -> list[Span]:
    """The text cut into spans, with some of its parts bold, each where it first occurs."""
    at, spans = 0, []
    for part in strong:
        found = text.find(part, at)
        if found < 0 or not part:
            continue
        spans += [Span(text[at:found], shade=shade), Span(part, bold=True, shade=shade)]
        at = found + len(part)
    spans.append(Span(text[at:], shade=shade))
    return [span for span in spans if span.text]


def broken(spans: Sequence[Span], width: float, size: float) -> Lines:
    """The spans over as many lines as they need, broken between words.

    A word too long for a line of its own is shortened.
    """
    lines: Lines = []
    line: list[Span] = []
    for word in _words(spans):
        longer = _joined(line, word)
        if line and _width(longer, size) > width:
            lines.append(_trimmed(line))
            longer = [_without_space(word)]
        line = longer
        if _width(line, size) > width and len(line) == 1:
            only = line[0]
            cut = shortened(only.text.rstrip(), width, size, bold=only.bold)
            line = [Span(f"{cut} ", only.bold, only.shade)]
    if line:
        lines.append(_trimmed(line))
    return lines


def limited(text: str, width: float, size: float, lines: int, *, bold: bool = False) -> list[str]:
    """The words over at most so many lines, the last of them shortened if it must be."""
    found = [
        "".join(span.text for span in line) for line in broken([Span(text, bold)], width, size)
    ]
    if len(found) <= lines:
        return found or [""]
    kept = found[: lines - 1]
    rest = text[sum(len(line) + 1 for line in kept) :]
    return [*kept, shortened(rest, width, size, bold=bold)]


def _words(spans: Sequence[Span]) -> Iterable[Span]:
    """Each word with the space before it, in the weight of its span."""
    for span in spans:
        start = 0
        for at in range(1, len(span.text)):
            if span.text[at] == " " and span.text[at - 1] != " ":
                yield Span(span.text[start:at], span.bold, span.shade)
                start = at
        yield Span(span.text[start:], span.bold, span.shade)


def _joined(line: list[Span], word: Span) -> list[Span]:
    if line and (line[-1].bold, line[-1].shade) == (word.bold, word.shade):
        return [*line[:-1], Span(line[-1].text + word.text, word.bold, word.shade)]
    return [*line, word]


def _width(line: list[Span], size: float) -> float:
    return sum(width_of(span.text, size, bold=span.bold) for span in line)


def _without_space(word: Span) -> Span:
    return Span(word.text.lstrip(), word.bold, word.shade)


def _trimmed(line: list[Span]) -> list[Span]:
    last = line[-1]
    return [*line[:-1], Span(last.text.rstrip(), last.bold, last.shade)]


def set_line(line: Sequence[Span], x: float, base: float, size: float) -> list[Mark]:
    """One line of spans as marks, from its left."""
    found: list[Mark] = []
    for span in line:
        found.append(Words(x, base, span.text, size, span.bold, span.shade))
        x += width_of(span.text, size, bold=span.bold)
    return found


# --- onto something ------------------------------------------------------------------------------


def whole_page() -> QRectF:
    """The whole sheet."""
    return QRectF(0, 0, WIDE, HIGH)


def draw(painter: QPainter, page: Page) -> None:
    """Draw a page; the painter's unit is a point."""
    paper = Paper()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    for mark in page:
        mark.draw(painter, paper)


def print_on(device: QPagedPaintDevice, pages: Sequence[Page]) -> None:
    """Draw every page on a printer or a file, fitted to whatever paper it has.

    Raises KnownError if it takes none.
    """
    painter = QPainter()
    if not painter.begin(device):
        raise KnownError("The printer would not begin. See that it is switched on, then try again")
    whole = QRectF(0, 0, device.width(), device.height())
    scale = min(whole.width() / WIDE, whole.height() / HIGH)
    for number, page in enumerate(pages):
        if number:
            device.newPage()
        painter.save()
        painter.translate((whole.width() - WIDE * scale) / 2, (whole.height() - HIGH * scale) / 2)
        painter.scale(scale, scale)
        draw(painter, page)
        painter.restore()
    painter.end()


def pdf(pages: Sequence[Page], title: str, program: str) -> bytes:
    """The pages as a PDF: words as words, fonts within it, and nobody's name in its properties."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DOTS_AN_INCH)
    writer.setPageSize(QPageSize(QSizeF(WIDE, HIGH), QPageSize.Unit.Point, "A4"))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setTitle(tr(title))
    writer.setCreator(program)
    print_on(writer, pages)
    buffer.close()
    return bytes(data.data())
