"""Many returns in one go: the others go on when one cannot, and Cancel stops before the next."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from fundtrack.exchange.workbook.batch import Done, Wanted, file_name, write_returns
from tests.core.filled_in import second_quarter
from tests.core.returning import TODAY, statutory

if TYPE_CHECKING:
    from pathlib import Path


def wanted(folder: Path, *periods: str) -> list[Wanted]:
    return [
        Wanted("next-step", period, folder / file_name("next-step", period)) for period in periods
    ]


def test_each_is_written_and_told_of_and_one_that_cannot_be_stops_no_other(tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []

    def tell(at: int, of: int, done: Done) -> None:
        told.append((at, of, done.problem))

    asked = wanted(tmp_path, "2026-27 Q1", "1999-00 Q1", "2026-27 Q2")
    done = write_returns(second_quarter(), statutory(), asked, TODAY, progress=tell)
    assert [(at, of, bool(problem)) for at, of, problem in told] == [
        (1, 3, False),
        (2, 3, True),
        (3, 3, False),
    ]
    assert "lies outside the award" in done[1].problem
    data = (tmp_path / "next-step 2026-27 Q2.xlsx").read_bytes()
    assert done[2].sha256 == hashlib.sha256(data).hexdigest()
    assert len(list(tmp_path.iterdir())) == 2


def test_cancel_stops_before_the_next_and_keeps_what_was_written(tmp_path: Path) -> None:
    asked = wanted(tmp_path, "2026-27 Q1", "2026-27 Q2")
    done = write_returns(
        second_quarter(),
        statutory(),
        asked,
        TODAY,
        cancelled=lambda: any(tmp_path.iterdir()),
    )
    assert [each.wanted.period for each in done] == ["2026-27 Q1"]
    assert [path.name for path in tmp_path.iterdir()] == ["next-step 2026-27 Q1.xlsx"]


def test_a_file_is_named_so_that_any_system_takes_it() -> None:
    assert file_name("a/b:c", "2026-05-15 to 2026-08-14") == "a-b-c 2026-05-15 to 2026-08-14.xlsx"
