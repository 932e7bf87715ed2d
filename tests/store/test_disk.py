"""A full or write-protected disk is said kindly, and leaves the book as it was."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fundtrack.core.edit import Edit, add
from fundtrack.core.errors import KnownError
from fundtrack.core.model import Actual
from fundtrack.store.backup import back_up, backups_of
from fundtrack.store.opening import create, open_book, restore
from fundtrack.store.store import BookStore
from fundtrack.workspace import Workspace
from tests.store.charity import CHARITY, a_book, opened, rename
from tests.store.writers import A_DAY

FULL = (
    "The disk is full. Your last change was not saved; everything before it was. "
    "Free some space, then try again"
)
PAID = Edit(
    "Bring in the accounts",
    tuple(add("actuals", Actual(key=f"k{n}", on=A_DAY, amount=n)) for n in range(3000)),
)


def test_a_full_disk_is_said_and_the_change_can_be_tried_again(tmp_path: Path) -> None:
    workspace = opened(a_book(tmp_path))
    assert isinstance(workspace.store, BookStore)
    workspace.do(rename(CHARITY, "The Mayor"))
    before = workspace.portfolio
    limit = "PRAGMA max_page_count = {}"  # as if the disk ended here
    workspace.store._connection.exec_driver_sql(limit.format(1))
    workspace.store._connection.commit()
    with pytest.raises(KnownError) as told:
        workspace.do(PAID)
    assert str(told.value) == FULL
    assert workspace.portfolio == workspace.store.load() == before
    workspace.store._connection.exec_driver_sql(limit.format(100_000))
    workspace.store._connection.commit()
    workspace.do(PAID)
    assert workspace.store.load() == workspace.portfolio
    workspace.close()


def test_a_book_that_becomes_write_protected_while_open_says_so(tmp_path: Path) -> None:
    workspace = opened(a_book(tmp_path))
    assert isinstance(workspace.store, BookStore)
    workspace.store._connection.exec_driver_sql("PRAGMA query_only = ON")
    workspace.store._connection.commit()
    with pytest.raises(KnownError, match=r"cannot be written to where it is\. Your last change"):
        workspace.do(rename(CHARITY, "The Mayor"))
    assert workspace.portfolio == workspace.store.load() == CHARITY
    workspace.close()


@pytest.mark.skipif(sys.platform == "win32", reason="there, no program is told how much to write")
def test_a_file_that_may_grow_no_further_keeps_what_it_has(tmp_path: Path) -> None:
    book = a_book(tmp_path)
    told = subprocess.run(
        [sys.executable, "-c", WRITE_WITH_A_LIMIT, str(book)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Your last change was not saved; everything before it was" in told.stdout
    workspace = opened(book)
    assert workspace.portfolio.funders_by_key["pcc"].name == "The Mayor"
    assert len(workspace.portfolio.actuals) == 1
    workspace.close()


WRITE_WITH_A_LIMIT = """
import resource, sys
from pathlib import Path
from fundtrack.core.errors import KnownError
from tests.store.charity import CHARITY, opened, rename
from tests.store.test_disk import PAID
book = Path(sys.argv[1])
workspace = opened(book)
workspace.do(rename(CHARITY, "The Mayor"))
resource.setrlimit(resource.RLIMIT_FSIZE, (book.stat().st_size + 5000, resource.RLIM_INFINITY))
try:
    workspace.do(PAID)
except KnownError as fault:
    print(fault)
workspace.close()
"""


# --- a real disk, small enough to fill -----------------------------------------------------------


class SmallDisk:
    """A disk of a few megabytes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "holiday.mov"

    def fill(self, but: int = 0) -> None:
        """Leave so many bytes free."""
        free = shutil.disk_usage(self.folder).free
        with self._ballast.open("ab") as file:
            file.write(b"\0" * max(0, free - but))

    def free(self) -> None:
        """Make room again."""
        self._ballast.unlink(missing_ok=True)

    def protect(self) -> None:
        """Slide the little switch at its side."""
        mount("-o", "remount,ro", str(self.folder))

    def names(self) -> list[str]:
        """What is on it."""
        return sorted(each.name for each in self.folder.iterdir())


def mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)  # noqa: S607


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    folder = tmp_path / "stick"
    folder.mkdir()
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("only root may mount a disk")
    try:
        mount("-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder))
    except subprocess.CalledProcessError as fault:
        pytest.skip(f"no disk may be mounted here: {fault.stderr.decode().strip()}")
    yield SmallDisk(folder)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607


def test_a_real_disk_filled_to_any_degree_loses_nothing(disk: SmallDisk) -> None:
    book = a_book(disk.folder)
    workspace = opened(book)
    refused = []
    for number, free in enumerate(range(0, 120_000, 8_000)):
        some = Edit(PAID.label, PAID.changes[number * 50 : number * 50 + 50])
        disk.fill(but=free)
        before = workspace.portfolio
        try:
            workspace.do(some)
        except KnownError as fault:
            refused.append(str(fault))
            assert workspace.portfolio is before
        assert workspace.store.load() == workspace.portfolio
        disk.free()
    assert set(refused) == {FULL}
    workspace.do(rename(CHARITY, "The Mayor"))
    workspace.close()
    assert disk.names() == [book.name]


def test_a_book_on_a_full_disk_can_still_be_read(disk: SmallDisk) -> None:
    book = a_book(disk.folder)
    disk.fill()
    workspace = opened(book)
    assert workspace.portfolio == CHARITY
    with pytest.raises(KnownError):
        workspace.do(PAID)
    workspace.close()
    disk.free()
    assert disk.names() == [book.name]


@pytest.mark.parametrize("free", [0, 4096, 40_000])
def test_what_a_full_disk_cannot_take_is_not_there_by_half(
    disk: SmallDisk, tmp_path: Path, home: Path, free: int
) -> None:
    book = a_book(tmp_path)
    held = back_up(book, home / "backups", "asked").path
    on_stick = a_book(disk.folder)
    before = on_stick.read_bytes()
    disk.fill(but=free)
    names = disk.names()
    attempts: list[Callable[[], object]] = [
        lambda: create(disk.folder / "New.fundtrack", CHARITY),
        lambda: back_up(book, disk.folder / "backups", "asked"),
        lambda: restore(on_stick, held),
    ]
    for attempt in attempts:
        with pytest.raises(KnownError, match="The disk is full"):
            attempt()
    assert on_stick.read_bytes() == before
    assert backups_of(book, disk.folder / "backups") == ()
    disk.free()
    assert [name for name in disk.names() if name != "backups"] == [
        name for name in names if name != "holiday.mov"
    ]


def test_a_book_on_a_write_protected_disk_is_read_and_says_why_it_cannot_be_changed(
    disk: SmallDisk,
) -> None:
    book = a_book(disk.folder)
    disk.protect()
    workspace = Workspace(open_book(book))
    assert workspace.portfolio == CHARITY
    assert "copy it to a folder of your own" in workspace.read_only_because
    with pytest.raises(KnownError, match="copy it to a folder of your own"):
        workspace.do(rename(CHARITY, "The Mayor"))
    workspace.close()
    with pytest.raises(KnownError, match="No book was made"):
        create(disk.folder / "New.fundtrack", CHARITY)
    assert disk.names() == [book.name]


def test_a_book_half_saved_by_a_crash_on_a_now_protected_disk_says_what_to_copy(
    disk: SmallDisk, tmp_path: Path
) -> None:
    book = a_book(disk.folder)
    subprocess.run(
        [sys.executable, "-c", DIE_HALF_WAY, str(book)], check=False, capture_output=True
    )
    names = disk.names()
    assert f"{book.name}-journal" in names
    disk.protect()
    with pytest.raises(KnownError, match="ends in -journal"):
        opened(book)
    for name in names:  # doing as told
        shutil.copy(disk.folder / name, tmp_path / name)
    workspace = opened(tmp_path / book.name)
    assert workspace.portfolio == CHARITY
    workspace.close()


DIE_HALF_WAY = """
import sys
from pathlib import Path
from tests.store.writers import be_killed_half_way
be_killed_half_way(Path(sys.argv[1]))
"""
