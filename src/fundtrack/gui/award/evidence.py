"""Who said what about an award, how much it is worth, and whether the stage claims more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from fundtrack.core import words
from fundtrack.core.edit import Edit, add, change, free_key
from fundtrack.core.model import Evidence
from fundtrack.core.one_award import Standing, standing
from fundtrack.gui import kinds, wishes
from fundtrack.gui.award.section import Section
from fundtrack.gui.dialogs.evidence import GRADES, EvidenceDialog
from fundtrack.gui.kinds import optional
from fundtrack.gui.table import Column
from fundtrack.gui.widgets.frame import label
from fundtrack.gui.widgets.parts import SmallTable

if TYPE_CHECKING:
    from datetime import date

    from fundtrack.core.model import Award
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View

_GRADES: tuple[tuple[Any, str], ...] = ((None, "Not graded"), *enumerate(GRADES))


class EvidenceCard(Section):
    """The evidence, latest first; above it what it suggests where the stage claims otherwise."""

    stage_wanted = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Evidence")
        self.doubt = label(wrap=True)
        self.stage_link = self.act("Change stage", "Change the stage", self.stage_wanted.emit)
        self.list = SmallTable(
            look,
            "Evidence",
            _COLUMNS,
            key=lambda row: row.key,
            refusal=self.refusal,
            noun="evidence…",
            empty="Nobody has said anything yet. Add what the funder says, when they say it.",
        )
        self.change_link = self.list.add_link(
            "Change…", "Change the chosen evidence", self.change_chosen
        )
        self.full = label(scale="caption", tone="muted", wrap=True)
        self.add_link(self.stage_link)
        for part in (self.doubt, self.list, self.full):
            self.body.addWidget(part)
        self.list.edit_wanted.connect(self.edit_wanted)
        self.list.trouble.connect(self.trouble)
        self.list.add_wanted.connect(self.add_evidence)
        self.list.remove_wanted.connect(self._remove)
        self.list.chosen.connect(lambda _key: self._show_chosen())

    def fill(self, award: Award, view: View) -> None:
        """Show the evidence for this award."""
        today = view.outlook.today
        found = standing(view.portfolio, award, today)
        self.note.setText(in_short(found, today))
        self.doubt.setText(found.doubt)
        self.doubt.setVisible(bool(found.doubt))
        self.stage_link.setVisible(self.can_change and bool(found.doubt))
        mine = sorted(
            (each for each in view.portfolio.evidence if each.award == award.key),
            key=lambda each: each.on,
            reverse=True,
        )
        self.list.present(tuple(mine), can_change=self.can_change)
        self.change_link.setVisible(self.can_change and bool(mine))
        if mine and self._chosen() is None:
            self.list.grid.choose(mine[0].key, 0)
        self._show_chosen()

    def _chosen(self) -> Evidence | None:
        key = self.list.grid.current_key
        return next((row for row in self.list.table.rows if row.key == key), None)

    def _show_chosen(self) -> None:
        row = self._chosen()
        self.full.setVisible(row is not None)
        self.full.setText(in_full(row) if row is not None else "")

    def change_chosen(self) -> None:
        """Ask for all of the chosen piece of evidence anew."""
        row, award, view = self._chosen(), self.award, self.view
        if row is None or award is None or view is None:
            self.trouble.emit("Choose the evidence to change first")
            return
        dialog = EvidenceDialog(self.look, award.title, None, view.outlook.today, self)
        dialog.begin_with(row)
        if dialog.exec() and dialog.evidence is not None:
            after = replace(dialog.evidence, key=row.key, award=row.award)
            self.ask(Edit("Change evidence", (change("evidence", row, after),)))
        dialog.deleteLater()

    def add_evidence(self) -> None:
        """Ask who said what, when and how."""
        award, view = self.award, self.view
        if award is None or view is None:
            return
        dialog = EvidenceDialog(self.look, award.title, None, view.outlook.today, self)
        if dialog.exec() and dialog.evidence is not None:
            key = free_key(view.portfolio, "evidence", "evidence")
            made = replace(dialog.evidence, key=key, award=award.key)
            self.edit_wanted.emit(Edit(f"Add evidence for {award.title}", (add("evidence", made),)))
        dialog.deleteLater()

    def _remove(self, keys: tuple[str, ...]) -> None:
        if self.view is not None:
            self.edit_wanted.emit(wishes.removal(self.view.portfolio, "evidence", keys))


def in_short(found: Standing, today: date) -> str:
    """How sure the evidence makes it, and until when."""
    said = found.said
    if said is None:
        return ""
    short = f"grade {said.grade} of 7 · {said.suggests}"
    if found.fades_on is not None:
        short += f" until {words.near_day(found.fades_on, today)}, then it fades"
    elif said.counts < said.grade:
        short += ", faded with time"
    return short


def _put(row: Evidence, field: str, value: Any) -> Edit:  # noqa: ANN401 - any field's value
    after: Evidence = replace(row, **{field: value})
    return Edit("Change evidence", (change("evidence", row, after),))


def _short_grade(row: Evidence) -> str:
    return GRADES[row.grade] if row.grade is not None else ""


def in_full(row: Evidence) -> str:
    """Everything about one piece of evidence, in a line or two."""
    how = words.sentence(row.channel or "")
    said = (_short_grade(row), row.who or "", how, row.note or "")
    return " · ".join(part for part in (words.short_day(row.on), *said) if part)


_COLUMNS: tuple[Column[Evidence], ...] = (
    Column(
        name="on",
        title="On",
        kind=kinds.DATE,
        value=lambda row: row.on,
        edit=lambda row, value: _put(row, "on", value),
        width=12,
    ),
    Column(
        name="grade",
        title="Worth",
        kind=kinds.CHOICE,
        value=lambda row: row.grade,
        shown=_short_grade,
        tip=_short_grade,
        edit=lambda row, value: _put(row, "grade", value),
        choices=lambda _row: _GRADES,
        width=15,
    ),
    Column(
        name="note",
        title="What was said",
        kind=optional(kinds.TEXT),
        value=lambda row: row.note,
        edit=lambda row, value: _put(row, "note", value),
        tip=lambda row: row.note or "",
        stretch=True,
    ),
)
