"""How a person has arranged a table's columns: order, widths, what is hidden, and what it sorts by.

Kept with their preferences, a line for each table that they may read and mend:
`title, amount 96 falling, funder hidden`. Widths are in pixels at 100 % text.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from fundtrack.gui.speech import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QMenu

    from fundtrack.gui.widgets.grid import Grid

_NARROWEST, _WIDEST = 24, 2000


@dataclass(slots=True)
class Arranged:
    """One table's columns by name; what is not said is as usual."""

    order: list[str] = field(default_factory=list)
    widths: dict[str, int] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    sort: tuple[str, bool] | None = None
    """The column it sorts by, and whether the largest comes first."""

    def __str__(self) -> str:
        """The line that is kept."""
        return ", ".join(" ".join(self._words(name)) for name in self.order)

    def _words(self, name: str) -> Iterator[str]:
        yield name
        if name in self.widths:
            yield str(self.widths[name])
        if name in self.hidden:
            yield "hidden"
        if self.sort is not None and self.sort[0] == name:
            yield "falling" if self.sort[1] else "rising"


def read(line: str, names: tuple[str, ...]) -> Arranged:
    """Read a kept line; a column it does not know, or that is no more, is passed over."""
    made = Arranged()
    for part in line.split(","):
        name, *told = part.split()[:4] or [""]
        if name not in names or name in made.order:
            continue
        made.order.append(name)
        for word in told:
            if word.isdecimal() and _NARROWEST <= int(word) <= _WIDEST:
                made.widths[name] = int(word)
            elif word == "hidden" and name != names[0]:
                made.hidden.add(name)
            elif word in ("rising", "falling"):
                made.sort = (name, word == "falling")
    for at, name in enumerate(names):  # what an older line does not know stands after its neighbour
        if name not in made.order:
            made.order.insert(made.order.index(names[at - 1]) + 1 if at else 0, name)
    return made


class Arrangement(QObject):
    """Joins a grid's header to what a person prefers of it."""

    def __init__(self, grid: Grid, name: str) -> None:
        super().__init__(grid)
        self._grid, self._name, self._look = grid, name, grid.look
        self._names = tuple(column.name for column in grid.table.columns)
        self._ours = 0
        self._kept = read(self._look.arrangements.get(name, ""), self._names)
        self._put()
        top = grid.horizontalHeader()
        top.setSectionsMovable(True)
        top.sectionMoved.connect(lambda *_: self._take_order())
        top.sectionResized.connect(lambda at, _old, new: self._take_width(at, new))
        top.sortIndicatorChanged.connect(lambda *_: self._take_sort())
        top.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        top.customContextMenuRequested.connect(
            lambda point: self.fill(grid.new_menu()).popup(top.mapToGlobal(point))
        )

    def width(self, at: int) -> int | None:
        """The width a person gave a column, in pixels, or None."""
        kept = self._kept.widths.get(self._names[at])
        return None if kept is None else self._look.px(kept)

    def hides(self, at: int) -> bool:
        """Whether the person wants a column out of sight."""
        return self._names[at] in self._kept.hidden

    @contextmanager
    def ours(self) -> Iterator[None]:
        """What is done to the header inside is not the person's doing."""
        self._ours += 1
        try:
            yield
        finally:
            self._ours -= 1

    def fill(self, menu: QMenu) -> QMenu:
        """Offer to show or hide each column, and to have all as usual again."""
        for at, column in enumerate(self._grid.table.columns):
            if at == 0 or self._grid.is_withheld(at):
                continue
            action = menu.addAction(column.title)
            action.setCheckable(True)
            action.setChecked(not self.hides(at))
            action.toggled.connect(partial(self._show, column.name))
        menu.addSeparator()
        menu.addAction(tr("&Usual columns")).triggered.connect(lambda _checked=False: self.reset())
        return menu

    def reset(self) -> None:
        """Have all columns as usual again."""
        self._kept = read("", self._names)
        self._look.arrange(self._name, "")
        self._put()
        self._grid.measure()

    def _put(self) -> None:
        top = self._grid.horizontalHeader()
        with self.ours():
            for place, name in enumerate(self._kept.order):
                top.moveSection(top.visualIndex(self._names.index(name)), place)
            if self._kept.sort is not None:
                name, falling = self._kept.sort
                ways = Qt.SortOrder
                way = ways.DescendingOrder if falling else ways.AscendingOrder
                self._grid.sortByColumn(self._names.index(name), way)
            else:
                self._grid.sortByColumn(-1, Qt.SortOrder.AscendingOrder)

    def _show(self, name: str, shown: bool) -> None:  # noqa: FBT001 - a signal's answer
        (self._kept.hidden.discard if shown else self._kept.hidden.add)(name)
        self._keep()
        self._grid.measure()

    def _take_order(self) -> None:
        if not self._ours:
            top = self._grid.horizontalHeader()
            self._kept.order = [self._names[top.logicalIndex(at)] for at in range(top.count())]
            self._keep()

    def _take_width(self, at: int, width: int) -> None:
        modes = self._grid.horizontalHeader().ResizeMode
        dragged = self._grid.horizontalHeader().sectionResizeMode(at) is modes.Interactive
        if not self._ours and dragged and width and self._grid.isVisible():
            self._kept.widths[self._names[at]] = round(width / self._look.px(1000) * 1000)
            self._keep()

    def _take_sort(self) -> None:
        if self._ours:
            return
        top = self._grid.horizontalHeader()
        at, falling = top.sortIndicatorSection(), Qt.SortOrder.DescendingOrder
        chosen = 0 <= at < len(self._names)
        self._kept.sort = (self._names[at], top.sortIndicatorOrder() == falling) if chosen else None
        self._keep()

    def _keep(self) -> None:
        self._look.arrange(self._name, str(self._kept))
