"""Every list in the window: rows of values under declared columns, sorted, filtered and copied.

A table never changes its own rows. Typing into a cell asks for an Edit; the row changes when the
new book arrives, and rows that kept their keys keep their selection and their place on the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)

from fundtrack.gui.kinds import TEXT, Kind
from fundtrack.gui.speech import tr

if TYPE_CHECKING:
    from fundtrack.core.edit import Edit

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

COLUMN_ROLE = Role.UserRole + 2
"""The declared Column of a cell."""
ROW_ROLE = Role.UserRole + 3
"""The whole row a cell belongs to."""
KEY_ROLE = Role.UserRole + 4
"""The key of the row a cell belongs to."""
_MUCH = 1_000
"""More rows that come or go than this are told to the views as a table begun again."""
_MANY = 20
"""More stretches of rows that come or go than this are told of all at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[Row]):
    """One column: what it is called, what of a row stands in it, and how it can be changed."""

    name: str
    title: str
    value: Callable[[Row], Any]
    kind: Kind = TEXT
    edit: Callable[[Row, Any], Edit] | None = None
    """Gives the edit that puts a value here; left out, the column is only for reading."""
    choices: Callable[[Row], tuple[tuple[Any, str], ...]] | None = None
    """The values to choose from, each with its words; left out, the value is typed.

    With choices and no `edit`, what a row is about is chosen once: when it is added."""
    shown: Callable[[Row], str] | None = None
    """The words of the cell, where they are more than the kind of value would say."""
    tip: Callable[[Row], str] | None = None
    width: int = 10
    """How many digits wide it usually is."""
    most: int = 0
    """How many digits wide it may grow where there is room to spare."""
    stretch: bool = False
    strong: bool = False
    link: bool = False
    optional: bool = False
    """Left out where there is too little room for all columns."""


