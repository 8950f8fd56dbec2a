"""Several vendors' answers side by side: scores, ranks, ties, who is out and why.

The two formulas are those of Japanese public procurement by overall evaluation (総合評価落札方式; 地方自治法施行令
第167条の10の2), as evaluation procedures under the inter-ministry guidelines for information systems write them:

* additive (加算方式):  quality points + price points x (1 - bid / ceiling)
* division (除算方式):  (base points + quality points) / bid

Points of a criterion are 0 to 4 (``MOST``); its weight says how many of the 100 quality weights it is worth.
Everything is exact rational arithmetic: a tie is a tie, and no rounding chooses a winner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

MOST = 4
"""Points of an answer that meets a criterion in full."""
WHOLE = Decimal(100)
"""What the weights must add up to."""
PER = 1_000_000
"""The division formula is quoted per million yen, so that its values can be read."""


class Method(StrEnum):
    ADDITIVE = "additive"
    DIVISION = "division"


@dataclass(frozen=True, slots=True)
class Criterion:
    key: str
    weight: Decimal
    must: bool = False


@dataclass(frozen=True, slots=True)
class Formula:
    """How quality and price become one value.

    ``quality_points``  what a full answer to every criterion is worth, > 0
    ``price_points``    what a bid of nothing would be worth (additive); 0: price does not count
    ``base_points``     points of whoever meets all requirements (division: 基礎点)
    ``ceiling``         yen; a bid above it is out (予定価格). None: no ceiling, then no price points
    """

    method: Method = Method.ADDITIVE
    quality_points: Decimal = Decimal(100)
    price_points: Decimal = Decimal(0)
    base_points: Decimal = Decimal(0)
    ceiling: int | None = None


@dataclass(frozen=True, slots=True)
class Bid:
    """One vendor's answers: points by the criterion's key (missing: not marked yet), and its price in yen."""

    vendor: str
    points: dict[str, int]
    price: int | None = None


class Out(StrEnum):
    """Why a vendor is not ranked."""

    MUST = "must"
    """A requirement that must be met got no points."""
    OVER_CEILING = "over_ceiling"
    NOT_MARKED = "not_marked"
    NO_PRICE = "no_price"


@dataclass(frozen=True, slots=True)
class Reason:
    why: Out
    criterion: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    vendor: str
    parts: dict[str, Fraction]
    """Quality points of each criterion."""
    quality: Fraction
    price: Fraction | None
    """Price points (additive); None where price has none of its own."""
    value: Fraction | None
    """What is compared; None for who is out."""
    rank: int | None
    """1 is best; equal values share a rank (1, 1, 3)."""
    out: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Result:
    scores: tuple[Score, ...]
    """In the order of the bids."""
    winners: tuple[str, ...]
    """Ranked first: none, one, or several that are exactly equal."""


def missing_weight(criteria: Sequence[Criterion]) -> Decimal:
    """How much the weights lack to the whole; negative: how much they are over. 0: they are right."""
    return WHOLE - sum((one.weight for one in criteria), Decimal(0))


def evaluate(criteria: Sequence[Criterion], formula: Formula, bids: Sequence[Bid]) -> Result:
    """Scores and ranks all bids.

    ValueError for weights that are negative or do not add up to 100, points outside 0..4, prices <= 0, a formula
    that cannot be computed (price points without a ceiling, no quality points), keys or vendors given twice.
    """
    _check(criteria, formula, bids)
    open_scores = [_score(criteria, formula, bid) for bid in bids]
    values = sorted((one.value for one in open_scores if one.value is not None), reverse=True)
    scores = tuple(
        Score(one.vendor, one.parts, one.quality, one.price, one.value, values.index(one.value) + 1, ())
        if one.value is not None
        else one
        for one in open_scores
    )
    return Result(scores, tuple(one.vendor for one in scores if one.rank == 1))


def gains(criteria: Sequence[Criterion], formula: Formula, bid: Bid) -> tuple[list[Fraction], Fraction]:
    """The value as a line in the weights: ``value = sum(weight * gain) + rest`` (for who is not out)."""
    quality = Fraction(formula.quality_points) / Fraction(WHOLE)
    each = [quality * Fraction(bid.points[one.key], MOST) for one in criteria]
    if formula.method is Method.DIVISION:
        assert bid.price is not None
        per_yen = Fraction(PER, bid.price)
        return [one * per_yen for one in each], Fraction(formula.base_points) * per_yen
    return each, Fraction(formula.base_points) + (_price_points(formula, bid) or 0)


def _score(criteria: Sequence[Criterion], formula: Formula, bid: Bid) -> Score:
    quality = Fraction(formula.quality_points) / Fraction(WHOLE)
    parts = {
        one.key: quality * Fraction(one.weight) * Fraction(bid.points[one.key], MOST)
        for one in criteria
        if one.key in bid.points
    }
    out = tuple(_reasons(criteria, formula, bid))
    total = sum(parts.values(), Fraction(0))
    if out:
        return Score(bid.vendor, parts, total, None, None, None, out)
    each, rest = gains(criteria, formula, bid)
    value = sum((Fraction(c.weight) * gain for c, gain in zip(criteria, each, strict=True)), rest)
    return Score(bid.vendor, parts, total, _price_points(formula, bid), value, None, ())


def _reasons(criteria: Sequence[Criterion], formula: Formula, bid: Bid) -> list[Reason]:
    found = [Reason(Out.MUST, one.key) for one in criteria if one.must and bid.points.get(one.key) == 0]
    found += [Reason(Out.NOT_MARKED, one.key) for one in criteria if one.key not in bid.points]
    if bid.price is None:
        if formula.method is Method.DIVISION or formula.price_points:
            found.append(Reason(Out.NO_PRICE))
    elif formula.ceiling is not None and bid.price > formula.ceiling:
        found.append(Reason(Out.OVER_CEILING))
    return found


def _price_points(formula: Formula, bid: Bid) -> Fraction | None:
    if formula.method is Method.DIVISION or not formula.price_points or bid.price is None:
        return None
    assert formula.ceiling is not None
    return Fraction(formula.price_points) * (1 - Fraction(bid.price, formula.ceiling))


def _check(criteria: Sequence[Criterion], formula: Formula, bids: Sequence[Bid]) -> None:
    if len({one.key for one in criteria}) != len(criteria) or len({one.vendor for one in bids}) != len(bids):
        raise ValueError("criteria and vendors must differ")
    if any(one.weight < 0 for one in criteria) or missing_weight(criteria):
        raise ValueError("weights must not be negative and must add up to 100")
    if formula.quality_points <= 0 or formula.price_points < 0 or formula.base_points < 0:
        raise ValueError("quality points must be positive, price and base points not negative")
    if formula.ceiling is not None and formula.ceiling <= 0:
        raise ValueError("the ceiling must be positive")
    if formula.method is Method.ADDITIVE and formula.price_points and formula.ceiling is None:
        raise ValueError("price points need a ceiling")
    if any(bid.price is not None and bid.price <= 0 for bid in bids):
        raise ValueError("prices must be positive")
    keys = {one.key for one in criteria}
    if any(key not in keys or not 0 <= points <= MOST for bid in bids for key, points in bid.points.items()):
        raise ValueError("points must be 0 to 4, of known criteria")
