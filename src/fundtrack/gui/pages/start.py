"""What is shown when no book is open: three questions, three ways to begin, and books of late.

No wizard and no account: the questions and the ways stand on one page, and a way that needs a book
makes it from the answers.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import (
    MessageLine,
    button,
    empty,
    hairline,
    label,
    row_of,
    with_icon,
)
from fundtrack.gui.widgets.questions import Questions

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtCore import SignalInstance
    from PySide6.QtGui import QResizeEvent

    from fundtrack.gui.look import Look

_PROMISES = (
    ("lock-simple", "Private.", "No account, no internet needed. Names and salaries are optional."),
    ("arrow-u-up-left", "Forgiving.", "Every change can be undone, and backups are made for you."),
    ("scales", "Careful.", "What is secured and what is hoped for are never added together."),
)
_WAYS = (
    (
        "upload-simple",
        "Bring in a spreadsheet",
        "Excel, CSV, or a funder's published 360Giving file. You see every row before it is kept.",
    ),
    (
        "note-pencil",
        "Start with one award",
        (
            "Type the award that ends first and the posts it pays for: five minutes to the first "
            "dated warning."
        ),
    ),
    (
        "eye",
        "Look round the sample charity",
        "An invented charity with real worries. Nothing you do there touches your own book.",
    ),
)
_WIDE = 1040
_BETWEEN = 56 + 2 * 28
"""Pixels between and beside the two halves."""
_LEFT, _RIGHT = 9, 10
"""How they share the width."""
_SIDE_BY_SIDE = 880
"""Below this width, at 100 % text, the ways to begin stand under the questions."""
_RECENT_SHOWN = 5


class Start(QWidget):
    """The page before a book is open. Each signal is one way to begin.

    `import_wanted` and `award_wanted` carry the book that the answers make.
    """

    import_wanted = Signal(object)
    award_wanted = Signal(object)
    sample_wanted = Signal()
    open_wanted = Signal()
    recent_wanted = Signal(object)
    help_wanted = Signal(str)

    def __init__(self, look: Look, today: date) -> None:
        super().__init__()
        self.setObjectName("start")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("Welcome to FundTrack"))
        self._look = look
        self.message = MessageLine(look)
        self.questions = Questions(look, today)
        self.questions.entered.connect(self.focusNextChild)
        inside = QWidget()
        inside.setObjectName("start")
        column = QVBoxLayout(inside)
        column.setContentsMargins(28, 20, 28, 20)
        column.setSpacing(10)
        column.addWidget(self.message)
        column.addStretch(1)
        column.addWidget(label("Welcome to FundTrack", scale="welcome"))
        about = (
            "It answers one question first: whose job is unfunded, from when, and by which "
            "date must you act?\nYour figures stay in one file on this computer."
        )
        column.addWidget(label(about, scale="hero", tone="muted", wrap=True))
        column.addSpacing(14)
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sides.setSpacing(56)
        self._sides.addLayout(self._asking(), _LEFT)
        self._sides.addLayout(self._ways(), _RIGHT)
        column.addLayout(self._sides)
        column.addSpacing(10)
        column.addWidget(hairline())
        column.addLayout(self._promises())
        column.addStretch(2)
        self._put_in_the_middle(inside)

    def _put_in_the_middle(self, inside: QWidget) -> None:
        look = self._look
        look.follow(self, lambda: inside.setMaximumWidth(look.px(_WIDE)))
        centred = QWidget()
        centred.setObjectName("start")
        middle = QHBoxLayout(centred)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.addStretch(1)
        middle.addWidget(inside, 100)
        middle.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(centred)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the ways to begin under the questions where there is no room beside them."""
        super().resizeEvent(event)
        look, wide = self._look, self.width()
        left = (min(wide, look.px(_WIDE)) - _BETWEEN) * _LEFT // (_LEFT + _RIGHT)
        fits = left >= self.questions.minimumSizeHint().width()
        beside = fits and wide >= look.px(_SIDE_BY_SIDE)
        ways = QBoxLayout.Direction
        self._sides.setDirection(ways.LeftToRight if beside else ways.TopToBottom)
        self._sides.setSpacing(56 if beside else 20)

    def show_recent(self, books: tuple[Path, ...]) -> None:
        """List the books opened lately, the latest first."""
        empty(self._recent)
        self._lately.setVisible(bool(books))
        for path in books[:_RECENT_SHOWN]:
            link = button(path.stem, "link")
            link.setToolTip(tr(str(path)))
            link.setAccessibleName(tr(f"Open {path.stem}, in {path.parent}"))
            link.clicked.connect(lambda _checked=False, path=path: self.recent_wanted.emit(path))
            self._recent.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)

    def rest(self) -> None:
        """Put the keyboard in the first question."""
        self.questions.name.setFocus()

    def _asking(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(10)
        column.addWidget(label("Three questions", scale="section"))
        column.addWidget(self.questions)
        column.addStretch(1)
        return column

    def _ways(self) -> QVBoxLayout:
        self.import_button = button("&Import…", "primary", lambda: self._begin(self.import_wanted))
        self.award_button = button("Add an &award", act=lambda: self._begin(self.award_wanted))
        self.sample_button = button("Open &sample", act=self.sample_wanted.emit)
        ways = QVBoxLayout()
        ways.setSpacing(10)
        ways.addWidget(label("Then begin", scale="section"))
        acts = (self.import_button, self.award_button, self.sample_button)
        for (icon, title, about), act in zip(_WAYS, acts, strict=True):
            ways.addWidget(self._way(icon, title, about, act))
        ways.addLayout(self._others())
        ways.addStretch(1)
        return ways

    def _others(self) -> QVBoxLayout:
        look = self._look
        self.open_button = with_icon(
            button("&Open a book…", "link", self.open_wanted.emit), look, "folder-open", "link"
        )
        self.open_button.setToolTip(tr("Open a book you have (Ctrl+O)"))
        self.needed_button = with_icon(
            button("What you &need to hand", "link", lambda: self.help_wanted.emit("start")),
            look,
            "question",
            "link",
        )
        self._lately = QWidget()
        lately = QVBoxLayout(self._lately)
        lately.setContentsMargins(0, 6, 0, 0)
        lately.setSpacing(2)
        lately.addWidget(label("Opened lately", scale="section"))
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        lately.addLayout(self._recent)
        others = QVBoxLayout()
        others.setSpacing(4)
        others.addLayout(row_of(self.open_button, self.needed_button))
        others.addWidget(self._lately)
        return others

    def _begin(self, wanted: SignalInstance) -> None:
        """Make the book that the answers make, or point at the answer that is missing."""
        if (portfolio := self.questions.portfolio()) is not None:
            wanted.emit(portfolio)

    def _way(self, icon: str, title: str, about: str, act: QPushButton) -> QFrame:
        frame = QFrame()
        frame.setObjectName("card")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(title, scale="sentence", tone="strong"))
        words.addWidget(label(about, scale="caption", tone="muted", wrap=True))
        act.setAccessibleDescription(tr(f"{title}. {about}"))
        row = QHBoxLayout(frame)
        row.setContentsMargins(14, 14, 14, 14)
        row.setSpacing(14)
        row.addWidget(self._sign(icon, 26), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(act)
        return frame

    def _promises(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(20)
        for icon, strong, rest in _PROMISES:
            words = label(wrap=True)
            words.setTextFormat(Qt.TextFormat.RichText)
            words.setText(f"<b>{tr(strong)}</b> {tr(rest)}")
            part = QHBoxLayout()
            part.setSpacing(8)
            part.addWidget(self._sign(icon, 18), 0, Qt.AlignmentFlag.AlignTop)
            part.addWidget(words, 1)
            row.addLayout(part, 1)
        return row

    def _sign(self, icon: str, size: int) -> QLabel:
        look, sign = self._look, QLabel()

        def draw() -> None:
            side = look.px(size)
            sign.setPixmap(look.icon(icon, "accent").pixmap(QSize(side, side)))

        look.follow(sign, draw)
        return sign
