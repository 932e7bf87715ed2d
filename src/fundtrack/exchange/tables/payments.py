"""The payments of one award while rows are laid on them: each row costs the same, however many."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from fundtrack.core.model import Payment
from fundtrack.core.plain import from_plain, to_plain

if TYPE_CHECKING:
    from fundtrack.core.errors import Problem
    from fundtrack.core.model import Award
    from fundtrack.exchange.tables.read_rows import Plain
    from fundtrack.exchange.tables.rows import Outcome


class Payments:
    """An award's payments, and which of them rows have claimed.

    They are settled where the award has them, which it need only be given after the last row.
    """

    def __init__(self, award: Award) -> None:
        self.records = list(award.payments)
        self.are_settled = True
        self._claimed: Counter[tuple[str, ...]] = Counter()
        self._places: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for at, payment in enumerate(self.records):
            self._learn(at, to_plain(payment))

    def claim(self, due: str, amount: str) -> int | None:
        """Return which payment a row is: by day and amount, the nth for the nth; None if new."""
        exact, by_day = (due, amount), (due,)
        for known in (exact, by_day):
            fits, claimed = self._places.get(known, ()), self._claimed[known]
            if len(fits) > claimed:
                self._claimed[known] += 1
                self._claimed[by_day] += known == exact
                return fits[claimed]
        self._claimed[exact] += 1
        self._claimed[by_day] += 1
        return None

    def lay(self, at: int | None, said: Plain, problems: list[Problem]) -> Outcome | None:
        """Put what a row says on the payment it is, or add one; None where that cannot be read.

        Why it cannot is added to `problems`, with its path in the award.
        """
        if at is None:
            return "new" if self._put(len(self.records), said, problems) else None
        was = self.records[at]
        if not self._put(at, to_plain(was) | said, problems):
            return None
        return "unchanged" if self.records[at] == was else "changed"

    def _put(self, at: int, plain: Plain, problems: list[Problem]) -> bool:
        record = from_plain(Payment, plain, f"payments.{at}", problems)
        if record is None:
            return False
        if at < len(self.records):
            self._forget(at, to_plain(self.records[at]))
        self.records[at : at + 1] = [record]
        self._learn(at, to_plain(record))
        self.are_settled = False
        return True

    def _learn(self, at: int, plain: Plain) -> None:
        for known in _known_by(plain):
            insort(self._places[known], at)

    def _forget(self, at: int, plain: Plain) -> None:
        for known in _known_by(plain):
            places = self._places[known]
            del places[bisect_left(places, at)]


def _known_by(plain: Plain) -> tuple[tuple[str, ...], ...]:
    return (plain["due"], plain["amount"]), (plain["due"],)
