"""A record's own page: its heading, and one scrolling page of cards with tabs that jump.

The cards stand in two columns, or in one where there is little room or the letters are large.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from fundtrack.gui import marks
from fundtrack.gui.cells import swatch_size
from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import Elided, button, label

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from fundtrack.gui.look import Look

_WIDE = 860
_ALL = "All"


class OwnHead(QWidget):
    """The heading of a record's own page: the way back, its title, and a few words as chips."""

    back = Signal()

    def __init__(self, look: Look, all_of_them: str) -> None:
        super().__init__()
        self._look = look
        self.back_button = button(all_of_them, "link", self.back.emit)
        self.back_button.setToolTip(tr(f"Back to {all_of_them.lower()} (Esc)"))
        self.title = Elided(scale="page")
        self._chips: list[Chip] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self._row.addWidget(self.back_button)
        self._row.addWidget(label("\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}", tone="muted"))
        self._row.addWidget(self.title)
        self._row.addStretch(1)

    def show_record(self, title: str, chips: tuple[tuple[str, str | None], ...]) -> None:
        """Show a title, and words each with the certainty to paint before it, if any."""
        self.title.say(title)
        for chip in self._chips:
            self._row.removeWidget(chip)
            chip.deleteLater()
        self._chips = [Chip(self._look, words, cover) for words, cover in chips if words]
        for at, chip in enumerate(self._chips):
            self._row.insertWidget(3 + at, chip)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the chips out where the title needs the room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        needed = sum(chip.sizeHint().width() + 6 for chip in self._chips)
        room = self.width() - self.back_button.sizeHint().width() - self._look.px(180)
        for chip in self._chips:
            chip.setVisible(needed <= room)


class Chip(QWidget):
    """A word in a thin frame, with the swatch of its certainty where it is one."""

    def __init__(self, look: Look, words: str, cover: str | None = None) -> None:
        super().__init__()
        self._look, self.words, self._cover = look, tr(words), cover
        self.setAccessibleName(self.words)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Room for the word and its swatch."""
        captions = self._look.metrics("caption")
        swatch = swatch_size(self._look).width() + 5 if self._cover else 0
        return QSize(captions.horizontalAdvance(self.words) + swatch + 14, captions.height() + 6)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame, the swatch and the word."""
        look, whole = self._look, QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.colour("line_strong"), 1))
        painter.drawRoundedRect(whole, 4, 4)
        left = whole.left() + 7
        if self._cover:
            swatch = swatch_size(look)
            top = whole.center().y() - swatch.height() / 2
            at = QRectF(left, top, swatch.width(), swatch.height())
            marks.paint_cover(painter, at, self._cover, look)
            left += swatch.width() + 5
        painter.setFont(look.font("caption"))
        painter.setPen(look.colour("ink"))
        rest = QRectF(left, whole.top(), whole.right() - left, whole.height())
        painter.drawText(rest, int(Qt.AlignmentFlag.AlignVCenter), self.words)
        painter.end()


class OwnPage(QWidget):
    """One scrolling page of cards with tabs that jump to them. `left` says that Esc was pressed."""

    left = Signal()

    def __init__(self, look: Look, name: str) -> None:
        super().__init__()
        self.look = look
        self.setAccessibleName(tr(name))
        self._targets: list[QWidget | None] = [None]
        self.tabs = QTabBar()
        self.tabs.setObjectName("jumps")
        self.tabs.setAccessibleName(tr("Sections"))
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(True)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.addTab(_ALL)
        self.links = QHBoxLayout()
        above = QHBoxLayout()
        above.setContentsMargins(0, 0, 0, 0)
        above.addWidget(self.tabs, 1)
        above.addLayout(self.links)
        self.first, self.second = QVBoxLayout(), QVBoxLayout()
        inside = QWidget()
        inside.setObjectName("own")
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, inside)
        self._columns.setContentsMargins(0, 0, 4, 0)
        self._columns.setSpacing(10)
        for column, share in ((self.first, 57), (self.second, 43)):
            column.setSpacing(10)
            self._columns.addLayout(column, share)
        self.scroller = QScrollArea()
        self.scroller.setWidgetResizable(True)
        self.scroller.setFrameShape(QFrame.Shape.NoFrame)
        self.scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroller.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addLayout(above)
        whole.addWidget(self.scroller, 1)
        self.tabs.tabBarClicked.connect(self.jump)
        self.tabs.currentChanged.connect(self.jump)
        look.changed.connect(self._arrange)

    def put(self, card: QWidget, tab: str = "", *, beside: bool = False) -> None:
        """Add a card at the foot of the first or the second column, and a tab that jumps to it."""
        (self.second if beside else self.first).addWidget(card)
        if tab:
            self._targets.append(card)
            self.tabs.addTab(tab)

    def show_tab(self, card: QWidget, *, shown: bool) -> None:
        """Leave out the tab of a card that is not there, or offer it again."""
        self.tabs.setTabVisible(self._targets.index(card), shown)

    def finish(self) -> None:
        """Let the cards keep to the top once all are there."""
        self.first.addStretch(1)
        self.second.addStretch(1)
        self._arrange()

    def jump(self, at: int) -> None:
        """Scroll to the card of a tab; the first tab is the top."""
        if not 0 <= at < len(self._targets):
            return
        target, inside = self._targets[at], self.scroller.widget()
        top = 0
        if target is not None and inside is not None:
            top = target.mapTo(inside, QPoint(0, 0)).y()
        self.scroller.verticalScrollBar().setValue(top)

    def show_top(self) -> None:
        """Begin at the top."""
        self.tabs.setCurrentIndex(0)
        self.scroller.verticalScrollBar().setValue(0)

    def show_card(self, card: QWidget) -> None:
        """Jump to a card."""
        if card in self._targets:
            at = self._targets.index(card)
            self.tabs.setCurrentIndex(at)
            self.jump(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back to the list of all on Esc, when nothing inside has taken it."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand the columns as the room allows."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        beside = self.width() >= self.look.px(_WIDE)
        way = QBoxLayout.Direction
        self._columns.setDirection(way.LeftToRight if beside else way.TopToBottom)
