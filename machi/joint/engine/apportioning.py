"""Dividing a sum of yen so that the parts add up to it exactly."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction


def apportion(total: int, shares: Mapping[str, Fraction | int]) -> dict[str, int]:
    """``total`` yen by ``shares`` (any scale, at least 0, not all 0), by the largest remainder.

    Each gets its quota rounded down; the yen left over go to the largest remainders, of equal ones to who is first.
    A negative total is divided as the positive one. ValueError for shares that are negative or all 0.
    """
    whole = sum(shares.values(), Fraction(0))
    if whole <= 0 or any(share < 0 for share in shares.values()):
        raise ValueError("shares must not be negative, nor all 0")
    if total < 0:
        return {key: -part for key, part in apportion(-total, shares).items()}
    return rounded({key: total * Fraction(share) / whole for key, share in shares.items()})


def rounded(exact: Mapping[str, Fraction]) -> dict[str, int]:
    """Exact parts, some perhaps negative, as whole yen that add up to the same whole sum, each off by less than one.

    ValueError where the parts do not add up to whole yen.
    """
    total = sum(exact.values(), Fraction(0))
    if total.denominator != 1:
        raise ValueError("the parts do not add up to whole yen")
    parts = {key: part.numerator // part.denominator for key, part in exact.items()}
    left = int(total) - sum(parts.values())
    order = sorted(exact, key=lambda key: parts[key] - exact[key])  # stable: equals stay in their order
    for key in order[:left]:
        parts[key] += 1
    return parts
