"""The checks as live formulas: each figure from its cells, each result from its two figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fundtrack.core.plain import pounds
from fundtrack.core.returns.case import EXPLAINABLE
from fundtrack.exchange.workbook.pages import Place, sum_of

if TYPE_CHECKING:
    from fundtrack.core.returns.figures import Finding
    from fundtrack.exchange.workbook.pages import Draft

_FAMILIES = frozenset(("column", "outturn", "note", "year", "budget"))
"""The parts of rules F1 to F5, whose formulas are worked out here."""
_TESTS = {
    "same": "ROUND({a}-{b},2)=0",
    "at most": "ROUND({a}-{b},2)<=0",
    "near": "ROUND(ABS({a}-{b}),2)<=1",
}
_SAME = 'IF(ROUND({a}-{b},2)=0,"PASS",{otherwise})'
_EXPLAINED = 'IF(LEN({explained})>0,"WARN","FAIL")'


def figure_formulas(draft: Draft, finding: Finding) -> tuple[str, str]:
    """The formulas of a finding's two figures; empty where a figure is as it was found."""

    def cell(name: str) -> str:
        return _cell(draft, finding.line, name)

    figures = draft.formula(finding.sum_a), draft.formula(finding.sum_b)
    match finding.part.split("/"):
        case ["column", name]:
            figures = _lines(draft, name), _total(draft, name)
        case ["outturn", name]:
            figures = _outturn(draft, name)
        case ["note", "line"]:
            figures = cell("profile"), cell("actual")
        case ["budget", "award"]:
            figures = _total(draft, "approved"), _name(draft, "cover_varied_to")
        case ["budget", "line"]:
            figures = cell("approved"), ""
        case ["year", "line"]:
            figures = cell("actual_ytd"), _plus_sent(draft, finding, cell("actual"))
        case ["year", "total" | "changed" | "first"]:
            now, actual = _total(draft, "actual_ytd"), _total(draft, "actual")
            figures = now, _plus_sent(draft, finding, actual)
    return figures


def result_formula(draft: Draft, finding: Finding, at: dict[str, str]) -> str:
    """The formula that finds the result again; `at` are the addresses of the finding's row."""
    a, b, explained = at["figure_a"], at["figure_b"], at["explained_by"]
    family, _, name = finding.part.partition("/")
    if family not in _FAMILIES:
        return _tested(finding, a, b, explained)
    if family == "column":
        total = _total(draft, name)
        same = f"AND(ROUND({a}-{b},2)=0,ROUND({_headings(draft, name)}-{total},2)=0)"
        return f'IF({same},"PASS","FAIL")' if total else ""
    if finding.part == "outturn/award":
        return _outturn_result(draft, a, b)
    if family == "note":
        note = draft.place(f"notes/line/{finding.line}/note")
        least = draft.layout.limits.note_length
        return "" if note is None else f'IF(LEN({note.plain})>={least},"PASS","FAIL")'
    otherwise = '"FAIL"'
    if family == "year":
        otherwise = '"WARN"' if name == "first" else _EXPLAINED.format(explained=explained)
    if name == "changed":  # the total may be right while two lines are wrong
        return otherwise
    return _SAME.format(a=a, b=b, otherwise=otherwise)


def _tested(finding: Finding, a: str, b: str, explained: str) -> str:
    """The result as a test of the two figures; nothing where it is no matter of the two."""
    test = _TESTS.get(finding.test)
    if test is None:
        return ""
    otherwise = '"FAIL"'
    if finding.part in EXPLAINABLE:
        otherwise = _EXPLAINED.format(explained=explained)
    return f'IF({test.format(a=a, b=b)},"PASS",{otherwise})'


def _outturn(draft: Draft, name: str) -> tuple[str, str]:
    if name == "award":
        return _total(draft, "outturn"), _name(draft, "cover_varied_to")
    parts = [_total(draft, part) for part in ("earlier", "actual_ytd", "remaining")]
    return _lines(draft, "outturn"), "+".join(parts) if all(parts) else ""


def _outturn_result(draft: Draft, a: str, b: str) -> str:
    limits = draft.layout.limits
    percent, most = f"{limits.outturn_percent:f}", pounds(limits.outturn_pounds)
    large = f"OR(ROUND(100*({b}-{a})-{percent}*{b},2)>0,ROUND({b}-{a},2)>{most})"
    return f'IF(ROUND({a}-{b},2)>0,"FAIL",IF({large},"WARN","PASS"))'


def _plus_sent(draft: Draft, finding: Finding, actual: str) -> str:
    """What was sent before, as a figure, plus the cell of this period's actual."""
    if not actual:
        return ""
    finance = draft.figures.finance
    if finding.part == "year/line":
        now = next(each.sums.actual for each in finance.all_lines if each.key == finding.line)
    else:
        now = finance.total.actual
    sent = (finding.figure_b or 0) - now
    return f"{pounds(sent)}+{actual}" if sent else actual


def _lines(draft: Draft, name: str) -> str:
    """The sum of a column's lines, without its sub-totals: the rows that have a code."""
    if not _total(draft, name):
        return ""
    codes, sums = _down(draft, "code"), _down(draft, name)
    if codes:
        return f'SUMIF({codes},"?*",{sums})'
    return sum_of(_area(draft, name, first, last) for first, last in draft.line_rows)


def _headings(draft: Draft, name: str) -> str:
    """The sum of a column's sub-totals: what is not a line."""
    if _down(draft, "code"):
        return f"(SUM({_down(draft, name)})-{_lines(draft, name)})"
    return sum_of(_area(draft, name, row, row) for row in draft.heading_rows)


def _down(draft: Draft, name: str) -> str:
    """A column of the finance sheet from its first line to its last sub-total."""
    if not draft.line_rows:
        return ""
    return _area(draft, name, draft.line_rows[0][0], draft.heading_rows[-1])


def _area(draft: Draft, name: str, first: int, last: int) -> str:
    page, _ = draft.rows["finance/total"]
    at = page.column(name)
    return Place(page.sheet.title, f"{at}{first}:{at}{last}").plain if at else ""


def _total(draft: Draft, name: str) -> str:
    return _name(draft, f"finance_total_{name}")


def _name(draft: Draft, name: str) -> str:
    return name if name in draft.names else ""


def _cell(draft: Draft, line: str, name: str) -> str:
    place = draft.place(f"finance/line/{line}/{name}")
    return "" if place is None else place.plain
