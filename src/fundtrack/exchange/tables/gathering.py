"""Turns the rows of a spreadsheet's tables into records of the book, one row at a time.

First every cell is read (`take`), once. Then the rows that can be read become records (`records`),
each matched with what the book has; this is done again without the rows the book would refuse,
and those that left something half made.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from fundtrack.core.model import Change, Portfolio
from fundtrack.core.period import months_between
from fundtrack.core.plain import decimal_text, pounds
from fundtrack.core.words import count, day
from fundtrack.exchange.cells import UnreadableError, text_of
from fundtrack.exchange.tables import values
from fundtrack.exchange.tables.columns import (
    Plan,
    is_of_individuals,
    plain_title,
    scale_of,
    words_for,
)
from fundtrack.exchange.tables.fields import KINDS, MONTH, SHARE, Field, fields
from fundtrack.exchange.tables.finding import Table
from fundtrack.exchange.tables.matching import Match
from fundtrack.exchange.tables.read_rows import Row, Rows
from fundtrack.exchange.tables.records import Asked, Records
from fundtrack.exchange.tables.rows import Choices, Fault, Outcome, Place, Seen, Tell, untold
from fundtrack.exchange.tables.sheets import Value, is_blank
from fundtrack.exchange.tables.values import Question, Ways

_YES, _NO = (
    frozenset(("yes", "y", "true", "1", "x", "t")),
    frozenset(("no", "n", "false", "0", "f")),
)
_DATES = frozenset(("date", "month", "year"))
_MAY_ASK = _DATES | {"percent", "pence"}  # kinds of which a whole column may say how it is meant
_FULL_TIME = frozenset(("full time", "ft", "full", "f t"))


@dataclass(frozen=True, slots=True)
class Drafts:
    """The changes that rows make to a book, the rows each record came from, and all rows seen."""

    changes: tuple[Change, ...]
    places: Mapping[str, Mapping[str, Sequence[Place]]]
    rows: tuple[Seen, ...]
    half_made: bool
    """Whether a row that cannot come in has left something of itself among the changes."""


@dataclass(slots=True)
class _Reading:
    """How one column is read."""

    at: int
    title: str
    use: str
    target: str
    holds: Field
    ways: Ways
    words: Mapping[str, str]
    told: bool = False
    """Whether it is said in every row, and stands in no cell of the file."""


@dataclass(frozen=True, slots=True)
class _Unread:
    """A cell that cannot be read, and why."""

    says: str


class Gathering:
    """All the rows of a file, read."""

    def __init__(
        self,
        portfolio: Portfolio,
        today: date,
        choices: Choices,
        *,
        from_1904: bool,
        tell: Tell = untold,
    ) -> None:
        self._how_far = tell
        self._steps = 0  # each row is read, then made a record of
        self._portfolio = portfolio
        self._today = today
        self._choices = choices
        self._from_1904 = from_1904
        self._year_start = portfolio.organisation.year_start_month or 4
        self._read = 0  # so many rows
        self._tables: list[Rows] = []
        self._questions: dict[str, Question] = {}
        self._records: Records | None = None
        self._names_asked = Asked()
        self._unknown_words: dict[str, dict[str, None]] = {}

    # --- reading -------------------------------------------------------------------------------

    def take(self, plans: Iterable[Plan]) -> None:
        """Read every row of the tables that are taken for something."""
        known = [
            plan
            for plan in plans
            if plan.layout.kind in KINDS and not is_of_individuals(plan.table)
        ]
        self._steps = 2 * sum(len(plan.table.rows) for plan in known)
        for plan in sorted(known, key=lambda plan: KINDS.index(plan.layout.kind)):
            self._take(plan)

    def _take(self, plan: Plan) -> None:
        kind = plan.layout.kind
        lines = self._corrected(plan)
        cells_of = list(zip(*lines, strict=True))
        readings = self._readings(plan, cells_of)
        read = []
        for at, reading in enumerate(readings):
            self._how_far(self._read + len(lines) * at // len(readings), self._steps)
            read.append(self._column(kind, reading, cells_of[reading.at]))
        self._read += len(lines)
        for reading, text in self._fixed(plan):
            readings.append(reading)
            read.append(self._column(kind, reading, (text,)) * len(lines))
        self._tables.append(self._rows(plan, lines, readings, read))

    def _rows(
        self,
        plan: Plan,
        lines: Sequence[tuple[Value, ...]],
        readings: Sequence[_Reading],
        read: Sequence[Sequence[Any]],
    ) -> Rows:
        """Return a table's rows by what its columns say; a row with nothing in it is none."""
        table = plan.table
        kept = [at for at, cells in enumerate(lines) if not is_blank(cells)]
        numbers: Sequence[int] = table.rows
        if len(kept) != len(lines):
            numbers, lines = [numbers[at] for at in kept], [lines[at] for at in kept]
            read = [[column[at] for at in kept] for column in read]
        plain = [at for at, each in enumerate(readings) if each.use not in (SHARE, MONTH)]
        plain.sort(key=lambda at: readings[at].told)  # what a cell says counts before it
        said: dict[str, Sequence[Any]] = {}
        for each in plain:  # the first of two columns of one use is the one that says it
            use, column = readings[each].use, read[each]
            said[use] = _either(said[use], column) if use in said else column
        columns = {
            each.use: (table.columns[each.at].at, each.title) for each in readings if not each.told
        }
        rows = Rows(plan.layout.kind, table.sheet.name, numbers, lines, columns, said)
        self._set_apart(rows, table, readings, read)
        return rows

    def _set_apart(
        self,
        rows: Rows,
        table: Table,
        readings: Sequence[_Reading],
        read: Sequence[Sequence[Any]],
    ) -> None:
        """Put aside what is left out, has a grid's cells or cannot be read, row by row."""
        wide = [at for at, each in enumerate(readings) if each.use in (SHARE, MONTH)]
        faulty, left_out = self._faulty(read), self._choices.left_out
        out = {at for at in range(len(rows)) if rows.place(at) in left_out} if left_out else set()
        for at in range(len(rows)) if wide else sorted({*faulty, *out}):
            row = rows.row(at)
            rows.apart[at] = row
            if at in out:
                row.left_out, row.values = True, {}
                continue
            self._grid(row, [(readings[each], read[each][at]) for each in wide], table)
            if at in faulty:
                self._tell(row, [(readings[each], read[each][at]) for each in faulty[at]], table)

    def _column(self, kind: str, reading: _Reading, cells: Sequence[Value]) -> tuple[Any, ...]:
        """Read a column, each thing that stands in it once; what cannot be read as `_Unread`."""
        keys = _kinds_apart(cells)
        once = dict(zip(keys, cells, strict=True))
        if reading.holds.kind == "text" and keys is cells and _stand_for_themselves(once):
            return tuple(cells)
        found = {key: self._value(kind, reading, cell) for key, cell in once.items()}
        return tuple([found[key] for key in keys])

    def _grid(self, row: Row, found: Iterable[tuple[_Reading, Any]], table: Table) -> None:
        """Put the shares and months of a grid into a row."""
        for reading, value in found:
            if value is None or isinstance(value, _Unread):
                continue
            if reading.use == SHARE:
                where = Place(row.place.sheet, row.place.row, table.columns[reading.at].at)
                row.shares += ((reading.target, value, where),)
            elif within := values.period(reading.target, self._year_start):
                row.months += tuple(_by_month(row.kind, within, value))

    def _faulty(self, read: Sequence[Sequence[Any]]) -> dict[int, list[int]]:
        """Return which readings each row could not be read by; rows without a fault are not in."""
        found: dict[int, list[int]] = {}
        for each, column in enumerate(read):
            if _Unread in set(map(type, column)):
                for at, value in enumerate(column):
                    if isinstance(value, _Unread):
                        found.setdefault(at, []).append(each)
        return found

    def _tell(self, row: Row, found: Iterable[tuple[_Reading, Any]], table: Table) -> None:
        """Put what is wrong with its cells into a row."""
        for reading, value in found:
            if reading.told:
                if reading.use in row.values and row.values[reading.use] is not value:
                    continue
                where, cell = row.place, None
            else:
                at = table.columns[reading.at].at
                where, cell = Place(row.place.sheet, row.place.row, at), row.cells[reading.at]
            if row.values.get(reading.use) is value:
                del row.values[reading.use]
            shown = values.shown(cell) if cell is not None else reading.target
            row.faults += (Fault(where, reading.title, shown, value.says),)

    def _corrected(self, plan: Plan) -> list[tuple[Value, ...]]:
        """Return a table's lines with what the person put right."""
        table = plan.table
        lines = table.lines()
        if not self._choices.corrections:
            return lines
        at_row = {row: at for at, row in enumerate(table.rows)}
        at_column = {column.at: at for at, column in enumerate(table.columns)}
        for place, text in self._choices.corrections.items():
            if (
                place.sheet == table.sheet.name
                and place.row in at_row
                and place.column is not None
                and place.column in at_column
            ):
                line = list(lines[at_row[place.row]])
                line[at_column[place.column]] = text.strip() or None
                lines[at_row[place.row]] = tuple(line)
        return lines

    def _readings(self, plan: Plan, columns: Sequence[tuple[Value, ...]]) -> list[_Reading]:
        """Return how each column is read; what a column does not say becomes a question."""
        kind, table = plan.layout.kind, plan.table
        known = fields(kind)
        shares = [at for at, use in enumerate(plan.layout.uses) if use.field == SHARE]
        shared = [cell for at in shares for cell in columns[at]] if columns else []
        readings: list[_Reading] = []
        for at, use in enumerate(plan.layout.uses):
            if use.field == SHARE:
                field_ = Field(SHARE, "percent")
            elif use.field == MONTH:
                field_ = Field(MONTH, "pence")
            elif use.field in known:
                field_ = known[use.field]
            else:
                continue
            cells = shared if use.field == SHARE else columns[at]
            about = "the shares" if use.field == SHARE else f"“{use.title}”"
            readings.append(
                _Reading(
                    at,
                    use.title,
                    use.field,
                    use.target,
                    field_,
                    self._ways(
                        field_,
                        _distinct(cells) if field_.kind in _MAY_ASK else (),
                        use.title,
                        f"{table.name}|{about}",
                        table.sheet.typed,
                    ),
                    self._words(plan, field_),
                )
            )
        return readings

    def _words(self, plan: Plan, field_: Field) -> dict[str, str]:
        """Return what words mean in a column: as shipped, as agreed, and as just answered."""
        start = f"word|{plan.layout.kind}|{field_.path}|"
        answered = {
            key.removeprefix(start): answer
            for key, answer in self._choices.answers.items()
            if key.startswith(start) and answer in field_.choices
        }
        return {**dict(words_for(plan.layout.words, plan.layout.kind, field_.path)), **answered}

    def _ways(
        self,
        field_: Field,
        cells: Sequence[Value],
        title: str,
        about: str,
        typed: bool,  # noqa: FBT001
    ) -> Ways:
        ways = Ways(
            year_start=self._year_start,
            edge=field_.edge,
            from_1904=self._from_1904 if typed else None,
        )
        if field_.kind in _DATES:
            return self._ways_of_days(ways, cells)
        if field_.kind == "percent":
            return self._ways_of_shares(ways, cells, about)
        if field_.kind == "pence":
            return self._ways_of_money(ways, cells, title)
        return ways

    def _ways_of_days(self, ways: Ways, cells: Sequence[Value]) -> Ways:
        order, both = values.order_of(cells)
        if order is None and both:
            answer = self._ask(
                Question(
                    "order",
                    "Which number comes first in the dates, the day or the month?",
                    (("day-first", _as(both[0], 0)), ("month-first", _as(both[0], 1))),
                    both,
                )
            )
            if answer in ("day-first", "month-first"):
                order = "day-first" if answer == "day-first" else "month-first"
        if ways.from_1904 is None and (numbers := values.serials_of(cells)):
            at = float(numbers[0])
            told = [
                values.shown(values.day(at, Ways(from_1904=from_1904)))
                for from_1904 in (False, True)
            ]
            answer = self._ask(
                Question(
                    "serials",
                    "Some days stand as numbers. From which calendar are they?",
                    (
                        ("1900", f"{numbers[0]} is {told[0]}"),
                        ("1904", f"{numbers[0]} is {told[1]}"),
                    ),
                    numbers,
                )
            )
            if answer in ("1900", "1904"):
                ways = replace(ways, from_1904=answer == "1904")
        return replace(ways, order=order)

    def _ways_of_shares(self, ways: Ways, cells: Sequence[Value], about: str) -> Ways:
        whole, unclear = values.whole_of(cells)
        if unclear:
            answer = self._ask(
                Question(
                    f"whole|{about}",
                    f"In {about.rpartition('|')[2]}, is 1 all of it or one per cent?",
                    (("1", "1 is all of it"), ("100", "1 is one per cent, 100 all of it")),
                    unclear,
                )
            )
            whole = {"1": True, "100": False}.get(answer or "")
        return replace(ways, whole=whole)

    def _ways_of_money(self, ways: Ways, cells: Sequence[Value], title: str) -> Ways:
        ways = replace(ways, scale=scale_of(title))
        parts = [values.shown(cell) for cell in cells if values.has_part_pennies(cell, ways)]
        if parts:
            answer = self._ask(
                Question(
                    "pennies",
                    "Some amounts are no whole number of pence. Round them to the penny?",
                    (
                        ("round", "Round each to the nearest penny"),
                        ("no", "No, I will put them right"),
                    ),
                    tuple(parts[:3]),
                )
            )
            ways = replace(ways, rounds=answer == "round")
        return ways

    def _ask(self, question: Question) -> str | None:
        """Ask, once; return the answer if there is one already."""
        known = self._questions.get(question.key)
        if known:
            examples = tuple(dict.fromkeys((*known.examples, *question.examples)))[:3]
            question = replace(known, examples=examples)
        self._questions[question.key] = question
        return self._choices.answers.get(question.key)

    # --- what no column has --------------------------------------------------------------------

    def _fixed(self, plan: Plan) -> list[tuple[_Reading, str]]:
        """Return what every row has the same: as the layout says, or as a question was answered."""
        kind, uses = plan.layout.kind, {use.field for use in plan.layout.uses}
        known = fields(kind)
        said = dict(plan.layout.fixed)
        for path, asks, wants in _WANTED.get(kind, ()):
            paths = path.split("|")
            if (uses | set(said)) & set(paths):
                continue
            if kind == "allocations" and SHARE in uses:
                continue
            if paths[0] == "months" and _only_changes(uses):
                continue
            answer = self._ask(Question(f"{kind}.{paths[0]}", asks, (), (), wants))
            if answer:
                said[paths[0]] = answer
        return [
            (
                _Reading(
                    -1,
                    "",
                    path,
                    text,
                    known[path],
                    Ways(order="day-first", whole=False, edge=known[path].edge, from_1904=False),
                    dict(words_for(plan.layout.words, kind, path)),
                    told=True,
                ),
                text,
            )
            for path, text in said.items()
            if path in known
        ]

    # --- one cell ------------------------------------------------------------------------------

    def _value(self, kind: str, reading: _Reading, cell: Value) -> Any:  # noqa: ANN401
        """Return what a cell says, as its field has it; None for nothing, `_Unread` for a fault."""
        if cell is None:
            return None
        try:
            return self._understood(reading, cell)
        except UnreadableError as fault:
            if reading.holds.kind == "choice" and self._goes_without(kind, reading, cell):
                return None
            return _Unread(_sentence(fault))

    def _goes_without(self, kind: str, reading: _Reading, cell: Value) -> bool:
        """Leave out a word nobody knows where it is not needed; ask once where it is."""
        said = values.shown(cell)
        if not reading.holds.required:
            self._unknown_words.setdefault(reading.title, {})[said] = None
            return True
        self._ask(
            Question(
                f"word|{kind}|{reading.use}|{plain_title(said)}",
                f"What does “{said}” mean in “{reading.title}”?",
                tuple((choice, choice.replace("-", " ")) for choice in reading.holds.choices),
                (said,),
            )
        )
        return False

    def _understood(self, reading: _Reading, cell: Value) -> Any:  # noqa: ANN401
        field_ = reading.holds
        if isinstance(cell, str) and cell.startswith("#") and cell.rstrip("!?").isupper():
            raise UnreadableError(f"the formula here ends in an error, {cell}")
        if field_.kind == "text":
            return _text(field_, cell)
        if field_.kind == "choice" and plain_title(str(cell)) in reading.words:
            return reading.words[plain_title(str(cell))]
        if values.is_unknown(cell) or (values.is_open(cell) and field_.kind in _DATES):
            if field_.required:
                raise UnreadableError(
                    f"“{values.shown(cell)}” stands here, and this is needed to bring the row in"
                )
            return None
        if field_.kind == "choice":
            return _choice(field_, cell)
        return _PLAIN[field_.kind](cell, reading.ways, field_)

    # --- records -------------------------------------------------------------------------------

    def records(self, refused: frozenset[Place]) -> Drafts:
        """Return the changes that the rows make, but for those with a fault or refused."""
        made = Records(self._portfolio, self._today, self._choices.answers, self._names_asked)
        seen: list[Seen] = []
        half = self._steps // 2
        for rows in self._tables:
            tell = partial(self._tell_of, half + len(seen))
            seen += made.take_all(rows, _out(rows, refused), tell)
        self._records = made
        return Drafts(made.changes(), made.places(), tuple(seen), made.half_made)

    def _tell_of(self, before: int, done: int, _of: int) -> None:
        self._how_far(before + done, self._steps)

    def questions(self) -> tuple[Question, ...]:
        """Every question that the file leaves open, answered or not, each once."""
        return (*self._questions.values(), *self._names_asked.questions.values())

    def matches(self) -> tuple[Match, ...]:
        """What each name in the file is to the book."""
        return tuple(self._names_asked.matches.values())

    def notes(self) -> tuple[str, ...]:
        """What was taken to be so, in sentences."""
        assumed = self._records.assumed if self._records else {}
        words = [
            f"“{title}” says what the book has no word for, which is left out: {', '.join(said)}."
            for title, said in self._unknown_words.items()
        ]
        return (*(f"{said} ({count(n, 'row')})." for said, n in assumed.items() if n), *words)


