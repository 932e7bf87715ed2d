"""FundTrack by command, each one a program of its own, as a script or a person runs it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.peers import shared

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a command in an empty folder, on 1 December 2026."""
    environment = os.environ | {"FUNDTRACK_TODAY": "2026-12-01", "PYTHONUTF8": "1"}

    def command(*asked: str, code: int = 0, **more: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "fundtrack", *asked],
            cwd=tmp_path,
            env=environment | more,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
        return done

    return command


def test_a_year_in_the_life_of_a_book_by_command(run: Run, tmp_path: Path) -> None:
    run("new", "charity.fundtrack", "--sample")
    run("check", "charity.fundtrack")
    outlook = run("outlook", "charity.fundtrack").stdout
    assert "Act by" in outlook
    first = run("export", "charity.fundtrack", "--json").stdout

    # The whole book goes to another computer and comes back.
    (tmp_path / "book.json").write_text(first, encoding="utf-8")
    run("import", "copy.fundtrack", "book.json")
    assert run("export", "copy.fundtrack", "--json").stdout == first
    assert run("outlook", "copy.fundtrack").stdout == outlook

    # A council's published grants come in, and are thought better of.
    grants = str(shared("360giving/trafford_council_voluntary_sector_grants.csv"))
    giving = ("import", "charity.fundtrack", grants, "--360giving", "--recipient", "Seed Studios")
    assert "say so with --yes" in run(*giving, code=1).stderr
    assert run("export", "charity.fundtrack").stdout == first
    assert "Brought in: 6 awards" in run(*giving, "--yes").stdout
    assert len(json.loads(run("export", "charity.fundtrack").stdout)["awards"]) == 6 + len(
        json.loads(first)["awards"]
    )
    assert "Import 6 awards to Seed Studios" in run("history", "charity.fundtrack").stdout
    run("backup", "charity.fundtrack", "--out", "with grants.fundtrack")
    run("undo", "charity.fundtrack")
    assert run("export", "charity.fundtrack").stdout == first

    # Somebody wants them after all.
    run("restore", "charity.fundtrack", "with grants.fundtrack")
    assert len(json.loads(run("export", "charity.fundtrack").stdout)["awards"]) > len(
        json.loads(first)["awards"]
    )
    kinds = [
        line["kind"] for line in json.loads(run("history", "charity.fundtrack", "--json").stdout)
    ]
    assert kinds[0] == "restore"
    assert kinds[-1] == "new"
    assert "Backed up to" in run("backup", "charity.fundtrack").stdout
    assert not list(tmp_path.glob(".~lock*"))


def test_a_bad_file_is_answered_with_1_and_its_faults_on_standard_error(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "bad.json").write_text(
        '{"format": "fundtrack/1", "awards": [{}]}', encoding="utf-8"
    )
    done = run("import", "new.fundtrack", "bad.json", code=1)
    assert done.stdout == ""
    assert "organisation: this is required" in done.stderr
    assert "awards.0.key: this is required" in done.stderr
    assert not (tmp_path / "new.fundtrack").exists()


def test_wrong_use_is_answered_with_2(run: Run) -> None:
    assert run("outlook", code=2).stderr.count("\n") == 1
    assert run("outlok", "charity.fundtrack", code=2).stdout == ""


def test_a_reader_who_has_read_enough_ends_it_quietly(run: Run, tmp_path: Path) -> None:
    run("new", "charity.fundtrack", "--sample")
    running = subprocess.Popen(
        [sys.executable, "-m", "fundtrack", "outlook", "charity.fundtrack", "--horizon", "120"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.read(1)
    running.stdout.close()
    complaint = running.stderr.read()
    running.stderr.close()
    assert (running.wait(), complaint) == (0, b"")


def test_a_console_of_an_older_code_page_is_written_to_whole(run: Run) -> None:
    run("new", "charity.fundtrack", "--sample")
    code_page = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    assert "GBP " in run("outlook", "charity.fundtrack", **code_page).stdout
    told = run("export", "charity.fundtrack", **code_page).stdout
    assert json.loads(told) == json.loads(run("export", "charity.fundtrack").stdout)
