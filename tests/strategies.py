"""Small made-up charities and the changes made to their books, for tests that state a law.

`portfolios()` gives a book that `check` has nothing to say against; `edits(portfolio)` an edit that
may be made to it; `records("awards", portfolio)` one record that may be added to it. They follow
the fields of the model, so a field added there is tried here without a word.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from fundtrack.core.edit import Edit, add, change, remove
from fundtrack.core.model import (
    LISTS,
    Allocation,
    Award,
    Change,
    Cost,
    Enhanced,
    Evidence,
    Notice,
    Organisation,
    PayChange,
    Person,
    Portfolio,
    Post,
    Rate,
    Record,
    Reporting,
    Service,
    Vacancy,
)
from fundtrack.core.plain import FieldSpec, specs

LETTERS = st.characters(exclude_categories=["Cs", "Cc"])
WORDS = st.text(LETTERS, min_size=1, max_size=8).filter(str.strip)
KEYS = st.text("abcdé1-.|", min_size=1, max_size=4)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
PENCE = st.integers(0, 10**10)
CLASSES: dict[str, type] = {"organisation": Organisation, **LISTS}
PERCENTS = st.decimals(0, 100, places=2)


@st.composite
def portfolios(draw: DrawFn, most: int = 10) -> Portfolio:
    """Draw a book of at most so many records, over all its lists."""
    portfolio = Portfolio(organisation=draw(_built(Organisation)))
    names = draw(st.lists(st.sampled_from(tuple(LISTS)), max_size=most))
    for name in sorted(names, key=tuple(LISTS).index):  # what is referred to comes first
        record = draw(records(name, portfolio))
        if record is not None and portfolio.find(name, record.key) is None:
            grown = (*portfolio.records(name), record)
            portfolio = replace(portfolio, **{name: grown})  # type: ignore[arg-type]
    return portfolio


def records(name: str, portfolio: Portfolio) -> SearchStrategy[Any]:
    """Draw a record for the named list that refers only to what is in the book.

    None if it must refer to a record and the book has none of that kind.
    """
    return _built(CLASSES[name]).map(lambda record: _linked(record, portfolio))


@st.composite
def edits(draw: DrawFn, portfolio: Portfolio, most: int = 4) -> Edit:
    """Draw an edit of a few changes, each of which follows on from the one before."""
    changes: list[Change] = []
    for _ in range(draw(st.integers(1, most))):
        step = draw(st.sampled_from(_STEPS))
        made = draw(step(portfolio))
        portfolio = Edit("", made).apply(portfolio)
        changes.extend(made)
    return Edit(draw(WORDS), tuple(changes))


# --- one change after another ------------------------------------------------------------------

Changes = tuple[Change, ...]


@st.composite
def _something_added(draw: DrawFn, portfolio: Portfolio) -> Changes:
    name = draw(st.sampled_from(tuple(LISTS)))
    record = draw(records(name, portfolio))
    if record is None or portfolio.find(name, record.key) is not None:
        return ()
    at = draw(st.none() | st.integers(0, len(portfolio.records(name))))
    return (add(name, record, at),)


@st.composite
def _something_changed(draw: DrawFn, portfolio: Portfolio) -> Changes:
    name, old = draw(_one_of(portfolio, ("organisation", *LISTS)))
    if old is None:
        return ()
    cls = CLASSES[name]
    new = _linked(draw(_built(cls)), portfolio)
    if new is None:
        return ()
    # The same record: it keeps what it is known by, and what it follows on from.
    kept = {"key", "renewal_of", "ultimate_source", *(("code", "nation", "from_") * (cls is Rate))}
    names = [spec.attribute for spec in specs(cls) if spec.attribute in kept]
    new = replace(new, **{each: getattr(old, each) for each in names})
    return (change(name, old, _SENSE.get(cls, _as_it_is)(new)),)


@st.composite
def _something_removed(draw: DrawFn, portfolio: Portfolio) -> Changes:
    name, old = draw(_one_of(portfolio, tuple(LISTS)))
    if old is None or (name, old.key) in _referred_to(portfolio):
        return ()
    return (remove(portfolio, name, old.key),)


@st.composite
def _something_moved(draw: DrawFn, portfolio: Portfolio) -> Changes:
    name, old = draw(_one_of(portfolio, tuple(LISTS)))
    if old is None:
        return ()
    at = draw(st.integers(0, len(portfolio.records(name)) - 1))
    return (remove(portfolio, name, old.key), add(name, old, at))


_STEPS: tuple[Callable[[Portfolio], SearchStrategy[Changes]], ...] = (
    _something_added,
    _something_changed,
    _something_changed,
    _something_removed,
    _something_moved,
)


def _one_of(
    portfolio: Portfolio, names: tuple[str, ...]
) -> SearchStrategy[tuple[str, Record | None]]:
    found = [(name, record) for name in names for record in portfolio.records(name)]
    return st.sampled_from(found) if found else st.just(("", None))


def _referred_to(portfolio: Portfolio) -> set[tuple[str, str]]:
    return {
        (spec.ref, getattr(record, spec.attribute))
        for name in LISTS
        for spec in specs(CLASSES[name])
        if spec.ref is not None
        for record in portfolio.records(name)
    }


# --- one record --------------------------------------------------------------------------------


@cache
def _built(cls: type) -> SearchStrategy[Any]:
    """Draw a record of this class, and then have it make sense. References are numbers yet."""
    return _fields_of(cls).map(lambda fields: _SENSE.get(cls, _as_it_is)(cls(**fields)))


@st.composite
def _fields_of(draw: DrawFn, cls: type) -> dict[str, Any]:
    """Draw what must be there, and a few of the other fields."""
    needed = [spec for spec in specs(cls) if spec.required]
    others = [spec for spec in specs(cls) if not spec.required]
    some = draw(st.lists(st.sampled_from(others), max_size=5, unique=True)) if others else []
    return {spec.attribute: draw(_field(cls, spec)) for spec in (*needed, *some)}


@cache
def _field(cls: type, spec: FieldSpec) -> SearchStrategy[Any]:
    particular = _PARTICULAR.get((cls, spec.attribute))
    one = _value(spec) if particular is None else particular
    return st.lists(one, min_size=1, max_size=2).map(tuple) if spec.many else one


def _value(spec: FieldSpec) -> SearchStrategy[Any]:
    if spec.ref is not None:
        return st.integers(0, 5)
    if spec.record is Change:
        return st.sampled_from(_IDEAS)
    if spec.record is not None:
        return _built(spec.record)
    return _VALUES[spec.kind] if spec.kind != "choice" else st.sampled_from(spec.choices)


def _linked(record: Any, portfolio: Portfolio) -> Any:
    """The record with its references made to what is in the book; None if one cannot be."""
    links: dict[str, str | None] = {}
    for spec in specs(type(record)):
        number = getattr(record, spec.attribute) if spec.ref else None
        if spec.ref is None or number is None:
            continue
        found = portfolio.records(spec.ref)
        if not found and spec.required:
            return None
        links[spec.attribute] = found[number % len(found)].key if found else None
    linked = replace(record, **links)
    shared = linked.post or linked.cost if isinstance(linked, Allocation) else True
    return linked if shared else None


_VALUES: dict[str, SearchStrategy[Any]] = {
    "text": WORDS,
    "flag": st.booleans(),
    "whole": st.integers(0, 100),
    "date": DAYS,
    "month": DAYS.map(lambda day: day.replace(day=1)),
    "pence": PENCE,
    "percent": PERCENTS,
    "number": st.decimals(0, 1000, places=4),
    "json": st.sampled_from(['{"spent":"12.50"}', "[]", '"£"', "null"]),
}

_PARTICULAR: dict[tuple[type, str], SearchStrategy[Any]] = {
    (Award, "amount"): PENCE,
    (Organisation, "year_start_month"): st.integers(1, 12),
    (Organisation, "reminder_days"): st.integers(1, 90),
    (Post, "fte"): st.decimals(Decimal("0.01"), 1, places=2),
    (Post, "nic_category"): st.sampled_from(["A", "H", "M"]),
    (Reporting, "due_day"): st.integers(1, 28),
    (Person, "born"): st.dates(date(1960, 1, 1), date(1999, 12, 31)),
    (Person, "continuous_service_from"): st.dates(date(2016, 1, 1), date(2019, 12, 31)),
    (Person, "fixed_terms_since"): st.dates(date(2016, 1, 1), date(2019, 12, 31)),
    (Evidence, "grade"): st.integers(0, 7),
    (Enhanced, "multiplier"): st.decimals(1, 3, places=2),
    **{(cls, "key"): KEYS for cls in LISTS.values() if cls is not Rate},
}


def _as_it_is(record: Any) -> Any:
    return record


def _in_order(record: Any) -> Any:
    """A first day no later than the last."""
    first = "start" if hasattr(record, "start") else "from_"
    last = "end" if hasattr(record, "end") else "to"
    start, end = getattr(record, first), getattr(record, last)
    if start is None or end is None or start <= end:
        return record
    return replace(record, **{last: start})


def _award(award: Award) -> Award:
    award = _in_order(award)
    extensions = tuple(
        replace(each, key=f"x{number}", end=award.end + timedelta(days=365 * number))
        for number, each in enumerate(award.extensions, start=1)
    )
    lines = tuple(
        replace(line, key=f"b{number}") for number, line in enumerate(award.budget_lines, start=1)
    )
    versions = tuple(
        replace(
            version,
            lines=tuple(replace(line, key=f"b{at}") for at, line in enumerate(version.lines)),
        )
        for version in award.budget_versions
    )
    return replace(award, extensions=extensions, budget_lines=lines, budget_versions=versions)


def _allocation(allocation: Any) -> Any:
    """A share of a post or of a cost, one of them (which one, is a number yet)."""
    allocation = _in_order(allocation)
    if allocation.cost is not None:
        return replace(allocation, post=None)
    return replace(allocation, post=allocation.post or 0)


def _pay_change(rise: PayChange) -> PayChange:
    """One of three ways to put it."""
    if rise.percent is not None:
        return replace(rise, amount=None, salary=None)
    if rise.amount is not None:
        return replace(rise, salary=None)
    return replace(rise, salary=rise.salary or 1)


def _notice(notice: Notice) -> Notice:
    """In weeks or in months."""
    months = None if notice.weeks is not None else notice.months or 1
    return Notice(weeks=notice.weeks, months=months)


def _reporting(reporting: Reporting) -> Reporting:
    """A custom anchor needs its first period; a return is due on a day or after some days."""
    first = reporting.first_period_end
    if reporting.anchor == "custom" and first is None:
        first = date(2026, 6, 30)
    days = None if reporting.due_day is not None else reporting.due_days
    return replace(reporting, first_period_end=first, due_days=days)


_SENSE: dict[type, Callable[[Any], Any]] = {
    Allocation: _allocation,
    Award: _award,
    Cost: _in_order,
    Notice: _notice,
    PayChange: _pay_change,
    Post: _in_order,
    Rate: _in_order,
    Reporting: _reporting,
    Vacancy: _in_order,
}

_IDEAS = (
    add("services", Service(key="new", name="A new service")),
    Change(
        list="services",
        key="old",
        before=Service(key="old", name="An old service", people_waiting=3),
        at=0,
    ),
)
