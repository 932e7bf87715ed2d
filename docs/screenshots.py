"""Makes the pictures of the window: every page, three themes, two sizes, three books.

`python3 dev.py screenshots [WORD…]`: with words, only pictures whose names hold one of them. They
go to `docs/screens/`; the few that README shows are made small enough to keep.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
SCREENS = ROOT / "docs" / "screens"
TODAY = date(2026, 11, 22)
SIZES = ((1280, 800), (1920, 1080))
THEMES = ("light", "dark", "high-contrast")
KEPT = {"overview", "awards", "posts"}
LARGEST_KEPT = 150_000
FONTS = ("Inter", "Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans")

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402 - the platform is chosen first
from PySide6.QtCore import QEvent, Qt  # noqa: E402 - the platform is chosen first
from PySide6.QtGui import QFont, QFontDatabase, QImage  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from bench.books import book as big_book  # noqa: E402
from docs import dialogs  # noqa: E402 - the platform is chosen first
from docs.dialogs import wait_for  # noqa: E402 - the platform is chosen first
from fundtrack import app as joined  # noqa: E402
from fundtrack import settings  # noqa: E402
from fundtrack.gui.doors import Doors  # noqa: E402
from fundtrack.gui.look import Look  # noqa: E402
from fundtrack.gui.main import dress  # noqa: E402
from fundtrack.gui.returns import bench as workbench  # noqa: E402
from fundtrack.gui.window import (  # noqa: E402
    AWARDS,
    DEADLINES,
    HISTORY,
    OVERVIEW,
    PIPELINE,
    PLAN,
    POSTS,
    RETURNS,
    SETTINGS,
    Window,
)
from fundtrack.workspace import MemoryStore, Workspace  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fundtrack.core.model import Portfolio
    from fundtrack.gui.background import Tell


@dataclass(frozen=True)
class Picture:
    """One picture: which book and page, how it looks, and what is done before it is taken."""

    name: str
    portfolio: Portfolio | None
    page: int
    theme: str = "light"
    size: tuple[int, int] = SIZES[0]
    text: int = 100
    act: Callable[[Window], object] | None = None


def main(wanted: list[str]) -> int:
    """Make the pictures, and say which."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fundtrack-screens-") as home:
        os.environ["FUNDTRACK_HOME"] = home
        os.environ["FUNDTRACK_TODAY"] = TODAY.isoformat()
        app = QApplication([])
        dress(app)
        font = use_a_good_font()
        print(f"letters: {font}")
        look = Look(app, "light")
        for picture in pictures():
            if not wanted or any(word in picture.name for word in wanted):
                image = taken(app, look, picture)
                print(keep(picture.name, image))
    return 0


