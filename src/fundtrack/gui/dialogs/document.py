"""Asking for a paper to link to an award: what it is, and a path or a web address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
)

from fundtrack.core import words
from fundtrack.core.documents import fault_of, title_for
from fundtrack.core.model import Document
from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import button, label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class DocumentDialog(QDialog):
    """Asks for one document. `document` is the answer, once accepted. Nothing is opened or read."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.document: Document | None = None
        self.setWindowTitle(tr("Link a document"))
        self.setMinimumWidth(520)
        self.place = QLineEdit()
        self.place.setPlaceholderText(tr("A path, or https://…"))
        self.what = QLineEdit()
        self.what.setPlaceholderText(tr("Agreement, offer letter, schedule…"))
        choose = button("Choose a &file…", act=self._choose)
        where = QHBoxLayout()
        where.setSpacing(8)
        where.addWidget(self.place, 1)
        where.addWidget(choose)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setVerticalSpacing(10)
        for said, field in (("&Where it is", self.place), ("W&hat it is", self.what)):
            named = label(said)
            named.setBuddy(field)
            field.setAccessibleName(tr(said).replace("&", ""))
            form.addRow(named, where if field is self.place else field)
        self.fault = label(tone="fault", wrap=True)
        self.fault.hide()
        ask = button("Link it", "primary", self.accept)
        ask.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(button("Cancel", act=self.reject))
        buttons.addWidget(ask)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(12)
        whole.addLayout(form)
        whole.addWidget(
            label(
                "The book keeps where it is, not the document itself. Anyone with the book can "
                "see this.",
                tone="muted",
                wrap=True,
            )
        )
        whole.addWidget(self.fault)
        whole.addLayout(buttons)
        self.place.setFocus()

    def accept(self) -> None:
        """Take the answer, or say what to type instead."""
        place = self.place.text().strip()
        if fault := fault_of(place):
            self.fault.setText(words.sentence(fault))
            self.fault.show()
            self.place.setFocus()
            return
        title = " ".join(self.what.text().split()) or title_for(place)
        self.document = Document(title=title, place=place)
        super().accept()

    def _choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Choose a document"), self.place.text())
        if chosen:
            self.place.setText(chosen)
