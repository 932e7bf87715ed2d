"""What may not be saved, and why: faults between fields and records, each with its path.

The shape of each value is judged when it is read (`plain`); here stands what DOMAIN section 8
refuses of records that are well formed. What is stored and only flagged, the outlook says.
"""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal
from functools import cache
from operator import attrgetter, le
from typing import TYPE_CHECKING, Any

from fundtrack.core.documents import fault_of
from fundtrack.core.edit import Tried
from fundtrack.core.employment import gross_pay, salary_steps
from fundtrack.core.errors import Problem
from fundtrack.core.model import (
    LISTS,
    Allocation,
    Award,
    Cost,
    Evidence,
    Funder,
    Organisation,
    Portfolio,
    Post,
    Rate,
    Thresholds,
)
from fundtrack.core.money import percent_of
from fundtrack.core.plain import specs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from fundtrack.core.edit import Edit
    from fundtrack.core.model import Change, Record

_MONTHS_IN_YEAR = 12
_HIGHEST_GRADE = 7
_LONGEST_MONTH = 31
_HUNDRED = 100
_NOTHING_LEFT = -100
_MOST_PERCENT = Decimal(1000)
_NIC_CATEGORIES = "ABCDEFHIJKLMNSVXYZ"
_MOST_NOTICE = 520
_MOST_DAYS = 3660
_LARGEST_POUNDS = 10**13
_BEYOND_REASON = "this is over a hundred thousand million pounds. Check it"
_MOST_OF_A_RATE = {"nic.rate": 1, "pension.employer_minimum": 1}
_RATES_IN_DAYS_OR_MONTHS = ("consultation.", "dismissal.", "redundancy.protective_award_days")
_LEADS = {"awards": "renewal_of", "funders": "ultimate_source"}
_LARGEST_RATE = 10_000_000
_AT_ONCE = 512
"""How many records are looked at together: few enough to be at hand still for their next field."""


def check(portfolio: Portfolio) -> tuple[Problem, ...]:
    """Every fault in the book that may not be saved; none means it may."""
    found = list(_record("organisation", portfolio.organisation, portfolio))
    for name in LISTS:
        records = portfolio.records(name)
        found.extend(_repeated(name, records))
        for at, record in enumerate(records):
            found.extend(_record(f"{name}.{at}", record, portfolio))
    found.extend(_circles(portfolio))
    return tuple(found)


def check_edit(portfolio: Portfolio, edit: Edit) -> tuple[Problem, ...]:
    """The same for what an edit touched: `portfolio` is the book as it would be after it."""
    found: list[Problem] = []
    gone: dict[str, set[str]] = {}
    touched: dict[str, dict[str, Record]] = {}
    became: dict[str, dict[str, Record | None]] = {}
    for name, run in itertools.groupby(edit.changes, attrgetter("list")):
        became.setdefault(name, {}).update((change.key, change.after) for change in run)
    for name, records in became.items():
        touched[name] = {}
        for key, after in records.items():
            record = after if after is not None and after.key == key else portfolio.find(name, key)
            if record is None:
                gone.setdefault(name, set()).add(key)
            else:
                touched[name][key] = record
    if not all(_are_sound([*each.values()], portfolio) for each in touched.values()):
        for name, key in dict.fromkeys((change.list, change.key) for change in edit.changes):
            if record := touched[name].get(key):
                found.extend(_record(f"{name}.{key}", record, portfolio))
    found.extend(
        Problem(f"{change.list}.{change.key}.key", "a key cannot be changed")
        for change in edit.changes
        if change.after is not None and change.after.key != change.key
    )
    found.extend(_still_wanted(portfolio, gone))
    if any(_leads_elsewhere(change) for change in edit.changes if change.list in _LEADS):
        found.extend(_circles(portfolio))
    return tuple(found)


