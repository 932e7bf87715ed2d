"""A funder's own workbook as the window sees it: looked at, mapped, planned, written and proved.

What is remembered for an award stands beside the book as `NAME mappings/AWARD.toml`, a file a
person can read (see `resources/returns/own-workbook/MAPPING.md`).
"""

from __future__ import annotations

import contextlib
import re
import threading
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from fundtrack.core.errors import RefusedError
from fundtrack.core.returns.filling import with_cells
from fundtrack.core.returns.form import (
    FormCell,
    FormChange,
    FormFill,
    FormPlan,
    FormProblem,
    FormProof,
    FormSheet,
    FormStart,
    Spot,
    fill_over,
)
from fundtrack.exchange.files import refuse_a_book, write_whole
from fundtrack.exchange.workbook.own.asking import answers_for
from fundtrack.exchange.workbook.own.filling import anchored, write_filled
from fundtrack.exchange.workbook.own.labels import Labels
from fundtrack.exchange.workbook.own.lists import choices
from fundtrack.exchange.workbook.own.mapping import (
    Fill,
    Mapping,
    mapping_to_toml,
    read_mapping,
)
from fundtrack.exchange.workbook.own.numbers import kind_of, shown
from fundtrack.exchange.workbook.own.opening import open_workbook
from fundtrack.exchange.workbook.own.places import Area, Place, place_of
from fundtrack.exchange.workbook.own.planning import planned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from fundtrack.core.errors import Problem
    from fundtrack.core.returns.form import FormAsked
    from fundtrack.core.returns.vocabulary import Answers, Item
    from fundtrack.exchange.workbook.own.planning import Change, Plan
    from fundtrack.exchange.workbook.own.workbook import Workbook

_KIND_WORD = {
    "general": "anything",
    "number": "number",
    "percent": "percent",
    "date": "day",
    "time": "time",
    "text": "words",
}
_MOST_ROWS, _MOST_COLUMNS = 5_000, 400
_LONGEST_RUN = 500
_UNSAFE = re.compile(r"[^\w.-]+")
_FOLDER = "mappings"


def opened(path: Path, book: Path) -> OwnForm:
    """A funder's workbook for a book's awards. Raises KnownError where it cannot be filled."""
    return OwnForm(path, book)


def mapping_beside(book: Path, award: str) -> Path:
    """Where an award's mapping is remembered."""
    name = _UNSAFE.sub("-", award).strip("-.") or "award"
    return book.with_name(f"{book.stem} {_FOLDER}") / f"{name}.toml"


