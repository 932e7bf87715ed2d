"""Every post by month and as a table; below it the chosen one: when to act, what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from fundtrack.core import words
from fundtrack.core.period import add_months, month_of
from fundtrack.gui import kinds, wishes
from fundtrack.gui.dialogs.share import ShareDialog
from fundtrack.gui.pages.page import Page
from fundtrack.gui.table import Column, Table
from fundtrack.gui.widgets.cover import CoverCell, CoverGrid, CoverLegend, CoverRow
from fundtrack.gui.widgets.frame import Card, Choice, Segments, button, label, with_icon
from fundtrack.gui.widgets.grid import Grid
from fundtrack.gui.widgets.ladder import LadderView
from fundtrack.gui.widgets.lock import Lock
from fundtrack.gui.widgets.panel import Panel
from fundtrack.gui.widgets.search import search_field
from fundtrack.gui.widgets.shares import SharesPanel

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent

    from fundtrack.core.edit import Edit
    from fundtrack.core.ladder import Ladder
    from fundtrack.core.model import Post
    from fundtrack.core.posts import PostOutlook
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View

ADVICE = "An estimate to plan with. Take advice before you act or tell anyone."
_STANDING = (("filled", "Filled"), ("vacant", "Vacant"), ("agency", "Agency"))
_SPANS = (12, 24, 36)
_FILTERS = 500
_COVER, _TABLE = 0, 1


@dataclass(frozen=True, slots=True)
class PostRow:
    """One post, and what the outlook says of it."""

    post: Post
    service: str
    salary: int | None
    """None while salaries are hidden, so that no copy and no reader has it."""
    funded_to: date | None
    funded_words: str
    consult: date | None
    notice: date | None
    status: str | None


class Posts(Page):
    """The posts: who is paid for, by what, until when."""

    name = "posts"
    title = "Posts"
    icon = "users-three"

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
            self.span.addItem(f"{months} months", months)
        self.span.setCurrentIndex(1)
        self.legend = CoverLegend(look)
        filters = QHBoxLayout()
        filters.setSpacing(10)
        for box in (self.service, self.award, self.span):
            filters.addWidget(box)
        filters.addStretch(1)
        self._above = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._above.addLayout(filters, 1)
        self._above.addWidget(self.legend)
        self.body.addLayout(self._above)
        self.cover = CoverGrid(look)
        self.table: Table[PostRow] = Table(
            _COLUMNS, key=lambda row: row.post.key, refusal=self._refusal
        )
        self.grid = Grid(look, self.table, "Posts")
        self.grid.can_remove = True
        self.panel = PostPanel(look, self._refusal)
        self._none = label("", tone="muted", wrap=True)
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._slot = QStackedWidget()
        self._slot.addWidget(self.cover)
        self._slot.addWidget(_framed(self.grid))
        upper = QWidget()
        stack = QVBoxLayout(upper)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.addWidget(self._slot, 1)
        stack.addWidget(self._none)
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.setChildrenCollapsible(False)
        halves.setHandleWidth(10)
        halves.addWidget(upper)
        halves.addWidget(self.panel)
        halves.setStretchFactor(0, 3)
        halves.setStretchFactor(1, 1)
        halves.setSizes([370, 286])
        self.body.addWidget(halves, 1)
        self.grid.setColumnHidden(self.table.place_of("salary"), True)
        self._wire()

    def _wire(self) -> None:
        self.switch.chosen.connect(self._switch_to)
        self.add_button.clicked.connect(self.add)
        self.search.textChanged.connect(lambda _text: self._refill())
        for box in (self.service, self.award, self.span):
            box.activated.connect(lambda _at: self._refill())
        self.table.edit_wanted.connect(self.edit_wanted)
        self.grid.given_up.connect(self.trouble)
        self.grid.remove_wanted.connect(self._remove)
        self.panel.why_link.clicked.connect(lambda _checked=False: self.ask_why())
        self.panel.cost_grid.chosen.connect(lambda _key: self.tell_figure())
        self.grid.chosen.connect(self._chosen)
        self.cover.chosen.connect(self._chosen)
        self.panel.shares.edit_wanted.connect(self.edit_wanted)
        self.panel.shares.trouble.connect(self.trouble)
        self.panel.shares.add_wanted.connect(self._add_share)
        self.panel.lock.turned.connect(self.salaries_wanted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the legend under the filters where there is little room."""
        super().resizeEvent(event)
        beside = self.width() >= self.legend.sizeHint().width() + self.look.px(_FILTERS)
        way = QBoxLayout.Direction
        self._above.setDirection(way.LeftToRight if beside else way.TopToBottom)

    # --- values in ---

    def fill(self, view: View) -> None:
        """Put every post on the page."""
        self.table.editable = not view.read_only
        self.add_button.setVisible(not view.read_only)
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

    def _refill(self) -> None:
        view = self.view
        if view is None:
            return
        kept = self._kept(view)
        months = _months(view, int(self.span.currentData()))
        rows = sorted(
            (cover_row(view, post, months) for post in view.outlook.posts if post.key in kept),
            key=lambda row: (row.funded_to or date.min, row.title),
        )
        key = self._current()
        self.cover.present(tuple(rows), months)
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
        self._none.setVisible(shown == 0)
        self.panel.setVisible(shown > 0)
        if view.portfolio.posts:
            self._none.setText(
                "No posts match these filters. Choose All services and All awards to see all."
            )
        else:
            self._none.setText(
                "No posts yet. Add a post, then say what pays for it, and its warnings appear here."
            )

    # --- wishes out ---

    def rest(self) -> None:
        """Put the keyboard on the posts."""
        (self.cover.names if self._slot.currentIndex() == _COVER else self.grid).setFocus()

    def look_for(self) -> None:
        """Go to the filter."""
        self.search.setFocus()
        self.search.selectAll()

    def add(self) -> None:
        """Add a post, and open its title for typing."""
        if self.view is None or self.view.read_only:
            return
        edit, key = wishes.new_post(self.view.portfolio, self.view.outlook.today)
        self._clear_filters()
        self.switch.choose(_TABLE)
        self.edit_wanted.emit(edit)
        self.grid.change(key, "title")

    def open(self, key: str) -> None:
        """Go to a post."""
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
        """What ending the chosen post would cost, where the keyboard is there; else its cliff."""
        key = self._current()
        if self.view is None or not key:
            return ""
        found = next((each for each in self.view.outlook.posts if each.key == key), None)
        if found is None:
            return ""
        if self.panel.cost_grid.hasFocus() and found.redundancy is not None:
            return f"posts.{key}.redundancy.payable"
        return f"posts.{key}.{'funded_to' if found.cliff_date is None else 'cliff_date'}"


