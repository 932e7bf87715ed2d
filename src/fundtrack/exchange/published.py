"""Shows a funder's published file of grants (360Giving) as a person sees it before it enters.

Ours are taken out of it: which recipient that is, is proposed and asked. Each of its rows is shown
with what becomes of it. Its cells can be put right in place, and rows left out or written out.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from fundtrack.core import importing as seen
from fundtrack.core.errors import KnownError
from fundtrack.core.importing import Offer, Said
from fundtrack.core.words import count
from fundtrack.exchange import files, giving360, grants_file
from fundtrack.exchange.tables import telling, values
from fundtrack.exchange.tables.matching import plain_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from fundtrack.core.errors import Problem
    from fundtrack.core.model import Portfolio

    Tell = Callable[[int, int, str], None]

_RECIPIENT, _MONTHS, _ORDER, _DOUBLED = "recipient", "months", "order", "doubled"
_EXAMPLES = 3
_OUTCOMES: dict[str, seen.Outcome] = {
    "new": "new", "known": "unchanged", "problem": "problem", "left out": "left out",
}  # fmt: skip


class Published:
    """A funder's published file of grants, out of which ours are taken."""

    is_accounts = False

    def __init__(self, path: Path) -> None:
        self._path = path
        self._recipients: tuple[tuple[str, str], ...] = ()
        self._people = 0

    def offer(self, portfolio: Portfolio, today: date, said: Said, tell: Tell) -> Offer:
        """Return what the file would bring in for the recipient that is us.

        Raises KnownError if it cannot be read.
        """
        if not self._recipients:
            tell(1, 3, "Finding the recipients")
            self._find_recipients()
        us = said.answers.get(_RECIPIENT) or self._own(portfolio)
        asked = [
            seen.Asked(
                _RECIPIENT,
                "Which recipient is your charity?",
                self._recipients,
                (),
                "choice",
                us,
            )
        ]
        about = f"A funder's published grants, to {count(len(self._recipients), 'recipient')}"
        people = f"{count(self._people, 'grant')} to individuals cannot come in, and is left out."
        shown = Offer("published", self._path.name, about, asked=tuple(asked),
                      notes=(people,) if self._people else ())  # fmt: skip
        if not us:
            return shown
        tell(2, 3, "Working out what comes in")
        months = said.answers.get(_MONTHS, "")
        order = said.answers.get(_ORDER, "")
        doubled = said.answers.get(_DOUBLED, "")
        choices = giving360.Choices(
            int(months) if months.isdecimal() else None,
            order == "day-first",
            each_row=doubled == "each",
            corrections=said.corrections,
            left_out=said.left_out,
        )
        try:
            found = giving360.offer(self._path, [us], portfolio, today, choices)
            freely = giving360.offer(
                self._path, [us], portfolio, today,
                replace(choices, months=12, day_first=True, each_row=False),
            )  # fmt: skip
        except KnownError as known:
            return replace(shown, notes=(*shown.notes, _in_a_window(str(known))))
        asked += _wanting(found, freely, months, order)
        asked += _doubled(freely, doubled)
        notes = (*shown.notes, *(f"{each.path}: {each.says}" for each in found.differing))
        return replace(
            shown,
            about=f"{about}. Ours: {found.recipient}",
            asked=tuple(asked),
            rows=tuple(map(_row, found.rows)),
            notes=notes,
            edit=found.edit,
            held=found,
        )

    def _find_recipients(self) -> None:
        names: dict[str, str] = {}
        grants: Counter[str] = Counter()
        for row in grants_file.rows(self._path):
            if row.first("individual.id") or row.first("individual.name"):
                self._people += 1
                continue
            id_, name = row.first("recipient.id"), row.first("recipient.name")
            known = str((id_ or name).value) if id_ or name else ""  # type: ignore[union-attr]
            if known:
                names.setdefault(known, str(name.value) if name else known)
                grants[known] += 1
        if not names:
            raise KnownError(
                f"{self._path.name} holds no grants to organisations as 360Giving has them. "
                "Nothing was changed"
            )
        self._recipients = tuple(
            (
                known,
                f"{name}{'' if name == known else f' ({known})'}, {count(grants[known], 'grant')}",
            )
            for known, name in sorted(names.items(), key=lambda each: each[1].casefold())
        )

    def _own(self, portfolio: Portfolio) -> str:
        """Return which recipient is the book's own charity, by its number or its very name."""
        ours = portfolio.organisation
        wanted = {
            giving360.organisation_id(f"{scheme}-{number}").casefold()
            for scheme, number in (
                ("GB-CHC", ours.charity_number),
                ("GB-SC", ours.charity_number),
                ("GB-NIC", ours.charity_number),
                ("GB-COH", ours.company_number),
            )
            if number
        }
        named = plain_name(ours.name)
        by_number = [k for k, _ in self._recipients
                     if giving360.organisation_id(k).casefold() in wanted]  # fmt: skip
        by_name = [k for k, said in self._recipients if plain_name(said.split(" (")[0]) == named]
        found = by_number or by_name
        return found[0] if len(found) == 1 else ""

    def write_bad_rows(self, offer: Offer, path: Path) -> int:
        """Write the grants that stay out, under the file's titles, with the reason beside each.

        Returns how many; what a row has more than once is joined by semicolons. Raises KnownError
        if the file cannot be written.
        """
        if not isinstance(offer.held, giving360.Offer):
            return 0
        staying = [each for each in offer.held.rows if each.outcome in ("problem", "left out")]
        lines = [(_by_title(each.row), _why(each)) for each in staying]
        titles = list(dict.fromkeys(title for cells, _ in lines for title in cells))
        files.refuse_a_book(path)
        telling.write_table(
            path,
            "Rows left out",
            [
                [*titles, telling.REASON],
                *([*(cells.get(title, "") for title in titles), why] for cells, why in lines),
            ],
        )
        return len(lines)

    def remember(self, _offer: Offer, _said: Said) -> None:
        """There is nothing to remember: every such file has the same columns."""


