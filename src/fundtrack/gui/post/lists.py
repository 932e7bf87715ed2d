"""What a post has several of: changes of pay, and times when nobody was in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from fundtrack.core import words
from fundtrack.core.model import PayChange, Vacancy
from fundtrack.core.plain import decimal_text, pounds
from fundtrack.gui import kinds, typed
from fundtrack.gui.kinds import Kind
from fundtrack.gui.post.section import PostSection
from fundtrack.gui.table import Column, Table
from fundtrack.gui.widgets.frame import label
from fundtrack.gui.widgets.grid import Grid
from fundtrack.gui.wishes import set_field

if TYPE_CHECKING:
    from fundtrack.core.edit import Edit
    from fundtrack.core.model import Post
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View

Item = TypeVar("Item", PayChange, Vacancy)
_APRIL = 4


@dataclass(frozen=True, slots=True)
class Entry(Generic[Item]):
    """One item of a post's list, and where it stands in it."""

    post: Post
    at: int
    item: Item


class ListCard(PostSection, Generic[Item]):
    """A list within a post, as a small table with Add and Remove."""

    field = ""
    heading = ""
    nothing = ""
    adds = ""
    """What adding one is called: "Add pay change"."""
    removes = ""

    def __init__(self, look: Look, columns: tuple[Column[Entry[Item]], ...]) -> None:
        super().__init__(look, self.heading)
        self.table: Table[Entry[Item]] = Table(
            columns, key=lambda entry: str(entry.at), refusal=self.refusal
        )
        self.grid = Grid(look, self.table, self.heading, fits=True, sortable=False)
        self.grid.can_remove = True
        self._none = label(self.nothing, tone="muted", wrap=True)
        self.add_button = self.act("Add", self.adds, self.add)
        self.add_link(self.add_button)
        self.put(self.grid)
        self.put(self._none)
        self.table.edit_wanted.connect(self.edit_wanted)
        self.grid.given_up.connect(self.trouble)
        self.grid.remove_wanted.connect(self._remove)

    def fill(self, post: Post, view: View) -> None:
        """Show the list of this post."""
        self.table.editable = not view.read_only
        items: tuple[Item, ...] = getattr(post, self.field)
        self.grid.present(tuple(Entry(post, at, item) for at, item in enumerate(items)))
        self.grid.setVisible(bool(items))
        self._none.setVisible(not items)

    def new_item(self, post: Post, today: date) -> Item:
        """One to begin with, to be typed over."""
        raise NotImplementedError

    def add(self) -> None:
        """Add one, and open its day for typing."""
        if self.post is None or self.view is None or not self.can_change:
            return
        items: tuple[Item, ...] = getattr(self.post, self.field)
        new = self.new_item(self.post, self.view.outlook.today)
        label_ = f"{self.adds} of {self.post.title}"
        self.ask(set_field("posts", self.post, self.field, (*items, new), label_))
        self.grid.change(str(len(items)), "from")

    def _remove(self, keys: tuple[str, ...]) -> None:
        if self.post is None:
            return
        items: tuple[Item, ...] = getattr(self.post, self.field)
        kept = tuple(item for at, item in enumerate(items) if str(at) not in keys)
        label_ = f"{self.removes} of {self.post.title}"
        self.ask(set_field("posts", self.post, self.field, kept, label_))


def _changed(entry: Entry[Any], field: str, label_: str, **values: Any) -> Edit:  # noqa: ANN401
    items = list(getattr(entry.post, field))
    items[entry.at] = replace(entry.item, **values)
    return set_field("posts", entry.post, field, tuple(items), f"{label_} of {entry.post.title}")


# --- pay changes -------------------------------------------------------------------------


