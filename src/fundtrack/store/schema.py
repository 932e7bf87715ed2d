"""The tables of a book: one for each list of records, one for its journal, one for the book.

A record's table has one column for each field of DOMAIN section 8, under the field's own name,
and two more: `key` is the primary key, and `place` orders the list (a larger number is further
down; the numbers have gaps, see `order`). A field that names a record of another list is a
foreign key. `migrations/versions` spells every column out.

    organisation  funders  services  awards  posts  costs  allocations  actuals
    indicators  deadlines  evidence  returns  scenarios  rates      the records
    journal       every change ever made, in order, with what stood before and after
    book          which book this is

To change a table, change the record in `core.model` and add a migration; a test compares both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from fundtrack.core.model import LISTS, Organisation
from fundtrack.core.plain import specs
from fundtrack.store.columns import Whole, column_type

if TYPE_CHECKING:
    from typing import Any

    from fundtrack.core.plain import FieldSpec

REVISIONS = ("0001", "0002", "0003")
"""Every shape a book has ever had, oldest first; the last is the one these tables describe."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

KINDS: dict[str, type] = {"organisation": Organisation, **LISTS}
"""Every list a record can be in, and its class; the organisation is a list of one."""


def _record_table(name: str, cls: type) -> Table:
    return Table(
        name,
        metadata,
        Column("key", Text, primary_key=True),
        Column("place", Whole, nullable=False),
        *(_column(spec) for spec in specs(cls) if spec.name != "key"),
        Index(None, "place"),
    )


def _column(spec: FieldSpec) -> Column[Any]:
    if spec.ref is None:
        return Column(spec.name, column_type(spec), nullable=not spec.required)
    # Held until the end of the edit (a RESTRICT would not wait), so that an edit may name its
    # changes in any order. Nothing is ever deleted or emptied on the quiet.
    kept = ForeignKey(f"{spec.ref}.key", deferrable=True, initially="DEFERRED")
    return Column(spec.name, column_type(spec), kept, nullable=not spec.required, index=True)


TABLES: dict[str, Table] = {name: _record_table(name, cls) for name, cls in KINDS.items()}

JOURNAL = Table(
    "journal",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("at", Text, nullable=False),  # UTC
    Column("who", Text),  # the name the person is signed in to the computer by
    Column("label", Text, nullable=False),  # in the user's words
    Column("kind", Text, nullable=False),  # new, do, undo, redo, import or restore
    Column("of", Whole, ForeignKey("journal.id")),  # the line undone, redone or taken back
    Column("changes", Text, nullable=False),  # the records before and after, interchange JSON
)

BOOK = Table(
    "book",
    metadata,
    Column("identity", Text, primary_key=True),  # the same in every copy and backup
    Column("format", Text, nullable=False),  # the interchange format of the JSON in it
)

VERSION = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32)),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""Alembic's own table, named here so that a book can be opened and made without Alembic."""
