"""What fills the cell one stands on: a field found by plain words, for which line, how far it goes.

Below it, how the cell is found again, what stood there, what will, and where that came from.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QCompleter,
    QFormLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from fundtrack.core.returns.form import FormCell, FormFill, Spot, one_cell, repeated
from fundtrack.core.returns.vocabulary import family_of, field, fields
from fundtrack.gui.funders.sheet import address
from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import Card, Choice, button, hairline, label

if TYPE_CHECKING:
    from collections.abc import Callable

    from fundtrack.core.returns.form import FormChange, FormProblem
    from fundtrack.core.returns.vocabulary import Field, Item
    from fundtrack.gui.look import Look

NOTHING, FIXED = "", "="
_MONEY = (("pence", "Pounds and pence"), ("pounds", "Whole pounds"), ("thousands", "Thousands"))
_ONE, _DOWN, _RIGHT = range(3)
_BY_MONTH = ("profile", "actual", "variance", "variance_percent")
_NEVER = (
    "Locked, formula and merged cells are never written. If next quarter's sheet has moved, the "
    "row and column words find this cell again."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """Everything the panel shows of one cell. `runs` are the cells on from it, down and right."""

    spot: Spot
    cell: FormCell
    words: str
    fill: FormFill | None
    change: FormChange | None
    problem: FormProblem | None
    offered: tuple[str, ...]
    runs: tuple[tuple[tuple[Spot, str], ...], tuple[tuple[Spot, str], ...]]


class CellPanel(Card):
    """The cell one stands on, and what fills it. `items` gives what a family repeats for."""

    fills_wanted = Signal(tuple)
    """Fills to be put in."""
    gone_wanted = Signal(tuple)
    """Cells that are to be filled no more."""
    record_wanted = Signal(str)

    def __init__(self, look: Look, items: Callable[[str], tuple[Item, ...]]) -> None:
        super().__init__("Cell")
        self.look = look
        self._items = items
        self._stood: Stood | None = None
        self.why = label(wrap=True)
        self.field = _field_choice(look)
        self.of, self.repeat, self.money, self.month, self.word = (Choice(look) for _ in range(5))
        self.fixed = QLineEdit()
        self.fixed.setPlaceholderText(tr("Text that stands there every time"))
        self.how_far = label(scale="caption", tone="muted")
        self.private = QCheckBox(tr("Write names and salaries"))
        self.private.setToolTip(tr("They are written only when this is ticked"))
        self._asks = QFormLayout()
        self._asks.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        self._asks.setContentsMargins(0, 0, 0, 0)
        self._asks.setVerticalSpacing(4)
        for said, part in (
            ("&Fill from", self.field),
            ("For &which", self.of),
            ("&Text", self.fixed),
            ("Which &month", self.month),
            ("Money as", self.money),
            ("Funder's &word", self.word),
            ("&How far", self.repeat),
        ):
            self._asks.addRow(said, part)
            part.setAccessibleName(tr(said).replace("&", ""))
            part.setSizePolicy(part.sizePolicy().Policy.Ignored, part.sizePolicy().Policy.Fixed)
        self._facts = QFormLayout()
        self._facts.setContentsMargins(0, 4, 0, 0)
        self._facts.setFormAlignment(Qt.AlignmentFlag.AlignTop)
        self._facts.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.facts: dict[str, QLabel] = {}
        for name in ("Found by", "Was", "Will be", "From", "Note"):
            value = label(wrap=True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.facts[name] = value
            self._facts.addRow(label(name, tone="muted"), value)
        self.record = button("", "link", self._open_record)
        self.clear = button("Fill from nothing", "small", self._clear)
        self._lay_out()
        self._wire()
        self.present(None)

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setObjectName("inside")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.why)
        column.addLayout(self._asks)
        column.addWidget(self.how_far)
        column.addWidget(self.private)
        column.addWidget(hairline())
        column.addLayout(self._facts)
        column.addWidget(self.record, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.clear, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        column.addWidget(label(_NEVER, scale="caption", tone="muted", wrap=True))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        self.body.addWidget(scroll, 1)

    def _wire(self) -> None:
        self.field.activated.connect(lambda _at: self._choose_field())
        line = self.field.lineEdit()
        if line is not None:
            line.returnPressed.connect(self._choose_field)
        for part in (self.of, self.repeat, self.money, self.month):
            part.activated.connect(lambda _at: self._wish())
        self.word.activated.connect(lambda _at: self._say_word())
        self.fixed.editingFinished.connect(self._wish_fixed)

    # --- values in -----------------------------------------------------------------------------

    def present(self, stood: Stood | None) -> None:
        """Show a cell; None while there is none."""
        self._stood = stood
        cell = FormCell(mark="hidden") if stood is None else stood.cell
        takes = cell.mark == "open"
        self.title.setText("Cell" if stood is None else f"Cell {address(stood.spot)}")
        self.note.setText("" if stood is None else f"{cell.kind}, {_state(cell)}")
        said = "" if stood is None or takes else f"{address(stood.spot)} {cell.why}."
        self.why.setText("Choose a cell of the sheet to fill it." if stood is None else said)
        self.why.setVisible(bool(self.why.text()))
        self._show_asks(stood if takes else None)
        self._show_facts(stood)

    def _show_asks(self, stood: Stood | None) -> None:
        fill = None if stood is None else stood.fill
        known = None if fill is None else field(fill.field)
        for part in (
            self.field,
            self.of,
            self.fixed,
            self.money,
            self.month,
            self.word,
            self.repeat,
        ):
            self._asks.setRowVisible(part, False)
        self.how_far.hide()
        self.clear.setVisible(fill is not None)
        if stood is None:
            return
        self._asks.setRowVisible(self.field, True)
        name = NOTHING if fill is None else FIXED if fill.fixed is not None else fill.field
        with QSignalBlocker(self.field):
            self.field.setCurrentIndex(max(0, self.field.findData(name)))
            if name not in (NOTHING, FIXED) and self.field.findData(name) < 0:
                self.field.setEditText(name)
        if fill is None:
            return
        self._asks.setRowVisible(self.fixed, fill.fixed is not None)
        self.fixed.setText(fill.fixed or "")
        if known is not None:
            self._show_details(stood, fill, known)

    def _show_details(self, stood: Stood, fill: FormFill, known: Field) -> None:
        items = self._items(family_of(known.name).name) if known.each else ()
        self._asks.setRowVisible(self.of, bool(items))
        _list(self.of, [(item.key, item.title) for item in items], fill.of_cell(stood.spot))
        named = self._asks.labelForField(self.of)
        if isinstance(named, QLabel):
            named.setText(known.each.capitalize())
        self.of.setAccessibleName(tr(known.each.capitalize()))
        self._asks.setRowVisible(self.money, known.kind == "money")
        _list(self.money, _MONEY, fill.money)
        family, _, rest = known.name.partition(".")
        by_month = family in ("line", "total") and rest in _BY_MONTH
        self._asks.setRowVisible(self.month, by_month)
        if by_month:
            months = [(item.key, item.title) for item in self._items("month")]
            wanted = "" if fill.month is None else str(fill.month)
            _list(self.month, [("", "The whole period"), *months], wanted)
        self._asks.setRowVisible(self.word, bool(stood.offered))
        said = dict(fill.words)
        ours = self._ours(stood)
        listed = [(each, each) for each in stood.offered]
        _list(self.word, [("", "The same as ours"), *listed], said.get(ours, ""))
        self._show_how_far(stood, fill, known)

    def _ours(self, stood: Stood) -> str:
        if stood.problem is not None and stood.problem.ours:
            return stood.problem.ours
        words = () if stood.fill is None else stood.fill.words
        theirs = "" if stood.change is None else stood.change.new
        return next((ours for ours, to in words if to == theirs), theirs)

    def _show_how_far(self, stood: Stood, fill: FormFill, known: Field) -> None:
        down, right = (len(run) for run in stood.runs)
        each = known.each
        ways = [(str(_ONE), "This cell only")]
        if each and down > 1:
            ways.append((str(_DOWN), f"Down, one for each {each}"))
        if each and right > 1:
            ways.append((str(_RIGHT), f"To the right, one for each {each}"))
        self._asks.setRowVisible(self.repeat, len(ways) > 1)
        _list(self.repeat, ways, str(_ONE))
        if fill.size > 1:
            cells = fill.cells
            self.how_far.setText(f"{address(cells[0])} to {address(cells[-1])}, {len(cells)} cells")
            self.how_far.show()

    def _show_facts(self, stood: Stood | None) -> None:
        change = None if stood is None else stood.change
        values = {
            "Found by": "" if stood is None else stood.words,
            "Was": "" if change is None else change.old or "empty",
            "Will be": "" if change is None else change.new or "empty",
            "From": "" if change is None else change.source,
            "Note": _note(stood),
        }
        for name, value in self.facts.items():
            value.setText(values[name])
            self._facts.setRowVisible(value, bool(values[name]))
        self.facts["Will be"].setProperty("scale", "section")
        records = () if change is None else change.records
        awards = [each for each in records if each.startswith(("awards: ", "posts: "))]
        self.record.setVisible(bool(awards))
        if awards:
            kind, _, key = awards[0].partition(",")[0].partition(": ")
            self.record.setText(f"Open {'award' if kind == 'awards' else 'post'}")
            self.record.setProperty("where", f"{kind}.{key}")

    def _open_record(self) -> None:
        self.record_wanted.emit(str(self.record.property("where")))

    # --- wishes out ----------------------------------------------------------------------------

    def _choose_field(self) -> None:
        stood = self._stood
        if stood is None:
            return
        name = self._named()
        if name is None:
            return
        if name == NOTHING:
            self._clear()
            return
        fresh = one_cell(stood.spot)
        if name == FIXED:
            self.fills_wanted.emit((replace(fresh, fixed=""),))
            self.fixed.setFocus()
            return
        if stood.fill is not None and stood.fill.field == name:
            return
        self.fills_wanted.emit((replace(fresh, field=name, of=self._first_of(stood, name)),))

    def _named(self) -> str | None:
        """The field that is chosen or typed; None where the words name none."""
        typed = self.field.currentText().strip()
        at = self.field.findText(typed, Qt.MatchFlag.MatchFixedString)
        if at >= 0:
            return str(self.field.itemData(at))
        return typed if field(typed) is not None else None

    def _first_of(self, stood: Stood, name: str) -> tuple[str, ...]:
        """Which line, post … a cell is most likely for: the one its own words name."""
        from fundtrack.core.returns.form import nearest_item

        family = family_of(name)
        items = self._items(family.name) if family.each else ()
        if not items:
            return ()
        labels = [run[0][1] for run in stood.runs if run]
        keys = (nearest_item(each, items) for each in labels)
        return (next(filter(None, keys), items[0].key),)

    def _wish(self) -> None:
        stood = self._stood
        if stood is None or stood.fill is None:
            return
        way = int(self.repeat.currentData() or _ONE)
        of = str(self.of.currentData() or "")
        month = str(self.month.currentData() or "")
        wished = replace(
            stood.fill,
            top=stood.spot.row,
            bottom=stood.spot.row,
            left=stood.spot.column,
            right=stood.spot.column,
            of=(of,) if of else (),
            month=int(month) if month else None,
            money=self.money.currentData() or "pence",
        )
        if way == _ONE:
            self.fills_wanted.emit((wished,))
            return
        run = stood.runs[way - 1]
        items = self._items(family_of(wished.field).name)
        cells, labels = [spot for spot, _ in run], [said for _, said in run]
        self.fills_wanted.emit(repeated(wished, cells, labels, items))

    def _say_word(self) -> None:
        stood = self._stood
        if stood is None or stood.fill is None:
            return
        theirs, ours = str(self.word.currentData() or ""), self._ours(stood)
        words = {**dict(stood.fill.words)}
        words.pop(ours, None)
        if theirs and ours:
            words[ours] = theirs
        whole = replace(stood.fill, words=tuple(words.items()))
        self.fills_wanted.emit((whole,))

    def _wish_fixed(self) -> None:
        stood = self._stood
        fill = None if stood is None else stood.fill
        if fill is not None and fill.fixed not in (None, self.fixed.text()):
            self.fills_wanted.emit((replace(fill, fixed=self.fixed.text()),))

    def _clear(self) -> None:
        if self._stood is not None and self._stood.fill is not None:
            self.gone_wanted.emit((self._stood.spot,))


def _state(cell: FormCell) -> str:
    words = {"open": "may be filled", "merged": "merged away", "fixed": "part of a table"}
    return words.get(cell.mark, cell.mark)


def _note(stood: Stood | None) -> str:
    if stood is None:
        return ""
    if stood.problem is not None:
        return stood.problem.says
    notes = () if stood.change is None else stood.change.notes
    return ". ".join(each[:1].upper() + each[1:] for each in notes)


def _list(
    box: Choice, choices: list[tuple[str, str]] | tuple[tuple[str, str], ...], at: str
) -> None:
    with QSignalBlocker(box):
        box.clear()
        for value, said in choices:
            box.addItem(tr(said), value)
        box.setCurrentIndex(max(0, box.findData(at)))


def words_of(each: Field) -> str:
    """A field in plain words that no other field has."""
    family = family_of(each.name)
    months = family.name.endswith("month")
    return f"{each.says} ({family.says.lower()})" if months or not each.each else each.says


def _field_choice(look: Look) -> Choice:
    """Every field by its words; typing finds those that have what is typed anywhere in them."""
    made = Choice(look)
    made.setEditable(True)
    made.setInsertPolicy(Choice.InsertPolicy.NoInsert)
    made.addItem(tr("Nothing"), NOTHING)
    made.addItem(tr("Text that is always the same"), FIXED)
    for each in fields():
        made.addItem(tr(words_of(each)), each.name)
    completer = made.completer()
    if completer is not None:
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    line = made.lineEdit()
    if line is not None:
        line.setAccessibleName(tr("Fill from"))
    return made
