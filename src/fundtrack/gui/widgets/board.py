"""The pipeline as a board: a card for each award not yet secured, in the column of its stage.

One list of cards lies under every column, and each column shows those of its own stage. A card is
moved by the mouse or by Ctrl with an arrow; the board only asks, and moves it when the book has.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QPointF,
    QRectF,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QListView,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from fundtrack.core import words
from fundtrack.core.pipeline import STAGES
from fundtrack.core.plain import decimal_text
from fundtrack.core.wishes import stage_name
from fundtrack.gui import marks
from fundtrack.gui.cells import paint_status_word, swatch_size
from fundtrack.gui.speech import tr
from fundtrack.gui.table import KEY_ROLE, ROW_ROLE, Index
from fundtrack.gui.widgets.frame import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QFocusEvent, QPaintEvent

    from fundtrack.core.model import Stage
    from fundtrack.core.pipeline import Card, Column, Pipeline
    from fundtrack.gui.look import Look

AWARD_MIME = "application/x-fundtrack-award"
"""What a dragged card carries: the key of its award."""
STEP_LABEL = {
    "writing": "Write from",
    "submit": "Submit by",
    "decision": "Trustees by",
    "consultation": "Consult from",
    "notice": "Notice by",
    "end": "Money ends",
}
_BEFORE_BID = ("idea", "preparing")
_PAD, _GAP = 11, 8
_TITLE_LINES = 2
_LEAST_BELOW = 100
_LEAST_COLUMN = 212
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_WRAPPED = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)
_State = QStyle.StateFlag
_Role = Qt.ItemDataRole


# --- what a card says --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CardFact:
    """One line of a card: what it is, what it says, and a quieter line under it."""

    name: str
    said: str
    strong: bool = False
    below: str = ""


def card_facts(card: Card, today: date) -> tuple[CardFact, ...]:
    """What a card says under its amount, the next thing to do first."""
    found: list[CardFact] = []
    if card.next_kind is not None and card.next_by is not None:
        day = words.near_day(card.next_by, today)
        found.append(CardFact(STEP_LABEL[card.next_kind], day, strong=True))
    if card.stage in _BEFORE_BID:
        found.append(CardFact("Deadline", _day_or(card.bid_deadline, today, "not set")))
    if card.decision_expected is not None:
        late = card.decided_late
        below = f"{words.count(late, 'day')} after you consult" if late else ""
        day = words.near_day(card.decision_expected, today)
        found.append(CardFact("Decision", day, strong=bool(late), below=below))
    if card.said is not None:
        day = words.near_day(card.said.on, today)
        found.append(CardFact("Evidence", f"grade {card.said.counts}, {day}"))
    elif card.stage == STAGES[-1]:
        found.append(CardFact("Evidence", "none recorded"))
    if card.posts:
        posts = words.count(len(card.posts), "post")
        found.append(CardFact("Keeps", f"{posts}, {card.fte:.2f} FTE"))
    chance = "not set" if card.chance is None else f"{decimal_text(card.chance)}%"
    found.append(CardFact("Chance", chance))
    return tuple(found)


def _day_or(day: date | None, today: date, otherwise: str) -> str:
    return otherwise if day is None else words.near_day(day, today)


def spoken_card(card: Card, today: date) -> str:
    """What a screen reader says of a card, in the language that is spoken."""
    parts = [card.title, card.funder, words.whole_pounds(card.amount), card.certainty]
    if card.next_by is not None:
        parts.append(marks.STATUS_WORD[card.status].lower())
    said = list(map(tr, parts))
    for fact in card_facts(card, today):
        said += [f"{tr(fact.name.lower())} {tr(fact.said)}", tr(fact.below)]
    return ", ".join(part for part in said if part)


# --- the cards under every column --------------------------------------------------------


class CardList(QAbstractListModel):
    """Every card of the board, in its order. It changes nothing itself."""

    def __init__(self) -> None:
        super().__init__()
        self.movable = True
        self._cards: tuple[Card, ...] = ()
        self._today: date | None = None

    def present(self, cards: tuple[Card, ...], today: date) -> None:
        """Show these cards, telling the columns no more than what changed."""
        same = [each.key for each in cards] == [each.key for each in self._cards]
        stages = [each.stage for each in cards] == [each.stage for each in self._cards]
        self._today = today
        if same and stages:
            before, self._cards = self._cards, cards
            for at, (old, new) in enumerate(zip(before, cards, strict=True)):
                if old != new:
                    self.dataChanged.emit(self.index(at), self.index(at))
            return
        self.beginResetModel()
        self._cards = cards
        self.endResetModel()

    @property
    def cards(self) -> tuple[Card, ...]:
        """The cards, in the order they were given."""
        return self._cards

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many cards there are."""
        return 0 if parent.isValid() else len(self._cards)

    def data(self, index: Index, role: int = _Role.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own
        """Answer for one card."""
        if not index.isValid() or index.row() >= len(self._cards) or self._today is None:
            return None
        card = self._cards[index.row()]
        if role == _Role.DisplayRole:
            return card.title
        if role == _Role.ToolTipRole:
            return "\n".join(part for part in (card.title, card.funder, tr(card.doubt)) if part)
        if role == _Role.AccessibleTextRole:
            return spoken_card(card, self._today)
        return {ROW_ROLE: card, KEY_ROLE: card.key}.get(role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A card can be dragged, unless the book is only for reading."""
        usual = super().flags(index)
        if index.isValid():
            return usual | Qt.ItemFlag.ItemIsDragEnabled if self.movable else usual
        return usual | Qt.ItemFlag.ItemIsDropEnabled

    def mimeTypes(self) -> list[str]:
        """A card is dragged by its award's key."""
        return [AWARD_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The key of the dragged card."""
        made = QMimeData()
        made.setData(AWARD_MIME, QByteArray(str(indexes[0].data(KEY_ROLE)).encode()))
        return made

    def supportedDragActions(self) -> Qt.DropAction:
        """A card is moved, never copied."""
        return Qt.DropAction.MoveAction

    def supportedDropActions(self) -> Qt.DropAction:
        """As dragged."""
        return Qt.DropAction.MoveAction


class StageCards(QSortFilterProxyModel):
    """The cards of one stage. `dropped` carries the key of a card let go of here."""

    dropped = Signal(str)

    def __init__(self, cards: CardList, stage: Stage) -> None:
        super().__init__()
        self.stage = stage
        self._list = cards
        self.setSourceModel(cards)

    def filterAcceptsRow(self, at: int, parent: Index) -> bool:
        """Whether a card stands at this stage."""
        return not parent.isValid() and self._list.cards[at].stage == self.stage

    def canDropMimeData(  # noqa: D102 - as Qt has it
        self, data: QMimeData, _action: Qt.DropAction, _row: int, _column: int, _parent: Index
    ) -> bool:
        key = key_of(data)
        return self._list.movable and any(
            card.key == key and card.stage != self.stage for card in self._list.cards
        )

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Say which card was let go of here; the board asks for the rest."""
        if not self.canDropMimeData(data, action, row, column, parent):
            return False
        self.dropped.emit(key_of(data))
        return True

    def index_of(self, key: str) -> QModelIndex:
        """Where the card of an award stands; not valid if not here."""
        for at in range(self.rowCount()):
            index = self.index(at, 0)
            if index.data(KEY_ROLE) == key:
                return index
        return QModelIndex()


def key_of(data: QMimeData) -> str:
    """The award's key that a drag carries, or ""."""
    if not data.hasFormat(AWARD_MIME):
        return ""
    return bytes(cast("bytes", data.data(AWARD_MIME).data())).decode("utf-8", "replace")


# --- drawing a card ----------------------------------------------------------------------


class CardDelegate(QStyledItemDelegate):
    """Paints a card: title, funder, amount with its status, and what to know about it."""

    def __init__(self, look: Look, view: QListView) -> None:
        super().__init__(view)
        self._look = look
        self._view = view
        self.today: date | None = None

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as its lines need."""
        _ = option
        card = cast("Card | None", index.data(ROW_ROLE))
        width = max(self._view.viewport().width(), 60)
        if card is None or self.today is None:
            return QSize(width, 40)
        caption, inner = self._look.metrics("caption"), width - 2 * _PAD - 3
        high = self._title_height(card.title, inner)
        high += caption.height() + 2 if card.funder else 0
        high += self._figure_height() * (1 if self._status_beside(card, inner) else 2) + 2
        facts = card_facts(card, self.today)
        room, _ = self._room_below(inner, self._names(facts))
        high += sum(self._line(caption) + self._below_height(fact, room) for fact in facts)
        return QSize(width, high + 2 * _PAD + _GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one card."""
        card = cast("Card", index.data(ROW_ROLE))
        if self.today is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(option.rect).adjusted(1.5, 1.5, -1.5, 0.5 - _GAP)
        self._paint_ground(painter, option, whole)
        rect = whole.adjusted(_PAD, _PAD - 2, -_PAD, -_PAD)
        top = self._paint_head(painter, rect, card)
        self._paint_facts(painter, QRectF(rect.left(), top, rect.width(), 0), card, self.today)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRectF) -> None:
        look = self._look
        chosen = bool(option.state & _State.State_Selected)
        focused = bool(option.state & _State.State_HasFocus)
        shape = QPainterPath()
        shape.addRoundedRect(rect, 7, 7)
        painter.fillPath(shape, look.colour("surface"))
        edge = "ink" if look.theme == "high-contrast" else "line"
        pen = QPen(look.colour(edge), 1)
        if chosen:
            pen = QPen(look.colour("focus" if focused else "accent"), 2.5 if focused else 1.5)
        painter.setPen(pen)
        painter.drawPath(shape)

    def _paint_head(self, painter: QPainter, rect: QRectF, card: Card) -> float:
        look = self._look
        top, width = rect.top(), rect.width()
        high = self._title_height(card.title, int(width))
        painter.setPen(look.colour("ink"))
        painter.setFont(look.font(bold=True))
        title = self._fitted(card.title, int(width))
        painter.drawText(QRectF(rect.left(), top, width, high), _WRAPPED, title)
        top += high
        muted = look.colour("ink_muted")
        if card.funder:
            caption = look.metrics("caption")
            painter.setPen(muted)
            painter.setFont(look.font("caption"))
            place = QRectF(rect.left(), top + 1, width, caption.height())
            elide = Qt.TextElideMode.ElideRight
            painter.drawText(place, int(_LEFT), caption.elidedText(card.funder, elide, int(width)))
            top += caption.height() + 2
        high = self._figure_height()
        place = QRectF(rect.left(), top, width, high)
        painter.setPen(look.colour("ink"))
        painter.setFont(look.font("figure", bold=True, tabular=True))
        painter.drawText(place, int(_LEFT), words.whole_pounds(card.amount))
        if card.next_by is not None:
            amount = painter.fontMetrics().horizontalAdvance(words.whole_pounds(card.amount))
            wide = self._status_width(card)
            if not self._status_beside(card, int(width)):
                top += high
                place = QRectF(rect.left(), top, wide, high)
            else:
                place = QRectF(max(rect.right() - wide, rect.left() + amount), top, wide, high)
            painter.setPen(look.colour("ink"))
            paint_status_word(painter, place, card.status, look)
        return top + high + 2

    def _paint_facts(self, painter: QPainter, rect: QRectF, card: Card, today: date) -> None:
        look = self._look
        caption = look.metrics("caption")
        facts = card_facts(card, today)
        names = self._names(facts)
        left, room = rect.left() + names, rect.width() - names
        top, high = rect.top(), self._line(caption)
        elide = Qt.TextElideMode.ElideRight
        for fact in facts:
            painter.setFont(look.font("caption", tabular=True))
            painter.setPen(look.colour("ink_muted"))
            painter.drawText(QRectF(rect.left(), top, names, high), int(_LEFT), tr(fact.name))
            painter.setPen(look.colour("ink"))
            painter.setFont(look.font("caption", bold=fact.strong, tabular=True))
            said = painter.fontMetrics().elidedText(tr(fact.said), elide, int(room))
            painter.drawText(QRectF(left, top, room, high), int(_LEFT), said)
            top += high
            if fact.below:
                painter.setFont(look.font("caption", tabular=True))
                wide, shift = self._room_below(int(rect.width()), names)
                below = self._below_height(fact, wide)
                place = QRectF(rect.left() + shift, top, wide, below)
                painter.drawText(place, _WRAPPED, tr(fact.below))
                top += below

    # --- measures ---

    def _names(self, facts: Sequence[CardFact]) -> int:
        caption = self._look.metrics("caption")
        return max(caption.horizontalAdvance(tr(fact.name)) for fact in facts) + self._look.px(10)

    def _room_below(self, inner: int, names: int) -> tuple[int, int]:
        """How wide the quieter line may be, and how far in it begins."""
        beside = inner - names
        return (beside, names) if beside >= self._look.px(_LEAST_BELOW) else (inner, 0)

    def _below_height(self, fact: CardFact, room: int) -> int:
        if not fact.below:
            return 0
        caption = self._look.metrics("caption")
        return (
            caption.boundingRect(0, 0, max(room, 20), 10_000, _WRAPPED, tr(fact.below)).height() + 3
        )

    def _line(self, metrics: QFontMetrics) -> int:
        return metrics.height() + self._look.px(3)

    def _figure_height(self) -> int:
        return self._look.metrics("figure", bold=True).height() + self._look.px(4)

    def _status_width(self, card: Card) -> int:
        captions = self._look.metrics("caption", bold=True)
        return captions.horizontalAdvance(tr(marks.STATUS_WORD[card.status])) + self._look.px(16)

    def _status_beside(self, card: Card, width: int) -> bool:
        """Whether the status fits beside the amount, or there is none to show."""
        if card.next_by is None:
            return True
        figures = self._look.metrics("figure", bold=True)
        amount = figures.horizontalAdvance(words.whole_pounds(card.amount))
        return amount + self._status_width(card) + self._look.px(4) <= width

    def _title_height(self, title: str, width: int) -> int:
        metrics = self._look.metrics(bold=True)
        lines = 1 if metrics.horizontalAdvance(title) <= width else _TITLE_LINES
        return lines * metrics.lineSpacing() + 2  # descenders keep clear of the funder

    def _fitted(self, title: str, width: int) -> str:
        """The title in at most two lines, the second cut short where it does not fit."""
        metrics = self._look.metrics(bold=True)
        first, rest = "", title.split()
        while rest and metrics.horizontalAdvance(f"{first} {rest[0]}".strip()) <= width:
            first = f"{first} {rest.pop(0)}".strip()
        elide = Qt.TextElideMode.ElideRight
        lines = (first, metrics.elidedText(" ".join(rest), elide, width))
        return "\n".join(line for line in lines if line)


# --- a column ----------------------------------------------------------------------------


class StageList(QListView):
    """The cards of one column.

    `aside` carries −1 or 1 for the column to go to, `move_wanted` the same for the chosen card.
    """

    aside = Signal(int)
    move_wanted = Signal(int)
    opened = Signal(str)
    chosen = Signal(str)
    hovered = Signal(bool)
    entered_by_keyboard = Signal()

    def __init__(self, look: Look, cards: StageCards) -> None:
        super().__init__()
        self.cards = cards
        self.setObjectName("cards")
        self.setAccessibleName(tr(stage_name(cards.stage)))
        self.setModel(cards)
        self.painter = CardDelegate(look, self)
        self.setItemDelegate(self.painter)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDropIndicatorShown(False)
        self.setMouseTracking(True)
        self.selectionModel().currentChanged.connect(self._current_changed)
        self.doubleClicked.connect(lambda index: self.opened.emit(str(index.data(KEY_ROLE))))

    @property
    def current_key(self) -> str:
        """The key of the card the keyboard is on, or ""."""
        return str(self.currentIndex().data(KEY_ROLE) or "")

    def _current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(str(current.data(KEY_ROLE)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the next column, move the card, or open its award."""
        way = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if way and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.move_wanted.emit(way)
        elif way:
            self.aside.emit(way)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current_key:
            self.opened.emit(self.current_key)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Choose the first card when the keyboard comes here and none is chosen."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.cards.rowCount():
            self.setCurrentIndex(self.cards.index(0, 0))
        elif self.currentIndex().isValid():
            self.chosen.emit(self.current_key)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a card of another stage, and show that this column would."""
        if self.cards.canDropMimeData(
            event.mimeData(), Qt.DropAction.MoveAction, -1, -1, QModelIndex()
        ):
            event.acceptProposedAction()
            self.hovered.emit(True)
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragEnterEvent) -> None:  # type: ignore[override]
        """Anywhere in the column will do."""
        self.dragEnterEvent(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """The card went elsewhere."""
        super().dragLeaveEvent(event)
        self.hovered.emit(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """A card was let go of here: its place in the column follows from its dates."""
        self.hovered.emit(False)
        data, action = event.mimeData(), Qt.DropAction.MoveAction
        if self.cards.dropMimeData(data, action, -1, -1, QModelIndex()):
            event.acceptProposedAction()


class StageColumn(QFrame):
    """A stage: its name, how many cards, what they come to at their one certainty, the cards."""

    def __init__(self, look: Look, cards: CardList, stage: Stage) -> None:
        super().__init__()
        self._look = look
        self.stage = stage
        self.setObjectName("stage")
        self.list = StageList(look, StageCards(cards, stage))
        self.title = label(words.sentence(stage_name(stage)), scale="section")
        self.count = label("", scale="caption", tone="muted")
        self.total = CertaintyTotal(look, small=True)
        self.teach = label(_TEACH[stage], scale="caption", tone="muted", wrap=True)
        self.teach.setObjectName("teach")
        self.teach.setAlignment(Qt.AlignmentFlag.AlignCenter)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.count)
        column = QVBoxLayout(self)
        column.setContentsMargins(9, 9, 9, 3)
        column.setSpacing(5)
        column.addLayout(head)
        column.addWidget(self.total)
        column.addWidget(self.list, 1)
        column.addWidget(self.teach)
        column.addStretch(0)
        self._rows = column
        look.follow(self, self._measure)
        self.list.hovered.connect(self._hover)

    def _measure(self) -> None:
        self.setMinimumWidth(self._look.px(_LEAST_COLUMN))
        self.list.scheduleDelayedItemsLayout()

    def present(self, column: Column, today: date) -> None:
        """Show what stands at this stage."""
        self.list.painter.today = today
        count = len(column.cards)
        self.count.setText(f"{count:,}")
        self.total.show_total(column.certainty, words.whole_pounds(column.amount), "")
        self.list.setAccessibleName(tr(f"{self.title.text()}, {words.count(count, 'award')}"))
        self.teach.setVisible(not count or (column.stage == STAGES[-1] and count == 1))
        self.list.setVisible(count > 0)
        self._rows.setStretch(4, 0 if count else 1)
        self.list.doItemsLayout()

    def _hover(self, on: bool) -> None:  # noqa: FBT001 - a signal's own
        self.setProperty("dropping", on)
        self.style().polish(self)


_TEACH: dict[Stage, str] = {
    "idea": "An idea worth asking for. Add an award to begin one.",
    "preparing": "Bids being written. Move a card here when work on it begins.",
    "submitted": "Bids sent, waiting for an answer.",
    "agreed-in-principle": "Moving a card here asks for the evidence: who said so, when, and how.",
}


class CertaintyTotal(QWidget):
    """One certainty: swatch, word, amount, and of how many awards. Never two of them added."""

    def __init__(self, look: Look, *, small: bool = False) -> None:
        super().__init__()
        self._look = look
        self._small = small
        self._certainty = "possible"
        self._amount = self._of = ""
        self.setSizePolicy(
            QSizePolicy.Policy.Ignored if small else QSizePolicy.Policy.Minimum,
            QSizePolicy.Policy.Fixed,
        )
        look.changed.connect(self.updateGeometry)

    def show_total(self, certainty: str, amount: str, of: str) -> None:
        """Show this certainty's total."""
        self._certainty, self._amount, self._of = certainty, amount, tr(of)
        self.setAccessibleName(tr(f"{marks.COVER_WORD[certainty]} {amount} {of}".strip()))
        self.setToolTip(self.accessibleName())
        self.updateGeometry()
        self.update()

    @property
    def said(self) -> str:
        """What it says."""
        return self.accessibleName()

    def _parts(self) -> tuple[tuple[str, str, bool, str], ...]:
        word = tr(marks.COVER_WORD[self._certainty])
        if self._small:
            return (("caption", f"{word} {self._amount}", False, "ink_muted"),)
        return (
            ("body", word, False, "ink"),
            ("figure", self._amount, True, "ink"),
            ("body", self._of, False, "ink_muted"),
        )

    def sizeHint(self) -> QSize:
        """Room for swatch and words."""
        look = self._look
        wide = swatch_size(look).width() + look.px(8)
        for scale, said, bold, _ in self._parts():
            wide += look.metrics(scale, bold=bold).horizontalAdvance(said) + look.px(7)
        high = look.metrics("caption" if self._small else "figure", bold=True).height()
        return QSize(wide, high + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the swatch, then the words."""
        look, painter = self._look, QPainter(self)
        swatch = swatch_size(look)
        middle = self.height() / 2
        marks.paint_cover(
            painter,
            QRectF(0, round(middle - swatch.height() / 2), swatch.width(), swatch.height()),
            self._certainty,
            look,
        )
        x = swatch.width() + look.px(8)
        baseline = middle + look.metrics("caption" if self._small else "figure").ascent() / 2 - 1
        for scale, said, bold, colour in self._parts():
            metrics = look.metrics(scale, bold=bold)
            painter.setFont(look.font(scale, bold=bold, tabular=True))
            painter.setPen(look.colour(colour))
            room = max(self.width() - x, 0)
            fits = metrics.horizontalAdvance(said) <= room
            if said and (fits or said != self._of):  # "2 …" would say less than nothing
                fitted = metrics.elidedText(said, Qt.TextElideMode.ElideRight, room)
                painter.drawText(QPointF(x, baseline), fitted)
            x += metrics.horizontalAdvance(said) + look.px(7)
        painter.end()


# --- the board ---------------------------------------------------------------------------


class Board(QScrollArea):
    """The columns side by side: one tab stop, arrows move inside it.

    `move_wanted` carries the key of a card and the stage it shall stand at.
    """

    move_wanted = Signal(str, str)
    step_wanted = Signal(str, int)
    opened = Signal(str)
    chosen = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setAccessibleName(tr("Board"))
        self.cards = CardList()
        self.columns = {stage: StageColumn(look, self.cards, stage) for stage in STAGES}
        self._current = ""
        inside = QWidget()
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        for at, (stage, column) in enumerate(self.columns.items()):
            row.addWidget(column, 1)
            column.list.chosen.connect(self._chosen)
            column.list.opened.connect(self.opened)
            column.list.aside.connect(lambda way, at=at: self._aside(at, way))
            column.list.move_wanted.connect(self._step)
            column.list.cards.dropped.connect(
                lambda key, stage=stage: self.move_wanted.emit(key, stage)
            )
        look.changed.connect(self._lay_out)
        self._one_stop()

    @property
    def current_key(self) -> str:
        """The key of the chosen card, or ""."""
        return self._current

    def present(self, found: Pipeline, today: date) -> None:
        """Show these columns, and keep the chosen card chosen."""
        focused = any(column.list.hasFocus() for column in self.columns.values())
        kept = self._current
        for column in found.columns:  # the painters know the day before any card is measured
            self.columns[column.stage].list.painter.today = today
        self.cards.present(found.cards, today)
        for column in found.columns:
            self.columns[column.stage].present(column, today)
        keys = [card.key for card in found.cards]
        first = min(found.cards, key=lambda card: card.next_by or date.max, default=None)
        self._current = kept if kept in keys else (first.key if first is not None else "")
        self.choose(self._current, focus=focused)

    def choose(self, key: str, *, focus: bool = False) -> None:
        """Choose a card, and put the keyboard on it if asked to."""
        self._current = key
        for column in self.columns.values():
            index = column.list.cards.index_of(key)
            if index.isValid():
                column.list.setCurrentIndex(index)
                column.list.scrollTo(index)
                self.ensureWidgetVisible(column, 0, 0)
                if focus:
                    column.list.setFocus()
            else:
                column.list.clearSelection()
        self._one_stop()

    def rest(self) -> None:
        """Put the keyboard on the chosen card."""
        self.choose(self._current, focus=True)

    def _stage_of(self, key: str) -> Stage | None:
        return next((card.stage for card in self.cards.cards if card.key == key), None)

    def _chosen(self, key: str) -> None:
        if key == self._current:
            return
        self._current = key
        for column in self.columns.values():
            if not column.list.cards.index_of(key).isValid():
                column.list.clearSelection()
        self._one_stop()
        self.chosen.emit(key)

    def _one_stop(self) -> None:
        """Let Tab stop at the chosen card's column only."""
        here = self._stage_of(self._current) or STAGES[0]
        for stage, column in self.columns.items():
            policy = Qt.FocusPolicy.StrongFocus if stage == here else Qt.FocusPolicy.ClickFocus
            column.list.setFocusPolicy(policy)

    def _aside(self, at: int, way: int) -> None:
        """Go to the next column that way that has a card, to the card at the same height."""
        row = list(self.columns.values())[at].list.currentIndex().row()
        lists = [column.list for column in self.columns.values()]
        beyond = lists[at + 1 :] if way > 0 else list(reversed(lists[:at]))
        there = next((each for each in beyond if each.cards.rowCount()), None)
        if there is not None:
            index = there.cards.index(min(max(row, 0), there.cards.rowCount() - 1), 0)
            self.choose(str(index.data(KEY_ROLE)), focus=True)
            self.chosen.emit(self._current)

    def _step(self, way: int) -> None:
        if self._current:
            self.step_wanted.emit(self._current, way)

    def _lay_out(self) -> None:
        for column in self.columns.values():
            column.list.doItemsLayout()
