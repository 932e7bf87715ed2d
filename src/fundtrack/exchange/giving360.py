"""Brings in the awards made to one charity out of a funder's published file of grants.

What is decided here, and said to the person who imports:

- a day is read from ISO dates, true spreadsheet dates, month names, and from 25/03/2026, which can
  be read one way only; 03/04/2026 is listed as a problem unless the person says the day is first;
- no planned start: the award date; no planned end: the duration in months; neither: a problem,
  unless the person says for how many months such awards run;
- the stage follows the dates: ended, live, or awarded when it has not begun;
- published files do not say whether money is restricted: it is taken as restricted, the careful
  reading, because restricted money is never counted as free;
- rows that share an identifier and say different things are problems, unless the person says that
  each row is an award of its own;
- a grant whose identifier is already an award's reference is left as the book has it.

Source: 360Giving Data Standard 1.4, DOMAIN section 10.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

from fundtrack.core import words
from fundtrack.core.edit import Edit, add
from fundtrack.core.errors import KnownError, Problem
from fundtrack.core.model import Award, Evidence, Fund, Funder, FunderKind, Stage
from fundtrack.core.period import add_months
from fundtrack.exchange import grants_file
from fundtrack.exchange.cells import (
    UnreadableError,
    day_of,
    months_of,
    pence_of,
    refuse_other_money,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from fundtrack.core.model import Change, Portfolio
    from fundtrack.exchange.grants_file import Cell, Row

_PUBLISHED = 4  # the grade of evidence of a published decision
_NEAREST = 5
_KEY_LENGTH = 60
_REGISTERS: dict[str, FunderKind] = {
    "GB-LAE-": "council",
    "GB-LAS-": "council",
    "GB-PLA-": "council",
    "GB-LANI-": "council",
    "GB-GOR-": "government",
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person says where a published file does not.

    `months` is how long an award without an end runs; `day_first` reads 03/04/2026 as 3 April;
    `each_row` takes rows of one identifier with different figures as awards of their own.
    `corrections` are read in place of cells, as `grants_file.rows` has them; rows on the lines
    `left_out` are not wanted.
    """

    months: int | None = None
    day_first: bool = False
    fund: Fund = "restricted"
    each_row: bool = False
    corrections: Mapping[tuple[str, int, int], str] = field(default_factory=dict)
    left_out: frozenset[grants_file.Line] = frozenset()


@dataclass(frozen=True, slots=True)
class Became:
    """What becomes of one row of the recipient's, and what is wrong with it.

    A row that says what another says already is `known`, as is a grant the book has.
    """

    row: Row
    outcome: Literal["new", "known", "problem", "left out"]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """What a file would bring in, for a yes or a no.

    `edit` is None when there is nothing new. `known` counts grants the book already has, and
    `differing` says where the file and the book no longer agree on one of them. `rows` are all
    of the recipient's, in the order of the file.
    """

    recipient: str
    awards: tuple[Award, ...]
    funders: tuple[Funder, ...]
    edit: Edit | None
    known: int
    differing: tuple[Problem, ...]
    problems: tuple[Problem, ...]
    rows: tuple[Became, ...] = ()


@dataclass(frozen=True, slots=True)
class _Grant:
    """One grant as read, with dates and pence, before it becomes records of the book."""

    row: Row
    identifier: str
    title: str
    description: str
    amount: int
    awarded: date
    start: date
    end: date
    dated: str
    funder_id: str | None
    funder_name: str

    @property
    def said(self) -> tuple[object, ...]:
        """What it says, wherever it stands: two rows that say the same are one grant."""
        return (self.title, self.amount, self.awarded, self.start, self.end, self.funder_name)


