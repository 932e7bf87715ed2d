"""What is asked when a return takes a step, and the edit that comes of the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from fundtrack.core.returns import lifecycle
from fundtrack.gui.dialogs.return_step import Answer, Question, StepDialog

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from fundtrack.core.edit import Edit
    from fundtrack.core.model import ReturnStatus
    from fundtrack.core.returns.figures import ReturnFigures
    from fundtrack.core.returns.register import Owed
    from fundtrack.core.returns.shown import LayoutName
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View

STATUS_WORD = {
    "not begun": "Not begun",
    "draft": "Draft",
    "checked": "Checked",
    "approved": "Approved",
    "submitted": "Submitted",
    "queried": "Queried",
    "resubmitted": "Sent again",
    "accepted": "Accepted",
    "paid": "Paid",
}
ACT_WORD = {
    "draft": "Back to draft…",
    "checked": "Mark checked…",
    "approved": "Approve…",
    "submitted": "Mark submitted…",
    "queried": "Mark queried…",
    "resubmitted": "Mark sent again…",
    "accepted": "Mark accepted…",
    "paid": "Mark paid…",
}
_SAYS = {
    "draft": "It can be changed again, and must be checked and approved anew.",
    "checked": "Its checks have been run and nothing is to be put right.",
    "approved": "Whoever approves is not whoever prepared it, unless there is a reason.",
    "submitted": "Its figures and its file are kept as they were sent.",
    "queried": "The funder has asked about it. It can be changed, and is sent again.",
    "resubmitted": "What has changed since it was sent must be explained.",
    "accepted": "The funder has said that it is in order.",
    "paid": "The money that waited for it has come.",
}
_NOTES = {
    "approved": ("&Reason", "Only if the same person prepared it"),
    "submitted": ("&Note", "How it was sent; why, if it is late"),
    "queried": ("What they &asked", "In their words"),
    "resubmitted": ("What &changed", "Why figures are not as they were sent"),
}


def next_steps(owed: Owed) -> tuple[ReturnStatus, ...]:
    """The steps that may follow, the usual one first."""
    return lifecycle.MOVES.get(owed.status, ())


def begin(
    look: Look,
    view: View,
    owed: Owed,
    layouts: tuple[LayoutName, ...],
    parent: QWidget,
) -> Edit | None:
    """Ask who begins a return and in which layout; the edit, or None."""
    usable = [(each.name, each.title) for each in layouts if not each.wrong]
    usual = owed.usual_layout(view.portfolio)
    known = {name for name, _ in usable}
    question = Question(
        title="Begin return",
        says=f"{owed.title}. Nothing is sent by this; it can be filled in, checked and undone.",
        act="Begin return",
        choices=usable,
        chosen=usual if usual in known else usable[0][0],
    )

    def make(answer: Answer) -> Edit:
        return lifecycle.begun(
            view.portfolio, owed.award, owed.period.name, answer.choice, answer.who, answer.on
        )

    return _asked(look, question, view, make, parent)


def step(  # noqa: PLR0913 - a step is of a return, by somebody, with its figures and file
    look: Look,
    view: View,
    owed: Owed,
    status: ReturnStatus,
    figures: Callable[[], ReturnFigures],
    sha256_of: Callable[[Path], str],
    parent: QWidget,
    *,
    fresh: Path | None = None,
) -> Edit | None:
    """Ask about a step of a return; the edit it comes to, or None."""
    sends = status in ("submitted", "resubmitted")
    note, hint = _NOTES.get(status, ("&Note", "If there is anything to remember"))
    question = Question(
        title=ACT_WORD[status].removesuffix("…"),
        says=f"{owed.title}. {_SAYS[status]}",
        act=ACT_WORD[status].removesuffix("…"),
        note=note,
        note_hint=hint,
        file=sends,
        fresh=fresh,
    )

    def make(answer: Answer) -> Edit:
        if sends:
            sha256 = sha256_of(cast("Path", answer.file))
            return lifecycle.sent(
                view.portfolio,
                owed.record,
                figures(),
                sha256,
                who=answer.who,
                on=answer.on,
                note=answer.note,
            )
        asked = figures() if status in ("checked", "approved") else None
        return lifecycle.moved(
            view.portfolio,
            owed.record,
            status,
            who=answer.who,
            on=answer.on,
            note=answer.note,
            figures=asked,
        )

    return _asked(look, question, view, make, parent)


def _asked(
    look: Look,
    question: Question,
    view: View,
    make: Callable[[Answer], Edit],
    parent: QWidget,
) -> Edit | None:
    dialog = StepDialog(look, question, view.outlook.today, make, parent)
    accepted, edit = dialog.exec(), dialog.edit
    dialog.deleteLater()
    return edit if accepted else None
