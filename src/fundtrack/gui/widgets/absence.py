"""One calm line that tells what happened while a person was away, and opens the list of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton

from fundtrack.core.away import KINDS, Away, News
from fundtrack.gui import kinds
from fundtrack.gui.speech import tr
from fundtrack.gui.table import Column, Table
from fundtrack.gui.widgets.frame import Card, button, label, with_cross
from fundtrack.gui.widgets.grid import Grid

if TYPE_CHECKING:
    from fundtrack.gui.look import Look

_MOST = 8
_ORDER = tuple(KINDS)


class Absence(Card):
    """The line and, when asked for, the list. `opened` carries a record, or a list and a dot."""

    opened = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__("")
        self.title.hide()
        self.note.hide()
        self.setAccessibleName(tr("While you were away"))
        self.words = label(wrap=True)
        self.more = button("Show what happened", "link", self._show_all)
        self._close = with_cross(QToolButton(), look)
        self._close.setAccessibleName(tr("Close: while you were away"))
        self._close.setToolTip(tr("Close"))
        self._close.clicked.connect(self.hide)
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(self.words, 1)
        line.addWidget(self.more)
        line.addWidget(self._close)
        self.table: Table[News] = Table(_COLUMNS, key=lambda row: f"{row.kind} {row.on} {row.says}")
        self.grid = Grid(look, self.table, "While you were away", fits=True)
        self.grid.show_at_most(_MOST)
        self.grid.hide()
        self.grid.opened.connect(self._open)
        self.body.addLayout(line)
        self.body.addWidget(self.grid)
        self.hide()

    def present(self, away: Away) -> None:
        """Say it in one line, the list closed."""
        self.take(away)
        self._show(listed=False)
        self.setVisible(bool(away.said))

    def take(self, away: Away) -> None:
        """Say this instead, as open or closed as it stands; nothing hides it."""
        if not away.said:
            self.hide()
        self.words.setText(away.said)
        self.words.setAccessibleName(tr(away.said))
        self.grid.present(tuple({self.table.key(row): row for row in away.news}.values()))

    def _show_all(self) -> None:
        self._show(listed=self.grid.isHidden())

    def _show(self, *, listed: bool) -> None:
        self.grid.setVisible(listed)
        self.more.setText("Hide the list" if listed else "Show what happened")
        if listed:
            self.grid.setFocus()

    def _open(self, key: str) -> None:
        at = self.table.row_of(key)
        row = None if at is None else self.table.row_at(at)
        if row is not None:
            self.opened.emit(row.record or ("history." if row.kind == "change" else "rates.Rates"))


_COLUMNS: tuple[Column[News], ...] = (
    Column(
        name="kind",
        title="What",
        value=lambda row: _ORDER.index(row.kind),
        shown=lambda row: KINDS[row.kind],
        width=16,
    ),
    Column(name="on", title="Day", kind=kinds.DATE, value=lambda row: row.on, width=11),
    Column(
        name="says",
        title="What happened",
        value=lambda row: row.says,
        tip=lambda row: row.says,
        stretch=True,
    ),
)
