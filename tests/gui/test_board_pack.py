from __future__ import annotations

import re
import subprocess
import threading
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog

from bench.books import book
from fundtrack import app, cli
from fundtrack.core.board_pack import BoardPack, board_pack
from fundtrack.core.errors import KnownError
from fundtrack.core.model import Balances, Portfolio
from fundtrack.core.outlook import outlook
from fundtrack.gui import paper
from fundtrack.gui.board_pack import board_pack_pdf, pages
from fundtrack.gui.bridge import view_of
from fundtrack.gui.dialogs.board_pack import BoardPackDialog, file_name
from fundtrack.gui.wishes import set_field
from fundtrack.workspace import MemoryStore, Workspace
from tests.gui.conftest import TODAY
from tests.peers import peer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from fundtrack.gui.doors import Doors
    from fundtrack.gui.look import Look
    from fundtrack.gui.window import Window

LAST = date(2026, 9, 24)
LONG = "and a great many other good things besides, for as long as anybody can remember (phase two)"


def with_long_names(portfolio: Portfolio) -> Portfolio:
    return replace(
        portfolio,
        organisation=replace(portfolio.organisation, name=f"The Charity of {LONG}"),
        funders=tuple(replace(each, name=f"{each.name} {LONG}") for each in portfolio.funders),
        awards=tuple(replace(each, title=f"{each.title} {LONG}") for each in portfolio.awards),
    )


BOOKS: dict[str, Callable[[], Portfolio]] = {
    "sample": lambda: app.sample(TODAY),
    "empty": lambda: app.empty_portfolio("Us", "scotland", date(2026, 11, 1)),
    "huge": lambda: book(1000, 500),
    "long names": lambda: with_long_names(app.sample(TODAY)),
}
_PACKS: dict[str, BoardPack] = {}


def pack_of(name: str) -> BoardPack:
    """The report on a book; on the sample, beside what it was at the last meeting."""
    if name not in _PACKS:
        portfolio = BOOKS[name]()
        earlier = outlook(as_it_was(portfolio), app.statutory(), LAST) if name == "sample" else None
        told = outlook(portfolio, app.statutory(), TODAY)
        _PACKS[name] = board_pack(
            portfolio, told, earlier, prepared_by="the finance manager", version="FundTrack 1"
        )
    return _PACKS[name]


def as_it_was(portfolio: Portfolio) -> Portfolio:
    balances = Balances(
        as_at=date(2026, 9, 1), cash=201_111_00, total_funds=185_000_00, restricted=17_000_00
    )
    awards = tuple(
        replace(each, stage="submitted") if each.key == "peer-mentors" else each
        for each in portfolio.awards
    )
    organisation = replace(portfolio.organisation, balances=balances)
    return replace(portfolio, organisation=organisation, awards=awards)


def words_on(made: tuple[paper.Page, ...]) -> list[paper.Words]:
    return [mark for page in made for mark in page if isinstance(mark, paper.Words)]


def text_of(data: bytes, path: Path) -> str:
    """What another program reads out of a PDF, in the order it was set, on one line."""
    path.write_bytes(data)
    command = [peer("pdftotext"), "-raw", "-enc", "UTF-8", str(path), "-"]
    told = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
    return " ".join(told.stdout.split())


# --- the page --------------------------------------------------------------------------------


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("name", BOOKS)
def test_every_book_fits_one_page_and_in_large_letters_two(name: str) -> None:
    assert len(pages(pack_of(name))) == 1
    assert len(pages(pack_of(name), large=True)) == 2


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("name", BOOKS)
@pytest.mark.parametrize("large", [False, True])
def test_no_word_is_too_small_or_off_the_page_or_upon_another(name: str, *, large: bool) -> None:
    for page in pages(pack_of(name), large=large):
        lines: dict[float, list[tuple[float, float, str]]] = {}
        for word in words_on((page,)):
            assert word.size >= (9 if large else 8)
            wide = paper.width_of(word.text, word.size, bold=word.bold)
            left = word.x - {"left": 0.0, "right": wide, "centre": wide / 2}[word.align]
            assert left >= 20
            assert left + wide <= paper.WIDE - 20, word.text
            assert word.base <= paper.HIGH - 12
            lines.setdefault(round(word.base, 1), []).append((left, left + wide, word.text))
        for line in lines.values():
            for (_, end, one), (start, _, other) in zip(
                sorted(line), sorted(line)[1:], strict=False
            ):
                assert end <= start + 0.6, (one, other)


