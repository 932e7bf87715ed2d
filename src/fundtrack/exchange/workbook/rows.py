"""The sheets made of rows: claim, outputs, outcomes, people, words, risks, and the lists."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from fundtrack.core.returns.layout import Column, Sheet
from fundtrack.exchange.workbook.grid import letter, pounds
from fundtrack.exchange.workbook.pages import Place, fixed, quoted, slug

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fundtrack.core.returns.figures import CellValue, TableRow
    from fundtrack.core.returns.layout import Kind
    from fundtrack.core.returns.sources import Source
    from fundtrack.exchange.workbook.grid import Value
    from fundtrack.exchange.workbook.pages import Draft, Page

_EMPTY = "Nothing to report."
_LISTS, _SOURCES = "Lists", "Sources"
_LONGEST_TITLE = 31


def rows_page(draft: Draft, sheet: Sheet) -> None:
    """A table of the rows that the return has for this kind of sheet."""
    page = draft.page(sheet)
    first = row = draft.heads(page)
    rows = draft.figures.tables.get(sheet.kind, ())
    if not rows:
        page.grid.put(row, 1, sheet.empty or _EMPTY, draft.look.style("says"))
        return
    for at, each in enumerate(rows):  # every row has its place before a formula asks for it
        draft.rows[f"{sheet.kind}/{each.key}"] = (page, first + at)
    for each in rows:
        _put(draft, page, row, each)
        row += 1
    if any(column.total for column in sheet.columns):
        _total(draft, page, first, row, rows)


def _put(draft: Draft, page: Page, row: int, each: TableRow) -> None:
    def formula(column: Column) -> str:
        if each.role == "heading":
            return ""
        if column.field in each.formulas:
            return draft.formula(each.formulas[column.field], page, row)
        return page.formula(column, row) if each.role == "auto" else ""

    def value(column: Column) -> Value:
        kind = each.kinds.get(column.field, column.kind)
        found = _shown(each.values.get(column.field), kind)
        fixed_words = isinstance(found, str) and each.who.get(column.field) == "auto"
        return draft.said(str(found)) if fixed_words else found

    draft.row(page, row, value, role=each.role, formula_of=formula, kinds=each.kinds, who=each.who)
    if each.role == "auto":
        _inputs(page, row, each)


def _shown(value: CellValue, kind: Kind) -> Value:
    """A value as its cell has it: pounds for pence, a fraction for a percentage."""
    if kind == "money" and isinstance(value, int):
        return pounds(value)
    if kind == "percent" and isinstance(value, Decimal):
        return value.scaleb(-2)
    return value


def _inputs(page: Page, row: int, each: TableRow) -> None:
    for at, column in enumerate(page.sheet.columns, start=1):
        if each.who.get(column.field, column.who) != "enter":
            continue
        kind = each.kinds.get(column.field, column.kind)
        area = f"{letter(at)}{row}"
        page.inputs.append((area, kind))
        choices = each.choices.get(column.field, column.choices)
        if choices:
            page.choices.append((area, choices))


def _total(draft: Draft, page: Page, first: int, row: int, rows: tuple[TableRow, ...]) -> None:
    def value(column: Column) -> Value:
        if column.field == page.sheet.columns[0].field:
            return "Total"
        if not column.total:
            return None
        values = [each.values.get(column.field) for each in rows]
        figures = [each for each in values if isinstance(each, (int, Decimal))]
        return _shown(sum(figures), column.kind)

    def formula(column: Column) -> str:
        at = page.column(column.field)
        return f"SUM({at}{first}:{at}{row - 1})" if column.total else ""

    kinds: dict[str, Kind] = {page.sheet.columns[0].field: "text"}
    draft.row(page, row, value, role="total", formula_of=formula, kinds=kinds)
    draft.rows[f"{page.sheet.kind}/total"] = (page, row)
    for at, column in enumerate(page.sheet.columns, start=1):
        if column.total:
            where = Place(page.sheet.title, f"{letter(at)}{row}")
            draft.name(f"{page.sheet.kind}_total_{slug(column.field)}", where.fixed)


# --- sheets no layout has to ask for -----------------------------------------------------------


def lists_page(draft: Draft) -> dict[tuple[str, ...], str]:
    """A hidden sheet of the answers that cells offer; gives where each list stands."""
    wanted = list(dict.fromkeys(choices for page in draft.pages for _, choices in page.choices))
    if not wanted:
        return {}
    columns = tuple(
        Column(field=f"list_{at}", title=f"List {at}", kind="text", width=16)
        for at in range(1, len(wanted) + 1)
    )
    sheet = Sheet(kind="guidance", title=_free(draft, _LISTS), heading=_LISTS, columns=columns)
    page = draft.page(sheet)
    page.hidden = True
    first = draft.heads(page)
    areas = {}
    for at, choices in enumerate(wanted, start=1):
        for row, choice in enumerate(choices, start=first):
            page.grid.put(row, at, choice, draft.look.style("auto"))
        area = f"{letter(at)}{first}:{letter(at)}{first + len(choices) - 1}"
        areas[choices] = f"{quoted(sheet.title)}!{fixed(area)}"
    return areas


def sources_page(draft: Draft, sources: Iterable[Source]) -> None:
    """Where each figure came from; for the copy that stays in the house."""
    titles = (("cell", "Cell", 18), ("says", "What it is", 60), ("records", "Records", 90))
    columns = tuple(
        Column(field=name, title=title, kind="text", width=width) for name, title, width in titles
    )
    sheet = Sheet(
        kind="guidance",
        title=_free(draft, _SOURCES),
        heading="Where each figure came from",
        says=("Internal copy: do not send this sheet to the funder.",),
        columns=columns,
    )
    page = draft.page(sheet)
    row = draft.heads(page)
    for source in sources:
        place = draft.place(source.figure)
        if place is None:
            continue
        texts = {
            "cell": place.plain,
            "says": source.says,
            "records": ", ".join(source.records),
        }
        draft.row(page, row, lambda column, texts=texts: texts[column.field])  # type: ignore[misc]
        page.links[f"A{row}"] = place
        row += 1


def _free(draft: Draft, wanted: str) -> str:
    """A title that no sheet of the layout has."""
    taken = {page.sheet.title.casefold() for page in draft.pages}
    title, number = wanted, 1
    while title.casefold() in taken:
        number += 1
        title = f"{wanted} {number}"[:_LONGEST_TITLE]
    return title
