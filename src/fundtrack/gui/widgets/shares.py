"""Who pays for what: the shares of a post or an award, changed in place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fundtrack.core.glance import certainty_of
from fundtrack.gui import kinds, wishes
from fundtrack.gui.table import Column, Table
from fundtrack.gui.widgets.frame import button, label, with_icon
from fundtrack.gui.widgets.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from fundtrack.core.edit import Edit
    from fundtrack.core.model import Allocation, Award, Portfolio
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View


@dataclass(frozen=True, slots=True)
class Share:
    """One allocation in words. Dates left out are the award's own, and are shown as such."""

    allocation: Allocation
    payee: str
    award_title: str
    certainty: str | None
    from_: date | None
    to: date | None
    dates_are_own: bool

    @property
    def key(self) -> str:
        """The allocation's key."""
        return self.allocation.key


def share_of(allocation: Allocation, portfolio: Portfolio) -> Share:
    """One allocation in words."""
    award = portfolio.awards_by_key.get(allocation.award or "")
    post = portfolio.posts_by_key.get(allocation.post or "")
    cost = portfolio.costs_by_key.get(allocation.cost or "")
    payee = post.title if post else cost.title if cost else ""
    return Share(
        allocation=allocation,
        payee=payee,
        award_title=award.title if award else "Unrestricted funds",
        certainty=certainty_of(award) if award else "secured",
        from_=allocation.from_ or (award.start if award else None),
        to=allocation.to or (award.end if award else None),
        dates_are_own=allocation.from_ is not None or allocation.to is not None,
    )


class SharesPanel(QWidget):
    """The shares of one post or one award, as a small table with Add and Remove.

    `side` says whose they are: "post" lists the awards that pay it, "award" what it pays for.
    """

    edit_wanted = Signal(object)
    add_wanted = Signal()
    trouble = Signal(str)

    def __init__(
        self, look: Look, side: str, refusal: Callable[[Edit], str], *, fits: bool = False
    ) -> None:
        """`fits` makes the table as high as its rows."""
        super().__init__()
        self._portfolio: Portfolio | None = None
        title = "What pays for it" if side == "post" else "What it pays for"
        columns = _COLUMNS_OF_POST if side == "post" else _COLUMNS_OF_AWARD
        self.table: Table[Share] = Table(columns, key=lambda row: row.key, refusal=refusal)
        self.grid = Grid(look, self.table, title, fits=fits)
        self.grid.can_remove = True
        self.grid.usual_rows = 2
        if not fits:
            self.grid.setMinimumHeight(look.px(80))
        self.setMinimumWidth(look.px(380))
        self.add_button = with_icon(button("Add share…", "link"), look, "plus", "link")
        self.remove_button = with_icon(button("Remove", "link"), look, "trash", "link")
        self._none = label(
            "Nothing pays for this yet. Add a share to say what does."
            if side == "post"
            else "This award pays for nothing yet. Add a share of a post or cost.",
            tone="muted",
            wrap=True,
        )
        heading = QHBoxLayout()
        heading.addWidget(label(title, tone="strong"))
        heading.addStretch(1)
        heading.addWidget(self.add_button)
        heading.addWidget(self.remove_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(heading)
        column.addWidget(self.grid, 1)
        column.addWidget(self._none)
        self.table.edit_wanted.connect(self.edit_wanted)
        self.grid.given_up.connect(self.trouble)
        self.grid.remove_wanted.connect(self._remove)
        self.add_button.clicked.connect(self.add_wanted)
        self.remove_button.clicked.connect(lambda: self._remove(self.grid.chosen_keys()))

    def present(self, allocations: tuple[Allocation, ...], view: View) -> None:
        """Show these allocations."""
        self._portfolio = view.portfolio
        self.table.editable = not view.read_only
        self.add_button.setVisible(not view.read_only)
        self.remove_button.setVisible(not view.read_only and bool(allocations))
        self.grid.present(tuple(share_of(each, view.portfolio) for each in allocations))
        self.grid.setVisible(bool(allocations))
        self._none.setVisible(not allocations)

    def _remove(self, keys: tuple[str, ...]) -> None:
        if not keys:
            self.trouble.emit("Choose the share to remove first")
        elif self._portfolio is not None:
            self.edit_wanted.emit(wishes.removal(self._portfolio, "allocations", keys))


def _set(row: Share, field: str, value: object, what: str) -> Edit:
    whose = f"{row.payee}, {row.award_title}"
    return wishes.set_field(
        "allocations", row.allocation, field, value, f"Change {what} of {whose}"
    )


def _set_percent(row: Share, value: Decimal) -> Edit:
    return _set(row, "percent", value, "share")


_SHARE: tuple[Column[Share], ...] = (
    Column(
        name="percent",
        title="Share",
        kind=kinds.PERCENT,
        value=lambda row: row.allocation.percent,
        edit=_set_percent,
        width=8,
    ),
    Column(
        name="from",
        title="From",
        kind=kinds.OPTIONAL_DATE,
        value=lambda row: row.from_,
        edit=lambda row, value: _set(row, "from_", value, "first day"),
        tip=lambda row: "" if row.allocation.from_ else "The award's own first day",
        width=12,
    ),
    Column(
        name="to",
        title="To",
        kind=kinds.OPTIONAL_DATE,
        value=lambda row: row.to,
        edit=lambda row, value: _set(row, "to", value, "last day"),
        tip=lambda row: "" if row.allocation.to else "The award's own last day",
        width=12,
    ),
)
_COLUMNS_OF_POST: tuple[Column[Share], ...] = (
    Column(name="award", title="Award", value=lambda row: row.award_title, stretch=True),
    Column(
        name="certainty",
        title="Certainty",
        kind=kinds.COVER,
        value=lambda row: row.certainty,
        width=13,
    ),
    *_SHARE,
)
_COLUMNS_OF_AWARD: tuple[Column[Share], ...] = (
    Column(name="payee", title="Post or cost", value=lambda row: row.payee, stretch=True),
    *_SHARE,
)


def award_choices(awards: tuple[Award, ...]) -> tuple[tuple[str | None, str], ...]:
    """The awards a share can be charged to, and unrestricted funds."""
    return ((None, "Unrestricted funds"), *((each.key, each.title) for each in awards))
