"""What the windows that bring files in need from the rest of FundTrack, handed over by `app`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    from fundtrack.core.accounts import Map, Preview
    from fundtrack.core.importing import Offer, Said
    from fundtrack.core.model import Portfolio

    AccountsFile = Callable[[Portfolio, Map, bool], Preview]
    """An export already read: what it would bring into a book by these rules; the last argument
    leaves out rows that cannot be read."""
    Tell = Callable[[int, int, str], None]
    """Says how far work is: how much is done, of how much, and what it does; may end it there."""


class ImportFile(Protocol):
    """A file already read. Its functions may take a while, and raise KnownError."""

    @property
    def is_accounts(self) -> bool:
        """Whether it is an export of the accounts, which has a window of its own."""

    def offer(self, portfolio: Portfolio, today: date, said: Said, tell: Tell, /) -> Offer:
        """What it would bring in, given what was said."""

    def write_bad_rows(self, offer: Offer, path: Path, /) -> int:
        """Write the rows that stay out, in their own columns with the reason; how many."""

    def remember(self, offer: Offer, said: Said, /) -> None:
        """Keep what its columns were taken for, for the next file of this shape."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportDoors:
    """Functions that read strangers' files. Each may raise KnownError, and may take a while."""

    open_accounts: Callable[[Path], AccountsFile]
    """Read an export of transactions from the accounts."""
    accounts_rules: Callable[[Path], Map]
    """The rules kept beside a book; none where there is no such file."""
    keep_accounts_rules: Callable[[Path, Map], None]
    """Keep the rules beside a book."""
    open_file: Callable[[Path | str, Portfolio, Tell], ImportFile]
    """Read any file a person may bring, or text that was pasted, and tell what it is."""
    write_table: Callable[[Path, str, Sequence[Sequence[object]]], None]
    """Write a table of this name as a .csv or .xlsx file, its titles the first line."""