def pictures() -> Iterator[Picture]:
    """Every picture, the kept ones first."""
    sample = joined.sample(TODAY)
    empty = joined.empty_portfolio("New Charity", "england-and-wales", TODAY.replace(day=1))
    huge = big_book(1000, 500, today=TODAY)
    pages = (
        ("overview", OVERVIEW),
        ("pipeline", PIPELINE),
        ("awards", AWARDS),
        ("posts", POSTS),
        ("deadlines", DEADLINES),
        ("returns", RETURNS),
        ("plan", PLAN),
        ("history", HISTORY),
        ("settings", SETTINGS),
    )
    yield Picture("start", None, OVERVIEW)
    for name, page in pages:
        yield Picture(name, sample, page)
    for theme in THEMES:
        for size in SIZES:
            for name, page in pages:
                yield Picture(f"sample-{name}-{theme}-{size[0]}", sample, page, theme, size)
        yield Picture(f"start-{theme}", None, OVERVIEW, theme)
    for book, portfolio in (("empty", empty), ("huge", huge)):
        for size in SIZES:
            for name, page in pages:
                yield Picture(f"{book}-{name}-{size[0]}", portfolio, page, size=size)
    yield Picture("huge-waited-for", huge, OVERVIEW, act=wait_for_the_figures)
    for name, page in pages:
        yield Picture(f"large-text-{name}", sample, page, text=200)
        yield Picture(f"smallest-window-{name}", sample, page, size=(800, 600))
    yield Picture("plan-scenario", sample, PLAN, act=lambda it: it.page(PLAN).open("nine-tenths"))
    yield Picture("overview-why", sample, OVERVIEW, act=lambda it: it.acts.why.trigger())
    yield Picture("overview-why-a-sentence", sample, OVERVIEW, act=ask_of_a_sentence)
    yield Picture("posts-why-a-month", sample, POSTS, act=ask_of_a_month)
    yield Picture("award-empty-tables", sample, AWARDS, act=open_an_award_without_payments)
    yield Picture("overview-as-a-table", sample, OVERVIEW, act=lambda it: it.acts.chart.trigger())
    yield from of_the_overview(sample)
    yield from of_dialogs(sample)
    yield Picture("awards-wrong-date", sample, AWARDS, act=type_a_wrong_date)
    yield Picture("awards-removed", sample, AWARDS, act=remove_an_award)
    yield Picture("awards-grouped", sample, AWARDS, act=group_awards)
    yield Picture("award-light", sample, AWARDS, act=open_an_award)
    yield Picture("award-dark", sample, AWARDS, "dark", act=open_an_award)
    yield Picture("award-high-contrast", sample, AWARDS, "high-contrast", act=open_an_award)
    yield Picture("award-terms", sample, AWARDS, act=change_terms)
    yield Picture("award-large-text", sample, AWARDS, text=200, act=open_an_award)
    yield Picture("award-smallest-window", sample, AWARDS, size=(800, 600), act=open_an_award)
    yield Picture("posts-as-a-table", sample, POSTS, act=show_posts_as_a_table)
    yield from of_a_post(sample)
    yield Picture("pipeline-as-a-table", sample, PIPELINE, act=lambda it: it.acts.chart.trigger())
    yield from of_a_return(sample)
    for theme in THEMES:
        yield Picture(f"deadlines-month-{theme}", sample, DEADLINES, theme, act=show_december)


def of_dialogs(sample: Portfolio) -> Iterator[Picture]:
    """Every dialog, and a funder's own workbook, in every theme."""
    for theme in THEMES:
        for name, act in dialogs.acts():
            yield Picture(f"dialog-{name}-{theme}", sample, AWARDS, theme, act=act)
        fill = dialogs.fill_a_workbook
        yield Picture(f"own-workbook-{theme}", sample, RETURNS, theme, act=fill)


def of_the_overview(sample: Portfolio) -> Iterator[Picture]:
    """The overview when something happened meanwhile, and with a month of its chart read."""
    for theme in THEMES:
        yield Picture(f"overview-away-{theme}", sample, OVERVIEW, theme, act=come_back)
    for name, page in (("overview", OVERVIEW), ("posts", POSTS), ("history", HISTORY)):
        yield Picture(f"trustee-{name}", sample, page, act=lambda it: it.show_trustee_view(True))
    for theme in THEMES:
        yield Picture(f"import-{theme}", sample, AWARDS, theme, act=import_a_tracker)
        yield Picture(f"accounts-{theme}", sample, AWARDS, theme, act=import_accounts)
        yield Picture(f"paste-{theme}", sample, AWARDS, theme, act=paste_awards)
    yield Picture("export", sample, AWARDS, act=choose_an_export)
    yield Picture("long-work", sample, AWARDS, act=work_long)
    yield Picture("import-large-text", sample, AWARDS, text=200, act=import_a_tracker)
    yield Picture("overview-month-read", sample, OVERVIEW, act=read_march)


