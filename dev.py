#!/usr/bin/env python3
"""Does a developer's everyday work on a fresh machine: set up, run, test, measure, build.

Needs nothing but Python 3.11 or newer; everything else it fetches into `.venv`.
`python3 dev.py` alone lists what it can do; DEVELOPERS.md says how it is used.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import shlex
import shutil
import subprocess
import sys
import tarfile
import tempfile
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
LOCK = ROOT / "requirements.lock"
PACKING_LOCK = ROOT / "installer" / "requirements.lock"
STAMP = VENV / "installed-from"
OLDEST_PYTHON = (3, 11)

# The award of the sample charity whose return `run` writes where there is no screen.
SAMPLE_AWARD = "mopac-core"
# Its last complete quarter, on whatever day the sample was made: counted from the award's start.
SAMPLE_PERIOD = "grant Q10"


def main(arguments: list[str]) -> int:
    """Run the named command with the rest of the arguments; return its exit code."""
    if sys.version_info < OLDEST_PYTHON:
        say("FundTrack needs Python 3.11 or newer; this is " + sys.version.split()[0] + ".")
        return 2
    commands = {
        "setup": (setup, "make .venv with everything FundTrack needs"),
        "run": (run, "open FundTrack with the sample charity"),
        "test": (test, "check style, types and behaviour; with arguments, only pytest with these"),
        "bench": (bench, "measure speed against its peers"),
        "words": (words, "list the window's words for a translator"),
        "screenshots": (screenshots, "make the pictures of the README"),
        "lock": (lock, "write requirements.lock anew; with --upgrade, at the newest versions"),
        "build": (build, "make a wheel and, where PyInstaller can be had, a stand-alone program"),
    }
    parser = argparse.ArgumentParser(
        prog="dev.py",
        description="Work on FundTrack.",
        epilog="\n".join(f"  {name:12} {about}" for name, (_, about) in commands.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=commands, metavar="COMMAND")
    if not arguments:
        parser.print_help()
        return 2
    asked = parser.parse_args(arguments[:1]).command
    # Like pip, trust whom this machine trusts: an office may have a certificate of its own.
    os.environ.setdefault("UV_SYSTEM_CERTS", "true")
    try:
        return commands[asked][0](arguments[1:])
    except subprocess.CalledProcessError as failed:
        say(f"stopped: this failed with exit code {failed.returncode}: {shown(failed.cmd)}")
        return failed.returncode or 1
    except KeyboardInterrupt:
        say("stopped")
        return 130


# --- the commands -----------------------------------------------------------------------


def setup(_: list[str]) -> int:
    """Make the environment and see that Qt has what it needs."""
    make_environment()
    bring_qt_libraries()
    return 0


def run(extra: list[str]) -> int:
    """Open the sample charity, making it first if it is not there.

    Without a screen, print its outlook and write a return of it instead.
    """
    setup([])
    book = sample_book()
    if not book.exists():
        book.parent.mkdir(parents=True, exist_ok=True)
        do(fundtrack("new", str(book), "--sample"))
    if has_screen():
        return attempt(fundtrack(str(book), *extra))
    say("there is no screen here, so instead of the window: what the sample charity would show")
    outcome = attempt(fundtrack("outlook", str(book), *extra))
    out = book.with_name("sample return.xlsx")
    asked = ["--award", SAMPLE_AWARD, "--period", SAMPLE_PERIOD, "--out", str(out)]
    written = attempt(fundtrack("return", str(book), *asked))
    return outcome or written


def test(extra: list[str]) -> int:
    """Check everything; with arguments run only pytest, with those arguments.

    All checks run even when one fails, so that one run tells all; pytest comes last.
    """
    setup([])
    bring_peers()
    if extra:
        return attempt([python(), "-m", "pytest", *extra])
    checks = [
        [python(), "-m", "ruff", "check", "."],
        [python(), "-m", "ruff", "format", "--check", "."],
        [python(), "-m", "mypy"],
        [python(), "-m", "pytest"],
    ]
    outcomes = [attempt(check) for check in checks]
    return next((outcome for outcome in outcomes if outcome), 0)


def bench(extra: list[str]) -> int:
    """Measure, after bringing the programs measured against."""
    setup([])
    bring_peers()
    return attempt([python(), "-m", "bench.run", *extra])


def screenshots(extra: list[str]) -> int:
    """Make the pictures in the documentation."""
    setup([])
    return attempt([python(), str(ROOT / "docs" / "screenshots.py"), *extra])


def words(extra: list[str]) -> int:
    """List the words of the window for a translator, to a file if one is named."""
    setup([])
    return attempt([python(), str(ROOT / "docs" / "words.py"), *extra])


def lock(extra: list[str]) -> int:
    """Write the locks: for every system and Python version, hashed, naming no registry.

    What is pinned stays at its version where it still fits; with `--upgrade`, all are the newest.
    """
    make_bare_environment()
    uv = find_uv()
    if uv is None:
        say("making the lock needs uv, which could not be had here")
        return 1
    compiling = [uv, "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
    compiling += ["--no-emit-index-url", "--no-emit-find-links", "--python-version", "3.11"]
    compiling += ["--custom-compile-command", "python3 dev.py lock", *extra]
    do(
        [
            *compiling,
            "--extra",
            "dev",
            "pyproject.toml",
            "--output-file",
            str(LOCK.relative_to(ROOT)),
        ]
    )
    packing = str(PACKING_LOCK.relative_to(ROOT))
    wanted = str(Path(packing).with_name("requirements.in"))
    do([*compiling, wanted, "--constraints", str(LOCK.relative_to(ROOT)), "--output-file", packing])
    if any("://" in each.read_text(encoding="utf-8") for each in (LOCK, PACKING_LOCK)):
        say("the new lock names an address; look at it before you commit it")
        return 1
    return 0


def build(_: list[str]) -> int:
    """Make the wheel and the source archive; then the stand-alone program, and its installer."""
    setup([])
    do([python(), "-m", "build", "--no-isolation"])
    try:
        install("--require-hashes", "-r", str(PACKING_LOCK))
    except subprocess.CalledProcessError:
        say("PyInstaller could not be had, so there is no stand-alone program; the wheel is made")
        return 0
    do([python(), "-m", "PyInstaller", "--noconfirm", str(ROOT / "installer" / "fundtrack.spec")])
    return hand_out(
        (quiet([python(), "-c", "import fundtrack as f; print(f.__version__)"]) or "").strip()
    )


def hand_out(version: str) -> int:
    """Wrap the stand-alone program as this kind of system expects it; installer/README.md tells."""
    dist = ROOT / "dist"
    if os.name == "nt":
        inno = shutil.which("iscc")
        if inno is None:
            say("Inno Setup (iscc) is not here, so no installer was made of dist/FundTrack")
            return 0
        return attempt([inno, f"/DVersion={version}", r"installer\windows\fundtrack.iss"])
    if sys.platform == "darwin":
        packed = dist / f"FundTrack-{version}-macos.zip"
        # Not Python's own zip: it loses the links inside the bundle.
        return attempt(
            ["ditto", "-c", "-k", "--keepParent", str(dist / "FundTrack.app"), str(packed)]
        )
    packed = dist / f"FundTrack-{version}-linux-{platform.machine()}.tar.gz"
    say(f"packing {packed.name}")
    with tarfile.open(packed, "w:gz") as archive:
        archive.add(dist / "FundTrack", f"{packed.name.removesuffix('.tar.gz')}/FundTrack")
        for beside in (ROOT / "installer" / "linux").iterdir():
            archive.add(beside, f"{packed.name.removesuffix('.tar.gz')}/{beside.name}")
    return 0


# --- the environment --------------------------------------------------------------------


def make_environment() -> None:
    """Make `.venv` hold exactly what the lock says, if it does not yet."""
    wanted = fingerprint()
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted:
        return
    make_bare_environment()
    install("--require-hashes", "-r", str(LOCK))
    install("--no-deps", "--no-build-isolation", "-e", str(ROOT))
    STAMP.write_text(wanted, encoding="utf-8")


def install(*what: str) -> None:
    """Install into `.venv` with uv, or with pip where uv cannot be had or does not succeed."""
    uv = find_uv()
    if uv and attempt([uv, "pip", "install", "--quiet", "--python", python(), *what]) == 0:
        return
    say("without uv; pip does the same, more slowly")
    do([python(), "-m", "pip", "install", "--quiet", *what])


def make_bare_environment() -> None:
    """Make an empty `.venv`, or keep the one that works."""
    if Path(python()).exists() and quiet([python(), "-m", "pip", "--version"]) is not None:
        return
    if find_spec("ensurepip") is None:  # Debian and Ubuntu keep it in a package of its own
        bring([VENV_PACKAGE], "making .venv needs a part of Python that is not installed")
    do([sys.executable, "-m", "venv", "--clear", str(VENV)])


def find_uv() -> str | None:
    """Return the path of uv: this machine's, else one fetched into `.venv`, else None."""
    if os.environ.get("FUNDTRACK_WITHOUT_UV"):
        return None
    found = shutil.which("uv") or shutil.which("uv", path=str(BIN))
    if found:
        return found
    pinned = pinned_uv()
    if pinned is None:
        attempt([python(), "-m", "pip", "install", "--quiet", "uv"])
    else:
        with tempfile.TemporaryDirectory() as folder:
            only_uv = Path(folder) / "uv.lock"
            only_uv.write_text(pinned, encoding="utf-8")
            install = [python(), "-m", "pip", "install", "--quiet", "--require-hashes"]
            attempt([*install, "-r", str(only_uv)])
    return shutil.which("uv", path=str(BIN))


