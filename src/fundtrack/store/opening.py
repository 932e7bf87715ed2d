"""Makes a new book, and opens one."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlalchemy import insert

from fundtrack.core.edit import Edit
from fundtrack.core.errors import KnownError
from fundtrack.core.plain import FORMAT
from fundtrack.store.schema import BOOK, REVISIONS, VERSION, metadata
from fundtrack.store.sqlite import connect, said_kindly, writing
from fundtrack.store.store import BookStore, fill, write_entry

if TYPE_CHECKING:
    from pathlib import Path

    from fundtrack.core.model import Portfolio


def create(path: Path, portfolio: Portfolio, label: str = "New book") -> None:
    """Make a book that holds this portfolio."""
    if path.exists():
        raise KnownError(f"There is already a file {path.name} here. Choose another name")
    with said_kindly("No book was made"):
        connection = connect(path, mode="rwc")
        with connection, writing(connection).begin():
            metadata.create_all(connection)
            VERSION.create(connection)
            connection.execute(insert(VERSION), {"version_num": REVISIONS[-1]})
            connection.execute(insert(BOOK), {"identity": uuid.uuid4().hex, "format": FORMAT})
            fill(connection, portfolio)
            write_entry(connection, Edit(label, ()), "new")


def open_book(path: Path, *, read_only: bool = False) -> BookStore:
    """Open a book."""
    if not path.is_file():
        raise KnownError(f"There is no book at {path}. See that the name is right")
    with said_kindly("Nothing was changed"):
        connection = connect(path, query_only=read_only)
    return BookStore(
        connection, read_only="You opened this book to read only" if read_only else None
    )