def tried(edit: Edit, portfolio: Portfolio) -> tuple[Edit, tuple[Problem, ...]]:
    """The edit as tried on a book, and what may not be saved of it.

    Where there is nothing, the edit says so (`Edit.tried`) and `Workspace.do` takes its word for
    it while the same book stands: so its records must be as `plain.from_plain` reads them.

    Raises StaleEditError as `Edit.apply` does.
    """
    placed, after = edit.made(portfolio)
    problems = check_edit(after, placed)
    if problems:
        return edit, problems
    return edit.found_sound(Tried(portfolio, placed, after)), ()


def _leads_elsewhere(change: Change) -> bool:
    """Whether a change could close a circle of renewals or ultimate sources."""
    field = _LEADS[change.list]
    leads_to = getattr(change.after, field, None)
    return bool(leads_to) and leads_to != getattr(change.before, field, None)


def _repeated(name: str, records: Iterable[Record]) -> Iterator[Problem]:
    seen: set[str] = set()
    for at, record in enumerate(records):
        if record.key in seen:
            field = "from" if name == "rates" else "key"
            yield Problem(f"{name}.{at}.{field}", f'"{record.key}" is used twice. Give another')
        seen.add(record.key)


def _still_wanted(portfolio: Portfolio, gone: dict[str, set[str]]) -> Iterator[Problem]:
    """What still refers to records that have been removed (keys by list)."""
    for other, cls in LISTS.items():
        refs = [(spec.attribute, gone[spec.ref]) for spec in specs(cls) if spec.ref in gone]
        if not refs:
            continue
        for record in portfolio.records(other):
            for attribute, keys in refs:
                key = getattr(record, attribute)
                if key in keys:
                    yield Problem(
                        f"{other}.{record.key}.{attribute}",
                        f'this still refers to "{key}". Change or remove it first',
                    )


def _record(path: str, record: Record, portfolio: Portfolio) -> Iterator[Problem]:
    yield from _references(path, record, portfolio)
    yield from _sizes(path, record)
    rule = _RULES.get(type(record))
    if rule is not None:
        for field, says in rule(record):
            yield Problem(f"{path}.{field}", says)


def _are_sound(records: Sequence[Record], portfolio: Portfolio) -> bool:
    """Whether `_record` finds nothing in any of these, all of one class."""
    few = (records[at : at + _AT_ONCE] for at in range(0, len(records), _AT_ONCE))
    return all(_few_are_sound(each, portfolio) for each in few)


def _few_are_sound(records: Sequence[Record], portfolio: Portfolio) -> bool:
    """Do as `_are_sound`, field after field."""
    cls: type = type(records[0])
    for _, attribute, ref in _refs(cls):
        keys = set(map(attrgetter(attribute), records)) - {None}
        if any(portfolio.find(ref, key) is None for key in keys):
            return False
    for _, attribute, many, is_pence in _amounts(cls):
        said = [value for value in map(attrgetter(attribute), records) if value]
        ones = itertools.chain.from_iterable(said) if many else said
        if any(abs(one) >= _LARGEST_POUNDS if is_pence else any(_sizes("", one)) for one in ones):
            return False
    rule = _RULES.get(cls)
    if rule is _award and _are_plain_awards(records):  # type: ignore[arg-type]
        return True
    return rule is None or not any(any(rule(record)) for record in records)


def _references(path: str, record: Record, portfolio: Portfolio) -> Iterator[Problem]:
    cls: type = type(record)
    for name, attribute, ref in _refs(cls):
        key = getattr(record, attribute)
        if key is not None and portfolio.find(ref, key) is None:
            yield Problem(
                f"{path}.{name}", f'there is no "{key}" in {ref}. Add it there, or give another'
            )


@cache
def _refs(cls: type) -> tuple[tuple[str, str, str], ...]:
    """Return the fields that name another record: name, attribute and the list it is in."""
    return tuple((spec.name, spec.attribute, spec.ref) for spec in specs(cls) if spec.ref)