def pinned_uv() -> str | None:
    """Return the lines of the lock that pin uv with its hashes."""
    if not LOCK.exists():
        return None
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    starts = [n for n, line in enumerate(lines) if line.startswith("uv==")]
    if not starts:
        return None
    block = [lines[starts[0]]]
    for line in lines[starts[0] + 1 :]:
        if not line.lstrip().startswith("--hash"):
            break
        block.append(line)
    return "\n".join(block) + "\n"


def fingerprint() -> str:
    """Return what `.venv` depends on, as one line: its Python, the lock, the project's own file."""
    parts = [ROOT / "pyproject.toml", ROOT / "setup.py", LOCK]
    digest = hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()
    return f"{sys.version_info.major}.{sys.version_info.minor} {ROOT} {digest}\n"


def python() -> str:
    """Return the path of the environment's own Python."""
    return str(BIN / ("python.exe" if os.name == "nt" else "python"))


# --- what the system must bring ---------------------------------------------------------

# Library wanted by Qt -> the package that holds it: Debian and Ubuntu, Fedora, Arch, openSUSE.
LIBRARIES = {
    "libEGL.so.1": ("libegl1", "libglvnd-egl", "libglvnd", "libEGL1"),
    "libGL.so.1": ("libgl1", "libglvnd-glx", "libglvnd", "libGL1"),
    "libGLX.so.0": ("libglx0", "libglvnd-glx", "libglvnd", "libglvnd"),
    "libOpenGL.so.0": ("libopengl0", "libglvnd-opengl", "libglvnd", "libglvnd"),
    "libX11.so.6": ("libx11-6", "libX11", "libx11", "libX11-6"),
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb", "libx11", "libX11-xcb1"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs", "dbus", "libdbus-1-3"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig", "fontconfig", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype", "freetype2", "libfreetype6"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2", "glib2", "libglib-2_0-0"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "glib2", "glib2", "libgthread-2_0-0"),
    "libxcb.so.1": ("libxcb1", "libxcb", "libxcb", "libxcb1"),
    "libxcb-cursor.so.0": (
        "libxcb-cursor0",
        "xcb-util-cursor",
        "xcb-util-cursor",
        "libxcb-cursor0",
    ),
    "libxcb-glx.so.0": ("libxcb-glx0", "libxcb", "libxcb", "libxcb-glx0"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm", "xcb-util-wm", "libxcb-icccm4"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image", "xcb-util-image", "libxcb-image0"),
    "libxcb-keysyms.so.1": (
        "libxcb-keysyms1",
        "xcb-util-keysyms",
        "xcb-util-keysyms",
        "libxcb-keysyms1",
    ),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb", "libxcb", "libxcb-randr0"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb", "libxcb", "libxcb-render0"),
    "libxcb-render-util.so.0": (
        "libxcb-render-util0",
        "xcb-util-renderutil",
        "xcb-util-renderutil",
        "libxcb-render-util0",
    ),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb", "libxcb", "libxcb-shape0"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb", "libxcb", "libxcb-shm0"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb", "libxcb", "libxcb-sync1"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util", "xcb-util", "libxcb-util1"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb", "libxcb", "libxcb-xfixes0"),
    "libxcb-xinerama.so.0": ("libxcb-xinerama0", "libxcb", "libxcb", "libxcb-xinerama0"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb", "libxcb", "libxcb-xkb1"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon", "libxkbcommon", "libxkbcommon0"),
    "libxkbcommon-x11.so.0": (
        "libxkbcommon-x11-0",
        "libxkbcommon-x11",
        "libxkbcommon-x11",
        "libxkbcommon-x11-0",
    ),
    "libwayland-client.so.0": (
        "libwayland-client0",
        "libwayland-client",
        "wayland",
        "libwayland-client0",
    ),
    "libwayland-cursor.so.0": (
        "libwayland-cursor0",
        "libwayland-cursor",
        "wayland",
        "libwayland-cursor0",
    ),
    "libwayland-egl.so.1": ("libwayland-egl1", "libwayland-egl", "wayland", "libwayland-egl1"),
    "libz.so.1": ("zlib1g", "zlib", "zlib", "libz1"),
    "libzstd.so.1": ("libzstd1", "libzstd", "zstd", "libzstd1"),
}
FONTS = ("fonts-dejavu-core", "dejavu-sans-fonts", "ttf-dejavu", "dejavu-fonts")

