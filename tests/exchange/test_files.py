import os
from pathlib import Path

import pytest

from fundtrack import app
from fundtrack.core.errors import KnownError
from fundtrack.exchange.files import write_whole


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    out = tmp_path / "outlook.txt"
    for text in (b"last month's, and longer", b"this month's"):
        write_whole(out, text)
        assert out.read_bytes() == text
    assert list(tmp_path.iterdir()) == [out]


def test_a_disk_that_gives_out_leaves_the_older_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "outlook.txt"
    write_whole(out, b"last month's")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(KnownError, match="No space left on device"):
        write_whole(out, b"this month's")
    assert out.read_bytes() == b"last month's"
    assert list(tmp_path.iterdir()) == [out]


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="see that the folder is there"):
        write_whole(tmp_path / "none" / "outlook.txt", b"")


def test_a_book_is_never_written_over(tmp_path: Path) -> None:
    book = tmp_path / "charity.fundtrack"
    app.create_book(book, app.sample(app.today()))
    with pytest.raises(KnownError, match=r"charity\.fundtrack is a FundTrack book"):
        write_whole(book, b"outlook")
