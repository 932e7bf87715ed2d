"""The plain parts every page shares: cards, headings, links, and the line that tells the news."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.flow import Flow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fundtrack.gui.look import Look
    from fundtrack.gui.widgets.anything_field import AnythingField


def label(words: str = "", *, scale: str = "body", tone: str = "", wrap: bool = False) -> QLabel:
    """Return words at one of the sizes of the scale."""
    made = _Wrapped(words) if wrap else Words(words)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("scale", scale)
    made.setProperty("tone", tone)
    return made


class Words(QLabel):
    """Words in the language that is spoken."""

    def __init__(self, words: str = "") -> None:
        super().__init__(tr(words))

    def setText(self, words: str) -> None:
        """Say something else; rich text is put together of words in the language already."""
        super().setText(words if self._is_rich else tr(words))

    def changeEvent(self, event: QEvent) -> None:
        """Colour links anew: Qt takes their colour from the theme in which they were said."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._is_rich:
            said = self.text()
            super().setText("")
            super().setText(said)

    @property
    def _is_rich(self) -> bool:
        return self.textFormat() == Qt.TextFormat.RichText


class _Wrapped(Words):
    """Words on as many lines as they need: never less high than that, however narrow it is."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self._fitted: tuple[str, int] | None = None
        """The words and the width that the height was found for."""
        self.setWordWrap(True)

    def setText(self, words: str) -> None:
        """Say something else, and take the room for it."""
        super().setText(words)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the room that the words need at this width."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Take more room for larger letters."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fitted = None
            self._fit()

    def _fit(self) -> None:
        now = self.text(), self.width()
        if now == self._fitted:
            return
        if self.testAttribute(Qt.WidgetAttribute.WA_Resized) or self.isVisible():
            self._fitted = now
            self.setMinimumHeight(0)  # else what it needed when narrower would count as needed now
            self.setMinimumHeight(self.heightForWidth(self.width()) if self.text() else 0)


def strengthened(text: str, strong: tuple[str, ...]) -> str:
    """Return words as rich text in the language that is spoken, some of their parts in bold."""
    rich = html.escape(tr(text), quote=False)
    for part in strong:
        plain = html.escape(tr(part), quote=False)
        rich = rich.replace(plain, f"<b>{plain}</b>", 1)
    return rich


def button(words: str, kind: str = "", act: Callable[[], object] | None = None) -> QPushButton:
    """Return a button; `kind` is primary, small, link, quiet, or nothing for the usual."""
    made = _Button(tr(words))
    made.setProperty("kind", kind)
    made.setAutoDefault(False)
    if kind in ("link", "quiet"):
        made.setCursor(Qt.CursorShape.PointingHandCursor)
    if act is not None:
        made.clicked.connect(lambda _checked=False: act())
    return made


class _Button(QPushButton):
    """A button whose words can change."""

    def setText(self, words: str) -> None:
        """Say something else."""
        super().setText(tr(words))


def with_icon(made: QPushButton, look: Look, name: str, colour: str = "ink_muted") -> QPushButton:
    """Give a button an icon that follows the theme."""

    def draw() -> None:
        made.setIcon(look.icon(name, colour))
        made.setIconSize(QSize(look.px(16), look.px(16)))

    look.follow(made, draw)
    return made


def with_cross(made: QToolButton, look: Look) -> QToolButton:
    """Give a flat button the cross that closes or leaves out, as large as the letters beside it."""

    def draw() -> None:
        made.setIcon(look.icon("x"))
        made.setIconSize(QSize(look.px(16), look.px(16)))

    made.setAutoRaise(True)
    look.follow(made, draw)
    return made


def hairline() -> QFrame:
    """Return a thin line between two parts."""
    line = QFrame()
    line.setObjectName("rule")
    line.setFixedHeight(1)
    return line


class _Heading(Words):
    """A heading on one line; where it does not fit, its end gives way and not what stands by it."""

    def minimumSizeHint(self) -> QSize:
        """Make do with a few letters."""
        least = super().minimumSizeHint()
        return QSize(min(least.width(), 8 * self.fontMetrics().averageCharWidth()), least.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the words, or as many as fit."""
        room = self.contentsRect()
        if self.fontMetrics().horizontalAdvance(self.text()) <= room.width():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        shortened = self.fontMetrics().elidedText(self.text(), _ELIDED, room.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(room, self.alignment(), shortened)
        painter.end()


class Card(QFrame):
    """A surface with a heading, a quiet note beside it, and links at the right."""

    def __init__(self, title: str, note: str = "") -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(tr(title))
        self.title = _Heading(title)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setProperty("scale", "section")
        self.note = label(note, scale="caption", tone="muted")
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._links = QHBoxLayout()
        self._links.setSpacing(6)
        heading = QHBoxLayout()
        heading.setSpacing(8)
        heading.addWidget(self.title)
        heading.addWidget(self.note, 1)
        heading.addLayout(self._links)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(14, 8, 14, 10)
        self.body.setSpacing(4)
        self.body.addLayout(heading)

    def add_link(self, widget: QWidget) -> None:
        """Put a link at the right of the heading."""
        self._links.addWidget(widget)


class Fact(QLabel):
    """One line of words, some of them strong; where it does not fit the rest is left to a tip."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("tone", "muted")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._plain = self._rich = ""

    def say(self, words: str, strong: tuple[str, ...] = ()) -> None:
        """Show these words."""
        self._plain, self._rich = tr(words), strengthened(words, strong)
        self.setToolTip(self._plain)
        self.setAccessibleName(self._plain)
        self._fit()

    @property
    def wanted(self) -> int:
        """How wide the words are, in pixels."""
        return self._metrics().horizontalAdvance(self._plain)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten the words to the room there is."""
        super().resizeEvent(event)
        self._fit()

    def _metrics(self) -> QFontMetrics:
        font = self.font()
        font.setBold(True)
        return QFontMetrics(font)

    def _fit(self) -> None:
        metrics = self._metrics()
        fits = metrics.horizontalAdvance(self._plain) <= self.width()
        shortened = metrics.elidedText(self._plain, Qt.TextElideMode.ElideRight, self.width())
        self.setText(self._rich if fits else html.escape(shortened, quote=False))


class Header(QWidget):
    """The head of a page: its title, one fact, and what can be done here."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = label(title, scale="page")
        self.fact = Fact()
        self._row = QHBoxLayout()
        self._row.setSpacing(10)
        self._row.addWidget(self.title)
        self._row.addSpacing(2)
        self._row.addWidget(self.fact, 1)
        self._below = Flow(8)
        self._acts: list[QWidget] = []
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 10, 0, 8)
        whole.setSpacing(6)
        whole.addLayout(self._row)
        whole.addLayout(self._below)
        self.anything: AnythingField | None = None

    def say(self, fact: str, strong: tuple[str, ...] = ()) -> None:
        """State the page's one fact."""
        self.fact.say(fact, strong)
        self._make_room()

    def offer_anything(self, look: Look, act: Callable[[], object]) -> None:
        """Put the way to everything else at the far right."""
        from fundtrack.gui.widgets.anything_field import AnythingField

        self.anything = AnythingField(look, act)
        self._row.addWidget(self.anything)
        self._step_in_order(self.anything)
        self._make_room()

    def _parts(self) -> list[QWidget]:
        """What stands in the header, in reading order."""
        return [*self._within_row(), *(self._acts if self._below.count() else ())]

    def _within_row(self) -> list[QWidget]:
        items = (self._row.itemAt(at) for at in range(self._row.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [each for each in widgets if each is not None]

    def _step_in_order(self, last: QWidget) -> None:
        """Let Tab come to what was put in last where it stands, after the rest of the header."""
        tab = Qt.FocusPolicy.TabFocus
        acts = [each for each in self._parts() if each is not last and each.focusPolicy() & tab]
        page = self.parentWidget()
        before = acts[-1] if acts else page if page is not None else self
        QWidget.setTabOrder(before, last)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the page's fact and acts their room: the way to everything else needs none."""
        super().resizeEvent(event)
        self._make_room()

    def event(self, event: QEvent) -> bool:
        """Find room anew when what stands here asks for more or less."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._make_room()
        return super().event(event)

    def _make_room(self) -> None:
        if self.anything is None:
            return
        self._stand(below=self._least() > self.contentsRect().width())
        parts = self._within_row()
        others = [each for each in parts if each not in (self.fact, self.anything)]
        taken = sum(each.sizeHint().width() for each in others if not each.isHidden())
        taken += self._row.spacing() * len(parts)
        taken += 0 if self.fact.isHidden() else self.fact.wanted
        room = self.width() - taken
        self.anything.be_compact(compact=room < self.anything.width_of(compact=False))

    def _least(self) -> int:
        """How wide all of it is in one line, with the fact left to its tip."""
        heads = [each for each in self._within_row() if each not in (self.fact, *self._acts)]
        shown = [each for each in (*heads, *self._acts) if not each.isHidden()]
        return sum(map(_narrowest, shown)) + self._row.spacing() * len(shown)

    def _stand(self, *, below: bool) -> None:
        """Put what can be done here beside the title, or below it where there is no room."""
        if below == bool(self._below.count()) or self.anything is None:
            return
        for act in self._acts:
            if below:
                self._row.removeWidget(act)
                self._below.addWidget(act)
            else:
                self._below.removeWidget(act)
                self._row.insertWidget(self._row.indexOf(self.anything), act)

    def add(self, widget: QWidget) -> None:
        """Put something to do at the right."""
        self._acts.append(widget)
        self._row.addWidget(widget)

    def lead(self, widget: QWidget) -> None:
        """Put in what can stand in place of the title and the fact: see `show_own`."""
        self._row.insertWidget(0, widget, 1)
        widget.hide()

    def show_own(self, own: QWidget, *, shown: bool) -> None:
        """Let a record's own heading stand in place of the page's, or the page's again."""
        own.setVisible(shown)
        self.title.setVisible(not shown)
        self.fact.setVisible(not shown)


def _narrowest(part: QWidget) -> int:
    """How narrow a part of the header can be and still be read whole."""
    least = part.minimumWidth() or part.minimumSizeHint().width()
    return least if isinstance(part, QLineEdit) else max(part.sizeHint().width(), least)


class Elided(QLabel):
    """One line of words that gives way where there is little room; the tip says it whole."""

    def __init__(self, *, scale: str = "body") -> None:
        super().__init__()
        self.setProperty("scale", scale)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._whole = ""

    @property
    def whole(self) -> str:
        """Everything it says, whether there is room or not."""
        return self._whole

    def say(self, words: str) -> None:
        """Show these words."""
        self._whole = tr(words)
        self.setToolTip(self._whole)
        self.setAccessibleName(self._whole)
        self.updateGeometry()
        self._fit()

    def sizeHint(self) -> QSize:
        """Ask for room for all of it."""
        self.ensurePolished()
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._whole) + 4, metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:
        """Make do with a few letters."""
        self.ensurePolished()
        return QSize(self.fontMetrics().averageCharWidth() * 8, self.fontMetrics().height() + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten the words to the room there is."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width()
        self.setText(self.fontMetrics().elidedText(self._whole, _ELIDED, room))


_ELIDED = Qt.TextElideMode.ElideRight


class MessageLine(QFrame):
    """A line under the header: what happened or what cannot be, and one thing to do about it."""

    acted = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("message")
        self._look = look
        self._does: Callable[[], object] = self.acted.emit
        self._words = label(wrap=True)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._act = button("", "link", self._acts)
        self._close = with_cross(QToolButton(), look)
        self._close.setAccessibleName(tr("Close this message"))
        self._close.setToolTip(tr("Close this message"))
        self._close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 6, 4)
        row.addWidget(self._words, 1)
        row.addWidget(self._act)
        row.addWidget(self._close)
        self.hide()

    @property
    def words(self) -> str:
        """What it says now; nothing when it is hidden."""
        return self._words.text() if not self.isHidden() else ""

    def say(
        self,
        words: str,
        *,
        fault: bool = False,
        act: str = "",
        does: Callable[[], object] | None = None,
    ) -> None:
        """Show words; `act` names what can be done. `does` does it, or else `acted` is emitted."""
        self._does = does or self.acted.emit
        self._words.setText(words)
        self.setAccessibleName(tr(words))
        self.setProperty("fault", fault)
        self.style().polish(self)
        self._act.setText(act)
        self._act.setVisible(bool(act))
        self.setVisible(bool(words))
        if words:
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _acts(self) -> None:
        self.hide()
        self._does()


class Choice(QComboBox):
    """A list to choose one from, with a sign of our own that it opens."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field, its words shortened to the room there is, then the sign at its right."""
        if self.isEditable():
            super().paintEvent(event)
        else:
            self._paint_words()
        side = self._look.px(13)
        painter = QPainter(self)
        at = QRect(self.width() - side - 8, (self.height() - side) // 2, side, side)
        self._look.icon("caret-down").paint(painter, at)
        painter.end()

    def _paint_words(self) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        whole = QStyle.ComplexControl.CC_ComboBox
        room = self.style().subControlRect(whole, option, field, self).width()
        elided = self.fontMetrics().elidedText(self.currentText(), _ELIDED, room)
        option.currentText = elided
        painter.drawComplexControl(whole, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()


class _Segment(QPushButton):
    """One word of a switch; as wide as it is when it is chosen, and bold."""

    def sizeHint(self) -> QSize:
        """Leave room for bold letters."""
        bold = self.font()
        bold.setBold(True)
        more = QFontMetrics(bold).horizontalAdvance(self.text())
        return super().sizeHint() + QSize(
            more - self.fontMetrics().horizontalAdvance(self.text()), 0
        )

    def minimumSizeHint(self) -> QSize:
        """No narrower than that."""
        return self.sizeHint()


class Segments(QWidget):
    """A switch of a few words, one of them chosen; arrows move, and it is one tab stop."""

    chosen = Signal(int)

    def __init__(self, words: tuple[str, ...], name: str) -> None:
        super().__init__()
        self.setAccessibleName(tr(name))
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for at, word in enumerate(words):
            made = _Segment(tr(word))
            made.setAutoDefault(False)
            made.setCheckable(True)
            ends = {0: "first", len(words) - 1: "last"}
            made.setProperty("segment", ends.get(at, "middle"))
            self._group.addButton(made, at)
            row.addWidget(made)
        self._group.button(0).setChecked(True)
        self._group.idToggled.connect(self._toggled)

    @property
    def at(self) -> int:
        """Which segment is chosen, from 0."""
        return self._group.checkedId()

    def choose(self, at: int) -> None:
        """Choose a segment."""
        self._group.button(at).setChecked(True)

    def _toggled(self, at: int, on: bool) -> None:  # noqa: FBT001 - Qt's own signature
        if on:
            self.chosen.emit(at)


def row_of(*widgets: QWidget, spacing: int = 8) -> QHBoxLayout:
    """Return widgets side by side, at the left."""
    row = QHBoxLayout()
    row.setSpacing(spacing)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row


def stepped_after(before: QWidget, parts: Sequence[QWidget]) -> None:
    """Let Tab come to parts that were made later where they stand: one after another, from here."""
    for part in parts:
        for stop in part.findChildren(QWidget):
            if stop.focusPolicy() & Qt.FocusPolicy.TabFocus and not stop.focusProxy():
                QWidget.setTabOrder(before, stop)
                before = stop


def empty(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.deleteLater()
