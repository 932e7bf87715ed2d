import io
import json
import sys
from pathlib import Path

import openpyxl
import pytest

from fundtrack import app, cli
from fundtrack.core.model import Portfolio
from fundtrack.exchange.tables.reading import read
from fundtrack.exchange.tables.telling import REASON

TRACKER = (
    "Our funding 2026\n\nFunder,Project,Ref,Amount,Start,End\n"
    'The Long Trust,Befriending,0042,"£12,000",1 Apr 2026,31 Mar 2027\n'
    "Deep Fund,Advice,43,lots,1 Apr 2026,31 Mar 2027\n"
    'Total,,,"£12,000",,\n'
)


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FUNDTRACK_HOME", str(tmp_path / "home"))
    path = tmp_path / "harbour.fundtrack"
    assert cli.main(["new", str(path), "--name", "Harbour"]) == cli.FINE
    return path


@pytest.fixture
def tracker(tmp_path: Path) -> Path:
    path = tmp_path / "tracker.csv"
    path.write_text(TRACKER, encoding="utf-8")
    return path


def held(book: Path) -> Portfolio:
    workspace = app.open_workspace(book, read_only=True)
    try:
        return workspace.portfolio
    finally:
        workspace.close()


def test_a_file_with_a_bad_row_changes_nothing_and_says_where(
    book: Path, tracker: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["import", str(book), str(tracker), "--table", "--yes"]) == cli.PROBLEMS
    told = capsys.readouterr()
    assert "D5" in told.err
    assert "lots" in told.err
    assert held(book).awards == ()


def test_a_spreadsheet_is_known_by_its_name_and_needs_no_switch(
    book: Path, tracker: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["import", str(book), str(tracker)]) == cli.PROBLEMS
    told = capsys.readouterr()
    assert "1 new, 0 changed, 0 unchanged, 1 problem" in told.out
    assert "D5" in told.err
    tracker.write_text(TRACKER.replace("lots", "50"), encoding="utf-8")
    assert cli.main(["import", str(book), str(tracker), "--yes"]) == cli.FINE
    assert [award.reference for award in held(book).awards] == ["0042", "43"]
    assert cli.main(["import", str(book), str(tracker), "--yes"]) == cli.FINE
    assert "Nothing was changed" in capsys.readouterr().err


