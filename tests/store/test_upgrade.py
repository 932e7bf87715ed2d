"""A book of any age is opened: brought up to date on a copy, which is proved before it is used."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from fundtrack.core.errors import KnownError
from fundtrack.core.plain import portfolio_from_plain
from fundtrack.store.backup import backups_of
from fundtrack.store.opening import open_book
from fundtrack.store.schema import REVISIONS
from fundtrack.store.sqlite import connect
from fundtrack.store.upgrade import HISTORY, History, run_alembic
from fundtrack.workspace import Workspace
from tests.store.charity import CHARITY, a_book, opened, rename
from tests.store.revisions import FOLDER, kept


def shape(book: Path) -> dict[str, tuple[list[object], ...]]:
    """Every table of a book: its columns, whom it refers to, and its indexes, in no order.

    A column that a migration added stands last, and one of a new book in its place: both serve.
    """
    with closing(sqlite3.connect(book)) as plain:

        def asked(pragma: str, name: str) -> list[object]:
            rows = plain.execute(f'PRAGMA {pragma}("{name}")').fetchall()
            return sorted(row[1:] for row in rows)

        tables = plain.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        pragmas = ("table_info", "foreign_key_list", "index_list")
        return {name: tuple(asked(each, name) for each in pragmas) for (name,) in tables}


def version(book: Path) -> str:
    with closing(sqlite3.connect(book)) as plain:
        (found,) = plain.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(found)


# --- every shape ever shipped --------------------------------------------------------------------


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_book_of_every_revision_ever_shipped_opens_and_can_be_changed(
    tmp_path: Path, revision: str
) -> None:
    book = tmp_path / "old.fundtrack"
    kept(revision, book)
    holds = json.loads((FOLDER / f"{revision}.json").read_text(encoding="utf-8"))
    workspace = opened(book)
    assert (workspace.portfolio, ()) == portfolio_from_plain(holds)
    assert [line.kind for line in workspace.journal()] == ["undo", "do", "new"]
    workspace.redo()
    workspace.do(rename(workspace.portfolio, "The Sheriff"))
    workspace.close()
    assert version(book) == REVISIONS[-1]


def test_a_new_book_has_the_shape_that_migrating_from_nothing_gives(tmp_path: Path) -> None:
    migrated = tmp_path / "migrated.fundtrack"
    migrated.touch()
    with connect(migrated) as connection:
        run_alembic(connection, HISTORY)
    assert shape(a_book(tmp_path)) == shape(migrated)
    assert version(migrated) == REVISIONS[-1]


def test_the_list_of_revisions_is_the_folder_of_migrations() -> None:
    folder = ScriptDirectory(str(HISTORY.folder))
    written = [script.revision for script in folder.walk_revisions()]
    assert tuple(reversed(written)) == REVISIONS


def test_alembic_is_not_loaded_to_make_open_or_change_a_book(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", WITHOUT_ALEMBIC, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "False"


WITHOUT_ALEMBIC = """
import sys
from pathlib import Path
from tests.store.charity import a_book, opened, rename
workspace = opened(a_book(Path(sys.argv[1])))
workspace.do(rename(workspace.portfolio, "The Mayor"))
workspace.close()
print("alembic" in sys.modules)
"""


# --- a made-up next revision ---------------------------------------------------------------------

LATEST = REVISIONS[-1]
NEW = f"{int(LATEST) + 1:04}"
NEXT = f"""
import sqlalchemy as sa
from alembic import op

revision = "{NEW}"
down_revision = "{LATEST}"


def upgrade():
    op.create_table("wishes", sa.Column("key", sa.Text, primary_key=True))
    with op.batch_alter_table("funders") as funders:  # makes the table anew
        funders.alter_column("notes", new_column_name="remarks")
    with op.batch_alter_table("funders") as funders:
        funders.alter_column("remarks", new_column_name="notes")
"""


def a_history(tmp_path: Path, also: str = "") -> History:
    """The revisions there are, and one more; `also` is done in it too."""
    folder = tmp_path / "migrations 100%"
    shutil.copytree(HISTORY.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
    step = NEXT + "".join(f"    {line}\n" for line in also.splitlines())
    (folder / "versions" / f"r{NEW}_wishes.py").write_text(step, encoding="utf-8")
    return History(folder, (*REVISIONS, NEW))


def test_an_older_book_is_backed_up_and_brought_up_to_date_with_nothing_lost(
    tmp_path: Path, home: Path
) -> None:
    book = a_book(tmp_path)
    store = open_book(book, history=a_history(tmp_path))
    workspace = Workspace(store)
    assert workspace.portfolio == CHARITY  # above all, whoever refers to a funder still does
    assert version(book) == NEW
    workspace.do(rename(CHARITY, "The Mayor"))
    workspace.close()
    before = [each for each in backups_of(book, home / "backups") if each.why == "update"]
    assert [version(each.path) for each in before] == [LATEST]
    assert sorted(each.name for each in tmp_path.iterdir()) == [book.name, "migrations 100%"]


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ("op.execute('DELETE FROM actuals')", "rows of actuals were lost"),
        ("op.execute(\"UPDATE awards SET funder = 'nobody'\")", "refers to one that is not there"),
        ("op.execute(\"UPDATE posts SET salary = 'lots'\")", "cannot be understood"),
        ("op.execute(\"UPDATE awards SET stage = 'won'\")", "cannot be understood"),
        ("op.execute(\"UPDATE funders SET name = ''\")", "a record holds what it cannot"),
    ],
)
def test_a_step_that_does_harm_is_found_out_and_the_book_is_as_it_was(
    tmp_path: Path, step: str, says: str
) -> None:
    book = a_book(tmp_path)
    before = book.read_bytes()
    with pytest.raises(KnownError, match=says):
        open_book(book, history=a_history(tmp_path, step))
    assert book.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == [book.name, "migrations 100%"]


def test_a_step_that_fails_leaves_the_book_byte_for_byte_as_it_was(tmp_path: Path) -> None:
    book = a_book(tmp_path)
    before = book.read_bytes()
    history = a_history(tmp_path, "raise ZeroDivisionError")
    with pytest.raises(ZeroDivisionError):
        open_book(book, history=history)
    assert book.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == [book.name, "migrations 100%"]
    workspace = opened(book)
    assert workspace.portfolio == CHARITY
    workspace.close()


def test_an_older_book_opened_to_read_is_not_changed_behind_its_reader_s_back(
    tmp_path: Path,
) -> None:
    book = a_book(tmp_path)
    before = book.read_bytes()
    with pytest.raises(KnownError, match="Open it once for changes"):
        open_book(book, read_only=True, history=a_history(tmp_path))
    assert book.read_bytes() == before


def test_an_older_book_that_cannot_be_backed_up_is_not_brought_up_to_date(tmp_path: Path) -> None:
    book = a_book(tmp_path)
    before = book.read_bytes()
    (tmp_path / "backups").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(KnownError, match="No backup was made"):
        open_book(book, backups=tmp_path / "backups", history=a_history(tmp_path))
    assert book.read_bytes() == before


def test_the_trial_copy_a_crash_left_behind_is_cleared_away(tmp_path: Path) -> None:
    book = a_book(tmp_path)
    left = tmp_path / f".{book.name}.0123456789ab.new"
    left.write_bytes(book.read_bytes())
    other = tmp_path / f".another{book.name}.0123456789ab.new"
    other.touch()
    opened(book).close()
    assert not left.exists()
    assert other.exists()
