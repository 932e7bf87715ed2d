"""Bringing in what was spent out of the accounts, each account given to an award once.

The transactions stand by account and tracking, with where they belong; what is chosen there is a
rule of the charity's, kept beside the book and used again for the next export. Nothing enters the
book until it is accepted, and then as one edit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from fundtrack.core import accounts, words
from fundtrack.core.accounts import LEFT_OUT, Group, Map, Rule, Transaction
from fundtrack.core.errors import KnownError, RefusedError
from fundtrack.gui import kinds
from fundtrack.gui.background import Latest
from fundtrack.gui.speech import tr
from fundtrack.gui.table import Column, Table
from fundtrack.gui.widgets.frame import Choice, MessageLine, Segments, button, label
from fundtrack.gui.widgets.grid import Grid
from fundtrack.gui.widgets.wishing import OpenList, Wishing

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from fundtrack.core.accounts import Preview
    from fundtrack.core.model import Portfolio
    from fundtrack.gui.import_doors import AccountsFile, ImportDoors
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View

ACCOUNTS_FILES = "Accounts exports (*.csv *.xlsx *.xls *.ods *.tsv *.txt);;All files (*)"
_ACCOUNTS, _RULES, _ROWS = range(3)


@dataclass(frozen=True, slots=True)
class _Row:
    """A transaction, or a row that could not be read."""

    key: str
    where: str
    on: date | None
    says: str
    pence: int | None
    fate: str


class AccountsImport(QDialog):
    """Shows an export by account, and what of it would enter the book.

    `edit_wanted` carries the edit once it is accepted, `broke` a fault of ours. `seen` is what is
    shown, None before.
    """

    edit_wanted = Signal(object)
    broke = Signal(object)

    def __init__(
        self, look: Look, view: View, book: Path, doors: ImportDoors, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self._look, self._view, self._book, self._doors = look, view, book, doors
        self._file: AccountsFile | None = None
        self._rules_fault = ""
        self.path: Path | None = None
        self.rules = self._kept_rules()
        self.seen: Preview | None = None
        self.setWindowTitle(tr("Bring in spending from the accounts"))
        self.resize(QSize(look.px(900), look.px(640)).boundedTo(self._room()))
        self._latest = Latest(self)
        self._latest.answered.connect(self._arrived)
        self._latest.failed.connect(self._failed)
        self._make_head()
        self._make_tables()
        self._make_acts()
        self._lay_out()
        self._draw()

    # --- its parts ---

    def _room(self) -> QSize:
        return self.screen().availableSize() * 0.95

    def _make_head(self) -> None:
        self.file_name = label("No file chosen yet", scale="section")
        self.file_name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.choose_button = button("Choose a &file…", act=self.ask_for_file)
        self.message = MessageLine(self._look)
        self.days_words = label(wrap=True)
        self.days = Choice(self._look)
        self.days.setAccessibleName(tr("Which number comes first in the dates"))
        for said, first in (
            ("Choose", None),
            ("The day comes first", True),
            ("The month comes first", False),
        ):
            self.days.addItem(tr(said), first)
        self.days.activated.connect(lambda _at: self._read_days())
        self.reversed = QCheckBox(tr("Spending is &negative in this file"))
        self.reversed.setChecked(self.rules.reversed)
        self.reversed.toggled.connect(self._turn)
        self.without = QCheckBox(tr("Leave o&ut the rows that cannot be read"))
        self.without.toggled.connect(lambda _on: self._ask())

    def _make_tables(self) -> None:
        look = self._look

        def book() -> Portfolio:
            return self._view.portfolio

        self.groups = Wishing(_group_columns(book), _key_of, lambda _row, name: name == "where")
        self.groups.wished.connect(self._place)
        self.group_grid = Grid(
            look,
            self.groups,
            "Accounts in the file, and where they belong",
            delegate=OpenList(look),
        )
        self.group_grid.given_up.connect(partial(self.message.say, fault=True))
        self.rule_table = Table(_rule_columns(book), lambda row: str(row[0]))
        self.rule_grid = Grid(look, self.rule_table, "Rules, the first that fits counts")
        self.rule_grid.can_remove = True
        self.rule_grid.remove_wanted.connect(self._remove_rules)
        self.row_table = Table(_row_columns(), lambda row: row.key)
        self.row_grid = Grid(look, self.row_table, "Every row of the file")
        self.stack = QStackedWidget()
        for each in (self.group_grid, self._rules_part(), self.row_grid):
            self.stack.addWidget(each)
        self.parts = Segments(("By account", "Rules", "Every row"), "What is listed")
        self.parts.setFixedWidth(self.parts.sizeHint().width() + look.px(40))
        self.parts.chosen.connect(self.stack.setCurrentIndex)

    def _rules_part(self) -> QWidget:
        """The rules, and fields for one more: by code, by tracking, by words, or several."""
        self.code, self.tracking, self.text = QLineEdit(), QLineEdit(), QLineEdit()
        self.code.setPlaceholderText(tr("7000 or 7000-7099"))
        self.tracking.setPlaceholderText(tr("a class or department"))
        self.text.setPlaceholderText(tr("part of the description"))
        self.goes = Choice(self._look)
        for where, said in _all_places(self._view.portfolio):
            self.goes.addItem(tr(said), where)
        fields = QHBoxLayout()
        fields.setSpacing(8)
        for said, field in (
            ("C&ode", self.code),
            ("&Tracking", self.tracking),
            ("&Words in it", self.text),
            ("&Belongs to", self.goes),
        ):
            named = label(said, scale="caption", tone="muted")
            named.setBuddy(field)
            field.setAccessibleName(tr(said).replace("&", ""))
            field.setMinimumWidth(self._look.px(90))
            part = QVBoxLayout()
            part.setSpacing(2)
            part.addWidget(named)
            part.addWidget(field)
            fields.addLayout(part, 2 if field is self.goes else 1)
        self.add_button = button("&Add rule", act=self._add_rule)
        self.remove_button = button(
            "&Remove rule", act=lambda: self._remove_rules(self.rule_grid.chosen_keys())
        )
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(fields)
        row = QHBoxLayout()
        row.addWidget(self.add_button)
        row.addWidget(self.remove_button)
        row.addWidget(label("A new rule stands first and wins.", scale="caption", tone="muted"), 1)
        column.addLayout(row)
        column.addWidget(self.rule_grid, 1)
        return whole

    def _make_acts(self) -> None:
        self.summary = label(wrap=True)
        self.take_button = button("Bring in spending", "primary", self._take)
        self.take_button.setDefault(True)
        self.cancel_button = button("Cancel", act=self.reject)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.file_name, 1)
        head.addWidget(self.choose_button)
        days = QHBoxLayout()
        days.addWidget(self.days_words, 1)
        days.addWidget(self.days)
        options = QHBoxLayout()
        options.setSpacing(20)
        options.addWidget(self.reversed)
        options.addWidget(self.without)
        options.addStretch(1)
        acts = QHBoxLayout()
        acts.setSpacing(10)
        acts.addStretch(1)
        acts.addWidget(self.cancel_button)
        acts.addWidget(self.take_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(10)
        whole.addLayout(head)
        whole.addWidget(self.message)
        whole.addLayout(days)
        whole.addLayout(options)
        whole.addWidget(self.parts, 0, Qt.AlignmentFlag.AlignLeft)
        whole.addWidget(self.stack, 1)
        whole.addWidget(self.summary)
        whole.addLayout(acts)
        self.setMinimumSize(560, 400)

    # --- the file ---

    @property
    def busy(self) -> bool:
        """Whether something is still being read or worked out."""
        return self._latest.busy

    def ask_for_file(self) -> None:
        """Ask for an export, then read it."""
        chosen, _ = QFileDialog.getOpenFileName(
            self, tr("Choose an export of the accounts"), "", tr(ACCOUNTS_FILES)
        )
        if chosen:
            self.read(Path(chosen))

    def read(self, path: Path) -> None:
        """Read an export off the window's thread, then show it."""
        self._file, self.path, self.seen = None, path, None
        self.file_name.setText(f"Reading {path.name}…")
        open_accounts, portfolio, rules = (
            self._doors.open_accounts,
            self._view.portfolio,
            self.rules,
        )

        def both() -> tuple[AccountsFile, Preview]:
            file = open_accounts(path)
            return file, file(portfolio, rules, False)

        self.message.hide()
        self._latest.ask(both)
        self._draw()

    def present(self, view: View) -> None:
        """Go by this book from now on."""
        self._view = view
        self._ask()

    def _ask(self) -> None:
        if (file := self._file) is None:
            self._draw()
            return
        self.take_button.setEnabled(False)
        portfolio, rules, without = self._view.portfolio, self.rules, self.without.isChecked()
        self._latest.ask(lambda: (file, file(portfolio, rules, without)))

    def _arrived(self, answer: tuple[AccountsFile, Preview]) -> None:
        first = self._file is None
        self._file, self.seen = answer
        self._draw()
        if first:
            self.group_grid.setFocus()

    def _failed(self, fault: BaseException) -> None:
        self.seen = None
        self.path = None if self._file is None else self.path
        self._draw()
        if isinstance(fault, KnownError):
            self.message.say(str(fault), fault=True)
        else:
            self.message.say(_OURS, fault=True)
            self.broke.emit(fault)

    # --- the rules ---

    def _kept_rules(self) -> Map:
        try:
            return self._doors.accounts_rules(self._book)
        except RefusedError as refused:
            self._rules_fault = (
                f"The rules kept beside the book cannot be read: {refused.problems[0]}. They are "
                "left as they are until you bring something in with others"
            )
        except KnownError as known:
            self._rules_fault = str(known)
        return Map()

    def _change(self, rules: Map) -> None:
        self.rules = rules
        self._ask()

    def _place(self, key: str, _column: str, where: tuple[str, str] | None) -> None:
        """Make a rule of where a person puts an account."""
        at = self.groups.row_of(key)
        if at is not None and where is not None:
            self._change(self.rules.with_rule(accounts.placing(self.groups.row_at(at).rule, where)))

    def _add_rule(self) -> None:
        rule = Rule(
            code=self.code.text().strip(),
            tracking=self.tracking.text().strip(),
            text=self.text.text().strip(),
        )
        if not rule.fits_what:
            self.message.say("Give a code, a tracking or words that the rule is for", fault=True)
            self.code.setFocus()
            return
        for field in (self.code, self.tracking, self.text):
            field.clear()
        self.message.hide()
        self._change(self.rules.with_rule(accounts.placing(rule, self.goes.currentData())))

    def _remove_rules(self, keys: tuple[str, ...]) -> None:
        rules = self.rules
        for at in sorted(map(int, keys), reverse=True):
            rules = rules.without(at)
        self._change(rules)

    def _read_days(self) -> None:
        self._change(replace(self.rules, day_first=self.days.currentData()))

    def _turn(self, on: bool) -> None:  # noqa: FBT001 - Qt's own signature
        self._change(replace(self.rules, reversed=on))

    # --- showing ---

    def _draw(self) -> None:
        seen = self.seen
        self.rule_grid.present(tuple(enumerate(self.rules.rules)))
        transactions = seen.transactions if seen else ()
        self.group_grid.present(accounts.groups(transactions))
        self.row_grid.present(_rows(seen, self._view.portfolio) if seen else ())
        unclear = seen.unclear_days if seen else ()
        self.days_words.setText(
            f"Which number comes first in the dates, the day or the month? Such as "
            f"{'; '.join(unclear)}"
        )
        self.days.setCurrentIndex(self.days.findData(self.rules.day_first))
        for each in (self.days_words, self.days):
            each.setVisible(bool(unclear))
        unreadable = self._unreadable()
        self.without.setVisible(bool(unreadable) or self.without.isChecked())
        if seen and self.path:
            rows = words.count(len(transactions) + unreadable, "row")
            self.file_name.setText(f"{self.path.name}: {rows} from {seen.system}")
        elif self.path is None:
            self.file_name.setText("No file chosen yet")
        if self._rules_fault:
            self.message.say(self._rules_fault, fault=True)
            self._rules_fault = ""
        self._draw_sum()

    def _unreadable(self) -> int:
        return (
            sum(not each.path.startswith("rules.") for each in self.seen.problems)
            if self.seen
            else 0
        )

    def _draw_sum(self) -> None:
        seen = self.seen
        new = seen.how_many("new") if seen else 0
        self.summary.setText(_summary(seen, self._view.portfolio) if seen else _HOW)
        self.take_button.setText(
            f"Bring in {words.count(new, 'transaction')}" if new else "Bring in"
        )
        may = seen is not None and seen.edit is not None and not self._view.read_only
        self.take_button.setEnabled(may)

    # --- the end ---

    def _take(self) -> None:
        """Keep the rules for the next export, and ask for the edit."""
        if self.seen is None or self.seen.edit is None:
            return
        try:
            self._doors.keep_accounts_rules(self._book, self.rules)
        except KnownError as known:
            self.message.say(
                f"{known}. The rules would be lost, so nothing was changed", fault=True
            )
            return
        self.edit_wanted.emit(self.seen.edit)
        self.accept()

    def done(self, result: int) -> None:
        """Drop what is still being worked out."""
        self._latest.forget()
        super().done(result)