class PostPanel(Panel):
    """The chosen post: its ladder, what pays for it, and what it costs if nothing is renewed."""

    def __init__(self, look: Look, refusal: Callable[[Edit], str]) -> None:
        super().__init__(look, (55, 45))
        self.ladder = LadderView(look)
        self._no_ladder = label("", tone="muted", wrap=True)
        self.why_link = button("Why?", "link")
        self.why_link.setToolTip("Why this figure? (Shift+F1)")
        self.why_link.setAccessibleName("Why this post's figures?")
        self.add_link(self.why_link)
        self.shares = SharesPanel(look, "post", refusal)
        self.lock = Lock(look)
        self.costs: Table[CostLine] = Table(_COST_COLUMNS, key=lambda row: row.name)
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
        self.second.addStretch(1)

    def present(self, post: Post, view: View) -> None:
        """Show one post."""
        found = next(each for each in view.outlook.posts if each.key == post.key)
        ladder = next(
            (each for each in view.outlook.ladders if each.cliff == f"post:{post.key}"), None
        )
        self.lock.follow(view)
        self.title.setText(post.title)
        self.setAccessibleName(post.title)
        self.note.setText(_about(post, found, view))
        self.status.show_status(ladder.status if ladder else None)
        self.ladder.show_ladder(ladder, view.outlook.today)
        self._no_ladder.setVisible(ladder is None)
        self._no_ladder.setText(_why_no_ladder(post, view))
        mine = tuple(each for each in view.portfolio.allocations if each.post == post.key)
        self.shares.present(mine, view)
        self.cost_grid.present(cost_lines(post, found, view))


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of what a post costs if nothing is renewed."""

    name: str
    basis: str
    value: str


_COST_COLUMNS: tuple[Column[CostLine], ...] = (
    Column(name="name", title="What", value=lambda row: row.name, width=17),
    Column(
        name="basis",
        title="Basis",
        value=lambda row: row.basis,
        tip=lambda row: row.basis,
        stretch=True,
    ),
    Column(
        name="value",
        title="Amount or day",
        kind=kinds.Kind(name="text", text=str, figure=True),
        value=lambda row: row.value,
        width=12,
        strong=True,
    ),
)


def cost_lines(post: Post, found: PostOutlook, view: View) -> tuple[CostLine, ...]:
    """What a post costs if nothing is renewed; what would tell a salary only when shown."""
    salaries = view.tells_salaries
    lines: list[CostLine] = []
    pay = found.redundancy
    if pay is not None and not salaries:
        if view.salaries == "hidden":
            lines.append(CostLine("Redundancy pay", "hidden with salaries", ""))
    elif pay is not None:
        lines.append(_redundancy_line(found))
    if found.notice is not None:
        after = f", after {words.count(pay.complete_years, 'year')}" if pay is not None else ""
        weeks = words.count(found.notice.weeks, "week")
        lines.append(
            CostLine("Notice by", f"{weeks} by law{after}", words.short_day(found.notice.working))
        )
    cliff = next(
        (each for each in view.outlook.cliffs if each.kind == "post" and each.key == post.key), None
    )
    if cliff is not None and salaries:
        since = words.day_month(cliff.date)
        lines.append(
            CostLine(f"Cost from {since}", "a month, from reserves", words.money(cliff.per_month))
        )
    if found.lateness is not None and found.lateness.worked and salaries:
        given = f"given {words.short_day(found.lateness.given)}"
        lines.append(CostLine("Late notice", given, words.money(found.lateness.worked)))
    if found.transfer is not None:
        due = words.short_day(found.transfer.information_due)
        lines.append(CostLine("Staff information", "it passes on with the contract (TUPE)", due))
    if found.consultation is not None:
        count = words.count(found.consultation.count, "post")
        basis = (
            f"collective: {count} together"
            if found.consultation.collective
            else "no statutory period"
        )
        start = found.latest_consultation_start
        lines.append(CostLine("Consult from", basis, words.short_day(start) if start else ""))
    return tuple(lines)


def _redundancy_line(found: PostOutlook) -> CostLine:
    pay = found.redundancy
    if pay is None:  # pragma: no cover - asked only where there is one
        return CostLine("", "", "")
    if pay.srp is None:
        value = f"{words.whole_pounds(pay.low)} to {words.whole_pounds(pay.high)}"
        return CostLine("Redundancy pay", "no birth date, so a range", value)
    basis = f"{pay.weeks} weeks × {words.money(pay.weeks_pay_used)}"
    if pay.cap_provisional:
        basis += ", provisional: the cap is not published yet"
    return CostLine("Redundancy pay", basis, words.money(pay.payable))


def _about(post: Post, found: PostOutlook, view: View) -> str:
    service = view.portfolio.services_by_key.get(post.service or "")
    parts = [f"{post.fte:.2f} FTE", service.name if service else "", post.status or ""]
    if found.claimed_twice:
        parts.append("claimed twice: lower a share, or end one sooner")
    return " · ".join(part for part in parts if part)


def _why_no_ladder(post: Post, view: View) -> str:
    if post.status == "vacant":
        return "Vacant: it costs nothing and nobody's job hangs on it until it is filled."
    return (
        f"Secured money pays for it to {words.day(view.outlook.last_day)} or beyond. Nothing to do."
    )


# --- rows --------------------------------------------------------------------------------


def _months(view: View, span: int) -> tuple[date, ...]:
    first = month_of(view.outlook.today)
    last = add_months(first, span)
    return tuple(month for month in view.outlook.months if first <= month < last)


def cover_row(view: View, found: PostOutlook, months: tuple[date, ...]) -> CoverRow:
    """One post over these months."""
    post = view.portfolio.posts_by_key[found.key]
    first = view.outlook.months.index(months[0]) if months else 0
    parts = [
        found.cover[each][first : first + len(months)].tolist()
        for each in ("secured", "probable", "possible")
    ]
    costs = found.month_cost[first : first + len(months)].tolist()
    return CoverRow(
        key=found.key,
        title=post.title,
        fte=post.fte,
        funded_to=_funded_order(found),
        funded_words=_funded_words(found),
        consult=found.latest_consultation_start,
        notice=found.latest_notice_working,
        claimed_twice=found.claimed_twice,
        vacant="Vacant" if post.status == "vacant" or post.vacancies else "",
        cells=tuple(
            CoverCell(
                int(secured),
                int(probable),
                int(possible),
                bool(cost or secured or probable or possible),
            )
            for secured, probable, possible, cost in zip(*parts, costs, strict=True)
        ),
    )


def _funded_order(found: PostOutlook) -> date:
    if found.cliff_date is None:
        return date.max
    return found.funded_to or date.min


def _funded_words(found: PostOutlook) -> str:
    if found.cliff_date is None:
        return "beyond" if found.segments else ""
    return words.short_day(found.funded_to) if found.funded_to else "not today"


def post_rows(view: View) -> tuple[PostRow, ...]:
    """Every post with what the outlook says of it, in the book's order."""
    ladders: dict[str, Ladder] = {each.cliff: each for each in view.outlook.ladders}
    services = view.portfolio.services_by_key
    rows = []
    for found in view.outlook.posts:
        post = view.portfolio.posts_by_key[found.key]
        ladder = ladders.get(f"post:{post.key}")
        service = services.get(post.service or "")
        rows.append(
            PostRow(
                post=post,
                service=service.name if service else "",
                salary=post.salary if view.tells_salaries else None,
                funded_to=_funded_order(found),
                funded_words=_funded_words(found),
                consult=found.latest_consultation_start,
                notice=found.latest_notice_working,
                status=ladder.status if ladder else None,
            )
        )
    return tuple(rows)


