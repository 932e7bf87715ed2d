"""How fast FundTrack is, as ratios to its peers measured in the same run.

`python3 dev.py bench [--json FILE] [--only PART ...] [--runs N]`. The first three rows of the
design's table of speeds, then how load, edit and outlook grow with the book. A part whose peer or
window is missing says so and is left out.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench import growth, imports, outlooks, own_layout, returns, windows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bench.figures import Row

PARTS: dict[str, Callable[[int], Iterable[Row]]] = {
    "window": windows.opening,
    "outlook": outlooks.against_peers,
    "edit": windows.editing,
    "slide": windows.sliding,
    "scroll": windows.scrolling,
    "growth": growth.slopes,
    "returns": returns.filling,
    "own-layout": own_layout.writing,
    "imports": imports.against_openpyxl,
}


@dataclass(frozen=True)
class Report:
    """Everything one run measured, as it goes into the JSON."""

    machine: str
    rows: list[Row]


def main(arguments: Sequence[str]) -> int:
    """Measure what is asked for, print the table, and write the JSON if a file is named."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--runs", type=int, default=5, help="how often each is measured (5)")
    parser.add_argument("--only", nargs="+", choices=PARTS, help="leave out the other parts")
    asked = parser.parse_args(arguments)
    report = Report(machine(), [])
    print(report.machine)
    for name in asked.only or PARTS:
        print(f"\n{name}", flush=True)
        for row in PARTS[name](asked.runs):
            print("  " + row.line(), flush=True)
            report.rows.append(row)
    if asked.json:
        write(report, asked.json)
    return 0


def machine() -> str:
    """The machine and the versions measured, in one line."""
    cores = f"{os.cpu_count()} cores"
    python = f"Python {platform.python_version()}"
    parts = [processor(), cores, f"{platform.system()} {platform.machine()}", python]
    return ", ".join((*parts, *outlooks.versions()))


def processor() -> str:
    """What the processor calls itself."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def write(report: Report, path: Path) -> None:
    """Write the report beside its place, then put it there."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(json.dumps(asdict(report), indent=2) + "\n", encoding="utf-8")
    beside.replace(path)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except subprocess.CalledProcessError as failed:
        print(failed.stderr or failed.stdout or "", file=sys.stderr)
        raise
