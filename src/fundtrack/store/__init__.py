"""The book on disk: kept whole, backed up, and opened by one person at a time.

Nothing is imported here, because SQLAlchemy is slow to load: import `fundtrack.store.opening`
where a book is about to be opened.
"""
