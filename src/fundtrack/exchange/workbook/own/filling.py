"""Writes the filled workbook of a commissioner, once it is planned, and proves it.

The new file is put in place only after it has been read back and compared with the one that was
sent, which is never touched.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from fundtrack.core.errors import KnownError, RefusedError
from fundtrack.core.pausing import without_collecting
from fundtrack.exchange.files import write_whole
from fundtrack.exchange.workbook.own.labels import Labels
from fundtrack.exchange.workbook.own.patch import patched
from fundtrack.exchange.workbook.own.template import places_by_sheet, remember

if TYPE_CHECKING:
    from pathlib import Path

    from fundtrack.exchange.workbook.own.labels import Anchor
    from fundtrack.exchange.workbook.own.mapping import Fill, Mapping
    from fundtrack.exchange.workbook.own.planning import Plan
    from fundtrack.exchange.workbook.own.proof import Proof
    from fundtrack.exchange.workbook.own.workbook import Workbook


@without_collecting()
def write_filled(workbook: Workbook, plan: Plan, out: Path) -> Proof:
    """Write the filled workbook and prove it; the file is put in place only when it is proved.

    Raises:
        RefusedError: the plan has problems; they are listed.
        KnownError: the name will not do, the check of the new file failed, or the disk would not
            take it. Nothing was written.

    """
    # Imported here: it brings two libraries that most of a day's work can do without.
    from fundtrack.exchange.workbook.own.proof import prove

    if plan.problems:
        raise RefusedError(plan.problems)
    _refuse_name(workbook, out)
    values = plan.values
    result = patched(workbook, values)
    proof = prove(workbook, result, values)
    write_whole(out, result.data)
    try:
        written = out.read_bytes()
    except OSError as fault:
        raise KnownError(f"{out} was written, but could not be read again") from fault
    if hashlib.sha256(written).hexdigest() != proof.sha256:
        raise KnownError(
            f"{out} does not hold what was written to it. Do not use it; see that the disk is "
            "sound, then try again"
        )
    return proof


def _refuse_name(workbook: Workbook, out: Path) -> None:
    if out.suffix.casefold() != workbook.kind:
        macros = " because it holds macros" if workbook.kind == ".xlsm" else ""
        raise KnownError(
            f"{out.name} should end in {workbook.kind}{macros}: Excel opens the file under no other"
        )
    if workbook.path is not None and out.exists() and workbook.path.samefile(out):
        raise KnownError(
            f"{out.name} is the funder's own file, which is kept as it was sent. Give the filled "
            "one another name"
        )


# --- mapping -----------------------------------------------------------------------------------


def anchored(workbook: Workbook, mapping: Mapping) -> Mapping:
    """The mapping with every cell's words, and what the file looks like, as they are now.

    This is what is saved: cells are taken at their addresses.
    """
    ignored = places_by_sheet(mapping.cells)
    labels = {title: Labels(workbook.sheet(title), places) for title, places in ignored.items()}
    fills = tuple(
        replace(fill, anchors=_anchors(labels[fill.sheet], fill)) for fill in mapping.fills
    )
    return replace(mapping, fills=fills, template=remember(workbook, ignored))


def _anchors(labels: Labels, fill: Fill) -> tuple[Anchor, ...]:
    found = [labels.anchor(place) for place in fill.places]
    first, origin = found[0], fill.area.first
    if not any(anchor.row or anchor.column for anchor in found):
        return ()
    return tuple(
        replace(
            anchor,
            row_at=first.row_at and first.row_at.moved(place.row - origin.row, 0),
            column_at=first.column_at and first.column_at.moved(0, place.column - origin.column),
        )
        for anchor, place in zip(found, fill.places, strict=True)
    )
