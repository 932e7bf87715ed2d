"""Remembers what a commissioner's file looked like, and lists what is different in the next one.

What is remembered is the names of its sheets and, of those that are filled, their labels with the
cells they stand in. Answers are not remembered, so a filled file and a blank one are alike.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from fundtrack.core.words import count
from fundtrack.exchange.workbook.own.labels import Labels, plain
from fundtrack.exchange.workbook.own.places import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from fundtrack.exchange.workbook.own.workbook import SheetEntry, Workbook

_MOST_LABELS = 3_000
_LONGEST = 120
_ALIKE_ENOUGH = 0.6


@dataclass(frozen=True, slots=True)
class RememberedSheet:
    """A sheet as it was: `labels` are its labels by cell, None of a sheet that is not filled."""

    title: str
    state: str
    labels: dict[Place, str] | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """The file a mapping was made for."""

    file: str
    sheets: tuple[RememberedSheet, ...]

    @property
    def fingerprint(self) -> str:
        """A short name for what is remembered: two files with the same are laid out alike."""
        said = hashlib.sha256()
        for sheet in self.sheets:
            said.update(f"{sheet.title}\n{sheet.state}\n".encode())
            for place, label in sorted((sheet.labels or {}).items()):
                said.update(f"{place} {plain(label)}\n".encode())
        return said.hexdigest()[:16]

    def sheet(self, title: str) -> RememberedSheet | None:
        """The sheet of that title, or None."""
        return next((one for one in self.sheets if one.title == title), None)


class Difference(NamedTuple):
    """Something that is not as it was: on which sheet, in which cell if in one, and in words."""

    kind: Literal["sheet", "gone", "new", "moved"]
    sheet: str
    says: str
    cell: str = ""


def remember(
    workbook: Workbook, filled: Mapping[str, frozenset[Place]], file: str = ""
) -> Template:
    """What a workbook looks like; `filled` are the cells to be filled, by sheet."""
    return Template(
        file or workbook.name,
        tuple(
            RememberedSheet(
                entry.title,
                entry.state,
                _labels(workbook, entry.title, filled[entry.title])
                if entry.title in filled and entry.kind == "worksheet"
                else None,
            )
            for entry in workbook.sheets
        ),
    )


def _labels(workbook: Workbook, title: str, filled: frozenset[Place]) -> dict[Place, str]:
    return _kept(Labels(workbook.sheet(title), filled))


def _kept(labels: Labels) -> dict[Place, str]:
    kept = [place for place in sorted(labels.texts) if labels.is_label(place)]
    return {place: labels.texts[place][:_LONGEST] for place in kept[:_MOST_LABELS]}


def titles_now(template: Template, workbook: Workbook) -> dict[str, str]:
    """Which sheet stands for each remembered one that is filled: itself, or one much like it.

    A sheet called “Q2 return” may be called “Q3 return” the next time: it is known by its labels.
    """
    now = {entry.title: entry for entry in workbook.sheets}
    known = {one.title for one in template.sheets}
    fresh = [entry for entry in now.values() if entry.title not in known and entry.fillable]
    found = {}
    for sheet in template.sheets:
        if sheet.title in now:
            found[sheet.title] = sheet.title
        elif sheet.labels:
            alike = [entry for entry in fresh if _alike(workbook, entry, sheet) >= _ALIKE_ENOUGH]
            if len(alike) == 1:
                found[sheet.title] = alike[0].title
    return found


def _alike(workbook: Workbook, entry: SheetEntry, sheet: RememberedSheet) -> float:
    """How much of what is on either sheet is on both, from none (0) to all (1)."""
    ours = Counter(map(plain, (sheet.labels or {}).values()))
    theirs = Counter(map(plain, _labels(workbook, entry.title, frozenset()).values()))
    whole = (ours | theirs).total()
    return (ours & theirs).total() / whole if whole else 0.0


def differences(
    template: Template, workbook: Workbook, labels: Callable[[str, str], Labels]
) -> tuple[Difference, ...]:
    """What is different in a workbook from the one a mapping was made for, sheet by sheet.

    `labels` gives the labels of a sheet now: by what the mapping calls it, and by its title now.
    """
    return tuple(_differences(template, workbook, labels))


def _differences(
    template: Template, workbook: Workbook, labels: Callable[[str, str], Labels]
) -> Iterator[Difference]:
    titles = titles_now(template, workbook)
    now = {entry.title: entry for entry in workbook.sheets}
    for sheet in template.sheets:
        title = titles.get(sheet.title)
        if title is None:
            yield Difference("sheet", sheet.title, f"the sheet “{sheet.title}” is no longer there")
            continue
        if title != sheet.title:
            says = f"the sheet “{sheet.title}” is not there; “{title}” has the same labels"
            yield Difference("sheet", title, says)
        if now[title].state != sheet.state:
            says = (
                f"the sheet “{title}” was {_state(sheet.state)} and is {_state(now[title].state)}"
            )
            yield Difference("sheet", title, says)
        if sheet.labels is not None and now[title].kind == "worksheet":
            yield from _in_sheet(title, sheet.labels, _kept(labels(sheet.title, title)))
    for title in [one for one in now if one not in titles.values()]:
        yield Difference("sheet", title, f"the sheet “{title}” is new")


def _state(state: str) -> str:
    return "shown" if state == "visible" else "hidden"


def _in_sheet(
    title: str, before: Mapping[Place, str], after: Mapping[Place, str]
) -> Iterator[Difference]:
    gone = {p: text for p, text in before.items() if plain(after.get(p, "")) != plain(text)}
    new = {p: text for p, text in after.items() if plain(before.get(p, "")) != plain(text)}
    moved = defaultdict[Place, list[tuple[Place, Place]]](list)
    for was, is_ in _moves(gone, new):
        moved[Place(is_.row - was.row, is_.column - was.column)].append((was, is_))
        del gone[was], new[is_]
    for by, pairs in moved.items():
        first_was, first_is = pairs[0]
        what = count(len(pairs), "label")
        says = f"{what} moved {_by(by)}, the first from {first_was} to {first_is}"
        yield Difference("moved", title, f"{says}: “{before[first_was]}”", str(first_is))
    for place, text in sorted(gone.items()):
        if place in new:
            says = f"{place} said “{text}” and says “{new.pop(place)}”"
            yield Difference("gone", title, says, str(place))
        else:
            yield Difference("gone", title, f"“{text}” is no longer in {place}", str(place))
    for place, text in sorted(new.items()):
        yield Difference("new", title, f"“{text}” is new in {place}", str(place))


def _moves(gone: Mapping[Place, str], new: Mapping[Place, str]) -> list[tuple[Place, Place]]:
    """The labels that stand elsewhere now; those of the same words in the order they stand."""
    by_text = defaultdict[str, list[Place]](list)
    for place in sorted(new):
        by_text[plain(new[place])].append(place)
    found = []
    for place in sorted(gone):
        places = by_text[plain(gone[place])]
        if places:
            found.append((place, places.pop(0)))
    return found


def _by(move: Place) -> str:
    rows, columns = move
    parts = []
    if rows:
        parts.append(f"{count(abs(rows), 'row')} {'down' if rows > 0 else 'up'}")
    if columns:
        way = "to the right" if columns > 0 else "to the left"
        parts.append(f"{count(abs(columns), 'column')} {way}")
    return " and ".join(parts)


def places_by_sheet(cells: Iterable[tuple[str, Place]]) -> dict[str, frozenset[Place]]:
    """Cells by their sheet."""
    found = defaultdict[str, set[Place]](set)
    for title, place in cells:
        found[title].add(place)
    return {title: frozenset(places) for title, places in found.items()}
