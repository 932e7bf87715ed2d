"""One person is handed what is held of them, or taken out, and every sum of pay stays."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from fundtrack import app, cli
from fundtrack.core import person
from fundtrack.core.edit import Edit, add, change
from fundtrack.core.model import (
    Allocation,
    Award,
    Balances,
    Change,
    Deadline,
    Organisation,
    Person,
    Portfolio,
    Post,
    Scenario,
)
from fundtrack.core.outlook import outlook
from fundtrack.workspace import MemoryStore, Workspace

TODAY, START = date(2026, 12, 1), date(2019, 4, 1)
HELD = Person(reference="ZQ-417", born=date(1971, 5, 23), continuous_service_from=date(2016, 9, 14))
SECRETS = (b"ZQ-417", b"1971-05-23", b"2016-09-14")


def post(held: Person | None = HELD) -> Post:
    return Post(
        key="p", title="Adviser", fte=Decimal(1), salary=3_120_000, start=START, person=held
    )


def book() -> Portfolio:
    ends = date(2027, 3, 31)
    planned = Change(list="posts", key="p", before=post(), after=replace(post(), end=ends))
    return Portfolio(
        organisation=Organisation(
            name="Harbour", nation="england-and-wales", balances=Balances(as_at=date(2026, 4, 1))
        ),
        awards=(
            Award(
                key="a",
                title="Advice",
                stage="live",
                amount=4_000_000,
                start=date(2026, 4, 1),
                end=ends,
            ),
        ),
        posts=(post(), replace(post(None), key="q", title="Cook")),
        allocations=(Allocation(key="s", post="p", award="a", percent=Decimal(100)),),
        scenarios=(Scenario(key="w", title="If it ends", edits=(planned,)),),
        deadlines=(Deadline(key="d", title="Meet ZQ-417 about pay", due=TODAY),),
    )


def test_a_person_is_handed_all_that_is_held_of_them() -> None:
    found = person.held(book(), "ZQ-417")
    assert [each["person"]["born"] for each in found["posts"]] == ["1971-05-23"]
    assert [share["award"] for share in found["shares"]] == ["a"]
    assert {"list": "deadlines", "key": "d", "field": "title"} in found["mentioned"]
    assert person.held(book(), "ZQ-4")["posts"] == []


def test_pay_stays_to_the_penny_and_redundancy_becomes_a_range() -> None:
    before = book()
    after = person.erasing(before, "ZQ-417").apply(before)
    then, now = (outlook(each, app.statutory(), TODAY, 12) for each in (before, after))
    assert list(now.forecast["secured"].cost) == list(then.forecast["secured"].cost)
    exact, ranged = then.posts[0].redundancy, now.posts[0].redundancy
    assert exact is not None
    assert ranged is not None
    assert exact.srp is not None
    assert ranged.srp is None
    assert 0 < ranged.low < ranged.high == ranged.payable
    assert after.posts[0].person is None
    assert after.scenarios[0].edits[0].after == replace(post(None), end=date(2027, 3, 31))


def test_the_history_keeps_that_something_changed_and_undo_still_works() -> None:
    workspace = Workspace(MemoryStore(replace(book(), deadlines=())))
    raised = replace(post(), salary=3_200_000)
    workspace.do(Edit("Raise pay of ZQ-417", (change("posts", post(), raised),)))
    workspace.erase("ZQ-417")
    told = " ".join(each.label + each.changes_json for each in workspace.journal())
    assert "ZQ-417" not in told
    assert "1971-05-23" not in told
    assert "Raise pay of somebody" in told
    workspace.undo()
    assert workspace.portfolio.posts[0] == post(None)
    with pytest.raises(KeyError):
        workspace.erase("ZQ-417")


def test_not_a_byte_of_them_is_left_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FUNDTRACK_HOME", str(tmp_path / "home"))
    path, out = tmp_path / "harbour.fundtrack", tmp_path / "theirs.json"
    app.create_book(path, replace(book(), deadlines=()))
    workspace = app.open_workspace(path)
    many = tuple(add("posts", replace(post(), key=f"x{at}")) for at in range(300))
    workspace.do(Edit("Import staff", many))
    workspace.undo()
    workspace.close()
    assert all(secret in path.read_bytes() for secret in SECRETS)
    asked = ["person", str(path), "--reference", "ZQ-417"]
    assert cli.main([*asked, "--export", str(out)]) == cli.FINE
    assert json.loads(out.read_text("utf-8"))["posts"][0]["person"]["born"] == "1971-05-23"
    assert cli.main([*asked, "--erase", "--yes"]) == cli.FINE
    assert "Backups made before now" in capsys.readouterr().out
    assert not any(secret in path.read_bytes() for secret in SECRETS)
    assert cli.main(["check", str(path)]) == cli.FINE
    assert cli.main([*asked, "--erase", "--yes"]) == cli.PROBLEMS


@pytest.mark.parametrize("reference", [None, "ZQ-417"])
def test_somebody_is_handed_what_is_held_or_taken_out_by_the_post_they_are_in(
    reference: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("FUNDTRACK_HOME", str(tmp_path / "home"))
    path, out = tmp_path / "harbour.fundtrack", tmp_path / "theirs.json"
    theirs = post(replace(HELD, reference=reference))
    others = replace(post(replace(HELD, reference="B2")), key="q", title="Cook")
    app.create_book(path, replace(book(), posts=(theirs, others), scenarios=()))
    asked = ["person", str(path), "--post", "p"]
    assert cli.main([*asked, "--export", str(out)]) == cli.FINE
    assert [each["key"] for each in json.loads(out.read_text("utf-8"))["posts"]] == ["p"]
    assert cli.main([*asked, "--erase", "--yes"]) == cli.FINE
    workspace = app.open_workspace(path, read_only=True)
    assert [each.person for each in workspace.portfolio.posts] == [None, others.person]
    workspace.close()
    capsys.readouterr()
    assert cli.main([*asked, "--erase", "--yes"]) == cli.PROBLEMS
    assert "Nobody in that post" in capsys.readouterr().err
