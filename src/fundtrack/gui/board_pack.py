"""The trustees' one-page report, set on A4: what a `BoardPack` says, and nothing else.

One page at 9 points, or at 12 points on as many as it takes, two as a rule. Lists that do not fit
are cut and say how much more there is; the workbook has all of it. The layout is tried with less
and less air until it fits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from operator import ge, mul, sub
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRectF

from fundtrack.core import words
from fundtrack.core.board_pack import more
from fundtrack.core.period import month_end
from fundtrack.gui import marks, paper
from fundtrack.gui.paper import (
    HIGH,
    WIDE,
    Align,
    Box,
    Cover,
    Mark,
    Meeting,
    Page,
    Rule,
    Sign,
    Span,
    Words,
    broken,
    limited,
    set_line,
    shortened,
    strong_spans,
    width_of,
)

if TYPE_CHECKING:
    from datetime import date

    from fundtrack.core.board_figures import Figure, KeyLine
    from fundtrack.core.board_pack import Bar, BoardPack, EndingMoney

_SIDE, _TOP, _FOOT = 34.0, 28.0, 28.0
_GUTTER = 18.0
_BETWEEN = 6.0
_LEFT_SHARE = 0.49
_LEAST_FLEX = 60.0
_QUARTERS = (1, 4, 7, 10)
_MOST_SHOWN, _LEAST_SHOWN, _DEARNESS = (6, 8, 6), (2, 1, 0), (4, 2, 1)
"""Of decisions, awards ending and changes: the most and the least shown, and how dear one is."""
_LONG_AXIS = 48
"""Beyond so many months, the axis names years only."""


@dataclass(frozen=True, slots=True)
class Style:
    """Sizes in points, how loosely lines stand (`air`, 0 to 1), and how much is shown.

    A name may take so many `lines`; of decisions, awards ending and changes so many are `shown`.
    """

    large: bool
    air: float
    lines: int
    shown: tuple[int, ...]

    @property
    def body(self) -> float:
        """What most is set in."""
        return 12.0 if self.large else 9.0

    @property
    def small(self) -> float:
        """Notes and the basis."""
        return 12.0 if self.large else 8.0

    @property
    def lead(self) -> float:
        """The three sentences."""
        return 13.0 if self.large else 10.0 + 0.5 * self.air

    @property
    def head(self) -> float:
        """Headings of parts."""
        return 13.0 if self.large else 10.0

    @property
    def title(self) -> float:
        """The title."""
        return 19.0 if self.large else 15.5

    @property
    def pitch(self) -> float:
        """From one row of a table to the next."""
        return self.body * (1.19 + 0.4 * self.air)

    @property
    def gap(self) -> float:
        """Above a part."""
        return self.body * (0.5 + 0.9 * self.air)

    def line(self, size: float) -> float:
        """From one line of running words to the next."""
        return size * (1.18 + 0.2 * self.air)


def _styles(pack: BoardPack, *, large: bool) -> Iterator[Style]:
    """Ever less air, and then ever shorter lists: what is decided is cut last."""
    lines = 3 if large else 2
    lists = (len(pack.decisions), len(pack.endings), len(pack.changes))
    full = tuple(map(min, lists, _MOST_SHOWN))
    least = tuple(map(min, lists, _LEAST_SHOWN))
    for air in (1.0, 0.8, 0.6, 0.4, 0.2, 0.0):
        yield Style(large, air, lines, full)
    cuts = product(*(range(each + 1) for each in full))
    for cut in sorted(cuts, key=lambda each: sum(map(mul, each, _DEARNESS))):
        shown = tuple(map(sub, full, cut))
        if all(map(ge, shown, least)):
            yield Style(large, 0.0, lines if large else 1, shown)


def pages(pack: BoardPack, *, large: bool = False) -> tuple[Page, ...]:
    """The report as pages: one, or two in large letters, where it can be done at all."""
    wanted = 2 if large else 1
    made: tuple[Page, ...] = ()
    for style in _styles(pack, large=large):
        made = _Setting(pack, style).pages()
        if len(made) <= wanted:
            break
    return made


def board_pack_pdf(pack: BoardPack, *, large: bool = False) -> bytes:
    """The report as a PDF. Raises KnownError where the computer has no fonts."""
    day = words.short_day(pack.today)
    return paper.pdf(pages(pack, large=large), f"{pack.title}, {day}", pack.version)


# --- tables --------------------------------------------------------------------------------------


class Column(NamedTuple):
    """A column of a table. One with `flex` takes a share of the room left, on up to `lines`."""

    title: str
    align: Align = "left"
    flex: float = 0.0
    bold: bool = False
    lines: int = 1


class Cell(NamedTuple):
    """What stands in a cell; `status` puts a shape before its word."""

    text: str
    status: str = ""
    indent: float = 0.0
    shade: str = "ink"


@dataclass
class _Flow:
    """A column of the page being filled from the top."""

    style: Style
    x: float
    width: float
    y: float
    marks: list[Mark] = field(default_factory=list)

    @property
    def right(self) -> float:
        return self.x + self.width

    def space(self, points: float) -> None:
        self.y += points

    def head(self, title: str, note: str = "") -> None:
        """A heading of a part and a line below, its quiet note beside it or under it."""
        style = self.style
        self.space(style.gap)
        base = self.y + style.head
        self.marks.append(Words(self.x, base, title, style.head, bold=True))
        at = self.x + width_of(title, style.head, bold=True) + 6
        beside = width_of(note, style.small) <= self.right - at
        if beside and note:
            self.marks.append(Words(at, base, note, style.small, shade="ink_muted"))
        self.y = base + style.head * 0.4
        self.rule(0.75, "ink")
        self.space(style.body * 0.15)
        if not beside:
            self.note(note)

    def rule(self, width: float = 0.5, shade: str = "line") -> None:
        self.marks.append(Rule(self.x, self.y, self.right, self.y, width, shade))

    def words(self, spans: Sequence[Span], size: float, indent: float = 0.0) -> None:
        """Running words, over as many lines as they need."""
        for line in broken(spans, self.width - indent, size):
            base = self.y + size
            self.marks += set_line(line, self.x + indent, base, size)
            self.y += self.style.line(size)

    def note(self, text: str, shade: str = "ink_muted") -> None:
        """A quiet sentence."""
        if text:
            self.words([Span(text, shade=shade)], self.style.small)

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> None:
        """A table with its heads and a hairline between rows."""
        _Table(self, columns, rows).set()


class _Table:
    """One table being set: how wide each column is, and then row by row."""

    def __init__(
        self, flow: _Flow, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]
    ) -> None:
        self._flow, self._columns, self._rows = flow, columns, rows
        self._size = flow.style.body
        self._widths = self._fitted()

    def set(self) -> None:
        if any(column.title for column in self._columns):
            self._heads()
        for number, row in enumerate(self._rows):
            if number:
                self._flow.rule()
            self._row(row)

    def _fitted(self) -> list[float]:
        """Heads on one line where that leaves the rest its room, else on two."""
        cells = [max(found) for found in self._cell_widths()]
        wanted = [
            cell if column.flex else 0.0 for cell, column in zip(cells, self._columns, strict=True)
        ]
        natural, left = self._natural(cells, wrapped=False)
        if left < sum(wanted):
            natural, left = self._natural(cells, wrapped=True)
        return [
            shared if column.flex else wide
            for column, shared, wide in zip(
                self._columns, self._shared(wanted, left), natural, strict=True
            )
        ]

    def _shared(self, wanted: list[float], left: float) -> list[float]:
        """The room left, shared out: none gets more than it wants while another lacks."""
        flex = [column.flex for column in self._columns]
        order = sorted(
            (at for at, each in enumerate(flex) if each), key=lambda at: wanted[at] / flex[at]
        )
        found, waiting = [0.0] * len(flex), sum(flex)
        for at in order:
            fair = max(left * flex[at] / waiting, _LEAST_FLEX)
            found[at] = fair if at == order[-1] else min(fair, wanted[at])
            left, waiting = left - found[at], waiting - flex[at]
        return found

    def _natural(self, cells: Sequence[float], *, wrapped: bool) -> tuple[list[float], float]:
        """How wide each column would be, and what is left for those that share the rest."""
        natural = [
            0.0 if column.flex else max(self._head_width(column, wrapped=wrapped), cell)
            for column, cell in zip(self._columns, cells, strict=True)
        ]
        return natural, self._flow.width - sum(natural) - _BETWEEN * (len(natural) - 1)

    def _head_width(self, column: Column, *, wrapped: bool) -> float:
        """A head on one line, or broken in two where that is narrowest."""
        size, title = self._flow.style.small, column.title.split(" ")
        if not wrapped:
            return width_of(column.title, size)
        halves = ((" ".join(title[:at]), " ".join(title[at:])) for at in range(1, len(title) + 1))
        return min(max(width_of(half, size) for half in pair) for pair in halves)

    def _cell_widths(self) -> list[list[float]]:
        return [
            [0.0, *(self._cell_width(row[at], column) for row in self._rows)]
            for at, column in enumerate(self._columns)
        ]

    def _cell_width(self, cell: Cell, column: Column) -> float:
        sign = self._size * 1.25 if cell.status else 0.0
        bold = column.bold or bool(cell.status)
        lines = cell.text.split("\n")
        return sign + cell.indent + max(width_of(line, self._size, bold=bold) for line in lines)

    def _heads(self) -> None:
        style, flow = self._flow.style, self._flow
        heads = [
            broken([Span(column.title, shade="ink_muted")], wide, style.small)
            for column, wide in zip(self._columns, self._widths, strict=True)
        ]
        deepest = max(map(len, heads))
        for (x, column), lines in zip(self._places(), heads, strict=True):
            for number, line in enumerate(lines):
                base = flow.y + style.small + (deepest - len(lines) + number) * style.small * 1.15
                text = "".join(span.text for span in line)
                flow.marks.append(
                    Words(x, base, text, style.small, shade="ink_muted", align=column.align)
                )
        flow.y += deepest * style.small * 1.15 + style.small * 0.35
        flow.rule(0.5, "line_strong")

    def _places(self) -> Iterator[tuple[float, Column]]:
        """Where each column's words begin, or end where they stand at the right."""
        left = self._flow.x
        for column, wide in zip(self._columns, self._widths, strict=True):
            yield (left + wide if column.align == "right" else left), column
            left += wide + _BETWEEN

    def _row(self, row: Sequence[Cell]) -> None:
        flow, size = self._flow, self._size
        cells = [
            self._cut(cell, column, wide)
            for cell, column, wide in zip(row, self._columns, self._widths, strict=True)
        ]
        deepest = max(map(len, cells))
        first = flow.y + flow.style.pitch / 2 + size * 0.36
        for (x, column), cell, lines in zip(self._places(), row, cells, strict=True):
            for number, line in enumerate(lines):
                base = first + number * size * 1.18
                flow.marks += self._set(x, base, cell, line, column)
        flow.y += flow.style.pitch + (deepest - 1) * size * 1.18

    def _cut(self, cell: Cell, column: Column, wide: float) -> list[str]:
        room = wide - cell.indent
        if cell.status or not column.flex:
            return cell.text.split("\n")
        return limited(cell.text, room, self._size, column.lines, bold=column.bold)

    def _set(self, x: float, base: float, cell: Cell, text: str, column: Column) -> list[Mark]:
        size = self._size
        if cell.status:
            said = Words(x + size * 1.25, base, text, size, bold=True)
            if not cell.text.startswith(text):  # the shape stands before the first line
                return [said]
            return [Sign(x + size * 0.45, base - size * 0.35, size * 0.42, cell.status), said]
        x += cell.indent
        return [Words(x, base, text, size, column.bold, cell.shade, column.align)]


