"""Plain wishes about awards, posts and shares, each turned into the edit that would grant it.

Extend, lose, delay or re-price an award, cut a post, move a share: the same edits serve a "what
if" (`scenario`) and a change made for good. Money is whole pence; days are inclusive.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from fundtrack.core import words
from fundtrack.core.edit import Edit, add, change, free_key
from fundtrack.core.errors import Problem, RefusedError
from fundtrack.core.many import with_column
from fundtrack.core.model import (
    Allocation,
    Award,
    Change,
    Extension,
    PayChange,
    Payment,
    Portfolio,
    Post,
    ProfileMonth,
    Stage,
)
from fundtrack.core.money import percent_of, round_half_up, share_out, spread
from fundtrack.core.period import ONE_DAY, add_months, last_day_of, month_end
from fundtrack.core.plain import decimal_text
from fundtrack.core.schedule import Piece, has_profile, incomes

Wish = Callable[[Portfolio], Edit]
"""A builder of this module with everything but the book already said."""
_SECURED_STAGES = ("awarded", "live", "ended")


# --- an award --------------------------------------------------------------------------


def extend(portfolio: Portfolio, award: str, end: date, amount: int) -> Edit:
    """Prolong an award to a new last day for so many pence more, as an extension taken up.

    An option the contract already has for that day is taken up at this amount; options that end
    before it are overtaken. Raises RefusedError unless the day is later than the award's last.
    """
    before = _award(portfolio, award)
    last = last_day_of(before)
    if end <= last:
        says = f"the new end is not after {words.day(last)}, the last day as it stands"
        raise RefusedError((Problem(f"awards.{award}.end", says),))
    options = {option.end: option for option in before.extensions}
    known = options.get(end)
    key = known.key if known is not None else _extension_key(before)
    months = None if known is None else known.notice_months
    taken = Extension(key=key, end=end, amount=amount, notice_months=months, exercised=True)
    kept = [option for option in before.extensions if option.exercised or option.end > end]
    extensions = tuple(sorted((*kept, taken), key=lambda option: option.end))
    label = f"Extend {before.title} to {words.day(end)} for {words.whole_pounds(amount)}"
    return _changed(label, before, extensions=extensions)


def lose(portfolio: Portfolio, award: str, on: date | None = None) -> Edit:
    """Do without an award: unsuccessful if it is not agreed yet, else ended on a day.

    Of money agreed, what lies on the days up to then is kept; payments due later are not. Raises
    RefusedError if the day is missing, or is not within the award.
    """
    before = _award(portfolio, award)
    if before.stage not in _SECURED_STAGES:
        return _changed(f"Lose {before.title}", before, stage="unsuccessful")
    if on is None or not before.start <= on < last_day_of(before):
        says = (
            f"give a last day from {words.day(before.start)} to before "
            f"{words.day(last_day_of(before))}"
        )
        raise RefusedError((Problem(f"awards.{award}.end", says),))
    label = f"{before.title} ends on {words.day(on)}"
    payments = tuple(paid for paid in before.payments if paid.received_on or paid.due <= on)
    if on <= before.end:
        amount, profile = _kept(before, on)
        return _changed(
            label,
            before,
            end=on,
            amount=amount,
            profile=profile,
            extensions=(),
            payments=payments,
        )
    return _changed(label, before, extensions=_cut_extensions(before, on), payments=payments)


def delay(portfolio: Portfolio, award: str, months: int) -> Edit:
    """Start an award so many months later (or, below 0, sooner); its length and amount stay.

    Its uplifts, options, profile, payments still to come, and shares with days of their own move
    along.
    """
    before = _award(portfolio, award)
    label = f"{before.title} starts {_months_later(months)}"
    if months == 0:
        return Edit(label, ())
    dated = (
        share
        for share in portfolio.allocations
        if share.award == award and (share.from_ is not None or share.to is not None)
    )
    shares = (change("allocations", share, _share_delayed(share, months)) for share in dated)
    return Edit(label, (change("awards", before, _delayed(before, months)), *shares))


def reprice(
    portfolio: Portfolio, award: str, *, percent: Decimal | None = None, amount: int | None = None
) -> Edit:
    """Make an award worth so much percent of what it is, or so many pence.

    Its profile follows in proportion, and the difference falls on the payments still to come.
    Raises ValueError unless one of the two is given, and it is not below 0.
    """
    before = _award(portfolio, award)
    if (percent is None) == (amount is None) or (percent or 0) < 0 or (amount or 0) < 0:
        raise ValueError("give percent or amount, one of them, not below 0")
    worth = amount if amount is not None else percent_of(before.amount, percent or Decimal(0))
    label = f"{before.title} at {words.whole_pounds(worth)}"
    if percent is not None:
        label += f", {decimal_text(percent)} % of what it is"
    profile = _scaled(before.profile, before.amount, worth)
    payments = _repaid(before.payments, worth - before.amount)
    return _changed(label, before, amount=worth, profile=profile, payments=payments)


def restage(portfolio: Portfolio, award: str, stage: Stage) -> Edit:
    """Take an award to be at another stage, and so more or less certain."""
    before = _award(portfolio, award)
    return _changed(f"{before.title}: {stage_name(stage)}", before, stage=stage)


def add_award(portfolio: Portfolio, award: Award, shares: Sequence[Allocation] = ()) -> Edit:
    """Have one award more, with what it pays for. Raises RefusedError if its key is taken."""
    if portfolio.find("awards", award.key) is not None:
        says = f'"{award.key}" is another award. Give this one another key'
        raise RefusedError((Problem(f"awards.{award.key}.key", says),))
    worth = words.whole_pounds(award.amount)
    made = (add("awards", award), *(add("allocations", share) for share in shares))
    return Edit(f"Add {award.title}, {worth}", made)


# --- posts and shares ------------------------------------------------------------------


def end_post(portfolio: Portfolio, post: str, on: date) -> Edit:
    """Do without a post after a day. Raises RefusedError for a day before it begins."""
    before = _post(portfolio, post)
    if on < before.start:
        says = f"this is before the post begins, {words.day(before.start)}"
        raise RefusedError((Problem(f"posts.{post}.end", says),))
    return _changed(f"{before.title} ends on {words.day(on)}", before, end=on)


def set_fte(portfolio: Portfolio, post: str, fte: Decimal) -> Edit:
    """Give a post more or fewer hours, from now on. The book holds one FTE for a post, undated.

    Raises ValueError for FTE below 0.
    """
    before = _post(portfolio, post)
    if fte < 0:
        raise ValueError("FTE is 0 or more")
    return _changed(f"{before.title} at {decimal_text(fte)} FTE", before, fte=fte)


def serve_notice(portfolio: Portfolio, post: str, on: date) -> Edit:
    """Give notice to whoever is in a post on a day."""
    before = _post(portfolio, post)
    label = f"Notice to {before.title} on {words.day(on)}"
    return _changed(label, before, notice_served_on=on)


def pay_rise(
    portfolio: Portfolio, percent: Decimal, from_: date, posts: Collection[str] | None = None
) -> Edit:
    """Raise the pay of every post (or of these) by a percentage from a day.

    It takes the place of a percentage already agreed for that day; 0 takes that away. Posts that
    end before it are left as they are.
    """
    befores, rises = [], []
    for before in portfolio.posts:
        chosen = posts is None or before.key in posts
        if not chosen or (before.end is not None and before.end < from_):
            continue
        then = _with_rise(before.pay_changes, percent, from_)
        if then != before.pay_changes:
            befores.append(before)
            rises.append(then)
    afters = with_column(befores, "pay_changes", rises)
    made = [change("posts", *each) for each in zip(befores, afters, strict=True)]
    who = "all posts" if posts is None else words.count(len(posts), "post")
    return Edit(f"Pay of {who} +{decimal_text(percent)} % from {words.day(from_)}", tuple(made))


def move_share(
    portfolio: Portfolio,
    share: str,
    to: str | None,
    from_: date,
    percent: Decimal | None = None,
) -> Edit:
    """Charge a share of a post or cost to another award (None: unrestricted funds) from a day.

    `percent` moves part of it, and the rest stays. On a day after the share has ended, it goes on
    with the other award. Raises RefusedError for more percent than there is.
    """
    before = _share(portfolio, share)
    moved = before.percent if percent is None else percent
    if not 0 < moved <= before.percent:
        says = f"{decimal_text(before.percent)} % is charged there. Move some of that"
        raise RefusedError((Problem(f"allocations.{share}.percent", says),))
    label = (
        f"{payee_of(portfolio, before)}: {decimal_text(moved)} % to {payer_of(portfolio, to)} "
        f"from {words.day(from_)}"
    )
    begins, ends = _begins(portfolio, before), _ends(portfolio, before)
    there = replace(before, award=to, percent=moved, from_=from_)
    rest = before.percent - moved
    if ends is not None and from_ > ends:
        return _split(portfolio, label, before, before, [replace(there, to=None)])
    if to is None:  # unrestricted funds take over the days moved, not the post for good
        there = replace(there, to=ends)
    if begins is not None and from_ <= begins:
        there = replace(there, from_=begins)
        if not rest:
            return Edit(label, (change("allocations", before, there),))
        return _split(portfolio, label, before, replace(before, percent=rest), [there])
    stays = [replace(before, percent=rest, from_=from_)] if rest else []
    shortened = replace(before, to=from_ - ONE_DAY)
    return _split(portfolio, label, before, shortened, [there, *stays])


def _split(
    portfolio: Portfolio,
    label: str,
    before: Allocation,
    after: Allocation,
    others: Sequence[Allocation],
) -> Edit:
    """A share made into several, which follow it in the list: shares are paid in list order."""
    place = (portfolio.place("allocations", before.key) or 0) + 1
    made: list[Change] = [] if after == before else [change("allocations", before, after)]
    key = free_key(portfolio, "allocations", "share")
    for at, other in enumerate(others):
        new = replace(other, key=key if at == 0 else f"{key}-rest")
        made.append(add("allocations", new, place + at))
    return Edit(label, tuple(made))


# --- names ---


def title_of(record: object) -> str:
    """What a record is called: its title or name, else its key."""
    named = getattr(record, "title", None) or getattr(record, "name", None)
    return str(named or getattr(record, "key", "this"))


def stage_name(stage: str) -> str:
    """A stage as it is spoken: agreed in principle."""
    return stage.replace("-", " ")


def payee_of(portfolio: Portfolio, share: Allocation) -> str:
    """The post or cost that a share pays for."""
    name, key = ("posts", share.post) if share.post is not None else ("costs", share.cost)
    return title_of(portfolio.find(name, key or "")) if key else "This"


def payer_of(portfolio: Portfolio, award: str | None) -> str:
    """The award that a share is charged to, or unrestricted funds."""
    found = None if award is None else portfolio.awards_by_key.get(award)
    return "unrestricted funds" if award is None else title_of(found) if found else award


def _months_later(months: int) -> str:
    if months == 0:
        return "on time"
    word = "later" if months > 0 else "sooner"
    return f"{words.count(abs(months), 'month')} {word}"


# --- parts of records --------------------------------------------------------------------------


def _award(portfolio: Portfolio, key: str) -> Award:
    found = portfolio.find("awards", key)
    if not isinstance(found, Award):
        raise _gone("awards", key)
    return found


def _post(portfolio: Portfolio, key: str) -> Post:
    found = portfolio.find("posts", key)
    if not isinstance(found, Post):
        raise _gone("posts", key)
    return found


def _share(portfolio: Portfolio, key: str) -> Allocation:
    found = portfolio.find("allocations", key)
    if not isinstance(found, Allocation):
        raise _gone("allocations", key)
    return found


def _gone(name: str, key: str) -> RefusedError:
    return RefusedError((Problem(f"{name}.{key}", "this is not in the book"),))


def _changed(label: str, before: Award | Post, **fields: Any) -> Edit:  # noqa: ANN401 - any field
    """The edit that gives one record other fields; none if it has them already."""
    name = "awards" if isinstance(before, Award) else "posts"
    after = replace(before, **fields)
    return Edit(label, (change(name, before, after),) if after != before else ())


def _extension_key(award: Award) -> str:
    taken = {option.key for option in award.extensions}
    at = len(taken) + 1
    while f"extension-{at}" in taken:
        at += 1
    return f"extension-{at}"


def agreed(award: Award) -> int:
    """What an award is worth with the extensions taken up."""
    return award.amount + sum(option.amount for option in award.extensions if option.exercised)


def _kept(award: Award, on: date) -> tuple[int, tuple[ProfileMonth, ...]]:
    """What lies on an award's days up to one of them: its amount, and its profile if it counts."""
    if not has_profile(award):
        return _up_to(award, award.amount, award.start, award.end, on), award.profile
    rows = []
    for row in award.profile:
        first, last = max(row.month, award.start), min(month_end(row.month), award.end)
        days = (min(last, on) - first).days + 1
        if days > 0:
            part = round_half_up(row.amount * days, (last - first).days + 1)
            rows.append(replace(row, amount=part))
    return sum(row.amount for row in rows), tuple(rows)