def _row(became: giving360.Became) -> seen.RowSeen:
    """Return a row as it is shown, with its cells to be put right."""
    row = became.row
    laid_out = row.laid_out()
    named = next(
        (cell for name in ("title", "id", "funder.name") if (cell := row.first(name))), None
    )
    return seen.RowSeen(
        key=f"{row.line[0]}|{row.line[1]}",
        line=row.line,
        where=row.where,
        kind="awards",
        outcome=_OUTCOMES[became.outcome],
        says=values.shown(named.value) if named else "",
        faults=tuple(_fault(row.line, laid_out, each) for each in became.problems),
        cells=tuple(
            (cell.column, _title(name, cell), values.shown(cell.value)) for name, cell in laid_out
        ),
    )


def _fault(
    line: grants_file.Line, laid_out: list[tuple[str, grants_file.Cell]], problem: Problem
) -> seen.FaultSeen:
    """Return a problem beside the cell that has it, or the one that is to be filled in."""
    says = _in_a_window(problem.says[:1].upper() + problem.says[1:])
    at = next(
        (
            (name, cell)
            for name, cell in laid_out
            if cell.where == problem.path
            or says == f"{grants_file.TITLES.get(name)} is missing"
            or (name == "planned.end" and "planned end" in says)
        ),
        None,
    )
    if at is None:
        return seen.FaultSeen(line, None, problem.path, "", "", says)
    found = values.shown(at[1].value)
    return seen.FaultSeen(line, at[1].column, problem.path, "", found, says)


def _title(name: str, cell: grants_file.Cell) -> str:
    return cell.title or grants_file.TITLES.get(name) or name.replace(".", " ").capitalize()


def _by_title(row: grants_file.Row) -> dict[str, str]:
    """Return a row's cells by title; what it has more than once is joined by semicolons."""
    cells: dict[str, str] = {}
    for name, cells_ in row.cells.items():
        for cell in cells_:
            title, text = cell.title or name, str(cell.value)
            cells[title] = f"{cells[title]}; {text}" if title in cells else text
    return cells


def _why(became: giving360.Became) -> str:
    if became.outcome == "left out":
        return "It was left out"
    return "; ".join(
        dict.fromkeys(
            _in_a_window(each.says[:1].upper() + each.says[1:]) for each in became.problems
        )
    )


def _wanting(
    found: giving360.Offer, freely: giving360.Offer, months: str, order: str
) -> list[seen.Asked]:
    """Return what the file does not say: how long awards run, and which number is the day."""
    asked = []
    said = " ".join(problem.says for problem in found.problems)
    if months or "duration" in said:
        asked.append(
            seen.Asked(
                _MONTHS,
                "Some awards have neither an end nor a length. How many months do they run?",
                (), (), "number", months,
            )
        )  # fmt: skip
    if order or (len(freely.problems) < len(found.problems) and "day" in said):
        asked.append(
            seen.Asked(
                _ORDER,
                "Which number comes first in the dates, the day or the month?",
                (("day-first", "The day comes first"),), (), "choice", order,
            )
        )  # fmt: skip
    return asked


def _doubled(freely: giving360.Offer, answer: str) -> list[seen.Asked]:
    """Ask what rows of one identifier with different figures are, where there are any."""
    rows = [problem for problem in freely.problems if "carry the identifier" in problem.says]
    if not rows:
        return []
    return [
        seen.Asked(
            _DOUBLED,
            f"{count(len(rows), 'row')} share an identifier with others, and differ in their "
            "figures. What are they?",
            (("each", "Each row is an award of its own"), ("out", "Leave them out")),
            tuple(problem.path for problem in rows[:_EXAMPLES]),
            "choice",
            answer,
        )
    ]


def _in_a_window(says: str) -> str:
    """Return a sentence without what only the command line has."""
    return re.sub(r",? (?:with|or with|or give) --[\w-]+", "", says)