def _sizes(path: str, part: Any) -> Iterator[Problem]:  # noqa: ANN401 (a record or part of one)
    """Amounts no charity has, which would be a slip of the keyboard, anywhere in a record."""
    cls: type = type(part)
    for name, attribute, many, is_pence in _amounts(cls):
        value = getattr(part, attribute)
        if value is None or (many and not value):
            continue
        for at, one in enumerate(value) if many else ((None, value),):
            where = f"{path}.{name}" if at is None else f"{path}.{name}.{at}"
            if not is_pence:
                yield from _sizes(where, one)
            elif abs(one) >= _LARGEST_POUNDS:
                yield Problem(where, _BEYOND_REASON)


@cache
def _amounts(cls: type) -> tuple[tuple[str, str, bool, bool], ...]:
    """Return the fields that are amounts or hold some: name, attribute, many, and whether one."""
    return tuple(
        (spec.name, spec.attribute, spec.many, spec.kind == "pence")
        for spec in specs(cls)
        if spec.kind == "pence"
        or (spec.record is not None and spec.name != "edits" and _amounts(spec.record))
    )


def _organisation(organisation: Organisation) -> Iterator[tuple[str, str]]:
    month = organisation.year_start_month
    if month is not None and not 1 <= month <= _MONTHS_IN_YEAR:
        yield "year_start_month", "expected a month from 1 to 12"
    yield from _not_negative(organisation, "consultation_days", "paper_days")
    if organisation.thresholds is not None:
        for name, said in _thresholds(organisation.thresholds):
            yield f"thresholds.{name}", said
    policy = organisation.reserves_policy
    if policy is not None and policy.value < 0:
        yield "reserves_policy.value", "expected 0 or more"


def _thresholds(own: Thresholds) -> Iterator[tuple[str, str]]:
    days = (spec.attribute for spec in specs(Thresholds) if spec.attribute != "silent_cliff")
    yield from _not_negative(own, *days)
    if own.silent_cliff is not None and own.silent_cliff < 0:
        yield "silent_cliff", "expected 0.00 or more"


def _award(award: Award) -> Iterator[tuple[str, str]]:
    if award.end < award.start:
        yield "end", _before(award.start)
    if award.amount < 0:
        yield "amount", "an amount of 0.00 or more is expected"
    if award.renewal_of == award.key:
        yield "renewal_of", "an award cannot renew itself"
    if _SELDOM(award) != _NOT_SAID:  # all looked at together: of most awards none is said
        yield from _seldom_said(award)
    if award.uplifts:
        yield from _uplifts(award)
    if award.extensions:
        yield from _extensions(award)
    if award.reporting or award.bid:
        yield from _reporting(award)
    if award.documents:
        yield from _documents(award)


def _are_plain_awards(awards: Sequence[Award]) -> bool:
    """Whether `_award` surely finds nothing in any of these; False only means to ask it of each."""
    if set(map(_OUT_OF_THE_WAY, awards)) != {_NONE_OF_THOSE}:
        return False
    terms_are_whole = all(map(le, map(attrgetter("start"), awards), map(attrgetter("end"), awards)))
    one_of_each = {id(award.reporting): award for award in awards}.values()
    return (
        terms_are_whole
        and min(map(attrgetter("amount"), awards)) >= 0
        and not any(any(_reporting(award)) for award in one_of_each)
    )


def _documents(award: Award) -> Iterator[tuple[str, str]]:
    for at, document in enumerate(award.documents):
        if not document.title.strip():
            yield f"documents.{at}.title", "say what it is"
        if fault := fault_of(document.place):
            yield f"documents.{at}.place", fault


def _seldom_said(award: Award) -> Iterator[tuple[str, str]]:
    yield from _not_negative(award, *_IN_DAYS)
    yield from _percents(award, *_IN_PERCENT)


_IN_DAYS = ("break_months", "payment_lag_days")
_IN_PERCENT = ("probability", "overhead_cap", "virement_limit", "carry_forward", "retention")
_SELDOM = attrgetter(*_IN_DAYS, *_IN_PERCENT)
_NOT_SAID = (None,) * len((*_IN_DAYS, *_IN_PERCENT))
_LISTS_WITHIN = ("uplifts", "extensions", "documents")
_OUT_OF_THE_WAY = attrgetter(*_IN_DAYS, *_IN_PERCENT, "renewal_of", "bid", *_LISTS_WITHIN)
_NONE_OF_THOSE = (*_NOT_SAID, None, None, (), (), ())


