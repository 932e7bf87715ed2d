"""From where the book counts: the charity's own figures, and the usual ones where it has none.

DOMAIN sections 5 and 7 and the promise ledger of NEEDS say the usual figures; all are editable.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fundtrack.core.model import Thresholds

if TYPE_CHECKING:
    from fundtrack.core.model import Organisation

USUAL = Thresholds(
    silent_cliff=500_00,
    evidence_fades=60,
    writing_days=28,
    lottery_small_days=84,
    lottery_days=280,
    trust_days=150,
    public_days=120,
    contract_days=270,
    other_days=90,
)
"""What holds for a charity that says nothing else: pence for a sum, calendar days for the rest."""


def threshold(organisation: Organisation, name: str) -> int:
    """Return one figure: the charity's own, else the usual one (pence or calendar days)."""
    own = organisation.thresholds
    found = None if own is None else getattr(own, name)
    usual: int = getattr(USUAL, name)
    return usual if found is None else int(found)


def with_threshold(organisation: Organisation, name: str, value: int | None) -> Organisation:
    """Return the charity with one figure of its own; None goes back to the usual one."""
    changed = replace(organisation.thresholds or Thresholds(), **{name: value})
    return replace(organisation, thresholds=None if changed == Thresholds() else changed)