def _either(first: Sequence[Any], second: Sequence[Any]) -> Sequence[Any]:
    return [other if one is None else one for one, other in zip(first, second, strict=True)]


def _out(rows: Rows, refused: frozenset[Place]) -> dict[int, Seen]:
    """Return the rows that do not come in: left out, at fault, or refused."""
    found = {at for at, row in rows.apart.items() if row.left_out or row.faults}
    if refused:
        found |= {at for at in range(len(rows)) if rows.place(at) in refused}
    return {at: _not_taken(rows.row(at)) for at in found}


def _not_taken(row: Row) -> Seen:
    outcome: Outcome = "left out" if row.left_out else "problem"
    return Seen(row.place, row.kind, outcome, "", row.says, row.faults, row.cells)


def _by_month(kind: str, within: tuple[date, date], amount: str) -> list[tuple[str, str]]:
    """Return in which months an amount of a quarter or a year stands.

    An award's profile has it in equal parts, the pennies that are over in the first of them; a
    payment is due at the end of it; what was spent in it stands at its start.
    """
    first, last = within
    if kind == "payments":
        return [(f"{last:%Y-%m}", amount)]
    months = list(months_between(first, last))
    if kind != "awards" or len(months) == 1:
        return [(f"{first:%Y-%m}", amount)]
    pence = round(Decimal(amount) * 100)
    each, over = divmod(abs(pence), len(months))
    sign = -1 if pence < 0 else 1
    return [
        (f"{month:%Y-%m}", pounds(sign * (each + (at < over)))) for at, month in enumerate(months)
    ]


