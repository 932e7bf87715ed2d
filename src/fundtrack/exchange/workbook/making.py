"""Which page each kind of sheet becomes, in the order in which they refer to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fundtrack.exchange.workbook.cover import cover_page
from fundtrack.exchange.workbook.rows import rows_page
from fundtrack.exchange.workbook.tables import checks_page, finance_page, notes_page, posts_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from fundtrack.core.returns.layout import Sheet
    from fundtrack.exchange.workbook.pages import Draft

_PAGES: dict[str, Callable[[Draft, Sheet], None]] = {
    "cover": cover_page,
    "finance": finance_page,
    "posts": posts_page,
    "notes": notes_page,
    "checks": checks_page,
}
_LAST = {"cover": 1, "checks": 2}


def pages_made(draft: Draft) -> None:
    """Lay out every sheet of the draft's layout: what is referred to before what refers to it."""
    for sheet in sorted(draft.layout.sheets, key=lambda sheet: _LAST.get(sheet.kind, 0)):
        _PAGES.get(sheet.kind, rows_page)(draft, sheet)