def of_a_return(sample: Portfolio) -> Iterator[Picture]:
    """A return's workbench."""
    for theme in THEMES:
        yield Picture(f"return-bench-{theme}", sample, RETURNS, theme, act=open_a_return)
    for size, text in (((800, 600), 100), ((1280, 800), 200), ((1920, 1080), 100)):
        name = f"return-bench-{size[0]}-{text}"
        yield Picture(name, sample, RETURNS, "light", size, text, open_a_return)
    yield Picture("return-words", sample, RETURNS, act=write_a_note)
    yield Picture("return-scrolled", sample, RETURNS, act=scroll_a_return)
    for theme in THEMES:
        yield Picture(f"return-write-{theme}", sample, RETURNS, theme, act=ask_before_writing)
        yield Picture(f"return-names-{theme}", sample, RETURNS, theme, act=ask_about_names)
        yield Picture(f"return-batch-{theme}", sample, RETURNS, theme, act=ask_which_to_write)
    yield Picture("return-write-large-text", sample, RETURNS, text=200, act=ask_before_writing)
    for sheet in ("Outputs", "Who", "Narrative", "Cover"):
        yield Picture(f"return-{sheet.lower()}", sample, RETURNS, act=partial(show_a_sheet, sheet))


def of_a_post(sample: Portfolio) -> Iterator[Picture]:
    """A post's own page."""
    for theme in THEMES:
        yield Picture(f"post-{theme}", sample, POSTS, theme, act=open_a_post)
    yield Picture("post-1920", sample, POSTS, size=SIZES[1], act=show_a_post_with_salaries)
    yield Picture("post-salaries", sample, POSTS, act=show_a_post_with_salaries)
    yield Picture("post-large-text", sample, POSTS, text=200, act=open_a_post)
    yield Picture("post-smallest-window", sample, POSTS, size=(800, 600), act=open_a_post)
    yield Picture("post-dragged", sample, POSTS, act=drag_a_share)
    yield Picture("post-changing", sample, POSTS, act=change_a_post)


def taken(app: QApplication, look: Look, picture: Picture) -> QImage:
    """Open the real window, do what the picture asks for, and look at it."""
    look.choose(wish=picture.theme, text_size=picture.text)
    window = Window(look, doors(picture.portfolio), settings.Settings())
    window.resize(*picture.size)
    window.show()
    if picture.portfolio is not None:
        window.open_book(Path("sample.fundtrack"))
        wait_for(lambda: window.bridge is not None and window.bridge.view is not None)
        window.go_to(picture.page)
    settle(app)
    shown: QWidget = window
    if picture.act is not None:
        opened = picture.act(window)
        settle(app)
        shown = opened if isinstance(opened, QWidget) else window
    image = shown.grab().toImage()
    if shown is not window:
        shown.deleteLater()
    window.close()
    window.deleteLater()
    settle(app)
    # no loop runs here that would do it: each later picture would dress all earlier windows anew
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    return image


def doors(portfolio: Portfolio | None) -> Doors:
    """Doors that open one book, kept in memory."""

    def open_it(_book: Path, _read_only: bool) -> Workspace:  # noqa: FBT001 - as Doors has it
        if portfolio is None:
            raise FileNotFoundError
        return Workspace(MemoryStore(portfolio))

    return Doors(
        today=joined.today,
        statutory=joined.statutory,
        open_book=open_it,
        create=lambda _book, _portfolio: None,
        sample=joined.sample,
        save_copy=lambda _book, _target, _tell: None,
        write_file=joined.write_file,
        imports=joined.import_doors(),
        board_pack_workbook=joined.board_pack_workbook,
        returns=joined.return_doors(),
        own_workbook=joined.own_workbook_doors(),
        note=print,
    )


def keep(name: str, image: QImage) -> str:
    """Store a picture; one that README shows with fewer colours, so that it is small."""
    path = SCREENS / f"{name}.png"
    if name in KEPT:
        image = image.convertToFormat(
            QImage.Format.Format_Indexed8,
            usual_colours(image),
            Qt.ImageConversionFlag.ThresholdDither,
        )
    image.save(str(path))
    size = path.stat().st_size
    if name in KEPT and size > LARGEST_KEPT:
        raise SystemExit(f"{path.name} is {size:,} bytes; README's pictures stay under 150,000")
    return f"{path.relative_to(ROOT)}  {size:,} bytes"


