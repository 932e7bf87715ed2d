"""Works out what filling a workbook would do, cell by cell, and what stands in the way of it.

Every cell of the mapping is found by its words, its figure asked of the return and turned into what
the cell takes. With a single cell that cannot be filled, nothing is: all such cells are listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from fundtrack.core.errors import Problem, RefusedError
from fundtrack.core.pausing import without_collecting
from fundtrack.core.returns.personal import KnownPeople, personal
from fundtrack.core.returns.vocabulary import Answer, family_of
from fundtrack.core.words import count
from fundtrack.exchange.workbook.own.labels import Anchor, Found, Labels, plain
from fundtrack.exchange.workbook.own.lists import choices
from fundtrack.exchange.workbook.own.numbers import Value, shown
from fundtrack.exchange.workbook.own.places import Place
from fundtrack.exchange.workbook.own.taking import CannotError, of_list, taken
from fundtrack.exchange.workbook.own.template import differences, places_by_sheet, titles_now

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fundtrack.core.returns.personal import Personal
    from fundtrack.core.returns.sources import Source
    from fundtrack.core.returns.vocabulary import Answers
    from fundtrack.exchange.workbook.own.mapping import Fill, Mapping
    from fundtrack.exchange.workbook.own.sheet import Sheet
    from fundtrack.exchange.workbook.own.template import Difference
    from fundtrack.exchange.workbook.own.workbook import Workbook


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One cell as it is and as it will be. `fill` is the number of its part of the mapping, from 0.

    `field` and `of` say which figure fills it, `figure` its name among the return's own (as its
    findings use it), `source` where that came from. `anchor` are the words the cell was found by,
    and `moved_from` where it stood before, if it has moved. `notes` are what a person should know
    of it, such as that there is no figure yet.
    """

    sheet: str
    place: Place
    fill: int
    field: str
    of: str
    old: Value
    new: Value
    old_shown: str
    new_shown: str
    anchor: Anchor
    figure: str = ""
    source: Source | None = None
    moved_from: Place | None = None
    notes: tuple[str, ...] = ()

    @property
    def cell(self) -> str:
        """The cell by sheet and address: `Q2 return!D9`."""
        return f"{self.sheet}!{self.place}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What filling a workbook would do. With any problem, nothing can be written.

    `differences` are what is not as it was in the file the mapping was made for; `remarks` what to
    know of the file; `personal` what looks personal in the words to be written.
    """

    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    differences: tuple[Difference, ...] = ()
    remarks: tuple[str, ...] = ()
    personal: tuple[Personal, ...] = ()

    @property
    def values(self) -> dict[str, dict[Place, Value]]:
        """What will stand in each cell, by sheet."""
        found: dict[str, dict[Place, Value]] = {}
        for change in self.changes:
            found.setdefault(change.sheet, {})[change.place] = change.new
        return found

    @property
    def cells(self) -> dict[str, str]:
        """Where each figure of the return will stand: for `with_cells` of its checks."""
        return {change.figure: change.cell for change in self.changes if change.figure}


@without_collecting()
def planned(workbook: Workbook, mapping: Mapping, answers: Answers) -> Plan:
    """What filling a workbook with a return by a mapping would do, and what stands in its way."""
    return _Planning(workbook, mapping, answers).plan()


class _Wanted(NamedTuple):
    """A figure on its way to a cell. `answer` is None for a cell of a block that is left over."""

    sheet: str
    place: Place
    moved_from: Place | None
    number: int
    fill: Fill
    of: str
    anchor: Anchor
    answer: Answer | None


class _Planning:
    """Works out what goes where, and gathers what stands in the way."""

    def __init__(self, workbook: Workbook, mapping: Mapping, answers: Answers) -> None:
        self.workbook = workbook
        self.mapping = mapping
        self.answers = answers
        self.problems: list[Problem] = []
        self.ignored = places_by_sheet(mapping.cells)
        self.titles = self._titles()
        self.labels: dict[str, Labels] = {}
        self._words = self._known_words()
        self.changed_sheets: dict[str, bool] = {}

    def plan(self) -> Plan:
        template = self.mapping.template
        found = () if template is None else differences(template, self.workbook, self._labels)
        self.changed_sheets = {one.sheet: True for one in found}
        wanted = [
            one for at, fill in enumerate(self.mapping.fills) for one in self._wanted(at, fill)
        ]
        self._refuse_twice(wanted)
        changes = tuple(self._changes(wanted))
        return Plan(
            changes=changes,
            problems=tuple(self.problems),
            differences=found,
            remarks=self.workbook.remarks,
            personal=self._personal(changes),
        )

    def _titles(self) -> dict[str, str]:
        """The sheet that stands for each one of the mapping."""
        template = self.mapping.template
        found = {} if template is None else titles_now(template, self.workbook)
        for fill in self.mapping.fills:
            entry = self.workbook.entry(fill.sheet)
            if fill.sheet not in found and entry is not None:
                found[fill.sheet] = entry.title
        return found

    # --- which figure, which cell ----------------------------------------------------------------

    def _wanted(self, number: int, fill: Fill) -> Iterator[_Wanted]:
        title = self.titles.get(fill.sheet)
        entry = None if title is None else self.workbook.entry(title)
        if entry is None or entry.kind != "worksheet":
            self._problem(f"{fill.sheet}!{fill.area}", "its sheet is not in this workbook")
            return
        keys = self._keys(fill)
        for at, place in enumerate(fill.places):
            found = self._find(fill, at, place, entry.title)
            if found.place is None:
                self._problem(f"{entry.title}!{place}", f"was not found: {found.says}")
                continue
            moved = None if found.place == place and entry.title == fill.sheet else place
            try:
                answer = self._answer(fill, keys, at)
            except RefusedError as refused:
                for problem in refused.problems:
                    self._problem(f"{entry.title}!{found.place}", problem.says)
                continue
            of = keys[at] if at < len(keys) else ""
            yield _Wanted(
                entry.title, found.place, moved, number, fill, of, fill.anchor(at), answer
            )

    def _keys(self, fill: Fill) -> tuple[str, ...]:
        """Which line, post ... each cell is for; a block without keys takes all, in order."""
        if fill.of or not fill.is_block or fill.fixed is not None or not fill.field:
            return fill.of
        family = family_of(fill.field)
        if not family.each:
            return ()
        items = tuple(item.key for item in self.answers.items(family.name))
        room = fill.area.size
        if len(items) > room:
            says = f"there is room for {room}, and the book has {count(len(items), family.each)}"
            self._problem(f"{fill.sheet}!{fill.area}", says)
        return items[:room]

    def _answer(self, fill: Fill, keys: tuple[str, ...], at: int) -> Answer | None:
        if fill.fixed is not None:
            return Answer(fill.fixed, "text")
        if fill.is_block and family_of(fill.field).each and at >= len(keys):
            return None
        return self.answers.answer(fill.field, keys[at] if at < len(keys) else "", month=fill.month)

    def _find(self, fill: Fill, at: int, place: Place, title: str) -> Found:
        anchor = fill.anchor(at)
        labels = self._labels(fill.sheet, title)
        if not (anchor.row or anchor.column) and title in self.changed_sheets:
            first = self._first_of_block(fill, at, title)
            if first is not None:
                return first
            return Found(None, "no words stand beside it, and its sheet is not as it was")
        return labels.find(anchor, place)

    def _labels(self, sheet: str, title: str) -> Labels:
        """The labels of a sheet, by what the mapping calls it and what it is called now."""
        if title not in self.labels:
            ignored = self.ignored.get(sheet, frozenset())
            known = self._words | self._words_of(sheet)
            self.labels[title] = Labels(self.workbook.sheet(title), ignored, known)
        return self.labels[title]

    def _known_words(self) -> frozenset[str]:
        """The words by which the mapping knows its cells."""
        anchors = [anchor for fill in self.mapping.fills for anchor in fill.anchors]
        words = {word for one in anchors for word in (one.row, one.column, one.under)}
        return frozenset(map(plain, words))

    def _words_of(self, sheet: str) -> frozenset[str]:
        """The labels remembered of a sheet."""
        template = self.mapping.template
        remembered = None if template is None else template.sheet(sheet)
        labels = None if remembered is None else remembered.labels
        return frozenset(map(plain, (labels or {}).values()))

    def _first_of_block(self, fill: Fill, at: int, title: str) -> Found | None:
        """A cell of a block without words of its own goes with the block's first cell."""
        anchor = fill.anchor(0)
        if not at or not (anchor.row or anchor.column):
            return None
        found = self.labels[title].find(anchor, fill.places[0])
        if found.place is None:
            return found
        here, origin = fill.places[at], fill.places[0]
        return Found(found.place.moved(here.row - origin.row, here.column - origin.column))

    def _refuse_twice(self, wanted: list[_Wanted]) -> None:
        seen: dict[tuple[str, Place], Place] = {}
        for one in wanted:
            was = one.moved_from or one.place
            before = seen.setdefault((one.sheet, one.place), was)
            if before != was:
                says = f"would be filled twice: what stood in {before} and in {was} is here now"
                self._problem(f"{one.sheet}!{one.place}", says)

    # --- what the cell takes ---------------------------------------------------------------------

    def _changes(self, wanted: list[_Wanted]) -> Iterator[Change]:
        after: dict[tuple[str, Place], Value] = {}
        ready = list[tuple[_Wanted, Value, tuple[str, ...]]]()
        for one in wanted:
            sheet = self.workbook.sheet(one.sheet)
            where = f"{one.sheet}!{one.place}"
            refusal = sheet.refusal(one.place)
            if refusal:
                self._problem(where, refusal)
                continue
            try:
                value, notes = taken(
                    one.answer, one.fill, sheet.code(one.place), since_1904=self.workbook.since_1904
                )
            except CannotError as cannot:
                self._problem(where, str(cannot))
                continue
            after[one.sheet, one.place] = value
            ready.append((one, value, notes))
        for one, meant, notes in ready:
            sheet = self.workbook.sheet(one.sheet)
            try:
                value = self._chosen(one, meant, after)
            except CannotError as cannot:
                self._problem(f"{one.sheet}!{one.place}", str(cannot))
                continue
            after[one.sheet, one.place] = value
            yield self._change(one, value, notes, sheet)

    def _change(self, one: _Wanted, value: Value, notes: tuple[str, ...], sheet: Sheet) -> Change:
        old, code = sheet.cell(one.place).value, sheet.code(one.place)
        if one.moved_from is not None:
            notes = (*notes, f"was {one.fill.sheet}!{one.moved_from}; found by {one.anchor.says}")
        return Change(
            sheet=one.sheet,
            place=one.place,
            fill=one.number,
            field=one.fill.field,
            of=one.of,
            old=old,
            new=value,
            old_shown=shown(old, code),
            new_shown=shown(value, code),
            anchor=one.anchor,
            figure="" if one.answer is None else one.answer.figure,
            source=None if one.answer is None else self.answers.source(one.answer),
            moved_from=one.moved_from,
            notes=notes,
        )

    def _chosen(self, one: _Wanted, value: Value, after: dict[tuple[str, Place], Value]) -> Value:
        """A value as the cell's own rule takes it: of a list, in the list's spelling."""
        if value is None:
            return None
        offered = choices(self.workbook, one.sheet, one.place, after)
        if offered is not None:
            return of_list(value, offered)
        rule = self.workbook.sheet(one.sheet).rule(one.place)
        refusal = "" if rule is None else rule.refusal(value, since_1904=self.workbook.since_1904)
        if refusal:
            raise CannotError(refusal)
        return value

    def _personal(self, changes: tuple[Change, ...]) -> tuple[Personal, ...]:
        texts = [(one.cell, one.new) for one in changes if isinstance(one.new, str)]
        return personal(texts, KnownPeople.of(self.answers.portfolio))

    def _problem(self, where: str, says: str) -> None:
        problem = Problem(where, says)
        if problem not in self.problems:
            self.problems.append(problem)