def _key_of(group: Group) -> str:
    return group.rule.fits_what or group.says


_OURS = "FundTrack made a mistake there. The file cannot be shown; your book is as it was."
_HOW = "Choose an export of transactions from Xero, QuickBooks, Sage, or a ledger of your own."


def _summary(seen: Preview, portfolio: Portfolio) -> str:
    """Say in words what becomes of the rows, and what is brought in for whom."""
    parts = [
        f"{seen.how_many('new'):,} new",
        f"{n:,} in the book already" if (n := seen.how_many("already in the book")) else "",
        f"{n:,} left out by a rule" if (n := seen.how_many("left out by a rule")) else "",
        f"{n:,} that no rule fits, not brought in" if (n := seen.how_many("no rule fits")) else "",
        f"{len(seen.problems):,} with a problem" if seen.problems else "",
    ]
    sums = "; ".join(
        f"{words.money(pence)} for {accounts.place_words(portfolio, where)}"
        for where, pence in seen.sums.items()
    )
    return ". ".join(filter(None, (", ".join(filter(None, parts)), sums))) + "."


def _all_places(portfolio: Portfolio) -> tuple[tuple[tuple[str, str], str], ...]:
    return (*accounts.places(portfolio), (LEFT_OUT, "Left out"))


def _group_columns(book: Callable[[], Portfolio]) -> tuple[Column[Group], ...]:
    return (
        Column(name="says", title="In the accounts", value=lambda group: group.says, stretch=True),
        Column(
            name="rows", title="Rows", value=lambda group: group.rows, kind=kinds.COUNT, width=6
        ),
        Column(
            name="pence", title="Spent", value=lambda group: group.pence, kind=kinds.PENCE, width=12
        ),
        Column(
            name="where",
            title="Belongs to",
            value=lambda group: group.where,
            kind=kinds.CHOICE,
            choices=lambda _group: _all_places(book()),
            shown=lambda group: accounts.place_words(book(), group.where) or "Choose where…",
            link=True,
            width=28,
            most=44,
        ),
    )


