"""Where things are kept on this computer: the charity's books, their backups, logs, preferences.

`FUNDTRACK_HOME`, when set, is one folder that holds all of them: for tests, and for a FundTrack
carried on a memory stick. Nothing is made here; whoever writes makes the folder first.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

NAME = "FundTrack"
HOME_VARIABLE = "FUNDTRACK_HOME"


def books() -> Path:
    """Return the folder offered first when a book is opened or made."""
    return _under_home("books") or platformdirs.user_documents_path() / NAME


def backups() -> Path:
    """Return the folder that holds the backups of every book."""
    return _under_home("backups") or _data() / "backups"


def logs() -> Path:
    """Return the folder of the log files, which never hold personal data."""
    return _under_home("logs") or platformdirs.user_log_path(NAME, appauthor=False)


def settings_file() -> Path:
    """Return this person's preferences file."""
    return (_under_home("") or platformdirs.user_config_path(NAME, appauthor=False)) / (
        "settings.toml"
    )


def _data() -> Path:
    return platformdirs.user_data_path(NAME, appauthor=False)


def _under_home(folder: str) -> Path | None:
    home = os.environ.get(HOME_VARIABLE)
    return Path(home).expanduser().absolute() / folder if home else None
