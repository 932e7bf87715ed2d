"""Who is at the computer, for the journal and the lock: never asked, only looked up."""

from __future__ import annotations

import getpass


def signed_in() -> str | None:
    """Return the name the person is signed in to this computer by, if it can be known."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return None
