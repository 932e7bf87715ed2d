"""What follows an award: its chain, when the funder decides, and when that is needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from fundtrack.core import words
from fundtrack.core.edit import Edit, add, free_key
from fundtrack.core.glance import DO, certainty_of, next_rung, rung_day
from fundtrack.core.model import Award
from fundtrack.core.one_award import Link, chain, renewal
from fundtrack.core.wishes import stage_name
from fundtrack.gui import kinds
from fundtrack.gui.award.section import Section
from fundtrack.gui.speech import tr
from fundtrack.gui.table import Column
from fundtrack.gui.widgets.frame import label, strengthened
from fundtrack.gui.widgets.parts import SmallTable
from fundtrack.gui.widgets.status import StatusWord

if TYPE_CHECKING:
    from datetime import date

    from fundtrack.core.ladder import Ladder, Rung
    from fundtrack.core.pipeline import Card, Lateness
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View


@dataclass(frozen=True, slots=True)
class RungRow:
    """One dated step before the money ends."""

    rung: Rung
    day: date
    standing: str


class RenewalCard(Section):
    """Top right, because it decides what happens next."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Renewal")
        self.status = StatusWord(look)
        self.said = label(wrap=True)
        self.said.setTextFormat(Qt.TextFormat.RichText)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.chain = SmallTable(
            look, "Chain of renewals", _CHAIN, key=lambda row: row.key, refusal=self.refusal
        )
        self.rungs = SmallTable(
            look,
            "Steps before it ends",
            _RUNGS,
            key=lambda row: row.rung.kind,
            refusal=self.refusal,
        )
        self.add_renewal_link = self.act("Add renewal", "Add an award that renews this", self.add)
        self.add_link(self.status)
        self.add_link(self.add_renewal_link)
        for part in (self.said, self.rungs, self.chain):
            self.body.addWidget(part)
        self.chain.opened.connect(self._open)

    def fill(self, award: Award, view: View) -> None:
        """Say what follows this award."""
        ladder = next(
            (each for each in view.outlook.ladders if each.cliff == f"award:{award.key}"), None
        )
        self.status.show_status(ladder.status if ladder else None)
        text, strong = sentence(award, view, ladder)
        self.said.setText(strengthened(text, strong))
        self.said.setAccessibleName(tr(text))
        self.rungs.present(_rung_rows(ladder, view.outlook.today), can_change=False)
        links = chain(view.portfolio, award)
        self.chain.present(links if len(links) > 1 else (), can_change=False)
        renewed = any(each.renewal_of == award.key for each in view.portfolio.awards)
        will_be = certainty_of(award) is not None
        self.add_renewal_link.setVisible(self.can_change and not renewed and will_be)

    def add(self) -> None:
        """Add an award like this one that begins when it ends, as an idea, and open it."""
        award, view = self.award, self.view
        if award is None or view is None:
            return
        made = renewal(award, free_key(view.portfolio, "awards", "award"))
        self.ask(Edit(f"Add renewal of {award.title}", (add("awards", made),)))
        self.open_wanted.emit(f"awards.{made.key}")

    def _open(self, key: str) -> None:
        if self.award is not None and key != self.award.key:
            self.open_wanted.emit(f"awards.{key}")


def _rung_rows(ladder: Ladder | None, today: date) -> tuple[RungRow, ...]:
    if ladder is None:
        return ()
    return tuple(
        RungRow(
            rung,
            day := rung_day(rung, today),
            "✓ done" if rung.done else words.days_away(day, today),
        )
        for rung in ladder.rungs
    )


def sentence(award: Award, view: View, ladder: Ladder | None) -> tuple[str, tuple[str, ...]]:
    """What follows an award in words, and the dates of it to embolden."""
    if certainty_of(award) is None:
        return "This award will not be money, so nothing follows it.", ()
    renewals = [each for each in view.portfolio.awards if each.renewal_of == award.key]
    secured = next((each for each in renewals if certainty_of(each) == "secured"), None)
    if secured is not None:
        day = words.short_day(secured.start)
        return f"Renewed by {secured.title} from {day}.", (day,)
    cards = {card.key: card for card in view.later.pipeline.cards}
    hoped = next((cards[each.key] for each in renewals if each.key in cards), None)
    if hoped is not None:
        return _decided(hoped, view.outlook.today)
    rung = next_rung(ladder)
    if rung is None:
        return "Nothing renews it yet.", ()
    day = words.near_weekday(rung_day(rung, view.outlook.today), view.outlook.today)
    return f"Nothing renews it yet. Next: {_lower(DO[rung.kind])} by {day}.", (day,)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _decided(card: Card, today: date) -> tuple[str, tuple[str, ...]]:
    says = f"{card.title} would renew it: {stage_name(card.stage)}, {card.certainty}."
    if card.decision_expected is None:
        return f"{says} No decision day is recorded.{_late(card.lateness)}", ()
    day = words.near_day(card.decision_expected, today)
    text = f"{says} The funder says it will decide by {day}."
    if card.decided_late:
        needed = words.near_day(card.decision_expected - timedelta(days=card.decided_late), today)
        sooner = words.count(card.decided_late, "day")
        return f"{text} You need to know by {needed}: {sooner} sooner.{_late(card.lateness)}", (
            day,
            needed,
        )
    return f"{text}{_late(card.lateness)}", (day,)


def _late(lateness: Lateness | None) -> str:
    if lateness is None or lateness.median <= 0:
        return ""
    days, made = words.count(lateness.median, "day"), len(lateness.decisions)
    basis = f"median of {made}" if made > 1 else "the one known"
    return f" This funder's decisions have come {days} late ({basis})."


_CHAIN: tuple[Column[Link], ...] = (
    Column(
        name="title",
        title="Chain",
        value=lambda row: "This award" if row.here else row.award.title,
        tip=lambda row: row.award.title,
        stretch=True,
        link=True,
    ),
    Column(
        name="start", title="From", kind=kinds.DATE, value=lambda row: row.award.start, width=11
    ),
    Column(
        name="amount",
        title="Amount",
        kind=kinds.POUNDS,
        value=lambda row: row.award.amount,
        width=10,
        optional=True,
    ),
    Column(
        name="certainty",
        title="Certainty",
        kind=kinds.COVER,
        value=lambda row: row.certainty,
        width=12,
    ),
)
_RUNGS: tuple[Column[RungRow], ...] = (
    Column(name="do", title="Step", value=lambda row: DO[row.rung.kind], stretch=True),
    Column(name="by", title="By", kind=kinds.DATE, value=lambda row: row.day, width=12),
    Column(name="standing", title="When", value=lambda row: row.standing, width=13),
)
