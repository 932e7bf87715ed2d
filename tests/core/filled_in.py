"""A return of Next Step with everything a person can fill in: the world of the tests of layouts."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from fundtrack import assets
from fundtrack.core.model import Indicator, Payment, Portfolio, Reading, Target
from fundtrack.core.returns.layout import Layout, layout_from_toml
from tests.core.returning import TODAY, adviser, as_budgeted, charity, kept, share

if TYPE_CHECKING:
    from fundtrack.core.model import Return

BLOCKS = (
    "age",
    "sex",
    "gender_identity",
    "sexual_orientation",
    "ethnicity",
    "disability",
    "religion",
    "marital",
    "pregnancy",
    "area",
    "need",
    "referral",
    "police",
    "language",
)
TYPED: dict[str, Any] = {
    "cover": {
        "prepared_by": "Ade Fenn",
        "approved_by": "Bea Stone",
        "declared_role": "Treasurer",
        "declared_on": "2026-10-09",
        "programme": "Safer Streets",
        "ukprn": "none",
    },
    "claim": {"advance": "500.00", "match": "250.50"},
    "flows": {
        "referrals": "30",
        "self_referrals": "4",
        "accepted": "26",
        "declined": "3",
        "not_contactable": "1",
        "waiting": "2",
        "median_days": "4.5",
        "open_start": "14",
        "new": "20",
        "closed_planned": "9",
        "closed_unplanned": "3",
        "open_end": "22",
        "people": "34",
        "people_ytd": "34",
        "sessions_offered": "120",
        "sessions_attended": "101",
        "sessions_missed": "19",
    },
    "outcomes": {
        "cope": {
            "tool": "A ten-point scale",
            "eligible": "12",
            "start_score": "12",
            "both": "10",
            "improved": "7",
            "same": "2",
            "worse": "1",
            "target": "60",
        }
    },
    "who": {block: {"Not known": "20"} for block in BLOCKS},
    "kpis": {"safer": {"numerator": "16", "denominator": "20", "source": "Closing questions"}},
    "narrative": {
        "progress": "Twenty people began.\nMost of them stayed.",
        "next": "A group for young adults begins in November.",
        "difference": "People say that they sleep.",
        "reason": "A room has become free.",
        "effect": "Groups can be larger.",
        "after": "The council goes on with it.",
        "attached_accounts": "yes",
        "records": "yes",
    },
    "case": {
        "consent": "yes",
        "anonymised": "yes",
        "background": "Somebody came to us after a long time of waiting.",
        "change": "They went back to work.",
    },
    "quality": {"complaints": "1", "compliments": "12", "dbs": "100", "ico": "no"},
    "risks": [
        {
            "id": "R1",
            "risk": "The room is lost",
            "likelihood": "2",
            "impact": "4",
            "trend": "steady",
        }
    ],
    "assets": [{"item": "Laptop", "date": "2026-05-04", "cost": "612.50", "share": "50"}],
    "partners": [{"name": "A partner in the next town", "paid": "100.00", "due": "20.05"}],
    "changes": [
        {"line": "Activities", "before": "6000.00", "after": "6500.00", "approval": "yes"},
        {"line": "Salaries", "before": "18000.00", "after": "17500.00", "approval": "yes"},
    ],
    "explained": {"F9": "The adviser works two days on this award, and payroll runs a month late"},
}
SUPPORTED = Indicator(
    key="supported",
    award="next-step",
    title="People supported",
    unit="people",
    direction="up",
    targets=(
        Target(period="2026-27 Q1", value=Decimal(30)),
        Target(period="2026-27 Q2", value=Decimal(40)),
        Target(period="2026-27", value=Decimal(150)),
    ),
    readings=(
        Reading(period="2026-27 Q1", value=Decimal(31)),
        Reading(period="2026-27 Q2", value=Decimal(34), note="August was quiet"),
    ),
)
SAFER = Indicator(
    key="safer",
    award="next-step",
    title="Feel safer",
    unit="percent",
    targets=(Target(period="2026-27 Q2", value=Decimal(75)),),
    readings=(Reading(period="2026-27 Q2", value=Decimal(80)),),
)
WAIT = Indicator(
    key="wait",
    award="next-step",
    title="Median wait",
    unit="days",
    direction="down",
    targets=(Target(period="2026-27 Q2", value=Decimal(5)),),
    readings=(Reading(period="2026-27 Q2", value=Decimal(6)),),
)


def typed(**parts: Any) -> dict[str, Any]:
    """Everything typed for the second quarter, with some parts of it changed.

    A part that is an object is changed name by name; None takes a name out.
    """
    found = copy.deepcopy(TYPED)
    for name, part in parts.items():
        if isinstance(part, dict):
            whole = found.setdefault(name, {})
            whole.update(part)
            found[name] = {key: value for key, value in whole.items() if value is not None}
        else:
            found[name] = part
    return found


def second_quarter(*, before: tuple[Return, ...] = (), **parts: Any) -> Portfolio:
    """The charity with its second quarter filled in; `before` are returns sent earlier."""
    return charity(
        award={
            "retention": Decimal(5),
            "payments": (Payment(due=TODAY, amount=3_000_00, received_on=TODAY),),
        },
        posts=(adviser(),),
        allocations=(share("40"),),
        actuals=as_budgeted("2026-06-30", "2026-09-30"),
        indicators=(SUPPORTED, SAFER, WAIT),
        returns=(*before, kept("2026-27 Q2", "draft", json.dumps(typed(**parts)))),
    )


@cache
def layout(name: str) -> Layout:
    """A shipped layout."""
    found, problems = layout_from_toml(
        assets.text(f"returns/{name}.toml"), assets.text("returns/standard/sheets.toml")
    )
    assert found is not None, problems
    return found


def with_limits(name: str, **limits: Any) -> Layout:
    """A shipped layout whose funder asks for something else."""
    found = layout(name)
    return replace(found, limits=replace(found.limits, **limits))
