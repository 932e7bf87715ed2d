"""The same book as a spreadsheet of live formulas, for LibreOffice to recalculate.

One row per stretch of income, per price of a post, per cost and per allocation, one column per
month, as a careful finance lead would lay it out. No results are stored: to open it is to
recalculate it. Shares of pennies are rounded month by month, so totals agree within pounds.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from bench.journal import COUNTED, salaries, stretches
from fundtrack.core.period import month_end, months_between

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fundtrack.core.model import Cost, Portfolio, Post

_DAY = timedelta(days=1)
_FOREVER = date(2199, 12, 31)
_FIRST_ROW = 4
_MONTHS_FROM = 14
_EVERY = {"quarter": 3, "year": 12}
_RATE, _THRESHOLD, _LOWER, _UPPER = "0.15", "5000", "6240", "50270"


def write_sheet(portfolio: Portfolio, certainty: str, first: date, last: date, path: Path) -> int:
    """Write the workbook and return how many formulas it holds. Its first sheet has the totals."""
    return _Sheets(portfolio, certainty, months_between(first, last)).write(path)


class _Sheets:
    """The sheets of one workbook, all with the same months in the same columns."""

    def __init__(self, portfolio: Portfolio, certainty: str, months: tuple[date, ...]) -> None:
        self.portfolio, self.certainty, self.months = portfolio, certainty, months
        self.columns = [get_column_letter(_MONTHS_FROM + n) for n in range(len(months))]
        self.workbook = Workbook(write_only=True)
        self.formulas = 0

    def write(self, path: Path) -> int:
        totals = self.workbook.create_sheet("Totals")
        income = self.sheet("Income", self.income_rows())
        prices, spans = self.price_rows()
        self.sheet("Prices", prices)
        posts = self.sheet("Posts", self.post_rows(spans))
        costs = self.sheet("Costs", self.cost_rows())
        charged = self.sheet("Charged", self.charged_rows())
        self.header(totals)
        for row in self.total_rows(income, posts, costs, charged):
            self.append(totals, row)
        self.workbook.save(path)
        return self.formulas

    def sheet(self, title: str, rows: Iterator[list[Any]]) -> int:
        """Write a sheet and return its last row."""
        sheet = self.workbook.create_sheet(title)
        self.header(sheet)
        last = _FIRST_ROW - 1
        for row in rows:
            self.append(sheet, row)
            last += 1
        return last

    def header(self, sheet: Any) -> None:  # noqa: ANN401 (openpyxl has no name for it)
        before = [None] * (_MONTHS_FROM - 1)
        sheet.append([*before, *self.months])
        sheet.append([*before, *map(month_end, self.months)])
        sheet.append([*before, *(month_end(month).day for month in self.months)])

    def append(self, sheet: Any, row: list[Any]) -> None:  # noqa: ANN401 (as above)
        sheet.append(row)
        self.formulas += sum(isinstance(cell, str) and cell.startswith("=") for cell in row)

    def row(self, facts: list[Any], formula: str) -> list[Any]:
        """The facts at the left, then the formula in every month; `@` stands for the column."""
        padding = [None] * (_MONTHS_FROM - 1 - len(facts))
        return [*facts, *padding, *(formula.replace("@", column) for column in self.columns)]

    def income_rows(self) -> Iterator[list[Any]]:
        row = _FIRST_ROW
        for award in self.portfolio.awards:
            if award.stage not in COUNTED[self.certainty]:
                continue
            for part in stretches(award, self.certainty):
                months = (
                    f"=(YEAR(D{row})-YEAR(C{row}))*12+MONTH(D{row})-MONTH(C{row})"
                    f"-(DAY(C{row})-1)/DAY(EOMONTH(C{row},0))+DAY(D{row})/DAY(EOMONTH(D{row},0))"
                )
                facts = [award.key, part.amount / 100, part.start, part.end, months]
                yield self.row(facts, f"=ROUND($B{row}/$E{row}*{_share(row)},2)")
                row += 1

    def price_rows(self) -> tuple[Iterator[list[Any]], list[tuple[int, int]]]:
        """The rows of every post's prices, and each post's first and last row."""
        rows: list[list[Any]] = []
        spans = []
        for post in self.portfolio.posts:
            first = _FIRST_ROW + len(rows)
            for salary, start, end in _spells(post):
                rows.append(self.price_row(post, salary, start, end, _FIRST_ROW + len(rows)))
            spans.append((first, _FIRST_ROW + len(rows) - 1))
        return iter(rows), spans

    def price_row(self, post: Post, salary: int, start: date, end: date, row: int) -> list[Any]:
        agency, pension = post.status == "agency", post.pension
        counted = f"G{row}"
        if pension is not None and pension.basis == "qualifying":
            counted = f"MAX(0,MIN(G{row},{_UPPER})-{_LOWER})"
        facts = [
            post.key,
            float(post.fte),
            start,
            end,
            salary / 100,
            float(pension.percent) / 100 if pension else 0,
            f"=ROUND(E{row}*B{row},2)",
            0 if agency else f"=ROUND({_RATE}*MAX(0,G{row}-{_THRESHOLD}),2)",
            f"=ROUND({counted}*F{row},2)",
            f"=ROUND((G{row}+H{row}+I{row})/12,2)",
        ]
        return self.row(facts, f"=ROUND($J{row}*{_share(row)},2)")

    def post_rows(self, spans: list[tuple[int, int]]) -> Iterator[list[Any]]:
        for post, (first, last) in zip(self.portfolio.posts, spans, strict=True):
            filled = last >= first
            yield self.row([post.key], f"=SUM(Prices!@{first}:@{last})" if filled else "=0")

    def cost_rows(self) -> Iterator[list[Any]]:
        for row, cost in enumerate(self.portfolio.costs, start=_FIRST_ROW):
            facts = [cost.key, cost.amount / 100, cost.start, cost.end or _FOREVER]
            yield self.row(facts, _cost_formula(cost, row))

    def charged_rows(self) -> Iterator[list[Any]]:
        posts = {post.key: at for at, post in enumerate(self.portfolio.posts, start=_FIRST_ROW)}
        costs = {cost.key: at for at, cost in enumerate(self.portfolio.costs, start=_FIRST_ROW)}
        row = _FIRST_ROW
        for share in self.portfolio.allocations:
            award = self.portfolio.awards_by_key.get(share.award or "")
            if award is None:
                continue
            end = max([award.end, *(one.end for one in award.extensions if one.exercised)])
            facts = [share.key, float(share.percent) / 100, award.start, end]
            what = f"Posts!@{posts[share.post]}" if share.post else ""
            what = what or f"Costs!@{costs[share.cost or '']}"
            yield self.row(facts, f"=ROUND({what}*$B{row}*{_share(row)},2)")
            row += 1

    def total_rows(self, income: int, posts: int, costs: int, charged: int) -> list[list[Any]]:
        top = _FIRST_ROW
        return [
            self.row(["income"], f"=SUM(Income!@{top}:@{income})"),
            self.row(["cost"], f"=SUM(Posts!@{top}:@{posts})+SUM(Costs!@{top}:@{costs})"),
            self.row(["surplus"], f"=@{top}-@{top + 1}"),
            self.row(["charged"], f"=SUM(Charged!@{top}:@{charged})"),
        ]


def _share(row: int) -> str:
    """The share of a month's days that lies between a row's columns C and D."""
    return f"MAX(0,MIN($D{row},@$2)-MAX($C{row},@$1)+1)/@$3"


def _cost_formula(cost: Cost, row: int) -> str:
    if cost.frequency == "month":
        return f"=ROUND($B{row}*{_share(row)},2)"
    since = f"(YEAR(@$1)-YEAR($C{row}))*12+MONTH(@$1)-MONTH($C{row})"
    every = _EVERY.get(cost.frequency)
    due = f"MOD({since},{every})=0" if every else f"{since}=0"
    return f"=IF(AND({since}>=0,{due}),$B{row},0)"


def _spells(post: Post) -> Iterator[tuple[int, date, date]]:
    """Each run of days the post is filled at one salary; the salary in pence."""
    if post.status == "vacant":
        return
    steps = salaries(post)
    ends = [begin - _DAY for begin, _ in steps[1:]] + [_FOREVER]
    for (begin, salary), end in zip(steps, ends, strict=True):
        low, high = max(begin, post.start), min(end, post.end or _FOREVER)
        for gap in sorted(post.vacancies, key=lambda gap: gap.from_):
            if low < gap.from_ <= high:
                yield salary, low, gap.from_ - _DAY
            if gap.from_ <= high:
                low = max(low, gap.to + _DAY)
        if low <= high:
            yield salary, low, high
