"""What was spent, as the accounts tell it: which award and budget line a transaction belongs to.

The charity's own rules say so: the first that fits a transaction wholly is the one that counts.
`exchange.accounts` reads the exports and the rules' file.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from fundtrack.core.edit import Edit
from fundtrack.core.errors import Problem
from fundtrack.core.model import Portfolio

Fate = Literal["new", "already in the book", "left out by a rule", "no rule fits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What fits a transaction, every condition given, and where it then belongs."""

    tracking: str = ""
    column: str = ""
    code: str = ""
    text: str = ""
    award: str = ""
    budget_line: str = ""
    ignore: bool = False

    @property
    def fits_what(self) -> str:
        """The conditions in words: code 7000-7099, and tracking “Next Step”."""
        tracked = f"{self.column or 'tracking'} “{self.tracking}”" if self.tracking else ""
        text = f"the words “{self.text}”" if self.text else ""
        code = f"code {self.code}" if self.code else ""
        return " and ".join(filter(None, (code, tracked, text)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """The charity's rules, first to last, and how its export writes days and spending."""

    rules: tuple[Rule, ...] = ()
    day_first: bool | None = None
    reversed: bool = False

    def with_rule(self, rule: Rule) -> Map:
        """Return the map with a rule before all others; one that fits the same goes."""
        kept = (each for each in self.rules if _conditions(each) != _conditions(rule))
        return replace(self, rules=(rule, *kept))

    def without(self, at: int) -> Map:
        """Return the map without one of its rules."""
        return replace(self, rules=(*self.rules[:at], *self.rules[at + 1 :]))


def _conditions(rule: Rule) -> tuple[str, ...]:
    said = (rule.tracking, rule.column, rule.code, rule.text)
    return tuple(each.strip().casefold() for each in said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """One row of the export as it was read; `amount` is pence spent. `where` is sheet and row."""

    where: str
    on: date
    amount: int
    text: str
    reference: str
    code: str
    account: str
    tracking: dict[str, str]
    fate: Fate = "no rule fits"
    award: str = ""
    budget_line: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What an export would bring in; `edit` is None where there is nothing, or a row is unreadable.

    `problems` name each row that could not be read, or whose rule names what is not in the book.
    `unclear_days` are examples where nothing in the file tells the day from the month.
    """

    system: str
    transactions: tuple[Transaction, ...]
    problems: tuple[Problem, ...]
    edit: Edit | None
    unmapped: tuple[tuple[str, int, int], ...] = field(default=())
    unclear_days: tuple[str, ...] = ()

    def how_many(self, fate: Fate) -> int:
        """How many transactions met this fate."""
        return sum(each.fate == fate for each in self.transactions)

    @property
    def sums(self) -> dict[tuple[str, str], int]:
        """Pence that would be brought in, by award and budget line."""
        found: Counter[tuple[str, str]] = Counter()
        for each in self.transactions:
            if each.fate == "new":
                found[each.award, each.budget_line] += each.amount
        return dict(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The transactions of one account and tracking, which mostly belong to one place.

    `rule` fits all of them and says nothing yet of where they belong. `where` is the place most
    of them have: ("next-step", "staff"), LEFT_OUT, or None where no rule fits one.
    """

    says: str
    rule: Rule
    rows: int
    pence: int
    where: tuple[str, str] | None


LEFT_OUT = ("", "")
"""Where a transaction belongs that a rule leaves out."""


def groups(transactions: tuple[Transaction, ...]) -> tuple[Group, ...]:
    """Return the transactions by account and tracking, those that no rule fits first.

    A rule holds one tracking: of several, the first that has a value.
    """
    gathered: dict[Rule, list[Transaction]] = {}
    for each in transactions:
        gathered.setdefault(_rule_of(each), []).append(each)
    made = [_group(rule, found) for rule, found in gathered.items()]
    return tuple(sorted(made, key=lambda group: (group.where is not None, group.says)))


def _rule_of(each: Transaction) -> Rule:
    column, tracking = next(((c, t) for c, t in each.tracking.items() if t), ("", ""))
    text = "" if each.code or tracking else each.text
    return Rule(code=each.code, tracking=tracking, column=column, text=text)


def _group(rule: Rule, found: list[Transaction]) -> Group:
    code = " ".join(filter(None, (rule.code, found[0].account)))
    says = " · ".join(dict.fromkeys(filter(None, (code, rule.tracking)))) or rule.text
    places = {_where(each) for each in found}
    first = Counter(_where(each) for each in found).most_common(1)[0][0]
    return Group(
        says=says,
        rule=rule,
        rows=len(found),
        pence=sum(each.amount for each in found),
        where=None if None in places else first,
    )


def _where(each: Transaction) -> tuple[str, str] | None:
    if each.fate == "no rule fits":
        return None
    return LEFT_OUT if each.fate == "left out by a rule" else (each.award, each.budget_line)


def places(portfolio: Portfolio) -> tuple[tuple[tuple[str, str], str], ...]:
    """Return where spending can belong, and what to call it: each award, and each of its lines."""
    return tuple(
        ((award.key, line), f"{award.title}: {title}" if title else award.title)
        for award in sorted(portfolio.awards, key=lambda award: award.title.casefold())
        for line, title in (
            *((each.key, each.title or each.heading) for each in award.budget_lines),
            ("", "no line" if award.budget_lines else ""),
        )
    )


def place_words(portfolio: Portfolio, where: tuple[str, str] | None) -> str:
    """Return what to call where spending belongs: "Next Step: Salaries"."""
    if where is None:
        return ""
    if where == LEFT_OUT:
        return "Left out"
    return dict(places(portfolio)).get(where, where[0])


def placing(rule: Rule, where: tuple[str, str]) -> Rule:
    """Return a rule that puts what it fits there."""
    award, line = where
    return replace(rule, award=award, budget_line=line, ignore=where == LEFT_OUT)
