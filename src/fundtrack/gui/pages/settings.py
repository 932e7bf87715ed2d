"""What the charity has decided (its policy, days, meetings, rates) and how FundTrack looks to you.

What belongs to the charity is in the book: one edit for each field, which Undo takes back. How
FundTrack looks is this person's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from fundtrack.core import rate_words, words
from fundtrack.core.edit import Edit, change, remove
from fundtrack.core.model import ReservesPolicy
from fundtrack.core.plain import decimal_text
from fundtrack.core.thresholds import USUAL, with_threshold
from fundtrack.gui import kinds, typed
from fundtrack.gui.dialogs.rate import RateDialog
from fundtrack.gui.look import TEXT_SIZES
from fundtrack.gui.pages.page import Page
from fundtrack.gui.speech import tr
from fundtrack.gui.table import Column, Table
from fundtrack.gui.widgets.form import (
    Field,
    FieldRow,
    choice_field,
    date_field,
    pounds_field,
    pounds_shown,
    text_field,
    whole_field,
)
from fundtrack.gui.widgets.frame import Card, button, label, with_icon
from fundtrack.gui.widgets.grid import Grid

if TYPE_CHECKING:
    from fundtrack.core.model import Organisation, Rate
    from fundtrack.core.rates import ShippedRate, Statutory
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View

SECTIONS = (
    "Charity",
    "Balances",
    "Reserves policy",
    "Days and reminders",
    "Thresholds",
    "Board meetings",
    "Rates",
    "Appearance",
)
_NARROWEST, _WIDEST = 120, 640
_NATIONS = tuple(
    (nation, rate_words.NATION_WORDS[nation])
    for nation in ("england-and-wales", "scotland", "northern-ireland")
)
_MONTHS = tuple(
    (month, words.month_name(date(2000, month, 1)).split()[0]) for month in range(1, 13)
)
_THEMES = (
    ("system", "As the computer is"),
    ("light", "Light"),
    ("dark", "Dark"),
    ("high-contrast", "High contrast"),
)
_POLICIES = (
    (None, "None yet"),
    ("months", "Months of all spending"),
    ("amount", "An amount"),
    ("exit-cost", "The cost of closing, and months of unrestricted cost"),
)
_POLICY_HINTS = {
    "months": "How many months, such as 3",
    "amount": "Pounds, such as 120,000",
    "exit-cost": "How many months of unrestricted cost to add, such as 1; 0 for none",
}
_LEFT_OUT = "Leave it empty for the usual one."


def _read_days(text: str) -> tuple[int, ...]:
    parts = text.replace(",", " ").split()
    if not all(part.isascii() and part.isdecimal() and int(part) <= _MOST_AHEAD for part in parts):
        raise ValueError("Type days from 0 to 365 with commas between, such as 28, 14, 7")
    return tuple(dict.fromkeys(int(part) for part in parts))


_MOST_AHEAD = 365
_FROM_WHERE = (
    "From where FundTrack counts. Leave a field empty for the usual figure; every date and warning "
    "follows at once."
)
_CHARITY = (
    text_field("name", "&Name", "Change the charity's name", required=True),
    text_field("charity_number", "Charity n&umber", "Change charity number"),
    text_field("company_number", "Compan&y number", "Change company number"),
    text_field(
        "giving_prefix",
        "360Giving pre&fix",
        "Change 360Giving prefix",
        hint="Only if you publish grants of your own.",
    ),
    choice_field(
        "nation",
        "Whe&re you employ people",
        "Change nation",
        _NATIONS,
        hint="Decides bank holidays and the law on notice, consultation and redundancy.",
    ),
    choice_field("year_start_month", "Your year &starts in", "Change year start", _MONTHS),
    choice_field(
        "employment_allowance",
        "Emplo&yment Allowance",
        "Change Employment Allowance",
        ((None, "Not said"), (True, "You claim it"), (False, "You do not claim it")),
    ),
)
_BALANCES = (
    date_field(
        "as_at",
        "&At the start of",
        "Change the day of the balances",
        hint="For accounts to 31 March write 1 April.",
    ),
    pounds_field("free_reserves", "Free &reserves, £", "Change free reserves"),
    pounds_field("cash", "Cas&h, £", "Change cash"),
    pounds_field("total_funds", "&Total funds, £", "Change total funds"),
    pounds_field("restricted", "Restricte&d funds, £", "Change restricted funds"),
    pounds_field("endowment", "Endo&wment, £", "Change endowment"),
    pounds_field("designated", "Desi&gnated funds, £", "Change designated funds"),
    pounds_field("fixed_assets", "Fi&xed assets, £", "Change fixed assets"),
    pounds_field(
        "designated_fixed_assets",
        "Fixed assets in designated funds, £",
        "Change fixed assets in designated funds",
    ),
    pounds_field(
        "programme_related", "Programme-related investments, £", "Change programme investments"
    ),
)
_DAYS = (
    whole_field(
        "consultation_days",
        "&Consultation, days",
        "Change consultation days",
        hint=f"How long you consult before notice. {_LEFT_OUT} The law's longer days always hold.",
    ),
    whole_field(
        "paper_days",
        "&Papers go out, days before a meeting",
        "Change paper days",
        hint=f"{_LEFT_OUT.removesuffix('.')}: 7.",
    ),
    Field(
        name="reminder_days",
        title="Re&minders, days before",
        label="Change reminder days",
        read=lambda text, _before: _read_days(text),
        shown=lambda days: ", ".join(map(str, days)),
        hint=f"{_LEFT_OUT.removesuffix('.')}s: 28, 14, 7, 1 and 0.",
    ),
)


def _usually(name: str) -> str:
    usual = getattr(USUAL, name)
    return f"Usually {usual}."


_THRESHOLDS = (
    pounds_field(
        "silent_cliff",
        "Warn of costs that outgrow an award by, £ in 12 &months",
        "Change silent cliff threshold",
        hint="Usually 500.",
    ),
    whole_field(
        "evidence_fades",
        "What was only &said counts less after, days",
        "Change when evidence fades",
        hint=f"{_usually('evidence_fades')} A hint, a word or an e-mail; then one grade lower.",
    ),
    whole_field(
        "writing_days",
        "&Writing a bid, days",
        "Change days to write a bid",
        hint=f"{_usually('writing_days')} A bid's own figure goes before it.",
    ),
    whole_field(
        "lottery_small_days",
        "&Lottery, up to £20,000, decides in, days",
        "Change lottery decision days",
        hint=f"{_usually('lottery_small_days')} A funder's own figure goes before all of these.",
    ),
    whole_field(
        "lottery_days",
        "Lotter&y, above £20,000, days",
        "Change lottery decision days",
        hint=_usually("lottery_days"),
    ),
    whole_field(
        "trust_days", "&Trust, days", "Change trust decision days", hint=_usually("trust_days")
    ),
    whole_field(
        "public_days",
        "&Commissioner, council, government, health, days",
        "Change public decision days",
        hint=_usually("public_days"),
    ),
    whole_field(
        "contract_days",
        "Contract to be tendered a&gain, days",
        "Change contract decision days",
        hint=_usually("contract_days"),
    ),
    whole_field(
        "other_days", "&Other funders, days", "Change decision days", hint=_usually("other_days")
    ),
)
_APPEARANCE = (
    choice_field("theme", "&Theme", "Change theme", _THEMES),
    choice_field(
        "text_size", "Te&xt size", "Change text size", tuple((s, f"{s} %") for s in TEXT_SIZES)
    ),
)


@dataclass(frozen=True, slots=True)
class ShippedRow:
    """One shipped rate and how it stands today."""

    rate: ShippedRate
    standing: str


class SettingsPage(Page):
    """Sections at the left, a form at the right; how FundTrack looks is asked of the window."""

    name = "settings"
    title = "Settings"
    icon = "gear"
    theme_wanted = Signal(str)
    text_wanted = Signal(int)

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._statutory: Statutory | None = None
        self.rows: dict[str, FieldRow] = {}
        self.sections = QListView()
        self._sections = QStandardItemModel(self)
        for section in SECTIONS:
            self._sections.appendRow(QStandardItem(tr(section)))
        self.sections.setModel(self._sections)
        self.sections.setObjectName("sections")
        self.sections.setAccessibleName(tr("Sections of the settings"))
        self.sections.setFrameShape(QFrame.Shape.NoFrame)
        self.sections.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.sections.setSpacing(2)
        self.forms = QStackedWidget()
        self.forms.setMinimumSize(1, 1)  # each of them is scrolled where it must be
        for made in (
            self._form(_CHARITY),
            self._form(_BALANCES),
            self._policy_form(),
            self._form(_DAYS),
            self._form(_THRESHOLDS, says=_FROM_WHERE),
            self._meetings_form(),
            self._rates_form(),
            self._form(_APPEARANCE, book=False),
        ):
            self.forms.addWidget(made)
        halves = QHBoxLayout()
        halves.setSpacing(20)
        halves.addWidget(self.sections)
        halves.addWidget(self.forms, 1)
        self.body.addLayout(halves, 1)
        self.sections.selectionModel().currentChanged.connect(
            lambda current, _before: self.forms.setCurrentIndex(current.row())
        )
        self.sections.setCurrentIndex(self.sections.model().index(0, 0))
        look.follow(self, self._measure)

    def take_rates(self, statutory: Statutory) -> None:
        """Take the shipped rates."""
        self._statutory = statutory

    def _measure(self) -> None:
        self.sections.setFixedWidth(self.look.px(170))
        for at in range(self._sections.rowCount()):
            self._sections.item(at).setSizeHint(QSize(60, self.look.px(32)))
        for form in self.forms.findChildren(QWidget, "form"):
            form.setMaximumWidth(self.look.px(_WIDEST))
            form.setMinimumWidth(self.look.px(_NARROWEST))
        self.meeting_grid.setMinimumHeight(self.look.px(220))
        self.own_grid.setMinimumHeight(self.look.px(90))
        self._show_appearance()

    # --- making the forms ---

    def _form(self, fields: tuple[Field, ...], *, book: bool = True, says: str = "") -> QWidget:
        column = self._column()
        if says:
            column.addWidget(label(says, tone="muted", wrap=True))
        for field in fields:
            column.addWidget(self._row(field, book=book))
        return self._scrolled(column)

    def _row(self, field: Field, *, book: bool = True) -> FieldRow:
        row = FieldRow(self.look, field, self._refusal if book else lambda _name, _value: "")
        row.put.connect(self._put)
        self.rows[field.name] = row
        return row

    def _column(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(2, 2, 2, 2)
        column.setSpacing(4)
        return column

    def _scrolled(self, column: QVBoxLayout) -> QWidget:
        column.addStretch(1)
        form = QWidget()
        form.setObjectName("form")
        form.setLayout(column)
        inside = QWidget()
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(form, 1)
        row.addStretch(0)
        row.setAlignment(Qt.AlignmentFlag.AlignLeft)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        return scroll

    def _policy_form(self) -> QWidget:
        column = self._column()
        column.addWidget(
            label(
                "The reserves your trustees mean to keep. The runway is measured against it.",
                tone="muted",
                wrap=True,
            )
        )
        column.addWidget(
            self._row(choice_field("policy", "&Measured as", "Change reserves policy", _POLICIES))
        )
        value = Field(
            name="policy_value",
            title="How m&uch",
            label="Change reserves policy",
            read=self._read_policy,
            shown=_policy_shown,
        )
        column.addWidget(self._row(value))
        self.policy_hint = label(scale="caption", tone="muted", wrap=True)
        column.addWidget(self.policy_hint)
        return self._scrolled(column)

    def _meetings_form(self) -> QWidget:
        self.meetings: Table[date] = Table(
            (
                Column(
                    name="day",
                    title="Trustees meet",
                    kind=kinds.DATE,
                    value=lambda row: row,
                    edit=lambda row, value: self._meeting_edit(row, value, "Move a board meeting"),
                    shown=words.long_day,
                    width=30,
                ),
                Column(name="away", title="", value=self._away, stretch=True),
            ),
            key=lambda row: row.isoformat(),
            refusal=self._refusal_of,
        )
        self.meeting_grid = Grid(self.look, self.meetings, "Board meetings")
        self.meeting_grid.can_remove = True
        self.meeting_grid.setObjectName("framed")
        self.new_meeting = QLineEdit()
        self.new_meeting.setAccessibleName(tr("Date of the next meeting to add"))
        self.new_meeting.setPlaceholderText(tr("Date, such as 4 Feb 2027"))
        self.add_meeting = with_icon(button("Add meeting"), self.look, "plus")
        self.remove_meeting = with_icon(button("Remove"), self.look, "trash")
        self.meeting_fault = label(tone="fault", scale="caption", wrap=True)
        self.meeting_fault.hide()
        self.meeting_adds = QWidget()
        adds = QHBoxLayout(self.meeting_adds)
        adds.setContentsMargins(0, 0, 0, 0)
        for part in (self.new_meeting, self.add_meeting, self.remove_meeting):
            adds.addWidget(part)
        column = self._column()
        column.addWidget(
            label(
                "A decision that costs a post is for the trustees. Each warning names the last "
                "meeting in time for it.",
                tone="muted",
                wrap=True,
            )
        )
        column.addWidget(self.meeting_adds)
        column.addWidget(self.meeting_fault)
        column.addWidget(self.meeting_grid)
        self.meetings.edit_wanted.connect(self.edit_wanted)
        self.meeting_grid.given_up.connect(self.trouble)
        self.meeting_grid.remove_wanted.connect(self._remove_meetings)
        self.add_meeting.clicked.connect(self._add_meeting)
        self.new_meeting.returnPressed.connect(self._add_meeting)
        self.remove_meeting.clicked.connect(
            lambda: self._remove_meetings(self.meeting_grid.chosen_keys())
        )
        return self._scrolled(column)

    def _rates_form(self) -> QWidget:
        self.own: Table[Rate] = Table(_OWN, key=lambda row: row.key)
        self.own_grid = Grid(self.look, self.own, "Rates of your own")
        self.own_grid.can_remove = True
        self.own_grid.usual_rows = 3
        self.own_none = label(
            "None. Add one when a figure is published before FundTrack has it.",
            tone="muted",
            wrap=True,
        )
        self.add_rate = with_icon(button("Add rate…", "link"), self.look, "plus", "link")
        self.change_rate = with_icon(button("Change…", "link"), self.look, "pencil-simple", "link")
        self.remove_rate = with_icon(button("Remove", "link"), self.look, "trash", "link")
        yours = Card("Your own", "in the book; they win on the days they cover")
        for link in (self.add_rate, self.change_rate, self.remove_rate):
            yours.add_link(link)
        yours.body.addWidget(self.own_grid, 1)
        yours.body.addWidget(self.own_none)
        self.shipped: Table[ShippedRow] = Table(_SHIPPED, key=lambda row: _key_of(row.rate))
        self.shipped_grid = Grid(self.look, self.shipped, "Rates shipped with FundTrack")
        ours = Card("Shipped with FundTrack", "nobody can change these")
        ours.body.addWidget(self.shipped_grid, 1)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(yours)
        column.addWidget(ours, 1)
        self.add_rate.clicked.connect(lambda: self._ask_for_rate(None))
        self.change_rate.clicked.connect(lambda: self._change_rate(self.own_grid.current_key))
        self.own_grid.doubleClicked.connect(
            lambda _index: self._change_rate(self.own_grid.current_key)
        )
        self.own_grid.opened.connect(self._change_rate)
        self.remove_rate.clicked.connect(lambda: self._remove_rates(self.own_grid.chosen_keys()))
        self.own_grid.remove_wanted.connect(self._remove_rates)
        return whole

    # --- values in ---

    def fill(self, view: View) -> None:
        """Put what the book says into the forms."""
        organisation = view.portfolio.organisation
        for field in (*_CHARITY, *_DAYS):
            self.rows[field.name].show_value(getattr(organisation, field.name))
        for field in _BALANCES:
            self.rows[field.name].show_value(getattr(organisation.balances, field.name))
        for field in _THRESHOLDS:
            own = getattr(organisation.thresholds, field.name, None)
            self.rows[field.name].show_value(own)
        policy = organisation.reserves_policy
        self.rows["policy"].show_value(policy.kind if policy else None, force=True)
        self.rows["policy_value"].show_value(policy, force=True)
        self._show_policy(policy.kind if policy else None)
        book = (*_CHARITY, *_DAYS, *_BALANCES, *_THRESHOLDS)
        for name in (*(field.name for field in book), "policy", "policy_value"):
            self.rows[name].be_editable(editable=not view.read_only)
        self._fill_meetings(view)
        self._fill_rates(view)
        self._show_appearance()

    def _fill_meetings(self, view: View) -> None:
        meetings = tuple(sorted(set(view.portfolio.organisation.board_meetings)))
        self.meetings.editable = not view.read_only
        self.meeting_grid.present(meetings)
        self.meeting_adds.setVisible(not view.read_only)
        self.remove_meeting.setEnabled(bool(meetings))

    def _fill_rates(self, view: View) -> None:
        rates, may = view.portfolio.rates, not view.read_only
        self.own.editable = may
        self.own_grid.present(rates)
        self.own_grid.setVisible(bool(rates))
        self.own_none.setVisible(not rates)
        self.add_rate.setVisible(may)
        self.change_rate.setVisible(may and bool(rates))
        self.remove_rate.setVisible(may and bool(rates))
        if self._statutory is None:
            return
        today = view.outlook.today
        order = list(rate_words.RATE_NAMES)
        rows = sorted(
            self._statutory.rates,
            key=lambda row: (
                order.index(row.code) if row.code in order else len(order),
                row.nation,
            ),
        )
        by_code = self._statutory.by_code
        told = [
            ShippedRow(row, rate_words.standing(row, by_code[row.code, row.nation], today))
            for row in rows
        ]
        told.sort(key=lambda row: row.standing == "Ended")  # what still holds comes first
        self.shipped_grid.present(tuple(told))

    def _show_appearance(self) -> None:
        self.rows["theme"].show_value(self.look.wish, force=True)
        self.rows["text_size"].show_value(self.look.text_size, force=True)

    def _show_policy(self, kind: str | None) -> None:
        self.rows["policy_value"].setVisible(kind is not None)
        self.policy_hint.setText(_POLICY_HINTS.get(kind or "", ""))

    def rest(self) -> None:
        """Put the keyboard on the sections."""
        self.sections.setFocus()

    def open(self, key: str) -> None:
        """Go to a section by its name."""
        if key in SECTIONS:
            self.sections.setCurrentIndex(self.sections.model().index(SECTIONS.index(key), 0))

    # --- wishes out ---

    def _put(self, name: str, value: object) -> None:
        if name == "theme":
            self.theme_wanted.emit(value)
        elif name == "text_size":
            self.text_wanted.emit(value)
        elif name == "policy" and value is not None:
            self._ask_how_much(str(value))
        elif (edit := self._edit(name, value)) is not None:
            self.edit_wanted.emit(edit)

    def _ask_how_much(self, kind: str) -> None:
        """A policy measured anew wants a new number: nothing is changed until it is typed."""
        row = self.rows["policy_value"]
        row.show_value(None, force=True)
        self._show_policy(kind)
        row.line.setFocus()

    def _read_policy(self, text: str, _before: object) -> ReservesPolicy:
        kind = self.rows["policy"].choice.currentData()
        if kind == "amount":
            return ReservesPolicy(kind=kind, value=Decimal(typed.read_pounds(text)) / 100)
        return ReservesPolicy(kind=kind, value=typed.read_number(text))

    def _edit(self, name: str, value: Any) -> Edit | None:  # noqa: ANN401 - any kind of value
        if self.view is None:
            return None
        before = self.view.portfolio.organisation
        label_ = self.rows[name].field.label
        if name in ("policy", "policy_value"):
            after = replace(before, reserves_policy=value)
        elif any(field.name == name for field in _BALANCES):
            after = replace(before, balances=_with(before.balances, name, value))
        elif any(field.name == name for field in _THRESHOLDS):
            after = with_threshold(before, name, value)
        else:
            after = _with(before, name, value)
        return Edit(label_, (change("organisation", before, after),))

    def _refusal(self, name: str, value: Any) -> str:  # noqa: ANN401 - as _edit
        if name == "policy" and value is not None:
            return ""
        edit = self._edit(name, value)
        return "" if edit is None else self._refusal_of(edit)

    def _refusal_of(self, edit: Edit) -> str:
        return self.view.refusal(edit) if self.view is not None else ""

    def _away(self, day: date) -> str:
        return words.days_away(day, self.view.outlook.today) if self.view is not None else ""

    def _organisation(self) -> Organisation | None:
        return self.view.portfolio.organisation if self.view is not None else None

    def _meeting_edit(self, before: date | None, after: date | None, label_: str) -> Edit:
        organisation = self._organisation()
        if organisation is None:
            return Edit(label_, ())
        days = {day for day in organisation.board_meetings if day != before}
        meetings = tuple(sorted(days | ({after} if after else set())))
        changed = replace(organisation, board_meetings=meetings)
        return Edit(label_, (change("organisation", organisation, changed),))

    def _add_meeting(self) -> None:
        organisation = self._organisation()
        if organisation is None or self.view is None or self.view.read_only:
            return
        fault = ""
        try:
            day = typed.read_date(self.new_meeting.text(), self.view.outlook.today.year)
            if day in organisation.board_meetings:
                fault = f"The meeting of {words.short_day(day)} is there already. Give another day"
            else:
                self.edit_wanted.emit(self._meeting_edit(None, day, "Add a board meeting"))
                self.new_meeting.clear()
        except ValueError as wrong:
            fault = str(wrong)
        self.meeting_fault.setText(fault)
        self.meeting_fault.setVisible(bool(fault))
        self.new_meeting.setProperty("fault", bool(fault))
        self.new_meeting.style().polish(self.new_meeting)
        self.new_meeting.setAccessibleDescription(tr(fault))

    def _remove_meetings(self, keys: tuple[str, ...]) -> None:
        organisation = self._organisation()
        if organisation is None or not keys:
            return
        gone = {date.fromisoformat(key) for key in keys}
        kept = tuple(day for day in organisation.board_meetings if day not in gone)
        counted = words.count(len(gone), "board meeting")
        changed = replace(organisation, board_meetings=kept)
        self.edit_wanted.emit(
            Edit(f"Remove {counted}", (change("organisation", organisation, changed),))
        )

    def _change_rate(self, key: str) -> None:
        if self.view is None or self.view.read_only:
            return
        rate = next((each for each in self.view.portfolio.rates if each.key == key), None)
        if rate is not None:
            self._ask_for_rate(rate)

    def _ask_for_rate(self, before: Rate | None) -> None:
        if self.view is None:
            return
        dialog = RateDialog(self.look, self.view, self, before)
        if dialog.exec() and dialog.edit is not None:
            self.edit_wanted.emit(dialog.edit)
        dialog.deleteLater()

    def _remove_rates(self, keys: tuple[str, ...]) -> None:
        if self.view is None or not keys:
            return
        portfolio = self.view.portfolio
        gone = tuple(remove(portfolio, "rates", key) for key in keys)
        self.edit_wanted.emit(Edit(f"Remove {words.count(len(gone), 'rate')}", gone))


def _with(record: Any, name: str, value: Any) -> Any:  # noqa: ANN401 - which field is known late
    return replace(record, **{name: value})


def _policy_shown(policy: ReservesPolicy) -> str:
    if policy.kind == "amount":
        return pounds_shown(int(policy.value * 100))
    return decimal_text(policy.value)


def _key_of(rate: ShippedRate) -> str:
    return f"{rate.code}|{rate.nation}|{rate.from_.isoformat()}"


_OWN: tuple[Column[Rate], ...] = (
    Column(
        name="title", title="Rate", value=lambda row: rate_words.title_of(row.code), stretch=True
    ),
    Column(
        name="value",
        title="Figure",
        kind=kinds.Kind(name="text", text=str, figure=True),
        value=lambda row: rate_words.said(row.code, row.value),
        width=15,
    ),
    Column(
        name="nation",
        title="Where",
        value=lambda row: rate_words.NATION_WORDS[row.nation],
        width=16,
    ),
    Column(name="from", title="From", kind=kinds.DATE, value=lambda row: row.from_, width=12),
    Column(name="to", title="To", kind=kinds.DATE, value=lambda row: row.to, width=12),
    Column(name="source", title="Source", value=lambda row: row.source or "", width=20, most=40),
)
_SHIPPED: tuple[Column[ShippedRow], ...] = (
    Column(
        name="title",
        title="Rate",
        value=lambda row: rate_words.title_of(row.rate.code),
        tip=lambda row: row.rate.source,
        stretch=True,
    ),
    Column(
        name="value",
        title="Figure",
        kind=kinds.Kind(name="text", text=str, figure=True),
        value=lambda row: rate_words.said(row.rate.code, row.rate.value),
        width=14,
    ),
    Column(
        name="nation",
        title="Where",
        value=lambda row: rate_words.NATION_WORDS.get(row.rate.nation, row.rate.nation),
        width=16,
    ),
    Column(name="from", title="From", kind=kinds.DATE, value=lambda row: row.rate.from_, width=11),
    Column(name="to", title="To", kind=kinds.DATE, value=lambda row: row.rate.to, width=11),
    Column(
        name="standing",
        title="Standing",
        value=lambda row: row.standing,
        tip=lambda row: row.standing,
        width=26,
        most=32,
    ),
    Column(
        name="source",
        title="Source",
        value=lambda row: row.rate.source,
        tip=lambda row: row.rate.source,
        width=12,
        most=44,
        optional=True,
    ),
)