class PayChangesCard(ListCard[PayChange]):
    """Rises to come. Private: shown when salaries are."""

    field = "pay_changes"
    heading = "Changes of pay"
    nothing = "Pay stays as it is. Add a change to plan for a rise."
    adds = "Add pay change"
    removes = "Remove pay change"
    private = True

    def __init__(self, look: Look) -> None:
        super().__init__(look, _PAY_COLUMNS)

    def new_item(self, post: Post, today: date) -> PayChange:
        """A rise of nothing from the next April that has none."""
        last = max((each.from_ for each in post.pay_changes), default=today)
        year = last.year + (last >= date(last.year, _APRIL, 1))
        return PayChange(from_=date(year, _APRIL, 1), percent=Decimal(0))


def read_change(text: str) -> tuple[Decimal | None, int | None, int | None]:
    """A change of pay as typed: `3%`, `+500` or `-500` a year, or the new salary `34,000`."""
    text = text.strip().replace("\N{MINUS SIGN}", "-")
    if text.endswith("%"):
        sign = -1 if text.startswith("-") else 1
        return sign * typed.read_percent(text.lstrip("+-")), None, None
    if text[:1] in ("+", "-"):
        return None, typed.read_pounds(text.lstrip("+")), None
    if not text:
        raise ValueError("Type 3% for a rise, +500 for pounds a year, or the new salary")
    return None, None, typed.read_pounds(text)


def _change_words(change: tuple[Decimal | None, int | None, int | None]) -> str:
    percent, amount, salary = change
    if percent is not None:
        return f"{'+' if percent >= 0 else words.MINUS}{decimal_text(abs(percent))}%"
    if amount is not None:
        return f"{'+' if amount >= 0 else words.MINUS}{words.whole_pounds(abs(amount))}"
    return f"to {words.whole_pounds(salary or 0)}"


def _change_typed(change: tuple[Decimal | None, int | None, int | None]) -> str:
    percent, amount, salary = change
    if percent is not None:
        return f"{decimal_text(percent)}%"
    if amount is not None:
        return f"{'+' if amount >= 0 else ''}{pounds(amount)}"
    return pounds(salary or 0)


_CHANGE = Kind(
    name="pay change",
    text=_change_words,
    typed=_change_typed,
    read=lambda text, _before: read_change(text),
    figure=True,
)
_PAY_COLUMNS: tuple[Column[Entry[PayChange]], ...] = (
    Column(
        name="from",
        title="From",
        kind=kinds.DATE,
        value=lambda entry: entry.item.from_,
        edit=lambda entry, day: _changed(entry, "pay_changes", "Move pay change", from_=day),
        width=14,
    ),
    Column(
        name="change",
        title="Change",
        kind=_CHANGE,
        value=lambda entry: (entry.item.percent, entry.item.amount, entry.item.salary),
        edit=lambda entry, change: _changed(
            entry,
            "pay_changes",
            "Change pay rise",
            **dict(zip(("percent", "amount", "salary"), change, strict=True)),
        ),
        tip=lambda _entry: "3% for a rise, +500 for pounds a year, or the new full-time salary",
        stretch=True,
    ),
)


# --- vacancies ---------------------------------------------------------------------------


class VacanciesCard(ListCard[Vacancy]):
    """When nobody is in the post, it costs nothing."""

    field = "vacancies"
    heading = "Vacancies"
    nothing = "Never vacant since it began."
    adds = "Add vacancy"
    removes = "Remove vacancy"

    def __init__(self, look: Look) -> None:
        super().__init__(look, _VACANCY_COLUMNS)

    def new_item(self, post: Post, today: date) -> Vacancy:
        """Four weeks from today, or from the first day."""
        start = max(today, post.start)
        return Vacancy(from_=start, to=start + timedelta(days=27))


_VACANCY_COLUMNS: tuple[Column[Entry[Vacancy]], ...] = (
    Column(
        name="from",
        title="From",
        kind=kinds.DATE,
        value=lambda entry: entry.item.from_,
        edit=lambda entry, day: _changed(entry, "vacancies", "Move vacancy", from_=day),
        width=14,
    ),
    Column(
        name="to",
        title="To",
        kind=kinds.DATE,
        value=lambda entry: entry.item.to,
        edit=lambda entry, day: _changed(entry, "vacancies", "Move vacancy", to=day),
        stretch=True,
    ),
)