_WANTED: dict[str, tuple[tuple[str, str, str], ...]] = {
    "awards": (
        ("start|awarded|year", "No column says when the awards start. On which day?", "date"),
        (
            "months|end|year",
            "No column says when awards end. How many months do they run?",
            "number",
        ),
    ),
    "posts": (
        (
            "fte",
            "No column says what share of full time the posts are. What is it (1 = full)?",
            "number",
        ),
        ("salary", "No column has the full-time salary. What is it, for every post?", "number"),
        ("start", "No column says when the posts began. On which day?", "date"),
    ),
    "costs": (
        ("frequency", "How often do these costs fall: month, quarter, year or once?", "text"),
        ("start", "No column says when the costs begin. On which day?", "date"),
    ),
    "allocations": (("percent", "No column has the share. What per cent is it?", "number"),),
}
"""What a table must have from somewhere: the fields that would do, the question, and its answer."""


def _kinds_apart(cells: Sequence[Value]) -> Sequence[Any]:
    """Return what tells cells apart: 1, 1.0 and yes are equal, and are not the same."""
    kinds = set(map(type, cells))
    if _NUMBERS.isdisjoint(kinds) or len(kinds) == 1:
        return cells
    return [(cell.__class__, cell) if cell.__class__ in _NUMBERS else cell for cell in cells]