def offer(
    path: Path,
    recipients: Sequence[str],
    portfolio: Portfolio,
    today: date,
    choices: Choices | None = None,
) -> Offer:
    """Return what the file at `path` holds for these recipients, each an identifier or a name.

    Raises:
        KnownError: the file cannot be read, or names no such recipient, or several.

    """
    choices = choices or Choices()
    found = _grants_to(recipients, grants_file.rows(path, choices.corrections), path.name)
    problems: list[Problem] = []
    wanted = [row for row in found if row.line not in choices.left_out]
    grants = [grant for row in wanted for grant in _read(row, choices, problems)]
    grants = _once_each(grants, problems, each_row=choices.each_row)
    held = {award.reference: award for award in portfolio.awards if award.reference}
    new = [grant for grant in grants if grant.identifier not in held]
    records = _Records(portfolio, today, choices, path.name)
    for grant in new:
        records.take(grant)
    name = _recipient_name(found)
    return Offer(
        recipient=name,
        awards=tuple(records.awards),
        funders=tuple(records.funders),
        edit=records.edit(f"Import {_counted(len(new), 'award')} to {name}") if new else None,
        known=len(grants) - len(new),
        differing=tuple(
            problem
            for grant in grants
            if grant.identifier in held
            for problem in _differences(grant, held[grant.identifier])
        ),
        problems=tuple(problems),
        rows=tuple(_became(found, choices.left_out, problems, {grant.row.where for grant in new})),
    )


def _became(
    rows: Iterable[Row],
    left_out: frozenset[grants_file.Line],
    problems: Iterable[Problem],
    new: Container[str],
) -> Iterator[Became]:
    by_place: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        by_place[problem.path].append(problem)
    for row in rows:
        if row.line in left_out:
            yield Became(row, "left out")
            continue
        places = (row.where, *(cell.where for cells in row.cells.values() for cell in cells))
        wrong = tuple(problem for place in places for problem in by_place.get(place, ()))
        yield Became(row, "problem" if wrong else "new" if row.where in new else "known", wrong)


def organisation_id(text: str) -> str:
    """Return an organisation's identifier written the one way (DOMAIN section 10).

    "gb-coh-7962245" -> "GB-COH-07962245". One of an unknown register is returned as it is.
    """
    text = text.strip()
    parts = re.fullmatch(r"([A-Za-z]{2}-[A-Za-z]+)-(.+)", text)
    if parts is None:
        return text
    register, number = parts[1].upper(), re.sub(r"\s", "", parts[2]).upper()
    letters, digits = re.match(r"[A-Z]*", number)[0], re.sub(r"[^0-9]", "", number)  # type: ignore[index]
    match register:
        case "GB-COH" if number.isalnum():
            number = letters + number[len(letters) :].zfill(8 - len(letters))
        case "GB-SC" if digits:
            number = "SC" + digits.zfill(6)
        case "GB-CHC" | "GB-NIC" if digits:
            number = digits.lstrip("0") or digits
        case _:
            return text
    return f"{register}-{number}"


# --- whose grants ------------------------------------------------------------------------------


def _grants_to(recipients: Sequence[str], rows: Iterable[Row], file: str) -> list[Row]:
    """Return the rows made to any of the recipients; KnownError when it is not clear which."""
    wanted = {text: _wanted_ids(text) for text in recipients}
    found: dict[str, list[Row]] = {text: [] for text in recipients}
    names: Counter[str] = Counter()
    people = False
    for row in rows:
        if row.first("individual.id") or row.first("individual.name"):
            people = people or any(_is_person(row, text) for text in recipients)
            continue
        ids, plain = _ids(row), _plain_names(row)
        names.update(_texts(row, "recipient.name"))
        for text, wanted_ids in wanted.items():
            if wanted_ids & ids or _plain(text) in plain:
                found[text].append(row)
    for text, rows_ in found.items():
        if not rows_:
            raise KnownError(_nobody(text, names, file, people=people))
        _refuse_two_organisations(text, wanted[text], rows_)
    seen = {row.where: row for rows_ in found.values() for row in rows_}
    return list(seen.values())


