"""Things to try on the Plan page: each a figure that can be moved, and the wish that moves it.

What may happen (a funder decides) stands apart from what we choose. A lever that stands where the
book stands asks for nothing, so that looking at it changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from fundtrack.core import scenario, wishes, words
from fundtrack.core.edit import Edit, change, free_key
from fundtrack.core.errors import Problem, RefusedError, StaleEditError
from fundtrack.core.model import Allocation, Award, Change, Portfolio, Post
from fundtrack.core.money import percent_of, round_half_up
from fundtrack.core.period import add_months, last_day_of, month_end, month_of, months_between
from fundtrack.core.plain import decimal_text
from fundtrack.core.schedule import PROBABLE, SECURED, rank
from fundtrack.core.wishes import Wish

_ONE = Decimal(1)
_WHOLE = Decimal(100)
_MOST_MONTHS = 24
_LATEST_MONTHS = 12
_GOES_ON = _MOST_MONTHS + 1
_NEVER = 3
MAY_HAPPEN, WE_CHOOSE = "What may happen", "What we choose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """One figure to move: where it may stand, where the book has it (`now`), and where it stands.

    `key` is its award, post or share; `day` and `to` belong to some kinds only. Values are months,
    per cent, FTE or pounds, as `unit` says.
    """

    kind: str
    key: str
    title: str
    low: Decimal = Decimal(0)
    high: Decimal
    step: Decimal = _ONE
    now: Decimal = Decimal(0)
    value: Decimal
    unit: str
    day: date | None = None
    to: str | None = None
    award: Award | None = None
    post: str | None = None

    @property
    def name(self) -> str:
        """What tells it from every other lever."""
        return f"{self.kind}:{self.key}:{self.to or ''}:{self.day or ''}"

    @property
    def group(self) -> str:
        """Whether a funder decides it or the charity does."""
        return MAY_HAPPEN if self.kind in _BY_OTHERS else WE_CHOOSE

    @property
    def moved(self) -> bool:
        """Whether it asks for anything."""
        return self.value != self.now

    def at(self, value: Decimal) -> Lever:
        """The same lever moved, within its bounds."""
        return replace(self, value=min(max(value, self.low), self.high))

    def says(self, value: Decimal) -> str:
        """A value of it in words: 3 months, 90%, 0.6 FTE, ends 31 Mar 2027."""
        if self.kind == "ends":
            return "goes on" if value == _GOES_ON else f"ends {words.short_day(self._end(value))}"
        if self.kind == "lost":
            return "it does not come" if value else "it comes"
        if self.unit == "months":
            plain = "on time" if self.kind == "late" else "as agreed"
            return words.count(int(value), "month") if value else plain
        if self.unit == "£":
            return words.whole_pounds(int(value * 100)) if value else "not in the book"
        return f"{decimal_text(value)}{' FTE' if self.unit == 'FTE' else '%'}"

    def wish(self) -> Wish:
        """What would bring it about. Granting it raises as `core.wishes` does."""
        return _WISHES[self.kind](self)

    def _end(self, value: Decimal) -> date:
        return month_end(add_months(month_of(self.day or date.min), int(value)))


_BY_OTHERS = ("late", "price", "extend", "early", "lost", "add")


# --- what each asks for ------------------------------------------------------------------------


def _late(lever: Lever) -> Wish:
    return lambda book: wishes.delay(book, lever.key, int(lever.value))


def _price(lever: Lever) -> Wish:
    return lambda book: wishes.reprice(book, lever.key, percent=lever.value)


def _extend(lever: Lever) -> Wish:
    def asked(book: Portfolio) -> Edit:
        award = _award_of(book, lever.key)
        months = int(lever.value)
        end = add_months(last_day_of(award) + timedelta(1), months) - timedelta(1)
        length = len(months_between(award.start, award.end))
        return wishes.extend(
            book, lever.key, end, round_half_up(award.amount * months, max(1, length))
        )

    return asked


def _early(lever: Lever) -> Wish:
    def asked(book: Portfolio) -> Edit:
        last = last_day_of(_award_of(book, lever.key)) + timedelta(1)
        return wishes.lose(book, lever.key, add_months(last, -int(lever.value)) - timedelta(1))

    return asked


def _lost(lever: Lever) -> Wish:
    return lambda book: wishes.lose(book, lever.key)


def _add(lever: Lever) -> Wish:
    def asked(book: Portfolio) -> Edit:
        if lever.award is None:
            return Edit("", ())
        key = free_key(book, "awards", "award")
        award = replace(lever.award, key=key, amount=int(lever.value * 100))
        share = Allocation(
            key=free_key(book, "allocations", "share"),
            post=lever.post,
            award=key,
            percent=_WHOLE,
        )
        return wishes.add_award(book, award, (share,) if lever.post else ())

    return asked


def _fte(lever: Lever) -> Wish:
    def asked(book: Portfolio) -> Edit:
        edit = wishes.set_fte(book, lever.key, lever.value)
        return replace(edit, changes=tuple(_with_hours(each) for each in edit.changes))

    return asked


def _with_hours(each: Change) -> Change:
    """Weekly hours in proportion to FTE, where the post has them."""
    before, after = each.before, each.after
    if not (isinstance(before, Post) and isinstance(after, Post)):
        return each
    if before.weekly_hours is None or not before.fte:
        return each
    hours = (before.weekly_hours * after.fte / before.fte).quantize(Decimal("0.01"))
    return replace(each, after=replace(after, weekly_hours=Decimal(decimal_text(hours))))


def _ends(lever: Lever) -> Wish:
    def asked(book: Portfolio) -> Edit:
        if lever.value != _GOES_ON:
            return wishes.end_post(book, lever.key, lever._end(lever.value))  # noqa: SLF001
        post = book.posts_by_key[lever.key]
        after = replace(post, end=None)
        return Edit(f"{post.title} goes on", (change("posts", post, after),))

    return asked


def _move(lever: Lever) -> Wish:
    day = lever.day or date.min
    return lambda book: wishes.move_share(book, lever.key, lever.to, day, lever.value)


def _pay(lever: Lever) -> Wish:
    return lambda book: wishes.pay_rise(book, lever.value, lever.day or date.min)


_WISHES: dict[str, Callable[[Lever], Wish]] = {
    "late": _late,
    "price": _price,
    "extend": _extend,
    "early": _early,
    "lost": _lost,
    "add": _add,
    "fte": _fte,
    "ends": _ends,
    "move": _move,
    "pay": _pay,
}


def _award_of(book: Portfolio, key: str) -> Award:
    award = book.awards_by_key.get(key)
    if award is None:
        raise RefusedError((Problem(f"awards.{key}", "this is not in the book"),))
    return award


# --- making them -------------------------------------------------------------------------------


def late(award: Award) -> Lever:
    """An award that starts so many months late."""
    return Lever(
        kind="late",
        key=award.key,
        title=f"{award.title}, late by",
        high=Decimal(_LATEST_MONTHS),
        value=Decimal(0),
        unit="months",
    )


def price(award: Award) -> Lever:
    """An award that comes to so much percent of what the book says."""
    return Lever(
        kind="price",
        key=award.key,
        title=f"{award.title}, amount",
        low=Decimal(0),
        high=Decimal(150),
        now=_WHOLE,
        value=_WHOLE,
        unit="%",
    )


def extend(award: Award) -> Lever:
    """An award that goes on for so many months more, at the rate of its first term."""
    return Lever(
        kind="extend",
        key=award.key,
        title=f"{award.title}, extended by",
        high=Decimal(_MOST_MONTHS),
        value=Decimal(0),
        unit="months",
    )


def lose(award: Award, today: date) -> Lever:
    """An award that ends early, or one not agreed yet that never comes."""
    if rank(award) != SECURED:
        return Lever(
            kind="lost",
            key=award.key,
            title=f"{award.title}, lost",
            high=_ONE,
            value=Decimal(0),
            unit="",
        )
    first = max(month_of(today), award.start)
    left = len(months_between(first, last_day_of(award))) if first < last_day_of(award) else 0
    return Lever(
        kind="early",
        key=award.key,
        title=f"{award.title}, ends early by",
        high=Decimal(max(0, left - 1)),
        value=Decimal(0),
        unit="months",
    )


def fte(post: Post) -> Lever:
    """A post with more or fewer hours."""
    return Lever(
        kind="fte",
        key=post.key,
        title=post.title,
        high=max(_ONE, post.fte),
        step=Decimal("0.05"),
        now=post.fte,
        value=post.fte,
        unit="FTE",
    )


def ends(post: Post, today: date) -> Lever:
    """A post that ends with a month, or goes on."""
    now = Decimal(_GOES_ON)
    if post.end is not None:
        apart = len(months_between(month_of(today), post.end)) - 1 if post.end >= today else 0
        now = Decimal(min(apart, _MOST_MONTHS))
    return Lever(
        kind="ends",
        key=post.key,
        title=f"{post.title}, ends",
        high=Decimal(_GOES_ON),
        now=now,
        value=now,
        unit="months ahead",
        day=month_of(today),
    )


def move(book: Portfolio, share: Allocation, to: str | None, day: date) -> Lever:
    """A share of a post or cost that another award pays from a day."""
    payee, payer = wishes.payee_of(book, share), wishes.payer_of(book, to)
    return Lever(
        kind="move",
        key=share.key,
        title=f"{payee}, to {payer} from {words.short_day(day)}",
        high=share.percent,
        step=_ONE,
        value=share.percent,
        unit="%",
        day=day,
        to=to,
    )


def pay(book: Portfolio, day: date) -> Lever:
    """The pay award of every post from a day; `now` is the percentage most posts have for it."""
    rises = Counter(
        rise.percent or Decimal(0)
        for post in book.posts
        for rise in post.pay_changes
        if rise.from_ == day
    )
    now = rises.most_common(1)[0][0] if rises else Decimal(0)
    return Lever(
        kind="pay",
        key="",
        title=f"Pay award, {words.month_name(day)}",
        high=max(Decimal(10), now),
        step=Decimal("0.1"),
        now=now,
        value=now,
        unit="%",
        day=day,
    )


def new_award(award: Award, post: str | None) -> Lever:
    """An award the book does not have, and the post it would pay for."""
    pounds = Decimal(award.amount) / 100
    return Lever(
        kind="add",
        key=award.key,
        title=f"{award.title}, new award",
        high=max(pounds * 2, Decimal(1000)),
        step=max(_ONE, Decimal(round(pounds / 50, -2))),
        value=pounds,
        unit="£",
        award=award,
        post=post,
    )


# --- a set of them -----------------------------------------------------------------------------


def next_april(book: Portfolio, today: date) -> date:
    """The first day of the charity's next financial year."""
    month = book.organisation.year_start_month or 4
    this = date(today.year, month, 1)
    return this if this > today else date(today.year + 1, month, 1)


