"""Every award in one table, changed in place, and below it what the chosen one pays for.

Enter opens an award's own page in the register's place; Esc or Back leads to the register again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from fundtrack.core import words
from fundtrack.core.glance import certainty_of
from fundtrack.core.model import Stage
from fundtrack.core.schedule import fund_of
from fundtrack.gui import kinds, marks, wishes
from fundtrack.gui.award.register import (
    GROUPINGS,
    AwardRow,
    RegisterGrid,
    Row,
    grouped,
    key_of,
)
from fundtrack.gui.dialogs.share import ShareDialog
from fundtrack.gui.pages.page import Page
from fundtrack.gui.speech import tr
from fundtrack.gui.table import Column, Said, Table
from fundtrack.gui.widgets.frame import Card, Choice, button, label, with_icon
from fundtrack.gui.widgets.ladder import LadderView
from fundtrack.gui.widgets.own import OwnHead
from fundtrack.gui.widgets.panel import Panel
from fundtrack.gui.widgets.paste_here import PasteHere
from fundtrack.gui.widgets.room import Stack
from fundtrack.gui.widgets.search import search_field
from fundtrack.gui.widgets.shares import SharesPanel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtGui import QResizeEvent

    from fundtrack.core.edit import Edit
    from fundtrack.core.ladder import Ladder
    from fundtrack.core.model import Award
    from fundtrack.gui.award.page import AwardPage
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View
    from fundtrack.workspace import Entry

_STAGES = tuple((stage, stage.replace("-", " ").capitalize()) for stage in get_args(Stage))
_SURE = (
    ("", "All stages"),
    ("secured", "Secured"),
    ("probable", "Probable"),
    ("possible", "Possible"),
    *_STAGES,
)
_FUNDS = (
    ("restricted", "Restricted"),
    ("unrestricted", "Unrestricted"),
    ("designated", "Designated"),
)


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
        self.grid = RegisterGrid(look, _COLUMNS, self._refusal)
        self.table: Table[Row] = self.grid.table
        self.table.fresh, self.table.needed = self._fresh, ("title",)
        self.table.whole = lambda: () if self.view is None else award_rows(self.view)
        self._every: tuple[View, tuple[AwardRow, ...]] | None = None
        self._said = Said(self.table)
        self._folded: frozenset[str] = frozenset()
        named = ("Funder", "Service", "Stage and certainty", "Groups")
        boxes = tuple(_filter(look, name) for name in named)
        self.funder, self.service, self.stage, self.group = boxes
        self.filters = Filters(look, boxes)
        for value, said in GROUPINGS:
            self.group.addItem(tr(said), value)
        for value, said in _SURE:
            self.stage.addItem(tr(said), value)
        self.panel = AwardPanel(look, self._refusal)
        self._none = label("", tone="muted", wrap=True)
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.pasting = PasteHere(self.grid, self)
        self.first_link = button("Add award", "link", self.add)
        register = self._made_register()
        upper = QWidget()
        above = QVBoxLayout(upper)
        above.setContentsMargins(0, 0, 0, 0)
        above.setSpacing(8)
        above.addWidget(self.filters)
        above.addWidget(register, 1)
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.setChildrenCollapsible(False)
        halves.setHandleWidth(10)
        halves.addWidget(upper)
        halves.addWidget(self.panel)
        halves.setStretchFactor(0, 3)
        halves.setStretchFactor(1, 1)
        halves.setSizes([440, 240])
        self._journal: Callable[[int], tuple[Entry, ...]] = lambda _limit: ()
        self._standing = ""
        self._stale = False
        self._own: AwardPage | None = None
        self.head = OwnHead(look, "Awards")
        self.header.lead(self.head)
        self._slot = Stack()
        self._slot.addWidget(halves)
        self.body.addWidget(self._slot, 1)
        self._wire()

    def _made_register(self) -> Card:
        """The register of awards; while it is empty, what to begin with."""
        register = Card("")
        register.title.hide()
        register.note.hide()
        register.body.setContentsMargins(1, 1, 1, 1)
        register.body.addWidget(self.grid, 1)
        register.body.addStretch(0)
        register.body.addWidget(self._none)
        begin = QHBoxLayout()
        begin.addStretch(1)
        begin.addWidget(self.first_link)
        begin.addWidget(self.pasting.link)
        begin.addStretch(1)
        register.body.addLayout(begin)
        register.body.addStretch(0)
        return register

    def _wire(self) -> None:
        self.search.textChanged.connect(lambda _text: self._refill())
        for box in (self.funder, self.service, self.stage, self.group):
            box.activated.connect(lambda _at: self._refill())
        self.grid.fold_wanted.connect(self._fold)
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
        """Put every award on the page; while an award's own page stands there, only that."""
        if self._standing not in view.portfolio.awards_by_key or not self.table.rows:
            self._fill_register(view)
        else:
            self._stale = True
        self._show_standing()

    def _fill_register(self, view: View) -> None:
        self._stale = False
        self.table.editable = not view.read_only
        offer(self.funder, "All funders", tuple((f.key, f.name) for f in view.portfolio.funders))
        offer(self.service, "All services", tuple((s.key, s.name) for s in view.portfolio.services))
        self.filters.setVisible(bool(view.portfolio.awards))
        self._refill()
        secured = sum(certainty_of(award) == "secured" for award in view.portfolio.awards)
        counted = words.count(len(view.portfolio.awards), "award")
        self.header.say(f"{counted}, {secured} secured" if view.portfolio.awards else "")

    def _refill(self) -> None:
        """Put the awards that the filters keep in the register, under their headings."""
        view = self.view
        if view is None:
            return
        rows = self._kept(view)
        by = str(self.group.currentData() or "")
        self.grid.present(grouped(rows, by, view, self._folded))
        for name in ("funder", "stage", "certainty"):  # the heading says it
            self.grid.setColumnHidden(self.table.place_of(name), by == name)
        if not self.grid.currentIndex().isValid():
            first = next((row for row in self.table.rows if isinstance(row, AwardRow)), None)
            self.grid.choose(first.award.key if first else "", 0)
        self._say_if_empty()
        self._show_chosen()

    def _kept(self, view: View) -> tuple[AwardRow, ...]:
        """The awards that the filters and the words sought keep."""
        if self._every is None or self._every[0] is not view:
            self._every = view, award_rows(view)
        boxes = (self.funder, self.service, self.stage)
        funder, service, sure = (box.currentData() for box in boxes)
        chosen = tuple(
            row
            for row in self._every[1]
            if funder in (None, "", row.award.funder)
            and service in (None, "", row.award.service)
            and sure in (None, "", row.award.stage, row.certainty)
        )
        return self._said.holding(self.search.text(), chosen)

    def _fold(self, title: str) -> None:
        """Fold a group, or open it again; the keyboard stays on its heading."""
        self._folded ^= {title}
        self._refill()
        heading = next((row for row in self.table.rows if key_of(row) == f"\0group:{title}"), None)
        if heading is not None:
            self.grid.choose(key_of(heading), 0)

    def _clear_filters(self) -> None:
        """Show every award."""
        self.search.clear()
        for box in (self.funder, self.service, self.stage):
            box.setCurrentIndex(0)
        self._folded = frozenset()
        self._refill()

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
        if key != self._standing:
            if self._stale and self.view is not None:
                self._fill_register(self.view)
            self.grid.choose(key or self._standing, 0)
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
        if award is None:
            self._slot.setCurrentIndex(0)
        else:
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
        self._add("idea")

    def add_running(self) -> None:
        """Add an award whose money is coming in already, and open its title for typing."""
        self._add("live")

    def _add(self, stage: Stage) -> None:
        if self.view is None or self.view.read_only:
            return
        edit, key = wishes.new_award(self.view.portfolio, self.view.outlook.today, stage)
        self.stand_at("")
        self._clear_filters()
        self.edit_wanted.emit(edit)
        self.grid.change(key, "title")

    def _fresh(self, count: int) -> Iterator[tuple[AwardRow, Edit]]:
        """New awards for rows that are pasted."""
        if self.view is None:
            return
        portfolio, today = self.view.portfolio, self.view.outlook.today
        for _ in range(count):
            edit, key = wishes.new_award(portfolio, today)
            portfolio = edit.apply(portfolio)
            award = portfolio.awards_by_key[key]
            yield AwardRow(award, "", certainty_of(award), 0, None, None), edit

    def figure_asked(self) -> str:
        """What the chosen award's end would cost, else what it brings this month."""
        key = self._standing or self.grid.current_key
        if self.view is None or not key:
            return ""
        if self._standing and (told := self.own.figure()):
            return told
        seen = self.view.outlook
        if any(each.kind == "award" and each.key == key for each in seen.cliffs):
            return f"cliffs.award:{key}.over_12_months"
        return f"forecast.possible.awards.{key}.{seen.today:%Y-%m}.income"

    def open(self, key: str) -> None:
        """Open an award's own page."""
        self._clear_filters()
        if key == self._standing:
            self.own.show_top()
        self.stand_at(key)

    def _refusal(self, edit: Edit) -> str:
        return self.view.refusal(edit) if self.view is not None else ""

    def _say_if_empty(self) -> None:
        shown = self.grid.sorted.rowCount()
        self.grid.setVisible(shown > 0)
        self._none.setVisible(shown == 0)
        empty = self.view is not None and not self.view.portfolio.awards
        self.first_link.setVisible(empty and self.table.editable)
        self.pasting.offer(empty=empty)
        if not empty:
            sought = self.search.text()
            said = f"No award holds “{sought}”" if sought else "No award matches these filters"
            self._none.setText(f"{said}. Clear the filter to see all.")
        else:
            self._none.setText(
                "No awards yet. Add the award that ends first, then what it pays for: "
                "five minutes to the first dated warning. Or bring in your spreadsheet (Ctrl+I)."
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
        self.why_link.setToolTip(tr("Why this figure? (Shift+F1)"))
        self.why_link.setAccessibleName(tr("Why this award's figures?"))
        self.add_link(self.why_link)
        self.open_link = button("Open", "link")
        self.open_link.setToolTip(tr("Open this award's own page (Enter)"))
        self.open_link.setAccessibleName(tr("Open this award's own page"))
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
        self.setAccessibleName(tr(award.title))
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
        self.shares.present(mine, view, award.key)


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


def _filter(look: Look, name: str) -> Choice:
    box = Choice(look)
    box.setAccessibleName(tr(name))
    box.setToolTip(tr(name))
    box.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(12)
    return box


def offer(box: Choice, everything: str, choices: tuple[tuple[str, str], ...]) -> None:
    """Give a filter its choices anew, keeping what was chosen."""
    wanted = [("", everything), *choices]
    if [(box.itemData(at), box.itemText(at)) for at in range(box.count())] == wanted:
        return
    chosen = box.currentData()
    box.clear()
    for key, said in wanted:
        box.addItem(tr(said), key)
    box.setCurrentIndex(max(0, box.findData(chosen)))


class Filters(QWidget):
    """The filters side by side, or two by two where there is little room."""

    def __init__(self, look: Look, boxes: tuple[Choice, ...]) -> None:
        super().__init__()
        self._look, self._boxes, self._across = look, boxes, 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand as the room allows."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        across = len(self._boxes) if self.width() >= self._look.px(620) else 2
        if across == self._across:
            return
        self._across = across
        for box in self._boxes:
            self._grid.removeWidget(box)
        for at, box in enumerate(self._boxes):
            self._grid.addWidget(box, *divmod(at, across))


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