def _up_to(award: Award, amount: int, start: date, end: date, on: date) -> int:
    """The part of an amount that the forecast spreads on the days up to one (DOMAIN C4)."""
    piece = Piece(amount, start, end, award.spread == "days")
    return int(incomes([0], [piece], 1, (start - ONE_DAY, on))[0, 0])


def _cut_extensions(award: Award, on: date) -> tuple[Extension, ...]:
    kept: list[Extension] = []
    end = award.end
    for option in award.extensions:
        if option.end <= on:
            kept.append(option)
        elif option.exercised and end < on:
            amount = _up_to(award, option.amount, end + ONE_DAY, option.end, on)
            kept.append(replace(option, end=on, amount=amount))
        end = option.end
    return tuple(kept)


def _delayed(award: Award, months: int) -> Award:
    reporting = award.reporting
    if reporting is not None and reporting.first_period_end is not None:
        moved = _last_later(reporting.first_period_end, months)
        reporting = replace(reporting, first_period_end=moved)
    start = add_months(award.start, months)
    end = max(start, _last_later(award.end, months))  # one of a day has a day in February too
    return replace(
        award,
        start=start,
        end=end,
        profile=_months_on(award.profile, months),
        uplifts=tuple(replace(e, from_=add_months(e.from_, months)) for e in award.uplifts),
        extensions=tuple(_extended_later(award.extensions, end, months)),
        payments=tuple(
            paid if paid.received_on else replace(paid, due=add_months(paid.due, months))
            for paid in award.payments
        ),
        budget_lines=tuple(
            replace(line, profile=_months_on(line.profile, months)) for line in award.budget_lines
        ),
        reporting=reporting,
    )


