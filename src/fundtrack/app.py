"""Joins the pieces: the day, the rates, the book in its file, the window; and says what went wrong.

Only this module sees all of them. Whatever is slow to import is imported where it is first needed.
"""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from datetime import UTC, date, datetime
from functools import cache, partial
from importlib import import_module
from typing import TYPE_CHECKING

from fundtrack import __version__, assets, places
from fundtrack.core.errors import KnownError
from fundtrack.core.telling import untold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import Any

    from fundtrack.core.accounts import Map
    from fundtrack.core.board_pack import BoardPack
    from fundtrack.core.deadlines import Due
    from fundtrack.core.model import Nation, Portfolio
    from fundtrack.core.rates import Statutory
    from fundtrack.core.telling import Tell
    from fundtrack.gui.file_doors import FileDoors
    from fundtrack.gui.import_doors import AccountsFile, ImportDoors, ImportFile
    from fundtrack.gui.import_doors import Tell as TellMore
    from fundtrack.gui.own_doors import OwnDoors, OwnForm
    from fundtrack.gui.return_doors import ReturnDoors
    from fundtrack.workspace import Workspace

TODAY_VARIABLE = "FUNDTRACK_TODAY"
DEBUG_VARIABLE = "FUNDTRACK_DEBUG"
LOG_NAME = "fundtrack.log"
YEARS = range(1900, 2200)
"""The years a day may be in that the outlook is asked for."""
_LOG_BYTES, _LOGS_KEPT = 500_000, 3
_APRIL = 4


def today() -> date:
    """Return today, or the day `FUNDTRACK_TODAY` names, for tests and pictures.

    Raises KnownError if that names no day.
    """
    asked = os.environ.get(TODAY_VARIABLE)
    if not asked:
        return date.today()  # noqa: DTZ011 - the calendar day of the person at this computer
    with contextlib.suppress(ValueError):
        day = date.fromisoformat(asked)
        if day.year in YEARS:
            return day
    raise KnownError(
        f"{TODAY_VARIABLE} is “{asked}”, which is no day. Write it as 2026-12-01, or unset it"
    )


@cache
def statutory() -> Statutory:
    """Return the statutory rates and bank holidays shipped with FundTrack."""
    from fundtrack.core.rates import Statutory

    return Statutory.read(assets.rates_json(), assets.bank_holidays_json())


def open_workspace(path: Path, *, read_only: bool = False, take_over: bool = False) -> Workspace:
    """Open a book; its owner closes it. `take_over` takes it from whoever has it open.

    Raises KnownError if it is not there, is no book, is newer than this FundTrack, or is damaged.
    """
    from fundtrack.store.opening import open_book
    from fundtrack.workspace import Workspace

    return Workspace(open_book(path, read_only=read_only, take_over=take_over))


def is_older_book(path: Path) -> bool:
    """Tell whether a book was made by an older FundTrack, so that opening it may take a while.

    Whatever is wrong with the file is for the opening to say.
    """
    from fundtrack.store.sqlite import connect, said_kindly
    from fundtrack.store.upgrade import is_older

    try:
        with said_kindly("Nothing was changed"), connect(path, query_only=True) as connection:
            return is_older(path, connection)
    except KnownError:
        return False


def create_book(path: Path, portfolio: Portfolio, label: str = "New book") -> None:
    """Make a new book that holds this portfolio.

    Raises KnownError if a file of that name is there already, or the disk does not oblige.
    """
    from fundtrack.store.opening import create

    create(path, portfolio, label)


def empty_portfolio(name: str, nation: Nation, as_at: date) -> Portfolio:
    """Return a book with nothing in it but the charity's name and the day its balances stand."""
    from fundtrack.core.model import Balances, Organisation, Portfolio

    organisation = Organisation(
        name=name, nation=nation, balances=Balances(as_at=as_at), year_start_month=_APRIL
    )
    return Portfolio(organisation=organisation)


def sample(day: date) -> Portfolio:
    """Return the sample charity, dated so that it has something to say on this day."""
    from fundtrack.exchange.sample import sample_portfolio

    return sample_portfolio(day)


def book_mark(book: Path) -> str:
    """Return what tells a book from others: the same in its copies and backups."""
    from fundtrack.store.backup import identity_of

    return identity_of(book) or book.stem


def signed_in() -> str | None:
    """Return the name the person is signed in to this computer by, if it can be known."""
    from fundtrack.store.who import signed_in as known

    return known()


def back_up(book: Path, tell: Tell = untold) -> Path:
    """Back a book up where backups are kept, and return where that is.

    Raises KnownError if there is no sound book, or no room.
    """
    from fundtrack.store.backup import back_up as make

    _see_it_opens(book)
    return make(book, places.backups(), "asked", tell).path


