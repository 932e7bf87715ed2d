"""Every award in one table, changed in place, and below it what the chosen one pays for.

Enter opens an award's own page in the register's place; Esc or Back leads to the register again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget

from fundtrack.core import words
from fundtrack.core.glance import certainty_of
from fundtrack.core.model import Stage
from fundtrack.core.schedule import fund_of
from fundtrack.gui import kinds, marks, wishes
from fundtrack.gui.dialogs.share import ShareDialog
from fundtrack.gui.pages.page import Page
from fundtrack.gui.table import Column, Table
from fundtrack.gui.widgets.frame import Card, button, label, with_icon
from fundtrack.gui.widgets.grid import Grid
from fundtrack.gui.widgets.ladder import LadderView
from fundtrack.gui.widgets.own import OwnHead
from fundtrack.gui.widgets.panel import Panel
from fundtrack.gui.widgets.search import search_field
from fundtrack.gui.widgets.shares import SharesPanel

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from fundtrack.core.edit import Edit
    from fundtrack.core.ladder import Ladder
    from fundtrack.core.model import Award
    from fundtrack.gui.award.page import AwardPage
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View
    from fundtrack.workspace import Entry

_STAGES = tuple((stage, stage.replace("-", " ").capitalize()) for stage in get_args(Stage))
_FUNDS = (
    ("restricted", "Restricted"),
    ("unrestricted", "Unrestricted"),
    ("designated", "Designated"),
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


class Awards(Page):
    """The register of awards."""

    name = "awards"
    title = "Awards"
    icon = "file-text"
    document_wanted = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.search = search_field(look, "Filter awards")
        self.add_button = with_icon(button("Add award"), look, "plus")
        self.add_button.clicked.connect(self.add)
        self.header.add(self.search)
        self.header.add(self.add_button)
        self.table: Table[AwardRow] = Table(
            _COLUMNS, key=lambda row: row.award.key, refusal=self._refusal
        )
        self.grid = Grid(look, self.table, "Awards")
        self.grid.open_rows()
        self.grid.can_remove = True
        self.panel = AwardPanel(look, self._refusal)
        self._none = label("", tone="muted", wrap=True)
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        register = Card("")
        register.title.hide()
        register.note.hide()
        register.body.setContentsMargins(1, 1, 1, 1)
        register.body.addWidget(self.grid, 1)
        register.body.addWidget(self._none)
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.setChildrenCollapsible(False)
        halves.setHandleWidth(10)
        halves.addWidget(register)
        halves.addWidget(self.panel)
        halves.setStretchFactor(0, 3)
        halves.setStretchFactor(1, 1)
        halves.setSizes([440, 240])
        self._journal: Callable[[int], tuple[Entry, ...]] = lambda _limit: ()
        self._standing = ""
        self._own: AwardPage | None = None
        self.head = OwnHead(look, "Awards")
        self.header.lead(self.head)
        self._slot = QStackedWidget()
        self._slot.addWidget(halves)
        self.body.addWidget(self._slot, 1)
        self._wire()

    def _wire(self) -> None:
        self.search.textChanged.connect(self._filter)
        self.table.edit_wanted.connect(self.edit_wanted)
        self.grid.given_up.connect(self.trouble)
        self.grid.chosen.connect(lambda _key: self._show_chosen())
        self.grid.remove_wanted.connect(self._remove)
        self.grid.opened.connect(self.stand_at)
        self.panel.open_link.clicked.connect(lambda _=False: self.stand_at(self.grid.current_key))
        self.head.back.connect(self._back)
        self.panel.why_link.clicked.connect(lambda _checked=False: self.ask_why())
        self.panel.shares.edit_wanted.connect(self.edit_wanted)
        self.panel.shares.trouble.connect(self.trouble)
        self.panel.shares.add_wanted.connect(self._add_share)

    def fill(self, view: View) -> None:
        """Put every award on the page."""
        self.table.editable = not view.read_only
        self.grid.present(award_rows(view))
        secured = sum(certainty_of(award) == "secured" for award in view.portfolio.awards)
        counted = words.count(len(view.portfolio.awards), "award")
        self.header.say(f"{counted}, {secured} secured")
        if not self.grid.current_key and self.grid.sorted.rowCount():
            self.grid.choose(self.grid.key_at(self.grid.sorted.index(0, 0)), 0)
        self._say_if_empty()
        self._show_chosen()
        self._show_standing()

    # --- an award's own page ---

    def read_from(self, journal: Callable[[int], tuple[Entry, ...]]) -> None:
        """Take the door to the journal."""
        self._journal = journal
        if self._own is not None:
            self._own.history.read_from(journal)

    @property
    def own(self) -> AwardPage:
        """The page of one award, made when it is first wanted."""
        if self._own is None:
            from fundtrack.gui.award.page import AwardPage

            self._own = AwardPage(self.look)
            self._own.left.connect(self._back)
            self._own.edit_wanted.connect(self.edit_wanted)
            self._own.open_wanted.connect(self.open_wanted)
            self._own.trouble.connect(self.trouble)
            self._own.figure_moved.connect(self.figure_moved)
            self._own.why_wanted.connect(self.ask_why)
            self._own.salaries_wanted.connect(self.salaries_wanted)
            self._own.document_wanted.connect(self.document_wanted)
            self._own.history.read_from(self._journal)
            self._slot.addWidget(self._own)
        return self._own

    @property
    def standing(self) -> str:
        """The key of the award whose own page is in sight, or ""."""
        return self._standing

    def stand_at(self, key: str) -> None:
        """Show an award's own page, or the register for ""."""
        if key:
            self.grid.choose(key, 0)
        if key != self._standing:
            self._standing = key
            self._show_standing()
            self.stood.emit(self._standing)
            self.rest()

    def _back(self) -> None:
        self.stand_at("")

    def _show_standing(self) -> None:
        """Show the own page of the award one stands at; the register when it has gone."""
        view = self.view
        if view is None:
            return
        award = view.portfolio.awards_by_key.get(self._standing)
        if award is None:
            self._standing = ""
        own = award is not None
        self.header.show_own(self.head, shown=own)
        self.search.setVisible(not own)
        self.add_button.setVisible(not own and not view.read_only)
        self._slot.setCurrentIndex(0)
        if award is not None:
            self.head.show_record(award.title, _chips(award))
            self.own.present(award, view)
            self._slot.setCurrentWidget(self.own)

    def rest(self) -> None:
        """Put the keyboard on the table, or on the sections of the award's own page."""
        (self.own.tabs if self._standing else self.grid).setFocus()

    def look_for(self) -> None:
        """Go to the filter of the register."""
        self.stand_at("")
        self.search.setFocus()
        self.search.selectAll()

    def add(self) -> None:
        """Add an award, and open its title for typing."""
        if self.view is None or self.view.read_only:
            return
        edit, key = wishes.new_award(self.view.portfolio, self.view.outlook.today)
        self.stand_at("")
        self.search.clear()
        self.edit_wanted.emit(edit)
        self.grid.change(key, "title")

    def figure_asked(self) -> str:
        """What the chosen award's end would cost, else what it brings this month."""
        if self.view is None or not self.grid.current_key:
            return ""
        if self._standing and (told := self.own.figure()):
            return told
        key, seen = self.grid.current_key, self.view.outlook
        if any(each.kind == "award" and each.key == key for each in seen.cliffs):
            return f"cliffs.award:{key}.over_12_months"
        return f"forecast.possible.awards.{key}.{seen.today:%Y-%m}.income"

    def open(self, key: str) -> None:
        """Open an award's own page."""
        self.search.clear()
        if key == self._standing:
            self.own.show_top()
        self.stand_at(key)

    def _refusal(self, edit: Edit) -> str:
        return self.view.refusal(edit) if self.view is not None else ""

    def _filter(self, text: str) -> None:
        self.grid.sorted.look_for(text)
        self._say_if_empty()

    def _say_if_empty(self) -> None:
        shown = self.grid.sorted.rowCount()
        self.grid.setVisible(shown > 0)
        self._none.setVisible(shown == 0)
        if self.table.rows:
            self._none.setText(
                f"No award holds “{self.search.text()}”. Clear the filter to see all."
            )
        else:
            self._none.setText(
                "No awards yet. Add the award that ends first, then what it pays for: "
                "five minutes to the first dated warning."
            )

    def _show_chosen(self) -> None:
        if self.view is None:
            return
        award = self.view.portfolio.awards_by_key.get(self.grid.current_key)
        self.panel.setVisible(award is not None)
        if award is not None:
            self.panel.present(award, self.view)
            self.tell_figure()

    def _remove(self, keys: tuple[str, ...]) -> None:
        if self.view is not None:
            self.edit_wanted.emit(wishes.removal(self.view.portfolio, "awards", keys))

    def _add_share(self) -> None:
        if self.view is None:
            return
        dialog = ShareDialog(self.look, self.view, self, award=self.grid.current_key)
        if dialog.exec() and dialog.edit is not None:
            self.edit_wanted.emit(dialog.edit)
        dialog.deleteLater()


