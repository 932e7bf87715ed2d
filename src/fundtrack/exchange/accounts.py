"""Brings in what was spent out of the accounts: Xero, QuickBooks, Sage or a plain ledger.

Each transaction is given to an award and a budget line by the charity's own rules: a tracking
category (class, department), a nominal code, words in the text, or several together. The rules
stand in a small TOML file beside the book (`charity.accounts.toml`), so that they are written once,
travel with the book, and can be read and mended by a person:

    format = "accounts/1"
    day_first = true            # how 03/04/2026 is read; without it such a day is never guessed
    reversed = false            # true where spending is negative in the file
    [[rules]]                   # the first rule that fits, wholly, is the one that counts
    tracking = "Next Step"      # in any tracking column; `column = "Project"` names one
    code = "7000-7099"          # a nominal code, or from one to another
    text = "salar"              # within the description, in any case
    award = "next-step"
    budget_line = "staff"
    [[rules]]
    code = "4000-4999"          # income, say
    ignore = true

A transaction is known by what it says, so bringing the same export in again adds nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fundtrack.core.accounts import Fate, Map, Preview, Rule, Transaction
from fundtrack.core.edit import Edit, add
from fundtrack.core.errors import KnownError, Problem, RefusedError
from fundtrack.core.model import Actual
from fundtrack.core.words import count
from fundtrack.exchange import files
from fundtrack.exchange.cells import UnreadableError
from fundtrack.exchange.tables import values
from fundtrack.exchange.tables.reading import read
from fundtrack.exchange.tables.sheets import cell_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fundtrack.core.model import Portfolio
    from fundtrack.exchange.tables.sheets import Line, Sheet, Spreadsheet, Value

FORMAT = "accounts/1"
_PLAIN = "a plain ledger"
_HEADER_WITHIN = 30
_LARGEST_MAP = 1_000_000
_LONGEST_SAID = 200
_TITLES = {
    "day": ("date", "transaction date", "posting date", "journal date"),
    "amount": ("amount", "net amount", "net", "value", "amount gbp", "gross", "total"),
    "debit": ("debit", "debit gbp", "debit amount", "dr", "money out", "paid out"),
    "credit": ("credit", "credit gbp", "credit amount", "cr", "money in", "paid in"),
    "text": ("description", "details", "memo/description", "memo", "narrative", "particulars"),
    "reference": ("reference", "ref", "no.", "num", "invoice", "invoice no"),
    "code": ("account code", "n/c", "nominal code", "nominal", "code", "account number"),
    "account": ("account", "account name", "nominal name"),
    "id": ("no", "transaction id", "id", "tran number", "journal number"),
    "kind": ("type", "transaction type", "source"),
    "name": ("name", "contact", "payee", "supplier", "a/c"),
}
_NOT_TRACKING = frozenset(
    (
        "running balance",
        "balance",
        "gst",
        "vat",
        "vat rate",
        "vat amount",
        "gst rate",
        "tax amount",
        "tax rate",
        "t/c",
        "split",
        "currency",
        "ex.ref",
        "user name",
        "bank rec",
        "paid",
    )
)
_SYSTEMS = (
    ("Xero", {"account code", "running balance"}),
    ("QuickBooks", {"transaction type", "split"}),
    ("Sage", {"n/c", "t/c"}),
    ("Sage", {"n/c", "details"}),
)
_TAKEN_BACK = frozenset(("pc", "pr-", "jc", "bill credit", "supplier credit", "vendor credit"))
"""Kinds of transaction whose unsigned amount takes spending back: purchase and journal credits."""
_NO_ROW = re.compile(r"\s*(?:total|net total|opening balance|closing balance)\b", re.IGNORECASE)
_CODE_OF = re.compile(r"^\s*(\d{3,8})\b|\((\d{3,8})\)\s*$")


def preview(path: Path, portfolio: Portfolio, rules: Map) -> Preview:
    """What an accounts export would bring into the book by the charity's rules; changes nothing.

    `unmapped` lists what no rule fits by code and tracking, with how many rows and pence each.

    Raises:
        KnownError: the file cannot be read, or holds no table of transactions.

    """
    return preview_of(read(path), portfolio, rules)


def system_of(book: Spreadsheet) -> str:
    """Return the accounts program a file was exported from, "" where no mark of one is seen."""
    found = (table.system for sheet in book.sheets if (table := _table_of(sheet)) is not None)
    return next((system for system in found if system != _PLAIN), "")


def preview_of(
    book: Spreadsheet, portfolio: Portfolio, rules: Map, *, without_faults: bool = False
) -> Preview:
    """What a file already read would bring in, as `preview` says.

    `without_faults` leaves out the rows that cannot be read; else they keep all from coming in.

    Raises:
        KnownError: the file holds no table of transactions.

    """
    system, found, problems = _PLAIN, list[Transaction](), list[Problem]()
    tables = [(sheet, table) for sheet in book.sheets if (table := _table_of(sheet)) is not None]
    if not tables:
        raise KnownError(
            f"{book.name} has no table of transactions: FundTrack looks for a column Date, and one "
            "Amount (or Debit and Credit). Is it the file you meant? Nothing was changed"
        )
    for sheet, table in tables:
        system = table.system if table.system != _PLAIN else system
        found += _transactions(sheet, table, rules, problems)
    unreadable = len(problems)
    placed = _placed(found, rules, portfolio, problems)
    new = [each for each in placed if each.fate == "new"]
    edit = None
    if new and not problems[unreadable:] and (without_faults or not unreadable):
        label = f"Import {count(len(new), 'transaction')} from {system}"
        edit = Edit(label, tuple(add("actuals", _actual(each, system)) for each in new))
    unclear = (values.order_of(_days(sheet, table)) for sheet, table in tables)
    return Preview(
        system=system,
        transactions=tuple(placed),
        problems=tuple(problems),
        edit=edit,
        unmapped=_unmapped(placed),
        unclear_days=tuple(day for order, both in unclear if order is None for day in both),
    )


def _days(sheet: Sheet, table: _Table) -> list[Value]:
    return [sheet.at(at, table.columns["day"]) for at in range(table.header + 1, len(sheet.lines))]


def _actual(each: Transaction, system: str) -> Actual:
    said = " ".join(filter(None, (each.text, each.reference)))
    source = " ".join(filter(None, (system, each.code, each.account)))
    return Actual(
        key=each.key,
        award=each.award,
        budget_line=each.budget_line or None,
        on=each.on,
        amount=each.amount,
        description=said[:_LONGEST_SAID] or None,
        source=source[:_LONGEST_SAID],
    )


def _unmapped(placed: Sequence[Transaction]) -> tuple[tuple[str, int, int], ...]:
    rows: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    for each in placed:
        if each.fate == "no rule fits":
            tracked = ", ".join(filter(None, each.tracking.values()))
            code = " ".join(filter(None, (each.code, each.account)))
            said = " · ".join(filter(None, (code, tracked))) or each.text
            rows[said] += 1
            sums[said] += each.amount
    return tuple((said, rows[said], sums[said]) for said in rows)


# --- the table ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Table:
    """Where the titles of a sheet are, and which column is which."""

    header: int
    columns: dict[str, int]
    tracking: dict[int, str]
    system: str


def _plain(title: Value) -> str:
    text = " ".join(str(title or "").casefold().split())
    return text.replace("(gbp)", "gbp").replace("£", "").strip(" :*")


def _table_of(sheet: Sheet) -> _Table | None:
    for at, line in enumerate(sheet.lines[:_HEADER_WITHIN]):
        titles = {place: _plain(cell) for place, cell in enumerate(line) if cell is not None}
        columns = _columns(titles)
        if "day" in columns and ("amount" in columns or {"debit", "credit"} <= columns.keys()):
            taken = set(columns.values())
            tracking = {
                place: str(line[place]).strip()
                for place, title in titles.items()
                if place not in taken
                and title not in _NOT_TRACKING
                and title not in _TITLES["amount"]
            }
            names = set(titles.values())
            known = (name for name, marks in _SYSTEMS if marks <= names)
            return _Table(at, columns, tracking, next(known, _PLAIN))
    return None


def _columns(titles: dict[int, str]) -> dict[str, int]:
    """Which column holds which field: the first of its titles that the sheet has."""
    by_title: dict[str, int] = {}
    for place, title in titles.items():
        by_title.setdefault(title, place)
    found: dict[str, int] = {}
    for name, wanted in _TITLES.items():
        places = [by_title[title] for title in wanted if title in by_title]
        if places and places[0] not in found.values():
            found[name] = places[0]
    if {"debit", "credit"} <= found.keys():
        found.pop("amount", None)
    return found


def _transactions(
    sheet: Sheet, table: _Table, rules: Map, problems: list[Problem]
) -> Iterator[Transaction]:
    """Every transaction below the titles; a line with one cell alone names the account below it."""
    order, _ = values.order_of(_days(sheet, table))
    if rules.day_first is not None:
        order = "day-first" if rules.day_first else "month-first"
    section = ""
    for at, line in enumerate(sheet.lines[table.header + 1 :], start=table.header + 1):
        filled = [(place, cell) for place, cell in enumerate(line) if cell is not None]
        if not filled:
            continue
        words = filled[0][1]
        if isinstance(words, str) and _NO_ROW.match(words):
            continue
        if len(filled) == 1 and isinstance(words, str) and not values.order_of([words])[1]:
            section = words.strip()
            continue
        try:
            yield _transaction(sheet, table, at, section, values.Ways(order=order), rules)
        except _RowError as wrong:
            where = f"{_where(sheet, at)}, cell {cell_name(at, wrong.column)}"
            problems.append(Problem(where, str(wrong)))


def _where(sheet: Sheet, at: int) -> str:
    return f"{sheet.name}, row {at + 1}" if sheet.name else f"row {at + 1}"


class _RowError(Exception):
    """A row that cannot be read: why, and in which column."""

    def __init__(self, column: int, says: str) -> None:
        super().__init__(says)
        self.column = column


def _transaction(
    sheet: Sheet, table: _Table, at: int, section: str, ways: values.Ways, rules: Map
) -> Transaction:
    def text(name: str) -> str:
        place = table.columns.get(name)
        cell = None if place is None else sheet.at(at, place)
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        return "" if cell is None else " ".join(str(cell).split())

    place = table.columns["day"]
    if sheet.at(at, place) is None:
        raise _RowError(place, "there is no date. Give it one, or take the row out")
    try:
        on = values.day(sheet.at(at, place), ways)
    except UnreadableError as fault:
        raise _RowError(place, str(fault)) from fault
    account = text("account") or section
    named = _CODE_OF.search(account)
    amount = _amount(sheet.lines[at], table, ways)
    if "amount" in table.columns and text("kind").casefold() in _TAKEN_BACK and amount > 0:
        amount = -amount
    said = " ".join(filter(None, (text("text"), text("name"))))
    number = text("id")
    return Transaction(
        where=_where(sheet, at),
        on=on,
        amount=-amount if rules.reversed else amount,
        text=said,
        reference=" ".join(filter(None, (text("reference"), f"no {number}" if number else ""))),
        code=text("code") or (named[1] or named[2] if named else ""),
        account=account,
        tracking={
            title: " ".join(str(cell).split())
            for column, title in table.tracking.items()
            if (cell := sheet.at(at, column)) is not None
        },
    )


def _amount(line: Line, table: _Table, ways: values.Ways) -> int:
    """Pence spent: the amount, or the debit less the credit."""

    def pence(name: str) -> int | None:
        place = table.columns[name]
        cell = line[place] if place < len(line) else None
        if cell is None:
            return None
        try:
            return values.pence(cell, ways)
        except UnreadableError as fault:
            raise _RowError(place, str(fault)) from fault

    if "amount" in table.columns:
        found = pence("amount")
        if found is None:
            raise _RowError(table.columns["amount"], "there is no amount. Write 0.00 for nothing")
        return found
    debit, credit = pence("debit"), pence("credit")
    if debit is None and credit is None:
        raise _RowError(table.columns["debit"], "there is neither a debit nor a credit")
    return (debit or 0) - (credit or 0)


# --- where it belongs --------------------------------------------------------------------------


def _placed(
    found: Sequence[Transaction], rules: Map, portfolio: Portfolio, problems: list[Problem]
) -> list[Transaction]:
    problems += _faults(rules, portfolio)
    seen: Counter[str] = Counter()
    placed = []
    for each in found:
        says = _says(each)
        seen[says] += 1  # a second row that says the same is a second transaction
        key = f"accounts-{hashlib.sha256(f'{says}|{seen[says]}'.encode()).hexdigest()[:16]}"
        rule = next((rule for rule in rules.rules if _fits(rule, each)), None)
        fate: Fate = "no rule fits"
        if rule is not None:
            fate = "left out by a rule" if rule.ignore else "new"
        if fate == "new" and portfolio.find("actuals", key) is not None:
            fate = "already in the book"
        placed.append(
            replace(
                each,
                key=key,
                fate=fate,
                award=rule.award if rule is not None else "",
                budget_line=rule.budget_line if rule is not None else "",
            )
        )
    return placed


def _says(each: Transaction) -> str:
    parts = (each.on.isoformat(), str(each.amount), each.text, each.reference, each.code)
    return "|".join((*parts, *(each.tracking[name] for name in sorted(each.tracking)))).casefold()


def _faults(rules: Map, portfolio: Portfolio) -> Iterator[Problem]:
    for at, rule in enumerate(rules.rules):
        award = portfolio.awards_by_key.get(rule.award)
        if rule.ignore:
            continue
        if award is None:
            yield Problem(f"rules.{at}.award", f'there is no award "{rule.award}" in the book')
        elif rule.budget_line and rule.budget_line not in {line.key for line in award.budget_lines}:
            known = ", ".join(line.key for line in award.budget_lines) or "none"
            says = f'"{rule.award}" has no line "{rule.budget_line}". Its lines: {known}'
            yield Problem(f"rules.{at}.budget_line", says)


def _fits(rule: Rule, each: Transaction) -> bool:
    if rule.code and not _code_fits(rule.code, each.code):
        return False
    if rule.text and rule.text.casefold() not in each.text.casefold():
        return False
    if not rule.tracking:
        return True
    wanted = rule.tracking.casefold()
    return any(
        value.casefold() == wanted
        for title, value in each.tracking.items()
        if not rule.column or title.casefold() == rule.column.casefold()
    )


def _code_fits(wanted: str, code: str) -> bool:
    first, dash, last = (part.strip() for part in wanted.partition("-"))
    if dash and first.isdecimal() and last.isdecimal() and code.isdecimal():
        return int(first) <= int(code) <= int(last)
    return code.casefold() == wanted.strip().casefold()


# --- the rules, remembered ---------------------------------------------------------------------


def map_beside(book: Path) -> Path:
    """Where a book's rules stand: beside it, under its own name."""
    return book.with_suffix(".accounts.toml")