@pytest.mark.parametrize("large", [False, True])
def test_page_and_value_say_the_same(qapp: object, tmp_path: Path, *, large: bool) -> None:
    assert qapp
    pack = pack_of("sample")
    said = text_of(board_pack_pdf(pack, large=large), tmp_path / "page.pdf")
    wanted = [
        pack.title,
        pack.purpose,
        pack.figures_at,
        pack.prepared,
        *(sentence.text for sentence in pack.sentences),
        *(f"{each.text} {each.lost}{each.then}." for each in pack.decisions),
        pack.later,
        *(bar.end for bar in pack.runway.bars),
        *(line.said(column) for line in pack.key_lines for column in ("now", "last", "change")),
        *(line.name for line in pack.key_lines),
        *(
            part
            for each in pack.endings[: 3 if large else None]
            for part in (each.title, each.ends.said, each.a_year.said, each.act_by.said)
        ),
        *(each.renewal for each in pack.endings[: 3 if large else None]),
        *(" ".join(figure.text for figure in row.fte) for row in pack.posts.rows),
        pack.posts.cost,
        *(
            f"{each.name} {each.below.said} {each.gone.said} {each.lowest.said} {each.fte.said}"
            for each in pack.scenarios
        ),
        pack.returns.says,
        " ".join(pack.basis),
        *pack.going_concern,
    ]
    assert [each for each in wanted if " ".join(each.split()) not in said] == []


@pytest.mark.usefixtures("qapp")
def test_a_list_that_is_cut_says_how_many_more_there_are(tmp_path: Path) -> None:
    pack = pack_of("huge")
    said = text_of(board_pack_pdf(pack), tmp_path / "page.pdf")
    shown = sum(1 for each in pack.decisions if f"{each.text} {each.lost}" in said)
    assert f"And {len(pack.decisions) - shown} more at this meeting." in said
    assert re.search(r"And \d+ more, the last on .+; the workbook lists them all\.", said)


@pytest.mark.usefixtures("qapp")
def test_charts_are_lines_and_letters_are_letters_with_their_fonts(tmp_path: Path) -> None:
    data = board_pack_pdf(pack_of("sample"))
    assert b"/Subtype /Image" not in data
    assert len(data) < 100_000
    path = tmp_path / "page.pdf"
    path.write_bytes(data)
    told = subprocess.run(
        [peer("pdffonts"), str(path)], check=True, capture_output=True, text=True
    ).stdout.splitlines()[2:]
    assert told
    for line in told:  # … embedded, a subset, with a map back to letters
        assert line.split()[-5:-2] == ["yes", "yes", "yes"] or "yes no  yes" in line


@pytest.mark.usefixtures("qapp")
def test_without_its_colours_a_cover_is_known_by_its_pattern() -> None:
    covers = [mark for mark in pages(pack_of("sample"))[0] if isinstance(mark, paper.Cover)]
    assert {mark.cover for mark in covers} == {"secured", "probable", "possible", "unfunded"}
    signs = [mark for mark in pages(pack_of("sample"))[0] if isinstance(mark, paper.Sign)]
    assert {mark.status for mark in signs} >= {"clear", "watch", "act now"}


# --- the dialog ------------------------------------------------------------------------------


