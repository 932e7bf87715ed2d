"""Opens any file a person may bring, tells what it is, and shows what it would bring in.

A file is read once; then what it would bring in is worked out anew for everything the person says.
What is shown are the plain values of `core.importing`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from fundtrack.core import importing as seen
from fundtrack.core.edit import Edit
from fundtrack.core.errors import KnownError, Problem
from fundtrack.core.importing import Offer, Said
from fundtrack.core.model import Portfolio
from fundtrack.core.words import count
from fundtrack.exchange import accounts, files, grants_file, interchange, strict_json
from fundtrack.exchange.published import Published
from fundtrack.exchange.tables import columns, leaving, preview, reading, telling, values
from fundtrack.exchange.tables.columns import PUBLISHED, Layout, Plan, Use
from fundtrack.exchange.tables.fields import KINDS, MONTH, NOTHING, SHARE, fields
from fundtrack.exchange.tables.matching import Match, plain_name
from fundtrack.exchange.tables.rows import Choices, Fault, Place, Seen, counted
from fundtrack.exchange.tables.sheets import Spreadsheet, letters
from fundtrack.exchange.tables.values import Question

Tell = Callable[[int, int, str], None]
"""Says how far the work is, and may end it there."""

_EXAMPLES = 3
_LONGEST = 60
_PLAIN = "A plain tracker"
_MOST_NAMES = 400
_RECORD_NAMES = {"funders", "services", "awards", "posts", "costs"}


def opened(source: Path | str, portfolio: Portfolio, tell: Tell) -> TableFile | Published | Book:
    """Read a file, or text that was pasted, and tell what it is.

    Raises:
        KnownError: it cannot be read, or is nothing that FundTrack brings in.

    """
    if isinstance(source, str):
        return TableFile(reading.pasted(source), portfolio, tell)
    tell(0, 3, f"Reading {source.name}")
    data = strict_json.bounded_bytes(source, reading.LARGEST_BYTES)
    if files.is_book(data):
        raise KnownError(f"{source.name} is a book. Open it with File > Open")
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _json(source, data)
    spreadsheet = reading.parse(data, source.name)
    if leaving.is_ours(spreadsheet):
        tell(1, 3, "Reading the whole book")
        return Book(source.name, *leaving.read_back(spreadsheet))
    return TableFile(spreadsheet, portfolio, tell, source)


def _json(source: Path, data: bytes) -> Published | Book:
    parsed = strict_json.parse(data)
    value = parsed.value
    if isinstance(value, dict) and "organisation" in value:
        return Book(source.name, *interchange.read_json(data))
    if isinstance(value, list) or (isinstance(value, dict) and "grants" in value):
        return Published(source)
    raise KnownError(
        f"{source.name} is JSON, but neither a FundTrack book nor 360Giving's grants. "
        "Nothing was changed"
    )


# --- tables ------------------------------------------------------------------------------------


class TableFile:
    """A spreadsheet's tables, and what a person says of them."""

    def __init__(
        self,
        spreadsheet: Spreadsheet,
        portfolio: Portfolio,
        tell: Tell = lambda _done, _total, _doing: None,
        path: Path | None = None,
    ) -> None:
        self._spreadsheet = spreadsheet
        self._path = path
        tell(1, 3, "Finding the tables")
        self._proposed = preview.plans_for(spreadsheet, portfolio, columns.folder())
        self.is_accounts = bool(accounts.system_of(spreadsheet))

    def offer(self, portfolio: Portfolio, today: date, said: Said, tell: Tell) -> Offer:
        """Return what the file would bring in, given what was said.

        Raises KnownError where it cannot be worked out.
        """
        name = self._spreadsheet.name
        plans = tuple(_as_said(at, plan, said) for at, plan in enumerate(self._proposed))
        if self._path and any(plan.layout.kind == PUBLISHED for plan in plans):
            found = Published(self._path).offer(portfolio, today, said, tell)
            return replace(found, tables=_tables(plans, said))
        tell(0, 0, "Working out what comes in")
        made = preview.preview(
            plans,
            portfolio,
            today,
            name=name,
            from_1904=self._spreadsheet.from_1904,
            choices=_choices(said),
            tell=lambda done, total: tell(done, total, ""),
        )
        return Offer(
            form="accounts" if self.is_accounts and not said.kinds else "tables",
            name=name,
            about=_about(plans),
            tables=_tables(plans, said),
            asked=tuple(_asked(each, said) for each in made.questions),
            names=_names(made.matches, made.questions, portfolio, said),
            rows=_rows(made, plans, tell),
            notes=_notes(made, plans),
            edit=made.edit,
            held=made,
        )

    def write_bad_rows(self, offer: Offer, path: Path) -> int:
        """Write the rows that stay out in their own columns, with the reason; return how many.

        Raises KnownError if the file cannot be written.
        """
        if offer.form == "published" and self._path:
            return Published(self._path).write_bad_rows(offer, path)
        if not isinstance(offer.held, preview.Preview):
            return 0
        files.refuse_a_book(path)
        telling.write_bad_rows(offer.held, path)
        return len(offer.held.bad_rows)

    def remember(self, offer: Offer, said: Said) -> None:
        """Keep what the tables were taken for, for the next file of this shape.

        Raises KnownError if that cannot be written.
        """
        if isinstance(offer.held, preview.Preview):
            columns.remember(
                [
                    replace(plan, layout=_with_answers(plan.layout, said))
                    for at, plan in enumerate(offer.held.plans)
                    if plan.layout.kind or at in said.kinds
                ]
            )


