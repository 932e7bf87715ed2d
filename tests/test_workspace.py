"""The open book: one road for every change, and a way back from each."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fundtrack.core.edit import Edit, add, change, remove
from fundtrack.core.errors import KnownError, RefusedError, StaleEditError
from fundtrack.core.model import Funder, Portfolio
from fundtrack.store.opening import open_book
from fundtrack.workspace import MemoryStore, Workspace
from tests.store.charity import CHARITY, COURTS, a_book, opened, quick_folder, rename
from tests.strategies import edits, portfolios


def test_a_change_is_made_in_the_portfolio_and_in_the_store() -> None:
    store = MemoryStore(CHARITY)
    workspace = Workspace(store)
    workspace.do(rename(CHARITY, "The Mayor"))
    assert workspace.portfolio.funders_by_key["pcc"].name == "The Mayor"
    assert store.load() == workspace.portfolio


def test_undo_and_redo_go_back_and_forth_and_say_what_they_would_do() -> None:
    workspace = Workspace(MemoryStore(CHARITY))
    assert (workspace.undo_label, workspace.redo_label) == (None, None)
    workspace.do(rename(CHARITY, "The Mayor"))
    workspace.do(Edit("Remove rent", (remove(CHARITY, "allocations", "a2"),)))
    latest = workspace.portfolio
    assert (workspace.undo_label, workspace.redo_label) == ("Remove rent", None)
    workspace.undo()
    assert (workspace.undo_label, workspace.redo_label) == ("Rename funder", "Remove rent")
    workspace.undo()
    assert workspace.portfolio == CHARITY
    assert workspace.undo() is None
    workspace.redo()
    workspace.redo()
    assert workspace.portfolio == latest
    assert workspace.redo() is None


def test_after_a_new_change_there_is_nothing_to_redo() -> None:
    workspace = Workspace(MemoryStore(CHARITY))
    workspace.do(rename(CHARITY, "The Mayor"))
    workspace.undo()
    workspace.do(rename(CHARITY, "The Sheriff"))
    assert workspace.redo_label is None
    assert workspace.redo() is None


def test_a_change_that_would_leave_the_book_wrong_is_refused_and_nothing_is_written() -> None:
    store = MemoryStore(CHARITY)
    workspace = Workspace(store)
    ends_first = replace(COURTS, end=COURTS.start.replace(year=2020))
    with pytest.raises(RefusedError, match=r"awards\.courts\.end: this is before the start"):
        workspace.do(Edit("Move end date", (change("awards", COURTS, ends_first),)))
    assert workspace.portfolio == store.load() == CHARITY
    assert workspace.undo_label is None
    assert store.journal() == ()


@pytest.mark.parametrize("name", ["", "  ", "half \ud83d a letter", "a null \x00"])
def test_a_name_that_could_not_be_read_again_is_refused(name: str) -> None:
    workspace = Workspace(MemoryStore(CHARITY))
    with pytest.raises(RefusedError, match=r"funders\.pcc\.name: this"):
        workspace.do(rename(CHARITY, name))
    assert workspace.portfolio == CHARITY


def test_the_figures_of_a_return_are_kept_in_one_way_of_writing() -> None:
    workspace = Workspace(MemoryStore(CHARITY))
    sent = CHARITY.returns[0]
    untidy = replace(sent, figures='{ "spent": "5.00", "pay": "1.00" }')
    made = workspace.do(Edit("Send return", (change("returns", sent, untidy),)))
    assert workspace.portfolio.returns[0].figures == '{"pay":"1.00","spent":"5.00"}'
    assert workspace.journal(1)[0].edit == made
    workspace.undo()
    assert workspace.portfolio == CHARITY


def test_a_change_prepared_on_an_old_page_is_refused_by_name() -> None:
    workspace = Workspace(MemoryStore(CHARITY))
    workspace.do(rename(CHARITY, "The Mayor"))
    with pytest.raises(StaleEditError, match=r"funders\.pcc: this has changed since"):
        workspace.do(rename(CHARITY, "The Sheriff"))
    assert workspace.portfolio.funders_by_key["pcc"].name == "The Mayor"


def test_a_disk_that_fails_leaves_the_book_as_it_was() -> None:
    class Full(MemoryStore):
        def write(self, _edit: Edit, *_how: object) -> int:
            raise KnownError("The disk is full")

    workspace = Workspace(Full(CHARITY))
    told: list[Edit] = []
    workspace.watch(told.append)
    with pytest.raises(KnownError, match="The disk is full"):
        workspace.do(rename(CHARITY, "The Mayor"))
    assert workspace.portfolio == CHARITY
    assert workspace.undo_label is None
    assert told == []


def test_an_undo_the_disk_refuses_can_be_tried_again() -> None:
    store = MemoryStore(CHARITY)
    workspace = Workspace(store)
    workspace.do(rename(CHARITY, "The Mayor"))
    store.read_only = "The disk is write-protected"
    with pytest.raises(KnownError, match="write-protected"):
        workspace.undo()
    assert workspace.undo_label == "Rename funder"
    store.read_only = None
    workspace.undo()
    assert workspace.portfolio == CHARITY


def test_whoever_watches_is_told_once_after_the_change_is_made() -> None:
    workspace = Workspace(MemoryStore(CHARITY))
    told: list[tuple[str, str]] = []

    def note(edit: Edit) -> None:
        told.append((edit.label, workspace.portfolio.funders_by_key["pcc"].name))

    unwatch = workspace.watch(note)
    workspace.do(rename(CHARITY, "The Mayor"))
    workspace.undo()
    unwatch()
    workspace.redo()
    assert told == [("Rename funder", "The Mayor"), ("Rename funder", "The Commissioner")]


def test_an_edit_that_changes_nothing_is_not_a_line_of_the_journal() -> None:
    store = MemoryStore(CHARITY)
    workspace = Workspace(store)
    workspace.do(Edit("Nothing", ()))
    assert store.journal() == ()
    assert workspace.undo_label is None


def test_a_past_change_can_be_taken_back_while_later_ones_stand() -> None:
    workspace = Workspace(MemoryStore(CHARITY))
    workspace.do(rename(CHARITY, "The Mayor"))
    workspace.do(Edit("Add funder", (add("funders", Funder(key="new", name="New")),)))
    (line,) = [entry for entry in workspace.journal() if entry.label == "Rename funder"]
    workspace.take_back(line.id)
    assert workspace.portfolio.funders_by_key["pcc"].name == "The Commissioner"
    assert "new" in workspace.portfolio.funders_by_key
    assert workspace.undo_label == "Undo “Rename funder”"
    workspace.undo()
    assert workspace.portfolio.funders_by_key["pcc"].name == "The Mayor"


def test_a_past_change_whose_record_has_moved_on_is_not_taken_back() -> None:
    workspace = Workspace(MemoryStore(CHARITY))
    workspace.do(rename(CHARITY, "The Mayor"))
    workspace.do(rename(workspace.portfolio, "The Sheriff"))
    with pytest.raises(StaleEditError, match=r"funders\.pcc"):
        workspace.take_back(1)
    with pytest.raises(KeyError):
        workspace.take_back(99)
    assert workspace.portfolio.funders_by_key["pcc"].name == "The Sheriff"


def test_the_book_can_be_seen_as_it_stood_at_any_line_of_the_journal(tmp_path: Path) -> None:
    workspace = opened(a_book(tmp_path))
    stood = [workspace.portfolio]
    for name in ("The Mayor", "The Sheriff"):
        workspace.do(rename(workspace.portfolio, name))
        stood.append(workspace.portfolio)
    workspace.undo()
    stood.append(workspace.portfolio)
    lines = reversed(workspace.journal())
    assert [workspace.as_at(line.id) for line in lines] == stood
    with pytest.raises(KeyError):
        workspace.as_at(99)
    workspace.close()


def test_yesterday_s_changes_can_be_undone_today_and_redone(tmp_path: Path) -> None:
    path = a_book(tmp_path)
    yesterday = opened(path)
    yesterday.do(rename(CHARITY, "The Mayor"))
    yesterday.do(rename(yesterday.portfolio, "The Sheriff"))
    yesterday.undo()
    yesterday.close()
    today = opened(path)
    assert (today.undo_label, today.redo_label) == ("Rename funder", "Rename funder")
    today.redo()
    assert today.portfolio.funders_by_key["pcc"].name == "The Sheriff"
    today.undo()
    today.undo()
    assert today.portfolio == CHARITY
    assert today.undo() is None
    today.close()


def test_a_book_that_cannot_be_read_is_let_go_of(tmp_path: Path) -> None:
    path = a_book(tmp_path)
    opened(path).close()  # today's backup is made
    with sqlite3.connect(path) as plain:
        plain.execute("UPDATE posts SET salary = 'lots'")
    plain.close()
    for _ in range(2):
        with pytest.raises(KnownError, match="cannot be understood"):
            opened(path)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_a_book_opened_to_read_refuses_every_change_and_says_why(tmp_path: Path) -> None:
    path = a_book(tmp_path)
    workspace = Workspace(open_book(path, read_only=True))
    assert workspace.read_only
    with pytest.raises(KnownError, match="opened to read only"):
        workspace.do(rename(CHARITY, "The Mayor"))
    assert workspace.portfolio == CHARITY
    workspace.close()


def test_a_reader_can_take_in_what_the_writer_has_done_since(tmp_path: Path) -> None:
    path = a_book(tmp_path)
    writer, reader = opened(path), opened(path)
    told: list[Edit] = []
    reader.watch(told.append)
    assert not reader.refresh()
    edit = rename(CHARITY, "The Mayor")
    writer.do(edit)
    assert reader.refresh()
    assert reader.portfolio == writer.portfolio
    assert [each.changes for each in told] == [edit.changes]
    reader.close()
    writer.close()


@settings(max_examples=40)
@given(data=st.data(), before=portfolios(most=6))
def test_after_any_sequence_the_file_holds_what_the_window_shows(
    data: st.DataObject, before: Portfolio
) -> None:
    with quick_folder() as folder:
        path = a_book(folder, before)
        workspace = Workspace(open_book(path, backups=folder))
        stood = {workspace.journal(1)[0].id: before}
        for act in data.draw(st.lists(st.sampled_from(ACTS), max_size=12)):
            if act == "do":
                workspace.do(data.draw(edits(workspace.portfolio)))
            elif act == "reopen":
                labels = (workspace.undo_label, workspace.redo_label)
                workspace.close()
                workspace = Workspace(open_book(path, backups=folder))
                assert (workspace.undo_label, workspace.redo_label) == labels
            else:
                getattr(workspace, act)()
            assert workspace.store.load() == workspace.portfolio
            stood[workspace.journal(1)[0].id] = workspace.portfolio
        assert {line: workspace.as_at(line) for line in stood} == stood
        while workspace.undo() is not None:
            pass
        assert workspace.portfolio == before
        workspace.close()


ACTS = ("do", "do", "do", "undo", "undo", "redo", "reopen")


@settings(max_examples=40)
@given(data=st.data())
def test_a_change_that_is_begun_and_settled_is_one_that_was_made(data: st.DataObject) -> None:
    before = data.draw(portfolios())
    edit = data.draw(edits(before).filter(lambda edit: bool(edit.changes)))
    at_once, begun = Workspace(MemoryStore(before)), Workspace(MemoryStore(before))
    made = at_once.do(edit, "import")
    begun.begin(edit, "import")()
    assert begun.settle() == made
    assert begun.settle() is None
    assert begun.portfolio == at_once.portfolio == begun.store.load()
    assert [each.changes for each in begun.journal()] == [
        each.changes for each in at_once.journal()
    ]
    begun.undo()
    assert begun.portfolio == before


def test_until_a_change_that_was_begun_is_stored_no_other_is_made() -> None:
    workspace = Workspace(MemoryStore(CHARITY))
    store = workspace.begin(rename(CHARITY, "The Mayor"), "import")
    other = rename(CHARITY, "The Sheriff")
    for act in (lambda: workspace.do(other), workspace.undo, workspace.redo, workspace.settle,
                workspace.refresh, lambda: workspace.begin(other), lambda: workspace.erase("A7"),
                lambda: workspace.take_back(1)):  # fmt: skip
        with pytest.raises(KnownError, match="still being written"):
            act()
    store()
    with pytest.raises(StaleEditError):  # what was begun is taken in first
        workspace.do(other)
    assert workspace.undo_label == "Rename funder"
    assert workspace.portfolio.funders_by_key["pcc"].name == "The Mayor"


def test_a_change_that_was_begun_and_came_to_nothing_leaves_the_book_as_it_was() -> None:
    workspace = Workspace(MemoryStore(CHARITY))
    stale = rename(rename(CHARITY, "The Mayor").apply(CHARITY), "The Sheriff")
    with pytest.raises(StaleEditError):
        workspace.begin(stale)()
    assert workspace.settle() is None
    assert workspace.portfolio == CHARITY
    workspace.do(rename(CHARITY, "The Mayor"))


def test_an_undo_that_is_begun_and_settled_is_one_that_was_made() -> None:
    workspace = Workspace(MemoryStore(CHARITY))
    assert workspace.begin_turn("undo") is None
    workspace.do(rename(CHARITY, "The Mayor"))
    mayor = workspace.portfolio
    for kind, book in (("undo", CHARITY), ("redo", mayor), ("undo", CHARITY)):
        store = workspace.begin_turn(kind)  # type: ignore[arg-type]
        assert store is not None
        store()
        workspace.settle()
        assert workspace.portfolio == workspace.store.load() == book
        assert (workspace.undo_label is None) is (book == CHARITY)
        assert (workspace.redo_label is None) is (book == mayor)
    assert [entry.kind for entry in workspace.journal()] == ["undo", "redo", "undo", "do"]


def test_a_line_of_thousands_of_records_takes_long_to_turn_round() -> None:
    workspace = Workspace(MemoryStore(CHARITY))
    workspace.do(rename(CHARITY, "The Mayor"))
    assert not workspace.turns_much("undo")
    funders = (Funder(key=f"f{at}", name=f"Funder {at}" * 20) for at in range(2_500))
    workspace.do(Edit("Import", tuple(add("funders", funder) for funder in funders)), "import")
    assert workspace.turns_much("undo")
    assert not workspace.turns_much("redo")


@pytest.mark.parametrize("key", ["lantern", 'the "lantern"', "back\\slash", "Bryn Tâf"])
def test_a_line_of_the_history_knows_whom_it_may_speak_of(key: str) -> None:
    workspace = Workspace(MemoryStore(CHARITY))
    workspace.do(Edit("Add funder", (add("funders", Funder(key=key, name="Other")),)))
    (entry,) = workspace.journal(1)
    assert entry.may_speak_of(key)
    assert not entry.may_speak_of("somebody else")
