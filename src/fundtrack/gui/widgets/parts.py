"""A small table of the parts of a record, or of the records about it, with Add and Remove."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fundtrack.gui.speech import tr
from fundtrack.gui.table import Column, Table
from fundtrack.gui.widgets.flow import flow_of
from fundtrack.gui.widgets.frame import button, label, with_icon
from fundtrack.gui.widgets.grid import Grid
from fundtrack.gui.widgets.paste_here import PasteHere

if TYPE_CHECKING:
    from collections.abc import Callable

    from fundtrack.core.edit import Edit
    from fundtrack.gui.look import Look


class SmallTable(QWidget):
    """Rows, with links below to add one and to remove those chosen.

    `add_wanted` and `remove_wanted` (keys) say what was asked; a read-only book offers neither.
    """

    edit_wanted = Signal(object)
    add_wanted = Signal()
    remove_wanted = Signal(tuple)
    opened = Signal(str)
    chosen = Signal(str)
    trouble = Signal(str)

    def __init__(  # noqa: PLR0913 - what a table is made of
        self,
        look: Look,
        name: str,
        columns: tuple[Column[Any], ...],
        key: Callable[[Any], str],
        refusal: Callable[[Edit], str],
        *,
        noun: str = "",
        empty: str = "",
        table: type[Table[Any]] = Table,
    ) -> None:
        super().__init__()
        self.table: Table[Any] = table(columns, key=key, refusal=refusal)
        self.grid = Grid(look, self.table, name, fits=True, sortable=False)
        self.grid.can_remove = bool(noun)
        self.grid.show_at_most(_AT_MOST)
        self._noun = noun
        self._can_change = True
        self._empty = empty
        self.none = label(empty, tone="muted", wrap=True)
        self.add_button = with_icon(button(f"Add {noun}", "link"), look, "plus", "link")
        self.remove_button = with_icon(button("Remove", "link"), look, "trash", "link")
        self.remove_button.setAccessibleName(tr(f"Remove {noun}"))
        self.pasting = PasteHere(self.grid, self)
        self.links = flow_of(self.add_button, self.pasting.link, self.remove_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.grid)
        column.addWidget(self.none)
        column.addLayout(self.links)
        self.table.edit_wanted.connect(self.edit_wanted)
        self.grid.given_up.connect(self.trouble)
        self.grid.opened.connect(self.opened)
        self.grid.chosen.connect(self.chosen)
        self.grid.remove_wanted.connect(self.remove_wanted)
        self.add_button.clicked.connect(lambda _checked=False: self.add_wanted.emit())
        self.remove_button.clicked.connect(lambda _checked=False: self._remove())

    def add_link(self, words: str, name: str, act: Callable[[], object]) -> QWidget:
        """Put another link below."""
        made = button(words, "link", act)
        made.setAccessibleName(tr(name))
        self.links.addWidget(made)
        return made

    def present(self, rows: tuple[Any, ...], *, can_change: bool) -> None:
        """Show these rows."""
        self._can_change = can_change
        self.table.editable = can_change
        long = len(rows) > _AT_MOST
        policy = Grid.verticalScrollBarPolicy(self.grid).__class__
        self.grid.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if long else policy.ScrollBarAlwaysOff
        )
        self.grid.present(rows)
        self.grid.setVisible(bool(rows))
        self.pasting.offer(empty=not rows)
        self.none.setText(self.pasting.teaches(self._empty) if self._empty else "")
        self.none.setVisible(not rows and bool(self.none.text()))
        self.add_button.setVisible(can_change and bool(self._noun))
        self.remove_button.setVisible(can_change and bool(self._noun) and bool(rows))

    def show_row(self, key: str) -> None:
        """Scroll to a row, without going there, once it has its place."""

        def scroll() -> None:
            if (index := self.grid.sorted.index_of(key)).isValid():
                self.grid.scrollTo(index, Grid.ScrollHint.PositionAtTop)

        QTimer.singleShot(0, self, scroll)

    def change(self, key: str, column: str) -> None:
        """Open a cell for changing."""
        self.grid.change(key, column)

    def _remove(self) -> None:
        keys = self.grid.chosen_keys()
        if keys:
            self.remove_wanted.emit(keys)
        else:
            self.trouble.emit(f"Choose the {self._noun} to remove first")


_AT_MOST = 10
