"""The command line, asked in the same process; `journeys/test_command_line.py` runs it as it is."""

import contextlib
import io
import json
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import jsonschema_rs
import pytest

from fundtrack import app, places
from fundtrack.cli import main
from fundtrack.core.edit import Edit, add
from fundtrack.core.model import Funder
from fundtrack.core.telling import untold
from fundtrack.exchange.interchange import read_json
from fundtrack.exchange.schema import OUTLOOK_SCHEMA, shipped
from fundtrack.gui.doors import Doors

COMMANDS = (
    "new",
    "import",
    "export",
    "outlook",
    "return",
    "calendar",
    "check",
    "backup",
    "restore",
    "history",
    "undo",
)
GRANTS = (
    "Identifier,Title,Currency,Amount Awarded,Award Date,Planned Dates:Duration (months),"
    "Recipient Org:Identifier,Recipient Org:Name,Funding Org:Identifier,Funding Org:Name\n"
    "360G-T-1,Befriending,GBP,12000,2026-10-01,12,GB-CHC-1000001,Harbour & Hope,360G-T,The Trust\n"
    "360G-T-2,Advice,GBP,6000,2026-11-01,24,GB-CHC-1000001,Harbour & Hope,360G-T,The Trust\n"
    "360G-T-3,Choir,GBP,99,2026-11-01,24,GB-CHC-7,Somebody Else,360G-T,The Trust\n"
)


