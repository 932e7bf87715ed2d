"""What surrounds the cells of a sheet: widths, headings that stay, printing, protection, rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties

from fundtrack.exchange.workbook import look
from fundtrack.exchange.workbook.grid import letter

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from fundtrack.exchange.workbook.pages import Page

_A4 = 9
_MARGIN, _TALL_MARGIN = 0.4, 0.7
_LONGEST_HEADER = 200
_WIDEST_PAGE = 200
"""Characters: a wider table is printed on two pages side by side, its first columns on both."""
_LARGEST_SUM = 10**12
_ROLES = (
    ("FAIL", look.FAIL, look.FAIL_SOFT),
    ("WARN", look.WARN, look.WARN_SOFT),
)


def furnish(sheet: Worksheet, page: Page, context: str) -> None:
    """Give an openpyxl sheet everything but its cells."""
    for at, width in enumerate(page.widths, start=1):
        sheet.column_dimensions[letter(at)].width = width
    sheet.sheet_view.showGridLines = False
    if page.head:
        sheet.freeze_panes = f"{letter(page.sheet.freeze + 1)}{page.head + 2}"
        sheet.print_title_rows = f"{page.head}:{page.head + 1}"
    _print(sheet, page, context)
    sheet.protection.sheet = True  # without a password: it guards against slips, not people
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False
    _inputs(sheet, page)
    for address, place in page.links.items():
        sheet[address].hyperlink = Hyperlink(ref=address, location=place.plain)
    if page.hidden:
        sheet.sheet_state = "hidden"
    if page.results:
        for level, ink, paper in _ROLES:
            rule = CellIsRule(  # type: ignore[no-untyped-call]  # its stubs lack types
                operator="equal",
                formula=[f'"{level}"'],
                font=Font(bold=True, color=ink),
                fill=PatternFill("solid", bgColor=paper),
            )
            sheet.conditional_formatting.add(page.results, rule)


def offer_choices(sheet: Worksheet, page: Page, areas: dict[tuple[str, ...], str]) -> None:
    """Let cells that take one of a few answers offer them; `areas` says where each list stands."""
    rules: dict[tuple[str, ...], DataValidation] = {}
    for area, choices in page.choices:
        if choices not in rules:
            rules[choices] = DataValidation(
                type="list",
                formula1=areas[choices],
                allow_blank=True,
                showErrorMessage=True,
                errorTitle="Not in the list",
                error="Choose one of the answers in the list",
            )
            sheet.add_data_validation(rules[choices])
        rules[choices].add(area)


def _print(sheet: Worksheet, page: Page, context: str) -> None:
    setup = sheet.page_setup
    setup.orientation, setup.paperSize = "landscape", _A4
    setup.fitToWidth, setup.fitToHeight = 1, 0 if page.head else 1
    wide = page.head and page.sheet.freeze and sum(page.widths) > _WIDEST_PAGE
    if wide:  # on one page its letters would be too small to read
        sheet.print_title_cols = f"A:{letter(page.sheet.freeze)}"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = _MARGIN
    sheet.page_margins.top = sheet.page_margins.bottom = _TALL_MARGIN
    sheet.page_margins.header = sheet.page_margins.footer = _MARGIN
    sheet.print_options.horizontalCentered = True
    if not page.hidden:  # a hidden sheet with an area is printed all the same
        sheet.print_area = _halves(page) if wide else page.grid.extent
    head, foot = sheet.oddHeader, sheet.oddFooter
    if head is not None and foot is not None:  # every new sheet has both
        head.left.text = _words(context[:_LONGEST_HEADER])
        foot.left.text = _words(page.sheet.heading)
        foot.right.text = "Page &P of &N"


def _halves(page: Page) -> str:
    """Two areas to print: the left half, and from the heads down the right half of a table.

    What stands above the heads runs on over the columns: it is whole on the left half, and would
    be cut short at the columns that both repeat on the right.
    """
    _, last = page.grid.extent.split(":")
    row = last.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    free, half = page.sheet.freeze, 0
    room = sum(page.widths[free:]) / 2
    while sum(page.widths[free : free + half + 1]) <= room:
        half += 1
    split = free + half
    return f"A1:{letter(split)}{row},{letter(split + 1)}{page.head}:{last}"


def _words(text: str) -> str:
    """Words of a header; a lone & would begin a code."""
    return text.replace("&", "&&")


def _inputs(sheet: Worksheet, page: Page) -> None:
    """Refuse what is not a sum or a day, in words, where one is to be typed."""
    sums = DataValidation(
        type="decimal",
        operator="between",
        formula1=str(-_LARGEST_SUM),
        formula2=str(_LARGEST_SUM),
        allow_blank=True,
        errorTitle="Not a sum",
        error="Type pounds and pence as a number, such as 1250.00",
    )
    days = DataValidation(
        type="date",
        operator="greaterThan",
        formula1="36526",  # 1 January 2000
        allow_blank=True,
        errorTitle="Not a day",
        error="Type a day as dd/mm/yyyy",
    )
    whole = DataValidation(
        type="whole",
        operator="between",
        formula1="0",
        formula2=str(_LARGEST_SUM),
        allow_blank=True,
        errorTitle="Not a whole number",
        error="Type a whole number, 0 or more",
    )
    for area, kind in page.inputs:
        rule = {"money": sums, "date": days, "count": whole}.get(kind)
        if rule is not None:
            rule.add(area)
    for rule in (sums, days, whole):
        if rule.sqref:
            rule.showErrorMessage = True
            sheet.add_data_validation(rule)
