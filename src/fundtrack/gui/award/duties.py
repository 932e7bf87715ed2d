"""Reporting duties: how often, counted from where, due when; and every return they lead to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from fundtrack.core import words
from fundtrack.core.cliffs import status_on
from fundtrack.core.glance import certainty_of
from fundtrack.core.model import Reporting
from fundtrack.core.obligations import Obligation, award_duties
from fundtrack.gui import kinds, marks, wishes
from fundtrack.gui.award.changing import put, value_of
from fundtrack.gui.award.section import Section
from fundtrack.gui.speech import tr
from fundtrack.gui.table import Column
from fundtrack.gui.widgets.form import FieldRow, choice_field, optional_date_field, whole_field
from fundtrack.gui.widgets.frame import button, label
from fundtrack.gui.widgets.parts import SmallTable

if TYPE_CHECKING:
    from datetime import date

    from fundtrack.core.cliffs import Status
    from fundtrack.core.edit import Edit
    from fundtrack.core.model import Award
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View

_OFTEN = (
    (None, "No returns are owed"),
    ("month", "Every month"),
    ("quarter", "Every quarter"),
    ("half", "Every half-year"),
    ("year", "Every year"),
    ("once", "Once, at the end"),
)
_FROM = (
    (None, "The award's first day"),
    ("start", "The award's first day"),
    ("financial-year", "Your financial year"),
    ("calendar", "The calendar year"),
    ("custom", "The first period's end"),
)
_PAYS = ((None, "As it is paid"), (True, "Yes"), (False, "No"))


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One return owed or sent."""

    duty: Obligation
    title: str
    status: str | None
    standing: str


def duty_rows(award: Award, duties: tuple[Obligation, ...], today: date) -> tuple[DutyRow, ...]:
    """Every duty by its day, with how it stands."""
    return tuple(
        DutyRow(
            duty,
            words.sentence(duty.title.removeprefix(f"{award.title}: ")),
            _status(duty, award, today),
            _standing(duty, award, today),
        )
        for duty in duties
    )


_NOT_YET = ("idea", "preparing", "submitted", "agreed-in-principle", "unsuccessful", "withdrawn")


def _status(duty: Obligation, award: Award, today: date) -> Status | None:
    """How near a return is that is still to be begun; None where its own words say more."""
    if not duty.owed or duty.status is not None or award.stage in _NOT_YET:
        return None
    return status_on(duty.due, today)


def _standing(duty: Obligation, award: Award, today: date) -> str:
    if (status := _status(duty, award, today)) is not None:
        return marks.STATUS_WORD[status]
    if duty.kind == "records":
        return ""
    if award.stage in _NOT_YET:
        return "once secured"
    if duty.sent:
        on = f" {words.near_day(duty.sent_on, today)}" if duty.sent_on else ""
        return f"✓ {duty.status or 'sent'}{on}"
    if duty.presumed:
        return "✓ presumed sent"
    return words.sentence(duty.status or "")


