"""Every post by month and as a table; below it the chosen one: when to act, what it costs.

Enter opens a post's own page in the place of all posts; Esc or Back leads to all of them again.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QHBoxLayout,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from fundtrack.core import words
from fundtrack.gui import wishes
from fundtrack.gui.dialogs.share import ShareDialog
from fundtrack.gui.pages.page import Page
from fundtrack.gui.post.costs import COST_COLUMNS, CostLine, cost_lines
from fundtrack.gui.post.rows import (
    COLUMNS,
    STANDING,
    PostRow,
    cover_row,
    fresh_rows,
    months_shown,
    post_rows,
)
from fundtrack.gui.post.sections import ADVICE, why_no_ladder
from fundtrack.gui.speech import tr
from fundtrack.gui.table import Table
from fundtrack.gui.widgets.cover import CoverGrid, CoverLegend
from fundtrack.gui.widgets.frame import Card, Choice, Segments, button, label, with_icon
from fundtrack.gui.widgets.grid import Grid
from fundtrack.gui.widgets.ladder import LadderView
from fundtrack.gui.widgets.lock import Lock
from fundtrack.gui.widgets.own import OwnHead
from fundtrack.gui.widgets.panel import Panel
from fundtrack.gui.widgets.paste_here import PasteHere
from fundtrack.gui.widgets.room import Stack
from fundtrack.gui.widgets.search import search_field
from fundtrack.gui.widgets.shares import SharesPanel

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent

    from fundtrack.core.edit import Edit
    from fundtrack.core.model import Post
    from fundtrack.core.posts import PostOutlook
    from fundtrack.gui.look import Look
    from fundtrack.gui.post.page import PostPage
    from fundtrack.gui.view import View
    from fundtrack.workspace import Entry

_SPANS = (12, 24, 36, 60)
_FILTERS = 500
_COVER, _TABLE = 0, 1


class Posts(Page):
    """The posts: who is paid for, by what, until when.

    `horizon_wanted` asks for an outlook that looks so many months ahead, `hand_wanted` and
    `out_wanted` to hand over or take out the person in a post.
    """

    name = "posts"
    title = "Posts"
    icon = "users-three"
    horizon_wanted = Signal(int)
    hand_wanted = Signal(str)
    out_wanted = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.switch = Segments(("Cover", "Table"), "How posts are shown")
        self.add_button = with_icon(button("Add post"), look, "plus")
        self.search = search_field(look, "Filter posts")
        for part in (self.switch, self.add_button, self.search):
            self.header.add(part)
        self.service = _filter(look, "Service")
        self.award = _filter(look, "Award")
        self.span = _filter(look, "Months")
        for months in _SPANS:
            self.span.addItem(tr(f"{months} months"), months)
        self.span.setCurrentIndex(1)
        self.legend = CoverLegend(look)
        self.cover = CoverGrid(look)
        self.table: Table[PostRow] = Table(
            COLUMNS, key=lambda row: row.post.key, refusal=self._refusal
        )
        self.table.fresh = lambda count: () if self.view is None else fresh_rows(self.view, count)
        self.table.needed = ("title",)
        self.grid = Grid(look, self.table, "Posts")
        self.grid.can_remove = True
        self.grid.open_rows()
        self.panel = PostPanel(look, self._refusal)
        self._none = label("", tone="muted", wrap=True)
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.all_button = button("", "link")
        self.pasting = PasteHere(self.grid, self)
        self._slot = Stack()
        self._slot.addWidget(self.cover)
        self._slot.addWidget(_framed(self.grid))
        self._standing = ""
        self._own: PostPage | None = None
        self._journal: Callable[[int], tuple[Entry, ...]] = lambda _limit: ()
        self.head = OwnHead(look, "Posts")
        self.header.lead(self.head)
        self._whole = Stack()
        self._whole.addWidget(self._made_register())
        self.body.addWidget(self._whole, 1)
        self.grid.setColumnHidden(self.table.place_of("salary"), True)
        self._wire()

    def _made_register(self) -> QWidget:
        """All posts: the filters, the grid or the table, and the chosen one below."""
        filters = QHBoxLayout()
        filters.setSpacing(10)
        for box in (self.service, self.award, self.span):
            filters.addWidget(box)
        filters.addStretch(1)
        self._above = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._above.addLayout(filters, 1)
        self._above.addWidget(self.legend)
        upper = QWidget()
        stack = QVBoxLayout(upper)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.addWidget(self._slot, 1)
        stack.addStretch(0)
        stack.addWidget(self._none)
        stack.addWidget(self.all_button, 0, Qt.AlignmentFlag.AlignHCenter)
        stack.addWidget(self.pasting.link, 0, Qt.AlignmentFlag.AlignHCenter)
        stack.addStretch(0)
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.setChildrenCollapsible(False)
        halves.setHandleWidth(10)
        halves.addWidget(upper)
        halves.addWidget(self.panel)
        halves.setStretchFactor(0, 3)
        halves.setStretchFactor(1, 1)
        halves.setSizes([370, 286])
        whole = QWidget()
        register = QVBoxLayout(whole)
        register.setContentsMargins(0, 0, 0, 0)
        register.setSpacing(10)
        register.addLayout(self._above)
        register.addWidget(halves, 1)
        return whole

    def _wire(self) -> None:
        self.switch.chosen.connect(self._switch_to)
        self.add_button.clicked.connect(self.add)
        self.search.textChanged.connect(lambda _text: self._refill())
        for box in (self.service, self.award):
            box.activated.connect(lambda _at: self._refill())
        self.span.activated.connect(lambda _at: self._look_ahead())
        self.all_button.clicked.connect(lambda _checked=False: self._show_all())
        self.table.edit_wanted.connect(self.edit_wanted)
        self.grid.given_up.connect(self.trouble)
        self.grid.remove_wanted.connect(self._remove)
        self.panel.why_link.clicked.connect(lambda _checked=False: self.ask_why())
        self.panel.cost_grid.chosen.connect(lambda _key: self.tell_figure())
        self.grid.chosen.connect(self._chosen)
        self.cover.chosen.connect(self._chosen)
        self.cover.walked.connect(self.tell_figure)
        self.panel.shares.edit_wanted.connect(self.edit_wanted)
        self.panel.shares.trouble.connect(self.trouble)
        self.panel.shares.add_wanted.connect(self._add_share)
        self.panel.lock.turned.connect(self.salaries_wanted)
        self.panel.open_button.clicked.connect(lambda _=False: self.stand_at(self._current()))
        self.grid.opened.connect(self.stand_at)
        self.cover.opened.connect(self.stand_at)
        self.head.back.connect(self._back)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the legend under the filters where there is little room."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        beside = self.width() >= self.legend.sizeHint().width() + self.look.px(_FILTERS)
        way = QBoxLayout.Direction
        self._above.setDirection(way.LeftToRight if beside else way.TopToBottom)

    # --- values in ---

    def fill(self, view: View) -> None:
        """Put every post on the page."""
        self.table.editable = not view.read_only
        self.grid.setColumnHidden(self.table.place_of("salary"), not view.tells_salaries)
        _refill(
            self.service,
            "All services",
            [(each.key, each.name) for each in view.portfolio.services],
        )
        _refill(
            self.award, "All awards", [(each.key, each.title) for each in view.portfolio.awards]
        )
        counted = words.count(len(view.portfolio.posts), "post")
        strong = view.glance.answer.strong[:1] if view.glance.at_risk else ()
        said = f"{counted} · {strong[0].rstrip('.')}" if strong else counted
        self.header.say(said, tuple(each.rstrip(".") for each in strong))
        self._refill()
        self._show_standing()

    # --- a post's own page ---

    def read_from(self, journal: Callable[[int], tuple[Entry, ...]]) -> None:
        """Take the door to the journal, for the history of a post."""
        self._journal = journal
        if self._own is not None:
            self._own.past.read_from(journal)

    @property
    def own(self) -> PostPage:
        """The page of one post, made when it is first wanted."""
        if self._own is None:
            from fundtrack.gui.post.page import PostPage

            self._own = PostPage(self.look)
            self._own.past.read_from(self._journal)
            self._own.left.connect(self._back)
            self._own.edit_wanted.connect(self.edit_wanted)
            self._own.open_wanted.connect(self.open_wanted)
            self._own.trouble.connect(self.trouble)
            self._own.salaries_wanted.connect(self.salaries_wanted)
            self._own.why_wanted.connect(self.ask_why)
            self._own.cover.cover.walked.connect(self.tell_figure)
            self._own.hand_wanted.connect(self.hand_wanted)
            self._own.out_wanted.connect(self.out_wanted)
            self._whole.addWidget(self._own)
        return self._own

    @property
    def standing(self) -> str:
        """The key of the post whose own page is in sight, or ""."""
        return self._standing

    def stand_at(self, key: str) -> None:
        """Show a post's own page, or all posts for ""."""
        if key:
            self._choose(key)
        if key != self._standing:
            self._standing = key
            self._show_standing()
            self.stood.emit(self._standing)
            self.rest()

    def _back(self) -> None:
        self.stand_at("")

    def _show_standing(self) -> None:
        """Show the own page of the post one stands at; all posts when it has gone."""
        view = self.view
        if view is None:
            return
        post = view.portfolio.posts_by_key.get(self._standing)
        if post is None:
            self._standing = ""
        own = post is not None
        self.header.show_own(self.head, shown=own)
        for part in (self.switch, self.search):
            part.setVisible(not own)
        self.add_button.setVisible(not own and not view.read_only)
        self._whole.setCurrentIndex(0)
        if post is not None:
            self.head.show_record(post.title, _chips(post, view))
            self.own.present(post, view)
            self._whole.setCurrentWidget(self.own)

    def _refill(self) -> None:
        view = self.view
        if view is None:
            return
        kept = self._kept(view)
        months = months_shown(view, int(self.span.currentData()))
        rows = sorted(
            (cover_row(view, post, months) for post in view.outlook.posts if post.key in kept),
            key=lambda row: (row.funded_to or date.min, row.title),
        )
        key = self._current()
        self.cover.present(tuple(rows), months)
        twice = any(cell.claimed for row in rows if row.claimed_twice for cell in row.cells)
        self.legend.show_twice(shown=twice)
        self._arrange()
        self.grid.present(tuple(row for row in post_rows(view) if row.post.key in kept))
        self._say_if_empty(view, shown=len(rows))
        if rows and key not in kept:
            self._choose(rows[0].key)
        self._show_chosen()

    def _kept(self, view: View) -> set[str]:
        """The posts that the filters keep."""
        service, award = self.service.currentData(), self.award.currentData()
        sought = self.search.text().casefold().split()
        paid = {each.post for each in view.portfolio.allocations if each.award == award}
        return {
            post.key
            for post in view.portfolio.posts
            if (not service or post.service == service)
            and (not award or post.key in paid)
            and all(word in post.title.casefold() for word in sought)
        }

    def _say_if_empty(self, view: View, *, shown: int) -> None:
        self._slot.setVisible(shown > 0)
        self.panel.setVisible(shown > 0)
        self._none.setVisible(shown == 0)
        self.all_button.setVisible(shown == 0 and (bool(view.portfolio.posts) or self._may_add))
        self.pasting.offer(empty=not view.portfolio.posts)
        if view.portfolio.posts:
            self._none.setText(f"There are no posts {self._sought()}.")
            self.all_button.setText("Show all posts")
        else:
            self._none.setText(
                "No posts yet. Add a post, then say what pays for it, and its warnings appear here."
            )
            self.all_button.setText("Add post")

    def _sought(self) -> str:
        """What the filters ask for: "in Advice paid by Core grant"."""
        asked = (
            f"in {self.service.currentText()}" if self.service.currentData() else "",
            f"paid by {self.award.currentText()}" if self.award.currentData() else "",
            f"with “{self.search.text().strip()}” in their title" if self.search.text() else "",
        )
        return " ".join(each for each in asked if each)

    def _show_all(self) -> None:
        """Let every post be seen again; in a book without any, add the first."""
        if self.view is not None and not self.view.portfolio.posts:
            self.add()
            return
        self._clear_filters()
        self._refill()
        self.rest()

    @property
    def _may_add(self) -> bool:
        return self.view is not None and not self.view.read_only

    def _look_ahead(self) -> None:
        """Ask for as many months as were chosen; fewer are shown at once."""
        self.horizon_wanted.emit(int(self.span.currentData()))
        self._refill()

    # --- wishes out ---

    def rest(self) -> None:
        """Put the keyboard on the posts, or on the sections of a post's own page."""
        if self._standing:
            self.own.tabs.setFocus()
            return
        (self.cover.names if self._slot.currentIndex() == _COVER else self.grid).setFocus()

    def look_for(self) -> None:
        """Go to the filter of all posts."""
        self.stand_at("")
        self.search.setFocus()
        self.search.selectAll()

    def swap_chart(self) -> None:
        """Show the cover as a table, or back."""
        self.stand_at("")
        self.switch.choose(_TABLE if self._slot.currentIndex() == _COVER else _COVER)
        self.rest()

    def add(self) -> None:
        """Add a post, and open its title for typing."""
        if self.view is None or self.view.read_only:
            return
        edit, key = wishes.new_post(self.view.portfolio, self.view.outlook.today)
        self.stand_at("")
        self._clear_filters()
        self.switch.choose(_TABLE)
        self.edit_wanted.emit(edit)
        self.grid.change(key, "title")

    def open(self, key: str) -> None:
        """Open a post's own page."""
        self._clear_filters()
        self._refill()
        if key == self._standing:
            self.own.show_top()
        self.stand_at(key)

    def open_in_grid(self, key: str) -> None:
        """Put the keyboard on a post among all posts."""
        self.stand_at("")
        self._clear_filters()
        self._refill()
        self._choose(key)
        self.rest()

    def _clear_filters(self) -> None:
        self.search.clear()
        self.service.setCurrentIndex(0)
        self.award.setCurrentIndex(0)

    def _remove(self, keys: tuple[str, ...]) -> None:
        if self.view is not None:
            self.edit_wanted.emit(wishes.removal(self.view.portfolio, "posts", keys))

    def _add_share(self) -> None:
        if self.view is None:
            return
        dialog = ShareDialog(self.look, self.view, self, post=self._current())
        if dialog.exec() and dialog.edit is not None:
            self.edit_wanted.emit(dialog.edit)
        dialog.deleteLater()

    def _refusal(self, edit: Edit) -> str:
        return self.view.refusal(edit) if self.view is not None else ""

    # --- the chosen post ---

    def _switch_to(self, at: int) -> None:
        key = self._current()
        self._slot.setCurrentIndex(at)
        self.legend.setVisible(at == _COVER)
        self.span.setVisible(at == _COVER)
        self._choose(key)

    def _current(self) -> str:
        return (
            self.cover.current_key if self._slot.currentIndex() == _COVER else self.grid.current_key
        )

    def _choose(self, key: str) -> None:
        self.cover.choose(key)
        self.grid.choose(key)

    def _chosen(self, key: str) -> None:
        if key == self._current():
            self._show_chosen()
            self.tell_figure()

    def _show_chosen(self) -> None:
        view, key = self.view, self._current()
        if view is None or key not in view.portfolio.posts_by_key:
            return
        self.panel.present(view.portfolio.posts_by_key[key], view)

    def figure_asked(self) -> str:
        """The month of cover the keyboard is on, else what ending the chosen post would cost.

        Elsewhere it is the post's cliff.
        """
        key = self._standing or self._current()
        if self.view is None or not key:
            return ""
        if figure := (self.own.cover.cover if self._standing else self.cover).figure:
            return figure
        found = next((each for each in self.view.outlook.posts if each.key == key), None)
        if found is None:
            return ""
        if self._on_costs() and found.redundancy is not None:
            return f"posts.{key}.redundancy.payable"
        return f"posts.{key}.{'funded_to' if found.cliff_date is None else 'cliff_date'}"

    def _on_costs(self) -> bool:
        """Whether the keyboard is on what ending the post costs."""
        if self._standing:
            return self.own.cost.isAncestorOf(QApplication.focusWidget() or self.own)
        return self.panel.cost_grid.hasFocus()