_NUMBERS = frozenset((int, float, bool))


def _stand_for_themselves(cells: Collection[Value]) -> bool:
    """Tell whether all cells are blank or plain text on one line; False only means to ask each."""
    texts = [cell for cell in cells if isinstance(cell, str)]
    joined = f"|{'|'.join(texts)}|"
    odd = ("  ", " |", "| ", "#")
    all_texts = len(texts) + (None in cells) == len(cells)
    return all_texts and joined.isprintable() and not any(each in joined for each in odd)


def _distinct(cells: Sequence[Value]) -> list[Value]:
    """Return each thing that stands in a column once, in order."""
    return list(dict(zip(_kinds_apart(cells), cells, strict=True)).values())


def _only_changes(uses: set[str]) -> bool:
    """Tell whether a table of awards may only add to awards the book has, by their reference."""
    return "reference" in uses and not uses & {"amount"}


def _as(example: str, which: int) -> str:
    found = values.readings(example)[which]
    return f"{example} is {day(found)}" if found else example


def _sentence(fault: UnreadableError) -> str:
    text = str(fault)
    return text[:1].upper() + text[1:] if text[:1].islower() else text


def _text(field_: Field, cell: Value) -> str:
    if isinstance(cell, date):
        return values.shown(cell)
    return cell.strip() if isinstance(cell, str) and field_.path == "notes" else text_of(cell)


