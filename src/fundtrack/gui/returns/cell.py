"""The cell one stands on: what it is, where its figure comes from, and room to type at length.

Words are counted as they are typed; they go into the book when the field is left, or with
Ctrl+Enter. Esc puts back what the book has.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from fundtrack.core import words
from fundtrack.core.returns.sources import source_of
from fundtrack.core.returns.tables import words_in
from fundtrack.gui.returns.sheet import address, is_long
from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import Card, button, label

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent

    from fundtrack.core.model import Portfolio
    from fundtrack.core.returns.shown import LaidOut, ShownCell, ShownSheet
    from fundtrack.gui.look import Look
    from fundtrack.gui.returns.sheet import SheetModel

_MOST_RECORDS = 12
_KIND_WORD = {
    "money": "pounds",
    "pounds": "pounds",
    "percent": "per cent",
    "share": "per cent",
    "count": "a whole number",
    "number": "a number",
    "weeks": "weeks",
    "figure": "a number",
    "date": "a day",
    "text": "words",
}


class WordsField(QPlainTextEdit):
    """A field for words. `kept` carries them when it is left, `typed` as they are typed."""

    kept = Signal(str)
    typed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._before = ""
        self.setTabChangesFocus(True)
        self.textChanged.connect(lambda: self.typed.emit(self.toPlainText()))

    @property
    def changed(self) -> bool:
        """Whether what stands here is not what the book has."""
        return self.toPlainText().strip() != self._before.strip()

    def show_words(self, text: str) -> None:
        """Show what the book has."""
        self._before = text
        if self.toPlainText() != text:
            self.blockSignals(True)
            self.setPlainText(text)
            self.blockSignals(False)

    def settle(self) -> None:
        """Hand over what was typed, if it is anything new."""
        if self.changed and not self.isReadOnly():
            text = self.toPlainText().strip()
            self._before = text
            self.kept.emit(text)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hand over what was typed when the field is left."""
        super().focusOutEvent(event)
        self.settle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter hands over; Esc puts back what the book has."""
        if event.key() == Qt.Key.Key_Escape and self.changed:
            self.show_words(self._before)
            self.typed.emit(self._before)
        elif (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.settle()
        else:
            super().keyPressEvent(event)


class CellPanel(Card):
    """What is to be known of one cell. `entered` carries a figure and the words typed for it.

    `drafted` carries them as they are typed, before they are kept, for the checks to follow.
    """

    entered = Signal(str, object)
    drafted = Signal(str, str)
    open_wanted = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__("")
        self.look = look
        self._figure = ""
        self._shown: LaidOut | None = None
        self._limit = 0
        self._least = 0
        self.words = WordsField()
        self.words.setAccessibleName(tr("Words"))
        self.count = label(scale="caption", tone="muted", wrap=True)
        self.value = label(wrap=True)
        self.hint = label(scale="caption", tone="muted", wrap=True)
        self.source = label(wrap=True)
        self.records = label(scale="caption", tone="muted", wrap=True)
        self.formula = label(scale="caption", tone="muted", wrap=True)
        self.keep = button("Keep these words", "small", self.words.settle)
        self.keep.setToolTip(tr("Keep these words (Ctrl+Enter)"))
        inside = QWidget()
        inside.setObjectName("inside")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(8)
        for each in (self.value, self.hint, self.words, self.count):
            column.addWidget(each)
        column.addWidget(self.keep, 0, Qt.AlignmentFlag.AlignLeft)
        for each in (self.formula, self.source, self.records):
            each.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(each)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        self.body.addWidget(scroll, 1)
        self.words.kept.connect(self._keep)
        self.words.typed.connect(self._count)
        look.follow(self, self._measure)

    def _measure(self) -> None:
        lines = self.look.metrics().lineSpacing()
        self.words.setMinimumHeight(lines * 7)
        self.words.setMaximumHeight(lines * 16)

    def present(
        self, cell: ShownCell | None, model: SheetModel, shown: LaidOut, portfolio: Portfolio
    ) -> None:
        """Show one cell; words being typed stay as they are."""
        figure = "" if cell is None else cell.figure
        if self.words.hasFocus() and figure == self._figure and self.words.changed:
            return
        if figure != self._figure:
            self.words.settle()
        self._figure, self._shown = figure, shown
        sheet = model.sheet
        if cell is None or sheet is None:
            self.title.setText("No cell")
            self.note.setText("")
            for each in (self.words, self.count, self.keep, self.hint, self.formula, self.source):
                each.hide()
            self.value.setText("Choose a cell to see where its figure comes from.")
            self.records.hide()
            return
        self._name(cell, model)
        self._show_value(cell, sheet, model)
        self._show_source(cell, shown, portfolio)

    def _name(self, cell: ShownCell, model: SheetModel) -> None:
        self.title.setText(f"Cell {address(cell)}")
        self.note.setText(_KIND_WORD.get(cell.kind, ""))
        left, above = model.names_of(cell)
        named = " · ".join(dict.fromkeys(filter(None, (left, above))))
        self.setAccessibleName(tr(f"Cell {address(cell)}: {named}"))
        self.value.setText(f"{named}\n{cell.text}" if named != cell.text else named)

    def _show_value(self, cell: ShownCell, sheet: ShownSheet, model: SheetModel) -> None:
        can_type = model.can_type(cell)
        at_length = can_type and is_long(sheet, cell)
        for each in (self.words, self.count):
            each.setVisible(at_length)
        self.keep.setVisible(at_length and model.changeable)
        self.hint.setVisible(True)
        if at_length:
            left, above = model.names_of(cell)
            self.value.setText(" · ".join(filter(None, dict.fromkeys((left, above)))))
            self.words.setAccessibleName(tr(left or above or "Words"))
            self.words.setReadOnly(not model.changeable)
            self.words.show_words(str(cell.value or ""))
            self._limit, self._least = self._limits(cell, sheet)
            self._count(self.words.toPlainText())
        self.hint.setText(self._hint(cell, can_type=can_type, at_length=at_length, model=model))

    def _hint(self, cell: ShownCell, *, can_type: bool, at_length: bool, model: SheetModel) -> str:
        if not can_type:
            return "Worked out by FundTrack; it cannot be typed." if cell.figure else ""
        if not model.changeable:
            return "It cannot be changed as the return stands."
        if at_length:
            return "Type here. Ctrl+Enter keeps it; Esc puts back what was there."
        if cell.choices:
            return f"Enter or F2 to choose: {', '.join(cell.choices)}."
        return f"Enter or F2 to type {_KIND_WORD.get(cell.kind, 'words')}; Ctrl+V pastes a block."

    def _limits(self, cell: ShownCell, sheet: ShownSheet) -> tuple[int, int]:
        """The most words a text may have, and the least characters; 0 for no such limit."""
        layout = None if self._shown is None else self._shown.layout
        if layout is None:
            return 0, 0
        if sheet.kind == "notes":
            return 0, layout.limits.note_length if cell.figure.endswith("/note") else 0
        found = layout.sheet(sheet.kind)
        key = cell.figure.split("/")[1]
        item = next((each for each in found.rows if each.field == key), None) if found else None
        return (0 if item is None else item.limit), 0

    def _count(self, text: str) -> None:
        counted = words_in(text)
        said = words.count(counted, "word")
        if self._limit:
            said = f"{counted:,} of {self._limit:,} words"
            over = counted - self._limit
            said += f", {over:,} too many" if over > 0 else ""
        elif self._least:
            length = len(text.strip())
            said = f"{length:,} characters"
            said += f", at least {self._least}" if length < self._least else ""
        self.count.setText(said)
        over_limit = bool(self._limit) and counted > self._limit
        self.count.setProperty("tone", "fault" if over_limit else "muted")
        self.count.style().polish(self.count)
        if self._figure and self.words.changed and not self.words.isReadOnly():
            self.drafted.emit(self._figure, text.strip())

    def _keep(self, text: str) -> None:
        if self._figure:
            self.entered.emit(self._figure, text or None)

    # --- where it comes from ---

    def _show_source(self, cell: ShownCell, shown: LaidOut, portfolio: Portfolio) -> None:
        self.formula.setVisible(bool(cell.formula))
        self.formula.setText(f"ƒ ={_wrapped(cell.formula)}")
        source = source_of(portfolio, shown.figures, cell.figure) if cell.figure else None
        self.source.setVisible(source is not None)
        self.records.setVisible(source is not None and bool(source.records))
        if source is None:
            return
        self.source.setText(f"From: {source.says}.")
        told = [_told(portfolio, each) for each in source.records[:_MOST_RECORDS]]
        more = len(source.records) - _MOST_RECORDS
        if more > 0:
            told.append(f"… and {more:,} more")
        self.records.setText("\n".join(told))


def _wrapped(formula: str) -> str:
    """A formula that can break between its parts."""
    return re.sub(r"([,+*/(-])", "\\1\N{ZERO WIDTH SPACE}", formula)


def _told(portfolio: Portfolio, record: str) -> str:
    """A record as a person knows it: a transaction by its day, sum and words."""
    name, _, key = record.partition(": ")
    if name == "awards":
        award, _, line = key.partition(", budget_lines: ")
        found = portfolio.awards_by_key.get(award)
        titles = {each.key: each.title or each.key for each in found.budget_lines} if found else {}
        return f"Budget line: {titles.get(line, line)}"
    kept: Any = portfolio.find(name, key)
    if kept is None:
        return key
    if name == "actuals":
        said = f"{words.short_day(kept.on)}  {words.money(kept.amount)}  {kept.description or ''}"
        return said.rstrip()
    return str(getattr(kept, "title", key))
