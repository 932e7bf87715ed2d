"""The history in plain words: what a change did to each field, by title and never by key.

Salaries, pay and a person's dates are personal: unless asked for, only that they differ is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from fundtrack.core import words
from fundtrack.core.model import Allocation, Change, Portfolio
from fundtrack.core.plain import FieldSpec, decimal_text, specs
from fundtrack.core.wishes import payee_of, payer_of, title_of

if TYPE_CHECKING:
    from fundtrack.core.model import Record

HIDDEN = "hidden"
_PERSONAL = ("salary", "person", "pay_changes", "weeks_pay")
_LISTS = {
    "organisation": "Charity",
    "funders": "Funder",
    "services": "Service",
    "awards": "Award",
    "posts": "Post",
    "costs": "Cost",
    "allocations": "Share",
    "actuals": "Line of spending",
    "indicators": "Indicator",
    "deadlines": "Deadline",
    "evidence": "Evidence",
    "returns": "Return",
    "scenarios": "Scenario",
    "rates": "Rate",
}
_COUNTED: dict[str, tuple[str, ...]] = {name: (kind.lower(),) for name, kind in _LISTS.items()} | {
    "organisation": ("charity", "charities"),
    "actuals": ("line of spending", "lines of spending"),
    "evidence": ("piece of evidence", "pieces of evidence"),
}
_NAMED = {"fte": "FTE", "vat": "VAT", "nic category": "NIC category"}


@dataclass(frozen=True, slots=True)
class Told:
    """One field of one record, before and after a change; `record` leads to it."""

    record: str
    kind: str
    title: str
    field: str
    before: str
    after: str


def told(book: Portfolio, changes: Sequence[Change], *, personal: bool = False) -> tuple[Told, ...]:
    """Every field that some changes changed, in plain words. `book` gives titles to references."""
    return tuple(each for change in changes for each in _told(book, change, personal=personal))


def summed(changes: Sequence[Change]) -> str:
    """How many records of each kind were added, changed and removed, in words.

    For a change of more records than anybody reads one by one.
    """
    counts = Counter((_done(change), change.list) for change in changes)
    by_done = {
        done: [words.count(number, *_COUNTED[name]) for (what, name), number in counts.items()
               if what == done]
        for done in ("Added", "Changed", "Removed")
    }  # fmt: skip
    return ". ".join(f"{done}: {', '.join(said)}" for done, said in by_done.items() if said)


def _done(change: Change) -> str:
    if change.before is None:
        return "Added"
    return "Removed" if change.after is None else "Changed"


def is_about(changes: Sequence[Change], award: str) -> bool:
    """Whether some changes changed an award, or a record that belongs to it."""
    return any(
        (change.list == "awards" and change.key == award)
        or any(getattr(side, "award", None) == award for side in (change.before, change.after))
        for change in changes
    )


def told_of_post(
    book: Portfolio, changes: Sequence[Change], key: str, *, personal: bool = False
) -> tuple[Told, ...]:
    """What some changes changed of one post and of its shares, in plain words."""
    mine = [each for each in changes if _is_of_post(each, key)]
    return told(book, mine, personal=personal)


def _is_of_post(change: Change, key: str) -> bool:
    if change.list == "posts":
        return change.key == key
    return change.list == "allocations" and key in (
        getattr(change.before, "post", None),
        getattr(change.after, "post", None),
    )


def _told(book: Portfolio, change: Change, *, personal: bool) -> Iterator[Told]:
    record = change.after or change.before
    if record is None:
        return
    where = f"{change.list}.{change.key}"
    kind, title = _LISTS.get(change.list, change.list), _title(book, record)
    if change.before is None or change.after is None:
        said = "added" if change.before is None else "removed"
        yield Told(where, kind, title, "", "" if change.before is None else "there", said)
    fields = [spec for spec in specs(type(record)) if spec.attribute not in ("key", "edits")]
    for spec in fields:
        old = getattr(change.before, spec.attribute, None)
        new = getattr(change.after, spec.attribute, None)
        if old == new or (not old and not new):
            continue
        if spec.attribute in _PERSONAL and not personal:
            hidden = (HIDDEN if old else "", HIDDEN if new else "")
            yield Told(where, kind, title, _name(spec), *hidden)
        else:
            yield from _parts(book, Told(where, kind, title, _name(spec), "", ""), spec, old, new)


def _parts(
    book: Portfolio, like: Told, spec: FieldSpec, old: object, new: object
) -> Iterator[Told]:
    """A field in words; the fields of a record within it one by one."""
    if spec.record is not None and not spec.many and old is not None and new is not None:
        for inner in specs(spec.record):
            was, now = getattr(old, inner.attribute), getattr(new, inner.attribute)
            if was != now:
                field = f"{like.field}, {_name(inner).lower()}"
                part = Told(like.record, like.kind, like.title, field, "", "")
                yield from _parts(book, part, inner, was, now)
        return
    before, after = _words(book, spec, old), _words(book, spec, new)
    if before == after and spec.many:
        before, after = f"{before}, as they were", f"{after}, changed"
    yield Told(like.record, like.kind, like.title, like.field, before, after)


def _name(spec: FieldSpec) -> str:
    plain = spec.name.replace("_", " ")
    return _NAMED.get(plain, words.sentence(plain))


def _title(book: Portfolio, record: Record) -> str:
    if isinstance(record, Allocation):
        return f"{payee_of(book, record)} on {payer_of(book, record.award)}"
    return title_of(record)


def _words(book: Portfolio, spec: FieldSpec, value: Any) -> str:  # noqa: ANN401 - any field's value
    if value is None or value in ((), ""):
        return ""
    if spec.many:
        if spec.record is not None:
            return words.count(len(value), "line")
        return ", ".join(_one(book, spec, each) for each in value)
    return _one(book, spec, value)


def _one(book: Portfolio, spec: FieldSpec, value: Any) -> str:  # noqa: ANN401 - as above
    if spec.record is not None:
        inner = (
            (part, _words(book, part, getattr(value, part.attribute)))
            for part in specs(spec.record)
        )
        return "; ".join(f"{_name(part).lower()} {said}" for part, said in inner if said)
    if spec.ref is not None:
        found = book.find(spec.ref, str(value))
        return str(value) if found is None else title_of(found)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return words.month_name(value) if spec.kind == "month" else words.short_day(value)
    return _figure(spec.kind, value)


def _figure(kind: str, value: object) -> str:
    if isinstance(value, Decimal):
        return f"{decimal_text(value)}{'%' if kind == 'percent' else ''}"
    if kind == "pence" and isinstance(value, int):
        return words.money(value)
    return str(value).replace("-", " ") if kind == "choice" else str(value)