def usual_colours(image: QImage) -> list[int]:
    """The 256 colours a picture uses most; a window of plain grounds and letters has few others."""
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(plain.constBits(), dtype=np.uint32)
    colours, counts = np.unique(pixels, return_counts=True)
    return [int(each) for each in colours[np.argsort(-counts)][:256]]


def use_a_good_font() -> str:
    """Use the first of the usual interface fonts that this machine has."""
    families = set(QFontDatabase.families())
    found = next((name for name in FONTS if name in families), QApplication.font().family())
    QFont.insertSubstitution(QApplication.font().family(), found)
    QApplication.setFont(QFont(found, 10))
    return found


def settle(app: QApplication) -> None:
    """Let the window lay itself out and paint."""
    for _ in range(12):
        app.processEvents()


def type_a_wrong_date(window: Window) -> None:
    """Type a day that does not exist into an award's end."""
    from PySide6.QtTest import QTest

    grid = window.page(AWARDS).grid  # type: ignore[attr-defined]
    grid.change("mopac-core", "end")
    field = QApplication.focusWidget()
    if field is not None:
        QTest.keyClicks(field, "30/2/27")
        QTest.keyClick(field, Qt.Key.Key_Return)


def remove_an_award(window: Window) -> None:
    """Remove an award; the line under the header says so and offers Undo."""
    grid = window.page(AWARDS).grid  # type: ignore[attr-defined]
    grid.remove_wanted.emit(("council-advice",))


def come_back(window: Window) -> None:
    """Come back to a book in which something happened meanwhile, and open the list of it."""
    from fundtrack.core.away import Away, News

    news = (
        News("cliff", date(2027, 3, 31), _MOVED, "awards.mopac-core"),
        News("due", date(2026, 11, 20), "Rasasf: claim for 2026-27 Q2"),
        News("change", date(2026, 11, 18), "asha: Move end date", "awards.mopac-core"),
    )
    page = window.page(OVERVIEW)
    page.tell_of_absence(Away(date(2026, 11, 13), news))  # type: ignore[attr-defined]
    page.absence.more.click()  # type: ignore[attr-defined]


_MOVED = "MOPAC victims' core grant: from 1 March 2027, not 1 April 2027: 31 days earlier"


def read_march(window: Window) -> None:
    """Read a month of the chart; its records stand below as links."""
    from PySide6.QtTest import QTest

    chart = window.page(OVERVIEW).runway.chart  # type: ignore[attr-defined]
    chart.setFocus()
    for _ in range(5):
        QTest.keyClick(chart, Qt.Key.Key_Right)


def wait_for_the_figures(window: Window) -> None:
    """Show a page of a large book as it is while its figures are worked out."""
    from fundtrack.gui.widgets.waiting import working_out

    page = window.page(OVERVIEW)
    page.wait_for(working_out(page.view.portfolio))  # type: ignore[union-attr]


def ask_of_a_sentence(window: Window) -> None:
    """Ask why the first of the three sentences says what it says."""
    window.page(OVERVIEW).sentences.labels[0].setFocus()  # type: ignore[attr-defined]
    window.acts.why.trigger()


def ask_of_a_month(window: Window) -> None:
    """Ask why a month of a post's cover is as it is."""
    from PySide6.QtTest import QTest

    page = window.page(POSTS)
    page.open_in_grid("finance")  # type: ignore[attr-defined]
    months = page.cover.months  # type: ignore[attr-defined]
    for key in (Qt.Key.Key_Home, *[Qt.Key.Key_Right] * 5):
        QTest.keyClick(months, key)
    window.acts.why.trigger()


def open_an_award_without_payments(window: Window) -> None:
    """Open an award whose tables are empty still, and say what can be pasted into them."""
    window.open_record("awards.regular-giving")


def open_an_award(window: Window) -> None:
    """Open an award's own page."""
    window.open_record("awards.mopac-core")