# --- the whole -----------------------------------------------------------------------------------

_Part = Callable[[_Flow], None]
_Row = tuple[tuple[_Part, ...], tuple[_Part, ...]]


class _Setting:
    """Sets one report in one style."""

    def __init__(self, pack: BoardPack, style: Style) -> None:
        self._pack, self._style = pack, style

    def pages(self) -> tuple[Page, ...]:
        """Every part in its place, a new page where one does not fit on the last."""
        made: list[list[Mark]] = [[]]
        y = _TOP
        for part in self._parts():
            placed, bottom = self._placed(part, y)
            if bottom > HIGH - _FOOT and made[-1]:
                made.append([])
                placed, bottom = self._placed(part, _TOP)
            made[-1] += placed
            y = bottom
        feet = (self._foot(number + 1, len(made)) for number in range(len(made)))
        return tuple((*page, *foot) for page, foot in zip(made, feet, strict=True))

    def _parts(self) -> tuple[_Row, ...]:
        """The parts from the top down, each across the page or two beside each other."""
        whole = (
            self._header,
            self._lead,
            self._decisions,
            self._runway,
            self._key_figures,
            self._endings,
        )
        singly = (self._posts, self._scenarios, self._returns, self._basis, self._going_concern)
        if self._style.large:
            return tuple(((part,), ()) for part in (*whole, *singly))
        left, right = (self._posts, self._basis), singly[1:3] + singly[4:]
        return (*(((part,), ()) for part in whole), (left, right))

    def _placed(self, row: _Row, y: float) -> tuple[list[Mark], float]:
        """A part across the page, or two columns, and how far down they reach."""
        whole = WIDE - 2 * _SIDE
        left, right = row
        share = (whole - _GUTTER) * _LEFT_SHARE if right else whole
        first = _Flow(self._style, _SIDE, share, y)
        second = _Flow(self._style, _SIDE + share + _GUTTER, whole - share - _GUTTER, y)
        for flow, parts in ((first, left), (second, right)):
            for part in parts:
                part(flow)
        return [*first.marks, *second.marks], max(first.y, second.y)

    def _foot(self, number: int, of: int) -> list[Mark]:
        size, base = 9.0, HIGH - _FOOT + 14.0
        page = f"Page {number} of {of}"
        if of == 1:
            return []
        version = Words(
            WIDE - _SIDE, base, self._pack.version, size, shade="ink_muted", align="right"
        )
        return [Words(_SIDE, base, page, size, shade="ink_muted"), version]

    # --- the top ---

    def _header(self, flow: _Flow) -> None:
        """The title, what it is for, and its dates: beside them, or below in large letters."""
        pack, style = self._pack, self._style
        notes = tuple(filter(None, (pack.figures_at, pack.prepared, pack.version)))
        aside = max(width_of(note, style.small) for note in notes)
        aside = 0.0 if style.large else min(aside, flow.width * 0.45) + _GUTTER
        room = flow.width - aside
        top = flow.y
        for line in limited(pack.title, room, style.title, 2, bold=True):
            flow.marks.append(Words(flow.x, flow.y + style.title, line, style.title, bold=True))
            flow.y += style.title * 1.15
        purpose = [pack.purpose, *([" · ".join(notes[:2])] if style.large else [])]
        for text in purpose:
            base = flow.y + style.body + 1
            said = shortened(text, room, style.body)
            flow.marks.append(Words(flow.x, base, said, style.body, shade="ink_muted"))
            flow.y += style.line(style.body)
        if not style.large:
            self._aside(flow, notes, aside - _GUTTER, top)
        flow.y += style.body * 0.6
        flow.rule(1.5, "ink")
        flow.space(style.body * (0.3 + 0.5 * style.air))

    def _aside(self, flow: _Flow, notes: Sequence[str], wide: float, top: float) -> None:
        """The dates at the right, down to the last line of the title's side."""
        size, step = self._style.small, self._style.line(self._style.small)
        flow.y = max(flow.y, top + step * len(notes))
        for number, note in enumerate(reversed(notes)):
            text, base = shortened(note, wide, size), flow.y + 1 - number * step
            flow.marks.append(Words(flow.right, base, text, size, shade="ink_muted", align="right"))

    def _lead(self, flow: _Flow) -> None:
        spans: list[Span] = []
        for sentence in self._pack.sentences:
            spans += strong_spans(sentence.text, sentence.strong)
            spans.append(Span(" "))
        flow.words(spans[:-1], self._style.lead)

    def _decisions(self, flow: _Flow) -> None:
        pack, size = self._pack, self._style.body
        flow.head("1. Decisions asked of you", "with the day after which the choice is lost")
        flow.space(size * 0.15)
        shown = pack.decisions[: self._style.shown[0]]
        indent = width_of("00. ", size)
        for number, decision in enumerate(shown, start=1):
            flow.marks.append(
                Words(flow.x + indent - 3, flow.y + size, f"{number}.", size, align="right")
            )
            spans = [Span(f"{decision.text} "), Span(decision.lost, bold=True)]
            flow.words([*spans, Span(f"{decision.then}.")], size, indent)
            flow.space(size * 0.1 * self._style.air)
        left = more(len(pack.decisions), len(shown))
        rest = [words.sentence(f"{left} at this meeting.") if left else "", pack.later]
        said = " ".join(filter(None, rest))
        if said:
            flow.words(
                [Span(said, shade="ink_muted" if shown else "ink")], size, indent * bool(shown)
            )

    # --- how long reserves last ---

    def _runway(self, flow: _Flow) -> None:
        runway = self._pack.runway
        flow.head("2. How long free reserves last", runway.note if runway.bars else "")
        if runway.bars:
            _Bars(self._pack, flow).set()
        else:
            flow.words([Span(runway.note)], self._style.body)

    # --- tables ---

    def _key_figures(self, flow: _Flow) -> None:
        pack = self._pack
        compared = pack.since is not None
        flow.head("3. Key figures", pack.key_basis)
        last = f"At {words.short_day(pack.since)}" if pack.since is not None else ""
        columns = [
            Column("", flex=1, lines=self._style.lines),
            Column("Now", "right", bold=True),
            *([Column(last, "right"), Column("Change", "right")] if compared else []),
            Column("Policy", "right"),
            Column("Status"),
        ]
        flow.table(columns, [self._key_row(each, compared=compared) for each in pack.key_lines])

    @property
    def _between(self) -> str:
        """What parts a figure from the word beside it: large letters need a line for each."""
        return ",\n" if self._style.large else ", "

    def _key_row(self, each: KeyLine, *, compared: bool) -> list[Cell]:
        indent = self._style.body if each.figures[0].part else 0.0
        now, last = (each.said(column).replace(", ", self._between) for column in ("now", "last"))
        middle = [Cell(last), Cell(each.said("change"))] if compared else []
        return [
            Cell(each.name, indent=indent),
            Cell(now),
            *middle,
            Cell(each.said("limit")),
            Cell(marks.STATUS_WORD.get(each.status, ""), each.status),
        ]

    def _endings(self, flow: _Flow) -> None:
        found = self._pack.endings
        flow.head("4. Money ending within 12 months")
        if not found:
            flow.words([Span("No secured award ends within 12 months.")], self._style.body)
            return
        columns = (
            Column("Award", flex=1.0, lines=self._style.lines),
            Column("Ends"),
            Column("Brings a year", "right"),
            Column("Posts / FTE", "right"),
            Column("People", "right"),
            Column("Renewal and evidence", flex=1.0, lines=self._style.lines),
            Column("Decision"),
            Column("Last safe day", bold=True),
        )
        shown = found[: self._style.shown[1]]
        flow.table(columns, [self._ending_row(each) for each in shown])
        left = more(len(found), len(shown))
        if left:
            until = found[-1].ends.text
            flow.note(f"{words.sentence(left)}, the last on {until}; the workbook lists them all.")

    def _ending_row(self, each: EndingMoney) -> list[Cell]:
        act_by = each.act_by.said.replace(", ", self._between)
        return [
            Cell(each.title),
            Cell(each.ends.said),
            Cell(each.a_year.said),
            Cell(f"{each.posts.said} / {each.fte.said}"),
            Cell(each.people.said),
            Cell(each.renewal),
            Cell(each.decision.said),
            Cell(act_by, "overdue" if each.act_by.note else ""),
        ]

    def _posts(self, flow: _Flow) -> None:
        pack, style = self._pack, self._style
        flow.head("5. Posts by quarter", pack.posts.note)
        if not pack.posts.rows:
            flow.words([Span(pack.posts.says)], style.body)
            return
        _Quarters(pack, flow).set()
        flow.space(style.small * 0.4)
        flow.note(pack.posts.cost, "ink")

    def _scenarios(self, flow: _Flow) -> None:
        pack = self._pack
        flow.head("6. Scenarios", pack.scenarios_note)
        columns = (
            Column("", flex=1, lines=2),
            Column("Below policy"),
            Column("Gone"),
            Column("Lowest", "right"),
            Column("FTE", "right"),
        )
        rows = [
            [Cell(each.name), *map(_cell, (each.below, each.gone, each.lowest, each.fte))]
            for each in pack.scenarios
        ]
        flow.table(columns, rows)

    def _returns(self, flow: _Flow) -> None:
        pack, style = self._pack, self._style
        since = "" if pack.since is None else f"since {words.short_day(pack.since)}"
        flow.head("7. Returns and changes", since)
        flow.space(style.body * 0.15)
        flow.words([Span(pack.returns.says)], style.body)
        shown = pack.changes[: style.shown[2]]
        left = more(len(pack.changes), len(shown))
        said = " ".join((*shown, f"{words.sentence(left)}." if left else "")).strip()
        if said:
            flow.words([Span(said)], style.body)

    # --- the foot ---

    def _basis(self, flow: _Flow) -> None:
        flow.space(self._style.gap * 0.8)
        *rest, planning = self._pack.basis
        text = " ".join(rest)
        spans = [Span("Basis. ", bold=True), Span(f"{text} ", shade="ink_muted")]
        flow.words([*spans, Span(planning, bold=True)], self._style.small)

    def _going_concern(self, flow: _Flow) -> None:
        style = self._style
        flow.space(style.gap * 0.8)
        size, inside = style.body, style.body * 0.8
        top, left = flow.y, flow.x + inside
        base = top + inside + size * 0.75
        period, uncertainty, basis = self._pack.going_concern
        flow.marks += set_line(
            [Span("Going concern ", bold=True), Span("(for trustees to complete)")],
            left,
            base,
            size,
        )
        step = size * (1.65 + 0.4 * style.air)
        base = self._blank(flow, f"{period} (12 months or more):", base + step, left)
        flow.marks += self._choice(uncertainty, left, base + step, size)
        base = self._blank(flow, f"{basis}:", base + 2 * step, left)
        if style.air or style.large:
            base = self._blank(flow, "", base + step, left)
        high = base + inside - top
        flow.marks.append(Box(QRectF(flow.x, top, flow.width, high), "ink", radius=2.5))
        flow.y = top + high

    def _blank(self, flow: _Flow, name: str, base: float, left: float) -> float:
        """A name and a line to write on."""
        size = self._style.body
        flow.marks.append(Words(left, base, name, size))
        start = left + (width_of(name, size) + 5 if name else 0)
        flow.marks.append(
            Rule(start, base + 1.5, flow.right - size * 0.8, base + 1.5, 0.5, "line_strong")
        )
        return base

    def _choice(self, name: str, left: float, base: float, size: float) -> list[Mark]:
        """A name and two boxes to tick."""
        found: list[Mark] = [Words(left, base, f"{name}:", size)]
        x = left + width_of(f"{name}:", size) + 8
        side = size * 0.85
        for answer in ("yes", "no"):
            found.append(Box(QRectF(x, base - side + 0.5, side, side), "ink", width=0.75))
            found.append(Words(x + side + 4, base, answer, size))
            x += side + width_of(answer, size) + 18
        return found


