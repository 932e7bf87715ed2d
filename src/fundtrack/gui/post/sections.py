"""The sections of a post's page that follow from the outlook, and its history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from fundtrack.core import words
from fundtrack.core.charges import carried_on
from fundtrack.core.glance import certainty_of
from fundtrack.core.history import told_of_post
from fundtrack.core.share_days import Days, limits, own_days, share_days, told
from fundtrack.gui import kinds, wishes
from fundtrack.gui.dialogs.share import ShareDialog
from fundtrack.gui.post.costs import COST_COLUMNS, CostLine, exposure_lines
from fundtrack.gui.post.rows import cover_row
from fundtrack.gui.post.section import PostSection, outlook_of
from fundtrack.gui.speech import tr
from fundtrack.gui.table import Column, Table
from fundtrack.gui.widgets.cover import CoverGrid, CoverLegend
from fundtrack.gui.widgets.frame import Segments, button, label
from fundtrack.gui.widgets.grid import Grid
from fundtrack.gui.widgets.ladder import LadderView
from fundtrack.gui.widgets.shares import SharesPanel
from fundtrack.gui.widgets.status import StatusWord
from fundtrack.gui.widgets.timeline import Bar, Timeline, axis_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from fundtrack.core.edit import Edit
    from fundtrack.core.history import Told
    from fundtrack.core.model import Allocation, Post
    from fundtrack.core.posts import PostOutlook
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View
    from fundtrack.workspace import Entry

ADVICE = "An estimate to plan with. Take advice before you act or tell anyone."
_IN_LIEU = 1
_MOST = 1_000


class ActCard(PostSection):
    """When to act: the post's ladder, or why it has none."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "When to act")
        self.status = StatusWord(look)
        self.add_link(self.status)
        self.ladder = LadderView(look)
        self.none = label("", tone="muted", wrap=True)
        self._flags = label("", tone="muted", wrap=True)
        for part in (self.ladder, self.none, self._flags):
            self.body.addWidget(part)

    def fill(self, post: Post, view: View) -> None:
        """Show the ladder, and what else the law says of this post."""
        named = f"post:{post.key}"
        ladder = next((each for each in view.outlook.ladders if each.cliff == named), None)
        self.status.show_status(ladder.status if ladder else None)
        self.ladder.show_ladder(ladder, view.outlook.today)
        self.none.setVisible(ladder is None)
        self.none.setText(why_no_ladder(post, view))
        found = outlook_of(post, view)
        said = [words.sentence(flag.says) for flag in found.flags]
        if found.take_advice:
            said.append("It is not known if the work passes to another provider: take advice")
        self._flags.setText("\n".join(f"{each}." for each in said))
        self._flags.setVisible(bool(said))


def why_no_ladder(post: Post, view: View) -> str:
    """Why a post has no ladder."""
    found, seen = outlook_of(post, view), view.outlook
    if post.status == "vacant":
        return "Vacant: it costs nothing and nobody's job hangs on it until it is filled."
    if not found.segments:
        return "It is over, or begins after the months looked at."
    if found.cliff_date is not None:
        since = "today" if found.cliff_date <= seen.today else words.day(found.cliff_date)
        return f"Not wholly paid by secured money from {since}. {_why_no_notice(post, seen.today)}"
    if post.end is not None and post.end <= seen.last_day:
        return f"Secured money pays for it until it ends, on {words.day(post.end)}. Nothing to do."
    return f"Secured money pays for it to {words.day(seen.last_day)} or beyond. Nothing to do."


def _why_no_notice(post: Post, today: date) -> str:
    if post.status == "agency":
        return "Agency: no notice and no redundancy pay are counted."
    if post.start > today:
        return "It has not begun, so there is no notice to give: say what pays for it first."
    return "There is no notice to give."


class CoverCard(PostSection):
    """Cover by month, as far as the outlook looks."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Cover by month")
        self.cover = CoverGrid(look, fits=True)
        self.legend = CoverLegend(look)
        self.body.addWidget(self.cover)
        self.body.addWidget(self.legend)
        self.told = label("", tone="muted", wrap=True)
        self.body.addWidget(self.told)

    def fill(self, post: Post, view: View) -> None:
        """Show this post's months."""
        found, today = outlook_of(post, view), view.outlook.today
        months = tuple(each for each in view.outlook.months if each >= today.replace(day=1))
        row = cover_row(view, found, months)
        self.cover.present((row,), months)
        if not self.cover.current_key:
            self.cover.choose(post.key)
        self.legend.show_twice(shown=any(cell.claimed for cell in row.cells))
        self.told.setText(_cover_words(found, view))