def save_copy(book: Path, target: Path, tell: Tell = untold) -> None:
    """Copy a book, open or not, to another file, and prove the copy; a file there is replaced.

    Raises KnownError if that cannot be done; what was there still is.
    """
    from fundtrack.store.sqlite import connect, said_kindly
    from fundtrack.store.swap import in_place_of
    from fundtrack.store.upgrade import copy, prove

    _see_it_opens(book)
    with said_kindly("No copy was made; the book is as it was"):
        if target.exists() and target.samefile(book):
            raise KnownError(f"{target.name} is the book itself. Give the copy another name")
        with in_place_of(target) as trial:
            copy(book, trial, tell)
            with connect(trial, query_only=True) as made:
                prove(made)
            tell(0, 0)


def write_calendar(
    book: Path, target: Path, portfolio: Portfolio, found: Sequence[Due], tell: Tell = untold
) -> int:
    """Write due dates of a book to a calendar file, and return how many it holds.

    Raises KnownError if a book or another program's calendar is there, or the disk does not oblige.
    """
    from fundtrack.exchange import calendar, files

    files.refuse_a_book(target)
    mark, now = book_mark(book), datetime.now(UTC)
    return calendar.write_calendar(
        target, found, portfolio, book=mark, today=today(), at=now, tell=tell
    )


def restore(book: Path, backup: Path, tell: Tell = untold, *, take_over: bool = False) -> None:
    """Put a backup in a book's place; the book as it stands is backed up first.

    Raises KnownError if the book is open somewhere or the backup is not sound; it is as it was.
    """
    from fundtrack.store import opening

    opening.restore(book, backup, take_over=take_over, tell=tell)


def board_pack(workspace: Workspace, day: date, since: date | None, prepared_by: str) -> BoardPack:
    """Return the trustees' report on a book, compared with the last meeting or a day before that.

    Raises KnownError if the book's history cannot be read.
    """
    from fundtrack.core import board_pack as packs
    from fundtrack.core.outlook import outlook

    portfolio = workspace.portfolio
    then = since or packs.compared_on(portfolio, day)
    stood = None if then is None else workspace.stood_on(then)
    earlier = None if stood is None or then is None else outlook(stood, statutory(), then)
    return packs.board_pack(
        portfolio,
        outlook(portfolio, statutory(), day),
        earlier,
        prepared_by=prepared_by,
        version=f"FundTrack {__version__}",
    )


def board_pack_pdf(pack: BoardPack, *, large: bool) -> bytes:
    """Return the trustees' report as a PDF, with or without a screen.

    Raises KnownError where no page can be set.
    """
    if sys.platform.startswith("linux"):  # elsewhere there is always a screen
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        from PySide6.QtGui import QGuiApplication

        from fundtrack.gui.board_pack import board_pack_pdf as made
    except ImportError as fault:
        raise KnownError(
            f"No page can be set: this computer lacks something it needs ({fault}). "
            "README.md says what to install; an .xlsx file can be had without"
        ) from fault
    _running = QGuiApplication.instance() or QGuiApplication(["fundtrack"])
    return made(pack, large=large)


def board_pack_workbook(pack: BoardPack) -> bytes:
    """Return the trustees' report as a workbook with the same figures."""
    from fundtrack.exchange.workbook.board_pack import board_pack_workbook as made

    return made(pack, f"FundTrack {__version__}")


def return_doors() -> ReturnDoors:
    """What the window needs to lay out and write returns; what is slow loads when it is used."""
    from fundtrack.gui.return_doors import ReturnDoors

    later = partial(_later, "fundtrack.exchange.returning")
    return ReturnDoors(
        layouts=later("layouts"),
        layout=later("layout"),
        copy_layout=later("copy_layout"),
        laid_out=later("laid_out"),
        written=later("written"),
        written_all=later("written_all"),
        sha256_of=later("sha256_of"),
    )


def _later(module: str, name: str) -> Callable[..., Any]:
    """A function of a module that is imported when the function is first called."""

    def called(*given: object, **named: object) -> Any:  # noqa: ANN401 - whatever that one gives
        return getattr(import_module(module), name)(*given, **named)

    return called


def own_workbook_doors() -> OwnDoors:
    """What the window needs to fill a funder's own workbook; what is slow loads when it is used."""
    from fundtrack.gui.own_doors import OwnDoors

    def opened(path: Path, book: Path) -> OwnForm:
        from fundtrack.exchange import own_form

        return own_form.opened(path, book)

    return OwnDoors(open=opened)


def write_file(path: Path, data: bytes) -> None:
    """Write a file wholly or not at all.

    Raises KnownError if the disk would not take it, or a book stands there.
    """
    from fundtrack.exchange.files import write_whole

    write_whole(path, data)


