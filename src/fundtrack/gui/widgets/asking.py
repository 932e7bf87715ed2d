"""What a file does not say, asked once each, with examples out of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from fundtrack.gui import typed
from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import Choice, empty, label

if TYPE_CHECKING:
    from fundtrack.core.importing import Asked
    from fundtrack.gui.look import Look

_MANY = 20
"""More answers than this are looked for by typing."""
_PLACEHOLDERS = {"date": "1/4/26", "number": "12", "text": ""}


class Questions(QWidget):
    """Questions one below another. `answered` carries a question's key and its answer."""

    answered = Signal(str, str)

    def __init__(self, look: Look, year: int) -> None:
        super().__init__()
        self._look, self._year = look, year
        self._shown: tuple[Asked, ...] = ()
        self.fields: dict[str, QWidget] = {}
        self.setObjectName("inside")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(4)

    def present(self, asked: tuple[Asked, ...]) -> None:
        """Show these questions; what is shown already stays, so that the keyboard stays in it."""
        if asked == self._shown:
            return
        focused = next((key for key, field in self.fields.items() if field.hasFocus()), "")
        self._shown = asked
        self.fields = {}
        empty(self._rows)
        for each in asked:
            self._add(each)
        self._rows.addStretch(1)
        if focused in self.fields:
            self.fields[focused].setFocus()

    def _add(self, asked: Asked) -> None:
        words = label(asked.asks, tone="" if asked.answer else "strong", wrap=True)
        self._rows.addWidget(words)
        if asked.examples and not asked.about_a_name:
            said = f"Such as {'; '.join(asked.examples)}"
            self._rows.addWidget(label(said, scale="caption", tone="muted", wrap=True))
        field = self._choice(asked) if asked.wants == "choice" else self._typed(asked)
        field.setAccessibleName(tr(asked.asks))
        words.setBuddy(field)
        self.fields[asked.key] = field
        self._rows.addWidget(field)
        self._rows.addSpacing(6)

    def _choice(self, asked: Asked) -> QComboBox:
        box = Choice(self._look)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(12)
        box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        box.addItem(tr("Choose"), "")
        for answer, said in asked.choices:
            box.addItem(tr(said[:1].upper() + said[1:]), answer)
        box.setCurrentIndex(max(0, box.findData(asked.answer)))
        if len(asked.choices) > _MANY:
            self._find_by_typing(box)
        box.activated.connect(
            lambda _at: self.answered.emit(asked.key, str(box.currentData() or ""))
        )
        return box

    def _find_by_typing(self, box: QComboBox) -> None:
        """Let a part of the words be typed, where there are many answers."""
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        finder = QCompleter(box.model(), box)
        finder.setFilterMode(Qt.MatchFlag.MatchContains)
        finder.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        box.setCompleter(finder)
        finder.activated.connect(lambda _said: box.activated.emit(box.currentIndex()))
        field = box.lineEdit()
        if field is not None:
            field.setPlaceholderText(tr("Type a part of the name"))
            if box.currentIndex() == 0:
                field.clear()

    def _typed(self, asked: Asked) -> QLineEdit:
        field = QLineEdit(asked.answer)
        field.setPlaceholderText(tr(_PLACEHOLDERS.get(asked.wants, "")))
        field.editingFinished.connect(partial(self._read, asked, field))
        return field

    def _read(self, asked: Asked, field: QLineEdit) -> None:
        """Take what was typed if it can be read; mark the field if not."""
        text, wrong = field.text().strip(), ""
        if text:
            try:
                if asked.wants == "date":
                    text = typed.read_date(text, self._year).isoformat()
                elif asked.wants == "number":
                    typed.read_number(text)
            except ValueError as fault:
                wrong = str(fault)
        field.setProperty("fault", bool(wrong))
        field.setToolTip(tr(wrong))
        field.setAccessibleDescription(tr(wrong))
        field.style().polish(field)
        if not wrong and text != asked.answer:
            self.answered.emit(asked.key, text)
