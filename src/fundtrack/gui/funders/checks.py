"""What there is to see to before a funder's workbook is sent: Fix, Look or Clear, with its cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QPointF, QRectF, Qt, Signal

from fundtrack.core.returns.form import FormProblem, Spot
from fundtrack.gui import cells, marks
from fundtrack.gui.cells import CellDelegate
from fundtrack.gui.funders.sheet import address
from fundtrack.gui.returns.checks import LEVEL_WORD, level_of
from fundtrack.gui.speech import tr
from fundtrack.gui.table import COLUMN_ROLE, ROW_ROLE, Column, Index, Table
from fundtrack.gui.widgets.frame import Card
from fundtrack.gui.widgets.grid import Grid

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

    from fundtrack.core.returns.figures import Finding
    from fundtrack.core.returns.form import FormPlan
    from fundtrack.gui.look import Look

_SHAPE = {"Fix": "act now", "Look": "soon", "Clear": "clear"}
_ORDER = ("Fix", "Look", "Clear")


@dataclass(frozen=True, slots=True)
class Seen:
    """One line: how it stands, what was found, and the cell it is about."""

    at: int
    level: str
    says: str
    spot: Spot | None = None

    @property
    def where(self) -> str:
        """Where it leads."""
        return "" if self.spot is None else f"Go to {address(self.spot)}"


class ChecksCard(Card):
    """The list of what was found. Enter, or a double click, goes to the cell."""

    jump_wanted = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__("Checks")
        self.table: Table[Seen] = Table(
            (
                Column(name="level", title="Stands", value=lambda row: row.level, width=9),
                Column(
                    name="says",
                    title="What was found",
                    value=lambda row: row.says,
                    tip=lambda row: row.says,
                    stretch=True,
                ),
                Column(
                    name="where", title="Cell", value=lambda row: row.where, width=14, link=True
                ),
            ),
            key=lambda row: f"{row.at}",
        )
        self.table.editable = False
        self.grid = Grid(
            look, self.table, "Checks", header=False, sortable=False, delegate=_Levels(look, self)
        )
        self.grid.opened.connect(self._jump)
        self.grid.clicked.connect(self._clicked)
        self.body.addWidget(self.grid, 1)

    @property
    def rows(self) -> tuple[Seen, ...]:
        """What is listed."""
        return self.table.rows

    def show_plan(self, plan: FormPlan) -> None:
        """List what a plan found: what to fix first."""
        found = [("Fix", one.says, one.spot) for one in plan.problems]
        found += [(LEVEL_WORD[level_of(one)], one.says, _spot(one)) for one in plan.findings]
        found += [("Look", one.says, one.spot) for one in plan.looks]
        found.sort(key=lambda one: _ORDER.index(one[0]))
        self._show("Checks", found)
        counts = [sum(level == each for level, _, _ in found) for each in _ORDER]
        fix, look, clear = counts
        if not found:
            self.note.setText("Choose a cell and what fills it: what to see to is listed here")
            return
        said = f"{clear} clear · {look} to look at"
        self.note.setText(f"{said} · {fix} to fix before writing" if fix else said)

    def show_differences(
        self, differences: tuple[FormProblem, ...], lost: tuple[FormProblem, ...]
    ) -> None:
        """List what is not as it was in the file the mapping was made for."""
        found = [("Fix", one.says, one.spot) for one in lost]
        found += [("Look", one.says, one.spot) for one in differences]
        self._show("Different from last time", found)
        self.note.setText("Nothing is filled until you go on")

    def show_proof(self, says: tuple[str, ...]) -> None:
        """List what was shown of the file that was written."""
        self._show("Proved", [("Clear", each, None) for each in says])
        self.note.setText("")

    def _show(self, title: str, found: list[tuple[str, str, Spot | None]]) -> None:
        self.title.setText(title)
        self.setAccessibleName(tr(title))
        self.grid.setAccessibleName(tr(title))
        self.grid.setColumnHidden(2, not any(spot for _, _, spot in found))
        self.table.present(tuple(Seen(at, *each) for at, each in enumerate(found)))

    def _jump(self, key: str) -> None:
        row = next((one for one in self.rows if f"{one.at}" == key), None)
        if row is not None and row.spot is not None:
            self.jump_wanted.emit(row.spot)

    def _clicked(self, index: Index) -> None:
        column = cast("Column[Seen]", index.data(COLUMN_ROLE))
        if column.name == "where":
            self._jump(f"{index.data(ROW_ROLE).at}")


class _Levels(CellDelegate):
    """Paints how a line stands as its shape and its word."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(look, parent)
        self.look = look

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        column = cast("Column[Seen]", index.data(COLUMN_ROLE))
        if column.name != "level":
            super().paint(painter, option, index)
            return
        row = cast("Seen", index.data(ROW_ROLE))
        painter.save()
        ink = cells.paint_ground(painter, option, self.look)
        rect = QRectF(option.rect).adjusted(6, 0, -6, 0)
        side, status = self.look.px(12), _SHAPE[row.level]
        centre = QPointF(rect.left() + side / 2, rect.center().y())
        marks.paint_status(painter, centre, side / 2, status, self.look)
        painter.setPen(
            self.look.colour(marks.STATUS_TOKEN[status]) if row.level != "Clear" else ink
        )
        painter.setFont(self.look.font(bold=True))
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(rect.adjusted(side + 6, 0, 0, 0), align, tr(row.level))
        painter.restore()


def _spot(finding: Finding) -> Spot | None:
    """The cell of the workbook a finding is about, where one is filled with its figure."""
    sheet, _, cell = finding.cell.rpartition("!")
    letters = cell.rstrip("0123456789")
    row = cell[len(letters) :]
    if not sheet or not letters.isalpha() or not row:
        return None
    column = 0
    for one in letters.upper():
        column = column * 26 + ord(one) - ord("A") + 1
    return Spot(sheet.strip("'"), int(row), column)