def _cell(figure: Figure) -> Cell:
    return Cell(figure.said)


def _number(figure: Figure) -> float:
    return float(figure.value) if isinstance(figure.value, int | Decimal) else 0.0


# --- charts --------------------------------------------------------------------------------------


class _Bars:
    """How long free reserves last: a bar for each certainty on one axis of months."""

    def __init__(self, pack: BoardPack, flow: _Flow) -> None:
        self._runway, self._flow = pack.runway, flow
        self._size, self._small = flow.style.body, flow.style.small
        names = [bar.name for bar in self._runway.bars]
        widest = max(width_of(name, self._size, bold=True) for name in names)
        self._left = flow.x + max(widest, width_of("Trustees meet", self._small)) + 10
        self._months = self._runway.months
        self._first = self._months[0].toordinal()
        self._days = month_end(self._months[-1]).toordinal() + 1 - self._first

    def set(self) -> None:
        flow, size = self._flow, self._size
        flow.space(self._small * 0.1)
        top = flow.y
        axis_base = top + self._small
        first_bar = axis_base + size * 0.45
        high, step = size * 1.35, size * (1.6 + 0.5 * flow.style.air)
        foot = first_bar + step * len(self._runway.bars)
        self._axis(axis_base, first_bar - 2, foot)
        for number, bar in enumerate(self._runway.bars):
            self._bar(bar, QRectF(self._left, first_bar + number * step, 0, high))
        base = foot + self._small * 0.75
        flow.marks.append(Words(flow.x, base, "Trustees meet", self._small, shade="ink_muted"))
        for day in self._runway.meetings:
            flow.marks.append(Meeting(self._x(day), base - self._small * 0.35, self._small * 0.38))
        flow.y = foot + self._small * 1.1

    def _x(self, day: date) -> float:
        span = self._flow.right - self._left
        return self._left + span * (day.toordinal() - self._first) / self._days

    def _axis(self, base: float, top: float, foot: float) -> None:
        """A line at each quarter's first month; years are named first, then what fits between."""
        long = len(self._months) > _LONG_AXIS
        firsts = [each for each in self._months[1:] if each.month in ((1,) if long else _QUARTERS)]
        taken: list[tuple[float, float]] = []
        for month in sorted(firsts, key=lambda each: each.month != 1):
            x, name = self._x(month), words.short_month(month)
            self._flow.marks.append(Rule(x, top, x, foot, 0.5, "line"))
            name = str(month.year) if long else name if month.month == 1 else name[:3]
            half = width_of(name, self._small) / 2
            start, stop = x - half - 2, x + half + 2
            clear = all(stop <= other or start >= end for other, end in taken)
            if clear and start >= self._flow.x and stop <= self._flow.right + 2:
                taken.append((start, stop))
                self._flow.marks.append(
                    Words(x, base, name, self._small, shade="ink_muted", align="centre")
                )

    def _bar(self, bar: Bar, place: QRectF) -> None:
        """Filled to the month below policy, dashed to the month gone; and both in words."""
        marks_, size = self._flow.marks, self._size
        middle = place.center().y() + size * 0.36
        marks_.append(Words(self._flow.x, middle, bar.name, size, bold=True))
        end = self._x(bar.gone) if bar.gone else self._flow.right
        full = min(self._x(bar.below) if bar.below else end, end)
        if full > self._left + 0.5:
            filled = QRectF(self._left, place.top(), full - self._left, place.height())
            marks_.append(Cover(filled, bar.certainty))
        dashed = end - full > 0.5
        if dashed:
            rest = QRectF(full, place.top(), end - full, place.height())
            marks_.append(Box(rest, "ink", "surface", 0.75, dashed=True))
        self._words(bar, place, full, end, middle)

    def _words(self, bar: Bar, place: QRectF, full: float, end: float, base: float) -> None:
        """The label inside the dashed part and the end after it, or both where there is room."""
        size, small = self._size, self._small
        label = bar.label.replace("below policy ", "")
        inside = bool(label) and width_of(label, small) + 8 <= end - full
        if inside:
            self._flow.marks.append(Words(full + 4, base, label, small))
        said = bar.end if inside or not label else f"{bar.label}, {bar.end}"
        wide = width_of(said, size, bold=True)
        if end + 5 + wide <= self._flow.right:
            self._chip(end + 3, wide, place)
            self._flow.marks.append(Words(end + 5, base, said, size, bold=True))
            return
        taken = full + 8 + width_of(label, small) if inside else self._left
        right = min(end, self._flow.right) - 4
        said = shortened(said, right - taken - 4, size, bold=True)
        wide = width_of(said, size, bold=True)
        self._chip(right - wide - 3, wide + 2, place)
        self._flow.marks.append(Words(right, base, said, size, bold=True, align="right"))

    def _chip(self, x: float, wide: float, place: QRectF) -> None:
        """Clear paper behind words, so that no pattern or line runs through them."""
        room = QRectF(x, place.top() + 1.5, wide + 3, place.height() - 3)
        self._flow.marks.append(Box(room, fill="surface"))


