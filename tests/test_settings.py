import os
import stat
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundtrack import places, settings
from fundtrack.core.errors import KnownError
from fundtrack.settings import Settings


def test_a_first_start_has_the_usual_preferences_and_nothing_to_say() -> None:
    assert settings.read() == (Settings(), ())


def test_preferences_are_there_again_at_the_next_start() -> None:
    mine = Settings(theme="dark", text_size=140, window="AdnQyw==").having_opened(
        Path("a.fundtrack")
    )
    settings.write(mine)
    assert settings.read() == (mine, ())


def test_the_book_opened_last_comes_first_and_once() -> None:
    opened = Settings()
    for name in ("/spring", "/autumn", "/spring"):
        opened = opened.having_opened(Path(name))
    assert [Path(book).name for book in opened.recent_books] == ["spring", "autumn"]
    assert opened.last_book == Path(opened.recent_books[0])
    assert Settings().last_book is None


def test_only_so_many_books_are_remembered() -> None:
    opened = Settings()
    for number in range(30):
        opened = opened.having_opened(Path(f"/{number}.fundtrack"))
    assert len(opened.recent_books) == settings.RECENT_BOOKS_KEPT


def test_a_broken_file_is_set_aside_with_a_word_and_never_lost(home: Path) -> None:
    for number, broken in enumerate(
        (b"theme = dark", b'theme = "d\xff"', b"a = " + b"[" * 9999), 1
    ):
        places.settings_file().write_bytes(broken)
        found, problems = settings.read()
        assert found == Settings()
        assert f"settings.toml.broken-{number}" in problems[0].says
        assert (home / f"settings.toml.broken-{number}").read_bytes() == broken
        assert not places.settings_file().exists()


def test_one_preference_that_makes_no_sense_costs_only_itself() -> None:
    places.settings_file().write_text('theme = "mauve"\ntext_size = 120\nrecent_books = [1]\n')
    found, problems = settings.read()
    assert found == Settings(text_size=120)
    assert [problem.path for problem in problems] == [
        "settings.toml.theme",
        "settings.toml.recent_books",
    ]
    assert "system, light, dark, high-contrast" in problems[0].says


@pytest.mark.parametrize("size", ["89", "201", "true", "100.0", '"100"'])
def test_a_text_size_nobody_could_read_is_refused(size: str) -> None:
    places.settings_file().write_text(f"text_size = {size}\n")
    found, problems = settings.read()
    assert found.text_size == 100
    assert problems[0].path == "settings.toml.text_size"


@pytest.mark.parametrize("place", ["A", "é", "not base64"])
def test_a_window_s_place_that_was_mangled_costs_only_itself(place: str) -> None:
    places.settings_file().write_text(f'theme = "dark"\nwindow = "{place}"\n', encoding="utf-8")
    found, problems = settings.read()
    assert found == Settings(theme="dark")
    assert [problem.path for problem in problems] == ["settings.toml.window"]


def test_what_a_newer_fundtrack_wrote_is_kept() -> None:
    places.settings_file().write_text(
        'theme = "dark"\nvoice = "on"\n[reader]\nspeed = 1.5\nsince = 2026-04-01\n'
    )
    found, _ = settings.read()
    settings.write(found)
    kept = tomllib.loads(places.settings_file().read_text(encoding="utf-8"))
    assert kept["voice"] == "on"
    assert kept["reader"] == {"speed": 1.5, "since": date(2026, 4, 1)}
    assert settings.read() == (found, ())


def test_a_folder_where_nothing_can_be_written_is_told_kindly(home: Path) -> None:
    places.settings_file().mkdir()
    (places.settings_file() / "something").touch()
    with pytest.raises(KnownError, match="Your book is not affected"):
        settings.write(Settings(theme="dark"))
    assert [path.name for path in home.iterdir()] == ["settings.toml"]
    found, problems = settings.read()
    assert found == Settings()
    assert "left as it is" in problems[0].says


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps permissions another way")
def test_nobody_else_on_this_computer_reads_which_books_were_opened() -> None:
    settings.write(Settings())
    assert stat.S_IMODE(places.settings_file().stat().st_mode) == 0o600


texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | texts
    | st.dates()
    | st.times()
    | st.datetimes(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(texts, values, max_size=4))
def test_whatever_is_written_reads_back_the_same(kept: dict[str, Any]) -> None:
    assert tomllib.loads(settings.to_toml(kept)) == kept


def test_a_path_no_text_can_hold_is_written_as_nearly_as_it_can_be() -> None:
    settings.write(Settings().having_opened(Path("/caf\udce9.fundtrack")))
    assert settings.read()[0].recent_books[0].endswith("caf?.fundtrack")


def test_what_toml_cannot_say_is_our_own_mistake() -> None:
    with pytest.raises(TypeError):
        settings.to_toml({"nothing": None})
    assert settings.to_toml({"at": datetime(2026, 4, 1, 9, 30, tzinfo=UTC), "by": time(17)}) == (
        "at = 2026-04-01T09:30:00+00:00\nby = 17:00:00\n"
    )


def test_two_fundtracks_at_once_do_not_undo_each_others_preferences() -> None:
    start = Settings(recent_books=("old",), tables=(("awards", "a"), ("posts", "a")))
    settings.write(start)
    here = replace(start, theme="dark", recent_books=("mine", "old"))
    there = replace(
        start,
        text_size=150,
        recent_books=("theirs", "old"),
        tables=(("awards", "b"), ("posts", "a"), ("returns", "c")),
    )
    settings.write_changes(start, there)
    kept = settings.write_changes(start, here)
    assert (kept.theme, kept.text_size) == ("dark", 150)
    assert kept.recent_books == ("mine", "old", "theirs")
    assert kept.tables == there.tables
    assert settings.read() == (kept, ())


def test_what_was_taken_out_here_is_not_brought_back_by_another() -> None:
    start = Settings(tables=(("awards", "a"), ("posts", "a")))
    settings.write(replace(start, tables=(("awards", "a"), ("posts", "b"))))
    kept = settings.write_changes(start, replace(start, tables=(("posts", "a"),)))
    assert kept.tables == (("posts", "b"),)


def test_a_file_that_broke_meanwhile_is_written_anew_from_what_is_known_here(home: Path) -> None:
    start = Settings(text_size=130)
    settings.write(start)
    (home / "settings.toml").write_text("theme = ", encoding="utf-8")
    kept = settings.write_changes(start, replace(start, theme="dark"))
    assert (kept.theme, kept.text_size) == ("dark", 130)
    assert settings.read() == (kept, ())