@pytest.fixture
def opened_on(
    look: Look, doors: Doors, qtbot: QtBot
) -> Iterator[Callable[[Workspace], BoardPackDialog]]:
    made: list[BoardPackDialog] = []

    def open_it(workspace: Workspace) -> BoardPackDialog:
        view = view_of(workspace.portfolio, app.statutory(), TODAY)
        dialog = BoardPackDialog(look, view, workspace, doors, None)
        made.append(dialog)
        qtbot.addWidget(dialog)
        with qtbot.waitExposed(dialog):
            dialog.show()
        return dialog

    yield open_it
    for dialog in made:
        dialog.close()


@pytest.fixture
def dialog(
    opened_on: Callable[[Workspace], BoardPackDialog], sample: Portfolio, qtbot: QtBot
) -> BoardPackDialog:
    made = opened_on(Workspace(MemoryStore(sample)))
    qtbot.waitUntil(made.save_pdf.isEnabled, timeout=20_000)
    return made


def answer(monkeypatch: pytest.MonkeyPatch, path: Path | None) -> list[str]:
    """Whoever is asked where to save answers so; returns what was proposed."""
    proposed: list[str] = []

    def ask(_parent: object, _title: str, start: str, _kinds: str) -> tuple[str, str]:
        proposed.append(start)
        return (str(path) if path else "", "")

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    return proposed


def test_who_prepared_it_stands_on_the_page_once_typed(
    dialog: BoardPackDialog, qtbot: QtBot
) -> None:
    assert dialog.prepared_by.hasFocus()
    qtbot.keyClicks(dialog.prepared_by, "the treasurer")
    assert not dialog.save_pdf.isEnabled()
    qtbot.waitUntil(
        lambda: "Prepared 22 Nov 2026 by the treasurer" in dialog.preview.accessibleDescription(),
        timeout=20_000,
    )
    assert dialog.save_pdf.isEnabled()


