"""Go to or do anything: a field and a list of the pages, the records and every act with its key."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSortFilterProxyModel, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QDialog, QLineEdit, QListView, QVBoxLayout

from fundtrack.gui.cells import row_height
from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QAction, QKeyEvent
    from PySide6.QtWidgets import QWidget

    from fundtrack.core.model import Portfolio
    from fundtrack.gui.look import Look

_DO_ROLE = Qt.ItemDataRole.UserRole + 1
_SOUGHT_ROLE = Qt.ItemDataRole.UserRole + 2
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing to go to or do: its words, what kind it is, its keys, and how it is done."""

    words: str
    kind: str
    do: Callable[[], object]
    keys: str = ""


class Anything(QDialog):
    """Lists things; what is typed keeps those that hold every word. `chosen` is the answer."""

    def __init__(self, look: Look, things: Iterable[Thing], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.FramelessWindowHint | Qt.WindowType.Dialog)
        self.chosen: Callable[[], object] | None = None
        self.setObjectName("anything")
        self.setWindowTitle(tr("Go to or do anything"))
        self._things = QStandardItemModel(self)
        for thing in things:
            self._things.appendRow(_item(thing, look))
        self.found = _Found(self)
        self.found.setSourceModel(self._things)
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Go to or do anything"))
        self.field.setAccessibleName(tr("Go to or do anything"))
        self.list = QListView()
        self.list.setModel(self.found)
        self.list.setAccessibleName(tr("What was found"))
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setObjectName("framed")
        self.none = label("Nothing is called that. Try another word.", tone="muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        column.addWidget(self.none)
        self.field.textChanged.connect(self._seek)
        self.field.returnPressed.connect(self.accept)
        self.list.clicked.connect(lambda _index: self.accept())
        self.resize(look.px(560), look.px(70) + _SHOWN * row_height(look))
        self.move(
            parent.mapToGlobal(parent.rect().topLeft()).x() + (parent.width() - self.width()) // 2,
            parent.mapToGlobal(parent.rect().topLeft()).y() + look.px(70),
        )
        self._seek("")
        self.field.setFocus()

    def accept(self) -> None:
        """Take the thing that is marked, if there is any."""
        index = self.list.currentIndex()
        if index.isValid():
            self.chosen = index.data(_DO_ROLE)
            super().accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk the list while typing."""
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: _SHOWN,
            Qt.Key.Key_PageUp: -_SHOWN,
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        last = self.found.rowCount() - 1
        self._mark(max(0, min(last, self.list.currentIndex().row() + step)))

    def _seek(self, text: str) -> None:
        self.found.look_for(text)
        self.list.setVisible(self.found.rowCount() > 0)
        self.none.setVisible(self.found.rowCount() == 0)
        self._mark(0)

    def _mark(self, row: int) -> None:
        index = self.found.index(row, 0)
        self.list.setCurrentIndex(index)
        said = index.data(Qt.ItemDataRole.AccessibleTextRole) if index.isValid() else None
        self.field.setAccessibleDescription(tr(str(said or self.none.text())))


class _Found(QSortFilterProxyModel):
    def __init__(self, parent: QDialog) -> None:
        super().__init__(parent)
        self._words: tuple[str, ...] = ()

    def look_for(self, text: str) -> None:
        self._words = tuple(text.casefold().split())
        self.invalidate()

    def filterAcceptsRow(self, at: int, parent: QModelIndex | QPersistentModelIndex) -> bool:
        sought = str(self.sourceModel().index(at, 0, parent).data(_SOUGHT_ROLE))
        return all(word in sought for word in self._words)


def _item(thing: Thing, look: Look) -> QStandardItem:
    keys = f"   {thing.keys}" if thing.keys else ""
    named, kind = tr(thing.words), tr(thing.kind)
    item = QStandardItem(f"{named}   {kind}{keys}")
    item.setData(thing.do, _DO_ROLE)
    item.setData(f"{named} {kind}".casefold(), _SOUGHT_ROLE)
    said = ", ".join(part for part in (named, kind, thing.keys) if part)
    item.setData(said, Qt.ItemDataRole.AccessibleTextRole)
    item.setFont(look.font())
    return item


def acts(actions: Iterable[QAction]) -> Iterable[Thing]:
    """What the menus hold and may be done now, each with its keys."""
    for action in actions:
        if action.isEnabled() and action.isVisible() and action.menu() is None and action.text():
            words = action.text().replace("&", "").removesuffix("…")
            yield Thing(words, "do", action.trigger, action.shortcut().toString())


def records(portfolio: Portfolio, go: Callable[[str], object]) -> Iterable[Thing]:
    """Every award and post, and every funder by way of its first award."""
    for award in portfolio.awards:
        yield Thing(award.title, "award", partial(go, f"awards.{award.key}"))
    for post in portfolio.posts:
        yield Thing(post.title, "post", partial(go, f"posts.{post.key}"))
    for funder in portfolio.funders:
        first = next((each.key for each in portfolio.awards if each.funder == funder.key), "")
        yield Thing(funder.name, "funder", partial(go, f"awards.{first}"))
