"""A figure to try: a slider with a tick where the book stands now, and a field bound both ways."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QValidator,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from fundtrack.gui.speech import tr
from fundtrack.gui.widgets.frame import hairline, label, with_cross

if TYPE_CHECKING:
    from fundtrack.core.levers import Lever
    from fundtrack.gui.look import Look

_UNITS = {"months": (" month", " months"), "%": ("%", "%"), "FTE": (" FTE", " FTE")}


class NowSlider(QSlider):
    """A slider that shows where the book stands. A click anywhere goes there."""

    def __init__(self, look: Look, now: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._look = look
        self._now = now
        self._drawing = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.updateGeometry)

    def stand_now(self, now: int) -> None:
        """Put the tick elsewhere."""
        self._now = now
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the handle and its ring, never too small to hit."""
        return QSize(self._look.px(160), max(24, self._look.px(26)))

    def minimumSizeHint(self) -> QSize:
        """As high as it asks for."""
        return QSize(self._look.px(80), self.sizeHint().height())

    def _edge(self) -> float:
        return float(self._look.px(9))

    def _x(self, value: int) -> float:
        span = max(1, self.maximum() - self.minimum())
        room = self.width() - 2 * self._edge()
        return self._edge() + room * (value - self.minimum()) / span

    def _value_at(self, x: float) -> int:
        room = max(1.0, self.width() - 2 * self._edge())
        share = (x - self._edge()) / room
        return round(self.minimum() + share * (self.maximum() - self.minimum()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the rail, what lies between now and the handle, the tick, and the handle."""
        look, painter = self._look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        now = self._x(min(max(self._now, self.minimum()), self.maximum()))
        here = self._x(self.value())
        rail = QPen(look.colour("line_strong"), look.px(4))
        rail.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(rail)
        painter.drawLine(
            QPointF(self._edge(), middle), QPointF(self.width() - self._edge(), middle)
        )
        painter.setPen(QPen(look.colour("accent"), look.px(4)))
        if now != here:
            painter.drawLine(QPointF(now, middle), QPointF(here, middle))
        painter.setPen(QPen(look.colour("ink"), 2))
        tick = look.px(8)
        painter.drawLine(QPointF(now, middle - tick), QPointF(now, middle + tick))
        painter.setBrush(look.colour("surface"))
        ring = "focus" if self.hasFocus() else "accent"
        painter.setPen(QPen(look.colour(ring), 3 if self.hasFocus() else 2))
        painter.drawEllipse(QPointF(here, middle), look.px(7), look.px(7))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to where the pointer is, and follow it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._drawing = True
            self.setValue(self._value_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        if self._drawing:
            self.setValue(self._value_at(event.position().x()))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Stop following."""
        self._drawing = False

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Go back to where the book stands."""
        self.setValue(self._now)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The usual keys of a slider; Backspace goes back to where the book stands."""
        if event.key() == Qt.Key.Key_Backspace:
            self.setValue(self._now)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page: it scrolls."""
        event.ignore()


class LeverField(QDoubleSpinBox):
    """The field of a lever: its figure in words where there is no number for it."""

    def __init__(self, lever: Lever) -> None:
        self._lever = lever
        super().__init__()
        self.setDecimals(2 if lever.unit == "FTE" else 1 if lever.unit == "%" else 0)
        self.setRange(float(lever.low), float(lever.high))
        self.setSingleStep(float(lever.step))
        self.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setKeyboardTracking(False)

    def textFromValue(self, value: float) -> str:
        """The figure, with what it counts."""
        said = self._lever.says(Decimal(str(round(value, 2))))
        return tr(said if self._lever.unit != "months ahead" else said.removeprefix("ends "))

    def valueFromText(self, text: str) -> float:
        """The figure in what was typed; with no figure in it, where the book stands."""
        if self._lever.unit == "months ahead":
            return self.value()
        digits = "".join(each for each in text if each.isdigit() or each == ".")
        return float(digits) if any(each.isdigit() for each in digits) else float(self._lever.now)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the words the whole field: under a style sheet, one without buttons gets no room."""
        super().resizeEvent(event)
        self._fit_inside()

    def showEvent(self, event: QShowEvent) -> None:
        """As when it is resized."""
        super().showEvent(event)
        self._fit_inside()

    def changeEvent(self, event: QEvent) -> None:
        """As when it is resized: another theme lays it out anew."""
        super().changeEvent(event)
        self._fit_inside()

    def _fit_inside(self) -> None:
        self.lineEdit().setGeometry(self.rect().adjusted(6, 2, -6, -2))

    def validate(self, text: str, at: int) -> tuple[QValidator.State, str, int]:
        """Anything may be typed; what is no figure leaves it where the book stands."""
        return (QValidator.State.Acceptable, text, at)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page: it scrolls."""
        event.ignore()


class LeverRow(QWidget):
    """One lever: its name, its field, its slider, and the ends of it. `moved` carries the lever."""

    moved = Signal(object)
    left_out = Signal(str)

    def __init__(self, look: Look, lever: Lever) -> None:
        super().__init__()
        self.lever = lever
        self._look = look
        self._shown: tuple[Lever, str] | None = None
        self._busy = False
        self.title = label(lever.title, tone="strong", wrap=True)
        self.close_button = with_cross(QToolButton(), look)
        self.close_button.setAccessibleName(tr(f"Leave out: {lever.title}"))
        self.close_button.setToolTip(tr("Leave this out"))
        self.close_button.clicked.connect(lambda: self.left_out.emit(lever.name))
        self.fault = label(scale="caption", tone="fault", wrap=True)
        self.fault.hide()
        head = QHBoxLayout()
        head.setSpacing(6)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 4, 0, 4)
        whole.setSpacing(2)
        self.slider: NowSlider | None = None
        self.field: LeverField | None = None
        self.box: QCheckBox | None = None
        if lever.kind == "lost":
            self._be_a_box(head)
        else:
            self._be_a_slider(head, whole)
        whole.addWidget(self.fault)
        whole.addSpacing(2)
        whole.addWidget(hairline())

    def _be_a_box(self, head: QHBoxLayout) -> None:
        self.box = QCheckBox(tr(self.lever.title))
        self.box.setChecked(bool(self.lever.value))
        self.box.toggled.connect(lambda on: self._take(Decimal(int(on))))
        head.addWidget(self.box, 1)
        head.addWidget(self.close_button)
        self.layout().addLayout(head)  # type: ignore[union-attr]

    def _be_a_slider(self, head: QHBoxLayout, whole: QVBoxLayout) -> None:
        lever = self.lever
        self.slider = NowSlider(self._look, self._place(lever.now))
        self.slider.setRange(0, self._place(lever.high))
        self.slider.setPageStep(max(1, self._place(lever.high) // 10))
        self.slider.setAccessibleName(tr(lever.title))
        self.field = LeverField(lever)
        self.field.setAccessibleName(tr(f"{lever.title}, {lever.unit}"))
        self.field.lineEdit().setAccessibleName(tr(f"{lever.title}, {lever.unit}"))
        head.addWidget(self.title, 1)
        head.addWidget(self.field)
        head.addWidget(self.close_button)
        self._ends = [label(scale="caption", tone="muted") for _ in range(3)]
        below = QHBoxLayout()
        below.setContentsMargins(3, 0, 3, 0)
        for at, end in enumerate(self._ends):
            below.addWidget(end, 0 if at != 1 else 1)
        self._ends[1].setAlignment(Qt.AlignmentFlag.AlignHCenter)
        whole.addLayout(head)
        whole.addWidget(self.slider)
        whole.addLayout(below)
        self._say_ends()
        self._show(lever.value)
        self._look.follow(self, self._measure)
        self.slider.valueChanged.connect(
            lambda at: self._take(min(lever.low + at * lever.step, lever.high))
        )
        self.field.valueChanged.connect(lambda value: self._take(Decimal(str(round(value, 2)))))

    def _measure(self) -> None:
        if self.field is not None and self.slider is not None:
            self.field.setFixedWidth(self._look.metrics().horizontalAdvance("0" * 12))
            self.slider.updateGeometry()

    def _place(self, value: Decimal) -> int:
        return round((value - self.lever.low) / self.lever.step)

    def _say_ends(self) -> None:
        lever = self.lever
        low, high = lever.says(lever.low), lever.says(lever.high)
        now = f"now: {lever.says(lever.now)}"
        at_low, at_high = lever.now == lever.low, lever.now == lever.high
        self._ends[0].setText(now if at_low else low)
        self._ends[1].setText("" if at_low or at_high else now)
        self._ends[2].setText(now if at_high else high)

    def present(self, lever: Lever, fault: str) -> None:
        """Show the lever as the book now has it."""
        shown, self._shown = self._shown, (lever, fault)
        if shown == self._shown:
            return
        stands, self.lever = self.lever == lever, lever
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))
        if stands:
            return  # it was moved here, and shows it
        if self.box is not None:
            self.box.setChecked(bool(lever.value))
        elif self.slider is not None:
            self.slider.stand_now(self._place(lever.now))
            self._say_ends()
            self._show(lever.value)

    def _show(self, value: Decimal) -> None:
        self._busy = True
        if self.slider is not None and self.field is not None:
            self.slider.setValue(self._place(value))
            self.field.setValue(float(value))
            said = f"{self.lever.says(value)}; now {self.lever.says(self.lever.now)}"
            self.slider.setAccessibleDescription(tr(said))
        self._busy = False

    def _take(self, value: Decimal) -> None:
        if not self._busy and value != self.lever.value:
            self.lever = self.lever.at(value)
            self._show(self.lever.value)
            self.moved.emit(self.lever)