class PostPanel(Panel):
    """The chosen post: its ladder, what pays for it, and what it costs if nothing is renewed."""

    def __init__(self, look: Look, refusal: Callable[[Edit], str]) -> None:
        super().__init__(look, (55, 45))
        self.ladder = LadderView(look)
        self._no_ladder = label("", tone="muted", wrap=True)
        self.why_link = button("Why?", "link")
        self.why_link.setToolTip(tr("Why this figure? (Shift+F1)"))
        self.why_link.setAccessibleName(tr("Why this post's figures?"))
        self.add_link(self.why_link)
        self.shares = SharesPanel(look, "post", refusal)
        self.lock = Lock(look)
        self.costs: Table[CostLine] = Table(COST_COLUMNS, key=lambda row: row.name)
        self.cost_grid = Grid(
            look, self.costs, "If nothing is renewed", fits=True, header=False, sortable=False
        )
        self.first.addWidget(self.ladder)
        self.first.addWidget(self._no_ladder)
        self.first.addWidget(self.shares, 1)
        heading = QHBoxLayout()
        heading.addWidget(label("If nothing is renewed", scale="section"))
        heading.addStretch(1)
        heading.addWidget(self.lock)
        self.second.addLayout(heading)
        self.second.addWidget(self.cost_grid)
        self.second.addWidget(label(ADVICE, scale="caption", tone="muted", wrap=True))
        self.open_button = with_icon(button("Open post", "small"), look, "users-three")
        self.open_button.setToolTip(tr("Open this post's own page (Enter)"))
        self.second.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.second.addStretch(1)

    def present(self, post: Post, view: View) -> None:
        """Show one post."""
        found = next(each for each in view.outlook.posts if each.key == post.key)
        ladder = next(
            (each for each in view.outlook.ladders if each.cliff == f"post:{post.key}"), None
        )
        self.lock.follow(view)
        self.title.setText(post.title)
        self.setAccessibleName(tr(post.title))
        self.note.setText(_about(post, found, view))
        self.status.show_status(ladder.status if ladder else None)
        self.ladder.show_ladder(ladder, view.outlook.today)
        self._no_ladder.setVisible(ladder is None)
        self._no_ladder.setText(why_no_ladder(post, view))
        mine = tuple(each for each in view.portfolio.allocations if each.post == post.key)
        self.shares.present(mine, view, post.key)
        self.cost_grid.present(cost_lines(post, found, view))


