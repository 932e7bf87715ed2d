import struct
from pathlib import Path

import pytest

from fundtrack import assets


def test_the_shipped_rates_and_bank_holidays_can_be_read() -> None:
    assert assets.rates_json()["rates"]
    assert len(assets.bank_holidays_json()["divisions"]) == 3


def test_a_file_is_had_as_text_or_as_bytes() -> None:
    text = assets.text("rates/rates.json")
    assert assets.data("rates/rates.json").decode() == text
    assert text.startswith("{")


def test_the_files_of_a_folder_are_listed_by_the_names_that_open_them() -> None:
    assert assets.names("rates", ".json") == ("rates/bank-holidays.json", "rates/rates.json")
    assert assets.names("rates", ".toml") == ()
    assert assets.names("no-such-folder") == ()


def test_a_file_that_is_not_shipped_is_our_own_mistake() -> None:
    with pytest.raises(FileNotFoundError):
        assets.data("rates/no-such-file.json")


def test_the_icons_of_the_program_hold_every_usual_size() -> None:
    data = assets.data("icons/app.ico")
    _, kind, count = struct.unpack("<3H", data[:6])
    lines = [struct.unpack("<4B2H2I", data[at : at + 16]) for at in range(6, 6 + 16 * count, 16)]
    assert kind == 1
    assert [wide or 256 for wide, *_ in lines] == [16, 24, 32, 48, 64, 128, 256]
    assert len(data) == sum(lines[-1][-2:])
    mac = assets.data("icons/app.icns")
    assert (mac[:4], int.from_bytes(mac[4:8], "big")) == (b"icns", len(mac))


def test_the_installers_name_the_icons() -> None:
    installer = Path(__file__).parents[1] / "installer"
    spec = (installer / "fundtrack.spec").read_text(encoding="utf-8")
    assert "app.ico" in spec
    assert "app.icns" in spec
    windows = (installer / "windows" / "fundtrack.iss").read_text(encoding="utf-8")
    assert "SetupIconFile=..\\..\\resources\\icons\\app.ico" in windows
