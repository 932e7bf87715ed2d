"""A return's figures and its layout, put together into the bytes of a workbook."""

from __future__ import annotations

import io
from datetime import datetime, time
from typing import TYPE_CHECKING

from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName

from fundtrack.core.returns.filling import with_cells
from fundtrack.exchange.workbook.cover import cover_page
from fundtrack.exchange.workbook.furniture import furnish
from fundtrack.exchange.workbook.look import Look
from fundtrack.exchange.workbook.package import filled
from fundtrack.exchange.workbook.pages import Draft
from fundtrack.exchange.workbook.tables import checks_page, finance_page, notes_page, posts_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from fundtrack.core.returns.figures import ReturnFigures
    from fundtrack.core.returns.layout import Layout, Sheet

_PAGES: dict[str, Callable[[Draft, Sheet], None]] = {
    "cover": cover_page,
    "finance": finance_page,
    "posts": posts_page,
    "notes": notes_page,
    "checks": checks_page,
}
_ORDER = ("finance", "posts", "notes", "checks", "cover")


def assembled(
    figures: ReturnFigures, layout: Layout, app_version: str
) -> tuple[bytes, ReturnFigures]:
    """The workbook's bytes, and the return with its findings pointing at their cells.

    The same figures, layout and version give the same bytes.
    """
    workbook = Workbook()
    draft = Draft(figures, layout, Look(workbook))
    by_kind = {sheet.kind: sheet for sheet in layout.sheets}
    for kind in _ORDER:  # what is referred to comes before what refers to it
        if kind in by_kind:
            _PAGES[kind](draft, by_kind[kind])
    pages = {page.sheet.title: page for page in draft.pages}
    for at, sheet in enumerate(layout.sheets):
        target = workbook.worksheets[0] if at == 0 else workbook.create_sheet()
        target.title = sheet.title
        furnish(target, pages[sheet.title], draft.context)
    for name, where in draft.names.items():
        workbook.defined_names[name] = DefinedName(name, attr_text=where)
    _sign(workbook, draft, app_version)
    blank = io.BytesIO()
    workbook.save(blank)
    done = filled(
        blank.getvalue(),
        [page.grid for page in draft.pages],
        figures.cover.as_at,
        f"FundTrack {app_version}",
    )
    cells = {
        finding.cell: place.plain
        for finding in figures.findings
        if (place := draft.place(finding.cell)) is not None
    }
    return done, with_cells(figures, cells)


def _sign(workbook: Workbook, draft: Draft, app_version: str) -> None:
    """Say what the file is and what made it: never who was sitting at the machine."""
    figures = draft.figures
    properties = workbook.properties
    properties.creator = f"FundTrack {app_version}"
    properties.title = f"{draft.layout.title}: {figures.cover.project}, {figures.cover.period}"
    properties.subject = draft.context
    properties.identifier = figures.return_id
    made = datetime.combine(figures.cover.as_at, time())
    properties.created = properties.modified = made
    own = workbook.custom_doc_props  # type: ignore[attr-defined]  # its stubs lack it
    for name, value in (
        ("Return id", figures.return_id),
        ("Template version", figures.template),
        ("As at", f"{figures.cover.as_at.isoformat()}T00:00"),
        ("App version", app_version),
    ):
        own.append(StringProperty(name=name, value=value))
