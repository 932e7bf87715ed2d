"""What an award pays for: posts and costs with their shares, and who pays once it has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from fundtrack.core import words
from fundtrack.core.one_award import Charged, charged, fte_of
from fundtrack.gui import kinds
from fundtrack.gui.award.section import Section
from fundtrack.gui.dialogs.share import ShareDialog
from fundtrack.gui.speech import tr
from fundtrack.gui.table import Column
from fundtrack.gui.widgets.flow import flow_of
from fundtrack.gui.widgets.frame import label
from fundtrack.gui.widgets.lock import Lock
from fundtrack.gui.widgets.parts import SmallTable
from fundtrack.gui.widgets.shares import SharesPanel

if TYPE_CHECKING:
    from fundtrack.core.model import Award
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View


class PostsCard(Section):
    """The posts and costs charged. "Change shares" turns the rows into shares with their dates."""

    salaries_wanted = Signal(bool)

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Posts charged")
        self.rows = SmallTable(
            look,
            "Posts and costs charged",
            _COLUMNS,
            key=lambda row: row.record,
            refusal=self.refusal,
            empty="This award pays for nothing yet. Change its shares to say what it pays for.",
        )
        self.lock = Lock(look)
        self.lock.turned.connect(self.salaries_wanted)
        self.shares = SharesPanel(look, "award", self.refusal)
        self.shares.setMinimumWidth(0)
        self.shares.hide()
        self.change_link = self.act("Change shares", "Change the shares", self.toggle)
        self.add_link(self.change_link)
        self.body.addWidget(self.rows)
        self.body.addWidget(self.shares)
        self._advice = label(words.PLANNING, scale="caption", tone="muted", wrap=True)
        self.body.addLayout(flow_of(self.lock))
        self.body.addWidget(self._advice)
        self.rows.opened.connect(self._open)
        self.shares.edit_wanted.connect(self.edit_wanted)
        self.shares.trouble.connect(self.trouble)
        self.shares.add_wanted.connect(self._add_share)

    def fill(self, award: Award, view: View) -> None:
        """Show what this award pays for."""
        found = charged(view.portfolio, view.outlook, award)
        posts = words.count(sum(row.fte is not None for row in found), "post")
        self.note.setText(f"{posts}, {fte_of(found)} FTE" if found else "")
        self.rows.present(found, can_change=False)
        self.rows.grid.setColumnHidden(_A_YEAR, not view.tells_salaries)
        mine = tuple(each for each in view.portfolio.allocations if each.award == award.key)
        self.shares.present(mine, view, award.key)
        rows = min(max(len(mine), 2), _ROWS) + 1
        self.shares.grid.setMinimumHeight(rows * (self.shares.grid.row_height() + 1))
        self._advice.setVisible(bool(found))
        self.lock.follow(view)
        if view.read_only and not self.shares.isHidden():
            self.toggle()

    def toggle(self) -> None:
        """Show the shares with their dates, or the posts again."""
        shown = self.shares.isHidden() and self.can_change
        self.shares.setVisible(shown)
        self.rows.setVisible(not shown)
        self.change_link.setText("Done" if shown else "Change shares")
        name = "Done with the shares" if shown else "Change the shares"
        self.change_link.setAccessibleName(tr(name))

    def _open(self, record: str) -> None:
        """Go to a post; a cost has no page of its own, so its share is shown instead."""
        list_, _, key = record.partition(".")
        if list_ == "posts":
            self.open_wanted.emit(record)
        elif self.can_change and self.award is not None:
            self.toggle()
            rows = self.shares.table.rows
            share = next((row.key for row in rows if row.allocation.cost == key), "")
            self.shares.grid.choose(share, 0)
            self.shares.grid.setFocus()

    def _add_share(self) -> None:
        if self.view is None or self.award is None:
            return
        dialog = ShareDialog(self.look, self.view, self, award=self.award.key)
        if dialog.exec() and dialog.edit is not None:
            self.edit_wanted.emit(dialog.edit)
        dialog.deleteLater()


_COLUMNS: tuple[Column[Charged], ...] = (
    Column(
        name="title",
        title="Post or cost",
        value=lambda row: row.title,
        tip=lambda row: row.title,
        stretch=True,
        link=True,
    ),
    Column(
        name="percent", title="Share", kind=kinds.PERCENT, value=lambda row: row.percent, width=7
    ),
    Column(name="year", title="A year", kind=kinds.POUNDS, value=lambda row: row.a_year, width=9),
    Column(
        name="notice",
        title="Notice by",
        kind=kinds.DATE,
        value=lambda row: row.notice_by,
        width=11,
    ),
    Column(
        name="after",
        title="After it ends",
        kind=kinds.COVER,
        value=lambda row: row.after_cover,
        shown=lambda row: row.after,
        tip=lambda row: row.after,
        width=23,
    ),
)
_A_YEAR, _ROWS = 2, 8