def to_begin_with(book: Portfolio, today: date, at_risk: Sequence[str]) -> tuple[Lever, ...]:
    """What is worth trying first, all where the book stands: a renewal, a post, the pay award.

    `at_risk` are the keys of posts that lose their money, the first of them first.
    """
    hoped = [award for award in book.awards if SECURED < rank(award) < _NEVER]
    begun = sorted(hoped, key=lambda award: (rank(award) != PROBABLE, award.start, -award.amount))
    found: list[Lever] = []
    if begun:
        found += [late(begun[0]), price(begun[0])]
    posts = [book.posts_by_key[key] for key in at_risk if key in book.posts_by_key]
    found += [fte(post) for post in (posts or list(book.posts))[:1]]
    if book.posts:
        found.append(pay(book, next_april(book, today)))
    return tuple(found)


def brought_up_to_date(lever: Lever, book: Portfolio, today: date) -> Lever | None:
    """A lever as the book now has it, standing where it was put; None if there is nothing to move.

    One that was not moved stays where the book stands.
    """
    award, post = book.awards_by_key.get(lever.key), book.posts_by_key.get(lever.key)
    fresh: Lever | None = lever
    if lever.kind in ("late", "price", "extend", "early", "lost"):
        fresh = None if award is None else _of_award(lever.kind, award, today)
    elif lever.kind in ("fte", "ends"):
        fresh = None if post is None else fte(post) if lever.kind == "fte" else ends(post, today)
    elif lever.kind == "pay" and lever.day is not None:
        fresh = pay(book, lever.day)
    elif lever.kind == "move" and book.find("allocations", lever.key) is None:
        fresh = None
    if fresh is None or fresh.kind != lever.kind:
        return None
    return fresh.at(lever.value) if lever.moved else fresh