class _Quarters:
    """FTE by quarter: a stacked column above each, and the same as a table."""

    def __init__(self, pack: BoardPack, flow: _Flow) -> None:
        self._posts, self._flow = pack.posts, flow
        self._size, self._small = flow.style.body, flow.style.small
        names = [row.name for row in self._posts.rows]
        self._swatch = self._size * 0.95
        self._names = self._swatch + 4 + max(width_of(name, self._size) for name in names)
        self._step = (flow.width - self._names) / len(self._posts.months)

    def set(self) -> None:
        self._chart(self._size * (4.4 + 2.4 * self._flow.style.air))
        self._months()
        for row in self._posts.rows:
            base = self._flow.y + self._flow.style.line(self._size) * 0.8
            side = QRectF(self._flow.x, base - self._swatch + 1, self._swatch, self._swatch)
            self._flow.marks.append(Cover(side, row.cover))
            name = self._flow.x + self._swatch + 4
            self._flow.marks.append(Words(name, base, row.name, self._size))
            for number, figure in enumerate(row.fte):
                self._figure(number, base, figure.text)
            self._flow.y += self._flow.style.line(self._size) * 1.06

    def _right(self, number: int) -> float:
        return self._flow.x + self._names + (number + 1) * self._step

    def _figure(self, number: int, base: float, text: str) -> None:
        size = self._size
        while width_of(text, size) > self._step - 2 and size > 8:
            size -= 0.5
        self._flow.marks.append(Words(self._right(number), base, text, size, align="right"))

    def _months(self) -> None:
        base = self._flow.y + self._small * 1.15
        for number, month in enumerate(self._posts.months):
            name = words.short_month(month)
            short = f"{name[:3]} {name[-2:]}" if number else "Now"
            self._flow.marks.append(
                Words(
                    self._right(number), base, short, self._small, shade="ink_muted", align="right"
                )
            )
        self._flow.y = base + self._small * 0.45

    def _chart(self, high: float) -> None:
        top = self._flow.y + self._size * 0.5
        foot = top + high
        values = [
            [_number(row.fte[number]) for row in self._posts.rows]
            for number in range(len(self._posts.months))
        ]
        most = max(map(sum, values)) or 1.0
        wide = min(self._step * 0.72, self._size * 3.2)
        for number, parts in enumerate(values):
            y = foot
            for row, value in zip(self._posts.rows, parts, strict=True):
                part = high * value / most
                if part <= 0:
                    continue
                y -= part
                place = QRectF(self._right(number) - wide, y, wide, part)
                self._flow.marks.append(Cover(place, row.cover))
        self._flow.marks.append(
            Rule(self._flow.x + self._names, foot, self._flow.right, foot, 0.75, "ink")
        )
        self._flow.y = foot