@pytest.fixture(autouse=True)
def winter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(app.TODAY_VARIABLE, "2026-12-01")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A new book of the sample charity."""
    path = tmp_path / "charity.fundtrack"
    assert main(["new", str(path), "--sample"]) == 0
    return path


@pytest.fixture
def grants(tmp_path: Path) -> Path:
    path = tmp_path / "grants.csv"
    path.write_text(GRANTS, encoding="utf-8")
    return path


def exported(book: Path) -> str:
    out = book.with_suffix(".out.json")
    assert main(["export", str(book), "--json", "--out", str(out)]) == 0
    return out.read_text(encoding="utf-8")


# --- wrong use and other faults ----------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    assert "BOOK" in capsys.readouterr().out


@pytest.mark.parametrize(
    "asked",
    [
        ["frobnicate"],
        ["outlook"],
        ["outlook", "a.fundtrack", "--today", "01/12/2026"],
        ["outlook", "a.fundtrack", "--horizon", "0"],
        ["outlook", "a.fundtrack", "--horizon", "121"],
        ["outlook", "a.fundtrack", "--certainty", "likely"],
        ["return", "a.fundtrack", "--award", "core"],
        ["history", "a.fundtrack", "--limit", "-1"],
        ["import", "a.fundtrack", "book.json", "--recipient", "Us"],
        ["--nonsense"],
    ],
)
def test_wrong_use_is_answered_with_2_and_one_sentence(
    asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(asked) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("fundtrack: ")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("command", ["export", "outlook", "check", "history", "undo", "backup"])
def test_a_book_that_is_not_there_is_said_in_words(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, str(tmp_path / "none.fundtrack")]) == 1
    assert "There is no book at" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_mistake_of_ours_is_owned_up_to_and_noted_without_any_figure(
    book: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def break_down(*_: object) -> None:
        raise ValueError(f"salary {5 * 6283}")

    monkeypatch.setattr("fundtrack.core.outlook.outlook", break_down)
    assert main(["outlook", str(book)]) == 1
    assert "FundTrack made a mistake" in capsys.readouterr().err
    noted = (places.logs() / app.LOG_NAME).read_text(encoding="utf-8")
    assert "builtins.ValueError" in noted
    assert "break_down" in noted
    assert "31415" not in noted
    monkeypatch.setenv(app.DEBUG_VARIABLE, "1")
    with pytest.raises(ValueError, match="31415"):
        main(["outlook", str(book)])


def test_a_day_that_is_no_day_is_said_so(
    book: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(app.TODAY_VARIABLE, "tomorrow")
    assert main(["outlook", str(book)]) == 1
    assert "FUNDTRACK_TODAY is “tomorrow”" in capsys.readouterr().err


def test_a_book_s_name_alone_opens_the_window_with_every_door_it_needs(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[Path | None, list[str], Doors]] = []
    views: list[bool] = []

    def run(path: Path | None, arguments: list[str], doors: Doors, *, trustee: bool) -> int:
        seen.append((path, arguments, doors))
        views.append(trustee)
        return 0

    monkeypatch.setattr("fundtrack.gui.main.run", run)
    assert main([str(book)]) == 0
    assert main([]) == 0
    ((path, _, doors), (nothing, *_)) = seen
    assert (path, nothing) == (book, None)
    doors.save_copy(book, book.with_name("copy.fundtrack"), untold)
    copied = doors.open_book(book.with_name("copy.fundtrack"), True)
    assert copied.portfolio == doors.sample(doors.today())
    copied.close()
    assert main([str(book), "--trustee", "-style", "fusion"]) == 0
    assert views == [False, False, True]
    assert seen[-1][:2] == (book, ["-style", "fusion"])


def test_without_a_screen_the_window_says_what_else_there_is(
    book: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert main([str(book)]) == 1
    assert "There is no screen here" in capsys.readouterr().err


def test_a_terminal_that_knows_no_pound_sign_is_written_to_all_the_same(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(paper, encoding="ascii"))
    assert main(["outlook", str(book)]) == 0
    said = paper.getvalue().decode("ascii")
    assert "GBP " in said
    assert "-GBP " in said  # a minus is never lost
    assert "?" not in said


def test_what_a_stranger_s_file_says_cannot_steer_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('{"format": "fundtrack/1", "\\u001b[2J": 1}', encoding="utf-8")
    assert main(["import", str(tmp_path / "new.fundtrack"), str(bad)]) == 1
    said = capsys.readouterr().err
    assert "[2J: unknown field" in said
    assert "\x1b" not in said


# --- a whole book in and out -------------------------------------------------------------------


def test_a_new_book_never_takes_the_place_of_a_file(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = book.read_bytes()
    assert main(["new", str(book)]) == 1
    assert "There is already a file" in capsys.readouterr().err
    assert book.read_bytes() == before


def test_an_empty_book_has_the_charity_s_name_and_the_day_of_its_balances(tmp_path: Path) -> None:
    path = tmp_path / "us.fundtrack"
    asked = ["--name", "Pont", "--nation", "scotland", "--as-at", "2026-04-01"]
    assert main(["new", str(path), *asked]) == 0
    organisation = json.loads(exported(path))["organisation"]
    assert (organisation["name"], organisation["nation"]) == ("Pont", "scotland")
    assert organisation["balances"] == {"as_at": "2026-04-01"}


def test_a_book_brought_in_whole_makes_a_new_book_with_the_same_bytes(
    book: Path, tmp_path: Path
) -> None:
    text = exported(book)
    (tmp_path / "book.json").write_text(text, encoding="utf-8")
    other = tmp_path / "other.fundtrack"
    assert main(["import", str(other), str(tmp_path / "book.json")]) == 0
    assert exported(other) == text


def test_a_book_brought_in_over_another_is_one_change_that_undo_takes_back(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = exported(book)
    plain = json.loads(before)
    plain["posts"].reverse()  # the order of a list is worth pennies, so it must come through
    plain["deadlines"] = plain["deadlines"][3:]
    plain["organisation"]["name"] = "Another name"
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(plain), encoding="utf-8")
    assert main(["import", str(book), str(changed)]) == 0
    portfolio, _ = read_json(changed.read_bytes())
    assert read_json(exported(book))[0] == portfolio
    assert main(["undo", str(book)]) == 0
    assert exported(book) == before
    capsys.readouterr()
    assert main(["history", str(book), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [line["kind"] for line in told] == ["undo", "import", "new"]


def test_the_same_book_brought_in_again_changes_nothing(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "book.json").write_text(exported(book), encoding="utf-8")
    assert main(["import", str(book), str(tmp_path / "book.json")]) == 0
    assert "Nothing was changed" in capsys.readouterr().out


def test_a_bad_file_lists_every_fault_and_changes_nothing(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = exported(book)
    plain = json.loads(before)
    plain["awards"][0]["end"] = "2027-02-30"
    plain["allocations"][0]["award"] = "gone"
    plain["posts"][0]["fte"] = "-1"
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps(plain), encoding="utf-8")
    capsys.readouterr()
    assert main(["import", str(book), str(bad)]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "awards.0.end",
        "posts.0.fte",
        "allocations.0.award",
        "fundtrack",
    ]
    assert exported(book) == before


def test_nothing_is_ever_written_over_a_book(book: Path) -> None:
    before = book.read_bytes()
    for asked in (["export", str(book)], ["outlook", str(book)], ["outlook", str(book), "--json"]):
        assert main([*asked, "--out", str(book)]) == 1
    assert main(["backup", str(book), "--out", str(book)]) == 1
    assert main(["import", str(book.with_name("new.fundtrack")), str(book)]) == 1
    assert book.read_bytes() == before


# --- reading -----------------------------------------------------------------------------------


def test_the_outlook_begins_with_whose_job_is_unfunded_from_when_and_by_when_to_act(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["outlook", str(book)]) == 0
    said = capsys.readouterr().out
    opening = said.partition("Act by")[0]
    assert "unfunded" in opening
    assert "notice" in opening
    assert "An estimate to plan with. Take advice before you act or tell anyone." in said


def test_the_outlook_as_json_is_stable_and_as_its_schema_has_it(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["outlook", str(book), "--today", "2026-12-03", "--horizon", "24", "--json"]
    capsys.readouterr()
    assert main(asked) == 0
    first = capsys.readouterr().out
    out = tmp_path / "outlook.json"
    assert main([*asked, "--out", str(out)]) == 0
    assert out.read_text(encoding="utf-8") == first
    told = json.loads(first)
    assert (told["today"], told["horizon"]) == ("2026-12-03", 24)
    jsonschema_rs.validate(shipped(OUTLOOK_SCHEMA), told)


def test_a_book_somebody_has_open_can_still_be_read_but_not_changed(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = app.open_workspace(book)
    try:
        for command in ("outlook", "export", "check", "history"):
            assert main([command, str(book)]) == 0
        workspace.do(Edit("Add a funder", (add("funders", Funder(key="new", name="New")),)))
        assert main(["undo", str(book)]) == 1
        assert "open for changes elsewhere" in capsys.readouterr().err
    finally:
        workspace.close()
    assert main(["undo", str(book)]) == 0


def test_check_lists_what_makes_figures_doubtful(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(book)]) == 0
    plain = json.loads(exported(book))
    post = plain["allocations"][0]["post"]
    twice = {**plain["allocations"][0], "key": "again", "percent": "100"}
    plain["allocations"].append(twice)
    (book.with_name("twice.json")).write_text(json.dumps(plain), encoding="utf-8")
    assert main(["import", str(book), str(book.with_name("twice.json"))]) == 0
    capsys.readouterr()
    assert main(["check", str(book)]) == 1
    assert f"posts.{post}: claimed twice" in capsys.readouterr().err


# --- a return ----------------------------------------------------------------------------------


def test_a_return_is_written_and_what_its_checks_doubt_is_said(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "return.xlsx"
    asked = ["return", str(book), "--award", "mopac-core", "--period", "grant Q10"]
    capsys.readouterr()
    code = main([*asked, "--out", str(out)])
    said = capsys.readouterr()
    assert said.out == f"Wrote {out}\n"
    lines = said.err.splitlines()
    # Payroll was written at the rates of 2026, so on another day it may differ from the posts.
    assert code == int(any("F9 FAIL: " in line for line in lines))
    assert all(" WARN: " in line or "F9 FAIL: " in line for line in lines)
    assert lines
    assert out.read_bytes().startswith(b"PK")


def test_a_return_that_fails_a_check_is_answered_with_1(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = (SimpleNamespace(rule="F1", level="FAIL", says="The lines do not add up"),)
    monkeypatch.setattr("fundtrack.exchange.workbook.built_in.write_return", lambda *_: found)
    asked = ["--award", "mopac-core", "--period", "grant Q10", "--out", str(tmp_path / "r.xlsx")]
    assert main(["return", str(book), *asked]) == 1
    assert "fundtrack: F1 FAIL: The lines do not add up" in capsys.readouterr().err


def test_spending_comes_in_from_the_accounts_and_the_rules_are_remembered(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = Path(__file__).parent / "data" / "accounts" / "sage-transactions.csv"
    rules = tmp_path / "rules.toml"
    rules.write_text(
        'format = "accounts/1"\n[[rules]]\ncode = "7000"\naward = "mopac-core"\n'
        'budget_line = "idva"\n[[rules]]\ntext = "claim"\nignore = true\n',
        encoding="utf-8",
    )
    asked = ["import", str(book), str(export), "--accounts", "--day-first"]
    assert main(asked) == 2
    assert "charity.accounts.toml" in capsys.readouterr().err
    assert main([*asked, "--map", str(rules), "--dry-run"]) == 0
    assert "Nothing was changed" in capsys.readouterr().out
    assert main([*asked, "--map", str(rules)]) == 0
    said = capsys.readouterr()
    assert "from Sage: 2 new rows" in said.out
    assert "£1,500.00  mopac-core  idva" in said.out
    assert "No rule fits 7310" in said.err
    assert main(asked) == 0
    assert "Already in the book, and left as they are: 2 rows" in capsys.readouterr().out


def test_a_return_is_only_checked_and_says_so_as_json(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    asked = ["return", str(book), "--award", "mopac-core", "--period", "grant Q10", "--check-only"]
    main([*asked, "--json", "--layout", "t6-short"])
    told = json.loads(capsys.readouterr().out)
    assert {"F1", "S1", "X1"} <= {finding["rule"] for finding in told["findings"]}
    assert (told["file"], told["sha256"]) == (None, None)
    assert [path.name for path in tmp_path.iterdir()] == [book.name]
    assert main([*asked[:-1]]) == 2
    assert main([*asked, "--layout", "gone"]) == 1
    assert "t2-half-yearly" in capsys.readouterr().err


def test_the_returns_due_are_listed_and_written_in_one_go(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["returns", str(book), "--due-by", "2027-06-30"]
    capsys.readouterr()
    assert main([*asked, "--json"]) == 0
    due = json.loads(capsys.readouterr().out)
    assert due
    assert all(each["due"] <= "2027-06-30" for each in due)
    assert main(asked) == 0
    assert f"{len(due)} returns due by 30 June 2027" in capsys.readouterr().out
    folder = tmp_path / "returns"
    folder.mkdir()
    main([*asked, "--write", str(folder)])
    assert len(list(folder.glob("*.xlsx"))) == len(due)
    assert f"{len(due)} of {len(due)}: " in capsys.readouterr().err


@pytest.mark.parametrize(("award", "period"), [("gone", "grant Q10"), ("mopac-core", "soon")])
def test_a_return_of_what_is_not_there_names_what_is(
    award: str, period: str, book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "return.xlsx"
    asked = ["return", str(book), "--award", award, "--period", period, "--out", str(out)]
    assert main(asked) == 1
    assert ("mopac-core" if award == "gone" else "2026-27 Q2") in capsys.readouterr().err
    assert not out.exists()


# --- a funder's published grants ---------------------------------------------------------------


def asked_of(book: Path, grants: Path, *more: str) -> list[str]:
    return ["import", str(book), str(grants), "--360giving", "--recipient", "1000001", *more]


def test_grants_wait_for_a_yes_and_nobody_there_to_say_it_changes_nothing(
    book: Path, grants: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = exported(book)
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    capsys.readouterr()
    assert main(asked_of(book, grants)) == 1
    said = capsys.readouterr()
    assert "£12,000.00" in said.out
    assert "1 Oct 2026 to 30 Sep 2027" in said.out
    assert "A new funder: The Trust" in said.out
    assert "say so with --yes" in said.err
    assert exported(book) == before


@pytest.mark.parametrize(("answer", "added"), [("yes", 2), ("Y", 2), ("no", 0), ("", 0)])
def test_at_a_terminal_the_answer_decides(
    answer: str, added: int, book: Path, grants: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(json.loads(exported(book))["awards"])
    terminal = io.StringIO(f"{answer}\n")
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal)
    assert main(asked_of(book, grants)) == (0 if added else 1)
    assert len(json.loads(exported(book))["awards"]) == before + added


def test_grants_said_yes_to_are_one_change_and_come_in_once(
    book: Path, grants: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = exported(book)
    assert main(asked_of(book, grants, "--yes")) == 0
    after = exported(book)
    new = [award for award in json.loads(after)["awards"] if "360G-T" in award.get("reference", "")]
    assert [award["amount"] for award in new] == ["12000.00", "6000.00"]
    assert main(asked_of(book, grants, "--yes")) == 0
    assert "There is nothing new for Harbour & Hope" in capsys.readouterr().out
    assert exported(book) == after
    assert main(["undo", str(book)]) == 0
    assert exported(book) == before


def test_what_cannot_be_read_is_listed_and_the_rest_still_comes_in(
    book: Path, grants: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grants.write_text(GRANTS.replace("2026-11-01,24,GB-CHC-1", "03/04/2026,24,GB-CHC-1"), "utf-8")
    assert main(asked_of(book, grants, "--yes")) == 1
    said = capsys.readouterr()
    assert "row 3, column E (Award Date): “03/04/2026” can be 3 April or 4 March" in said.err
    assert "Brought in: 1 award, as one change" in said.out
    assert main(asked_of(book, grants, "--yes", "--day-first")) == 0


def test_the_book_s_own_number_serves_as_the_recipient(tmp_path: Path, grants: Path) -> None:
    book = tmp_path / "us.fundtrack"
    assert main(["new", str(book), "--name", "Harbour and Hope"]) == 0
    assert main(["import", str(book), str(grants), "--360giving", "--yes"]) == 0
    assert len(json.loads(exported(book))["awards"]) == 2


def test_the_day_is_the_person_s_own_unless_a_test_sets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert app.today() == date(2026, 12, 1)
    monkeypatch.delenv(app.TODAY_VARIABLE)
    assert app.today() >= date(2026, 1, 1)


def test_a_book_left_open_on_another_computer_is_changed_only_when_taken_over(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with contextlib.closing(app.open_workspace(book)) as workspace:
        workspace.do(Edit("Add a funder", (add("funders", Funder(key="mayor", name="Mayor")),)))
    ann = {"host": "LAPTOP", "pid": 1, "user": "ann", "opened_at": "", "token": "hers"}
    book.with_name(f".~lock.{book.name}#").write_text(json.dumps(ann), encoding="utf-8")
    assert main(["undo", str(book)]) == 1
    assert "ann on LAPTOP" in capsys.readouterr().err
    assert main(["undo", str(book), "--take-over"]) == 0
    assert "Undone: Add a funder" in capsys.readouterr().out
