"""What the windows that bring files in need from the rest of FundTrack, handed over by `app`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fundtrack.core.accounts import Map, Preview
from fundtrack.core.model import Portfolio

AccountsFile = Callable[[Portfolio, Map, bool], Preview]
"""An export already read: what it would bring into a book by these rules; the last argument
leaves out rows that cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportDoors:
    """Functions that read strangers' files. Each may raise KnownError, and may take a while."""

    open_accounts: Callable[[Path], AccountsFile]
    """Read an export of transactions from the accounts."""
    accounts_rules: Callable[[Path], Map]
    """The rules kept beside a book; none where there is no such file."""
    keep_accounts_rules: Callable[[Path, Map], None]
    """Keep the rules beside a book."""
