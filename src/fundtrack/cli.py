"""FundTrack by command, for scripts and for whoever likes a keyboard: what the window does too.

Exit codes: 0 fine, 1 problems found, 2 wrong use. What is asked for goes to standard output, what
is wrong to standard error, one sentence each.
"""

from __future__ import annotations

import argparse
import codecs
import contextlib
import hashlib
import io
import json
import os
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, get_args

from fundtrack import __version__, app, places
from fundtrack.core import words
from fundtrack.core.errors import KnownError, RefusedError
from fundtrack.core.model import CERTAINTIES, LISTS, Fund, Nation
from fundtrack.core.plain import pounds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from fundtrack.core.errors import Problem
    from fundtrack.core.model import Portfolio
    from fundtrack.core.obligations import Obligation
    from fundtrack.core.returns.figures import Finding
    from fundtrack.exchange.giving360 import Offer
    from fundtrack.exchange.workbook.own.planning import Plan
    from fundtrack.exchange.workbook.own.proof import Proof
    from fundtrack.workspace import Workspace

FINE, PROBLEMS, WRONG_USE = 0, 1, 2
_STOPPED = 130
TRUSTEE = "--trustee"
"""Beside a book: opens it without names and salaries, for reading only."""
_HORIZON, _LONGEST_HORIZON = 36, 120
_LONGEST_TERM = 600
_PATIENCE, _TELLS_EVERY = 0.5, 0.1
"""Seconds of work that nobody needs to be told of, and between two words of how far it is."""
_TABLE_KINDS = (
    "awards",
    "funders",
    "services",
    "posts",
    "costs",
    "allocations",
    "payments",
    "actuals",
    "deadlines",
)
_SPREADSHEETS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
"""How the names of files end in which tables are looked for, unasked."""
_LARGEST_COUNT = 1_000_000
_PLAINER = str.maketrans(
    {
        "£": "GBP ",
        "\N{MINUS SIGN}": "-",
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "“": '"',
        "”": '"',
        "…": "...",
        "·": "-",
        "\N{MULTIPLICATION SIGN}": "x",
    }
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments ask; return the exit code. Nothing ever escapes as a traceback."""
    _speak_anywhere()
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _run(given)
        if sys.stdout is not None:  # a program without a console has none
            sys.stdout.flush()
    except BrokenPipeError:  # whoever was reading has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except KeyboardInterrupt:
        return _STOPPED
    except RefusedError as refused:
        _list_problems(refused.problems)
        return PROBLEMS
    except KnownError as known:
        _complain(str(known))
        return PROBLEMS
    except SystemExit:
        raise
    except BaseException as fault:  # the last resort; a library in another language may panic
        if os.environ.get(app.DEBUG_VARIABLE):
            raise
        _complain(app.apology(fault))
        return PROBLEMS
    return code


def _run(given: list[str]) -> int:
    commands = _commands()
    if not given:
        return app.run_window(None, [])
    if given[0] not in commands and not given[0].startswith("-"):
        if not Path(given[0]).exists():
            return _wrong(f"There is no command or book called {given[0]}. See: fundtrack --help")
        trustee = TRUSTEE in given
        rest = [each for each in given[1:] if each != TRUSTEE]
        return app.run_window(Path(given[0]), rest, trustee=trustee)
    try:
        asked = _parser(commands).parse_args(given)
    except SystemExit as stop:  # --help and --version end well, wrong use does not
        return int(stop.code or 0)
    command: Callable[[argparse.Namespace], int] = asked.command
    return command(asked)


# --- the commands ------------------------------------------------------------------------------


def _new(asked: argparse.Namespace) -> int:
    day = app.today()
    if asked.sample:
        portfolio = app.sample(day)
    else:
        as_at = asked.as_at or day.replace(day=1)
        portfolio = app.empty_portfolio(asked.name or asked.book.stem, asked.nation, as_at)
    app.create_book(
        asked.book, portfolio, "New book, the sample charity" if asked.sample else "New book"
    )
    print(f"Made {asked.book}: {_contents(portfolio)}")
    return FINE


def _import(asked: argparse.Namespace) -> int:
    if asked.giving360:
        return _import_360giving(asked)
    if asked.recipient:
        return _wrong("--recipient goes with --360giving")
    if asked.accounts:
        return _import_accounts(asked)
    if asked.table or asked.kind or asked.map or asked.json:
        return _import_table(asked)
    if asked.file.suffix.casefold() in _SPREADSHEETS:
        return _import_table(asked)
    return _import_book(asked)


def _import_book(asked: argparse.Namespace) -> int:
    from fundtrack.exchange import files, interchange, strict_json

    data = strict_json.bounded_bytes(asked.file)
    if files.is_book(data):
        raise KnownError(f"{asked.file.name} is a book, not JSON. Open it, or use restore")
    return _import_whole(asked, interchange.read_json(data))


def _import_whole(
    asked: argparse.Namespace, found: tuple[Portfolio | None, tuple[Problem, ...]]
) -> int:
    """Bring a whole book in, or only say what it would come to."""
    from fundtrack.exchange import interchange

    book, file = asked.book, asked.file
    portfolio, problems = found
    if portfolio is None:
        _list_problems(problems)
        _complain(f"{file.name} was not imported, and nothing was changed")
        return PROBLEMS
    label = f"Import {file.name}"
    if not book.exists():
        if not asked.dry_run:
            app.create_book(book, portfolio, label)
        print(f"{'Would make' if asked.dry_run else 'Made'} {book}: {_contents(portfolio)}")
        return FINE
    with _opened(book, read_only=asked.dry_run, take_over=asked.take_over) as workspace:
        edit = interchange.replacing(label, workspace.portfolio, portfolio)
        if not asked.dry_run:
            workspace.do(edit, "import")
    if not edit.changes:
        print(f"{book} already says what {file.name} says. Nothing was changed")
        return FINE
    if asked.dry_run:
        records = words.count(len(edit.changes), "record")
        print(f"{file.name} would change {records} of {book}. Nothing was changed")
        return FINE
    print(f"{book} now says what {file.name} says: {_contents(portfolio)}")
    print(f"To take it back: fundtrack undo {book}")
    return FINE


def _import_table(asked: argparse.Namespace) -> int:
    from fundtrack.exchange.tables import columns, leaving, preview, reading, telling
    from fundtrack.exchange.tables.rows import Choices

    spreadsheet = reading.read(asked.file)
    if leaving.is_ours(spreadsheet):
        found = leaving.read_back(spreadsheet)
        return _import_whole(asked, found)
    layout = columns.layout_of(asked.map) if asked.map else None
    with _opened(asked.book, read_only=True) as workspace:
        portfolio = workspace.portfolio
    plans = preview.plans_for(spreadsheet, portfolio, columns.folder())
    plans = preview.adjusted(plans, asked.kind, layout)
    seen = preview.preview(
        plans,
        portfolio,
        app.today(),
        name=asked.file.name,
        from_1904=spreadsheet.from_1904,
        choices=Choices(answers=dict(asked.answer or ())),
        tell=_how_far("Working out what comes in"),
    )
    if asked.json:
        _hand_over_json(telling.as_json(seen), None)
    else:
        for line in telling.lines(seen):
            print(_printable(line))
    _list_problems(fault.problem for fault in seen.faults)
    ending = PROBLEMS if seen.faults or not seen.rows else FINE
    if seen.edit is None:
        print("There is nothing to bring in. Nothing was changed", file=sys.stderr)
        return ending
    if asked.dry_run:
        return ending
    if seen.faults and not asked.left_out:
        return _wrong_rows(len(seen.bad_rows))
    if not asked.yes and not _said_yes():
        return PROBLEMS
    if asked.left_out and seen.bad_rows:
        telling.write_bad_rows(seen, asked.left_out)
        print(f"Wrote {asked.left_out}: {words.count(len(seen.bad_rows), 'row')} not brought in")
    with _opened(asked.book, take_over=asked.take_over) as workspace:
        workspace.do(seen.edit, "import")
    columns.remember(plans)
    print(f"To take it back: fundtrack undo {asked.book}")
    return ending


def _how_far(doing: str) -> Callable[[int, int], None]:
    """Return what shows how far long work is, where somebody looks: Control-C ends it."""
    if sys.stderr is None or not sys.stderr.isatty():
        return lambda _done, _total: None
    began = shown = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal shown
        now = time.monotonic()
        if now - began > _PATIENCE and now - shown > _TELLS_EVERY:
            shown = now
            print(f"\r{doing}: {100 * done // total} %", end="\r", file=sys.stderr, flush=True)

    return tell


def _wrong_rows(count: int) -> int:
    _complain(
        f"Nothing was changed: {words.count(count, 'row')} cannot be brought in. Put them right, "
        "answer what is asked, or have them written to a file with --left-out FILE"
    )
    return PROBLEMS


def _import_accounts(asked: argparse.Namespace) -> int:
    from fundtrack.exchange import accounts

    with _opened(asked.book, read_only=True) as workspace:
        portfolio = workspace.portfolio
    beside = accounts.map_beside(asked.book)
    if asked.map is None and not beside.exists():
        return _wrong(
            "say with --map FILE which award each transaction belongs to; it is then remembered "
            f"in {beside.name}, beside the book"
        )
    rules = accounts.read_map(asked.map or beside)
    if asked.day_first:
        rules = replace(rules, day_first=True)
    seen = accounts.preview(asked.file, portfolio, rules)
    _list_problems(seen.problems)
    for says, rows, pence in seen.unmapped:
        _complain(f"No rule fits {says}: {words.count(rows, 'row')}, {words.money(pence)}")
    print(f"{asked.file.name}, from {seen.system}: {words.count(seen.how_many('new'), 'new row')}")
    if known := seen.how_many("already in the book"):
        print(f"Already in the book, and left as they are: {words.count(known, 'row')}")
    for (award, line), pence in seen.sums.items():
        print(f"  {words.money(pence):>14}  {award}  {line}")
    if seen.edit is None or asked.dry_run:
        print("Nothing was changed")
        return PROBLEMS if seen.problems else FINE
    with _opened(asked.book, take_over=asked.take_over) as workspace:
        workspace.do(seen.edit, "import")
    accounts.remember(rules, beside)
    print(f"Brought in as one change. To take it back: fundtrack undo {asked.book}")
    return FINE


def _import_360giving(asked: argparse.Namespace) -> int:
    from fundtrack.exchange import giving360

    choices = giving360.Choices(asked.months, asked.day_first, asked.fund, asked.each_row)
    with _opened(asked.book, read_only=True) as workspace:
        portfolio = workspace.portfolio
    recipients = asked.recipient or [_own_identifier(portfolio)]
    offer = giving360.offer(asked.file, recipients, portfolio, app.today(), choices)
    _list_problems(offer.problems)
    _list_problems(offer.differing)
    if offer.known:
        print(f"Already in the book, and left as they are: {words.count(offer.known, 'award')}")
    if offer.edit is None:
        print(f"There is nothing new for {offer.recipient}. Nothing was changed")
        return PROBLEMS if offer.problems else FINE
    _show_offer(offer)
    if not asked.yes and not _said_yes():
        return PROBLEMS
    with _opened(asked.book, take_over=asked.take_over) as workspace:
        workspace.do(offer.edit, "import")
    print(f"Brought in: {words.count(len(offer.awards), 'award')}, as one change")
    print(f"To take it back: fundtrack undo {asked.book}")
    return PROBLEMS if offer.problems else FINE


def _export(asked: argparse.Namespace) -> int:
    from fundtrack.exchange import interchange

    with _opened(asked.book, read_only=True) as workspace:
        portfolio = workspace.portfolio
    if asked.xlsx or asked.csv or asked.giving360:
        return _export_tables(asked, portfolio)
    _hand_over_json(interchange.write_json(portfolio), asked.out)
    return FINE


def _export_tables(asked: argparse.Namespace, portfolio: Portfolio) -> int:
    from fundtrack.exchange import giving360_out
    from fundtrack.exchange.tables import leaving

    ending = FINE
    if asked.xlsx:
        leaving.write_workbook(portfolio, asked.xlsx)
        print(f"Wrote {asked.xlsx}")
    if asked.csv:
        written = leaving.write_csv(portfolio, asked.csv)
        print(f"Wrote {words.count(len(written), 'file')} to {asked.csv}")
    if asked.giving360:
        published = giving360_out.write(portfolio, asked.giving360)
        print(f"Wrote {asked.giving360}: {words.count(len(published.grants), 'grant')}")
        _list_problems(published.problems)
        ending = PROBLEMS if published.problems else FINE
    return ending


def _outlook(asked: argparse.Namespace) -> int:
    from fundtrack.core import outlook as outlooks

    with _opened(asked.book, read_only=True) as workspace:
        portfolio = workspace.portfolio
    found = outlooks.outlook(portfolio, app.statutory(), asked.today or app.today(), asked.horizon)
    if asked.json:
        plain = json.dumps(outlooks.to_plain(found), indent=2, ensure_ascii=False) + "\n"
        _hand_over_json(plain, asked.out)
        return FINE
    from fundtrack.core import report

    certainties = (asked.certainty,) if asked.certainty else CERTAINTIES
    _hand_over(report.text(portfolio, found, certainties), asked.out)
    return FINE


def _return(asked: argparse.Namespace) -> int:
    from fundtrack.exchange import files
    from fundtrack.exchange.workbook import built_in

    if asked.out is None and not asked.check_only:
        return _wrong("say where to with --out FILE.xlsx, or only check with --check-only")
    if asked.template or asked.mapping:
        return _return_in_their_workbook(asked)
    with _opened(asked.book, read_only=True) as workspace:
        portfolio = workspace.portfolio
    how = built_in.How(
        layout=built_in.layout_for(asked.layout or built_in.FIRST, asked.book.absolute().parent),
        confirmed=frozenset(asked.confirm or ()),
        internal=asked.internal,
    )
    if asked.check_only:
        _, figures = built_in.return_workbook(
            portfolio,
            app.statutory(),
            asked.award,
            asked.period,
            app.today(),
            how.layout,
            confirmed=how.confirmed,
            proved=True,
        )
        findings = figures.findings
    else:
        files.refuse_a_book(asked.out)
        findings = built_in.write_return(
            portfolio, app.statutory(), asked.award, asked.period, asked.out, app.today(), how
        )
    if asked.json:
        _hand_over_json(_findings_json(asked, findings), None)
    else:
        print(f"Wrote {asked.out}" if not asked.check_only else "Nothing was written, only checked")
        for finding in findings:
            if finding.level != "PASS":
                _complain(f"{finding.rule} {finding.level}: {finding.says}")
    return PROBLEMS if any(finding.level == "FAIL" for finding in findings) else FINE


def _return_in_their_workbook(asked: argparse.Namespace) -> int:
    """Fill the funder's own workbook: nothing is written unless every cell can be filled."""
    if not (asked.template and asked.mapping):
        return _wrong("--template and --mapping go together: the funder's file, and what fills it")
    if asked.layout or asked.internal:
        return _wrong("--layout and --internal are for FundTrack's own layouts, not for --template")
    from fundtrack.core.returns.filling import with_cells
    from fundtrack.exchange import files
    from fundtrack.exchange.workbook.own import asking, filling, opening, planning, telling
    from fundtrack.exchange.workbook.own.mapping import read_mapping

    mapping = read_mapping(asked.mapping)
    workbook = opening.open_workbook(asked.template)
    with _opened(asked.book, read_only=True) as workspace:
        portfolio = workspace.portfolio
    answers = asking.answers_for(
        portfolio,
        app.statutory(),
        asked.award,
        asked.period,
        mapping,
        app.today(),
        confirmed=frozenset(asked.confirm or ()),
        folder=asked.book.absolute().parent,
    )
    plan = planning.planned(workbook, mapping, answers)
    findings = with_cells(answers.figures, plan.cells).findings
    proof = None
    if not (asked.check_only or plan.problems):
        files.refuse_a_book(asked.out)
        proof = filling.write_filled(workbook, plan, asked.out)
    if asked.json:
        told = telling.plain_plan(plan, proof)
        told["file"] = None if proof is None else str(asked.out)
        told["findings"] = _plain_findings(findings)
        _hand_over_json(json.dumps(told, indent=2, ensure_ascii=False) + "\n", None)
    else:
        _say_what_is_filled(plan, proof, findings, asked.out)
    failed = plan.problems or any(finding.level == "FAIL" for finding in findings)
    return PROBLEMS if failed else FINE


def _say_what_is_filled(
    plan: Plan, proof: Proof | None, findings: Iterable[Finding], out: Path
) -> None:
    from fundtrack.exchange.workbook.own import telling

    for change in plan.changes:
        print(_printable(telling.change_line(change)))
    for sentence in telling.to_look_at(plan):
        _complain(sentence)
    _list_problems(plan.problems)
    for finding in findings:
        if finding.level != "PASS":
            _complain(f"{finding.rule} {finding.level}: {finding.says}")
    if proof is None:
        print("Nothing was written" if plan.problems else "Nothing was written, only checked")
        return
    print(f"Wrote {out}")
    for sentence in proof.says:
        print(sentence)


def _findings_json(asked: argparse.Namespace, findings: Iterable[Finding]) -> str:
    """Return what the checks of a return found, for other programs; figures as decimal strings."""
    told = {
        "award": asked.award,
        "period": asked.period,
        "file": None if asked.check_only else str(asked.out),
        "sha256": None if asked.check_only else hashlib.sha256(asked.out.read_bytes()).hexdigest(),
        "findings": _plain_findings(findings),
    }
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def _plain_findings(findings: Iterable[Finding]) -> list[dict[str, str | None]]:
    return [
        {
            "rule": finding.rule,
            "level": finding.level,
            "says": finding.says,
            "figure_a": _figure(finding, finding.figure_a),
            "figure_b": _figure(finding, finding.figure_b),
            "cell": finding.cell or None,
            "explained_by": finding.explained_by or None,
        }
        for finding in findings
    ]


def _figure(finding: Finding, figure: int | None) -> str | None:
    if figure is None:
        return None
    return pounds(figure) if finding.unit == "pence" else str(figure)


def _returns(asked: argparse.Namespace) -> int:
    """List the returns still to be sent by a day; with --write, make a file of each."""
    from fundtrack.core.obligations import obligations

    with _opened(asked.book, read_only=True) as workspace:
        portfolio = workspace.portfolio
    due = [
        each
        for each in obligations(portfolio, app.statutory())
        if each.kind in ("return", "final")
        and (each.owed or each.queried)
        and each.due <= asked.due_by
    ]
    if asked.json:
        _hand_over_json(_due_json(due), None)
    elif not asked.write:
        for each in due:
            print(f"{each.due}  {each.status or 'not begun':<11}  {each.title}")
        print(f"{words.count(len(due), 'return')} due by {words.day(asked.due_by)}")
    return _write_returns(asked, portfolio, due) if asked.write else FINE


def _due_json(due: Iterable[Obligation]) -> str:
    told = [
        {
            "award": each.award,
            "kind": each.kind,
            "period": each.period.name,
            "due": each.due.isoformat(),
            "working_day": each.working.isoformat(),
            "status": each.status,
            "payment_waits": each.pays,
            "title": each.title,
        }
        for each in due
    ]
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def _write_returns(
    asked: argparse.Namespace, portfolio: Portfolio, due: Sequence[Obligation]
) -> int:
    from fundtrack.exchange.workbook import batch, built_in

    layout = built_in.layout_for(asked.layout or built_in.FIRST, asked.book.absolute().parent)
    wanted = [
        batch.Wanted(
            each.award,
            each.period.name,
            asked.write / batch.file_name(each.award, each.period.name),
        )
        for each in due
    ]

    def tell(at: int, of: int, done: batch.Done) -> None:
        said = done.problem or (f"{done.fails} to put right" if done.fails else "checked")
        print(f"{at} of {of}: {done.wanted.out.name}: {said}", file=sys.stderr)

    how = built_in.How(layout=layout)
    done = batch.write_returns(portfolio, app.statutory(), wanted, app.today(), how, progress=tell)
    return PROBLEMS if any(each.problem or each.fails for each in done) else FINE


def _calendar(asked: argparse.Namespace) -> int:
    from fundtrack.core import deadlines, outlook
    from fundtrack.exchange import calendar

    with _opened(asked.book, read_only=True) as workspace:
        portfolio = workspace.portfolio
    today = asked.today or app.today()
    found = deadlines.deadlines(portfolio, outlook.outlook(portfolio, app.statutory(), today))
    mark, now = app.book_mark(asked.book), datetime.now(UTC)
    count = calendar.write_calendar(asked.out, found, portfolio, book=mark, today=today, at=now)
    print(f"Wrote {asked.out}: {words.count(count, 'date')}")
    return FINE


def _board_pack(asked: argparse.Namespace) -> int:
    from fundtrack.exchange import files

    ending = asked.out.suffix.casefold()
    if ending not in (".pdf", ".xlsx"):
        return _wrong(f"{asked.out.name} should end in .pdf or .xlsx")
    day = asked.today or app.today()
    if asked.since is not None and asked.since >= day:
        return _wrong(f"--since is to be before {words.day(day)}")
    files.refuse_a_book(asked.out)
    with _opened(asked.book, read_only=True) as workspace:
        pack = app.board_pack(workspace, day, asked.since, asked.prepared_by)
    if ending == ".pdf":
        files.write_whole(asked.out, app.board_pack_pdf(pack, large=asked.large))
    else:
        files.write_whole(asked.out, app.board_pack_workbook(pack))
    if asked.since is not None and pack.since is None:
        _complain(f"Nothing is compared: the book was not kept yet on {words.day(asked.since)}")
    print(f"Wrote {asked.out}")
    return FINE


def _check(asked: argparse.Namespace) -> int:
    from fundtrack.core import check, outlook

    with _opened(asked.book, read_only=True) as workspace:
        portfolio = workspace.portfolio
    told = outlook.outlook(portfolio, app.statutory(), asked.today or app.today())
    problems = (*check.check(portfolio), *told.problems)
    _list_problems(problems)
    if not problems:
        print(f"Nothing is wrong in {asked.book}: {_contents(portfolio)}")
    return PROBLEMS if problems else FINE


def _whose(asked: argparse.Namespace, portfolio: Portfolio) -> tuple[str, str]:
    """Return the reference of whoever is asked for, or the post that knows them without one."""
    from fundtrack.core import person

    if asked.reference:
        return asked.reference, ""
    post = portfolio.posts_by_key.get(asked.post)
    return ("", asked.post) if post is None else person.whose(post)


def _person(asked: argparse.Namespace) -> int:
    from fundtrack.core import person
    from fundtrack.exchange import files

    if asked.export:
        with _opened(asked.book, read_only=True) as workspace:
            found = person.held(workspace.portfolio, *_whose(asked, workspace.portfolio))
        files.write_whole(asked.export, (json.dumps(found, indent=2) + "\n").encode())
        print(f"Wrote {asked.export}: {words.count(len(found['posts']), 'post')}")
        return FINE if found["posts"] or found["mentioned"] else PROBLEMS
    if not asked.yes and not _said_yes("Take them out, for good?", "To take them out"):
        return FINE
    with _opened(asked.book, take_over=asked.take_over) as workspace:
        reference, post = _whose(asked, workspace.portfolio)
        try:
            lines = workspace.erase(reference, post)
        except KeyError:
            known_by = "in that post" if post else "of that reference"
            raise KnownError(
                f"Nobody {known_by} is in the book or its history. If taking them out was "
                "cut short before, it is finished now"
            ) from None
        left = person.held(workspace.portfolio, reference)["mentioned"] if reference else ()
    print(f"Taken out of the book and of {words.count(lines, 'line')} of its history")
    for each in left:
        print(f"Their reference still stands in {each['list']} {each['key']}, {each['field']}")
    print(
        "Backups made before now still hold them. They are in "
        f"{places.backups()}; delete those you do not need"
    )
    return FINE


def _backup(asked: argparse.Namespace) -> int:
    if asked.out is None:
        print(f"Backed up to {app.back_up(asked.book)}")
        return FINE
    if asked.out.exists():
        raise KnownError(f"There is already a file {asked.out}. Give the backup another name")
    app.save_copy(asked.book, asked.out)
    print(f"Backed up to {asked.out}")
    return FINE


def _restore(asked: argparse.Namespace) -> int:
    app.restore(asked.book, asked.backup, take_over=asked.take_over)
    print(f"Restored {asked.book} from {asked.backup}")
    return FINE


def _history(asked: argparse.Namespace) -> int:
    with _opened(asked.book, read_only=True) as workspace:
        entries = workspace.journal(asked.limit)
    if asked.json:
        lines = [
            {
                "id": entry.id,
                "at": entry.at.isoformat(),
                "who": entry.who,
                "kind": entry.kind,
                "label": entry.label,
                "of": entry.of,
            }
            for entry in entries
        ]
        _hand_over_json(json.dumps(lines, indent=2, ensure_ascii=False) + "\n", None)
        return FINE
    for entry in entries:
        at = entry.at.astimezone()
        who = f", {entry.who}" if entry.who else ""
        print(f"{words.short_day(at.date())} {at:%H:%M}{who}: {_line(entry.kind, entry.label)}")
    return FINE


def _undo(asked: argparse.Namespace) -> int:
    with _opened(asked.book, take_over=asked.take_over) as workspace:
        undone = workspace.undo()
    if undone is None:
        _complain(f"There is nothing to undo in {asked.book}")
        return PROBLEMS
    print(f"Undone: {undone.label}")
    return FINE


# --- what is asked for -------------------------------------------------------------------------


def _commands() -> dict[str, Callable[[argparse.ArgumentParser], None]]:
    """Return each command's name and what describes it to a parser."""
    return {
        "new": _describe_new,
        "import": _describe_import,
        "export": _describe_export,
        "outlook": _describe_outlook,
        "return": _describe_return,
        "returns": _describe_returns,
        "board-pack": _describe_board_pack,
        "calendar": _describe_calendar,
        "check": _describe_check,
        "person": _describe_person,
        "backup": _describe_backup,
        "restore": _describe_restore,
        "history": _describe_history,
        "undo": _describe_undo,
    }


class _Parser(argparse.ArgumentParser):
    """A parser whose complaint is one sentence and the way to help."""

    def error(self, message: str) -> NoReturn:
        _complain(f"{message}. For help: {self.prog} --help")
        sys.exit(WRONG_USE)


def _parser(commands: dict[str, Callable[[argparse.ArgumentParser], None]]) -> _Parser:
    parser = _Parser(
        prog="fundtrack",
        description="Keeps a charity's grants, contracts and posts in one file, and warns before "
        "the money for a post runs out.",
        epilog="With no command, fundtrack [BOOK] opens the window; fundtrack BOOK --trustee opens "
        "it without names and salaries, for reading only. Exit codes: 0 fine, 1 problems "
        "found, 2 wrong use. `fundtrack COMMAND --help` says more of each.",
    )
    parser.add_argument("--version", action="version", version=f"FundTrack {__version__}")
    chosen = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, describe in commands.items():
        about = (describe.__doc__ or "").strip()
        one = chosen.add_parser(name, help=about.split("\n")[0], description=about)
        one.add_argument("book", metavar="BOOK", type=Path, help="the charity's file")
        describe(one)
    return parser


def _describe_new(one: argparse.ArgumentParser) -> None:
    """Make a new book. A file of that name is never replaced."""
    one.add_argument("--sample", action="store_true", help="fill it with the sample charity")
    one.add_argument("--name", help="the charity's name (else the file's)")
    one.add_argument(
        "--nation", choices=get_args(Nation), default="england-and-wales", help="whose rules hold"
    )
    one.add_argument(
        "--as-at",
        type=_day,
        metavar="DATE",
        help="the day at whose start balances stand (else the first of this month)",
    )
    one.set_defaults(command=_new)


def _describe_import(one: argparse.ArgumentParser) -> None:
    """Bring in a whole book from JSON, a spreadsheet, or awards from a funder's published grants.

    A JSON file is a whole book: BOOK is made if it is not there; if it is, it becomes what the
    file says, as one change that undo takes back. The tables of a spreadsheet are found, shown
    row by row, and added. With --360giving, the awards made to one recipient are added. A file
    with any fault in it is listed fault by fault.
    """
    one.add_argument("file", metavar="FILE", type=Path, help="what to bring in")
    _add_take_over(one)
    table = one.add_argument_group("a spreadsheet of your own (XLSX, XLS, XLSB, ODS or CSV)")
    table.add_argument("--table", action="store_true", help="FILE is one, whatever its name")
    table.add_argument("--as", dest="kind", choices=_TABLE_KINDS, help="what its main table holds")
    table.add_argument(
        "--map", "--mapping", type=Path, metavar="FILE", help="which column is which"
    )
    table.add_argument(
        "--answer",
        action="append",
        type=_answer,
        metavar="KEY=ANSWER",
        help="answer a question the file leaves open; may be given more than once",
    )
    table.add_argument("--left-out", type=Path, metavar="FILE", help="write rows with faults there")
    table.add_argument("--dry-run", action="store_true", help="only say what would come in")
    table.add_argument("--json", action="store_true", help="say it as JSON, for other programs")
    one.add_argument(
        "--accounts",
        action="store_true",
        help="FILE is an export of transactions from the accounts (Xero, QuickBooks, Sage or a "
        "plain ledger); --map FILE says which award and budget line each belongs to, and is "
        "remembered beside the book",
    )
    giving = one.add_argument_group("a funder's published grants (360Giving: CSV, XLSX or JSON)")
    giving.add_argument(
        "--360giving", dest="giving360", action="store_true", help="FILE is such a file"
    )
    giving.add_argument(
        "--recipient",
        action="append",
        metavar="ID-or-name",
        help="whose awards: GB-CHC-1234567, a charity or company number, or the name as the funder "
        "writes it; may be given more than once (else the book's own number or name)",
    )
    giving.add_argument("--yes", action="store_true", help="bring them in without asking")
    giving.add_argument(
        "--months",
        type=_months,
        metavar="N",
        help="how long an award runs when the file gives neither an end nor a duration",
    )
    giving.add_argument(
        "--day-first", action="store_true", help="read 03/04/2026 as 3 April (else it is a problem)"
    )
    giving.add_argument(
        "--each-row",
        action="store_true",
        help="rows of one identifier with different figures are awards of their own",
    )
    giving.add_argument(
        "--fund",
        choices=get_args(Fund),
        default="restricted",
        help="what the money is, which such files do not say (restricted)",
    )
    one.set_defaults(command=_import)


def _describe_export(one: argparse.ArgumentParser) -> None:
    """Write the whole book, salaries and birth dates included, or only its grants."""
    one.add_argument("--json", action="store_true", help="as JSON, which it is unless you say")
    one.add_argument("--xlsx", type=Path, metavar="FILE", help="as one workbook, a sheet per kind")
    one.add_argument("--csv", type=Path, metavar="FOLDER", help="as CSV files, one per kind")
    one.add_argument(
        "--360giving",
        dest="giving360",
        type=Path,
        metavar="FILE",
        help="only the grants, as 360Giving publishes them: .json, .csv or .xlsx",
    )
    _add_out(one)
    one.set_defaults(command=_export)


def _describe_outlook(one: argparse.ArgumentParser) -> None:
    """Say whose job is unfunded, from when, and by which date to act."""
    one.add_argument("--today", type=_day, metavar="DATE", help="as if today were this day")
    one.add_argument(
        "--horizon",
        type=_horizon,
        default=_HORIZON,
        metavar="N",
        help=f"how many months ahead, 1 to {_LONGEST_HORIZON} ({_HORIZON})",
    )
    one.add_argument(
        "--certainty",
        choices=CERTAINTIES,
        help="count only money at least this certain (else all three, side by side)",
    )
    one.add_argument(
        "--json", action="store_true", help="as JSON, all three certainties, for other programs"
    )
    _add_out(one)
    one.set_defaults(command=_outlook)


def _describe_return(one: argparse.ArgumentParser) -> None:
    """Write a return for one award and period as an Excel workbook, checked and proved.

    In one of FundTrack's layouts; or, with --template and --mapping, in the funder's own workbook:
    only the cells of the mapping change, each is shown as it was and as it is, and nothing is
    written unless all can be filled. The funder's file itself is never changed.
    """
    one.add_argument("--award", required=True, metavar="KEY", help="the award's key")
    one.add_argument(
        "--period", required=True, help='such as "2026-27 Q2", "grant Q3" or "2026-04"'
    )
    _add_layout(one)
    theirs = one.add_argument_group("the funder's own workbook")
    theirs.add_argument("--template", type=Path, metavar="FILE", help="the workbook to fill")
    theirs.add_argument(
        "--mapping", type=Path, metavar="FILE.toml", help="which cell is filled with which figure"
    )
    one.add_argument("--out", type=Path, metavar="FILE.xlsx", help="where to")
    one.add_argument("--check-only", action="store_true", help="run its checks and write nothing")
    one.add_argument("--json", action="store_true", help="say what was found as JSON")
    one.add_argument(
        "--internal", action="store_true", help="add a sheet of where each figure came from"
    )
    one.add_argument(
        "--confirm",
        action="append",
        choices=("names", "salaries"),
        help="let what the layout asks for and is private stand in it; may be given twice",
    )
    one.set_defaults(command=_return)


def _describe_returns(one: argparse.ArgumentParser) -> None:
    """List the returns that are still to be sent by a day, or write them all."""
    one.add_argument(
        "--due-by", required=True, type=_day, metavar="DATE", help="due on or before this day"
    )
    one.add_argument("--json", action="store_true", help="as JSON, for other programs")
    one.add_argument("--write", type=Path, metavar="FOLDER", help="write each there as a workbook")
    _add_layout(one)
    one.set_defaults(command=_returns)


def _add_layout(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "--layout",
        metavar="NAME",
        help="a layout that comes with FundTrack, one of your own beside the book (NAME.toml, or "
        "in a folder layouts), or a file (t1-quarterly)",
    )


def _describe_calendar(one: argparse.ArgumentParser) -> None:
    """Write every deadline to a calendar file; written again, it updates rather than doubles."""
    one.add_argument("--out", required=True, type=Path, metavar="FILE.ics", help="where to")
    one.add_argument("--today", type=_day, metavar="DATE", help="as if today were this day")
    one.set_defaults(command=_calendar)


def _describe_board_pack(one: argparse.ArgumentParser) -> None:
    """Write the trustees' one-page report: no names, no salaries.

    FILE.pdf is the page, FILE.xlsx a workbook with the same figures. They are compared with the
    book as it stood at the trustees' last meeting, if it was kept then.
    """
    one.add_argument("--out", required=True, type=Path, metavar="FILE", help=".pdf or .xlsx")
    one.add_argument("--today", type=_day, metavar="DATE", help="as if today were this day")
    one.add_argument(
        "--since", type=_day, metavar="DATE", help="compare with this day (else the last meeting)"
    )
    one.add_argument("--large", action="store_true", help="in 12 points, on two pages")
    one.add_argument("--prepared-by", default="", metavar="WHO", help="said on the page")
    one.set_defaults(command=_board_pack)


def _describe_check(one: argparse.ArgumentParser) -> None:
    """List what is wrong in a book, or makes its figures doubtful."""
    one.add_argument("--today", type=_day, metavar="DATE", help="as if today were this day")
    one.set_defaults(command=_check)


def _describe_person(one: argparse.ArgumentParser) -> None:
    """Hand a person what the book holds of them, or take them out of it for good.

    A person is known by the reference in their post, or by the post they are in. The post, its pay
    and every sum of it stay; redundancy pay becomes a range. It cannot be undone, and backups made
    before still hold them.
    """
    who = one.add_mutually_exclusive_group(required=True)
    who.add_argument("--reference", metavar="R", help="as their post has it")
    who.add_argument("--post", metavar="KEY", help="the key of their post, if it has none")
    what = one.add_mutually_exclusive_group(required=True)
    what.add_argument("--export", type=Path, metavar="FILE", help="write what is held, as JSON")
    what.add_argument("--erase", action="store_true", help="take them out, history included")
    one.add_argument("--yes", action="store_true", help="do not ask before erasing")
    _add_take_over(one)
    one.set_defaults(command=_person)


def _describe_backup(one: argparse.ArgumentParser) -> None:
    """Make a backup of a book and prove that it can be opened."""
    _add_out(one)
    one.set_defaults(command=_backup)


def _describe_restore(one: argparse.ArgumentParser) -> None:
    """Put a backup in a book's place; the book as it stands is backed up first."""
    one.add_argument("backup", metavar="FROM", type=Path, help="the backup")
    _add_take_over(one)
    one.set_defaults(command=_restore)


def _describe_history(one: argparse.ArgumentParser) -> None:
    """List the changes made to a book, the latest first."""
    one.add_argument("--limit", type=_count_of, metavar="N", help="only the latest N")
    one.add_argument("--json", action="store_true", help="as JSON, for other programs")
    one.set_defaults(command=_history)


def _describe_undo(one: argparse.ArgumentParser) -> None:
    """Take back the latest change to a book."""
    _add_take_over(one)
    one.set_defaults(command=_undo)


def _add_out(one: argparse.ArgumentParser) -> None:
    one.add_argument("--out", type=Path, metavar="FILE", help="write it there instead")


def _add_take_over(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "--take-over",
        action="store_true",
        help="even if somebody else has the book open: what they change next is not saved",
    )


def _answer(text: str) -> tuple[str, str]:
    key, sign, answer = text.rpartition("=")
    if not sign or not key:
        raise argparse.ArgumentTypeError(f"“{text}” is not KEY=ANSWER")
    return key, answer


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a date; write it as 2026-12-01") from (
            None
        )
    if day.year not in app.YEARS:
        raise argparse.ArgumentTypeError(f"{text} is outside 1900 to 2199")
    return day


