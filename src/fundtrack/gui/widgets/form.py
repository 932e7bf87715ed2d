"""Forms: a labelled field for each declared value, checked as it is left, with its word below.

A field asks for its edit when it is left or Enter is pressed. What cannot stand stays in the field
with a word under it; Esc puts back what the book says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fundtrack.core import words
from fundtrack.core.plain import decimal_text, pounds
from fundtrack.gui import typed
from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import Choice, label
from fundtrack.gui.widgets.undoing import UndoingLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from fundtrack.gui.look import Look

Choices = tuple[tuple[Any, str], ...]
_SHORT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One value of a form. `read` raises ValueError with what to type instead."""

    name: str
    title: str
    """With a mnemonic: `Charity &number`."""
    label: str
    """What the edit is called: "Change charity number"."""
    read: Callable[[str, Any], Any] = lambda text, _before: " ".join(text.split()) or None
    shown: Callable[[Any], str] = str
    choices: Choices = ()
    chooses: bool = False
    """Chosen from what the book has: `FieldRow.offer` says what."""
    hint: str = ""


class FieldRow(QWidget):
    """A field with its name above, a hint, and what is wrong with it below."""

    put = Signal(str, object)

    def __init__(self, look: Look, field: Field, refusal: Callable[[str, Any], str]) -> None:
        super().__init__()
        self.field = field
        self._refusal = refusal
        self._value: Any = None
        self._choices = field.choices
        self.fault = label(tone="fault", scale="caption", wrap=True)
        self.fault.hide()
        self.line, self.choice = _Line(), Choice(look)
        self._chooses = field.chooses or bool(field.choices)
        editor: QWidget = self.choice if self._chooses else self.line
        unused: QWidget = self.line if self._chooses else self.choice
        unused.deleteLater()
        named = label(field.title)
        named.setBuddy(editor)
        self.editor = editor
        editor.setAccessibleName(tr(field.title).replace("&", ""))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 6)
        column.setSpacing(3)
        self._only_read = label()
        self._only_read.hide()
        column.addWidget(named)
        column.addWidget(editor)
        column.addWidget(self._only_read)
        if field.hint:
            column.addWidget(label(field.hint, scale="caption", tone="muted", wrap=True))
            editor.setAccessibleDescription(tr(field.hint))
        column.addWidget(self.fault)
        if self._chooses:
            self.offer(field.choices)
            self.choice.setSizeAdjustPolicy(
                Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            self.choice.setMinimumContentsLength(_SHORT)
            self.choice.activated.connect(lambda _at: self._chosen())
        else:
            self.line.editingFinished.connect(self._settle)
            self.line.textEdited.connect(lambda _text: self._tell(""))
            self.line.left.connect(lambda: self.show_value(self._value, force=True))

    def offer(self, choices: Choices) -> None:
        """Have these to choose from, where they follow from the book."""
        if choices == self._choices and self.choice.count() == len(choices):
            return
        self._choices = choices
        self.choice.clear()
        for value, said in choices:
            self.choice.addItem(tr(said), value)
        self.show_value(self._value, force=True)

    def show_value(self, value: Any, *, force: bool = False) -> None:  # noqa: ANN401 - any kind
        """Show what the book says, unless something is being typed that is not it yet."""
        if value == self._value and self.fault.text() and not force:
            return
        self._value = value
        self._tell("")
        if self._chooses:
            values = [each for each, _ in self._choices]
            self.choice.setCurrentIndex(values.index(value) if value in values else -1)
            self._only_read.setText(self.choice.currentText() or "Not said")
        else:
            self.line.setText("" if value is None else self.field.shown(value))
            self.line.setModified(False)

    def be_editable(self, *, editable: bool) -> None:
        """Let the value be changed, or only read."""
        if self._chooses:
            self.choice.setEnabled(editable)
            self.choice.setVisible(editable)
            self._only_read.setVisible(not editable)
        else:
            self.line.setReadOnly(not editable)

    def _chosen(self) -> None:
        self._ask(self.choice.currentData())

    def _settle(self) -> None:
        if self.line.isReadOnly() or not self.line.isModified():
            return
        try:
            value = self.field.read(self.line.text(), self._value)
        except ValueError as wrong:
            self._tell(str(wrong))
            return
        self._ask(value)

    def _ask(self, value: Any) -> None:  # noqa: ANN401 - any kind
        if value == self._value:
            self.show_value(value, force=True)
            return
        refused = self._refusal(self.field.name, value)
        self._tell(refused)
        if not refused:
            self.put.emit(self.field.name, value)

    def _tell(self, fault: str) -> None:
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))
        self.editor.setProperty("fault", bool(fault))
        self.editor.style().polish(self.editor)
        self.editor.setAccessibleDescription(tr(fault or self.field.hint))


