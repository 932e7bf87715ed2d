"""What to write of a book for another program: four kinds, each with what it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QHBoxLayout, QRadioButton, QVBoxLayout

from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import button, label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from fundtrack.gui.look import Look


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of export. `files` is what the file dialog offers; a folder has no ending."""

    name: str
    words: str
    about: str
    title: str
    ending: str
    files: str
    private: bool = True


KINDS = (
    Kind(
        "workbook",
        "A &workbook with a sheet for each list",
        "To look at or work on in a spreadsheet; FundTrack can read it back.",
        "Write the book as a workbook",
        ".xlsx",
        "Excel workbook (*.xlsx)",
    ),
    Kind(
        "json",
        "The whole book as &JSON",
        "Everything, exactly, for another program or another FundTrack.",
        "Write the book as JSON",
        ".json",
        "JSON (*.json)",
    ),
    Kind(
        "csv",
        "&Tables as CSV, in a folder",
        "A plain file for each list.",
        "Write the tables to a new folder",
        "",
        "Folder (*)",
    ),
    Kind(
        "360giving",
        "&Grants for 360Giving",
        "The awarded grants as the open standard has them, to publish.",
        "Write the grants",
        ".xlsx",
        "Excel workbook (*.xlsx);;CSV (*.csv);;JSON (*.json)",
        private=False,
    ),
)
_PRIVATE = "It holds salaries and birth dates. Keep it where you would keep the payroll."
_OPEN = "It holds no salary and no person."


class Export(QDialog):
    """Asks which. `kind` is the answer; `public_only` leaves out what tells a salary."""

    def __init__(self, look: Look, parent: QWidget, *, public_only: bool = False) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Export"))
        self.setMinimumWidth(look.px(460))
        self.choices: list[tuple[QRadioButton, Kind]] = []
        self.careful = label(tone="muted", wrap=True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(4)
        for kind in KINDS:
            if not (public_only and kind.private):
                self._offer(kind, whole)
        whole.addWidget(self.careful)
        whole.addSpacing(8)
        go = button("Choose where…", "primary", self.accept)
        go.setDefault(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        buttons.addStretch(1)
        buttons.addWidget(button("Cancel", act=self.reject))
        buttons.addWidget(go)
        whole.addLayout(buttons)
        self.choices[0][0].setChecked(True)
        self._be_careful()

    @property
    def kind(self) -> Kind:
        """The kind that is chosen."""
        return next(kind for choice, kind in self.choices if choice.isChecked())

    def _offer(self, kind: Kind, whole: QVBoxLayout) -> None:
        choice = QRadioButton(tr(kind.words))
        choice.setAccessibleDescription(tr(kind.about))
        choice.toggled.connect(lambda _on: self._be_careful())
        about = label(kind.about, scale="caption", tone="muted", wrap=True)
        about.setContentsMargins(24, 0, 0, 0)
        self.choices.append((choice, kind))
        whole.addWidget(choice)
        whole.addWidget(about)
        whole.addSpacing(6)

    def _be_careful(self) -> None:
        if any(choice.isChecked() for choice, _ in self.choices):
            self.careful.setText(_PRIVATE if self.kind.private else _OPEN)