def _extended_later(
    extensions: tuple[Extension, ...], end: date, months: int
) -> Iterator[Extension]:
    """Options so many months on, each a day at least after the end before it."""
    for option in extensions:
        end = max(end + ONE_DAY, _last_later(option.end, months))
        yield replace(option, end=end)


def _last_later(day: date, months: int) -> date:
    """A last day so many months on: the day before the next thing begins."""
    return add_months(day + ONE_DAY, months) - ONE_DAY


def _months_on(profile: tuple[ProfileMonth, ...], months: int) -> tuple[ProfileMonth, ...]:
    return tuple(replace(row, month=add_months(row.month, months)) for row in profile)


def _share_delayed(share: Allocation, months: int) -> Allocation:
    first = None if share.from_ is None else add_months(share.from_, months)
    last = None if share.to is None else _last_later(share.to, months)
    if first is not None and last is not None:
        last = max(first, last)
    return replace(share, from_=first, to=last)


def _scaled(profile: tuple[ProfileMonth, ...], before: int, after: int) -> tuple[ProfileMonth, ...]:
    """A profile in proportion to another amount; left alone where there is no proportion."""
    whole = sum(row.amount for row in profile)
    if before <= 0 or whole <= 0 or any(row.amount < 0 for row in profile):
        return profile
    parts = spread(round_half_up(whole * after, before), [row.amount for row in profile])
    return tuple(replace(row, amount=part) for row, part in zip(profile, parts, strict=True))