def file_doors() -> FileDoors:
    """Return what writes exports, and makes and restores backups."""
    from fundtrack.gui.file_doors import FileDoors, Kept

    def export(kind: str, portfolio: Portfolio, target: Path, tell: Tell) -> str:
        from fundtrack.exchange.exporting import export as write

        return write(kind, portfolio, target, tell)

    def backups(book: Path) -> tuple[Kept, ...]:
        from fundtrack.store.backup import backups_of

        found = backups_of(book, places.backups())
        return tuple(Kept(each.path, each.at, each.why) for each in found)

    return FileDoors(export=export, back_up=back_up, backups=backups, restore=restore)


def import_doors() -> ImportDoors:
    """Return what the windows that bring files in need."""
    from fundtrack.gui.import_doors import ImportDoors

    def open_accounts(path: Path) -> AccountsFile:
        from fundtrack.exchange import accounts
        from fundtrack.exchange.tables.reading import read

        book = read(path)
        return lambda portfolio, rules, without: accounts.preview_of(
            book, portfolio, rules, without_faults=without
        )

    def accounts_rules(book: Path) -> Map:
        from fundtrack.core.accounts import Map
        from fundtrack.exchange import accounts

        beside = accounts.map_beside(book)
        return accounts.read_map(beside) if beside.exists() else Map()

    def keep_accounts_rules(book: Path, rules: Map) -> None:
        from fundtrack.exchange import accounts

        accounts.remember(rules, accounts.map_beside(book))

    def open_file(source: Path | str, portfolio: Portfolio, tell: TellMore) -> ImportFile:
        from fundtrack.exchange import importing

        return importing.opened(source, portfolio, tell)

    def write_table(path: Path, name: str, lines: Sequence[Sequence[object]]) -> None:
        from fundtrack.exchange import files
        from fundtrack.exchange.tables import telling

        files.refuse_a_book(path)
        telling.write_table(path, name, lines)

    return ImportDoors(
        open_file=open_file,
        write_table=write_table,
        open_accounts=open_accounts,
        accounts_rules=accounts_rules,
        keep_accounts_rules=keep_accounts_rules,
    )


def _see_it_opens(book: Path) -> None:
    open_workspace(book, read_only=True).close()


def run_window(path: Path | None, arguments: list[str], *, trustee: bool = False) -> int:
    """Open the window on a book, or on the last one used; return the exit code.

    `trustee` opens it in the trustee view: no names, no salaries, nothing can be changed.

    Raises KnownError where no window can be shown.
    """
    if not _has_screen():
        raise KnownError(
            "There is no screen here to show the window on. `fundtrack outlook BOOK` says what the "
            "window would; `fundtrack --help` lists what else can be done without one"
        )
    try:
        from fundtrack.gui.doors import Doors
        from fundtrack.gui.main import run
    except ImportError as fault:
        raise KnownError(
            f"The window cannot be shown: this computer lacks something it needs ({fault}). "
            "README.md says what to install; `fundtrack outlook BOOK` works without"
        ) from fault

    doors = Doors(
        today=today,
        statutory=statutory,
        open_book=lambda book, read_only: open_workspace(book, read_only=read_only),
        take_over=lambda book: open_workspace(book, take_over=True),
        is_older=is_older_book,
        files=file_doors(),
        create=create_book,
        sample=sample,
        save_copy=save_copy,
        write_calendar=write_calendar,
        write_file=write_file,
        board_pack_workbook=board_pack_workbook,
        book_mark=book_mark,
        me=signed_in,
        returns=return_doors(),
        own_workbook=own_workbook_doors(),
        note=note,
        imports=import_doors(),
    )
    return run(path, arguments, doors, trustee=trustee)


def _has_screen() -> bool:
    """Tell whether a window can be shown: Qt ends the program at once where it cannot."""
    if not sys.platform.startswith("linux"):
        return True
    return any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")))


# --- faults ------------------------------------------------------------------------------------


def apology(fault: BaseException) -> str:
    """Note a fault of ours in the log, and return the sentence that owns up to it."""
    where = note(fault)
    kept = f"Details are in {where}" if where else "Details could not be kept"
    return f"FundTrack made a mistake and stopped; what you had saved is as it was. {kept}"


def note(fault: BaseException) -> Path | None:
    """Write where a fault of ours arose to the log, and return it; None if it cannot be written.

    Only its kind and place: what it says may quote a salary.
    """
    import logging
    from logging.handlers import RotatingFileHandler

    path = places.logs() / LOG_NAME
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            path, maxBytes=_LOG_BYTES, backupCount=_LOGS_KEPT, encoding="utf-8"
        )
    except OSError:
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    told = "\n".join(_told(fault))
    handler.emit(logging.LogRecord("fundtrack", logging.ERROR, "", 0, told, None, None))
    handler.close()
    return path


def _told(fault: BaseException | None) -> Iterator[str]:
    while fault is not None:
        yield f"{type(fault).__module__}.{type(fault).__qualname__}"
        yield "".join(traceback.format_tb(fault.__traceback__)).rstrip()
        fault = fault.__cause__ or fault.__context__
