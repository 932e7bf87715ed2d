"""From draft to paid: who may take which step, and what is frozen when a return is sent."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from fundtrack.core.errors import RefusedError
from fundtrack.core.returns.lifecycle import (
    MOVES,
    STATUSES,
    begun,
    changed_since,
    history,
    history_in_words,
    moved,
    sent,
)
from fundtrack.workspace import MemoryStore, Workspace
from tests.core.filled_in import layout, second_quarter, typed
from tests.core.returning import as_budgeted, charity, kept, returned, spent

if TYPE_CHECKING:
    from fundtrack.core.model import Portfolio, Return, ReturnStatus
    from fundtrack.core.returns.figures import ReturnFigures

KEY = "next-step 2026-27 Q2"
HASH = "ab" * 32
ON = date(2026, 10, 10)


def figures(book: Portfolio) -> ReturnFigures:
    return returned(book, layout=layout("t2-half-yearly"))


def stood(book: Portfolio) -> Return:
    record = book.find("returns", KEY)
    assert record is not None
    return record  # type: ignore[return-value]  # the list is of returns


def at(status: str, **parts: Any) -> Portfolio:
    """The second quarter, filled in, at some step of its way."""
    book = second_quarter(**parts)
    return replace(book, returns=(replace(book.returns[0], status=status),))  # type: ignore[arg-type]


def walked() -> Workspace:
    workspace = Workspace(MemoryStore(second_quarter()))
    book = workspace.portfolio
    workspace.do(moved(book, KEY, "checked", who="Ade", on=ON, figures=figures(book)))
    book = workspace.portfolio
    workspace.do(moved(book, KEY, "approved", who="Bea", on=ON, figures=figures(book)))
    book = workspace.portfolio
    workspace.do(sent(book, KEY, figures(book), HASH, who="Ade", on=ON, note="by e-mail"))
    return workspace


def test_a_return_goes_all_the_way_and_remembers_who_took_each_step() -> None:
    workspace = walked()
    steps: tuple[ReturnStatus, ...] = ("queried", "accepted", "paid")
    for status in steps:
        workspace.do(moved(workspace.portfolio, KEY, status, who="Funder", on=ON))
    record = stood(workspace.portfolio)
    assert (record.status, record.submitted_on, record.file_sha256) == ("paid", ON, HASH)
    assert [(step.status, step.who) for step in history(record)] == [
        ("checked", "Ade"),
        ("approved", "Bea"),
        ("submitted", "Ade"),
        ("queried", "Funder"),
        ("accepted", "Funder"),
        ("paid", "Funder"),
    ]
    assert history_in_words(record)[2] == "submitted, 10 October 2026, Ade: by e-mail"


def test_sending_freezes_the_figures_in_one_edit_that_can_be_undone() -> None:
    workspace = walked()
    plain = json.loads(stood(workspace.portfolio).figures or "")
    assert plain["lines"]["staff"]["actual"] == "2250.00"
    assert plain["claimed"] == "2249.50"
    assert plain["indicators"] == {"supported": "34", "safer": "80", "wait": "6"}
    assert plain["flows"]["open_end"] == "22"
    assert plain["history"][-1]["sha256"] == HASH
    workspace.undo()
    assert stood(workspace.portfolio).status == "approved"
    assert stood(workspace.portfolio).file_sha256 is None


def test_a_draft_is_begun_as_one_edit() -> None:
    book = charity()
    edit = begun(book, "next-step", "2026-27 Q2", "t2-half-yearly/1", "Ade", ON)
    (record,) = edit.apply(book).returns
    assert (record.status, [step.status for step in history(record)]) == ("draft", ["draft"])


@pytest.mark.parametrize("now", STATUSES)
def test_no_step_is_left_out_and_none_is_taken_back_that_was_sent(now: ReturnStatus) -> None:
    book = at(now)
    for status in STATUSES:
        if status in MOVES[now]:
            continue
        with pytest.raises(RefusedError, match="cannot become"):
            moved(book, KEY, status, who="Ade", on=ON, figures=figures(book))


def test_nobody_takes_a_step_without_a_name() -> None:
    with pytest.raises(RefusedError, match="say who"):
        moved(at("submitted"), KEY, "accepted", who=" ", on=ON)


def test_a_return_that_fails_a_check_is_neither_checked_nor_sent() -> None:
    book = at("draft", flows={"open_end": "1"})
    with pytest.raises(RefusedError, match="K1"):
        moved(book, KEY, "checked", who="Ade", on=ON, figures=figures(book))
    with pytest.raises(RefusedError, match="have not been run"):
        moved(book, KEY, "checked", who="Ade", on=ON)
    book = at("approved", flows={"open_end": "1"})
    with pytest.raises(RefusedError, match="K1"):
        sent(book, KEY, figures(book), HASH, who="Ade", on=ON)


def test_whoever_prepared_approves_only_with_a_reason() -> None:
    book = second_quarter()
    book = moved(book, KEY, "checked", who="Ade", on=ON, figures=figures(book)).apply(book)
    with pytest.raises(RefusedError, match="prepared it too"):
        moved(book, KEY, "approved", who="ade ", on=ON, figures=figures(book))
    moved(book, KEY, "approved", who="Ade", on=ON, note="One finance person", figures=figures(book))


def test_a_return_is_not_sent_without_its_file() -> None:
    book = at("approved")
    with pytest.raises(RefusedError, match="SHA-256"):
        sent(book, KEY, figures(book), "", who="Ade", on=ON)
    with pytest.raises(RefusedError, match="freeze"):
        moved(book, KEY, "submitted", who="Ade", on=ON)


def test_what_changed_since_it_was_sent_must_be_explained_to_send_it_again() -> None:
    workspace = walked()
    workspace.do(moved(workspace.portfolio, KEY, "queried", who="Funder", on=ON))
    book = workspace.portfolio
    assert changed_since(book, figures(book)) == ()
    late = replace(book, actuals=(*book.actuals, spent("activities", "2026-09-29", "-20")))
    changed = [str(each) for each in changed_since(late, figures(late))]
    assert "Activities, actual: £750.00 was sent, now £730.00" in changed
    assert "Claim, claimed: £2,249.50 was sent, now £2,229.50" in changed
    with pytest.raises(RefusedError, match=r"£730.00\. Explain it"):
        sent(late, KEY, figures(late), HASH, who="Ade", on=ON)
    again = sent(late, KEY, figures(late), HASH, who="Ade", on=ON, note="A late invoice")
    record = stood(again.apply(late))
    assert record.status == "resubmitted"
    assert [step.status for step in history(record)][-2:] == ["queried", "resubmitted"]


def test_a_return_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(RefusedError, match=KEY):
        moved(second_quarter(), "gone", "checked", who="Ade", on=ON)


def test_what_is_kept_is_read_again_or_refused_by_name() -> None:
    wrong = {**typed(claim={"advance": 5}, flows={"new": "two"}), "risks": {"a": 1}}
    book = charity(
        actuals=as_budgeted("2026-09-30"), returns=(kept("2026-27 Q2", figures=json.dumps(wrong)),)
    )
    with pytest.raises(RefusedError) as refused:
        returned(book)
    assert {problem.path for problem in refused.value.problems} == {
        "returns.0.figures.claim.advance",
        "returns.0.figures.flows.new",
        "returns.0.figures.risks",
    }


def test_a_post_claimed_twice_bars_the_way() -> None:
    book = at("approved")
    row = figures(book).posts[0]
    other = replace(kept("2026-27 Q3", "submitted"), key="theirs")
    posts = [
        {
            "post": row.post,
            "start": row.start.isoformat(),
            "end": row.end.isoformat(),
            "share": "61",
            "cost": "1.00",
        }
    ]
    book = replace(
        book, returns=(*book.returns, replace(other, figures=json.dumps({"posts": posts})))
    )
    with pytest.raises(RefusedError, match="101 % is claimed"):
        sent(book, KEY, figures(book), HASH, who="Ade", on=ON)
