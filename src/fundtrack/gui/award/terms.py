"""The terms of an award: said in a few lines, and changed field by field where they stand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from fundtrack.core import words
from fundtrack.core.edit import Edit, change
from fundtrack.core.model import Stage
from fundtrack.core.pipeline import moved, wants_evidence
from fundtrack.core.plain import decimal_text
from fundtrack.core.returns.finance import agreed_amount
from fundtrack.core.schedule import fund_of
from fundtrack.core.sources import ultimate_source
from fundtrack.core.wishes import stage_name
from fundtrack.gui import kinds
from fundtrack.gui.award.changing import put, value_of
from fundtrack.gui.award.section import Facts, Pairs, Section
from fundtrack.gui.dialogs.evidence import EvidenceDialog
from fundtrack.gui.dialogs.funder import FunderDialog
from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.form import (
    Field,
    FieldRow,
    choice_field,
    date_field,
    number_field,
    optional_date_field,
    percent_field,
    pounds_field,
    text_field,
    whole_field,
)
from fundtrack.gui.widgets.frame import label

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from fundtrack.core.model import Award, Portfolio
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View

NEW_FUNDER = "\0new"
"""Stands for "Add a funder…" among the funders to choose from; no record's key can be this."""
STAGES = tuple((stage, words.sentence(stage_name(stage))) for stage in get_args(Stage))
KINDS = (
    (None, "Not said"),
    ("grant", "Grant"),
    ("contract", "Contract"),
    ("donations", "Donations"),
    ("trading", "Trading"),
)
FUNDS = (
    (None, "As its kind usually is"),
    ("restricted", "Restricted"),
    ("unrestricted", "Unrestricted"),
    ("designated", "Designated"),
)
SPREADS = (
    (None, "Evenly by month, or by its profile"),
    ("months", "Evenly by month"),
    ("days", "Evenly by day"),
    ("profile", "By its profile of months"),
)
ON_END = (
    (None, "Not said"),
    ("stops", "The work stops"),
    ("transfers", "Posts transfer to who comes next"),
    ("unknown", "Not known yet"),
)
BASES = (
    (None, "As it is earned"),
    ("advance", "In advance"),
    ("arrears", "In arrears"),
    ("milestone", "By milestones"),
)
VATS = (
    (None, "Not said"),
    ("outside", "Outside the scope of VAT"),
    ("exempt", "Exempt"),
    ("standard", "Standard rate"),
    ("unsure", "Unsure"),
)
_YES_NO = ((None, "Not said"), (True, "Yes"), (False, "No"))
_EVERY = {
    "month": "monthly",
    "quarter": "quarterly",
    "half": "half-yearly",
    "year": "yearly",
    "once": "once",
}
_WIDE = 460