def _wanted_ids(text: str) -> frozenset[str]:
    """Return the identifiers a person can mean: by an identifier, or a bare registered number."""
    bare = re.sub(r"\s", "", text).upper()
    meant = [text]
    if re.fullmatch(r"\d{5,8}", bare):
        meant += [f"GB-CHC-{bare}", f"GB-COH-{bare}", f"GB-NIC-{bare}"]
    elif re.fullmatch(r"SC\d{5,6}", bare):
        meant += [f"GB-SC-{bare}", f"GB-COH-{bare}"]
    elif re.fullmatch(r"[A-Z]{2}\d{6}", bare):
        meant += [f"GB-COH-{bare}"]
    return frozenset(organisation_id(each).casefold() for each in meant)


def _ids(row: Row) -> frozenset[str]:
    """Return every identifier a row gives its recipient, charity and company numbers included."""
    ids = [organisation_id(text) for text in _texts(row, "recipient.id")]
    for number in _texts(row, "recipient.charity"):
        scheme = "GB-SC" if number.upper().startswith("SC") else "GB-CHC"
        ids.append(organisation_id(f"{scheme}-{number}"))
    ids += [organisation_id(f"GB-COH-{number}") for number in _texts(row, "recipient.company")]
    return frozenset(each.casefold() for each in ids)


def _plain_names(row: Row) -> frozenset[str]:
    return frozenset(_plain(name) for name in _texts(row, "recipient.name"))


def _plain(name: str) -> str:
    """Return a name without what people write differently: case, space, punctuation, & for and."""
    return "".join(letter for letter in name.casefold().replace("&", "and") if letter.isalnum())


def _is_person(row: Row, text: str) -> bool:
    return any(
        cell.value == text
        for name in ("individual.id", "individual.name")
        for cell in row.cells[name]
    )


def _nobody(text: str, names: Counter[str], file: str, *, people: bool) -> str:
    if people:
        return (
            f"{file} has grants to individuals by that name. Only grants to organisations come in"
        )
    shown = {_plain(name): name for name in names}
    near = [shown[each] for each in difflib.get_close_matches(_plain(text), shown, _NEAREST)]
    near += [
        name for plain, name in sorted(shown.items()) if _plain(text) in plain and name not in near
    ]
    ending = (
        "The nearest names in it: " + "; ".join(near[:_NEAREST])
        if near
        else "Give the name as the funder writes it, or the charity's number"
    )
    return f"{file} has no grant to “{text}”. {ending}"


def _refuse_two_organisations(text: str, wanted: frozenset[str], rows: list[Row]) -> None:
    """Refuse a name that two organisations share, listing them."""
    if any(wanted & _ids(row) for row in rows):
        return
    groups: list[frozenset[str]] = []
    counts: Counter[str] = Counter()
    for row in rows:
        ids = _ids(row)
        counts.update(_texts(row, "recipient.id"))
        together = [group for group in groups if group & ids]
        groups = [group for group in groups if not group & ids]
        if ids:
            groups.append(ids.union(*together))
    if len(groups) > 1:
        listed = "; ".join(f"{each} ({_counted(n, 'grant')})" for each, n in sorted(counts.items()))
        raise KnownError(
            f"More than one organisation in the file is called “{text}”. "
            f"Give one or more of them by identifier with --recipient: {listed}"
        )


def _recipient_name(rows: list[Row]) -> str:
    """Return the name the file uses most for the recipient."""
    names = Counter(name for row in rows for name in _texts(row, "recipient.name")[:1])
    return names.most_common(1)[0][0] if names else _texts(rows[0], "recipient.id")[0]


# --- what a row says ---------------------------------------------------------------------------


