"""What the window needs from the rest of FundTrack, handed to it by `app` when it starts.

The window itself opens no file and knows no database: these are its only doors to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    from fundtrack.core.board_pack import BoardPack
    from fundtrack.core.deadlines import Due
    from fundtrack.core.model import Portfolio
    from fundtrack.core.rates import Statutory
    from fundtrack.core.telling import Tell
    from fundtrack.gui.file_doors import FileDoors
    from fundtrack.gui.import_doors import ImportDoors
    from fundtrack.gui.own_doors import OwnDoors
    from fundtrack.gui.return_doors import ReturnDoors
    from fundtrack.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """Functions that open, make and copy books, and tell the day. Each may raise KnownError."""

    today: Callable[[], date]
    statutory: Callable[[], Statutory]
    open_book: Callable[[Path, bool], Workspace]
    """Open a book; the second argument asks for reading only."""
    take_over: Callable[[Path], Workspace] | None = None
    """Open a book for changes that somebody else has open, if that can be done."""
    is_older: Callable[[Path], bool] | None = None
    """Tell whether a book must be brought up to date first, which may take a while."""
    create: Callable[[Path, Portfolio], None]
    """Make a new book that holds this portfolio. Refuses to replace a file."""
    sample: Callable[[date], Portfolio]
    """The sample charity, dated for this day."""
    save_copy: Callable[[Path, Path, Tell], None]
    """Copy an open book to another file."""
    write_calendar: Callable[[Path, Path, Portfolio, Sequence[Due], Tell], int] | None = None
    """Write due dates of a book to a calendar file; return how many it holds."""
    write_file: Callable[[Path, bytes], None]
    """Write a file wholly or not at all; a book is never replaced by one."""
    board_pack_workbook: Callable[[BoardPack], bytes]
    """The trustees' report as an Excel workbook."""
    book_mark: Callable[[Path], str] = str
    """What tells a book from others, wherever it is kept."""
    me: Callable[[], str | None] = lambda: None
    """The name this person is signed in to the computer by, as the journal has it."""
    returns: ReturnDoors | None = None
    """What lays out and writes returns."""
    note: Callable[[BaseException], object]
    """Keep where a fault of ours arose, for whoever mends it, and nothing personal."""
    files: FileDoors | None = None
    """What writes exports, and makes and restores backups."""
    own_workbook: OwnDoors | None = None
    """What opens a funder's own workbook."""
    imports: ImportDoors | None = None
    """What the windows that bring files in need."""