class TermsCard(Section):
    """The terms. `Change` turns the lines into fields, `Done` turns them back."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Terms")
        self.facts = Facts(look)
        self.rows: dict[str, FieldRow] = {}
        self._form: QWidget | None = None
        self._grids: list[tuple[QGridLayout, list[QWidget]]] = []
        self._two: bool | None = None
        self.change_link = self.act("Change", "Change the terms", self.toggle)
        self.add_link(self.change_link)
        self.body.addWidget(self.facts)

    @property
    def changing(self) -> bool:
        """Whether the fields are shown."""
        return self._form is not None and not self._form.isHidden()

    def fill(self, award: Award, view: View) -> None:
        """Say the terms of this award."""
        self.facts.say(told(award, view))
        if self.changing and view.read_only:
            self.toggle()
        self._fill_form()

    # --- changing ---

    def toggle(self) -> None:
        """Show the fields, or the lines again."""
        if self._form is None:
            self._form = self._made_form()
            self._form.hide()
            self.body.addWidget(self._form)
        shown = self._form.isHidden() and self.can_change
        self._arrange()
        self._form.setVisible(shown)
        self.facts.setVisible(not shown)
        self.change_link.setText("Done" if shown else "Change")
        self.change_link.setAccessibleName(
            tr("Done with the terms" if shown else "Change the terms")
        )
        self._fill_form()
        if shown:
            self.rows["title"].editor.setFocus()

    def go_to(self, field: str) -> None:
        """Show the fields, and put the keyboard on one."""
        if not self.changing:
            self.toggle()
        if self.changing:
            self.rows[field].editor.setFocus()

    def _made_form(self) -> QWidget:
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for title, fields in self._groups():
            heading = label(title, tone="strong")
            heading.setContentsMargins(0, 6, 0, 2)
            column.addWidget(heading)
            grid = QGridLayout()
            grid.setHorizontalSpacing(14)
            grid.setVerticalSpacing(2)
            rows: list[QWidget] = []
            for field in fields:
                row = FieldRow(self.look, field, self._refused)
                row.put.connect(self._put)
                self.rows[field.name] = row
                rows.append(row)
            self._grids.append((grid, rows))
            column.addLayout(grid)
        return form

    def _arrange(self) -> None:
        """Lay the fields out in two columns, or in one where there is little room."""
        two = self.width() >= self.look.px(_WIDE)
        if two == self._two:
            return
        self._two = two
        for grid, rows in self._grids:
            for row in rows:
                grid.removeWidget(row)
            for at, row in enumerate(rows):
                place = divmod(at, 2) if two else (at, 0)
                grid.addWidget(row, *place, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(0, 1)
            grid.setColumnStretch(1, 1 if two else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the fields out for the room there is."""
        super().resizeEvent(event)
        if self._form is not None:
            self._arrange()

    def _fill_form(self) -> None:
        if self._form is None or self.award is None or self.view is None or self._form.isHidden():
            return
        portfolio = self.view.portfolio
        funders = tuple((each.key, each.name) for each in portfolio.funders)
        self.rows["funder"].offer(((None, "Nobody named"), *funders, (NEW_FUNDER, "Add a funder…")))
        services = tuple((each.key, each.name) for each in portfolio.services)
        self.rows["service"].offer(((None, "No service"), *services))
        others = tuple(
            (each.key, each.title) for each in portfolio.awards if each.key != self.award.key
        )
        self.rows["renewal_of"].offer(((None, "Nothing: it is new"), *others))
        for name, row in self.rows.items():
            row.show_value(value_of(self.award, name))
            row.be_editable(editable=self.can_change)

    def _refused(self, name: str, value: Any) -> str:  # noqa: ANN401 - any field's value
        if self.award is None or value == NEW_FUNDER:
            return ""
        return self.refusal(put(self.award, name, value, ""))

    def _put(self, name: str, value: Any) -> None:  # noqa: ANN401 - as above
        if self.award is None or self.view is None:
            return
        if name == "funder" and value == NEW_FUNDER:
            self._add_funder(self.award, self.view)
        elif name == "stage" and wants_evidence(self.award.stage, value):
            self._firm_up(self.award, self.view, value)
        else:
            self.edit_wanted.emit(put(self.award, name, value, self.rows[name].field.label))

    def _add_funder(self, award: Award, view: View) -> None:
        """Ask who the new funder is, and name it as the award's."""
        dialog = FunderDialog(self.look, view, self)
        if dialog.exec() and dialog.change is not None:
            named = change("awards", award, replace(award, funder=dialog.change.key))
            label_ = f"Add funder of {award.title}"
            self.edit_wanted.emit(Edit(label_, (dialog.change, named)))
        else:
            self.rows["funder"].show_value(award.funder, force=True)
        dialog.deleteLater()

    def _firm_up(self, award: Award, view: View, stage: Stage) -> None:
        """A firmer stage asks for the evidence first."""
        dialog = EvidenceDialog(self.look, award.title, stage, view.outlook.today, self)
        if dialog.exec() and dialog.evidence is not None:
            self.edit_wanted.emit(moved(view.portfolio, award.key, stage, dialog.evidence))
        else:
            self.rows["stage"].show_value(award.stage, force=True)
        dialog.deleteLater()

    def _usual_year(self) -> int:
        return self.award.start.year if self.award is not None else 2000

    def _groups(self) -> tuple[tuple[str, tuple[Field, ...]], ...]:
        return (
            (
                "Who and what",
                (
                    text_field("title", "&Title", "Change title", required=True),
                    text_field("reference", "&Reference", "Change reference"),
                    _chosen("funder", "Fu&nder", "Change funder"),
                    _chosen("service", "Ser&vice", "Change service"),
                    choice_field("kind", "&Kind", "Change kind", KINDS),
                    choice_field("fund", "&Fund", "Change fund", FUNDS),
                    choice_field(
                        "ring_fenced", "Rin&g-fenced", "Change whether it is ring-fenced", _YES_NO
                    ),
                    choice_field("vat", "VAT", "Change VAT", VATS),
                ),
            ),
            (
                "How sure, and for how long",
                (
                    choice_field("stage", "&Stage", "Change stage", STAGES),
                    percent_field("probability", "Chan&ce, %", "Change chance"),
                    date_field("start", "F&irst day", "Move start date"),
                    date_field("end", "&Last day", "Move end date"),
                    whole_field(
                        "break_months",
                        "&Break clause, months",
                        "Change break clause",
                        hint="The notice on which either side may end it early.",
                    ),
                    choice_field("on_end", "When it ends", "Change what its end brings", ON_END),
                    _chosen("renewal_of", "Rene&ws", "Change what it renews"),
                ),
            ),
            (
                "Money",
                (
                    pounds_field("amount", "&Amount, £", "Change amount", required=True),
                    choice_field("spread", "Lies", "Change how it lies", SPREADS),
                    choice_field("payment_basis", "&Paid", "Change how it is paid", BASES),
                    whole_field(
                        "payment_lag_days", "Days until it arrives", "Change days to payment"
                    ),
                    percent_field("carry_forward", "Carr&y forward, %", "Change carry forward"),
                    percent_field("virement_limit", "&Moving money, %", "Change virement limit"),
                    percent_field("overhead_cap", "&Overhead cap, %", "Change overhead cap"),
                    percent_field("retention", "Retention, %", "Change retention"),
                    pounds_field(
                        "opening_balance",
                        "Held when the boo&k began, £",
                        "Change opening balance",
                        hint="What was left of it at the start of the day of your balances.",
                    ),
                    number_field(
                        "hours_per_return", "&Hours for a return", "Change hours for a return"
                    ),
                ),
            ),
            (
                "The bid",
                (
                    optional_date_field(
                        "bid.deadline", "Bid &deadline", "Move bid deadline", self._usual_year
                    ),
                    optional_date_field(
                        "bid.decision_expected",
                        "Decision e&xpected",
                        "Move decision expected",
                        self._usual_year,
                    ),
                    whole_field("bid.writing_days", "Da&ys to write it", "Change writing days"),
                    number_field("bid.hours", "Ho&urs to write it", "Change bid hours"),
                    pounds_field("bid.cost", "Cost of bidding, £", "Change cost of bidding"),
                ),
            ),
        )


