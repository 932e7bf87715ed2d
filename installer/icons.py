"""Makes the program's icon files for Windows and macOS out of the one drawing, at every usual size.

`python installer/icons.py`, after `resources/icons/fundtrack.svg` has changed; commit what it
writes. Windows reads small sizes as plain bitmaps and 256 as PNG; macOS reads PNG throughout.
"""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ICONS = Path(__file__).resolve().parents[1] / "resources" / "icons"
WINDOWS = (16, 24, 32, 48, 64, 128, 256)
MACOS = {b"icp4": 16, b"icp5": 32, b"ic11": 32, b"ic12": 64, b"ic07": 128, b"ic08": 256}
"""Apple's names of sizes; ic11 and ic12 are 16 and 32 for screens of twice the sharpness."""
_AS_PNG = 256


def main() -> int:
    """Draw both files anew."""
    _running = QGuiApplication([])
    (ICONS / "app.ico").write_bytes(ico())
    (ICONS / "app.icns").write_bytes(icns())
    return 0


def drawn(side: int) -> QImage:
    """The sign, so many pixels wide and high."""
    image = QImage(side, side, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(ICONS / "fundtrack.svg")).render(painter)
    painter.end()
    return image


def ico() -> bytes:
    """All sizes in one file as Windows has it: a head, a line for each, then the pictures."""
    parts = [png(side) if side >= _AS_PNG else bitmap(side) for side in WINDOWS]
    at = 6 + 16 * len(parts)
    lines = b""
    for side, part in zip(WINDOWS, parts, strict=True):
        lines += struct.pack("<4B2H2I", side % 256, side % 256, 0, 0, 1, 32, len(part), at)
        at += len(part)
    return struct.pack("<3H", 0, 1, len(parts)) + lines + b"".join(parts)


def icns() -> bytes:
    """All sizes in one file as macOS has it."""
    parts = b"".join(
        name + struct.pack(">I", len(data) + 8) + data
        for name, data in ((name, png(side)) for name, side in MACOS.items())
    )
    return b"icns" + struct.pack(">I", len(parts) + 8) + parts


def png(side: int) -> bytes:
    """One size as PNG."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    drawn(side).save(buffer, "PNG")  # type: ignore[call-overload] - Qt's stubs want bytes here
    return bytes(data.data())


def bitmap(side: int) -> bytes:
    """One size as a bitmap with its own transparency, from the bottom row up, and an empty mask."""
    image = drawn(side)
    rows = [bytes(image.constScanLine(y))[: side * 4] for y in reversed(range(side))]
    mask = b"\0" * ((side + 31) // 32 * 4 * side)
    head = struct.pack("<I2i2H6I", 40, side, side * 2, 1, 32, 0, 0, 0, 0, 0, 0)
    return head + b"".join(rows) + mask


if __name__ == "__main__":
    sys.exit(main())