def _of_award(kind: str, award: Award, today: date) -> Lever:
    makers = {"late": late, "price": price, "extend": extend}
    return makers[kind](award) if kind in makers else lose(award, today)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A book as it would be, the changes that lead there, and why some levers cannot move."""

    portfolio: Portfolio
    changes: tuple[Change, ...]
    faults: dict[str, str]


def drawn(book: Portfolio, fixed: Sequence[Change], levers: Iterable[Lever]) -> Drawn:
    """Grant what is fixed and what every lever asks for, one after another."""
    made: list[Edit] = [Edit("", tuple(fixed))]
    then = made[0].apply(book)
    faults: dict[str, str] = {}
    for lever in levers:
        if lever.moved:
            try:
                edit = lever.wish()(then)
                then = edit.apply(then)
            except (RefusedError, StaleEditError) as refused:
                faults[lever.name] = refused.problems[0].says
            else:
                made.append(edit)
    return Drawn(then, scenario.merged(made), faults)


def recovered(
    book: Portfolio, changes: Sequence[Change], today: date
) -> tuple[tuple[Lever, ...], tuple[Change, ...]]:
    """The levers that would make these changes, and the changes that no lever makes."""
    rest: list[Change] = []
    found: list[Lever] = []
    for each in changes:
        levers = tuple(_candidates(each, today))
        try:
            _, made = scenario.planned(book, [lever.wish() for lever in levers])
        except (RefusedError, StaleEditError):
            made = ()
        if levers and scenario.merged(made) == (each,):
            found += levers
        else:
            rest.append(each)
    return tuple(found), tuple(rest)


def _candidates(each: Change, today: date) -> Iterator[Lever]:
    before, after = each.before, each.after
    if isinstance(before, Award) and isinstance(after, Award):
        if after.amount != before.amount and before.amount > 0:
            yield price(before).at(_percent(before.amount, after.amount))
        months = (after.start.year - before.start.year) * 12 + after.start.month
        months -= before.start.month
        if months:
            yield late(before).at(Decimal(months))
        if after.stage == "unsuccessful" != before.stage:
            yield lose(before, today).at(_ONE)
    elif isinstance(before, Post) and isinstance(after, Post):
        if after.fte != before.fte:
            yield replace(fte(before), high=max(_ONE, before.fte, after.fte)).at(after.fte)
        if after.end != before.end and after.end is not None and after.end >= today:
            ahead = len(months_between(month_of(today), after.end)) - 1
            yield ends(before, today).at(Decimal(ahead))


def _percent(before: int, after: int) -> Decimal:
    """The whole percent that one amount is of another; one that does not fit is not recovered."""
    percent = Decimal(round_half_up(after * 100, before))
    return percent if percent_of(before, percent) == after else _WHOLE