def _choice(field_: Field, cell: Value) -> str:
    plain = plain_title(str(cell))
    for choice in field_.choices:
        if plain == choice.replace("-", " "):
            return choice
    said = ", ".join(choice.replace("-", " ") for choice in field_.choices)
    raise UnreadableError(f"“{values.shown(cell)}” is not one of: {said}")


def _flag(cell: Value, _ways: Ways, _field: Field) -> bool:
    plain = str(cell).strip().casefold()
    if cell is True or plain in _YES or plain == "1.0":
        return True
    if cell is False or plain in _NO or plain == "0.0":
        return False
    raise UnreadableError(f"“{values.shown(cell)}” is neither yes nor no")


def _whole(cell: Value, _ways: Ways, _field: Field) -> int:
    found = values.number(_without_unit(cell))
    if found != int(found):
        raise UnreadableError(f"“{values.shown(cell)}” is not a whole number")
    return int(found)


def _without_unit(cell: Value) -> Value:
    """Return "12 months" as "12"."""
    if isinstance(cell, str):
        parts = cell.split()
        if len(parts) == 2 and parts[1].casefold().rstrip("s") in ("month", "week", "day", "hour"):
            return parts[0]
    return cell


def _number(cell: Value, ways: Ways, field_: Field) -> str:
    if field_.path == "fte":
        if isinstance(cell, str) and plain_title(cell) in _FULL_TIME:
            return "1"
        if isinstance(cell, str) and cell.strip().endswith("%"):
            return decimal_text(values.percent(cell, ways) / 100)
    return decimal_text(round(values.number(_without_unit(cell)), 6))


def _year(cell: Value, ways: Ways, _field: Field) -> tuple[str, str]:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        cell = text_of(cell)
    text = str(cell).strip()
    if text.isdecimal() and text.isascii() and len(text) == 4:
        raise UnreadableError(f"“{text}” may be the year that begins or ends then. Write {text}/…")
    return (
        values.day(cell, replace(ways, edge="start")).isoformat(),
        values.day(cell, replace(ways, edge="end")).isoformat(),
    )


_PLAIN: dict[str, Callable[[Value, Ways, Field], Any]] = {
    "pence": lambda cell, ways, _: pounds(values.pence(cell, ways)),
    "percent": lambda cell, ways, _: decimal_text(values.percent(cell, ways)),
    "number": _number,
    "whole": _whole,
    "months": _whole,
    "flag": _flag,
    "date": lambda cell, ways, _: values.day(cell, ways).isoformat(),
    "month": lambda cell, ways, _: f"{values.day(cell, ways):%Y-%m}",
    "year": _year,
}
