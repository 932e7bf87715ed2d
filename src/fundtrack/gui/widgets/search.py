"""The field that filters a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit

from fundtrack.gui.speech import tr

if TYPE_CHECKING:
    from fundtrack.gui.look import Look


def search_field(look: Look, name: str) -> QLineEdit:
    """Return a field to filter with; Ctrl+F leads to it, and it can be cleared with a click."""
    field, name = QLineEdit(), tr(name)
    field.setPlaceholderText(name)
    field.setToolTip(f"{name} (Ctrl+F)")
    field.setAccessibleName(name)
    field.setClearButtonEnabled(True)
    field.setMaximumWidth(look.px(230))
    field.setMinimumWidth(look.px(170))
    sign = QAction(field)
    field.addAction(sign, QLineEdit.ActionPosition.LeadingPosition)

    def draw() -> None:
        sign.setIcon(look.icon("magnifying-glass"))

    look.follow(field, draw)
    return field
