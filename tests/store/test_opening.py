"""A book is opened when it is sound, and by one person at a time; else it says kindly why not."""

import errno
import json
import os
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from fundtrack.core.errors import KnownError, RefusedError
from fundtrack.store import lock, opening
from fundtrack.store.lock import Holder, Lock, acquire, lock_path
from fundtrack.store.opening import create, open_book
from fundtrack.workspace import Workspace
from tests.store.charity import CHARITY, a_book, opened, rename


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return a_book(tmp_path)


# --- what cannot be opened ---------------------------------------------------------------------


def test_a_book_that_is_not_there_is_not_made_by_opening_it(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="There is no book at"):
        open_book(tmp_path / "gone.fundtrack")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_not_a_book(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="is a folder"):
        open_book(tmp_path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a workbook", b"key,title\r\np1,Adviser\r\n"])
def test_another_kind_of_file_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "budget.xlsx"
    path.write_bytes(content)
    with pytest.raises(KnownError, match="is not a FundTrack book") as told:
        open_book(path)
    assert "import the file" in str(told.value)
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_another_program_s_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "photos.db"
    with sqlite3.connect(path) as plain:
        plain.execute("CREATE TABLE photos (name TEXT)")
    plain.close()
    before = path.read_bytes()
    with pytest.raises(KnownError, match="is not a FundTrack book"):
        open_book(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_damaged_book_is_not_opened_and_the_backup_is_pointed_to(book: Path) -> None:
    whole = book.read_bytes()
    book.write_bytes(whole[:4096] + b"\xff" * 4096 + whole[8192:])
    with pytest.raises(KnownError, match="Restore the latest backup"):
        opened(book)
    assert not lock_path(book).exists()


def test_half_a_book_is_not_opened(book: Path) -> None:
    whole = book.read_bytes()
    book.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(KnownError, match="Restore the latest backup"):
        opened(book)


def test_a_book_from_a_newer_fundtrack_is_refused_politely_and_not_touched(book: Path) -> None:
    with sqlite3.connect(book) as plain:
        plain.execute("UPDATE alembic_version SET version_num = '9999'")
    plain.close()
    before = book.read_bytes()
    for read_only in (False, True):
        with pytest.raises(KnownError, match=r"newer FundTrack.*Install the newest FundTrack"):
            open_book(book, read_only=read_only)
    assert book.read_bytes() == before
    assert [each.name for each in book.parent.iterdir()] == [book.name]


def test_a_book_of_any_name_can_be_opened(tmp_path: Path) -> None:
    path = tmp_path / "50% #1 über? “ours” & more.fundtrack"
    create(path, CHARITY)
    workspace = opened(path)
    assert workspace.portfolio == CHARITY
    workspace.close()


# --- one writer --------------------------------------------------------------------------------


def test_opening_and_closing_leaves_nothing_beside_the_book(book: Path) -> None:
    workspace = opened(book)
    workspace.do(rename(CHARITY, "The Mayor"))
    assert lock_path(book).exists()
    workspace.close()
    workspace.close()
    assert [each.name for each in book.parent.iterdir()] == [book.name]


def test_the_second_to_open_a_book_may_read_it_and_is_told_who_has_it(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "sam")
    monkeypatch.setattr("socket.gethostname", lambda: "OFFICE-2")
    first, second = opened(book), opened(book)
    assert not first.read_only
    assert "sam on OFFICE-2, since " in second.read_only_because
    with pytest.raises(KnownError, match="have it closed there first"):
        second.do(rename(CHARITY, "The Mayor"))
    first.do(rename(CHARITY, "The Mayor"))
    first.close()
    second.close()
    third = opened(book)
    assert not third.read_only
    third.close()


def test_reading_takes_no_lock(book: Path) -> None:
    reader = Workspace(open_book(book, read_only=True))
    writer = opened(book)
    assert not writer.read_only
    writer.close()
    reader.close()


def test_the_lock_of_a_program_that_was_killed_is_taken_over(book: Path) -> None:
    holding = holder_of(book)
    other = opened(book)
    assert str(holding.pid) in lock_path(book).read_text(encoding="utf-8")
    assert other.read_only
    other.close()
    holding.send_signal(signal.SIGKILL)
    holding.communicate()
    assert lock_path(book).exists()
    ours = opened(book)
    assert not ours.read_only
    ours.close()
    assert not lock_path(book).exists()


def test_a_lock_from_another_computer_is_honoured_until_taken_over_knowingly(book: Path) -> None:
    elsewhere = {"host": "LAPTOP", "pid": 1, "user": "ann", "opened_at": "", "token": "theirs"}
    lock_path(book).write_text(json.dumps(elsewhere), encoding="utf-8")
    honoured = opened(book)
    assert "ann on LAPTOP" in honoured.read_only_because
    honoured.close()
    assert json.loads(lock_path(book).read_text(encoding="utf-8")) == elsewhere
    store = open_book(book, take_over=True)
    assert store.read_only is None
    store.close()
    assert not lock_path(book).exists()


def test_whoever_loses_the_book_is_told_at_their_next_change(book: Path) -> None:
    first = opened(book)
    second = Workspace(open_book(book, take_over=True))
    with pytest.raises(KnownError, match="has been taken over"):
        first.do(rename(CHARITY, "The Mayor"))
    first.close()
    second.do(rename(CHARITY, "The Sheriff"))  # the first one's closing has not let it go
    third = opened(book)
    assert third.read_only
    third.close()
    second.close()
    assert not lock_path(book).exists()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"host": "LAPTOP"}'])
def test_a_lock_nobody_can_read_does_not_keep_a_person_out(book: Path, content: str) -> None:
    lock_path(book).write_text(content, encoding="utf-8")
    workspace = opened(book)
    assert not workspace.read_only
    workspace.close()


def test_of_many_programs_that_open_a_book_at_once_just_one_may_change_it(book: Path) -> None:
    lock_path(book).write_text("{}", encoding="utf-8")  # and a crash has left this
    asked = [start(OPEN_AND_TELL, book) for _ in range(4)]
    assert sorted(line_of(each) for each in asked) == ["reads", "reads", "reads", "writes"]
    for each in asked:
        each.communicate("\n")


def test_a_book_let_go_of_and_taken_between_our_look_and_our_grasp_is_theirs(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = acquire(book)
    assert isinstance(first, Lock)
    grasp = lock._hold
    taken: list[Lock | Holder] = []

    def late(handle: int) -> bool | None:
        monkeypatch.setattr(lock, "_hold", grasp)
        first.release()
        taken.append(acquire(book))
        return grasp(handle)  # of a file that is no longer there

    monkeypatch.setattr(lock, "_hold", late)
    ours = acquire(book)
    (theirs,) = taken
    assert isinstance(theirs, Lock)
    assert isinstance(ours, Holder)
    theirs.release()


def test_however_closely_they_follow_each_other_only_one_has_the_book(book: Path) -> None:
    having: list[int] = []
    at_once: list[int] = []

    def come_and_go(number: int) -> int:
        times = 0
        for _ in range(60):
            claim = acquire(book)
            if isinstance(claim, Lock):
                having.append(number)
                at_once.append(len(having))
                having.remove(number)
                claim.release()
                times += 1
        return times

    with ThreadPoolExecutor(8) as pool:
        times = sum(pool.map(come_and_go, range(8)))
    assert times > 0
    assert set(at_once) == {1}
    assert not lock_path(book).exists()


def test_a_book_replaced_behind_our_back_is_not_written_to(book: Path, tmp_path: Path) -> None:
    workspace = opened(book)
    (tmp_path / "elsewhere").mkdir()
    os.replace(a_book(tmp_path / "elsewhere"), book)  # noqa: PTH105 - as a cloud's folder does
    before = book.read_bytes()
    with pytest.raises(KnownError, match="moved, removed or replaced"):
        workspace.do(rename(CHARITY, "The Mayor"))
    assert book.read_bytes() == before
    book.unlink()
    with pytest.raises(KnownError, match="moved, removed or replaced"):
        workspace.do(rename(CHARITY, "The Mayor"))
    workspace.close()


def test_a_book_another_program_holds_too_long_is_not_waited_for_without_end(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fundtrack.store.sqlite.SECONDS_TO_WAIT", 0)
    workspace = opened(book)
    other = sqlite3.connect(book, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(KnownError, match="Another program is using the book"):
        workspace.do(rename(CHARITY, "The Mayor"))
    other.close()
    workspace.do(rename(CHARITY, "The Mayor"))
    workspace.close()


# --- where nothing can be written --------------------------------------------------------------


def test_a_write_protected_book_can_be_read_and_says_why(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    workspace = opened(book)
    assert workspace.portfolio == CHARITY
    assert "copy it to a folder of your own" in workspace.read_only_because
    workspace.close()


def test_a_folder_that_takes_no_file_lets_its_book_be_read(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(opening, "acquire", no)
    workspace = opened(book)
    assert workspace.portfolio == CHARITY
    assert "Read-only file system" in workspace.read_only_because
    workspace.close()


def test_making_a_book_where_there_is_no_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="No book was made"):
        create(tmp_path / "nowhere" / "Harbour.fundtrack", CHARITY)


def test_a_book_that_cannot_be_made_leaves_nothing_behind(tmp_path: Path) -> None:
    wrong = replace(CHARITY, funders=())
    with pytest.raises(RefusedError, match="funders"):
        a_book(tmp_path, wrong)
    assert list(tmp_path.iterdir()) == []


# --- other programs ----------------------------------------------------------------------------

OPEN_AND_TELL = """
import sys
from pathlib import Path
from fundtrack.store.opening import open_book
store = open_book(Path(sys.argv[1]))
print("reads" if store.read_only else "writes", flush=True)
sys.stdin.readline()
store.close()
"""


def start(program: str, book: Path) -> subprocess.Popen[str]:
    """Start a program that opens the book."""
    command = [sys.executable, "-c", program, str(book)]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def line_of(program: subprocess.Popen[str]) -> str:
    """The next line it says."""
    assert program.stdout is not None
    return program.stdout.readline().strip()


def holder_of(book: Path) -> subprocess.Popen[str]:
    """A program that has the book open for changes."""
    program = start(OPEN_AND_TELL, book)
    assert line_of(program) == "writes"
    return program