def _uplifts(award: Award) -> Iterator[tuple[str, str]]:
    price = award.amount
    for at, uplift in enumerate(award.uplifts):
        for name, percent in (("percent", uplift.percent), ("cap", uplift.cap)):
            if percent is not None and not _NOTHING_LEFT < percent <= _MOST_PERCENT:
                yield f"uplifts.{at}.{name}", "expected percent above -100"
        price += percent_of(price, max(Decimal(0), uplift.percent))
        if price >= _LARGEST_POUNDS:
            yield f"uplifts.{at}", _BEYOND_REASON
            return


def _extensions(award: Award) -> Iterator[tuple[str, str]]:
    end, keys = award.end, set()
    for at, extension in enumerate(award.extensions):
        if extension.end <= end:
            yield f"extensions.{at}.end", f"this is not after {end.isoformat()}, the end before it"
        if extension.key in keys:
            yield f"extensions.{at}.key", f'"{extension.key}" is used twice'
        if not 0 <= (extension.notice_months or 0) <= _MOST_NOTICE:
            yield f"extensions.{at}.notice_months", f"expected 0 to {_MOST_NOTICE}"
        keys.add(extension.key)
        end = max(end, extension.end)


def _reporting(award: Award) -> Iterator[tuple[str, str]]:
    reporting, bid = award.reporting, award.bid
    if reporting is not None:
        if reporting.due_day is not None and not 1 <= reporting.due_day <= _LONGEST_MONTH:
            yield "reporting.due_day", "expected a day from 1 to 31"
        if not 0 <= (reporting.due_days or 0) <= _MOST_DAYS:
            yield "reporting.due_days", f"expected 0 to {_MOST_DAYS}"
        if reporting.anchor == "custom" and reporting.first_period_end is None:
            yield "reporting.first_period_end", "a custom anchor needs the first period's end"
    if bid is not None and not 0 <= (bid.writing_days or 0) <= _MOST_DAYS:
        yield "bid.writing_days", f"expected 0 to {_MOST_DAYS}"


def _post(post: Post) -> Iterator[tuple[str, str]]:
    if post.fte < 0:
        yield "fte", "FTE is 0 or more"
    if post.salary < 0:
        yield "salary", "a salary is 0.00 or more"
    if gross_pay(post.salary, post.fte) >= _LARGEST_POUNDS:
        yield "fte", _BEYOND_REASON
    if post.end is not None and post.end < post.start:
        yield "end", _before(post.start)
    for at, vacancy in enumerate(post.vacancies):
        if vacancy.to < vacancy.from_:
            yield f"vacancies.{at}.to", _before(vacancy.from_)
    if post.nic_category is not None and post.nic_category not in tuple(_NIC_CATEGORIES):
        yield "nic_category", "expected one capital letter, such as A"
    if post.pension is not None and not 0 <= post.pension.percent <= _HUNDRED:
        yield "pension.percent", "expected percent from 0 to 100"
    yield from _notice(post)
    yield from _pay_changes(post)
    yield from _person(post)


def _notice(post: Post) -> Iterator[tuple[str, str]]:
    if post.notice is None:
        return
    given = [value for value in (post.notice.weeks, post.notice.months) if value is not None]
    if len(given) != 1:
        yield "notice", "give weeks or months, one of them"
    elif not 0 <= given[0] <= _MOST_NOTICE:
        yield "notice", f"expected 0 to {_MOST_NOTICE}"


