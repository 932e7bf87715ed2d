"""What a page may show: the book, what follows from it today, and whether it may be changed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from fundtrack.core import words
from fundtrack.core.check import check_edit
from fundtrack.core.errors import StaleEditError
from fundtrack.core.overclaim import claimed_twice_by

if TYPE_CHECKING:
    from fundtrack.core.deadlines import Due, Snooze
    from fundtrack.core.edit import Edit
    from fundtrack.core.errors import Problem
    from fundtrack.core.glance import Glance
    from fundtrack.core.model import Portfolio
    from fundtrack.core.outlook import Outlook
    from fundtrack.core.pipeline import Pipeline
    from fundtrack.core.returns.register import Owed

Salaries = Literal["hidden", "shown", "absent"]
"""Whether what tells a salary or a birth date is hidden, shown, or not there to be asked for."""
_ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


class Later:
    """What follows from a book and only some pages show, worked out when first asked for."""

    def __init__(self, portfolio: Portfolio, outlook: Outlook) -> None:
        self._portfolio, self._outlook = portfolio, outlook
        self._dues: tuple[tuple[Snooze, ...], tuple[Due, ...]] | None = None

    @cached_property
    def pipeline(self) -> Pipeline:
        """What is not secured yet, by stage."""
        from fundtrack.core.pipeline import pipeline

        return pipeline(self._portfolio, self._outlook)

    @cached_property
    def returns(self) -> tuple[Owed, ...]:
        """Every return the awards' duties make us owe, and every one the book has."""
        from fundtrack.core.returns.register import register

        workings = self._outlook.workings
        return register(self._portfolio, workings.rates.statutory, known=workings.duties_known)

    def dues(self, snoozes: tuple[Snooze, ...] = ()) -> tuple[Due, ...]:
        """Everything with a due date, what a person has snoozed marked so."""
        from fundtrack.core.deadlines import deadlines

        if self._dues is None or self._dues[0] != snoozes:
            self._dues = (snoozes, deadlines(self._portfolio, self._outlook, snoozes=snoozes))
        return self._dues[1]


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One book at one moment. Pages read it and never change it."""

    portfolio: Portfolio
    outlook: Outlook
    glance: Glance
    read_only: bool = False
    salaries: Salaries = "hidden"
    whole: View | None = None
    """Where this one leaves names and salaries out: the one that figures are worked out from."""
    later: Later = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nothing of what is worked out later."""
        object.__setattr__(self, "later", Later(self.portfolio, self.outlook))

    @property
    def tells_salaries(self) -> bool:
        """Whether salaries, week's pay, persons and birth dates may stand on the screen."""
        return self.salaries == "shown"

    @property
    def for_trustees(self) -> bool:
        """Whether names and salaries are not there at all, and nothing can be changed."""
        return self.salaries == "absent"

    @property
    def sums(self) -> View:
        """The view to work figures out from, never to be shown: the whole of this one."""
        return self.whole or self

    def with_salaries(self, salaries: Salaries) -> View:
        """The same book at the same moment, with salaries hidden, shown or absent.

        Where they are absent the book itself has none, and no names either.
        """
        if salaries == self.salaries:
            return self
        if self.whole is not None:
            return self.whole.with_salaries(salaries)
        if salaries == "absent":
            return _for_trustees(self)
        made = replace(self, salaries=salaries)
        object.__setattr__(made, "later", self.later)
        return made

    def refusal(self, edit: Edit, *, by_hand: bool = True) -> str:
        """Say why an edit may not be made, in one sentence, or return "".

        A share put in by hand may not claim a post above 100 %; one that is only put back may.
        """
        try:
            problems = check_edit(edit.apply(self.portfolio), edit)
            if by_hand and not problems:
                problems = claimed_twice_by(self.portfolio, edit)
        except StaleEditError as stale:
            problems = stale.problems
        return sentence_of(problems)

    def award_title(self, key: str | None) -> str:
        """What an award is called; money without an award is unrestricted funds."""
        award = self.portfolio.awards_by_key.get(key or "")
        return award.title if award else "Unrestricted funds"

    def post_title(self, key: str | None) -> str:
        """What a post is called."""
        post = self.portfolio.posts_by_key.get(key or "")
        return post.title if post else ""


def _for_trustees(whole: View) -> View:
    from fundtrack.core import redaction

    return View(
        redaction.for_trustees(whole.portfolio),
        redaction.outlook_for_trustees(whole.outlook),
        redaction.glance_for_trustees(whole.glance),
        read_only=True,
        salaries="absent",
        whole=whole,
    )


def sentence_of(problems: tuple[Problem, ...]) -> str:
    """Return the first of some problems as a sentence, and how many more there are."""
    if not problems:
        return ""
    said = _ISO_DAY.sub(lambda day: words.short_day(date.fromisoformat(day[0])), problems[0].says)
    first = words.sentence(said)
    more = len(problems) - 1
    return first if not more else f"{first} (and {more} more like it)"
