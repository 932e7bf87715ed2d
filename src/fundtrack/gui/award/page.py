"""One award's own page: its sections in order, each fed with the award and the view."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Signal

from fundtrack.core import words
from fundtrack.gui.award.budget import BudgetCard
from fundtrack.gui.award.duties import DutiesCard
from fundtrack.gui.award.evidence import EvidenceCard
from fundtrack.gui.award.indicators import IndicatorsCard
from fundtrack.gui.award.money import MoneyCard
from fundtrack.gui.award.papers import DocumentsCard, HistoryCard, NotesCard
from fundtrack.gui.award.posts import PostsCard
from fundtrack.gui.award.renewal import RenewalCard
from fundtrack.gui.award.section import Section
from fundtrack.gui.award.terms import TermsCard
from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import button, with_icon
from fundtrack.gui.widgets.own import OwnPage

if TYPE_CHECKING:
    from fundtrack.core.model import Award
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View

_Card = TypeVar("_Card", bound=Section)


class AwardPage(OwnPage):
    """Everything the book says of one award. Renewal and evidence stand top right."""

    edit_wanted = Signal(object)
    open_wanted = Signal(str)
    trouble = Signal(str)
    figure_moved = Signal(str)
    why_wanted = Signal()
    document_wanted = Signal(str)
    salaries_wanted = Signal(bool)

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Award")
        self.award: Award | None = None
        self.sections: list[Section] = []
        self.terms = self._add(TermsCard(look), "Terms")
        self.money = self._add(MoneyCard(look), "Money")
        self.posts = self._add(PostsCard(look), "Posts")
        self.budget = self._add(BudgetCard(look), "Budget")
        self.indicators = self._add(IndicatorsCard(look), "Indicators")
        self.renewal = self._add(RenewalCard(look), "Renewal", beside=True)
        self.evidence = self._add(EvidenceCard(look), "Evidence", beside=True)
        self.duties = self._add(DutiesCard(look), "Returns", beside=True)
        self.history = self._add(HistoryCard(look), "History", beside=True)
        self.notes = self._add(NotesCard(look), "Notes", beside=True)
        self.documents = self._add(DocumentsCard(look), "Documents", beside=True)
        self.finish()
        self.papers_link = with_icon(
            button("", "link", self._go_to_papers), look, "paperclip", "link"
        )
        self.links.addWidget(self.papers_link)
        self.what_if_link = button("What if…", "link", lambda: self.open_wanted.emit("plan."))
        self.what_if_link.setToolTip(tr("Try what would follow, without changing anything"))
        self.links.addWidget(self.what_if_link)
        self.posts.salaries_wanted.connect(self.salaries_wanted)
        self.documents.document_wanted.connect(self.document_wanted)
        self.evidence.stage_wanted.connect(self._go_to_stage)
        self.money.why_link.clicked.connect(lambda _checked=False: self.why_wanted.emit())

    def _add(self, section: _Card, tab: str, *, beside: bool = False) -> _Card:
        self.put(section, tab, beside=beside)
        self.sections.append(section)
        section.edit_wanted.connect(self.edit_wanted)
        section.open_wanted.connect(self.open_wanted)
        section.trouble.connect(self.trouble)
        section.figure_moved.connect(self.figure_moved)
        return section

    def present(self, award: Award, view: View) -> None:
        """Show an award; another one than before is shown from its top."""
        other = self.award is None or self.award.key != award.key
        self.award = award
        for section in self.sections:
            section.present(award, view)
        count = len(award.documents)
        self.papers_link.setText(words.count(count, "document"))
        self.papers_link.setVisible(count > 0)
        if other:
            self.show_top()

    def figure(self) -> str:
        """The figure the keyboard is on, or ""."""
        return self.money.figure()

    def _go_to_papers(self) -> None:
        self.show_card(self.documents)
        self.documents.list.grid.setFocus()

    def _go_to_stage(self) -> None:
        self.show_card(self.terms)
        self.terms.go_to("stage")
