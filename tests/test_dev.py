import os
import shutil
import sys

import pytest

import dev


def test_uv_itself_is_fetched_by_the_hashes_of_the_lock() -> None:
    pinned = dev.pinned_uv()
    assert pinned is not None
    first, *rest = pinned.splitlines()
    assert first.startswith("uv==")
    assert rest
    assert all("--hash=sha256:" in line for line in rest)
    assert not rest[-1].endswith("\\")


def test_every_family_of_linux_is_told_its_own_names() -> None:
    assert {len(packages) for packages in (*dev.LIBRARIES.values(), *dev.PEERS.values())} == {4}
    assert sorted(column for column, _ in dev.FAMILIES.values()) == [0, 1, 2, 3]
    assert dev.names([dev.PEERS["Xvfb"], dev.PEERS["Xvfb"]], 1) == "xorg-x11-server-Xvfb"


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        dev.main(["tset"])
    assert stopped.value.code == 2
    assert "screenshots" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("installer", "command"),
    [
        ("apt-get", "sudo apt-get install --no-install-recommends libegl1 xvfb"),
        ("dnf", "sudo dnf install libglvnd-egl xorg-x11-server-Xvfb"),
        ("pacman", "sudo pacman -S libglvnd xorg-server-xvfb"),
        ("zypper", "sudo zypper install libEGL1 xorg-x11-server-Xvfb"),
        ("none of them", "please install (Debian's names): libegl1 xvfb"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="only Linux lacks what a package brings")
def test_who_may_not_install_is_told_the_command_of_their_own_system(
    installer: str,
    command: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}" if name == installer else None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    dev.bring([dev.LIBRARIES["libEGL.so.1"], dev.PEERS["Xvfb"]], "the tests need these")
    assert command in capsys.readouterr().out


def test_a_machine_without_a_screen_is_known_by_what_it_lacks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert not dev.has_screen()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert dev.has_screen()
