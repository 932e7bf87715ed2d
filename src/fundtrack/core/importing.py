"""What a person sees of a file before it enters the book, and what they have said of it so far.

Plain values between the files' readers and the window: the tables found, what each column is taken
for, what is asked, what becomes of each row. Rows and columns count from 0, as `Cell` has them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from fundtrack.core.edit import Edit

Form = Literal["tables", "published", "book", "accounts"]
"""Tables of the charity's own, a funder's published grants, a whole book, or the accounts'."""
Outcome = Literal["new", "changed", "unchanged", "removed", "problem", "left out"]
OUTCOMES: dict[Outcome, str] = {
    "new": "New",
    "changed": "Changed",
    "unchanged": "Unchanged",
    "removed": "Removed",
    "problem": "Problem",
    "left out": "Left out",
}
KINDS: dict[str, str] = {
    "": "Nothing: leave it out",
    "awards": "Awards",
    "funders": "Funders",
    "services": "Services",
    "posts": "Posts",
    "allocations": "Shares: who pays for which post or cost",
    "costs": "Costs",
    "payments": "Payments",
    "actuals": "Spending",
    "deadlines": "Deadlines",
    "published": "A funder's published grants (360Giving)",
}
"""What a table may hold, in the user's words."""
ONE: dict[str, str] = {
    "awards": "award",
    "funders": "funder",
    "services": "service",
    "posts": "post",
    "allocations": "share",
    "costs": "cost",
    "payments": "payment",
    "actuals": "spending",
    "deadlines": "deadline",
}
SHARE, MONTH, NOTHING = "share", "month", ""
_FIELD_WORDS = {
    "funder.org_id": "Funder's charity number",
    "org_id": "Charity number",
    "months": "Length in months",
    "awarded": "Date of award",
    "year": "Financial year",
    "on": "Date",
    "on_end": "What happens at the end",
    "amount": "Amount",
    "fte": "FTE",
    "salary": "Full-time salary",
    "percent": "Share, per cent",
    "from": "First day",
    "to": "Last day",
    "person.reference": "Staff reference",
    "person.born": "Date of birth",
    "person.continuous_service_from": "Continuous service from",
    "pension.percent": "Employer pension, per cent",
    "nic_category": "NIC category",
    "notice.weeks": "Notice, weeks",
    "notice.months": "Notice, months",
    "bid.deadline": "Bid deadline",
    "bid.decision_expected": "Decision expected",
    "reporting.frequency": "How often reports are due",
    "vat": "VAT",
    "due": "Due date",
    "received_on": "Received on",
    "received": "Amount received",
    "done_on": "Done on",
    "frequency": "How often",
    "decision_days": "Days to decide",
    SHARE: "Share of the award it names",
    MONTH: "Amount of the month it names",
    NOTHING: "Not brought in",
}

Cell = tuple[str, int, int]
"""A sheet's name, a row and a column."""
Line = tuple[str, int]
"""A sheet's name and a row."""


def field_words(path: str) -> str:
    """Return what to call a field: "person.born" is the date of birth."""
    plain = path.replace("_", " ").replace(".", ", ")
    return _FIELD_WORDS.get(path, plain[:1].upper() + plain[1:])


# --- what the person has said ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """What the person has said of a file so far.

    Tables go by their number in the file, columns by their number in the table. `taken_in` are
    lines that were set aside and are rows after all.
    """

    kinds: Mapping[int, str] = field(default_factory=dict)
    uses: Mapping[tuple[int, int], str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    corrections: Mapping[Cell, str] = field(default_factory=dict)
    left_out: frozenset[Line] = frozenset()
    taken_in: frozenset[Line] = frozenset()

    def taking(self, table: int, kind: str) -> Said:
        """Return it with a table taken for a kind; what its columns were used for is forgotten."""
        uses = {at: use for at, use in self.uses.items() if at[0] != table}
        return replace(self, kinds={**self.kinds, table: kind}, uses=uses)

    def using(self, table: int, column: int, path: str) -> Said:
        """Return it with a column put to a use; of two columns the later has a field."""
        uses = {
            at: NOTHING
            if at[0] == table and use == path and path not in (NOTHING, SHARE, MONTH)
            else use
            for at, use in self.uses.items()
        }
        return replace(self, uses={**uses, (table, column): path})

    def answering(self, key: str, answer: str) -> Said:
        """Return it with a question answered; "" takes an answer back."""
        answers = {**self.answers, key: answer}
        return replace(self, answers={k: a for k, a in answers.items() if a})

    def correcting(self, cell: Cell, text: str) -> Said:
        """Return it with another text read in place of a cell's own."""
        return replace(self, corrections={**self.corrections, cell: text})

    def leaving_out(self, lines: frozenset[Line]) -> Said:
        """Return it without these rows, or with them again where all are left out already."""
        left = self.left_out - lines if lines <= self.left_out else self.left_out | lines
        return replace(self, left_out=left)

    def taking_in(self, lines: frozenset[Line]) -> Said:
        """Return it with lines taken for rows that were set aside."""
        return replace(self, taken_in=self.taken_in | lines)

    @property
    def choices(self) -> int:
        """How many things the person has chosen."""
        return len(self.kinds) + len(self.uses) + len(self.answers)


