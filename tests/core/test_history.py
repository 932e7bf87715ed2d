"""History in plain words: from what to what, by title, and nothing personal unless asked."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from fundtrack.core.edit import add, change
from fundtrack.core.history import HIDDEN, told
from fundtrack.core.model import (
    Allocation,
    Change,
    Contact,
    Funder,
    Person,
    Post,
    Reporting,
    ReservesPolicy,
)
from tests.core.harbour import HARBOUR, book, day, grant, post

BOOK = book(grant("core", "2026-04-01", "2027-03-31"), post("idva", on="core"))
AWARD, POST, SHARE = BOOK.awards[0], BOOK.posts[0], BOOK.allocations[0]
COUNCIL = Funder(key="council", name="Wharf Council", contacts=(Contact(name="Jo"),))


def lines(each: Change, **asked: Any) -> list[tuple[str, str, str]]:
    return [(one.field, one.before, one.after) for one in told(BOOK, (each,), **asked)]


def test_a_date_moved_says_from_when_to_when() -> None:
    moved = change("awards", AWARD, replace(AWARD, end=day("2027-06-30")))
    (one,) = told(BOOK, (moved,))
    assert (one.kind, one.title) == ("Award", "The core grant")
    assert (one.field, one.before, one.after) == ("End", "31 Mar 2027", "30 Jun 2027")
    assert one.record == "awards.core"


def test_money_percent_choice_and_reference_are_in_words() -> None:
    changed = replace(AWARD, amount=1_234_50, stage="agreed-in-principle", funder="council")
    with_funder = replace(BOOK, funders=(COUNCIL,))
    said = {
        one.field: (one.before, one.after)
        for one in told(with_funder, (change("awards", AWARD, changed),))
    }
    assert said["Amount"] == ("£60,000.00", "£1,234.50")
    assert said["Stage"] == ("live", "agreed in principle")
    assert said["Funder"] == ("", "Wharf Council")
    share = change("allocations", SHARE, replace(SHARE, percent=Decimal("62.50")))
    assert lines(share) == [("Percent", "100%", "62.5%")]


def test_a_share_is_called_by_what_it_pays_and_who_pays() -> None:
    (one, *_) = told(BOOK, (add("allocations", SHARE),))
    assert one.title == "The idva worker on The core grant"
    own = Allocation(key="own", post="idva", percent=Decimal(10))
    (other, *_) = told(BOOK, (add("allocations", own),))
    assert other.title == "The idva worker on unrestricted funds"


def test_what_is_added_or_removed_says_so_first() -> None:
    (first, *_) = lines(add("awards", AWARD))
    assert first == ("", "", "added")
    (gone, *_) = lines(Change(list="awards", key="core", before=AWARD))
    assert gone == ("", "there", "removed")


def test_a_group_within_a_record_is_told_field_by_field() -> None:
    before = replace(AWARD, reporting=Reporting(frequency="quarter", due_days=30))
    after = replace(AWARD, reporting=Reporting(frequency="quarter", due_days=21))
    assert lines(change("awards", before, after)) == [("Reporting, due days", "30", "21")]
    policy = replace(HARBOUR, reserves_policy=ReservesPolicy(kind="months", value=Decimal(3)))
    (one,) = lines(change("organisation", HARBOUR, policy))
    assert one[2] == "kind months; value 3"


def test_a_list_that_changed_without_growing_says_that_it_changed() -> None:
    before = replace(COUNCIL, contacts=(Contact(name="Jo"),))
    after = replace(COUNCIL, contacts=(Contact(name="Sam"),))
    ((_, was, is_),) = lines(change("funders", before, after))
    assert (was, is_) == ("1 line, as they were", "1 line, changed")


def test_salaries_and_persons_are_hidden_until_asked_for() -> None:
    person = Person(born=date(1980, 5, 4))
    raised = replace(POST, salary=31_000_00, person=person)
    each = change("posts", POST, raised)
    assert lines(each) == [("Salary", HIDDEN, HIDDEN), ("Person", "", HIDDEN)]
    shown = {field: (was, is_) for field, was, is_ in lines(each, personal=True)}
    assert shown["Salary"] == ("£30,000.00", "£31,000.00")
    assert "4 May 1980" in shown["Person"][1]


def test_a_new_post_hides_its_salary_too() -> None:
    made = Post(key="new", title="New", fte=Decimal(1), salary=25_000_00, start=date(2027, 1, 1))
    said = {field: after for field, _, after in lines(add("posts", made))}
    assert said["Salary"] == HIDDEN
    assert said["FTE"] == "1"


def test_every_kind_of_record_has_a_word_of_its_own() -> None:
    made = (add("organisation", HARBOUR), add("awards", AWARD), add("posts", POST))
    kinds = [one.kind for one in told(BOOK, made) if one.after == "added"]
    assert kinds == ["Charity", "Award", "Post"]
