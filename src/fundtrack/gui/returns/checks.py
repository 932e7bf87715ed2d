"""What the checks of a return found: Clear, Look or Fix, its two figures, and the way to the cell.

Enter leads to the cell; where a difference may be explained, the words are typed beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QPointF, QRectF, Qt, Signal

from fundtrack.core import words
from fundtrack.core.returns.case import EXPLAINABLE
from fundtrack.gui import cells, marks
from fundtrack.gui.cells import CellDelegate
from fundtrack.gui.kinds import Kind
from fundtrack.gui.speech import tr
from fundtrack.gui.table import COLUMN_ROLE, ROW_ROLE, Column, Index, Table
from fundtrack.gui.widgets.frame import Card, button
from fundtrack.gui.widgets.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

    from fundtrack.core.edit import Edit
    from fundtrack.core.returns.figures import Finding, Level
    from fundtrack.gui.look import Look

LEVEL_WORD: dict[Level, str] = {"PASS": "Clear", "WARN": "Look", "FAIL": "Fix"}
_SHAPE: dict[Level, str] = {"PASS": "clear", "WARN": "soon", "FAIL": "act now"}
_ORDER: dict[Level, int] = {"FAIL": 0, "WARN": 1, "PASS": 2}


def level_of(finding: Finding) -> Level:
    """How a finding stands today: what waits for the period's end is to be looked at until then."""
    return "WARN" if finding.waits else finding.level


@dataclass(frozen=True, slots=True)
class Found:
    """One finding, and its place in the list of them."""

    at: int
    finding: Finding

    @property
    def key(self) -> str:
        """What tells it from others: its rule, its part, and what it is about."""
        each = self.finding
        return f"{each.rule}/{each.part}/{each.line}/{each.cell}/{each.about}/{self.at}"

    @property
    def can_be_explained(self) -> bool:
        """Whether a person may say why it is so rather than put it right."""
        each = self.finding
        return each.part in EXPLAINABLE and (each.level != "PASS" or bool(each.explained_by))


class FoundTable(Table[Found]):
    """The findings; only those that may be explained take words."""

    def flags(self, index: Index) -> Qt.ItemFlag:
        """An explanation is typed only where one is taken."""
        usual = super().flags(index)
        row = self.row_at(index.row()) if index.isValid() else None
        if row is None or row.can_be_explained:
            return usual
        return usual & ~Qt.ItemFlag.ItemIsEditable