# --- what there is to see ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Use:
    """Something a column of a table can be used for."""

    path: str
    words: str
    needed: bool = False


@dataclass(frozen=True, slots=True)
class ColumnSeen:
    """A column: its letter and title on the sheet, some of what it holds, and what it is.

    `confidence` is from 0 to 1; `at` its number in the table, `sheet_column` its place there.
    """

    table: int
    at: int
    sheet_column: int
    letter: str
    title: str
    examples: tuple[str, ...]
    path: str
    words: str
    confidence: float
    said: bool


@dataclass(frozen=True, slots=True)
class Aside:
    """A line of a sheet that is no row of its table: where, what it says, and why."""

    line: Line
    where: str
    says: str
    why: str


@dataclass(frozen=True, slots=True)
class TableSeen:
    """A table found in the file and what it is taken for; `missing` are fields it must have."""

    number: int
    name: str
    kind: str
    confidence: float
    source: str
    rows: int
    notes: tuple[str, ...]
    columns: tuple[ColumnSeen, ...]
    uses: tuple[Use, ...]
    aside: tuple[Aside, ...]

    @property
    def free_uses(self) -> tuple[Use, ...]:
        """What no column of it is used for yet, what is needed first."""
        used = {column.path for column in self.columns}
        free = (use for use in self.uses if use.path not in used)
        return tuple(sorted(free, key=lambda use: not use.needed))


@dataclass(frozen=True, slots=True)
class Asked:
    """Something asked once of the person. `wants` is "choice", "date", "number" or "text"."""

    key: str
    asks: str
    choices: tuple[tuple[str, str], ...]
    examples: tuple[str, ...]
    wants: str
    answer: str = ""
    about_a_name: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A name in the file and what it is to the book: the same as a record, new, or unsure.

    `key` answers it as a question does; `choices` are its answers with their words.
    """

    key: str
    list: str
    name: str
    likeness: str
    answer: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FaultSeen:
    """What is wrong with a cell or a row: where, under which title, and the words found there."""

    line: Line
    column: int | None
    where: str
    title: str
    found: str
    says: str


@dataclass(frozen=True, slots=True)
class RowSeen:
    """A row of the file and what becomes of it. `cells` are (column, title, text) of its table."""

    key: str
    line: Line | None
    where: str
    kind: str
    outcome: Outcome
    says: str
    faults: tuple[FaultSeen, ...] = ()
    cells: tuple[tuple[int, str, str], ...] = ()

    @property
    def fault(self) -> str:
        """What is wrong in one line, and how much more there is."""
        if not self.faults:
            return ""
        more = f" (and {len(self.faults) - 1} more)" if len(self.faults) > 1 else ""
        title = f"{self.faults[0].title}: " if self.faults[0].title else ""
        return f"{title}{self.faults[0].says}{more}"


@dataclass(frozen=True, slots=True)
class Offer:
    """Everything a file would bring in, given what was said. `edit` is None where that is nothing.

    `about` says what kind of file it is, `notes` what was taken to be so, `held`
    what the file's reader needs to write the rows that stay out.
    """

    form: Form
    name: str
    about: str
    tables: tuple[TableSeen, ...] = ()
    asked: tuple[Asked, ...] = ()
    names: tuple[Named, ...] = ()
    rows: tuple[RowSeen, ...] = ()
    notes: tuple[str, ...] = ()
    edit: Edit | None = None
    held: object = field(default=None, compare=False, repr=False)

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many rows have each outcome."""
        found = Counter(row.outcome for row in self.rows)
        return {outcome: found[outcome] for outcome in OUTCOMES}

    @property
    def open_questions(self) -> tuple[Asked, ...]:
        """What is not answered yet."""
        return tuple(each for each in self.asked if not each.answer)

    @property
    def faults(self) -> tuple[FaultSeen, ...]:
        """Every problem of every row."""
        return tuple(fault for row in self.rows for fault in row.faults)
