"""Backups make themselves, are proved, grow sparse with age, and can be put back."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundtrack.core.edit import Edit, add
from fundtrack.core.errors import KnownError
from fundtrack.core.model import Funder
from fundtrack.store import backup, upgrade
from fundtrack.store.backup import Backup, back_up, backups_of, kept
from fundtrack.store.lock import lock_path
from fundtrack.store.opening import open_book, restore
from fundtrack.store.swap import journal_of
from tests.store.charity import CHARITY, a_book, opened, rename

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return a_book(tmp_path)


@pytest.fixture
def backups(home: Path) -> Path:
    return home / "backups"


def holds(path: Path) -> object:
    store = open_book(path, read_only=True)
    portfolio = store.load()
    store.close()
    return portfolio


# --- made by themselves --------------------------------------------------------------------------


def test_the_first_opening_of_a_day_makes_a_backup_and_the_second_none(
    book: Path, backups: Path
) -> None:
    opened(book).close()
    opened(book).close()
    (only,) = backups_of(book, backups)
    assert only.why == "opening"
    assert holds(only.path) == CHARITY


def test_reading_a_book_makes_no_backup(book: Path, backups: Path) -> None:
    open_book(book, read_only=True).close()
    assert backups_of(book, backups) == ()


def test_an_import_is_backed_up_before_it_is_made(book: Path, backups: Path) -> None:
    workspace = opened(book)
    workspace.do(rename(CHARITY, "The Mayor"))
    before = workspace.portfolio
    found = Edit("Bring in funders", (add("funders", Funder(key="new", name="New")),))
    workspace.do(found, kind="import")
    workspace.close()
    latest = backups_of(book, backups)[0]
    assert latest.why == "import"
    assert holds(latest.path) == before


def test_a_backup_that_cannot_be_made_keeps_nobody_from_their_book(book: Path, home: Path) -> None:
    (home / "backups").write_text("a file where the folder should be", encoding="utf-8")
    store = open_book(book)
    assert store.read_only is None
    assert len(store.notes) == 1
    assert "Today's backup could not be made" in store.notes[0]
    with pytest.raises(KnownError, match="No backup was made"):
        store.write(rename(CHARITY, "The Mayor"), kind="import")
    assert store.load() == CHARITY
    store.close()


def test_a_backup_that_differs_from_its_book_is_not_kept(
    book: Path, backups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = upgrade.copy

    def wrong(source: Path, target: Path, *_: object) -> None:
        right(source, target)
        with closing(sqlite3.connect(target)) as plain:
            plain.execute("UPDATE posts SET salary = salary + 1")
            plain.commit()

    monkeypatch.setattr(backup, "copy", wrong)
    with pytest.raises(KnownError, match="does not hold what the book holds"):
        back_up(book, backups, "asked")
    assert backups_of(book, backups) == ()
    assert [each for each in backups.rglob("*") if each.is_file()] == []


def test_two_charities_with_books_of_one_name_keep_their_backups_apart(
    tmp_path: Path, backups: Path
) -> None:
    for folder in ("here", "there"):
        (tmp_path / folder).mkdir()
    here, there = a_book(tmp_path / "here"), a_book(tmp_path / "there")
    back_up(here, backups, "asked")
    assert len(backups_of(here, backups)) == 1
    assert backups_of(there, backups) == ()


def test_a_book_that_was_renamed_still_finds_its_backups(book: Path, backups: Path) -> None:
    made = back_up(book, backups, "asked")
    renamed = book.rename(book.with_name("Harbour 2.fundtrack"))
    assert backups_of(renamed, backups) == (made,)


# --- growing sparse ------------------------------------------------------------------------------


def test_of_three_years_of_daily_backups_a_sensible_few_are_kept() -> None:
    daily = [NOON - timedelta(days=ago) for ago in range(3 * 365)]
    keeping = sorted(kept(daily), reverse=True)
    assert keeping[:30] == daily[:30]
    assert [f"{at:%Y-%m-%d}" for at in keeping[30:]] == [
        *("2026-09-30", "2026-08-31", "2026-07-31", "2026-06-30", "2026-05-31", "2026-04-30"),
        *("2026-03-31", "2026-02-28", "2026-01-31", "2025-12-31"),
    ]


def test_a_busy_day_keeps_its_latest_ten() -> None:
    busy = [NOON - timedelta(minutes=ago) for ago in range(40)]
    assert kept(busy) == set(busy[:10])


@given(st.lists(st.datetimes(timezones=st.just(UTC)), max_size=120))
def test_thinning_out_keeps_the_latest_and_can_be_done_again(ats: list[datetime]) -> None:
    keeping = kept(ats)
    assert keeping <= set(ats)
    assert len(keeping) <= 10 + 30 + 12
    assert set(sorted(set(ats))[-10:]) <= keeping
    assert kept(keeping) == keeping


def test_old_backups_are_removed_and_a_stranger_s_file_is_not(book: Path, backups: Path) -> None:
    first = back_up(book, backups, "asked")
    mine = first.path.with_name("my own copy.fundtrack")
    mine.touch()
    for _ in range(11):
        back_up(book, backups, "asked")
    assert len(backups_of(book, backups)) == 10
    assert not first.path.exists()
    assert mine.exists()


# --- putting back --------------------------------------------------------------------------------


@pytest.fixture
def yesterday(book: Path, backups: Path) -> Backup:
    """A backup, after which the book was changed."""
    made = back_up(book, backups, "asked")
    workspace = opened(book)
    workspace.do(rename(CHARITY, "The Mayor"))
    workspace.close()
    return made


def test_a_restored_book_holds_what_the_backup_held_and_its_history_says_so(
    book: Path, backups: Path, yesterday: Backup
) -> None:
    before = holds(book)
    restore(book, yesterday.path)
    workspace = opened(book)
    assert workspace.portfolio == CHARITY
    line = workspace.journal(1)[0]
    assert line.kind == "restore"
    assert line.label.startswith("Restore the backup of ")
    workspace.do(rename(CHARITY, "The Sheriff"))
    workspace.close()
    (kept_before,) = [each for each in backups_of(book, backups) if each.why == "restore"]
    assert holds(kept_before.path) == before
    restore(book, kept_before.path)
    assert holds(book) == before


def test_a_book_somebody_has_open_is_not_restored_under_them(book: Path, yesterday: Backup) -> None:
    workspace = opened(book)
    with pytest.raises(KnownError, match="Have it closed there first"):
        restore(book, yesterday.path)
    workspace.do(rename(workspace.portfolio, "The Sheriff"))
    workspace.close()


def test_a_damaged_book_is_restored_and_kept_for_whoever_can_mend_it(
    book: Path, backups: Path, yesterday: Backup
) -> None:
    book.write_bytes(b"\x00" * 5000)
    journal_of(book).write_bytes(b"a rollback journal of the damaged book")
    restore(book, yesterday.path)
    assert holds(book) == CHARITY
    (damaged,) = (backups / "Harbour-damaged").glob("*.fundtrack")
    assert damaged.read_bytes() == b"\x00" * 5000


def test_the_backups_of_a_damaged_book_are_found_by_its_name(
    book: Path, backups: Path, yesterday: Backup
) -> None:
    book.write_bytes(b"\x00" * 5000)
    assert yesterday in backups_of(book, backups)


def test_a_lost_book_is_restored_to_where_it_was(book: Path, yesterday: Backup) -> None:
    book.unlink()
    journal_of(book).write_bytes(b"what a crash left of the lost book")
    restore(book, yesterday.path)
    assert not journal_of(book).exists()  # or it would be played into the restored book
    assert holds(book) == CHARITY


@pytest.mark.parametrize("harm", ["torn", "other", "newer"])
def test_what_is_not_a_sound_backup_is_not_put_back(
    book: Path, yesterday: Backup, harm: str
) -> None:
    whole = yesterday.path.read_bytes()
    if harm == "torn":
        yesterday.path.write_bytes(whole[: len(whole) // 2])
    elif harm == "other":
        yesterday.path.write_text("notes", encoding="utf-8")
    else:
        with closing(sqlite3.connect(yesterday.path)) as plain:
            plain.execute("UPDATE alembic_version SET version_num = '9999'")
            plain.commit()
    before = book.read_bytes()
    with pytest.raises(KnownError):
        restore(book, yesterday.path)
    assert book.read_bytes() == before
    assert [each.name for each in book.parent.iterdir()] == [book.name]
    assert not lock_path(book).exists()