def _repaid(payments: tuple[Payment, ...], more: int) -> tuple[Payment, ...]:
    """The payments with so much more (or less) to come, shared by what each still brings."""
    waiting = [at for at, paid in enumerate(payments) if paid.received_on is None]
    weights = [max(0, payments[at].amount) for at in waiting]
    if not sum(weights):
        return payments
    parts = share_out(max(0, sum(weights) + more), weights)
    changed = dict(zip(waiting, parts, strict=True))
    return tuple(
        replace(paid, amount=changed[at]) if at in changed else paid
        for at, paid in enumerate(payments)
    )


@lru_cache(maxsize=64)  # most posts of a charity have had the same rises
def _with_rise(
    rises: tuple[PayChange, ...], percent: Decimal, from_: date
) -> tuple[PayChange, ...]:
    kept = [rise for rise in rises if rise.from_ != from_ or rise.percent is None]
    if percent:
        kept.append(PayChange(from_=from_, percent=percent))
    return tuple(sorted(kept, key=lambda rise: rise.from_))


def _begins(portfolio: Portfolio, share: Allocation) -> date | None:
    """The first day of a share: its own, else its award's, else that of what it pays for."""
    if share.from_ is not None:
        return share.from_
    if share.award is not None:
        award = portfolio.awards_by_key.get(share.award)
        return None if award is None else award.start
    name, key = ("posts", share.post) if share.post is not None else ("costs", share.cost)
    return getattr(portfolio.find(name, key or ""), "start", None)


def _ends(portfolio: Portfolio, share: Allocation) -> date | None:
    """The last day of a share: its own, else its award's; None for unrestricted money for good."""
    if share.to is not None or share.award is None:
        return share.to
    award = portfolio.awards_by_key.get(share.award)
    return None if award is None else last_day_of(award)
