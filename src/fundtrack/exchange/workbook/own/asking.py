"""Works out the return that a mapping asks for: its figures, and the checks that concern them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fundtrack import assets
from fundtrack.core.errors import RefusedError
from fundtrack.core.returns.filling import return_figures
from fundtrack.core.returns.layout import layout_from_toml
from fundtrack.core.returns.vocabulary import Answers, family_of, field
from fundtrack.exchange.workbook.built_in import STANDARD, layout_for

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from fundtrack.core.model import Portfolio
    from fundtrack.core.rates import Statutory
    from fundtrack.core.returns.layout import Layout
    from fundtrack.exchange.workbook.own.mapping import Mapping

EVERYTHING = "returns/own-workbook/everything.toml"
_ALWAYS = ("cover", "finance", "notes")


def answers_for(  # noqa: PLR0913 - a return is of a book, an award, a period and a day
    portfolio: Portfolio,
    statutory: Statutory,
    award_key: str,
    period: str,
    mapping: Mapping,
    today: date,
    *,
    confirmed: frozenset[str] = frozenset(),
    folder: Path | None = None,
) -> Answers:
    """The return of an award for a period as a mapping asks for it; `figures` has its findings.

    `confirmed` are the private things (`names`, `salaries`) that may stand in it. `folder` is the
    book's, where layouts of the charity's own may be.
    Raises RefusedError for an award, a period or a layout that is not there.
    """
    layout = layout_asked(mapping, folder)
    figures = return_figures(
        portfolio, statutory, award_key, period, layout, today, confirmed=confirmed
    )
    return Answers(portfolio, figures)


def layout_asked(mapping: Mapping, folder: Path | None = None) -> Layout:
    """The layout a mapping names; else one with a sheet for every field it asks for."""
    if mapping.layout:
        return layout_for(mapping.layout, folder)
    layout, problems = layout_from_toml(assets.text(EVERYTHING), assets.text(STANDARD))
    if layout is None:
        raise RefusedError(problems)
    asked = [each for fill in mapping.fills if (each := field(fill.field)) is not None]
    kinds = {*_ALWAYS, *(family_of(each.name).sheet for each in asked)}
    if any(each.name == "cover.claimed" for each in asked):
        kinds.add("claim")  # what is claimed is worked out there
    private = {each.name.partition(".")[2] for each in asked if each.private}
    kept = tuple(sheet for sheet in layout.sheets if sheet.kind in kinds)
    return replace(
        layout,
        title=mapping.name or layout.title,
        sheets=tuple(
            replace(
                sheet,
                columns=tuple(
                    column
                    for column in sheet.columns
                    if column.field not in ("person", "salary") or column.field in private
                ),
            )
            if sheet.kind == "posts"
            else sheet
            for sheet in kept
        ),
    )
