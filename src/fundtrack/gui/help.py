"""Help to read: a page for each page of the window, and every rule with a worked example."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QDialog, QSplitter, QTextBrowser, QVBoxLayout, QWidget

from fundtrack import assets
from fundtrack.gui.speech import tr
from fundtrack.gui.table import Column, Table
from fundtrack.gui.widgets.frame import label
from fundtrack.gui.widgets.grid import Grid
from fundtrack.gui.widgets.search import search_field

if TYPE_CHECKING:
    from fundtrack.gui.look import Look

FIRST = "start"
_ORDER = (
    "start",
    "overview",
    "pipeline",
    "awards",
    "posts",
    "deadlines",
    "returns",
    "own-workbook",
    "plan",
    "history",
    "settings",
    "import",
    "keys",
    "money",
    "people",
    "warnings",
)


@dataclass(frozen=True, slots=True)
class Topic:
    """One heading of the help: the page it is on, its words, and all that stands under it."""

    page: str
    title: str
    text: str
    whole: bool

    @property
    def key(self) -> str:
        """What it is opened by: money#Cash, or money for the whole page."""
        return self.page if self.whole else f"{self.page}#{self.title}"


@cache
def topics() -> tuple[Topic, ...]:
    """Every heading of the help, page by page in the order of the side list."""
    names = {
        name.rpartition("/")[2].removesuffix(".md"): name for name in assets.names("help", ".md")
    }
    ordered = sorted(names, key=lambda page: (_ORDER.index(page) if page in _ORDER else 99, page))
    return tuple(topic for page in ordered for topic in _topics_of(page, assets.text(names[page])))


def _topics_of(page: str, text: str) -> list[Topic]:
    parts = text.split("\n## ")
    title = parts[0].partition("\n")[0].removeprefix("# ").strip()
    found = [Topic(page, title, text, whole=True)]
    for part in parts[1:]:
        heading, _, body = part.partition("\n")
        found.append(Topic(page, heading.strip(), body, whole=False))
    return found


class _Topics(Table[Topic]):
    """The headings of the help. Its pages are English, and so is what stands over them."""

    def shown(self, row: Topic, column: Column[Topic]) -> str:
        """A heading as the page has it."""
        return self.words(row, column)


class HelpWindow(QDialog):
    """The help: what there is at the left, with a filter; what it says at the right."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.setWindowTitle(tr("FundTrack help"))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.resize(look.px(860), look.px(600))
        self.search = search_field(look, "Search the help")
        self.search.setMaximumWidth(16_777_215)
        self.table: Table[Topic] = _Topics(_COLUMNS, key=lambda topic: topic.key)
        self.grid = Grid(look, self.table, "Help topics", header=False, sortable=False)
        self.grid.setSelectionMode(Grid.SelectionMode.SingleSelection)
        self.grid.present(topics())
        self.none = label("", tone="muted", wrap=True)
        self.none.hide()
        self.reader = QTextBrowser()
        self.reader.setObjectName("reader")
        self.reader.setAccessibleName(tr("What it says"))
        self.reader.setOpenLinks(False)
        self._page = ""
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.search)
        column.addWidget(self.none)
        column.addWidget(self.grid, 1)
        halves = QSplitter()
        halves.setChildrenCollapsible(False)
        halves.setHandleWidth(10)
        halves.addWidget(left)
        halves.addWidget(self.reader)
        halves.setSizes([look.px(270), look.px(590)])
        halves.setStretchFactor(1, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(14, 14, 14, 14)
        whole.addWidget(halves)
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self.grid.setFocus)
        self.grid.chosen.connect(self._show)
        look.follow(self, self._draw_again)
        self.open_at(FIRST)

    def open_at(self, page: str, heading: str = "") -> None:
        """Open a page, at one of its headings."""
        self.search.clear()
        for key in (f"{page}#{heading}" if heading else page, page, FIRST):
            if self.grid.choose(key, 0):
                return

    def _filter(self, text: str) -> None:
        said = text.casefold().split()
        self.grid.sorted.keep(
            lambda topic: (
                all(word in f"{topic.title} {topic.text}".casefold() for word in said)
                and not (said and topic.whole and "\n## " in topic.text)
            )
        )
        found = self.grid.sorted.rowCount()
        self.none.setText(f"Nothing in the help speaks of “{text}”. Try fewer letters.")
        self.none.setVisible(found == 0)
        if found:
            self.grid.choose(self.grid.key_at(self.grid.sorted.index(0, 0)), 0)

    def _show(self, key: str) -> None:
        page, _, heading = key.partition("#")
        if page != self._page:
            self._page = page
            topic = next(each for each in topics() if each.key == page)
            self.reader.setMarkdown(topic.text)
            self._give_room()
        self._go_to(heading)

    def _give_room(self) -> None:
        """Headings of our own sizes, and air between paragraphs."""
        block = self.reader.document().begin()
        while block.isValid():
            cursor, shape = QTextCursor(block), block.blockFormat()
            level = shape.headingLevel()
            shape.setTopMargin(self.look.px((0, 4, 16)[min(level, 2)]))
            shape.setBottomMargin(self.look.px(6))
            cursor.setBlockFormat(shape)
            if level:
                size = QTextCharFormat()
                size.setFont(self.look.font("page" if level == 1 else "hero", bold=True))
                cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
                cursor.mergeCharFormat(size)
            block = block.next()

    def _go_to(self, heading: str) -> None:
        document = self.reader.document()
        block = document.begin()
        while heading and block.isValid():
            if block.blockFormat().headingLevel() and block.text() == heading:
                self.reader.setTextCursor(QTextCursor(block))
                top = document.documentLayout().blockBoundingRect(block).top()
                self.reader.verticalScrollBar().setValue(int(top))
                return
            block = block.next()
        self.reader.verticalScrollBar().setValue(0)

    def _draw_again(self) -> None:
        key, self._page = self.grid.current_key, ""
        if key:
            self._show(key)


_COLUMNS: tuple[Column[Topic], ...] = (
    Column(
        name="title",
        title="Topic",
        value=lambda topic: topic.title,
        shown=lambda topic: topic.title if topic.whole else f"    {topic.title}",
        tip=lambda topic: topic.title,
        stretch=True,
    ),
)
