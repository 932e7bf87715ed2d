"""The trustees' report seen before it is printed or saved: the very page, and what to do with it.

What is shown, printed and saved comes from one `BoardPack`. It is worked out, set and written off
the window's thread, so that a large book does not hold the window up; closing the dialog drops the
question, and a file that is being written then is not put in its place.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from fundtrack import __version__, places
from fundtrack.core import words
from fundtrack.core.board_pack import BoardPack, board_pack
from fundtrack.core.errors import KnownError
from fundtrack.core.outlook import outlook
from fundtrack.gui import marks, paper
from fundtrack.gui.background import Latest, LongWork
from fundtrack.gui.board_pack import board_pack_pdf, pages
from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import Choice, MessageLine, Segments, button, label
from fundtrack.gui.widgets.working import WorkLine

if TYPE_CHECKING:
    from datetime import date

    from fundtrack.core.model import Portfolio
    from fundtrack.gui.background import Tell
    from fundtrack.gui.doors import Doors
    from fundtrack.gui.look import Look
    from fundtrack.gui.view import View
    from fundtrack.workspace import Workspace

    _Set = tuple[BoardPack, tuple[paper.Page, ...]]

_MEETINGS_OFFERED = 6
_TYPING = 300
"""Milliseconds to wait after a letter is typed before the page is worked out again."""
_PAGE_WIDTH, _WHOLE_PAGE = range(2)
_ROUND = 16
_OPEN = "Open it"


class BoardPackDialog(QDialog):
    """Shows the report and prints or saves it. `pack` is what is shown, None while it is made."""

    def __init__(
        self, look: Look, view: View, workspace: Workspace, doors: Doors, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self._look, self._view, self._workspace, self._doors = look, view, workspace, doors
        self._saved: Path | None = None
        self.pack: BoardPack | None = None
        self.setWindowTitle(tr("Board pack"))
        self.resize(
            QSize(look.px(1060), look.px(780)).boundedTo(self.screen().availableSize() * 0.95)
        )
        self._latest = Latest(self)
        self._latest.answered.connect(self._arrived)
        self._latest.failed.connect(self._failed)
        self.work = LongWork(self)
        self.work.stopped.connect(lambda doing: self.message.say(f"{doing}: cancelled."))
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_TYPING)
        self._soon.timeout.connect(self._ask)
        self._make_fields()
        self._make_acts()
        self._lay_out()
        self._ask()

    def _make_fields(self) -> None:
        self.prepared_by = QLineEdit()
        self.prepared_by.setPlaceholderText(tr("a role, such as finance manager"))
        self.prepared_by.textEdited.connect(lambda _text: self._wait())
        self.compare_with = Choice(self._look)
        for day in _kept_meetings(self._view.portfolio, self._workspace, self._view.outlook.today):
            self.compare_with.addItem(tr(f"Meeting of {words.day(day)}"), day)
        kept = self.compare_with.count() > 0
        self.compare_with.addItem(tr("Nothing" if kept else "Nothing: none is kept yet"), None)
        self.compare_with.currentIndexChanged.connect(lambda _at: self._ask())
        self.large = QCheckBox(tr("&Large letters: 12 points, on two pages"))
        self.large.toggled.connect(lambda _on: self._set_again())
        self.zoom = Segments(("Page width", "Whole page"), "How large the page is shown")
        self.zoom.setFixedWidth(self._look.px(240))
        self.zoom.chosen.connect(self._fit)
        self.message = MessageLine(self._look)
        self.message.acted.connect(self._open_saved)
        self.work_line = WorkLine(self._look, self.work)
        self.preview = Preview(self._look)
        self.area = QScrollArea()
        self.area.setWidget(self.preview)
        self.area.setWidgetResizable(False)
        self.area.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.area.setAccessibleName(tr("Preview"))

    def _make_acts(self) -> None:
        self.save_pdf = button("&Save as PDF…", "primary", self._save_pdf)
        self.save_workbook = button("Save as &workbook…", act=self._save_workbook)
        self.print = button("&Print…", act=self._print)
        self.close_button = button("Close", act=self.reject)
        self.save_pdf.setDefault(True)

    def _lay_out(self) -> None:
        side = QVBoxLayout()
        side.setSpacing(6)
        for name, field in (
            ("Prepared &by", self.prepared_by),
            ("&Compare with", self.compare_with),
        ):
            named = label(name)
            named.setBuddy(field)
            field.setAccessibleName(tr(name).replace("&", ""))
            side.addWidget(named)
            side.addWidget(field)
            side.addSpacing(6)
        side.addWidget(self.large)
        side.addSpacing(6)
        side.addWidget(
            label(
                "Posts are counted, never named, and no salary is told. The workbook has the same "
                "figures, and every line of the lists that the page cuts.",
                scale="caption",
                tone="muted",
                wrap=True,
            )
        )
        side.addStretch(1)
        for each in (self.save_pdf, self.save_workbook, self.print, self.close_button):
            side.addWidget(each)
        column = QWidget()
        column.setLayout(side)
        side.setContentsMargins(0, 0, 0, 0)
        column.setFixedWidth(self._look.px(270))
        shown = QVBoxLayout()
        shown.setSpacing(8)
        shown.addWidget(self.message)
        shown.addWidget(self.work_line)
        shown.addWidget(self.area, 1)
        shown.addWidget(self.zoom, 0, Qt.AlignmentFlag.AlignHCenter)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(20)
        whole.addWidget(column)
        whole.addLayout(shown, 1)
        self.setMinimumSize(640, 440)
        self.prepared_by.setFocus()

    # --- working it out ---

    def _wait(self) -> None:
        """Somebody is typing: what is shown is no longer what would be saved."""
        self._busy(True)
        self._soon.start()

    def _ask(self) -> None:
        self._soon.stop()
        self._busy(True)
        since = cast("date | None", self.compare_with.currentData())
        try:
            stood = None if since is None else self._workspace.stood_on(since)
        except KnownError as known:
            self.message.say(str(known), fault=True)
            stood = None
        view, statutory, by = self._view, self._doors.statutory(), self.prepared_by.text()
        large = self.large.isChecked()

        def worked_out() -> _Set:
            earlier = None if stood is None or since is None else outlook(stood, statutory, since)
            pack = board_pack(
                view.sums.portfolio,
                view.sums.outlook,
                earlier,
                prepared_by=by,
                version=_program(),
            )
            return pack, pages(pack, large=large)

        self._latest.ask(worked_out)

    def _set_again(self) -> None:
        """Set what is known in letters of the other size."""
        pack, large = self.pack, self.large.isChecked()
        if pack is None or self._soon.isActive() or self._latest.busy:
            self._ask()
            return
        self._busy(True)
        self._latest.ask(lambda: (pack, pages(pack, large=large)))

    def _busy(self, busy: bool) -> None:  # noqa: FBT001
        for each in (self.save_pdf, self.save_workbook, self.print):
            each.setEnabled(not busy)

    def _arrived(self, made: _Set) -> None:
        self.pack, shown = made
        self.preview.present(shown)
        self._fit()
        self._busy(self._soon.isActive())

    def _failed(self, fault: BaseException) -> None:
        self._own_up(fault, "The report cannot be shown; your book is as it was.")

    def _not_saved(self, fault: BaseException) -> None:
        self._own_up(fault, "The report was not saved; your book is as it was.")

    def _own_up(self, fault: BaseException, so: str) -> None:
        if isinstance(fault, KnownError):
            self.message.say(str(fault), fault=True)
            return
        self._doors.note(fault)
        self.message.say(f"FundTrack made a mistake there, and has noted it. {so}", fault=True)

    # --- seeing it ---

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the page as wide or as high as there is room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self, at: int | None = None) -> None:
        if at is not None:
            self.preview.whole = at == _WHOLE_PAGE
        self.preview.fit(self.area.viewport().size(), self.area.verticalScrollBar().sizeHint())

    # --- doing something with it ---

    def _save_pdf(self) -> None:
        self._save("Save the report as PDF", "pdf", "PDF (*.pdf)")

    def _save_workbook(self) -> None:
        self._save("Save the report as a workbook", "xlsx", "Excel workbook (*.xlsx)")

    def _save(self, title: str, ending: str, kinds: str) -> None:
        if self.pack is None:
            return
        start = str(places.books().parent / f"{file_name(self.pack)}.{ending}")
        chosen, _ = QFileDialog.getSaveFileName(self, title, start, kinds)
        if not chosen:
            return
        path = Path(chosen)
        if path.suffix.casefold() != f".{ending}":
            path = path.with_name(f"{path.name}.{ending}")
        self.message.say("")
        self.work.run(
            f"Writing {path.name}",
            partial(self._written, path, ending, self.pack, self.large.isChecked()),
            then=self._say_saved,
            failed=self._not_saved,
        )

    def _written(self, path: Path, ending: str, pack: BoardPack, large: bool, tell: Tell) -> Path:  # noqa: FBT001 - handed on as it stands
        """Make the file and put it in its place; runs off the window's thread."""
        tell()
        if ending == "pdf":
            made = board_pack_pdf(pack, large=large)
        else:
            made = self._doors.board_pack_workbook(pack)
        tell.finish()
        self._doors.write_file(path, made)
        return path

    def _say_saved(self, path: Path) -> None:
        self._saved = path
        self.message.say(f"Saved as {path.name}.", act=_OPEN)

    def _open_saved(self) -> None:
        if self._saved is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._saved)))

    def _print(self) -> None:
        """Ask for a printer, and print what is shown."""
        if self.pack is None:
            return
        # Imported here: looking for printers takes a while, and most people save a PDF.
        from PySide6.QtGui import QPageSize
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        printer.setFullPage(True)
        printer.setDocName(self.pack.title)
        asking = QPrintDialog(printer, self)
        asking.setWindowTitle(tr("Print the report"))
        accepted = asking.exec()
        asking.deleteLater()
        if not accepted:
            return
        try:
            paper.print_on(printer, self.preview.pages)
        except KnownError as known:
            self.message.say(str(known), fault=True)
            return
        self.message.say("Sent to the printer.")

    def done(self, result: int) -> None:
        """Close, and want no answer any more."""
        self._soon.stop()
        self._latest.forget()
        self.work.forget()
        super().done(result)


