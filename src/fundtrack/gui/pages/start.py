"""What is shown when no book is open: three ways to begin, and the books opened lately."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from fundtrack.gui.widgets.frame import MessageLine, button, empty, hairline, label

if TYPE_CHECKING:
    from fundtrack.gui.look import Look

_PROMISES = (
    ("lock-simple", "Private.", "No account, no internet needed. Names and salaries are optional."),
    ("arrow-u-up-left", "Forgiving.", "Every change can be undone, and backups are made for you."),
    ("scales", "Careful.", "What is secured and what is hoped for are never added together."),
)


class Start(QWidget):
    """The page before a book is open. Each signal is one way to begin."""

    open_wanted = Signal()
    new_wanted = Signal()
    sample_wanted = Signal()
    recent_wanted = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("start")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Welcome to FundTrack")
        self._look = look
        self.message = MessageLine(look)
        inside = QWidget()
        inside.setObjectName("start")
        column = QVBoxLayout(inside)
        column.setContentsMargins(28, 28, 28, 20)
        column.setSpacing(10)
        column.addWidget(self.message)
        column.addStretch(1)
        column.addWidget(label("Welcome to FundTrack", scale="welcome"))
        column.addWidget(
            label(
                "It answers one question first: whose job is unfunded, from when, and by which "
                "date must you act?\nYour figures stay in one file on this computer.",
                scale="hero",
                tone="muted",
                wrap=True,
            )
        )
        column.addSpacing(14)
        row = QHBoxLayout()
        row.setSpacing(28)
        row.addLayout(self._ways(), 3)
        row.addLayout(self._recent_part(), 2)
        column.addLayout(row)
        column.addSpacing(10)
        column.addWidget(hairline())
        column.addLayout(self._promises())
        column.addStretch(2)
        inside.setMaximumWidth(look.px(1040))
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

    def show_recent(self, books: tuple[Path, ...]) -> None:
        """List the books opened lately, the latest first."""
        empty(self._recent)
        self._no_recent.setVisible(not books)
        for path in books:
            link = button(path.stem, "link")
            link.setStyleSheet("text-align: left;")
            link.setToolTip(str(path))
            link.setAccessibleName(f"Open {path.stem}, in {path.parent}")
            link.clicked.connect(lambda _checked=False, path=path: self.recent_wanted.emit(path))
            self._recent.addWidget(link)

    def _ways(self) -> QVBoxLayout:
        ways = QVBoxLayout()
        ways.setSpacing(10)
        ways.addWidget(label("Begin", scale="section"))
        self.sample_button = button("Open &sample", "primary", self.sample_wanted.emit)
        self.new_button = button("&New book…", act=self.new_wanted.emit)
        self.open_button = button("&Open a book…", act=self.open_wanted.emit)
        ways.addWidget(
            self._way(
                "eye",
                "Look round the sample charity",
                "An invented charity with real worries. Nothing you do there touches your own "
                "book.",
                self.sample_button,
            )
        )
        ways.addWidget(
            self._way(
                "note-pencil",
                "Start your own book",
                "Type the award that ends first and the posts it pays for: five minutes to the "
                "first dated warning.",
                self.new_button,
            )
        )
        ways.addWidget(
            self._way(
                "folder-open",
                "Open a book you have",
                "A file that ends in .fundtrack, on this computer or on a shared drive.",
                self.open_button,
            )
        )
        return ways

    def _way(self, icon: str, title: str, about: str, act: QPushButton) -> QFrame:
        frame = QFrame()
        frame.setObjectName("card")
        sign = self._sign(icon, 26)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(title, scale="sentence", tone="strong"))
        words.addWidget(label(about, scale="caption", tone="muted", wrap=True))
        row = QHBoxLayout(frame)
        row.setContentsMargins(14, 14, 14, 14)
        row.setSpacing(14)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(act)
        return frame

    def _recent_part(self) -> QVBoxLayout:
        part = QVBoxLayout()
        part.setSpacing(4)
        part.addWidget(label("Opened lately", scale="section"))
        self._no_recent = label("Books you open are listed here.", tone="muted")
        self._recent = QVBoxLayout()
        self._recent.setSpacing(2)
        part.addWidget(self._no_recent)
        part.addLayout(self._recent)
        part.addStretch(1)
        return part

    def _promises(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(20)
        for icon, strong, rest in _PROMISES:
            words = label(wrap=True)
            words.setTextFormat(Qt.TextFormat.RichText)
            words.setText(f"<b>{strong}</b> {rest}")
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