def _chosen(name: str, title: str, label_: str) -> Field:
    return Field(name=name, title=title, label=label_, chooses=True)


# --- the terms in words -----------------------------------------------------------------


def told(award: Award, view: View) -> Pairs:
    """The terms of an award as names and values; what is not given is left out."""
    portfolio = view.portfolio
    funder = portfolio.funders_by_key.get(award.funder or "")
    service = portfolio.services_by_key.get(award.service or "")
    renewed = portfolio.awards_by_key.get(award.renewal_of or "")
    return (
        ("Funder", funder.name if funder else "Nobody named"),
        ("Ultimate source", _source(award, portfolio)),
        ("Reference", award.reference or ""),
        ("Kind and fund", _kind(award)),
        ("Service", service.name if service else ""),
        ("Renews", renewed.title if renewed else ""),
        ("VAT", dict(VATS)[award.vat] if award.vat else ""),
        ("Dates", f"{words.short_day(award.start)} – {words.short_day(award.end)}"),
        ("Amount", _amount(award)),
        ("Paid", _paid(award)),
        ("Carry-over", _carried(award)),
        ("Moving money", _moved(award)),
        ("Overheads", _percent(award.overhead_cap, "at most {} of it")),
        ("Retention", _percent(award.retention, "{} held back")),
        ("Break clause", _break(award)),
        ("When it ends", dict(ON_END)[award.on_end] if award.on_end else ""),
        ("Bid", _bid(award)),
    )


def _source(award: Award, portfolio: Portfolio) -> str:
    key = ultimate_source(portfolio, award)
    found = portfolio.funders_by_key.get(key)
    return found.name if found is not None and key != award.funder else ""


def _kind(award: Award) -> str:
    kind = dict(KINDS)[award.kind] if award.kind else "Kind not said"
    fenced = ", ring-fenced" if award.ring_fenced else ""
    return f"{kind}, {fund_of(award)}{fenced}"


def _amount(award: Award) -> str:
    lies = {None: "", "months": ", even by month", "days": ", even by day", "profile": ""}
    how = ", by its profile" if award.profile and award.spread in (None, "profile") else ""
    said = f"{words.whole_pounds(award.amount)}{how or lies[award.spread]}"
    agreed = agreed_amount(award)
    return said if agreed == award.amount else f"{said}; {words.whole_pounds(agreed)} with changes"


def _paid(award: Award) -> str:
    every = f"{_EVERY[award.reporting.frequency]}, " if award.reporting else ""
    basis = {
        None: "as it is earned" if not award.payments else "as listed",
        "advance": f"{every}in advance",
        "arrears": f"{every}in arrears",
        "milestone": "by milestones",
    }
    lag = award.payment_lag_days
    later = f", {words.count(lag, 'day')} later" if lag else ""
    return f"{basis[award.payment_basis]}{later}"


def _carried(award: Award) -> str:
    if fund_of(award) != "restricted":
        return ""
    if not award.carry_forward:
        return "none; what is left is repaid"
    return f"up to {decimal_text(award.carry_forward)}%; the rest is repaid"


def _moved(award: Award) -> str:
    return _percent(award.virement_limit, "over {} needs approval")


def _percent(value: Any, said: str) -> str:  # noqa: ANN401 - a decimal or nothing
    return "" if value is None else said.format(kinds.PERCENT.text(value))


def _break(award: Award) -> str:
    months = award.break_months
    return "" if months is None else f"on {words.count(months, 'month')} of notice"


def _bid(award: Award) -> str:
    bid = award.bid
    if bid is None:
        return ""
    due = f"due {words.short_day(bid.deadline)}" if bid.deadline else ""
    said = bid.decision_expected
    decided = f"decision {words.short_day(said)}" if said else ""
    return ", ".join(part for part in (due, decided) if part)
