"""Redundancy pay and notice as the government's own calculators give them, figure by figure."""

import json
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from fundtrack.core.employment import redundancy_pay, redundancy_weeks, statutory_notice_weeks
from fundtrack.core.model import Rate
from fundtrack.core.rates import Rates, Statutory
from tests.core.world import pence, rates, statutory

DATA = Path(__file__).parents[1] / "data" / "redundancy_vectors.json"
NATIONS = {"gb": "england-and-wales", "ni": "northern-ireland"}


@cache
def _sets() -> dict[str, list[dict[str, Any]]]:
    return {each["id"]: each["vectors"] for each in json.loads(DATA.read_text("utf-8"))["sets"]}


def _pounds(amount: float) -> int:
    return pence(str(amount))


def _paid(vector: dict[str, Any], age: int, cap: int) -> tuple[Decimal, int]:
    weeks = redundancy_weeks(age, vector["complete_years"])
    return weeks, redundancy_pay(weeks, min(_pounds(vector["weekly_pay"]), cap))


def test_every_set_of_the_file_is_told_here() -> None:
    assert set(_sets()) == {
        "smart_answers_unit",
        "smart_answers_golden_your",
        "smart_answers_golden_employee",
        "rps_statutory_notice_weeks",
    }


@pytest.mark.parametrize("at", range(12))
def test_the_calculators_own_examples(at: int) -> None:
    vector = _sets()["smart_answers_unit"][at]
    weeks, pay = _paid(vector, vector["age_at_redundancy"], _pounds(vector["weekly_pay_cap"]))
    assert pay == _pounds(vector["expected_pay"])
    assert weeks == Decimal(str(vector.get("expected_weeks", weeks)))


@pytest.mark.parametrize("name", ["smart_answers_golden_your", "smart_answers_golden_employee"])
@pytest.mark.parametrize("at", range(12))
def test_the_pages_the_calculators_printed(name: str, at: int) -> None:
    vector = _sets()[name][at]
    if "expected_outcome" in vector:
        assert vector["expected_outcome"] == "no_statutory_redundancy_pay"
        assert redundancy_weeks(vector["age_at_redundancy"], vector["complete_years"]) == 0
        return
    for nation in NATIONS:
        cap = _pounds(vector[f"expected_cap_{nation}"])
        weeks, pay = _paid(vector, vector["age_at_redundancy"], cap)
        assert pay == _pounds(vector[f"expected_pay_{nation}"])
        assert weeks == Decimal(str(vector["expected_weeks"]))
        # The most anyone can have: twenty years, all of them at one and a half weeks.
        most = redundancy_pay(redundancy_weeks(61, 20), cap)
        assert most == _pounds(vector[f"expected_max_{nation}"])


@pytest.mark.parametrize(
    ("day", "nation", "cap"),
    [
        (date(2026, 4, 5), "gb", "719"),
        (date(2026, 4, 6), "gb", "751"),
        (date(2027, 4, 5), "gb", "751"),
        (date(2026, 4, 5), "ni", "749"),
        (date(2026, 4, 6), "ni", "783"),
    ],
)
def test_the_cap_changes_on_the_sixth_of_april(day: date, nation: str, cap: str) -> None:
    in_force = rates(NATIONS[nation]).on("redundancy.weekly_cap", day)
    assert (in_force.value, in_force.provisional) == (Decimal(cap), False)


def test_the_caps_of_the_calculators_years_are_shipped() -> None:
    shipped = {row.from_ for row in statutory().rates if row.code == "redundancy.weekly_cap"}
    for vector in _sets()["smart_answers_golden_your"]:
        day = date.fromisoformat(vector["date_of_redundancy"])
        if "expected_cap_gb" in vector and day >= min(shipped):
            for nation, name in NATIONS.items():
                cap = rates(name).value("redundancy.weekly_cap", day)
                assert cap * 100 == _pounds(vector[f"expected_cap_{nation}"])


def test_a_cap_of_the_charitys_own_stands_for_its_days_alone() -> None:
    own = Rate(
        code="redundancy.weekly_cap",
        nation="great-britain",
        from_=date(2027, 4, 6),
        to=date(2028, 4, 5),
        value=Decimal(780),
    )
    known = Rates(Statutory.read({"rates": _caps()}, {"divisions": {}}), "scotland", (own,))
    assert known.on("redundancy.weekly_cap", date(2027, 4, 6)).value == Decimal(780)
    assert not known.on("redundancy.weekly_cap", date(2027, 4, 6)).provisional
    assert known.on("redundancy.weekly_cap", date(2028, 4, 6)).value == Decimal(751)
    assert known.on("redundancy.weekly_cap", date(2028, 4, 6)).provisional


def _caps() -> list[dict[str, str]]:
    row = {"code": "redundancy.weekly_cap", "nation": "great-britain", "value": "751"}
    return [row | {"from": "2026-04-06", "to": "2027-04-05"}]


@pytest.mark.parametrize("at", range(5))
def test_weeks_of_notice_for_service_to_the_day_before_it_is_given(at: int) -> None:
    vector = _sets()["rps_statutory_notice_weeks"][at]
    given = date.fromisoformat(vector["notice_date"])
    start = date.fromisoformat(vector["employment_start"])
    weeks = statutory_notice_weeks(start, given - timedelta(days=1))
    assert weeks == vector["expected_weeks"]
