"""A program may be killed at any moment: what it said was saved is saved, and the book opens."""

import multiprocessing
import random
import signal
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from fundtrack.store.opening import open_book
from fundtrack.store.swap import journal_of
from fundtrack.workspace import Workspace
from tests.store.charity import CHARITY, a_book, opened, quick_folder, rename
from tests.store.writers import be_killed_half_way, numbered, write_until_killed

if "forkserver" not in multiprocessing.get_all_start_methods():
    pytest.skip("needs a system that can kill at any moment", allow_module_level=True)

EDITS = 1000


@pytest.fixture(scope="module")
def programs() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.store.writers"])
    return context


@pytest.fixture
def folder() -> Iterator[Path]:
    with quick_folder() as quick:
        yield quick


def test_of_a_thousand_edits_killed_at_any_moment_none_that_was_saved_is_lost(
    folder: Path, programs: ForkServerContext
) -> None:
    chance = random.Random(20261122)  # noqa: S311 - any moments will do, but the same each time
    book, stands, made, kills = a_book(folder), CHARITY, 0, 0
    while made < EDITS:
        hears, tells = programs.Pipe(duplex=False)
        writer = programs.Process(target=write_until_killed, args=(book, made + 1, tells))
        writer.start()
        tells.close()
        saved = last_heard(hears, chance.randrange(40), made)
        time.sleep(chance.random() / 100)  # an edit takes a part of that
        writer.kill()
        writer.join()
        saved = last_heard(hears, EDITS, saved)
        kills += 1

        workspace = opened(book)
        assert not workspace.read_only
        lines = len(workspace.journal())
        assert saved <= lines - 1 <= saved + 1  # the last may be saved, and not yet told
        while made < lines - 1:
            made += 1
            stands = numbered(made, stands).apply(stands)
        assert workspace.portfolio == stands
        workspace.close()
    assert kills >= EDITS // 40


def test_an_edit_killed_half_way_is_undone_by_whoever_opens_the_book_next(
    folder: Path, programs: ForkServerContext
) -> None:
    book = a_book(folder)
    before = book.stat().st_size
    writer = programs.Process(target=be_killed_half_way, args=(book,))
    writer.start()
    writer.join()
    assert writer.exitcode == -signal.SIGKILL
    assert journal_of(book).exists()
    assert book.stat().st_size > 2 * before  # some of it is in the file
    reader = Workspace(open_book(book, read_only=True))
    assert reader.portfolio == CHARITY
    reader.close()
    workspace = opened(book)
    assert workspace.portfolio == CHARITY
    workspace.do(rename(CHARITY, "The Mayor"))
    workspace.close()
    assert [each.name for each in folder.iterdir()] == [book.name]


def last_heard(hears: Connection, most: int, heard: int) -> int:
    """Return the last number told, after so many more or when there is no more."""
    for _ in range(most):
        try:
            heard = hears.recv()
        except (EOFError, OSError):
            break
    return heard
