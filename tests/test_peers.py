import pytest

from tests import peers


def test_a_missing_peer_skips_a_check_here_and_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-program is not installed"):
        peers.peer("no-such-program")


def test_a_missing_peer_is_a_failure_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="CI must skip nothing"):
        peers.peer("no-such-program")


def test_a_missing_stranger_s_file_is_a_failure_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    if not peers.SHARED.exists():
        pytest.skip("this checkout has no ../shared folder")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="CI must skip nothing"):
        peers.shared("no-such-file.xlsx")
