from pathlib import Path

import pytest

from fundtrack import places


def test_a_fundtrack_on_a_memory_stick_keeps_everything_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FUNDTRACK_HOME", str(tmp_path))
    kept = [places.books(), places.backups(), places.logs(), places.settings_file()]
    assert all(place.is_relative_to(tmp_path) for place in kept)
    assert len(set(kept)) == 4


def test_without_a_home_of_its_own_books_are_among_a_person_s_documents(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("FUNDTRACK_HOME")
    assert places.books().name == "FundTrack"
    assert places.settings_file().name == "settings.toml"
    assert "FundTrack" in places.backups().parts
    assert "FundTrack" in places.logs().parts
    assert places.books() not in places.backups().parents


def test_asking_where_things_are_kept_makes_nothing(home: Path) -> None:
    places.books()
    places.backups()
    places.logs()
    places.settings_file()
    assert not list(home.iterdir())
