"""What doing work jointly might save: the estimate of a cost model, its interval, and what it does not show.

The model's expectation for one town with the chosen towns' people, land and ages together is compared with the sum
of its expectations for each; the ratio is applied to what they spend today, so whatever else makes a town dear or
cheap is taken to stay. The interval of the logarithm of the ratio is by the delta method from the HC3 covariance: it
is the uncertainty of the average relation, not of what these towns will find. It is an association across towns of
different size, not the effect of any merger.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from machi.joint.engine.boundaries import distance_km
from machi.joint.engine.cost_model import Z95, Model, Towns, design

FAR_KM = 40.0
"""Beyond this between two town halls, people and things on the road cost what the model does not see."""
CORE_CITY = 200_000
"""From this size a city may become a core city (中核市), with duties of the prefecture (地方自治法第252条の22)."""


class Caveat(StrEnum):
    """What the estimate does not show. The first five hold for every estimate."""

    ASSOCIATION = "association"
    """Large towns differ from small ones in more than size; nobody was merged to see."""
    TRANSITION = "transition"
    """Systems, rooms, severance, harmonised wages: the way there is not counted."""
    QUALITY = "quality"
    """Whether service gets better or worse is not measured; shorter ways to the counter are a service too."""
    WHOLE_WORK = "whole_work"
    """It is about all the work of the purpose; sharing a part of it saves on that part at most."""
    ONE_YEAR = "one_year"
    """One year's accounts, here of the pandemic; building years and disasters stand out in public works."""
    NOT_CLEAR = "not_clear"
    """The interval holds no change: the data do not say whether anything is saved."""
    COSTS_MORE = "costs_more"
    """The whole interval says that it costs more."""
    BEYOND_SAMPLE = "beyond_sample"
    """Together they are larger than any municipality of the sample, or a town is smaller."""
    FAR_APART = "far_apart"
    OTHER_DUTIES = "other_duties"
    """A designated city or special ward, whose duties differ, is among them."""
    NEW_DUTIES = "new_duties"
    """Together they reach the size of a core city; merged in law they might take on more duties."""


ALWAYS = (Caveat.ASSOCIATION, Caveat.TRANSITION, Caveat.QUALITY, Caveat.WHOLE_WORK, Caveat.ONE_YEAR)


@dataclass(frozen=True, slots=True)
class Range:
    value: float
    low: float
    high: float
    """95 % confidence."""


@dataclass(frozen=True, slots=True)
class Savings:
    share: Range
    """Of today's cost; below 0: it costs more."""
    amount: Range
    """The same in the unit of the cost, of ``part`` of the work."""
    per_head: Range
    today: float
    """What the towns spend on all the work, in the unit of the cost."""
    part: float
    caveats: tuple[Caveat, ...]


def savings(
    model: Model,
    towns: Towns,
    cost: NDArray[np.float64],
    *,
    part: float = 1.0,
    places: Sequence[tuple[float, float]] = (),
) -> Savings:
    """What ``towns`` (two or more) might save by doing ``part`` (0 to 1) of the work as one.

    ``cost`` is what each spends today, in the model's unit; ``places`` are latitude and longitude of their halls, or
    none. ValueError for fewer than two towns, or a part that is none.
    """
    if len(cost) < 2 or not 0 < part <= 1:
        raise ValueError("two or more towns do a part of their work together")
    own, joint = design(model, towns), design(model, together(towns))[0]
    expected = towns.population * np.exp(own @ model.coefficients)
    weights = expected / expected.sum()
    people = float(towns.population.sum())
    ratio = float(joint @ model.coefficients) + math.log(people) - math.log(float(expected.sum()))
    gradient = joint - weights @ own
    error = math.sqrt(max(float(gradient @ model.covariance @ gradient), 0.0))
    low, high = (-math.expm1(ratio + Z95 * error), -math.expm1(ratio - Z95 * error))
    share = Range(-math.expm1(ratio), low, high)
    today = float(cost.sum())
    return Savings(
        share,
        _times(share, today * part),
        _times(share, today * part / people),
        today,
        part,
        (*ALWAYS, *_caveats(model, towns, share, places)),
    )


def together(towns: Towns) -> Towns:
    """The towns as one; of their kinds it has each in proportion to its people, so duties stay with who has them."""
    return Towns(
        towns.population.sum(keepdims=True),
        towns.habitable.sum(keepdims=True),
        towns.young.sum(keepdims=True),
        towns.old.sum(keepdims=True),
        np.average(towns.kinds, axis=0, weights=towns.population)[None, :],
    )


def _caveats(model: Model, towns: Towns, share: Range, places: Sequence[tuple[float, float]]) -> list[Caveat]:
    people = float(towns.population.sum())
    found = []
    if share.low <= 0 <= share.high:
        found.append(Caveat.NOT_CLEAR)
    if share.high < 0:
        found.append(Caveat.COSTS_MORE)
    if people > model.population[1] or float(towns.population.min()) < model.population[0]:
        found.append(Caveat.BEYOND_SAMPLE)
    if any(distance_km(one, other) > FAR_KM for one, other in combinations(places, 2)):
        found.append(Caveat.FAR_APART)
    if towns.kinds.any():
        found.append(Caveat.OTHER_DUTIES)
    if float(towns.population.max()) < CORE_CITY <= people:
        found.append(Caveat.NEW_DUTIES)
    return found


def _times(share: Range, factor: float) -> Range:
    return Range(share.value * factor, share.low * factor, share.high * factor)
