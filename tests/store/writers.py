"""Programs that change a book until they are killed, for `test_crash`."""

import os
import signal
from dataclasses import replace
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from fundtrack.core.edit import Edit, add, change, remove
from fundtrack.core.model import Actual, Portfolio
from fundtrack.store import store
from fundtrack.store.opening import open_book
from fundtrack.workspace import Workspace

A_DAY = date(2026, 5, 1)


def numbered(number: int, portfolio: Portfolio) -> Edit:
    """The same edit each time for the same number: a name, a payment, and now and then more."""
    funder = portfolio.funders_by_key["pcc"]
    changes = [
        change("funders", funder, replace(funder, name=f"Name {number}")),
        add("actuals", Actual(key=f"k{number}", on=A_DAY, amount=number), at=number % 3),
    ]
    if number % 4 == 0:
        changes.append(remove(portfolio, "actuals", f"k{number - 2}"))
    if number % 25 == 0:
        many = (Actual(key=f"m{each}", on=A_DAY, amount=number) for each in range(400))
        changes += [add("actuals", paid) for paid in many]
    if number % 25 == 1 and number > 1:
        many_keys = [paid.key for paid in reversed(portfolio.actuals) if paid.key.startswith("m")]
        changes += [remove(portfolio, "actuals", key) for key in many_keys]
    return Edit(f"Number {number}", tuple(changes))


def write_until_killed(book: Path, first: int, told: Connection) -> None:
    """Make one numbered edit after another, and tell each once it is made."""
    workspace = Workspace(open_book(book))
    for number in range(first, first + 10_000):
        workspace.do(numbered(number, workspace.portfolio))
        told.send(number)


def be_killed_half_way(book: Path) -> None:
    """Write so much that some of it is in the file before the edit is whole; then be killed."""

    def killed(*_: object, **__: object) -> int:
        os.kill(os.getpid(), signal.SIGKILL)
        return 0

    workspace = Workspace(open_book(book))
    paid = [add("actuals", Actual(key=f"h{each}", on=A_DAY, amount=each)) for each in range(40_000)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "write_entry", killed)
        workspace.do(Edit("Bring in too much", tuple(paid)))