class AwardPanel(Panel):
    """The chosen award: its ladder, and what it pays for."""

    def __init__(self, look: Look, refusal: Callable[[Edit], str]) -> None:
        super().__init__(look, (6, 5))
        self.why_link = button("Why?", "link")
        self.why_link.setToolTip("Why this figure? (Shift+F1)")
        self.why_link.setAccessibleName("Why this award's figures?")
        self.add_link(self.why_link)
        self.open_link = button("Open", "link")
        self.open_link.setToolTip("Open this award's own page (Enter)")
        self.open_link.setAccessibleName("Open this award's own page")
        self.add_link(self.open_link)
        self.ladder = LadderView(look)
        self._no_ladder = label("", tone="muted", wrap=True)
        self._words = label(scale="caption", tone="muted", wrap=True)
        self.shares = SharesPanel(look, "award", refusal)
        self.first.addWidget(self.ladder)
        self.first.addWidget(self._no_ladder)
        self.first.addStretch(1)
        self.first.addWidget(self._words)
        self.second.addWidget(self.shares, 1)

    def present(self, award: Award, view: View) -> None:
        """Show one award."""
        self.title.setText(award.title)
        self.setAccessibleName(award.title)
        self.note.setText(_about(award, view))
        ladder = next(
            (each for each in view.outlook.ladders if each.cliff == f"award:{award.key}"), None
        )
        self.ladder.show_ladder(ladder, view.outlook.today)
        self.status.show_status(ladder.status if ladder else None)
        self._no_ladder.setVisible(ladder is None)
        self._no_ladder.setText(_why_no_ladder(award, view))
        self._words.setText(_balance(award, view))
        mine = tuple(each for each in view.portfolio.allocations if each.award == award.key)
        self.shares.present(mine, view)


