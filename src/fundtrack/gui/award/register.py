"""The register of awards: rows under headings that fold, whatever column they are sorted by.

Left or Right on a heading folds or opens it, as do Enter, Space and a click on it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QRect, QRectF, Qt, Signal

from fundtrack.core import words
from fundtrack.core.glance import certainty_of
from fundtrack.core.one_award import together
from fundtrack.core.period import APRIL, financial_year
from fundtrack.core.schedule import fund_of
from fundtrack.core.wishes import stage_name
from fundtrack.gui.cells import CellDelegate, paint_ground
from fundtrack.gui.marks import COVER_WORD
from fundtrack.gui.speech import tr
from fundtrack.gui.table import ROW_ROLE, Column, Index, Table
from fundtrack.gui.widgets.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from PySide6.QtCore import QModelIndex
    from PySide6.QtGui import QKeyEvent, QPainter
    from PySide6.QtWidgets import QStyleOptionViewItem

    from fundtrack.core.edit import Edit
    from fundtrack.core.model import Award
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
GROUPINGS = (
    ("", "No groups"),
    ("funder", "By funder"),
    ("service", "By service"),
    ("stage", "By stage"),
    ("certainty", "By certainty"),
    ("fund", "By fund"),
    ("ends", "By the year it ends"),
)


@dataclass(frozen=True, slots=True)
class AwardRow:
    """One award, and what the outlook says of it."""

    award: Award
    funder: str
    certainty: str | None
    posts: int
    act_by: date | None
    status: str | None
    band: int = 0
    """The place of its group among the groups."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a group: how many awards, what they come to together, and whether folded.

    `amount` (pence) is given only where all are of one certainty: different ones are never added.
    """

    title: str
    count: int
    amount: int | None
    folded: bool
    band: int

    @property
    def key(self) -> str:
        """What tells it from other rows: no award's key begins so."""
        return f"\0group:{self.title}"

    @property
    def said(self) -> str:
        """How many there are, and what they come to."""
        counted = words.count(self.count, "award")
        return counted if self.amount is None else f"{counted}, {words.whole_pounds(self.amount)}"


Row = AwardRow | Heading


def group_of(award: Award, by: str, view: View) -> tuple[tuple[int, str], str]:
    """Where a group stands among the groups, and what it is called."""
    portfolio = view.portfolio
    if by in ("funder", "service"):
        funder = portfolio.funders_by_key.get(award.funder or "")
        service = portfolio.services_by_key.get(award.service or "")
        found = funder if by == "funder" else service
        if found is None:
            return (1, ""), "No funder named" if by == "funder" else "No service"
        return (0, found.name.casefold()), found.name
    if by == "certainty":
        certainty = certainty_of(award)
        title = COVER_WORD[certainty] if certainty else "Will not be money"
        return (tuple(COVER_WORD).index(certainty) if certainty else 9, ""), title
    if by == "fund":
        return (0, fund_of(award)), fund_of(award).capitalize()
    if by == "ends":
        first = portfolio.organisation.year_start_month or APRIL
        year = financial_year(award.end, first)
        return (year.start.toordinal(), ""), f"Ends in {year.name}"
    return (_STAGE_ORDER.index(award.stage), ""), words.sentence(stage_name(award.stage))


_STAGE_ORDER = (
    "live",
    "awarded",
    "agreed-in-principle",
    "submitted",
    "preparing",
    "idea",
    "ended",
    "unsuccessful",
    "withdrawn",
)


def grouped(
    rows: tuple[AwardRow, ...], by: str, view: View, folded: frozenset[str]
) -> tuple[Row, ...]:
    """Put rows under headings, the groups in their own order and the rows as they came."""
    if not by:
        return rows
    groups: dict[tuple[tuple[int, str], str], list[AwardRow]] = {}
    for row in rows:
        groups.setdefault(group_of(row.award, by, view), []).append(row)
    made: list[Row] = []
    for band, (_, title) in enumerate(sorted(groups)):
        members = groups[_, title]
        amount = together(row.award for row in members)
        made.append(Heading(title, len(members), amount, title in folded, band))
        if title not in folded:
            made += [replace(row, band=band) for row in members]
    return tuple(made)


def of_award(column: Column[AwardRow]) -> Column[Row]:
    """Return a column of awards as one that leaves headings alone."""

    def only(ask: Callable[[AwardRow], Any], usual: Any) -> Callable[[Row], Any]:  # noqa: ANN401
        return lambda row: usual if isinstance(row, Heading) else ask(row)

    edit, tip, shown, choices = column.edit, column.tip, column.shown, column.choices
    asked: Any = column
    made: Column[Row] = replace(
        asked,
        value=only(column.value, None),
        edit=None if edit is None else lambda row, value: edit(cast("AwardRow", row), value),
        tip=None if tip is None else only(tip, ""),
        shown=None if shown is None else only(shown, ""),
        choices=None if choices is None else only(choices, ()),
    )
    return made