VENV_PACKAGE = ("python3-venv", "python3", "python", "python3")

# Program the tests compare with -> its package, in the same order.
PEERS = {
    "soffice": ("libreoffice-calc", "libreoffice-calc", "libreoffice-fresh", "libreoffice-calc"),
    "hledger": ("hledger", "hledger", "hledger", "hledger"),
    "Xvfb": ("xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb", "xorg-x11-server-Xvfb"),
    "pdftoppm": ("poppler-utils", "poppler-utils", "poppler", "poppler-tools"),
}

# Installer of each family -> its place in the tuples above, and how a person calls it.
FAMILIES = {
    "apt-get": (0, "apt-get install --no-install-recommends"),
    "dnf": (1, "dnf install"),
    "pacman": (2, "pacman -S"),
    "zypper": (3, "zypper install"),
}


def bring_qt_libraries() -> None:
    """Install the system libraries and the font Qt lacks, or say how to; Linux only."""
    if not sys.platform.startswith("linux"):
        return
    missing = missing_libraries()
    wanted = [LIBRARIES[name] for name in missing if name in LIBRARIES]
    if not any(Path("/usr/share/fonts").rglob("*.[to]tf")):
        wanted.append(FONTS)
    bring(wanted, "Qt needs these of the system")
    unknown = [name for name in missing if name not in LIBRARIES]
    if unknown:
        say("Qt also lacks libraries whose package is not known here: " + ", ".join(unknown))