def _horizon(text: str) -> int:
    return _whole(text, _LONGEST_HORIZON)


def _months(text: str) -> int:
    return _whole(text, _LONGEST_TERM)


def _count_of(text: str) -> int:
    return _whole(text, _LARGEST_COUNT)


def _whole(text: str, largest: int) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:12]) <= largest):
        raise argparse.ArgumentTypeError(f"“{text}” is not a whole number from 1 to {largest:,}")
    return int(text)


# --- saying things -----------------------------------------------------------------------------


def _speak_anywhere() -> None:
    """See that no terminal, pipe or code page can stop a sentence half way."""
    codecs.register_error("fundtrack", _plainer)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="fundtrack")


def _plainer(fault: UnicodeError) -> tuple[str | bytes, int]:
    """Write what a terminal cannot show as it was typed before there was Unicode."""
    if not isinstance(fault, UnicodeEncodeError):
        raise fault
    text = fault.object[fault.start : fault.end].translate(_PLAINER)
    return text.encode("ascii", "replace").decode("ascii"), fault.end


def _complain(sentence: str) -> None:
    print(f"fundtrack: {_printable(sentence)}", file=sys.stderr)


def _wrong(sentence: str) -> int:
    _complain(sentence)
    return WRONG_USE


def _list_problems(problems: Iterable[Problem]) -> None:
    for problem in problems:
        where = f"{problem.path}: " if problem.path else ""
        print(_printable(f"{where}{problem.says}"), file=sys.stderr)