class _Line(UndoingLine):
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Put back what the book says on Esc; with nothing to put back, Esc leaves the form."""
        if event.key() == Qt.Key.Key_Escape and (self.isModified() or self.property("fault")):
            self.left.emit()
        else:
            super().keyPressEvent(event)


# --- kinds of field ----------------------------------------------------------------------


def text_field(
    name: str, title: str, label_: str, *, required: bool = False, hint: str = ""
) -> Field:
    """Words, which may be left out unless they are required."""
    if required:
        return Field(
            name=name,
            title=title,
            label=label_,
            hint=hint,
            read=lambda text, _: typed.read_text(text),
        )
    return Field(name=name, title=title, label=label_, hint=hint)


def pounds_field(
    name: str, title: str, label_: str, *, required: bool = False, hint: str = ""
) -> Field:
    """Pounds, kept as pence; may be left out unless they are required."""
    return Field(
        name=name,
        title=title,
        label=label_,
        hint=hint,
        shown=pounds_shown,
        read=lambda text, _: typed.read_pounds(text) if text.strip() or required else None,
    )


def percent_field(name: str, title: str, label_: str, *, hint: str = "") -> Field:
    """A percentage from 0 to 100; may be left out."""
    return Field(
        name=name,
        title=title,
        label=label_,
        hint=hint,
        shown=decimal_text,
        read=lambda text, _before: typed.read_percent(text) if text.strip() else None,
    )


def number_field(name: str, title: str, label_: str, *, hint: str = "") -> Field:
    """A number not below 0; may be left out."""
    return Field(
        name=name,
        title=title,
        label=label_,
        hint=hint,
        shown=decimal_text,
        read=lambda text, _before: typed.read_number(text) if text.strip() else None,
    )


def optional_date_field(
    name: str, title: str, label_: str, usual_year: Callable[[], int], *, hint: str = ""
) -> Field:
    """A day that may be left out; a year left out is that of the day before it, or the usual."""
    return Field(
        name=name,
        title=title,
        label=label_,
        hint=hint,
        shown=words.short_day,
        read=lambda text, before: (
            typed.read_date(text, before.year if before is not None else usual_year())
            if text.strip()
            else None
        ),
    )


def date_field(name: str, title: str, label_: str, *, hint: str = "") -> Field:
    """A day that may not be left out."""
    return Field(
        name=name,
        title=title,
        label=label_,
        hint=hint,
        shown=words.short_day,
        read=lambda text, before: typed.read_date(text, before.year),
    )


def whole_field(name: str, title: str, label_: str, *, hint: str = "") -> Field:
    """A whole number of days; may be left out."""
    return Field(name=name, title=title, label=label_, hint=hint, read=lambda text, _: _whole(text))


def choice_field(name: str, title: str, label_: str, choices: Choices, *, hint: str = "") -> Field:
    """One of a few values."""
    return Field(name=name, title=title, label=label_, hint=hint, choices=choices)


def pounds_shown(pence: int) -> str:
    """Pounds as they stand in a field: 1,200.50."""
    whole, _, rest = pounds(pence).partition(".")
    return f"{int(whole):,}.{rest}" if whole != "-0" else f"-0.{rest}"


def _whole(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    number = typed.read_number(text)
    if number != int(number):
        raise ValueError("Type a whole number of days, such as 14")
    return int(number)
