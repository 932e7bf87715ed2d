"""What is asked before a return's file is written: what looks personal, what is confirmed, and why.

Nothing personal leaves without a person having looked at it, and names and salaries only where the
layout asks for them and somebody says yes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from fundtrack.core import words
from fundtrack.core.returns.lifecycle import changed_since
from fundtrack.gui.returns.checks import counted
from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import button, label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fundtrack.core.model import Portfolio
    from fundtrack.core.returns.figures import Finding
    from fundtrack.core.returns.shown import LaidOut
    from fundtrack.gui.look import Look

_PRIVATE = frozenset(("P1", "P2", "P3"))
_ASKED = "private/asked"
_MOST_TOLD = 8
_PRIVATE_WORD = {
    "names": "Put people's &names in it",
    "salaries": "Put &salaries in it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteAnswer:
    """What was answered: texts that may stay, private things confirmed, and an internal copy."""

    cleared: tuple[str, ...] = ()
    confirmed: frozenset[str] = frozenset()
    internal: bool = False


@dataclass(slots=True)
class _Boxes:
    clearing: dict[str, QCheckBox] = field(default_factory=dict)
    confirming: dict[str, QCheckBox] = field(default_factory=dict)


class WriteDialog(QDialog):
    """Asks before a return is written. `answer` is the answer, once accepted."""

    def __init__(
        self,
        look: Look,
        shown: LaidOut,
        portfolio: Portfolio,
        confirmed: frozenset[str],
        parent: QWidget,
        *,
        changeable: bool,
        tells_salaries: bool,
    ) -> None:
        super().__init__(parent)
        self.answer: WriteAnswer | None = None
        self._tells_salaries = tells_salaries
        self._findings = shown.figures.findings
        self._boxes = _Boxes()
        self._look = look
        self.setWindowTitle(tr("Check and write"))
        self.setMinimumWidth(look.px(560))
        inside = QWidget()
        inside.setObjectName("inside")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(14, 12, 14, 12)
        self._column.setSpacing(8)
        self._say_checks()
        self._ask_about_personal(changeable=changeable)
        self._ask_about_private(shown, confirmed)
        self._say_differences(portfolio, shown)
        self.internal = QCheckBox(
            tr("An &internal copy, with a sheet that says where figures are from")
        )
        self._column.addWidget(self.internal)
        self._column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        scroll.setMinimumHeight(look.px(240))
        self.stop = label(tone="fault", wrap=True)
        self.write_button = button("", "primary", self.accept)
        self.write_button.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(button("Cancel", act=self.reject))
        buttons.addWidget(self.write_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(10)
        whole.addWidget(scroll, 1)
        whole.addWidget(self.stop)
        whole.addLayout(buttons)
        self._follow()

    # --- what is said ------------------------------------------------------------------------

    def _heading(self, text: str, note: str = "") -> None:
        self._column.addWidget(label(text, scale="section", wrap=True))
        if note:
            self._column.addWidget(label(note, tone="muted", wrap=True))

    def _list(self, lines: Iterable[str]) -> None:
        told = list(lines)
        more = len(told) - _MOST_TOLD
        told = told[:_MOST_TOLD] + ([f"… and {more:,} more"] if more > 0 else [])
        said = label("\n".join(told), wrap=True)
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._column.addWidget(said)

    def _say_checks(self) -> None:
        self._heading("Checks", counted(self._findings))
        wrong = [each for each in self._wrong() if not each.waits]
        if wrong:
            self._list(f"{each.rule}: {each.says}" for each in wrong)
        waiting = [each for each in self._wrong() if each.waits]
        if waiting:
            self._heading(
                "When the period is over",
                "Until then the file is a draft, and its sheet of checks counts these as failed.",
            )
            self._list(f"{each.rule}: {each.says}" for each in waiting)

    def _wrong(self) -> list[Finding]:
        """What fails and is not answered here, box by box."""
        return [each for each in self._findings if each.level == "FAIL" and not _private(each)]

    def _ask_about_personal(self, *, changeable: bool) -> None:
        found = [each for each in self._findings if each.about and each.level == "FAIL"]
        if not found:
            return
        self._heading(
            "Looks personal",
            "Tick what you have looked at and the funder may see. Take the rest out of the return.",
        )
        for each in found:
            if each.about in self._boxes.clearing:
                continue
            where = f" ({each.cell})" if each.cell else ""
            box = QCheckBox(tr(f"{_first(each.says)}{where}").replace("&", "&&"))
            box.setEnabled(changeable)
            box.toggled.connect(lambda _on: self._follow())
            self._boxes.clearing[each.about] = box
            self._column.addWidget(box)

    def _ask_about_private(self, shown: LaidOut, confirmed: frozenset[str]) -> None:
        asked = sorted({*shown.figures.withheld, *confirmed})
        if not asked:
            return
        self._heading(
            "This layout asks for private things",
            "They leave with the file. Confirm only what your agreement requires."
            if self._tells_salaries
            else "They are left out. To put them in, show salaries first (View menu).",
        )
        for each in asked:
            box = QCheckBox(tr(_PRIVATE_WORD.get(each, each)))
            box.setChecked(each in confirmed and self._tells_salaries)
            box.setEnabled(self._tells_salaries)
            box.toggled.connect(lambda _on: self._follow())
            self._boxes.confirming[each] = box
            self._column.addWidget(box)

    def _say_differences(self, portfolio: Portfolio, shown: LaidOut) -> None:
        changed = changed_since(portfolio, shown.figures)
        if changed:
            self._heading(
                "Not as it was sent before",
                "You will be asked to explain this when you mark it sent again.",
            )
            self._list(str(each) for each in changed)

    # --- what is answered --------------------------------------------------------------------

    @property
    def cleared(self) -> tuple[str, ...]:
        """The texts that may stay."""
        return tuple(text for text, box in self._boxes.clearing.items() if box.isChecked())

    @property
    def confirmed(self) -> frozenset[str]:
        """The private things that may stand in the file."""
        return frozenset(name for name, box in self._boxes.confirming.items() if box.isChecked())

    def boxes(self) -> tuple[QCheckBox, ...]:
        """Every box to tick, in the order they stand."""
        return (*self._boxes.clearing.values(), *self._boxes.confirming.values(), self.internal)

    def _follow(self) -> None:
        uncleared = len(self._boxes.clearing) - len(self.cleared)
        hidden = [each for each in self._findings if each.rule == "P1" and each.level == "FAIL"]
        says = ""
        if uncleared:
            things = words.count(uncleared, "thing looks", "things look")
            says = f"{words.sentence(things)} personal and has not been looked at."
        elif hidden:
            says = hidden[0].says
        self.stop.setText(says)
        self.stop.setVisible(bool(says))
        self.write_button.setEnabled(not says)
        wrong = self._wrong()
        self.write_button.setText("Write a draft…" if wrong else "Write and prove…")
        self.write_button.setToolTip(
            tr(
                "Each page says that it is a draft, and its sheet of checks what is to be fixed"
                if wrong
                else "Write the workbook, open it again and prove every cell"
            )
        )

    def accept(self) -> None:
        """Take the answer."""
        self.answer = WriteAnswer(
            cleared=self.cleared, confirmed=self.confirmed, internal=self.internal.isChecked()
        )
        super().accept()


def _private(finding: Finding) -> bool:
    """Whether a finding is about what may leave the house, which is answered box by box."""
    return finding.rule in _PRIVATE and bool(finding.about or finding.part == _ASKED)


def _first(says: str) -> str:
    """The first sentence of what a check says."""
    return says.partition(". Take it out")[0]
