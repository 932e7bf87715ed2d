"""The tables of a return: finance by budget line, posts, notes on variances, and the checks."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from fundtrack.core.returns.case import EXPLAINABLE
from fundtrack.exchange.workbook.grid import letter, pounds
from fundtrack.exchange.workbook.pages import Place, fixed, quoted, slug, sum_of
from fundtrack.exchange.workbook.result import figure_formulas, result_formula

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fundtrack.core.returns.figures import (
        FinanceHeading,
        FinanceLine,
        Finding,
        PostRow,
        Sums,
    )
    from fundtrack.core.returns.layout import Column, Sheet
    from fundtrack.exchange.workbook.grid import Value
    from fundtrack.exchange.workbook.look import Role
    from fundtrack.exchange.workbook.pages import Draft, Page

_FIGURES = ("figure_a", "figure_b", "difference")
NO_PERCENTAGE = "n/a"
_NOT_IN_TOTAL = "For information only, not in the total"


# --- 2 Finance -------------------------------------------------------------------------------


def finance_page(draft: Draft, sheet: Sheet) -> None:
    """One row for each budget line, a sub-total for each heading, and the total."""
    page = draft.page(sheet)
    row = draft.heads(page)
    for heading in draft.figures.finance.headings:
        row = _heading(draft, page, row, heading, role="heading")
    _total(draft, page, row)
    if draft.figures.finance.memo:
        row += 2
        page.grid.put(row, 1, _NOT_IN_TOTAL, draft.look.style("says"))
        for heading in draft.figures.finance.memo:
            row = _heading(draft, page, row + 1, heading, role="memo") - 1


def _heading(draft: Draft, page: Page, row: int, heading: FinanceHeading, *, role: Role) -> int:
    """The lines of one heading and their sub-total; returns the next free row."""
    first, last = row, row + len(heading.lines) - 1
    for line in heading.lines:
        _line(draft, page, row, line)
        row += 1
    for at, column in enumerate(page.sheet.columns, start=1):
        if column.who == "enter":
            page.inputs.append((f"{letter(at)}{first}:{letter(at)}{last}", column.kind))
    if role == "heading":
        draft.line_rows.append((first, last))
        draft.heading_rows.append(row)
    title = f"Total {heading.heading}"
    sums = {letter(at): f"SUM({letter(at)}{first}:{letter(at)}{last})" for at in _columns(page)}
    _sums_row(draft, page, row, title, heading.sums, sums, role)
    _name_totals(draft, page, row, f"finance_{slug(heading.heading)}")
    draft.rows[f"finance/heading/{heading.heading}"] = (page, row)
    return row + 1


def _line(draft: Draft, page: Page, row: int, line: FinanceLine) -> None:
    texts = {
        "code": line.code,
        "heading": line.heading,
        "line": line.title,
        "version": line.version,
        "note_ref": line.note_ref,
    }
    sums, flipped = line.sums, _is_flipped(draft)

    def value(column: Column) -> Value:
        if column.kind == "text":
            return texts.get(column.field)
        return _figure(sums, column, flipped=flipped)

    draft.row(page, row, value)
    draft.rows[f"finance/line/{line.key}"] = (page, row)


def _is_flipped(draft: Draft) -> bool:
    """Whether this layout's variances are actual less budget."""
    return draft.layout.sign == "actual-budget"


def _figure(sums: Sums, column: Column, *, flipped: bool) -> Value:
    if column.kind == "text":
        return None
    value = getattr(sums, column.field)
    if value is not None and flipped and "variance" in column.field:
        value = -value
    if column.kind == "percent":
        return NO_PERCENTAGE if value is None else value.scaleb(-2)
    return pounds(value)


def _total(draft: Draft, page: Page, row: int) -> None:
    sums = {
        letter(at): sum_of(f"{letter(at)}{heading}" for heading in draft.heading_rows)
        for at in _columns(page)
    }
    _sums_row(draft, page, row, "Total", draft.figures.finance.total, sums, "total")
    draft.rows["finance/total"] = (page, row)
    _name_totals(draft, page, row, "finance_total")


def _sums_row(
    draft: Draft,
    page: Page,
    row: int,
    title: str,
    sums: Sums,
    formulas: dict[str, str],
    role: Role,
) -> None:
    def value(column: Column) -> Value:
        if column.field == "line":
            return title
        return _figure(sums, column, flipped=_is_flipped(draft)) if column.total else None

    def formula(column: Column) -> str:
        if column.total == "sum":
            return formulas[page.column(column.field)]
        return page.formula(column, row) if column.total else ""

    draft.row(page, row, value, role=role, formula_of=formula)


def _columns(page: Page) -> range:
    return range(1, len(page.sheet.columns) + 1)


def _name_totals(draft: Draft, page: Page, row: int, prefix: str) -> None:
    for at, column in enumerate(page.sheet.columns, start=1):
        if column.total:
            where = Place(page.sheet.title, f"{letter(at)}{row}")
            draft.name(f"{prefix}_{column.field}", where.fixed)


# --- 3 Posts ---------------------------------------------------------------------------------


