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
