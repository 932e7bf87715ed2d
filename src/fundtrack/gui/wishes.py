"""What a person can ask of the book from the window, each as an Edit named in their words."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from fundtrack.core import words
from fundtrack.core.edit import Edit, add, change, remove
from fundtrack.core.model import LISTS, Allocation, Award, Change, Post, Record
from fundtrack.core.period import add_months
from fundtrack.core.plain import specs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from fundtrack.core.model import Portfolio, Stage

_LEAN_ON_OTHERS = ("funders", "services", "awards", "posts", "costs")
"""Lists whose records stand on their own, so that a reference in them can be left empty."""
_NOUNS = {
    "funders": ("funder", "funders"),
    "services": ("service", "services"),
    "awards": ("award", "awards"),
    "posts": ("post", "posts"),
    "costs": ("cost", "costs"),
    "allocations": ("share", "shares"),
    "actuals": ("line of spending", "lines of spending"),
    "indicators": ("indicator", "indicators"),
    "deadlines": ("deadline", "deadlines"),
    "evidence": ("piece of evidence", "pieces of evidence"),
    "returns": ("return", "returns"),
}


def set_field(name: str, record: Record, field: str, value: Any, label: str) -> Edit:  # noqa: ANN401
    """Put a value in one field of a record."""
    return Edit(label, (change(name, record, _with(record, {field: value})),))


def _with(record: Record, values: dict[str, Any]) -> Record:
    """Return a record with some fields changed; which ones is known only when it runs."""
    changed: Record = replace(record, **values)
    return changed


def new_award(portfolio: Portfolio, today: date, stage: Stage = "idea") -> tuple[Edit, str]:
    """Add an award to be filled in: usually an idea, for a year from the next month. Also its key.

    One that runs already is secured, and begins with the month it is.
    """
    key = free_key(portfolio, "awards", "award")
    start = add_months(today.replace(day=1), 0 if stage == "live" else 1)
    award = Award(
        key=key,
        title="New award",
        kind="grant",
        fund="restricted",
        stage=stage,
        amount=0,
        start=start,
        end=add_months(start, 12) - timedelta(days=1),
    )
    return Edit("Add an award", (add("awards", award),)), key


def new_post(portfolio: Portfolio, today: date) -> tuple[Edit, str]:
    """Add a post, filled, so that a job without money is warned of at once. Also its key."""
    key = free_key(portfolio, "posts", "post")
    post = Post(
        key=key,
        title="New post",
        fte=Decimal(1),
        salary=0,
        start=add_months(today.replace(day=1), 1),
        contract="permanent",
        status="filled",
    )
    return Edit("Add a post", (add("posts", post),)), key


def new_share(
    portfolio: Portfolio,
    payee: str,
    payee_key: str,
    award: str | None,
    percent: Decimal,
    *,
    from_: date | None = None,
    to: date | None = None,
) -> tuple[Edit, str]:
    """Charge a share of a post or cost (`payee` says which) to an award. Also its key.

    Days left out, both included where given, are the award's own.
    """
    key = free_key(portfolio, "allocations", "share")
    share = Allocation(
        key=key,
        post=payee_key if payee == "post" else None,
        cost=payee_key if payee == "cost" else None,
        award=award,
        percent=percent,
        from_=from_,
        to=to,
    )
    return Edit("Add a share", (add("allocations", share),)), key


def set_days(share: Allocation, first: date | None, last: date | None, label: str) -> Edit:
    """Give a share a first and a last day, both included; None takes the award's own."""
    return Edit(label, (change("allocations", share, replace(share, from_=first, to=last)),))


def removal(portfolio: Portfolio, name: str, keys: tuple[str, ...]) -> Edit:
    """Remove records, with what cannot stand without them; the label says what and how much."""
    gone: dict[tuple[str, str], Change] = {}
    loosened: list[Change] = []
    for key in keys:
        for change_ in _leaning_on(portfolio, name, key):
            if change_.after is None:
                gone[change_.list, change_.key] = change_
            else:
                loosened.append(change_)
        gone[name, key] = remove(portfolio, name, key)
    kept = [each for each in _merged(loosened) if (each.list, each.key) not in gone]
    asked = {(name, key) for key in keys}
    firsts = [each for at, each in gone.items() if at not in asked]
    lasts = [each for at, each in gone.items() if at in asked]
    return Edit(_removal_label(lasts, firsts), (*kept, *firsts, *lasts))


def _leaning_on(portfolio: Portfolio, name: str, key: str) -> Iterable[Change]:
    """What refers to a record: either removed with it, or left with an empty reference."""
    for other, cls in LISTS.items():
        fields = [spec for spec in specs(cls) if spec.ref == name]
        for record in portfolio.records(other) if fields else ():
            for spec in fields:
                if getattr(record, spec.attribute) != key:
                    continue
                if other in _LEAN_ON_OTHERS and not spec.required:
                    yield change(other, record, _with(record, {spec.attribute: None}))
                else:
                    yield remove(portfolio, other, record.key)


def _merged(changes: list[Change]) -> list[Change]:
    """Keep one change for each record, with all its references emptied."""
    whole: dict[tuple[str, str], Change] = {}
    for each in changes:
        before = whole.get((each.list, each.key))
        if before is None or before.after is None or each.after is None or each.before is None:
            whole[each.list, each.key] = each
            continue
        emptied = {
            spec.attribute: None
            for spec in specs(type(each.after))
            if getattr(each.after, spec.attribute) is None
        }
        whole[each.list, each.key] = replace(before, after=_with(before.after, emptied))
    return list(whole.values())


def _removal_label(asked: list[Change], also: list[Change]) -> str:
    record = asked[0].before
    title = getattr(record, "title", None) or getattr(record, "name", None)
    counted = Counter(each.list for each in also)
    what = title if title and len(asked) == 1 else words.count(len(asked), *_NOUNS[asked[0].list])
    parts = [what, *(words.count(counted[each], *_NOUNS[each]) for each in LISTS if counted[each])]
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"Remove {listed}"


def free_key(portfolio: Portfolio, name: str, stem: str) -> str:
    """Return a key not yet used in a list: `award-12`."""
    at = len(portfolio.records(name)) + 1
    while portfolio.find(name, f"{stem}-{at}") is not None:
        at += 1
    return f"{stem}-{at}"