def read_map(path: Path) -> Map:
    """The rules in a file.

    Raises:
        RefusedError: there are faults in it, each named with its place.
        KnownError: it cannot be read.

    """
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST_MAP).decode("utf-8-sig")
    except OSError as fault:
        raise KnownError(f"{path} cannot be read ({fault.strerror})") from fault
    except UnicodeDecodeError as fault:
        raise KnownError(f"{path.name} is not text in UTF-8. Save it as UTF-8") from fault
    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise RefusedError((Problem(path.name, f"this is not TOML: {fault}"),)) from fault
    problems: list[Problem] = []
    found = _map(plain, problems)
    if problems:
        raise RefusedError(tuple(problems))
    return found


def _map(plain: dict[str, Any], problems: list[Problem]) -> Map:
    if plain.get("format") != FORMAT:
        problems.append(Problem("format", f'expected "{FORMAT}"'))
    known = ("format", "day_first", "reversed", "rules")
    problems += [
        Problem(name, f"unknown; expected one of: {', '.join(known)}")
        for name in plain
        if name not in known
    ]
    for name in ("day_first", "reversed"):
        if name in plain and not isinstance(plain[name], bool):
            problems.append(Problem(name, "expected true or false"))
    rules = plain.get("rules", [])
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        problems.append(Problem("rules", "expected a list of tables"))
        rules = []
    return Map(
        rules=tuple(_rule(rule, f"rules.{at}", problems) for at, rule in enumerate(rules)),
        day_first=plain.get("day_first"),
        reversed=plain.get("reversed", False) is True,
    )


