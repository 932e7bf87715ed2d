"""A book is kept whole: what is written is what is read, each change wholly or not at all."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from fundtrack.core.check import check
from fundtrack.core.edit import Edit, add, change, remove
from fundtrack.core.errors import KnownError, RefusedError, StaleEditError
from fundtrack.core.model import LISTS, Actual, Funder, Portfolio
from fundtrack.core.plain import specs
from fundtrack.store import store as store_module
from fundtrack.store.opening import create, open_book
from fundtrack.store.schema import KINDS, TABLES
from fundtrack.store.store import BookStore
from fundtrack.workspace import Workspace
from tests.store.charity import CHARITY, a_book, quick_folder, rename
from tests.strategies import edits, portfolios


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return a_book(tmp_path)


@pytest.fixture
def store(book: Path) -> Iterator[BookStore]:
    opened = open_book(book)
    yield opened
    opened.close()


def test_the_charity_of_these_tests_has_something_in_every_list() -> None:
    assert check(CHARITY) == ()
    assert [name for name in LISTS if not CHARITY.records(name)] == []


def test_a_book_holds_exactly_what_was_put_in_it(store: BookStore) -> None:
    assert store.load() == CHARITY


@settings(max_examples=50)
@given(portfolio=portfolios())
def test_any_book_is_read_as_it_was_written(portfolio: Portfolio) -> None:
    with quick_folder() as folder:
        store = open_book(a_book(folder, portfolio), read_only=True)
        assert store.load() == portfolio
        store.close()


@settings(max_examples=50)
@given(data=st.data())
def test_any_edit_leaves_the_file_as_it_leaves_the_portfolio(data: st.DataObject) -> None:
    before = data.draw(portfolios())
    edit = data.draw(edits(before)).placed(before)
    with quick_folder() as folder:
        store = open_book(a_book(folder, before), backups=folder)
        store.write(edit)
        assert store.load() == edit.apply(before)
        assert store.journal(1)[0].edit == edit
        store.write(edit.inverse)
        assert store.load() == before
        store.close()


def test_money_is_kept_as_whole_pence_and_dates_as_days(book: Path) -> None:
    with sqlite3.connect(book) as plain:
        row = plain.execute("SELECT amount, typeof(amount), start, probability FROM awards")
        assert row.fetchone() == (12_345_678, "integer", "2026-04-01", "87.5")
        person = plain.execute("SELECT person FROM posts WHERE key = 'p1'").fetchone()[0]
    plain.close()
    assert person == '{"born":"1980-01-02","enhanced":{"multiplier":"1.5"},"reference":"A7"}'


def test_every_field_has_a_column_of_its_own_name() -> None:
    for name, cls in KINDS.items():
        fields = {spec.name for spec in specs(cls)}
        assert {column.name for column in TABLES[name].columns} == fields | {"key", "place"}


def test_every_reference_is_held_by_the_database_too() -> None:
    for name, cls in KINDS.items():
        for spec in specs(cls):
            kept = {key.target_fullname for key in TABLES[name].c[spec.name].foreign_keys}
            assert kept == ({f"{spec.ref}.key"} if spec.ref else set())


def test_another_database_would_understand_what_is_said_to_this_one() -> None:
    postgres = postgresql.dialect()  # type: ignore[no-untyped-call]
    for name, table in TABLES.items():
        assert "BIGINT" in str(CreateTable(table).compile(dialect=postgres))
        changing = str(store_module._updating(name).compile(dialect=postgres))
        assert "IS NOT DISTINCT FROM" in changing
        str(store_module._deleting(name).compile(dialect=postgres))


def test_a_change_prepared_before_somebody_else_s_is_refused_by_name(store: BookStore) -> None:
    late = rename(CHARITY, "The Mayor")
    store.write(rename(CHARITY, "The Commissioner's Office"))
    standing = store.load()
    with pytest.raises(StaleEditError, match=r"funders\.pcc: this has changed since"):
        store.write(late)
    assert store.load() == standing
    assert len(store.journal()) == 2


def test_a_record_somebody_else_has_removed_is_not_changed(store: BookStore) -> None:
    rent = CHARITY.costs[0]
    dearer = Edit("Dearer", (change("costs", rent, replace(rent, amount=100)),))
    shares = CHARITY.allocations[1]
    gone = (remove(CHARITY, "allocations", shares.key), remove(CHARITY, "costs", "rent"))
    store.write(Edit("No more rent", gone))
    with pytest.raises(StaleEditError, match=r"costs\.rent: this is no longer in the book"):
        store.write(dearer)


def test_a_record_somebody_else_has_added_is_not_added_twice(store: BookStore) -> None:
    store.write(Edit("Add", (add("funders", Funder(key="new", name="One")),)))
    with pytest.raises(StaleEditError, match=r"funders\.new: this is already in the book"):
        store.write(Edit("Add", (add("funders", Funder(key="new", name="Two")),)))


def test_one_stale_change_among_many_undoes_them_all(store: BookStore) -> None:
    stale = replace(CHARITY.posts[1], title="Director")
    edit = Edit(
        "Two things",
        (
            *rename(CHARITY, "The Mayor").changes,
            change("posts", stale, replace(stale, salary=5)),
        ),
    )
    with pytest.raises(StaleEditError, match=r"posts\.p2"):
        store.write(edit)
    assert store.load() == CHARITY


def test_the_database_itself_refuses_a_reference_to_nothing(store: BookStore) -> None:
    lost = Actual(key="x9", award="nowhere", on=date(2026, 5, 1), amount=1)
    with pytest.raises(RefusedError, match="refer to one that is not in the book"):
        store.write(Edit("Spend", (add("actuals", lost),)))
    with pytest.raises(RefusedError, match="remove what refers to it first"):
        store.write(Edit("Remove funder", (remove(CHARITY, "funders", "moj"),)))
    assert store.load() == CHARITY


def test_what_refers_to_a_new_record_may_be_named_before_it(store: BookStore) -> None:
    council = Funder(key="council", name="The Council")
    before = CHARITY.awards[0]
    edit = Edit(
        "Another payer",
        (
            change("awards", before, replace(before, funder="council")),
            add("funders", council),
        ),
    ).placed(CHARITY)
    store.write(edit)
    store.write(edit.inverse)
    assert store.load() == CHARITY


def test_a_record_put_between_two_others_stays_there(store: BookStore) -> None:
    portfolio = store.load()
    for number in range(30):  # more than halving the room between two neighbours allows
        edit = Edit("Between", (add("funders", Funder(key=f"f{number}", name="A funder"), at=1),))
        store.write(edit)
        portfolio = edit.apply(portfolio)
    assert store.load() == portfolio
    assert [funder.key for funder in portfolio.funders[:3]] == ["moj", "f29", "f28"]


def test_ten_thousand_changes_are_one_edit_and_one_line_of_the_journal(store: BookStore) -> None:
    paid = [
        add("actuals", Actual(key=f"n{number}", award="courts", on=date(2026, 5, 1), amount=number))
        for number in range(10_000)
    ]
    edit = Edit("Bring in the accounts", tuple(paid)).placed(CHARITY)
    store.write(edit)
    assert store.load() == edit.apply(CHARITY)
    assert len(store.journal()) == 2
    store.write(edit.inverse)
    assert store.load() == CHARITY


def test_the_journal_tells_who_when_and_what(
    store: BookStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "sam")
    edit = rename(CHARITY, "The Mayor")
    store.write(edit)
    latest, first = store.journal()
    assert (first.kind, first.label, first.changes) == ("new", "New book", ())
    assert (latest.kind, latest.label, latest.who) == ("do", "Rename funder", "sam")
    assert latest.changes == edit.changes
    assert latest.at.utcoffset() is not None
    assert first.at <= latest.at


def test_a_computer_that_does_not_know_its_user_still_writes(
    store: BookStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody() -> str:
        raise OSError("no such user")

    monkeypatch.setattr("getpass.getuser", nobody)
    store.write(rename(CHARITY, "The Mayor"))
    assert store.journal(1)[0].who is None


def test_a_row_that_cannot_be_understood_is_said_without_quoting_it(book: Path) -> None:
    with sqlite3.connect(book) as plain:
        plain.execute("UPDATE posts SET salary = 'lots'")
    plain.close()
    store = open_book(book)
    with pytest.raises(KnownError, match="cannot be understood") as told:
        store.load()
    store.close()
    assert "lots" not in str(told.value)
    assert told.value.__cause__ is None


def test_a_refused_write_never_quotes_a_salary(store: BookStore) -> None:
    post = replace(CHARITY.posts[0], service="nowhere", salary=9_876_543)
    with pytest.raises(RefusedError) as told:
        store.write(Edit("Pay", (change("posts", CHARITY.posts[0], post),)))
    fault: BaseException | None = told.value
    while fault is not None:
        assert "9876543" not in str(fault)
        fault = fault.__cause__ or fault.__context__


def test_making_a_book_never_writes_over_a_file(book: Path) -> None:
    before = book.read_bytes()
    with pytest.raises(KnownError, match="There is already a file"):
        create(book, CHARITY)
    assert book.read_bytes() == before
    assert [each.name for each in book.parent.iterdir()] == [book.name]


class EnoughError(Exception):
    """Somebody pressed Cancel."""


def many_funders(count: int) -> Edit:
    funders = (Funder(key=f"f{at}", name=f"Funder {at}") for at in range(count))
    return Edit("Import", tuple(add("funders", funder) for funder in funders)).placed(CHARITY)


def test_a_long_import_tells_how_far_it_is_and_when_only_the_keeping_is_left(
    store: BookStore,
) -> None:
    heard: list[tuple[int, int]] = []
    edit = many_funders(2_500)
    store.write(
        edit, "import", None, lambda done, of: heard.append((done, of)),
        lambda: heard.append((-1, -1)),
    )  # fmt: skip
    assert [each for each in heard if each[1] == 3_750] == [(1_000, 3_750), (2_000, 3_750),
                                                             (2_500, 3_750)]  # fmt: skip
    assert heard[-1] == (-1, -1)
    assert store.load() == edit.apply(CHARITY)


@pytest.mark.parametrize("at", ["the backup", "half way", "the end"])
def test_a_long_import_that_is_cancelled_leaves_the_file_as_it_was(
    at: str, store: BookStore
) -> None:
    def tell(done: int, of: int) -> None:
        if at == "the backup" or (at == "half way" and of == 3_750 and done >= 2_000):
            raise EnoughError

    def at_last() -> None:
        raise EnoughError

    before = store.journal()
    with pytest.raises(EnoughError):
        store.write(many_funders(2_500), "import", None, tell, at_last)
    assert store.load() == CHARITY
    assert store.journal() == before
    store.write(rename(CHARITY, "The Mayor"))  # and it can be written to again


def indexes(book: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(book)) as plain:
        asked = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        return set(plain.execute(asked))


@pytest.mark.parametrize("ends", ["whole", "cancelled"])
def test_a_book_has_all_its_indexes_after_a_long_import_however_it_ends(
    ends: str, book: Path, store: BookStore
) -> None:
    """They are out of the way meanwhile, but for one: whom a funder's money comes from."""
    before, between = indexes(book), set[str]()

    def tell(done: int, of: int) -> None:
        if done and of == 3_750:
            asked = "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'funders'"
            between.update(store._connection.exec_driver_sql(asked).scalars())

    def at_last() -> None:
        if ends == "cancelled":
            raise EnoughError

    with suppress(EnoughError):
        store.write(many_funders(2_500), "import", None, tell, at_last)
    assert len(store.load().funders) - len(CHARITY.funders) == (2_500 if ends == "whole" else 0)
    assert {name for name in between if name.startswith("ix")} == {"ix_funders_ultimate_source"}
    assert indexes(book) == before