def _printable(text: str) -> str:
    """Return text that cannot steer a terminal, whatever a file's author put in it."""
    return "".join(
        letter if letter.isprintable() else " " if letter.isspace() else "\ufffd" for letter in text
    )


def _hand_over(text: str, out: Path | None) -> None:
    """Write text to a file, or to standard output."""
    from fundtrack.exchange import files

    if out is None:
        print(text, end="")
        return
    files.write_whole(out, text.encode())
    print(f"Wrote {out}")


def _hand_over_json(text: str, out: Path | None) -> None:
    """Write JSON as `_hand_over` does, in ASCII where standard output takes nothing else."""
    if out is None and (getattr(sys.stdout, "encoding", None) or "utf-8").lower() != "utf-8":
        text = json.dumps(json.loads(text), indent=2) + "\n"
    _hand_over(text, out)


def _show_offer(offer: Offer) -> None:
    funders = {funder.key: funder.name for funder in offer.funders}
    print(f"For {offer.recipient}, {words.count(len(offer.awards), 'award')} to bring in:")
    for award in offer.awards:
        term = f"{words.short_day(award.start)} to {words.short_day(award.end)}"
        print(f"  {words.money(award.amount):>14}  {term}  {award.stage:<8}  {award.title}")
    for name in funders.values():
        print(f"A new funder: {name}")


