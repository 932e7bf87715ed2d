"""How the tables of a book have changed, one file for each revision, oldest first.

A revision, once shipped, is never edited: books in that shape are on people's disks. To add one,
change the record in `core.model`, add `versions/r0002_what_it_does.py` by hand (with the batch
operations of Alembic, for SQLite cannot alter a table in place), add "0002" to
`schema.REVISIONS`, and keep a book of the new shape with `python -m tests.store.revisions`.

The journal and the scenarios hold records as JSON: a revision that renames or removes a field
rewrites that JSON too, or the past can no longer be read. A list must not lose records.
"""
