"""Says what filling a workbook will do and has done: a line for each thing, or plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fundtrack.core.words import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fundtrack.exchange.workbook.own.planning import Change, Plan
    from fundtrack.exchange.workbook.own.proof import Proof


def change_line(change: Change) -> str:
    """A cell, what stands in it and what will: `Form!C8: 2,100.00 → 2,250.00 (line.actual pay)`."""
    filled = " ".join(part for part in (change.field, change.of) if part) or "fixed text"
    old, new = (_short(text) or "empty" for text in (change.old_shown, change.new_shown))
    notes = "".join(f"; {note}" for note in change.notes)
    if old == new:
        return f"{change.cell}: {new}, as it is ({filled}){notes}"
    return f"{change.cell}: {old} → {new} ({filled}){notes}"


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= 60 else f"{plain[:59]}…"


def to_look_at(plan: Plan) -> Iterator[str]:
    """What a person should know before the file is written or sent, a sentence each."""
    yield from plan.remarks
    if plan.differences:
        yield f"{count(len(plan.differences), 'difference')} from the file the mapping was made for"
    for difference in plan.differences:
        yield f"{difference.sheet}: {difference.says}"
    for found in plan.personal:
        yield f"{found.where}: {found}"


def plain_plan(plan: Plan, proof: Proof | None) -> dict[str, Any]:
    """What was planned and, once it is written, proved: for other programs."""
    told: dict[str, Any] = {
        "changes": [
            {
                "cell": change.cell,
                "field": change.field or None,
                "of": change.of or None,
                "old": change.old_shown,
                "new": change.new_shown,
                "found_by": change.anchor.says,
                "moved_from": None if change.moved_from is None else str(change.moved_from),
                "from": None if change.source is None else change.source.says,
                "notes": list(change.notes),
            }
            for change in plan.changes
        ],
        "problems": [{"cell": one.path, "says": one.says} for one in plan.problems],
        "differences": [
            {"sheet": one.sheet, "cell": one.cell or None, "kind": one.kind, "says": one.says}
            for one in plan.differences
        ],
        "remarks": list(plan.remarks),
        "personal": [{"cell": one.where, "kind": one.kind} for one in plan.personal],
        "proof": None,
    }
    if proof is not None:
        told["proof"] = {
            "sha256": proof.sha256,
            "bytes": proof.size,
            "cells": len(proof.cells),
            "readers": list(proof.readers),
            "parts_same": proof.parts_same,
            "parts_changed": list(proof.parts_changed),
            "results_removed": proof.results_removed,
        }
    return told
