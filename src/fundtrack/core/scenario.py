"""What if: changes that have not been made, and how to make them after all.

A scenario is edits kept and not made (`wishes` builds them). `applied` gives the book as it would
be; its outlook beside today's (`comparison`) says which figures move. What is accepted goes down
the one road of every other change, and is refused when the book has moved on since.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import attrgetter
from typing import Any

from fundtrack.core import words
from fundtrack.core.check import check_edit
from fundtrack.core.edit import Edit, add, change
from fundtrack.core.errors import Problem, RefusedError, StaleEditError
from fundtrack.core.model import (
    Allocation,
    Award,
    Change,
    PayChange,
    Portfolio,
    Post,
    Scenario,
)
from fundtrack.core.period import last_day_of
from fundtrack.core.plain import decimal_text, specs
from fundtrack.core.wishes import Wish, agreed, payee_of, payer_of, stage_name, title_of


def planned(portfolio: Portfolio, wishes: Iterable[Wish]) -> tuple[Portfolio, tuple[Edit, ...]]:
    """The book with every wish granted, one after another, and the edits that came of them."""
    made: list[Edit] = []
    for wish in wishes:
        edit = wish(portfolio)
        portfolio = edit.apply(portfolio)
        made.append(edit)
    return portfolio, tuple(made)


def applied(portfolio: Portfolio, edits: Iterable[Edit | Change]) -> Portfolio:
    """The book as it would be. Raises StaleEditError if it has moved on since they were made."""
    made: list[Change] = []
    for each in edits:
        made.extend(each.changes if isinstance(each, Edit) else (each,))
    return Edit("", tuple(made)).apply(portfolio)


def merged(edits: Iterable[Edit | Change]) -> tuple[Change, ...]:
    """One change for each record, from what it was to what it becomes in the end.

    So each can be accepted without the others. What comes back to where it was is left out.
    """
    whole: dict[tuple[str, str], Change] = {}
    for each in edits:
        for one in each.changes if isinstance(each, Edit) else (each,):
            first = whole.get((one.list, one.key))
            whole[one.list, one.key] = one if first is None else replace(first, after=one.after)
    return tuple(each for each in whole.values() if each.before != each.after)


def accept(
    portfolio: Portfolio,
    label: str,
    changes: Sequence[Change],
    chosen: Collection[int] | None = None,
) -> Edit:
    """The one edit that makes all of the changes, or those at the places chosen.

    Raises StaleEditError naming each field of the book that has moved since, or RefusedError if
    the book may not be saved so (one change may need another).
    """
    taken = tuple(each for at, each in enumerate(changes) if chosen is None or at in chosen)
    moved = tuple(problem for each in taken for problem in _moved(portfolio, each))
    if moved:
        raise StaleEditError(moved)
    edit = Edit(label, taken).placed(portfolio)
    problems = check_edit(edit.apply(portfolio), edit)
    if problems:
        raise RefusedError(problems)
    return edit


def rebased(
    portfolio: Portfolio, changes: Iterable[Change]
) -> tuple[tuple[Change, ...], tuple[Problem, ...]]:
    """The changes brought up to date with the book, and what stands in the way of the others.

    Only the fields a change is about matter: that a payment has come since does not spoil a plan
    to extend the award.
    """
    fitting: list[Change] = []
    problems: list[Problem] = []
    for each in changes:
        found = tuple(_moved(portfolio, each, only_touched=True))
        standing = portfolio.find(each.list, each.key)
        if found:
            problems += found
        elif each.before is None or each.after is None or standing is None:
            fitting.append(replace(each, before=standing))
        else:
            touched = {name: getattr(each.after, name) for name in _differing(each)}
            now: Any = replace(standing, **touched)
            if now != standing:
                fitting.append(replace(each, before=standing, after=now))
    return tuple(fitting), tuple(problems)


def saved(
    portfolio: Portfolio,
    scenario: Scenario,
) -> Edit:
    """The edit that keeps a scenario in the book, or brings the one of its key up to date.

    Raises RefusedError if it has no title.
    """
    if not scenario.title.strip():
        says = "a scenario needs a title, to find it by"
        raise RefusedError((Problem(f"scenarios.{scenario.key}.title", says),))
    known = portfolio.find("scenarios", scenario.key)
    label = f"Keep the scenario {scenario.title}"
    if known is None:
        return Edit(label, (add("scenarios", scenario),))
    return Edit(label, (change("scenarios", known, scenario),) if known != scenario else ())


def _moved(portfolio: Portfolio, each: Change, *, only_touched: bool = False) -> Iterable[Problem]:
    """What has changed in the book since a change was thought of."""
    standing, path = portfolio.find(each.list, each.key), f"{each.list}.{each.key}"
    title = title_of(each.before or each.after)
    if standing == each.before:
        return
    if each.before is None:
        yield Problem(path, f"{title} is already in the book. Nothing was changed")
    elif standing is None:
        yield Problem(path, f"{title} is no longer in the book. Nothing was changed")
    else:
        about = _differing(replace(each, after=standing))
        if only_touched and each.after is not None:
            still_to_do = _differing(replace(each, before=standing))
            about &= _differing(each) & still_to_do
        for name in sorted(about):
            field = name.removesuffix("_").replace("_", " ")
            yield Problem(
                f"{path}.{name.removesuffix('_')}",
                f"{title}: {field} has changed since. Nothing was changed; look again, then try "
                "once more",
            )


def _differing(each: Change) -> set[str]:
    """The fields in which a record differs before and after."""
    if each.before is None or each.after is None:
        return set()
    names = tuple(spec.attribute for spec in specs(type(each.before)))
    read = attrgetter(*names)
    pairs = zip(names, read(each.before), read(each.after), strict=True)
    return {name for name, one, other in pairs if one is not other and one != other}


# --- in words ----------------------------------------------------------------------------------


def described(portfolio: Portfolio, each: Change) -> str:
    """One change in a sentence. Salaries are never said, only that they differ."""
    told = _told(portfolio, each)
    return f"{_name(portfolio, each)}{told}"


@dataclass(frozen=True, slots=True)
class Told:
    """Changes that say the same of several records, in one sentence, and their places."""

    says: str
    places: tuple[int, ...]


def described_together(portfolio: Portfolio, changes: Sequence[Change]) -> tuple[Told, ...]:
    """All changes in words, each sentence once: a pay rise of twenty posts is one line."""
    alike: dict[tuple[str, str], list[int]] = {}
    for at, each in enumerate(changes):
        told = _told(portfolio, each)
        alone = str(at) if each.before is None or each.after is None else ""
        alike.setdefault((f"{each.list}{alone}", told), []).append(at)
    return tuple(
        Told(f"{_names(portfolio, [changes[at] for at in places])}{told}", tuple(places))
        for (_, told), places in alike.items()
    )


def _names(portfolio: Portfolio, changes: Sequence[Change]) -> str:
    first = _name(portfolio, changes[0])
    return first if len(changes) == 1 else f"{first} and {len(changes) - 1} more"


def _told(portfolio: Portfolio, each: Change) -> str:
    if each.before is None:
        return f" is added{_worth(each.after)}"
    if each.after is None:
        return " is removed"
    told: list[str] = []
    if isinstance(each.before, Award):
        told = list(_award_told(each))
    elif isinstance(each.before, Post):
        told = list(_post_told(each))
    elif isinstance(each.before, Allocation):
        told = list(_share_told(portfolio, each))
    else:
        told = [_field(name) for name in sorted(_differing(each))]
    return f": {', '.join(told)}"


def _award_told(each: Change) -> Iterable[str]:
    before, after = each.before, each.after
    if not (isinstance(before, Award) and isinstance(after, Award)):
        return
    if before.stage != after.stage:
        yield f"{stage_name(after.stage)}, not {stage_name(before.stage)}"
    if before.start != after.start:
        yield f"starts {words.day(after.start)}, not {words.day(before.start)}"
    if last_day_of(before) != last_day_of(after):
        yield f"ends {words.day(last_day_of(after))}, not {words.day(last_day_of(before))}"
    was, is_ = agreed(before), agreed(after)
    if was != is_:
        yield f"{words.whole_pounds(is_)}, not {words.whole_pounds(was)}"
    known = {"stage", "start", "end", "amount", "extensions", "profile", "payments", "uplifts"}
    yield from (_field(name) for name in sorted(_differing(each) - known))


def _post_told(each: Change) -> Iterable[str]:
    before, after = each.before, each.after
    if not (isinstance(before, Post) and isinstance(after, Post)):
        return
    if before.fte != after.fte:
        yield f"{decimal_text(after.fte)} FTE, not {decimal_text(before.fte)}"
    if before.end != after.end:
        yield "goes on" if after.end is None else f"ends {words.day(after.end)}"
    if before.notice_served_on != after.notice_served_on:
        day = after.notice_served_on
        yield "notice not given" if day is None else f"notice on {words.day(day)}"
    yield from _pay_told(before.pay_changes, after.pay_changes)
    known = {"fte", "end", "notice_served_on", "pay_changes"}
    yield from (_field(name) for name in sorted(_differing(each) - known))


@lru_cache(maxsize=64)  # most posts of a charity have had the same rises
def _pay_told(before: tuple[PayChange, ...], after: tuple[PayChange, ...]) -> tuple[str, ...]:
    told: list[str] = []
    gone = {rise.from_: rise for rise in before if rise not in after}
    for rise in after:
        if rise not in before:
            was = gone.pop(rise.from_, None)
            not_ = f", not {_rise(was)}" if was is not None else ""
            told.append(f"pay {_rise(rise)} from {words.day(rise.from_)}{not_}")
    told += [f"no change of pay on {words.day(day)}" for day in gone]
    return tuple(told)


def _rise(rise: PayChange) -> str:
    return "changes" if rise.percent is None else f"+{decimal_text(rise.percent)} %"


def _share_told(portfolio: Portfolio, each: Change) -> Iterable[str]:
    before, after = each.before, each.after
    if not (isinstance(before, Allocation) and isinstance(after, Allocation)):
        return
    if before.award != after.award:
        yield f"paid by {payer_of(portfolio, after.award)}"
    if before.percent != after.percent:
        yield f"{decimal_text(after.percent)} %, not {decimal_text(before.percent)} %"
    if before.from_ != after.from_:
        yield "from the award's start" if after.from_ is None else f"from {words.day(after.from_)}"
    if before.to != after.to:
        yield "to the award's end" if after.to is None else f"to {words.day(after.to)}"


def _field(name: str) -> str:
    return f"{name.removesuffix('_').replace('_', ' ')} changes"


def _worth(record: object) -> str:
    if isinstance(record, Award):
        term = f"{words.short_day(record.start)} to {words.short_day(record.end)}"
        return f": {words.whole_pounds(record.amount)}, {term}, {stage_name(record.stage)}"
    return ""


def _name(portfolio: Portfolio, each: Change) -> str:
    record = each.before or each.after
    if isinstance(record, Allocation):
        payer = payer_of(portfolio, record.award)
        return f"{payee_of(portfolio, record)}, {decimal_text(record.percent)} % on {payer}"
    return title_of(record)