def missing_libraries() -> list[str]:
    """Return the shared libraries that Qt's window parts ask for and this system lacks."""
    ldd = shutil.which("ldd")
    if ldd is None:
        return []
    qt = next(VENV.glob("lib*/python*/site-packages/PySide6/Qt"), None)
    if qt is None:
        return []
    asking = [
        *(qt / "lib").glob("libQt6Gui.so*"),
        *(qt / "lib").glob("libQt6Widgets.so*"),
        *(qt / "lib").glob("libQt6Svg.so*"),
        *(qt / "lib").glob("libQt6PrintSupport.so*"),
        *(qt / "plugins" / "platforms").glob("libq*.so"),
    ]
    skipped = ("libqeglfs", "libqlinuxfb", "libqvkkhrdisplay", "libqminimalegl", "libqvnc")
    missing: set[str] = set()
    for library in asking:
        if not library.name.startswith(skipped):
            told = quiet([ldd, str(library)]) or ""
            missing |= {line.split()[0] for line in told.splitlines() if "not found" in line}
    return sorted(name for name in missing if not name.startswith("libQt6"))


def bring_peers() -> None:
    """Install the programs the tests compare with, or say how to; Linux only."""
    missing = [packages for program, packages in PEERS.items() if shutil.which(program) is None]
    if not missing:
        return
    if sys.platform.startswith("linux"):
        bring(missing, "the tests compare with these programs")
    else:
        say("not here, so their checks are skipped: " + names(missing, 0))