class DutiesCard(Section):
    """The duties in a sentence, changed field by field, and the returns they lead to."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Returns")
        self.said = label(tone="muted", wrap=True)
        self.rows: dict[str, FieldRow] = {}
        self._shown = ""
        self.form = self._made_form()
        self.form.hide()
        self.list = SmallTable(
            look,
            "Returns owed",
            _COLUMNS,
            key=lambda row: row.duty.name,
            refusal=self.refusal,
            empty="No returns are owed. Change the duties to say how often the funder wants them.",
        )
        self.open_link = button("Open returns", "link", self._open)
        self.change_link = self.act("Change duties", "Change the reporting duties", self.toggle)
        self.add_link(self.open_link)
        self.add_link(self.change_link)
        for part in (self.said, self.form, self.list):
            self.body.addWidget(part)
        self.list.opened.connect(lambda key: self.open_wanted.emit(f"returns.{key}"))

    def fill(self, award: Award, view: View) -> None:
        """Show the duties of this award."""
        self.said.setText(in_a_sentence(award))
        self.said.setVisible(award.reporting is not None)
        statutory = view.outlook.workings.rates.statutory
        duties = award_duties(view.portfolio, statutory, award)
        rows = duty_rows(award, duties, view.outlook.today)
        self.list.present(rows, can_change=False)
        if award.key != self._shown:
            self._shown = award.key
            self.list.show_row(next((row.duty.name for row in rows if row.status), ""))
        self.open_link.setVisible(bool(duties) and certainty_of(award) == "secured")
        if view.read_only and not self.form.isHidden():
            self.toggle()
        for name, row in self.rows.items():
            row.show_value(value_of(award, name))
            row.setVisible(award.reporting is not None or name == _FREQUENCY)

    def toggle(self) -> None:
        """Show the fields, or hide them again."""
        shown = self.form.isHidden() and self.can_change
        self.form.setVisible(shown)
        self.change_link.setText("Done" if shown else "Change duties")
        name = "Done with the duties" if shown else "Change the reporting duties"
        self.change_link.setAccessibleName(tr(name))
        if shown:
            self.rows[_FREQUENCY].editor.setFocus()

    def _open(self) -> None:
        owed = (row.duty.name for row in self.list.table.rows if row.status is not None)
        self.open_wanted.emit(f"returns.{next(owed, '')}")

    def _made_form(self) -> QWidget:
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for field in (
            choice_field(_FREQUENCY, "&How often", "Change how often returns are owed", _OFTEN),
            choice_field(
                "reporting.anchor", "&Counted from", "Change what periods count from", _FROM
            ),
            optional_date_field(
                "reporting.first_period_end",
                "First period's &end",
                "Change first period's end",
                lambda: self.award.start.year if self.award is not None else 2000,
                hint="Give it before you count from it.",
            ),
            whole_field("reporting.due_days", "&Due, days after", "Change days until due"),
            whole_field(
                "reporting.due_day",
                "Or due on da&y of the next month",
                "Change day of the month due",
            ),
            choice_field(
                "reporting.pays_on_report",
                "&Money waits for it",
                "Change what payment waits for",
                _PAYS,
            ),
        ):
            row = FieldRow(self.look, field, self._refused)
            row.put.connect(self._put)
            self.rows[field.name] = row
            column.addWidget(row)
        return form

    def _edit(self, name: str, value: Any, label_: str) -> Edit | None:  # noqa: ANN401
        if self.award is None:
            return None
        if name == _FREQUENCY:
            before = self.award.reporting
            after = None
            if value is not None:
                after = replace(before, frequency=value) if before else Reporting(frequency=value)
            said = f"{label_} of {self.award.title}"
            return wishes.set_field("awards", self.award, "reporting", after, said)
        return put(self.award, name, value, label_)

    def _refused(self, name: str, value: Any) -> str:  # noqa: ANN401 - any field's value
        edit = self._edit(name, value, "")
        return "" if edit is None else self.refusal(edit)

    def _put(self, name: str, value: Any) -> None:  # noqa: ANN401 - as above
        edit = self._edit(name, value, self.rows[name].field.label)
        if edit is not None:
            self.edit_wanted.emit(edit)


_FREQUENCY = "reporting.frequency"


def in_a_sentence(award: Award) -> str:
    """The duties as they would be said."""
    duty = award.reporting
    if duty is None:
        return ""
    often = dict(_OFTEN)[duty.frequency]
    since = dict(_FROM)[duty.anchor]
    parts = [often if duty.frequency == "once" else f"{often}, from {since[:1].lower()}{since[1:]}"]
    if duty.due_days is not None:
        parts.append(f"due {words.count(duty.due_days, 'day')} after")
    elif duty.due_day is not None:
        parts.append(f"due on day {duty.due_day} of the next month")
    if duty.pays_on_report:
        parts.append("money waits for it")
    return ", ".join(parts)


_COLUMNS: tuple[Column[DutyRow], ...] = (
    Column(
        name="title",
        title="Return",
        value=lambda row: row.title,
        tip=lambda row: row.duty.note or row.title,
        stretch=True,
    ),
    Column(name="due", title="Due", kind=kinds.DATE, value=lambda row: row.duty.due, width=12),
    Column(
        name="standing",
        title="Standing",
        kind=kinds.STATUS,
        value=lambda row: row.status,
        shown=lambda row: row.standing,
        width=17,
    ),
)