def _about(award: Award, view: View) -> str:
    funder = view.portfolio.funders_by_key.get(award.funder or "")
    service = view.portfolio.services_by_key.get(award.service or "")
    parts = [funder.name if funder else "", service.name if service else "", award.reference or ""]
    return " · ".join(part for part in parts if part)


def _why_no_ladder(award: Award, view: View) -> str:
    certainty = certainty_of(award)
    if certainty is None:
        return "This award will not be money, so nothing hangs on its end."
    if certainty != "secured":
        return f"{marks.COVER_WORD[certainty]}: not counted as secured until it is awarded."
    renewal = next((each for each in view.portfolio.awards if each.renewal_of == award.key), None)
    if renewal is not None and certainty_of(renewal) == "secured":
        return f"Renewed by {renewal.title}, so nothing ends here."
    return "Its end is past, or beyond the months looked at."


def _balance(award: Award, view: View) -> str:
    found = next(
        (each for each in view.outlook.forecast["secured"].awards if each.key == award.key), None
    )
    if found is None or not found.repayable:
        return ""
    return (
        f"If nothing changes, {words.whole_pounds(found.repayable)} would be repaid when it ends."
    )


def _chips(award: Award) -> tuple[tuple[str, str | None], ...]:
    certainty = certainty_of(award)
    return (
        (dict(_STAGES)[award.stage], None),
        (marks.COVER_WORD[certainty] if certainty else "", certainty),
        (fund_of(award).capitalize(), None),
    )


