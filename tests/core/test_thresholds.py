"""The usual thresholds hold until the charity gives its own; each moves what it says."""

from dataclasses import replace
from typing import Any

import pytest

from fundtrack.core.check import check
from fundtrack.core.model import Evidence, Funder, Portfolio, Thresholds
from fundtrack.core.one_award import standing
from fundtrack.core.outlook import Outlook
from fundtrack.core.pipeline import pipeline
from fundtrack.core.thresholds import USUAL, threshold, with_threshold
from tests.core.harbour import HARBOUR, TODAY, book, day, grant, post, told


def with_own(portfolio: Portfolio, **own: Any) -> Portfolio:
    organisation = replace(portfolio.organisation, thresholds=Thresholds(**own))
    return replace(portfolio, organisation=organisation)


def rung(seen: Outlook, kind: str) -> str:
    ladder = next(each for each in seen.ladders if each.cliff == "award:core")
    return str(next(each.date_unrolled for each in ladder.rungs if each.kind == kind))


def harbour(funder_kind: str = "council", **fields: Any) -> Portfolio:
    funder = Funder(key="f", name="F", kind=funder_kind)  # type: ignore[arg-type]
    core = replace(grant("core", "2026-04-01", "2028-03-31", funder="f"), **fields)
    return book(funder, core, post("idva", on="core"))


@pytest.mark.parametrize(
    ("kind", "fields", "name"),
    [
        ("council", {}, "public_days"),
        ("health", {}, "public_days"),
        ("trust", {}, "trust_days"),
        ("lottery", {}, "lottery_days"),
        ("lottery", {"amount": 20_000_00}, "lottery_small_days"),
        ("council", {"kind": "contract"}, "contract_days"),
        ("company", {}, "other_days"),
    ],
)
def test_how_long_each_kind_of_funder_takes_is_the_charitys_to_say(
    kind: str, fields: dict[str, Any], name: str
) -> None:
    usual = harbour(kind, **fields)
    later = with_own(usual, **{name: threshold(HARBOUR, name) - 28})
    apart = day(rung(told(later), "submit")) - day(rung(told(usual), "submit"))
    assert apart.days == 28
    kinds = (each for each in Thresholds.__dataclass_fields__ if each.endswith("_days"))
    others = {each: 1 for each in kinds if each not in (name, "writing_days")}
    assert rung(told(with_own(usual, **others)), "submit") == rung(told(usual), "submit")


def test_a_funders_own_days_go_before_the_charitys() -> None:
    usual = harbour()
    funder = replace(usual.funders[0], decision_days=60)
    own = replace(usual, funders=(funder,))
    assert rung(told(with_own(own, public_days=200)), "submit") == rung(told(own), "submit")


def test_the_days_to_write_a_bid_move_when_to_start() -> None:
    usual = harbour()
    quick = with_own(usual, writing_days=14)
    assert (day(rung(told(quick), "writing")) - day(rung(told(usual), "writing"))).days == 14


def test_a_silent_cliff_is_warned_of_from_the_sum_the_charity_gives() -> None:
    usual = book(grant("core", "2026-04-01", "2028-03-31", 60_000), post("idva", on="core"))
    silent = [each for each in told(usual).cliffs if each.kind == "silent"]
    assert len(silent) == 1
    excess = silent[0].over_12_months
    for least, warned in ((excess, 1), (excess + 1, 0)):
        seen = told(with_own(usual, silent_cliff=least))
        assert sum(each.kind == "silent" for each in seen.cliffs) == warned


def test_spoken_evidence_fades_after_the_days_the_charity_gives() -> None:
    renewal = grant("next", "2028-04-01", "2029-03-31", stage="submitted", renewal_of="core")
    mail = Evidence(key="e", award="next", on=day("2026-10-01"), grade=3)
    usual = replace(harbour(), evidence=(mail,))
    usual = replace(usual, awards=(*usual.awards, renewal))

    def counts(portfolio: Portfolio) -> int:
        (card,) = pipeline(portfolio, told(portfolio)).cards
        said = standing(portfolio, portfolio.awards_by_key["next"], TODAY).said
        assert card.said is not None
        assert said is not None
        assert said.counts == card.said.counts
        return said.counts

    assert counts(usual) == 3
    assert counts(with_own(usual, evidence_fades=52)) == 2
    assert counts(with_own(usual, evidence_fades=53)) == 3


def test_no_threshold_of_ones_own_is_none_at_all() -> None:
    own = with_threshold(HARBOUR, "trust_days", 90)
    assert threshold(own, "trust_days") == 90
    assert threshold(own, "lottery_days") == USUAL.lottery_days
    assert with_threshold(own, "trust_days", None) == HARBOUR


def test_a_threshold_below_nought_is_not_saved() -> None:
    wrong = with_own(harbour(), trust_days=-1, silent_cliff=-1)
    assert [each.path for each in check(wrong)] == [
        "organisation.thresholds.trust_days",
        "organisation.thresholds.silent_cliff",
    ]