class Table(QAbstractTableModel, Generic[Row]):
    """Rows of values under columns. `refusal` says why an edit may not be, or returns ""."""

    edit_wanted = Signal(object)

    def __init__(
        self,
        columns: tuple[Column[Row], ...],
        key: Callable[[Row], str],
        *,
        refusal: Callable[[Edit], str] = lambda _edit: "",
    ) -> None:
        super().__init__()
        self.columns = columns
        self.refusal = refusal
        self.editable = True
        self.fresh: Callable[[int], Iterable[tuple[Row, Edit]]] | None = None
        """Gives so many new rows, each with the edit that adds it, for a paste; None: cannot."""
        self.needed: tuple[str, ...] = ()
        """The columns, by name, that a pasted new row cannot do without."""
        self.named_once = False
        """Whether the words of the first column name one row only."""
        self.together: Callable[[Row, Mapping[str, Any]], Edit] | None = None
        """The edit that puts all that was pasted into a row, by its columns' names, where one cell
        does not stand without another. Raises ValueError where they cannot stand."""
        self.whole: Callable[[], tuple[Row, ...]] = lambda: self.rows
        """Every record's row, those that are folded away too."""
        self.touched: Callable[[Row, Row], tuple[int, int]] = lambda _old, _new: (
            0,
            len(columns) - 1,
        )
        """The first and last column that differ between two states of a row: only those are
        painted anew."""
        self._key = key
        self._given: tuple[Row, ...] = ()
        self._rows: tuple[Row, ...] = ()
        self._keys: tuple[str, ...] = ()
        """The rows that are shown, and their keys, as they stand in their order."""
        self._in_order: Callable[[tuple[Row, ...]], tuple[Row, ...]] = tuple

    # --- values in ---

    def present(self, rows: tuple[Row, ...]) -> None:
        """Show these rows in their order, telling the views no more than what changed."""
        self._given = rows
        rows = self._in_order(rows)
        keys = tuple(self._key(row) for row in rows)
        if keys != self._keys:
            self._follow(rows, keys)
        before, self._rows = self._rows, rows
        for first_row, last_row in _runs(before, rows):
            run = range(first_row, last_row + 1)
            firsts, lasts = zip(*(self.touched(before[at], rows[at]) for at in run), strict=True)
            self.dataChanged.emit(
                self.index(first_row, min(firsts)), self.index(last_row, max(lasts))
            )

    def arrange(self, in_order: Callable[[tuple[Row, ...]], tuple[Row, ...]]) -> None:
        """Show the rows that this picks, in its order, now and whenever others are given."""
        self._in_order = in_order
        rows = in_order(self._given)
        keys = tuple(self._key(row) for row in rows)
        if keys != self._keys:
            self._move(rows, keys)

    def _move(self, rows: tuple[Row, ...], keys: tuple[str, ...]) -> None:
        """Stand these rows in the place of those there; what is chosen and stays, stays chosen."""
        self.layoutAboutToBeChanged.emit()
        followed = self.persistentIndexList()
        standing = [self._keys[index.row()] for index in followed]
        self._rows, self._keys = rows, keys
        places = {key: at for at, key in enumerate(keys)}
        moved = [
            self.index(places[key], index.column()) if key in places else QModelIndex()
            for key, index in zip(standing, followed, strict=True)
        ]
        self.changePersistentIndexList(followed, moved)
        self.layoutChanged.emit()

    def _follow(self, rows: tuple[Row, ...], keys: tuple[str, ...]) -> None:
        """Take rows out, move those that stay, and put rows in; where much changes, begin again."""
        much = abs(len(keys) - len(self._keys)) > _MUCH
        wanted, standing = (set(), set()) if much else (set(keys), set(self._keys))
        kept = [key for key in self._keys if key in wanted]
        much = len(keys) + len(self._keys) - 2 * len(kept) > _MUCH
        twice = len(wanted) < len(keys) or len(standing) < len(self._keys)
        if much or twice or not kept:
            self.beginResetModel()
            self._rows, self._keys = rows, keys
            self.endResetModel()
            return
        gone = _stretches(key not in wanted for key in self._keys)
        come = _stretches(key not in standing for key in keys)
        if len(gone) + len(come) > _MANY:
            self._move(rows, keys)
            return
        for first, last in reversed(gone):
            self.beginRemoveRows(QModelIndex(), first, last)
            self._rows = self._rows[:first] + self._rows[last + 1 :]
            self._keys = self._keys[:first] + self._keys[last + 1 :]
            self.endRemoveRows()
        stay = tuple(key for key in keys if key in standing)
        if stay != self._keys:
            by_key = dict(zip(self._keys, self._rows, strict=True))
            self._move(tuple(by_key[key] for key in stay), stay)
        for first, last in come:
            self.beginInsertRows(QModelIndex(), first, last)
            self._rows = self._rows[:first] + rows[first : last + 1] + self._rows[first:]
            self._keys = self._keys[:first] + keys[first : last + 1] + self._keys[first:]
            self.endInsertRows()

    # --- looking ---

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows in the order they were given."""
        return self._given

    def row_of(self, key: str) -> int | None:
        """Where the row with this key stands, or None."""
        return self._keys.index(key) if key in self._keys else None

    def row_at(self, place: int) -> Row:
        """The row that stands at a place."""
        return self._rows[place]

    def is_record(self, row: Row) -> bool:
        """Whether a row is a record, rather than a heading of some."""
        return row is not None

    def place_of(self, name: str) -> int:
        """Where the column of this name stands."""
        return next(at for at, column in enumerate(self.columns) if column.name == name)

    def why_not(self, index: Index, value: Any) -> str:  # noqa: ANN401 - any kind of value
        """Say why this value may not stand in the cell, or return ""."""
        column = self.columns[index.column()]
        row = self._rows[index.row()]
        if column.edit is None or value == column.value(row):
            return ""
        return self.refusal(column.edit(row, value))

    # --- what Qt asks ---

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as rowCount
        """How many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's own signature
        """The title of a column, standing where its figures stand."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role in (Role.DisplayRole, Role.AccessibleTextRole):
            return tr(column.title)
        if role == Role.TextAlignmentRole:
            return _alignment(column)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A cell can be changed when its column can, and the book may be changed at all."""
        usual = super().flags(index)
        if index.isValid() and self.editable and self.columns[index.column()].edit is not None:
            return usual | Qt.ItemFlag.ItemIsEditable
        return usual

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:  # noqa: ANN401 - as above
        """Answer for one cell."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        answer = _ANSWERS.get(role)
        if answer is None:
            return None
        return answer(self, self._rows[index.row()], self.columns[index.column()])

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:  # noqa: ANN401
        """Ask for the edit that puts this value here; nothing changes until the book does."""
        if role != Role.EditRole or not index.isValid() or not self.editable:
            return False
        column, row = self.columns[index.column()], self._rows[index.row()]
        if column.edit is None or value == column.value(row):
            return False
        self.edit_wanted.emit(column.edit(row, value))
        return True

    def words(self, row: Row, column: Column[Row]) -> str:
        """What the cell says, as it goes into a file or another program."""
        if column.shown is not None:
            return column.shown(row)
        return column.kind.shown(column.value(row))

    def shown(self, row: Row, column: Column[Row]) -> str:
        """What the cell shows, in the language that is spoken."""
        return tr(self.words(row, column))

    def spoken(self, row: Row, column: Column[Row]) -> str:
        """What a screen reader says of the cell: whose it is, which column, and what it says."""
        said = self.shown(row, column) or tr("empty")
        if column is self.columns[0]:
            return said
        return f"{self.shown(row, self.columns[0])}, {tr(column.title)}: {said}"

    def key(self, row: Row) -> str:
        """The key of a row."""
        return self._key(row)


_ANSWERS: dict[int, Callable[[Table[Any], Any, Column[Any]], Any]] = {
    Role.DisplayRole: lambda table, row, column: table.shown(row, column),
    Role.EditRole: lambda _table, row, column: column.value(row),
    Role.TextAlignmentRole: lambda _table, _row, column: _alignment(column),
    Role.ToolTipRole: lambda _table, row, column: tr(column.tip(row)) if column.tip else None,
    Role.AccessibleTextRole: lambda table, row, column: table.spoken(row, column),
    COLUMN_ROLE: lambda _table, _row, column: column,
    ROW_ROLE: lambda _table, row, _column: row,
    KEY_ROLE: lambda table, row, _column: table.key(row),
}


def _alignment(column: Column[Any]) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.kind.figure else Qt.AlignmentFlag.AlignLeft
    if column.kind.centred:
        side = Qt.AlignmentFlag.AlignHCenter
    return side | Qt.AlignmentFlag.AlignVCenter


def _runs(before: tuple[Any, ...], after: tuple[Any, ...]) -> list[tuple[int, int]]:
    """The stretches of rows that differ, as first and last row."""
    pairs = zip(before, after, strict=True)
    return _stretches(old is not new and old != new for old, new in pairs)


def _stretches(marks: Iterable[bool]) -> list[tuple[int, int]]:
    """Where marks are true one after another, as the first and the last of each stretch."""
    found: list[tuple[int, int]] = []
    for at, marked in enumerate(marks):
        if not marked:
            continue
        if found and found[-1][1] == at - 1:
            found[-1] = (found[-1][0], at)
        else:
            found.append((at, at))
    return found


class Said:
    """What rows say, in which words are sought: asked once, and not again with each letter typed.

    A cell is asked only while a word has not been found in those before it.
    """

    def __init__(self, table: Table[Any]) -> None:
        self._table = table
        self._known: dict[str, tuple[Any, list[str]]] = {}

    def holding(self, text: str, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        """The rows in which every word of a text stands somewhere."""
        words = text.casefold().split()
        if not words:
            self._known.clear()
            return rows
        return tuple(row for row in rows if self._holds(row, words))

    def _holds(self, row: Any, words: Iterable[str]) -> bool:  # noqa: ANN401 - any row
        key = self._table.key(row)
        known = self._known.get(key)
        if known is None or known[0] is not row:
            known = self._known[key] = row, []
        cells = partial(self._cells, row, known[1])
        return all(any(word in cell for cell in cells()) for word in words)

    def _cells(self, row: Any, said: list[str]) -> Iterator[str]:  # noqa: ANN401 - as above
        yield from said
        for column in self._table.columns[len(said) :]:
            said.append(self._table.shown(row, column).casefold())
            yield said[-1]


class Sorted(QSortFilterProxyModel):
    """A table in the order a person chose, and only the rows that hold the words they typed.

    The table picks its rows and stands them in order itself, asking each once: Qt would ask Python
    of every pair, and of every row.
    """

    def __init__(self, table: Table[Any]) -> None:
        super().__init__(table)
        self._sought, self._said = "", Said(table)
        self._keep: Callable[[Any], bool] | None = None
        self._band: Callable[[Any], Any] | None = None
        self._by, self._falling = -1, False
        self.table = table
        self.setSourceModel(table)

    def look_for(self, text: str) -> None:
        """Keep the rows in which every word stands somewhere."""
        self._sought = text
        self.table.arrange(self._in_order)

    def keep(self, wanted: Callable[[Any], bool]) -> None:
        """Keep the rows for which this is true."""
        self._keep = wanted
        self.table.arrange(self._in_order)

    def keep_bands(self, band: Callable[[Any], Any]) -> None:
        """Keep rows of one band together, the bands rising whichever way a column is sorted."""
        self._band = band
        self.table.arrange(self._in_order)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Stand the rows in order of a column; below nought, as they were given."""
        self._by, self._falling = column, order == Qt.SortOrder.DescendingOrder
        self.table.arrange(self._in_order)

    def _in_order(self, rows: tuple[Any, ...]) -> tuple[Any, ...]:
        if self._keep is not None:
            rows = tuple(filter(self._keep, rows))
        return self._by_value(self._said.holding(self._sought, rows))

    def _by_value(self, rows: tuple[Any, ...]) -> tuple[Any, ...]:
        """Order by value; an empty cell comes last, whichever way the column is sorted."""
        if self._by < 0:
            return rows
        value, order = self.table.columns[self._by].value, self.table.columns[self._by].kind.order
        told = [(value(row), row) for row in rows]
        filled = [(order(each), row) for each, row in told if each is not None]
        filled.sort(key=itemgetter(0), reverse=self._falling)
        found = [row for _, row in filled] + [row for each, row in told if each is None]
        if self._band is not None:
            found.sort(key=self._band)
        return tuple(found)

    def why_not(self, index: Index, value: Any) -> str:  # noqa: ANN401 - as Table's
        """Say why this value may not stand in the cell, or return ""."""
        return self.table.why_not(self.mapToSource(index), value)

    def index_of(self, key: str, column: int = 0) -> QModelIndex:
        """Where the row with this key stands now; not valid if it is not shown."""
        row = self.table.row_of(key)
        if row is None:
            return QModelIndex()
        return self.mapFromSource(self.table.index(row, column))
