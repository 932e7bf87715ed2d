"""How far long work is, with Cancel: it stands in the status bar, or in a dialog of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import button, label

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QShowEvent

    from fundtrack.gui.background import Job, LongWork
    from fundtrack.gui.look import Look

PATIENCE = 300
"""Milliseconds of work that nobody needs to be told of."""
_PARTS = 1000


class WorkLine(QWidget):
    """Shows the latest of a window's long work once it has lasted a moment, else nothing.

    `shown` tells whether it is in sight, so that other words can make room.
    """

    shown = Signal(bool)

    def __init__(self, look: Look, work: LongWork) -> None:
        super().__init__()
        self._look, self._work = look, work
        self._job: Job | None = None
        self.setAccessibleName(tr("Long work"))
        self.words = label()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("How far it is"))
        self.cancel = button("Cancel", "quiet", self._stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 0, 0)
        row.setSpacing(8)
        for each in (self.words, self.bar, self.cancel):
            row.addWidget(each)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(PATIENCE)
        self._soon.timeout.connect(self._appear)
        work.changed.connect(self._follow)
        look.follow(self, self._measure)
        self.hide()

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that room is needed."""
        super().showEvent(event)
        self.shown.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that the room is free again."""
        super().hideEvent(event)
        self.shown.emit(False)

    def _measure(self) -> None:
        self.bar.setFixedSize(self._look.px(110), self._look.px(6))

    def _follow(self) -> None:
        """Show what is under way now, after a moment, or nothing."""
        jobs = self._work.jobs
        self._job = jobs[-1] if jobs else None
        if self._job is None:
            self._soon.stop()
            self.hide()
        elif self.isHidden() and not self._soon.isActive():
            self._soon.start()
        if self._job is not None and not self.isHidden():
            self._draw(self._job)

    def _appear(self) -> None:
        if self._job is not None:
            self._draw(self._job)
            self.show()

    def _draw(self, job: Job) -> None:
        others = len(self._work.jobs) - 1
        also = f" and {others} more" if others else ""
        doing = "Stopping" if job.stopping else job.doing
        self.words.setText(f"{doing}…{also}")
        known = job.total > 0
        self.bar.setRange(0, _PARTS if known else 0)
        if known:
            self.bar.setValue(min(job.done, job.total) * _PARTS // job.total)
        self.cancel.setVisible(job.can_stop)
        self.cancel.setAccessibleName(tr(f"Cancel: {job.doing}"))
        self.cancel.setToolTip(tr(f"Cancel: {job.doing}"))

    def _stop(self) -> None:
        if self._job is not None:
            self._job.stop()
            self._follow()
