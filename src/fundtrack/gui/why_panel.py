"""Why a figure is what it is: the sentence, the sum line by line, its rule, and its records."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QTextBrowser,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from fundtrack.core import words
from fundtrack.core.why_figures import explained, rule_of, without_salaries
from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import label, with_cross

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from fundtrack.core.why import Line, Why
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View

_GONE = "This figure is no longer there."
_HOW = (
    "Go to a figure and press Shift+F1: a key figure, a month of the chart, an award or a post. "
    "The sum stands here line by line, with the records it rests on."
)
_OPENED = {"awards": "Award", "posts": "Post", "deadlines": "Deadline"}
_MOST = 12


class WhyPanel(QDockWidget):
    """A panel at the right that stays open while figures are walked over.

    `open_wanted` carries a record, `help_wanted` a page and a heading of the help, and
    `salaries_wanted` asks to show what tells a salary.
    """

    open_wanted = Signal(str)
    help_wanted = Signal(str, str)
    salaries_wanted = Signal(bool)

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__("Why this figure?", parent)
        self.setObjectName("why")
        self.setAccessibleName(tr("Why this figure?"))
        self.setAllowedAreas(Qt.DockWidgetArea.RightDockWidgetArea)
        self.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable)
        self.look = look
        self._make_title()
        self.figure = ""
        self._view: View | None = None
        self.text = QTextBrowser()
        self.text.setObjectName("reader")
        self.text.setAccessibleName(tr("Why this figure?"))
        self.text.setOpenLinks(False)
        self.text.setMinimumWidth(look.px(280))
        self.text.anchorClicked.connect(self._follow)
        inside = QWidget()
        inside.setObjectName("inside")
        whole = QVBoxLayout(inside)
        whole.setContentsMargins(10, 4, 6, 6)
        whole.addWidget(self.text)
        self.setWidget(inside)
        look.follow(self, self._draw)

    def _make_title(self) -> None:
        """A heading like a card's, with a way to close it."""
        close = with_cross(QToolButton(), self.look)
        close.setAccessibleName(tr("Close: why this figure"))
        close.setToolTip(tr("Close"))
        close.clicked.connect(self.hide)
        head = QWidget()
        head.setObjectName("inside")
        row = QHBoxLayout(head)
        row.setContentsMargins(14, 10, 8, 4)
        row.addWidget(label("Why this figure?", scale="section"), 1)
        row.addWidget(close)
        self.setTitleBarWidget(head)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes it."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def explain(self, view: View, figure: str) -> None:
        """Explain a figure of a book; "" says how to ask."""
        self._view, self.figure = view, figure
        self._draw()

    def _draw(self) -> None:
        if self._view is None or not self.figure:
            self.text.setHtml(f"<p>{tr(_HOW)}</p>")
            return
        try:
            found = explained(self._view.outlook, self.figure)
        except KeyError:  # it went with the record it was a figure of
            self.text.setHtml(f"<p>{tr(_GONE)}</p><p>{tr(_HOW)}</p>")
            return
        self.text.setHtml(self._told(found, self._view))

    def _told(self, found: Why, view: View) -> str:
        brief = found if view.tells_salaries else without_salaries(found)
        hidden = brief is not found
        found = brief
        muted = self.look.colour("ink_muted").name()
        line = self.look.colour("line").name()
        rows = "".join(_row(each, line) for each in found.lines)
        total = (
            f"<tr><td><b>{tr('Together')}</b></td>"
            f"<td align='right'><b>{words.money(found.total)}</b></td></tr>"
            if found.total is not None and len(found.lines) > 1
            else ""
        )
        page, heading = rule_of(self.figure)
        rule = (
            f"<p><span style='color:{muted}'>{tr('Rule')}</span><br>"
            f"<a href='help:{page}/{html.escape(heading, quote=True)}'>"
            f"{html.escape(heading or page.capitalize())}</a></p>"
            if page
            else ""
        )
        head = html.escape(tr(words.sentence(found.says)))
        lock = (
            f"<p><span style='color:{muted}'>{tr('Salaries hidden')}.</span> "
            f"<a href='lock:'>{tr('Show salaries')}</a></p>"
            if hidden and view.salaries != "absent"
            else ""
        )
        return (
            f"<p style='font-size:{self.look.px(14)}px'><b>{head}"
            f"</b></p><table width='100%' cellspacing='0' cellpadding='3'>{rows}{total}</table>"
            f"{lock}{rule}{_records(found, view, muted)}"
        )

    def _follow(self, link: QUrl) -> None:
        if link.scheme() == "help":
            page, _, heading = link.path().partition("/")
            self.help_wanted.emit(page, heading)
        elif link.scheme() == "lock":
            self.salaries_wanted.emit(True)
        else:
            self.open_wanted.emit(link.path())


def _row(each: Line, line: str) -> str:
    says = html.escape(tr(each.says))
    pence = "" if each.pence is None else words.money(each.pence)
    edge = f"style='border-bottom:1px solid {line}'"
    return f"<tr><td {edge}>{says}</td><td {edge} align='right'>{pence}</td></tr>"


def _records(found: Why, view: View, muted: str) -> str:
    named = [(record, _title(record, view)) for record in found.records]
    owners = {_owner(record, view) for record in found.records if record != _owner(record, view)}
    shown = [
        (record, said)
        for record, said in named
        if said and (record == _owner(record, view) or not owners.intersection(found.records))
    ]
    links = "<br>".join(_link(record, said, view) for record, said in shown[:_MOST])
    more = f"<br>{tr(f'and {len(shown) - _MOST} more')}" if len(shown) > _MOST else ""
    if not links:
        return ""
    return f"<p><span style='color:{muted}'>{tr('Rests on')}</span><br>{links}{more}</p>"


def _owner(record: str, view: View) -> str:
    """The record itself; for a share, the post it pays."""
    name, _, key = record.partition(".")
    post = getattr(view.portfolio.find(name, key), "post", None) if name == "allocations" else None
    return f"posts.{post}" if post else record


def _link(record: str, said: str, view: View) -> str:
    name, _, key = _owner(record, view).partition(".")
    if name not in _OPENED:
        return html.escape(tr(said))
    target = html.escape(f"{name}.{key}", quote=True)
    return f"<a href='record:{target}'>{html.escape(tr(said))}</a>"


def _title(record: str, view: View) -> str:
    """What a record is called: a title, or for a share what it pays and who pays."""
    name, _, key = record.partition(".")
    if name == "organisation":
        return "Balances and reserves policy"
    found = view.portfolio.find(name, key)
    if name == "allocations" and found is not None:
        post = view.post_title(getattr(found, "post", None))
        return f"Share of {post} on {view.award_title(getattr(found, 'award', None))}"
    return str(getattr(found, "title", None) or getattr(found, "name", None) or "")
