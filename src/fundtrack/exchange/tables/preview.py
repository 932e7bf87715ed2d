"""Shows what a spreadsheet would bring into the book, row by row, as one edit to accept.

Nothing enters until the edit is done. Every fault of every row is listed with its sheet, its cell
and the words found there; a row with a fault is not in the edit until it is put right or left out.
What the file does not say is asked once, as a `Question`; unanswered, the rows it is about stand
among the faults. A blank cell changes nothing that the book has, and a file brought in twice
changes nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fundtrack.core.check import tried
from fundtrack.core.edit import Edit
from fundtrack.core.errors import Problem, StaleEditError
from fundtrack.core.model import Portfolio
from fundtrack.core.pausing import without_collecting
from fundtrack.exchange.tables import finding
from fundtrack.exchange.tables.columns import (
    PUBLISHED,
    Layout,
    Plan,
    fitted,
    is_known,
    is_of_individuals,
    plain_title,
    propose,
    taken_as,
)
from fundtrack.exchange.tables.gathering import Gathering
from fundtrack.exchange.tables.matching import Match
from fundtrack.exchange.tables.rows import Choices, Fault, Outcome, Place, Seen, Tell, untold
from fundtrack.exchange.tables.sheets import Spreadsheet
from fundtrack.exchange.tables.values import Question, shown


@dataclass(frozen=True, slots=True)
class Preview:
    """What would come in: `edit` is None where there is nothing new or changed."""

    plans: tuple[Plan, ...]
    rows: tuple[Seen, ...]
    questions: tuple[Question, ...]
    matches: tuple[Match, ...]
    notes: tuple[str, ...]
    edit: Edit | None

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Every fault of every row that is not left out, in the order of the file."""
        return tuple(fault for row in self.rows for fault in row.faults)

    @property
    def bad_rows(self) -> tuple[Seen, ...]:
        """The rows that are not in the edit, because of a fault or because they were left out."""
        return tuple(row for row in self.rows if row.outcome in ("problem", "left out"))

    def counts(self, kind: str | None = None) -> dict[Outcome, int]:
        """How many rows, of one kind or of all, have each outcome."""
        found = Counter(row.outcome for row in self.rows if kind in (None, row.kind))
        order: tuple[Outcome, ...] = ("new", "changed", "unchanged", "problem", "left out")
        return {outcome: found[outcome] for outcome in order}


_Places = Mapping[str, Mapping[str, Sequence[Place]]]


def plans_for(
    spreadsheet: Spreadsheet, portfolio: Portfolio, remembered: Path | None = None
) -> tuple[Plan, ...]:
    """Return the tables of a spreadsheet and what each is taken for, to be put right and accepted.

    `remembered` is the folder of layouts agreed before (`columns.folder()`), if it is to be used.
    """
    funders = portfolio.funders_by_key
    awards = [
        name
        for award in portfolio.awards
        for name in (
            award.title,
            award.reference,
            funders[award.funder].name if award.funder in funders else None,
        )
        if name
    ]
    with without_collecting():
        return propose(finding.tables(spreadsheet, is_known), awards, remembered)


def adjusted(plans: Sequence[Plan], kind: str | None, layout: Layout | None) -> tuple[Plan, ...]:
    """Return the plans with a kind, or a layout, that a person gave for the file's main table.

    That is the one whose titles the layout has most of, else the longest; the others are left out.
    """
    if not plans or (kind is None and layout is None):
        return tuple(plans)
    wanted = {plain_title(use.title) for use in layout.uses} if layout else set()

    def fit(plan: Plan) -> tuple[int, int]:
        shared = wanted & {plain_title(title) for title in plan.table.titles}
        return len(shared), len(plan.table.rows)

    main = max(plans, key=fit)
    chosen = fitted(layout, main.table) if layout else taken_as(main.table, kind or "")
    return (Plan(main.table, chosen),)


def preview(
    plans: Sequence[Plan],
    portfolio: Portfolio,
    today: date,
    *,
    name: str,
    from_1904: bool = False,
    choices: Choices | None = None,
    tell: Tell = untold,
) -> Preview:
    """Return what the tables would bring into a book, all as one edit named after the file.

    `tell` hears how far it is, and may raise to end it there.
    """
    with without_collecting():
        said = choices or Choices()
        gathering = Gathering(portfolio, today, said, from_1904=from_1904, tell=tell)
        gathering.take(plans)
        return _preview(gathering, plans, portfolio, name)