def test_no_statement_has_more_values_than_any_sqlite_takes() -> None:
    assert max(len(table.columns) for table in TABLES.values()) * store_module._TOGETHER <= 999


def test_a_few_new_records_leave_the_indexes_alone(store: BookStore) -> None:
    told: list[str] = []
    raw = store._connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    raw.set_trace_callback(told.append)
    store.write(many_funders(100))
    assert not [each for each in told if "INDEX" in each]
    assert [each for each in told if each.startswith("INSERT INTO funders")]


def test_whoever_reads_while_another_thread_writes_sees_all_of_it_or_nothing(
    store: BookStore,
) -> None:
    edit, read = many_funders(2_500), list[Portfolio]()
    reader = threading.Thread(target=lambda: read.append(store.load()))

    def tell(done: int, of: int) -> None:
        if done and of == 3_750 and reader.ident is None:
            reader.start()

    writer = threading.Thread(target=lambda: store.write(edit, "import", None, tell))
    writer.start()
    writer.join(60)
    reader.join(60)
    assert read == [edit.apply(CHARITY)]


def test_the_history_is_read_while_a_long_change_is_being_stored(store: BookStore) -> None:
    workspace, edit = Workspace(store), many_funders(2_500)
    before = workspace.journal(10)
    begun, goes_on = threading.Event(), threading.Event()

    def tell(_done: int, _of: int) -> None:
        begun.set()
        goes_on.wait(10)

    writer = threading.Thread(target=workspace.begin(edit, "import"), args=(tell,))
    writer.start()
    assert begun.wait(60)
    assert workspace.journal(10) == before
    with pytest.raises(KnownError, match="still being written"):
        workspace.entry(before[0].id)
    goes_on.set()
    writer.join(60)
    workspace.settle()
    assert workspace.journal(1)[0].label == edit.label
    assert workspace.entry(before[0].id) == before[0]