def posts_page(draft: Draft, sheet: Sheet) -> None:
    """One row for each share of each post, and what is claimed for all of them."""
    page = draft.page(sheet)
    first = row = draft.heads(page)
    rows = draft.figures.posts
    if not rows:
        page.grid.put(row, 1, sheet.empty, draft.look.style("says"))
        return
    for post in rows:
        draft.row(page, row, lambda column, post=post: _of_post(post, column))  # type: ignore[misc]
        draft.rows[f"posts/{row - first}"] = (page, row)
        row += 1
    for at, column in enumerate(sheet.columns, start=1):
        if column.who == "enter":
            page.inputs.append((f"{letter(at)}{first}:{letter(at)}{row - 1}", column.kind))

    def total(column: Column) -> Value:
        if column.field == "role":
            return "Total"
        return _posts_total(rows, column) if column.total else None

    def formula(column: Column) -> str:
        at = page.column(column.field)
        return f"SUM({at}{first}:{at}{row - 1})" if column.total else ""

    draft.row(page, row, total, role="total", formula_of=formula)
    draft.rows["posts/total"] = (page, row)
    _name_totals(draft, page, row, "posts_total")


def _of_post(post: PostRow, column: Column) -> Value:
    value = getattr(post, column.field)
    if value is None:  # a salary that nobody has confirmed
        return None
    if column.kind == "money":
        return pounds(value)
    if column.kind == "percent":
        return Decimal(value).scaleb(-2)
    return value  # type: ignore[no-any-return]  # text, a number or a day, as the row has it


def _posts_total(rows: Sequence[PostRow], column: Column) -> Value:
    total = sum(getattr(row, column.field) for row in rows)
    return pounds(total) if column.kind == "money" else total


# --- 11 Notes --------------------------------------------------------------------------------


def notes_page(draft: Draft, sheet: Sheet) -> None:
    """One row for each line whose variance needs a note, or has one."""
    page = draft.page(sheet)
    first = row = draft.heads(page)
    lines = [line for line in draft.figures.finance.all_lines if line.note_ref]
    if not lines:
        page.grid.put(row, 1, sheet.empty, draft.look.style("says"))
        return
    for line in lines:
        _note(draft, page, row, line)
        row += 1
    for at, column in enumerate(sheet.columns, start=1):
        if column.who == "enter":
            area = f"{letter(at)}{first}:{letter(at)}{row - 1}"
            page.inputs.append((area, column.kind))
            if column.choices:
                page.choices.append((area, column.choices))


def _note(draft: Draft, page: Page, row: int, line: FinanceLine) -> None:
    texts: dict[str, Value] = {
        "note_ref": line.note_ref,
        "code": line.code,
        "line": line.title,
        "note": line.note,
        "length": len(line.note),
        "cause": line.variance.get("cause"),
        "effect": line.variance.get("effect"),
        "action": line.variance.get("action"),
        "by_when": line.variance.get("by_when"),
    }

    def figure(column: Column) -> Value:
        return _figure(line.sums, column, flipped=_is_flipped(draft))

    def value(column: Column) -> Value:
        return texts[column.field] if column.field in texts else figure(column)

    def formula(column: Column) -> str:
        place = draft.place(f"finance/line/{line.key}/{column.field}")
        if column.kind in ("money", "percent") and place is not None:
            return place.plain
        return page.formula(column, row)

    draft.row(page, row, value, formula_of=formula)
    draft.rows[f"notes/line/{line.key}"] = (page, row)


# --- 17 Checks -------------------------------------------------------------------------------


def checks_page(draft: Draft, sheet: Sheet) -> None:
    """What each rule found, worked out again by the sheet from the figures as they stand."""
    page = draft.page(sheet)
    first = row = draft.heads(page)
    for finding in draft.figures.findings:
        _check(draft, page, row, finding)
        row += 1
    if at := page.column("level"):
        page.results = f"{at}{first}:{at}{row - 1}"
        draft.name("checks_results", f"{quoted(sheet.title)}!{fixed(page.results)}")


def _check(draft: Draft, page: Page, row: int, finding: Finding) -> None:
    place = draft.place(finding.cell)
    explainable = finding.part in EXPLAINABLE
    values: dict[str, Value] = {
        "rule": finding.rule,
        "level": finding.level,
        "says": finding.says,
        "figure_a": _of_unit(finding, finding.figure_a),
        "figure_b": _of_unit(finding, finding.figure_b),
        "difference": _of_unit(finding, finding.difference),
        "cell": "" if place is None else place.plain,
        "explained_by": finding.explained_by,
    }
    at = {name: f"{page.column(name)}{row}" for name in values}
    figure_a, figure_b = figure_formulas(draft, finding)
    formulas = {"figure_a": figure_a, "figure_b": figure_b}
    if finding.difference is not None and page.column("figure_a") and page.column("figure_b"):
        formulas["difference"] = f"{at['figure_a']}-{at['figure_b']}"
        if page.column("explained_by"):
            formulas["level"] = result_formula(draft, finding, at)
    draft.row(
        page,
        row,
        lambda column: values[column.field],
        formula_of=lambda column: formulas.get(column.field, ""),
        kinds=None if finding.unit == "pence" else dict.fromkeys(_FIGURES, "count"),
    )
    if place is not None and page.column("cell"):
        page.links[at["cell"]] = place
    if page.column("explained_by"):
        _explanation(draft, page, row, finding, explainable=explainable)


def _explanation(
    draft: Draft, page: Page, row: int, finding: Finding, *, explainable: bool
) -> None:
    """The cell to explain a difference in; hatched where an explanation changes nothing."""
    column = [each.field for each in page.sheet.columns].index("explained_by") + 1
    role: Role = "enter" if explainable else "blank"
    page.grid.put(row, column, finding.explained_by, draft.look.style(role))
    if explainable:
        page.inputs.append((f"{letter(column)}{row}", "text"))


def _of_unit(finding: Finding, figure: int | None) -> Value:
    return pounds(figure) if figure is not None and finding.unit == "pence" else figure