def change_terms(window: Window) -> None:
    """Open an award's own page with its terms as fields."""
    open_an_award(window)
    window.page(AWARDS).own.terms.toggle()  # type: ignore[attr-defined]


def group_awards(window: Window) -> None:
    """Put the awards under their funders."""
    page = window.page(AWARDS)
    page.group.setCurrentIndex(1)  # type: ignore[attr-defined]
    page.group.activated.emit(1)  # type: ignore[attr-defined]


def show_posts_as_a_table(window: Window) -> None:
    """Show the posts as a table."""
    window.page(POSTS).switch.choose(1)  # type: ignore[attr-defined]


def open_a_return(window: Window) -> None:
    """Open the core grant's return for the quarter under way."""
    workbench.TOO_LONG = 1_000.0  # a picture waits for nobody
    window.page(RETURNS).stand_at("mopac-core-return-9")


def scroll_a_return(window: Window) -> None:
    """Scroll a return's finance sheet; its lines' names and its heads stay."""
    open_a_return(window)
    grid = window.page(RETURNS).own.grid  # type: ignore[attr-defined]
    grid.go_to_place(grid.sheet.rowCount(), grid.sheet.columnCount())


def ask_before_writing(window: Window, withheld: tuple[str, ...] = ()) -> QWidget:
    """Ask what is asked before a return is written; `withheld` is what its layout asks for."""
    from fundtrack.gui.returns.writing import WriteDialog

    open_a_return(window)
    page = window.page(RETURNS)
    shown = page.own.shown  # type: ignore[attr-defined]
    shown = replace(shown, figures=replace(shown.figures, withheld=withheld))
    portfolio = page.view.portfolio  # type: ignore[union-attr]
    dialog = WriteDialog(
        window.look, shown, portfolio, frozenset(), page, changeable=True, tells_salaries=True
    )
    dialog.show()
    return dialog


def ask_about_names(window: Window) -> QWidget:
    """Ask whether names and salaries may leave with a return."""
    return ask_before_writing(window, ("names", "salaries"))


def ask_which_to_write(window: Window) -> QWidget:
    """Ask by which day returns are due that are to be written in one go."""
    from fundtrack.gui.dialogs.returns_batch import BatchDialog

    page = window.page(RETURNS)
    owed = page.view.later.returns  # type: ignore[union-attr]
    by = TODAY + timedelta(days=28)
    dialog = BatchDialog(window.look, owed, TODAY, by, Path("Returns"), page)
    dialog.show()
    return dialog


def show_a_sheet(title: str, window: Window) -> None:
    """Show one sheet of the half-yearly layout or of the outcomes'."""
    open_a_return(window)
    bench = window.page(RETURNS).own  # type: ignore[attr-defined]
    bench.layout_wanted.emit("t3-victims-outcomes")
    at = next(n for n in range(bench.tabs.count()) if bench.tabs.tabText(n) == title)
    bench.tabs.setCurrentIndex(at)


def write_a_note(window: Window) -> None:
    """Stand on a note about a variance, half written."""
    open_a_return(window)
    bench = window.page(RETURNS).own  # type: ignore[attr-defined]
    at = next(n for n in range(bench.tabs.count()) if bench.tabs.tabText(n) == "Notes")
    bench.tabs.setCurrentIndex(at)
    bench.cell.words.setFocus()
    bench.cell.words.insertPlainText("The post was vacant")


def open_a_post(window: Window) -> None:
    """Open a post's own page."""
    window.open_record("posts.idva-courts")


def show_a_post_with_salaries(window: Window) -> None:
    """Open a post's own page, with salaries shown."""
    window.open_record("posts.finance")
    window.show_salaries(True)


def change_a_post(window: Window) -> None:
    """Open the terms and the person of a post for changing."""
    show_a_post_with_salaries(window)
    page = window.page(POSTS).own  # type: ignore[attr-defined]
    for card in (page.person, page.terms):
        card.toggle()


