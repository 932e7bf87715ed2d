from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundtrack.core.money import percent_of, round_half_up, share_out, spread

GOLDEN = Path(__file__).parent.parent / "data" / "golden_cases.json"
PENCE = st.integers(-(10**12), 10**12)
WEIGHTS = st.lists(
    st.one_of(st.integers(0, 10**6), st.fractions(min_value=0, max_value=1000)),
    min_size=1,
    max_size=40,
).filter(any)


def golden(case: str) -> Any:
    cases = json.loads(GOLDEN.read_text(encoding="utf-8"))["cases"]
    return next(found for found in cases if found["id"] == case)


def pence(pounds: str) -> int:
    return int(Decimal(pounds) * 100)


def test_halves_round_away_from_nought() -> None:
    assert [round_half_up(n, 2) for n in (-3, -1, 0, 1, 3)] == [-2, -1, 0, 1, 2]
    assert round_half_up(149, 100) == 1


def test_a_fraction_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="denominator"):
        round_half_up(1, 0)


def test_a_percentage_is_rounded_once() -> None:
    assert percent_of(1_001, Decimal("2.5")) == 25
    assert percent_of(1_000_00, Decimal("33.33")) == 333_30
    assert percent_of(-50, Decimal(1)) == -1


def test_ten_thousand_pounds_over_a_term_with_part_months() -> None:
    expected = golden("PRORATE-01")["expected"]
    days = expected["days"]
    lengths = [31, 30, 31, 31, 30, 31, 30, 31, 31, 28]
    months = [Fraction(covered, whole) for covered, whole in zip(days, lengths, strict=True)]
    total = pence("10000.00")
    assert spread(total, days) == tuple(map(pence, expected["by_days"]))
    assert spread(total, months) == tuple(map(pence, expected["by_months"]))
    assert spread(total, [1] * 12) == tuple(map(pence, expected["twelfths_cumulative"]))
    assert share_out(total, [1] * 12) == tuple(map(pence, expected["twelfths_largest_remainder"]))


def test_overheads_are_recovered_in_full_however_they_are_shared() -> None:
    case = golden("FCR-01")
    inputs, expected = case["inputs"], case["expected"]
    for name in ("by_fte", "by_fte_with_remainder"):
        heads = [Fraction(fte) for fte in inputs[name]["fte"].values()]
        shared = share_out(pence(inputs[name]["overhead"]), heads)
        assert shared == tuple(map(pence, expected[name]))
    equal = share_out(pence(inputs["equal"]["overhead"]), [1] * inputs["equal"]["projects"])
    assert equal == tuple(map(pence, expected["equal"]))
    direct = [pence(sum_) for sum_ in inputs["by_direct_cost"]["direct"]]
    shared = share_out(pence(inputs["by_direct_cost"]["overhead"]), direct)
    assert shared == tuple(map(pence, expected["by_direct_cost"]))


@given(PENCE, WEIGHTS)
def test_shared_pennies_add_up_and_turn_with_the_sign(
    total: int, weights: list[int | Fraction]
) -> None:
    for share in (share_out, spread):
        parts = share(total, weights)
        assert sum(parts) == total
        assert share(-total, weights) == tuple(-part for part in parts)
        assert all(part * total >= 0 for part in parts)


@given(PENCE, WEIGHTS)
def test_no_line_is_a_penny_or_more_from_its_exact_share(
    total: int, weights: list[int | Fraction]
) -> None:
    whole = sum(weights)
    for part, weight in zip(share_out(total, weights), weights, strict=True):
        assert abs(part - Fraction(total * weight) / whole) < 1


def test_a_sum_with_nothing_to_share_it_by_is_refused() -> None:
    for share in (share_out, spread):
        with pytest.raises(ValueError, match="nothing to"):
            share(1, [0, 0])
        with pytest.raises(ValueError, match="negative"):
            share(1, [2, -1])
        assert share(0, [0, 0]) == (0, 0)