def bring(packages: list[tuple[str, str, str, str]], why: str) -> None:
    """Install the packages as root on Debian or Ubuntu; elsewhere print the command."""
    if not packages:
        return
    family = next((name for name in FAMILIES if shutil.which(name)), None)
    if family is None:
        say(f"{why}; please install (Debian's names): {names(packages, 0)}")
        return
    column, command = FAMILIES[family]
    listed = names(packages, column)
    if family != "apt-get" or os.geteuid() != 0:
        say(f"{why}; please install them:\n    sudo {command} {listed}")
        return
    say(f"{why}: {listed}")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    attempt(["apt-get", "update", "-qq"], environment)
    if attempt(
        ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *listed.split()], environment
    ):
        say("that did not succeed; going on without them")


def names(packages: list[tuple[str, str, str, str]], column: int) -> str:
    """Return the packages' names in one family, each once."""
    return " ".join(sorted({package[column] for package in packages}))


# --- the sample -------------------------------------------------------------------------


def sample_book() -> Path:
    """Return where the sample charity's book is kept on this machine."""
    asked = "from fundtrack import places; print(places.books() / 'sample.fundtrack')"
    return Path((quiet([python(), "-c", asked]) or "sample.fundtrack").strip())


def has_screen() -> bool:
    """Tell whether a window can be shown here."""
    if not sys.platform.startswith("linux"):
        return True
    return any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")))


def fundtrack(*arguments: str) -> list[str]:
    """Return the command line that runs FundTrack with these arguments."""
    return [python(), "-m", "fundtrack", *arguments]


# --- saying and doing -------------------------------------------------------------------


def say(words: str) -> None:
    """Tell the person at the terminal, at once and in order with what programs print."""
    print("dev: " + words, flush=True)


def shown(command: list[str]) -> str:
    """Return the command as a person would type it."""
    return shlex.join(command).replace(str(ROOT) + os.sep, "")


def do(command: list[str]) -> None:
    """Run a command that must succeed."""
    say(shown(command))
    subprocess.run(command, cwd=ROOT, check=True)


def attempt(command: list[str], environment: dict[str, str] | None = None) -> int:
    """Run a command and return its exit code."""
    say(shown(command))
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def quiet(command: list[str]) -> str | None:
    """Return what a command prints, or None if it fails."""
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return told.stdout if told.returncode == 0 else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