def _set(row: PostRow, field: str, value: object, what: str) -> Edit:
    return wishes.set_field("posts", row.post, field, value, f"{what} of {row.post.title}")


_COLUMNS: tuple[Column[PostRow], ...] = (
    Column(
        name="title",
        title="Post",
        value=lambda row: row.post.title,
        edit=lambda row, value: _set(row, "title", value, "Change title"),
        tip=lambda row: row.post.title,
        stretch=True,
    ),
    Column(
        name="service",
        title="Service",
        value=lambda row: row.service,
        width=16,
        most=26,
        optional=True,
    ),
    Column(
        name="fte",
        title="FTE",
        kind=kinds.FTE,
        value=lambda row: row.post.fte,
        edit=lambda row, value: _set(row, "fte", value, "Change FTE"),
        width=6,
    ),
    Column(
        name="salary",
        title="Full-time salary",
        kind=kinds.POUNDS,
        value=lambda row: row.salary,
        edit=lambda row, value: _set(row, "salary", value, "Change salary"),
        width=11,
    ),
    Column(
        name="standing",
        title="In post",
        kind=kinds.CHOICE,
        value=lambda row: row.post.status,
        shown=lambda row: dict(_STANDING).get(row.post.status or "", ""),
        edit=lambda row, value: _set(row, "status", value, "Change who is in post"),
        choices=lambda _row: _STANDING,
        width=10,
    ),
    Column(
        name="start",
        title="Start",
        kind=kinds.DATE,
        value=lambda row: row.post.start,
        edit=lambda row, value: _set(row, "start", value, "Move start date"),
        width=12,
    ),
    Column(
        name="end",
        title="End",
        kind=kinds.OPTIONAL_DATE,
        value=lambda row: row.post.end,
        edit=lambda row, value: _set(row, "end", value, "Move end date"),
        width=12,
    ),
    Column(
        name="funded",
        title="Funded to",
        kind=kinds.Kind(name="text", text=str, figure=True, order=lambda day: day),
        value=lambda row: row.funded_to,
        shown=lambda row: row.funded_words,
        width=12,
    ),
    Column(
        name="consult",
        title="Consult from",
        kind=kinds.DATE,
        value=lambda row: row.consult,
        width=11,
    ),
    Column(
        name="notice", title="Notice by", kind=kinds.DATE, value=lambda row: row.notice, width=11
    ),
    Column(name="status", title="Status", kind=kinds.STATUS, value=lambda row: row.status, width=9),
)


def _filter(look: Look, name: str) -> Choice:
    box = Choice(look)
    box.setAccessibleName(name)
    box.setToolTip(name)
    box.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToContents)
    box.setMaximumWidth(look.px(190))
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
        box.addItem(said, key)
    box.setCurrentIndex(max(0, box.findData(chosen)))


def _framed(grid: Grid) -> Card:
    frame = Card("")
    frame.title.hide()
    frame.note.hide()
    frame.body.setContentsMargins(1, 1, 1, 1)
    frame.body.addWidget(grid, 1)
    return frame