def _pay_changes(post: Post) -> Iterator[tuple[str, str]]:
    for at, change in enumerate(post.pay_changes):
        kinds = [change.percent, change.amount, change.salary]
        if sum(kind is not None for kind in kinds) != 1:
            yield f"pay_changes.{at}", "give percent, amount or salary, one of them"
        if change.percent is not None and not _NOTHING_LEFT < change.percent <= _MOST_PERCENT:
            yield f"pay_changes.{at}.percent", "expected percent above -100"
        if (change.salary or 0) < 0:
            yield f"pay_changes.{at}.salary", "a salary is 0.00 or more"
    steps = salary_steps(post)
    order = sorted(range(len(steps) - 1), key=lambda at: post.pay_changes[at].from_)
    for at, (_, salary) in zip(order, steps[1:], strict=True):
        if salary < 0:
            yield f"pay_changes.{at}", "the salary would be below 0.00 from then on"
        if gross_pay(salary, max(Decimal(1), post.fte)) >= _LARGEST_POUNDS:
            yield f"pay_changes.{at}", _BEYOND_REASON


def _person(post: Post) -> Iterator[tuple[str, str]]:
    person = post.person
    if person is None:
        return
    served = person.continuous_service_from
    if person.born is not None and served is not None and served < person.born:
        yield "person.continuous_service_from", "this is before the birth date"
    if person.enhanced is not None and (person.enhanced.multiplier or 0) < 0:
        yield "person.enhanced.multiplier", "expected 0 or more"


def _evidence(evidence: Evidence) -> Iterator[tuple[str, str]]:
    if evidence.grade is not None and not 0 <= evidence.grade <= _HIGHEST_GRADE:
        yield "grade", "expected a grade from 0 (nothing) to 7 (first payment)"


def _cost(cost: Cost) -> Iterator[tuple[str, str]]:
    if cost.end is not None and cost.end < cost.start:
        yield "end", _before(cost.start)


def _allocation(allocation: Allocation) -> Iterator[tuple[str, str]]:
    if (allocation.post is None) == (allocation.cost is None):
        yield "post", "an allocation is of a post or of a cost, one of them"
    if allocation.percent < 0 or allocation.percent > _MOST_PERCENT:
        yield "percent", "a share is 0 or more percent"
    if allocation.from_ and allocation.to and allocation.to < allocation.from_:
        yield "to", _before(allocation.from_)


def _rate(rate: Rate) -> Iterator[tuple[str, str]]:
    if rate.to is not None and rate.to < rate.from_:
        yield "to", _before(rate.from_)
    in_days = rate.code.startswith(_RATES_IN_DAYS_OR_MONTHS)
    most = _MOST_OF_A_RATE.get(rate.code, _MOST_DAYS if in_days else _LARGEST_RATE)
    if not 0 <= rate.value <= most:
        yield "value", f"expected 0 to {most}"


def _funder(funder: Funder) -> Iterator[tuple[str, str]]:
    yield from _not_negative(funder, "decision_days")


def _not_negative(record: Record | Thresholds, *names: str) -> Iterator[tuple[str, str]]:
    for name in names:
        value = getattr(record, name)
        if value is not None and not 0 <= value <= _MOST_DAYS:
            yield name, f"expected 0 to {_MOST_DAYS}"


def _percents(record: Record, *names: str) -> Iterator[tuple[str, str]]:
    for name in names:
        value = getattr(record, name)
        if value is not None and not 0 <= value <= _HUNDRED:
            yield name, "expected percent from 0 to 100"


def _before(start: date) -> str:
    return f"this is before the start, {start.isoformat()}. Give a later date"


_RULES: dict[type, Callable[[Any], Iterator[tuple[str, str]]]] = {
    Organisation: _organisation,
    Award: _award,
    Evidence: _evidence,
    Funder: _funder,
    Post: _post,
    Cost: _cost,
    Allocation: _allocation,
    Rate: _rate,
}


def _circles(portfolio: Portfolio) -> Iterator[Problem]:
    """Renewals, and ultimate sources, that lead back to themselves."""
    for name, field in _LEADS.items():
        leads = {record.key: getattr(record, field) for record in portfolio.records(name)}
        settled: set[str] = set()
        for at, start in enumerate(leads):
            walked: set[str] = set()
            key: str | None = start
            while key is not None and key not in settled and key not in walked:
                walked.add(key)
                key = leads.get(key)
            if key is not None and key in walked:
                yield Problem(f"{name}.{at}.{field}", "this leads round in a circle. Leave one out")
            settled.update(walked)