def award_rows(view: View) -> tuple[AwardRow, ...]:
    """Every award with what the outlook says of it, in the book's order."""
    ladders: dict[str, Ladder] = {each.cliff: each for each in view.outlook.ladders}
    paid: dict[str, set[str]] = {}
    for each in view.portfolio.allocations:
        if each.award and each.post:
            paid.setdefault(each.award, set()).add(each.post)
    funders = view.portfolio.funders_by_key
    rows = []
    for award in view.portfolio.awards:
        ladder = ladders.get(f"award:{award.key}")
        funder = funders.get(award.funder or "")
        rows.append(
            AwardRow(
                award=award,
                funder=funder.name if funder else "",
                certainty=certainty_of(award),
                posts=len(paid.get(award.key, ())),
                act_by=ladder.act_by if ladder else None,
                status=ladder.status if ladder else None,
            )
        )
    return tuple(rows)


def _set(row: AwardRow, field: str, value: object, what: str) -> Edit:
    return wishes.set_field("awards", row.award, field, value, f"{what} of {row.award.title}")


_COLUMNS: tuple[Column[AwardRow], ...] = (
    Column(
        name="title",
        title="Award",
        value=lambda row: row.award.title,
        edit=lambda row, value: _set(row, "title", value, "Change title"),
        tip=lambda row: row.award.title,
        stretch=True,
    ),
    Column(name="funder", title="Funder", value=lambda row: row.funder, width=17, most=32),
    Column(
        name="stage",
        title="Stage",
        kind=kinds.CHOICE,
        value=lambda row: row.award.stage,
        shown=lambda row: dict(_STAGES)[row.award.stage],
        edit=lambda row, value: _set(row, "stage", value, "Change stage"),
        choices=lambda _row: _STAGES,
        width=15,
    ),
    Column(
        name="certainty",
        title="Certainty",
        kind=kinds.COVER,
        value=lambda row: row.certainty,
        width=11,
    ),
    Column(
        name="amount",
        title="Amount",
        kind=kinds.POUNDS,
        value=lambda row: row.award.amount,
        edit=lambda row, value: _set(row, "amount", value, "Change amount"),
        width=10,
    ),
    Column(
        name="start",
        title="Start",
        kind=kinds.DATE,
        value=lambda row: row.award.start,
        edit=lambda row, value: _set(row, "start", value, "Move start date"),
        width=12,
    ),
    Column(
        name="end",
        title="End",
        kind=kinds.DATE,
        value=lambda row: row.award.end,
        edit=lambda row, value: _set(row, "end", value, "Move end date"),
        width=12,
    ),
    Column(
        name="fund",
        title="Fund",
        kind=kinds.CHOICE,
        value=lambda row: row.award.fund,
        shown=lambda row: dict(_FUNDS).get(row.award.fund or "", ""),
        edit=lambda row, value: _set(row, "fund", value, "Change fund"),
        choices=lambda _row: _FUNDS,
        width=11,
        optional=True,
    ),
    Column(
        name="posts",
        title="Posts",
        kind=kinds.COUNT,
        value=lambda row: row.posts or None,
        width=5,
        optional=True,
    ),
    Column(name="act", title="Act by", kind=kinds.DATE, value=lambda row: row.act_by, width=11),
    Column(name="status", title="Status", kind=kinds.STATUS, value=lambda row: row.status, width=9),
)
