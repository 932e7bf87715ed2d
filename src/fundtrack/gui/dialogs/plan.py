"""What the Plan page asks: a change to try, a name to keep a scenario by, and what to accept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QAbstractListModel, QModelIndex, QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QVBoxLayout,
    QWidget,
)

from fundtrack.core import levers, words
from fundtrack.core.errors import RefusedError, StaleEditError
from fundtrack.core.model import Award
from fundtrack.core.period import add_months
from fundtrack.core.scenario import Told, accept, described_together
from fundtrack.core.schedule import SECURED, rank
from fundtrack.core.wishes import payee_of, payer_of
from fundtrack.gui import typed
from fundtrack.gui.speech import tr
from fundtrack.gui.view import sentence_of
from fundtrack.gui.widgets.frame import Choice, button, label

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fundtrack.core.edit import Edit
    from fundtrack.core.levers import Lever
    from fundtrack.core.model import Change, Portfolio, Stage
    from fundtrack.gui.look import Look
    from fundtrack.gui.table import Index
    from fundtrack.gui.view import View

_NEVER = 3
_KINDS = (
    ("late", "An award starts late"),
    ("price", "An award comes to more or less"),
    ("extend", "An award is extended"),
    ("lose", "An award is lost, or ends early"),
    ("add", "An award the book does not have"),
    ("fte", "A post has fewer or more hours"),
    ("ends", "A post ends"),
    ("move", "A share moves to other money"),
    ("pay", "A pay award"),
)
_STAGES: tuple[tuple[Stage, str], ...] = (
    ("agreed-in-principle", "Agreed in principle: probable"),
    ("submitted", "Submitted: possible"),
    ("awarded", "Awarded: secured"),
)
_ABOUT = {
    "late": "award",
    "price": "award",
    "extend": "award",
    "lose": "award",
    "fte": "post",
    "ends": "post",
    "move": "share",
}


class AddChange(QDialog):
    """Asks what to try. `lever` is the answer, once accepted."""

    def __init__(self, look: Look, view: View, parent: QWidget) -> None:
        super().__init__(parent)
        self.lever: Lever | None = None
        self._view = view
        self.setWindowTitle(tr("Add a change"))
        self.setMinimumWidth(520)
        today = view.outlook.today
        self.kind = Choice(look)
        for kind, said in _KINDS:
            self.kind.addItem(tr(said), kind)
        self.award, self.post, self.share = (Choice(look) for _ in range(3))
        self.to = Choice(look)
        self.title = QLineEdit()
        self.amount = QLineEdit()
        self.amount.setPlaceholderText("£")
        first = levers.next_april(view.portfolio, today)
        self.from_ = QLineEdit(words.short_day(first))
        self.until = QLineEdit(words.short_day(add_months(first, 12) - timedelta(1)))
        self.stage = Choice(look)
        for stage, said in _STAGES:
            self.stage.addItem(tr(said), stage)
        self.pays = Choice(look)
        self._fill_choices(view.portfolio)
        self.form = QFormLayout()
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.form.setVerticalSpacing(10)
        for said, field in (
            ("&What to try", self.kind),
            ("A&ward", self.award),
            ("&Post", self.post),
            ("&Share", self.share),
            ("Charged &to", self.to),
            ("&Title", self.title),
            ("&Amount, in all", self.amount),
            ("&From", self.from_),
            ("&Until", self.until),
            ("H&ow sure", self.stage),
            ("Pa&ys for", self.pays),
        ):
            self.form.addRow(_named(said, field), field)
        self.fault = label(tone="fault", wrap=True)
        self.fault.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(12)
        whole.addLayout(self.form)
        whole.addWidget(
            label("It is only tried: the book stays as it is until you accept it.", tone="muted")
        )
        whole.addWidget(self.fault)
        whole.addStretch(1)
        whole.addLayout(_buttons(self, "Add this change"))
        self.kind.currentIndexChanged.connect(lambda _at: self._show_fields())
        self._show_fields()
        self.kind.setFocus()

    def choose_kind(self, kind: str) -> None:
        """Choose what to try."""
        self.kind.setCurrentIndex(self.kind.findData(kind))

    def _fill_choices(self, book: Portfolio) -> None:
        for post in book.posts:
            self.post.addItem(post.title, post.key)
        for share in book.allocations:
            said = f"{payee_of(book, share)} · {payer_of(book, share.award)}"
            self.share.addItem(tr(said), share.key)
        self.to.addItem(tr("Unrestricted funds"), None)
        for award in book.awards:
            if rank(award) < _NEVER:
                self.to.addItem(award.title, award.key)
        self.pays.addItem(tr("Nothing in particular"), None)
        for post in book.posts:
            self.pays.addItem(post.title, post.key)

    def _show_fields(self) -> None:
        kind = str(self.kind.currentData())
        about = _ABOUT.get(kind, "")
        shown = {
            self.award: about == "award",
            self.post: about == "post",
            self.share: about == "share",
            self.to: kind == "move",
            self.from_: kind in ("move", "pay", "add"),
        }
        new = kind == "add"
        shown |= dict.fromkeys((self.title, self.amount, self.until, self.stage, self.pays), new)
        for field, wanted in shown.items():
            self.form.setRowVisible(field, wanted)
        if about == "award":
            self._offer_awards(kind)
        self.fault.hide()

    def _offer_awards(self, kind: str) -> None:
        """Only awards that can still bring money; only those agreed can be extended."""
        self.award.clear()
        today = self._view.outlook.today
        for award in self._view.portfolio.awards:
            sure = rank(award)
            over = sure == SECURED and max(award.end, *_ends(award)) < today
            starts = kind == "late" and sure == SECURED and award.start <= today
            only_agreed = kind == "extend" and sure != SECURED
            if sure < _NEVER and not over and not starts and not only_agreed:
                self.award.addItem(award.title, award.key)

    def accept(self) -> None:
        """Take the answer if it can be tried; otherwise say why under the fields."""
        try:
            self.lever = self._asked()
        except (ValueError, KeyError) as wrong:
            words_ = str(wrong) if isinstance(wrong, ValueError) else "Choose one from the list"
            self.fault.setText(words_)
            self.fault.show()
            return
        super().accept()

    def _asked(self) -> Lever:
        book, today = self._view.sums.portfolio, self._view.outlook.today
        kind = str(self.kind.currentData())
        makers: dict[str, Callable[[], Lever]] = {
            "late": lambda: levers.late(self._award(book)),
            "price": lambda: levers.price(self._award(book)),
            "extend": lambda: levers.extend(self._award(book)),
            "lose": lambda: levers.lose(self._award(book), today),
            "fte": lambda: levers.fte(book.posts_by_key[str(self.post.currentData())]),
            "ends": lambda: levers.ends(book.posts_by_key[str(self.post.currentData())], today),
            "move": lambda: self._moved(book, today),
            "pay": lambda: levers.pay(book, self._day(self.from_, today)),
            "add": lambda: self._added(today),
        }
        return makers[kind]()

    def _award(self, book: Portfolio) -> Award:
        return book.awards_by_key[str(self.award.currentData())]

    def _day(self, field: QLineEdit, today: date) -> date:
        return typed.read_date(field.text(), today.year)

    def _moved(self, book: Portfolio, today: date) -> Lever:
        share = book.find("allocations", str(self.share.currentData()))
        to = cast("str | None", self.to.currentData())
        if share is None:
            raise ValueError("Choose a share from the list")
        if getattr(share, "award", None) == to:
            raise ValueError("It is charged there already. Choose other money")
        return levers.move(book, cast("Any", share), to, self._day(self.from_, today))

    def _added(self, today: date) -> Lever:
        title = typed.read_text(self.title.text())
        amount = typed.read_pounds(self.amount.text())
        start, end = self._day(self.from_, today), self._day(self.until, today)
        if end <= start:
            raise ValueError("Until is before from. Give a later date")
        if amount <= 0:
            raise ValueError("Type an amount above £0")
        award = Award(
            key=f"tried-{title}",
            title=title,
            kind="grant",
            fund="restricted" if self.pays.currentData() else "unrestricted",
            stage=cast("Stage", self.stage.currentData()),
            amount=amount,
            start=start,
            end=end,
        )
        return levers.new_award(award, cast("str | None", self.pays.currentData()))


def _ends(award: Award) -> tuple[date, ...]:
    return tuple(each.end for each in award.extensions if each.exercised) or (award.end,)


class KeepScenario(QDialog):
    """Asks for the title to keep a scenario by. `title` is the answer, once accepted."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.title = title
        self.setWindowTitle(tr("Keep this scenario"))
        self.setMinimumWidth(420)
        self.field = QLineEdit(title)
        self.field.selectAll()
        self.fault = label(tone="fault", wrap=True)
        self.fault.hide()
        form = QFormLayout()
        form.addRow(_named("&Title, to find it by", self.field), self.field)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(12)
        whole.addLayout(form)
        whole.addWidget(
            label("The scenario is kept in the book. Its changes are still not made.", tone="muted")
        )
        whole.addWidget(self.fault)
        whole.addLayout(_buttons(self, "Keep scenario"))

    def accept(self) -> None:
        """Take the title; an empty one cannot be found again."""
        try:
            self.title = typed.read_text(self.field.text())
        except ValueError as wrong:
            self.fault.setText(str(wrong))
            self.fault.show()
            return
        super().accept()


