"""Keeps one small book of every shape ever shipped, as text: `python -m tests.store.revisions`.

Run it once when a revision is added, and never again for that revision.
"""

import json
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from fundtrack.core.plain import portfolio_to_plain
from fundtrack.store.opening import create, open_book
from fundtrack.store.schema import REVISIONS
from tests.store.charity import CHARITY, rename

FOLDER = Path(__file__).resolve().parents[1] / "data" / "revisions"


def keep() -> None:
    """Write a book of the latest shape, with a little history, and what it holds."""
    latest = REVISIONS[-1]
    text = FOLDER / f"{latest}.sql"
    if text.exists():
        sys.exit(f"{text.name} is kept already, and a kept book is never written anew")
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "kept.fundtrack"
        create(book, CHARITY)
        store = open_book(book, backups=Path(folder))
        edit = rename(CHARITY, "The Mayor")
        store.write(edit)
        store.write(edit.inverse, "undo", 2)
        store.close()
        with closing(sqlite3.connect(book)) as plain:
            text.write_text("\n".join(plain.iterdump()) + "\n", encoding="utf-8")
    holds = json.dumps(portfolio_to_plain(CHARITY), indent=1, ensure_ascii=False)
    (FOLDER / f"{latest}.json").write_text(holds + "\n", encoding="utf-8")


def kept(revision: str, path: Path) -> None:
    """Make a book out of the kept text."""
    with closing(sqlite3.connect(path)) as plain:
        plain.executescript((FOLDER / f"{revision}.sql").read_text(encoding="utf-8"))


if __name__ == "__main__":
    keep()