def _said_yes(asks: str = "Bring them in?", how: str = "To bring them in") -> bool:
    """Ask whether to go on; where nobody can answer, say how to."""
    if sys.stdin is None or not sys.stdin.isatty():
        _complain(f"Nothing was changed. {how}, say so with --yes")
        return False
    try:
        answer = input(f"{asks} Type yes or no: ")
    except EOFError:
        answer = ""
    if answer.strip().casefold() in ("y", "yes"):
        return True
    print("Nothing was changed")
    return False


@contextlib.contextmanager
def _opened(book: Path, *, read_only: bool = False, take_over: bool = False) -> Iterator[Workspace]:
    workspace = app.open_workspace(book, read_only=read_only, take_over=take_over)
    try:
        yield workspace
    finally:
        workspace.close()


def _own_identifier(portfolio: Portfolio) -> str:
    organisation = portfolio.organisation
    return organisation.charity_number or organisation.company_number or organisation.name


def _contents(portfolio: Portfolio) -> str:
    """Say what a book holds: "12 awards, 15 posts"."""
    counts = {name: len(portfolio.records(name)) for name in LISTS}
    said = [
        words.count(n, "evidence" if name == "evidence" else name[:-1], name)
        for name, n in counts.items()
        if n
    ]
    return ", ".join(said) or "nothing yet"


def _line(kind: str, label: str) -> str:
    """Say what a line of the journal did."""
    done = {"undo": "Undone: ", "redo": "Done again: "}
    return done.get(kind, "") + label
