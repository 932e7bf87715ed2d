"""The cover of a return: who reports to whom, for when, how much, and who signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fundtrack.exchange.workbook.grid import letter, pounds
from fundtrack.exchange.workbook.pages import Place, height_of, lines_of

if TYPE_CHECKING:
    from fundtrack.core.returns.layout import Column, Group, Sheet
    from fundtrack.exchange.workbook.grid import Value
    from fundtrack.exchange.workbook.look import Role
    from fundtrack.exchange.workbook.pages import Draft, Page

_LEFT, _RIGHT = 1, 5
_LABEL, _VALUE, _WHO, _GAP = 32, 46, 8, 3
_WIDTHS = (_LABEL, _VALUE, _WHO, _GAP, _LABEL, _VALUE, _WHO)
_NOT_RECORDED = "not recorded"
_KEY: tuple[tuple[int, Role, str], ...] = (
    (1, "enter", "enter: type here"),
    (2, "auto", "auto: worked out, and locked"),
    (5, "blank", "leave blank"),
)


def cover_page(draft: Draft, sheet: Sheet) -> None:
    """Two columns of fields, then the declaration across the page and the key to the colours."""
    page = draft.page(sheet, _WIDTHS)
    top = len(sheet.says) + 4
    bottoms = [top]
    for side, place in ((_LEFT, "left"), (_RIGHT, "right")):
        row = top
        for group in (each for each in sheet.groups if each.place == place):
            row = _group(draft, page, row, side, group) + 1
        bottoms.append(row)
    row = max(bottoms)
    for group in (each for each in sheet.groups if each.place == "below"):
        row = _across(draft, page, row, group) + 1
    _key(draft, page, row)


def _group(draft: Draft, page: Page, row: int, side: int, group: Group) -> int:
    _group_title(draft, page, row, (side, side + 1, side + 2), group.title)
    row += 1
    for text in group.says:
        page.grid.put(row, side, draft.said(text), draft.look.style("says"))
        row += 1
    for field in group.fields:
        _field(draft, page, row, side, field)
        row += 1
    return row


def _across(draft: Draft, page: Page, row: int, group: Group) -> int:
    """A group over the whole width, its fields in pairs."""
    _group_title(draft, page, row, tuple(range(1, len(_WIDTHS) + 1)), group.title)
    row += 1
    for text in group.says:
        page.grid.put(row, 1, draft.said(text), draft.look.style("says"))
        row += 1
    for at, field in enumerate(group.fields):
        _field(draft, page, row + at // 2, (_LEFT, _RIGHT)[at % 2], field)
    return row + (len(group.fields) + 1) // 2


def _group_title(draft: Draft, page: Page, row: int, columns: tuple[int, ...], title: str) -> None:
    style = draft.look.style("group")
    for column in columns:
        page.grid.put(row, column, title if column == columns[0] else None, style)
    page.grid.heights[row] = 22


def _field(draft: Draft, page: Page, row: int, side: int, field: Column) -> None:
    value, formula = _value(draft, field), _formula(draft, field)
    who = "auto" if formula else field.who
    if value is None and who == "auto":
        value = _NOT_RECORDED
    if who == "enter":
        page.inputs.append((f"{letter(side + 1)}{row}", field.kind))
    word = "leave blank" if who == "blank" else who
    page.grid.put(row, side, field.title, draft.look.style("label"))
    page.grid.put(row, side + 1, value, draft.look.style(who, field.kind, left=True), formula)
    page.grid.put(row, side + 2, word, draft.look.style("who"))
    lines = lines_of(value, _VALUE) if isinstance(value, str) else 1
    needed = height_of(max(lines, lines_of(field.title, _LABEL)))
    page.grid.heights[row] = max(needed, page.grid.heights.get(row, 0))
    where = Place(page.sheet.title, f"{letter(side + 1)}{row}")
    draft.name(f"cover_{field.field}", where.fixed)
    draft.cells[f"cover/{field.field}"] = where


def _value(draft: Draft, field: Column) -> Value:
    figures = draft.figures
    if field.field == "checks":
        return _checks_in_words(draft)
    if field.field == "claimed":
        return None if figures.claimed is None else pounds(figures.claimed)
    value = getattr(figures.cover, field.field, None)
    if value is None:
        value = figures.cover.typed.get(field.field)
    if isinstance(value, int) and field.kind == "money":
        return pounds(value)
    return value or None


def _formula(draft: Draft, field: Column) -> str:
    if field.field == "claimed" and draft.figures.claimed is not None:
        return _claimed(draft)
    if field.field == "checks" and _has(draft, "checks", "level"):
        fail, warn = (f'COUNTIF(checks_results,"{level}")' for level in ("FAIL", "WARN"))
        return f'{fail}&" to put right, "&{warn}&" to look at"'
    return ""


def _claimed(draft: Draft) -> str:
    if draft.layout.sheet("claim") is not None:
        place = draft.place("claim/claimed/value")
        return "" if place is None else place.plain
    return "finance_total_actual" if _has(draft, "finance", "actual") else ""


def _has(draft: Draft, kind: str, name: str) -> bool:
    """Whether the layout has a sheet with a column, so that its name will stand."""
    return any(
        column.field == name
        for sheet in draft.layout.sheets
        if sheet.kind == kind
        for column in sheet.columns
    )


def _checks_in_words(draft: Draft) -> str:
    levels = [finding.level for finding in draft.figures.findings]
    return f"{levels.count('FAIL')} to put right, {levels.count('WARN')} to look at"


def _key(draft: Draft, page: Page, row: int) -> None:
    _group_title(draft, page, row, tuple(range(1, len(_WIDTHS) + 1)), "Key to the cells")
    for column, role, words in _KEY:
        page.grid.put(row + 1, column, words, draft.look.style(role))
