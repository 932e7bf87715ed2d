"""Measuring in a process of its own: what another has left in memory then slows nobody.

openpyxl leaves a heap of many small holes behind it, in which whoever comes next takes half as long
again. Nobody's work begins in such a heap: a person fills one workbook with one program.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def apart(module: str, *arguments: str) -> float:
    """The seconds that a module of the bench tells when it is run with these arguments."""
    command = [sys.executable, "-m", module, *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return float(ran.stdout.splitlines()[-1])


def told(seconds: float) -> None:
    """Tell the seconds to the process that asked for them."""
    print(seconds)