def _preview(
    gathering: Gathering, plans: Sequence[Plan], portfolio: Portfolio, name: str
) -> Preview:
    refused: dict[Place, list[Fault]] = {}
    while True:  # what refers to a row that is refused is refused with it
        drafts = gathering.records(frozenset(refused))
        edit = Edit(f"Import {name}", drafts.changes)
        further = {
            row.place: list(row.faults)
            for row in drafts.rows
            if row.outcome == "problem" and row.place not in refused
        }
        if not (further and drafts.half_made):
            refused.update(further)
            edit, further = _tried(edit, portfolio, drafts.places)
        if not further.keys() - refused.keys():
            break
        for place, faults in further.items():
            refused.setdefault(place, []).extend(faults)
    rows = drafts.rows
    if refused:
        tables = _tables(plans)
        rows = tuple(
            _refused(row, refused[row.place], tables) if row.place in refused else row
            for row in rows
        )
    return Preview(
        plans=tuple(plans),
        rows=rows,
        questions=gathering.questions(),
        matches=gathering.matches(),
        notes=(*_notes(plans), *gathering.notes()),
        edit=edit if edit.changes else None,
    )


def _refused(row: Seen, faults: Sequence[Fault], tables: Mapping[Place, Plan]) -> Seen:
    plan = tables.get(row.place)
    told = tuple(faults if plan is None else (_in_its_cell(each, row, plan) for each in faults))
    return Seen(row.place, row.kind, "problem", row.key, row.says, told, row.cells)


def _tables(plans: Sequence[Plan]) -> dict[Place, Plan]:
    """Return which table each row stands in."""
    return {
        Place(plan.table.sheet.name, row): plan
        for plan in plans
        if plan.layout.kind
        for row in plan.table.rows
    }


def _in_its_cell(fault: Fault, row: Seen, plan: Plan) -> Fault:
    """Return a fault with the cell it is about and the words there, where a column says that."""
    fields = [use.field for use in plan.layout.uses]
    if fault.place.column is not None or fault.title not in fields:
        return fault
    at = fields.index(fault.title)
    where = Place(row.place.sheet, row.place.row, plan.table.columns[at].at)
    return Fault(where, plan.layout.uses[at].title, shown(row.cells[at]), fault.says)


def _tried(
    edit: Edit, portfolio: Portfolio, places: _Places
) -> tuple[Edit, dict[Place, list[Fault]]]:
    """Return the edit as tried on the book, and what it would not keep by the rows it came from."""
    try:
        edit, problems = tried(edit, portfolio)
    except StaleEditError as stale:
        problems = stale.problems
    return edit, _refusals(problems, places) if problems else {}


def _refusals(problems: Sequence[Problem], places: _Places) -> dict[Place, list[Fault]]:
    found: dict[Place, list[Fault]] = defaultdict(list)
    for problem in problems:
        named = _record_of(problem.path, places)
        field_ = problem.path[len(".".join(named)) + 1 :] if named else problem.path
        rows = places[named[0]][named[1]] if named else ()
        for place in rows or _everywhere(places):
            found[place].append(Fault(place, field_, "", problem.says))
        if not rows:
            break
    return found


def _record_of(path: str, places: _Places) -> tuple[str, str] | None:
    """Return the list and the key a path names; a key may hold a full stop itself."""
    name, *parts = path.split(".")
    for end in range(len(parts), 0, -1):
        if (key := ".".join(parts[:end])) in places.get(name, ()):
            return name, key
    return None


def _everywhere(places: _Places) -> list[Place]:
    everywhere = (place for each in places.values() for rows in each.values() for place in rows)
    return list(dict.fromkeys(everywhere))


def _notes(plans: Sequence[Plan]) -> list[str]:
    notes: list[str] = []
    for plan in plans:
        where = plan.table.name or "The table"
        if plan.layout.kind == PUBLISHED:
            notes.append(
                f"{where} is a funder's published file of grants (360Giving). Bring in your own "
                "awards out of it with --360giving"
            )
        elif is_of_individuals(plan.table):
            notes.append(
                f"{where} holds grants to individuals. Only grants to organisations come in, and "
                "nothing is taken from it."
            )
        elif not plan.layout.kind:
            notes.append(f"{where} was not recognised, and nothing is taken from it.")
        else:
            notes.extend(f"{where}: {said}" for said in plan.table.said())
    return notes