class FoundDelegate(CellDelegate):
    """Paints a finding's level as its shape and its word."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.look = look

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        column = cast("Column[Found]", index.data(COLUMN_ROLE))
        if column.name != "level":
            super().paint(painter, option, index)
            return
        look, row = self.look, cast("Found", index.data(ROW_ROLE))
        level = level_of(row.finding)
        shape = _SHAPE[level]
        painter.save()
        ink = cells.paint_ground(painter, option, look)
        plain = look.theme == "high-contrast" and ink != look.colour("ink")
        colour = ink if plain else look.colour(marks.STATUS_TOKEN[shape])
        rect, radius = QRectF(option.rect).adjusted(6, 0, -6, 0), look.px(10) / 2
        centre = QPointF(rect.left() + radius * 1.2, rect.center().y())
        marks.paint_status(painter, centre, radius, shape, look, colour)
        painter.setFont(look.font("caption", bold=True))
        painter.setPen(colour)
        place = rect.adjusted(radius * 3.2, 0, 0, 0)
        painter.drawText(place, int(_LEFT), tr(LEVEL_WORD[level]))
        painter.restore()


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class ChecksPanel(Card):
    """The checks of the return in sight.

    `jump_wanted` carries the finding whose cell is wanted, `edit_wanted` an explanation, and
    `clear_wanted` the texts that were looked at and may stay.
    """

    jump_wanted = Signal(object)
    edit_wanted = Signal(object)
    clear_wanted = Signal(object)
    trouble = Signal(str)

    def __init__(
        self,
        look: Look,
        explain: Callable[[Finding, str], Edit],
        refusal: Callable[[Edit], str],
    ) -> None:
        super().__init__("Checks")
        self._explain = explain
        self.stay_button = button("It may stay", "small", self._let_stay)
        self.stay_button.setToolTip(tr("You have looked at it, and the funder may see it"))
        self.jump_button = button("Go to the cell", "link", self._jump)
        self.add_link(self.stay_button)
        self.add_link(self.jump_button)
        self.table = FoundTable(self._columns(), key=lambda row: row.key, refusal=refusal)
        self.grid = Grid(look, self.table, "Checks", sortable=False, delegate=FoundDelegate(look))
        self.grid.usual_rows = 4
        self.body.addWidget(self.grid, 1)
        self.table.edit_wanted.connect(self.edit_wanted)
        self.grid.given_up.connect(self.trouble)
        self.grid.opened.connect(lambda _key: self._jump())
        self.grid.chosen.connect(lambda _key: self._follow())

    def present(self, findings: tuple[Finding, ...], *, changeable: bool) -> None:
        """Show what was found, what is to be put right first."""
        self.table.editable = changeable
        found = [Found(at, each) for at, each in enumerate(findings)]
        found.sort(key=lambda row: (_ORDER[level_of(row.finding)], not row.finding.waits, row.at))
        self.grid.present(tuple(found))
        if found and not self.grid.current_key:
            self.grid.choose(found[0].key, 0)
        self.note.setText(counted(findings))
        self.setAccessibleName(tr(f"Checks: {counted(findings)}"))
        self._follow()

    @property
    def chosen(self) -> Found | None:
        """The finding the keyboard is on."""
        key = self.grid.current_key
        return next((row for row in self.table.rows if row.key == key), None)

    def _follow(self) -> None:
        row = self.chosen
        about = row is not None and bool(row.finding.about) and row.finding.level != "PASS"
        self.stay_button.setVisible(about and self.table.editable)
        where = "" if row is None else row.finding.cell
        self.jump_button.setVisible(bool(where))
        self.jump_button.setText(f"Go to {where}")

    def _jump(self) -> None:
        if (row := self.chosen) is not None:
            self.jump_wanted.emit(row.finding)

    def _let_stay(self) -> None:
        if (row := self.chosen) is not None and row.finding.about:
            self.clear_wanted.emit((row.finding.about,))

    def _columns(self) -> tuple[Column[Found], ...]:
        def figure(name: str, title: str) -> Column[Found]:
            return Column(
                name=name,
                title=title,
                kind=_FIGURE,
                value=lambda row: getattr(row.finding, name),
                shown=lambda row: said(row.finding, getattr(row.finding, name)),
                width=11,
                optional=True,
            )

        return (
            Column(
                name="level",
                title="Result",
                value=lambda row: level_of(row.finding),
                shown=lambda row: LEVEL_WORD[level_of(row.finding)],
                width=8,
            ),
            Column(name="rule", title="Rule", value=lambda row: row.finding.rule, width=5),
            Column(
                name="says",
                title="What was found",
                value=lambda row: row.finding.says,
                tip=lambda row: row.finding.says,
                stretch=True,
            ),
            figure("figure_a", "Figure A"),
            figure("figure_b", "Figure B"),
            figure("difference", "Difference"),
            Column(
                name="cell",
                title="Where",
                value=lambda row: row.finding.cell,
                link=True,
                width=12,
                optional=True,
            ),
            Column(
                name="explained_by",
                title="Explained by",
                kind=_WORDS,
                value=lambda row: row.finding.explained_by,
                edit=lambda row, text: self._explain(row.finding, text or ""),
                tip=lambda row: row.finding.explained_by,
                width=12,
                most=30,
            ),
        )


_FIGURE = Kind(name="figure", text=str, figure=True)
_WORDS = Kind(
    name="text",
    text=str,
    read=lambda text, _before: " ".join(text.split()),
    order=lambda value: str(value).casefold(),
)


def said(finding: Finding, figure: int | None) -> str:
    """A finding's figure: pounds and pence, or a count."""
    if figure is None:
        return ""
    return words.money(figure) if finding.unit == "pence" else f"{figure:,}"


def counted(findings: tuple[Finding, ...]) -> str:
    """3 clear · 1 to look at · 1 for when the period is over · 1 to fix before writing."""
    of: dict[str, Any] = {"PASS": 0, "WARN": 0, "FAIL": 0}
    waits = sum(each.waits for each in findings)
    for each in findings:
        of[each.level] += not each.waits
    parts = [
        f"{of['PASS']} clear",
        f"{of['WARN']} to look at" if of["WARN"] else "",
        f"{waits} for when the period is over" if waits else "",
        f"{of['FAIL']} to fix before writing" if of["FAIL"] else "",
    ]
    return " · ".join(filter(None, parts))
