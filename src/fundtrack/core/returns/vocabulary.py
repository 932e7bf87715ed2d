"""The words a commissioner's own workbook is filled with: plain dotted names, and what each means.

`cover.period_to` is one figure; `line.actual` is one for each budget line, so it is asked for with
a line's key. A name's first part is its family; a family with `each` repeats, and its items have
keys in the order of the book:

- `cover`, `claim`, `total`, `posts`: one figure each. `total` is the finance sheet's last row,
  `posts` the sums of the posts;
- `heading`, `line`: the finance sheet by heading and by budget line, notes on variances included;
- `post`: each share of a post the award pays; `indicator`, `flow`, `outcome`, `answer`: what was
  counted, how people came and went, what changed for them, who they are;
- `month`, `year_month`, `award_month`: the months of the return's period, of its year, of the whole
  award, counted from 1. `line.actual` and `total.actual`, and the profile, can be had for one of
  the period's months too;
- `narrative`, `case`, `quality`: a person's words, by the name of the question;
- `risk`, `asset`, `partner`, `change`: lists a person keeps, counted from 1.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from fundtrack.core.errors import Problem, RefusedError
from fundtrack.core.period import month_period
from fundtrack.core.returns.figures import CellValue, added
from fundtrack.core.returns.finance import finance
from fundtrack.core.returns.kept import Written, record_for, written
from fundtrack.core.returns.layout import (
    CLAIM,
    COVER,
    FINANCE,
    FLOWS,
    NOTES,
    OUTCOMES,
    OUTPUTS,
    POSTS,
    PRIVATE,
    PROFILE,
    VOCABULARY,
    Kind,
    Limits,
    SheetKind,
)
from fundtrack.core.returns.sources import Source, sources
from fundtrack.core.words import month_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fundtrack.core.model import Portfolio
    from fundtrack.core.returns.figures import (
        Finance,
        FinanceHeading,
        FinanceLine,
        PostRow,
        ReturnFigures,
        Sums,
        TableRow,
    )

_SAYS = {
    "code": "Code",
    "heading": "Heading",
    "line": "Name of the line",
    "approved": "Agreed budget",
    "version": "Version of the budget",
    "year_budget": "Budget this year",
    "profile": "Budget in the period",
    "actual": "Spend in the period",
    "variance": "Variance, pounds",
    "variance_percent": "Variance, percent",
    "actual_ytd": "Spend in the year so far",
    "profile_ytd": "Budget in the year so far",
    "variance_ytd": "Variance in the year so far, pounds",
    "variance_ytd_percent": "Variance in the year so far, percent",
    "earlier": "Spend in earlier years",
    "committed": "Ordered and not yet paid",
    "remaining": "Still to be spent",
    "outturn": "Forecast outturn",
    "outturn_variance": "Budget less forecast outturn",
    "note_ref": "Number of the note",
    "note": "Why it varies",
    "fte": "FTE",
    "ukprn": "UKPRN",
    "agreement_ref": "Agreement reference",
    "rag": "Colour (green, amber, red)",
    "kpi": "Id of the indicator",
    "definition": "What is counted",
    "target_ytd": "Target in the year so far",
    "target_year": "Target this year",
    "start_score": "With a start score",
    "both": "With both scores",
}
_SAYS_OF = {
    "post.post": "Id of the post",
    "post.share": "Share on this award, percent",
    "post.start": "From",
    "post.end": "To",
    "post.months": "Funded months in the period",
    "post.cost": "Cost claimed",
    "posts.count": "How many posts",
    "posts.months": "Funded months in the period",
    "posts.cost": "Cost claimed",
    "month.month": "First day of the month",
    "month.budget": "Budget in the month",
    "month.actual": "Spend in the month",
    "month.forecast": "Still to be spent in the month",
    "month.cumulative": "Spend and forecast so far",
    "month.cash": "Received in the month",
    "month.claim": "Claimed for the month",
    "indicator.target": "Target in the period",
    "indicator.actual": "Reading in the period",
    "indicator.actual_ytd": "Reading in the year so far",
    "indicator.numerator": "How many",
    "indicator.denominator": "Of how many",
    "indicator.percent": "Of the target, percent",
    "indicator.rag_reason": "Why another colour",
    "indicator.source": "Where counted",
    "flow.actual": "Number in the period",
    "flow.actual_ytd": "Number in the year so far",
    "answer.block": "Question",
    "answer.category": "Answer",
    "answer.count": "How many people",
    "partner.kpis": "Indicators",
}
_OF_NOTES = ("note", "cause", "effect", "action", "by_when")
_SUMS = tuple(name for name, kind in FINANCE.items() if kind in ("money", "percent"))
_BY_MONTH = ("profile", "actual", "variance", "variance_percent")
_POST_SUMS: dict[str, Kind] = {
    "count": "count",
    "fte": "number",
    "months": "number",
    "cost": "money",
    "vacancy_weeks": "number",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A family of fields: `each` says in words what it has one for, empty for one figure only.

    `fields` is empty where the names are a person's own. `sheet` is the kind of sheet of a layout
    that its figures stand on.
    """

    name: str
    says: str
    each: str = ""
    fields: dict[str, Kind]
    sheet: SheetKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One word of the vocabulary: `line.actual`, what it holds, and how it is called."""

    name: str
    kind: Kind
    says: str
    each: str
    private: bool = False


class Item(NamedTuple):
    """One of those a family repeats for: its key, and how it is called."""

    key: str
    title: str


class Answer(NamedTuple):
    """What stands for a field: its value, what sort it is, and where it came from.

    Money is pence, a percentage is 2.2 for 2.2 %. None: there is none. `figure` is its name among
    the return's sources.
    """

    value: CellValue
    kind: Kind
    figure: str = ""


def _without(kinds: dict[str, Kind], *names: str) -> dict[str, Kind]:
    return {name: kind for name, kind in kinds.items() if name not in names}


_LINE = {**FINANCE, **{name: NOTES[name] for name in _OF_NOTES}}
FAMILIES: tuple[Family, ...] = (
    Family(name="cover", says="Cover", fields=_without(COVER, "checks"), sheet="cover"),
    Family(
        name="total",
        says="Finance, total",
        fields={name: FINANCE[name] for name in _SUMS},
        sheet="finance",
    ),
    Family(
        name="heading",
        says="Finance, heading",
        each="heading",
        fields={"heading": "text", **{name: FINANCE[name] for name in _SUMS}},
        sheet="finance",
    ),
    Family(name="line", says="Finance", each="budget line", fields=_LINE, sheet="finance"),
    Family(name="post", says="Posts", each="post", fields=POSTS, sheet="posts"),
    Family(name="posts", says="Posts, total", fields=_POST_SUMS, sheet="posts"),
    Family(name="claim", says="Claim", fields=CLAIM, sheet="claim"),
    Family(
        name="month", says="Months of the period", each="month", fields=PROFILE, sheet="profile"
    ),
    Family(
        name="year_month", says="Months of the year", each="month", fields=PROFILE, sheet="profile"
    ),
    Family(
        name="award_month",
        says="Months of the award",
        each="month",
        fields=PROFILE,
        sheet="profile",
    ),
    Family(
        name="indicator",
        says="Indicators",
        each="indicator",
        fields=_without(OUTPUTS, "rag_own"),
        sheet="outputs",
    ),
    Family(
        name="flow",
        says="People and contact",
        each="flow",
        fields={"definition": "text", "actual": "count", "actual_ytd": "count", "comment": "text"},
        sheet="outputs",
    ),
    Family(name="outcome", says="Outcomes", each="outcome", fields=OUTCOMES, sheet="outcomes"),
    Family(
        name="answer",
        says="Who was supported",
        each="answer",
        fields={"block": "text", "category": "text", "count": "count"},
        sheet="who",
    ),
    Family(name="narrative", says="Narrative", fields={}, sheet="narrative"),
    Family(name="case", says="Case study", fields={}, sheet="case"),
    Family(name="quality", says="Quality and safeguarding", fields={}, sheet="quality"),
    Family(name="risk", says="Risks", each="risk", fields=VOCABULARY["risks"], sheet="risks"),
    Family(name="asset", says="Assets", each="asset", fields=VOCABULARY["assets"], sheet="assets"),
    Family(
        name="partner",
        says="Partners",
        each="partner",
        fields=VOCABULARY["partners"],
        sheet="partners",
    ),
    Family(
        name="change",
        says="Changes asked for",
        each="change",
        fields=VOCABULARY["change"],
        sheet="change",
    ),
)
_BY_NAME = {family.name: family for family in FAMILIES}
_FEW = 12
_LISTED = {"risk", "asset", "partner", "change"}
_WORDS = {"narrative", "case", "quality"}


def fields() -> tuple[Field, ...]:
    """Every word of the vocabulary, in the order it is offered."""
    return tuple(
        _field(family, name, kind) for family in FAMILIES for name, kind in family.fields.items()
    )


def field(name: str) -> Field | None:
    """The field of that name, or None if the vocabulary has none."""
    first, _, rest = name.partition(".")
    family = _BY_NAME.get(first)
    if family is None or not rest:
        return None
    if first in _WORDS:
        return _field(family, rest, "text")
    return _field(family, rest, family.fields[rest]) if rest in family.fields else None


def family_of(name: str) -> Family:
    """The family of a field that is in the vocabulary."""
    return _BY_NAME[name.partition(".")[0]]


def nearest(name: str) -> str:
    """The word of the vocabulary that somebody may have meant; empty if none is near."""
    found = difflib.get_close_matches(name, [each.name for each in fields()], n=1)
    return found[0] if found else ""


def _field(family: Family, name: str, kind: Kind) -> Field:
    of_a_month = family.name.endswith("month")
    full = f"{'month' if of_a_month else family.name}.{name}"
    says = _SAYS_OF.get(full) or _SAYS.get(name) or name.replace("_", " ").capitalize()
    return Field(
        name=f"{family.name}.{name}",
        kind=kind,
        says=f"{says} · {family.each}" if family.each else says,
        each=family.each,
        private=family.name == "post" and name in PRIVATE,
    )


# --- the answers of one return -----------------------------------------------------------------


class Answers:
    """The fields of one return, with their values: what a mapping asks.

    `figures` must have been worked out with a layout that has the sheets of the fields asked for;
    those without are left empty. `portfolio` is the book they were worked out of.
    """

    def __init__(self, portfolio: Portfolio, figures: ReturnFigures) -> None:
        self.portfolio = portfolio
        self.figures = figures

    def items(self, family: str) -> tuple[Item, ...]:
        """Those a family repeats for, in the order of the book; none for one that does not."""
        if family not in _BY_NAME or not _BY_NAME[family].each:
            return ()
        match family:
            case "heading":
                found = [Item(one.heading, one.heading) for one in self._headings]
            case "line":
                found = [Item(one.key, one.title) for one in self.figures.finance.all_lines]
            case "post":
                found = [*self._post_items]
            case "month" | "year_month" | "award_month":
                months = enumerate(self._months(family), start=1)
                found = [Item(str(at), month_name(month)) for at, month in months]
            case _:
                found = [
                    Item(_key(family, row), _titled(row))
                    for row in self._rows(family)
                    if family not in _LISTED or any(row.values.values())
                ]
        return tuple(found)

    def answer(self, name: str, of: str = "", *, month: int | None = None) -> Answer:
        """What stands for a field, of the item with this key where its family repeats.

        `month` asks for the spending or the profile of one of the period's months, from 1.
        Raises RefusedError for a name, a key or a month that is not there, naming those that are.
        """
        known = field(name)
        if known is None:
            raise _refused(_unknown(name))
        first, _, rest = name.partition(".")
        if month is not None:
            return self._in_month(first, rest, of, month)
        return self._answer(first, rest, of, known.kind)

    def source(self, answer: Answer) -> Source | None:
        """Where an answer came from, where that is known."""
        return self._sources.get(answer.figure)

    def _answer(self, first: str, rest: str, of: str, kind: Kind) -> Answer:
        match first:
            case "cover":
                found = self._of_cover(rest, kind)
            case "total":
                value = _sum(self.figures.finance.total, rest)
                found = Answer(value, kind, f"finance/total/{rest}")
            case "heading":
                found = self._of_heading(rest, of, kind)
            case "line":
                line = self._line(self.figures.finance, of)
                found = Answer(_of_line(line, rest), kind, f"finance/line/{line.key}/{rest}")
            case "post":
                found = self._of_post(rest, of, kind)
            case "posts":
                found = Answer(self._of_posts(rest), kind)
            case "month" | "year_month" | "award_month":
                found = self._of_month(first, rest, of, kind)
            case "claim" | "narrative" | "case" | "quality":
                found = self._of_words(first, rest, kind)
            case _:
                found = self._of_table(first, rest, of, kind)
        return found

    # --- cover, finance ------------------------------------------------------------------------

    def _of_cover(self, rest: str, kind: Kind) -> Answer:
        cover = self.figures.cover
        if rest == "claimed":
            return Answer(self.figures.claimed, kind, "claim/claimed/value")
        typed = cover.typed.get(rest)
        value = typed if typed is not None else getattr(cover, rest, None)
        return Answer(value, kind, f"cover/{rest}")

    @cached_property
    def _headings(self) -> tuple[FinanceHeading, ...]:
        return (*self.figures.finance.headings, *self.figures.finance.memo)

    def _of_heading(self, rest: str, of: str, kind: Kind) -> Answer:
        found = next((one for one in self._headings if one.heading == of), None)
        if found is None:
            raise self._no_such("heading", "heading", of)
        value = found.heading if rest == "heading" else _sum(found.sums, rest)
        return Answer(value, kind, f"finance/heading/{of}/{rest}")

    def _line(self, sheet: Finance, of: str) -> FinanceLine:
        found = next((one for one in sheet.all_lines if one.key == of), None)
        if found is None:
            raise self._no_such("line", "budget line", of)
        return found

    def _in_month(self, first: str, rest: str, of: str, number: int) -> Answer:
        months = self.figures.period.months
        if first not in ("line", "total") or rest not in _BY_MONTH:
            says = "only the budget, the spend and the variance of lines and of the total can be "
            raise _refused(f"{first}.{rest}: {says}had by month")
        if not 1 <= number <= len(months):
            raise _refused(f"the period has {len(months)} months, and month {number} is not one")
        sheet = self._month_sheet(number)
        if first == "total":
            return Answer(_sum(sheet.total, rest), FINANCE[rest])
        lines = [one for one in sheet.all_lines if one.key == of]
        if not lines:
            self._line(self.figures.finance, of)  # a line with nothing in this month
            return Answer(_sum(added(()), rest), FINANCE[rest])
        return Answer(_sum(lines[0].sums, rest), FINANCE[rest])

    def _month_sheet(self, number: int) -> Finance:
        if number not in self._month_sheets:
            award = self.portfolio.awards_by_key[self.figures.award]
            month = month_period(self.figures.period.months[number - 1])
            self._month_sheets[number] = finance(
                award,
                self.portfolio.actuals,
                month,
                self.figures.year,
                written(record_for(self.portfolio, award, self.figures.period)),
                Limits(),
                self.figures.cover.as_at,
            )
        return self._month_sheets[number]

    @cached_property
    def _month_sheets(self) -> dict[int, Finance]:
        return {}

    # --- posts ---------------------------------------------------------------------------------

    @cached_property
    def _post_items(self) -> tuple[Item, ...]:
        """Each share of a post; the second share of one post is `key/2`."""
        found, times = list[Item](), dict[str, int]()
        for row in self.figures.posts:
            times[row.post] = times.get(row.post, 0) + 1
            again = f"/{times[row.post]}" if times[row.post] > 1 else ""
            found.append(Item(f"{row.post}{again}", row.role))
        return tuple(found)

    def _of_post(self, rest: str, of: str, kind: Kind) -> Answer:
        keys = [item.key for item in self._post_items]
        if of not in keys:
            raise self._no_such("post", "post", of)
        at = keys.index(of)
        return Answer(getattr(self.figures.posts[at], rest), kind, f"posts/{at}/{rest}")

    def _of_posts(self, rest: str) -> CellValue:
        rows: tuple[PostRow, ...] = self.figures.posts
        if rest == "count":
            return len({row.post for row in rows})
        if rest == "cost":
            return sum(row.cost for row in rows)
        if rest == "fte":
            return sum({row.post: row.fte for row in rows}.values(), Decimal(0))
        return sum((getattr(row, rest) for row in rows), Decimal(0))

    # --- sheets of rows ------------------------------------------------------------------------

    def _months(self, family: str) -> tuple[date, ...]:
        if family == "month":
            return self.figures.period.months
        if family == "year_month":
            return self.figures.year.months
        months = (row.values.get("month") for row in self.figures.tables.get("profile", ()))
        return tuple(month for month in months if isinstance(month, date))

    def _of_month(self, first: str, rest: str, of: str, kind: Kind) -> Answer:
        months = self._months(first)
        if not (of.isascii() and of.isdecimal() and 1 <= int(of) <= len(months)):
            raise self._no_such(first, "month", of)
        month = months[int(of) - 1]
        key = f"{month:%Y-%m}"
        row = next((r for r in self.figures.tables.get("profile", ()) if r.key == key), None)
        value = None if row is None else row.values.get(rest)
        return Answer(month if rest == "month" else value, kind, f"profile/{key}/{rest}")

    def _of_words(self, first: str, rest: str, kind: Kind) -> Answer:
        """A row that is known by its name: a line of the claim, a question."""
        row = next((r for r in self.figures.tables.get(first, ()) if r.key == rest), None)
        figure = f"{first}/{rest}/value"
        if row is None:
            return Answer(self._written.form(first).get(rest), kind, figure)
        return Answer(row.values.get("value"), row.kinds.get("value", kind), figure)

    def _of_table(self, first: str, rest: str, of: str, kind: Kind) -> Answer:
        row = next((row for row in self._rows(first) if _key(first, row) == of), None)
        if row is None:
            if first in _LISTED:  # the list is shorter this time
                return Answer(None, kind)
            raise self._no_such(first, _BY_NAME[first].each, of)
        kind = row.kinds.get(rest, kind)
        if kind == "figure":
            percents = {one.key for one in self.figures.kpis if one.counts_in_percent}
            kind = "percent" if row.key in percents else "number"
        sheet = _BY_NAME[first].sheet
        return Answer(row.values.get(rest), kind, f"{sheet}/{row.key}/{rest}")

    def _rows(self, family: str) -> Iterator[TableRow]:
        known = _BY_NAME.get(family)
        kpis = {one.key for one in self.figures.kpis}
        for row in self.figures.tables.get(known.sheet, ()) if known is not None else ():
            if row.role == "heading":
                continue
            if family == "indicator" and row.key not in kpis:
                continue
            if family == "flow" and (row.key in kpis or row.key not in FLOWS):
                continue
            yield row

    @cached_property
    def _written(self) -> Written:
        award = self.portfolio.awards_by_key[self.figures.award]
        return written(record_for(self.portfolio, award, self.figures.period))

    @cached_property
    def _sources(self) -> dict[str, Source]:
        return {source.figure: source for source in sources(self.portfolio, self.figures)}

    def _no_such(self, family: str, thing: str, key: str) -> RefusedError:
        keys = [item.key for item in self.items(family)]
        few = ", ".join(f"“{key}”" for key in keys[:_FEW]) or "none"
        more = f" and {len(keys) - _FEW} more" if len(keys) > _FEW else ""
        asked = f"there is no {thing} “{key}”" if key else f"say which {thing} is meant"
        return _refused(f"{asked}. There are: {few}{more}")


def _refused(says: str) -> RefusedError:
    return RefusedError((Problem("field", says),))


def _unknown(name: str) -> str:
    near = nearest(name)
    meant = f". Is “{near}” meant?" if near else ". MAPPING.md lists the fields there are"
    return f"there is no field “{name}”{meant}"


def _sum(sums: Sums, name: str) -> CellValue:
    value: CellValue = getattr(sums, name)
    return value


def _of_line(line: FinanceLine, rest: str) -> CellValue:
    own: dict[str, CellValue] = {
        "code": line.code,
        "heading": line.heading,
        "line": line.title,
        "version": line.version,
        "note_ref": line.note_ref,
        "note": line.note,
    }
    if rest in own:
        return own[rest]
    return (
        line.variance.get(rest) if rest in NOTES and rest not in FINANCE else _sum(line.sums, rest)
    )


def _key(family: str, row: TableRow) -> str:
    """The key a mapping uses for a row: an answer about people goes by its words, not its place."""
    if family != "answer" or row.role == "total":
        return row.key
    return f"{row.key.rpartition('/')[0]}/{row.values.get('category', '')}"


def _titled(row: TableRow) -> str:
    names = ("definition", "outcome", "category", "block", "risk", "item", "name", "line")
    return next((str(row.values[name]) for name in names if row.values.get(name)), row.key)
