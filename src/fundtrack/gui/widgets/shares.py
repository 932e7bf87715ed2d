"""Who pays for what: the shares of a post or an award, changed in place."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fundtrack.core.edit import Edit, add, change
from fundtrack.core.glance import certainty_of
from fundtrack.core.model import Allocation
from fundtrack.core.share_days import Days, own_days
from fundtrack.gui import kinds, wishes
from fundtrack.gui.table import Column, Table
from fundtrack.gui.widgets.frame import button, label, with_icon
from fundtrack.gui.widgets.grid import Grid
from fundtrack.gui.widgets.paste_here import PasteHere

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from decimal import Decimal

    from fundtrack.core.model import Award, Portfolio
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
        self._side, self._of = side, ""
        title = "What pays for it" if side == "post" else "What it pays for"
        columns = self._columns_of_post() if side == "post" else self._columns_of_award()
        self.table: Table[Share] = Table(columns, key=lambda row: row.key, refusal=refusal)
        self.table.fresh, self.table.together = self._fresh, self._together
        self.table.needed = ("award" if side == "post" else "payee", "percent")
        self.grid = Grid(look, self.table, title, fits=fits)
        self.grid.can_remove = True
        self.grid.usual_rows = 2
        self._fits = fits
        look.follow(self, self._measure)
        self.add_button = with_icon(button("Add share…", "link"), look, "plus", "link")
        self.remove_button = with_icon(button("Remove", "link"), look, "trash", "link")
        self._none = label("", tone="muted", wrap=True)
        self.pasting = PasteHere(self.grid, self)
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
        column.addWidget(self.pasting.link, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(0)
        self.table.edit_wanted.connect(self.edit_wanted)
        self.grid.given_up.connect(self.trouble)
        self.grid.remove_wanted.connect(self._remove)
        self.add_button.clicked.connect(self.add_wanted)
        self.remove_button.clicked.connect(lambda: self._remove(self.grid.chosen_keys()))

    def _measure(self) -> None:
        if not self._fits:
            self.grid.setMinimumHeight(self.grid.look.px(80))
        self.setMinimumWidth(self.grid.look.px(380))

    def present(self, allocations: tuple[Allocation, ...], view: View, of: str) -> None:
        """Show these allocations; `of` is the key of the post or the award that has them."""
        self._portfolio, self._of = view.portfolio, of
        self.table.editable = not view.read_only
        self.add_button.setVisible(not view.read_only)
        self.remove_button.setVisible(not view.read_only and bool(allocations))
        self.grid.present(tuple(share_of(each, view.portfolio) for each in allocations))
        self.grid.setVisible(bool(allocations))
        self._none.setText(self.pasting.teaches(_NONE[self._side]))
        self._none.setVisible(not allocations)
        self.pasting.offer(empty=not allocations)

    # --- pasting ---

    def _fresh(self, count: int) -> Iterator[tuple[Share, Edit]]:
        """So many new shares for rows that are pasted; what is pasted puts one in the book."""
        if self._portfolio is None:
            return
        taken = {each.key for each in self._portfolio.allocations}
        free = (key for at in itertools.count(1) if (key := f"share-{at}") not in taken)
        post, award = (self._of, None) if self._side == "post" else (None, self._of)
        for key in itertools.islice(free, count):
            made = Allocation(key=key, post=post, award=award, percent=kinds.ZERO)
            yield replace(share_of(made, self._portfolio), award_title=""), Edit("", ())

    def _together(self, row: Share, values: Mapping[str, Any]) -> Edit:
        """Put what was pasted into a share; its days where they are not the award's own."""
        book = self._portfolio
        assert book is not None  # noqa: S101 - rows are shown of a book
        if "payee" in values:
            name, _, key = values["payee"].partition(".")
            about = {name.removesuffix("s"): key}
        else:
            about = {"award": values["award"]} if "award" in values else {}
        told = {_FIELDS[name]: value for name, value in values.items() if name in _FIELDS}
        after = replace(row.allocation, **about, **told)
        if book.find("allocations", row.key) is not None:
            made = change("allocations", row.allocation, after)
            return Edit(f"Change share of {row.payee}", (made,))
        award = book.awards_by_key.get(after.award or "")
        days = own_days(Days(after.from_, after.to), award)
        last = None if award is not None and after.to == award.end else days.last
        new = replace(after, from_=days.first, to=last)
        return Edit("Add a share", (add("allocations", new),))

    # --- columns ---

    def _award_choices(self, _row: Share) -> tuple[tuple[str | None, str], ...]:
        return award_choices(() if self._portfolio is None else self._portfolio.awards)

    def _payee_choices(self, _row: Share) -> tuple[tuple[str, str], ...]:
        return () if self._portfolio is None else payee_choices(self._portfolio)

    def _columns_of_post(self) -> tuple[Column[Share], ...]:
        return (
            Column(
                name="award",
                title="Award",
                value=lambda row: row.award_title,
                choices=self._award_choices,
                stretch=True,
            ),
            Column(
                name="certainty",
                title="Certainty",
                kind=kinds.COVER,
                value=lambda row: row.certainty,
                width=11,
            ),
            *_SHARE,
        )

    def _columns_of_award(self) -> tuple[Column[Share], ...]:
        return (
            Column(
                name="payee",
                title="Post or cost",
                value=lambda row: row.payee,
                choices=self._payee_choices,
                stretch=True,
            ),
            *_SHARE,
        )

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
        width=6,
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
_FIELDS = {"percent": "percent", "from": "from_", "to": "to"}
_NONE = {
    "post": "Nothing pays for this yet. Add a share to say what does.",
    "award": "This award pays for nothing yet. Add a share of a post or cost.",
}


def award_choices(awards: tuple[Award, ...]) -> tuple[tuple[str | None, str], ...]:
    """The awards a share can be charged to, and unrestricted funds."""
    return ((None, "Unrestricted funds"), *((each.key, each.title) for each in awards))


def payee_choices(portfolio: Portfolio) -> tuple[tuple[str, str], ...]:
    """What an award can pay for: every post, then every cost, by list and key."""
    posts = ((f"posts.{each.key}", each.title) for each in portfolio.posts)
    return (*posts, *((f"costs.{each.key}", each.title) for each in portfolio.costs))