def drag_a_share(window: Window) -> None:
    """Hold the end of a share half a year later than it is."""
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QMouseEvent

    window.open_record("posts.isva")
    page = window.page(POSTS).own  # type: ignore[attr-defined]
    page.show_card(page.allocations)
    bars = page.allocations.timeline.bars
    QApplication.processEvents()
    bar = bars.table.rows[0]
    rect = bars.bar_rect(bar.days, bars.lane(0))
    for kind, x in (
        (QEvent.Type.MouseButtonPress, rect.right()),
        (QEvent.Type.MouseMove, rect.right() - 40),
    ):
        at, left = QPointF(x, rect.center().y()), Qt.MouseButton.LeftButton
        none = Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(bars.viewport(), QMouseEvent(kind, at, at, left, left, none))


def show_december(window: Window) -> None:
    """Show a month of deadlines."""
    page = window.page(DEADLINES)
    page.swap_chart()
    page.month.choose(date(2026, 12, 30))  # type: ignore[attr-defined]


TRACKER = """Our grants
Funder\tProject\tRef\tAmount\tStart date\tEnd date\tStatus
The Long Trust\tBefriending\tLT/01\t£12,000\t03/04/2026\t02/03/2027\tConfirmed
Harbour Council\tAdvice line\t0042\t£8,000.50\t05/04/2026\t09/08/2027\tWaiting on them
Smith Foundation\tFamilies\tSF-2\ttwelve\t01/04/2026\t01/03/2029\tLive
Total\t\t\t£20,000.50
"""
LEDGER = "Date,Amount,Description,Category\n" + "".join(
    f"{day} Sep 2026,{day * 40},{said},{category}\n"
    for day, said, category in (
        (1, "Wages", "Staff"),
        (4, "Taxi to court", "Travel"),
        (9, "Room hire", "Rooms"),
        (30, "Wages", "Staff"),
    )
)


def import_a_tracker(window: Window) -> QWidget | None:
    """Bring a pasted tracker in, as far as its questions."""
    from fundtrack.gui.bringing import import_window

    dialog = import_window(window, TRACKER)
    wait_for(lambda: dialog is None or not dialog.work.busy)
    if dialog is not None:
        dialog.resize(1180, 780)  # the screenless platform's own screen is smaller than a laptop's
    return dialog


def paste_awards(window: Window) -> QWidget:
    """Look at what a copied table would change and add."""
    from fundtrack.gui.dialogs.paste import PasteDialog
    from fundtrack.gui.pasting import Pasting, block

    text = (
        "Award\tAmount\tEnd\tColour\nHealth navigator\tabout ten\t31/2/2028\tred\n"
        "Core costs\t120000\t\t\nWinter fund\t12000\t31/3/2028\t\n"
    )
    grid = window.page(AWARDS).grid  # type: ignore[attr-defined]
    pasting = Pasting(grid.table, grid.table.columns, grid.table.whole(), "Awards")
    dialog = PasteDialog(window.look, pasting, block(text), (0, 0), window)
    dialog.show()
    return dialog


def choose_an_export(window: Window) -> QWidget:
    """Choose what to write of the book."""
    from fundtrack.gui.dialogs.export import Export

    dialog = Export(window.look, window)
    dialog.show()
    return dialog


def work_long(window: Window) -> None:
    """Show how far long work is."""

    def writing(tell: Tell) -> None:
        tell(40, 100, "Writing the workbook")
        time.sleep(1)

    window.work.run("Writing", writing, then=lambda _answer: None)
    wait_for(window.work_line.isVisible)


def import_accounts(window: Window) -> QWidget | None:
    """Bring a ledger in, as far as where each account belongs."""
    from fundtrack.gui.bringing import accounts_import

    path = Path(os.environ["FUNDTRACK_HOME"]) / "ledger.csv"
    path.write_text(LEDGER, "utf-8")
    window.book = path.with_suffix(".fundtrack")
    dialog = accounts_import(window, path)
    wait_for(lambda: dialog is None or not dialog.busy)
    return dialog


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