def _as_said(at: int, plan: Plan, said: Said) -> Plan:
    """Return a plan with the kind, the columns and the lines that the person says it has."""
    table, layout = plan.table, plan.layout
    back = {row for sheet, row in said.taken_in if sheet == table.sheet.name}
    if rows := [line.row for line in table.aside if line.row in back]:
        aside = tuple(line for line in table.aside if line.row not in back)
        table = replace(table, rows=tuple(sorted((*table.rows, *rows))), aside=aside)
    if at in said.kinds and said.kinds[at] != layout.kind:
        kind = said.kinds[at]
        layout = columns.taken_as(table, kind) if kind in KINDS else replace(layout, kind=kind)
    for (number, column), path in said.uses.items():
        if number == at and column < len(layout.uses):
            layout = _using(layout, column, path)
    plan = Plan(table, layout)
    return plan if rows else columns.without_notes(plan)


def _using(layout: Layout, at: int, path: str) -> Layout:
    """Return a layout with one column, by its place, put to another use."""
    grid = path in (SHARE, MONTH)
    title = layout.uses[at].title
    target = title if grid else ""
    uses = tuple(
        Use(title, path, target, 1.0)
        if place == at
        else replace(use, field=NOTHING)
        if use.field == path and path != NOTHING and not grid
        else use
        for place, use in enumerate(layout.uses)
    )
    return replace(layout, uses=uses)


def _with_answers(layout: Layout, said: Said) -> Layout:
    """Return a layout that also knows the words and the fixed values that were just given."""
    words: dict[str, dict[str, str]] = {}
    fixed = dict(layout.fixed)
    for key, answer in said.answers.items():
        kind, _, path = key.partition(".")
        if key.startswith(f"word|{layout.kind}|"):
            _, _, field, word = key.split("|", 3)
            words.setdefault(f"{layout.kind}.{field}", {})[word] = answer
        elif kind == layout.kind and path in fields(kind):
            fixed[path] = answer
    known = dict(layout.words)
    for path, pairs in words.items():
        plain = path.partition(".")[2]
        known[path] = (*dict((*known.get(path, known.get(plain, ())), *pairs.items())).items(),)
    return replace(layout, words=tuple(known.items()), fixed=tuple(fixed.items()))


def _choices(said: Said) -> Choices:
    return Choices(
        answers=said.answers,
        corrections={Place(*cell): text for cell, text in said.corrections.items()},
        left_out=frozenset(Place(*line) for line in said.left_out),
    )


def _about(plans: Sequence[Plan]) -> str:
    rows = sum(len(plan.table.rows) for plan in plans)
    systems = {plan.layout.source for plan in plans if plan.layout.kind} - {
        "",
        "remembered",
        _PLAIN,
    }
    if any(plan.layout.source == "remembered" for plan in plans):
        said = ", laid out as agreed before"
    else:
        said = f", known as {' and '.join(sorted(systems))}" if systems else ""
    return f"{count(rows, 'row')} in {count(len(plans), 'table')}{said}"


def _tables(plans: Sequence[Plan], said: Said) -> tuple[seen.TableSeen, ...]:
    return tuple(_table(at, plan, said) for at, plan in enumerate(plans))