def _read(row: Row, choices: Choices, problems: list[Problem]) -> list[_Grant]:
    """Return the grant a row holds; or nothing, every fault in it added to `problems`."""
    before = len(problems)

    def cell(name: str, reads: Callable[[Any], Any], *, wanted: bool = True) -> Any:  # noqa: ANN401
        held = row.first(name)
        if held is None:
            if wanted:
                problems.append(Problem(row.where, f"{_TITLES[name]} is missing"))
            return None
        try:
            return reads(held.value)
        except UnreadableError as fault:
            problems.append(Problem(held.where, str(fault)))
            return None

    def day(value: Any) -> date:  # noqa: ANN401
        return day_of(value, day_first=choices.day_first)

    identifier = cell("id", text_of)
    amount = cell("amount", pence_of)
    cell("currency", refuse_other_money)
    awarded = cell("awarded", day)
    funder = cell("funder.name", text_of)
    starts = _all(row.cells["planned.start"], day, problems)
    ends = _all(row.cells["planned.end"], day, problems)
    months = cell("planned.months", months_of, wanted=False)
    if len(problems) > before:
        return []
    term = _term(awarded, starts, ends, months, choices)
    if isinstance(term, str):
        problems.append(Problem(row.where, term))
        return []
    start, end, dated = term
    funder_id = row.first("funder.id")
    title, description = row.first("title"), row.first("description")
    return [
        _Grant(
            row=row,
            identifier=identifier,
            title=text_of(title.value) if title else f"Grant {identifier}",
            description=text_of(description.value) if description else "",
            amount=amount,
            awarded=awarded,
            start=start,
            end=end,
            dated=dated,
            funder_id=organisation_id(text_of(funder_id.value)) if funder_id else None,
            funder_name=funder,
        )
    ]


_TITLES = {
    "id": "Identifier",
    "amount": "Amount Awarded",
    "currency": "Currency",
    "awarded": "Award Date",
    "funder.name": "Funding Org:Name",
}


def _all(
    cells: Iterable[Cell], reads: Callable[[Any], date], problems: list[Problem]
) -> list[date]:
    found: list[date] = []
    for cell in cells:
        try:
            found.append(reads(cell.value))
        except UnreadableError as fault:
            problems.append(Problem(cell.where, str(fault)))
    return found


def _term(
    awarded: date, starts: list[date], ends: list[date], months: int | None, choices: Choices
) -> tuple[date, date, str] | str:
    """Return the first and last day and how they are known, or what is wrong with them."""
    start = min(starts, default=awarded)
    known = [] if starts else ["starts on its award date"]
    if ends:
        end = max(ends)
    else:
        length = months or choices.months
        if length is None:
            return (
                "no planned end and no duration, so it cannot be placed in time. Give one in the "
                "file, or say how long such awards run with --months"
            )
        end = add_months(start, length) - timedelta(days=1)
        said = "as the funder gives it" if months else "as you said"
        known.append(f"runs for {_counted(length, 'month')}, {said}")
    if end < start:
        return f"it ends on {words.day(end)}, before it starts on {words.day(start)}"
    return start, end, " and ".join(known)


def _texts(row: Row, name: str) -> list[str]:
    return [text_of(cell.value) for cell in row.cells.get(name, ()) if str(cell.value).strip()]


def _once_each(grants: list[_Grant], problems: list[Problem], *, each_row: bool) -> list[_Grant]:
    """Return each grant once, and list rows that share an identifier but not what they say.

    With `each_row` those are grants too: the second is known by its identifier and "(2)", in the
    order of the file, so that the same file read again finds the same awards.
    """
    by_id: dict[str, list[_Grant]] = defaultdict(list)
    for grant in grants:
        by_id[grant.identifier].append(grant)
    once: list[_Grant] = []
    for identifier, same in by_id.items():
        if len({grant.said for grant in same}) == 1:
            once.append(same[0])
            continue
        if each_row:
            apart = {grant.said: grant for grant in reversed(same)}.values()
            once += _numbered(sorted(apart, key=same.index))
            continue
        problems.extend(
            Problem(
                grant.row.where,
                f"{_counted(len(same), 'row')} carry the identifier {identifier}, with different "
                "figures, so it is not clear which holds. Give each grant its own in the file, or "
                "say that each row is an award of its own, with --each-row",
            )
            for grant in same
        )
    return once


def _numbered(grants: Iterable[_Grant]) -> Iterator[_Grant]:
    for at, grant in enumerate(grants, start=1):
        yield grant if at == 1 else replace(grant, identifier=f"{grant.identifier} ({at})")


