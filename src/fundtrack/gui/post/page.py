"""One post's own page: its sections in order, each fed with the post and the view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from fundtrack.gui.post.fields import PayCard, PersonCard, TermsCard
from fundtrack.gui.post.lists import PayChangesCard, VacanciesCard
from fundtrack.gui.post.sections import ActCard, AllocationsCard, CostCard, CoverCard, PastCard
from fundtrack.gui.widgets.own import OwnPage

if TYPE_CHECKING:
    from fundtrack.core.model import Post
    from fundtrack.gui.look import Look
    from fundtrack.gui.post.section import PostSection
    from fundtrack.gui.view import View


class PostPage(OwnPage):
    """Everything the book says of one post."""

    edit_wanted = Signal(object)
    open_wanted = Signal(str)
    trouble = Signal(str)
    salaries_wanted = Signal(bool)
    why_wanted = Signal()
    hand_wanted = Signal(str)
    out_wanted = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Post")
        self.post: Post | None = None
        self.sections: list[PostSection] = []
        self.act, self.cover = ActCard(look), CoverCard(look)
        self.allocations, self.past = AllocationsCard(look), PastCard(look)
        self.cost, self.terms = CostCard(look), TermsCard(look)
        self.pay, self.pay_changes = PayCard(look), PayChangesCard(look)
        self.person, self.vacancies = PersonCard(look), VacanciesCard(look)
        self._add(self.act, "When to act")
        self._add(self.cover, "Cover")
        self._add(self.allocations, "Allocations")
        self._add(self.past, "History")
        self._add(self.cost, "Cost", beside=True)
        self._add(self.terms, "Terms", beside=True)
        self._add(self.vacancies, beside=True)
        self._add(self.pay, "Pay", beside=True)
        self._add(self.pay_changes, beside=True)
        self._add(self.person, "Person", beside=True)
        self.person.hand_wanted.connect(self.hand_wanted)
        self.person.out_wanted.connect(self.out_wanted)
        self.cost.why_link.clicked.connect(lambda _checked=False: self.why_wanted.emit())
        self.finish()

    def _add(self, section: PostSection, tab: str = "", *, beside: bool = False) -> None:
        self.put(section, tab, beside=beside)
        self.sections.append(section)
        section.edit_wanted.connect(self.edit_wanted)
        section.open_wanted.connect(self.open_wanted)
        section.trouble.connect(self.trouble)
        section.salaries_wanted.connect(self.salaries_wanted)

    def present(self, post: Post, view: View) -> None:
        """Show a post; another one than before is shown from its top."""
        other = self.post is None or self.post.key != post.key
        self.post = post
        for section in self.sections:
            section.present(post, view)
        for section in (self.pay, self.person):
            self.show_tab(section, shown=view.salaries != "absent")
        if other:
            self.show_top()
