"""Our own icons, drawn from the shipped SVG files in any colour and at any sharpness."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from fundtrack import assets

if TYPE_CHECKING:
    from PySide6.QtSvg import QSvgRenderer

_SIZES = (16, 18, 26, 32, 52)
_PROGRAM_SIZES = (16, 24, 32, 48, 64, 128, 256)


def icon(name: str, colour: QColor) -> QIcon:
    """The named icon in one colour, at every size the window uses."""
    from PySide6.QtSvg import QSvgRenderer

    svg = assets.text(f"icons/{name}.svg").replace("currentColor", colour.name())
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    made = QIcon()
    for size in _SIZES:
        made.addPixmap(_drawn(renderer, QSize(size, size)))
    return made


def program_icon() -> QIcon:
    """The program's own sign, in its own colours, as the system shows it beside its windows."""
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer(QByteArray(assets.data("icons/fundtrack.svg")))
    made = QIcon()
    for size in _PROGRAM_SIZES:
        made.addPixmap(_drawn(renderer, QSize(size, size)))
    return made


def _drawn(renderer: QSvgRenderer, size: QSize) -> QPixmap:
    pixmap = QPixmap(size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size.width(), size.height()))
    painter.end()
    return pixmap