class TickList(QAbstractListModel):
    """Sentences, each of which can be ticked."""

    def __init__(self, told: Sequence[Told]) -> None:
        super().__init__()
        self.told = tuple(told)
        self._ticked = set(range(len(told)))

    @property
    def chosen(self) -> tuple[int, ...]:
        """The places of the changes ticked."""
        return tuple(place for at in sorted(self._ticked) for place in self.told[at].places)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many there are."""
        return 0 if parent.isValid() else len(self.told)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Each can be ticked."""
        usual = super().flags(index)
        return usual | Qt.ItemFlag.ItemIsUserCheckable if index.isValid() else usual

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """The sentence, and whether it is ticked."""
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return tr(words.sentence(self.told[index.row()].says))
        if role == Qt.ItemDataRole.CheckStateRole:
            on = index.row() in self._ticked
            return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: ANN401
        """Tick, or untick."""
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        if Qt.CheckState(value) == Qt.CheckState.Checked:
            self._ticked.add(index.row())
        else:
            self._ticked.discard(index.row())
        self.dataChanged.emit(index, index)
        return True


class AcceptChanges(QDialog):
    """Asks which changes to make after all. `edit` and `rest` are the answer, once accepted."""

    def __init__(
        self, look: Look, book: Portfolio, title: str, changes: Sequence[Change], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.edit: Edit | None = None
        self.rest: tuple[Change, ...] = ()
        self._book, self._title, self._changes = book, title, tuple(changes)
        self.setWindowTitle(tr("Accept changes"))
        self.setMinimumSize(QSize(look.px(560), look.px(340)))
        self.model = TickList(described_together(book, changes))
        self.list = QListView()
        self.list.setObjectName("framed")
        self.list.setModel(self.model)
        self.list.setWordWrap(True)
        self.list.setAccessibleName(tr("Changes to make"))
        self.list.setCurrentIndex(self.model.index(0))
        self.fault = label(tone="fault", wrap=True)
        self.fault.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(10)
        whole.addWidget(
            label(
                "What is ticked goes into the book as one change, which Undo takes back. "
                "What is not stays in the scenario.",
                wrap=True,
            )
        )
        whole.addWidget(self.list, 1)
        whole.addWidget(self.fault)
        whole.addLayout(_buttons(self, "Make these changes"))
        self.list.setFocus()

    def accept(self) -> None:
        """Make one edit of what is ticked; otherwise say what stands in the way."""
        chosen = self.model.chosen
        if not chosen:
            self._refuse("Tick at least one change, or cancel")
            return
        try:
            self.edit = accept(self._book, self._title, self._changes, chosen)
        except (RefusedError, StaleEditError) as refused:
            self._refuse(f"{sentence_of(refused.problems)}. One change may need another")
            return
        self.rest = tuple(each for at, each in enumerate(self._changes) if at not in chosen)
        super().accept()

    def _refuse(self, says: str) -> None:
        self.fault.setText(says)
        self.fault.show()


def _buttons(dialog: QDialog, does: str) -> QHBoxLayout:
    ask = button(does, "primary", dialog.accept)
    ask.setDefault(True)
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(button("Cancel", act=dialog.reject))
    row.addWidget(ask)
    return row


def _named(said: str, field: QWidget) -> QLabel:
    made = label(said)
    made.setBuddy(field)
    field.setAccessibleName(tr(said).replace("&", ""))
    return made
