"""Made and mangled files: each gives a result, a list of problems or a refusal in plain words.

A few of each kind here; `bench.fuzz_tables` tries ten thousand, and times them.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench import fuzz_tables
from fundtrack import app
from fundtrack.core.check import check
from fundtrack.core.errors import KnownError
from fundtrack.core.importing import Said
from fundtrack.exchange import importing

if TYPE_CHECKING:
    from pathlib import Path

BOOK = fuzz_tables._book()
SLOW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
SEEDS = fuzz_tables._seeds()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "odd.bin"


def take_in(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    try:
        file = importing.opened(path, BOOK, lambda _done, _total, _doing: None)
        seen = file.offer(BOOK, app.today(), Said(), lambda _done, _total, _doing: None)
    except KnownError as refused:
        assert str(refused)  # noqa: PT017 - a refusal is a result
        return
    assert sum(seen.counts.values()) == len(seen.rows)
    if seen.edit is not None:
        after = seen.edit.apply(BOOK)
        assert seen.edit.inverse.apply(after) == BOOK
        if seen.form == "tables":
            assert check(after) == ()


@given(st.integers(0, 2**32), st.booleans())
@SLOW
def test_a_made_file_gives_a_result_however_it_is_mangled(
    path: Path,
    chance: int,
    mangled: bool,  # noqa: FBT001
) -> None:
    dice = random.Random(chance)  # noqa: S311 - no secret
    data = fuzz_tables._made(dice)
    take_in(path, fuzz_tables._mangled(data, dice) if mangled else data)


@given(st.integers(0, 2**32))
@SLOW
@pytest.mark.skipif(not SEEDS, reason="strangers' files are not at hand")
def test_a_stranger_s_file_gives_a_result_however_it_is_mangled(path: Path, chance: int) -> None:
    dice = random.Random(chance)  # noqa: S311 - no secret
    take_in(path, fuzz_tables._mangled(dice.choice(SEEDS), dice))


@given(st.binary(max_size=2_000))
@SLOW
def test_bytes_of_nobody_give_a_result(path: Path, data: bytes) -> None:
    take_in(path, data)
