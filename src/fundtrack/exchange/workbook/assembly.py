"""A return's figures and its layout, put together into the bytes of a workbook."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime, time
from typing import TYPE_CHECKING

from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName

from fundtrack.core.returns.figures import Finding
from fundtrack.core.returns.filling import with_cells
from fundtrack.exchange.workbook.furniture import furnish, offer_choices
from fundtrack.exchange.workbook.look import Look
from fundtrack.exchange.workbook.making import pages_made
from fundtrack.exchange.workbook.package import filled
from fundtrack.exchange.workbook.pages import Draft
from fundtrack.exchange.workbook.proving import PROVED, proof
from fundtrack.exchange.workbook.rows import lists_page, sources_page

if TYPE_CHECKING:
    from fundtrack.core.returns.figures import ReturnFigures
    from fundtrack.core.returns.layout import Layout
    from fundtrack.core.returns.sources import Source


def assembled(
    figures: ReturnFigures,
    layout: Layout,
    app_version: str,
    sources: tuple[Source, ...] | None = None,
    *,
    proved: bool = False,
) -> tuple[bytes, ReturnFigures]:
    """The workbook's bytes, and the return with its findings pointing at their cells.

    The same figures, layout and version give the same bytes. With `sources` it is the internal
    copy, which says where each figure came from. `proved` opens the file again and proves it; what
    that finds stands among the findings and on the sheet of checks.
    """
    if not proved:
        data, done, _ = _assembled(figures, layout, app_version, sources)
        return data, done
    hoped = replace(figures, findings=(*figures.findings, *_HOPED))
    data, done, draft = _assembled(hoped, layout, app_version, sources)
    found = proof(data, [page.grid for page in draft.pages], draft.names)
    if all(finding.level == "PASS" for finding in found):
        return data, done
    told = replace(figures, findings=(*figures.findings, *found))
    data, done, _ = _assembled(told, layout, app_version, sources)
    return data, done


_HOPED = tuple(
    Finding(rule=rule, level="PASS", says=says, part="file/proof") for rule, says in PROVED
)


def _assembled(
    figures: ReturnFigures, layout: Layout, app_version: str, sources: tuple[Source, ...] | None
) -> tuple[bytes, ReturnFigures, Draft]:
    workbook = Workbook()
    draft = Draft(figures, layout, Look(workbook))
    pages_made(draft)
    if sources is not None:
        sources_page(draft, sources)
    areas = lists_page(draft)
    pages = {page.sheet.title: page for page in draft.pages}
    titles = dict.fromkeys(sheet.title for sheet in layout.sheets) | dict.fromkeys(pages)
    for at, title in enumerate(titles):
        target = workbook.worksheets[0] if at == 0 else workbook.create_sheet()
        target.title = title
        furnish(target, pages[title], draft.context)
        offer_choices(target, pages[title], areas)
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
    return done, with_cells(figures, cells), draft


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