class OwnForm:
    """A workbook opened twice: to be looked at, and to be worked with elsewhere meanwhile."""

    def __init__(self, path: Path, book: Path) -> None:
        self._book = book
        self._seen: Workbook = open_workbook(path)
        self._used: Workbook = open_workbook(path)
        self._busy = threading.Lock()
        self._sheets: dict[str, FormSheet] = {}
        self._labels: dict[str, Labels] = {}
        for title in self.titles:
            self.sheet(title)

    @property
    def name(self) -> str:
        """What the file is called."""
        return self._seen.name

    @property
    def ending(self) -> str:
        """What a filled file's name must end in."""
        return self._seen.kind

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """The sheets of cells in sight, in order."""
        return tuple(entry.title for entry in self._seen.sheets if entry.fillable)

    @property
    def hidden(self) -> int:
        """How many sheets are hidden; they are left alone."""
        return sum(entry.state != "visible" for entry in self._seen.sheets)

    # --- looking -------------------------------------------------------------------------------

    def sheet(self, title: str) -> FormSheet:
        """A sheet: how far it reaches, and what is merged and hidden. A vast one is cut short."""
        if title not in self._sheets:
            found = self._seen.sheet(title)
            reach = found.extent
            unlocked = [
                place
                for place in (found.cells if found.protected else ())
                if not found.is_locked(place) and found.mark(place) == "open"
            ]
            bottom = max([reach.bottom, *(place.row for place in unlocked)])
            right = max([reach.right, *(place.column for place in unlocked)])
            self._sheets[title] = FormSheet(
                title=title,
                rows=min(bottom, _MOST_ROWS),
                columns=min(right, _MOST_COLUMNS),
                protected=found.protected,
                widths=dict(found.widths),
                merged=tuple((a.top, a.left, a.bottom, a.right) for a in found.merged),
                hidden_rows=found.hidden_rows,
                hidden_columns=found.hidden_columns,
                to_fill=len(unlocked),
            )
        return self._sheets[title]

    def cell(self, spot: Spot) -> FormCell:
        """What stands in a cell, and whether it may be filled."""
        sheet, place = self._seen.sheet(spot.sheet), Place(spot.row, spot.column)
        value, mark = sheet.cell(place).value, sheet.mark(place)
        rule, kind = sheet.rule(place), kind_of(sheet.code(place))
        listed = rule is not None and rule.kind == "list"
        return FormCell(
            text=sheet.shown(place),
            mark=mark,
            why=sheet.refusal(place),
            listed=listed,
            right=not isinstance(value, str | bool)
            and (value is not None or kind in ("number", "percent", "date")),
            kind="one of a list" if listed else _KIND_WORD[kind],
        )

    def offered(self, spot: Spot) -> tuple[str, ...]:
        """What a cell's drop-down lists; nothing if it has none or nobody can tell."""
        place = Place(spot.row, spot.column)
        found = choices(self._seen, spot.sheet, place, {})
        code = self._seen.sheet(spot.sheet).code(place)
        return () if found is None else tuple(shown(value, code) for value in found.values)

    def words_at(self, spot: Spot) -> str:
        """The words a cell is known by."""
        return self._labels_of(spot.sheet).anchor(Place(spot.row, spot.column)).says

    def run(self, spot: Spot, *, down: bool) -> tuple[tuple[Spot, str], ...]:
        """The cells that may be filled from here on, each with the label beside or above it."""
        sheet, labels = self._seen.sheet(spot.sheet), self._labels_of(spot.sheet)
        reach, found = self.sheet(spot.sheet), list[tuple[Spot, str]]()
        place = Place(spot.row, spot.column)
        while len(found) < _LONGEST_RUN and sheet.mark(place) == "open":
            if place.row > reach.rows or place.column > reach.columns:
                break
            at = labels.left_of(place) if down else labels.above(place)
            said = "" if at is None or _is_far(at, place, down=down) else labels.texts[at]
            if labels.is_label(place):
                break
            found.append((Spot(spot.sheet, *place), said))
            place = place.moved(1, 0) if down else place.moved(0, 1)
        return tuple(found)

    def _labels_of(self, title: str) -> Labels:
        if title not in self._labels:
            self._labels[title] = Labels(self._seen.sheet(title))
        return self._labels[title]

    # --- working -------------------------------------------------------------------------------

    def items(self, asked: FormAsked, family: str) -> tuple[Item, ...]:
        """What a family of fields repeats for."""
        mapping = Mapping(name="", fills=(_asking(family),))
        return self._answers(mapping, asked).items(family)

    def begin(self, asked: FormAsked) -> FormStart:
        """What is remembered for the award's workbook, found again in this one."""
        path = mapping_beside(self._book, asked.award)
        if not path.exists():
            return FormStart()
        mapping = read_mapping(path)
        with self._busy:
            plan = planned(self._used, mapping, self._answers(mapping, asked))
        fills, lost = _found_again(mapping, plan)
        return FormStart(
            name=mapping.name,
            fills=fills,
            differences=tuple(
                FormProblem(one.says, _spot(f"{one.sheet}!{one.cell}")) for one in plan.differences
            ),
            lost=lost,
        )

    def plan(self, fills: Sequence[FormFill], asked: FormAsked) -> FormPlan:
        """What filling would do, and what stands in its way."""
        mapping = self._mapping(fills)
        with self._busy:
            answers = self._answers(mapping, asked)
            plan = planned(self._used, anchored(self._used, mapping), answers)
        looks = [FormProblem(says) for says in plan.remarks]
        looks += [FormProblem(str(one), _spot(one.where)) for one in plan.personal]
        return FormPlan(
            changes=tuple(map(_change, plan.changes)),
            problems=tuple(
                replace(one, ours=self._ours(one.spot, fills, answers))
                for one in map(_problem, plan.problems)
            ),
            looks=tuple(looks),
            findings=with_cells(answers.figures, plan.cells).findings,
        )

    def _ours(self, spot: Spot | None, fills: Sequence[FormFill], answers: Answers) -> str:
        """Our word for what a cell with a drop-down would hold."""
        fill = None if spot is None else fill_over(fills, spot)
        if spot is None or fill is None or not fill.field:
            return ""
        rule = self._used.sheet(spot.sheet).rule(Place(spot.row, spot.column))
        if rule is None or rule.kind != "list":
            return ""
        with contextlib.suppress(RefusedError):
            value = answers.answer(fill.field, fill.of_cell(spot), month=fill.month).value
            return shown(Decimal(value) if isinstance(value, int) else value)
        return ""

    def keep(self, fills: Sequence[FormFill], award: str) -> Path:
        """Remember the mapping with the award, and what this file looks like; where."""
        with self._busy:
            mapping = anchored(self._used, self._mapping(fills))
        path = mapping_beside(self._book, award)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, mapping_to_toml(mapping).encode())
        return path

    def write(self, fills: Sequence[FormFill], asked: FormAsked, out: Path) -> FormProof:
        """Write the filled workbook, prove it, and only then put it in its place."""
        refuse_a_book(out)
        mapping = self._mapping(fills)
        with self._busy:
            answers = self._answers(mapping, asked)
            plan = planned(self._used, anchored(self._used, mapping), answers)
            proof = write_filled(self._used, plan, out)
        return FormProof(says=proof.says, sha256=proof.sha256)

    def _mapping(self, fills: Sequence[FormFill]) -> Mapping:
        return Mapping(name=self.name.rpartition(".")[0], fills=tuple(map(_fill, fills)))

    def _answers(self, mapping: Mapping, asked: FormAsked) -> Answers:
        return answers_for(
            asked.portfolio,
            asked.statutory,
            asked.award,
            asked.period,
            mapping,
            asked.today,
            confirmed=asked.confirmed,
            folder=self._book.absolute().parent,
        )