def test_a_file_in_which_no_table_is_known_is_a_problem(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lunch.csv"
    path.write_text("Dish,Colour\nPeas,green\n", encoding="utf-8")
    assert cli.main(["import", str(book), str(path)]) == cli.PROBLEMS
    assert "was not recognised" in capsys.readouterr().out


def test_good_rows_come_in_and_bad_ones_go_to_a_file_with_the_reason(
    book: Path, tracker: Path, tmp_path: Path
) -> None:
    out = tmp_path / "left out.xlsx"
    asked = ["import", str(book), str(tracker), "--table", "--yes", "--left-out", str(out)]
    assert cli.main(asked) == cli.PROBLEMS
    (award,) = held(book).awards
    assert (award.reference, award.amount) == ("0042", 1200000)
    sheet = openpyxl.load_workbook(out).worksheets[0]
    titles, row = sheet.iter_rows(values_only=True)
    assert titles[-1] == REASON
    assert row[:4] == ("Deep Fund", "Advice", "43", "lots")
    assert "lots" in str(row[-1])

    assert cli.main(["undo", str(book)]) == cli.FINE
    assert held(book).awards == ()


def test_the_preview_is_said_as_json_and_nothing_is_changed(
    book: Path, tracker: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert cli.main(["import", str(book), str(tracker), "--dry-run", "--json"]) == cli.PROBLEMS
    told = json.loads(capsys.readouterr().out)
    assert told["counts"]["new"] == 1
    assert told["problems"][0]["cell"] == "D5"
    assert told["tables"][0]["as"] == "awards"
    assert held(book).awards == ()


def test_a_question_is_answered_on_the_line(book: Path, tmp_path: Path) -> None:
    path = tmp_path / "tracker.csv"
    path.write_text("Funder,Amount,Start,End\nA Trust,5,01/02/26,03/04/27\n", encoding="utf-8")
    asked = ["import", str(book), str(path), "--table", "--yes"]
    assert cli.main(asked) == cli.PROBLEMS
    assert cli.main([*asked, "--answer", "order=day-first"]) == cli.FINE
    assert str(held(book).awards[0].end) == "2027-04-03"


def test_a_mapping_file_says_which_column_is_which(book: Path, tmp_path: Path) -> None:
    path, layout = tmp_path / "odd.csv", tmp_path / "odd.toml"
    path.write_text("Wer,Was,Wieviel,Von,Bis\nA Trust,Help,5,1 May 26,1 May 27\n", "utf-8")
    uses = {"Wer": "funder", "Was": "title", "Wieviel": "amount", "Von": "start", "Bis": "end"}
    columns = "".join(f'[[column]]\ntitle = "{t}"\nuse = "{u}"\n' for t, u in uses.items())
    layout.write_text(f'kind = "awards"\n{columns}', "utf-8")
    asked = ["import", str(book), str(path), "--table", "--map", str(layout), "--yes"]
    assert cli.main(asked) == cli.FINE
    assert held(book).awards[0].title == "Help"
    assert cli.main(["import", str(book), str(path), "--table", "--dry-run"]) == cli.FINE
    assert read(path).cells == 10


def test_leaving_with_everything_takes_one_command_and_so_does_coming_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FUNDTRACK_HOME", str(tmp_path / "home"))
    book, again, out = (tmp_path / name for name in ("a.fundtrack", "b.fundtrack", "all.xlsx"))
    assert cli.main(["new", str(book), "--sample"]) == cli.FINE
    assert cli.main(["export", str(book), "--xlsx", str(out)]) == cli.FINE
    assert cli.main(["import", str(again), str(out), "--table"]) == cli.FINE
    assert held(again) == held(book)
    assert cli.main(["export", str(book), "--csv", str(tmp_path / "csv")]) == cli.FINE
    assert (tmp_path / "csv" / "awards.csv").exists()


@pytest.mark.parametrize("ending", ["xlsx", "json"])
def test_a_whole_book_is_only_looked_at_where_that_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ending: str
) -> None:
    monkeypatch.setenv("FUNDTRACK_HOME", str(tmp_path / "home"))
    book, other, new = (tmp_path / f"{name}.fundtrack" for name in ("a", "b", "c"))
    out = tmp_path / f"all.{ending}"
    assert cli.main(["new", str(book), "--sample"]) == cli.FINE
    assert cli.main(["new", str(other), "--name", "Harbour"]) == cli.FINE
    how = ["--xlsx" if ending == "xlsx" else "--out", str(out)]
    assert cli.main(["export", str(book), *how]) == cli.FINE
    before = held(other)
    capsys.readouterr()
    assert cli.main(["import", str(other), str(out), "--dry-run"]) == cli.FINE
    told = capsys.readouterr().out
    assert "records of" in told
    assert "Nothing was changed" in told
    assert held(other) == before
    assert cli.main(["import", str(new), str(out), "--dry-run"]) == cli.FINE
    assert not new.exists()
    assert cli.main(["import", str(other), str(out)]) == cli.FINE
    assert held(other) == held(book)


def test_grants_leave_as_360giving_and_those_that_cannot_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FUNDTRACK_HOME", str(tmp_path / "home"))
    book, out = tmp_path / "a.fundtrack", tmp_path / "grants.json"
    assert cli.main(["new", str(book), "--name", "Harbour"]) == cli.FINE
    assert cli.main(["export", str(book), "--360giving", str(out)]) == cli.PROBLEMS
    assert "number" in capsys.readouterr().err
    assert not out.exists()


class Screen(io.StringIO):
    """A terminal that somebody looks at."""

    def isatty(self) -> bool:
        return True


def test_a_long_import_tells_whoever_looks_how_far_it_is(
    book: Path, tracker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "_PATIENCE", -1)
    monkeypatch.setattr(cli, "_TELLS_EVERY", -1)
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    cli.main(["import", str(book), str(tracker), "--table", "--dry-run"])
    assert "Working out what comes in: 50 %" in screen.getvalue()


def test_a_script_is_not_told_how_far_it_is(
    book: Path, tracker: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "_PATIENCE", -1)
    monkeypatch.setattr(cli, "_TELLS_EVERY", -1)
    cli.main(["import", str(book), str(tracker), "--table", "--dry-run"])
    assert "%" not in capsys.readouterr().err
