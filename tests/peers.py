"""The programs and files of others that tests compare with, and what happens without them.

On a developer's machine a test whose peer is missing is skipped, and says so. Under `CI=true`
that is a failure: there, `dev.py test` brings every peer, and a check that is silently skipped
is a check that nobody makes.
"""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def peer(program: str) -> str:
    """Return the path of a program to compare with; without it, skip the test."""
    found = shutil.which(program)
    return found or _go_without(f"{program} is not installed; `dev.py test` says how")


def shared(name: str) -> Path:
    """Return a stranger's file, read in place; without it, skip the test.

    A checkout that has no shared folder at all is no fault, even in CI.
    """
    path = SHARED / "data" / name
    if not SHARED.exists():
        pytest.skip("this checkout has no ../shared folder")
    return path if path.exists() else _go_without(f"../shared/data/{name} is not here")


def _go_without(reason: str) -> NoReturn:
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"{reason}, and CI must skip nothing", pytrace=False)
    pytest.skip(reason)