def _cover_words(found: PostOutlook, view: View) -> str:
    """How long it is funded, in one breath, and where it is claimed twice."""
    if found.cliff_date is None:
        said = f"Wholly secured to {words.day(view.outlook.last_day)} or beyond."
    elif found.funded_to is None and found.cliff_date <= view.outlook.today:
        said = "Not wholly secured today."
    elif found.funded_to is None:
        said = f"Not wholly secured from {words.day(found.cliff_date)}."
    else:
        said = f"Funded to {words.day(found.funded_to)}."
    if found.fully_unfunded_from is not None and found.fully_unfunded_from != found.cliff_date:
        said += f" Nothing secured from {words.day(found.fully_unfunded_from)}."
    return (
        f"{said} Claimed twice: lower a share, or end one sooner." if found.claimed_twice else said
    )


class AllocationsCard(PostSection):
    """What pays for the post: as bars that are dragged, and as a table."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Allocations")
        self.timeline = Timeline(look, self._why_not)
        self.hint = label(
            "Drag an end, or the whole, to another month; with Shift, to a day.",
            scale="caption",
            tone="muted",
            wrap=True,
        )
        self.shares = SharesPanel(look, "post", self.refusal, fits=True)
        self.put(self.timeline)
        self.put(self.hint)
        self.put(self.shares)
        self.timeline.moved.connect(self._moved)
        self.timeline.remove_wanted.connect(self._remove)
        self.shares.edit_wanted.connect(self.edit_wanted)
        self.shares.trouble.connect(self.trouble)
        self.shares.add_wanted.connect(self.add)

    def fill(self, post: Post, view: View) -> None:
        """Show what pays for this post."""
        mine = tuple(each for each in view.portfolio.allocations if each.post == post.key)
        axis = axis_of(view.outlook.today, view.outlook.last_day)
        bars = (*(_bar(each, view) for each in mine), *_carried_on(post, view))
        self.timeline.present(bars, axis, editable=not view.read_only)
        self.timeline.setVisible(bool(bars))
        self.hint.setVisible(bool(mine) and not view.read_only)
        self.shares.present(mine, view, post.key)

    def add(self) -> None:
        """Ask for another share."""
        if self.view is None or self.post is None:
            return
        dialog = ShareDialog(self.look, self.view, self, post=self.post.key)
        if dialog.exec() and dialog.edit is not None:
            self.edit_wanted.emit(dialog.edit)
        dialog.deleteLater()

    def _why_not(self, key: str, days: Days) -> str:
        edit = self._edit(key, days)
        return self.refusal(edit) if edit is not None else ""

    def _moved(self, key: str, days: object) -> None:
        edit = self._edit(key, cast("Days", days))
        if edit is not None:
            self.ask(edit)

    def _edit(self, key: str, days: Days) -> Edit | None:
        """The edit that gives a share these days."""
        if self.view is None or self.post is None:
            return None
        share = next((each for each in self.view.portfolio.allocations if each.key == key), None)
        if share is None:
            return None
        award = self.view.portfolio.awards_by_key.get(share.award or "")
        own = own_days(days, award)
        said = told(share_days(share, award), days).partition(",")[0]
        payer = self.view.award_title(share.award)
        return wishes.set_days(share, own.first, own.last, f"Move {payer} {said}")

    def _remove(self, keys: tuple[str, ...]) -> None:
        if self.view is not None and keys:
            self.edit_wanted.emit(wishes.removal(self.view.portfolio, "allocations", keys))


def _bar(share: Allocation, view: View) -> Bar:
    award = view.portfolio.awards_by_key.get(share.award or "")
    return Bar(
        key=share.key,
        title=view.award_title(share.award),
        cover=certainty_of(award) if award is not None else "secured",
        share=kinds.PERCENT.text(share.percent),
        days=share_days(share, award),
        bounds=limits(award),
    )


def _carried_on(post: Post, view: View) -> tuple[Bar, ...]:
    """Shares that a renewal takes over from the award it renews: they follow, and do not move."""
    return tuple(
        Bar(
            key=f"{share.key} {award.key}",
            title=award.title,
            cover=certainty_of(award),
            share=kinds.PERCENT.text(share.percent),
            days=limits(award),
            bounds=limits(award),
            follows=view.award_title(share.award),
        )
        for award, share in carried_on(view.portfolio, post.key)
        if certainty_of(award) is not None
    )


class CostCard(PostSection):
    """What it costs if nothing is renewed; late notice worked or in lieu, as is picked."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "If nothing is renewed")
        self.lines: Table[CostLine] = Table(COST_COLUMNS, key=lambda line: line.name)
        self.grid = Grid(
            look, self.lines, "If nothing is renewed", fits=True, header=False, sortable=False
        )
        self.pick = Segments(("Worked", "In lieu"), "Late notice is worked, or paid in lieu")
        self._pick_words = label("Late notice", tone="muted")
        picking = QHBoxLayout()
        picking.addWidget(self._pick_words)
        picking.addWidget(self.pick)
        picking.addStretch(1)
        self._in_lieu = False
        self.why_link = button("Why?", "link")
        self.why_link.setToolTip(tr("Why this figure? (Shift+F1)"))
        self.why_link.setAccessibleName(tr("Why this post's figures?"))
        self.add_link(self.why_link)
        self.add_link(self.lock)
        self._none = label("", tone="muted", wrap=True)
        self.body.addWidget(self.grid)
        self.body.addWidget(self._none)
        self.body.addLayout(picking)
        self.body.addWidget(label(ADVICE, scale="caption", tone="muted", wrap=True))
        self.pick.chosen.connect(self._picked)

    def _picked(self, at: int) -> None:
        self._in_lieu = at == _IN_LIEU
        if self.post is not None and self.view is not None:
            self.fill(self.post, self.view)

    def fill(self, post: Post, view: View) -> None:
        """Show the lines."""
        self.lock.follow(view)
        found = outlook_of(post, view)
        lines = exposure_lines(post, found, view, in_lieu=self._in_lieu)
        self.grid.present(lines)
        self.grid.setVisible(bool(lines))
        self._none.setVisible(not lines)
        self._none.setText("Nothing: no day is known on which this job would end.")
        late = view.tells_salaries and bool(found.cost.worked or found.cost.in_lieu)
        self.pick.setVisible(late)
        self._pick_words.setVisible(late)