def _chips(post: Post, view: View) -> tuple[tuple[str, str | None], ...]:
    service = view.portfolio.services_by_key.get(post.service or "")
    found = next(each for each in view.outlook.posts if each.key == post.key)
    return (
        (f"{post.fte:.2f} FTE", None),
        (service.name if service else "", None),
        (dict(STANDING)[post.status] if post.status else "", None),
        ("Claimed twice" if found.claimed_twice else "", None),
    )


def _about(post: Post, found: PostOutlook, view: View) -> str:
    service = view.portfolio.services_by_key.get(post.service or "")
    parts = [f"{post.fte:.2f} FTE", service.name if service else "", post.status or ""]
    if found.claimed_twice:
        parts.append("claimed twice: lower a share, or end one sooner")
    return " · ".join(part for part in parts if part)


def _filter(look: Look, name: str) -> Choice:
    box = Choice(look)
    box.setAccessibleName(tr(name))
    box.setToolTip(tr(name))
    box.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToContents)
    look.follow(box, lambda: box.setMaximumWidth(look.px(190)))
    box.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
    return box


def _refill(box: Choice, everything: str, choices: list[tuple[str, str]]) -> None:
    """Give a filter its choices anew, keeping what was chosen."""
    wanted = [("", everything), *choices]
    standing = [(box.itemData(at), box.itemText(at)) for at in range(box.count())]
    if standing == wanted:
        return
    chosen = box.currentData()
    box.clear()
    for key, said in wanted:
        box.addItem(tr(said), key)
    box.setCurrentIndex(max(0, box.findData(chosen)))


def _framed(grid: Grid) -> Card:
    frame = Card("")
    frame.title.hide()
    frame.note.hide()
    frame.body.setContentsMargins(1, 1, 1, 1)
    frame.body.addWidget(grid, 1)
    return frame