def _rule(plain: dict[str, Any], path: str, problems: list[Problem]) -> Rule:
    found: dict[str, Any] = {}
    for name, value in plain.items():
        wanted = bool if name == "ignore" else str
        if name not in Rule.__dataclass_fields__:
            known = ", ".join(Rule.__dataclass_fields__)
            problems.append(Problem(f"{path}.{name}", f"unknown; expected one of: {known}"))
        elif not isinstance(value, wanted):
            says = "expected true or false" if wanted is bool else "expected text in quotes"
            problems.append(Problem(f"{path}.{name}", says))
        else:
            found[name] = value
    rule = Rule(**found)
    if not (rule.tracking or rule.code or rule.text):
        problems.append(Problem(path, "give a tracking, a code or a text that it is for"))
    if rule.ignore == bool(rule.award):
        problems.append(Problem(path, "give the award it belongs to, or ignore = true"))
    return rule


def remember(rules: Map, path: Path) -> None:
    """Write the rules where they are found again. Raises KnownError when the disk would not."""
    files.write_whole(path, map_text(rules).encode())


def map_text(rules: Map) -> str:
    """The rules as their file holds them."""
    lines = [
        "# Which award and budget line a transaction of our accounts belongs to.",
        "# The first rule that fits, wholly, is the one that counts.",
        f'format = "{FORMAT}"',
    ]
    if rules.day_first is not None:
        lines.append(f"day_first = {str(rules.day_first).lower()}")
    if rules.reversed:
        lines.append("reversed = true")
    for rule in rules.rules:
        lines += ["", "[[rules]]"]
        for name in Rule.__dataclass_fields__:
            value = getattr(rule, name)
            if value:
                lines.append(f"{name} = {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"
