"""Pence that add up: rounding once, taking a percentage, and sharing a sum without losing a penny.

Everything is whole pence and exact fractions (DOMAIN C4 and R). There is no float here.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    Weights = Sequence[int] | Sequence[Fraction] | Sequence[int | Fraction]


def round_half_up(numerator: int, denominator: int) -> int:
    """Round a fraction to a whole number, halves away from nought (DOMAIN R).

    Raises ValueError unless `denominator` is above 0.
    """
    if denominator <= 0:
        raise ValueError("a fraction to be rounded has a denominator above 0")
    if numerator < 0:
        return -round_half_up(-numerator, denominator)
    return (2 * numerator + denominator) // (2 * denominator)


def percent_of(pence: int, percent: Decimal) -> int:
    """Take a percentage of a sum in pence, rounded once (DOMAIN R)."""
    numerator, denominator = percent.as_integer_ratio()
    return round_half_up(pence * numerator, 100 * denominator)


def share_out(total: int, weights: Weights) -> tuple[int, ...]:
    """Split one sum across several lines by weight: largest remainder, ties to the earlier (C4).

    A negative total is split as the positive one would be. The parts always add up to it.
    Raises ValueError for a negative weight, or when there is a sum but nothing to share it by.
    """
    whole = _whole(weights)
    all_of_it = _weight(total, whole)
    if not all_of_it:
        return (0,) * len(whole)
    return tuple(shared_by(total, whole, all_of_it))


def shared_by(total: int, weights: Sequence[int], all_of_it: int) -> list[int]:
    """Split a sum as `share_out` does, by whole weights known to come to so much, above 0."""
    shares = [divmod(abs(total) * weight, all_of_it) for weight in weights]
    parts = [part for part, _ in shares]
    left_over = abs(total) - sum(parts)
    if left_over:
        short = [-remainder for _, remainder in shares]
        for at in sorted(range(len(parts)), key=short.__getitem__)[:left_over]:
            parts[at] += 1
    return parts if total >= 0 else [-part for part in parts]


def spread(total: int, weights: Weights) -> tuple[int, ...]:
    """Spread one sum over time by weight: cumulative rounding (C4), so the parts add up to it.

    Raises ValueError for a negative weight, or when there is a sum but nothing to spread it over.
    """
    whole = _whole(weights)
    all_of_it = _weight(total, whole)
    if not all_of_it:
        return (0,) * len(whole)
    parts: list[int] = []
    so_far = weight_so_far = 0
    for weight in whole:
        weight_so_far += weight
        reached = round_half_up(total * weight_so_far, all_of_it)
        parts.append(reached - so_far)
        so_far = reached
    return tuple(parts)


def _whole(weights: Weights) -> Sequence[int]:
    """Weights in the same proportion as whole numbers."""
    if set(map(type, weights)) == {int}:
        return weights  # type: ignore[return-value]  # every one was just seen to be whole
    scale = lcm(*(weight.denominator for weight in weights))
    return [weight.numerator * (scale // weight.denominator) for weight in weights]


def _weight(total: int, weights: Sequence[int]) -> int:
    if min(weights, default=0) < 0:
        raise ValueError("a sum cannot be shared by a negative weight")
    all_of_it = sum(weights)
    if total and not all_of_it:
        raise ValueError("there is a sum to share, and nothing to share it by")
    return all_of_it