def test_the_book_as_it_stood_at_the_last_meeting_is_laid_beside_it(
    opened_on: Callable[[Workspace], BoardPackDialog],
    sample: Portfolio,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    store = MemoryStore(as_it_was(sample))
    workspace = Workspace(store)
    note = workspace.portfolio.awards_by_key["mopac-core"]
    workspace.do(set_field("awards", note, "notes", "Signed copy in the safe", "Write a note"))
    for award in ("peer-mentors", "mopac-core"):
        was, now = workspace.portfolio.awards_by_key[award], sample.awards_by_key[award]
        fresh = now.stage if award == "peer-mentors" else date(2027, 6, 30)
        field = "stage" if award == "peer-mentors" else "end"
        workspace.do(set_field("awards", was, field, fresh, "Bring up to date"))
    days = (datetime(2026, 8, 3, 12, tzinfo=UTC), *2 * [datetime(2026, 10, 5, 12, tzinfo=UTC)])
    store._entries = [replace(entry, at=at) for entry, at in zip(store._entries, days, strict=True)]
    dialog = opened_on(workspace)
    qtbot.waitUntil(dialog.save_pdf.isEnabled, timeout=20_000)
    assert dialog.compare_with.currentText() == "Meeting of 24 September 2026"
    assert dialog.pack is not None
    assert dialog.pack.since == LAST
    said = dialog.pack.changes
    assert any(line.startswith("Agreed: Peer mentors") for line in said), said
    assert "Victims' core grant ends 30 Jun 2027, not 31 Mar 2027." in said
    shown = text_of(board_pack_pdf(dialog.pack), tmp_path / "report.pdf")
    assert "ends 30 Jun 2027, not 31 Mar 2027" in shown

    dialog.compare_with.setCurrentIndex(dialog.compare_with.count() - 1)
    qtbot.waitUntil(dialog.save_pdf.isEnabled, timeout=20_000)
    assert dialog.compare_with.currentText() == "Nothing"
    assert dialog.pack.since is None
    assert dialog.pack.changes == ()


def test_large_letters_are_seen_before_they_are_printed(
    dialog: BoardPackDialog, qtbot: QtBot
) -> None:
    assert len(dialog.preview.pages) == 1
    high = dialog.preview.height()
    dialog.large.click()
    qtbot.waitUntil(lambda: len(dialog.preview.pages) == 2, timeout=20_000)
    assert dialog.preview.height() > high
    dialog.zoom.choose(1)
    assert dialog.preview.height() < 2.2 * dialog.area.viewport().height()


def test_what_is_saved_is_what_was_seen(
    dialog: BoardPackDialog, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposed = answer(monkeypatch, tmp_path / "report")
    qtbot.mouseClick(dialog.save_pdf, Qt.MouseButton.LeftButton)
    assert proposed[0].endswith("Larkmoor Bridge trustee report 2026-11-22.pdf")
    qtbot.waitUntil(lambda: dialog.message.words == "Saved as report.pdf.", timeout=20_000)
    saved = tmp_path / "report.pdf"
    said = text_of(saved.read_bytes(), tmp_path / "again.pdf")
    assert dialog.pack is not None
    for line in dialog.pack.key_lines:
        assert line.said("now") in said
        assert line.said("now") in dialog.preview.accessibleDescription()
    qtbot.mouseClick(dialog.save_workbook, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.message.words == "Saved as report.xlsx.", timeout=20_000)
    assert (tmp_path / "report.xlsx").read_bytes()[:2] == b"PK"


def test_nobody_who_thinks_better_of_it_gets_a_file(
    dialog: BoardPackDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, None)
    qtbot.mouseClick(dialog.save_pdf, Qt.MouseButton.LeftButton)
    assert dialog.message.words == ""


def test_a_disk_that_will_not_take_it_is_told_in_words(
    dialog: BoardPackDialog, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, tmp_path / "nowhere" / "report.pdf")
    qtbot.mouseClick(dialog.save_pdf, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "could not be written" in dialog.message.words, timeout=20_000)
    assert dialog.save_pdf.isEnabled()


def a_slow_workbook(dialog: BoardPackDialog) -> tuple[threading.Event, threading.Event]:
    """Let a workbook take until it is let go; tell when it has been begun."""
    begun, go = threading.Event(), threading.Event()

    def made(_pack: BoardPack) -> bytes:
        assert threading.current_thread() is not threading.main_thread()
        begun.set()
        assert go.wait(20)
        return b"PK"

    dialog._doors = replace(dialog._doors, board_pack_workbook=made)
    return begun, go


def test_a_report_being_written_can_be_cancelled_and_leaves_no_file(
    dialog: BoardPackDialog, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, tmp_path / "report.xlsx")
    begun, go = a_slow_workbook(dialog)
    qtbot.mouseClick(dialog.save_workbook, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(begun.is_set)
    qtbot.waitUntil(dialog.work_line.isVisible)
    assert dialog.work_line.words.text() == "Writing report.xlsx…"
    qtbot.mouseClick(dialog.work_line.cancel, Qt.MouseButton.LeftButton)
    go.set()
    qtbot.waitUntil(lambda: dialog.message.words == "Writing report.xlsx: cancelled.")
    assert list(tmp_path.glob("*report*")) == []


def test_closing_while_the_report_is_written_is_clean(
    dialog: BoardPackDialog, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, tmp_path / "report.xlsx")
    begun, go = a_slow_workbook(dialog)
    qtbot.mouseClick(dialog.save_workbook, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(begun.is_set)
    job = dialog.work.jobs[0]
    dialog.close()
    assert not dialog.work.busy
    go.set()
    assert not job.can_stop
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(20)
    assert list(tmp_path.glob("*report*")) == []


def test_it_is_printed_on_the_paper_the_printer_has(
    dialog: BoardPackDialog, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = tmp_path / "printed.pdf"

    def accept(asking: QPrintDialog) -> int:
        printer = asking.printer()
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(printed))
        return 1

    monkeypatch.setattr(QPrintDialog, "exec", accept)
    qtbot.mouseClick(dialog.print, Qt.MouseButton.LeftButton)
    assert dialog.message.words == "Sent to the printer."
    assert "Larkmoor Bridge: trustee report" in text_of(printed.read_bytes(), tmp_path / "p.pdf")


def test_closing_while_it_is_worked_out_leaves_nothing_behind(
    opened_on: Callable[[Workspace], BoardPackDialog], qtbot: QtBot
) -> None:
    made = opened_on(Workspace(MemoryStore(book(300, 150))))
    assert not made.save_pdf.isEnabled()
    made.close()
    qtbot.waitUntil(lambda: not made._latest.busy, timeout=20_000)
    assert made.pack is None


def test_a_mistake_of_ours_is_owned_up_to(
    dialog: BoardPackDialog,
    faults: list[BaseException],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("fundtrack.gui.dialogs.board_pack.board_pack", broken)
    qtbot.keyClicks(dialog.prepared_by, "x")
    qtbot.waitUntil(lambda: bool(faults), timeout=20_000)
    assert "mistake" in dialog.message.words


def test_control_p_shows_it_and_only_with_a_book_open(
    closed_window: Window, opened: Callable[[], Window], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[BoardPackDialog] = []

    def look_at(dialog: BoardPackDialog) -> int:
        shown.append(dialog)
        return 0

    monkeypatch.setattr(BoardPackDialog, "exec", look_at)
    assert not closed_window.acts.board_pack.isEnabled()
    window = opened()
    assert window.acts.board_pack.shortcut().toString() == "Ctrl+P"
    window.acts.board_pack.trigger()
    assert len(shown) == 1


def test_a_name_that_no_disk_would_take_is_made_plain() -> None:
    pack = replace(pack_of("sample"), charity="A/B: <us>?")
    assert file_name(pack) == "A B us trustee report 2026-11-22"


# --- the command -----------------------------------------------------------------------------


def test_by_command_with_the_last_meeting_beside_it(
    qapp: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert qapp
    kept, out = tmp_path / "us.fundtrack", tmp_path / "report.pdf"
    app.create_book(kept, app.sample(TODAY))
    asked = ["board-pack", str(kept), "--out", str(out), "--prepared-by", "the clerk"]
    day = ["--today", "2030-01-01"]  # the book was made before, so its state then is kept
    assert cli.main([*asked, *day, "--since", "2029-09-27"]) == 0
    said = text_of(out.read_bytes(), tmp_path / "again.pdf")
    assert "Prepared 1 Jan 2030 by the clerk" in said
    assert "At 27 Sep 2029" in said
    assert cli.main(["board-pack", str(kept), "--out", str(tmp_path / "r.xlsx"), *day]) == 0
    assert cli.main([*asked, *day, "--large"]) == 0
    assert "Page 2 of 2" in text_of(out.read_bytes(), tmp_path / "again.pdf")
    capsys.readouterr()


def test_by_command_what_cannot_be_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], qapp: object
) -> None:
    assert qapp
    kept = tmp_path / "us.fundtrack"
    app.create_book(kept, app.sample(TODAY))
    assert cli.main(["board-pack", str(kept), "--out", str(tmp_path / "report.doc")]) == 2
    assert "should end in .pdf or .xlsx" in capsys.readouterr().err
    before = ["--today", "2026-11-22", "--since", "2026-11-22"]
    assert cli.main(["board-pack", str(kept), "--out", str(tmp_path / "r.pdf"), *before]) == 2
    assert "--since is to be before" in capsys.readouterr().err
    assert cli.main(["board-pack", str(kept), "--out", str(kept)]) == 2
    early = ["--today", "2026-11-22", "--since", "2020-01-01"]
    assert cli.main(["board-pack", str(kept), "--out", str(tmp_path / "r.pdf"), *early]) == 0
    assert "Nothing is compared" in capsys.readouterr().err


def test_a_computer_without_fonts_is_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch, qapp: object
) -> None:
    assert qapp
    paper._family.cache_clear()
    monkeypatch.setattr(QFontDatabase, "families", list)
    with pytest.raises(KnownError, match="no fonts to set a page in"):
        paper._family()
    monkeypatch.undo()
    paper._family.cache_clear()