def _asking(family: str) -> Fill:
    """A fill that asks for a family, so that its sheet is worked out."""
    from fundtrack.core.returns.vocabulary import fields

    name = next(each.name for each in fields() if each.name.startswith(f"{family}."))
    return Fill(sheet="", area=Area(1, 1, 1, 1), field=name)


def _is_far(label: Place, place: Place, *, down: bool) -> bool:
    """Whether a label is of another row or column, seen past a merged block."""
    return label.row != place.row if down else label.column != place.column


def _fill(fill: FormFill) -> Fill:
    return Fill(
        sheet=fill.sheet,
        area=Area(fill.top, fill.left, fill.bottom, fill.right),
        field=fill.field,
        of=fill.of,
        month=fill.month,
        fixed=fill.fixed,
        words=dict(fill.words) or None,
        money=fill.money,
    )


def _found_again(
    mapping: Mapping, plan: Plan
) -> tuple[tuple[FormFill, ...], tuple[FormProblem, ...]]:
    """The fills of a mapping where their cells are now, and what was not found."""
    by_fill: dict[int, list[Change]] = {}
    for change in plan.changes:
        by_fill.setdefault(change.fill, []).append(change)
    fills = [
        one for at, fill in enumerate(mapping.fills) for one in _moved(fill, by_fill.get(at, []))
    ]
    lost = tuple(_problem(one) for one in plan.problems)
    return tuple(fills), lost


def _moved(fill: Fill, changes: list[Change]) -> Iterator[FormFill]:
    plain = FormFill(
        sheet=fill.sheet,
        top=fill.area.top,
        left=fill.area.left,
        bottom=fill.area.bottom,
        right=fill.area.right,
        field=fill.field,
        of=fill.of,
        month=fill.month,
        fixed=fill.fixed,
        money=fill.money,
        words=tuple((fill.words or {}).items()),
    )
    places = [change.place for change in changes]
    if len(places) == fill.area.size and _same_shape(fill, places):
        first, last = places[0], places[-1]
        yield replace(
            plain,
            sheet=changes[0].sheet,
            top=first.row,
            left=first.column,
            bottom=last.row,
            right=last.column,
        )
        return
    for change in changes:
        row, column = change.place
        yield replace(
            plain,
            sheet=change.sheet,
            top=row,
            left=column,
            bottom=row,
            right=column,
            of=(change.of,) if change.of else (),
        )


def _same_shape(fill: Fill, places: list[Place]) -> bool:
    origin, first = fill.area.first, places[0]
    rows, columns = first.row - origin.row, first.column - origin.column
    return [place.moved(rows, columns) for place in fill.places] == places


def _change(change: Change) -> FormChange:
    source = change.source
    return FormChange(
        spot=Spot(change.sheet, *change.place),
        field=change.field,
        of=change.of,
        old=change.old_shown,
        new=change.new_shown,
        found_by=change.anchor.says,
        source="" if source is None else source.says,
        records=() if source is None else source.records,
        moved_from="" if change.moved_from is None else str(change.moved_from),
        notes=change.notes,
    )


def _problem(problem: Problem) -> FormProblem:
    spot = _spot(problem.path)
    where = problem.path if spot is None else str(Place(spot.row, spot.column))
    return FormProblem(f"{where} {problem.says}", spot)


def _spot(where: str) -> Spot | None:
    """The cell `Sheet!D9` names, the first of several."""
    sheet, _, cell = where.rpartition("!")
    place = place_of(cell.partition(":")[0])
    return Spot(sheet.strip("'"), *place) if sheet and place is not None else None