def _rule_columns(book: Callable[[], Portfolio]) -> tuple[Column[tuple[int, Rule]], ...]:
    return (
        Column(
            name="what",
            title="What has",
            value=lambda row: words.sentence(row[1].fits_what),
            stretch=True,
        ),
        Column(
            name="where",
            title="Belongs to",
            value=lambda row: accounts.place_words(book(), (row[1].award, row[1].budget_line)),
            width=28,
            most=44,
        ),
    )


def _row_columns() -> tuple[Column[_Row], ...]:
    return (
        Column(name="where", title="Row", value=lambda row: row.where, width=14),
        Column(name="on", title="Day", value=lambda row: row.on, kind=kinds.DATE, width=11),
        Column(name="says", title="What it says", value=lambda row: row.says, stretch=True),
        Column(
            name="pence", title="Spent", value=lambda row: row.pence, kind=kinds.PENCE, width=12
        ),
        Column(
            name="fate", title="What becomes of it", value=lambda row: row.fate, width=24, most=48
        ),
    )


def _rows(seen: Preview, portfolio: Portfolio) -> tuple[_Row, ...]:
    """Every row of the file, those with a problem first."""
    bad = (
        _Row(f"problem {at}", each.path, None, "", None, words.sentence(each.says))
        for at, each in enumerate(seen.problems)
    )
    return (*bad, *(_row(each, portfolio) for each in seen.transactions))


def _row(each: Transaction, portfolio: Portfolio) -> _Row:
    fate = each.fate[:1].upper() + each.fate[1:]
    where = accounts.place_words(portfolio, (each.award, each.budget_line))
    goes = f"New, for {where}" if each.fate == "new" else fate
    said = " ".join(filter(None, (each.text, each.reference)))
    return _Row(each.key, each.where, each.on, said, each.amount, goes)