def _table(number: int, plan: Plan, said: Said) -> seen.TableSeen:
    table, layout = plan.table, plan.layout
    known = fields(layout.kind) if layout.kind in KINDS else {}
    uses = [
        seen.Use(path, seen.field_words(path), known[path].required)
        for path in known
        if path != "key"
    ]
    if layout.kind in ("posts", "costs", "allocations"):
        uses.append(seen.Use(SHARE, seen.field_words(SHARE)))
    if layout.kind == "awards":
        uses.append(seen.Use(MONTH, seen.field_words(MONTH)))
    return seen.TableSeen(
        number=number,
        name=table.name or "Pasted",
        kind=layout.kind,
        confidence=layout.confidence,
        source=layout.source,
        rows=len(table.rows),
        notes=table.said(),
        columns=tuple(
            seen.ColumnSeen(
                table=number,
                at=at,
                sheet_column=table.columns[at].at,
                letter=letters(table.columns[at].at),
                title=use.title,
                examples=_examples(plan, at),
                path=use.field,
                words=_use_words(use, layout.kind),
                confidence=use.confidence,
                said=(number, at) in said.uses,
            )
            for at, use in enumerate(layout.uses)
        ),
        uses=tuple(uses),
        aside=tuple(
            seen.Aside(
                (table.sheet.name, line.row), str(Place(table.sheet.name, line.row)), line.says,
                line.why,
            )
            for line in table.aside
        ),
    )  # fmt: skip


def _use_words(use: Use, kind: str) -> str:
    if kind == PUBLISHED and grants_file.field_name(re.split("[:/]", use.title)):
        return "As 360Giving has it"
    if use.field == SHARE:
        return f"Share of “{use.target}”"
    if use.field == MONTH:
        return f"Amount of {use.target}"
    return seen.field_words(use.field)


def _examples(plan: Plan, at: int) -> tuple[str, ...]:
    """Return the first different cells of a column, as they are shown."""
    found: dict[str, None] = {}
    place = plan.table.columns[at].at
    for row in plan.table.rows:
        cell = plan.table.sheet.at(row, place)
        if cell is not None:
            found.setdefault(values.shown(cell)[:_LONGEST])
            if len(found) == _EXAMPLES:
                break
    return tuple(found)


def _asked(question: Question, said: Said) -> seen.Asked:
    return seen.Asked(
        key=question.key,
        asks=question.asks,
        choices=question.choices,
        examples=question.examples,
        wants=question.wants if not question.choices else "choice",
        answer=said.answers.get(question.key, ""),
        about_a_name=question.key.partition("|")[0] in _RECORD_NAMES,
    )


def _names(
    matches: Iterable[Match], questions: Iterable[Question], portfolio: Portfolio, said: Said
) -> tuple[seen.Named, ...]:
    """Return every name in the file with what it is, the unsure ones first."""
    asked = {question.key: question for question in questions}
    order = {"unsure": 0, "new": 1, "same": 2}
    found = []
    for match in matches:
        key = f"{match.list}|{plain_name(match.name)}"
        question = asked.get(key)
        choices = question.choices if question else _other(match, portfolio)
        answer = said.answers.get(key, "")
        if not answer and match.likeness == "same":
            answer = match.key or ""
        elif not answer and match.likeness == "new" and "new" in dict(choices):
            answer = "new"
        likeness = ("new" if answer == "new" else "same") if answer else "unsure"
        named = seen.Named(key, match.list, match.name, likeness, answer, choices)
        found.append((order[match.likeness], match.name.casefold(), key, named))
    return tuple(named for *_, named in sorted(found, key=lambda each: each[:3]))


def _other(match: Match, portfolio: Portfolio) -> tuple[tuple[str, str], ...]:
    """Return what a name may be said to be: the record it was matched with, another, or new."""
    one = seen.ONE.get(match.list, "record")
    records = portfolio.records(match.list)
    shown = {
        record.key: str(getattr(record, "name", None) or getattr(record, "title", record.key))
        for record in records[:_MOST_NAMES]
    }
    if match.key and match.key not in shown:
        shown = {match.key: match.name, **shown}
    known = tuple((key, f"the same as “{name}”") for key, name in shown.items())
    makes = match.list in ("funders", "services")
    return (*known, ("new", f"a new {one}")) if makes else known


