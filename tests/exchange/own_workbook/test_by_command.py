"""`fundtrack return --template --mapping`: the funder's own workbook from the command line."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from fundtrack import app
from fundtrack.cli import main
from fundtrack.exchange.workbook.own.mapping import mapping_to_toml
from tests.core.returning import TODAY
from tests.exchange.own_workbook.making import quarterly_form, saved
from tests.exchange.own_workbook.test_filling import SHEET, charity, known

if TYPE_CHECKING:
    from pathlib import Path

Run = list[str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command that fills the quarterly form for the charity."""
    monkeypatch.setenv("FUNDTRACK_TODAY", TODAY.isoformat())
    app.create_book(tmp_path / "charity.fundtrack", charity(), "New book")
    (tmp_path / "form.xlsx").write_bytes(saved(quarterly_form()))
    (tmp_path / "map.toml").write_text(mapping_to_toml(known()), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    asked = ["return", "charity.fundtrack", "--award", "next-step", "--period", "2026-27 Q2"]
    return [*asked, "--template", "form.xlsx", "--mapping", "map.toml"]


def test_a_funder_s_workbook_is_filled_and_the_proof_said(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (tmp_path / "form.xlsx").read_bytes()
    assert main([*run, "--out", "filled.xlsx"]) == 0
    told = capsys.readouterr()
    assert "Q2 return!C8: empty → 2,250.00 (line.actual staff)" in told.out
    assert "Wrote filled.xlsx" in told.out
    assert "read back by FundTrack and by calamine" in told.out
    digest = hashlib.sha256((tmp_path / "filled.xlsx").read_bytes()).hexdigest()
    assert digest in told.out
    assert "1 hidden sheet left alone" in told.err
    assert load_workbook(tmp_path / "filled.xlsx")[SHEET]["C8"].value == 2250
    assert (tmp_path / "form.xlsx").read_bytes() == before


def test_only_checking_shows_every_cell_and_writes_nothing(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = sorted(tmp_path.iterdir())
    assert main([*run, "--check-only"]) == 0
    assert "Nothing was written, only checked" in capsys.readouterr().out
    assert main([*run, "--check-only", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["file"], told["proof"], told["problems"]) == (None, None, [])
    spend = next(change for change in told["changes"] if change["cell"] == "Q2 return!C8")
    assert (spend["old"], spend["new"], spend["of"]) == ("", "2,250.00", "staff")
    assert "1 transaction" in spend["from"]
    assert sorted(tmp_path.iterdir()) == files


def test_the_checks_point_at_the_cells_of_the_funder_s_sheet(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*run, "--out", "filled.xlsx", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["proof"]["cells"] == len(told["changes"])
    assert told["proof"]["readers"] == ["FundTrack", "calamine"]
    assert {"F1", "F10"} <= {finding["rule"] for finding in told["findings"]}
    cells = {finding["cell"] for finding in told["findings"]} - {None}
    assert cells <= {change["cell"] for change in told["changes"]}


def test_what_stands_in_the_way_is_listed_and_nothing_is_written(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = quarterly_form()
    form[SHEET]["A8"] = "Pay"
    (tmp_path / "form.xlsx").write_bytes(saved(form))
    assert main([*run, "--out", "filled.xlsx"]) == 1
    told = capsys.readouterr()
    assert "Nothing was written" in told.out
    assert "Q2 return!C8: was not found: no cell with row “Salaries”" in told.err
    assert "A8 said “Salaries” and says “Pay”" in told.err
    assert not (tmp_path / "filled.xlsx").exists()
    assert main([*run, "--out", "filled.xlsx", "--json"]) == 1
    assert len(json.loads(capsys.readouterr().out)["problems"]) == 3


def test_half_a_question_is_wrong_use(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*run[:-2], "--out", "filled.xlsx"]) == 2
    assert main([*run, "--layout", "t1-quarterly", "--out", "filled.xlsx"]) == 2
    assert main(run) == 2
    assert "--template and --mapping go together" in capsys.readouterr().err


def test_a_book_or_the_funder_s_own_file_is_never_written_over(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (tmp_path / "form.xlsx").read_bytes()
    assert main([*run, "--out", "form.xlsx"]) == 1
    assert main([*run, "--out", "charity.fundtrack"]) == 1
    assert "FundTrack book and was left as it is" in capsys.readouterr().err
    assert (tmp_path / "form.xlsx").read_bytes() == before