def key_of(row: Row) -> str:
    """What tells a row from the others."""
    return row.key if isinstance(row, Heading) else row.award.key


class RegisterTable(Table[Row]):
    """Awards and headings. Headings can be chosen, so that they can be folded, but not changed."""

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Leave a heading as it is."""
        usual = super().flags(index)
        if index.isValid() and isinstance(self.row_at(index.row()), Heading):
            return usual & ~Qt.ItemFlag.ItemIsEditable
        return usual

    def is_record(self, row: Row) -> bool:
        """A heading is none."""
        return not isinstance(row, Heading)

    def words(self, row: Row, column: Column[Row]) -> str:
        """What a cell says; a heading says all of it in the first."""
        if isinstance(row, Heading):
            return f"{row.title}: {row.said}" if column is self.columns[0] else ""
        return super().words(row, column)

    def spoken(self, row: Row, column: Column[Row]) -> str:
        """What a screen reader says of a heading: that it is one, and whether it is folded."""
        if isinstance(row, Heading):
            return tr(f"Group {row.title}, {row.said}, {'folded' if row.folded else 'open'}")
        return super().spoken(row, column)


class _RegisterDelegate(CellDelegate):
    """Paints headings over the whole width, with a sign that they fold."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        if not isinstance(row, Heading):
            super().paint(painter, option, index)
            return
        look = self._look
        painter.save()
        rect = QRectF(option.rect)
        painter.fillRect(rect, look.colour("surface2"))
        ink = paint_ground(painter, option, look)
        side = look.px(12)
        sign = look.icon("caret-right" if row.folded else "caret-down", "ink")
        top = round(rect.center().y() - side / 2)
        sign.paint(painter, QRect(round(rect.left()) + 6, top, side, side))
        inner = rect.adjusted(6 + side + 6, 0, -6, 0)
        painter.setFont(look.font(bold=True))
        painter.setPen(ink)
        title = tr(row.title)
        painter.drawText(inner, int(_LEFT), title)
        shift = painter.fontMetrics().horizontalAdvance(title) + look.px(10)
        painter.setFont(look.font("caption", tabular=True))
        painter.drawText(inner.adjusted(shift, 0, 0, 0), int(_LEFT), tr(row.said))
        painter.restore()


class RegisterGrid(Grid):
    """The register on the screen. `fold_wanted` carries the title of a heading to fold or open."""

    fold_wanted = Signal(str)

    def __init__(
        self, look: Look, columns: tuple[Column[AwardRow], ...], refusal: Callable[[Edit], str]
    ) -> None:
        table = RegisterTable(tuple(of_award(each) for each in columns), key_of, refusal=refusal)
        super().__init__(look, table, "Awards")
        self.sorted.keep_bands(lambda row: (row.band, not isinstance(row, Heading)))
        made = _RegisterDelegate(look, self)
        made.given_up.connect(self.given_up)
        self._delegate = made
        self.setItemDelegate(made)
        self.can_remove = True
        self.open_rows()
        self.clicked.connect(self._clicked)
        self.sorted.layoutChanged.connect(lambda *_: self._span())

    def present(self, rows: tuple[Any, ...]) -> None:
        """Show these rows, each heading over the whole width."""
        self.clearSpans()
        super().present(rows)
        self._span()

    def _span(self) -> None:
        self.clearSpans()
        if not any(isinstance(row, Heading) for row in self.table.rows):
            return
        columns = len(self.table.columns)
        for at in range(self.sorted.rowCount()):
            if isinstance(self.table.row_at(at), Heading):
                self.setSpan(at, 0, 1, columns)

    def heading(self) -> Heading | None:
        """The heading the keyboard is on, or None."""
        row = self.currentIndex().data(ROW_ROLE)
        return row if isinstance(row, Heading) else None

    @property
    def current_key(self) -> str:
        """The key of the award the keyboard is on, or ""."""
        return "" if self.heading() is not None else super().current_key

    def chosen_keys(self) -> tuple[str, ...]:
        """The keys of the chosen awards: a heading is none."""
        return tuple(key for key in super().chosen_keys() if not key.startswith("\0"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Fold or open a heading; anything else is as in any table."""
        row, key = self.heading(), event.key()
        folds = (
            row is not None
            and not event.modifiers()
            and (
                key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
                or (key == Qt.Key.Key_Left and not row.folded)
                or (key == Qt.Key.Key_Right and row.folded)
            )
        )
        if row is not None and folds:
            self.fold_wanted.emit(row.title)
        else:
            super().keyPressEvent(event)

    def _clicked(self, index: QModelIndex) -> None:
        row = index.data(ROW_ROLE)
        if isinstance(row, Heading):
            self.fold_wanted.emit(row.title)

    def _double_clicked(self, index: QModelIndex) -> None:
        if not isinstance(index.data(ROW_ROLE), Heading):
            super()._double_clicked(index)