def _rows(made: preview.Preview, plans: Sequence[Plan], tell: Tell) -> tuple[seen.RowSeen, ...]:
    titles = {
        (plan.table.sheet.name, row): plan
        for plan in plans
        if plan.layout.kind in KINDS
        for row in plan.table.rows
    }
    tell(0, 0, "Laying out what comes in")
    return tuple(
        _row(row, titles.get((row.place.sheet, row.place.row)))
        for row in counted(made.rows, lambda done, of: tell(done, of, ""), 0, len(made.rows))
    )


def _row(row: Seen, plan: Plan | None) -> seen.RowSeen:
    line = (row.place.sheet, row.place.row)
    return seen.RowSeen(
        key=f"{row.place.sheet}|{row.place.row}",
        line=line,
        where=str(row.place),
        kind=row.kind,
        outcome=row.outcome,
        says=row.says,
        faults=tuple(_fault(each) for each in row.faults),
        cells=tuple(
            (column.at, column.title, "" if cell is None else values.shown(cell))
            for column, cell in zip(plan.table.columns, row.cells, strict=True)
        )
        if plan is not None
        else (),
    )


def _fault(fault: Fault) -> seen.FaultSeen:
    place = fault.place
    line = (place.sheet, place.row)
    says = fault.says[:1].upper() + fault.says[1:]
    return seen.FaultSeen(line, place.column, str(place), fault.title, fault.found, says)


def _notes(made: preview.Preview, plans: Sequence[Plan]) -> tuple[str, ...]:
    """Return what was taken to be so; what a table says of itself stands with the table."""
    theirs = {f"{plan.table.name or 'The table'}: {said}" for plan in plans
              for said in plan.table.said()}  # fmt: skip
    unknown = {f"{plan.table.name or 'The table'} was not recognised, and nothing is taken from it."
               for plan in plans}  # fmt: skip
    return tuple(note for note in made.notes if note not in theirs | unknown)


# --- a whole book ------------------------------------------------------------------------------


class Book:
    """A whole book that left FundTrack as JSON or as a workbook; the book becomes what it says."""

    is_accounts = False

    def __init__(
        self, name: str, portfolio: Portfolio | None, problems: tuple[Problem, ...]
    ) -> None:
        self._name = name
        self._portfolio = portfolio
        self._problems = problems

    def offer(self, portfolio: Portfolio, _today: date, _said: Said, tell: Tell) -> Offer:
        """Return what would change for the book to say what the file says."""
        tell(2, 3, "Comparing it with the book")
        if self._portfolio is None:
            rows = tuple(_problem_row(at, each) for at, each in enumerate(self._problems))
            return Offer("book", self._name, "A whole book, with problems in it", rows=rows)
        edit = interchange.replacing(f"Import {self._name}", portfolio, self._portfolio)
        whose = self._portfolio.organisation.name
        rows = tuple(_changes(edit, portfolio, self._portfolio))
        gone = sum(row.outcome == "removed" for row in rows)
        note = f"Your book becomes what this file says. What is only in your book goes: {gone:,}."
        return Offer(
            "book",
            self._name,
            f"A whole book: {whose}",
            rows=rows,
            notes=(note,) if edit.changes else ("Your book says the same already.",),
            edit=edit if edit.changes else None,
        )

    def write_bad_rows(self, _offer: Offer, _path: Path) -> int:
        """A whole book comes in whole."""
        return 0

    def remember(self, _offer: Offer, _said: Said) -> None:
        """There is nothing to remember."""


def _problem_row(at: int, problem: Problem) -> seen.RowSeen:
    says = problem.says[:1].upper() + problem.says[1:]
    fault = seen.FaultSeen(("", 0), None, problem.path, "", "", says)
    return seen.RowSeen(f"problem {at}", None, problem.path, "awards", "problem", "", (fault,))


def _changes(edit: Edit, before: Portfolio, after: Portfolio) -> Iterable[seen.RowSeen]:
    """Yield a row for each record that the edit touches; one that only moves is left as it is."""
    touched: dict[tuple[str, str], list[seen.Outcome]] = {}
    for change in edit.changes:
        made: seen.Outcome = "changed"
        if change.before is None or change.after is None:
            made = "new" if change.before is None else "removed"
        touched.setdefault((change.list, change.key), []).append(made)
    for (name, key), outcomes in touched.items():
        was, now = before.find(name, key), after.find(name, key)
        if name != "organisation" and was == now:
            continue
        outcome = outcomes[0] if len(outcomes) == 1 else "changed"
        record = now or was
        says = getattr(record, "title", None) or getattr(record, "name", None) or key
        yield seen.RowSeen(f"{name}.{key}", None, "", name, outcome, str(says))