class Preview(QWidget):
    """The pages one below another, as wide as there is room or each wholly in sight."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.pages: tuple[paper.Page, ...] = ()
        self.whole = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("The report is being worked out"))
        look.changed.connect(self.update)

    def present(self, made: tuple[paper.Page, ...]) -> None:
        """Show these pages."""
        self.pages = made
        number = words.count(len(made), "page")
        self.setAccessibleName(tr(f"The report, {number}"))
        said = (mark.text for page in made for mark in page if isinstance(mark, paper.Words))
        self.setAccessibleDescription(tr(" ".join(said)))
        self.update()

    def fit(self, room: QSize, bar: QSize) -> None:
        """Take the width of the room, or so much that a page is seen whole."""
        across = room.width() - 2 * _ROUND
        if self.whole:
            across = min(across, round((room.height() - 2 * _ROUND) * paper.WIDE / paper.HIGH))
        else:
            across -= bar.width()
        high = round(across * paper.HIGH / paper.WIDE)
        pages_ = max(1, len(self.pages))
        self.resize(across + 2 * _ROUND, (high + _ROUND) * pages_ + _ROUND)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw each page as white paper with a thin edge."""
        painter = QPainter(self)
        across = self.width() - 2 * _ROUND
        scale = across / paper.WIDE
        for number, page in enumerate(self.pages):
            painter.save()
            painter.translate(_ROUND, _ROUND + number * (paper.HIGH * scale + _ROUND))
            painter.scale(scale, scale)
            sheet = paper.Box(
                paper.whole_page(), edge="line_strong", fill="surface", width=1 / scale
            )
            paper.draw(painter, (sheet, *page))
            painter.restore()
        if self.hasFocus():
            marks.paint_focus(painter, QRectF(self.rect()), self._look)
        painter.end()


def file_name(pack: BoardPack) -> str:
    """What the file is called unless somebody says otherwise; no sign in it that a disk refuses."""
    safe = "".join(" " if sign in '<>:"/\\|?*' or ord(sign) < 32 else sign for sign in pack.charity)
    return f"{' '.join(safe.split()).strip('. ')} trustee report {pack.today.isoformat()}".strip()


def _program() -> str:
    return f"FundTrack {__version__}"


def _kept_meetings(portfolio: Portfolio, workspace: Workspace, today: date) -> list[date]:
    """The trustees' latest meetings at which the book was kept already, the last first."""
    since = workspace.kept_from
    past = sorted({day for day in portfolio.organisation.board_meetings if day < today})
    return [day for day in reversed(past) if since is not None and day >= since][:_MEETINGS_OFFERED]