@dataclass(frozen=True, slots=True)
class Past:
    """One field of this post, or of a share of it, before and after a change."""

    key: str
    at: datetime
    who: str
    label: str
    told: Told


class PastCard(PostSection):
    """What was changed of this post, latest first."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "History")
        self._journal: Callable[[int], tuple[Entry, ...]] = lambda _limit: ()
        self.table: Table[Past] = Table(_PAST_COLUMNS, key=lambda past: past.key)
        self.grid = Grid(look, self.table, "History of this post", fits=True, sortable=False)
        self.grid.show_at_most(12)
        self.grid.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._none = label("Nothing of it has been changed yet.", tone="muted", wrap=True)
        self.body.addWidget(self.grid)
        self.body.addWidget(self._none)

    def read_from(self, journal: Callable[[int], tuple[Entry, ...]]) -> None:
        """Take the door to the journal."""
        self._journal = journal

    def fill(self, post: Post, view: View) -> None:
        """Show the changes of this post."""
        past = tuple(
            Past(f"{entry.id}/{at}", entry.at.astimezone(), entry.who or "", entry.label, each)
            for entry in self._journal(_MOST)
            if entry.may_speak_of(post.key)
            for at, each in enumerate(
                told_of_post(view.portfolio, entry.changes, post.key, personal=view.tells_salaries)
            )
        )
        self.grid.present(past)
        self.grid.setVisible(bool(past))
        self._none.setVisible(not past)


def _what(past: Past) -> str:
    return past.told.field or past.label


_PAST_COLUMNS: tuple[Column[Past], ...] = (
    Column(
        name="when",
        title="When",
        value=lambda past: past.at,
        shown=lambda past: f"{words.short_day(past.at.date())}, {past.at:%H:%M}",
        tip=lambda past: past.who,
        width=17,
    ),
    Column(
        name="what",
        title="What",
        value=_what,
        tip=lambda past: past.label,
        width=15,
        most=26,
    ),
    Column(name="before", title="Before", value=lambda past: past.told.before, width=13, most=24),
    Column(
        name="after",
        title="After",
        value=lambda past: past.told.after,
        tip=lambda past: past.told.after,
        stretch=True,
        strong=True,
    ),
)
