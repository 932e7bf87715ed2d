"""One award's own page: its sections in order, each fed with the award and the view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from fundtrack.gui.award.terms import TermsCard
from fundtrack.gui.widgets.own import OwnPage

if TYPE_CHECKING:
    from fundtrack.core.model import Award
    from fundtrack.gui.award.section import Section
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View


class AwardPage(OwnPage):
    """Everything the book says of one award."""

    edit_wanted = Signal(object)
    open_wanted = Signal(str)
    trouble = Signal(str)
    figure_moved = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Award")
        self.award: Award | None = None
        self.sections: list[Section] = []
        self.terms = self._add(TermsCard(look), "Terms")
        self.finish()

    def _add(self, section: TermsCard, tab: str = "", *, beside: bool = False) -> TermsCard:
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
        if other:
            self.show_top()
