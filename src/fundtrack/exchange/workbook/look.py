"""How our own returns look: yellow to type in, white worked out, grey hatch to be left alone.

Colour never speaks alone: a word in each column's head says the same (RETURNS section 3).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal

from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

Role = Literal[
    "title",
    "context",
    "says",
    "group",
    "label",
    "who",
    "head",
    "head_who",
    "auto",
    "enter",
    "blank",
    "heading",
    "total",
    "memo",
]

FACE = "Arial"
INK, MUTED, ACCENT = "1C2631", "515C68", "1B5872"
SOFT, PALE = "D3E5EC", "EEF4F7"
YELLOW, HATCH = "FFF2CC", "A6A29A"
LINE, STRONG = "DCDAD4", "7B8087"
FAIL, FAIL_SOFT, WARN, WARN_SOFT, PASS = "981B33", "FBE9EC", "755600", "FBF3DA", "2A6648"

_MINUS = '"−'
FORMATS = {
    "text": "General",
    "money": f'"£"#,##0.00;{_MINUS}£"#,##0.00',
    "percent": f'0.0%;{_MINUS}"0.0%',
    "share": "0.00%",
    "number": "0.00",
    "weeks": "0.0",
    "date": "dd/mm/yyyy",
    "count": "0",
    "figure": "General",
    "pounds": f'"£"#,##0;{_MINUS}£"#,##0',
    "whole": "0%",
    "fte": "#,##0.00",
    "tally": "#,##0",
    "day": "d mmm yyyy",
    "month": "mmm yyyy",
    "moved_pounds": f'+"£"#,##0;{_MINUS}£"#,##0;"£"0',
    "moved_months": f'+0.0;{_MINUS}"0.0;0.0',
    "moved_points": f'+0;{_MINUS}"0;0',
}
_NUMBERS = frozenset(FORMATS) - {"text", "date", "day", "month"}
_DATA = frozenset(("auto", "enter", "blank", "heading", "total", "memo"))
_SIZES = {"title": 18, "group": 12}
_BOLD = frozenset(("title", "group", "head", "heading", "total"))
_FILLS = {"enter": YELLOW, "head": SOFT, "head_who": SOFT, "heading": PALE, "total": SOFT}

_TYPED, _KEPT = Protection(locked=False), Protection(locked=True)


class Look:
    """The styles of one workbook, each known by its role, its kind of value and its alignment."""

    def __init__(self, workbook: Workbook) -> None:
        # Cells dressed for the number their dress is known by; the real rows replace them.
        self._sheet = workbook.worksheets[0]
        self._known: dict[tuple[Role, str, bool], int] = {}

    def style(self, role: Role, kind: str = "text", *, left: bool = False) -> int:
        """The number of a style; `kind` is one of FORMATS, `left` aligns figures to the left."""
        wanted = (role, kind, left)
        if wanted not in self._known:
            self._known[wanted] = self._dressed(role, kind, left=left)
        return self._known[wanted]

    def _dressed(self, role: Role, kind: str, *, left: bool) -> int:
        cell = self._sheet.cell(row=len(self._known) + 1, column=1)
        cell.number_format = FORMATS[kind]
        cell.font = _font(role)
        cell.fill = _fill(role)
        cell.border = _border(role)
        cell.alignment = _alignment(role, kind, left=left)
        cell.protection = _TYPED if role == "enter" else _KEPT
        return cell.style_id


@cache
def _font(role: Role) -> Font:
    colour = {"title": ACCENT, "group": ACCENT}.get(role, INK)
    if role in ("context", "says", "who", "head_who", "label", "memo"):
        colour = MUTED
    return Font(name=FACE, size=_SIZES.get(role, 11), bold=role in _BOLD, color=colour)


@cache
def _fill(role: Role) -> PatternFill:
    if role == "blank":
        return PatternFill("lightUp", fgColor=HATCH, bgColor="FFFFFF")
    colour = _FILLS.get(role)
    return PatternFill("solid", fgColor=colour) if colour else PatternFill()


@cache
def _border(role: Role) -> Border:
    strong, thin = Side("medium", color=ACCENT), Side("thin", color=STRONG)
    borders: dict[Role, Border] = {
        "group": Border(bottom=strong),
        "head": Border(top=strong),
        "head_who": Border(bottom=Side("thin", color=ACCENT)),
        "heading": Border(top=thin, bottom=thin),
        "total": Border(top=Side("thin", color=ACCENT), bottom=Side("double", color=ACCENT)),
        "enter": Border(top=thin, bottom=thin, left=thin, right=thin),
    }
    ruled = role in _DATA or role in ("label", "who")
    return borders.get(role, Border(bottom=Side("thin", color=LINE)) if ruled else Border())


@cache
def _alignment(role: Role, kind: str, *, left: bool) -> Alignment:
    if role in ("title", "context", "says", "group"):
        return Alignment(vertical="center")
    if role in ("head", "head_who"):
        figure = kind in _NUMBERS
        return Alignment(
            horizontal="right" if figure else "left",
            vertical="bottom",
            wrap_text=True,
            indent=0 if figure else 1,
        )
    figure = kind in _NUMBERS and not left
    return Alignment(
        horizontal="right" if figure else "left",
        vertical="center",
        wrap_text=kind == "text",
        indent=0 if figure or role == "label" else 1,
    )