def _differences(grant: _Grant, award: Award) -> list[Problem]:
    """Say where the file and the book differ on an award the book has; the book stays as it is."""
    pairs = [
        ("amount", words.money(grant.amount), words.money(award.amount)),
        ("start", str(grant.start), str(award.start)),
        ("end", str(grant.end), str(award.end)),
    ]
    return [
        Problem(
            f"awards.{award.key}.{name}",
            f"the file now says {theirs} where the book says {ours}. The book was left as it is",
        )
        for name, theirs, ours in pairs
        if theirs != ours
    ]


# --- into the book -----------------------------------------------------------------------------


class _Records:
    """The records that grants become, each with a key of its own in the book."""

    def __init__(self, portfolio: Portfolio, today: date, choices: Choices, file: str) -> None:
        self._today = today
        self._choices = choices
        self._file = file
        self._taken = {
            name: {record.key for record in portfolio.records(name)}
            for name in ("funders", "awards", "evidence")
        }
        self._known_funders = list(portfolio.funders)
        self.funders: list[Funder] = []
        self.awards: list[Award] = []
        self.evidence: list[Evidence] = []

    def take(self, grant: _Grant) -> None:
        """Add the award a grant becomes, its funder if it is new, and the published decision."""
        funder = self._funder(grant)
        key = self._key("awards", grant.identifier)
        self.awards.append(
            Award(
                key=key,
                title=grant.title,
                reference=grant.identifier,
                funder=funder.key,
                kind="grant",
                fund=self._choices.fund,
                stage=self._stage(grant),
                amount=grant.amount,
                start=grant.start,
                end=grant.end,
                notes=self._notes(grant),
            )
        )
        self.evidence.append(
            Evidence(
                key=self._key("evidence", f"{key}-published"),
                award=key,
                on=grant.awarded,
                who=funder.name,
                channel="360Giving",
                grade=_PUBLISHED,
                note=f"Award date in {self._file}, {grant.row.where}",
            )
        )

    def edit(self, label: str) -> Edit:
        """Return the one edit that brings all of it in."""
        changes: list[Change] = [
            *(add("funders", funder) for funder in self.funders),
            *(add("awards", award) for award in self.awards),
            *(add("evidence", evidence) for evidence in self.evidence),
        ]
        return Edit(label, tuple(changes))

    def _stage(self, grant: _Grant) -> Stage:
        if grant.end < self._today:
            return "ended"
        return "live" if grant.start <= self._today else "awarded"

    def _notes(self, grant: _Grant) -> str:
        fund = self._choices.fund
        lines = [
            grant.description if grant.description != grant.title else "",
            f"From {self._file}, {grant.row.where} (360Giving).",
            f"It {grant.dated}." if grant.dated else "",
            f"The file does not say whether the money is restricted; it came in as {fund}.",
        ]
        return "\n".join(line for line in lines if line)

    def _funder(self, grant: _Grant) -> Funder:
        """Return the book's funder with the grant's identifier, else with its name, else a new one.

        A funder of that name with another identifier is another funder.
        """
        same_id = grant.funder_id.casefold() if grant.funder_id else None
        for funder in self._known_funders:
            if same_id and organisation_id(funder.org_id or "").casefold() == same_id:
                return funder
        for funder in self._known_funders:
            if _plain(funder.name) == _plain(grant.funder_name) and not (funder.org_id and same_id):
                return funder
        new = Funder(
            key=self._key("funders", grant.funder_name.casefold()),
            name=grant.funder_name,
            kind=_funder_kind(grant.funder_id),
            org_id=grant.funder_id,
        )
        self._known_funders.append(new)
        self.funders.append(new)
        return new

    def _key(self, name: str, text: str) -> str:
        """Return a key out of the text that nothing in the list has yet."""
        stem = re.sub(r"[^A-Za-z0-9._]+", "-", text).strip("-.")[:_KEY_LENGTH] or name
        key, number = stem, 1
        while key in self._taken[name]:
            number += 1
            key = f"{stem}-{number}"
        self._taken[name].add(key)
        return key


def _funder_kind(org_id: str | None) -> FunderKind | None:
    """Return the kind a public register tells: councils and government bodies have their own."""
    return next(
        (kind for start, kind in _REGISTERS.items() if (org_id or "").startswith(start)), None
    )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count:,} {noun}s"
