"""What every section of a post's page is: a post and a view come in, wishes go out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import Card, button, label
from fundtrack.gui.widgets.lock import Lock

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QPushButton, QWidget

    from fundtrack.core.edit import Edit
    from fundtrack.core.model import Post
    from fundtrack.core.posts import PostOutlook
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View


class PostSection(Card):
    """One section. It asks for edits and never makes one.

    In a read-only book whatever was made by `act` is left out, not greyed. A `private` section
    shows only a closed lock until salaries are shown, and is not there where they never are.
    """

    edit_wanted = Signal(object)
    open_wanted = Signal(str)
    trouble = Signal(str)
    salaries_wanted = Signal(bool)
    private = False

    def __init__(self, look: Look, title: str) -> None:
        super().__init__(title)
        self.look = look
        self.post: Post | None = None
        self.view: View | None = None
        self._acts: list[QWidget] = []
        self._parts: list[QWidget] = []
        self.lock = Lock(look)
        self.lock.turned.connect(self.salaries_wanted)
        self.lock.hide()
        if self.private:
            self.add_link(self.lock)
        self._hidden = label("Hidden with salaries.", tone="muted")
        self._hidden.hide()
        self.body.addWidget(self._hidden)

    def put(self, part: QWidget) -> None:
        """Add a part that is out of sight while a private section is locked."""
        self._parts.append(part)
        self.body.addWidget(part)

    def present(self, post: Post, view: View) -> None:
        """Show this section of a post."""
        self.post, self.view = post, view
        open_ = view.tells_salaries or not self.private
        if self.private:
            self.lock.follow(view)
            self.setVisible(view.salaries != "absent")
            self._hidden.setVisible(not open_)
        for part in self._parts:
            part.setVisible(open_)
        for each in self._acts:
            each.setVisible(open_ and not view.read_only)
        if open_:
            self.fill(post, view)

    def fill(self, post: Post, view: View) -> None:
        """Put the values on the section. Each does this its own way."""
        raise NotImplementedError

    def act(self, words: str, name: str, do: Callable[[], object]) -> QPushButton:
        """Return a link that changes the book; `name` says more than its words to who hears it."""
        made = button(words, "link", do)
        made.setAccessibleName(tr(name))
        self._acts.append(made)
        return made

    @property
    def can_change(self) -> bool:
        """Whether the book may be changed."""
        return self.view is not None and not self.view.read_only

    def refusal(self, edit: Edit) -> str:
        """Say why an edit may not be, or return ""."""
        return self.view.refusal(edit) if self.view is not None else ""

    def ask(self, edit: Edit) -> None:
        """Ask for an edit, or say why it may not be."""
        if refused := self.refusal(edit):
            self.trouble.emit(refused)
        else:
            self.edit_wanted.emit(edit)


def outlook_of(post: Post, view: View) -> PostOutlook:
    """What the outlook says of a post."""
    return next(each for each in view.outlook.posts if each.key == post.key)
